#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's own tests of bridges (tools/testing/selftests/net/forwarding, of
# Debian's linux-source-6.12, as they are) with a switch in place of the bridge,
# in a guest. Logs are left in build/check-forwarding/. Ends with one line:
#
#   N passed, N failed, N skipped
#
#   T="NAME ..."   these scripts, or "all" of those that are to pass
#   BRIDGE=linux   the kernel's bridge, to know what it passes in the same guest
#   JOBS=N         how many at once, 4

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/../vm/lib.sh"

here=$repo/selftests/forwarding
bridge=${BRIDGE:-vswitch}
out=$repo/build/check-forwarding/$bridge
passed=0
failed=0
skipped=0

quick="bridge_port_isolation bridge_sticky_fdb router_bridge_vlan bridge_vlan_unaware"
every="$quick bridge_igmp bridge_locked_port bridge_mdb_port_down bridge_vlan_aware
	mirror_gre_bridge_1d mirror_gre_bridge_1q router_bridge_1d router_bridge"

case ${T-} in
'') scripts=$quick ;;
all) scripts=$every ;;
*) scripts=$T ;;
esac

# is_known SCRIPT TEST: the kernel's bridge fails it as well
is_known()
{
	grep -qxF "$1: $2" "$here/known" 2>/dev/null
}

# judge SCRIPT TEST RESULT
judge()
{
	case $3 in
	OK) passed=$((passed + 1)) ;;
	SKIP | XFAIL) skipped=$((skipped + 1)) ;;
	*)
		if [ "$bridge" = vswitch ] && is_known "$1" "$2"; then
			skipped=$((skipped + 1))
		else
			failed=$((failed + 1))
			echo "not ok $1: $2 [$3]"
		fi
		;;
	esac
}

# count SCRIPT: its sub-tests
count()
{
	local log=$out/$1.log line status seconds tests=0
	local result='^TEST: (.*[^ ]) +\[ ?([A-Z]+) ?\]$'

	read -r status seconds 2>/dev/null <"$out/$1.status" || status=none
	while read -r line; do
		[[ $line =~ $result ]] || continue
		tests=$((tests + 1))
		judge "$1" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
	done <"$log"
	echo "$1: $tests sub-tests, status $status, ${seconds-?} s"
	case $status in
	0 | 2) [ "$tests" -gt 0 ] || judge "$1" "no sub-tests" FAIL ;;
	1) grep -q '\[FAIL\]' "$log" || judge "$1" "status 1" FAIL ;;
	4) [ "$tests" -gt 0 ] || judge "$1" "$(tail -n 1 "$log")" SKIP ;;
	*) judge "$1" "status $status" FAIL ;;
	esac
}

source=$("$repo/scripts/kernel-source.sh" tools/testing/selftests/net/lib.sh \
	tools/testing/selftests/net/forwarding) || exit 1
for script in $scripts; do
	[ -x "$source/tools/testing/selftests/net/forwarding/$script.sh" ] || die "no script $script"
done
rm -rf "$out"
mkdir -p "$out"
# shellcheck disable=SC2086  # a list of words
"$vm_dir/qemu.sh" -k 6.12 -t "${CHECK_TIMEOUT:-3000}" -o "$out" -- \
	"$here/guest.sh" "$out" "$source" "$bridge" "${JOBS:-4}" $scripts || judge guest status "$?"
for script in $scripts; do
	count "$script"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
