#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The MAC table of a switch as bridge(8) shows and sets it.
#
#   +-- $sw -----------------------------+   +-- $peer --+
#   |  vs0     p1 ------------------------- eth1         |
#   |          p2 ------------------------- eth2         |
#   |                                    |   | n1, a vnic |
#   +------------------------------------+   +-----------+

# shellcheck disable=SC2317
ALL_TESTS="add append_replace del host vnic get refused_entries flush many monitor frames"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command bridge
require_vswitch
load_kind veth
setup_ns sw peer
# shellcheck disable=SC2154  # setup_ns assigned them
: "$sw" "$peer"

A=02:00:00:00:0a:01
B=02:00:00:00:0a:02
C=02:00:00:00:0a:03

b()
{
	bridge -n "$sw" "$@"
}

ip -n "$sw" -b - <<-END || exit 1
	link add vs0 type vswitch vlan_filtering 1
	link add p1 address 02:00:00:00:01:01 type veth peer name eth1 netns $peer
	link add p2 address 02:00:00:00:01:02 type veth peer name eth2 netns $peer
	link set p1 master vs0 up
	link set p2 master vs0 up
	link set vs0 up
END
printf 'link set %s up\n' eth1 eth2 | ip -n "$peer" -b -
vsw -n "$sw" port add n1 type vnic switch vs0 netns "$peer"

on_fail()
{
	b fdb show dev vs0
	vsw -n "$sw" fdb show
}

# entry MAC: what bridge fdb show says of it, without the MAC
entry()
{
	b fdb show dev vs0 | sed -n "s/^$1 \(.*[^ ]\) *$/\1/p"
}

# type_of MAC [VLAN]: what vsw says of it: type, port, sticky
type_of()
{
	local rest entry vid values

	rest=$(vsw -j -n "$sw" fdb show switch vs0)
	while [[ $rest =~ (\{\"address\":\"$1\"[^}]*\})(.*) ]]; do
		entry=${BASH_REMATCH[1]} rest=${BASH_REMATCH[2]} vid=
		[[ $entry =~ \"vlan\":([0-9]+) ]] && vid=${BASH_REMATCH[1]}
		[ "$vid" = "${2-}" ] || continue
		values=$(first_values '.type, .["port-name"], .sticky' "[$entry]")
		echo "${values//$'\n'/ }"
	done
}

add()
{
	succeeds b fdb add "$A" dev vs0 self via p1 static
	expect_eq "$(entry "$A")" "via p1 self static" "static"
	expect_eq "$(type_of "$A")" "static p1 false" "static, to vsw"
	succeeds b fdb add "$B" dev vs0 self via p2 dynamic vlan 10
	expect_eq "$(entry "$B")" "vlan 10 via p2 self" "dynamic"
	expect_eq "$(type_of "$B" 10)" "dynamic p2 false" "dynamic, to vsw"
	succeeds b fdb add "$C" dev vs0 self port 2 sticky
	expect_eq "$(entry "$C")" "via p2 self sticky static" "sticky, the port by its number"
	expect_eq "$(type_of "$C")" "static p2 true" "sticky, to vsw"
	refused "already" b fdb add "$A" dev vs0 self via p2 static
	expect_eq "$(type_of "$A")" "static p1 false" "the one that was there"
	[[ $(b -s fdb show dev vs0) =~ ${A}[^$'\n']*"used "[0-9]+/[0-9]+ ]]
	check_err $? "no age with -s"
	log_test "bridge fdb add makes static, dynamic and sticky entries"
}

append_replace()
{
	succeeds b fdb replace "$A" dev vs0 self via p2 dynamic
	expect_eq "$(type_of "$A")" "dynamic p2 false" "replaced"
	succeeds b fdb append "$A" dev vs0 self via p1 static sticky
	expect_eq "$(type_of "$A")" "static p1 true" "appended to"
	succeeds b fdb replace "$A" dev vs0 self via p1 static vlan 10
	expect_eq "$(type_of "$A" 10)" "static p1 false" "replaced where there was none"
	expect_eq "$(type_of "$A")" "static p1 true" "that of no VLAN"
	log_test "bridge fdb replace and append change an entry"
}

del()
{
	succeeds b fdb del "$A" dev vs0 self vlan 10
	expect_eq "$(entry "$A")" "via p1 self sticky static" "the one of no VLAN"
	refused "no such" b fdb del "$A" dev vs0 self via p2
	succeeds b fdb del "$A" dev vs0 self via p1
	succeeds b fdb del "$B" dev vs0 self vlan 10
	succeeds b fdb del "$C" dev vs0 self
	expect_eq "$(entry "$A")$(entry "$B")$(entry "$C")" "" "entries"
	refused "no such" b fdb del "$A" dev vs0 self
	log_test "bridge fdb del takes away"
}

host()
{
	succeeds b fdb add "$A" dev vs0 self
	expect_eq "$(entry "$A")" "self permanent" "the host's"
	expect_eq "$(type_of "$A")" "local vs0 false" "the host's, to vsw"
	succeeds b fdb add "$B" dev vs0 vlan 10 local
	expect_eq "$(type_of "$B" 10)" "local vs0 false" "the host's in a VLAN"
	refused "local" b fdb add "$C" dev vs0 self static
	succeeds b fdb del "$A" dev vs0 self
	succeeds b fdb del "$B" dev vs0 self vlan 10
	expect_eq "$(entry 02:00:00:00:01:01)" "via p1 self permanent" "address of a port"
	refused "address of a device" b fdb del 02:00:00:00:01:01 dev vs0 self
	log_test "entries of the host name no port"
}

vnic()
{
	succeeds b fdb add "$A" dev vs0 self port 3 static
	expect_eq "$(entry "$A")" "port 3 self static" "behind a vnic elsewhere"
	refused "no such port|no port" b fdb add "$B" dev vs0 self port 4 static
	refused "." bridge -n "$peer" fdb add "$B" dev vs0 self static
	succeeds b fdb del "$A" dev vs0 self port 3
	log_test "a vnic in another namespace is named by its number"
}

get()
{
	b fdb add "$A" dev vs0 self via p1 static
	b fdb add "$A" dev vs0 self via p2 static vlan 10
	expect_eq "$(b fdb get "$A" br vs0 | xargs)" "$A dev vs0 via p1 self static" "of no VLAN"
	expect_eq "$(b fdb get "$A" dev vs0 self vlan 10 | xargs)" \
		"$A dev vs0 vlan 10 via p2 self static" "of its VLAN"
	expect_eq "$(b fdb get "$A" br vs0 vlan 20 | xargs)" "$A dev vs0 via p1 self static" \
		"of no VLAN, for one that has none"
	refused "no such" b fdb get "$B" br vs0
	log_test "bridge fdb get shows by which entry frames go"
}

refused_entries()
{
	local before

	before=$(vsw -n "$sw" fdb show switch vs0 type static)
	refused "unicast" b fdb add 01:00:5e:00:00:01 dev vs0 self via p1 static
	refused "no dst" b fdb add "$B" dev vs0 self dst 192.0.2.1
	refused "no dst" b fdb add "$B" dev vs0 self via p1 vni 5
	refused "extern_learn" b fdb add "$B" dev vs0 self via p1 extern_learn
	refused "extern_learn" b fdb add "$B" dev vs0 self via p1 use
	refused "no port" b fdb add "$B" dev vs0 self via lo static
	refused "." b fdb add "$B" dev p1 master static
	refused "." b fdb add "$B" dev vs0 self via p1 vlan 4095
	expect_eq "$(vsw -n "$sw" fdb show switch vs0 type static)" "$before" "static entries"
	log_test "what an entry of a switch has not is refused"
}

# fill: an entry of each kind
fill()
{
	b -b - <<-END
		fdb flush dev vs0 self
		fdb add $A dev vs0 self via p1 static
		fdb add $B dev vs0 self via p2 dynamic vlan 10
		fdb add $C dev vs0 self
	END
}

# kinds: of the entries that fill has made, those that are there
kinds()
{
	vsw -j -n "$sw" fdb show switch vs0 | grep -o '{[^}]*"user":true[^}]*}' |
		sed 's/.*"type":"\(.\).*/\1/' | sort | tr -d '\n'
}

flush()
{
	fill
	expect_eq "$(kinds)" dls "entries"
	succeeds b fdb flush dev vs0 self dynamic
	expect_eq "$(kinds)" ls "after dynamic"
	fill
	succeeds b fdb flush dev vs0 self nopermanent
	expect_eq "$(kinds)" l "after nopermanent"
	fill
	succeeds b fdb flush dev vs0 self vlan 10
	expect_eq "$(kinds)" ls "after VLAN 10"
	fill
	succeeds b fdb flush dev vs0 self brport p1
	expect_eq "$(kinds)" dl "after brport p1"
	fill
	refused "." b fdb flush dev vs0 self sticky
	expect_eq "$(kinds)" dls "after what was refused"
	succeeds b fdb flush dev vs0 self
	expect_eq "$(kinds)" "" "after all"
	[ -n "$(entry 02:00:00:00:01:01)" ]
	check_err $? "the address of a device was flushed"
	log_test "bridge fdb flush takes away those that are asked for"
}

many()
{
	local i batch

	batch=$(mktemp)
	defer rm -f "$batch"
	for ((i = 0; i < 2000; i++)); do
		printf 'fdb add 02:00:01:00:%02x:%02x dev vs0 self via p1 static\n' $((i / 256)) $((i % 256))
	done >"$batch"
	succeeds b -b "$batch"
	expect_eq "$(b fdb show | grep -c '^02:00:01:00.* via p1')" 2000 "entries"
	expect_eq "$(b fdb show | grep '^02:00:01:00' | sort -u | wc -l)" 2000 "different ones"
	succeeds b fdb flush dev vs0 self static
	expect_eq "$(b fdb show | grep -c '^02:00:01:00')" 0 "entries after a flush"
	log_test "more entries than a message has room for"
}

# heard PATTERN: it is in what the monitor printed
heard()
{
	grep -q -- "$1" "$log"
}

hears_a()
{
	b fdb add "$C" dev vs0 self via p1 static
	b fdb del "$C" dev vs0 self
	sleep 0.1
	heard "^$C.*via p1"
}

monitor()
{
	log=$(mktemp)
	defer rm -f "$log"
	bg ip netns exec "$sw" stdbuf -oL bridge monitor fdb >"$log" 2>&1
	wait_for hears_a
	wait_for heard "^Deleted $C.*via p1"
	frame -i "$peer/eth1" -s "$A" "$peer/eth2=1"
	wait_for heard "^$A dev vs0 vlan 1 via p1 self"
	frame -i "$peer/eth2" -s "$A" "$peer/eth1=1"
	wait_for heard "^$A dev vs0 vlan 1 via p2 self"
	vsw -n "$sw" fdb flush switch vs0
	wait_for heard "^Deleted $A dev vs0 vlan 1"
	bg_stop $!
	log_test "bridge monitor fdb shows what is learned, moves and goes"
}

frames()
{
	b fdb flush dev vs0 self
	succeeds frame -i "$peer/eth1" -d "$B" -c 3 "$peer/eth2=3" "$peer/n1=3"
	b fdb add "$B" dev vs0 self via p2 static
	succeeds frame -i "$peer/eth1" -d "$B" -c 3 "$peer/eth2=3" "$peer/n1=0" "$sw/vs0=0"
	b fdb replace "$B" dev vs0 self port 3 static vlan 1
	succeeds frame -i "$peer/eth1" -d "$B" -c 3 "$peer/eth2=0" "$peer/n1=3" "$sw/vs0=0"
	b fdb flush dev vs0 self
	b fdb add "$B" dev vs0 self
	succeeds frame -i "$peer/eth1" -d "$B" -c 3 "$peer/eth2=0" "$peer/n1=0"
	log_test "frames go where bridge(8) has said"
}

run_tests
