#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# dkms-source.sh VERSION DIR: put what DKMS needs to build the modules into
# DIR/vswitch-VERSION, anew.

set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?usage: dkms-source.sh VERSION DIR}
dir=${2:?usage: dkms-source.sh VERSION DIR}/vswitch-$version

grep -q "^PACKAGE_VERSION=\"$version\"\$" dkms.conf || {
	echo "dkms-source.sh: dkms.conf is not for version $version" >&2
	exit 1
}
rm -rf "$dir"
mkdir -p "$dir"
cp -r --no-preserve=ownership COPYING Kbuild dkms.conf kmod uapi "$dir"
