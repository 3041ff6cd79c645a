/** The current search: what was asked, what is shown, the lines and snippets that have arrived. No elements here. */
import type { CorrectReply, Line, Note, Piece, QueryPart, QuestionName, Questions, SearchReply, Sort } from '../shared/engine.ts';
import type { Problem } from '../shared/problem.ts';
import { mayReadMessages } from '../shared/scans.ts';
import type { Outcome } from './client.ts';

/** What a search needs of the client. */
export interface Asker {
  ask<Name extends QuestionName>(
    name: Name,
    ask: Questions[Name]['ask'],
    signal: AbortSignal,
  ): Promise<Outcome<Questions[Name]['reply']>>;
}

export interface Wanted {
  readonly query: string;
  readonly sort: Sort;
  readonly typing: boolean;
  /** One line a conversation. */
  readonly threads: boolean;
  /** Words stand for their other forms too. */
  readonly forms: boolean;
}

/** An answered search. */
export interface Shown extends Wanted {
  readonly now: number;
  readonly understood: string;
  readonly notes: readonly Note[];
  readonly parts: readonly QueryPart[];
  readonly total: number | null;
  readonly atLeast: number;
  /** With one line a conversation: how many of them. */
  readonly conversations: number | null;
  readonly ms: number;
}

/** A line, and how many hits it stands for. */
interface Row {
  readonly line: Line;
  readonly hits: number;
}

/** Lines are asked for in pages of this many. */
export const PAGE = 50;
/** Pages that are kept when the reader scrolls through a long list: ten thousand lines. */
const PAGES_KEPT = 200;
const SNIPPET_CHARS = 180;
/** What reads more bytes of messages than this is asked about first: a few seconds of a usual connection. */
const MOST_UNASKED = 5_000_000;

export class Searching {
  readonly #asker: Asker;
  readonly #changed: () => void;
  readonly #pages = new Map<number, readonly Row[]>();
  readonly #snippets = new Map<string, readonly Piece[]>();
  #run = new AbortController();
  #rest = new AbortController();
  #scroll = new AbortController();
  #wantedPages = '';
  #wantedKeys = '';
  #wanted: Wanted | null = null;

  shown: Shown | null = null;
  /** True from asking until the answer. */
  busy = false;
  problem: Problem | null = null;
  /** Bytes that the search wanted would read, where the reader is to say first that it shall. */
  weight: number | null = null;
  /** The query that the reader has said so of. */
  #agreed: string | null = null;
  /** What may have been meant, where nothing was found. */
  correction: CorrectReply | null = null;

  constructor(asker: Asker, changed: () => void) {
    this.#asker = asker;
    this.#changed = changed;
  }

  /** Rows that the list has: a lower bound until the total is known. */
  get rows(): number {
    return this.shown === null ? 0 : (this.shown.conversations ?? this.shown.total ?? this.shown.atLeast);
  }

  line(row: number): Line | null {
    return this.#row(row)?.line ?? null;
  }

  /** How many hits a row stands for: more than one only with one line a conversation. */
  hits(row: number): number {
    return this.#row(row)?.hits ?? 1;
  }

  snippet(key: string): readonly Piece[] | null {
    return this.#snippets.get(key) ?? null;
  }

  /** The row of a message among the lines that have arrived, or -1. */
  rowOf(key: string): number {
    for (const [page, lines] of this.#pages) {
      const idx = lines.findIndex(({ line }) => line.key === key);
      if (idx >= 0) return page * PAGE + idx;
    }
    return -1;
  }

  /** Asks; the last search wins, and what is shown stays until its answer is here. */
  async run(wanted: Wanted): Promise<void> {
    if (this.#wanted !== null && isSame(this.#wanted, wanted) && this.problem === null) return;
    this.#wanted = wanted;
    this.#run.abort();
    const run = new AbortController();
    this.#run = run;
    this.busy = true;
    this.weight = null;
    this.#changed();
    const now = Math.floor(Date.now() / 1000);
    if (mayReadMessages(wanted.query) && wanted.query !== this.#agreed && !(await this.#mayRead(wanted, now, run.signal))) return;
    const request = { ...wanted, offset: 0, limit: PAGE, now };
    const outcome = await this.#asker.ask('search', request, run.signal);
    if (run.signal.aborted || outcome.kind === 'cancelled') return;
    this.busy = false;
    if (outcome.kind === 'failed') {
      this.problem = outcome.problem;
      // Results of another search would pass for this one's.
      if (this.shown?.query !== wanted.query) this.#clear();
      this.#changed();
      return;
    }
    const { value, ms } = outcome;
    const { understood, notes, parts, total, atLeast, threads: conversations } = value;
    this.#show({ ...wanted, now, ms, understood, notes, parts, total, atLeast, conversations }, rowsOf(value));
    if (this.shown?.total == null) await this.#count(run.signal);
    if (this.shown?.total === 0 && !wanted.typing && wanted.query.trim() !== '') await this.correct(false);
  }

  /** Whether to go on with a search: one that reads many messages only does when the reader has been told how many. */
  async #mayRead(wanted: Wanted, now: number, signal: AbortSignal): Promise<boolean> {
    const outcome = await this.#asker.ask('weigh', { ...wanted, now }, signal);
    if (signal.aborted || outcome.kind === 'cancelled') return false;
    // The search itself will meet the same problem, and tell.
    if (outcome.kind === 'failed') return true;
    const { bytes, readsMessages } = outcome.value;
    if (!readsMessages || bytes <= MOST_UNASKED) return true;
    this.busy = false;
    this.problem = null;
    this.#clear();
    this.weight = bytes;
    this.#changed();
    return false;
  }

  /** The reader has been told what the search reads, and wants it. */
  agree(): void {
    this.#agreed = this.#wanted?.query ?? null;
    this.retry();
  }

  /** Asks what was meant by words that are nowhere; `everywhere` reads the whole list of words for it. */
  async correct(everywhere: boolean): Promise<void> {
    const { shown } = this;
    if (shown === null) return;
    const { query, now } = shown;
    const outcome = await this.#asker.ask('correct', { query, now, everywhere }, this.#run.signal);
    if (outcome.kind === 'cancelled' || this.shown !== shown) return;
    if (outcome.kind === 'failed') this.problem = outcome.problem;
    else this.correction = outcome.value;
    this.#changed();
  }

  /** Asks again for what failed. */
  retry(): void {
    const wanted = this.#wanted;
    this.#wanted = null;
    this.#wantedPages = '';
    this.#wantedKeys = '';
    this.problem = null;
    if (wanted !== null) void this.run(wanted);
  }

  /** Sees to it that the rows are there; call it when the list has come to rest on them. */
  async need(from: number, to: number): Promise<void> {
    const { shown } = this;
    if (shown === null) return;
    const missing: number[] = [];
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) {
      if (!this.#pages.has(page)) missing.push(page);
    }
    const wanted = missing.join();
    if (wanted === this.#wantedPages) return;
    this.#wantedPages = wanted;
    this.#scroll.abort();
    this.#scroll = new AbortController();
    const signal = AbortSignal.any([this.#scroll.signal, this.#rest.signal]);
    await Promise.all(missing.map((page) => this.#load(page, shown, signal)));
  }

  /** Fetches snippets for lines that are looked at. */
  async needSnippets(lines: readonly Line[]): Promise<void> {
    const { shown } = this;
    if (shown === null || shown.query.trim() === '') return;
    const keys = lines.map((line) => line.key).filter((key) => !this.#snippets.has(key));
    const wanted = keys.join();
    if (keys.length === 0 || wanted === this.#wantedKeys) return;
    this.#wantedKeys = wanted;
    const { query, typing, forms, now } = shown;
    const request = { query, typing, forms, now, keys, maxChars: SNIPPET_CHARS };
    const { signal } = this.#rest;
    const outcome = await this.#asker.ask('snippets', request, signal);
    if (signal.aborted || outcome.kind === 'cancelled') return;
    if (outcome.kind === 'failed') this.problem = outcome.problem;
    else for (const { key, pieces } of outcome.value.snippets) this.#snippets.set(key, pieces);
    this.#changed();
  }

  #clear(): void {
    this.#rest.abort();
    this.#rest = new AbortController();
    this.#pages.clear();
    this.#snippets.clear();
    this.#wantedPages = '';
    this.#wantedKeys = '';
    this.shown = null;
    this.correction = null;
  }

  #row(row: number): Row | null {
    return this.#pages.get(Math.floor(row / PAGE))?.[row % PAGE] ?? null;
  }

  #show(shown: Shown, rows: readonly Row[]): void {
    // A word that was being typed and is now written with its star marks the same.
    const marked = shown.understood === this.shown?.understood && shown.forms === this.shown.forms ? [...this.#snippets] : [];
    this.#clear();
    this.#pages.set(0, rows);
    for (const [key, pieces] of marked) this.#snippets.set(key, pieces);
    this.problem = null;
    this.shown = shown;
    this.#changed();
  }

  async #count(signal: AbortSignal): Promise<void> {
    const { shown } = this;
    if (shown === null) return;
    const { query, sort, typing, forms, now } = shown;
    const outcome = await this.#asker.ask('total', { query, sort, typing, forms, now, offset: 0, limit: 0 }, signal);
    if (signal.aborted || outcome.kind === 'cancelled' || this.shown !== shown) return;
    if (outcome.kind === 'failed') this.problem = outcome.problem;
    else this.shown = { ...shown, total: outcome.value.total };
    this.#changed();
  }

  async #load(page: number, shown: Shown, signal: AbortSignal): Promise<void> {
    const { query, sort, typing, forms, now, threads } = shown;
    const request = { query, sort, typing, forms, now, threads, offset: page * PAGE, limit: PAGE };
    const outcome = await this.#asker.ask('search', request, signal);
    if (signal.aborted || outcome.kind === 'cancelled') return;
    if (outcome.kind === 'failed') {
      this.problem = outcome.problem;
    } else {
      this.#pages.set(page, rowsOf(outcome.value));
      this.#forget();
    }
    this.#changed();
  }

  /** Drops the pages that arrived first; a map keeps the order of arrival. */
  #forget(): void {
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= PAGES_KEPT) break;
      this.#pages.delete(page);
    }
  }
}

function isSame(one: Wanted, other: Wanted): boolean {
  const isLike = one.query === other.query && one.sort === other.sort && one.typing === other.typing;
  return isLike && one.threads === other.threads && one.forms === other.forms;
}

function rowsOf({ lines, inThread }: SearchReply): Row[] {
  return lines.map((line, at) => ({ line, hits: inThread[at] ?? 1 }));
}
