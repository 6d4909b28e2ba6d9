#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A service under load by HTTP while its backends come and go, and a router that ends with many
# connections. The topology is the star of router_lib.sh with three backends, each with a
# haproxy that answers; the clients are in one process, see load_wire.py.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="drained killed cut_off flushed netns_gone"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

CLIENTS=6

require_command haproxy python3
require_vrouter
load_kind veth
wire_program=load_wire.py
router_star 3 || exit 1
dir=$(mktemp -d)
defer rm -r "$dir"
path=on
declare -A server

on_fail()
{
	router_vsw -s backend show
	router_vsw router connections | head -n 20
}

# answer NAME: begins to answer by HTTP there, with its name and more than a packet can have
answer()
{
	[ -f "$dir/$1" ] || {
		printf '%s %12000s' "$1" "" >"$dir/$1.body"
		printf '%s\n' "defaults" " mode http" " timeout connect 60s" " timeout client 60s" \
			" timeout server 60s" "frontend web" " bind :::80 v4v6" \
			" http-request return status 200 content-type text/plain file $dir/$1.body" >"$dir/$1"
	}
	bg ip netns exec "${!1}" haproxy -q -db -f "$dir/$1"
	server[$1]=$!
	wait_for answers "${!1}"
}

# answers NETNS
answers()
{
	[ -n "$(in_ns "$1" ss -Htln "sport = :80")" ]
}

# kill_server NAME: at once, as when memory is short
kill_server()
{
	kill -KILL "${server[$1]}"
	wait "${server[$1]}" 2>/dev/null
}

# of_both COMMAND NUMBER SETTING...: "vsw backend COMMAND" of both services
of_both()
{
	printf '%s\n' "backend $1 web 10.0.$2.1:80 ${*:3}" "backend $1 six [2001:db8:$2::1]:80 ${*:3}" |
		succeeds router_vsw -batch -
}

# begin: both services with all backends, and clients
begin()
{
	flush_router
	printf '%s\n' "router set fast-path $path" "service add web $vip:80 scheduler rr" \
		"service add six [$vip6]:80 scheduler rr" | succeeds router_vsw -batch -
	for i in 1 2 3; do
		of_both add "$i"
	done
	says ok crowd http "$client" 80 "$CLIENTS" "$vip" "$vip6"
	says ok progress http
}

# is_idle NUMBER: the backend has no connection that is not over
is_idle()
{
	! router_vsw -j -s backend show | tr '{' '\n' |
		grep -E "\"address\":\"(10\.0\.$1\.1|2001:db8:$1::1)\"" | grep -qE '"active":[1-9]'
}

# both_paths COMMAND...: with the fast path, then without
both_paths()
{
	path=on
	"$@"
	path=off
	"$@"
	path=on
}

drained()
{
	drain 1 2
	path=off
	drain 3
	path=on
}

# drain NUMBER...: a backend is taken out, its server is another one, and it is taken in again
drain()
{
	begin
	for i; do
		of_both set "$i" weight 0
		wait_for is_idle "$i"
		of_both delete "$i"
		kill_server "b$i"
		says ok progress http
		answer "b$i"
		of_both add "$i"
		says ok progress http
	done
	says 0 failed http
	expect_ge "$(wire dismiss http)" $((CLIENTS * (2 + 4 * $#))) "answered requests"
	log_test "no request fails while backends are drained (fast path $path)"
}

# few_failed NAME: at most what was on its way to NAME, one of each client
few_failed()
{
	local said

	said=$(wire failed http)
	[[ $said =~ ^(0|[0-9]+ 1( $1)?( new)?)$ ]]
	check_err $? "more failed than were on their way to $1: $said"
}

killed()
{
	both_paths kill_one
}

# Its clients see resets by its kernel, whose packets find their way.
kill_one()
{
	begin
	of_both set 2 down
	kill_server b2
	says ok progress http
	few_failed b2
	answer b2
	of_both set 2 up
	says ok progress http
	says 0 failed http
	wire dismiss http >/dev/null
	log_test "none but requests on their way to a killed backend fail (fast path $path)"
}

cut_off()
{
	both_paths cut_one
}

# Whose answer does not come any more learns that when it asks if the connection is still there.
cut_one()
{
	begin
	of_both set 3 down cut
	says ok progress http
	few_failed b3
	of_both delete 1
	says ok progress http
	few_failed b1
	says ok progress http
	says 0 failed http
	wire dismiss http >/dev/null
	log_test "none but requests on their way to a backend that is cut fail (fast path $path)"
}

# fill: 10 000 flows of UDP and 200 connections of TCP, which are carried
fill()
{
	flush_router
	wire close last >/dev/null
	printf '%s\n' "router set fast-path on" "service add many $vip:10000-19999 proto udp" \
		"backend add many 10.0.1.1" "service add web $vip:8080" "backend add web 10.0.1.1" \
		"backend add web 10.0.2.1" "service add six [$vip6]:8080" \
		"backend add six [2001:db8:1::1]" | succeeds router_vsw -batch -
	says "b1=50 b2=50" hold last "$client" tcp "$vip" 8080 100
	says "b1=100" hold last "$client" tcp "$vip6" 8080 100
	for i in 1 2 3 4; do
		says "b1=150 b2=50" again last
	done
	says ok scatter "$client" "$vip" 10000-19999
	expect_ge "$(tracked)" 10200 "connections"
	[[ $(router_vsw -j router show) =~ \"carried\":\ *([0-9]+) ]]
	expect_eq "${BASH_REMATCH[1]}" 200 "connections that are carried"
}

# tracked: how many connections conntrack knows in the router's namespace
tracked()
{
	in_ns "$router" cat /proc/sys/net/netfilter/nf_conntrack_count
}

flushed()
{
	fill
	rmmod vrouter 2>/dev/null
	check_fail $? "the module went while services were there"
	flush_router
	expect_eq "$(tracked)" 0 "connections after the flush"
	wait_for rmmod vrouter
	modprobe vrouter
	check_err $? "it does not load again"
	log_test "a flush ends 10 200 connections, and the module can go"
}

netns_gone()
{
	fill
	ip netns del "$router"
	wait_for rmmod vrouter
	modprobe vrouter
	check_err $? "it does not load again"
	log_test "a namespace goes with 10 200 connections, and the module can go"
}

modprobe -q nf_conntrack
for i in b1 b2 b3; do
	answer $i
done
run_tests
