import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ByteRange } from '../src/shared/engine.ts';
import type { Segment } from '../src/shared/manifest.ts';
import { KeptSource, type Piece, type Shelf } from '../src/worker/kept-source.ts';
import type { Chunk, ReadOptions, Source, Tally } from '../src/worker/source.ts';

const BLOB = Uint8Array.from({ length: 300 }, (_, idx) => (idx * 7) % 256);
const SEGMENT: Segment = {
  kind: 'message',
  messages: 1,
  length: 300,
  front: '',
  frontLength: 0,
  shards: [
    { offset: 0, length: 100, name: 'd/a.7z' },
    { offset: 100, length: 200, name: 'd/b.7z' },
  ],
};
const calm: ReadOptions = { signal: new AbortController().signal, fresh: false };

/** A host that gives what is asked for, within one shard each, and remembers what for. */
class Host implements Source {
  readonly tally: Tally = { requests: 0, bytes: 0, wanted: 0 };
  asked: string[] = [];
  bytes = BLOB;

  async read(ranges: readonly ByteRange[]): Promise<Chunk[]> {
    return ranges.map(({ segment, offset, length }) => {
      this.asked.push(`${offset}+${length}`);
      const bytes = this.bytes.slice(offset, offset + length);
      return { segment, offset, bytes, files: [offset < 100 ? 'd/a.7z' : 'd/b.7z'] };
    });
  }
}

class MemoryShelf implements Shelf {
  readonly kept = new Map<number, { piece: Piece; bytes: Uint8Array<ArrayBuffer> }>();
  #last = 0;

  list(): Promise<Piece[]> {
    return Promise.resolve([...this.kept.values()].map(({ piece }) => piece));
  }

  read(id: number): Promise<Uint8Array<ArrayBuffer> | null> {
    return Promise.resolve(this.kept.get(id)?.bytes ?? null);
  }

  add(shard: string, from: number, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const id = ++this.#last;
    this.kept.set(id, { piece: { id, shard, from, length: bytes.length }, bytes });
    return Promise.resolve(id);
  }

  drop(ids: readonly number[]): Promise<void> {
    for (const id of ids) this.kept.delete(id);
    return Promise.resolve();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** Reads a range and checks that it is all there, and right. */
async function read(source: Source, offset: number, length: number, options = calm): Promise<void> {
  const found = new Map<number, number>();
  for (const chunk of await source.read([{ segment: 0, offset, length }], options)) {
    chunk.bytes.forEach((byte, idx) => found.set(chunk.offset + idx, byte));
  }
  for (let at = offset; at < offset + length; at++) assert.equal(found.get(at), BLOB[at], `byte ${at}`);
  await settled();
}

test('a second visit asks for nothing that the first has had, and only for the rest', async () => {
  const [host, shelf] = [new Host(), new MemoryShelf()];
  const first = new KeptSource(host, [SEGMENT], Promise.resolve(shelf));
  await read(first, 10, 20);
  await read(first, 40, 10);
  await read(first, 120, 30);
  assert.deepEqual(host.asked, ['10+20', '40+10', '120+30']);
  host.asked = [];
  const second = new KeptSource(host, [SEGMENT], Promise.resolve(shelf));
  await read(second, 10, 20);
  await read(second, 45, 5);
  assert.deepEqual(host.asked, []);
  await read(second, 0, 160);
  assert.deepEqual(host.asked, ['0+10', '30+10', '50+50', '100+20', '150+10']);
  host.asked = [];
  await read(second, 0, 160);
  assert.deepEqual(host.asked, []);
});

test('what was wrong is read afresh and takes the place of what was kept', async () => {
  const [host, shelf] = [new Host(), new MemoryShelf()];
  host.bytes = new Uint8Array(300);
  const source = new KeptSource(host, [SEGMENT], Promise.resolve(shelf));
  await source.read([{ segment: 0, offset: 10, length: 20 }], calm);
  await settled();
  host.bytes = BLOB;
  await read(source, 10, 20, { ...calm, fresh: true });
  host.asked = [];
  await read(source, 10, 20);
  assert.deepEqual(host.asked, []);
  assert.equal(shelf.kept.size, 1);
});

test('what two questions read at once is kept once', async () => {
  const [host, shelf] = [new Host(), new MemoryShelf()];
  const source = new KeptSource(host, [SEGMENT], Promise.resolve(shelf));
  await Promise.all([read(source, 120, 30), read(source, 120, 30), read(source, 100, 60)]);
  assert.deepEqual([...shelf.kept.values()].map(({ piece }) => [piece.from, piece.length]), [[0, 60]]);
});

test('no more is kept than may be, and the oldest goes first', async () => {
  const [host, shelf] = [new Host(), new MemoryShelf()];
  const source = new KeptSource(host, [SEGMENT], Promise.resolve(shelf), 50);
  for (const offset of [100, 130, 160, 190]) await read(source, offset, 20);
  assert.deepEqual([...shelf.kept.values()].map(({ piece }) => piece.from), [60, 90]);
});

test('what another state of the archive left is dropped', async () => {
  const [host, shelf] = [new Host(), new MemoryShelf()];
  await shelf.add('d/older.7z', 0, new Uint8Array(10));
  const source = new KeptSource(host, [SEGMENT], Promise.resolve(shelf));
  await read(source, 10, 20);
  assert.deepEqual([...shelf.kept.values()].map(({ piece }) => piece.shard), ['d/a.7z']);
});

test('a piece that another page has dropped is read again; without a shelf all is', async () => {
  const [host, shelf] = [new Host(), new MemoryShelf()];
  const source = new KeptSource(host, [SEGMENT], Promise.resolve(shelf));
  await read(source, 10, 20);
  shelf.kept.clear();
  await read(source, 10, 20);
  const bare = new KeptSource(host, [SEGMENT], Promise.resolve(null));
  await read(bare, 10, 20);
  assert.deepEqual(host.asked, ['10+20', '10+20', '10+20']);
});

test('a disk that is full harms nothing', async () => {
  const [host, shelf] = [new Host(), new MemoryShelf()];
  shelf.add = () => Promise.reject(new Error('QuotaExceededError'));
  const source = new KeptSource(host, [SEGMENT], Promise.resolve(shelf));
  await read(source, 10, 20);
  await read(source, 10, 20);
  assert.deepEqual(host.asked, ['10+20', '10+20']);
});
