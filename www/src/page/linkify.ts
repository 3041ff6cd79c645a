/**
 * Finds links in plain text.
 *
 * The text is hostile: only `http:`, `https:` and `mailto:` become links, what is shown is the text itself, and the
 * time is linear in its length (one pass of a pattern without nested repetition, then a cut from the end).
 */
import type { Piece } from '../shared/engine.ts';
import { PieceCursor } from './pieces.ts';

/** A stretch of text that is a link or is none, in pieces by mark. */
export interface Run {
  readonly href: string | null;
  readonly pieces: readonly Piece[];
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly href: string;
}

const CANDIDATE = /\b(?:https?:\/\/|mailto:)[^\s<>"\u0000-\u001f\u007f\u00ab\u00bb\u2018-\u201f]+/gi;
const CLOSING = new Map([[')', '('], [']', '['], ['}', '{']]);
const LONGEST = 2048;

/** Lays pieces out as runs; a link may hold marked and unmarked pieces. */
export function layRuns(pieces: readonly Piece[]): Run[] {
  const text = pieces.map((piece) => piece.text).join('');
  const runs: Run[] = [];
  const cursor = new PieceCursor(pieces);
  let at = 0;
  for (const span of findLinks(text)) {
    if (span.from > at) runs.push({ href: null, pieces: cursor.take(span.from - at) });
    runs.push({ href: span.href, pieces: cursor.take(span.to - span.from) });
    at = span.to;
  }
  if (at < text.length) runs.push({ href: null, pieces: cursor.take(text.length - at) });
  return runs;
}

/** The links of a text, in order. */
export function findLinks(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(CANDIDATE)) {
    const shown = trimEnd(match[0]);
    const href = shown.length <= LONGEST ? safeHref(shown) : null;
    if (href !== null) spans.push({ from: match.index, to: match.index + shown.length, href });
  }
  return spans;
}

/** The address in its plain form, or null when it is none that may be followed. */
function safeHref(shown: string): string | null {
  if (!URL.canParse(shown)) return null;
  const url = new URL(shown);
  if (url.protocol === 'mailto:') return url.pathname.includes('@') ? url.href : null;
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' ? url.href : null;
}

/** Drops the sentence's punctuation, and closing brackets that the address did not open. */
function trimEnd(candidate: string): string {
  const balance = new Map<string, number>();
  for (const character of candidate) {
    const opening = CLOSING.get(character);
    const bracket = opening ?? character;
    if (opening !== undefined || '([{'.includes(character)) {
      balance.set(bracket, (balance.get(bracket) ?? 0) + (opening === undefined ? 1 : -1));
    }
  }
  let end = candidate.length;
  for (; end > 0; end--) {
    const last = candidate[end - 1] ?? '';
    const opening = CLOSING.get(last);
    if (opening !== undefined) {
      const open = balance.get(opening) ?? 0;
      if (open >= 0) break;
      balance.set(opening, open + 1);
    } else if (!".,;:!?'*_~|".includes(last)) {
      break;
    }
  }
  return candidate.slice(0, end);
}
