#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The root of a container: nothing of it is written, nothing of the host is
# reached through it, and a user namespace gives it other owners.

# shellcheck disable=SC2317,SC2154,SC2016  # called by name; setup_ns; for the shell inside
# shellcheck disable=SC2086  # numbers, and a command of several words
# shellcheck source=container_lib.sh
. "$(dirname "$0")/container_lib.sh"

ALL_TESTS="
	overlay_discards
	read_only
	kernel_file_systems
	hostile_links
	hostile_files
	hostile_workdir
	strange_paths
	user_namespace
	user_namespace_files
	user_namespace_network
"

# All that can be seen of a directory
fingerprint()
{
	find "$1" -printf '%P %y %m %U:%G %s %l %C@\n' | sort | sha256sum
}

overlay_discards()
{
	local before

	before=$(fingerprint "$ROOTFS")
	prints "new
gone" run_in over -- sh -c 'echo new > /bin/new; cat /bin/new; rm -r /etc /bin/true
		mkdir /etc /var/x; chmod 700 /tmp; chown 5 /root; [ -e /bin/true ] || echo gone'
	expect_eq "$(fingerprint "$ROOTFS")" "$before" "the rootfs after a container wrote to it"
	prints "" run_in over -- sh -c 'ls /bin/new 2>/dev/null; true'
	# two at once do not see each other
	run_bg over -- sh -c 'echo 1 > /tmp/x; sleep 1000'
	prints "" run_in over2 -- ls /tmp
	kill -KILL "$pid"
	run_end
	vsw -n "$sw" switch show > /dev/null
	expect_eq "$(fingerprint "$ROOTFS")" "$before" "the rootfs after that"
	nothing_left over "after writing"
	log_test "what a container writes is gone with it"
}

read_only()
{
	local dir before

	before=$(fingerprint "$ROOTFS")
	for dir in / /bin /etc /tmp; do
		fails_with 1 "Read-only file system" run_in ro --read-only -- touch $dir/x
	done
	fails_with 1 "Read-only file system" run_in ro --read-only -- rm /bin/true
	prints y run_in ro --read-only -- sh -c 'echo y > /dev/shm/x; cat /dev/shm/x'
	prints "0::/" run_in ro --read-only -- grep ^0 /proc/self/cgroup
	# not even with all the power of root over this mount namespace
	run_bg ro --read-only -- sleep 1000
	nsenter -t "$(init_of ro)" -m /bin/touch /etc/x 2>/dev/null
	check_fail $? "the mount itself is writable"
	kill -KILL "$pid"
	run_end
	vsw -n "$sw" switch show > /dev/null
	expect_eq "$(fingerprint "$ROOTFS")" "$before" "the rootfs"
	nothing_left ro "after that"
	log_test "--read-only: nothing can be written but /dev"
}

kernel_file_systems()
{
	local mounts path out

	mounts=$(run_in mnt -- cat /proc/self/mounts)
	grep -qE '^proc /proc proc rw,nosuid,nodev,noexec' <<<"$mounts" &&
		grep -qE '^sysfs /sys sysfs ro,nosuid,nodev,noexec' <<<"$mounts" &&
		grep -qE '^cgroup2 /sys/fs/cgroup cgroup2 ro,nosuid,nodev,noexec' <<<"$mounts" &&
		grep -qE '^devpts /dev/pts devpts rw,nosuid,noexec.*gid=5,mode=620,ptmxmode=666' <<<"$mounts" &&
		grep -qE '^mqueue /dev/mqueue mqueue rw,nosuid,nodev,noexec' <<<"$mounts" &&
		grep -qE '^tmpfs /dev/shm tmpfs rw,nosuid,nodev,noexec' <<<"$mounts" &&
		grep -qE '^proc /proc/sys proc ro' <<<"$mounts"
	check_err $? "mounts: $mounts"
	expect_eq "$(grep -vcE '^(overlay|tmpfs|proc|sysfs|cgroup2|devpts|mqueue) ' <<<"$mounts")" 0 \
		"mounts of other kinds"
	for path in kcore keys timer_list sched_debug interrupts; do
		[ -e /proc/$path ] || continue
		expect_eq "$(run_in mnt -- wc -c /proc/$path 2>&1)" "0 /proc/$path" "bytes"
	done
	[ ! -d /sys/firmware ] || prints "" run_in mnt -- ls /sys/firmware
	[ ! -d /proc/scsi ] || prints "" run_in mnt -- ls /proc/scsi
	for path in /proc/sys/kernel/hostname /proc/sys/vm/drop_caches /proc/sysrq-trigger \
		/sys/kernel/mm/ksm/run; do
		[ -e $path ] || continue
		fails_with 1 "Read-only|Permission" run_in mnt -- sh -c "echo 0 > $path"
	done
	# these ask for a capability, or tell about the load only
	out=$(run_in mnt -- sh -c 'container_probe writable /proc; container_probe writable /sys')
	expect_eq "$(grep -vxE '/proc/(mtrr|pressure/(cpu|io|irq|memory))' <<<"$out")" "" \
		"files that root could write"
	log_test "proc, sys and the rest are mounted, masked and protected"
}

# Each of /proc, /dev and /sys leads to a place that must not be touched: on the
# host, by an absolute link and by one that climbs; and within the image.
hostile_links()
{
	local bad=$TMP/bad target before

	mkdir "$TMP/victim"
	before=$(fingerprint "$TMP/victim")
	for target in "$TMP/victim" "../../../../../../../..$TMP/victim" /etc . proc /proc/self/root; do
		rm -rf "$bad"
		cp -a "$ROOTFS" "$bad"
		ln -s "$target" "$bad/proc"
		ln -s "$target" "$bad/dev"
		ln -s "$target" "$bad/sys"
		prints "proc sysfs tmpfs" vsw -n "$sw" run --name "${ID}bad" --rootfs "$bad" -- \
			sh -c 'echo $(for i in /proc /sys /dev; do stat -f -c %T $i; done)'
		prints "1 0" vsw -n "$sw" run --name "${ID}bad" --rootfs "$bad" --read-only -- \
			sh -c 'echo x > /dev/null && echo $$ $(ls /etc | wc -l)'
	done
	expect_eq "$(fingerprint "$TMP/victim")" "$before" "what the links point to"
	# deeper down, where the mount points of /dev would be
	rm -rf "$bad"
	cp -a "$ROOTFS" "$bad"
	mkdir "$bad/dev" "$bad/sys"
	ln -s "$TMP/victim" "$bad/dev/pts"
	ln -s "$TMP/victim" "$bad/dev/shm"
	ln -s "$TMP/victim/null" "$bad/dev/null"
	ln -s "$TMP/victim" "$bad/sys/fs"
	prints "ptmx cgroup.controllers" vsw -n "$sw" run --name "${ID}bad" --rootfs "$bad" -- \
		sh -c 'echo x > /dev/null; echo $(ls /dev/pts; ls /sys/fs/cgroup | head -n 1)'
	expect_eq "$(fingerprint "$TMP/victim")" "$before" "what the deeper links point to"
	nothing_left bad "after hostile links"
	rm -rf "$bad" "$TMP/victim"
	log_test "links in place of /proc, /dev and /sys lead nowhere"
}

hostile_files()
{
	local bad=$TMP/bad name

	cp -a "$ROOTFS" "$bad"
	for name in proc dev sys; do
		echo file > "$bad/$name"
	done
	prints "proc sysfs tmpfs" vsw -n "$sw" run --name "${ID}bad" --rootfs "$bad" -- \
		sh -c 'echo $(for i in /proc /sys /dev; do stat -f -c %T $i; done)'
	# the command itself out of reach: a link is followed within the root only
	rm "$bad/bin/true"
	ln -s "$HELPERS/container_probe" "$bad/bin/true"
	fails_with 127 "command '/bin/true' is not in the rootfs" \
		vsw -n "$sw" run --name "${ID}bad" --rootfs "$bad" -- /bin/true
	# attributes of overlay in an image do not redirect
	if command -v setfattr >/dev/null; then
		mkdir "$bad/var/here" "$bad/etc/elsewhere"
		touch "$bad/etc/elsewhere/secret"
		setfattr -n trusted.overlay.redirect -v /etc/elsewhere "$bad/var/here" 2>/dev/null &&
			prints "" vsw -n "$sw" run --name "${ID}bad" --rootfs "$bad" -- ls /var/here
	fi
	nothing_left bad "after hostile files"
	rm -rf "$bad"
	log_test "files in place of /proc, /dev and /sys, and a command that leads out"
}

hostile_workdir()
{
	local dir n

	ln -s /proc/self/fd "$ROOTFS/var/fds"
	ln -s /proc/1/root "$ROOTFS/var/root"
	fails_with 125 "workdir: '/nosuch': No such file" run_in wd -w /nosuch -- pwd
	fails_with 125 "workdir: '/bin/sh': Not a directory" run_in wd -w /bin/sh -- pwd
	fails_with 125 "workdir: 'etc' is not an absolute path" run_in wd -w etc -- pwd
	for n in 3 4 5 6 7 8 9; do
		status_is 125 run_in wd -w /var/fds/$n -- pwd
		status_is 125 run_in wd -w /var/fds/$n/../../.. -- pwd
	done
	for dir in /var/root /.. /../../.. /proc/self/cwd; do
		prints rootfs run_in wd -w $dir -- sh -c '[ -e ./bin/container_probe ] && echo rootfs'
	done
	rm "$ROOTFS/var/fds" "$ROOTFS/var/root"
	nothing_left wd "after hostile working directories"
	log_test "the working directory is below the root"
}

strange_paths()
{
	local dir

	for dir in "a b" "a,b" "a:b" 'a\b' "a=b" "\$(a)" "ä"; do
		mv "$ROOTFS" "$TMP/$dir"
		prints x vsw -n "$sw" run --name "${ID}path" --rootfs "$TMP/$dir" -- echo x
		mv "$TMP/$dir" "$ROOTFS"
	done
	# not UTF-8, which JSON can't say
	dir=$(printf 'a\377b')
	mv "$ROOTFS" "$TMP/$dir"
	prints x vsw -n "$sw" run --name "${ID}path" --rootfs "$TMP/$dir" -- echo x
	mv "$TMP/$dir" "$ROOTFS"
	dir=$PWD
	cd "$TMP" || return
	prints x vsw -n "$sw" run --name "${ID}path" --rootfs rootfs -- echo x
	ln -s rootfs "$TMP/link"
	prints x vsw -n "$sw" run --name "${ID}path" --rootfs link/ -- echo x
	cd "$dir" || return
	nothing_left path "after strange paths"
	log_test "the path of the rootfs may have any character"
}

need_userns()
{
	[ "$(cat /proc/sys/user/max_user_namespaces 2>/dev/null || echo 0)" -gt 0 ] && return
	log_skip "$1" "no user namespaces"
	return 1
}

user_namespace()
{
	local map base other

	need_userns "root inside is not root outside" || return
	run_bg user --userns -- sh -c 'echo ready; sleep 1000'
	map=$(xargs < "/proc/$(init_of user)/uid_map")
	read -r _ base _ <<<"$map"
	[ "$base" -ge 524288 ]
	check_err $? "root inside is $base outside"
	expect_eq "$map" "0 $base 65536" "uid_map"
	expect_eq "$(xargs < "/proc/$(init_of user)/gid_map")" "0 $base 65536" "gid_map"
	expect_eq "$(grep -E '^[UG]id:' "/proc/$(init_of user)/status" | xargs)" \
		"Uid: $base $base $base $base Gid: $base $base $base $base" "ids outside"
	expect_eq "$(state user .userns.base)" "$base" "base in the state"
	other=$(run_in user2 --userns -- awk '{ print $2 }' /proc/self/uid_map)
	[ -n "$other" ] && [ "$other" != "$base" ]
	check_err $? "another container has the base $other, too"
	# nothing of the host is its
	kill -KILL "$pid"
	run_end
	vsw -n "$sw" switch show > /dev/null
	prints "0 0" run_in user --userns -- sh -c 'echo $(id -u) $(id -g)'
	prints "1000 5" run_in user --userns -u 1000:5 -- sh -c 'echo $(id -u) $(id -g)'
	expect_eq "$(run_in user --userns -- grep -E '^Cap(Prm|Eff|Bnd)' /proc/self/status | xargs)" \
		"CapPrm: 00000000a80425fb CapEff: 00000000a80425fb CapBnd: 00000000a80425fb" capabilities
	# nor what the host gave to somebody: the same name, and other ids
	echo "someone:$base:1" > "$TMP/subuid"
	other=$(unshare -m sh -c "mount --bind '$TMP/subuid' /etc/subuid &&
		exec '$VSW' run --name ${ID}user --userns --rootfs '$ROOTFS' -- cat /proc/self/uid_map" | xargs)
	[[ $other == "0 "*" 65536" ]] && [ "$other" != "$map" ]
	check_err $? "with $base given to a user the ids are $other"
	fails_with 125 "user: with --userns ids end at 65535" run_in user --userns -u 65536 -- true
	fails_with 1 "Operation not permitted" run_in user --userns -- mknod /tmp/x c 1 11
	nothing_left user "after a user namespace"
	log_test "root inside is not root outside"
}

user_namespace_files()
{
	local out

	need_userns "owners of files in a user namespace" || return
	# only root of the host may read this
	echo secret > "$ROOTFS/etc/secret"
	chmod 600 "$ROOTFS/etc/secret"
	out=$(run_in uf --userns -- sh -c 'cat /etc/secret; echo x > /new; stat -c %u /new /bin /dev/null' 2>&1 | tr '\n' ' ')
	if [[ $out == *"no id-mapped mounts"* ]]; then
		# they stay the host's, and the container is nobody to them
		expect_eq "$out" "vsw: container '${ID}uf': files of the rootfs keep their owners: its file system has no id-mapped mounts cat: can't open '/etc/secret': Permission denied 0 65534 0 " \
			"files without id-mapped mounts"
	else
		expect_eq "$out" "secret 0 0 0 " "files with id-mapped mounts"
	fi
	rm "$ROOTFS/etc/secret"
	prints "x
0" run_in uf --userns -- sh -c 'echo x > /dev/null; echo x > /dev/shm/x; cat /dev/shm/x; stat -c %u /dev/shm/x' 2>/dev/null
	nothing_left uf "after files"
	log_test "owners of files in a user namespace"
}

# The container's root with all capabilities in its own user namespace, which is
# more than it has itself, against the switch of the host.
user_namespace_network()
{
	local adapter port root

	need_userns "a container's root can't touch the switch" || return
	for adapter in vnic veth; do
		run_bg un --userns --adapter "$adapter" --switch vs0 --ip 10.9.0.2/24 -- sleep 1000
		port=$(ports)
		root="nsenter -t $(init_of un) -U -n"
		prints eth0 $root sh -c "ip -o link show | sed -n 's/^[0-9]*: \\(eth[^@:]*\\).*/\\1/p'"
		succeeds $root ip link set eth0 mtu 1300
		status_is 2 $root ip link set eth0 netns "$$"
		$root "$VSW" switch del vs0 >/dev/null 2>&1
		check_fail $? "it deleted the switch"
		$root "$VSW" port set "$(state un .link.name)" learning off >/dev/null 2>&1
		check_fail $? "it changed a port"
		$root "$VSW" port set vs0:1 alias other >/dev/null 2>&1
		check_fail $? "it changed the alias of a port"
		$root nsenter -n/proc/$$/ns/net true 2>/dev/null
		check_fail $? "it entered another network namespace"
		$root nsenter "-n/run/netns/$sw" true 2>/dev/null
		check_fail $? "it entered the network namespace of the switch"
		expect_eq "$(ports)" "$port" "$adapter: the port"
		# whatever it calls it, it is found
		# In two steps: before 6.2 a device that is up has its name.
		succeeds $root ip link set eth0 down
		succeeds $root ip link set eth0 name other
		succeeds $root ip link set other alias other up
		kill -KILL "$(init_of un)"
		run_end
		nothing_left un "after that"
	done
	run_bg un --userns --switch vs0 -- sleep 1000
	succeeds nsenter -t "$(init_of un)" -U -n ip link del eth0
	kill -KILL "$(init_of un)"
	run_end
	# 6.1 has something to say of the rootfs, see above.
	expect_eq "$(grep -v "no id-mapped mounts" "$TMP/un.err")" "" \
		"words about an adapter that is gone"
	nothing_left un "after the adapter went"
	log_test "a container's root can't touch the switch"
}

container_setup
run_tests
