#!/usr/bin/env bash
# What Lighthouse says of a site as published: ./lighthouse.sh SITE [RUNS]
#
# Serves the site as static hosts do (compressed, to be kept for ten minutes), runs Lighthouse (from npm, into
# target/bench/lighthouse) with the system's Chromium as a phone on a slow link, and prints the median of each score and of
# what performance is made of; fails where a score is below 95. Performance means something only on a machine that does
# nothing else (`index` is how fast Lighthouse finds it: 500 to 1500 on usual ones), so this is no part of the tests.
set -euo pipefail

[ $# -ge 1 ] || { echo "usage: $0 SITE [RUNS]" >&2; exit 2; }
site=$1 runs=${2:-5}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tool=$root/target/bench/lighthouse
readonly least=95

if [ ! -x "$tool/node_modules/.bin/lighthouse" ]; then
  mkdir -p "$tool"
  npm install --prefix "$tool" --no-audit --no-fund --loglevel=error lighthouse@12 >&2
fi
chrome=${CHROME_PATH:-$(command -v chromium || command -v google-chrome)}

said=$(mktemp)
node --input-type=module - "$root/tests/bench/browser/serve.mjs" "$site" >"$said" 2>&1 <<'JS' &
const [, , module, site] = process.argv;
const { serve } = await import(module);
console.log((await serve({ '/': site }, { caching: true })).url);
JS
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$said" "${reports:-}"' EXIT
until url=$(grep -o 'http://[^ ]*/' "$said"); do
  kill -0 "$server" 2>/dev/null || { cat "$said" >&2; exit 2; }
  sleep 0.1
done

reports=$(mktemp -d)
visit() {
  CHROME_PATH=$chrome "$tool/node_modules/.bin/lighthouse" "$url" --quiet --output json --output-path "$reports/$1.json" \
    --chrome-flags='--headless=new --no-sandbox --disable-gpu'
}
# Now and then Lighthouse misses the beginning of a visit (NO_NAVSTART) and asks to be run again.
for run in $(seq "$runs"); do
  visit "$run" || visit "$run"
done
node - "$reports" "$least" <<'JS'
const { readdirSync, readFileSync } = require('node:fs');
const [, , folder, least] = process.argv;
const runs = readdirSync(folder).map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')));
const tell = (name, values) => {
  const sorted = values.map(Math.round).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  console.log(`${name.padEnd(26)} ${String(median).padStart(5)}  (${sorted.join(', ')})`);
  return median;
};
let low = 0;
for (const name of ['performance', 'accessibility', 'best-practices', 'seo']) {
  if (tell(name, runs.map(({ categories }) => categories[name].score * 100)) < Number(least)) low += 1;
}
for (const name of ['first-contentful-paint', 'largest-contentful-paint', 'speed-index', 'total-blocking-time']) {
  tell(`${name}, ms`.replace('contentful', 'cont.'), runs.map(({ audits }) => audits[name].numericValue));
}
tell('layout shift, thousandths', runs.map(({ audits }) => audits['cumulative-layout-shift'].numericValue * 1000));
tell('index', runs.map(({ environment }) => environment.benchmarkIndex));
process.exit(low > 0 ? 1 : 0);
JS
