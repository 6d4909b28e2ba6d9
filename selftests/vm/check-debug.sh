#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The KUnit suites and all selftests, with fault injection, under the debug
# kernel. Logs and results are left in build/check/debug/. Ends with one line:
#
#   N passed, N failed, N skipped
#
#   T="a_test b_test"      only these scripts
#   CHECK_TIMEOUT=SECONDS  for the guest, 3000

# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$vm_dir/totals.sh"

out=$repo/build/check
dir=$out/debug
read -ra scripts <<<"${T-}"

rm -rf "$dir" "$out/selfcheck-uml"
mkdir -p "$dir"
"$vm_dir/selfcheck.sh" uml "$out/selfcheck-uml" 2>&1 | progress runner "$out/selfcheck-uml.log"
add_totals runner "$out/selfcheck-uml/totals"

{
	"$vm_dir/uml.sh" -m 2048 -t "${CHECK_TIMEOUT:-3000}" -o "$dir" -- \
		selftests/vm/debug-guest.sh "$dir" "${scripts[@]}" 2>&1
	echo $? >"$dir/status"
} | progress debug "$dir/check.log"
add_totals kunit "$dir/kunit.totals"
add_run debug "$(cat "$dir/status" 2>/dev/null)" "$dir/totals"
sum_up
