#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh RESULTS ROUNDS [ID...]: measures the rows of the table beside it, or
# only these, ROUNDS times, there and back, and writes a line for each to the
# file RESULTS, with tabs:
#
#   about kernel RELEASE
#   about rows ID...      if it was asked for these only
#   row ID NANOSECONDS    per frame; all frames arrived where they should
#   skip ID REASON
#   error ID REASON
#
# Where the clock counts instructions (qemu.sh -I), nanoseconds are instructions.
# Exits 1 when there was an error.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$here/../lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/switches.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/places.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/sweep.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/sockets.sh"

# shellcheck disable=SC2034 # switches.sh and places.sh use them
mac_a=02:00:00:00:00:01 mac_b=02:00:00:00:00:02 mac_c=02:00:00:00:00:03
# shellcheck disable=SC2034
mac_nobody=02:00:00:00:0f:0f

results=$1
rounds=$2
shift 2
only=("$@")
rows=()
log=/tmp/row.log
errors=0
exec 3>&1

needs_ovs()
{
	if ! command -v ovs-dpctl >/dev/null || ! modprobe -q openvswitch; then
		echo "no Open vSwitch here"
		return 1
	fi
}

needs_vlan()
{
	vsw switch help | grep -q vlan || {
		echo "this vswitch does not filter by VLAN"
		return 1
	}
}

needs_vnic()
{
	modinfo vswitch | grep -q '^alias: *rtnl-link-vnic$' || {
		echo "this vswitch has no kind vnic"
		return 1
	}
}

remove_namespaces()
{
	cleanup_ns "${ns_list[@]}"
	ns_list=()
}

# counter "rx NETNS DEV" | "tx NETNS DEV" | "ip NETNS": frames so far; the last is
# what the namespace's IP took for its own.
counter()
{
	local -a word

	read -ra word <<<"$1"
	case ${word[0]} in
	# InReceives
	ip) in_ns "${word[1]}" cat /proc/net/snmp | awk '$1 == "Ip:" { n = $4 } END { print n }' ;;
	*) in_ns "${word[1]}" cat "/sys/class/net/${word[2]}/statistics/${word[0]}_packets" ;;
	esac
}

# Wait until nothing is left to do: namespaces go in the background.
settle()
{
	local i before after

	for ((i = 0; i < 120; i++)); do
		before=$(awk '$1 == "cpu" { print $5 }' /proc/stat)
		sleep 1
		after=$(awk '$1 == "cpu" { print $5 }' /proc/stat)
		[ $((after - before)) -lt 90 ] || return 0
	done
	echo "the machine does not come to rest"
	return 1
}

# generate NETNS DEV OPTION...: the measurement, all of whose frames have to
# come where $arrive says, and none where $silent says: $warmup frames and then
# $count, which are counted.
generate()
{
	local ns=$1 dev=$2 i now
	local -a before

	shift 2
	settle || return
	for i in "${arrive[@]}" "${silent[@]}"; do
		before+=("$(counter "$i")")
	done
	measured=$(in_ns "$ns" "$here/pktgen.sh" "$dev" "$warmup" "$count" "$@") || return
	for i in "${!before[@]}"; do
		if [ "$i" -lt ${#arrive[@]} ]; then
			now=$(($(counter "${arrive[i]}") - before[i]))
			[ "$now" -eq $((warmup + count)) ] || {
				echo "$now of $((warmup + count)) frames arrived (${arrive[i]})"
				return 1
			}
		else
			i=$((i - ${#arrive[@]}))
			now=$(($(counter "${silent[i]}") - before[i + ${#arrive[@]}]))
			[ "$now" -eq 0 ] || {
				echo "$now frames went astray (${silent[i]})"
				return 1
			}
		fi
	done
}

say()
{
	printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$results"
	printf '  %-20s %s\n' "$2" "$([ "$1" = row ] || echo "$1: ")$3" >&3
}

# The last words of what a row printed, on one line.
why()
{
	tail -n 3 "$log" | tr -s '\n\t ' ' '
}

# attempt PLACE ARGUMENT...: leaves $measured, or the reason in $log.
attempt()
{
	local place=$1 status

	shift
	first_port='' vlan='' tag_out=0 measured='' warmup=5000 count=20000
	arrive=()
	silent=()
	setup_ns sw a b c
	"place_$place" "$@" >"$log" 2>&1 && [ -n "$measured" ]
	status=$?
	remove_namespaces
	return "$status"
}

# Frames that are lost and frames that go astray must not make a number.
place_lost()
{
	# shellcheck disable=SC2317
	bridge_to() { bridge -n "$sw" fdb replace "$1" dev d3 master static; }
	place_nics bridge
}

place_astray()
{
	# shellcheck disable=SC2317
	bridge_to() { :; }
	place_nics bridge
}

# must_fail REASON PLACE
must_fail()
{
	if (attempt "$2") || ! grep -q "$1" "$log"; then
		say error "$2" "was not noticed: $(why)"
		errors=$((errors + 1))
	fi
}

# measure ID NEEDS SETUP
measure()
{
	local id=$1 need
	local -a setup

	read -ra setup <<<"$3"
	for need in $2; do
		"needs_$need" >"$log" 2>&1 || {
			say skip "$id" "$(why)"
			return
		}
	done
	if attempt "${setup[@]}"; then
		say row "$id" "$measured"
	else
		say error "$id" "$(why)"
		errors=$((errors + 1))
	fi
}

wanted()
{
	[ ${#only[@]} -eq 0 ] || [[ " ${only[*]} " == *" $1 "* ]]
}

prepare()
{
	sysctl -qw net.core.devconf_inherit_init_net=1 net.ipv6.conf.all.disable_ipv6=1 \
		net.ipv6.conf.default.disable_ipv6=1 &&
		modprobe pktgen && load_kind dummy veth bridge macvlan vswitch
}

{
	printf 'about\tkernel\t%s\n' "$(uname -r)"
	[ ${#only[@]} -eq 0 ] || printf 'about\trows\t%s\n' "${only[*]}"
} >"$results"
prepare || exit 1
must_fail "frames arrived" lost
must_fail "frames went astray" astray
while IFS='|' read -r id _ _ _ needs setup _; do
	read -r id <<<"$id"
	case $id$setup in
	'' | '#'* | '='* | *' with '*) continue ;;
	esac
	! wanted "$id" || rows+=("$id|$needs|$setup")
done <"$here/rows"
for ((round = 0; round < rounds; round++)); do
	for i in "${!rows[@]}"; do
		[ $((round % 2)) = 0 ] || i=$((${#rows[@]} - 1 - i))
		IFS='|' read -r id needs setup <<<"${rows[i]}"
		measure "$id" "$needs" "$setup"
	done
done
[ "$errors" -eq 0 ]
