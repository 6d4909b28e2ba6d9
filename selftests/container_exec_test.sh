#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Other processes in containers that run: that they have what the first one has and nothing
# else, how they end, and terminals.

# shellcheck disable=SC2317,SC2154,SC2016  # called by name; setup_ns; for the shell inside
# shellcheck source=container_lib.sh
. "$(dirname "$0")/container_lib.sh"

ALL_TESTS="
	exit_status
	standard_files
	environment
	users
	workdirs
	same_as_first
	user_namespace
	descriptors
	unseen
	own_file
	limits
	signals
	detached
	lives_on
	ends_with_container
	stopped
	other_process
	terminal
	terminal_signals
	terminal_detached
	run_terminal
	refusals
"

require_command python3
container_setup
echo "bob:x:1000:1001::/:/bin/sh" >"$ROOTFS/etc/passwd"
echo "staff:x:50:" >"$ROOTFS/etc/group"

# in NAME OPTION... -- COMMAND...: a command in that container
in_()
{
	local name=$1 options=()

	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	vsw exec "${options[@]}" "$ID$name" "$@"
}

# exec_bg NAME OPTION... -- COMMAND...: the same in the background, $pid is that of vsw, which
# writes to $TMP/exec.out; until it has written "ready"
exec_bg()
{
	local name=$1 options=()

	shift
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	"$VSW" exec "${options[@]}" "$ID$name" "$@" >"$TMP/exec.out" 2>"$TMP/exec.err" &
	pid=$!
	bg_list+=("$pid")
	wait_for grep -q ready "$TMP/exec.out"
}

# end NAME: the container that was started last, and nothing is left
end()
{
	kill -KILL "$(init_of "$1")"
	run_end
	nothing_left "$1" "after exec"
}

exit_status()
{
	run_bg e -- sleep 1000
	status_is 0 in_ e -- true
	status_is 7 in_ e -- sh -c 'exit 7'
	status_is 255 in_ e -- sh -c 'exit 255'
	status_is 137 in_ e -- sh -c 'kill -9 $$'
	status_is 139 in_ e -- container_probe crash
	fails_with 127 "container '${ID}e': command 'nosuch' is not in the rootfs" in_ e -- nosuch
	fails_with 127 "command '/bin/nosuch' is not" in_ e -- /bin/nosuch
	fails_with 126 "command '/tmp' can't be executed" in_ e -- /tmp
	succeeds in_ e -- sh -c 'printf "#!/bin/nosuch\n" >/tmp/script'
	fails_with 126 "can't be executed: Permission" in_ e -- /tmp/script
	succeeds in_ e -- chmod 755 /tmp/script
	fails_with 127 "'/tmp/script': its interpreter is not" in_ e -- /tmp/script
	fails_with 127 "the command is empty" in_ e -- ""
	status_is 7 env --ignore-signal=CHLD "$VSW" exec "${ID}e" sh -c 'exit 7'
	end e
	log_test "exit status is the command's, 126, 127 or 128 + signal"
}

standard_files()
{
	local out

	run_bg s -- sleep 1000
	out=$(echo in | in_ s -i -- sh -c 'cat; echo err >&2' 2>"$TMP/std.err")
	expect_eq "$out" in "standard output"
	expect_eq "$(cat "$TMP/std.err")" err "standard error"
	out=$(echo in | in_ s -- sh -c 'cat; readlink /proc/self/fd/0')
	expect_eq "$out" /dev/null "without -i"
	# not the host's, whose mode root in there could change
	out=$(stat -c %a /dev/null)
	succeeds in_ s -- chmod 600 /proc/self/fd/0
	expect_eq "$(stat -c %a /dev/null)" "$out" "the mode of the host's /dev/null"
	succeeds in_ s -- chmod 666 /dev/null
	end s
	log_test "standard files are handed down, input only with -i"
}

environment()
{
	run_bg env --hostname box -e SECRET=of-the-first -- sleep 1000
	prints "1 box /root /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin " \
		in_ env -e A=1 -- sh -c 'echo $A $HOSTNAME $HOME $PATH "$SECRET$TERM"'
	FROM=outside prints "outside." in_ env -e FROM -e NONE -- sh -c 'echo $FROM$NONE.'
	FROM=secret prints "" in_ env -- sh -c 'echo $FROM'
	prints "2=3" in_ env --env A=1 --env A=2=3 -- sh -c 'echo $A'
	prints "hi" in_ env -e PATH=/tmp -- /bin/echo hi
	fails_with 127 "command 'true' is not" in_ env -e PATH=/tmp -- true
	prints 0022 in_ env -- sh -c umask
	end env
	log_test "variables and umask"
}

users()
{
	run_bg u -- sleep 1000
	prints "1000:1001 / 0" in_ u -u 1000:1001 -- sh -c 'echo $(id -u):$(id -g) $HOME $(id -G | grep -cw 0)'
	prints "1000:1001" in_ u -u bob -- sh -c 'echo $(id -u):$(id -g)'
	prints "1000:50" in_ u --user bob:staff -- sh -c 'echo $(id -u):$(id -g)'
	prints "1000:1001" in_ u -u 1000 -- sh -c 'echo $(id -u):$(id -g)'
	prints "7:0" in_ u -u 7 -- sh -c 'echo $(id -u):$(id -g)'
	fails_with 125 "container '${ID}u': user: it has no user 'eve' in its /etc/passwd" \
		in_ u -u eve -- true
	fails_with 125 "it has no group 'nosuch'" in_ u -u bob:nosuch -- true
	fails_with 125 "user: 'bob:' is not USER" in_ u -u bob: -- true
	# files that are none, or that only the host's root could read
	succeeds in_ u -- sh -c 'rm /etc/passwd && mkfifo /etc/passwd'
	fails_with 125 "no user 'bob'" in_ u -u bob -- true
	succeeds in_ u -- sh -c 'rm /etc/passwd && ln -s /proc/kmsg /etc/passwd'
	fails_with 125 "no user 'bob'" in_ u -u bob -- true
	prints 1000 in_ u -u 1000 -- id -u
	end u
	log_test "users, by the files of the container"
}

workdirs()
{
	local n

	run_bg w -- sleep 1000
	prints / in_ w -- pwd
	prints /etc in_ w -w /etc -- pwd
	fails_with 125 "workdir: '/nosuch': No such file" in_ w -w /nosuch -- pwd
	fails_with 125 "workdir: 'etc' is not an absolute path" in_ w -w etc -- pwd
	for n in 3 4 5 6 7 8 9 10; do
		status_is 125 in_ w -w "/proc/self/fd/$n" -- true
	done
	end w
	log_test "working directories, and no way out by one"
}

# What two processes should have in common; the word behind it is 1 or self.
facts='for i in mnt pid uts ipc net cgroup user; do readlink /proc/$1/ns/$i; done
	grep -E "^(Cap|NoNewPrivs|Seccomp|Groups|Uid|Gid|SigBlk|SigIgn)" /proc/$1/status
	cat /proc/$1/cgroup /proc/$1/oom_score_adj /proc/$1/uid_map /proc/$1/mountinfo
	readlink /proc/$1/root; cut -d" " -f41 /proc/$1/stat'

same()
{
	local first

	first=$(in_ same -- sh -c "$facts" facts 1)
	expect_ge "$(wc -l <<<"$first")" 25 "facts of the first process"
	expect_eq "$(score_adj -1000 in_ same -- sh -c "$facts" facts self)" "$first" \
		"what it has and the first process"
}

# score_adj START COMMAND...: runs it with that oom_score_adj, which it inherits
score_adj()
{
	(echo "$1" >/proc/self/oom_score_adj && shift && "$@")
}

same_as_first()
{
	local status option

	for option in "" --userns "--switch vs0 --ip 10.9.0.2/24"; do
		# shellcheck disable=SC2086
		run_bg same $option -- sleep 1000
		same
		end same
	done
	run_bg same -- sleep 1000
	# a session, a process group and no terminal of its own
	prints "yes 0" in_ same -- sh -c 'read -r i _ _ _ g s t _ </proc/self/stat
		[ $i = $g ] && [ $i = $s ] && echo yes $t'
	status=$(trap '' HUP USR2; in_ same -u 1000 -- cat /proc/self/status)
	expect_eq "$(grep -E '^Cap(Prm|Eff|Bnd)' <<<"$status" | xargs)" \
		"CapPrm: 0000000000000000 CapEff: 0000000000000000 CapBnd: 00000000a80425fb" \
		"capabilities of a user"
	expect_eq "$(grep -E '^SigIgn:' <<<"$status" | xargs)" "SigIgn: 0000000000000000" \
		"signals that vsw was told to ignore"
	fails_with 1 "permission denied" in_ same -- mount -t tmpfs none /tmp
	prints 0 in_ same -- container_probe pdeathsig
	expect_ge "$(in_ same -- cat /proc/self/cgroup | grep -c '^0::/$')" 1 "its cgroup"
	end same
	log_test "namespaces, capabilities, filters and all else are those of the first process"
}

user_namespace()
{
	run_bg n --userns -- sleep 1000
	prints "0 0" in_ n -- sh -c 'echo $(id -u) $(id -g)'
	prints "1000 50" in_ n -u bob:staff -- sh -c 'echo $(id -u) $(id -g)'
	fails_with 125 "user: become user 70000" in_ n -u 70000 -- true
	exec_bg n -- sh -c 'echo ready; exec sleep 1000'
	[ "$(stat -c %u "/proc/$(pgrep -n -x sleep)")" -ge 65536 ]
	check_err $? "it is root outside, too"
	kill -KILL "$(init_of n)"
	run_end
	expect_eq $? 137 "status after the end of the container"
	run_end
	nothing_left n "after a user namespace"
	log_test "with a user namespace"
}

descriptors()
{
	run_bg fd -- sleep 1000
	prints "0
1
2" in_ fd -- container_probe fds 7<"$TMP" 9>/dev/null
	prints "0
1
2" in_ fd -i -- container_probe fds 7<"$TMP" 9>/dev/null
	vsw exec -i "${ID}fd" true <"$TMP" 2>"$TMP/fd.err"
	expect_eq $? 125 "status with a directory as standard input"
	grep -q "descriptor 0 is a directory" "$TMP/fd.err"
	check_err $? "it said: $(cat "$TMP/fd.err")"
	end fd
	log_test "no descriptor of vsw is in the container"
}

# Somebody in there lies in wait for those that come.
unseen()
{
	local i option

	for option in "" --userns; do
		# shellcheck disable=SC2086
		run_bg hunt $option -- container_probe hunt
		wait_for grep -q ready "$TMP/hunt.out"
		for ((i = 0; i < 8; i++)); do
			status_is 0 in_ hunt -- true
		done
		grep -q seen "$TMP/hunt.out"
		check_err $? "the hunter has seen nobody, so it proves nothing"
		expect_eq "$(grep caught "$TMP/hunt.out" | sort | uniq -c)" "" "caught"
		end hunt
	done
	log_test "who comes can't be got hold of from inside"
}

# CVE-2019-5736: the command is vsw itself, which then can be written once it has ended.
own_file()
{
	run_bg own -- sleep 1000
	succeeds in_ own -- sh -c 'printf "#!/proc/self/exe\n" >/tmp/self && chmod 755 /tmp/self'
	exec_bg own -- sh -c 'echo ready; exec sleep 1000'
	expect_eq "$(readlink "/proc/$pid/exe")" "/" "the file that vsw runs from, as a path"
	kill -KILL "$pid"
	run_end
	VSW_RUNS_FROM_COPY=1 fails_with 125 "does not run from a read-only mount" in_ own -- true
	end own
	log_test "vsw's own file can't be reached for writing"
}

limits()
{
	local dir=$CGROUP/vsw/c-${ID}lim

	run_bg lim --pids 8 --memory 32M -- sleep 1000
	exec_bg lim -- sh -c 'echo ready; exec container_probe bomb'
	wait_for grep -qx 'max [1-9][0-9]*' "$dir/pids.events"
	expect_eq "$(cat "$dir/pids.current")" 8 "processes with a limit of 8"
	grep -qx "$pid" "$dir/cgroup.procs"
	check_fail $? "vsw itself is in the cgroup"
	fails_with 125 "container '${ID}lim': namespaces: clone3: Resource temporarily" in_ lim -- true
	end lim
	run_end
	expect_eq $? 137 "status of a bomb"
	run_bg lim --memory 16M -- sleep 1000
	status_is 137 in_ lim -- sh -c 'exec tail /dev/zero'
	end lim
	log_test "what it does counts for the limits of the container"
}

signals()
{
	local sig

	run_bg sig -- sleep 1000
	for sig in TERM HUP USR1 37; do
		exec_bg sig -- sh -c "trap 'exit 42' $sig; echo ready; while :; do sleep 0.1; done"
		kill -"$sig" "$pid"
		run_end
		expect_eq $? 42 "status of a command that got signal $sig"
	done
	exec_bg sig -- sh -c 'echo ready; exec sleep 1000'
	kill -TERM "$pid"
	run_end
	expect_eq $? 143 "status of a command that a signal ended"
	end sig
	log_test "signals are forwarded"
}

# inside NAME WORD...: does this command run in there?
inside()
{
	local name=$1

	shift
	in_ "$name" -- ps -o args | grep -qxF "$*"
}

# Has all that waits for a command ended?
no_escort()
{
	! grep -qsx vsw-exec /proc/[0-9]*/comm
}

detached()
{
	local before=$SECONDS out

	run_bg det -- sleep 1000
	out=$(in_ det -d -- sh -c 'echo seen; echo seen >&2; readlink /proc/$$/fd/0 >/tmp/in; exec sleep 777' 2>&1)
	expect_eq "$? $out" "0 " "status and output"
	[ $((SECONDS - before)) -lt 100 ]
	check_err $? "it was waited for"
	wait_for inside det sleep 777
	prints /dev/null in_ det -- cat /tmp/in
	fails_with 127 "command 'nosuch' is not" in_ det -d -- nosuch
	# nobody is left that would have to be waited for
	succeeds in_ det -d -- sh -c 'exit 3'
	# not process 1, which the kernel protects
	succeeds in_ det -- killall sleep
	wait_for not inside det sleep 777
	wait_for no_escort
	expect_eq "$(in_ det -- ps -o stat | grep -c Z)" 0 "zombies"
	succeeds in_ det -d -- sleep 777
	end det
	! pgrep -f -x "sleep 777" >/dev/null
	check_err $? "it lives on without its container"
	log_test "a detached command goes on, and ends with the container"
}

lives_on()
{
	run_bg on -- sleep 1000
	exec_bg on -- sh -c 'echo ready; sleep 1; exec sleep 778'
	kill -KILL "$pid"
	run_end
	expect_eq $? 137 "status of a killed vsw"
	wait_for inside on sleep 778
	succeeds in_ on -- killall sleep
	wait_for not inside on sleep 778
	expect_eq "$(in_ on -- ps -o stat | grep -c Z)" 0 "zombies"
	wait_for no_escort
	end on
	log_test "the command does not end with vsw, and is no zombie then"
}

ends_with_container()
{
	local run

	run_bg ends -- sleep 1000
	run=$pid
	exec_bg ends -- sh -c 'echo ready; exec sleep 1000'
	kill -KILL "$run"
	run_end
	expect_eq $? 137 "status of a command whose container ended"
	run_end
	vsw -n "$sw" switch show >/dev/null
	nothing_left ends "after both"
	fails_with 125 "no container '${ID}ends' runs here" in_ ends -- true
	# again and again, while it goes
	run_bg ends -- sleep 1000
	(for ((i = 0; i < 30; i++)); do "$VSW" exec "${ID}ends" true; done) >"$TMP/race" 2>&1 &
	bg_list+=($!)
	sleep 1
	kill -KILL "$(init_of ends)"
	run_end
	run_end
	nothing_left ends "after a race"
	expect_eq "$(grep -vE "no container '${ID}ends'|'${ID}ends': |does not run yet" "$TMP/race")" "" \
		"what else was said"
	log_test "a command ends with the container"
}

# Who waits for a command may be stopped; the container's end does not wait for him.
stopped()
{
	local client

	run_bg stop -- sleep 1000
	exec_bg stop -- sh -c 'echo ready; exec sleep 1000'
	client=$pid
	unset 'bg_list[-1]'
	kill -STOP "$client"
	end stop
	kill -CONT "$client"
	bg_list+=("$client")
	run_end
	expect_eq $? 137 "status when it goes on"
	log_test "a vsw that is stopped does not keep the container"
}

# edit FILTER: the record of the container "other"
edit()
{
	jq "$1" "$TMP/record" >"$VSW_STATE_DIR/containers/${ID}other/state.json"
}

other_process()
{
	run_bg other -- sleep 1000
	cp "$VSW_STATE_DIR/containers/${ID}other/state.json" "$TMP/record"
	edit '.init."start-time" += 1'
	fails_with 125 "no container '${ID}other' runs here" in_ other -- true
	edit ".init.pid = $$"
	fails_with 125 "no container '${ID}other' runs here" in_ other -- true
	edit '.init.pid = 4194000'
	fails_with 125 "no container '${ID}other' runs here" in_ other -- true
	edit '.status = "creating"'
	fails_with 125 "container '${ID}other' does not run yet" in_ other -- true
	edit '.cgroup.id += 1'
	fails_with 125 "cgroup of container '${ID}other'" in_ other -- true
	edit .
	status_is 0 in_ other -- true
	end other
	log_test "a process that only has its number is not entered"
}

# on_terminal SIZE COMMAND...: of vsw; prints what terminal.py does, standard input says what
# happens
on_terminal()
{
	local size=$1

	shift
	"$(dirname "$0")/terminal.py" "$size" "$VSW" "$@"
}

# shows TEXT WHAT: the output of a terminal, in $out, has this line
shows()
{
	[[ $'\n'$out$'\n' == *$'\n'"$1"$'\n'* ]]
	check_err $? "$2: no line '$1' in: $out"
}

terminal()
{
	local out

	run_bg tty -- sleep 1000
	out=$(on_terminal 33x77 exec -it "${ID}tty" sh -c 'tty; stty size; echo $TERM; ls -l "$(tty)" |
		cut -c 1-10; (: </dev/tty) && echo controls; echo go; read -r x; echo "got $x"
		read -r x; stty size; exit 5' <<-'STEPS'
		expect go
		type word\n
		expect got word
		size 44x88
		type \n
	STEPS
	)
	shows /dev/pts/0 "its name"
	shows "33 77" "its size"
	shows xterm TERM
	shows crw--w---- "its mode"
	shows controls "it is that of the session"
	shows "44 88" "its new size"
	shows "status 5" "status"
	shows restored "vsw's terminal"
	out=$(on_terminal 33x77 exec -it -u bob -e TERM=vt100 "${ID}tty" sh -c \
		'echo $TERM $(stat -c %u:%g "$(tty)")' </dev/null)
	shows "vt100 1000:5" "owner"
	# much is shown to its end, and what stays behind is not waited for
	out=$(on_terminal 24x80 exec -it "${ID}tty" sh -c 'sleep 1000 & seq 1 20000' </dev/null)
	shows 20000 "the end of much"
	shows 10000 "the middle of much"
	# its output may go elsewhere, and without -i its input come from there
	expect_eq "$(vsw exec -t "${ID}tty" tty </dev/null | tr -d '\r')" /dev/pts/0 "without -i"
	fails_with 125 "^vsw: the input device is not a TTY$" in_ tty -it -- true
	prints "0
1
2" in_ tty -- container_probe fds
	end tty
	log_test "a terminal: name, size, owner, and what becomes of vsw's own"
}

terminal_signals()
{
	local out

	run_bg ts -- sleep 1000
	out=$(on_terminal 24x80 exec -it "${ID}ts" sh -c 'trap "echo INT; exit 42" INT; echo go
		while :; do sleep 0.1; done' <<-'STEPS'
		expect go
		type \x03
	STEPS
	)
	shows "^CINT" "Ctrl-C"
	shows "status 42" "after Ctrl-C"
	out=$(on_terminal 24x80 exec -it "${ID}ts" sh -c 'trap "exit 43" TERM; echo go
		while :; do sleep 0.1; done' <<-'STEPS'
		expect go
		signal 15
	STEPS
	)
	shows "status 43" "after SIGTERM"
	shows restored "after SIGTERM"
	out=$(on_terminal 24x80 exec -it "${ID}ts" nosuch </dev/null)
	shows "vsw: container '${ID}ts': command 'nosuch' is not in the rootfs" "an error"
	shows "status 127" "an error"
	shows restored "after an error"
	# its container goes
	out=$( (wait_for grep -qsF ready "$TMP/ready"; kill -KILL "$(init_of ts)") &
		on_terminal 24x80 exec -it "${ID}ts" sh -c 'echo go; sleep 1000' < <(echo expect go
			sleep 1; echo ready >"$TMP/ready"))
	shows "status 137" "after the container"
	shows restored "after the container"
	run_end
	nothing_left ts "after its end"
	log_test "a terminal: Ctrl-C, signals, errors, and the end of the container"
}

terminal_detached()
{
	run_bg td -- sleep 1000
	# more than a terminal takes that nobody reads from
	succeeds in_ td -dt -- sh -c 'tty >/tmp/tty; seq 1 20000; echo done >/tmp/done; exec sleep 779'
	wait_for inside td sleep 779
	prints "/dev/pts/0
done" in_ td -- cat /tmp/tty /tmp/done
	end td
	log_test "a terminal that nobody sits at"
}

run_terminal()
{
	local out

	out=$(on_terminal 33x77 run --name "${ID}rt" --rootfs "$ROOTFS" -it -u 1000 -- sh -c \
		'tty; stty size; echo "$TERM $(stat -c %u:%g "$(tty)")"; (: </dev/tty) && echo controls
		echo go; read -r x; echo "got $x"; stty size; exit 5' <<-'STEPS'
		expect go
		size 44x88
		type word\n
	STEPS
	)
	shows /dev/pts/0 "its name"
	shows "33 77" "its size"
	shows "44 88" "its new size"
	shows "xterm 1000:5" "TERM and owner"
	shows controls "it is that of the session"
	shows "got word" "what was typed"
	shows "status 5" "status"
	shows restored "vsw's terminal"
	out=$(on_terminal 24x80 run --name "${ID}rt" --rootfs "$ROOTFS" --userns -t -i nosuch </dev/null)
	shows "status 127" "an error"
	shows restored "after an error"
	expect_eq "$(run_in rt -t -- sh -c 'tty; cat /dev/null' </dev/null | tr -d '\r')" /dev/pts/0 \
		"without -i"
	fails_with 125 "the input device is not a TTY" run_in rt -it -- true
	prints in run_in rt -i -- echo in
	nothing_left rt "after terminals"
	log_test "a container with a terminal"
}

refusals()
{
	fails_with 125 "no container '${ID}r' runs here" in_ r -- true
	fails_with 125 "name of the container is missing" vsw exec
	fails_with 125 "'../r' is not the name of a container" vsw exec ../r true
	fails_with 125 "no option '--nosuch'" vsw exec --nosuch r true
	fails_with 125 "option '-e' lacks its value" vsw exec -e
	run_bg r -- sleep 1000
	fails_with 125 "the command is missing" vsw exec "${ID}r"
	# behind the name they are the command's
	prints "-i -t" in_ r -- echo -i -t
	echo "exec ${ID}r true" >"$TMP/batch"
	fails_with 125 "'exec' can't stand in a batch file" vsw -b "$TMP/batch"
	fails_with 125 "CAP_SYS_ADMIN is missing" setpriv --bounding-set -sys_admin --inh-caps -sys_admin \
		"$VSW" exec "${ID}r" true
	end r
	log_test "what can't be done"
}

run_tests
