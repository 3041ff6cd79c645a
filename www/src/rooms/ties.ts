/** Who is tied to whom among the people that are shown, and in which order they stand. No elements here. */
import type { CorrespondenceReply, Tie } from '../shared/engine.ts';

/** Two people and what is between them; `a` stands before `b` in the order of how much they sent. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  /** Messages of the first to the second, and back. */
  readonly there: number;
  readonly back: number;
  /** Conversations that both took part in. */
  readonly conversations: number;
}

/** By what people are tied. */
export type By = 'letters' | 'conversations';

export function pairsOf({ letters, conversations }: Pick<CorrespondenceReply, 'letters' | 'conversations'>): Pair[] {
  const pairs = new Map<string, { a: number; b: number; there: number; back: number; conversations: number }>();
  const pair = ({ from, to }: Tie): { a: number; b: number; there: number; back: number; conversations: number } => {
    const [a, b] = from < to ? [from, to] : [to, from];
    const key = `${a} ${b}`;
    const known = pairs.get(key) ?? { a, b, there: 0, back: 0, conversations: 0 };
    pairs.set(key, known);
    return known;
  };
  for (const tie of letters) {
    // A letter to oneself ties nobody.
    if (tie.from === tie.to) continue;
    if (tie.from < tie.to) pair(tie).there += tie.n;
    else pair(tie).back += tie.n;
  }
  for (const tie of conversations) pair(tie).conversations += tie.n;
  return [...pairs.values()].sort((x, y) => x.a - y.a || x.b - y.b);
}

export function strength(pair: Pair, by: By): number {
  return by === 'letters' ? pair.there + pair.back : pair.conversations;
}

/**
 * What ties the people of an archive: on a mailing list everybody writes to the list, and who talks to whom is told by
 * the conversations.
 */
export function tiedBy(pairs: readonly Pair[], total: number): By {
  return pairs.reduce((sum, pair) => sum + strength(pair, 'letters'), 0) * 10 >= total ? 'letters' : 'conversations';
}

/** Whether an address is that of one of the lists, which are told by their names or identifiers: `dev`, `dev.acme.example`. */
export function isList(address: string, lists: readonly string[]): boolean {
  const [name = '', domain = ''] = address.toLowerCase().split('@');
  return domain !== '' && lists.some((list) => list === name || list === `${name}.${domain}`);
}

/** Ties that are drawn: the strongest of all, and of each person the strongest few. */
const DRAWN = 48;
const EACH = 2;

export function drawn(pairs: readonly Pair[], by: By): Pair[] {
  const sorted = pairs.filter((pair) => strength(pair, by) > 0).sort((x, y) => strength(y, by) - strength(x, by) || x.a - y.a || x.b - y.b);
  const seen = new Map<number, number>();
  return sorted.filter((pair, at) => {
    const [a, b] = [seen.get(pair.a) ?? 0, seen.get(pair.b) ?? 0];
    seen.set(pair.a, a + 1);
    seen.set(pair.b, b + 1);
    return at < DRAWN || a < EACH || b < EACH;
  });
}

/** Rounds of exchanging neighbours, at most: with 30 people a handful is enough. */
const ROUNDS = 12;

/**
 * An order in which those who are tied closely stand together, so that the arcs are short: whoever exchanges places with
 * another does so as long as it shortens them. The same ties give the same order.
 */
export function arranged(n: number, pairs: readonly Pair[], by: By): number[] {
  const weights = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (const pair of pairs) {
    const weight = Math.sqrt(strength(pair, by));
    const [rowA, rowB] = [weights[pair.a], weights[pair.b]];
    if (rowA === undefined || rowB === undefined) continue;
    rowA[pair.b] = weight;
    rowB[pair.a] = weight;
  }
  const order = Array.from({ length: n }, (_, at) => at);
  const place = [...order];
  const length = (person: number, at: number, without: number): number =>
    (weights[person] ?? []).reduce((sum, weight, other) => (other === without ? sum : sum + weight * Math.abs(at - (place[other] ?? 0))), 0);
  for (let round = 0, moved = true; moved && round < ROUNDS; round++) {
    moved = false;
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const [p, q] = [order[i] ?? 0, order[j] ?? 0];
        const before = length(p, i, q) + length(q, j, p);
        const after = length(p, j, q) + length(q, i, p);
        if (after + 1e-9 >= before) continue;
        [order[i], order[j], place[p], place[q]] = [q, p, j, i];
        moved = true;
      }
    }
  }
  return order;
}

/** Where an arc begins and ends, from the top, in rows. */
export interface Arc {
  readonly pair: Pair;
  readonly from: number;
  readonly to: number;
}

/** How much of a row's height the ends of its arcs are spread over. */
const SPREAD = 0.62;

/** Arcs between the rows of `order`; those that end at one row are spread over it, so that each can be followed. */
export function arcs(order: readonly number[], pairs: readonly Pair[]): Arc[] {
  const place = new Map(order.map((person, at) => [person, at]));
  const ends = new Map<number, { readonly pair: Pair; readonly other: number }[]>();
  for (const pair of pairs) {
    const [a, b] = [place.get(pair.a), place.get(pair.b)];
    if (a === undefined || b === undefined) continue;
    ends.set(a, [...(ends.get(a) ?? []), { pair, other: b }]);
    ends.set(b, [...(ends.get(b) ?? []), { pair, other: a }]);
  }
  const at = new Map<Pair, number[]>();
  for (const [row, own] of ends) {
    // What leads up leaves above, and the farthest outermost: so they do not cross where they begin.
    const isUp = (other: number): number => (other < row ? 0 : 1);
    own.sort((x, y) => isUp(x.other) - isUp(y.other) || y.other - x.other);
    own.forEach(({ pair }, index) => {
      const offset = own.length === 1 ? 0 : (index / (own.length - 1) - 0.5) * SPREAD;
      at.set(pair, [...(at.get(pair) ?? []), row + 0.5 + offset]);
    });
  }
  return pairs.flatMap((pair) => {
    const [from, to] = (at.get(pair) ?? []).sort((x, y) => x - y);
    return from === undefined || to === undefined ? [] : [{ pair, from, to }];
  });
}
