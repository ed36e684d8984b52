#!/usr/bin/env bash
# mlpbench run --ranks, with the mpirun of the PATH: run_ranks.sh PROGRAM_FOLDER
set -euo pipefail
programs=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "$1" >&2; cat "$folder/err" >&2; exit 1; }
measure() {
  code=0
  "$programs/mlpbench" run --experiment moons --backend avx2,naive --dtype float32 --trainer local-sgd,mini-batch --rounds 2 \
    --quick --studies none --no-progress --output "$folder/results" "$@" > "$folder/out" 2> "$folder/err" || code=$?
}

# Without a launcher one line says so, and one rank needs none.
ln -s "$programs"/* "$folder/" 2> /dev/null || true
PATH=$folder measure --ranks 1,2
[ "$code" -eq 2 ] || fail "without mpirun: exit code $code"
grep -qx 'mlpbench: --ranks: no mpirun in the PATH (Debian: openmpi-bin or mpich); 1 needs none' "$folder/err" ||
  fail "without mpirun: not that line"

if ! command -v mpirun > /dev/null; then echo "skipped: mpirun is missing"; exit 77; fi
measure --ranks 1,2
[ "$code" -eq 0 ] || fail "exit code $code"
results=$folder/results/results.json
for name in moons/avx2/float32/local-sgd moons/avx2/float32/local-sgd/r2 moons/avx2/float32; do
  grep -q "\"name\": \"$name\"" "$results" || fail "no case $name"
done
if grep -q '"name": "moons/avx2/float32/r2"' "$results"; then fail "a serial trainer on two ranks"; fi
grep -q 'avx2 .* 2 ' "$folder/out" || fail "no row of two ranks"
# The same numbers as one rank: the largest difference from naive in float64 is that of one.
[ "$(grep -c '"largest": ' "$results")" -ge 3 ] || fail "rows without parity"
! grep -q '"unavailable": "' "$results" || fail "a row could not run"

measure --hostfile /nowhere --ranks 2
[ "$code" -eq 2 ] || fail "a hostfile that is not there: exit code $code"
