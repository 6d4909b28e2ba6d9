#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How fast a container may send and get: said when it is run and changed while it runs, as its
# other limits; and a class of its sockets, by its cgroup. See container_lib.sh for what is
# where; $box is the container's network namespace, by a name that the test gives it.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="run_with_rate update_rate update_limits class_of_sockets goes_with_it refusals"

# shellcheck source=container_lib.sh
. "$(dirname "$0")/container_lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"
# shellcheck source=shape_lib.sh
. "$(dirname "$0")/shape_lib.sh"

require_command python3
require_vrouter
container_setup
start_wire
box=$ID-box
uses_before=$(</sys/module/vrouter/refcnt)

on_fail()
{
	vsw -n "$box" -s shape show
}

update()
{
	succeeds vsw update "$@"
}

# limit FILE
limit()
{
	cat "$CGROUP/vsw/c-${ID}a/$1"
}

# shapes FILTER
shapes()
{
	vsw -n "$box" -j -s shape | jq -c "$1"
}

run_with_rate()
{
	mkdir -p "$ROOTFS/var/www"
	head -c 300000 /dev/urandom >"$ROOTFS/var/www/file"
	run_bg a --switch vs0 --ip 10.9.0.2/24 --rate 4M -- httpd -f -p 8080 -h /var/www
	ip netns attach "$box" "$(init_of a)"
	defer ip netns delete "$box"
	expect_eq "$(shapes '[.[] | [.name, .label, .rate, .ceil, .direction]]')" \
		"[[\"container\",\"${ID}a\",4000000,4000000,\"both\"]]" "its class"
	has_rate 4000 "$box" "$sw" 10.9.0.1
	has_rate 4000 "$sw" "$box" 10.9.0.2
	expect_ge "$(shapes '.[0]["stats-in"].delayed')" 100 "delayed on the way in"
	log_test "a container sends and gets at the rate that run was told"
}

update_rate()
{
	update "${ID}a" --rate 1M --ceil 2M
	expect_eq "$(shapes '[.[] | [.rate, .ceil]]')" "[[1000000,2000000]]" "its class"
	has_rate 2000 "$box" "$sw" 10.9.0.1
	update --rate max "${ID}a"
	expect_eq "$(shapes .)" "[]" "classes"
	update "${ID}a" --rate max
	update "${ID}a" --rate 3M
	has_rate 3000 "$sw" "$box" 10.9.0.2
	update "${ID}a" --rate max
	log_test "the rate of a container that runs changes, goes and comes"
}

update_limits()
{
	update "${ID}a" --memory 64M --pids 50 --cpus 0.5
	expect_eq "$(limit memory.max) $(limit pids.max) $(limit cpu.max)" "67108864 50 50000 100000" \
		"limits of one that had none"
	update "${ID}a" --pids 60
	update "${ID}a" --memory max --cpus max
	expect_eq "$(limit memory.max) $(limit pids.max) $(limit cpu.max)" "max 60 max 100000" \
		"limits that have ended, and one that has not"
	log_test "memory, processes and processors of a container that runs change"
}

# What came in by TCP, and what is sent, is of the socket's cgroup.
class_of_sockets()
{
	succeeds vsw -n "$sw" shape add web match container "${ID}a" rate 20M
	expect_eq "$(shapes '[.[] | [.name, .label]]')" "[[\"web\",\"${ID}a\"]]" "its class"
	in_ns "$sw" "$ROOTFS/bin/busybox" wget -qO "$TMP/got" http://10.9.0.2:8080/file
	succeeds cmp "$TMP/got" "$ROOTFS/var/www/file"
	expect_ge "$(shapes '.[0]["stats-out"].bytes')" 300000 "bytes that it sent"
	expect_ge "$(shapes '.[0]["stats-in"].bytes')" 2000 "bytes that it got"
	# Of somebody else in its network namespace.
	stream "$box" "$sw" 10.9.0.1 0 7000:4000:1000
	expect_ge "$(field 4 "${line[0]}")" 50 "packets of another cgroup"
	expect_eq "$(shapes '.[0]["stats-out"].bytes < 330000')" true "none of them is of the class"
	log_test "a class is of the sockets of a container, by its cgroup"
}

unused()
{
	[ "$(</sys/module/vrouter/refcnt)" -eq "$uses_before" ]
}

goes_with_it()
{
	update "${ID}a" --rate 4M
	ip netns delete "$box"
	kill -KILL "$pid"
	run_end
	wait_for unused
	succeeds vsw -n "$sw" port show
	nothing_left a "after the end"
	log_test "the classes of a container go with it"
}

refusals()
{
	refused "no container" vsw update "${ID}a" --rate 1M
	refused "nothing to change" vsw update "${ID}a"
	refused "name of the container" vsw update --rate 1M
	refused "needs a --rate" vsw update "${ID}a" --ceil 1M
	refused "no option" vsw update "${ID}a" --name x
	refused "given twice" vsw update "${ID}a" --rate 1M --rate 2M
	fails_with 125 "below the rate" run_in b --switch vs0 --rate 2M --ceil 1M -- true
	fails_with 125 "without --switch" run_in b --rate 2M -- true
	fails_with 125 "1 kbit/s" run_in b --switch vs0 --rate 999 -- true
	nothing_left b "after what was refused"
	run_bg c -- sleep 1000
	refused "no interface" vsw update "${ID}c" --rate 1M
	kill -KILL "$pid"
	run_end
	vsw port >/dev/null 2>&1
	log_test "what can't be is refused, and nothing is left"
}

run_tests
