#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# No memory: each allocation of each control operation fails in turn, and the
# packet path's copies fail. Needs a kernel with CONFIG_FAULT_INJECTION,
# CONFIG_FAILSLAB and CONFIG_FAIL_PAGE_ALLOC. The scene is that of valid.h, with
# hosts h1 and h2 on the switch vs2.

# shellcheck disable=SC2317
ALL_TESTS="operations packets"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=fault_lib.sh
. "$(dirname "$0")/fault_lib.sh"

require_command jq
require_vswitch
require_faults
load_kind veth dummy
# Valid requests have a helper of connections if it is there.
modprobe -q nf_nat_ftp
setup_ns sw h1 h2
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2"
ip -n "$sw" -b - <<-END
	link add vs0 address 02:00:00:00:cc:01 up type vswitch
	link add vs9 address 02:00:00:00:cc:01 type vswitch
	link add d0 type dummy
	link add p0 type dummy
	link add p1 type dummy
	link set p0 master vs0 up
	link set p1 master vs0 up
	link set d0 up
END

operations()
{
	each_fails "$sw" failnth
}

# Copies for flooding are made in softirq: only their cache fails, and only
# there.
packets()
{
	local cache=/sys/kernel/slab/skbuff_head_cache/failslab before

	[ -e "$cache" ] || cache=/sys/kernel/slab/skbuff_cache/failslab
	if [ ! -w "$cache" ]; then
		log_skip "copies without memory are counted" "no $cache"
		return
	fi
	ip -n "$sw" -b - <<-END
		link add vs2 up type vswitch
		link add h1 type veth peer name eth0 netns $h1
		link add h2 type veth peer name eth0 netns $h2
		link set h1 master vs2 up
		link set h2 master vs2 up
	END
	ip -n "$h1" link set eth0 up
	ip -n "$h2" link set eth0 up
	wait_for port_forwards h1
	wait_for port_forwards h2
	before=$(port_drops "$sw" h2 no-memory)
	echo 1 > "$cache"
	echo Y > "$debugfs/failslab/cache-filter"
	echo Y > "$debugfs/failslab/ignore-gfp-wait"
	echo 1 > "$debugfs/failslab/interval"
	echo 3 > "$debugfs/failslab/times"
	echo 100 > "$debugfs/failslab/probability"
	# The host gets the original, h2 a copy.
	frame -i "$h1/eth0" -c 3 >/dev/null
	echo 0 > "$debugfs/failslab/probability"
	echo N > "$debugfs/failslab/cache-filter"
	echo 0 > "$cache"
	expect_eq "$(port_drops "$sw" h2 no-memory)" $((before + 3)) "no-memory drops"
	succeeds frame -i "$h1/eth0" -c 3 "$h2/eth0=3" "$sw/vs2=3"
	log_test "copies without memory are counted"
}

port_forwards()
{
	[ "$(port_json "$sw" "$1" .forwarding)" = true ]
}

run_tests
