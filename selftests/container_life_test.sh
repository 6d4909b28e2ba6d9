#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Containers that are kept: made, started, stopped, started again, what they say and write
# meanwhile, and what becomes of them when somebody is killed.

# shellcheck disable=SC2317,SC2154,SC2016  # called by name; setup_ns assigns; containers expand
# shellcheck source=container_lib.sh
. "$(dirname "$0")/container_lib.sh"

ALL_TESTS="
	detached
	statuses
	stops
	stays
	logs
	follows
	terminals
	rotates
	restarts
	pauses
	neighbours
	removes_itself
	renames
	lists
	waits
	nobody_left
	both_killed
	cli_killed
	images
	refusals
"

require_command python3
container_setup
mkdir "$TMP/data"
mount -t tmpfs -o size=256M life_test "$TMP/data" || skip_all "no tmpfs"
defer umount -l "$TMP/data"
mounts_before=$(count_mounts)
export VSW_DATA_DIR=$TMP/data

# in_sw COMMAND...: vsw where the switch is
in_sw()
{
	vsw -n "$sw" "$@"
}

# start_one NAME OPTION... -- COMMAND...: one of $ROOTFS that is kept
start_one()
{
	local name=$1

	shift
	in_sw run -d --name "$ID$name" --rootfs "$ROOTFS" "$@" > /dev/null
}

# of NAME KEY: what ps says of it, in JSON
of()
{
	in_sw -j ps -a -f "name=$ID$1" | jq -r ".[0][\"$2\"]"
}

is()
{
	[ "$(of "$1" status)" = "$2" ]
}

# gone NAME...: they are removed, and nothing is left of them
gone()
{
	local name

	for name; do
		in_sw rm -f "$ID$name" > /dev/null
		check_err $? "rm -f $name"
		nothing_left "$name" "after rm"
		[ ! -e "$VSW_DATA_DIR/containers/$ID$name" ]
		check_err $? "the directory of $name is there"
	done
}

supervisor_of()
{
	state "$1" .supervisor.pid
}

detached()
{
	expect_eq "$(in_sw run -d --name "${ID}a" --rootfs "$ROOTFS" --switch vs0 --ip 10.9.0.2/24 \
		-- sleep 1000)" "${ID}a" "what run -d says"
	expect_eq "$(of a status) $(of a supervised) $(of a command)" "running true sleep 1000" "ps"
	in_ns "$sw" ping -qc 1 -W 5 10.9.0.2 > /dev/null
	check_err $? "it is not reached"
	expect_eq "$(in_sw inspect "${ID}a" | jq -r '.[0] | "\(.State.Running) \(.State.Pid) \(.Path)"')" \
		"true $(init_of a) sleep" "inspect"
	[[ $(in_sw ps) =~ ${ID}a.*sleep\ 1000.*second.*Up\  ]]
	check_err $? "the table: $(in_sw ps)"
	# neither terminal nor directory of who started it, and its own session
	expect_eq "$(readlink "/proc/$(supervisor_of a)/fd/"{0,1,2} "/proc/$(supervisor_of a)/cwd" | xargs)" \
		"/dev/null /dev/null /dev/null /" "files of the supervisor"
	[ "$(ps -o sid= -p "$(supervisor_of a)")" -eq "$(supervisor_of a)" ]
	check_err $? "the supervisor's session is another's"
	[ "$(awk '/^Private_Dirty/ { print $2 }' "/proc/$(supervisor_of a)/smaps_rollup")" -le 1024 ]
	check_err $? "the supervisor takes more than 1 MiB"
	gone a
	log_test "run -d: it runs by itself, with its network"
}

statuses()
{
	local status

	fails_with 127 "is not in the rootfs" in_sw run -d --name "${ID}s" --rootfs "$ROOTFS" -- nowhere
	expect_eq "$(of s status) $(of s exit-status)" "exited 127" "one that did not start"
	[[ $(of s error) == *"is not in the rootfs"* ]]
	check_err $? "why: $(of s error)"
	gone s
	for status in 0 3; do
		start_one s -- sh -c "exit $status"
		expect_eq "$(in_sw wait "${ID}s")" "$status" "wait"
		expect_eq "$(of s status) $(of s exit-status)" "exited $status" "ps"
		gone s
	done
	start_one s --memory 16M -- tail -c 100000000 /dev/zero
	expect_eq "$(in_sw wait "${ID}s")" 137 "one that is killed for its memory"
	[[ $(in_sw logs "${ID}s" 2>&1) == *"vsw: "*"memory limit 16M reached"* ]]
	check_err $? "the log: $(in_sw logs "${ID}s" 2>&1)"
	gone s
	log_test "how it ended"
}

stops()
{
	local begin

	start_one t --stop-timeout 1 -- sh -c 'trap "echo bye; exit 5" TERM; while :; do sleep 0.1; done'
	in_sw stop -t 20 "${ID}t" > /dev/null
	check_err $? "stop"
	expect_eq "$(of t status) $(of t exit-status) $(in_sw logs "${ID}t")" "exited 5 bye" "one that listens"
	in_sw start "${ID}t" > /dev/null
	in_sw kill -s USR1 "${ID}t" > /dev/null
	in_sw kill -s TERM "${ID}t" > /dev/null
	expect_eq "$(in_sw wait "${ID}t")" 5 "kill -s TERM"
	gone t
	# process 1 is deaf to what it does not handle
	start_one t --stop-timeout 1 -- sleep 1000
	begin=$SECONDS
	in_sw stop "${ID}t" > /dev/null
	[ $((SECONDS - begin)) -le 8 ]
	check_err $? "it took $((SECONDS - begin)) seconds"
	expect_eq "$(of t status) $(of t exit-status)" "exited 137" "one that does not listen"
	in_sw start "${ID}t" > /dev/null
	expect_eq "$(in_sw stop -t 0 "${ID}t") $(of t exit-status)" "${ID}t 137" "no time at all"
	in_sw stop "${ID}t" > /dev/null
	check_err $? "stop what does not run"
	gone t
	start_one t --stop-signal USR2 -- sh -c 'trap "exit 7" USR2; while :; do sleep 0.1; done'
	in_sw stop -t 20 "${ID}t" > /dev/null
	expect_eq "$(of t exit-status)" 7 "its own signal"
	in_sw start "${ID}t" > /dev/null
	in_sw restart -s USR2 -t 20 "${ID}t" > /dev/null
	expect_eq "$(of t status)" running "restart"
	in_sw kill "${ID}t" > /dev/null
	expect_eq "$(in_sw wait "${ID}t")" 137 "kill"
	gone t
	log_test "stop: by its signal, and after its time; kill, restart"
}

stays()
{
	in_sw create --name "${ID}w" --rootfs "$ROOTFS" -e MINE -- sh -c \
		'echo $MINE; echo x >> /tmp/file; cat /tmp/file; rm -f /etc/gone; mkdir -p /proc/no 2>&1' >/dev/null
	check_err $? "create"
	expect_eq "$(of w status)" created "before it runs"
	nothing_left w "before it runs"
	in_sw start "${ID}w" > /dev/null
	in_sw wait "${ID}w" > /dev/null
	in_sw start "${ID}w" > /dev/null
	in_sw wait "${ID}w" > /dev/null
	expect_eq "$(in_sw logs "${ID}w" | grep -c x)" 3 "lines of a file that is written twice"
	[ ! -e "$ROOTFS/tmp/file" ]
	check_err $? "the directory was written to"
	gone w
	MINE=before in_sw create --name "${ID}w" --rootfs "$ROOTFS" -e MINE -- sh -c 'echo $MINE' > /dev/null
	MINE=after in_sw start "${ID}w" > /dev/null
	in_sw wait "${ID}w" > /dev/null
	expect_eq "$(in_sw logs "${ID}w")" before "a variable"
	gone w
	start_one w --userns -- sh -c 'id -u; echo y >> /tmp/file; wc -l < /tmp/file'
	in_sw wait "${ID}w" > /dev/null
	in_sw start "${ID}w" > /dev/null
	in_sw wait "${ID}w" > /dev/null
	expect_eq "$(in_sw logs "${ID}w" | xargs)" "0 1 0 2" "in a user namespace"
	# its files are those of its ids, whatever it is called
	in_sw rename "${ID}w" "${ID}x" > /dev/null
	in_sw start "${ID}x" > /dev/null
	in_sw wait "${ID}x" > /dev/null
	expect_eq "$(in_sw logs -n 2 "${ID}x" | xargs)" "0 3" "in a user namespace, renamed"
	gone x
	log_test "what it wrote is there when it starts again"
}

logs()
{
	start_one l -- sh -c 'echo one; echo two >&2; printf "par"; sleep 0.3; echo tial; printf "\377\001end\n"; echo last'
	in_sw wait "${ID}l" > /dev/null
	expect_eq "$(in_sw logs "${ID}l" 2>/dev/null | od -An -c | xargs -0 | tr -s ' \n' ' ')" \
		"$(printf 'one\npartial\n\377\001end\nlast\n' | od -An -c | xargs -0 | tr -s ' \n' ' ')" "output"
	expect_eq "$(in_sw logs "${ID}l" 2>&1 >/dev/null)" two "errors"
	expect_eq "$(in_sw logs -n 1 "${ID}l")" last "the last line"
	expect_eq "$(in_sw logs "${ID}l" --tail 0)" "" "none"
	[[ $(in_sw logs -t --tail 1 "${ID}l") =~ ^20[0-9-]+T[0-9:]+\.[0-9]{9}Z\ last$ ]]
	check_err $? "with the time: $(in_sw logs -t --tail 1 "${ID}l")"
	expect_eq "$(in_sw logs --since 1h "${ID}l" 2>/dev/null | wc -l)" 4 "since an hour"
	expect_eq "$(in_sw logs --since 2999-01-01 "${ID}l" 2>&1)" "" "since a time to come"
	expect_eq "$(in_sw logs --until 1h "${ID}l" 2>&1)" "" "until an hour ago"
	fails_with 1 "is no time" in_sw logs --since yesterday "${ID}l"
	gone l
	log_test "logs: what it said, byte by byte"
}

follows()
{
	start_one f -- sh -c 'i=0; while [ $i -lt 20 ]; do echo $i; i=$((i + 1)); sleep 0.1; done'
	expect_eq "$(timeout 60 "$VSW" -n "$sw" logs -f "${ID}f" | xargs)" "$(seq 0 19 | xargs)" "what came"
	# who reads and goes does not end it
	in_sw start "${ID}f" > /dev/null
	timeout 60 "$VSW" -n "$sw" logs -f -n 0 "${ID}f" | head -n 1 > /dev/null
	expect_eq "$(in_sw wait "${ID}f")" 0 "it"
	gone f
	log_test "logs -f: what comes, until its end"
}

# Nobody sits at them.
terminals()
{
	start_one t -t -- sh -c 'tty; echo err >&2; exec sleep 1000'
	wait_for grep -q err "$VSW_DATA_DIR/containers/${ID}t/log"
	expect_eq "$(in_sw logs "${ID}t" 2> "$TMP/t.err" | tr -d '\r' | xargs)" "/dev/pts/0 err" \
		"what a terminal shows"
	expect_eq "$(cat "$TMP/t.err")" "" "what is apart from it"
	prints "" vsw exec "${ID}t" sh -c 'echo typed >/dev/pts/0'
	wait_for grep -q typed "$VSW_DATA_DIR/containers/${ID}t/log"
	gone t
	# more than a terminal or pipe takes, to the end
	start_one t -it -- seq 1 30000
	expect_eq "$(in_sw wait "${ID}t") $(in_sw logs "${ID}t" | tail -n 1 | tr -d '\r')" "0 30000" \
		"the end of much"
	gone t
	# input without an end, and with one
	start_one t -i -- cat
	start_one u -- cat
	expect_eq "$(in_sw wait "${ID}u")" 0 "status without -i"
	expect_eq "$(of t status)" running "with -i"
	in_sw stop -t 0 "${ID}t" > /dev/null
	start_one v -t --restart on-failure:2 -- sh -c 'echo once; exit 1'
	expect_eq "$(in_sw wait "${ID}v") $(in_sw logs "${ID}v" | grep -c once)" "1 3" "restarts"
	gone t u v
	log_test "terminals and input of those that are kept"
}

rotates()
{
	start_one r --log-opt max-size=2k --log-opt max-file=3 -- seq 1 1000
	in_sw wait "${ID}r" > /dev/null
	expect_eq "$(find "$VSW_DATA_DIR/containers/${ID}r" -name 'log*' | wc -l)" 3 "files"
	[ "$(cat "$VSW_DATA_DIR/containers/${ID}r/"log* | wc -c)" -le 7000 ]
	check_err $? "they are too large"
	expect_eq "$(in_sw logs "${ID}r" | tail -n 1)" 1000 "the last line"
	expect_eq "$(in_sw logs -n 2 "${ID}r" | xargs)" "999 1000" "the last two"
	expect_eq "$(in_sw logs "${ID}r" | awk 'NR > 1 && $1 != last + 1 { n++ } { last = $1 } END { print n + 0 }')" \
		0 "gaps"
	gone r
	log_test "a log is not larger than it may be"
}

# mac: what the switch's host has as that of the container
mac()
{
	ip -n "$sw" neigh show to "$1" | sed -n 's/.* lladdr \([^ ]*\) .*/\1/p'
}

neighbours()
{
	local first

	# without a carrier the host would forget all of them
	start_one y --switch vs0 -- sleep 1000
	start_one g --switch vs0 --ip 10.9.0.2/24 --ip 2001:db8:9::2/64 -- sleep 1000
	ip -n "$sw" addr add 2001:db8:9::1/64 dev vs0 nodad
	in_ns "$sw" ping -qc 1 -W 5 10.9.0.2 > /dev/null
	in_ns "$sw" ping -qc 1 -W 5 2001:db8:9::2 > /dev/null
	first=$(mac 10.9.0.2)
	in_sw restart -t 0 "${ID}g" > /dev/null
	expect_eq "$(mac 10.9.0.2)" "$first" "its address after a restart"
	in_sw rm -f "${ID}g" > /dev/null
	start_one h --switch vs0 --ip 10.9.0.2/24 --ip 2001:db8:9::2/64 -- sleep 1000
	wait_for not is_mac "$first"
	in_ns "$sw" ping -qc 1 -W 2 10.9.0.2 > /dev/null
	check_err $? "another container of this IPv4 address is not reached"
	in_ns "$sw" ping -qc 1 -W 2 2001:db8:9::2 > /dev/null
	check_err $? "another container of this IPv6 address is not reached"
	in_sw rm -f "${ID}h" > /dev/null
	gone y
	ip -n "$sw" addr del 2001:db8:9::1/64 dev vs0
	log_test "neighbours know by whom an address is had now"
}

# Neither address is had by it any more.
is_mac()
{
	[ "$(mac 10.9.0.2)" = "$1" ] || [ "$(mac 2001:db8:9::2)" = "$1" ]
}

# has_run NAME TIMES: it has said that so often
has_run()
{
	[ "$(in_sw logs "$ID$1" 2>/dev/null | grep -c run)" -ge "$2" ]
}

restarts()
{
	start_one p --restart on-failure:2 -- sh -c 'echo run; exit 4'
	expect_eq "$(in_sw wait "${ID}p")" 4 "the status at last"
	expect_eq "$(in_sw logs "${ID}p" | grep -c run) $(of p restarts)" "3 2" "runs, restarts"
	gone p
	start_one p --restart on-failure -- sh -c 'echo run'
	in_sw wait "${ID}p" > /dev/null
	expect_eq "$(in_sw logs "${ID}p" | grep -c run)" 1 "runs of one that did not fail"
	gone p
	start_one p --restart always --switch vs0 --ip 10.9.0.2/24 -- sh -c 'echo run; sleep 0.1'
	wait_for has_run p 3
	in_sw stop -t 0 "${ID}p" > /dev/null
	check_err $? "stop one that comes back"
	expect_eq "$(of p status)" exited "after stop"
	nothing_left p "after stop"
	in_sw start "${ID}p" > /dev/null
	wait_for has_run p 5
	in_sw kill "${ID}p" > /dev/null
	check_err $? "kill one that comes back"
	expect_eq "$(of p status)" exited "after kill"
	gone p
	start_one p --restart always -- false
	sleep 1
	in_sw kill "${ID}p" > /dev/null
	check_err $? "kill one that rests"
	expect_eq "$(of p status)" exited "after kill"
	gone p
	log_test "restart: when it has ended, as it was told, and not when a person ends it"
}

pauses()
{
	start_one z -- sh -c 'while :; do echo x; sleep 0.05; done'
	in_sw pause "${ID}z" > /dev/null
	expect_eq "$(of z status)" paused "pause"
	local n
	n=$(in_sw logs "${ID}z" | wc -l)
	sleep 0.5
	n=$(($(in_sw logs "${ID}z" | wc -l) - n))
	[ "$n" -le 1 ]
	check_err $? "it went on: $n lines"
	in_sw unpause "${ID}z" > /dev/null
	expect_eq "$(of z status)" running "unpause"
	in_sw pause "${ID}z" > /dev/null
	in_sw stop -t 0 "${ID}z" > /dev/null
	expect_eq "$(of z status)" exited "stop of one that is paused"
	gone z
	log_test "pause, unpause"
}

removes_itself()
{
	start_one m --rm -- sleep 0.3
	expect_eq "$(of m status)" running "while it runs"
	wait_for not is m running
	wait_for not test -e "$VSW_DATA_DIR/containers/${ID}m"
	nothing_left m "after its end"
	fails_with 127 "is not in the rootfs" in_sw run -d --rm --name "${ID}m" --rootfs "$ROOTFS" -- nowhere
	[ ! -e "$VSW_DATA_DIR/containers/${ID}m" ]
	check_err $? "one that did not start is kept"
	start_one m --rm -- sleep 1000
	in_sw rm -f "${ID}m" > /dev/null
	check_err $? "rm -f of one that goes by itself"
	nothing_left m "after rm -f"
	log_test "--rm: nothing is kept"
}

renames()
{
	start_one n -- sleep 1000
	fails_with 2 "runs" in_sw rename "${ID}n" "${ID}o"
	in_sw stop -t 0 "${ID}n" > /dev/null
	start_one q -- true
	in_sw wait "${ID}q" > /dev/null
	fails_with 2 "another container" in_sw rename "${ID}n" "${ID}q"
	in_sw rename "${ID}n" "${ID}o"
	check_err $? "rename"
	in_sw start "${ID}o" > /dev/null
	expect_eq "$(of o status)" running "by its new name"
	gone o q
	log_test "rename"
}

lists()
{
	start_one la -- sleep 1000
	start_one lb -- true
	in_sw wait "${ID}lb" > /dev/null
	run_bg lc -- sleep 1000
	expect_eq "$(in_sw ps -q -f "name=${ID}l" | sort | xargs)" "${ID}la ${ID}lc" "those that run"
	expect_eq "$(in_sw ps -aq -f "name=${ID}l" | sort | xargs)" "${ID}la ${ID}lb ${ID}lc" "all"
	expect_eq "$(in_sw ps -q -f status=exited -f "name=${ID}l")" "${ID}lb" "those that have ended"
	[[ $(in_sw ps -a -f "name=${ID}lb") =~ Exited\ \(0\)\ [0-9]+\ seconds?\ ago ]]
	check_err $? "the table: $(in_sw ps -a)"
	in_sw stop -t 0 "${ID}lc" > /dev/null
	check_err $? "stop of one in the foreground"
	run_end
	gone la lb
	log_test "ps: all kinds, and filters"
}

waits()
{
	local begin=$SECONDS

	start_one v -- sleep 1
	expect_eq "$(in_sw wait "${ID}v")" 0 "wait"
	[ $((SECONDS - begin)) -ge 1 ]
	check_err $? "it did not wait"
	gone v
	log_test "wait"
}

# Its supervisor is killed: it goes on, and can be stopped.
nobody_left()
{
	local pid

	start_one k --switch vs0 --ip 10.9.0.2/24 -p 8080:80 -- sleep 1000
	pid=$(init_of k)
	kill -KILL "$(supervisor_of k)"
	wait_for not kill -0 "$(supervisor_of k)"
	expect_eq "$(of k status) $(of k supervised) $(init_of k)" "running false $pid" "ps"
	[[ $(in_sw ps) == *"no supervisor"* ]]
	check_err $? "the table: $(in_sw ps)"
	in_ns "$sw" ping -qc 1 -W 5 10.9.0.2 > /dev/null
	check_err $? "it is not reached"
	fails_with 125 "is taken" in_sw run --name "${ID}k" --rootfs "$ROOTFS" -- true
	in_sw start "${ID}k" > /dev/null
	expect_eq "$(init_of k)" "$pid" "start of what runs"
	in_sw pause "${ID}k" > /dev/null
	in_sw stop -t 0 "${ID}k" > /dev/null
	check_err $? "stop"
	nothing_left k "after stop"
	expect_eq "$(of k status)" lost "after stop"
	in_sw start "${ID}k" > /dev/null
	expect_eq "$(of k status) $(of k supervised)" "running true" "after start"
	gone k
	log_test "without its supervisor it goes on, is seen and can be stopped"
}

both_killed()
{
	start_one b --restart always --switch vs0 --ip 10.9.0.2/24 -- sleep 1000
	kill -KILL "$(supervisor_of b)"
	kill -KILL "$(init_of b)"
	wait_for is b lost
	nothing_left b "when both are gone"
	in_sw start "${ID}b" > /dev/null
	expect_eq "$(of b status)" running "after start"
	gone b
	start_one b --rm -- sleep 1000
	kill -KILL "$(supervisor_of b)"
	kill -KILL "$(init_of b)"
	wait_for is b lost
	start_one b -- sleep 1000
	check_err $? "the name of one that was to be removed"
	gone b
	log_test "when both are killed nothing is left, and it can start again"
}

# Who asked is killed: at any moment it is there or not, and can be removed.
cli_killed()
{
	local i pid

	for i in 1 2 3 4 5 6 7 8; do
		"$VSW" -n "$sw" run -d --name "${ID}c" --rootfs "$ROOTFS" --switch vs0 --ip 10.9.0.2/24 \
			-- sleep 1000 > /dev/null 2>&1 &
		pid=$!
		sleep "0.0$((i * 2))"
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
		if [ -d "$VSW_DATA_DIR/containers/${ID}c" ]; then
			in_sw rm -f "${ID}c" > /dev/null
			check_err $? "rm -f, round $i"
		fi
		in_sw ps -a > /dev/null
		check_err $? "ps, round $i"
		wait_for nothing_of c
	done
	nothing_left c "of those whose starters were killed"
	log_test "kill -9 of who starts it leaves one that can be removed, or none"
}

nothing_of()
{
	[ ! -e "$VSW_STATE_DIR/containers/$ID$1" ] && [ ! -e "$VSW_DATA_DIR/containers/$ID$1" ]
}

images()
{
	"$(dirname "$0")/image.py" "$TMP/data/box" "$(command -v busybox)" || return
	vsw image import "oci:$TMP/data/box:web" > /dev/null
	check_err $? "import"
	in_sw run -d --name "${ID}i" --switch vs0 --ip 10.9.0.2/24 box:web > /dev/null
	check_err $? "run -d of an image"
	expect_eq "$(of i image) $(of i status)" "box:web running" "ps"
	fails_with 2 "container '${ID}i'|in use|is used" vsw image rm box:web
	in_sw stop -t 0 "${ID}i" > /dev/null
	fails_with 2 "container '${ID}i'" vsw image rm box:web
	in_sw start "${ID}i" > /dev/null
	expect_eq "$(of i status)" running "start of an image's"
	gone i
	vsw image rm box:web
	check_err $? "the image of a container that is removed"
	log_test "an image stays as long as a container of it"
}

refusals()
{
	start_one e -- sleep 1000
	fails_with 125 "that of another container" in_sw run -d --name "${ID}e" --rootfs "$ROOTFS" -- true
	fails_with 2 "that of another container" in_sw create --name "${ID}e" --rootfs "$ROOTFS" -- true
	fails_with 125 "is taken" in_sw run --name "${ID}e" --rootfs "$ROOTFS" -- true
	fails_with 2 "runs" in_sw rm "${ID}e"
	gone e
	fails_with 2 "there is no container" in_sw start "${ID}nobody"
	fails_with 2 "there is no container" in_sw logs "${ID}nobody"
	fails_with 2 "there is no container" in_sw inspect "${ID}nobody"
	fails_with 2 "there is no container" in_sw rm "${ID}nobody"
	fails_with 2 "there is no container" in_sw stop "${ID}nobody"
	fails_with 1 "is not the name" in_sw rm ../x
	fails_with 1 "CONTAINER is needed" in_sw rm
	fails_with 1 "no such option|no option" in_sw rm -t 1 x
	fails_with 1 "no signal 'NO'" in_sw kill -s NO x
	fails_with 125 "it ends with vsw" run_in e --restart always -- true
	fails_with 125 "can't be removed and start" run_in e -d --rm --restart always -- true
	fails_with 125 "none of no, on-failure" run_in e -d --restart sometimes -- true
	fails_with 125 "none of no, on-failure" run_in e -d --restart always:3 -- true
	fails_with 125 "none of max-size" run_in e -d --log-opt no=1 -- true
	fails_with 125 "max-file is 1 to" run_in e -d --log-opt max-file=0 -- true
	fails_with 125 "no signal" run_in e -d --stop-signal NO -- true
	fails_with 125 "not UTF-8" run_in e -d -- echo $'\xff'
	fails_with 1 "is no filter" in_sw ps -f x=y
	nothing_left e "after what was refused"
	[ ! -e "$VSW_DATA_DIR/containers/${ID}e" ]
	check_err $? "something is kept"
	log_test "what can't be is refused, and says why"
}

run_tests
