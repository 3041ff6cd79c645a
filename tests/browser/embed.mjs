// An archive inside somebody else's page, of another origin: as an element, and as a module without a page.

import { createServer } from 'node:http';

import { host } from './host.mjs';
import { equal, quote } from './screen.mjs';

const QUERY = 'ferry';

/** @type {Record<string, (screen: import('./screen.mjs').Screen, world: any) => Promise<void>>} */
export const embed = {
  'searches from inside another page': async (screen, world) => {
    const archive = await host(world.site);
    const page = await embedder(
      `<style>mail-search::part(subject) { color: rgb(1, 2, 3) }</style>
       <script type="module" src="${archive.url}mail-search.js"></script><mail-search src="${archive.url}" query="${QUERY}" limit="5"></mail-search>`,
    );
    await screen.visit(page.url);
    const { total, hits } = world.search(QUERY);
    const shadow = `document.querySelector('mail-search').shadowRoot`;
    await screen.until('results', `${shadow}?.querySelectorAll('li').length === 5`);
    await screen.until('the total', `${shadow}.querySelector('[role="status"]').textContent.startsWith(${quote(String(total))})`);
    await screen.until('a mark', `${shadow}.querySelector('li mark') !== null`);
    const links = await screen.evaluate(`[...${shadow}.querySelectorAll('li a')].map((link) => link.href)`);
    equal(links, hits.slice(0, 5).map(({ key }) => `${archive.url}#q=${QUERY}&m=${key}`), 'where results lead');
    equal(await screen.evaluate(`getComputedStyle(${shadow}.querySelector('li a')).color`), 'rgb(1, 2, 3)', 'a colour of the other page');
    archive.way = 'without the shards';
    await screen.evaluate(`void (document.querySelector('mail-search').query = 'harbour minutes')`);
    await screen.until('what is wrong', `${shadow}.querySelector('[role="alert"]')?.textContent.includes('404')`);
    await page.end();
    await archive.end();
  },

  'is asked by another program': async (screen, world) => {
    const archive = await host(world.site);
    const page = await embedder('');
    await screen.visit(page.url);
    const { total, hits } = world.search(QUERY);
    const found = await screen.evaluate(`(async () => {
      const { openArchive } = await import(${quote(`${archive.url}maildex.js`)});
      const archive = await openArchive(${quote(archive.url)});
      const { lines } = await archive.search(${quote(QUERY)}, { limit: 3 });
      const [key] = lines.map((line) => line.key);
      const message = await archive.message(key, { query: ${quote(QUERY)} });
      const thread = await archive.thread(key);
      const wrong = await archive.message('0123456789abcdef');
      const stopped = await archive.total('harbour', { signal: AbortSignal.abort() }).catch((error) => error.name);
      const answer = {
        messages: archive.info.messages, total: await archive.total(${quote(QUERY)}), keys: lines.map((line) => line.key),
        marked: message.blocks.some(({ pieces }) => pieces.some(({ mark }) => mark)), inThread: thread.nodes.some((node) => node.key === key),
        address: archive.address(key), wrong, stopped,
      };
      archive.close();
      return answer;
    })()`);
    const keys = hits.slice(0, 3).map((hit) => hit.key);
    const sorted = (answer) => Object.entries(answer).sort(([a], [b]) => (a < b ? -1 : 1));
    // WebKit's driver hands objects over in an order of its own.
    equal(
      sorted(found),
      sorted({ messages: world.nMessages, total, keys, marked: true, inThread: true, address: `${archive.url}#m=${keys[0]}`, wrong: { notFound: true }, stopped: 'AbortError' }),
      'what another program is told',
    );
    await page.end();
    await archive.end();
  },
};

/** A page of another origin. */
async function embedder(html) {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(`<!doctype html><title>Another page</title>${html}`));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const end = () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections()));
  return { url: `http://127.0.0.1:${server.address().port}/`, end };
}
