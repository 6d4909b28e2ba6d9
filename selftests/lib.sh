#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What every selftest shares: KTAP results, namespaces that can't collide,
# waiting for conditions, and short ways to ask the switch. A script sources
# this file, sets ALL_TESTS to its test functions and ends with run_tests.
#
# ShellCheck can't see that run_tests calls them: a script disables SC2317.
#
# Each test function calls check_err, check_fail, expect_eq, refused and so on,
# then log_test "what was tested". The script exits 0 when all passed, 1 when
# one failed, 4 when there was nothing to test here.

# shellcheck disable=SC2034  # the constants are for the scripts
ksft_pass=0
ksft_fail=1
ksft_skip=4

SELFTESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BUILD=${BUILD:-$SELFTESTS/../build}
HELPERS=${HELPERS:-$BUILD/bin/selftests}
PATH=$HELPERS:$PATH:/usr/sbin:/sbin
# Scripts share modules, and leave nothing beside them.
export PYTHONDONTWRITEBYTECODE=1
if [ -z "${VSW:-}" ]; then
	if [ -x "$BUILD/bin/vsw" ]; then
		VSW=$BUILD/bin/vsw
	else
		VSW=vsw
	fi
fi

# Where ip(8) finds what it needs to know of the link kind.
if [ -d "$BUILD/lib/ip" ]; then
	export IP_LIB_DIR=$BUILD/lib/ip
fi

# jq 1.6 compiles a library of its own each time that it starts: where a machine is
# emulated, a quarter of a second, of which gojq takes a fifth.
if command -v gojq >/dev/null; then
	jq()
	{
		gojq "$@"
	}
fi

# Seconds after which a condition that should come true is given up. Emulated
# machines are 15 times slower than real ones.
WAIT=${WAIT:-60}

RET=0
RETMSG=
test_count=0
test_fails=0
test_skips=0
deferred=()
ns_list=()
bg_list=()

# ---- results

# check_err STATUS MESSAGE: the test fails unless STATUS is 0.
check_err()
{
	if [ "$1" -ne 0 ]; then
		echo "# ${2//$'\n'/; }"
		[ "$RET" -ne 0 ] || RETMSG=${2//$'\n'/; }
		RET=1
	fi
}

# check_fail STATUS MESSAGE: the test fails if STATUS is 0.
check_fail()
{
	if [ "$1" -eq 0 ]; then
		check_err 1 "$2"
	fi
}

# expect_eq GOT WANTED WHAT
expect_eq()
{
	[ "$1" = "$2" ]
	check_err $? "$3: got '$1', expected '$2'"
}

# expect_ge GOT LEAST WHAT
expect_ge()
{
	[ "$1" -ge "$2" ] 2>/dev/null
	check_err $? "$3: got '$1', expected at least $2"
}

# succeeds COMMAND...: must exit 0; what it printed is shown if it does not.
succeeds()
{
	local out

	out=$("$@" 2>&1)
	check_err $? "'$*' failed: $out"
}

# fails COMMAND...: must not exit 0.
fails()
{
	if "$@" >/dev/null 2>&1; then
		check_err 1 "'$*' succeeded"
	fi
}

# refused TEXT COMMAND...: must fail and say TEXT (an extended regular
# expression, case does not matter).
refused()
{
	local text=$1 out

	shift
	if out=$("$@" 2>&1); then
		check_err 1 "'$*' was not refused"
		return
	fi
	shopt -s nocasematch
	[[ $out =~ $text ]]
	check_err $? "'$*' was refused without saying '$text', but: $out"
	shopt -u nocasematch
}

# log_test NAME: the result of what was checked since the last one.
log_test()
{
	test_count=$((test_count + 1))
	if [ "$RET" -eq 0 ]; then
		echo "ok $test_count $1"
	else
		echo "not ok $test_count $1 # $RETMSG"
		test_fails=$((test_fails + 1))
		if declare -F on_fail >/dev/null; then
			on_fail 2>&1 | sed 's/^/# /'
		fi
	fi
	RET=0
	RETMSG=
}

# log_skip NAME REASON
log_skip()
{
	test_count=$((test_count + 1))
	test_skips=$((test_skips + 1))
	echo "ok $test_count $1 # SKIP $2"
	RET=0
	RETMSG=
}

# skip_all REASON: nothing to test here.
skip_all()
{
	echo "1..0 # SKIP $1"
	exit $ksft_skip
}

# run_tests: runs $ALL_TESTS, or those of them named in $TESTS, and exits.
run_tests()
{
	local name before

	for name in ${TESTS:-$ALL_TESTS}; do
		before=$test_count
		RET=0
		RETMSG=
		"$name"
		if [ "$test_count" -eq "$before" ]; then
			check_err 1 "no result"
			log_test "$name"
		fi
	done
	echo "1..$test_count"
	if [ "$test_fails" -ne 0 ]; then
		exit $ksft_fail
	fi
	if [ "$test_count" -eq "$test_skips" ]; then
		exit $ksft_skip
	fi
	exit $ksft_pass
}

# ---- what a test needs

# require_command NAME...: skips the script without them.
require_command()
{
	local name

	for name in "$@"; do
		command -v "$name" >/dev/null || skip_all "no command $name"
	done
}

# require_vswitch: skips the script where the module can't be loaded.
require_vswitch()
{
	[ "$(id -u)" -eq 0 ] || skip_all "not root"
	[ -d /sys/module/vswitch ] || modprobe vswitch 2>/dev/null ||
		skip_all "no module vswitch"
}

# load_kind KIND...: loads modules of link kinds without the devices that some
# of them make at once; they would be left over.
load_kind()
{
	local kind

	for kind in "$@"; do
		case $kind in
		dummy) modprobe -q dummy numdummies=0 ;;
		bond) modprobe -q bonding max_bonds=0 ;;
		*) modprobe -q "$kind" ;;
		esac
	done
}

# ---- waiting

# busywait SECONDS COMMAND...: until COMMAND succeeds; its last output goes to
# standard output.
busywait()
{
	local end=$((SECONDS + $1)) out

	shift
	while :; do
		if out=$("$@" 2>/dev/null); then
			[ -z "$out" ] || echo "$out"
			return 0
		fi
		if [ "$SECONDS" -gt "$end" ]; then
			[ -z "$out" ] || echo "$out"
			return 1
		fi
		sleep 0.1
	done
}

# wait_for COMMAND...: the test fails if this never comes true.
wait_for()
{
	busywait "$WAIT" "$@" >/dev/null
	check_err $? "waited in vain for: $*"
}

# not COMMAND...
not()
{
	! "$@"
}

# ---- cleaning up

# defer COMMAND...: runs at the end, last one first.
defer()
{
	deferred+=("$(printf '%q ' "$@")")
}

# bg COMMAND...: runs in the background until it ends or the script does.
# $! is its process id.
bg()
{
	"$@" &
	bg_list+=($!)
}

# bg_stop PID: ends one of them and gives its exit status.
bg_stop()
{
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

cleanup()
{
	local i

	trap - EXIT
	for i in "${bg_list[@]}"; do
		kill "$i" 2>/dev/null
	done
	for ((i = ${#deferred[@]} - 1; i >= 0; i--)); do
		eval "${deferred[i]}" >/dev/null 2>&1
	done
	deferred=()
	cleanup_ns "${ns_list[@]}"
	for i in "${bg_list[@]}"; do
		wait "$i" 2>/dev/null
	done
	bg_list=()
}

trap cleanup EXIT
trap 'exit 1' INT TERM

# ---- namespaces

# setup_ns NAME...: makes a network namespace for each, with lo up, and puts
# its real name, which has a random suffix, into the variable NAME. No address
# is configured that the test did not ask for, so no packet is sent either.
setup_ns()
{
	local name uuid ns

	for name in "$@"; do
		read -r uuid < /proc/sys/kernel/random/uuid
		ns=$name-${uuid:0:8}
		if ! ip netns add "$ns"; then
			echo "# can't make network namespace $ns"
			exit 1
		fi
		ns_list+=("$ns")
		printf -v "$name" '%s' "$ns"
		# shellcheck disable=SC2016
		ip netns exec "$ns" sh -c '
			for i in all default lo; do
				d=/proc/sys/net/ipv6/conf/$i
				[ -d $d ] || continue
				echo 0 > $d/accept_dad
				echo 0 > $d/router_solicitations
				echo 1 > $d/addr_gen_mode
			done
			exec ip link set lo up'
	done
}

# cleanup_ns REALNAME...: removes namespaces and ends what runs in them.
cleanup_ns()
{
	local ns pid

	for ns in "$@"; do
		[ -e "/run/netns/$ns" ] || continue
		for pid in $(ip netns pids "$ns" 2>/dev/null); do
			kill -9 "$pid" 2>/dev/null
		done
		ip netns del "$ns"
	done
}

# in_ns NS COMMAND...
in_ns()
{
	local ns=$1

	shift
	ip netns exec "$ns" "$@"
}

# ---- topology

# star [-6] NAME...: a switch with hosts around it.
#
#   +-- $NAME1 ---+   +-- $sw --------------------+   +-- $NAME2 ---+
#   | eth0        |   | NAME1 --- vs0 --- NAME2   |   | eth0        |
#   |  192.0.2.1 ---------'                 '---------- 192.0.2.2   |
#   +-------------+   +---------------------------+   +-------------+
#
# Host number i has the MAC 02:00:00:00:00:0i, its port in $sw has
# 02:00:00:00:01:0i, its addresses are 192.0.2.i/24 and, with -6,
# 2001:db8:1::i/64. The switch itself has no address. Hosts beyond 9 are not
# foreseen. The devices are up; nothing is sent unasked without -6.
#
# $ADAPTERS says what the hosts have: veth, which is the default and what the
# picture shows; vnic: eth0 is the port itself, and NAME its alias; or mixed, they
# take turns. $adapter[NAME] is which one it is.
declare -A adapter host_number
star()
{
	local i=0 name ipv6='' kinds=(veth veth)

	case ${ADAPTERS:-veth} in
	vnic) kinds=(vnic vnic) ;;
	mixed) kinds=(veth vnic) ;;
	esac
	if [ "$1" = -6 ]; then
		ipv6=y
		shift
	fi
	setup_ns sw "$@"
	# shellcheck disable=SC2154  # setup_ns assigned it
	ip -n "$sw" link add vs0 type vswitch || return
	for name in "$@"; do
		adapter[$name]=${kinds[i++ % 2]}
		host_number[$name]=$i
		if [ "${adapter[$name]}" = vnic ]; then
			vsw -n "$sw" port add eth0 type vnic switch vs0 netns "${!name}" \
				address "02:00:00:00:00:0$i" alias "$name" || return
			continue
		fi
		printf '%s\n' \
			"link add name $name address 02:00:00:00:01:0$i type veth peer name eth0 address 02:00:00:00:00:0$i netns ${!name}" \
			"link set dev $name master vs0 up" |
			ip -n "$sw" -b - || return
	done
	i=0
	for name in "$@"; do
		i=$((i + 1))
		printf '%s\n' \
			"link set eth0 up" \
			"addr add 192.0.2.$i/24 dev eth0" \
			${ipv6:+"addr add 2001:db8:1::$i/64 dev eth0 nodad"} |
			ip -n "${!name}" -b - || return
	done
	ip -n "$sw" link set vs0 up
	for name in "$@"; do
		busywait "$WAIT" carrier "${!name}" eth0 || return
	done
}

# port_link NAME SETTING...: ip link set of the device that is the port
port_link()
{
	local ns=$sw dev=$1

	if [ "${adapter[$1]}" = vnic ]; then
		ns=${!1}
		dev=eth0
	fi
	shift
	ip -n "$ns" link set dev "$dev" "$@"
}

# port_gets NAME N: a receiver for frame, who expects that the port's own device
# hands up N frames. A vnic has none on this side: nothing is said then.
port_gets()
{
	[ "${adapter[$1]}" = vnic ] || echo "$sw/$1+up=$2"
}

# carrier NS DEV: is it there, and has the device begun to send? That comes later:
# until then what is sent is lost.
carrier()
{
	[[ $(ip -n "$1" link show dev "$2" up 2>/dev/null) == *LOWER_UP*" state U"* ]]
}

# no_carrier NS DEV: it is up without, and has ceased to send. To 6.1 any link in another
# namespace may be what is down.
no_carrier()
{
	[[ $(ip -n "$1" link show dev "$2" up 2>/dev/null) == *NO-CARRIER*" state "@(DOWN|LOWERLAYERDOWN)" "* ]]
}

# is_vnic NAME: the host of the star has one
is_vnic()
{
	[ "${adapter[$1]}" = vnic ]
}

# add_vnic NAME [SWITCH]: the host of the star gets its vnic (again), or of another
# switch; what a device had configured went with it.
add_vnic()
{
	local -n ns=$1

	vsw -n "$sw" port add eth0 type vnic switch "${2:-vs0}" netns "$ns" \
		address "02:00:00:00:00:0${host_number[$1]}" alias "$1" &&
		ip -n "$ns" addr add "192.0.2.${host_number[$1]}/24" dev eth0
}

# ---- asking the switch

# vsw ARG...
vsw()
{
	"$VSW" "$@"
}

# first_values FILTER JSON: what "jq -r .[0] | FILTER" prints. A FILTER that only names
# values, .name, .["name"] or .stats["name"], with commas between them, is looked up
# here: where a machine is emulated jq takes a quarter of a second to start, more
# than all else that a test does to look at the result.
first_values()
{
	local rest="$1, " json=$2 out='' key value
	local first='^(\.stats)?\.?(\["([a-z-]+)"\]|([a-z_]+)), (.*)$'

	[ -n "$json" ] || return
	while [[ $json != *\\* && $rest =~ $first ]]; do
		key=\"${BASH_REMATCH[3]}${BASH_REMATCH[4]}\":
		value=${BASH_REMATCH[5]}
		if [[ $json =~ $key(\"[^\"]*\"|[^][{},\"]+) ]]; then
			out+=${BASH_REMATCH[1]//\"/}$'\n'
		elif [[ $json == *$key* ]]; then
			break
		else
			out+=$'null\n'
		fi
		rest=$value
	done
	if [ -z "$rest" ]; then
		printf '%s' "$out"
	else
		jq -r ".[0] | $1" <<< "$json"
	fi
}

# port_json NS DEV FILTER: jq FILTER on the port's object, counters included.
port_json()
{
	first_values "$3" "$(vsw -j -s -n "$1" port show "$2")"
}

# switch_json NS SWITCH FILTER
switch_json()
{
	first_values "$3" "$(vsw -j -s -n "$1" switch show "$2")"
}

# device_json NS DEV FILTER: the same of what ip -d link shows
device_json()
{
	first_values "$3" "$(ip -n "$1" -d -j link show dev "$2")"
}

# port_stat NS DEV COUNTER: e.g. rx-packets
port_stat()
{
	local value

	value=$(port_json "$1" "$2" ".stats[\"$3\"]")
	echo "${value/null/0}"
}

# drops_in JSON REASON: of the port that was shown so
drops_in()
{
	local packets=0

	[[ $1 =~ \"reason\":\"$2\",\"packets\":([0-9]+) ]] && packets=${BASH_REMATCH[1]}
	echo "$packets"
}

# port_drops NS DEV REASON
port_drops()
{
	drops_in "$(vsw -j -s -n "$1" port show "$2")" "$3"
}

# fdb_json NS FILTER ARG...: jq FILTER on the list that fdb show ARG... gives.
fdb_json()
{
	local ns=$1 filter=$2

	shift 2
	vsw -j -n "$ns" fdb show "$@" | jq -r "$filter"
}

# has_fdb NS MAC [DEV]: is there an entry, on this port?
has_fdb()
{
	local entry dev

	[[ $(vsw -j -n "$1" fdb show) =~ \{\"address\":\"$2\"[^}]*\} ]] || return
	entry=${BASH_REMATCH[0]}
	[[ $entry =~ \"port-alias\":\"([^\"]*)\" || $entry =~ \"port-name\":\"([^\"]*)\" ]] || return
	dev=${BASH_REMATCH[1]}
	[ "${3:-$dev}" = "$dev" ]
}
