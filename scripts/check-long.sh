#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check-long.sh [PART...]: what takes too long for every day, or only the named
# parts of it:
#
#   every-stock every-debug  "make check" and "make check-debug" without leaving
#                        any script to another kernel
#   dkms-6.1 dkms-6.12   DKMS in the stock guests, the way a user installs
#   stress-vnic stress-mixed  the stress test with other adapters than veth, debug kernel
#   vlan-model           a thousand configurations of VLANs against a model, debug kernel
#   torture-6.12         ten minutes of torture on a stock kernel, two processors
#   torture-debug        ten minutes of torture under the debug kernel
#
#   TORTURE_SECONDS=N TORTURE_SEED=N   for the torture, see torture_test.sh
#
# Logs are left in build/check-long/. Ends with one line: "N passed, N failed,
# N skipped".

set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

out=build/check-long
passed=0
failed=0
skipped=0

# part NAME TITLE RUNNER...: a guest, which prints KTAP and ends with its totals
part()
{
	local name=$1 title=$2 dir=$out/$1 log=$out/$1.log status=0 totals p f s

	shift 2
	echo "-- $title, log in $log"
	rm -rf "$dir"
	mkdir -p "$dir"
	"$@" >"$log" 2>&1 </dev/null || status=$?
	grep -aE '^ *(not )?ok |^# ' "$log"
	totals=$(sed -nE -e 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped$/\1 \2 \3/p' \
		-e 's/^# Totals: pass:([0-9]+) fail:([0-9]+) skip:([0-9]+)$/\1 \2 \3/p' "$log" | tail -n 1)
	read -r p f s <<<"${totals:-0 0 0}"
	if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then
		tail -n 30 "$log"
		echo "-- the guest ended with status $status"
		f=1
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

dkms()
{
	part "dkms-$1" "DKMS on kernel $1" selftests/vm/qemu.sh -k "$1" -B -m 3072 -t 3600 \
		-o "$out/dkms-$1" -- scripts/dkms-guest.sh
}

seconds=${TORTURE_SECONDS:-600}
# torture NAME TITLE RUNNER...
torture()
{
	local dir=$PWD/$out/$1 name=$1 title=$2

	shift 2
	part "$name" "$title" "$@" -t $((seconds + 600)) -o "$dir" -- \
		env TORTURE_SECONDS="$seconds" ${TORTURE_SEED:+TORTURE_SEED="$TORTURE_SEED"} \
		selftests/run.sh -o "$dir" torture_test.sh
}

# stress ADAPTERS
stress()
{
	local dir=$PWD/$out/stress-$1

	part "stress-$1" "stress with $1 under the debug kernel" selftests/vm/uml.sh -m 2048 -t 1800 \
		-o "$dir" -- env ADAPTERS="$1" selftests/run.sh -o "$dir" stress_test.sh
}

vlan_model()
{
	local dir=$PWD/$out/vlan-model

	part vlan-model "VLANs against a model under the debug kernel" selftests/vm/uml.sh -t 3600 \
		-o "$dir" -- env VLAN_MODEL_CONFIGS=1000 \
		${VLAN_MODEL_SEED:+VLAN_MODEL_SEED="$VLAN_MODEL_SEED"} \
		selftests/run.sh -o "$dir" vlan_model_test.sh
}

[ $# -gt 0 ] || set -- every-stock every-debug dkms-6.1 dkms-6.12 stress-vnic stress-mixed vlan-model torture-6.12 torture-debug
for name; do
	case $name in
	every-stock)
		part "$name" "every script on both stock kernels" \
			env ALL=1 CHECK_TIMEOUT=7200 selftests/vm/check.sh
		;;
	every-debug)
		part "$name" "every script on the debug kernel" \
			env ALL=1 CHECK_TIMEOUT=7200 selftests/vm/check-debug.sh
		;;
	dkms-6.1 | dkms-6.12) dkms "${name#dkms-}" ;;
	vlan-model) vlan_model ;;
	stress-vnic | stress-mixed) stress "${name#stress-}" ;;
	torture-6.12) torture "$name" "torture on kernel 6.12" selftests/vm/qemu.sh -k 6.12 ;;
	torture-debug) torture "$name" "torture under the debug kernel" selftests/vm/uml.sh -m 2048 ;;
	*)
		echo "check-long.sh: no part $name" >&2
		exit 2
		;;
	esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
