#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# splats.sh [-C LINES] <LOG: print what the kernel complained about (patterns in
# the file splats), LINES lines of context after each. Exit status 0 when there
# is a complaint, 1 when there is none, as of grep.
#
# A memory cgroup that runs full and an injected failure print a stack, which is
# no complaint. Only the "Call Trace" of such a message is taken out; whatever
# else stands in it or between its lines remains.

here=$(dirname "${BASH_SOURCE[0]}")
context=0
[ "${1-}" != -C ] || context=${2:?}

set -o pipefail
awk '/invoked oom-killer:|FAULT_INJECTION: forcing a failure/ { expected = 1 }
	expected && /Call Trace:/ { expected = 0; next }
	{ print }' |
	grep -a -E -A "$context" -f "$here/splats"
