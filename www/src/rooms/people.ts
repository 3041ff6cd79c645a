/** Who is in the archive: who writes most, who to whom, and anybody by name or address. */
import type { CorrespondenceReply, FacetsReply, FacetValue, SuggestReply } from '../shared/engine.ts';
import { formatFragment, formatNumber, html, ICONS, messages, nothing, renderNotice, renderShown, ROOMS, shownOf, tellers, type TemplateResult } from '../page/kit.ts';
import { Answer, now, question } from './answer.ts';
import './arcs.ts';
import './card.ts';
import { isWord, suggested } from './person.ts';
import { Room, skeleton } from './room.ts';
import { howMany, showRest, WORDS } from './words.ts';

/** Senders that are asked for, and those that stand there before the rest is asked for. */
const SENDERS = 200;
const SHOWN = 25;
/** People in the picture: more names than this are not taken in at a glance. */
const DRAWN = 28;
const SUGGESTIONS = 20;
const REST_MS = 120;

export class People extends Room {
  readonly #senders = new Answer<FacetsReply>(this);
  readonly #ties = new Answer<CorrespondenceReply>(this);
  readonly #suggestions = new Answer<SuggestReply>(this);
  #typed = '';
  #all = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    for (const answer of [this.#senders, this.#ties, this.#suggestions]) answer.stop();
  }

  protected override render(): unknown {
    const { view, asker } = this.setting;
    if (view.at !== '') return html`<mx-card .setting=${this.setting}></mx-card>`;
    const { query, forms } = view;
    const of = `${forms} ${query}`;
    this.#senders.follow(of, question(asker, 'facets', { query, forms, now: now(), typing: false, which: ['people', 'list'], limit: SENDERS }));
    this.#ties.follow(of, question(asker, 'correspondence', { query, forms, now: now(), typing: false, limit: DRAWN, also: [] }));
    const counted = this.#senders.value;
    return html`<div class="room-head">
        <h2>${ROOMS.people}</h2>
        ${counted === null ? nothing : html`<p class="faint">${this.#howMany(counted)}</p>`}
        ${this.narrowed()}
      </div>
      <div class="crowd">
        <section>
          <h3>${WORDS.whoWrites}</h3>
          <input
            type="search"
            class="find"
            dir="auto"
            autocomplete="off"
            spellcheck="false"
            placeholder=${WORDS.findPerson}
            aria-label=${WORDS.findPersonLabel}
            .value=${this.#typed}
            @input=${this.#type}
          />
          ${this.#typed.trim() === '' ? this.show(this.#senders, (counts) => this.#list(counts)) : this.show(this.#suggestions, (reply) => this.#suggested(reply))}
        </section>
        <section>
          <h3>${WORDS.whoToWhom}</h3>
          ${this.show(
            this.#ties,
            (reply) => counted === null ? skeleton() : html`<mx-arcs .reply=${reply} .lists=${this.#lists()} .hrefOf=${(who: string) => this.#hrefOf(who)} .searchOf=${(query: string) => this.search(query)}></mx-arcs>`,
          )}
        </section>
      </div>`;
  }

  /** Mail that names no sender is of nobody. */
  #howMany(counted: FacetsReply): string {
    const { different = 0, values = [] } = people(counted) ?? {};
    const nobody = values.find(({ value }) => value === '')?.messages ?? 0;
    return howMany(nobody > 0 ? different - 1 : different, counted.total - nobody, nobody);
  }

  #lists(): string[] {
    return (this.#senders.value?.groups.find(({ facet }) => facet === 'list')?.values ?? []).map(({ value }) => value);
  }

  #list(counts: FacetsReply): TemplateResult {
    const values = (people(counts)?.values ?? []).filter(({ value }) => isWord(value));
    if (values.length === 0) return renderNotice(ICONS.letter, WORDS.noSenders, WORDS.noSendersHint);
    const shown = this.#all ? values : values.slice(0, SHOWN);
    const more = (): void => {
      this.#all = true;
      this.requestUpdate();
    };
    const apart = tellers(values);
    return html`<ul>
        ${shown.map((value, at) => this.#person(value, values[0]?.messages ?? 1, apart[at] ?? ''))}
      </ul>
      ${shown.length < values.length ? html`<button type="button" @click=${more}>${showRest(values.length - shown.length)}</button>` : nothing}`;
  }

  #person(value: FacetValue, most: number, apart: string): TemplateResult {
    const title = value.name === '' ? nothing : value.value;
    return html`<li>
      <a class="measure-row" href=${this.#hrefOf(value.value)} title=${title} style="--part:${(value.messages / most).toFixed(3)}">
        <span class="value" dir="auto">${renderShown(shownOf(value))}${apart === '' ? nothing : html` <span class="faint">${renderShown(apart)}</span>`}</span>
        <span class="number">${formatNumber(value.messages)}</span>
      </a>
    </li>`;
  }

  #suggested(reply: SuggestReply): TemplateResult {
    const found = reply.items.flatMap((item) => {
      const who = suggested(item);
      return who === null ? [] : [{ who, item }];
    });
    return html`<p class="hidden" role="status">${found.length === 0 ? WORDS.nobodyFound : formatNumber(found.length)}</p>
      ${found.length === 0 ? html`<p class="room-note">${WORDS.nobodyFound}</p>` : nothing}
      <ul>
        ${found.map(
          ({ who, item }) =>
            html`<li>
              <a class="measure-row" href=${this.#hrefOf(who)} style="--part:0">
                <span class="value" dir="auto">${renderShown(item.help === '' ? who : item.help)} ${item.help === '' ? nothing : html`<span class="faint">${renderShown(who)}</span>`}</span>
                ${item.messages === null ? nothing : html`<span class="number" title=${messages(item.messages)}>${formatNumber(item.messages)}</span>`}
              </a>
            </li>`,
        )}
      </ul>`;
  }

  readonly #type = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.#typed = event.target.value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const text = this.#typed.trim();
      if (text !== '') this.#suggestions.follow(text, question(this.setting.asker, 'suggest', { text: `from:${text}`, limit: SUGGESTIONS }));
      this.requestUpdate();
    }, REST_MS);
    this.requestUpdate();
  };

  #hrefOf(who: string): string {
    return formatFragment({ ...this.setting.view, at: who });
  }
}

function people({ groups }: FacetsReply): FacetsReply['groups'][number] | undefined {
  return groups.find(({ facet }) => facet === 'people');
}

customElements.define('mx-people', People);
