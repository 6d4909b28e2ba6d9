#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Random VLANs of ports and random frames against a model, see vlan_model.py.
#
#   VLAN_MODEL_CONFIGS=N   how many configurations (20; a thousand in make check-long)
#   VLAN_MODEL_SEED=N      the same ones again

# shellcheck disable=SC2317
ALL_TESTS="model"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command python3
require_vswitch
load_kind tun
setup_ns sw
# shellcheck disable=SC2154
: "$sw"

model()
{
	local out seed=${VLAN_MODEL_SEED:-$RANDOM}

	out=$(in_ns "$sw" env VSW="$VSW" python3 "$SELFTESTS/vlan_model.py" "$seed" \
		"${VLAN_MODEL_CONFIGS:-20}" 30 2>&1)
	check_err $? "$out"
	echo "# ${out##*$'\n'}"
	log_test "ports and frames are what a model says"
}

run_tests
