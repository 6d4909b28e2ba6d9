#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Packets that the router gets several of at once. The client sends what has gathered in a
# tenth of a second, and the router's device takes it by NAPI, so that the core handles it as
# a list: the star of router_lib.sh with two backends.

# shellcheck disable=SC2317,SC2154,SC2016
ALL_TESTS="route_of_another no_route order_on changes_on order_off"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

require_command jq python3 ethtool
require_vrouter
load_kind veth dummy
router_star 2 || exit 1
# Of a pair only what can't be cut by the other end goes by NAPI.
in_ns "$router" ethtool -K client gro on >/dev/null &&
	in_ns "$client" ethtool -K eth0 tso off >/dev/null || exit 1
for i in b1 b2; do
	in_ns "${!i}" ethtool -K eth0 gro off >/dev/null || exit 1
	ip -n "${!i}" -b - <<-END || exit 1
		link add vip type dummy
		link set vip up
		addr add $vip/32 dev vip
		addr add $vip6/128 dev vip nodad
	END
done
in_ns "$client" tc qdisc add dev eth0 root netem slot 100ms 100ms ||
	skip_all "no netem"

on_fail()
{
	router_vsw -s service show
	router_vsw router connections
	in_ns "$client" tc -s qdisc show dev eth0
}

# got NAME FAMILY: UDP packets that a backend has got, for nobody mostly
got()
{
	in_ns "${!1}" awk -v family="$2" '
		family == 4 && $1 == "Udp:" && $2 ~ /^[0-9]/ { n += $2 + $3 }
		family == 6 && ($1 == "Udp6InDatagrams" || $1 == "Udp6NoPorts") { n += $2 }
		END { print n }' /proc/net/snmp /proc/net/snmp6
}

# has NAME FAMILY N
has()
{
	[ "$(got "$1" "$2")" -ge "$3" ]
}

# An address of which one port is a service with direct return, and the rest another host's. Of
# eight packets, which are a list, the first goes to the backend.
route_of_another()
{
	local to family before1 before2

	flush_router
	batch "service add web $vip:7001 proto udp forward direct" "backend add web 10.0.1.1" \
		"service add six [$vip6]:7001 proto udp forward direct" "backend add six 2001:db8:1::1"
	ip -n "$router" route replace "$vip/32" via 10.0.2.1
	ip -n "$router" route replace "$vip6/128" via 2001:db8:2::1
	for to in "$vip" "$vip6"; do
		family=4
		[ "$to" = "$vip" ] || family=6
		before1=$(got b1 "$family") before2=$(got b2 "$family")
		wire scatter "$client" "$to" 7001-7008 >/dev/null
		wait_for has b1 "$family" $((before1 + 1))
		wait_for has b2 "$family" $((before2 + 7))
		expect_eq "$(($(got b1 "$family") - before1)) $(($(got b2 "$family") - before2))" "1 7" \
			"packets to the backend, and to the other host ($to)"
	done
	ip -n "$router" route del "$vip/32"
	ip -n "$router" route del "$vip6/128"
	log_test "what is received with a packet to a backend has its own route"
}

# The backend can't be reached, and who sends to it is told so; nobody else is.
no_route()
{
	local before

	flush_router
	batch "service add web $vip:7001 proto udp forward direct" "backend add web 10.0.1.1"
	ip -n "$router" route replace "$vip/32" via 10.0.2.1
	ip -n "$router" route add unreachable 10.0.1.1/32
	before=$(got b2 4)
	wire scatter "$client" "$vip" 7001-7008 >/dev/null
	wait_for has b2 4 $((before + 7))
	expect_eq $(($(got b2 4) - before)) 7 "packets to the other host"
	ip -n "$router" route del unreachable 10.0.1.1/32
	ip -n "$router" route del "$vip/32"
	log_test "nor has it none because the backend has none"
}

# ordered FAST_PATH HOW ROUNDS WANTED: of batch.py
ordered()
{
	flush_router
	batch "router set fast-path $1" "service add web $vip:7100 proto udp" "backend add web 10.0.1.1:7100"
	carried=$(value '.["carried-packets"]' router show)
	expect_eq "$(python3 "$SELFTESTS/batch.py" "$client" "$b1" "$vip" 7100 "$2" "$3")" "$4" "datagrams"
	carried=$(($(value '.["carried-packets"]' router show) - carried))
}

# What has to be cut waits in a queue on its way, and what comes behind would not have to.
order_on()
{
	ordered on cut 20 "120 of 120, 0 too early"
	expect_ge "$carried" 60 "packets that were carried"
	log_test "packets stay in order, the fast path is on"
}

# changing: each change of a device makes all be seen again, and that goes by the queue
changing()
{
	ip -n "$router" link add d0 type dummy
	while :; do
		ip -n "$router" link set d0 up
		sleep 0.03
		ip -n "$router" link set d0 down
		sleep 0.03
	done
}

changes_on()
{
	local changes

	bg changing
	changes=$!
	ordered on plain 30 "1200 of 1200, 0 too early"
	bg_stop "$changes"
	ip -n "$router" link del d0
	expect_ge "$carried" 200 "packets that were carried"
	log_test "also those that come right behind one that is learned from"
}

order_off()
{
	ordered off cut 20 "120 of 120, 0 too early"
	expect_eq "$carried" 0 "packets that were carried"
	log_test "packets stay in order, the fast path is off"
}

run_tests
