/** The glue that wasm-bindgen writes; `build.mjs` says where it lies. */
declare module 'maildex-wasm' {
  import type { Engine as EngineMethods } from '../shared/engine.ts';

  const init: (options: { module_or_path: ArrayBuffer }) => Promise<unknown>;
  export default init;
  export const Engine: new () => EngineMethods;
}
