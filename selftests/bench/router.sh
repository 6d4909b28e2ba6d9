# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # guest.sh, row.sh and places.sh assign the others
# shellcheck disable=SC2034 # row.sh reads the others
#
# Packets from one network to another, by a router that balances and translates.
#
#   +-- $a -----------+   +-- $sw ---------------------+   +-- $b -------------+
#   | 10.0.0.1 and    |   | ra: 192.0.2.1              |   | behind eth0:      |
#   | following,   eth0---ra  lo: 192.0.2.100 (the     rb---eth0 198.51.100.10 |
#   | behind eth0     |   |     service)  rb: 198.51.100.1 |                   |
#   +-----------------+   +-------------- rc: 203.0.113.1 -+   $c: must see nothing
#
# Nobody has the backend's address: its packets end in $b in the routing decision, as those of
# all rows do. They get there only if their destination was translated, and what a packet
# looks like there, and an answer at the client's, is looked at before it is measured.
#
# Each way to do it is one or two functions:
#
#   router_KIND          the service 192.0.2.100:80 has the backend 198.51.100.10:8080
#   router_KIND_many N   services at the ports 1000 to 999 + N, whose backends have the same

service=192.0.2.100
backend=198.51.100.10
mac_ra=02:00:00:00:01:01 mac_rb=02:00:00:00:01:02 mac_rc=02:00:00:00:01:03

# Longer than any row takes, in seconds; see $ageing.
idle=1000000

# add_leg NETNS DEV MAC ADDRESS PEER-MAC: the router's device to it
add_leg()
{
	ip -n "$sw" link add "$2" address "$3" type veth peer name eth0 address "$5" netns "$1" &&
		ip -n "$sw" link set "$2" up && ip -n "$1" link set eth0 up &&
		ip -n "$sw" addr add "$4/24" dev "$2"
}

new_router()
{
	modprobe nf_conntrack &&
		sysctl -qw net.netfilter.nf_conntrack_max=1000000 &&
		echo 524288 >/sys/module/nf_conntrack/parameters/hashsize || return
	add_leg "$a" ra $mac_ra 192.0.2.1 "$mac_a" &&
		add_leg "$b" rb $mac_rb 198.51.100.1 "$mac_b" &&
		add_leg "$c" rc $mac_rc 203.0.113.1 "$mac_c" &&
		ip -n "$sw" addr add $service/32 dev lo &&
		ip -n "$sw" neigh replace 192.0.2.2 lladdr "$mac_a" dev ra nud permanent &&
		ip -n "$sw" neigh replace $backend lladdr "$mac_b" dev rb nud permanent &&
		ip -n "$sw" route add 10.0.0.0/16 via 192.0.2.2 || return
	# Those of conntrack are there in each namespace, those of its flow table too.
	in_ns "$sw" sysctl -qw net.ipv4.ip_forward=1 \
		net.netfilter.nf_conntrack_udp_timeout=$idle \
		net.netfilter.nf_conntrack_udp_timeout_stream=$idle \
		net.netfilter.nf_flowtable_udp_timeout=$idle
}

# No translation: $plain says that the packets are for the backend at once.
router_plain() { plain=1; }
router_plain_many() { plain=1; }

# ipvs_line PORT: a service, as ipvsadm saves it
ipvs_line() { echo "-A -${proto:0:1} $service:$1 -s $scheduler"; }
ipvs_load()
{
	in_ns "$sw" ipvsadm -R && in_ns "$sw" ipvsadm --set 0 0 $idle
}

router_ipvs()
{
	printf '%s\n' "$(ipvs_line "$port")" \
		"-a -${proto:0:1} $service:$port -r $backend:$backend_port -m" | ipvs_load
}

router_ipvs_wlc() { scheduler=wlc && router_ipvs; }
router_ipvs_mh() { scheduler=mh && router_ipvs; }

router_ipvs_many()
{
	local i

	for ((i = 1000; i < 1000 + $1; i++)); do
		ipvs_line $i
		echo "-a -u $service:$i -r $backend:$i -m"
	done | ipvs_load
}

# The packets stay as they are but for their MACs.
router_ipvs_dr()
{
	direct=direct
	printf '%s\n' "$(ipvs_line "$port")" "-a -${proto:0:1} $service:$port -r $backend:$port -g" |
		ipvs_load
}

router_nft()
{
	in_ns "$sw" nft "table ip t {
		chain pre {
			type nat hook prerouting priority dstnat;
			ip daddr $service $proto dport $port dnat to $backend:$backend_port
		}
	}"
}

# Of many services a map is what is told to use.
router_nft_many()
{
	local i

	{
		echo "table ip t { map m { type inet_service : ipv4_addr . inet_service; elements = {"
		for ((i = 1000; i < 1000 + $1; i++)); do
			echo "$i : $backend . $i,"
		done
		echo "} }; chain pre { type nat hook prerouting priority dstnat;"
		echo "ip daddr $service dnat ip to udp dport map @m; }; }"
	} | in_ns "$sw" nft -f -
}

# flow_table: connections that are established take the short way of nftables.
flow_table()
{
	in_ns "$sw" nft "table inet f {
		flowtable f {
			hook ingress priority 0; devices = { ra, rb };
		}
		chain forward {
			type filter hook forward priority 0;
			ct state established flow add @f
		}
	}"
}

router_flowtable()
{
	carried=flow_table_carries
	router_nft && flow_table
}

router_flowtable_many()
{
	carried=flow_table_carries
	router_nft_many "$1" && flow_table
}

router_flowtable_plain()
{
	plain=1
	carried=flow_table_carries
	flow_table
}

# flow_table_carries N
flow_table_carries()
{
	[ "$(in_ns "$sw" grep -c OFFLOAD /proc/net/nf_conntrack)" -eq "$1" ]
}

router_vrouter()
{
	carried=vrouter_carries
	vsw -n "$sw" service add web "$service:$port" proto "$proto" scheduler "$scheduler" &&
		vsw -n "$sw" backend add web "$backend:$backend_port"
}

router_vrouter_wlc() { scheduler=wlc && router_vrouter; }
router_vrouter_maglev() { scheduler=maglev && router_vrouter; }

router_vrouter_many()
{
	local i

	carried=vrouter_carries
	for ((i = 1000; i < 1000 + $1; i++)); do
		echo "service add s$i $service:$i proto udp scheduler rr"
		echo "backend add s$i $backend:$i"
	done | vsw -n "$sw" -batch -
}

# With a service of another address, or the router would not be there.
router_vrouter_plain()
{
	plain=1
	carried=vrouter_carries
	vsw -n "$sw" service add web 192.0.2.101:80 proto udp scheduler rr &&
		vsw -n "$sw" backend add web $backend:8080
}

router_vrouter_direct()
{
	direct=direct
	carried=vrouter_carries
	vsw -n "$sw" service add web "$service:$port" proto "$proto" scheduler rr forward direct &&
		vsw -n "$sw" backend add web "$backend"
}

router_vrouter_direct_off()
{
	router_vrouter_direct && vsw -n "$sw" router set fast-path off || return
	carried=vrouter_carries_none
}

router_vrouter_off()
{
	router_vrouter && vsw -n "$sw" router set fast-path off || return
	carried=vrouter_carries_none
}

vrouter_carries()
{
	[ "$(vsw -j -n "$sw" router show | jq '.[0].carried')" -ge "$1" ]
}

vrouter_carries_none()
{
	vrouter_carries 0 && not vrouter_carries 1
}

# last_source COUNT: of so many from 10.0.0.1 on
last_source()
{
	echo "10.0.$((($1) >> 8)).$((($1) & 255))"
}

# connections N: $sources addresses, each with $ports ports, so that two counters which go on
# with each packet come by all N.
connections()
{
	case $1 in
	1) sources=1 ports=1 ;;
	1000) sources=8 ports=125 ;;
	100000) sources=32 ports=3125 ;;
	*) return 1 ;;
	esac
}

# ways CONNECTIONS SERVICES: the generator's options, $there for the client, $back for the
# backend. Of many services each has one connection, from a port of its own.
ways()
{
	local first=$port last=$((port + 1)) to=$service

	connections "$1" || return
	there=("xmit_mode queue_xmit" "dst_mac $mac_ra" "src_mac $mac_a")
	back=("xmit_mode queue_xmit" "dst_mac $mac_rb" "src_mac $mac_b")
	if [ "$2" -gt 1 ]; then
		ports=$2 first=1000 last=$((1000 + $2))
		back+=("udp_src_min $first" "udp_src_max $last")
	else
		back+=("udp_src_min $backend_port" "udp_src_max $backend_port")
	fi
	if [ -n "$plain" ]; then
		to=$backend
		[ "$2" -gt 1 ] || first=$backend_port last=$((backend_port + 1))
	fi
	there+=("dst $to" "udp_dst_min $first" "udp_dst_max $last"
		"src_min 10.0.0.1" "src_max $(last_source "$sources")"
		"udp_src_min 20000" "udp_src_max $((20000 + ports))")
	back+=("src_min $backend" "src_max $backend"
		"dst_min 10.0.0.1" "dst_max $(last_source "$sources")"
		"udp_dst_min 20000" "udp_dst_max $((20000 + ports))")
}

# send_all NETNS N ARRIVE OPTION...: N packets, all of which come there
send_all()
{
	local ns=$1 count=$2

	arrive=("$3")
	shift 3
	watch
	in_ns "$ns" "$here/pktgen.sh" eth0 0 "$count" "$@" >/dev/null && arrived "$count"
}

# establish CONNECTIONS SERVICES: each of them has answers, and what is to be carried is.
establish()
{
	local i n=$(($1 * $2))

	for i in 1 2; do
		send_all "$a" $n "rx $b eth0" "${there[@]}" || return
		# Those of direct return don't come by the router.
		[ -n "$direct" ] || send_all "$b" $n "rx $a eth0" "${back[@]}" || return
	done
	[ -z "$carried" ] || busywait 10 "$carried" $n || {
		echo "not carried: $carried"
		return 1
	}
}

# look SERVICES: at one packet each way, all of it
look()
{
	local from=$port to=$backend_port address=$service

	[ "$1" -eq 1 ] || from=1000 to=1000
	[ -z "$plain" ] || address=$backend from=$to
	python3 "$here/route_look.py" "${direct:-nat}" "$a" "$mac_a" $mac_ra "$address:$from" \
		"$b" "$mac_b" $mac_rb "$backend:$to"
}

# route KIND [CONNECTIONS [SERVICES]]
place_route()
{
	local kind=$1 connections=${2-1} services=${3-1}

	plain='' direct='' carried='' proto=udp port=80 backend_port=8080 scheduler=rr
	new_router || return
	if [ "$services" -gt 1 ]; then
		"router_${kind}_many" "$services" || return
	else
		"router_$kind" || return
	fi
	ways "$connections" "$services" &&
		establish "$connections" "$services" && look "$services" || return
	arrive=("rx $b eth0" "ip $b")
	silent=("rx $c eth0")
	count=$((3 * frames))
	[ $((connections * services)) -le "$count" ] || count=$((connections * services))
	# Each has gone on for a while: until it is at rest the machine may sleep for minutes.
	[ $((connections * services)) -le "$warmup" ] || warmup=$((connections * services))
	generate "$a" eth0 "${there[@]}" || return
	[ -z "$carried" ] || "$carried" $((connections * services))
}

# route_direct CONNECTIONS: the same packets with no router
place_route_direct()
{
	plain='' direct='' port=80 backend_port=8080
	ip -n "$a" link add eth0 address "$mac_a" type veth peer name eth0 address "$mac_b" netns "$b" &&
		ip -n "$a" link set eth0 up && ip -n "$b" link set eth0 up && ways "$1" 1 || return
	arrive=("rx $b eth0" "ip $b")
	count=$((3 * frames))
	[ "$1" -le "$count" ] || count=$1
	generate "$a" eth0 "${there[@]}" "dst_mac $mac_b"
}
