// The engine's steps in WebAssembly, one by one, on a site whose blocks are all here.
//
//     node tests/bench/micro.mjs SITE [FOLDER OF THE GLUE]
//
// The best of some passes, because what disturbs only makes it slower.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PASSES = 60;
const DRAWN = 40;
const [site, glue = join(import.meta.dirname, '../../target/bindgen/light')] = process.argv.slice(2);
if (site === undefined) {
  console.error('usage: node tests/bench/micro.mjs SITE [FOLDER OF THE GLUE]');
  process.exit(2);
}

const { initSync, Engine } = await import(pathToFileURL(join(glue, 'maildex_wasm.js')).href);
initSync({ module: readFileSync(join(glue, 'maildex_wasm_bg.wasm')) });
const engine = new Engine();
const { segments } = JSON.parse(readFileSync(join(site, 'manifest.json'), 'utf8'));
for (const [at, segment] of segments.entries()) {
  if (segment.front === '') {
    engine.expect(segment.kind, segment.messages, segment.frontLength);
    continue;
  }
  engine.open(Buffer.from(segment.front, 'base64'));
  let offset = 0;
  for (const [number, length] of segment.shards.entries()) {
    // The front is here already.
    if (offset >= segment.frontLength) engine.put(at, offset, readFileSync(join(site, 'd', segment.id, `${number}.7z`)));
    offset += length;
  }
}

/** What a question comes to; all that it needs is here. */
function done(text) {
  const step = JSON.parse(text);
  if (step.kind !== 'done') throw new Error(`expected an answer, found ${text}`);
  return step;
}

const total = (query) => done(engine.total(query, 0, false)).value.total;
const search = (query, sort = 'newest', limit = 10) => done(engine.search(query, 0, false, sort, 0, limit)).value;
const keys = search('', 'newest', DRAWN).lines.map((line) => line.key);

/** Words of the newest messages, by how many messages hold them. */
function draw() {
  const texts = keys.map((key) => JSON.stringify(done(engine.message(key, '', 0)).value));
  const words = new Set(texts.flatMap((text) => text.toLowerCase().match(/\b[a-z]{3,}\b/gu) ?? []));
  const counted = [...words].map((word) => [total(word), word]).sort(([a], [b]) => b - a);
  const rare = counted.filter(([n]) => n >= 2 && n < 9).map(([, word]) => word);
  return { common: counted.slice(0, DRAWN).map(([, word]) => word), rare: rare.slice(0, DRAWN) };
}

const { common, rare } = draw();
const pairs = common.slice(1).map((word, index) => `${common[index]} ${word}`);
const benches = {
  look_up: [rare, total],
  intersect: [pairs, total],
  gallop: [rare.map((word, index) => `${word} ${common[index]}`), total],
  phrase: [pairs.map((pair) => `"${pair}"`), total],
  lines: [common, search],
  relevance: [common, (word) => search(word, 'relevance')],
  snippet: [common, (word) => done(engine.snippets(word, 0, false, keys.slice(0, 10), 200))],
};
console.log(`wasm, µs a question, the best of ${PASSES} passes`);
for (const [name, [questions, ask]] of Object.entries(benches)) {
  let best = Infinity;
  for (let pass = 0; pass < PASSES; pass++) {
    const began = performance.now();
    for (const question of questions) ask(question);
    best = Math.min(best, performance.now() - began);
  }
  console.log(`${name.padEnd(12)}${((best * 1000) / questions.length).toFixed(1).padStart(10)}`);
}
