import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseManifest } from '../src/shared/manifest.ts';

const shard = (length: number, name = `d/${length}.7z`) => ({ length, name });

function manifest(more: object = {}, segment: object = {}): string {
  const first = { kind: 'message', messages: 3, length: 30, front: 'AAAA', frontLength: 3, shards: [shard(20), shard(10)] };
  return JSON.stringify({ format: 1, title: 'Letters', segments: [{ ...first, ...segment }], ...more });
}

test('a manifest is read as it was written', () => {
  const read = parseManifest(manifest({ later: 'unknown fields are left alone' }));
  assert.equal(read.title, 'Letters');
  assert.deepEqual(read.segments[0]?.shards, [{ offset: 0, ...shard(20) }, { offset: 20, ...shard(10) }]);
});

test('a manifest that cannot be right says why', () => {
  const cases: [string, RegExp][] = [
    [manifest({ format: 2 }), /expected format 1, found 2/],
    [manifest({ segments: {} }), /segments: expected a list/],
    [manifest({}, { length: 31 }), /expected 31 bytes of shards, found 30/],
    [manifest({}, { shards: [shard(20), shard(9)] }), /expected 30 bytes of shards, found 29/],
    [manifest({}, { shards: [shard(30, '../../etc/passwd')] }), /not a path inside the archive/],
    [manifest({}, { shards: [shard(30, 'https://elsewhere.example/x')] }), /not a path/],
    [manifest({}, { shards: [shard(30, '//elsewhere.example/x')] }), /not a path/],
    [manifest({}, { shards: [shard(-30)] }), /whole number/],
    [manifest({}, { shards: [shard(0), shard(30)] }), /is empty/],
    ['[]', /expected an object/],
    ['{', /JSON/],
  ];
  for (const [text, message] of cases) assert.throws(() => parseManifest(text), message, text);
});
