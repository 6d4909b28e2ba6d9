# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What tests of failing allocations share. Needs a kernel with CONFIG_FAULT_INJECTION,
# CONFIG_FAILSLAB and CONFIG_FAIL_PAGE_ALLOC. A script sources this file after lib.sh.

debugfs=/sys/kernel/debug

# require_faults: skips the script where none can be injected
require_faults()
{
	[ -e /proc/self/fail-nth ] || skip_all "no fault injection in this kernel"
	[ -d "$debugfs/failslab" ] || skip_all "no failslab in debugfs"
}

# quiet_faults DIR: no word of each failure in the kernel log, which would look
# like a crash; allocations that may wait fail, too
quiet_faults()
{
	echo 0 > "$1/verbose"
	echo N > "$1/ignore-gfp-wait"
	echo 0 > "$1/probability"
}

# each_fails NETNS PROGRAM: it does every operation, with each of its allocations failing in turn
each_fails()
{
	local out line

	quiet_faults "$debugfs/failslab"
	[ -d "$debugfs/fail_page_alloc" ] && quiet_faults "$debugfs/fail_page_alloc"
	out=$(in_ns "$1" "$2" 2>&1)
	check_err $? "${out##*$'\n'}"
	grep '^#' <<< "$out" | cut -c 1-300 | head -n 60
	log_test "failing allocations leave no operation half done"

	while read -r line; do
		case $line in
		*": "*" allocations failed")
			[[ $line != *": 0 "* ]]
			check_err $? "no allocation failed"
			log_test "$line"
			;;
		esac
	done <<< "$out"
}
