/** One request to the host, tried again with back-off while that can help. */
import { ProblemError } from '../shared/problem.ts';
import { join } from './bytes.ts';
import type { InFlight } from './in-flight.ts';
import type { Tally } from './source.ts';

/** The world outside, so that tests can stand in for it. */
export interface Host {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Waits; rejects with the signal's reason. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  online(): boolean;
  /** The address that file names are relative to. */
  readonly base: string;
  readonly inFlight: InFlight<Delivery>;
}

export interface Wish {
  readonly file: string;
  /** First and last byte, both included, as HTTP counts. */
  readonly range?: readonly [first: number, last: number];
  /** How many bytes a host that does as asked will send. */
  readonly length: number;
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

export interface Delivery {
  readonly status: number;
  readonly contentRange: string | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const TRIES = 4;
/** A part that breaks off so often is asked for as a whole: some hosts compress parts, which cannot be read. */
const TRIES_OF_PART = 2;
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 10_000;

/** A part could not be received, although the host is there. */
export class BrokenPart extends Error {}

/** Fetches a file or a part of it; an answer other than 200, 206 or 416 is a `ProblemError`. */
export async function download(host: Host, wish: Wish, tally: Tally): Promise<Delivery> {
  const name = `${wish.fresh ? 'fresh ' : ''}${wish.range?.join('-') ?? 'whole'} ${wish.file}`;
  return await host.inFlight.join(name, wish.signal, (signal) => tryOften(host, { ...wish, signal }, tally));
}

async function tryOften(host: Host, wish: Wish, tally: Tally): Promise<Delivery> {
  let detail = '';
  let broken = 0;
  let isFresh = wish.fresh;
  tally.wanted += wish.length;
  for (let tried = 0; tried < TRIES; tried++) {
    wish.signal.throwIfAborted();
    let asked: number | null = null;
    try {
      tally.requests += 1;
      const response = await host.fetch(new URL(wish.file, host.base).href, requestOf({ ...wish, fresh: isFresh }));
      if (response.ok || response.status === 416) return await receive(response, tally);
      // That a file is gone may be what a cache remembers.
      if (!isPassing(response.status) && !isFresh) {
        isFresh = true;
        continue;
      }
      if (!isPassing(response.status)) {
        throw new ProblemError({ kind: 'refused', file: wish.file, status: response.status });
      }
      detail = `status ${response.status}`;
      asked = retryAfter(response.headers.get('Retry-After'));
    } catch (error) {
      wish.signal.throwIfAborted();
      if (error instanceof ProblemError) throw error;
      // Waiting for a network that the browser knows to be absent helps nobody.
      if (!host.online()) break;
      broken += 1;
      detail = error instanceof Error ? error.message : String(error);
      if (wish.range !== undefined && broken === TRIES_OF_PART) throw new BrokenPart(detail);
    }
    if (tried + 1 < TRIES) await host.wait(asked ?? backOff(tried), wish.signal);
  }
  if (!host.online()) throw new ProblemError({ kind: 'offline' });
  throw new ProblemError({ kind: 'unreachable', file: wish.file, tries: TRIES, detail });
}

function requestOf(wish: Wish): RequestInit {
  // Only `bytes=a-b` goes to another origin without a preflight; a suffix range (`bytes=-n`) does not.
  const headers = wish.range === undefined ? {} : { Range: `bytes=${wish.range[0]}-${wish.range[1]}` };
  return { headers, cache: wish.fresh ? 'reload' : 'default', signal: wish.signal };
}

/** Takes an answer in, counting as it comes. */
async function receive(response: Response, tally: Tally): Promise<Delivery> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    pieces.push(next.value);
    tally.bytes += next.value.length;
  }
  const bytes = join(pieces);
  return { status: response.status, contentRange: response.headers.get('Content-Range'), bytes };
}

function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function retryAfter(header: string | null): number | null {
  const seconds = header === null ? NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : null;
}

/** 300 ms, then three times as long each time, spread by a fifth so that parallel requests do not return together. */
function backOff(tried: number): number {
  return FIRST_WAIT_MS * 3 ** tried * (0.9 + Math.random() * 0.2);
}
