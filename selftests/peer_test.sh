#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The short way into the other end of a pair: a frame for a container skips the
# port's end of its pair, unless something there, or at the container's end,
# would notice. Whichever way it takes, it arrives, and all counters are the same.
#
#   h1:eth0 --- h1:vs0:h2 --- h2:eth0

# shellcheck disable=SC2317
ALL_TESTS="short last_of_flood qdisc_on_port mq_on_port tc_egress nft_egress
	tap_on_port tap_on_all features_of_port native_xdp generic_xdp gro rps
	handler_of_peer vlan_of_peer second_tag tags mtu_of_peer mtu_of_port peer_down marks scrubbed
	host_sends moved_netns peer_deleted loop_of_switches"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq ethtool tc nft tcpdump
require_vswitch
load_kind veth macvlan 8021q
star h1 h2 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
COUNT=20

tracing=/sys/kernel/tracing
[ -d $tracing/events ] || tracing=/sys/kernel/debug/tracing
trace=$tracing/instances/peer_test
if ! mkdir "$trace" 2>/dev/null || ! [ -d "$trace/events/net/net_dev_xmit" ]; then
	skip_all "no tracepoint net:net_dev_xmit"
fi
defer rmdir "$trace"
echo 'name == "h2"' > "$trace/events/net/net_dev_xmit/filter"
echo 1 > "$trace/events/net/net_dev_xmit/enable"
defer eval "echo 0 > $trace/events/net/net_dev_xmit/enable"

on_fail()
{
	vsw -s -n "$sw" port show
	ip -n "$sw" -s link show h2
}

# counters: what h2's port and the ends of its pair have counted by now
counters()
{
	printf '%s %s' "$(port_json "$sw" h2 '.stats | "\(.["tx-packets"]) \(.["tx-bytes"]) \(.drops)"')" \
		"$({ ip -n "$sw" -s -j link show h2; ip -n "$h2" -s -j link show eth0; } |
		jq -rs '.[0][0].stats64.tx, .[1][0].stats64.rx | "\(.packets) \(.bytes)"' |
		tr '\n' ' ')"
}

# sent: frames that h2's port has sent since this was asked for the last time
sent()
{
	grep -c 'net_dev_xmit: dev=h2 ' "$trace/trace"
	echo > "$trace/trace"
}

# crosses WAY [OPTION...]: COUNT frames from h1 arrive at h2 by WAY, which is
# short or long, and are counted as ever.
crosses()
{
	local way=$1 before after i length=100 tag=0 expected=0
	local -a less

	shift
	[ "$way" = short ] || expected=$COUNT
	for ((i = 1; i < $#; i++)); do
		case ${!i} in
		-l) length=${*:i+1:1} ;;
		-v) tag=4 ;;	# the outer one is not in the frame, but beside it
		esac
	done
	length=$((length - tag))
	sent >/dev/null
	read -ra before <<< "$(counters)"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -c "$COUNT" "$@" "$h2/eth0=$COUNT"
	read -ra after <<< "$(counters)"
	expect_eq "$(sent)" "$expected" "frames that the port's device sent"
	for i in "${!after[@]}"; do
		less+=($((after[i] - before[i])))
	done
	expect_eq "${less[*]}" \
		"$COUNT $((COUNT * length)) 0 $COUNT $((COUNT * length)) $COUNT $((COUNT * length))" \
		"what the port, its device and the container's have counted"
}

teach()
{
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$M1" "$h1/eth0=1"
}

# toggled WHAT ON... -- OFF...: long while WHAT is on, short before and after
toggled()
{
	local what=$1
	local -a on=()

	shift
	while [ "$1" != -- ]; do
		on+=("$1")
		shift
	done
	shift
	crosses short
	succeeds "${on[@]}"
	crosses long
	succeeds "$@"
	crosses short
	log_test "the long way while there is $what"
}

short()
{
	teach
	crosses short
	crosses short -l 60
	crosses short -l 1514
	log_test "the short way when nobody looks"
}

last_of_flood()
{
	# h3 was attached last and gets the original, h2 a copy.
	sent >/dev/null
	succeeds frame -i "$h1/eth0" -s "$M1" -c "$COUNT" "$h2/eth0=$COUNT" "$h3/eth0=$COUNT"
	expect_eq "$(sent)" "$COUNT" "copies that the port's device sent"
	log_test "copies go the long way, the original of a flood arrives as well"
}

qdisc_on_port()
{
	toggled "a queueing discipline on the port" tc -n "$sw" qdisc add dev h2 root pfifo -- \
		tc -n "$sw" qdisc del dev h2 root
}

mq_on_port()
{
	if [ "$(device_json "$sw" h2 .num_tx_queues)" -lt 2 ]; then
		log_skip "the long way while there is one for each queue" "one CPU, one queue"
		return
	fi
	toggled "one for each queue" tc -n "$sw" qdisc add dev h2 root handle 1: mq -- \
		tc -n "$sw" qdisc del dev h2 root
}

tc_egress()
{
	tc -n "$sw" qdisc add dev h2 clsact
	succeeds tc -n "$sw" filter add dev h2 egress matchall action pass
	crosses long
	tc -n "$sw" qdisc del dev h2 clsact
	crosses short
	log_test "the long way while there is a filter on the port's egress"

	tc -n "$sw" qdisc add dev h2 clsact
	succeeds tc -n "$sw" filter add dev h2 egress matchall action drop
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 5 "$h2/eth0=0"
	tc -n "$sw" qdisc del dev h2 clsact
	crosses short
	log_test "such a filter drops what it shall"
}

nft_egress()
{
	toggled "a netfilter hook on the port's egress" in_ns "$sw" \
		nft 'add table netdev t; add chain netdev t c { type filter hook egress device h2 priority 0; }' -- \
		in_ns "$sw" nft delete table netdev t
}

tap_on_port()
{
	local log

	log=$(mktemp)
	bg ip netns exec "$sw" tcpdump -Z root -lnni h2 > "$log" 2>&1
	wait_for grep -q 'listening on' "$log"
	crosses long
	wait_for eval "[ \$(grep -c '$M1 > $M2\|ethertype' $log) -ge $COUNT ]"
	bg_stop $!
	rm -f "$log"
	crosses short
	log_test "the long way while somebody listens on the port, and sees it"
}

tap_on_all()
{
	local log

	log=$(mktemp)
	bg ip netns exec "$sw" tcpdump -Z root -lnni any > "$log" 2>&1
	wait_for grep -q 'listening on' "$log"
	crosses long
	bg_stop $!
	rm -f "$log"
	crosses short
	log_test "the long way while somebody listens on all devices"
}

features_of_port()
{
	toggled "no checksum offload on the port" in_ns "$sw" ethtool -K h2 tx off -- \
		in_ns "$sw" ethtool -K h2 tx on sg on
}

# xdp MODE: starts a program on the container's end, which has the id $!
xdp()
{
	local log

	log=$(mktemp)
	bg xdppass "$h2/eth0" "$1" > "$log"
	wait_for grep -q ready "$log"
	rm -f "$log"
}

native_xdp()
{
	xdp native
	sent >/dev/null
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -c "$COUNT" "$h2/eth0=$COUNT"
	expect_eq "$(sent)" "$COUNT" "frames that the port's device sent"
	bg_stop $!
	wait_for not eval "ip -n $h2 link show eth0 | grep -q xdp"
	crosses short
	log_test "the long way while the container has a native XDP program"
}

generic_xdp()
{
	xdp generic
	crosses short
	bg_stop $!
	log_test "the short way with a generic XDP program, which the core runs"
}

gro()
{
	in_ns "$h2" ethtool -K eth0 gro on
	sent >/dev/null
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -c "$COUNT" "$h2/eth0=$COUNT"
	expect_eq "$(sent)" "$COUNT" "frames that the port's device sent"
	in_ns "$h2" ethtool -K eth0 gro off
	crosses short
	log_test "the long way while the container wants GRO"
}

rps()
{
	local file=/sys/class/net/eth0/queues/rx-0/rps_cpus

	if ! in_ns "$h2" test -e "$file"; then
		log_skip "the long way while the container steers to CPUs" "no RPS"
		return
	fi
	toggled "steering of the container's packets to CPUs" \
		in_ns "$h2" sh -c "echo 1 > $file" -- in_ns "$h2" sh -c "echo 0 > $file"
}

handler_of_peer()
{
	toggled "a macvlan on the container's end" \
		ip -n "$h2" link add m0 link eth0 type macvlan mode bridge -- \
		ip -n "$h2" link del m0
}

vlan_of_peer()
{
	toggled "a VLAN device on the container's end" \
		ip -n "$h2" link add link eth0 name eth0.10 type vlan id 10 -- \
		ip -n "$h2" link del eth0.10
}

tags()
{
	crosses short -v 10 -l 104
	log_test "the short way with a tag"
}

second_tag()
{
	crosses long -v 88a8:10 -v 20 -l 108
	log_test "the long way with two tags"
}

mtu_of_peer()
{
	local before

	ip -n "$h2" link set eth0 mtu 1000
	crosses short -l 1014
	before=$(port_drops "$sw" h2 tx-refused)
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -l 1100 -c 5 "$h2/eth0=0"
	expect_eq "$(port_drops "$sw" h2 tx-refused)" $((before + 5)) "drops"
	ip -n "$h2" link set eth0 mtu 1500
	crosses short -l 1514
	log_test "what is longer than the container's MTU is refused as ever"
}

mtu_of_port()
{
	local before

	ip -n "$sw" link set h2 mtu 1000
	crosses short -l 1014
	before=$(port_drops "$sw" h2 mtu-exceeded)
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -l 1100 -c 5 "$h2/eth0=0"
	expect_eq "$(port_drops "$sw" h2 mtu-exceeded)" $((before + 5)) "drops"
	ip -n "$sw" link set h2 mtu 1500
	crosses short -l 1514
	log_test "what is longer than the port's MTU is dropped as ever"
}

peer_down()
{
	local before

	ip -n "$h2" link set eth0 down
	wait_for not carrier "$sw" h2
	before=$(port_drops "$sw" h2 port-down)
	succeeds vsw -n "$sw" fdb add "$M2" dev h2 static
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 5
	wait_for eval "[ \$(port_drops $sw h2 port-down) -eq $((before + 5)) ]"
	succeeds vsw -n "$sw" fdb del "$M2" dev h2
	ip -n "$h2" link set eth0 up
	wait_for carrier "$sw" h2
	teach
	crosses short
	log_test "a container whose end is down gets nothing"
}

# What only the sender may know does not reach the other container.
scrubbed()
{
	in_ns "$h1" nft 'add table ip t; add chain ip t c { type filter hook output priority 0; }
		add rule ip t c meta mark set 7 meta priority set 1:3'
	in_ns "$h2" nft 'add table netdev t
		add chain netdev t c { type filter hook ingress device eth0 priority 0; }
		add rule netdev t c ip daddr 192.0.2.2 meta mark 0 counter'
	succeeds in_ns "$h1" ping -q -c 3 -i 0.2 -W 10 192.0.2.2
	expect_eq "$(in_ns "$h2" nft -j list table netdev t | jq '[.. | .counter? | objects | .packets] | add')" \
		3 "packets that came without the sender's mark"
	in_ns "$h1" nft delete table ip t
	in_ns "$h2" nft delete table netdev t
	log_test "marks stay in the sender's container"
}

# Which frames are for the host and which are only seen.
marks()
{
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 3 "$h2/eth0+up=3"
	succeeds vsw -n "$sw" fdb add 02:00:00:00:00:0e dev h2 static
	sent >/dev/null
	succeeds frame -i "$h1/eth0" -s "$M1" -d 02:00:00:00:00:0e -c 3 "$h2/eth0=3"
	expect_eq "$(sent)" 0 "frames that the port's device sent"
	succeeds in_ns "$h1" ping -q -c 2 -i 0.2 -W 10 192.0.2.2
	succeeds vsw -n "$sw" fdb del 02:00:00:00:00:0e dev h2
	log_test "frames for the container and for others behind it"
}

host_sends()
{
	sent >/dev/null
	succeeds frame -i "$sw/vs0" -s 02:00:00:00:02:01 -d "$M2" -c "$COUNT" "$h2/eth0=$COUNT"
	expect_eq "$(sent)" "$COUNT" "frames that the port's device sent"
	log_test "what the host sends goes the long way"
}

moved_netns()
{
	local other

	setup_ns other
	ip -n "$h2" link set eth0 netns "$other"
	ip -n "$other" link set eth0 up
	wait_for carrier "$sw" h2
	succeeds frame -i "$other/eth0" -s "$M2" -d "$M1" "$h1/eth0=1"
	sent >/dev/null
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -c "$COUNT" "$other/eth0=$COUNT"
	expect_eq "$(sent)" 0 "frames that the port's device sent"
	ip -n "$other" link set eth0 netns "$h2"
	ip -n "$h2" -b - <<-END
		link set eth0 up
		addr add 192.0.2.2/24 dev eth0
	END
	wait_for carrier "$sw" h2
	teach
	crosses short
	log_test "the short way leads wherever the container's end is"
}

peer_deleted()
{
	local i

	bg frame -i "$h1/eth0" -s "$M1" -d 02:00:00:00:00:44 -c 0 -p 1000
	for ((i = 0; i < 20; i++)); do
		ip -n "$sw" link add h4 type veth peer name p4 address 02:00:00:00:00:44 netns "$h3"
		ip -n "$sw" link set h4 up master vs0
		ip -n "$h3" link set p4 up
		wait_for carrier "$sw" h4
		ip -n "$h3" link del p4
	done
	bg_stop $!
	fails ip -n "$sw" link show h4
	crosses short
	log_test "containers' ends deleted under traffic"
}

# Two switches joined by two pairs pass a broadcast round for ever. It must not
# keep a CPU from doing anything else.
loop_of_switches()
{
	ip -n "$sw" -b - <<-END
		link add vs1 type vswitch
		link set vs1 up
		link add a0 type veth peer name a1
		link add b0 type veth peer name b1
		link set a0 master vs0 up
		link set a1 master vs1 up
		link set b0 master vs0 up
		link set b1 master vs1 up
	END
	wait_for carrier "$sw" b0
	succeeds frame -i "$h1/eth0" -s "$M1"
	succeeds ip -n "$sw" link del b0
	ip -n "$sw" link del a0
	ip -n "$sw" link del vs1
	vsw -n "$sw" fdb flush switch vs0 >/dev/null
	succeeds frame -i "$h1/eth0" -s "$M1" "$h2/eth0=1"
	teach
	crosses short
	log_test "a loop of switches leaves the machine alive"
}

run_tests
