/**
 * Reads ahead the message that the reader is about to open: one that the pointer rests on. What it takes is then here
 * when the click comes, some 200 ms later; on a slow link that is a round of reading.
 */
import type { View } from './fragment.ts';
import type { Asker } from './searching.ts';

/** A pointer on its way over the list, or a finger that scrolls it, opens nothing. */
const REST_MS = 60;

export class Ahead {
  readonly #asker: Asker;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #run = new AbortController();
  #key = '';

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  /** The pointer is over something of the list. */
  over({ target }: Event, { query, forms }: View): void {
    const key = target instanceof Element ? target.closest<HTMLElement>('a.row')?.dataset['key'] : undefined;
    clearTimeout(this.#timer);
    if (key === undefined || key === this.#key) return;
    this.#timer = setTimeout(() => {
      this.#key = key;
      this.#run.abort();
      this.#run = new AbortController();
      const { signal } = this.#run;
      // The answers are dropped: what was read for them stays with the engine.
      void this.#asker.ask('message', { key, query, forms, now: Math.floor(Date.now() / 1000) }, signal);
      void this.#asker.ask('thread', { key }, signal);
    }, REST_MS);
  }

  out(): void {
    clearTimeout(this.#timer);
  }
}
