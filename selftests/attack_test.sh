#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Attacks with MACs and tags, by the tools that are used for them: a table that is
# flooded, frames in another's name, a VLAN hopper. Each works at first, where that can
# be; then what is switched on stops it and counts it, and the victim loses
# nothing. h2 is the attacker (a vnic), h1 the victim (a veth), h3 whom it talks to.

# shellcheck disable=SC2317
ALL_TESTS="flooded_table flooder_is_shut stolen_mac hopper"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq ping macof mausezahn
require_vswitch
load_kind veth
ADAPTERS=mixed
star h1 h2 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"

M1=02:00:00:00:00:01
M3=02:00:00:00:00:03
tmp=$(mktemp -d)
defer rm -rf "$tmp"

on_fail()
{
	vsw -s -n "$sw" port show
	vsw -n "$sw" fdb show | head -n 20
}

fdb()
{
	vsw -n "$sw" fdb "$@"
}

port()
{
	vsw -n "$sw" port set "$@"
}

# drops HOST REASON: of its port
drops()
{
	port_drops "$sw" "$1" "$2"
}

drops_reach()
{
	[ "$(drops "$1" "$2")" -ge "$3" ]
}

# macs HOST: entries that were learned on its port
macs()
{
	port_json "$sw" "$1" '.["fdb-count"]'
}

# talk [HEARD]: h1 and h3 to each other, by their addresses; of it h2 hears so much
talk()
{
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M3" -c 50 "$h3/eth0=50" "$h2/eth0=${1:-0}"
	succeeds frame -i "$h3/eth0" -s "$M3" -d "$M1" -c 50 "$h1/eth0=50" "$h2/eth0=${1:-0}"
}

# meet: the switch knows both of them, and nobody else
meet()
{
	fdb flush switch vs0 >/dev/null
	succeeds frame -i "$h1/eth0" -s "$M1" "$h3/eth0=1"
	succeeds frame -i "$h3/eth0" -s "$M3" "$h1/eth0=1"
}

# flood N: frames from so many MACs
flood()
{
	succeeds in_ns "$h2" macof -i eth0 -n "$1" >/dev/null 2>&1
}

# Without an end, until ends.
flood_on()
{
	bg ip netns exec "$h2" macof -i eth0 >/dev/null 2>&1
	flooder=$!
}

# pings: h1 has lost none while the attack went on, nor has its port dropped anything
pings()
{
	local lost

	lost=$(port_stat "$sw" h1 drops)
	in_ns "$h1" ping -q -c 50 -i 0.02 -W "$WAIT" 192.0.2.3 > "$tmp/ping"
	expect_eq "$(grep -c ' 0% packet loss' "$tmp/ping")" 1 "pings without a loss"
	expect_eq "$(port_stat "$sw" h1 drops)" "$lost" "drops of the victim"
}

flooded_table()
{
	local before

	succeeds vsw -n "$sw" switch set vs0 fdb-max 64
	fdb flush switch vs0 >/dev/null
	flood 400
	expect_eq "$(switch_json "$sw" vs0 '.["fdb-count"]')" 64 "learned entries"
	talk 50
	log_test "a flooded table makes the switch a hub where nothing stops it"

	meet
	succeeds port h2 max-macs 4
	before=$(drops h2 max-macs)
	flood_on
	wait_for drops_reach h2 max-macs $((before + 200))
	expect_eq "$(macs h2)" 4 "entries of the attacker"
	talk
	pings
	wait_for drops_reach h2 max-macs $((before + 400))
	bg_stop "$flooder"
	expect_eq "$(macs h2)" 4 "entries of the attacker at last"
	expect_ge "$(macs h1)" 1 "entries of the victim"
	succeeds port h2 max-macs 0
	log_test "a bound for the MACs of a port stops who floods the table"
}

shut_is()
{
	[ "$(port_json "$sw" "$1" .shut)" = "$2" ]
}

flooder_is_shut()
{
	local sent

	meet
	succeeds port h2 max-macs 4 violation shutdown
	flood_on
	wait_for shut_is h2 max-macs
	sent=$(port_stat "$sw" h3 tx-packets)
	wait_for drops_reach h2 port-shut 100
	talk
	pings
	bg_stop "$flooder"
	# A frame that is flooded comes to h3, too: none of the attacker's does any more.
	expect_ge $((sent + 200)) "$(port_stat "$sw" h3 tx-packets)" "frames that h3 got"
	succeeds port h2 max-macs 0 violation protect shut off
	wait_for shut_is h2 none
	log_test "its port is shut, if that is what is to be done"
}

# forge N: frames from h1's MAC, by h2
forge()
{
	succeeds in_ns "$h2" mausezahn eth0 -q -c "$1" -a "$M1" -b "$M3" \
		-A 192.0.2.1 -B 192.0.2.3 -t udp dp=9 >/dev/null 2>&1
}

# owner MAC: the port behind which it is
owner()
{
	fdb_json "$sw" "[.[] | select(.address == \"$1\")][0] | .[\"port-alias\"] // .[\"port-name\"]"
}

stolen_mac()
{
	local before how

	meet
	talk
	expect_eq "$(owner "$M1")" h1 "who has the victim's MAC"
	forge 1
	expect_eq "$(owner "$M1")" h2 "who has it then"
	succeeds frame -i "$h3/eth0" -s "$M3" -d "$M1" -c 20 "$h1/eth0=0" "$h2/eth0=20"
	log_test "who sends in another's name gets his frames where nothing stops it"

	for how in port switch; do
		meet
		if [ "$how" = port ]; then
			succeeds port h2 forged-transmits reject
		else
			succeeds vsw -n "$sw" switch set vs0 forged-transmits reject
		fi
		before=$(drops h2 forged-transmit)
		forge 40
		expect_eq "$(drops h2 forged-transmit)" $((before + 40)) "dropped as forged"
		expect_eq "$(owner "$M1")" h1 "who has the victim's MAC"
		talk
		pings
		flood 100
		expect_eq "$(macs h2)" 0 "MACs that a flood has taught"
		succeeds port h2 forged-transmits inherit
	done
	succeeds vsw -n "$sw" switch set vs0 forged-transmits accept
	log_test "forged transmits are dropped where a port or the switch rejects them"
}

# A trunk's native VLAN is the attacker's: whoever takes off its tag would send the frame
# into the VLAN that the second one says.
hopper()
{
	local before

	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	succeeds port h3 trunk 20 native 1
	before=$(drops h3 vlan-nested)
	succeeds in_ns "$h2" mausezahn eth0 -q -c 20 -Q 1,20 -a own -b "$M3" \
		-A 192.0.2.2 -B 192.0.2.3 -t udp dp=9 >/dev/null 2>&1
	expect_eq "$(drops h3 vlan-nested)" $((before + 20)) "dropped as vlan-nested"
	before=$(drops h2 vlan-ingress)
	succeeds in_ns "$h2" mausezahn eth0 -q -c 20 -Q 20 -a own -b "$M3" \
		-A 192.0.2.2 -B 192.0.2.3 -t udp dp=9 >/dev/null 2>&1
	expect_eq "$(drops h2 vlan-ingress)" $((before + 20)) "dropped as vlan-ingress"
	pings
	succeeds port h3 access 1
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	log_test "a VLAN hopper gets out of its VLAN neither by one tag nor by two"
}

run_tests
