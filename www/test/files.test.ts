import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import type { KeptFile, KeptPart } from '../src/shared/engine.ts';
import { ProblemError } from '../src/shared/problem.ts';
import { readFile } from '../src/worker/files.ts';
import { Sha256 } from '../src/worker/sha256.ts';
import { SiteSource } from '../src/worker/site-source.ts';
import { FakeHost, partial, wholeOnly, type Behaviour } from './host.ts';

const LETTER = new TextEncoder().encode('Dear Ada,\nthe ferry leaves at nine.\n'.repeat(50));
const PICTURE = Uint8Array.from({ length: 500 }, (_, idx) => (idx * 7919) % 256);
const FRAME = new Uint8Array(deflateRawSync(new Uint8Array([...PICTURE, ...LETTER])));
const PACK = new Uint8Array([1, 2, 3, ...FRAME, ...PICTURE]);
const forever = new AbortController().signal;

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function part(over: Partial<KeptPart>): KeptPart {
  return { name: 'a/p.7z', packLength: PACK.length, at: 3, stored: FRAME.length, packed: true, skip: 0, length: 0, ...over };
}

const letter: KeptFile = { sha256: digest(LETTER), size: LETTER.length, parts: [part({ skip: PICTURE.length, length: LETTER.length })] };
const stored = part({ at: 3 + FRAME.length, stored: PICTURE.length, packed: false });
const picture: KeptFile = {
  sha256: digest(PICTURE),
  size: PICTURE.length,
  parts: [{ ...stored, length: 200 }, { ...stored, skip: 200, length: 300 }],
};

async function read(file: KeptFile, behave: Behaviour = partial): Promise<{ bytes: Uint8Array | null; host: FakeHost }> {
  const host = new FakeHost(new Map([['a/p.7z', PACK]]), behave);
  const bytes = await readFile(file, (files) => new SiteSource(host, files), forever);
  return { bytes: bytes === null ? null : new Uint8Array(bytes), host };
}

test('SHA-256 is that of others, in pieces of any size', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, idx) => idx * 3);
    for (const step of [1, 7, 64, 100]) {
      const hash = new Sha256();
      for (let at = 0; at < length; at += step) hash.update(bytes.subarray(at, at + step));
      assert.equal(hash.hex(), digest(bytes), `${length} by ${step}`);
    }
  }
});

test('a file is read out of its frame, and only the frame is asked for', async () => {
  const { bytes, host } = await read(letter);
  assert.deepEqual(bytes, LETTER);
  assert.deepEqual(host.asked, [`a/p.7z 3-${2 + FRAME.length}`]);
});

test('a file in pieces, from a host that gives whole files only', async () => {
  assert.deepEqual((await read(picture, wholeOnly)).bytes, PICTURE);
  assert.deepEqual((await read({ sha256: digest(new Uint8Array()), size: 0, parts: [] })).bytes, new Uint8Array());
  assert.equal((await read({ ...letter, parts: null })).bytes, null);
});

test('what is not what the archive says is never given away', async () => {
  const forged: KeptFile[] = [
    { ...letter, sha256: '0'.repeat(64) },
    { ...letter, parts: [part({ skip: PICTURE.length + 1, length: LETTER.length - 1 })] },
    { ...letter, parts: [part({ skip: PICTURE.length, length: LETTER.length + 1 })] },
    { ...letter, parts: [part({ at: 0, skip: PICTURE.length, length: LETTER.length })] },
    { ...letter, parts: [part({ stored: 20, skip: PICTURE.length, length: LETTER.length })] },
  ];
  for (const file of forged) {
    await assert.rejects(read(file), (error: unknown) => error instanceof ProblemError && error.problem.kind === 'damaged');
  }
});

test('a damaged copy on the way is passed by', async () => {
  let asked = 0;
  const damaged: Behaviour = (request) => {
    asked += 1;
    return partial(asked === 1 ? { ...request, bytes: request.bytes.map((byte) => byte ^ 1) } : request);
  };
  assert.deepEqual((await read(letter, damaged)).bytes, LETTER);
  assert.equal(asked, 2);
});

test('a frame that unpacks without end is read as far as it was asked for', async () => {
  const bomb = new Uint8Array(deflateRawSync(new Uint8Array(50_000_000)));
  const host = new FakeHost(new Map([['a/b.7z', bomb]]), partial);
  const zeros = new Uint8Array(10);
  const bombs = part({ name: 'a/b.7z', packLength: bomb.length, at: 0, stored: bomb.length, length: 10 });
  const file: KeptFile = { sha256: digest(zeros), size: 10, parts: [bombs] };
  assert.deepEqual(new Uint8Array((await readFile(file, (files) => new SiteSource(host, files), forever)) ?? []), zeros);
});
