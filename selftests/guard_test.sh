#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The guard of a port: who may send what by it, what is dropped and how that is
# counted. The topology is the star of lib.sh; h1 has a veth, h2 a vnic and h3 a
# veth, and all that is said of one kind of port is tried with both.

# shellcheck disable=SC2317
ALL_TESTS="locked locked_roams locked_vlans locked_requests"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq
require_vswitch
load_kind veth
ADAPTERS=mixed
star h1 h2 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"

A=02:00:00:00:0a:01
B=02:00:00:00:0b:01

on_fail()
{
	vsw -s -n "$sw" port show
	vsw -d -n "$sw" fdb show | head -n 20
}

fdb()
{
	vsw -n "$sw" fdb "$@"
}

# port NAME SETTING...
port()
{
	vsw -n "$sw" port set "$@"
}

guard()
{
	vsw -j -n "$sw" port show "$1" | jq -r ".[0].guard$2"
}

# clean: nothing is learned and nothing said
clean()
{
	local type

	for type in dynamic static; do
		fdb flush switch vs0 "$type" >/dev/null
	done
}

# passes HOST MAC N: frames from MAC reach h3, all of them
passes()
{
	succeeds frame -i "${!1}/eth0" -s "$2" -c "$3" "$h3/eth0=$3"
}

# stops REASON HOST MAC N: none does, and each is counted
stops()
{
	local before

	before=$(port_drops "$sw" "$2" "$1")
	succeeds frame -i "${!2}/eth0" -s "$3" -c "$4" "$h3/eth0=0" "$sw/vs0=0"
	expect_eq "$(port_drops "$sw" "$2" "$1")" $((before + $4)) "$2: dropped as $1"
}

# entry MAC FILTER: of one entry, as JSON gives it
entry()
{
	fdb_json "$sw" "[.[] | select(.address == \"$1\")][0] | $2"
}

# In jq: what a port is called here.
port='(.["port-alias"] // .["port-name"])'

locked()
{
	local host

	for host in h1 h2; do
		clean
		passes "$host" "$A" 3
		succeeds port "$host" locked on
		expect_eq "$(guard "$host" .locked)" true "$host: locked"
		fails has_fdb "$sw" "$A"
		stops locked "$host" "$A" 3
		fails has_fdb "$sw" "$A"
		succeeds fdb add "$A" dev "$host" static
		passes "$host" "$A" 3
		stops locked "$host" "$B" 2
		succeeds fdb add "$B" dev "$host" dynamic
		passes "$host" "$B" 2
		succeeds fdb del "$A" dev "$host"
		stops locked "$host" "$A" 2
		# What is sent to it is none of its guard's business.
		succeeds frame -i "$h3/eth0" -s 02:00:00:00:00:03 -d "$B" -c 3 "${!host}/eth0=3"
		succeeds port "$host" locked off
		passes "$host" "$A" 3
		expect_eq "$(entry "$A" ".type, $port" | xargs)" "dynamic $host" "learned again"
	done
	log_test "a locked port takes frames of addresses that were put there, and no others"
}

# As the bridge has it: to a locked port nobody moves, from it one may.
locked_roams()
{
	clean
	succeeds port h1 locked on
	succeeds fdb add "$A" dev h1 static
	passes h1 "$A" 1
	passes h2 "$A" 1
	expect_eq "$(entry "$A" "$port")" h2 "port"
	stops locked h1 "$A" 2
	expect_eq "$(entry "$A" "$port")" h2 "port still"
	# The address of the port's own device is the host's.
	stops locked h1 02:00:00:00:01:01 1
	succeeds port h1 locked off
	log_test "an address may move away from a locked port, but not to it"
}

locked_vlans()
{
	clean
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	succeeds port h1 trunk 10,20 native 1 locked on
	succeeds port h3 trunk 10,20 native 1
	succeeds fdb add "$A" dev h1 vlan 10
	succeeds frame -i "$h1/eth0" -s "$A" -v 10 -c 2 "$h3/eth0=2"
	succeeds frame -i "$h1/eth0" -s "$A" -v 20 -c 2 "$h3/eth0=0"
	succeeds frame -i "$h1/eth0" -s "$A" -c 2 "$h3/eth0=0"
	# An entry of no VLAN is one of each.
	succeeds fdb add "$B" dev h1
	succeeds frame -i "$h1/eth0" -s "$B" -v 20 -c 2 "$h3/eth0=2"
	succeeds port h1 access 1 locked off
	succeeds port h3 access 1
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	log_test "an address is authorised in its VLAN"
}

locked_requests()
{
	refused "settings" port vs0 locked on
	refused "neither 'on' nor 'off'" port h1 locked maybe
	succeeds port h1 locked on learning off
	[[ $(vsw -n "$sw" port show) == *"learning off locked on"* ]]
	check_err $? "the table does not show it"
	succeeds port h1 locked off learning on
	log_test "locked is a setting of every port but the host's"
}

run_tests
