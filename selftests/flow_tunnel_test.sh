#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tunnels that flows choose for each packet: two switches, each with a vxlan device that
# takes this from the packet ("external") and two hosts, over a pair.
#
#   h1:eth0 --+-----+        +-----+-- g1:eth0
#             | vs0 vx0 ==== vx0 vs0
#   h2:eth0 --+-----+        +-----+-- g2:eth0
#                 a: us ---- us :b

# shellcheck disable=SC2317,SC2154
ALL_TESTS="numbers_over_ipv4 numbers_over_ipv6 answers only_what_is_set groups connections
	many written refused"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=vlan_lib.sh
. "$(dirname "$0")/vlan_lib.sh"

require_command jq
require_vswitch
load_kind veth
load_kind vxlan

# side NS NUMBER HOST1 HOST2
side()
{
	local host

	ip -n "$1" addr add "192.0.2.$2/24" dev us
	ip -n "$1" addr add "2001:db8::$2/64" dev us nodad
	ip -n "$1" link set us mtu 1600 up
	ip -n "$1" link add vs0 type vswitch
	ip -n "$1" link set vs0 up
	ip -n "$1" link add vx0 type vxlan external dstport 4789
	ip -n "$1" link set vx0 mtu 1500 master vs0 up
	for host in "$3" "$4"; do
		ip link add eth0 netns "${!host}" type veth peer name "$host" netns "$1"
		ip -n "$1" link set "$host" master vs0 up
		ip -n "${!host}" link set eth0 up
	done
}

# flows NS FLOW...: and no other
flows()
{
	local ns=$1

	shift
	printf '%s\n' "$@" | succeeds vsw -n "$ns" flow replace vs0 -
}

# send HOST ARGUMENTS...
send()
{
	local host=$1

	shift
	succeeds frame -i "${!host}/eth0" -s 02:00:00:00:00:11 -c 3 "$@"
}

# By number and by who sends: what is for g1 does not come to g2.
numbers()
{
	local src=$1 dst=$2 here=$3 there=$4

	flows "$b" "in_port=vx0,tun_id=5,$src=$here,$dst=$there,actions=g1" \
		"in_port=vx0,tun_id=0x600000/0xf00000,$src=$here,actions=g2" "priority=1,actions=drop"
	flows "$a" "in_port=h1,actions=set_field:$there->$dst,set_tunnel:5,vx0" \
		"in_port=h2,actions=set_tunnel:0x612345,set_field:$there->$dst,set_field:$here->$src,vx0"
	send h1 "$g1/eth0=3" "$g2/eth0=0"
	send h2 "$g2/eth0=3" "$g1/eth0=0"
	# of nobody's number
	flows "$a" "in_port=h1,actions=set_field:$there->$dst,set_tunnel:7,vx0"
	send h1 "$g1/eth0=0" "$g2/eth0=0"
}

numbers_over_ipv4()
{
	numbers tun_src tun_dst 192.0.2.1 192.0.2.2
	log_test "packets go by tunnels over IPv4, with the numbers that flows say"
}

numbers_over_ipv6()
{
	numbers tun_ipv6_src tun_ipv6_dst 2001:db8::1 2001:db8::2
	# The address that was set last says by which.
	flows "$b" "in_port=vx0,tun_src=192.0.2.1,actions=g1" \
		"in_port=vx0,tun_ipv6_src=2001:db8::1,actions=g2"
	flows "$a" "in_port=h1,actions=set_tunnel:5,set_field:2001:db8::2->tun_ipv6_dst,set_field:192.0.2.2->tun_dst,vx0" \
		"in_port=h2,actions=set_tunnel:5,set_field:192.0.2.2->tun_dst,set_field:2001:db8::2->tun_ipv6_dst,vx0"
	send h1 "$g1/eth0=3" "$g2/eth0=0"
	send h2 "$g2/eth0=3" "$g1/eth0=0"
	log_test "packets go by tunnels over IPv6, with the numbers that flows say"
}

# What came by a tunnel goes back by it if a flow says so, and not by itself.
answers()
{
	local back="move:NXM_NX_TUN_IPV4_SRC[]->NXM_NX_TUN_IPV4_DST[],load:0->NXM_NX_TUN_IPV4_SRC[]"

	flows "$a" "in_port=h1,actions=set_field:192.0.2.2->tun_dst,set_tunnel:5,vx0" \
		"in_port=vx0,tun_id=5,actions=h1" "in_port=vx0,tun_id=6,actions=h2"
	flows "$b" "in_port=vx0,actions=in_port"
	send h1 "$h1/eth0=0" "$h2/eth0=0"
	flows "$b" "in_port=vx0,actions=$back,in_port"
	send h1 "$h1/eth0=3" "$h2/eth0=0"
	flows "$b" "in_port=vx0,actions=$back,set_field:2/3->tun_id,in_port"
	send h1 "$h2/eth0=3" "$h1/eth0=0"
	log_test "a packet goes back by the tunnel that it came by"
}

# Nothing is left of the packet before, nor of what a group's other buckets set.
only_what_is_set()
{
	flows "$b" "in_port=vx0,tun_id=5,actions=g1" "in_port=vx0,tun_id=0,actions=g2"
	flows "$a" "in_port=h1,actions=set_field:192.0.2.2->tun_dst,set_tunnel:5,normal" \
		"in_port=h2,actions=set_field:192.0.2.2->tun_dst,vx0"
	send h1 "$g1/eth0=3" "$g2/eth0=0" "$h2/eth0=3"
	send h2 "$g2/eth0=3" "$g1/eth0=0"
	flows "$a" "in_port=h1,actions=set_tunnel:5,vx0"
	send h1 "$g1/eth0=0" "$g2/eth0=0"
	# a flow in another table matches what was set
	flows "$a" "in_port=h1,actions=set_field:192.0.2.2->tun_dst,set_tunnel:6,goto_table:1" \
		"table=1,tun_id=6,tun_dst=192.0.2.2,actions=set_tunnel:5,vx0"
	send h1 "$g1/eth0=3" "$g2/eth0=0"
	log_test "what is set is what counts, with normal and in later tables, too"
}

groups()
{
	flows "$b" "in_port=vx0,tun_id=5,actions=g1" "in_port=vx0,tun_id=6,actions=g2"
	succeeds vsw -n "$a" group add vs0 "group_id=1,type=all,bucket=actions=set_tunnel:5,vx0,bucket=actions=set_tunnel:6,vx0,bucket=actions=h2"
	flows "$a" "in_port=h1,actions=set_field:192.0.2.2->tun_dst,group:1"
	send h1 "$g1/eth0=3" "$g2/eth0=3" "$h2/eth0=3"
	# as it was before the group
	flows "$a" "in_port=h1,actions=set_field:192.0.2.2->tun_dst,set_tunnel:6,group:1,vx0"
	send h1 "$g1/eth0=3" "$g2/eth0=6" "$h2/eth0=3"
	log_test "each bucket has a tunnel of its own"
}

# Fragments are gathered for tracking, and leave in parts again, each of them by the tunnel.
connections()
{
	if ! vsw -n "$a" flow add vs0 "table=9,ip,actions=ct(table=1)" >/dev/null 2>&1; then
		log_skip "connections through tunnels" "this kernel tracks none"
		return
	fi
	ip -n "$h1" addr add 198.51.100.1/24 dev eth0
	ip -n "$g1" addr add 198.51.100.2/24 dev eth0
	flows "$b" "in_port=vx0,tun_id=5,actions=g1" \
		"in_port=g1,actions=set_field:192.0.2.1->tun_dst,set_tunnel:5,vx0"
	flows "$a" "priority=10,in_port=h1,arp,actions=set_field:192.0.2.2->tun_dst,set_tunnel:5,vx0" \
		"in_port=h1,ip,actions=set_field:192.0.2.2->tun_dst,set_tunnel:5,ct(commit,table=1)" \
		"in_port=vx0,arp,actions=h1" "in_port=vx0,ip,actions=ct(table=1)" \
		"table=1,in_port=h1,ip,tun_id=5,actions=vx0" \
		"table=1,in_port=vx0,ip,tun_id=5,ct_state=+est,actions=h1"
	succeeds in_ns "$h1" ping -q -c 1 -W 20 -s 3000 198.51.100.2
	log_test "fragments that are tracked stay in their tunnel"
}

# More of them than a processor keeps; each of a number that the source says.
many()
{
	flows "$b" "in_port=vx0,tun_id=0x100/0xffff00,actions=g1" "in_port=vx0,actions=g2"
	flows "$a" "in_port=h1,actions=set_field:192.0.2.2->tun_dst,move:NXM_OF_ETH_SRC[0..23]->NXM_NX_TUN_ID[0..23],vx0"
	succeeds frame -i "$h1/eth0" -s 02:00:00:00:01:00 -S 256 -c 1024 "$g1/eth0=1024" "$g2/eth0=0"
	log_test "more tunnels than are kept"
}

written()
{
	local list="in_port=1 actions=set_tunnel:0x5,set_field:192.0.2.2->tun_dst,set_field:2001:db8::2->tun_ipv6_dst,output:2"
	local saved

	flows "$a" "$list"
	saved=$(vsw -n "$a" flow save vs0)
	[[ $saved == *"actions=set_tunnel:0x5,set_field:192.0.2.2->tun_dst,set_field:2001:db8::2->tun_ipv6_dst,"* ]]
	check_err $? "shown as '$saved'"
	printf '%s\n' "$saved" | succeeds vsw -n "$a" flow replace vs0 -
	expect_eq "$(vsw -n "$a" flow save vs0)" "$saved" "what was saved, again"
	vsw -n "$a" -j flow show vs0 | jq -e '.[0].actions' >/dev/null
	check_err $? "JSON: $(vsw -n "$a" -j flow show vs0)"
	log_test "flows with tunnels are shown as they are written"
}

refused()
{
	local flow said

	for flow in "actions=set_field:5->cgroup,vx0" "actions=set_field:1->ct_state,vx0" \
		"actions=set_tunnel:0x10000000000000000,vx0" "actions=set_field:x->tun_dst,vx0" \
		"actions=set_field:192.0.2.1->tun_ipv6_dst,vx0"; do
		if said=$(vsw -n "$a" flow add vs0 "$flow" 2>&1); then
			check_err 1 "'$flow' is taken"
		fi
		[ -n "$said" ]
		check_err $? "'$flow' is refused without a sentence"
	done
	log_test "what can't be set is refused"
}

setup_ns a b h1 h2 g1 g2 || exit 1
sw=$a
ip link add us netns "$a" type veth peer name us netns "$b"
side "$a" 1 h1 h2
side "$b" 2 g1 g2
run_tests
