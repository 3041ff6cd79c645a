// Narrowing a search by what its hits are made of, and what the page tells of them.

import { equal, quote } from './screen.mjs';

const QUERY = 'ferry';
const PHONE = { width: 390, height: 800 };

const boxValue = `document.querySelector('#search').value`;

/** @type {Record<string, (screen: import('./screen.mjs').Screen, world: any) => Promise<void>>} */
export const refining = {
  'narrows to a person and widens again': async (screen, world) => {
    await screen.open(`${world.good}#q=${QUERY}`);
    const number = await screen.text('.facets a.facet .number');
    await screen.click('.facets a.facet');
    const query = await screen.until('a person in the box', `${boxValue} !== ${quote(QUERY)} && ${boxValue}`);
    const { total } = world.search(query);
    equal(number.replace(/\D/g, ''), String(total), 'the number beside the person');
    await screen.total(total);
    await screen.click('.facets a.facet[aria-current]');
    await screen.total(world.search(QUERY).total);
    equal(await screen.evaluate(boxValue), QUERY, 'what stands in the box');
  },

  'narrows to a stretch of time': async (screen, world) => {
    await screen.open(`${world.good}#q=${QUERY}`);
    await screen.click('.bars a:not([data-empty])');
    const one = await screen.until('a date in the box', `${boxValue}.includes('date:') && ${boxValue}`);
    await screen.total(world.search(one).total);
    await screen.click('.all-dates');
    await screen.total(world.search(QUERY).total);
    await screen.until('bars to drag over', `document.querySelectorAll('.bars a').length > 4`);
    await screen.evaluate(`(() => {
      const bars = document.querySelector('.bars');
      const box = bars.getBoundingClientRect();
      const at = (part) => ({ bubbles: true, pointerId: 1, clientX: box.left + box.width * part, clientY: box.top + 5 });
      bars.setPointerCapture = () => {};
      bars.dispatchEvent(new PointerEvent('pointerdown', at(0.25)));
      for (const part of [0.3, 0.5, 0.75]) bars.dispatchEvent(new PointerEvent('pointermove', at(part)));
      bars.dispatchEvent(new PointerEvent('pointerup', at(0.75)));
      bars.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    })()`);
    const stretch = await screen.until('a stretch in the box', `${boxValue}.includes('..') && ${boxValue}`);
    await screen.total(world.search(stretch).total);
    await screen.see('.bars a[aria-current]');
  },

  'shows one line a conversation': async (screen, world) => {
    const { total, threads, hits } = world.search(QUERY, '--threads');
    await screen.open(`${world.good}#q=${QUERY}`);
    await screen.total(world.search(QUERY).total);
    await screen.click('.choice[aria-pressed]');
    await screen.until('the number of conversations', `document.querySelector('.total')?.innerText.includes('in ${threads} conversation')`);
    await screen.total(total);
    equal((await screen.keys()).slice(0, 5), hits.slice(0, 5).map((hit) => hit.key), 'the first lines');
  },

  'sorts by size': async (screen, world) => {
    const { hits } = world.search(QUERY, '--sort', 'size');
    await screen.open(`${world.good}#q=${QUERY}&sort=size`);
    equal((await screen.keys()).slice(0, 5), hits.slice(0, 5).map((hit) => hit.key), 'the first results');
  },

  'says why a message was found': async (screen, world) => {
    const query = `${QUERY} -nowordofthearchive`;
    const { key } = world.search(query).hits[0];
    await screen.open(`${world.good}#${new URLSearchParams({ q: query, m: key })}`);
    await screen.click('.why summary');
    await screen.until('the word', `document.querySelector('.why dl')?.innerText.toLowerCase().includes(${quote(QUERY)})`);
  },

  'suggests people while an operator is typed': async (screen, world) => {
    await screen.open(world.good);
    await screen.total(world.nMessages);
    await screen.evaluate(`document.querySelector('#search').focus()`);
    await screen.type('from:ma');
    await screen.see('.suggestions li');
    await screen.press('ArrowDown');
    await screen.see('.suggestions [aria-selected="true"]');
    await screen.press('Enter');
    const query = await screen.until('a person in the box', `${boxValue} !== 'from:ma' && ${boxValue}`);
    await screen.total(world.search(query).total);
  },

  'says what may have been meant': async (screen, world) => {
    await screen.open(world.good);
    await screen.search('fery');
    await screen.total(0);
    await screen.until('the word that was meant', `[...document.querySelectorAll('.notice a')].some((link) => link.innerText.endsWith('ferry'))`);
  },

  'narrows on a phone': async (screen, world) => {
    await screen.resize(PHONE.width, PHONE.height);
    await screen.open(`${world.good}#q=${QUERY}`);
    await screen.keys();
    equal(await screen.evaluate(`document.querySelector('.bars') === null`), true, 'no counts before they are asked for');
    await screen.click('.refine-button');
    await screen.click('.facets a.facet');
    const query = await screen.until('a filter in the box', `${boxValue} !== ${quote(QUERY)} && ${boxValue}`);
    await screen.total(world.search(query).total);
  },
};
