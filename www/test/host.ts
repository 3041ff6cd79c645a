/** A host in memory that answers as real ones do, well and badly, and counts what it was asked. */
import type { Delivery, Host } from '../src/worker/download.ts';
import { InFlight } from '../src/worker/in-flight.ts';

export type Behaviour = (request: {
  readonly file: string;
  readonly range: readonly [number, number] | null;
  readonly cache: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tries: number;
}) => Response | Error;

export const partial: Behaviour = ({ range, bytes }) => {
  if (range === null) return new Response(bytes, { status: 200 });
  const [first, last] = range;
  const part = bytes.slice(first, last + 1);
  return new Response(part, { status: 206, headers: { 'Content-Range': `bytes ${first}-${last}/${bytes.length}` } });
};

export const wholeOnly: Behaviour = ({ bytes }) => new Response(bytes, { status: 200 });

export class FakeHost implements Host {
  readonly base = 'https://archive.example/list/';
  readonly inFlight = new InFlight<Delivery>();
  readonly asked: string[] = [];
  readonly waits: number[] = [];
  isOnline = true;
  behave: Behaviour;
  readonly #files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

  constructor(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>, behave: Behaviour) {
    this.#files = files;
    this.behave = behave;
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    init.signal?.throwIfAborted();
    const file = url.slice(this.base.length);
    const header = new Headers(init.headers).get('Range');
    const told = /^bytes=(\d+)-(\d+)$/.exec(header ?? '');
    const range = told === null ? null : ([Number(told[1]), Number(told[2])] as const);
    const cache = init.cache ?? 'default';
    const line = [file, range === null ? 'whole' : range.join('-'), ...(cache === 'default' ? [] : [cache])].join(' ');
    const tries = this.asked.push(line);
    const bytes = this.#files.get(file);
    if (bytes === undefined) return new Response(null, { status: 404 });
    const answer = this.behave({ file, range, cache, bytes, tries });
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.waits.push(ms);
  }

  online(): boolean {
    return this.isOnline;
  }
}
