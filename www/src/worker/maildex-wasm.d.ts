/** The glue that wasm-bindgen writes; `build.mjs` says where it lies. */
declare module 'maildex-wasm' {
  const init: (options: { module_or_path: ArrayBuffer }) => Promise<unknown>;
  export default init;

  /** The Rust class: plain values in, JSON out (`crates/maildex-wasm/src/lib.rs`). */
  export class Engine {
    open(front: Uint8Array): void;
    expect(kind: string, messages: number, front: number): void;
    put(segment: number, offset: number, bytes: Uint8Array): void;
    forms(on: boolean): void;
    search(query: string, now: number, typing: boolean, sort: string, offset: number, limit: number): string;
    search_threads(query: string, now: number, typing: boolean, sort: string, offset: number, limit: number): string;
    total(query: string, now: number, typing: boolean): string;
    suggest(text: string, limit: number): string;
    correct(query: string, now: number, everywhere: boolean): string;
    facets(query: string, now: number, typing: boolean, which: string[], limit: number): string;
    explain(query: string, now: number, typing: boolean, keys: string[]): string;
    batch(queries: string[], now: number): string;
    correspondence(query: string, now: number, typing: boolean, limit: number, also: string[]): string;
    missing(): string;
    weigh(query: string, now: number, typing: boolean, sort: string, threads: boolean): string;
    snippets(query: string, now: number, typing: boolean, keys: string[], maxChars: number): string;
    message(key: string, query: string, now: number): string;
    html(key: string): string;
    file(key: string, number: number): string;
    thread(key: string): string;
    info(): string;
    free(): void;
  }
}
