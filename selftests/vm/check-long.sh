#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What takes too long for every day: on each of Debian's kernels, in the guest
# itself, install the modules through DKMS as on a real host, load and remove
# them. Compiling is emulated: some minutes for each. Ends with the same one
# line as check.sh.

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$vm_dir/totals.sh"

kernels="6.1 6.12"
out=$repo/build/check

run_guest()
{
	local kernel=$1 dir=$out/long-$1

	rm -rf "$dir"
	mkdir -p "$dir"
	{
		"$vm_dir/qemu.sh" -k "$kernel" -B -m 3072 -t 1800 -o "$dir" -- \
			selftests/vm/dkms-guest.sh "$dir" 2>&1
		echo $? >"$dir/status"
	} | progress "$kernel" "$dir/check.log"
}

for kernel in $kernels; do
	run_guest "$kernel" &
done
wait
for kernel in $kernels; do
	add_run "$kernel" "$(cat "$out/long-$kernel/status" 2>/dev/null)" "$out/long-$kernel/totals"
done
sum_up
