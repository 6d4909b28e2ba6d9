# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Adding up what the guests delivered. Source lib.sh first.

passed=0
failed=0
skipped=0

# add_totals NAME FILE: "PASSED FAILED SKIPPED" out of FILE. A run that brought
# none, or in which nothing at all was tried, has failed.
add_totals()
{
	local p f s

	totals_failed=1
	if ! read -r p f s 2>/dev/null <"$2" || [[ ! "$p $f $s" =~ ^[0-9]+\ [0-9]+\ [0-9]+$ ]]; then
		note_failure "$1" "delivered no totals"
		return
	fi
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
	totals_failed=$f
	[ $((p + f + s)) -gt 0 ] || note_failure "$1" "tried nothing"
}

note_failure()
{
	echo "[$1] FAILED: $2"
	failed=$((failed + 1))
}

# add_run NAME STATUS FILE: the totals of a guest that ended with STATUS. What
# the runner found beyond the tests' own failures counts as one failure more.
add_run()
{
	local status=$2

	add_totals "$1" "$3"
	case $status in
	0) ;;
	"$STATUS_SPLAT") note_failure "$1" "the kernel complained, see above" ;;
	"$STATUS_TIMEOUT") note_failure "$1" "the time was up" ;;
	"$STATUS_DIED") note_failure "$1" "the guest died" ;;
	*) [ "$totals_failed" != 0 ] || note_failure "$1" "exit status $status" ;;
	esac
}

# Progress: everything into the log; what is not indented, and every failure,
# to the screen, each line with the name of its guest.
progress()
{
	tee "$2" | grep -aE --line-buffered '^[^ ]|not ok' | sed -u "s/^/[$1] /"
}

# Print the one last line and exit.
sum_up()
{
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
	exit
}
