/** A chunk of code that is loaded when it is first wanted. */
import { ProblemError, type Problem } from '../shared/problem.ts';

/** Loads a chunk; `tried` is how often that has failed. */
export type LoadChunk = (tried: number) => Promise<unknown>;

export class Later {
  readonly #load: LoadChunk;
  #tried = 0;
  #coming: Promise<boolean> | null = null;

  isHere = false;
  /** Why it could not be had when it was wanted last. */
  problem: Problem | null = null;

  constructor(load: LoadChunk) {
    this.#load = load;
  }

  get isComing(): boolean {
    return this.#coming !== null && !this.isHere;
  }

  /** Loads it, unless it is here or on its way. */
  want(): Promise<boolean> {
    return (this.#coming ??= this.#fetch());
  }

  async #fetch(): Promise<boolean> {
    this.problem = null;
    try {
      await this.#load(this.#tried);
      this.isHere = true;
    } catch (error) {
      this.#coming = null;
      this.#tried++;
      const detail = error instanceof Error ? error.message : String(error);
      this.problem = error instanceof ProblemError ? error.problem : navigator.onLine ? { kind: 'page', detail } : { kind: 'offline' };
    }
    return this.isHere;
  }
}
