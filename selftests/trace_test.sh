#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "vsw trace": that a packet goes where it is said to go, by sending the same one; what is
# said of each step. The topology is the star of lib.sh with three hosts.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="as_without_flows as_with_flows as_with_vlans steps nearly described senseless"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=packet_lib.sh
. "$(dirname "$0")/packet_lib.sh"

require_command jq python3
require_vswitch
load_kind veth
star h1 h2 h3 || exit 1

H1=02:00:00:00:00:01
H2=02:00:00:00:00:02

on_fail()
{
	vsw -n "$sw" flow show vs0
	vsw -s -n "$sw" port show
}

# add FLOW...
add()
{
	printf '%s\n' "$@" | succeeds vsw -n "$sw" flow load vs0 -
}

clean()
{
	vsw -n "$sw" flow delete vs0 >/dev/null
	vsw -n "$sw" group delete vs0 >/dev/null 2>&1
	vsw -n "$sw" meter delete vs0 >/dev/null 2>&1
	return 0
}

# Frames that are sent, in hexadecimal, in $hex; with room for what trace.py writes.
# case NAME HOST DST SRC TYPE [PROTOCOL_PAYLOAD]
cases=''
case_of()
{
	ethernet "$3" "$4" "$5" "${6:-}"
	hex+=00000000000000000000000000000000000000000000000000000000
	hex+=000000000000000000000000000000000000000000000000
	cases+="$1|$2|$hex"$'\n'
}

# same EXPECTED...: what is said of the cases, and so is true.
same()
{
	local said line

	said=$(printf %s "$cases" | python3 -B "$SELFTESTS/trace.py" "$VSW" "$sw" \
		"h1=$h1" "h2=$h2" "h3=$h3" 2>&1)
	cases=''
	for line in "$@"; do
		grep -qxF -- "$line" <<<"$said"
		check_err $? "expected '$line', but: $said"
	done
	! grep -q 'really\|Error' <<<"$said"
	check_err $? "a trace was wrong: $said"
}

# trace DESCRIPTION...: the text, in $text
trace()
{
	text=$(vsw -n "$sw" trace vs0 "$@" 2>&1)
}

# said PATTERN...: are in $text
said()
{
	local pattern

	for pattern in "$@"; do
		grep -qE -- "$pattern" <<<"$text"
		check_err $? "'$pattern' is not in: $text"
	done
}

as_without_flows()
{
	vsw -n "$sw" fdb flush switch vs0 >/dev/null
	vsw -n "$sw" fdb add "$H2" dev h2
	case_of known h1 "$H2" "$H1" 88b5
	case_of unknown h1 02:00:00:00:00:77 "$H1" 88b5
	case_of broadcast h1 ff:ff:ff:ff:ff:ff "$H1" 88b5
	case_of source h1 "$H2" 01:00:00:00:00:01 88b5
	case_of itself h2 "$H2" 02:00:00:00:00:78 88b5
	case_of pause h1 01:80:c2:00:00:01 "$H1" 8808
	same 'known: h2=None' 'unknown: h2=None h3=None' 'broadcast: h2=None h3=None' \
		'source: h1=invalid-source' 'itself: h2=same-port' 'pause: h1=reserved-address'
	succeeds vsw -n "$sw" port set h2 shut on
	case_of shut h1 "$H2" "$H1" 88b5
	same 'shut: h2=port-shut'
	succeeds vsw -n "$sw" port set h2 shut off
	log_test "without flows, packets go where a trace says"
}

as_with_flows()
{
	local udp tcp h3_number

	h3_number=$(vsw -n "$sw" -j port show h3 | jq .[0].number)

	clean
	vsw -n "$sw" fdb replace "$H2" dev h2
	succeeds vsw -n "$sw" group add vs0 'group_id=1,type=all,bucket=actions=output:h2,bucket=actions=mod_vlan_vid:7,output:h3'
	succeeds vsw -n "$sw" group add vs0 'group_id=2,type=ff,bucket=watch_port:77,actions=output:h2'
	add "priority=100,udp,actions=mod_vlan_vid:5,output:h3,strip_vlan,output:h2" \
		"priority=100,tcp,tp_dst=80,actions=group:1" \
		"priority=100,tcp,tp_dst=81,actions=group:2" \
		"priority=100,tcp,tp_dst=82,actions=goto_table:3" \
		"priority=100,tcp,tp_dst=83,actions=resubmit(,4),normal" \
		"priority=100,tcp,tp_dst=84,actions=drop(closed)" \
		"priority=100,tcp,tp_dst=85,actions=output:77" \
		"priority=100,tcp,tp_dst=86,actions=output:h1" \
		"priority=100,tcp,tp_dst=87,actions=in_port" \
		"priority=100,tcp,tp_dst=88,actions=resubmit(,0)" \
		"priority=100,tcp,tp_dst=90,actions=reject" \
		"priority=100,tcp,tp_dst=91,actions=load:$h3_number->NXM_NX_REG0[],output:NXM_NX_REG0[]" \
		"table=4,tcp,actions=output:h3"
	udp 10.0.0.1 10.0.0.2 1000 2000
	udp=$hex
	case_of rewritten h1 "$H2" "$H1" 0800 "$udp"
	for port in {80..91}; do
		tcp 10.0.0.1 10.0.0.2 1000 "$port" 002
		tcp=$hex
		case_of "p$port" h1 "$H2" "$H1" 0800 "$tcp"
	done
	same 'rewritten: h2=None h3=5' 'p80: h2=None h3=7' 'p81: h1=flow-no-bucket' \
		'p82: h1=flow-miss' 'p83: h2=None h3=None' 'p84: h1=flow-drop' \
		'p85: h1=flow-no-port' 'p86: h1=same-port' 'p87: h1=None' 'p88: h1=flow-loop' \
		'p89: h2=None' 'p90: h1=flow-reject' 'p91: h3=None'
	clean
	log_test "with flows, packets go where a trace says"
}

as_with_vlans()
{
	clean
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	succeeds vsw -n "$sw" vlan add 10 dev h1
	succeeds vsw -n "$sw" vlan add 10 dev h3
	case_of tagged h1 02:00:00:00:00:77 "$H1" 8100000a88b5
	case_of untagged h1 02:00:00:00:00:77 "$H1" 88b5
	case_of foreign h1 02:00:00:00:00:77 "$H1" 8100001488b5
	same 'tagged: h3=10' 'untagged: h2=None h3=None' 'foreign: h1=vlan-ingress'
	add "dl_type=0x88b5,actions=mod_vlan_vid:10,normal"
	case_of moved h1 02:00:00:00:00:77 "$H1" 88b5
	same 'moved: h3=10'
	clean
	vsw -n "$sw" vlan delete 10 dev h1
	vsw -n "$sw" vlan delete 10 dev h3
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	log_test "with VLANs, packets go where a trace says"
}

steps()
{
	clean
	succeeds vsw -n "$sw" meter add vs0 'meter=3,pktps,bands=type=drop,rate=1'
	add "priority=9,cookie=0x51,tcp,actions=meter:3,dec_ttl,mod_nw_dst:10.9.9.9,output:h2,goto_table:1" \
		"table=1,actions=drop(not here)"
	trace in_port=h1,tcp,nw_ttl=9
	said '^comes by port h1: forwarding$' 'VLAN' \
		'table 0: priority=9,cookie=0x51,tcp,actions=.*goto_table:1$' \
		'^ *meter 3: lets it pass$' 'dec_ttl: now nw_ttl=8$' 'now nw_dst=10\.9\.9\.9$' \
		'leaves by port h2, 60 bytes$' 'table 1: priority=32768,actions=drop\(not here\)$'
	[[ $text == *$'\nverdict: leaves by h2' ]]
	check_err $? "the verdict is not last: $text"
	add "priority=9,udp,actions=drop(no games)"
	trace in_port=h1,udp
	said 'dropped: flow-drop \(no games\), counted on port h1$' \
		'^verdict: dropped: flow-drop \(no games\)$'
	trace in_port=h1,udp -j
	[ "$(jq -c '[.[0].step[] | .kind]' <<<"$text")" = \
		'["port","vlan","effect","lookup","action","drop"]' ]
	check_err $? "steps in JSON: $text"
	clean
	trace in_port=h1,dl_dst=01:80:c2:00:00:00
	said "^verdict: h1's own$"
	succeeds vsw -n "$sw" port set h1 locked on
	trace in_port=h1,udp
	said 'guard: locked' '^verdict: dropped: locked$'
	succeeds vsw -n "$sw" port set h1 locked off
	log_test "each step is shown"
}

nearly()
{
	clean
	add "priority=5,tcp,nw_dst=10.0.0.2,tp_dst=80,actions=output:h2" \
		"priority=6,tcp,nw_dst=10.0.0.2,tp_dst=443,actions=output:h2" \
		"priority=7,udp,nw_dst=10.0.0.9,tp_dst=1,actions=output:h2" \
		"priority=8,arp,actions=output:h2"
	text=$(vsw -n "$sw" -j trace vs0 in_port=h1,tcp,nw_dst=10.0.0.3,tp_dst=443)
	[ "$(jq -c '.[0].step[] | select(.kind == "lookup") |
		[.near[] | [.flow.priority, .matching, (.differs | keys)]]' <<<"$text")" = \
		'[[6,3,["nw_dst"]],[8,0,["dl_type"]],[5,2,["nw_dst","tp_dst"]]]' ]
	check_err $? "nearly matching: $text"
	trace in_port=h1,tcp,nw_dst=10.0.0.3,tp_dst=443
	said 'but the packet has nw_dst=10\.0\.0\.3$'
	clean
	log_test "flows that nearly matched are shown with what differs"
}

# What is described is what flows meet.
described()
{
	local line
	# shellcheck disable=SC2054  # fields of flows
	local -a all=(
		tcp,nw_src=10.1.2.3,nw_tos=32,tp_src=7,tcp_flags=+fin+ack
		udp6,ipv6_src=2001:db8::9,tp_dst=53
		icmp,icmp_type=3,icmp_code=4 icmp6,icmp_type=135,icmp_code=0,nd_target=fe80::1
		arp,arp_op=2,arp_spa=10.0.0.1,arp_sha=02:00:00:00:00:09
		dl_vlan=12,dl_vlan_pcp=3,ip,nw_frag=later pkt_mark=0x7,sctp,tp_dst=9
		dl_src=02:00:00:00:00:55,dl_type=0x88b6
	)

	for line in "${all[@]}"; do
		echo "priority=7,in_port=h1,$line,actions=output:h3" |
			succeeds vsw -n "$sw" flow replace vs0 -
		trace "in_port=h1,$line"
		said '^verdict: leaves by h3'
	done
	clean
	log_test "the packet that is described is the one that is traced"
}

senseless()
{
	local line

	while IFS='|' read -r line pattern; do
		# shellcheck disable=SC2086  # words
		trace $line && check_err 1 "'$line' was accepted"
		said "$pattern"
	done <<-'EOT'
		tcp|add 'in_port=PORT'
		in_port=nobody|has no port 'nobody'
		in_port=4000|no port of this number
		in_port=h1,ip,nw_src=10.0.0.0/8|without a mask
		in_port=h1,tcp,tp_dst=1-9|which of the range
		in_port=h1,reg1=5|flows set it later
		in_port=h1,tun_id=5|of the tunnel or the process
		in_port=h1,table=3|only fields describe
		in_port=h1,tp_dst=80|has no 'tp_dst'
		in_port=h1,nw_dst=10.0.0.1|has no 'nw_dst'
		in_port=h1,nw_proto=6|has no 'nw_proto'
		in_port=h1 packet 2|'-r FILE' is missing
		in_port=h1 -r /does/not/exist|/does/not/exist
		in_port=h1 -r /proc/self/status|self/status: unknown file
		in_port=h1,actions=drop|only fields do
	EOT
	text=$(vsw -n "$sw" trace nobody in_port=1 2>&1)
	said "See 'vsw"
	log_test "what makes no sense is refused with a sentence"
}

run_tests
