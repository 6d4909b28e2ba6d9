#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# demo-guest.sh: the demonstration itself, inside the guest. Fails when a step
# does not do what is said here, or when anything is left at the end.

set -u
export PATH=$PWD/build/bin:$PATH
work=$(mktemp -d /tmp/demo.XXXXXX)
rootfs=$work/rootfs
failures=0
declare -A pid

say()
{
	echo
	echo "-- $*"
}

fail()
{
	echo "   FAILED: $*"
	failures=$((failures + 1))
}

# Show a command and run it.
show()
{
	echo "   \$ $*"
	"$@" 2>&1 | sed 's/^/     /'
	[ "${PIPESTATUS[0]}" = 0 ] || fail "$1 $2 $3 ended with an error"
}

# wait_for SECONDS TEXT FILE: until the file has the text
wait_for()
{
	local end=$((SECONDS + $1))

	until grep -q -- "$2" "$3" 2>/dev/null; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# Until the container has joined the switch
wait_port()
{
	local end=$((SECONDS + 60))

	until vsw -j port show switch vs0 | jq -e --arg port "$1" 'any(.alias == $port)' >/dev/null; do
		if [ "$SECONDS" -ge "$end" ]; then
			fail "no port of $1 came"
			return
		fi
		sleep 0.1
	done
}

# The root of the containers: busybox and a page.
make_rootfs()
{
	local applet

	mkdir -p "$rootfs"/{bin,dev,etc,proc,sys,tmp,www}
	cp "$(command -v busybox)" "$rootfs/bin/"
	for applet in sh httpd wget ping sleep dd echo; do
		ln -s busybox "$rootfs/bin/$applet"
	done
	echo "Hello from the container web." >"$rootfs/www/index.html"
}

# Everything that a container or a switch could leave behind.
inventory()
{
	ip -o link show | sed 's/^[0-9]*: \([^:@]*\).*/device \1/'
	find /sys/fs/cgroup -type d | sed 's/^/cgroup /'
	sed 's/^[^ ]* [^ ]* [^ ]* [^ ]* \([^ ]*\).*/mount \1/' /proc/self/mountinfo
	find /run/vsw -type f 2>/dev/null | sed 's/^/state /'
	lsns -n -o NS,TYPE | sed 's/^ */namespace /'
}

start_containers()
{
	say "Two containers, each with limits and an address: web serves a page ..."
	echo "   \$ vsw run --name web --switch vs0 --ip 10.0.0.2/24 --memory 64M --cpus 0.5 --pids 64 --rootfs DIR -- /bin/httpd -f -h /www"
	vsw run --name web --switch vs0 --ip 10.0.0.2/24 --memory 64M --cpus 0.5 --pids 64 \
		--rootfs "$rootfs" -- /bin/httpd -f -h /www >"$work/web.log" 2>&1 &
	pid[web]=$!
	wait_port web
	say "... and client fetches it, and pings web"
	echo "   \$ vsw run --name client --switch vs0 --ip 10.0.0.3/24 --memory 64M --cpus 0.5 --pids 64 --rootfs DIR -- /bin/sh -c 'wget, ping'"
	# shellcheck disable=SC2016 # the container's shell expands it
	vsw run --name client --switch vs0 --ip 10.0.0.3/24 --memory 64M --cpus 0.5 --pids 64 \
		--rootfs "$rootfs" -- /bin/sh -c '
			n=0
			until wget -qO- http://10.0.0.2/ 2>/dev/null; do
				n=$((n + 1))
				[ $n -lt 50 ] || exit 1
				sleep 0.2
			done
			ping -c 3 10.0.0.2
			echo finished
			trap "exit 0" TERM
			sleep 600 &
			wait' >"$work/client.log" 2>&1 &
	pid[client]=$!
	wait_for 60 '^finished$' "$work/client.log" || fail "client did not finish"
	sed '/^finished$/d; s/^/     /' "$work/client.log" "$work/web.log"
	grep -q 'Hello from the container web' "$work/client.log" || fail "no page came"
	grep -q ' 0% packet loss' "$work/client.log" || fail "pings were lost"
}

look_around()
{
	say "The switch as vsw sees it: ports, their counters, the MAC table"
	show vsw port show switch vs0
	show vsw -s port show switch vs0
	show vsw fdb show switch vs0
	[ "$(vsw -j port show switch vs0 | jq length)" = 3 ] ||
		fail "the ports should be the host's and one for each container"
	[ "$(vsw -j fdb show switch vs0 dynamic | jq length)" = 2 ] ||
		fail "the switch has not learned both containers"
	show vsw -s switch show vs0
	say "The limits of web as the kernel keeps them"
	show grep . /sys/fs/cgroup/vsw/c-web/memory.max /sys/fs/cgroup/vsw/c-web/cpu.max \
		/sys/fs/cgroup/vsw/c-web/pids.max
}

overrun_memory()
{
	local status

	say "A third container asks for more memory than its limit of 16M"
	echo "   \$ vsw run --name greedy --memory 16M --rootfs DIR -- /bin/dd if=/dev/zero of=/dev/null bs=64M count=1"
	vsw run --name greedy --memory 16M --rootfs "$rootfs" -- \
		/bin/dd if=/dev/zero of=/dev/null bs=64M count=1 >"$work/greedy.log" 2>&1
	status=$?
	sed 's/^/     /' "$work/greedy.log"
	echo "   exit status $status: killed by signal $((status - 128))"
	[ "$status" = 137 ] || fail "it should have been killed (status 137)"
}

# end NAME SIGNAL STATUS: send its vsw run a signal, it must end with the status
end()
{
	local got

	echo "   SIG$2 to vsw run --name $1"
	kill -"$2" "${pid[$1]}"
	wait "${pid[$1]}" 2>/dev/null
	got=$?
	echo "     it ended with status $got"
	[ "$got" = "$3" ] || fail "the status should have been $3"
}

take_down()
{
	say "Removing everything: client is asked to end, vsw itself is killed under web"
	end client TERM 0
	end web KILL 137
	show vsw switch del vs0
}

nothing_left()
{
	local end=$((SECONDS + 20))

	say "What is left: devices, cgroups, mounts, namespaces, state files"
	# A namespace is taken down by the kernel some time after its last process.
	until inventory | sort >"$work/after"; cmp -s "$work/before" "$work/after"; do
		[ "$SECONDS" -lt "$end" ] || break
		sleep 0.2
	done
	if diff "$work/before" "$work/after" | sed -n 's/^[<>]/     &/p' | grep .; then
		fail "that is left, or gone (< before, > now)"
	else
		echo "   nothing"
	fi
	modprobe -r vswitch || fail "the module is still in use"
}

say "Debian's kernel $(uname -r); the module that DKMS installed:"
show modprobe -v vswitch
make_rootfs
inventory | sort >"$work/before"
say "A switch"
show vsw switch add vs0 ageing 300
show vsw switch show vs0
start_containers
look_around
overrun_memory
take_down
nothing_left
echo
if [ "$failures" != 0 ]; then
	echo "== the demonstration failed: $failures =="
	exit 1
fi
echo "== done =="
