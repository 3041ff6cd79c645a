/** Cutting text that is in pieces by mark. */
import type { Line, Piece } from '../shared/engine.ts';
import type { Told } from './kept.ts';

/** What is kept of a message with a star or a note. */
export function told({ key, from, subject, date }: Line): Told {
  return { key, from: plainText(from), subject: plainText(subject), date };
}

export function plainText(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join('');
}

/** Takes the marks of quoting (`>`, some write `|`) from a block's lines; a bar shows its depth instead. */
export function unquote(pieces: readonly Piece[], depth: number): Piece[] {
  // As the build finds them: spaces before a mark, and a bar only where something is set off from it.
  const marks = new RegExp(`^(?: {0,3}(?:>|\\|(?=[ >\\t]))){1,${Math.max(1, depth)}} ?`, 'gm');
  const text = plainText(pieces);
  const cursor = new PieceCursor(pieces);
  const kept: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(marks)) {
    kept.push(...cursor.take(match.index - at));
    cursor.take(match[0].length);
    at = match.index + match[0].length;
  }
  kept.push(...cursor.take(text.length - at));
  return kept;
}

/** Drops the line that begins a signature (RFC 3676, section 4.3). */
export function unsign(pieces: readonly Piece[]): Piece[] {
  const text = plainText(pieces);
  const cursor = new PieceCursor(pieces);
  cursor.take(/^-- ?\r?\n/.exec(text)?.[0].length ?? 0);
  return cursor.take(text.length);
}

/** Drops empty lines at either end: blocks stand apart already. */
export function trimLines(pieces: readonly Piece[]): Piece[] {
  const text = plainText(pieces);
  const from = /^(?:[ \t]*\r?\n)*/.exec(text)?.[0].length ?? 0;
  const cursor = new PieceCursor(pieces);
  cursor.take(from);
  return cursor.take(Math.max(0, text.trimEnd().length - from));
}

/** The build shortens the previews of a page of lines together, by steps of so many characters. */
const PREVIEW_STEP = 10;

/**
 * A stored preview, with an ellipsis where the build cut it for want of room. A line does not say whether it was cut;
 * its length does, but for one short text in ten, and for these the end of a sentence decides.
 */
export function shownPreview(preview: string): string {
  const text = preview.trimEnd();
  const length = [...preview].length;
  const whole = length === 0 || length % PREVIEW_STEP !== 0 || /[.!?…:;)\]"'”’]$/.test(text);
  return whole ? text : `${text}…`;
}

/** Shortens what stands before the first mark, so that the mark is in sight in a narrow line. */
export function leadIn(pieces: readonly Piece[], longest: number): readonly Piece[] {
  const first = pieces.findIndex((piece) => piece.mark);
  if (first <= 0) return pieces;
  const before = plainText(pieces.slice(0, first));
  if (before.length <= longest) return pieces;
  const end = before.slice(before.length - longest);
  const word = end.search(/\s\S/);
  return [{ text: `… ${(word < 0 ? end : end.slice(word)).trimStart()}`, mark: false }, ...pieces.slice(first)];
}

/** Cuts a list of pieces at places that need not be theirs. */
export class PieceCursor {
  readonly #pieces: readonly Piece[];
  #idx = 0;
  #at = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** The next so many characters. */
  take(length: number): Piece[] {
    const taken: Piece[] = [];
    let left = length;
    for (let piece = this.#pieces[this.#idx]; piece !== undefined && left > 0; piece = this.#pieces[this.#idx]) {
      const text = piece.text.slice(this.#at, this.#at + left);
      if (text !== '') taken.push({ ...piece, text });
      left -= text.length;
      this.#at += text.length;
      if (this.#at >= piece.text.length) {
        this.#idx += 1;
        this.#at = 0;
      }
    }
    return taken;
  }
}
