#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kernel-source.sh PATH...: extract parts of Debian's linux-source-6.12 into the
# cache, once for a version of the package, and print the folder they are in.

set -euo pipefail

package=linux-source-6.12
tarball=/usr/src/$package.tar.xz
cache=${VSWITCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vswitch}

version=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null) || version=
if [ -z "$version" ] || [ ! -r "$tarball" ]; then
	echo "kernel-source.sh: package $package is not installed (scripts/deps.sh style installs it)" >&2
	exit 1
fi

dir=$cache/$package-$version-$(echo "$@" | cksum | cut -d ' ' -f 1)
if [ ! -e "$dir/.complete" ]; then
	mkdir -p "$cache"
	new=$(mktemp -d "$dir.XXXXXX")
	trap 'rm -rf "$new"' EXIT
	tar -xJf "$tarball" -C "$new" --strip-components=1 "${@/#/$package/}"
	touch "$new/.complete"
	# Another run may have been faster.
	mv -T "$new" "$dir" 2>/dev/null || [ -e "$dir/.complete" ]
fi
echo "$dir"
