/** The page's entry: everything else hangs on the element that the HTML holds. */
import { start } from './app.ts';
import { published } from './delivery.ts';

start(({ worker, wasm, manifest }) => published({ worker, wasm, manifest }));
