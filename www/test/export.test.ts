import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Line, Message } from '../src/shared/engine.ts';
import { csvRow, csvTitles, exported, mboxEntry } from '../src/shared/export.ts';

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
  const entry = mboxEntry(message(headers, 'Hi\r\nFrom here\n>From there\n>>x\n\n\n'));
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
  assert.match(mboxEntry(message([], '', { date: null })), /^From maildex@localhost Thu Jan  1 00:00:00 1970\n/);
});
