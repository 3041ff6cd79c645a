/**
 * Requests that several questions wait for at once are made once.
 *
 * A search, a message and its conversation miss the same blocks when a shared link is opened. And while one types, a
 * question is given up just before the next one misses the same bytes: a request without anyone waiting is therefore
 * kept for a moment before it is broken off.
 */
const LINGER_MS = 400;

interface Flight<T> {
  readonly landed: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

export class InFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Waits for the request of this name, which `start` makes if none is under way. */
  async join(name: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const flight = this.#flights.get(name) ?? this.#start(name, start);
    flight.waiting += 1;
    try {
      return await unlessAborted(flight.landed, signal);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0 && signal.aborted) this.#giveUp(flight);
    }
  }

  #start(name: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const landed = start(controller.signal).finally(() => {
      if (this.#flights.get(name) === flight) this.#flights.delete(name);
    });
    // When nobody waits any more, nobody hears of a failure either.
    landed.catch(() => {});
    const flight: Flight<T> = { landed, controller, waiting: 0 };
    this.#flights.set(name, flight);
    return flight;
  }

  #giveUp(flight: Flight<T>): void {
    setTimeout(() => {
      if (flight.waiting === 0) flight.controller.abort();
    }, LINGER_MS);
  }
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
