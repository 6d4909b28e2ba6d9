#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "vsw route" and "vsw route rule": what is said is what ip(8) shows that the kernel has, what
# the kernel has is shown, and what is refused is told how to do.
#
#   +-- $net -----------------------------------------------+
#   |  r1 (veth) 10.0.0.1/24, 2001:db8::1/64  --- r2        |
#   +-------------------------------------------------------+

# shellcheck disable=SC2154,SC2317  # setup_ns assigns; the tests are called by name
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

ALL_TESTS="
	routes
	several_ways
	changes
	ways
	rules
	vrf
	refusals
	unprivileged
"

require_command jq
load_kind veth

# Of a route what both print, as ip(8) would have it in the form of vsw.
ours='[.[] | [.dst, .type, .table, .protocol, (.metric // 0), (.prefsrc // ""), (.mtu // 0),
	[.nexthops[] | [(.gateway // ""), .dev, .weight, .flags]]]] | sort | .[]'
theirs='def table: {"main": 254, "local": 255, "default": 253}[. // "main"] // tonumber;
	def way: [(.gateway // .via.host // ""), .dev, (.weight // 1), .flags];
	[.[] | [.dst, .type, (.table | table), .protocol, (.metric // 0), (.prefsrc // ""),
	(.metrics[0].mtu // 0), (if .nexthops then [.nexthops[] | way] elif .dev then [way] else [] end)]]
	| sort | .[]'

# same_routes FAMILY: vsw and ip(8) show the same routes of ipv4 or ipv6, all tables.
same_routes()
{
	local shown wanted

	shown=$(v -j route show table all family "$1" | jq -c "$ours")
	wanted=$(ip -n "$net" -d -j -"${1#ipv}" route show table all | jq -c "$theirs")
	[ -n "$wanted" ]
	check_err $? "ip shows no route"
	expect_eq "$shown" "$wanted" "routes of $1"
}

routes()
{
	succeeds v route add 10.1.0.0/16 via 10.0.0.254
	succeeds v route add default via 10.0.0.2 metric 7 mtu 1400 src 10.0.0.1
	succeeds v route add 192.0.2.0/24 via 172.16.0.1 dev r1 onlink table 1000 proto bgp
	succeeds v route add 192.0.3.0/24 via 2001:db8::5 dev r1
	succeeds v route add 192.0.4.4 dev r1 scope link
	succeeds v route add blackhole 198.51.100.0/24
	succeeds v route add prohibit 203.0.113.0/24 table 1000
	succeeds v route add default via 2001:db8::2
	succeeds v route add 2001:db8:1::/48 via 2001:db8::3 metric 5 mtu 1300 src 2001:db8::1
	succeeds v route add 2001:db8:2::7 dev r1 table 77
	succeeds v route add unreachable 2001:db8:66::/48
	same_routes ipv4
	same_routes ipv6
	shows "^default +- +main +static +global +7 +10.0.0.1 +1400 +10.0.0.2 +r1$" v route
	shows "^203.0.113.0/24 +prohibit +1000 +static +global$" v route show table 1000 type prohibit
	expect_eq "$(v -j route show default | jq -c '[.[] | [.family, .metric, .nexthops[0].gateway]]')" \
		'[["ipv4",7,"10.0.0.2"],["ipv6",1024,"2001:db8::2"]]' "default routes"
	expect_eq "$(v -j route show 10.1.0.0/16 | jq -c '.[0] | keys')" \
		'["dst","family","nexthops","protocol","scope","table","type"]' "keys of a route"
	expect_eq "$(v -j route show 10.1.0.0/17)" '[]' "a route that is none"
	expect_eq "$(v -j route show table all dev lo proto static | jq -c 'map(.dst)')" \
		'["2001:db8:66::/48"]' "routes of a device and a protocol"
	log_test "routes, as ip(8) shows them"
}

several_ways()
{
	if ! ip -n "$net" route add 10.9.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.0.3 2>/dev/null; then
		log_skip "several nexthops" "a kernel without CONFIG_IP_ROUTE_MULTIPATH"
		return
	fi
	succeeds v route add 10.2.0.0/16 nexthop via 10.0.0.2 weight 3 nexthop via 10.0.0.3 dev r1
	succeeds v route add 10.3.0.0/16 nexthop via 10.0.0.2 weight 256 \
		nexthop via 172.16.0.9 dev r1 onlink weight 2
	succeeds v route add 2001:db8:2::/48 nexthop via 2001:db8::2 weight 9 \
		nexthop via 2001:db8::3 nexthop via 2001:db8::4 weight 2 metric 12
	same_routes ipv4
	same_routes ipv6
	shows "^\+ .* 172.16.0.9 +r1 +2 +onlink$" v route show 10.3.0.0/16
	succeeds v route delete 10.2.0.0/16
	expect_eq "$(ip -n "$net" -j route show 10.2.0.0/16)" '[]' "what was deleted"
	log_test "several nexthops with weights"
}

changes()
{
	succeeds v route replace 10.1.0.0/16 dev r1 mtu 1280
	succeeds v route append 10.1.0.0/16 via 10.0.0.9
	expect_eq "$(ip -n "$net" -j route show 10.1.0.0/16 |
		jq -c '[.[] | [.gateway, .metrics[0].mtu]]')" \
		'[[null,1280],["10.0.0.9",null]]' "a route that was replaced, and one behind it"
	succeeds v route delete 10.1.0.0/16 via 10.0.0.9
	succeeds v route change 10.1.0.0/16 via 10.0.0.8
	expect_eq "$(v -j route show 10.1.0.0/16 | jq -c '[.[].nexthops[0].gateway]')" \
		'["10.0.0.8"]' "a route that was changed"
	says 2 "No such file or directory. See 'vsw route show" \
		v route change 10.99.0.0/16 via 10.0.0.8
	expect_eq "$(ip -n "$net" -j route show 10.99.0.0/16)" '[]' "what there is not to change"
	succeeds v route add 10.1.0.0/16 via 10.0.0.7 metric 9
	succeeds v route delete 10.1.0.0/16 metric 9
	expect_eq "$(v -j route show 10.1.0.0/16 | jq -c '[.[].nexthops[0].gateway]')" \
		'["10.0.0.8"]' "what was not deleted"
	succeeds v route delete prohibit 203.0.113.0/24 table 1000
	same_routes ipv4
	log_test "replace, append, change, delete"
}

ways()
{
	local wanted

	wanted=$(ip -n "$net" -j route get 10.1.2.3 | jq -c '.[0] | [.dst, .gateway, .dev, .prefsrc]')
	expect_eq "$(v -j route get 10.1.2.3 |
		jq -c '.[0] | [.dst, .nexthops[0].gateway, .nexthops[0].dev, .prefsrc]')" \
		"$wanted" "the way to an address"
	shows "^2001:db8:1::9 .* 2001:db8::1 +1300 +2001:db8::3 +r1" v route get 2001:db8:1::9
	shows "^10.0.0.1 +local " v route get 10.0.0.1
	ip netns exec "$net" sysctl -qw net.ipv4.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.r1.rp_filter=0
	shows "^10.1.2.3 +(- +)?.* 10.0.0.8 +r1" v route get 10.1.2.3 from 10.0.0.77 iif r1
	says 2 "Invalid argument. Perhaps a route or rule 'blackhole'" v route get 198.51.100.7
	says 2 "A route or rule 'unreachable'" v route get 2001:db8:66::1
	succeeds v route delete default metric 7
	says 2 "Network is unreachable. No route leads there" v route get 192.0.2.200
	log_test "which way a packet takes"
}

rules()
{
	local before

	before=$(ip -n "$net" rule; ip -n "$net" -6 rule)
	succeeds v route rule add from 10.0.0.0/24 table 1000 priority 1000
	succeeds v route rule add fwmark 0x1/0xff ipproto tcp dport 80-90 table 77 priority 1001
	succeeds v route rule add to 2001:db8:9::/48 iif r1 unreachable priority 1002
	succeeds v route rule add oif r1 goto 32766 priority 1003
	expect_eq "$(ip -n "$net" -j rule | jq -c '[.[] | select(.priority > 0 and .priority < 32766)
		| [.priority, .src, .srclen, .fwmark, .fwmask, .ipproto, .dport_start, .dport_end, .oif, .goto, .table]]')" \
		'[[1000,"10.0.0.0",24,null,null,null,null,null,null,null,"1000"],[1001,"all",null,"0x1","0xff","tcp",80,90,null,null,"77"],[1003,"all",null,null,null,null,null,null,"r1",32766,null]]' \
		"rules of IPv4"
	shows "^ +1002 +ipv6 +all +2001:db8:9::/48 +r1 +- +- +- +unreachable$" v route rule
	expect_eq "$(v -j route rule show family ipv4 | jq -c '.[2] | [.priority, .fwmark, .fwmask, .ipproto, .dport, .["dport-last"], .action, .table, .protocol]')" \
		'[1001,1,255,"tcp",80,90,"table",77,"static"]' \
		"a rule as JSON"
	# It decides: 192.0.2.0/24 is in that table only.
	says 2 "No route leads there" v route get 192.0.2.200
	shows "^192.0.2.200 .* 172.16.0.1 +r1" v route get 192.0.2.200 from 10.0.0.1
	ip -n "$net" rule add not from 10.0.0.9 uidrange 0-100 table 5 priority 900
	expect_eq "$(v -j route rule show family ipv4 | jq -c '.[] | select(.priority == 900).also')" \
		'["not","uidrange"]' "what libnl-route has no words for"
	ip -n "$net" rule del priority 900
	says 2 "File exists. There is such a rule" v route rule add from 10.0.0.0/24 table 1000 priority 1000
	for prio in 1000 1001 1003; do
		succeeds v route rule delete priority "$prio"
	done
	says 2 "No such file or directory. See 'vsw route rule show'" v route rule delete priority 1000
	succeeds v route rule delete to 2001:db8:9::/48 iif r1 unreachable
	expect_eq "$(ip -n "$net" rule; ip -n "$net" -6 rule)" "$before" "the rules as before"
	log_test "rules, as ip(8) shows them, and what they do"
}

vrf()
{
	modprobe -q vrf
	if ! ip -n "$net" link add blue type vrf table 10 2>/dev/null; then
		log_skip "a VRF" "this kernel has none"
		return
	fi
	ip -n "$net" link add b1 type veth peer name b2
	ip -n "$net" link set b1 master blue
	ip -n "$net" link set blue up
	ip -n "$net" link set b1 up
	ip -n "$net" link set b2 up
	ip -n "$net" addr add 10.5.0.1/24 dev b1
	succeeds v route add 10.6.0.0/16 via 10.5.0.2 vrf blue
	expect_eq "$(ip -n "$net" -j route show vrf blue 10.6.0.0/16 | jq -r '.[0].gateway')" \
		10.5.0.2 "a route of a VRF"
	shows "^10.6.0.0/16 +vrf blue +static " v route show vrf blue proto static
	expect_eq "$(v -j route show 10.6.0.0/16 table all | jq -c '.[0] | [.table, .vrf]')" \
		'[10,"blue"]' "the VRF of a route"
	shows "^10.6.1.1 +vrf blue .* 10.5.0.2 +b1" v route get 10.6.1.1 vrf blue
	says 2 "No route leads there" v route get 10.6.1.1
	succeeds v route rule add fwmark 9 vrf blue priority 500
	shows "^ +500 +ipv4 +all .*0x9 .*vrf blue$" v route rule
	succeeds v route rule delete priority 500
	succeeds v route delete 10.6.0.0/16 vrf blue
	says 2 "there is no VRF 'r1'" v route show vrf r1
	same_routes ipv4
	ip -n "$net" link del blue
	log_test "routes of a VRF"
}

refusals()
{
	says 2 "Nexthop has invalid gateway.*'onlink' says" v route add 10.8.0.0/16 via 172.16.0.1 dev r1
	says 2 "File exists. 'vsw route replace'" v route add 198.51.100.0/24 dev r1
	says 2 "no device 'r9' in this network namespace" v route add 10.8.0.0/16 dev r9
	says 2 "no VRF 'green'" v route add 10.8.0.0/16 dev r1 vrf green
	says 2 "Invalid prefix for given prefix length" v route add 10.8.0.1/16 dev r1
	says 2 "No such process. See 'vsw route show table all'" v route del 10.8.0.0/16
	same_routes ipv4
	log_test "what the kernel refuses"
}

unprivileged()
{
	says 2 "needs CAP_NET_ADMIN: run it as root|Operation not permitted" \
		ip netns exec "$net" setpriv --reuid 65534 --clear-groups "$VSW" \
		route add 10.8.0.0/16 dev r1
	shows "^198.51.100.0/24 +blackhole" ip netns exec "$net" setpriv --reuid 65534 \
		--clear-groups "$VSW" route show
	log_test "who has no privilege sees"
}


setup_ns net
ip -n "$net" link add r1 type veth peer name r2
ip -n "$net" link set r1 up
ip -n "$net" link set r2 up
ip -n "$net" addr add 10.0.0.1/24 dev r1
ip -n "$net" addr add 2001:db8::1/64 dev r1 nodad

run_tests
