#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Rules of address translation with real sockets: masquerade, snat, dnat and one to one, of
# both families, in the order of their ids, and which connections go when they come and go.
# The topology is the star of router_lib.sh with two hosts.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="masquerades pools destinations own_destinations one_to_one ordered conditions
	added_and_deleted hairpins address_goes shown refusals"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

require_command jq python3
require_vrouter
load_kind veth
router_star 2 || exit 1
wire serve client "$client" 8080 >/dev/null

on_fail()
{
	router_vsw -s nat show
	in_ns "$router" cat /proc/net/nf_conntrack
}

nat()
{
	succeeds router_vsw nat "$@"
}

masquerade()
{
	succeeds router_vsw masquerade "$@"
}

# b1_sees WANTED ADDRESS [OPTION]...: as the client's, by TCP and by UDP
b1_sees()
{
	says "$1" peers "$client" tcp "$2" 8080 "${@:3}"
	says "$1" peers "$client" udp "$2" 8080 "${@:3}"
}

clean()
{
	flush_router
}

masquerades()
{
	b1_sees 10.0.9.1 10.0.1.1
	masquerade add 10.0.9.0/24
	masquerade add 2001:db8:9::/64
	b1_sees 10.0.1.254 10.0.1.1
	b1_sees 2001:db8:1::fe 2001:db8:1::1
	b1_sees 10.99.0.1 10.0.1.1 from=10.99.0.1
	says 10.0.2.254 peers "$client" tcp 10.0.2.1 8080
	says client=1 ask "$router" tcp 10.0.9.1 8080
	masquerade delete 10.0.9.0/24
	b1_sees 10.0.9.1 10.0.1.1
	b1_sees 2001:db8:1::fe 2001:db8:1::1
	clean
	b1_sees 2001:db8:9::1 2001:db8:1::1
	log_test "masquerade gives the address of the device, to those of its prefix"
}

pools()
{
	local seen

	nat add snat from 10.99.0.0/16 to 198.51.100.4-198.51.100.7 >/dev/null
	nat add snat from 2001:db8:99::/64 to 2001:db8:64::7 >/dev/null
	seen=$(wire peers "$client" udp 10.0.1.1 8080 40 from=10.99.0.1-10.99.0.40)
	expect_eq "$seen" "198.51.100.4 198.51.100.5 198.51.100.6 198.51.100.7" "the pool"
	b1_sees 2001:db8:64::7 2001:db8:1::1 from=2001:db8:99::5
	clean
	nat add snat from 10.99.0.0/16 proto udp to 198.51.100.4:5000-5003 random >/dev/null
	says b1=4 ask "$client" udp 10.0.1.1 8080 4 from=10.99.0.1-10.99.0.4
	says 198.51.100.4 peers "$client" udp 10.0.2.1 8080 from=10.99.0.1
	says none=1 ask "$client" udp 10.0.1.1 8080 from=10.99.0.5 wait=0.5
	says 10.99.0.1 peers "$client" tcp 10.0.1.1 8080 from=10.99.0.1
	clean
	nat add snat from 10.99.0.0/16 to 198.51.100.0-198.51.100.255 persistent >/dev/null
	seen=$(wire peers "$client" udp 10.0.1.1 8080 from=10.99.0.9)
	says "$seen" peers "$client" udp 10.0.2.1 8080 from=10.99.0.9
	clean
	log_test "snat to a pool, to a range of ports, by chance and persistent"
}

destinations()
{
	nat add dnat dest "$vip" proto tcp port 80 to 10.0.1.1:8080 >/dev/null
	nat add dnat dest "$vip6" proto udp port 80 to "[2001:db8:2::1]:8080" >/dev/null
	says b1=1 ask "$client" tcp "$vip" 80
	says b2=1 ask "$client" udp "$vip6" 80
	says 10.0.9.1 peers "$client" tcp "$vip" 80
	says none=1 ask "$client" udp "$vip" 80 wait=0.5
	clean
	wire serve r "$b1" 9100-9104 >/dev/null
	nat add dnat dest "$vip" proto tcp port 9000-9004 to 10.0.1.1:9100-9104 >/dev/null
	says r=1 ask "$client" tcp "$vip" 9000
	says r=1 ask "$client" tcp "$vip" 9004
	wire stop r >/dev/null
	wire serve r "$b1" 9103 >/dev/null
	says r=1 ask "$client" tcp "$vip" 9003
	says refused=1 ask "$client" tcp "$vip" 9002
	wire stop r >/dev/null
	clean
	nat add dnat dest "$vip" to 10.0.1.1-10.0.1.1 >/dev/null
	nat add dnat in b2 proto tcp port 8080 to 10.0.1.1 >/dev/null
	says b1=1 ask "$client" udp "$vip" 8080
	says b1=1 ask "$b2" tcp 10.0.9.1 8080
	says client=1 ask "$b1" tcp 10.0.9.1 8080
	clean
	log_test "dnat by address, port, range and device"
}

own_destinations()
{
	ip -n "$router" route add "$vip" via 10.0.9.1
	nat add dnat dest "$vip" proto tcp port 80 to 10.0.1.1:8080 >/dev/null
	nat add dnat dest 127.0.0.5 proto tcp port 80 to 10.0.1.1:8080 >/dev/null
	says b1=1 ask "$router" tcp "$vip" 80
	says b1=1 ask "$router" tcp 127.0.0.5 80
	says 10.0.1.254 peers "$router" tcp 127.0.0.5 80
	clean
	log_test "dnat of what the host sends, from 127.0.0.1 too"
}

one_to_one()
{
	nat add one-to-one from 10.0.1.0/28 to 198.51.100.16 >/dev/null
	nat add one-to-one from 2001:db8:1::/112 to 2001:db8:64:: >/dev/null
	says 198.51.100.17 peers "$b1" tcp 10.0.9.1 8080
	says 2001:db8:64::1 peers "$b1" udp 2001:db8:9::1 8080
	b1_sees 10.0.9.1 198.51.100.17
	b1_sees 2001:db8:9::1 2001:db8:64::1
	says client=1 ask "$b2" tcp 10.0.9.1 8080
	says none=1 ask "$client" udp 198.51.100.33 8080 wait=0.5
	clean
	log_test "one to one both ways, bit by bit"
}

ordered()
{
	nat add snat from 10.0.9.0/24 to 198.51.100.2 id 20 >/dev/null
	nat add snat from 10.0.9.1/32 to 198.51.100.1 id 10 >/dev/null
	b1_sees 198.51.100.1 10.0.1.1
	nat delete 10
	b1_sees 198.51.100.2 10.0.1.1
	expect_eq "$(router_vsw nat add snat from 10.0.9.0/24 to 198.51.100.3)" 21 "the next id"
	b1_sees 198.51.100.2 10.0.1.1
	clean
	log_test "the first that matches counts, by id"
}

conditions()
{
	nat add snat dest 10.0.1.0/24 proto tcp port 8000-8079 to 198.51.100.1 >/dev/null
	nat add snat out b2 to 198.51.100.2 >/dev/null
	nat add snat dest 10.0.1.1 proto udp port 8080 to 198.51.100.3 >/dev/null
	says 10.0.9.1 peers "$client" tcp 10.0.1.1 8080
	says 198.51.100.2 peers "$client" tcp 10.0.2.1 8080
	says 198.51.100.3 peers "$client" udp 10.0.1.1 8080
	says 2001:db8:9::1 peers "$client" udp 2001:db8:2::1 8080
	clean
	log_test "conditions: destination, protocol, port, device, family"
}

added_and_deleted()
{
	says b1=1 hold k "$client" udp 10.0.1.1 8080
	says b2=1 hold other "$client" tcp 10.0.2.1 8080
	nat add snat dest 10.0.1.0/24 to 198.51.100.1 id 7 >/dev/null
	says b1=1 again k
	expect_eq "$(router_vsw -j nat show 7 | jq '.[0].connections')" 1 "connections translated anew"
	says b2=1 again other
	says b1=1 hold tcp "$client" tcp 10.0.1.1 8080
	nat add snat dest 10.0.2.0/24 to 198.51.100.2 id 8 >/dev/null
	says b1=1 hold udp "$client" udp 10.0.1.1 8080
	nat delete 8
	says b1=1 again tcp
	nat delete 7
	says reset=1 again tcp
	says b1=1 again k
	clean
	for k in k other tcp udp; do
		wire close "$k" >/dev/null
	done
	log_test "connections of exactly the rule go with it, those that it is for when it comes"
}

# The client is on one side of the router, and so is who answers.
hairpins()
{
	nat add dnat dest "$vip" to 10.0.1.1 >/dev/null
	nat add dnat dest "$vip6" to 2001:db8:1::1 >/dev/null
	says b1=1 ask "$b1" tcp "$vip" 8080
	says 10.0.1.254 peers "$b1" udp "$vip" 8080
	says 2001:db8:1::fe peers "$b1" tcp "$vip6" 8080
	clean
	log_test "back to where it comes from"
}

address_goes()
{
	masquerade add 10.0.9.0/24
	says b2=1 hold k "$client" tcp 10.0.2.1 8080
	has_entry 10.0.2.254
	check_err $? "no connection of the address"
	ip -n "$router" addr del 10.0.2.254/24 dev b2
	busywait "$WAIT" has_no_entry 10.0.2.254
	check_err $? "connections stay when their address goes"
	ip -n "$router" addr add 10.0.2.254/24 dev b2
	clean
	wire close k >/dev/null
	log_test "masqueraded connections go with the address that they have"
}

has_entry()
{
	in_ns "$router" grep -qw "dst=$1" /proc/net/nf_conntrack
}

has_no_entry()
{
	! has_entry "$1"
}

shown()
{
	nat add snat from 10.0.9.0/24 dest 10.0.1.0/24 proto udp port 8000-8100 out b1 \
		to 198.51.100.1-198.51.100.3:5000-6000 random id 5
	says b1=3 ask "$client" udp 10.0.1.1 8080 3
	expect_eq "$(router_vsw -j nat show 5 | jq -c '.[0] | [.kind, .connections, .port, .["to-port-last"]]')" \
		'["snat",3,8000,6000]' "a rule"
	expect_eq "$(router_vsw -j router show | jq '.[0].nats')" 1 "rules of the router"
	clean
	log_test "show has all of a rule, and what it translated"
}

refusals()
{
	nat add snat from 10.0.9.0/24 to 198.51.100.1 id 5
	refused "rule of this id" router_vsw nat add snat from 10.0.9.0/24 to 198.51.100.1 id 5
	refused "no rule of this id" router_vsw nat delete 6
	refused "one family" router_vsw nat add snat from 10.0.9.0/24 to 2001:db8::1
	refused "goes up" router_vsw nat add snat from 10.0.9.0/24 to 198.51.100.2-198.51.100.1
	refused "take all there is" router_vsw nat add dnat to 10.0.1.1
	refused "protocol that has ports|'port' needs" \
		router_vsw nat add dnat proto icmp port 80 to 10.0.1.1
	refused "." router_vsw nat add one-to-one from 10.0.1.0/24 to 198.51.100.7 random
	refused "no rule of this id" router_vsw nat show 9
	b1_sees 198.51.100.1 10.0.1.1
	clean
	log_test "what can't be is refused with a sentence"
}

run_tests
