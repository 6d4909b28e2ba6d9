#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fragments that were made to harm, before ct: what comes of them, that who sends them uses no
# more memory than he may, and that nothing of it stays. The topology is the star of lib.sh
# with two hosts, the first of which sends.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="cases senseless begun nothing_left"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command python3 sysctl
require_vswitch
load_kind veth
star -6 h1 h2 || exit 1
tmp=$(mktemp -d)
defer rm -rf "$tmp"

here=$(dirname "$0")
if vsw -n "$sw" flow add vs0 "ip,actions=ct(commit),normal" 2>&1 | grep "has no connection"; then
	skip_all "the kernel cannot track connections"
fi
modprobe -q nf_conntrack_netlink
# Who is not complete goes soon, and there is little room.
BOUND=262144
in_ns "$sw" sysctl -qw net.ipv4.ipfrag_time=2 net.ipv4.ipfrag_{low,high}_thresh=$BOUND \
	net.netfilter.nf_conntrack_frag6_timeout=2 \
	net.netfilter.nf_conntrack_frag6_{low,high}_thresh=$BOUND ||
	skip_all "the kernel gathers no fragments in a network namespace"
vsw -n "$sw" flow delete vs0 >/dev/null
printf '%s\n' "priority=60000,arp,actions=normal" "priority=60000,icmp6,actions=normal" \
	"ip,in_port=h1,actions=ct(commit,zone=3,table=1)" \
	"ipv6,in_port=h1,actions=ct(commit,zone=3,table=1)" \
	"table=1,ct_state=+trk-inv,actions=h2" | vsw -n "$sw" flow load vs0 - || exit 1

fragments()
{
	timeout 60 python3 "$here/flow_fragment.py" "$@"
}

# used: datagrams that wait for the rest of them, and their memory
used()
{
	in_ns "$sw" sed -n 's/FRAG: inuse \([0-9]*\) memory \([0-9]*\)/\1 \2/p' /proc/net/sockstat
}

is_unused()
{
	[ "$(used)" = "0 0" ]
}

# What waits in IPv6 is not told of, and has the same time.
settle()
{
	wait_for is_unused
	sleep 0.3
}

on_fail()
{
	vsw -s -n "$sw" flow show vs0
	vsw -s -n "$sw" port show
	used
}

# Of what overlaps nothing may come: half of it could be what a filter has not seen. One that
# contradicts others ends all in IPv4, and nothing but itself in IPv6.
cases()
{
	local dropped

	dropped=$(port_drops "$sw" h1 ct)
	fragments "$h1" "$h2" cases >"$tmp/came"
	diff "$tmp/came" - >"$tmp/differs" <<-END
		in-order whole whole
		backwards whole whole
		twice whole whole
		overlapping nothing nothing
		overlapping-other nothing nothing
		covering whole whole
		tiny nothing whole
		small whole whole
		no-last nothing nothing
		no-first nothing nothing
		no-middle nothing nothing
		two-ends nothing whole
		behind-the-end nothing whole
		more-behind-the-end nothing whole
		odd-length whole nothing
		empty nothing nothing
		beyond-64k nothing nothing
		too-many nothing nothing
	END
	expect_eq "$(cat "$tmp/differs")" "" "what came, and what should have"
	expect_ge $(($(port_drops "$sw" h1 ct) - dropped)) 1 "fragments that were refused"
	settle
	log_test "fragments come as a whole, or not at all"
}

senseless()
{
	expect_eq "$(fragments "$h1" "$h2" random 5 6000)" "whole whole" "what came behind them"
	settle
	log_test "fragments of no sense are in nobody's way"
}

begun()
{
	local memory

	fragments "$h1" "$h2" begun 400
	check_err $? "fragments were not sent"
	read -r _ memory <<<"$(used)"
	expect_ge "$memory" $((BOUND / 4)) "memory of what waits"
	# One more was let in when there was a byte left.
	expect_ge $((BOUND + 4096)) "$memory" "memory that may be used"
	settle
	expect_eq "$(fragments "$h1" "$h2" random 6 1)" "whole whole" "what came behind them"
	log_test "what waits has a bound, and goes"
}

tracked()
{
	in_ns "$sw" sysctl -n net.netfilter.nf_conntrack_count
}

# Also those of fragments that were never whole are counted.
nothing_left()
{
	expect_ge "$(tracked)" 1 "connections"
	wait_for is_unused
	if fragments "$sw" forget; then
		expect_eq "$(tracked)" 0 "connections after all are forgotten"
	else
		log_skip "connections are forgotten" "no nf_conntrack_netlink"
	fi
	ip -n "$sw" link del vs0
	cleanup_ns "$sw" "$h1" "$h2"
	wait_for grep -qx 0 /sys/module/vswitch/refcnt
	succeeds rmmod vswitch
	succeeds modprobe vswitch
	log_test "nothing of it stays"
}

run_tests
