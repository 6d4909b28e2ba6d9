#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a network device owes who uses it, of a vnic: counters, offloads, taps, lists of
# addresses, traffic control and XDP. The topology is the star of lib.sh; h2 and h3
# have vnics, h1 and h0, which is not used, have veth:
#
#   h1:eth0 --- h1:vs0 --- h2:eth0
#                   :----- h3:eth0

# shellcheck disable=SC2317
ALL_TESTS="counters offloads taps address_lists tc_drop tc_redirect xdp"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq ethtool tcpdump
require_vswitch
load_kind veth dummy
modprobe -qa sch_ingress cls_matchall act_gact act_mirred
ADAPTERS=mixed star h1 h2 h0 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
M3=02:00:00:00:00:04
NOBODY=02:00:00:00:0f:0f

on_fail()
{
	vsw -s -n "$sw" port show
	ip -n "$h2" -d -s link show dev eth0
}

# to_h2, from_h2: frames between it and h1, and between it and h3, by the two ways in
# which frames get to a vnic: by a device that received them and by one that sent them
to_h2()
{
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 5 "$@"
	succeeds frame -i "$h3/eth0" -s "$M3" -d "$M2" -c 5 "$@"
}

from_h2()
{
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$M1" -c 5 "$h1/eth0=5"
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$M3" -c 5 "$h3/eth0=5"
}

# learned: each is known where it is
learned()
{
	succeeds frame -i "$h1/eth0" -s "$M1" "$h2/eth0=1"
	succeeds frame -i "$h2/eth0" -s "$M2" "$h1/eth0=1"
	succeeds frame -i "$h3/eth0" -s "$M3" "$h2/eth0=1"
}

link_counters()
{
	ip -n "$h2" -s -j link show dev eth0 |
		jq -r '.[0].stats64 | "\(.rx.packets) \(.rx.bytes) \(.tx.packets) \(.tx.bytes) \(.tx.dropped)"'
}

# ethtool_counter NAME
ethtool_counter()
{
	in_ns "$h2" ethtool -S eth0 | sed -n "s/^ *$1: //p"
}

counters()
{
	local before after received dropped

	learned
	read -ra before < <(link_counters)
	received=$(ethtool_counter rx_packets)
	dropped=$(ethtool_counter drop_reserved_address)
	to_h2 "$h2/eth0=5"
	from_h2
	succeeds frame -i "$h2/eth0" -s "$M2" -d 01:80:c2:00:00:01 -c 2 "$h1/eth0=0"
	read -ra after < <(link_counters)
	expect_eq "$((after[0] - before[0])) $((after[1] - before[1]))" "10 1000" "received"
	expect_eq "$((after[2] - before[2])) $((after[3] - before[3]))" "12 1200" "sent"
	expect_eq "$((after[4] - before[4]))" 2 "dropped"
	# The port's, so what the switch received is what the device sent.
	expect_eq "$(ethtool_counter rx_packets)" $((received + 12)) "rx_packets of ethtool"
	expect_eq "$(ethtool_counter drop_reserved_address)" $((dropped + 2)) "drop_reserved_address of ethtool"
	expect_eq "$(in_ns "$h2" ethtool -i eth0 | sed -n 's/^driver: //p')" vnic "driver"
	log_test "ip -s and ethtool -S show what the vnic sent and got, and what was dropped"
}

# feature NAME on|off: so it says of itself
feature()
{
	[[ "$(in_ns "$h2" ethtool -k eth0)" == *$'\n'"$1: $2"* ]]
	check_err $? "$1 is not $2"
}

# stream_has PATTERN: stream(1) from h2 to h1 says so of its packets
stream_has()
{
	local out

	out=$(stream tcp -c "$h2/192.0.2.2" -o "$h2/eth0" -s "$h1/192.0.2.1" -r "$h1/eth0" -n $((1 << 20)) 2>&1)
	check_err $? "$out"
	# shellcheck disable=SC2053  # a pattern
	[[ "$out " == $1 ]]
	check_err $? "not as '$1': $out"
}

offloads()
{
	local name

	for name in tx-checksumming scatter-gather tcp-segmentation-offload \
		generic-segmentation-offload generic-receive-offload rx-checksumming; do
		feature "$name" on
	done
	stream_has "* big [1-9]* whole 0 *"
	log_test "a vnic sends big packets, whose checksums are left to others"
	succeeds in_ns "$h2" ethtool -K eth0 tso off gso off
	feature tcp-segmentation-offload off
	stream_has "* big 0 *"
	succeeds in_ns "$h2" ethtool -K eth0 tx off
	stream_has "* whole [1-9]* *"
	succeeds in_ns "$h2" ethtool -K eth0 sg off
	feature scatter-gather off
	stream_has "*"
	succeeds in_ns "$h2" ethtool -K eth0 sg on tx on tso on gso on
	stream_has "* big [1-9]* whole 0 *"
	log_test "a vnic's offloads go off and on"
}

# tapped DIRECTION COMMAND...: tcpdump in h2 sees 5 frames of the test in that direction
tapped()
{
	local log pid

	log=$(mktemp)
	bg timeout "$WAIT" ip netns exec "$h2" tcpdump -i eth0 -nn -c 5 -Q "$1" "ether proto 0x88b5" \
		2>"$log" >/dev/null
	pid=$!
	wait_for grep -q "listening on" "$log"
	"${@:2}" >/dev/null
	wait "$pid"
	check_err $? "no 5 frames $1 by '${*:2}'"
	rm "$log"
}

taps()
{
	learned
	tapped in frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 5
	tapped in frame -i "$h3/eth0" -s "$M3" -d "$M2" -c 5
	tapped in frame -i "$h1/eth0" -s "$M1" -d "$NOBODY" -c 5
	tapped out frame -i "$h2/eth0" -s "$M2" -d "$M1" -c 5
	tapped out frame -i "$h2/eth0" -s "$M2" -d 01:80:c2:00:00:01 -c 5
	log_test "tcpdump in the container shows what it gets and what it sends"
}

address_lists()
{
	learned
	# The switch gives it all that there is for it; these are for the stack.
	expect_eq "$(device_json "$h2" eth0 .promiscuity)" 0 "promiscuity"
	to_h2 "$h2/eth0+up=5"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$NOBODY" -c 3 "$h2/eth0=3"
	succeeds ip -n "$h2" -b - <<-END
		link set eth0 promisc on
		link set eth0 allmulticast on
		maddr add 01:00:5e:01:02:03 dev eth0
	END
	expect_eq "$(device_json "$h2" eth0 '.promiscuity, .allmulti' | xargs)" "1 1" "promiscuity and allmulti"
	[[ $(ip -n "$h2" maddr show dev eth0) == *01:00:5e:01:02:03* ]]
	check_err $? "no multicast address"
	succeeds frame -i "$h1/eth0" -s "$M1" -d 01:00:5e:01:02:03 -c 3 "$h2/eth0+up=3"
	succeeds ip -n "$h2" -b - <<-END
		link set eth0 promisc off
		link set eth0 allmulticast off
		maddr del 01:00:5e:01:02:03 dev eth0
	END
	expect_eq "$(device_json "$h2" eth0 '.promiscuity, .allmulti' | xargs)" "0 0" "promiscuity and allmulti then"
	from_h2
	log_test "promiscuous and multicast lists"
}

tc_drop()
{
	learned
	succeeds tc -n "$h2" qdisc add dev eth0 clsact
	succeeds tc -n "$h2" filter add dev eth0 egress matchall action drop
	# frame(1) would try again: the sender is told.
	fails in_ns "$h2" ping -q -c 1 -W 1 192.0.2.1
	fails in_ns "$h2" ping -q -c 1 -W 1 192.0.2.4
	to_h2 "$h2/eth0+up=5"
	succeeds tc -n "$h2" filter del dev eth0 egress
	succeeds tc -n "$h2" filter add dev eth0 ingress matchall action drop
	from_h2
	to_h2 "$h2/eth0=5" "$h2/eth0+up=0"
	succeeds tc -n "$h2" qdisc del dev eth0 clsact
	from_h2
	to_h2 "$h2/eth0+up=5"
	log_test "tc drops on ingress and egress"
}

tc_redirect()
{
	local sent

	learned
	ip -n "$h2" link add d0 type dummy
	# It would have frames of its own.
	in_ns "$h2" sysctl -qw net.ipv6.conf.d0.disable_ipv6=1
	ip -n "$h2" link set d0 up
	succeeds tc -n "$h2" qdisc add dev eth0 clsact
	succeeds tc -n "$h2" filter add dev eth0 ingress matchall action mirred egress redirect dev d0
	sent=$(ip -n "$h2" -s -j link show dev d0 | jq '.[0].stats64.tx.packets')
	to_h2 "$h2/eth0+up=0"
	expect_eq "$(ip -n "$h2" -s -j link show dev d0 | jq '.[0].stats64.tx.packets')" $((sent + 10)) \
		"frames that went on to the other device"
	succeeds tc -n "$h2" filter del dev eth0 ingress
	succeeds tc -n "$h2" filter add dev eth0 egress matchall action mirred ingress redirect dev d0
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$M1" -c 5 "$h1/eth0=0" "$h2/d0=5"
	succeeds tc -n "$h2" qdisc del dev eth0 clsact
	ip -n "$h2" link del d0
	log_test "tc redirects what comes and what goes"
}

xdp()
{
	local log pid

	learned
	log=$(mktemp)
	defer rm -f "$log"
	bg xdppass "$h2/eth0" generic drop > "$log"
	pid=$!
	wait_for grep -q ready "$log"
	to_h2 "$h2/eth0=0" "$h2/eth0+up=0"
	from_h2
	bg_stop "$pid"
	to_h2 "$h2/eth0+up=5"
	log_test "generic XDP drops what comes"
}

run_tests
