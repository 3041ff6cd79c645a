/** Why a message was found: which words of it answer which part of the query. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Occurrence, Reason } from '../shared/engine.ts';
import { formatNumber } from './format.ts';
import { foundHow, STRINGS } from './strings.ts';
import { renderShown } from './texts.ts';

/** Closed at first: the reasons are asked for when somebody looks. */
export function renderWhy(reasons: readonly Reason[] | null, onOpen: () => void): TemplateResult {
  return html`<details class="why" @toggle=${onOpen}>
    <summary>${STRINGS.why}</summary>
    ${reasons === null ? html`<p class="faint">${STRINGS.loading}…</p>` : renderReasons(reasons)}
  </details>`;
}

function renderReasons(reasons: readonly Reason[]): TemplateResult {
  return html`<dl>
    ${reasons.map(
      (reason) => html`<div>
        <dt><code dir="auto">${reason.part}</code></dt>
        <dd>${reason.excluded ? STRINGS.excluded : reason.places.map(renderPlace)}</dd>
      </div>`,
    )}
  </dl>`;
}

function renderPlace(place: Occurrence): TemplateResult {
  const how = foundHow(place.how);
  return html`<span class="place">
    ${place.field}: <q dir="auto">${renderShown(place.text)}</q>${place.count > 1 ? html` × ${formatNumber(place.count)}` : nothing}${how === '' ? nothing : html` <span class="faint">(${how})</span>`}
  </span>`;
}
