#!/usr/bin/env bash
# Measures maildex beside its peers on one mailbox: see ./run.sh --help and docs/benchmarks.md.
set -euo pipefail
for program in python3 node npm cargo; do
  command -v "$program" >/dev/null || { echo "run.sh: $program is missing" >&2; exit 2; }
done
export PYTHONDONTWRITEBYTECODE=1
exec python3 "$(dirname "${BASH_SOURCE[0]}")/bench.py" "$@"
