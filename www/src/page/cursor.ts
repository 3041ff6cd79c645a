/** The row of the results that the keys are on: where they take it, and what they do there. */
import type { Keeper } from './kept.ts';
import { told } from './pieces.ts';
import type { Picking } from './picking.ts';
import type { ResultList } from './result-list.ts';
import type { Searching } from './searching.ts';

export type Leap = 'first' | 'last' | 'pageDown' | 'pageUp';

/** What the keys act on. */
export interface Place {
  readonly searching: Searching;
  readonly picking: Picking;
  readonly keeper: Keeper;
  /** Null before the page is drawn. */
  list(): ResultList | null;
  /** The key of the open message. */
  opened(): string | null;
  /** Opens a message as a step of its own, or in place of the one that is open. */
  open(key: string, how: 'push' | 'replace'): void;
  changed(): void;
}

export class Cursor {
  readonly #place: Place;
  /** How to open the row as soon as its line is here. */
  #openNext: 'push' | 'replace' | null = null;

  /** -1 for none. */
  row = -1;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Goes so many rows on or back. */
  step(by: number): void {
    this.moveTo(this.row + by);
  }

  /** Goes to either end of the results, as far as they are known, or by as many rows as are in sight. */
  leap(where: Leap): void {
    const [from, to] = this.#place.list()?.inSight ?? [0, 1];
    const page = Math.max(1, to - from);
    const here = this.row < 0 ? from : this.row;
    const rows = { first: 0, last: Number.MAX_SAFE_INTEGER, pageDown: here + page, pageUp: here - page };
    this.moveTo(rows[where]);
  }

  moveTo(row: number): void {
    const { searching, list, opened, changed } = this.#place;
    if (searching.rows === 0) return;
    this.row = Math.min(Math.max(0, row), searching.rows - 1);
    list()?.reveal(this.row);
    if (opened() !== null) this.open('replace');
    else list()?.focus();
    changed();
  }

  /** Opens the row, or does so when its line arrives. */
  open(how: 'push' | 'replace'): void {
    const { searching } = this.#place;
    const line = this.row < 0 || searching.busy ? null : searching.line(this.row);
    this.#openNext = line === null && this.row >= 0 ? how : null;
    if (line !== null) this.#place.open(line.key, how);
  }

  /** Comes from the search box into the results: to the row where the keys were, or the first. */
  enter(): void {
    const { searching, list, changed } = this.#place;
    this.row = Math.max(0, this.row);
    if (searching.rows > 0) list()?.reveal(this.row);
    list()?.focus();
    changed();
  }

  /** Follows what has arrived: puts itself on the open message, and opens what waited for its line. */
  follow(): void {
    const key = this.#place.opened();
    const row = key === null ? -1 : this.#place.searching.rowOf(key);
    if (row >= 0) this.row = row;
    if (this.#openNext !== null) this.open(this.#openNext);
  }

  /** Picks a row, or none: then it turns picking on or off. */
  pick(row: number | null): void {
    const { searching, picking, list, changed } = this.#place;
    const line = row === null ? null : searching.line(row);
    if (row === null) picking.toggleMode();
    else if (line !== null) picking.toggle(line.key);
    list()?.requestUpdate();
    changed();
  }

  /** Goes one row on and picks both. */
  pickOn(by: number): void {
    const { searching, picking, list } = this.#place;
    for (const row of [this.row, this.row + by]) {
      const line = searching.line(row);
      if (line !== null && !picking.has(line.key)) picking.toggle(line.key);
    }
    this.moveTo(this.row + by);
    list()?.requestUpdate();
  }

  /** Stars the row's message; from outside the list only where it is the open one. */
  star(isOnList: boolean): boolean {
    const line = this.#place.searching.line(this.row);
    if (line === null || !(isOnList || this.#place.opened() === line.key)) return false;
    this.#place.keeper.toggleStar(told(line));
    return true;
  }
}
