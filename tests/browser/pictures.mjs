// The pictures of README and docs, taken anew of the demo archive: `node pictures.mjs MAILDEX [FOLDER]`.
//
// FOLDER is docs/pictures if not given. The archive is invented, and always the same.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { launch } from './driver.mjs';
import { host } from './host.mjs';
import { Screen } from './screen.mjs';

const WIDE = [1240, 800];
const PHONE = [390, 844];
const QUERY = 'harbour';

/** What each picture shows: the window, the address, what to wait for and what to do then. */
const pictures = {
  search: { at: { q: QUERY }, see: ['#results mark', 'mx-timeline a, mx-timeline rect', '.facets'] },
  reading: { at: { q: QUERY, threads: '' }, see: ['#results mark'], open: '#results a.row .count', then: ['article.message .text', 'ol.thread'] },
  people: { at: { view: 'people' }, see: ['.arcs path', '.crowd .measure-row'] },
  browse: { at: { view: 'browse' }, see: ['.calendar .month'] },
  missing: { at: { view: 'missing' }, see: ['mx-missing .chapter'] },
  phone: { size: PHONE, at: { q: QUERY }, see: ['#results mark'] },
};

const [program, folder = join(import.meta.dirname, '../../docs/pictures')] = process.argv.slice(2);
if (program === undefined) {
  console.error('usage: node pictures.mjs MAILDEX [FOLDER]');
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'maildex-pictures-'));
const browser = await launch('chromium');
try {
  const [mbox, site] = [join(work, 'demo.mbox'), join(work, 'site')];
  execFileSync(resolve(program), ['demo', '--quiet', '--messages', '5000', '--seed', '1', '-o', mbox]);
  execFileSync(resolve(program), ['build', '--quiet', mbox, '-o', site, '--title', 'Hestray Ferries']);
  const server = await host(site);
  for (const [name, { size = WIDE, at, see, open, then = [] }] of Object.entries(pictures)) {
    const page = await browser.fresh();
    const screen = new Screen(page);
    await page.resize(...size);
    await screen.open(`${server.url}#${new URLSearchParams(at)}`);
    for (const what of see) await screen.see(what);
    if (open !== undefined) await screen.evaluate(`document.querySelector('${open}').closest('a.row').click()`);
    for (const what of then) await screen.see(what);
    await screen.until('nothing on its way', `document.querySelector('[data-busy=""], [data-busy="true"], .skeleton, .blank, .load') === null`);
    await page.screenshot(join(folder, `${name}.png`));
    await page.close();
  }
  await server.end();
} finally {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
}
process.exit(0);
