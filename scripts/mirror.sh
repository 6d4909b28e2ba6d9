#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# mirror.sh DIR: lay the sources of the modules out in DIR as symbolic links,
# so that a kernel's build system can work there and write nothing beside the
# source. Links to sources that are gone go too, with what was built of them.

set -euo pipefail
cd "$(dirname "$0")/.."

dir=${1:?usage: mirror.sh DIR}
mkdir -p "$dir"
dir=$(realpath "$dir")

mapfile -t sources < <(find Kbuild kmod uapi -type f ! -name '.*' ! -name '*~' | sort)

# What is linked already is right or dangling: a link never changes its target.
find "$dir" -xtype l -printf '%p\n' | while read -r stale; do
	base=${stale%.*}
	rm -f "$stale" "$base.o" "$base.ko" "$(dirname "$base")/.$(basename "$base").o".*
done
find "$dir" -mindepth 1 -type d -empty -delete

for source in "${sources[@]}"; do
	[ -L "$dir/$source" ] || echo "$source"
done | while read -r source; do
	mkdir -p "$dir/$(dirname "$source")"
	ln -sfr "$source" "$dir/$source"
done
