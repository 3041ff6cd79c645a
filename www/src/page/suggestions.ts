/** The list below the search box while an operator is being typed: people, folders, lists and what else there is. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Suggestion } from '../shared/engine.ts';
import { formatNumber } from './format.ts';
import { STRINGS } from './strings.ts';
import { renderShown } from './texts.ts';

export function suggestionId(at: number): string {
  return `suggestion-${at}`;
}

/** True while the last word names an operator. For other words the results themselves show what there is. */
export function isOperator(text: string): boolean {
  return /(?:^|[\s({])[-+]?[a-z]+:[^\s]*$/i.test(text);
}

export function renderSuggestions(
  suggestions: readonly Suggestion[],
  active: number,
  onTake: (suggestion: Suggestion) => void,
): TemplateResult | typeof nothing {
  return html`<ul class="suggestions" id="suggestions" role="listbox" aria-label=${STRINGS.suggestions} ?hidden=${suggestions.length === 0}>
    ${suggestions.map((suggestion, at) => renderSuggestion(suggestion, at, at === active, onTake))}
  </ul>`;
}

function renderSuggestion(suggestion: Suggestion, at: number, isActive: boolean, onTake: (suggestion: Suggestion) => void): TemplateResult {
  // The box keeps the focus: what takes it from there is the end of the suggestions.
  return html`<li
    role="option"
    id=${suggestionId(at)}
    aria-selected=${isActive ? 'true' : 'false'}
    @pointerdown=${(event: Event) => event.preventDefault()}
    @click=${() => onTake(suggestion)}
  >
    <span class="value" dir="auto">${renderShown(suggestion.text)}</span>
    <span class="faint" dir="auto">${renderShown(suggestion.help)}</span>
    ${suggestion.messages === null ? nothing : html`<span class="number">${formatNumber(suggestion.messages)}</span>`}
  </li>`;
}
