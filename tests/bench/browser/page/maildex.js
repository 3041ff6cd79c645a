// A page that talks to the site's own worker as the site's page does, and measures it.

/** The site's parts, as its own HTML names them. */
async function parts() {
  const html = new DOMParser().parseFromString(await (await fetch('/')).text(), 'text/html');
  const app = html.querySelector('maildex-app');
  const read = async (name) => await (await fetch(`/${app.getAttribute(name)}`)).arrayBuffer();
  return { worker: `/${app.getAttribute('worker')}`, wasm: await read('wasm'), manifest: await read('manifest') };
}

const site = await parts();
const now = Math.floor(Date.now() / 1000);

/** The site's worker, with nothing read yet. */
class Reader {
  #worker = new Worker(site.worker, { type: 'module' });
  #waiting = new Map();
  #lastId = 0;

  async open() {
    const ready = this.#expect('ready');
    this.#worker.onmessage = ({ data }) => {
      const name = data.id ?? data.kind;
      const reply = data.kind === 'closed' ? 'ready' : name;
      const { resolve, reject } = this.#waiting.get(reply);
      this.#waiting.delete(reply);
      if (data.kind === 'failed' || data.kind === 'closed') reject(new Error(JSON.stringify(data.problem)));
      else resolve(data);
    };
    const [wasm, manifest] = [site.wasm.slice(0), site.manifest.slice(0)];
    this.#worker.postMessage({ kind: 'start', wasm, manifest, base: `${location.origin}/` }, [wasm, manifest]);
    await ready;
    return this;
  }

  ask(name, ask) {
    const id = ++this.#lastId;
    const answer = this.#expect(id);
    this.#worker.postMessage({ kind: 'ask', id, question: { name, ask } });
    return answer;
  }

  end() {
    this.#worker.terminate();
  }

  #expect(name) {
    return new Promise((resolve, reject) => this.#waiting.set(name, { resolve, reject }));
  }
}

const searched = (query, sort, limit) => ({ query, sort, offset: 0, limit, typing: false, now });
let reader = null;
let shown = null;

function forget(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = resolve;
    request.onerror = () => reject(request.error);
  });
}

/** Starts a fresh reader. */
export async function open() {
  reader?.end();
  // What a visit has read is kept for the next one: here each reader is a first visit.
  for (const { name } of await indexedDB.databases()) await forget(name);
  reader = await new Reader().open();
}

/** Twenty lines of a query; gives the rounds that they took. */
export async function search(query, sort = 'newest') {
  const { value, cost } = await reader.ask('search', searched(query, sort, 20));
  shown = { query, keys: value.lines.map((line) => line.key) };
  return { rounds: cost.rounds, lines: value.lines.length, total: value.total ?? null };
}

/** The marked snippets of the first ten of them. */
export async function snippets() {
  const ask = { query: shown.query, now, typing: false, keys: shown.keys.slice(0, 10), maxChars: 180 };
  return (await reader.ask('snippets', ask)).cost.rounds;
}

/** The exact total of the query. */
export async function total() {
  const { value, cost } = await reader.ask('total', searched(shown.query, 'newest', 0));
  return { rounds: cost.rounds, total: value.total };
}

/** Milliseconds from asking the worker to its answer, for each query and pass, everything being there. */
export async function warm(queries, sort, passes) {
  for (const query of queries) await reader.ask('search', searched(query, sort, 20));
  const times = queries.map(() => []);
  for (let pass = 0; pass < passes; pass++) {
    for (const [idx, query] of queries.entries()) {
      const began = performance.now();
      await reader.ask('search', searched(query, sort, 20));
      times[idx].push(performance.now() - began);
    }
  }
  return times;
}

/** The same inside a worker, around the engine's own call alone. */
export function warmEngine(queries, sort, passes) {
  const worker = new Worker('/bench/engine-worker.js', { type: 'module' });
  const manifest = JSON.parse(new TextDecoder().decode(site.manifest));
  const asks = queries.map((query) => searched(query, sort, 20));
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ wasm: site.wasm, manifest, asks, passes });
  });
}

/** Looks at some lines of the whole archive, and opens one message of so many; gives how many were opened. */
export async function visit(offset, limit, stride) {
  const { value } = await reader.ask('search', { ...searched('', 'newest', limit), offset });
  const keys = value.lines.map(({ key }) => key).filter((_, idx) => idx % stride === 0);
  await Promise.all(keys.map((key) => reader.ask('message', { key, query: '', now })));
  return keys.length;
}

/** Bytes of the archive that are kept in the browser's database. */
export async function kept() {
  const [{ name }] = await indexedDB.databases();
  const opening = indexedDB.open(name);
  const database = await new Promise((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const asking = database.transaction('pieces').objectStore('pieces').getAll();
  const pieces = await new Promise((resolve) => (asking.onsuccess = () => resolve(asking.result)));
  database.close();
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
