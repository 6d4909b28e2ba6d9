#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# debug-guest.sh RESULTDIR [SCRIPT...]: what check-debug.sh runs in its guest.
# First KUnit, results in RESULTDIR/kunit.totals, then the scripts.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
results=$1
shift
vm/kunit.sh "$results"
kunit=$?
./run.sh -o "$results" "$@" || exit
exit "$kunit"
