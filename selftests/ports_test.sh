#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Many of everything: 1100 ports on one switch, 20 switches, 20 namespaces.
#
#   +-- $sw ------------------------------+
#   |  first -- vs0 -- d1 ... d1098       |   first and last are veths to
#   |            '--- last                |   $a and $b
#   +-------------------------------------+

# shellcheck disable=SC2317
ALL_TESTS="many_ports numbers_reused many_switches many_namespaces"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq
require_vswitch
load_kind veth dummy
setup_ns sw a b
# shellcheck disable=SC2154
: "$sw" "$a" "$b"

DUMMIES=1098

port_count()
{
	switch_json "$sw" vs0 '.["port-count"]'
}

many_ports()
{
	local i

	{
		echo "link add vs0 up type vswitch"
		echo "link add first type veth peer name eth0 netns $a"
		echo "link add last type veth peer name eth0 netns $b"
		echo "link set first master vs0 up"
		for ((i = 1; i <= DUMMIES; i++)); do
			echo "link add d$i type dummy"
			echo "link set d$i master vs0 up"
		done
		echo "link set last master vs0 up"
	} > "$batch"
	succeeds ip -n "$sw" -b "$batch"
	ip -n "$a" link set eth0 up
	ip -n "$b" link set eth0 up
	wait_for carrier "$a" eth0
	wait_for carrier "$b" eth0
	expect_eq "$(port_count)" $((DUMMIES + 2)) "ports"
	expect_eq "$(port_json "$sw" last .number)" $((DUMMIES + 2)) "number of the last"
	expect_eq "$(in_ns "$sw" nldump port | sed 's/ parts.* i/ i/')" \
		"objects $((DUMMIES + 3)) again 0 interrupted 0" "dump, with the host port"
	log_test "1100 ports on one switch"

	succeeds frame -i "$a/eth0" -c 5 "$b/eth0=5" "$sw/vs0=5"
	expect_eq "$(port_stat "$sw" d1 tx-packets)" 5 "frames flooded to d1"
	expect_eq "$(port_stat "$sw" "d$DUMMIES" tx-packets)" 5 "frames flooded to d$DUMMIES"
	succeeds frame -i "$b/eth0" -s 02:00:00:00:00:02 -d 02:00:00:00:00:01 -c 5 "$a/eth0=5"
	expect_eq "$(port_stat "$sw" d1 tx-packets)" 5 "frames flooded to d1 then"
	log_test "the first and the last of 1100 ports exchange frames"
}

numbers_reused()
{
	vsw -n "$sw" port del d7
	vsw -n "$sw" port add d7 switch vs0
	expect_eq "$(port_json "$sw" d7 .number)" 8 "number"
	log_test "the lowest free number is given to a new port"

	succeeds ip -n "$sw" link del vs0
	fails vsw -n "$sw" port show d1
	expect_eq "$(ip -n "$sw" -o link show master vs0 2>/dev/null | wc -l)" 0 "ports left"
	expect_eq "$(device_json "$sw" d1 .promiscuity)" 0 "promiscuity"
	sed -n 's/^link add \(d[0-9]*\) type dummy/link del \1/p' "$batch" | ip -n "$sw" -b -
	check_err $? "deletion of the devices"
	log_test "a switch with 1100 ports is deleted"
}

many_switches()
{
	local i

	{
		for ((i = 1; i <= 20; i++)); do
			echo "link add sw$i up type vswitch"
			echo "link add p$i type veth peer name q$i"
			echo "link set p$i master sw$i up"
		done
		# All in a row: q1 is a port of sw2, and so on.
		for ((i = 1; i < 20; i++)); do
			echo "link set q$i master sw$((i + 1)) up"
		done
		echo "link set q20 up"
		echo "link set first nomaster up"
		echo "link set first master sw1 up"
	} | ip -n "$sw" -b -
	check_err $? "20 switches"
	expect_eq "$(in_ns "$sw" nldump switch | sed 's/ parts.* i/ i/')" \
		"objects 20 again 0 interrupted 0" "dump"
	wait_for all_forward
	succeeds frame -i "$a/eth0" -c 5 "$sw/sw20=5" "$sw/q20=5"
	log_test "a frame crosses 20 switches in a row"

	for ((i = 1; i <= 20; i++)); do
		echo "link del sw$i"
	done | ip -n "$sw" -b -
	check_err $? "deletion"
	expect_eq "$(vsw -j -n "$sw" switch show | jq length)" 0 "switches left"
	log_test "20 switches are deleted"
}

all_forward()
{
	[ "$(vsw -j -n "$sw" port show | jq '[.[] | select(.forwarding | not)] | length')" = 0 ]
}

many_namespaces()
{
	local -a names
	local i name

	for ((i = 1; i <= 20; i++)); do
		names+=("n$i")
	done
	setup_ns "${names[@]}"
	# shellcheck disable=SC2154
	: "$n1" "$n2" "$n20"
	for name in "${names[@]}"; do
		ip -n "${!name}" -b - <<-END
			link add vs0 up type vswitch
			link add p type veth peer name q
			link set p master vs0 up
			link set q up
		END
		check_err $? "switch in $name"
	done
	expect_eq "$(vsw -j -n "$n1" switch show | jq length)" 1 "switches in one namespace"
	expect_eq "$(vsw -j -n "$sw" switch show | jq length)" 0 "switches in another"
	wait_for port_forwards "$n1"
	wait_for port_forwards "$n20"
	succeeds frame -i "$n1/q" -c 3 "$n1/vs0=3" "$n2/vs0=0"
	succeeds frame -i "$n20/q" -c 3 "$n20/vs0=3" "$n1/vs0=0"
	log_test "every namespace has its own switches, of the same name"
	for name in "${names[@]}"; do
		ip netns del "${!name}"
	done
	log_test "20 namespaces with switches are deleted"
}

port_forwards()
{
	[ "$(port_json "$1" p .forwarding)" = true ]
}

batch=$(mktemp)
defer rm -f "$batch"
run_tests
