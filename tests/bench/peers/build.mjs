// Builds a peer's index: `node build.mjs pagefind|minisearch DOCS.jsonl OUT`, from a copy that lies where their packages are
// installed.

import { createReadStream, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [engine, docs, out] = process.argv.slice(2);

/** Records that are handed to Pagefind before their answers are waited for. */
const AT_ONCE = 200;

async function* documents() {
  for await (const line of createInterface({ input: createReadStream(docs), crlfDelay: Infinity })) {
    if (line !== '') yield JSON.parse(line);
  }
}

async function buildPagefind() {
  const { createIndex, close } = await import('pagefind');
  const { index } = await createIndex({});
  let open = [];
  let errors = 0;
  for await (const { id, date, from, to, subject, body } of documents()) {
    const record = {
      url: `/m/${id}`, language: 'en', content: body || ' ', sort: { date: String(date) },
      meta: { title: subject || '(none)', from, to, date: String(date) },
    };
    open.push(index.addCustomRecord(record));
    if (open.length === AT_ONCE) {
      errors += (await Promise.all(open)).filter((answer) => answer.errors.length > 0).length;
      open = [];
    }
  }
  errors += (await Promise.all(open)).filter((answer) => answer.errors.length > 0).length;
  rmSync(out, { recursive: true, force: true });
  await index.writeFiles({ outputPath: out });
  await close();
  return { errors };
}

async function buildMiniSearch() {
  const { default: MiniSearch } = await import('minisearch');
  const options = { fields: ['subject', 'body', 'from', 'to'], storeFields: ['subject', 'from', 'date'] };
  const index = new MiniSearch(options);
  for await (const doc of documents()) index.add(doc);
  writeFileSync(out, JSON.stringify(index));
  return { errors: 0 };
}

const built = await { pagefind: buildPagefind, minisearch: buildMiniSearch }[engine]();
console.log(JSON.stringify(built));
process.exit(0);
