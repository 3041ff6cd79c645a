/** Takes the page's questions, puts each to the engine, and posts the answers. */
import type { FileReply, Progress as Scan, Step } from '../shared/engine.ts';
import { ProblemError, type Problem } from '../shared/problem.ts';
import type { Answer, Cost, FromWorker, Question } from '../shared/protocol.ts';
import type { Archive } from './archive.ts';
import { Progress } from './progress.ts';
import { isDeath, settle, type Answered } from './rounds.ts';

export class Desk {
  readonly #archive: Promise<Archive>;
  readonly #post: (message: FromWorker) => void;
  readonly #open = new Map<number, AbortController>();
  readonly #progress: Progress;
  /** Questions that are reading messages: what they have found out is lost with the engine's memory. */
  readonly #scanning = new Set<AbortSignal>();

  /** Questions may come before the archive is open; they wait for it. */
  constructor(archive: Promise<Archive>, post: (message: FromWorker) => void) {
    this.#archive = archive;
    this.#post = post;
    this.#progress = new Progress((load) => post({ kind: 'loading', load }));
  }

  cancel(id: number): void {
    this.#open.get(id)?.abort();
  }

  /** Answers unless cancelled; a cancelled question has no answer at all. */
  async ask(id: number, question: Question): Promise<void> {
    const controller = new AbortController();
    this.#open.set(id, controller);
    try {
      const archive = await this.#archive;
      if (this.#scanning.size === 0) archive.trim(this.#open.size === 1);
      this.#progress.begin(archive.source.tally);
      const answer = await this.#answer(archive, id, question, controller.signal).finally(() => this.#progress.end());
      if (!controller.signal.aborted) this.#post(answer);
    } catch (error) {
      if (!controller.signal.aborted || isDeath(error)) {
        this.#post({ kind: 'failed', id, problem: problemOf(error) });
      }
    } finally {
      this.#scanning.delete(controller.signal);
      this.#open.delete(id);
    }
  }

  /** Not all bytes are checked on arrival: where they turn out to be wrong, all is read once more, past the caches. */
  async #settle<T>(archive: Archive, step: () => Step<T>, signal: AbortSignal): Promise<Answered<T>> {
    const tell = (scan: Scan): void => {
      this.#scanning.add(signal);
      this.#progress.scanned(scan);
    };
    try {
      return await settle(archive, archive.source, step, { signal, fresh: false }, tell);
    } catch (error) {
      if (!isBroken(error)) throw error;
      archive.renew();
      return await settle(archive, archive.source, step, { signal, fresh: true }, tell);
    }
  }

  async #answer(archive: Archive, id: number, question: Question, signal: AbortSignal): Promise<Answer> {
    const { source } = archive;
    const before = { ...source.tally };
    const run = async <T>(step: () => Step<T>): Promise<{ id: number; value: T; cost: Cost }> => {
      const { value, rounds } = await this.#settle(archive, step, signal).then((answered) => withFile(archive, question, answered, signal));
      const requests = source.tally.requests - before.requests;
      return { id, value, cost: { rounds, requests, bytes: source.tally.bytes - before.bytes } };
    };
    const { name, ask } = question;
    // A question's name and what it asks belong together; through the look-up the types do not say so.
    type Method = (asked: typeof ask) => Step<unknown>;
    // Looked up for each step: the engine may be another one by then.
    return { kind: 'answer', name, ...(await run(() => (archive.engine[name] as Method)(ask))) } as Answer;
  }
}

/** The answer to a question for a file, with the file. */
async function withFile<T>(archive: Archive, { name }: Question, answered: Answered<T>, signal: AbortSignal): Promise<Answered<T>> {
  if (name !== 'file') return answered;
  const value = answered.value as FileReply;
  const bytes = value.file === null ? null : await archive.readFile(value.file, signal);
  return { ...answered, value: { ...answered.value, bytes } };
}

/** Whether the engine has met bytes that cannot be; the core's own words for it. */
function isBroken(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.kind === 'engine' && error.problem.detail.startsWith('broken archive');
}

/** Names whatever was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return isDeath(error) ? { kind: 'crashed', detail } : { kind: 'engine', detail };
}
