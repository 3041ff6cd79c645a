/** The archive without a query: a calendar of its months, its folders, lists and sources. Each is a link to its mail. */
import type { FacetGroup, FacetName, FacetsReply, FacetValue } from '../shared/engine.ts';
import { coverage, FACETS, formatNumber, html, ICONS, moreValues, nothing, renderNotice, renderShown, valueName, withoutLongNames, type TemplateResult } from '../page/kit.ts';
import { Answer, now, question } from './answer.ts';
import { calendar, shade, short, type Gap, type Year } from './calendar.ts';
import { Room } from './room.ts';
import { inMonth, showRest, silence, undated, WORDS } from './words.ts';

const SHELVES: readonly FacetName[] = ['label', 'list', 'source', 'filetype', 'lang', 'is'];
/** Values of a shelf that are asked for, and those that stand there before the rest is asked for. */
const VALUES = 200;
const SHOWN = 10;

export class Browse extends Room {
  readonly #counts = new Answer<FacetsReply>(this);
  readonly #open = new Set<FacetName>();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#counts.stop();
  }

  protected override render(): unknown {
    const { view, asker, info } = this.setting;
    const ask = { query: view.query, forms: view.forms, now: now(), typing: false, which: ['month', ...SHELVES] as const, limit: VALUES };
    this.#counts.follow(`${view.forms} ${view.query}`, question(asker, 'facets', ask));
    return html`<div class="room-head">
        <h2>${WORDS.browseTitle}</h2>
        ${info === null || view.query.trim() !== '' ? nothing : html`<p class="faint">${coverage(info)}</p>`}
        ${this.narrowed()}
      </div>
      ${this.show(this.#counts, (counts) => this.#counted(counts))}`;
  }

  #counted(counts: FacetsReply): TemplateResult {
    if (counts.total === 0) return renderNotice(ICONS.letter, WORDS.nothing, WORDS.nothingHint);
    const months = counts.groups.find(({ facet }) => facet === 'month')?.values ?? [];
    return html`${months.length === 0 ? html`<p class="room-note">${WORDS.noDates}</p>` : this.#calendar(months)}
      ${counts.undated === 0 ? nothing : html`<p class="room-note"><a href=${this.search(this.#narrow('-has:date'), true)}>${undated(counts.undated)}</a></p>`}
      <div class="shelves">${SHELVES.map((name) => this.#shelf(counts, name))}</div>`;
  }

  #calendar(months: readonly FacetValue[]): TemplateResult {
    const most = months.reduce((most, { messages }) => Math.max(most, messages), 0);
    return html`<table class="calendar">
      <caption class="hidden">
        ${WORDS.calendar}
      </caption>
      <thead>
        <tr>
          <th scope="col"><span class="hidden">${WORDS.year}</span></th>
          ${WORDS.months.map((name) => html`<th scope="col" abbr=${name}>${name.slice(0, 1)}<span class="rest-of-month">${name.slice(1)}</span></th>`)}
          <th scope="col" class="sum">${WORDS.all}</th>
        </tr>
      </thead>
      <tbody>
        ${calendar(months).map((row) => (row.kind === 'gap' ? gap(row) : this.#year(row, most)))}
      </tbody>
    </table>`;
  }

  #year({ year, months, messages }: Year, most: number): TemplateResult {
    const name = String(year).padStart(4, '0');
    return html`<tr>
      <th scope="row">${messages === 0 ? name : html`<a href=${this.#dated(name)}>${name}</a>`}</th>
      ${months.map((n, at) => {
        if (n === null) return html`<td></td>`;
        const label = inMonth(`${WORDS.months[at]} ${name}`, n);
        if (n === 0) return html`<td class="silent" title=${label}><span class="hidden">${WORDS.silent}</span></td>`;
        const href = this.#dated(`${name}-${String(at + 1).padStart(2, '0')}`);
        return html`<td><a class="month" href=${href} title=${label} aria-label=${label} style="--part:${shade(n, most).toFixed(3)}">${short(n)}</a></td>`;
      })}
      <td class="sum">${formatNumber(messages)}</td>
    </tr>`;
  }

  #shelf(counts: FacetsReply, name: FacetName): TemplateResult | typeof nothing {
    const group = counts.groups.find(({ facet }) => facet === name);
    if (group === undefined) return nothing;
    const values = name === 'list' ? withoutLongNames(group.values) : group.values;
    // One shelf that holds everything is no choice.
    if (values.length === 0 || (values.length === 1 && values[0]?.messages === counts.total)) return nothing;
    const shown = this.#open.has(name) ? values : values.slice(0, SHOWN);
    const open = (): void => {
      this.#open.add(name);
      this.requestUpdate();
    };
    return html`<section class="shelf">
      <h3>${FACETS[name]}</h3>
      <ul>
        ${shown.map((value) => this.#value(name, value, values[0]?.messages ?? 1))}
      </ul>
      ${shown.length < values.length
        ? html`<button type="button" @click=${open}>${showRest(values.length - shown.length)}</button>`
        : rest(group)}
    </section>`;
  }

  #value(name: FacetName, value: FacetValue, most: number): TemplateResult {
    return html`<li>
      <a class="measure-row" href=${this.search(this.#narrow(value.query))} style="--part:${(value.messages / most).toFixed(3)}">
        <span class="value" dir="auto">${renderShown(valueName(name, value.value))}</span>
        <span class="number">${formatNumber(value.messages)}</span>
      </a>
    </li>`;
  }

  #narrow(filter: string): string {
    return `${this.setting.view.query} ${filter}`.trim();
  }

  /** The conversations of a year or a month. */
  #dated(date: string): string {
    return this.search(this.#narrow(`date:${date}`), true);
  }
}

function gap({ from, to }: Gap): TemplateResult {
  return html`<tr class="gap"><td colspan="14">${silence(String(from), String(to))}</td></tr>`;
}

function rest(group: FacetGroup): TemplateResult | typeof nothing {
  const more = group.different - group.values.length;
  return more > 0 ? html`<p class="room-note">${moreValues(more)}</p>` : nothing;
}

customElements.define('mx-browse', Browse);
