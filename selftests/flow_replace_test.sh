#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All flows of a switch are replaced in one step, see flow_replace.py.

# shellcheck disable=SC2317
ALL_TESTS="under_traffic"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command python3
require_vswitch
load_kind tun
setup_ns sw
# shellcheck disable=SC2154
: "$sw"
tmp=$(mktemp -d)
defer rm -rf "$tmp"

under_traffic()
{
	local flows=100000 out

	# The debug kernel takes ten times as long.
	[ ! -e /sys/kernel/debug/kmemleak ] || flows=10000
	cd "$tmp" || return
	out=$(in_ns "$sw" env VSW="$VSW" python3 -B "$SELFTESTS/flow_replace.py" "$flows" 60 2>&1)
	check_err $? "$out"
	cd "$OLDPWD" || return
	echo "# ${out##*$'\n'}"
	log_test "each packet meets all of the old flows or all of the new ones, and none is lost"
}

run_tests
