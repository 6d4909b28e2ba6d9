#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Attacks in the name of others, by the tools that are used for them: an ARP spoofer, a
# rogue router, a rogue DHCP server. Each works at first; then what is switched on stops it and counts it, and the victim loses
# nothing. h2 is the attacker (a vnic), h1 the victim (a veth), h3 whom it talks to.

# shellcheck disable=SC2317
ALL_TESTS="arp_spoofer rogue_router rogue_dhcp_server"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=binding_lib.sh
. "$(dirname "$0")/binding_lib.sh"

require_vswitch
require_command ping arpspoof atk6-fake_router6 dnsmasq busybox
load_kind veth
ADAPTERS=mixed star -6 h1 h2 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"

tmp=$(mktemp -d)
defer rm -rf "$tmp"

# The tools look for a link-local address of theirs.
ip -n "$h2" addr add fe80::ff:fe00:2/64 dev eth0 nodad

# attack COMMAND...: from h2, until attack_ends
attack()
{
	in_ns "$h2" "$@" > "$tmp/attack" 2>&1 < /dev/null &
	attacker=$!
	bg_list+=("$attacker")
}

attack_ends()
{
	local pid

	for pid in $(ip netns pids "$h2"); do
		kill -9 "$pid" 2>/dev/null
	done
	wait "$attacker" 2>/dev/null
}

dropped_more()
{
	[ "$(port_drops "$sw" h2 "$1")" -ge "$2" ]
}

# stopped REASON N COMMAND...: N of what it sends are dropped, while h1 loses nothing
stopped()
{
	local reason=$1 n=$2 before lost

	shift 2
	before=$(port_drops "$sw" h2 "$reason")
	lost=$(port_stat "$sw" h1 drops)
	attack "$@"
	wait_for dropped_more "$reason" $((before + n))
	in_ns "$h1" ping -q -c 20 -i 0.05 -W "$WAIT" 192.0.2.3 > "$tmp/ping"
	in_ns "$h1" ping -q -c 20 -i 0.05 -W "$WAIT" 2001:db8:1::3 >> "$tmp/ping"
	attack_ends
	expect_eq "$(grep -c ' 0% packet loss' "$tmp/ping")" 2 "pings without a loss"
	expect_eq "$(port_stat "$sw" h1 drops)" "$lost" "drops of the victim"
}

believes_attacker()
{
	[[ $(ip -n "$h1" neigh show 192.0.2.3) == *"${M}2"* ]]
}

arp_spoofer()
{
	local spoof=(arpspoof -i eth0 -t 192.0.2.1 192.0.2.3)

	succeeds in_ns "$h1" ping -q -c 1 -W "$WAIT" 192.0.2.3
	succeeds in_ns "$h2" ping -q -c 1 -W "$WAIT" 192.0.2.1
	attack "${spoof[@]}"
	wait_for believes_attacker
	attack_ends
	ip -n "$h1" neigh flush dev eth0
	log_test "an ARP spoofer works where nothing stops it"

	bind h2 source-guard
	succeeds in_ns "$h1" ping -q -c 1 -W "$WAIT" 192.0.2.3
	stopped source-arp 1 "${spoof[@]}"
	fails believes_attacker
	unbind h2 source-guard
	log_test "source guard stops it"
}

has_rogue_address()
{
	[[ $(ip -n "$h1" addr show dev eth0) == *2001:db8:bad:* ]]
}

rogue_router()
{
	local router=(atk6-fake_router6 eth0 2001:db8:bad::/64)

	attack "${router[@]}"
	wait_for has_rogue_address
	attack_ends
	succeeds in_ns "$h1" sysctl -qw net.ipv6.conf.eth0.disable_ipv6=1 \
		net.ipv6.conf.eth0.disable_ipv6=0
	succeeds ip -n "$h1" addr add 2001:db8:1::1/64 dev eth0 nodad
	log_test "a rogue router works where nothing stops it"

	succeeds vsw -n "$sw" switch set vs0 ra-guard on
	stopped ra-guard 1 "${router[@]}"
	fails has_rogue_address
	succeeds vsw -n "$sw" switch set vs0 ra-guard off
	log_test "RA guard stops it"
}

gets_lease()
{
	in_ns "$h1" busybox udhcpc -f -n -q -t 3 -T 1 -i eth0 -s /bin/true
}

rogue_dhcp_server()
{
	local server=(dnsmasq --no-daemon --conf-file=/dev/null --port=0 --interface=eth0
		"--dhcp-range=192.0.2.100,192.0.2.150,1h" --dhcp-leasefile="$tmp/leases"
		--dhcp-authoritative --no-ping --no-resolv --no-hosts --user=root --pid-file=)
	local before

	attack "${server[@]}"
	wait_for gets_lease
	log_test "a rogue DHCP server works where nothing stops it"

	succeeds vsw -n "$sw" switch set vs0 dhcp-guard on
	before=$(port_drops "$sw" h2 dhcp-guard)
	fails gets_lease
	expect_ge "$(port_drops "$sw" h2 dhcp-guard)" $((before + 1)) "dhcp-guard drops"
	succeeds vsw -n "$sw" port set h2 dhcp-trusted on
	succeeds gets_lease
	attack_ends
	succeeds vsw -n "$sw" port set h2 dhcp-trusted off
	succeeds vsw -n "$sw" switch set vs0 dhcp-guard off
	log_test "DHCP guard stops it, unless its port is trusted"
}

run_tests
