#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# gen.sh [--check]: write the netlink constants, policies and operation tables
# out of Documentation/netlink/specs/vswitch.yaml with the kernel's generator, or
# only compare and fail with a diff.

set -euo pipefail
cd "$(dirname "$0")/.."

spec=Documentation/netlink/specs/vswitch.yaml
python=/usr/bin/python3
source=$(scripts/kernel-source.sh tools/net/ynl Documentation/netlink)

# The generator looks above the spec for the kernel's MAINTAINERS file and
# beside its folder for the schemas, so the spec gets such a tree.
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$stage/Documentation/netlink/specs"
touch "$stage/MAINTAINERS"
cp "$source"/Documentation/netlink/*.yaml "$stage/Documentation/netlink/"
cp "$spec" "$stage/$spec"

generate() {
	local file=$1
	shift
	mkdir -p "$stage/$(dirname "$file")"
	"$python" "$source/tools/net/ynl/ynl-gen-c.py" --spec "$stage/$spec" -o "$stage/$file" "$@"
	[ -s "$stage/$file" ] || {
		echo "gen.sh: the generator wrote no $file" >&2
		exit 1
	}
}

generate uapi/linux/vswitch.h --mode uapi --header
generate kmod/vswitch/vswitch_nl_gen.h --mode kernel --header
generate kmod/vswitch/vswitch_nl_gen.c --mode kernel --source

status=0
for file in uapi/linux/vswitch.h kmod/vswitch/vswitch_nl_gen.h kmod/vswitch/vswitch_nl_gen.c; do
	if [ "${1-}" = --check ]; then
		diff -u --label "$file" --label "$file, generated" "$file" "$stage/$file" || status=1
	elif ! cmp -s "$file" "$stage/$file"; then
		cp "$stage/$file" "$file"
		echo "  GEN     $file"
	fi
done
exit $status
