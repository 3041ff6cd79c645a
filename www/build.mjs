/**
 * Builds the page and the worker: `node build.mjs --bindgen DIR --out DIR`.
 *
 * DIR/web holds what wasm-bindgen wrote. The files under `assets` are named by their content, so that they may be
 * cached for ever; `index.html` keeps one placeholder, `{{title}}`, which whoever writes a site fills in, escaped.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What page, worker and style may weigh together, compressed. */
const BUDGET = 40 * 1024;

const here = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { bindgen: { type: 'string' }, out: { type: 'string' } } });
if (values.bindgen === undefined || values.out === undefined) {
  console.error('usage: node build.mjs --bindgen DIR --out DIR');
  process.exit(2);
}
const bindgen = path.resolve(values.bindgen, 'web');
const out = path.resolve(values.out);

const [page, worker, style] = await Promise.all([
  bundle('src/page/main.ts'),
  bundle('src/worker/main.ts', { 'maildex-wasm': path.join(bindgen, 'maildex_wasm.js') }),
  bundle('src/page/style.css'),
]);
const trespass = Object.keys(page.metafile.inputs).find((input) => /src\/worker\/|maildex_wasm/.test(input));
if (trespass !== undefined) throw new Error(`the page imports ${trespass}: worker code and wasm stay in the worker`);

await rm(path.join(out, 'assets'), { recursive: true, force: true });
await mkdir(path.join(out, 'assets'), { recursive: true });
const wasm = await readFile(path.join(bindgen, 'maildex_wasm_bg.wasm'));
const names = {
  page: await place('page', 'js', page.text),
  worker: await place('worker', 'js', worker.text),
  wasm: await place('maildex', 'wasm', wasm),
  style: style.text.trim(),
};
const template = await readFile(path.join(here, 'src/page/index.html'), 'utf8');
const html = template
  .replace(/<!--(page|worker|wasm|style)-->/g, (_, name) => names[name])
  .replace(/>\s*\n\s*/g, '>\n');
await writeFile(path.join(out, 'index.html'), html);
report();

async function bundle(entry, alias = {}) {
  const result = await build({
    entryPoints: [path.join(here, entry)],
    alias,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: ['es2022', 'chrome116', 'firefox124', 'safari17.4'],
    // The licence of what is bundled asks that its notice stays.
    legalComments: 'eof',
    logLevel: 'warning',
  });
  return { text: result.outputFiles[0].text, metafile: result.metafile };
}

/** Writes an asset under its hashed name and returns its path within the site. */
async function place(name, extension, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const file = `assets/${name}-${hash}.${extension}`;
  await writeFile(path.join(out, file), content);
  return file;
}

function report() {
  const parts = { page: page.text, worker: worker.text, style: style.text, html, wasm };
  const sizes = Object.entries(parts).map(([name, content]) => [name, gzipSync(content, { level: 9 }).length]);
  for (const [name, size] of sizes) console.log(`${name.padEnd(6)} ${String(size).padStart(7)} bytes gzipped`);
  const ours = sizes.filter(([name]) => ['page', 'worker', 'style'].includes(name));
  const sum = ours.reduce((total, [, size]) => total + size, 0);
  console.log(`page + worker + style: ${sum} of ${BUDGET} bytes gzipped`);
  if (sum > BUDGET) {
    console.error('over the budget');
    process.exit(1);
  }
}
