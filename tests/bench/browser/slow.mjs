// How long a reader on a slow link waits: `node slow.mjs JOB.json` prints one JSON object.
//
// The job names a site, a folder with Pagefind's own page over the same mails, words and the link. By turns each of
// the two is opened in a browser that has seen nothing; a second later a word is typed; a second after its first results
// the first hit is clicked, as people do: the pointer comes over it, rests, and clicks. Times are the page's own, from what
// the reader does to the frame that shows the answer.

import { readFileSync } from 'node:fs';

import { setTimeout as wait } from 'node:timers/promises';

import { launchChromium } from '../../browser/driver/chromium.mjs';
import { link } from './link.mjs';
import { serve } from './serve.mjs';

/** Between two keys, as people type who can. */
const KEY_MS = 120;
/** Until the reader has seen what there is. */
const LOOK_MS = 1000;
/** From the pointer's arrival to the click. */
const AIM_MS = 250;
const PATIENCE_MS = 60_000;
const DESK = [1240, 900];
const PHONE = [390, 844];

/** What is seen when the page can be used, when it has answered a word, and when a message can be read. */
const pages = {
  maildex: {
    box: '#search',
    hit: '#results a.row',
    usable: `document.querySelector('mx-result-list')?.searching?.shown != null && document.querySelector('#results a.row') !== null`,
    answered: (word) => `(() => {
      const { searching } = document.querySelector('mx-result-list');
      return searching.shown?.query === ${JSON.stringify(word)} && !searching.busy && document.querySelector('#results a.row') !== null;
    })()`,
    read: `document.querySelector('article.message .text') !== null`,
  },
  pagefind: {
    box: 'input.pagefind-ui__search-input',
    hit: 'a.pagefind-ui__result-link',
    usable: `document.querySelector('input.pagefind-ui__search-input') !== null`,
    answered: (word) => `document.querySelector('.pagefind-ui__message')?.innerText.endsWith('for ' + ${JSON.stringify(word)}) === true
      && document.querySelector('.pagefind-ui__result:first-child a.pagefind-ui__result-link') !== null`,
    read: `document.querySelector('article pre') !== null`,
  },
};

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const browser = await launchChromium();
const rows = [];
try {
  const servers = {};
  for (const [name, folder] of Object.entries({ maildex: job.site, pagefind: job.pagefind })) {
    const server = await serve({ '/': folder }, { caching: true });
    servers[name] = { server, slow: await link(server.url, job.link) };
  }
  for (const [round, word] of job.words.entries()) {
    const size = round % 2 === 0 ? DESK : PHONE;
    for (const [name, { server, slow }] of Object.entries(servers)) rows.push({ engine: name, word, wide: size === DESK, ...(await visit(name, server, slow.url, word, size)) });
    console.error(rows.slice(-2).map((row) => JSON.stringify(row)).join('\n'));
  }
  console.log(JSON.stringify({ browser: browser.version, rows }));
} finally {
  await browser.close();
}
process.exit(0);

/** One visit; milliseconds, and the bytes of each part of it. */
async function visit(name, server, url, word, [width, height]) {
  const { box, hit, usable, answered, read } = pages[name];
  const page = await browser.fresh();
  try {
    await page.resize(width, height);
    server.take();
    const going = page.goto(url);
    const opened = await seen(page, usable, 'performance.timeOrigin');
    const first = sum(server.take());
    await going;
    await wait(LOOK_MS);
    server.take();
    await page.evaluate(`document.querySelector('${box}').focus()`);
    await page.evaluate(`document.addEventListener('input', () => (window.lastKey = performance.timeOrigin + performance.now()), true)`);
    for (const [idx, letter] of [...word].entries()) {
      if (idx > 0) await wait(KEY_MS);
      await page.type(letter);
    }
    const answer = await seen(page, answered(word), 'window.lastKey');
    const search = sum(server.take());
    await wait(LOOK_MS);
    server.take();
    const over = `document.querySelector('${hit}').dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))`;
    await page.evaluate(over);
    await wait(AIM_MS);
    // The next page's clock begins with it: the moment of the click is kept here.
    const clicked = await page.evaluate(`(() => {
      const row = document.querySelector('${hit}');
      const now = performance.timeOrigin + performance.now();
      row.click();
      return now;
    })()`);
    const message = await seen(page, read, String(clicked));
    return { opened, answer, message, bytes: { opened: first, answer: search, message: sum(server.take()) } };
  } finally {
    await page.close();
  }
}

/** Milliseconds from a moment to the frame in which an expression holds. */
async function seen(page, expression, from) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await page.evaluate(`new Promise((resolve) => {
        const look = () => {
          if (!(${expression})) requestAnimationFrame(look);
          else requestAnimationFrame(() => resolve(Math.round(performance.timeOrigin + performance.now() - ${from})));
        };
        look();
      })`);
    } catch (error) {
      // A page that is being replaced cannot be asked.
      if (Date.now() > deadline) throw error;
    }
  }
}

function sum(log) {
  return log.reduce((total, row) => total + row.bytes, 0);
}
