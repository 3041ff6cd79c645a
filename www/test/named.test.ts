import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownOf, tellers } from '../src/page/named.ts';
import { countLine, valueName } from '../src/page/strings.ts';
import { dayIn, howMany } from '../src/rooms/words.ts';

test('a list that signs for its members is called by its address', () => {
  assert.equal(shownOf({ value: 'dev@acme.example', name: 'Amy Lee via dev' }), 'dev@acme.example');
  assert.equal(shownOf({ value: 'amy@acme.example', name: 'Amy Lee' }), 'Amy Lee');
  assert.equal(shownOf({ value: 'Olivia Smith', name: '' }), 'Olivia Smith');
  assert.equal(shownOf({ value: 'o@acme.example', name: 'Olivia Smith' }), 'Olivia Smith');
});

test('people of one name are told apart by their addresses, and only they', () => {
  const people = [
    { value: 'a@acme.example', name: 'Amy Lee' },
    { value: 'bob@acme.example', name: 'Bob' },
    { value: 'b@acme.example', name: 'amy lee' },
    { value: 'Bob', name: '' },
  ];
  assert.deepEqual(tellers(people), ['a@acme.example', 'bob@acme.example', 'b@acme.example', '']);
  assert.deepEqual(tellers(people.slice(0, 2)), ['', '']);
});

test('values of facets have names that people use; unknown ones stay as they are', () => {
  assert.equal(valueName('is', 'root'), 'first of a conversation');
  assert.equal(valueName('lang', 'de'), 'German');
  for (const odd of ['', 'not a tag', '\u0000']) assert.equal(valueName('lang', odd), odd);
  assert.equal(valueName('label', 'root'), 'root');
});

test('totals say of what', () => {
  assert.equal(countLine(1, 0), '1 message');
  assert.equal(countLine(null, 100), '100+ messages');
  assert.equal(countLine(3166, 0, 'listed'), '3,166 documents without text');
  assert.equal(countLine(1, 0, 'quoted'), '1 quoted message');
});

test('mail without a sender is nobody’s', () => {
  assert.equal(howMany(593, 26_227, 932), '26,227 messages by 593 senders, 932 without a sender');
  assert.equal(howMany(1, 1, 0), '1 message by 1 sender');
});

test('days are told in one way', () => {
  assert.equal(dayIn('2003-09-03'), '3 Sep 2003');
  for (const other of ['C05797235', '', '2003-09', '2003-13-01', '2003-13-01x']) assert.equal(dayIn(other), other);
});
