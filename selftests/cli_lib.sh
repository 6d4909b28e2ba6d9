# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the tests of the command line share.

# shellcheck disable=SC2154,SC2034  # setup_ns assigns; whoever listens reads

tmp=$(mktemp -d)
defer rm -rf "$tmp"

# says STATUS TEXT COMMAND...: ends with STATUS, says TEXT (an extended regular
# expression) on standard error, in one line, and nothing on standard output.
says()
{
	local status=$1 text=$2 got out err

	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	out=$(<"$tmp/out")
	err=$(<"$tmp/err")
	expect_eq "$got" "$status" "status of '$*'"
	[[ $err =~ $text ]]
	check_err $? "'$*' said '$err', not '$text'"
	expect_eq "$out" "" "output of '$*', which failed"
	[[ $err != *$'\n'* ]]
	check_err $? "'$*' said more than a line: '$err'"
}

# shows TEXT COMMAND...: succeeds, prints a line that TEXT is in (an extended
# regular expression, with ^ and $ around it for a whole line), and nothing on
# standard error.
shows()
{
	local text=$1 line out err

	shift
	"$@" >"$tmp/out" 2>"$tmp/err"
	check_err $? "'$*' failed: $(<"$tmp/err")"
	out=$(<"$tmp/out")
	err=$(<"$tmp/err")
	while IFS= read -r line; do
		[[ ! $line =~ $text ]] || break
	done <<<"$out"
	[[ $line =~ $text ]]
	check_err $? "'$*' printed '$out', not '$text'"
	expect_eq "$err" "" "standard error of '$*'"
}

# ---- with the module. prepare and fresh make what they share:
#
#   +-- $net -----------------------------------+
#   |  vs0 --- p1 (veth) --- q1                |
#   |   '----- p2 (veth) --- q2                |
#   +------------------------------------------+

v()
{
	vsw -n "$net" "$@"
}

prepare()
{
	setup_ns net
	ip -n "$net" link add p1 address 02:00:00:00:01:01 type veth peer name q1
	ip -n "$net" link add p2 address 02:00:00:00:01:02 type veth peer name q2
	ip -n "$net" link set q1 up
	ip -n "$net" link set q2 up
}

# fresh: vs0 with the ports p1 and p2, nothing else.
fresh()
{
	local name

	for name in $(v -j switch show | jq -r '.[].name'); do
		v switch del "$name"
	done
	v switch add vs0 && v port add p1 switch vs0 && v port add p2 switch vs0
	check_err $? "no switch to test with"
}

# of DEV FILTER: of a port. sw NAME FILTER: of a switch.
of()
{
	port_json "$net" "$1" "$2"
}

sw()
{
	switch_json "$net" "$1" "$2"
}

# Until the monitor writes, it does not listen yet.
poke()
{
	v switch set vs0 fdb-max $((100000 + RANDOM))
	[ -s "$tmp/events" ]
}

# listen ARG...: start a monitor that writes to $tmp/events. An ordinary user
# listens: to him the kernel gives a small buffer only.
listen()
{
	: >"$tmp/events"
	bg ip netns exec "$net" setpriv --reuid 65534 --clear-groups "$VSW" "$@" >"$tmp/events"
	listener=$!
	wait_for poke
}

seen()
{
	grep -qE "$1" "$tmp/events"
}
