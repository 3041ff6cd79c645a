/**
 * The page's end of the worker: starts it, asks, and starts it anew after it died.
 *
 * A forged or damaged archive can bring the engine down (a trap leaves its memory in no known state). Then the worker
 * is ended, whoever waited is told, and the next question starts another.
 */
import type { ArchiveInfo, QuestionName, Questions } from '../shared/engine.ts';
import { ProblemError, type Problem } from '../shared/problem.ts';
import type { Cost, FromWorker, Load, Question, ToWorker } from '../shared/protocol.ts';
import type { Delivery, Helper } from './delivery.ts';

export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T; readonly ms: number; readonly cost: Cost }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'cancelled' };

export type Opening =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly info: ArchiveInfo }
  | { readonly kind: 'closed'; readonly problem: Problem };

/** What the client tells besides answers. */
export interface Watcher {
  opening(opening: Opening): void;
  /** How far a load is that lasts; null when none does. */
  loading(load: Load | null): void;
}

interface Waiting {
  readonly question: Question;
  readonly settle: (reply: Reply) => void;
}

type Reply = Extract<FromWorker, { kind: 'answer' | 'failed' }>;

/** The ways a worker dies that it can still tell of; the rest arrive as its `error` event. */
function isDeadly(problem: Problem): boolean {
  return problem.kind === 'crashed';
}

/** Problems that an archive has which was replaced under its reader. */
function isStale(problem: Problem): boolean {
  return problem.kind === 'refused' || problem.kind === 'length' || problem.kind === 'damaged';
}

export class Client {
  readonly #delivery: Delivery;
  readonly #watcher: Watcher;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Helper | null = null;
  #started: Promise<void> = Promise.resolve();
  #lastId = 0;
  #checking: Promise<boolean> | null = null;

  constructor(delivery: Delivery, watcher: Watcher) {
    this.#delivery = delivery;
    this.#watcher = watcher;
  }

  /** Starts the worker, if none is running. */
  start(): Helper {
    if (this.#worker !== null) return this.#worker;
    const worker = this.#delivery.start();
    this.#worker = worker;
    worker.onmessage = (event: MessageEvent<FromWorker>) => this.#receive(worker, event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(worker, { kind: 'crashed', detail: event.message || 'the worker could not be loaded' }, true);
    };
    this.#watcher.opening({ kind: 'opening' });
    this.#started = this.#load(worker).catch((error: unknown) => {
      this.#end(worker, problemOf(error), true);
    });
    return worker;
  }

  /** Asks one question; when the signal says so, nobody waits any more. */
  async ask<Name extends QuestionName>(
    name: Name,
    ask: Questions[Name]['ask'],
    signal: AbortSignal,
  ): Promise<Outcome<Questions[Name]['reply']>> {
    if (signal.aborted) return { kind: 'cancelled' };
    const begun = performance.now();
    this.start();
    const id = ++this.#lastId;
    return await new Promise((resolve) => {
      const cancel = (): void => {
        this.#waiting.delete(id);
        this.#tell({ kind: 'cancel', id });
        resolve({ kind: 'cancelled' });
      };
      signal.addEventListener('abort', cancel, { once: true });
      const settle = (reply: Reply): void => {
        signal.removeEventListener('abort', cancel);
        if (reply.kind === 'failed') resolve({ kind: 'failed', problem: reply.problem });
        // The worker answers a question under its own name and number.
        else resolve({ kind: 'done', value: reply.value, ms: performance.now() - begun, cost: reply.cost });
      };
      this.#waiting.set(id, { question: { name, ask } as Question, settle });
      this.#put(id);
    });
  }

  /** Ends the worker. The next question would start another. */
  close(): void {
    this.stop();
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** Gives up everything that is being loaded; whoever waits is told that the reader wished so. */
  stop(): void {
    for (const id of [...this.#waiting.keys()]) {
      this.#tell({ kind: 'cancel', id });
      this.#settle({ kind: 'failed', id, problem: { kind: 'stopped' } });
    }
  }

  /** Puts a question to the worker as soon as the archive has been handed over. */
  #put(id: number): void {
    const worker = this.#worker;
    void this.#started.then(() => {
      const question = this.#waiting.get(id)?.question;
      if (question !== undefined && worker !== null) this.#send(worker, { kind: 'ask', id, question });
    });
  }

  async #load(worker: Helper): Promise<void> {
    const { wasm, manifest, base } = await this.#delivery.load();
    this.#send(worker, { kind: 'start', wasm, manifest, base }, [wasm, manifest]);
  }

  #tell(message: ToWorker): void {
    if (this.#worker !== null) this.#send(this.#worker, message);
  }

  #send(worker: Helper, message: ToWorker, transfer: Transferable[] = []): void {
    if (worker === this.#worker) worker.postMessage(message, transfer);
  }

  #receive(worker: Helper, message: FromWorker): void {
    if (worker !== this.#worker) return;
    switch (message.kind) {
      case 'ready':
        this.#watcher.opening({ kind: 'open', info: message.info });
        break;
      case 'closed':
        this.#end(worker, message.problem, true);
        break;
      case 'loading':
        this.#watcher.loading(message.load);
        break;
      case 'fetch':
        void this.#fetch(worker, message.id, message.file);
        break;
      case 'answer':
        this.#settle(message);
        break;
      case 'failed':
        if (isStale(message.problem)) void this.#renewOr(worker, message);
        else this.#settle(message);
        if (isDeadly(message.problem)) this.#end(worker, message.problem, false);
        break;
    }
  }

  /** Fetches a shard for a worker that cannot. */
  async #fetch(worker: Helper, id: number, file: string): Promise<void> {
    try {
      const bytes = await this.#delivery.shard?.(file);
      if (bytes === undefined) throw new ProblemError({ kind: 'absent', file });
      this.#send(worker, { kind: 'fetched', id, bytes }, [bytes]);
    } catch (error) {
      const problem = problemOf(error);
      this.#send(worker, { kind: 'unfetched', id, problem });
    }
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    waiting?.settle(reply);
  }

  /**
   * A file is gone, or is not what it was: the archive may have been updated while it is being read. Then the new one
   * takes its place and all that is waited for is asked again.
   */
  async #renewOr(worker: Helper, reply: Extract<Reply, { kind: 'failed' }>): Promise<void> {
    this.#checking ??= this.#delivery.hasChanged?.().catch(() => false) ?? Promise.resolve(false);
    const changed = await this.#checking;
    this.#checking = null;
    // Another answer has brought the new archive; this question was put to it.
    if (worker !== this.#worker) return;
    if (!changed) {
      this.#settle(reply);
      return;
    }
    worker.terminate();
    this.#worker = null;
    this.start();
    for (const id of this.#waiting.keys()) this.#put(id);
  }

  #end(worker: Helper, problem: Problem, closed: boolean): void {
    worker.terminate();
    if (worker !== this.#worker) return;
    this.#worker = null;
    this.#watcher.loading(null);
    for (const id of [...this.#waiting.keys()]) this.#settle({ kind: 'failed', id, problem });
    if (closed) this.#watcher.opening({ kind: 'closed', problem });
  }
}

function problemOf(error: unknown): Problem {
  return error instanceof ProblemError ? error.problem : { kind: 'engine', detail: String(error) };
}
