#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What one container must not do to others and to the host, who filter by VLAN: write
# into VLANs that are not its own, take MACs that are somebody's, or send what leaves
# with a header that is none.

# shellcheck disable=SC2317
ALL_TESTS="two_tags host_address_learned_before host_address_elsewhere host_joins
	sticky_after_learned static_after_learned static_moves tag_before_header"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_vswitch
load_kind veth 8021q
ADAPTERS=vnic star h1 h2 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"
vsw -n "$sw" switch set vs0 vlan-filtering on

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
A=02:00:00:00:0a:01
HOST=02:00:00:00:0f:01

on_fail()
{
	vsw -n "$sw" vlan show
	vsw -n "$sw" fdb show
	vsw -s -n "$sw" port show
}

# as_drawn: all are in VLAN 1, the switch has the MAC $HOST, and nothing is learned
as_drawn()
{
	succeeds vsw -n "$sw" -b - <<-END
		port set h1 access 1
		port set h2 access 1
		port set vs0 access 1
		fdb flush switch vs0
		fdb flush switch vs0 static
	END
	succeeds ip -n "$sw" link set vs0 address "$HOST"
}

nested()
{
	port_drops "$sw" "$1" vlan-nested
}

# 802.1Q tags the outer VLAN; who is in one that leaves untagged chooses what is next.
two_tags()
{
	local host port

	as_drawn
	succeeds vsw -n "$sw" port set vs0 trunk 10 native 1
	ip -n "$sw" link add link vs0 name vs0.10 up type vlan id 10
	host=$(nested vs0) port=$(nested h2)
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$HOST" -v 10 -c 2 "$sw/vs0.10=0"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$HOST" -v 1 -v 10 -c 2 "$sw/vs0.10=0" "$sw/vs0=0"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$HOST" -v 0 -v 10 -c 2 "$sw/vs0.10=0" "$sw/vs0=0"
	expect_eq "$(nested vs0)" $((host + 4)) "vlan-nested drops of the host's port"
	succeeds frame -i "$h1/eth0" -s "$M1" -v 0 -v 10 -c 3 "$sw/vs0.10=0" "$h2/eth0=0"
	expect_eq "$(nested h2)" $((port + 3)) "vlan-nested drops of the other port"
	# Likewise when all is known, and goes the fast way.
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$M1" "$h1/eth0=1"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 3 "$h2/eth0=3"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -v 1 -v 10 -c 3 "$h2/eth0=0"
	expect_eq "$(nested h2)" $((port + 6)) "vlan-nested drops of the other port then"
	ip -n "$sw" link del vs0.10
	log_test "a tag behind the tag does not lead into another VLAN"
	# Where the outer one stays nothing comes to light.
	succeeds vsw -n "$sw" port set h2 trunk 1
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -v 1 -v 10 -c 3 "$h2/eth0=3"
	log_test "two tags go through where the outer one stays"
}

host_address_learned_before()
{
	as_drawn
	succeeds frame -i "$h1/eth0" -s "$A" -c 2 "$h2/eth0=2"
	succeeds has_fdb "$sw" "$A" h1
	succeeds ip -n "$sw" link set vs0 address "$A"
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$A" -c 3 "$sw/vs0=3" "$h1/eth0=0"
	succeeds frame -i "$h1/eth0" -s "$A" -c 2 "$h2/eth0=2"
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$A" -c 3 "$sw/vs0=3" "$h1/eth0=0"
	log_test "the host's MAC is the host's, whoever had it before"
}

host_address_elsewhere()
{
	as_drawn
	succeeds vsw -n "$sw" port set h1 access 20
	succeeds vsw -n "$sw" port set h2 access 20
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$HOST" -c 2 "$h1/eth0=2" "$sw/vs0=0"
	succeeds frame -i "$h1/eth0" -s "$HOST" -c 2 "$h2/eth0=2"
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$HOST" -c 3 "$h1/eth0=3" "$sw/vs0=0"
	log_test "where the host is not, its MAC is like any other"
}

host_joins()
{
	as_drawn
	succeeds vsw -n "$sw" port set h1 access 20
	succeeds vsw -n "$sw" port set h2 access 20
	succeeds frame -i "$h1/eth0" -s "$HOST" -c 2 "$h2/eth0=2"
	succeeds vsw -n "$sw" port set vs0 access 20
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$HOST" -c 3 "$sw/vs0=3" "$h1/eth0=0"
	log_test "when the host joins a VLAN its MAC is its own there, too"
}

sticky_after_learned()
{
	as_drawn
	succeeds frame -i "$h1/eth0" -s "$A" -c 2 "$h2/eth0=2"
	succeeds vsw -n "$sw" fdb add "$A" dev h2 static sticky on
	succeeds frame -i "$h1/eth0" -s "$A" -c 2 "$h2/eth0=2"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$A" -c 3 "$h2/eth0=3"
	fails has_fdb "$sw" "$A" h1
	log_test "a sticky entry holds, whatever was learned before"
}

static_after_learned()
{
	as_drawn
	succeeds frame -i "$h1/eth0" -s "$A" -c 2 "$h2/eth0=2"
	succeeds vsw -n "$sw" fdb add "$A" dev h2 static
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$A" -c 3 "$h2/eth0=3"
	log_test "a static entry counts, whatever was learned before"
}

# The way that is remembered of an entry of no VLAN ends when its VLAN has another.
static_moves()
{
	as_drawn
	# Else it ends by itself in a moment.
	succeeds vsw -n "$sw" switch set vs0 ageing 1000000
	succeeds vsw -n "$sw" fdb add "$A" dev h2 static
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$A" -c 5 "$h2/eth0=5" "$h3/eth0=0"
	succeeds frame -i "$h3/eth0" -s "$A" -d "$M1" -c 1 "$h1/eth0=1"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$A" -c 5 "$h2/eth0=0" "$h3/eth0=5"
	succeeds vsw -n "$sw" switch set vs0 ageing 300
	log_test "frames follow a static entry's MAC to where it was seen in their VLAN"
}

# A VLAN device that leaves the tag before the header, below a device that is a port.
tag_before_header()
{
	local i

	as_drawn
	load_kind bond || return
	vsw -n "$sw" switch set vs0 vlan-filtering off
	setup_ns out
	# shellcheck disable=SC2154
	ip -n "$sw" -b - <<-END
		link add p9 type veth peer name eth0 netns $out
		link set p9 up
		link add link p9 name p9.5 type vlan id 5 reorder_hdr off
		link add b9 type bond mode active-backup miimon 100
		link set p9.5 master b9
		link set b9 master vs0
		link set p9.5 up
		link set b9 up
	END
	ip -n "$out" link set eth0 address 02:00:00:00:00:09 up
	wait_for carrier "$sw" b9
	succeeds frame -i "$h2/eth0" -s "$M2" -c 1 "$out/eth0@5=1"
	for i in 1 2 3 4; do
		succeeds frame -i "$out/eth0" -s 02:00:00:00:00:09 -d "$M2" -v 5 -l 100 \
			-c 5 "$h2/eth0@=5"
	done
	ip -n "$sw" link del b9
	ip -n "$sw" link del p9
	log_test "no tag is left before the header, by whatever device it came"
}

run_tests
