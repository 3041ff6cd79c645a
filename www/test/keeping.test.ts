import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chips } from '../src/page/chips.ts';
import { Keeper, readKept, type Shelf } from '../src/page/kept.ts';
import { Picking } from '../src/page/picking.ts';

const KEY = '0123456789abcdef';
const told = { key: KEY, from: 'Amy', subject: 'Budget', date: 1_000_000_000 };

class Drawer implements Shelf {
  readonly items = new Map<string, string>();
  full = false;
  getItem(name: string): string | null {
    return this.items.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    if (this.full) throw new DOMException('full', 'QuotaExceededError');
    this.items.set(name, value);
  }
  removeItem(name: string): void {
    this.items.delete(name);
  }
}

function keeper(shelf: Shelf | null, address = 'https://a.example/one/manifest.json'): Keeper {
  return new Keeper(shelf, address, () => {});
}

test('stars, notes and searches outlast the page, and are those of one archive', () => {
  const shelf = new Drawer();
  const own = keeper(shelf);
  own.toggleStar(told);
  own.write(told, '  call back \n');
  own.searched(' ferry ');
  own.toggleSaved('from:amy');
  const again = keeper(shelf);
  assert.deepEqual(again.all, [{ ...told, star: true, note: 'call back' }]);
  assert.deepEqual([again.recent, again.saved], [['ferry'], ['from:amy']]);
  const other = keeper(shelf, 'https://a.example/two/manifest.json');
  assert.deepEqual([other.all, other.recent, other.saved], [[], [], []]);
  again.toggleStar(told);
  again.write(told, '');
  again.toggleSaved('from:amy');
  again.forgetRecent();
  assert.equal(shelf.items.size, 0);
});

test('recent searches are few, each once, the last first', () => {
  const own = keeper(null);
  for (let n = 0; n < 30; n++) own.searched(`word${n % 20}`);
  assert.equal(own.recent.length, 12);
  assert.equal(own.recent[0], 'word9');
  assert.equal(new Set(own.recent).size, 12);
});

test('a full shelf or one with rubbish loses nothing of this page', () => {
  const shelf = new Drawer();
  for (const what of ['kept', 'recent', 'saved']) shelf.items.set(`maildex https://a.example/one/manifest.json ${what}`, '[{"key":"<b>"},1,null,{"key":"0123456789abcdef","star":1}]{');
  const own = keeper(shelf);
  assert.deepEqual([own.all, own.recent, own.saved], [[], [], []]);
  shelf.full = true;
  own.toggleStar(told);
  assert.equal(own.of(KEY)?.star, true);
});

test('what comes from a file is checked', () => {
  assert.deepEqual(readKept({}), []);
  assert.deepEqual(readKept([null, 1, {}, { key: '../..', star: true }, { key: KEY }, { key: KEY, star: 'yes', note: 3 }]), []);
  const [kept] = readKept([{ key: KEY, star: true, note: 'x'.repeat(1e6), from: {}, subject: '<img>', date: '1', extra: 1 }]);
  assert.deepEqual({ ...kept, note: kept?.note.length }, { key: KEY, star: true, note: 20_000, from: '', subject: '<img>', date: null });
});

test('taking a file in loses no note', () => {
  const own = keeper(null);
  own.write(told, 'mine');
  const theirs = { ...told, star: true, note: 'theirs' };
  assert.equal(own.take([theirs]), 1);
  assert.deepEqual(own.of(KEY), { ...theirs, note: 'mine\n\ntheirs' });
  own.take([theirs]);
  assert.equal(own.of(KEY)?.note, 'mine\n\ntheirs');
});

test('a filter is taken out where it stands', () => {
  const query = 'größe AND from:amy date:2003';
  const parts = [
    { from: 0, to: 7, filter: false },
    { from: 12, to: 20, filter: true },
    { from: 21, to: 30, filter: true },
  ];
  assert.deepEqual(chips(query, parts), [
    { text: 'from:amy', rest: 'größe date:2003' },
    { text: 'date:2003', rest: 'größe AND from:amy' },
  ]);
  assert.deepEqual(chips('has:pdf AND x', [{ from: 0, to: 7, filter: true }, { from: 12, to: 13, filter: false }]), [{ text: 'has:pdf', rest: 'x' }]);
  assert.deepEqual(chips('has:pdf', [{ from: 0, to: 7, filter: true }]), [{ text: 'has:pdf', rest: '' }]);
});

test('picking ends with the search that it belongs to', () => {
  const picking = new Picking();
  picking.follow('a');
  for (const key of ['1', '2', '1', '3']) picking.toggle(key);
  picking.follow('a');
  assert.deepEqual([picking.keys, picking.isOn], [['2', '3'], true]);
  picking.follow('b');
  assert.deepEqual([picking.keys, picking.isOn], [[], false]);
});
