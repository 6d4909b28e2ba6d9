#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What actions make of packets, byte for byte as flow_rewrite.py builds them, and with
# checksums that tcpdump finds right. Streams between real sockets go through flows that
# change their addresses and ports both ways. The topology is the star of lib.sh:
#
#   h1:eth0 ---- vs0 ---- h2:eth0
#
# Nothing on the way leaves checksums and segments to others: what arrives is whole.

# shellcheck disable=SC2317
ALL_TESTS="packets sums stream_v4 stream_v6"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command python3 tcpdump ethtool tc
require_vswitch
load_kind veth
star -6 h1 h2 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2"
packets=$(dirname "$0")/flow_rewrite.py
dir=$(mktemp -d)
defer rm -rf "$dir"

for port in h1 h2; do
	in_ns "$sw" ethtool -K "$port" tx off >/dev/null
	# With one, frames take the long way, on which that counts.
	in_ns "$sw" tc qdisc add dev "$port" root pfifo || skip_all "no pfifo"
done

# load: the flows on standard input are those of the switch
load()
{
	vsw -n "$sw" flow replace vs0 -
	check_err $? "the flows"
}

# capture FILE NS: of what comes in by eth0 there
capture()
{
	# Places for 500 frames as long as can be: one is lost where there is none free.
	bg in_ns "$2" tcpdump --immediate-mode -U -n -s 66000 -B 32768 -Q in -i eth0 -w "$1" 2>"$1.log"
	wait_for grep -q "listening on" "$1.log"
}

# seen FILE [FILTER...]: what tcpdump says of it, without times: ".8080" may be part of one
seen()
{
	tcpdump -t -n -vv -r "$1" "${@:2}" 2>/dev/null
}

# right FILE: all checksums are
right()
{
	expect_eq "$(grep -m 3 -E "incorrect|bad cksum|bad (udp|icmp6|ip) |wrong" "$1")" "" \
		"packets with wrong sums"
}

packets()
{
	local name match actions sent arriving checksum
	local -a cases

	mapfile -t cases < <("$packets" cases)
	expect_ge "${#cases[@]}" 40 "packets to send"
	for line in "${cases[@]}"; do
		IFS='|' read -r name match actions sent arriving checksum <<< "$line"
		echo "in_port=h1,$match,actions=$actions,output:h2"
	done >"$dir/flows"
	load <"$dir/flows"
	log_test "flows that change packets"
	capture "$dir/packets" "$h2"
	for line in "${cases[@]}"; do
		IFS='|' read -r name match actions sent arriving checksum <<< "$line"
		succeeds frame -i "$h1/eth0" ${checksum:+-C "$checksum"} -x "$sent" \
			-X "$arriving" -w 10 "$h2/eth0=1"
		log_test "$name"
	done
	bg_stop "${bg_list[-1]}"
}

sums()
{
	# Of a routing header it takes the last address, also if there is none to go to.
	seen "$dir/packets" "not ip6[6] = 43" >"$dir/text"
	right "$dir/text"
	expect_ge "$(grep -cE "\(correct\)|sum ok\]" "$dir/text")" 20 "sums that are right"
	log_test "tcpdump finds all checksums right"
}

# bytes FILE: how many TCP carries, of packets whose sum is right
bytes()
{
	sed -n 's/.*(correct).*, length \([0-9]*\).*/\1/p' "$1" | awk '{ n += $1 } END { print n + 0 }'
}

# ended FILE: the stream has, in what tcpdump has written so far
ended()
{
	seen "$1" tcp | grep -q "Flags \[F"
}

on_fail()
{
	tail -n 3 "$dir"/*.log
	tail -n 4 "$dir"/*.text
}

# stream NAME ADDRESS VIA SPORT: h1 sends to port 8080 of VIA, and h2 gets it at 80 of ADDRESS
stream()
{
	local name=$1 address=$2 via=$3 sport=$4 there=$dir/$1.there back=$dir/$1.back pid

	capture "$there" "$h2"
	capture "$back" "$h1"
	bg in_ns "$h2" timeout 60 "$packets" serve "$address" 80
	pid=$!
	wait_for listens "$h2" 80
	succeeds in_ns "$h1" timeout 60 "$packets" send "$via" 8080 "$sport" 400000
	wait "$pid"
	check_err $? "the server"
	wait_for ended "$there"
	wait_for ended "$back"
	bg_stop "${bg_list[-2]}"
	bg_stop "${bg_list[-3]}"
	seen "$there" tcp >"$there.text"
	seen "$back" tcp >"$back.text"
	right "$there.text"
	right "$back.text"
	# How many packets is the segmentation offload's to say.
	expect_ge "$(bytes "$there.text")" 400000 "bytes there"
	expect_ge "$(grep -c "(correct)" "$back.text")" 3 "packets back"
	expect_eq "$(grep -c "\.8080" "$there.text")" 0 "packets to the port as it was"
	log_test "a stream of $name whose addresses and ports change both ways"
}

listens()
{
	[[ $(ip netns exec "$1" cat /proc/net/tcp /proc/net/tcp6) =~ :$(printf %04X "$2")\ [0-9A-F]*:0000\ 0A ]]
}

# neighbour NS ADDRESS HOST: who has it is known to be host number HOST
neighbour()
{
	succeeds ip -n "$1" neigh replace "$2" lladdr "02:00:00:00:00:0$3" dev eth0 nud permanent
}

stream_v4()
{
	neighbour "$h1" 192.0.2.99 2
	neighbour "$h2" 192.0.2.77 1
	load <<-END
		in_port=h1,tcp,nw_dst=192.0.2.99,tp_dst=8080,actions=mod_nw_src:192.0.2.77,mod_tp_src:4000,mod_nw_dst:192.0.2.2,mod_tp_dst:80,dec_ttl,output:h2
		in_port=h2,tcp,nw_dst=192.0.2.77,tp_dst=4000,actions=mod_nw_src:192.0.2.99,mod_tp_src:8080,mod_nw_dst:192.0.2.1,mod_tp_dst:5000,dec_ttl,output:h1
	END
	stream IPv4 192.0.2.2 192.0.2.99 5000
}

stream_v6()
{
	neighbour "$h1" 2001:db8:1::99 2
	neighbour "$h2" 2001:db8:1::77 1
	load <<-END
		in_port=h1,tcp6,ipv6_dst=2001:db8:1::99,tp_dst=8080,actions=set_field:2001:db8:1::77->ipv6_src,mod_tp_src:4000,set_field:2001:db8:1::2->ipv6_dst,mod_tp_dst:80,output:h2
		in_port=h2,tcp6,ipv6_dst=2001:db8:1::77,tp_dst=4000,actions=set_field:2001:db8:1::99->ipv6_src,mod_tp_src:8080,set_field:2001:db8:1::1->ipv6_dst,mod_tp_dst:5001,output:h1
	END
	stream IPv6 2001:db8:1::2 2001:db8:1::99 5001
}

run_tests
