# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the two guest runners share: where things are, how the guest's modules
# and its command are handed over, and how a finished run is judged.
#
# RESULTDIR is the one folder that the guest may write. In it:
#   kernel.log   the kernel's console        dmesg.log    the whole kernel log
#   .vm/         conf and cmd for the guest; output, report and status from it
#
# Exit statuses of a runner: the command's own, or when that is 0
#   99   the kernel log shows a warning, or a leak or a lockdep report was found
#  124   the time was up
#  125   the guest ended without a status (a panic, or it never came up)
#    2   the runner could not start the guest

vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
repo=$(cd "$vm_dir/../.." && pwd -P)
# shellcheck disable=SC2034 # the runners use it
cache=${VSWITCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vswitch}

STATUS_SPLAT=99
STATUS_TIMEOUT=124
STATUS_DIED=125

begin_mark="vswitch-vm: begin"

die()
{
	echo "${0##*/}: $*" >&2
	exit 2
}

need()
{
	local tool

	for tool; do
		command -v "$tool" >/dev/null || die "$tool is missing: see scripts/deps.sh"
	done
}

# The paths end up in mount options, where these have a meaning.
check_path()
{
	case $1 in
	*[,:\\]* | *[[:space:]]*) die "no comma, colon, backslash or space is possible in: $1" ;;
	esac
}

# Make the folder that the guest writes to, empty of an earlier run's verdict.
prepare_results()
{
	if [ -z "${results-}" ]; then
		results=$(mktemp -d "${TMPDIR:-/tmp}/vswitch-vm.XXXXXX")
		results_temporary=1
	else
		mkdir -p "$results" || die "cannot make $results"
		results_temporary=0
	fi
	results=$(cd "$results" && pwd -P)
	check_path "$results"
	check_path "$repo"
	ctl=$results/.vm
	rm -rf "$ctl" "$results/kernel.log" "$results/dmesg.log"
	mkdir "$ctl"
	: >"$ctl/output"
}

# hand_over CMD...: what the guest reads. $kmemleak is on or off.
hand_over()
{
	{
		printf '%s=%q\n' repo "$repo" results "$results" stage "$stage"
		printf '%s=%q\n' kmemleak "${kmemleak:-on}" begin_mark "$begin_mark"
	} >"$ctl/conf"
	{
		echo 'set --'" $(printf '%q ' "$@")"
		# shellcheck disable=SC2016
		echo 'exec "$@"'
	} >"$ctl/cmd"
}

# stage_modules RELEASE KERNELDIR UPDATES...
# Leaves in $stage a root that holds only usr/lib/modules/RELEASE with UPDATES
# (files or folders) in it and a modules.dep over all of them. The guest lays it
# over its root. KERNELDIR is the kernel's own modules folder; it is copied
# along when the guest doesn't have it at /lib/modules.
stage_modules()
{
	local release=$1 kerneldir=$2 sum tmp mods
	shift 2

	sum=$({
		echo "$release $kerneldir"
		cat "$vm_dir/lib.sh" "$kerneldir/modules.order"
		find "$@" -type f -name '*.ko*' -exec sha256sum {} + 2>/dev/null | sort
	} | sha256sum)
	mkdir -p "$repo/build/vm" || die "cannot make $repo/build/vm"
	stage=$repo/build/vm/$release-${sum:0:12}
	if [ -d "$stage" ]; then
		touch "$stage"
		return
	fi
	tmp=$(mktemp -d "$repo/build/vm/tmp.XXXXXX")
	mods=$tmp/usr/lib/modules/$release
	mkdir -p "$mods/updates"
	chmod 755 "$tmp"
	if [ "$kerneldir" = "/lib/modules/$release" ]; then
		ln -s "$kerneldir/kernel" "$mods/kernel"
	else
		cp -r "$kerneldir/kernel" "$mods/kernel"
	fi
	cp "$kerneldir"/modules.{order,builtin,builtin.modinfo} "$mods/"
	[ $# -eq 0 ] || cp -r "$@" "$mods/updates/"
	depmod -b "$tmp/usr" "$release" || die "depmod failed for $release"
	[ ! -L "$mods/kernel" ] || rm "$mods/kernel"
	# Another run may have been faster; its result is the same.
	mv -T "$tmp" "$stage" 2>/dev/null || rm -rf "$tmp"
	# Old ones go, but not those that a running guest may still read.
	find "$repo/build/vm" -mindepth 1 -maxdepth 1 -mmin +1440 -exec rm -rf {} +
}

# The guest's command writes into a file, this brings it here as it grows. It
# ends by itself, with all of it, after the guest has.
follow_output()
{
	tail -n +1 -s 0.2 -f --pid="${guest_pid:?}" "$ctl/output" &
	follow_pid=$!
}

last_output()
{
	wait "$follow_pid"
}

# wait_guest PID SECONDS: 0 when it ended, 1 when the time was up.
wait_guest()
{
	local pid=$1 end=$((SECONDS + $2))

	while kill -0 "$pid" 2>/dev/null; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.2
	done
}

# Print what the kernel complained about. Fails when there is something.
judge_log()
{
	local log text bad=0

	for log in "$results/kernel.log" "$results/dmesg.log"; do
		[ -f "$log" ] || continue
		# What was there before the command began, the command didn't do.
		text=$("$vm_dir/splats.sh" -C 40 -m "$begin_mark" <"$log") || continue
		bad=1
		echo "--- the kernel complained (${log##*/}):"
		head -n 200 <<<"$text"
		break
	done
	if [ -s "$ctl/report" ]; then
		bad=1
		echo "--- found after the command:"
		head -n 200 "$ctl/report"
	fi
	return "$bad"
}

# finish GONE: judge the run and exit. GONE is 0 when the guest ended by itself;
# $timeout is the runner's.
finish()
{
	local gone=$1 status

	if [ -f "$ctl/status" ]; then
		status=$(cat "$ctl/status")
		judge_log >&2 || [ "$status" != 0 ] || status=$STATUS_SPLAT
	elif [ "$gone" = 0 ]; then
		echo "${0##*/}: the guest died, the end of its log:" >&2
		tail -n 60 "$results/kernel.log" >&2
		judge_log >&2
		status=$STATUS_DIED
	else
		echo "${0##*/}: time is up after ${timeout:?} s, the end of the guest's log:" >&2
		tail -n 60 "$results/kernel.log" >&2
		judge_log >&2
		status=$STATUS_TIMEOUT
	fi
	if [ "$results_temporary" = 1 ]; then
		if [ "$status" = 0 ]; then
			rm -rf "$results"
		else
			echo "${0##*/}: exit status $status, logs are in $results" >&2
		fi
	fi
	exit "$status"
}
