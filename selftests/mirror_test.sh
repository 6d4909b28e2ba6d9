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
	output_port forwarding_output"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq tcpdump
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
	for to in "dev h3" "dev h4" "netdev m0"; do
		at=${to#* }
		[ "$at" = m0 ] && at=mon
		at=${!at}/eth0
		# shellcheck disable=SC2086 # two words
		mirror from dev h1 in to $to
		from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$at=3"
		from_h2 -d "$M1" -c 3 "$h1/eth0=3" "$at=0"
		copied 3
		log_test "what comes in by a veth, to $to"
		# shellcheck disable=SC2086
		mirror from dev h1 out to $to
		from_h1 -d "$M2" -c 3 "$h2/eth0=3" "$at=0"
		from_h2 -d "$M1" -c 3 "$h1/eth0=3" "$at=3"
		copied 3
		log_test "what leaves by a veth, to $to"
		# shellcheck disable=SC2086
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
	local at

	known
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	succeeds vsw -n "$sw" port set h1 trunk 10
	succeeds vsw -n "$sw" port set h2 access 10
	vsw -n "$sw" fdb flush switch vs0 static >/dev/null
	for at in "dev h3 $h3" "dev h4 $h4" "netdev m0 $mon"; do
		# shellcheck disable=SC2086 # words
		set -- $at
		mirror from dev h1 in to "$1" "$2"
		from_h1 -v 10 -c 3 "$h2/eth0@=3" "$3/eth0@10=3"
		mirror from dev h2 out to "$1" "$2"
		from_h1 -v 10 -c 3 "$h2/eth0@=3" "$3/eth0@=3"
		mirror from dev h1 out to "$1" "$2"
		from_h2 -c 3 "$h1/eth0@10=3" "$3/eth0@10=3"
		log_test "copies have the tag that there was on the wire, to $1 $2"
	done
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

run_tests
