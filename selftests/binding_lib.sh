# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the tests of bindings share. A script sources it behind lib.sh.

# shellcheck disable=SC2154,SC2317  # star assigns; on_fail is called by name

# With its number behind it, a host's MAC.
M=02:00:00:00:00:0

on_fail()
{
	vsw -n "$sw" binding show
	vsw -s -n "$sw" port show
}

# bind HOST SETTING: both of its addresses are bound to its port, where SETTING is on
bind()
{
	local n=${host_number[$1]}

	succeeds vsw -n "$sw" -b - <<-END
		binding add dev $1 mac $M$n ip 192.0.2.$n
		binding add dev $1 mac $M$n ip 2001:db8:1::$n
		port set $1 $2 on
	END
}

# unbind HOST SETTING: as it was
unbind()
{
	local n=${host_number[$1]}

	succeeds vsw -n "$sw" -b - <<-END
		port set $1 $2 off
		binding del dev $1 mac $M$n ip 192.0.2.$n
		binding del dev $1 mac $M$n ip 2001:db8:1::$n
	END
}
