#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Flows by who has sent: the cgroup v2 of a process's socket, all that is below it, and the
# one that a port belongs to. The topology is the star of lib.sh with three hosts; h1 has a
# pair, h2 an adapter of the switch.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="processes below priorities more_of_them ports answers taps shown refused gone"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=vlan_lib.sh
. "$(dirname "$0")/vlan_lib.sh"

[ -f /sys/fs/cgroup/cgroup.controllers ] || skip_all "no cgroup v2 at /sys/fs/cgroup"
require_command jq ping
require_vswitch
load_kind veth

read -r uuid </proc/sys/kernel/random/uuid
top=/sys/fs/cgroup/vsw-test-${uuid:0:8}
web=$top/web
deep=$web/a/b
other=$top/other

end_cgroups()
{
	local dir

	for dir in "$deep" "$web/a" "$web" "$other" "$top/short" "$top"; do
		[ ! -d "$dir" ] || rmdir "$dir"
	done
}

# in_cgroup DIRECTORY COMMAND...
in_cgroup()
{
	local dir=$1

	shift
	(
		echo "$BASHPID" >"$dir/cgroup.procs"
		"$@"
	)
}

# flows FLOW...: and no other; what none of them matches is dropped
flows()
{
	printf '%s\n' "$@" "priority=1,actions=drop" | succeeds vsw -n "$sw" flow replace vs0 -
}

# packets PRIORITY: that the flow of it has had
packets()
{
	vsw -j -n "$sw" flow show vs0 |
		jq "[.[] | select(.priority == $1) | .packets] | add // 0"
}

processes()
{
	local host

	flows "cgroup=$web,actions=h3"
	for host in h1 h2; do
		in_cgroup "$web" from "$host" -c 3 "$h3/eth0=3"
		in_cgroup "$other" from "$host" -c 3 "$h3/eth0=0"
		from "$host" -c 3 "$h3/eth0=0"
	done
	log_test "the cgroup of a process's socket"
}

# A cgroup means what is below it, and not what is above or beside it.
below()
{
	local host

	for host in h1 h2; do
		flows "cgroup=$web,actions=h3"
		in_cgroup "$deep" from "$host" -c 3 "$h3/eth0=3"
		flows "cgroup=$top,actions=h3"
		in_cgroup "$deep" from "$host" -c 3 "$h3/eth0=3"
		in_cgroup "$other" from "$host" -c 3 "$h3/eth0=3"
		from "$host" -c 3 "$h3/eth0=0"
		flows "cgroup=$deep,actions=h3"
		in_cgroup "$web" from "$host" -c 3 "$h3/eth0=0"
	done
	log_test "what is below a cgroup"
}

# Whichever of the cgroups is nearer, the flow of the highest priority counts.
priorities()
{
	flows "priority=100,cgroup=$web,actions=h2" "priority=50,cgroup=$deep,actions=h3"
	in_cgroup "$deep" from h1 -c 3 "$h2/eth0=3" "$h3/eth0=0"
	flows "priority=50,cgroup=$web,actions=h2" "priority=100,cgroup=$deep,actions=h3"
	in_cgroup "$deep" from h1 -c 3 "$h3/eth0=3" "$h2/eth0=0"
	in_cgroup "$web" from h1 -c 3 "$h2/eth0=3" "$h3/eth0=0"
	flows "priority=100,in_port=h1,actions=h2" "priority=50,cgroup=$web,actions=h3"
	in_cgroup "$deep" from h1 -c 3 "$h2/eth0=3" "$h3/eth0=0"
	log_test "the priority decides between cgroups"
}

# With as many masks that lookups are remembered, and in another table.
more_of_them()
{
	flows "priority=90,in_port=h1,dl_type=0x1234,actions=drop" "priority=80,dl_vlan=7,actions=drop" \
		"priority=70,dl_src=02:00:00:00:00:99,actions=drop" \
		"priority=60,cgroup=$web,dl_type=0x88b5,actions=goto_table:1" \
		"priority=50,cgroup=$top,actions=h2" "table=1,cgroup=$web/a,actions=h3" \
		"table=1,priority=1,actions=h2"
	in_cgroup "$deep" from h1 -c 40 "$h3/eth0=40" "$h2/eth0=0"
	in_cgroup "$web" from h1 -c 40 "$h2/eth0=40" "$h3/eth0=0"
	in_cgroup "$other" from h1 -c 40 "$h2/eth0=40" "$h3/eth0=0"
	in_cgroup "$deep" from h1 -c 40 "$h3/eth0=40" "$h2/eth0=0"
	from h1 -c 3 "$h2/eth0=0" "$h3/eth0=0"
	log_test "cgroups among other matches"
}

# ARP is of no socket; a process that has one sends for itself.
asks()
{
	in_ns "${!1}" ping -q -c 1 -W 1 "192.0.2.$2" >/dev/null
}

ports()
{
	local host number=101

	for host in h1 h2; do
		flows "priority=100,arp,cgroup=$web,actions=normal"
		asks "$host" $((number++))
		expect_eq "$(packets 100)" 0 "packets of $host before"
		set_port "$host" cgroup "$deep"
		asks "$host" $((number++))
		expect_ge "$(packets 100)" 1 "packets of $host"
		flows "cgroup=$web,actions=h3"
		in_cgroup "$other" from "$host" -c 3 "$h3/eth0=0"
		in_cgroup "$web" from "$host" -c 3 "$h3/eth0=3"
		set_port "$host" cgroup none
		flows "priority=100,arp,cgroup=$web,actions=normal"
		asks "$host" $((number++))
		expect_eq "$(packets 100)" 0 "packets of $host after"
	done
	log_test "a port that belongs to a container"
}

# The container's kernel answers, by a socket of its own, and forwards.
answers()
{
	local host

	for host in h1 h2; do
		set_port "$host" cgroup "$web"
		flows "priority=100,in_port=$host,icmp,cgroup=$web,actions=normal" \
			"priority=90,in_port=$host,arp,actions=normal" "priority=80,in_port=h3,actions=normal"
		succeeds in_ns "$h3" ping -q -c 1 -W 20 "192.0.2.${host_number[$host]}"
		set_port "$host" cgroup none
	done
	# h3 is behind h1, by another network
	ip link add b1 netns "$h1" type veth peer name b1 netns "$back"
	ip -n "$h1" addr add 198.51.100.1/24 dev b1
	ip -n "$h1" link set b1 up
	ip -n "$back" addr add 198.51.100.2/24 dev b1
	ip -n "$back" link set b1 up
	ip -n "$back" route add default via 198.51.100.1
	in_ns "$h1" sysctl -q net.ipv4.ip_forward=1
	ip -n "$h3" route add 198.51.100.0/24 via 192.0.2.1
	set_port h1 cgroup "$web"
	flows "priority=100,in_port=h1,ip,cgroup=$web,actions=normal" \
		"priority=90,arp,actions=normal" "priority=80,in_port=h3,actions=normal"
	succeeds in_ns "$back" ping -q -c 1 -W 20 192.0.2.3
	set_port h1 cgroup none
	log_test "what a container answers and forwards"
}

# A tap's packets are of who has opened it, unless its port belongs to somebody.
taps()
{
	local pid

	[ -c /dev/net/tun ] || modprobe tun
	if ! [ -c /dev/net/tun ]; then
		log_skip "a VM's tap" "this kernel has none"
		return
	fi
	in_cgroup "$other" tapwire "$sw/t1" "$back/t2" >"$dir/wire" &
	pid=$!
	busywait "$WAIT" grep -q ready "$dir/wire"
	ip -n "$sw" link set t1 master vs0 up
	ip -n "$back" link set t2 up
	flows "cgroup=$other,actions=h3"
	succeeds frame -i "$back/t2" -c 3 "$h3/eth0=3"
	set_port t1 cgroup "$web"
	succeeds frame -i "$back/t2" -c 3 "$h3/eth0=0"
	flows "cgroup=$web,actions=h3"
	succeeds frame -i "$back/t2" -c 3 "$h3/eth0=3"
	pkill -P "$pid" tapwire || kill "$pid"
	wait "$pid" 2>/dev/null
	log_test "a VM's tap"
}

shown()
{
	local id

	id=$(stat -c %i "$web")
	set_port h1 cgroup "$id"
	set_port h2 cgroup "$web"
	expect_eq "$(port_json "$sw" h1 .cgroup)" "$id" "cgroup of h1"
	expect_eq "$(port_json "$sw" h2 .cgroup)" "$id" "cgroup of h2"
	[[ $(vsw -s -n "$sw" port show h1) == *" cgroup $id"* ]]
	check_err $? "$(vsw -s -n "$sw" port show h1)"
	set_port h1 cgroup none
	set_port h2 cgroup none
	expect_eq "$(port_json "$sw" h1 .cgroup)" null "cgroup of h1 after"
	log_test "a port's cgroup is shown"
}

refused()
{
	refused_port()
	{
		local said

		said=$(vsw -n "$sw" port set "${@:2}" 2>&1)
		check_fail $? "port set ${*:2}"
		[[ $said == *"$1"* ]]
		check_err $? "port set ${*:2}: $said"
	}
	set_port h1 cgroup "$web"
	refused_port "no cgroup v2 of this number" h1 cgroup 0x123456789abcdef
	expect_eq "$(port_json "$sw" h1 .cgroup)" "$(stat -c %i "$web")" "cgroup afterwards"
	refused_port "is no cgroup" h1 cgroup /proc/version
	refused_port "no container 'nobody' runs here" h1 container nobody
	refused_port "host port" vs0 cgroup "$web"
	set_port h1 cgroup none
	log_test "no cgroup, no port"
}

# One that is in use can go, and what was said of it means nobody then.
gone()
{
	local id

	mkdir "$top/short"
	id=$(stat -c %i "$top/short")
	set_port h1 cgroup "$top/short"
	flows "priority=100,cgroup=$top/short,actions=h3"
	succeeds rmdir "$top/short"
	mkdir "$top/short"
	in_cgroup "$top/short" from h1 -c 3 "$h3/eth0=0"
	expect_eq "$(port_json "$sw" h1 .cgroup)" "$id" "cgroup that has gone"
	succeeds ip -n "$sw" link del h1
	log_test "cgroups go while they are in use"
}

dir=$(mktemp -d)
defer rm -rf "$dir"
defer end_cgroups
mkdir -p "$deep" "$other"
ADAPTERS=mixed
star h1 h2 h3 || exit 1
setup_ns back || exit 1
run_tests
