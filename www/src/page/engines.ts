/**
 * The two engines of a site. A first visit waits for the light one, which searches and reads; the full one counts,
 * explains and completes, and is loaded by the first question of that kind, in a worker of its own.
 */
import type { QuestionName, Questions } from '../shared/engine.ts';
import { mayReadMessages } from '../shared/scans.ts';
import { Client, type Opening, type Outcome } from './client.ts';
import type { Delivery } from './delivery.ts';
import type { Load } from '../shared/protocol.ts';
import type { Asker } from './searching.ts';

/** From where each engine comes; the same for both where one does everything. */
export interface Deliveries {
  readonly light: Delivery;
  readonly full: Delivery;
}

const FULL: ReadonlySet<QuestionName> = new Set(['facets', 'suggest', 'correct', 'explain', 'batch', 'correspondence', 'file', 'missing', 'weigh']);
/** Questions that the light engine answers, unless messages have to be read for them. */
const EITHER: ReadonlySet<QuestionName> = new Set(['search', 'total']);

export class Engines implements Asker {
  readonly #light: Client;
  readonly #full: Client;
  readonly #loads: [light: Load | null, full: Load | null] = [null, null];

  constructor({ light, full }: Deliveries, watcher: { opening(opening: Opening): void; loading(load: Load | null): void }) {
    const loading = (which: 0 | 1) => (load: Load | null) => {
      this.#loads[which] = load;
      watcher.loading(this.#loads[0] ?? this.#loads[1]);
    };
    this.#light = new Client(light, { opening: (opening) => watcher.opening(opening), loading: loading(0) });
    // Where the full engine cannot be opened, whoever asked it is told.
    this.#full = full === light ? this.#light : new Client(full, { opening: () => {}, loading: loading(1) });
  }

  start(): void {
    this.#light.start();
  }

  ask<Name extends QuestionName>(name: Name, ask: Questions[Name]['ask'], signal: AbortSignal): Promise<Outcome<Questions[Name]['reply']>> {
    const reads = EITHER.has(name) && 'query' in ask && mayReadMessages(ask.query);
    const client = FULL.has(name) || reads || ('threads' in ask && ask.threads === true) ? this.#full : this.#light;
    return client.ask(name, ask, signal);
  }

  /** Gives up everything that is being loaded. */
  stop(): void {
    this.#light.stop();
    if (this.#full !== this.#light) this.#full.stop();
  }
}
