#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vsw and the module: that each command does what it says and nothing else, and
# what comes back as text, as JSON, as an error.

# shellcheck disable=SC2154,SC2317  # setup_ns assigns; the tests are called by name
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

ALL_TESTS="
	switch_commands
	switch_unnamed
	port_commands
	port_flags
	fdb_commands
	fdb_default_type
	statistics
	text
	colour
	strange_names
	kernel_sentences
	hints
	unprivileged
	nothing_half_done
	netns_forms
	batch_kernel
	monitor_text
	monitor_json
	large_dumps
	changing_dumps
	ip_plugin
"

flags_of()
{
	ip -n "$net" -j link show dev "$1" | jq -r '.[0].flags | index("UP") != null'
}

switch_commands()
{
	succeeds v switch add vs0 ageing 12.5 fdb-max 100 address 02:00:00:00:00:99 mtu 1400
	expect_eq "$(sw vs0 '[.["ageing-time"], .["fdb-max"], .address, .mtu, .up] | @csv')" \
		'12500,100,"02:00:00:00:00:99",1400,true' "options of switch add"
	succeeds v switch set vs0 ageing 0 fdb-max 0x10 mtu 1300 down
	expect_eq "$(sw vs0 '[.["ageing-time"], .["fdb-max"], .mtu, .up] | @csv')" \
		'0,16,1300,false' "options of switch set"
	succeeds v switch change name vs0 up
	expect_eq "$(sw vs0 .up)" true "switch set up"
	succeeds v switch add name ageing down
	expect_eq "$(sw ageing .up)" false "a switch named ageing, down"
	expect_eq "$(v -j switch | jq -c '[.[].name] | sort')" '["ageing","vs0"]' "switches"
	succeeds v switch delete name ageing
	succeeds v switch del vs0
	expect_eq "$(v -j switch show)" '[]' "switches after deleting them"
	expect_eq "$(v switch show)" '' "text of no switches"
	log_test "switch add, set, del, show"
}

switch_unnamed()
{
	local name

	name=$(v switch add ageing 10)
	expect_eq "$(sw "$name" '.["ageing-time"]')" 10000 "a switch that the kernel named"
	succeeds v switch del "$name"
	name=$(v -j switch add down | jq -r '.[0].name')
	expect_eq "$(sw "$name" .up)" false "a switch that the kernel named, down"
	succeeds v switch del "$name"
	expect_eq "$(v -j switch add vs0 | jq -c '[.[0].name, .[0].up]')" '["vs0",true]' "JSON of switch add"
	succeeds v switch del vs0
	log_test "a name that the kernel chooses is told"
}

port_commands()
{
	succeeds v switch add vs0
	ip -n "$net" link set p1 down
	succeeds v port add p1 switch vs0
	expect_eq "$(flags_of p1)" true "p1 is up"
	ip -n "$net" link set p2 down
	expect_eq "$(v -j port add dev p2 switch vs0 isolated on down | jq -c '.[0] | [.name, .isolated]')" \
		'["p2",true]' "JSON of port add"
	expect_eq "$(flags_of p2)" false "p2 is up"
	succeeds v port set p2 up
	expect_eq "$(flags_of p2)" true "p2 is up after port set"
	succeeds v port set p2 isolated off down
	expect_eq "$(of p2 '[.isolated, .forwarding] | @csv')" false,false "port set with down"
	expect_eq "$(v -j port show switch vs0 | jq -c '[.[] | [.name, .number]]')" \
		'[["vs0",0],["p1",1],["p2",2]]' "ports of vs0"
	succeeds v switch add vs1
	expect_eq "$(v -j port show | jq length)" 4 "ports of both switches"
	says 2 "another switch" v port show p1 switch vs1
	says 2 "another switch" v port del p1 switch vs1
	succeeds v port del p1 switch vs0
	says 2 "^vsw: port 'p1': the device is no port of a switch .*See 'vsw port show'" v port del p1
	succeeds v port del p2
	expect_eq "$(v -j port show switch vs0 | jq length)" 1 "ports after port del"
	log_test "port add, set, del, show"
}

port_flags()
{
	local flags=(learning flood mcast-flood bcast-flood hairpin isolated)
	local new=(true true true true false false) now i

	fresh
	for ((i = 0; i < ${#flags[@]}; i++)); do
		now=("${new[@]}")
		now[i]=false
		[ "${new[i]}" = true ] || now[i]=true
		succeeds v port set p1 "${flags[i]}" "$([ "${now[i]}" = true ] && echo on || echo off)"
		expect_eq "$(of p1 '[.learning, .flood, .["mcast-flood"], .["bcast-flood"], .hairpin, .isolated] | map(tostring) | join(" ")')" \
			"${now[*]}" "flags after a change of ${flags[i]}"
		succeeds v port set p1 "${flags[i]}" "$([ "${new[i]}" = true ] && echo on || echo off)"
	done
	succeeds v port set p1 learning off flood off hairpin on isolated off group-fwd-mask 0x4000 fdb-max 7
	expect_eq "$(of p1 '[.learning, .flood, .["mcast-flood"], .hairpin, .isolated, .["group-fwd-mask"], .["fdb-max"]] | @csv')" \
		'false,false,true,true,false,16384,7' "several at once"
	shows "p1 .* learning off flood off hairpin on group-fwd-mask 0x4000" v port show
	shows "ifindex [0-9]+ learning off flood off mcast-flood on" v -d port show p1
	log_test "every flag of a port changes, and alone"
}

fdb_commands()
{
	local mac=02:00:00:00:00:0a

	fresh
	succeeds v fdb add "$mac" dev p1
	expect_eq "$(v -j fdb get "$mac" switch vs0 | jq -c '.[0] | [.["port-name"], .type, .sticky, .user]')" \
		'["p1","static",false,true]' "fdb add"
	says 2 "entry '$mac': .*already.*'vsw fdb set'" v fdb add "$mac" dev p1
	succeeds v fdb replace "$mac" dev p2 dynamic sticky
	expect_eq "$(v -j fdb get "$mac" dev p2 | jq -c '.[0] | [.type, .sticky]')" '["dynamic",true]' "fdb replace"
	says 2 "no such MAC entry.*See 'vsw fdb show'" v fdb get "$mac" dev p1
	succeeds v fdb set "$mac" switch vs0 static
	expect_eq "$(v -j fdb get "$mac" dev p2 | jq -c '.[0] | [.type, .sticky]')" '["static",true]' "fdb set of the type"
	succeeds v fdb set "$mac" dev p1 sticky off
	expect_eq "$(v -j fdb get "$mac" dev p1 | jq -c '.[0] | [.type, .sticky]')" '["static",false]' "fdb set of the port"
	succeeds v fdb replace 02-00-00-00-00-0B dev p1
	expect_eq "$(v -j fdb show dev p1 static | jq -c '[.[].address]')" \
		'["02:00:00:00:00:0a","02:00:00:00:00:0b"]' "filter of fdb show"
	expect_eq "$(v -j fdb show switch vs0 dev p2 static)" '[]' "filter of fdb show that nothing fits"
	succeeds v fdb add 02:00:00:00:00:0c dev p2 dynamic
	shows '^1 entry flushed$' v fdb flush switch vs0
	expect_eq "$(v -j fdb flush dev p1 static)" '[{"flushed":2}]' "JSON of fdb flush"
	expect_eq "$(v -j fdb show static)" '[]' "static entries after the flush"
	shows '^0 entries flushed$' v fdb flush dev p2
	succeeds v fdb add "$mac" dev p1
	says 2 "no such MAC entry" v fdb del "$mac" dev p2
	succeeds v fdb del "$mac" dev p1
	says 2 "no such MAC entry" v fdb del "$mac" switch vs0
	log_test "fdb add, set, replace, del, get, show, flush"
}

fdb_default_type()
{
	fresh
	succeeds v fdb add 02:00:00:00:00:0d dev vs0
	expect_eq "$(v -j fdb get 02:00:00:00:00:0d dev vs0 | jq -r '.[0].type')" local "on the switch itself"
	succeeds v fdb add 02:00:00:00:00:0e dev p1
	expect_eq "$(v -j fdb get 02:00:00:00:00:0e dev p1 | jq -r '.[0].type')" static "on a port"
	says 2 "must be local" v fdb add 02:00:00:00:00:0f dev vs0 static
	log_test "the type of an entry without one"
}

statistics()
{
	fresh
	succeeds in_ns "$net" frame -i q1 -c 5 -s 03:00:00:00:00:01 q2=0
	expect_eq "$(v -j -s port show p1 | jq -c '[.[0].stats.drop[] | [.reason, .packets]]')" \
		'[["invalid-source",5]]' "the reason of 5 drops"
	expect_ge "$(port_stat "$net" p1 rx-packets)" 5 "packets received"
	shows "rx  [0-9]+ packets  [0-9]+ bytes" v -s port show p1
	shows "fdb  learned [0-9]+  moved 0  refused 0" v port show p1 -s
	shows "dropped  5: invalid-source 5$" v -s port show p1
	shows "dropped  5: invalid-source 5$" v -s switch show vs0
	expect_eq "$(v -j -s port show p1 | jq -c '.[0].stats | (.drop | map(.packets) | add // 0) == .drops')" true \
		"the sum over the reasons"
	expect_eq "$(v -j port show p1 | jq -c '.[0] | has("stats")')" false "stats without -s"
	log_test "counters, with -s"
}

text()
{
	local line

	fresh
	succeeds v port set p1 isolated on
	v port show >"$tmp/out"
	expect_eq "$(grep -c ' $' "$tmp/out")" 0 "lines that end with a blank"
	line=$(sed -n 's/^p1 .* \(isolated on\) .*/\1/p' "$tmp/out")
	expect_eq "$line" "isolated on" "what differs from the defaults"
	grep -q $'\033' "$tmp/out"
	check_fail $? "escape sequences in a file"
	expect_eq "$(awk '{ print index($0, "forwarding") }' <(sed -n 's/host, forwarding/forwarding/; /forwarding/p' "$tmp/out") | sort -u | wc -l)" 1 \
		"columns that states begin in"
	shows "^SWITCH +STATE +ADDRESS +MTU +PORTS +FDB +AGEING$" v switch show
	shows "^vs0 +up +([0-9a-f]{2}:){5}[0-9a-f]{2} +1500 +2 +0/65536 +300s$" v switch show
	log_test "tables"
}

colour()
{
	fresh
	v -c switch show | grep -q $'\033'
	check_err $? "no colour with -c"
	v -c never switch show | grep -q $'\033'
	check_fail $? "colour with -c never"
	v -c auto switch show | grep -q $'\033'
	check_fail $? "colour in a pipe"
	v -j -c always switch show | grep -q $'\033'
	check_fail $? "colour in JSON"
	if command -v script >/dev/null; then
		TERM=xterm script -qec "'$VSW' -n '$net' switch show" /dev/null | grep -q $'\033\[36m'
		check_err $? "no colour on a terminal"
		NO_COLOR=1 TERM=xterm script -qec "'$VSW' -n '$net' switch show" /dev/null | grep -q $'\033'
		check_fail $? "colour with NO_COLOR"
		TERM=dumb script -qec "'$VSW' -n '$net' switch show" /dev/null | grep -q $'\033'
		check_fail $? "colour on a dumb terminal"
	fi
	log_test "colour where a person looks"
}

# Names of devices are any bytes but blanks and slashes.
strange_names()
{
	local name

	fresh
	for name in $'e\033[31mx' $'l\377in' $'c\302\233' $'u\303\274'; do
		ip -n "$net" link add "$name" type veth peer name qq || check_err 1 "no device '$name'"
		succeeds v port add "$name" switch vs0
		v port show >"$tmp/out"
		LC_ALL=C grep -q $'[\001-\010\033]\|\302\233\|\377' "$tmp/out"
		check_fail $? "what a terminal should not get, in the text about '$name'"
		v -j port show | jq -e . >/dev/null
		check_err $? "JSON with the name '$name' is not valid"
		succeeds v port del "$name"
		ip -n "$net" link del "$name"
	done
	ip -n "$net" link add $'u\303\274' type veth peer name qq
	succeeds v port add $'u\303\274' switch vs0
	expect_eq "$(v -j port show $'u\303\274' | jq -r '.[0].name')" $'u\303\274' "UTF-8 in JSON"
	shows $'^u\303\274 ' v port show
	ip -n "$net" link del $'u\303\274'
	ip -n "$net" link set p1 alias $'a\033]0;x\007 "quoted" \\'
	v port show | LC_ALL=C grep -q $'\033\|\007'
	check_fail $? "escape sequences of an alias"
	expect_eq "$(v -j port show p1 | jq -r '.[0].alias')" $'a\033]0;x\007 "quoted" \\' "alias in JSON"
	ip -n "$net" link set p1 alias ""
	log_test "names that are not printable"
}

kernel_sentences()
{
	fresh
	says 2 "^vsw: switch 'vs0': a device of this name exists already \(attribute 'name'\)\. " v switch add vs0
	says 2 "^vsw: switch 'vs1': .*\(attribute 'mtu', 68 to 65535 bytes\)$" v switch add vs1 mtu 5
	says 2 "^vsw: switch 'vs0': .*\(attribute 'ageing-time', 0 to 1000000000 milliseconds\)$" v switch set vs0 ageing 2000000
	says 2 "^vsw: switch 'vs0': .*unicast.*\(attribute 'address'\)$" v switch set vs0 address 01:00:00:00:00:01
	says 2 "^vsw: entry '00:00:00:00:00:00': .*not zero \(attribute 'address'\)$" v fdb add 00:00:00:00:00:00 dev p1
	says 2 "^vsw: entry '01:00:5e:00:00:01': .*unicast" v fdb add 01:00:5e:00:00:01 dev p1
	says 2 "^vsw: port 'lo': a loopback device can't be a port" v port add lo switch vs0
	says 2 "^vsw: port 'p1': the device is a port already" v port add p1 switch vs0
	says 2 "^vsw: port 'vs0': a switch can't be a port of a switch" v port add vs0 switch vs0
	says 2 "^vsw: port 'vs0': the host port has no settings but its VLANs" v port set vs0 learning off
	says 2 "^vsw: port 'q1': the device is no switch \(attribute 'switch-name'\)" v port add q1 switch p1
	says 2 "^vsw: a new switch: .*\(attribute 'mtu'" v switch add mtu 5
	log_test "the kernel's sentence and the attribute that it blames"
}

hints()
{
	fresh
	says 2 "^vsw: switch 'vs9': no device has this name .*\. See 'vsw switch show'\.$" v switch del vs9
	says 2 "\. See 'vsw port show' and 'ip link show'\.$" v port set p9 learning on
	says 2 "\. See 'vsw port show' and 'vsw switch show'\.$" v fdb flush switch vs9
	says 2 "^vsw: switch 'p1': the device is no switch" v fdb show switch p1
	log_test "what to do is said behind it"
}

unprivileged()
{
	local as=(setpriv --reuid 65534 --regid 65534 --clear-groups)

	fresh
	v switch show >"$tmp/before"
	in_ns "$net" "${as[@]}" "$VSW" switch show >"$tmp/after"
	check_err $? "reading needs no privilege"
	expect_eq "$(cat "$tmp/after")" "$(cat "$tmp/before")" "what an ordinary user sees"
	says 2 "^vsw: switch 'vs0': .*CAP_NET_ADMIN.*[Rr]un it as root\.$" in_ns "$net" "${as[@]}" "$VSW" switch del vs0
	says 2 "CAP_NET_ADMIN" in_ns "$net" "${as[@]}" "$VSW" switch add vs1
	says 2 "CAP_NET_ADMIN" in_ns "$net" "${as[@]}" "$VSW" port set p1 learning off
	says 2 "CAP_NET_ADMIN" in_ns "$net" "${as[@]}" "$VSW" fdb add 02:00:00:00:00:0a dev p1
	says 2 "CAP_NET_ADMIN" in_ns "$net" "${as[@]}" "$VSW" fdb flush switch vs0
	# root of another user namespace is told what it lacks, not what it is
	says 2 "CAP_NET_ADMIN" in_ns "$net" unshare --user --map-root-user "$VSW" switch del vs0
	! grep -q "as root" "$tmp/err"
	check_err $? "root is told to become root: $(<"$tmp/err")"
	says 4 "needs CAP_SYS_ADMIN|Permission denied" "${as[@]}" "$VSW" -n "$net" switch show
	expect_eq "$(v -j port show | jq -c '[.[].learning]')" '[false,true,true]' "ports after that"
	log_test "an ordinary user reads and changes nothing"
}

nothing_half_done()
{
	fresh
	modprobe -q 8021q
	if ! ip -n "$net" link add link q1 name v10 type vlan id 10 2>/dev/null; then
		log_skip "nothing is left of a port that can't be set up" "no VLAN devices"
		return
	fi
	# Over a device that is down it can't be set up.
	ip -n "$net" link set q1 down
	says 2 "^vsw: port 'v10': can't set the device up" v port add v10 switch vs0
	expect_eq "$(v -j port show switch vs0 | jq length)" 3 "ports after a port add that failed"
	succeeds v port add v10 switch vs0 down
	says 2 "^vsw: port 'v10': can't set the device up: .*; what was set before stays$" \
		v port set v10 learning off up
	expect_eq "$(of v10 .learning)" false "learning, which was set before"
	ip -n "$net" link del v10
	ip -n "$net" link set q1 up
	log_test "nothing is left of a port that can't be set up"
}

netns_forms()
{
	local pid

	fresh
	expect_eq "$(vsw -n "$net" -j switch show | jq -r '.[0].name')" vs0 "by name"
	expect_eq "$(vsw -n "/run/netns/$net" -j switch show | jq -r '.[0].name')" vs0 "by path"
	bg ip netns exec "$net" sleep 1000
	pid=$!
	wait_for [ "/proc/$pid/ns/net" -ef "/run/netns/$net" ]
	expect_eq "$(vsw --netns="$pid" -j switch show | jq -r '.[0].name')" vs0 "by process id"
	bg_stop "$pid"
	log_test "network namespaces by name, path and process"
}

batch_kernel()
{
	fresh
	cat >"$tmp/batch" <<-END
		# two switches
		switch add vs1 ageing 10
		port del p1
		port add p1 switch vs1 \\
			isolated on
		switch show vs9
		switch add vs2
	END
	says 2 "^vsw: $tmp/batch:6: switch 'vs9': no device" v -b "$tmp/batch"
	expect_eq "$(of p1 '[.["switch-name"], .isolated] | @csv')" '"vs1",true' "what came before the error"
	says 2 "no device has this name" v switch show vs2
	fresh
	v -force -b "$tmp/batch" 2>"$tmp/err"
	expect_eq $? 2 "status of a batch with an error and -force"
	expect_eq "$(wc -l <"$tmp/err")" 1 "errors"
	expect_eq "$(sw vs2 .up)" true "what came behind the error"
	v -j -b - <<-END >"$tmp/out"
		switch show vs1
		port show p1 -s
		switch show vs1 -c
	END
	check_err $? "a batch of questions"
	expect_eq "$(jq -c '.[0].name' "$tmp/out" | tr '\n' ' ')" '"vs1" "p1" "vs1" ' "JSON of a batch"
	expect_eq "$(jq -c '.[0] | has("stats")' "$tmp/out" | tr '\n' ' ')" 'false true false ' \
		"an option holds for its command alone"
	log_test "batches: up to the first error, or with -force beyond"
}

monitor_text()
{
	local listener

	fresh
	listen -t monitor
	succeeds v port set p1 isolated on
	succeeds v fdb add 02:00:00:00:00:0a dev p1 sticky
	succeeds v fdb del 02:00:00:00:00:0a dev p1
	succeeds v port del p2
	succeeds v switch add vs1
	succeeds v switch del vs1
	wait_for seen " switch-del +vs1 "
	seen "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}[-+][0-9]{2}:[0-9]{2} switch-set +vs0 "
	check_err $? "no time before the event: $(head -n 1 "$tmp/events")"
	seen " port-set +p1 port 1 of vs0 .* isolated on"
	check_err $? "port-set was not seen"
	seen " fdb-new +02:00:00:00:00:0a dev p1 switch vs0 static sticky"
	check_err $? "fdb-new was not seen"
	seen " fdb-del +02:00:00:00:00:0a dev p1 switch vs0"
	check_err $? "fdb-del was not seen"
	seen " port-del +p2 "
	check_err $? "port-del was not seen"
	seen " switch-new +vs1 "
	check_err $? "switch-new was not seen"
	bg_stop "$listener"
	log_test "monitor, as text with time"
}

monitor_json()
{
	local listener

	fresh
	listen -j monitor switch
	succeeds v port set p1 isolated on
	succeeds v switch add vs1
	succeeds v switch del vs1
	wait_for seen '"switch-del"'
	expect_eq "$(jq -rc .event "$tmp/events" | sort -u | tr '\n' ' ')" "switch-del switch-new switch-set " \
		"events of switches alone"
	expect_eq "$(jq -rc 'select(.event == "switch-del") | .switch.name' "$tmp/events")" vs1 "object of an event"
	bg_stop "$listener"
	fresh
	listen -j monitor
	succeeds v fdb add 02:00:00:00:00:0a dev p1
	succeeds v port del p1
	wait_for seen '"port-del"'
	expect_eq "$(jq -rc 'select(.event == "fdb-new") | .fdb | [.address, .["port-name"], .type] | @csv' "$tmp/events")" \
		'"02:00:00:00:00:0a","p1","static"' "a new entry"
	expect_eq "$(jq -rc 'select(.event == "port-del") | .port | [.name, .["switch-name"]] | @csv' "$tmp/events")" \
		'"p1","vs0"' "a port that goes"
	bg_stop "$listener"
	log_test "monitor, as JSON"
}

# More than fits into one message, and more events than fit into a socket.
large_dumps()
{
	local listener i

	fresh
	for ((i = 0; i < 2000; i++)); do
		printf 'fdb add 02:00:00:01:%02x:%02x dev p1 dynamic\n' $((i >> 8)) $((i & 255))
	done >"$tmp/batch"
	listen -j monitor
	kill -STOP "$listener"
	succeeds v -b "$tmp/batch"
	expect_eq "$(v -j fdb show dev p1 dynamic | jq '[.[].address] | unique | length')" 2000 "entries shown"
	expect_eq "$(v fdb show dev p1 dynamic | wc -l)" 2001 "lines shown"
	shows '^2000 entries flushed$' v fdb flush dev p1
	kill -CONT "$listener"
	wait_for seen '^\{"event":"lost"\}$'
	succeeds v switch add vs1
	wait_for seen '"switch-new".*"vs1"'
	jq -e . "$tmp/events" >/dev/null
	check_err $? "what the monitor printed is not JSON"
	bg_stop "$listener"
	log_test "2000 entries are shown; the monitor says what it missed"
}

# churn: entries come and go for ever.
churn()
{
	while v -b "$tmp/churn"; do
		:
	done
}

# Whatever a dump ends as, what it printed is whole. Whether something comes
# between its messages is luck; cli_test.sh sees to what happens then.
dump_is_whole()
{
	local status

	v -j fdb show >"$tmp/out" 2>"$tmp/err"
	status=$?
	jq -e 'length > 3000' "$tmp/out" >/dev/null
	check_err $? "the dump that ended with status $status is not whole"
	case $status in
	0) expect_eq "$(<"$tmp/err")" "" "standard error of a dump" ;;
	5) expect_eq "$(<"$tmp/err")" "vsw: the table kept changing while it was read, so this is no picture of one moment" \
		"standard error of an interrupted dump" ;;
	*) check_err 1 "a dump ended with status $status: $(<"$tmp/err")" ;;
	esac
}

changing_dumps()
{
	local i churner

	fresh
	for ((i = 0; i < 3000; i++)); do
		printf 'fdb add 02:00:00:01:%02x:%02x dev p1 dynamic\n' $((i >> 8)) $((i & 255))
	done >"$tmp/batch"
	for ((i = 0; i < 200; i++)); do
		printf 'fdb %s 02:00:00:00:00:0a dev p2\n' add del
	done >"$tmp/churn"
	succeeds v -b "$tmp/batch"
	bg churn
	churner=$!
	for ((i = 0; i < 10; i++)); do
		dump_is_whole
	done
	bg_stop "$churner"
	wait_for not pgrep -f -- "-b $tmp/churn"	# its child goes on to the end of the file
	log_test "dumps of a table that changes are whole"
}

ip_plugin()
{
	if [ ! -f "$BUILD/lib/ip/link_vswitch.so" ]; then
		log_skip "options of ip link" "no plugin"
		return
	fi
	export IP_LIB_DIR=$BUILD/lib/ip
	fresh
	succeeds ip -n "$net" link add vs1 type vswitch ageing_time 1234 fdb_max 5
	expect_eq "$(sw vs1 '[.["ageing-time"], .["fdb-max"]] | @csv')" 12340,5 "options of ip link add"
	succeeds ip -n "$net" link set vs1 type vswitch ageing_time 30000
	expect_eq "$(sw vs1 '.["ageing-time"]')" 300000 "options of ip link set"
	shows "vswitch ageing_time 30000 fdb_max 65536 vlan_filtering 0 vlan_protocol 802.1Q vlan_default_pvid 1 fdb_count 0 port_count 2 vlan_stats_enabled 0 " ip -n "$net" -d link show vs0
	expect_eq "$(ip -n "$net" -d -j link show vs0 | jq -c '.[0].linkinfo.info_data | [.ageing_time, .fdb_max, .vlan_filtering, .vlan_protocol, .vlan_default_pvid, .fdb_count, .port_count, .vlan_stats_enabled]')" \
		'[30000,65536,0,"802.1Q",1,0,2,0]' "JSON of ip"
	succeeds ip -n "$net" link set vs1 type vswitch vlan_filtering 1
	expect_eq "$(sw vs1 '.["vlan-filtering"]')" true "vlan_filtering of ip link set"
	succeeds ip -n "$net" link add vs2 type vswitch vlan_filtering 1
	expect_eq "$(sw vs2 '.["vlan-filtering"]')" true "vlan_filtering of ip link add"
	succeeds ip -n "$net" link set vs2 type vswitch vlan_protocol 802.1ad vlan_default_pvid 7
	expect_eq "$(sw vs2 '[.["vlan-protocol"], .["vlan-default-pvid"]] | @csv')" '"802.1ad",7' "VLANs of ip link set"
	shows "vlan_filtering 1" ip -n "$net" -d link show vs2
	succeeds ip -n "$net" link set vs2 type vswitch vlan_stats_enabled 1
	expect_eq "$(sw vs2 '.["vlan-stats"]')" true "vlan_stats_enabled of ip link set"
	shows "vlan_stats_enabled 1" ip -n "$net" -d link show vs2
	succeeds ip -n "$net" link add vs3 type vswitch vlan_stats_enabled 1
	expect_eq "$(sw vs3 '.["vlan-stats"]')" true "vlan_stats_enabled of ip link add"
	refused "up to 1" ip -n "$net" link set vs3 type vswitch vlan_stats_enabled 2
	refused "up to 1" ip -n "$net" link set vs2 type vswitch vlan_filtering 2
	succeeds ip -n "$net" link set p1 type vswitch_slave learning off flood off mcast_flood off \
		bcast_flood off hairpin on isolated on group_fwd_mask 0x8 fdb_max 9
	expect_eq "$(of p1 '[.learning, .flood, .["mcast-flood"], .["bcast-flood"], .hairpin, .isolated, .["group-fwd-mask"], .["fdb-max"]] | @csv')" \
		'false,false,false,false,true,true,8,9' "options of a port by ip"
	shows "vswitch_slave number 1 learning off flood off .* isolated on .*group_fwd_mask 0x8 fdb_max 9" \
		ip -n "$net" -d link show p1
	expect_eq "$(ip -n "$net" -d -j link show p1 | jq -c '.[0].linkinfo | [.info_slave_kind, .info_slave_data.learning, .info_slave_data.fdb_max]')" \
		'["vswitch",false,9]' "JSON of ip about a port"
	refused "ageing_time" ip -n "$net" link add vs3 type vswitch ageing_time soon
	refused "unknown option" ip -n "$net" link add vs3 type vswitch colour red
	refused "missing" ip -n "$net" link add vs3 type vswitch fdb_max
	refused "unknown option" ip -n "$net" link set p1 type vswitch_slave number 5
	refused "on.*off" ip -n "$net" link set p1 type vswitch_slave learning maybe
	succeeds ip -n "$net" link add link vs0 name c0 type vnic
	shows "vnic port_number 3" ip -n "$net" -d link show c0
	expect_eq "$(ip -n "$net" -d -j link show c0 | jq -c '.[0].linkinfo | [.info_kind, .info_data]')" \
		'["vnic",{"port_number":3}]' "JSON of ip about a vnic"
	refused "unknown option" ip -n "$net" link add link vs0 name c1 type vnic port_number 5
	unset IP_LIB_DIR
	log_test "options of ip link, through the plugins"
}

require_command ip jq pgrep setpriv
require_vswitch
prepare
run_tests
