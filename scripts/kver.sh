#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kver.sh [SERIES]: print the release of a kernel to build for.
#
# With a series (6.1 or 6.12): the release of Debian's stock kernel of that
# series, from the package that always depends on the current one. Without: the
# running kernel if its headers are here, else the newest whose headers are.

set -euo pipefail

die() {
	echo "kver.sh: $*" >&2
	exit 1
}

from_package() {
	local package=$1 series=$2 release
	release=$(dpkg-query -W -f '${Depends}' "$package" 2>/dev/null) ||
		die "package $package is not installed (scripts/deps.sh check installs it)"
	release=${release#*linux-headers-}
	release=${release%%[ ,]*}
	[[ $release == "$series".* ]] || die "$package is for kernel $release, not $series"
	[ -e "/lib/modules/$release/build/Makefile" ] ||
		die "$package names kernel $release, but /lib/modules/$release/build has no headers"
	echo "$release"
}

from_headers() {
	local release
	release=$(uname -r)
	if [ ! -e "/lib/modules/$release/build/Makefile" ]; then
		release=$(for dir in /lib/modules/*/build/Makefile; do
			[ ! -e "$dir" ] || basename "${dir%/build/Makefile}"
		done | sort -V | tail -n 1)
	fi
	[ -n "$release" ] ||
		die "no kernel headers under /lib/modules: sudo scripts/deps.sh build, or KVER= and KDIR="
	echo "$release"
}

arch=$(dpkg --print-architecture 2>/dev/null || true)
case ${1-} in
'') from_headers ;;
6.1) from_package "linux-headers-$arch" 6.1 ;;
6.12) from_package "linux-headers-6.12-$arch" 6.12 ;;
*) die "unknown series $1: 6.1 or 6.12" ;;
esac
