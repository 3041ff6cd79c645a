/** The line under the search box: how many, how fast, how the query was understood, in which order. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ArchiveInfo, Note } from '../shared/engine.ts';
import { chips, renderChips } from './chips.ts';
import { formatFragment, isSort, type View } from './fragment.ts';
import { ICONS } from './icons.ts';
import type { Picking } from './picking.ts';
import type { Searching, Shown } from './searching.ts';
import { conversations, countLine, coverage, noteOn, picked, SORTS, STRINGS, took, type Asked } from './strings.ts';

/** What the line offers besides. */
export interface Choices {
  readonly view: View;
  readonly onView: (view: Partial<View>) => void;
  /** True when there is nothing to wait for. */
  readonly failed: boolean;
  readonly refine: boolean;
  readonly onRefine: () => void;
  readonly hrefOfQuery: (query: string) => string;
  readonly isSaved: boolean;
  readonly onSave: () => void;
  readonly picking: Picking;
  /** Turns picking on or off. */
  readonly onPick: () => void;
}

export function renderStatus(searching: Searching, info: ArchiveInfo | null, choices: Choices): TemplateResult {
  const { shown } = searching;
  const { view, onView, failed } = choices;
  return html`<div class="status">
      <p class="total">${shown === null ? (failed ? nothing : info === null ? STRINGS.opening : STRINGS.searching) : renderTotal(shown, info)}</p>
      ${shown === null ? nothing : renderChips(chips(shown.query, shown.parts), choices.hrefOfQuery)}
      <p class="understood">${shown === null ? nothing : renderUnderstood(shown)}</p>
      ${renderPicked(choices)}
      <div class="ends">
      <button
        type="button"
        class="choice"
        aria-pressed=${view.threads ? 'true' : 'false'}
        aria-label=${STRINGS.threads}
        title=${STRINGS.threads}
        @click=${() => onView({ threads: !view.threads })}
      >${ICONS.thread}</button>
      <button type="button" class="choice refine-button" aria-expanded=${choices.refine ? 'true' : 'false'} aria-controls="refine" @click=${choices.onRefine}>
        ${STRINGS.refine}
      </button>
      <label class="sort">
        <span class="hidden">${STRINGS.sort}</span>
        <select
          .value=${view.sort}
          @change=${(event: Event) => {
            const value = event.target instanceof HTMLSelectElement ? event.target.value : '';
            if (isSort(value)) onView({ sort: value });
          }}
        >
          ${Object.entries(SORTS).map(([value, text]) => html`<option value=${value} ?selected=${value === view.sort}>${text}</option>`)}
        </select>
      </label>
      ${renderMenu(choices, info?.forms === true)}
      </div>
    </div>
    ${shown === null || shown.notes.length === 0
      ? nothing
      : html`<ul class="notes">
          ${shown.notes.map((note) => html`<li>${noteOn(notedPart(shown.query, note), note.text)}</li>`)}
        </ul>`}`;
}

/** How many messages are picked, and what to do with them. */
function renderPicked({ view, picking, onPick }: Choices): TemplateResult | typeof nothing {
  if (!picking.isOn) return nothing;
  return html`<p class="picked" role="status">
    ${picked(picking.keys.length)}
    ${picking.keys.length === 0 ? nothing : html`<a href=${formatFragment({ ...view, room: 'take', key: null })}>${STRINGS.takePicked}</a>`}
    <button type="button" @click=${onPick}>${STRINGS.unpick}</button>
  </p>`;
}

/** What is wanted less often. */
function renderMenu({ view, onView, isSaved, onSave, picking, onPick }: Choices, hasForms: boolean): TemplateResult {
  const to = (room: View['room']): string => formatFragment({ ...view, room, at: '', key: null });
  const close = (event: Event): void => {
    const menu = event.currentTarget instanceof Element ? event.currentTarget.closest('details') : null;
    if (menu === null) return;
    const left = event instanceof FocusEvent && !(event.relatedTarget instanceof Node && menu.contains(event.relatedTarget));
    const isEscape = event instanceof KeyboardEvent && event.key === 'Escape' && menu.open;
    if (isEscape) event.stopPropagation();
    if (left || isEscape || event.type === 'click') menu.open = false;
    if (isEscape) menu.querySelector('summary')?.focus();
  };
  // A summary that is clicked has the focus in some browsers only.
  const watch = (event: Event): void => {
    const menu = event.currentTarget;
    if (!(menu instanceof HTMLDetailsElement) || !menu.open) return;
    const leave = ({ target }: Event): void => {
      if (!(target instanceof Node && menu.contains(target))) menu.open = false;
    };
    document.addEventListener('pointerdown', leave, { once: true });
  };
  return html`<details class="menu" @toggle=${watch} @keydown=${close} @focusout=${close}>
    <summary class="choice" aria-label=${STRINGS.more} title=${STRINGS.more}>${ICONS.more}</summary>
    <div class="menu-list" @click=${close}>
      ${view.query.trim() === '' ? nothing : html`<button type="button" @click=${onSave}>${isSaved ? STRINGS.unsave : STRINGS.save}</button>`}
      ${hasForms
        ? html`<button type="button" class="forms" aria-pressed=${view.forms ? 'true' : 'false'} @click=${() => onView({ forms: !view.forms })}>${STRINGS.forms}</button>`
        : nothing}
      ${picking.isOn ? nothing : html`<button type="button" @click=${onPick}>${STRINGS.pick}</button>`}
      <a href=${to('take')}>${STRINGS.takeAway}</a>
      <a href=${to('batch')}>${STRINGS.several}</a>
      <a href=${to('starred')}>${STRINGS.starred}</a>
    </div>
  </details>`;
}

/** What a screen reader is told when a search has come to rest. */
export function spokenStatus(shown: Shown): string {
  return countLine(shown.total, shown.atLeast, kindAsked(shown));
}

/** What a search finds that asks for other things than messages: what is only quoted, or only named. */
function kindAsked({ query, parts }: Shown): Asked {
  const asked = chips(query, parts).flatMap(({ text }) => /^(?:kind:(?!messages?$)|is:(?:missing|listed|skipped)$).*/i.exec(text)?.[0].toLowerCase() ?? []);
  if (asked.length === 0) return 'messages';
  return asked.includes('kind:quoted') ? 'quoted' : asked.includes('is:listed') ? 'listed' : 'any';
}

function renderTotal(shown: Shown, info: ArchiveInfo | null): unknown {
  if (isWhole(shown) && info !== null) return html`<strong>${coverage(info)}</strong>`;
  const within = shown.conversations === null ? '' : ` in ${conversations(shown.conversations)}`;
  return html`<strong>${countLine(shown.total, shown.atLeast, kindAsked(shown))}${within}</strong>
    <span class="faint ${shown.total == null ? '' : 'took'}">· ${shown.total == null ? STRINGS.counting : took(shown.ms)}</span>`;
}

function renderUnderstood(shown: Shown): unknown {
  // What was read as it was typed needs no second look.
  if (isWhole(shown) || plain(shown.query) === plain(shown.understood)) return nothing;
  return html`${STRINGS.understood} <code dir="auto">${shown.understood}</code>`;
}

function plain(query: string): string {
  return query.trim().replace(/\s+/g, ' ').toLowerCase();
}

function isWhole(shown: Shown): boolean {
  return shown.query.trim() === '';
}

/** Positions count UTF-8 bytes, as the engine does. */
function notedPart(query: string, note: Note): string {
  const bytes = new TextEncoder().encode(query);
  return new TextDecoder().decode(bytes.slice(note.from, note.to)).trim();
}
