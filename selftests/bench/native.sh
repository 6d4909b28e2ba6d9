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
. "$here/places.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/sweep.sh"

# The jobs of a batch, in order, and for each: "NETNS DEV COUNT", the options of
# the generator, a line each, what to call before each run, and what to look at.
frames=100000
forget=
jobs=()
declare -A job_where job_options job_before job_arrive job_silent job_counters job_runs

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
	job_runs[$id]=0
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
	job_runs[$1]=$((job_runs[$1] + 1))
	measured=$(nsenter --net="/run/netns/$ns" "$here/pktgen.sh" "$dev" 0 "$count" "${options[@]}")
}

# came ID: did all frames of all runs?
came()
{
	local count

	read -r _ _ count <<<"${job_where[$1]}"
	mapfile -t arrive <<<"${job_arrive[$1]}"
	silent=()
	[ -z "${job_silent[$1]}" ] || mapfile -t silent <<<"${job_silent[$1]}"
	read -ra before <<<"${job_counters[$1]}"
	arrived $((job_runs[$1] * count))
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
	# shellcheck disable=SC2086 # a list of words
	build $setup >"$log" 2>&1 && return
	fail "$id"
	jobs=("${jobs[@]:0:had}")
}

# Rows that are no number any more. One that only fills a table for another is
# run once.
broken=()
work()
{
	local round i id

	for ((round = 0; round < rounds; round++)); do
		for i in "${!jobs[@]}"; do
			[ $((round % 2)) = 0 ] || i=$((${#jobs[@]} - 1 - i))
			id=${jobs[i]}
			[[ " ${broken[*]} " != *" $id "* ]] || continue
			[ "$round" = 0 ] || [ -n "${names_of[$id]-}" ] || continue
			if ! run "$id" >"$log" 2>&1; then
				fail "$id"
				broken+=("$id")
				continue
			fi
			printf 'row\t%s\t%s\n' "$id" "$measured" >>"$results"
		done
	done
	for id in "${jobs[@]}"; do
		[[ " ${broken[*]} " != *" $id "* ]] || continue
		came "$id" >"$log" 2>&1 || fail "$id"
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

# Rows with sockets are not for this, nor is a batch of which all was measured.
declare -A row_of members measured_already
plan()
{
	local row id needs setup name

	for row in "${rows[@]}"; do
		IFS='|' read -r id needs setup group <<<"$row"
		read -r setup <<<"$setup"
		row_of[$id]="$needs|$setup"
		[[ $setup != sockets* && $setup != sweep*100000 ]] || continue
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
	read -ra ids <<<"$(with_references ${members[$group]})"
	for id in "${ids[@]}"; do
		[ -n "${measured_already[$id]-}" ] || new=1
		measured_already[$id]=1
	done
	[ $new = 0 ] || batch "${ids[@]}"
done
[ "$errors" -eq 0 ]
