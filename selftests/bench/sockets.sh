# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # row.sh and places.sh assign the others
# shellcheck disable=SC2034 # row.sh reads the others
#
# TCP between the containers $a and $b, over a switch or through a router.

# address NETNS IP MAC PEER-IP: who the other one is, is known to both.
address()
{
	ip -n "$1" addr add "$2/24" dev eth0 &&
		ip -n "$1" neigh replace "$4" lladdr "$3" dev eth0 nud permanent
}

# over_switch: the containers are neighbours
over_switch()
{
	"${switch}_new" &&
		add_container p1 "$a" "$mac_a" && "${switch}_port" p1 &&
		add_container p2 "$b" "$mac_b" && "${switch}_port" p2 &&
		add_container p3 "$c" "$mac_c" && "${switch}_port" p3 &&
		"${switch}_to" "$mac_b" p2 && "${switch}_to" "$mac_a" p1 || return
	silent=("rx $c eth0")
}

# through_router KIND: router.sh explains which, with the service's port that the programs
# below use; $to is where it answers.
through_router()
{
	plain='' carried='' proto=tcp port=5201 backend_port=5201 scheduler=rr to=$service
	new_router && "router_$1" || return
	[ -z "$plain" ] || to=$backend
	silent=("rx $c eth0")
	ip -n "$a" addr add 192.0.2.2/24 dev eth0 &&
		ip -n "$a" route add default via 192.0.2.1 &&
		ip -n "$b" addr add "$backend/24" dev eth0 &&
		ip -n "$b" route add default via 198.51.100.1
}

# sockets SWITCH|direct|router:KIND [untagged] rr|udp|connect|stream
place_sockets()
{
	local mode=$2 count to=192.0.2.2

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
	case $switch in
	direct)
		ip -n "$a" link add eth0 address "$mac_a" type veth \
			peer name eth0 address "$mac_b" netns "$b" &&
			ip -n "$a" link set eth0 up && ip -n "$b" link set eth0 up
		;;
	router:*) through_router "${switch#*:}" ;;
	*) over_switch ;;
	esac || return
	[[ $switch = router:* ]] ||
		{ address "$a" 192.0.2.1 "$mac_b" 192.0.2.2 && address "$b" 192.0.2.2 "$mac_a" 192.0.2.1; } ||
		return
	if [ "$mode" = stream ]; then
		talk "$here/iperf.sh" "$a" "$b" "$to" 256
	else
		talk transact "$mode" "$count" "$a" "$b" "$to"
	fi
}
