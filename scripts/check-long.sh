#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check-long.sh: what takes too long for every day. DKMS in the stock guests, the
# way a user installs. Logs are left in build/check-long/. Ends with one line:
# "N passed, N failed, N skipped".

set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

out=build/check-long
passed=0
failed=0
skipped=0

for series in 6.1 6.12; do
	log=$out/$series.log
	mkdir -p "$out/$series"
	echo "-- DKMS on kernel $series, log in $log"
	status=0
	selftests/vm/qemu.sh -k "$series" -B -m 3072 -t 3600 -o "$out/$series" -- \
		scripts/dkms-guest.sh >"$log" 2>&1 </dev/null || status=$?
	grep -E '^(not )?ok |^# ' "$log"
	totals=$(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' "$log" | tail -n 1)
	read -r p f s <<<"${totals:-0 0 0}"
	if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
		tail -n 30 "$log"
		echo "-- the guest ended with status $status"
		f=1
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
