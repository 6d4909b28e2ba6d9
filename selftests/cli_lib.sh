# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the tests of the command line share.

tmp=$(mktemp -d)
defer rm -rf "$tmp"

# says STATUS TEXT COMMAND...: ends with STATUS, says TEXT (an extended regular
# expression) on standard error, in one line, and nothing on standard output.
says()
{
	local status=$1 text=$2 got out err

	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	out=$(<"$tmp/out")
	err=$(<"$tmp/err")
	expect_eq "$got" "$status" "status of '$*'"
	[[ $err =~ $text ]]
	check_err $? "'$*' said '$err', not '$text'"
	expect_eq "$out" "" "output of '$*', which failed"
	[[ $err != *$'\n'* ]]
	check_err $? "'$*' said more than a line: '$err'"
}

# shows TEXT COMMAND...: succeeds, prints a line that TEXT is in (an extended
# regular expression, with ^ and $ around it for a whole line), and nothing on
# standard error.
shows()
{
	local text=$1 line out err

	shift
	"$@" >"$tmp/out" 2>"$tmp/err"
	check_err $? "'$*' failed: $(<"$tmp/err")"
	out=$(<"$tmp/out")
	err=$(<"$tmp/err")
	while IFS= read -r line; do
		[[ ! $line =~ $text ]] || break
	done <<<"$out"
	[[ $line =~ $text ]]
	check_err $? "'$*' printed '$out', not '$text'"
	expect_eq "$err" "" "standard error of '$*'"
}
