/** Which queries need messages to be read. */

/**
 * Whether a query may hold a test that is made on messages themselves: a header by its name, or a regular expression
 * behind an operator. Only the full engine can tell for sure; a query that is taken for one by mistake costs its load.
 */
export function mayReadMessages(query: string): boolean {
  return /header\s*:|(^|[^\p{L}\p{N}_./])\/[^/]/iu.test(query);
}
