#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Process 1 of both guests, started on a throw-away overlay of the machine's
# root with the writable share at /.vm/results: mounts what a test expects,
# runs the command, looks for what it left in the kernel, powers off.

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LANG=C.UTF-8 TERM=dumb

# What hand_over() of lib.sh wrote
repo='' results='' kmemleak='' begin_mark=''
# shellcheck source=/dev/null
. /.vm/results/.vm/conf
ctl=/.vm/results/.vm

mount_all()
{
	[ ! -d /.vm/old ] || umount -l /.vm/old
	mountpoint -q /proc || mount -t proc proc /proc
	mountpoint -q /sys || mount -t sysfs sysfs /sys
	mountpoint -q /dev || mount -t devtmpfs devtmpfs /dev
	mkdir -p /dev/pts /dev/shm /dev/mqueue /dev/net
	mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
	mount -t tmpfs -o mode=1777 tmpfs /dev/shm
	mount -t mqueue mqueue /dev/mqueue
	ln -sf /proc/self/fd /dev/fd
	ln -sf fd/0 /dev/stdin
	ln -sf fd/1 /dev/stdout
	ln -sf fd/2 /dev/stderr
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	mount -t debugfs debugfs /sys/kernel/debug
	mount -t tracefs tracefs /sys/kernel/tracing
	# The repository or the results may lie under what is covered now.
	mkdir -p /.vm/repo
	mount --bind "$repo" /.vm/repo
	mount -t tmpfs -o mode=1777 tmpfs /tmp
	mount -t tmpfs -o mode=1777 tmpfs /var/tmp
	mount -t tmpfs -o mode=755 tmpfs /run
	mkdir -p /run/lock
	if [ ! -d "$repo/selftests" ]; then
		mkdir -p "$repo"
		mount --bind /.vm/repo "$repo"
	fi
	mkdir -p "$results"
	mount --bind /.vm/results "$results"
}

set_up()
{
	local name

	hostname guest
	ip link set lo up
	# udev would have made these; to open one loads its module.
	[ -e /dev/net/tun ] || mknod -m 666 /dev/net/tun c 10 200
	[ -e /dev/loop-control ] || mknod /dev/loop-control c 10 237
	for name in $(</sys/fs/cgroup/cgroup.controllers); do
		echo "+$name" >/sys/fs/cgroup/cgroup.subtree_control
	done
	# An emulated CPU may rightly stand still for longer than a real one.
	[ ! -f /proc/sys/kernel/watchdog_thresh ] || echo 30 >/proc/sys/kernel/watchdog_thresh
}

# kmemleak reports an object that is older than five seconds and unreferenced
# in a scan; a pointer on the move can hide or seem lost in one scan only.
look_for_leaks()
{
	local leaks=/sys/kernel/debug/kmemleak

	[ "$kmemleak" = on ] && [ -f "$leaks" ] || return 0
	echo scan >"$leaks"
	sleep 6
	echo scan >"$leaks"
	cat "$leaks"
}

look_at_lockdep()
{
	[ -f /proc/lockdep_stats ] || return 0
	grep -q 'debug_locks: *1$' /proc/lockdep_stats ||
		echo "lockdep has switched itself off: it found something, or ran out of room"
}

run()
{
	local status

	echo "<1>$begin_mark" >/dev/kmsg
	cd "$repo" || return 2
	setsid -w bash "$ctl/cmd" </dev/null >>"$ctl/output" 2>&1
	status=$?
	cd /
	{
		look_at_lockdep
		look_for_leaks
	} >"$ctl/report" 2>&1
	dmesg >/.vm/results/dmesg.log
	return "$status"
}

mount_all
set_up
run
echo $? >"$ctl/status.tmp"
mv "$ctl/status.tmp" "$ctl/status"
sync -f "$ctl"
busybox poweroff -f
echo o >/proc/sysrq-trigger
sleep 60
