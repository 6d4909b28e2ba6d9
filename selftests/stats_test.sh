#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Counters are exact, and every frame that is dropped is counted under the right
# reason, on the right port, and seen by the tracepoint vswitch:vsw_drop. What a
# feature of its own drops is provoked by the script of that feature, "no-memory"
# by fault_test.sh, and nothing outside the kernel can send a frame that is
# "truncated". The topology is the star of lib.sh with the hosts h1 and h2.

# shellcheck disable=SC2317
ALL_TESTS="exact both_cpus ethtool_counters link_counters removed_port
	drop_invalid_source drop_switch_down drop_port_down drop_reserved
	drop_same_port drop_isolated drop_mtu drop_no_destination
	drop_tx_refused drop_bad_vlan_header drops_add_up
	reasons_are_provoked"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq ethtool
require_vswitch
load_kind veth dummy
star h1 h2 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2"

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
NOBODY=02:00:00:00:0f:0f

tracing=/sys/kernel/tracing
[ -d $tracing/events ] || tracing=/sys/kernel/debug/tracing
event=$tracing/events/vswitch/vsw_drop

on_fail()
{
	vsw -s -n "$sw" port show
}

# counters DEV: rx and tx, packets and bytes, and drops
counters()
{
	port_json "$sw" "$1" '.stats | [.["rx-packets"], .["rx-bytes"], .["tx-packets"],
		.["tx-bytes"], .drops] | map(tostring) | join(" ")'
}

# less A B: A - B, number by number
less()
{
	local -a a b
	local n out=

	read -ra a <<< "$1"
	read -ra b <<< "$2"
	for n in "${!a[@]}"; do
		out+="$((a[n] - b[n])) "
	done
	echo "${out% }"
}

exact()
{
	local b1 b2 bh

	vsw -n "$sw" fdb add "$M2" dev h2
	b1=$(counters h1)
	b2=$(counters h2)
	bh=$(counters vs0)
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 1000 -l 200 "$h2/eth0=1000"
	expect_eq "$(less "$(counters h1)" "$b1")" "1000 200000 0 0 0" "h1"
	expect_eq "$(less "$(counters h2)" "$b2")" "0 0 1000 200000 0" "h2"
	expect_eq "$(less "$(counters vs0)" "$bh")" "0 0 0 0 0" "host"
	log_test "unicast is counted exactly"

	b1=$(counters h1)
	b2=$(counters h2)
	bh=$(counters vs0)
	succeeds frame -i "$h1/eth0" -s "$M1" -c 100 -l 1514 "$h2/eth0=100" "$sw/vs0=100"
	expect_eq "$(less "$(counters h1)" "$b1")" "100 151400 0 0 0" "h1"
	expect_eq "$(less "$(counters h2)" "$b2")" "0 0 100 151400 0" "h2"
	expect_eq "$(less "$(counters vs0)" "$bh")" "0 0 100 151400 0" "host"
	log_test "broadcast is counted exactly"

	bh=$(counters vs0)
	b2=$(counters h2)
	succeeds frame -i "$sw/vs0" -d "$M2" -c 100 -l 100 "$h2/eth0=100"
	expect_eq "$(less "$(counters vs0)" "$bh")" "100 10000 0 0 0" "host"
	expect_eq "$(less "$(counters h2)" "$b2")" "0 0 100 10000 0" "h2"
	log_test "what the host sends is counted exactly"

	b1=$(counters h1)
	b2=$(counters h2)
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -v 5 -v 7 -c 100 -l 108 "$h2/eth0=100"
	expect_eq "$(less "$(counters h1)" "$b1" | cut -d' ' -f1)" 100 "h1"
	expect_eq "$(less "$(counters h2)" "$b2" | cut -d' ' -f3)" 100 "h2"
	log_test "tagged frames are counted"
}

# Two processors count for the same ports at the same time.
both_cpus()
{
	local b1 b2 pid

	b1=$(counters h1)
	b2=$(counters h2)
	frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 5000 -l 60 >/dev/null &
	pid=$!
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$M1" -c 5000 -l 60
	wait "$pid"
	check_err $? "sender"
	wait_for counts_are h1 "5000 300000 5000 300000 0" "$b1"
	wait_for counts_are h2 "5000 300000 5000 300000 0" "$b2"
	log_test "frames in both directions at once are counted exactly"
}

# counts_are DEV DIFFERENCE BEFORE
counts_are()
{
	[ "$(less "$(counters "$1")" "$3")" = "$2" ]
}

ethtool_counters()
{
	local out sum name

	out=$(in_ns "$sw" ethtool -S vs0)
	for name in rx_packets rx_bytes tx_packets tx_bytes; do
		sum=$(switch_json "$sw" vs0 ".stats[\"${name/_/-}\"]")
		[[ $out == *" $name: $sum"* ]]
		check_err $? "$name is not $sum"
	done
	for name in invalid_source switch_down port_down reserved_address same_port isolated \
		mtu_exceeded no_destination no_memory tx_refused bad_vlan_header truncated \
		vlan_untagged vlan_ingress vlan_egress vlan_nested locked port_shut \
		mirror_output port_state bpdu_guard bpdu_filter max_macs sticky_mac \
		storm_broadcast storm_multicast storm_unknown \
		source_mac source_ip source_arp source_nd dhcp_guard ra_guard \
		loop_probe forged_transmit mac_changed flow_drop flow_miss flow_loop \
		flow_no_port flow_no_bucket flow_ttl flow_reject meter; do
		[[ $out == *" drop_$name: "* ]]
		check_err $? "no drop_$name"
	done
	log_test "ethtool shows the switch's counters and all drop reasons"
}

link_counters()
{
	local before after

	before=$(ip -n "$sw" -s -j link show dev vs0 |
		jq -r '.[0].stats64 | "\(.rx.packets) \(.rx.bytes) \(.tx.packets) \(.tx.bytes)"')
	succeeds frame -i "$h1/eth0" -s "$M1" -c 20 -l 100 "$sw/vs0=20"
	succeeds frame -i "$sw/vs0" -d "$M2" -c 30 -l 100 "$h2/eth0=30"
	after=$(ip -n "$sw" -s -j link show dev vs0 |
		jq -r '.[0].stats64 | "\(.rx.packets) \(.rx.bytes) \(.tx.packets) \(.tx.bytes)"')
	expect_eq "$(less "$after" "$before")" "20 2000 30 3000" "rx and tx"
	log_test "ip -s link shows what the host got and sent"
}

removed_port()
{
	local before after

	ip -n "$sw" -b - <<-END
		link add d0 type dummy
		link set d0 master vs0 up
	END
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$NOBODY" -c 10 "$h2/eth0=10"
	before=$(switch_json "$sw" vs0 '.stats["tx-packets"]')
	expect_ge "$(port_stat "$sw" d0 tx-packets)" 10 "frames sent to d0"
	vsw -n "$sw" port del d0
	after=$(switch_json "$sw" vs0 '.stats["tx-packets"]')
	expect_eq "$after" "$before" "the switch's frames after d0 left"
	vsw -n "$sw" port add d0 switch vs0
	expect_eq "$(port_stat "$sw" d0 tx-packets)" 0 "d0's frames after it came back"
	ip -n "$sw" link del d0
	log_test "the switch's counters keep those of ports that left"
}

# drop_case REASON PORT COUNT COMMAND...: COMMAND makes COUNT frames be dropped
# for REASON, counted on PORT, and nothing else be dropped.
drop_case()
{
	local reason=$1 port=$2 count=$3 before all ethtool seen line

	line=$(port_json "$sw" "$port" '.name, .number' | xargs printf 'vsw_drop: switch=vs0 port=%s .*number=%s ')
	shift 3
	before=$(port_drops "$sw" "$port" "$reason")
	all=$(switch_json "$sw" vs0 .stats.drops)
	ethtool=$(in_ns "$sw" ethtool -S vs0 | sed -n "s/.* drop_${reason//-/_}: //p")
	if [ -d "$event" ]; then
		echo > "$tracing/trace"
		echo 1 > "$event/enable"
	fi
	succeeds "$@"
	[ -d "$event" ] && echo 0 > "$event/enable"
	expect_eq "$(port_drops "$sw" "$port" "$reason")" $((before + count)) "$reason on $port"
	expect_eq "$(switch_json "$sw" vs0 .stats.drops)" $((all + count)) "all drops of the switch"
	expect_eq "$(in_ns "$sw" ethtool -S vs0 | sed -n "s/.* drop_${reason//-/_}: //p")" \
		$((ethtool + count)) "drop_${reason//-/_} of ethtool"
	if [ -d "$event" ]; then
		seen=$(grep -cE "$line.*reason=$reason\$" "$tracing/trace")
		expect_eq "$seen" "$count" "$reason seen by the tracepoint"
	fi
	log_test "$reason is counted and traced"
}

drop_invalid_source()
{
	[ -d "$event" ]
	check_err $? "no tracepoint in $event"
	log_test "there is a tracepoint"
	drop_case invalid-source h1 3 \
		frame -i "$h1/eth0" -s 01:00:5e:00:00:01 -c 3 "$h2/eth0=0"
}

drop_switch_down()
{
	local host

	ip -n "$sw" link set vs0 down
	if is_vnic h1; then
		# Its own stack has no use for a device without carrier. Frames that are
		# sent by the switch itself are the core's to refuse.
		wait_for no_carrier "$h1" eth0
		drop_case switch-down h1 0 frame -i "$h1/eth0" -c 3 "$h2/eth0=0"
	else
		drop_case switch-down h1 3 frame -i "$h1/eth0" -c 3 "$h2/eth0=0"
	fi
	ip -n "$sw" link set vs0 up
	wait_for carrier "$sw" vs0
	for host in h1 h2; do
		wait_for carrier "${!host}" eth0
	done
}

drop_port_down()
{
	vsw -n "$sw" fdb replace "$M2" dev h2
	ip -n "$h2" link set eth0 down
	is_vnic h2 || wait_for not carrier "$sw" h2
	wait_for port_forwards h2 false
	drop_case port-down h2 3 frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 3
	ip -n "$h2" link set eth0 up
	wait_for port_forwards h2 true
	wait_for carrier "$h2" eth0
}

# port_forwards DEV true|false
port_forwards()
{
	[ "$(port_json "$sw" "$1" .forwarding)" = "$2" ]
}

drop_reserved()
{
	drop_case reserved-address h1 3 \
		frame -i "$h1/eth0" -s "$M1" -d 01:80:c2:00:00:01 -t 8808 -c 3 "$h2/eth0=0"
}

drop_same_port()
{
	frame -i "$h1/eth0" -s "$M1" "$h2/eth0=1" >/dev/null
	drop_case same-port h1 3 \
		frame -i "$h1/eth0" -s 02:00:00:00:00:0a -d "$M1" -c 3 "$h1/eth0=0" "$h2/eth0=0"
}

drop_isolated()
{
	vsw -n "$sw" port set h1 isolated on
	vsw -n "$sw" port set h2 isolated on
	drop_case isolated h1 3 frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 3 "$h2/eth0=0"
	vsw -n "$sw" port set h1 isolated off
	vsw -n "$sw" port set h2 isolated off
}

drop_mtu()
{
	port_link h2 mtu 1000
	drop_case mtu-exceeded h2 3 frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 3 -l 1100 "$h2/eth0=0"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 3 -l 1014 "$h2/eth0=3"
	log_test "frames as long as the MTU pass"
	port_link h2 mtu 1500
}

drop_no_destination()
{
	vsw -n "$sw" port set h2 flood off
	drop_case no-destination h1 3 frame -i "$h1/eth0" -s "$M1" -d "$NOBODY" -c 3 "$h2/eth0=0"
	vsw -n "$sw" port set h2 flood on
}

# A queue that is full: one packet fits, and it takes ages to leave.
drop_tx_refused()
{
	if is_vnic h2; then
		drop_case tx-refused h2 3 behind_another
		return
	fi
	modprobe -q sch_tbf
	if ! tc -n "$sw" qdisc add dev h2 root tbf rate 8bit burst 100 limit 100; then
		log_skip "tx-refused is counted and traced" "no tbf queueing discipline"
		return
	fi
	# The first uses up the bucket, the second sits in the queue.
	frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 2 -l 100
	drop_case tx-refused h2 3 frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 3 -l 100
	tc -n "$sw" qdisc del dev h2 root
}

# The core's queue for received packets holds one, and a flood has put another one
# there before h2's: for h1, which gets back what it sent. The host has to have a
# copy for h2 to get one, and not the original, which needs no queue, unless all
# wait there.
behind_another()
{
	local status was

	was=$(sysctl -n net.core.netdev_max_backlog)
	vsw -n "$sw" port set h1 hairpin on
	is_vnic h1 || ip -n "$sw" link set vs0 promisc on
	sysctl -q net.core.netdev_max_backlog=0
	frame -i "$h1/eth0" -s "$M1" -d "$NOBODY" -c 3 -l 100 "$h1/eth0=3" "$h2/eth0=0"
	status=$?
	sysctl -q net.core.netdev_max_backlog="$was"
	is_vnic h1 || ip -n "$sw" link set vs0 promisc off
	vsw -n "$sw" port set h1 hairpin off
	return "$status"
}

# A frame of tags only, whose checksum is still to be made, leaves no way to
# find its network header. A vnic has no use for that: it gets such a frame as it is.
# Where VLANs are filtered a tag that is cut off is one.
drop_bad_vlan_header()
{
	if is_vnic h2; then
		drop_case bad-vlan-header h2 0 tags_arrive
		vsw -n "$sw" switch set vs0 vlan-filtering on
		drop_case bad-vlan-header h2 1 \
			frame -i "$h2/eth0" -x "020000000001 020000000002 8100 0001"
		vsw -n "$sw" switch set vs0 vlan-filtering off
		vsw -n "$sw" fdb replace "$M2" dev h2
		return
	fi
	drop_case bad-vlan-header h2 1 frame_of_tags
}

tags_arrive()
{
	local sent

	sent=$(port_stat "$sw" h2 tx-packets)
	frame_of_tags
	busywait "$WAIT" counts h2 tx-packets $((sent + 1))
}

# counts DEV COUNTER N
counts()
{
	[ "$(port_stat "$sw" "$1" "$2")" = "$3" ]
}

frame_of_tags()
{
	frame -i "$h1/eth0" -C 20:0 -x "020000000002 020000000001 8100 0001 8100 0002 8100"
}

drops_add_up()
{
	local port out

	for port in vs0 h1 h2; do
		out=$(port_json "$sw" "$port" '.stats | .drops == ([.drop[].packets] | add // 0)')
		expect_eq "$out" true "drops of $port are the sum of its reasons"
	done
	log_test "the drops of a port are the sum of its reasons"
}

# Each reason of the module's list is named by a script that sends frames, in lines
# that are no comment.
reasons_are_provoked()
{
	local list=$SELFTESTS/../kmod/vswitch/stats.h lines reason reasons script

	if [ ! -f "$list" ]; then
		log_skip "every reason is provoked by some script" "no $list"
		return
	fi
	mapfile -t reasons < <(sed -n 's/^\tX([A-Z_]*, "\([a-z-]*\)".*/\1/p' "$list")
	expect_ge "${#reasons[@]}" 38 "reasons"
	lines=$(for script in "$SELFTESTS"/*_test.sh; do
		[[ $script == */cli_* ]] || grep -v '^[[:space:]]*#' "$script"
	done)
	for reason in "${reasons[@]}"; do
		[ "$reason" = truncated ] || grep -qw -- "$reason" <<< "$lines"
		check_err $? "no script provokes '$reason'"
	done
	log_test "every reason is provoked by some script"
}

run_tests
