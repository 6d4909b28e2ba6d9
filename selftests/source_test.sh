#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bindings, and the guards that judge what comes in by what it says: source guard, DHCP
# guard and RA guard. What is from whom it says passes, and nothing of it is lost; what
# lies does not, and is counted under the reason. The guarded port is h1's (a veth) or
# h2's (a vnic); h3 is the victim.

# shellcheck disable=SC2317
ALL_TESTS="commands own_traffic source_mac source_ip source_arp source_nd hidden
	vlans dhcp_guard ra_guard rules_of_the_switch gone_with_the_port"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=binding_lib.sh
. "$(dirname "$0")/binding_lib.sh"

require_vswitch
require_command ping arping
load_kind veth
ADAPTERS=mixed star -6 h1 h2 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"

LOCAL=fe80::ff:fe00:
ALL_NODES=33:33:00:00:00:01

# What is to be sent by each host, a line a frame, and how many of them are to be
# dropped, for each reason. Programs take long to start where a machine is emulated.
declare -A lines wanted
expected=()

# dropped HOST REASON N ARG...: of what claim ARG... sends from it N are to be dropped
# for REASON, and nothing else is; settle looks whether it is so
dropped()
{
	local host=$1 reason=$2 n=$3

	shift 3
	lines[$host]+="-s $M${host_number[$host]} $*"$'\n'
	wanted[$host/$reason]=$((${wanted[$host/$reason]:-0} + n))
	expected+=("$host" "$reason" "$n" "$*")
}

# all_drops JSON: of the port that was shown so, without the reason "no-destination"
all_drops()
{
	echo $(($(first_values '.stats["drops"]' "$1") - $(drops_in "$1" no-destination)))
}

# sent HOST LINES SUM REASON=N...: LINES are sent, of which SUM are dropped, N for REASON
sent()
{
	local host=$1 text=$2 sum=$3 before after reason
	local -n ns=$1

	shift 3
	before=$(vsw -j -s -n "$sw" port show "$host")
	claim -i "$ns/eth0" -B <<< "$text" || return
	after=$(vsw -j -s -n "$sw" port show "$host")
	[ $(($(all_drops "$after") - $(all_drops "$before"))) -eq "$sum" ] || return
	for reason; do
		[ $(($(drops_in "$after" "${reason%=*}") - $(drops_in "$before" "${reason%=*}"))) -eq \
			"${reason#*=}" ] || return
	done
}

# settle: sends what was said since the last time, at once, and looks at the counters.
# When they are wrong it is done once more, one by one, to tell which.
settle()
{
	local host key sum i
	local -a reasons

	for host in "${!lines[@]}"; do
		reasons=()
		sum=0
		for key in "${!wanted[@]}"; do
			[ "${key%/*}" = "$host" ] || continue
			reasons+=("${key#*/}=${wanted[$key]}")
			sum=$((sum + wanted[$key]))
		done
		sent "$host" "${lines[$host]}" "$sum" "${reasons[@]}" && continue
		check_err 1 "$host: other drops than ${reasons[*]}"
		for ((i = 0; i < ${#expected[@]}; i += 4)); do
			[ "${expected[i]}" = "$host" ] || continue
			sent "$host" "-s $M${host_number[$host]} ${expected[i + 3]}" "${expected[i + 2]}" \
				"${expected[i + 1]}=${expected[i + 2]}"
			check_err $? "$host: not ${expected[i + 2]} ${expected[i + 1]} for '${expected[i + 3]}'"
		done
	done
	lines=()
	wanted=()
	expected=()
}

# unguarded HOST: it is free again, once all was sent
unguarded()
{
	settle
	unbind "$1" source-guard
}

# passes HOST ARG...
passes()
{
	local host=$1

	shift
	dropped "$host" source-mac 0 "$@"
}

bindings()
{
	vsw -j -n "$sw" binding show "$@"
}

commands()
{
	succeeds vsw -n "$sw" binding add dev h1 mac "${M}1" ip 192.0.2.1
	succeeds vsw -n "$sw" binding add dev h2 mac "${M}2" ip 2001:db8:1::/64 vlan 10
	succeeds vsw -n "$sw" binding add dev h2 mac "${M}2"
	refused "has this binding already" vsw -n "$sw" binding add dev h2 mac "${M}2"
	refused "not a MAC|unicast" vsw -n "$sw" binding add dev h2 mac 01:00:00:00:00:01
	refused "no host has this IPv4" vsw -n "$sw" binding add dev h2 mac "${M}2" ip 224.0.0.1
	refused "no host has this IPv6" vsw -n "$sw" binding add dev h2 mac "${M}2" ip ff02::1
	refused "no host has this IPv6" vsw -n "$sw" binding add dev h2 mac "${M}2" ip ::/8
	refused "no host has this IPv6" vsw -n "$sw" binding add dev h2 mac "${M}2" ip ::ffff:192.0.2.9
	refused "prefix length" vsw -n "$sw" binding add dev h2 mac "${M}2" ip 192.0.2.0/0
	refused "prefix length" vsw -n "$sw" binding add dev h2 mac "${M}2" ip 192.0.2.0/33
	refused "host port" vsw -n "$sw" binding add dev vs0 mac "${M}2"
	refused "no such binding" vsw -n "$sw" binding del dev h1 mac "${M}1"
	refused "host port" vsw -n "$sw" port set vs0 source-guard on
	expect_eq "$(bindings dev h1 | jq -c 'map([.mac, .ip, .["prefix-len"], .vlan])')" \
		"[[\"${M}1\",\"192.0.2.1\",32,null]]" "bindings of h1"
	expect_eq "$(bindings switch vs0 | jq -c 'map([.ip, .["prefix-len"], .vlan])')" \
		'[["192.0.2.1",32,null],[null,null,null],["2001:db8:1::",64,10]]' "all bindings"
	succeeds vsw -n "$sw" binding del dev h1 mac "${M}1" ip 192.0.2.1/32
	succeeds vsw -n "$sw" binding del dev h2 mac "${M}2" ip 2001:db8:1::/64 vlan 10
	succeeds vsw -n "$sw" binding del dev h2 mac "${M}2"
	expect_eq "$(bindings)" "[]" "bindings then"
	log_test "bindings are made, shown and deleted, or refused with a reason"
}

# All that a host does who has what it was given; nothing of it is dropped.
own_traffic()
{
	local host detects announces

	for host in h1 h2; do
		local -n ns=$host
		local number=${host_number[$host]} before
		bind "$host" source-guard
		before=$(port_stat "$sw" "$host" drops)
		succeeds ip -n "$ns" neigh flush dev eth0
		succeeds in_ns "$ns" ping -q -c 3 -i 0.2 -W "$WAIT" 192.0.2.3
		succeeds in_ns "$ns" ping -q -c 3 -i 0.2 -W "$WAIT" 2001:db8:1::3
		# Its first question may be who has it.
		succeeds ip -n "$h3" neigh flush dev eth0
		succeeds in_ns "$h3" ping -q -c 1 -W "$WAIT" "2001:db8:1::$number"
		succeeds in_ns "$h3" ping -q -c 1 -W "$WAIT" "192.0.2.$number"
		# A packet in fragments.
		succeeds in_ns "$ns" ping -q -c 1 -s 4000 -W "$WAIT" 192.0.2.3
		succeeds in_ns "$ns" ping -q -c 1 -s 4000 -W "$WAIT" 2001:db8:1::3
		# These two wait for answers, which do not come; meanwhile the kernel's own
		# duplicate address detection, and groups joined.
		in_ns "$ns" arping -q -D -c 1 -w 1 -I eth0 "192.0.2.$number" &
		detects=$!
		in_ns "$ns" arping -q -U -c 1 -w 1 -I eth0 "192.0.2.$number" &
		announces=$!
		succeeds in_ns "$ns" sysctl -qw net.ipv6.conf.eth0.accept_dad=1 \
			net.ipv6.conf.eth0.router_solicitation_delay=0
		succeeds ip -n "$ns" addr del "2001:db8:1::$number/64" dev eth0
		succeeds ip -n "$ns" addr add "2001:db8:1::$number/64" dev eth0
		succeeds ip -n "$ns" addr add "$LOCAL$number/64" dev eth0
		wait_for settled "$ns"
		wait "$detects"
		check_err $? "an address that nobody else has was found"
		wait "$announces"
		check_err $? "an address is not announced"
		succeeds in_ns "$ns" ping -q -c 1 -W "$WAIT" 2001:db8:1::3
		expect_eq "$(port_stat "$sw" "$host" drops)" "$before" "drops of $host"
		passes "$host" -d 33:33:00:00:00:02 icmp6 :: ff02::2 133
		passes "$host" -d 33:33:00:00:00:02 -o "1:$M$number" icmp6 "$LOCAL$number" ff02::2 133
		passes "$host" -l 1 -d 33:33:00:00:00:16 icmp6 :: ff02::16 143
		passes "$host" dhcp 1 "$M$number" 0.0.0.0 255.255.255.255 68 67
		passes "$host" udp "$LOCAL$number" ff02::1:2 546 547
		unguarded "$host"
	done
	log_test "who says what is bound loses nothing"
}

settled()
{
	! ip -n "$1" addr show dev eth0 | grep -q tentative
}

source_mac()
{
	bind h1 source-guard
	bind h2 source-guard
	local drops
	drops=$(port_drops "$sw" h2 source-mac)
	succeeds frame -i "$h1/eth0" -s 02:00:00:00:0a:01 -c 3 "$h3/eth0=0"
	succeeds frame -i "$h2/eth0" -s 02:00:00:00:0a:02 -c 3 "$h3/eth0=0"
	# Bound, but to another port.
	succeeds frame -i "$h2/eth0" -s "${M}1" -c 2 "$h3/eth0=0"
	succeeds not has_fdb "$sw" 02:00:00:00:0a:01
	succeeds not has_fdb "$sw" "${M}1" h2
	expect_eq "$(port_drops "$sw" h2 source-mac)" $((drops + 5)) "source-mac drops of h2"
	# A protocol that is looked at no further.
	succeeds frame -i "$h1/eth0" -s "${M}1" -c 3 "$h3/eth0=3"
	succeeds frame -i "$h2/eth0" -s "${M}2" -c 3 "$h3/eth0=3"
	unguarded h1
	unguarded h2
	succeeds frame -i "$h1/eth0" -s 02:00:00:00:0a:01 -c 3 "$h3/eth0=3"
	log_test "a MAC that is not bound is dropped, and not learned"
}

source_ip()
{
	local host

	for host in h1 h2; do
		bind "$host" source-guard
		passes "$host" udp "192.0.2.${host_number[$host]}" 192.0.2.3 5000 5000
		dropped "$host" source-ip 2 -c 2 udp 192.0.2.3 192.0.2.9 5000 5000
		dropped "$host" source-ip 1 udp 10.0.0.1 192.0.2.3 5000 5000
		dropped "$host" source-ip 1 udp 2001:db8:1::3 2001:db8:1::9 5000 5000
		dropped "$host" source-ip 1 udp "${LOCAL}9" ff02::1:2 546 547
		dropped "$host" source-ip 1 udp ::ffff:192.0.2.1 2001:db8:1::9 5000 5000
		dropped "$host" source-ip 1 udp :: ff02::1:2 546 547
		# With no address only DHCP may be asked, and only for itself.
		dropped "$host" source-ip 1 udp 0.0.0.0 192.0.2.3 5000 5000
		dropped "$host" source-ip 1 dhcp 1 02:00:00:00:0a:01 0.0.0.0 255.255.255.255 68 67
		dropped "$host" source-ip 1 -f 0 dhcp 1 "$M${host_number[$host]}" 0.0.0.0 255.255.255.255 68 67
		# Cut off, of another version.
		dropped "$host" source-ip 1 -t 30 udp "192.0.2.${host_number[$host]}" 192.0.2.3 1 1
		dropped "$host" source-ip 1 -t 50 udp 2001:db8:1::1 2001:db8:1::3 1 1
		unguarded "$host"
	done
	# A MAC without an address may have any.
	succeeds vsw -n "$sw" binding add dev h1 mac "${M}1"
	succeeds vsw -n "$sw" port set h1 source-guard on
	passes h1 udp 10.0.0.1 192.0.2.3 5000 5000
	passes h1 udp 2001:db8:1::77 2001:db8:1::3 5000 5000
	dropped h1 source-ip 1 udp 224.0.0.1 192.0.2.3 5000 5000
	settle
	succeeds vsw -n "$sw" binding del dev h1 mac "${M}1"
	# A prefix.
	succeeds vsw -n "$sw" binding add dev h1 mac "${M}1" ip 10.1.0.0/16
	passes h1 udp 10.1.2.3 192.0.2.3 5000 5000
	dropped h1 source-ip 1 udp 10.2.0.1 192.0.2.3 5000 5000
	settle
	succeeds vsw -n "$sw" binding del dev h1 mac "${M}1" ip 10.1.77.77/16
	succeeds vsw -n "$sw" port set h1 source-guard off
	log_test "an address that is not bound is dropped"
}

source_arp()
{
	local host n

	for host in h1 h2; do
		n=${host_number[$host]}
		bind "$host" source-guard
		passes "$host" arp request "$M$n" "192.0.2.$n" 192.0.2.3
		passes "$host" -d "${M}3" arp reply "$M$n" "192.0.2.$n" 192.0.2.3
		passes "$host" arp request "$M$n" 0.0.0.0 "192.0.2.$n"
		passes "$host" arp request "$M$n" "192.0.2.$n" "192.0.2.$n"
		dropped "$host" source-arp 1 arp request "$M$n" 192.0.2.9 192.0.2.3
		dropped "$host" source-arp 1 -d "${M}3" arp reply "$M$n" 192.0.2.9 192.0.2.3
		dropped "$host" source-arp 1 arp request "$M$n" 192.0.2.9 192.0.2.9
		dropped "$host" source-arp 1 arp request 02:00:00:00:0a:01 "192.0.2.$n" 192.0.2.3
		dropped "$host" source-arp 1 arp request 02:00:00:00:0a:01 0.0.0.0 192.0.2.3
		# A probe for the address of who may be about to probe for it himself
		dropped "$host" source-arp 1 arp request "$M$n" 0.0.0.0 192.0.2.3
		dropped "$host" source-arp 1 arp reply "$M$n" 0.0.0.0 192.0.2.3
		dropped "$host" source-arp 1 -t 41 arp request "$M$n" "192.0.2.$n" 192.0.2.3
		unguarded "$host"
	done
	expect_eq "$(ip -n "$h3" neigh show 192.0.2.9)" "" "what h3 believes of 192.0.2.9"
	log_test "ARP in another's name is dropped"
}

source_nd()
{
	local host n own other=2001:db8:1::9

	for host in h1 h2; do
		n=${host_number[$host]} own=$LOCAL${host_number[$host]}
		bind "$host" source-guard
		passes "$host" -d "$ALL_NODES" -o "2:$M$n" icmp6 "2001:db8:1::$n" ff02::1 136 "2001:db8:1::$n"
		passes "$host" -d "$ALL_NODES" icmp6 "$own" ff02::1 136 "$own"
		passes "$host" -d "${M}3" -o "1:$M$n" icmp6 "2001:db8:1::$n" 2001:db8:1::3 135 2001:db8:1::3
		passes "$host" -d "33:33:ff:00:00:0$n" icmp6 :: "ff02::1:ff00:$n" 135 "2001:db8:1::$n"
		# Of another, by the source, the target and the options
		dropped "$host" source-nd 1 -d "$ALL_NODES" -o "2:$M$n" icmp6 "$other" ff02::1 136 "$other"
		dropped "$host" source-nd 1 -d "$ALL_NODES" -o "2:$M$n" icmp6 "2001:db8:1::$n" ff02::1 136 "$other"
		dropped "$host" source-nd 1 -d "$ALL_NODES" -o 2:02:00:00:00:0a:01 \
			icmp6 "2001:db8:1::$n" ff02::1 136 "2001:db8:1::$n"
		dropped "$host" source-nd 1 -o 1:02:00:00:00:0a:01 \
			icmp6 "2001:db8:1::$n" 2001:db8:1::3 135 2001:db8:1::3
		dropped "$host" source-nd 1 -o "1:$M$n" icmp6 "$other" 2001:db8:1::3 135 2001:db8:1::3
		dropped "$host" source-nd 1 icmp6 :: ff02::1:ff00:9 135 "$other"
		dropped "$host" source-nd 1 icmp6 :: 2001:db8:1::3 135 "2001:db8:1::$n"
		dropped "$host" source-nd 1 -o "1:$M$n" icmp6 :: "ff02::1:ff00:$n" 135 "2001:db8:1::$n"
		dropped "$host" source-nd 1 icmp6 :: ff02::1 136 "2001:db8:1::$n"
		dropped "$host" source-nd 1 -o 1:02:00:00:00:0a:01 icmp6 "$own" ff02::2 133
		dropped "$host" source-nd 1 icmp6 "${LOCAL}9" ff02::1 134
		dropped "$host" source-nd 1 -o 2:02:00:00:00:0a:01 icmp6 "$own" ff02::1 137 "$other" "$other"
		# What receivers ignore, or should
		dropped "$host" source-nd 1 -l 64 icmp6 "2001:db8:1::$n" ff02::1 136 "2001:db8:1::$n"
		dropped "$host" source-nd 1 -f 0 icmp6 "2001:db8:1::$n" ff02::1 136 "2001:db8:1::$n"
		dropped "$host" source-nd 1 -t 70 icmp6 "2001:db8:1::$n" ff02::1 136 "2001:db8:1::$n"
		dropped "$host" source-nd 1 -t 80 -o "2:$M$n" icmp6 "2001:db8:1::$n" ff02::1 136 "2001:db8:1::$n"
		unguarded "$host"
	done
	expect_eq "$(ip -n "$h3" neigh show "$other")" "" "what h3 believes of $other"
	log_test "neighbour discovery in another's name is dropped"
}

# Behind whatever can stand before it.
hidden()
{
	bind h1 source-guard
	dropped h1 source-arp 1 -v 0 arp reply "${M}1" 192.0.2.9 192.0.2.3
	dropped h1 source-arp 1 -v 10 -v 88a8:20 -v 0 arp reply "${M}1" 192.0.2.9 192.0.2.3
	dropped h1 source-arp 1 -L arp reply "${M}1" 192.0.2.9 192.0.2.3
	dropped h1 source-arp 1 -v 0 -L arp reply "${M}1" 192.0.2.9 192.0.2.3
	dropped h1 source-ip 1 -L udp 192.0.2.9 192.0.2.3 5000 5000
	dropped h1 source-ip 1 -v 1 -v 1 -v 1 -v 1 -v 1 -v 1 arp request "${M}1" 192.0.2.1 192.0.2.3
	passes h1 -v 0 arp request "${M}1" 192.0.2.1 192.0.2.3
	passes h1 -L arp request "${M}1" 192.0.2.1 192.0.2.3
	dropped h1 source-nd 1 -e 1 icmp6 2001:db8:1::1 ff02::1 136 2001:db8:1::9
	dropped h1 source-nd 1 -e 3 -f 0 icmp6 2001:db8:1::1 ff02::1 136 2001:db8:1::9
	passes h1 -e 2 icmp6 2001:db8:1::1 ff02::1 136 2001:db8:1::1
	passes h1 -e 2 udp 2001:db8:1::1 2001:db8:1::3 5000 5000
	# The end of the chain is not there, or further than anybody needs, or unknown.
	dropped h1 source-ip 1 -e 20 udp 2001:db8:1::1 2001:db8:1::3 5000 5000
	dropped h1 source-ip 1 -e 2 -t 68 udp 2001:db8:1::1 2001:db8:1::3 5000 5000
	dropped h1 source-ip 1 -e 1 -n 60 -t 62 udp 2001:db8:1::1 2001:db8:1::3 5000 5000
	dropped h1 source-ip 1 -n 200 udp 2001:db8:1::1 2001:db8:1::3 5000 5000
	passes h1 -f 100 udp 2001:db8:1::1 2001:db8:1::3 5000 5000
	dropped h1 source-ip 1 -f 100 udp 2001:db8:1::9 2001:db8:1::3 5000 5000
	unguarded h1
	log_test "tags, LLC, extension headers and fragments hide nothing"
}

vlans()
{
	succeeds vsw -n "$sw" -b - <<-END
		switch set vs0 vlan-filtering on
		port set h1 trunk 10,20 native 1
		port set h3 trunk 10,20 native 1
		binding add dev h1 mac ${M}1 ip 192.0.2.1 vlan 10
		port set h1 source-guard on
	END
	passes h1 -v 10 arp request "${M}1" 192.0.2.1 192.0.2.3
	dropped h1 source-mac 1 -v 20 arp request "${M}1" 192.0.2.1 192.0.2.3
	dropped h1 source-mac 1 arp request "${M}1" 192.0.2.1 192.0.2.3
	dropped h1 source-arp 1 -v 10 arp request "${M}1" 192.0.2.9 192.0.2.3
	# What is behind a second tag may be read by who is in that VLAN of his own.
	dropped h1 source-arp 1 -v 10 -v 20 arp request "${M}1" 192.0.2.9 192.0.2.3
	settle
	succeeds vsw -n "$sw" -b - <<-END
		switch set vs0 vlan-filtering off
		port set h1 access 1
		port set h3 access 1
	END
	passes h1 -v 10 arp request "${M}1" 192.0.2.1 192.0.2.3
	dropped h1 source-mac 1 -v 20 arp request "${M}1" 192.0.2.1 192.0.2.3
	dropped h1 source-mac 1 arp request "${M}1" 192.0.2.1 192.0.2.3
	settle
	succeeds vsw -n "$sw" -b - <<-END
		port set h1 source-guard off
		binding del dev h1 mac ${M}1 ip 192.0.2.1 vlan 10
	END
	log_test "a binding is for its VLAN, tagged or not"
}

# answers HOST REASON N: what a DHCP server sends
answers()
{
	dropped "$1" "$2" "$3" dhcp 2 "${M}3" 192.0.2.9 255.255.255.255 67 68
	dropped "$1" "$2" "$3" dhcp 2 "${M}3" 192.0.2.9 255.255.255.255 6767 68
	dropped "$1" "$2" "$3" udp 192.0.2.9 192.0.2.3 67 5000
	dropped "$1" "$2" "$3" udp "${LOCAL}9" "${LOCAL}3" 547 546
	dropped "$1" "$2" "$3" udp "${LOCAL}9" "${LOCAL}3" 5000 546
}

dhcp_guard()
{
	local host

	for host in h1 h2; do
		answers "$host" dhcp-guard 0
		settle
		succeeds vsw -n "$sw" port set "$host" dhcp-guard on
		answers "$host" dhcp-guard 1
		dropped "$host" dhcp-guard 1 -v 10 dhcp 2 "${M}3" 192.0.2.9 255.255.255.255 67 68
		dropped "$host" dhcp-guard 1 -L dhcp 2 "${M}3" 192.0.2.9 255.255.255.255 67 68
		dropped "$host" dhcp-guard 1 -t 42 dhcp 2 "${M}3" 192.0.2.9 255.255.255.255 5000 68
		dropped "$host" dhcp-guard 1 -e 2 udp "${LOCAL}9" "${LOCAL}3" 547 546
		dropped "$host" dhcp-guard 1 -n 200 udp "${LOCAL}9" "${LOCAL}3" 547 546
		# Clients, and all else
		passes "$host" dhcp 1 "$M${host_number[$host]}" 0.0.0.0 255.255.255.255 68 67
		passes "$host" udp "${LOCAL}9" ff02::1:2 546 547
		passes "$host" udp 192.0.2.9 192.0.2.3 5000 5000
		passes "$host" arp request "${M}9" 192.0.2.9 192.0.2.3
		settle
		succeeds vsw -n "$sw" port set "$host" dhcp-trusted on
		answers "$host" dhcp-guard 0
		settle
		succeeds vsw -n "$sw" port set "$host" dhcp-trusted off dhcp-guard off
	done
	log_test "only trusted ports may send answers of DHCP"
}

# advertises HOST N: what a router sends
advertises()
{
	dropped "$1" ra-guard "$2" -d "$ALL_NODES" icmp6 "${LOCAL}9" ff02::1 134
	dropped "$1" ra-guard "$2" -d "$ALL_NODES" -v 0 icmp6 "${LOCAL}9" ff02::1 134
	dropped "$1" ra-guard "$2" -d "$ALL_NODES" -e 2 icmp6 "${LOCAL}9" ff02::1 134
	dropped "$1" ra-guard "$2" -d "$ALL_NODES" -e 1 -f 0 icmp6 "${LOCAL}9" ff02::1 134
	dropped "$1" ra-guard "$2" icmp6 "${LOCAL}9" "${LOCAL}3" 137 2001:db8:1::7 2001:db8:1::7
	dropped "$1" ra-guard "$2" -d "$ALL_NODES" -e 1 -n 60 -t 62 icmp6 "${LOCAL}9" ff02::1 134
	dropped "$1" ra-guard "$2" -d "$ALL_NODES" -n 200 icmp6 "${LOCAL}9" ff02::1 134
}

ra_guard()
{
	local host

	for host in h1 h2; do
		succeeds vsw -n "$sw" port set "$host" ra-guard on
		advertises "$host" 1
		passes "$host" -d "$ALL_NODES" icmp6 "${LOCAL}9" ff02::1 136 "${LOCAL}9"
		passes "$host" -d 33:33:00:00:00:02 icmp6 "${LOCAL}9" ff02::2 133
		passes "$host" udp 2001:db8:1::9 2001:db8:1::3 5000 5000
		passes "$host" -f 100 udp 2001:db8:1::9 2001:db8:1::3 5000 5000
		settle
		succeeds vsw -n "$sw" port set "$host" ra-trusted on
		advertises "$host" 0
		settle
		succeeds vsw -n "$sw" port set "$host" ra-trusted off ra-guard off
	done
	log_test "only trusted ports may send router advertisements and redirects"
}

rules_of_the_switch()
{
	succeeds vsw -n "$sw" switch set vs0 dhcp-guard on ra-guard on
	succeeds vsw -n "$sw" port set h1 dhcp-trusted on
	succeeds vsw -n "$sw" port set h2 ra-trusted on
	answers h1 dhcp-guard 0
	answers h2 dhcp-guard 1
	settle
	succeeds vsw -n "$sw" port set h2 dhcp-trusted on
	advertises h1 1
	advertises h2 0
	expect_eq "$(switch_json "$sw" vs0 '.["dhcp-guard"], .["ra-guard"]' | tr '\n' ' ')" \
		"true true " "guards of the switch"
	settle
	# A port that comes later
	succeeds vsw -n "$sw" port del h2
	add_vnic h2
	answers h2 dhcp-guard 1
	settle
	succeeds vsw -n "$sw" port set h2 dhcp-trusted on
	advertises h2 1
	settle
	# The host is trusted.
	ip -n "$sw" link set vs0 address "${M}f"
	passes_host dhcp 2 "${M}3" 192.0.2.9 255.255.255.255 67 68
	passes_host icmp6 "${LOCAL}f" ff02::1 134
	succeeds vsw -n "$sw" switch set vs0 dhcp-guard off ra-guard off
	succeeds vsw -n "$sw" port set h1 dhcp-trusted off
	advertises h2 0
	settle
	log_test "guards of a switch hold for its ports, but not for the host"
}

passes_host()
{
	local before

	before=$(port_stat "$sw" vs0 drops)
	succeeds claim -i "$sw/vs0" -s "${M}f" "$@"
	expect_eq "$(port_stat "$sw" vs0 drops)" "$before" "drops of the host's 'claim $*'"
}

gone_with_the_port()
{
	local host

	vsw -n "$sw" -j monitor binding > "$tmp/events" &
	bg_list+=($!)
	wait_for grep_binding_event
	for host in h1 h2; do
		succeeds vsw -n "$sw" binding add dev "$host" mac "${M}7" ip 192.0.2.7
	done
	succeeds vsw -n "$sw" port del h2
	succeeds ip -n "$sw" link set h1 nomaster
	expect_eq "$(bindings)" "[]" "bindings then"
	succeeds ip -n "$sw" link set h1 master vs0
	add_vnic h2
	expect_eq "$(bindings)" "[]" "bindings of the new ports"
	expect_eq "$(port_json "$sw" h1 '.guard["source-guard"]')" false "source-guard of the new port"
	wait_for grep -q '"event":"binding-del".*"port-name":"h1"' "$tmp/events"
	expect_eq "$(grep -c '"binding-new".*02:00:00:00:00:07' "$tmp/events")" 2 "events of new ones"
	expect_eq "$(grep -c '"binding-del".*02:00:00:00:00:07' "$tmp/events")" 2 "events of the end"
	log_test "bindings go with their port, and say so"
}

# Listening takes a moment to begin.
grep_binding_event()
{
	vsw -n "$sw" binding add dev h1 mac "${M}8" && vsw -n "$sw" binding del dev h1 mac "${M}8"
	grep -q binding-del "$tmp/events"
}

tmp=$(mktemp -d)
defer rm -rf "$tmp"
run_tests
