#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Published ports with real sockets: from everywhere that one can connect from, what is
# taken, what the host's firewall has to say, and which connections go when one changes.
# The topology is the star of router_lib.sh with two hosts, and beside it $c1 and $c2,
# 10.0.20.1 and 10.0.20.2, on one network of their own with the router, 10.0.20.254.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="from_everywhere from_itself loopback_is_safe ranges taken refusals late_udp
	changes deletes firewall obedient flushed netns_gone shown"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

require_command jq nft python3
require_vrouter
load_kind veth bridge
router_star 2 || exit 1

# cousin NUMBER: $cNUMBER on the network of br0
cousin()
{
	local name=c$1

	ip -n "$router" -b - <<-END &&
		link add $name type veth peer name eth0 netns ${!name}
		link set $name master br0 up
	END
		ip -n "${!name}" -b - <<-END
			link set eth0 up
			addr add 10.0.20.$1/24 dev eth0
			addr add 2001:db8:20::$1/64 dev eth0 nodad
			route add default via 10.0.20.254
			route add default via 2001:db8:20::fe
		END
}

setup_ns c1 c2
ip -n "$router" -b - <<-END || exit 1
	link add br0 type bridge
	link set br0 up
	addr add 10.0.20.254/24 dev br0
	addr add 2001:db8:20::fe/64 dev br0 nodad
END
cousin 1 && cousin 2 || exit 1
busywait "$WAIT" carrier "$c1" eth0 && busywait "$WAIT" carrier "$c2" eth0 || exit 1
wire serve c1 "$c1" 8080 >/dev/null

on_fail()
{
	router_vsw -s publish show
	in_ns "$router" cat /proc/net/nf_conntrack
}

publish()
{
	succeeds router_vsw publish "$@"
}

# both_protocols PORT TARGET
both_protocols()
{
	publish add "$1/tcp" to "$2"
	publish add "$1/udp" to "$2"
}

# asks NETNS PORT WANTED ADDRESS...: by TCP and by UDP
asks()
{
	local address proto

	for address in "${@:4}"; do
		for proto in tcp udp; do
			says "$3" ask "$1" "$proto" "$address" "$2"
		done
	done
}

from_everywhere()
{
	both_protocols 80 "10.0.1.1:8080,[2001:db8:1::1]:8080"
	asks "$client" 80 b1=1 10.0.9.254 10.0.2.254 2001:db8:9::fe
	asks "$b2" 80 b1=1 10.0.2.254 2001:db8:2::fe
	asks "$router" 80 b1=1 10.0.9.254 10.0.1.254 2001:db8:9::fe
	asks "$router" 80 b1=1 127.0.0.1 127.0.1.2 ::1
	log_test "from other hosts, other containers, the host, 127.0.0.1 and ::1"

	says 10.0.9.1 peers "$client" tcp 10.0.9.254 80
	says 2001:db8:9::1 peers "$client" udp 2001:db8:9::fe 80
	says 10.0.2.1 peers "$b2" udp 10.0.2.254 80
	says 10.0.9.254 peers "$router" tcp 10.0.9.254 80
	says 10.0.1.254 peers "$router" tcp 127.0.0.1 80
	says 2001:db8:1::fe peers "$router" udp ::1 80
	log_test "the client's address is kept, only a loopback address can't be"
}

from_itself()
{
	asks "$b1" 80 b1=1 10.0.1.254 10.0.9.254 2001:db8:1::fe
	says 10.0.1.254 peers "$b1" tcp 10.0.9.254 80
	says 2001:db8:1::fe peers "$b1" udp 2001:db8:9::fe 80
	both_protocols 90 "10.0.20.1:8080,[2001:db8:20::1]:8080"
	asks "$c2" 90 c1=1 10.0.20.254 10.0.9.254 2001:db8:20::fe
	asks "$c1" 90 c1=1 10.0.20.254 2001:db8:9::fe
	says 10.0.20.254 peers "$c2" tcp 10.0.9.254 90
	says 10.0.9.1 peers "$client" tcp 10.0.9.254 90
	log_test "from the container to itself and to its neighbour on one network"
}

# What a neighbour sends to 127.0.0.9 is not for the host, and must not become so.
loopback_is_safe()
{
	expect_eq "$(in_ns "$router" sh -c 'cat /proc/sys/net/ipv4/conf/*/route_localnet' | sort -u)" \
		0 "route_localnet"
	in_ns "$client" sysctl -qw net.ipv4.conf.all.route_localnet=1
	ip -n "$client" route del table local local 127.0.0.0/8 dev lo
	ip -n "$client" route add 127.0.0.9 via 10.0.9.254 src 10.0.9.1
	says none=1 ask "$client" tcp 127.0.0.9 80 wait=1
	says none=1 ask "$client" udp 127.0.0.9 80 wait=1
	says b1=1 ask "$router" tcp 127.0.0.9 80
	ip -n "$client" route del 127.0.0.9
	log_test "127.0.0.0/8 of the host stays closed to others"
}

ranges()
{
	wire serve r "$b1" 9100-9109 >/dev/null
	publish add 9000-9009 to 10.0.1.1:9100
	says r=1 ask "$client" tcp 10.0.9.254 9000
	says r=1 ask "$client" tcp 10.0.9.254 9007
	says r=1 ask "$router" tcp 127.0.0.1 9009
	says refused=1 ask "$client" tcp 10.0.9.254 9010
	wire stop r >/dev/null
	wire serve r "$b1" 9103 >/dev/null
	says "r=1" ask "$client" tcp 10.0.9.254 9003
	says "refused=1" ask "$client" tcp 10.0.9.254 9004
	expect_eq "$(router_vsw -j publish show 9000-9009 | jq -c '.[0] | [.port, .["port-last"]]')" \
		"[9000,9009]" "the range"
	publish delete 9000-9009
	says refused=1 ask "$client" tcp 10.0.9.254 9003
	log_test "a range is one object, its ports keep their distance"
}

# bind PORT WANTED ADDRESS...: whether the host can have it
can_bind()
{
	in_ns "$router" python3 - "$@" <<-'END'
		import socket, sys
		port, *addresses = sys.argv[1:]
		said = []
		for address in addresses:
		    for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
		        family = socket.AF_INET6 if ":" in address else socket.AF_INET
		        with socket.socket(family, kind) as made:
		            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		            try:
		                made.bind((address, int(port)))
		                said.append("ok")
		            except OSError as error:
		                said.append(str(error.errno))
		print(*said)
	END
}

taken()
{
	local address

	both_protocols 7100 10.0.1.1:8080
	publish add 10.0.9.254:7101 to 10.0.1.1:8080
	expect_eq "$(can_bind 7100 0.0.0.0 :: 127.0.0.1 10.0.9.254)" "98 98 98 98 98 98 98 98" \
		"bind() to what is published"
	expect_eq "$(can_bind 7101 10.0.9.254 127.0.0.1)" "98 ok ok ok" "bind() beside it"
	publish delete 7100/tcp
	publish delete 10.0.9.254:7101
	expect_eq "$(can_bind 7100 0.0.0.0 ::)" "ok 98 ok 98" "bind() to what is free again"
	publish delete 7100/udp
	wire serve host "$router" 7102 >/dev/null
	for address in "" 10.0.9.254: 127.0.0.1:; do
		refused "port 7102 of this host is in use" \
			router_vsw publish add "${address}7102" to 10.0.1.1:8080
	done
	refused "port 7102 of this host is in use" \
		router_vsw publish add 7095-7110/udp to 10.0.1.1:8080
	expect_eq "$(can_bind 7101 0.0.0.0 ::)" "ok ok ok ok" "bind() after a refused range"
	says host=1 ask "$client" tcp 10.0.9.254 7102
	wire stop host >/dev/null
	log_test "ports are taken from the host, and what the host has is refused"
}

refusals()
{
	refused "published already" router_vsw publish add 80 to 10.0.1.1
	refused "has this address and port|in use" router_vsw publish add 70-85 to 10.0.1.1
	refused "none of this host" router_vsw publish add 192.0.2.7:1080 to 10.0.1.1
	refused "above 65535" router_vsw publish add 1000-2000 to 10.0.1.1:65000
	refused "one family" router_vsw publish add 10.0.9.254:1080 to 2001:db8:1::1
	refused "nothing can be sent" router_vsw publish add 1080 to 127.0.0.1
	refused "nothing can be sent" router_vsw publish add 1080 to 224.0.0.1
	refused "others reach" router_vsw publish add "[fe80::1]:1080" to 2001:db8:1::1
	refused "nothing is published" router_vsw publish delete 1080
	refused "nothing is published" router_vsw publish set 1080 to 10.0.1.1
	refused "range can't change" router_vsw publish set 80-81 to 10.0.1.1
	says refused=1 ask "$client" tcp 10.0.9.254 1080
	log_test "what can't be is refused with a sentence"
}

late_udp()
{
	says refused=1 hold u "$client" udp 10.0.9.254 5300
	publish add 5300/udp to "10.0.1.1:8080,[2001:db8:1::1]:8080"
	says b1=1 again u
	wire close u >/dev/null
	publish delete 5300/udp
	log_test "a stream of UDP that was there before is translated from then on"
}

changes()
{
	both_protocols 81 10.0.1.1:8080
	says b1=1 hold other "$client" tcp 10.0.9.254 80
	says b1=1 hold tcp "$client" tcp 10.0.9.254 81
	says b1=1 hold udp "$client" udp 10.0.9.254 81
	publish set 81/tcp to 10.0.1.1:8080
	says b1=1 again tcp
	publish set 81/tcp to 10.0.2.1:8080
	publish set 81/udp to 10.0.2.1:8080
	says reset=1 again tcp
	says b2=1 again udp
	asks "$client" 81 b2=1 10.0.9.254
	says b1=1 again other
	wire close tcp >/dev/null
	log_test "a change cuts the connections of the mapping and no others"
}

deletes()
{
	says b2=1 hold tcp "$client" tcp 10.0.9.254 81
	publish delete 81/tcp
	publish delete 81/udp
	says reset=1 again tcp
	says refused=1 again udp
	says b1=1 again other
	says b1=1 ask "$client" tcp 10.0.9.254 80
	wire close tcp >/dev/null
	wire close udp >/dev/null
	wire close other >/dev/null
	log_test "so does deleting"
}

firewall()
{
	in_ns "$router" nft 'add table inet t; add chain inet t input { type filter hook input priority 0; policy drop; }; add chain inet t nat { type nat hook prerouting priority dstnat; }; add rule inet t nat tcp dport 80 redirect to :1'
	says b1=1 ask "$client" tcp 10.0.9.254 80
	in_ns "$router" nft flush ruleset
	says b1=1 ask "$client" tcp 10.0.9.254 80
	log_test "rules of nftables do nothing to it, nor does their end"
}

obedient()
{
	publish set 80/tcp obey-firewall on
	says b1=1 ask "$client" tcp 10.0.9.254 80
	in_ns "$router" nft 'add table inet t; add chain inet t input { type filter hook input priority 0; }; add rule inet t input ip saddr 10.0.9.1 tcp dport 80 drop; add rule inet t input ip6 saddr 2001:db8:9::1 tcp dport 80 drop; add rule inet t input ip saddr 10.99.0.1 tcp dport 80 reject with tcp reset'
	says none=1 ask "$client" tcp 10.0.9.254 80 wait=1
	says none=1 ask "$client" tcp 2001:db8:9::fe 80 wait=1
	says refused=1 ask "$client" tcp 10.0.9.254 80 from=10.99.0.1
	says b1=1 ask "$client" udp 10.0.9.254 80
	asks "$b2" 80 b1=1 10.0.2.254 2001:db8:2::fe
	publish set 80/tcp obey-firewall off
	says b1=1 ask "$client" tcp 10.0.9.254 80
	publish set 80/tcp obey-firewall on
	in_ns "$router" nft 'flush chain inet t input; add chain inet t nat { type nat hook prerouting priority dstnat; }; add rule inet t nat tcp dport 80 dnat ip to 10.0.2.1:8080'
	says b2=1 ask "$client" tcp 10.0.9.254 80
	in_ns "$router" nft flush ruleset
	says b1=1 ask "$client" tcp 10.0.9.254 80
	log_test "with obey-firewall the host's own rules go first"
}

flushed()
{
	says b1=1 hold k "$client" tcp 10.0.9.254 80
	flush_router
	says reset=1 again k
	says refused=1 ask "$client" tcp 10.0.9.254 80
	expect_eq "$(can_bind 80 0.0.0.0 ::)" "ok ok ok ok" "bind() after the flush"
	wire close k >/dev/null
	log_test "flush takes all away, and gives the ports back"
}

netns_gone()
{
	ip netns add gone
	publish add 82 to 10.0.1.1:8080 netns gone
	publish add 83 to 10.0.1.1:8080
	says b1=1 hold k "$client" tcp 10.0.9.254 82
	ip netns del gone
	busywait "$WAIT" fails_quietly router_vsw publish show 82
	check_err $? "the publication stays when its network namespace goes"
	says reset=1 again k
	says b1=1 ask "$client" tcp 10.0.9.254 83
	wire close k >/dev/null
	setup_ns other
	in_ns "$other" "$VSW" publish add 84 to 10.0.1.1
	succeeds ip netns del "$other"
	log_test "it goes with the network namespace that it leads to, or that it is in"
}

fails_quietly()
{
	! "$@" >/dev/null 2>&1
}

shown()
{
	publish add 10.0.9.254:84/udp to 10.0.1.1:8080 obey-firewall on
	says b1=3 ask "$client" udp 10.0.9.254 84 3
	says b1=1 hold k "$client" tcp 10.0.9.254 83
	expect_eq "$(router_vsw -s -j publish show | jq -c '[.[] | [.protocol, .port, .active, .stats.connections]]')" \
		'[["tcp",83,1,2],["udp",84,3,3]]' "what is shown"
	expect_ge "$(router_vsw -s -j publish show 10.0.9.254:84/udp | jq '.[0].stats["rx-packets"]')" 3 \
		"packets"
	wire close k >/dev/null
	flush_router
	log_test "show has connections and packets"
}

run_tests
