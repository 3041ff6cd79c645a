// The rooms beside the search: what they show, where their links lead, and that the back button leaves them.

import { equal, quote } from './screen.mjs';

const QUERY = 'ferry';

const current = `document.querySelector('nav.rooms [aria-current]')?.innerText`;

/** @type {Record<string, (screen: import('./screen.mjs').Screen, world: any) => Promise<void>>} */
export const rooms = {
  'browses by month': async (screen, world) => {
    await screen.open(world.good);
    await screen.total(world.nMessages);
    await screen.click('nav.rooms a[href*="browse"]');
    await screen.see('.calendar .month');
    const counts = await screen.evaluate(`[...document.querySelectorAll('.calendar .sum')].slice(1).reduce((sum, cell) => sum + Number(cell.innerText.replace(/\\D/g, '')), 0)`);
    equal(counts, world.search('has:date').total, 'all years together');
    const href = await screen.evaluate(`document.querySelector('.calendar .month').getAttribute('href')`);
    const query = new URLSearchParams(href.slice(1)).get('q');
    const { total, threads } = world.search(query, '--threads');
    await screen.click('.calendar .month');
    await screen.until('the conversations of a month', `document.querySelector('.total')?.innerText.includes('in ${threads} conversation')`);
    await screen.total(total);
    // WebKit's own way back passes over entries that were made without a reader's gesture, as a driver's clicks make them.
    await screen.evaluate('history.back()');
    await screen.until('browsing again', `${current} === 'Browse' && document.querySelector('.calendar') !== null`);
    await screen.evaluate('history.back()');
    await screen.total(world.nMessages);
    equal(await screen.evaluate(current), 'Search', 'where one is');
  },

  'browses what was searched for, and a search leaves the room': async (screen, world) => {
    await screen.open(`${world.good}#${new URLSearchParams({ view: 'browse', q: QUERY })}`);
    await screen.see('.calendar .month');
    equal(await screen.text('.room-query code'), QUERY, 'what it is narrowed to');
    const counts = await screen.evaluate(`[...document.querySelectorAll('.calendar .sum')].slice(1).reduce((sum, cell) => sum + Number(cell.innerText.replace(/\\D/g, '')), 0)`);
    equal(counts, world.search(`${QUERY} has:date`).total, 'all years together');
    await screen.evaluate(`document.querySelector('#search').select()`);
    await screen.search(`${QUERY} subject:re`);
    await screen.total(world.search(`${QUERY} subject:re`).total);
    equal(await screen.evaluate(current), 'Search', 'where one is');
    equal(await screen.evaluate(`document.querySelector('main.room') === null`), true, 'no room is left');
  },

  'browses a copy on a disk': async (screen, world) => {
    for (const copy of [world.file, world.folder]) {
      await screen.open(`${copy}#view=browse`);
      await screen.see('.calendar .month');
    }
  },

  'says when the rooms cannot be loaded, and tries again': async (screen, world) => {
    await screen.open(world.good);
    await screen.total(world.nMessages);
    const app = `document.querySelector('maildex-app')`;
    const name = await screen.evaluate(`${app}.rooms`);
    await screen.evaluate(`${app}.rooms = 'assets/absent.js'`);
    await screen.click('nav.rooms a[href*="browse"]');
    await screen.see('main.room [role="alert"]');
    await screen.until('the name of the tab', `document.title.startsWith('Browse')`);
    await screen.evaluate(`${app}.rooms = ${quote(name)}`);
    await screen.click('main.room [role="alert"] button');
    await screen.see('.calendar .month');
  },

  'tells of people, and counts as the search does': async (screen, world) => {
    await screen.open(`${world.good}#view=people`);
    await screen.see('.arcs path');
    const { values } = world.facets('', 'people');
    equal(await screen.text('.crowd .measure-row .number'), values[0].messages.toLocaleString('en-US'), 'what the first wrote');
    await screen.click('.twin summary');
    const links = await screen.evaluate(`[...document.querySelectorAll('.twin tbody tr')].slice(0, 3).flatMap((row) =>
      [...row.querySelectorAll('.sum a')].map((link) => [link.getAttribute('href'), link.innerText]))`);
    if (links.length === 0) throw new Error('expected ties, found none');
    for (const [href, number] of links) {
      const query = new URLSearchParams(href.slice(1)).get('q');
      const found = query.startsWith('thread:') ? world.search(query, '--threads').threads : world.search(query).total;
      equal(number, found.toLocaleString('en-US'), query);
    }
  },

  'finds a person and shows their card': async (screen, world) => {
    await screen.open(`${world.good}#view=people`);
    await screen.see('.crowd .measure-row');
    const { value, name, messages } = world.facets('', 'people').values[1];
    await screen.evaluate(`document.querySelector('.find').focus()`);
    await screen.type(value.slice(0, 8));
    await screen.until('the person', `[...document.querySelectorAll('.crowd a')].some((link) => link.hash.includes(${quote(encodeURIComponent(value))}))`);
    await screen.evaluate(`[...document.querySelectorAll('.crowd a')].find((link) => link.hash.includes(${quote(encodeURIComponent(value))})).click()`);
    await screen.until('the name', `document.querySelector('mx-card h2')?.innerText === ${quote(name === '' ? value : name)}`);
    equal(await screen.text('mx-card .summary a'), `${messages.toLocaleString('en-US')} messages`, 'how much they wrote');
    await screen.see('mx-card .bars a');
    const href = await screen.until('whom they write to', `document.querySelector('mx-card .shelf .number')?.getAttribute('href')`);
    const number = await screen.text('mx-card .shelf .number');
    const query = new URLSearchParams(href.slice(1)).get('q');
    const found = query.startsWith('thread:') ? world.search(query, '--threads').threads : world.search(query).total;
    equal(number, found.toLocaleString('en-US'), query);
    await screen.back();
    await screen.see('.crowd');
  },

  'tells what the archive is made of, as text': async (screen, world) => {
    for (const url of [world.good, world.file, world.folder]) {
      await screen.open(`${url}#view=about`);
      equal(await screen.text('main.room h2'), 'Demo & <test>', 'the title');
      equal(await screen.text('.hash code'), world.sums(world.mbox), 'the sum of the input');
    }
  },

  'tells which months are silent': async (screen, world) => {
    await screen.open(`${world.odd}#view=missing`);
    await screen.see('mx-missing .chapter, mx-missing .notice');
  },

  'tells of nobody where nothing is found': async (screen, world) => {
    await screen.open(`${world.good}#view=people&q=nowordofthearchive`);
    await screen.see('.crowd .notice');
    await screen.open(`${world.good}#view=people&at=nobody%40nowhere.example`);
    await screen.see('mx-card .notice');
  },

  'opens rooms on a phone': async (screen, world) => {
    await screen.resize(390, 800);
    for (const room of ['browse', 'people', 'missing', 'about']) {
      await screen.open(`${world.good}#view=${room}`);
      await screen.see('main.room h2');
      const wide = await screen.evaluate(`document.querySelector('main.room').scrollWidth - document.querySelector('main.room').clientWidth`);
      equal(wide, 0, `how much wider than the screen ${room} is`);
    }
  },
};
