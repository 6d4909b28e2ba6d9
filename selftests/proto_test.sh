#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What protocols do beside carrying data, through services and rules of translation: errors of
# ICMP, path MTU discovery, fragments, options, resets, ports that change, FTP and SCTP. Both
# with the fast path and without. The topology is the star of router_lib.sh with three
# backends, and behind two of its hosts one more each, to which these pass on:
#
#   $home 10.98.0.1 --- $client --- $router --- $b1 --- 10.8.1.1 $far
#         2001:db8:98::1                                2001:db8:81::1

# shellcheck disable=SC2317,SC2154
ALL_TESTS="errors_there errors_back mtu fragments options resets_there resets_back
	changing_ports ftp_service ftp_translated sctp"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

require_command python3 nft
require_vrouter
load_kind veth
wire_program=proto_wire.py
router_star 3 || exit 1
path=on

# behind NAME NEXT NUMBER PREFIX4 PREFIX6: $NAME is behind $NEXT, whose leg() has this NUMBER. It
# passes on, but has no link-local address with which it could ask for neighbours for others.
behind()
{
	local next=${!2}

	in_ns "$next" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	ip -n "$next" -b - <<-END &&
		link add $1 address 02:00:00:00:01:01 type veth peer name eth0 address 02:00:00:00:01:02 netns ${!1}
		link set $1 up
		addr add $4.254/24 dev $1
		addr add $5::fe/64 dev $1 nodad
		neigh replace $4.1 lladdr 02:00:00:00:01:02 dev $1
		neigh replace $5::1 lladdr 02:00:00:00:01:02 dev $1
		neigh replace 2001:db8:$3::fe lladdr 02:00:00:00:02:0$3 dev eth0
	END
		ip -n "${!1}" -b - <<-END || return
			link set eth0 up
			addr add $4.1/24 dev eth0
			addr add $5::1/64 dev eth0 nodad
			route add default via $4.254 advmss 1460
			route add default via $5::fe advmss 1440
		END
	ip -n "$router" route add "$4.0/24" via "10.0.$3.1" &&
		ip -n "$router" -6 route add "$5::/64" via "2001:db8:$3::1" &&
		busywait "$WAIT" carrier "${!1}" eth0
}

setup_ns home far
behind home client 9 10.98.0 2001:db8:98 && behind far b1 1 10.8.1 2001:db8:81 || exit 1
for i in "$home" "$client" "$router" "$b1" "$far"; do
	# Each error is wanted.
	in_ns "$i" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
done
wire serve far "$far" 8080 >/dev/null

on_fail()
{
	router_vsw -s backend show
	router_vsw router connections
}

# configure LINE...
configure()
{
	flush_router
	[ "$path" = on ] || set -- "router set fast-path off" "$@"
	batch "$@"
}

# both_paths COMMAND...: with the fast path, then without
both_paths()
{
	path=on
	"$@"
	path=off
	"$@"
	path=on
}

# to_far: services for UDP and TCP of both families, with one backend, $far
to_far()
{
	local proto lines=()

	for proto in tcp udp; do
		lines+=("service add web$proto $vip:80 proto $proto" "backend add web$proto 10.8.1.1:8080"
			"service add six$proto [$vip6]:80 proto $proto"
			"backend add six$proto [2001:db8:81::1]:8080")
	done
	configure "${lines[@]}"
}

# flows: of UDP from $home, "four" and "six", which are carried if that can be
flows()
{
	flush_router
	configure "service add four $vip:53 proto udp" "backend add four 10.8.1.1:5353" \
		"service add six [$vip6]:53 proto udp" "backend add six [2001:db8:81::1]:5353"
	says ok flow four "$home" "$vip" 53 "$far" 10.8.1.1 5353
	says ok flow six "$home" "$vip6" 53 "$far" 2001:db8:81::1 5353
	says ok chat four
	says ok chat six
	is_carried four
	is_carried six
}

# is_carried SERVICE: if the fast path is on
is_carried()
{
	local want="carried carried"

	[ "$path" = on ] || want="off off"
	expect_eq "$(router_vsw router connections "$1" | awk 'NR > 1 { print $(NF - 1), $NF }')" \
		"$want" "$1: the ways"
}

# shut SIDE: the sockets there
shut()
{
	says ok shut four "$1"
	says ok shut six "$1"
}

# Who translates the answers' source does so to that of errors, too: only an address that
# stands for nobody can't be.
check_errors_there()
{
	local about="about $vip 53" about6="about $vip6 53"

	flows
	says "EHOSTUNREACH 11 0 $vip $about" error four client 2
	says "EHOSTUNREACH 11 0 $vip $about" error four client 3
	says "EHOSTUNREACH 3 0 $vip6 $about6" error six client 2
	says "EHOSTUNREACH 3 0 $vip6 $about6" error six client 3
	says ok chat four
	says ok chat six
	ip -n "$b1" route replace unreachable 10.8.1.1
	ip -n "$b1" route replace unreachable 2001:db8:81::1
	says "EHOSTUNREACH 3 1 $vip $about" error four client
	says "ENETUNREACH 1 0 $vip6 $about6" error six client
	ip -n "$b1" route del unreachable 10.8.1.1
	ip -n "$b1" route del unreachable 2001:db8:81::1
	says ok chat four
	says ok chat six
	shut server
	says "ECONNREFUSED 3 3 $vip $about" error four client
	says "ECONNREFUSED 1 4 $vip6 $about6" error six client
	shut client
	log_test "errors come to the client, as from the service (fast path $path)"
}

check_errors_back()
{
	local about="about 10.98.0.1" about6="about 2001:db8:98::1"

	flows
	says_like "EHOSTUNREACH 11 0 10.0.1.254 $about [0-9]+" error four server 2
	says_like "EHOSTUNREACH 11 0 10.0.9.1 $about [0-9]+" error four server 3
	says_like "EHOSTUNREACH 3 0 2001:db8:1::fe $about6 [0-9]+" error six server 2
	says_like "EHOSTUNREACH 3 0 2001:db8:9::1 $about6 [0-9]+" error six server 3
	says ok chat four
	says ok chat six
	ip -n "$client" route replace unreachable 10.98.0.1
	ip -n "$client" route replace unreachable 2001:db8:98::1
	says_like "EHOSTUNREACH 3 1 10.0.9.1 $about [0-9]+" error four server
	says_like "ENETUNREACH 1 0 2001:db8:9::1 $about6 [0-9]+" error six server
	ip -n "$client" route del unreachable 10.98.0.1
	ip -n "$client" route del unreachable 2001:db8:98::1
	shut client
	says_like "ECONNREFUSED 3 3 10.98.0.1 $about [0-9]+" error four server
	says_like "ECONNREFUSED 1 4 2001:db8:98::1 $about6 [0-9]+" error six server
	shut server
	log_test "errors come to the backend, about whom it sees (fast path $path)"
}

# says_like PATTERN COMMAND...
says_like()
{
	local said

	said=$(wire "${@:2}")
	[[ $said =~ ^$1$ ]]
	check_err $? "${*:2}: '$said' is not like '$1'"
}

# far_mtu [MTU]: of the paths on, behind the service on both sides
far_mtu()
{
	ip -n "$b1" route replace 10.8.1.0/24 dev far ${1:+mtu "$1"}
	ip -n "$b1" -6 route replace 2001:db8:81::/64 dev far metric 256 ${1:+mtu "$1"}
	ip -n "$client" route replace 10.98.0.0/24 dev home ${1:+mtu "$1"}
	ip -n "$client" -6 route replace 2001:db8:98::/64 dev home metric 256 ${1:+mtu "$1"}
}

# forget_mtu: what both ends have learned
forget_mtu()
{
	local netns

	for netns in "$home" "$far"; do
		ip -n "$netns" route flush cache
		ip -n "$netns" -6 route flush cache
	done
}

# path_mtu NETNS ADDRESS: what it has learned
path_mtu()
{
	[[ $(ip -n "$1" route get "$2") =~ mtu\ ([0-9]+) ]]
	echo "${BASH_REMATCH[1]}"
}

# Large segments, which are cut only by the last device (GSO), from both ends: the path to the
# other end is known to be smaller only by the error that came through the service. Both ends
# tell a large MSS, so that it is not that which helps.
check_mtu()
{
	to_far
	says far=1 hold big "$home" tcp "$vip" 80
	says far=1 hold big6 "$home" tcp "$vip6" 80
	says whole bulk big 100000
	says whole bulk big6 100000
	expect_eq "$(path_mtu "$home" "$vip")" "" "what is known of the MTU"
	far_mtu 1300
	says whole bulk big 300000
	says whole bulk big6 300000
	expect_eq "$(path_mtu "$home" "$vip") $(path_mtu "$far" 10.98.0.1)" "1300 1300" "IPv4's MTU"
	expect_eq "$(path_mtu "$home" "$vip6") $(path_mtu "$far" 2001:db8:98::1)" "1300 1300" \
		"IPv6's MTU"
	is_carried webtcp
	is_carried sixtcp
	says ok close big
	says ok close big6
	forget_mtu
	flows
	says "EMSGSIZE 1300" mtu four client 1400
	says "EMSGSIZE 1300" mtu six client 1400
	says "EMSGSIZE 1300" mtu four server 1400
	says "EMSGSIZE 1300" mtu six server 1400
	says whole sizes four 1400
	says whole sizes six 1400
	shut client
	shut server
	far_mtu
	forget_mtu
	log_test "path MTU discovery from both ends, TCP and UDP (fast path $path)"
}

check_fragments()
{
	flows
	says whole sizes four 1472 1473 3000 9000 65507 10
	says whole sizes six 1452 1453 3000 9000 65487 10
	is_carried four
	is_carried six
	shut client
	shut server
	log_test "datagrams in fragments, between others (fast path $path)"
}

check_options()
{
	flows
	says ok options four client
	says ok options four server
	says ok options six client
	says ok options six server
	is_carried four
	is_carried six
	shut client
	shut server
	log_test "options of IP, between packets without (fast path $path)"
}

# to_three: services with all backends in turn
to_three()
{
	local i proto lines=()

	for proto in tcp udp; do
		lines+=("service add web$proto $vip:80 proto $proto scheduler rr"
			"service add six$proto [$vip6]:80 proto $proto scheduler rr")
		for i in 1 2 3; do
			lines+=("backend add web$proto 10.0.$i.1:8080"
				"backend add six$proto [2001:db8:$i::1]:8080")
		done
	done
	configure "${lines[@]}"
}

changing_ports()
{
	to_three
	says "b1=20 b2=20 b3=20 same" ports "$client" "$vip" 80 20000-20059
	says "b1=20 b2=20 b3=20 same" ports "$client" "$vip6" 80 20000-20059
	# Of the same ports, conntrack has each.
	says "b1=20 b2=20 b3=20 same" ports "$client" "$vip" 80 20000-20059
	[[ $(router_vsw -j service show webudp) =~ \"active\":\ *([0-9]+) ]]
	expect_eq "${BASH_REMATCH[1]}" 60 "flows"
	log_test "UDP from changing ports: a flow of its own for each, and the port is kept"
}

# resets SIDE: the next connection of the same ports is new
resets()
{
	to_three
	says "b1 b2 b3 b1 b2 b3" ends "$client" "$vip" 80 21000 6 "$1"
	says "b1 b2 b3 b1 b2 b3" ends "$client" "$vip6" 80 21000 6 "$1"
	[[ $(router_vsw -j service show webtcp) =~ \"active\":\ *([0-9]+) ]]
	expect_eq "${BASH_REMATCH[1]}" 0 "connections that are not over"
	log_test "a reset of the $1 ends a connection for good (fast path $path)"
}

resets_there()
{
	both_paths resets client
}

resets_back()
{
	both_paths resets server
}

errors_there()
{
	both_paths check_errors_there
}

errors_back()
{
	both_paths check_errors_back
}

mtu()
{
	both_paths check_mtu
}

fragments()
{
	both_paths check_fragments
}

options()
{
	both_paths check_options
}

# with_helper: connections to port 21 have conntrack's helper for FTP
with_helper()
{
	modprobe -q -a nf_conntrack_ftp nf_nat_ftp &&
		in_ns "$router" nft -f - <<-END
			table inet proto {
				ct helper ftp4 { type "ftp" protocol tcp; l3proto ip; }
				ct helper ftp6 { type "ftp" protocol tcp; l3proto ip6; }
				chain assign {
					type filter hook prerouting priority -150;
					meta nfproto ipv4 tcp dport 21 ct helper set "ftp4"
					meta nfproto ipv6 tcp dport 21 ct helper set "ftp6"
				}
			}
		END
}

# transfers NETNS ADDRESS PEER: both ways, by which PEER is seen
transfers()
{
	says "whole $3" ftp "$1" "$2" 21 active
	says "whole $3" ftp "$1" "$2" 21 passive
}

ftp_service()
{
	if ! with_helper; then
		log_skip "FTP through a service" "no helper for FTP in this kernel"
		return
	fi
	wire ftpd "$b1" 10.0.1.1 21 >/dev/null
	wire ftpd "$b1" 2001:db8:1::1 21 >/dev/null
	configure "service add ftp $vip:21" "backend add ftp 10.0.1.1" \
		"service add six [$vip6]:21" "backend add six [2001:db8:1::1]"
	transfers "$client" "$vip" "$vip"
	transfers "$client" "$vip6" "$vip6"
	log_test "FTP, active and passive, through a service"
}

ftp_translated()
{
	if ! with_helper; then
		log_skip "FTP and translated addresses" "no helper for FTP in this kernel"
		return
	fi
	configure "nat add dnat dest $vip/32 proto tcp port 21 to 10.0.1.1" \
		"nat add dnat dest $vip6/128 proto tcp port 21 to 2001:db8:1::1"
	transfers "$client" "$vip" "$vip"
	transfers "$client" "$vip6" "$vip6"
	configure "masquerade add 10.98.0.0/24" "masquerade add 2001:db8:98::/64"
	transfers "$home" 10.0.1.1 10.0.1.1
	transfers "$home" 2001:db8:1::1 2001:db8:1::1
	configure "publish add 21 to 10.0.1.1,[2001:db8:1::1]" "masquerade add 10.98.0.0/24" \
		"masquerade add 2001:db8:98::/64"
	transfers "$home" 10.0.9.254 10.0.9.254
	transfers "$home" 2001:db8:9::fe 2001:db8:9::fe
	log_test "FTP, active and passive, with dnat, masquerade and a published port"
}

sctp()
{
	if ! modprobe -q sctp; then
		log_skip "SCTP through a service" "no SCTP in this kernel"
		return
	fi
	configure "service add s $vip:9000 proto sctp" "backend add s 10.0.2.1:9001" \
		"service add six [$vip6]:9000 proto sctp" "backend add six [2001:db8:2::1]:9001"
	says whole sctp "$client" "$vip" 9000 "$b2" 10.0.2.1 9001
	says whole sctp "$client" "$vip6" 9000 "$b2" 2001:db8:2::1 9001
	log_test "SCTP through a service"
}

run_tests
