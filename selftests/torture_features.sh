# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The worker of torture_test.sh that switches optional features on and off: guards,
# bindings, tags of 802.1ad, counters, mirrors, states, loop protection. What
# it asks for may be refused for what others have just done, and for what it has done
# itself, with a sentence.

: "${tmp?}" "${sw?}" "${h1?}" "${h2?}" "${h3?}" "${h4?}"

refused='^[A-Za-z(].* '

# toggle PORT NAME...: one of these settings, on and off; it has no reason to fail
toggle()
{
	local port=$1

	shift
	one_of "$@"
	must "port set $port $R on"
	must "port set $port $R off"
}

guard_change()
{
	local port=$1 mac=$2

	roll 9
	case $R in
	0)
		one_of "max-macs 0" "max-macs 5" "max-macs 1000 violation restrict" "max-macs 20 violation protect" \
			"max-macs 3 violation shutdown recovery 0.2"
		may "$refused" "port set $port $R"
		;;
	1)
		one_of "storm-broadcast off" "storm-broadcast 100pps" "storm-broadcast 10mbit" \
			"storm-unknown 50pps" "storm-multicast 1pps storm-unknown off"
		must "port set $port $R"
		;;
	2) may "$refused" "binding add dev $port mac $mac ip 192.0.2.$((RANDOM % 40 + 1))" ;;
	3) may "$refused" "binding del dev $port mac $mac ip 192.0.2.$((RANDOM % 40 + 1))" ;;
	4)
		one_of on off
		may "$refused" "port set $port source-guard $R"
		;;
	5)
		one_of accept reject inherit
		must "port set $port promiscuous $R mac-changes inherit forged-transmits $R"
		;;
	6) toggle "$port" dhcp-guard ra-guard dhcp-trusted ra-trusted neigh-suppress ;;
	7)
		one_of "locked on" "locked on learning on mab on" "sticky-macs on" "locked off mab off sticky-macs off"
		may "$refused" "port set $port $R"
		;;
	8) must "port set $port shut off" ;;
	esac
}

vlan_feature_change()
{
	roll 3
	case $R in
	0)
		one_of 802.1ad 802.1Q
		may "$refused" "switch set vs0 vlan-protocol $R"
		;;
	1)
		one_of on off
		must "switch set vs0 vlan-stats $R"
		;;
	2)
		one_of on off
		may "$refused" "port set $1 mcast-fast-leave $R mcast-max-groups $((RANDOM % 5))"
		;;
	esac
}

mirror_change()
{
	local port=$1 name=mirror$((RANDOM % 3))

	roll 4
	case $R in
	0 | 1)
		one_of "dev d0" "dev d1" "dev p0" "netdev d2" "netdev d3" "netdev vs1"
		may "$refused" "mirror add $name switch vs0 from dev $port to $R"
		;;
	2) may "$refused" "mirror set $name switch vs0 from dev $port in vlan 10,20 truncate 64 sample 2" ;;
	3) may "$refused" "mirror del $name switch vs0" ;;
	esac
}

loop_change()
{
	local port=$1

	roll 4
	case $R in
	0) toggle "$port" wire bpdu-guard bpdu-filter loop-protect ;;
	1)
		one_of disabled listening learning blocking
		must "port set $port state $R"
		must "port set $port state forwarding"
		;;
	2) must "port set $port shut on" ;;
	3) must "port set $port shut off" ;;
	esac
}

# Hosts say what such features look at.
hosts_speak()
{
	local group=239.1.1.$((RANDOM % 20))

	roll 4
	case $R in
	0) mcast send "$h1/eth0" report3 "$group" ;;
	1) mcast send "$h4/eth0" report2 "$group" && mcast send "$h4/eth0" leave "$group" ;;
	2) claim -i "$h3/eth0" -s 02:00:00:00:00:03 arp request 02:00:00:00:00:03 192.0.2.3 "192.0.2.$((RANDOM % 40 + 1))" ;;
	3) mcast send -S 2001:db8::1 "$h2/eth0" report1 ff0e::db8:1 ;;
	esac > /dev/null 2>&1
	done_commands+=1
}

work_features()
{
	local i port mac what

	while running; do
		for ((i = 0; i < 10; i++)); do
			one_of h1 h2 h3 h4 h3 h4
			port=$R
			printf -v mac '02:00:00:00:00:%02x' $((RANDOM % 8))
			one_of guard vlan_feature mirror loop
			what=$R
			"${what}_change" "$port" "$mac"
			hosts_speak
		done
		run_vsw
	done
}

# What makes everything as if there were no such features.
features_off()
{
	local i

	vsw -j -n "$sw" mirror show | jq -r '.[] | "mirror del \(.name) switch vs0"'
	vsw -j -n "$sw" binding show |
		jq -r '.[] | "binding del dev vs0:\(.["port-number"]) mac \(.mac)" + (if .ip then " ip \(.ip)" else "" end)'
	echo "switch set vs0 vlan-protocol 802.1Q vlan-stats off"
	for i in h1 h2 h3 h4; do
		echo "port set $i state forwarding shut off recovery 0 wire off bpdu-guard off" \
			"bpdu-filter off loop-protect off mcast-fast-leave off mcast-max-groups 0" \
			"max-macs 0 violation protect mab off locked off sticky-macs off storm-broadcast off" \
			"storm-multicast off storm-unknown off source-guard off promiscuous inherit" \
			"mac-changes inherit forged-transmits inherit neigh-suppress off"
	done
}
