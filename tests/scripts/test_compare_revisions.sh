#!/usr/bin/env bash
# The gate for a pull request (.ci/compare, scripts/compare-revisions) with an mlpbench that only pretends. A
# revision's file `pretends` has the exit codes of its build, of `mlpbench run` and of `mlpbench compare`. It
# also has the version of its results.
#
#   test_compare_revisions.sh SOURCE     the source tree
set -euo pipefail
source_tree=$1
for tool in git bash; do command -v "$tool" > /dev/null || { echo "no $tool here"; exit 77; }; done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
repository=$folder/repository
mkdir -p "$folder/bin" "$repository"
cp -r "$source_tree/scripts" "$source_tree/.ci" "$repository"

cat > "$folder/bin/cmake" << 'EOF'
#!/usr/bin/env bash
# --preset configures; --build makes the program of the current folder's revision.
[ "$1" = --build ] || exit 0
. ./pretends
[ "$build" -eq 0 ] || exit "$build"
mkdir -p build/release/bin
{ echo '#!/usr/bin/env bash'; cat pretends "$MLPBENCH_PRETENDER"; } > build/release/bin/mlpbench
chmod +x build/release/bin/mlpbench
EOF
cat > "$folder/pretender" << 'EOF'
case "$1 $*" in
  run*--help*) echo "--studies" ;;
  run*--list*) [[ $* != *--unknown* ]] || exit 2 ;;
  run*)
    while [ "$1" != --output ]; do shift; done
    [ "$run" -eq 2 ] || { mkdir -p "$2"; echo "$schema" > "$2/results.json"; }
    exit "$run" ;;
  compare*--quiet*) cmp -s "$3" "$4" || { echo "mlpbench: $3: has schema version"; exit 2; } ;;
  compare*) echo "compared $(ls "$2" | wc -l) with $(ls "$3" | wc -l)"; exit "$compare" ;;
esac
EOF
printf '#!/bin/sh\nprintf installed\n' > "$folder/bin/dpkg-query"
printf '#!/bin/sh\nexit 1\n' > "$folder/bin/apt-get"
chmod +x "$folder"/bin/*
export PATH=$folder/bin:$PATH MLPBENCH_PRETENDER=$folder/pretender PASSES=2
unset MLPBENCH_PRESET CXX
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@t GIT_CONFIG_GLOBAL=/dev/null
git -C "$repository" init -q
printf 'build/\nresults/\n' > "$repository/.gitignore"

pretend() {  # BUILD RUN COMPARE SCHEMA
  printf 'build=%s run=%s compare=%s schema=%s\n' "$@" > "$repository/pretends"
}
commit() { git -C "$repository" add -A && git -C "$repository" commit -q --allow-empty -m "$1"; }

failures=0
# The gate's exit code with the revision HEAD as the base and the files as they are now, and a word of what it says.
expect() {  # EXIT_CODE WORDS OPTION...
  local wanted=$1 words=$2 code=0 said
  shift 2
  rm -f "$folder/summary"
  said=$(cd "$repository" && GITHUB_STEP_SUMMARY=$folder/summary .ci/compare "$@" 2>&1) || code=$?
  if [ "$code" -ne "$wanted" ] || [[ $said != *"$words"* ]]; then
    printf 'expected %s and "%s", got %s:\n%s\n' "$wanted" "$words" "$code" "$said"
    failures=$((failures + 1))
  fi
}
expect_summary() {  # WORDS
  grep -q "Could not be compared.*$1" "$folder/summary" && cmp -s "$folder/summary" "$repository/results/compare/report.md" ||
    { echo "the summary does not say: $1"; failures=$((failures + 1)); }
}

pretend 0 0 0 2 && commit base
expect 0 "compared 2 with 2" HEAD
expect 2 "is no revision" nothing
expect 2 "" HEAD --unknown
expect 2 "scripts/compare-revisions BASE"
pretend 0 0 1 2 && expect 1 "compared 2 with 2" HEAD
pretend 0 0 2 2 && expect 2 "compared" HEAD
pretend 0 0 3 2 && expect 0 "does not fail the gate" HEAD
pretend 0 0 4 2 && expect 4 "compared" HEAD
pretend 0 4 4 2 && expect 4 "compared 2 with 2" HEAD  # a wrong result has a file all the same
pretend 0 2 0 2 && expect 2 "run of the candidate ended with exit code 2" HEAD
pretend 1 0 0 2 && expect 2 "" HEAD
pretend 0 0 0 3 && expect 0 "has schema version" HEAD && expect_summary "has schema version"

pretend 0 2 0 2 && commit "refuses the options" && pretend 0 0 0 2
expect 0 "refuses these options" HEAD && expect_summary "refuses these options"
pretend 1 0 0 2 && commit "does not build" && pretend 0 0 0 2
expect 0 "does not build mlpbench here" HEAD && expect_summary "does not build"
[ "$failures" -eq 0 ]
