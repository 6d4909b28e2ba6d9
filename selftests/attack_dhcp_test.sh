#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# An attack on a DHCP server: yersinia asks for an address with each frame, always in
# the name of somebody else, until there is none left. DHCP guard is for who answers and
# does not stop who asks; what minds the MACs does, and a storm limit slows him down. h2
# is the attacker (a vnic), h1 the victim (a veth), h3 has the server (a veth).

# shellcheck disable=SC2317
ALL_TESTS="starves forged strange too_many too_fast"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command ping busybox yersinia
busybox --list | grep -qx udhcpd || skip_all "no DHCP server in busybox"
require_vswitch
load_kind veth
ADAPTERS=mixed
star h1 h2 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"

tmp=$(mktemp -d)
defer rm -rf "$tmp"

on_fail()
{
	vsw -s -n "$sw" port show
	tail -n 5 "$tmp/server"
}

port()
{
	vsw -n "$sw" port set "$@"
}

drops()
{
	port_drops "$sw" h2 "$1"
}

# dropped REASON N: so many of what the attacker sent
dropped()
{
	[ "$(drops "$1")" -ge "$2" ]
}

# serve: a server that has given out nothing, and has ten addresses
serve()
{
	cat > "$tmp/conf" <<-END
		start 192.0.2.101
		end 192.0.2.110
		interface eth0
		offer_time 3600
		lease_file $tmp/leases
		pidfile $tmp/pid
		opt subnet 255.255.255.0
	END
	: > "$tmp/leases"
	: > "$tmp/server"
	in_ns "$h3" busybox udhcpd -f -a 1 "$tmp/conf" > "$tmp/server" 2>&1 &
	server=$!
	bg_list+=("$server")
	wait_for grep -q started "$tmp/server"
}

# end HOST PID: of all that runs there, by the shell's child PID
end()
{
	local pid

	for pid in $(ip netns pids "$1"); do
		kill -9 "$pid" 2>/dev/null
	done
	wait "$2" 2>/dev/null
}

starve()
{
	# It leaves a log where it stands, and ends when a key is hit.
	in_ns "$h2" sh -c "cd $tmp && sleep 600 |
		TERM=vt100 yersinia dhcp -attack 1 -interface eth0" >/dev/null 2>&1 &
	attacker=$!
	bg_list+=("$attacker")
}

gets_lease()
{
	in_ns "$h1" busybox udhcpc -f -n -q -t 3 -T 1 -i eth0 -s /bin/true
}

is_starved()
{
	grep -q "no free IP" "$tmp/server"
}

starves()
{
	local guarded

	serve
	succeeds gets_lease
	end "$h3" "$server"
	succeeds vsw -n "$sw" switch set vs0 dhcp-guard on
	succeeds port h3 dhcp-trusted on
	guarded=$(drops dhcp-guard)
	serve
	starve
	wait_for is_starved
	fails gets_lease
	end "$h2" "$attacker"
	end "$h3" "$server"
	expect_eq "$(drops dhcp-guard)" "$guarded" "dropped by DHCP guard"
	succeeds vsw -n "$sw" switch set vs0 dhcp-guard off
	log_test "who asks in many names gets all addresses, whoever may answer"
}

# stopped REASON: all that he sends is dropped, and the victim loses nothing
stopped()
{
	local before lost

	before=$(drops "$1") lost=$(port_stat "$sw" h1 drops)
	serve
	starve
	wait_for dropped "$1" $((before + 200))
	succeeds gets_lease
	in_ns "$h1" ping -q -c 20 -i 0.05 -W "$WAIT" 192.0.2.3 > "$tmp/ping"
	end "$h2" "$attacker"
	end "$h3" "$server"
	expect_eq "$(grep -c ' 0% packet loss' "$tmp/ping")" 1 "pings without a loss"
	expect_eq "$(port_stat "$sw" h1 drops)" "$lost" "drops of the victim"
	fails is_starved
}

forged()
{
	succeeds port h2 forged-transmits reject
	stopped forged-transmit
	succeeds port h2 forged-transmits inherit
	log_test "forged transmits that are rejected stop him"
}

strange()
{
	succeeds vsw -n "$sw" binding add dev h2 mac 02:00:00:00:00:02 ip 192.0.2.2
	succeeds port h2 source-guard on
	stopped source-mac
	succeeds port h2 source-guard off
	log_test "source guard stops him"
}

too_many()
{
	succeeds vsw -n "$sw" fdb flush switch vs0
	succeeds port h2 max-macs 2
	stopped max-macs
	expect_eq "$(port_json "$sw" h2 '.["fdb-count"]')" 2 "MACs that he has"
	succeeds port h2 max-macs 0
	log_test "a bound for the MACs of his port leaves him as many addresses"
}

# passed_so_far: of what the attacker sent; half of his MACs are groups and are no source
passed_so_far()
{
	local json

	json=$(vsw -j -s -n "$sw" port show h2)
	echo $(($(first_values '.stats["rx-packets"]' "$json") - $(first_values '.stats["drops"]' "$json")))
}

# He is not stopped, but the network is not his: what passes is what the limit says.
too_fast()
{
	local start before passed lost ms

	serve
	lost=$(port_stat "$sw" h1 drops)
	succeeds port h2 storm-broadcast 20pps
	start=${EPOCHREALTIME/[.,]/} before=$(drops storm-broadcast)
	passed=$(passed_so_far)
	starve
	wait_for dropped storm-broadcast $((before + 200))
	in_ns "$h1" ping -q -c 20 -i 0.05 -W "$WAIT" 192.0.2.3 > "$tmp/ping"
	end "$h2" "$attacker"
	end "$h3" "$server"
	ms=$(((${EPOCHREALTIME/[.,]/} - start) / 1000))
	passed=$(($(passed_so_far) - passed))
	expect_ge $((10 + 20 * ms / 1000 + 1)) "$passed" "what may pass in $ms ms"
	expect_ge "$passed" 10 "what passes"
	expect_eq "$(grep -c ' 0% packet loss' "$tmp/ping")" 1 "pings without a loss"
	expect_eq "$(port_stat "$sw" h1 drops)" "$lost" "drops of the victim"
	succeeds port h2 storm-broadcast off
	log_test "a storm limit leaves him what it says"
}

run_tests
