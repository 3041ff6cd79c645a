// What a reader does, each from a browser that has seen nothing. `screen` is the page, `world` the served sites.

import { equal, quote, Skip } from './screen.mjs';

/** Words that many messages of the demo archive hold. */
const QUERY = 'ferry';
const PHONE = { width: 390, height: 800 };

/** @type {Record<string, (screen: import('./screen.mjs').Screen, world: any) => Promise<void>>} */
export const scenarios = {
  'opens with the whole archive, newest first': async (screen, world) => {
    await screen.open(world.good);
    await screen.total(world.nMessages);
    const { hits } = world.search('');
    const keys = await screen.keys();
    equal(keys.slice(0, 5), hits.slice(0, 5).map((hit) => hit.key), 'the first results');
    equal(await screen.text('header .title'), 'Demo & <test>', 'the title');
  },

  'finds what the command line finds, with marks': async (screen, world) => {
    await screen.open(world.good);
    for (const query of [QUERY, 'subject:boat', '"the harbour"', 'ferry -harbour', 'boat OR bridge']) {
      const { total, hits } = world.search(query);
      await screen.open(`${world.good}#${new URLSearchParams({ q: query })}`);
      await screen.total(total);
      const keys = total === 0 ? [] : await screen.keys();
      equal(keys.slice(0, 5), hits.slice(0, 5).map((hit) => hit.key), query);
    }
    await screen.open(`${world.good}#q=${QUERY}`);
    await screen.until('a mark', `document.querySelector('#results mark')?.innerText.toLowerCase().includes(${quote(QUERY)})`);
  },

  'searches while one types': async (screen, world) => {
    await screen.open(world.good);
    await screen.total(world.nMessages);
    await screen.search(QUERY);
    await screen.total(world.search(QUERY).total);
    await screen.until('the query in the address', `decodeURIComponent(location.hash).includes(${quote(`q=${QUERY}`)})`);
    equal(await screen.evaluate('location.search'), '', 'what a host would see of it');
  },

  'opens a message in its thread': async (screen, world) => {
    const { key, message } = threaded(world);
    await screen.open(`${world.good}#q=${QUERY}`);
    await screen.keys();
    await screen.open(`${world.good}#${new URLSearchParams({ q: QUERY, m: key })}`);
    await screen.see(`article.message[data-key="${key}"]`);
    const body = await screen.text(`article.message[data-key="${key}"]`);
    if (!body.includes(message.from[0].name)) throw new Error(`expected the sender ${message.from[0].name}, found ${body}`);
    await screen.see('ol.thread li');
    const n = await screen.evaluate(`document.querySelectorAll('ol.thread li').length`);
    if (n < 2) throw new Error(`expected a thread, found ${n} message`);
  },

  'goes to a message and back': async (screen, world) => {
    await screen.open(world.good);
    await screen.search(QUERY);
    await screen.total(world.search(QUERY).total);
    const [key] = await screen.keys();
    await screen.click(`#results a.row[data-key="${key}"]`);
    await screen.see(`article.message[data-key="${key}"]`);
    await screen.until('the message in the address', `location.hash.includes('m=${key}')`);
    await screen.back();
    await screen.gone('article.message');
    await screen.total(world.search(QUERY).total);
  },

  'is used by keys alone': async (screen, world) => {
    await screen.open(`${world.good}#q=${QUERY}`);
    const keys = await screen.keys();
    await screen.press('j');
    await screen.press('j');
    await screen.press('Enter');
    await screen.see(`article.message[data-key="${keys[1]}"]`);
    await screen.press('Escape');
    await screen.gone('article.message');
    await screen.press('/');
    await screen.until('the search box has the focus', `document.activeElement?.id === 'search'`);
  },

  'shows HTML mail in a frame that can do nothing': async (screen, world) => {
    const key = withHtml(world);
    await screen.open(`${world.good}#m=${key}`);
    await screen.click(`article.message[data-key="${key}"] .html-toggle`);
    const sandbox = await screen.until('the frame', `document.querySelector('iframe.html-frame')?.getAttribute('sandbox')`);
    if (/allow-(scripts|same-origin)/.test(sandbox)) throw new Error(`the frame is sandboxed as ${sandbox}`);
    await screen.until('a document', `document.querySelector('iframe.html-frame').srcdoc.length > 100`);
  },

  'follows a shared link': async (screen, world) => {
    const { total, hits } = world.search(QUERY);
    const { key, subject } = hits[1];
    await screen.open(`${world.good}#${new URLSearchParams({ q: QUERY, m: key })}`);
    await screen.see(`article.message[data-key="${key}"]`);
    await screen.total(total);
    equal(await screen.evaluate(`document.querySelector('#search').value`), QUERY, 'the query');
    const shown = await screen.text('.read .subject');
    equal(shown.replace(/\s+/g, ' '), subject.replace(/\s+/g, ' ').trim(), 'the subject');
  },

  'says when a link leads nowhere': async (screen, world) => {
    await screen.open(`${world.good}#m=0123456789abcdef`);
    const said = await screen.text('.read .notice');
    if (!said.includes('0123456789abcdef')) throw new Error(`expected the key, found ${said}`);
  },

  'reads from a host without ranges': async (screen, world) => {
    const { total, hits } = world.search(QUERY);
    await screen.open(`${world.withoutRange}#${new URLSearchParams({ q: QUERY, m: hits[0].key })}`);
    await screen.total(total);
    await screen.see(`article.message[data-key="${hits[0].key}"]`);
  },

  'shows an error when the archive is damaged': async (screen, world) => {
    await screen.open(`${world.damaged}#q=${QUERY}`);
    await screen.see('[role="alert"][data-problem="damaged"]');
    await screen.text('[role="alert"]');
  },

  'fits a phone': async (screen, world) => {
    const { hits } = world.search(QUERY);
    await screen.open(`${world.good}#q=${QUERY}`);
    await screen.resize(PHONE.width, PHONE.height);
    // WebKitGTK's window has a least width that is wider than a phone and narrower than a tablet.
    const width = await screen.until('a narrow window', 'innerWidth < 500 ? innerWidth : null');
    await screen.keys();
    await fits(screen, width);
    await screen.open(`${world.good}#${new URLSearchParams({ q: QUERY, m: hits[0].key })}`);
    await screen.see('article.message');
    await fits(screen, width);
  },

  'asks no other host': async (screen, world) => {
    const key = withHtml(world);
    await screen.open(`${world.good}#${new URLSearchParams({ m: key })}`);
    await screen.click(`article.message[data-key="${key}"] .html-toggle`);
    await screen.see('iframe.html-frame');
    const others = await screen.evaluate(
      `performance.getEntriesByType('resource').map((entry) => entry.name)
        .filter((name) => !name.startsWith(location.origin + '/') && !/^(data|blob):/.test(name))`,
    );
    equal(others, [], 'addresses of other hosts');
  },
};

/** Nothing is cut off at the right, where a phone's reader could not get at it. */
async function fits(screen, width) {
  const wide = await screen.evaluate('Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)');
  if (wide > width) throw new Error(`expected nothing wider than ${width}, found ${wide}`);
}

/** A message of the query that is in a thread. */
function threaded(world) {
  for (const { key } of world.search(`${QUERY} subject:re`).hits) {
    const message = world.show(key);
    if (message.headers.some(([name]) => /^(in-reply-to|references)$/i.test(name)) && message.from[0]?.name) return { key, message };
  }
  throw new Error('expected a reply among the hits of the demo archive, found none');
}

/** The key of a message with an HTML body. */
function withHtml(world) {
  for (const { key } of world.search('', '--limit', '60').hits) {
    if (world.show(key).has_html) return key;
  }
  throw new Skip('no HTML mail among the newest of the demo archive');
}
