import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

/** What the wasm may weigh as hosts send it. It is most of what a first visit loads, so a step up is a decision. */
const WASM_BYTES = 215_000;

// The runner starts the tests in `www`.
const assets = '../target/web/assets';

test('the wasm is no heavier than it was', { skip: !existsSync(assets) && 'it is not built' }, () => {
  const names = readdirSync(assets).filter((name) => name.endsWith('.wasm'));
  assert.equal(names.length, 1);
  const weight = gzipSync(readFileSync(path.join(assets, names[0] ?? ''))).length;
  assert.ok(weight <= WASM_BYTES, `${weight} bytes of ${WASM_BYTES}`);
});
