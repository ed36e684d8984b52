#!/usr/bin/env bash
# What becomes of a job when a rank is killed, stops, fails or differs. Ranks are killed KILLS times, each time at another
# moment.
#
#   faults.sh MPIRUN PROGRAM_FOLDER KILLS
set -euo pipefail
mpirun=$1 programs=$2 kills=$3
if ! command -v "$mpirun" > /dev/null; then echo "skipped: $mpirun is missing"; exit 77; fi
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
program=$programs/teacher
options=(--trainer sync --samples 20000 --batch-size 1024 --dtype float32 --backend avx2 --force-parallel)
more=()
case $("$mpirun" --version) in *open-mpi*) more=(--oversubscribe --bind-to none) ;; esac

fail() {
  echo "$1" >&2
  echo "exit code ${code:-none}, stderr:" >&2
  cat "$folder/err" >&2
  exit 1
}

# job WORDS...: starts mpirun with them, in the background.
job() {
  timeout -k 5 60 "$mpirun" "${more[@]}" "$@" > "$folder/out" 2> "$folder/err" &
  pid=$!
}

# ends SECONDS: waits, and sets `code`; fails when that takes longer.
ends() {
  local start=$SECONDS
  code=0
  wait "$pid" || code=$?
  [ $((SECONDS - start)) -le "$1" ] || fail "the job took $((SECONDS - start)) s to end"
}

# The processes of the job that train: children of processes of the same program.
workers() {
  local process parent
  for process in $(pgrep -f "^$program .*--json $folder/"); do
    parent=$(ps -o ppid= -p "$process" | tr -d ' ') || continue
    if ps -o args= -p "${parent:-0}" 2> /dev/null | grep -q "^$program "; then echo "$process"; fi
  done
}

# await COUNT: sets `found` to the workers once all train.
await() {
  found=()
  until [ ${#found[@]} -eq "$1" ]; do
    kill -0 "$pid" 2> /dev/null || fail "the job ended by itself"
    mapfile -t found < <(workers)
    sleep 0.05
  done
}

# say COUNT PATTERN: the job wrote so many lines like that to stderr.
says() {
  [ "$(grep -c -- "$2" "$folder/err" || true)" -eq "$1" ] || fail "not $1 line(s) with: $2"
}

# Killed at any moment: exit code 5, one line that names the rank, no half-written file.
for ((i = 0; i < kills; ++i)); do
  rm -f "$folder"/record.json "$folder"/run.ckpt
  job -n 3 "$program" "${options[@]}" --epochs 100000 --json "$folder/record.json" --checkpoint "$folder/run.ckpt" --every 3
  await 3
  sleep "$((RANDOM % 2)).$((RANDOM % 10))"
  kill -KILL "${found[RANDOM % 3]}"
  ends 15
  [ "$code" -eq 5 ] || fail "a killed rank: not exit code 5"
  says 1 'mlpbench: rank [012] of 3 was lost: signal 9 (Killed) ended it'
  [ ! -e "$folder/record.json" ] || fail "a record of a lost run"
done
# What a killed job left of its checkpoint is whole.
if [ -e "$folder/run.ckpt" ]; then
  timeout -s INT 5 "$program" "${options[@]}" --epochs 100000 --checkpoint "$folder/run.ckpt" > /dev/null 2> "$folder/err" || true
  says 1 'the run goes on after'
fi

# With a checkpoint the run goes on, on other ranks, to the bits of a run that nobody disturbed.
rm -f "$folder/run.ckpt"
job -n 3 "$program" "${options[@]}" --epochs 40 --json "$folder/record.json" --checkpoint "$folder/run.ckpt" --every 2
until [ -e "$folder/run.ckpt" ]; do sleep 0.05; done
mapfile -t found < <(workers)
if [ ${#found[@]} -gt 0 ]; then kill -KILL "${found[0]}"; fi
ends 15
job -n 2 "$program" "${options[@]}" --epochs 40 --json "$folder/record.json" --dump-parameters --checkpoint "$folder/run.ckpt"
ends 60
[ "$code" -eq 0 ] || fail "the run did not go on"
"$program" "${options[@]}" --epochs 40 --json "$folder/alone.json" --dump-parameters
numbers() { sed -n '/"loss_per_epoch"/,/"measurement"/p' "$1"; }
[ -n "$(numbers "$folder/alone.json")" ] || fail "no numbers in the record"
cmp -s <(numbers "$folder/record.json") <(numbers "$folder/alone.json") || fail "other bits than one rank's"

# A rank that no longer answers.
export MLPBENCH_RANK_TIMEOUT=3
job -n 2 "$program" "${options[@]}" --epochs 100000 --json "$folder/silent.json"
await 2
sleep 1
kill -STOP "${found[1]}"
ends 20
[ "$code" -eq 5 ] || fail "a silent rank: not exit code 5"
says 1 'mlpbench: rank [01] of 2: a rank was lost: no answer for 3 s'
unset MLPBENCH_RANK_TIMEOUT

# An interruption ends all with a record that says so.
job -n 2 "$program" "${options[@]}" --epochs 100000 --json "$folder/stopped.json"
await 2
sleep 1.5
kill -TERM "${found[1]}"
ends 15
[ "$code" -eq 143 ] || [ "$code" -eq 130 ] || fail "an interrupted job: not exit code 143"
grep -q '"incomplete": true' "$folder/stopped.json" || fail "the record does not say incomplete"

# Ranks that differ, and one that fails alone.
job -n 1 "$program" "${options[@]}" --epochs 5 : -n 1 "$program" "${options[@]}" --epochs 6
ends 20
[ "$code" -eq 2 ] || fail "ranks with other options: not exit code 2"
says 1 'teacher: '
job -n 1 "$program" "${options[@]}" --epochs 5 : -n 1 "$program" "${options[@]}" --epochs 0
ends 20
[ "$code" -eq 2 ] || fail "a rank that fails alone: not exit code 2"
says 1 'teacher: rank 1 of 2: '
