#!/usr/bin/env bash
# .ci/history in a scratch repository, three commits one after the other, with one real result.
#
#   test_history_branch.sh SOURCE PROGRAMS     the source tree, the folder of mlpbench
set -euo pipefail
source_tree=$1 programs=$2
command -v git > /dev/null || { echo "no git here"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@t GIT_CONFIG_GLOBAL=/dev/null
unset MLPBENCH_PRESET
export GITHUB_STEP_SUMMARY=$folder/summary
fail() { printf '%s\n' "$@" >&2; exit 1; }

"$programs/mlpbench" run --quick --rounds 2 --quiet --studies none --seeds 1 --experiment worked_examples --backend naive \
  --dtype float64 --output "$folder/run" > /dev/null
git init -q --bare "$folder/origin"
git -C "$folder/origin" symbolic-ref HEAD refs/heads/main
# A checkout for each commit, as the runner of a service has it.
for day in 1 2 3; do
  checkout=$folder/checkout$day
  git clone -q "$folder/origin" "$checkout" 2> /dev/null
  cd "$checkout"
  git checkout -q -B main
  mkdir -p .ci build/release results
  cp "$source_tree/.ci/history" .ci
  printf 'build\nresults\n' > .gitignore
  echo "$day" > change
  git add . && git commit -q -m "change $day" && git push -q origin main
  ln -s "$programs" build/release/bin
  sed -E -e "s/(\"git_commit\": *)\"[^\"]*\"/\1\"$(git rev-parse HEAD)\"/" -e 's/("git_dirty": *)true/\1false/' \
    -e "s/(\"git_commit_date\": *)\"[^\"]*\"/\1\"2026-01-0${day}T10:00:00Z\"/" "$folder/run/results.json" > results/results.json
  : > "$GITHUB_STEP_SUMMARY"
  .ci/history || fail "run $day failed"
  [ -z "$(git status --porcelain)" ] || fail "run $day left files"
  [ "$(git worktree list | wc -l)" -eq 1 ] || fail "run $day left a work tree"
done

cd "$folder/origin"
[ "$(git rev-list --count benchmark-history)" -eq 3 ] || fail "not three commits in the branch"
[ "$(git rev-list --count main)" -eq 3 ] || fail "main was changed"
kept=$(git ls-tree -r --name-only benchmark-history)
[ "$(grep -c '/2026010[123]T.*\.json$' <<< "$kept")" -eq 3 ] || fail "not a file for each commit:" "$kept"
[ "$(sed '/index.html/d; s,/.*,,' <<< "$kept" | sort -u | wc -l)" -eq 1 ] || fail "not one folder for the machine:" "$kept"
git show benchmark-history:index.html | grep -q worked_examples || fail "no page of trends"
grep -q 'worked_examples/naive/float64 *▁▁▁' "$GITHUB_STEP_SUMMARY" || fail "no table:" "$(cat "$GITHUB_STEP_SUMMARY")"
