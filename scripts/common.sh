# shellcheck shell=bash
# Sourced by the scripts of this folder: install what is missing, configure, build.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=${MLPBENCH_PRESET:-release}
# shellcheck disable=SC2034  # the scripts that source this one start the programs there
build=$root/build/$preset

say() { printf '%s\n' "$*" >&2; }

# The packages of scripts/packages.txt in the sections that are named: needed, optional, tests, nightly. A second word is
# the only architecture that has the package.
packages_of() {
  awk -v wanted=" $* " -v architecture="${MACHTYPE%%-*}" 'BEGIN { section = "needed" }
    /^# [a-z]+:/ { section = substr($2, 1, length($2) - 1) }
    /^[^#]/ && index(wanted, " " section " ") && (NF == 1 || $2 == architecture) { print $1 }' \
    "$root/scripts/packages.txt"
}

# How this system installs packages, as a command, and its column in docs/packages.md.
package_manager() {
  local command
  while read -r command column install; do
    if command -v "$command" > /dev/null; then printf '%s %s\n' "$column" "$install"; return; fi
  done << 'END'
apt-get 2 apt-get install
dnf 3 dnf install
pacman 4 pacman -S
zypper 5 zypper install
brew 6 brew install
END
}

# The names of Debian's packages in a column of docs/packages.md.
names_in() {
  local column=$1
  shift
  awk -F ' *[|] *' -v wanted=" $* " -v column="$column" \
    'index(wanted, " " $2 " ") && $column != "-" { printf "%s%s", separator, $column; separator = " " }' \
    "$root/docs/packages.md"
}

# Says what to install on a system without apt-get, and ends.
name_packages() {
  local column install
  read -r column install < <(package_manager) || {
    say "No package manager that is known here. docs/packages.md names what is needed on five systems."
    exit 2
  }
  say "Needed are: $install $(names_in "$column" "$@")"
  say "docs/packages.md says which of them the suite can do without."
  exit 2
}

# What the suite needs and can use, with the argument `tests` what its tests use as well. The compiler that
# CXX names is added where that is another one.
install_missing_packages() {
  local packages
  mapfile -t packages < <(packages_of needed optional "$@")
  case ${CXX:-} in *clang++) packages+=(clang) ;; esac
  if ! command -v apt-get > /dev/null; then
    command -v cmake > /dev/null || name_packages "${packages[@]}"
    return  # configure says what else is missing
  fi
  install_packages "${packages[@]}"
}

install_packages() {
  local missing=() needed=() package
  command -v apt-get > /dev/null || name_packages "$@"
  for package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo > /dev/null; then
      for package in "${missing[@]}"; do packages_of optional | grep -qxF "$package" || needed+=("$package"); done
      if [ ${#needed[@]} -gt 0 ]; then
        say "Not root and no sudo: ask somebody to apt-get install ${needed[*]}"
        exit 2
      fi
      say "Not root and no sudo: built without ${missing[*]}"
      return 0
    fi
    as_root=(sudo)
  fi
  say "Installing ${missing[*]}"
  "${as_root[@]}" apt-get update -q >&2
  # Ubuntu has no package chromium: what needs it is skipped, and says so.
  mapfile -t missing < <(for package in "${missing[@]}"; do
    if apt-cache show "$package" > /dev/null 2>&1; then echo "$package"; else say "$package is not to be had here"; fi
  done)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" >&2
}

# An older CMake says of the presets only that it does not know their version.
require_cmake() {
  local version
  version=$(cmake --version | sed -n 's/^cmake version \([0-9.]*\).*/\1/p')
  [ -n "$version" ] || return 0
  if [ "$(printf '3.25\n%s\n' "$version" | sort -V | head -n 1)" != 3.25 ]; then
    say "CMake 3.25 or newer is needed, and this is $version: https://cmake.org/download, or pip install cmake"
    exit 2
  fi
}

# Everything, or with options of `cmake --build` less. Warnings are errors in CI, where the compilers are known.
# shellcheck disable=SC2120
build_suite() {
  local options=()
  [ -z "${CI:-}" ] || options+=(-DMLPBENCH_WERROR=ON)
  require_cmake
  cd "$root"
  if ! cmake --preset "$preset" "${options[@]}" >&2; then
    command -v apt-get > /dev/null || { mapfile -t options < <(packages_of needed optional); name_packages "${options[@]}"; }
    return 1
  fi
  cmake --build --preset "$preset" "$@" >&2
}
