/** Who corresponds with whom as arcs between names, and the same as a table. */
import type { CorrespondenceReply } from '../shared/engine.ts';
import { formatNumber, html, LitElement, nothing, renderShown, shownOf, svg, tellers, type TemplateResult } from '../page/kit.ts';
import { letter, together, whoOf } from './person.ts';
import { arcs, arranged, drawn, isList, pairsOf, strength, tiedBy, type By, type Pair } from './ties.ts';
import { others, WORDS } from './words.ts';

/** Pixels of a row, as in the style. */
const ROW = 28;
/** Rows of the table before the rest is asked for. */
const SHOWN = 40;

export class Arcs extends LitElement {
  static override properties = { reply: { attribute: false }, lists: { attribute: false }, hrefOf: { attribute: false }, searchOf: { attribute: false } };

  declare reply: CorrespondenceReply;
  /** The names of the mailing lists: to a list everybody writes, which ties nobody to anybody. */
  declare lists: readonly string[];
  /** Where a person's card is. */
  declare hrefOf: (who: string) => string;
  /** Where a search is. */
  declare searchOf: (query: string) => string;

  #of: CorrespondenceReply | null = null;
  #by: By = 'letters';
  #pairs: readonly Pair[] = [];
  #named: readonly { readonly value: string; readonly name: string }[] = [];
  /** What tells those of one name apart. */
  #apart: readonly string[] = [];
  /** The people that are no lists. */
  #drawnPeople: readonly number[] = [];
  #order: readonly number[] = [];
  #drawn: readonly Pair[] = [];
  /** The person that the pointer or the focus is on. */
  #active: number | null = null;
  #rows = SHOWN;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(): void {
    if (this.#of === this.reply) return;
    this.#of = this.reply;
    this.#pairs = pairsOf(this.reply);
    this.#rows = SHOWN;
    const { people, total } = this.reply;
    this.#named = people.map((person) => ({ value: whoOf(person), name: person.name }));
    this.#apart = tellers(this.#named);
    this.#drawnPeople = people.flatMap(({ address }, at) => (isList(address, this.lists) ? [] : [at]));
    this.#arrange(tiedBy(this.#betweenPeople(), total));
  }

  #betweenPeople(): Pair[] {
    const drawn = new Set(this.#drawnPeople);
    return this.#pairs.filter(({ a, b }) => drawn.has(a) && drawn.has(b));
  }

  #arrange(by: By): void {
    this.#by = by;
    this.#drawn = drawn(this.#betweenPeople(), by);
    const people = new Set(this.#drawnPeople);
    this.#order = arranged(this.reply.people.length, this.#drawn, by).filter((at) => people.has(at));
    this.#active = null;
    this.requestUpdate();
  }

  protected override render(): unknown {
    const { people, different, total } = this.reply;
    if (people.length < 2) return html`<p class="room-note">${WORDS.nobodyElse}</p>`;
    const sent = people.reduce((sum, own) => sum + own.sent, 0);
    const choice = (by: By, text: string): TemplateResult =>
      html`<button type="button" aria-pressed=${this.#by === by ? 'true' : 'false'} @click=${() => this.#arrange(by)}>${text}</button>`;
    return html`<div class="choices" role="group" aria-label=${WORDS.tiedBy}>${choice('letters', WORDS.letters)} ${choice('conversations', WORDS.conversations)}</div>
      ${this.#drawn.length === 0 ? html`<p class="room-note">${this.#by === 'letters' ? WORDS.noLetters : WORDS.noConversations}</p>` : nothing}
      <div class="arcs" @pointerleave=${() => this.#light(null)}>
        <ol>
          ${this.#order.map((person) => this.#row(person))}
        </ol>
        ${this.#picture()}
      </div>
      ${this.#order.length < people.length ? html`<p class="room-note">${WORDS.listsLeftOut}</p>` : nothing}
      ${different > people.length ? html`<p class="room-note">${others(different - people.length, total - sent)}</p>` : nothing}
      ${this.#table()}`;
  }

  #row(at: number): TemplateResult | typeof nothing {
    const person = this.reply.people[at];
    if (person === undefined) return nothing;
    const tie = this.#active === null || this.#active === at ? null : this.#drawn.find(({ a, b }) => (a === at && b === this.#active) || (b === at && a === this.#active));
    const dim = this.#active !== null && this.#active !== at && tie == null;
    return html`<li ?data-dim=${dim} @pointerenter=${() => this.#light(at)} @focusin=${() => this.#light(at)} @focusout=${() => this.#light(null)}>
      <a href=${this.hrefOf(whoOf(person))} title=${person.address} dir="auto">${this.#name(at)}</a>
      <span class="number">${tie == null ? formatNumber(person.sent) : formatNumber(strength(tie, this.#by))}</span>
    </li>`;
  }

  #name(at: number): unknown {
    const person = this.#named[at];
    if (person === undefined) return nothing;
    const apart = this.#apart[at] ?? '';
    return html`${renderShown(shownOf(person))}${apart === '' ? nothing : html` <span class="faint">${renderShown(apart)}</span>`}`;
  }

  /** For the eye only: the table says the same. */
  #picture(): TemplateResult {
    const height = this.#order.length * ROW;
    const all = arcs(this.#order, this.#drawn);
    const most = all.reduce((most, { pair }) => Math.max(most, strength(pair, this.#by)), 1);
    const widest = all.reduce((most, { from, to }) => Math.max(most, to - from), 1);
    // The strong ones last: they lie above.
    return html`<svg viewBox="0 0 100 ${height}" preserveAspectRatio="none" style="height:${height}px" aria-hidden="true">
      ${[...all].reverse().map(({ pair, from, to }) => {
        const [top, bottom] = [from * ROW, to * ROW];
        const reach = 1.33 * (6 + (68 * (to - from)) / widest);
        const width = 0.75 + 5 * (strength(pair, this.#by) / most) ** 0.7;
        const lit = this.#active === pair.a || this.#active === pair.b;
        return svg`<path
          d="M0 ${top} C${reach} ${top} ${reach} ${bottom} 0 ${bottom}"
          stroke-width=${width.toFixed(2)} ?data-lit=${lit} ?data-dim=${this.#active !== null && !lit} vector-effect="non-scaling-stroke" />`;
      })}
    </svg>`;
  }

  #table(): TemplateResult {
    const pairs = [...this.#pairs].sort((x, y) => strength(y, this.#by) - strength(x, this.#by) || x.a - y.a || x.b - y.b);
    const more = (): void => {
      this.#rows = Infinity;
      this.requestUpdate();
    };
    return html`<details class="twin">
      <summary>${WORDS.asTable}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">${WORDS.one}</th>
            <th scope="col">${WORDS.other}</th>
            <th scope="col" class="sum">${WORDS.there}</th>
            <th scope="col" class="sum">${WORDS.backThere}</th>
            <th scope="col" class="sum">${WORDS.shared}</th>
          </tr>
        </thead>
        <tbody>
          ${pairs.slice(0, this.#rows).map((pair) => this.#tie(pair))}
        </tbody>
      </table>
      ${pairs.length > this.#rows ? html`<button type="button" @click=${more}>${WORDS.showAll}</button>` : nothing}
    </details>`;
  }

  #tie({ a, b, there, back, conversations }: Pair): TemplateResult | typeof nothing {
    const [one, other] = [this.reply.people[a], this.reply.people[b]];
    if (one === undefined || other === undefined) return nothing;
    const [first, second] = [whoOf(one), whoOf(other)];
    return html`<tr>
      <td dir="auto"><a href=${this.hrefOf(first)}>${this.#name(a)}</a></td>
      <td dir="auto"><a href=${this.hrefOf(second)}>${this.#name(b)}</a></td>
      ${this.#number(there, letter(first, second))} ${this.#number(back, letter(second, first))} ${this.#number(conversations, together(first, second))}
    </tr>`;
  }

  #number(n: number, query: string): TemplateResult {
    return html`<td class="sum">${n === 0 ? '0' : html`<a href=${this.searchOf(query)}>${formatNumber(n)}</a>`}</td>`;
  }

  #light(person: number | null): void {
    if (this.#active === person) return;
    this.#active = person;
    this.requestUpdate();
  }
}

customElements.define('mx-arcs', Arcs);
