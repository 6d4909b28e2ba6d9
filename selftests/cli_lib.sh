# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the tests of the command line share.

tmp=$(mktemp -d)
defer rm -rf "$tmp"

# says STATUS TEXT COMMAND...: ends with STATUS, says TEXT (an extended regular
# expression) on standard error and nothing on standard output.
says()
{
	local status=$1 text=$2 got

	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	expect_eq "$got" "$status" "status of '$*'"
	grep -qE -- "$text" "$tmp/err"
	check_err $? "'$*' said '$(cat "$tmp/err")', not '$text'"
	if [ "$status" -ne 0 ]; then
		expect_eq "$(cat "$tmp/out")" "" "output of '$*', which failed"
		expect_eq "$(wc -l <"$tmp/err")" 1 "lines of the error of '$*'"
	fi
}

# shows TEXT COMMAND...: succeeds and prints TEXT, nothing on standard error.
shows()
{
	local text=$1

	shift
	"$@" >"$tmp/out" 2>"$tmp/err"
	check_err $? "'$*' failed: $(cat "$tmp/err")"
	grep -qE -- "$text" "$tmp/out"
	check_err $? "'$*' printed '$(cat "$tmp/out")', not '$text'"
	expect_eq "$(cat "$tmp/err")" "" "standard error of '$*'"
}
