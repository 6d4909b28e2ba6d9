#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Mirrors: what is copied and what is not, where copies go, and that they never
# harm what they are copies of. The topology is the star of lib.sh; h1 and h3 have
# a veth, h2 and h4 a vnic, and there is a host at a device that is no port:
#
#   h1:eth0 --- h1:vs0:h3 --- h3:eth0        m0 --- $mon:eth0
#   h2:eth0 ------' '-------- h4:eth0

# shellcheck disable=SC2317,SC2154 # run_tests calls them; setup_ns assigns
ALL_TESTS="sources_and_destinations several_sources host_port vlans tags dropped_ones
	output_port forwarding_output truncated sampled
	destination_down destination_gone name_taken moves_on_top becomes_a_port
	port_gone answers crosswise back_by_a_pair
	remote tunnel_through_the_switch segments refusals events namespace_gone"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq tcpdump arping
require_vswitch
load_kind veth dummy
# 2: without the devices that it makes at once in each namespace
defer sysctl -q "net.core.fb_tunnels_only_for_init_net=$(sysctl -n net.core.fb_tunnels_only_for_init_net)"
sysctl -q net.core.fb_tunnels_only_for_init_net=2
[ -d /sys/module/ip_gre ] || defer modprobe -r ip_gre
load_kind ip_gre
ADAPTERS=mixed star h1 h2 h3 h4 || exit 1
setup_ns mon
ip -n "$sw" link add m0 up type veth peer name eth0 netns "$mon"
ip -n "$mon" link set eth0 up
busywait "$WAIT" carrier "$sw" m0

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
M3=02:00:00:00:00:03
tmp=$(mktemp -d)
defer rm -rf "$tmp"

on_fail()
{
	vsw -s -n "$sw" mirror show
	vsw -s -n "$sw" port show
}

# mirror WORD...: makes the mirror "m" anew
mirror()
{
	vsw -n "$sw" mirror del m switch vs0 2>/dev/null
	succeeds vsw -n "$sw" mirror add m switch vs0 "$@"
}

unmirror()
{
	succeeds vsw -n "$sw" mirror del m
}

# Everybody is known, so that nothing is flooded but what is meant to be.
known()
{
	succeeds vsw -n "$sw" -b - <<-END
		fdb replace $M1 dev h1 static
		fdb replace $M2 dev h2 static
	END
}

# from_h1 [OPTION]... RECEIVER..., from_h2 likewise
from_h1()
{
	succeeds frame -i "$h1/eth0" -s "$M1" "$@"
}

from_h2()
{
	succeeds frame -i "$h2/eth0" -s "$M2" "$@"
}

# mirror_json FILTER
mirror_json()
{
	first_values "$1" "$(vsw -j -s -n "$sw" mirror show m)"
}

# copied N [DROPPED]: what the mirror says it has copied
copied()
{
	expect_eq "$(mirror_json '.stats["tx-packets"], .stats["drops"]')" "$1"$'\n'"${2:-0}" \
		"copied and dropped"
}

sources_and_destinations()
{
	local to at

	known
	mirror from dev h1 in to dev h3
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$h3/eth0=3"
	from_h2 -d "$M1" -c 3 "$h1/eth0=3" "$h3/eth0=0"
	copied 3
	log_test "what comes in by a veth"
	mirror from dev h1 out to dev h4
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$h4/eth0=0"
	from_h2 -d "$M1" -c 3 "$h1/eth0=3" "$h4/eth0=3"
	copied 3
	log_test "what leaves by a veth"
	for to in "dev h3" "dev h4" "netdev m0"; do
		at=${to#* }
		[ "$at" = m0 ] && at=mon
		at=${!at}/eth0
		# shellcheck disable=SC2086 # two words
		mirror from dev h2 to $to
		from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$at=3"
		from_h2 -d "$M1" -c 2 "$h1/eth0=2" "$at=2"
		from_h1 -c 1 "$h1/eth0=0" "$h2/eth0=1" "$at=1"
		log_test "both ways of a vnic, to $to"
	done
	unmirror
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$h3/eth0=0" "$h4/eth0=0" "$mon/eth0=0"
	log_test "nothing is copied without a mirror"
}

several_sources()
{
	known
	mirror from dev h1 in dev h2 out to netdev m0
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$mon/eth0=6"
	from_h2 -d "$M1" -c 3 "$h1/eth0=3" "$mon/eth0=0"
	log_test "a frame is copied as it comes in, and once more as it leaves"
	succeeds vsw -n "$sw" mirror add n switch vs0 from dev h1 in to dev h3
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$mon/eth0=6" "$h3/eth0=3"
	succeeds vsw -n "$sw" mirror del n
	unmirror
	log_test "two mirrors copy the same frames to different places"
}

host_port()
{
	known
	ip -n "$sw" link set vs0 address 02:00:00:00:0f:01
	mirror from dev vs0 in to netdev m0
	succeeds frame -i "$sw/vs0" -s 02:00:00:00:0f:01 -d "$M1" -c 3 "$h1/eth0=3" "$mon/eth0=3"
	from_h1 -d 02:00:00:00:0f:01 -c 2 "$sw/vs0=2" "$mon/eth0=0"
	mirror from dev vs0 out to netdev m0
	from_h1 -d 02:00:00:00:0f:01 -c 2 "$sw/vs0=2" "$mon/eth0=2"
	unmirror
	log_test "what the host sends and gets"
}

vlans()
{
	known
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	succeeds vsw -n "$sw" port set h1 trunk 10,20 native 1
	succeeds vsw -n "$sw" port set h2 trunk 10,20 native 1
	mirror from vlan 10,30-40 to netdev m0
	from_h1 -v 10 -c 3 "$h2/eth0=3" "$mon/eth0=3"
	from_h1 -v 20 -c 3 "$h2/eth0=3" "$mon/eth0=0"
	from_h1 -c 3 "$h2/eth0=3" "$mon/eth0=0"
	from_h1 -v 30 -c 3 "$h2/eth0=0" "$mon/eth0=0"
	copied 3
	log_test "frames of a VLAN, and of no other"
	mirror from vlan 1 to netdev m0
	from_h1 -c 3 "$h2/eth0=3" "$mon/eth0=3"
	from_h2 -d "$M1" -c 2 "$h1/eth0=2" "$mon/eth0=2"
	add_vnic_port
	succeeds frame -i "$h5/eth0" -s 02:00:00:00:00:05 -d "$M1" -c 2 "$h1/eth0=2" "$mon/eth0=2"
	log_test "frames of a VLAN that have no tag, and of a port that comes later"
	mirror from vlan 10 dev h1 in to netdev m0
	from_h1 -v 10 -c 3 "$h2/eth0=3" "$mon/eth0=3"
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	from_h2 -v 10 -c 3 "$h1/eth0=3" "$mon/eth0=0"
	unmirror
	log_test "one that is a source twice is copied once; and there are no VLANs without filtering"
	succeeds vsw -n "$sw" port set h1 access 1
	succeeds vsw -n "$sw" port set h2 access 1
}

# A fifth host, with a vnic, in VLAN 1.
add_vnic_port()
{
	setup_ns h5
	succeeds vsw -n "$sw" port add eth0 type vnic switch vs0 netns "$h5" alias h5 \
		address 02:00:00:00:00:05
	ip -n "$h5" link set eth0 up
	wait_for carrier "$h5" eth0
}

tags()
{
	known
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	succeeds vsw -n "$sw" port set h1 trunk 10
	succeeds vsw -n "$sw" port set h2 access 10
	vsw -n "$sw" fdb flush switch vs0 static >/dev/null
	mirror from dev h1 in to dev h4
	from_h1 -v 10 -c 3 "$h2/eth0@=3" "$h4/eth0@10=3"
	mirror from dev h2 out to dev h3
	from_h1 -v 10 -c 3 "$h2/eth0@=3" "$h3/eth0@=3"
	mirror from dev h1 out to netdev m0
	from_h2 -c 3 "$h1/eth0@10=3" "$mon/eth0@10=3"
	log_test "copies have the tag that there was on the wire"
	mirror from dev h1 in to netdev m0
	from_h1 -v 88a8:100 -v 10 -c 3 "$mon/eth0@88a8:100,10=3"
	log_test "two tags"
	unmirror
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	succeeds vsw -n "$sw" port set h1 access 1
	succeeds vsw -n "$sw" port set h2 access 1
}

dropped_ones()
{
	local before

	known
	mirror from dev h1 in to netdev m0
	before=$(port_drops "$sw" h1 invalid-source)
	succeeds frame -i "$h1/eth0" -s 03:00:00:00:00:01 -c 3 "$h2/eth0=0" "$mon/eth0=3"
	expect_eq "$(port_drops "$sw" h1 invalid-source)" $((before + 3)) "dropped"
	succeeds vsw -n "$sw" port set h1 isolated on
	succeeds vsw -n "$sw" port set h2 isolated on
	from_h1 -d "$M2" -c 3 "$h2/eth0=0" "$mon/eth0=3"
	log_test "what is dropped as it comes in, is copied"
	mirror from dev h2 out to netdev m0
	from_h1 -d "$M2" -c 3 "$h2/eth0=0" "$mon/eth0=0"
	succeeds vsw -n "$sw" port set h1 isolated off
	succeeds vsw -n "$sw" port set h2 isolated off
	port_link h2 mtu 500
	from_h1 -d "$M2" -c 3 -l 600 "$h2/eth0=0" "$mon/eth0=0"
	port_link h2 mtu 1500
	unmirror
	log_test "what does not leave, is not copied as if it did"
}

output_port()
{
	local in out

	known
	succeeds vsw -n "$sw" fdb replace "$M3" dev h3 static
	mirror from dev h1 in to dev h3
	in=$(port_drops "$sw" h3 mirror-output)
	succeeds frame -i "$h3/eth0" -s "$M3" -d "$M2" -c 3 "$h2/eth0=0" "$h1/eth0=0"
	expect_eq "$(port_drops "$sw" h3 mirror-output)" $((in + 3)) "dropped as they came in"
	out=$((in + 3))
	from_h2 -d "$M3" -c 3 "$h3/eth0=0" "$h1/eth0=0"
	expect_eq "$(port_drops "$sw" h3 mirror-output)" $((out + 3)) "dropped as they would leave"
	from_h2 -c 3 "$h3/eth0=0" "$h1/eth0=3"
	expect_eq "$(port_json "$sw" h3 .forwarding)" false "state of the port"
	log_test "a port that copies go to takes and gives out nothing else"
	unmirror
	succeeds frame -i "$h3/eth0" -s "$M3" -d "$M2" -c 3 "$h2/eth0=3" "$h1/eth0=0"
	from_h2 -d "$M3" -c 3 "$h3/eth0=3"
	log_test "and is one for all again without the mirror"
}

forwarding_output()
{
	known
	mirror from dev h1 in to dev h3 forwarding on
	succeeds frame -i "$h3/eth0" -s "$M3" -d "$M2" -c 3 "$h2/eth0=3"
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$h3/eth0=3"
	from_h2 -d "$M3" -c 3 "$h3/eth0=3"
	succeeds vsw -n "$sw" mirror set m forwarding off
	from_h2 -d "$M3" -c 3 "$h3/eth0=0"
	unmirror
	log_test "a port with forwarding on takes and gives out other frames, too"
}


# listen DEV FILTER: tcpdump in $mon until heard
listen()
{
	: >"$tmp/said"
	bg ip netns exec "$mon" tcpdump -U -n -e -xx -i "$1" -w "$tmp/heard" "${@:2}" 2>"$tmp/said"
	listener=$!
	wait_for grep -q "listening on" "$tmp/said"
}

has_heard()
{
	[ "$(tcpdump --count -r "$tmp/heard" 2>/dev/null | sed 's/ packets*$//')" = "$1" ]
}

# heard N: frames, and no more
heard()
{
	wait_for has_heard "$1"
	kill -INT "$listener"
	wait "$listener"
	expect_eq "$(tcpdump --count -r "$tmp/heard" 2>/dev/null | sed 's/ packets*$//')" "$1" "frames heard"
}

# lengths: of the frames that were heard
lengths()
{
	tcpdump -n -e -r "$tmp/heard" 2>/dev/null | sed -n 's/.* length \([0-9]*\):.*/\1/p' | sort | uniq -c | xargs
}

truncated()
{
	known
	mirror from dev h1 in to netdev m0 truncate 100
	listen eth0 "ether src $M1 or (vlan and ether src $M1)"
	from_h1 -d "$M2" -c 3 -l 1000 "$h2/eth0=3"
	from_h1 -d "$M2" -c 2 -l 100 "$h2/eth0=2"
	from_h1 -d "$M2" -c 1 -l 99 "$h2/eth0=1"
	from_h1 -d "$M2" -v 10 -c 2 -l 101 "$h2/eth0=2"
	heard 8
	expect_eq "$(lengths)" "7 100 1 99" "lengths"
	expect_eq "$(tcpdump --count -r "$tmp/heard" "vlan 10" 2>/dev/null)" "2 packets" "with their tag"
	expect_eq "$(mirror_json '.stats["tx-bytes"]')" 799 "bytes copied"
	unmirror
	log_test "copies are cut off, with their tag, frames are not"
}

sampled()
{
	known
	mirror from dev h1 in to netdev m0 sample 5
	# on one processor, since each counts its own
	succeeds taskset 1 frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 24 "$h2/eth0=24" "$mon/eth0=4"
	succeeds taskset 1 frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 1 "$h2/eth0=1" "$mon/eth0=1"
	expect_eq "$(mirror_json '.stats["rx-packets"], .stats["tx-packets"]')" $'25\n5' "seen and copied"
	unmirror
	log_test "one frame in five is copied, the last of each"
}

# Frames pass all the same.
destination_down()
{
	known
	mirror from dev h1 in to netdev m0
	ip -n "$sw" link set m0 down
	wait_for is_state down
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$mon/eth0=0"
	copied 0 3
	expect_eq "$(vsw -j -s -n "$sw" mirror show m | jq -r '.[0].stats.drop[0].reason')" port-down "reason"
	ip -n "$sw" link set m0 up
	wait_for is_state active
	wait_for carrier "$mon" eth0
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$mon/eth0=3"
	copied 3 3
	unmirror
	log_test "a device that is down gets no copies, and does again when it is up"
	mirror from dev h1 in to netdev m0
	ip -n "$sw" link set m0 mtu 500
	from_h1 -d "$M2" -c 3 -l 600 "$h2/eth0=3" "$mon/eth0=0"
	from_h1 -d "$M2" -c 2 -l 500 "$h2/eth0=2" "$mon/eth0=2"
	copied 2 3
	ip -n "$sw" link set m0 mtu 1500
	unmirror
	log_test "nor what is too long for it"
}

is_state()
{
	[ "$(mirror_json .state)" = "$1" ]
}

# While frames are under way.
destination_gone()
{
	local before

	known
	ip -n "$sw" link add d7 up type dummy
	mirror from dev h1 dev h2 to netdev d7
	bg frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 0 -p 100
	before=$!
	wait_for has_copied 50
	succeeds ip -n "$sw" link del d7
	expect_eq "$(mirror_json .state)" gone "state"
	vsw -n "$sw" mirror show m | grep -q "destination gone"
	check_err $? "not shown as gone"
	wait_for has_dropped 50
	ip -n "$sw" link add d7 up type dummy
	expect_eq "$(mirror_json .state)" active "state of one that came back"
	# 6.1 renames none that is up
	succeeds ip -n "$sw" link set d7 down
	succeeds ip -n "$sw" link set d7 name d8
	succeeds ip -n "$sw" link set d8 up
	expect_eq "$(mirror_json '.["to-name"]')" d8 "new name"
	succeeds ip -n "$sw" link set d8 netns "$mon"
	expect_eq "$(mirror_json .state)" gone "state of one that moved away"
	succeeds ip -n "$mon" link set d8 netns "$sw"
	expect_ne gone "$(mirror_json .state)"
	kill "$before"
	wait "$before"
	ip -n "$sw" link del d8
	from_h1 -d "$M2" -c 3 "$h2/eth0=3"
	unmirror
	log_test "a device that goes, comes back, is renamed and moves, under traffic"
}

# is_gone WHAT: copies go nowhere, and do no harm
is_gone()
{
	expect_eq "$(mirror_json .state)" gone "state: $1"
	known
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$h3/eth0=0"
}

# What comes back under the name of a destination is one only if it could be made one.
name_taken()
{
	known
	ip -n "$sw" link add d7 up type dummy
	mirror from dev h1 dev h2 to netdev d7
	succeeds ip -n "$sw" link del d7
	succeeds ip -n "$sw" link add d7 link vs0 type vnic
	succeeds ip -n "$sw" link set d7 up
	is_gone "a vnic of the switch"
	succeeds ip -n "$sw" link del d7
	if ip -n "$sw" link add d7 link vs0 type vlan id 9 2>/dev/null; then
		succeeds ip -n "$sw" link set d7 up
		is_gone "a VLAN device on the switch"
		succeeds ip -n "$sw" link del d7
	fi
	succeeds ip -n "$sw" link add d9 type dummy
	is_gone "another device"
	succeeds ip -n "$sw" link set d9 name d7
	succeeds ip -n "$sw" link set d7 up
	wait_for is_state active
	succeeds ip -n "$sw" link del d7
	unmirror
	log_test "a device takes the place of one that is gone, by its name, if it may"
}

# A device that copies go to comes to be above the switch.
moves_on_top()
{
	load_kind bond
	if ! ip -n "$sw" link add d7 type bond mode active-backup 2>/dev/null; then
		log_skip "a destination that is put on top of the switch" "no bonds"
		return
	fi
	ip -n "$sw" link add d8 type veth peer name d9
	succeeds ip -n "$sw" link set d8 master d7
	printf 'link set %s up\n' d7 d9 | ip -n "$sw" -b -
	mirror from dev h1 dev h2 to netdev d7
	wait_for is_state active
	succeeds ip -n "$sw" link set vs0 down
	succeeds ip -n "$sw" link set vs0 master d7
	expect_eq "$(mirror_json .state)" gone "state of one on top of the switch"
	succeeds ip -n "$sw" link set vs0 nomaster
	wait_for is_state active
	ip -n "$sw" link del d7
	ip -n "$sw" link del d8
	succeeds ip -n "$sw" link set vs0 up
	wait_for carrier "$sw" vs0
	unmirror
	log_test "a destination that is put on top of the switch gets no copies"
}

# A netdev that copies go to becomes a port of the switch, and none again.
becomes_a_port()
{
	known
	mirror from dev h1 in to netdev m0
	succeeds vsw -n "$sw" port add m0 switch vs0
	expect_eq "$(mirror_json .state)" gone "state"
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$mon/eth0=0"
	succeeds vsw -n "$sw" port del m0
	expect_eq "$(mirror_json .state)" active "state of one that is no port any more"
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$mon/eth0=3"
	unmirror
	log_test "a device that becomes a port of the switch"
}

# What the switch itself sends by a port leaves there like all else.
answers()
{
	known
	succeeds vsw -n "$sw" port set h2 neigh-suppress on
	succeeds vsw -n "$sw" binding add dev h2 mac "$M2" ip 192.0.2.2
	mirror from dev h1 out to netdev m0
	listen eth0 "arp[6:2] == 2 and ether src $M2"
	in_ns "$h1" arping -q -c 1 -w 5 -I eth0 192.0.2.2
	heard 1
	succeeds vsw -n "$sw" binding del dev h2 mac "$M2" ip 192.0.2.2
	succeeds vsw -n "$sw" port set h2 neigh-suppress off
	listen eth0 "ether proto 0x88b6"
	succeeds vsw -n "$sw" switch set vs0 loop-interval 0.2
	succeeds vsw -n "$sw" port set h1 loop-protect on
	wait_for has_heard_some
	succeeds vsw -n "$sw" port set h1 loop-protect off
	succeeds vsw -n "$sw" switch set vs0 loop-interval 5
	kill -INT "$listener"
	wait "$listener"
	unmirror
	log_test "answers and probes of the switch itself are copied"
}

has_heard_some()
{
	! has_heard 0
}

expect_ne()
{
	[ "$1" != "$2" ]
	check_err $? "got '$2'"
}

has_copied()
{
	[ "$(mirror_json '.stats["tx-packets"]')" -ge "$1" ]
}

has_dropped()
{
	[ "$(mirror_json '.stats["drops"]')" -ge "$1" ]
}

port_gone()
{
	known
	mirror from dev h1 in dev h2 to dev h3
	succeeds vsw -n "$sw" port del h3
	expect_eq "$(mirror_json .state)" gone "state"
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$h3/eth0=0"
	succeeds vsw -n "$sw" port add h3 switch vs0
	expect_eq "$(mirror_json .state)" active "state of one that came back"
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$h3/eth0=6"
	succeeds vsw -n "$sw" port del h1
	expect_eq "$(vsw -j -n "$sw" mirror show m | jq -c '.[0] | .in, .out')" \
		'[{"number":2}]'$'\n''[{"number":2}]' "sources"
	succeeds vsw -n "$sw" port add h1 switch vs0
	known
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$h3/eth0=3"
	unmirror
	log_test "ports go, as source and as destination"
}

# Two mirrors, each copies to what the other one copies from.
crosswise()
{
	known
	succeeds vsw -n "$sw" mirror add x switch vs0 from dev h1 to dev h2 forwarding on
	succeeds vsw -n "$sw" mirror add y switch vs0 from dev h2 to dev h1 forwarding on
	from_h1 -d 02:00:00:00:00:99 -c 5 "$h1/eth0=5" "$h2/eth0=10" "$h3/eth0=5"
	succeeds vsw -n "$sw" mirror del x
	succeeds vsw -n "$sw" mirror del y
	log_test "two mirrors that copy to each other's sources"
}

# What is copied comes back by a port, whose frames are copied.
back_by_a_pair()
{
	ip -n "$sw" link add l0 up type veth peer name l1
	succeeds vsw -n "$sw" port add l1 switch vs0 learning off
	known
	mirror from dev h1 in dev l1 to netdev l0
	from_h1 -d "$M2" -c 10 "$h2/eth0=20" "$h3/eth0=0"
	copied 10
	mirror from vlan all to netdev l0
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	vsw -n "$sw" fdb flush switch vs0 >/dev/null
	from_h1 -d "$M2" -c 10 "$h2/eth0=20"
	copied 10
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	ip -n "$sw" link del l0
	unmirror
	log_test "a copy that comes back by a port is not copied again"
}

# A tunnel over a pair of its own, from $sw to $mon.
begin_tunnel()
{
	ip -n "$sw" addr add 198.51.100.1/24 dev m0
	ip -n "$mon" addr add 198.51.100.2/24 dev eth0
}

remote()
{
	begin_tunnel
	ip -n "$sw" link add g0 type gretap local 198.51.100.1 remote 198.51.100.2 nopmtudisc
	ip -n "$sw" link set g0 mtu 1500 up
	ip -n "$mon" link add g0 up type gretap local 198.51.100.2 remote 198.51.100.1
	known
	mirror from dev h1 in to netdev g0
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$mon/g0=3"
	from_h1 -d "$M2" -v 7 -c 3 -l 1518 "$h2/eth0=3" "$mon/g0=3"
	copied 6
	log_test "by gretap to another machine, with tags and at full length"
	ip -n "$sw" link add e0 up type erspan local 198.51.100.1 remote 198.51.100.2 seq key 7 \
		erspan_ver 1 erspan 7
	ip -n "$mon" link add e0 up type erspan local 198.51.100.2 remote 198.51.100.1 seq key 7 \
		erspan_ver 1 erspan 7
	succeeds vsw -n "$sw" mirror set m to netdev e0
	from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$mon/e0=3"
	succeeds vsw -n "$sw" mirror set m truncate 64
	listen e0 "ether src $M1"
	from_h1 -d "$M2" -c 4 -l 500 "$h2/eth0=4"
	heard 4
	expect_eq "$(lengths)" "4 64" "lengths"
	unmirror
	ip -n "$sw" link del g0
	ip -n "$sw" link del e0
	log_test "by erspan to another machine, truncated"
}

# Its packets leave by the switch, by a port whose frames are copied.
tunnel_through_the_switch()
{
	ip -n "$sw" addr add 192.0.2.254/24 dev vs0
	ip -n "$sw" link add g0 up type gretap local 192.0.2.254 remote 192.0.2.2
	ip -n "$h2" link add g0 up type gretap local 192.0.2.2 remote 192.0.2.254
	known
	mirror from dev h1 dev h2 dev vs0 to netdev g0
	# who is where is asked for first, and copied as well
	succeeds in_ns "$sw" ping -q -c 1 -W 10 192.0.2.2
	from_h1 -d "$M2" -c 10 -l 200 "$h2/eth0=10" "$h2/g0=20"
	expect_eq "$(mirror_json .stats.drops)" 0 "copies that were lost"
	ip -n "$sw" link del g0
	ip -n "$sw" addr del 192.0.2.254/24 dev vs0
	unmirror
	log_test "a tunnel through the ports that are copied"
}

segments()
{
	local n

	known
	mirror from dev h1 dev h2 out to netdev m0
	in_ns "$h2" timeout 60 socat -u TCP-LISTEN:5000,reuseaddr "OPEN:$tmp/got,creat" &
	n=$!
	head -c 1000000 /dev/urandom >"$tmp/sent"
	busywait "$WAIT" in_ns "$h1" socat -u "OPEN:$tmp/sent" TCP:192.0.2.2:5000
	wait "$n"
	succeeds cmp "$tmp/sent" "$tmp/got"
	expect_ge "$(mirror_json '.stats["tx-bytes"]')" 2000000 "bytes copied, both ways in"
	expect_eq "$(mirror_json .stats.drops)" 0 "copies that were lost"
	succeeds vsw -n "$sw" mirror set m truncate 80
	in_ns "$h2" timeout 60 socat -u TCP-LISTEN:5001,reuseaddr "OPEN:$tmp/got,creat,trunc" &
	n=$!
	busywait "$WAIT" in_ns "$h1" socat -u "OPEN:$tmp/sent" TCP:192.0.2.2:5001
	wait "$n"
	succeeds cmp "$tmp/sent" "$tmp/got"
	expect_eq "$(mirror_json .stats.drops)" 0 "copies that were lost, truncated"
	unmirror
	rm -f "$tmp/sent" "$tmp/got"
	log_test "a TCP connection, with GSO packets, is copied and unharmed"
}

refusals()
{
	refused "come back" vsw -n "$sw" mirror add r switch vs0 from dev h1 to netdev vs0
	ip -n "$sw" link add link vs0 name vs0.9 type vlan id 9 2>/dev/null &&
		refused "come back" vsw -n "$sw" mirror add r switch vs0 from dev h1 to netdev vs0.9
	ip -n "$sw" link del vs0.9 2>/dev/null
	refused "is a port of the switch" vsw -n "$sw" mirror add r switch vs0 from dev h1 to netdev h3
	refused "source of the same" vsw -n "$sw" mirror add r switch vs0 from dev h1 to dev h1
	refused "host port" vsw -n "$sw" mirror add r switch vs0 from dev h1 to dev vs0
	refused "Ethernet" vsw -n "$sw" mirror add r switch vs0 from dev h1 to netdev lo
	refused "no device" vsw -n "$sw" mirror add r switch vs0 from dev h1 to netdev nobody
	refused "no device" vsw -n "$sw" mirror add r switch vs0 from dev nobody to netdev m0
	refused "64 bytes" vsw -n "$sw" mirror add r switch vs0 from dev h1 to netdev m0 truncate 63
	refused "sample" vsw -n "$sw" mirror add r switch vs0 from dev h1 to netdev m0 sample 0
	refused "not a name" vsw -n "$sw" mirror add r/r switch vs0 to netdev m0
	refused "no switch" vsw -n "$sw" mirror add r switch h1 to netdev m0
	expect_eq "$(vsw -j -n "$sw" mirror show)" "[]" "mirrors after refusals"
	succeeds vsw -n "$sw" mirror add r switch vs0 to netdev m0
	refused "already" vsw -n "$sw" mirror add r switch vs0 to netdev m0
	refused "source of the same" vsw -n "$sw" mirror set r from dev h1 to dev h1
	refused "no mirror" vsw -n "$sw" mirror del s
	refused "CAP_NET_ADMIN" in_ns "$sw" setpriv --bounding-set -net_admin --inh-caps -net_admin -- \
		"$VSW" mirror del r
	succeeds vsw -n "$sw" mirror del r
	log_test "what makes no sense is refused, and changes nothing"
	for n in {1..32}; do
		echo "mirror add r$n switch vs0 from dev h1 to netdev m0"
	done | vsw -n "$sw" -b -
	refused "32 mirrors" vsw -n "$sw" mirror add r33 switch vs0 to netdev m0
	from_h1 -d "$M2" -c 2 "$h2/eth0=2" "$mon/eth0=64"
	for n in {1..32}; do
		echo "mirror del r$n"
	done | vsw -n "$sw" -b -
	expect_eq "$(vsw -j -n "$sw" mirror show)" "[]" "mirrors at the end"
	log_test "32 mirrors of one switch, and no more"
}

events()
{
	: >"$tmp/events"
	bg stdbuf -oL "$VSW" -n "$sw" monitor mirror >"$tmp/events"
	n=$!
	wait_for monitor_hears
	succeeds vsw -n "$sw" mirror add e switch vs0 from dev h1 in to dev h3
	succeeds vsw -n "$sw" mirror set e sample 3
	succeeds vsw -n "$sw" port del h3
	succeeds vsw -n "$sw" port add h3 switch vs0
	succeeds vsw -n "$sw" mirror del e
	wait_for grep -q "mirror-del *e " "$tmp/events"
	bg_stop "$n"
	expect_eq "$(grep " e " "$tmp/events" | sed 's/ *$//; s/  */ /')" "$(cat <<-END
		mirror-new e switch vs0 from dev vs0:1 in to dev h3 active
		mirror-set e switch vs0 from dev vs0:1 in to dev h3 sample 3 active
		mirror-set e switch vs0 from dev vs0:1 in to dev h3 sample 3 destination gone
		mirror-set e switch vs0 from dev vs0:1 in to dev h3 sample 3 active
		mirror-del e switch vs0 from dev vs0:1 in to dev h3 sample 3 active
	END
	)" "events"
	log_test "events of mirrors"
}

# Make something until it is heard: when the monitor has begun nobody says.
monitor_hears()
{
	vsw -n "$sw" mirror add probe switch vs0 to netdev m0
	vsw -n "$sw" mirror del probe
	grep -q "probe" "$tmp/events"
}

# With all that refers to each other.
namespace_gone()
{
	local gone

	setup_ns gone
	ip -n "$gone" link add d0 up type dummy
	ip -n "$gone" link add p0 up type veth peer name p1
	vsw -n "$gone" switch add vs0
	vsw -n "$gone" port add p0 switch vs0
	vsw -n "$gone" port add p1 switch vs0
	succeeds vsw -n "$gone" mirror add a switch vs0 from dev p0 to netdev d0
	succeeds vsw -n "$gone" mirror add b switch vs0 from dev p0 to dev p1
	cleanup_ns "$gone"
	log_test "a network namespace goes with its mirrors"
}

run_tests
