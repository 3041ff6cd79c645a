import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Line, Message, Suggestion, Tie } from '../src/shared/engine.ts';
import { linkOf, parseAbout } from '../src/rooms/about-file.ts';
import { absent, silences } from '../src/rooms/absence.ts';
import { calendar, shade, short } from '../src/rooms/calendar.ts';
import { asked, suggested } from '../src/rooms/person.ts';
import { arcs, arranged, drawn, isList, pairsOf, tiedBy, type Pair } from '../src/rooms/ties.ts';

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

test('people are asked for by address or name, whatever stands in it', () => {
  assert.deepEqual(['amy@acme.example', 'Amy Smith', 'a"b', 'x)y'].map((who) => asked('from', who)), ['from:amy@acme.example', 'from:"Amy Smith"', 'from:"a b"', 'from:"x)y"']);
  const item = (text: string): Suggestion => ({ kind: 'person', text, query: text, help: '', messages: 1 });
  assert.deepEqual(['from:amy@acme.example', 'from:"Amy Smith"', 'from:'].map((text) => suggested(item(text))), ['amy@acme.example', 'Amy Smith', null]);
});

test('letters there and back and conversations are one tie of two people', () => {
  const tie = (from: number, to: number, n: number): Tie => ({ from, to, n });
  const pairs = pairsOf({ letters: [tie(0, 2, 5), tie(2, 0, 3), tie(1, 1, 9)], conversations: [tie(0, 1, 4)] });
  assert.deepEqual(pairs, [
    { a: 0, b: 1, there: 0, back: 0, conversations: 4 },
    { a: 0, b: 2, there: 5, back: 3, conversations: 0 },
  ]);
  assert.deepEqual(drawn(pairs, 'letters').map(({ b }) => b), [2]);
  assert.deepEqual(drawn(pairs, 'conversations').map(({ b }) => b), [1]);
});

test('those who are tied closely stand together, in the same order each time', () => {
  // Two chains that are told crosswise: 0-2-4 and 1-3-5.
  const ties = [[0, 2], [2, 4], [1, 3], [3, 5]].map(([from = 0, to = 0]) => ({ from, to, n: 9 }));
  const pairs = pairsOf({ letters: ties, conversations: [] });
  const order = arranged(6, pairs, 'letters');
  const place = order.map((_, person) => order.indexOf(person));
  const length = pairs.reduce((sum, { a, b }) => sum + Math.abs((place[a] ?? 0) - (place[b] ?? 0)), 0);
  assert.equal(length, 4);
  assert.deepEqual(arranged(6, pairs, 'letters'), order);
  assert.deepEqual([...order].sort(), [0, 1, 2, 3, 4, 5]);
});

test('arcs that end at one name are spread, those upwards above', () => {
  const pair = (a: number, b: number): Pair => ({ a, b, there: 1, back: 0, conversations: 0 });
  const [up, down, alone] = arcs([0, 1, 2, 3, 4], [pair(0, 1), pair(1, 2), pair(3, 4)]);
  assert.deepEqual([alone?.from, alone?.to], [3.5, 4.5]);
  assert.ok(up !== undefined && down !== undefined && up.to < down.from && up.to > 1 && down.from < 2);
  assert.deepEqual(arcs([], [pair(0, 1)]), []);
});

test('a list is told by its name or its identifier', () => {
  const lists = ['dev', 'users.lists.acme.example'];
  assert.deepEqual(['dev@acme.example', 'users@lists.acme.example', 'users@acme.example', 'dev', ''].map((address) => isList(address, lists)), [true, true, false, false, false]);
});

test('what ties people are letters, unless there are few', () => {
  const pairs = pairsOf({ letters: [{ from: 0, to: 1, n: 10 }], conversations: [] });
  assert.deepEqual([100, 101].map((total) => tiedBy(pairs, total)), ['letters', 'conversations']);
});

test('many ties are drawn as the strongest of all and of each', () => {
  const ties = Array.from({ length: 300 }, (_, at) => ({ from: Math.floor(at / 29) % 30, to: (at * 7 + 1) % 30, n: at + 1 }));
  const pairs = pairsOf({ letters: ties, conversations: [] });
  const shown = drawn(pairs, 'letters');
  assert.ok(shown.length >= 48 && shown.length <= 48 + 2 * 30, String(shown.length));
  for (const person of new Set(pairs.flatMap(({ a, b }) => [a, b]))) assert.ok(shown.some(({ a, b }) => a === person || b === person), String(person));
});

test('what a site tells of itself is read as untrusted text', () => {
  const about = parseAbout('{"found":-1,"copies":"many","description":["x"],"inputs":[null,7,{"source":"a","sum":{"sha256":"<b>"}}],"damages":{"n":1}}');
  assert.equal(about.found + about.copies, 0);
  assert.equal(about.description, '');
  assert.deepEqual(about.inputs.map(({ source, sha256, listed }) => [source, sha256, listed]), [['a', '', null]]);
  assert.deepEqual(about.damages, []);
  for (const text of ['[]', 'null', '{']) assert.throws(() => parseAbout(text));
});

test('only addresses of the web and of mail are links', () => {
  assert.equal(linkOf('https://a.example/x'), 'https://a.example/x');
  assert.equal(linkOf('amy@acme.example'), 'mailto:amy@acme.example');
  for (const text of ['javascript:alert(1)', 'https://a b', 'CC BY 4.0', 'a@b?subject=x&body=y', 'data:text/html,x@y', '//a.example', '']) assert.equal(linkOf(text), null, text);
});

test('silence lies between months with messages', () => {
  assert.deepEqual(silences([month('1999-11', 2), month('1999-12', 5), month('2000-03', 7)]), [{ from: 24_000, to: 24_002, before: 5, after: 7 }]);
  assert.deepEqual(silences([]), []);
});

test('what is known of an absent message is read from its headers, and no more than that', () => {
  const line = { key: '0'.repeat(16), from: [], subject: [{ text: 'Re: x', mark: false }], threadSize: 1 } as unknown as Line;
  const headers = [
    { name: 'Held-By', value: '0123456789abcdef 2003-05-17' },
    { name: 'Held-By', value: 'javascript:alert(1)' },
    { name: 'Not-Before', value: '2003-05-01T00:00:00Z' },
    { name: 'Not-After', value: 'soon' },
  ];
  const { heldBy, notBefore, notAfter, n, subject } = absent(line, { headers } as unknown as Message);
  assert.deepEqual([heldBy, notBefore, notAfter, n, subject], [[{ key: '0123456789abcdef', label: '2003-05-17' }], '2003-05-01', '', 1, 'Re: x']);
  assert.equal(absent(line, null).n, 1);
});
