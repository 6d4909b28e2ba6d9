#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the tests of containers share: a root file system made of busybox and of
# the programs of the tests, a switch in a namespace of its own, and looking for
# what a container left behind.
#
#   +-- container ---+   +-- $sw ------+
#   | eth0           |   |             |
#   |  10.9.0.2/24 --------- vs0       |
#   +----------------+   |  10.9.0.1   |
#                        +-------------+
#
# eth0 is a vnic, a port itself, or with --adapter veth the other end of one.

# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

CGROUP=/sys/fs/cgroup

# copy_program ROOT PROGRAM: with the libraries it needs, below ROOT
copy_program()
{
	local lib

	cp "$2" "$1/bin/" || return
	ldd "$2" 2>/dev/null | grep -o '/[^ ]*' | while read -r lib; do
		mkdir -p "$1${lib%/*}" && cp -L "$lib" "$1$lib" || return
	done
}

# make_rootfs DIR: busybox with all its names
make_rootfs()
{
	local busybox

	busybox=$(command -v busybox) || skip_all "no command busybox"
	mkdir -p "$1"/{bin,etc,root,tmp,var} || return
	chmod 1777 "$1/tmp"
	cp "$busybox" "$1/bin/busybox" || return
	"$1/bin/busybox" --install "$1/bin" || return
	copy_program "$1" "$HELPERS/container_probe"
}

count_mounts()
{
	local lines

	mapfile -t lines < /proc/self/mountinfo
	echo ${#lines[@]}
}

container_setup()
{
	require_vswitch
	require_command ip jq busybox
	[ -f $CGROUP/cgroup.controllers ] || skip_all "no cgroup v2 at $CGROUP"
	TMP=$(mktemp -d /tmp/container.XXXXXX) || exit 1
	defer rm -rf "$TMP"
	export VSW_STATE_DIR=$TMP/state
	mkdir "$VSW_STATE_DIR"
	ROOTFS=$TMP/rootfs
	make_rootfs "$ROOTFS" || exit 1
	setup_ns sw
	vsw -n "$sw" switch add vs0 || exit 1
	ip -n "$sw" addr add 10.9.0.1/24 dev vs0
	ip -n "$sw" link set vs0 up
	# its devices, to be looked at without starting a program each time
	mkdir "$TMP/sys"
	nsenter --net="/run/netns/$sw" mount -t sysfs none "$TMP/sys" || exit 1
	defer umount "$TMP/sys"
	# names that nobody else has
	ID=t${TMP##*.}
	mounts_before=$(count_mounts)
}

# run_in NAME OPTION... -- COMMAND...: a container in $ROOTFS
run_in()
{
	local name=$1

	shift
	vsw -n "$sw" run --name "$ID$name" --rootfs "$ROOTFS" "$@"
}

# run_bg NAME OPTION... -- COMMAND...: the same in the background, until its
# command runs; $pid is the process id of vsw, which writes to $TMP/NAME.out.
run_bg()
{
	local name=$1

	shift
	"$VSW" -n "$sw" run --name "$ID$name" --rootfs "$ROOTFS" "$@" \
		> "$TMP/$name.out" 2> "$TMP/$name.err" &
	pid=$!
	bg_list+=("$pid")
	wait_for running "$name"
}

# state NAME FILTER: jq FILTER on the state of a container
state()
{
	jq -r "$2" "$VSW_STATE_DIR/containers/$ID$1/state.json"
}

# init_of NAME: its first process, as seen from here; without a program, because
# that is slow where it is asked again and again
init_of()
{
	local text

	{ text=$(< "$VSW_STATE_DIR/containers/$ID$1/state.json"); } 2>/dev/null
	[[ $text =~ '"running"' ]] && [[ $text =~ \"init\":\ \{[^}]*\"pid\":\ ([0-9]+) ]] &&
		echo "${BASH_REMATCH[1]}"
}

# running NAME: has its command been executed?
running()
{
	local init name=vsw

	{ init=$(init_of "$1") && name=$(< "/proc/$init/comm"); } 2>/dev/null
	[ "$name" != vsw ]
}

# run_end NAME: waits for the container that run_bg started; its exit status
run_end()
{
	local job=${bg_list[-1]}

	unset 'bg_list[-1]'
	if ! busywait "$WAIT" not kill -0 "$job" 2>/dev/null; then
		check_err 1 "a container did not end"
		kill -KILL "$job"
	fi
	wait "$job" 2>/dev/null
}

# ports: type, device and alias of each port of vs0 but the host's. That vsw has
# its state elsewhere, so it removes nothing of what it shows.
ports()
{
	VSW_STATE_DIR=$TMP/none "$VSW" -n "$sw" -j port show switch vs0 |
		jq -r '.[] | select(.type != "host") | "\(.type) \(.name) \(.alias)"'
}

no_ports()
{
	[ -z "$(ports)" ]
}

# left_behind NAME: prints what there is of a container that is gone
left_behind()
{
	local link port

	[ ! -e "$VSW_STATE_DIR/containers" ] || find "$VSW_STATE_DIR/containers"
	[ ! -e "$CGROUP/vsw/c-$ID$1" ] || echo "cgroup vsw/c-$ID$1"
	for link in "$TMP/sys/class/net"/vsw-*; do
		[ ! -e "$link" ] || echo "link ${link##*/}"
	done
	# one program, not two as in ports
	while read -r port; do
		[[ $port != *" vnic "* ]] || echo "port $port"
	done < <(VSW_STATE_DIR=$TMP/none "$VSW" -n "$sw" port show switch vs0)
	[ "$(count_mounts)" -le "$mounts_before" ] || tail -n 3 /proc/self/mountinfo
}

# nothing_left NAME WHEN
nothing_left()
{
	local left

	left=$(left_behind "$1")
	[ -z "$left" ]
	check_err $? "$2: left behind: $left"
}

# fails_with STATUS TEXT COMMAND...: exits with STATUS and says TEXT (a regular
# expression) on standard error.
fails_with()
{
	local want=$1 text=$2 out status

	shift 2
	out=$("$@" 2>&1 >/dev/null < /dev/null)
	status=$?
	if [ "$status" -ne "$want" ]; then
		check_err 1 "'$*' ended with $status, not $want, saying: $out"
	elif ! [[ $out =~ $text ]]; then
		check_err 1 "'$*' said '$out', not '$text'"
	fi
}

# status_is STATUS COMMAND...
status_is()
{
	local want=$1 out status

	shift
	out=$("$@" 2>&1 < /dev/null)
	status=$?
	[ "$status" -eq "$want" ]
	check_err $? "'$*' ended with $status, not $want: $out"
}

# prints TEXT COMMAND...: exits with 0 and prints just TEXT
prints()
{
	local want=$1 out status

	shift
	out=$("$@" 2> "$TMP/stderr" < /dev/null)
	status=$?
	[ "$status" -eq 0 ] && [ "$out" = "$want" ]
	check_err $? "'$*' printed '$out' (status $status), expected '$want': $(cat "$TMP/stderr")"
}
