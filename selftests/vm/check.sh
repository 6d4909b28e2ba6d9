#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All selftests on Debian's kernels 6.1 and 6.12, side by side. Logs and results
# are left in build/check/<kernel>/. Ends with one line:
#
#   N passed, N failed, N skipped
#
# Each kernel leaves some scripts to the others, see left_* in ../settings.
#
#   T="a_test b_test"      only these scripts
#   ALL=1                  every script on each kernel
#   CHECK_TIMEOUT=SECONDS  for one guest, 2640
#   SELFCHECK=no           selfcheck.sh qemu was run by itself

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$vm_dir/totals.sh"

kernels="6.1 6.12"
out=$repo/build/check
read -ra scripts <<<"${T-}"

# Its status goes into a file: the pipe's last command is the progress filter.
run_guest()
{
	local kernel=$1 dir=$out/$1 left=(-l "$1")

	[ -z "${ALL-}" ] || left=()

	rm -rf "$dir"
	mkdir -p "$dir"
	{
		"$vm_dir/qemu.sh" -k "$kernel" -t "${CHECK_TIMEOUT:-2640}" -o "$dir" -- \
			selftests/run.sh -o "$dir" "${left[@]}" "${scripts[@]}" 2>&1
		echo $? >"$dir/status"
	} | progress "$kernel" "$dir/check.log"
}

# First that the runner would notice: a minute and a half.
mkdir -p "$out"
if [ "${SELFCHECK-}" != no ]; then
	rm -rf "$out/selfcheck-qemu"
	"$vm_dir/selfcheck.sh" qemu "$out/selfcheck-qemu" 2>&1 |
		progress runner "$out/selfcheck-qemu.log"
	add_totals runner "$out/selfcheck-qemu/totals"
fi

for kernel in $kernels; do
	run_guest "$kernel" &
done
wait
for kernel in $kernels; do
	add_run "$kernel" "$(cat "$out/$kernel/status" 2>/dev/null)" "$out/$kernel/totals"
done
sum_up
