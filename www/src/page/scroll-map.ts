/**
 * Maps a scroll bar of limited length onto a list of any length.
 *
 * Browsers cap an element's height (Firefox near 17.9 million pixels, the others near 33.5), which is fewer rows than
 * a large archive has. Past the cap the scroll bar is a scale: dragging it jumps in proportion, while small movements
 * (wheel, keys, touch) still move one pixel for one pixel. The two disagree a little after small movements, so near
 * either end the movement is stretched to arrive exactly, and `restingTop` brings the bar back to its place when the
 * list has come to rest.
 */
export const LONGEST_HEIGHT = 8_000_000;

/** A movement of more viewports than this at once is a jump. */
const JUMP = 2;
/** Within so many viewports of an end, movement is stretched. */
const NEAR_END = 6;

export class ScrollMap {
  #rows = 0;
  #rowHeight = 1;
  #viewport = 1;
  #top = 0;
  #offset = 0;

  /** The height that the scrolled element is to have. */
  get height(): number {
    return Math.min(this.#full, LONGEST_HEIGHT);
  }

  /** How far the list is scrolled, in pixels of its full length. */
  get offset(): number {
    return this.#offset;
  }

  /** Takes new measures, keeping the first visible row. Returns the scroll position that belongs to it. */
  resize(rows: number, rowHeight: number, viewport: number): number {
    const row = this.#offset / this.#rowHeight;
    this.#rows = rows;
    this.#rowHeight = Math.max(1, rowHeight);
    this.#viewport = Math.max(1, viewport);
    return this.#place(row * this.#rowHeight);
  }

  /** The reader scrolled to `top`. */
  scrolled(top: number): void {
    const moved = top - this.#top;
    this.#top = top;
    if (this.#scale === 1) this.#offset = this.#clamp(top);
    else if (top <= 0) this.#offset = 0;
    else if (top >= this.#range) this.#offset = this.#fullRange;
    else if (Math.abs(moved) > JUMP * this.#viewport) this.#offset = top * this.#scale;
    else this.#offset = this.#clamp(this.#offset + moved * this.#stretch(moved, top));
  }

  /** The first and one past the last row to draw. */
  window(overscan: number): readonly [from: number, to: number] {
    const from = Math.floor(this.#offset / this.#rowHeight) - overscan;
    const to = Math.ceil((this.#offset + this.#viewport) / this.#rowHeight) + overscan;
    return [Math.max(0, from), Math.min(this.#rows, to)];
  }

  /** The first and one past the last row that can be seen whole. */
  whole(): readonly [from: number, to: number] {
    const from = Math.ceil(this.#offset / this.#rowHeight);
    const to = Math.floor((this.#offset + this.#viewport) / this.#rowHeight);
    return [from, Math.max(from, Math.min(this.#rows, to))];
  }

  /** Where to draw a row inside the scrolled element. */
  rowTop(row: number): number {
    return this.#top + row * this.#rowHeight - this.#offset;
  }

  /** Scrolls as little as shows the whole row; returns the scroll position to set. */
  reveal(row: number): number {
    const top = row * this.#rowHeight;
    const lowest = top + this.#rowHeight - this.#viewport;
    if (top < this.#offset) return this.#place(top);
    return this.#place(Math.max(this.#offset, lowest));
  }

  /** Goes to the row; returns the scroll position to set. */
  jump(row: number): number {
    return this.#place(row * this.#rowHeight);
  }

  /** Puts the bar where it belongs for what is shown; returns the scroll position to set. */
  restingTop(): number {
    return this.#place(this.#offset);
  }

  get #full(): number {
    return this.#rows * this.#rowHeight;
  }

  get #fullRange(): number {
    return Math.max(0, this.#full - this.#viewport);
  }

  get #range(): number {
    return Math.max(0, this.height - this.#viewport);
  }

  get #scale(): number {
    return this.#range === 0 ? 1 : this.#fullRange / this.#range;
  }

  #place(offset: number): number {
    this.#offset = this.#clamp(offset);
    this.#top = Math.round(this.#offset / this.#scale);
    // Rounding must not leave the bar at an end that the list has not reached, or the next touch would snap to it.
    if (this.#scale > 1) {
      if (this.#offset > 0) this.#top = Math.max(1, this.#top);
      if (this.#offset < this.#fullRange) this.#top = Math.min(this.#range - 1, this.#top);
    } else {
      this.#top = this.#offset;
    }
    return this.#top;
  }

  #stretch(moved: number, top: number): number {
    const barLeft = moved > 0 ? this.#range - (top - moved) : top - moved;
    const listLeft = moved > 0 ? this.#fullRange - this.#offset : this.#offset;
    return barLeft > NEAR_END * this.#viewport || barLeft <= 0 ? 1 : listLeft / barLeft;
  }

  #clamp(offset: number): number {
    return Math.min(Math.max(0, offset), this.#fullRange);
  }
}
