# shellcheck shell=bash
# Sourced by the scripts of this folder: install what is missing, configure, build.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=${MLPBENCH_PRESET:-release}
# shellcheck disable=SC2034  # the scripts that source this one start the programs there
build=$root/build/$preset

say() { printf '%s\n' "$*" >&2; }

# What scripts/packages.txt lists, up to "# tests:" or with the argument `tests` all of it, and the compiler that CXX
# names where that is another one.
install_missing_packages() {
  local packages end='/^# tests:/,$d'
  [ "${1:-}" != tests ] || end=
  mapfile -t packages < <(sed -e "$end" -e '/^#/d' "$root/scripts/packages.txt")
  case ${CXX:-} in *clang++) packages+=(clang) ;; esac
  if ! command -v apt-get > /dev/null && command -v cmake > /dev/null; then
    return  # configure says what else is missing
  fi
  install_packages "${packages[@]}"
}

install_packages() {
  local missing=() package
  if ! command -v apt-get > /dev/null; then
    say "This system has no apt-get. Install these by its own means (Debian's names), then run the script again:"
    say "  $*"
    exit 2
  fi
  for package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo > /dev/null || { say "Not root and no sudo: ask somebody to apt-get install ${missing[*]}"; exit 2; }
    as_root=(sudo)
  fi
  say "Installing ${missing[*]}"
  "${as_root[@]}" apt-get update -q >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
}

# Everything, or with options of `cmake --build` less. Warnings are errors in CI, where the compilers are known.
# shellcheck disable=SC2120
build_suite() {
  local options=()
  [ -z "${CI:-}" ] || options+=(-DMLPBENCH_WERROR=ON)
  cd "$root" && cmake --preset "$preset" "${options[@]}" >&2 && cmake --build --preset "$preset" "$@" >&2
}
