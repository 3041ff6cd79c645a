import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LONGEST_HEIGHT, ScrollMap } from '../src/page/scroll-map.ts';

const ROW = 72;
const VIEW = 720;

function list(rows: number): ScrollMap {
  const map = new ScrollMap();
  map.resize(rows, ROW, VIEW);
  return map;
}

test('a list of some thousand rows scrolls one to one', () => {
  const map = list(50_000);
  assert.equal(map.height, 50_000 * ROW);
  map.scrolled(7200);
  assert.deepEqual(map.window(0), [100, 110]);
  assert.equal(map.rowTop(100), 7200);
});

test('a million rows fit under the longest height, and both ends are reached', () => {
  const map = list(1_000_000);
  assert.equal(map.height, LONGEST_HEIGHT);
  map.scrolled(map.height);
  assert.equal(map.window(0)[1], 1_000_000);
  map.scrolled(0);
  assert.deepEqual(map.window(0), [0, 10]);
});

test('dragging the bar jumps in proportion', () => {
  const map = list(1_000_000);
  map.scrolled((map.height - VIEW) / 2);
  const [from] = map.window(0);
  assert.ok(Math.abs(from - 500_000) < 10, String(from));
});

test('small movements in a long list are one to one', () => {
  const map = list(1_000_000);
  map.scrolled(4_000_000);
  const before = map.offset;
  map.scrolled(4_000_100);
  assert.equal(map.offset - before, 100);
  map.scrolled(4_000_050);
  assert.equal(map.offset - before, 50);
});

test('small steps arrive at the end without a jump', () => {
  const map = list(1_000_000);
  const range = map.height - VIEW;
  map.scrolled(range - 20_000);
  let before = map.offset;
  let widest = 0;
  for (let top = range - 20_000; top <= range; top += 50) {
    map.scrolled(top);
    widest = Math.max(widest, map.offset - before);
    before = map.offset;
  }
  assert.equal(map.offset, 1_000_000 * ROW - VIEW);
  assert.ok(widest < 8 * VIEW, String(widest));
});

test('at rest the bar stands where the list is, and what is shown stays', () => {
  const map = list(1_000_000);
  map.scrolled(4_000_000);
  for (let step = 1; step <= 50; step++) map.scrolled(4_000_000 + step * 1000);
  const { offset } = map;
  const top = map.restingTop();
  assert.equal(map.offset, offset);
  assert.ok(top < 4_050_000 && top > 4_000_000, String(top));
  const [row] = map.window(0);
  assert.ok(Math.abs(map.rowTop(row) - top) < ROW);
});

test('a row is revealed with the least movement', () => {
  const map = list(1_000_000);
  assert.equal(map.reveal(3), 0);
  map.reveal(10);
  assert.deepEqual(map.window(0), [1, 11]);
  map.reveal(999_999);
  assert.equal(map.window(0)[1], 1_000_000);
  map.reveal(500);
  assert.equal(map.window(0)[0], 500);
});

test('the first row in sight stays when rows change their height', () => {
  const map = list(10_000);
  map.jump(400);
  map.resize(10_000, 64, VIEW);
  assert.equal(map.window(0)[0], 400);
  map.resize(5, 64, VIEW);
  assert.deepEqual(map.window(0), [0, 5]);
  map.resize(0, 64, VIEW);
  assert.deepEqual(map.window(6), [0, 0]);
});

test('a page of rows is what can be seen whole', () => {
  const map = list(1000);
  const [from, to] = map.whole();
  assert.deepEqual([from, to], [0, Math.floor(VIEW / ROW)]);
  map.scrolled(ROW / 2);
  assert.equal(map.whole()[0], 1);
  assert.deepEqual(list(3).whole(), [0, 3]);
  assert.deepEqual(list(0).whole(), [0, 0]);
});
