#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# vsw capture. The topology is star's: the port "veth" is a veth device, whose
# other end is the host's eth0; the port with the alias "web" is a vnic, the eth0
# of the host itself.
#
#   +-- $far -----+   +-- $sw --------------------+   +-- $web -----+
#   | eth0        |   | far ------ vs0            |   |             |
#   |  ...:00:01 -------'           '------------------ eth0 ...:02 |
#   +-------------+   +---------------------------+   +-------------+

# shellcheck disable=SC2317,SC2154  # called by name; setup_ns assigns
ALL_TESTS="
	both_ways_of_a_vnic
	container_sees_both_ways
	port_of_a_device
	device_of_the_switch
	tags
	tags_of_vlan_device
	filters
	directions
	count_and_snaplen
	promiscuous
	unnamed_netns
	lost_netns
	port_deleted
	netns_deleted
	device_moved
	device_down
	room_that_runs_out
	signals
	standard_output
	terminal
	words
	refusals
	permissions
"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

FAR=02:00:00:00:00:01
WEB=02:00:00:00:00:02

# The first 12 bytes of a frame, in hexadecimal.
to_web=020000000002020000000001
to_far=020000000001020000000002
from_far=ffffffffffff020000000001

# start ARG...: captures into $tmp/got until stop, or until it ends by itself.
start()
{
	: >"$tmp/said"
	rm -f "$tmp/got"
	bg env --default-signal=INT "$VSW" -n "$sw" capture -w "$tmp/got" "$@" 2>"$tmp/said"
	capture=$!
	wait_for grep -q "capturing on\|vsw: .*: " "$tmp/said"
}

# ends STATUS: it has ended by itself
ends()
{
	wait_for not kill -0 "$capture"
	wait "$capture"
	expect_eq "$?" "$1" "status of the capture, which said $(<"$tmp/said")"
	read_back
}

stop()
{
	bg_stop "$capture"
	expect_eq "$?" 0 "status of the capture, which said $(<"$tmp/said")"
	read_back
}

# What was captured into $tmp/rows; tcpdump must see as many frames.
read_back()
{
	local frames

	pcapng "$tmp/got" >"$tmp/rows"
	check_err $? "the file is malformed: $(<"$tmp/rows")"
	frames=$(tcpdump --count -r "$tmp/got" 2>/dev/null | sed 's/ packets*$//')
	expect_eq "$frames" "$(grep -c ^frame "$tmp/rows")" "frames that tcpdump reads"
	expect_eq "$(sed -n 's/.*: \([0-9]*\) frames captured.*/\1/p' "$tmp/said")" "$frames" \
		"frames captured, of '$(<"$tmp/said")'"
}

# rows WAY CAST CAPTURED LENGTH HEX: how many frames are so; HEX is a pattern
rows()
{
	grep -cE "^frame $1 $2 $3 $4 [0-9.]+ $5" "$tmp/rows"
}

# from_web ARG..., from_veth ARG...: sends by frame
from_web()
{
	in_ns "$web" frame -i eth0 -s "$WEB" "$@" >/dev/null
	check_err $? "frame $* failed"
}

from_veth()
{
	in_ns "$far" frame -i eth0 -s "$FAR" "$@" >/dev/null
	check_err $? "frame $* failed"
}

both_ways_of_a_vnic()
{
	local before after time

	before=$(date +%s)
	start web
	from_web -d "$FAR" -c 3 -l 100 "$far/eth0=3"
	from_veth -d "$WEB" -c 2 -l 77 "$web/eth0=2"
	from_veth -c 1 -l 60 "$web/eth0=1"
	stop
	after=$(date +%s)
	expect_eq "$(rows out - 100 100 "${to_far}88b5")" 3 "frames that the vnic sent"
	expect_eq "$(rows in unicast 77 77 "${to_web}88b5")" 2 "frames that the vnic received"
	expect_eq "$(rows in broadcast 60 60 "${from_far}88b5")" 1 "broadcasts that it received"
	expect_eq "$(grep -c ^frame "$tmp/rows")" 6 "all frames"
	grep -qE "^section vsw [0-9.]+$" "$tmp/rows"
	check_err $? "the section: $(head -n 1 "$tmp/rows")"
	grep -qE "^interface eth0 most 262144 resolution 9 filter \"\" \(port 2 of vs0, in netns [0-9]+, alias web\)$" "$tmp/rows"
	check_err $? "the interface: $(grep ^interface "$tmp/rows")"
	expect_eq "$(tail -n 1 "$tmp/rows")" "counters fitted 6 dropped 0 captured 6" "counters"
	time=$(sed -n 's/^frame .* \([0-9]*\)\.[0-9]* .*/\1/p' "$tmp/rows" | head -n 1)
	[ "$time" -ge "$before" ] && [ "$time" -le "$after" ]
	check_err $? "time $time is not from $before to $after"
	expect_eq "$(stat -c %a "$tmp/got")" 600 "mode of the file"
	log_test "both ways of a vnic in another network namespace"
}

# has_dumped FILE N
has_dumped()
{
	[ "$(dumped "$1")" = "$2" ]
}

dumped()
{
	tcpdump --count -r "$1" 2>/dev/null | sed 's/ packets*$//'
}

# As in a container: what its own tcpdump has, and what the host has.
container_sees_both_ways()
{
	local dump way

	for way in in out; do
		bg ip netns exec "$web" tcpdump -U -i eth0 -Q "$way" -w "$tmp/inside.$way" "ether proto 0x88b5" 2>"$tmp/$way"
		wait_for grep -q "listening on" "$tmp/$way"
	done
	start web
	from_web -d "$FAR" -c 3 "$far/eth0=3"
	from_veth -d "$WEB" -c 2 "$web/eth0=2"
	stop
	for dump in in:2 out:3; do
		wait_for has_dumped "$tmp/inside.${dump%:*}" "${dump#*:}"
		expect_eq "$(rows "${dump%:*}" '[^ ]+' 100 100 '')" "${dump#*:}" "${dump%:*} on the host"
	done
	ip netns pids "$web" | xargs -r kill
	log_test "tcpdump in the container sees both ways, too"
}

port_of_a_device()
{
	start far
	from_web -d "$FAR" -c 3 "$far/eth0=3"
	from_veth -d "$WEB" -c 2 "$web/eth0=2"
	stop
	expect_eq "$(rows in '[a-z]+' 100 100 "$to_web")" 2 "frames that came in to the switch"
	expect_eq "$(rows out - 100 100 "$to_far")" 3 "frames that went out of it"
	grep -qE "^interface far .* \(port 1 of vs0\)$" "$tmp/rows"
	check_err $? "the interface: $(grep ^interface "$tmp/rows")"
	log_test "a port that is a device here, as the switch sees it"
}

device_of_the_switch()
{
	local name

	for name in vs0 vs0:0; do
		start "$name"
		from_web -c 2 "$sw/vs0+up=2"
		in_ns "$sw" frame -i vs0 -d "$WEB" -c 3 "$web/eth0=3" >/dev/null
		stop
		expect_eq "$(rows in broadcast 100 100 ffffffffffff020000000002)" 2 "what the host got, by $name"
		expect_eq "$(rows out - 100 100 "020000000002")" 3 "what the host sent, by $name"
	done
	log_test "the switch's own device"
}

tags()
{
	local port

	for port in web far; do
		start "$port"
		from_web -d "$FAR" -v 10 -l 100 -c 2 "$far/eth0=2"
		from_veth -d "$WEB" -v 10 -l 100 -c 3 "$web/eth0=3"
		from_veth -d "$WEB" -v 88a8:20 -v 11 -l 100 -c 4 "$web/eth0=4"
		stop
		expect_eq "$(rows '[a-z]+' '[^ ]+' 100 100 "${to_far}8100000a88b5")" 2 "tagged frames from web at $port"
		expect_eq "$(rows '[a-z]+' '[^ ]+' 100 100 "${to_web}8100000a88b5")" 3 "tagged frames to web at $port"
		expect_eq "$(rows '[a-z]+' '[^ ]+' 100 100 "${to_web}88a800148100")" 4 "frames with two tags at $port"
		expect_eq "$(grep -c ^frame "$tmp/rows")" 9 "all frames at $port"
	done
	log_test "VLAN tags are in the frames again"
}

# It leaves the tag to the device.
tags_of_vlan_device()
{
	ip -n "$web" link add link eth0 name eth0.30 up type vlan id 30
	start web vlan 30
	in_ns "$web" frame -i eth0.30 -s "$WEB" -d "$FAR" -l 90 -c 2 >/dev/null
	from_web -d "$FAR" -c 2 "$far/eth0=2"
	stop
	ip -n "$web" link del eth0.30
	expect_eq "$(rows out - 94 94 "020000000001.{12}8100001e88b5")" 2 "frames of the VLAN device"
	expect_eq "$(grep -c ^frame "$tmp/rows")" 2 "all frames"
	log_test "a tag that the sender left to the device"
}

# only N FILTER...: of what is sent so many fit
only()
{
	local n=$1

	shift
	start web "$@"
	from_web -d "$FAR" -c 2 -l 100 "$far/eth0=2"
	from_web -d "$FAR" -c 3 -l 100 -v 10 "$far/eth0=3"
	from_veth -d "$WEB" -c 4 -l 300 "$web/eth0=4"
	from_veth -d "$WEB" -c 5 -l 300 -v 10 "$web/eth0=5"
	stop
	expect_eq "$(grep -c ^frame "$tmp/rows")" "$n" "frames that fit '$*'"
}

filters()
{
	only 14
	only 5 ether src "$WEB"
	only 9 "ether dst $WEB"
	only 8 vlan 10
	only 8 vlan 10 and ether proto 0x88b5
	only 5 vlan and greater 200
	only 0 vlan 11
	# as in the file, a tag stands before the type
	only 6 ether proto 0x88b5
	only 5 not vlan and less 200 or vlan 10 and less 100 or ether src "$WEB"
	only 0 arp
	expect_eq "$(sed -n 's/.*\(filter "[^"]*"\).*/\1/p' "$tmp/rows")" 'filter "arp"' "filter in the file"
	log_test "filter expressions, with the tag in the frame and beside it"
}

directions()
{
	only 5 -d out
	expect_eq "$(grep -c "^frame out" "$tmp/rows")" 5 "out"
	only 9 -d in
	expect_eq "$(grep -c "^frame in" "$tmp/rows")" 9 "in"
	only 14 --direction both
	only 5 -d in vlan
	only 3 -d out -- vlan 10
	log_test "one way only"
}

count_and_snaplen()
{
	start web -c 5 -s 40
	from_web -d "$FAR" -c 3 -l 100 "$far/eth0=3"
	from_veth -d "$WEB" -v 10 -c 9 -l 300 "$web/eth0=9"
	ends 0
	expect_eq "$(rows out - 40 100 "$to_far")" 3 "first frames"
	expect_eq "$(rows in unicast 40 300 "${to_web}8100000a")" 2 "frames with a tag that was put back"
	expect_eq "$(grep -c ^frame "$tmp/rows")" 5 "all frames"
	expect_eq "$(sed -n 's/^interface .*\(most [0-9]*\) .*/\1/p' "$tmp/rows")" "most 40" "snaplen in the file"
	start web --count 2 --snaplen 1 -d in
	from_veth -d "$WEB" -c 2 -l 300 "$web/eth0=2"
	ends 0
	expect_eq "$(rows in unicast 1 300 02$)" 2 "frames of one byte"
	log_test "number and length of frames are bounded"
}

promiscuity()
{
	device_json "$web" eth0 .promiscuity
}

promiscuous()
{
	start web
	expect_eq "$(promiscuity)" 0 "promiscuity without -p"
	stop
	start web -p
	expect_eq "$(promiscuity)" 1 "promiscuity with -p"
	stop
	expect_eq "$(promiscuity)" 0 "promiscuity afterwards"
	log_test "promiscuous only if it is said"
}

# nameless: a network namespace that only the process $holder is in, with a vnic
# of the number $number
nameless()
{
	bg unshare --net sleep infinity
	holder=$!
	wait_for grep -q sleep "/proc/$holder/comm"
	vsw -n "$sw" port add c0 type vnic switch vs0 netns "$holder" alias nameless
	check_err $? "no vnic for the nameless one"
	number=$(vsw -n "$sw" -j port show nameless | jq '.[0].number')
}

port_is_there()
{
	vsw -n "$sw" port show "vs0:$number" >/dev/null 2>&1
}

unnamed_netns()
{
	nameless
	start "vs0:$number"
	nsenter -t "$holder" -n "$(command -v frame)" -i c0 -c 3 >/dev/null
	stop
	expect_eq "$(rows out - 100 100 ffffffffffff)" 3 "frames of the nameless one"
	start nameless
	# while it is captured it lives, but only as long as somebody is in it
	bg_stop "$holder"
	ends 4
	grep -q "the network namespace of the device is not in use any more" "$tmp/said"
	check_err $? "at its end it said: $(<"$tmp/said")"
	wait_for not port_is_there
	log_test "a network namespace that only a process holds"
}

lost_netns()
{
	nameless
	exec 9<"/proc/$holder/ns/net"
	bg_stop "$holder"
	port_is_there
	check_err $? "the port is gone already"
	says 4 "^vsw: port 'nameless': its network namespace \(number [0-9]+\) has no name in /run/netns .* no process is seen in it\. .*ip netns attach NAME PID'$" \
		vsw -n "$sw" capture nameless
	exec 9<&-
	wait_for not port_is_there
	log_test "a network namespace that can't be found"
}

port_deleted()
{
	vsw -n "$sw" port add c1 type vnic switch vs0 netns "$web" alias second
	start second
	in_ns "$web" frame -i c1 -c 3 >/dev/null
	vsw -n "$sw" port del second
	ends 4
	expect_eq "$(rows out - 100 100 ffffffffffff)" 3 "frames before its end"
	grep -q "^vsw: the device is gone$" "$tmp/said"
	check_err $? "at its end it said: $(<"$tmp/said")"
	log_test "it ends with the port"
}

netns_deleted()
{
	setup_ns third
	vsw -n "$sw" port add eth0 type vnic switch vs0 netns "$third" alias third
	number=$(vsw -n "$sw" -j port show third | jq '.[0].number')
	start third
	ip netns del "$third"
	ends 4
	grep -q "is not in use any more" "$tmp/said"
	check_err $? "at its end it said: $(<"$tmp/said")"
	wait_for not port_is_there
	log_test "it does not keep a network namespace"
}

device_moved()
{
	vsw -n "$sw" port add c2 type vnic switch vs0 netns "$web" alias moves
	start moves
	ip -n "$web" link set c2 netns "$far"
	ends 4
	grep -q "^vsw: the device is gone$" "$tmp/said"
	check_err $? "at its end it said: $(<"$tmp/said")"
	start moves
	in_ns "$far" sh -c "ip link set c2 up && frame -i c2 -c 2" >/dev/null
	stop
	expect_eq "$(rows out - 100 100 ffffffffffff)" 2 "frames where it is now"
	vsw -n "$sw" port del moves
	log_test "it ends when the device leaves its network namespace"
}

device_down()
{
	start web
	ip -n "$web" link set eth0 down
	wait_for grep -q "the device is down" "$tmp/said"
	ip -n "$web" link set eth0 up
	from_web -d "$FAR" -c 3
	stop
	expect_eq "$(rows out - 100 100 "$to_far")" 3 "frames after it was down"
	ip -n "$web" link set eth0 down
	start web -c 2
	wait_for grep -q "the device is down" "$tmp/said"
	ip -n "$web" link set eth0 up
	from_web -d "$FAR" -c 2
	ends 0
	log_test "a device that is down for a while"
}

room_that_runs_out()
{
	local captured dropped

	start web
	kill -STOP "$capture"
	from_web -d "$FAR" -c 6000 -l 1500
	kill -CONT "$capture"
	stop
	captured=$(sed -n 's/.*: \([0-9]*\) frames captured, .*/\1/p' "$tmp/said")
	dropped=$(sed -n 's/.*captured, \([0-9]*\) dropped$/\1/p' "$tmp/said")
	expect_ge "$dropped" 1 "dropped"
	expect_ge "$captured" 1000 "captured"
	expect_eq "$((captured + dropped))" 6000 "captured and dropped"
	expect_eq "$(tail -n 1 "$tmp/rows")" "counters fitted 6000 dropped $dropped captured $captured" "counters in the file"
	log_test "frames for which there was no room are counted"
}

signals()
{
	local signal

	for signal in INT TERM HUP; do
		start web
		from_web -d "$FAR" -c 3
		kill -s "$signal" "$capture"
		ends 0
		expect_eq "$(rows out - 100 100 "$to_far")" 3 "frames before signal $signal"
	done
	log_test "signals end it"
}

standard_output()
{
	: >"$tmp/said"
	bg "$VSW" -n "$sw" capture web -c 2 >"$tmp/got" 2>"$tmp/said"
	capture=$!
	wait_for grep -q "capturing on" "$tmp/said"
	from_web -d "$FAR" -c 2
	ends 0
	expect_eq "$(rows out - 100 100 "$to_far")" 2 "frames on standard output"

	# one that reads no more than the beginning
	: >"$tmp/said"
	"$VSW" -n "$sw" capture web -w - 2>"$tmp/said" > >(head -c 4 >"$tmp/head") &
	capture=$!
	bg_list+=("$capture")
	wait_for grep -q "0 frames captured" "$tmp/said"
	wait "$capture"
	expect_eq "$?" 0 "status when nobody reads"
	expect_eq "$(od -An -tx1 "$tmp/head")" " 0a 0d 0d 0a" "the beginning"
	log_test "standard output"
}

# on_terminal COMMAND: a shell's; what the terminal shows goes to $tmp/shown
on_terminal()
{
	: >"$tmp/shown"
	script -qfec "$1" "$tmp/shown" </dev/null >/dev/null &
	capture=$!
	bg_list+=("$capture")
}

terminal()
{
	on_terminal "$VSW -n $sw capture web -c 2 ether proto 0x88b5"
	wait_for grep -q "capturing on" "$tmp/shown"
	from_web -d "$FAR" -c 2
	wait_for not kill -0 "$capture"
	wait "$capture"
	expect_eq "$?" 0 "status of what a terminal shows"
	expect_eq "$(grep -c "$WEB > $FAR, ethertype Unknown (0x88b5), length 100" "$tmp/shown")" 2 "lines of tcpdump"
	grep -q "2 frames captured, 0 dropped" "$tmp/shown"
	check_err $? "the totals: $(<"$tmp/shown")"

	on_terminal "$VSW -n $sw capture web -w -"
	wait "$capture"
	expect_eq "$?" 1 "status of pcapng on a terminal"
	grep -q "standard output is a terminal" "$tmp/shown"
	check_err $? "of a terminal it said: $(<"$tmp/shown")"

	on_terminal "PATH=$tmp/none $VSW -n $sw capture web"
	wait "$capture"
	expect_eq "$?" 4 "status without tcpdump"
	grep -q "there is no tcpdump .* install it, or write them to a file with '-w FILE'" "$tmp/shown"
	check_err $? "without tcpdump it said: $(<"$tmp/shown")"

	mkdir -p "$tmp/bin"
	printf '#!/bin/sh\nexit 3\n' >"$tmp/bin/tcpdump"
	chmod +x "$tmp/bin/tcpdump"
	on_terminal "PATH=$tmp/bin:$PATH $VSW -n $sw capture web"
	wait "$capture"
	expect_eq "$?" 4 "status when tcpdump fails"
	grep -q "tcpdump failed with status 3" "$tmp/shown"
	check_err $? "of a tcpdump that fails it said: $(<"$tmp/shown")"
	log_test "tcpdump shows it on a terminal"
}

words()
{
	says 1 "^vsw: the port is missing\. See 'vsw capture help'$" vsw capture
	says 1 "the option '-c' lacks its value" vsw capture web -c
	says 1 "there is no option '--colour'" vsw capture web --colour
	says 1 "direction: 'up' is not in, out or both" vsw capture -d up web
	says 1 "count: '0' is not from 1 to" vsw capture web -c 0
	says 1 "count: 'x' is not a number" vsw capture web -c x
	says 1 "snaplen: '262145' is not from 1 to 262144" vsw capture web -s 262145
	says 1 "write: the name is empty" vsw capture web -w ""
	says 1 "filter 'no such thing': .*syntax error" vsw capture web no such thing
	says 1 "filter 'outbound': the direction is said by '-d in' or '-d out'" vsw capture web outbound
	says 1 "pcapng, which is not JSON" vsw -j capture web
	shows "^Usage: vsw capture " vsw capture help
	shows "^Usage: vsw capture " vsw capture --help
	shows "^Usage: vsw capture " vsw c -h
	log_test "words that make no sense"
}

refusals()
{
	says 2 "^vsw: port 'nobody': no device has this name.*See 'vsw port show'\.$" vsw -n "$sw" capture nobody
	says 2 "^vsw: port 'lo': the device is no port of a switch" vsw -n "$sw" capture lo
	says 2 "^vsw: port 'vs0:77': " vsw -n "$sw" capture vs0:77
	says 4 "^vsw: /: Is a directory$" vsw -n "$sw" capture web -w /
	says 4 "^vsw: $tmp/none/file: No such file or directory$" vsw -n "$sw" capture web -w "$tmp/none/file"
	"$VSW" -n "$sw" capture web -w /dev/full 2>"$tmp/said"
	expect_eq "$?" 4 "status on a full disk"
	grep -q "^vsw: can't write the capture: No space left on device$" "$tmp/said"
	check_err $? "of a full disk it said: $(<"$tmp/said")"
	# what was there before stays if there is nothing to capture
	echo before >"$tmp/old"
	says 2 "port 'nobody'" vsw -n "$sw" capture nobody -w "$tmp/old"
	expect_eq "$(<"$tmp/old")" before "a file of before"
	log_test "what can't be captured, and where to"
}

# nobody COMMAND...: in $sw, without any privilege, or with those in $keep
nobody()
{
	in_ns "$sw" setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps "${keep:--all}" --ambient-caps "${keep:--all}" --bounding-set "${keep:--all}" "$@"
}

permissions()
{
	local keep

	install -m 755 "$(command -v "$VSW")" "$tmp/vsw"
	chmod 755 "$tmp"
	says 4 "^vsw: port 'far': capturing needs CAP_NET_RAW .*\. Run it as root$" nobody "$tmp/vsw" capture far
	says 4 "^vsw: port 'web': entering a network namespace needs CAP_SYS_ADMIN" nobody "$tmp/vsw" capture web
	keep=-all,+net_raw
	nobody "$tmp/vsw" capture far -c 1 >"$tmp/got" 2>"$tmp/said" &
	capture=$!
	wait_for grep -q "capturing on" "$tmp/said"
	from_veth -c 1
	ends 0
	keep=
	nameless
	says 4 "^vsw: port 'nameless': its network namespace \(number [0-9]+\) was not found, and not all processes may be looked at\. Run it as root$" \
		nobody "$tmp/vsw" capture nameless
	bg_stop "$holder"
	wait_for not port_is_there
	log_test "what a user without privileges is told"
}

require_command jq tcpdump script setpriv unshare nsenter
require_vswitch
load_kind veth
ADAPTERS=mixed star far web || exit 1
# The switch passes all tags; what hosts send by themselves would be counted.
: "$sw" "$far" "$web"
run_tests
