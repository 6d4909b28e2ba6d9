#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Loops, and the switch's own protection against them. A port is shut when a probe comes
# back, one port of a loop and no more; all else goes on; nobody but the switch can
# make a probe.
#
#   +-- $h1 --+  +-- $sw ------------------+  +-- $h2 --+
#   | eth0 ----- h1   vs0    a1 == b1  vs1 |  | eth0    |
#   +---------+  |           a2 == b2  h2 ----'         |
#                +-------------------------+  +---------+
#
# a1 and b1 are the ends of one cable, a2 and b2 of another; the tests plug them in.
# c0 is a vnic of vs0, in $h1 as well.

# shellcheck disable=SC2317
ALL_TESTS="off_sends_nothing probes two_links to_itself on_vnics one_protected
	with_vlans forged blocked recovers old settings"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq tcpdump
require_vswitch
load_kind veth bridge
setup_ns sw h1 h2
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2"

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02

printf '%s\n' "link add vs0 address 02:00:00:00:0f:00 type vswitch" \
	"link add vs1 address 02:00:00:00:0f:01 type vswitch" \
	"link add h1 type veth peer name eth0 address $M1 netns $h1" \
	"link add h2 type veth peer name eth0 address $M2 netns $h2" \
	"link add a1 type veth peer name b1" "link add a2 type veth peer name b2" \
	"link set h1 master vs0 up" "link set h2 master vs1 up" \
	"link set vs0 up" "link set vs1 up" |
	ip -n "$sw" -b - || exit 1
ip -n "$h1" link set eth0 up
ip -n "$h2" link set eth0 up
vsw -n "$sw" switch set vs0 loop-interval 0.2
vsw -n "$sw" switch set vs1 loop-interval 0.2

on_fail()
{
	vsw -s -n "$sw" port show
}

# plug SWITCH DEV...: these become ports, and are up
plug()
{
	local sw_name=$1 dev

	shift
	for dev in "$@"; do
		vsw -n "$sw" port add "$dev" switch "$sw_name" || return
	done
}

# unplug DEV...: they are no ports, and down
unplug()
{
	local dev

	for dev in "$@"; do
		vsw -n "$sw" port del "$dev" 2>/dev/null
		ip -n "$sw" link set "$dev" down
	done
}

shut_is()
{
	[ "$(port_json "$sw" "$1" .shut)" = "$2" ]
}

forwards()
{
	[ "$(port_json "$sw" "$1" .forwarding)" = true ]
}

# sent DEV N: so many frames left by it at least
sent()
{
	[ "$(port_stat "$sw" "$1" tx-packets)" -ge "$2" ]
}

drops_reach()
{
	[ "$(port_drops "$sw" "$1" "$2")" -ge "$3" ]
}

# exchange: 50 frames each way between two hosts that know each other
exchange()
{
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 50 "$h2/eth0=50"
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$M1" -c 50 "$h1/eth0=50"
}

off_sends_nothing()
{
	local before

	plug vs0 a1
	ip -n "$sw" link set b1 up
	wait_for forwards a1
	sleep 1
	expect_eq "$(port_stat "$sw" a1 tx-packets)" 0 "sent by a1"
	succeeds vsw -n "$sw" port set h1 loop-protect on
	wait_for sent h1 3
	expect_eq "$(port_stat "$sw" a1 tx-packets)" 0 "sent by a1, with h1 protected"
	succeeds vsw -n "$sw" port set h1 loop-protect off
	before=$(port_stat "$sw" h1 tx-packets)
	sleep 0.5
	expect_ge "$((before + 1))" "$(port_stat "$sw" h1 tx-packets)" "sent by h1, when it is off again"
	unplug a1
	ip -n "$sw" link set b1 down
	log_test "a port that is not protected sends nothing"
}

# What a probe looks like: from the switch's MAC, without a tag, of EtherType 88b6.
probes()
{
	local out before

	vsw -n "$sw" port set h1 loop-protect on
	out=$(in_ns "$h1" timeout "$WAIT" tcpdump -c 2 -nexxi eth0 ether proto 0x88b6 2>/dev/null)
	[[ $out == *"02:00:00:00:0f:00 > 03:76:73:77:6c:70, ethertype Unknown (0x88b6)"* ]]
	check_err $? "a probe: $out"
	vsw -n "$sw" switch set vs0 down
	sleep 0.3
	before=$(port_stat "$sw" h1 tx-packets)
	sleep 0.6
	expect_eq "$(port_stat "$sw" h1 tx-packets)" "$before" "sent while the switch is down"
	vsw -n "$sw" switch set vs0 up
	wait_for sent h1 $((before + 2))
	vsw -n "$sw" port set h1 loop-protect off
	log_test "probes are sent as they are described, while the switch is up"
}

# Two switches with two cables between them: a broadcast goes round until one is cut.
two_links()
{
	plug vs0 a1 a2
	plug vs1 b1
	succeeds vsw -n "$sw" port set a1 loop-protect on
	succeeds vsw -n "$sw" port set a2 loop-protect on
	plug vs1 b2
	frame -i "$h1/eth0" -s "$M1" -c 5 >/dev/null
	wait_for shut_is a2 loop
	succeeds shut_is a1 none
	succeeds shut_is h1 none
	succeeds drops_reach a2 loop-probe 0
	wait_for quiet a1
	exchange
	wait_for shut_is a2 loop
	succeeds shut_is a1 none
	log_test "two switches, two cables: one port is shut, and the loop ends"

	# The other end is not shut, and gets no probes back by the cable that is cut.
	succeeds shut_is b1 none
	succeeds shut_is b2 none
	unplug b1 b2 a1 a2
}

# quiet DEV: nothing goes round by it, but for a probe now and then
quiet()
{
	local before

	before=$(port_stat "$sw" "$1" rx-packets)
	sleep 0.5
	[ "$(port_stat "$sw" "$1" rx-packets)" -lt $((before + 20)) ]
}

# A cable with both ends in one switch.
to_itself()
{
	plug vs0 a1
	vsw -n "$sw" port set a1 loop-protect on
	plug vs0 b1
	wait_for shut_is a1 loop
	expect_ge "$(port_drops "$sw" b1 loop-probe)" 1 "loop-probe"
	succeeds shut_is b1 none
	log_test "a cable plugged into itself: the protected end is shut"

	vsw -n "$sw" port set b1 loop-protect on
	vsw -n "$sw" port set a1 shut off
	wait_for shut_is b1 loop
	wait_for forwards a1
	succeeds shut_is a1 none
	unplug a1 b1
	log_test "with both ends protected that of the higher number is shut"
}

# A container that bridges its two adapters.
on_vnics()
{
	vsw -n "$sw" port add c0 type vnic switch vs0 netns "$h1" alias one loop-protect on
	vsw -n "$sw" port add c1 type vnic switch vs0 netns "$h1" alias two loop-protect on
	ip -n "$h1" link set c0 up
	ip -n "$h1" link set c1 up
	succeeds vsw -n "$sw" switch show vs0
	wait_for forwards two
	succeeds shut_is two none
	ip -n "$h1" link add br0 type bridge
	ip -n "$h1" link set br0 up
	ip -n "$h1" link set c0 master br0
	ip -n "$h1" link set c1 master br0
	wait_for shut_is two loop
	succeeds shut_is one none
	succeeds forwards one
	log_test "vnics: a container that joins two of them loses one"

	ip -n "$h1" link del br0
	vsw -n "$sw" port del one
	vsw -n "$sw" port del two
}

# Of a loop by a port that is not protected the one that is gets shut, whichever way
# its number is.
one_protected()
{
	plug vs0 a1 a2
	plug vs1 b1
	succeeds vsw -n "$sw" port set a1 loop-protect on
	plug vs1 b2
	wait_for shut_is a1 loop
	succeeds shut_is a2 none
	wait_for forwards a2
	unplug b1 b2 a1 a2
	log_test "a port that is not protected is not shut"
}

# Probes have no tag, and are seen whatever VLAN they come back in.
with_vlans()
{
	vsw -n "$sw" switch set vs0 vlan-filtering on
	plug vs0 a1 a2
	vsw -n "$sw" port set a1 loop-protect on trunk 10
	vsw -n "$sw" port set a2 loop-protect on trunk 20
	plug vs1 b1 b2
	wait_for shut_is a2 loop
	succeeds shut_is a1 none
	unplug b1 b2 a1 a2
	vsw -n "$sw" switch set vs0 vlan-filtering off
	log_test "a loop is seen by trunks that take no untagged frames"
}

# A probe that was real, and since when.
kept='' kept_since=0

# The bytes of the next probe that a1 sends.
hear()
{
	in_ns "$sw" timeout "$WAIT" tcpdump -c 1 -nxxi b1 ether proto 0x88b6 2>/dev/null |
		sed -n 's/^.*0x[0-9a-f]*: *//p' | tr -d ' \n'
}

# A probe that was heard is changed, kept, or made up: nobody is shut.
forged()
{
	local hex fake at before

	plug vs0 a1
	ip -n "$sw" link set b1 up
	vsw -n "$sw" port set a1 loop-protect on
	hex=$(hear)
	expect_eq "${hex:24:4}" 88b6 "a probe was heard"
	# bytes 14 to 21 say what it is, 22 the switch, 30 when, 38 the port, 46 its signature
	for at in 22 30 38 46 53; do
		fake=${hex:0:$((2 * at))}$(printf %02x $((0x${hex:$((2 * at)):2} ^ 1)))${hex:$((2 * at + 2))}
		before=$(port_stat "$sw" a1 tx-packets)
		succeeds frame -i "$h1/eth0" -x "$fake"
		wait_for sent a1 $((before + 1))
	done
	succeeds frame -i "$h1/eth0" -x "${hex:0:60}"
	succeeds frame -i "$h1/eth0" -s "$M1" -d 03:76:73:77:6c:70 -t 88b6 -c 5 "$sw/b1=5"
	succeeds shut_is h1 none
	succeeds shut_is a1 none
	expect_eq "$(port_drops "$sw" h1 loop-probe)" 0 "loop-probe"
	log_test "a forged probe is multicast like any other, and shuts nothing"

	kept=$(hear) kept_since=$SECONDS
	succeeds frame -i "$h1/eth0" -x "$kept"
	succeeds shut_is a1 loop
	vsw -n "$sw" port set a1 shut off
	expect_eq "$(port_drops "$sw" h1 loop-probe)" 1 "loop-probe"
	unplug a1
	ip -n "$sw" link set b1 down
	log_test "a probe that is real counts"
}

# Later, when the one that was kept is of more than 5 seconds ago.
old()
{
	local before

	plug vs0 a1
	ip -n "$sw" link set b1 up
	vsw -n "$sw" port set a1 loop-protect on
	if [ -z "$kept" ]; then
		kept=$(hear) kept_since=$SECONDS
	fi
	wait_for forwards a1
	expect_eq "$(port_json "$sw" a1 .number)" $((0x${kept:76:8})) "the port that it is of"
	wait_for is_old
	before=$(port_drops "$sw" h1 loop-probe)
	succeeds frame -i "$h1/eth0" -x "$kept"
	succeeds shut_is a1 none
	succeeds shut_is h1 none
	expect_eq "$(port_drops "$sw" h1 loop-probe)" $((before + 1)) "loop-probe"
	unplug a1
	ip -n "$sw" link set b1 down
	log_test "a probe that is old does not"
}

is_old()
{
	[ $((SECONDS - kept_since)) -ge 6 ]
}

# What a spanning tree has blocked is no loop.
blocked()
{
	local before

	plug vs0 a1 a2
	vsw -n "$sw" port set a1 loop-protect on
	vsw -n "$sw" port set a2 loop-protect on state blocking
	plug vs1 b1 b2
	before=$(port_drops "$sw" a2 port-state)
	wait_for drops_reach a2 port-state $((before + 3))
	succeeds shut_is a1 none
	succeeds shut_is a2 none
	vsw -n "$sw" port set a2 state forwarding
	wait_for shut_is a2 loop
	succeeds shut_is a1 none
	unplug b1 b2 a1 a2
	log_test "a port that is blocked ends a loop, nothing is shut"
}

recovers()
{
	plug vs0 a1
	vsw -n "$sw" port set a1 loop-protect on recovery 0.5
	plug vs0 b1
	wait_for shut_is a1 loop
	wait_for shut_is a1 none
	wait_for shut_is a1 loop
	unplug b1
	wait_for shut_is a1 none
	ip -n "$sw" link set b1 up
	wait_for forwards a1
	sleep 1
	succeeds shut_is a1 none
	unplug a1 b1
	log_test "a port that recovers is shut again, until the loop is gone"
}

settings()
{
	local out

	expect_eq "$(switch_json "$sw" vs0 '.["loop-interval"]')" 200 "interval"
	[[ $(vsw -n "$sw" -d switch show vs0) == *" loop-interval 0.2s"* ]]
	check_err $? "switch show"
	refused "100 to 60000 milliseconds" vsw -n "$sw" switch set vs0 loop-interval 0.099
	refused "100 to 60000 milliseconds" vsw -n "$sw" switch set vs0 loop-interval 60.001
	refused "host port" vsw -n "$sw" port set vs0 loop-protect on
	succeeds ip -n "$sw" link set h1 type vswitch_slave loop_protect on
	expect_eq "$(port_json "$sw" h1 '.["loop-protect"]')" true "by ip"
	out=$(ip -n "$sw" -d link show dev h1)
	[[ $out =~ "loop_protect on" ]]
	check_err $? "ip -d link: $out"
	out=$(vsw -n "$sw" port show h1)
	[[ $out =~ "loop-protect on" ]]
	check_err $? "port show: $out"
	succeeds vsw -n "$sw" switch add vs3 loop-interval 60
	expect_eq "$(switch_json "$sw" vs3 '.["loop-interval"]')" 60000 "of a new switch"
	vsw -n "$sw" switch del vs3
	# Its ports go with it, and with them its probes.
	succeeds vsw -n "$sw" switch del vs0
	log_test "what is said of loop protection is shown, and bounded"
}

run_tests
