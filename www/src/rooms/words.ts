/** The texts of the rooms, in one place, so that another language is another file. */
import { conversations, formatDate, formatNumber, messages } from '../page/kit.ts';

export const WORDS = {
  loading: 'Loading…',
  saveFile: 'Save',
  notShown: 'Files of this kind are not shown here. Open what you save only if you trust its sender.',
  cutText: 'This is its beginning; saving gives all of it.',
  browseTitle: 'Browse',
  calendar: 'Messages by month',
  year: 'Year',
  all: 'All',
  months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  silent: 'silent',
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
  zipFull: 'A zip file holds 65,535 messages and 4 GB at most: take fewer of them, or a mailbox',
  mailHint: 'Messages are as they came where the archive keeps originals. Others are put together from their headers and text, without attachments, and say so.',
  saved: 'in the file.',
  narrow: 'Only those found by',
  missingHint: 'Mail that there was, or must have been, and that this archive does not hold.',
  mentioned: 'Mentioned and never seen',
  mentionedHint: 'Messages that others answer or refer to, by their Message-ID.',
  quotedOnly: 'Quoted, but absent',
  quotedOnlyHint: 'Messages that stand inside others, with sender and date, and not here by themselves.',
  skipped: 'Skipped numbers',
  skippedHint: 'Numbers that a series, otherwise without gaps, leaves out.',
  listed: 'Text not in this copy',
  listedHint: 'Documents that are known and lie elsewhere: they are not missing, only their text is not here.',
  nothingMissing: 'Nothing is known to be missing',
  nothingMissingHint: 'No message refers to one that is not here, and no month is silent.',
  silentMonths: 'Silent months',
  silentHint: 'Months without a message between others that have some.',
  calendarLink: 'See the calendar',
  aMessage: 'a message',
  source: 'Source',
  licence: 'Licence',
  contact: 'Contact',
  holds: 'Holds',
  made: 'Made',
  tellsNothing: 'This archive tells nothing else of itself: it was made by an earlier version.',
  notRead: 'What could not be read',
  notReadHint: 'Files and messages that lay among the mail and are not in the archive, or not wholly, each kind with the first of them.',
  allRead: 'Everything that was there was read.',
  damaged: 'Kept although damaged',
  damagedHint: 'These messages are in the archive; something of them is lost or doubtful.',
  remarks: 'Remarks',
  inputs: 'What it was made of',
  inputsHint: 'With these sums whoever has an input can check that this archive was made of it.',
  noSum: 'No sum is told: it could not be read a second time, or something of it was left out.',
  howMany: 'How many',
  reason: 'Reason and example',
  example: 'e.g.',
  whoWrites: 'Who writes',
  whoToWhom: 'Who writes to whom',
  findPerson: 'A name or an address',
  findPersonLabel: 'Find a person',
  nobodyFound: 'Nobody is called so.',
  noSenders: 'Nobody has written anything',
  noSendersHint: 'No message that fits this search names who sent it.',
  tiedBy: 'What ties people',
  letters: 'By letters',
  conversations: 'By conversations',
  noLetters: 'None of these people names another as a recipient.',
  noConversations: 'No two of these people take part in one conversation.',
  nobodyElse: 'It takes two to correspond: all of this is by one sender.',
  asTable: 'As a table',
  one: 'One',
  other: 'The other',
  there: 'To the other',
  backThere: 'Back',
  shared: 'Conversations',
  listsLeftOut: 'The address of the list is left out of the picture: everybody writes to it.',
  allPeople: 'All people',
  firstMail: 'first on',
  lastMail: 'last on',
  alsoCalled: 'Signs as',
  alsoAt: 'The same name at',
  writesTo: 'Writes to',
  isWrittenTo: 'Is written to by',
  talksWith: 'In conversations with',
  notTold: 'Nothing of this is told by the messages.',
  noMail: 'No mail is from this person',
  noMailHint: 'The name or address may occur among recipients, or in the text.',
  searchThem: 'Search for it',
  mailWith: 'all from or to them',
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


export function others(n: number, messages: number): string {
  const people = n === 1 ? 'One other' : `${formatNumber(n)} others`;
  return `${people} wrote ${formatNumber(messages)} of these messages.`;
}

/** A person may write from several addresses, so it is these that are counted. */
export function howMany(senders: number, total: number, nobody: number): string {
  const known = `${messages(total)} by ${senders === 1 ? '1 sender' : `${formatNumber(senders)} senders`}`;
  return nobody === 0 ? known : `${known}, ${formatNumber(nobody)} without a sender`;
}

/** Recipients are counted of those people whose lists were read. */
export function countedAmong(people: number): string {
  return `Exact for the ${formatNumber(people)} people who write most here or write to them; others are not counted.`;
}

export function conversationsIn(n: number): string {
  return conversations(n);
}

export function copiesMerged(n: number): string {
  return n === 1 ? '1 copy merged' : `${formatNumber(n)} copies merged`;
}

export function keptDamaged(n: number): string {
  return `${formatNumber(n)} kept although damaged`;
}

export function builtBy(version: string): string {
  return version === '' ? '' : `with Maildex ${version}`;
}

export function ofFiles(n: number): string {
  return `${formatNumber(n)} files`;
}

export function listing(files: number): string {
  return `SHA-256 of the listing of ${formatNumber(files)} files`;
}

/** `3 Sep 2003` of `2003-09-03`, as days are told elsewhere; another text as it is. */
export function dayIn(text: string): string {
  const date = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? text : Number.NaN);
  return Number.isNaN(date.getTime()) ? text : formatDate(date);
}

/** Between which days something must lie, as far as that is known. */
export function lies(notBefore: string, notAfter: string): string {
  if (notBefore !== '' && notAfter !== '') return notBefore === notAfter ? `on ${dayIn(notBefore)}` : `between ${dayIn(notBefore)} and ${dayIn(notAfter)}`;
  if (notAfter !== '') return `before ${dayIn(notAfter)}`;
  return notBefore === '' ? '' : `after ${dayIn(notBefore)}`;
}

export function mentionedBy(n: number): string {
  return n === 1 ? 'in 1 message' : `in ${formatNumber(n)} messages`;
}

export function allOf(n: number): string {
  return `All ${formatNumber(n)}`;
}

/** `2 months; 12 messages in the month before, 40 in the month after`. */
export function monthsSilent(n: number, before: number, after: number): string {
  return `${n === 1 ? '1 month' : `${formatNumber(n)} months`}; ${messages(before)} in the month before, ${formatNumber(after)} in the month after`;
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

export type TakeFormat = 'csv' | 'json' | 'mbox' | 'zip';

export const FORMATS: Record<TakeFormat, { readonly name: string; readonly hint: string }> = {
  csv: { name: 'CSV', hint: 'a table for spreadsheets: date, sender, subject, snippet, link' },
  json: { name: 'JSON', hint: 'the same for programs' },
  mbox: { name: 'mbox', hint: 'a mailbox for mail programs' },
  zip: { name: 'zip', hint: 'a file for each message (.eml)' },
};

export function rebuilt(n: number): string {
  return `${formatNumber(n)} of them put together from headers and text: this archive does not keep their originals.`;
}

export function ofPicked(n: number): string {
  return n === 1 ? '1 message that you picked' : `${formatNumber(n)} messages that you picked`;
}

export function progress(done: number, n: number | null): string {
  return n === null ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(n)}`;
}
