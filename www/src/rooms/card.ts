/** One person: what they are called, when they wrote, to whom, and who to them. */
import type { CorrespondenceReply, FacetsReply, FacetValue, SearchReply } from '../shared/engine.ts';
import {
  formatDay, formatFragment, formatNumber, html, ICONS, messages, nothing, parseMonth, plainDomain, plainText, renderNotice, renderShown, shownOf, tellers,
  type TemplateResult,
} from '../page/kit.ts';
import { Answer, now, question } from './answer.ts';
import { asked, isWord, letter, together, whoOf } from './person.ts';
import { Room } from './room.ts';
import { countedAmong, WORDS } from './words.ts';

/** Of these first and last messages the names are looked at that a person signs with. */
const LINES = 40;
const PEOPLE = 40;
const SHOWN = 12;

/** What is known of whom a person writes to. */
interface Circle {
  readonly writesTo: readonly Row[];
  readonly among: number;
  readonly isWrittenTo: readonly Row[];
  readonly talksWith: readonly Row[];
}

interface Row {
  readonly who: string;
  readonly shown: string;
  readonly n: number;
  readonly query: string;
}

export class Card extends Room {
  readonly #counts = new Answer<FacetsReply>(this);
  readonly #first = new Answer<SearchReply>(this);
  readonly #last = new Answer<SearchReply>(this);
  readonly #same = new Answer<FacetsReply>(this);
  readonly #circle = new Answer<Circle>(this);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const answer of [this.#counts, this.#first, this.#last, this.#same, this.#circle]) answer.stop();
  }

  protected override render(): unknown {
    const { view, asker } = this.setting;
    const who = view.at;
    const query = asked('from', who);
    const common = { query, now: now(), typing: false };
    this.#counts.follow(who, question(asker, 'facets', { ...common, which: ['month', 'people'], limit: PEOPLE }));
    this.#first.follow(who, question(asker, 'search', { ...common, sort: 'oldest', offset: 0, limit: LINES }));
    this.#last.follow(who, question(asker, 'search', { ...common, sort: 'newest', offset: 0, limit: LINES }));
    this.#circle.follow(who, (signal) => this.#ask(who, signal));
    return html`<p class="way-back"><a class="back" href=${formatFragment({ ...view, at: '' })}>${ICONS.back}${WORDS.allPeople}</a></p>
      ${this.show(this.#counts, (counts) => (counts.total === 0 ? this.#nobody(who) : this.#person(who, counts)))}`;
  }

  #nobody(who: string): TemplateResult {
    return html`<h2 dir="auto">${renderShown(who)}</h2>
      ${renderNotice(ICONS.letter, WORDS.noMail, WORDS.noMailHint, html`<p><a href=${this.search(asked('with', who))}>${WORDS.searchThem}</a></p>`)}`;
  }

  #person(who: string, counts: FacetsReply): TemplateResult {
    const people = counts.groups.find(({ facet }) => facet === 'people')?.values ?? [];
    const own = people.find(({ value }) => value === who) ?? people[0];
    const name = own === undefined ? who : shownOf(own);
    const months = counts.groups.find(({ facet }) => facet === 'month')?.values ?? [];
    const other = [...people, ...this.#ofName(name)].filter(({ value }, at, all) => value !== '' && value !== own?.value && all.findIndex((one) => one.value === value) === at);
    const names = this.#names().filter((sign) => sign !== name);
    return html`<h2 dir="auto">${renderShown(name)}</h2>
      ${name === who ? nothing : html`<p class="address"><bdi>${renderShown(who)}</bdi> ${domain(who)}</p>`}
      <p class="summary">
        <a href=${this.search(asked('from', who))}>${messages(counts.total)}</a>${this.#day(this.#first, WORDS.firstMail)}${this.#day(this.#last, WORDS.lastMail)}
        <span class="faint">·</span> <a href=${this.search(asked('with', who))}>${WORDS.mailWith}</a>
      </p>
      ${names.length === 0 ? nothing : html`<p class="summary"><span class="faint">${WORDS.alsoCalled}</span> ${list(names.map((sign) => html`<bdi>${renderShown(sign)}</bdi>`))}</p>`}
      ${other.length === 0
        ? nothing
        : html`<p class="summary">
            <span class="faint">${WORDS.alsoAt}</span>
            ${list(other.slice(0, SHOWN).map(({ value }) => html`<a href=${this.#hrefOf(value)} dir="auto">${renderShown(value)}</a>`))}
          </p>`}
      <mx-timeline
        .months=${months.map(({ value, messages }) => ({ month: parseMonth(value), messages }))}
        .query=${asked('from', who)}
        .hrefOf=${(query: string) => this.search(query)}
      ></mx-timeline>
      ${this.show(this.#circle, ({ writesTo, among, isWrittenTo, talksWith }) =>
        html`<div class="shelves">
          ${this.#rows(WORDS.writesTo, writesTo, among === 0 ? '' : countedAmong(among))} ${this.#rows(WORDS.isWrittenTo, isWrittenTo)}
          ${this.#rows(WORDS.talksWith, talksWith)}
        </div>`,
      )}`;
  }

  /** The addresses of those who go by the same name; a single word is the name of too many. */
  #ofName(name: string): readonly FacetValue[] {
    if (!/\S\s+\S/.test(name) || name.includes('@')) return [];
    const ask = { query: asked('from', name), now: now(), typing: false, which: ['people'] as const, limit: PEOPLE };
    this.#same.follow(name, question(this.setting.asker, 'facets', ask));
    const values = this.#same.state.kind === 'here' ? (this.#same.state.value.groups[0]?.values ?? []) : [];
    return values.filter((value) => value.name.toLowerCase() === name.toLowerCase());
  }

  #rows(title: string, rows: readonly Row[], note = ''): TemplateResult {
    const shownRows = rows.slice(0, SHOWN);
    const apart = tellers(shownRows.map(({ who, shown }) => ({ value: who, name: shown })));
    return html`<section class="shelf">
      <h3>${title}</h3>
      ${rows.length === 0 ? html`<p class="room-note">${WORDS.notTold}</p>` : nothing}
      <ul>
        ${shownRows.map(
          ({ who, shown, n, query }, at) => html`<li class="measure-row" style="--part:${(n / (rows[0]?.n ?? 1)).toFixed(3)}">
            <a class="value" href=${this.#hrefOf(who)} title=${who} dir="auto">${renderShown(shown)}${apart[at] ? html` <span class="faint">${renderShown(apart[at])}</span>` : nothing}</a>
            <a class="number" href=${this.search(query)} aria-label=${messages(n)}>${formatNumber(n)}</a>
          </li>`,
        )}
      </ul>
      ${note === '' || rows.length === 0 ? nothing : html`<p class="room-note">${note}</p>`}
    </section>`;
  }

  /** The names that the person's first and last messages are signed with. */
  #names(): string[] {
    const lines = [...(this.#last.value?.lines ?? []), ...(this.#first.value?.lines ?? [])];
    return [...new Set(lines.map(({ from }) => plainText(from).trim()))].filter((name) => name !== '' && name !== this.setting.view.at).slice(0, SHOWN);
  }

  #day(answer: Answer<SearchReply>, what: string): TemplateResult | typeof nothing {
    const line = answer.value?.lines.find(({ date }) => date !== null);
    if (line === undefined) return nothing;
    const href = formatFragment({ ...this.setting.view, room: 'search', at: '', query: asked('from', this.setting.view.at), key: line.key });
    return html`, ${what} <a href=${href}>${formatDay(line.date)}</a>`;
  }

  /** Recipients are told by their own lists: those of whoever writes most, and of whoever writes to this person. */
  async #ask(who: string, signal: AbortSignal): ReturnType<Parameters<Answer<Circle>['follow']>[1]> {
    const { asker } = this.setting;
    const facets = { now: now(), typing: false, which: ['people'] as const, limit: PEOPLE };
    const [to, all] = await Promise.all([asker.ask('facets', { ...facets, query: asked('to', who) }, signal), asker.ask('facets', { ...facets, query: '' }, signal)]);
    if (to.kind !== 'done' || all.kind !== 'done') return to.kind === 'failed' ? to : all.kind === 'failed' ? all : null;
    const writers = to.value.groups[0]?.values ?? [];
    const also = [...new Set([...writers, ...(all.value.groups[0]?.values ?? [])].map(({ value }) => value))].filter((value) => isWord(value) && value !== who);
    const ask = { now: now(), typing: false };
    const [letters, talks] = await Promise.all([
      asker.ask('correspondence', { ...ask, query: asked('from', who), limit: 1, also }, signal),
      asker.ask('correspondence', { ...ask, query: `thread:{${asked('from', who)}}`, limit: 100, also: [] }, signal),
    ]);
    if (letters.kind !== 'done' || talks.kind !== 'done') return letters.kind === 'failed' ? letters : talks.kind === 'failed' ? talks : null;
    const names = new Map([...writers, ...(all.value.groups[0]?.values ?? [])].map((value) => [value.value, shownOf(value)]));
    const isWrittenTo = writers.filter(({ value }) => isWord(value) && value !== who);
    return {
      value: {
        writesTo: writtenTo(letters.value, who, names),
        among: also.length,
        isWrittenTo: isWrittenTo.map((value) => ({ who: value.value, shown: shownOf(value), n: value.messages, query: letter(value.value, who) })),
        talksWith: talksWith(talks.value, who),
      },
    };
  }

  #hrefOf(who: string): string {
    return formatFragment({ ...this.setting.view, at: who });
  }
}

function writtenTo({ people, letters }: CorrespondenceReply, who: string, names: ReadonlyMap<string, string>): Row[] {
  return letters
    .flatMap(({ from, to, n }) => {
      const other = people[to];
      const own = other === undefined ? '' : whoOf(other);
      return from !== 0 || own === '' || own === who ? [] : [{ who: own, shown: names.get(own) ?? own, n, query: letter(who, own) }];
    })
    .sort((x, y) => y.n - x.n);
}

function talksWith({ people, conversations }: CorrespondenceReply, who: string): Row[] {
  const self = people.findIndex((person) => whoOf(person) === who);
  return conversations
    .flatMap(({ from, to, n }) => {
      const other = from === self ? people[to] : to === self ? people[from] : undefined;
      if (other === undefined) return [];
      const own = whoOf(other);
      return [{ who: own, shown: shownOf({ value: own, name: other.name }), n, query: together(who, own) }];
    })
    .sort((x, y) => y.n - x.n);
}

function list(parts: readonly TemplateResult[]): unknown {
  return parts.map((part, at) => (at === 0 ? part : html`, ${part}`));
}

/** The plain form of a domain with letters that look like others. */
function domain(address: string): TemplateResult | typeof nothing {
  const plain = plainDomain(address);
  return plain === null ? nothing : html`<span class="control">${plain}</span>`;
}

customElements.define('mx-card', Card);
