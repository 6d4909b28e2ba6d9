#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Classes with real sockets: rates of both directions and of what is forwarded, carried by
# the fast path or not, shares, latency beside a class that takes all, what is dropped, marked
# and dated, quotas, live changes, and what becomes of what waits when its device or its class
# goes. The topology is the star of router_lib.sh with one host; shape.py sends and counts.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="forwarded own_traffic shares quiet_beside_busy polices marks quota_slows live_change
	device_goes fq_dates dscp_and_matches shown refusals"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

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

# stream FROM TO ADDRESS SECONDS STREAM...: as shape.py, whose lines are in $line
stream()
{
	mapfile -t line < <(python3 "$(dirname "$0")/shape.py" "$@")
	[ "${#line[@]}" -eq $(($# - 4)) ]
	check_err $? "shape.py $* printed ${#line[@]} lines"
}

# field N LINE
field()
{
	local words

	read -ra words <<<"$2"
	echo "${words[$1 - 1]:-0}"
}

# near WANTED GOT PERCENT WHAT
near()
{
	[ $(($2 * 100)) -ge $(($1 * (100 - $3))) ] && [ $(($2 * 100)) -le $(($1 * (100 + $3))) ]
	check_err $? "$4: $2, wanted $1 +- $3 %"
}

# has_rate KBIT FROM TO ADDRESS [SECONDS]: of three times as much it lets that through
has_rate()
{
	stream "$2" "$3" "$4" "${5:-1}" "7000:$(($1 * 3)):1000"
	near "$1" "$(field 1 "${line[0]}")" 4 "kbit/s from $2 to $4"
}


forwarded()
{
	local carried

	shape add b1 match address 10.0.1.1 rate 4M burst 40000
	has_rate 4000 "$client" "$b1" 10.0.1.1
	expect_ge "$(of b1 '.["stats-in"].dropped')" 1 "dropped on the way in"
	expect_ge "$(of b1 '.["stats-in"].delayed')" 100 "delayed on the way in"
	has_rate 4000 "$b1" "$client" 10.0.9.1
	expect_ge "$(of b1 '.["stats-out"].delayed')" 100 "delayed on the way out"
	# Of a second that ends a moment after the last packet.
	near 3400000 "$(of b1 '.["stats-out"].rate')" 25 "the rate that is shown"
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

shares()
{
	shape add all rate 8M burst 80000
	shape add small parent all match proto udp peer-port 7001 rate 1M ceil 8M burst 80000
	shape add large parent all match proto udp peer-port 7002 rate 3M ceil 8M burst 80000
	stream "$client" "$b1" 10.0.1.1 2 7001:12000:1000 7002:12000:1000
	near 2000 "$(field 1 "${line[0]}")" 5 "the smaller one of 1:3"
	near 6000 "$(field 1 "${line[1]}")" 5 "the larger one of 1:3"
	stream "$client" "$b1" 10.0.1.1 1 7001:12000:1000
	near 8000 "$(field 1 "${line[0]}")" 4 "alone, of what is idle"
	flush_router
	log_test "two classes share 1:3, and one alone has all"
}

quiet_beside_busy()
{
	local alone

	shape add all rate 20M
	shape add busy parent all match proto udp peer-port 7001 rate 15M ceil 20M prio 1
	shape add quiet parent all match proto udp peer-port 7002 rate 5M ceil 20M
	stream "$client" "$b1" 10.0.1.1 1 7002:80:200
	alone=$(field 2 "${line[0]}")
	stream "$client" "$b1" 10.0.1.1 2 7001:24000:1000 7002:80:200
	expect_eq "$(field 3 "${line[1]}")" "$(field 4 "${line[1]}")" "packets of the quiet one"
	echo "# nine of ten packets: alone $alone ms, beside the other $(field 2 "${line[1]}") ms"
	# The bar is 2 ms; a debug kernel needs some more, and behind the other it is 100 ms.
	[ "$(jq -n "$(field 2 "${line[1]}") <= $alone + 4")" = true ]
	check_err $? "the quiet class waits $(field 2 "${line[1]}") ms, alone $alone"
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

# A packet comes in the next period.
is_over()
{
	stream "$client" "$b1" 10.0.1.1 0 7000:80:1000
	[ "$(of b1 .slow)" = false ]
}

quota_slows()
{
	shape add b1 match address 10.0.1.1 rate 8M quota 200000 period 6s slow-rate 1M
	stream "$client" "$b1" 10.0.1.1 1 7000:6000:1000
	expect_eq "$(of b1 .slow)" true "the quota is used up"
	near 1000 "$(field 1 "${line[0]}")" 15 "kbit/s beyond the quota"
	busywait 8 is_over
	check_err $? "the next period does not begin"
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

fq_dates()
{
	tc -n "$router" qdisc replace dev b1 root fq 2>/dev/null || {
		log_skip "the kernel has no fq"
		return
	}
	shape add b1 match address 10.0.1.1 rate 4M
	stream "$client" "$b1" 10.0.1.1 1 7000:3600:1000
	expect_eq "$(of b1 '.["stats-in"]["backlog-packets"]')" 0 "packets that wait here"
	expect_ge "$(tc -n "$router" -j -s qdisc show dev b1 | jq '.[0].throttled // 0')" 50 \
		"packets that fq held"
	flush_router
	# fq drops what it is to hold for ten seconds, or more than 100 of a flow.
	shape add b1 match address 10.0.1.1 rate 4M burst 40000 limit 400000
	has_rate 4000 "$client" "$b1" 10.0.1.1
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

run_tests
