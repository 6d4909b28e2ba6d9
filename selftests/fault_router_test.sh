#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# No memory for the router: each allocation of each control operation fails in turn. Then
# nothing may be left. Needs a kernel with CONFIG_FAULT_INJECTION, CONFIG_FAILSLAB and
# CONFIG_FAIL_PAGE_ALLOC.
# The scene is that of valid_router.h.

# shellcheck disable=SC2317
ALL_TESTS="operations nothing_left"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=fault_lib.sh
. "$(dirname "$0")/fault_lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

require_vrouter
require_faults
load_kind dummy
setup_ns router
# shellcheck disable=SC2154
: "$router"
ip -n "$router" -b - <<-END
	link set lo up
	link add d0 up type dummy
	addr add 192.0.2.1/24 dev d0
	addr add 2001:db8::1/64 dev d0 nodad
	route add default dev d0
	route add 2000::/3 dev d0
END

operations()
{
	each_fails "$router" failnth_router
}

unused()
{
	[ "$(cat /sys/module/vrouter/refcnt)" = 0 ]
}

# Memory that leaked is looked for when all scripts are done.
nothing_left()
{
	flush_router
	wait_for unused
	succeeds rmmod vrouter
	succeeds modprobe vrouter
	log_test "nothing is left of what failed"
}

run_tests
