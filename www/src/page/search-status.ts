/** The line under the search box: how many, how fast, how the query was understood, in which order. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ArchiveInfo, Note } from '../shared/engine.ts';
import { isSort, type View } from './fragment.ts';
import { ICONS } from './icons.ts';
import type { Searching, Shown } from './searching.ts';
import { conversations, countLine, coverage, noteOn, SORTS, STRINGS, took } from './strings.ts';

/** What the line offers besides. */
export interface Choices {
  readonly view: View;
  readonly onView: (view: Partial<View>) => void;
  /** True when there is nothing to wait for. */
  readonly failed: boolean;
  readonly refine: boolean;
  readonly onRefine: () => void;
}

export function renderStatus(searching: Searching, info: ArchiveInfo | null, choices: Choices): TemplateResult {
  const { shown } = searching;
  const { view, onView, failed } = choices;
  return html`<div class="status">
      <p class="total">${shown === null ? (failed ? nothing : info === null ? STRINGS.opening : STRINGS.searching) : renderTotal(shown, info)}</p>
      <p class="understood">${shown === null ? nothing : renderUnderstood(shown)}</p>
      <button
        type="button"
        class="choice"
        aria-pressed=${view.threads ? 'true' : 'false'}
        aria-label=${STRINGS.threads}
        title=${STRINGS.threads}
        @click=${() => onView({ threads: !view.threads })}
      >${ICONS.thread}</button>
      ${info?.forms === true
        ? html`<button
            type="button"
            class="choice"
            aria-pressed=${view.forms ? 'true' : 'false'}
            aria-label=${STRINGS.forms}
            title=${STRINGS.forms}
            @click=${() => onView({ forms: !view.forms })}
          >${ICONS.forms}</button>`
        : nothing}
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
    </div>
    ${shown === null || shown.notes.length === 0
      ? nothing
      : html`<ul class="notes">
          ${shown.notes.map((note) => html`<li>${noteOn(notedPart(shown.query, note), note.text)}</li>`)}
        </ul>`}`;
}

/** What a screen reader is told when a search has come to rest. */
export function spokenStatus(shown: Shown): string {
  return countLine(shown.total, shown.atLeast);
}

function renderTotal(shown: Shown, info: ArchiveInfo | null): unknown {
  if (isWhole(shown) && info !== null) return html`<strong>${coverage(info)}</strong>`;
  const within = shown.conversations === null ? '' : ` in ${conversations(shown.conversations)}`;
  return html`<strong>${countLine(shown.total, shown.atLeast)}${within}</strong>
    <span class="faint">· ${shown.total == null ? STRINGS.counting : took(shown.ms)}</span>`;
}

function renderUnderstood(shown: Shown): unknown {
  if (isWhole(shown)) return nothing;
  return html`${STRINGS.understood} <code dir="auto">${shown.understood}</code>`;
}

function isWhole(shown: Shown): boolean {
  return shown.query.trim() === '';
}

/** Positions count UTF-8 bytes, as the engine does. */
function notedPart(query: string, note: Note): string {
  const bytes = new TextEncoder().encode(query);
  return new TextDecoder().decode(bytes.slice(note.from, note.to)).trim();
}
