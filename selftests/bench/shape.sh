#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2154 # setup_ns assigns the names of namespaces
#
# shape.sh RESULTS SECONDS [KIND...]: how well shapers keep to a rate, with iperf3 from $a
# through a router to $b, each measured so long. RESULTS gets a line for each, with tabs:
#
#   about KEY VALUE
#   rate KIND tcp|udp|pktgen WANTED GOT   bit/s; KIND none is the way without a shaper; pktgen
#                                         is UDP of the kernel's generator, where two programs
#                                         can't fill the rate
#   share KIND tcp|udp SMALL LARGE        bit/s, of two that should have 1:3
#   quiet KIND alone|beside P50 P90 P99   milliseconds that a ping takes, that of a class of its
#                                         own, beside a class that takes all there is
#
#   +-- $a -----+   +-- $sw ----------------------+   +-- $b ----------------+
#   | 192.0.2.2 ----- ra 192.0.2.1  198.51.100.1 rb ----- eth0 198.51.100.10 |
#   +-----------+   +------- shaped here, at rb --+   +----------------------+
#
# A shaper is a function for each thing that it can do, see below. Bytes are those that it
# counts: IP packets are ours, tc's have the header of the link.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$here/../lib.sh"

results=$1
seconds=$2
shift 2
kinds=("$@")
[ $# -gt 0 ] || kinds=(vrouter vrouter_fq htb tbf fq)
target=198.51.100.10
log=/tmp/shape.log

say()
{
	local IFS=$'\t'

	echo "$*" >>"$results"
	echo "  ${*//$'\t'/ }"
}

new_rig()
{
	setup_ns sw a b
	ip -n "$sw" -b - <<-END &&
		link add ra type veth peer name eth0 netns $a
		link add rb type veth peer name eth0 netns $b
		link set ra up
		link set rb up
		addr add 192.0.2.1/24 dev ra
		addr add 198.51.100.1/24 dev rb
	END
		ip -n "$a" -b - <<-END &&
			link set eth0 up
			addr add 192.0.2.2/24 dev eth0
			route add default via 192.0.2.1
		END
		ip -n "$b" -b - <<-END &&
			link set eth0 up
			addr add $target/24 dev eth0
			route add default via 198.51.100.1
		END
		in_ns "$sw" sysctl -qw net.ipv4.ip_forward=1 &&
		in_ns "$b" nft "table ip arrived { counter p5201 { }; counter p5202 { }
			chain in { type filter hook input priority 0
				th dport 5201 counter name p5201
				th dport 5202 counter name p5202; }; }" &&
		in_ns "$a" ping -qc 1 -W 5 $target >"$log"
}

# ---- shapers ---------------------------------------------------------------------------
#
#   KIND_on RATE    one rate for all
#   KIND_tree RATE  of which port 5201 has a quarter for sure, port 5202 three quarters, and
#                   each what the other leaves
#   KIND_split RATE of which a ping has an eighth for sure, and comes first
#   KIND_off

tc_rb() { tc -n "$sw" "$@"; }
tc_off() { tc_rb qdisc del dev rb root; }

vrouter_add() { vsw -n "$sw" shape add "$@" direction out; }
vrouter_on() { vrouter_add all match peer $target rate "$1"; }
vrouter_off() { vsw -n "$sw" router flush; }
vrouter_tree()
{
	vrouter_add all rate "$1" &&
		vrouter_add small parent all match proto "$proto" peer-port 5201 rate $(($1 / 4)) ceil "$1" &&
		vrouter_add large parent all match proto "$proto" peer-port 5202 rate $(($1 * 3 / 4)) ceil "$1"
}
vrouter_split()
{
	vrouter_add all rate "$1" &&
		vrouter_add quiet parent all match proto icmp rate $(($1 / 8)) ceil "$1" &&
		vrouter_add busy parent all match peer $target rate $(($1 * 7 / 8)) ceil "$1" prio 1
}

# The same with fq at the device, which holds what the class dates.
vrouter_fq_on() { tc_rb qdisc replace dev rb root fq && vrouter_on "$1"; }
vrouter_fq_off() { vrouter_off && tc_off; }

htb_filter() { tc_rb filter add dev rb parent 1: protocol ip prio "$1" "${@:3}" flowid "1:$2"; }
htb_on() { tc_rb qdisc add dev rb root handle 1: htb default 1 && htb_class 1: 1 "$1" "$1"; }
htb_class() { tc_rb class add dev rb parent "$1" classid "1:$2" htb rate "$3" ceil "$4" "${@:5}"; }
htb_off() { tc_off; }
htb_tree()
{
	tc_rb qdisc add dev rb root handle 1: htb default 3 && htb_class 1: 1 "$1" "$1" &&
		htb_class 1:1 2 $(($1 / 4)) "$1" && htb_class 1:1 3 $(($1 * 3 / 4)) "$1" &&
		htb_filter 1 2 u32 match ip dport 5201 0xffff
}
htb_split()
{
	tc_rb qdisc add dev rb root handle 1: htb default 3 && htb_class 1: 1 "$1" "$1" &&
		htb_class 1:1 2 $(($1 / 8)) "$1" prio 0 &&
		htb_class 1:1 3 $(($1 * 7 / 8)) "$1" prio 1 &&
		htb_filter 1 2 u32 match ip protocol 1 0xff
}

# It has no classes: what is quiet waits behind what is not. 5 ms for a burst, as ours.
tbf_on()
{
	local burst=$(($1 / 1600))

	tc_rb qdisc add dev rb root tbf rate "$1" latency 200ms burst $((burst > 3072 ? burst : 3072))
}
tbf_split() { tbf_on "$1"; }
tbf_off() { tc_off; }

# Each flow has the rate for itself, so there is nothing that two could share.
fq_on() { tc_rb qdisc add dev rb root fq maxrate "$1"; }
fq_split() { fq_on "$1"; }
fq_off() { tc_off; }

none_on() { :; }
none_split() { :; }
none_off() { :; }

can() { [ "$(type -t "$1")" = function ]; }

# ---- measurements ------------------------------------------------------------------------

listens()
{
	[ -n "$(in_ns "$b" ss -Hltn "sport = :$1")" ]
}

# mtu BYTES: on all the way
mtu()
{
	ip -n "$a" link set eth0 mtu "$1" && ip -n "$b" link set eth0 mtu "$1" &&
		ip -n "$sw" link set ra mtu "$1" && ip -n "$sw" link set rb mtu "$1"
}

# sizes RATE: $payload of a packet, $bytes as IP counts it, and $counted, what the shaper counts.
# The fastest streams of datagrams have larger ones.
sizes()
{
	bytes=1500
	payload=1448
	[ "$proto" = tcp ] || bytes=1476
	if [ "$proto" != tcp ] && [ "$1" -ge 1000000000 ]; then
		payload=8948
		bytes=8976
	fi
	mtu $((bytes > 1500 ? 9000 : 1500)) || return
	counted=$bytes
	[[ $kind = vrouter* || $kind = none ]] || counted=$((bytes + 14))
}

# arrived PORT...: "BYTES NANOSECONDS" so far for each, as $b counts them
arrived()
{
	in_ns "$b" nft -j list counters | jq -r --arg now "$(date +%s%N)" --args \
		'[.nftables[].counter // empty | {(.name): .bytes}] | add as $bytes |
		$ARGS.positional[] | "\($bytes["p" + .]) \($now)"' "$@"
}

# arriving PORT...: bit/s of each, all in the same seconds. Of TCP some headers are missing: a
# packet is many there.
arriving()
{
	arrived "$@" >"$log.first"
	sleep "$seconds"
	arrived "$@" | paste -d ' ' "$log.first" - |
		awk -v bits="$(jq -n "8 * $counted / $bytes")" '{ printf "%.0f\n", ($3 - $1) * bits * 1e9 / ($4 - $2) }'
}

# talk PORT [MORE]: with all that it can, for so many seconds more; it prints bit/s, as the
# receiver counted them, without the first two seconds
talk()
{
	local options=(-c "$target" -p "$1" -t $((seconds + 2 + ${2:-0})) -l 128K)

	# Told a rate, it looks at the clock before each packet, which is too slow for most rates.
	[ "$proto" = tcp ] || options+=(-u -l "$payload" -b 0)
	in_ns "$b" iperf3 -s -1 -J -p "$1" >"$log.$1" &
	busywait "$WAIT" listens "$1" && in_ns "$a" iperf3 "${options[@]}" >/dev/null && wait $! &&
		jq -er --argjson n "$seconds" ".intervals[2:2 + \$n] |
			if length < \$n then error else . end |
			(map(.sum.bytes) | add) * 8 * $counted / $payload /
			(map(.sum.seconds) | add) | round" "$log.$1"
}

# flood RATE: the kernel's generator sends a fifth more than that; it prints bit/s that arrive.
# The generator leaves little of the processor: who counts is there before, and asks the time
# right after he looked.
flood()
{
	local bits=$((bytes * 8)) generator
	local delay=$((bits * 5000000000 / (6 * $1)))

	{
		sleep 1
		in_ns "$a" "$here/pktgen.sh" eth0 0 $(((seconds + 5) * 1000000000 / delay)) \
			"delay $delay" "pkt_size $((bytes + 14))" "dst $target" \
			"src_min 192.0.2.2" "src_max 192.0.2.2" "udp_dst_min 5201" "udp_dst_max 5201" \
			"dst_mac $(device_json "$sw" ra .address)"
	} >"$log.5201" 2>&1 &
	generator=$!
	in_ns "$b" python3 - "$seconds" $((counted * 8)) <<-'END'
		import sys
		import time

		def packets():
		    with open("/proc/net/dev", encoding="ascii") as devices:
		        line = next(line for line in devices if "eth0:" in line)
		    return int(line.split(":")[1].split()[1]), time.monotonic()

		seconds, bits = int(sys.argv[1]), int(sys.argv[2])
		before, end = packets()[0], time.monotonic() + 30
		while packets()[0] < before + 20 and time.monotonic() < end:
		    time.sleep(0.05)
		time.sleep(1)
		first, begin = packets()
		time.sleep(seconds)
		last, end = packets()
		print(round((last - first) * bits / (end - begin)))
	END
	wait $generator
}

# measure_rate RATE
measure_rate()
{
	local got way=talk argument=5201

	[ "$proto" != pktgen ] || way=flood argument=$1
	sizes "$1"
	if "${kind}_on" "$1" && got=$($way "$argument"); then
		say rate "$kind" "$proto" "$1" "$got"
	else
		say error "$kind" "$proto" "$1" "$(tail -n 2 "$log.5201" | tr -s '\n\t ' ' ')"
	fi
	"${kind}_off"
}

# measure_share RATE
measure_share()
{
	local both pids=()

	sizes "$1"
	"${kind}_tree" "$1" || return
	talk 5201 5 >/dev/null &
	pids=($!)
	talk 5202 5 >/dev/null &
	pids+=($!)
	sleep 4
	both=$(arriving 5201 5202 | paste -s)
	wait "${pids[@]}"
	say share "$kind" "$proto" "$both"
	"${kind}_off"
}

# pings WORD
pings()
{
	in_ns "$a" ping -i 0.02 -c $((seconds * 40)) $target >"$log"
	# shellcheck disable=SC2046 # three words
	say quiet "$kind" "$1" $(sed -n 's/.*time=\([0-9.]*\) ms/\1/p' "$log" | sort -n |
		awk '{ t[NR] = $1 } END { print t[int(NR * .5)], t[int(NR * .9)], t[int(NR * .99)] }')
}

# measure_quiet RATE
measure_quiet()
{
	local busy

	sizes "$1"
	"${kind}_split" "$1" || return
	pings alone
	talk 5201 >/dev/null &
	busy=$!
	sleep 2
	pings beside
	wait $busy
	"${kind}_off"
}

: >"$results"
# On one processor sender and receiver take turns: what comes meanwhile has to have room.
modprobe vrouter && load_kind veth && modprobe pktgen && sysctl -qw net.core.rmem_default=33554432 &&
	new_rig || exit 1
say about kernel "$(uname -r)"
say about processors "$(nproc)"
for rate in 1000000 10000000 100000000 1000000000; do
	for proto in tcp udp pktgen; do
		for kind in none "${kinds[@]}"; do
			measure_rate $rate
		done
	done
done
for proto in tcp udp; do
	for kind in "${kinds[@]}"; do
		! can "${kind}_tree" || measure_share 12000000
	done
done
# What takes all must not take all of the processor, too.
proto=tcp
for kind in none "${kinds[@]}"; do
	! can "${kind}_split" || measure_quiet 20000000
done
cleanup_ns "${ns_list[@]}"
