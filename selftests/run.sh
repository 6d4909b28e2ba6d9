#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs selftests one after the other and prints KTAP.
#
#   run.sh [-o RESULTDIR] [-p K/N] [-l KERNEL] [SCRIPT...]
#
# Without a SCRIPT all *_test.sh beside this file run; with -p only each N-th of
# these runs, from the K-th on: N guests share the work; with -l without those that
# the file settings leaves to other kernels than KERNEL. RESULTDIR gets the
# output of each (NAME.log), its part of the kernel log (NAME.kmsg), seconds per
# script (times) and "PASSED FAILED SKIPPED" of all subtests (totals). A script
# also fails when it takes longer than the file settings says, ends without a
# plan, leaves a device, a namespace or a switch behind, or made the kernel
# complain. The file says too with which adapters a script is to run: once with
# each, or only with $ADAPTERS if that is set. Exit status 0 when nothing failed, 1 otherwise, 2 for bad usage.

set -u
cd "$(dirname "$0")" || exit 2
PATH=$PATH:/usr/sbin:/sbin

usage()
{
	echo "usage: run.sh [-o RESULTDIR] [-p K/N] [-l KERNEL] [SCRIPT...]" >&2
	exit 2
}

results=
part=1/1
kernel=
while getopts o:p:l:h opt; do
	case $opt in
	o) results=$OPTARG ;;
	p) part=$OPTARG ;;
	l) kernel=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
if [[ ! $part =~ ^[1-9][0-9]*/[1-9][0-9]*$ ]] || [ "${part%/*}" -gt "${part#*/}" ]; then
	usage
fi
if [ -z "$results" ]; then
	results=$(mktemp -d) || exit 2
	trap 'rm -rf "$results"' EXIT
fi
mkdir -p "$results" || exit 2

scripts=()
[ $# -eq 0 ] || kernel=
for arg in "$@"; do
	arg=${arg##*/}
	arg=${arg%.sh}
	[ -f "$arg.sh" ] || { echo "run.sh: no script $arg.sh" >&2; exit 2; }
	scripts+=("$arg")
done
if [ ${#scripts[@]} -eq 0 ]; then
	for arg in *_test.sh; do
		scripts+=("${arg%.sh}")
	done
fi

passed=0
failed=0
skipped=0

# setting NAME: its value in the file settings
setting()
{
	sed -n "s/^$1=//p" settings 2>/dev/null
}

# Devices, namespaces and users of the module: what a script must leave as it
# was. Names only: counters and indexes change.
inventory()
{
	local module

	ip -o link show | sed 's/^[0-9]*: \([^:@]*\).*/device \1/'
	ip netns list | sed 's/^\([^ ]*\).*/netns \1/'
	for module in vswitch vrouter; do
		if [ -r /sys/module/$module/refcnt ]; then
			[ "$(cat /sys/module/$module/refcnt)" = 0 ] || echo "module $module in use"
		fi
	done
}

# Namespaces are taken down by a worker some time after they were deleted.
settled()
{
	local end=$((SECONDS + 60))

	while [ "$SECONDS" -le $end ]; do
		inventory > "$results/after"
		cmp -s "$results/before" "$results/after" && return 0
		sleep 0.2
	done
	return 1
}

# kmsg_since MARK FILE: the kernel log after the line MARK, or all of it when
# so much came since that MARK has fallen out
kmsg_since()
{
	dmesg 2>/dev/null | awk -v mark="$1" '
		index($0, mark) { n = 0; next }
		{ line[n++] = $0 }
		END { for (i = 0; i < n; i++) print line[i] }' > "$2"
}

complain()
{
	echo "    # $*"
	failed=$((failed + 1))
	bad="$bad${bad:+, }$*"
}

# count_results LOG STATUS: adds the subtests of one script.
count_results()
{
	local p f s plan

	s=$(grep -cE '^ok [0-9]+ .*# SKIP' "$1")
	p=$(grep -cE '^ok [0-9]+' "$1")
	p=$((p - s))
	f=$(grep -cE '^not ok [0-9]+' "$1")
	passed=$((passed + p))
	failed=$((failed + f))
	[ "$f" -eq 0 ] || bad="$f subtests failed"
	if [ "$2" -eq 4 ] && [ $((p + f)) -eq 0 ]; then
		skipped=$((skipped + (s ? s : 1)))
		skip=$(sed -n 's/^1\.\.0 # SKIP //p' "$1" | tail -n 1)
		skip=${skip:-all subtests skipped}
		return
	fi
	skipped=$((skipped + s))
	plan=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$1" | tail -n 1)
	if [ "$2" -eq 124 ] || [ "$2" -eq 137 ]; then
		complain "timed out"
	elif [ "${plan:-x}" != $((p + f + s)) ] || [ "$plan" -eq 0 ]; then
		complain "ended with status $2 without a plan for its $((p + f + s)) results"
	elif [ "$2" -ne $((f != 0)) ]; then
		complain "exit status $2"
	fi
}

# run_one SCRIPT [ADAPTERS]: once, with these on the hosts
run_one()
{
	local script=$1 name=$1${2:+_$2} limit status mark start=$SECONDS line="" bad="" skip=""

	[ "${2-}" != veth ] || name=$1
	limit=$(setting "timeout_$script")
	limit=${limit:-$(setting timeout)}
	mark="vswitch-selftest-$name-$$-$RANDOM"
	inventory > "$results/before"
	echo "$mark" > /dev/kmsg
	echo "    # $script.sh${2:+, with $2}"
	ADAPTERS=${2-} timeout --kill-after=20 "${limit:-300}" "./$script.sh" < /dev/null 2>&1 |
		tee "$results/$name.log" | sed -u 's/^/    /'
	status=${PIPESTATUS[0]}
	count_results "$results/$name.log" "$status"
	if ! settled; then
		diff "$results/before" "$results/after" | sed 's/^/    # /'
		complain "left something behind"
	fi
	kmsg_since "$mark" "$results/$name.kmsg"
	if vm/splats.sh < "$results/$name.kmsg" > "$results/splat"; then
		sed 's/^/    # /' "$results/splat"
		complain "kernel log"
	fi
	echo "$name $((SECONDS - start))" >> "$results/times"
	if [ -n "$skip" ]; then
		line=" # SKIP $skip"
	elif [ -n "$bad" ]; then
		line=" # $bad"
	fi
	number=$((number + 1))
	[ -z "$bad" ] && line="ok $number $name$line" || line="not ok $number $name$line"
	echo "# $name took $((SECONDS - start)) s"
	echo "$line"
}

echo "KTAP version 1"
if [ "$(id -u)" -ne 0 ]; then
	echo "1..0 # SKIP not root"
	exit 4
fi
if [ ! -d /sys/module/vswitch ] && ! modprobe vswitch; then
	echo "Bail out! The module vswitch can't be loaded."
	echo "0 1 0" > "$results/totals"
	exit 1
fi
if [ ! -r vm/splats ] || [ ! -w /dev/kmsg ]; then
	echo "Bail out! No list of splats or no kernel log."
	echo "0 1 0" > "$results/totals"
	exit 1
fi
# A script whose hosts may have any of several adapters runs once with each.
all=()
for script in "${scripts[@]}"; do
	adapters=${ADAPTERS:-$(setting "adapters_$script")}
	for adapter in $adapters; do
		all+=("$script $adapter")
	done
	[ -n "$adapters" ] || all+=("$script")
done
left=" ${kernel:+$(setting "left_$kernel")} "
mine=()
for run in "${all[@]}"; do
	name=${run/% veth/}
	[[ $left == *" ${name/ /_} "* ]] || mine+=("$run")
done
runs=()
for ((i = ${part%/*} - 1; i < ${#mine[@]}; i += ${part#*/})); do
	runs+=("${mine[i]}")
done
[ "$left" = "  " ] || echo "# left to other kernels:$left"
echo "1..${#runs[@]}"
: > "$results/times"
number=0
for run in "${runs[@]}"; do
	# shellcheck disable=SC2086  # two words
	run_one $run
done
rm -f "$results/before" "$results/after" "$results/splat"
echo "# Totals: pass:$passed fail:$failed skip:$skipped"
echo "$passed $failed $skipped" > "$results/totals"
[ "$failed" -eq 0 ]
