/** Tables for spreadsheets: the report of a batch, the same as `maildex search --batch` writes, and what is read of one. */
import type { BatchCounts, BatchReply } from './engine.ts';

/**
 * One cell. A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection"); one
 * with a comma, a quote or a line end is quoted (RFC 4180).
 */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The whole report: a line of titles, one for each query, and one for all of them together. */
export function batchCsv(queries: readonly string[], reply: BatchReply): string {
  const numbers = (counts: BatchCounts | null): string[] =>
    counts === null
      ? ['', '', '', ...reply.sources.map(() => '')]
      : [counts.hits, counts.withThreads, counts.unique, ...counts.bySource].map(String);
  const sources = reply.sources.map((source) => `hits in ${source}`);
  const rows = reply.rows.map((row, idx) => [
    queries[idx] ?? '',
    ...numbers(row.counts),
    row.understood ?? '',
    row.notes.join('; '),
  ]);
  const titles = ['query', 'hits', 'hits with threads', 'unique hits', ...sources, 'understood as', 'notes'];
  const total = ['total', ...numbers(reply.total), 'all queries together', ''];
  return [titles, ...rows, total].map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

/** What the first column may be called in its first line. */
const TITLES = ['query', 'queries', 'term', 'terms', 'search', 'search term'];

/** The queries of a file: one a line, or the first column of a CSV, without its title; empty ones are left out. */
export function batchQueries(text: string, isCsv: boolean): string[] {
  const plain = text.replace(/^\ufeff/, '');
  const cells = isCsv ? firstColumn(plain) : plain.split(/\r\n|\r|\n/);
  if (isCsv && TITLES.includes(cells[0]?.trim().toLowerCase() ?? '')) cells.shift();
  return cells.filter((query) => query.trim() !== '');
}

/** The first cell of each line (RFC 4180); a quote that is never closed holds the rest. */
function firstColumn(text: string): string[] {
  const cells: string[] = [];
  let [at, isFirst] = [0, true];
  while (at < text.length) {
    const isQuoted = text[at] === '"';
    const cell = (isQuoted ? /"((?:[^"]|"")*)"?[^,\r\n]*/y : /[^,\r\n]*/y);
    cell.lastIndex = at;
    const match = cell.exec(text);
    if (isFirst) cells.push(isQuoted ? (match?.[1] ?? '').replaceAll('""', '"') : (match?.[0] ?? ''));
    at += match?.[0].length ?? 1;
    isFirst = text[at] !== ',';
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
  }
  return cells;
}
