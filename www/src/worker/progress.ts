/** Tells the page how far a load is that lasts longer than a moment. */
import type { Progress as Scan } from '../shared/engine.ts';
import type { Load } from '../shared/protocol.ts';
import type { Tally } from './source.ts';

/** What is done sooner needs no bar. */
const PATIENCE_MS = 1000;
const PACE_MS = 200;

export class Progress {
  readonly #tell: (load: Load | null) => void;
  #open = 0;
  #timer: ReturnType<typeof setInterval> | null = null;
  #told = false;
  #scan: Scan | null = null;

  constructor(tell: (load: Load | null) => void) {
    this.#tell = tell;
  }

  /** A question is being answered from this source. */
  begin(tally: Tally): void {
    this.#open += 1;
    if (this.#timer !== null) return;
    const before = { ...tally };
    const began = performance.now();
    this.#timer = setInterval(() => {
      const wanted = tally.wanted - before.wanted;
      // What was tried twice counts once.
      const loaded = Math.min(tally.bytes - before.bytes, wanted);
      if (performance.now() - began < PATIENCE_MS || (wanted === 0 && this.#scan === null)) return;
      this.#told = true;
      this.#tell({ loaded, wanted, scan: this.#scan });
    }, PACE_MS);
  }

  /** How far a question is that reads messages. */
  scanned(scan: Scan): void {
    this.#scan = scan;
  }

  end(): void {
    this.#open -= 1;
    if (this.#open > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    if (this.#told) this.#tell(null);
    this.#told = false;
    this.#scan = null;
  }
}
