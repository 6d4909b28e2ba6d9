#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# debug-guest.sh RESULTDIR K/N KERNEL [SCRIPT...]: what check-debug.sh runs in the
# K-th of its N guests: its part of the scripts, without what settings leaves to
# other kernels than KERNEL; in the first one KUnit before that, results in
# RESULTDIR/kunit.totals.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
results=$1
part=$2
left=$3
shift 3
kunit=0
if [ "${part%/*}" = 1 ]; then
	vm/kunit.sh "$results"
	kunit=$?
fi
./run.sh -o "$results" -p "$part" -l "$left" "$@" || exit
exit "$kunit"
