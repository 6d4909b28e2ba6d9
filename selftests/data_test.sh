#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Data of all kinds crosses the switch unharmed: TCP, UDP, jumbo frames, VLAN
# tags and packets of 64 KiB that nobody cuts or gives a checksum on the way.
# The topology is the star of lib.sh with the containers h1 and h2, the host, and
# a machine $vm behind a tap:
#
#   h1:eth0 --- h1:vs0:h2 --- h2:eth0
#                  : :
#          192.0.2.100 tap0 === wire (tapwire) === eth0 $vm
#              host                                192.0.2.9

# shellcheck disable=SC2317
ALL_TESTS="tcp_between_containers tcp_without_offloads udp_segmentation
	tcp_with_host tcp_with_tap tags_single tags_double tags_priority tcp_in_vlan
	sizes jumbo jumbo_tcp mixed_mtu"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq ethtool
require_vswitch
load_kind veth tun 8021q
star -6 h1 h2 || exit 1
setup_ns vm
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$vm"
ip -n "$sw" addr add 192.0.2.100/24 dev vs0
ip -n "$sw" addr add 2001:db8:1::100/64 dev vs0 nodad

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02

on_fail()
{
	local ns

	vsw -s -n "$sw" port show
	# Who has lost it if the switch has not: stacks, their queues, or memory in large pieces.
	for ns in "$sw" "$h1" "$h2"; do
		in_ns "$ns" ip -br addr
		in_ns "$ns" ip neigh
		in_ns "$ns" nstat -as | grep -E "^(Ip|Icmp|Tcp).*(Err|Disc|Fail|Reasm|Frag|Echo|InReceives|OutRequests)"
	done
	cat /proc/net/softnet_stat /proc/buddyinfo
}

# However slow the machine, TCP builds packets as big as it may: else it makes
# them smaller as the round trip gets longer, and never bigger than a third of a
# window that stays small when the reader is slow.
for ns in "$sw" "$h1" "$h2" "$vm"; do
	in_ns "$ns" sysctl -q net.ipv4.tcp_tso_rtt_log=30 net.ipv4.tcp_tso_win_divisor=1 \
		net.ipv4.tcp_rmem="4096 1048576 6291456" net.ipv4.tcp_wmem="4096 1048576 4194304"
done

# field NAME "NAME VALUE NAME VALUE...": the value
field()
{
	local rest=" $2 "

	rest=${rest#* "$1" }
	echo "${rest%% *}"
}

# whole NAME ARG...: a stream of 4 MiB must arrive, its packets must have crossed
# as they were: bigger than the MTU, none cut, the checksum still to be made. TCP
# builds none that is longer than half of the biggest window it was offered; where
# the reader is slow at first that stays small, and another connection is made.
whole()
{
	local name=$1 out tries

	shift
	for tries in 1 2 3; do
		out=$(stream "$@" -n $((4 << 20)) -l 60000 2>&1)
		check_err $? "$name, connection $tries: $out"
		expect_eq "$(field packets "$out")" "$(field sent "$out")" "$name: packets that came in: $out"
		expect_ge "$(field big "$out")" 60 "$name: packets bigger than the MTU: $out"
		expect_eq "$(field whole "$out")" 0 "$name: checksums made in software: $out"
		[ "$(field largest "$out")" -lt 60000 ] || break
	done
	expect_ge "$(field largest "$out")" 60000 "$name: largest packet: $out"
}

tcp_between_containers()
{
	whole IPv4 tcp -c "$h1/192.0.2.1" -o "$h1/eth0" -s "$h2/192.0.2.2" -r "$h2/eth0"
	whole "IPv4 back" tcp -c "$h2/192.0.2.2" -o "$h2/eth0" -s "$h1/192.0.2.1" -r "$h1/eth0"
	log_test "TCP over IPv4 between containers in packets of 64 KiB"
	whole IPv6 tcp -c "$h1/2001:db8:1::1" -o "$h1/eth0" -s "$h2/2001:db8:1::2" -r "$h2/eth0"
	log_test "TCP over IPv6 between containers in packets of 64 KiB"
}

# What the measurement above would see if packets were cut.
tcp_without_offloads()
{
	local out

	in_ns "$h1" ethtool -K eth0 tso off gso off tx off >/dev/null
	out=$(stream tcp -c "$h1/192.0.2.1" -o "$h1/eth0" -s "$h2/192.0.2.2" -r "$h2/eth0" \
		-n $((1 << 20)) 2>&1)
	check_err $? "$out"
	[[ $out == *" big 0 "* ]] && [[ $out != *" whole 0" ]]
	check_err $? "the measurement sees no difference: $out"
	in_ns "$h1" ethtool -K eth0 tso on gso on tx on >/dev/null
	log_test "TCP that its sender cuts arrives, and is seen to be cut"
}

udp_segmentation()
{
	whole IPv4 udp -c "$h1/192.0.2.1" -o "$h1/eth0" -s "$h2/192.0.2.2" -r "$h2/eth0"
	whole IPv6 udp -c "$h1/2001:db8:1::1" -o "$h1/eth0" -s "$h2/2001:db8:1::2" -r "$h2/eth0"
	log_test "UDP with segmentation offload between containers"
}

tcp_with_host()
{
	whole "to the host" tcp -c "$h1/192.0.2.1" -o "$h1/eth0" -s "$sw/192.0.2.100" -r "$sw/vs0"
	whole "from the host" tcp -c "$sw/192.0.2.100" -o "$sw/vs0" -s "$h1/192.0.2.1" -r "$h1/eth0"
	whole "IPv6 to the host" tcp -c "$h1/2001:db8:1::1" -o "$h1/eth0" \
		-s "$sw/2001:db8:1::100" -r "$sw/vs0"
	whole "IPv6 from the host" tcp -c "$sw/2001:db8:1::100" -o "$sw/vs0" \
		-s "$h1/2001:db8:1::1" -r "$h1/eth0"
	log_test "TCP between a container and the host in packets of 64 KiB"
}

tcp_with_tap()
{
	local log wire

	log=$(mktemp)
	defer rm -f "$log"
	bg tapwire "$sw/tap0" "$vm/eth0" > "$log"
	wire=$!
	wait_for grep -q ready "$log"
	ip -n "$sw" link set dev tap0 master vs0 up
	ip -n "$vm" -b - <<-END
		link set eth0 up
		addr add 192.0.2.9/24 dev eth0
	END
	wait_for in_ns "$h1" ping -q -c 1 -W 1 192.0.2.9
	whole "to the machine" tcp -c "$h1/192.0.2.1" -o "$h1/eth0" -s "$vm/192.0.2.9" -r "$vm/eth0"
	whole "from the machine" tcp -c "$vm/192.0.2.9" -o "$vm/eth0" -s "$h1/192.0.2.1" -r "$h1/eth0"
	whole "host to the machine" tcp -c "$sw/192.0.2.100" -o "$sw/vs0" -s "$vm/192.0.2.9" -r "$vm/eth0"
	bg_stop "$wire"
	expect_ge "$(sed -n 's/.*largest //p' "$log")" 60000 "largest packet on the wire of the tap"
	log_test "TCP with a machine behind a tap in packets of 64 KiB"
}

tags_single()
{
	succeeds frame -i "$h1/eth0" -s "$M1" -v 10 -c 5 "$h2/eth0=5" "$sw/vs0=5"
	succeeds frame -i "$h1/eth0" -s "$M1" -v 4095 -c 5 "$h2/eth0=5"
	succeeds frame -i "$h1/eth0" -s "$M1" -v 88a8:20 -c 5 "$h2/eth0=5"
	succeeds frame -i "$sw/vs0" -v 10 -c 5 "$h2/eth0=5"
	log_test "frames with one tag cross as they are"
}

tags_double()
{
	succeeds frame -i "$h1/eth0" -s "$M1" -v 88a8:20 -v 10 -c 5 "$h2/eth0=5" "$sw/vs0=5"
	succeeds frame -i "$h1/eth0" -s "$M1" -v 20 -v 10 -c 5 "$h2/eth0=5"
	succeeds frame -i "$h1/eth0" -s "$M1" -v 1 -v 2 -v 3 -c 5 "$h2/eth0=5"
	succeeds frame -i "$sw/vs0" -v 88a8:20 -v 10 -c 5 "$h2/eth0=5"
	log_test "frames with two and three tags cross as they are"
}

tags_priority()
{
	succeeds frame -i "$h1/eth0" -s "$M1" -v 0 -c 5 "$h2/eth0=5"
	succeeds frame -i "$h1/eth0" -s "$M1" -v 0xe000 -c 5 "$h2/eth0=5"
	succeeds frame -i "$h1/eth0" -s "$M1" -v 0x100a -c 5 "$h2/eth0=5"
	log_test "priority tags and drop eligibility cross as they are"
}

# vlan_devices NUMBER: h1 and h2 get VLAN devices, with addresses 198.51.100.x
vlan_devices()
{
	local i=0 host

	for host in "$h1" "$h2"; do
		i=$((i + 1))
		ip -n "$host" -b - <<-END || return
			link add link eth0 name outer up type vlan protocol 802.1ad id $1
			link add link outer name inner up type vlan id 30
			link add link eth0 name single up type vlan id $1
			addr add 198.51.100.$i/25 dev single
			addr add 198.51.100.12$i/29 dev inner
		END
	done
}

# Tagged streams: a software device cuts them before the tag is added or not at
# all, so only the bytes are looked at for two tags.
tcp_in_vlan()
{
	local out

	vlan_devices 10
	check_err $? "VLAN devices"
	whole "one tag" tcp -c "$h1/198.51.100.1" -o "$h1/eth0" -s "$h2/198.51.100.2" -r "$h2/eth0"
	out=$(stream tcp -c "$h1/198.51.100.121" -o "$h1/eth0" -s "$h2/198.51.100.122" -r "$h2/eth0" \
		-n $((1 << 20)) 2>&1)
	check_err $? "two tags: $out"
	log_test "TCP in tagged frames"
}

sizes()
{
	local len

	for len in 60 61 64 1513 1514; do
		succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -l "$len" -c 2 "$h2/eth0=2"
	done
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -v 10 -l 1518 -c 2 "$h2/eth0=2"
	log_test "frames of all sizes cross, the longest with a tag"
}

set_mtu()
{
	local host

	for host in h1 h2; do
		ip -n "${!host}" link set eth0 mtu "$1"
		port_link "$host" mtu "$1"
	done
	# The switch follows its ports, but for vnics.
	! is_vnic h1 || ip -n "$sw" link set vs0 mtu "$1"
}

jumbo()
{
	local before

	before=$(device_json "$sw" vs0 .mtu)
	! is_vnic h1 || ip -n "$h1" link set eth0 mtu 9000
	! is_vnic h1 || expect_eq "$(device_json "$sw" vs0 .mtu)" "$before" "MTU of the switch after a vnic's"
	set_mtu 9000
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -l 9014 -c 5 "$h2/eth0=5"
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -v 10 -l 9018 -c 5 "$h2/eth0=5"
	succeeds in_ns "$h1" ping -q -c 1 -W 10 -M "do" -s 8972 192.0.2.2
	expect_eq "$(device_json "$sw" vs0 .mtu)" 9000 "MTU of the switch"
	succeeds in_ns "$h1" ping -q -c 1 -W 10 -M "do" -s 8972 192.0.2.100
	log_test "jumbo frames cross"
}

jumbo_tcp()
{
	whole "jumbo" tcp -m 9000 -c "$h1/192.0.2.1" -o "$h1/eth0" -s "$h2/192.0.2.2" -r "$h2/eth0"
	log_test "TCP with jumbo frames in packets of 64 KiB"
}

# GSO packets are as long as their segments: only those that fit go out.
mixed_mtu()
{
	local before

	port_link h2 mtu 1500
	ip -n "$h2" link set eth0 mtu 1500
	before=$(port_drops "$sw" h2 mtu-exceeded)
	succeeds frame -i "$h1/eth0" -s "$M1" -d "$M2" -l 9014 -c 3 "$h2/eth0=0"
	expect_eq "$(port_drops "$sw" h2 mtu-exceeded)" $((before + 3)) "mtu-exceeded drops"
	succeeds stream udp -g 1400 -c "$h1/192.0.2.1" -o "$h1/eth0" -s "$h2/192.0.2.2" -r "$h2/eth0" \
		-n $((1 << 20))
	set_mtu 1500
	log_test "what is longer than a port's MTU is dropped there, GSO that fits passes"
}

run_tests
