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
	at_the_same_moment
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

# ask WORDS...: what acl_wire.py says; it is in $answer. It runs all the time, since a start
# of python takes longer than all that it does.
coproc WIRE { exec "$SELFTESTS/acl_wire.py"; }
# shellcheck disable=SC2153  # coproc assigns it
bg_list+=("$WIRE_PID")
ask()
{
	answer="no answer"
	echo "$*" >&"${WIRE[1]}"
	read -r -t "$WAIT" -u "${WIRE[0]}" answer
}

# are "WHAT KIND FROM TO [PORT]"...: what connections become that are tried at the same time:
# by tcp and udp to the IPv4 address of the host, by tcp6 and udp6 to that of IPv6; no two of
# them to the same port
are()
{
	local line what kind from to port address words='' wanted=''

	for line; do
		read -r what kind from to port <<<"$line"
		address=192.0.2.${to#h}
		[[ $kind != *6 ]] || address=2001:db8:1::${to#h}
		words+="${words:+,}${kind%6} ${!from} ${!to} $address ${port:-80}"
		wanted+="${wanted:+ }$what"
	done
	ask "$words"
	expect_eq "$answer" "$wanted" "$(printf '%s; ' "$@")"
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
	are "open tcp h1 h2" "open udp h2 h1"
	expect_eq "$(v flow save vs0)" "" "flows"
	log_test "without rules nothing is asked"
}

in_allowed()
{
	clean
	succeeds acl add h2 in allow tcp 80 from 192.0.2.1
	are "open tcp h1 h2" "none tcp h1 h2 81" "none udp h1 h2" "open tcp h2 h1 5000" \
		"open udp h2 h3" "open tcp h1 h3"
	are "none tcp h3 h2"
	fails pings h1 192.0.2.2
	succeeds pings h2 192.0.2.1
	log_test "who may begin connections with a port, after ARP; answers come back"
}

# goes_on COMMAND...: a connection of h1 with h2 does when this is done, and none begins
goes_on()
{
	ask "hold $h1 $h2 192.0.2.2 80"
	expect_eq "$answer" open "the connection"
	succeeds "$@"
	ask "held,tcp $h1 $h2 192.0.2.2 80"
	expect_eq "$answer" "alive none" "the connection, and another, after '$*'"
}

known_go_on()
{
	clean
	succeeds acl add h2 in allow tcp 80
	goes_on acl del 1
	clean
	succeeds acl policy h2 in allow
	goes_on acl policy h2 in deny
	log_test "connections that are known go on when rules change"
}

out_denied()
{
	clean
	succeeds acl add h2 out deny udp 1000-1999 to 192.0.2.0/24
	are "none udp h2 h1 1000" "none udp h2 h3 1999" "open udp h2 h3 2000" \
		"open tcp h2 h1 1000" "open udp h1 h2 1000"
	log_test "with whom a port may begin connections"
}

both_families()
{
	clean
	succeeds acl add h2 in allow tcp 80
	are "open tcp6 h1 h2" "none tcp6 h1 h2 81"
	succeeds acl add h2 in allow icmp
	succeeds pings h1 2001:db8:1::2
	succeeds pings h1 192.0.2.2
	clean
	succeeds acl add h2 in allow any from 2001:db8:1::/64
	are "open udp6 h1 h2" "none udp h1 h2"
	log_test "IPv4 and IPv6, after neighbour discovery"
}

from_one_to_other()
{
	clean
	v binding add dev h1 mac 02:00:00:00:00:01 2>/dev/null
	succeeds acl policy h1 out deny
	succeeds acl policy h2 in deny
	are "none tcp h1 h2"
	succeeds acl add h1 out allow tcp 80
	are "none tcp h1 h2"
	succeeds acl add h2 in allow tcp 80
	are "open tcp h1 h2" "none tcp h1 h2 81" "none tcp h1 h3 81"
	log_test "rules of both ends are asked"
}

rejected()
{
	clean
	succeeds acl add h2 in reject tcp 81
	succeeds acl add h2 in reject udp 81
	are "refused tcp h1 h2 81" "refused udp h1 h2 81" "refused tcp6 h1 h2 81" \
		"open tcp h1 h2" "open udp h1 h2"
	log_test "who is rejected is told so"
}

policies()
{
	clean
	succeeds acl policy h2 in allow
	succeeds acl add h2 in allow tcp 80
	are "open tcp h1 h2 81"
	succeeds acl add h2 in deny tcp 81
	are "none tcp h1 h2 81"
	succeeds acl policy h2 in deny
	are "none tcp h1 h2 82" "open tcp h1 h2"
	log_test "a policy decides about the rest"
}

with_flows_of_the_user()
{
	clean
	succeeds v flow add vs0 "priority=50000,tcp,tp_dst=81,actions=drop(user)"
	succeeds acl add h2 in allow tcp 80-81
	are "open tcp h1 h2" "none tcp h1 h2 81"
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
	are "open tcp h1 h2"
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
	says 1 "'in' or 'out' is missing behind 'h2'" acl add h2
	says 1 "'sideways' is neither 'in' nor 'out'" acl add h2 sideways allow tcp
	says 1 "'pass' is none of allow, deny, reject" acl add h2 in pass tcp
	says 1 "'80': icmp has no ports" acl add h2 in allow icmp 80
	says 1 "'to' does not belong there: 'from' goes with 'in'" acl add h2 in allow tcp to 192.0.2.1
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
	are "open tcp h1 h2" "none tcp h1 h2 81" "none tcp h1 h2 82"
	says 2 "there is no such rule" acl del 2
	succeeds acl flush h2
	are "open tcp h1 h2 81"
	expect_eq "$(acl list)" "" "rules"
	log_test "rules go one by one, or all of a port"
}

at_the_same_moment()
{
	local port pids=()

	clean
	for port in {1..8}; do
		acl add h2 in allow tcp "$port" &
		pids+=($!)
	done
	for port in "${pids[@]}"; do
		wait "$port"
		check_err $? "a rule of several was refused"
	done
	expect_eq "$(v -j acl list | jq -c '[[.[].number], [.[].ports]] | map(sort)')" \
		'[[null,1,2,3,4,5,6,7,8],[null,"1","2","3","4","5","6","7","8"]]' "numbers and ports"
	log_test "rules that are added at the same moment have numbers of their own"
}

run_tests
