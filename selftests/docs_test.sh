#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The examples of README.md and of the manual pages, run as they are written.
#
# A page is one session of a shell, in a network namespace of its own that has
# the devices eth1 and eth2. In README.md the blocks marked "console"
# belong to it, in a manual page all that is displayed under EXAMPLES. A line
# that begins with "# " is a command, which may go on behind a backslash; it
# must succeed. The lines below it are what it prints. They are compared, but
# for numbers, MAC addresses that do not begin with 02:00:00:00, and the width
# of gaps; "..." stands for anything. A command with nothing below may print
# what it likes.
#
# A person takes some seconds between two commands, so one that comes too early
# for what was started in the background is tried again: if it failed, or if it
# only shows something.

# shellcheck disable=SC2317  # the tests are called by name
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

TOP=$SELFTESTS/..

ALL_TESTS="
	checks_can_fail
	readme
	manual
"

require_vswitch
require_command nsenter busybox tcpdump ping
load_kind veth dummy

# An example makes a tunnel, whose module makes devices in every namespace.
defer sysctl -q "net.core.fb_tunnels_only_for_init_net=$(sysctl -n net.core.fb_tunnels_only_for_init_net)"
sysctl -q net.core.fb_tunnels_only_for_init_net=2
[ -d /sys/module/ip_gre ] || defer modprobe -r ip_gre
load_kind ip_gre

tmp=$(mktemp -d)
defer rm -rf "$tmp"

# What the examples call vsw is the one under test.
mkdir "$tmp/bin" "$tmp/state" "$tmp/data"
# What containers write needs a file system of its own here: no overlay is made of an overlay.
mount -t tmpfs docs_test "$tmp/data" || exit 1
defer umount -l "$tmp/data"
ln -s "$(command -v "$VSW")" "$tmp/bin/vsw"

# ---- from a page to commands and what they print

# readme_lines FILE: the lines of its blocks marked "console"
readme_lines()
{
	awk '/^```/ { inside = $0 == "```console"; next } inside' "$1"
}

# manual_lines FILE: the displayed lines of EXAMPLES, as they will look
manual_lines()
{
	awk '/^\.Sh / { examples = $2 == "EXAMPLES" }
	     /^\.Bd / { inside = examples; next }
	     /^\.Ed/ { inside = 0 }
	     inside && !/^\./' "$1" |
		sed -e 's/\\-/-/g' -e 's/\\(aq/'\''/g' -e 's/\\&//g' -e 's/\\e/\\/g'
}

# read_session: standard input into the arrays commands and outputs
read_session()
{
	local line more=

	commands=()
	outputs=()
	while IFS= read -r line; do
		if [ -n "$more" ]; then
			commands[-1]="${commands[-1]%\\}$line"
		elif [[ $line == '# '* ]]; then
			commands+=("${line#\# }")
			outputs+=("")
		elif [ ${#commands[@]} -gt 0 ] && [ -n "$line" ]; then
			outputs[-1]+=$line$'\n'
		fi
		more=
		[ ${#commands[@]} -eq 0 ] || [[ ${commands[-1]} != *\\ ]] || more=y
	done
	# All at once: emulated machines take long to start a program.
	[ ${#commands[@]} -eq 0 ] ||
		mapfile -d $'\036' -t outputs < <(printf '%s\036' "${outputs[@]}" | plain)
}

# plain: standard input without what differs from time to time, and without
# the shell's own word on what was killed in the background
plain()
{
	sed -E -e 's/\r$//' -e '/^bash: line [0-9]+: +[0-9]+ Killed/d' \
		-e 's/[0-9]{4}(-[0-9]{2}){2}T[0-9:.]+[+-][0-9]{2}:[0-9]{2}/TIME/g' \
		-e 's/\b02:00:00:00:([0-9a-f]{2}):([0-9a-f]{2})\b/fixed-x\1x\2/g' \
		-e 's/\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b/MAC/g' \
		-e 's/\b[0-9]+(\.[0-9]+)*s?\b/N/g' \
		-e 's/\bN (second|minute)\b/N \1s/g' \
		-e 's/[[:blank:]]+/ /g' -e 's/ $//'
}

# ---- the shell in which they run

# Its commands come by descriptor 3, their statuses go by 4; none of them gets
# these.
# shellcheck disable=SC2016  # the other shell expands it
session_shell='
	while IFS= read -r line <&3; do
		eval "$line" 3<&- 4>&-
		echo $? >&4
	done'

session_start()
{
	setup_ns docs
	# shellcheck disable=SC2154  # setup_ns assigned it
	printf 'link add %s up type dummy\n' eth1 eth2 | ip -n "$docs" -b -
	rm -rf "${tmp:?}"/{home,in,done}
	mkdir "$tmp/home"
	mkfifo "$tmp/in" "$tmp/done"
	stuck=
	exec {to}<>"$tmp/in" {from}<>"$tmp/done"
	# Not by ip netns exec, which takes the cgroups out of sight.
	(
		cd "$tmp/home" || exit
		export PATH=$tmp/bin:$PATH VSW_STATE_DIR=$tmp/state VSW_DATA_DIR=$tmp/data
		exec nsenter --net="/run/netns/$docs" bash -c "$session_shell" \
			3<"$tmp/in" 4>"$tmp/done" {to}>&- {from}>&- \
			</dev/null >>"$tmp/out" 2>&1
	) &
	session=$!
	bg_list+=("$session")
}

session_end()
{
	local pid

	# It ends by itself, unless it waits for a command.
	[ -z "$stuck" ] || for pid in $(ip netns pids "$docs"); do
		[ "$pid" = "$session" ] || kill -9 "$pid" 2>/dev/null
	done
	exec {to}>&-
	wait "$session"
	exec {from}>&-
	cleanup_ns "$docs"
	wait_for no_container
}

# Each vsw removes what is left of containers whose own vsw is gone.
no_container()
{
	[ ! -e "$tmp/state/containers" ] && return
	VSW_STATE_DIR=$tmp/state vsw switch show >/dev/null
	[ ! -e "$tmp/state/containers" ]
}

# ---- one command

# as_written OUTPUT: is what was printed since the command began as on the page?
as_written()
{
	local line pattern='' got

	[ -n "$1" ] || return 0
	while IFS= read -r line; do
		printf -v line '%q' "$line"
		pattern+=${line//.../*}$'\n'
	done <<<"${1%$'\n'}"
	got=$(plain <"$tmp/out")$'\n'
	# shellcheck disable=SC2053  # a pattern
	[[ $got == $pattern ]]
}

# run_once COMMAND: leaves its status, and what it prints in $tmp/out
run_once()
{
	: >"$tmp/out"
	printf '%s\n' "$1" >&"$to"
	if ! read -r -t "$WAIT" status <&"$from"; then
		status="none, it did not end"
		stuck=y
	fi
}

# Netlink sockets in $docs that listen to a group; 16 is NETLINK_GENERIC.
listeners()
{
	# shellcheck disable=SC2016  # awk's fields
	nsenter --net="/run/netns/$docs" \
		awk '$2 == 16 && $4 !~ /^0+$/ { n++ } END { print n + 0 }' /proc/net/netlink
}

more_listeners()
{
	[ "$(listeners)" -gt "$1" ]
}

# check_command COMMAND OUTPUT BACKGROUND
check_command()
{
	local end=$((SECONDS + WAIT)) matches

	run_once "$1"
	while :; do
		matches=n
		as_written "$2" && matches=y
		if [ "$status$matches" = 0y ] || [ "$3" = n ] || [ "$SECONDS" -gt "$end" ]; then
			break
		fi
		sleep 0.2
		if [ "$status" != 0 ] || [[ $1 == *' show'* ]]; then
			run_once "$1"
		fi
	done
	if [ "$status" != 0 ]; then
		sed 's/^/# printed: /' "$tmp/out"
		check_err 1 "'$1': status $status"
	elif [ "$matches" = n ]; then
		sed 's/^/# printed: /' "$tmp/out"
		check_err 1 "'$1' does not print what is written"
	fi
}

# check_session: runs what read_session read, to the first failure
check_session()
{
	local i before background=n start=$SECONDS

	if [ ${#commands[@]} -eq 0 ]; then
		check_err 1 "there are no examples"
		return
	fi
	session_start
	for ((i = 0; RET == 0 && i < ${#commands[@]}; i++)); do
		[[ ${commands[i]} != *'&' ]] || background=y
		if [[ ${commands[i]} == *' monitor '*'&' ]]; then
			before=$(listeners)
			check_command "${commands[i]}" "${outputs[i]}" "$background"
			# What happens before it listens it does not show.
			wait_for more_listeners "$before"
		else
			check_command "${commands[i]}" "${outputs[i]}" "$background"
		fi
	done
	session_end
	echo "# ${#commands[@]} examples, $((SECONDS - start)) s"
}

# ---- tests

# wrong WHAT COMMAND OUTPUT [BACKGROUND]: this must not pass.
wrong()
{
	check_command "$2" "$(plain <<<"$3")" "${4:-n}" >/dev/null
	if [ "$RET" -eq 0 ]; then
		check_err 1 "$1 was not noticed"
	else
		RET=0
		RETMSG=
	fi
}

checks_can_fail()
{
	local was=$WAIT

	read_session <<-'END'
		# vsw switch add vs0 \
		  ageing 60
		# vsw switch show vs0
		SWITCH STATE ... AGEING
		vs0 up 12:34:56:78:9a:bc 1500 0 0/1 1s
		# vsw fdb get 02:00:00:00:00:0a switch vs0 || echo "none there" 2>&1
		...
		none there
		# (sleep 1; echo later) &
		later
		# echo 1 second ago
		0 seconds ago
		# echo over
	END
	check_session
	log_test "examples that are right pass"

	WAIT=2
	session_start
	wrong "a command that fails" "false" ""
	check_command "echo 02:00:00:00:00:01 12" "$(plain <<<"02:00:00:00:00:01 345")" n
	wrong "a word that is none" "vsw switch add vs0 colour red" ""
	wrong "a switch that is not there" "vsw switch show vs0" ""
	wrong "another output" "echo a b" "a c"
	wrong "another MAC" "echo 02:00:00:00:00:01" "02:00:00:00:00:02"
	wrong "an output that is missing" "true" "something"
	wrong "too much output" "echo a; echo b" "a"
	wrong "an output that does not come" "sleep 30 &" "something" y
	wrong "a command that does not end" "sleep 30" ""
	session_end
	WAIT=$was
	read_session <<<"a page without examples"
	check_session >/dev/null
	expect_eq "$RET" 1 "result of a page without examples"
	[ "$RETMSG" != "there are no examples" ] || RET=0
	log_test "examples that are wrong are noticed"
}

readme()
{
	read_session < <(readme_lines "$TOP/README.md")
	check_session
	log_test "README.md"
}

manual()
{
	local page

	for page in "$TOP"/tools/man/*.[1-9]; do
		read_session < <(manual_lines "$page")
		check_session
		log_test "${page##*/}"
	done
}

run_tests
