#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "vsw acl" with real sockets: who may begin connections with whom, and that all is flows.
# The topology is the star of lib.sh; h2 is who has rules.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="
	nothing_asked
	in_allowed
	known_go_on
	out_denied
	both_families
	from_one_to_other
	rejected
	policies
	with_flows_of_the_user
	lines
	words
	deleted
"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

require_command jq python3
require_vswitch
load_kind veth
star -6 h1 h2 h3 || exit 1
net=$sw

on_fail()
{
	v flow show vs0
	v -s port show
}

acl()
{
	v acl "$@"
}

wire()
{
	"$SELFTESTS/acl_wire.py" "$@"
}

# is WHAT KIND FROM TO [PORT]: what a connection to the IPv4 address of the host becomes
is()
{
	local to=h${4#h}

	expect_eq "$(wire "$2" "${!3}" "${!to}" "192.0.2.${4#h}" "${5:-80}")" "$1" \
		"$2 from $3 to $4:${5:-80}"
}

is6()
{
	local to=h${4#h}

	expect_eq "$(wire "$2" "${!3}" "${!to}" "2001:db8:1::${4#h}" "${5:-80}")" "$1" \
		"$2 of IPv6 from $3 to $4:${5:-80}"
}

# pings FROM ADDRESS
pings()
{
	in_ns "${!1}" ping -q -c 1 -W 1 "$2" >/dev/null 2>&1
}

clean()
{
	v flow delete vs0 >/dev/null
	v fdb flush switch vs0 >/dev/null
	v binding add dev h2 mac 02:00:00:00:00:02 ip 192.0.2.2 2>/dev/null
	in_ns "$h1" ip neigh flush dev eth0 >/dev/null 2>&1
}

nothing_asked()
{
	clean
	is open tcp h1 h2
	is open udp h2 h1
	expect_eq "$(v flow save vs0)" "" "flows"
	log_test "without rules nothing is asked"
}

in_allowed()
{
	clean
	succeeds acl add h2 in allow tcp 80 from 192.0.2.1
	is open tcp h1 h2
	is none tcp h1 h2 81
	is none tcp h3 h2
	is none udp h1 h2
	is open tcp h2 h1 5000
	is open udp h2 h3
	is open tcp h1 h3
	fails pings h1 192.0.2.2
	succeeds pings h2 192.0.2.1
	log_test "who may begin connections with a port, after ARP; answers come back"
}

known_go_on()
{
	clean
	succeeds acl add h2 in allow tcp 80
	expect_eq "$(wire hold "$h1" "$h2" 192.0.2.2 80 "$VSW" -n "/run/netns/$sw" acl del 1)" \
		"alive none" "the connection"
	clean
	succeeds acl policy h2 in allow
	expect_eq "$(wire hold "$h1" "$h2" 192.0.2.2 80 \
		"$VSW" -n "/run/netns/$sw" acl policy h2 in deny)" "alive none" "the connection"
	log_test "connections that are known go on when rules change"
}

out_denied()
{
	clean
	succeeds acl add h2 out deny udp 1000-1999 to 192.0.2.0/24
	is none udp h2 h1 1000
	is none udp h2 h3 1999
	is open udp h2 h3 2000
	is open tcp h2 h1 1000
	is open udp h1 h2 1000
	log_test "with whom a port may begin connections"
}

both_families()
{
	clean
	succeeds acl add h2 in allow tcp 80
	is6 open tcp h1 h2
	is6 none tcp h1 h2 81
	succeeds acl add h2 in allow icmp
	succeeds pings h1 2001:db8:1::2
	succeeds pings h1 192.0.2.2
	clean
	succeeds acl add h2 in allow any from 2001:db8:1::/64
	is6 open udp h1 h2
	is none udp h1 h2
	log_test "IPv4 and IPv6, after neighbour discovery"
}

from_one_to_other()
{
	clean
	v binding add dev h1 mac 02:00:00:00:00:01 2>/dev/null
	succeeds acl policy h1 out deny
	succeeds acl policy h2 in deny
	is none tcp h1 h2
	succeeds acl add h1 out allow tcp 80
	is none tcp h1 h2
	succeeds acl add h2 in allow tcp 80
	is open tcp h1 h2
	is none tcp h1 h2 81
	is none tcp h1 h3 81
	log_test "rules of both ends are asked"
}

rejected()
{
	clean
	if ! v flow add vs0 priority=1,tcp,actions=reject 2>/dev/null; then
		log_skip "who is rejected is told so" "the module does not reject"
		return
	fi
	succeeds v flow delete vs0 >/dev/null
	succeeds acl add h2 in reject tcp 81
	is refused tcp h1 h2 81
	is open tcp h1 h2
	log_test "who is rejected is told so"
}

policies()
{
	clean
	succeeds acl policy h2 in allow
	succeeds acl add h2 in allow tcp 80
	is open tcp h1 h2 81
	succeeds acl add h2 in deny tcp 81
	is none tcp h1 h2 81
	succeeds acl policy h2 in deny
	is none tcp h1 h2 82
	is open tcp h1 h2
	log_test "a policy decides about the rest"
}

with_flows_of_the_user()
{
	clean
	succeeds v flow add vs0 "priority=50000,tcp,tp_dst=81,actions=drop(user)"
	succeeds acl add h2 in allow tcp 80-81
	is open tcp h1 h2
	is none tcp h1 h2 81
	expect_eq "$(v -j flow show vs0 | jq '[.[] | select(.actions[0] == "drop(user)") | .packets > 0]' -c)" \
		"[true]" "the user's flow"
	succeeds acl flush
	expect_eq "$(v flow save vs0)" "table=0,priority=50000,tcp,tp_dst=81,actions=drop(user)" \
		"flows without rules"
	log_test "what is allowed meets the user's flows"
}

lines()
{
	clean
	succeeds acl add h2 in allow tcp 80 from 192.0.2.0/24
	succeeds acl add h2 out deny icmp
	is open tcp h1 h2
	expect_eq "$(v -j acl list | jq -c '.[] | [."port-name", .direction, .number, .action, .protocol, .ports, .net, .packets]')" \
		'["h2","in",1,"allow","tcp","80","192.0.2.0/24",1]
["h2","in",null,"deny","any",null,null,0]
["h2","out",2,"deny","icmp",null,null,0]
["h2","out",null,"allow","any",null,null,0]' "JSON"
	shows "^vs0 +h2 +in +1 +allow +tcp +80 +192.0.2.0/24 +1 " acl list h2
	expect_eq "$(acl list h1)" "" "rules of another port"
	v flow save vs0 >"$tmp/flows"
	succeeds v flow replace vs0 "$tmp/flows"
	expect_eq "$(v flow save vs0)" "$(<"$tmp/flows")" "flows, saved and replaced"
	log_test "rules are read back from flows"
}

words()
{
	clean
	succeeds acl add h2 in allow tcp 80
	says 2 "this is rule 1 already" acl add h2 in allow tcp 80
	says 1 "'sideways' is neither 'in' nor 'out'" acl add h2 sideways allow tcp
	says 1 "'pass' is none of allow, deny, reject" acl add h2 in pass tcp
	says 1 "'80': icmp has no ports" acl add h2 in allow icmp 80
	says 1 "'to' does not belong there" acl add h2 in allow tcp to 192.0.2.1
	says 1 "is not an address like" acl add h2 in allow tcp from 192.0.2.300
	says 1 "the policy is missing" acl policy h2 in
	says 2 "no switch has a port or a container 'h9'" acl add h9 in allow tcp
	says 2 "has not seen who is behind 'h3'" acl add h3 in allow tcp
	succeeds acl add h3 in allow tcp mac 02:00:00:00:00:03
	log_test "what errors say"
}

deleted()
{
	clean
	succeeds acl add h2 in allow tcp 80
	succeeds acl add h2 in allow tcp 81
	succeeds acl add h2 in allow tcp 82
	succeeds acl del 2
	succeeds acl del h2 in allow tcp 82
	is open tcp h1 h2
	is none tcp h1 h2 81
	is none tcp h1 h2 82
	says 2 "there is no such rule" acl del 2
	succeeds acl flush h2
	is open tcp h1 h2 81
	expect_eq "$(acl list)" "" "rules"
	log_test "rules go one by one, or all of a port"
}

run_tests
