/** The engine in wasm, in the shapes that the rest of the page knows. */
import { Engine as Wasm } from 'maildex-wasm';
import type { Engine } from '../shared/engine.ts';

/** An archive without segments; the wasm is initialised. */
export function createEngine(): Engine {
  const wasm = new Wasm();
  return {
    open: (front) => wasm.open(front),
    put: (segment, offset, bytes) => wasm.put(segment, offset, bytes),
    search: ({ query, now, typing, sort, offset, limit, threads }) => {
      const args = [query, now, typing, sort, offset, limit] as const;
      return JSON.parse(threads === true ? wasm.search_threads(...args) : wasm.search(...args));
    },
    total: (ask) => JSON.parse(wasm.total(ask.query, ask.now, ask.typing)),
    suggest: (ask) => JSON.parse(wasm.suggest(ask.text, ask.limit)),
    correct: (ask) => JSON.parse(wasm.correct(ask.query, ask.now, ask.everywhere)),
    facets: (ask) => JSON.parse(wasm.facets(ask.query, ask.now, ask.typing, [...ask.which], ask.limit)),
    explain: (ask) => JSON.parse(wasm.explain(ask.query, ask.now, ask.typing, [...ask.keys])),
    batch: (ask) => JSON.parse(wasm.batch([...ask.queries], ask.now)),
    snippets: (ask) => JSON.parse(wasm.snippets(ask.query, ask.now, ask.typing, [...ask.keys], ask.maxChars)),
    message: (ask) => JSON.parse(wasm.message(ask.key, ask.query, ask.now)),
    html: (ask) => JSON.parse(wasm.html(ask.key)),
    thread: (ask) => JSON.parse(wasm.thread(ask.key)),
    info: () => JSON.parse(wasm.info()),
    free: () => wasm.free(),
  };
}
