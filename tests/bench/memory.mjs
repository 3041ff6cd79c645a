// How much memory a long visit takes: `node memory.mjs SITE [MEGABYTES] [--desktop]`.
//
// Reads lines and messages of a site through its own worker in Chromium, the newest first, until the host has given so many
// megabytes of shards (150), and tells what that takes: memory of the browser's process for the page (anonymous pages that
// are resident, from Linux's /proc) beyond what it had when the archive was open, and bytes kept in the browser's database.
// Chromium is started as on a phone with little memory, where it lets less garbage lie, unless asked otherwise. Fails where
// either is beyond its bound. The site has to be as large.

import { readdirSync, readFileSync } from 'node:fs';

import { launchUnwatched } from '../browser/driver/chromium.mjs';
import { serve } from './browser/serve.mjs';

/** What one archive may keep in a browser's database (`www/src/worker/kept-source.ts`), and an answer for which the oldest goes next. */
const MOST_KEPT = (64 << 20) + (1 << 20);
/**
 * What the process may grow by: 32 MiB of blocks that have arrived (`www/src/worker/archive.ts`), half as much again that
 * the engine's memory is larger, what was decoded of them, and what waits to be collected.
 */
const MOST_HELD = 96 << 20;
/** Lines between two looks at what the host has given; one of `STRIDE` is opened. */
const PAGE = 100;
const STRIDE = 10;

const isDesktop = process.argv.includes('--desktop');
const [site, megabytes = '150'] = process.argv.slice(2).filter((word) => word !== '--desktop');
if (site === undefined) {
  console.error('usage: node memory.mjs SITE [MEGABYTES] [--desktop]');
  process.exit(2);
}
const wanted = Number(megabytes) * 1e6;
const server = await serve({ '/': site, '/bench/': new URL('browser/page', import.meta.url).pathname });
const browser = await launchUnwatched(isDesktop ? [] : ['--enable-low-end-device-mode']);
const page = await browser.newPage();
await page.goto(`${server.url}bench/blank.html`);
await page.evaluate(`import('/bench/maildex.js').then((module) => { window.bench = module; return module.open(); })`);

const base = resident();
let [given, opened, offset, shown] = [0, 0, 0, 0];
let held = 0;
console.log('| shards given, MB | messages opened | memory beyond that of opening, MB |\n|---|---|---|');
for (let isEnd = false; !isEnd; offset += PAGE) {
  const messages = await page.evaluate(`bench.visit(${offset}, ${PAGE}, ${STRIDE})`);
  opened += messages;
  given += server.take().reduce((sum, { path, bytes }) => sum + (path.startsWith('/d/') ? bytes : 0), 0);
  isEnd = messages === 0 || given >= wanted;
  if (!isEnd && given < shown + wanted / 6) continue;
  shown = given;
  const now = resident() - base;
  held = Math.max(held, now);
  console.log(`| ${mega(given)} | ${opened.toLocaleString('en')} | ${mega(now)} |`);
}
// Last, because to count what is kept is to read it into the page's process.
const kept = await page.evaluate('bench.kept()');
console.log(`${mega(kept)} MB kept in the browser's database`);
await browser.close();
if (given < wanted) console.error(`the site has given ${mega(given)} MB, all that it has: take a larger one`);
const isOver = (held > MOST_HELD && !isDesktop) || kept > MOST_KEPT;
if (isOver) console.error(`beyond the bound of ${mega(MOST_HELD)} MB of memory or ${mega(MOST_KEPT)} MB kept`);
process.exit(isOver || given < wanted ? 1 : 0);

/** Bytes of the largest process for pages that this one has started. */
function resident() {
  const statuses = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const field = (name) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1]);
      return [{ pid: Number(pid), parent: field('PPid'), bytes: field('RssAnon') * 1024, isPage: readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer') }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
  const isOwn = (pid) => pid === process.pid || (pid > 1 && isOwn(statuses.find((one) => one.pid === pid)?.parent ?? 0));
  return Math.max(...statuses.filter(({ pid, isPage }) => isPage && isOwn(pid)).map(({ bytes }) => bytes));
}

function mega(bytes) {
  return (bytes / 1e6).toFixed(0);
}
