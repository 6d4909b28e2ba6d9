#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# splats.sh [-C LINES] [-m MARK] <LOG: print what the kernel complained about
# (patterns in the file splats), LINES lines of context after each, and only what
# stands behind MARK; all of it when MARK has already fallen out of the log. Exit
# status 0 when there is a complaint, 1 when there is none, as of grep.
#
# A memory cgroup that runs full and an injected failure print a stack, which is
# no complaint. Only the "Call Trace" of such a message is taken out; whatever
# else stands in it or between its lines remains.

here=$(dirname "${BASH_SOURCE[0]}")
context=0
mark=
while getopts C:m: opt; do
	case $opt in
	C) context=$OPTARG ;;
	m) mark=$OPTARG ;;
	*) exit 2 ;;
	esac
done

set -o pipefail
awk -v mark="$mark" '
	mark != "" && index($0, mark) { n = 0; expected = 0; next }
	/invoked oom-killer:|FAULT_INJECTION: forcing a failure/ { expected = 1 }
	expected && /Call Trace:/ { expected = 0; next }
	{ line[n++] = $0 }
	END { for (i = 0; i < n; i++) print line[i] }' |
	grep -a -E -A "$context" -f "$here/splats"
