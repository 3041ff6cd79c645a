/**
 * Makes the package for other programs in `dist`: `node package.mjs`. One ES module, and the types of what it gives.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, 'dist');
await rm(dist, { recursive: true, force: true });
await mkdir(dist);
await build({
  entryPoints: [path.join(here, 'src/package/index.ts')],
  outfile: path.join(dist, 'index.js'),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
});
const tsc = path.join(here, 'node_modules/typescript/bin/tsc');
const types = path.join(dist, 'types');
execFileSync(process.execPath, [tsc, '-p', path.join(here, 'src/package'), '--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', path.join(here, 'src'), '--outDir', types], { stdio: 'inherit' });
// In declarations a module is named by what it is at run time, whichever settings its reader has.
for (const name of await readdir(types, { recursive: true })) {
  if (!name.endsWith('.d.ts')) continue;
  const file = path.join(types, name);
  await writeFile(file, (await readFile(file, 'utf8')).replace(/(['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2'));
}
const { license, version } = JSON.parse(await readFile(path.join(here, 'package.json'), 'utf8'));
const about = {
  name: 'maildex',
  version,
  description: 'Searches a mail archive that maildex built, in the browser',
  license,
  type: 'module',
  sideEffects: false,
  exports: { '.': { types: './types/package/index.d.ts', default: './index.js' } },
  files: ['index.js', 'types'],
};
await writeFile(path.join(dist, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
