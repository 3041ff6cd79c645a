/** A message's text as templates: links, marks, quotes folded away. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Block, Piece } from '../shared/engine.ts';
import { foldBlocks, type Fold } from './folds.ts';
import { layRuns } from './linkify.ts';
import { trimLines, unquote, unsign } from './pieces.ts';
import { quotedLines, STRINGS } from './strings.ts';

export function renderText(blocks: readonly Block[], hasHtml: boolean): unknown {
  const folds = foldBlocks(blocks);
  if (folds.length === 0) return html`<p class="faint">${hasHtml ? STRINGS.onlyHtml : STRINGS.emptyText}</p>`;
  // A message that is nothing but a quote (a forward) is not folded: there would be nothing to read.
  const own = folds.some((fold) => fold.kind === 'own');
  return folds.map((fold) => renderFold(fold, own));
}

function renderFold(fold: Fold, own: boolean): TemplateResult {
  switch (fold.kind) {
    case 'own':
      return html`${fold.blocks.map(renderBlock)}`;
    case 'signature':
      return html`<div class="signature" role="group" aria-label=${STRINGS.signature}>${fold.blocks.map(renderBlock)}</div>`;
    case 'quoted':
      return html`<details class="quote" ?open=${fold.marked || !own}>
        <summary><span class="dots" aria-hidden="true">···</span> ${quotedLines(fold.lines)}</summary>
        ${fold.blocks.map(renderBlock)}
      </details>`;
  }
}

function renderBlock(block: Block): TemplateResult {
  const depth = Math.min(block.depth, 5);
  return html`<div class="text" dir="auto" data-depth=${depth === 0 ? nothing : depth}>${renderRuns(trimLines(shownPieces(block)))}</div>`;
}

function shownPieces(block: Block): readonly Piece[] {
  switch (block.kind) {
    case 'own':
      return block.pieces;
    case 'quoted':
      return unquote(block.pieces, block.depth);
    case 'signature':
      return unsign(block.pieces);
  }
}

function renderRuns(pieces: readonly Piece[]): unknown {
  return layRuns(pieces).map((run) => {
    const inner = run.pieces.map((piece) => (piece.mark ? html`<mark>${piece.text}</mark>` : piece.text));
    if (run.href === null) return inner;
    return html`<a href=${run.href} title=${run.href} target="_blank" rel="noopener noreferrer nofollow">${inner}</a>`;
  });
}
