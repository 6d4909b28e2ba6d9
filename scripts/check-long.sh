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
#   flow-classifier      10 million random packets through the flow table and a list
#   flow-key             10 million hostile frames through the extractor of keys, with KASAN:
#                        two guests side by side, seeds FLOW_KEY_SEED and the next
#   flow-fuzz            the parser and printer of flows, ten minutes (FUZZ_SECONDS)
#   flow-ovs             300 sets of rules in Open vSwitch and in vswitch, kernel 6.12
#   torture-6.12         ten minutes of torture each, of switch and router, on a stock kernel,
#                        two processors
#   torture-debug        the same under the debug kernel
#
#   TORTURE_SECONDS=N TORTURE_SEED=N   for the torture, see torture_test.sh
#
# Logs are left in build/check-long/. Ends with one line: "N passed, N failed,
# N skipped".

set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

out=build/check-long
mkdir -p "$out"
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
	part "$name" "$title" "$@" -t $((2 * seconds + 600)) -o "$dir" -- \
		env TORTURE_SECONDS="$seconds" ${TORTURE_SEED:+TORTURE_SEED="$TORTURE_SEED"} \
		selftests/run.sh -o "$dir" torture_test.sh torture_router_test.sh
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

# kunit NAME TITLE SUITE PARAMETER...: one suite of KUnit under the debug kernel
kunit()
{
	local dir=$PWD/$out/$1

	part "$1" "$2" selftests/vm/uml.sh -m 1024 -t 7200 -o "$dir" -- \
		selftests/vm/kunit.sh "$dir" "${@:3}"
}

# half_of_keys 1|2: a guest has one processor.
half_of_keys()
{
	local packets=$((${FLOW_PACKETS:-10000000} / 2)) seed=$((FLOW_KEY_SEED + $1 - 1))

	kunit "flow-key-$1" "$packets hostile frames for the extractor of keys, seed $seed" \
		vswitch_key_random key_packets="$packets" key_seed="$seed"
}

flow_key()
{
	local log=$out/flow-key-1.out p f s

	export FLOW_KEY_SEED=${FLOW_KEY_SEED:-$RANDOM}
	scripts/check-long.sh flow-key-1 >"$log" &
	half_of_keys 2
	wait
	sed '$d' "$log"
	read -r p f s < <(tail -n 1 "$log" | tr -cd '0-9 \n')
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

flow_fuzz()
{
	local log=$out/flow-fuzz.log

	echo "-- the parser and printer of flows, log in $log"
	if make --no-print-directory fuzz >"$log" 2>&1; then
		grep -a '^Done ' "$log"
		passed=$((passed + 1))
	else
		tail -n 30 "$log"
		failed=$((failed + 1))
	fi
}

flow_ovs()
{
	local dir=$PWD/$out/flow-ovs

	part flow-ovs "flows against Open vSwitch on kernel 6.12" selftests/vm/qemu.sh -k 6.12 \
		-t 3600 -o "$dir" -- env FLOW_OVS_SETS="${FLOW_OVS_SETS:-300}" \
		${FLOW_OVS_SEED:+FLOW_OVS_SEED="$FLOW_OVS_SEED"} \
		selftests/run.sh -o "$dir" flow_ovs_test.sh
}

[ $# -gt 0 ] || set -- every-stock every-debug dkms-6.1 dkms-6.12 stress-vnic stress-mixed vlan-model \
	flow-classifier flow-key flow-fuzz flow-ovs torture-6.12 torture-debug
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
	flow-ovs) flow_ovs ;;
	flow-classifier)
		kunit "$name" "${FLOW_PACKETS:-10000000} packets through the flow table and a list" \
			vswitch_flow_table flow_table_packets="${FLOW_PACKETS:-10000000}"
		;;
	flow-key) flow_key ;;
	flow-key-1 | flow-key-2) half_of_keys "${name#flow-key-}" ;;
	flow-fuzz) flow_fuzz ;;
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
