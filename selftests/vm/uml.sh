#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run a command as root under the debug kernel, with this machine's files under
# it (nothing is written to them) and vswitch.ko, built for that kernel, where
# modprobe finds it. Afterwards look for leaks and for what lockdep saw. The
# plain kernel has no checker: it is there to measure time.
#
#   uml.sh [options] -- CMD...
#     -m MB         memory, 1536
#     -t SECONDS    give up after that long, 600
#     -o RESULTDIR  the one folder that the guest may write; the logs go there
#     -L on|off     search for leaks afterwards: on, it takes 7 seconds
#     -B            bare: no vswitch.ko
#     -P            the plain kernel
#
# The command's output comes as it is written; the exit status is the command's.
# See lib.sh for the statuses beyond that.

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

memory=1536
timeout=600
bare=0
kind=debug

usage()
{
	sed -n '/^#   uml.sh/,/^# See/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
	exit 2
}

find_modules()
{
	local kerneldir=$tree/stage/lib/modules/$release

	if [ "$bare" = 1 ]; then
		stage_modules "$release" "$kerneldir"
		return
	fi
	# make decides what is out of date, and says nothing when nothing is. Guests
	# that start together wait for the one who builds.
	mkdir -p "$repo/build"
	flock "$repo/build/uml.lock" \
		make -s -C "$repo" modules KVER="$release" KDIR="$tree" ARCH=um >&2 ||
		die "the modules don't build against $tree"
	[ -f "$repo/build/$release/vswitch.ko" ] || die "make left no build/$release/vswitch.ko"
	stage_modules "$release" "$kerneldir" "$repo/build/$release/"*.ko
}

# RAM where it has the room and lets code be mapped, else disk.
memory_folder()
{
	local free options

	read -r free options < <(findmnt -nbo AVAIL,OPTIONS /dev/shm 2>/dev/null)
	case ,$options, in
	*,noexec,*) free=0 ;;
	esac
	if [ "${free:-0}" -gt $((memory * 2097152)) ]; then
		echo /dev/shm
	else
		echo /tmp
	fi
}

boot()
{
	local hurry=()

	# As in qemu.sh. What is freed the sooner shows the better who still reads it.
	[ "$kind" = plain ] || hurry=(rcupdate.rcu_expedited=1)
	# It keeps its memory in a file, and sockets in a folder of its own.
	scratch=$(mktemp -d "$(memory_folder)/vswitch-uml.XXXXXX")
	TMPDIR=$scratch setsid setpriv --pdeathsig KILL "$tree/vmlinux" mem="$memory"M uml_dir="$scratch/" umid=vm \
		root=/dev/root rootfstype=hostfs rootflags=/ ro \
		init="$vm_dir/uml-init.sh" vm_results="$results" "${hurry[@]}" \
		con=null con0=null,fd:1 ssl=null loglevel=5 panic=-1 \
		</dev/null >"$results/kernel.log" 2>&1 &
	guest_pid=$!
}

# All of its processes are in the session that it leads.
kill_guest()
{
	kill -KILL -- "-$guest_pid" 2>/dev/null
	rm -rf "$scratch"
}

while getopts m:t:o:L:BP opt; do
	case $opt in
	m) memory=$OPTARG ;;
	t) timeout=$OPTARG ;;
	o) results=$OPTARG ;;
	L) kmemleak=$OPTARG ;;
	B) bare=1 ;;
	P) kind=plain ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage

need busybox depmod flock
tree=$("$vm_dir/uml-build.sh" "$kind" --print-tree) || exit 2
release=$(cat "$tree/release")
find_modules
prepare_results
hand_over "$@"
boot
trap 'kill_guest; kill "$follow_pid" 2>/dev/null; exit 130' INT TERM HUP
follow_output
wait_guest "$guest_pid" "$timeout"
gone=$?
kill_guest
wait "$guest_pid" 2>/dev/null
last_output
finish "$gone"
