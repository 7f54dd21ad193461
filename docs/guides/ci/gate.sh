#!/usr/bin/env bash
# The gate for a CI system that runs shell commands: docs/guides/ci.md
#
#   gate.sh [base]              compares this tree with a git ref, or with a baseline (.json); origin/main if none is given
#   gate.sh --baseline <file>   measures this tree and keeps it as a baseline, for the branch that others are compared with
#
# Ends as the gate does: 0 no regression seen, 3 a regression, 4 void, anything else: it was not played.
# NIGHT (zuckerberg) and OUT (runs, the folder to keep as artifact; git should ignore it) may be set.
set -euo pipefail

night=${NIGHT:-zuckerberg}
out=${OUT:-runs}
# With it a void gate is played once more.
export CI=${CI:-true}

if [ "${1:-}" = --baseline ]; then
  exec npx roomrush gate "$night" --write-baseline "${2:?expected a file for the baseline}" --out "$out"
fi

mkdir -p "$out"
code=0
npx roomrush gate "$night" --base "${1:-origin/main}" --out "$out" \
  --junit "$out/junit.xml" --markdown "$out/summary.md" || code=$?

case $code in
  0) echo 'gate: no regression seen' ;;
  3) echo 'gate: a regression' ;;
  4) echo 'gate: void, neither green nor red: let exit code 4 be neutral' ;;
  *) echo "gate: not played (exit code $code)" ;;
esac
exit "$code"
