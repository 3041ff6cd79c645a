/** Compiles the tests (node 20 reads no TypeScript) and runs them with node's own runner; arguments go to the runner. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
// Inside node_modules, so that what is left external is found from there.
const out = await mkdtemp(path.join(here, '../node_modules/.tests-'));
try {
  const tests = (await readdir(here)).filter((name) => name.endsWith('.test.ts'));
  await build({
    entryPoints: tests.map((name) => path.join(here, name)),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  const files = tests.map((name) => path.join(out, name.replace(/\.ts$/, '.mjs')));
  const options = ['--enable-source-maps', '--test', ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, [...options, ...files], { stdio: 'inherit', cwd: path.join(here, '..') }).status ?? 1;
} finally {
  await rm(out, { recursive: true, force: true });
}
