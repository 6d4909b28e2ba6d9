#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which frames leave by which port, and which must not. The topology is the star
# of lib.sh with the hosts h1, h2 and h3:
#
#   h1:eth0 --- p1:vs0:p2 --- h2:eth0        MAC of host i 02:00:00:00:00:0i,
#                   :                        of its port 02:00:00:00:01:0i
#                   p3 --- h3:eth0

# shellcheck disable=SC2317,SC2046 # port_gets says one word or none
ALL_TESTS="reachable unknown_flooded learned_unicast moved_host learning_off
	hairpin isolation flood_flag mcast_flood_flag bcast_flood_flag
	reserved_addresses group_fwd_mask pause host_port host_promisc
	host_multicast switch_down port_down invalid_sources two_switches"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq
require_vswitch
load_kind veth
star -6 h1 h2 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
M3=02:00:00:00:00:03
GROUP=01:00:5e:01:02:03

on_fail()
{
	vsw -s -n "$sw" port show
}

set_port()
{
	succeeds vsw -n "$sw" port set "$@"
}

# forget: nothing is learned any more
forget()
{
	vsw -n "$sw" fdb flush switch vs0 >/dev/null
}

# quiet: no host asks on its own whether its neighbours are still there, as it
# does 5 s after they have talked (RFC 4861, 7.3.3): it would be seen on its port.
quiet()
{
	local ns

	for ns in "$h1" "$h2" "$h3" "$sw"; do
		ip -n "$ns" neigh flush all
	done
}

# from_h1 OPTION... RECEIVER...: frames from h1, the test fails unless each
# receiver got what it says
from_h1()
{
	succeeds frame -i "$h1/eth0" -s "$M1" "$@"
}

# drops PORT REASON: how many since it was asked for the last time
declare -A dropped
drops()
{
	local now

	now=$(port_drops "$sw" "$1" "$2")
	drop_delta=$((now - ${dropped[$1 $2]:-0}))
	dropped[$1 $2]=$now
}

reachable()
{
	succeeds in_ns "$h1" ping -q -c 2 -i 0.2 -W 10 192.0.2.2
	succeeds in_ns "$h1" ping -q -c 2 -i 0.2 -W 10 192.0.2.3
	succeeds in_ns "$h3" ping -q -c 2 -i 0.2 -W 10 192.0.2.2
	log_test "IPv4 and ARP between three hosts"
	succeeds in_ns "$h1" ping -q -c 2 -i 0.2 -W 10 2001:db8:1::2
	succeeds in_ns "$h3" ping -q -c 2 -i 0.2 -W 10 2001:db8:1::1
	log_test "IPv6 and neighbour discovery between hosts"
	fails in_ns "$h1" ping -q -c 1 -W 1 192.0.2.9
	log_test "an address that is nobody's does not answer"
	quiet
}

unknown_flooded()
{
	forget
	from_h1 -d 02:00:00:00:0f:0f -c 3 "$h2/eth0=3" "$h3/eth0=3" "$h1/eth0=0"
	log_test "unknown unicast goes to all other ports"
	from_h1 -c 3 "$h2/eth0=3" "$h3/eth0=3" "$h1/eth0=0"
	log_test "broadcast goes to all other ports"
	from_h1 -d "$GROUP" -c 3 "$h2/eth0=3" "$h3/eth0=3" "$h1/eth0=0"
	log_test "multicast goes to all other ports"
}

learned_unicast()
{
	forget
	succeeds frame -i "$h2/eth0" -s "$M2" "$h1/eth0=1" "$h3/eth0=1"
	wait_for has_fdb "$sw" "$M2" h2
	from_h1 -d "$M2" -c 5 "$h2/eth0=5" "$h3/eth0=0" "$h1/eth0=0"
	log_test "unicast to a learned address goes to its port only"
}

moved_host()
{
	local moved

	forget
	succeeds frame -i "$h2/eth0" -s "$M2" "$h1/eth0=1"
	moved=$(port_stat "$sw" h3 moved)
	succeeds frame -i "$h3/eth0" -s "$M2" "$h1/eth0=1"
	wait_for has_fdb "$sw" "$M2" h3
	from_h1 -d "$M2" -c 5 "$h2/eth0=0" "$h3/eth0=5"
	expect_eq "$(port_stat "$sw" h3 moved)" $((moved + 1)) "moves counted"
	succeeds frame -i "$h2/eth0" -s "$M2" "$h1/eth0=1"
	from_h1 -d "$M2" -c 5 "$h2/eth0=5" "$h3/eth0=0"
	log_test "a host that moves to another port is found there"
}

learning_off()
{
	forget
	set_port h2 learning off
	succeeds frame -i "$h2/eth0" -s "$M2" "$h1/eth0=1"
	fails has_fdb "$sw" "$M2"
	from_h1 -d "$M2" -c 2 "$h2/eth0=2" "$h3/eth0=2"
	set_port h2 learning on
	succeeds frame -i "$h2/eth0" -s "$M2" "$h1/eth0=1"
	from_h1 -d "$M2" -c 2 "$h2/eth0=2" "$h3/eth0=0"
	log_test "nothing is learned on a port with learning off"
}

hairpin()
{
	forget
	from_h1 -d "$M3" "$h2/eth0=1"
	drops h1 same-port
	succeeds frame -i "$h1/eth0" -s 02:00:00:00:00:0a -d "$M1" -c 4 \
		"$h1/eth0=0" "$h2/eth0=0" "$h3/eth0=0"
	drops h1 same-port
	expect_eq "$drop_delta" 4 "same-port drops"
	log_test "a frame does not leave by the port it came from"

	set_port h1 hairpin on
	succeeds frame -i "$h1/eth0" -s 02:00:00:00:00:0a -d "$M1" -c 4 "$h1/eth0=4" "$h2/eth0=0"
	succeeds frame -i "$h1/eth0" -s 02:00:00:00:00:0a -c 4 "$h1/eth0=4" "$h2/eth0=4"
	drops h1 same-port
	expect_eq "$drop_delta" 0 "same-port drops"
	set_port h1 hairpin off
	log_test "with hairpin it does"
}

isolation()
{
	forget
	set_port h1 isolated on
	set_port h2 isolated on
	drops h1 isolated
	from_h1 -c 3 "$h2/eth0=0" "$h3/eth0=3"
	succeeds frame -i "$h2/eth0" -s "$M2" -c 3 "$h1/eth0=0" "$h3/eth0=3"
	from_h1 -d "$M2" -c 3 "$h2/eth0=0" "$h3/eth0=0"
	drops h1 isolated
	expect_eq "$drop_delta" 3 "isolated drops"
	log_test "isolated ports exchange no frames"

	succeeds frame -i "$h3/eth0" -s "$M3" -d "$M2" -c 3 "$h2/eth0=3"
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$M3" -c 3 "$h3/eth0=3"
	set_port h2 isolated off
	from_h1 -d "$M2" -c 3 "$h2/eth0=3"
	set_port h1 isolated off
	log_test "isolated ports exchange frames with others"
}

# flag_case FLAG DESTINATION OTHER-DESTINATION: h2 gets none of the first with
# the flag off, and all of the other
flag_case()
{
	local flag=$1 dest=$2 other=$3

	forget
	set_port h2 "$flag" off
	from_h1 -d "$dest" -c 3 "$h2/eth0=0" "$h3/eth0=3"
	from_h1 -d "$other" -c 3 "$h2/eth0=3" "$h3/eth0=3"
	set_port h3 "$flag" off
	drops h1 no-destination
	from_h1 -d "$dest" -c 3 "$h2/eth0=0" "$h3/eth0=0"
	drops h1 no-destination
	if [ "$flag" = flood ]; then
		expect_eq "$drop_delta" 3 "no-destination drops"
	else
		expect_eq "$drop_delta" 0 "no-destination drops of what the host gets"
	fi
	set_port h2 "$flag" on
	from_h1 -d "$dest" -c 3 "$h2/eth0=3" "$h3/eth0=0"
	set_port h3 "$flag" on
	log_test "$flag off keeps back what it should, and nothing else"
}

flood_flag()
{
	flag_case flood 02:00:00:00:0f:0f "$GROUP"
	set_port h2 flood off
	succeeds frame -i "$h2/eth0" -s "$M2" "$h1/eth0=1"
	from_h1 -d "$M2" -c 2 "$h2/eth0=2" "$h3/eth0=0"
	set_port h2 flood on
	log_test "with flood off a known address is still reached"
}

mcast_flood_flag()
{
	flag_case mcast-flood "$GROUP" ff:ff:ff:ff:ff:ff
}

bcast_flood_flag()
{
	flag_case bcast-flood ff:ff:ff:ff:ff:ff "$GROUP"
}

reserved_addresses()
{
	local n

	drops h1 reserved-address
	for n in 0 2 3 4 5 6 7 8 9 a b c d e f; do
		from_h1 -t 88cc -d "01:80:c2:00:00:0$n" "$h2/eth0=0" "$h3/eth0=0" \
			"$sw/vs0=0" $(port_gets h1 1)
	done
	kept_back 15
	log_test "reserved addresses end at the port's own device"
	from_h1 -t 88cc -d 01:80:c2:00:00:10 "$h2/eth0=1" "$h3/eth0=1" "$sw/vs0=1"
	log_test "the next address is an ordinary group"
}

# kept_back N: frames to reserved addresses since it was asked. A vnic has no
# device on this side that could have them: they are dropped.
kept_back()
{
	local lost=0

	is_vnic h1 && lost=$1
	drops h1 reserved-address
	expect_eq "$drop_delta" "$lost" "reserved-address drops"
}

group_fwd_mask()
{
	drops h1 reserved-address
	set_port h1 group-fwd-mask 0x4008
	from_h1 -t 88cc -d 01:80:c2:00:00:0e -c 2 "$h2/eth0=2" "$h3/eth0=2" "$sw/vs0=2"
	from_h1 -t 888e -d 01:80:c2:00:00:03 -c 2 "$h2/eth0=2" "$h3/eth0=2" "$sw/vs0=2"
	from_h1 -t 88cc -d 01:80:c2:00:00:0d -c 2 "$h2/eth0=0" "$h3/eth0=0" \
		$(port_gets h1 2) "$sw/vs0=0"
	succeeds frame -i "$h2/eth0" -t 88cc -d 01:80:c2:00:00:0e "$h1/eth0=0" $(port_gets h2 1)
	set_port h1 group-fwd-mask 0
	from_h1 -t 88cc -d 01:80:c2:00:00:0e "$h2/eth0=0" $(port_gets h1 1)
	kept_back 3
	log_test "group-fwd-mask forwards what it names, on its port"
}

pause()
{
	drops h1 reserved-address
	from_h1 -t 8808 -d 01:80:c2:00:00:01 -c 3 "$h2/eth0=0" "$h3/eth0=0" $(port_gets h1 0)
	drops h1 reserved-address
	expect_eq "$drop_delta" 3 "reserved-address drops"
	log_test "pause frames are dropped"
}

host_port()
{
	local mac old

	ip -n "$sw" addr add 192.0.2.100/24 dev vs0
	ip -n "$sw" addr add 2001:db8:1::100/64 dev vs0 nodad
	succeeds in_ns "$h1" ping -q -c 2 -i 0.2 -W 10 192.0.2.100
	succeeds in_ns "$sw" ping -q -c 2 -i 0.2 -W 10 192.0.2.3
	succeeds in_ns "$h2" ping -q -c 2 -i 0.2 -W 10 2001:db8:1::100
	succeeds in_ns "$sw" ping -q -c 2 -i 0.2 -W 10 2001:db8:1::1
	log_test "the host is reached by addresses on the switch, and reaches"
	quiet

	mac=$(device_json "$sw" vs0 .address)
	from_h1 -d "$mac" -c 3 "$sw/vs0=3" "$h2/eth0=0" "$h3/eth0=0"
	if is_vnic h2; then
		forget
		from_h1 -d "$M2" -c 3 "$sw/vs0=0" "$h2/eth0=3" "$h3/eth0=3"
	else
		from_h1 -d 02:00:00:00:01:02 -c 3 "$sw/vs0=3" "$h2/eth0=0" "$h3/eth0=0"
	fi
	log_test "frames to the switch's and its ports' MACs go to the host only"

	ip -n "$sw" link set vs0 address 02:00:00:00:02:01
	from_h1 -d 02:00:00:00:02:01 -c 3 "$sw/vs0=3" "$h2/eth0=0"
	# It was a port's, which is still there; with vnics only it was nobody else's.
	old=("$sw/vs0=3" "$h2/eth0=0")
	is_vnic h1 && old=("$sw/vs0=0" "$h2/eth0=3")
	from_h1 -d "$mac" -c 3 "${old[@]}"
	if ! is_vnic h2; then
		ip -n "$sw" link set h2 address 02:00:00:00:02:02
		from_h1 -d 02:00:00:00:02:02 -c 3 "$sw/vs0=3" "$h2/eth0=0"
		from_h1 -d 02:00:00:00:01:02 -c 3 "$sw/vs0=0" "$h2/eth0=3"
		ip -n "$sw" link set h2 address 02:00:00:00:01:02
	else
		# What a vnic is called is its own affair: the host gets none of it.
		ip -n "$h2" link set eth0 address 02:00:00:00:02:02
		succeeds frame -i "$h2/eth0" -s 02:00:00:00:02:02 "$h1/eth0=1"
		from_h1 -d 02:00:00:00:02:02 -c 3 "$sw/vs0=0" "$h2/eth0=3" "$h3/eth0=0"
		ip -n "$h2" link set eth0 address "$M2"
	fi
	log_test "local addresses follow the devices'"

	forget
	from_h1 "$sw/vs0=1"
	succeeds frame -i "$sw/vs0" -s 02:00:00:00:02:01 -d "$M1" -c 3 "$h1/eth0=3" "$h2/eth0=0"
	succeeds frame -i "$sw/vs0" -s 02:00:00:00:02:01 -d "$M2" -c 3 "$h2/eth0=3" "$h3/eth0=3"
	succeeds frame -i "$sw/vs0" -s 02:00:00:00:02:01 -c 3 "$h1/eth0=3" "$h2/eth0=3"
	fails has_fdb "$sw" 02:00:00:00:02:01 h1
	succeeds frame -i "$sw/vs0" -d 02:00:00:00:02:01 -c 3 "$h1/eth0=0" "$h2/eth0=0" "$sw/vs0=0"
	expect_eq "$(port_drops "$sw" vs0 same-port)" 3 "drops of what the host sends to itself"
	log_test "the host's own frames are switched"
}

host_promisc()
{
	forget
	from_h1 "$h2/eth0=1"
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$M1" "$h1/eth0=1"
	from_h1 -d "$M2" "$h2/eth0=1" "$sw/vs0=0"
	from_h1 -d 02:00:00:00:0f:0f "$h2/eth0=1" "$sw/vs0=0"
	ip -n "$sw" link set vs0 promisc on
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$h3/eth0=0" "$sw/vs0=3"
	from_h1 -d 02:00:00:00:0f:0f -c 3 "$h2/eth0=3" "$h3/eth0=3" "$sw/vs0=3"
	ip -n "$sw" link set vs0 promisc off
	from_h1 -d "$M2" "$h2/eth0=1" "$sw/vs0=0"
	log_test "a promiscuous host sees what passes"
}

host_multicast()
{
	from_h1 -d "$GROUP" -c 2 "$sw/vs0=2" "$h2/eth0=2" "$h3/eth0=2"
	from_h1 -c 2 "$sw/vs0=2" "$h2/eth0=2" "$h3/eth0=2"
	log_test "the host gets multicast and broadcast"
}

switch_down()
{
	local host received

	ip -n "$sw" link set vs0 down
	for host in h1 h2 h3; do
		! is_vnic "$host" || wait_for no_carrier "${!host}" eth0
	done
	drops h1 switch-down
	received=$(port_stat "$sw" h1 rx-packets)
	from_h1 -c 3 "$h2/eth0=0" "$h3/eth0=0" "$sw/vs0=0"
	drops h1 switch-down
	if is_vnic h1; then
		# No carrier: they went no further than the container's own stack.
		expect_eq "$drop_delta" 0 "switch-down drops"
		expect_eq "$(port_stat "$sw" h1 rx-packets)" "$received" "frames that came in"
	else
		expect_eq "$drop_delta" 3 "switch-down drops"
	fi
	ip -n "$sw" link set vs0 up
	wait_for carrier "$sw" vs0
	for host in h1 h2 h3; do
		wait_for carrier "${!host}" eth0
	done
	from_h1 -c 3 "$h2/eth0=3" "$h3/eth0=3" "$sw/vs0=3"
	log_test "a switch that is down forwards nothing"
}

port_down()
{
	forget
	# Its own stack may have said something since.
	vsw -n "$sw" fdb replace "$M2" dev h2 static
	port_link h2 down
	drops h2 port-down
	from_h1 -d "$M2" -c 3 "$h2/eth0=0" "$h3/eth0=0"
	drops h2 port-down
	expect_eq "$drop_delta" 3 "port-down drops"
	from_h1 -c 3 "$h2/eth0=0" "$h3/eth0=3"
	port_link h2 up
	wait_for carrier "$h2" eth0
	busywait "$WAIT" port_forwards h2
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$h3/eth0=0"
	vsw -n "$sw" fdb del "$M2" dev h2
	log_test "nothing leaves by a port that is down"
}

port_forwards()
{
	[ "$(port_json "$sw" "$1" .forwarding)" = true ]
}

invalid_sources()
{
	local mac

	forget
	drops h1 invalid-source
	for mac in 00:00:00:00:00:00 01:00:5e:00:00:05 ff:ff:ff:ff:ff:ff; do
		succeeds frame -i "$h1/eth0" -s "$mac" -c 2 "$h2/eth0=0" "$h3/eth0=0" "$sw/vs0=0"
		fails has_fdb "$sw" "$mac"
	done
	drops h1 invalid-source
	expect_eq "$drop_delta" 6 "invalid-source drops"
	log_test "frames from no valid address are dropped and not learned"
}

two_switches()
{
	ip -n "$sw" link add vs1 up type vswitch
	if is_vnic h3; then
		succeeds vsw -n "$sw" port del h3
		succeeds add_vnic h3 vs1
		wait_for carrier "$h3" eth0
	else
		ip -n "$sw" link set h3 master vs1
	fi
	from_h1 -c 3 "$h2/eth0=3" "$h3/eth0=0" "$sw/vs1=0"
	from_h1 -d "$M3" -c 3 "$h2/eth0=3" "$h3/eth0=0" "$sw/vs1=0"
	log_test "switches keep apart"

	ip -n "$sw" -b - <<-END
		link add j0 type veth peer name j1
		link set j0 master vs0 up
		link set j1 master vs1 up
	END
	wait_for port_forwards j0
	wait_for port_forwards j1
	from_h1 -c 3 "$h2/eth0=3" "$h3/eth0=3"
	succeeds in_ns "$h1" ping -q -c 2 -i 0.2 -W 10 192.0.2.3
	log_test "switches joined by a pair exchange frames"
}

run_tests
