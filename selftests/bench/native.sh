#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# native.sh RESULTS ROUNDS [ID...]: the time that a frame takes, in a kernel that
# runs natively (uml.sh -P), for the rows of the table beside it or only these.
# RESULTS is a file as row.sh explains it, with a line for each run of a row.
#
# Other work of the machine makes single runs longer, never shorter. So all rows
# of a group are set up side by side, with what they are compared with, and then
# measured by turns, there and back, ROUNDS times. Exits 1 when there was an error.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$here/../lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/row.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/switches.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/features.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/places.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/sweep.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/flows.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/router.sh"

# The jobs of a batch, in order, and for each: "NETNS DEV COUNT", the options of
# the generator, a line each, what to call before each run, and what to look at.
frames=100000
# Seconds after which no row is measured more often than it has to be.
enough=270
forget=
jobs=()
declare -A job_where job_options job_before job_arrive job_silent job_counters job_times

# Until processes and the background are done. Ticks that were lost because the
# machine had other things to do count for neither side.
rest()
{
	local i a b

	for ((i = 0; i < 40; i++)); do
		read -ra a </proc/stat
		sleep 0.5
		read -ra b </proc/stat
		a=("${a[@]:1}") b=("${b[@]:1}")
		[ $(((b[3] - a[3]) * 10)) -lt $((9 * (${b[*]/%/+}0 - (${a[*]/%/+}0)))) ] || return 0
	done
}

needs_native() { :; }

# Memory and its place in time are rows of guest.sh.
settle() { :; }
also() { :; }
memory_used() { echo 0; }

# generate NETNS DEV OPTION...: a job for later, named $id; $forget is what makes
# it the same work each time.
generate()
{
	jobs+=("$id")
	job_where[$id]="$1 $2 $count"
	shift 2
	job_options[$id]=$(printf '%s\n' "$@")
	job_before[$id]=${forget:+$forget $sw}
	watch
	job_arrive[$id]=$(printf '%s\n' "${arrive[@]}")
	job_silent[$id]=$(printf '%s\n' "${silent[@]}")
	job_counters[$id]=${before[*]}
	job_times[$id]=
}

# run ID: once, leaves $measured
run()
{
	local ns dev count
	local -a options

	read -r ns dev count <<<"${job_where[$1]}"
	mapfile -t options <<<"${job_options[$1]}"
	if [ -n "${job_before[$1]}" ]; then
		# What it has let go of is freed in the background.
		${job_before[$1]} && sleep 0.2 || return
	fi
	measured=$(nsenter --net="/run/netns/$ns" "$here/pktgen.sh" "$dev" 0 "$count" "${options[@]}") ||
		return
	job_times[$1]+=" $measured"
}

# came ID: did all frames of all runs?
came()
{
	local count=${job_where[$1]##* }
	local -a times

	read -ra times <<<"${job_times[$1]}"
	mapfile -t arrive <<<"${job_arrive[$1]}"
	silent=()
	[ -z "${job_silent[$1]}" ] || mapfile -t silent <<<"${job_silent[$1]}"
	read -ra before <<<"${job_counters[$1]}"
	arrived $((${#times[@]} * count))
}

# disturbed ID: a minimum that no other run comes near to may be one, or not.
disturbed()
{
	local -a times

	mapfile -t times < <(tr ' ' '\n' <<<"${job_times[$1]# }" | sort -n)
	[ ${#times[@]} -ge 3 ] && [ $((${times[2]/./} * 100)) -gt $((${times[0]/./} * 105)) ]
}

# attempt PLACE ARGUMENT...: a batch of one row, one round; for must_fail
attempt()
{
	local id=$1 status

	jobs=()
	build "$@" >"$log" 2>&1 && run "$id" >>"$log" 2>&1 && came "$id" >>"$log" 2>&1
	status=$?
	remove_namespaces
	return "$status"
}

# set_up ID: its job, or why there is none
set_up()
{
	local id=$1 needs setup had=${#jobs[@]}

	IFS='|' read -r needs setup _ <<<"${row_of[$id]}"
	# shellcheck disable=SC2086 # a list of words
	if ! has_all $needs; then
		say skip "$id" "$(why)"
		return
	fi
	[ -e /proc/sys/net/core/bpf_jit_enable ] || case $setup in
	"containers redirect"* | "containers peer"* | "containers netkit"*)
		say note "$id" "BPF is interpreted: no JIT here"
		;;
	esac
	# shellcheck disable=SC2086 # a list of words
	build $setup >"$log" 2>&1 && return
	fail "$id"
	jobs=("${jobs[@]:0:had}")
}

# once ID: one run, if it is still a number.
once()
{
	[ -z "${broken[$1]-}" ] || return 0
	if ! run "$1" >"$log" 2>&1; then
		fail "$1"
		broken[$1]=1
		return
	fi
	printf 'row\t%s\t%s\n' "$1" "$measured" >>"$results"
}

# All jobs by turns, and those that were disturbed up to as often again, while
# there is time. A job that is no row fills a table for one, and stays as it is.
declare -A broken
work()
{
	local round i id

	for ((round = 0; round < 2 * rounds; round++)); do
		for i in "${!jobs[@]}"; do
			[ $((round % 2)) = 0 ] || i=$((${#jobs[@]} - 1 - i))
			id=${jobs[i]}
			if [ "$round" -gt 0 ] && [ -z "${names_of[$id]-}" ]; then
				continue
			fi
			if [ "$round" -lt "$rounds" ] || { [ "$SECONDS" -lt "$enough" ] && disturbed "$id"; }; then
				once "$id"
			fi
		done
	done
	for id in "${jobs[@]}"; do
		[ -n "${broken[$id]-}" ] || came "$id" >"$log" 2>&1 || fail "$id"
	done
}

# batch ID...: side by side
batch()
{
	local id all=()

	jobs=()
	broken=()
	for id; do
		set_up "$id"
		all+=("${undo[@]}")
	done
	rest
	work
	remove_namespaces
	[ ${#all[@]} -eq 0 ] || "${all[@]}"
	rest
	printf '  %-32s %d rounds of %d rows, %d s\n' "$group" "$rounds" ${#jobs[@]} $((SECONDS - began)) >&3
}

# batch_of SETUP GROUP: the name of the batch that a row belongs to. The kernel's
# own hooks, once there is one anywhere, cost everybody something.
batch_of()
{
	case $1 in
	containers_nf*) echo "With br_netfilter" ;;
	*mirred* | *redirect* | *peer* | "containers netkit"*) echo "With tc and BPF" ;;
	*) echo "$2" ;;
	esac
}

# plan: $batches, the names of them, and the $members of each
declare -A row_of members measured_already
plan()
{
	local row id needs setup name

	for row in "${rows[@]}"; do
		IFS='|' read -r id needs setup group <<<"$row"
		read -r setup <<<"$setup"
		row_of[$id]="$needs|$setup"
		name=$(batch_of "$setup" "$group")
		[ -n "${members[$name]-}" ] || batches+=("$name")
		members[$name]+=" $id"
	done
}

# with_references ID...: these, and first those that they are compared with
with_references()
{
	local id other list=

	for id; do
		for other in ${names_of[$id]} "$id"; do
			[ -z "${row_of[$other]-}" ] || [[ " $list " == *" $other "* ]] || list+=" $other"
		done
	done
	echo "$list"
}

begin || exit 1
# What the machine has never touched of its memory costs it something to touch.
mount -o remount,size=95% /tmp
head -c $(($(awk '/^MemFree:/ { print $2 }' /proc/meminfo) * 900)) /dev/zero >/tmp/memory
rm /tmp/memory
must_fail "frames arrived" lost
must_fail "frames went astray" astray
batches=()
plan
for group in "${batches[@]}"; do
	began=$SECONDS
	new=0
	read -ra ids <<<"${members[$group]}"
	read -ra ids <<<"$(with_references "${ids[@]}")"
	for id in "${ids[@]}"; do
		[ -n "${measured_already[$id]-}" ] || new=1
		measured_already[$id]=1
	done
	[ $new = 0 ] || batch "${ids[@]}"
done
[ "$errors" -eq 0 ]
