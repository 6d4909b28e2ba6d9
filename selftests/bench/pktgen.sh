#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# pktgen.sh DEV WARMUP COUNT OPTION...: sends WARMUP and then COUNT frames of 60
# bytes on DEV of this network namespace, with the kernel's generator, and prints
# the nanoseconds that one of the latter took, with one decimal. Where the clock
# counts instructions (qemu.sh -I) these are instructions. OPTION is a line for
# the generator, e.g. "dst_mac 02:00:00:00:00:02", or "zipf N": the frames have N
# sources, 10.0.0.1 and following, as often as Zipf's law says, with exponent 1.

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

# The generator knows no such law. But where by turns one of the first source, of the
# first 2, 4, 8, ... is taken, each as likely as the other, source number i is taken
# 1/i as often as the first, within a factor of two: $last, the last of each turn.
last=()
options=()
for option; do
	case $option in
	'zipf '*)
		for ((n = 1; n < ${option#* }; n *= 2)); do
			last+=("$n")
		done
		last+=("${option#* }")
		;;
	*) options+=("$option") ;;
	esac
done

# source_number N: its address
source_number()
{
	local address=$((167772160 + $1))

	echo "$((address >> 24)).$((address >> 16 & 255)).$((address >> 8 & 255)).$((address & 255))"
}

# share TOTAL I: what the I-th of all turns sends of it
share()
{
	echo $(($1 / ${#turns[@]} + ($2 < $1 % ${#turns[@]})))
}

turns=("$dev")
for ((i = 1; i < ${#last[@]}; i++)); do
	turns+=("$dev@$i")
done

# To take devices away costs an eighth of a second: they stay for another time.
devices=("$control"/*)
if [ ${#devices[@]} -ne $((2 + ${#turns[@]})) ] || [ ! -e "$control/${turns[-1]}" ]; then
	[ ${#devices[@]} -eq 2 ] || tell kpktgend_0 rem_device_all
	for turn in "${turns[@]}"; do
		tell kpktgend_0 "add_device $turn"
	done
fi
# clone_skb and SHARED off: each frame is a buffer of its own, as from a socket,
# or the switch would have to copy what the generator still holds.
for i in "${!turns[@]}"; do
	for option in "count $(share "$count" "$i")" "clone_skb 0" "delay 0" "pkt_size 60" \
		"dst 10.0.0.2" "src_min 10.0.0.1" "src_max 10.0.0.1" \
		"udp_src_min 9" "udp_src_max 9" "udp_dst_min 9" "udp_dst_max 9" \
		"flag NO_TIMESTAMP" "flag !SHARED" "${options[@]}"; do
		tell "${turns[i]}" "$option"
	done
	[ ${#last[@]} -eq 0 ] || {
		tell "${turns[i]}" "src_max $(source_number "${last[i]}")"
		tell "${turns[i]}" "flag IPSRC_RND"
		# Who has waited longest is next; it is always too late, so that nobody waits.
		tell "${turns[i]}" "delay 100"
	}
done
if [ "$warmup" -gt 0 ]; then
	for i in "${!turns[@]}"; do
		tell "${turns[i]}" "count $(share "$warmup" "$i")"
	done
	tell pgctrl start
	for i in "${!turns[@]}"; do
		tell "${turns[i]}" "count $(share "$count" "$i")"
	done
fi
tell pgctrl start

# They end together: the last one's time is that of all.
longest=0
sent=0
for turn in "${turns[@]}"; do
	report=$(<"$control/$turn")
	if ! [[ $report =~ Result:\ OK:\ ([0-9]+)\(.*\)\ usec,\ ([0-9]+)\  ]] ||
		! [[ $report =~ errors:\ 0[^0-9] ]]; then
		printf 'pktgen.sh: the generator failed on %s\n%s\n' "$turn" "$report" >&2
		exit 1
	fi
	[[ $report =~ OK:\ ([0-9]+)\(.*\)\ usec,\ ([0-9]+)\  ]]
	[ "${BASH_REMATCH[1]}" -le "$longest" ] || longest=${BASH_REMATCH[1]}
	sent=$((sent + BASH_REMATCH[2]))
done
if [ "$sent" -ne "$count" ]; then
	echo "pktgen.sh: $sent frames were sent in place of $count" >&2
	exit 1
fi
tenths=$(((longest * 10000 + count / 2) / count))
echo "$((tenths / 10)).$((tenths % 10))"
