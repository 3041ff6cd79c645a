/** What stands above the list, or instead of it. */
import { html, nothing } from 'lit';
import type { CorrectReply } from '../shared/engine.ts';
import type { Problem } from '../shared/problem.ts';
import { formatFragment, type View } from './fragment.ts';
import { ICONS } from './icons.ts';
import { renderNotice, renderProblem } from './notice.ts';
import type { Searching } from './searching.ts';
import { inNoMessage, lookEverywhere, readsMessages, STRINGS } from './strings.ts';

export function renderState(searching: Searching, problem: Problem | null, view: View): unknown {
  if (problem !== null) return renderProblem(problem, () => searching.retry());
  if (searching.weight !== null) {
    const agree = html`<button type="button" @click=${() => searching.agree()}>${STRINGS.search}</button>`;
    return renderNotice(ICONS.search, readsMessages(searching.weight), STRINGS.readsHint, agree);
  }
  const { shown } = searching;
  if (shown === null || searching.rows > 0 || shown.total == null) return nothing;
  if (shown.query.trim() === '') return renderNotice(ICONS.letter, STRINGS.emptyArchive, STRINGS.emptyArchiveHint);
  const { correction } = searching;
  const ways = [widened(shown.query), correction?.query].filter((query) => query != null);
  return renderNotice(
    ICONS.search,
    STRINGS.noHits,
    STRINGS.noHitsHint,
    html`${ways.map((query) => html`<p><a href=${formatFragment({ ...view, query, key: null })}>${STRINGS.widen} <code>${query}</code></a></p>`)}
    ${correction === null || correction.unknown.length === 0 ? nothing : renderUnknown(correction, searching)}`,
  );
}

/** Which words are nowhere, and the offer to look for others like them in the rest of the word list. */
function renderUnknown({ unknown, unread }: CorrectReply, searching: Searching): unknown {
  return html`<p class="notice-hint">${inNoMessage(unknown.map(({ word }) => word))}</p>
    ${unread === 0 ? nothing : html`<button type="button" @click=${() => void searching.correct(true)}>${lookEverywhere(unread)}</button>`}`;
}

/** The query with its last word as a beginning: what was found while it was being typed may be gone with Enter. A date has none. */
function widened(query: string): string | null {
  return /[\p{L}\p{N}]{2}$/u.test(query) && !/(?:date|after|before|older\w*|newer\w*):\S+$/i.test(query) ? `${query}*` : null;
}
