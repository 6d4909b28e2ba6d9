#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# neigh-suppress: the switch answers ARP requests and neighbour solicitations for who is
# bound to such a port, and sends the port none of them; what it does not know is flooded
# as ever. h2 (a vnic) and h3 (a veth) are asked for, by h1 (a veth) and h4 (a vnic).

# shellcheck disable=SC2317
ALL_TESTS="answers promiscuous unknown probes shared announcements tags off_again"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=binding_lib.sh
. "$(dirname "$0")/binding_lib.sh"

require_vswitch
require_command ping arping
load_kind veth 8021q
ADAPTERS=mixed star -6 h1 h2 h3 h4 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3" "$h4"

# Frames are counted, and so there must be none but those that a test asks for: no probes
# of neighbours, which come 5 seconds after they were talked to, nor the reports of groups
# that hosts repeat within a second of having an address.
for ns in "$h1" "$h2" "$h3" "$h4"; do
	in_ns "$ns" sysctl -qw net.ipv4.neigh.eth0.delay_first_probe_time=3600 \
		net.ipv6.neigh.eth0.delay_first_probe_time=3600
done

sent_to_all()
{
	vsw -j -s -n "$sw" switch show vs0 | grep -o '"tx-packets":[0-9]*'
}

is_silent()
{
	local before

	before=$(sent_to_all)
	[ -n "$before" ] && sleep 1.1 && [ "$(sent_to_all)" = "$before" ]
}

busywait "$WAIT" is_silent || exit 1

# sent_to HOST, answered HOST: by its port
sent_to()
{
	port_stat "$sw" "$1" tx-packets
}

answered()
{
	port_stat "$sw" "$1" answered
}

# asks ASKER OWNER: both ways; the owner's port is sent nothing, and others are
asks()
{
	local -n ns=$1
	local n=${host_number[$2]} before owner other

	ip -n "$ns" neigh flush dev eth0
	before=$(answered "$1") owner=$(sent_to "$2") other=$(sent_to "$3")
	succeeds in_ns "$ns" arping -q -c 1 -I eth0 -w "$WAIT" "192.0.2.$n"
	expect_eq "$(answered "$1")" $((before + 1)) "answers to $1"
	expect_eq "$(sent_to "$2")" "$owner" "frames that $2 got"
	expect_eq "$(sent_to "$3")" $((other + 1)) "frames that $3 got"
	# What follows needs the right MAC.
	succeeds in_ns "$ns" ping -q -c 1 -W "$WAIT" "192.0.2.$n"
	succeeds in_ns "$ns" ping -q -c 1 -W "$WAIT" "2001:db8:1::$n"
	expect_ge "$(answered "$1")" $((before + 2)) "answers to $1 then"
	[[ $(ip -n "$ns" neigh show "2001:db8:1::$n") == *"$M$n"* ]]
	check_err $? "$1 does not know $2 by its MAC"
}

answers()
{
	bind h2 neigh-suppress
	asks h1 h2 h3
	asks h4 h2 h3
	asks h3 h2 h1
	bind h3 neigh-suppress
	asks h1 h3 h4
	asks h4 h3 h1
	log_test "the switch answers for who is bound, and does not ask them"
	ip -n "$sw" addr add 192.0.2.9/24 dev vs0
	succeeds in_ns "$sw" ping -q -c 1 -W "$WAIT" 192.0.2.2
	expect_eq "$(answered vs0)" 1 "answers to the host"
	ip -n "$sw" addr del 192.0.2.9/24 dev vs0
	log_test "the host is answered, too"
	succeeds vsw -n "$sw" port set h1 isolated on
	succeeds vsw -n "$sw" port set h2 isolated on
	succeeds in_ns "$h1" ip neigh flush dev eth0
	fails in_ns "$h1" arping -q -c 1 -I eth0 -w 1 192.0.2.2
	succeeds vsw -n "$sw" port set h1 isolated off
	succeeds vsw -n "$sw" port set h2 isolated off
	log_test "who may not send to the owner is not answered for him"
}

# Who is promiscuous gets what is asked, too, and others still do not.
promiscuous()
{
	local before h2_got h3_got

	before=$(answered h1) h2_got=$(sent_to h2) h3_got=$(sent_to h3)
	succeeds vsw -n "$sw" port set h3 promiscuous accept
	succeeds claim -i "$h1/eth0" -s "${M}1" arp request "${M}1" 192.0.2.1 192.0.2.2
	wait_for got_more h3 "$h3_got" 1
	expect_eq "$(answered h1)" $((before + 1)) "answers"
	expect_eq "$(sent_to h2)" "$h2_got" "frames that h2 got"
	succeeds vsw -n "$sw" port set h3 promiscuous inherit
	log_test "a promiscuous port is not spared what others ask"
}

unknown()
{
	local before h2_got h3_got

	before=$(answered h1) h2_got=$(sent_to h2) h3_got=$(sent_to h3)
	ip -n "$h4" neigh flush dev eth0
	succeeds claim -i "$h1/eth0" -s "${M}1" arp request "${M}1" 192.0.2.1 192.0.2.4
	succeeds claim -i "$h1/eth0" -s "${M}1" -d 33:33:ff:00:00:04 -o "1:${M}1" \
		icmp6 2001:db8:1::1 ff02::1:ff00:4 135 2001:db8:1::4
	wait_for got_more h2 "$h2_got" 2
	wait_for got_more h3 "$h3_got" 2
	# Of what it can't read to its end, or what is behind two tags, it knows nothing.
	succeeds claim -i "$h1/eth0" -s "${M}1" -v 1 -v 2 arp request "${M}1" 192.0.2.1 192.0.2.2
	succeeds claim -i "$h1/eth0" -s "${M}1" -t 40 arp request "${M}1" 192.0.2.1 192.0.2.2
	succeeds claim -i "$h1/eth0" -s "${M}1" -f 0 icmp6 2001:db8:1::1 ff02::1:ff00:2 135 2001:db8:1::2
	wait_for got_more h2 "$h2_got" 5
	expect_eq "$(answered h1)" "$before" "answers to h1"
	log_test "what is not known is flooded as ever"
}

got_more()
{
	[ "$(sent_to "$1")" -ge $(($2 + $3)) ]
}

# Who wants an address that is bound to another hears of that (RFC 5227, RFC 4862).
probes()
{
	local before

	before=$(answered h1)
	fails in_ns "$h1" arping -q -D -c 2 -w 2 -I eth0 192.0.2.2
	expect_ge "$(answered h1)" $((before + 1)) "answers to h1"
	succeeds in_ns "$h1" sysctl -qw net.ipv6.conf.eth0.accept_dad=1
	succeeds ip -n "$h1" addr add 2001:db8:1::2/64 dev eth0
	wait_for has_failed
	succeeds ip -n "$h1" addr del 2001:db8:1::2/64 dev eth0
	# To its owner it is nobody else's.
	before=$(answered h2)
	succeeds in_ns "$h2" arping -q -D -c 1 -w 1 -I eth0 192.0.2.2
	expect_eq "$(answered h2)" "$before" "answers to h2"
	log_test "who probes for what is bound is told so, but for its owner"
}

has_failed()
{
	ip -n "$h1" addr show dev eth0 | grep -q "2001:db8:1::2/64.*dadfailed"
}

# Two stand in for each other: only they know who has the address. And one whom another
# port may have, too, is no stranger to himself.
shared()
{
	local before h2_got

	succeeds vsw -n "$sw" binding add dev h3 mac "${M}3" ip 192.0.2.2
	before=$(answered h1) h2_got=$(sent_to h2)
	ip -n "$h1" neigh flush dev eth0
	succeeds in_ns "$h1" ping -q -c 1 -W "$WAIT" 192.0.2.2
	expect_eq "$(answered h1)" "$before" "answers to h1"
	expect_ge "$(sent_to h2)" $((h2_got + 2)) "frames that h2 got"
	succeeds vsw -n "$sw" -b - <<-END
		binding del dev h3 mac ${M}3 ip 192.0.2.2
		binding add dev h3 mac ${M}2 ip 192.0.2.2
	END
	succeeds in_ns "$h2" arping -q -D -c 1 -w 1 -I eth0 192.0.2.2
	expect_eq "$(answered h2)" 0 "answers to h2"
	succeeds in_ns "$h1" arping -q -c 1 -w "$WAIT" -I eth0 192.0.2.2
	expect_eq "$(answered h1)" $((before + 1)) "answers to h1"
	succeeds vsw -n "$sw" binding del dev h3 mac "${M}2" ip 192.0.2.2
	log_test "what is bound to two is answered if they are one, and not to himself"
}

announcements()
{
	local h3_got h4_got

	h3_got=$(sent_to h3) h4_got=$(sent_to h4)
	succeeds claim -i "$h2/eth0" -s "${M}2" arp request "${M}2" 192.0.2.2 192.0.2.2
	wait_for got_more h4 "$h4_got" 1
	expect_eq "$(sent_to h3)" "$h3_got" "frames that h3 got"
	succeeds claim -i "$h1/eth0" -s "${M}1" arp request "${M}1" 192.0.2.2 192.0.2.2
	wait_for got_more h3 "$h3_got" 1
	log_test "a stranger who says that he has the address is heard by all"
}

# In VLAN 10, tagged for all and untagged for h3; and in a switch that does not filter
tags()
{
	local name before

	for name in h1 h2 h4; do
		ip -n "${!name}" link add link eth0 name v10 type vlan id 10
		ip -n "${!name}" addr add "198.51.100.${host_number[$name]}/24" dev v10
		ip -n "${!name}" link set v10 up
	done
	succeeds vsw -n "$sw" binding add dev h2 mac "${M}2" ip 198.51.100.2 vlan 10
	for name in off on; do
		succeeds vsw -n "$sw" -b - <<-END
			switch set vs0 vlan-filtering $name
			port set h1 trunk 10 native 1
			port set h2 trunk 10 native 1
			port set h4 trunk 10 native 1
		END
		before=$(answered h1)
		succeeds in_ns "$h1" arping -q -c 1 -I v10 -w "$WAIT" 198.51.100.2
		succeeds in_ns "$h4" arping -q -c 1 -I v10 -w "$WAIT" 198.51.100.2
		expect_eq "$(answered h1)" $((before + 1)) "answers to h1 with vlan-filtering $name"
		# Not in another VLAN
		succeeds claim -i "$h1/eth0" -s "${M}1" arp request "${M}1" 198.51.100.1 198.51.100.2
		expect_eq "$(answered h1)" $((before + 1)) "answers to h1 without its tag"
	done
	succeeds vsw -n "$sw" port set h1 access 10
	ip -n "$h1" link del v10
	ip -n "$h1" addr add 198.51.100.1/24 dev eth0
	succeeds in_ns "$h1" ping -q -c 1 -W "$WAIT" 198.51.100.2
	expect_eq "$(answered h1)" $((before + 2)) "answers to h1 where the VLAN has no tag"
	succeeds vsw -n "$sw" -b - <<-END
		switch set vs0 vlan-filtering off
		port set h1 access 1
	END
	log_test "the answer comes in the VLAN of the question"
}

off_again()
{
	local before h2_got

	succeeds vsw -n "$sw" port set h2 neigh-suppress off
	succeeds vsw -n "$sw" port set h3 neigh-suppress off
	before=$(answered h1) h2_got=$(sent_to h2)
	ip -n "$h1" neigh flush dev eth0
	succeeds in_ns "$h1" ping -q -c 1 -W "$WAIT" 192.0.2.2
	expect_eq "$(answered h1)" "$before" "answers to h1"
	expect_ge "$(sent_to h2)" $((h2_got + 2)) "frames that h2 got"
	log_test "without neigh-suppress all are asked again"
}

run_tests
