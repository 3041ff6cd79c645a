/** A site as published: ranges while the host honours them, whole shards from the first answer that shows it does not. */
import type { ByteRange } from '../shared/engine.ts';
import type { Segment } from '../shared/manifest.ts';
import type { Host } from './download.ts';
import { RangeSource } from './range-source.ts';
import type { Chunk, ReadOptions, Source, Tally } from './source.ts';
import { readShard, WholeSource } from './whole-source.ts';

export class SiteSource implements Source {
  readonly tally: Tally;
  #current: Source;

  constructor(host: Host, segments: readonly Segment[], tally: Tally = { requests: 0, bytes: 0, wanted: 0 }) {
    this.tally = tally;
    const whole = new WholeSource(segments, (segment, shard, options) => readShard(host, segment, shard, options, this.tally));
    this.#current = new RangeSource(host, segments, this.tally, () => {
      this.#current = whole;
    });
  }

  read(ranges: readonly ByteRange[], options: ReadOptions): Promise<Chunk[]> {
    return this.#current.read(ranges, options);
  }
}
