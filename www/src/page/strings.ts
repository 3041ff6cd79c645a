/** Every text of the page, in one place, so that another language is another file. */
import type { ArchiveInfo, FacetName, Occurrence, Sort } from '../shared/engine.ts';
import type { Problem } from '../shared/problem.ts';
import type { Load } from '../shared/protocol.ts';
import type { Room } from './fragment.ts';
import { formatDuration, formatMonth, formatNumber, formatSize } from './format.ts';

export const SORTS: Record<Sort, string> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  relevance: 'Best match',
  sender: 'By sender',
  subject: 'By subject',
  size: 'Largest first',
};

export const FACETS: Record<FacetName, string> = {
  year: 'Years',
  month: 'Months',
  people: 'From',
  label: 'Folders and labels',
  list: 'Lists',
  source: 'Sources',
  has: 'With',
  is: 'Kind',
  filetype: 'Files',
  lang: 'Languages',
};

/** The rooms of the page, in the order of the way through them. */
export const ROOMS: Record<Room, string> = {
  search: 'Search',
  browse: 'Browse',
  people: 'People',
  missing: 'Missing',
  about: 'About',
  batch: 'Several searches',
  take: 'Take away',
  starred: 'Starred',
};

export const STRINGS = {
  rooms: 'Parts of the page',
  skip: 'Skip to the results',
  search: 'Search',
  searchHint: 'Search mail',
  clear: 'Clear the search',
  help: 'Keys and search operators',
  sort: 'Sort',
  results: 'Results',
  loading: 'Loading',
  stop: 'Stop',
  opening: 'Opening the archive…',
  searching: 'Searching…',
  counting: 'counting…',
  understood: 'understood as',
  refine: 'Refine',
  suggestions: 'Suggestions',
  timeline: 'Messages over time',
  allDates: 'All dates',
  notCounted: 'Not counted.',
  threads: 'One line a conversation',
  forms: 'Match other forms of words',
  otherForm: 'another form of a word that was looked for',
  more: 'More',
  several: 'Several searches at once…',
  takeAway: 'Take these results away…',
  takePicked: 'Take away…',
  starred: 'Starred and noted messages',
  save: 'Save this search',
  unsave: 'Forget this saved search',
  pick: 'Pick messages',
  unpick: 'Done',
  recentSearch: 'searched lately',
  savedSearch: 'saved',
  aYear: 'in this year',
  forget: 'Forget these searches',
  star: 'Star',
  isStarred: 'starred',
  hasNote: 'with a note of yours',
  note: 'Note',
  openAll: 'Open all',
  cite: 'Copy citation',
  copied: 'Copied',
  noteHint: 'Kept in this browser only',
  why: 'Why this was found',
  excluded: 'not in this message, as asked',
  noSubject: '(no subject)',
  noSender: '(no sender)',
  noDate: 'no date',
  noName: '(no name)',
  attachment: 'has an attachment',
  misdated: 'The date in this message cannot be right; it stands where its delivery puts it.',
  noHits: 'Nothing found',
  noHitsHint: 'Every word has to occur. Fewer words, a * at the end of one, or OR between two may find more.',
  widen: 'Search for',
  readsHint: 'It stands in no list: the messages themselves are read for it, the newest first. You can stop at any time; more words, people or dates in the search leave fewer to read.',
  emptyArchive: 'This archive holds no messages',
  emptyArchiveHint: 'It was built from inputs without mail. The build report says what they held.',
  back: 'Back to the results',
  reading: 'Message',
  conversation: 'Conversation',
  ghost: 'A message that is not in this archive',
  quotedOnly: 'quoted only',
  notHere: 'not here',
  listed: 'text not in this copy',
  listedPdf: 'On the list of the release; its text is not in this copy.',
  skipped: 'A number that the series skips.',
  pdf: 'PDF',
  guessed: 'Placed here by its subject or by Gmail; it names no message that it answers.',
  notFound: 'This message is not in the archive',
  notFoundHint: 'The link may be for another archive, or for an older state of this one.',
  to: 'to',
  cc: 'cc',
  signature: 'Signature',
  allHeaders: 'All headers',
  source: 'Where it lay',
  problems: 'This message was damaged; this is what could be read. “All headers” tells more.',
  attachments: 'Attached',
  inline: 'Shown in the text',
  html: 'Show as HTML',
  text: 'Show as text',
  htmlFrame: 'The message as its sender laid it out',
  htmlUnsafe: 'This HTML was not made safe when the archive was built, so it is not shown.',
  showSource: 'Show the source',
  htmlEmpty: 'This message has no HTML that could be shown',
  emptyText: 'This message has no text.',
  onlyHtml: 'This message has no text of its own, only HTML.',
  retry: 'Try again',
  reload: 'Reload the page',
  close: 'Close',
  fixed: 'Fixed width',
  bidi: 'a hidden character',
} as const;

/** `Amy Lee, “Budget”, 12 Mar 2003, in: The archive, https://…` */
export function citation(of: { readonly from: string; readonly subject: string; readonly day: string; readonly archive: string; readonly link: string }): string {
  const subject = of.subject.trim() === '' ? STRINGS.noSubject : `“${of.subject.trim()}”`;
  return [of.from.trim() === '' ? STRINGS.noSender : of.from.trim(), subject, of.day, `in: ${of.archive}`, of.link].filter((part) => part !== '').join(', ');
}

export function without(filter: string): string {
  return `Search without ${filter}`;
}

export function picked(n: number): string {
  return n === 1 ? '1 picked' : `${formatNumber(n)} picked`;
}

export function messages(total: number): string {
  return total === 1 ? '1 message' : `${formatNumber(total)} messages`;
}

export function conversations(total: number): string {
  return total === 1 ? '1 conversation' : `${formatNumber(total)} conversations`;
}

export function hitsInThread(hits: number): string {
  return `${messages(hits)} of this conversation found`;
}

export function inNoMessage(words: readonly string[]): string {
  return `Nothing is found for ${words.map((word) => `“${word}”`).join(', ')}.`;
}

export function lookEverywhere(bytes: number): string {
  return `Look for similar words (reads ${formatSize(bytes)})`;
}

export function moreValues(values: number): string {
  return `and ${formatNumber(values)} more`;
}

/** How words of a message answer a query that says others; empty where they are the same. */
export function foundHow(how: Occurrence['how']): string {
  return { exact: '', prefix: 'begins so', wildcard: 'has this shape', 'typing error': 'nearly so', 'other form': 'another form', 'regular expression': 'regular expression' }[how];
}

/** What a search asks for: messages, those that are only quoted, documents whose text is elsewhere, several of these. */
export type Asked = 'messages' | 'quoted' | 'listed' | 'any';

const ASKED: Record<Asked, readonly [one: string, several: string]> = {
  messages: ['message', 'messages'],
  quoted: ['quoted message', 'quoted messages'],
  listed: ['document without text', 'documents without text'],
  any: ['entry', 'entries'],
};

export function countLine(total: number | null, atLeast: number, asked: Asked = 'messages'): string {
  const [one, several] = ASKED[asked];
  return total == null ? `${formatNumber(atLeast)}+ ${several}` : total === 1 ? `1 ${one}` : `${formatNumber(total)} ${several}`;
}

/** What an example of a search finds, where it is no person. */
export const EXAMPLES: Partial<Record<FacetName, string>> = {
  label: 'in this folder',
  list: 'on this list',
  filetype: 'with files of this kind',
  has: 'with attachments',
};

/** Those values of facets that say little as the engine calls them. */
const VALUES: ReadonlyMap<string, string> = new Map([
  ['is:root', 'first of a conversation'],
  ['is:reply', 'reply'],
  ['is:forward', 'forwarded'],
  ['is:bulk', 'sent to many'],
  ['is:list', 'to a list'],
  ['has:attachment', 'attachments'],
  ['has:link', 'web addresses'],
  ['has:thread', 'a conversation'],
  ['has:redaction', 'something taken out'],
]);

/** A value of a facet as people call it: `en` is English. */
export function valueName(facet: FacetName, value: string): string {
  if (facet !== 'lang' || value === '') return VALUES.get(`${facet}:${value}`) ?? value;
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(value) ?? value;
  } catch {
    return value;
  }
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

export function loadedOf({ loaded, wanted, scan }: Load): string {
  if (scan !== null) return `${countLine(scan.hits, scan.hits)} so far, ${Math.floor((100 * scan.read) / Math.max(scan.of, 1))} % read`;
  return `${formatSize(loaded)} of ${formatSize(wanted)}`;
}

/** What a message is that is not here: `known` is how it is known, `n` how many hold or mention it, some of them by name. */
export function absence(known: string, missing: boolean, n: number, names: string): string {
  switch (known) {
    case 'quoted':
      return missing
        ? `Known only from inside ${names}; its original is not in this archive.`
        : `Known only from inside ${names}; too little of it can be read to look for its original.`;
    case 'mentioned':
      return `Mentioned by ${n === 1 ? '1 message' : `${formatNumber(n)} messages`} (${names}), not in this archive. The subject is a likely one.`;
    case 'skipped':
      return STRINGS.skipped;
    case 'listed':
      return STRINGS.listedPdf;
    default:
      return '';
  }
}

export function andMore(n: number): string {
  return `, and ${formatNumber(n)} more`;
}

export function notAfter(day: string): string {
  return `before ${day}`;
}

/** Above the button that lets a search read so much. */
export function readsMessages(bytes: number): string {
  return `This reads up to ${formatSize(bytes)}`;
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
    case 'stopped':
      return { title: 'You have stopped this', detail: 'Nothing more is loaded for it. Try again to go on from what is already here.' };
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
    case 'absent':
      return {
        title: 'A part of the archive is not there',
        detail: `${problem.file} is missing: this copy is not complete. Copy all of it again.`,
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
    case 'page':
      return { title: 'This part of the page could not be loaded', detail: `${problem.detail}. If the archive was just updated, reload the page.` };
    case 'crashed':
      return {
        title: 'The search stopped unexpectedly',
        detail: `It has been started anew (${problem.detail}). If this happens again for the same message or query, the archive may be damaged: “maildex verify” tells.`,
      };
  }
}

/** The remarks of the build, by their names in its report. */
export const REMARKS: ReadonlyMap<string, string> = new Map([
  ['no-date', 'It has no Date header'],
  ['bad-date', 'Its Date header cannot be read'],
  ['misdated', 'Its Date header contradicts the way that it took'],
  ['no-sender', 'It names no sender'],
  ['no-message-id', 'It has no Message-ID'],
  ['unknown-charset', 'Its charset is unknown and was guessed'],
  ['bad-encoding', 'Its encoding is malformed'],
  ['too-many-parts', 'It has more parts than are read'],
  ['too-deep', 'Its parts are nested deeper than is read'],
  ['truncated', 'Its text is longer than is kept, and was cut'],
  ['attachment-cut', 'An attachment has more text than is searched'],
  ['attachment-locked', 'An attachment is encrypted and not searched'],
  ['attachment-damaged', 'An attachment is damaged or unknown, and not wholly searched'],
  ['attachment-too-large', 'An attachment is too large to be searched'],
  ['attachment-too-much', 'An attachment unpacks to more than is searched'],
  ['attachment-failed', 'An attachment could not be read in time and memory, and is not searched'],
  ['no-headers', 'It has no headers: all of it was read as text'],
  ['guessed-charset', 'It names no charset, or a wrong one; it was guessed'],
  ['bad-structure', 'Its parts are not closed, or misplaced'],
  ['html-dropped', 'Its HTML could not be kept, only the text of it'],
  ['cut', 'It is longer than is read, and was cut'],
]);
