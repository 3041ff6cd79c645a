import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

/** Settings of two kinds of readers: one that bundles, and node's own. */
const KINDS = [['esnext', 'bundler'], ['nodenext', 'nodenext']] as const;

// The runner starts the tests in `www`.
test('a program of somebody else is checked and run with the package', async () => {
  execFileSync(process.execPath, ['package.mjs']);
  const folder = mkdtempSync(path.join(tmpdir(), 'maildex-package-'));
  try {
    cpSync('dist', path.join(folder, 'node_modules/maildex'), { recursive: true });
    cpSync('test/consumer', folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    const tsc = path.resolve('node_modules/typescript/bin/tsc');
    for (const [module, resolution] of KINDS) {
      const options = ['--strict', '--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', '--module', module, '--moduleResolution', resolution];
      execFileSync(process.execPath, [tsc, 'consumer.ts', ...options], { cwd: folder, stdio: 'inherit' });
    }
    // A site whose module answers without a browser.
    const site = path.join(folder, 'site');
    mkdirSync(site);
    writeFileSync(path.join(site, 'maildex.js'), `export const openArchive = async (url) => ({
      info: { title: url }, close() {}, search: async (query) => ({ total: 7, lines: [{ subject: [{ text: query, mark: true }, { text: '!', mark: false }] }] }) });`);
    const url = pathToFileURL(`${site}/`).href;
    Object.assign(globalThis, { document: { baseURI: url } });
    const { subjects } = (await import(pathToFileURL(path.join(folder, 'consumer.js')).href)) as { readonly subjects: (site: string, query: string) => Promise<unknown> };
    assert.deepEqual(await subjects(url, 'ferry'), ['ferry!', '7', url]);
    writeFileSync(path.join(site, 'maildex.js'), 'export {}');
    await assert.rejects(subjects(`${url}elsewhere/`, ''), /maildex\.js/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the package has what it says', () => {
  const { exports } = JSON.parse(readFileSync('dist/package.json', 'utf8')) as { readonly exports: { readonly '.': Record<string, string> } };
  for (const file of Object.values(exports['.'])) assert.ok(readFileSync(path.join('dist', file)).length > 0, file);
});
