#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Virtual adapters on vsw's command line, with the module: how they are made,
# named, changed and deleted, wherever their devices are.
#
#   +-- $net ---------------+   +-- $red --+
#   |  vs0 --- p1, p2       |   |          |
#   |   '-------------------------- eth0   |
#   |   '-----------------------+----------+
#   |                       |   +-- $blue -+
#   |   '-------------------------- eth0   |
#   +-----------------------+   +----------+

# shellcheck disable=SC2154,SC2317  # setup_ns assigns; the tests are called by name
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

ALL_TESTS="
	here
	elsewhere
	forms_of_netns
	settings
	words
	refusals
	nothing_half_made
	alias
	names
	ambiguous_names
	own_devices_first
	entries
	vlans
	state
	text
	events
	json
	switch_that_goes
	completion
"

# clear: fresh, and none of the tests' vnics anywhere, since they go with the switch
clear()
{
	fresh
	! ip -n "$red" link show eth0 >/dev/null 2>&1 && ! ip -n "$blue" link show eth0 >/dev/null 2>&1
	check_err $? "a vnic outlived its switch"
}

# two: eth0 in $red with the alias web, and eth0 in $blue with none
two()
{
	clear
	v port add eth0 type vnic switch vs0 netns "$red" alias web &&
		v port add eth0 type vnic switch vs0 netns "$blue"
	check_err $? "no vnics to test with"
}

# names: those of the ports of vs0, by number
names_of_ports()
{
	v -j port show switch vs0 | jq -c '[.[].name]'
}

here()
{
	clear
	succeeds v port add c0 type vnic switch vs0
	expect_eq "$(of c0 '[.type, .number, has("netnsid")] | map(tostring) | join(" ")')" "vnic 3 false" "the port"
	expect_eq "$(device_json "$net" c0 .linkinfo.info_kind)" vnic "kind of the device"
	expect_eq "$(ip -n "$net" -j link show dev c0 | jq -c '.[0].flags | index("UP") != null')" true "the device is up"
	succeeds v port del c0
	refused "does not exist" ip -n "$net" link show dev c0
	expect_eq "$(names_of_ports)" '["vs0","p1","p2"]' "ports after port del"
	succeeds v port add c0 type vnic switch vs0 down
	expect_eq "$(ip -n "$net" -j link show dev c0 | jq -c '.[0].flags | index("UP") != null')" false "a device with down is up"
	expect_eq "$(of p1 .type) $(of vs0 .type)" "device host" "types of other ports"
	log_test "a vnic in the switch's own network namespace"
}

elsewhere()
{
	clear
	succeeds v port add eth0 type vnic switch vs0 netns "$red" mtu 1400 address 02:00:00:00:00:aa
	expect_eq "$(device_json "$red" eth0 '[.linkinfo.info_kind, .mtu, .address] | @csv')" \
		'"vnic",1400,"02:00:00:00:00:aa"' "the device"
	expect_eq "$(ip -n "$red" -j link show dev eth0 | jq -c '.[0].flags | index("UP") != null')" true "the device is up"
	expect_eq "$(v -j port show vs0:3 | jq -c '.[0] | [.type, .name, has("netnsid"), .forwarding]')" \
		'["vnic","eth0",true,true]' "the port"
	refused "does not exist" ip -n "$net" link show dev eth0
	succeeds v port del eth0
	refused "does not exist" ip -n "$red" link show dev eth0
	log_test "a vnic in another network namespace"
}

forms_of_netns()
{
	local pid

	clear
	succeeds v port add eth0 type vnic switch vs0 netns "/run/netns/$red"
	expect_eq "$(device_json "$red" eth0 .linkinfo.info_kind)" vnic "by path"
	bg ip netns exec "$blue" sleep 1000
	pid=$!
	wait_for [ "/proc/$pid/ns/net" -ef "/run/netns/$blue" ]
	succeeds v port add eth0 type vnic switch vs0 netns "$pid"
	expect_eq "$(device_json "$blue" eth0 .linkinfo.info_kind)" vnic "by process id"
	bg_stop "$pid"
	log_test "its network namespace by path and process"
}

settings()
{
	clear
	expect_eq "$(v -j port add eth0 type vnic switch vs0 netns "$red" alias web isolated on fdb-max 5 access 10 |
		jq -c '.[0] | [.type, .number, .alias, .isolated, .["fdb-max"], .pvid, .forwarding]')" \
		'["vnic",3,"web",true,5,10,true]' "JSON of port add"
	succeeds v port set web isolated off trunk 10,20
	expect_eq "$(v -j port show web | jq -c '.[0] | [.isolated, .pvid, (.vlan | length)]')" '[false,0,2]' "after port set"
	log_test "settings of a new vnic and of an old one"
}

words()
{
	local word

	clear
	for word in "netns $red" "mtu 1400" "address 02:00:00:00:00:aa" "alias web"; do
		# shellcheck disable=SC2086  # a keyword and its value
		says 1 "'${word%% *}' needs 'type vnic'" v port add p9 switch vs0 $word
	done
	says 1 "'netns' needs 'type vnic'" v port add p9 type device switch vs0 netns "$red"
	says 1 "type: 'veth' is neither 'device' nor 'vnic'" v port add p9 type veth switch vs0
	says 1 "'type' is not an option" v port set p1 type vnic
	says 1 "'switch SWITCH' is missing" v port add c0 type vnic
	succeeds v port del p1
	succeeds v port add p1 type device switch vs0
	expect_eq "$(of p1 .type)" device "type device"
	log_test "words about a device that is there already"
}

refusals()
{
	clear
	says 4 "network namespace 'no-such-one': No such file" v port add eth0 type vnic switch vs0 netns no-such-one
	says 4 "'/proc/self/ns/uts' is not a network namespace" v port add eth0 type vnic switch vs0 netns /proc/self/ns/uts
	says 2 "^vsw: switch 'vs9': no device has this name.*See 'vsw switch show'" v port add eth0 type vnic switch vs9 netns "$red"
	says 2 "^vsw: switch 'p1': the device is no switch" v port add eth0 type vnic switch p1
	says 2 "^vsw: port 'p1': File exists. Choose another name" v port add p1 type vnic switch vs0
	says 2 "^vsw: port 'lo': .*exists.* Choose another name" v port add lo type vnic switch vs0 netns "$red"
	succeeds ip -n "$red" link add eth0 type dummy
	says 2 "^vsw: port 'eth0': File exists. Choose another name" v port add eth0 type vnic switch vs0 netns "$red"
	succeeds ip -n "$red" link del eth0
	says 2 "^vsw: port 'eth0': .*mtu" v port add eth0 type vnic switch vs0 netns "$red" mtu 5
	says 2 "^vsw: port 'eth0': .*address" v port add eth0 type vnic switch vs0 netns "$red" address 01:00:00:00:00:01
	says 2 "CAP_NET_ADMIN|Operation not permitted" in_ns "$net" setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$VSW" port add eth0 type vnic switch vs0
	expect_eq "$(names_of_ports)" '["vs0","p1","p2"]' "ports after that"
	log_test "a vnic that can't be made"
}

# What fails when one of the requests, told by its length, can't be sent.
nothing_half_made()
{
	local length status failures=0

	clear
	for length in 24 28 32 36 40 44 48 52 56 60 64 68 72 76 80 84 88 1000; do
		in_ns "$net" cli_nosend "$length" "$VSW" \
			port add eth0 type vnic switch vs0 netns "$red" access 10 2>"$tmp/err"
		status=$?
		if [ "$status" -ne 0 ]; then
			failures=$((failures + 1))
			expect_eq "$(<"$tmp/err")" "$(grep -E "^vsw: .*No buffer space" "$tmp/err")" "error of $length bytes"
			expect_eq "$(names_of_ports)" '["vs0","p1","p2"]' "ports when $length bytes fail"
			ip -n "$red" link show dev eth0 >/dev/null 2>&1
			check_fail $? "the device is left when $length bytes fail"
		else
			succeeds v port del vs0:3
		fi
	done
	# to find the switch, to make the vnic, to read its number, to set it, to set it up
	expect_ge "$failures" 5 "requests that failed"
	# to rename it, whose name is another device's here: 48 bytes, as nothing else then
	ip -n "$net" link add taken-name0 type dummy
	says 4 "No buffer space" in_ns "$net" cli_nosend 48 "$VSW" port add taken-name0 type vnic switch vs0 netns "$red"
	expect_eq "$(names_of_ports)" '["vs0","p1","p2"]' "ports when a rename fails"
	expect_eq "$(ip -n "$red" -j link show | jq -c '[.[].ifname]')" '["lo"]' "devices when a rename fails"
	succeeds v port add taken-name0 type vnic switch vs0 netns "$red"
	expect_eq "$(ip -n "$red" -j link show | jq -c '[.[].ifname]')" '["lo","taken-name0"]' "devices after a rename"
	ip -n "$net" link del taken-name0
	log_test "nothing is left of a vnic that can't be made whole"
}

alias()
{
	clear
	succeeds v port add eth0 type vnic switch vs0 netns "$red"
	succeeds v port set vs0:3 alias web
	expect_eq "$(v -j port show web | jq -r '.[0].alias')" web "alias after port set"
	succeeds v port set web alias "a rather long name of a container"
	expect_eq "$(v -j port show "a rather long name of a container" | jq '.[0].number')" 3 "by an alias that is no name"
	says 2 "no device has this name" v port show web
	says 2 "no port has this name or alias.*" v port show "an even longer name of no container"
	says 1 "alias: the text is too long, the most is 255" v port set vs0:3 alias "$(printf 'x%.0s' {1..256})"
	says 2 "ip link set DEV alias" v port set p1 alias someone
	log_test "the alias of a vnic"
}

names()
{
	two
	expect_eq "$(v -j port show web | jq '.[0].number')" 3 "by alias"
	expect_eq "$(v -j port show vs0:4 | jq '.[0].number')" 4 "by number"
	expect_eq "$(v -j port show vs0:0 | jq -r '.[0].type')" host "the host's port by number"
	expect_eq "$(v -j port show vs0:1 | jq -r '.[0].name')" p1 "a device by number"
	succeeds v port set vs0:2 learning off
	expect_eq "$(of p2 .learning)" false "a device that was set by number"
	says 2 "^vsw: port 'vs0:9': no device has this name .*See 'vsw port show'" v port show vs0:9
	says 2 "^vsw: port 'vs9:1': no device has this name" v port show vs9:1
	succeeds v switch add vs1
	says 2 "^vsw: port 'web': no device has this name" v port show web switch vs1
	expect_eq "$(v -j port show web switch vs0 | jq '.[0].number')" 3 "by alias and switch"
	succeeds v port del vs0:4
	expect_eq "$(v -j port show eth0 | jq '.[0].number')" 3 "the one vnic of this name"
	succeeds v port del web
	expect_eq "$(names_of_ports)" '["vs0","p1","p2"]' "ports after both were deleted"
	log_test "ports by number, alias, and name of the device elsewhere"
}

ambiguous_names()
{
	local id

	two
	id=$(v -j port show vs0:3 | jq '.[0].netnsid')
	says 2 "^vsw: port 'eth0': more than one port is called so: vs0:3 \(eth0 in netns $id, alias web\), vs0:4 \(eth0 in netns -?[0-9]+\)\. Name it by SWITCH:NUMBER$" \
		v port del eth0
	says 2 "more than one port" v port set eth0 learning off
	says 2 "more than one port" v fdb add 02:00:00:00:00:0a dev eth0
	says 2 "more than one port" v vlan show eth0
	succeeds v port set vs0:4 alias web
	says 2 "more than one port is called so: vs0:3 .*, vs0:4 " v port show web
	# an alias is more than the name of a device
	succeeds v port set vs0:4 alias eth0
	expect_eq "$(v -j port show eth0 | jq '.[0].number')" 4 "an alias like the name of another"
	expect_eq "$(v -j port show switch vs0 | jq length)" 5 "ports after that"
	log_test "a name of more than one port is refused, and says which there are"
}

# What is here is never taken for something elsewhere.
own_devices_first()
{
	clear
	# a name that is taken here is not taken there
	succeeds v port add q1 type vnic switch vs0 netns "$red"
	says 2 "^vsw: port 'q1': the device is no port of a switch" v port del q1
	says 2 "^vsw: port 'q1': the device is no port of a switch" v port set q1 learning off
	expect_eq "$(v -j port show vs0:3 | jq '.[0].learning')" true "the vnic that is called as a device here"
	succeeds v port set vs0:3 alias p1
	expect_eq "$(v -j port show p1 | jq '.[0].number')" 1 "a device here before an alias"
	log_test "a device of this network namespace comes before all others"
}

entries()
{
	two
	succeeds v fdb add 02:00:00:00:00:0a dev web
	succeeds v fdb add 02:00:00:00:00:0b dev vs0:4 dynamic
	expect_eq "$(v -j fdb get 02:00:00:00:00:0a dev web | jq -c '.[0] | [.["port-number"], .["port-alias"], .type]')" \
		'[3,"web","static"]' "an entry of a vnic"
	expect_eq "$(v -j fdb show dev vs0:4 dynamic | jq -c '[.[].address]')" '["02:00:00:00:00:0b"]' "entries of a vnic"
	succeeds v fdb replace 02:00:00:00:00:0a dev vs0:4 sticky
	expect_eq "$(v -j fdb get 02:00:00:00:00:0a switch vs0 | jq '.[0]["port-number"]')" 4 "fdb replace"
	succeeds v fdb set 02:00:00:00:00:0a dev web
	shows '^ADDRESS +PORT +SWITCH +TYPE +AGE +ALIAS$' v fdb show
	shows '^02:00:00:00:00:0a +eth0 +vs0 +static sticky +- +web$' v fdb show
	shows '^02:00:00:00:00:0a +eth0 +vs0 +3 +static sticky +- +user +web$' v -d fdb show
	succeeds v fdb del 02:00:00:00:00:0a dev web
	shows '^1 entry flushed$' v fdb flush dev vs0:4
	says 2 "^vsw: port 'nobody': no device has this name.*See 'vsw port show' and 'vsw switch show'\.$" v fdb flush dev nobody
	says 2 "^vsw: entry '02:00:00:00:00:0a': no device has this name" v fdb add 02:00:00:00:00:0a dev nobody
	log_test "MAC entries of vnics"
}

vlans()
{
	two
	succeeds v port set web access 10
	expect_eq "$(v -j vlan show web | jq -c '.[0] | [.number, .pvid]')" '[3,10]' "vlan show by alias"
	expect_eq "$(v -j vlan show vs0:4 | jq -c '.[0] | [.number, .pvid]')" '[4,1]' "vlan show by number"
	shows '^eth0 +vs0 +3 +10 +10 +- +web$' v vlan show vid 10
	log_test "VLANs of vnics"
}

state()
{
	two
	# its ifindex is another device's here
	says 2 "^vsw: port 'web': the device is in another network namespace, .*ip -n NETNS link set eth0 down" \
		v port set web down
	says 2 "another network namespace.*; what was set before stays$" v port set web learning off up
	succeeds v port add c0 type vnic switch vs0 down
	succeeds v port set c0 up
	expect_eq "$(ip -n "$net" -j link show dev c0 | jq -c '.[0].flags | index("UP") != null')" true "a vnic here after up"
	succeeds ip -n "$red" link set eth0 down
	expect_eq "$(v -j port show web | jq '.[0].forwarding')" false "forwarding of a vnic that is down"
	log_test "a vnic elsewhere is set up and down there"
}

text()
{
	clear
	shows '^PORT +SWITCH +NO +STATE +FDB +FLAGS +ALIAS$' v port show
	two
	shows '^PORT +SWITCH +NO +TYPE +STATE +FDB +FLAGS +ALIAS$' v port show
	shows '^p1 +vs0 +1 +- +forwarding ' v port show
	shows '^eth0 +vs0 +3 +vnic +forwarding .* web$' v port show
	shows '^eth0 vnic port 3 of vs0 forwarding fdb [0-9]+ alias web$' v -s port show web
	shows '^    ifindex [0-9]+ netnsid -?[0-9]+ learning on ' v -d port show web
	log_test "the text about vnics"
}

events()
{
	local listener

	clear
	listen monitor
	succeeds v port add eth0 type vnic switch vs0 netns "$red" alias web
	succeeds v fdb add 02:00:00:00:00:0a dev web
	succeeds v port del web
	wait_for seen '^port-del +eth0 vnic port 3 of vs0 '
	seen '^port-new +eth0 vnic port 3 of vs0 '
	check_err $? "the new vnic was not seen"
	seen '^port-set +eth0 vnic port 3 of vs0 .* alias web$'
	check_err $? "its alias was not seen"
	seen '^fdb-new +02:00:00:00:00:0a dev eth0 switch vs0 static$'
	check_err $? "its entry was not seen"
	bg_stop "$listener"
	log_test "the monitor shows vnics"
}

json()
{
	two
	expect_eq "$(v -j port show | jq -c '[.[] | [.name, .type, has("netnsid")]]')" \
		'[["vs0","host",false],["p1","device",false],["p2","device",false],["eth0","vnic",true],["eth0","vnic",true]]' \
		"types in JSON"
	expect_eq "$(v -j -s port show web | jq -c '.[0].stats | has("rx-packets")')" true "counters of a vnic"
	log_test "JSON of vnics"
}

switch_that_goes()
{
	two
	succeeds v switch del vs0
	refused "does not exist" ip -n "$red" link show dev eth0
	log_test "vnics go with their switch"
}

# complete WORD...: what the shell would offer for the last of them
complete_words()
{
	COMP_WORDS=(v "$@")
	COMP_CWORD=$#
	_vsw
	printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' '
}

completion()
{
	two
	# shellcheck source=../tools/completion/vsw
	. "$SELFTESTS/../tools/completion/vsw"
	expect_eq "$(complete_words port del "")" "p1 p2 switch vs0 vs0:4 web " "ports"
	expect_eq "$(complete_words vlan show w)" "web " "ports for vlan show"
	expect_eq "$(complete_words fdb add 02:00:00:00:00:01 dev p)" "p1 p2 " "ports for fdb add"
	expect_eq "$(complete_words port add c0 type v)" "vnic " "types"
	expect_eq "$(complete_words port set p1 tr)" "trunk " "settings"
	expect_eq "$(complete_words run --name x --adapter "")" "veth vnic " "adapters of a container"
	expect_eq "$(complete_words run --ad)" "--adapter " "options of a container"
	expect_eq "$(complete_words capture w)" "web " "ports for capture"
	expect_eq "$(complete_words capture web -d "")" "both in out " "directions for capture"
	expect_eq "$(complete_words v)" "vlan " "objects"
	expect_eq "$(complete_words help mi)" "mirror " "objects to get help about"
	expect_eq "$(complete_words switch set vs0 mcast-quer)" \
		"mcast-querier mcast-querier-interval mcast-query-interval mcast-query-response-interval " \
		"settings of a switch"
	expect_eq "$(complete_words switch add vs1 mcast-igmp-version "")" "2 3 " "versions of IGMP"
	expect_eq "$(complete_words switch set vs0 loop)" "loop-interval " "the time between probes"
	expect_eq "$(complete_words vlan private add 10 11 "")" "community isolated switch " \
		"kinds of private VLANs"
	expect_eq "$(complete_words vlan private del 11 "")" "switch " "the switch of a private VLAN"
	expect_eq "$(complete_words group "")" \
		"add check delete help load replace save set show " "commands of groups"
	expect_eq "$(complete_words service add web 192.0.2.1:80 scheduler w)" "wlc wrr " "schedulers"
	expect_eq "$(complete_words nat add "")" "dnat masquerade one-to-one snat " "kinds of rules"
	expect_eq "$(complete_words backend set web 192.0.2.1 d)" "down drain-timeout " \
		"settings of a backend"
	log_test "completion of ports, VLANs and types"
}

require_command ip jq setpriv
require_vswitch
prepare
setup_ns red blue
run_tests
