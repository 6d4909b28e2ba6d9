# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts read $line
#
# Streams of packets, and how fast they were. A script sources this file after router_lib.sh,
# whose process of all sockets sends and counts, see shape.py.

# stream FROM TO ADDRESS SECONDS STREAM...: as shape.py, a line for each in $line
stream()
{
	local said

	said=$(wire stream "$1" "$2" "$3" "$4" "${@:5}")
	IFS=';' read -ra line <<<"$said"
	[ "${#line[@]}" -eq $(($# - 4)) ] && [[ $said != error* ]]
	check_err $? "stream $*: $said"
}

# field N LINE
field()
{
	local words

	read -ra words <<<"$2"
	echo "${words[$1 - 1]:-0}"
}

# is_near WANTED GOT PERCENT
is_near()
{
	[ $(($2 * 100)) -ge $(($1 * (100 - $3))) ] && [ $(($2 * 100)) -le $(($1 * (100 + $3))) ]
}

# near WANTED GOT PERCENT WHAT
near()
{
	is_near "$1" "$2" "$3"
	check_err $? "$4: $2, wanted $1 +- $3 %"
}

# eventually COMMAND...: a machine that had something else to do for a while costs some of a
# rate, or sends more at once afterwards. What is wrong, is wrong each time.
eventually()
{
	local i

	for ((i = 0; i < 8; i++)); do
		! "$@" || return 0
	done
	return 1
}

# lets_through KBIT FROM TO ADDRESS: of three times as much, in $got
lets_through()
{
	stream "$2" "$3" "$4" 0.6 "7000:$(($1 * 3)):1000"
	got=$(field 1 "${line[0]}")
	is_near "$1" "$got" 4
}

# has_rate KBIT FROM TO ADDRESS
has_rate()
{
	local got

	eventually lets_through "$@"
	check_err $? "kbit/s from $2 to $4: $got, wanted $1 +- 4 %"
}
