// What a reader does with results beside reading them: other forms of words, filters as chips, searches that are kept,
// stars and notes, picking, files to take away, and many searches at once.

import { equal, quote } from './screen.mjs';

const QUERY = 'ferry';
const PHONE = { width: 390, height: 800 };

const boxValue = `document.querySelector('#search').value`;

/** Catches what the page saves, as text. */
const catchFiles = `(() => {
  window.saved = [];
  URL.createObjectURL = (blob) => (blob.text().then((text) => window.saved.push({ type: blob.type, text })), 'about:blank');
  HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; };
})()`;

const savedFile = (screen) => screen.until('a file', `window.saved?.length > 0 && { ...window.saved.at(-1), name: window.savedAs }`);

/** Puts a file into an input, as a person who chooses it. */
const choose = (selector, name, text) => `(() => {
  const input = document.querySelector(${quote(selector)});
  const files = new DataTransfer();
  files.items.add(new File([${quote(text)}], ${quote(name)}));
  input.files = files.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
})()`;

const openMenu = async (screen, item) => {
  await screen.click('.menu summary');
  await screen.evaluate(`[...document.querySelectorAll('.menu-list > *')].find((one) => one.innerText.startsWith(${quote(item)})).click()`);
};

/** @type {Record<string, (screen: import('./screen.mjs').Screen, world: any) => Promise<void>>} */
export const keeping = {
  'matches other forms of words, and marks them as such': async (screen, world) => {
    const exact = world.search(QUERY).total;
    const all = world.search(QUERY, '--forms').total;
    if (all <= exact) throw new Error(`expected more than ${exact} messages with other forms, found ${all}`);
    await screen.open(`${world.good}#q=${QUERY}`);
    await screen.total(exact);
    await screen.click('.menu .forms');
    await screen.total(all);
    await screen.until('the address', `location.hash.includes('forms')`);
    await screen.open(`${world.good}#${new URLSearchParams({ q: `${QUERY} -"${QUERY}"`, forms: '' })}`);
    await screen.see('#results mark.other');
    equal(await screen.evaluate(`document.querySelector('#results mark:not(.other)') === null`), true, 'nothing else is marked');
  },

  'takes a filter out of the query': async (screen, world) => {
    const query = `${QUERY} AND has:thread after:2009`;
    await screen.open(`${world.good}#${new URLSearchParams({ q: query })}`);
    await screen.total(world.search(query).total);
    equal(await screen.evaluate(`[...document.querySelectorAll('.chips a')].map((chip) => chip.innerText.trim())`), ['has:thread', 'after:2009'], 'the chips');
    await screen.click('.chips a');
    await screen.until('the rest in the box', `${boxValue} === ${quote(`${QUERY} after:2009`)}`);
    await screen.total(world.search(`${QUERY} after:2009`).total);
  },

  'offers searches that find something, then the reader’s own': async (screen, world) => {
    await screen.open(world.good);
    await screen.see('.facets a');
    await screen.evaluate(`document.querySelector('#search').focus()`);
    const example = await screen.until('an example', `document.querySelector('.suggestions .value')?.innerText`);
    await screen.press('ArrowDown');
    await screen.press('Enter');
    await screen.total(world.search(example).total);
    equal(await screen.evaluate(boxValue), example, 'what stands in the box');
    await screen.click('.menu summary');
    await screen.evaluate(`document.querySelector('.menu-list button').click()`);
    await screen.evaluate(`document.querySelector('#search').select()`);
    await screen.search(QUERY);
    await screen.total(world.search(QUERY).total);
    await screen.blank();
    await screen.open(world.good);
    await screen.total(world.nMessages);
    await screen.evaluate(`document.querySelector('#search').focus()`);
    const offered = `[...document.querySelectorAll('.suggestions li')].map((one) => one.innerText.split('\\n')[0].trim())`;
    await screen.until('both searches', `${offered}.length === 3`);
    const [saved, recent, forget] = await screen.evaluate(offered);
    equal([saved.startsWith(example), recent.startsWith(QUERY), forget.startsWith('Forget')], [true, true, true], `what is offered: ${saved}, ${recent}, ${forget}`);
    await screen.evaluate(`[...document.querySelectorAll('.suggestions li')].at(-1).click()`);
    await screen.until('only the saved one', `${offered}.length === 1`);
  },

  'keeps stars and notes for this archive alone, and takes them in elsewhere': async (screen, world) => {
    await screen.open(`${world.good}#q=${QUERY}`);
    const [first, second] = await screen.keys();
    await screen.evaluate(`document.querySelector('#results').focus()`);
    await screen.press('j');
    await screen.press('s');
    await screen.see(`a.row[data-key="${first}"] .starred`);
    await screen.open(`${world.good}#${new URLSearchParams({ q: QUERY, m: second })}`);
    await screen.click(`article[data-key="${second}"] .add-note`);
    await screen.see('.note textarea');
    await screen.type('<b>call</b> =back');
    await screen.evaluate(`document.activeElement.blur()`);
    await screen.see(`a.row[data-key="${second}"] [role="img"]`);
    await screen.blank();
    await screen.open(`${world.good}#view=starred`);
    await screen.until('both messages', `document.querySelectorAll('.kept li').length === 2`);
    equal(await screen.text('.kept-note'), '<b>call</b> =back', 'the note');
    await screen.evaluate(catchFiles);
    await screen.click('.batch-actions button');
    const { text, name } = await savedFile(screen);
    equal(name, 'maildex-notes.json', 'the name of the file');
    await screen.open(`${world.odd}#view=starred`);
    await screen.see('.room .notice');
    await screen.evaluate(choose('.file-button input', 'x.json', '{"format":"other"}'));
    await screen.until('a refusal', `document.querySelector('.batch-actions [role="status"]').innerText.includes('no stars')`);
    await screen.evaluate(choose('.file-button input', name, text));
    await screen.until('both messages', `document.querySelectorAll('.kept li').length === 2`);
  },

  'picks messages by keys and takes them away': async (screen, world) => {
    await screen.open(`${world.good}#q=${QUERY}`);
    const keys = await screen.keys();
    await screen.evaluate(`document.querySelector('#results').focus()`);
    for (const key of ['j', 'x', 'J', 'j', 'j', 'x']) await screen.press(key);
    await screen.until('three picked', `document.querySelectorAll('.row[aria-checked="true"]').length === 3`);
    await screen.click('.picked a');
    await screen.see('.take');
    await screen.evaluate(catchFiles);
    await screen.click('.take [type="submit"]');
    const { text, name } = await savedFile(screen);
    equal(name, 'maildex.csv', 'the name of the file');
    equal(text.split('\n').slice(1, 4).map((row) => row.slice(0, 16)), [keys[0], keys[1], keys[3]], 'the keys of the rows');
    await screen.back();
    await screen.until('still picked', `document.querySelectorAll('.row[aria-checked="true"]').length === 3`);
    await screen.evaluate(`document.querySelector('#results').focus()`);
    await screen.press('Escape');
    await screen.gone('.row[aria-checked]');
  },

  'takes all results away as a table, as JSON, as a mailbox and as files': async (screen, world) => {
    const { total, hits } = world.search(QUERY, '--limit', '5000');
    await screen.open(`${world.good}#q=${QUERY}`);
    await screen.total(total);
    await openMenu(screen, 'Take these');
    await screen.until('how many', `document.querySelector('.room-query strong') !== null`);
    await screen.evaluate(catchFiles);
    for (const [nth, check] of [
      [0, (text) => equal(text.trim().split('\n').length, total + 1, 'lines of the table')],
      [1, (text) => equal(JSON.parse(text).hits.map((hit) => hit.key), hits.map((hit) => hit.key), 'keys')],
      [2, (text) => equal(text.split(/^From maildex@localhost /m).length - 1, total, 'messages in the mailbox')],
      [3, (text) => equal(text.split('PK\u0001\u0002').length - 1, total, 'files in the zip')],
    ]) {
      await screen.evaluate(`window.saved = []`);
      await screen.evaluate(`document.querySelectorAll('.take [type="radio"]')[${nth}].click()`);
      await screen.click('.take [type="submit"]');
      check((await savedFile(screen)).text);
    }
  },

  'searches for many things at once': async (screen, world) => {
    const queries = [QUERY, 'has:attachment', '=1+1', 'nowordofthearchive'];
    for (const url of [world.good, world.file]) {
      await screen.open(`${url}#q=${QUERY}`);
      await openMenu(screen, 'Several');
      await screen.see('#batch');
      await screen.evaluate(choose('.batch input', 'terms.csv', `query,why\n${queries.join(',x\n')},x\n`));
      await screen.see('.wide-table tbody tr');
      const hits = await screen.evaluate(`[...document.querySelectorAll('.wide-table tbody tr')].map((row) => Number(row.cells[1].innerText.replace(/\\D/g, '')))`);
      equal(hits, [...queries.slice(0, 3).map((query) => world.search(query).total), 0], 'hits');
      await screen.evaluate(catchFiles);
      await screen.click('.batch-summary button');
      const { text } = await savedFile(screen);
      equal(text.split('\n')[3].startsWith(`'=1+1,`), true, 'no formula');
      // Links save nothing now, so they are followed by hand.
      await screen.evaluate(`location.hash = document.querySelector('.wide-table tbody a').hash`);
      await screen.total(world.search(QUERY).total);
      await screen.back();
      await screen.see('.wide-table tbody tr');
    }
  },

  'does all this on a phone, and at 400 %': async (screen, world) => {
    for (const [width, height] of [[PHONE.width, PHONE.height], [320, 256]]) {
      await screen.resize(width, height);
      await screen.blank();
      await screen.open(`${world.good}#${new URLSearchParams({ q: `${QUERY} has:thread after:2009` })}`);
      await screen.keys();
      await openMenu(screen, 'Pick');
      await screen.see('.row[aria-checked="false"]');
      await screen.evaluate(`document.querySelector('a.row').click()`);
      await screen.see('.row[aria-checked="true"]');
      for (const room of ['', 'view=batch', 'view=take', 'view=starred']) {
        if (room !== '') await screen.evaluate(`location.hash = ${quote(room)}`);
        if (room !== '') await screen.see('mx-room > *');
        const wide = await screen.evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`);
        equal(wide, 0, `what sticks out to the side at ${width} pixels in ${room || 'the results'}`);
      }
    }
  },
};
