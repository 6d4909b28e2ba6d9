# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # setup_ns assigns the names of namespaces
# shellcheck disable=SC2034 # row.sh and switches.sh read the others
#
# Where the frames come from and where they go to: one function for each kind of
# row, which builds the topology, measures, and has the ways of the frames
# checked. The namespaces are those of guest.sh: $sw with the switch, and the
# containers $a, who sends, $b, to whom, and $c, who must not see any of it.
#
# The generator's frames are for an address that $b does not have: all of them
# end there in the routing decision, which is the same sink for all rows. RCU
# frees what it takes in batches of changing size, so more frames are needed
# until their mean stands still.

to_container()
{
	arrive=("rx $b eth0" "ip $b")
	count=$((3 * frames))
}

# floor [tagged]: the generator and a device that drops at once
place_floor()
{
	ip -n "$sw" link add d1 type dummy && ip -n "$sw" link set d1 up || return
	arrive=("tx $sw d1")
	generate "$sw" d1 "xmit_mode start_xmit" "dst_mac $mac_b" "src_mac $mac_a" ${1:+"vlan_id 10"}
}

# The generator's lines for frames to a group that no host listens to.
group_lines=("dst_mac 01:00:5e:01:01:01" "dst 239.1.1.1")

# direct veth|netkit [group]: no switch, one pair of devices
place_direct()
{
	if [ "$1" = netkit ]; then
		in_ns "$a" netkit eth0 "$mac_a" "$b" eth0 "$mac_b" || return
	else
		ip -n "$a" link add eth0 address "$mac_a" type veth \
			peer name eth0 address "$mac_b" netns "$b" || return
	fi
	ip -n "$a" link set eth0 up && ip -n "$b" link set eth0 up || return
	to_container
	to=("dst_mac $mac_b")
	[ "${2-}" = group ] && to=("${group_lines[@]}")
	generate "$a" eth0 "xmit_mode queue_xmit" "src_mac $mac_a" "${to[@]}"
}

# add_container NAME NETNS MAC: its device eth0, and NAME in $sw; a vnic is one
# device, and its NAME is for the functions vnic_* only.
add_container()
{
	netns_of[$1]=$2
	case $switch in
	netkit) in_ns "$sw" netkit "$1" "02:00:00:00:01:${3##*:}" "$2" eth0 "$3" ;;
	vnic) ip -n "$sw" link add link sw0 name eth0 address "$3" netns "$2" type vnic ;;
	*)
		ip -n "$sw" link add "$1" address "02:00:00:00:01:${3##*:}" type veth \
			peer name eth0 address "$3" netns "$2"
		;;
	esac || return
	ip -n "$2" link set eth0 up
}

# containers SWITCH [untagged|tagged]: from veth to veth over a switch
place_containers()
{
	switch=$1
	vlan=${2-}
	"${switch}_new" &&
		add_container p1 "$a" "$mac_a" && "${switch}_port" p1 &&
		add_container p2 "$b" "$mac_b" && "${switch}_port" p2 &&
		add_container p3 "$c" "$mac_c" && "${switch}_port" p3 &&
		"${switch}_to" "$mac_b" p2 || return
	to_container
	silent=("rx $c eth0")
	to=("dst_mac $mac_b")
	${feature:+"feature_$feature"} || return
	[ "$vlan" = tagged ] && to+=("vlan_id 10")
	generate "$a" eth0 "xmit_mode queue_xmit" "src_mac $mac_a" "${to[@]}"
}

# on FEATURE [untagged|tagged]: the same over our switch, with that turned on
place_on()
{
	feature=$1
	place_containers vswitch "${2-}"
}

# host SWITCH: to the device of the switch itself
place_host()
{
	local mac

	switch=$1
	"${switch}_new" &&
		add_container p1 "$a" "$mac_a" && "${switch}_port" p1 &&
		add_container p3 "$c" "$mac_c" && "${switch}_port" p3 || return
	mac=$(in_ns "$sw" cat /sys/class/net/sw0/address)
	to_container
	arrive=("rx $sw sw0" "ip $sw")
	silent=("rx $c eth0")
	generate "$a" eth0 "xmit_mode queue_xmit" "dst_mac $mac" "src_mac $mac_a"
}

# containers_nf: over a bridge, with br_netfilter loaded and no rule at all
place_containers_nf()
{
	modprobe br_netfilter || return
	undo=(modprobe -r br_netfilter)
	place_containers bridge
}

# macvlan: two of them on one device, in mode bridge
place_macvlan()
{
	ip -n "$sw" link add d1 type dummy && ip -n "$sw" link set d1 up &&
		ip -n "$sw" link add m1 link d1 address "$mac_a" type macvlan mode bridge &&
		ip -n "$sw" link set m1 netns "$a" name eth0 &&
		ip -n "$sw" link add m2 link d1 address "$mac_b" type macvlan mode bridge &&
		ip -n "$sw" link set m2 netns "$b" name eth0 &&
		ip -n "$a" link set eth0 up && ip -n "$b" link set eth0 up || return
	to_container
	generate "$a" eth0 "xmit_mode queue_xmit" "dst_mac $mac_b" "src_mac $mac_a"
}

add_nic()
{
	ip -n "$sw" link add "$1" type dummy && ip -n "$sw" link set "$1" up
}

# nics SWITCH [untagged|tagged]: in by one NIC, out by another
place_nics()
{
	switch=$1
	vlan=${2-}
	tag_out=1
	"${switch}_new" &&
		add_nic d1 && "${switch}_port" d1 &&
		add_nic d2 && "${switch}_port" d2 &&
		add_nic d3 && "${switch}_port" d3 &&
		"${switch}_to" "$mac_b" d2 || return
	arrive=("tx $sw d2")
	silent=("tx $sw d3")
	if [ "$vlan" = tagged ]; then
		generate "$sw" d1 "xmit_mode netif_receive" "dst_mac $mac_b" "src_mac $mac_a" "vlan_id 10"
	else
		generate "$sw" d1 "xmit_mode netif_receive" "dst_mac $mac_b" "src_mac $mac_a"
	fi
}

# nic_container SWITCH|macvlan|direct: in by a NIC, to a container; direct means
# that the NIC is in the container
place_nic_container()
{
	switch=$1
	to_container
	case $switch in
	direct)
		ip -n "$b" link add d1 address "$mac_b" type dummy && ip -n "$b" link set d1 up || return
		arrive=("ip $b")
		generate "$b" d1 "xmit_mode netif_receive" "dst_mac $mac_b" "src_mac $mac_a"
		return
		;;
	macvlan)
		add_nic d1 &&
			ip -n "$sw" link add m2 link d1 address "$mac_b" type macvlan mode bridge &&
			ip -n "$sw" link set m2 netns "$b" name eth0 &&
			ip -n "$b" link set eth0 up || return
		;;
	*)
		"${switch}_new" &&
			add_nic d1 && "${switch}_port" d1 &&
			add_container p2 "$b" "$mac_b" && "${switch}_port" p2 &&
			add_container p3 "$c" "$mac_c" && "${switch}_port" p3 &&
			"${switch}_to" "$mac_b" p2 || return
		silent=("rx $c eth0")
		;;
	esac
	generate "$sw" d1 "xmit_mode netif_receive" "dst_mac $mac_b" "src_mac $mac_a"
}

# flood SWITCH N: an address that nobody has, so a copy for each of N containers,
# who drop it at once as not theirs. Their devices are in one namespace.
place_flood()
{
	local i

	switch=$1
	copies=$2
	"${switch}_new" && add_container p1 "$a" "$mac_a" && "${switch}_port" p1 || return
	for ((i = 1; i <= copies; i++)); do
		netns_of[q$i]=$b
		if [ "$switch" = vnic ]; then
			echo "link add link sw0 name e$i netns $b type vnic"
		else
			echo "link add q$i type veth peer name e$i netns $b"
		fi
	done >/tmp/links
	ip -n "$sw" -b - </tmp/links || return
	for ((i = 1; i <= copies; i++)); do
		echo "link set e$i up"
	done | ip -n "$b" -b - || return
	for ((i = 1; i <= copies; i++)); do
		"${switch}_port" "q$i" || return
		arrive+=("rx $b e$i")
	done
	warmup=500
	count=$((count / (copies < 10 ? 2 : 10)))
	generate "$a" eth0 "xmit_mode queue_xmit" "dst_mac $mac_nobody" "src_mac $mac_a"
}
