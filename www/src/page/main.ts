/** The page's entry: everything else hangs on the element that the HTML holds. */
import { start } from './app.ts';
import { fetchBytes, published } from './delivery.ts';

// The chunk with the rooms shares what is here: it imports this very script.
export * from './kit.ts';

/** What a later visit will need must not hold up this one: it waits until the reader has done nothing for so long. */
const REST_MS = 5000;

start((app) => ({
  light: published({ worker: app.worker, wasm: app.wasm, manifest: app.manifest }),
  full: published({ worker: app.fullWorker, wasm: app.fullWasm, manifest: app.manifest }, 'low'),
  rooms: (tried) => chunk(app.rooms, tried),
  sheet: (tried) => chunk(app.sheet, tried),
  file: (name) => fetchBytes(name),
}));

/** A browser remembers what it could not import; asked in other words, it tries again. */
function chunk(name: string, tried: number): Promise<unknown> {
  return import(`${new URL(name, document.baseURI).href}${tried === 0 ? '' : `?${tried}`}`);
}

const busy = new AbortController();
let rest: ReturnType<typeof setTimeout> | undefined;
function restart(): void {
  clearTimeout(rest);
  rest = setTimeout(() => {
    busy.abort();
    // Where there is none (`maildex serve`, some private windows), the archive is simply not kept.
    void navigator.serviceWorker?.register('sw.js').catch(() => {});
  }, REST_MS);
}
for (const doing of ['keydown', 'pointerover', 'pointerdown']) addEventListener(doing, restart, { signal: busy.signal });
restart();
