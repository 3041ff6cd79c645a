// Hostile mail in every place where mail is shown: nothing runs, and nothing is asked of anyone.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { host } from './host.mjs';
import { equal, quote, Skip } from './screen.mjs';
import { mailbox, vectors } from './vectors.mjs';

const SUITE = process.env.MAILDEX_SUITES === undefined ? null : join(process.env.MAILDEX_SUITES, 'dompurify_expect.json');

/** @type {Record<string, (screen: import('./screen.mjs').Screen, world: any) => Promise<void>>} */
export const hostile = {
  'hostile mail asks nothing and runs nothing': (screen, world) => walk(screen, world, [], false),

  'hostile mail of a forged archive asks nothing and runs nothing': (screen, world) => walk(screen, world, [], true),

  'the vectors of a suite ask nothing and run nothing': (screen, world) => walk(screen, world, suite(), false),

  'the vectors of a suite in a forged archive ask nothing and run nothing': (screen, world) => walk(screen, world, suite(), true),
};

function suite() {
  if (SUITE === null || !existsSync(SUITE)) throw new Skip('MAILDEX_SUITES names no folder with dompurify_expect.json');
  return JSON.parse(readFileSync(SUITE, 'utf8'));
}

/**
 * Looks at every message: its line, snippet, text and HTML. In a forged archive the HTML was never sanitised: the
 * worker answers with the payloads themselves.
 */
async function walk(screen, world, suite, forged) {
  await control(screen);
  const log = await logger();
  const all = vectors(log.url, suite);
  const { site, keys } = build(world, all);
  const server = await host(site);
  if (forged) server.rewrite = (path, bytes) => (/^assets\/light-.*js$/.test(path) ? Buffer.concat([forger(keys, all), bytes]) : bytes);
  await screen.open(`${server.url}#q=planted`);
  await screen.total(all.length);
  await screen.until('snippets', `document.querySelector('#results mark') !== null`);
  for (let from = 0; from < keys.length; from += 20) {
    const seen = await screen.evaluate(`(${lookAt})(${quote(keys.slice(from, from + 20))})`);
    equal(seen.problems, [], 'messages that could not be shown');
    const shown = all.slice(from, from + 20).filter(({ payload }) => payload.trim() !== '').length;
    if (forged) equal(seen.frames + seen.refused, shown, 'frames, and HTML that is not shown');
    else equal(seen.refused, 0, 'HTML that was sanitised and is not shown');
  }
  if (!forged) await plainPages(screen, server, site);
  // A frame that moves away does so after it has loaded.
  await screen.evaluate('new Promise((resolve) => setTimeout(resolve, 500))');
  equal(log.asked, [], 'requests to the logger');
  if (forged) equal(await screen.evaluate('location.href.split("#")[0]'), server.url, 'where the page is');
  await server.end();
  await log.end();
}

/** The same HTML where nothing holds it back: the logger sees requests, and scripts that ran. */
async function control(screen) {
  const log = await logger();
  log.page = vectors(log.url, []).map(({ payload }) => payload);
  await screen.visit(`${log.url}/control`);
  const of = (what) => log.asked.filter((path) => what.test(path)).length;
  const isSeen = () => of(/^\/ran\//) >= 3 && of(/^\/(img|url|link|object)$/) >= 3;
  for (let tries = 0; !isSeen() && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
  if (!isSeen()) throw new Error(`expected the logger to see attacks, found ${log.asked}`);
  await screen.blank();
  await log.end();
}

/** The pages of conversations, which are nothing but text. */
async function plainPages(screen, server, site) {
  for (const name of readdirSync(join(site, 't')).filter((name) => /^[0-9a-f]{16}\./.test(name))) {
    await screen.visit(`${server.url}t/${name}`);
    const found = await screen.evaluate(`[...document.body.querySelectorAll('*')].map((element) => element.localName)
      .filter((name) => !['nav', 'a', 'h1', 'h2', 'article', 'bdi', 'p', 'time', 'small', 'pre'].includes(name))`);
    equal(found, [], `elements in ${name} that no one has written there`);
  }
}

/** Runs in the page: opens the messages one after the other, with their HTML. */
async function lookAt(keys) {
  const until = async (seen) => {
    for (let tries = 0; tries < 300; tries++) {
      const found = seen();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return null;
  };
  const problems = [];
  let [frames, refused] = [0, 0];
  for (const key of keys) {
    location.hash = `q=planted&m=${key}`;
    const article = await until(() => document.querySelector(`article.message[data-key="${key}"]`));
    if (article === null) problems.push(key);
    const toggle = article?.querySelector('.html-toggle') ?? null;
    if (toggle === null) continue;
    toggle.click();
    // Where nothing is left of the HTML, or it must not be shown, a sentence says so.
    const shown = await until(() => article.querySelector('iframe.html-frame') ?? /has no HTML|is not shown/.test(article.innerText));
    const frame = article.querySelector('iframe.html-frame');
    if (shown === null) problems.push(`${key}: no HTML`);
    if (/is not shown/.test(article.innerText)) refused += 1;
    if (frame === null) continue;
    await Promise.race([new Promise((resolve) => frame.addEventListener('load', resolve)), new Promise((resolve) => setTimeout(resolve, 100))]);
    frames += 1;
  }
  return { problems, frames, refused };
}

/** What stands before the worker's code: every answer about HTML becomes the payload itself. */
function forger(keys, all) {
  const forged = Object.fromEntries(keys.map((key, idx) => [key, all[idx].payload]));
  return Buffer.from(`{
    const forged = ${JSON.stringify(forged).replaceAll('<', '\\u003c')};
    const asked = new Map();
    addEventListener('message', ({ data }) => data.kind === 'ask' && asked.set(data.id, data.question.ask.key));
    const post = self.postMessage.bind(self);
    self.postMessage = (message) => {
      if (message.kind === 'answer' && message.name === 'html') message.value = { html: forged[asked.get(message.id)] };
      if (message.kind === 'answer' && message.name === 'message' && message.value.line) message.value = { ...message.value, hasHtml: true };
      post(message);
    };
  }\n`);
}

/** A site of the vectors, and the keys of their messages in order. */
function build(world, all) {
  const folder = world.scratch();
  const [mbox, site] = [join(folder, 'vectors.mbox'), join(folder, 'site')];
  writeFileSync(mbox, mailbox(all));
  execFileSync(world.program, ['build', '--quiet', mbox, '-o', site, '--title', '<img src=x onerror=alert(1)>', '--crawlable', '--feed', '--url', 'http://127.0.0.1:9/']);
  const args = ['search', site, 'planted', '--json', '--sort', 'oldest', '--limit', String(all.length)];
  const { hits } = JSON.parse(execFileSync(world.program, args, { encoding: 'utf8', maxBuffer: 1 << 26 }));
  equal(hits.length, all.length, 'messages');
  return { site, keys: hits.map((hit) => hit.key) };
}

/** A server that notes what it is asked. */
async function logger() {
  const self = { url: '', asked: [], page: [], end: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())) };
  const server = createServer((request, response) => {
    // Each vector has a frame of its own, so that none stands in the way of another.
    const idx = /^\/control\/(\d+)$/.exec(request.url)?.[1];
    if (request.url === '/control' || idx !== undefined) {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(idx === undefined ? self.page.map((_, n) => `<iframe src="/control/${n}"></iframe>`).join('') : self.page[Number(idx)]);
    } else {
      self.asked.push(request.url);
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  self.url = `http://127.0.0.1:${server.address().port}`;
  return self;
}
