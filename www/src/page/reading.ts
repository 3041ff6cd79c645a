/** The open message and its conversation: what was asked and what has arrived. No elements here. */
import type { Message, Reason, ThreadReply } from '../shared/engine.ts';
import type { Problem } from '../shared/problem.ts';
import type { Files } from './attachments.ts';
import type { Asker } from './searching.ts';

/** One message on its way. */
export type Opened =
  | { readonly kind: 'loading' }
  | { readonly kind: 'here'; readonly message: Message }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** A message's HTML on its way. */
export type OpenedHtml =
  | { readonly kind: 'loading' }
  | { readonly kind: 'here'; readonly html: string | null }
  | { readonly kind: 'failed'; readonly problem: Problem };

export class Reading {
  readonly #asker: Asker;
  readonly #changed: () => void;
  readonly #messages = new Map<string, Opened>();
  readonly #html = new Map<string, OpenedHtml>();
  readonly #files = new Map<string, ReadonlySet<number>>();
  readonly #enter: () => void;
  #run = new AbortController();
  #query = '';
  #forms = false;

  /** The message that the address names. */
  key: string | null = null;
  /** Why the message was found, once that was asked for. */
  why: readonly Reason[] | null = null;
  thread: ThreadReply | null = null;
  threadProblem: Problem | null = null;

  /** `enter` loads the code that opens files. */
  constructor(asker: Asker, changed: () => void, enter: () => void) {
    this.#asker = asker;
    this.#changed = changed;
    this.#enter = enter;
  }

  message(key: string): Opened | null {
    return this.#messages.get(key) ?? null;
  }

  html(key: string): OpenedHtml | null {
    return this.#html.get(key) ?? null;
  }

  /** Whether something could not be had for want of a network. */
  get isOffline(): boolean {
    const parts = [...this.#messages.values(), ...this.#html.values()];
    const problems = parts.map((part) => (part.kind === 'failed' ? part.problem : null));
    return [...problems, this.threadProblem].some((problem) => problem?.kind === 'offline');
  }

  /** Opens a message; within one conversation and query the others stay open. */
  open(key: string | null, query: string, forms: boolean): void {
    const isSameSearch = query === this.#query && forms === this.#forms;
    if (key === this.key && isSameSearch) return;
    const stays = key !== null && isSameSearch && this.#isInThread(key);
    if (!stays) this.#leave();
    this.key = key;
    this.#query = query;
    this.#forms = forms;
    this.why = null;
    if (key !== null) {
      this.#load(key);
      if (!stays) void this.#loadThread(key);
    }
    this.#changed();
  }

  /** Asks again for what failed. */
  retry(): void {
    const { key } = this;
    this.#leave();
    if (key === null) return;
    this.#load(key);
    void this.#loadThread(key);
    this.#changed();
  }

  showHtml(key: string): void {
    if (this.#html.get(key)?.kind !== 'here') void this.#loadHtml(key);
  }

  showText(key: string): void {
    this.#html.delete(key);
    this.#changed();
  }

  /** True while messages of the conversation are folded. */
  get isFolded(): boolean {
    return this.thread?.nodes.some(({ key }) => key !== null && !this.#messages.has(key)) ?? false;
  }

  /** Opens every message of the conversation, to be read or printed in one go. */
  openAll(): void {
    for (const { key } of this.thread?.nodes ?? []) if (key !== null) this.#load(key);
    this.#changed();
  }

  /** What is open of a message's files. */
  files(key: string): Files {
    const open = this.#files.get(key) ?? new Set();
    const toggle = (number: number): void => {
      this.#enter();
      const now = new Set(open);
      if (!now.delete(number)) now.add(number);
      this.#files.set(key, now);
      this.#changed();
    };
    return { key, asker: this.#asker, load: this.#enter, open, toggle };
  }

  #leave(): void {
    this.#run.abort();
    this.#run = new AbortController();
    this.#messages.clear();
    this.#html.clear();
    this.#files.clear();
    this.thread = null;
    this.threadProblem = null;
  }

  #isInThread(key: string): boolean {
    return this.thread?.nodes.some((node) => node.key === key || node.standIn === key) ?? false;
  }

  #load(key: string): void {
    const before = this.#messages.get(key);
    if (before?.kind === 'here' || before?.kind === 'loading') return;
    void this.#loadMessage(key);
  }

  /** True when a query led to the message. */
  get isHit(): boolean {
    return this.#query.trim() !== '';
  }

  /** Asks why the message was found: it reads more than showing it does. */
  async explain(): Promise<void> {
    const { key } = this;
    const query = this.#query;
    if (key === null || this.why !== null) return;
    const now = Math.floor(Date.now() / 1000);
    const outcome = await this.#asker.ask('explain', { query, now, typing: false, forms: this.#forms, keys: [key] }, this.#run.signal);
    if (outcome.kind === 'cancelled' || key !== this.key || query !== this.#query) return;
    if (outcome.kind === 'failed') this.#messages.set(key, { kind: 'failed', problem: outcome.problem });
    else this.why = outcome.value.explained.find((explained) => explained.key === key)?.reasons ?? [];
    this.#changed();
  }

  async #loadMessage(key: string): Promise<void> {
    const { signal } = this.#run;
    this.#messages.set(key, { kind: 'loading' });
    const now = Math.floor(Date.now() / 1000);
    const outcome = await this.#asker.ask('message', { key, query: this.#query, forms: this.#forms, now }, signal);
    if (signal.aborted || outcome.kind === 'cancelled') return;
    if (outcome.kind === 'failed') this.#messages.set(key, outcome);
    else if ('notFound' in outcome.value) this.#messages.set(key, { kind: 'notFound' });
    else this.#messages.set(key, { kind: 'here', message: outcome.value });
    this.#changed();
  }

  async #loadThread(key: string): Promise<void> {
    const { signal } = this.#run;
    const outcome = await this.#asker.ask('thread', { key }, signal);
    if (signal.aborted || outcome.kind === 'cancelled') return;
    if (outcome.kind === 'failed') this.threadProblem = outcome.problem;
    else this.thread = outcome.value;
    this.#changed();
  }

  async #loadHtml(key: string): Promise<void> {
    const { signal } = this.#run;
    this.#html.set(key, { kind: 'loading' });
    this.#changed();
    const outcome = await this.#asker.ask('html', { key }, signal);
    if (signal.aborted || outcome.kind === 'cancelled') return;
    this.#html.set(key, outcome.kind === 'failed' ? outcome : { kind: 'here', html: outcome.value.html });
    this.#changed();
  }
}
