/** Takes the page's questions, puts each to the engine, and posts the answers. */
import type { Engine, Step } from '../shared/engine.ts';
import { ProblemError, type Problem } from '../shared/problem.ts';
import type { Answer, Cost, FromWorker, Question } from '../shared/protocol.ts';
import { isDeath, settle } from './rounds.ts';
import type { Source, Tally } from './source.ts';

export interface Archive {
  readonly engine: Engine;
  readonly source: Source & { readonly tally: Tally };
}

export class Desk {
  readonly #archive: Promise<Archive>;
  readonly #post: (message: FromWorker) => void;
  readonly #open = new Map<number, AbortController>();

  /** Questions may come before the archive is open; they wait for it. */
  constructor(archive: Promise<Archive>, post: (message: FromWorker) => void) {
    this.#archive = archive;
    this.#post = post;
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
      const answer = await this.#answer(archive, id, question, controller.signal);
      if (!controller.signal.aborted) this.#post(answer);
    } catch (error) {
      if (!controller.signal.aborted || isDeath(error)) {
        this.#post({ kind: 'failed', id, problem: problemOf(error) });
      }
    } finally {
      this.#open.delete(id);
    }
  }

  async #answer({ engine, source }: Archive, id: number, question: Question, signal: AbortSignal): Promise<Answer> {
    const before = { ...source.tally };
    const run = async <T>(step: () => Step<T>): Promise<{ id: number; value: T; cost: Cost }> => {
      const { value, rounds } = await settle(engine, source, step, signal);
      const requests = source.tally.requests - before.requests;
      return { id, value, cost: { rounds, requests, bytes: source.tally.bytes - before.bytes } };
    };
    const { name, ask } = question;
    switch (name) {
      case 'search':
        return { kind: 'answer', name, ...(await run(() => engine.search(ask))) };
      case 'total':
        return { kind: 'answer', name, ...(await run(() => engine.total(ask))) };
      case 'suggest':
        return { kind: 'answer', name, ...(await run(() => engine.suggest(ask))) };
      case 'correct':
        return { kind: 'answer', name, ...(await run(() => engine.correct(ask))) };
      case 'snippets':
        return { kind: 'answer', name, ...(await run(() => engine.snippets(ask))) };
      case 'message':
        return { kind: 'answer', name, ...(await run(() => engine.message(ask))) };
      case 'html':
        return { kind: 'answer', name, ...(await run(() => engine.html(ask))) };
      case 'thread':
        return { kind: 'answer', name, ...(await run(() => engine.thread(ask))) };
    }
  }
}

/** Names whatever was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return isDeath(error) ? { kind: 'crashed', detail } : { kind: 'engine', detail };
}
