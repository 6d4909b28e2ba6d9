#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# VLANs on vsw's command line, with the module: what is said of a port, a switch
# or a MAC entry is what the kernel has then, and is shown as text and as JSON.

# shellcheck disable=SC2154,SC2317  # setup_ns assigns; the tests are called by name
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

ALL_TESTS="
	filtering
	membership
	membership_of_new_ports
	membership_of_the_host
	other_kinds
	changes_that_fail
	port_text
	table
	selection
	entries
	entries_text
	entries_learned
	events
	batch
"

filtering()
{
	fresh
	expect_eq "$(sw vs0 '.["vlan-filtering"]')" false "vlan-filtering of a new switch"
	shows '^SWITCH +STATE +ADDRESS +MTU +PORTS +FDB +AGEING$' v switch show
	succeeds v switch set vs0 vlan-filtering on
	expect_eq "$(sw vs0 '.["vlan-filtering"]')" true "vlan-filtering after switch set"
	shows '^SWITCH .* AGEING +VLANS$' v switch show
	shows '^vs0 .* filtering$' v switch show
	shows '^vs0 up .* vlan-filtering on$' v -s switch show vs0
	succeeds v switch add vs1 vlan-filtering on
	expect_eq "$(sw vs1 '.["vlan-filtering"]')" true "vlan-filtering of switch add"
	succeeds v switch set vs1 vlan-filtering off
	expect_eq "$(sw vs1 '.["vlan-filtering"]')" false "vlan-filtering turned off"
	shows 'fdb-max 65536 vlan-filtering off vlan-protocol 802.1Q vlan-default-pvid 1 ' v -d switch show vs1
	shows '^vs1 .* -$' v switch show
	succeeds v switch del vs1
	log_test "switch add, set, show: vlan-filtering"
}

# vlans DEV: PVID and VLANs of a port, those that leave untagged with a "u"
vlans()
{
	of "$1" '[.pvid | tostring] + [.vlan[] | "\(.first)-\(.last)\(if .untagged then "u" else "" end)"] | join(" ")'
}

membership()
{
	fresh
	expect_eq "$(vlans p1)" "1 1-1u" "a new port"
	succeeds v port set p1 access 10
	expect_eq "$(vlans p1)" "10 10-10u" "access 10"
	succeeds v port set p1 trunk 10,20-30
	expect_eq "$(vlans p1)" "0 10-10 20-30" "trunk 10,20-30"
	succeeds v port set p1 trunk 10,20-30 native 1
	expect_eq "$(vlans p1)" "1 1-1u 10-10 20-30" "trunk 10,20-30 native 1"
	succeeds v port set p1 native 25 trunk 20-30
	expect_eq "$(vlans p1)" "25 20-24 25-25u 26-30" "native of those of the trunk"
	succeeds v port set p1 trunk all
	expect_eq "$(vlans p1)" "0 1-4094" "trunk all"
	succeeds v port set p1 trunk 4094,1,3-2047 native 4094
	expect_eq "$(vlans p1)" "4094 1-1 3-2047 4094-4094u" "the ends of the numbers"
	succeeds v port set p1 trunk none
	expect_eq "$(vlans p1)" "0" "trunk none"
	succeeds v port set p1 access 1
	expect_eq "$(vlans p1)" "1 1-1u" "access 1"
	expect_eq "$(vlans p2)" "1 1-1u" "the other port, which nobody changed"
	succeeds v port set p1 learning off access 7 isolated on
	expect_eq "$(vlans p1) $(of p1 '[.learning, .isolated] | @csv')" "7 7-7u false,true" "VLANs and flags at once"
	succeeds v port set p1 learning on
	expect_eq "$(vlans p1)" "7 7-7u" "after a change of something else"
	log_test "port set: access, trunk, native"
}

membership_of_new_ports()
{
	fresh
	succeeds v port del p1
	expect_eq "$(v -j port add p1 switch vs0 access 10 | jq -c '.[0] | [.pvid, .vlan]')" \
		'[10,[{"first":10,"last":10,"untagged":true}]]' "JSON of port add with access"
	succeeds v port del p1
	succeeds v port add p1 switch vs0 trunk 2-5 native 9 down
	expect_eq "$(vlans p1)" "9 2-5 9-9u" "port add with trunk"
	log_test "port add: access, trunk, native"
}

membership_of_the_host()
{
	fresh
	expect_eq "$(vlans vs0)" "1 1-1u" "the host's port"
	shows '^vs0 +vs0 +0 +host, forwarding +[0-9]+ +- ' v port show
	succeeds v port set vs0 trunk 10,20 native 30
	expect_eq "$(vlans vs0)" "30 10-10 20-20 30-30u" "the host's port as a trunk"
	shows '^vs0 +vs0 +0 +host, forwarding +[0-9]+ +trunk 10,20,30 native 30 ' v port show
	log_test "the host's port is a member of VLANs, too"
}

other_kinds()
{
	fresh
	succeeds v port set p1 hybrid 10,20 untagged 20,30 pvid 10
	expect_eq "$(vlans p1)" "10 10-10 20-20u 30-30u" "hybrid 10,20 untagged 20,30 pvid 10"
	shows '^p1 .* hybrid 10,20,30 untagged 20,30 pvid 10 +-$' v port show
	succeeds v port set p1 trunk 10 native 20 tagged
	expect_eq "$(vlans p1)" "20 10-10 20-20" "trunk 10 native 20 tagged"
	shows '^p1 .* trunk 10,20 native 20 tagged +-$' v port show
	succeeds v port set p1 vlan-map 300:10,301:11
	expect_eq "$(v -j vlan show p1 | jq -c '[.[0]["vlan-map"][] | [.outside, .inside]]')" \
		'[[300,10],[301,11]]' "the map"
	shows '^p1 .* vlan-map 300:10,301:11$' v vlan show
	shows '^p1 .* native 20 tagged vlan-map 300:10,301:11 +-$' v port show
	succeeds v port set p1 vlan-map none tunnel 7 cvlans 5-9
	expect_eq "$(v -j vlan show p1 | jq -c '.[0] | [.["vlan-tunnel"], .cvlans, .["vlan-map"]]')" \
		'[true,[{"first":5,"last":9}],null]' "tunnel and cvlans"
	shows '^p1 .* tunnel 7 cvlans 5-9 +-$' v port show
	succeeds v port set p1 tunnel 7
	shows '^p1 .* tunnel 7 +-$' v port show
	succeeds v port set p1 access 7
	expect_eq "$(of p1 '[.["vlan-tunnel"], .cvlans] | @csv')" "false," "what is left of the tunnel"
	log_test "port set: hybrid, native tagged, tunnel, vlan-map"
	says 1 "'tunnel' and 'native' exclude" v port set p1 tunnel 7 native 5
	says 1 "'hybrid' and 'tunnel' exclude" v port set p1 tunnel 7 hybrid 5
	says 1 "'pvid' needs 'hybrid LIST'" v port set p1 trunk 5 pvid 5
	says 1 "'tagged' needs 'trunk LIST native VID'" v port set p1 trunk 5 tagged
	says 1 "'cvlans' needs 'tunnel VID'" v port set p1 cvlans 5
	says 1 "cvlans: without a VLAN nothing" v port set p1 tunnel 5 cvlans none
	says 1 "vlan-map: .* is not a list of pairs" v port set p1 vlan-map 5
	says 1 "vlan-map: VLAN 4095 is reserved" v port set p1 vlan-map 5:4095
	says 1 "neither '802.1Q' nor '802.1ad'" v switch set vs0 vlan-protocol 802.1x
	says 2 "out of range" v switch set vs0 vlan-default-pvid 4095
	says 1 "'dev PORT' is missing" v vlan add 5
	says 1 "the VLANs are missing" v vlan add dev p1
	says 1 "a port has one PVID" v vlan add 5-6 dev p1 pvid
	expect_eq "$(vlans p1)" "7 7-7u" "the port after all that"
	log_test "what can't be is refused"
}

changes_that_fail()
{
	fresh
	succeeds v port set p1 access 10
	says 2 "another switch|no device has this name" v port set p1 switch vs9 access 20
	says 2 "^vsw: port 'q1': the device is no port" v port set q1 trunk 20
	says 1 "VLAN 4095 is reserved" v port set p1 learning off trunk 20-4095
	says 1 "'native' needs 'trunk LIST'" v port set p1 learning off native 20
	expect_eq "$(vlans p1) $(of p1 .learning)" "10 10-10u true" "the port after that"
	log_test "a change of VLANs that is refused leaves all as it was"
}

port_text()
{
	fresh
	succeeds v port set p1 isolated on access 10
	succeeds v port set p2 trunk 20-30,10 native 1
	shows '^p1 .* isolated on access 10 +-$' v port show
	shows '^p2 .* trunk 1,10,20-30 native 1 +-$' v port show
	shows '^p2 port 2 of vs0 .* trunk 1,10,20-30 native 1$' v -s port show p2
	shows ' isolated on .*fdb-max 0 .*access 10$' v -d port show p1
	succeeds v port set p2 access 1
	shows '^p2 +vs0 +2 +forwarding +[0-9]+ +- +-$' v port show
	shows ' fdb-max 0 .*access 1$' v -d port show p2
	succeeds v port set p2 trunk 5
	shows '^p2 .* trunk 5 +-$' v port show
	log_test "port show says access and trunk where they are not the default"
}

table()
{
	fresh
	succeeds v port set p1 access 10
	succeeds v port set p2 trunk 20-30,10 native 1
	shows '^PORT +SWITCH +NO +PVID +UNTAGGED +TAGGED$' v vlan show
	shows '^p1 +vs0 +1 +10 +10 +-$' v vlan show
	shows '^p2 +vs0 +2 +1 +1 +10,20-30$' v vlan
	shows "^vs0 does not filter by VLAN: 'vsw switch set vs0 vlan-filtering on'$" v vlan show
	succeeds v port set p2 trunk 20-30
	shows '^p2 +vs0 +2 +- +- +20-30$' v vlan show p2
	succeeds v switch set vs0 vlan-filtering on
	v vlan show >"$tmp/out"
	expect_eq "$(grep -c 'does not filter' "$tmp/out")" 0 "lines about a switch that filters"
	expect_eq "$(wc -l <"$tmp/out")" 4 "lines about three ports"
	# it says so of those switches alone whose ports are shown
	succeeds v switch add vs1
	v vlan show switch vs0 >"$tmp/out"
	expect_eq "$(grep -c 'does not filter' "$tmp/out")" 0 "lines about another switch"
	shows '^vs1 does not filter' v vlan show
	log_test "the table of VLANs"
}

selection()
{
	fresh
	succeeds v port set p1 access 10
	succeeds v port set p2 trunk 10,20-30
	expect_eq "$(v -j vlan show p2)" \
		"[{\"ifindex\":$(of p2 .ifindex),\"name\":\"p2\",\"switch-name\":\"vs0\",\"number\":2,\"pvid\":0,\"vlan\":[{\"first\":10,\"last\":10,\"untagged\":false},{\"first\":20,\"last\":30,\"untagged\":false}],\"vlan-tunnel\":false}]" \
		"JSON of a port"
	expect_eq "$(v -j vlan show | jq -c '[.[].name]')" '["vs0","p1","p2"]' "all ports"
	expect_eq "$(v -j vlan show vid 10 | jq -c '[.[].name]')" '["p1","p2"]' "ports of VLAN 10"
	expect_eq "$(v -j vlan show vid 25 switch vs0 | jq -c '[.[].name]')" '["p2"]' "ports of VLAN 25"
	expect_eq "$(v -j vlan show vid 31)" '[]' "ports of VLAN 31"
	expect_eq "$(v vlan show vid 31)" '' "text of no ports"
	expect_eq "$(v -j vlan show p1 vid 25)" '[]' "p1 in VLAN 25"
	says 2 "^vsw: port 'p9': no device has this name.*\. See 'vsw port show' and 'vsw switch show'\.$" v vlan show p9
	says 2 "^vsw: switch 'vs9': no device has this name" v -j vlan show switch vs9
	log_test "vlan show of a port, a switch, a VLAN"
}

entries()
{
	local mac=02:00:00:00:00:0a

	fresh
	succeeds v fdb add "$mac" dev p1 vlan 10
	succeeds v fdb add "$mac" dev p2 vlan 20
	succeeds v fdb add "$mac" dev p2
	says 2 "already" v fdb add "$mac" dev p2 vlan 10
	expect_eq "$(v -j fdb get "$mac" switch vs0 vlan 10 | jq -c '.[0] | [.vlan, .["port-name"]]')" '[10,"p1"]' \
		"the entry of VLAN 10"
	expect_eq "$(v -j fdb get "$mac" switch vs0 | jq -c '.[0] | [has("vlan"), .["port-name"]]')" '[false,"p2"]' \
		"the entry of no VLAN"
	expect_eq "$(v -j fdb show static | jq -c '[.[] | [.["port-name"], .vlan]]')" \
		'[["p1",10],["p2",null],["p2",20]]' "the order of entries"
	expect_eq "$(v -j fdb show vlan 20 | jq -c '[.[] | [.["port-name"], .vlan]]')" '[["p2",20]]' "entries of VLAN 20"
	succeeds v fdb replace "$mac" dev p2 vlan 10 sticky
	expect_eq "$(v -j fdb get "$mac" dev p2 vlan 10 | jq -c '.[0] | [.sticky, .vlan]')" '[true,10]' "fdb replace"
	succeeds v fdb set "$mac" switch vs0 vlan 10 sticky off
	expect_eq "$(v -j fdb get "$mac" dev p2 vlan 10 | jq '.[0].sticky')" false "fdb set"
	says 2 "no such MAC entry" v fdb del "$mac" dev p2 vlan 30
	succeeds v fdb del "$mac" switch vs0
	expect_eq "$(v -j fdb show static | jq -c '[.[].vlan]')" '[10,20]' "entries after fdb del of that of no VLAN"
	succeeds v fdb add 02:00:00:00:00:0b dev p2 vlan 20 dynamic
	shows '^1 entry flushed$' v fdb flush switch vs0 vlan 10 static
	shows '^1 entry flushed$' v fdb flush dev p2 vlan 20
	expect_eq "$(v -j fdb show vlan 20 | jq -c '[.[].address]')" "[\"$mac\"]" "entries after two flushes"
	log_test "fdb add, set, replace, del, get, show, flush: vlan"
}

entries_text()
{
	fresh
	shows '^ADDRESS +PORT +SWITCH +TYPE +AGE$' v fdb show
	succeeds v fdb add 02:00:00:00:00:0a dev p1 vlan 10
	succeeds v fdb add 02:00:00:00:00:0b dev p1
	shows '^ADDRESS +VLAN +PORT +SWITCH +TYPE +AGE$' v fdb show
	shows '^02:00:00:00:00:0a +10 +p1 +vs0 +static +-$' v fdb show
	shows '^02:00:00:00:00:0b +- +p1 +vs0 +static +-$' v fdb show
	shows '^ADDRESS +VLAN +PORT +SWITCH +NO +TYPE +AGE +SOURCE$' v -d fdb show
	log_test "the table of MAC entries has a column for VLANs when there are any"
}

entries_learned()
{
	fresh
	succeeds v port set p1 access 10
	succeeds v port set p2 access 10
	succeeds v switch set vs0 vlan-filtering on
	succeeds in_ns "$net" frame -i q1 -s 02:00:00:00:00:77 q2=1
	expect_eq "$(v -j fdb show dynamic | jq -c '[.[] | select(.address == "02:00:00:00:00:77") | [.["port-name"], .vlan]]')" \
		'[["p1",10]]' "what was learned"
	succeeds v port set p2 access 20
	succeeds in_ns "$net" frame -i q1 -s 02:00:00:00:00:77 q2=0
	log_test "what is learned is of the VLAN of its port"
}

events()
{
	local listener

	fresh
	listen monitor
	succeeds v switch set vs0 vlan-filtering on
	succeeds v port set p1 access 10
	succeeds v fdb add 02:00:00:00:00:0a dev p1 vlan 10
	succeeds v fdb del 02:00:00:00:00:0a dev p1 vlan 10
	wait_for seen '^fdb-del +02:00:00:00:00:0a vlan 10 dev p1 switch vs0 static$'
	seen '^switch-set +vs0 up .* vlan-filtering on$'
	check_err $? "vlan-filtering was not seen"
	seen '^port-set +p1 port 1 of vs0 .* access 10$'
	check_err $? "access was not seen"
	seen '^fdb-new +02:00:00:00:00:0a vlan 10 dev p1 switch vs0 static$'
	check_err $? "the new entry was not seen"
	bg_stop "$listener"
	fresh
	listen -j monitor
	succeeds v port set p1 trunk 10
	succeeds v fdb add 02:00:00:00:00:0a dev p1 vlan 10
	wait_for seen '"fdb-new".*02:00:00:00:00:0a'
	expect_eq "$(jq -c 'select(.event == "port-set" and .port.name == "p1") | .port | [.pvid, .vlan]' "$tmp/events" | tail -n 1)" \
		'[0,[{"first":10,"last":10,"untagged":false}]]' "VLANs of a port in an event"
	expect_eq "$(jq -c 'select(.event == "fdb-new" and .fdb.address == "02:00:00:00:00:0a") | .fdb.vlan' "$tmp/events")" 10 \
		"VLAN of an entry in an event"
	bg_stop "$listener"
	log_test "the monitor shows VLANs"
}

batch()
{
	fresh
	succeeds v -b - <<-END
		switch set vs0 vlan-filtering on
		port set p1 access 10
		port set p2 trunk 10,20-30 native 1
		fdb add 02:00:00:00:00:0a dev p1 vlan 10
	END
	expect_eq "$(vlans p1), $(vlans p2)" "10 10-10u, 1 1-1u 10-10 20-30" "ports of a batch"
	log_test "VLANs in a batch"
}

require_command ip jq setpriv
require_vswitch
prepare
run_tests
