#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A switch, its ports and its MAC table as bridge(8) shows and sets them.
#
#   +-- $sw -----------------------------+   +-- $peer --+
#   |  vs0     p1 ------------------------- eth1         |
#   |          p2 ------------------------- eth2         |
#   |          n0, a vnic                |   | n1, a vnic |
#   +------------------------------------+   +-----------+

# shellcheck disable=SC2317
ALL_TESTS="link_show link_set link_more link_mab link_refused vlan_add vlan_ranges vlan_del vlan_host
	vlan_refused vlan_many vnics_abroad monitor_link monitor_mdb host_alone
	frames"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq bridge
require_vswitch
load_kind veth
setup_ns sw peer
# shellcheck disable=SC2154  # setup_ns assigned them
: "$sw" "$peer"

b()
{
	bridge -n "$sw" "$@"
}

ip -n "$sw" -b - <<-END || exit 1
	link add vs0 type vswitch vlan_filtering 1
	link add p1 address 02:00:00:00:01:01 type veth peer name eth1 netns $peer
	link add p2 address 02:00:00:00:01:02 type veth peer name eth2 netns $peer
	link set p1 master vs0 up
	link set p2 master vs0 up
	link add n0 link vs0 type vnic
	link set n0 up
	link set vs0 up
END
printf 'link set %s up\n' eth1 eth2 | ip -n "$peer" -b -
vsw -n "$sw" port add n1 type vnic switch vs0 netns "$peer"

on_fail()
{
	b -d link show
	b -compressvlans vlan show
	b fdb show
	vsw -n "$sw" vlan show
}

# link DEV FILTER: what bridge link shows of it, with blanks between
link()
{
	local values

	values=$(first_values "$2" "$(b -j -d link show dev "$1")")
	echo "${values//$'\n'/ }"
}

# vlans DEV: the VLANs that bridge vlan shows of it, with the initials of their flags
vlans()
{
	local rest out='' last
	local entry='\{"vlan":([0-9]+)(,"vlanEnd":([0-9]+))?(,"flags":\[([^]]*)\])?\}(.*)'

	rest=$(b -j -compressvlans vlan show dev "$1")
	while [[ $rest =~ $entry ]]; do
		last=${BASH_REMATCH[3]}
		out+=,${BASH_REMATCH[1]}${last:+-$last}
		case ${BASH_REMATCH[5]} in
		'"PVID","Egress Untagged"') out+="(PE)" ;;
		'"PVID"') out+="(P)" ;;
		'"Egress Untagged"') out+="(E)" ;;
		esac
		rest=${BASH_REMATCH[6]}
	done
	echo "${out#,}"
}

link_show()
{
	wait_for carrier "$sw" p1
	expect_eq "$(b -j link show | jq -r 'map(.ifname) | sort | join(" ")')" "n0 p1 p2" "ports"
	expect_eq "$(link p1 '.master, .state, .mtu')" "vs0 forwarding 1500" "p1"
	expect_eq "$(link p1 '.learning, .flood, .mcast_flood, .bcast_flood, .hairpin, .isolated')" \
		"true true true true false false" "defaults"
	ip -n "$sw" link set p1 down
	expect_eq "$(link p1 .state)" disabled "state when it is down"
	ip -n "$sw" link set p1 up
	wait_for carrier "$sw" p1
	log_test "bridge link show has the ports"
}

link_set()
{
	local setting

	for setting in learning flood mcast_flood bcast_flood hairpin isolated; do
		succeeds b link set dev p1 "$setting" off
		expect_eq "$(link p1 ".$setting")" false "$setting off"
		expect_eq "$(port_json "$sw" p1 ".[\"${setting/_/-}\"]")" false "vsw's $setting off"
		succeeds b link set dev p1 "$setting" on
		expect_eq "$(link p1 ".$setting")" true "$setting on"
		expect_eq "$(port_json "$sw" p1 ".[\"${setting/_/-}\"]")" true "vsw's $setting on"
		expect_eq "$(link p2 ".$setting")" "$([[ $setting =~ hairpin|isolated ]] && echo false || echo true)" \
			"$setting of another port"
	done
	succeeds b link set dev p1 locked on
	expect_eq "$(link p1 .locked)" true "locked on"
	succeeds frame -i "$peer/eth1" -c 3 "$peer/eth2=0" "$sw/vs0=0"
	expect_eq "$(port_drops "$sw" p1 locked)" 3 "frames that a locked port drops"
	succeeds b link set dev p1 locked off
	expect_eq "$(link p1 .locked)" false "locked off"
	succeeds b link set dev p1 isolated off hairpin off
	expect_eq "$(link p1 '.hairpin, .isolated')" "false false" "two at once"
	succeeds b link set dev n0 self flood off
	expect_eq "$(link n0 .flood)" false "flood of a vnic"
	succeeds b link set dev n0 self flood on
	log_test "bridge link set changes a port"
}

# What is not shown the same way by both tools.
link_more()
{
	succeeds b link set dev p1 neigh_suppress on fastleave on guard on mcast_router 2
	expect_eq "$(link p1 '.neigh_suppress, .fastleave, .guard')" "true true true" "by bridge"
	expect_eq "$(port_json "$sw" p1 '[.["neigh-suppress"], .["mcast-fast-leave"], .["bpdu-guard"],
		.["mcast-router"]] | map(tostring) | join(" ")')" "true true true on" "by vsw"
	[[ $(b -d link show dev p1) == *" mcast_router 2 "* ]]
	check_err $? "the router port is not shown: $(b -d link show dev p1)"
	refused "." b link set dev p1 mcast_router 4
	succeeds b link set dev p1 neigh_suppress off fastleave off guard off mcast_router 1
	expect_eq "$(link p1 '.neigh_suppress, .fastleave, .guard')" "false false false" "by bridge"
	expect_eq "$(port_json "$sw" p1 '.["mcast-router"]')" auto "by vsw"
	log_test "bridge link sets suppression, router ports and fast leave"
}

# brport WORD...: see there
brport()
{
	in_ns "$sw" "$SELFTESTS/brport.py" "$@"
}

# Debian 12's bridge(8) has no word for these, newer ones say them by number.
link_mab()
{
	succeeds b link set dev p1 locked on
	succeeds brport set p1 40:u8:1
	expect_eq "$(brport get p1 40:u8)" 1 "mab"
	expect_eq "$(port_json "$sw" p1 .guard.mab)" true "mab by vsw"
	succeeds frame -i "$peer/eth1" -s 02:00:00:00:0d:01 -c 1 "$peer/eth2=0"
	vsw -n "$sw" fdb show | grep -q "02:00:00:00:0d:01.*locked"
	check_err $? "who wants in is not made known: $(vsw -n "$sw" fdb show)"
	refused "mab needs" b link set dev p1 locked off
	succeeds brport set p1 40:u8:0
	succeeds b link set dev p1 locked off
	refused "mab needs" brport set p1 40:u8:1
	log_test "mab, by the number that newer tools use"
	succeeds brport set p1 42:u32:7
	expect_eq "$(brport get p1 42:u32)" 7 "mcast_max_groups"
	expect_eq "$(brport get p1 41:u32)" 0 "mcast_n_groups"
	refused "no such setting" brport set p1 41:u32:7
	refused "no such setting" brport set p1 43:u8:1
	refused "no such setting" brport set p1 44:u32:1
	refused "." brport set p1 40:u32:1
	succeeds brport set p1 42:u32:0
	log_test "groups of a port, likewise"
}

link_refused()
{
	local before

	before=$(b -d link show)
	refused "no such setting" b link set dev p1 cost 4
	refused "no such setting" b link set dev p1 learning off root_block on
	refused "no modes" b link set dev n0 self learning off hwmode vepa
	refused "host port" b link set dev vs0 self learning off
	refused "." b link set dev lo learning off
	expect_eq "$(b -d link show)" "$before" "what is set"
	log_test "what a switch has not is refused, and nothing changes"
}

vlan_add()
{
	expect_eq "$(vlans p1)" "1(PE)" "VLANs of a new port"
	succeeds b vlan add vid 10 dev p1
	succeeds b vlan add vid 20 dev p1 pvid untagged
	expect_eq "$(vlans p1)" "1(E),10,20(PE)" "VLANs"
	expect_eq "$(port_json "$sw" p1 .pvid)" 20 "vsw's PVID"
	succeeds b vlan add vid 20 dev p1
	expect_eq "$(vlans p1)" "1(E),10,20" "VLANs when it is added without pvid and untagged"
	expect_eq "$(vlans p2)" "1(PE)" "VLANs of another port"
	succeeds b vlan add vid 30 dev n0 self pvid
	expect_eq "$(vlans n0)" "1(E),30(P)" "VLANs of a vnic"
	log_test "bridge vlan add makes a port a member"
}

vlan_ranges()
{
	succeeds b vlan add vid 100-200 dev p1 untagged
	succeeds b vlan add vid 150 dev p1
	expect_eq "$(vlans p1)" "1(E),10,20,100-149(E),150,151-200(E)" "VLANs"
	succeeds b vlan del vid 90-199 dev p1
	expect_eq "$(vlans p1)" "1(E),10,20,200(E)" "VLANs"
	expect_eq "$(b -j vlan show dev p1 vid 200 | jq -r '.[].vlans[].vlan')" 200 "VLAN asked for"
	log_test "bridge vlan add and del take ranges"
}

vlan_del()
{
	succeeds b vlan add vid 1 dev p1 pvid untagged
	succeeds b vlan del vid 200 dev p1
	succeeds b vlan del vid 1-20 dev p1
	expect_eq "$(vlans p1)" "" "VLANs"
	expect_eq "$(port_json "$sw" p1 .pvid)" 0 "PVID"
	succeeds b vlan del vid 5 dev p1
	succeeds b vlan add vid 1 dev p1 pvid untagged
	expect_eq "$(vlans p1)" "1(PE)" "VLANs"
	log_test "bridge vlan del takes VLANs away, and the PVID with its VLAN"
}

vlan_host()
{
	expect_eq "$(vlans vs0)" "1(PE)" "VLANs of the host"
	succeeds b vlan add vid 7 dev vs0 self
	succeeds b vlan add vid 8 dev vs0 self pvid untagged
	expect_eq "$(vlans vs0)" "1(E),7,8(PE)" "VLANs of the host"
	succeeds b vlan del vid 7-8 dev vs0 self
	succeeds b vlan add vid 1 dev vs0 self pvid untagged
	log_test "bridge vlan with self is about the host's port"
}

vlan_refused()
{
	local before

	before=$(vlans p1)
	refused "1 to 4094" b vlan add vid 4095 dev p1
	refused "1 to 4094" b vlan add vid 4000-4095 dev p1
	refused "." b vlan add vid 10-12 dev p1 pvid
	refused "." b vlan add vid 10 dev vs0
	refused "." b vlan add vid 10 dev lo
	refused "modes, tunnels" b vlan add vid 10 dev p1 tunnel_info id 10
	expect_eq "$(vlans p1)" "$before" "VLANs"
	log_test "VLANs that can't be are refused, and nothing changes"
}

vlan_many()
{
	local all

	succeeds b vlan add vid 1-4094 dev p1
	expect_eq "$(vlans p1)" 1-4094 "all VLANs"
	# One by one they do not fit into a message.
	all=$(b -j vlan show dev p1 | jq -r '.[].vlans[] | "\(.vlan)-\(.vlanEnd)"')
	expect_eq "$all" 1-4094 "all VLANs, not compressed"
	succeeds b vlan del vid 1001-4094 dev p1
	expect_eq "$(b -j vlan show dev p1 | jq -r '.[].vlans | length')" 1000 "1000 VLANs one by one"
	succeeds b vlan del vid 2-1000 dev p1
	succeeds b vlan add vid 1 dev p1 pvid untagged
	log_test "as many VLANs as there are"
}

vnics_abroad()
{
	local before

	before=$(vsw -n "$sw" vlan show)
	expect_eq "$(bridge -n "$peer" -j link show | tr -d '[:space:]')" "[]" "what its namespace sees"
	expect_eq "$(bridge -n "$peer" -j vlan show | tr -d '[:space:]')" "[]" "VLANs that its namespace sees"
	refused "." bridge -n "$peer" vlan add vid 10 dev n1 self
	refused "." bridge -n "$peer" vlan add vid 10 dev n1
	refused "." bridge -n "$peer" vlan del vid 1 dev n1 self
	refused "." bridge -n "$peer" link set dev n1 self isolated off
	expect_eq "$(vsw -n "$sw" vlan show)" "$before" "VLANs"
	log_test "who has a vnic in his namespace has no say in its port"
}

# heard PATTERN: it is in what the monitor printed
heard()
{
	grep -q -- "$1" "$log"
}

# listen OBJECT...: bridge monitor into $log; it has begun to listen
listen()
{
	log=$(mktemp)
	defer rm -f "$log"
	bg ip netns exec "$sw" stdbuf -oL bridge -d monitor "$@" >"$log" 2>&1
	wait_for hears_p2
}

hears_p2()
{
	b link set dev p2 hairpin on
	b link set dev p2 hairpin off
	sleep 0.1
	heard "p2.*master vs0"
}

monitor_link()
{
	listen link
	b link set dev p1 learning off
	wait_for heard "learning off"
	vsw -n "$sw" port set p1 learning on isolated on
	wait_for heard "learning on.*isolated on"
	vsw -n "$sw" port set p1 isolated off
	ip -n "$sw" link set p1 nomaster
	wait_for heard "Deleted.*p1"
	ip -n "$sw" link set p1 master vs0
	bg_stop $!
	log_test "bridge monitor link shows changes, whoever makes them"
}

monitor_mdb()
{
	vsw -n "$sw" switch set vs0 mcast-snooping on
	listen link mdb
	succeeds vsw -n "$sw" mdb add dev p1 grp 239.1.2.3 vid 1 permanent
	wait_for heard "dev vs0 port p1 grp 239.1.2.3 permanent.*vid 1"
	succeeds vsw -n "$sw" mdb del dev p1 grp 239.1.2.3 vid 1
	wait_for heard "Deleted.*dev vs0 port p1 grp 239.1.2.3"
	succeeds vsw -n "$sw" mdb add dev n0 grp ff05::9 vid 1 permanent
	wait_for heard "dev vs0 port n0 grp ff05::9"
	# An index of another namespace says nothing here.
	succeeds vsw -n "$sw" mdb add dev vs0:4 grp 239.1.2.4 vid 1 permanent
	succeeds vsw -n "$sw" mdb add dev p1 grp 239.1.2.5 vid 1 permanent
	wait_for heard "grp 239.1.2.5"
	! heard "grp 239.1.2.4"
	check_err $? "a port in another namespace is told of"
	bg_stop $!
	vsw -n "$sw" switch set vs0 mcast-snooping off
	vsw -n "$sw" mdb flush switch vs0 permanent >/dev/null
	log_test "bridge monitor mdb shows members that come and go"
}

host_alone()
{
	ip -n "$sw" link add vs1 type vswitch vlan_filtering 1
	ip -n "$sw" link set vs1 up
	succeeds b vlan add vid 7 dev vs1 self
	ip -n "$sw" link set p1 master vs1
	wait_for carrier "$sw" vs1
	expect_eq "$(port_json "$sw" vs1 .forwarding)" true "forwarding of the host's port"
	ip -n "$sw" link set p1 master vs0
	ip -n "$sw" link del vs1
	log_test "VLANs of the host may change while there is no port"
}

frames()
{
	b vlan add vid 10 dev p1 pvid untagged
	b vlan add vid 10 dev p2
	succeeds frame -i "$peer/eth1" -d 02:00:00:00:0a:01 -c 3 "$peer/eth2@10=3" "$sw/vs0=0"
	b vlan del vid 10 dev p2
	succeeds frame -i "$peer/eth1" -d 02:00:00:00:0a:01 -c 3 "$peer/eth2=0" "$sw/vs0=0"
	b vlan add vid 10 dev p2
	b link set dev p2 flood off
	succeeds frame -i "$peer/eth1" -d 02:00:00:00:0a:01 -c 3 "$peer/eth2=0" "$sw/vs0=0"
	b link set dev p2 flood on
	log_test "frames go where bridge(8) has said"
}

run_tests
