import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Block, Piece } from '../src/shared/engine.ts';
import { plainDomain, showControls } from '../src/page/controls.ts';
import { foldBlocks } from '../src/page/folds.ts';
import { formatDay, formatDuration, formatMoment, formatMonth, formatNumber, formatSenderClock, formatSize, isoMoment, useZone } from '../src/page/format.ts';
import { formatFragment, HOME, parseFragment, type View } from '../src/page/fragment.ts';
import { keyAction } from '../src/page/keys.ts';
import { findLinks, layRuns } from '../src/page/linkify.ts';
import { isDamage, remarkText } from '../src/page/remarks.ts';
import { OPERATORS } from '../src/rooms/sheet-words.ts';
import { leadIn, plainText, shownPreview, trimLines, unquote, unsign } from '../src/page/pieces.ts';

test('a view survives its fragment', () => {
  const views: readonly View[] = [
    HOME,
    { ...HOME, query: 'from:amy "a & b" #1', sort: 'relevance', threads: true, forms: true, key: '0123456789abcdef' },
    { ...HOME, query: 'größe 100% +x', sort: 'oldest', threads: false, key: null },
    { ...HOME, room: 'people', at: 'amy & co@acme.example', query: 'x' },
  ];
  for (const view of views) assert.deepEqual(parseFragment(formatFragment(view)), view);
  assert.equal(formatFragment(HOME), '#');
});

test('a fragment from elsewhere is read as far as it makes sense', () => {
  assert.deepEqual(parseFragment('#q=a&sort=random&m=../../etc&x=1'), { ...HOME, query: 'a' });
  assert.deepEqual(parseFragment('#m=0123456789ABCDEF'), { ...HOME, key: '0123456789abcdef' });
  assert.deepEqual(parseFragment('#view=attic&at=x'), HOME);
  assert.deepEqual(parseFragment('#%E0%A4%A'), HOME);
});

function links(text: string): string[] {
  return findLinks(text).map(({ from, to }) => text.slice(from, to));
}

test('addresses in text become links without the sentence around them', () => {
  const cases: [string, string[]][] = [
    ['see https://a.example/x.', ['https://a.example/x']],
    ['(http://a.example/x_(y))', ['http://a.example/x_(y)']],
    ['<https://a.example/?a=1&b=2>, and', ['https://a.example/?a=1&b=2']],
    ['“https://a.example/”', ['https://a.example/']],
    ['HTTPS://A.example', ['HTTPS://A.example']],
    ['mailto:amy@a.example?subject=x', ['mailto:amy@a.example?subject=x']],
    ['mailto:nobody', []],
    ['http:// nothing', []],
    ['xhttp://a.example', []],
    ['javascript:alert(1) data:text/html,x file:///etc vbscript:x', []],
    ['https://a.example/"onmouseover="x', ['https://a.example/']],
    ['http://a.example http://b.example', ['http://a.example', 'http://b.example']],
  ];
  for (const [text, expected] of cases) assert.deepEqual(links(text), expected, text);
});

test('a hostile text takes linear time', () => {
  // Time of this process alone, so that a busy machine fails nothing; a square of these lengths takes hours.
  const begun = process.cpuUsage();
  for (const part of ['http://', '(', 'mailto:', 'https://a.example/(', '.', 'http://a)']) links(part.repeat(100_000));
  assert.ok(process.cpuUsage(begun).user < 20_000_000);
});

test('marks and links may cross', () => {
  const pieces: Piece[] = [
    { text: 'at http://a.ex', mark: false },
    { text: 'ample/bud', mark: true },
    { text: 'get now', mark: false },
  ];
  assert.deepEqual(layRuns(pieces), [
    { href: null, pieces: [{ text: 'at ', mark: false }] },
    {
      href: 'http://a.example/budget',
      pieces: [
        { text: 'http://a.ex', mark: false },
        { text: 'ample/bud', mark: true },
        { text: 'get', mark: false },
      ],
    },
    { href: null, pieces: [{ text: ' now', mark: false }] },
  ]);
});

test('control characters are shown', () => {
  assert.deepEqual(showControls('a\u202Ecod.exe\u0007'), [
    { text: 'a', control: null },
    { text: 'RLO', control: 'RLO' },
    { text: 'cod.exe', control: null },
    { text: 'U+0007', control: 'U+0007' },
  ]);
  assert.deepEqual(showControls('a\r\n\tb'), [{ text: 'a b', control: null }]);
  assert.deepEqual(showControls(''), []);
});

test('a domain that could be mistaken for another is shown in its plain form', () => {
  assert.equal(plainDomain('amy@аpple.com'), 'xn--pple-43d.com');
  assert.equal(plainDomain('amy@apple.com'), null);
  assert.equal(plainDomain('j@münchen.example'), 'xn--mnchen-3ya.example');
  assert.equal(plainDomain('a@é/x'), null);
});

function block(kind: Block['kind'], depth: number, text: string, mark = false): Block {
  return { kind, depth, pieces: [{ text, mark }] };
}

test('neighbouring quotes fold together and open when they hold a mark', () => {
  const folds = foldBlocks([
    block('own', 0, 'yes\n'),
    block('quoted', 1, 'one\n\n'),
    block('quoted', 2, 'two\nthree', true),
    block('own', 0, '\n'),
    block('signature', 0, '-- \nAmy'),
  ]);
  assert.deepEqual(
    folds.map(({ kind, lines, marked }) => [kind, lines, marked]),
    [['own', 1, false], ['quoted', 3, true], ['signature', 2, false]],
  );
});

test('quoted lines lose their marks of quoting, wherever the pieces end', () => {
  const pieces: Piece[] = [
    { text: '> one\n> t', mark: false },
    { text: 'w', mark: true },
    { text: 'o\n>> three\n >four > five\n', mark: false },
  ];
  assert.equal(plainText(unquote(pieces, 2)), 'one\ntwo\nthree\nfour > five\n');
  assert.deepEqual(unquote(pieces, 2)[1], { text: 't', mark: false });
  assert.equal(plainText(unquote(pieces, 1)), 'one\ntwo\n> three\nfour > five\n');
  assert.equal(plainText(unquote([{ text: '| > a\n|-- b | c', mark: false }], 2)), 'a\n|-- b | c');
  assert.equal(plainText(unsign([{ text: '-- \nAmy', mark: false }])), 'Amy');
  assert.equal(plainText(trimLines([{ text: ' \n\n  a\n', mark: false }, { text: 'b\n\n', mark: true }])), '  a\nb');
  assert.deepEqual(trimLines([{ text: '\n\n', mark: false }]), []);
});

test('a snippet is shortened so that its first mark is in sight', () => {
  const pieces: Piece[] = [{ text: 'a long way before the ', mark: false }, { text: 'hit', mark: true }, { text: ' and on', mark: false }];
  assert.equal(plainText(leadIn(pieces, 12)), '… before the hit and on');
  assert.equal(leadIn(pieces, 50), pieces);
  assert.equal(plainText(leadIn([{ text: 'x'.repeat(50), mark: false }, { text: 'hit', mark: true }], 5)), '… xxxxxhit');
  const plain: Piece[] = [{ text: 'nothing is marked here', mark: false }];
  assert.equal(leadIn(plain, 5), plain);
});

test('dates are those of the archive’s zone, and tell their offset', () => {
  // New York, spring of 2003: summer time began on 6 April at 7:00 UTC.
  useZone([[-9e15, -18_000], [1_049_612_400, -14_400]]);
  assert.equal(formatDay(1_047_430_000), '11 Mar 2003');
  assert.equal(formatMonth(1_049_166_000), 'Mar 2003');
  assert.equal(formatMoment(1_047_474_311), 'Wed, 12 March 2003, 08:05 UTC−5');
  assert.match(formatMoment(1_049_612_399), /01:59 UTC−5$/);
  assert.match(formatMoment(1_049_612_400), /03:00 UTC−4$/);
  assert.equal(formatSenderClock(1_047_474_311, -300), '');
  assert.equal(formatSenderClock(1_047_474_311, 0), '13:05 UTC');
  // The first offset holds before its own time too.
  useZone([[1_000_000_000, 20_700]]);
  assert.match(formatMoment(0), /05:45 UTC\+5:45$/);
  useZone([]);
});

test('a preview that the build cut ends with an ellipsis', () => {
  assert.equal(shownPreview('The harbour was quiet and the fe'.slice(0, 30)), 'The harbour was quiet and the…');
  assert.equal(shownPreview('The harbour was quiet and the ferr'.slice(0, 20)), 'The harbour was quie…');
  assert.equal(shownPreview('See you on the quay.'), 'See you on the quay.');
  assert.equal(shownPreview('A text that fits'), 'A text that fits');
  assert.equal(shownPreview('cut by the text’s own…'), 'cut by the text’s own…');
  assert.equal(shownPreview(''), '');
});

test('only what may be lost is called damage', () => {
  assert.equal(isDamage({ kind: 'no-message-id', detail: '' }), false);
  assert.equal(isDamage({ kind: 'truncated', detail: '' }), true);
  assert.equal(isDamage({ kind: 'of a later version', detail: '' }), true);
  assert.equal(remarkText({ kind: 'no-message-id', detail: '' }), 'It has no Message-ID');
  assert.equal(remarkText({ kind: 'toString', detail: 'x' }), 'toString (x)');
});

test('the sheet names every operator that searches', () => {
  const examples = OPERATORS.flatMap(({ rows }) => rows.map(([example]) => example)).join(' ');
  const names = ['from', 'to', 'onlyto', 'cc', 'bcc', 'with', 'subject', 'body', 'new', 'quoted', 'filename', 'has', 'date', 'after', 'before', 'older_than', 'newer_than', 'docid', 'case', 'release', 'exemption'];
  for (const name of names) assert.ok(new RegExp(`(^|[ (-])${name}:`).test(examples), name);
  for (const sign of [/"\w+ \w+"/, / OR /, /\(\w/, /(^| )-\w/, /\w\*/]) assert.match(examples, sign);
});

test('dates of an archive without a zone are of UTC, and an impossible one is none', () => {
  assert.equal(formatDay(1047474311), '12 Mar 2003');
  assert.equal(formatDay(null), '');
  assert.equal(formatDay(1e300), '');
  assert.deepEqual([-62_167_219_200, -1, 253_402_300_800, 8.64e12].map(formatMoment), [
    'Sat, 1 January 0, 00:00 UTC',
    'Wed, 31 December 1969, 23:59 UTC',
    'Sat, 1 January 10000, 00:00 UTC',
    'Sat, 13 September 275760, 00:00 UTC',
  ]);
  assert.equal(isoMoment(-1), '1969-12-31T23:59:59.000Z');
  assert.equal(formatSenderClock(1047474311, 60), '14:05 UTC+1');
  assert.equal(formatSenderClock(1047474311, -210), '09:35 UTC−3:30');
  assert.equal(formatSenderClock(1047474311, 0), '');
  assert.equal(formatSenderClock(1e300, 60), '');
});

test('numbers have a comma at each thousand', () => {
  assert.deepEqual([0, 999, 1000, 12_345, 1_234_567, 1_000_000_000].map(formatNumber), ['0', '999', '1,000', '12,345', '1,234,567', '1,000,000,000']);
});

test('sizes and times are short', () => {
  assert.deepEqual([0, 1, 999, 1000, 12_345, 999_600, 2.5e9].map(formatSize), ['0 bytes', '1 byte', '999 bytes', '1.0 kB', '12 kB', '1.0 MB', '2.5 GB']);
  assert.deepEqual([0.2, 12.4, 1234].map(formatDuration), ['1 ms', '12 ms', '1.2 s']);
});

test('keys are the page’s only where no text is typed', () => {
  const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, target: null, ...more });
  assert.equal(keyAction(press('j'), false), 'next');
  assert.equal(keyAction(press('j'), true), null);
  assert.equal(keyAction(press('Escape'), true), 'back');
  assert.equal(keyAction(press('k', { metaKey: true }), false), null);
  assert.equal(keyAction(press('q'), false), null);
  assert.equal(keyAction(press('ArrowDown', { shiftKey: true }), false), 'pickNext');
  assert.equal(keyAction(press('x', { shiftKey: true }), true), null);
  assert.deepEqual(['Home', 'End', 'PageUp', 'PageDown'].map((key) => keyAction(press(key), false)), ['first', 'last', 'pageUp', 'pageDown']);
  assert.equal(keyAction(press('Home'), true), null);
});

test('the HTML says by itself why a page from a disk does not search', () => {
  const page = readFileSync('src/page/index.html', 'utf8');
  const app = /<maildex-app[^]*<\/maildex-app>/.exec(page)?.[0] ?? '';
  assert.match(app.replace(/<noscript>[^]*?<\/noscript>/, ''), /class="notice unstarted"[^]*maildex serve FOLDER/);
  assert.match(app, /<noscript>[^]*JavaScript[^]*<\/noscript>/);
  assert.doesNotMatch(page, /<script(?![^>]* src=)|\son\w+=/);
});
