#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Switches and ports as ip(8) sees them: how they come and go, which devices may
# be ports, and what a switch's device takes over from its ports.
#
#   +-- $sw ------------------------------+   +-- $peer --+
#   |  vs0, vs1     p1 ---------------------- eth1       |
#   |               p2 ---------------------- eth2       |
#   +-------------------------------------+   +-----------+

# shellcheck disable=SC2317
ALL_TESTS="autoload add_and_delete refused_devices accepted_devices taken_devices
	move_between_masters mac_of_switch neighbours_hear_of_mac mtu_of_switch carrier_of_switch
	features_of_switch attributes switch_settings port_attributes port_guard bad_values rename
	port_changes_netns port_device_deleted switch_deleted netns_deleted
	module_removed"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq ethtool
require_vswitch
load_kind dummy bond veth tun 8021q macvlan bridge
setup_ns sw peer
# shellcheck disable=SC2154  # setup_ns assigned them
: "$sw" "$peer"

i()
{
	ip -n "$sw" "$@"
}

# fresh: two switches and two pairs, all plain
fresh()
{
	local dev

	for dev in $(ip -n "$sw" -o link show | sed 's/^[0-9]*: \([^:@]*\).*/\1/'); do
		[ "$dev" = lo ] || i link del dev "$dev" 2>/dev/null
	done
	i -b - <<-END
		link add vs0 type vswitch
		link add vs1 type vswitch
		link add p1 address 02:00:00:00:01:01 type veth peer name eth1 netns $peer
		link add p2 address 02:00:00:00:01:02 type veth peer name eth2 netns $peer
		link set p1 up
		link set p2 up
		link set vs0 up
	END
	printf 'link set %s up\n' eth1 eth2 | ip -n "$peer" -b -
}

master_of()
{
	device_json "$sw" "$1" '.master // "none"'
}

refcount()
{
	cat /sys/module/vswitch/refcnt
}

autoload()
{
	if ! rmmod vswitch 2>/dev/null; then
		log_skip "autoload" "the module is in use"
		return
	fi
	succeeds i link add vs0 type vswitch
	[ -d /sys/module/vswitch ]
	check_err $? "ip link add did not load the module"
	log_test "the module is loaded when a switch is added"

	i link del vs0
	succeeds rmmod vswitch
	succeeds in_ns "$sw" nldump switch
	[ -d /sys/module/vswitch ]
	check_err $? "asking for the family did not load the module"
	log_test "the module is loaded when its family is asked for"

	rmmod vswitch
	succeeds vsw -n "$sw" switch show
	[ -d /sys/module/vswitch ]
	check_err $? "vsw did not load the module"
	log_test "the module is loaded by vsw"
}

add_and_delete()
{
	fresh
	expect_eq "$(device_json "$sw" vs0 .linkinfo.info_kind)" vswitch "kind"
	succeeds i link set p1 master vs0
	expect_eq "$(master_of p1)" vs0 "master"
	expect_eq "$(device_json "$sw" p1 .linkinfo.info_slave_kind)" vswitch "kind of a port"
	expect_eq "$(device_json "$sw" p1 .promiscuity)" 1 "promiscuity of a port"
	expect_eq "$(switch_json "$sw" vs0 '.["port-count"]')" 1 "ports"
	succeeds i link set p1 nomaster
	expect_eq "$(master_of p1)" none "master after nomaster"
	expect_eq "$(device_json "$sw" p1 .promiscuity)" 0 "promiscuity after nomaster"
	expect_eq "$(switch_json "$sw" vs0 '.["port-count"]')" 0 "ports after nomaster"
	succeeds i link del vs0
	fails i link show vs0
	log_test "add and delete by ip link"

	fresh
	refused "exists" i link add vs0 type vswitch
	refused "exists" i link add p1 type vswitch
	refused "." i link add name-of-16-chars type vswitch
	log_test "names that are taken or too long are refused"
}

refused_devices()
{
	fresh
	refused "loopback" i link set lo master vs0
	log_test "the loopback device is refused as a port"

	refused "switch can't be a port" i link set vs1 master vs0
	refused "." i link set vs0 master vs0
	log_test "a switch is refused as a port"

	i link add br0 type bridge
	refused "bridge can't be a port" i link set br0 master vs0
	log_test "a bridge is refused as a port"

	i tuntap add dev tun0 mode tun
	refused "Ethernet" i link set tun0 master vs0
	log_test "a device that is not Ethernet is refused as a port"
	expect_eq "$(switch_json "$sw" vs0 '.["port-count"]')" 0 "ports"
	for dev in lo vs1 br0 tun0; do
		expect_eq "$(device_json "$sw" "$dev" .promiscuity)" 0 "promiscuity of $dev"
	done
	log_test "a refused device is as before"
}

accepted_devices()
{
	local dev

	fresh
	i -b - <<-END
		link add d0 type dummy
		link add bond0 type bond
		link add link p1 name vlan10 type vlan id 10
		tuntap add dev tap0 mode tap
		link add link p2 name macvlan0 type macvlan mode bridge
	END
	for dev in d0 bond0 vlan10 tap0 macvlan0; do
		succeeds i link set "$dev" master vs0
		expect_eq "$(master_of "$dev")" vs0 "master of $dev"
		log_test "$dev is accepted as a port"
	done
}

taken_devices()
{
	fresh
	i -b - <<-END
		link add br0 type bridge
		link add d0 type dummy
		link add d1 type dummy
		link add d2 type dummy
		link set d0 master br0
		link add bond0 type bond
		link set d1 master bond0
		link add link d2 name macvlan0 type macvlan
	END
	refused "another master" vsw -n "$sw" port add d0 switch vs0
	expect_eq "$(master_of d0)" br0 "master of d0"
	log_test "a port of a bridge is refused"
	refused "another master" vsw -n "$sw" port add d1 switch vs0
	expect_eq "$(master_of d1)" bond0 "master of d1"
	log_test "a member of a bond is refused"
	refused "rx_handler is taken" vsw -n "$sw" port add d2 switch vs0
	refused "rx_handler is taken" i link set d2 master vs0
	expect_eq "$(master_of d2)" none "master of d2"
	log_test "a device under a macvlan is refused"

	i link set p1 master vs0
	refused "busy" i link add link p1 name macvlan1 type macvlan
	log_test "a port is refused to a macvlan"
	refused "port already" vsw -n "$sw" port add p1 switch vs0
	refused "port already" vsw -n "$sw" port add p1 switch vs1
	expect_eq "$(master_of p1)" vs0 "master of p1"
	log_test "a device that is a port already is refused"
}

move_between_masters()
{
	fresh
	i link add br0 type bridge
	i link set p1 master vs0
	succeeds i link set p1 master vs1
	expect_eq "$(vsw -j -n "$sw" port show p1 | jq -r '.[0]["switch-name"]')" vs1 "switch of p1"
	expect_eq "$(switch_json "$sw" vs0 '.["port-count"]')" 0 "ports of vs0"
	expect_eq "$(switch_json "$sw" vs1 '.["port-count"]')" 1 "ports of vs1"
	succeeds i link set p1 master br0
	expect_eq "$(switch_json "$sw" vs1 '.["port-count"]')" 0 "ports of vs1"
	succeeds i link set p1 master vs0
	expect_eq "$(master_of p1)" vs0 "master of p1"
	expect_eq "$(device_json "$sw" p1 .promiscuity)" 1 "promiscuity"
	log_test "a port moves between switches and bridges"
}

mac_of_switch()
{
	local own

	fresh
	own=$(device_json "$sw" vs0 .address)
	i link set p2 master vs0
	expect_eq "$(device_json "$sw" vs0 .address)" 02:00:00:00:01:02 "MAC with p2"
	i link set p1 master vs0
	expect_eq "$(device_json "$sw" vs0 .address)" 02:00:00:00:01:01 "MAC with p1 and p2"
	i link set p2 address 02:00:00:00:00:ff
	expect_eq "$(device_json "$sw" vs0 .address)" 02:00:00:00:00:ff "MAC when p2 got a lower one"
	i link set p2 nomaster
	expect_eq "$(device_json "$sw" vs0 .address)" 02:00:00:00:01:01 "MAC after p2 left"
	i link set p1 nomaster
	expect_eq "$(device_json "$sw" vs0 .address)" 02:00:00:00:01:01 "MAC after all left"
	[ "$own" != 02:00:00:00:01:01 ]
	check_err $? "the switch had a port's MAC from the start"
	log_test "the switch has the lowest MAC of its ports"

	fresh
	i link set vs0 address 02:00:00:00:02:00
	i link set p1 master vs0
	expect_eq "$(device_json "$sw" vs0 .address)" 02:00:00:00:02:00 "MAC"
	i link set p1 nomaster
	expect_eq "$(device_json "$sw" vs0 .address)" 02:00:00:00:02:00 "MAC after p1 left"
	i link add vs2 address 02:00:00:00:03:00 type vswitch
	i link set p1 master vs2
	expect_eq "$(device_json "$sw" vs2 .address)" 02:00:00:00:03:00 "MAC given at first"
	log_test "a MAC that was set stays"
}

# neighbour ADDRESS: the MAC that $peer has for it
neighbour()
{
	ip -n "$peer" neigh show "$1" | sed -n 's/.* lladdr \([^ ]*\) .*/\1/p'
}

neighbour_has()
{
	[ "$(neighbour "$1")" = "$2" ]
}

neighbours_hear_of_mac()
{
	fresh
	i addr add 192.0.2.100/24 dev vs0
	i addr add 2001:db8:1::100/64 dev vs0 nodad
	i link set p2 master vs0
	ip -n "$peer" addr add 192.0.2.2/24 dev eth2
	ip -n "$peer" addr add 2001:db8:1::2/64 dev eth2 nodad
	succeeds in_ns "$peer" ping -q -c 1 -W 10 192.0.2.100
	succeeds in_ns "$peer" ping -q -c 1 -W 10 2001:db8:1::100
	expect_eq "$(neighbour 192.0.2.100)" 02:00:00:00:01:02 "MAC of the host"
	i link set p1 master vs0
	wait_for neighbour_has 192.0.2.100 02:00:00:00:01:01
	wait_for neighbour_has 2001:db8:1::100 02:00:00:00:01:01
	expect_eq "$(neighbour 192.0.2.100)" 02:00:00:00:01:01 "IPv4, once it has changed"
	expect_eq "$(neighbour 2001:db8:1::100)" 02:00:00:00:01:01 "IPv6, likewise"
	succeeds in_ns "$peer" ping -q -c 1 -W 10 192.0.2.100
	log_test "neighbours hear of a MAC that the switch takes from a port"
}

mtu_of_switch()
{
	fresh
	i link set p1 mtu 1400
	i link set p1 master vs0
	expect_eq "$(device_json "$sw" vs0 .mtu)" 1400 "MTU with p1"
	i link set p2 mtu 1300
	i link set p2 master vs0
	expect_eq "$(device_json "$sw" vs0 .mtu)" 1300 "MTU with p1 and p2"
	i link set p2 mtu 9000
	expect_eq "$(device_json "$sw" vs0 .mtu)" 1400 "MTU after p2 got a bigger one"
	i link set p1 nomaster
	expect_eq "$(device_json "$sw" vs0 .mtu)" 9000 "MTU after p1 left"
	log_test "the switch has the lowest MTU of its ports"

	fresh
	i link set vs0 mtu 1350
	i link set p1 master vs0
	expect_eq "$(device_json "$sw" vs0 .mtu)" 1350 "MTU with p1"
	i link set p1 mtu 1200
	expect_eq "$(device_json "$sw" vs0 .mtu)" 1350 "MTU after p1 got a smaller one"
	i link set vs0 mtu 65535
	expect_eq "$(device_json "$sw" vs0 .mtu)" 65535 "biggest MTU"
	refused "." i link set vs0 mtu 65536
	refused "." i link set vs0 mtu 67
	log_test "an MTU that was set stays"
}

carrier_of_switch()
{
	fresh
	fails carrier "$sw" vs0
	i link set p1 master vs0
	wait_for carrier "$sw" vs0
	ip -n "$peer" link set eth1 down
	wait_for not carrier "$sw" vs0
	expect_eq "$(port_json "$sw" p1 .forwarding)" false "forwarding without carrier"
	i link set p2 master vs0
	wait_for carrier "$sw" vs0
	expect_eq "$(port_json "$sw" p2 .forwarding)" true "forwarding with carrier"
	i link set p2 down
	wait_for not carrier "$sw" vs0
	i link set p2 up
	wait_for carrier "$sw" vs0
	i link set p2 nomaster
	wait_for not carrier "$sw" vs0
	log_test "the carrier is that of any port"
}

feature()
{
	in_ns "$sw" ethtool -k "$1" | sed -n "s/^[[:space:]]*$2: \([a-z]*\).*/\1/p"
}

features_of_switch()
{
	fresh
	i link set p1 master vs0
	expect_eq "$(feature vs0 tx-checksum-ip-generic)" on "checksum"
	expect_eq "$(feature vs0 tx-scatter-gather)" on "scatter-gather"
	expect_eq "$(feature vs0 tx-tcp-segmentation)" on "TSO"
	in_ns "$sw" ethtool -K p1 sg off >/dev/null
	expect_eq "$(feature vs0 tx-scatter-gather)" off "scatter-gather when the port has it off"
	i link set p2 master vs0
	expect_eq "$(feature vs0 tx-scatter-gather)" on "scatter-gather when one port has it on"
	i link set p2 nomaster
	in_ns "$sw" ethtool -K p1 sg on >/dev/null
	expect_eq "$(feature vs0 tx-scatter-gather)" on "scatter-gather when the port has it on"
	in_ns "$sw" ethtool -K p1 sg off >/dev/null
	i link set p1 nomaster
	expect_eq "$(feature vs0 tx-scatter-gather)" on "scatter-gather without ports"
	expect_eq "$(in_ns "$sw" ethtool -i vs0 | sed -n 's/^driver: //p')" vswitch "driver"
	log_test "features follow those of the ports"
}

attributes()
{
	fresh
	succeeds i link add vs2 type vswitch ageing_time 2000 fdb_max 77
	expect_eq "$(switch_json "$sw" vs2 '.["ageing-time"]')" 20000 "ageing time in ms"
	expect_eq "$(switch_json "$sw" vs2 '.["fdb-max"]')" 77 "fdb-max"
	expect_eq "$(device_json "$sw" vs2 .linkinfo.info_data.ageing_time)" 2000 "ip's ageing time"
	expect_eq "$(device_json "$sw" vs2 .linkinfo.info_data.fdb_max)" 77 "ip's fdb_max"
	succeeds i link set vs2 type vswitch fdb_max 5
	expect_eq "$(switch_json "$sw" vs2 '.["ageing-time"], .["fdb-max"]' | xargs)" "20000 5" \
		"values after a change of one"
	expect_eq "$(switch_json "$sw" vs0 '.["ageing-time"], .["fdb-max"]' | xargs)" "300000 65536" \
		"defaults"
	log_test "attributes of a switch by ip link"
}

# settings NAME=VALUE...: those that ip shows of vs2
settings()
{
	local names=("${@%%=*}") filter

	filter=$(printf '%s\n' "${names[@]}" | sed 's/.*/, "&=\\(.&)"/')
	expect_eq "$(device_json "$sw" vs2 ".linkinfo.info_data | [${filter#, }] | join(\" \")")" \
		"$*" "settings by ip"
}

# As many as there are; the names are the bridge's where that has them.
switch_settings()
{
	local all=(mcast_snooping=1 mcast_querier=0 mcast_igmp_version=2 mcast_mld_version=1
		mcast_last_member_count=3 mcast_last_member_interval=50 mcast_startup_query_count=4
		mcast_startup_query_interval=600 mcast_membership_interval=9000
		mcast_querier_interval=8000 mcast_query_interval=4000
		mcast_query_response_interval=300 mcast_max_groups=99 loop_interval=70
		dhcp_guard=1 ra_guard=1 promiscuous=accept mac_changes=reject
		forged_transmits=reject)

	fresh
	# shellcheck disable=SC2046,SC2116 # words
	succeeds i link add vs2 type vswitch $(echo "${all[@]//=/ }") vlan_filtering 1
	settings "${all[@]}"
	expect_eq "$(switch_json "$sw" vs2 '[.["mcast-snooping"], .["mcast-last-member-interval"],
		.["mcast-max-groups"], .["loop-interval"], .["dhcp-guard"], .["mac-changes"],
		.["vlan-filtering"]] | map(tostring) | join(" ")')" \
		"true 500 99 700 true reject true" "settings by vsw"
	succeeds i link set vs2 type vswitch mcast_querier 1 mac_changes accept fdb_max 7
	all[1]=mcast_querier=1
	all[17]=mac_changes=accept
	settings "${all[@]}"
	expect_eq "$(switch_json "$sw" vs2 '.["fdb-max"]')" 7 "fdb-max beside them"
	log_test "settings of multicast, guards and loops by ip link"
	refused "unknown option" i link set vs2 type vswitch mcast_snoopin 1
	refused "accept" i link set vs2 type vswitch promiscuous perhaps
	refused "." i link set vs2 type vswitch promiscuous inherit
	refused "." i link set vs2 type vswitch mcast_igmp_version 4
	refused "." i link set vs2 type vswitch mcast_query_interval 4000000000
	refused "twice" i link set vs2 type vswitch mcast_querier 0 mcast_querier 0
	refused "missing" i link set vs2 type vswitch mcast_querier
	refused "." i link add vs3 type vswitch mcast_snooping 1 mcast_igmp_version 1
	fails i link show vs3
	settings "${all[@]}"
	log_test "settings that can't be are refused, and nothing changes"
}

# What of p1's guard is set by ip link shows with both tools.
port_guard()
{
	fresh
	i link set p1 master vs0
	succeeds i link set p1 type vswitch_slave locked on mab on max_macs 5 violation restrict \
		sticky_macs off source_guard on dhcp_guard on dhcp_trusted on ra_guard on \
		ra_trusted on storm_broadcast_pps 100 storm_unknown_kbps 64 promiscuous accept \
		forged_transmits reject mac_changes accept neigh_suppress on mcast_router 2 \
		mcast_fast_leave on mcast_max_groups 6 guard on
	expect_eq "$(device_json "$sw" p1 '.linkinfo.info_slave_data | [.locked, .mab, .max_macs,
		.violation, .sticky_macs, .source_guard, .dhcp_guard, .dhcp_trusted, .ra_guard,
		.ra_trusted, .storm_broadcast_pps, .storm_broadcast_kbps, .storm_unknown_kbps,
		.promiscuous, .forged_transmits, .mac_changes] | map(tostring) | join(" ")')" \
		"true true 5 restrict false true true true true true 100 0 64 accept reject accept" \
		"the guard by ip"
	expect_eq "$(device_json "$sw" p1 '.linkinfo.info_slave_data | [.neigh_suppress,
		.mcast_router, .mcast_is_router, .mcast_fast_leave, .mcast_max_groups,
		.mcast_n_groups, .bpdu_guard] | map(tostring) | join(" ")')" \
		"true 2 true true 6 0 true" "the rest by ip"
	expect_eq "$(port_json "$sw" p1 '[.guard.locked, .guard.mab, .guard["max-macs"], .guard.violation,
		.["neigh-suppress"], .["mcast-router"], .["mcast-max-groups"]] | map(tostring) |
		join(" ")')" "true true 5 restrict true on 6" "settings by vsw"
	log_test "the guard and multicast of a port by ip link"
	refused "mab needs" i link set p1 type vswitch_slave learning on locked off
	refused "both" i link set p1 type vswitch_slave storm_broadcast_pps 1 storm_broadcast_kbps 1
	refused "restrict" i link set p1 type vswitch_slave violation shout
	refused "." i link set p1 type vswitch_slave mcast_router 4
	expect_eq "$(device_json "$sw" p1 '.linkinfo.info_slave_data | [.locked, .violation,
		.storm_broadcast_pps, .mcast_router] | map(tostring) | join(" ")')" \
		"true restrict 100 2" "what is left"
	succeeds i link set p1 type vswitch_slave mab off locked off
	expect_eq "$(device_json "$sw" p1 '.linkinfo.info_slave_data | [.locked, .max_macs] |
		map(tostring) | join(" ")')" "false 5" "what a change of two leaves"
	log_test "a guard that can't be is refused, and nothing changes"
}

port_attributes()
{
	fresh
	i link set p1 master vs0
	succeeds i link set p1 type vswitch_slave learning off flood off mcast_flood off \
		bcast_flood off hairpin on isolated on group_fwd_mask 0x4008 fdb_max 9
	expect_eq "$(port_json "$sw" p1 '[.learning, .flood, .["mcast-flood"], .["bcast-flood"],
		.hairpin, .isolated, .["group-fwd-mask"], .["fdb-max"]] | map(tostring) | join(" ")')" \
		"false false false false true true 16392 9" "values"
	expect_eq "$(device_json "$sw" p1 '.linkinfo.info_slave_data | [.learning, .flood,
		.mcast_flood, .bcast_flood, .hairpin, .isolated, .fdb_max] |
		map(tostring) | join(" ")')" "false false false false true true 9" "ip's values"
	refused "." i link set p1 type vswitch_slave number 5
	refused "." i link set p2 type vswitch_slave learning off
	log_test "attributes of a port by ip link"

	i link set p1 alias "container web"
	expect_eq "$(port_json "$sw" p1 .alias)" "container web" "alias"
	log_test "a port shows the alias of its device"
}

bad_values()
{
	fresh
	refused "unicast" i link add vs2 address 03:00:00:00:00:01 type vswitch
	refused "." i link add vs2 address 00:00:00:00:00:00 type vswitch
	refused "." i link add vs2 type vswitch ageing_time 100000001
	refused "." i link set vs0 address 01:00:5e:00:00:01
	refused "." i link add vs2 mtu 67 type vswitch
	fails i link show vs2
	log_test "values out of range are refused"
}

rename()
{
	fresh
	i link set p1 master vs0
	# 6.1 renames what is down only
	i link set vs0 down
	i link set p1 down
	succeeds i link set vs0 name vsnew
	succeeds i link set p1 name pnew
	expect_eq "$(vsw -j -n "$sw" port show pnew | jq -r '.[0]["switch-name"]')" vsnew "switch"
	expect_eq "$(fdb_json "$sw" '[.[] | select(.address == "02:00:00:00:01:01")][0]["switch-name"]')" \
		vsnew "switch in the MAC table"
	refused "." vsw -n "$sw" port show p1
	log_test "names follow when devices are renamed"
}

port_changes_netns()
{
	fresh
	i link set p1 master vs0
	i link set p2 master vs0
	succeeds i link set p1 netns "$peer"
	expect_eq "$(switch_json "$sw" vs0 '.["port-count"]')" 1 "ports"
	expect_eq "$(device_json "$peer" p1 '.master // "none"')" none "master"
	expect_eq "$(device_json "$peer" p1 .promiscuity)" 0 "promiscuity"
	fails has_fdb "$sw" 02:00:00:00:01:01 p1
	ip -n "$peer" link del p1
	log_test "a port that changes its namespace is detached"

	refused "." i link set vs0 netns "$peer"
	expect_eq "$(switch_json "$sw" vs0 '.["port-count"]')" 1 "ports"
	log_test "a switch stays in its namespace"
}

port_device_deleted()
{
	fresh
	i link set p1 master vs0
	vsw -n "$sw" fdb add 02:00:00:00:0a:01 dev p1
	succeeds i link del p1
	expect_eq "$(switch_json "$sw" vs0 '.["port-count"]')" 0 "ports"
	fails has_fdb "$sw" 02:00:00:00:0a:01
	log_test "a port vanishes with its device"
}

switch_deleted()
{
	fresh
	i link set p1 master vs0
	i link set p2 master vs0
	vsw -n "$sw" fdb add 02:00:00:00:0a:01 dev p1
	vsw -n "$sw" fdb add 02:00:00:00:0a:02 dev vs0
	succeeds i link del vs0
	expect_eq "$(master_of p1)" none "master of p1"
	expect_eq "$(device_json "$sw" p1 .promiscuity)" 0 "promiscuity of p1"
	expect_eq "$(vsw -j -n "$sw" port show | jq length)" 1 "ports left: that of vs1's host"
	succeeds i link set p1 master vs1
	log_test "ports are plain devices again when their switch is deleted"
}

netns_deleted()
{
	setup_ns inner outer
	# shellcheck disable=SC2154
	ip -n "$inner" -b - <<-END
		link add vs0 up type vswitch
		link add vs1 up type vswitch
		link add p1 type veth peer name eth1 netns $outer
		link add p2 type veth peer name p3
		link add d0 type dummy
		link set p1 master vs0 up
		link set p2 master vs0 up
		link set p3 master vs1 up
		link set d0 master vs1 up
	END
	vsw -n "$inner" fdb add 02:00:00:00:0a:01 dev p1
	ip -n "$outer" link set eth1 up
	succeeds ip netns del "$inner"
	wait_for not ip -n "$outer" link show dev eth1
	log_test "a namespace with switches and ports is deleted"

	ip -n "$outer" link add vs0 up type vswitch
	setup_ns inner
	ip -n "$outer" link add p1 type veth peer name eth0 netns "$inner"
	ip -n "$outer" link set p1 master vs0 up
	succeeds ip netns del "$inner"
	wait_for not ip -n "$outer" link show dev p1
	expect_eq "$(switch_json "$outer" vs0 '.["port-count"]')" 0 "ports"
	ip netns del "$outer"
	log_test "a port vanishes with its peer's namespace"
}

module_removed()
{
	fresh
	i link set p1 master vs0
	i link set p2 master vs0
	vsw -n "$sw" fdb add 02:00:00:00:0a:01 dev p1
	if [ "$(refcount)" != 0 ]; then
		log_skip "module_removed" "the module is in use"
		return
	fi
	succeeds rmmod vswitch
	fails i link show vs0
	expect_eq "$(master_of p1)" none "master of p1"
	expect_eq "$(device_json "$sw" p1 .promiscuity)" 0 "promiscuity of p1"
	succeeds modprobe vswitch
	succeeds i link add vs0 type vswitch
	succeeds i link set p1 master vs0
	log_test "switches vanish with the module and ports become plain devices"
}

run_tests
