#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The KUnit suites and all selftests, with fault injection, under the debug
# kernel: two guests side by side, each with every other script. Logs and
# results are left in build/check/debug-1/ and debug-2/. Ends with one line:
#
#   N passed, N failed, N skipped
#
# Some scripts are left to the stock kernels, see left_debug in ../settings.
#
#   T="a_test b_test"      only these scripts
#   ALL=1                  every script
#   CHECK_TIMEOUT=SECONDS  for one guest, 2400
#   SELFCHECK=no           selfcheck.sh uml was run by itself

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$vm_dir/totals.sh"

out=$repo/build/check
read -ra scripts <<<"${T-}"
# One script leaves nothing to share.
guests=2
[ ${#scripts[@]} != 1 ] || guests=1

# Its status goes into a file: the pipe's last command is the progress filter.
run_guest()
{
	local number=$1 dir=$out/debug-$1 left=debug

	[ -z "${ALL-}" ] || left=

	mkdir -p "$dir"
	{
		"$vm_dir/uml.sh" -m 2048 -t "${CHECK_TIMEOUT:-2400}" -o "$dir" -- \
			selftests/vm/debug-guest.sh "$dir" "$number/$guests" "$left" "${scripts[@]}" 2>&1
		echo $? >"$dir/status"
	} | progress "debug-$number" "$dir/check.log"
}

rm -rf "$out"/debug*
mkdir -p "$out"
if [ "${SELFCHECK-}" != no ]; then
	rm -rf "$out/selfcheck-uml"
	"$vm_dir/selfcheck.sh" uml "$out/selfcheck-uml" 2>&1 |
		progress runner "$out/selfcheck-uml.log"
	add_totals runner "$out/selfcheck-uml/totals"
fi

for ((number = 1; number <= guests; number++)); do
	run_guest "$number" &
done
wait
add_totals kunit "$out/debug-1/kunit.totals"
for ((number = 1; number <= guests; number++)); do
	add_run "debug-$number" "$(cat "$out/debug-$number/status" 2>/dev/null)" \
		"$out/debug-$number/totals"
done
sum_up
