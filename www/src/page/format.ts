/** Numbers, dates and sizes in words. Dates are shown in UTC, so that a shared link shows everyone the same. */

/** The page speaks English; an English-speaking reader gets the own way of writing dates. */
function locale(): string {
  const own = typeof navigator === 'undefined' ? '' : navigator.language;
  return own.startsWith('en-') ? own : 'en-GB';
}

const NUMBER = new Intl.NumberFormat('en');
const UTC = { timeZone: 'UTC' } as const;
const DAY = new Intl.DateTimeFormat(locale(), { ...UTC, day: 'numeric', month: 'short', year: 'numeric' });
const MONTH = new Intl.DateTimeFormat(locale(), { ...UTC, month: 'short', year: 'numeric' });
const MOMENT = new Intl.DateTimeFormat(locale(), {
  ...UTC,
  weekday: 'short',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** The last second that a `Date` can hold; a forged archive may say more. */
const LAST_SECOND = 8.64e12;

export function formatNumber(value: number): string {
  return NUMBER.format(value);
}

/** `12 Mar 2003`; empty when there is no date. */
export function formatDay(seconds: number | null): string {
  return formatWith(DAY, seconds);
}

/** `Mar 2003`. */
export function formatMonth(seconds: number | null): string {
  return formatWith(MONTH, seconds);
}

/** `Wed, 12 March 2003, 13:05 UTC`. */
export function formatMoment(seconds: number | null): string {
  const text = formatWith(MOMENT, seconds);
  return text === '' ? '' : `${text} UTC`;
}

/** For `<time datetime>`; empty when there is no date. */
export function isoMoment(seconds: number | null): string {
  return isShown(seconds) ? new Date(seconds * 1000).toISOString() : '';
}

/** The sender's clock, `14:05 +01:00`; empty when it is that of UTC or not told. */
export function formatSenderClock(seconds: number | null, zone: number | null): string {
  if (!isShown(seconds) || zone == null || zone === 0 || Math.abs(zone) > 24 * 60) return '';
  const local = new Date((seconds + zone * 60) * 1000).toISOString().slice(11, 16);
  const minutes = Math.abs(zone);
  const offset = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return `${local} ${zone < 0 ? '−' : '+'}${offset}`;
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

function formatWith(format: Intl.DateTimeFormat, seconds: number | null): string {
  return isShown(seconds) ? format.format(seconds * 1000) : '';
}

function isShown(seconds: number | null): seconds is number {
  return seconds != null && Math.abs(seconds) <= LAST_SECOND;
}
