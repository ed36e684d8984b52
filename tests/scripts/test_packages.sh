#!/usr/bin/env bash
# What scripts/common.sh says on systems that cannot install for themselves: pretended by a PATH of chosen commands.
#
#   test_packages.sh SOURCE     the source tree
set -euo pipefail
source_tree=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A PATH with the tools of the scripts and with pretenders "NAME: SCRIPT".
path_with() {
  rm -rf "${folder:?}/bin"
  mkdir "$folder/bin"
  local tool
  for tool in bash awk sed sort head grep dirname id cat; do ln -s "$(command -v "$tool")" "$folder/bin/$tool"; done
  ln -s "$(command -v env)" "$folder/bin/env"
  for tool; do
    rm -f "$folder/bin/${tool%%: *}"  # a link, through which the system's own would be written
    printf '#!/usr/bin/env bash\n%s\n' "${tool#*: }" > "$folder/bin/${tool%%: *}"
    chmod +x "$folder/bin/${tool%%: *}"
  done
}

# expect CODE WORDS COMMAND: of a shell that has read common.sh.
expect() {
  local code=0 said
  said=$(PATH=$folder/bin bash -c "source '$source_tree/scripts/common.sh'; $3" 2>&1) || code=$?
  if [ "$code" -ne "$1" ] || ! grep -qF -- "$2" <<< "$said"; then
    printf '%s: exit code %s instead of %s, or not "%s":\n%s\n' "$3" "$code" "$1" "$2" "$said"
    exit 1
  fi
}

path_with "dnf: exit 0"
expect 2 "Needed are: dnf install cmake gcc-c++ ninja-build google-benchmark-devel" install_missing_packages
path_with "pacman: exit 0"
expect 2 "Needed are: pacman -S cmake gcc ninja benchmark boost" install_missing_packages
path_with "zypper: exit 0" "cmake: [ \"\$1\" = --version ] && echo 'cmake version 3.28.1' || exit 1"
expect 2 "zypper install cmake gcc-c++ ninja" build_suite
path_with
expect 2 "No package manager that is known here." install_missing_packages
path_with "dnf: exit 0" "cmake: echo 'cmake version 3.22.1'"
expect 2 "CMake 3.25 or newer is needed, and this is 3.22.1" build_suite

# Debian without root: what is optional may be missing.
path_with "apt-get: exit 1" "id: echo 1000" \
  "dpkg-query: case \${!#} in libxsmm-dev) echo no ;; *) printf installed ;; esac"
expect 0 "Not root and no sudo: built without libxsmm-dev" install_missing_packages
path_with "apt-get: exit 1" "id: echo 1000" \
  "dpkg-query: case \${!#} in libfmt-dev | libxsmm-dev) echo no ;; *) printf installed ;; esac"
expect 2 "ask somebody to apt-get install libfmt-dev" install_missing_packages

# What another architecture has alone is not asked for.
path_with
expect 0 "libxsmm-dev" "MACHTYPE=x86_64-pc-linux-gnu; packages_of optional"
expect 0 "left out" "MACHTYPE=aarch64-unknown-linux-gnu; packages_of optional | grep -qx libxsmm-dev || echo left out"
