#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Services with real sockets: who gets a connection, and what becomes of it. The topology is
# the star of router_lib.sh with three backends; what packets meet is tested with the fast
# path and without.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="refusals fast_on data carried opening resets errors fast_off data carried errors fast_on
	schedulers weights fewest by_client maglev_moves affinity drains deadline down limits fallback
	slow_start port_range backend_deleted
	load hairpin addresses via_ipv6 nobody counters module netns_gone"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"

require_command jq python3
require_vrouter
load_kind veth
router_star 3 || exit 1
ALL="b1=1 b2=1 b3=1"
path=on

on_fail()
{
	router_vsw -s service show
	router_vsw -s backend show
	router_vsw router connections
}

# balance [OPTION...]: services for all of IPv4 and IPv6, TCP and UDP, with all backends; the
# TCP one of IPv4 is "web"
balance()
{
	local i proto lines=()

	flush_router
	[ "$path" = on ] || lines=("router set fast-path off")
	for proto in tcp udp; do
		lines+=("service add web$proto $vip:80 proto $proto $*"
			"service add six$proto [$vip6]:80 proto $proto $*")
		for i in 1 2 3; do
			lines+=("backend add web$proto 10.0.$i.1:8080"
				"backend add six$proto [2001:db8:$i::1]:8080")
		done
	done
	batch "${lines[@]}"
}

# web OPTION...: one service with all backends, by TCP and IPv4
web()
{
	flush_router
	batch "service add web $vip:80 $*" "backend add web 10.0.1.1:8080" \
		"backend add web 10.0.2.1:8080" "backend add web 10.0.3.1:8080"
}

# backend NUMBER SETTING...
backend()
{
	succeeds router_vsw backend set web "10.0.$1.1:8080" "${@:2}"
}

# of_backend NUMBER NAME: what "backend show web" says of it; jq would take longer than all else
of_backend()
{
	local object='\{[^{}]*"address":"10.0.'$1'.1"[^{}]*(\{[^{}]*\})?[^{}]*\}'

	[[ $(router_vsw -j -s backend show web) =~ $object ]] &&
		first_values ".[\"$2\"]" "${BASH_REMATCH[0]}"
}

fast_on()
{
	path=on
	batch "router set fast-path on"
	expect_eq "$(value '.["fast-path"]' router show)" true "the fast path"
	log_test "the fast path is on"
}

fast_off()
{
	path=off
	batch "router set fast-path off"
	expect_eq "$(value '.["fast-path"]' router show)" false "the fast path"
	log_test "the fast path is off"
}

refusals()
{
	batch "service add web $vip:80" "backend add web 10.0.1.1:8080"
	refused "of this name" router_vsw service add web "$vip:81"
	refused "has this address" router_vsw service add other "$vip:80"
	refused "no such|not there|no service" router_vsw backend add nosuch 10.0.1.1
	refused "backend of this address" router_vsw backend add web 10.0.1.1:8080
	refused "family|IPv4|IPv6" router_vsw backend add web "[2001:db8:1::1]:8080"
	refused "." router_vsw service add other "$vip:90-80"
	refused "no such|not there|no backend" router_vsw backend set web 10.0.2.1:8080 weight 2
	refused "." router_vsw backend set web 10.0.1.1:8080 weight 65536
	refused "no such|not there|no service" router_vsw service delete other
	in_ns "$router" setpriv --bounding-set -net_admin --inh-caps -net_admin \
		"$VSW" service delete web >/dev/null 2>&1
	check_fail $? "somebody without CAP_NET_ADMIN deleted a service"
	expect_eq "$(value '.name, .backends' service show)" $'web\n1' "what is there after all that"
	log_test "what can't be is refused, and says why"
}

# data: what goes in comes out at a backend, and back, whatever it is
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
	log_test "TCP and UDP by IPv4 and IPv6, and who asks is seen (fast path $path)"
}

# carried: those that data() has left
carried()
{
	local name before

	if [ "$path" = off ]; then
		expect_eq "$(value .carried router show)" 0 "connections that are carried"
		expect_ge "$(ways webtcp | grep -cx "off off")" 3 "connections that say off"
		log_test "nothing is carried when the fast path is off"
		return
	fi
	before=$(value '.["carried-packets"]' router show)
	# A packet in a second goes the slow way, and says that all is as it was.
	for name in "$vip" "$vip6" "$vip" "$vip6"; do
		says "$ALL" again "${name}tcp"
		says "$ALL" again "${name}udp"
	done
	expect_ge "$(value '.["carried-packets"]' router show)" $((before + 24)) "carried packets"
	for name in webtcp sixtcp webudp sixudp; do
		expect_ge "$(ways "$name" | grep -cx "carried carried")" 3 "$name: connections that are carried"
	done
	log_test "what is held is carried, and says so"
}

# Carried as soon as it is open; but for a rule that lets only the answering SYN pass.
opening()
{
	local before

	web scheduler rr
	before=$(value '.["carried-packets"]' router show)
	says "$ALL" ask "$client" tcp "$vip" 80 3
	expect_ge "$(value '.["carried-packets"]' router show)" $((before + 6)) "packets that are carried"
	in_ns "$router" nft "table inet opening { chain forward {
		type filter hook forward priority 0; tcp sport 8080 tcp flags & syn == 0 drop; }; }"
	before=$(value '.["carried-packets"]' router show)
	# Its question is not answered: but for abort it would be sent again for minutes, also to
	# the services of later tests, as if somebody else had connected.
	says none=1 ask "$client" tcp "$vip" 80 1 abort=1
	expect_eq "$(value '.["carried-packets"]' router show)" "$before" "packets that are carried"
	in_ns "$router" nft delete table inet opening
	log_test "TCP is carried from its first data on, unless there are rules"
}

# Of what was carried conntrack has not seen each segment; it takes the reset for one all the same.
resets()
{
	local i

	web
	says "$ALL" hold reset "$client" tcp "$vip" 80 3
	for i in 1 2 3 4 5; do
		says "$ALL" again reset
	done
	expect_eq "$(ways web | grep -cx "carried carried")" 3 "connections that are carried"
	expect_eq "$(value .active service show web)" 3 "active"
	wire abort reset >/dev/null
	wait_for has_active 0
	log_test "the reset of what was carried ends it"
}

# errors: a port that nobody listens at, and a path with a smaller MTU
errors()
{
	flush_router
	batch "router set fast-path $path" \
		"service add closed $vip:81 proto udp" "backend add closed 10.0.2.1:81" \
		"service add shut [$vip6]:81 proto udp" "backend add shut [2001:db8:2::1]:81" \
		"service add web $vip:80" "backend add web 10.0.1.1:8080" \
		"service add six [$vip6]:80" "backend add six [2001:db8:1::1]:8080"
	says "refused=2" ask "$client" udp "$vip" 81 2
	says "refused=2" ask "$client" udp "$vip6" 81 2
	says "b1=1" hold "mtu$path" "$client" tcp "$vip" 80
	says whole bulk "mtu$path" 100000
	says "b1=1" hold "six$path" "$client" tcp "$vip6" 80
	says whole bulk "six$path" 100000
	# Both ends of the link: what is longer than that of the other end is just gone.
	ip -n "$router" link set b1 mtu 1300
	ip -n "$b1" link set eth0 mtu 1300
	says whole bulk "mtu$path" 100000
	says whole bulk "six$path" 100000
	ip -n "$router" link set b1 mtu 1500
	ip -n "$b1" link set eth0 mtu 1500
	ip -n "$client" route flush cache
	ip -n "$client" -6 route flush cache
	wire close "mtu$path" >/dev/null
	wire close "six$path" >/dev/null
	log_test "errors of ICMP come to who asked (fast path $path)"
}

# runs NAMES: the longest run of one name
runs()
{
	tr ' ' '\n' <<<"$*" | uniq -c | awk '$1 > n { n = $1 } END { print n }'
}

schedulers()
{
	local order scheduler

	balance scheduler rr
	says "b1=4 b2=4 b3=4" ask "$client" tcp "$vip" 80 12
	says "b1=4 b2=4 b3=4" ask "$client" udp "$vip6" 80 12
	order=$(wire order "$client" tcp "$vip" 80 6)
	expect_eq "${order:0:8}" "${order:9}" "the order, and again"
	for scheduler in wrr lc wlc random2; do
		succeeds router_vsw service set webtcp scheduler "$scheduler"
		expect_eq "$(value .scheduler service show webtcp)" "$scheduler" "the scheduler"
		expect_eq "$(wire ask "$client" tcp "$vip" 80 30 | tr '=' '\n' | wc -l)" 4 "who was asked"
	done
	log_test "rr gives one after the other the same; schedulers change at any time"
}

weights()
{
	local order

	web scheduler wrr
	backend 1 weight 3
	backend 2 weight 2
	order=$(wire order "$client" tcp "$vip" 80 24)
	expect_eq "$(tr ' ' '\n' <<<"$order" | sort | uniq -c | awk '{ print $2 "=" $1 }' | xargs)" \
		"b1=12 b2=8 b3=4" "by weight"
	[ "$(runs "$order")" -le 2 ]
	check_err $? "not evenly spread: $order"
	backend 1 weight 1
	backend 2 weight 1
	backend 3 weight 6
	says "b1=3 b2=3 b3=18" ask "$client" tcp "$vip" 80 24
	succeeds router_vsw service set web scheduler rr
	says "b1=3 b2=3 b3=3" ask "$client" tcp "$vip" 80 9
	log_test "wrr by the weights, evenly spread; rr whatever they are"
}

fewest()
{
	local count

	web scheduler lc
	backend 2 weight 0
	backend 3 weight 0
	says "b1=4" hold few "$client" tcp "$vip" 80 4
	backend 2 weight 1
	says "b2=4" hold few "$client" tcp "$vip" 80 4
	backend 3 weight 1
	says "b3=4" hold few "$client" tcp "$vip" 80 4
	says "b1=1 b2=1 b3=1" hold few "$client" tcp "$vip" 80 3
	expect_eq "$(of_backend 1 active)" 5 "active"
	wire close few >/dev/null
	web scheduler wlc
	backend 1 weight 4
	says "b1=8 b2=2 b3=2" hold few "$client" tcp "$vip" 80 12
	wire close few >/dev/null
	web scheduler random2
	for count in $(wire hold few "$client" tcp "$vip" 80 60); do
		[ "${count#*=}" -ge 15 ] && [ "${count#*=}" -le 25 ]
		check_err $? "random2 is far from even: $count of 60"
	done
	wire close few >/dev/null
	log_test "lc, wlc and random2 by the connections that are held"
}

# names_of PAIRS: how many names are in ADDRESS=NAME...
names_of()
{
	tr ' ' '\n' <<<"$1" | cut -d= -f2 | sort -u | wc -l
}

by_client()
{
	local pairs

	web scheduler sh
	pairs=$(wire pairs "$client" tcp "$vip" 80 60 from=10.99.0.1-10.99.0.20)
	expect_eq "$(wc -w <<<"$pairs")" 20 "pairs of client and backend"
	expect_eq "$(names_of "$pairs")" 3 "backends that were chosen"
	says "$pairs" pairs "$client" tcp "$vip" 80 20 from=10.99.0.1-10.99.0.20
	log_test "sh: a client stays with its backend"
}

# by_port: who gets the connections of 60 clients, each from the same port every time
by_port()
{
	wire pairs "$client" tcp "$vip" 80 60 from=10.99.0.1-10.99.0.60 sport=7000 abort=1
}

maglev_moves()
{
	local before after moved

	web scheduler maglev
	before=$(by_port)
	expect_eq "$(names_of "$before")" 3 "backends that were chosen"
	expect_eq "$(by_port)" "$before" "the same again"
	succeeds router_vsw backend delete web 10.0.3.1:8080
	after=$(by_port)
	expect_eq "$(names_of "$after")" 2 "backends that are left"
	moved=$(comm -23 <(tr ' ' '\n' <<<"$before" | grep -v b3 | sort) <(tr ' ' '\n' <<<"$after" | sort) | wc -l)
	[ "$moved" -le 3 ]
	check_err $? "$moved clients of other backends moved"
	succeeds router_vsw backend add web 10.0.3.1:8080
	expect_eq "$(by_port)" "$before" "as before when it is back"
	log_test "maglev: a client stays with its backend, also when others go"
}

affinity()
{
	local first later

	web scheduler rr affinity source timeout 2
	first=$(wire pairs "$client" tcp "$vip" 80 9 from=10.99.0.1-10.99.0.3)
	expect_eq "$(wc -w <<<"$first") $(names_of "$first")" "3 3" "clients and backends"
	says "$first" pairs "$client" tcp "$vip" 80 6 from=10.99.0.1-10.99.0.3
	sleep 2.5
	later=$(wire pairs "$client" tcp "$vip" 80 1 from=10.99.0.3)
	[[ " $first " != *" $later "* ]]
	check_err $? "$later is so after the timeout, too"
	says "$later" pairs "$client" tcp "$vip" 80 3 from=10.99.0.3
	succeeds router_vsw service set web affinity none
	says "$ALL" ask "$client" tcp "$vip" 80 3 from=10.99.0.3
	log_test "affinity: a client stays with its backend until the timeout"
}

drains()
{
	web scheduler rr
	says "$ALL" hold drain "$client" tcp "$vip" 80 3
	backend 1 weight 0
	says "b2=3 b3=3" ask "$client" tcp "$vip" 80 6
	says "$ALL" again drain
	expect_eq "$(of_backend 1 state) $(of_backend 1 active)" "drain 1" "the backend"
	backend 1 weight 1
	says "b1=2 b2=2 b3=2" ask "$client" tcp "$vip" 80 6
	says "$ALL" again drain
	log_test "weight 0: running connections go on, new ones go elsewhere"
}

# With those of drains().
deadline()
{
	backend 1 weight 0 drain-timeout 1
	says "$ALL" again drain
	sleep 1.5
	says "b2=1 b3=1 reset=1" again drain
	expect_eq "$(of_backend 1 active)" 0 "connections of the drained one"
	wire close drain >/dev/null
	log_test "what is left after the drain's deadline is cut"
}

down()
{
	web scheduler rr
	says "$ALL" hold down "$client" tcp "$vip" 80 3
	backend 1 down
	says "b2=2 b3=2" ask "$client" tcp "$vip" 80 4
	says "$ALL" again down
	expect_eq "$(of_backend 1 state)" down "the backend"
	backend 2 down cut
	says "b1=1 b3=1 reset=1" again down
	says "b3=2" ask "$client" tcp "$vip" 80 2
	backend 1 up
	says "b1=2 b3=2" ask "$client" tcp "$vip" 80 4
	wire close down >/dev/null
	batch "service add many $vip:10000-15999 proto udp" "backend add many 10.0.1.1"
	says ok scatter "$client" "$vip" 10000-15999
	expect_eq "$(value .active service show many)" 6000 "connections before they are cut"
	succeeds router_vsw backend set many 10.0.1.1 down cut
	expect_eq "$(value .active service show many)" 0 "connections after they were cut"
	log_test "a backend that is down gets no new connections; cut ends those it has"
}

limits()
{
	web scheduler rr
	backend 1 max-connections 2
	backend 2 max-connections 1
	backend 3 max-connections 1
	says "b1=2 b2=1 b3=1 refused=2" hold limit "$client" tcp "$vip" 80 6
	expect_eq "$(of_backend 1 state)" full "the backend"
	expect_eq "$(value '.stats["refused"]' service show web)" 2 "refused ones"
	wire abort limit >/dev/null
	wait_for has_active 0
	says "b1=2 b2=1 b3=1" hold limit "$client" tcp "$vip" 80 4
	wire close limit >/dev/null
	log_test "no more than max-connections, and others when they are over"
}

fallback()
{
	web scheduler rr
	backend 3 fallback on
	says "b1=2 b2=2" ask "$client" tcp "$vip" 80 4
	backend 1 down
	backend 2 weight 0
	says "b3=2" ask "$client" tcp "$vip" 80 2
	backend 1 up
	says "b1=2" ask "$client" tcp "$vip" 80 2
	log_test "the fallback gets connections only when nobody else can"
}

# With lc who comes back has after so many as he is worth by then, who was held back more.
slow_start()
{
	local begin share new

	web scheduler lc slow-start 3
	backend 3 weight 0
	sleep 3.1
	backend 3 weight 1
	begin=${EPOCHREALTIME/[,.]/}
	wire hold slow "$client" tcp "$vip" 80 30 >/dev/null
	# thousandths of its weight that it had at last
	share=$((100 + (${EPOCHREALTIME/[,.]/} - begin) * 900 / 3000000))
	new=$(of_backend 3 active)
	if [ "$share" -lt 1000 ]; then
		[ "$new" -le $((30 * share / (2000 + share) + 1)) ]
		check_err $? "it has $new of 30, with $share thousandths of its weight"
	fi
	expect_ge "$new" 1 "connections of who just came back"
	sleep 3.1
	wire hold slow "$client" tcp "$vip" 80 30 >/dev/null
	expect_eq "$(of_backend 1 active) $(of_backend 2 active) $(of_backend 3 active)" "20 20 20" \
		"when its time is over"
	wire close slow >/dev/null
	log_test "slow start: who comes back gets few connections first, and then as many as others"
}

port_range()
{
	wire serve low "$b1" 7000 >/dev/null
	wire serve high "$b1" 7009 >/dev/null
	wire serve same "$b2" 9004 >/dev/null
	flush_router
	batch "service add range $vip:9000-9009 proto udp" "backend add range 10.0.1.1:7000" \
		"service add six [$vip6]:9000-9009" "backend add six [2001:db8:2::1]"
	says "low=2" ask "$client" udp "$vip" 9000 2
	says "high=2" ask "$client" udp "$vip" 9009 2
	says "refused=1" ask "$client" udp "$vip" 9005
	says "same=2" ask "$client" tcp "$vip6" 9004 2
	log_test "a range of ports is one service"
}

backend_deleted()
{
	web scheduler rr
	says "$ALL" hold gone "$client" tcp "$vip" 80 3
	succeeds router_vsw backend delete web 10.0.2.1:8080
	says "b1=1 b3=1 reset=1" again gone
	says "b1=2 b3=2" ask "$client" tcp "$vip" 80 4
	succeeds router_vsw service delete web
	expect_eq "$(value .connections router show)" 0 "connections"
	wire close gone >/dev/null
	log_test "with a backend go its connections, with a service all"
}

# is_idle NUMBER: the backend has no connection any more
is_idle()
{
	[ "$(of_backend "$1" active)" = 0 ]
}

# Backends come and go under requests by HTTP, first with a drain each, then at once.
load()
{
	local i said

	web scheduler rr
	wire load http "$client" "$vip" 80 >/dev/null
	for i in 1 2 3; do
		backend "$i" weight 0
		wait_for is_idle "$i"
		succeeds router_vsw backend delete web "10.0.$i.1:8080"
		succeeds router_vsw backend add web "10.0.$i.1:8080"
	done
	said=$(wire loaded http)
	[[ $said =~ ^b1=[0-9]+\ b2=[0-9]+\ b3=[0-9]+$ ]]
	check_err $? "requests failed while backends were drained: $said"
	wire load http "$client" "$vip" 80 >/dev/null
	backend 2 down cut
	succeeds router_vsw backend delete web 10.0.3.1:8080
	said=$(wire loaded http)
	# One client: at most one request is on its way when a backend goes.
	[[ $said =~ ^(RemoteDisconnected=1\ )?b1=[0-9]+(\ b[23]=[0-9]+)*(\ (reset|none|closed)=[12])*$ ]]
	check_err $? "more failed than were on their way: $said"
	log_test "no request fails while backends are drained, few when they go at once"
}

hairpin()
{
	balance scheduler rr
	says "$ALL" ask "$b1" tcp "$vip" 80 3
	says "$ALL" ask "$b1" udp "$vip6" 80 3
	says "$ALL" hold pin "$b2" tcp "$vip" 80 3
	says "$ALL" again pin
	says "$ALL" again pin
	wire close pin >/dev/null
	log_test "a backend reaches itself through the service"
}

# seen_by NETNS ADDRESS WANTED: whom the three backends see, by TCP and by UDP
seen_by()
{
	local proto

	for proto in tcp udp; do
		says "$3" peers "$1" "$proto" "$2" 80 3
	done
}

# The table of Documentation/services.rst, with the fast path and without.
addresses()
{
	for path in on off; do
		balance scheduler rr
		seen_by "$client" "$vip" 10.0.9.1
		seen_by "$client" "$vip6" 2001:db8:9::1
		seen_by "$b1" "$vip" "10.0.1.1 10.0.1.254"
		seen_by "$b1" "$vip6" "2001:db8:1::1 2001:db8:1::fe"
		# the service's address is not the router's ...
		ip -n "$router" route add "$vip" via 10.0.9.1
		ip -n "$router" -6 route add "$vip6" via 2001:db8:9::1
		seen_by "$router" "$vip" 10.0.9.254
		seen_by "$router" "$vip6" 2001:db8:9::fe
		ip -n "$router" route del "$vip"
		ip -n "$router" -6 route del "$vip6"
		# ... and is
		ip -n "$router" addr add "$vip/32" dev lo
		ip -n "$router" addr add "$vip6/128" dev lo nodad
		seen_by "$client" "$vip" 10.0.9.1
		seen_by "$router" "$vip" "$vip"
		seen_by "$router" "$vip6" "$vip6"
		seen_by "$b1" "$vip" "10.0.1.1 10.0.1.254"
		ip -n "$router" addr del "$vip/32" dev lo
		ip -n "$router" addr del "$vip6/128" dev lo
	done
	path=on
	# a neighbour of who asks
	ip -n "$b1" addr add 10.0.1.2/24 dev eth0
	ip -n "$b1" addr add 2001:db8:1::2/64 dev eth0 nodad
	flush_router
	batch "service add near $vip:80" "backend add near 10.0.1.2:8080" \
		"service add near6 [$vip6]:80" "backend add near6 [2001:db8:1::2]:8080"
	says 10.0.1.254 peers "$b1" tcp "$vip" 80
	says 2001:db8:1::fe peers "$b1" tcp "$vip6" 80
	says 10.0.9.1 peers "$client" tcp "$vip" 80
	ip -n "$b1" addr del 10.0.1.2/24 dev eth0
	ip -n "$b1" addr del 2001:db8:1::2/64 dev eth0
	log_test "whose address backends see, of others, of the router, and of themselves"
}

# IPv4 by a gateway of IPv6 (RFC 8950): the packet is one of IPv4 on the wire, carried or not.
via_ipv6()
{
	local before

	flush_router
	ip -n "$b1" addr add 10.77.0.1/32 dev eth0
	ip -n "$router" route add 10.77.0.1/32 via inet6 2001:db8:1::1 dev b1
	wire serve_at 10.77.0.1 far "$b1" 8081 >/dev/null
	batch "service add far $vip:80 proto udp" "backend add far 10.77.0.1:8081"
	says "far=1" hold far "$client" udp "$vip" 80
	before=$(value '.["carried-packets"]' router show)
	for _ in 1 2 3 4; do
		says "far=1" again far
	done
	expect_ge "$(value '.["carried-packets"]' router show)" $((before + 4)) "carried packets"
	wire close far >/dev/null
	wire stop far >/dev/null
	ip -n "$router" route del 10.77.0.1/32
	ip -n "$b1" addr del 10.77.0.1/32 dev eth0
	log_test "IPv4 by a gateway of IPv6"
}

nobody()
{
	flush_router
	batch "service add web $vip:80" "service add six [$vip6]:80 proto udp" \
		"backend add six [2001:db8:1::1]:8080 weight 0"
	says "refused=2" ask "$client" tcp "$vip" 80 2
	says "refused=1" ask "$client" udp "$vip6" 80
	expect_eq "$(value '.stats["refused"]' service show web)" 2 "refused ones"
	expect_eq "$(value '.stats["connections"]' service show web)" 0 "connections"
	log_test "without a backend connections are refused"
}

# A datagram of "who\n", and the answer "b1 10.0.9.1 PORT\n", whose ports have 5 digits.
counters()
{
	local stats

	flush_router
	batch "service add web $vip:80 proto udp scheduler rr" "backend add web 10.0.1.1:8080" \
		"backend add web 10.0.2.1:8080"
	says "b1=5 b2=5" hold count "$client" udp "$vip" 80 10
	says "b1=5 b2=5" again count
	says "b1=5 b2=5" again count
	stats=$(value '.stats["connections"], .stats["rx-packets"], .stats["rx-bytes"], .stats["tx-packets"]' \
		service show web)
	expect_eq "$(xargs <<<"$stats")" "10 30 $((30 * 32)) 30" "of the service"
	expect_eq "$(of_backend 2 connections) $(of_backend 2 rx-packets) $(of_backend 2 tx-packets)" \
		"5 15 15" "of a backend"
	expect_eq "$(value '.active, .backends' service show web | xargs)" "10 2" "active, backends"
	wire close count >/dev/null
	log_test "connections, packets and bytes are counted"
}

module()
{
	if ! rmmod vrouter 2>/dev/null; then
		flush_router
		wait_for rmmod vrouter
		modprobe vrouter
		check_err $? "it does not load again"
	else
		check_err 1 "the module went while a service was there"
		modprobe vrouter
	fi
	log_test "the module stays while anything is configured, and goes after a flush"
}

netns_gone()
{
	balance scheduler rr
	says "b1=20 b2=20 b3=20" hold last "$client" tcp "$vip" 80 60
	says "b1=20 b2=20 b3=20" hold last "$client" udp "$vip6" 80 60
	says "b1=40 b2=40 b3=40" again last
	batch "service add many $vip:10000-19999 proto udp" "backend add many 10.0.1.1"
	says ok scatter "$client" "$vip" 10000-19999
	expect_ge "$(value .connections router show)" 10000 "connections"
	ip netns del "$router"
	wait_for rmmod vrouter
	modprobe vrouter
	check_err $? "it does not load again"
	log_test "a network namespace goes with its services and their connections"
}

run_tests
