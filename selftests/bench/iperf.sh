#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# iperf.sh CLIENT-NETNS SERVER-NETNS SERVER-IPV4 MIBS: so many MiB of a TCP stream
# by iperf3; prints the nanoseconds for one, with one decimal.

log=$(mktemp)
trap 'rm -f "$log"' EXIT
ip netns exec "$2" iperf3 -s -1 >/dev/null 2>&1 &
for ((i = 0; i < 100; i++)); do
	[ -z "$(ip netns exec "$2" ss -Hltn 'sport = :5201')" ] || break
	sleep 0.1
done
ip netns exec "$1" iperf3 -c "$3" -n "$4M" -w 1M -J >"$log" && wait "$!" || exit 1
# The receiver stops counting when the sender says that it is done, some blocks
# before or after.
jq -er --argjson mibs "$4" '.end.sum_received |
	if .bytes > ($mibs - 1) * 1048576 then .seconds * 1e10 * 1048576 / .bytes | round / 10
	else error("\(.bytes) bytes came") end' "$log"
