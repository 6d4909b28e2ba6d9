#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The life of virtual adapters: how they are made, what is refused, where they may
# go, how they end, and that nothing of what their containers do to them reaches the
# host. A host on a veth sees what is switched; the vnics are in $red and $blue, in
# the switch's own namespace too.
#
#   +-- $h1 ---+   +-- $sw ------+   +-- $red or $blue --+
#   |     eth0 ------ h1 -- vs0 ------- eth0             |
#   +----------+   +-------------+   +-------------------+

# shellcheck disable=SC2317
ALL_TESTS="made_by_ip made_by_vsw refused_settings refused_uses no_permission
	rename move move_fails address mtu up_and_down carrier_of_switch
	deleted_by_ip deleted_by_vsw deleted_with_netns deleted_with_switch
	deleted_with_netns_of_switch counters_stay module container_settings"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq ethtool setpriv
require_vswitch
load_kind veth dummy
ADAPTERS=veth star h1 || exit 1
setup_ns red blue
# shellcheck disable=SC2154  # star and setup_ns assigned them
: "$sw" "$h1" "$red" "$blue"

M1=02:00:00:00:00:01
MR=02:00:00:00:00:0a
MB=02:00:00:00:00:0b

on_fail()
{
	vsw -d -n "$sw" port show
	ip -n "$red" -d link show
}

# vnic NAME NS [SETTING...]: eth0 there, with the alias NAME
vnic()
{
	succeeds vsw -n "$sw" port add eth0 type vnic switch vs0 netns "$2" alias "$1" "${@:3}"
}

# no_vnics: all are gone, whatever was done to them
no_vnics()
{
	local number

	for number in $(vsw -j -n "$sw" port show switch vs0 | jq '.[] | select(.type == "vnic") | .number'); do
		vsw -n "$sw" port del "vs0:$number"
	done
	expect_eq "$(names)" "vs0 h1" "ports without vnics"
}

names()
{
	vsw -j -n "$sw" port show switch vs0 | jq -r '[.[].name] | join(" ")'
}

# has_device NS DEV
has_device()
{
	ip -n "$1" link show dev "$2" >/dev/null 2>&1
}

# reaches NS DEV MAC: frames pass between h1 and that vnic, both ways
reaches()
{
	wait_for carrier "$1" "$2"
	succeeds frame -i "$1/$2" -s "$3" -c 3 "$h1/eth0=3"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$3" -c 3 "$1/$2=3" "$sw/vs0=0"
}

made_by_ip()
{
	succeeds ip -n "$sw" link add link vs0 name eth0 netns "$red" address "$MR" mtu 1400 type vnic
	expect_eq "$(device_json "$red" eth0 '.address, .mtu, .linkinfo.info_kind' | xargs)" \
		"$MR 1400 vnic" "the device"
	expect_eq "$(device_json "$red" eth0 '.link_index')" "$(device_json "$sw" vs0 .ifindex)" \
		"the index of its link"
	expect_ge "$(device_json "$red" eth0 '.link_netnsid')" 0 "the namespace of its link"
	expect_eq "$(port_json "$sw" eth0 '.type, .forwarding' | xargs)" "vnic false" "the port"
	expect_eq "$(ip -n "$red" link show dev eth0 up)" "" "a device that nobody set up"
	succeeds ip -n "$red" link set eth0 up
	reaches "$red" eth0 "$MR"
	log_test "ip link add: a vnic with address and MTU in another namespace"

	succeeds ip -n "$sw" link add link vs0 name v0 type vnic
	expect_eq "$(device_json "$sw" v0 .mtu)" "$(device_json "$sw" vs0 .mtu)" "MTU, by default the switch's"
	[[ $(device_json "$sw" v0 .address) == ?[26ae]:* ]]
	check_err $? "the address is not a locally administered one"
	expect_eq "$(ip -n "$sw" -o link show | grep -c "$(device_json "$sw" v0 .address)")" 1 \
		"devices that have the address"
	succeeds ip -n "$sw" link set v0 up
	reaches "$sw" v0 "$(device_json "$sw" v0 .address)"
	no_vnics
	log_test "ip link add: a vnic with the defaults in the switch's namespace"
}

made_by_vsw()
{
	vnic web "$red" address "$MR" mtu 1400 isolated on learning off fdb-max 5 access 10
	expect_eq "$(device_json "$red" eth0 '.address, .mtu' | xargs)" "$MR 1400" "the device"
	expect_eq "$(port_json "$sw" web '.type, .name, .isolated, .learning, .["fdb-max"], .pvid' | xargs)" \
		"vnic eth0 true false 5 10" "the port"
	succeeds vsw -n "$sw" port set web isolated off learning on fdb-max 0 access 1
	reaches "$red" eth0 "$MR"
	expect_eq "$(has_fdb "$sw" "$MR" web; echo $?)" 0 "what was learned"
	no_vnics
	log_test "vsw port add: a vnic with all settings"
}

refused_settings()
{
	local link="ip -n $sw link add"

	succeeds ip -n "$red" link add taken type dummy
	# shellcheck disable=SC2086  # words
	{
	refused "name the switch" $link name v0 type vnic
	refused "is none" $link link h1 name v0 type vnic
	refused "is none" $link link lo name v0 type vnic
	refused "no such device|cannot find" $link link nosuch name v0 type vnic
	refused "unicast MAC" $link link vs0 name v0 address 01:00:00:00:00:01 type vnic
	refused "unicast MAC" $link link vs0 name v0 address ff:ff:ff:ff:ff:ff type vnic
	refused "unicast MAC" $link link vs0 name v0 address 00:00:00:00:00:00 type vnic
	refused "." $link link vs0 name v0 address 02:00:00:00:01 type vnic
	refused "mtu" $link link vs0 name v0 mtu 67 type vnic
	refused "mtu" $link link vs0 name v0 mtu 65536 type vnic
	refused "exists" $link link vs0 name h1 type vnic
	refused "exists" $link link vs0 name taken netns "$red" type vnic
	refused "." $link link vs0 name v0 netns no-such-netns type vnic
	}
	expect_eq "$(names)" "vs0 h1" "ports after that"
	ip -n "$red" link del taken
	succeeds ip -n "$sw" link add link vs0 name v0 mtu 68 type vnic
	succeeds ip -n "$sw" link add link vs0 name v1 mtu 65535 type vnic
	no_vnics
	log_test "settings that make no sense are refused, and nothing is left"
}

# A vnic is one switch's port for good; its like can't be its lower or its upper device.
refused_uses()
{
	ip -n "$sw" -b - <<-END
		link add link vs0 name v0 address $MR type vnic
		link set v0 up
		link add vs1 up type vswitch
	END
	refused "is a port already" ip -n "$sw" link set v0 master vs0
	refused "is a port already" ip -n "$sw" link set v0 master vs1
	refused "is a port already" vsw -n "$sw" port add v0 switch vs1
	refused "." ip -n "$sw" link add link v0 name v1 type vnic
	modprobe -q 8021q
	succeeds ip -n "$sw" link add link v0 name v0.5 type vlan id 5
	refused "on top of the switch itself" ip -n "$sw" link set v0.5 master vs0
	succeeds ip -n "$sw" link set v0.5 master vs1
	# now vs1 is on top of vs0
	succeeds ip -n "$sw" link add link vs1 name w0 type vnic
	modprobe -q 8021q
	succeeds ip -n "$sw" link add link w0 name w0.5 type vlan id 5
	refused "on top of the switch itself|loop" ip -n "$sw" link set w0.5 master vs0
	reaches "$sw" v0 "$MR"
	succeeds ip -n "$sw" link del vs1
	fails has_device "$sw" w0.5
	succeeds has_device "$sw" v0.5
	no_vnics
	fails has_device "$sw" v0.5
	log_test "a vnic is no other switch's port, and nothing goes round in a ring"
}

no_permission()
{
	vnic web "$red" address "$MR"
	refused "not permitted" in_ns "$sw" setpriv --reuid 65534 --regid 65534 --clear-groups \
		ip link add link vs0 name v0 type vnic
	refused "not permitted" in_ns "$red" setpriv --reuid 65534 --regid 65534 --clear-groups \
		ip link del eth0
	# Root of a user namespace that does not own the switch's network namespace.
	refused "." in_ns "$sw" unshare -Ur ip link add link vs0 name v0 type vnic
	refused "." in_ns "$sw" unshare -Ur "$VSW" port add v0 type vnic switch vs0
	refused "." in_ns "$sw" unshare -Ur "$VSW" port del web
	expect_eq "$(names)" "vs0 h1 eth0" "ports after that"
	no_vnics
	log_test "only who may administer the network makes vnics"
}

rename()
{
	local number

	vnic web "$red" address "$MR"
	number=$(port_json "$sw" web .number)
	vsw -n "$sw" fdb add 02:00:00:00:0a:01 dev web static
	succeeds ip -n "$red" link set eth0 down
	succeeds ip -n "$red" link set eth0 name uplink7
	succeeds ip -n "$red" link set uplink7 up
	expect_eq "$(port_json "$sw" web '.name, .number' | xargs)" "uplink7 $number" "the port"
	expect_eq "$(fdb_json "$sw" '.[] | select(.address == "02:00:00:00:0a:01") | .["port-name"]')" \
		uplink7 "what the entry says"
	reaches "$red" uplink7 "$MR"
	# The name of a device on the host's side means nothing there.
	succeeds ip -n "$red" link set uplink7 down
	succeeds ip -n "$red" link set uplink7 name h1
	expect_eq "$(port_json "$sw" h1 .type)" device "the port that is called h1 on this side"
	no_vnics
	log_test "a vnic is renamed"
}

move()
{
	local number id

	vnic web "$red" address "$MR"
	number=$(port_json "$sw" web .number)
	id=$(port_json "$sw" web .netnsid)
	reaches "$red" eth0 "$MR"
	vsw -n "$sw" fdb add 02:00:00:00:0a:01 dev web static
	succeeds has_fdb "$sw" "$MR" web
	succeeds ip -n "$red" link set eth0 netns "$blue"
	fails has_device "$red" eth0
	fails has_fdb "$sw" "$MR"
	succeeds has_fdb "$sw" 02:00:00:00:0a:01 web
	expect_eq "$(port_json "$sw" web '.name, .number, .forwarding' | xargs)" "eth0 $number false" "the port"
	[ "$(port_json "$sw" web .netnsid)" != "$id" ]
	check_err $? "the namespace that the port tells of is the old one"
	succeeds ip -n "$blue" link set eth0 up
	reaches "$blue" eth0 "$MR"
	log_test "a vnic moves to another namespace, and its entries by request stay"

	succeeds ip -n "$blue" link set eth0 netns "$sw" name here
	expect_eq "$(port_json "$sw" web '.name, .netnsid' | xargs)" "here null" "the port"
	succeeds ip -n "$sw" link set here up
	reaches "$sw" here "$MR"
	succeeds ip -n "$sw" link set here netns "$red" name eth0
	succeeds ip -n "$red" link set eth0 up
	reaches "$red" eth0 "$MR"
	no_vnics
	log_test "a vnic moves to the switch's own namespace and back"
}

move_fails()
{
	vnic web "$red" address "$MR"
	vnic other "$blue" address "$MB"
	refused "exist" ip -n "$red" link set eth0 netns "$blue"
	succeeds has_device "$red" eth0
	reaches "$red" eth0 "$MR"
	reaches "$blue" eth0 "$MB"
	no_vnics
	log_test "a vnic that can't move stays as it is"
}

address()
{
	local old new

	old=$(device_json "$sw" vs0 .address)
	vnic web "$red" address 00:00:00:00:00:07
	expect_eq "$(device_json "$sw" vs0 .address)" "$old" "MAC of the switch, with a vnic that has a lower one"
	reaches "$red" eth0 00:00:00:00:00:07
	for new in "$MR" 00:00:00:00:00:01 "$MB"; do
		succeeds ip -n "$red" link set eth0 address "$new"
		expect_eq "$(device_json "$sw" vs0 .address)" "$old" "MAC of the switch then"
		reaches "$red" eth0 "$new"
	done
	refused "." ip -n "$red" link set eth0 address 01:00:5e:00:00:01
	refused "." ip -n "$red" link set eth0 address 00:00:00:00:00:00
	expect_eq "$(device_json "$red" eth0 .address)" "$MB" "MAC of the vnic after that"
	# Even the MAC of a port: the host keeps what is its.
	succeeds ip -n "$red" link set eth0 address 02:00:00:00:01:01
	succeeds frame -i "$red/eth0" -s 02:00:00:00:01:01 -c 3 "$h1/eth0=3"
	succeeds frame -i "$h1/eth0" -s "$M1" -d 02:00:00:00:01:01 -c 3 "$sw/vs0=3" "$red/eth0=0"
	no_vnics
	log_test "the MAC of a vnic is its container's affair"
}

mtu()
{
	local old

	old=$(device_json "$sw" vs0 .mtu)
	vnic web "$red" address "$MR"
	for new in 68 1000 9000 65535; do
		succeeds ip -n "$red" link set eth0 mtu "$new"
		expect_eq "$(device_json "$sw" vs0 .mtu)" "$old" "MTU of the switch with a vnic of $new"
	done
	refused "." ip -n "$red" link set eth0 mtu 67
	refused "." ip -n "$red" link set eth0 mtu 65536
	expect_eq "$(device_json "$red" eth0 .mtu)" 65535 "MTU of the vnic after that"
	# It says what the port lets through to it; what it sends is bound by others.
	succeeds ip -n "$red" link set eth0 mtu 1000
	succeeds frame -i "$h1/eth0" -s "$M1" -c 3 -l 1014 "$red/eth0=3"
	succeeds frame -i "$h1/eth0" -s "$M1" -c 3 -l 1100 "$red/eth0=0" "$sw/vs0=3"
	expect_eq "$(port_drops "$sw" web mtu-exceeded)" 3 "mtu-exceeded drops"
	succeeds ip -n "$red" link set eth0 mtu 9000
	succeeds frame -i "$red/eth0" -s "$MR" -c 3 -l 9014 "$h1/eth0=0" "$sw/vs0=3"
	expect_eq "$(port_drops "$sw" h1 mtu-exceeded)" 3 "mtu-exceeded drops of the other port"
	no_vnics
	log_test "the MTU of a vnic bounds what it gets, and nothing else"
}

# forwards PORT true|false
forwards()
{
	[ "$(port_json "$sw" "$1" .forwarding)" = "$2" ]
}

up_and_down()
{
	local drops

	vnic web "$red" address "$MR" down
	expect_eq "$(port_json "$sw" web .forwarding)" false "forwarding of a new one that is down"
	succeeds ip -n "$red" link set eth0 up
	reaches "$red" eth0 "$MR"
	succeeds has_fdb "$sw" "$MR" web
	succeeds ip -n "$red" link set eth0 down
	expect_eq "$(port_json "$sw" web .forwarding)" false "forwarding of one that is down"
	fails has_fdb "$sw" "$MR"
	vsw -n "$sw" fdb add "$MR" dev web static
	drops=$(port_drops "$sw" web port-down)
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$MR" -c 3 "$sw/vs0=0"
	expect_eq "$(port_drops "$sw" web port-down)" $((drops + 3)) "port-down drops"
	succeeds ip -n "$red" link set eth0 up
	wait_for forwards web true
	reaches "$red" eth0 "$MR"
	no_vnics
	log_test "a vnic is set down and up in its container"
}

carrier_of_switch()
{
	vnic web "$red" address "$MR"
	wait_for carrier "$red" eth0
	succeeds ip -n "$sw" link set vs0 down
	wait_for no_carrier "$red" eth0
	expect_eq "$(port_json "$sw" web .forwarding)" false "forwarding with the switch down"
	expect_eq "$(cat_carrier)" 0 "what sysfs says"
	vnic late "$blue" address "$MB"
	wait_for no_carrier "$blue" eth0
	succeeds ip -n "$sw" link set vs0 up
	wait_for carrier "$blue" eth0
	reaches "$red" eth0 "$MR"
	reaches "$blue" eth0 "$MB"
	no_vnics
	log_test "the carrier of a vnic is the switch's being up"

	ip -n "$sw" link add vs1 up type vswitch
	fails carrier "$sw" vs1
	succeeds vsw -n "$sw" port add eth0 type vnic switch vs1 netns "$red"
	wait_for carrier "$sw" vs1
	succeeds ip -n "$red" link set eth0 down
	wait_for not carrier "$sw" vs1
	succeeds ip -n "$red" link set eth0 up
	wait_for carrier "$sw" vs1
	succeeds ip -n "$red" link del eth0
	wait_for not carrier "$sw" vs1
	ip -n "$sw" link del vs1
	log_test "a vnic that is up gives its switch a carrier"
}

cat_carrier()
{
	in_ns "$red" cat /sys/class/net/eth0/carrier
}

# nothing_left NAME MAC: of the port, which was the only one but for h1
nothing_left()
{
	expect_eq "$(names)" "vs0 h1" "ports"
	expect_eq "$(switch_json "$sw" vs0 '.["port-count"]')" 1 "the count of ports"
	fails has_fdb "$sw" "$2"
	fails has_fdb "$sw" 02:00:00:00:0a:01
	fails vsw -n "$sw" port show "$1"
	succeeds frame -i "$h1/eth0" -s "$M1" -c 3 "$sw/vs0=3"
}

# full_vnic: one in $red, with entries of two kinds
full_vnic()
{
	vnic web "$red" address "$MR"
	vsw -n "$sw" fdb add 02:00:00:00:0a:01 dev web static
	reaches "$red" eth0 "$MR"
	succeeds has_fdb "$sw" "$MR" web
}

deleted_by_ip()
{
	full_vnic
	succeeds ip -n "$red" link del eth0
	nothing_left web "$MR"
	log_test "a vnic is deleted by its container"
}

deleted_by_vsw()
{
	full_vnic
	succeeds vsw -n "$sw" port del web
	fails has_device "$red" eth0
	nothing_left web "$MR"
	log_test "a vnic is deleted by the host"
}

deleted_with_netns()
{
	local dying

	setup_ns dying
	succeeds vsw -n "$sw" port add eth0 type vnic switch vs0 netns "$dying" alias web address "$MR"
	vsw -n "$sw" fdb add 02:00:00:00:0a:01 dev web static
	reaches "$dying" eth0 "$MR"
	succeeds ip netns del "$dying"
	wait_for not vsw -n "$sw" port show web
	nothing_left web "$MR"
	log_test "a vnic goes with its namespace"
}

deleted_with_switch()
{
	succeeds ip -n "$sw" link add vs1 up type vswitch
	succeeds vsw -n "$sw" port add eth0 type vnic switch vs1 netns "$red"
	succeeds vsw -n "$sw" port add eth1 type vnic switch vs1 netns "$red"
	succeeds vsw -n "$sw" port add eth0 type vnic switch vs1 netns "$blue"
	succeeds vsw -n "$sw" port add here type vnic switch vs1
	succeeds ip -n "$sw" link del vs1
	fails has_device "$red" eth0
	fails has_device "$red" eth1
	fails has_device "$blue" eth0
	fails has_device "$sw" here
	nothing_left web "$MR"
	log_test "vnics in several namespaces go with their switch"
}

deleted_with_netns_of_switch()
{
	local dying

	setup_ns dying
	ip -n "$dying" link add vs0 up type vswitch
	succeeds vsw -n "$dying" port add eth0 type vnic switch vs0 netns "$red"
	succeeds vsw -n "$dying" port add here type vnic switch vs0
	succeeds has_device "$red" eth0
	succeeds ip netns del "$dying"
	wait_for not has_device "$red" eth0
	nothing_left web "$MR"
	log_test "vnics elsewhere go with the namespace of their switch"
}

counters_stay()
{
	local before

	vnic web "$red" address "$MR"
	wait_for carrier "$red" eth0
	before=$(switch_json "$sw" vs0 '.stats["rx-packets"]')
	succeeds frame -i "$red/eth0" -s "$MR" -c 10 "$h1/eth0=10"
	succeeds vsw -n "$sw" port del web
	expect_eq "$(switch_json "$sw" vs0 '.stats["rx-packets"]')" $((before + 10)) "frames that the switch received"
	vnic web "$red" address "$MR"
	expect_eq "$(port_stat "$sw" web rx-packets)" 0 "frames of the new one"
	no_vnics
	log_test "the switch's counters keep those of vnics that are gone"
}

module()
{
	vnic web "$red" address "$MR"
	succeeds ip -n "$sw" link add link vs0 name here type vnic
	expect_eq "$(cat /sys/module/vswitch/refcnt)" 0 "users of the module that are not its devices"
	succeeds rmmod vswitch
	fails has_device "$red" eth0
	fails has_device "$sw" here
	fails has_device "$sw" vs0
	succeeds has_device "$sw" h1
	succeeds modprobe vswitch
	ip -n "$sw" -b - <<-END
		link add vs0 up type vswitch
		link set h1 master vs0
	END
	vnic web "$red" address "$MR"
	reaches "$red" eth0 "$MR"
	no_vnics
	log_test "vnics go with the module, as switches do"
}

# of_host: all that could be different of the host's devices
of_host()
{
	ip -n "$sw" -d -j link show | jq -c '.[] | select(.ifname == "vs0" or .ifname == "h1") |
		[.ifname, .flags, .address, .mtu, .promiscuity, .allmulti, .txqlen, .group, .operstate]'
	in_ns "$sw" ethtool -k vs0
	in_ns "$sw" ethtool -k h1
	in_ns "$sw" ip maddr show dev vs0
	in_ns "$sw" ip maddr show dev h1
}

container_settings()
{
	local before

	vnic web "$red" address "$MR"
	wait_for carrier "$red" eth0
	before=$(of_host)
	succeeds ip -n "$red" -b - <<-END
		link set eth0 promisc on
		link set eth0 allmulticast on
		link set eth0 address 02:00:00:00:00:00
		link set eth0 mtu 9000
		link set eth0 txqueuelen 5
		link set eth0 alias mine
		link set eth0 group 7
		maddr add 01:00:5e:01:02:03 dev eth0
		addr add 192.0.2.77/24 dev eth0
	END
	succeeds in_ns "$red" ethtool -K eth0 tx off gso off gro off sg off
	succeeds in_ns "$red" sysctl -q net.ipv6.conf.eth0.mtu=1280
	expect_eq "$(of_host)" "$before" "the host's devices after that"
	expect_eq "$(port_json "$sw" web .alias)" web "the alias that the host gave"
	fails vsw -n "$sw" port show mine
	succeeds ip -n "$red" link set eth0 address "$MR"
	reaches "$red" eth0 "$MR"
	no_vnics
	expect_eq "$(of_host)" "$before" "the host's devices after it is gone"
	log_test "nothing that a container does to its vnic changes the host"
}

run_tests
