#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kunit.sh RESULTDIR [SUITE [PARAMETER...]]: load vswitch_kunit.ko and vrouter_kunit.ko,
# which run their suites, and print the results; with SUITE, which begins with the
# module's name, only this one, and with these parameters of the module. RESULTDIR/kunit.totals gets "PASSED FAILED SKIPPED" of the test cases.
# Exit status 0 when all ran to their end and none failed.

results=$1
suite=${2-}
suites=/sys/kernel/debug/kunit
passed=0
failed=0
skipped=0

finish()
{
	echo "# kunit: pass:$passed fail:$failed skip:$skipped"
	[ -z "$suite" ] || echo "# Totals: pass:$passed fail:$failed skip:$skipped"
	echo "$passed $failed $skipped" >"$results/kunit.totals"
	[ "$failed" = 0 ]
	exit
}

fail()
{
	echo "not ok - kunit: $*"
	failed=$((failed + 1))
}

# A suite's cases stand one level deep, those of their parameters deeper. The
# plan says how many there must be.
count_suite()
{
	local name=$1 file=$2 plan ok bad skip

	plan=$(sed -n 's/^    1\.\.\([0-9]*\)$/\1/p' "$file" | tail -n 1)
	skip=$(grep -cE '^    ok [0-9]+ .*# SKIP' "$file")
	ok=$(grep -cE '^    ok [0-9]+ ' "$file")
	bad=$(grep -cE '^    not ok [0-9]+ ' "$file")
	passed=$((passed + ok - skip))
	skipped=$((skipped + skip))
	failed=$((failed + bad))
	if [ "${plan:-0}" = 0 ] || [ "$plan" != $((ok + bad)) ]; then
		fail "$name: $((ok + bad)) results, ${plan:-no} planned"
	elif [ "$bad" = 0 ]; then
		echo "ok - kunit: $name, $ok cases"
	else
		echo "not ok - kunit: $name, $bad of $plan cases failed"
	fi
}

before=$(ls "$suites" 2>/dev/null)
if [ -n "$suite" ]; then
	modprobe kunit
	# A newline would be taken for a part of its name.
	printf %s "$suite" >/sys/module/kunit/parameters/filter_glob || fail "kunit takes no filter"
fi
modules=(vswitch_kunit vrouter_kunit)
[ -z "$suite" ] || modules=("${suite%%_*}_kunit")
for module in "${modules[@]}"; do
	if ! modprobe "$module" "${@:3}"; then
		fail "$module.ko cannot be loaded"
		finish
	fi
done
found=0
for folder in "$suites"/*; do
	name=${folder##*/}
	grep -qxF "$name" <<<"$before" && continue
	[ -f "$folder/results" ] || continue
	found=$((found + 1))
	cat "$folder/results" >"$results/kunit-$name.log"
	sed 's/^/    /' "$results/kunit-$name.log"
	count_suite "$name" "$results/kunit-$name.log"
done
[ "$found" -gt 0 ] || fail "${modules[*]} brought no suite"
modprobe -r "${modules[@]}" || fail "${modules[*]} cannot be unloaded"
finish
