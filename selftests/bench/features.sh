# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # row.sh and setup_ns assign the others
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
