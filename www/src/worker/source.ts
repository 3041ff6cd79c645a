/** Where the archive's bytes come from: one implementation for each way of delivery. */
import type { ByteRange } from '../shared/engine.ts';

/** Bytes of a segment, often more than were asked for, never fewer. */
export interface Chunk {
  readonly segment: number;
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The files that the bytes came from, for a message to the reader. */
  readonly files: readonly string[];
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** True to pass by every cache, because the bytes that came before were wrong. */
  readonly fresh: boolean;
}

export interface Source {
  /** Reads all the ranges at once; throws a `ProblemError`, or an `AbortError` when the signal says so. */
  read(ranges: readonly ByteRange[], options: ReadOptions): Promise<Chunk[]>;
}

/** Counts what reading costs. */
export interface Tally {
  requests: number;
  bytes: number;
  /** Bytes that were asked for, had all gone well. */
  wanted: number;
}
