#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Torture: traffic in all directions, some thousand MACs, and meanwhile everything
# that can be changed is, at random and by several at once. Then everything has to
# be as if nothing had been.
#
#   +-- $sw -----------------------------------------+
#   |  h1 (veth)  h3 (veth)   d0..d3 (dummy)         |   $h1 ... $h4: hosts, see star
#   |     \          /           |  p0..p2 (veth)    |   the workers and what is theirs:
#   |      +-- vs0 -+---------- moving -- vs1        |   see torture_lib.sh
#   |     /          \                               |
#   +-- h2 (vnic)   h4 (vnic) ----- v0.. (vnic) -----+
#
# TORTURE_SECONDS says how long, 20 by default; TORTURE_SEED what is done: random
# unless it is given. Each worker does the same again then; when, is not up to us.

# shellcheck disable=SC2317
ALL_TESTS="torture workers alive exact consistent nothing_left module"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq ethtool taskset
require_vswitch
load_kind veth dummy
ADAPTERS=mixed
star h1 h2 h3 h4 || exit 1
setup_ns away0 away1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3" "$h4" "$away0" "$away1"

seconds=${TORTURE_SECONDS:-20}
seed=${TORTURE_SEED:-$(od -An -N2 -tu2 /dev/urandom)}
seed=$((seed % 32768))
tmp=$(mktemp -d)
defer rm -rf "$tmp"
INCONSISTENT=$(sed -n 's/.*STATUS_INCONSISTENT = \([0-9]*\).*/\1/p' "$SELFTESTS/../tools/lib/status.h")
# shellcheck source=torture_lib.sh
. "$SELFTESTS/torture_lib.sh"
# shellcheck source=torture_features.sh
. "$SELFTESTS/torture_features.sh"
# shellcheck source=torture_flows.sh
. "$SELFTESTS/torture_flows.sh"
senders=()
# Grace periods, which most of it waits for, are short or long
expedited=/sys/kernel/rcu_expedited
cat "$expedited" > "$tmp/expedited"

on_fail()
{
	echo "seed $seed"
	vsw -d -s -n "$sw" switch show
	vsw -d -s -n "$sw" port show
}

# send CPU ARG...: frame, until it is stopped
send()
{
	local cpu=$(($1 % $(nproc)))

	shift
	bg taskset -c "$cpu" frame -c 0 "$@"
	senders+=($!)
}

start_traffic()
{
	local i sent

	ip -n "$h1" link set dev eth0 arp on
	# broadcasts from many, which are learned, to those, and to who is unknown
	send 0 -p 10000 -l 60 -i "$h1/eth0" -s 02:00:21:00:00:00 -S 3000
	send 1 -p 3000 -l 60 -i "$h2/eth0" -s 02:00:00:00:00:02 -d 02:00:21:00:00:00 -D 3000
	send 0 -p 10000 -i "$h3/eth0" -s 02:00:22:00:00:00 -S 1000 -d 02:00:23:00:00:00 -D 50 -v 10
	send 1 -p 3000 -l 1200 -i "$h4/eth0" -s 02:00:00:00:00:04 -d 02:00:00:00:00:01
	send 0 -p 5000 -i "$sw/vs0" -s 02:00:00:00:02:01 -d 02:00:00:00:00:01 -D 5
	# The last one has found its device.
	sent=$(port_stat "$sw" vs0 rx-packets)
	wait_for eval "[ \$(port_stat $sw vs0 rx-packets) -gt $sent ]"
	for i in 100 101 110 111; do
		bg ip netns exec "$h1" ping -q -i 0.02 "192.0.2.$i" >/dev/null 2>&1
		senders+=($!)
	done
}

stop_traffic()
{
	local pid

	for pid in "${senders[@]}"; do
		bg_stop "$pid"
	done
	senders=()
	# Who was not there is asked for still, a second after the last ping.
	ip -n "$h1" link set dev eth0 arp off
	ip -n "$h1" neigh flush dev eth0
}

# What h1's port and its device have counted. The device is a port all the time.
h1_counts()
{
	printf '%s ' "$(port_json "$sw" h1 '.stats["rx-packets"]')" \
		"$(ip -n "$sw" -s -j link show dev h1 | jq '.[0].stats64.rx.packets')"
}

torture()
{
	local until=$((SECONDS + seconds))

	echo "# TORTURE_SEED=$seed TORTURE_SECONDS=$seconds"
	read -ra at_start <<< "$(h1_counts)"
	start_traffic
	vsw -j -n "$sw" monitor > "$tmp/monitor" 2>&1 &
	monitor=$!
	bg_list+=("$monitor")
	begin switch $((seed + 1)) work_switch
	begin ports $((seed + 2)) work_ports
	begin vnics0 $((seed + 3)) work_vnics 0 "$away0"
	begin vnics1 $((seed + 4)) work_vnics 1 "$away1"
	begin netns0 $((seed + 5)) work_netns 0
	begin netns1 $((seed + 6)) work_netns 1
	begin settings $((seed + 7)) work_settings
	begin looks $((seed + 8)) work_looks
	begin features $((seed + 9)) work_features
	begin flows1 $((seed + 10)) work_flows 1
	begin flows2 $((seed + 11)) work_flows 2
	while [ "$SECONDS" -lt "$until" ]; do
		sleep 1
		echo $((SECONDS % 2)) > "$expedited"
		# Its own file, in memory
		tail -c 1000000 "$tmp/monitor" > "$tmp/monitor.end"
		: > "$tmp/monitor"
	done
	touch "$tmp/stop"
	cat "$tmp/expedited" > "$expedited"
	log_test "$seconds seconds of torture"
}

workers()
{
	local name count races

	for name in "${!worker_pids[@]}"; do
		wait "${worker_pids[$name]}"
		check_err $? "the worker $name ended before its time"
		read -r count races < "$tmp/count.$name"
		echo "# $name: $count commands, $races of them lost a race"
		expect_ge "${count:-0}" 1 "commands of $name"
	done
	if [ -s "$tmp/unexpected" ]; then
		check_err 1 "$(head -c 2000 "$tmp/unexpected")"
	fi
	log_test "what had to work did"
}

alive()
{
	local pid

	for pid in "${senders[@]}"; do
		kill -0 "$pid"
		check_err $? "a sender ended"
	done
	kill -0 "$monitor"
	check_err $? "the monitor ended: $(tail -n 1 "$tmp/monitor")"
	bg_stop "$monitor"
	stop_traffic
	log_test "all senders and the monitor went on to the end"
}

# calm: as star has made it
calm()
{
	local i

	ip -n "$sw" link del dev vs1 2>/dev/null
	ip -n "$sw" link set dev vs0 promisc off
	ip -n "$sw" -o link show | sed -n 's/^[0-9]*: \([dpv][0-9][^@:]*\)[@:].*/link del dev \1/p' |
		ip -n "$sw" -b -
	check_err $? "devices of the workers could not be deleted"
	{
		echo "switch set vs0 up vlan-filtering off ageing 300 mtu 1500"
		vsw -n "$sw" -j vlan private show switch vs0 |
			jq -r '.[] | "vlan private del \(.secondary) switch vs0"'
		echo "switch set vs0 mcast-snooping off"
		echo "mdb flush switch vs0 permanent"
		echo "fdb flush switch vs0 static"
		echo "fdb flush switch vs0"
		for i in h1 h2 h3 h4; do
			echo "port set $i mcast-router auto vlan-map none access 1 learning on flood on mcast-flood on bcast-flood on hairpin off isolated off fdb-max 0"
		done
		features_off
		flows_off
	} | vsw -n "$sw" -batch - >/dev/null
	check_err $? "vs0 could not be set"
	for i in h1 h2 h3 h4; do
		wait_for carrier "${!i}" eth0
	done
}

# to ALL BUT ONE, each N frames
others()
{
	local name

	for name in h1 h2 h3 h4; do
		[ "$name" = "$1" ] || echo "${!name}/eth0=$2"
	done
}

# crosses FROM: broadcast, unknown, known to each, with a tag; counts are exact
crosses()
{
	local from=$1 mac=02:00:00:00:00:0${1#h} to

	# shellcheck disable=SC2046
	succeeds frame -i "${!from}/eth0" -s "$mac" -c 20 $(others "$from" 20) "$sw/vs0=20"
	# shellcheck disable=SC2046
	succeeds frame -i "${!from}/eth0" -s "$mac" -d 02:00:31:00:00:00 -D 7 -c 21 $(others "$from" 21) "$sw/vs0=0"
	succeeds frame -i "${!from}/eth0" -s "$mac" -d "$mac_of_switch" -v 10 -c 15 "$sw/vs0=15"
	for to in h1 h2 h3 h4; do
		[ "$to" != "$from" ] || continue
		# The first finds it if it was not learned yet, as its own do.
		succeeds frame -i "${!to}/eth0" -s "02:00:00:00:00:0${to#h}" -d "$mac"
		# shellcheck disable=SC2046
		succeeds frame -i "${!from}/eth0" -s "$mac" -d "02:00:00:00:00:0${to#h}" -c 200 \
			"${!to}/eth0=200" $(others "$from" 0 | grep -v "^${!to}/") "$sw/vs0=0"
	done
}

directions()
{
	local from

	for from in h1 h2 h3 h4; do
		crosses "$from"
		log_test "all gets where it belongs from $from, $1"
	done
	# shellcheck disable=SC2046
	succeeds frame -i "$sw/vs0" -s 02:00:00:00:02:01 -c 20 $(others none 20)
	succeeds frame -i "$sw/vs0" -s 02:00:00:00:02:01 -d 02:00:00:00:00:02 -c 50 "$h2/eth0=50" "$h1/eth0=0"
	succeeds frame -i "$sw/vs0" -s 02:00:00:00:02:01 -d 02:00:00:00:00:03 -c 50 "$h3/eth0=50" "$h2/eth0=0"
	log_test "and from the host"
}

exact()
{
	calm
	mac_of_switch=$(device_json "$sw" vs0 .address)
	directions "VLANs are not filtered"
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	for name in h1 h2 h3 h4 vs0; do
		succeeds vsw -n "$sw" port set "$name" trunk 10 native 1
	done
	directions "VLANs are filtered"
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
}

# sums: what all ports of vs0 have received, sent and dropped
sums()
{
	vsw -j -s -n "$sw" port show switch vs0 |
		jq -r '[.[].stats] | "\(map(.["rx-packets"]) | add) \(map(.["tx-packets"]) | add) \(map(.drops) | add)"'
}

consistent()
{
	local after was now

	read -ra after <<< "$(h1_counts)"
	expect_eq $((after[0] - at_start[0])) $((after[1] - at_start[1])) \
		"frames that h1's port has received, and its device"
	expect_ge $((after[0] - at_start[0])) 1000 "frames of h1"
	for name in h2 h4; do
		expect_eq "$(port_json "$sw" "$name" '.stats | "\(.["rx-packets"]) \(.["tx-packets"])"')" \
			"$(ip -n "${!name}" -s -j link show dev eth0 | jq -r '.[0].stats64 | "\(.tx.packets) \(.rx.packets)"')" \
			"what $name's port and its vnic have counted"
	done
	# Unicast to whom the switch knows: each frame leaves once, or is dropped once.
	for name in h1 h2 h3 h4; do
		succeeds frame -i "${!name}/eth0" -s "02:00:00:00:00:0${name#h}" "$sw/vs0=1"
	done
	read -ra was <<< "$(sums)"
	succeeds frame -i "$h1/eth0" -s 02:00:00:00:00:01 -d 02:00:00:00:00:02 -c 100 "$h2/eth0=100"
	succeeds frame -i "$h2/eth0" -s 02:00:00:00:00:02 -d 02:00:00:00:00:03 -c 100 "$h3/eth0=100"
	succeeds frame -i "$h4/eth0" -s 02:00:00:00:00:04 -d 02:00:00:00:00:04 -c 100
	succeeds vsw -n "$sw" port set h3 isolated on
	succeeds vsw -n "$sw" port set h4 isolated on
	succeeds frame -i "$h3/eth0" -s 02:00:00:00:00:03 -d 02:00:00:00:00:04 -c 100 "$h4/eth0=0"
	read -ra now <<< "$(sums)"
	expect_eq "$((now[0] - was[0])) $((now[1] - was[1])) $((now[2] - was[2]))" "400 200 200" \
		"received, sent, dropped by all ports"
	log_test "counters agree"
}

local_addresses()
{
	{
		ip -n "$sw" -j link show dev vs0
		ip -n "$sw" -j link show master vs0
	} | jq -rs '[.[][].address] | unique | join(" ")'
}

vnics_in()
{
	ip -n "$1" -d -j link show | jq '[.[] | select(.linkinfo.info_kind == "vnic")] | length'
}

nothing_left()
{
	expect_eq "$(switch_json "$sw" vs0 '.["port-count"]')" 4 "ports"
	expect_eq "$(vsw -j -n "$sw" switch show | jq length)" 1 "switches"
	expect_eq "$(vsw -j -n "$sw" flow show | jq length) $(vsw -j -n "$sw" group show | jq length) $(vsw -j -n "$sw" meter show | jq length)" \
		"0 0 0" "flows, groups and meters"
	succeeds vsw -n "$sw" fdb flush switch vs0
	expect_eq "$(fdb_json "$sw" '[.[] | select(.type != "local") | .address] | join(" ")')" "" "entries that are not local"
	expect_eq "$(switch_json "$sw" vs0 '.["fdb-count"]')" 0 "entries that are counted"
	expect_eq "$(fdb_json "$sw" '[.[].address] | sort | join(" ")')" "$(local_addresses)" "local entries"
	expect_eq "$(ip netns list | grep -c "^torture-$$-")" 0 "namespaces of the workers"
	expect_eq "$(vnics_in "$away0") $(vnics_in "$away1")" "0 0" "vnics where they were moved to"
	log_test "no port, entry or namespace is left over"
}

module()
{
	local i

	start_traffic
	for i in 1 2 3; do
		succeeds rmmod vswitch
		expect_eq "$(vnics_in "$h2")" 0 "vnics of h2 without the module"
		succeeds modprobe vswitch
		ip -n "$sw" -b - <<-END
			link add vs0 up type vswitch
			link set dev h1 master vs0
			link set dev h3 master vs0
			link add link vs0 name h2 address 02:00:00:00:00:02 type vnic
			link add link vs0 name h4 address 02:00:00:00:00:04 type vnic
			link set dev h2 netns $h2 name eth0
			link set dev h4 netns $h4 name eth0
		END
		check_err $? "the switch could not be made again"
		ip -n "$h2" link set eth0 up
		ip -n "$h4" link set eth0 up
	done
	stop_traffic
	wait_for carrier "$h4" eth0
	succeeds vsw -n "$sw" fdb flush switch vs0
	mac_of_switch=$(device_json "$sw" vs0 .address)
	crosses h1
	crosses h2
	ip -n "$sw" link del vs0
	expect_eq "$(cat /sys/module/vswitch/refcnt)" 0 "users of the module"
	log_test "the module is unloaded and loaded under traffic"
}

run_tests
