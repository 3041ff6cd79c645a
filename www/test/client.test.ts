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
  return { client: new Client(published(site), { opening: ({ kind }) => openings.push(kind), loading: () => {} }), openings };
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

test('an archive that was replaced under its reader takes its place, and what was asked is asked again', async (t) => {
  const { client: asker } = client(t);
  const { signal } = new AbortController();
  const waiting = asker.ask('html', REQUEST, signal);
  const [first] = Speaker.started;
  assert.ok(first);
  const id = await first.asked();
  globalThis.fetch = () => Promise.resolve(new Response('other bytes'));
  first.say({ kind: 'failed', id, problem: { kind: 'refused', file: 'd/a.7z', status: 404 } });
  while (Speaker.started.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  const second = Speaker.started[1];
  assert.ok(second);
  assert.equal(first.ended, true);
  assert.equal(await second.asked(), id);
  // The same once more: nothing has changed since, so the file is simply not there.
  second.say({ kind: 'failed', id, problem: { kind: 'refused', file: 'd/a.7z', status: 404 } });
  assert.deepEqual(await waiting, { kind: 'failed', problem: { kind: 'refused', file: 'd/a.7z', status: 404 } });
});

test('what is stopped is told so, and the worker gives it up', async (t) => {
  const { client: asker } = client(t);
  const waiting = asker.ask('html', REQUEST, new AbortController().signal);
  const [worker] = Speaker.started;
  assert.ok(worker);
  const id = await worker.asked();
  asker.stop();
  assert.deepEqual(await waiting, { kind: 'failed', problem: { kind: 'stopped' } });
  assert.deepEqual(worker.heard.at(-1), { kind: 'cancel', id });
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
