/** What is not here: mail that others mention or quote, numbers that are skipped, months without any. */
import type { FacetsReply, SearchReply } from '../shared/engine.ts';
import { formatDay, formatFragment, formatNumber, HOME, html, ICONS, nothing, renderNotice, renderShown, ROOMS, STRINGS, type TemplateResult } from '../page/kit.ts';
import { absent, silences, type Absent, type Silence } from './absence.ts';
import { Answer, now, question } from './answer.ts';
import { Room, skeleton } from './room.ts';
import { allOf, dayIn, lies, mentionedBy, monthsSilent, silence, WORDS } from './words.ts';

/** Entries of each kind that are shown here; the search has all. */
const SHOWN = 12;

interface Kind {
  readonly title: string;
  readonly hint: string;
  readonly query: string;
}

/** Text that lies elsewhere is not missing: it stands apart. */
const KINDS: readonly Kind[] = [
  { title: WORDS.mentioned, hint: WORDS.mentionedHint, query: 'kind:placeholder is:missing -is:skipped' },
  { title: WORDS.quotedOnly, hint: WORDS.quotedOnlyHint, query: 'kind:quoted is:missing' },
  { title: WORDS.skipped, hint: WORDS.skippedHint, query: 'is:skipped' },
];
const ELSEWHERE: Kind = { title: WORDS.listed, hint: WORDS.listedHint, query: 'is:listed' };

interface Entries {
  readonly total: number;
  readonly entries: readonly Absent[];
}

export class Missing extends Room {
  readonly #months = new Answer<FacetsReply>(this);
  readonly #kinds = new Map<string, Answer<Entries>>();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#months.stop();
    for (const answer of this.#kinds.values()) answer.stop();
  }

  protected override render(): unknown {
    const { asker, info } = this.setting;
    this.#months.follow('', question(asker, 'facets', { query: '', now: now(), typing: false, which: ['month'], limit: 1 }));
    if (info === null) return skeleton();
    // An archive whose engine knows no such kinds would take their names for nothing, and tell of all mail as missing.
    const known = 'placeholders' in info;
    const kinds = known ? KINDS : [];
    const totals = kinds.map(({ query }) => this.#answer(query).value?.total);
    const isAll = totals.every((total) => total === 0) && this.#months.value !== null && this.#silences().length === 0;
    return html`<div class="room-head">
        <h2>${ROOMS.missing}</h2>
        <p class="faint">${WORDS.missingHint}</p>
      </div>
      ${isAll ? renderNotice(ICONS.letter, WORDS.nothingMissing, WORDS.nothingMissingHint) : nothing} ${kinds.map((kind) => this.#kind(kind))}
      ${this.show(this.#months, () => this.#silent())} ${known ? this.#kind(ELSEWHERE) : nothing}`;
  }

  #answer(query: string): Answer<Entries> {
    const answer = this.#kinds.get(query) ?? new Answer<Entries>(this);
    this.#kinds.set(query, answer);
    answer.follow(query, (signal) => this.#ask(query, signal));
    return answer;
  }

  /** The first of a kind, each with what the archive knows of it. */
  async #ask(query: string, signal: AbortSignal): ReturnType<Parameters<Answer<Entries>['follow']>[1]> {
    const { asker } = this.setting;
    const ask = { query, now: now(), typing: false };
    const [found, total] = await Promise.all([asker.ask('search', { ...ask, sort: 'newest', offset: 0, limit: SHOWN }, signal), asker.ask('total', { ...ask, sort: 'newest', offset: 0, limit: 0 }, signal)]);
    if (found.kind !== 'done' || total.kind !== 'done') return found.kind === 'failed' ? found : total.kind === 'failed' ? total : null;
    const entries = await Promise.all(
      linesOf(found.value).map(async (line) => {
        const told = await asker.ask('message', { key: line.key, query: '', now: ask.now }, signal);
        return absent(line, told.kind === 'done' && !('notFound' in told.value) ? told.value : null);
      }),
    );
    return { value: { total: total.value.total, entries } };
  }

  #kind({ title, hint, query }: Kind): TemplateResult | typeof nothing {
    const answer = this.#answer(query);
    if (answer.value?.total === 0) return nothing;
    return html`<section class="chapter">
      <h3>${title} ${answer.value === null ? nothing : html`<span class="faint">${formatNumber(answer.value.total)}</span>`}</h3>
      <p class="room-note">${hint}</p>
      ${this.show(
        answer,
        ({ total, entries }) =>
          html`<ul class="absences">
              ${entries.map((entry) => this.#entry(entry, query))}
            </ul>
            ${total > entries.length ? html`<p><a href=${this.search(query)}>${allOf(total)}</a></p>` : nothing}`,
      )}
    </section>`;
  }

  #entry({ key, from, subject, messageId, date, notBefore, notAfter, heldBy, n }: Absent, query: string): TemplateResult {
    const name = subject !== '' ? subject : messageId !== '' ? messageId : STRINGS.noSubject;
    const when = date === null ? lies(notBefore, notAfter) : formatDay(date);
    return html`<li>
      <p>
        <a href=${formatFragment({ ...HOME, query, key })} dir="auto">${renderShown(name)}</a>
        ${from === '' ? nothing : html`<span class="faint" dir="auto">${renderShown(from)}</span>`}
      </p>
      <p class="room-note">
        ${when === '' ? nothing : html`${when} · `}${mentionedBy(n)}${heldBy.map(
          ({ key, label }, at) => html`${at === 0 ? ': ' : ', '}<a href=${formatFragment({ ...HOME, key })}>${label === '' ? WORDS.aMessage : renderShown(dayIn(label))}</a>`,
        )}
      </p>
    </li>`;
  }

  #silences(): Silence[] {
    return silences(this.#months.value?.groups.find(({ facet }) => facet === 'month')?.values ?? []);
  }

  #silent(): TemplateResult | typeof nothing {
    const all = this.#silences();
    if (all.length === 0) return nothing;
    const months = all.reduce((sum, { from, to }) => sum + to - from, 0);
    return html`<section class="chapter">
      <h3>${WORDS.silentMonths} <span class="faint">${formatNumber(months)}</span></h3>
      <p class="room-note">${WORDS.silentHint} <a href=${formatFragment({ ...HOME, room: 'browse' })}>${WORDS.calendarLink}</a></p>
      <ul class="absences">
        ${all.map(
          ({ from, to, before, after }) =>
            html`<li>
              <p>${silence(month(from), month(to - 1))}</p>
              <p class="room-note">${monthsSilent(to - from, before, after)}</p>
            </li>`,
        )}
      </ul>
    </section>`;
  }
}

function linesOf({ lines }: SearchReply): SearchReply['lines'] {
  return lines.slice(0, SHOWN);
}

function month(at: number): string {
  return `${WORDS.months[at % 12] ?? ''} ${String(Math.floor(at / 12)).padStart(4, '0')}`;
}

customElements.define('mx-missing', Missing);
