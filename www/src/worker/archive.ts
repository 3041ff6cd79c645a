/** The engine with what it has read, and where it reads from. */
import type { Engine, KeptFile } from '../shared/engine.ts';
import type { Source, Tally } from './source.ts';

/**
 * Bytes that the engine may hold. Browsers of phones end pages that take some hundred megabytes; what is given back is
 * read again, from a cache as a rule. The engine's memory, which never shrinks, is half as much again.
 */
const MOST_RESIDENT = 32 << 20;

export interface ArchiveParts {
  /** Makes an engine that has read the opening and nothing else. */
  readonly start: () => Engine;
  readonly source: Source & { readonly tally: Tally };
  readonly mostResident?: number;
  readonly readFile: ReadFile;
}

/** Reads an attachment or a raw message; null for one that the archive does not have. */
export type ReadFile = (file: KeptFile, signal: AbortSignal) => Promise<ArrayBuffer | null>;

export class Archive {
  readonly source: Source & { readonly tally: Tally };
  readonly readFile: ReadFile;
  readonly #start: () => Engine;
  readonly #mostResident: number;
  #engine: Engine;
  #resident = 0;
  /** How often the engine was started anew: what it misses now, it may have had before. */
  generation = 0;

  constructor({ start, source, readFile, mostResident = MOST_RESIDENT }: ArchiveParts) {
    this.#start = start;
    this.#engine = start();
    this.#mostResident = mostResident;
    this.source = source;
    this.readFile = readFile;
  }

  get engine(): Engine {
    return this.#engine;
  }

  put(segment: number, offset: number, bytes: Uint8Array): void {
    this.#engine.put(segment, offset, bytes);
    this.#resident += bytes.length;
  }

  /** Gives memory back where too much is held; `idle` says that no question is under way that would have to read again. */
  trim(idle: boolean): void {
    if (this.#resident > (idle ? this.#mostResident : 2 * this.#mostResident)) this.renew();
  }

  /** Starts the engine anew. */
  renew(): void {
    const old = this.#engine;
    this.#engine = this.#start();
    this.#resident = 0;
    this.generation += 1;
    old.free();
  }
}
