/** The loop ask → read → put → ask, by which the synchronous engine runs over a slow host. */
import type { ByteRange, Progress, Step } from '../shared/engine.ts';
import { ProblemError } from '../shared/problem.ts';
import type { Archive } from './archive.ts';
import { join } from './bytes.ts';
import type { Chunk, ReadOptions, Source } from './source.ts';

/** What the loop needs of the engine. */
export type Engine = Pick<Archive, 'put' | 'generation'>;

/**
 * A question of any use ends far earlier (three rounds are the aim); this stops one that never would. Those that read
 * messages take as many as there are messages to read: the engine goes on with every round.
 */
const MOST_ROUNDS = 500;

export interface Answered<T> {
  readonly value: T;
  readonly rounds: number;
}

/**
 * Runs a step until it is done, fetching what it misses in between.
 *
 * Throws a `ProblemError` when bytes cannot be had or the engine refuses, the signal's reason when nobody waits any
 * more, and whatever a dying engine throws.
 */
export async function settle<T>(
  engine: Engine,
  source: Source,
  step: () => Step<T>,
  options: ReadOptions,
  tell: (progress: Progress) => void = () => {},
): Promise<Answered<T>> {
  const { signal } = options;
  let before = '';
  for (let rounds = 0, blind = 0; blind < MOST_ROUNDS; rounds++) {
    signal.throwIfAborted();
    const outcome = call(step);
    if (outcome.kind === 'done') return { value: outcome.value, rounds };
    const { ranges, progress } = outcome;
    if (progress == null) blind += 1;
    else tell(progress);
    if (ranges.length > 0 || progress == null) {
      const missing = JSON.stringify([engine.generation, ranges]);
      if (missing === before || ranges.length === 0) {
        throw new ProblemError({ kind: 'engine', detail: 'bytes that were handed over are asked for again' });
      }
      before = missing;
      await fill(engine, source, ranges, options);
    }
    await breathe();
  }
  throw new ProblemError({ kind: 'engine', detail: `no answer after ${MOST_ROUNDS} rounds of reading` });
}

/** True when an error means that the engine is dead, not that it refused. */
export function isDeath(error: unknown): boolean {
  // A trap (a Rust panic is one), and a stack or memory that ran out.
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

async function fill(
  engine: Engine,
  source: Source,
  ranges: readonly ByteRange[],
  options: ReadOptions,
): Promise<void> {
  const { signal } = options;
  const refused = hand(engine, await source.read(ranges, options), signal);
  if (refused.length === 0) return;
  // A damaged copy may sit in a cache on the way: one fresh look before the reader is told.
  const again = refused.map(({ chunk }) => ({ segment: chunk.segment, offset: chunk.offset, length: chunk.bytes.length }));
  const [still] = hand(engine, await source.read(again, { signal, fresh: true }), signal);
  if (still !== undefined) {
    throw new ProblemError({ kind: 'damaged', file: still.chunk.files.join(', '), detail: still.detail });
  }
}

/** Puts all the chunks and returns those that the engine refused. */
function hand(
  engine: Engine,
  chunks: readonly Chunk[],
  signal: AbortSignal,
): { chunk: Chunk; detail: string }[] {
  signal.throwIfAborted();
  const refused: { chunk: Chunk; detail: string }[] = [];
  for (const chunk of joinAdjacent(chunks)) {
    try {
      engine.put(chunk.segment, chunk.offset, chunk.bytes);
    } catch (error) {
      if (isDeath(error)) throw error;
      refused.push({ chunk, detail: error instanceof Error ? error.message : String(error) });
    }
  }
  return refused;
}

/** Joins chunks that touch, so that a block which crosses from one shard into the next arrives in one piece. */
function joinAdjacent(chunks: readonly Chunk[]): Chunk[] {
  const sorted = [...chunks].sort((a, b) => a.segment - b.segment || a.offset - b.offset);
  const runs: Chunk[][] = [];
  for (const chunk of sorted) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && last.segment === chunk.segment && last.offset + last.bytes.length === chunk.offset) {
      runs.at(-1)?.push(chunk);
    } else {
      runs.push([chunk]);
    }
  }
  return runs.flatMap(joinRun);
}

function joinRun(run: readonly Chunk[]): Chunk[] {
  const [first] = run;
  if (first === undefined || run.length === 1) return [...run];
  const bytes = join(run.map((chunk) => chunk.bytes));
  return [{ segment: first.segment, offset: first.offset, bytes, files: run.flatMap((chunk) => chunk.files) }];
}

function call<T>(step: () => Step<T>): Step<T> {
  try {
    return step();
  } catch (error) {
    if (isDeath(error)) throw error;
    throw new ProblemError({ kind: 'engine', detail: error instanceof Error ? error.message : String(error) });
  }
}

/** Lets a cancel that has arrived be heard; a message channel is not slowed down as nested timers are. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
