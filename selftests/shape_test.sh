#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Classes with real sockets: rates of both directions and of what is forwarded, carried by
# the fast path or not, shares, latency beside a class that takes all, what is dropped, marked
# and dated, quotas, live changes, and what becomes of what waits when its device or its class
# goes. The topology is the star of router_lib.sh with one host; shape.py sends and counts.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="forwarded own_traffic shares quiet_beside_busy polices marks quota_slows live_change
	device_goes namespace_goes fq_dates dscp_and_matches many_classes shown refusals ranges"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"
# shellcheck source=shape_lib.sh
. "$(dirname "$0")/shape_lib.sh"

require_command jq python3
require_vrouter
load_kind veth
router_star 1 || exit 1

on_fail()
{
	router_vsw -s shape show
}

shape()
{
	succeeds router_vsw shape "$@"
}

# of NAME FILTER: what jq makes of the class
of()
{
	router_vsw -j -s shape show "$1" | jq -r ".[0] | $2"
}

# Of a second that ends a moment after the last packet.
shows_rate()
{
	stream "$b1" "$client" 10.0.9.1 1 7000:12000:1000
	shown=$(of b1 '.["stats-out"].rate')
	is_near 3400000 "$shown" 25
}

forwarded()
{
	local carried shown

	shape add b1 match address 10.0.1.1 rate 4M burst 40000
	has_rate 4000 "$client" "$b1" 10.0.1.1
	expect_ge "$(of b1 '.["stats-in"].dropped')" 1 "dropped on the way in"
	expect_ge "$(of b1 '.["stats-in"].delayed')" 100 "delayed on the way in"
	has_rate 4000 "$b1" "$client" 10.0.9.1
	expect_ge "$(of b1 '.["stats-out"].delayed')" 100 "delayed on the way out"
	eventually shows_rate
	check_err $? "the rate that is shown: $shown"
	carried=$(router_vsw -j router | jq '.[0]."carried-packets"')
	expect_ge "$carried" 500 "packets that the fast path carried"
	succeeds router_vsw router set fast-path off
	has_rate 4000 "$client" "$b1" 10.0.1.1
	expect_eq "$(router_vsw -j router | jq '.[0]."carried-packets"')" "$carried" "carried afterwards"
	flush_router
	log_test "what is forwarded has its rate in each direction"
}

own_traffic()
{
	shape add mine rate 4M burst 40000
	has_rate 4000 "$router" "$client" 10.0.9.1
	has_rate 4000 "$client" "$router" 10.0.9.254
	expect_ge "$(of mine '.["stats-in"].delayed')" 100 "delayed on the way in"
	flush_router
	log_test "what the host itself sends and gets has its rate"
}

# Each wanted rate, of what two that want all got.
share()
{
	stream "$client" "$b1" 10.0.1.1 1 7001:12000:1000 7002:12000:1000
	is_near 2000 "$(field 1 "${line[0]}")" 5 && is_near 6000 "$(field 1 "${line[1]}")" 5
}

takes_all()
{
	stream "$client" "$b1" 10.0.1.1 0.5 7001:12000:1000
	is_near 8000 "$(field 1 "${line[0]}")" 4
}

shares()
{
	shape add all rate 8M
	shape add small parent all match proto udp peer-port 7001 rate 1M ceil 8M
	shape add large parent all match proto udp peer-port 7002 rate 3M ceil 8M
	eventually share
	check_err $? "of 8000 kbit/s 1:3 +- 5 %: $(field 1 "${line[0]}") and $(field 1 "${line[1]}")"
	eventually takes_all
	check_err $? "alone, of what is idle, 8000 +- 4 %: $(field 1 "${line[0]}")"
	flush_router
	log_test "two classes share 1:3, and one alone has all"
}

# The bar is 2 ms; a debug kernel needs some more, and behind the other it is 100 ms.
is_quick()
{
	stream "$client" "$b1" 10.0.1.1 0.6 7002:80:200
	alone=$(field 2 "${line[0]}")
	stream "$client" "$b1" 10.0.1.1 1 7001:24000:1000 7002:80:200
	echo "# nine of ten packets: alone $alone ms, beside the other $(field 2 "${line[1]}") ms"
	[ "$(jq -n "$(field 2 "${line[1]}") <= $alone + 4")" = true ]
}

quiet_beside_busy()
{
	local alone

	shape add all rate 20M
	shape add busy parent all match proto udp peer-port 7001 rate 15M ceil 20M prio 1
	shape add quiet parent all match proto udp peer-port 7002 rate 5M ceil 20M
	eventually is_quick
	check_err $? "the quiet class waits $(field 2 "${line[1]}") ms, alone $alone"
	expect_eq "$(field 3 "${line[1]}")" "$(field 4 "${line[1]}")" "packets of the quiet one"
	expect_ge "$(of busy '.["stats-out"].delayed')" 100 "delayed of the busy one"
	flush_router
	log_test "a quiet class does not wait behind a busy one"
}

polices()
{
	shape add b1 match address 10.0.1.1 rate 4M mode police burst 20000
	has_rate 4000 "$client" "$b1" 10.0.1.1
	expect_eq "$(of b1 '.["stats-in"].delayed')" 0 "delayed"
	expect_ge "$(of b1 '.["stats-in"].dropped')" 100 "dropped"
	flush_router
	log_test "mode police drops instead of waiting"
}

marks()
{
	shape add b1 match address 10.0.1.1 rate 1M mode mark
	stream "$client" "$b1" 10.0.1.1 1 7000:3000:1000
	expect_ge "$(field 5 "${line[0]}")" 50 "packets with congestion experienced"
	expect_eq "$(field 3 "${line[0]}")" "$(field 4 "${line[0]}")" "packets that arrived"
	expect_ge "$(of b1 '.["stats-in"].marked')" 50 "marked"
	flush_router
	log_test "mode mark tells the sender and drops nothing"
}

# Whether a period has begun or its quota is used up, a packet decides.
slow_is()
{
	stream "$client" "$b1" 10.0.1.1 0 "7000:$2:1000"
	[ "$(of b1 .slow)" = "$1" ]
}

quota_slows()
{
	shape add b1 match address 10.0.1.1 rate 8M quota 100000 period 1h slow-rate 1M
	stream "$client" "$b1" 10.0.1.1 0.2 7000:6000:1000
	expect_eq "$(of b1 .slow)" true "the quota is used up"
	has_rate 1000 "$client" "$b1" 10.0.1.1
	shape set b1 quota 10000 period 2s
	wait_for slow_is true 1000
	wait_for slow_is false 80
	shape set b1 quota 0
	expect_eq "$(of b1 '[.slow, .quota, .period] | @csv')" ,, "of a quota that is none any more"
	flush_router
	log_test "a quota slows a class until its period is over"
}

nothing_waits()
{
	[ "$(of b1 '.["stats-in"]["backlog-packets"]')" -eq 0 ]
}

live_change()
{
	shape add b1 match address 10.0.1.1 rate 1k
	stream "$client" "$b1" 10.0.1.1 0 7000:1000:1000
	expect_ge "$(of b1 '.["stats-in"]["backlog-packets"]')" 1 "packets that wait"
	shape set b1 rate 4M burst 40000
	busywait 2 nothing_waits
	check_err $? "what waited does not go by the new rate"
	has_rate 4000 "$client" "$b1" 10.0.1.1
	shape set b1 rate 1k
	stream "$client" "$b1" 10.0.1.1 0 7000:1000:1000
	shape delete b1
	stream "$client" "$b1" 10.0.1.1 0 7000:1000:1000
	expect_eq "$(field 3 "${line[0]}")" "$(field 4 "${line[0]}")" "packets without the class"
	flush_router
	log_test "a class changes and goes while packets wait in it"
}

device_goes()
{
	shape add b1 match address 10.0.1.1 rate 1k
	stream "$client" "$b1" 10.0.1.1 0 7000:1000:1000
	expect_ge "$(of b1 '.["stats-in"]["backlog-packets"]')" 1 "packets that wait"
	ip -n "$router" link set b1 down
	expect_eq "$(of b1 '.["stats-in"]["backlog-packets"]')" 0 "packets of a device that is down"
	ip -n "$router" -b - <<-END
		link set b1 up
		addr replace 2001:db8:1::fe/64 dev b1 nodad
		neigh replace 10.0.1.1 lladdr 02:00:00:00:00:01 dev b1
	END
	flush_router
	log_test "what waits for a device goes with it"
}

uses()
{
	cat /sys/module/vrouter/refcnt
}

uses_are()
{
	[ "$(uses)" -eq "$1" ]
}

namespace_goes()
{
	local before

	before=$(uses)
	setup_ns lone
	ip -n "$lone" -b - <<-END
		link add d0 type dummy
		link set d0 up
		addr add 10.7.7.1/24 dev d0
		neigh add 10.7.7.2 lladdr 02:00:00:00:07:02 dev d0
	END
	succeeds vsw -n "$lone" shape add out rate 1k
	# More than the burst, of somebody who is gone.
	# shellcheck disable=SC2016 # that shell expands it
	in_ns "$lone" bash -c 'for ((i = 0; i < 150; i++)); do echo $i >/dev/udp/10.7.7.2/9; done'
	expect_ge "$(vsw -n "$lone" -j -s shape show out | jq '.[0]["stats-out"]["backlog-packets"]')" 20 \
		"packets that wait"
	expect_eq "$(vsw -n "$lone" -j router | jq -c '.[0] | [.shapes, ."in-use"]')" '[1,true]' \
		"classes, and whether the router is in use"
	refused "in use" rmmod vrouter
	# Their sockets keep it until they have left, as in any queue.
	cleanup_ns "$lone"
	wait_for uses_are "$before"
	log_test "a network namespace goes when what waits in it has left; until then the module stays"
}

fq_dates()
{
	tc -n "$router" qdisc replace dev b1 root fq 2>/dev/null || {
		log_skip "the kernel has no fq"
		return
	}
	shape add b1 match address 10.0.1.1 rate 4M
	stream "$client" "$b1" 10.0.1.1 1 7000:3600:1000
	expect_eq "$(of b1 '.["stats-in"]["backlog-packets"]')" 0 "packets that wait here"
	flush_router
	# fq drops what it is to hold for ten seconds, or more than 100 of a flow.
	shape add b1 match address 10.0.1.1 rate 4M burst 40000 limit 400000
	has_rate 4000 "$client" "$b1" 10.0.1.1
	# Each time that a flow waits counts, for one packet or all that have come meanwhile.
	expect_ge "$(tc -n "$router" -j -s qdisc show dev b1 | jq '.[0].throttled // 0')" 1 \
		"times that fq held what was not due"
	flush_router
	shape add b1 match address 10.0.1.1 rate 16k
	stream "$client" "$b1" 10.0.1.1 0 7000:2000:1000
	expect_eq "$(tc -n "$router" -j -s qdisc show dev b1 | jq '.[0].drops')" 0 "packets that fq dropped"
	expect_ge "$(of b1 '.["stats-in"]["backlog-packets"]')" 30 "packets that wait here"
	tc -n "$router" qdisc del dev b1 root
	flush_router
	log_test "where there is fq, it holds what has its time soon"
}

dscp_and_matches()
{
	shape add other match proto udp peer-port 7009 rate 1G
	shape add ef match dscp ef rate 1G order 1
	shape add set match proto udp peer-port 7000-7008 rate 1G dscp af21
	stream "$client" "$b1" 10.0.1.1 0 7000:200:200 7009:200:200
	expect_eq "$(field 6 "${line[0]}")" $((18 * 4 + 2)) "TOS that a class sets"
	expect_eq "$(field 6 "${line[1]}")" 2 "TOS that no class sets"
	expect_ge "$(of other '.["stats-out"].packets')" 1 "packets of the class by port"
	expect_eq "$(of ef '.["stats-out"].packets')" 0 "packets of the class by DSCP"
	flush_router
	log_test "classes match, and set the DSCP"
}

# Where there are many, what was found is remembered, until it is found no more.
many_classes()
{
	local i

	for i in {1..8}; do
		shape add "c$i" match proto udp peer-port "800$i" rate 1G
	done
	shape add last match proto udp rate 1G
	succeeds router_vsw router set fast-path off
	stream "$client" "$b1" 10.0.1.1 0 7000:200:200 8008:200:200
	expect_eq "$(packets_of last) $(packets_of c8) $(packets_of c7)" "some some none" "of each class"
	shape add first match proto udp peer-port 7000 rate 1G order 1
	stream "$client" "$b1" 10.0.1.1 0 7000:200:200
	expect_eq "$(packets_of first)" some "of one that comes before"
	shape add child parent first match proto udp peer-port 7000-7001 rate 1G order 1
	stream "$client" "$b1" 10.0.1.1 0 7000:200:200
	expect_eq "$(packets_of child)" some "of its child"
	shape delete child
	shape set first order 2000
	shape delete last
	shape add last match proto udp peer-port 7000 rate 1G
	stream "$client" "$b1" 10.0.1.1 0 7000:200:200
	expect_eq "$(packets_of last)" some "of another one of that name"
	expect_eq "$(router_vsw -j router | jq '.[0].shapes')" 10 "classes of the router"
	flush_router
	log_test "among many classes, too, a packet is of the first that matches now"
}

# packets_of CLASS: some or none that went out
packets_of()
{
	[ "$(of "$1" '.["stats-out"].packets')" -gt 0 ] && echo some || echo none
}

shown()
{
	shape add web match address 10.0.1.0/24 mark 0x10/0xf0 rate 50M ceil 100M burst 100k prio 2 dscp af21
	expect_eq "$(of web '[.rate, .ceil, .burst, .prio, ."set-dscp", ."match-mark", .mode] | @csv')" \
		'50000000,100000000,102400,2,"af21",16,"pace"' "what was set"
	[[ $(router_vsw shape show web) == *"address 10.0.1.0/24 mark 0x10/0xf0"*50M*100M*100K*af21* ]]
	check_err $? "shown: $(router_vsw shape show web)"
	flush_router
	expect_eq "$(router_vsw -j shape show)" "[]" "classes after a flush"
	log_test "classes are shown as they were set"
}

refusals()
{
	shape add a rate 10M
	refused "class of this name" router_vsw shape add a rate 1M
	refused "no class of the parent" router_vsw shape add b parent x rate 1M
	refused "less than its children" router_vsw shape add b parent a rate 11M
	shape add b parent a rate 6M
	refused "less than its children" router_vsw shape add c parent a rate 5M
	refused "guaranteed more" router_vsw shape set a rate 5M
	refused "has children" router_vsw shape delete a
	refused "below the rate" router_vsw shape set b ceil 1M
	refused "1 kbit/s" router_vsw shape add c rate 999
	refused "need a protocol" router_vsw shape add c match port 80 rate 1M
	refused "quota" router_vsw shape add c rate 1M slow-rate 1M
	refused "no class of this name" router_vsw shape delete c
	flush_router
	log_test "what can't be is refused with a sentence"
}

# What a request may say at all, and at what it ends.
ranges()
{
	local long

	long=$(printf 'n%.0s' {1..70})
	shape add all rate 1T
	refused "1 kbit/s" router_vsw shape add c rate 1001G
	refused "1 kbit/s" router_vsw shape add c rate 1k ceil 2T
	refused "1 kbit/s" router_vsw shape add c rate 0
	refused "below the rate" router_vsw shape add c rate 2M ceil 1M
	refused "above the ceiling" router_vsw shape add c rate 1M quota 1M period 1s slow-rate 2M
	refused "too long" router_vsw shape add "$long" rate 1M
	refused "empty" router_vsw shape add "" rate 1M
	refused "rate" router_vsw shape add c
	# Nobody is his own parent, and whose a class is, is said once.
	refused "no class of the parent" router_vsw shape add c rate 1M parent c
	refused "parent" router_vsw shape set all parent all
	refused "same direction" router_vsw shape add c rate 1M parent all direction out
	refused "prio" router_vsw shape add c rate 1M prio 8
	refused "burst" router_vsw shape add c rate 1M burst 2G
	refused "between 1 and 32" router_vsw shape add c match address 10.0.0.0/33 rate 1M
	refused "bits behind" router_vsw shape add c match address 10.0.0.1/24 rate 1M
	refused "one family" router_vsw shape add c match address 10.0.0.0/24 peer 2001:db8::/32 rate 1M
	refused "a range goes up" router_vsw shape add c match proto tcp port 90-80 rate 1M
	refused "mark" router_vsw shape add c match mark 0x11/0x10 rate 1M
	refused "no cgroup" router_vsw shape add c match cgroup 999999999 rate 1M
	expect_eq "$(router_vsw -j shape show | jq length)" 1 "classes after all that"
	flush_router
	log_test "what is out of range is refused, and leaves nothing"
}

run_tests
