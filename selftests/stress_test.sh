#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Everything comes and goes with traffic running: ports, devices, namespaces,
# the switch, the module. Two senders, one for each processor, never stop:
#
#   h1:eth0 -> h1:vs0:h2 -> h2:eth0      h1 floods, from many addresses;
#                  :                     h2 sends to h1 and what was learned
#                  c -- eth0:$churn      comes and goes
#
# A host with a vnic gets it made again where a port joins again; c is one, too, where
# h2 has one.
#
# STRESS_ROUNDS says how many rounds there are, 200 by default.

# shellcheck disable=SC2317
ALL_TESTS="ports namespaces devices switches module still_works"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq taskset
require_vswitch
load_kind veth dummy
star h1 h2 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2"

rounds=${STRESS_ROUNDS:-200}
[ "$rounds" -ge 200 ] || rounds=200
each=$(((rounds + 4) / 5))
done_rounds=0
last_cpu=$(($(nproc) - 1))

on_fail()
{
	vsw -s -n "$sw" port show
}

bg taskset -c 0 frame -c 0 -p 500 -i "$h1/eth0" -s 02:00:20:00:00:00 -S 2000 -l 60
bg taskset -c "$last_cpu" frame -c 0 -p 500 -i "$h2/eth0" -s 02:00:00:00:00:02 \
	-d 02:00:20:00:00:00 -D 2000 -l 60

received()
{
	switch_json "$sw" vs0 '.stats["rx-packets"]' 2>/dev/null
}

# moving: frames are being switched right now
moving()
{
	local before now

	before=$(received)
	now=$(received)
	[ "${now:-0}" -gt "${before:-0}" ]
}

# batch COMMAND...: lines for one ip(8) in $sw
batch()
{
	printf '%s\n' "$@" | ip -n "$sw" -b -
	check_err $? "$*"
}

ports()
{
	local i

	for ((i = 0; i < each; i++)); do
		if is_vnic h2; then
			succeeds vsw -n "$sw" port del h2
			succeeds add_vnic h2
			continue
		fi
		batch "link set dev h2 nomaster" "link set dev h2 master vs0"
	done
	done_rounds=$((done_rounds + each))
	wait_for moving
	log_test "a port leaves and joins $each times"
}

namespaces()
{
	local i churn

	for ((i = 0; i < each; i++)); do
		churn=churn-$$-$i
		ip netns add "$churn"
		if is_vnic h2; then
			succeeds vsw -n "$sw" port add eth0 type vnic switch vs0 netns "$churn" alias c
			ip netns del "$churn"
			wait_for not vsw -n "$sw" port show c
			continue
		fi
		batch "link add c type veth peer name eth0 netns $churn" \
			"link set dev c master vs0 up"
		ip -n "$churn" link set eth0 up
		ip netns del "$churn"
		wait_for not ip -n "$sw" link show dev c
	done 2>/dev/null
	done_rounds=$((done_rounds + each))
	wait_for moving
	log_test "the namespace of a port's peer is deleted $each times"
}

devices()
{
	local i

	# Not both on vs0: frames would go round for ever.
	batch "link add vs1 up type vswitch"
	for ((i = 0; i < each; i++)); do
		batch "link add c type veth peer name c1" "link set dev c master vs0 up" \
			"link set dev c1 master vs1 up" \
			"link set dev c address 02:00:00:00:03:$((i % 90 + 10))" "link del dev c"
	done
	done_rounds=$((done_rounds + each))
	wait_for moving
	batch "link del dev vs1"
	log_test "the devices of two ports, of two switches, are deleted $each times"
}

# rejoin COMMAND...: of ip(8) in $sw, and then there is vs0 again with its ports
rejoin()
{
	local host ports=()

	for host in h1 h2; do
		is_vnic "$host" || ports+=("link set dev $host master vs0")
	done
	batch "$@" "link add vs0 up type vswitch" "${ports[@]}"
	for host in h1 h2; do
		! is_vnic "$host" || succeeds add_vnic "$host"
	done
}

switches()
{
	local i

	for ((i = 0; i < each; i++)); do
		rejoin "link del dev vs0"
	done
	done_rounds=$((done_rounds + each))
	wait_for moving
	log_test "the switch is deleted $each times"
}

module()
{
	local i

	for ((i = 0; i < each; i++)); do
		rmmod vswitch
		check_err $? "rmmod"
		modprobe vswitch
		check_err $? "modprobe"
		rejoin
	done
	done_rounds=$((done_rounds + each))
	wait_for moving
	log_test "the module is unloaded and loaded $each times"
}

still_works()
{
	local pid

	for pid in "${bg_list[@]}"; do
		kill -0 "$pid"
		check_err $? "a sender ended"
		bg_stop "$pid"
	done
	expect_ge "$done_rounds" 200 "rounds"
	expect_eq "$(switch_json "$sw" vs0 '.["port-count"]')" 2 "ports"
	vsw -n "$sw" fdb flush switch vs0 >/dev/null
	succeeds frame -i "$h1/eth0" -s 02:00:00:00:00:01 -c 5 "$h2/eth0=5" "$sw/vs0=5"
	succeeds in_ns "$h1" ping -q -c 1 -W 10 192.0.2.2
	log_test "frames pass after $done_rounds rounds"
	ip -n "$sw" link del vs0
	expect_eq "$(cat /sys/module/vswitch/refcnt)" 0 "users of the module"
	log_test "nobody uses the module any more"
}

run_tests
