/** Every text of the page, in one place, so that another language is another file. */
import type { ArchiveInfo, Sort } from '../shared/engine.ts';
import type { Problem } from '../shared/problem.ts';
import { formatDuration, formatMonth, formatNumber } from './format.ts';

export const SORTS: Record<Sort, string> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  relevance: 'Best match',
};

export const STRINGS = {
  skip: 'Skip to the results',
  search: 'Search',
  searchHint: 'Search mail',
  clear: 'Clear the search',
  help: 'Keys and search operators',
  sort: 'Sort',
  results: 'Results',
  loading: 'Loading',
  opening: 'Opening the archive…',
  counting: 'counting…',
  understood: 'understood as',
  noSubject: '(no subject)',
  noSender: '(no sender)',
  noDate: 'no date',
  noName: '(no name)',
  attachment: 'has an attachment',
  misdated: 'The date in this message cannot be right; it stands where its delivery puts it.',
  noHits: 'Nothing found',
  noHitsHint: 'Every word has to occur. Fewer words, a * at the end of one, or OR between two may find more.',
  emptyArchive: 'This archive holds no messages',
  emptyArchiveHint: 'It was built from inputs without mail. The build report says what they held.',
  back: 'Back to the results',
  reading: 'Message',
  conversation: 'Conversation',
  ghost: 'A message that is not in this archive',
  guessed: 'Placed here by its subject; it names no message that it answers.',
  notFound: 'This message is not in the archive',
  notFoundHint: 'The link may be for another archive, or for an older state of this one.',
  to: 'to',
  cc: 'cc',
  signature: 'Signature',
  allHeaders: 'All headers',
  source: 'Where it lay',
  problems: 'This message was damaged; this is what could be read.',
  attachments: 'Attachments',
  inline: 'inside the text',
  html: 'Show as HTML',
  text: 'Show as text',
  htmlFrame: 'The message as its sender laid it out',
  htmlEmpty: 'This message has no HTML that could be shown',
  emptyText: 'This message has no text.',
  onlyHtml: 'This message has no text of its own, only HTML.',
  retry: 'Try again',
  reload: 'Reload the page',
  close: 'Close',
  fixed: 'Fixed width',
  bidi: 'a hidden character',
} as const;

export function messages(total: number): string {
  return total === 1 ? '1 message' : `${formatNumber(total)} messages`;
}

export function countLine(total: number | null, atLeast: number): string {
  if (total != null) return messages(total);
  return `${formatNumber(atLeast)}+ messages`;
}

export function took(ms: number): string {
  return formatDuration(ms);
}

/** What the archive holds, for the page without a query. */
export function coverage(info: ArchiveInfo): string {
  const from = formatMonth(info.first);
  const to = formatMonth(info.last);
  const parts = [messages(info.messages)];
  if (from !== '') parts.push(from === to ? from : `${from} – ${to}`);
  if (info.undated > 0) parts.push(`${formatNumber(info.undated)} without a date`);
  return parts.join(', ');
}

export function threadSize(size: number): string {
  return `${formatNumber(size)} messages in this conversation`;
}

export function quotedLines(lines: number): string {
  return lines === 1 ? '1 quoted line' : `${formatNumber(lines)} quoted lines`;
}

export function morePeople(people: number): string {
  return `and ${formatNumber(people)} more`;
}

export function noteOn(part: string, text: string): string {
  return part === '' ? text : `“${part}”: ${text}`;
}

export function blockedRemote(parts: number): string {
  return parts === 1 ? '1 remote part was blocked.' : `${formatNumber(parts)} remote parts were blocked.`;
}

export function senderClock(clock: string): string {
  return `${clock} where it was sent`;
}

/** What went wrong, and what the reader can do. */
export function problemText(problem: Problem): { readonly title: string; readonly detail: string } {
  switch (problem.kind) {
    case 'offline':
      return { title: 'You are offline', detail: 'The search needs parts of the archive that are not here yet. Try again with a connection.' };
    case 'unreachable':
      return {
        title: 'The archive’s host does not answer',
        detail: `${problem.file} was asked for ${problem.tries} times (${problem.detail}). Try again in a moment.`,
      };
    case 'refused':
      return {
        title: 'A part of the archive is not there',
        detail: `The host answered ${problem.status} for ${problem.file}. If the archive was just updated, reload the page; otherwise its publisher must upload this file again.`,
      };
    case 'length':
      return {
        title: 'A part of the archive arrived with the wrong length',
        detail: `${problem.file}: expected ${formatNumber(problem.expected)} bytes, found ${formatNumber(problem.found)}. The host changes the file or an upload broke off; its publisher must upload it again.`,
      };
    case 'damaged':
      return {
        title: 'A part of the archive is damaged',
        detail: `${problem.file} does not match its checksum, also when fetched afresh (${problem.detail}). Its publisher must upload this file again; “maildex verify” shows whether the original is sound.`,
      };
    case 'manifest':
      return { title: 'The archive’s manifest cannot be read', detail: `${problem.detail}.` };
    case 'engine':
      return { title: 'The search could not answer', detail: `${problem.detail}.` };
    case 'crashed':
      return {
        title: 'The search stopped unexpectedly',
        detail: `It has been started anew (${problem.detail}). If this happens again for the same message or query, the archive may be damaged: “maildex verify” tells.`,
      };
  }
}

/** Keys, for the sheet. */
export const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/'], 'search'],
  [['j', 'k'], 'next and previous result'],
  [['Enter'], 'open the message'],
  [['Esc'], 'back'],
  [['?'], 'this sheet'],
];

/** Operators, for the sheet. */
export const OPERATORS: readonly (readonly [example: string, what: string])[] = [
  ['budget meeting', 'both words, anywhere'],
  ['"budget meeting"', 'the words side by side'],
  ['budget OR meeting', 'either word'],
  ['-draft', 'without this word'],
  ['meet*', 'words that begin so'],
  ['from:amy  to:bob  cc:carol', 'people, by name, address or domain'],
  ['subject:budget', 'only in the subject'],
  ['filename:pdf', 'names of attachments'],
  ['has:attachment', 'with an attachment'],
  ['after:2003-01-01  before:2004-01-01', 'from a day on, up to a day'],
  ['date:2003-05', 'in a year, a month or on a day'],
];
