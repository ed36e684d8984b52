#!/usr/bin/env bash
# scripts/package and scripts/test-package. Skipped where no root of Debian can be made.
#
#   test_package.sh SOURCE     the source tree
set -euo pipefail
if [ "$(id -u)" -ne 0 ] || ! command -v mmdebstrap dpkg-shlibdeps > /dev/null || ! grep -q '^ID=debian' /etc/os-release; then
  echo "skipped: needs root on Debian, mmdebstrap and dpkg-dev"
  exit 77
fi
"$1/scripts/package"
"$1/scripts/test-package"
