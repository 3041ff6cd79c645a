// What the engines cost in Chromium: `node measure.mjs JOB.json` prints one JSON object.
//
// The job names the engine, its files, and the queries; the result has a row for each query.

import { readFileSync } from 'node:fs';

import { launchChromium } from '../../browser/driver/chromium.mjs';
import { serve, sum } from './serve.mjs';

const PAGES = new URL('page', import.meta.url).pathname;
/** Every so manieth query is asked of a peer that needs a fresh page for it, which takes a second. */
const STRIDE = 3;
const engines = { maildex, pagefind, minisearch, fts5 };

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const browser = await launchChromium();
try {
  const result = await engines[job.engine](job);
  console.log(JSON.stringify({ browser: browser.version, ...result }));
} finally {
  await browser.close();
}
process.exit(0);

/** A page with the functions of a module of `page/` as `bench`. */
async function open(server, module, page = 'blank.html') {
  const fresh = await browser.fresh();
  await fresh.goto(`${server.url}bench/${page}`);
  await fresh.evaluate(`import('/bench/${module}.js').then((module) => { window.bench = module; })`);
  const call = (name, ...args) => fresh.evaluate(`bench.${name}(...${JSON.stringify(args)})`);
  return { call, close: () => fresh.close() };
}

async function maildex({ site, bindgen, queries, passes, steps }) {
  const mounts = { '/': site, '/bench/': PAGES, '/bindgen/': bindgen };
  const server = await serve(mounts);
  const result = { opening: await maildexOpening(server) };
  const page = await open(server, 'maildex');
  for (const sort of ['newest', 'relevance']) {
    if (steps.includes(sort)) result[sort] = await coldQueries(server, page, queries, sort);
  }
  if (steps.includes('warm')) {
    await page.call('open');
    const texts = queries.map(({ text }) => text);
    for (const sort of ['newest', 'relevance']) {
      const [asked, engine] = [await page.call('warm', texts, sort, passes), await page.call('warmEngine', texts, sort, passes)];
      result[`warm_${sort}`] = queries.map(({ kind }, idx) => ({ kind, asked: asked[idx], engine: engine[idx] }));
    }
  }
  await page.close();
  server.close();
  if (steps.includes('whole')) {
    const host = await serve(mounts, { ranges: false });
    result.whole = await wholeQueries(host, await open(host, 'maildex'), queries);
    host.close();
  }
  return result;
}

/** What the site's own page fetches by itself, and what of it has to be there before a query can run. */
async function maildexOpening(server) {
  const page = await browser.fresh();
  server.take();
  await page.goto(server.url);
  await server.quiet();
  const log = server.take();
  await page.close();
  // The service worker fetches the page once more for visits without a network, and the full engine and the rooms come
  // behind the first results.
  const isFirst = ({ path }, idx) =>
    !/^\/(d\/|assets\/(full|rooms|sheet)-|sw\.js|about\.json)/u.test(path) && log.findIndex((own) => own.path === path) === idx;
  const files = log.filter(isFirst);
  return {
    files: files.map(({ path, bytes }) => ({ path: path === '/' ? '/index.html' : path, bytes })),
    bytes: sum(files).bytes,
    first_screen: sum(log, (path) => path.startsWith('/d/')),
  };
}

/** Each query in a fresh reader: its lines, then the marked snippets of ten, then its exact total. */
async function coldQueries(server, page, queries, sort) {
  const rows = [];
  for (const { kind, text } of queries) {
    await page.call('open');
    server.take();
    const { rounds, lines, total } = await page.call('search', text, sort);
    const search = sum(server.take());
    const row = { kind, text, rounds, lines, bytes: search.bytes, requests: search.requests };
    if (sort === 'newest') {
      row.snippet_rounds = lines === 0 ? 0 : await page.call('snippets');
      const snippets = sum(server.take());
      Object.assign(row, { snippet_bytes: snippets.bytes, snippet_requests: snippets.requests });
      const exact = total === null ? await page.call('total') : { rounds: 0, total };
      Object.assign(row, { hits: exact.total, total_bytes: sum(server.take()).bytes });
    }
    rows.push(row);
  }
  return rows;
}

/** On a host without ranges: a query in a fresh reader, and another one after it. */
async function wholeQueries(server, page, queries) {
  const rows = [];
  for (const [idx, { kind, text }] of queries.entries()) {
    const next = queries[(idx * 73 + 41) % queries.length];
    await page.call('open');
    server.take();
    await page.call('search', text);
    const first = sum(server.take());
    await page.call('search', next.text);
    const further = sum(server.take());
    rows.push({ kind, bytes: first.bytes, requests: first.requests, next: next.kind, next_bytes: further.bytes });
  }
  await page.close();
  return rows;
}

async function pagefind({ folder, queries, passes }) {
  const server = await serve({ '/': folder, '/bench/': PAGES });
  const textOf = ({ kind, terms }) => (kind === 'phrase' ? `"${terms.join(' ')}"` : terms.join(' '));
  const rows = [];
  let opening = null;
  for (const query of queries.filter((_, idx) => idx % STRIDE === 0)) {
    const page = await open(server, 'pagefind');
    server.take();
    await page.call('open');
    opening ??= sum(server.take());
    server.take();
    await page.call('search', textOf(query));
    const log = server.take();
    // A query in its language loads that language's wasm and the meta file, which is part of opening.
    const index = sum(log, (path) => path.endsWith('.pf_index'));
    if (rows.length === 0) opening.bytes += sum(log, (path) => !path.endsWith('.pf_index')).bytes;
    await page.call('lines', 10);
    rows.push({ kind: query.kind, bytes: index.bytes, requests: index.requests, lines_bytes: sum(server.take()).bytes });
    await page.close();
  }
  const page = await open(server, 'pagefind');
  await page.call('open');
  const { times, hits } = await page.call('warm', queries.map(textOf), passes);
  server.close();
  const warm = queries.map(({ kind }, idx) => ({ kind, asked: times[idx], hits: hits[idx] }));
  return { opening, queries: rows, warm };
}

async function minisearch({ index, library, queries, passes }) {
  const server = await serve({ '/index.json': index, '/minisearch/': library, '/bench/': PAGES });
  const page = await open(server, 'minisearch');
  const load_ms = await page.call('open');
  const opening = sum(server.take(), (path) => !path.startsWith('/bench/'));
  // It has no phrases.
  const asked = queries.filter(({ kind }) => kind !== 'phrase');
  const asks = asked.map(({ kind, terms }) => ({ text: terms.join(' '), prefix: kind === 'prefix' }));
  const { times, hits } = await page.call('warm', asks, passes);
  server.close();
  return { opening, load_ms, queries: asked.map(({ kind }, idx) => ({ kind, asked: times[idx], hits: hits[idx] })) };
}

async function fts5({ database, httpvfs, pageSize, queries }) {
  const server = await serve({ '/index.db': database, '/httpvfs/': httpvfs, '/bench/': PAGES });
  const rows = [];
  let opening = null;
  for (const { kind, terms } of queries.filter((_, idx) => idx % STRIDE === 0)) {
    const match = { phrase: `"${terms.join(' ')}"`, prefix: `"${terms[0]}"*` }[kind];
    const page = await open(server, 'fts5', 'fts5.html');
    await page.call('open', pageSize);
    opening ??= sum(server.take(), (path) => !path.startsWith('/bench/'));
    server.take();
    await page.call('search', match ?? terms.map((term) => `"${term}"`).join(' AND '));
    rows.push({ kind, ...sum(server.take()) });
    await page.close();
  }
  server.close();
  return { opening, queries: rows };
}
