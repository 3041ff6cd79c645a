/** Everything that can go wrong between the page and the archive's bytes, as data that the page puts into words. */
export type Problem =
  /** The browser knows that it has no network. */
  | { readonly kind: 'offline' }
  /** The reader has stopped it. */
  | { readonly kind: 'stopped' }
  /** The host could not be reached, or went on answering "too busy", through all the tries. */
  | { readonly kind: 'unreachable'; readonly file: string; readonly tries: number; readonly detail: string }
  /** The host answered that a file of the archive is not there (404, 410) or not to be read (401, 403). */
  | { readonly kind: 'refused'; readonly file: string; readonly status: number }
  /** A file that lay beside this page, or a part of this very file, is not there. */
  | { readonly kind: 'absent'; readonly file: string }
  /** A file arrived with another length than the manifest says. */
  | { readonly kind: 'length'; readonly file: string; readonly expected: number; readonly found: number }
  /** Bytes arrived whose checksum is wrong, also when fetched afresh. */
  | { readonly kind: 'damaged'; readonly file: string; readonly detail: string }
  /** The manifest is not one that this page can read. */
  | { readonly kind: 'manifest'; readonly detail: string }
  /** A part of the page itself did not arrive. */
  | { readonly kind: 'page'; readonly detail: string }
  /** The engine said no; its own words. */
  | { readonly kind: 'engine'; readonly detail: string }
  /** The engine died; it is started anew with the next question. */
  | { readonly kind: 'crashed'; readonly detail: string };

/** A problem on its way through a chain of awaits. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.kind);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}
