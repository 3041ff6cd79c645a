/** Everything that a search finds, piece by piece, as files want it. No elements here. */
import type { Line, Message, Sort } from '../shared/engine.ts';
import type { Problem } from '../shared/problem.ts';
import type { Asker } from '../page/searching.ts';

/** A search whose hits are gathered. */
export interface Gathering {
  readonly asker: Asker;
  readonly query: string;
  readonly sort: Sort;
  readonly forms: boolean;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** Why gathering ended early. */
export class Failed extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.kind);
    this.problem = problem;
  }
}

/** Lines that are asked for at once: snippets of as many are a step of the progress. */
const LINES = 200;
/** Messages that are asked for at once. */
const AT_ONCE = 8;

/** The lines of all hits in their order; it ends where the signal says so, and throws `Failed`. */
export async function* allLines({ asker, query, sort, forms, now, signal }: Gathering): AsyncGenerator<readonly Line[]> {
  for (let offset = 0; ; offset += LINES) {
    const outcome = await asker.ask('search', { query, sort, forms, now, typing: false, offset, limit: LINES }, signal);
    if (outcome.kind === 'failed') throw new Failed(outcome.problem);
    if (outcome.kind === 'cancelled') return;
    if (outcome.value.lines.length > 0) yield outcome.value.lines;
    if (outcome.value.lines.length < LINES) return;
  }
}

/** Messages by their keys, some at a time in that order; those that are not here are passed over. */
export async function each({ asker, query, forms, now, signal }: Gathering, keys: readonly string[], take: (messages: readonly Message[]) => void | Promise<void>): Promise<void> {
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    const some = keys.slice(at, at + AT_ONCE);
    const outcomes = await Promise.all(some.map((key) => asker.ask('message', { key, query, forms, now }, signal)));
    const messages: Message[] = [];
    for (const outcome of outcomes) {
      if (outcome.kind === 'failed') throw new Failed(outcome.problem);
      if (outcome.kind === 'cancelled') return;
      if (!('notFound' in outcome.value)) messages.push(outcome.value);
    }
    await take(messages);
  }
}

/** The message as it came; null where the archive does not keep it. */
export async function originalOf({ asker, signal }: Gathering, { line, hasSource }: Message): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!hasSource) return null;
  const outcome = await asker.ask('file', { key: line.key, number: -1 }, signal);
  if (outcome.kind === 'failed') throw new Failed(outcome.problem);
  return outcome.kind === 'done' && outcome.value.bytes !== null ? new Uint8Array(outcome.value.bytes) : null;
}
