/** The messages between the page and the worker. */
import type { ArchiveInfo, Progress, QuestionName, Questions } from './engine.ts';
import type { Problem } from './problem.ts';

/** A question with the name of the engine's method that answers it. */
export type Question = { [Name in QuestionName]: { readonly name: Name; readonly ask: Questions[Name]['ask'] } }[QuestionName];

export type ToWorker =
  /**
   * The first message: the bytes of the engine and of the manifest, and the folder that shard names are relative to;
   * null where the page has to be asked for shards.
   */
  | { readonly kind: 'start'; readonly wasm: ArrayBuffer; readonly manifest: ArrayBuffer; readonly base: string | null }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  /** Nobody waits for this answer any more. */
  | { readonly kind: 'cancel'; readonly id: number }
  /** A shard that the worker wants, or why it cannot be had. */
  | { readonly kind: 'fetched'; readonly id: number; readonly bytes: ArrayBuffer }
  | { readonly kind: 'unfetched'; readonly id: number; readonly problem: Problem };

/** What an answer cost, counted from the question's arrival in the worker. */
export interface Cost {
  readonly rounds: number;
  readonly requests: number;
  readonly bytes: number;
}

export interface Load {
  readonly loaded: number;
  readonly wanted: number;
  /** How far a question is that reads messages, if one is asked. */
  readonly scan: Progress | null;
}

export type Answer = {
  [Name in QuestionName]: {
    readonly kind: 'answer';
    readonly id: number;
    readonly name: Name;
    readonly value: Questions[Name]['reply'];
    readonly cost: Cost;
  };
}[QuestionName];

export type FromWorker =
  | { readonly kind: 'ready'; readonly info: ArchiveInfo }
  /** The archive could not be opened. */
  | { readonly kind: 'closed'; readonly problem: Problem }
  /** A load that lasts: bytes that have come of those that were asked for; null when it is over. */
  | { readonly kind: 'loading'; readonly load: Load | null }
  /** The worker wants a shard and cannot fetch it. */
  | { readonly kind: 'fetch'; readonly id: number; readonly file: string }
  | Answer
  | { readonly kind: 'failed'; readonly id: number; readonly problem: Problem };
