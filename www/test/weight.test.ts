import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

/**
 * What the engines may weigh as hosts send them. The light one is most of what a first visit waits for, so a step up is
 * a decision. Regular expressions and reading messages are 39 KB of the full one, which words are near each other 3 KB.
 */
const WEIGHTS = { light: 174_400, full: 260_400 };

// The runner starts the tests in `www`.
const assets = '../target/web/assets';

test('the engines are no heavier than they were', { skip: !existsSync(assets) && 'they are not built' }, () => {
  for (const [engine, most] of Object.entries(WEIGHTS)) {
    const names = readdirSync(assets).filter((name) => name.startsWith(engine) && name.endsWith('.wasm'));
    assert.equal(names.length, 1, engine);
    const weight = gzipSync(readFileSync(path.join(assets, names[0] ?? ''))).length;
    assert.ok(weight <= most, `${engine}: ${weight} bytes of ${most}`);
  }
});
