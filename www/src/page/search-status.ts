/** The line under the search box: how many, how fast, how the query was understood, in which order. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ArchiveInfo, Note, Sort } from '../shared/engine.ts';
import { isSort } from './fragment.ts';
import type { Searching, Shown } from './searching.ts';
import { countLine, coverage, noteOn, SORTS, STRINGS, took } from './strings.ts';

export function renderStatus(
  searching: Searching,
  info: ArchiveInfo | null,
  sort: Sort,
  onSort: (sort: Sort) => void,
  failed: boolean,
): TemplateResult {
  const { shown } = searching;
  return html`<div class="status">
      <p class="total">${shown === null ? (failed ? nothing : info === null ? STRINGS.opening : STRINGS.searching) : renderTotal(shown, info)}</p>
      <p class="understood">${shown === null ? nothing : renderUnderstood(shown)}</p>
      <label class="sort">
        <span class="hidden">${STRINGS.sort}</span>
        <select
          .value=${sort}
          @change=${(event: Event) => {
            const value = event.target instanceof HTMLSelectElement ? event.target.value : '';
            if (isSort(value)) onSort(value);
          }}
        >
          ${Object.entries(SORTS).map(([value, text]) => html`<option value=${value} ?selected=${value === sort}>${text}</option>`)}
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
  return html`<strong>${countLine(shown.total, shown.atLeast)}</strong>
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
