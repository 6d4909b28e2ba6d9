# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the tests of VLANs with real frames share. A script sources it behind lib.sh.

# shellcheck disable=SC2154,SC2317  # star assigns; on_fail is called by name

on_fail()
{
	vsw -n "$sw" vlan show
	vsw -n "$sw" fdb show
	vsw -s -n "$sw" port show
}

set_port()
{
	succeeds vsw -n "$sw" port set "$@"
}

# from HOST OPTION... RECEIVER...: frames from it
from()
{
	succeeds frame -i "${!1}/eth0" -s "02:00:00:00:00:0${1#h}" "${@:2}"
}

# drops PORT REASON N COMMAND...: N frames are dropped there for that, no other is
drops()
{
	local before after all

	before=$(vsw -j -s -n "$sw" port show "$1")
	"${@:4}"
	after=$(vsw -j -s -n "$sw" port show "$1")
	all=$(first_values .stats.drops "$before")
	expect_eq "$(drops_in "$after" "$2") $(first_values .stats.drops "$after")" \
		"$(($(drops_in "$before" "$2") + $3)) $((all + $3))" "drops of $1, for $2 and in all"
}
