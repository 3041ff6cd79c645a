// What stays in the reader's browser: a second visit, a visit without a network, and how much memory a long one takes.

import { host } from './host.mjs';
import { equal, Skip } from './screen.mjs';

const QUERY = 'ferry';

/** @type {Record<string, (screen: import('./screen.mjs').Screen, world: any) => Promise<void>>} */
export const visits = {
  'a second visit asks for nothing that never changes': async (screen, world) => {
    const server = await host(world.site);
    server.forgetful = true;
    const { total, hits } = world.search(QUERY);
    const address = `${server.url}#${new URLSearchParams({ q: QUERY, m: hits[0].key })}`;
    await visit(screen, address, total, hits[0].key);
    await kept(screen);
    await screen.blank();
    server.asked.length = 0;
    await visit(screen, address, total, hits[0].key);
    const asked = server.asked.filter((path) => /^(d|assets)\//.test(path));
    equal(asked, [], 'files that never change and were asked for again');
    await server.end();
  },

  'a visited archive opens without its host, and says what it has not': async (screen, world) => {
    const server = await host(world.site);
    const { total, hits } = world.search(QUERY);
    const address = `${server.url}#${new URLSearchParams({ q: QUERY, m: hits[0].key })}`;
    await visit(screen, address, total, hits[0].key);
    await kept(screen);
    await screen.blank();
    await server.end();
    await visit(screen, address, total, hits[0].key);
    await screen.evaluate(`void (location.hash = 'q=harbour+subject:minutes')`);
    await screen.see('[role="alert"][data-problem="unreachable"], [role="alert"][data-problem="offline"]');
  },

  'archives of one origin keep apart': async (screen, world) => {
    const server = await host(world.site);
    const { total, hits } = world.search(QUERY);
    await visit(screen, `${server.url}#${new URLSearchParams({ q: QUERY, m: hits[0].key })}`, total, hits[0].key);
    await kept(screen);
    const names = await screen.evaluate(
      `Promise.all([indexedDB.databases(), caches.keys()]).then(([databases, caches]) => [...databases.map(({ name }) => name), ...caches])`,
    );
    equal(names, [`maildex ${server.url}`, `maildex ${server.url}`], 'what is kept');
    await server.end();
  },
};

async function visit(screen, address, total, key) {
  await screen.open(address);
  await screen.total(total);
  await screen.see(`article.message[data-key="${key}"]`);
  await screen.until('snippets', `document.querySelector('#results mark') !== null`);
}

/** Waits until the browser has put away what it was given. */
async function kept(screen) {
  if (!(await screen.evaluate('"serviceWorker" in navigator'))) throw new Skip('this browser starts no service worker here');
  await screen.until('a service worker', 'navigator.serviceWorker.ready.then(() => true)');
  const rows = `new Promise((resolve, reject) => {
    const opening = indexedDB.open('maildex ' + new URL('.', location.href).href);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const counting = database.transaction('pieces').objectStore('pieces').count();
      counting.onsuccess = () => (database.close(), resolve(counting.result));
    };
  })`;
  let before = -1;
  await screen.until('kept pieces', `${rows}.then((n) => n > 0)`);
  // Pieces are written one after the other; when none comes any more, all are there.
  for (let now = await screen.evaluate(rows); now !== before; now = await screen.evaluate(rows)) {
    before = now;
    await screen.evaluate('new Promise((resolve) => setTimeout(resolve, 300))');
  }
}
