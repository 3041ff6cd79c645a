#!/usr/bin/env bash
# What Lighthouse says of a site as published: ./lighthouse.sh MAILDEX SITE [RUNS]
#
# Serves the site with `maildex serve`, runs Lighthouse (from npm, into target/bench/lighthouse) with the system's
# Chromium, and prints the median of each score; fails where one is below 95. Scores of performance mean something only
# on a machine that does nothing else, so this is no part of the tests.
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: $0 MAILDEX SITE [RUNS]" >&2; exit 2; }
maildex=$1 site=$2 runs=${3:-5}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tool=$root/target/bench/lighthouse
readonly least=95

if [ ! -x "$tool/node_modules/.bin/lighthouse" ]; then
  mkdir -p "$tool"
  npm install --prefix "$tool" --no-audit --no-fund --loglevel=error lighthouse@12 >&2
fi
chrome=${CHROME_PATH:-$(command -v chromium || command -v google-chrome)}

said=$(mktemp)
"$maildex" serve "$site" --port 0 >"$said" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$said" "${reports:-}"' EXIT
until url=$(grep -o 'http://[^ ]*/' "$said"); do
  kill -0 "$server" 2>/dev/null || { cat "$said" >&2; exit 2; }
  sleep 0.1
done

reports=$(mktemp -d)
for run in $(seq "$runs"); do
  CHROME_PATH=$chrome "$tool/node_modules/.bin/lighthouse" "$url" --quiet --output json --output-path "$reports/$run.json" \
    --chrome-flags='--headless=new --no-sandbox --disable-gpu'
done
node - "$reports" "$least" <<'JS'
const { readdirSync, readFileSync } = require('node:fs');
const [, , folder, least] = process.argv;
const runs = readdirSync(folder).map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')).categories);
let low = 0;
for (const name of ['performance', 'accessibility', 'best-practices', 'seo']) {
  const scores = runs.map((run) => Math.round(run[name].score * 100)).sort((a, b) => a - b);
  const median = scores[Math.floor(scores.length / 2)];
  console.log(`${name.padEnd(15)} ${String(median).padStart(3)}  (${scores.join(', ')})`);
  if (median < Number(least)) low += 1;
}
process.exit(low > 0 ? 1 : 0);
JS
