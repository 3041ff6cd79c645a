/**
 * Numbers, dates and sizes in words. Dates are those of the archive's time zone, in which the engine cuts days too, and
 * not of the reader's: a shared link shows everyone the same.
 */
import type { Zone } from '../shared/engine.ts';

/**
 * Written out here, as numbers are: a browser's first use of `Intl` takes some 35 ms (Chromium on a laptop), which is a
 * tenth of a second of a phone that answers nothing while the page opens.
 */
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');

/** The page speaks English; a reader from where the month comes first gets dates so. */
const IS_MONTH_FIRST = typeof navigator !== 'undefined' && /^en-(US|CA|PH)$/.test(navigator.language);

/** A page shows one archive, so its zone is told once, when the archive is open. */
let zone: Zone = [];

export function useZone(transitions: Zone): void {
  zone = transitions;
}

/** Seconds east of UTC in the archive's zone; the first offset also holds before its own time, as in the engine. */
function zoneOffset(seconds: number): number {
  const next = zone.findIndex(([from]) => from > seconds);
  return zone[Math.max(0, (next < 0 ? zone.length : next) - 1)]?.[1] ?? 0;
}

/** The last second that a `Date` can hold; a forged archive may say more. */
const LAST_SECOND = 8.64e12;

export function formatNumber(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `12 Mar 2003`; empty when there is no date. */
export function formatDay(seconds: number | null): string {
  const date = localDate(seconds);
  return date === null ? '' : formatDate(date);
}

/** The day of a date's UTC fields, `12 Mar 2003`. */
export function formatDate(date: Date): string {
  return dayOf(date, monthOf(date).slice(0, 3));
}

/** `Mar 2003`. */
export function formatMonth(seconds: number | null): string {
  const date = localDate(seconds);
  return date === null ? '' : `${monthOf(date).slice(0, 3)} ${date.getUTCFullYear()}`;
}

/** `Wed, 12 March 2003, 14:05 UTC+1`. */
export function formatMoment(seconds: number | null): string {
  const date = localDate(seconds);
  if (date === null || seconds === null) return '';
  return `${DAYS[date.getUTCDay()]}, ${dayOf(date, monthOf(date))}, ${clockOf(date)} UTC${formatOffset(zoneOffset(seconds))}`;
}

/** For `<time datetime>`; empty when there is no date. */
export function isoMoment(seconds: number | null): string {
  return isShown(seconds) ? new Date(seconds * 1000).toISOString() : '';
}

/** The sender's clock, `13:05 UTC−4`; empty when it is that of the archive or not told. */
export function formatSenderClock(seconds: number | null, minutes: number | null): string {
  if (!isShown(seconds) || minutes == null || Math.abs(minutes) > 24 * 60) return '';
  if (minutes * 60 === zoneOffset(seconds)) return '';
  const local = seconds + minutes * 60;
  return isShown(local) ? `${clockOf(new Date(local * 1000))} UTC${formatOffset(minutes * 60)}` : '';
}

/** `+1`, `−3:30`; nothing for UTC itself. */
function formatOffset(seconds: number): string {
  if (seconds === 0) return '';
  const minutes = Math.round(Math.abs(seconds) / 60);
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`;
  return `${seconds < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest}`;
}

/** `12 bytes`, `3.4 kB`, `120 MB`: powers of 1000, as the query language's `size:` counts. */
export function formatSize(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let value = bytes;
  let unit = '';
  for (unit of ['kB', 'MB', 'GB', 'TB']) {
    value /= 1000;
    if (value < 999.5) break;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** `3 ms`, `1.2 s`. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** The moment as a date whose UTC fields are those of the archive's zone; null where there is none. */
function localDate(seconds: number | null): Date | null {
  if (!isShown(seconds)) return null;
  const local = seconds + zoneOffset(seconds);
  return isShown(local) ? new Date(local * 1000) : null;
}

function dayOf(date: Date, month: string): string {
  const [day, year] = [date.getUTCDate(), date.getUTCFullYear()];
  return IS_MONTH_FIRST ? `${month} ${day}, ${year}` : `${day} ${month} ${year}`;
}

function monthOf(date: Date): string {
  return MONTHS[date.getUTCMonth()] ?? '';
}

/** `14:05`: before the `T` a year may have more than four digits. */
function clockOf(date: Date): string {
  return date.toISOString().slice(-13, -8);
}

function isShown(seconds: number | null): seconds is number {
  return seconds != null && Math.abs(seconds) <= LAST_SECOND;
}
