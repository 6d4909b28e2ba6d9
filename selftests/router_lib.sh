# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # setup_ns assigns the names of namespaces
# shellcheck disable=SC2034 # the scripts read $vip and $vip6
#
# What the tests of the router share: networks around one, and sockets in all of them, which
# one process has. A script sources this file after lib.sh.

# require_vrouter: skips the script where the module can't be loaded.
require_vrouter()
{
	[ "$(id -u)" -eq 0 ] || skip_all "not root"
	[ -d /sys/module/vrouter ] || modprobe vrouter 2>/dev/null || skip_all "no module vrouter"
}

# leg NAME NUMBER: $NAME is behind the router's device NAME
leg()
{
	# Nobody has to be asked for a MAC, of whom a test does not want to know that.
	ip -n "$router" -b - <<-END &&
		link add $1 address 02:00:00:00:02:0$2 type veth peer name eth0 address 02:00:00:00:00:0$2 netns ${!1}
		link set $1 up
		addr add 10.0.$2.254/24 dev $1
		addr add 2001:db8:$2::fe/64 dev $1 nodad
		neigh replace 10.0.$2.1 lladdr 02:00:00:00:00:0$2 dev $1
		neigh replace 2001:db8:$2::1 lladdr 02:00:00:00:00:0$2 dev $1
	END
		ip -n "${!1}" -b - <<-END
			link set eth0 up
			addr add 10.0.$2.1/24 dev eth0
			addr add 2001:db8:$2::1/64 dev eth0 nodad
			route add default via 10.0.$2.254
			route add default via 2001:db8:$2::fe
		END
}

# router_star N: a router, and networks with one host each.
#
#   +-- $client ----+   +-- $router -------------+   +-- $b1 ... $bN ---------+
#   | eth0          |   |                        |   | eth0                   |
#   |  10.0.9.1     ------ client        b1...bN ------ 10.0.i.1              |
#   |  2001:db8:9::1|   | 10.0.9.254   10.0.i.254 |  |  2001:db8:i::1         |
#   |  10.99.0.0/16 |   | 2001:db8:9::fe   ...    |  +------------------------+
#   +---------------+   +------------------------+
#
# Each has the router for its default. The client is all of 10.99.0.0/16 and 2001:db8:99::/64,
# too. $vip and $vip6 are addresses that nobody has, which come to the router.
router_star()
{
	local i names=()

	vip=203.0.113.1 vip6=2001:db8:ff::1
	for ((i = 1; i <= $1; i++)); do
		names+=("b$i")
	done
	setup_ns router client "${names[@]}"
	in_ns "$router" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	leg client 9 || return
	for ((i = 1; i <= $1; i++)); do
		leg "b$i" "$i" || return
	done
	ip -n "$client" route add local 10.99.0.0/16 dev lo &&
		ip -n "$client" -6 route add local 2001:db8:99::/64 dev lo &&
		ip -n "$router" route add 10.99.0.0/16 via 10.0.9.1 &&
		ip -n "$router" -6 route add 2001:db8:99::/64 via 2001:db8:9::1 || return
	busywait "$WAIT" carrier "$client" eth0 || return
	for i in "${names[@]}"; do
		busywait "$WAIT" carrier "${!i}" eth0 || return
	done
	start_wire
	for i in "${names[@]}"; do
		wire serve "$i" "${!i}" 8080 >/dev/null
	done
}

# start_wire: the process of all sockets, see router_wire.py, or $wire_program.
start_wire()
{
	coproc WIRE { exec python3 "$SELFTESTS/${wire_program:-router_wire.py}"; }
	bg_list+=("$WIRE_PID")
	exec {wire_in}>&"${WIRE[1]}" {wire_out}<&"${WIRE[0]}"
}

# wire COMMAND...: prints what it says
wire()
{
	local line

	echo "$*" >&"$wire_in"
	read -r -t "$WAIT" line <&"$wire_out" || line="no answer"
	echo "$line"
}

# says WANTED COMMAND...: of the process of all sockets
says()
{
	expect_eq "$(wire "${@:2}")" "$1" "${*:2}"
}

# router_vsw ARG...
router_vsw()
{
	vsw -n "$router" "$@"
}

# batch LINE...
batch()
{
	printf '%s\n' "$@" | succeeds router_vsw -batch -
}

# value FILTER WORD...: jq FILTER on the first of what "vsw -s WORD... show" shows
value()
{
	first_values "$1" "$(router_vsw -j -s "${@:2}")"
}

# has_active N: connections of the service "web"
has_active()
{
	[ "$(value .active service show web)" = "$1" ]
}

# ways SERVICE: "THERE BACK" of each of its connections
ways()
{
	router_vsw router connections "$1" | awk 'NR > 1 { print $(NF - 1), $NF }'
}

# fast_path on|off
fast_path()
{
	succeeds router_vsw router set fast-path "$1"
}

# flush_router: nothing is configured any more, no connection is left
flush_router()
{
	succeeds router_vsw router flush
}
