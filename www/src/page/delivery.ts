/** How an archive reaches the page: what the client needs to know of it, and the way of a published site. */
import { ProblemError } from '../shared/problem.ts';
import type { FromWorker, ToWorker } from '../shared/protocol.ts';

/** The part of `Worker` that the client uses. */
export interface Helper {
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: ToWorker, transfer: Transferable[]): void;
  terminate(): void;
}

/** What opening an archive takes. */
export interface Opened {
  readonly wasm: ArrayBuffer;
  readonly manifest: ArrayBuffer;
  /** The address that shard names are relative to; null where the worker has to ask the page for shards. */
  readonly base: string | null;
}

export interface Delivery {
  /** Starts what answers questions. */
  start(): Helper;
  /** Fetches what opening takes; throws a `ProblemError`. */
  load(): Promise<Opened>;
  /** Whether another archive lies there now than the one that was loaded last. */
  hasChanged?(): Promise<boolean>;
  /** A whole shard, for a worker that can fetch nothing by itself; throws a `ProblemError`. */
  shard?(name: string): Promise<ArrayBuffer>;
}

/** Where the parts of a site lie, as the page's own HTML says. */
export interface Site {
  readonly worker: string;
  readonly wasm: string;
  readonly manifest: string;
}

const TRIES = 3;

/** A site on a web host: the worker fetches shards itself. What can wait lets the host send everything else first. */
export function published(site: Site, priority: RequestPriority = 'auto'): Delivery {
  let last: Uint8Array | null = null;
  return {
    start: () => new Worker(site.worker, { type: 'module' }),
    load: async () => {
      // Later than the first time, what a cache holds may be what is wrong.
      const cache = last === null ? 'default' : 'no-cache';
      const [wasm, manifest] = await Promise.all([fetchBytes(site.wasm, 'default', priority), fetchBytes(site.manifest, cache)]);
      last = new Uint8Array(manifest.slice());
      return { wasm, manifest, base: new URL(site.manifest, document.baseURI).href };
    },
    hasChanged: async () => {
      const now = new Uint8Array(await fetchBytes(site.manifest, 'no-cache'));
      return last === null || now.length !== last.length || now.some((byte, idx) => byte !== last?.[idx]);
    },
  };
}

/** Fetches a file beside the page; throws a `ProblemError`. The same mode as the page's preload, so that it is not fetched twice. */
export async function fetchBytes(url: string, cache: RequestCache = 'default', priority: RequestPriority = 'auto'): Promise<ArrayBuffer> {
  let detail = '';
  for (let tried = 0; tried < TRIES; tried++) {
    if (tried > 0) await new Promise((resolve) => setTimeout(resolve, 500 * 3 ** (tried - 1)));
    try {
      const response = await fetch(url, { cache, priority });
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
