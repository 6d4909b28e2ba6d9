#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Flows with real packets: what they match, where they send it, what they make of it, and
# what is counted. The topology is the star of lib.sh with three hosts.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="outputs back_and_host floods normal_and_more by_kind drops_and_labels
	fields fields_of_others priorities tables misses resubmits loops many_masks rewritten
	vlan_tags expired groups_all groups_one groups_nested meters truncated
	filtering filtering_normal isolated_and_shut packet_ins counters timeouts
	eviction nested_switches"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=vlan_lib.sh
. "$(dirname "$0")/vlan_lib.sh"
# shellcheck source=packet_lib.sh
. "$(dirname "$0")/packet_lib.sh"

require_command jq
require_vswitch
load_kind veth dummy
star h1 h2 h3 || exit 1

A=02:00:00:00:aa:01
B=02:00:00:00:bb:01

on_fail()
{
	vsw -n "$sw" flow show vs0
	vsw -n "$sw" group show vs0
	vsw -s -n "$sw" port show
}

flow()
{
	vsw -n "$sw" flow "$@"
}

# add FLOW...
add()
{
	printf '%s\n' "$@" | succeeds vsw -n "$sw" flow load vs0 -
}

group()
{
	succeeds vsw -n "$sw" group add vs0 "$1"
}

clean()
{
	flow delete vs0 >/dev/null
	vsw -n "$sw" group delete vs0 >/dev/null 2>&1
	vsw -n "$sw" meter delete vs0 >/dev/null 2>&1
	vsw -n "$sw" fdb flush switch vs0 >/dev/null
}

# count COOKIE [MEMBER]: of the flow
count()
{
	vsw -j -n "$sw" flow show vs0 "cookie=$1/-1" | jq -r ".[0][\"${2:-packets}\"]"
}

# packet RECEIVER...: $hex goes in by h1, and arrives as it was
packet()
{
	succeeds frame -i "$h1/eth0" -x "$hex" -X "$hex" "$@"
}

# becomes HEX RECEIVER...: likewise as something else
becomes()
{
	succeeds frame -i "$h1/eth0" -x "$hex" -X "$1" "${@:2}"
}

outputs()
{
	clean
	add "in_port=h1,actions=output:h2"
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=0" "$sw/vs0=0"
	from h2 -c 2 "$h1/eth0=2" "$h3/eth0=2" "$sw/vs0=2"
	from h1 -d 02:00:00:00:00:03 -c 2 "$h2/eth0=2" "$h3/eth0=0"
	add "in_port=h1,actions=output:h2,output:h3,LOCAL"
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=3" "$sw/vs0=3"
	add "in_port=h1,actions=output:h2,output:h1,output:h2"
	from h1 -c 3 "$h2/eth0=6" "$h1/eth0=0"
	clean
	from h1 -c 2 "$h2/eth0=2" "$h3/eth0=2"
	log_test "outputs to one port and to many, and nowhere else"
}

back_and_host()
{
	clean
	add "in_port=h1,actions=output:h1"
	drops h1 same-port 3 from h1 -c 3 "$h1/eth0=0" "$h2/eth0=0"
	add "in_port=h1,actions=in_port"
	from h1 -c 3 "$h1/eth0=3" "$h2/eth0=0"
	add "in_port=h1,actions=in_port,h2"
	from h1 -c 3 "$h1/eth0=3" "$h2/eth0=3"
	add "in_port=h1,actions=local" "in_port=local,actions=h3"
	from h1 -d "$A" -c 3 "$sw/vs0=3" "$h2/eth0=0"
	succeeds frame -i "$sw/vs0" -c 3 "$h3/eth0=3" "$h2/eth0=0"
	log_test "back to where it came from only by in_port; to the host and from it"
}

floods()
{
	clean
	set_port h3 flood off bcast-flood off
	add "in_port=h1,actions=flood" "in_port=h2,actions=all"
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=0" "$sw/vs0=3" "$h1/eth0=0"
	from h1 -d "$A" -c 3 "$h2/eth0=3" "$h3/eth0=0" "$sw/vs0=3"
	from h2 -c 3 "$h1/eth0=3" "$h3/eth0=3" "$sw/vs0=3" "$h2/eth0=0"
	set_port h3 flood on bcast-flood on
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=3"
	add "in_port=h1,actions=flood,h2"
	from h1 -c 3 "$h2/eth0=6" "$h3/eth0=3"
	log_test "flood minds the ports' flags, all does not"
}

normal_and_more()
{
	clean
	from h2 "$h1/eth0"
	add "in_port=h1,actions=h3,normal"
	from h1 -d 02:00:00:00:00:02 -c 3 "$h2/eth0=3" "$h3/eth0=3"
	add "in_port=h1,actions=normal,h3"
	from h1 -d 02:00:00:00:00:02 -c 3 "$h2/eth0=3" "$h3/eth0=3"
	from h1 -d "$A" -c 3 "$h2/eth0=3" "$h3/eth0=6"
	add "in_port=h1,actions=normal"
	from h1 -d 02:00:00:00:00:02 -c 3 "$h2/eth0=3" "$h3/eth0=0"
	succeeds has_fdb "$sw" 02:00:00:00:00:01 h1
	log_test "normal, alone, first and last"
}

# What is tested for a port of each kind, since each has its own way out.
by_kind()
{
	local to

	clean
	ip -n "$sw" link add d0 address 02:00:00:00:01:0d type dummy
	ip -n "$sw" link set d0 master vs0 up
	for to in "h1 h2" "h2 h3" "h3 h1"; do
		add "in_port=${to% *},actions=${to#* }"
	done
	from h1 -c 40 "$h2/eth0=40" "$h3/eth0=0"
	from h2 -c 40 "$h3/eth0=40" "$h1/eth0=0"
	from h3 -c 40 "$h1/eth0=40" "$h2/eth0=0"
	add "in_port=h1,actions=d0"
	from h1 -c 40 "$h2/eth0=0" "$h3/eth0=0"
	expect_eq "$(port_stat "$sw" d0 tx-packets)" 40 "sent by the dummy"
	ip -n "$sw" link del d0
	from h1 -c 2 "$h2/eth0=0"
	log_test "each kind of port sends and receives by flows"
}

drops_and_labels()
{
	clean
	add "cookie=1,in_port=h1,dl_type=0x88b5,actions=drop(not this)" \
		"in_port=h1,dl_type=0x88b6,actions=drop" "in_port=h1,dl_type=0x88b7,actions=777"
	drops h1 flow-drop 3 from h1 -c 3 "$h2/eth0=0" "$sw/vs0=0"
	expect_eq "$(count 1)" 3 "packets of the flow"
	[[ $(flow show vs0) == *"drop(not this)"* ]]
	check_err $? "the label is not shown"
	drops h1 flow-drop 3 from h1 -t 88b6 -c 3 "$h2/eth0=0"
	drops h1 flow-no-port 3 from h1 -t 88b7 -c 3 "$h2/eth0=0"
	add "in_port=h1,dl_type=0x88b7,actions=777,h2"
	drops h1 flow-no-port 3 from h1 -t 88b7 -c 3 "$h2/eth0=3"
	add "in_port=h1,dl_type=0x88b5,actions=set_field:1->reg0"
	drops h1 flow-drop 3 from h1 -c 3 "$h2/eth0=0"
	log_test "drops, and ports that are not there, are counted"
}

# Each of these flows is in a table of its own, and each packet asks all of them.
matches=()
want=()

# matching MATCH PACKET...: by the packets of these numbers
matching()
{
	matches+=("$1")
	want+=(" ${*:2} ")
}

# check_matches PACKETS: hexadecimal, one a line
check_matches()
{
	local i n=0 flows=() actions='' got expected packet

	clean
	for i in "${!matches[@]}"; do
		actions+="resubmit(,$((i + 1))),"
		flows+=("table=$((i + 1)),cookie=$((i + 1)),${matches[i]},actions=drop")
	done
	add "${flows[@]}" "priority=1,actions=$actions"
	for packet in $1; do
		n=$((n + 1))
		succeeds frame -i "$h1/eth0" -x "$packet"
		for i in "${!matches[@]}"; do
			[[ ${want[i]} != *" $n "* ]] || expected[i]=$((${expected[i]:-0} + 1))
		done
		wait_for has_counted "$n"
		got=$(vsw -j -n "$sw" flow show vs0 |
			jq -r '.[] | select(.table > 0) | "\(.table):\(.packets)"' | xargs)
		for i in "${!matches[@]}"; do
			[[ " $got " == *" $((i + 1)):${expected[i]:-0} "* ]]
			check_err $? "packet $n, '${matches[i]}': not ${expected[i]:-0} in all: $got"
		done
		[ "$RET" -eq 0 ] || break
	done
	matches=()
	want=()
}

has_counted()
{
	[ "$(vsw -j -n "$sw" flow show vs0 table=0 | jq '.[0].packets')" = "$1" ]
}

fields()
{
	local packets=()

	udp 10.1.2.3 10.9.8.7 1000 2000
	ethernet "$A" "$B" 0800 "$hex"
	packets+=("$hex")					# 1
	tcp 10.1.2.4 10.9.8.7 1001 80 002 b8 3f
	ethernet "$A" "$B" 0800 "$hex"
	packets+=("$hex")					# 2
	icmp 10.1.2.3 10.9.8.8 8 0
	ethernet 02:00:00:00:aa:02 "$B" 0800 "$hex"
	packets+=("$hex")					# 3
	arp 1 "$B" 10.1.2.3 00:00:00:00:00:00 10.9.8.7
	ethernet ff:ff:ff:ff:ff:ff "$B" 0806 "$hex"
	packets+=("$hex")					# 4
	udp 10.1.2.3 10.9.8.7 1000 2001
	ethernet "$A" "$B" 8100a00a0800 "$hex"
	packets+=("$hex")					# 5
	udp 10.1.2.3 10.9.8.7 1000 2064
	ethernet "$A" "$B" 88a800148100000a0800 "$hex"
	packets+=("$hex")					# 6
	ipv4 17 10.1.2.3 10.9.8.7 03e807d00010000001020304 00 40 2000
	ethernet "$A" "$B" 0800 "$hex"
	packets+=("$hex")					# 7, the first fragment
	ipv4 17 10.1.2.3 10.9.8.7 03e807d00010000001020304 00 40 0002
	ethernet "$A" "$B" 0800 "$hex"
	packets+=("$hex")					# 8, the last one

	matching "in_port=h1" 1 2 3 4 5 6 7 8
	matching "in_port=h2"
	matching "dl_dst=$A" 1 2 5 6 7 8
	matching "dl_dst=02:00:00:00:00:02/02:00:00:00:00:0f" 3
	matching "dl_dst=01:00:00:00:00:00/01:00:00:00:00:00" 4
	matching "dl_src=$B" 1 2 3 4 5 6 7 8
	matching "ip" 1 2 3 5 6 7 8
	matching "arp" 4
	matching "vlan_tci=0" 1 2 3 4 7 8
	matching "dl_vlan=10" 5
	matching "dl_vlan=20" 6
	matching "dl_vlan=10,dl_vlan_pcp=5" 5
	matching "udp" 1 5 6 7 8
	matching "tcp" 2
	matching "icmp" 3
	matching "ip,nw_src=10.1.2.3" 1 3 5 6 7 8
	matching "ip,nw_src=10.1.2.0/30" 1 3 5 6 7 8
	matching "ip,nw_dst=0.0.0.7/0.0.0.255" 1 2 5 6 7 8
	matching "ip,nw_tos=184" 2
	matching "ip,nw_ttl=63" 2
	matching "udp,tp_dst=2000" 1 7
	matching "udp,tp_dst=2000-2063" 1 5 7
	matching "udp,tp_src=1000,tp_dst=0x7d0/0xfffe" 1 5 7
	matching "tcp,tp_src=1001" 2
	matching "tcp,tcp_flags=+syn-ack" 2
	matching "tcp,tcp_flags=+ack"
	matching "icmp,icmp_type=8,icmp_code=0" 3
	matching "ip,ip_frag=no" 1 2 3 5 6
	matching "ip,ip_frag=first" 7
	matching "ip,ip_frag=later" 8
	matching "ip,ip_frag=yes" 7 8
	matching "arp,arp_op=1,arp_spa=10.1.2.3" 4
	matching "arp,arp_tpa=10.9.8.0/24" 4
	matching "arp,arp_sha=$B" 4
	matching "arp,arp_op=2"
	check_matches "${packets[*]}"
	log_test "each field of Ethernet, IPv4, ARP and what is above matches, and nothing else"
}

fields_of_others()
{
	local a=20010db8000000000000000000000001 b=20010db8000000000000000000000002
	local packets=()

	over_ip6 17 "$a" "$b" 03e807d00010 0102030405060708
	ipv6 17 "$a" "$b" "$hex" b812345 3f
	ethernet "$A" "$B" 86dd "$hex"
	packets+=("$hex")					# 1
	over_ip6 58 "$a" "$b" 8700 00000000"$b"0101020000000001
	ipv6 58 "$a" "$b" "$hex" 0000000 ff
	ethernet "$A" "$B" 86dd "$hex"
	packets+=("$hex")					# 2, a neighbour solicitation
	ethernet "$A" "$B" 88b5 0102030405060708
	packets+=("$hex")					# 3
	ethernet "$A" "$B" 0800 45
	packets+=("$hex")					# 4, cut off
	ethernet "$A" "$B" 0008 4242030102030405
	packets+=("$hex")					# 5, LLC

	matching "ipv6" 1 2
	matching "ipv6,ipv6_src=2001:db8::1" 1 2
	matching "ipv6,ipv6_dst=2001:db8::/64" 1 2
	matching "ipv6,ipv6_dst=2001:db8:1::/64"
	matching "ipv6,ipv6_label=0x12345" 1
	matching "ipv6,nw_ttl=63" 1
	matching "udp6,tp_dst=2000" 1
	matching "icmp6" 2
	matching "icmp6,icmp_type=135,icmp_code=0,nd_target=2001:db8::2" 2
	matching "icmp6,icmp_type=135,icmp_code=0,nd_sll=02:00:00:00:00:01" 2
	matching "dl_type=0x88b5" 3
	matching "ip,nw_src=0.0.0.0" 4
	matching "dl_type=0x05ff" 5
	check_matches "${packets[*]}"
	log_test "so does each field of IPv6; of what is cut off nothing is there"
}

priorities()
{
	clean
	add "priority=10,actions=h2" "priority=20,dl_src=$A,actions=h3" \
		"priority=15,dl_src=$A,dl_type=0x88b5,actions=drop" \
		"priority=20,dl_src=$B,dl_type=0x88b5,actions=in_port"
	from h1 -c 2 "$h2/eth0=2" "$h3/eth0=0"
	succeeds frame -i "$h1/eth0" -s "$A" -c 2 "$h2/eth0=0" "$h3/eth0=2"
	succeeds frame -i "$h1/eth0" -s "$B" -c 2 "$h2/eth0=0" "$h1/eth0=2"
	succeeds flow delete vs0 strict "priority=20,dl_src=$A"
	succeeds frame -i "$h1/eth0" -s "$A" -c 2 "$h2/eth0=0" "$h3/eth0=0"
	succeeds flow delete vs0 strict "priority=15,dl_src=$A,dl_type=0x88b5"
	succeeds frame -i "$h1/eth0" -s "$A" -c 2 "$h2/eth0=2" "$h3/eth0=0"
	succeeds flow modify vs0 "dl_src=$B,actions=h3"
	succeeds frame -i "$h1/eth0" -s "$B" -c 2 "$h3/eth0=2" "$h1/eth0=0"
	log_test "the flow of the highest priority counts, as flows come and go"
}

tables()
{
	clean
	add "in_port=h1,actions=set_field:7->reg3,h2,goto_table:5" \
		"table=5,reg3=7,dl_src=$A,actions=set_field:$B->dl_src,goto_table:9" \
		"table=5,priority=1,actions=drop" "table=9,dl_src=$B,actions=h3"
	ethernet "$B" "$A" 88b5 00112233445566778899aabbccddeeff
	packet "$h2/eth0=1" "$h3/eth0=0"
	becomes "${B//:/}${B//:/}${hex:24}" "$h3/eth0=1" "$h2/eth0=0"
	from h1 -c 2 "$h2/eth0=2" "$h3/eth0=0"
	log_test "goto goes on in a later table, with what was set"
}

misses()
{
	clean
	add "dl_type=0x88b5,actions=goto_table:1" "table=3,actions=h3"
	drops h1 flow-miss 2 from h1 -c 2 "$h2/eth0=0"
	from h1 -t 88b6 -c 2 "$h2/eth0=2" "$h3/eth0=2"
	succeeds flow table set vs0 1 miss normal
	from h1 -c 2 "$h2/eth0=2" "$h3/eth0=2"
	succeeds flow table set vs0 1 miss continue
	drops h1 flow-miss 2 from h1 -c 2 "$h3/eth0=0"
	succeeds flow table set vs0 2 miss continue
	from h1 -c 2 "$h2/eth0=0" "$h3/eth0=2"
	succeeds flow table set vs0 0 miss drop
	drops h1 flow-miss 2 from h1 -t 88b6 -c 2 "$h2/eth0=0"
	succeeds flow table set vs0 0 miss continue
	succeeds flow table set vs0 1 miss normal
	from h1 -t 88b6 -c 2 "$h2/eth0=2" "$h3/eth0=2"
	succeeds flow table set vs0 0 miss normal
	succeeds flow table set vs0 1 miss drop
	succeeds flow table set vs0 2 miss drop
	log_test "what a table does not know goes by what the table says"
}

resubmits()
{
	clean
	add "in_port=h1,actions=resubmit(,1),resubmit(,2),resubmit(,3)" \
		"table=1,actions=h2" "table=3,actions=resubmit(h2,4)" \
		"table=4,in_port=h1,actions=h2" "table=4,in_port=h2,actions=h3,in_port"
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=3" "$h1/eth0=3"
	add "in_port=h1,actions=resubmit(,2)"
	drops h1 flow-miss 3 from h1 -c 3 "$h2/eth0=0"
	add "in_port=h1,actions=resubmit(,2),h3" "table=2,actions=set_field:$B->dl_dst,h2"
	ethernet "$A" "$A" 88b5 00112233445566778899aabbccddeeff
	becomes "${B//:/}${hex:12}" "$h2/eth0=1" "$h3/eth0=1"
	log_test "resubmits come back; those that find nothing do nothing"
}

loops()
{
	local i flows=()

	clean
	add "cookie=1,in_port=h1,actions=resubmit(,0)"
	drops h1 flow-loop 2 from h1 -c 2 "$h2/eth0=0"
	expect_eq "$(count 1)" 130 "lookups of two packets in a circle"
	add "in_port=h1,actions=resubmit(,0),h2"
	drops h1 flow-loop 2 from h1 -c 2 "$h2/eth0=0"
	group "group_id=1,type=indirect,bucket=resubmit(,0)"
	add "in_port=h1,actions=group:1,h2"
	drops h1 flow-loop 2 from h1 -c 2 "$h2/eth0=0"
	# Twice as many of each table as of the one before.
	clean
	for i in {0..20}; do
		flows+=("table=$i,actions=resubmit(,$((i + 1))),resubmit(,$((i + 1)))")
	done
	add "${flows[@]}" "cookie=2,table=21,actions=drop"
	drops h1 flow-loop 1 from h1 -c 1
	expect_ge 4096 "$(count 2)" "bound of the work for one packet"
	expect_ge "$(count 2)" 1000 "work for one packet"
	log_test "what goes in circles, or makes too much, is dropped"
}

# To ask a table of 512 masks costs as much as 32 actions.
many_masks()
{
	local i masks=()

	clean
	for i in {1..512}; do
		masks+=("table=1,reg1=$i/$i,actions=drop")
	done
	add "in_port=h1,actions=$(printf 'resubmit(,1),%.0s' {1..100})h2" "${masks[@]}"
	from h1 -c 2 "$h2/eth0=2"
	add "in_port=h1,actions=$(printf 'resubmit(,1),%.0s' {1..130})h2" "${masks[@]}"
	drops h1 flow-loop 2 from h1 -c 2 "$h2/eth0=0"
	log_test "who asks many masks many times is dropped"
}

rewritten()
{
	local before

	clean
	udp 10.1.2.3 10.9.8.7 1000 2000
	ethernet "$A" "$B" 0800 "$hex"
	before=$hex
	add "udp,actions=mod_dl_dst:$B,mod_nw_src:10.1.2.99,mod_nw_tos:184,mod_tp_dst:53,dec_ttl,h2"
	udp 10.1.2.99 10.9.8.7 1000 53 b8 3f
	ethernet "$B" "$B" 0800 "$hex"
	succeeds frame -i "$h1/eth0" -x "$before" -X "$hex" "$h2/eth0=1"
	add "udp,actions=h3,mod_dl_dst:$B,mod_nw_src:10.1.2.99,mod_nw_tos:184,mod_tp_dst:53,dec_ttl,h2"
	succeeds frame -i "$h1/eth0" -x "$before" -X "$hex" "$h2/eth0=1" "$h3/eth0=0"
	succeeds frame -i "$h1/eth0" -x "$before" -X "$before" "$h2/eth0=0" "$h3/eth0=1"
	tcp 10.1.2.3 10.9.8.7 1000 80 018
	ethernet "$A" "$B" 0800 "$hex"
	before=$hex
	add "tcp,actions=set_field:10.9.8.66->ip_dst,load:0x1f90->NXM_OF_TCP_DST[],move:NXM_OF_ETH_DST[]->NXM_OF_ETH_SRC[],normal"
	tcp 10.1.2.3 10.9.8.66 1000 8080 018
	ethernet "$A" "$A" 0800 "$hex"
	succeeds frame -i "$h1/eth0" -x "$before" -X "$hex" "$h2/eth0=1" "$h3/eth0=1"
	log_test "packets leave as flows rewrite them, with right checksums; copies as they were"
}

vlan_tags()
{
	clean
	add "in_port=h1,actions=strip_vlan,output:h2" "in_port=h2,actions=mod_vlan_vid:10,output:h1"
	from h1 -v 10 -c 3 "$h2/eth0@=3" "$h3/eth0=0"
	from h1 -c 3 "$h2/eth0@=3"
	from h2 -c 3 "$h1/eth0@10=3"
	from h2 -v 20 -c 3 "$h1/eth0@10=3"
	add "in_port=h1,actions=push_vlan:0x88a8,set_field:0x1014->vlan_tci,h2,strip_vlan,h3"
	from h1 -v 10 -c 3 "$h2/eth0@88a8:20,10=3" "$h3/eth0@10=3"
	from h1 -c 3 "$h2/eth0@88a8:20=3" "$h3/eth0@=3"
	add "in_port=h1,actions=strip_vlan,strip_vlan,h2"
	from h1 -v 88a8:20 -v 10 -c 3 "$h2/eth0@=3"
	log_test "tags are put on, changed and taken off"
}

expired()
{
	clean
	add "ip,actions=dec_ttl,h2"
	udp 10.1.2.3 10.9.8.7 1000 2000 00 01
	ethernet "$A" "$B" 0800 "$hex"
	drops h1 flow-ttl 1 packet "$h2/eth0=0"
	add "ip,actions=h3,dec_ttl,h2"
	drops h1 flow-ttl 1 packet "$h2/eth0=0" "$h3/eth0=1"
	log_test "what has no hop left is dropped"
}

# group_count ID BUCKET: packets of one of its buckets, or of the group with -
group_count()
{
	local what=".bucket[$2].packets"

	[ "$2" != - ] || what=.packets
	vsw -j -n "$sw" group show vs0 "$1" | jq -r ".[0]$what"
}

group_has()
{
	[ "$(group_count "$1" -)" = "$2" ]
}

groups_all()
{
	clean
	group "group_id=5,type=all,bucket=actions=mod_dl_src:$A,h2,bucket=actions=h3,bucket=actions=drop"
	add "in_port=h1,actions=group:5,local" "in_port=h2,actions=group:5"
	ethernet "$B" "$B" 88b5 00112233445566778899aabbccddeeff
	packet "$h2/eth0=0" "$h3/eth0=1" "$sw/vs0=1"
	becomes "${B//:/}${A//:/}${hex:24}" "$h2/eth0=1" "$h3/eth0=0" "$sw/vs0=0"
	expect_eq "$(group_count 5 -) $(group_count 5 0) $(group_count 5 2)" "2 2 2" "packets"
	from h2 -c 3 "$h3/eth0=3" "$h1/eth0=0" "$h2/eth0=0"
	log_test "a group's buckets get a copy each, and nobody sees what they make of it"
}

groups_one()
{
	local i got

	clean
	group "group_id=1,type=select,bucket=weight:1,actions=h2,bucket=weight:3,actions=h3"
	group "group_id=2,type=ff,bucket=watch_port:h2,actions=h2,bucket=watch_port:h3,actions=h3"
	group "group_id=3,type=indirect,bucket=actions=mod_dl_src:$A,h3"
	add "udp,actions=group:1" "dl_type=0x88b5,actions=group:2" \
		"dl_type=0x88b6,actions=group:3,h2"
	for i in {1..24}; do
		udp 10.1.2.3 10.9.8.7 $((1000 + i)) 2000
		ethernet "$A" "$B" 0800 "$hex"
		frame -i "$h1/eth0" -c 2 -x "$hex"
	done
	wait_for group_has 1 48
	got="$(group_count 1 0) $(group_count 1 1)"
	expect_eq $((${got/ / + })) 48 "packets of both buckets, $got"
	expect_eq $((${got% *} % 2)) 0 "packets of a connection that went apart, of $got"
	expect_ge "${got% *}" 2 "packets of the light bucket"
	expect_ge "${got#* }" "${got% *}" "packets of the heavy bucket"
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=0"
	ethernet "$B" "$B" 88b6 00112233445566778899aabbccddeeff
	packet "$h2/eth0=1" "$h3/eth0=0"
	becomes "${B//:/}${A//:/}${hex:24}" "$h2/eth0=0" "$h3/eth0=1"
	port_link h2 down
	from h1 -c 3 "$h3/eth0=3"
	port_link h3 down
	drops h1 flow-no-bucket 3 from h1 -c 3
	port_link h2 up
	port_link h3 up
	wait_for carrier "$h2" eth0
	wait_for carrier "$h3" eth0
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=0"
	log_test "one bucket: by the connection, the first that is live, the only one"
}

groups_nested()
{
	clean
	group "group_id=2,type=all,bucket=actions=set_field:1->reg1,mod_dl_dst:$A,resubmit(,1),bucket=actions=resubmit(,1)"
	group "group_id=1,type=all,bucket=actions=group:2,bucket=actions=mod_dl_src:$A,h3"
	add "in_port=h1,actions=group:1,resubmit(,1)" "table=1,reg1=1,actions=h2" \
		"table=1,reg1=0,dl_dst=$B,actions=h3,in_port"
	ethernet "$B" "$B" 88b5 00112233445566778899aabbccddeeff
	packet "$h3/eth0=2" "$h1/eth0=2" "$h2/eth0=0"
	becomes "${A//:/}${hex:12}" "$h2/eth0=1" "$h3/eth0=0"
	becomes "${B//:/}${A//:/}${hex:24}" "$h2/eth0=0" "$h3/eth0=1"
	refused "." vsw -n "$sw" flow add vs0 "actions=group:77"
	succeeds vsw -n "$sw" group delete vs0 1
	expect_eq "$(flow show vs0 | grep -c group:1)" 0 "flows of a group that is gone"
	log_test "groups in groups; registers and fields are what they were behind them"
}

meters()
{
	local arrived before

	clean
	succeeds vsw -n "$sw" meter add vs0 "meter=1,pktps,burst,band=type=drop,rate=1,burst_size=5"
	succeeds vsw -n "$sw" meter add vs0 \
		"meter=2,pktps,burst,band=type=dscp_remark,dscp=46,rate=1,burst_size=2"
	add "dl_type=0x88b5,actions=meter:1,h2"
	arrived=$(frame -i "$h1/eth0" -c 50 -w 1 "$h2/eth0")
	expect_ge "${arrived##* }" 5 "what the meter let pass"
	expect_ge 20 "${arrived##* }" "bound of what the meter let pass"
	expect_eq "$(port_drops "$sw" h1 meter)" $((50 - ${arrived##* })) "dropped for the meter"
	refused "." vsw -n "$sw" flow add vs0 "actions=meter:77,normal"
	add "udp,actions=meter:2,h2"
	udp 10.1.2.3 10.9.8.7 1000 2000
	ethernet "$A" "$B" 0800 "$hex"
	succeeds frame -i "$h1/eth0" -x "$hex" -X "$hex" -c 2 "$h2/eth0=2"
	before=$hex
	udp 10.1.2.3 10.9.8.7 1000 2000 b8
	ethernet "$A" "$B" 0800 "$hex"
	succeeds frame -i "$h1/eth0" -x "$before" -X "$hex" -c 10 "$h2/eth0"
	arrived=$(frame -i "$h1/eth0" -x "$before" -X "$hex" -c 10 "$h2/eth0")
	expect_ge "${arrived##* }" 8 "remarked"
	log_test "meters drop what is too much, or remark it"
}

truncated()
{
	clean
	ethernet "$A" "$B" 88b5 00112233445566778899aabbccddeeff
	add "in_port=h1,actions=output(port=h2,max_len=20),h3"
	becomes "${hex:0:40}" "$h2/eth0=1" "$h3/eth0=0"
	packet "$h2/eth0=0" "$h3/eth0=1"
	add "in_port=h1,actions=h3,output(port=h2,max_len=20)"
	becomes "${hex:0:40}" "$h2/eth0=1" "$h3/eth0=0"
	packet "$h2/eth0=0" "$h3/eth0=1"
	add "in_port=h1,actions=output(port=h2,max_len=200)"
	packet "$h2/eth0=1"
	log_test "outputs that send only the beginning"
}

# h1 has VLAN 10 without a tag, h2 10 and 20 with tags, h3 20 without one.
filtering()
{
	clean
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	set_port h1 access 10
	set_port h2 trunk 10,20
	set_port h3 access 20
	add "cookie=1,dl_vlan=10,actions=h2"
	from h1 -c 3 "$h2/eth0@10=3" "$h3/eth0=0"
	expect_eq "$(count 1)" 3 "packets of VLAN 10"
	add "dl_vlan=10,actions=h3"
	drops h1 vlan-egress 3 from h1 -c 3 "$h3/eth0=0"
	add "dl_vlan=10,actions=mod_vlan_vid:20,h3,h2"
	from h1 -c 3 "$h3/eth0@=3" "$h2/eth0@20=3"
	add "dl_vlan=10,actions=flood"
	from h1 -c 3 "$h3/eth0=0" "$h2/eth0@10=3"
	add "dl_vlan=10,actions=strip_vlan,h3,h2"
	from h1 -c 3 "$h3/eth0@=3" "$h2/eth0@=3"
	log_test "filtering by VLAN: flows see the VLAN's tag, ports dress by it"
}

filtering_normal()
{
	clean
	add "in_port=h1,actions=normal"
	from h1 -c 3 "$h2/eth0@10=3" "$h3/eth0=0"
	add "in_port=h1,actions=mod_vlan_vid:20,normal"
	from h1 -c 3 "$h2/eth0@20=3" "$h3/eth0@=3"
	add "in_port=h1,actions=mod_vlan_vid:20,normal,strip_vlan,normal"
	ethernet "$A" "$B" 88b5 00112233445566778899aabbccddeeff
	packet "$h3/eth0=1" "$h2/eth0=0"
	becomes "${hex:0:24}81000014${hex:24}" "$h2/eth0=1" "$h3/eth0=0"
	becomes "${hex:0:24}8100000a${hex:24}" "$h2/eth0=1" "$h3/eth0=0"
	drops h1 vlan-ingress 2 from h1 -v 20 -c 2 "$h3/eth0=0"
	add "in_port=h2,actions=strip_vlan,normal"
	drops h2 vlan-untagged 2 from h2 -v 10 -c 2 "$h1/eth0=0"
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	log_test "normal is in the VLAN that the tag says then, or in the port's own"
}

isolated_and_shut()
{
	clean
	add "in_port=h1,actions=h2,h3"
	set_port h1 isolated on
	set_port h2 isolated on
	drops h1 isolated 3 from h1 -c 3 "$h2/eth0=0" "$h3/eth0=3"
	set_port h1 isolated off
	set_port h2 isolated off
	port_link h2 down
	drops h2 port-down 3 from h1 -c 3 "$h3/eth0=3"
	port_link h2 up
	wait_for carrier "$h2" eth0
	set_port h2 shut on
	drops h2 port-shut 3 from h1 -c 3 "$h2/eth0=0" "$h3/eth0=3"
	set_port h2 shut off
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=3"
	log_test "what flows send is asked what all that leaves is asked"
}

packet_ins()
{
	local log n

	log=$(mktemp)
	defer rm -f "$log"
	clean
	add "cookie=0x77,in_port=h1,actions=controller(max_len=20,userdata=00.aa.11)" \
		"in_port=h2,actions=controller(rate=5),h3"
	drops h1 flow-drop 2 from h1 -c 2 "$h2/eth0=0"
	bg vsw -j -n "$sw" flow snoop vs0 > "$log"
	n=$!
	# Until it listens, each of them is dropped.
	busywait "$WAIT" eval "frame -i $h1/eth0 -x ${A//:/}${B//:/}88b500; [ -s $log ]"
	drops h1 flow-drop 0 from h1 -c 3 "$h2/eth0=0"
	wait_for eval "[ \$(grep -c packet-in $log) -ge 4 ]"
	[[ $(tail -n 1 "$log") == *'"cookie":"0x77"'*'"reason":"action"'*'"length":100'* ]]
	check_err $? "not what was told of: $(tail -n 1 "$log")"
	from h2 -c 200 "$h3/eth0=200"
	wait_for eval "grep -q '\"port-number\":$(port_json "$sw" h2 .number),' $log"
	expect_ge 20 "$(grep -c "\"port-number\":$(port_json "$sw" h2 .number)," "$log")" \
		"bound of the packets told of"
	succeeds flow table set vs0 7 miss controller
	add "in_port=h1,actions=goto_table:7"
	drops h1 flow-miss 1 from h1 "$h2/eth0=0"
	wait_for grep -q '"reason":"miss"' "$log"
	succeeds flow table set vs0 7 miss drop
	bg_stop "$n"
	log_test "packets for who listens, with as much of them as was asked for, not too many"
}

of_table()
{
	vsw -j -n "$sw" flow table show vs0 |
		jq -r '.[] | select(.table == 0) | "\(.flows) \(.hits) \(.misses) \(.lookups)"'
}

counters()
{
	local before table

	clean
	add "cookie=1,in_port=h1,actions=h2" "cookie=2,table=3,actions=drop"
	before=$(port_stat "$sw" h2 tx-bytes)
	read -ra table <<< "$(of_table)"
	from h1 -c 5 -l 100 "$h2/eth0=5"
	from h3 -c 2 "$h2/eth0=2"
	expect_eq "$(count 1) $(count 1 bytes) $(count 2)" "5 500 0" "packets and bytes"
	expect_eq "$(port_stat "$sw" h2 tx-bytes)" $((before + 700)) "bytes sent by h2"
	expect_eq "$(of_table)" "1 $((table[1] + 5)) $((table[2] + 2)) $((table[3] + 7))" \
		"flows, hits, misses and lookups of the table"
	succeeds flow modify vs0 "in_port=h1,actions=h3"
	expect_eq "$(count 1)" 5 "packets of a flow that has other actions"
	log_test "packets and bytes are counted"
}

has_flows()
{
	[ "$(vsw -j -n "$sw" flow show vs0 | jq length)" = "$1" ]
}

timeouts()
{
	clean
	add "hard_timeout=1,in_port=h1,actions=h2" "idle_timeout=1,in_port=h2,actions=h3" \
		"idle_timeout=100,in_port=h3,actions=h1"
	succeeds has_flows 3
	wait_for has_flows 1
	from h1 -c 2 "$h2/eth0=2" "$h3/eth0=2"
	log_test "flows go by time"
}

eviction()
{
	clean
	succeeds flow table set vs0 0 max-flows 2
	add "importance=5,in_port=h1,actions=h2" "importance=1,in_port=h2,actions=h3"
	refused "." flow add vs0 "importance=3,in_port=h3,actions=h1"
	succeeds flow table set vs0 0 evict on
	add "importance=3,in_port=h3,actions=h1"
	expect_eq "$(vsw -j -n "$sw" flow show vs0 | jq -r '[.[].importance] | sort | join(" ")')" \
		"3 5" "importance of those that are left"
	from h2 -c 2 "$h1/eth0=2" "$h3/eth0=2"
	succeeds flow table set vs0 0 max-flows 0 evict off
	log_test "a full table says so, or gives up what matters least"
}

# What vs0 sends by v1, a VLAN device on vs1, vs1 gets from its host at once: the second
# run is inside the first, on the same CPU.
nested_switches()
{
	clean
	printf '%s\n' "link add vs1 type vswitch" "link set vs1 up" \
		"link add link vs1 name v1 type vlan id 5" "link set v1 master vs0 up" \
		"link set dev h3 nomaster" "link set dev h3 master vs1" |
		ip -n "$sw" -b - 2>/dev/null
	if is_vnic h3; then
		ip -n "$sw" link del vs1
		log_skip "flows of a switch inside another" "h3 is a vnic"
		return
	fi
	succeeds vsw -n "$sw" flow add vs1 "in_port=local,dl_vlan=5,actions=strip_vlan,h3,mod_dl_src:$B,h3"
	add "in_port=h1,actions=set_field:1->reg0,v1,mod_dl_src:$A,v1,h2"
	ethernet ff:ff:ff:ff:ff:ff 02:00:00:00:00:01 88b5 00112233445566778899aabbccddeeff
	packet "$h3/eth0=1" "$h2/eth0=0"
	becomes "ffffffffffff${A//:/}${hex:24}" "$h2/eth0=1" "$h3/eth0=1"
	becomes "ffffffffffff${B//:/}${hex:24}" "$h3/eth0=2"
	ip -n "$sw" link del vs1
	ip -n "$sw" link set dev h3 master vs0
	log_test "flows of a switch inside another"
}

run_tests
