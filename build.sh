#!/usr/bin/env bash
# The entrance to everything: builds, shows the demo, tests. See ./build.sh --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# The page is taken into the binary from target/web; a target folder elsewhere would be built without it.
unset CARGO_TARGET_DIR

readonly maildex=target/release/maildex
readonly logs=target/test-logs

usage() {
  cat <<'USAGE'
usage: ./build.sh [COMMAND] [OPTION...]

  ./build.sh               build all: target/release/maildex with the page and the search inside it
  ./build.sh demo          make the demo archive and its site, and serve it
      --messages N         how many messages it holds (5000)
      --port P             where it is served (8000; 0: any free port)
      --no-serve           stop before serving
  ./build.sh test          set everything up and run every test: Rust, TypeScript, three browsers

What it needs: rustup, a C compiler, Node 20 or later. On Debian it installs what else the tests need by
apt-get when it is root. MAILDEX_DATA and MAILDEX_SUITES name folders of real archives and of mail test
suites; the tests that read them count as skipped where there are none.
USAGE
}

main() {
  case "${1:-build}" in
    build) [ $# -le 1 ] || die "build takes no option, found '$2'"; build ;;
    demo) demo "${@:2}" ;;
    test) [ $# -eq 1 ] || die "test takes no option, found '$2'"; run_tests ;;
    -h | --help | help) usage ;;
    *) die "expected build, demo or test, found '$1'; see ./build.sh --help" ;;
  esac
}

say() { printf '==> %s\n' "$*" >&2; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 2; }
# number OPTION VALUE
number() { [[ $2 =~ ^[0-9]+$ ]] || die "expected a number after $1, found '$2'"; }

# ---- setting up --------------------------------------------------------------------------------------------

# install COMMAND=PACKAGE...: installs the Debian packages of the commands that are missing.
install() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    die "missing programs; install them and run this again (Debian: sudo apt-get install ${missing[*]})"
  fi
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update && apt-get install --yes --no-install-recommends \
    --option DPkg::Lock::Timeout=600 "${missing[@]}"; } >"$(log_file apt)" 2>&1 \
    || die "apt-get could not install ${missing[*]}; it said why in $logs/apt.log"
}

log_file() { mkdir -p "$logs"; printf '%s/%s.log' "$logs" "$1"; }

tools() {
  command -v rustup >/dev/null || die "rustup is missing: it brings the Rust compiler; see https://rustup.rs"
  command -v node >/dev/null && command -v npm >/dev/null \
    || die "node or npm is missing: they bundle the page; get Node 20 or later from https://nodejs.org"
  local node_major
  node_major=$(node --print 'process.versions.node.split(".")[0]')
  [ "$node_major" -ge 20 ] || die "expected Node 20 or later, found $(node --version); see https://nodejs.org"
  install cc=build-essential
  # Where rustup is told to install nothing by itself, rust-toolchain.toml alone does nothing.
  rustup toolchain install --no-self-update >"$(log_file rustup)" 2>&1 \
    || die "rustup could not install the toolchain of rust-toolchain.toml; it said why in $logs/rustup.log"
}

# npm_packages FOLDER: installs what its package-lock.json says, unless that is what is there.
npm_packages() {
  local folder=$1 stamp=$1/node_modules/.maildex-stamp current
  current=$(cat "$folder/package.json" "$folder/package-lock.json" | cksum)
  [ "$(cat "$stamp" 2>/dev/null)" != "$current" ] || return 0
  say "installing the packages of $folder"
  npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
  printf '%s\n' "$current" >"$stamp"
}

# Real archives and test suites, where a folder beside the checkout has them.
data() {
  local packs=../shared/data pack name
  if [ -z "${MAILDEX_DATA:-}" ] && [ -x "$packs/unpack.sh" ]; then
    for pack in "$packs"/*.tar.zst; do
      name=$(basename "$pack" .tar.zst)
      [ -e "../.maildex-data/.$name.done" ] && continue
      install zstd=zstd
      say "unpacking the real archives of $packs"
      "$packs/unpack.sh" "$PWD/../.maildex-data" >/dev/null
      break
    done
  fi
  if [ -z "${MAILDEX_DATA:-}" ] && [ -d ../.maildex-data ]; then
    MAILDEX_DATA=$(cd ../.maildex-data && pwd)
    export MAILDEX_DATA
  fi
  if [ -z "${MAILDEX_SUITES:-}" ] && [ -d ../shared/suites ]; then
    MAILDEX_SUITES=$(cd ../shared/suites && pwd)
    export MAILDEX_SUITES
  fi
}

# ---- building ----------------------------------------------------------------------------------------------

build() {
  tools
  npm_packages www
  say "the search and the page"
  cargo run --quiet --locked --profile tool --package xtask -- web
  say "$maildex"
  cargo build --quiet --locked --release --package maildex
}

demo() {
  local messages=5000 port=8000 serve=yes
  while [ $# -gt 0 ]; do
    case "$1" in
      --messages) messages=${2:-}; number "$1" "$messages"; shift 2 ;;
      --port) port=${2:-}; number "$1" "$port"; shift 2 ;;
      --no-serve) serve=no; shift ;;
      *) die "expected --messages N, --port P or --no-serve, found '$1'" ;;
    esac
  done
  build
  local folder=target/demo current
  current="$messages messages by $(cksum <"$maildex")"
  if [ "$(cat "$folder/stamp" 2>/dev/null)" != "$current" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    "$maildex" demo --messages "$messages" --seed 1 -o "$folder/demo.mbox"
    "$maildex" build "$folder/demo.mbox" -o "$folder/site" --title "Demo archive"
    printf '%s\n' "$current" >"$folder/stamp"
  fi
  if [ "$serve" = yes ]; then
    exec "$maildex" serve "$folder/site" --port "$port"
  fi
  say "the site is $folder/site; see it with: $maildex serve $folder/site"
}

# ---- testing -----------------------------------------------------------------------------------------------

passed=0 failed=0 skipped=0 empty=()

run_tests() {
  tools
  install chromium=chromium firefox-esr=firefox-esr WebKitWebDriver=webkit2gtk-driver Xvfb=xvfb
  data
  # A second opinion on Outlook's mailboxes, of which the real archives have some.
  [ -z "${MAILDEX_DATA:-}" ] || install readpst=pst-utils
  build

  check "format" cargo fmt --check
  check "lints" cargo clippy --quiet --locked --workspace --all-targets -- --deny warnings
  # The build among them: reading mail is to work in a browser too.
  check "lints for wasm" cargo clippy --quiet --locked --package maildex-core --package maildex-build \
    --package maildex-wasm --target wasm32-unknown-unknown -- --deny warnings
  check "types of the page" npm run --silent --prefix www check

  export MAILDEX_SKIP_LOG=$PWD/$logs/skipped.log
  mkdir -p "$logs"
  : >"$MAILDEX_SKIP_LOG"
  suite rust cargo test --quiet --locked --workspace --no-fail-fast
  suite page npm test --prefix www
  npm_packages tests/browser
  suite browsers node tests/browser/run.mjs "$maildex"

  [ ${#empty[@]} -eq 0 ] || say "no test ran in: ${empty[*]}"
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ] && [ ${#empty[@]} -eq 0 ]
}

# check NAME COMMAND...: a failure counts as one failed test; success is no test.
check() {
  say "$1"
  "${@:2}" || { failed=$((failed + 1)); say "$1: failed"; }
}

# suite NAME COMMAND...: runs tests and adds up what they report.
suite() {
  local name=$1 log status=0 p f s
  log=$(log_file "$1")
  say "tests: $name"
  "${@:2}" 2>&1 | tee "$log" || status=$?
  read -r p f s < <(count "$log")
  if [ "$name" = rust ]; then
    # libtest has no word for "could not be tried here": such a test passes and leaves a line in this file.
    s=$((s + $(wc -l <"$MAILDEX_SKIP_LOG")))
    p=$((p - $(wc -l <"$MAILDEX_SKIP_LOG")))
  fi
  # A runner that fails without a failed test did not get to its tests: it does not compile, or it died.
  if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
  [ "$p" -gt 0 ] || empty+=("$name")
  say "tests: $name: $p passed, $f failed, $s skipped"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

# count LOG: passed, failed and skipped, from the closing lines of cargo test, of node's runner and of ours.
count() {
  awk '
    /^test result: / { p += $4; f += $6; s += $8 }
    /^(#|ℹ) pass [0-9]+$/ { p += $3 }
    /^(#|ℹ) fail [0-9]+$/ { f += $3 }
    /^(#|ℹ) cancelled [0-9]+$/ { f += $3 }
    /^(#|ℹ) (skipped|todo) [0-9]+$/ { s += $3 }
    /^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { p += $1; f += $3; s += $5 }
    END { printf "%d %d %d\n", p, f, s }
  ' "$1"
}

# Everything runs in a process group of its own, so that Ctrl-C or a killed build.sh takes cargo, npm, servers and
# browsers along: bash alone waits for a command in the foreground before it looks at a signal.
guarded() {
  local status=0
  set -m
  (set +m; main "$@") &
  group=$!
  set +m
  trap 'stop INT 130' INT
  trap 'stop TERM 143' TERM
  trap 'stop HUP 129' HUP
  wait "$group" || status=$?
  return "$status"
}

stop() {
  trap '' INT TERM HUP
  kill "-$1" -- "-$group" 2>/dev/null || true
  local tries
  # What takes longer than 5 seconds to end is not asked again.
  for ((tries = 0; tries < 50; tries++)); do
    kill -0 -- "-$group" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL -- "-$group" 2>/dev/null || true
  exit "$2"
}

guarded "$@"
