/** The report of a batch as a table for spreadsheets, the same as `maildex search --batch` writes. */
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
