# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # row.sh and places.sh assign the others
# shellcheck disable=SC2034 # row.sh reads the others
#
# TCP between the containers $a and $b.

# address NETNS IP MAC PEER-IP: who the other one is, is known to both.
address()
{
	ip -n "$1" addr add "$2/24" dev eth0 &&
		ip -n "$1" neigh replace "$4" lladdr "$3" dev eth0 nud permanent
}

# sockets SWITCH|direct [untagged] rr|udp|connect|stream
place_sockets()
{
	local mode=$2 count

	# iperf3 has a window that does not grow, or each run is another one.
	sysctl -qw net.core.rmem_max=4194304 net.core.wmem_max=4194304 || return
	switch=$1
	if [ $# -eq 3 ]; then
		vlan=$2
		mode=$3
	fi
	case $mode in
	rr | udp) count=4000 ;;
	connect) count=1000 ;;
	esac
	if [ "$switch" = direct ]; then
		ip -n "$a" link add eth0 address "$mac_a" type veth \
			peer name eth0 address "$mac_b" netns "$b" &&
			ip -n "$a" link set eth0 up && ip -n "$b" link set eth0 up || return
	else
		"${switch}_new" &&
			add_container p1 "$a" "$mac_a" && "${switch}_port" p1 &&
			add_container p2 "$b" "$mac_b" && "${switch}_port" p2 &&
			add_container p3 "$c" "$mac_c" && "${switch}_port" p3 &&
			"${switch}_to" "$mac_b" p2 && "${switch}_to" "$mac_a" p1 || return
		silent=("rx $c eth0")
	fi
	address "$a" 192.0.2.1 "$mac_b" 192.0.2.2 && address "$b" 192.0.2.2 "$mac_a" 192.0.2.1 &&
		if [ "$mode" = stream ]; then
			talk "$here/iperf.sh" "$a" "$b" 192.0.2.2 256
		else
			talk transact "$mode" $count "$a" "$b" 192.0.2.2
		fi
}
