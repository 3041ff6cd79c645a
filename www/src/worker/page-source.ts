/** An archive whose shards only the page can get at: it is asked for them, whole. */
import type { ByteRange } from '../shared/engine.ts';
import type { Segment, Shard } from '../shared/manifest.ts';
import { ProblemError } from '../shared/problem.ts';
import type { FromWorker, ToWorker } from '../shared/protocol.ts';
import { InFlight } from './in-flight.ts';
import type { Chunk, ReadOptions, Source, Tally } from './source.ts';
import { WholeSource } from './whole-source.ts';

type Delivered = Extract<ToWorker, { kind: 'fetched' | 'unfetched' }>;

export class PageSource implements Source {
  readonly tally: Tally = { requests: 0, bytes: 0, wanted: 0 };
  readonly #post: (message: FromWorker) => void;
  readonly #whole: WholeSource;
  readonly #waiting = new Map<number, (delivered: Delivered) => void>();
  readonly #inFlight = new InFlight<Uint8Array<ArrayBuffer>>();
  #lastId = 0;

  constructor(segments: readonly Segment[], post: (message: FromWorker) => void) {
    this.#post = post;
    this.#whole = this.over(segments);
  }

  read(ranges: readonly ByteRange[], options: ReadOptions): Promise<Chunk[]> {
    return this.#whole.read(ranges, options);
  }

  /** The same for other files of the page. */
  over(segments: readonly Segment[]): WholeSource {
    return new WholeSource(segments, (segment, shard, options) => this.#shard(segment, shard, options));
  }

  /** Takes what the page hands over. */
  receive(delivered: Delivered): void {
    this.#waiting.get(delivered.id)?.(delivered);
    this.#waiting.delete(delivered.id);
  }

  async #shard(segment: number, shard: Shard, { signal }: ReadOptions): Promise<Chunk> {
    const bytes = await this.#inFlight.join(shard.name, signal, () => this.#ask(shard));
    if (bytes.length !== shard.length) {
      throw new ProblemError({ kind: 'length', file: shard.name, expected: shard.length, found: bytes.length });
    }
    return { segment, offset: shard.offset, bytes, files: [shard.name] };
  }

  async #ask({ name: file, length }: Shard): Promise<Uint8Array<ArrayBuffer>> {
    const id = ++this.#lastId;
    this.tally.requests += 1;
    this.tally.wanted += length;
    const delivered = await new Promise<Delivered>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#post({ kind: 'fetch', id, file });
    });
    if (delivered.kind === 'unfetched') throw new ProblemError(delivered.problem);
    this.tally.bytes += delivered.bytes.byteLength;
    return new Uint8Array(delivered.bytes);
  }
}
