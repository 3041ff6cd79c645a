/** Groups a message's blocks into what is shown and what is folded away. */
import type { Block } from '../shared/engine.ts';

export interface Fold {
  readonly kind: Block['kind'];
  readonly blocks: readonly Block[];
  readonly lines: number;
  /** True when the query matches in here: then it opens by itself. */
  readonly marked: boolean;
}

/** Neighbours of one kind become one fold. */
export function foldBlocks(blocks: readonly Block[]): Fold[] {
  const folds: Fold[] = [];
  let run: Block[] = [];
  blocks.forEach((block, idx) => {
    run.push(block);
    if (blocks[idx + 1]?.kind !== block.kind) {
      folds.push({ kind: block.kind, blocks: run, lines: countLines(run), marked: run.some(isMarked) });
      run = [];
    }
  });
  return folds.filter((fold) => fold.lines > 0);
}

function isMarked(block: Block): boolean {
  return block.pieces.some((piece) => piece.mark);
}

/** Lines with something on them. */
function countLines(blocks: readonly Block[]): number {
  const text = blocks.map((block) => block.pieces.map((piece) => piece.text).join('')).join('\n');
  return text.split('\n').filter((line) => line.trim() !== '').length;
}
