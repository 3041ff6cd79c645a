import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseManifest } from '../src/shared/manifest.ts';

const ID = '0123456789abcdef0123';

function manifest(more: object = {}, segment: object = {}): string {
  const first = { kind: 'message', messages: 3, length: 30, front: 'AAAA', frontLength: 3, id: ID, shards: [20, 10] };
  return JSON.stringify({ format: 1, title: 'Letters', segments: [{ ...first, ...segment }], ...more });
}

test('a manifest is read as it was written', () => {
  const read = parseManifest(manifest({ later: 'unknown fields are left alone' }));
  assert.equal(read.title, 'Letters');
  assert.deepEqual(read.segments[0]?.shards, [
    { offset: 0, length: 20, name: `d/${ID}/0.7z` },
    { offset: 20, length: 10, name: `d/${ID}/1.7z` },
  ]);
});

test('a manifest that cannot be right says why', () => {
  const n = 65_536;
  const wide = { kind: 'message', messages: 3, length: n, front: '', frontLength: 3, id: ID, shards: Array(n).fill(1) };
  const cases: [string, RegExp][] = [
    [manifest({ format: 2 }), /expected format 1, found 2/],
    [manifest({ segments: {} }), /segments: expected a list/],
    [manifest({}, { length: 31 }), /expected 31 bytes of shards, found 30/],
    [manifest({}, { shards: [20, 9] }), /expected 30 bytes of shards, found 29/],
    [manifest({}, { id: '../../../../etc/pass' }), /not the id of a segment/],
    [manifest({}, { id: 'https://elsewhere.ex' }), /not the id/],
    [manifest({}, { id: `${ID}
` }), /not the id/],
    [manifest({}, { id: undefined }), /id: expected a text/],
    [manifest({}, { shards: [-30] }), /whole number/],
    [manifest({}, { shards: [0, 30] }), /is empty/],
    [manifest({}, { length: 70_000, shards: Array(70_000).fill(1) }), /at most 65536 shards/],
    [manifest({ segments: Array(5).fill(wide) }), /at most 262144 shards in all/],
    ['[]', /expected an object/],
    ['{', /JSON/],
  ];
  for (const [text, message] of cases) assert.throws(() => parseManifest(text), message, text);
});
