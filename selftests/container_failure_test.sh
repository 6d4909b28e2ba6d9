#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Containers that don't come to be, and a vsw that is killed: an error that says
# why, and nothing left behind.

# shellcheck disable=SC2317,SC2154,SC2016  # called by name; setup_ns; for the shell inside
# shellcheck disable=SC2086,SC2046  # numbers, and an option or none
# shellcheck source=container_lib.sh
. "$(dirname "$0")/container_lib.sh"

ALL_TESTS="
	bad_options
	bad_addresses
	bad_limits
	bad_rootfs
	bad_switch
	no_privileges
	no_cgroup
	taken_names
	system_calls_that_fail
	adapters_half_made
	steps_that_fail
	adapters_that_stay
	cleanup_that_fails
	processes_that_stay
	few_descriptors
	stopped_while_it_starts
	killed_at_random_calls
	killed_at_random_times
	damaged_state
	another_state_directory
"

# bad TEXT OPTION...: refused with 125 and this text, nothing is made
bad()
{
	local text=$1

	shift
	fails_with 125 "^vsw: .*$text" vsw -n "$sw" run --name "${ID}bad" --rootfs "$ROOTFS" "$@" -- true
	nothing_left bad "$*"
}

# bad_line TEXT WORD...: the same for a whole command line behind "run"
bad_line()
{
	local text=$1

	shift
	fails_with 125 "^vsw: .*$text" vsw -n "$sw" run "$@"
}

bad_options()
{
	local long

	long=$(printf 'x%.0s' {1..64})
	bad_line "name is missing" --rootfs "$ROOTFS" -- true
	bad_line "there are no images|there is no image .true." --name x -- true
	bad_line "command is missing" --name x --rootfs "$ROOTFS"
	bad_line "command is missing" --name x --rootfs "$ROOTFS" --
	bad_line "option '--name' lacks its value" --name
	bad_line "no option '--nosuch'" --name x --nosuch -- true
	bad_line "no option '-z'" --name x -z -- true
	bad_line "option '--name' is given twice" --name x --name y --rootfs "$ROOTFS" -- true
	bad_line "name: it is empty" --name "" --rootfs "$ROOTFS" -- true
	bad_line "name: '$long' is too long" --name "$long" --rootfs "$ROOTFS" -- true
	for name in . .. -x _x a/b "a b" "../x" "a
b" ä 'a%s'; do
		bad_line "is not a name" "--name=$name" --rootfs "$ROOTFS" -- true
	done
	# names of files that are beside the cgroup
	status_is 0 vsw -n "$sw" run --name cgroup.procs --rootfs "$ROOTFS" -- true
	status_is 0 vsw -n "$sw" run --name pids.max --rootfs "$ROOTFS" --pids 8 -- true
	# what is wrong before the word run
	fails_with 125 "network namespace" vsw -n "${ID}nosuch" run --name x --rootfs "$ROOTFS" -- true
	fails_with 125 "beside a batch" vsw -b /dev/null run --name x --rootfs "$ROOTFS" -- true
	bad "given twice" --memory 64M --memory 32M
	bad "given twice" --read-only --read-only
	bad "given twice" -w / --workdir /
	bad "adapter: 'netkit' is neither 'vnic' nor 'veth'" --switch vs0 --adapter netkit
	bad "adapter: '' is neither" --switch vs0 --adapter ""
	bad "given twice" --switch vs0 --adapter vnic --adapter vnic
	bad "hostname: '' does not have" --hostname ""
	bad "hostname: '-x' is not" --hostname -x
	bad "hostname: 'a b' is not" --hostname "a b"
	bad "hostname: '$long' does not have" --hostname "$long"
	bad "env: '=x' has no name" -e =x
	bad "env: '' has no name" -e ""
	bad "user: 'root' is not a number" -u root
	bad "user: '-1' is not a number" -u -1
	bad "user: '4294967295' is too large" -u 4294967295
	bad "group: '' is not a number" -u 0:
	bad "group: '0x1' is not a number" -u 0:0x1
	echo "run --name x --rootfs / -- true" > "$TMP/batch"
	fails_with 125 "can't stand in a batch" vsw -b "$TMP/batch"
	status_is 0 vsw run help
	status_is 0 vsw run --help
	grep -q -- --rootfs <<<"$(vsw run help)"
	check_err $? "help does not help"
	nothing_left bad "after bad options"
	log_test "bad options are refused"
}

bad_addresses()
{
	bad "not an address like" --switch vs0 --ip 10.9.0/24
	bad "not an address like" --switch vs0 --ip 10.9.0.256/24
	bad "not an address like" --switch vs0 --ip x
	bad "not an address like" --switch vs0 --ip ""
	bad "not an address like" --switch vs0 --ip 2001:db8::g/64
	bad "is not an address" --switch vs0 --ip "2001:db8:0000:0000:0000:0000:0000:0002:0000:0000:0000/64"
	bad "no prefix length" --switch vs0 --ip 10.9.0.2
	bad "prefix length" --switch vs0 --ip 10.9.0.2/
	bad "prefix length" --switch vs0 --ip 10.9.0.2/0
	bad "prefix length" --switch vs0 --ip 10.9.0.2/33
	bad "prefix length" --switch vs0 --ip 10.9.0.2/2x
	bad "prefix length" --switch vs0 --ip 2001:db8::2/129
	bad "address of the network" --switch vs0 --ip 10.9.0.0/24
	bad "address of the network" --switch vs0 --ip 2001:db8::/64
	bad "broadcast address" --switch vs0 --ip 10.9.0.255/24
	bad "multicast address" --switch vs0 --ip 224.0.0.1/24
	bad "multicast address" --switch vs0 --ip ff02::1/64
	bad "not an address of a host" --switch vs0 --ip 0.0.0.1/24
	bad "not an address of a host" --switch vs0 --ip ::/64
	bad "reserved address" --switch vs0 --ip 255.255.255.255/8
	bad "loopback address" --switch vs0 --ip 127.0.0.1/8
	bad "loopback address" --switch vs0 --ip ::1/128
	bad "IPv4 address in disguise" --switch vs0 --ip ::ffff:10.0.0.1/96
	bad "given twice" --switch vs0 --ip 10.9.0.2/24 --ip 10.9.0.2/16
	bad "no interface without --switch" --ip 10.9.0.2/24
	bad "no interface without --switch" --mac 02:00:00:00:00:01
	bad "no interface without --switch" --mtu 1400
	bad "no interface without --switch" --adapter veth
	bad "no interface without --switch" --gateway 10.9.0.1
	bad "not an address like" --switch vs0 --ip 10.9.0.2/24 --gateway 10.9.0.1/24
	bad "in no network" --switch vs0 --ip 10.9.0.2/24 --gateway 10.8.0.1
	bad "in no network" --switch vs0 --gateway 10.8.0.1
	bad "own address" --switch vs0 --ip 10.9.0.2/24 --gateway 10.9.0.2
	bad "already one for IPv4" --switch vs0 --ip 10.9.0.2/24 --gateway 10.9.0.1 --gateway 10.9.0.3
	bad "multicast address" --switch vs0 --mac 01:00:00:00:00:01
	bad "all zero" --switch vs0 --mac 00:00:00:00:00:00
	bad "is not a MAC" --switch vs0 --mac 02:00:00:00:00
	bad "between 68 and 65535" --switch vs0 --mtu 67
	bad "between 68 and 65535" --switch vs0 --mtu 65536
	bad "mtu: 'x' is not a number" --switch vs0 --mtu x
	bad "IPv6 needs at least 1280" --switch vs0 --ip 2001:db8::2/64 --mtu 1279
	status_is 0 run_in good --switch vs0 --ip 10.9.0.0/31 --mtu 65535 -- true
	status_is 0 run_in good --switch vs0 --ip 10.9.0.255/32 --mtu 68 -- true
	status_is 0 run_in good --adapter veth --switch vs0 --mtu 65535 -- true
	status_is 0 run_in good --adapter veth --switch vs0 --mtu 68 -- true
	nothing_left good "after addresses"
	log_test "bad addresses are refused"
}

bad_limits()
{
	local value

	for value in 64Q "" -1 " 64M" 64M: 1e6 0x40 nan 64MM .5G; do
		bad "memory: '$value' is not a size" "--memory=$value"
	done
	bad "memory: '0' is too little" --memory 0
	bad "memory: '1M' is too little, the least is 4M" --memory 1M
	bad "memory: '16384P' is too large" --memory 16384P
	bad "not a whole number of bytes" --memory 0.3K
	for value in nan -1 inf "" 1x 0x1 1,5 .5; do
		bad "cpus: '$value' is not a decimal" "--cpus=$value"
	done
	bad "cpus: '0' is not between" --cpus 0
	bad "cpus: '0.00' is not between" --cpus 0.00
	bad "cpus: '0.0001' has more than" --cpus 0.0001
	bad "cpus: '99999' is not between" --cpus 99999
	for value in -1 x "" 1.0 64M; do
		bad "pids: '$value' is not a number" "--pids=$value"
	done
	bad "pids: '0' is not between" --pids 0
	bad "pids: '4194305' is not between" --pids 4194305
	bad "is not DEVICE:LIMIT" --io x
	bad "is not DEVICE:LIMIT" --io :rbps=1
	bad "io: '/nosuch': No such file" --io /nosuch:rbps=1
	bad "is not a block device" --io /dev/null:rbps=1
	bad "is not a device number" --io 99999:0:rbps=1
	bad "none of rbps=" --io 7:0:bps=1
	bad "none of rbps=" --io 7:0:rbps=1,wbps
	bad "rbps= is given twice" --io 7:0:rbps=1,rbps=2
	bad "would stop the device" --io 7:0:rbps=0
	bad "not a size" --io 7:0:rbps=x
	bad "not a number" --io 7:0:riops=1M
	bad "device '7:0' is given twice" --io 7:0:rbps=1 --io 7:0:wbps=1
	# only the kernel knows that there is no such device
	! grep -qw io "$CGROUP/cgroup.controllers" ||
		bad "cgroup: write '4095:1048575 rbps=1' to .*/io.max" --io 4095:1048575:rbps=1
	log_test "bad limits are refused"
}

bad_rootfs()
{
	bad_line "rootfs: '$TMP/nosuch': No such file" --name x --rootfs "$TMP/nosuch" -- true
	# a long path does not hide the reason
	bad_line "\.\.\.: No such file or directory$" --name x --rootfs "$TMP/$(printf '%0250d/%0250d' 0 0)" -- true
	: > "$TMP/file"
	bad_line "rootfs: '$TMP/file' is not a directory" --name x --rootfs "$TMP/file" -- true
	bad_line "rootfs: the path is empty" --name x --rootfs "" -- true
	mkdir "$TMP/empty"
	fails_with 127 "command '/bin/sh' is not in the rootfs" \
		vsw -n "$sw" run --name "${ID}bad" --rootfs "$TMP/empty" -- /bin/sh
	expect_eq "$(ls -A "$TMP/empty")" "" "what is in the empty rootfs now"
	rmdir "$TMP/empty"
	nothing_left bad "after bad roots"
	log_test "a bad rootfs is refused"
}

bad_switch()
{
	bad "switch: there is no 'nosuch' \(vsw switch add nosuch\)" --switch nosuch
	bad "switch: '' does not have" --switch ""
	bad "switch: 'abcdefghijklmnop' does not have" --switch abcdefghijklmnop
	bad "switch: 'lo' is not a switch" --switch lo
	ip -n "$sw" link add dm0 type veth peer name dm1
	bad "switch: 'dm0' is not a switch but of kind veth" --switch dm0
	ip -n "$sw" link del dm0
	log_test "a bad switch is refused"
}

no_privileges()
{
	local cap

	for cap in sys_admin net_admin; do
		fails_with 125 "privileges: CAP_${cap^^} is missing" \
			setpriv --bounding-set -$cap "$VSW" run --name "${ID}bad" --rootfs "$ROOTFS" -- true
	done
	fails_with 125 "privileges: CAP_SYS_ADMIN is missing" setpriv --reuid 1000 --regid 1000 \
		--clear-groups "$VSW" run --name "${ID}bad" --rootfs / -- true
	# a user may look at switches while containers are there
	run_bg np -- sleep 1000
	prints "" setpriv --reuid 1000 --regid 1000 --clear-groups "$VSW" switch show
	kill -KILL "$pid"
	run_end
	vsw -n "$sw" switch show > /dev/null
	nothing_left bad "without privileges"
	nothing_left np "after that"
	log_test "without privileges it says which is missing"
}

no_cgroup()
{
	local text

	text=$(unshare -m sh -c "mount -t tmpfs none $CGROUP && exec '$VSW' run --name ${ID}bad --rootfs '$ROOTFS' -- true" 2>&1)
	expect_eq $? 125 "status without cgroup v2"
	[[ $text == *"cgroup: there is no cgroup v2 at $CGROUP"* ]]
	check_err $? "it said: $text"
	# a hierarchy without controllers: as where cgroup v1 has them
	text=$(unshare -m sh -c "mount -t tmpfs none /mnt && echo cpuset > /mnt/list &&
		mount --bind /mnt/list $CGROUP/cgroup.controllers &&
		exec '$VSW' run --name ${ID}bad --rootfs '$ROOTFS' --memory 64M -- true" 2>&1)
	expect_eq $? 125 "status without the controller"
	[[ $text == *"cgroup: controller 'memory' is missing in $CGROUP (there are: cpuset)"* ]]
	check_err $? "it said: $text"
	# a group with processes that are not ours
	mkdir -p "$CGROUP/vsw/c-${ID}bad"
	sleep 1000 &
	echo $! > "$CGROUP/vsw/c-${ID}bad/cgroup.procs"
	fails_with 125 "has processes that belong to no container" run_in bad -- true
	kill -0 $!
	check_err $? "a process that is not ours was killed"
	kill $!
	wait $! 2>/dev/null
	# empty, it is taken over
	status_is 0 run_in bad -- true
	nothing_left bad "after foreign cgroups"
	log_test "without cgroup v2 or a controller it says so"
}

# lost_race NUMBER: so many were told that the name is taken
lost_race()
{
	[ "$(grep -l "name: '${ID}race' is taken" "$TMP"/race.* | wc -l)" -eq "$1" ]
}

taken_names()
{
	local i won=0 lost=0 jobs=() status

	run_bg dup -- sleep 1000
	fails_with 125 "vsw: container '${ID}dup': name: '${ID}dup' is taken" run_in dup -- true
	running dup
	check_err $? "the first one is gone"
	kill -KILL "$pid"
	run_end
	# without another command between them
	status_is 0 run_in dup -- true
	for i in 1 2 3 4 5 6; do
		"$VSW" -n "$sw" run --name "${ID}race" --rootfs "$ROOTFS" --switch vs0 -- \
			sh -c "while [ ! -e /proc/$i/x ]; do sleep 0.1; done" 2> "$TMP/race.$i" &
		jobs+=($!)
	done
	wait_for running race
	# all but one end by themselves
	wait_for lost_race 5
	kill -KILL "$(init_of race)"
	for i in "${jobs[@]}"; do
		wait "$i"
		status=$?
		[ $status -ne 137 ] || won=$((won + 1))
		[ $status -ne 125 ] || lost=$((lost + 1))
	done
	expect_eq "$won $lost" "1 5" "winners and losers of one name"
	nothing_left race "after the race"
	log_test "a name is one container's"
}

# broken STEP SYSCALL ERRNO [OPTION...]: fails in that step, says so, leaves nothing
broken()
{
	local step=$1 call=$2 error=$3

	shift 3
	fails_with 125 "vsw: container '${ID}brk': [^:]*$step" container_deny "$call" "$error" "$VSW" -n "$sw" run \
		--name "${ID}brk" --rootfs "$ROOTFS" "$@" -- true
	nothing_left brk "$call denied"
}

EIO=5 ENOMEM=12 EPERM=1 ENOSYS=38

system_calls_that_fail()
{
	broken state mkdirat $EIO
	broken state flock $ENOMEM
	broken state fsync $EIO
	broken state renameat $EIO
	broken start pipe2 $ENOMEM
	broken start clone $ENOMEM
	broken sync socketpair $ENOMEM
	broken namespaces clone3 $ENOSYS
	broken namespaces clone3 $EPERM --userns
	broken rootfs mount $EPERM
	broken rootfs open_tree:2:0x89001 $ENOMEM
	broken mount fsopen $EPERM
	broken mount fsconfig $ENOMEM
	broken mount fsmount $ENOMEM
	broken mount openat2 $ENOSYS
	fails_with 125 "^vsw: self: make .* read-only" container_deny mount_setattr $ENOSYS "$VSW" run \
		--name "${ID}brk" --rootfs "$ROOTFS" -- true
	nothing_left brk "mount_setattr denied"
	broken network sendmsg $EIO --switch vs0
	broken network sendto $EIO --switch vs0
	broken network getrandom $EIO --switch vs0
	broken dev mknodat $EPERM
	broken dev symlinkat $EIO
	broken start sendmsg $EIO
	# in the child
	broken "attach the root" move_mount:4:4 $EPERM --switch vs0
	broken namespaces unshare:0:0x2000000 $ENOMEM
	broken namespaces sethostname $EPERM
	broken pivot_root pivot_root $EPERM
	broken namespaces setresuid $EPERM --userns
	broken start keyctl $ENOMEM
	succeeds container_deny keyctl $EPERM "$VSW" run --name "${ID}brk" --rootfs "$ROOTFS" -- true
	broken start setsid $EPERM
	broken capabilities prctl:0:24 $EPERM
	broken start prctl:0:38 $EPERM
	broken start prctl:0:1 $EPERM
	broken capabilities capset $EPERM
	broken user setgroups $EPERM
	broken user setresgid $EPERM
	broken seccomp seccomp $ENOMEM
	log_test "each step that a system call fails names itself and leaves nothing"
}

# What fails when one of the requests about a vnic, told by its length, can't be sent.
adapters_half_made()
{
	local length out status failures=0

	for length in 32 36 40 44 48 52 56 60 64 68 72 76 80; do
		out=$(cli_nosend $length "$VSW" -n "$sw" run --name "${ID}half" \
			--rootfs "$ROOTFS" --switch vs0 -- true 2>&1)
		status=$?
		[ $status -eq 0 ] || failures=$((failures + 1))
		[ $status -eq 0 ] || [[ $status$out == 125*"network: "*"No buffer space"* ]]
		check_err $? "without $length bytes it ended with $status: $out"
		# to remove it was a request of that length, too: the next vsw does it
		[[ $out != *"remove adapter"* ]] || vsw -n "$sw" switch show > /dev/null
		nothing_left half "without requests of $length bytes"
	done
	# to make it, to read its number, to ask for the family, to name the port
	expect_ge $failures 3 "requests that failed"
	log_test "nothing is left of an adapter that can't be made whole"
}

# sysctl KEY VALUE: writes it, and prints what undoes that
with_sysctl()
{
	local key=$1 value=$2 old status

	shift 2
	old=$(cat "/proc/sys/$key")
	echo "$value" > "/proc/sys/$key"
	"$@"
	status=$?
	echo "$old" > "/proc/sys/$key"
	return $status
}

steps_that_fail()
{
	local dir=$VSW_STATE_DIR

	# limits of the kernel
	with_sysctl user/max_net_namespaces 0 fails_with 125 "namespaces: clone3: No space" run_in step -- true
	with_sysctl user/max_mnt_namespaces 0 fails_with 125 "self: .*: No space" run_in step -- true
	with_sysctl user/max_cgroup_namespaces 0 fails_with 125 "make a cgroup namespace: No space" run_in step -- true
	with_sysctl user/max_user_namespaces 0 fails_with 125 "namespaces: clone3" run_in step --userns -- true
	nothing_left step "without namespaces"
	# no room for the state, or no place
	VSW_STATE_DIR=$TMP/file/x fails_with 125 "state: make .*: Not a directory" run_in step -- true
	VSW_STATE_DIR=$TMP/no/such fails_with 125 "state: make .*: No such file" run_in step -- true
	VSW_STATE_DIR=relative fails_with 125 "is not an absolute path" run_in step -- true
	fails_with 125 "state: .*: Read-only file system" unshare -m sh -c \
		"mount -t tmpfs -o ro none '$dir' && exec '$VSW' run --name ${ID}step --rootfs '$ROOTFS' -- true"
	fails_with 125 "state: .*: No space left" unshare -m sh -c \
		"mount -t tmpfs -o size=4k,nr_inodes=6 none '$dir' && exec '$VSW' run --name ${ID}step --rootfs '$ROOTFS' -- true"
	nothing_left step "without state"
	# too many overlays on top of each other
	mkdir "$TMP"/{u1,w1,m1,u2,w2,m2}
	if mount -t overlay -o "lowerdir=$ROOTFS,upperdir=$TMP/u1,workdir=$TMP/w1" none "$TMP/m1" &&
	   mount -t overlay -o "lowerdir=$TMP/m1,upperdir=$TMP/u2,workdir=$TMP/w2" none "$TMP/m2"; then
		fails_with 125 "rootfs: make an overlay of " \
			vsw -n "$sw" run --name "${ID}step" --rootfs "$TMP/m2" -- true
	else
		check_err 1 "no overlay of an overlay"
	fi
	umount "$TMP/m2" "$TMP/m1"
	rm -r "$TMP"/{u1,w1,m1,u2,w2,m2}
	nothing_left step "without a root"
	log_test "each step that the system refuses names itself and leaves nothing"
}

# What can't be removed is told, and removed by the next command that can.
cleanup_that_fails()
{
	local out

	out=$(container_deny unlinkat $EIO "$VSW" -n "$sw" run --name "${ID}cl" --rootfs "$ROOTFS" -- true 2>&1)
	expect_eq $? 0 "status of the command"
	[[ $out == *"cgroup: remove"*"Input/output error"* ]]
	check_err $? "it said: $out"
	[ -n "$(left_behind cl)" ]
	check_err $? "it was removed in spite of that"
	vsw -n "$sw" switch show > /dev/null
	nothing_left cl "after the next command"
	log_test "what could not be removed is removed by the next command"
}

# pinned ADAPTER: a container whose network namespace $pin keeps
pinned()
{
	run_bg pin --adapter "$1" --switch vs0 -- sleep 1000
	nsenter -t "$(init_of pin)" -n sleep 1000 &
	pin=$!
	wait_for [ "/proc/$pin/ns/net" -ef "/proc/$(init_of pin)/ns/net" ]
}

# unpinned ADAPTER HOW: nothing is left while there still is that namespace
unpinned()
{
	kill -0 "$pin"
	check_err $? "nobody has the namespace"
	nothing_left pin "$1: $2"
	kill "$pin"
	wait "$pin" 2>/dev/null
}

# Somebody else has its network namespace open, so it does not go by itself.
adapters_that_stay()
{
	local adapter pin

	for adapter in vnic veth; do
		pinned $adapter
		kill -KILL "$(init_of pin)"
		run_end
		unpinned $adapter "after the end"
		pinned $adapter
		kill -KILL "$pid"
		run_end
		expect_eq "$(ports | wc -l)" 1 "$adapter: ports when vsw was killed"
		vsw -n "$sw" switch show > /dev/null
		unpinned $adapter "after vsw was killed"
	done
	# who calls it something else has taken it
	pinned vnic
	succeeds vsw -n "$sw" port set "${ID}pin" alias other
	kill -KILL "$pid"
	run_end
	vsw -n "$sw" switch show > /dev/null
	expect_eq "$(ports)" "vnic eth0 other" "a port that is not called as the container"
	succeeds vsw -n "$sw" port del other
	unpinned vnic "after that"
	log_test "a port does not outlive its container in a namespace that does"
}

# A process that hangs in the kernel can't be killed: here the kernel's file that
# tells of its end is hidden by one that never does.
processes_that_stay()
{
	local begin out

	run_bg stay -- sleep 1000
	kill -KILL "$pid"
	run_end
	echo "populated 1" > "$TMP/events"
	begin=$SECONDS
	out=$(unshare -m sh -c "mount --bind '$TMP/events' $CGROUP/vsw/c-${ID}stay/cgroup.events &&
		exec '$VSW' -n '$sw' switch show" 2>&1 >/dev/null)
	expect_eq $? 0 "status of another command"
	[[ $out == *"warning: "*"wait for the end of $CGROUP/vsw/c-${ID}stay"* ]]
	check_err $? "it said: $out"
	[ $((SECONDS - begin)) -lt 10 ]
	check_err $? "it waited for $((SECONDS - begin)) s"
	[ -n "$(left_behind stay)" ]
	check_err $? "nothing is left, so nothing was tested"
	# while another one is at it nobody waits either
	out=$(timeout 30 flock "$VSW_STATE_DIR/containers" "$VSW" -n "$sw" switch show 2>&1 >/dev/null)
	expect_eq "$? $out" "0 " "status and words while another one removes"
	vsw -n "$sw" switch show > /dev/null
	nothing_left stay "after the process ended"
	log_test "nobody waits long for a process that can't be killed"
}

few_descriptors()
{
	local n out status ran=0

	for n in $(seq 5 22); do
		out=$( (ulimit -n "$n"; exec "$VSW" -n "$sw" run --name "${ID}few" --rootfs "$ROOTFS" \
			--switch vs0 --ip 10.9.0.2/24 --pids 8 -- true) 2>&1)
		status=$?
		# an error of the program before it came to run has another status
		[ $status -eq 0 ] || [ $status -eq 125 ] || [[ $out == *"Error 24"* ]]
		check_err $? "with $n descriptors it ended with $status: $out"
		[ $status -eq 0 ] || [ -n "$out" ]
		check_err $? "with $n descriptors it failed without a word"
		[ $status -ne 0 ] || ran=$((ran + 1))
		nothing_left few "with $n descriptors"
	done
	expect_ge $ran 1 "runs with enough descriptors"
	log_test "too few descriptors at any step leave nothing"
}

stopped_while_it_starts()
{
	local i status

	for i in 0 1 2 4; do
		"$VSW" -n "$sw" run --name "${ID}stop" --rootfs "$ROOTFS" --switch vs0 -- sleep 1000 \
			2> "$TMP/stop.err" &
		pid=$!
		bg_list+=("$pid")
		# until its signals are in its hands and the name is taken
		wait_for test -e "$VSW_STATE_DIR/containers/${ID}stop/lock"
		kill -TERM $pid
		sleep "0.$i"
		if running stop; then
			kill -KILL "$(init_of stop)"
		fi
		run_end
		status=$?
		[ $status -eq 143 ] || [ $status -eq 137 ]
		check_err $? "status $status: $(cat "$TMP/stop.err")"
		nothing_left stop "stopped while starting"
	done
	log_test "a signal while it starts leaves nothing"
}

# of each of the two tests that follow
ROUNDS=${ROUNDS:-25}

# With a user namespace every other time, that is another way, and with a pair every third.
options_of_round()
{
	[ $(($1 % 2)) -eq 0 ] || echo --userns
	[ $(($1 % 3)) -ne 0 ] || echo --adapter veth
}

killed_at_random_calls()
{
	local count n i

	count=$(container_killnth 0 "$VSW" -n "$sw" run --name "${ID}nth" --rootfs "$ROOTFS" \
		--switch vs0 --ip 10.9.0.2/24 --pids 8 -- true | cut -d' ' -f1)
	expect_ge "${count:-0}" 100 "stops at system calls"
	for ((i = 1; i <= ROUNDS; i++)); do
		# evenly over the whole life, and not always at the same calls
		n=$((count * i / (ROUNDS + 1) + RANDOM % (count / ROUNDS)))
		container_killnth $n "$VSW" -n "$sw" run --name "${ID}nth" --rootfs "$ROOTFS" \
			--switch vs0 --ip 10.9.0.2/24 --pids 8 $(options_of_round $i) -- true > /dev/null 2>&1
		vsw -n "$sw" switch show > /dev/null
		nothing_left nth "killed at call $n of $count"
	done
	log_test "SIGKILL at $ROUNDS system calls leaves nothing after the next command"
}

killed_at_random_times()
{
	local i begin took

	begin=${EPOCHREALTIME/./}
	run_in kill --switch vs0 --ip 10.9.0.2/24 -- true
	took=$((${EPOCHREALTIME/./} - begin))
	for ((i = 1; i <= ROUNDS; i++)); do
		"$VSW" -n "$sw" run --name "${ID}kill" --rootfs "$ROOTFS" --switch vs0 --ip 10.9.0.2/24 \
			$(options_of_round $i) -- sh -c 'sleep 1000 & sleep 1000' 2> /dev/null &
		pid=$!
		sleep "$(awk -v t=$took -v r=$RANDOM 'BEGIN { printf "%.4f", t * 1.2 * r / 32768 / 1e6 }')"
		kill -KILL $pid
		wait $pid 2>/dev/null
		vsw -n "$sw" switch show > /dev/null
		nothing_left kill "killed in round $i"
	done
	log_test "SIGKILL at $ROUNDS random moments leaves nothing after the next command"
}

# A stranger may have written there.
damaged_state()
{
	local dir=$VSW_STATE_DIR/containers text here vs0 lo

	here=$(stat -Lc %i "/run/netns/$sw")
	vs0=$(<"$TMP/sys/class/net/vs0/ifindex")
	lo=$(<"$TMP/sys/class/net/lo/ifindex")
	# somebody else's, called as the container
	succeeds vsw -n "$sw" port add v0 type vnic switch vs0 alias "${ID}dam"
	for text in "" "{" "[]" "null" '{"link":{"name":"lo","index":1}}' '{"link":[1,2]}' \
		'{"link":{"name":"0123456789012345678901234567890123456789"}}' \
		'{"link":{"name":5,"index":"x"},"userns":{"base":-1}}' \
		"{\"link\":{\"adapter\":\"vnic\",\"name\":\"v0\",\"index\":0,\"netns\":$here,\"switch-index\":$vs0}}" \
		"{\"link\":{\"adapter\":\"vnic\",\"name\":\"v0\",\"index\":1,\"netns\":$here,\"switch-index\":$lo}}" \
		"{\"link\":{\"adapter\":\"vnic\",\"name\":\"v0\",\"index\":1,\"netns\":$here,\"switch-index\":-1}}" \
		"{\"link\":{\"adapter\":\"veth\",\"name\":\"v0\",\"index\":0,\"netns\":$here}}" \
		"{\"link\":{\"name\":\"v0\",\"netns\":$here}}"; do
		mkdir -p "$dir/${ID}dam/root"
		: > "$dir/${ID}dam/lock"
		echo "$text" > "$dir/${ID}dam/state.json"
		succeeds vsw -n "$sw" switch show
		expect_eq "$(left_behind dam | grep -v "^port v0 ")" "" "state '$text': left behind"
	done
	expect_eq "$(ports)" "vnic v0 ${ID}dam" "a port that is no container's"
	succeeds vsw -n "$sw" port del v0
	mkdir -p "$dir/${ID}dam"
	ln -s /etc/passwd "$dir/${ID}dam/state.json"
	ln -s /etc/passwd "$dir/${ID}dam/lock"
	vsw -n "$sw" switch show > /dev/null
	[ -e /etc/passwd ]
	check_err $? "it followed a link"
	rm -rf "$dir"
	mkdir -p "$dir/${ID}dam/unknown"
	text=$(vsw -n "$sw" switch show 2>&1 >/dev/null)
	expect_eq $? 0 "status with a directory that can't be removed"
	[[ $text == *"warning: remove what is left of container '${ID}dam': state: remove"* ]]
	check_err $? "it said: $text"
	rm -rf "$dir"
	succeeds ip -n "$sw" link show lo
	log_test "a damaged state directory does no harm"
}

# Names are one directory's, cgroups and ports are the system's: one that was made
# anew for another directory's container is not removed with a record of the old one.
another_state_directory()
{
	local other=$TMP/other

	mkdir "$other"
	VSW_STATE_DIR=$other "$VSW" -n "$sw" run --name "${ID}two" --rootfs "$ROOTFS" \
		--switch vs0 -- sleep 1000 &
	pid=$!
	wait_for grep -qs running "$other/containers/${ID}two/state.json"
	kill -KILL $pid
	wait $pid 2>/dev/null
	wait_for grep -q "populated 0" "$CGROUP/vsw/c-${ID}two/cgroup.events"
	wait_for no_ports
	run_bg two --switch vs0 -- sleep 1000
	VSW_STATE_DIR=$other succeeds vsw -n "$sw" switch show
	running two
	check_err $? "a container of another state directory was killed"
	expect_eq "$(ports)" "vnic eth0 ${ID}two" "the port of a container of another state directory"
	[ ! -e "$other/containers" ]
	check_err $? "the record stays: $(find "$other")"
	kill -KILL "$pid"
	run_end
	vsw -n "$sw" switch show > /dev/null
	nothing_left two "after two state directories"
	log_test "a container of another state directory is left alone"
}

container_setup
run_tests
