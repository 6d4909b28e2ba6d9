#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Health: backends that go out with their cgroup, for resets and timeouts, or because a watch
# says so, and come back. The topology is the star of router_lib.sh with three backends.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="refusals freezes killed_for_memory exits set_later many_go resets last_stays timeouts
	off_again rates watch_tcp watch_http watch_exec watch_many
	watch_ends"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

require_command jq python3
require_vrouter
load_kind veth
[ -f /sys/fs/cgroup/cgroup.controllers ] || skip_all "no cgroup v2"
router_star 3 || exit 1
GROUPS_DIR=/sys/fs/cgroup/health.$$
mkdir "$GROUPS_DIR" || exit 1
echo +memory >"$GROUPS_DIR/cgroup.subtree_control"	# where there is this controller
TMP=$(mktemp -d) || exit 1
defer remove_groups
defer rm -rf "$TMP"

on_fail()
{
	router_vsw -s service show
	router_vsw -s backend show
}

remove_groups()
{
	local group

	for group in "$GROUPS_DIR"/*/; do
		[ -d "$group" ] || continue
		echo 0 >"$group/cgroup.freeze"
		echo 1 >"$group/cgroup.kill"
		wait_for rmdir "$group"
	done
	rmdir "$GROUPS_DIR"
}

# group NAME: a cgroup with a process in it
group()
{
	mkdir "$GROUPS_DIR/$1"
	sh -c "echo \$\$ >$GROUPS_DIR/$1/cgroup.procs; exec sleep 1000" &
	bg_list+=("$!")
	wait_for grep -q "populated 1" "$GROUPS_DIR/$1/cgroup.events"
}

# web OPTION...: a service without backends
web()
{
	flush_router
	batch "service add web $vip:80 scheduler rr $*"
}

# of NUMBER NAME: what "backend show" says of a backend
of()
{
	local object='\{[^{}]*"address":"10.0.'$1'.1"[^{}]*(\{[^{}]*\})?[^{}]*\}'

	[[ $(router_vsw -j -s backend show web) =~ $object ]] &&
		first_values ".[\"$2\"]" "${BASH_REMATCH[0]}"
}

# is NUMBER STATE
is()
{
	[ "$(of "$1" state)" = "$2" ]
}

refusals()
{
	web
	mkdir "$GROUPS_DIR/empty"
	refused "no descriptor of a directory of cgroup" \
		router_vsw backend add web 10.0.1.1:8080 cgroup "$TMP"
	refused "nothing lives" \
		router_vsw backend add web 10.0.1.1:8080 cgroup "$GROUPS_DIR/empty"
	refused "root of the hierarchy" \
		router_vsw backend add web 10.0.1.1:8080 cgroup /sys/fs/cgroup
	refused "TCP only" router_vsw service add dns "$vip:53" proto udp health-share 50
	refused "." router_vsw service set web health-share 101
	refused "." router_vsw service set web health-window 99ms
	refused "." router_vsw service set web health-minimum 0
	expect_eq "$(router_vsw -j backend show)" "[]" "what is there after all that"
	rmdir "$GROUPS_DIR/empty"
	check_err $? "a cgroup that was refused is busy"
	log_test "what can't be is refused, and says why"
}

freezes()
{
	web
	group one
	batch "backend add web 10.0.1.1:8080 cgroup $GROUPS_DIR/one" \
		"backend add web 10.0.2.1:8080"
	says "b1=1 b2=1" ask "$client" tcp "$vip" 80 2
	says "b1=1" hold kept "$client" tcp "$vip" 80
	echo 1 >"$GROUPS_DIR/one/cgroup.freeze"
	wait_for is 1 frozen
	says "b2=4" ask "$client" tcp "$vip" 80 4
	says "b1=1" again kept
	echo 0 >"$GROUPS_DIR/one/cgroup.freeze"
	wait_for is 1 up
	says "b1=2 b2=2" ask "$client" tcp "$vip" 80 4
	wire close kept >/dev/null
	log_test "a backend whose cgroup is frozen gets nothing until it is thawed"
}

# too_much: bash says of it that it was killed
too_much()
{
	sh -c "echo \$\$ >$GROUPS_DIR/one/cgroup.procs
	       exec python3 -c 'x = b\"x\" * (64 << 20)'"
}

# is_back NUMBER TIMES: after it was out so often
is_back()
{
	[ "$(of "$1" outs) $(of "$1" state)" = "$2 up" ]
}

killed_for_memory()
{
	if [ ! -f "$GROUPS_DIR/one/memory.events" ]; then
		log_skip "a backend is out after its cgroup ran out of memory" "no memory controller"
		return
	fi
	batch "service set web health-out 60s"
	echo 20M >"$GROUPS_DIR/one/memory.max"
	{ too_much; } 2>/dev/null
	wait_for is 1 oom
	expect_ge "$(of 1 back-in)" 1 "time until it is back"
	says "b2=4" ask "$client" tcp "$vip" 80 4
	batch "backend set web 10.0.1.1:8080 up" "service set web health-out 1s"
	expect_eq "$(of 1 state)" up "when it is said to be up"
	{ too_much; } 2>/dev/null
	wait_for is_back 1 2
	expect_eq "$(of 1 back-in)" 0 "time until it is back"
	log_test "a backend is out after its cgroup ran out of memory, and comes back"
}

exits()
{
	says "b1=1 b2=1" hold both "$client" tcp "$vip" 80 2
	echo 1 >"$GROUPS_DIR/one/cgroup.kill"
	wait_for not of 1 state
	says "b2=4" ask "$client" tcp "$vip" 80 4
	expect_eq "$(router_vsw -j service show web | jq '.[].backends')" 1 "backends"
	wait_for rmdir "$GROUPS_DIR/one"
	wire close both >/dev/null
	log_test "a backend goes when nothing lives in its cgroup any more"
}

# Attached to one that is there, in place of another one.
set_later()
{
	web
	group one
	group two
	batch "backend add web 10.0.1.1:8080 cgroup $GROUPS_DIR/one" \
		"backend set web 10.0.1.1:8080 cgroup $GROUPS_DIR/two"
	echo 1 >"$GROUPS_DIR/one/cgroup.freeze"
	wait_for grep -q "frozen 1" "$GROUPS_DIR/one/cgroup.events"
	echo 1 >"$GROUPS_DIR/two/cgroup.freeze"
	wait_for is 1 frozen
	echo 0 >"$GROUPS_DIR/one/cgroup.freeze"
	wait_for grep -q "frozen 0" "$GROUPS_DIR/one/cgroup.events"
	expect_eq "$(of 1 state)" frozen "with the group that it has now"
	echo 1 >"$GROUPS_DIR/one/cgroup.kill"
	wait_for rmdir "$GROUPS_DIR/one"
	expect_eq "$(of 1 state)" frozen "without the other one"
	echo 0 >"$GROUPS_DIR/two/cgroup.freeze"
	wait_for is 1 up
	log_test "a backend can be given another cgroup"
}

# While they go themselves, and the service, and the router.
many_go()
{
	local i lines=()

	web
	for i in {1..60}; do
		lines+=("backend add web 10.0.1.1:$((9000 + i)) cgroup $GROUPS_DIR/two")
	done
	batch "${lines[@]}"
	echo 1 >"$GROUPS_DIR/two/cgroup.freeze"
	batch "backend delete web 10.0.1.1:9001" "backend delete web 10.0.1.1:9002"
	echo 1 >"$GROUPS_DIR/two/cgroup.kill"
	flush_router
	wait_for rmdir "$GROUPS_DIR/two"
	expect_eq "$(router_vsw -j service show)" "[]" "what is left"
	log_test "backends with a cgroup go with all else"
}

# Nobody listens at 8081.
resets()
{
	web health-share 50 health-minimum 3 health-out 60s
	batch "backend add web 10.0.1.1:8081" "backend add web 10.0.2.1:8080"
	says "b2=3 refused=3" ask "$client" tcp "$vip" 80 6
	wait_for is 1 failing
	says "b2=6" ask "$client" tcp "$vip" 80 6
	expect_eq "$(of 1 resets) $(of 1 timeouts) $(of 1 outs)" "3 0 1" "resets, timeouts, outs"
	batch "backend set web 10.0.1.1:8081 up" "service set web health-out 1s"
	expect_eq "$(of 1 state)" up "when it is said to be up"
	says "b2=3 refused=3" ask "$client" tcp "$vip" 80 6
	wait_for is_back 1 2
	log_test "a backend that resets is out, and comes back after its time"
}

last_stays()
{
	batch "backend set web 10.0.2.1:8080 weight 0"
	says "refused=8" ask "$client" tcp "$vip" 80 8
	expect_eq "$(of 1 state) $(of 1 resets)" "up 14" "the only one"
	log_test "the last backend is not taken out"
}

timeouts()
{
	web health-share 50 health-minimum 2 health-out 60s
	in_ns "$b1" ip route add blackhole 10.0.9.0/24
	batch "backend add web 10.0.1.1:8080" "backend add web 10.0.2.1:8080"
	says "b2=2 none=2" ask "$client" tcp "$vip" 80 4 wait=1
	wait_for is 1 failing
	expect_eq "$(of 1 resets) $(of 1 timeouts)" "0 2" "resets, timeouts"
	in_ns "$b1" ip route del blackhole 10.0.9.0/24
	log_test "a backend that does not answer is out"
}

off_again()
{
	batch "service set web health-share 0"
	expect_eq "$(of 1 state)" up "at once"
	says "b1=2 b2=2" ask "$client" tcp "$vip" 80 4
	log_test "when resets and timeouts don't count any more who was out for them is back"
}

rates()
{
	web
	batch "backend add web 10.0.1.1:8080"
	says "b1=20" ask "$client" tcp "$vip" 80 20
	sleep 1.1
	# One look at all of them: the next one may be a second later.
	expect_eq "$(router_vsw -j -s backend show web | jq -c '.[0].stats |
		def is_rate(rate; count): (rate * .["rate-time"] / 1000) as $n |
			$n <= count and count <= $n + .["rate-time"] / 1000;
		[.["rate-time"] >= 1000, .["rx-packets"] > 60,
		 is_rate(.["rx-packets-rate"]; .["rx-packets"]),
		 is_rate(.["tx-bytes-rate"]; .["tx-bytes"])]')" \
		"[true,true,true,true]" "rates since it was added"
	sleep 1.1
	expect_eq "$(router_vsw -j -s backend show web | jq -c '.[0].stats |
		[.["rate-time"] >= 1000, .["rx-packets-rate"], .["tx-bytes-rate"]]')" \
		"[true,0,0]" "rates when there is nothing"
	log_test "rates are those since the last look"
}

# watch WORD...: "service watch" in the background, which writes to $TMP/watch
watch()
{
	"$VSW" -n "$router" -j service watch "$@" interval 200ms timeout 2s rise 2 fall 2 \
		>"$TMP/watch" 2>&1 &
	watch_pid=$!
	bg_list+=("$watch_pid")
}

# end_watch: by its signal, and well
end_watch()
{
	kill -TERM "$watch_pid"
	wait "$watch_pid"
	check_err $? "the watch did not end well"
}

watch_tcp()
{
	web
	batch "backend add web 10.0.1.1:8080" "backend add web 10.0.2.1:8081"
	refused "no such|not there|no service" router_vsw service watch nosuch
	watch web
	wait_for is 2 down
	expect_eq "$(of 1 state)" up "who takes connections"
	batch "backend add web 10.0.3.1:8081"
	wait_for is 3 down
	wire serve late "$b2" 8081 >/dev/null
	wait_for is 2 up
	wire stop late >/dev/null
	wait_for is 2 down
	end_watch
	expect_eq "$(jq -c '[.event, .backend.service, .backend.address, .backend.port]' "$TMP/watch" |
		grep -c '\["backend-\(up\|down\)","web","10.0.[23].1",8081\]')" 4 "what it said"
	expect_eq "$(of 2 state)" down "when it has ended"
	log_test "a watch marks who takes no connection, and who comes back"
}

watch_http()
{
	web
	batch "backend add web 10.0.1.1:8080" "backend add web 10.0.2.1:8082"
	wire silent "$b2" 8082 >/dev/null
	watch web http / host web.example
	wait_for is 2 down
	expect_eq "$(of 1 state)" up "who answers"
	end_watch
	expect_eq "$(jq -r .backend.reason "$TMP/watch")" "no answer in time" "the reason"
	log_test "a watch asks by HTTP"
}

watch_exec()
{
	web
	batch "backend add web 10.0.1.1:8080" "backend add web 10.0.2.1:8080"
	: >"$TMP/web-10.0.1.1-8080"
	# shellcheck disable=SC2016
	watch exec 'test -e '"$TMP"'/$VSW_SERVICE-$VSW_BACKEND_ADDRESS-$VSW_BACKEND_PORT'
	wait_for is 2 down
	expect_eq "$(of 1 state)" up "for whom the command is well"
	: >"$TMP/web-10.0.2.1-8080"
	wait_for is 2 up
	end_watch
	log_test "a watch asks a command"
}

all_down()
{
	[ "$(router_vsw -j backend show web | jq '[.[] | select(.state == "down")] | length')" = 24 ]
}

# More backends than the process may have descriptors: who is idle needs none.
watch_many()
{
	local port
	local -a lines=()

	web
	for port in {9001..9024}; do
		lines+=("backend add web 10.0.1.1:$port")
	done
	batch "${lines[@]}"
	(
		ulimit -n 16
		exec "$VSW" -n "$router" service watch web interval 200ms fall 1
	) >"$TMP/watch" 2>&1 &
	watch_pid=$!
	bg_list+=("$watch_pid")
	wait_for all_down
	end_watch
	log_test "a watch has more backends than descriptors"
}

# Also while a command hangs, which ends with it.
watch_ends()
{
	watch exec 'echo $$ >'"$TMP/hangs"'; sleep 1000' timeout 60s 2>/dev/null
	wait "$watch_pid"
	check_fail $? "'timeout' was taken twice"
	"$VSW" -n "$router" service watch exec 'echo $$ >'"$TMP/hangs"'; sleep 1000' timeout 60s &
	watch_pid=$!
	bg_list+=("$watch_pid")
	wait_for test -s "$TMP/hangs"
	end_watch
	wait_for not test -d "/proc/$(<"$TMP/hangs")"
	log_test "a watch ends with its commands"
}

run_tests
