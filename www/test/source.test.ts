import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Segment } from '../src/shared/manifest.ts';
import { ProblemError, type Problem } from '../src/shared/problem.ts';
import { SiteSource } from '../src/worker/site-source.ts';
import { FakeHost, partial, wholeOnly, type Behaviour } from './host.ts';

const SHARD = 1000;
const BLOB = Uint8Array.from({ length: 2 * SHARD }, (_, idx) => idx % 251);
const FILES = new Map([
  ['d/a.7z', BLOB.slice(0, SHARD)],
  ['d/b.7z', BLOB.slice(SHARD)],
]);
const SEGMENT: Segment = {
  kind: 'message',
  messages: 1,
  length: 2 * SHARD,
  front: '',
  frontLength: 0,
  shards: [
    { offset: 0, length: SHARD, name: 'd/a.7z' },
    { offset: SHARD, length: SHARD, name: 'd/b.7z' },
  ],
};
const forever = new AbortController().signal;

function site(behave: Behaviour): { host: FakeHost; source: SiteSource } {
  const host = new FakeHost(FILES, behave);
  return { host, source: new SiteSource(host, [SEGMENT]) };
}

async function read(source: SiteSource, offset: number, length: number): Promise<string[]> {
  const chunks = await source.read([{ segment: 0, offset, length }], { signal: forever, fresh: false });
  return chunks.map((chunk) => {
    assert.deepEqual(chunk.bytes, BLOB.slice(chunk.offset, chunk.offset + chunk.bytes.length));
    return `${chunk.offset}+${chunk.bytes.length}`;
  });
}

async function problemOf(read: Promise<unknown>): Promise<Problem> {
  const error: unknown = await read.then(() => assert.fail('expected a problem'), (thrown: unknown) => thrown);
  assert.ok(error instanceof ProblemError, String(error));
  return error.problem;
}

test('a host with ranges gives what was asked for', async () => {
  const { host, source } = site(partial);
  assert.deepEqual(await read(source, 990, 20), ['990+10', '1000+10']);
  assert.deepEqual(host.asked, ['d/a.7z 990-999', 'd/b.7z 0-9']);
  assert.deepEqual(source.tally, { requests: 2, bytes: 20, wanted: 20 });
});

test('a host without ranges is found out at the first answer, which is kept', async () => {
  const { host, source } = site(wholeOnly);
  assert.deepEqual(await read(source, 10, 5), ['0+1000']);
  assert.deepEqual(await read(source, 1500, 5), ['1000+1000']);
  assert.deepEqual(host.asked, ['d/a.7z 10-14', 'd/b.7z whole']);
});

test('shards that are read whole are asked for at once', async () => {
  const { host, source } = site(wholeOnly);
  await read(source, 10, 5);
  const asks = [5, 1500].map((offset) => ({ segment: 0, offset, length: 5 }));
  const chunks = await source.read(asks, { signal: forever, fresh: false });
  assert.deepEqual(chunks.map(({ offset }) => offset), [0, SHARD]);
  assert.deepEqual(host.asked, ['d/a.7z 10-14', 'd/a.7z whole', 'd/b.7z whole']);
});

const liars: [string, Behaviour][] = [
  ['another Content-Range', (asked) =>
    asked.range === null ? wholeOnly(asked) : new Response(asked.bytes.slice(0, 5), { status: 206, headers: { 'Content-Range': 'bytes 0-4/1000' } })],
  ['a Content-Range of another length', (asked) =>
    asked.range === null ? wholeOnly(asked) : new Response(asked.bytes.slice(10, 15), { status: 206, headers: { 'Content-Range': 'bytes 10-14/777' } })],
  ['a part of the wrong length', (asked) =>
    asked.range === null ? wholeOnly(asked) : new Response(asked.bytes.slice(0, 9), { status: 206 })],
  ['416', (asked) => (asked.range === null ? wholeOnly(asked) : new Response(null, { status: 416 }))],
  ['a compressed whole', (asked) => (asked.range === null ? wholeOnly(asked) : new Response(asked.bytes.slice(0, 300)))],
];
for (const [name, behave] of liars) {
  test(`a host that answers a range with ${name} is read whole`, async () => {
    const { host, source } = site(behave);
    assert.deepEqual(await read(source, 10, 5), ['0+1000']);
    assert.deepEqual(host.asked, ['d/a.7z 10-14', 'd/a.7z whole']);
    await read(source, 1000, 1);
    assert.equal(host.asked.at(-1), 'd/b.7z whole');
  });
}

test('a part whose Content-Range cannot be read is judged by its length', async () => {
  const { source } = site(({ range, bytes }) => new Response(bytes.slice(range?.[0], (range?.[1] ?? 0) + 1), { status: 206 }));
  assert.deepEqual(await read(source, 10, 5), ['10+5']);
});

test('a file of the wrong length is fetched afresh, then named', async () => {
  const { host, source } = site(() => new Response(new Uint8Array(7)));
  assert.deepEqual(await problemOf(read(source, 0, 1)), { kind: 'length', file: 'd/a.7z', expected: 1000, found: 7 });
  assert.deepEqual(host.asked, ['d/a.7z 0-0', 'd/a.7z whole', 'd/a.7z whole reload']);
});

test('too busy and broken connections are tried again, ever later', async () => {
  const { host, source } = site((asked) => {
    if (asked.tries === 1) return new Response(null, { status: 429 });
    if (asked.tries === 2) return new Response(null, { status: 503, headers: { 'Retry-After': '2' } });
    if (asked.tries === 3) return new TypeError('network error');
    return wholeOnly(asked);
  });
  assert.deepEqual(await read(source, 0, 4), ['0+1000']);
  const [first = 0, second = 0, third = 0] = host.waits;
  assert.equal(second, 2000);
  assert.ok(first >= 270 && first <= 330 && third > 2000, host.waits.join());
});

test('a part that breaks off twice is read with its whole file; a host where all do is asked for no more parts', async () => {
  const compressing: Behaviour = (asked) => (asked.range === null ? wholeOnly(asked) : new TypeError('content decoding failed'));
  const { host, source } = site(compressing);
  assert.deepEqual(await read(source, 10, 5), ['0+1000']);
  assert.deepEqual(host.asked, ['d/a.7z 10-14', 'd/a.7z 10-14', 'd/a.7z whole']);
  for (let time = 0; time < 2; time++) await read(source, 1000, 1);
  host.asked.length = 0;
  await read(source, 10, 5);
  assert.deepEqual(host.asked, ['d/a.7z whole']);
});

test('a host that never answers is a problem that says so', async () => {
  const { host, source } = site(() => new TypeError('network error'));
  assert.deepEqual(await problemOf(read(source, 0, 4)), { kind: 'unreachable', file: 'd/a.7z', tries: 4, detail: 'network error' });
  host.isOnline = false;
  host.asked.length = 0;
  assert.deepEqual(await problemOf(read(source, 0, 4)), { kind: 'offline' });
  assert.equal(host.asked.length, 1);
});

test('a file that is gone is looked for once more past the caches', async () => {
  const { host, source } = site(() => new Response(null, { status: 404 }));
  assert.deepEqual(await problemOf(read(source, 0, 4)), { kind: 'refused', file: 'd/a.7z', status: 404 });
  assert.deepEqual(host.asked, ['d/a.7z 0-3', 'd/a.7z 0-3 reload']);
});

test('two questions that miss the same bytes share a request, and one may leave', async () => {
  const { host, source } = site(partial);
  const leaver = new AbortController();
  const ranges = [{ segment: 0, offset: 0, length: 4 }];
  const left = source.read(ranges, { signal: leaver.signal, fresh: false });
  const stayed = source.read(ranges, { signal: forever, fresh: false });
  leaver.abort();
  await assert.rejects(left, { name: 'AbortError' });
  assert.equal((await stayed)[0]?.bytes.length, 4);
  assert.equal(host.asked.length, 1);
  await read(source, 0, 4);
  assert.equal(host.asked.length, 2);
});

test('a cancelled read asks for nothing', async () => {
  const { host, source } = site(partial);
  const reading = source.read([{ segment: 0, offset: 0, length: 1 }], { signal: AbortSignal.abort(), fresh: false });
  await assert.rejects(reading, { name: 'AbortError' });
  assert.deepEqual(host.asked, []);
});
