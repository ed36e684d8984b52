#!/usr/bin/env bash
# scripts/diff-notebook, with the programs and with some that print something else.
#
#   test_diff_notebook.sh SOURCE PROGRAMS     the source tree, the folder of the programs
set -euo pipefail
source_tree=$1
export MLPBENCH_PROGRAMS=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# expect CODE WORDS COMMAND...: the exit code, and what must be printed; nothing for no WORDS.
expect() {
  local wanted=$1 words=$2 code=0 said
  shift 2
  said=$("$@" 2>&1) || code=$?
  if [ "$code" -ne "$wanted" ] || ! grep -qF -- "$words" <<< "$said" || { [ -z "$words" ] && [ -n "$said" ]; }; then
    printf '%s: exit code %s instead of %s, or not "%s":\n%s\n' "$*" "$code" "$wanted" "$words" "$said"
    exit 1
  fi
}

diff_notebook=$source_tree/scripts/diff-notebook
expect 0 "" "$diff_notebook"
expect 0 "" "$diff_notebook" moons --backend naive
expect 1 "-Cost after epoch 9: 0.629584468977" "$diff_notebook" moons --epochs 9
expect 2 "no such notebook. There are: breast_cancer digits moons planar" "$diff_notebook" other
expect 2 "'none' is not a whole number" "$diff_notebook" moons --epochs none

# A pretender: `moons` prints FILE after `sed` has changed it.
pretend() { printf '#!/bin/sh\nsed -e "%s" %s/tests/experiments/expected/moons.txt\n' "$1" "$source_tree" > "$folder/moons"; }
pretend ""
chmod +x "$folder/moons"
export MLPBENCH_PROGRAMS=$folder
expect 0 "" "$diff_notebook" moons
pretend "s/0.7344604426989605/0.7344604426987605/"  # the last but three digits
expect 0 "" "$diff_notebook" moons
pretend "s/0.7344604426989605/0.7344604426889605/"  # the twelfth
expect 1 "+Cost after epoch 0: 0.734460442689" "$diff_notebook" moons
pretend "s/0.11059671/0.11059672/"
expect 1 "+W1 = [[ 0.29617788  0.11059672" "$diff_notebook" moons
pretend "2i\\\\
"
expect 1 "-Cost after epoch 0" "$diff_notebook" moons
expect 2 "scripts/run builds it" "$diff_notebook" planar
