#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vsw and the module: JSON.

# shellcheck disable=SC2154,SC2317 # setup_ns assigns; the tests are called by name
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

# gojq sorts keys, and their order is what is tested here.
unset -f jq

ALL_TESTS="
	switch_keys
	port_keys
	entry_keys
	mirror_keys
	json_values
	json_failures
"

# keys FILTER COMMAND...: standard input has the keys of what FILTER finds in the
# output, one a line. What scripts rely on: a change here breaks them.
keys()
{
	local filter=$1

	shift
	expect_eq "$("$@" | jq -r "$filter | keys_unsorted[]")" "$(cat)" "keys of $filter in '$*'"
}

switch_keys()
{
	fresh
	keys '.[0]' v -j switch show vs0 <<-END
		ifindex
		name
		address
		mtu
		ageing-time
		fdb-max
		fdb-count
		port-count
		up
		vlan-filtering
		dhcp-guard
		ra-guard
		vlan-protocol
		vlan-default-pvid
		vlan-stats
		mcast-snooping
		mcast-querier
		mcast-igmp-version
		mcast-mld-version
		mcast-query-interval
		mcast-query-response-interval
		mcast-last-member-count
		mcast-last-member-interval
		mcast-startup-query-count
		mcast-startup-query-interval
		mcast-membership-interval
		mcast-querier-interval
		mcast-max-groups
		mcast-group-count
		loop-interval
		promiscuous
		mac-changes
		forged-transmits
	END
	log_test "keys of a switch"
}

port_keys()
{
	fresh
	ip -n "$net" link set p1 alias someone
	keys '.[0]' v -j port show p1 <<-END
		ifindex
		name
		switch-ifindex
		switch-name
		number
		learning
		flood
		mcast-flood
		bcast-flood
		hairpin
		isolated
		neigh-suppress
		group-fwd-mask
		fdb-max
		fdb-count
		forwarding
		alias
		type
		pvid
		vlan
		guard
		shut
		recovery
		state
		bpdu-guard
		bpdu-filter
		loop-protect
		vlan-tunnel
		mcast-router
		mcast-is-router
		mcast-fast-leave
		mcast-max-groups
		mcast-group-count
	END
	keys '.[0].guard' v -j port show p1 <<-END
		locked
		source-guard
		dhcp-guard
		dhcp-trusted
		ra-guard
		ra-trusted
		mab
		max-macs
		violation
		sticky-macs
		promiscuous
		mac-changes
		forged-transmits
		storm-broadcast-pps
		storm-broadcast-kbps
		storm-multicast-pps
		storm-multicast-kbps
		storm-unknown-pps
		storm-unknown-kbps
	END
	keys '.[0].stats' v -j -s port show p1 <<-END
		rx-packets
		rx-bytes
		tx-packets
		tx-bytes
		drops
		drop
		learned
		moved
		learn-refused
		answered
	END
	# the beginning of -json, but two letters first
	expect_eq "$(v -js port show p1 | jq '.[0] | has("stats")')" true "-js shows stats"
	ip -n "$net" link set p1 alias ""
	log_test "keys of a port, its guard and its counters"
}

entry_keys()
{
	fresh
	succeeds v fdb add 02:00:00:00:00:0a dev p1
	keys '.[0]' v -j fdb get 02:00:00:00:00:0a switch vs0 <<-END
		address
		port-ifindex
		port-name
		port-number
		switch-ifindex
		switch-name
		type
		sticky
		user
		locked
		age
	END
	succeeds v binding add dev p1 mac 02:00:00:00:00:0a ip 192.0.2.0/24 vlan 5
	keys '.[0]' v -j binding show <<-END
		mac
		ip
		prefix-len
		vlan
		port-ifindex
		port-name
		port-number
		switch-ifindex
		switch-name
	END
	succeeds v mdb add dev p1 grp 239.1.1.1 src 192.0.2.9 permanent
	keys '.[0]' v -j mdb show <<-END
		group
		port-ifindex
		port-name
		port-number
		switch-ifindex
		switch-name
		permanent
		filter
		sources
	END
	log_test "keys of a MAC entry, a binding and a multicast group"
}

mirror_keys()
{
	fresh
	succeeds v mirror add m0 switch vs0 from dev p1 to dev p2
	keys '.[0]' v -j mirror show m0 <<-END
		switch-ifindex
		switch-name
		name
		in
		out
		vlan
		to-type
		to-ifindex
		to-name
		to-number
		forwarding
		truncate
		sample
		state
	END
	log_test "keys of a mirror"
}

json_values()
{
	fresh
	expect_eq "$(v -j switch show vs0 | jq -c '.[0] | map_values(type) | [.["ageing-time"], .up, .address]')" \
		'["number","boolean","string"]' "types of a switch"
	expect_eq "$(v -j port show p1 | jq -c '.[0] | [.learning, .isolated, .["switch-name"]]')" \
		'[true,false,"vs0"]' "values of a port"
	expect_eq "$(v -j -p port show | jq -c length)" 3 "pretty JSON"
	expect_eq "$(v -j -p port show | jq -c .)" "$(v -j port show)" "pretty and plain JSON"
	expect_eq "$(v -j switch show vs0)" "$(v switch show vs0 -j)" "-j before and behind"
	log_test "JSON is valid and typed"
}

json_failures()
{
	fresh
	says 2 "no device has this name" v -j switch show vs9
	says 2 "no device has this name" v -j port show p9
	says 2 "no device has this name" v -j -p fdb show switch vs9
	says 2 "no such MAC" v -j fdb get 02:00:00:00:00:77 switch vs0
	says 2 "exists already" v -j switch add vs0
	says 2 "already" v -j port add p1 switch vs0
	says 1 "not an option" v -j switch add vs1 nonsense
	log_test "a command that fails prints no JSON"
}

require_command ip jq
require_vswitch
prepare
run_tests
