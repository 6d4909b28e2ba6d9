#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# gen.sh [--check]: write the netlink constants, policies and operation tables
# of both families out of Documentation/netlink/specs with the kernel's generator,
# or only compare and fail with a diff.

set -euo pipefail
cd "$(dirname "$0")/.."

specs=Documentation/netlink/specs
python=/usr/bin/python3
source=$(scripts/kernel-source.sh tools/net/ynl Documentation/netlink)

# The generator looks above the spec for the kernel's MAINTAINERS file and
# beside its folder for the schemas, so the spec gets such a tree.
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$stage/Documentation/netlink/specs"
touch "$stage/MAINTAINERS"
cp "$source"/Documentation/netlink/*.yaml "$stage/Documentation/netlink/"
cp "$specs"/*.yaml "$stage/$specs/"

# generate FAMILY FILE OPTION...
generate() {
	local family=$1 file=$2
	shift 2
	mkdir -p "$stage/$(dirname "$file")"
	"$python" "$source/tools/net/ynl/ynl-gen-c.py" --spec "$stage/$specs/$family.yaml" \
		-o "$stage/$file" "$@"
	[ -s "$stage/$file" ] || {
		echo "gen.sh: the generator wrote no $file" >&2
		exit 1
	}
}

status=0
for family in vswitch vrouter; do
	files=("uapi/linux/$family.h" "kmod/$family/${family}_nl_gen".{h,c})
	generate $family "${files[0]}" --mode uapi --header
	generate $family "${files[1]}" --mode kernel --header
	generate $family "${files[2]}" --mode kernel --source
	for file in "${files[@]}"; do
		if [ "${1-}" = --check ]; then
			diff -u --label "$file" --label "$file, generated" "$file" "$stage/$file" || status=1
		elif ! cmp -s "$file" "$stage/$file"; then
			cp "$stage/$file" "$file"
			echo "  GEN     $file"
		fi
	done
done
exit $status
