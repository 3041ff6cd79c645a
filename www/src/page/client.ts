/**
 * The page's end of the worker: starts it, asks, and starts it anew after it died.
 *
 * A forged or damaged archive can bring the engine down (a trap leaves its memory in no known state). Then the worker
 * is ended, whoever waited is told, and the next question starts another.
 */
import type { ArchiveInfo, QuestionName, Questions } from '../shared/engine.ts';
import { ProblemError, type Problem } from '../shared/problem.ts';
import type { Cost, FromWorker, Question, ToWorker } from '../shared/protocol.ts';

/** Where the parts of the site lie, as the page's own HTML says. */
export interface Site {
  readonly worker: string;
  readonly wasm: string;
  readonly manifest: string;
}

export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T; readonly ms: number; readonly cost: Cost }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'cancelled' };

export type Opening =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly info: ArchiveInfo }
  | { readonly kind: 'closed'; readonly problem: Problem };

type Reply = Extract<FromWorker, { id: number }>;

/** The ways a worker dies that it can still tell of; the rest arrive as its `error` event. */
function isDeadly(problem: Problem): boolean {
  return problem.kind === 'crashed';
}

const TRIES = 3;

export class Client {
  readonly #site: Site;
  readonly #onOpening: (opening: Opening) => void;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #worker: Worker | null = null;
  #started: Promise<void> = Promise.resolve();
  #lastId = 0;

  constructor(site: Site, onOpening: (opening: Opening) => void) {
    this.#site = site;
    this.#onOpening = onOpening;
  }

  /** Starts the worker, if none is running. */
  start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(this.#site.worker, { type: 'module' });
    this.#worker = worker;
    worker.onmessage = (event: MessageEvent<FromWorker>) => this.#receive(worker, event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(worker, { kind: 'crashed', detail: event.message || 'the worker could not be loaded' }, true);
    };
    this.#onOpening({ kind: 'opening' });
    this.#started = this.#load(worker).catch((error: unknown) => {
      const problem: Problem =
        error instanceof ProblemError ? error.problem : { kind: 'engine', detail: String(error) };
      this.#end(worker, problem, true);
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

  async #load(worker: Worker): Promise<void> {
    const [wasm, manifest] = await Promise.all([fetchBytes(this.#site.wasm), fetchBytes(this.#site.manifest)]);
    const base = new URL(this.#site.manifest, document.baseURI).href;
    this.#send(worker, { kind: 'start', wasm, manifest, base }, [wasm, manifest]);
  }

  #send(worker: Worker, message: ToWorker, transfer: Transferable[] = []): void {
    if (worker === this.#worker) worker.postMessage(message, transfer);
  }

  #receive(worker: Worker, message: FromWorker): void {
    if (worker !== this.#worker) return;
    switch (message.kind) {
      case 'ready':
        this.#onOpening({ kind: 'open', info: message.info });
        break;
      case 'closed':
        this.#end(worker, message.problem, true);
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

  #settle(reply: Reply): void {
    const settle = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    settle?.(reply);
  }

  #end(worker: Worker, problem: Problem, closed: boolean): void {
    worker.terminate();
    if (worker !== this.#worker) return;
    this.#worker = null;
    for (const id of [...this.#waiting.keys()]) this.#settle({ kind: 'failed', id, problem });
    if (closed) this.#onOpening({ kind: 'closed', problem });
  }
}

/** Fetches what opening needs; the same mode as the page's preload, so that it is not fetched twice. */
async function fetchBytes(url: string): Promise<ArrayBuffer> {
  let detail = '';
  for (let tried = 0; tried < TRIES; tried++) {
    if (tried > 0) await new Promise((resolve) => setTimeout(resolve, 500 * 3 ** (tried - 1)));
    try {
      const response = await fetch(url);
      if (response.ok) return await response.arrayBuffer();
      if (response.status !== 429 && response.status < 500) {
        throw new ProblemError({ kind: 'refused', file: url, status: response.status });
      }
      detail = `status ${response.status}`;
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      detail = error instanceof Error ? error.message : String(error);
    }
  }
  if (!navigator.onLine) throw new ProblemError({ kind: 'offline' });
  throw new ProblemError({ kind: 'unreachable', file: url, tries: TRIES, detail });
}
