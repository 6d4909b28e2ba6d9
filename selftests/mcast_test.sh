#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Multicast snooping: who asked for a group gets it, and who did not gets nothing.

# shellcheck disable=SC2317
ALL_TESTS="off_floods join_v3 join_v2 join_v1 join_mld join_tagged sources static_groups
	never_pruned routers not_believed limits many_sources events expiry fast_leave invalid_messages
	refusals vlans querier election"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_vswitch
tmp=$(mktemp -d)
defer rm -rf "$tmp"
load_kind veth 8021q
ADAPTERS=mixed star -6 h1 h2 h3 h4 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3" "$h4"

# Queries of MLD come from an address of the link.
ip -n "$sw" addr add fe80::ff:1/64 dev vs0 nodad

G=239.1.1.1
G6=ff0e::db8:1

on_fail()
{
	vsw -s -d -n "$sw" switch show vs0
	vsw -s -n "$sw" port show
	vsw -n "$sw" mdb show
}

fresh=0

# on [WORD...]: snooping without groups, and hosts have had the time to answer the first
# query.
on()
{
	local commands=()

	[ "$fresh" = 1 ] || commands+=("switch set vs0 mcast-snooping off")
	commands+=("mdb flush switch vs0 permanent"
		"switch set vs0 mcast-snooping on mcast-querier on mcast-query-response-interval 0.1 \
			mcast-last-member-interval 0.1 mcast-query-interval 125 mcast-membership-interval 260")
	[ $# = 0 ] || commands+=("switch set vs0 $*")
	printf '%s\n' "${commands[@]}" >"$tmp/commands"
	succeeds vsw -n "$sw" -b "$tmp/commands"
	[ "$fresh" = 1 ] && return
	wait_for pruned "$G"
	wait_for pruned "$G6"
	fresh=1
}

# pruned GROUP: nobody is asked for any more whether he wants it
pruned()
{
	mcast send "$h1/eth0" data "$1" -- "$h4/eth0=0" >/dev/null
}

# goes_to GROUP [NAME...]: what h1 sends to it comes to these hosts, and to no others
goes_to()
{
	local name to=()

	for name in h2 h3 h4; do
		[[ " ${*:2} " == *" $name "* ]]
		to+=("${!name}/eth0=$((! $?))")
	done
	succeeds mcast send "$h1/eth0" data "$1" -- "${to[@]}"
}

member()
{
	[[ $(vsw -j -n "$sw" mdb show dev "$1" grp "$2") == *'"group"'* ]]
}

# joined NAME GROUP [OPTION...]: a socket of the host joins; $pid is its process
joined()
{
	local ns=${!1}

	bg mcast join "${@:3}" "$ns/eth0" "$2" >/dev/null
	pid=$!
	wait_for member "$1" "$2"
}

# gone NAME GROUP: and leaves
gone()
{
	bg_stop "$pid"
	wait_for not member "$1" "$2"
}

counter()
{
	[[ $(vsw -j -s -n "$sw" port show "$1") =~ \"$2\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

off_floods()
{
	succeeds vsw -n "$sw" switch set vs0 mcast-snooping off
	goes_to "$G" h2 h3 h4
	goes_to "$G6" h2 h3 h4
	succeeds mcast send "$h2/eth0" report2 "$G" -- "$h1/eth0=1" "$h3/eth0=1"
	log_test "off, all goes to all"
}

# join GROUP KIND: KIND is what is counted of the reports
join()
{
	local before

	before=$(counter h2 "$2")
	goes_to "$1"
	joined h2 "$1"
	goes_to "$1" h2
	expect_ge "$(counter h2 "$2")" $((before + 1)) "$2 of h2"
	gone h2 "$1"
	goes_to "$1"
}

join_v3()
{
	local drops

	on
	drops=$(port_drops "$sw" h1 mcast-no-member)
	join "$G" rx-igmp-v3-reports
	expect_eq "$(port_drops "$sw" h1 mcast-no-member)" $((drops + 2)) "packets nobody wanted"
	log_test "a group goes to the port that joined it by IGMPv3"
}

join_v2()
{
	# Two queries before it is gone, which a busy machine must not send as late as that.
	on mcast-igmp-version 2 mcast-last-member-interval 0.5
	in_ns "$h2" sysctl -qw net.ipv4.conf.all.force_igmp_version=2
	join "$G" rx-igmp-v2-reports
	expect_ge "$(counter h2 rx-igmp-leaves)" 1 "leaves of h2"
	expect_ge "$(counter h2 tx-igmp-v2-queries)" 2 "queries to h2"
	in_ns "$h2" sysctl -qw net.ipv4.conf.all.force_igmp_version=0
	log_test "likewise by IGMPv2"
	succeeds vsw -n "$sw" switch set vs0 mcast-igmp-version 3
}

# Version 1 has no leave: time has to pass.
join_v1()
{
	on mcast-membership-interval 1
	succeeds mcast send "$h2/eth0" report1 "$G"
	expect_eq "$(counter h2 rx-igmp-v1-reports)" 1 "reports of h2"
	goes_to "$G" h2
	wait_for not member h2 "$G"
	goes_to "$G"
	log_test "likewise by IGMPv1, until it is not reported any more"
}

join_mld()
{
	on mcast-mld-version 2
	join "$G6" rx-mld-v2-reports
	succeeds vsw -n "$sw" switch set vs0 mcast-mld-version 1
	in_ns "$h2" sysctl -qw net.ipv6.conf.eth0.force_mld_version=1
	join "$G6" rx-mld-v1-reports
	expect_ge "$(counter h2 rx-mld-leaves)" 1 "leaves of h2"
	in_ns "$h2" sysctl -qw net.ipv6.conf.eth0.force_mld_version=0
	succeeds vsw -n "$sw" switch set vs0 mcast-mld-version 2
	log_test "likewise by MLDv2 and MLDv1"
}

# A tag that says but a priority makes no VLAN; one that does is nothing to this switch.
join_tagged()
{
	on
	succeeds ip -n "$h2" link add link eth0 name prio up type vlan id 0
	succeeds ip -n "$h2" link add link eth0 name tagged up type vlan id 5
	succeeds mcast send "$h2/tagged" report2 "$G" -- "$h3/eth0=1"
	fails member h2 "$G"
	succeeds mcast send "$h2/prio" report2 "$G" -- "$h3/eth0=0"
	succeeds member h2 "$G"
	goes_to "$G" h2
	succeeds ip -n "$h2" link del prio
	succeeds ip -n "$h2" link del tagged
	log_test "likewise with a priority, but not in a VLAN"
}

# from SOURCE [NAME...]: who gets what that sends
from()
{
	local name to=()

	for name in h2 h3; do
		[[ " ${*:2} " == *" $name "* ]]
		to+=("${!name}/eth0=$((! $?))")
	done
	succeeds mcast send -S "$1" "$h1/eth0" data "$group" -- "${to[@]}"
}

sources()
{
	local group=$G first show

	on
	joined h2 "$G" -s 192.0.2.7
	from 192.0.2.7 h2
	from 192.0.2.8
	show=$(vsw -j -n "$sw" mdb show dev h2 grp "$G")
	expect_eq "$(jq -r '.[0] | .filter, .sources[0].address, .sources[0].blocked' <<<"$show" | tr '\n' ' ')" \
		"include 192.0.2.7 false " "the member"
	first=$pid
	joined h3 "$G" -x 192.0.2.7
	from 192.0.2.7 h2
	from 192.0.2.8 h3
	bg_stop "$pid"
	bg_stop "$first"
	log_test "sources that are included, and excluded"
	# RFC 3376 6.4.1: what was wanted by one is asked for when it is blocked.
	group=239.1.1.7
	succeeds mcast send "$h3/eth0" allow "$group" 192.0.2.1 192.0.2.2
	from 192.0.2.2 h3
	succeeds mcast send "$h3/eth0" block "$group" 192.0.2.2
	wait_for from_not h3 192.0.2.2
	from 192.0.2.1 h3
	succeeds mcast send "$h3/eth0" to_in "$group"
	wait_for not member h3 "$group"
	log_test "sources that are allowed, and blocked"
}

from_not()
{
	mcast send -w 0 -S "$2" "$h1/eth0" data "$group" -- "${!1}/eth0=0" >/dev/null
}

static_groups()
{
	local group=$G

	on
	succeeds vsw -n "$sw" mdb add dev h3 grp "$G" permanent
	goes_to "$G" h3
	succeeds mcast send "$h3/eth0" leave "$G"
	goes_to "$G" h3
	refused "already" vsw -n "$sw" mdb add dev h3 grp "$G" permanent
	port_link h3 down
	succeeds member h3 "$G"
	port_link h3 up
	wait_for carrier "$h3" eth0
	goes_to "$G" h3
	succeeds vsw -n "$sw" mdb del dev h3 grp "$G"
	fails member h3 "$G"
	goes_to "$G"
	log_test "a group by request stays, whatever hosts say"
	succeeds vsw -n "$sw" mdb add dev h3 grp "$G" src 192.0.2.7 permanent
	from 192.0.2.7 h3
	from 192.0.2.8
	succeeds vsw -n "$sw" mdb del dev h3 grp "$G" src 192.0.2.7
	succeeds vsw -n "$sw" mdb add dev vs0 grp "$G" permanent
	succeeds mcast send "$h1/eth0" data "$G" -- "$sw/vs0=1" "$h3/eth0=0"
	succeeds mcast send "$h1/eth0" data 239.1.1.2 -- "$sw/vs0=0" "$h3/eth0=0"
	succeeds vsw -n "$sw" mdb flush switch vs0
	succeeds member vs0 "$G"
	succeeds vsw -n "$sw" mdb flush switch vs0 permanent
	fails member vs0 "$G"
	log_test "a source by request; the host as a member"
}

never_pruned()
{
	local group

	on
	for group in 224.0.0.1 224.0.0.251 ff02::1 ff02::fb ff02::1:ff00:1; do
		goes_to "$group" h2 h3 h4
	done
	log_test "groups of the link go to all"
}

routers()
{
	on
	succeeds vsw -n "$sw" port set h3 mcast-router on
	goes_to "$G" h3
	succeeds mcast send "$h2/eth0" report2 "$G" -- "$h1/eth0=0" "$h3/eth0=1" "$h4/eth0=0"
	goes_to "$G" h2 h3
	expect_eq "$(counter h3 tx-igmp-v2-reports)" 1 "reports to the router"
	succeeds vsw -n "$sw" port set h3 mcast-router off
	succeeds mcast send "$h3/eth0" pim 0.0.0.0
	goes_to "$G" h2
	succeeds vsw -n "$sw" port set h3 mcast-router auto
	goes_to "$G" h2
	succeeds mcast send "$h3/eth0" pim 0.0.0.0
	goes_to "$G" h2 h3
	goes_to "$G6"
	succeeds mcast send "$h3/eth0" pim ::
	goes_to "$G6" h3
	log_test "router ports: by request, by hellos of PIM"
	succeeds vsw -n "$sw" switch set vs0 mcast-querier-interval 1
	succeeds vsw -n "$sw" port set h3 mcast-router off
	succeeds vsw -n "$sw" port set h3 mcast-router temp
	goes_to "$G" h2 h3
	wait_for no_router h3
	goes_to "$G" h2
	succeeds vsw -n "$sw" switch set vs0 mcast-querier-interval 255
	log_test "router ports for a time"
}

# Who is said to be no router can't make himself one, nor the querier.
not_believed()
{
	local before

	on
	succeeds vsw -n "$sw" port set h3 mcast-router off
	succeeds mcast send -S 0.0.0.1 "$h3/eth0" query3 0.0.0.0 -- "$h1/eth0=1"
	succeeds mcast send -S fe80::1 "$h3/eth0" query2 :: -- "$h1/eth0=1"
	succeeds mcast send "$h2/eth0" report2 "$G" -- "$h3/eth0=0"
	goes_to "$G" h2
	goes_to "$G6"
	before=$(queries_to h2)
	succeeds mcast send "$h2/eth0" leave "$G"
	wait_for more_queries h2 "$before"
	succeeds vsw -n "$sw" port set h3 mcast-router auto
	log_test "queries of a port that leads to no router are not believed"
}

no_router()
{
	[[ $(vsw -j -n "$sw" port show "$1") == *'"mcast-is-router":false'* ]]
}

limits()
{
	local drops

	on mcast-max-groups 4
	drops=$(port_drops "$sw" h2 mcast-limit)
	succeeds mcast send -g 6 "$h2/eth0" report2 "$G"
	expect_eq "$(switch_json "$sw" vs0 '.["mcast-group-count"]')" 4 "groups of the switch"
	expect_eq "$(port_drops "$sw" h2 mcast-limit)" $((drops + 2)) "reports that were too many"
	expect_eq "$(counter h2 refused)" 2 "groups refused"
	on mcast-max-groups 4096
	succeeds vsw -n "$sw" port set h2 mcast-max-groups 2
	succeeds mcast send -g 3 "$h2/eth0" report2 "$G"
	succeeds mcast send -g 3 "$h3/eth0" report2 "$G"
	expect_eq "$(vsw -j -n "$sw" mdb show dev h2 | jq length)" 2 "groups of the port"
	expect_eq "$(vsw -j -n "$sw" mdb show dev h3 | jq length)" 3 "groups of the other"
	refused "as many groups" vsw -n "$sw" mdb add dev h2 grp 239.9.9.9
	succeeds vsw -n "$sw" port set h2 mcast-max-groups 0
	log_test "bounds on groups of the switch and of a port"
}

# Of more sources than are kept all are wanted, and routers hear of it.
many_sources()
{
	local before

	on
	before=$(counter h2 refused)
	succeeds vsw -n "$sw" port set h3 mcast-router on
	# shellcheck disable=SC2046
	succeeds mcast send "$h2/eth0" allow "$G" $(printf '198.51.100.%d ' {1..33}) -- "$h3/eth0=1"
	succeeds vsw -n "$sw" port set h3 mcast-router auto
	goes_to "$G" h2
	expect_eq "$(counter h2 refused)" $((before + 1)) "lists that were too long"
	log_test "a list of sources that is too long stands for all"
}

# Listening takes a moment to begin.
heard()
{
	vsw -n "$sw" mdb add dev h4 grp 239.9.9.9 && vsw -n "$sw" mdb del dev h4 grp 239.9.9.9
	saw mdb-del 239.9.9.9
}

saw()
{
	grep -q "$1.*$2" "$tmp/events"
}

events()
{
	on mcast-membership-interval 1
	vsw -j -n "$sw" monitor mdb >"$tmp/events" &
	pid=$!
	bg_list+=("$pid")
	wait_for heard
	succeeds mcast send "$h2/eth0" is_ex "$G"
	wait_for saw '"mdb-new"' "\"$G\".*\"exclude\""
	wait_for saw '"mdb-del"' "\"$G\""
	succeeds vsw -n "$sw" mdb add dev h3 grp "$G6" permanent
	wait_for saw '"mdb-new"' "\"$G6\".*\"permanent\":true"
	succeeds vsw -n "$sw" mdb del dev h3 grp "$G6"
	wait_for saw '"mdb-del"' "$G6"
	bg_stop "$pid"
	log_test "events of members that come and go"
}

expiry()
{
	on mcast-membership-interval 1
	succeeds mcast send "$h2/eth0" is_ex "$G"
	goes_to "$G" h2
	wait_for not member h2 "$G"
	goes_to "$G"
	# The port's end is that of what was learned there.
	succeeds vsw -n "$sw" switch set vs0 mcast-membership-interval 260
	succeeds mcast send "$h3/eth0" report2 "$G"
	goes_to "$G" h3
	port_link h3 down
	wait_for not member h3 "$G"
	port_link h3 up
	wait_for carrier "$h3" eth0
	log_test "a group goes when it is not reported, or its port is down"
}

fast_leave()
{
	on mcast-last-member-interval 25
	succeeds mcast send "$h2/eth0" report2 "$G"
	succeeds mcast send "$h2/eth0" leave "$G"
	succeeds member h2 "$G"
	log_test "who leaves is asked about first"
	succeeds vsw -n "$sw" port set h2 mcast-fast-leave on
	succeeds mcast send "$h2/eth0" report2 "$G"
	succeeds mcast send "$h2/eth0" leave "$G"
	fails member h2 "$G"
	succeeds mcast send "$h2/eth0" to_ex "$G"
	succeeds mcast send "$h2/eth0" to_in "$G"
	fails member h2 "$G"
	succeeds vsw -n "$sw" port set h2 mcast-fast-leave off
	log_test "with fast leave it has left at once"
}

vlans()
{
	fresh=0
	succeeds vsw -n "$sw" -b - <<-END
		switch set vs0 vlan-filtering on
		port set h1 access 10
		port set h2 access 10
		port set h3 access 20
		port set h4 access 20
	END
	succeeds vsw -n "$sw" switch set vs0 mcast-snooping off
	succeeds vsw -n "$sw" switch set vs0 mcast-snooping on
	wait_for not mcast send -w 0 "$h1/eth0" data "$G" -- "$h2/eth0=1"
	succeeds mcast send "$h3/eth0" report2 "$G"
	succeeds mcast send "$h1/eth0" data "$G" -- "$h2/eth0=0" "$h3/eth0=0"
	succeeds mcast send "$h4/eth0" data "$G" -- "$h2/eth0=0" "$h3/eth0=1"
	succeeds mcast send "$h2/eth0" report2 "$G"
	succeeds mcast send "$h1/eth0" data "$G" -- "$h2/eth0=1" "$h3/eth0=0"
	expect_eq "$(vsw -j -n "$sw" mdb show vid 10 | jq -r '.[] | .["port-alias"] // .["port-name"]')" \
		h2 "members in VLAN 10"
	refused "name the group's VLAN" vsw -n "$sw" mdb add dev h2 grp "$G"
	succeeds vsw -n "$sw" mdb add dev h4 grp 239.1.1.9 vid 20
	succeeds mcast send "$h3/eth0" data 239.1.1.9 -- "$h4/eth0=1"
	log_test "each VLAN has groups of its own"
	succeeds vsw -n "$sw" port set h2 access 20
	fails member h2 "$G"
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	expect_eq "$(vsw -j -n "$sw" mdb show)" "[]" "groups without VLANs"
	refused "groups have none" vsw -n "$sw" mdb add dev h2 grp "$G" vid 10
	log_test "what was learned in a VLAN goes when the port leaves it"
}

# The queries that the port of NAME gets from the switch
queries_to()
{
	counter "$1" tx-igmp-v3-queries
}

querier()
{
	local before

	on mcast-query-interval 1 mcast-querier-interval 3
	before=$(queries_to h3)
	# Not only when the interval of the first ones is over, which is half a minute.
	WAIT=15 wait_for more_queries h3 "$before"
	log_test "the switch asks where nobody else does"
	# Any address is lower than none at all, which is what the switch has for IGMP.
	succeeds mcast send -S 192.0.2.9 -m 02:00:00:00:00:04 "$h4/eth0" query3 0.0.0.0 -- \
		"$h1/eth0=1" "$h3/eth0=1"
	before=$(queries_to h3)
	goes_to "$G" h4
	sleep 1.5
	expect_eq "$(queries_to h3)" "$before" "queries beside those of another"
	wait_for more_queries h3 "$before"
	wait_for no_router h4
	goes_to "$G"
	log_test "the switch does not while another does"
	succeeds vsw -n "$sw" switch set vs0 mcast-querier off
	goes_to "$G" h2 h3 h4
	succeeds mcast send -r 100 "$h4/eth0" query2 0.0.0.0
	wait_for not mcast send -w 0 "$h1/eth0" data "$G" -- "$h2/eth0=1"
	succeeds vsw -n "$sw" switch set vs0 mcast-query-interval 125 mcast-querier-interval 255
	log_test "without any querier all goes to all"
	fresh=0
}

is_router()
{
	! no_router "$1"
}

# h1..h4 - vs0 - u0 - u1 - vs1: of two switches the one with the lower address asks.
election()
{
	local before

	on
	succeeds ip -n "$sw" link add u0 type veth peer name u1
	succeeds vsw -n "$sw" switch add vs1 address 00:00:00:00:00:01 mcast-snooping on \
		mcast-query-response-interval 0.1 mcast-last-member-interval 0.1
	succeeds vsw -n "$sw" port add u0 switch vs0
	succeeds vsw -n "$sw" port add u1 switch vs1
	succeeds ip -n "$sw" link set u0 up
	succeeds ip -n "$sw" link set u1 up
	wait_for is_router u0
	# It has no address for queries of MLD yet, and so is not the querier of that.
	wait_for is_router u1
	expect_eq "$(counter u1 tx-mld-v2-queries)" 0 "queries of who has no address"
	succeeds ip -n "$sw" addr add fe80::1/64 dev vs1 nodad
	wait_for asks_by_mld u1
	log_test "who gets his address late asks then, if it is the lower one"
	before=$(queries_to h3)
	joined h2 "$G"
	succeeds member u1 "$G"
	succeeds mcast send "$sw/vs1" data "$G" -- "$h2/eth0=1" "$h3/eth0=0"
	gone_by_query
	expect_eq "$(queries_to h3)" "$before" "queries of who has lost"
	expect_ge "$(counter u1 tx-igmp-v3-queries)" 1 "queries of who has won"
	log_test "of two switches one asks, and hears who wants what"
	succeeds ip -n "$sw" link set u1 down
	wait_for more_queries h3 "$before"
	succeeds no_router u0
	succeeds vsw -n "$sw" switch delete vs1
	succeeds ip -n "$sw" link del u0
	log_test "when it is gone the other one does"
}

asks_by_mld()
{
	[ "$(counter "$1" tx-mld-v2-queries)" -gt 0 ]
}

# What h2 leaves is asked about by the other switch, and both believe that nobody answers.
gone_by_query()
{
	gone h2 "$G"
	wait_for not member u1 "$G"
}

more_queries()
{
	[ "$(queries_to "$1")" -gt "$2" ]
}

invalid_messages()
{
	local drops

	on
	drops=$(port_drops "$sw" h2 mcast-invalid)
	succeeds mcast send -b "$h2/eth0" report2 "$G"
	succeeds mcast send -t 1 "$h2/eth0" report2 "$G"
	succeeds mcast send -n 1 "$h2/eth0" is_ex "$G"
	succeeds mcast send -n 1 "$h2/eth0" is_ex "$G" 192.0.2.1
	succeeds mcast send -n 1 "$h2/eth0" query3 "$G" 192.0.2.1
	succeeds mcast send -b "$h2/eth0" report1 "$G6"
	succeeds mcast send -t 1 "$h2/eth0" report1 "$G6"
	succeeds mcast send -n 1 "$h2/eth0" is_ex "$G6"
	succeeds mcast send -S 2001:db8::1 "$h2/eth0" report1 "$G6"
	expect_eq "$(port_drops "$sw" h2 mcast-invalid)" $((drops + 9)) "messages that are none"
	expect_eq "$(counter h2 rx-invalid)" "$((drops + 9))" "the port's counter"
	fails member h2 "$G"
	fails member h2 "$G6"
	log_test "messages that are none are dropped, and nothing is learned"
}

refusals()
{
	refused "multicast one" vsw -n "$sw" mdb add dev h2 grp 192.0.2.1
	refused "always go to all" vsw -n "$sw" mdb add dev h2 grp 224.0.0.5
	refused "always go to all" vsw -n "$sw" mdb add dev h2 grp ff02::5
	refused "different families" vsw -n "$sw" mdb add dev h2 grp "$G" src 2001:db8::1
	refused "unicast one" vsw -n "$sw" mdb add dev h2 grp "$G" src 239.1.1.1
	refused "no member" vsw -n "$sw" mdb del dev h2 grp 239.9.9.9
	refused "1000 to" vsw -n "$sw" switch set vs0 mcast-query-interval 0.5
	refused "none of" vsw -n "$sw" port set h2 mcast-router maybe
	succeeds vsw -n "$sw" switch set vs0 mcast-snooping off
	log_test "what makes no sense is refused"
}

run_tests
