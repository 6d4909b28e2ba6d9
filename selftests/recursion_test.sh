#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Switches upon switches: by pairs, by vnics with something on top of them, in
# chains, in circles and deep. What is no circle passes whole; a circle by devices
# that stand on each other is refused; any other wears itself out in queues that
# have an end, counts what it loses there, and is over when it is cut. In no case
# does the stack grow with the number of switches.
#
#   $a:eth0 === port-a:s0:... whatever ...:sN:port-b === $b:eth0      (veths or vnics)

# shellcheck disable=SC2317
ALL_TESTS="chain_of_pairs ladder_of_vlans ladder_of_macvlans tunnel_on_ladder
	circles_refused bond_on_tap vnic_in_bridge ring mesh bridge_and_switch
	ring_with_macvlan redirected"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq tc
require_vswitch
load_kind veth dummy bond macvlan 8021q bridge tun act_mirred cls_matchall sch_ingress
# 2: without the devices that it makes at once in each namespace
defer sysctl -q "net.core.fb_tunnels_only_for_init_net=$(sysctl -n net.core.fb_tunnels_only_for_init_net)"
sysctl -q net.core.fb_tunnels_only_for_init_net=2
[ -d /sys/module/ip_gre ] || defer modprobe -r ip_gre
load_kind ip_gre

MA=02:00:00:00:00:0a
MB=02:00:00:00:00:0b
COUNT=50

on_fail()
{
	vsw -s -n "$sw" port show
}

# begin KINDA KINDB SWITCH...: those switches, $a's eth0 at the first and $b's at the last
begin()
{
	local kinds=("$1" "$2") name end=0 at

	shift 2
	setup_ns sw a b
	# shellcheck disable=SC2154
	: "$sw" "$a" "$b"
	for name; do
		ip -n "$sw" link add "$name" up type vswitch || return
	done
	for name in a b; do
		at=$1
		[ "$name" = a ] || at=${*: -1}
		host "${kinds[end]}" "$name" "$at" "02:00:00:00:00:0$name" "192.0.2.$((end + 1))/24"
		end=$((end + 1))
	done
	check_err $? "no hosts"
}

# host KIND NAME SWITCH MAC ADDRESS
host()
{
	local kind=$1 name=$2 ns=${!2}

	if [ "$kind" = vnic ]; then
		succeeds vsw -n "$sw" port add eth0 type vnic switch "$3" netns "$ns" address "$4" alias "port-$name"
	else
		succeeds ip -n "$sw" link add "port-$name" type veth peer name eth0 address "$4" netns "$ns"
		succeeds ip -n "$sw" link set "port-$name" up master "$3"
	fi
	succeeds ip -n "$ns" link set eth0 up
	succeeds ip -n "$ns" addr add "$5" dev eth0
	wait_for carrier "$ns" eth0
}

finish()
{
	cleanup_ns "$sw" "$a" "$b"
	log_test "$1"
}

# join S1 S2: two switches by a pair
join()
{
	ip -n "$sw" -b - <<-END
		link add $1-$2 type veth peer name $2-$1
		link set $1-$2 up master $1
		link set $2-$1 up master $2
	END
	check_err $? "$1 and $2 can't be joined"
	wait_for carrier "$sw" "$1-$2"
}

# total FILTER: of the counters of all ports in $sw
total()
{
	vsw -j -s -n "$sw" port show | jq "[.[].stats | $1] | add // 0"
}

drops()
{
	total .drops
}

# pass: exact counts from end to end, both ways, and no drop on the way
pass()
{
	local before

	succeeds frame -i "$a/eth0" -s "$MA" -c "$COUNT" "$b/eth0=$COUNT"
	succeeds frame -i "$b/eth0" -s "$MB" -c "$COUNT" "$a/eth0=$COUNT"
	before=$(drops)
	succeeds frame -i "$a/eth0" -s "$MA" -d "$MB" -c "$COUNT" "$b/eth0=$COUNT"
	succeeds frame -i "$b/eth0" -s "$MB" -d "$MA" -c "$COUNT" -l 1514 "$a/eth0=$COUNT"
	expect_eq "$(drops)" "$before" "drops on the way"
}

# pings NS ADDRESS: all come back. The answer is sent from deep in the softirq that
# has received the question.
pings()
{
	local out

	out=$(in_ns "$1" ping -q -c 20 -i 0.05 -s 1300 -W 10 "$2")
	check_err $? "no answer from $2: $out"
	[[ $out == *" 20 received"* ]]
	check_err $? "answers from $2 are missing: $out"
}

# A line of as many switches as one likes: each pair is a queue.
chain_of_pairs()
{
	local kind i n=16 names

	for kind in veth vnic; do
		names=$(seq -f s%g 0 $((n - 1)))
		# shellcheck disable=SC2086  # many words
		begin $kind $kind $names
		for ((i = 1; i < n; i++)); do
			join "s$((i - 1))" "s$i"
		done
		pass
		pings "$a" 192.0.2.2
		finish "$n switches in a line by pairs, ends are ${kind}s"
	done
}

# ladder KIND WORD...: on top of s0 a vnic, on it a device of KIND, which is a port
# of s1, and so on until the core says that it is enough. $height is the number of
# switches that may still have a vnic, and s$height, if $top is y, one that has but
# itself: the highest.
ladder()
{
	local out i

	height=1
	top=n
	for ((i = 0; i < 10; i++)); do
		succeeds ip -n "$sw" link add link "s$i" name "v$i" up type vnic
		out=$(ip -n "$sw" link add link "v$i" name "t$i" up type "$@" 2>&1) || break
		ip -n "$sw" link add "s$((i + 1))" up type vswitch
		out=$(ip -n "$sw" link set "t$i" master "s$((i + 1))" 2>&1) || break
		wait_for carrier "$sw" "t$i"
		out=$(ip -n "$sw" link add link "s$((i + 1))" name try type vnic 2>&1) || {
			top=y
			break
		}
		ip -n "$sw" link del try
		height=$((height + 1))
	done
	[[ $out == *"too many devices are stacked"* || $out == *"Too many links"* ]]
	check_err $? "the ladder ended at $height switches for another reason: $out"
	expect_ge "$height" 2 "switches on each other"
	echo "# $height switches with vnics on each other, one more without: $top"
}

ladder_of_vlans()
{
	local i dev=eth0

	begin veth veth s0
	ip -n "$sw" link del port-b
	ladder vlan id 5
	host vnic b "s$((height - 1))" "$MB" 192.0.2.2/24
	# The bottom has a tag for each level.
	succeeds ip -n "$a" addr flush dev eth0
	for ((i = 1; i < height; i++)); do
		succeeds ip -n "$a" link add link "$dev" name "l$i" up type vlan id 5
		dev=l$i
	done
	succeeds ip -n "$a" addr add 192.0.2.1/24 dev "$dev"
	pings "$a" 192.0.2.2
	pings "$b" 192.0.2.1
	succeeds frame -i "$a/$dev" -s "$MA" -c "$COUNT" "$b/eth0=$COUNT"
	succeeds frame -i "$b/eth0" -s "$MB" -c "$COUNT" "$a/$dev=$COUNT"
	finish "switch on VLAN on vnic on switch, until the core refuses more"
}

macvlan_ladder()
{
	begin veth veth s0
	ip -n "$sw" link del port-b
	ladder macvlan mode passthru
	host vnic b "s$((height - 1))" "$MB" 192.0.2.2/24
}

ladder_of_macvlans()
{
	macvlan_ladder
	pass
	pings "$a" 192.0.2.2
	pings "$b" 192.0.2.1
	expect_eq "$top" y "is there one on top"
	succeeds ip -n "$sw" addr add 192.0.2.3/24 dev "s$height"
	pings "$a" 192.0.2.3
	pings "$b" 192.0.2.3
	finish "switch on macvlan on vnic on switch, until the core refuses more"
}

# On top of all that a tunnel, which goes through IP once more.
tunnel_on_ladder()
{
	macvlan_ladder
	succeeds ip -n "$a" link add g1 up type gretap local 192.0.2.1 remote 192.0.2.2
	succeeds ip -n "$b" link add g1 up type gretap local 192.0.2.2 remote 192.0.2.1
	# and a switch on the tunnel, with a vnic
	succeeds ip -n "$b" link add top up type vswitch
	succeeds ip -n "$b" link set g1 master top
	succeeds ip -n "$b" link add link top name vtop up type vnic
	succeeds ip -n "$a" addr add 198.51.100.1/24 dev g1
	succeeds ip -n "$b" addr add 198.51.100.2/24 dev vtop
	pings "$a" 198.51.100.2
	pings "$b" 198.51.100.1
	finish "a vnic of a switch on a tunnel on that ladder"
}

circles_refused()
{
	begin veth veth s0 s1
	succeeds ip -n "$sw" link add link s0 name v0 up type vnic
	refused "is a port already" ip -n "$sw" link set v0 master s1
	succeeds ip -n "$sw" link add link v0 name t0 up type macvlan mode passthru
	refused "on top of the switch itself" ip -n "$sw" link set t0 master s0
	succeeds ip -n "$sw" link set t0 master s1
	succeeds ip -n "$sw" link add link s1 name v1 up type vnic
	succeeds ip -n "$sw" link add link v1 name t1 up type vlan id 5
	refused "on top of the switch itself" ip -n "$sw" link set t1 master s1
	refused "on top of the switch itself" ip -n "$sw" link set t1 master s0
	refused "join them by a veth pair" ip -n "$sw" link set s1 master s0
	# A bridge with a vnic in it can't be a port; nor a switch be in a bridge below its own vnic.
	succeeds ip -n "$sw" link add br0 up type bridge
	succeeds ip -n "$sw" link set t1 master br0
	refused "" ip -n "$sw" link set br0 master s0
	pass_alive
	finish "circles of devices that stand on each other are refused"
}

# pass_alive: $a reaches the host port of s0
pass_alive()
{
	succeeds frame -i "$a/eth0" -s "$MA" -c 5 "$sw/s0=5"
}

bond_on_tap()
{
	local log wire

	begin vnic veth s0
	ip -n "$sw" link del port-b
	log=$(mktemp)
	bg tapwire "$sw/tap0" "$b/eth0" > "$log"
	wire=$!
	wait_for grep -q ready "$log"
	rm -f "$log"
	ip -n "$sw" -b - <<-END
		link add bond0 type bond mode active-backup miimon 100
		link set tap0 down
		link set tap0 master bond0
		link set bond0 up
		link add link bond0 name bond0.7 up type vlan id 7
		link set bond0.7 master s0
	END
	check_err $? "no bond on a tap"
	ip -n "$b" -b - <<-END
		link set eth0 up
		link add link eth0 name l7 address $MB up type vlan id 7
		addr add 192.0.2.2/24 dev l7
	END
	check_err $? "no VLAN at the other end"
	wait_for carrier "$sw" bond0.7
	wait_for carrier "$b" l7
	succeeds frame -i "$a/eth0" -s "$MA" -c "$COUNT" "$b/l7=$COUNT"
	succeeds frame -i "$b/l7" -s "$MB" -d "$MA" -c "$COUNT" "$a/eth0=$COUNT"
	succeeds frame -i "$a/eth0" -s "$MA" -d "$MB" -c "$COUNT" -l 1514 "$b/l7=$COUNT"
	pings "$a" 192.0.2.2
	pings "$b" 192.0.2.1
	# a second floor: macvlan on a vnic beside it, port of another switch with a vnic
	succeeds ip -n "$sw" link add link s0 name v0 up type vnic
	succeeds ip -n "$sw" link add link v0 name t0 up type macvlan mode passthru
	succeeds ip -n "$sw" link add s1 up type vswitch
	succeeds ip -n "$sw" link set t0 master s1
	succeeds ip -n "$sw" link add link s1 name v1 up type vnic
	succeeds ip -n "$sw" addr add 192.0.2.3/24 dev v1
	wait_for carrier "$sw" v1
	pings "$b" 192.0.2.3
	bg_stop "$wire"
	finish "vnic over switch over VLAN over bond over tap, and one floor more"
}

vnic_in_bridge()
{
	begin vnic vnic s0 s1
	ip -n "$sw" -b - <<-END
		link add br0 up type bridge
		link add link s0 name v0 up type vnic
		link add link s1 name v1 up type vnic
		link set v0 master br0
		link set v1 master br0
	END
	check_err $? "no vnics in a bridge"
	pass
	pings "$a" 192.0.2.2
	# and macvlans on a vnic
	succeeds ip -n "$b" link add link eth0 name m0 address 02:00:00:00:00:1b up type macvlan mode bridge
	succeeds ip -n "$b" addr flush dev eth0
	succeeds ip -n "$b" addr add 192.0.2.2/24 dev m0
	pings "$a" 192.0.2.2
	succeeds frame -i "$a/eth0" -s "$MA" -d 02:00:00:00:00:1b -c "$COUNT" "$b/m0=$COUNT"
	succeeds frame -i "$b/m0" -s 02:00:00:00:00:1b -d "$MA" -c "$COUNT" "$a/eth0=$COUNT"
	finish "two switches' vnics in one bridge, macvlan on a vnic"
}

# still: nothing is received by any port for a moment
still()
{
	local before

	before=$(total '.["rx-packets"]')
	sleep 0.3
	[ "$(total '.["rx-packets"]')" = "$before" ]
}

# storm CUT...: broadcasts go round; the machine does what it is told meanwhile,
# what is lost is counted, and after CUT it is over and all is exact again.
storm()
{
	local others

	succeeds frame -i "$a/eth0" -s "$MA" -c 20
	wait_for not still
	# Something with RTNL, with grace periods, and with the storm's own switch
	succeeds ip -n "$sw" link add dz up type dummy
	succeeds ip -n "$sw" link set dz master s0
	succeeds ip -n "$sw" link del dz
	if [ "$multiplies" = y ]; then
		wait_for eval "[ \$(total '[.drop[]? | select(.reason == \"tx-refused\") | .packets] | add // 0') -gt 0 ]"
	fi
	others=$(total '[.drop[]? | select(.reason != "tx-refused" and .reason != "port-down" and .reason != "no-destination" and .reason != "same-port") | .packets] | add // 0')
	expect_eq "$others" 0 "drops for other reasons than that a queue was full"
	succeeds "$@"
	wait_for still
	for name in $(vsw -j -n "$sw" switch show | jq -r '.[].name'); do
		succeeds vsw -n "$sw" fdb flush switch "$name"
	done
	pass
}

# cut DEVICE...: all in one go
cut()
{
	printf 'link del %s\n' "$@" | ip -n "$sw" -b -
}

ring()
{
	begin veth vnic s0 s1 s2 s3
	join s0 s1
	join s1 s2
	join s2 s3
	join s3 s0
	multiplies=n
	storm cut s3-s0
	finish "a ring of switches, cut"
}

# What multiplies fills the queue of its processor, for good. The core serves that
# for up to two ticks with each tick, so that a single processor has no time left
# for anything else, whoever sends: this leaves it some.
leave_time()
{
	local name

	for name in dev_weight netdev_budget; do
		defer sysctl -q "net.core.$name=$(sysctl -n "net.core.$name")"
		succeeds sysctl -q "net.core.$name=4"
	done
}

# Each switch sends on two for one: the queue's end is all that stops it.
mesh()
{
	leave_time
	begin vnic veth s0 s1 s2 s3
	join s0 s1
	join s1 s2
	join s2 s3
	join s3 s0
	join s0 s2
	join s1 s3
	multiplies=y
	storm cut s3-s0 s0-s2 s1-s3
	finish "all switches joined to all, cut"
}

# Two vnics of one switch in one bridge
bridge_and_switch()
{
	leave_time
	begin vnic veth s0
	ip -n "$sw" -b - <<-END
		link add br0 up type bridge
		link add link s0 name v0 up type vnic
		link add link s0 name v1 up type vnic
		link add link s0 name v2 up type vnic
		link set v0 master br0
		link set v1 master br0
		link set v2 master br0
	END
	check_err $? "no vnics in a bridge"
	multiplies=y
	storm cut br0
	finish "a switch and a bridge joined by three vnics, cut"
}

# Down by a macvlan on a vnic, back by a pair
ring_with_macvlan()
{
	begin veth vnic s0 s1
	join s0 s1
	succeeds ip -n "$sw" link add link s0 name v0 up type vnic
	succeeds ip -n "$sw" link add link v0 name t0 up type macvlan mode passthru
	succeeds ip -n "$sw" link set t0 master s1
	multiplies=n
	storm cut t0
	finish "two switches joined by a pair and by a macvlan on a vnic, cut"
}

# What leaves by a port is sent into the switch again, with nothing that queues:
# the core bounds how deep tc may send into itself.
redirected()
{
	begin veth veth s0
	ip -n "$sw" -b - <<-END
		link add d0 up type dummy
		link set d0 master s0
		link add link s0 name v0 up type vnic
	END
	succeeds tc -n "$sw" qdisc add dev d0 clsact
	succeeds tc -n "$sw" filter add dev d0 egress matchall action mirred egress redirect dev v0
	succeeds frame -i "$a/eth0" -s "$MA" -c 10 "$sw/s0"
	wait_for still
	expect_ge "$(port_stat "$sw" v0 rx-packets)" 10 "frames that came back"
	expect_ge 100 "$(port_stat "$sw" v0 rx-packets)" "the most that may come back of 10"
	succeeds tc -n "$sw" qdisc del dev d0 clsact
	succeeds vsw -n "$sw" fdb flush switch s0
	pass
	finish "a port whose frames tc sends into the same switch"
}

run_tests
