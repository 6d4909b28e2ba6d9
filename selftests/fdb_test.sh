#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The MAC table: what gets in, what it is good for, how it goes, and that all of
# it is told. The topology is the star of lib.sh with the hosts h1 and h2, and a
# third port d0 on which many addresses are.

# shellcheck disable=SC2317
ALL_TESTS="local_entries dynamic_entries static_entries sticky_entries
	local_by_request replace bad_requests ageing ageing_zero ageing_changed refresh
	switch_limit port_limit limit_by_request flush port_gone port_goes_down
	events many_entries dump_changes"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq
require_vswitch
load_kind veth dummy
star h1 h2 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2"
ip -n "$sw" link add d0 address 02:00:00:00:01:0d type dummy
ip -n "$sw" link set d0 master vs0 up

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
A=02:00:00:00:0a:01
B=02:00:00:00:0b:01

on_fail()
{
	vsw -s -n "$sw" port show
	vsw -n "$sw" fdb show | head -n 20
}

fdb()
{
	vsw -n "$sw" fdb "$@"
}

clean()
{
	fdb flush switch vs0 >/dev/null
	fdb flush switch vs0 static >/dev/null
	fdb flush switch vs0 local >/dev/null
}

# In jq: what a port is called here, by an entry or by itself.
port='(.["port-alias"] // .["port-name"] // .alias // .name)'

# entry MAC FILTER: of one entry, as JSON gives it
entry()
{
	fdb_json "$sw" "[.[] | select(.address == \"$1\")][0] | $2"
}

from_h1()
{
	succeeds frame -i "$h1/eth0" -s "$M1" "$@"
}

fdb_count()
{
	switch_json "$sw" vs0 '.["fdb-count"]'
}

has_learned()
{
	[ "$(fdb_count)" -ge "$1" ]
}

port_count()
{
	port_json "$sw" "$1" '.["fdb-count"]'
}

# What a vnic is called is its container's, and nothing to the host.
local_entries()
{
	local host n=0

	clean
	expect_eq "$(entry 02:00:00:00:01:0d ".type, $port, .user" | xargs)" "local d0 false" \
		"entry of the port d0"
	for host in h1 h2; do
		n=$((n + 1))
		if is_vnic "$host"; then
			fails has_fdb "$sw" "02:00:00:00:00:0$n"
			succeeds fdb add "02:00:00:00:00:0$n" dev d0 static
			succeeds fdb del "02:00:00:00:00:0$n" dev d0
			continue
		fi
		expect_eq "$(entry "02:00:00:00:01:0$n" ".type, $port, .user" | xargs)" \
			"local $host false" "entry of the port $host"
	done
	expect_eq "$(fdb_count)" 0 "dynamic entries"
	refused "address of a device" fdb del 02:00:00:00:01:0d dev d0
	refused "." fdb add 02:00:00:00:01:0d dev h2 static
	refused "." fdb replace 02:00:00:00:01:0d dev h2 static
	expect_eq "$(entry 02:00:00:00:01:0d .type)" local "entry of the port d0 then"
	succeeds frame -i "$h2/eth0" -s 02:00:00:00:01:0d -d "$M2"
	expect_eq "$(entry 02:00:00:00:01:0d ".type, $port" | xargs)" "local d0" \
		"entry of the port d0 when somebody else sent from it"
	log_test "addresses of devices are local and stay"
}

dynamic_entries()
{
	local learned name=h1

	clean
	learned=$(port_stat "$sw" h1 learned)
	from_h1 -c 5 "$h2/eth0=5"
	expect_eq "$(entry "$M1" ".type, $port, .user, .sticky" | xargs)" \
		"dynamic h1 false false" "learned entry"
	expect_eq "$(fdb_count) $(port_count h1) $(port_count h2)" "1 1 0" "counts"
	expect_eq "$(port_stat "$sw" h1 learned)" $((learned + 1)) "learned"
	is_vnic h1 && name=eth0
	expect_eq "$(entry "$M1" '.["port-name"], .["port-number"]' | xargs)" \
		"$name $(port_json "$sw" h1 .number)" "the device's name and the port's number"
	succeeds fdb del "$M1" dev h1
	fails has_fdb "$sw" "$M1"
	expect_eq "$(fdb_count) $(port_count h1)" "0 0" "counts then"
	log_test "addresses are learned and can be deleted"
}

static_entries()
{
	clean
	succeeds fdb add "$A" dev h1
	expect_eq "$(entry "$A" ".type, $port, .user, .sticky" | xargs)" \
		"static h1 true false" "static entry"
	expect_eq "$(fdb_count)" 0 "dynamic entries"
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$A" -c 3 "$h1/eth0=3"
	refused "." fdb add "$A" dev h2
	expect_eq "$(entry "$A" "$port")" h1 "port"
	succeeds frame -i "$h2/eth0" -s "$A" "$h1/eth0=1"
	expect_eq "$(entry "$A" ".type, $port" | xargs)" "static h2" "entry after a move"
	refused "no such" fdb del "$A" dev h1
	succeeds fdb del "$A" switch vs0
	log_test "static entries forward, and move with their host"
}

sticky_entries()
{
	clean
	succeeds fdb add "$A" dev h1 static sticky
	succeeds fdb add "$B" dev h1 dynamic sticky
	expect_eq "$(entry "$B" '.type, .sticky' | xargs)" "dynamic true" "dynamic sticky entry"
	succeeds frame -i "$h2/eth0" -s "$A" "$h1/eth0=1"
	succeeds frame -i "$h2/eth0" -s "$B" "$h1/eth0=1"
	expect_eq "$(entry "$A" "$port")" h1 "port of the static one"
	expect_eq "$(entry "$B" "$port")" h1 "port of the dynamic one"
	succeeds frame -i "$h2/eth0" -s "$M2" -d "$A" -c 3 "$h1/eth0=3"
	log_test "sticky entries do not move"
}

local_by_request()
{
	clean
	succeeds fdb add "$A" dev vs0
	expect_eq "$(entry "$A" ".type, $port, .user" | xargs)" "local vs0 true" "entry"
	from_h1 -d "$A" -c 3 "$sw/vs0=3" "$h2/eth0=0"
	succeeds frame -i "$h2/eth0" -s "$A" "$h1/eth0=1"
	expect_eq "$(entry "$A" ".type, $port" | xargs)" "local vs0" "entry then"
	succeeds fdb del "$A" dev vs0
	from_h1 -d "$A" -c 3 "$sw/vs0=0" "$h2/eth0=3"
	refused "." fdb add "$A" dev vs0 static
	refused "." fdb add "$A" dev vs0 local sticky
	refused "." fdb add "$A" dev h1 local
	fails has_fdb "$sw" "$A"
	log_test "the host gets addresses by request, on the switch's device only"
}

replace()
{
	clean
	succeeds fdb add "$A" dev h1 static
	succeeds fdb replace "$A" dev h2 dynamic
	expect_eq "$(entry "$A" ".type, $port" | xargs)" "dynamic h2" "entry"
	expect_eq "$(fdb_count) $(port_count h2)" "1 1" "counts"
	succeeds fdb replace "$A" dev h1 static sticky
	expect_eq "$(entry "$A" ".type, $port, .sticky" | xargs)" "static h1 true" "entry then"
	expect_eq "$(fdb_count) $(port_count h2)" "0 0" "counts then"
	succeeds fdb replace "$B" dev h1
	expect_eq "$(entry "$B" .type)" static "entry that was not there before"
	log_test "replace changes what is there, or adds"
}

bad_requests()
{
	clean
	refused "." fdb add 00:00:00:00:00:00 dev h1
	refused "." fdb add 01:00:5e:00:00:01 dev h1
	refused "." fdb add ff:ff:ff:ff:ff:ff dev h1
	refused "." fdb add "$A" dev lo
	refused "." fdb add "$A" dev nosuch
	refused "." fdb add "$A" dev h1 switch nosuch
	refused "no such" fdb del "$A" dev h1
	refused "." fdb get "$A" switch vs0
	refused "." fdb flush dev lo
	refused "." fdb show switch h1
	expect_eq "$(fdb_json "$sw" '[.[] | select(.user)] | length')" 0 "entries by request"
	log_test "requests that make no sense are refused"
}

ageing()
{
	clean
	from_h1 "$h2/eth0=1"
	succeeds has_fdb "$sw" "$M1" h1
	fdb add "$A" dev h2 static
	fdb add "$B" dev h2 dynamic
	vsw -n "$sw" switch set vs0 ageing 1
	wait_for not has_fdb "$sw" "$M1"
	wait_for not has_fdb "$sw" "$B"
	succeeds has_fdb "$sw" "$A" h2
	expect_eq "$(fdb_count) $(port_count h1)" "0 0" "counts"
	succeeds has_fdb "$sw" 02:00:00:00:01:0d d0
	vsw -n "$sw" switch set vs0 ageing 300
	log_test "dynamic entries age, others do not"
}

ageing_zero()
{
	clean
	from_h1 "$h2/eth0=1"
	vsw -n "$sw" switch set vs0 ageing 0
	fails has_fdb "$sw" "$M1"
	from_h1 -c 3 "$h2/eth0=3"
	fails has_fdb "$sw" "$M1"
	vsw -n "$sw" switch set vs0 ageing 300
	from_h1 "$h2/eth0=1"
	succeeds has_fdb "$sw" "$M1" h1
	log_test "with an ageing time of 0 nothing is learned"
}

# Ages are counted in another unit then, while frames go on to come.
ageing_changed()
{
	local sender learned seconds

	clean
	fdb add "$B" dev h2 dynamic sticky
	bg frame -c 0 -p 2000 -i "$h1/eth0" -s 02:00:00:00:10:00 -S 50 -d "$M2"
	sender=$!
	wait_for has_learned 51
	learned=$(port_stat "$sw" h1 learned)
	for seconds in 60 300 20 1000 10 300; do
		succeeds vsw -n "$sw" switch set vs0 ageing "$seconds"
		succeeds has_fdb "$sw" "$B" h2
	done
	expect_eq "$(port_stat "$sw" h1 learned)" "$learned" "MACs learned, none again"
	bg_stop "$sender"
	log_test "another ageing time forgets nothing"
}

# An entry in use outlives its ageing time several times over.
refresh()
{
	local end

	clean
	vsw -n "$sw" switch set vs0 ageing 5
	from_h1 "$h2/eth0=1"
	fdb add "$B" dev h2 dynamic
	bg frame -c 0 -p 10000 -i "$h1/eth0" -s "$M1" -d "$M2"
	end=$!
	wait_for not has_fdb "$sw" "$B"
	succeeds has_fdb "$sw" "$M1" h1
	bg_stop "$end"
	wait_for not has_fdb "$sw" "$M1"
	vsw -n "$sw" switch set vs0 ageing 300
	log_test "an entry that is used does not age"
}

switch_limit()
{
	local refused

	clean
	vsw -n "$sw" switch set vs0 fdb-max 5
	refused=$(port_stat "$sw" h1 learn-refused)
	succeeds frame -i "$h1/eth0" -s 02:00:00:01:00:00 -S 8 -c 8 "$h2/eth0=8"
	expect_eq "$(fdb_count)" 5 "entries"
	expect_eq "$(port_stat "$sw" h1 learn-refused)" $((refused + 3)) "refused"
	succeeds frame -i "$h2/eth0" -s "$M2" -d 02:00:00:01:00:07 -c 3 "$h1/eth0=3"
	succeeds frame -i "$h2/eth0" -s "$M2" -d 02:00:00:01:00:04 -c 3 "$h1/eth0=3" "$sw/vs0=0"
	vsw -n "$sw" switch set vs0 fdb-max 0
	succeeds frame -i "$h1/eth0" -s 02:00:00:01:00:00 -S 8 -c 8 "$h2/eth0=8"
	expect_eq "$(port_count h1)" 8 "entries without a bound"
	vsw -n "$sw" switch set vs0 fdb-max 65536
	log_test "the switch's bound is kept, and frames pass all the same"
}

port_limit()
{
	local refused

	clean
	vsw -n "$sw" port set h1 fdb-max 2
	refused=$(port_stat "$sw" h1 learn-refused)
	succeeds frame -i "$h1/eth0" -s 02:00:00:01:00:00 -S 6 -c 6 "$h2/eth0=6"
	expect_eq "$(port_count h1) $(fdb_count)" "2 2" "entries"
	expect_eq "$(port_stat "$sw" h1 learn-refused)" $((refused + 4)) "refused"
	succeeds frame -i "$h2/eth0" -s 02:00:00:02:00:00 -S 6 -c 6 "$h1/eth0=6"
	expect_eq "$(port_count h2)" 6 "entries of another port"
	log_test "a port's bound is kept, and other ports are not held up"

	# A host can't move to a port that is full: its frames still pass.
	succeeds frame -i "$h1/eth0" -s 02:00:00:02:00:00 "$h2/eth0=1"
	expect_eq "$(entry 02:00:00:02:00:00 "$port")" h2 "port"
	expect_eq "$(port_count h1)" 2 "entries"
	vsw -n "$sw" port set h1 fdb-max 0
	succeeds frame -i "$h1/eth0" -s 02:00:00:02:00:00 "$h2/eth0=1"
	expect_eq "$(entry 02:00:00:02:00:00 "$port")" h1 "port without a bound"
	log_test "no entry moves to a port that is full"
}

limit_by_request()
{
	clean
	vsw -n "$sw" port set h1 fdb-max 1
	succeeds fdb add "$A" dev h1 dynamic
	refused "fdb-max" fdb add "$B" dev h1 dynamic
	fails has_fdb "$sw" "$B"
	succeeds fdb add "$B" dev h1 static
	refused "fdb-max" fdb replace "$B" dev h1 dynamic
	expect_eq "$(entry "$B" .type)" static "entry"
	vsw -n "$sw" port set h1 fdb-max 0
	vsw -n "$sw" switch set vs0 fdb-max 1
	refused "fdb-max" fdb add 02:00:00:00:0c:01 dev h2 dynamic
	vsw -n "$sw" switch set vs0 fdb-max 65536
	log_test "bounds hold for requests, too"
}

flush()
{
	clean
	fdb add "$A" dev h1 static
	fdb add "$B" dev vs0 local
	from_h1 "$h2/eth0=1"
	succeeds frame -i "$h2/eth0" -s "$M2" "$h1/eth0=1"
	succeeds fdb flush dev h1
	fails has_fdb "$sw" "$M1"
	succeeds has_fdb "$sw" "$M2" h2
	succeeds has_fdb "$sw" "$A" h1
	expect_eq "$(vsw -j -n "$sw" fdb flush switch vs0 | jq '.. | .flushed? // empty')" 1 "flushed"
	fails has_fdb "$sw" "$M2"
	succeeds has_fdb "$sw" "$A" h1
	succeeds fdb flush switch vs0 static
	fails has_fdb "$sw" "$A"
	succeeds has_fdb "$sw" "$B" vs0
	succeeds fdb flush switch vs0 local
	fails has_fdb "$sw" "$B"
	succeeds has_fdb "$sw" 02:00:00:00:01:0d d0
	log_test "flush by port and type"
}

port_gone()
{
	clean
	fdb add "$A" dev d0 static
	fdb add "$B" dev d0 dynamic
	fdb add 02:00:00:00:0c:01 dev h1 static
	vsw -n "$sw" port del d0
	fails has_fdb "$sw" "$A"
	fails has_fdb "$sw" "$B"
	# A switch with vnics only goes on to be called as its last port was.
	if is_vnic h1; then
		succeeds has_fdb "$sw" 02:00:00:00:01:0d vs0
	else
		fails has_fdb "$sw" 02:00:00:00:01:0d
	fi
	succeeds has_fdb "$sw" 02:00:00:00:0c:01 h1
	expect_eq "$(fdb_count)" 0 "dynamic entries"
	vsw -n "$sw" port add d0 switch vs0
	fails has_fdb "$sw" "$A"
	log_test "entries go with their port"
}

port_goes_down()
{
	clean
	from_h1 "$h2/eth0=1"
	succeeds frame -i "$h2/eth0" -s "$M2" "$h1/eth0=1"
	fdb add "$A" dev h1 static
	port_link h1 down
	wait_for not has_fdb "$sw" "$M1"
	succeeds has_fdb "$sw" "$A" h1
	succeeds has_fdb "$sw" "$M2" h2
	port_link h1 up
	wait_for carrier "$h1" eth0
	wait_for port_forwards h1
	log_test "a port that goes down forgets what it learned"
}

port_forwards()
{
	[ "$(port_json "$sw" "$1" .forwarding)" = true ]
}

# has_event FILE EVENT FILTER: was this told of an object like this?
has_event()
{
	jq -e -s "any(.[]; .event == \"$2\" and (.${2%%-*} | $3))" "$1" >/dev/null
}

events()
{
	local log pid h1_number h2_number

	clean
	h1_number=$(port_json "$sw" h1 .number)
	h2_number=$(port_json "$sw" h2 .number)
	log=$(mktemp)
	defer rm -f "$log"
	bg "$VSW" -j -n "$sw" monitor all > "$log"
	pid=$!
	# Until the monitor is listening.
	wait_for poke "$log"
	from_h1 "$h2/eth0=1"
	wait_for has_event "$log" fdb-new ".address == \"$M1\" and .[\"port-number\"] == $h1_number"
	log_test "learning is told"
	succeeds frame -i "$h2/eth0" -s "$M1" "$h1/eth0=1"
	wait_for has_event "$log" fdb-new ".address == \"$M1\" and .[\"port-number\"] == $h2_number"
	log_test "a move is told"
	fdb flush switch vs0 >/dev/null
	wait_for has_event "$log" fdb-del ".address == \"$M1\""
	log_test "a deletion is told"
	fdb add "$A" dev h1
	wait_for has_event "$log" fdb-new ".address == \"$A\" and .type == \"static\""
	vsw -n "$sw" port set h1 hairpin on
	wait_for has_event "$log" port-set "$port == \"h1\" and .hairpin == true"
	vsw -n "$sw" port set h1 hairpin off
	vsw -n "$sw" port del d0
	wait_for has_event "$log" port-del '.name == "d0"'
	vsw -n "$sw" port add d0 switch vs0
	wait_for has_event "$log" port-new '.name == "d0"'
	vsw -n "$sw" switch add vs5
	wait_for has_event "$log" switch-new '.name == "vs5"'
	vsw -n "$sw" switch set vs5 ageing 5
	wait_for has_event "$log" switch-set '.name == "vs5" and .["ageing-time"] == 5000'
	vsw -n "$sw" switch del vs5
	wait_for has_event "$log" switch-del '.name == "vs5"'
	log_test "changes of switches, ports and entries by request are told"
	bg_stop "$pid"
}

# Something happens, and FILE has something.
poke()
{
	fdb replace "$B" dev h1
	[ -s "$1" ]
}

many_entries()
{
	local refused host devices=1

	clean
	refused=$(port_stat "$sw" h1 learn-refused)
	succeeds frame -i "$h1/eth0" -s 02:00:10:00:00:00 -S 10000 -c 10000 -l 60 "$h2/eth0=10000"
	expect_eq "$(port_stat "$sw" h1 learn-refused)" "$refused" "refused"
	expect_eq "$(port_count h1) $(fdb_count)" "10000 10000" "entries"
	# The ports but for vnics and the switch, which has the MAC of one, are there too.
	for host in h1 h2; do
		is_vnic "$host" || devices=$((devices + 1))
	done
	expect_eq "$(in_ns "$sw" nldump fdb | sed 's/ parts.* i/ i/')" \
		"objects $((10000 + devices)) again 0 interrupted 0" "dump"
	log_test "10000 addresses are learned and dumped, each once"
	succeeds frame -i "$h2/eth0" -s "$M2" -d 02:00:10:00:00:00 -D 10000 -c 10000 -l 60 "$h1/eth0=10000"
	log_test "frames to 10000 learned addresses arrive"
	expect_eq "$(vsw -j -n "$sw" fdb flush dev h1 | jq '.. | .flushed? // empty')" 10000 "flushed"
	expect_eq "$(port_count h1)" 0 "entries"
	log_test "10000 addresses are flushed"
}

dump_changes()
{
	local out

	clean
	succeeds frame -i "$h1/eth0" -s 02:00:10:00:00:00 -S 1000 -c 1000 -l 60 "$h2/eth0=1000"
	out=$(in_ns "$sw" nldump -c "'$VSW' fdb add $A dev h2" fdb)
	[[ $out == *"again 0 "*"interrupted 1" ]]
	check_err $? "an addition: $out"
	out=$(in_ns "$sw" nldump -c "'$VSW' fdb flush dev h1 >/dev/null" fdb)
	[[ $out == *"again 0 "*"interrupted 1" ]]
	check_err $? "a flush: $out"
	out=$(in_ns "$sw" nldump -c "'$VSW' switch del vs0" fdb)
	[[ $out == *"again 0 "* ]]
	check_err $? "the switch deleted: $out"
	log_test "a dump says that it was interrupted by a change"
}

run_tests
