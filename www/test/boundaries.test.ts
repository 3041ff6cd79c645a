import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

function sources(folder: string): [name: string, text: string][] {
  const names = readdirSync(`src/${folder}`).filter((name) => name.endsWith('.ts'));
  assert.ok(names.length > 0);
  return names.map((name) => [`${folder}/${name}`, readFileSync(`src/${folder}/${name}`, 'utf8')]);
}

function checkAbsent(folder: string, pattern: RegExp): void {
  for (const [name, text] of sources(folder)) assert.doesNotMatch(text, pattern, name);
}

test('page and worker share only what is in shared', () => {
  checkAbsent('page', /from '(\.\.\/worker|maildex-wasm)|import\('/);
  checkAbsent('worker', /from '\.\.\/page/);
  checkAbsent('shared', /from '\.\.\/(page|worker)/);
});

test('the rooms take from the page only what its own script gives', () => {
  checkAbsent('rooms', /^import (?!type )[^;]* from '\.\.\/(?!page\/kit\.ts'|shared\/(?:csv|export)\.ts')/m);
  checkAbsent('rooms', /from 'lit'(?<!import type [^;]*)/);
});

test('no byte of a message can become markup', () => {
  for (const folder of ['page', 'rooms']) checkAbsent(folder, /innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|unsafe-?html|createContextualFragment/i);
});

test('bytes reach the engine through the archive, and the archive through the loop', () => {
  const callers = sources('worker').filter(([, text]) => /[eE]ngine\.put\(/.test(text));
  assert.deepEqual(callers.map(([name]) => name), ['worker/archive.ts', 'worker/rounds.ts']);
});

test('the page’s policy lets nothing out and nothing foreign in', () => {
  const html = readFileSync('src/page/index.html', 'utf8');
  const policy = /Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1] ?? '';
  const rules = new Map(policy.split(';').map((rule) => [rule.trim().split(' ')[0], rule.trim().split(' ').slice(1).join(' ')]));
  assert.equal(rules.get('default-src'), "'none'");
  assert.equal(rules.get('script-src'), "'self' 'wasm-unsafe-eval'");
  assert.equal(rules.get('connect-src'), "'self'");
  assert.equal(rules.get('img-src'), "'self' data: blob:");
  assert.equal(rules.get('form-action'), "'none'");
  assert.equal(rules.get('base-uri'), "'none'");
  assert.doesNotMatch(policy, /https?:|\*/);
});
