#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# pktgen.sh DEV WARMUP COUNT OPTION...: sends WARMUP and then COUNT frames of 60
# bytes on DEV of this network namespace, with the kernel's generator, and prints
# the nanoseconds that one of the latter took, with one decimal. Where the clock
# counts instructions (qemu.sh -I) these are instructions. OPTION is a line for
# the generator, e.g. "dst_mac 02:00:00:00:00:02".

dev=$1
warmup=$2
count=$3
shift 3
control=/proc/net/pktgen

tell()
{
	echo "$2" 2>/dev/null >"$control/$1" || {
		echo "pktgen.sh: $1 refused '$2'" >&2
		exit 1
	}
}

# clone_skb and SHARED off: each frame is a buffer of its own, as from a socket,
# or the switch would have to copy what the generator still holds.
# To take devices away costs an eighth of a second: it stays for another time.
devices=("$control"/*)
if [ ${#devices[@]} -ne 3 ] || [ ! -e "$control/$dev" ]; then
	[ ${#devices[@]} -eq 2 ] || tell kpktgend_0 rem_device_all
	tell kpktgend_0 "add_device $dev"
fi
for option in "count $count" "clone_skb 0" "delay 0" "pkt_size 60" \
	"dst 10.0.0.2" "src_min 10.0.0.1" "src_max 10.0.0.1" \
	"udp_src_min 9" "udp_src_max 9" "udp_dst_min 9" "udp_dst_max 9" \
	"flag NO_TIMESTAMP" "flag !SHARED" "$@"; do
	tell "$dev" "$option"
done
if [ "$warmup" -gt 0 ]; then
	tell "$dev" "count $warmup"
	tell pgctrl start
	tell "$dev" "count $count"
fi
tell pgctrl start
report=$(<"$control/$dev")

if ! [[ $report =~ Result:\ OK:\ ([0-9]+)\(.*\)\ usec,\ ([0-9]+)\  ]] ||
	[ "${BASH_REMATCH[2]}" != "$count" ] ||
	! [[ $report =~ errors:\ 0[^0-9] ]]; then
	printf 'pktgen.sh: the generator failed on %s\n%s\n' "$dev" "$report" >&2
	exit 1
fi
[[ $report =~ OK:\ ([0-9]+)\( ]]
tenths=$(((BASH_REMATCH[1] * 10000 + count / 2) / count))
echo "$((tenths / 10)).$((tenths % 10))"
