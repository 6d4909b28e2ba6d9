#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "vsw natnet": who is in the network gets an address and a name server, and reaches what is
# outside with the host's address; no more get one than the limit says; and nothing is left
# of one that is deleted, that failed, or whose vsw was killed.
#
#   +-- $vm1 ---+   +-- $host ---------------------------+   +-- $outside ---+
#   | eth0 ---------- t1                                 |   | eth0          |
#   +-----------+   |    lab 192.168.100.1   up0 --------------  198.51.100.2|
#   +-- $vm2 ---+   |                        198.51.100.1|   |  2001:db8::2  |
#   | eth0 ---------- t2                     2001:db8::1 |   +---------------+
#   +-----------+   +------------------------------------+
#
# and a container, which is a port of lab by itself.

# shellcheck disable=SC2154,SC2317  # setup_ns assigns; the tests are called by name
# shellcheck source=container_lib.sh
. "$(dirname "$0")/container_lib.sh"
# shellcheck source=router_lib.sh
. "$(dirname "$0")/router_lib.sh"
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

ALL_TESTS="
	refusals
	network
	leases
	leased_container
	limit
	container
	renewed
	nobody_leases
	ipv6
	half_made
	killed
	deleted
"

require_command dnsmasq socat
require_vrouter
load_kind veth
container_setup

v()
{
	vsw -n "$host" "$@"
}

# What is in the network: one line for each thing that a network is made of.
pieces()
{
	local pid

	v -j switch show | jq -r '.[].name'
	v -j nat show | jq -r '.[].source'
	for pid in $(pgrep -x dnsmasq); do
		if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "pid-file=$VSW_STATE_DIR/"; then
			echo dnsmasq
		fi
	done
	[ ! -e "$VSW_STATE_DIR/natnets" ] || ls "$VSW_STATE_DIR/natnets"
}

# Of the host's network what a network behind it might change.
host_network()
{
	ip -n "$host" -4 -o addr show
	ip -n "$host" -6 -o addr show scope global
	ip -n "$host" -4 route show table all
	ip -n "$host" rule show
	in_ns "$host" ss -Huln
}

# lease NETNS [ARG...]: ask for an address, and take it
lease()
{
	local netns=$1

	shift
	in_ns "$netns" busybox udhcpc -f -n -q -t 4 -T 1 -i eth0 -s "$TMP/take" "$@" >/dev/null 2>&1
}

# sees NETNS ADDRESS: what somebody outside at ADDRESS sees who talks to him
sees()
{
	in_ns "$1" timeout 20 socat -u -T 10 "TCP:$2:7000" -
}

# A dnsmasq that is left keeps its network namespace.
end_networks()
{
	local name

	for name in lab lab6 other third dead last; do
		v natnet delete "$name"
	done
}

refusals()
{
	local before taker

	before=$(pieces)
	says 2 "has a route to 198.51.100.0/24 by up0.*choose another prefix" \
		v natnet add lab subnet 198.51.100.0/24
	says 2 "there is no NAT network 'lab'" v natnet delete lab
	says 2 "there is no NAT network 'lab'" v natnet show lab
	v switch add lab
	says 2 "there is a switch 'lab' already" v natnet add lab subnet 192.168.100.0/24
	v switch del lab
	v masquerade add 192.168.100.0/24 >/dev/null
	says 2 "192.168.100.0/24 is masqueraded already, by rule" \
		v natnet add lab subnet 192.168.100.0/24
	v masquerade delete 192.168.100.0/24
	# What fails last takes all that was made before with it.
	bg ip netns exec "$host" socat -u UDP-RECV:67 /dev/null
	taker=$!
	wait_for port_taken
	says 2 "dnsmasq did not start: .*(in use|bind)" v natnet add lab subnet 192.168.100.0/24
	bg_stop "$taker"
	expect_eq "$(pieces)" "$before" "what is left of a network that failed"
	log_test "what can't be a network, of which nothing is left"
}

port_taken()
{
	in_ns "$host" ss -Hulen "sport = 67" | grep -q .
}

network()
{
	succeeds v natnet add lab subnet 192.168.100.0/24 dhcp on limit 2
	expect_eq "$(pieces | sort | tr '\n' ' ')" "192.168.100.0 dnsmasq lab lab " "what it is made of"
	shows "^lab +running +192.168.100.0/24 +192.168.100.1 +192.168.100.253-192.168.100.254 +0 +2$" \
		v natnet
	expect_eq "$(v -j natnet show lab | jq -c '.[0] | [.name, .state, .subnet, .["subnet-len"], .gateway, .dhcp, .limit, .leases]')" \
		'["lab","running","192.168.100.0",24,"192.168.100.1",true,2,0]' "a network as JSON"
	expect_eq "$(vsw -n "$outside" -j natnet)" '[]' "networks of another network namespace"
	says 2 "there is a NAT network 'lab'|there is a switch 'lab'" v natnet add lab subnet 10.77.0.0/24
	says 2 "is in another network namespace" vsw -n "$outside" natnet delete lab
	succeeds v port add t1 switch lab
	succeeds v port add t2 switch lab
	log_test "natnet add, show"
}

leases()
{
	succeeds lease "$vm1" -x hostname:one
	expect_eq "$(in_ns "$vm1" ip -j route show default | jq -r '.[0].gateway')" 192.168.100.1 \
		"the gateway that was leased"
	[[ $(in_ns "$vm1" ip -o -4 addr show dev eth0) == *"192.168.100.25"[34]"/24"* ]]
	check_err $? "no address of the leased ones"
	expect_eq "$(sees "$vm1" 198.51.100.2)" 198.51.100.1 "whom somebody outside sees"
	expect_eq "$(v -j natnet show lab | jq '.[0].leases')" 1 "leases"
	[[ $(in_ns "$vm1" busybox nslookup one 192.168.100.1 2>&1) == *192.168.100.25[34]* ]]
	check_err $? "the name server does not know who has a lease"
	log_test "a guest gets an address, a name server, and out"
}

# leases_are N
leases_are()
{
	[ "$(v -j natnet show lab | jq '.[0].leases')" = "$1" ]
}

# in_container NAME OPTION...: until its command runs, sleep
in_container()
{
	"$VSW" -n "$host" run --name "$ID$1" --rootfs "$ROOTFS" "${@:2}" -- sleep 1000 &
	bg_list+=("$!")
	wait_for running "$1"
}

# Of the same network, which has one lease left.
leased_container()
{
	local address

	in_container l --network lab --hostname web -p 8081:80
	address=$(in_ns "$vm1" busybox nslookup web 192.168.100.1 2>&1 | grep -o '192.168.100.25[34]')
	[ -n "$address" ]
	check_err $? "the name server does not know the container"
	expect_eq "$(v -j binding show switch lab | jq -r '.[].ip')" "$address" "who may send"
	expect_eq "$(v -j publish show | jq -r '.[]["to-ipv4"]')" "$address" "where its port leads"
	succeeds in_ns "$vm1" ping -c 1 -w 20 "$address"
	leases_are 2
	check_err $? "there are not two leases"
	kill -KILL "$(init_of l)"
	run_end
	wait_for leases_are 1
	expect_eq "$(vsw -n "$host" run --name "${ID}l" --rootfs "$ROOTFS" --switch lab --ip dhcp \
		--adapter veth --userns -- nc -w 10 198.51.100.2 7000 </dev/null)" 198.51.100.1 \
		"whom somebody outside sees"
	wait_for leases_are 1
	log_test "a container has a leased address, and gives it back"
}

limit()
{
	succeeds lease "$vm2"
	expect_eq "$(v -j natnet show lab | jq '.[0].leases')" 2 "leases"
	ip -n "$vm2" link set eth0 down
	ip -n "$vm2" link set eth0 address 02:00:00:00:0f:0f
	ip -n "$vm2" link set eth0 up
	fails lease "$vm2"
	expect_eq "$(v -j natnet show lab | jq '.[0].leases')" 2 "leases"
	log_test "no more than the limit"
}

container()
{
	expect_eq "$(vsw -n "$host" run --name "${ID}c" --rootfs "$ROOTFS" --switch lab \
		--ip 192.168.100.9/24 --gateway 192.168.100.1 -- \
		nc -w 10 198.51.100.2 7000 </dev/null)" 198.51.100.1 "whom somebody outside sees"
	log_test "a container gets out"
}

# questions REGEX N: the server of lease.py was asked at least so often
questions()
{
	[ "$(grep -c "^$1$" "$TMP/own")" -ge "$2" ]
}

# By a server that wants that each second, and says nothing the first time.
renewed()
{
	local server

	v switch add empty
	"$VSW" -n "$host" run --name "${ID}n" --rootfs "$ROOTFS" --network empty -- true \
		2>"$TMP/nobody" &
	nobody=$!
	v switch add own
	ip -n "$host" addr add 10.90.0.1/24 dev own
	ip -n "$host" link set own up
	bg ip netns exec "$host" "$SELFTESTS/lease.py" own 10.90.0.1 10.90.0.10 255.255.255.0 1 \
		>"$TMP/own"
	server=$!
	in_container r --switch own --ip dhcp
	expect_eq "$(v -j binding show switch own | jq -r '.[].ip')" 10.90.0.10 "who may send"
	wait_for questions renew 3
	kill -KILL "$(init_of r)"
	run_end
	wait_for questions release 1
	expect_eq "$(grep -c request "$TMP/own")" 1 "leases"
	bg_stop "$server"
	log_test "a lease is renewed as long as the container runs"
}

# Of what renewed() began meanwhile, too.
nobody_leases()
{
	local status

	wait "$nobody"
	expect_eq $? 125 "the status of a container without an address"
	grep -q "nobody in switch 'empty' leases" "$TMP/nobody"
	check_err $? "it says $(<"$TMP/nobody")"
	expect_eq "$(v -j port show switch empty | jq -c '[.[].type]')" '["host"]' "ports that are left"
	v switch delete empty
	fails_with 125 "exclude|not both" vsw -n "$host" run --name "${ID}n" --rootfs "$ROOTFS" \
		--switch own --ip dhcp --ip 10.90.0.9/24 -- true
	fails_with 125 "without --switch" vsw run --name "${ID}n" --rootfs "$ROOTFS" --ip dhcp -- true
	fails_with 125 "only one of it" vsw run --name "${ID}n" --rootfs "$ROOTFS" --network own \
		--switch lab -- true
	timeout -s TERM 2 "$VSW" -n "$host" run --name "${ID}n" --rootfs "$ROOTFS" --network own \
		-- true 2>"$TMP/stopped"
	status=$?
	[ "$status" = 124 ] && grep -q "stopped by signal 15" "$TMP/stopped"
	check_err $? "a signal while it waits: $status, $(<"$TMP/stopped")"
	expect_eq "$(v -j port show switch own | jq -c '[.[].type]')" '["host"]' "ports that are left"
	v switch delete own
	log_test "without a server there is no address, and no container"
}

ipv6()
{
	succeeds v natnet add lab6 subnet 10.77.0.0/24 dhcp off ipv6 fd00:77::/64
	shows "^lab6 +running +10.77.0.0/24 +10.77.0.1 +fd00:77::/64 +off +- +-$" v natnet show lab6
	expect_eq "$(vsw -n "$host" run --name "${ID}d" --rootfs "$ROOTFS" --switch lab6 \
		--ip fd00:77::9/64 --gateway fd00:77::1 -- \
		nc -w 10 2001:db8::2 7000 </dev/null)" '[2001:0db8:0000:0000:0000:0000:0000:0001]' "whom somebody outside sees"
	succeeds v natnet delete lab6
	expect_eq "$(pieces | sort | tr '\n' ' ')" "192.168.100.0 dnsmasq lab lab " "what is left"
	log_test "IPv6, and one of two is deleted"
}

# One that a killed vsw did not finish looks like this.
half_made()
{
	succeeds v natnet add other subnet 10.78.0.0/24
	sed -i 's/"running"/"creating"/; s/"pid": [0-9]*/"pid": 0/' \
		"$VSW_STATE_DIR/natnets/other/state.json"
	shows "^other +half-made" v natnet
	succeeds v natnet add third subnet 10.79.0.0/24
	expect_eq "$(pieces | sort | tr '\n' ' ')" \
		"10.79.0.0 192.168.100.0 dnsmasq dnsmasq lab lab third third " "what is left"
	kill "$(v -j natnet show third | jq '.[0]["dnsmasq-pid"]')"
	wait_for shows_state third no-dnsmasq
	succeeds v natnet delete third
	# somebody else has made this switch since
	succeeds v natnet add other subnet 10.78.0.0/24
	sed -i 's/"running"/"creating"/; s/"switch-ifindex": [0-9]*/"switch-ifindex": 0/' \
		"$VSW_STATE_DIR/natnets/other/state.json"
	succeeds v natnet delete other
	expect_eq "$(pieces | sort | tr '\n' ' ')" "192.168.100.0 dnsmasq lab lab other " \
		"what is left, with another switch of that name"
	succeeds v switch delete other
	log_test "a half-made one is found and removed, one without dnsmasq is told"
}

shows_state()
{
	[ "$(v -j natnet show "$1" | jq -r '.[0].state')" = "$2" ]
}

killed()
{
	local after

	for after in 0.005 0.02 0.05 0.1; do
		# bash says who was killed
		{ timeout -s KILL "$after" "$VSW" -n "$host" natnet add dead subnet 10.80.0.0/24; } \
			2>/dev/null
		v natnet delete dead >/dev/null 2>&1
	done
	succeeds v natnet add last subnet 10.80.0.0/24
	succeeds v natnet delete last
	wait_for only_lab
	log_test "nothing is left of those that were killed"
}

only_lab()
{
	[ "$(pieces | sort | tr '\n' ' ')" = "192.168.100.0 dnsmasq lab lab " ]
}

deleted()
{
	succeeds v natnet delete lab
	expect_eq "$(pieces)" "" "what is left"
	expect_eq "$(v -j natnet)" '[]' "networks"
	expect_eq "$(host_network)" "$before_all" "addresses, routes, rules and sockets of the host"
	log_test "natnet delete"
}

setup_ns host outside vm1 vm2
ip -n "$host" -b - <<-END || exit 1
	link add up0 type veth peer name eth0 netns $outside
	link add t1 type veth peer name eth0 netns $vm1
	link add t2 type veth peer name eth0 netns $vm2
	link set up0 up
	link set t1 up
	link set t2 up
	addr add 198.51.100.1/24 dev up0
	addr add 2001:db8::1/64 dev up0 nodad
END
ip -n "$outside" -b - <<-END || exit 1
	link set eth0 up
	addr add 198.51.100.2/24 dev eth0
	addr add 2001:db8::2/64 dev eth0 nodad
END
ip -n "$vm1" link set eth0 up
ip -n "$vm2" link set eth0 up
cat >"$TMP/take" <<'END'
#!/bin/sh
[ "$1" = bound ] || exit 0
ip addr add "$ip/$mask" dev "$interface"
ip route replace default via "$router"
END
chmod +x "$TMP/take"
# Says to who asks who he is.
only=
for family in 4 6; do
	# shellcheck disable=SC2016  # it is for the shell that socat starts
	bg ip netns exec "$outside" socat "TCP$family-LISTEN:7000,fork,reuseaddr$only" \
		SYSTEM:'echo "$SOCAT_PEERADDR"'
	only=,ipv6only=1
done
defer end_networks
before_all=$(host_network)

run_tests
