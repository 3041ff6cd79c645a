/** The texts of the rooms, in one place, so that another language is another file. */
import { formatNumber, messages } from '../page/kit.ts';

export const WORDS = {
  browseTitle: 'Browse',
  calendar: 'Messages by month',
  year: 'Year',
  all: 'All',
  months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  silent: 'silent',
  fewer: 'fewer',
  more: 'more',
  wholeArchive: 'Whole archive',
  nothing: 'Nothing to browse',
  nothingHint: 'No message fits this search. The whole archive may have more.',
  noDates: 'No message has a date.',
  showAll: 'Show all',
  batchTitle: 'Several searches at once',
  batchHint: 'One search a line, or a file: text, or a CSV whose first column has them. Nothing leaves this browser.',
  batchExample: 'budget meeting\nfrom:amy has:attachment\n"final draft" after:2003',
  batchRun: 'Search for all',
  queries: 'Searches, one a line',
  chooseFile: 'Choose a file…',
  noTextFile: 'That file is no text in UTF-8, or too large.',
  noQueries: 'There is no search in it yet.',
  stop: 'Stop',
  query: 'Search',
  hits: 'Hits',
  withThreads: 'With conversations',
  withThreadsHint: 'Hits, and the other messages of their conversations',
  unique: 'Only here',
  uniqueHint: 'Hits that no other search of the list has',
  together: 'All together',
  downloadCsv: 'Download as CSV',
  starredTitle: 'Starred and noted',
  starredHint: 'Kept in this browser, for this archive. Save them as a file to have them elsewhere.',
  saveNotes: 'Save as a file',
  takeInNotes: 'Take in a file…',
  noNotesFile: 'That file holds no stars and notes.',
  noStars: 'Nothing starred yet',
  noStarsHint: 'A star or a note on a message brings it here. The key s stars the message that the keys are on.',
  takeTitle: 'Take away',
  takeHint: 'A file is made in this browser and saved like a download. Nothing is sent anywhere.',
  takeAll: 'The whole archive',
  takeFound: 'What is found by',
  backToResults: 'Back to the results',
  onlyPicked: 'Only the messages that I picked',
  format: 'Kind of file',
  withSnippets: 'With a snippet of the text',
  takeRun: 'Make the file',
  saved: 'in the file.',
  narrow: 'Only those found by',
} as const;

/** `No message from March 1998 to May 1999`. */
export function silence(from: string, to: string): string {
  return from === to ? `No message in ${from}` : `No message from ${from} to ${to}`;
}

export function undated(n: number): string {
  return n === 1 ? '1 message without a date' : `${formatNumber(n)} messages without a date`;
}

/** `April 2003: 12 messages`. */
export function inMonth(name: string, n: number): string {
  return `${name}: ${n === 0 ? WORDS.silent : messages(n)}`;
}

export function showRest(n: number): string {
  return `Show ${formatNumber(n)} more`;
}

export function silentMonths(n: number): string {
  return n === 1 ? '1 silent month' : `${formatNumber(n)} silent months`;
}

export function countingQueries(n: number): string {
  return n === 1 ? 'Searching…' : `Searching for ${formatNumber(n)} things…`;
}

export function batchSummary(queries: number, hits: number): string {
  return `${queries === 1 ? '1 search finds' : `${formatNumber(queries)} searches find`} ${messages(hits)}`;
}

export function tookIn(n: number): string {
  return n === 0 ? 'It holds no message.' : `${messages(n)} taken in.`;
}

export type TakeFormat = 'csv' | 'json' | 'mbox';

export const FORMATS: Record<TakeFormat, { readonly name: string; readonly hint: string }> = {
  csv: { name: 'CSV', hint: 'a table for spreadsheets: date, sender, subject, snippet, link' },
  json: { name: 'JSON', hint: 'the same for programs' },
  mbox: { name: 'mbox', hint: 'a mailbox for mail programs, reconstructed: headers and text as the archive keeps them, without attachments' },
};

export function ofPicked(n: number): string {
  return n === 1 ? '1 message that you picked' : `${formatNumber(n)} messages that you picked`;
}

export function progress(done: number, n: number | null): string {
  return n === null ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(n)}`;
}
