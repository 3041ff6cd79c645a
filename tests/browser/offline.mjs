// Archives that are opened from a disk: what a site can do, they can.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { equal } from './screen.mjs';
import { scenarios } from './scenarios.mjs';

const QUERY = 'ferry';

/** What the page does that a delivery could break. */
const KEPT = [
  'opens with the whole archive, newest first',
  'finds what the command line finds, with marks',
  'searches while one types',
  'opens a message in its thread',
  'goes to either end of the results and by pages',
  'goes to a message and back',
  'keeps the way home in the history',
  'shares what is seen while a word is unfinished',
  'shows HTML mail in a frame that can do nothing',
  'follows a shared link',
  'asks no other host',
];

function from(delivery) {
  return Object.fromEntries(
    KEPT.map((title) => [
      `from a ${delivery}: ${title}`,
      (screen, world) => scenarios[title](screen, { ...world, good: world[delivery] }),
    ]),
  );
}

/** @type {Record<string, (screen: import('./screen.mjs').Screen, world: any) => Promise<void>>} */
export const offline = {
  ...from('file'),
  ...from('folder'),

  'from a file: searches on the page where no worker starts': async (screen, world) => {
    const file = join(world.scratch(), 'archive.html');
    const html = readFileSync(fileURLToPath(world.file), 'utf8');
    const without = html.replace('worker-src blob:', "worker-src 'none'");
    if (without === html) throw new Error('expected a rule for workers, found none');
    writeFileSync(file, without);
    const { total, hits } = world.search(QUERY);
    await screen.open(`${pathToFileURL(file).href}#${new URLSearchParams({ q: QUERY, m: hits[0].key })}`);
    await screen.total(total);
    await screen.see(`article.message[data-key="${hits[0].key}"]`);
  },

  'from a file: says that it was cut': async (screen, world) => {
    const file = join(world.scratch(), 'archive.html');
    const html = readFileSync(fileURLToPath(world.file), 'utf8');
    // All but the first shards are lost.
    writeFileSync(file, html.slice(0, html.indexOf('id="d/') + 1000));
    await screen.open(`${pathToFileURL(file).href}#q=${QUERY}`);
    await screen.see('[role="alert"][data-problem="absent"], [role="alert"][data-problem="length"]');
    equal(world.maildex('verify', file).status, 2, 'the exit code of verify');
  },

  'from a folder: names the file that is not there': async (screen, world) => {
    const folder = world.scratch();
    cpSync(fileURLToPath(new URL('.', world.folder)), folder, { recursive: true });
    for (const name of readdirSync(join(folder, 'd'))) rmSync(join(folder, 'd', name), { recursive: true });
    await screen.open(`${pathToFileURL(join(folder, 'index.html')).href}#q=${QUERY}`);
    await screen.see('[role="alert"][data-problem="absent"]');
    const said = await screen.text('[role="alert"]');
    if (!/d\/[0-9a-f]{20}\/\d+\.js/.test(said)) throw new Error(`expected the name of a file, found ${said}`);
    equal(world.maildex('verify', folder).status, 2, 'the exit code of verify');
  },

  'from a disk: is sound': async (_, world) => {
    for (const delivery of ['file', 'folder']) {
      const path = fileURLToPath(delivery === 'file' ? world.file : new URL('.', world.folder));
      const { status, stdout } = world.maildex('verify', path);
      equal(status, 0, `the exit code of verify for the ${delivery}`);
      if (!stdout.startsWith('sound: ')) throw new Error(`expected a sound ${delivery}, found ${stdout}`);
    }
  },
};
