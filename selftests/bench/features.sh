# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # row.sh and setup_ns assign the others
# shellcheck disable=SC2034 # places.sh reads them
#
# What a feature costs where it is on: the topology of place_containers() with our
# switch, and one function each that turns it on for the frames of the row. Those
# come by p1 from $mac_a and 10.0.0.1, and leave by p2.

feature_max_macs() { vsw -n "$sw" port set p1 max-macs 8; }

feature_locked()
{
	vsw -n "$sw" fdb add "$mac_a" dev p1 static && vsw -n "$sw" port set p1 locked on
}

feature_source_guard()
{
	vsw -n "$sw" binding add dev p1 mac "$mac_a" ip 10.0.0.1 &&
		vsw -n "$sw" port set p1 source-guard on
}

feature_rogue_guard() { vsw -n "$sw" port set p1 dhcp-guard on ra-guard on; }

feature_mirror()
{
	ip -n "$sw" link add probe type dummy && ip -n "$sw" link set probe up &&
		vsw -n "$sw" mirror add probe switch sw0 from dev p1 in to netdev probe || return
	arrive+=("tx $sw probe")
}

# The tag of a provider goes on where the frame comes in, and off where it leaves.
feature_tunnel()
{
	vsw -n "$sw" port set p1 tunnel 100 && vsw -n "$sw" port set p2 tunnel 100 &&
		vsw -n "$sw" fdb add "$mac_b" dev p2 static vlan 100
}

# Tag 10 outside is VLAN 30 inside, and leaves without a tag.
feature_vlan_map()
{
	vsw -n "$sw" port set p1 trunk 30 vlan-map 10:30 &&
		vsw -n "$sw" port set p2 access 30 &&
		vsw -n "$sw" fdb add "$mac_b" dev p2 static vlan 30
}

# Bounds far above what comes.
feature_storm()
{
	vsw -n "$sw" port set p1 storm-broadcast 4000000pps storm-multicast 4000000pps \
		storm-unknown 4000000pps
}

feature_policies()
{
	vsw -n "$sw" port set p1 mac-changes reject forged-transmits reject
}

feature_loop_protect() { vsw -n "$sw" port set p1 loop-protect on; }

# p1's frames are of secondary VLAN 101, and leave as of 100.
feature_private()
{
	vsw -n "$sw" vlan private add 100 101 isolated switch sw0 &&
		vsw -n "$sw" port set p1 access 101 && vsw -n "$sw" port set p2 access 100 &&
		vsw -n "$sw" fdb add "$mac_b" dev p2 static vlan 100
}

feature_8021ad() { vsw -n "$sw" switch set sw0 vlan-protocol 802.1ad; }

# Frames to a group that p2 is a member of, and p3 is not.
feature_snooping()
{
	vsw -n "$sw" switch set sw0 mcast-snooping on mcast-query-response-interval 0.1 &&
		vsw -n "$sw" mdb add dev p2 grp 239.1.1.1 permanent || return
	# Before its first query was answered all groups are flooded.
	sleep 1
	to=("${group_lines[@]}")
}

feature_vlan_stats() { vsw -n "$sw" switch set sw0 vlan-stats on; }
