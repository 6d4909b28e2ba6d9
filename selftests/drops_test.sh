#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vsw capture --drops: what a switch has dropped, with the reason. The topology is
# the star of lib.sh; h1 has a veth, h2 a vnic.

# shellcheck disable=SC2317,SC2154 # run_tests calls them; setup_ns assigns
ALL_TESTS="reasons one_port directions filters tags many text nothing_without_it nothing_at_all
	not_for_others words"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

require_command jq tcpdump
require_vswitch
load_kind veth
ADAPTERS=mixed star h1 h2 || exit 1

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
tmp=$(mktemp -d)
defer rm -rf "$tmp"
succeeds vsw -n "$sw" fdb add "$M1" dev h1
succeeds vsw -n "$sw" fdb add "$M2" dev h2

on_fail()
{
	cat "$tmp/said" "$tmp/rows"
	vsw -s -n "$sw" port show
}

# start ARG...: captures into $tmp/got until stop
start()
{
	: >"$tmp/said"
	: >"$tmp/rows"
	rm -f "$tmp/got"
	bg env --default-signal=INT "$VSW" -n "$sw" capture --drops -w "$tmp/got" "$@" 2>"$tmp/said"
	capture=$!
	wait_for grep -q "capturing on\|vsw: .*: " "$tmp/said"
}

# has FRAMES: they are in the file
has()
{
	[ "$(pcapng "$tmp/got" 2>/dev/null | grep -c ^frame)" -ge "$1" ]
}

# stop FRAMES: as many come, and no more
stop()
{
	wait_for has "$1"
	bg_stop "$capture"
	expect_eq "$?" 0 "status of the capture, which said $(<"$tmp/said")"
	pcapng "$tmp/got" >"$tmp/rows"
	check_err $? "the file is malformed: $(<"$tmp/rows")"
	expect_eq "$(grep -c ^frame "$tmp/rows")" "$1" "frames"
	expect_eq "$(tcpdump --count -r "$tmp/got" 2>/dev/null | sed 's/ packets*$//')" "$1" \
		"frames that tcpdump reads"
	expect_eq "$(tail -n 1 "$tmp/said")" "vsw: $1 dropped frames captured, 0 lost" "totals"
}

# rows WAY LENGTH HEX REASON: how many frames are so, with that comment
rows()
{
	sed -n '/^frame/{h;n;H;x;s/\n/ /;p}' "$tmp/rows" |
		grep -cE "^frame $1 - $2 $2 [0-9.]+ $3[0-9a-f]* comment [0-9]+ dropped: $4\$"
}

from_h1()
{
	succeeds frame -i "$h1/eth0" -s "$M1" "$@"
}

reasons()
{
	start vs0
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -d "$M2" -c 3 -l 80 "$h2/eth0=0"
	succeeds vsw -n "$sw" port set h1 isolated on
	succeeds vsw -n "$sw" port set h2 isolated on
	from_h1 -d "$M2" -c 2 -l 90 "$h2/eth0=0"
	succeeds vsw -n "$sw" port set h1 isolated off
	succeeds vsw -n "$sw" port set h2 isolated off
	port_link h2 mtu 500
	from_h1 -d "$M2" -c 4 -l 600 "$h2/eth0=0"
	port_link h2 mtu 1500
	stop 9
	expect_eq "$(rows in 80 020000000002030000000001 invalid-source)" 3 "invalid-source"
	expect_eq "$(rows in 90 020000000002020000000001 isolated)" 2 "isolated"
	expect_eq "$(rows out 600 020000000002020000000001 mtu-exceeded)" 4 "mtu-exceeded"
	expect_eq "$(grep -cE '^interface (h1|eth0) most 262144 .*\(port [12] of vs0\)$' "$tmp/rows")" 2 \
		"interfaces"
	log_test "dropped frames of all ports, with reason, direction and bytes"
}

one_port()
{
	start h1
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -c 2 "$h2/eth0=0"
	succeeds frame -i "$h2/eth0" -s 03:00:00:00:00:01 -c 3 "$h1/eth0=0"
	stop 2
	start vs0:2
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -c 2 "$h2/eth0=0"
	succeeds frame -i "$h2/eth0" -s 03:00:00:00:00:01 -c 3 "$h1/eth0=0"
	stop 3
	log_test "those of one port, a veth or a vnic"
}

directions()
{
	port_link h2 mtu 500
	start vs0 -d out
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -c 2 "$h2/eth0=0"
	from_h1 -d "$M2" -c 3 -l 600 "$h2/eth0=0"
	stop 3
	start vs0 -d in
	from_h1 -d "$M2" -c 3 -l 600 "$h2/eth0=0"
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -c 2 "$h2/eth0=0"
	stop 2
	port_link h2 mtu 1500
	log_test "those of one direction"
}

filters()
{
	start vs0 ether dst "$M2" and greater 200
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -d "$M2" -c 2 -l 100 "$h2/eth0=0"
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -c 2 -l 300 "$h2/eth0=0"
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -d "$M2" -c 3 -l 300 "$h2/eth0=0"
	stop 3
	start vs0 -s 60 -c 2
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -c 5 -l 300 "$h2/eth0=0"
	wait_for not kill -0 "$capture"
	pcapng "$tmp/got" >"$tmp/rows"
	expect_eq "$(grep -c '^frame in - 60 300 ' "$tmp/rows")" 2 "frames of 60 bytes of 300"
	log_test "expressions, lengths and counts"
}

tags()
{
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	succeeds vsw -n "$sw" port set h1 access 10
	start vs0
	from_h1 -d "$M2" -v 20 -c 3 -l 100 "$h2/eth0=0"
	from_h1 -c 2 -l 100 "$h2/eth0=0"
	stop 5
	expect_eq "$(rows in 100 02000000000202000000000181000014 'vlan-ingress vlan 20')" 3 "frames with a tag"
	expect_eq "$(rows in 100 ffffffffffff020000000001 'no-destination vlan 10')" 2 "frames of the port's VLAN"
	log_test "frames have their tag, and the comment their VLAN"
	succeeds vsw -n "$sw" switch set vs0 vlan-protocol 802.1ad
	start vs0
	from_h1 -d "$M2" -v 88a8:20 -c 3 -l 100 "$h2/eth0=0"
	from_h1 -v 30 -c 2 -l 100 "$h2/eth0=0"
	stop 5
	expect_eq "$(rows in 100 02000000000202000000000188a80014 'vlan-ingress vlan 20')" 3 "frames with a provider's tag"
	expect_eq "$(rows in 100 ffffffffffff0200000000018100001e 'no-destination vlan 10')" 2 "frames with a customer's"
	succeeds vsw -n "$sw" switch set vs0 vlan-protocol 802.1q
	succeeds vsw -n "$sw" port set h1 access 1
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	log_test "and that is the one of the tags that the switch goes by"
}

# More than the queue has room for: each is there or said to be lost.
many()
{
	local captured lost all=10001

	start vs0
	kill -STOP "$capture"
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -c 10000 -l 1500
	kill -CONT "$capture"
	# until there is room again
	until is_there 99 || [ "$all" -gt 10500 ]; do
		succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -l 99
		all=$((all + 1))
		sleep 0.1
	done
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -l 98
	wait_for is_there 98
	bg_stop "$capture"
	pcapng "$tmp/got" >"$tmp/rows"
	check_err $? "the file is malformed"
	read -r captured lost < <(sed -n 's/.*: \([0-9]*\) dropped.* \([0-9]*\) lost/\1 \2/p' "$tmp/said")
	expect_eq $((captured + lost)) "$all" "frames that were captured or lost"
	expect_ge "$lost" 1 "frames that were lost"
	expect_eq "$(grep -c ^frame "$tmp/rows")" "$captured" "frames in the file"
	expect_eq "$(tail -n 1 "$tmp/rows")" "counters fitted $all dropped $lost captured $captured" "counters"
	: >"$tmp/rows"
	log_test "what comes faster than it is read is counted"
}

# is_there LENGTH: a frame so long was captured
is_there()
{
	pcapng "$tmp/got" 2>/dev/null | grep -q "^frame in - $1 $1 "
}

text()
{
	local line="^[0-9:.]{15} h1 in invalid-source, 03:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype 0x88b5, length 100"

	bg env --default-signal=INT script -q -c "exec $VSW -n $sw capture --drops vs0 -c 2" /dev/null \
		>"$tmp/said"
	capture=$!
	wait_for grep -q "capturing on" "$tmp/said"
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -c 2 "$h2/eth0=0"
	wait_for not kill -0 "$capture"
	expect_eq "$(tr -d '\r' <"$tmp/said" | grep -cE "$line\$")" 2 "lines on a terminal"
	log_test "lines of text on a terminal"
}

nothing_without_it()
{
	# whoever listens now hears nothing of what was before
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -c 5 "$h2/eth0=0"
	start vs0
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -c 1 "$h2/eth0=0"
	stop 1
	log_test "only while somebody listens"
}

# What nothing is in can be read, too.
nothing_at_all()
{
	start vs0
	bg_stop "$capture"
	expect_eq "$(tail -n 1 "$tmp/said")" "vsw: 0 dropped frames captured, 0 lost" "totals"
	expect_eq "$(pcapng "$tmp/got" | grep -c "^interface vs0 .*(port 0 of vs0)$")" 1 "interface"
	succeeds tcpdump --count -r "$tmp/got"
	start h1
	bg_stop "$capture"
	expect_eq "$(pcapng "$tmp/got" | grep -cE "^interface (h1|eth0) .*\(port 1 of vs0\)$")" 1 "interface"
	log_test "a file without frames is one that others can read"
}

not_for_others()
{
	local switch

	for switch in "$h1" "$h2"; do
		vsw -n "$switch" switch add other
		bg "$VSW" -n "$switch" capture --drops other -w "$tmp/other.$switch" 2>"$tmp/other"
		wait_for grep -q "capturing on" "$tmp/other"
	done
	start vs0
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -c 3 "$h2/eth0=0"
	stop 3
	for switch in "$h1" "$h2"; do
		ip netns pids "$switch" | xargs -r kill
		wait_for not pgrep -f "capture --drops other -w $tmp/other.$switch"
		expect_eq "$(pcapng "$tmp/other.$switch" | grep -c ^frame)" 0 "frames in $switch"
		vsw -n "$switch" switch del other
	done
	log_test "not in other network namespaces"
	refused "CAP_NET_ADMIN|permitted" in_ns "$sw" unshare -U -- "$VSW" capture --drops vs0 -w -
	refused "CAP_NET_ADMIN|permitted" in_ns "$sw" setpriv --bounding-set -net_admin --inh-caps -net_admin -- \
		"$VSW" capture --drops vs0 -w -
	log_test "not for those who lack CAP_NET_ADMIN"
}

words()
{
	refused "no device" vsw -n "$sw" capture --drops nobody
	refused "promisc" vsw -n "$sw" capture --drops -p vs0
	refused "filter" vsw -n "$sw" capture --drops vs0 nonsense
	log_test "words that make no sense"
}

run_tests
