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
