// The page in three browsers: `node run.mjs MAILDEX [BROWSER…] [--only TEXT]`.
//
// Builds the demo archive with the real program, serves it in the ways of different hosts, and runs every scenario
// (or those whose title holds the text) in every browser. One line for each, and a last line
// `N passed, N failed, N skipped`.

import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { accessibility } from './accessibility.mjs';
import { attachments } from './attachments.mjs';
import { launch, names } from './driver.mjs';
import { start } from './driver/program.mjs';
import { embed } from './embed.mjs';
import { hostile } from './hostile.mjs';
import { hosts } from './hosts.mjs';
import { keeping } from './keeping.mjs';
import { offline } from './offline.mjs';
import { refining } from './refine.mjs';
import { rooms } from './rooms.mjs';
import { Screen, Skip } from './screen.mjs';
import { scenarios } from './scenarios.mjs';
import { visits } from './visits.mjs';

const N_MESSAGES = 1000;
/** Wide enough for the list and the message beside it. */
const DESK = { width: 1240, height: 900 };

const { positionals, values } = parseArgs({ allowPositionals: true, options: { only: { type: 'string', default: '' } } });
const [program, ...wanted] = positionals;
if (program === undefined || wanted.some((name) => !names.includes(name))) {
  console.error(`usage: node run.mjs MAILDEX [${names.join('|')}]... [--only TEXT]`);
  process.exit(2);
}
const maildex = resolve(program);
const pictures = resolve(import.meta.dirname, '../../target/browser-pictures');

const folder = mkdtempSync(join(tmpdir(), 'maildex-browser-'));
const counts = { passed: 0, failed: 0, skipped: 0 };
try {
  const world = await makeWorld();
  for (const name of wanted.length > 0 ? wanted : names) await runBrowser(name, world);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 ? 1 : 0);

/**
 * The demo archive on a good host, on one without ranges, and a copy of it that is damaged; and an archive of odd
 * messages in New York's time.
 */
async function makeWorld() {
  const [mbox, site, damaged, odd] = ['demo.mbox', 'site', 'damaged', 'odd'].map((name) => join(folder, name));
  execFileSync(maildex, ['demo', '--quiet', '--messages', String(N_MESSAGES), '--seed', '7', '-o', mbox]);
  execFileSync(maildex, ['build', '--quiet', mbox, '-o', site, '--title', 'Demo & <test>']);
  const oddMail = join(import.meta.dirname, 'odd.mbox');
  execFileSync(maildex, ['build', '--quiet', oddMail, '-o', odd, '--zone', 'America/New_York', '--title', 'Odd']);
  cpSync(site, damaged, { recursive: true });
  const shards = readdirSync(join(damaged, 'd'), { recursive: true }).filter((name) => name.endsWith('.7z'));
  for (const name of shards) damage(join(damaged, 'd', name));
  // A name as people give them, and as an address must not hold it.
  const bundles = join(folder, 'A copy, 100% & more #1');
  mkdirSync(bundles);
  const [file, beside] = [join(bundles, 'archive.html'), join(bundles, 'archive')];
  execFileSync(maildex, ['bundle', '--quiet', site, '-o', file]);
  execFileSync(maildex, ['bundle', '--quiet', site, '--folder', beside]);
  return {
    program: maildex,
    mbox,
    site,
    nMessages: info(site).messages,
    good: (await serve(site)).url,
    withoutRange: (await serve(site, '--no-range')).url,
    damaged: (await serve(damaged)).url,
    odd: (await serve(odd)).url,
    file: pathToFileURL(file).href,
    folder: pathToFileURL(join(beside, 'index.html')).href,
    /** Runs the program and gives what it says and its exit code. */
    maildex: (...args) => spawnSync(maildex, args, { encoding: 'utf8' }),
    /** A new folder for a scenario's files. */
    scratch: () => mkdtempSync(join(folder, 'scratch-')),
    /** A host of its own that can be ended. */
    serve: () => serve(site),
    serveSite: (other) => serve(other),
    serveAt: (port) => serve(site, '--port', port),
    /** What the command line finds: the page must find the same. */
    search: (query, ...options) => {
      const args = ['search', site, '--json', ...options, '--', query];
      return JSON.parse(execFileSync(maildex, args, { encoding: 'utf8', maxBuffer: 1 << 26 }));
    },
    /** What the command line counts by one facet. */
    facets: (query, name) => {
      const args = ['search', site, '--json', '--facets', name, '--', query];
      const { facets } = JSON.parse(execFileSync(maildex, args, { encoding: 'utf8', maxBuffer: 1 << 26 }));
      return facets[name];
    },
    sums: (file) => createHash('sha256').update(readFileSync(file)).digest('hex'),
    show: (key) => JSON.parse(execFileSync(maildex, ['show', site, key, '--json'], { encoding: 'utf8' })),
  };
}

function info(site) {
  return JSON.parse(execFileSync(maildex, ['info', site, '--json'], { encoding: 'utf8' }));
}

/** Flips a bit in every 64 bytes, so that no block of the file is whole. */
function damage(file) {
  const bytes = readFileSync(file);
  for (let at = 0; at < bytes.length; at += 64) bytes[at] ^= 1;
  writeFileSync(file, bytes);
}

async function serve(site, ...options) {
  const port = options.includes('--port') ? [] : ['--port', '0'];
  const { child, match } = await start(maildex, ['serve', site, ...port, ...options], { until: /(http:\/\/\S+\/)/ });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return { url: match[1], end: () => (child.kill(), ended) };
}

async function runBrowser(name, world) {
  const began = Date.now();
  const before = { ...counts };
  let browser;
  try {
    browser = await launch(name);
  } catch (error) {
    report('failed', name, 'starts', error);
    return;
  }
  try {
    const all = { ...scenarios, ...refining, ...rooms, ...attachments, ...offline, ...hosts, ...visits, ...hostile, ...embed, ...keeping, ...accessibility };
    const chosen = Object.entries(all).filter(([title]) => title.includes(values.only));
    for (const [title, run] of chosen) await runScenario(name, browser, world, title, run);
  } finally {
    await browser.close();
  }
  const [passed, failed] = [counts.passed - before.passed, counts.failed - before.failed];
  console.log(`${name}: ${browser.version}: ${passed} of ${passed + failed} in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  if (passed === 0 && failed === 0) report('failed', name, 'runs at least one scenario', new Error('none ran'));
}

async function runScenario(name, browser, world, title, run) {
  const began = Date.now();
  let page;
  try {
    page = await browser.fresh();
  } catch (error) {
    report('failed', name, title, error);
    return;
  }
  const screen = new Screen(page);
  try {
    await screen.resize(DESK.width, DESK.height);
    await run(screen, world);
    report('passed', name, `${title} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    if (error instanceof Skip) {
      report('skipped', name, title, error);
      return;
    }
    report('failed', name, title, error);
    mkdirSync(pictures, { recursive: true });
    const picture = join(pictures, `${name} ${title}.png`.replaceAll(' ', '-'));
    await page.screenshot(picture).then(
      () => console.log(`      a picture of it: ${picture}`),
      (reason) => console.log(`      no picture could be taken: ${reason.message}`),
    );
  } finally {
    await page.close();
  }
}

function report(outcome, name, title, error) {
  counts[outcome] += 1;
  const marks = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' };
  console.log(`${marks[outcome]}  ${name}: ${title}${error ? `: ${error.message}` : ''}`);
}
