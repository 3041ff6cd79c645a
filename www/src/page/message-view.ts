/** One message, open: who wrote to whom, the text or the HTML, what was attached, and every header on demand. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Message, Person } from '../shared/engine.ts';
import { renderAttachments, renderFile, type Files } from './attachments.ts';
import { formatDay, formatMoment, formatSenderClock, isoMoment } from './format.ts';
import { renderHtmlFrame } from './html-frame.ts';
import { ICONS } from './icons.ts';
import type { Keeper } from './kept.ts';
import { renderText } from './message-text.ts';
import { renderProblem } from './notice.ts';
import type { OpenedHtml } from './reading.ts';
import { isDamage, remarkText } from './remarks.ts';
import { told } from './pieces.ts';
import { absence, andMore, citation, morePeople, notAfter, senderClock, STRINGS } from './strings.ts';
import { renderPerson, renderShortPerson, renderShown } from './texts.ts';

/** People named in the short line before "and 12 more". */
const PEOPLE_SHOWN = 4;

export class MessageView extends LitElement {
  static override properties = {
    message: { attribute: false },
    asHtml: { attribute: false },
    files: { attribute: false },
    fixed: { state: true },
    keeper: { attribute: false },
    noting: { state: true },
  };

  declare message: Message | null;
  /** The HTML when the reader asked for it. */
  declare asHtml: OpenedHtml | null;
  /** What is open of its attachments and its source; a new object whenever that changes. */
  declare files: Files | null;
  declare fixed: boolean;
  declare keeper: Keeper | null;
  /** Whether a note is being written where there is none yet. */
  declare noting: boolean;
  onHtml: () => void = () => {};
  onText: () => void = () => {};

  constructor() {
    super();
    this.message = null;
    this.asHtml = null;
    this.files = null;
    this.fixed = false;
    this.keeper = null;
    this.noting = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): unknown {
    const { message } = this;
    if (message === null) return nothing;
    return html`<article class="message" data-key=${message.line.key}>
      ${renderHead(message)}
      <div class="message-body ${this.fixed ? 'fixed' : ''}">${this.#body(message)}</div>
      ${renderAttachments(message.attachments, this.files)} ${this.#note(message)} ${this.#tools(message)}
      ${renderFile(this.files, -1, STRINGS.showSource)}
    </article>`;
  }

  #body(message: Message): unknown {
    switch (this.asHtml?.kind) {
      case 'loading':
        return html`<p class="faint">${STRINGS.loading}…</p>`;
      case 'failed':
        return renderProblem(this.asHtml.problem, this.onHtml);
      case 'here':
        return renderHtmlFrame(this.asHtml.html, message.attachments, this.files);
      case undefined:
        return renderText(message.blocks, message.hasHtml);
    }
  }

  /** What the reader wrote about it. */
  #note({ line }: Message): TemplateResult | typeof nothing {
    const note = this.keeper?.of(line.key)?.note ?? '';
    if (note === '' && !this.noting) return nothing;
    const id = `note-${line.key}`;
    return html`<div class="note">
      <label for=${id}>${ICONS.note}${STRINGS.note} <span class="faint">${STRINGS.noteHint}</span></label>
      <textarea
        id=${id}
        rows=${Math.min(12, Math.max(2, note.split('\n').length))}
        dir="auto"
        .value=${note}
        @change=${(event: Event) => {
          if (event.target instanceof HTMLTextAreaElement) this.keeper?.write(told(line), event.target.value);
          this.noting = false;
        }}
      ></textarea>
    </div>`;
  }

  /** Copies who wrote what when, and where it can be read. */
  async #cite(event: Event): Promise<void> {
    const { message } = this;
    const button = event.currentTarget;
    if (message === null || !(button instanceof HTMLElement)) return;
    const { from, subject, date, key } = told(message.line);
    const archive = this.closest('maildex-app')?.getAttribute('archive') ?? '';
    const text = citation({ from, subject, day: formatDay(date), archive, link: `${location.href.replace(/#.*/, '')}#m=${key}` });
    const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    // Where copying is forbidden, the text is there to be copied by hand.
    if (copied === true) button.textContent = STRINGS.copied;
    else prompt(STRINGS.cite, text);
  }

  #startNote(): void {
    this.noting = true;
    void this.updateComplete.then(() => this.querySelector<HTMLTextAreaElement>('.note textarea')?.focus());
  }

  #tools(message: Message): TemplateResult {
    const asText = this.asHtml === null;
    const kept = this.keeper?.of(message.line.key) ?? null;
    return html`<div class="tools">
      <button type="button" class="star" aria-pressed=${kept?.star === true ? 'true' : 'false'} @click=${() => this.keeper?.toggleStar(told(message.line))}>
        ${ICONS.star}${STRINGS.star}
      </button>
      ${kept !== null && kept.note !== '' ? nothing : html`<button type="button" class="add-note" aria-expanded=${this.noting ? 'true' : 'false'} @click=${this.#startNote}>${STRINGS.note}</button>`}
      ${message.hasHtml
        ? html`<button type="button" class="html-toggle" @click=${asText ? this.onHtml : this.onText}>
            ${asText ? STRINGS.html : STRINGS.text}
          </button>`
        : nothing}
      ${asText
        ? html`<button type="button" aria-pressed=${this.fixed ? 'true' : 'false'} @click=${() => (this.fixed = !this.fixed)}>
            ${STRINGS.fixed}
          </button>`
        : nothing}
      <button type="button" class="cite" @click=${this.#cite}>${STRINGS.cite}</button>
      ${message.hasSource
        ? html`<button
            type="button"
            class="source-toggle"
            aria-expanded=${this.files?.open.has(-1) === true ? 'true' : 'false'}
            @click=${() => this.files?.toggle(-1)}
          >
            ${STRINGS.showSource}
          </button>`
        : nothing}
      <details class="headers">
        <summary>${STRINGS.allHeaders}</summary>
        ${renderHeaders(message)}
      </details>
    </div>`;
  }
}

function renderHead(message: Message): TemplateResult {
  const { line, from, to, cc } = message;
  return html`<header class="message-head">
    <div class="from" dir="auto">${from.length === 0 ? STRINGS.noSender : from.map(renderPerson)}</div>
    ${renderAbsence(message)} ${renderMoment(message)} ${renderPeople(STRINGS.to, to)} ${renderPeople(STRINGS.cc, cc)}
    ${line.misdated ? html`<p class="remark">${STRINGS.misdated}</p>` : nothing}
    ${message.problems.some(isDamage) ? html`<p class="remark">${STRINGS.problems}</p>` : nothing}
  </header>`;
}

/** What a message is that is not here, and where its image lies. */
function renderAbsence({ line, headers }: Message): TemplateResult | typeof nothing {
  if (line.kind === 'message') return nothing;
  const all = (name: string): string[] => headers.filter((own) => own.name === name).map((own) => own.value);
  const names = all('Held-By').map((holder) => holder.slice(17) || holder);
  const rest = line.threadSize - names.length;
  const named = renderShown(`${names.join(', ')}${rest > 0 ? andMore(rest) : ''}`);
  const text = absence(all('Known-From')[0] ?? '', line.missing, line.threadSize, '\u0000').split('\u0000');
  const pdf = all('Source-PDF')[0] ?? '';
  return html`<p class="remark">
    ${text[0]}${text.length > 1 ? named : nothing}${text[1] ?? nothing}
    ${/^https?:\/\//.test(pdf) ? html`<a href=${pdf} rel="noopener noreferrer" target="_blank">${STRINGS.pdf}</a>` : nothing}
  </p>`;
}

function renderMoment({ line, zone }: Message): TemplateResult {
  if (line.kind === 'placeholder' && line.missing && line.date != null) {
    return html`<time class="moment" datetime=${isoMoment(line.date)}>${notAfter(formatMoment(line.date))}</time>`;
  }
  if (line.date == null) return html`<span class="moment">${STRINGS.noDate}</span>`;
  const clock = formatSenderClock(line.date, zone);
  return html`<time class="moment" datetime=${isoMoment(line.date)} title=${clock === '' ? nothing : senderClock(clock)}
    >${formatMoment(line.date)}</time
  >`;
}

function renderPeople(label: string, people: readonly Person[]): TemplateResult | typeof nothing {
  if (people.length === 0) return nothing;
  const shown = people.slice(0, PEOPLE_SHOWN);
  const rest = people.length - shown.length;
  return html`<div class="people">
    <span class="label">${label}</span>
    ${shown.map((person, idx) => html`${idx === 0 ? '' : ', '}${renderShortPerson(person)}`)}
    ${rest > 0 ? html`<span class="faint">${morePeople(rest)}</span>` : nothing}
  </div>`;
}

function renderHeaders(message: Message): TemplateResult {
  return html`<dl>
      ${message.headers.map(({ name, value }) => html`<dt>${renderShown(name)}</dt><dd dir="auto">${renderShown(value)}</dd>`)}
    </dl>
    ${message.problems.length === 0
      ? nothing
      : html`<ul class="plain">
          ${message.problems.map((problem) => html`<li>${renderShown(remarkText(problem))}</li>`)}
        </ul>`}
    <p class="label">${STRINGS.source}</p>
    <ul class="plain">
      ${message.places.map(
        ({ source, path, offset, folder }) =>
          html`<li>${renderShown([source, folder, path].filter((part) => part !== '').join(' · '))}, ${offset}</li>`,
      )}
    </ul>`;
}

customElements.define('mx-message-view', MessageView);
