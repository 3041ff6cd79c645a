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
    await screen.back();
    await screen.until('browsing again', `${current} === 'Browse' && document.querySelector('.calendar') !== null`);
    await screen.back();
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
};
