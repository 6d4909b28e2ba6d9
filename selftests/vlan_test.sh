#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# VLANs (802.1Q) with real frames: who gets which, with which tags, what is dropped
# for which reason, and what is learned. The topology is the star of lib.sh:
#
#   h1:eth0 --- access 10 ---+-----+--- trunk 10,20 --- h3:eth0
#   h2:eth0 --- access 10 ---| vs0 |
#                            |     |--- access 20 ----- h4:eth0
#   the host --- access 1 ---+-----+
#
# Each test starts from that, with nothing learned. A receiver of frame(1) with "@"
# names the tags that frames have to arrive with.

# shellcheck disable=SC2317
ALL_TESTS="flood access trunk native no_vlan priority double_tags all_vlans refused_egress
	addresses entry_of_no_vlan leaving host_access host_trunk host_promisc
	tags_beside_frames stream_of_trunk toggled no_filtering"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=vlan_lib.sh
. "$(dirname "$0")/vlan_lib.sh"

require_command jq ethtool
require_vswitch
load_kind veth 8021q
star h1 h2 h3 h4 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3" "$h4"
vsw -n "$sw" switch set vs0 vlan-filtering on

A=02:00:00:00:0a:01
B=02:00:00:00:0a:02

# as_drawn: the ports are what the picture says, and nothing is learned
as_drawn()
{
	vsw -n "$sw" -b - <<-END
		port set h1 access 10
		port set h2 access 10
		port set h3 trunk 10,20
		port set h4 access 20
		port set vs0 access 1
		fdb flush switch vs0
	END
	check_err $? "the ports"
}

# in_vlan VID MAC: the port of its entry there, nothing if it has none
in_vlan()
{
	[[ $(vsw -n "$sw" -j fdb show vlan "$1") =~ \"address\":\"$2\"[^}]*\"port-number\":([0-9]+) ]] &&
		echo "h${BASH_REMATCH[1]}"
}

flood()
{
	as_drawn
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0@10=3" "$h4/eth0=0" "$sw/vs0=0" "$h1/eth0=0"
	from h4 -d 01:00:5e:01:02:03 -c 3 "$h3/eth0@20=3" "$h1/eth0=0" "$h2/eth0=0" "$sw/vs0=0"
	from h1 -d "$A" -c 3 "$h2/eth0=3" "$h3/eth0@10=3" "$h4/eth0=0" "$sw/vs0=0"
	log_test "a flood stays in its VLAN, and has its tag on a trunk only"
}

access()
{
	as_drawn
	from h1 -v 10 -c 2 "$h2/eth0@=2" "$h3/eth0=2" "$h4/eth0=0"
	log_test "a tag of its own VLAN is no harm on an access port"
	as_drawn
	drops h1 vlan-ingress 3 from h1 -v 20 -c 3 "$h2/eth0=0" "$h3/eth0=0" "$h4/eth0=0"
	drops h1 vlan-ingress 1 from h1 -v 4095 "$h2/eth0=0" "$h3/eth0=0"
	expect_eq "$(fdb_json "$sw" 'map(select(.type == "dynamic")) | length')" 0 "learned entries"
	log_test "tagged frames of another VLAN are dropped, and teach nothing"
}

trunk()
{
	as_drawn
	from h3 -v 10 -c 3 "$h1/eth0@=3" "$h2/eth0@=3" "$h4/eth0=0" "$sw/vs0=0" "$h3/eth0=0"
	from h3 -v 20 -c 3 "$h4/eth0@=3" "$h1/eth0=0" "$h2/eth0=0" "$sw/vs0=0"
	drops h3 vlan-ingress 3 from h3 -v 30 -c 3 "$h1/eth0=0" "$h2/eth0=0" "$h4/eth0=0"
	drops h3 vlan-untagged 3 from h3 -c 3 "$h1/eth0=0" "$h2/eth0=0" "$h4/eth0=0"
	log_test "a trunk takes what has a tag of one of its VLANs"
	set_port h2 trunk 10
	from h3 -v 10 -d "$A" -c 3 "$h1/eth0@=3" "$h2/eth0=3" "$h4/eth0=0"
	from h2 -v 0x700a -d 02:00:00:00:00:03 -c 3 "$h3/eth0=3" "$h1/eth0=0"
	log_test "from trunk to trunk frames keep their tags, priority and all"
}

native()
{
	as_drawn
	set_port h3 trunk 10,20 native 20
	from h3 -c 3 "$h4/eth0=3" "$h1/eth0=0" "$h2/eth0=0"
	from h4 -c 3 "$h3/eth0@=3" "$h1/eth0=0"
	from h3 -v 20 -c 3 "$h4/eth0@=3" "$h1/eth0=0"
	from h3 -v 10 -c 3 "$h1/eth0@=3" "$h4/eth0=0"
	log_test "frames of a trunk's native VLAN have no tag"
}

no_vlan()
{
	as_drawn
	set_port h2 trunk none
	from h1 -c 2 "$h2/eth0=0" "$h3/eth0@10=2"
	drops h2 vlan-untagged 2 from h2 -c 2 "$h1/eth0=0" "$h3/eth0=0" "$h4/eth0=0"
	drops h2 vlan-ingress 2 from h2 -v 10 -c 2 "$h1/eth0=0" "$h3/eth0=0" "$h4/eth0=0"
	log_test "a port of no VLAN is left out"
}

priority()
{
	as_drawn
	from h1 -v 0xb000 -c 2 "$h2/eth0@=2" "$h3/eth0@0xb00a=2" "$h4/eth0=0"
	drops h3 vlan-untagged 2 from h3 -v 0xb000 -c 2 "$h1/eth0=0" "$h4/eth0=0"
	set_port h3 trunk 10,20 native 20
	from h3 -v 0xb000 -c 2 "$h4/eth0@=2" "$h1/eth0=0"
	log_test "a tag that has but a priority is of the port's VLAN, and keeps it"
}

# The outer tag says which VLAN. Without it the inner one would say another to whom is
# behind the port, so a frame that would leave like that does not leave.
double_tags()
{
	as_drawn
	drops h1 vlan-nested 2 from h3 -v 10 -v 20 -c 2 "$h1/eth0=0" "$h2/eth0=0" "$h4/eth0=0"
	drops h2 vlan-nested 2 from h1 -v 10 -v 20 -c 2 "$h2/eth0=0" "$h3/eth0=2" "$h4/eth0=0"
	set_port h2 trunk 10
	from h3 -v 10 -v 20 -c 2 "$h2/eth0=2" "$h1/eth0=0" "$h4/eth0=0"
	log_test "of two tags the outer one counts, and stays"
	set_port h3 trunk 20 native 10
	drops h3 vlan-nested 2 from h1 -v 10 -v 20 -c 2 "$h3/eth0=0" "$h2/eth0=2" "$h4/eth0=0"
	log_test "no frame gets into another VLAN by one that leaves untagged"
	as_drawn
	from h1 -v 88a8:20 -v 7 -c 2 "$h2/eth0=2" "$h3/eth0@10,88a8:20,7=2" "$h4/eth0=0"
	drops h3 vlan-untagged 2 from h3 -v 88a8:20 -v 10 -c 2 "$h1/eth0=0" "$h4/eth0=0"
	log_test "a provider's tag is payload"
}

all_vlans()
{
	as_drawn
	set_port h3 trunk all
	set_port h1 access 4094
	set_port h2 access 1
	from h1 "$h3/eth0@4094=1" "$h2/eth0=0" "$sw/vs0=0"
	from h3 -v 4094 "$h1/eth0@=1" "$h2/eth0=0" "$sw/vs0=0"
	from h3 -v 1 "$h2/eth0@=1" "$sw/vs0@=1" "$h1/eth0=0"
	drops h3 no-destination 1 from h3 -v 2000 "$h1/eth0=0" "$h2/eth0=0" "$h4/eth0=0" "$sw/vs0=0"
	log_test "the first and the last VLAN, and one that has nobody else"
}

refused_egress()
{
	as_drawn
	succeeds vsw -n "$sw" fdb add "$A" dev h3 vlan 10 static
	from h1 -d "$A" -c 2 "$h3/eth0@10=2" "$h2/eth0=0"
	set_port h3 trunk 20
	drops h1 vlan-egress 3 from h1 -d "$A" -c 3 "$h3/eth0=0" "$h2/eth0=0" "$h4/eth0=0"
	set_port h3 trunk 10,20
	from h1 -d "$A" -c 2 "$h3/eth0@10=2" "$h2/eth0=0"
	succeeds vsw -n "$sw" fdb del "$A" dev h3 vlan 10
	log_test "nothing leaves by a port that is not of its VLAN, whatever an entry says"
}

addresses()
{
	local moved

	as_drawn
	moved=$(port_stat "$sw" h4 moved)
	succeeds frame -i "$h1/eth0" -s "$A" "$h2/eth0=1"
	succeeds frame -i "$h4/eth0" -s "$A" "$h3/eth0@20=1"
	expect_eq "$(in_vlan 10 "$A") $(in_vlan 20 "$A")" "h1 h4" "ports of a MAC in two VLANs"
	expect_eq "$(port_stat "$sw" h4 moved)" "$moved" "moves"
	from h3 -v 10 -d "$A" -c 3 "$h1/eth0@=3" "$h2/eth0=0" "$h4/eth0=0"
	from h3 -v 20 -d "$A" -c 3 "$h4/eth0@=3" "$h1/eth0=0" "$h2/eth0=0"
	from h2 -d "$A" -c 3 "$h1/eth0=3" "$h3/eth0=0" "$h4/eth0=0"
	log_test "a MAC has a port in each VLAN"
}

entry_of_no_vlan()
{
	as_drawn
	succeeds vsw -n "$sw" fdb add "$A" dev h2 static sticky
	from h1 -d "$A" -c 2 "$h2/eth0=2" "$h3/eth0=0"
	drops h3 vlan-egress 2 from h3 -v 20 -d "$A" -c 2 "$h2/eth0=0" "$h4/eth0=0"
	succeeds frame -i "$h1/eth0" -s "$A" "$h2/eth0=1"
	expect_eq "$(in_vlan 10 "$A")" "" "what was learned of a MAC that has a sticky entry of no VLAN"
	succeeds vsw -n "$sw" fdb add "$A" dev h4 vlan 20 static
	from h3 -v 20 -d "$A" -c 2 "$h4/eth0@=2" "$h2/eth0=0"
	from h1 -d "$A" -c 2 "$h2/eth0=2" "$h4/eth0=0"
	succeeds vsw -n "$sw" fdb del "$A" dev h4 vlan 20
	succeeds vsw -n "$sw" fdb del "$A" dev h2
	log_test "an entry of no VLAN is of all that have none of their own"
}

leaving()
{
	as_drawn
	succeeds frame -i "$h3/eth0" -s "$A" -v 10 "$h1/eth0@=1"
	succeeds frame -i "$h3/eth0" -s "$B" -v 20 "$h4/eth0@=1"
	succeeds frame -i "$h2/eth0" -s "$B" "$h1/eth0=1"
	set_port h3 trunk 20
	expect_eq "$(in_vlan 10 "$A")" "" "what was behind the port in the VLAN that it left"
	expect_eq "$(in_vlan 20 "$B") $(in_vlan 10 "$B")" "h3 h2" "other VLANs, other ports"
	from h1 -d "$A" -c 2 "$h2/eth0=2" "$h3/eth0=0"
	from h4 -d "$B" -c 2 "$h3/eth0@20=2"
	log_test "what was learned in a VLAN is forgotten when the port leaves it"
	set_port h2 access 20
	expect_eq "$(in_vlan 10 "$B")" "" "what was behind the access port"
	from h4 -c 2 "$h2/eth0=2" "$h1/eth0=0"
	from h2 -c 2 "$h4/eth0=2" "$h3/eth0@20=2" "$h1/eth0=0"
	log_test "an access port that changes its VLAN is in the new one only"
}

host_access()
{
	local mac

	as_drawn
	mac=$(device_json "$sw" vs0 .address)
	from h1 -d "$mac" -c 2 "$sw/vs0=0" "$h2/eth0=2" "$h3/eth0@10=2"
	set_port vs0 access 10
	from h1 -d "$mac" -c 2 "$sw/vs0=2" "$h2/eth0=0" "$h3/eth0=0"
	from h1 -c 2 "$sw/vs0=2" "$h2/eth0=2"
	from h3 -v 10 -c 2 "$sw/vs0@=2" "$h2/eth0@=2"
	from h4 -c 2 "$sw/vs0=0" "$h3/eth0@20=2"
	from h4 -d "$mac" -c 2 "$sw/vs0=0" "$h3/eth0@20=2"
	succeeds frame -i "$sw/vs0" -s "$mac" -c 2 "$h1/eth0=2" "$h3/eth0@10=2" "$h4/eth0=0"
	drops vs0 vlan-ingress 2 succeeds frame -i "$sw/vs0" -s "$mac" -v 20 -c 2 "$h1/eth0=0" "$h4/eth0=0"
	log_test "the host is in the VLAN of its port, and in no other"
}

host_trunk()
{
	local mac

	as_drawn
	mac=$(device_json "$sw" vs0 .address)
	set_port vs0 trunk 10,20
	ip -n "$sw" link add link vs0 name vs0.20 up type vlan id 20
	from h1 -c 2 "$sw/vs0@10=2" "$sw/vs0.20=0"
	from h4 -c 2 "$sw/vs0.20=2" "$h1/eth0=0"
	from h4 -d "$mac" -c 2 "$sw/vs0.20=2" "$h3/eth0=0"
	succeeds frame -i "$sw/vs0.20" -s "$mac" -c 2 "$h4/eth0=2" "$h3/eth0@20=2" "$h1/eth0=0"
	drops vs0 vlan-untagged 2 succeeds frame -i "$sw/vs0" -s "$mac" -c 2 "$h1/eth0=0" "$h4/eth0=0"
	ip -n "$sw" link del vs0.20
	log_test "a host with VLAN devices on the switch's"
}

host_promisc()
{
	as_drawn
	from h2 "$h1/eth0=1"
	from h3 -v 20 "$h4/eth0@=1"
	set_port vs0 access 20
	ip -n "$sw" link set vs0 promisc on
	from h1 -d 02:00:00:00:00:02 -c 2 "$h2/eth0=2" "$sw/vs0=0"
	from h1 -d "$A" -c 2 "$h2/eth0=2" "$sw/vs0=0"
	from h4 -d 02:00:00:00:00:03 -c 2 "$h3/eth0@20=2" "$sw/vs0=2"
	ip -n "$sw" link set vs0 promisc off
	log_test "a host that listens to everything hears its own VLANs"
}

# txvlan ON|OFF: of all devices that could put a tag beside a frame
txvlan()
{
	local host

	for host in h1 h3; do
		in_ns "${!host}" ethtool -K eth0 txvlan "$1" >/dev/null
		is_vnic "$host" || in_ns "$sw" ethtool -K "$host" txvlan "$1" >/dev/null
	done
}

# frame(1) has them in its frames; a VLAN device puts them beside, unless the device
# below it can't send them so.
tags_beside_frames()
{
	local state

	as_drawn
	ip -n "$h3" link add link eth0 name eth0.10 up type vlan id 10
	for state in on off; do
		txvlan "$state"
		succeeds frame -i "$h3/eth0.10" -s 02:00:00:00:00:03 -c 2 "$h1/eth0=2" "$h4/eth0=0"
		from h1 -d 02:00:00:00:00:03 -c 2 "$h3/eth0.10=2" "$h2/eth0=0"
		from h3 -v 10 -d 02:00:00:00:00:01 -c 2 "$h1/eth0@=2" "$h2/eth0=0"
		from h3 -v 10 -v 20 -c 2 "$h1/eth0=0" "$h4/eth0=0"
		from h1 -v 10 -v 20 -d 02:00:00:00:00:03 -c 2 "$h3/eth0=2" "$h4/eth0=0"
		log_test "tags with txvlan $state"
	done
	txvlan on
	ip -n "$h3" link del eth0.10
}

# A tag comes on and goes off big packets whose checksum is still to be made.
stream_of_trunk()
{
	local out ns

	as_drawn
	ip -n "$h3" -b - <<-END
		link add link eth0 name eth0.10 up type vlan id 10
		addr add 192.0.2.103/24 dev eth0.10
		addr del 192.0.2.3/24 dev eth0
	END
	out=$(stream tcp -c "$h1/192.0.2.1" -o "$h1/eth0" -s "$h3/192.0.2.103" -r "$h3/eth0.10" -n $((1 << 20)) 2>&1)
	check_err $? "into the trunk: $out"
	[[ $out != *" big 0 "* && $out == *" whole 0"* ]]
	check_err $? "cut, or given checksums, on the way into the trunk: $out"
	out=$(stream tcp -c "$h3/192.0.2.103" -o "$h3/eth0.10" -s "$h1/192.0.2.1" -r "$h1/eth0" -n $((1 << 20)) 2>&1)
	check_err $? "out of the trunk: $out"
	[[ $out != *" big 0 "* && $out == *" whole 0"* ]]
	check_err $? "cut, or given checksums, on the way out of the trunk: $out"
	fails in_ns "$h4" ping -q -c 1 -W 1 192.0.2.103
	ip -n "$h3" link del eth0.10
	# Else they ask for their neighbours in the tests that follow.
	for ns in "$h1" "$h4"; do
		ip -n "$ns" neigh flush all nud all
	done
	log_test "TCP between an access port and a trunk in big packets"
}

# vlans_of_entries [PORT]: of those that were learned, each once
vlans_of_entries()
{
	vsw -j -n "$sw" fdb show switch vs0 ${1:+dev "$1"} dynamic | grep -o '"vlan":[0-9]*' | sort -u | xargs
}

learned_again()
{
	[ "$(port_json "$sw" h1 '.["fdb-count"]')" -gt 0 ]
}

toggled()
{
	local i pids=()

	as_drawn
	bg frame -i "$h1/eth0" -s 02:00:00:00:0c:01 -d 02:00:00:00:00:02 -S 16 -c 0 -p 1000
	pids+=($!)
	bg frame -i "$h2/eth0" -s 02:00:00:00:00:02 -d 02:00:00:00:0c:01 -D 16 -c 0 -p 1000
	pids+=($!)
	for ((i = 0; i < 5; i++)); do
		succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
		expect_eq "$(vlans_of_entries)" "" "VLANs of entries without filtering"
		vsw -n "$sw" -b - <<-END
			port set h1 access 20
			switch set vs0 vlan-filtering on
			port set h1 access 10
		END
		check_err $? "the changes"
		wait_for learned_again
		expect_eq "$(vlans_of_entries h1)" vlan:10 "VLANs of entries of h1"
	done
	for i in "${pids[@]}"; do
		kill "$i"
	done
	wait "${pids[@]}" 2>/dev/null
	from h1 -d 02:00:00:00:00:02 -c 3 "$h2/eth0=3" "$h3/eth0=0"
	log_test "filtering and membership change under traffic, and nothing of before is left"
}

no_filtering()
{
	as_drawn
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	from h1 -v 77 -c 2 "$h2/eth0=2" "$h3/eth0=2" "$h4/eth0=2" "$sw/vs0=2"
	from h4 -c 2 "$h1/eth0=2" "$h2/eth0=2" "$h3/eth0=2" "$sw/vs0=2"
	expect_eq "$(vlans_of_entries)" "" "VLANs of entries"
	expect_ge "$(switch_json "$sw" vs0 '.["fdb-count"]')" 2 "learned entries"
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	expect_eq "$(switch_json "$sw" vs0 '.["fdb-count"]')" 0 "learned entries when it filters again"
	from h4 -c 2 "$h3/eth0@20=2" "$h1/eth0=0" "$h2/eth0=0" "$sw/vs0=0"
	log_test "without filtering a tag is payload"
}

run_tests
