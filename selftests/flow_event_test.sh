#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is told of flows that go and of packets, and bounds of what flows make of packets.
# The topology is the star of lib.sh with three hosts.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="reasons untold packet_in_details packet_in_lost gso_truncated nested_copies"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=packet_lib.sh
. "$(dirname "$0")/packet_lib.sh"

require_command jq
require_vswitch
load_kind veth dummy
ADAPTERS=veth
star h1 h2 h3 || exit 1
tmp=$(mktemp -d)
defer rm -rf "$tmp"

A=02:00:00:00:aa:01
B=02:00:00:00:bb:01

on_fail()
{
	vsw -n "$sw" flow show vs0
	head -n 20 "$tmp/events" "$tmp/packets"
}

flow()
{
	vsw -n "$sw" flow "$@"
}

clean()
{
	flow delete vs0 >/dev/null
	vsw -n "$sw" group delete vs0 >/dev/null 2>&1
	vsw -n "$sw" meter delete vs0 >/dev/null 2>&1
}

# told COOKIE REASON [PACKETS]: of a flow that has gone, once
told()
{
	expect_eq "$(grep -c "cookie=0x$1,.* $2\$" "$tmp/events")" 1 "events of flow $1, $2"
	[ $# -lt 3 ] || expect_eq "$(grep -c "cookie=0x$1,.*n_packets=$3," "$tmp/events")" 1 \
		"events of flow $1 with $3 packets"
}

# listening: a flow that comes and goes is told of
listening()
{
	flow add vs0 cookie=0x77,send_flow_rem,table=77,actions=drop
	flow delete vs0 table=77 >/dev/null
	sleep 0.1
	grep -q 'cookie=0x77,' "$tmp/events"
}

begin_listening()
{
	: > "$tmp/events"
	bg "$VSW" -n "$sw" monitor flow > "$tmp/events"
	listener=$!
	wait_for listening
}

# All has gone that is told of before this one.
up_to_now()
{
	flow add vs0 cookie=0x99,send_flow_rem,table=99,actions=drop
	flow delete vs0 table=99 >/dev/null
	wait_for grep -q 'cookie=0x99,' "$tmp/events"
}

reasons()
{
	clean
	begin_listening
	succeeds vsw -n "$sw" group add vs0 group_id=1,type=all,bucket=actions=h2
	succeeds vsw -n "$sw" meter add vs0 meter=1,pktps,band=type=drop,rate=1000
	succeeds flow table set vs0 9 max-flows 1 evict on
	succeeds flow load vs0 - <<-END
		cookie=0x11,send_flow_rem,in_port=h1,actions=h2
		cookie=0x12,send_flow_rem,table=1,idle_timeout=0.3,actions=drop
		cookie=0x13,send_flow_rem,table=2,hard_timeout=0.3,actions=drop
		cookie=0x14,send_flow_rem,table=9,importance=1,ip,actions=drop
		cookie=0x15,send_flow_rem,table=4,actions=group:1
		cookie=0x16,send_flow_rem,table=5,actions=meter:1,h2
		cookie=0x17,send_flow_rem,table=6,ip,actions=drop
		cookie=0x18,send_flow_rem,table=6,arp,actions=drop
	END
	succeeds frame -i "$h1/eth0" -c 3 "$h2/eth0=3"
	succeeds flow delete vs0 cookie=0x11/-1
	succeeds flow add vs0 cookie=0x19,table=9,importance=2,arp,actions=drop
	succeeds vsw -n "$sw" group delete vs0 1
	succeeds vsw -n "$sw" meter delete vs0 1
	wait_for grep -q 'cookie=0x12,' "$tmp/events"
	wait_for grep -q 'cookie=0x13,' "$tmp/events"
	succeeds flow replace vs0 - <<-END
		cookie=0x18,send_flow_rem,table=6,arp,actions=drop
	END
	up_to_now
	told 11 deleted
	told 12 idle-timeout
	told 13 hard-timeout
	told 14 evicted
	told 15 group-deleted
	told 16 meter-deleted
	told 17 deleted
	expect_eq "$(grep -c 'cookie=0x18,' "$tmp/events")" 0 "events of a flow that stays"
	expect_eq "$(grep -c 'cookie=0x19,' "$tmp/events")" 0 "events of a flow that asked for none"
	bg_stop "$listener"
	succeeds flow table set vs0 9 max-flows 0 evict off
	log_test "why flows have gone, to who listens"
}

# Thousands at once, and a listener that has gone before.
untold()
{
	local i

	clean
	for i in {1..300}; do
		echo "cookie=0x21,send_flow_rem,table=3,priority=$i,actions=drop"
	done > "$tmp/many"
	begin_listening
	succeeds flow load vs0 "$tmp/many"
	succeeds flow delete vs0 table=3
	up_to_now
	expect_eq "$(grep -c 'cookie=0x21,' "$tmp/events")" 300 "events of 300 flows"
	bg_stop "$listener"
	succeeds flow load vs0 "$tmp/many"
	succeeds flow delete vs0
	log_test "each of many flows is told of, and nobody has to listen"
}

# snooping: a first packet came; what follows is in $tmp/packets
snooping()
{
	frame -i "$h1/eth0" -x "${A//:/}${B//:/}88b500"
	[ -s "$tmp/packets" ]
}

begin_snooping()
{
	: > "$tmp/packets"
	bg "$VSW" -j -n "$sw" flow snoop vs0 > "$tmp/packets"
	listener=$!
	busywait "$WAIT" snooping
	check_err $? "nothing is told of"
}

# last_packet FILTER: jq(1) on the last that was told of
last_packet()
{
	tail -n 1 "$tmp/packets" | jq -r ".[\"packet-in\"] | $1"
}

# has_told N FILTER: that many fulfil it
has_told()
{
	[ "$(jq -r ".[\"packet-in\"] | select($2) | 1" "$tmp/packets" | wc -l)" = "$1" ]
}

packet_in_details()
{
	local first second

	clean
	succeeds flow load vs0 - <<-END
		cookie=0x31,dl_type=0x88b5,actions=controller(rate=1000)
		cookie=0x32,dl_type=0x88b6,actions=mod_dl_src:$A,push_vlan:0x8100,set_field:4106->vlan_vid,controller(max_len=18,rate=1000,userdata=0a.0b),h2
		cookie=0x33,dl_type=0x88b7,actions=goto_table:4
		cookie=0x34,table=4,actions=controller(rate=1000),strip_vlan,controller(rate=1000)
	END
	begin_snooping
	ethernet "$B" "$B" 88b6 00112233445566778899aabbccddeeff
	succeeds frame -i "$h1/eth0" -x "$hex"
	wait_for has_told 1 '.cookie == "0x32"'
	expect_eq "$(last_packet '"\(.frame) \(.length) \(.userdata) \(.table)"')" \
		"${B//:/}${A//:/}8100000a88b6 34 0a0b 0" "as the flow had changed it, its beginning"
	succeeds frame -i "$h2/eth0" -t 88b7 -v 5 -l 80
	wait_for has_told 2 '.cookie == "0x34"'
	first=$(tail -n 2 "$tmp/packets" | head -n 1 | jq -r '.["packet-in"] | "\(.table) \(.length) \(.["port-number"])"')
	second=$(last_packet '"\(.table) \(.length) \(.["port-number"])"')
	expect_eq "$first, $second" "4 80 $(port_json "$sw" h2 .number), 4 76 $(port_json "$sw" h2 .number)" \
		"table, length and port, with the tag and without it"
	bg_stop "$listener"
	log_test "packets are told of as they are at that action"
}

packet_in_lost()
{
	local told lost

	clean
	succeeds flow add vs0 "cookie=0x41,in_port=h1,actions=controller(rate=10)"
	begin_snooping
	succeeds frame -i "$h1/eth0" -c 500
	sleep 1
	succeeds frame -i "$h1/eth0"
	wait_for eval "[ \"\$(last_packet '.lost // 0')\" -gt 0 ]"
	told=$(wc -l < "$tmp/packets")
	lost=$(jq -rs '[.[]["packet-in"].lost // 0] | add' "$tmp/packets")
	expect_ge 60 "$told" "packets told of, ten a second"
	expect_ge "$lost" 440 "packets that are counted as not told of"
	bg_stop "$listener"
	log_test "how many packets were not told of is said with the next one"
}

# h3_received: packets and bytes of its device
h3_received()
{
	ip -n "$h3" -s -j link show dev eth0 | jq -r '.[0].stats64.rx | "\(.packets) \(.bytes)"'
}

# A sender's big packets come here uncut; what is cut off must be no big packet any more.
gso_truncated()
{
	local out packets bytes before after

	clean
	succeeds ip -n "$h1" neigh replace 192.0.2.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent
	succeeds ip -n "$h2" neigh replace 192.0.2.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
	succeeds flow add vs0 "in_port=h1,tcp,actions=output(port=h3,max_len=90),h2"
	succeeds flow add vs0 "in_port=h2,tcp,actions=h1"
	before=$(h3_received)
	out=$(stream tcp -n 2000000 -c "$h1/192.0.2.1" -o "$h1/eth0" -s "$h2/192.0.2.2" \
		-r "$h2/eth0" 2>&1)
	check_err $? "stream: $out"
	[[ $out =~ \ big\ [1-9] ]]
	check_err $? "there were no big packets: $out"
	after=$(h3_received)
	packets=$((${after% *} - ${before% *}))
	bytes=$((${after#* } - ${before#* }))
	expect_ge "$packets" 30 "packets that h3 got"
	expect_ge $((packets * 90)) "$bytes" "bound of what h3 got"
	expect_ge "$bytes" $((packets * 60)) "bytes that h3 got"
	log_test "big packets are cut off as others, and those that go on stay whole"
}

# All that one frame makes on this processor counts, in this switch and those it leads to.
nested_copies()
{
	local actions='' before made

	clean
	printf '%s\n' "link add vs1 type vswitch" "link set vs1 up" \
		"link add link vs1 name v1 type vlan id 5" "link set v1 master vs0 up" \
		"link add d0 type dummy" "link set d0 master vs1 up" | ip -n "$sw" -b - 2>/dev/null
	for ((i = 0; i < 100; i++)); do
		actions+="mod_dl_src:02:00:00:00:00:$(printf %02x "$i"),d0,"
	done
	succeeds vsw -n "$sw" flow add vs1 "in_port=local,actions=${actions%,}"
	succeeds flow add vs0 "in_port=h1,actions=${actions//d0/v1}h2"
	before=$(port_stat "$sw" d0 tx-packets)
	succeeds frame -i "$h1/eth0"
	wait_for eval "[ \$(port_stat $sw d0 tx-packets) -gt $before ]"
	made=$(($(port_stat "$sw" d0 tx-packets) - before))
	expect_ge "$made" 1000 "copies of one frame"
	expect_ge 4196 "$made" "bound of the copies of one frame"
	ip -n "$sw" link del d0
	ip -n "$sw" link del vs1
	log_test "copies are bounded over switches in switches"
}

run_tests
