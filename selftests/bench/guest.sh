#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# guest.sh RESULTS ROUNDS [ID...]: measures the rows of the table beside it, or
# only these, ROUNDS times, there and back, one after the other. RESULTS is a
# file as row.sh explains it.
#
# Where the clock counts instructions (qemu.sh -I), nanoseconds are instructions.
# Exits 1 when there was an error.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$here/../lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/row.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/switches.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/features.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/places.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/sweep.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/flows.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/router.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/sockets.sh"

frames=20000

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
# come where they should: $warmup frames and then $count, which are counted.
generate()
{
	local ns=$1 dev=$2

	shift 2
	settle || return
	watch
	measured=$(in_ns "$ns" "$here/pktgen.sh" "$dev" "$warmup" "$count" "$@") || return
	arrived $((warmup + count))
}

# talk COMMAND...: the same, with a program that prints the time; it knows itself
# whether all that it sent came.
talk()
{
	settle || return
	watch
	measured=$(timeout 3600 "$@") || return
	arrived 0
}

needs_native()
{
	echo "takes too long where instructions are counted"
	return 1
}

# also ID NUMBER: a row that the setup of another measures too
also()
{
	say row "$1" "$2"
}

# attempt PLACE ARGUMENT...: leaves $measured, or the reason in $log.
attempt()
{
	local status

	build "$@" >"$log" 2>&1 && [ -n "$measured" ]
	status=$?
	remove_namespaces
	[ ${#undo[@]} -eq 0 ] || "${undo[@]}" >>"$log" 2>&1 || status=1
	return "$status"
}

# measure ID NEEDS SETUP
measure()
{
	local id=$1
	local -a setup

	read -ra setup <<<"$3"
	# shellcheck disable=SC2086 # a list of words
	if ! has_all $2; then
		say skip "$id" "$(why)"
	elif attempt "${setup[@]}"; then
		say row "$id" "$measured"
	else
		fail "$id"
	fi
}

begin || exit 1
must_fail "frames arrived" lost
must_fail "frames went astray" astray
for ((round = 0; round < rounds; round++)); do
	for i in "${!rows[@]}"; do
		[ $((round % 2)) = 0 ] || i=$((${#rows[@]} - 1 - i))
		IFS='|' read -r id needs setup _ <<<"${rows[i]}"
		measure "$id" "$needs" "$setup"
	done
done
[ "$errors" -eq 0 ]
