#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Connections, with real sockets on both sides of a switch: what ct says of them, what it
# translates, what it refuses, and that nothing of it stays. The topology is the star of lib.sh
# with two hosts.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="refusals firewall host zones marks source_nat dest_nat errors streams fragments
	fragments_apart fragments_unlike ftp invalid forced copies nothing_left"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq python3 ping
require_vswitch
load_kind veth
# What a vnic sends comes another way than what was received.
ADAPTERS=${ADAPTERS:-mixed}
star -6 h1 h2 || exit 1

here=$(dirname "$0")
H1=02:00:00:00:00:01
H2=02:00:00:00:00:02
# Whom the hosts take for each other, behind a translation.
for address in 192.0.2.100 2001:db8:1::100; do
	ip -n "$h2" neigh replace $address lladdr $H1 dev eth0
done
for address in 192.0.2.200 2001:db8:1::200; do
	ip -n "$h1" neigh replace $address lladdr $H2 dev eth0
done
if vsw -n "$sw" flow add vs0 "ip,actions=ct(commit),normal" 2>&1 | grep "has no connection"; then
	skip_all "the kernel cannot track connections"
fi
# What neighbours need: without it nothing gets anywhere.
NEIGHBOURS=("priority=60000,arp,actions=normal" "priority=60000,icmp6,icmp_type=135,actions=normal"
	"priority=60000,icmp6,icmp_type=136,actions=normal")

on_fail()
{
	vsw -n "$sw" flow show vs0
	vsw -s -n "$sw" port show
	in_ns "$sw" cat /proc/net/nf_conntrack
}

flow()
{
	vsw -n "$sw" flow "$@"
}

# flows FLOW...: these, and those of neighbours, are all there is
flows()
{
	flow delete vs0 >/dev/null
	printf '%s\n' "${NEIGHBOURS[@]}" "$@" | succeeds vsw -n "$sw" flow load vs0 -
}

# both SECONDS COMMAND...: of flow_ct.py
both()
{
	python3 "$here/flow_ct.py" "$@"
}

# tracked REGEX: how many connections are known of which the line matches
tracked()
{
	in_ns "$sw" grep -cE -- "$1" /proc/net/nf_conntrack
}

# is_tracked REGEX: just one is. A list that others leave meanwhile is read with gaps.
is_tracked()
{
	[ "$(tracked "$1")" = 1 ]
}

drops()
{
	port_drops "$sw" "$1" "$2"
}

bad()
{
	refused "$1" vsw -n "$sw" flow add vs0 "$2"
}

refusals()
{
	bad "ct needs a match on eth-type" "actions=ct(commit),normal"
	bad "ct needs a match on eth-type" "arp,actions=ct(commit),normal"
	bad "commit" "ip,actions=ct(force),normal"
	bad "commit" "ip,actions=ct(nat(src=192.0.2.9)),normal"
	bad "no such helper" "tcp,actions=ct(commit,alg=nosuch),normal"
	bad "helper needs a match" "ip,actions=ct(commit,alg=ftp),normal"
	bad "family" "ipv6,actions=ct(commit,nat(src=192.0.2.9)),normal"
	bad "to translate ports" "ip,actions=ct(commit,nat(src=192.0.2.9:5-6)),normal"
	bad "." "ip,actions=set_field:1->ct_zone,normal"
	refused "bucket" vsw -n "$sw" group add vs0 "group_id=1,type=all,bucket=actions=ct(commit)"
	log_test "what ct cannot do is refused, and says why"
}

firewall()
{
	local seen

	flows "ip,actions=ct(table=1)" "ipv6,actions=ct(table=1)" \
		"table=1,ip,in_port=h1,ct_state=+trk+new,actions=ct(commit),normal" \
		"table=1,ipv6,in_port=h1,ct_state=+trk+new,actions=ct(commit),normal" \
		"table=1,ct_state=+trk+est,actions=normal" "table=1,ct_state=+trk+rel,actions=normal"
	seen=$(both 2 tcp "$h1" "$h2" 192.0.2.2 80 80 , tcp "$h1" "$h2" 2001:db8:1::2 80 80 , \
		udp "$h1" "$h2" 192.0.2.2 53 53 7000)
	expect_eq "$(cut -d' ' -f1 <<<"$seen" | xargs)" "192.0.2.1 2001:db8:1::1 192.0.2.1" \
		"from inside"
	succeeds in_ns "$h1" ping -qc1 -W3 192.0.2.2
	expect_ge "$(tracked "ipv4.*tcp.*src=192.0.2.1 dst=192.0.2.2")" 1 "connections known"
	expect_ge "$(tracked "ipv6.*tcp.*dport=80")" 1 "connections of IPv6"
	expect_eq "$(both 0.5 tcp "$h2" "$h1" 192.0.2.1 80 80 , \
		tcp "$h2" "$h1" 2001:db8:1::1 80 80 | xargs)" "none none" "from outside"
	expect_ge "$(drops h2 flow-miss)" 2 "packets from outside"
	log_test "who is outside may answer, and not begin"
}

# What the host gets from the switch, and what it sends, is of its connections there.
host()
{
	ip -n "$sw" addr replace 192.0.2.254/24 dev vs0
	flows "ip,actions=ct(table=1)" "table=1,tcp,tp_dst=80,ct_state=+new,actions=ct(commit),normal" \
		"table=1,ip,ct_state=+est,actions=normal"
	expect_eq "$(both 2 tcp "$h1" "$sw" 192.0.2.254 80 80 7006 , \
		tcp "$sw" "$h2" 192.0.2.2 80 80 7006 | xargs)" \
		"192.0.2.1 7006 192.0.2.254 7006" "whom the server saw"
	expect_eq "$(both 0.5 tcp "$h1" "$sw" 192.0.2.254 81 81)" none "another port"
	log_test "the host is one of those that have connections"
}

zones()
{
	flows "ip,in_port=h1,actions=ct(commit,zone=5),ct(commit,zone=6),ct(table=1,zone=6)" \
		"table=1,ip,ct_zone=6,ct_state=+trk,actions=normal" "ip,in_port=h2,actions=normal"
	expect_eq "$(both 2 udp "$h1" "$h2" 192.0.2.2 54 54 7001)" "192.0.2.1 7001" "through zones"
	expect_eq "$(tracked "sport=7001.*zone=5") $(tracked "sport=7001.*zone=6")" "1 1" \
		"one connection in each zone"
	log_test "one tuple in two zones is two connections"
}

marks()
{
	flows "udp,in_port=h1,actions=ct(commit,exec(set_field:0x52->ct_mark)),normal" \
		"udp,in_port=h2,actions=ct(table=1)" \
		"table=1,udp,ct_mark=0x50/0xf0,ct_nw_src=192.0.2.1,ct_tp_src=7002,ct_nw_proto=17,ct_state=+rpl,actions=normal"
	expect_eq "$(both 2 udp "$h1" "$h2" 192.0.2.2 55 55 7002 , \
		udp "$h1" "$h2" 192.0.2.2 55 55 7012 | xargs)" "192.0.2.1 7002 none" "by mark and tuple"
	expect_eq "$(tracked "sport=7002.*mark=82")" 1 "connections with the mark"
	log_test "flows see the connection's mark and its original tuple"
}

source_nat()
{
	local seen

	flows "tcp,in_port=h1,actions=ct(commit,nat(src=192.0.2.100:5000-5003)),h2" \
		"ipv6,in_port=h1,actions=ct(commit,nat(src=2001:db8:1::100)),h2" \
		"ip,in_port=h2,actions=ct(nat,table=1)" "ipv6,in_port=h2,actions=ct(nat,table=1)" \
		"table=1,ct_state=+est+rpl,actions=h1"
	seen=$(both 2 tcp "$h1" "$h2" 192.0.2.2 80 80 , tcp "$h1" "$h2" 192.0.2.2 80 80 , \
		tcp "$h1" "$h2" 2001:db8:1::2 80 80 )
	[[ $(xargs <<<"$seen") =~ ^192.0.2.100\ 500[0-3]\ 192.0.2.100\ 500[0-3]\ 2001:db8:1::100\  ]]
	check_err $? "the server saw: $seen"
	log_test "sources are translated, and answers back"
}

dest_nat()
{
	flows "tcp,in_port=h1,actions=ct(commit,nat(dst=192.0.2.2:8080)),h2" \
		"tcp6,in_port=h1,actions=ct(commit,nat(dst=[2001:db8:1::2]:8080)),h2" \
		"tcp,in_port=h2,actions=ct(nat),h1" "tcp6,in_port=h2,actions=ct(nat),h1"
	expect_eq "$(both 2 tcp "$h1" "$h2" 192.0.2.200 80 8080 7003 , \
		tcp "$h1" "$h2" 2001:db8:1::200 80 8080 7003 | xargs)" \
		"192.0.2.1 7003 2001:db8:1::1 7003" "whom the server saw"
	log_test "destinations are translated, and answers back"
}

# An error is about a packet as it was behind the translation; who sent it knows it else.
errors()
{
	flows "ip,in_port=h1,actions=ct(commit,nat(dst=192.0.2.2)),h2" \
		"ipv6,in_port=h1,actions=ct(commit,nat(dst=2001:db8:1::2)),h2" \
		"ip,in_port=h2,actions=ct(nat,table=1)" "ipv6,in_port=h2,actions=ct(nat,table=1)" \
		"table=1,ct_state=+rel+rpl,actions=h1"
	expect_eq "$(both 2 refused "$h1" 192.0.2.200 4444 , \
		refused "$h1" 2001:db8:1::200 4444 | xargs)" "refused refused" "errors"
	log_test "ICMP errors find who sent what they are about"
}

streams()
{
	flows "tcp,in_port=h1,actions=ct(commit,nat(src=192.0.2.100)),h2" \
		"tcp,in_port=h2,actions=ct(nat),h1"
	expect_eq "$(both 4 stream "$h1" "$h2" 192.0.2.2 90 90 1000000)" whole "a stream"
	log_test "segments of all sizes are translated"
}

fragments()
{
	flows "ip,in_port=h1,actions=ct(commit,nat(src=192.0.2.100)),h2" \
		"ipv6,in_port=h1,actions=ct(commit,nat(src=2001:db8:1::100)),h2" \
		"ip,in_port=h2,actions=ct(nat),h1" "ipv6,in_port=h2,actions=ct(nat),h1"
	succeeds in_ns "$h1" ping -qc1 -W3 -s 4000 192.0.2.2
	succeeds in_ns "$h1" ping -qc1 -W3 -s 4000 2001:db8:1::2
	expect_eq "$(drops h1 ct) $(drops h2 ct)" "0 0" "drops"
	log_test "fragments are translated as a whole"
}

fragments_apart()
{
	ip -n "$h1" link set eth0 mtu 1300
	expect_eq "$(both 2 longest "$h1" "$h2" eth0 192.0.2.2 1400 4000 , \
		longest "$h1" "$h2" eth0 2001:db8:1::2 1400 4000 | xargs)" \
		"1400 1300 1400 1296" "the datagram, and its longest part"
	ip -n "$h1" link set eth0 mtu 1500
	log_test "fragments leave no longer than they came"
}

# The whole has the Ethernet header and the tags of its first fragment.
fragments_unlike()
{
	local before

	flows "ip,in_port=h1,actions=ct(commit,zone=9),h2"
	before=$(drops h1 ct)
	expect_eq "$(both 1 apart "$h1" "$h2" eth0 192.0.2.2 "$H2")" "1 1 0 0 0" "packets that arrive"
	expect_eq $(($(drops h1 ct) - before)) 3 "drops"
	log_test "fragments with other tags make no packet"
}

ftp()
{
	local seen

	if ! modprobe -q nf_nat_ftp; then
		log_skip "FTP" "no nf_nat_ftp"
		return
	fi
	flows "tcp,in_port=h1,actions=ct(table=1,nat)" "tcp,in_port=h2,actions=ct(table=1,nat)" \
		"table=1,tcp,in_port=h1,tp_dst=21,ct_state=+new,actions=ct(commit,alg=ftp,nat(src=192.0.2.100)),h2" \
		"table=1,tcp,ct_state=+new+rel,actions=ct(commit,nat),resubmit(,2)" \
		"table=1,tcp,ct_state=+est,actions=resubmit(,2)" \
		"table=2,in_port=h1,actions=h2" "table=2,in_port=h2,actions=h1"
	seen=$(both 2 ftp "$h1" "$h2" 192.0.2.2 active , ftp "$h1" "$h2" 192.0.2.2 passive)
	expect_eq "$(xargs <<<"$seen")" "192.0.2.100 200 and on 192.0.2.2 200 and on" "transfers"
	log_test "FTP's data connections are expected, and its text is translated"
}

invalid()
{
	flows "tcp,in_port=h1,actions=ct(table=1)" "tcp,in_port=h2,actions=ct(table=1)" \
		"table=1,priority=40000,cookie=7,tcp,ct_state=+inv,actions=drop" \
		"table=1,tcp,in_port=h1,ct_state=+new,actions=ct(commit),normal" \
		"table=1,tcp,ct_state=+est,actions=normal"
	expect_eq "$(both 2 reset "$h1" "$h2" 192.0.2.2 91)" open "the connection"
	expect_ge "$(flow show vs0 -j | jq '[.[] | select(.cookie == 7 or .cookie == "0x7").packets] | add')" 1 \
		"packets that are invalid"
	log_test "a RST out of window is invalid"
}

# Without force the second packet is a reply, with it a connection of its own.
forced()
{
	flows "udp,in_port=h1,actions=ct(commit),normal" \
		"udp,in_port=h2,actions=ct(force,commit),normal"
	expect_eq "$(both 2 udp "$h1" "$h2" 192.0.2.2 56 56 7004)" "192.0.2.1 7004" "there and back"
	wait_for is_tracked "udp.* src=192.0.2.2 dst=192.0.2.1 sport=56 dport=7004 .*src=192.0.2.1"
	log_test "force makes the packet its connection's first"
}

# What follows ct(table=) is done with the packet as it was.
copies()
{
	flows "udp,in_port=h1,actions=ct(commit,zone=9,table=1,nat(src=192.0.2.100)),ct(zone=8,table=2),resubmit(,3)" \
		"table=1,udp,ct_zone=9,ct_state=+trk,nw_src=192.0.2.100,cookie=1,actions=drop" \
		"table=2,udp,ct_zone=8,ct_state=+trk,nw_src=192.0.2.1,cookie=2,actions=drop" \
		"table=3,udp,ct_zone=0,ct_state=-trk,ct_mark=0,nw_src=192.0.2.1,cookie=3,actions=h2" \
		"udp,in_port=h2,actions=h1"
	expect_eq "$(both 2 udp "$h1" "$h2" 192.0.2.2 57 57 7005)" "192.0.2.1 7005" "the rest"
	expect_eq "$(flow show vs0 -j | jq -c '[.[] | select(.table > 0).packets]')" "[1,1,1]" \
		"packets of each table"
	log_test "each table behind ct has a packet of its own"
}

nothing_left()
{
	flow delete vs0 >/dev/null
	expect_eq "$(in_ns "$h1" ping -qc1 -W3 192.0.2.2 >/dev/null && echo yes)" yes "without flows"
	ip -n "$sw" link del vs0
	in_ns "$sw" sysctl -qw net.netfilter.nf_conntrack_udp_timeout=1 2>/dev/null
	cleanup_ns "$sw" "$h1" "$h2"
	expect_eq "$(ip netns list | grep -cE "$sw|$h1|$h2")" 0 "namespaces"
	if rmmod vswitch 2>/dev/null; then
		succeeds modprobe vswitch
	fi
	log_test "nothing of it stays"
}

run_tests
