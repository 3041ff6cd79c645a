/**
 * Keeps an opened message at its height in the pane until the reader moves.
 *
 * Rows above it take their real heights only when they come near (`content-visibility`), texts and frames fill in
 * late, and browsers anchor a scroll position differently or not at all: so the place is set again with each change
 * of the conversation's size, before it is painted.
 */
export class Hold {
  #watch: ResizeObserver | null = null;
  #pane: HTMLElement | null = null;
  #set = 0;

  /** Puts the item `top` pixels below the pane's upper edge. `tail` is the pane's end, which makes room where the rest is too short. */
  take(pane: HTMLElement, item: Element, tail: HTMLElement, top: number): void {
    this.release();
    this.#pane = pane;
    const keep = (): void => {
      const { scrollTop } = pane;
      const edge = pane.getBoundingClientRect().top;
      const wanted = scrollTop + item.getBoundingClientRect().top - edge - top;
      const length = scrollTop + tail.getBoundingClientRect().top - edge;
      tail.style.height = `${Math.max(0, Math.ceil(wanted + pane.clientHeight - length))}px`;
      pane.scrollTop = wanted;
      this.#set = pane.scrollTop;
    };
    keep();
    this.#watch = new ResizeObserver(keep);
    this.#watch.observe(item.parentElement ?? item);
    this.#watch.observe(pane);
    pane.addEventListener('scroll', this.#scrolled);
    pane.addEventListener('pointerdown', this.#touched);
    pane.addEventListener('keydown', this.#touched);
  }

  release(): void {
    this.#watch?.disconnect();
    this.#watch = null;
    this.#pane?.removeEventListener('scroll', this.#scrolled);
    this.#pane?.removeEventListener('pointerdown', this.#touched);
    this.#pane?.removeEventListener('keydown', this.#touched);
    this.#pane = null;
  }

  readonly #touched = (): void => this.release();

  readonly #scrolled = (): void => {
    // What was set here is no movement of the reader's.
    if (Math.abs((this.#pane?.scrollTop ?? 0) - this.#set) > 1.5) this.release();
  };
}
