/** The calendar of an archive: a row a year, a cell a month. No elements here. */
import type { FacetValue } from '../shared/engine.ts';

export interface Year {
  readonly kind: 'year';
  readonly year: number;
  readonly messages: number;
  /** From January on; null before the first message and after the last, where silence says nothing. */
  readonly months: readonly (number | null)[];
}

/** Years in a row without a message. */
export interface Gap {
  readonly kind: 'gap';
  readonly from: number;
  readonly to: number;
}

/** More silent years than this in a row are one line: a clock that was never set puts a message into 1970. */
const GAP = 2;

/** The rows for the months with messages, as `month` facets tell them: ascending, `2001-05`. */
export function calendar(months: readonly Pick<FacetValue, 'value' | 'messages'>[]): (Year | Gap)[] {
  const counts = new Map<number, number>();
  for (const { value, messages } of months) {
    const [year, month] = value.split('-').map(Number);
    if (year !== undefined && month !== undefined && month >= 1 && month <= 12) counts.set(year * 12 + month - 1, messages);
  }
  const all = [...counts.keys()];
  const [first, last] = [all.reduce((a, b) => Math.min(a, b), Infinity), all.reduce((a, b) => Math.max(a, b), -Infinity)];
  const years = [...new Set(all.map((month) => Math.floor(month / 12)))].sort((a, b) => a - b);
  const rows: (Year | Gap)[] = [];
  const push = (year: number): void => {
    const cells = Array.from({ length: 12 }, (_, at) => {
      const month = year * 12 + at;
      return month < first || month > last ? null : (counts.get(month) ?? 0);
    });
    rows.push({ kind: 'year', year, months: cells, messages: cells.reduce<number>((sum, n) => sum + (n ?? 0), 0) });
  };
  years.forEach((year, at) => {
    const before = years[at - 1] ?? year - 1;
    if (year - before - 1 > GAP) rows.push({ kind: 'gap', from: before + 1, to: year - 1 });
    else for (let silent = before + 1; silent < year; silent++) push(silent);
    push(year);
  });
  return rows;
}

/** How dark a cell is, from 0 to 1: by the square root, so that quiet months differ too. */
export function shade(messages: number, most: number): number {
  return messages <= 0 || most <= 0 ? 0 : Math.sqrt(Math.min(1, messages / most));
}

/** `999`, `1.2k`, `12k`: what fits a cell. */
export function short(n: number): string {
  if (n < 1000) return String(n);
  const [value, unit] = n < 999_500 ? [n / 1000, 'k'] : [n / 1_000_000, 'M'];
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)}${unit}`;
}
