/**
 * A host that honours Range: only the bytes that are missed travel.
 *
 * Quirks handled here. Some hosts answer 200 with the whole file (Cloudflare Pages, `python -m http.server`), some
 * compress and give ranges of the compressed form (a proxy before GitHub Pages), some cut wrongly. Content-Range
 * cannot be read across origins unless the host exposes it, so the length is checked too. HEAD is never asked: it
 * tells the compressed length on several hosts. A host that fails a check is reported through `onNoRanges`, and the
 * shard at hand is fetched whole.
 */
import type { ByteRange } from '../shared/engine.ts';
import type { Segment } from '../shared/manifest.ts';
import { download, type Delivery, type Host } from './download.ts';
import { planReads, type ShardRead } from './plan.ts';
import type { Chunk, ReadOptions, Source, Tally } from './source.ts';
import { readShard } from './whole-source.ts';

export class RangeSource implements Source {
  readonly #host: Host;
  readonly #segments: readonly Segment[];
  readonly #tally: Tally;
  readonly #onNoRanges: () => void;

  constructor(host: Host, segments: readonly Segment[], tally: Tally, onNoRanges: () => void) {
    this.#host = host;
    this.#segments = segments;
    this.#tally = tally;
    this.#onNoRanges = onNoRanges;
  }

  async read(ranges: readonly ByteRange[], options: ReadOptions): Promise<Chunk[]> {
    return await Promise.all(planReads(ranges, this.#segments).map((read) => this.#one(read, options)));
  }

  async #one(read: ShardRead, options: ReadOptions): Promise<Chunk> {
    const { segment, shard, from, to } = read;
    const wish = { file: shard.name, range: [from, to - 1] as const, fresh: options.fresh, signal: options.signal };
    const delivery = await download(this.#host, wish, this.#tally);
    if (isPart(delivery, read)) {
      return { segment, offset: shard.offset + from, bytes: delivery.bytes, files: [shard.name] };
    }
    this.#onNoRanges();
    if (delivery.status === 200 && delivery.bytes.length === shard.length) {
      return { segment, offset: shard.offset, bytes: delivery.bytes, files: [shard.name] };
    }
    return await readShard(this.#host, segment, shard, options, this.#tally);
  }
}

function isPart(delivery: Delivery, { shard, from, to }: ShardRead): boolean {
  if (delivery.status !== 206 || delivery.bytes.length !== to - from) return false;
  if (delivery.contentRange === null) return true;
  const told = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(delivery.contentRange.trim());
  if (told === null) return false;
  const length = told[3] === '*' ? shard.length : Number(told[3]);
  return Number(told[1]) === from && Number(told[2]) === to - 1 && length === shard.length;
}
