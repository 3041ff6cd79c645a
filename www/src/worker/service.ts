/**
 * The service worker: opens a visited archive without a network, and without asking for what never changes.
 *
 * It keeps the page and its files; what was read of the archive itself is kept by the worker (`kept-source.ts`). Files
 * under `assets` are named by their content and come from here first; the page and the manifest come from the host
 * first, so that an updated archive is seen at once. The cache is named by the archive's address: other archives of the
 * same origin have their own.
 */
/** The types of this project know only one kind of worker by this name. */
const worker = self as unknown as ServiceWorkerGlobalScope;
const { scope } = worker.registration;
const NAME = `maildex ${scope}`;
/** A host that has not answered by then is as good as none, when there is a copy. */
const PATIENCE_MS = 4000;
/** Assets that are kept: those of the page now, and of some before. */
const MOST_ASSETS = 24;

worker.addEventListener('install', (event) => {
  event.waitUntil(fill().then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return;
  const path = new URL(request.url).pathname.slice(new URL(scope).pathname.length);
  if (path.startsWith('assets/')) event.respondWith(keptFirst(request));
  else if (path === '' || path === 'index.html') event.respondWith(hostFirst(request, scope));
  else if (path === 'manifest.json' || path === 'about.json') event.respondWith(hostFirst(request, scope + path));
});

/**
 * Takes in what the page that has just been opened consists of; most of it comes from the browser's cache. The rest comes
 * file by file, and after whatever the reader waits for where a host sends by priority.
 */
async function fill(): Promise<void> {
  const cache = await caches.open(NAME);
  const page = await fetch(scope);
  if (!page.ok) throw new Error(`the page answers ${page.status}`);
  const html = await page.clone().text();
  await cache.put(scope, page);
  const assets = new Set(html.match(/assets\/[\w.-]+/g) ?? []);
  for (const name of ['manifest.json', ...assets]) await cache.add(new Request(scope + name, { priority: 'low' }));
}

async function keptFirst(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  const kept = await cache.match(request.url);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) {
    await cache.put(request.url, answer.clone());
    const assets = (await cache.keys()).filter(({ url }) => url.startsWith(`${scope}assets/`));
    for (const old of assets.slice(0, Math.max(0, assets.length - MOST_ASSETS))) await cache.delete(old);
  }
  return answer;
}

async function hostFirst(request: Request, key: string): Promise<Response> {
  const cache = await caches.open(NAME);
  const kept = await cache.match(key);
  const answer = fetch(request).then(async (answer) => {
    if (answer.ok) await cache.put(key, answer.clone());
    return answer.ok || answer.status < 500 || kept === undefined ? answer : kept.clone();
  });
  if (kept === undefined) return await answer;
  const late = new Promise<Response>((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return await Promise.race([answer.catch(() => kept), late]);
}
