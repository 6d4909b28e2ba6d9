#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Random packets through services, published ports, masquerade and plain forwarding, with the
# fast path and without: the same has to come out. Two routers are alike in all but that; who
# sends and gets is router_fuzz.py, which has all four ends of $wire.
#
#   +-- $wire --+      +-- $on ----+          +-- $wire --+      +-- $off ---+
#   |        ca ------ c           |          |        cb ------ c           |
#   |        ba ------ b           |          |        bb ------ b           |
#   +-----------+      +-----------+          +-----------+      +-----------+
#
# FUZZ_PACKETS says how many, FUZZ_SEED which ones.

# shellcheck disable=SC2317
ALL_TESTS="alike carried still_works"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

require_command jq python3
require_vrouter
load_kind veth
setup_ns wire on off
# shellcheck disable=SC2154
: "$wire" "$on" "$off"
packets=${FUZZ_PACKETS:-2500}
seed=${FUZZ_SEED:-$RANDOM}

# side NETNS LETTER DEVICE NUMBER: DEVICE of a router, to the network of this number
side()
{
	ip -n "$1" -b - <<-END &&
		link add name $3 address 02:00:00:00:02:0$4 type veth peer name $3$2 netns $wire
		link set dev $3 addrgenmode none
		link set dev $3 up
		addr add 10.0.$4.254/24 dev $3
		addr add 2001:db8:$4::fe/64 dev $3 nodad
		neigh replace 10.0.$4.1 lladdr 02:00:00:00:00:0$4 dev $3
		neigh replace 2001:db8:$4::1 lladdr 02:00:00:00:00:0$4 dev $3
	END
		ip -n "$wire" link set dev "$3$2" addrgenmode none &&
		ip -n "$wire" link set dev "$3$2" up
}

# a_router NETNS LETTER
a_router()
{
	# What differs between a packet that is carried and one that is not: conntrack of TCP
	# looks at its window. And nothing is limited in time, or given up after some.
	modprobe -q -a nf_conntrack sctp
	in_ns "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0 net.ipv4.ipfrag_time=600 \
		net.ipv6.ip6frag_time=600
	side "$1" "$2" c 9 && side "$1" "$2" b 1 || return
	vsw -n "$1" -batch - <<-END || return
		service add web 203.0.113.1:80
		backend add web 10.0.1.1:8080
		service add dns 203.0.113.1:53 proto udp
		backend add dns 10.0.1.1:5353
		service add web6 [2001:db8:ff::1]:80
		backend add web6 [2001:db8:1::1]:8080
		service add dns6 [2001:db8:ff::1]:53 proto udp
		backend add dns6 [2001:db8:1::1]:5353
		service add sig 203.0.113.1:90 proto sctp
		backend add sig 10.0.1.1:9090
		publish add 8080 to 10.0.1.1:80
		publish add 5000/udp to [2001:db8:1::1]:5001
		nat add masquerade family ipv4 out c
	END
	in_ns "$1" sysctl -qw net.netfilter.nf_conntrack_tcp_be_liberal=1 \
		net.netfilter.nf_conntrack_frag6_timeout=600
}

# Who has no route is told only so often, and a router that is a tick late at another time. All
# namespaces have one setting.
error_cost=$(sysctl -n net.ipv4.route.error_cost)
defer sysctl -qw "net.ipv4.route.error_cost=$error_cost"
sysctl -qw net.ipv4.route.error_cost=0

in_ns "$wire" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
a_router "$on" a || exit 1
a_router "$off" b || exit 1
vsw -n "$on" router set fast-path on
vsw -n "$off" router set fast-path off

all_up()
{
	local device

	for device in ca ba cb bb; do
		carrier "$wire" "$device" || return
	done
}

wait_for all_up

alike()
{
	local out

	echo "# FUZZ_SEED=$seed FUZZ_PACKETS=$packets"
	out=$(python3 "$SELFTESTS/router_fuzz.py" "$wire" "$packets" "$seed" 2>&1)
	check_err $? "${out##*$'\n'}"
	grep '^#' <<< "$out" | cut -c 1-700 | head -n 60
	read -r sent came different <<< "${out##*$'\n'}"
	expect_ge "${sent:-0}" "$packets" "packets sent"
	expect_ge "${came:-0}" $((packets / 2)) "packets that came out"
	expect_eq "${different:-?}" 0 "packets of which something else came out without the fast path"
	log_test "$sent packets, and what came out of them is the same with the fast path"
}

# Else it tested nothing.
carried()
{
	expect_ge "$(vsw -n "$on" -j router show | jq '.[0]["carried-packets"]')" $((packets / 4)) \
		"packets that the fast path sent"
	expect_eq "$(vsw -n "$off" -j router show | jq '.[0]["carried-packets"]')" 0 "where it is off"
	log_test "the fast path sent much of it"
}

still_works()
{
	local router

	for router in "$on" "$off"; do
		succeeds vsw -n "$router" -j router connections
		succeeds vsw -n "$router" router flush
		expect_eq "$(vsw -n "$router" -j service show | jq length)" 0 "services"
	done
	log_test "all of it goes after that"
}

run_tests
