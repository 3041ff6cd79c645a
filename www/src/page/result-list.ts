/**
 * The list of results: only the rows in sight are elements, however many there are.
 *
 * It is a listbox: it has the focus, and `aria-activedescendant` names the row that the keys are on.
 */
import { html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Line } from '../shared/engine.ts';
import type { Keeper } from './kept.ts';
import type { Picking } from './picking.ts';
import { renderBlankRow, renderRow, rowId } from './result-line.ts';
import { ScrollMap } from './scroll-map.ts';
import type { Searching, Shown } from './searching.ts';
import { STRINGS } from './strings.ts';

const OVERSCAN = 6;
/** While scrolling, lines are asked for this often. */
const NEED_MS = 90;
/** Snippets are asked for when the list has rested this long. */
const REST_MS = 140;

export class ResultList extends LitElement {
  static override properties = {
    searching: { attribute: false },
    active: { attribute: false },
    hrefOf: { attribute: false },
    keeper: { attribute: false },
    picking: { attribute: false },
  };

  declare searching: Searching | null;
  /** The row that the keys are on, or -1. */
  declare active: number;
  declare hrefOf: (key: string) => string;
  declare keeper: Keeper | null;
  declare picking: Picking | null;

  readonly #map = new ScrollMap();
  #resized: ResizeObserver | null = null;
  #need: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #set = 0;
  #rowHeight = 76;
  #shown: Shown | null = null;
  #lead = 0;

  constructor() {
    super();
    this.searching = null;
    this.active = -1;
    this.hrefOf = () => '#';
    this.keeper = null;
    this.picking = null;
  }

  /** Scrolls as little as shows the row. */
  reveal(row: number): void {
    this.#scrollTo(this.#map.reveal(row));
    this.requestUpdate();
    this.#settle();
  }

  /** The first and one past the last row that is wholly in sight. */
  get inSight(): readonly [from: number, to: number] {
    return this.#map.whole();
  }

  override focus(): void {
    this.#scroller?.focus({ preventScroll: true });
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized?.disconnect();
    this.#resized = null;
    clearTimeout(this.#need);
    clearTimeout(this.#rest);
  }

  protected override updated(): void {
    const scroller = this.#scroller;
    if (scroller === null) return;
    if (this.#resized === null) {
      this.#resized = new ResizeObserver(() => this.requestUpdate());
      this.#resized.observe(scroller);
    }
    // A third of the line, at some seven pixels a character.
    const lead = Math.round(scroller.clientWidth / 21);
    if (lead !== this.#lead) this.requestUpdate();
    this.#lead = lead;
    const { searching } = this;
    const shown = searching?.shown ?? null;
    const other = shown?.sort !== this.#shown?.sort || shown?.threads !== this.#shown?.threads || !isSameSearch(this.#shown, shown);
    if (shown !== this.#shown) this.#settle();
    this.#shown = shown;
    this.#rowHeight = this.querySelector('.measure')?.getBoundingClientRect().height ?? this.#rowHeight;
    const before = [this.#map.height, this.#map.window(OVERSCAN).join()].join();
    const top = this.#map.resize(searching?.rows ?? 0, this.#rowHeight, scroller.clientHeight);
    if (other) this.#scrollTo(this.#map.jump(0));
    else if (Math.abs(top - scroller.scrollTop) > 1.5) this.#scrollTo(top);
    if ([this.#map.height, this.#map.window(OVERSCAN).join()].join() !== before) this.requestUpdate();
  }

  protected override render(): unknown {
    const rows: number[] = [];
    const [from, to] = this.#map.window(OVERSCAN);
    for (let row = from; row < to; row++) rows.push(row);
    const shown = this.active >= from && this.active < to;
    return html`<div
      class="scroller"
      role=${from === to ? nothing : 'listbox'}
      id="results"
      tabindex=${from === to ? -1 : 0}
      aria-label=${from === to ? nothing : STRINGS.results}
      aria-activedescendant=${shown ? rowId(this.active) : nothing}
      @scroll=${this.#scrolled}
    >
      <div class="measure row" role="presentation"></div>
      <div class="ground" role="presentation" style="height:${this.#map.height}px">
        ${repeat(rows, (row) => row, (row) => this.#row(row))}
      </div>
    </div>`;
  }

  #row(row: number): unknown {
    const { searching } = this;
    const blank = { row, total: searching?.shown?.total ?? null, top: this.#map.rowTop(row), active: row === this.active, hits: searching?.hits(row) ?? 1, lead: this.#lead, picked: null, kept: null };
    const line = searching?.line(row) ?? null;
    if (searching === null || line === null) return renderBlankRow(blank);
    const place = { ...blank, picked: this.picking?.isOn === true ? this.picking.has(line.key) : null, kept: this.keeper?.of(line.key) ?? null };
    return renderRow(place, line, searching.snippet(line.key), this.hrefOf(line.key));
  }

  get #scroller(): HTMLElement | null {
    return this.querySelector('.scroller');
  }

  #scrolled(): void {
    const top = this.#scroller?.scrollTop ?? 0;
    // What this class set itself is no movement of the reader's.
    if (Math.abs(top - this.#set) < 1.5) return;
    this.#set = Number.NaN;
    this.#map.scrolled(top);
    this.requestUpdate();
    this.#settle();
  }

  #scrollTo(top: number): void {
    const scroller = this.#scroller;
    if (scroller === null) return;
    // The ground has its new height only after the update that draws it.
    void this.updateComplete.then(() => {
      this.#set = top;
      scroller.scrollTop = top;
    });
  }

  #settle(): void {
    this.#need ??= setTimeout(() => {
      this.#need = undefined;
      void this.searching?.need(...this.#map.window(OVERSCAN));
    }, NEED_MS);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#rested(), REST_MS);
  }

  #rested(): void {
    const top = this.#map.restingTop();
    if (Math.abs(top - (this.#scroller?.scrollTop ?? 0)) > 1.5) {
      this.#scrollTo(top);
      this.requestUpdate();
    }
    const { searching } = this;
    if (searching === null) return;
    const [from, to] = this.#map.window(0);
    void searching.need(...this.#map.window(OVERSCAN));
    const lines: Line[] = [];
    let arrived = true;
    for (let row = from; row < to; row++) {
      const line = searching.line(row);
      if (line === null) arrived = false;
      else lines.push(line);
    }
    void searching.needSnippets(lines);
    if (!arrived && searching.problem === null) this.#rest = setTimeout(() => this.#rested(), REST_MS);
  }
}

/** True when the second search asks for what the first was understood as, so that the list stays where it is. */
function isSameSearch(before: Shown | null, after: Shown | null): boolean {
  return before?.query === after?.query || before?.understood === after?.query;
}

customElements.define('mx-result-list', ResultList);
