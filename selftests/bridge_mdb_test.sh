#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Multicast groups of a switch as bridge(8) shows and sets them.
#
#   +-- $sw -----------------------------+   +-- $peer --+
#   |  vs0     p1 ------------------------- eth1         |
#   |          p2 ------------------------- eth2         |
#   +------------------------------------+   +-----------+

# shellcheck disable=SC2317
ALL_TESTS="add del refused_groups many"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq bridge
require_vswitch
load_kind veth
setup_ns sw peer
# shellcheck disable=SC2154  # setup_ns assigned them
: "$sw" "$peer"

G=239.1.1.1

b()
{
	bridge -n "$sw" "$@"
}

ip -n "$sw" -b - <<-END || exit 1
	link add vs0 type vswitch
	link add p1 type veth peer name eth1 netns $peer
	link add p2 type veth peer name eth2 netns $peer
	link set p1 master vs0 up
	link set p2 master vs0 up
	link set vs0 up
END
printf 'link set %s up\n' eth1 eth2 | ip -n "$peer" -b -
vsw -n "$sw" switch set vs0 mcast-snooping on || exit 1
[[ $(b mdb del dev vs0 port p1 grp "$G" 2>&1) != *@("not a bridge"|"not supported")* ]] ||
	skip_all "this kernel asks the bridge alone about groups, vsw mdb shows them"

on_fail()
{
	b -d -s mdb show
	vsw -n "$sw" mdb show
}

# mdb FILTER: of the groups that bridge shows
mdb()
{
	b -j -d -s mdb show dev vs0 | jq -c "[.[].mdb[] | $1]"
}

add()
{
	succeeds b mdb add dev vs0 port p1 grp "$G" permanent
	expect_eq "$(b mdb show dev vs0 | xargs)" "dev vs0 port p1 grp $G permanent" "group"
	vsw -n "$sw" mdb show | grep -q "$G"
	check_err $? "vsw does not show it"
	succeeds b mdb add dev vs0 port p2 grp ff0e::1:2 permanent
	succeeds b mdb add dev vs0 port p2 grp "$G" src 192.0.2.9 permanent
	expect_eq "$(mdb 'select(.src and .port == "p2") | .src')" '["192.0.2.9"]' "source"
	expect_eq "$(mdb 'select(.src and .port == "p2") | .timer | test("^ *0.00$")')" '[true]' \
		"no timer of a permanent source"
	expect_eq "$(mdb 'select(.src and .port == "p1") | .flags[]')" '["added_by_star_ex"]' \
		"what the port that wants all sources gets of it"
	log_test "bridge mdb add makes a port a member"
}

del()
{
	succeeds b mdb del dev vs0 port p2 grp "$G" src 192.0.2.9
	expect_eq "$(mdb 'select(.src) | .src')" '[]' "sources"
	succeeds b mdb del dev vs0 port p1 grp "$G"
	succeeds b mdb del dev vs0 port p2 grp ff0e::1:2
	expect_eq "$(mdb .grp)" "[]" "groups"
	refused "." b mdb del dev vs0 port p1 grp "$G"
	log_test "bridge mdb del takes away"
}

refused_groups()
{
	refused "no port" b mdb add dev vs0 port lo grp "$G" permanent
	refused "." b mdb add dev vs0 port p1 grp 192.0.2.1 permanent
	expect_eq "$(mdb .grp)" "[]" "groups"
	log_test "what can't be a group is refused"
}

many()
{
	local i

	for ((i = 0; i < 500; i++)); do
		echo "mdb add dev vs0 port p1 grp 239.7.$((i / 250)).$((i % 250)) permanent"
		echo "mdb add dev vs0 port p2 grp 239.7.$((i / 250)).$((i % 250)) permanent"
	done | bridge -n "$sw" -b -
	check_err $? "groups"
	expect_eq "$(b mdb show dev vs0 | grep -c 'grp 239.7.*permanent')" 1000 "members"
	expect_eq "$(b mdb show dev vs0 | sort -u | grep -c 'grp 239.7.*permanent')" 1000 "different ones"
	log_test "more groups than a message has room for"
}

run_tests
