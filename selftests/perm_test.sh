#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who may do what. The host's switch is in $sw; its port h1 leads to $h1, which
# stands for a container. Its port 2 is a vnic, whose device c0 is in the network
# namespace of a container that has a root of its own.

# shellcheck disable=SC2317
ALL_TESTS="reading_is_open listening_is_open changes_are_refused
	container_root_on_host_switch container_root_on_its_own
	container_root_by_netns_fd vnic_sees_nothing vnic_hears_nothing
	vnic_changes_nothing_by_genl vnic_changes_nothing_by_rtnetlink
	vnic_device_is_its_own state_untouched vnic_given_up"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq setpriv unshare nsenter ethtool
require_vswitch
load_kind veth dummy
star h1 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1"
ip -n "$sw" link add d0 type dummy
vsw -n "$sw" fdb add 02:00:00:00:0a:01 dev h1

# The tools where anyone may run them, wherever the tree is.
bin=$(mktemp -d)
defer rm -rf "$bin"
chmod 755 "$bin"
install -m 755 "$(command -v "$VSW")" "$bin/vsw"
install -m 755 "$(command -v nldump)" "$bin/nldump"
install -m 755 "$(command -v nlperm)" "$bin/nlperm"

# A container: its own user namespace, which owns its network. Nothing is sent
# there unasked.
bg unshare --user --map-root-user --net -- sh -c '
	echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
	echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6
	exec sleep infinity'
container=$!

container_sleeps()
{
	[ "$(cat "/proc/$container/comm")" = sleep ]
}

# inside COMMAND...: as the container's root, in its network
inside()
{
	nsenter --target "$container" --user --net -- "$@"
}

wait_for container_sleeps
ip -n "$sw" link add link vs0 name c0 address 02:00:00:00:00:c0 netns "$container" type vnic ||
	exit 1
inside ip link set c0 up || exit 1
vsw -n "$sw" port set vs0:2 alias web || exit 1
vsw -n "$sw" flow add vs0 table=5,priority=7,actions=drop || exit 1

# nobody COMMAND...: in $sw, as a user without any privilege
nobody()
{
	in_ns "$sw" setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \
		--bounding-set=-all -- "$@"
}

# container_root COMMAND...: in $sw, as root of a user namespace of its own, as
# in a container that got the host's network
container_root()
{
	in_ns "$sw" unshare --user --map-root-user -- "$@"
}

snapshot()
{
	vsw -j -d -n "$sw" switch show
	vsw -j -d -n "$sw" port show
	vsw -j -n "$sw" fdb show | jq 'map(del(.age))'
	vsw -n "$sw" flow save vs0
	ip -n "$sw" -d -j link show | jq 'map(del(.stats64))'
}

port_forwards()
{
	[ "$(port_json "$sw" h1 .forwarding)" = true ]
}

wait_for port_forwards
snapshot_file=$(mktemp)
defer rm -f "$snapshot_file"
snapshot > "$snapshot_file"

reading_is_open()
{
	expect_eq "$(nobody "$bin/vsw" -j switch show | jq -r '.[0].name')" vs0 "switch"
	expect_eq "$(nobody "$bin/vsw" -j port show h1 | jq -r '.[0].name')" h1 "port"
	succeeds nobody "$bin/vsw" fdb get 02:00:00:00:0a:01 switch vs0
	expect_eq "$(nobody "$bin/nldump" port | cut -d' ' -f1-2)" "objects 3" "dump"
	expect_eq "$(container_root "$bin/vsw" -j switch show | jq -r '.[0].name')" vs0 "switch"
	expect_eq "$(nobody "$bin/nldump" -s vs0 flow | cut -d' ' -f1-2)" "objects 1" "flows"
	expect_eq "$(nobody "$bin/vsw" flow save vs0 | grep -c 'table=5.*actions=drop')" 1 "flow"
	log_test "anyone may read"
}

listening_is_open()
{
	local log

	log=$(mktemp)
	defer rm -f "$log"
	bg nobody "$bin/vsw" -j monitor all > "$log"
	wait_for poke "$log"
	expect_eq "$(jq -r -s '[.[] | select(.event == "port-set")][0].port.name' "$log")" h1 "event"
	log_test "anyone may listen"
}

# Something happens, and FILE has something.
poke()
{
	vsw -n "$sw" port set h1 hairpin off
	[ -s "$1" ]
}

# all_refused WHO...: every change is refused, with words, if WHO asks for it
all_refused()
{
	local text="CAP_NET_ADMIN|not permitted|permission"

	refused "$text" "$@" "$bin/vsw" switch add vs1
	refused "$text" "$@" "$bin/vsw" switch set vs0 ageing 1
	refused "$text" "$@" "$bin/vsw" switch del vs0
	refused "$text" "$@" "$bin/vsw" port add d0 switch vs0
	refused "$text" "$@" "$bin/vsw" port set h1 isolated on
	refused "$text" "$@" "$bin/vsw" port del h1
	refused "$text" "$@" "$bin/vsw" fdb add 02:00:00:00:0a:02 dev h1
	refused "$text" "$@" "$bin/vsw" fdb replace 02:00:00:00:0a:01 dev vs0
	refused "$text" "$@" "$bin/vsw" fdb del 02:00:00:00:0a:01 dev h1
	refused "$text" "$@" "$bin/vsw" fdb flush switch vs0
	refused "$text" "$@" "$bin/vsw" mirror add m0 switch vs0 from dev h1 to netdev d0
	refused "$text" "$@" "$bin/vsw" binding add dev h1 mac 02:00:00:00:0a:02
	refused "$text" "$@" "$bin/vsw" mdb add dev h1 grp 239.1.1.1
	refused "$text" "$@" "$bin/vsw" mdb flush switch vs0
	refused "$text" "$@" "$bin/vsw" flow add vs0 actions=normal
	refused "$text" "$@" "$bin/vsw" flow modify vs0 actions=normal
	refused "$text" "$@" "$bin/vsw" flow del vs0
	refused "$text" "$@" "$bin/vsw" flow replace vs0 /dev/null
	refused "$text" "$@" "$bin/vsw" flow table set vs0 5 miss normal
	refused "$text" "$@" "$bin/vsw" group del vs0
	refused "$text" "$@" "$bin/vsw" meter del vs0
	refused "$text" "$@" "$bin/vsw" flow snoop vs0
	refused "$text" "$@" "$bin/vsw" trace vs0 in_port=h1
	refused "$text" "$@" ip link add vs1 type vswitch
	refused "$text" "$@" ip link set d0 master vs0
	refused "$text" "$@" ip link set h1 nomaster
	refused "$text" "$@" ip link set h1 type vswitch_slave learning off
	refused "$text" "$@" ip link del vs0
}

changes_are_refused()
{
	all_refused nobody
	log_test "a user without privileges may change nothing"
	expect_eq "$(nobody "$bin/nlperm")" "52 refused" "operations, each with its message"
	log_test "every change is refused with EPERM and a message"
}

container_root_on_host_switch()
{
	all_refused container_root
	log_test "root of a user namespace may change nothing of the host's switch"
}

# in_own_netns SCRIPT: as root of a user namespace that owns its network
in_own_netns()
{
	unshare --user --map-root-user --net -- sh -e -c "$1"
}

container_root_on_its_own()
{
	succeeds in_own_netns "
		$bin/vsw switch add vs1 ageing 10
		ip link add p type veth peer name q
		$bin/vsw port add p switch vs1 isolated on
		$bin/vsw fdb add 02:00:00:00:0a:02 dev p
		$bin/vsw fdb show switch vs1
		$bin/vsw flow add vs1 in_port=p,actions=drop
		ip link add vs2 type vswitch
		ip link set p master vs2
		$bin/vsw fdb flush switch vs2
		$bin/vsw port del p
		$bin/vsw switch del vs1
		ip link del vs2"
	log_test "root of a user namespace manages switches of its own"
	expect_eq "$(in_own_netns "$bin/vsw -j switch show" | jq length)" 0 "switches that it sees"
	refused "." in_own_netns "$bin/vsw switch del vs0"
	log_test "and sees no others"
}

# A descriptor of the host's namespace is no way in.
container_root_by_netns_fd()
{
	refused "." unshare --user --map-root-user --net -- \
		nsenter --net="/run/netns/$sw" "$bin/vsw" switch del vs0
	refused "." unshare --user --map-root-user --net -- \
		sh -c "ip link add p type veth peer name q netns 1 && ip link set q netns 1"
	succeeds vsw -n "$sw" switch show vs0
	log_test "a container's root does not get at the host through a namespace"
}

# What the container's root knows of the host's switch, its own port included.
vnic_sees_nothing()
{
	local object

	for object in switch port fdb binding mirror mdb; do
		expect_eq "$(inside "$bin/vsw" -j "$object" show | jq length)" 0 "${object}s"
		expect_eq "$(inside "$bin/nldump" "$object" | cut -d' ' -f1-2)" "objects 0" \
			"dump of ${object}s"
	done
	refused "no port of a switch" inside "$bin/vsw" port show c0
	refused "no port of a switch" inside "$bin/vsw" fdb show dev c0
	refused "." inside "$bin/vsw" port show vs0:2
	refused "." inside "$bin/vsw" port show web
	refused "." inside "$bin/vsw" switch show vs0
	expect_eq "$(inside "$bin/nldump" -s vs0 flow | cut -d' ' -f1-2)" "objects 0" "dump of flows"
	refused "." inside "$bin/vsw" fdb get 02:00:00:00:0a:01 switch vs0
	log_test "a container's root with a vnic sees nothing of the switch"
}

# heard FILE SWITCH: it tells of that switch of the container's own
heard()
{
	inside "$bin/vsw" switch add "$2" >/dev/null 2>&1
	inside "$bin/vsw" switch del "$2"
	grep -q "\"$2\"" "$1"
}

vnic_hears_nothing()
{
	local log

	log=$(mktemp)
	defer rm -f "$log"
	# Not by the function, whose shell would end without it.
	bg nsenter --target "$container" --user --net -- "$bin/vsw" -j monitor all > "$log"
	wait_for heard "$log" own1
	succeeds vsw -n "$sw" port set vs0:2 isolated on
	succeeds vsw -n "$sw" port set vs0:2 isolated off
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	succeeds vsw -n "$sw" fdb add 02:00:00:00:0a:03 dev vs0:2 vlan 5
	succeeds vsw -n "$sw" fdb del 02:00:00:00:0a:03 dev vs0:2 vlan 5
	wait_for heard "$log" own2
	expect_eq "$(jq -r -s 'map(.switch.name // (.port // .fdb)["switch-name"] // "?") |
		unique | join(" ")' "$log")" "own1 own2" "switches that it heard of"
	log_test "a container's root with a vnic hears of no change"
}

# In a switch of its own that has the name of the host's, too.
vnic_changes_nothing_by_genl()
{
	local own

	for own in 0 1; do
		[ "$own" = 0 ] || succeeds inside "$bin/vsw" switch add vs0
		refused "." inside "$bin/vsw" port set c0 isolated on
		refused "." inside "$bin/vsw" port set c0 access 5
		refused "." inside "$bin/vsw" port set c0 alias mine
		refused "." inside "$bin/vsw" port set vs0:2 isolated on
		refused "." inside "$bin/vsw" port set vs0:2 trunk all
		refused "." inside "$bin/vsw" port set web alias mine
		refused "." inside "$bin/vsw" port del c0
		refused "." inside "$bin/vsw" port del vs0:2
		refused "." inside "$bin/vsw" port del h1
		refused "." inside "$bin/vsw" port add c0 switch vs0
		refused "." inside "$bin/vsw" fdb add 02:00:00:00:0a:04 dev c0
		refused "." inside "$bin/vsw" fdb add 02:00:00:00:0a:04 dev vs0:2 vlan 5
		refused "." inside "$bin/vsw" fdb replace 02:00:00:00:0a:01 dev c0
		refused "." inside "$bin/vsw" fdb del 02:00:00:00:0a:01 switch vs0
		refused "." inside "$bin/vsw" fdb flush dev c0
		refused "." inside "$bin/vsw" mirror add m0 switch vs0 from dev vs0:2 to netdev c0
		refused "." inside "$bin/vsw" binding add dev c0 mac 02:00:00:00:00:c0
		refused "." inside "$bin/vsw" binding add dev vs0:2 mac 02:00:00:00:00:c0
		refused "." inside "$bin/vsw" mdb add dev c0 grp 239.1.1.1
		refused "." inside "$bin/vsw" mdb flush dev vs0:2
	done
	succeeds inside "$bin/vsw" switch del vs0
	refused "." inside "$bin/vsw" switch set vs0 vlan-filtering on
	refused "." inside "$bin/vsw" switch del vs0
	refused "." inside "$bin/vsw" fdb flush switch vs0
	log_test "a container's root with a vnic changes nothing through the family"
}

# Whatever it asks for, by index and across namespaces, there is no other port.
vnic_changes_nothing_by_rtnetlink()
{
	local index id

	index=$(switch_index)
	id=$(inside ip -j link show dev c0 | jq '.[0].link_netnsid')
	expect_ge "$id" 0 "id of the switch's namespace"
	refused "link SWITCH" inside ip link add name c1 type vnic
	refused "is none" inside ip link add link c0 name c1 type vnic
	refused "is none" inside ip link add link "if$index" name c1 type vnic
	refused "permitted" \
		inside ip link add link "if$index" link-netnsid "$id" name c1 type vnic
	refused "permitted" inside ip link add link "if$index" name c1 netns 1 type vnic
	refused "permitted" inside ip link set c0 netns 1
	refused "." inside ip link set c0 type vnic_slave isolated on
	refused "." inside ip link set c0 type vswitch_slave isolated on
	refused "." inside ip link set c0 type vswitch vlan_filtering 1
	# This asks for nothing, so that it may be answered by anything.
	inside ip link set c0 type vnic 2>/dev/null
	inside ip link set c0 nomaster 2>/dev/null
	expect_eq "$(inside ip -j link show | jq -r 'map(.ifname) | sort | join(" ")')" "c0 lo" \
		"devices of the container"
	expect_eq "$(vsw -j -n "$sw" port show switch vs0 | jq length)" 3 "ports of the switch"
	log_test "a container's root with a vnic changes nothing through rtnetlink"
}

switch_index()
{
	ip -n "$sw" -j link show dev vs0 | jq '.[0].ifindex'
}

switch_device()
{
	ip -n "$sw" -d -j link show dev vs0 | jq 'map(del(.stats64))'
	in_ns "$sw" ethtool -k vs0
}

# own_device SETTING...: the container's root may set this, and the switch's
# device does not follow
own_device()
{
	succeeds inside ip link set c0 "$@"
	expect_eq "$(switch_device | diff "$device_file" -)" "" "switch's device after 'c0 $*'"
}

# Its MAC is lower and its MTU is less than those of every port of the switch.
vnic_device_is_its_own()
{
	local device_file feature

	device_file=$(mktemp)
	defer rm -f "$device_file"
	switch_device > "$device_file"
	own_device address 00:00:00:00:00:02
	own_device mtu 68
	own_device mtu 65535
	own_device promisc on
	own_device allmulticast on
	own_device gso_max_size 1000
	own_device alias mine
	expect_eq "$(port_json "$sw" vs0:2 .alias)" web "alias of the port"
	own_device down
	expect_eq "$(port_json "$sw" vs0:2 .forwarding)" false "the port of a device that is down"
	own_device name c9
	succeeds inside ip link set c9 name c0
	own_device up
	expect_eq "$(port_json "$sw" vs0:2 .forwarding)" true "the port of a device that is up"
	for feature in tx sg tso gso rxvlan txvlan; do
		inside ethtool -K c0 "$feature" off >/dev/null 2>&1
		check_err $? "ethtool -K c0 $feature off"
	done
	expect_eq "$(inside ethtool -k c0 | grep -c '^tx-checksumming: off')" 1 "its own features"
	expect_eq "$(switch_device | diff "$device_file" -)" "" "switch's device, features"
	log_test "a container's root sets its own device, and the switch's does not follow"
}

state_untouched()
{
	expect_eq "$(snapshot | diff "$snapshot_file" -)" "" "state"
	log_test "what was refused has changed nothing"
}

# Its device is its own to the end; what goes with it is the one port.
vnic_given_up()
{
	succeeds inside ip link del c0
	expect_eq "$(vsw -j -n "$sw" port show switch vs0 | jq -r 'map(.name) | join(" ")')" \
		"vs0 h1" "ports of the switch"
	succeeds vsw -n "$sw" switch show vs0
	log_test "a container's root may give up its vnic, and no more goes"
}

run_tests
