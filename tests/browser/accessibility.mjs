// The rules of axe-core (WCAG 2.2 A and AA, and its best practices) over the page's main states, light and dark.

import axe from 'axe-core';

/** Words that many messages of the demo archive hold. */
const QUERY = 'ferry';

/** Each brings the page into a state and waits until it is there. */
const states = {
  'the whole archive': async (screen, world) => {
    await screen.open(world.good);
    await screen.total(world.nMessages);
  },
  'no results': async (screen, world) => {
    await screen.open(`${world.good}#q=nowordofthearchive`);
    await screen.see('.found .notice');
  },
  results: async (screen, world) => {
    await screen.open(`${world.good}#q=${QUERY}`);
    await screen.keys();
    await screen.press('j');
    await screen.see('#results mark');
    await screen.see('.facets a');
  },
  reading: async (screen, world) => {
    const { key } = world.search(`${QUERY} subject:re`).hits[0];
    await screen.open(`${world.good}#${new URLSearchParams({ q: QUERY, m: key })}`);
    await screen.see('article.message');
  },
  'a message with attachments': async (screen, world) => {
    const { key } = world.search('has:attachment').hits[0];
    await screen.open(`${world.good}#${new URLSearchParams({ q: 'has:attachment', m: key })}`);
    await screen.see('article.message .attachments');
    await screen.click('article.message .headers summary');
  },
  'the sheet': async (screen, world) => {
    await screen.open(world.good);
    await screen.total(world.nMessages);
    await screen.click('button.help');
    await screen.see('dialog[open]');
  },
  suggestions: async (screen, world) => {
    await screen.open(world.good);
    await screen.total(world.nMessages);
    await screen.evaluate(`document.querySelector('#search').focus()`);
    await screen.type('from:ma');
    await screen.see('.suggestions li');
    await screen.press('ArrowDown');
  },
  'a reason': async (screen, world) => {
    const { key } = world.search(QUERY).hits[0];
    await screen.open(`${world.good}#${new URLSearchParams({ q: QUERY, m: key })}`);
    await screen.click('.why summary');
    await screen.see('.why dl');
  },
  browsing: async (screen, world) => {
    await screen.open(`${world.good}#view=browse`);
    await screen.see('.calendar .month');
  },
  'the searches of the empty box': async (screen, world) => {
    await screen.open(world.good);
    await screen.see('.facets a');
    await screen.evaluate(`document.querySelector('#search').focus()`);
    await screen.see('.suggestions li');
  },
  'filters and the menu': async (screen, world) => {
    await screen.open(`${world.good}#${new URLSearchParams({ q: `${QUERY} has:thread after:2009`, forms: '' })}`);
    await screen.see('.chips a');
    await screen.click('.menu summary');
    await screen.see('.menu[open]');
  },
  'picked messages': async (screen, world) => {
    await screen.open(`${world.good}#q=${QUERY}`);
    await screen.keys();
    await screen.evaluate(`document.querySelector('#results').focus()`);
    for (const key of ['j', 's', 'x', 'j', 'x']) await screen.press(key);
    await screen.see('.row[aria-checked="true"]');
  },
  'a note': async (screen, world) => {
    const { key } = world.search(QUERY).hits[0];
    await screen.open(`${world.good}#${new URLSearchParams({ q: QUERY, m: key })}`);
    await screen.see('article.message');
    await screen.evaluate(`document.querySelector('.add-note')?.click()`);
    await screen.see('.note textarea');
    await screen.type('a note');
    await screen.evaluate(`document.activeElement.blur()`);
  },
  'starred messages': async (screen, world) => {
    await screen.open(`${world.good}#q=${QUERY}`);
    await screen.keys();
    await screen.evaluate(`document.querySelector('#results').focus()`);
    for (const key of ['j', 's']) await screen.press(key);
    await screen.evaluate(`location.hash = 'view=starred'`);
    await screen.see('.room h2');
  },
  'many searches at once': async (screen, world) => {
    await screen.open(`${world.good}#view=batch`);
    await screen.see('#batch');
    await screen.evaluate(`document.querySelector('#batch').focus()`);
    await screen.type(`${QUERY} x header:y`);
    await screen.click('.batch [type="submit"]');
    await screen.see('.wide-table');
  },
  'taking results away': async (screen, world) => {
    await screen.open(`${world.good}#view=take&q=${QUERY}`);
    await screen.until('how many', `document.querySelector('.room-query strong') !== null`);
  },
  people: async (screen, world) => {
    await screen.open(`${world.good}#view=people`);
    await screen.see('.arcs path');
    await screen.click('.twin summary');
  },
  'a person': async (screen, world) => {
    await screen.open(`${world.good}#${new URLSearchParams({ view: 'people', at: world.facets('', 'people').values[1].value })}`);
    await screen.see('mx-card .shelf .number');
    await screen.see('mx-card .bars a');
  },
  missing: async (screen, world) => {
    await screen.open(`${world.odd}#view=missing`);
    await screen.see('mx-missing .chapter, mx-missing .notice');
  },
  about: async (screen, world) => {
    await screen.open(`${world.good}#view=about`);
    await screen.see('.hash code');
  },
  'an error': async (screen, world) => {
    await screen.open(`${world.damaged}#q=${QUERY}`);
    await screen.see('[role="alert"]');
  },
};

/** @type {Record<string, (screen: import('./screen.mjs').Screen, world: any) => Promise<void>>} */
export const accessibility = Object.fromEntries(
  Object.entries(states).map(([state, reach]) => [
    `is accessible: ${state}`,
    async (screen, world) => {
      // Where a browser cannot be told of dark colours, it is looked at in its own.
      for (const scheme of screen.hasColours ? ['light', 'dark'] : ['light']) {
        if (screen.hasColours) await screen.colours(scheme);
        // From elsewhere, so that an address that differs in its fragment alone is loaded anew.
        await screen.blank();
        await reach(screen, world);
        await check(screen, scheme);
      }
    },
  ]),
);

async function check(screen, scheme) {
  // Every driver takes an expression.
  await screen.evaluate(`(() => { ${axe.source}; return null; })()`);
  const found = await screen.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .map(({ id, help, nodes }) => id + ': ' + help + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')))`,
  );
  if (found.length > 0) throw new Error(`${scheme}: ${found.join('; ')}`);
}
