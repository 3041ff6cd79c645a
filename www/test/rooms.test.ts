import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calendar, shade, short } from '../src/rooms/calendar.ts';

function month(value: string, messages: number): { value: string; messages: number } {
  return { value, messages };
}

test('a calendar has a row for each year, and tells silence from what lies outside', () => {
  const [first, second, ...more] = calendar([month('1999-11', 2), month('2000-02', 3)]);
  assert.deepEqual(first, { kind: 'year', year: 1999, messages: 2, months: [...Array(10).fill(null), 2, 0] });
  assert.deepEqual(second, { kind: 'year', year: 2000, messages: 3, months: [0, 3, ...Array(10).fill(null)] });
  assert.deepEqual(more, []);
});

test('a few silent years are rows of a calendar, many are one line', () => {
  const rows = (...years: string[]): unknown[] =>
    calendar(years.map((year) => month(`${year}-06`, 1))).map((row) => (row.kind === 'gap' ? [row.from, row.to] : row.year));
  assert.deepEqual(rows('1999', '2002'), [1999, 2000, 2001, 2002]);
  assert.deepEqual(rows('1970', '1998', '1999'), [1970, [1971, 1997], 1998, 1999]);
  assert.deepEqual(rows(), []);
});

test('a forged month makes no calendar of a million rows', () => {
  assert.equal(calendar([month('1-01', 1), month('999999-12', 1), month('x', 1), month('2000-13', 1)]).length, 3);
});

test('counts fit a cell', () => {
  assert.deepEqual([0, 999, 1000, 1449, 9951, 12_500, 999_499, 999_500, 2_400_000].map(short), ['0', '999', '1.0k', '1.4k', '10k', '13k', '999k', '1.0M', '2.4M']);
  assert.deepEqual([shade(0, 9), shade(9, 9), shade(1, 4), shade(5, 0)], [0, 1, 0.5, 0]);
});
