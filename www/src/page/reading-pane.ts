/** The reading pane: the subject, and the conversation as a tree in which messages open in their places. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Line, ThreadNode } from '../shared/engine.ts';
import { Hold } from './hold.ts';
import { ICONS } from './icons.ts';
import type { Keeper } from './kept.ts';
import './message-view.ts';
import { renderNotice, renderProblem } from './notice.ts';
import type { Opened, Reading } from './reading.ts';
import { renderDay } from './result-line.ts';
import { STRINGS, threadSize } from './strings.ts';
import { plainText, shownPreview } from './pieces.ts';
import { renderPieces, renderShown } from './texts.ts';
import { renderWhy } from './why.ts';

/** Deeper answers stand under one another: a column of text needs its width. */
const DEEPEST = 6;
/** Between the bar with the subject and the message below it, in pixels. */
const GAP = 8;
/** A message that starts within this part of the pane needs no scrolling: subject and earlier messages stay in sight. */
const UPPER = 0.25;

export class ReadingPane extends LitElement {
  static override properties = { reading: { attribute: false }, hrefOf: { attribute: false }, keeper: { attribute: false }, backHref: { attribute: false } };

  declare reading: Reading | null;
  declare hrefOf: (key: string) => string;
  declare keeper: Keeper | null;
  declare backHref: string;

  /** The message that was scrolled to last: once for each opening, so that nothing jumps while reading. */
  #placed: string | null = null;
  #thread: unknown = null;
  readonly #hold = new Hold();

  constructor() {
    super();
    this.reading = null;
    this.hrefOf = () => '#';
    this.keeper = null;
    this.backHref = '#';
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#hold.release();
  }

  protected override updated(): void {
    this.#showBar();
    const { reading } = this;
    const key = reading?.key ?? null;
    if (key !== this.#placed) this.#hold.release();
    if (reading === null || key === this.#placed || !this.#isComplete(reading)) return;
    const within = this.#placed !== null && reading.thread === this.#thread && reading.thread !== null;
    this.#placed = key;
    this.#thread = reading.thread;
    const pane = this.querySelector<HTMLElement>('.pane');
    if (key === null || pane === null) return;
    // Where the message takes the results' place, the focus would stay on what is out of sight.
    if (document.activeElement === document.body || pane.getBoundingClientRect().left < 1) pane.focus({ preventScroll: true });
    // The message is an element of its own and has its height only after its own update.
    const view = this.querySelector<LitElement>('li[data-focus] mx-message-view');
    void (view?.updateComplete ?? Promise.resolve()).then(() => {
      if (this.#placed === key) this.#place(pane, within);
    });
  }

  /** Scrolls to the open message. Within a conversation that is being read, only as far as it takes to see it. */
  #place(pane: HTMLElement, within: boolean): void {
    const item = this.querySelector('li[data-focus]');
    const tail = this.querySelector<HTMLElement>('.tail');
    if (!within || item === null) pane.scrollTop = 0;
    if (tail !== null) tail.style.height = '';
    if (item === null || tail === null) return;
    const bar = (this.querySelector('.bar-top')?.clientHeight ?? 0) + GAP;
    const { top: edge } = pane.getBoundingClientRect();
    const { top, height } = item.getBoundingClientRect();
    const [from, room] = [top - edge, pane.clientHeight];
    const fits = within ? from >= bar && from + height <= room : from <= room * UPPER;
    const lowest = within && from > room - height && from < room ? Math.max(bar, room - height) : bar;
    this.#hold.take(pane, item, tail, fits ? from : lowest);
  }

  /** The bar repeats the subject while the subject itself is scrolled away. */
  #showBar(): void {
    const bar = this.querySelector('.bar-top');
    const subject = this.querySelector('.subject');
    if (bar === null) return;
    const past = subject !== null && subject.getBoundingClientRect().bottom <= bar.getBoundingClientRect().bottom;
    bar.toggleAttribute('data-past', past);
  }

  protected override render(): unknown {
    const { reading } = this;
    if (reading === null || reading.key === null) return nothing;
    const opened = reading.message(reading.key);
    const subject = opened?.kind === 'here' ? opened.message.line.subject : [];
    return html`<div class="pane" tabindex="-1" @scroll=${this.#showBar}>
      <div class="bar-top">
        <a class="back" href=${this.backHref} aria-label=${STRINGS.back}>${ICONS.back}<span>${STRINGS.results}</span></a>
        <span class="bar-subject" dir="auto" aria-hidden="true">${plainText(subject).trim() === '' ? STRINGS.noSubject : renderPieces(subject)}</span>
      </div>
      ${this.#content(reading, reading.key)}
      <div class="tail"></div>
    </div>`;
  }

  #content(reading: Reading, key: string): unknown {
    const opened = reading.message(key);
    if (opened?.kind === 'notFound') {
      return renderNotice(ICONS.letter, STRINGS.notFound, `${STRINGS.notFoundHint} (${key})`);
    }
    if (opened?.kind === 'failed') return renderProblem(opened.problem, () => reading.retry());
    if (opened?.kind !== 'here' || !this.#isComplete(reading)) return renderSkeleton();
    const { line } = opened.message;
    const subject = plainText(line.subject).trim() === '' ? STRINGS.noSubject : renderPieces(line.subject);
    return html`<h2 class="subject" dir="auto">${subject}</h2>
      ${line.kind === 'message' && line.threadSize > 1 ? html`<p class="thread-size">
            ${threadSize(line.threadSize)}
            ${reading.isFolded ? html`<button type="button" class="open-all" @click=${() => reading.openAll()}>${STRINGS.openAll}</button>` : nothing}
          </p>` : nothing}
      ${reading.isHit ? renderWhy(reading.why, () => void reading.explain()) : nothing}
      ${reading.threadProblem === null ? nothing : renderProblem(reading.threadProblem, () => reading.retry())}
      ${reading.thread === null || reading.thread.nodes.length <= 1
        ? this.#view(reading, key)
        : html`<ol class="thread" aria-label=${STRINGS.conversation}>
            ${reading.thread.nodes.map((node) => this.#node(reading, node))}
          </ol>`}`;
  }

  #node(reading: Reading, node: ThreadNode): TemplateResult {
    const { standIn } = node;
    // What stands for one that is not here is read at its place.
    const key = node.key ?? (standIn === reading.key ? standIn : null);
    const depth = Math.min(node.depth, DEEPEST);
    if (key === null) {
      return html`<li class="ghost" style="--depth:${depth}">
        ${standIn === null ? html`<span>${STRINGS.ghost}</span>` : html`<a href=${this.hrefOf(standIn)}>${STRINGS.ghost}</a>`} ${node.messageId === null ? nothing : html`<bdi class="faint">${renderShown(node.messageId)}</bdi>`}
      </li>`;
    }
    const opened = reading.message(key);
    const focus = key === reading.key;
    return html`<li
      style="--depth:${depth}"
      data-key=${key}
      ?data-focus=${focus}
      class=${opened === null ? 'folded' : 'unfolded'}
    >
      ${opened === null && node.line !== null ? this.#folded(key, node.line, node.guessed) : this.#open(reading, key, opened)}
    </li>`;
  }

  #folded(key: string, line: Line, guessed: boolean): TemplateResult {
    return html`<a class="node" href=${this.hrefOf(key)} title=${guessed ? STRINGS.guessed : nothing}>
      <span class="row-from" dir="auto">${plainText(line.from).trim() === '' ? STRINGS.noSender : renderPieces(line.from)}</span>
      <span class="row-snippet" dir="auto">${renderShown(shownPreview(line.preview))}</span>
      ${line.attachments ? html`<span class="clip" title=${STRINGS.attachment}>${ICONS.clip}</span>` : nothing}
      ${renderDay(line)}
    </a>`;
  }

  #open(reading: Reading, key: string, opened: Opened | null): unknown {
    switch (opened?.kind) {
      case 'here':
        return this.#view(reading, key);
      case 'failed':
        return renderProblem(opened.problem, () => reading.retry());
      case 'notFound':
        return html`<p class="faint">${STRINGS.notFound}</p>`;
      default:
        return renderSkeleton();
    }
  }

  #view(reading: Reading, key: string): unknown {
    const opened = reading.message(key);
    if (opened?.kind !== 'here') return nothing;
    // Keyed, so that folds which the reader opened in one message are not open in the next.
    return keyed(
      key,
      html`<mx-message-view
        .message=${opened.message}
        .asHtml=${reading.html(key)}
        .keeper=${this.keeper}
        .files=${reading.files(key)}
        .onHtml=${() => reading.showHtml(key)}
        .onText=${() => reading.showText(key)}
      ></mx-message-view>`,
    );
  }

  /** A conversation is shown in one go, or its earlier messages would push the text down while it is being read. */
  #isComplete(reading: Reading): boolean {
    if (reading.key === null) return true;
    const opened = reading.message(reading.key);
    if (opened === null || opened.kind === 'loading') return false;
    if (opened.kind !== 'here' || opened.message.line.threadSize <= 1) return true;
    return reading.thread !== null || reading.threadProblem !== null;
  }
}

function renderSkeleton(): TemplateResult {
  return html`<div class="skeleton" role="status" aria-label=${STRINGS.loading}>
    <span class="bar"></span><span class="bar"></span><span class="bar"></span><span class="bar"></span>
  </div>`;
}

customElements.define('mx-reading-pane', ReadingPane);
