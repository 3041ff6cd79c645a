/**
 * An archive that was opened from a disk: `maildex bundle` has put everything into one file, or the shards into
 * scripts beside it.
 *
 * Browsers forbid such a page to fetch, and to start a worker from a file. So data lies in script elements of a type
 * that is never run, shards beside the page are scripts that call `maildexShard`, and the worker is made of its own
 * source text. One element holds at most 256 KiB, because WebKit takes quadratic time over longer ones.
 */
import { decodeBase64 } from '../shared/base64.ts';
import { ProblemError } from '../shared/problem.ts';
import type { FromWorker, ToWorker } from '../shared/protocol.ts';
import type { Delivery, Helper } from './delivery.ts';

/** What the worker's code uses of a worker's global scope. */
interface Scope {
  onmessage: ((event: { data: ToWorker }) => void) | null;
  postMessage(message: FromWorker): void;
  readonly navigator: Navigator;
}

declare global {
  /** The worker as a function of its scope; it stands in the same script as the page. */
  function maildexWorker(scope: Scope): void;
  /** What a shard beside the page calls. */
  var maildexShard: ((name: string, base64: string) => void) | undefined;
}

export type Shards = 'inside' | 'beside';

export function offline(shards: Shards): Delivery {
  return {
    start: () => new BlobWorker(),
    load: async () => ({ wasm: await element('wasm'), manifest: await element('manifest'), base: null }),
    shard: shards === 'inside' ? element : beside,
  };
}

/** The bytes of all elements with this name: `NAME:0`, `NAME:1` and so on. */
export async function element(name: string): Promise<ArrayBuffer> {
  await parsed(name);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let part = piece(name, 0); part !== null; part = piece(name, parts.length)) {
    parts.push(decode(part.textContent ?? '', name));
  }
  if (parts.length === 0) throw new ProblemError({ kind: 'absent', file: name });
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only.buffer : await new Blob(parts).arrayBuffer();
}

function piece(name: string, idx: number): HTMLElement | null {
  return document.getElementById(`${name}:${idx}`);
}

/** Waits for shards until the whole page is read; what opening takes stands above the script. */
async function parsed(name: string): Promise<void> {
  if (name === 'wasm' || name === 'manifest' || document.readyState !== 'loading') return;
  await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
}

function decode(base64: string, name: string): Uint8Array<ArrayBuffer> {
  try {
    return decodeBase64(base64);
  } catch {
    throw new ProblemError({ kind: 'damaged', file: name, detail: 'it is not base64' });
  }
}

const waiting = new Map<string, (base64: string) => void>();

globalThis.maildexShard = (name, base64) => waiting.get(name)?.(base64);

/** A shard in a script of its own: `d/ID/N.7z` lies in `d/ID/N.js`. */
async function beside(name: string): Promise<ArrayBuffer> {
  const script = document.createElement('script');
  script.src = name.replace(/\.[^./]*$/, '.js');
  try {
    const base64 = await new Promise<string>((resolve, reject) => {
      waiting.set(name, resolve);
      script.onerror = () => reject(new ProblemError({ kind: 'absent', file: script.getAttribute('src') ?? name }));
      // A script that loads and says nothing is not what was written.
      script.onload = () => reject(new ProblemError({ kind: 'damaged', file: name, detail: 'it holds something else' }));
      document.head.append(script);
    });
    return decode(base64, name).buffer;
  } finally {
    waiting.delete(name);
    script.remove();
  }
}

/** A worker made of text; where the browser starts none, its code runs on the page. */
class BlobWorker implements Helper {
  onmessage: Helper['onmessage'] = null;
  onerror: Helper['onerror'] = null;
  #helper: Pick<Helper, 'postMessage' | 'terminate'> | null = null;
  #unsent: [message: ToWorker, transfer: Transferable[]][] = [];
  #ended = false;

  constructor() {
    try {
      this.#startWorker();
    } catch {
      this.#use(new PageWorker((data) => this.#hear(data)));
    }
  }

  postMessage(message: ToWorker, transfer: Transferable[]): void {
    if (this.#helper === null) this.#unsent.push([message, transfer]);
    else this.#helper.postMessage(message, transfer);
  }

  terminate(): void {
    this.#ended = true;
    this.#helper?.terminate();
  }

  #startWorker(): void {
    // Its first word says that it runs: until then nothing is handed over that the page may yet need.
    const url = URL.createObjectURL(new Blob([`postMessage(null);(${maildexWorker.toString()})(self)`], { type: 'text/javascript' }));
    const worker = new Worker(url);
    worker.onmessage = (event: MessageEvent<FromWorker | null>) => {
      if (event.data !== null) return this.#hear(event.data);
      URL.revokeObjectURL(url);
      this.#use(worker);
    };
    worker.onerror = (event) => {
      if (this.#helper === worker) {
        this.onerror?.(event);
      } else if (this.#helper === null) {
        event.preventDefault();
        worker.terminate();
        this.#use(new PageWorker((data) => this.#hear(data)));
      }
    };
  }

  #use(helper: Pick<Helper, 'postMessage' | 'terminate'>): void {
    if (this.#ended) return helper.terminate();
    this.#helper = helper;
    for (const [message, transfer] of this.#unsent.splice(0)) helper.postMessage(message, transfer);
  }

  #hear(data: FromWorker): void {
    if (!this.#ended) this.onmessage?.(new MessageEvent('message', { data }));
  }
}

/** The worker's code on the page's own thread: the page stands still while it searches, and answers. */
class PageWorker {
  readonly #scope: Scope;

  constructor(hear: (data: FromWorker) => void) {
    this.#scope = { onmessage: null, navigator, postMessage: (data) => setTimeout(hear, 0, data) };
    maildexWorker(this.#scope);
  }

  postMessage(data: ToWorker): void {
    setTimeout(() => this.#scope.onmessage?.({ data }), 0);
  }

  terminate(): void {
    this.#scope.onmessage = null;
    this.#scope.postMessage = () => {};
  }
}
