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
import { BrokenPart, download, type Delivery, type Host, type Wish } from './download.ts';
import { planReads, type ShardRead } from './plan.ts';
import type { Chunk, ReadOptions, Source, Tally } from './source.ts';
import { readShard } from './whole-source.ts';

/** So many parts break off before the host is taken for one that cannot give parts. */
const MOST_BROKEN = 3;

export class RangeSource implements Source {
  readonly #host: Host;
  readonly #segments: readonly Segment[];
  readonly #tally: Tally;
  readonly #onNoRanges: () => void;
  #broken = 0;

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
    const { fresh, signal } = options;
    // What was wrong may be the part: some hosts cut at another place than they say.
    if (fresh) return await readShard(this.#host, segment, shard, options, this.#tally);
    const delivery = await this.#download({ file: shard.name, range: [from, to - 1], length: to - from, fresh, signal });
    if (delivery !== null && isPart(delivery, read)) {
      return { segment, offset: shard.offset + from, bytes: delivery.bytes, files: [shard.name] };
    }
    // A part may break off because of the way to the host; again and again it is the host.
    if (delivery === null) this.#broken += 1;
    if (delivery !== null || this.#broken >= MOST_BROKEN) this.#onNoRanges();
    if (delivery?.status === 200 && delivery.bytes.length === shard.length) {
      return { segment, offset: shard.offset, bytes: delivery.bytes, files: [shard.name] };
    }
    return await readShard(this.#host, segment, shard, options, this.#tally);
  }

  /** Null where a part breaks off again and again. */
  async #download(wish: Wish): Promise<Delivery | null> {
    try {
      return await download(this.#host, wish, this.#tally);
    } catch (error) {
      if (error instanceof BrokenPart) return null;
      throw error;
    }
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
