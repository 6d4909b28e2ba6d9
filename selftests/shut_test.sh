#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Ports that are shut: nothing comes in or leaves by them, whatever it is, all others
# go on, and everybody who asks is told. The topology is the star of lib.sh; h1 has a
# veth pair, h2 a vnic, h3 a veth pair.

# shellcheck disable=SC2317
ALL_TESTS="by_hand_veth by_hand_vnic from_the_start says_so settings refusals"

ADAPTERS=mixed
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq ethtool
require_vswitch
load_kind veth
star h1 h2 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
M3=02:00:00:00:00:03
LLDP=01:80:c2:00:00:0e

on_fail()
{
	vsw -s -n "$sw" port show
}

# Nothing that PORT's host sends gets anywhere, nor does it get what others send.
stops_all()
{
	local port=$1 mac=$2 in=${!1}/eth0 before after

	before=$(port_drops "$sw" "$port" port-shut)
	succeeds frame -i "$in" -s "$mac" -c 5 "$h3/eth0=0" "$sw/vs0=0"
	succeeds frame -i "$in" -s "$mac" -d "$M3" -c 5 "$h3/eth0=0"
	# shellcheck disable=SC2046  # it may be nothing
	succeeds frame -i "$in" -s "$mac" -d "$LLDP" -t 88cc -c 2 "$h3/eth0=0" $(port_gets "$port" 0)
	succeeds frame -i "$h3/eth0" -s "$M3" -d "$mac" -c 3 "$in=0"
	succeeds frame -i "$sw/vs0" -d "$mac" -c 2 "$in=0"
	after=$(port_drops "$sw" "$port" port-shut)
	expect_eq $((after - before)) 17 "port-shut on $port"
	succeeds frame -i "$h3/eth0" -s "$M3" -c 3 "$in=0" "$sw/vs0=3"
	expect_eq "$(port_drops "$sw" "$port" port-shut)" "$after" "what was flooded past it"
}

# by_hand PORT MAC OTHER: a static entry says where PORT's host is, else it would be flooded
by_hand()
{
	local port=$1 mac=$2 other=$3 in=${!1}/eth0 out=${!3}/eth0

	vsw -n "$sw" fdb replace "$mac" dev "$port"
	succeeds frame -i "$in" -s 02:00:00:00:0a:01 "$h3/eth0=1" "$sw/vs0=1"
	wait_for has_fdb "$sw" 02:00:00:00:0a:01 "$port"
	succeeds vsw -n "$sw" port set "$port" shut on
	fails has_fdb "$sw" 02:00:00:00:0a:01
	stops_all "$port" "$mac"
	log_test "$port, ${adapter[$port]}: nothing comes in or leaves while it is shut"

	succeeds frame -i "$out" -s 02:00:00:00:0a:02 -c 5 "$h3/eth0=5" "$sw/vs0=5" "$in=0"
	succeeds frame -i "$h3/eth0" -s "$M3" -d 02:00:00:00:0a:02 -c 5 "$out=5"
	log_test "$other goes on while $port is shut"

	succeeds vsw -n "$sw" port set "$port" shut off
	succeeds frame -i "$in" -s "$mac" -c 5 "$h3/eth0=5" "$sw/vs0=5" "$out=5"
	succeeds frame -i "$h3/eth0" -s "$M3" -d "$mac" -c 5 "$in=5"
	# shellcheck disable=SC2046
	[ "${adapter[$port]}" = vnic ] || succeeds frame -i "$in" -s "$mac" -d "$LLDP" -t 88cc \
		-c 2 "$h3/eth0=0" $(port_gets "$port" 2)
	log_test "all is as before when $port is open again"
}

by_hand_veth()
{
	by_hand h1 "$M1" h2
}

by_hand_vnic()
{
	by_hand h2 "$M2" h1
}

# A port may be shut before anything can come in by it, and before its device is up.
from_the_start()
{
	ip -n "$sw" link add p4 type veth peer name eth4 netns "$h3"
	ip -n "$h3" link set eth4 up
	succeeds vsw -n "$sw" port add p4 switch vs0 shut on recovery 1 down
	expect_eq "$(port_json "$sw" p4 .shut)" admin "while it is down"
	ip -n "$sw" link set p4 up
	wait_for carrier "$h3" eth4
	expect_eq "$(port_json "$sw" p4 '.shut, .forwarding')" "admin"$'\n'"false" "while it is up"
	succeeds frame -i "$h3/eth4" -s 02:00:00:00:0a:04 -c 5 "$h1/eth0=0"
	expect_eq "$(port_drops "$sw" p4 port-shut)" 5 "port-shut"
	succeeds vsw -n "$sw" port set p4 shut off
	succeeds frame -i "$h3/eth4" -s 02:00:00:00:0a:04 -c 5 "$h1/eth0=5"
	log_test "a new port is shut from the start"

	succeeds vsw -n "$sw" port set p4 shut on
	succeeds vsw -n "$sw" switch set vs0 down
	succeeds frame -i "$h3/eth4" -s 02:00:00:00:0a:04 "$h1/eth0=0"
	expect_eq "$(port_drops "$sw" p4 switch-down)" 1 "the switch's being down says more"
	succeeds vsw -n "$sw" switch set vs0 up
	wait_for carrier "$h2" eth0
	succeeds frame -i "$h3/eth4" -s 02:00:00:00:0a:04 "$h1/eth0=0"
	expect_eq "$(port_json "$sw" p4 .shut)" admin "after the switch was down"
	sleep 1.2
	expect_eq "$(port_json "$sw" p4 .shut)" admin "what was shut by hand, after its time to recover"
	log_test "a port that was shut by hand stays so"

	ip -n "$sw" link del p4
}

# The monitor, which was just started, has begun to listen.
heard()
{
	vsw -n "$sw" port set h3 recovery 0
	grep -q h3 "$1"
}

says_so()
{
	local log out

	log=$(mktemp)
	defer rm -f "$log"
	bg vsw -n "$sw" monitor port > "$log"
	wait_for heard "$log"
	succeeds vsw -n "$sw" port set h1 recovery 30
	succeeds vsw -n "$sw" port set h1 shut on
	wait_for grep -q "port-set .*h1 port 1 of vs0 shut: admin for 0\.[0-9]s" "$log"
	out=$(vsw -n "$sw" port show)
	[[ $out =~ h1\ +vs0\ +1\ .*\ shut:\ admin\ .*\ recovery\ 30 ]]
	check_err $? "table: $out"
	out=$(vsw -n "$sw" -d port show h1)
	[[ $out =~ "shut: admin for "[0-9.:]+s?\ .*" recovery 30" ]]
	check_err $? "block: $out"
	out=$(vsw -n "$sw" -j port show h1 | jq -c '.[0] | [.shut, .["shut-age"] >= 0, .recovery, .forwarding]')
	expect_eq "$out" '["admin",true,30000,false]' "JSON"
	out=$(ip -n "$sw" -d link show dev h1)
	[[ $out =~ "shut on recovery 3000 " ]]
	check_err $? "ip -d link: $out"
	out=$(in_ns "$sw" ethtool -S vs0 | sed -n 's/^ *drop_port_shut: //p')
	expect_eq "$out" "$(vsw -n "$sw" -j -s switch show vs0 |
		jq '[.[0].stats.drop[] | select(.reason == "port-shut").packets] | add')" "ethtool"
	expect_ge "$out" 1 "ethtool"
	succeeds vsw -n "$sw" port set h1 shut off recovery 0
	wait_for sh -c "tail -n 1 '$log' | grep -q 'h1 port 1 of vs0 forwarding'"
	out=$(vsw -n "$sw" -j port show h1 | jq -c '.[0] | [.shut, has("shut-age"), .recovery, .forwarding]')
	expect_eq "$out" '["none",false,0,true]' "JSON"
	log_test "show, monitor, ip and ethtool say that a port is shut"
}

settings()
{
	local out

	succeeds ip -n "$sw" link set h1 type vswitch_slave shut on recovery 250
	expect_eq "$(port_json "$sw" h1 '.shut, .recovery')" "admin"$'\n'"2500" "by ip"
	succeeds ip -n "$sw" link set h1 type vswitch_slave shut off recovery 0
	expect_eq "$(port_json "$sw" h1 '.shut, .recovery')" "none"$'\n'"0" "by ip"
	succeeds vsw -n "$sw" port set h2 shut on recovery 0.25
	expect_eq "$(port_json "$sw" h2 '.shut, .recovery')" "admin"$'\n'"250" "a vnic"
	succeeds vsw -n "$sw" port set h2 shut off recovery 86400
	expect_eq "$(port_json "$sw" h2 '.shut, .recovery')" "none"$'\n'"86400000" "a vnic"
	vsw -n "$sw" port set h2 recovery 0
	log_test "vsw and ip shut and open ports"
}

refusals()
{
	refused "host port" vsw -n "$sw" port set vs0 shut on
	refused "host port" vsw -n "$sw" port set vs0 recovery 3
	refused "0 to 86400000 milliseconds" vsw -n "$sw" port set h1 recovery 86400.001
	refused "neither 'on' nor 'off'" vsw -n "$sw" port set h1 shut loop
	expect_eq "$(port_json "$sw" h1 '.shut, .recovery')" "none"$'\n'"0" "after what was refused"
	log_test "what is no setting is refused"
}

run_tests
