import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { openShelf } from '../src/worker/shelf.ts';

/** A request that is answered with `result` at once, or never. */
function request(result?: unknown): object {
  const made = { result, onsuccess: null as (() => void) | null };
  if (result !== undefined) queueMicrotask(() => made.onsuccess?.());
  return made;
}

/** A browser's database that opens, and whose stores answer as told. */
function databaseOf(stores: object): object {
  return { open: () => request({ transaction: () => ({ objectStore: () => stores }) }) };
}

function stand(indexedDB: object): void {
  Object.defineProperty(globalThis, 'indexedDB', { value: indexedDB, configurable: true });
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'indexedDB');
});

test('a database that never opens is none', async () => {
  stand({ open: () => request() });
  assert.equal(await openShelf('https://a.example/'), null);
});

test('a database that opens and never answers is given up, once and for all', async () => {
  stand(databaseOf({ getAll: () => request(), get: () => request(new Uint8Array(3)) }));
  const shelf = await openShelf('https://a.example/');
  assert.ok(shelf !== null);
  assert.equal((await shelf.read(1))?.length, 3);
  await assert.rejects(shelf.list(), /does not answer/);
  await assert.rejects(shelf.read(1), /does not answer/);
});

test('a database is waited for as long as it answers others', async () => {
  const late: (() => void)[] = [];
  let told = false;
  stand(
    databaseOf({
      getAll: () => {
        const made = { result: [], onsuccess: null as (() => void) | null };
        late.push(() => made.onsuccess?.());
        return made;
      },
      get: () => request(new Uint8Array(1)),
    }),
  );
  const shelf = await openShelf('https://a.example/');
  assert.ok(shelf !== null);
  const list = shelf.list().finally(() => (told = true));
  for (let tries = 0; tries < 6; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await shelf.read(1);
  }
  assert.equal(told, false);
  late.forEach((answer) => answer());
  assert.deepEqual(await list, []);
});
