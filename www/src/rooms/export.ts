/** Messages as files for other programs: a table, a list of objects, a mailbox. */
import { csvCell } from '../shared/csv.ts';
import type { Line, Message, Person, Piece } from '../shared/engine.ts';

/** What is told of a message. */
export interface Exported {
  readonly key: string;
  /** ISO 8601, in UTC; empty without a date. */
  readonly date: string;
  readonly from: string;
  readonly subject: string;
  /** A stretch of the text: around what was found, or its beginning. */
  readonly snippet: string;
  readonly attachments: boolean;
  /** Messages in its conversation. */
  readonly conversation: number;
  readonly link: string;
}

/** The last second that a `Date` can hold; a forged archive may say more. */
const LAST_SECOND = 8.64e12;

/** `page` is the address that a key is added to. */
export function exported(line: Line, snippet: readonly Piece[] | null, page: string): Exported {
  const { key, date, attachments, threadSize } = line;
  return {
    key,
    date: date === null || Math.abs(date) > LAST_SECOND ? '' : new Date(date * 1000).toISOString().replace('.000Z', 'Z'),
    from: text(line.from),
    subject: text(line.subject),
    snippet: snippet === null ? line.preview : text(snippet),
    attachments,
    conversation: threadSize,
    link: `${page}#m=${key}`,
  };
}

const TITLES = ['key', 'date', 'from', 'subject', 'snippet', 'attachments', 'conversation', 'link'] as const;

export function csvTitles(): string {
  return `${TITLES.join(',')}\n`;
}

/** A line of the table. */
export function csvRow(row: Exported): string {
  const cells = TITLES.map((title) => row[title]);
  return `${cells.map((cell) => csvCell(typeof cell === 'boolean' ? (cell ? 'yes' : 'no') : String(cell))).join(',')}\n`;
}

/** Headers that tell how a body was packed, which here is text. */
const PACKING = /^(?:mime-version|content-.*|x-maildex-.*)$/i;
/** Headers that are made of what the archive has read of them. */
const READ = /^(?:from|to|cc|subject|message-id)$/i;
/** What a field name may be (RFC 5322, section 3.6.8). */
const NAME = /^[!-9;-~]+$/;

/** A message as an mbox has it, from its original or put together. Lines that begin as a separator are quoted as in mboxrd. */
export function mboxEntry(message: Message, original: Uint8Array<ArrayBuffer> | null): Uint8Array<ArrayBuffer>[] {
  const separator = new TextEncoder().encode(`From maildex@localhost ${asctime(dateOf(message.line))}\n`);
  const parts = quoted(original ?? new TextEncoder().encode(reconstructed(message)));
  const isEnded = parts.at(-1)?.at(-1) === NEW_LINE;
  return [separator, ...parts, new TextEncoder().encode(isEnded ? '\n' : '\n\n')];
}

function dateOf({ date }: Line): Date {
  return date === null || Math.abs(date) > LAST_SECOND ? new Date(0) : new Date(date * 1000);
}

/**
 * A message put together from what the archive keeps: its headers, decoded (RFC 6532), and its text. No attachment is in
 * it, and a header of its own says so.
 */
export function reconstructed(message: Message): string {
  const { line, messageId, from, to, cc, headers, blocks } = message;
  const date = dateOf(line);
  const others = headers.filter(({ name }) => NAME.test(name) && !PACKING.test(name) && !READ.test(name));
  const isDated = line.date === null || others.some(({ name }) => /^date$/i.test(name));
  const head = [
    { name: 'Message-ID', value: messageId === '' ? '' : `<${messageId}>` },
    { name: 'Date', value: isDated ? '' : date.toUTCString().replace('GMT', '+0000') },
    { name: 'From', value: addresses(from) },
    { name: 'To', value: addresses(to) },
    { name: 'Cc', value: addresses(cc) },
    { name: 'Subject', value: text(line.subject) },
    ...others,
  ]
    .filter(({ value }) => value !== '')
    // A line end in a header would begin another one, or the text.
    .map(({ name, value }) => `${name}: ${value.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== '').join('\n ')}`);
  const body = blocks.map(({ pieces }) => text(pieces)).join('').replace(/\r\n?/g, '\n');
  return [
    ...head,
    'X-Maildex-Reconstructed: headers and text as an archive keeps them; attachments and layout are not in it',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    body.replace(/\n+$/, ''),
    '',
  ].join('\n');
}

/** `"Amy Lee" <amy@acme.example>, …` (RFC 5322, section 3.4). */
function addresses(people: readonly Person[]): string {
  const plain = (text: string): string => text.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
  return people
    .map(({ name, address }) => {
      const mailbox = `<${plain(address).replace(/[<>]/g, '')}>`;
      return plain(name) === '' ? mailbox : `"${plain(name).replace(/["\\]/g, '\\$&')}" ${mailbox}`;
    })
    .join(', ');
}

const NEW_LINE = 10;
const QUOTE = 62;
const FROM = [70, 114, 111, 109, 32] as const;

/** As mboxrd has it: one more `>` on each line that is a separator behind any number of them. Bytes, as mail has any charset. */
function quoted(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let from = 0;
  for (let line = 0; line < bytes.length; line = next(bytes, line)) {
    let at = line;
    while (bytes[at] === QUOTE) at++;
    if (!FROM.every((byte, idx) => bytes[at + idx] === byte)) continue;
    parts.push(bytes.subarray(from, line), Uint8Array.of(QUOTE));
    from = line;
  }
  return [...parts, bytes.subarray(from)];
}

/** Where the line behind this one begins. */
function next(bytes: Uint8Array, line: number): number {
  const end = bytes.indexOf(NEW_LINE, line);
  return end < 0 ? bytes.length : end + 1;
}

/** `Thu Jan  1 00:00:00 1970`. */
function asctime(date: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${date.toUTCString().slice(0, 3)} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
}

function text(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join('');
}
