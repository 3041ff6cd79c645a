/** Hits over time, as bars that are links; dragging over them narrows the search to that stretch. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { formatMonth } from './format.ts';
import { ICONS } from './icons.ts';
import { bins, dateOf, datesIn, withDate, type Bin, type Month } from './refining.ts';
import { messages, STRINGS } from './strings.ts';

/** Labels below the bars need so much of the width, in parts of one. */
const LABEL = 0.085;

export class Timeline extends LitElement {
  static override properties = { months: { attribute: false }, query: { attribute: false }, hrefOf: { attribute: false } };

  /** Null while they are being counted: then there is their place, so that nothing moves when they are here. */
  declare months: readonly Month[] | null;
  /** The query that the bars narrow. */
  declare query: string;
  declare hrefOf: (query: string) => string;

  /** The bars between which the pointer is held down. */
  #drag: readonly [from: number, to: number] | null = null;
  /** The bar that the Tab key reaches; arrows move on from it. */
  #tab = 0;

  constructor() {
    super();
    this.months = [];
    this.query = '';
    this.hrefOf = () => '#';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): unknown {
    if (this.months === null) return html`<div class="timeline"><div class="bars"></div><div class="years"></div></div>`;
    const all = bins(this.months);
    if (all.length < 2) return nothing;
    const most = Math.max(...all.map((bin) => bin.messages));
    const chosen = this.#chosen(all);
    const tab = Math.min(this.#tab, all.length - 1);
    return html`<div class="timeline" role="group" aria-label=${STRINGS.timeline}>
      <div
        class="bars"
        ?data-chosen=${chosen !== null}
        @pointerdown=${this.#press}
        @pointermove=${this.#move}
        @pointerup=${this.#release}
        @pointercancel=${() => this.#end()}
        @click=${this.#click}
        @keydown=${this.#key}
        @dragstart=${(event: Event) => event.preventDefault()}
      >
        ${all.map((bin, at) => this.#bar(bin, at, most, chosen, at === tab))}
      </div>
      <div class="years">
        ${ticks(all).map(([at, text]) => html`<span aria-hidden="true" style="left:${at * 100}%">${text}</span>`)}
        ${chosen === null ? nothing : this.#allDates(chosen)}
      </div>
    </div>`;
  }

  #bar(bin: Bin, at: number, most: number, chosen: readonly [number, number] | null, tab: boolean): TemplateResult {
    const isChosen = chosen !== null && bin.from < chosen[1] && bin.to > chosen[0];
    const label = `${spanText(bin.from, bin.to)}: ${messages(bin.messages)}`;
    return html`<a
      href=${this.hrefOf(withDate(this.query, dateOf(bin.from, bin.to)))}
      data-at=${at}
      tabindex=${tab ? 0 : -1}
      title=${label}
      aria-label=${label}
      aria-current=${isChosen ? 'true' : nothing}
      style="--part:${bin.messages / most}"
      ?data-empty=${bin.messages === 0}
    ></a>`;
  }

  #allDates([from, to]: readonly [number, number]): TemplateResult {
    return html`<a class="all-dates" href=${this.hrefOf(withDate(this.query, null))} title=${STRINGS.allDates}>${spanText(from, to)} ${ICONS.clear}</a>`;
  }

  /** The months that are dragged over, or else those that the query names. */
  #chosen(all: readonly Bin[]): readonly [number, number] | null {
    if (this.#drag === null) return datesIn(this.query);
    return [all[Math.min(...this.#drag)]?.from ?? 0, all[Math.max(...this.#drag)]?.to ?? 0];
  }

  #press(event: PointerEvent): void {
    const at = this.#barAt(event);
    if (at === null || event.button !== 0) return;
    this.#drag = [at, at];
    this.requestUpdate();
  }

  #move(event: PointerEvent): void {
    if (this.#drag === null) return;
    const at = this.#barAt(event);
    if (at === null || at === this.#drag[1]) return;
    if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId);
    this.#drag = [this.#drag[0], at];
    this.requestUpdate();
  }

  #release(): void {
    const drag = this.#drag;
    const all = bins(this.months ?? []);
    const [from, to] = [all[Math.min(...(drag ?? [0]))], all[Math.max(...(drag ?? [0]))]];
    if (drag === null || drag[0] === drag[1] || from === undefined || to === undefined) return;
    location.hash = this.hrefOf(withDate(this.query, dateOf(from.from, to.to)));
  }

  /** A drag ends in a click, on whichever bar: the drag has gone where it goes. */
  #click(event: Event): void {
    if (this.#drag !== null && this.#drag[0] !== this.#drag[1]) event.preventDefault();
    this.#end();
  }

  #end(): void {
    this.#drag = null;
    this.requestUpdate();
  }

  #key(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const bars = this.querySelectorAll<HTMLElement>('.bars a');
    const at = [...bars].findIndex((bar) => bar === document.activeElement);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    this.#tab = Math.min(Math.max(0, at + step), bars.length - 1);
    bars[this.#tab]?.focus();
    this.requestUpdate();
  }

  /** The bar under the pointer, by its place: while it is captured, the event's target stays the same. */
  #barAt(event: PointerEvent): number | null {
    const box = this.querySelector('.bars')?.getBoundingClientRect();
    const n = bins(this.months ?? []).length;
    if (box === undefined || box.width === 0) return null;
    return Math.min(n - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * n)));
  }
}

/** `May 2003`, or `May 2003 – Feb 2004`. */
export function spanText(from: number, to: number): string {
  const name = (month: number): string => formatMonth(Date.UTC(2000, month - 24_000, 15) / 1000);
  if (to - from === 12 && from % 12 === 0) return String(from / 12);
  return to - from === 1 ? name(from) : `${name(from)} – ${name(to - 1)}`;
}

/** The years that have room for a label below their first bar. */
function ticks(all: readonly Bin[]): [at: number, text: string][] {
  const [first, last] = [all[0]?.from ?? 0, all.at(-1)?.to ?? 1];
  const years = (last - first) / 12;
  const every = [1, 2, 5, 10, 20, 50, 100].find((step) => step / years >= LABEL) ?? 1000;
  const out: [number, string][] = [];
  for (let year = Math.ceil(first / 12 / every) * every; year * 12 < last; year += every) {
    const at = (year * 12 - first) / (last - first);
    if (at <= 1 - LABEL / 2) out.push([at, String(year)]);
  }
  return out.length > 0 ? out : [[0, spanText(first, first + 1)]];
}

customElements.define('mx-timeline', Timeline);
