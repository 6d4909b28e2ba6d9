#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Torture of the router: traffic, and meanwhile services, backends, published ports, rules of
# translation, classes and the fast path come, change and go at random, by several at once; now
# and then all of it is flushed, and network namespaces that things live in are deleted. Then
# everything has to be as if nothing had been. The topology is the star of router_lib.sh with
# two backends.
#
# TORTURE_SECONDS says how long, 10 by default; TORTURE_SEED what is done: random unless it is
# given. Each worker does the same again then; when, is not up to us.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="torture workers works_again nothing_left"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

require_command jq python3
require_vrouter
load_kind veth
router_star 2 || exit 1
seconds=${TORTURE_SECONDS:-10}
seed=${TORTURE_SEED:-$(od -An -N2 -tu2 /dev/urandom)}
seed=$((seed % 32768))
tmp=$(mktemp -d)
defer rm -rf "$tmp"

# What may be said when another one was faster. All else is wrong.
RACES='there is (no|a) (service|rule|class) of (this|the parent.s) (name|id)'
RACES+='|nothing is published by this|it is published already'
RACES+='|(has|have) (a|no) backend of this address|has this address and port'
RACES+='|only a backend that is down has|port [0-9]+ of this host is in use'
RACES+='|guarantee|below the rate|above the ceiling|has children|for the same direction'
RACES+='|no service|no backend|no class|no rule|no such|not there|not published'

worker=
declare -A worker_pids=()

# one_of WORD...: one of them, in $R
one_of()
{
	R=$((RANDOM % $#))
	R=${*:R+1:1}
}

running()
{
	[ ! -e "$tmp/stop" ]
}

# run_batch: the commands on standard input, and what was said of them that may not be
run_batch()
{
	vsw -n "$router" -force -batch - 2>&1 >/dev/null |
		grep -vE "$RACES" | sed "s/^/$worker: /" >> "$tmp/unexpected"
	echo >> "$tmp/count.$worker"
}

change_services()
{
	local i n

	for ((i = 0; i < 15; i++)); do
		n=$((RANDOM % 5))
		one_of rr wrr lc wlc sh maglev random2
		case $((RANDOM % 5)) in
		0) echo "service add s$n $vip:$((80 + n)) scheduler $R" ;;
		1) echo "service add s$n $vip:$((80 + n))-$((90 + n)) proto udp scheduler $R" ;;
		2) echo "service set s$n scheduler $R slow-start $((RANDOM % 3))" ;;
		3) echo "service set s$n affinity source timeout $((RANDOM % 3 + 1))" ;;
		4) echo "service delete s$n" ;;
		esac
	done
}

change_backends()
{
	local i place

	for ((i = 0; i < 20; i++)); do
		place="s$((RANDOM % 5)) 10.0.$((RANDOM % 2 + 1)).1:8080"
		case $((RANDOM % 6)) in
		0 | 1) echo "backend add $place weight $((RANDOM % 5))" ;;
		2) echo "backend set $place weight $((RANDOM % 3))" ;;
		3) echo "backend set $place down" ;;
		4) echo "backend set $place up" ;;
		5) echo "backend delete $place" ;;
		esac
	done
}

change_publishes()
{
	local i port

	for ((i = 0; i < 10; i++)); do
		one_of tcp udp
		port=$((8000 + RANDOM % 4))/$R
		case $((RANDOM % 4)) in
		0) echo "publish add $port to 10.0.1.1:8080" ;;
		1) echo "publish add $port to 10.0.2.1:8080,[2001:db8:2::1]:8080 obey-firewall on" ;;
		2) echo "publish set $port to 10.0.$((RANDOM % 2 + 1)).1:8080" ;;
		3) echo "publish delete $port" ;;
		esac
	done
}

change_nats()
{
	local i

	for ((i = 0; i < 8; i++)); do
		one_of b1 b2 client
		case $((RANDOM % 4)) in
		0) echo "nat add masquerade out $R id $((RANDOM % 5 + 1))" ;;
		1) echo "nat add snat from 10.99.0.0/16 to 10.0.1.254-10.0.1.255 id $((RANDOM % 5 + 1))" ;;
		*) echo "nat delete $((RANDOM % 5 + 1))" ;;
		esac
	done
}

change_shapes()
{
	local i name

	for ((i = 0; i < 10; i++)); do
		name=c$((RANDOM % 5))
		one_of pace police mark
		case $((RANDOM % 5)) in
		0) echo "shape add $name match address 10.0.0.0/16 rate 1M ceil 1G mode $R" ;;
		1) echo "shape add $name match proto tcp rate 1M ceil 10G mode $R parent c$((RANDOM % 3))" ;;
		2) echo "shape set $name rate $((RANDOM % 5 + 1))M order $((RANDOM % 9))" ;;
		*) echo "shape delete $name" ;;
		esac
	done
}

# work KIND
work()
{
	while running; do
		"change_$1" | run_batch
	done
}

# The fast path, flushes, and who only looks.
work_router()
{
	local object

	while running; do
		one_of on off
		echo "router set fast-path $R" | run_batch
		for object in service backend publish nat shape; do
			echo "$object show"
		done | run_batch
		vsw -n "$router" -s router connections >/dev/null 2>> "$tmp/unexpected"
		[ $((RANDOM % 4)) -gt 0 ] || echo "router flush" | run_batch
	done
}

# Things that live in a namespace go with it; and one that has a router of its own.
work_netns()
{
	local i ns

	for ((i = 0; ; i++)); do
		running || return 0
		ns=torture-$$-$i
		ip netns add "$ns"
		printf '%s\n' "service add n$i $vip:$((1000 + i))" \
			"backend add n$i 10.0.1.1:8080 netns $ns" \
			"publish add $((9000 + i)) to 10.0.1.1:8080 netns $ns" | run_batch
		ip netns exec "$ns" "$VSW" -batch - <<-END 2>> "$tmp/unexpected"
			service add s 127.0.0.2:80
			backend add s 10.0.1.1
			publish add 80 to 10.0.1.1
			nat add masquerade out lo
			shape add c rate 1M
		END
		ip netns del "$ns"
	done
}

# Neighbours, routes and devices, on which ways depend.
work_routes()
{
	while running; do
		one_of 1 2
		ip -n "$router" neigh replace "10.0.$R.1" lladdr "02:00:00:00:00:0$R" dev "b$R"
		ip -n "$router" route replace 198.51.100.0/24 via 10.0.1.1
		ip -n "$router" route flush cache
		ip -n "$router" link set "b$R" mtu $((1400 + RANDOM % 100))
		echo >> "$tmp/count.$worker"
		sleep 0.1
	done 2>> "$tmp/unexpected"
}

# begin NAME SEED FUNCTION ARG...: a worker
begin()
{
	local name=$1 seed=$2

	shift 2
	(
		trap - EXIT INT TERM
		worker=$name
		RANDOM=$seed
		"$@"
	) &
	worker_pids[$name]=$!
	bg_list+=($!)
}

torture()
{
	local kind i=0

	echo "# TORTURE_SEED=$seed TORTURE_SECONDS=$seconds"
	for kind in 80 81 8000; do
		wire load "vip$kind" "$client" "$vip" "$kind" >/dev/null
	done
	wire load host "$client" 10.0.9.254 8001 >/dev/null
	wire load plain "$client" 10.0.1.1 8080 >/dev/null
	for kind in services backends publishes nats shapes; do
		begin "$kind" $((seed + ++i)) work "$kind"
	done
	begin router $((seed + 6)) work_router
	begin netns $((seed + 7)) work_netns
	begin routes $((seed + 8)) work_routes
	sleep "$seconds"
	touch "$tmp/stop"
	log_test "$seconds seconds of torture"
}

workers()
{
	local name

	for name in "${!worker_pids[@]}"; do
		wait "${worker_pids[$name]}"
		check_err $? "the worker $name ended before its time"
		expect_ge "$(wc -l < "$tmp/count.$name")" 1 "rounds of $name"
	done
	for name in vip80 vip81 vip8000 host plain; do
		echo "# $name: $(wire loaded "$name")"
	done
	[ ! -s "$tmp/unexpected" ]
	check_err $? "$(sort -u "$tmp/unexpected" | head -c 2000)"
	log_test "what had to work did"
}

works_again()
{
	flush_router
	ip -n "$router" link set b1 mtu 1500
	ip -n "$router" link set b2 mtu 1500
	succeeds router_vsw -batch - <<-END
		router set fast-path on
		service add web $vip:80 scheduler rr
		backend add web 10.0.1.1:8080
		backend add web 10.0.2.1:8080
		publish add 8080 to 10.0.1.1
	END
	says "b1=5 b2=5" ask "$client" tcp "$vip" 80 10
	says "b1=3" ask "$client" tcp 10.0.9.254 8080 3
	says "b1=1" hold kept "$client" tcp "$vip" 80
	says whole bulk kept 200000
	expect_ge "$(router_vsw -j router show | jq '.[0]["carried-packets"]')" 5 "packets that were carried"
	wire close kept >/dev/null
	log_test "services, published ports and the fast path work after that"
}

unused()
{
	[ "$(cat /sys/module/vrouter/refcnt)" = 0 ]
}

nothing_left()
{
	flush_router
	wait_for unused
	succeeds rmmod vrouter
	succeeds modprobe vrouter
	expect_eq "$(ip netns list | grep -c "^torture-$$-")" 0 "namespaces of the workers"
	log_test "nothing is left, and the module can go"
}

run_tests
