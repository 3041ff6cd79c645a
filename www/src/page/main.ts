/** The page's entry: everything else hangs on the element that the HTML holds. */
import { start } from './app.ts';
import { published } from './delivery.ts';

/** After the first search: what a later visit will need must not hold up this one. */
const REGISTER_MS = 2000;

start(({ worker, wasm, fullWorker, fullWasm, manifest }) => ({
  light: published({ worker, wasm, manifest }),
  full: published({ worker: fullWorker, wasm: fullWasm, manifest }),
}));

// Where there is none (`maildex serve`, some private windows), the archive is simply not kept.
setTimeout(() => void navigator.serviceWorker?.register('sw.js').catch(() => {}), REGISTER_MS);
