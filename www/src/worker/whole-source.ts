/** Where only whole files can be had: shards are fetched complete, and everything in them is handed over. */
import type { ByteRange } from '../shared/engine.ts';
import type { Segment, Shard } from '../shared/manifest.ts';
import { ProblemError } from '../shared/problem.ts';
import { download, type Host } from './download.ts';
import { planReads } from './plan.ts';
import type { Chunk, ReadOptions, Source, Tally } from './source.ts';

/** Reads one shard complete. */
export type ReadShard = (segment: number, shard: Shard, options: ReadOptions) => Promise<Chunk>;

export class WholeSource implements Source {
  readonly #segments: readonly Segment[];
  readonly #readShard: ReadShard;

  constructor(segments: readonly Segment[], readShard: ReadShard) {
    this.#segments = segments;
    this.#readShard = readShard;
  }

  async read(ranges: readonly ByteRange[], options: ReadOptions): Promise<Chunk[]> {
    // An unlimited gap leaves one read for each shard.
    const reads = planReads(ranges, this.#segments, Infinity);
    return await Promise.all(reads.map(({ segment, shard }) => this.#readShard(segment, shard, options)));
  }
}

/** Fetches one shard complete; a wrong length is tried once more past the caches. */
export async function readShard(
  host: Host,
  segment: number,
  shard: Shard,
  options: ReadOptions,
  tally: Tally,
): Promise<Chunk> {
  const { signal } = options;
  let found = 0;
  for (const fresh of options.fresh ? [true] : [false, true]) {
    const { status, bytes } = await download(host, { file: shard.name, length: shard.length, fresh, signal }, tally);
    if (status === 200 && bytes.length === shard.length) {
      return { segment, offset: shard.offset, bytes, files: [shard.name] };
    }
    found = bytes.length;
  }
  throw new ProblemError({ kind: 'length', file: shard.name, expected: shard.length, found });
}
