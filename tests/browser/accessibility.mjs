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
      for (const scheme of ['light', 'dark']) {
        await screen.colours(scheme);
        // From elsewhere, so that an address that differs in its fragment alone is loaded anew.
        await screen.blank();
        await reach(screen, world);
        await check(screen, scheme);
      }
    },
  ]),
);

async function check(screen, scheme) {
  await screen.evaluate(`${axe.source}; null`);
  const found = await screen.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .map(({ id, help, nodes }) => id + ': ' + help + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')))`,
  );
  if (found.length > 0) throw new Error(`${scheme}: ${found.join('; ')}`);
}
