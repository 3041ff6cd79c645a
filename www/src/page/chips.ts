/** The filters of a search, each to be taken away. */
import { html, nothing, type TemplateResult } from 'lit';
import type { QueryPart } from '../shared/engine.ts';
import { ICONS } from './icons.ts';
import { without } from './strings.ts';
import { renderShown } from './texts.ts';

/** A filter as it was typed, and the query without it. */
export interface Chip {
  readonly text: string;
  readonly rest: string;
}

/** Positions count UTF-8 bytes, as the engine does. */
export function chips(query: string, parts: readonly QueryPart[]): Chip[] {
  const bytes = new TextEncoder().encode(query);
  const cut = (from: number, to: number): string => new TextDecoder().decode(bytes.slice(from, to));
  return parts.flatMap((part, at) => {
    if (!part.filter) return [];
    // What joins a part to its neighbour goes with it.
    const from = parts[at - 1]?.to ?? 0;
    const to = at === 0 ? (parts[1]?.from ?? bytes.length) : part.to;
    return [{ text: cut(part.from, part.to), rest: `${cut(0, from)}${cut(to, bytes.length)}`.trim() }];
  });
}

export function renderChips(chips: readonly Chip[], hrefOf: (query: string) => string): TemplateResult | typeof nothing {
  if (chips.length === 0) return nothing;
  return html`<ul class="chips">
    ${chips.map(({ text, rest }) => html`<li><a href=${hrefOf(rest)} aria-label=${without(text)} title=${without(text)}><bdi>${renderShown(text)}</bdi>${ICONS.clear}</a></li>`)}
  </ul>`;
}
