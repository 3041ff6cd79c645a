/** An answer of the engine that an element shows: on its way, here, or why not. */
import type { LitElement } from 'lit';
import type { Problem } from '../shared/problem.ts';
import type { QuestionName, Questions } from '../shared/engine.ts';
import type { Asker } from '../page/searching.ts';

export type State<T> =
  | { readonly kind: 'waiting'; readonly last: T | null }
  | { readonly kind: 'here'; readonly value: T }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** What is asked for: `null` where it was given up. */
type Ask<T> = (signal: AbortSignal) => Promise<{ readonly value: T } | { readonly problem: Problem } | null>;

export class Answer<T> {
  readonly #host: LitElement;
  #run = new AbortController();
  #of: string | null = null;

  state: State<T> = { kind: 'waiting', last: null };

  constructor(host: LitElement) {
    this.#host = host;
  }

  get value(): T | null {
    if (this.state.kind === 'here') return this.state.value;
    return this.state.kind === 'waiting' ? this.state.last : null;
  }

  /** Asks, unless what is shown or on its way is the answer to the same; `of` says what that is. */
  follow(of: string, ask: Ask<T>): void {
    if (of !== this.#of) void this.#ask(of, ask);
  }

  /** Forgets what was asked, so that it is asked again. */
  again(): void {
    this.#of = null;
    this.#host.requestUpdate();
  }

  stop(): void {
    this.#run.abort();
    this.#of = null;
  }

  async #ask(of: string, ask: Ask<T>): Promise<void> {
    this.#of = of;
    this.#run.abort();
    const run = new AbortController();
    this.#run = run;
    this.state = { kind: 'waiting', last: this.value };
    const outcome = await ask(run.signal);
    if (run.signal.aborted || outcome === null) return;
    this.state = 'value' in outcome ? { kind: 'here', value: outcome.value } : { kind: 'failed', problem: outcome.problem };
    this.#host.requestUpdate();
  }
}

/** One question to the engine, as an `Answer` asks it. */
export function question<Name extends QuestionName>(
  asker: Asker,
  name: Name,
  ask: Questions[Name]['ask'],
): Ask<Questions[Name]['reply']> {
  return async (signal) => {
    const outcome = await asker.ask(name, ask, signal);
    if (outcome.kind === 'cancelled') return null;
    return outcome.kind === 'done' ? { value: outcome.value } : { problem: outcome.problem };
  };
}

/** Unix seconds. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}
