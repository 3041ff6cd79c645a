// Hosts as they are: the page finds the same, or says what is wrong. It never finds less.

import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { host } from './host.mjs';
import { equal } from './screen.mjs';

const QUERY = 'ferry';

/** Ways in which a host fails and a reader need not notice. */
const MENDED = [
  'without ranges', 'that compresses, and then cuts', 'with a wrong Content-Range', 'with other bytes than its Content-Range says',
  'that is too busy at first', 'that cuts the connection at first',
];

/** Ways in which nothing can be found, by the problem that is named. */
const TOLD = {
  'with cut files': 'length',
  'without the shards': 'refused',
  'that gives its front page for what is not there': 'length',
  'that is always too busy': 'unreachable',
};

/** @type {Record<string, (screen: import('./screen.mjs').Screen, world: any) => Promise<void>>} */
export const hosts = {
  ...Object.fromEntries(MENDED.map((way) => [`a host ${way} is read all the same`, (screen, world) => readsAll(screen, world, way)])),
  ...Object.fromEntries(
    Object.entries(TOLD).map(([way, problem]) => [`a host ${way} is told of`, (screen, world) => tells(screen, world, way, problem)]),
  ),

  'an archive that is replaced while it is read is read on': async (screen, world) => {
    const folder = join(world.scratch(), 'site');
    cpSync(world.site, folder, { recursive: true });
    const server = await host(folder);
    await screen.open(server.url);
    await screen.total(world.nMessages);
    // Another title gives other bytes; the old shards are gone at once, as on hosts that keep one state.
    rmSync(folder, { recursive: true });
    execFileSync(world.program, ['build', '--quiet', world.mbox, '-o', folder, '--html', 'drop', '--title', 'Anew']);
    await screen.search(QUERY);
    const { total, hits } = world.search(QUERY);
    await screen.total(total);
    await screen.evaluate(`void (location.hash = 'm=${hits.at(-1).key}')`);
    await screen.see(`article.message[data-key="${hits.at(-1).key}"]`);
    await screen.gone('[role="alert"]');
    await server.end();
  },

  'a slow host shows how far it is, and can be stopped': async (screen, world) => {
    const server = await host(world.site, 'that is slow');
    await screen.open(server.url);
    await screen.see('.load progress');
    const said = await screen.text('.load');
    if (!/ of \d.*B/.test(said)) throw new Error(`expected bytes of bytes, found ${said}`);
    await screen.click('.load button');
    await screen.see('[role="alert"][data-problem="stopped"]');
    await screen.gone('.load');
    server.way = 'good';
    await screen.click('[role="alert"] button');
    await screen.total(world.nMessages);
    await screen.gone('[role="alert"]');
    await server.end();
  },
};

async function readsAll(screen, world, way) {
  const server = await host(world.site, way);
  const { total, hits } = world.search(QUERY);
  await screen.open(`${server.url}#${new URLSearchParams({ q: QUERY, m: hits[0].key })}`);
  await screen.total(total);
  await screen.see(`article.message[data-key="${hits[0].key}"]`);
  equal((await screen.keys()).slice(0, 5), hits.slice(0, 5).map((hit) => hit.key), 'the first results');
  await screen.gone('[role="alert"]');
  await server.end();
}

async function tells(screen, world, way, problem) {
  const server = await host(world.site, way);
  await screen.open(`${server.url}#q=${QUERY}`);
  await screen.see(`[role="alert"][data-problem="${problem}"]`);
  const said = await screen.text('[role="alert"]');
  if (!/d\/[0-9a-f]{20}\/\d+\.7z/.test(said)) throw new Error(`expected the name of a file, found ${said}`);
  equal(await screen.evaluate(`document.querySelectorAll('#results a.row').length`), 0, 'results beside the problem');
  // Once the host is well, so is the page.
  server.way = 'good';
  await screen.click('[role="alert"] button');
  await screen.total(world.search(QUERY).total);
  await server.end();
}
