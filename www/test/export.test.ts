import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Line, Message } from '../src/shared/engine.ts';
import { csvRow, csvTitles, exported, mboxEntry } from '../src/rooms/export.ts';
import { mailName } from '../src/rooms/files.ts';
import { crc32, Zip, ZipFull } from '../src/rooms/zip.ts';

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const joined = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('utf8');
const plain = (text: string) => [{ text, mark: false }];

const line: Line = {
  key: '0123456789abcdef',
  date: 1_000_000_000,
  from: [...plain('=cmd|'), { text: 'Amy', mark: true }],
  subject: plain('a "b", c'),
  preview: '-1+1\nx',
  attachments: true,
  html: false,
  threadSize: 3,
  kind: 'message',
  missing: false,
  misdated: false,
};

function message(headers: Message['headers'], text: string, own: Partial<Line> = {}): Message {
  const blocks = [{ kind: 'own', depth: 0, pieces: plain(text) }] as const;
  return { line: { ...line, ...own }, messageId: 'a@b', headers, from: [{ name: 'Amy "A" \r\nBcc: x', address: 'amy@acme.example' }], to: [], cc: [], zone: null, blocks, attachments: [], hasSource: false, hasHtml: false, places: [], problems: [] };
}

test('a line of the table holds no formula', () => {
  assert.equal(csvTitles(), 'key,date,from,subject,snippet,attachments,conversation,link\n');
  const row = csvRow(exported(line, null, 'https://a.example/x/'));
  assert.equal(row, `0123456789abcdef,2001-09-09T01:46:40Z,'=cmd|Amy,"a ""b"", c","'-1+1\nx",yes,3,https://a.example/x/#m=0123456789abcdef\n`);
});

test('dates that no clock has are left out', () => {
  for (const date of [null, 1e15, -1e15]) assert.equal(exported({ ...line, date }, null, '').date, '');
});

test('a reconstructed message says so, and its text ends no message', () => {
  const headers = [
    { name: 'From', value: 'somebody else' },
    { name: 'X-Note', value: 'x\r\n\r\nFrom evil Thu' },
    { name: 'Content-Type', value: 'multipart/mixed; boundary=x' },
    { name: 'X-Maildex-Reconstructed', value: 'no' },
    { name: 'Bad name', value: 'left out' },
  ];
  const entry = joined(mboxEntry(message(headers, 'Hi\r\nFrom here\n>From there\n>>x\n\n\n'), null));
  assert.equal(
    entry,
    [
      'From maildex@localhost Sun Sep  9 01:46:40 2001',
      'Message-ID: <a@b>',
      'Date: Sun, 09 Sep 2001 01:46:40 +0000',
      'From: "Amy \\"A\\" Bcc: x" <amy@acme.example>',
      'Subject: a "b", c',
      'X-Note: x',
      ' From evil Thu',
      'X-Maildex-Reconstructed: headers and text as an archive keeps them; attachments and layout are not in it',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      'Hi',
      '>From here',
      '>>From there',
      '>>x',
      '',
      '',
    ].join('\n'),
  );
  assert.match(joined(mboxEntry(message([], '', { date: null }), null)), /^From maildex@localhost Thu Jan  1 00:00:00 1970\n/);
});

test('an original stands in a mailbox byte for byte but for the marks of mboxrd', () => {
  const entry = (text: string | Uint8Array<ArrayBuffer>): string => {
    const original = typeof text === 'string' ? bytes(text) : text;
    return Buffer.concat(mboxEntry(message([], ''), original)).toString('latin1').replace(/^From maildex@localhost .*\n/, '');
  };
  assert.equal(entry('Subject: x\r\n\r\nFrom me\r\n>>From you\r\n> From\r\nFrom: z\r\n'), 'Subject: x\r\n\r\n>From me\r\n>>>From you\r\n> From\r\nFrom: z\r\n\n');
  assert.equal(entry('no end'), 'no end\n\n');
  assert.equal(entry(''), '\n\n');
  assert.equal(entry('From a\nFrom b'), '>From a\n>From b\n\n');
  assert.equal(entry(Uint8Array.of(0x46, 0xe9, 0, 0xff, 10)), 'F\u00e9\u0000\u00ff\n\n');
});

test('names of mail in a zip lead nowhere, hide nothing and are no device', () => {
  const name = (subject: string, date: number | null = 1e9): string => mailName({ ...line, date, subject: plain(subject) });
  assert.equal(name('Budget'), '2001-09-09 Budget 0123456789abcdef.eml');
  assert.equal(name('../../etc/passwd'), '2001-09-09 etc passwd 0123456789abcdef.eml');
  assert.equal(name('C:\\Windows\\x'), '2001-09-09 C_ Windows x 0123456789abcdef.eml');
  assert.equal(name('CON'), '2001-09-09 _CON 0123456789abcdef.eml');
  for (const empty of ['', '..', '\u0000\n', '/']) assert.equal(name(empty), '2001-09-09 0123456789abcdef.eml');
  for (const date of [null, 1e15, -1e15, 8.64e12]) assert.equal(name('', date), 'undated 0123456789abcdef.eml');
  for (const odd of ['a\u202efdp.exe', 'x'.repeat(5000), '\ud800', '<>:"|?*', ' .. / .. ', '😀'.repeat(100), 'a\r\nb', '~/.ssh']) {
    assert.match(name(odd), /^2001-09-09 [^/\\\p{Cc}\u202e<>:"|?*]*0123456789abcdef\.eml$/u);
    assert.ok(bytes(name(odd)).length < 255, odd);
  }
});

test('a zip reads back, and no name is there twice', async () => {
  assert.equal(crc32([bytes('1234'), bytes('56789')]), 0xcbf43926);
  const zip = new Zip();
  const files = [['a.eml', 'one'], ['A.eml', 'two'], ['a.eml', ''], ['ü 😀.eml', 'four\u0000']] as const;
  for (const [name, text] of files) zip.add(name, 1e9, [bytes(text)]);
  zip.add('old.eml', -1e12, []);
  const whole = Buffer.from(await new Blob([...zip.end()]).arrayBuffer());
  const end = whole.length - 22;
  assert.equal(whole.readUInt32LE(end), 0x06054b50);
  const read: [string, string][] = [];
  let at = whole.readUInt32LE(end + 16);
  for (let n = whole.readUInt16LE(end + 10); n > 0; n--) {
    assert.equal(whole.readUInt32LE(at), 0x02014b50);
    const [sum, size, length, file] = [whole.readUInt32LE(at + 16), whole.readUInt32LE(at + 24), whole.readUInt16LE(at + 28), whole.readUInt32LE(at + 42)];
    assert.equal(whole.readUInt32LE(file), 0x04034b50);
    assert.deepEqual(whole.subarray(file + 4, file + 30), whole.subarray(at + 6, at + 32), 'both heads say the same');
    const content = whole.subarray(file + 30 + length, file + 30 + length + size);
    assert.equal(crc32([content]), sum);
    read.push([whole.toString('utf8', at + 46, at + 46 + length), content.toString('utf8')]);
    at += 46 + length;
  }
  assert.equal(at, end);
  assert.deepEqual(read, [['a.eml', 'one'], ['A-2.eml', 'two'], ['a-3.eml', ''], ['ü 😀.eml', 'four\u0000'], ['old.eml', '']]);
});

test('a zip that would be too large says so before it is wrong', () => {
  const zip = new Zip();
  for (let n = 0; n < 0xffff; n++) zip.add(`${n}.eml`, null, []);
  assert.throws(() => zip.add('one more.eml', null, []), ZipFull);
  const piece = new Uint8Array(1 << 26);
  const large = Array.from({ length: 64 }, () => piece);
  assert.throws(() => new Zip().add('large.eml', null, large), ZipFull);
});
