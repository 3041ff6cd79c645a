import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bins, dateOf, datesIn, hasFilter, toggled, withDate, type Month } from '../src/page/refining.ts';

/** January of a year, in months since year 0. */
const january = (year: number): number => year * 12;

function months(from: number, to: number): Month[] {
  return Array.from({ length: to - from }, (_, at) => ({ month: from + at, messages: 1000 }));
}

test('every month that matters is in one bar, and bars grow wider as time grows longer', () => {
  for (const [years, width] of [[2, 1], [8, 1], [9, 3], [30, 12], [90, 12], [300, 60]] as const) {
    const all = months(january(1700), january(1700 + years));
    const bars = bins(all);
    assert.equal((bars[0]?.to ?? 0) - (bars[0]?.from ?? 0), width, `${years} years`);
    assert.ok(bars.length <= 96);
    assert.equal(bars.reduce((sum, bar) => sum + bar.messages, 0), all.length * 1000);
  }
  assert.deepEqual(bins([]), []);
});

test('a few mails of an unset clock do not squeeze the rest, many do count', () => {
  const real = months(january(1996), january(2003));
  const first = (messages: number): number | undefined => bins([{ month: january(1970), messages }, ...real])[0]?.from;
  assert.equal(first(3), january(1996));
  assert.equal(first(5000), january(1970));
});

test('a stretch is written as the query language has it, and read back', () => {
  for (const [from, to, date] of [
    [january(2003), january(2004), '2003'],
    [january(2003) + 4, january(2003) + 5, '2003-05'],
    [january(2003), january(2006), '2003..2005'],
    [january(2003) + 4, january(2004) + 2, '2003-05..2004-02'],
    [january(987), january(988), '0987'],
  ] as const) {
    assert.equal(dateOf(from, to), date);
    assert.deepEqual(datesIn(`a date:${date} b`), [from, to]);
  }
  for (const query of ['', 'a', 'update:2003', 'date:2003-05-17', 'date:..2003']) assert.equal(datesIn(query), null, query);
});

test('a date takes the place of the dates before it', () => {
  assert.equal(withDate('', '2003'), 'date:2003');
  assert.equal(withDate('a date:2001..2002', '2003'), 'a date:2003');
  assert.equal(withDate('date:2001 a', null), 'a');
  assert.equal(withDate('update:2001 "a b"', null), 'update:2001 "a b"');
});

test('a filter goes in and out as a whole word', () => {
  assert.equal(toggled('ferry', 'from:amy'), 'ferry from:amy');
  assert.equal(toggled('from:amy ferry', 'from:amy'), 'ferry');
  assert.equal(toggled('', 'from:amy'), 'from:amy');
  assert.equal(hasFilter('-from:amy', 'from:amy'), false);
  assert.equal(hasFilter('a from:"amy b"', 'from:"amy b"'), true);
});
