/**
 * Builds the page and the worker: `node build.mjs --bindgen DIR --out DIR`.
 *
 * DIR/light and DIR/full hold what wasm-bindgen wrote of the two engines. The files under `assets` are named by their
 * content, so that they may be cached for ever; `index.html` keeps one placeholder, `{{title}}`, which whoever writes a site fills in, escaped.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

/** What page, worker and style may weigh together, compressed. */
const BUDGET = 51 * 1024;
/** What the chunk with the rooms beside the search may weigh, compressed; it is loaded with the first of them. */
const ROOMS_BUDGET = 24 * 1024;

const here = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { bindgen: { type: 'string' }, out: { type: 'string' } } });
if (values.bindgen === undefined || values.out === undefined) {
  console.error('usage: node build.mjs --bindgen DIR --out DIR');
  process.exit(2);
}
const bindgen = path.resolve(values.bindgen);
const out = path.resolve(values.out);

const glue = (engine) => ({ alias: { 'maildex-wasm': path.join(bindgen, engine, 'maildex_wasm.js') } });
/** The rooms take what they share with the page from the page's own script, which has been loaded: no byte comes twice. */
const besidePage = (page) => ({
  name: 'beside-page',
  setup: ({ onResolve }) => onResolve({ filter: /\/page\/kit\.ts$/ }, () => ({ path: `./${path.basename(page)}`, external: true })),
});
/** A style that code imports is a text. */
const styleText = {
  name: 'style-text',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/rooms\/.*\.css$/ }, async ({ path: file }) => {
      const { code } = await transform(await readFile(file, 'utf8'), { loader: 'css', minify: true });
      return { contents: code, loader: 'text' };
    }),
};
// From a disk there are no modules. The glue is told where its bytes are and never asks for its own address.
const classic = { format: 'iife', define: { 'import.meta.url': '""' } };
const [page, light, full, service, style, offlinePage, offlineWorker] = await Promise.all([
  bundle('src/page/main.ts'),
  bundle('src/worker/main.ts', { ...glue('light'), define: { MAILDEX_FULL: 'false' } }),
  bundle('src/worker/main.ts', { ...glue('full'), define: { MAILDEX_FULL: 'true' } }),
  bundle('src/worker/service.ts', { format: 'iife' }),
  bundle('src/page/style.css'),
  bundle('src/page/offline-main.ts', { ...classic, plugins: [styleText] }),
  bundle('src/worker/main.ts', { ...glue('full'), ...classic, define: { ...classic.define, MAILDEX_FULL: 'true' } }),
]);
for (const { metafile } of [page, offlinePage]) {
  const trespass = Object.keys(metafile.inputs).find((input) => /src\/worker\/|maildex_wasm/.test(input));
  if (trespass !== undefined) throw new Error(`the page imports ${trespass}: worker code and wasm stay in the worker`);
}

await rm(path.join(out, 'assets'), { recursive: true, force: true });
await mkdir(path.join(out, 'assets'), { recursive: true });
const [wasm, fullWasm] = await Promise.all(['light', 'full'].map((engine) => readFile(path.join(bindgen, engine, 'maildex_wasm_bg.wasm'))));
const names = {
  page: await place('page', 'js', page.text),
  rooms: '',
  sheet: '',
  light: await place('light', 'js', light.text),
  wasm: await place('light', 'wasm', wasm),
  full: await place('full', 'js', full.text),
  fullWasm: await place('full', 'wasm', fullWasm),
  style: style.text.trim(),
};
const [rooms, sheet] = await Promise.all(['rooms', 'sheet'].map((name) => bundle(`src/rooms/${name}.ts`, { plugins: [besidePage(names.page), styleText] })));
names.rooms = await place('rooms', 'js', rooms.text);
names.sheet = await place('sheet', 'js', sheet.text);
const template = await readFile(path.join(here, 'src/page/index.html'), 'utf8');
const html = fill(template.replace(/<!--offline-->.*?<!--\/offline-->/gs, ''), names);
await writeFile(path.join(out, 'index.html'), html);
await api();
// Its name has no hash: browsers look at this very address for a new one.
await writeFile(path.join(out, 'sw.js'), service.text);
// What previews of links show, where the site knows its own address.
await copyFile(path.join(here, 'src/page/social.png'), path.join(out, 'social.png'));
await mkdir(path.join(out, 'offline'), { recursive: true });
await writeFile(path.join(out, 'offline/index.html'), offlineHtml());
report();

/** The archive for other programs and other pages; the names in them have no hash, so that a link to them lasts. */
async function api() {
  const parts = { MAILDEX_WORKER: JSON.stringify(names.light), MAILDEX_WASM: JSON.stringify(names.wasm) };
  for (const name of ['maildex', 'mail-search']) {
    const { text } = await bundle(`src/api/${name}.ts`, { define: parts });
    await writeFile(path.join(out, `${name}.js`), text);
  }
}

/** Puts the parts into the template, without the spaces between its lines. */
function fill(text, parts) {
  return text
    .replace(/<!--\/?(site|offline)-->/g, '')
    .replace(/>\s*\n\s*/g, '>\n')
    .replace(/<!--(\w+)-->/g, (whole, name) => parts[name] ?? whole);
}

/**
 * The page for `maildex bundle`: one classic script with the worker inside it as a function. What the binary fills in:
 * `{{title}}`; `{{self}}`, a source of scripts beside the page or nothing; `{{shards}}`, where they lie; the data
 * before and after the script in the place of `{{opening}}` and `{{data}}`.
 */
function offlineHtml() {
  const script = `function maildexWorker(self){${offlineWorker.text}}\n${offlinePage.text}`;
  if (/<\/script|<!--/i.test(script)) throw new Error('the script would end the element that it stands in');
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}' 'wasm-unsafe-eval'{{self}}`,
    "worker-src blob:; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'",
  ].join('; ');
  const bare = template
    .replace(/<!--site-->.*?<!--\/site-->/gs, '')
    .replace(/(http-equiv="Content-Security-Policy"\s+content=)"[^"]*"/, (_, before) => `${before}"${policy}"`)
    .replace(/<maildex-app [^>]*>/, '<maildex-app archive="{{title}}" shards="{{shards}}">');
  return fill(bare, { style: names.style, script: `{{opening}}<script>${script}</script>{{data}}` });
}

async function bundle(entry, options = {}) {
  const result = await build({
    entryPoints: [path.join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    ...options,
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
  const parts = { page: page.text, rooms: rooms.text, sheet: sheet.text, worker: light.text, service: service.text, style: style.text, html, wasm, full: fullWasm };
  const sizes = Object.entries(parts).map(([name, content]) => [name, gzipSync(content, { level: 9 }).length]);
  for (const [name, size] of sizes) console.log(`${name.padEnd(7)} ${String(size).padStart(7)} bytes gzipped`);
  const ours = sizes.filter(([name]) => ['page', 'worker', 'style'].includes(name));
  const sum = ours.reduce((total, [, size]) => total + size, 0);
  console.log(`page + worker + style: ${sum} of ${BUDGET} bytes gzipped`);
  const [, ofRooms = 0] = sizes.find(([name]) => name === 'rooms') ?? [];
  console.log(`rooms: ${ofRooms} of ${ROOMS_BUDGET} bytes gzipped`);
  if (sum > BUDGET || ofRooms > ROOMS_BUDGET) {
    console.error('over the budget');
    process.exit(1);
  }
}
