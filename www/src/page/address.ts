/** The page's address: writes into it what is looked at. */
import { formatFragment, type View } from './fragment.ts';

/** While typing, the address follows at this pace: browsers refuse more than some three changes a second. */
const PACE_MS = 350;

export class Address {
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Writes a view as a step of its own, or in place of the newest one. */
  write(view: View, how: 'push' | 'replace'): void {
    this.rest();
    // The whole address: a path alone would lead elsewhere from a file of a shared Windows folder (`//server/…`).
    const address = location.href.replace(/#.*/, '') + formatFragment(view).replace(/^#$/, '');
    if (how === 'push') history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  }

  /** Writes in place of the newest step what is looked at when the pace allows it. */
  follow(view: () => View): void {
    this.rest();
    this.#timer = setTimeout(() => this.write(view(), 'replace'), PACE_MS);
  }

  /** What was to be written is not. */
  rest(): void {
    clearTimeout(this.#timer);
  }
}
