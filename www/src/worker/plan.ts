/**
 * Turns the ranges that the engine misses into few requests.
 *
 * A request never crosses a shard, because shards are files. Ranges of one shard that lie near each other become
 * one request, where the bytes between them, which nobody asked for, cost less than another request does: with six
 * connections and 150 ms of latency that is 25 ms, or 5 KB at 1.6 Mbit/s. With gaps of 8 KiB a search reads 3 KB more in
 * as many requests (docs/benchmarks.md).
 */
import type { ByteRange } from '../shared/engine.ts';
import type { Segment, Shard } from '../shared/manifest.ts';

/** A part of one shard; `from` and `to` (exclusive) count from the shard's first byte. */
export interface ShardRead {
  readonly segment: number;
  readonly shard: Shard;
  readonly from: number;
  readonly to: number;
}

/** Bytes between two ranges that are read along. */
const GAP = 4 * 1024;

/** Plans the reads for the ranges, of a shard no two nearer than `gap`; throws when a range lies outside its segment. */
export function planReads(ranges: readonly ByteRange[], segments: readonly Segment[], gap = GAP): ShardRead[] {
  const reads = ranges.flatMap((range) => cutAtShards(range, segments));
  reads.sort((a, b) => a.segment - b.segment || a.shard.offset - b.shard.offset || a.from - b.from);
  return joinNear(reads, gap);
}

/** The shard that holds a byte of the segment, by bisection. */
export function shardAt(shards: readonly Shard[], offset: number): number {
  let low = 0;
  let high = shards.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const shard = shards[middle];
    if (shard !== undefined && shard.offset + shard.length <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cutAtShards(range: ByteRange, segments: readonly Segment[]): ShardRead[] {
  const segment = segments[range.segment];
  const end = range.offset + range.length;
  if (segment === undefined || range.length <= 0 || end > segment.length) {
    throw new Error(`expected a range inside the archive, found ${range.length} bytes at ${range.offset} of segment ${range.segment}`);
  }
  const reads: ShardRead[] = [];
  for (let idx = shardAt(segment.shards, range.offset); idx < segment.shards.length; idx++) {
    const shard = segment.shards[idx];
    if (shard === undefined || shard.offset >= end) break;
    const from = Math.max(range.offset, shard.offset) - shard.offset;
    const to = Math.min(end, shard.offset + shard.length) - shard.offset;
    reads.push({ segment: range.segment, shard, from, to });
  }
  return reads;
}

function joinNear(sorted: readonly ShardRead[], gap: number): ShardRead[] {
  const joined: ShardRead[] = [];
  for (const read of sorted) {
    const last = joined.at(-1);
    if (last?.segment === read.segment && last.shard === read.shard && read.from - last.to <= gap) {
      joined[joined.length - 1] = { ...last, to: Math.max(last.to, read.to) };
    } else {
      joined.push(read);
    }
  }
  return joined;
}
