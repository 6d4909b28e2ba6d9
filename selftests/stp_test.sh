#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a spanning-tree daemon needs of a switch: states of ports, and BPDUs that reach
# it; what keeps BPDUs away: guard and filter; and what lets them all pass: a wire.
# The topology is the star of lib.sh; h1 has a veth pair, h2 a vnic, h3 a veth pair.

# shellcheck disable=SC2317
ALL_TESTS="deaf_veth deaf_vnic learning_veth learning_vnic daemon by_others
	guard_veth guard_vnic other_bpdus recovery filter_veth filter_vnic wire_veth wire_vnic
	wire_and_guard attack"

ADAPTERS=mixed
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq yersinia
require_vswitch
load_kind veth
star h1 h2 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
M3=02:00:00:00:00:03
STP=01:80:c2:00:00:00
PROVIDER_STP=01:80:c2:00:00:08
LLDP=01:80:c2:00:00:0e
PVST=01:00:0c:cc:cc:cd

on_fail()
{
	vsw -s -n "$sw" port show
}

# state_is PORT JSON-VALUES of state and forwarding
state_is()
{
	[ "$(port_json "$sw" "$1" '.state, .forwarding' | tr '\n' ' ')" = "$2 " ]
}

# shut_is PORT REASON
shut_is()
{
	[ "$(port_json "$sw" "$1" .shut)" = "$2" ]
}

# listen FILE: what the monitor says of ports goes there, from now on
listen()
{
	bg vsw -n "$sw" monitor port > "$1"
	wait_for heard "$1"
}

heard()
{
	vsw -n "$sw" port set h3 recovery 0
	grep -q h3 "$1"
}

# deaf PORT MAC: the states in which a port neither learns nor forwards
deaf()
{
	local port=$1 mac=$2 in=${!1}/eth0 state before

	succeeds frame -i "$in" -s "$mac" "$h3/eth0=1"
	before=$(port_drops "$sw" "$port" port-state)
	for state in disabled listening blocking; do
		succeeds vsw -n "$sw" port set "$port" state "$state"
		succeeds state_is "$port" "$state false"
		fails has_fdb "$sw" "$mac"
		succeeds frame -i "$in" -s "$mac" -c 5 "$h3/eth0=0" "$sw/vs0=0"
		fails has_fdb "$sw" "$mac"
	done
	succeeds frame -i "$in" -s "$mac" -d "$M3" -c 3 "$h3/eth0=0"
	expect_eq $(($(port_drops "$sw" "$port" port-state) - before)) 18 "port-state"
	succeeds frame -i "$h3/eth0" -s "$M3" -c 3 "$in=0" "$sw/vs0=3"
	succeeds vsw -n "$sw" fdb replace "$mac" dev "$port"
	succeeds frame -i "$h3/eth0" -s "$M3" -d "$mac" -c 2 "$in=0"
	succeeds frame -i "$sw/vs0" -d "$mac" -c 2 "$in=0"
	expect_eq $(($(port_drops "$sw" "$port" port-state) - before)) 22 "on the way out"
	succeeds vsw -n "$sw" fdb del "$mac" dev "$port"
	succeeds vsw -n "$sw" port set "$port" state forwarding
	succeeds frame -i "$in" -s "$mac" -c 5 "$h3/eth0=5" "$sw/vs0=5"
	succeeds frame -i "$h3/eth0" -s "$M3" -d "$mac" -c 3 "$in=3"
	log_test "$port, ${adapter[$port]}: disabled, listening, blocking: nothing is learned or forwarded"
}

deaf_veth()
{
	deaf h1 "$M1"
}

deaf_vnic()
{
	deaf h2 "$M2"
}

# learning PORT MAC
learning()
{
	local port=$1 mac=$2 in=${!1}/eth0 before

	vsw -n "$sw" port set "$port" state blocking
	succeeds vsw -n "$sw" port set "$port" state learning
	before=$(port_drops "$sw" "$port" port-state)
	succeeds frame -i "$in" -s "$mac" -c 5 "$h3/eth0=0" "$sw/vs0=0"
	wait_for has_fdb "$sw" "$mac" "$port"
	succeeds frame -i "$h3/eth0" -s "$M3" -d "$mac" -c 3 "$in=0"
	expect_eq $(($(port_drops "$sw" "$port" port-state) - before)) 8 "port-state"
	succeeds vsw -n "$sw" port set "$port" state forwarding
	succeeds has_fdb "$sw" "$mac" "$port"
	succeeds frame -i "$h3/eth0" -s "$M3" -d "$mac" -c 3 "$in=3"
	log_test "$port, ${adapter[$port]}: learning: what is learned stays when it forwards"

	succeeds vsw -n "$sw" port set "$port" learning off state learning
	fails has_fdb "$sw" "$mac"
	succeeds frame -i "$in" -s "$mac" -c 5 "$h3/eth0=0"
	fails has_fdb "$sw" "$mac"
	succeeds vsw -n "$sw" port set "$port" learning on shut on
	succeeds frame -i "$in" -s "$mac" -c 5 "$h3/eth0=0"
	fails has_fdb "$sw" "$mac"
	succeeds vsw -n "$sw" port set "$port" shut off state forwarding
	log_test "$port, ${adapter[$port]}: nothing is learned with learning off, or shut"
}

learning_veth()
{
	learning h1 "$M1"
}

learning_vnic()
{
	learning h2 "$M2"
}

# A daemon with a packet socket on the port's device hears BPDUs in every state, unless
# the port is shut, and what it sends there goes out.
daemon()
{
	local state

	for state in disabled blocking learning; do
		succeeds vsw -n "$sw" port set h1 state "$state"
		succeeds frame -i "$h1/eth0" -s "$M1" -d "$STP" -b -c 3 "$sw/h1+up=3" "$h3/eth0=0" \
			"$sw/vs0=0"
		succeeds frame -i "$sw/h1" -s 02:00:00:00:01:01 -d "$STP" -b -c 3 "$h1/eth0=3" \
			"$h3/eth0=0"
	done
	succeeds vsw -n "$sw" port set h1 shut on
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$STP" -b -c 3 "$sw/h1+up=0"
	succeeds vsw -n "$sw" port set h1 shut off
	log_test "BPDUs reach a daemon, and it sends, whatever the state"
}

by_others()
{
	local log out

	log=$(mktemp)
	defer rm -f "$log"
	listen "$log"
	succeeds ip -n "$sw" link set h1 type vswitch_slave state 4 bpdu_guard on bpdu_filter on
	wait_for grep -q "h1 port 1 of vs0 blocking .* bpdu-guard on bpdu-filter on" "$log"
	out=$(port_json "$sw" h1 '.state, .["bpdu-guard"], .["bpdu-filter"]')
	expect_eq "${out//$'\n'/ }" "blocking true true" "by ip"
	out=$(ip -n "$sw" -d link show dev h1)
	[[ $out =~ "state 4 bpdu_guard on bpdu_filter on" ]]
	check_err $? "ip -d link: $out"
	out=$(vsw -n "$sw" -d port show h1)
	[[ $out =~ "bpdu-guard on bpdu-filter on".*" state blocking" ]]
	check_err $? "block: $out"
	refused "." ip -n "$sw" link set h1 type vswitch_slave state 5
	succeeds ip -n "$sw" link set h1 type vswitch_slave state 3 bpdu_guard off bpdu_filter off
	log_test "ip sets states and what becomes of BPDUs"

	succeeds in_ns "$sw" bridge link set dev h1 state 2 guard on
	out=$(port_json "$sw" h1 '.state, .["bpdu-guard"]')
	expect_eq "${out//$'\n'/ }" "learning true" "by bridge"
	out=$(in_ns "$sw" bridge -d link show dev h1)
	[[ $out =~ "state learning".*"guard on" ]]
	check_err $? "bridge link: $out"
	succeeds vsw -n "$sw" port set h1 state listening
	out=$(in_ns "$sw" bridge -d link show dev h1)
	[[ $out =~ "state listening" ]]
	check_err $? "bridge link: $out"
	succeeds vsw -n "$sw" port set h1 shut on
	out=$(in_ns "$sw" bridge -d link show dev h1)
	[[ $out =~ "state disabled" ]]
	check_err $? "bridge link of a port that is shut: $out"
	succeeds vsw -n "$sw" port set h1 shut off
	succeeds in_ns "$sw" bridge link set dev h1 state 3 guard off
	succeeds frame -i "$h1/eth0" -s "$M1" "$h3/eth0=1"
	refused "none of disabled, listening" vsw -n "$sw" port set h1 state open
	refused "host port" vsw -n "$sw" port set vs0 state blocking
	refused "host port" vsw -n "$sw" port set vs0 bpdu-guard on
	log_test "bridge sets states, and sees them"
}

# guard PORT MAC
guard()
{
	local port=$1 mac=$2 in=${!1}/eth0 before shut

	succeeds vsw -n "$sw" port set "$port" bpdu-guard on
	# shellcheck disable=SC2046  # it may be nothing
	succeeds frame -i "$in" -s "$mac" -d "$LLDP" -t 88cc -c 3 "$h3/eth0=0" $(port_gets "$port" 3)
	succeeds frame -i "$in" -s "$mac" -d "$STP" -t 88cc -c 3 "$h3/eth0=0"
	succeeds frame -i "$in" -s "$mac" -d "$LLDP" -b -c 3 "$h3/eth0=0"
	succeeds frame -i "$in" -s "$mac" -c 5 "$h3/eth0=5"
	succeeds shut_is "$port" none
	log_test "$port, ${adapter[$port]}: a BPDU guard minds nothing but BPDUs"

	before=$(port_drops "$sw" "$port" bpdu-guard)
	shut=$(port_drops "$sw" "$port" port-shut)
	# shellcheck disable=SC2046
	succeeds frame -i "$in" -s "$mac" -d "$STP" -b -c 5 "$h3/eth0=0" $(port_gets "$port" 0)
	succeeds shut_is "$port" bpdu-guard
	expect_eq $(($(port_drops "$sw" "$port" bpdu-guard) - before)) 1 "bpdu-guard"
	expect_eq $(($(port_drops "$sw" "$port" port-shut) - shut)) 4 "port-shut"
	wait_for state_is "$port" "forwarding false"
	fails has_fdb "$sw" "$mac"
	succeeds frame -i "$in" -s "$mac" -c 5 "$h3/eth0=0"
	succeeds frame -i "$h3/eth0" -s "$M3" -c 5 "$in=0" "$sw/vs0=5"
	succeeds vsw -n "$sw" port set "$port" shut off
	succeeds frame -i "$in" -s "$mac" -c 5 "$h3/eth0=5"
	succeeds frame -i "$in" -s "$mac" -d "$PROVIDER_STP" -b -c 5
	succeeds shut_is "$port" bpdu-guard
	succeeds vsw -n "$sw" port set "$port" shut off
	succeeds vsw -n "$sw" port set "$port" bpdu-guard off
	# shellcheck disable=SC2046
	succeeds frame -i "$in" -s "$mac" -d "$STP" -b -c 5 "$h3/eth0=0" $(port_gets "$port" 5)
	succeeds shut_is "$port" none
	log_test "$port, ${adapter[$port]}: a BPDU shuts a port that is on its guard, at once"
}

guard_veth()
{
	guard h1 "$M1"
}

guard_vnic()
{
	guard h2 "$M2"
}

# sheds PORT BPDU...: with a filter it drops 2 of these frames, with a guard one shuts it
sheds()
{
	local port=$1 in=${!1}/eth0 before

	shift
	before=$(port_drops "$sw" "$port" bpdu-filter)
	succeeds vsw -n "$sw" port set "$port" bpdu-filter on
	succeeds frame -i "$in" "$@" -c 2 "$h3/eth0=0"
	expect_eq $(($(port_drops "$sw" "$port" bpdu-filter) - before)) 2 "$port: bpdu-filter of $*"
	succeeds vsw -n "$sw" port set "$port" bpdu-filter off bpdu-guard on
	succeeds shut_is "$port" none
	succeeds frame -i "$in" "$@" -c 2 "$h3/eth0=0"
	succeeds shut_is "$port" bpdu-guard
	succeeds vsw -n "$sw" port set "$port" bpdu-guard off shut off
}

# Behind tags, where only a wire would let them pass, and those of Cisco's trees for each
# VLAN, which are multicast like any other to who does not know them.
other_bpdus()
{
	local port

	for port in h1 h2; do
		succeeds frame -i "${!port}/eth0" -d "$PVST" -P -c 2 "$h3/eth0=2"
		sheds "$port" -d "$PVST" -P
		sheds "$port" -d "$PVST" -P -v 7
		succeeds vsw -n "$sw" port set "$port" wire on
		succeeds frame -i "${!port}/eth0" -d "$STP" -b -v 7 -c 2 "$h3/eth0=2"
		sheds "$port" -d "$STP" -b -v 7
		sheds "$port" -d "$PROVIDER_STP" -b -v 88a8:7 -v 8
		# What goes there, but is none
		succeeds vsw -n "$sw" port set "$port" bpdu-guard on
		succeeds frame -i "${!port}/eth0" -d "$PVST" -c 2 "$h3/eth0=2"
		succeeds frame -i "${!port}/eth0" -d "$PVST" -b -v 7 -c 2 "$h3/eth0=2"
		succeeds frame -i "${!port}/eth0" -d "$STP" -v 7 -c 2 "$h3/eth0=2"
		succeeds shut_is "$port" none
		succeeds vsw -n "$sw" port set "$port" bpdu-guard off wire off
	done
	log_test "guard and filter know BPDUs behind tags, and those of PVST+"
}

recovery()
{
	local log

	log=$(mktemp)
	defer rm -f "$log"
	listen "$log"
	succeeds vsw -n "$sw" port set h1 bpdu-guard on recovery 1
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$STP" -b
	wait_for grep -q "h1 port 1 of vs0 shut: bpdu-guard" "$log"
	wait_for state_is h1 "forwarding true"
	succeeds frame -i "$h1/eth0" -s "$M1" -c 5 "$h3/eth0=5"
	wait_for sh -c "tail -n 1 '$log' | grep -q 'h1 port 1 of vs0 forwarding'"
	log_test "a port opens again after its time to recover, and the news say so"

	succeeds frame -i "$h1/eth0" -s "$M1" -d "$STP" -b
	succeeds shut_is h1 bpdu-guard
	succeeds vsw -n "$sw" port set h1 shut on
	sleep 1.3
	succeeds shut_is h1 admin
	succeeds vsw -n "$sw" port set h1 shut off recovery 0
	log_test "what is shut by hand meanwhile stays shut"

	succeeds frame -i "$h1/eth0" -s "$M1" -d "$STP" -b
	wait_for state_is h1 "forwarding false"
	succeeds vsw -n "$sw" port set h1 recovery 0.2
	wait_for state_is h1 "forwarding true"
	succeeds vsw -n "$sw" port set h1 recovery 600
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$STP" -b
	succeeds vsw -n "$sw" port set h1 recovery 0
	succeeds shut_is h1 bpdu-guard
	succeeds vsw -n "$sw" port set h1 recovery 0.1
	wait_for state_is h1 "forwarding true"
	succeeds vsw -n "$sw" port set h1 recovery 0 bpdu-guard off
	log_test "the time to recover may change while a port is shut"
}

# filter PORT MAC
filter()
{
	local port=$1 mac=$2 in=${!1}/eth0 before

	before=$(port_drops "$sw" "$port" bpdu-filter)
	succeeds vsw -n "$sw" port set "$port" bpdu-filter on bpdu-guard on
	# shellcheck disable=SC2046
	succeeds frame -i "$in" -s "$mac" -d "$STP" -b -c 5 "$h3/eth0=0" $(port_gets "$port" 0)
	# shellcheck disable=SC2046
	succeeds frame -i "$in" -s "$mac" -d "$STP" -t 88cc -c 2 "$h3/eth0=0" $(port_gets "$port" 2)
	# shellcheck disable=SC2046
	succeeds frame -i "$in" -s "$mac" -d "$LLDP" -t 88cc -c 2 "$h3/eth0=0" $(port_gets "$port" 2)
	succeeds frame -i "$in" -s "$mac" -c 5 "$h3/eth0=5"
	expect_eq $(($(port_drops "$sw" "$port" bpdu-filter) - before)) 5 "bpdu-filter"
	succeeds shut_is "$port" none
	succeeds vsw -n "$sw" port set "$port" bpdu-filter off bpdu-guard off
	# shellcheck disable=SC2046
	succeeds frame -i "$in" -s "$mac" -d "$STP" -b -c 2 $(port_gets "$port" 2)
	expect_eq $(($(port_drops "$sw" "$port" bpdu-filter) - before)) 5 "bpdu-filter, off"
	log_test "$port, ${adapter[$port]}: a BPDU filter drops BPDUs, before the guard, and nothing else"
}

filter_veth()
{
	filter h1 "$M1"
}

filter_vnic()
{
	filter h2 "$M2"
}

# wire PORT MAC: all sixteen addresses, and what LLDP, LACP and PAUSE frames look like
wire()
{
	local port=$1 mac=$2 in=${!1}/eth0 other=h2

	[ "$port" = h1 ] || other=h1
	succeeds vsw -n "$sw" port set "$port" wire on
	succeeds frame -i "$in" -s "$mac" -d "$STP" -D 16 -c 32 "$h3/eth0=32" "${!other}/eth0=32"
	succeeds frame -i "$in" -s "$mac" -d "$STP" -b -c 2 "$h3/eth0=2"
	succeeds frame -i "$in" -s "$mac" -d 01:80:c2:00:00:01 -t 8808 -c 2 "$h3/eth0=2"
	succeeds frame -i "$in" -s "$mac" -d 01:80:c2:00:00:02 -t 8809 -c 2 "$h3/eth0=2"
	succeeds frame -i "$in" -s "$mac" -d "$LLDP" -t 88cc -c 2 "$h3/eth0=2"
	expect_eq "$(port_json "$sw" "$port" '.["group-fwd-mask"]')" 65535 "mask"
	[[ $(vsw -n "$sw" port show "$port") == *" wire on"* ]]
	check_err $? "it is not shown as a wire"
	log_test "$port, ${adapter[$port]}: a wire passes all sixteen reserved addresses"

	succeeds vsw -n "$sw" port set "$port" wire off
	succeeds frame -i "$in" -s "$mac" -d "$STP" -D 16 -c 32 "$h3/eth0=0" "${!other}/eth0=0"
	[[ $(vsw -n "$sw" port show "$port") != *wire* ]]
	check_err $? "it is still shown as a wire"
	log_test "$port, ${adapter[$port]}: none of them passes what is no wire"
}

wire_veth()
{
	wire h1 "$M1"
}

wire_vnic()
{
	wire h2 "$M2"
}

wire_and_guard()
{
	succeeds vsw -n "$sw" port set h1 wire on bpdu-filter on
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$STP" -D 16 -c 16 "$h3/eth0=16"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$STP" -b -c 2 "$h3/eth0=0" "$sw/h1+up=0"
	succeeds vsw -n "$sw" port set h1 bpdu-filter off bpdu-guard on
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$STP" -D 16 -c 16 "$h3/eth0=16"
	succeeds shut_is h1 none
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$STP" -b -c 2 "$h3/eth0=0"
	succeeds shut_is h1 bpdu-guard
	succeeds vsw -n "$sw" port set h1 shut off wire off bpdu-guard off
	refused "given before" vsw -n "$sw" port set h1 wire on group-fwd-mask 0
	log_test "a wire passes no BPDUs where there is a guard or a filter"
}

# Yersinia sends BPDUs from random addresses, until a key is hit.
attack()
{
	local pid

	succeeds vsw -n "$sw" port set h1 bpdu-filter on
	bpdus
	pid=$!
	wait_for drops_reach h1 bpdu-filter $(($(port_drops "$sw" h1 bpdu-filter) + 10))
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M3" -c 100 "$h3/eth0=100"
	bg_stop "$pid"
	log_test "a filter drops what yersinia sends"

	succeeds vsw -n "$sw" port set h1 bpdu-filter off bpdu-guard on
	bpdus
	pid=$!
	wait_for shut_is h1 bpdu-guard
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$M3" -c 100 "$h3/eth0=100"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M3" -c 100 "$h3/eth0=0"
	bg_stop "$pid"
	succeeds vsw -n "$sw" port set h1 shut off bpdu-guard off
	log_test "a guard shuts the port by which yersinia sends, others lose nothing"
}

bpdus()
{
	# It leaves a log where it stands.
	bg ip netns exec "$h1" sh -c 'cd /tmp && sleep 60 |
		TERM=vt100 yersinia stp -attack 2 -interface eth0' \
		>/dev/null 2>&1
}

drops_reach()
{
	[ "$(port_drops "$sw" "$1" "$2")" -ge "$3" ]
}

run_tests
