#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Frames and bytes of each VLAN, as a switch with vlan-stats counts them: what came in
# and is of a VLAN, and each copy that left. The topology is the star of lib.sh, every
# second adapter a vnic:
#
#   h1:eth0 --- access 10 --+-----+--- trunk 10,20 --- h3:eth0
#   h2:eth0 --- access 10 --| vs0 |
#   the host --- access 1 --+-----+
#
# Bytes are with the Ethernet header, and without the tag that says the VLAN.

# shellcheck disable=SC2317
ALL_TESTS="off_counts_nothing unicast flooded stopped guarded the_host odd_ports
	membership later_ports while_frames_pass without_filtering bridge_8 all_vlans words"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=vlan_lib.sh
. "$(dirname "$0")/vlan_lib.sh"

require_command jq
require_vswitch
load_kind veth
ADAPTERS=mixed star h1 h2 h3 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3"
M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
M3=02:00:00:00:00:03

# as_drawn: the ports are what the picture says, nothing is learned, all is counted from 0
as_drawn()
{
	vsw -n "$sw" -b - <<-END
		switch set vs0 vlan-stats off
		switch set vs0 vlan-filtering on vlan-stats on
		port set h1 access 10
		port set h2 access 10
		port set h3 trunk 10,20
		port set vs0 access 1
		fdb flush switch vs0
	END
	check_err $? "the ports"
}

# counters VID: frames and bytes that came in, and that left, of a VLAN; nulls: none are told
counters()
{
	first_values '.["rx-packets"], .["rx-bytes"], .["tx-packets"], .["tx-bytes"]' \
		"$(vsw -j -s -n "$sw" vlan show switch vs0 vid "$1")" | xargs
}

# counts VID RX BYTES TX BYTES COMMAND...: so much more is counted, and of no other VLAN
counts()
{
	local before after

	before=$(tally "$1")
	"${@:6}"
	after=$(tally "$1")
	expect_eq "$(difference "$before" "$after")" "$2 $3 $4 $5 0 0 0 0" \
		"counted of VLAN $1, and of the others, by ${*:6}"
}

# tally VID: the counters of a VLAN, and the sums of those of all others
tally()
{
	local pattern='"vlan":([0-9]+),"rx-packets":([0-9]+),"rx-bytes":([0-9]+)'
	local -a of=(0 0 0 0 0 0 0 0)
	local rest at i

	rest=$(vsw -j -s -n "$sw" vlan show)
	pattern+=',"tx-packets":([0-9]+),"tx-bytes":([0-9]+)(.*)$'
	while [[ $rest =~ $pattern ]]; do
		at=0
		[ "${BASH_REMATCH[1]}" = "$1" ] || at=4
		for i in 0 1 2 3; do
			of[at + i]=$((of[at + i] + BASH_REMATCH[i + 2]))
		done
		rest=${BASH_REMATCH[6]}
	done
	echo "${of[*]}"
}

# difference BEFORE AFTER: number by number
difference()
{
	local -a before after
	local i out=''

	read -ra before <<< "$1"
	read -ra after <<< "$2"
	for i in "${!after[@]}"; do
		out+=" $((after[i] - before[i]))"
	done
	echo "${out# }"
}

# all_ways: frames of each kind, and who has them; as with counters, so without
all_ways()
{
	from h1 -c 2 "$h2/eth0@=2" "$h3/eth0@10=2"
	from h2 -d "$M1" -c 20 "$h1/eth0=20" "$h3/eth0=0"
	from h3 -v 10 -d "$M2" -c 2 "$h2/eth0@=2" "$h1/eth0=0"
	from h1 -d "$M3" -c 2 "$h3/eth0@10=2" "$h2/eth0=0"
	drops h1 vlan-ingress 1 from h1 -v 20 "$h2/eth0=0" "$h3/eth0=0"
	drops h3 no-destination 1 from h3 -v 20 "$h1/eth0=0" "$h2/eth0=0"
}

off_counts_nothing()
{
	as_drawn
	succeeds vsw -n "$sw" switch set vs0 vlan-stats off
	expect_eq "$(switch_json "$sw" vs0 '.["vlan-stats"]')" false "vlan-stats"
	all_ways
	expect_eq "$(vsw -j -s -n "$sw" vlan show)" "[]" "JSON of what is not counted"
	expect_eq "$(vsw -s -n "$sw" vlan show)" \
		"vs0 does not count by VLAN: 'vsw switch set vs0 vlan-stats on'" "text of it"
	log_test "without vlan-stats nothing is counted"
	succeeds vsw -n "$sw" switch set vs0 vlan-stats on
	vsw -n "$sw" fdb flush switch vs0 >/dev/null
	expect_eq "$(counters 10) $(counters 20)" "0 0 0 0 0 0 0 0" "counters of a new start"
	all_ways
	expect_eq "$(counters 10) $(counters 20)" "26 2592 28 2792 1 96 0 0" "counters after that"
	log_test "with it all frames go the same ways"
}

unicast()
{
	as_drawn
	from h2 "$h1/eth0=1"
	from h3 -v 10 "$h1/eth0@=1"
	counts 10 50 10000 50 10000 from h1 -d "$M2" -c 50 -l 200 "$h2/eth0=50"
	counts 10 50 10000 50 10000 from h2 -d "$M1" -c 50 -l 200 "$h1/eth0=50"
	log_test "known unicast, untagged, each frame"
	counts 10 3 300 3 300 from h1 -d "$M3" -c 3 "$h3/eth0@10=3"
	counts 10 3 300 3 300 from h3 -v 10 -d "$M1" -c 3 -l 104 "$h1/eth0@=3"
	counts 10 3 300 3 300 from h1 -v 10 -d "$M3" -c 3 -l 104 "$h3/eth0@10=3"
	counts 10 3 300 3 300 from h1 -v 0xe000 -d "$M2" -c 3 -l 104 "$h2/eth0@=3"
	log_test "tags are not among the bytes"
}

flooded()
{
	as_drawn
	counts 10 5 500 10 1000 from h1 -c 5 "$h2/eth0=5" "$h3/eth0@10=5" "$sw/vs0=0"
	counts 10 5 500 10 1000 from h3 -v 10 -d 02:00:00:00:00:09 -c 5 -l 104 \
		"$h1/eth0@=5" "$h2/eth0@=5"
	set_port vs0 access 10
	counts 10 5 500 15 1500 from h1 -c 5 "$h2/eth0=5" "$h3/eth0@10=5" "$sw/vs0+up=5"
	set_port vs0 access 1
	log_test "each copy of a flood is one"
	succeeds ip -n "$sw" link set vs0 promisc on
	set_port vs0 access 10
	from h2 "$h1/eth0=1"
	counts 10 5 500 10 1000 from h1 -d "$M2" -c 5 "$h2/eth0=5" "$sw/vs0=5" "$h3/eth0=0"
	succeeds ip -n "$sw" link set vs0 promisc off
	set_port vs0 access 1
	log_test "and the host's, that listens to all"
}

# What the ingress filter stops is of no VLAN; what is stopped later came in.
stopped()
{
	as_drawn
	from h2 "$h1/eth0=1"
	counts 10 0 0 0 0 drops h1 vlan-ingress 4 from h1 -v 20 -c 4 "$h2/eth0=0" "$h3/eth0=0"
	counts 10 0 0 0 0 drops h3 vlan-untagged 4 from h3 -c 4 "$h1/eth0=0" "$h2/eth0=0"
	counts 20 4 384 0 0 drops h3 no-destination 4 from h3 -v 20 -c 4 "$h1/eth0=0"
	counts 20 0 0 0 0 drops h1 invalid-source 4 from h1 -s 03:00:00:00:00:01 -c 4 "$h2/eth0=0"
	log_test "what is stopped before it is of a VLAN, and after"
	vsw -n "$sw" fdb add "$M3" dev h2 static vlan 10
	succeeds vsw -n "$sw" port set h1 isolated on
	succeeds vsw -n "$sw" port set h2 isolated on
	counts 10 3 300 0 0 drops h1 isolated 3 from h1 -d "$M2" -c 3 "$h2/eth0=0"
	succeeds vsw -n "$sw" port set h1 isolated off
	succeeds vsw -n "$sw" port set h2 isolated off
	port_link h2 mtu 500
	counts 10 3 3000 0 0 drops h2 mtu-exceeded 3 from h1 -d "$M2" -c 3 -l 1000 "$h2/eth0=0"
	counts 10 3 3000 3 3000 drops h2 mtu-exceeded 3 from h1 -c 3 -l 1000 "$h2/eth0=0" "$h3/eth0@10=3"
	port_link h2 mtu 1500
	vsw -n "$sw" fdb del "$M3" dev h2 vlan 10
	log_test "what can't leave has come in only"
}

guarded()
{
	as_drawn
	from h2 "$h1/eth0=1"
	succeeds vsw -n "$sw" port set h1 locked on
	counts 10 3 300 0 0 drops h1 locked 3 from h1 -d "$M2" -c 3 "$h2/eth0=0"
	vsw -n "$sw" fdb add "$M1" dev h1 static vlan 10
	counts 10 3 300 3 300 from h1 -d "$M2" -c 3 "$h2/eth0=3"
	vsw -n "$sw" fdb del "$M1" dev h1 vlan 10
	succeeds vsw -n "$sw" port set h1 locked off
	succeeds vsw -n "$sw" port set h1 state blocking
	counts 10 0 0 0 0 drops h1 port-state 3 from h1 -d "$M2" -c 3 "$h2/eth0=0"
	succeeds vsw -n "$sw" port set h1 state learning
	counts 10 3 300 0 0 drops h1 port-state 3 from h1 -d "$M2" -c 3 "$h2/eth0=0"
	succeeds vsw -n "$sw" port set h1 state forwarding
	succeeds vsw -n "$sw" port set h3 promiscuous accept
	from h1 "$h2/eth0=1"
	counts 10 3 300 6 600 from h1 -d "$M2" -c 3 "$h2/eth0=3" "$h3/eth0@10=3"
	succeeds vsw -n "$sw" port set h3 promiscuous inherit
	log_test "ports that are locked, blocked or promiscuous"
}

the_host()
{
	local mac

	as_drawn
	mac=$(switch_json "$sw" vs0 .address)
	set_port vs0 trunk 10,20
	counts 20 3 288 3 288 succeeds frame -i "$sw/vs0" -s "$mac" -v 20 -c 3 "$h3/eth0@20=3" \
		"$h1/eth0=0"
	counts 10 3 300 3 300 from h1 -d "$mac" -c 3 "$sw/vs0@10=3" "$h2/eth0=0"
	counts 20 3 288 3 288 from h3 -v 20 -d "$mac" -c 3 "$sw/vs0@20=3" "$h2/eth0=0"
	log_test "what the host sends and gets"
}

# VLANs are those that the switch knows, whatever tags are outside.
odd_ports()
{
	as_drawn
	set_port h1 tunnel 20
	counts 20 3 288 3 288 from h1 -v 5 -v 6 -c 3 -l 96 "$h3/eth0@20,5,6=3" "$h2/eth0=0"
	set_port h3 trunk 10,20 vlan-map 900:20
	counts 20 3 300 3 300 from h1 -c 3 "$h3/eth0@900=3" "$h2/eth0=0"
	counts 20 3 300 3 300 from h3 -v 900 -c 3 -l 104 "$h1/eth0@=3" "$h2/eth0=0"
	set_port h3 vlan-map none trunk 10,20
	log_test "tunnels and translated tags"
	succeeds vsw -n "$sw" switch set vs0 vlan-protocol 802.1ad
	counts 20 3 300 3 300 from h3 -v 88a8:20 -c 3 -l 104 "$h1/eth0@=3" "$h2/eth0=0"
	succeeds vsw -n "$sw" switch set vs0 vlan-protocol 802.1Q
	log_test "providers' tags"
	set_port h1 access 10
	succeeds vsw -n "$sw" vlan private add 500 501 isolated switch vs0
	set_port h1 access 501
	set_port h2 access 501
	set_port h3 trunk 500
	counts 501 3 300 3 300 from h1 -c 3 "$h3/eth0@500=3" "$h2/eth0=0"
	counts 500 3 300 6 600 from h3 -v 500 -c 3 -l 104 "$h1/eth0@=3" "$h2/eth0@=3"
	succeeds vsw -n "$sw" vlan private del 501 switch vs0
	log_test "private VLANs: as which a frame came in"
}

# What was counted stays as long as the switch counts, as do the counters of ports that
# are gone.
membership()
{
	as_drawn
	counts 10 3 300 6 600 from h1 -c 3 "$h2/eth0=3" "$h3/eth0@10=3"
	expect_eq "$(vsw -j -s -n "$sw" vlan show | jq -c 'map(.vlan)')" "[1,10,20]" "VLANs that are counted"
	set_port h1 access 3000
	set_port h3 trunk 10,3000,3001
	expect_eq "$(counters 3000)" "0 0 0 0" "a new VLAN"
	counts 3000 3 300 3 300 from h1 -c 3 "$h3/eth0@3000=3" "$h2/eth0=0"
	expect_eq "$(vsw -j -s -n "$sw" vlan show | jq -c 'map(.vlan)')" \
		"[1,10,3000,3001]" "VLANs that are counted"
	set_port h1 access 10
	set_port h3 trunk 10
	expect_eq "$(counters 3000) $(counters 3001)" "3 300 3 300 null null null null" \
		"VLANs that are gone, one of which was used"
	set_port h1 access 3000
	counts 3000 3 300 0 0 drops h1 no-destination 3 from h1 -c 3 "$h2/eth0=0"
	expect_eq "$(counters 3000)" "6 600 3 300" "a VLAN that came back"
	log_test "VLANs that come and go"
	expect_eq "$(vsw -j -s -n "$sw" vlan show h1 | jq -c 'map(.vlan)')" "[3000]" "those of a port"
	expect_eq "$(vsw -j -s -n "$sw" vlan show h2 vid 3000)" "[]" "those of another"
	succeeds vsw -n "$sw" switch set vs0 vlan-stats on
	expect_eq "$(counters 3000)" "6 600 3 300" "counters after it is set once more"
	vsw -n "$sw" -b - <<-END
		switch set vs0 vlan-stats off
		switch set vs0 vlan-stats on
	END
	expect_eq "$(counters 3000) $(counters 10)" "0 0 0 0 0 0 0 0" "counters of a new start"
	log_test "a new start"
}

later_ports()
{
	as_drawn
	succeeds vsw -n "$sw" switch set vs0 vlan-default-pvid 77
	succeeds vsw -n "$sw" port add eth1 type vnic switch vs0 netns "$h1" alias late1
	succeeds ip -n "$sw" link add late2 type veth peer name eth1 netns "$h2"
	succeeds ip -n "$sw" link set late2 master vs0 up
	succeeds ip -n "$h1" link set eth1 up
	succeeds ip -n "$h2" link set eth1 up
	wait_for carrier "$h1" eth1
	wait_for carrier "$sw" late2
	expect_eq "$(counters 77)" "0 0 0 0" "the VLAN of new ports"
	counts 77 3 300 3 300 succeeds frame -i "$h1/eth1" -c 3 "$h2/eth1=3" "$h3/eth0=0"
	counts 77 3 300 3 300 succeeds frame -i "$h2/eth1" -c 3 "$h1/eth1=3" "$h3/eth0=0"
	succeeds ip -n "$h1" link del eth1
	succeeds ip -n "$h2" link del eth1
	expect_eq "$(counters 77)" "6 600 6 600" "their VLAN after they are gone"
	succeeds vsw -n "$sw" switch set vs0 vlan-default-pvid 1
	succeeds vsw -n "$sw" switch add vs1 vlan-filtering on vlan-stats on vlan-default-pvid 5
	expect_eq "$(vsw -j -s -n "$sw" vlan show switch vs1 | jq -c 'map([.vlan, .["rx-packets"]])')" \
		"[[5,0]]" "a switch that counts from the start"
	succeeds vsw -n "$sw" switch del vs1
	log_test "ports that come when it counts already"
}

while_frames_pass()
{
	local i sender before in out

	as_drawn
	from h2 "$h1/eth0=1"
	bg frame -i "$h1/eth0" -s "$M1" -d "$M2" -c 0 -p 100
	sender=$!
	for i in 1 2 3 4 5 6; do
		vsw -n "$sw" -b - <<-END
			switch set vs0 vlan-stats off
			port set h3 trunk 10,$((i * 600))
			switch set vs0 vlan-stats on
		END
		check_err $? "off and on"
		wait_for is_counted
		set_port h3 trunk 10,$((i * 600)),$((i * 600 + 70))
	done
	before=$(port_stat "$sw" h1 rx-packets)
	wait_for port_has_more "$before"
	bg_stop "$sender"
	read -r in _ out _ <<< "$(counters 10)"
	# A frame on each CPU may be half-way when counting begins.
	[ "$((in - out))" -ge -2 ] && [ "$((in - out))" -le 2 ]
	check_err $? "$in frames came in, $out left"
	log_test "switched off and on while frames pass"
	counts 10 5 500 5 500 from h1 -d "$M2" -c 5 "$h2/eth0=5"
	log_test "and counting goes on"
}

is_counted() { [[ $(counters 10) =~ ^[1-9] ]]; }

port_has_more() { [ "$(port_stat "$sw" h1 rx-packets)" -gt "$(($1 + 50))" ]; }

without_filtering()
{
	as_drawn
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=3"
	from h1 -v 10 -c 3 "$h2/eth0=3" "$h3/eth0=3"
	expect_eq "$(counters 10)" "0 0 0 0" "a switch that does not filter"
	[[ $(vsw -s -n "$sw" vlan show) == *"vs0 does not filter by VLAN"* ]]
	check_err $? "vlan show does not say why"
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	counts 10 3 300 6 600 from h1 -c 3 "$h2/eth0=3" "$h3/eth0@10=3"
	log_test "nothing is of a VLAN where nothing filters"
}

# of_bridge DEV: what bridge(8) shows of its VLANs
of_bridge()
{
	bridge -n "$sw" -j -s vlan show | jq -r --arg dev "$1" \
		'.[] | select(.ifname == $dev) | .vlans[] |
		"\(.vid // .vlan) \((.flags // []) | join(",")) \(.rx_packets) \(.rx_bytes) \(.tx_packets) \(.tx_bytes)"' |
		xargs
}

bridge_8()
{
	as_drawn
	set_port vs0 access 20
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0@10=3"
	expect_eq "$(of_bridge h1)" "10 PVID,Egress Untagged 3 300 6 600" "bridge -s vlan show, a port"
	expect_eq "$(of_bridge h3)" "10 3 300 6 600 20 0 0 0 0" "bridge -s vlan show, a trunk"
	expect_eq "$(of_bridge vs0)" "20 PVID,Egress Untagged 0 0 0 0" "bridge -s vlan show, the switch"
	succeeds vsw -n "$sw" switch set vs0 vlan-stats off
	expect_eq "$(bridge -n "$sw" -j -s vlan show | jq -c .)" "[]" "bridge -s vlan show without counters"
	log_test "bridge -s vlan show"
}

all_vlans()
{
	as_drawn
	set_port h3 trunk all
	expect_eq "$(ip netns exec "$sw" nldump vlan | grep -o 'objects .* again 0')" \
		"objects 4094 again 0" "all VLANs in the smallest parts"
	expect_eq "$(bridge -n "$sw" -j -s vlan show | jq '[.[] | select(.ifname == "h3") | .vlans[] | .vid // .vlan] | [length, (unique | length)] | @csv' -r)" \
		"4094,4094" "all VLANs by bridge(8)"
	# Of one device alone the kernel puts it into one message.
	succeeds ip -n "$sw" stats show dev vs0 group xstats
	succeeds ip -n "$sw" stats show dev h3 group xstats_slave
	set_port h3 trunk 10,20
	expect_eq "$(vsw -s -n "$sw" vlan show | grep -c vs0)" 3 "VLANs that are counted"
	log_test "all VLANs at once"
}

words()
{
	as_drawn
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0@10=3"
	expect_eq "$(vsw -s -n "$sw" vlan show vid 10 | tr -s ' ')" \
		"$(printf '%s\n' 'SWITCH VLAN RX PACKETS RX BYTES TX PACKETS TX BYTES' 'vs0 10 3 300 6 600')" "text"
	# gojq would sort them.
	expect_eq "$(vsw -j -s -n "$sw" vlan show vid 10 | command jq -c '.[0] | keys_unsorted')" \
		'["switch-ifindex","switch-name","vlan","rx-packets","rx-bytes","tx-packets","tx-bytes"]' "keys"
	refused "neither 'on' nor 'off'" vsw -n "$sw" switch set vs0 vlan-stats maybe
	refused "no device has this name" vsw -s -n "$sw" vlan show switch vs7
	refused "no" vsw -s -n "$sw" vlan show h7
	expect_eq "$(switch_json "$sw" vs0 '.["vlan-stats"]')" true "vlan-stats after all that"
	[[ $(vsw -s -n "$sw" switch show vs0) == *" vlan-stats on"* ]]
	check_err $? "switch show does not say it"
	log_test "what is said of it"
}

run_tests
