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

  'reads messages for headers and regular expressions': async (screen, world) => {
    for (const query of ['subject:/^re:.*s\\b/', 'ferry header:x-mailer=*', 'from:/ .*-.* </ body:/ferr(y|ies)[.,]/']) {
      const { total, hits } = world.search(query);
      if (total === 0) throw new Error(`the archive has nothing for ${query}`);
      await screen.open(`${world.good}#${new URLSearchParams({ q: query })}`);
      await screen.total(total);
      equal((await screen.keys()).slice(0, 5), hits.slice(0, 5).map((hit) => hit.key), query);
    }
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

  'puts an opened message at the top, under its subject': async (screen, world) => {
    const key = late(world);
    for (const [width, height] of [[PHONE.width, PHONE.height], [1400, 900]]) {
      await screen.open(`${world.odd}`);
      await screen.resize(width, height);
      await screen.open(`${world.good}#${new URLSearchParams({ m: key })}`);
      await screen.see(`article.message[data-key="${key}"]`);
      const head = `document.querySelector('article.message[data-key="${key}"]').getBoundingClientRect().top
        - document.querySelector('.pane').getBoundingClientRect().top`;
      await screen.until('the head of the message at the top', `(${head}) >= 30 && (${head}) < 80`);
      await screen.until('a subject in sight', `getComputedStyle(document.querySelector('.bar-subject')).visibility === 'visible'`);
      // From here on the place is the reader's.
      const moved = await screen.evaluate(`document.querySelector('.pane').scrollBy(0, -150), ${head}`);
      await screen.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))');
      const after = await screen.evaluate(head);
      if (Math.abs(after - moved) > 60) throw new Error(`expected the message to stay at ${moved} once scrolled, found ${after}`);
    }
  },

  'goes to either end of the results and by pages': async (screen, world) => {
    await screen.open(world.good);
    await screen.total(world.nMessages);
    await screen.evaluate(`document.querySelector('#results').focus()`);
    const active = `Number(document.querySelector('#results').getAttribute('aria-activedescendant')?.slice('row-'.length) ?? -1)`;
    await screen.press('End');
    await screen.until('the last row', `${active} === ${world.nMessages - 1}`);
    await screen.press('PageUp');
    const up = await screen.until('a row a page above', `${active} < ${world.nMessages - 5} && ${active}`);
    await screen.press('PageDown');
    await screen.until('the last row again', `${active} === ${world.nMessages - 1} && ${up} > 0`);
    await screen.press('Home');
    await screen.until('the first row', `${active} === 0 && document.querySelector('#results').scrollTop === 0`);
    await screen.press('End');
    await screen.press('Enter');
    const [last] = world.search('', '--sort', 'oldest', '--limit', '1').hits;
    await screen.see(`article.message[data-key="${last.key}"]`);
    await screen.back();
    await screen.gone('article.message');
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

  'goes on by keys where the search box leaves off': async (screen, world) => {
    await screen.open(world.good);
    await screen.search(QUERY);
    const { hits, total } = world.search(QUERY);
    await screen.total(total);
    // Enter ended the search: a letter is a key again.
    await screen.press('j');
    await screen.press('Enter');
    await screen.see(`article.message[data-key="${hits[0].key}"]`);
    equal(await screen.evaluate(`document.querySelector('#search').value`), QUERY, 'what stands in the box');
    await screen.press('Escape');
    await screen.gone('article.message');
    await screen.press('/');
    await screen.until('the search box has the focus', `document.activeElement?.id === 'search'`);
    await screen.press('ArrowDown');
    await screen.until('the results have the focus', `document.activeElement?.id === 'results'`);
    const active = await screen.until('a row for the keys', `document.activeElement.getAttribute('aria-activedescendant')`);
    equal(await screen.evaluate(`document.getElementById(${quote(active)}).dataset.key`), hits[0].key, 'the row of the keys');
    await screen.press('Enter');
    await screen.see(`article.message[data-key="${hits[0].key}"]`);
  },

  'opens what was typed last, however fast': async (screen, world) => {
    await screen.open(world.good);
    await screen.total(world.nMessages);
    await screen.evaluate(`document.querySelector('#search').focus()`);
    await screen.type('subject:boat');
    await screen.press('ArrowDown');
    await screen.press('Enter');
    await screen.see('article.message');
    const query = await screen.evaluate(`document.querySelector('#search').value`);
    const { total, hits } = world.search(query);
    await screen.total(total);
    await screen.see(`article.message[data-key="${hits[0].key}"]`);
  },

  'keeps the way home in the history': async (screen, world) => {
    await screen.open(world.good);
    await screen.total(world.nMessages);
    await screen.search(QUERY);
    await screen.total(world.search(QUERY).total);
    await screen.back();
    await screen.total(world.nMessages);
    equal(await screen.evaluate('location.href'), world.good, 'the address');
    equal(await screen.evaluate(`document.querySelector('#search').value`), '', 'what stands in the box');
  },

  'shares what is seen while a word is unfinished': async (screen, world) => {
    const part = QUERY.slice(0, -2);
    await screen.open(world.good);
    await screen.total(world.nMessages);
    await screen.evaluate(`document.querySelector('#search').focus()`);
    await screen.type(part);
    const { total, hits } = world.search(`${part}*`);
    await screen.total(total);
    const [key] = await screen.keys();
    equal(key, hits[0].key, 'the first result');
    await screen.until('the word as it is meant, in the address', `location.hash === ${quote(`#q=${part}*`)}`);
    equal(await screen.evaluate(`document.querySelector('#search').value`), part, 'what stands in the box');
    const link = await screen.evaluate(`document.querySelector('#results a.row[data-key="${key}"]').href`);
    await screen.click(`#results a.row[data-key="${key}"]`);
    await screen.see(`article.message[data-key="${key}"]`);
    await screen.total(total);
    equal(await screen.evaluate('location.href'), link, 'the address of the open message');
    await screen.open(`${world.odd}`);
    await screen.open(link);
    await screen.see(`article.message[data-key="${key}"]`);
    await screen.total(total);
  },

  'shows dates in the time of the archive': async (screen, world) => {
    await screen.open(`${world.odd}#q=timetable`);
    await screen.until('the day in New York', `/\\b5\\b/.test(document.querySelector('#results a.row time.day')?.innerText)`);
    await screen.open(`${world.odd}#q=date:2003-04-05`);
    await screen.total(1);
    const [key] = await screen.keys();
    await screen.click(`#results a.row[data-key="${key}"]`);
    const moment = await screen.text('article.message .moment');
    if (!/22:30 UTC−5$/.test(moment)) throw new Error(`expected 22:30 UTC−5, found ${moment}`);
  },

  'raises no alarm over a missing Message-ID': async (screen, world) => {
    await screen.open(`${world.odd}#q=timetable`);
    const [key] = await screen.keys();
    await screen.click(`#results a.row[data-key="${key}"]`);
    await screen.see('article.message');
    equal(await screen.evaluate(`document.querySelector('article.message .remark')`), null, 'remarks');
    await screen.click('article.message .headers summary');
    const details = await screen.text('article.message .headers');
    if (!details.includes('no Message-ID')) throw new Error(`expected it among the headers, found ${details}`);
  },

  'lists what the text shows apart from what is attached': async (screen, world) => {
    await screen.open(`${world.odd}#q=picture`);
    const [key] = await screen.keys();
    await screen.click(`#results a.row[data-key="${key}"]`);
    const attached = await screen.text('section[aria-label="Attached"]');
    const shown = await screen.text('section[aria-label="Shown in the text"]');
    equal([/plan\.csv/.test(attached), /dawn\.png/.test(attached)], [true, false], 'attached');
    equal([/plan\.csv/.test(shown), /dawn\.png/.test(shown)], [false, true], 'shown in the text');
  },

  'says when the host is gone, and goes on when it is back': async (screen, world) => {
    const host = await world.serve();
    await screen.open(host.url);
    await screen.total(world.nMessages);
    await host.end();
    const { key } = world.search('', '--sort', 'oldest', '--limit', '1').hits[0];
    await screen.evaluate(`void (location.hash = 'm=${key}')`);
    await screen.see('.read [role="alert"][data-problem="unreachable"]');
    const back = await world.serveAt(new URL(host.url).port);
    await screen.click('.read [role="alert"] button');
    await screen.see(`article.message[data-key="${key}"]`);
    await screen.gone('[role="alert"]');
    await back.end();
  },

  'tells keys and operators, on a phone too': async (screen, world) => {
    await screen.open(world.good);
    await screen.total(world.nMessages);
    await screen.resize(PHONE.width, PHONE.height);
    await screen.until('a narrow window', 'innerWidth < 500');
    await screen.click('button.help');
    const sheet = await screen.text('dialog[open]');
    for (const part of ['with:', 'quoted:', 'newer_than:', 'OR', '-draft']) {
      if (!sheet.includes(part)) throw new Error(`expected ${part} on the sheet`);
    }
    const cut = await screen.evaluate(
      `[...document.querySelectorAll('dialog dt, dialog dd')].filter((part) => part.scrollWidth > part.clientWidth + 1).length`,
    );
    equal(cut, 0, 'parts of the sheet that are cut off');
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

  'offers the beginning of a word that is not there': async (screen, world) => {
    const part = QUERY.slice(0, -2);
    await screen.open(world.good);
    await screen.search(part);
    await screen.total(0);
    await screen.click('.found .notice a');
    await screen.total(world.search(`${part}*`).total);
    equal(await screen.evaluate(`document.querySelector('#search').value`), `${part}*`, 'what stands in the box');
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
        .filter((name) => !name.startsWith(new URL('./', location.href).href) && !/^(data|blob):/.test(name))`,
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

/** The newest message of the longest conversation. */
function late(world) {
  const conversations = new Map();
  for (const { key, subject } of world.search('subject:re', '--limit', String(world.nMessages)).hits) {
    const name = subject.replace(/^(re:\s*)+/i, '');
    conversations.set(name, [...(conversations.get(name) ?? []), key]);
  }
  const [longest] = [...conversations.values()].sort((a, b) => b.length - a.length);
  if (longest === undefined || longest.length < 8) throw new Error('expected a long conversation in the demo archive, found none');
  return longest[0];
}

/** The key of a message with an HTML body. */
function withHtml(world) {
  for (const { key } of world.search('', '--limit', '60').hits) {
    if (world.show(key).has_html) return key;
  }
  throw new Skip('no HTML mail among the newest of the demo archive');
}
