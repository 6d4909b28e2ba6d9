#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The guard of a port: who may send what by it, what is dropped and how that is
# counted. The topology is the star of lib.sh; h1 has a veth, h2 a vnic and h3 a
# veth, and all that is said of one kind of port is tried with both.

# shellcheck disable=SC2317
ALL_TESTS="locked locked_roams locked_vlans locked_requests mab mab_bounds mab_ends
	max_macs max_macs_requests violation_told violation_shuts sticky_macs
	sticky_ends storms storm_bits storm_requests
	forged_transmits mac_changes promiscuous promiscuous_bounds promiscuous_snooped
	policy_requests"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_vswitch
load_kind veth
ADAPTERS=mixed
star h1 h2 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"

A=02:00:00:00:0a:01
B=02:00:00:00:0b:01

on_fail()
{
	vsw -s -n "$sw" port show
	vsw -d -n "$sw" fdb show | head -n 20
}

fdb()
{
	vsw -n "$sw" fdb "$@"
}

# port NAME SETTING...
port()
{
	vsw -n "$sw" port set "$@"
}

# guard NAME FILTER: of its settings, as JSON gives them
guard()
{
	[[ $(vsw -j -n "$sw" port show "$1") =~ \"guard\":(\{[^}]*\}) ]]
	first_values "$2" "[${BASH_REMATCH[1]}]"
}

# clean: nothing is learned and nothing said
clean()
{
	printf 'fdb flush switch vs0 %s\n' dynamic static | vsw -n "$sw" -b - >/dev/null
}

# passes HOST MAC N: frames from MAC reach h3, all of them
passes()
{
	succeeds frame -i "${!1}/eth0" -s "$2" -c "$3" "$h3/eth0=$3"
}

# stops REASON HOST MAC N: none does, and each is counted
stops()
{
	local before

	before=$(port_drops "$sw" "$2" "$1")
	succeeds frame -i "${!2}/eth0" -s "$3" -c "$4" "$h3/eth0=0" "$sw/vs0=0"
	expect_eq "$(port_drops "$sw" "$2" "$1")" $((before + $4)) "$2: dropped as $1"
}

# entry MAC FILTER: of one entry, as JSON gives it, with blanks between; .on is the name
# that its port has here
entry()
{
	local text='{}' values

	if [[ $(vsw -j -n "$sw" fdb show) =~ \{\"address\":\"$1\"[^}]*\} ]]; then
		text=${BASH_REMATCH[0]}
		[[ $text =~ \"port-alias\":(\"[^\"]*\") || $text =~ \"port-name\":(\"[^\"]*\") ]]
		text="${text%\}},\"on\":${BASH_REMATCH[1]}}"
	fi
	values=$(first_values "$2" "[$text]")
	echo "${values//$'\n'/ }"
}

locked()
{
	local host

	for host in h1 h2; do
		clean
		passes "$host" "$A" 3
		succeeds port "$host" locked on
		expect_eq "$(guard "$host" .locked)" true "$host: locked"
		fails has_fdb "$sw" "$A"
		stops locked "$host" "$A" 3
		fails has_fdb "$sw" "$A"
		succeeds fdb add "$A" dev "$host" static
		passes "$host" "$A" 3
		stops locked "$host" "$B" 2
		succeeds fdb add "$B" dev "$host" dynamic
		passes "$host" "$B" 2
		succeeds fdb del "$A" dev "$host"
		stops locked "$host" "$A" 2
		# What is sent to it is none of its guard's business.
		succeeds frame -i "$h3/eth0" -s 02:00:00:00:00:03 -d "$B" -c 3 "${!host}/eth0=3"
		succeeds port "$host" locked off
		passes "$host" "$A" 3
		expect_eq "$(entry "$A" ".type, .on")" "dynamic $host" "learned again"
	done
	log_test "a locked port takes frames of addresses that were put there, and no others"
}

# As the bridge has it: to a locked port nobody moves, from it one may.
locked_roams()
{
	clean
	succeeds port h1 locked on
	succeeds fdb add "$A" dev h1 static
	passes h1 "$A" 1
	passes h2 "$A" 1
	expect_eq "$(entry "$A" .on)" h2 "port"
	stops locked h1 "$A" 2
	expect_eq "$(entry "$A" .on)" h2 "port still"
	# The address of the port's own device is the host's.
	stops locked h1 02:00:00:00:01:01 1
	succeeds port h1 locked off
	log_test "an address may move away from a locked port, but not to it"
}

locked_vlans()
{
	clean
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	succeeds port h1 trunk 10,20 native 1 locked on
	succeeds port h3 trunk 10,20 native 1
	succeeds fdb add "$A" dev h1 vlan 10
	succeeds frame -i "$h1/eth0" -s "$A" -v 10 -c 2 "$h3/eth0=2"
	succeeds frame -i "$h1/eth0" -s "$A" -v 20 -c 2 "$h3/eth0=0"
	succeeds frame -i "$h1/eth0" -s "$A" -c 2 "$h3/eth0=0"
	# An entry of no VLAN is one of each.
	succeeds fdb add "$B" dev h1
	succeeds frame -i "$h1/eth0" -s "$B" -v 20 -c 2 "$h3/eth0=2"
	succeeds port h1 access 1 locked off
	succeeds port h3 access 1
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	log_test "an address is authorised in its VLAN"
}

locked_requests()
{
	refused "settings" port vs0 locked on
	refused "neither 'on' nor 'off'" port h1 locked maybe
	succeeds port h1 locked on learning off
	[[ $(vsw -n "$sw" port show) == *"learning off locked on"* ]]
	check_err $? "the table does not show it"
	succeeds port h1 locked off learning on
	log_test "locked is a setting of every port but the host's"
}

is_locked()
{
	[ "$(entry "$1" ".locked, .on")" = "true $2" ]
}

mab()
{
	local host

	start_monitor
	for host in h1 h2; do
		clean
		succeeds port "$host" locked on mab on
		stops locked "$host" "$A" 2
		wait_for is_locked "$A" "$host"
		wait_for heard '"event":"fdb-new"' "\"address\":\"$A\"" '"locked":true' \
			"\"port-number\":$(port_json "$sw" "$host" .number),"
		[[ $(fdb show) == *"$A"*"dynamic locked"* ]]
		check_err $? "the table does not show it"
		# It is no place to send anything to.
		succeeds frame -i "$h3/eth0" -s 02:00:00:00:00:03 -d "$A" -c 2 \
			"$h1/eth0=2" "$h2/eth0=2"
		stops locked "$host" "$A" 2
		succeeds fdb replace "$A" dev "$host" static
		expect_eq "$(entry "$A" '.type, .locked')" "static false" "entry"
		passes "$host" "$A" 2
		# Others wait.
		stops locked "$host" "$B" 1
		wait_for is_locked "$B" "$host"
		succeeds fdb del "$A" dev "$host"
		succeeds port "$host" locked off mab off
	done
	stop_monitor
	log_test "who is not authorised on a port with mab is made known"

	clean
	succeeds port h1 locked on mab on
	stops locked h1 "$A" 1
	passes h2 "$A" 1
	expect_eq "$(entry "$A" ".locked, .on")" "false h2" "entry after a move"
	stops locked h1 "$A" 1
	expect_eq "$(entry "$A" .on)" h2 "port"
	succeeds port h1 locked off mab off
	log_test "a locked entry moves to where nothing is locked, and not back"
}

mab_bounds()
{
	clean
	succeeds port h1 locked on mab on fdb-max 3
	succeeds frame -i "$h1/eth0" -s 02:00:00:01:00:00 -S 8 -c 16 "$h3/eth0=0"
	expect_eq "$(port_json "$sw" h1 '.["fdb-count"]')" 3 "entries"
	succeeds port h1 locked off mab off fdb-max 0
	log_test "locked entries are bounded as learned ones are"
}

mab_ends()
{
	clean
	refused "locked.*attribute 'mab'" port h1 mab on
	refused "learns.*attribute 'learning'" port h1 locked on mab on learning off
	expect_eq "$(guard h1 .locked)" false "locked"
	succeeds port h1 locked on mab on
	refused "learns.*attribute 'learning'" port h1 learning off
	refused "locked.*attribute 'locked'" port h1 locked off
	succeeds fdb add "$B" dev h1
	stops locked h1 "$A" 1
	wait_for has_fdb "$sw" "$A" h1
	succeeds port h1 mab off
	fails has_fdb "$sw" "$A"
	succeeds has_fdb "$sw" "$B" h1
	stops locked h1 "$A" 1
	fails has_fdb "$sw" "$A"
	succeeds port h1 locked off
	log_test "mab needs a port that is locked and learns, and takes its entries along"
}

max_macs()
{
	local host

	for host in h1 h2; do
		clean
		succeeds port "$host" max-macs 2
		passes "$host" "$A" 1
		passes "$host" "$B" 1
		stops max-macs "$host" 02:00:00:00:0c:01 5
		passes "$host" "$A" 3
		passes "$host" "$B" 3
		fails has_fdb "$sw" 02:00:00:00:0c:01
		# One that is behind another port does not come here.
		succeeds frame -i "$h3/eth0" -s 02:00:00:00:0d:01 -c 1 "${!host}/eth0=1"
		stops max-macs "$host" 02:00:00:00:0d:01 2
		succeeds fdb del "$A" dev "$host"
		passes "$host" 02:00:00:00:0c:01 1
		stops max-macs "$host" "$A" 1
		succeeds port "$host" max-macs 3
		passes "$host" "$A" 1
		succeeds port "$host" max-macs 0
		passes "$host" 02:00:00:00:0e:01 1
	done
	log_test "no more MACs send by a port than it may have, and the others lose nothing"
}

max_macs_requests()
{
	clean
	succeeds port h1 max-macs 1
	succeeds fdb add "$A" dev h1
	refused "max-macs" fdb add "$B" dev h1
	refused "max-macs" fdb add "$B" dev h1 dynamic
	stops max-macs h1 "$B" 1
	passes h1 "$A" 1
	succeeds fdb add "$B" dev h3
	refused "max-macs" fdb replace "$B" dev h1
	expect_eq "$(entry "$B" .on)" h3 "port"
	# What does not learn has what it was given.
	succeeds port h1 learning off max-macs 2
	passes h1 02:00:00:00:0c:01 1
	succeeds port h1 learning on max-macs 0
	refused "not a number" port h1 max-macs many
	refused "neither" port h1 violation never
	log_test "the bound holds for requests, too"
}

start_monitor()
{
	log=$(mktemp)
	defer rm -f "$log"
	bg "$VSW" -j -n "$sw" monitor all > "$log"
	monitor_pid=$!
	wait_for poke
}

# Until the monitor is listening.
poke()
{
	fdb add 02:00:00:00:0f:0f dev h3 2>/dev/null
	fdb del 02:00:00:00:0f:0f dev h3
	[ -s "$log" ]
}

stop_monitor()
{
	bg_stop "$monitor_pid"
}

# heard TEXT...: of the events so far, a line each, one has all of these
heard()
{
	local line text

	while read -r line; do
		for text; do
			[[ $line == *"$text"* ]] || continue 2
		done
		return 0
	done < "$log"
	return 1
}

violation_told()
{
	clean
	start_monitor
	succeeds port h1 max-macs 1
	passes h1 "$A" 1
	stops max-macs h1 "$B" 3
	succeeds port h1 violation restrict
	stops max-macs h1 "$B" 20
	wait_for heard '"event":"fdb-refused"' "\"address\":\"$B\"" '"port-name":"h1"'
	stop_monitor
	expect_ge 19 "$(grep -c '"event":"fdb-refused"' "$log")" "one event for many frames: 19"
	succeeds port h1 max-macs 0 violation protect
	log_test "restrict tells of what protect only counts"
}

is_shut()
{
	[ "$(port_json "$sw" "$1" .shut)" = "$2" ]
}

violation_shuts()
{
	local host

	for host in h1 h2; do
		clean
		succeeds port "$host" max-macs 1 violation shutdown
		passes "$host" "$A" 2
		stops max-macs "$host" "$B" 1
		wait_for is_shut "$host" max-macs
		stops port-shut "$host" "$A" 2
		succeeds port "$host" shut off max-macs 0 violation protect
		wait_for is_shut "$host" none
		wait_for passes "$host" "$A" 1
	done
	log_test "shutdown shuts the port"
}

sticky_macs()
{
	local host

	for host in h1 h2; do
		clean
		passes "$host" "$A" 1
		succeeds port "$host" sticky-macs on
		expect_eq "$(entry "$A" ".type, .sticky, .user, .on")" \
			"static true false $host" "what had been learned"
		passes "$host" "$B" 1
		expect_eq "$(entry "$B" ".type, .sticky, .user, .on")" \
			"static true false $host" "what is learned"
		expect_eq "$(port_json "$sw" "$host" '.["fdb-count"]')" 2 "learned entries"
		# Elsewhere, also where nothing is set.
		stops_at_h3 sticky-mac "$B" 3 "${!host}/eth0"
		expect_eq "$(entry "$B" .on)" "$host" "port"
		passes "$host" "$B" 2
		port_link "$host" down
		port_link "$host" up
		wait_for passes_now "$host"
		expect_eq "$(entry "$B" .on)" "$host" "port, after the device was down"
		succeeds port "$host" sticky-macs off
	done
	log_test "what is learned on a sticky port stays there, and sends nowhere else"
}

stops_at_h3()
{
	local before

	before=$(port_drops "$sw" h3 "$1")
	succeeds frame -i "$h3/eth0" -s "$2" -c "$3" "$4=0" "$sw/vs0=0"
	expect_eq "$(port_drops "$sw" h3 "$1")" $((before + $3)) "h3: dropped as $1"
}

passes_now()
{
	frame -i "${!1}/eth0" -s "$A" -c 1 -w 1 "$h3/eth0=1"
}

sticky_ends()
{
	clean
	succeeds port h1 sticky-macs on max-macs 2
	passes h1 "$A" 1
	passes h1 "$B" 1
	stops max-macs h1 02:00:00:00:0c:01 2
	succeeds port h1 sticky-macs off
	expect_eq "$(entry "$A" '.type, .sticky, .user')" "dynamic false false" "entry"
	succeeds frame -i "$h3/eth0" -s "$A" -c 2 "$h1/eth0=2"
	expect_eq "$(entry "$A" .on)" h3 "port"
	expect_eq "$(port_json "$sw" h1 '.["fdb-count"]')" 1 "entries"
	succeeds port h1 max-macs 0
	# A port that goes takes along what was learned on it.
	succeeds vsw -n "$sw" port set h2 sticky-macs on
	passes h2 "$B" 1
	vsw -n "$sw" port del h2
	fails has_fdb "$sw" "$B"
	succeeds frame -i "$h3/eth0" -s "$B" -c 2 "$h1/eth0=2"
	add_vnic h2 && ip -n "$h2" link set eth0 up
	log_test "sticky entries age again when it ends, and go with their port"
}

# storm KIND HOST FRAME-OPTIONS...: of 200 frames at once 20 pass, as a burst, and some
# of the time that it takes; what is left is counted.
storm()
{
	local kind=$1 host=$2 before dropped arrived

	shift 2
	succeeds port "$host" "storm-$kind" 200pps
	before=$(port_drops "$sw" "$host" "storm-$kind")
	arrived=$(frame -i "${!host}/eth0" -s "$A" -c 200 -w 1 "$@" "$h3/eth0")
	arrived=${arrived##* }
	dropped=$(($(port_drops "$sw" "$host" "storm-$kind") - before))
	expect_eq $((arrived + dropped)) 200 "$host, $kind: passed and dropped"
	expect_ge "$arrived" 20 "$host, $kind: passed"
	expect_ge "$dropped" 50 "$host, $kind: dropped"
	succeeds port "$host" "storm-$kind" off
	succeeds frame -i "${!host}/eth0" -s "$A" -c 200 "$@" "$h3/eth0=200"
}

storms()
{
	local host

	for host in h1 h2; do
		clean
		storm broadcast "$host" -d ff:ff:ff:ff:ff:ff
		storm multicast "$host" -d 01:00:5e:01:02:03
		storm unknown "$host" -d 02:00:00:00:ff:01
	done
	log_test "of a storm no more comes in than the limit, and what is dropped is counted"

	succeeds port h1 storm-broadcast 10pps storm-multicast 10pps storm-unknown 10pps
	succeeds fdb add "$B" dev h3
	succeeds frame -i "$h1/eth0" -s "$A" -d "$B" -c 300 "$h3/eth0=300"
	# Each kind has a bucket of its own.
	succeeds frame -i "$h1/eth0" -s "$A" -c 10 "$h3/eth0=10"
	succeeds frame -i "$h1/eth0" -s "$A" -d 01:00:5e:01:02:03 -c 10 "$h3/eth0=10"
	succeeds frame -i "$h1/eth0" -s "$A" -d 02:00:00:00:ff:01 -c 10 "$h3/eth0=10"
	succeeds frame -i "$h2/eth0" -s "$A" -c 100 "$h3/eth0=100"
	succeeds port h1 storm-broadcast off storm-multicast off storm-unknown off
	log_test "known unicast, other ports and other kinds lose nothing in a storm"
}

storm_bits()
{
	local before dropped arrived

	clean
	succeeds port h1 storm-broadcast 8kbit
	before=$(port_drops "$sw" h1 storm-broadcast)
	# 15140 bytes and a frame; then a kilobyte a second.
	arrived=$(frame -i "$h1/eth0" -s "$A" -l 1000 -c 100 -w 1 "$h3/eth0")
	arrived=${arrived##* }
	dropped=$(($(port_drops "$sw" h1 storm-broadcast) - before))
	expect_eq $((arrived + dropped)) 100 "passed and dropped"
	expect_ge "$arrived" 15 "passed"
	expect_ge "$dropped" 50 "dropped"
	succeeds port h1 storm-broadcast off
	log_test "a limit in bits counts bytes"
}

storm_requests()
{
	refused "pps, kbit" port h1 storm-broadcast 100
	refused "pps, kbit" port h1 storm-broadcast pps
	refused "too much" port h1 storm-broadcast 5000gbit
	refused "1 is the least" port h1 storm-broadcast 0pps
	refused "1 is the least" port h1 storm-unknown 00mbit
	refused "given before" port h1 storm-broadcast 1pps storm-broadcast off
	succeeds port h1 storm-broadcast 10mbit
	expect_eq "$(guard h1 '["storm-broadcast-kbps"]')" 10000 "kilobits"
	succeeds port h1 storm-broadcast 5pps
	expect_eq "$(guard h1 '["storm-broadcast-kbps"]')" 0 "kilobits then"
	expect_eq "$(guard h1 '["storm-broadcast-pps"]')" 5 "packets"
	succeeds port h1 storm-broadcast off
	expect_eq "$(guard h1 '["storm-broadcast-pps"]')" 0 "packets at last"
	log_test "limits are in packets or in bits"
}

# address_of HOST: the MAC that its device has
address_of()
{
	echo "02:00:00:00:00:0${host_number[$1]}"
}

forged_transmits()
{
	local host

	for host in h1 h2; do
		clean
		passes "$host" "$A" 1
		clean
		succeeds port "$host" forged-transmits reject
		stops forged-transmit "$host" "$A" 3
		fails has_fdb "$sw" "$A" "$host"
		passes "$host" "$(address_of "$host")" 3
		succeeds port "$host" forged-transmits inherit
		succeeds vsw -n "$sw" switch set vs0 forged-transmits reject
		stops forged-transmit "$host" "$A" 2
		succeeds port "$host" forged-transmits accept
		passes "$host" "$A" 2
		succeeds port "$host" forged-transmits inherit
		succeeds vsw -n "$sw" switch set vs0 forged-transmits accept
		passes "$host" "$A" 1
	done
	log_test "forged transmits are dropped where a port or its switch rejects them"
}

# gets HOST MAC N: of as many frames as that for MAC from h3
gets()
{
	succeeds frame -i "$h3/eth0" -s 02:00:00:00:00:03 -d "$2" -c "$3" "${!1}/eth0=$3"
}

# misses HOST MAC N: all of them are dropped on its port
misses()
{
	local before

	before=$(port_drops "$sw" "$1" mac-changed)
	succeeds frame -i "$h3/eth0" -s 02:00:00:00:00:03 -d "$2" -c "$3" "${!1}/eth0=0"
	expect_eq "$(port_drops "$sw" "$1" mac-changed)" $((before + $3)) "$1: dropped"
}

mac_changes()
{
	local host mac all=ff:ff:ff:ff:ff:ff

	for host in h1 h2; do
		clean
		mac=$(address_of "$host")
		succeeds port "$host" mac-changes reject
		expect_eq "$(guard "$host" '["mac-changes"]')" reject "$host: policy"
		gets "$host" "$mac" 2
		succeeds ip -n "${!host}" link set eth0 address "$B"
		misses "$host" "$all" 3
		misses "$host" 01:00:5e:01:02:03 2
		misses "$host" 02:00:00:00:ff:01 2
		succeeds fdb add "$B" dev "$host"
		misses "$host" "$B" 3
		# It may still send.
		passes "$host" "$A" 2
		succeeds ip -n "${!host}" link set eth0 address "$mac"
		gets "$host" "$all" 3
		gets "$host" "$B" 3
		succeeds port "$host" mac-changes inherit
		expect_eq "$(guard "$host" '["mac-changes"]')" inherit "$host: policy then"
	done
	log_test "who changes its MAC gets nothing until it is set back"

	for host in h1 h2; do
		clean
		mac=$(address_of "$host")
		succeeds ip -n "${!host}" link set eth0 address "$B"
		gets "$host" "$all" 2
		succeeds vsw -n "$sw" switch set vs0 mac-changes reject
		misses "$host" "$all" 2
		succeeds port "$host" mac-changes accept
		gets "$host" "$all" 2
		succeeds port "$host" mac-changes inherit
		misses "$host" "$all" 2
		succeeds vsw -n "$sw" switch set vs0 mac-changes accept
		gets "$host" "$all" 2
		succeeds port "$host" mac-changes reject
		misses "$host" "$all" 2
		succeeds port "$host" mac-changes inherit
		succeeds ip -n "${!host}" link set eth0 address "$mac"
	done
	log_test "a switch says so for its ports, and a port against it"
}

# overhears HOST OTHER: what goes between OTHER and h3, who have $B and $A
overhears()
{
	succeeds frame -i "${!2}/eth0" -s "$B" -d "$A" -c 3 "${!1}/eth0=3" "$h3/eth0=3"
	succeeds frame -i "$h3/eth0" -s "$A" -d "$B" -c 3 "${!1}/eth0=3" "${!2}/eth0=3"
}

# hears_nothing HOST OTHER: of that
hears_nothing()
{
	succeeds frame -i "${!2}/eth0" -s "$B" -d "$A" -c 3 "${!1}/eth0=0" "$h3/eth0=3"
	succeeds frame -i "$h3/eth0" -s "$A" -d "$B" -c 3 "${!1}/eth0=0" "${!2}/eth0=3"
}

promiscuous()
{
	local host other=h2

	for host in h1 h2; do
		clean
		passes "$other" "$B" 1
		succeeds fdb add "$A" dev h3
		hears_nothing "$host" "$other"
		succeeds port "$host" promiscuous accept flood off
		overhears "$host" "$other"
		succeeds frame -i "$h3/eth0" -s "$A" -d 02:00:00:00:0d:01 -c 3 "${!host}/eth0=3"
		succeeds frame -i "$sw/vs0" -s 02:00:00:00:0e:01 -d "$A" -c 3 \
			"${!host}/eth0=3" "$h3/eth0=3"
		# Once each, where it is for the port itself.
		succeeds fdb add 02:00:00:00:0d:01 dev "$host"
		gets "$host" 02:00:00:00:0d:01 3
		# What the switch does not forward, nobody gets.
		succeeds frame -i "$h3/eth0" -s "$B" -d "$A" -c 3 "${!host}/eth0=0"
		passes "$other" "$B" 1
		succeeds port "$host" promiscuous inherit flood on
		hears_nothing "$host" "$other"
		other=h1
	done
	log_test "a promiscuous port gets all that the switch forwards"

	clean
	passes h2 "$B" 1
	succeeds fdb add "$A" dev h3
	succeeds vsw -n "$sw" switch set vs0 promiscuous accept
	overhears h1 h2
	succeeds port h1 promiscuous reject
	hears_nothing h1 h2
	succeeds port h1 promiscuous inherit
	overhears h1 h2
	succeeds vsw -n "$sw" switch set vs0 promiscuous reject
	hears_nothing h1 h2
	log_test "a switch says so for its ports, and a port against it"
}

promiscuous_bounds()
{
	clean
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	passes h2 "$B" 1
	succeeds fdb add "$A" dev h3
	succeeds port h1 promiscuous accept
	overhears h1 h2
	succeeds port h1 access 10
	hears_nothing h1 h2
	succeeds port h1 trunk 1
	succeeds frame -i "$h2/eth0" -s "$B" -d "$A" -c 3 "$h1/eth0@1=3" "$h3/eth0@=3"
	succeeds port h1 access 1 isolated on
	succeeds port h2 isolated on
	succeeds frame -i "$h2/eth0" -s "$B" -d "$A" -c 3 "$h1/eth0=0" "$h3/eth0=3"
	succeeds frame -i "$h3/eth0" -s "$A" -d "$B" -c 3 "$h1/eth0=3" "$h2/eth0=3"
	succeeds port h2 isolated off
	succeeds port h1 isolated off promiscuous inherit
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	log_test "it gets what is of its VLANs, and nothing from other isolated ports"
}

# What is for a group comes to who is promiscuous, once, whether it asked for it or not.
promiscuous_snooped()
{
	local host data=(mcast send "$h3/eth0" data 239.1.2.3 --)

	clean
	succeeds vsw -n "$sw" switch set vs0 mcast-snooping on mcast-query-response-interval 0.1
	wait_for "${data[@]}" "$h1/eth0=0" "$h2/eth0=0"
	for host in h1 h2; do
		succeeds port "$host" promiscuous accept mcast-flood off
		succeeds "${data[@]}" "${!host}/eth0=1"
		succeeds vsw -n "$sw" mdb add dev "$host" grp 239.1.2.3
		succeeds "${data[@]}" "${!host}/eth0=1"
		succeeds port "$host" promiscuous inherit mcast-flood on
		succeeds "${data[@]}" "${!host}/eth0=1"
		succeeds vsw -n "$sw" mdb del dev "$host" grp 239.1.2.3
		succeeds "${data[@]}" "${!host}/eth0=0"
	done
	succeeds vsw -n "$sw" switch set vs0 mcast-snooping off
	log_test "snooping keeps nothing from a promiscuous port"
}

policy_requests()
{
	local policy sent

	succeeds ip -n "$sw" link add nic0 type dummy
	refused "which MAC is behind it.*attribute 'mac-changes'" vsw -n "$sw" port add nic0 \
		switch vs0 mac-changes reject
	refused "locked.*attribute 'mab'" vsw -n "$sw" port add nic0 switch vs0 mab on
	succeeds vsw -n "$sw" port add nic0 switch vs0
	for policy in mac-changes forged-transmits; do
		refused "which MAC is behind it.*attribute '$policy'" port nic0 "$policy" reject
		succeeds port nic0 "$policy" accept
		refused "neither" vsw -n "$sw" switch set vs0 "$policy" inherit
		refused "neither 'accept'" port h1 "$policy" on
		succeeds vsw -n "$sw" switch set vs0 "$policy" reject
	done
	# The switch's are not for a port of which that is not known.
	sent=$(port_stat "$sw" nic0 tx-packets)
	succeeds frame -i "$h3/eth0" -s 02:00:00:00:00:03 -c 2 "$h1/eth0=2"
	expect_ge "$(port_stat "$sw" nic0 tx-packets)" $((sent + 2)) "frames that it was sent"
	[[ $(vsw -n "$sw" switch show vs0) == *"mac-changes reject forged-transmits reject"* ]]
	check_err $? "the switch does not show it"
	[[ $(vsw -d -n "$sw" switch show vs0) == *"promiscuous reject mac-changes reject"* ]]
	check_err $? "nor all of them"
	succeeds vsw -n "$sw" switch set vs0 mac-changes accept forged-transmits accept
	ip -n "$sw" link del nic0
	log_test "policies about a MAC are for ports of which it is known"
}

run_tests
