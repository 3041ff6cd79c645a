import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Segment } from '../src/shared/manifest.ts';
import { planReads, shardAt } from '../src/worker/plan.ts';

const KIB = 1024;

function segment(...lengths: number[]): Segment {
  let offset = 0;
  const shards = lengths.map((length, idx) => {
    const shard = { offset, length, name: `d/${idx}.7z` };
    offset += length;
    return shard;
  });
  return { kind: 'message', messages: 1, length: offset, front: '', frontLength: 0, shards };
}

function check(ranges: [number, number][], segments: Segment[], expected: string[]): void {
  const wanted = ranges.map(([offset, length]) => ({ segment: 0, offset, length }));
  const planned = planReads(wanted, segments);
  assert.deepEqual(planned.map((read) => `${read.shard.name} ${read.from}-${read.to}`), expected);
}

const two = [segment(256 * KIB, 100 * KIB)];

test('ranges that lie near each other become one request', () => {
  check([[0, 10], [20, 10]], two, ['d/0.7z 0-30']);
  check([[20, 10], [0, 10]], two, ['d/0.7z 0-30']);
  check([[0, 100], [50, 10]], two, ['d/0.7z 0-100']);
});

test('ranges far apart stay apart', () => {
  const gap = 4 * KIB;
  check([[0, 10], [10 + gap, 10]], two, [`d/0.7z 0-${20 + gap}`]);
  check([[0, 10], [11 + gap, 10]], two, ['d/0.7z 0-10', `d/0.7z ${11 + gap}-${21 + gap}`]);
  check([[0, 10], [10 * KIB, 10]], two, ['d/0.7z 0-10', `d/0.7z ${10 * KIB}-${10 * KIB + 10}`]);
});

test('no request crosses a shard', () => {
  const border = 256 * KIB;
  check([[border - 5, 10]], two, [`d/0.7z ${border - 5}-${border}`, 'd/1.7z 0-5']);
  check([[border - 5, 5], [border, 5]], two, [`d/0.7z ${border - 5}-${border}`, 'd/1.7z 0-5']);
});

test('every shard is read, whatever the gap', () => {
  const many = [segment(...Array.from({ length: 20 }, () => 100)), segment(100)];
  const ranges = [{ segment: 0, offset: 0, length: 2000 }, { segment: 1, offset: 0, length: 1 }];
  for (const gap of [0, Infinity]) assert.equal(planReads(ranges, many, gap).length, 21);
});

test('a range outside the archive is an error', () => {
  assert.throws(() => planReads([{ segment: 0, offset: 300 * KIB, length: 100 * KIB }], two), /inside the archive/);
  assert.throws(() => planReads([{ segment: 1, offset: 0, length: 1 }], two), /inside the archive/);
  assert.throws(() => planReads([{ segment: 0, offset: 0, length: 0 }], two), /inside the archive/);
});

test('bisection finds the shard of each byte', () => {
  const { shards } = segment(3, 1, 5);
  assert.deepEqual([0, 1, 2, 3, 4, 8, 9].map((offset) => shardAt(shards, offset)), [0, 0, 0, 1, 2, 2, 3]);
});
