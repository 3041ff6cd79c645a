// Attachments and sources: what opens in the page, what is only saved, and that nothing of them ever runs.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { equal, quote } from './screen.mjs';

// A picture of one point.
const POINT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const base64 = (text) => Buffer.from(text).toString('base64');
const SCRIPT = '<script>document.title = "run"; window.run = true</script>';

const PARTS = [
  ['picture.png', 'image/png', POINT, 'inline', 'pic@quay.example'],
  ['letter.txt', 'text/plain', base64('Dear Ada,\n' + SCRIPT)],
  ['page.html', 'text/html', base64(`<!doctype html>${SCRIPT}<b>bold</b>`)],
  ['drawing.svg', 'image/svg+xml', base64(`<svg xmlns="http://www.w3.org/2000/svg" onload="window.run = true">${SCRIPT}</svg>`)],
  ['evil.pdf.exe', 'application/pdf', base64('MZ\x90\0\x03\0\0\0')],
  ['../../a\u202egpj.exe', 'image/jpeg', base64('MZ\0\0')],
];

function mailbox() {
  const part = ([name, type, data, disposition = 'attachment', id = '']) => [
    '--m',
    `Content-Type: ${type}; name="${name}"`,
    `Content-Disposition: ${disposition}; filename="${name}"`,
    ...(id === '' ? [] : [`Content-ID: <${id}>`]),
    'Content-Transfer-Encoding: base64',
    '',
    data,
  ];
  return [
    'From ada@quay.example Thu Jan  1 00:00:00 2004',
    'From: Ada <ada@quay.example>',
    'Date: Thu, 1 Jan 2004 00:00:00 +0000',
    'Message-ID: <1@quay.example>',
    'Subject: with files',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=m',
    '',
    '--m',
    'Content-Type: text/html',
    '',
    '<p>See <img src="cid:pic@quay.example" alt="the picture"> below</p>',
    ...PARTS.flatMap(part),
    '--m--',
    '',
    '',
  ].join('\n');
}

let made = null;

/** A site, a file and a folder with what is kept. */
function archive(world) {
  if (made !== null) return made;
  const folder = world.scratch();
  const at = (name) => path.join(folder, name);
  writeFileSync(at('files.mbox'), mailbox());
  const run = (...args) => execFileSync(world.program, args, { stdio: 'pipe' });
  run('build', at('files.mbox'), '-o', at('site'), '--attachments', 'keep', '--originals', 'keep', '--quiet');
  run('bundle', at('site'), '-o', at('archive.html'), '--quiet');
  run('bundle', at('site'), '--folder', at('folder'), '--quiet');
  made = { site: at('site'), file: pathToFileURL(at('archive.html')).href, folder: pathToFileURL(at('folder/index.html')).href };
  return made;
}

const opened = (name) => `[...document.querySelectorAll('.attachments li')].find((item) => item.innerText.includes(${quote(name)}))`;

async function read(screen) {
  await screen.total(1);
  await screen.click('a.row');
  await screen.see('.attachments .open-file');
}

async function open(screen, name, what) {
  await screen.evaluate(`${opened(name)}.querySelector('.open-file').click()`);
  await screen.until(`${name} open`, `${opened(name)}?.querySelector(${quote(what)}) !== null`);
}

async function everyKind(screen) {
  await read(screen);
  await open(screen, 'picture.png', 'img.preview');
  await screen.until('the picture itself', `${opened('picture.png')}.querySelector('img.preview').naturalWidth === 1`);
  for (const [name, text] of [['letter.txt', 'Dear Ada,\n<script>'], ['page.html', '<b>bold</b>'], ['drawing.svg', '<svg']]) {
    await open(screen, name, 'pre.preview');
    equal(await screen.evaluate(`${opened(name)}.querySelector('pre').innerText.includes(${quote(text)})`), true, `the text of ${name}`);
  }
  await open(screen, 'evil.pdf.exe', '.opened button');
  equal(await screen.evaluate(`${opened('evil.pdf.exe')}.querySelector('img, pre, iframe') === null`), true, 'a program is not shown');
  await screen.click('.source-toggle');
  await screen.until('the source', `[...document.querySelectorAll('pre.preview')].some((pre) => pre.innerText.startsWith('From: Ada'))`);
  equal(await screen.evaluate('window.run === undefined'), true, 'nothing has run');
}

/** @type {Record<string, (screen: import('./screen.mjs').Screen, world: any) => Promise<void>>} */
export const attachments = {
  'opens attachments and the source of a message': async (screen, world) => {
    const site = await world.serveSite(archive(world).site);
    try {
      await screen.open(site.url);
      await everyKind(screen);
      const names = await screen.evaluate(`(() => {
        const names = [];
        HTMLAnchorElement.prototype.click = function () { names.push(this.download); };
        ${opened('gpj.exe')}.querySelector('.open-file').click();
        return names;
      })()`);
      equal(names.length, 0, 'opening saves nothing');
      await screen.click('.html-toggle');
      await screen.until('the picture in the frame', `document.querySelector('.html-frame')?.srcdoc.includes('src="data:image/png;base64,')`);
    } finally {
      await site.end();
    }
  },

  'takes messages away as they came': async (screen, world) => {
    for (const url of [archive(world).file, archive(world).folder]) {
      await screen.open(`${url}#view=take`);
      await screen.until('how many', `document.querySelector('.room-query strong') !== null`);
      await screen.evaluate(`(() => {
        URL.createObjectURL = (blob) => (blob.arrayBuffer().then((bytes) => (window.saved = new TextDecoder().decode(bytes))), 'about:blank');
        HTMLAnchorElement.prototype.click = () => {};
      })()`);
      const [, ...lines] = mailbox().split('\n');
      const original = lines.join('\n').trimEnd();
      for (const [kind, magic] of [[2, 'From maildex@localhost '], [3, 'PK\u0003\u0004']]) {
        await screen.evaluate(`void (window.saved = null, document.querySelectorAll('.take [type="radio"]')[${kind}].click())`);
        await screen.click('.take [type="submit"]');
        const saved = await screen.until('a file', `window.saved`);
        equal(saved.startsWith(magic), true, 'how it begins');
        equal(saved.includes(original), true, 'the message as it came');
      }
    }
  },

  'opens attachments of a copy on a disk': async (screen, world) => {
    for (const copy of [archive(world).file, archive(world).folder]) {
      await screen.open(copy);
      await everyKind(screen);
    }
  },
};
