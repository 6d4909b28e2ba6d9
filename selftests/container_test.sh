#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Containers that run: status, signals, limits, what is around the command and
# what it may do.

# shellcheck disable=SC2317,SC2154,SC2016  # called by name; setup_ns; for the shell inside
# shellcheck source=container_lib.sh
. "$(dirname "$0")/container_lib.sh"

ALL_TESTS="
	exit_status
	standard_files
	signals
	environment
	namespaces_differ
	network_inside
	names_of_devices
	two_talk
	published
	cgroup_values
	pids_limit
	memory_limit
	oom_score
	io_limit
	power
	system_calls
	devices
	descriptors
	dies_with_vsw
	own_file_protected
"

exit_status()
{
	status_is 0 run_in st -- true
	status_is 7 run_in st -- sh -c 'exit 7'
	status_is 255 run_in st -- sh -c 'exit 255'
	status_is 137 run_in st -- sh -c 'sh -c "kill -9 \$\$"; exit $?'
	status_is 139 run_in st -- container_probe crash
	status_is 7 env --ignore-signal=CHLD "$VSW" run --name "${ID}st" --rootfs "$ROOTFS" -- \
		sh -c 'exit 7'
	fails_with 127 "command 'nosuch' is not in the rootfs" run_in st -- nosuch
	fails_with 127 "command '/bin/nosuch' is not" run_in st -- /bin/nosuch
	fails_with 127 "command '/bin/busybox/x' is not" run_in st -- /bin/busybox/x
	printf '#!/bin/nosuch\n' > "$ROOTFS/tmp/script"
	fails_with 126 "command '/tmp/script' can't be executed: Permission" run_in st -- /tmp/script
	chmod 755 "$ROOTFS/tmp/script"
	fails_with 127 "'/tmp/script': its interpreter is not" run_in st -- /tmp/script
	echo plain > "$ROOTFS/tmp/script"
	fails_with 126 "can't be executed: Exec format error" run_in st -- /tmp/script
	fails_with 126 "command '/tmp' can't be executed" run_in st -- /tmp
	rm "$ROOTFS/tmp/script"
	fails_with 127 "command is empty" run_in st -- ""
	nothing_left st "after many ends"
	log_test "exit status is the command's, 126, 127 or 128 + signal"
}

standard_files()
{
	local out

	out=$(echo in | run_in std -- sh -c 'cat; echo err >&2' 2>"$TMP/std.err")
	expect_eq "$out" in "standard output"
	expect_eq "$(cat "$TMP/std.err")" err "standard error"
	log_test "standard files are inherited"
}

signals()
{
	local sig

	# a shell lets what it puts into the background ignore SIGINT
	printf '#!/bin/sh\nexec env --default-signal=INT "%s" "$@"\n' "$VSW" > "$TMP/default"
	chmod 755 "$TMP/default"
	for sig in TERM HUP INT USR1 37; do
		VSW=$TMP/default run_bg sig -- sh -c "trap 'exit 42' $sig; echo ready; while :; do sleep 0.1; done"
		wait_for grep -q ready "$TMP/sig.out"
		kill -"$sig" "$pid"
		run_end
		expect_eq $? 42 "status of a command that got signal $sig"
	done
	# what vsw was told to ignore does not reach the command either
	trap '' USR1
	run_bg sig -- sh -c "trap 'exit 42' USR1; trap 'exit 43' USR2; echo ready
		while :; do sleep 0.1; done"
	trap - USR1
	wait_for grep -q ready "$TMP/sig.out"
	kill -USR1 "$pid"
	kill -USR2 "$pid"
	run_end
	expect_eq $? 43 "status of a command whose vsw ignores a signal"
	# the kernel protects process 1 from a signal it does not handle
	run_bg sig -- sleep 1000
	kill -TERM "$pid"
	kill -TERM "$pid"
	sleep 0.3
	kill -0 "$pid"
	check_err $? "vsw ended by a signal that its command ignores"
	kill -KILL "$(init_of sig)"
	run_end
	expect_eq $? 137 "status of a killed command"
	nothing_left sig "after signals"
	log_test "signals are forwarded"
}

environment()
{
	prints "${ID}env" run_in env -- hostname
	prints box run_in env --hostname box -- hostname
	prints "1 ${ID}env /root /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
		run_in env -e A=1 -- sh -c 'echo $A $HOSTNAME $HOME $PATH'
	FROM=outside prints "outside." run_in env -e FROM -e NONE -- sh -c 'echo $FROM$NONE.'
	prints "2=3" run_in env --env A=1 --env A=2=3 -- sh -c 'echo $A'
	FROM=secret prints "" run_in env -- sh -c 'echo $FROM'
	prints /etc run_in env -w /etc -- pwd
	prints "1000:1001 / 0" run_in env -u 1000:1001 -- \
		sh -c 'echo $(id -u):$(id -g) $HOME $(id -G | grep -cw 0)'
	prints "7:0" run_in env --user 7 -- sh -c 'echo $(id -u):$(id -g)'
	prints 0022 run_in env -- sh -c 'umask'
	prints "1 1" run_in env -- sh -c 'echo $$ $(ps | grep -c "^ *1 ")'
	log_test "host name, variables, working directory, user, umask"
}

namespaces_differ()
{
	local kind inside

	inside=$(run_in ns -- sh -c 'for i in mnt pid uts ipc net cgroup user; do
		readlink /proc/self/ns/$i; done')
	for kind in mnt pid uts ipc net cgroup; do
		[[ $inside == *"$kind:["* ]]
		check_err $? "no namespace $kind inside: $inside"
		[[ $inside != *"$(readlink "/proc/self/ns/$kind")"* ]]
		check_err $? "namespace $kind is that of the host"
	done
	[[ $inside == *"$(readlink /proc/self/ns/user)"* ]]
	check_err $? "the user namespace changed unasked"
	prints "0::/" run_in ns -- grep ^0 /proc/self/cgroup
	log_test "namespaces are its own"
}

# inside_with PORT OPTION...: a container with these, whose port (TYPE DEVICE) is so
inside_with()
{
	local port=$1 json

	shift
	run_bg net --switch vs0 "$@" --ip 10.9.0.2/24 --ip 2001:db8:9::2/64 --gateway 10.9.0.1 \
		--gateway 2001:db8:9::1 --mac 02:00:00:00:09:02 --mtu 1400 -- sleep 1000
	# Linux 6.1 lists them by a hash of their numbers
	json=$(nsenter -t "$(init_of net)" -n ip -j addr show | jq 'sort_by(.ifname)')
	expect_eq "$(jq -r '.[].ifname' <<<"$json" | xargs)" "eth0 lo" "devices"
	expect_eq "$(jq -r '.[0] | "\(.mtu) \(.address)"' <<<"$json")" \
		"1400 02:00:00:00:09:02" "mtu and address"
	expect_eq "$(jq -r '.[0].addr_info[] | select(.scope == "global") |
		"\(.local)/\(.prefixlen)"' <<<"$json" | xargs)" \
		"10.9.0.2/24 2001:db8:9::2/64" "addresses"
	expect_eq "$(jq -r '[.[] | .flags | index("UP") != null] | all' <<<"$json")" true "up"
	expect_eq "$(nsenter -t "$(init_of net)" -n ip -j route show default | jq -r '.[0].gateway')" \
		10.9.0.1 "IPv4 gateway"
	expect_eq "$(nsenter -t "$(init_of net)" -n ip -6 -j route show default | jq -r '.[0].gateway')" \
		2001:db8:9::1 "IPv6 gateway"
	expect_eq "$(ports)" "$port ${ID}net" "the port"
	expect_eq "$(vsw -n "$sw" -j port show "${ID}net" | jq -c '.[0] | [.number, .forwarding]')" \
		"[1,true]" "the port by the name of the container"
}

inside_end()
{
	kill -KILL "$pid"
	run_end
	vsw -n "$sw" switch show > /dev/null
	nothing_left net "after an adapter"
}

# That the port of the container "net" belongs to.
port_cgroup()
{
	vsw -j -n "$sw" port show "${ID}net" | jq '.[0].cgroup'
}

network_inside()
{
	local json

	inside_with "vnic eth0"
	expect_eq "$(port_cgroup)" "$(stat -c %i "$CGROUP/vsw/c-${ID}net")" "the vnic's cgroup"
	inside_end
	inside_with "device vsw-${ID}net" --adapter veth
	expect_eq "$(port_cgroup)" "$(stat -c %i "$CGROUP/vsw/c-${ID}net")" "the pair's cgroup"
	json=$(ip -n "$sw" -j addr show master vs0)
	expect_eq "$(jq -r '.[] | "\(.ifname) \(.mtu) \(.addr_info | length)"' <<<"$json")" \
		"$(state net .link.name) 1400 0" "the host's end"
	inside_end
	inside_with "vnic eth0" --userns --adapter vnic
	inside_end
	prints lo run_in net -- ls /sys/class/net
	# without an IPv6 address it does not speak IPv6
	prints "" run_in net --switch vs0 --ip 10.9.0.2/24 -- \
		sh -c 'ip -6 addr show dev eth0 2>/dev/null'
	nothing_left net "after networking"
	log_test "adapter, addresses, routes and port are as asked"
}

# The switch's namespace has an eth0, too, and another container a port.
names_of_devices()
{
	local adapter

	succeeds ip -n "$sw" link add eth0 type dummy
	for adapter in vnic veth; do
		run_bg first --adapter "$adapter" --switch vs0 -- sleep 1000
		prints "eth0 lo" run_in second --adapter "$adapter" --switch vs0 -- \
			sh -c 'echo $(ls /sys/class/net)'
		expect_eq "$(ports | grep -c " ${ID}first$")" 1 "$adapter: ports after that"
		kill -KILL "$(init_of first)"
		run_end
		nothing_left first "$adapter: after two"
	done
	succeeds ip -n "$sw" link del eth0
	log_test "devices of the same name are in nobody's way"
}

two_talk()
{
	mkdir -p "$ROOTFS/var/www"
	echo "the page" > "$ROOTFS/var/www/index.html"
	run_bg web --switch vs0 --ip 10.9.0.2/24 --memory 64M --cpus 0.5 --pids 64 -- \
		httpd -f -h /var/www
	succeeds run_in client --switch vs0 --ip 10.9.0.3/24 -- ping -c 1 -w 20 10.9.0.2
	# Debian's static busybox has a wget, but that crashes
	prints "the page" run_in client --adapter veth --switch vs0 --ip 10.9.0.3/24 -- \
		sh -c 'printf "GET / HTTP/1.0\r\n\r\n" | nc -w 20 10.9.0.2 80 | sed "1,/^\r*$/d"'
	succeeds ip netns exec "$sw" ping -c 1 -w 20 10.9.0.2
	kill -KILL "$pid"
	run_end
	vsw -n "$sw" switch show > /dev/null
	log_test "two containers talk over the switch, and the host with them"
}

# fetch PORT [ADDRESS]: what a web server says behind a port of this host
fetch()
{
	ip netns exec "$sw" timeout 20 bash -c 'exec 3<>"/dev/tcp/$1/$0" || exit
		printf "GET / HTTP/1.0\r\n\r\n" >&3 && tail -n 1 <&3' "$1" "${2:-127.0.0.1}" 2>&1
}

none_published()
{
	[ "$(vsw -n "$sw" -j publish)" = "[]" ]
}

# backend_is STATE: the only one, as "vsw backend show" has it; null: there is none
backend_is()
{
	[ "$(vsw -n "$sw" -j backend show | jq -r '.[0].state')" = "$1" ]
}

# The container is a backend, too.
balanced()
{
	succeeds vsw -n "$sw" service add web 10.9.0.1:82
	fails_with 1 "no container '${ID}nosuch' runs here" \
		vsw -n "$sw" backend add web container "${ID}nosuch:8080"
	succeeds vsw -n "$sw" backend add web container "${ID}web:8080"
	expect_eq "$(vsw -n "$sw" -j backend show | jq -c 'map([.address, .port, .label, .state])')" \
		"[[\"10.9.0.2\",8080,\"${ID}web\",\"up\"]]" "the backend"
	expect_eq "$(fetch 82 10.9.0.1)" "the page" "by a service"
	echo 1 > "$CGROUP/vsw/c-${ID}web/cgroup.freeze"
	wait_for backend_is frozen
	echo 0 > "$CGROUP/vsw/c-${ID}web/cgroup.freeze"
	wait_for backend_is up
}

published()
{
	[ -d /sys/module/vrouter ] || modprobe vrouter 2>/dev/null || {
		log_skip "ports that lead to a container" "no module vrouter"
		return
	}
	mkdir -p "$ROOTFS/var/www"
	echo "the page" > "$ROOTFS/var/www/index.html"
	run_bg web --switch vs0 --ip 10.9.0.2/24 --gateway 10.9.0.1 -p 80:8080 \
		-p 10.9.0.1:81:8080/tcp -- httpd -f -p 8080 -h /var/www
	wait_for fetch 80 > /dev/null
	expect_eq "$(fetch 80)" "the page" "by 127.0.0.1"
	expect_eq "$(fetch 81 10.9.0.1)" "the page" "by the address that was said"
	[[ $(fetch 81) == *refused* ]]
	check_err $? "by another address than that"
	succeeds vsw -n "$sw" publish add 90 to "${ID}web:8080"
	expect_eq "$(fetch 90)" "the page" "by a port that is published later"
	fails_with 125 "publish: '80': it is published already" \
		run_in two --switch vs0 --ip 10.9.0.3/24 -p 82 -p 80 -- true
	expect_eq "$(vsw -n "$sw" -j publish | jq -c 'map([.port, .label])')" \
		"[[80,\"${ID}web\"],[81,\"${ID}web\"],[90,\"${ID}web\"]]" "what is published"
	balanced
	kill -KILL "$(init_of web)"
	run_end
	wait_for none_published
	wait_for backend_is null
	vsw -n "$sw" service delete web
	run_bg web --switch vs0 --ip 10.9.0.2/24 -p 80 -- sleep 1000
	kill -KILL "$pid"
	run_end
	wait_for none_published
	vsw -n "$sw" switch show > /dev/null
	nothing_left web "after two"
	log_test "ports of the host, and a service, lead to a container while it runs"
}

cgroup_values()
{
	local dir

	run_bg cg --memory 64M --cpus 0.5 --pids 64 -- sh -c 'sleep 1000 & echo ready; sleep 1000'
	dir=$CGROUP/vsw/c-${ID}cg
	expect_eq "$(cat "$dir/memory.max")" 67108864 memory.max
	expect_eq "$(cat "$dir/cpu.max")" "50000 100000" cpu.max
	expect_eq "$(cat "$dir/pids.max")" 64 pids.max
	[ ! -f "$dir/memory.swap.max" ] || expect_eq "$(cat "$dir/memory.swap.max")" 0 memory.swap.max
	wait_for grep -q ready "$TMP/cg.out"
	expect_ge "$(grep -c . "$dir/cgroup.procs")" 2 "processes in the cgroup"
	grep -qx "$(init_of cg)" "$dir/cgroup.procs"
	check_err $? "the first process is not in the cgroup"
	grep -qx "$pid" "$dir/cgroup.procs"
	check_fail $? "vsw itself is in the cgroup"
	kill -KILL "$pid"
	run_end
	vsw -n "$sw" switch show > /dev/null
	prints "max max" run_in cg -- sh -c \
		'echo $(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max) $(cut -d" " -f1 /sys/fs/cgroup/cpu.max 2>/dev/null || echo max)'
	fails_with 1 "Read-only file system" run_in cg --pids 8 -- \
		sh -c 'echo max > /sys/fs/cgroup/pids.max'
	nothing_left cg "after limits"
	log_test "limits are in the cgroup before anything runs"
}

pids_limit()
{
	local dir

	run_bg bomb --pids 64 -- container_probe bomb
	dir=$CGROUP/vsw/c-${ID}bomb
	# each of them fails once, and then there is peace
	wait_for grep -qx 'max 64' "$dir/pids.events"
	expect_eq "$(cat "$dir/pids.current")" 64 "processes with a limit of 64"
	kill -KILL "$pid"
	run_end
	vsw -n "$sw" switch show > /dev/null
	nothing_left bomb "after a fork bomb"
	fails_with 2 "can't fork" run_in bomb --pids 1 -- sh -c 'sleep 0; sleep 0'
	log_test "a fork bomb ends at the limit"
}

memory_limit()
{
	fails_with 137 "vsw: container '${ID}hog': killed: memory limit 16M reached \(oom_kill 1\)" \
		run_in hog --memory 16M -- tail /dev/zero
	fails_with 137 "killed: memory limit 16M reached" \
		run_in hog --memory 16M -- sh -c 'tail /dev/zero; exit $?'
	fails_with 3 "processes were killed: memory limit 16M reached" \
		run_in hog --memory 16M -- sh -c 'tail /dev/zero; exit 3'
	# what it writes to its root is memory, and counts
	fails_with 137 "killed: memory limit 16M reached" \
		run_in hog --memory 16M -- dd if=/dev/zero of=/tmp/big bs=1M count=64
	status_is 0 run_in hog --memory 4M -- true
	# without the limit that is no problem
	status_is 0 run_in hog -- dd if=/dev/zero of=/tmp/big bs=1M count=64
	nothing_left hog "after the limit"
	log_test "the memory limit kills, and vsw says so"
}

# score_adj START COMMAND...: runs it with that oom_score_adj, which it inherits
score_adj()
{
	(echo "$1" > /proc/self/oom_score_adj && shift && "$@")
}

# A vsw that survives the lack of memory has containers that do not.
oom_score()
{
	local option command='cat /proc/self/oom_score_adj
		(echo -1 > /proc/self/oom_score_adj) 2>/dev/null || echo refused'

	for option in "" --userns; do
		# shellcheck disable=SC2086
		prints "0
refused" score_adj -1000 run_in oom $option -- sh -c "$command"
	done
	prints "300
refused" score_adj 300 run_in oom -- sh -c "$command"
	nothing_left oom "after scores"
	log_test "a container does not inherit that vsw is not to be killed"
}

# A disk, not a partition: only that has limits.
block_device()
{
	local dev

	for dev in /sys/block/*; do
		[ -e "$dev/dev" ] && [ "$(cat "$dev/size")" -gt 0 ] && cat "$dev/dev" && return
	done
	truncate -s 8M "$TMP/disk" && dev=$(losetup -f --show "$TMP/disk" 2>/dev/null) || return
	defer losetup -d "$dev"
	cat "/sys/block/${dev#/dev/}/dev"
}

io_limit()
{
	local dev

	if ! grep -qw io "$CGROUP"/cgroup.controllers; then
		log_skip "io.max is set" "no controller io"
		return
	fi
	block_device > "$TMP/dev"
	dev=$(cat "$TMP/dev")
	if [ -z "$dev" ]; then
		log_skip "io.max is set" "no block device"
		return
	fi
	run_bg io --io "$dev:rbps=1M,wbps=2M,riops=100,wiops=200" -- sleep 1000
	expect_eq "$(cat "$CGROUP/vsw/c-${ID}io/io.max")" \
		"$dev rbps=1048576 wbps=2097152 riops=100 wiops=200" io.max
	kill -KILL "$pid"
	run_end
	vsw -n "$sw" switch show > /dev/null
	log_test "io.max is set"
}

power()
{
	local status

	status=$(run_in pow -- cat /proc/self/status)
	expect_eq "$(grep -E '^Cap' <<<"$status" | xargs)" "CapInh: 0000000000000000 CapPrm: 00000000a80425fb CapEff: 00000000a80425fb CapBnd: 00000000a80425fb CapAmb: 0000000000000000" \
		"capabilities of root"
	expect_eq "$(grep -E '^(NoNewPrivs|Seccomp):' <<<"$status" | xargs)" \
		"NoNewPrivs: 1 Seccomp: 2" "no_new_privs and seccomp"
	expect_eq "$(grep -E '^(SigBlk|SigIgn|SigCgt):' <<<"$status" | xargs)" \
		"SigBlk: 0000000000000000 SigIgn: 0000000000000000 SigCgt: 0000000000000000" "signals"
	expect_eq "$(grep -E '^Groups:' <<<"$status" | xargs)" "Groups:" "groups"
	status=$(trap '' HUP USR2; run_in pow -u 1000 -- cat /proc/self/status)
	expect_eq "$(grep -E '^Cap(Prm|Eff|Bnd)' <<<"$status" | xargs)" "CapPrm: 0000000000000000 CapEff: 0000000000000000 CapBnd: 00000000a80425fb" \
		"capabilities of a user"
	expect_eq "$(grep -E '^SigIgn:' <<<"$status" | xargs)" "SigIgn: 0000000000000000" \
		"signals that vsw was told to ignore"
	# no part in real time
	prints 0 chrt -f 1 "$VSW" run --name "${ID}pow" --rootfs "$ROOTFS" -- \
		cut -d" " -f41 /proc/self/stat
	# a session of its own
	prints "1 0" run_in pow -- sh -c 'cut -d" " -f6,7 /proc/self/stat'
	log_test "capabilities, no_new_privs, signals, session"
}

# All of them are there, each with this result?
all_of()
{
	local want=$1 out=$2 name

	shift 2
	for name in "$@"; do
		[[ $out == *$'\n'"$name $want"$'\n'* ]]
		check_err $? "not $want: $(grep "^$name " <<<"$out")"
	done
}

system_calls()
{
	local out

	out=$'\n'$(run_in call -- container_probe calls < /dev/null)$'\n'
	all_of EPERM "$out" unshare-{mnt,cgroup,uts,ipc,user,pid,net,time} \
		clone-{mnt,cgroup,uts,ipc,user,pid,net} setns mount umount2 pivot_root open_tree \
		move_mount fsopen fsconfig fsmount mount_setattr keyctl add_key request_key bpf \
		perf_event_open userfaultfd io_uring_setup kexec_load init_module finit_module \
		delete_module reboot open_by_handle_at swapon syslog sethostname settimeofday \
		socket-vsock tiocsti tiocsti-high
	all_of ok "$out" unshare-files clone personality socket-inet socket-raw chroot ptrace
	all_of ENOSYS "$out" clone3 unknown personality-norandom
	# 32-bit programs get the same, where the kernel has them (UML has not, and
	# takes the number for that of another call)
	[[ $out =~ $'\n'"compat-keyctl "(EPERM|ENOSYS|EINVAL|died)$'\n' ]]
	check_err $? "$(grep '^compat-keyctl' <<<"$out")"
	# the list proves something only if these are possible outside
	out=$("$HELPERS/container_probe" harmless |
		grep -cE '^(unshare-(uts|user)|clone-(uts|user)|setns|ptrace) ok$')
	expect_eq "$out" 6 "calls that work outside"
	log_test "system calls: what is refused, what is not there, what works"
}

devices()
{
	local out

	out=$(run_in dev -- sh -c 'ls /dev; echo x > /dev/null; head -c 3 /dev/zero | od -An -tx1;
		head -c 8 /dev/urandom | wc -c; echo x > /dev/full; echo y > /dev/shm/f; cat /dev/shm/f;
		for i in fd stdin stdout stderr ptmx; do readlink /dev/$i; done; ls /dev/pts' 2>&1 | xargs)
	expect_eq "$out" "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero 00 00 00 8 sh: write error: No space left on device y /proc/self/fd /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 pts/ptmx ptmx" \
		"/dev"
	# root has CAP_MKNOD, and it is of no use, wherever it can write
	for out in /tmp/kmsg /dev/kmsg /dev/shm/kmsg; do
		prints "mknod ok
open EACCES" run_in dev -- container_probe device "$out"
	done
	mknod "$ROOTFS/tmp/kmsg" c 1 11
	check_err $? "no device in the rootfs"
	fails_with 1 "Permission denied" run_in dev -- cat /tmp/kmsg
	rm "$ROOTFS/tmp/kmsg"
	log_test "/dev has what every container has, and no other device opens"
}

descriptors()
{
	prints "0
1
2" run_in fd 7<"$TMP" 9>/dev/null -- container_probe fds
	fails_with 125 "workdir: '/proc/self/fd/7'" run_in fd 7<"$TMP" -w /proc/self/fd/7 -- true
	for n in 3 4 5 6 7 8 9 10; do
		status_is 125 run_in fd -w "/proc/self/fd/$n" -- true
	done
	vsw -n "$sw" run --name "${ID}fd" --rootfs "$ROOTFS" -- true < "$TMP" 2>"$TMP/fd.err"
	expect_eq $? 125 "status with a directory as standard input"
	grep -q "descriptor 0 is a directory" "$TMP/fd.err"
	check_err $? "it said: $(cat "$TMP/fd.err")"
	status_is 0 run_in fd -- sh -c 'exec 0<&- 1>&- 2>&-; true'
	nothing_left fd "after descriptors"
	log_test "no descriptor of vsw is in the container"
}

dies_with_vsw()
{
	local init option

	for option in "--switch vs0" "--userns --switch vs0 --adapter veth" "-u 1000"; do
		# shellcheck disable=SC2086
		run_bg die $option -- sh -c 'sleep 1000 & sleep 1000'
		init=$(init_of die)
		kill -KILL "$pid"
		run_end
		expect_eq $? 137 "status of a killed vsw"
		wait_for test ! -e "/proc/$init"
		# its port goes without another vsw
		wait_for no_ports
		vsw -n "$sw" switch show > /dev/null
		nothing_left die "after vsw was killed"
	done
	# a command that changes its ids loses the kernel's word that it dies with
	# vsw, and is ended nevertheless, without another vsw
	run_bg die -- container_probe nobody
	wait_for grep -q ready "$TMP/die.out"
	init=$(init_of die)
	grep -qx vsw-keeper /proc/[0-9]*/comm
	check_err $? "there is no keeper"
	kill -KILL "$pid"
	run_end
	busywait 5 test ! -e "/proc/$init"
	check_err $? "a command that changed its ids lives on"
	wait_for not grep -qsx vsw-keeper /proc/[0-9]*/comm
	vsw -n "$sw" switch show > /dev/null
	nothing_left die "after that"
	run_in die -- true
	grep -qsx vsw-keeper /proc/[0-9]*/comm
	check_fail $? "a keeper outlives its vsw"
	prints 9 run_in die -- container_probe pdeathsig
	prints 9 run_in die -u 1000 -- container_probe pdeathsig
	log_test "the container dies with its vsw"
}

# busy_file FD: does it belong to a program that runs?
busy_file()
{
	local text

	text=$( (: >> "/proc/self/fd/$1") 2>&1)
	[[ $text == *"Text file busy"* ]]
}

own_file_protected()
{
	local exe

	run_bg self -- sleep 1000
	exec {exe}< "/proc/$pid/exe"
	cmp -s "/proc/self/fd/$exe" "$(command -v "$VSW")"
	check_err $? "that is not vsw's file"
	kill -KILL "$pid"
	run_end
	# not busy any more; the file itself could be written
	wait_for not busy_file "$exe"
	(: >> "/proc/self/fd/$exe") 2>"$TMP/self.err"
	check_fail $? "the file of vsw can be written through /proc"
	grep -q "Read-only file system" "$TMP/self.err"
	check_err $? "it said: $(cat "$TMP/self.err")"
	exec {exe}<&-
	VSW_RUNS_FROM_COPY=1 fails_with 125 "does not run from a read-only mount" run_in self -- true
	vsw -n "$sw" switch show > /dev/null
	nothing_left self "after that"
	log_test "vsw's own file can't be reached for writing"
}

container_setup
run_tests
