#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a frame costs, ours and the others': instructions on Debian's kernel 6.12,
# and the time natively, on the same kernel as User Mode Linux.
#
#   bench.sh                all rows: a table, build/bench/results.{json,txt}, bench.svg
#   bench.sh native [ID...] only the time; the files go to build/bench/native
#   bench.sh check          rows of ours: fails when one costs more than in baseline.json;
#                           ends with "N passed, N failed, N skipped"
#   bench.sh baseline       takes what check measured last for the baseline
#   bench.sh sockets [N [ID...]]  rows with TCP, timed on two processors, N rounds [5]: the same
#                           files in build/bench/sockets. A busy machine makes noise.
#   bench.sh flow-add [N]   how many flows a second are added, of N [100000], natively
#   bench.sh shape [KIND...]    how well shapers keep to a rate, with iperf3, natively: the
#                           files in build/bench/shape. Fails when ours miss a bar.
#                           BENCH_KERNEL=6.12 or 6.1: emulated, on that kernel
#                           BENCH_SECONDS=N for each stream, 10
#   bench.sh ID...          only these rows; name those that they are compared with too
#
#   BENCH_TIMEOUT=SECONDS   for each guest, 1800
#   BENCH_BASELINE=FILE     in place of baseline.json

set -uo pipefail
cd "$(dirname "$0")/../.." || exit 2

here=selftests/bench
out=build/bench
report=$here/report.py
baseline=${BENCH_BASELINE:-$here/baseline.json}

clock=-I
rounds=1

# measure DIR ID...: DIR/rows, and everything the guest said in DIR/guest
measure()
{
	local dir=$PWD/$1 status

	shift
	mkdir -p "$dir"
	rm -rf "$dir/guest" "$dir/rows"
	selftests/vm/qemu.sh -k 6.12 $clock -t "${BENCH_TIMEOUT:-1800}" -o "$dir/guest" -- \
		"$here/guest.sh" "$dir/guest/rows" "$rounds" "$@"
	status=$?
	[ -s "$dir/guest/rows" ] || {
		echo "bench: the guest measured nothing" >&2
		exit 2
	}
	mv "$dir/guest/rows" "$dir/rows"
	return "$status"
}

# measure_counts DIR ID...: DIR/rows. The emulation counts each byte of a string
# instruction, of which a real processor does many at once; on one without them the
# kernel copies by words, so for rows that are mostly copies that is the better count.
measure_counts()
{
	local dir=$1 ids status=0

	shift
	mkdir -p "$dir"
	rm -f "$dir/rows"
	read -ra ids < <($report frames "$@")
	[ ${#ids[@]} -eq 0 ] || measure "$dir" "${ids[@]}" || status=1
	read -ra ids < <($report streams "$@")
	[ ${#ids[@]} -gt 0 ] || return "$status"
	QEMU_CPU=max,-erms,-fsrm measure "$dir/streams" "${ids[@]}" || status=1
	cat "$dir/streams/rows" >>"$dir/rows"
	return "$status"
}

# measure_time DIR ID...: DIR/rows of those of the rows that are timed natively
measure_time()
{
	local dir=$PWD/$1 ids status

	shift
	mkdir -p "$dir"
	rm -rf "$dir/guest" "$dir/rows"
	read -ra ids < <($report native "$@")
	[ ${#ids[@]} -gt 0 ] || return 0
	selftests/vm/uml.sh -P -m 3072 -t "${BENCH_TIMEOUT:-1800}" -o "$dir/guest" -- \
		"$here/native.sh" "$dir/guest/rows" 10 "${ids[@]}"
	status=$?
	[ -s "$dir/guest/rows" ] || {
		echo "bench: the native guest measured nothing" >&2
		exit 2
	}
	mv "$dir/guest/rows" "$dir/rows"
	return "$status"
}

# measure_shapes KIND...: $out/shape/rows
measure_shapes()
{
	local dir=$PWD/$out/shape
	local guest=(selftests/vm/uml.sh -P -m 1024)

	[ -z "${BENCH_KERNEL-}" ] || guest=(selftests/vm/qemu.sh -k "$BENCH_KERNEL")
	mkdir -p "$dir"
	rm -rf "$dir/guest" "$dir/rows"
	"${guest[@]}" -t "${BENCH_TIMEOUT:-1800}" -o "$dir/guest" -- \
		"$here/shape.sh" "$dir/guest/rows" "${BENCH_SECONDS:-10}" "$@" || return
	mv "$dir/guest/rows" "$dir/rows"
}

export PYTHONDONTWRITEBYTECODE=1
case ${1-} in
check)
	read -ra ids < <($report ids)
	measure $out/check "${ids[@]}"
	status=$?
	# What seems to cost more is measured again, and then that counts.
	for attempt in second third; do
		read -ra ids < <($report over $out/check/rows "$baseline")
		[ ${#ids[@]} -gt 0 ] || break
		echo "a $attempt time: ${ids[*]}"
		measure $out/check/again "${ids[@]}" || status=1
		cat $out/check/again/rows >>$out/check/rows
	done
	$report check $out/check/rows "$baseline" || exit
	exit "$status"
	;;
baseline)
	$report baseline $out/check/rows >$out/check/baseline.json &&
		cp $out/check/baseline.json "$baseline"
	;;
sockets)
	clock=
	export QEMU_THREAD=multi
	rounds=${2:-5}
	ids=("${@:3}")
	[ ${#ids[@]} -gt 0 ] || mapfile -t ids < <(grep -oE '^(rr|udp|connect|stream)-[a-z-]+' $here/rows)
	measure $out/sockets "${ids[@]}"
	status=$?
	echo
	$report times $out/sockets/rows $out/sockets || status=1
	exit "$status"
	;;
flow-add)
	shift
	exec selftests/vm/uml.sh -P -m 3072 -t "${BENCH_TIMEOUT:-1800}" -o "$PWD/$out/flow-add" -- \
		"$here/flow_add.sh" "$@"
	;;
shape)
	shift
	measure_shapes "$@" || exit 2
	echo
	$here/shape_report.py $out/shape/rows | tee $out/shape/results.txt
	exit "${PIPESTATUS[0]}"
	;;
native)
	shift
	measure_time $out/native "$@"
	status=$?
	echo
	$report table $out/none $out/native/rows $out/native || status=1
	exit "$status"
	;;
*)
	measure_counts $out "$@"
	status=$?
	measure_time $out/native "$@" || status=1
	echo
	$report table $out/rows $out/native/rows $out || status=1
	echo "$out/results.txt $out/results.json $out/bench.svg"
	exit "$status"
	;;
esac
