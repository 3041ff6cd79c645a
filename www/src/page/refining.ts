/** What the hits are made of: counts by time, people, folders and kinds, for narrowing the search. No elements here. */
import type { FacetGroup, FacetName, FacetsReply, FacetValue } from '../shared/engine.ts';
import type { Problem } from '../shared/problem.ts';
import type { Outcome } from './client.ts';
import type { Asker, Shown } from './searching.ts';

/** What the panel shows, in its order; the timeline has the months. */
const PANEL: readonly FacetName[] = ['people', 'label', 'list', 'source', 'filetype', 'has', 'is', 'lang'];
/** Values of a facet that are asked for, and how many of them are shown at most. */
const VALUES = 16;
const SHOWN = 8;
/** Counting reads every list of a query: it waits until the typing pauses. */
const REST_MS = 300;

/** What is counted: the timeline's months, or the panel's facets too. */
export type Counts = 'none' | 'months' | 'all';

/** Counts that belong to a search. */
interface Counted {
  readonly shown: Shown;
  readonly months: readonly Month[];
  readonly groups: readonly FacetGroup[];
}

/** A month, in months since January of year 0, with its hits. */
export interface Month {
  readonly month: number;
  readonly messages: number;
}

export class Refining {
  readonly #asker: Asker;
  readonly #changed: () => void;
  #run = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wanted: Shown | null = null;
  #counts: Counts = 'none';

  counted: Counted | null = null;
  problem: Problem | null = null;
  busy = false;

  constructor(asker: Asker, changed: () => void) {
    this.#asker = asker;
    this.#changed = changed;
  }

  /** Counts the hits of a search as far as somebody sees the counts. */
  follow(shown: Shown | null, counts: Counts): void {
    const isSame = this.#wanted?.query === shown?.query && this.#wanted?.typing === shown?.typing && this.#wanted?.forms === shown?.forms;
    if (isSame && (counts === this.#counts || counts === 'none' || this.#counts === 'all')) return;
    this.#wanted = shown;
    this.#counts = counts;
    this.#run.abort();
    clearTimeout(this.#timer);
    this.busy = shown !== null && counts !== 'none';
    if (!this.busy || shown === null) this.counted = null;
    else this.#timer = setTimeout(() => void this.#count(shown), this.counted === null ? 0 : REST_MS);
  }

  /** The timeline is that of the query without its dates, so that one may brush elsewhere; the panel's is the query itself. */
  async #count(shown: Shown): Promise<void> {
    const run = new AbortController();
    this.#run = run;
    const { query, now, typing, forms } = shown;
    const wide = withDate(query, null);
    const isNarrowed = wide !== query.trim();
    const ask = (query: string, which: readonly FacetName[]): Promise<Outcome<FacetsReply>> =>
      this.#asker.ask('facets', { query, now, typing: typing && !isNarrowed, forms, which, limit: VALUES }, run.signal);
    const panel = this.#counts === 'all' ? PANEL : [];
    const outcomes = isNarrowed
      ? await Promise.all([ask(wide, ['month']), ask(query, panel)])
      : [await ask(query, ['month', ...panel])];
    if (run.signal.aborted) return;
    this.busy = false;
    this.problem = outcomes.find((outcome) => outcome.kind === 'failed')?.problem ?? null;
    const groups = outcomes.flatMap((outcome) => (outcome.kind === 'done' ? outcome.value.groups : []));
    // The last outcome is that of the query itself.
    const own = outcomes.at(-1);
    this.counted = own?.kind === 'done' && this.problem === null ? count(shown, groups, own.value.total) : null;
    this.#changed();
  }
}

function count(shown: Shown, groups: readonly FacetGroup[], total: number): Counted {
  // What all hits have narrows nothing; what narrows already must be there to be taken away.
  const narrows = (value: FacetValue): boolean => value.messages < total || hasFilter(shown.query, value.query);
  const months = groups.find((group) => group.facet === 'month')?.values ?? [];
  return {
    shown,
    months: months.map(({ value, messages }) => ({ month: parseMonth(value), messages })),
    groups: PANEL.flatMap((name) => groups.filter((group) => group.facet === name))
      .map((group) => {
        const kept = group.values.filter(narrows);
        const values = group.facet === 'list' ? withoutLongNames(kept) : kept;
        const different = group.different - group.values.length + values.length;
        return { ...group, values: values.slice(0, SHOWN), different };
      })
      .filter((group) => group.values.length > 0),
  };
}

/** A list is found by its name and by its whole identifier, `dev` and `dev.acme.example`: the name is enough. */
export function withoutLongNames(values: readonly FacetValue[]): FacetValue[] {
  const isLong = ({ value, messages }: FacetValue): boolean =>
    values.some((short) => value.startsWith(`${short.value}.`) && short.messages === messages);
  return values.filter((value) => !isLong(value));
}

export function parseMonth(text: string): number {
  const [year, month] = text.split('-').map(Number);
  return (year ?? 0) * 12 + (month ?? 1) - 1;
}

/** A stretch of the timeline: one month or more. */
export interface Bin {
  /** The first month and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly messages: number;
}

/** More bars than this are joined: to quarters, years, decades. */
const MOST_BINS = 96;

/**
 * Bars of equal width from the first to the last month that matters. A stray month far from all others (an unset clock)
 * would leave the rest no room: what is below a thousandth of the hits at either end, beyond ten empty years, is left out.
 */
export function bins(months: readonly Month[]): Bin[] {
  const kept = withoutStrays(months);
  const [first, last] = [kept[0], kept.at(-1)];
  if (first === undefined || last === undefined) return [];
  const span = last.month - first.month + 1;
  const width = [1, 3, 12, 60, 120].find((width) => span / width <= MOST_BINS) ?? 1200;
  const start = Math.floor(first.month / width) * width;
  const out: { from: number; to: number; messages: number }[] = [];
  for (let from = start; from <= last.month; from += width) out.push({ from, to: from + width, messages: 0 });
  for (const { month, messages } of kept) {
    const bin = out[Math.floor((month - start) / width)];
    if (bin !== undefined) bin.messages += messages;
  }
  return out;
}

const FAR = 120;

function withoutStrays(months: readonly Month[]): readonly Month[] {
  const total = months.reduce((sum, { messages }) => sum + messages, 0);
  let [from, to] = [0, months.length];
  let dropped = 0;
  const isStray = (edge: Month | undefined, inner: Month | undefined): boolean =>
    edge !== undefined && inner !== undefined && Math.abs(edge.month - inner.month) > FAR && (dropped + edge.messages) * 1000 < total;
  while (isStray(months[from], months[from + 1])) dropped += months[from++]?.messages ?? 0;
  while (isStray(months[to - 1], months[to - 2])) dropped += months[--to]?.messages ?? 0;
  return months.slice(from, to);
}

/** The months that a `date:` of the timeline's own kind means; null for none and for others. */
export function datesIn(query: string): readonly [from: number, to: number] | null {
  const match = /(?:^|\s)date:(\d{4})(?:-(\d\d))?(?:\.\.(\d{4})(?:-(\d\d))?)?(?=\s|$)/.exec(query);
  if (match === null) return null;
  const [, year, month, toYear, toMonth] = match;
  const first = (year: string, month: string | undefined): number => Number(year) * 12 + (month === undefined ? 0 : Number(month) - 1);
  const after = (year: string, month: string | undefined): number => first(year, month) + (month === undefined ? 12 : 1);
  if (year === undefined) return null;
  return [first(year, month), toYear === undefined ? after(year, month) : after(toYear, toMonth)];
}

/** The dates of a stretch as the query language writes them: `2003`, `2003-05`, `2003-05..2004-02`. */
export function dateOf(from: number, to: number): string {
  if (to - from === 12 && from % 12 === 0) return year(from);
  if (to - from === 1) return monthText(from);
  const isYears = from % 12 === 0 && to % 12 === 0;
  const text = isYears ? year : monthText;
  return `${text(from)}..${text(to - 1)}`;
}

function year(month: number): string {
  return String(Math.floor(month / 12)).padStart(4, '0');
}

function monthText(month: number): string {
  return `${year(month)}-${String((month % 12) + 1).padStart(2, '0')}`;
}

/** The query with a filter added, or without it where it stands in it as a word of its own. */
export function toggled(query: string, filter: string): string {
  const words = ` ${query.trim()} `;
  if (hasFilter(query, filter)) return words.replace(` ${filter} `, ' ').trim();
  return `${query.trim()} ${filter}`.trim();
}

export function hasFilter(query: string, filter: string): boolean {
  return ` ${query.trim()} `.includes(` ${filter} `);
}

const DATE = /(?:^|\s)date:\S+(?=\s|$)/g;

/** The query for a stretch of time: in place of the dates that stand in it alone. */
export function withDate(query: string, date: string | null): string {
  const rest = query.replace(DATE, '').trim();
  return date === null ? rest : `${rest} date:${date}`.trim();
}
