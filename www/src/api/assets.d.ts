/** Where the parts lie beside this module; `build.mjs` puts the names in. */
declare const MAILDEX_WORKER: string;
declare const MAILDEX_WASM: string;

interface ImportMeta {
  readonly url: string;
}
