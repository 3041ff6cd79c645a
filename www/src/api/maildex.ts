/**
 * The archive without its page, for other programs: `openArchive(url)`.
 *
 * Every site has this module as `maildex.js`, with the worker and the WebAssembly that fit its archive.
 */
import { Client, type Outcome } from '../page/client.ts';
import { published, type Delivery } from '../page/delivery.ts';
import type {
  ArchiveInfo, HtmlReply, MessageReply, QuestionName, Questions, SearchReply, SnippetsReply, Sort, ThreadReply,
} from '../shared/engine.ts';
import { ProblemError, type Problem } from '../shared/problem.ts';

export type { ArchiveInfo, HtmlReply, MessageReply, Problem, SearchReply, SnippetsReply, Sort, ThreadReply };
export { ProblemError };

export interface SearchOptions {
  readonly sort?: Sort;
  /** The first hit, from 0. */
  readonly offset?: number;
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface Waiting {
  readonly signal?: AbortSignal;
}

/** An open archive. What fails rejects with a `ProblemError`, whose `problem` says what it was. */
export class MailArchive {
  readonly info: ArchiveInfo;
  /** The address of the site. */
  readonly url: string;
  readonly #client: Client;

  constructor(client: Client, info: ArchiveInfo, url: string) {
    this.#client = client;
    this.info = info;
    this.url = url;
  }

  /** A page of hits; `total` is null where it is not known yet, and then `total` asks for it. */
  async search(query: string, { sort = 'newest', offset = 0, limit = 20, signal }: SearchOptions = {}): Promise<SearchReply> {
    return await this.#ask('search', { query, sort, offset, limit, typing: false, now: now() }, signal);
  }

  /** How many messages a query finds. */
  async total(query: string, { signal }: Waiting = {}): Promise<number> {
    const ask = { query, sort: 'newest', offset: 0, limit: 0, typing: false, now: now() } as const;
    return (await this.#ask('total', ask, signal)).total;
  }

  /** For each of these messages, the text around what the query finds in it. */
  async snippets(query: string, keys: readonly string[], { maxChars = 180, signal }: Waiting & { readonly maxChars?: number } = {}): Promise<SnippetsReply> {
    return await this.#ask('snippets', { query, keys, maxChars, typing: false, now: now() }, signal);
  }

  /** A message as it is read, with what the query finds in it marked. */
  async message(key: string, { query = '', signal }: Waiting & { readonly query?: string } = {}): Promise<MessageReply> {
    return await this.#ask('message', { key, query, now: now() }, signal);
  }

  /** The conversation that a message is in. */
  async thread(key: string, { signal }: Waiting = {}): Promise<ThreadReply> {
    return await this.#ask('thread', { key }, signal);
  }

  /** The HTML of a message, sanitised when the archive was built. Show it in a sandboxed frame, whoever built it. */
  async html(key: string, { signal }: Waiting = {}): Promise<HtmlReply> {
    return await this.#ask('html', { key }, signal);
  }

  /** The address of a message on the archive's own page. */
  address(key: string): string {
    return `${this.url}#m=${key}`;
  }

  /** Ends the worker and gives its memory back. */
  close(): void {
    this.#client.close();
  }

  async #ask<Name extends QuestionName>(name: Name, ask: Questions[Name]['ask'], signal = new AbortController().signal): Promise<Questions[Name]['reply']> {
    const outcome: Outcome<Questions[Name]['reply']> = await this.#client.ask(name, ask, signal);
    signal.throwIfAborted();
    if (outcome.kind === 'done') return outcome.value;
    throw new ProblemError(outcome.kind === 'failed' ? outcome.problem : { kind: 'stopped' });
  }
}

/** Opens the archive of the site at this address; the one that this module came with where none is given. */
export function openArchive(url: string | URL = new URL('.', import.meta.url)): Promise<MailArchive> {
  const site = new URL('.', new URL(url, document.baseURI)).href;
  return new Promise((resolve, reject) => {
    const client = new Client(delivery(site), {
      opening: (opening) => {
        if (opening.kind === 'open') resolve(new MailArchive(client, opening.info, site));
        if (opening.kind === 'closed') reject(new ProblemError(opening.problem));
      },
      loading: () => {},
    });
    client.start();
  });
}

function delivery(site: string): Delivery {
  const beside = (name: string): string => new URL(name, import.meta.url).href;
  const worker = beside(MAILDEX_WORKER);
  const parts = published({ worker, wasm: beside(MAILDEX_WASM), manifest: new URL('manifest.json', site).href });
  if (new URL(worker).origin === location.origin) return parts;
  // A worker must be of the page's own origin; what it imports need not be.
  const start = (): Worker => {
    const text = `import ${JSON.stringify(worker)};`;
    const own = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    return new Worker(own, { type: 'module' });
  };
  return { ...parts, start };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
