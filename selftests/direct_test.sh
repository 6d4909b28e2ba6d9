#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Services whose backends answer by themselves (forward direct), with real sockets. Two
# topologies: the star of router_lib.sh, where each backend has a second link, straight to
# the client, by which its answers go; and one network where the router is a host among
# others. Each backend has the service's address on a dummy, its server listens at that.

# shellcheck disable=SC2016,SC2317,SC2154
ALL_TESTS="refusals fast_on data carried held answers_elsewhere fast_off data carried held fast_on
	idle alive opened_again counters schedulers maglev_moves drains deleted limits load
	too_long errors_of_answers hops no_way own one_network"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

require_command jq python3
require_vrouter
load_kind veth dummy bridge
N=3
router_star $N || exit 1
ALL="b1=1 b2=1 b3=1"
path=on

# has_vip NETNS: the host has the service's addresses, and says so to nobody
has_vip()
{
	ip -n "$1" -b - <<-END &&
		link add vip type dummy
		link set vip up
		addr add "$vip/32" dev vip
		addr add "$vip6/128" dev vip nodad
	END
		in_ns "$1" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
}

# back NUMBER: the link by which the backend answers to the client
back()
{
	local host="b$1"

	ip -n "$client" -b - <<-END &&
		link add back$1 address 02:00:00:00:03:0$1 type veth peer name back address 02:00:00:00:04:0$1 netns ${!host}
		link set back$1 up
		addr add 10.1.$1.254/24 dev back$1
		addr add 2001:db8:b$1::fe/64 dev back$1 nodad
	END
		ip -n "${!host}" -b - <<-END
			link set back up
			addr add 10.1.$1.1/24 dev back
			addr add 2001:db8:b$1::1/64 dev back nodad
			neigh replace 10.1.$1.254 lladdr 02:00:00:00:03:0$1 dev back
			neigh replace 2001:db8:b$1::fe lladdr 02:00:00:00:03:0$1 dev back
			neigh replace 2001:db8:$1::fe lladdr 02:00:00:00:02:0$1 dev eth0
			route add 10.0.9.0/24 via 10.1.$1.254
			route add 10.99.0.0/16 via 10.1.$1.254
			route add 2001:db8:9::/64 via 2001:db8:b$1::fe
			route add 2001:db8:99::/64 via 2001:db8:b$1::fe
		END
}

# Answers come by a device that the client would not ask by.
in_ns "$router" sysctl -qw net.ipv4.conf.all.rp_filter=0
in_ns "$client" sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
	net.ipv4.tcp_max_tw_buckets=0
for i in 1 2 3; do
	host=b$i
	{ has_vip "${!host}" && back "$i"; } || exit 1
	busywait "$WAIT" carrier "${!host}" back || exit 1
	wire serve_at "$vip" "b$i" "${!host}" 80 >/dev/null
	wire serve_at "$vip6" "b$i" "${!host}" 80 >/dev/null
done

on_fail()
{
	router_vsw -s service show
	router_vsw -s backend show
	router_vsw router connections
	in_ns "$router" cat /proc/net/nf_conntrack
}

# balance [OPTION...]: services for both families and protocols; the TCP one of IPv4 is "web"
balance()
{
	local i lines=()

	flush_router
	lines=("router set fast-path $path"
		"service add web $vip:80 forward direct $*"
		"service add six [$vip6]:80 forward direct $*"
		"service add webudp $vip:80 proto udp forward direct $*"
		"service add sixudp [$vip6]:80 proto udp forward direct $*")
	for i in 1 2 3; do
		lines+=("backend add web 10.0.$i.1" "backend add webudp 10.0.$i.1:80"
			"backend add six [2001:db8:$i::1]:80" "backend add sixudp 2001:db8:$i::1")
	done
	batch "${lines[@]}"
}

# web OPTION...: one service with all backends, by TCP and IPv4
web()
{
	flush_router
	batch "service add web $vip:80 forward direct $*" "backend add web 10.0.1.1" \
		"backend add web 10.0.2.1" "backend add web 10.0.3.1"
}

# backend NUMBER SETTING...
backend()
{
	succeeds router_vsw backend set web "10.0.$1.1" "${@:2}"
}

# active_of NUMBER: connections of a backend of "web"
active_of()
{
	router_vsw -j backend show web | jq ".[] | select(.address == \"10.0.$1.1\").active"
}

# is_idle NUMBER
is_idle()
{
	[ "$(active_of "$1")" = 0 ]
}

refusals()
{
	batch "service add web $vip:80 forward direct" "backend add web 10.0.1.1" \
		"service add six [$vip6]:80 forward direct" "service add nat $vip:90"
	refused "the port stays" router_vsw backend add web 10.0.2.1:8080
	refused "backend of this address" router_vsw backend add web 10.0.1.1:80
	refused "another host" router_vsw backend add web 10.0.1.254
	refused "another host" router_vsw backend add web 127.0.0.1
	refused "another host" router_vsw backend add web "$vip"
	refused "another host" router_vsw backend add six 2001:db8:1::fe
	refused "TCP or UDP" router_vsw service add other "$vip:81" proto sctp forward direct
	refused "answer from" router_vsw service add other 127.0.0.1:81 forward direct
	refused "no answers are seen" router_vsw service add other "$vip:81" forward direct health-share 50
	refused "no answers are seen" router_vsw service set web health-share 50
	refused "forward" router_vsw service set nat forward direct
	succeeds router_vsw backend set web 10.0.1.1:80 weight 5
	expect_eq "$(value '.forward, .backends' service show web)" $'direct\n1' "the service"
	expect_eq "$(router_vsw service show | awk '$1 == "nat" || $1 == "web" { print $5 }' | xargs)" \
		"nat direct" "how packets get there"
	succeeds router_vsw backend delete web 10.0.1.1:80
	log_test "what can't be is refused, and says why"
}

fast_on()
{
	path=on
	log_test "the fast path is on"
}

fast_off()
{
	path=off
	log_test "the fast path is off"
}

# A backend's server listens at the service's address, and says whom it sees.
data()
{
	local to proto

	balance scheduler rr
	for to in "$vip" "$vip6"; do
		for proto in tcp udp; do
			says "$ALL" ask "$client" "$proto" "$to" 80 3
			wire close "$to$proto" >/dev/null
			says "$ALL" hold "$to$proto" "$client" "$proto" "$to" 80 3
			says "$ALL" again "$to$proto"
			says "$ALL" again "$to$proto"
		done
		says whole bulk "${to}tcp" 200000
		says "3000 3000" longest "$client" udp "$to" 80 size=3000
	done
	says "10.0.9.1" peers "$client" tcp "$vip" 80 3
	says "2001:db8:9::1" peers "$client" udp "$vip6" 80 3
	says "10.99.1.2" peers "$client" udp "$vip" 80 3 from=10.99.1.2
	log_test "the backend has packets as they were sent, TCP and UDP, IPv4 and IPv6 (fast path $path)"
}

carried()
{
	local name before after i

	if [ "$path" = off ]; then
		expect_eq "$(value .carried router show)" 0 "connections that are carried"
		expect_ge "$(ways web | grep -cx "off off")" 3 "connections that say off"
		log_test "nothing is carried when the fast path is off"
		return
	fi
	# Segments of TCP are carried after some that have been looked at.
	for i in 1 2 3 4; do
		for name in "$vip" "$vip6"; do
			says "$ALL" again "${name}tcp"
			says "$ALL" again "${name}udp"
		done
	done
	for name in web six webudp sixudp; do
		expect_ge "$(ways "$name" | grep -cx "carried direct")" 3 "$name: connections that are carried"
	done
	# A route or a device that changes just then makes all be looked at once more.
	for i in 1 2 3 4 5; do
		before=$(value '.["carried-packets"]' router show)
		for name in "$vip" "$vip6"; do
			says "$ALL" again "${name}tcp"
			says "$ALL" again "${name}udp"
		done
		after=$(value '.["carried-packets"]' router show)
		[ "$after" -lt $((before + 12)) ] || break
	done
	expect_ge "$after" $((before + 12)) "carried packets"
	expect_eq "$(router_vsw -j router connections web | jq -r '.[].to' | sort -u | xargs)" \
		"10.0.1.1 10.0.2.1 10.0.3.1" "where connections go"
	log_test "one direction is carried, and says so"
}

# Those of data(): whatever becomes of the service.
held()
{
	local i

	succeeds router_vsw service set web scheduler maglev
	for i in 1 2 3; do
		backend "$i" weight 0
	done
	says "refused=1" ask "$client" tcp "$vip" 80
	says "$ALL" again "${vip}tcp"
	backend 2 weight 9
	says "$ALL" again "${vip}tcp"
	says whole bulk "${vip}tcp" 100000
	wire close "${vip}tcp" >/dev/null
	wait_for has_active 0
	log_test "what is connected stays, whoever gets new connections (fast path $path)"
}

# came_from NUMBER: packets that the router got from that backend
came_from()
{
	ip -n "$router" -j -s link show "b$1" | jq '.[0].stats64.rx.packets'
}

answers_elsewhere()
{
	local before stats

	balance
	before=$(came_from 1)
	batch "backend set web 10.0.2.1 weight 0" "backend set web 10.0.3.1 weight 0" \
		"backend set webudp 10.0.2.1 weight 0" "backend set webudp 10.0.3.1 weight 0"
	says "b1=40" ask "$client" tcp "$vip" 80 40
	says "b1=40" ask "$client" udp "$vip" 80 40
	# Some are of IPv6, about neighbours.
	[ "$(came_from 1)" -lt $((before + 20)) ]
	check_err $? "answers came through the router: $before packets before, $(came_from 1) after"
	stats=$(value '.stats["connections"], .stats["tx-packets"]' service show web)
	expect_eq "$(xargs <<<"$stats")" "40 0" "of the service"
	log_test "answers don't pass the router"
}

# What conntrack gives a connection that it has not seen both ways of is five minutes: here
# a second. Nobody gets a new one, so that who came by as a new one would be refused.
idle()
{
	in_ns "$router" sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_unacknowledged=1 \
		net.netfilter.nf_conntrack_tcp_timeout_max_retrans=1
	balance scheduler rr
	says "$ALL" hold idle "$client" tcp "$vip" 80 3
	says "$ALL" hold idle "$client" tcp "$vip6" 80 3
	says whole bulk idle 50000
	batch "backend set web 10.0.1.1 weight 0" "backend set web 10.0.2.1 weight 0" \
		"backend set web 10.0.3.1 weight 0" "backend set six 2001:db8:1::1 weight 0" \
		"backend set six 2001:db8:2::1 weight 0" "backend set six 2001:db8:3::1 weight 0"
	sleep 2.5
	says "b1=2 b2=2 b3=2" again idle
	# Two hours and four minutes, and not the five days of those that are seen to end.
	in_ns "$router" awk '$3 == "tcp" && $6 == "ESTABLISHED" && ($5 < 7000 || $5 > 7440) { bad = 1 }
		END { exit bad }' /proc/net/nf_conntrack
	check_err $? "other timeouts than of an established connection"
	log_test "an idle connection stays where it is"
}

# Those of idle(): a client that asks whether the other end is there sends the same again.
alive()
{
	wire alive idle 1 >/dev/null
	sleep 4.5
	wire alive idle 0 >/dev/null
	sleep 2.5
	says "b1=2 b2=2 b3=2" again idle
	wire close idle >/dev/null
	wait_for has_active 0
	in_ns "$router" sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_unacknowledged=300 \
		net.netfilter.nf_conntrack_tcp_timeout_max_retrans=300
	log_test "one that keeps itself alive, too"
}

# From one port, closed by FIN, by RST: each is a new connection, and gets its turn.
opened_again()
{
	web scheduler rr
	says "b1 b2 b3 b1 b2 b3" order "$client" tcp "$vip" 80 6 sport=7001 polite=1
	says "b1 b2 b3 b1 b2 b3" order "$client" tcp "$vip" 80 6 sport=7002 abort=1
	wait_for has_active 0
	log_test "a port that is used again begins a new connection"
}

# A datagram of "who\n".
counters()
{
	local stats

	flush_router
	batch "service add web $vip:80 proto udp scheduler rr forward direct" \
		"backend add web 10.0.1.1" "backend add web 10.0.2.1"
	says "b1=5 b2=5" hold count "$client" udp "$vip" 80 10
	says "b1=5 b2=5" again count
	says "b1=5 b2=5" again count
	stats=$(value '.stats["connections"], .stats["rx-packets"], .stats["rx-bytes"], .stats["tx-packets"]' \
		service show web)
	expect_eq "$(xargs <<<"$stats")" "10 30 $((30 * 32)) 0" "of the service"
	stats=$(value '.stats["connections"], .stats["rx-packets"]' backend show web)
	expect_eq "$(xargs <<<"$stats")" "5 15" "of a backend"
	wire close count >/dev/null
	log_test "connections, packets and bytes are counted, one way"
}

schedulers()
{
	local pairs scheduler

	web scheduler wrr
	backend 3 weight 4
	says "b1=2 b2=2 b3=8" ask "$client" tcp "$vip" 80 12
	for scheduler in lc wlc random2 maglev; do
		succeeds router_vsw service set web scheduler "$scheduler"
		[[ $(wire ask "$client" tcp "$vip" 80 12) =~ ^b[0-9=\ b]+$ ]]
		check_err $? "not all were answered with $scheduler"
	done
	web scheduler lc
	backend 3 weight 0
	says "b1=3 b2=3" hold few "$client" tcp "$vip" 80 6
	wire close few >/dev/null
	web scheduler sh
	pairs=$(wire pairs "$client" tcp "$vip" 80 12 from=10.99.0.1-10.99.0.12)
	says "$pairs" pairs "$client" tcp "$vip" 80 12 from=10.99.0.1-10.99.0.12
	web scheduler rr affinity source timeout 3h
	pairs=$(wire pairs "$client" tcp "$vip" 80 6 from=10.99.0.1-10.99.0.6)
	says "$pairs" pairs "$client" tcp "$vip" 80 6 from=10.99.0.1-10.99.0.6
	log_test "schedulers and affinity"
}

# by_port: who gets the connections of 60 clients, each from the same port every time
by_port()
{
	wire pairs "$client" tcp "$vip" 80 60 from=10.99.0.1-10.99.0.60 sport=7000 abort=1
}

maglev_moves()
{
	local before after moved held

	web scheduler maglev
	held=$(wire hold still "$client" tcp "$vip" 80 60)
	before=$(by_port)
	expect_eq "$(by_port)" "$before" "the same again"
	succeeds router_vsw backend add web 10.0.9.9
	backend 3 weight 0
	says "$held" again still
	succeeds router_vsw backend delete web 10.0.9.9
	after=$(by_port)
	moved=$(comm -23 <(tr ' ' '\n' <<<"$before" | grep -v b3 | sort) <(tr ' ' '\n' <<<"$after" | sort) | wc -l)
	[ "$moved" -le 3 ]
	check_err $? "$moved clients of other backends moved"
	wire close still >/dev/null
	log_test "maglev: when backends change few clients move, and no connection"
}

drains()
{
	web scheduler rr
	says "$ALL" hold drain "$client" tcp "$vip" 80 3
	backend 1 weight 0
	says "b2=3 b3=3" ask "$client" tcp "$vip" 80 6
	says "$ALL" again drain
	backend 2 weight 0 drain-timeout 1
	wait_for is_idle 2
	says "b1=1 b3=1 reset=1" again drain
	wire close drain >/dev/null
	log_test "drains: what runs goes on, until the deadline"
}

deleted()
{
	web scheduler rr
	says "$ALL" hold gone "$client" tcp "$vip" 80 3
	succeeds router_vsw backend delete web 10.0.2.1
	says "b1=1 b3=1 reset=1" again gone
	says "b1=2 b3=2" ask "$client" tcp "$vip" 80 4
	backend 3 down cut
	says "b1=2" ask "$client" tcp "$vip" 80 2
	wire close gone >/dev/null
	succeeds router_vsw service delete web
	expect_eq "$(value .connections router show)" 0 "connections"
	log_test "with a backend go its connections"
}

limits()
{
	web scheduler rr
	backend 1 max-connections 2
	backend 2 max-connections 1
	backend 3 max-connections 1
	says "b1=2 b2=1 b3=1 refused=2" hold limit "$client" tcp "$vip" 80 6
	expect_eq "$(value '.stats["refused"]' service show web)" 2 "refused ones"
	wire abort limit >/dev/null
	wait_for has_active 0
	says "b1=2 b2=1 b3=1" hold limit "$client" tcp "$vip" 80 4
	wire close limit >/dev/null
	wait_for has_active 0
	log_test "no more than max-connections, and others when they are over"
}

# Requests by HTTP, whose connections the servers close, while backends come and go.
load()
{
	local i said

	web scheduler rr
	wire load http "$client" "$vip" 80 >/dev/null
	for i in 1 2 3; do
		backend "$i" weight 0
		wait_for is_idle "$i"
		# Over is what the client has closed: by then it has all.
		succeeds router_vsw backend delete web "10.0.$i.1"
		succeeds router_vsw backend add web "10.0.$i.1"
	done
	said=$(wire loaded http)
	[[ $said =~ ^b1=[0-9]+\ b2=[0-9]+\ b3=[0-9]+$ ]]
	check_err $? "requests failed while backends were drained: $said"
	log_test "no request fails while backends are drained"
}

# A link to the backend with a smaller MTU: who sends is told.
too_long()
{
	local mode

	for mode in on off; do
		flush_router
		batch "router set fast-path $mode" "service add web $vip:80 forward direct" \
			"backend add web 10.0.1.1" "service add six [$vip6]:80 forward direct" \
			"backend add six 2001:db8:1::1"
		says "b1=1" hold "mtu$mode" "$client" tcp "$vip" 80
		says "b1=1" hold "six$mode" "$client" tcp "$vip6" 80
		says whole bulk "mtu$mode" 100000
		ip -n "$router" link set b1 mtu 1300
		says whole bulk "mtu$mode" 100000
		says whole bulk "six$mode" 100000
		expect_eq "$(ip -n "$client" -j route get "$vip" | jq '.[0].metrics[0].mtu')" 1300 \
			"what the client knows of the path"
		ip -n "$router" link set b1 mtu 1500
		ip -n "$client" route flush cache
		ip -n "$client" -6 route flush cache
		wire close "mtu$mode" >/dev/null
		wire close "six$mode" >/dev/null
	done
	log_test "the client is told that packets are too long"
}

# errors_seen FILE NAME NETNS: what the kernel counts there
errors_seen()
{
	case $1 in
	snmp)
		in_ns "$3" awk -v name="$2" '$1 == "Icmp:" && n { print $n }
			$1 == "Icmp:" && !n { for (i = 2; i <= NF; i++) if ($i == name) n = i }' \
			/proc/net/snmp
		;;
	snmp6)
		in_ns "$3" awk -v name="$2" '$1 == name { print $2 }' /proc/net/snmp6
		;;
	esac
}

# told ADDRESS FILE NAME: an answer that finds nobody makes an error, which the backend gets
told()
{
	local before

	before=$(errors_seen "$2" "$3" "$b1")
	more()
	{
		wire scatter "$client" "$1" 80-80 >/dev/null
		[ "$(errors_seen "$2" "$3" "$b1")" -gt "$before" ]
	}
	wait_for more "$1" "$2" "$3"
}

errors_of_answers()
{
	flush_router
	batch "service add web $vip:80 proto udp forward direct" "backend add web 10.0.1.1" \
		"service add six [$vip6]:80 proto udp forward direct" "backend add six 2001:db8:1::1"
	told "$vip" snmp InDestUnreachs
	told "$vip6" snmp6 Icmp6InDestUnreachs
	log_test "errors that come of a backend's answers come to the backend"
}

hops()
{
	local before before6

	before=$(errors_seen snmp InTimeExcds "$client")
	before6=$(errors_seen snmp6 Icmp6InTimeExcds "$client")
	says "none=1" ask "$client" udp "$vip" 80 ttl=1 wait=1
	wire ask "$client" udp "$vip6" 80 ttl=1 wait=1 >/dev/null
	expect_ge "$(errors_seen snmp InTimeExcds "$client")" $((before + 1)) "errors of IPv4"
	expect_ge "$(errors_seen snmp6 Icmp6InTimeExcds "$client")" $((before6 + 1)) "errors of IPv6"
	says "b1=1" ask "$client" udp "$vip" 80 ttl=2
	says "b1=1" ask "$client" udp "$vip6" 80 ttl=2
	log_test "the router is a hop"
}

# A backend that is behind another router, or nowhere.
no_way()
{
	flush_router
	ip -n "$router" route add 10.77.0.0/24 via 10.0.1.1
	ip -n "$router" -6 route add 2001:db8:77::/64 via 2001:db8:1::1
	batch "service add web $vip:80 forward direct" "backend add web 10.77.0.1" \
		"service add six [$vip6]:80 forward direct" "backend add six 2001:db8:77::1"
	says "unreachable=1" ask "$client" tcp "$vip" 80 wait=20
	says "unreachable=1" ask "$client" tcp "$vip6" 80 wait=20
	ip -n "$router" route del 10.77.0.0/24
	ip -n "$router" -6 route del 2001:db8:77::/64
	says "unreachable=1" ask "$client" tcp "$vip" 80 wait=20
	says "unreachable=1" ask "$client" tcp "$vip6" 80 wait=20
	log_test "a backend that is on no link can't be reached, and the client is told"
}

# From the router itself, if it asks with an address of its own.
own()
{
	balance scheduler rr
	ip -n "$router" addr add 10.98.0.1/32 dev lo
	ip -n "$router" addr add 2001:db8:98::1/128 dev lo
	ip -n "$router" route add "$vip" via 10.0.9.1 src 10.98.0.1
	ip -n "$router" -6 route add "$vip6" via 2001:db8:9::1 src 2001:db8:98::1
	says "$ALL" ask "$router" tcp "$vip" 80 3
	says "$ALL" ask "$router" udp "$vip6" 80 3
	ip -n "$router" route del "$vip"
	ip -n "$router" -6 route del "$vip6"
	ip -n "$router" addr add "$vip/32" dev client
	says "$ALL" ask "$client" tcp "$vip" 80 3
	says "unreachable=1" ask "$router" tcp "$vip" 80 wait=20
	ip -n "$router" addr del "$vip/32" dev client
	log_test "the router asks, too, but not from the service's address"
}

# lan NAME NUMBER: $NAME gets a device "lan" in one network with the others
lan()
{
	ip -n "$lan" link add "$1" type veth peer name lan netns "${!1}" &&
		ip -n "$lan" link set "$1" master br0 up &&
		ip -n "${!1}" -b - <<-END
			link set lan up
			addr add 192.0.2.$2/24 dev lan
			addr add 2001:db8:a::$2/64 dev lan nodad
		END
}

# The client, the router, which has the service's address, and backends are neighbours.
one_network()
{
	local before vip=192.0.2.100 vip6=2001:db8:a::100 i host

	flush_router
	setup_ns lan
	ip -n "$lan" link add br0 type bridge
	ip -n "$lan" link set br0 up
	# Without addresses of the link nobody could ask for neighbours who passes on from others.
	in_ns "$router" sysctl -qw net.ipv6.conf.default.addr_gen_mode=0
	in_ns "$b1" sysctl -qw net.ipv6.conf.default.addr_gen_mode=0
	in_ns "$b2" sysctl -qw net.ipv6.conf.default.addr_gen_mode=0
	lan router 254 && lan client 9 && lan b1 1 && lan b2 2
	check_err $? "no network"
	for host in router client b1 b2; do
		wait_for carrier "${!host}" lan
	done
	ip -n "$router" addr add 192.0.2.100/24 dev lan
	ip -n "$router" addr add 2001:db8:a::100/64 dev lan nodad
	for i in 1 2; do
		host=b$i
		ip -n "${!host}" addr add "$vip/32" dev vip
		ip -n "${!host}" addr add "$vip6/128" dev vip nodad
		wire serve_at "$vip" "lan$i" "${!host}" 80 >/dev/null
		wire serve_at "$vip6" "lan$i" "${!host}" 80 >/dev/null
	done
	batch "service add web $vip:80 scheduler rr forward direct" "backend add web 192.0.2.1" \
		"backend add web 192.0.2.2" "service add six [$vip6]:80 scheduler rr forward direct" \
		"backend add six 2001:db8:a::1" "backend add six 2001:db8:a::2"
	before="$(errors_seen snmp InRedirects "$client") $(errors_seen snmp6 Icmp6InRedirects "$client")"
	says "lan1=4 lan2=4" ask "$client" tcp "$vip" 80 8
	says "lan1=4 lan2=4" ask "$client" tcp "$vip6" 80 8
	says "lan1=2 lan2=2" hold lan "$client" tcp "$vip" 80 4
	for i in 1 2 3 4 5; do
		says "lan1=2 lan2=2" again lan
	done
	says whole bulk lan 100000
	expect_eq "$(ways web | grep -cx "route direct")" 4 "connections that leave as they came"
	expect_eq "$(value '.stats["tx-packets"]' service show web)" 0 "answers through the router"
	expect_eq "$(errors_seen snmp InRedirects "$client") $(errors_seen snmp6 Icmp6InRedirects "$client")" \
		"$before" "redirects"
	wire close lan >/dev/null
	log_test "where all are neighbours, who asks for the address finds the router"
}

run_tests
