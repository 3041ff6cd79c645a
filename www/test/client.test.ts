import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Client, type Opening } from '../src/page/client.ts';
import { published } from '../src/page/delivery.ts';
import type { FromWorker, ToWorker } from '../src/shared/protocol.ts';

/** A worker that the test speaks for. */
class Speaker {
  static started: Speaker[] = [];
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  onerror: ((event: { preventDefault(): void; message: string }) => void) | null = null;
  readonly heard: ToWorker[] = [];
  ended = false;
  #wake: () => void = () => {};

  constructor() {
    Speaker.started.push(this);
  }

  postMessage(message: ToWorker): void {
    this.heard.push(message);
    this.#wake();
  }

  terminate(): void {
    this.ended = true;
  }

  say(data: FromWorker): void {
    this.onmessage?.({ data });
  }

  /** The number of the question that was asked. */
  async asked(): Promise<number> {
    for (;;) {
      const ask = this.heard.find((message) => message.kind === 'ask');
      if (ask !== undefined) return ask.id;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

function client(t: TestContext): { client: Client; openings: Opening['kind'][] } {
  const before = { Worker: globalThis.Worker, document: globalThis.document, fetch: globalThis.fetch };
  t.after(() => Object.assign(globalThis, before));
  Speaker.started = [];
  Object.assign(globalThis, {
    Worker: Speaker,
    document: { baseURI: 'https://a.example/' },
    fetch: () => Promise.resolve(new Response('bytes')),
  });
  const openings: Opening['kind'][] = [];
  const site = { worker: 'worker.js', wasm: 'a.wasm', manifest: 'manifest.json' };
  return { client: new Client(published(site), ({ kind }) => openings.push(kind)), openings };
}

const REQUEST = { key: '0123456789abcdef' };
const COST = { rounds: 1, requests: 1, bytes: 1 };

test('a dead engine is ended, whoever waits is told, and the next question starts another', async (t) => {
  const { client: asker } = client(t);
  const { signal } = new AbortController();
  const waiting = [asker.ask('html', REQUEST, signal), asker.ask('thread', REQUEST, signal)];
  const [first] = Speaker.started;
  assert.ok(first);
  first.say({ kind: 'failed', id: await first.asked(), problem: { kind: 'crashed', detail: 'unreachable' } });
  for (const outcome of await Promise.all(waiting)) assert.deepEqual(outcome, { kind: 'failed', problem: { kind: 'crashed', detail: 'unreachable' } });
  assert.equal(first.ended, true);

  const again = asker.ask('html', REQUEST, signal);
  const second = Speaker.started[1];
  assert.ok(second);
  second.say({ kind: 'answer', name: 'html', id: await second.asked(), value: { html: null }, cost: COST });
  assert.equal((await again).kind, 'done');
});

test('a worker that cannot be loaded closes the archive until something is asked again', async (t) => {
  const { client: asker, openings } = client(t);
  const { signal } = new AbortController();
  const waiting = asker.ask('html', REQUEST, signal);
  Speaker.started[0]?.onerror?.({ preventDefault: () => {}, message: '' });
  assert.equal((await waiting).kind, 'failed');
  assert.deepEqual(openings, ['opening', 'closed']);
  void asker.ask('html', REQUEST, signal);
  assert.deepEqual(openings, ['opening', 'closed', 'opening']);
  assert.equal(Speaker.started.length, 2);
});
