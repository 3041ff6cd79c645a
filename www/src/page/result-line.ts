/** One result as a template: who, what about, when; a link, so that it opens in a new tab as links do. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Line, Piece } from '../shared/engine.ts';
import { formatDay, formatMoment, formatNumber, isoMoment } from './format.ts';
import { ICONS } from './icons.ts';
import { hitsInThread, notAfter, STRINGS, threadSize } from './strings.ts';
import type { Kept } from './kept.ts';
import { leadIn, plainText, shownPreview } from './pieces.ts';
import { renderPieces, renderShown } from './texts.ts';

export interface RowPlace {
  readonly row: number;
  /** Null while the total is not known. */
  readonly total: number | null;
  readonly top: number;
  readonly active: boolean;
  /** How many hits the row stands for. */
  readonly hits: number;
  /** The most characters that may stand before a snippet's first mark. */
  readonly lead: number;
  /** Whether it is picked; null while nothing is. */
  readonly picked: boolean | null;
  readonly kept: Kept | null;
}

export function rowId(row: number): string {
  return `row-${row}`;
}

export function renderRow(place: RowPlace, line: Line, snippet: readonly Piece[] | null, href: string): TemplateResult {
  return html`<a
    class="row"
    role="option"
    id=${rowId(place.row)}
    href=${href}
    tabindex="-1"
    data-key=${line.key}
    aria-setsize=${place.total ?? -1}
    aria-posinset=${place.row + 1}
    aria-selected=${place.active ? 'true' : 'false'}
    aria-checked=${place.picked === null ? nothing : place.picked ? 'true' : 'false'}
    style="transform:translateY(${place.top}px)"
  >
    ${place.picked === null ? nothing : html`<span class="tick">${ICONS.check}</span>`}
    <span class="row-from" dir="auto">${isEmpty(line.from) ? STRINGS.noSender : renderPieces(line.from)}</span>
    ${renderFlags(line, place)}
    <span class="row-subject" dir="auto">${isEmpty(line.subject) ? html`<i>${STRINGS.noSubject}</i>` : renderPieces(line.subject)}</span>
    <span class="row-snippet" dir="auto">${snippet === null ? renderShown(shownPreview(line.preview)) : renderPieces(leadIn(snippet, place.lead))}</span>
    ${renderDay(line)}
  </a>`;
}

/** A row whose line is still on its way. */
export function renderBlankRow(place: RowPlace): TemplateResult {
  return html`<div
    class="row blank"
    role="option"
    id=${rowId(place.row)}
    aria-label=${STRINGS.loading}
    aria-setsize=${place.total ?? -1}
    aria-posinset=${place.row + 1}
    aria-selected=${place.active ? 'true' : 'false'}
    style="transform:translateY(${place.top}px)"
  >
    <span class="row-from"><span class="bar"></span></span>
    <span class="row-subject"><span class="bar"></span></span>
    <span class="row-snippet"><span class="bar"></span></span>
  </div>`;
}

export function renderDay(line: Line): TemplateResult {
  if (line.date == null) return html`<span class="day">${STRINGS.noDate}</span>`;
  const title = line.misdated ? STRINGS.misdated : formatMoment(line.date);
  return html`<time class="day ${line.misdated ? 'doubtful' : ''}" datetime=${isoMoment(line.date)} title=${title}
    >${line.kind === 'placeholder' && line.missing ? notAfter(formatDay(line.date)) : formatDay(line.date)}</time
  >`;
}

function renderFlags(line: Line, { hits, kept }: RowPlace): TemplateResult | typeof nothing {
  if (line.kind !== 'message') return html`<span class="row-flags"><span class="count">${kindLabel(line)}</span></span>`;
  if (line.threadSize <= 1 && !line.attachments && kept === null) return nothing;
  return html`<span class="row-flags">
    ${line.threadSize > 1
      ? html`<span class="count" title=${hits > 1 ? `${hitsInThread(hits)}, ${threadSize(line.threadSize)}` : threadSize(line.threadSize)}
          >${hits > 1 ? `${formatNumber(hits)} / ` : nothing}${formatNumber(line.threadSize)}</span
        >`
      : nothing}
    ${kept?.star === true ? html`<span class="clip starred" role="img" aria-label=${STRINGS.isStarred} title=${STRINGS.isStarred}>${ICONS.star}</span>` : nothing}
    ${kept !== null && kept.note !== '' ? html`<span class="clip" role="img" aria-label=${STRINGS.hasNote} title=${kept.note}>${ICONS.note}</span>` : nothing}
    ${line.attachments ? html`<span class="clip" title=${STRINGS.attachment}>${ICONS.clip}</span>` : nothing}
  </span>`;
}

/** What a line stands for that is not here. */
export function kindLabel({ kind, missing }: Line): string {
  if (kind === 'quoted') return STRINGS.quotedOnly;
  return missing ? STRINGS.notHere : STRINGS.listed;
}

function isEmpty(pieces: readonly Piece[]): boolean {
  return plainText(pieces).trim() === '';
}
