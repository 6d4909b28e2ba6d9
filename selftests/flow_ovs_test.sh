#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Random rules in Open vSwitch and in vswitch, and what both make of the same packets,
# see flow_ovs.py.
#
#   FLOW_OVS_SETS=N    how many sets of rules (20; 300 in make check-long)
#   FLOW_OVS_SEED=N    the same ones again
#   FLOW_OVS_FIRST=N   begin with this one of them
#   FLOW_OVS_ALL=1     go on when one differs

# shellcheck disable=SC2317
ALL_TESTS="same"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command python3 ovs-vswitchd ovs-ofctl
require_vswitch
case $(uname -r) in
6.12.*) ;;
*) skip_all "it is known of kernel 6.12 only what Open vSwitch does wrong there" ;;
esac
load_kind tun
modprobe openvswitch 2>/dev/null || [ -d /sys/module/openvswitch ] ||
	skip_all "the kernel has no module openvswitch"
setup_ns ours theirs
# shellcheck disable=SC2154
: "$ours" "$theirs"
tmp=$(mktemp -d)
defer rm -rf "$tmp"
export OVS_RUNDIR=$tmp OVS_LOGDIR=$tmp OVS_DBDIR=$tmp OVS_SYSCONFDIR=$tmp
schema=/usr/share/openvswitch/vswitch.ovsschema

stop_ovs()
{
	local name

	ip netns exec "$theirs" ovs-vsctl --timeout=20 del-br br0
	for name in ovs-vswitchd ovsdb-server; do
		[ ! -s "$tmp/$name.pid" ] || kill "$(cat "$tmp/$name.pid")"
	done
	wait_for eval "[ ! -e $tmp/ovs-vswitchd.pid ]"
}

start_ovs()
{
	defer stop_ovs
	ovsdb-tool create "$tmp/conf.db" "$schema" &&
		ovsdb-server --remote="punix:$tmp/db.sock" --pidfile --detach --no-chdir \
			--log-file -vconsole:off "$tmp/conf.db" &&
		ovs-vsctl --no-wait init &&
		ip netns exec "$theirs" ovs-vswitchd --pidfile --detach --no-chdir --log-file \
			-vconsole:off "unix:$tmp/db.sock"
}

same()
{
	local out seed=${FLOW_OVS_SEED:-$RANDOM} netns

	for netns in "$ours" "$theirs"; do
		in_ns "$netns" sysctl -qw net.ipv6.conf.default.disable_ipv6=1 \
			net.ipv6.conf.all.disable_ipv6=1
	done
	out=$(start_ovs 2>&1)
	check_err $? "Open vSwitch does not start: $out"
	out=$(VSW=$VSW python3 -B "$SELFTESTS/flow_ovs.py" "$seed" "${FLOW_OVS_SETS:-20}" 40 \
		"$ours" "$theirs" "$tmp" "${FLOW_OVS_FIRST:-0}" 2>&1)
	check_err $? "$out"
	echo "# ${out##*$'\n'}"
	log_test "the same rules make the same of the same packets"
}

run_tests
