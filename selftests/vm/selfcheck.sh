#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# selfcheck.sh qemu|uml [RESULTDIR]: prove that a runner notices what it is
# there to notice, before anyone trusts its silence. Prints KTAP, leaves
# "PASSED FAILED SKIPPED" in RESULTDIR/totals, and ends with "N passed, N failed".

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1-} in
qemu) runner=("$vm_dir/qemu.sh" -k 6.12 -B -m 1024) ;;
uml) runner=("$vm_dir/uml.sh" -B -L off) ;;
*) die "usage: selfcheck.sh qemu|uml [RESULTDIR]" ;;
esac
out=${2:-$repo/build/check/selfcheck-$1}
rm -rf "$out"
mkdir -p "$out"
number=0
failed=0

# expect STATUS PATTERN TITLE [option...] -- COMMAND: run it in a guest, it must
# end with that status and have said something that matches.
expect()
{
	local status=$1 pattern=$2 title=$3 got log
	shift 3

	number=$((number + 1))
	log=$out/$number.log
	"${runner[@]}" -t 120 "$@" >"$log" 2>&1
	got=$?
	if [ "$got" = "$status" ] && grep -qE -- "$pattern" "$log"; then
		echo "ok $number $title"
		return
	fi
	failed=$((failed + 1))
	sed 's/^/# /' "$log" | tail -n 40
	echo "# status $got, expected $status and output that matches: $pattern"
	echo "not ok $number $title"
}

# shellcheck disable=SC2016 # the guest's shell expands them
# common [OPTION...]: with options for the run in which nothing may be found.
common()
{
	local probe=$repo/build/vm/written-by-the-guest

	expect 0 '^clean$' "a clean command passes" "$@" -- echo clean
	expect 7 '^before$' "the command's status comes through" -- \
		sh -c 'echo before; exit 7'
	expect 99 'WARNING: CPU: 0 test' "a warning in the kernel log fails the run" -- \
		sh -c 'echo "WARNING: CPU: 0 test" >/dev/kmsg'
	expect 7 'WARNING: CPU: 0 test' "a warning is shown when the command failed as well" -- \
		sh -c 'echo "WARNING: CPU: 0 test" >/dev/kmsg; exit 7'
	expect 125 'Kernel panic' "a panic fails the run" -- \
		sh -c 'echo c >/proc/sysrq-trigger; sleep 60'
	expect 124 'WARNING: late' "a hang fails the run and hides no warning" -t 30 -- \
		sh -c 'echo "WARNING: late" >/dev/kmsg; sleep 1000'
	expect 0 'oom_kill [1-9]' "a memory cgroup that ran full is no complaint" -- \
		sh -c 'cd /sys/fs/cgroup && mkdir full && echo 8M >full/memory.max &&
			sh -c "echo \$\$ >full/cgroup.procs; exec dd if=/dev/zero of=/dev/shm/f bs=1M count=64"
			grep "oom_kill " full/memory.events'
	expect 99 'WARNING: beside' "a warning beside a full memory cgroup counts" -- \
		sh -c 'echo "x invoked oom-killer: y" >/dev/kmsg
			echo "WARNING: beside" >/dev/kmsg; echo "Call Trace:" >/dev/kmsg'
	rm -f "$probe"
	expect 0 '^written$' "the guest cannot write to the machine" -- \
		sh -c "echo x >'$probe' && echo written"
	number=$((number + 1))
	if [ -e "$probe" ]; then
		failed=$((failed + 1))
		echo "not ok $number the machine's files are as before"
	else
		echo "ok $number the machine's files are as before"
	fi
}

debug_kernel()
{
	expect 99 'KASAN: slab-use-after-free' "a use after free is found" -- \
		sh -c 'modprobe lkdtm && echo READ_AFTER_FREE >/sys/kernel/debug/provoke-crash/DIRECT'
	expect 99 'refcount_t: underflow' "a reference put twice is found" -- \
		sh -c 'modprobe lkdtm && echo REFCOUNT_SUB_AND_TEST_NEGATIVE >/sys/kernel/debug/provoke-crash/DIRECT'
	expect 99 'unreferenced object' "a leak is found" -L on -- modprobe kmemleak-test
	expect 0 '^done$' "the search for leaks can be left out" -- \
		sh -c 'modprobe kmemleak-test && echo done'
	# Who schedules with that lock may do so for ever: the first time must be the last.
	expect 125 'lock_me_up' "a lock that is not given back is found" -- \
		sh -c 'modprobe lkdtm && echo 1 >/proc/sys/kernel/panic_on_warn &&
			echo SPINLOCKUP >/sys/kernel/debug/provoke-crash/DIRECT; sleep 60'
	expect 99 'lockdep has switched itself off' "a lockdep that sees no more is found" -- \
		sh -c 'echo " debug_locks: 0" >/tmp/off && mount --bind /tmp/off /proc/lockdep_stats'
}

if [ "$1" = uml ]; then
	common -L on
else
	common
fi
[ "$1" != uml ] || debug_kernel
echo "1..$number"
echo "$((number - failed)) $failed 0" >"$out/totals"
echo "$((number - failed)) passed, $failed failed"
[ "$failed" = 0 ]
