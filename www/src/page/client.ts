/**
 * The page's end of the worker: starts it, asks, and starts it anew after it died.
 *
 * A forged or damaged archive can bring the engine down (a trap leaves its memory in no known state). Then the worker
 * is ended, whoever waited is told, and the next question starts another.
 */
import type { ArchiveInfo, QuestionName, Questions } from '../shared/engine.ts';
import { ProblemError, type Problem } from '../shared/problem.ts';
import type { Cost, FromWorker, Question, ToWorker } from '../shared/protocol.ts';
import type { Delivery, Helper } from './delivery.ts';

export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T; readonly ms: number; readonly cost: Cost }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'cancelled' };

export type Opening =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly info: ArchiveInfo }
  | { readonly kind: 'closed'; readonly problem: Problem };

type Reply = Extract<FromWorker, { kind: 'answer' | 'failed' }>;

/** The ways a worker dies that it can still tell of; the rest arrive as its `error` event. */
function isDeadly(problem: Problem): boolean {
  return problem.kind === 'crashed';
}

export class Client {
  readonly #delivery: Delivery;
  readonly #onOpening: (opening: Opening) => void;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #worker: Helper | null = null;
  #started: Promise<void> = Promise.resolve();
  #lastId = 0;

  constructor(delivery: Delivery, onOpening: (opening: Opening) => void) {
    this.#delivery = delivery;
    this.#onOpening = onOpening;
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
    this.#onOpening({ kind: 'opening' });
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
    const worker = this.start();
    const id = ++this.#lastId;
    return await new Promise((resolve) => {
      const cancel = (): void => {
        this.#waiting.delete(id);
        this.#send(worker, { kind: 'cancel', id });
        resolve({ kind: 'cancelled' });
      };
      signal.addEventListener('abort', cancel, { once: true });
      this.#waiting.set(id, (reply) => {
        signal.removeEventListener('abort', cancel);
        if (reply.kind === 'failed') resolve({ kind: 'failed', problem: reply.problem });
        // The worker answers a question under its own name and number.
        else resolve({ kind: 'done', value: reply.value, ms: performance.now() - begun, cost: reply.cost });
      });
      const question = { name, ask } as Question;
      void this.#started.then(() => {
        if (this.#waiting.has(id)) this.#send(worker, { kind: 'ask', id, question });
      });
    });
  }

  async #load(worker: Helper): Promise<void> {
    const { wasm, manifest, base } = await this.#delivery.load();
    this.#send(worker, { kind: 'start', wasm, manifest, base }, [wasm, manifest]);
  }

  #send(worker: Helper, message: ToWorker, transfer: Transferable[] = []): void {
    if (worker === this.#worker) worker.postMessage(message, transfer);
  }

  #receive(worker: Helper, message: FromWorker): void {
    if (worker !== this.#worker) return;
    switch (message.kind) {
      case 'ready':
        this.#onOpening({ kind: 'open', info: message.info });
        break;
      case 'closed':
        this.#end(worker, message.problem, true);
        break;
      case 'fetch':
        void this.#fetch(worker, message.id, message.file);
        break;
      case 'answer':
        this.#settle(message);
        break;
      case 'failed':
        this.#settle(message);
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
    const settle = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    settle?.(reply);
  }

  #end(worker: Helper, problem: Problem, closed: boolean): void {
    worker.terminate();
    if (worker !== this.#worker) return;
    this.#worker = null;
    for (const id of [...this.#waiting.keys()]) this.#settle({ kind: 'failed', id, problem });
    if (closed) this.#onOpening({ kind: 'closed', problem });
  }
}

function problemOf(error: unknown): Problem {
  return error instanceof ProblemError ? error.problem : { kind: 'engine', detail: String(error) };
}
