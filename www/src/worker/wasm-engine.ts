/** The engine in wasm, in the shapes that the rest of the page knows. */
import { Engine as Wasm } from 'maildex-wasm';
import type { Engine } from '../shared/engine.ts';

/** An archive without segments; the wasm is initialised. */
export function createEngine(): Engine {
  const wasm = new Wasm();
  /** The wasm for one question: whether it takes other forms too is set anew for each. */
  const at = (ask: { readonly forms?: boolean }): Wasm => {
    wasm.forms(ask.forms ?? false);
    return wasm;
  };
  return {
    open: (front) => wasm.open(front),
    expect: (kind, messages, frontLength) => wasm.expect(kind, messages, frontLength),
    put: (segment, offset, bytes) => wasm.put(segment, offset, bytes),
    search: (ask) => {
      const args = [ask.query, ask.now, ask.typing, ask.sort, ask.offset, ask.limit] as const;
      return JSON.parse(ask.threads === true ? at(ask).search_threads(...args) : at(ask).search(...args));
    },
    total: (ask) => JSON.parse(at(ask).total(ask.query, ask.now, ask.typing)),
    suggest: (ask) => JSON.parse(wasm.suggest(ask.text, ask.limit)),
    correct: (ask) => JSON.parse(at({}).correct(ask.query, ask.now, ask.everywhere)),
    facets: (ask) => JSON.parse(at(ask).facets(ask.query, ask.now, ask.typing, [...ask.which], ask.limit)),
    explain: (ask) => JSON.parse(at(ask).explain(ask.query, ask.now, ask.typing, [...ask.keys])),
    weigh: (ask) => JSON.parse(at({}).weigh(ask.query, ask.now, ask.typing, ask.sort, ask.threads ?? false)),
    batch: (ask) => JSON.parse(at({}).batch([...ask.queries], ask.now)),
    correspondence: (ask) => JSON.parse(at(ask).correspondence(ask.query, ask.now, ask.typing, ask.limit, [...ask.also])),
    missing: () => JSON.parse(wasm.missing()),
    snippets: (ask) => JSON.parse(at(ask).snippets(ask.query, ask.now, ask.typing, [...ask.keys], ask.maxChars)),
    message: (ask) => JSON.parse(at(ask).message(ask.key, ask.query, ask.now)),
    file: (ask) => JSON.parse(wasm.file(ask.key, ask.number)),
    html: (ask) => JSON.parse(wasm.html(ask.key)),
    thread: (ask) => JSON.parse(wasm.thread(ask.key)),
    info: () => JSON.parse(wasm.info()),
    free: () => wasm.free(),
  };
}
