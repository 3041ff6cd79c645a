/**
 * Keeps what was read in the reader's browser, so that a second visit asks the host for nothing that it has had, and a
 * visited archive can be read without a network.
 *
 * The browser's own cache does not do: Firefox and WebKit keep no parts of files, and many hosts forbid to keep files
 * for more than minutes. A shard's name holds a hash of what its segment is made of, so what is kept under one is never stale.
 */
import type { ByteRange } from '../shared/engine.ts';
import type { Segment, Shard } from '../shared/manifest.ts';
import { shardAt } from './plan.ts';
import type { Chunk, ReadOptions, Source, Tally } from './source.ts';

/** A run of bytes of one shard. */
export interface Piece {
  readonly id: number;
  readonly shard: string;
  readonly from: number;
  readonly length: number;
}

/** Where pieces lie; the browser's database, or a map in tests. */
export interface Shelf {
  /** All that is there, the oldest first. */
  list(): Promise<Piece[]>;
  /** Null when another page has dropped it meanwhile. */
  read(id: number): Promise<Uint8Array<ArrayBuffer> | null>;
  add(shard: string, from: number, bytes: Uint8Array<ArrayBuffer>): Promise<number>;
  drop(ids: readonly number[]): Promise<void>;
}

/** What one archive may take in a reader's browser. */
const MOST_BYTES = 64 << 20;

/** Bytes that may wait to be written: where a disk is slower than the network, what is beyond it is not kept. */
const MOST_WAITING = 8 << 20;

/** A part of a segment that is kept. */
interface Part {
  readonly segment: number;
  readonly shard: Shard;
  readonly from: number;
  readonly to: number;
  readonly piece: Piece;
}

export class KeptSource implements Source {
  readonly #inner: Source & { readonly tally: Tally };
  readonly #segments: readonly Segment[];
  readonly #most: number;
  readonly #pieces = new Map<string, Piece[]>();
  readonly #shelf: Promise<Shelf | null>;
  #bytes = 0;
  /** One after the other, so that what two questions read at once is kept once. */
  #keeping: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(inner: Source & { readonly tally: Tally }, segments: readonly Segment[], shelf: Promise<Shelf | null>, most = MOST_BYTES) {
    this.#inner = inner;
    this.#segments = segments;
    this.#most = most;
    // Without a shelf (a private window, a full disk) everything is read from the host.
    this.#shelf = shelf.then((found) => (found === null ? null : this.#take(found))).catch(() => null);
  }

  get tally(): Tally {
    return this.#inner.tally;
  }

  async read(ranges: readonly ByteRange[], options: ReadOptions): Promise<Chunk[]> {
    const shelf = await this.#shelf;
    if (shelf === null) return await this.#inner.read(ranges, options);
    const parts: (Part | ByteRange)[] = options.fresh ? [...ranges] : ranges.flatMap((range) => this.#split(range));
    const here = await Promise.all(parts.map((part) => ('piece' in part ? this.#chunkOf(shelf, part) : part)));
    const chunks: Chunk[] = [];
    const missing: ByteRange[] = [];
    for (const part of here) {
      if ('bytes' in part) chunks.push(part);
      else missing.push(part);
    }
    if (missing.length === 0) return chunks;
    const fetched = await this.#inner.read(missing, options);
    this.#keepLater(shelf, fetched, options.fresh);
    return [...chunks, ...fetched];
  }

  /** Learns what is there, and drops what belongs to another state of the archive. */
  async #take(shelf: Shelf): Promise<Shelf> {
    const names = new Set(this.#segments.flatMap((segment) => segment.shards.map((shard) => shard.name)));
    const all = await shelf.list();
    for (const piece of all.filter((piece) => names.has(piece.shard))) this.#note(piece);
    const stale = all.filter((piece) => !names.has(piece.shard)).map((piece) => piece.id);
    if (stale.length > 0) await shelf.drop(stale);
    return shelf;
  }

  /** Cuts a range into parts that are kept, and the ranges between them. */
  #split(range: ByteRange): (Part | ByteRange)[] {
    const shards = this.#segments[range.segment]?.shards ?? [];
    const end = range.offset + range.length;
    const parts: (Part | ByteRange)[] = [];
    let at = range.offset;
    for (let idx = shardAt(shards, range.offset); idx < shards.length && at < end; idx++) {
      const shard = shards[idx];
      if (shard === undefined) break;
      const stop = Math.min(end, shard.offset + shard.length);
      for (const piece of this.#pieces.get(shard.name) ?? []) {
        const [from, to] = [shard.offset + piece.from, shard.offset + piece.from + piece.length];
        if (to <= at || from >= stop) continue;
        if (from > at) parts.push({ segment: range.segment, offset: at, length: from - at });
        parts.push({ segment: range.segment, shard, from, to, piece });
        at = to;
      }
      if (at < stop) {
        parts.push({ segment: range.segment, offset: at, length: stop - at });
        at = stop;
      }
    }
    return parts;
  }

  async #chunkOf(shelf: Shelf, { segment, shard, from, to, piece }: Part): Promise<Chunk | ByteRange> {
    const bytes = await shelf.read(piece.id).catch(() => null);
    if (bytes !== null && bytes.length === to - from) return { segment, offset: from, bytes, files: [shard.name] };
    this.#forget(piece);
    return { segment, offset: from, length: to - from };
  }

  #keepLater(shelf: Shelf, chunks: readonly Chunk[], instead: boolean): void {
    if (this.#waiting > MOST_WAITING) return;
    const size = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.#waiting += size;
    this.#keeping = this.#keeping.then(() => this.#keep(shelf, chunks, instead)).then(() => void (this.#waiting -= size));
  }

  async #keep(shelf: Shelf, chunks: readonly Chunk[], instead: boolean): Promise<void> {
    try {
      for (const chunk of chunks) await this.#keepOne(shelf, chunk, instead);
      await shelf.drop(this.#excess());
    } catch {
      // The disk is full, or the reader forbids it: what is kept stays, and nothing is added.
    }
  }

  async #keepOne(shelf: Shelf, { segment, offset, bytes, files }: Chunk, instead: boolean): Promise<void> {
    const shard = this.#segments[segment]?.shards.find((shard) => shard.name === files[0]);
    if (shard === undefined || files.length !== 1) return;
    const from = offset - shard.offset;
    const touched = (this.#pieces.get(shard.name) ?? []).filter((piece) => piece.from < from + bytes.length && piece.from + piece.length > from);
    if (!instead && touched.some((piece) => piece.from <= from && piece.from + piece.length >= from + bytes.length)) return;
    // Pieces of a shard never overlap: the new one has what the others held, or is what they should have been.
    const gone = touched.filter((piece) => instead || (piece.from >= from && piece.from + piece.length <= from + bytes.length));
    if (gone.length < touched.length) return;
    gone.forEach((piece) => this.#forget(piece));
    await shelf.drop(gone.map((piece) => piece.id));
    const id = await shelf.add(shard.name, from, bytes);
    this.#note({ id, shard: shard.name, from, length: bytes.length });
  }

  #note(piece: Piece): void {
    const pieces = [...(this.#pieces.get(piece.shard) ?? []), piece];
    pieces.sort((a, b) => a.from - b.from);
    this.#pieces.set(piece.shard, pieces);
    this.#bytes += piece.length;
  }

  #forget(piece: Piece): void {
    const pieces = this.#pieces.get(piece.shard) ?? [];
    if (!pieces.includes(piece)) return;
    this.#pieces.set(piece.shard, pieces.filter((other) => other !== piece));
    this.#bytes -= piece.length;
  }

  /** What has to go, the oldest first, so that all fits. */
  #excess(): number[] {
    if (this.#bytes <= this.#most) return [];
    const all = [...this.#pieces.values()].flat().sort((a, b) => a.id - b.id);
    const gone: number[] = [];
    for (const piece of all) {
      if (this.#bytes <= this.#most) break;
      this.#forget(piece);
      gone.push(piece.id);
    }
    return gone;
  }
}
