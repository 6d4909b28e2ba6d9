#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Backends that are containers of "vsw run": one that is frozen, runs out of memory or ends
# has no new connections, and the kernel says so by itself.
#
#   +-- $client --+   +-- $sw ------------------+   +-- one, two: containers --+
#   | eth0        |   |                         |   | eth0                     |
#   | 10.0.9.1   -------- cl 10.0.9.254         |   |  10.9.0.2, 10.9.0.3      |
#   +-------------+   |   vs0 10.9.0.1 ------------- (vnic, veth)              |
#                     +-------------------------+   +--------------------------+

# shellcheck disable=SC2317,SC2154  # called by name; setup_ns assigns
# shellcheck source=container_lib.sh
. "$(dirname "$0")/container_lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

ALL_TESTS="
	started
	frozen
	out_of_memory
	ended
	killed
"

require_command python3
require_vrouter
load_kind veth
container_setup
vip=203.0.113.1

on_fail()
{
	vsw -n "$sw" -s backend show
	cat "$TMP"/*.err
}

# container NAME ADDRESS OPTION...: one that says its name to who asks
container()
{
	run_bg "$1" --switch vs0 --ip "$2/24" --gateway 10.9.0.1 --hostname "$1" --memory 64M \
		"${@:3}" -- nc -ll -p 8080 -e /bin/says_name
}

# of NAME KEY: what "backend show" says of its backend
of()
{
	local object='\{[^{}]*"label":"'$ID$1'"[^{}]*(\{[^{}]*\})?[^{}]*\}'

	[[ $(vsw -n "$sw" -j -s backend show web) =~ $object ]] &&
		first_values ".[\"$2\"]" "${BASH_REMATCH[0]}"
}

# is NAME STATE
is()
{
	[ "$(of "$1" state)" = "$2" ]
}

# Its server may need a moment.
answers()
{
	[ "$(wire ask "$sw" tcp "$1" 8080)" = "$2=1" ]
}

started()
{
	container one 10.9.0.2
	container two 10.9.0.3 --adapter veth
	wait_for answers 10.9.0.2 one
	wait_for answers 10.9.0.3 two
	succeeds vsw -n "$sw" service add web "$vip:80" scheduler rr health-out 1s
	succeeds vsw -n "$sw" backend add web container "${ID}one:8080"
	succeeds vsw -n "$sw" backend add web container "${ID}two:8080"
	says "one=2 two=2" ask "$client" tcp "$vip" 80 4
	log_test "containers are backends"
}

frozen()
{
	echo 1 >"$CGROUP/vsw/c-${ID}one/cgroup.freeze"
	wait_for is one frozen
	says "two=4" ask "$client" tcp "$vip" 80 4
	echo 0 >"$CGROUP/vsw/c-${ID}one/cgroup.freeze"
	wait_for is one up
	says "one=2 two=2" ask "$client" tcp "$vip" 80 4
	log_test "one that is frozen gets no connections until it is thawed"
}

# In its cgroup, as what it starts itself would be.
too_much()
{
	sh -c "echo \$\$ >$CGROUP/vsw/c-${ID}one/cgroup.procs
	       exec python3 -c 'x = b\"x\" * (128 << 20)'"
}

out_of_memory()
{
	if [ ! -f "$CGROUP/vsw/c-${ID}one/memory.events" ]; then
		log_skip "one that ran out of memory gets no connections" "no memory controller"
		return
	fi
	succeeds vsw -n "$sw" service set web health-out 60s
	{ too_much; } 2>/dev/null
	wait_for is one oom
	says "two=4" ask "$client" tcp "$vip" 80 4
	succeeds vsw -n "$sw" backend set web 10.9.0.2:8080 up
	says "one=2 two=2" ask "$client" tcp "$vip" 80 4
	log_test "one that ran out of memory gets no connections until it is said to be up"
}

ended()
{
	kill -KILL "$(init_of two)"
	wait_for not of two state
	says "one=4" ask "$client" tcp "$vip" 80 4
	run_end
	expect_eq "$(vsw -n "$sw" -j service show web | jq '.[].backends')" 1 "backends"
	log_test "one that ends is no backend any more"
}

# Who runs it is killed, so that nobody is left to tidy up.
killed()
{
	kill -KILL "${bg_list[-1]}"
	wait_for not of one state
	expect_eq "$(vsw -n "$sw" -j service show web | jq '.[].backends')" 0 "backends"
	says "refused=2" ask "$client" tcp "$vip" 80 2
	run_end
	vsw -n "$sw" switch show >/dev/null
	nothing_left one "after its vsw was killed"
	succeeds vsw -n "$sw" router flush
	log_test "nor is one whose vsw was killed"
}

# shellcheck disable=SC2016  # for the shell inside
printf '#!/bin/sh\nread -r line\necho "$HOSTNAME 0 0"\n' >"$ROOTFS/bin/says_name"
chmod 755 "$ROOTFS/bin/says_name"
setup_ns client
mounts_before=$(count_mounts)
in_ns "$sw" sysctl -qw net.ipv4.ip_forward=1
ip -n "$sw" -b - <<-END || exit 1
	link add cl type veth peer name eth0 netns $client
	link set cl up
	addr add 10.0.9.254/24 dev cl
END
ip -n "$client" -b - <<-END || exit 1
	link set eth0 up
	addr add 10.0.9.1/24 dev eth0
	route add default via 10.0.9.254
END
busywait "$WAIT" carrier "$client" eth0 || exit 1
start_wire

run_tests
