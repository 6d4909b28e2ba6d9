#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a port may do with VLANs beyond access and trunk: tunnels (QinQ), translated
# tags, hybrids, providers' tags. Who gets which frames, with which tags, and what is
# stopped, for which reason. The topology is the star of lib.sh, every second adapter
# a vnic:
#
#   h1:eth0 --- tunnel 100 --+-----+--- trunk 100,200 --- h3:eth0
#   h2:eth0 --- tunnel 100 --| vs0 |
#                            |     |--- tunnel 200 ------ h4:eth0
#   the host --- access 1 ---+-----+

# shellcheck disable=SC2317
ALL_TESTS="tunnel tunnel_customers tunnel_of_one_with_access tunnel_beside
	providers providers_toggled map map_refused native_tagged hybrid add_and_del
	at_once default_pvid bad_headers routed hopper"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=vlan_lib.sh
. "$(dirname "$0")/vlan_lib.sh"

require_command jq ping
require_vswitch
load_kind veth 8021q
ADAPTERS=mixed star h1 h2 h3 h4 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3" "$h4"
vsw -n "$sw" switch set vs0 vlan-filtering on

A=02:00:00:00:0a:01
M2=02:00:00:00:00:02
M3=02:00:00:00:00:03

# as_drawn: the ports are what the picture says, and nothing is learned
as_drawn()
{
	vsw -n "$sw" -b - <<-END
		switch set vs0 vlan-protocol 802.1Q vlan-default-pvid 1
		port set h1 vlan-map none tunnel 100
		port set h2 vlan-map none tunnel 100
		port set h3 vlan-map none trunk 100,200
		port set h4 vlan-map none tunnel 200
		port set vs0 access 1
		fdb flush switch vs0
	END
	check_err $? "the ports"
}

# refused_port SENTENCE WORD...: vsw port set does, and nothing changes
refused_port()
{
	local before after out

	before=$(vsw -n "$sw" port show)
	out=$(vsw -n "$sw" port set "${@:2}" 2>&1)
	check_fail $? "port set ${*:2}"
	[[ $out == *"$1"* ]]
	check_err $? "port set ${*:2} says: $out"
	after=$(vsw -n "$sw" port show)
	expect_eq "$after" "$before" "the ports after port set ${*:2}"
}

tunnel()
{
	as_drawn
	from h1 -c 2 "$h2/eth0=2" "$h3/eth0@100=2" "$h4/eth0=0" "$sw/vs0=0"
	from h1 -v 5 -c 2 "$h2/eth0=2" "$h3/eth0@100,5=2" "$h4/eth0=0"
	from h2 -v 100 -c 2 "$h1/eth0=2" "$h3/eth0@100,100=2" "$h4/eth0=0"
	from h2 -v 200 -v 300 -c 2 "$h1/eth0=2" "$h3/eth0@100,200,300=2" "$h4/eth0=0"
	from h1 -v 88a8:7 -v 8 -c 2 "$h2/eth0=2" "$h3/eth0@100,88a8:7,8=2" "$h4/eth0=0"
	from h1 -v 0xe000 -c 2 "$h2/eth0=2" "$h3/eth0@100,0xe000=2" "$h4/eth0=0"
	from h1 -v 4095 -c 2 "$h2/eth0=2" "$h3/eth0@100,4095=2" "$h4/eth0=0"
	log_test "all that enters a tunnel gets its tag, whatever it has"
	from h3 -v 100 -v 5 -c 2 "$h1/eth0@5=2" "$h2/eth0@5=2" "$h4/eth0=0"
	from h3 -v 200 -c 2 "$h4/eth0@=2" "$h1/eth0=0" "$h2/eth0=0"
	from h3 -v 200 -v 100 -v 7 -c 2 "$h4/eth0@100,7=2" "$h1/eth0=0" "$h2/eth0=0"
	log_test "what leaves a tunnel is as it was"
	# Known, as it goes when nothing is flooded; and big ones.
	from h2 -v 5 "$h1/eth0=1"
	from h1 -d "$M2" -v 5 -l 1518 -c 3 "$h2/eth0=3" "$h3/eth0=0" "$h4/eth0=0"
	from h3 -v 100 "$h1/eth0@=1"
	from h1 -d "$M3" -v 5 -l 1518 -c 3 "$h3/eth0@100,5=3" "$h2/eth0=0"
	expect_eq "$(vsw -n "$sw" -j fdb show dynamic | grep -o '"vlan":[0-9]*' | sort -u | xargs)" \
		"vlan:100 vlan:200" "VLANs in which addresses were learned"
	log_test "a tunnel's customers have their addresses in its VLAN"
}

tunnel_customers()
{
	as_drawn
	set_port h1 tunnel 100 cvlans 5-9
	from h1 -v 5 -c 2 "$h2/eth0=2" "$h3/eth0@100,5=2"
	from h1 -v 0xa009 -c 2 "$h2/eth0=2" "$h3/eth0@100,0xa009=2"
	drops h1 vlan-customer 2 from h1 -v 10 -c 2 "$h2/eth0=0" "$h3/eth0=0"
	drops h1 vlan-customer 2 from h1 -c 2 "$h2/eth0=0" "$h3/eth0=0"
	drops h1 vlan-customer 2 from h1 -v 0xe000 -v 5 -c 2 "$h2/eth0=0" "$h3/eth0=0"
	drops h1 vlan-customer 2 from h1 -v 88a8:5 -v 5 -c 2 "$h2/eth0=0" "$h3/eth0=0"
	from h2 -v 5 -c 2 "$h1/eth0=2"
	drops h1 vlan-customer 2 from h2 -v 4 -c 2 "$h1/eth0=0" "$h3/eth0@100,4=2"
	drops h1 vlan-customer 2 from h3 -v 100 -c 2 "$h1/eth0=0" "$h2/eth0@=2"
	set_port h2 tunnel 100 cvlans 5
	drops h2 vlan-customer 1 from h2 -x "ffffffffffff 020000000002 8100 00" "$h1/eth0=0"
	log_test "a tunnel takes the VLANs of its customer that it is told to"
	set_port h1 tunnel 100
	set_port h2 tunnel 100
	from h1 -v 10 "$h2/eth0=1"
	from h1 "$h2/eth0=1"
	log_test "and all again"
}

# An access port in the VLAN of a tunnel has no say in the customer's VLANs, as it would
# with a second tag behind its own.
tunnel_of_one_with_access()
{
	as_drawn
	set_port h2 access 100
	from h2 -c 2 "$h1/eth0@=2" "$h3/eth0@100=2"
	drops h1 vlan-nested 2 from h2 -v 100 -v 5 -c 2 "$h1/eth0=0" "$h3/eth0=2"
	drops h1 vlan-nested 2 from h2 -v 0 -v 5 -c 2 "$h1/eth0=0" "$h3/eth0@100,5=2"
	drops h2 vlan-nested 2 from h1 -v 5 -c 2 "$h2/eth0=0" "$h3/eth0@100,5=2"
	from h1 -c 2 "$h2/eth0@=2"
	log_test "an access port of the same VLAN has no customer's VLANs"
}

# A VLAN device puts its tag beside the frame, where frame(1) has it in it.
tunnel_beside()
{
	local host

	as_drawn
	for host in h1 h2; do
		ip -n "${!host}" link add link eth0 name eth0.5 up type vlan id 5
	done
	from h1 -v 5 -c 2 "$h2/eth0.5@=2" "$h3/eth0@100,5=2"
	succeeds frame -i "$h1/eth0.5" -s "$A" -c 2 "$h2/eth0.5=2" "$h3/eth0@100,5=2" "$h4/eth0=0"
	succeeds frame -i "$h2/eth0.5" -s "$M2" -d "$A" -c 2 "$h1/eth0.5=2" "$h3/eth0=0"
	succeeds frame -i "$h1/eth0.5" -s "$A" -d "$M2" -c 2 "$h2/eth0.5=2" "$h3/eth0=0"
	set_port h1 tunnel 100 cvlans 6
	drops h1 vlan-customer 2 succeeds frame -i "$h1/eth0.5" -s "$A" -d "$M2" -c 2 "$h2/eth0.5=0"
	for host in h1 h2; do
		ip -n "${!host}" link del eth0.5
	done
	log_test "customers' tags beside their frames"
}

providers()
{
	as_drawn
	succeeds vsw -n "$sw" switch set vs0 vlan-protocol 802.1ad
	from h1 -v 5 -c 2 "$h2/eth0=2" "$h3/eth0@88a8:100,5=2" "$h4/eth0=0"
	from h1 -v 88a8:5 -c 2 "$h2/eth0=2" "$h3/eth0@88a8:100,88a8:5=2" "$h4/eth0=0"
	from h3 -v 88a8:100 -v 5 -c 2 "$h1/eth0@5=2" "$h2/eth0@5=2" "$h4/eth0=0"
	drops h3 vlan-untagged 2 from h3 -v 100 -v 5 -c 2 "$h1/eth0=0" "$h2/eth0=0" "$h4/eth0=0"
	drops h3 vlan-ingress 2 from h3 -v 88a8:300 -v 100 -c 2 "$h1/eth0=0" "$h2/eth0=0" "$h4/eth0=0"
	log_test "a provider's switch goes by providers' tags"
	set_port h1 access 100
	set_port h2 access 100
	from h1 -v 5 -c 2 "$h2/eth0=2" "$h3/eth0@88a8:100,5=2"
	from h1 -c 2 "$h2/eth0=2" "$h3/eth0@88a8:100=2" "$h4/eth0=0"
	drops h1 vlan-ingress 2 from h1 -v 88a8:200 -c 2 "$h2/eth0=0" "$h3/eth0=0" "$h4/eth0=0"
	drops h2 vlan-nested 2 from h1 -v 88a8:100 -v 88a8:200 -c 2 "$h2/eth0=0" "$h3/eth0=2" "$h4/eth0=0"
	from h1 -v 0x88a8:0xb000 -c 2 "$h2/eth0@=2" "$h3/eth0@88a8:0xb064=2"
	log_test "there a customer's tag is payload"
	ip -n "$sw" link add link vs0 name vs0.200 up type vlan proto 802.1ad id 200
	set_port vs0 trunk 200
	from h4 -v 7 -c 2 "$sw/vs0.200=2"
	succeeds frame -i "$sw/vs0.200" -s "$A" -v 9 -c 2 "$h4/eth0=2" "$h3/eth0@88a8:200,9=2" "$h1/eth0=0"
	ip -n "$sw" link del vs0.200
	log_test "a host with VLAN devices of a provider"
}

# Whatever the switch goes by: no frame that came in one VLAN leaves in another.
providers_toggled()
{
	local i sent

	as_drawn
	set_port h1 access 100
	set_port h2 access 100
	sent=$(port_stat "$sw" h4 tx-packets)
	bg frame -i "$h1/eth0" -s "$A" -v 100 -v 200 -c 0 -p 500
	for ((i = 0; i < 5; i++)); do
		succeeds vsw -n "$sw" switch set vs0 vlan-protocol 802.1ad
		succeeds vsw -n "$sw" switch set vs0 vlan-protocol 802.1q
	done
	kill $!
	wait $! 2>/dev/null
	expect_eq "$(port_stat "$sw" h4 tx-packets)" "$sent" "frames to h4"
	from h1 -c 2 "$h2/eth0=2" "$h3/eth0@100=2" "$h4/eth0=0"
	log_test "the kind of tags changes under traffic"
}

map()
{
	as_drawn
	set_port h3 trunk 100,200 vlan-map 300:100
	set_port h1 access 100
	set_port h2 trunk 100,200
	from h3 -v 300 -c 2 "$h1/eth0@=2" "$h2/eth0@100=2" "$h4/eth0=0"
	from h3 -v 0xe12c -c 2 "$h1/eth0@=2" "$h2/eth0@0xe064=2" "$h4/eth0=0"
	from h3 -v 300 -v 9 -c 2 "$h2/eth0@100,9=2" "$h1/eth0=0"
	from h1 -c 2 "$h3/eth0@300=2" "$h2/eth0@100=2"
	from h2 -v 0xc064 -v 9 -c 2 "$h3/eth0@0xc12c,9=2" "$h1/eth0=0"
	from h2 -v 200 -c 2 "$h3/eth0@200=2" "$h4/eth0@=2" "$h1/eth0=0"
	log_test "tags are translated in and out, their priority stays"
	drops h3 vlan-ingress 2 from h3 -v 100 -c 2 "$h1/eth0=0" "$h2/eth0=0" "$h4/eth0=0"
	drops h3 vlan-ingress 2 from h3 -v 301 -c 2 "$h1/eth0=0" "$h2/eth0=0" "$h4/eth0=0"
	log_test "a VLAN with another tag outside can't be reached by its own"
	set_port h3 vlan-map 100:200,200:100
	from h3 -v 100 -c 2 "$h4/eth0@=2" "$h2/eth0@200=2" "$h1/eth0=0"
	from h1 -c 2 "$h3/eth0@200=2" "$h4/eth0=0"
	log_test "two VLANs may change their tags"
	set_port h3 vlan-map none
	from h3 -v 100 -c 2 "$h1/eth0@=2" "$h4/eth0=0"
	set_port h2 trunk 100 vlan-map 5:100
	from h2 -v 5 -c 2 "$h1/eth0@=2" "$h3/eth0@100=2"
	succeeds frame -i "$h1/eth0" -s "$A" "$h2/eth0@5=1"
	from h2 -v 5 -d "$A" -c 2 "$h1/eth0@=2" "$h3/eth0=0"
	log_test "a vnic has its map, too"
}

map_refused()
{
	as_drawn
	set_port h3 trunk 100,200 vlan-map 300:100
	refused_port "two VLANs" h3 vlan-map 5:100,5:200
	refused_port "two tags" h3 vlan-map 5:100,6:100
	refused_port "another VLAN of the port" h3 vlan-map 200:100
	refused_port "another VLAN of the port" h3 trunk 100,300
	refused_port "looks at no tags" h3 tunnel 100
	log_test "maps that would make two VLANs one are refused"
}

native_tagged()
{
	as_drawn
	set_port h1 access 100
	set_port h3 trunk 200 native 100 tagged
	from h3 -c 2 "$h1/eth0=2" "$h4/eth0=0"
	from h3 -v 100 -c 2 "$h1/eth0@=2" "$h4/eth0=0"
	from h1 -c 2 "$h3/eth0@100=2" "$h4/eth0=0"
	expect_eq "$(vsw -n "$sw" port show | grep -cE '^h3 .* trunk 100,200 native 100 tagged +-$')" \
		1 "lines that show h3"
	log_test "a native VLAN that leaves with its tag"
}

hybrid()
{
	as_drawn
	set_port h1 access 100
	set_port h4 access 200
	set_port h2 hybrid 300 untagged 100,200 pvid 100
	set_port h3 trunk 100,200,300
	from h1 -c 2 "$h2/eth0=2" "$h4/eth0=0"
	from h4 -c 2 "$h2/eth0=2" "$h1/eth0=0"
	from h3 -v 300 -c 2 "$h2/eth0@300=2" "$h1/eth0=0" "$h4/eth0=0"
	from h2 -c 2 "$h1/eth0=2" "$h4/eth0=0" "$h3/eth0@100=2"
	from h2 -v 200 -c 2 "$h4/eth0@=2" "$h1/eth0=0" "$h3/eth0@200=2"
	set_port h2 hybrid 300 untagged 100,200
	drops h2 vlan-untagged 2 from h2 -c 2 "$h1/eth0=0" "$h3/eth0=0" "$h4/eth0=0"
	log_test "a hybrid port: several VLANs without tags, and one for what has none"
}

add_and_del()
{
	as_drawn
	set_port h1 access 100
	succeeds vsw -n "$sw" vlan add 200,300-310 dev h1
	from h1 -c 2 "$h2/eth0=2" "$h3/eth0@100=2"
	from h3 -v 200 -c 2 "$h1/eth0@200=2"
	succeeds vsw -n "$sw" vlan add vid 200 dev h1 pvid untagged
	from h1 -c 2 "$h4/eth0=2" "$h2/eth0=0"
	from h3 -v 100 -c 2 "$h1/eth0@=2"
	succeeds vsw -n "$sw" vlan add 200 dev h1
	drops h1 vlan-untagged 2 from h1 -c 2 "$h4/eth0=0" "$h2/eth0=0"
	succeeds vsw -n "$sw" vlan del 200-305 dev h1
	drops h1 vlan-ingress 2 from h1 -v 200 -c 2 "$h4/eth0=0"
	expect_eq "$(vsw -n "$sw" -j vlan show h1 | jq -c '.[0] | [.pvid, .vlan]')" \
		'[0,[{"first":100,"last":100,"untagged":true},{"first":306,"last":310,"untagged":false}]]' "the VLANs"
	succeeds vsw -n "$sw" vlan del 306-310 dev h2
	fails vsw -n "$sw" vlan add 300 dev h2
	fails vsw -n "$sw" vlan add 300-301 dev h1 pvid
	fails vsw -n "$sw" vlan del 100 dev h1 untagged
	log_test "vlan add and vlan del"
}

# Each changes the VLANs that it names, and none loses what another does meanwhile.
at_once()
{
	local i adders=()

	as_drawn
	set_port h1 trunk 1-100
	for i in 1000 2000 3000; do
		printf 'vlan add %d dev h1\n' $(seq "$i" $((i + 49))) | vsw -n "$sw" -b - &
		adders+=($!)
	done
	printf 'vlan del %d dev h1\n' {1..50} | vsw -n "$sw" -b -
	check_err $? "vlan del"
	wait "${adders[@]}"
	expect_eq "$(vsw -n "$sw" -j vlan show h1 | jq -c '[.[0].vlan[] | [.first, .last]]')" \
		'[[51,100],[1000,1049],[2000,2049],[3000,3049]]' "VLANs of h1"
	log_test "vlan add and vlan del of several at once"
}

default_pvid()
{
	as_drawn
	succeeds vsw -n "$sw" switch set vs0 vlan-default-pvid 200
	ip -n "$sw" link add d1 type dummy
	succeeds vsw -n "$sw" port add d1 switch vs0
	expect_eq "$(port_json "$sw" d1 .pvid)" 200 "PVID of a new port"
	from h4 -c 2 "$sw/d1+up=0" "$h3/eth0@200=2"
	expect_ge "$(port_stat "$sw" d1 tx-packets)" 2 "frames that left by it"
	succeeds vsw -n "$sw" port del d1
	succeeds vsw -n "$sw" switch set vs0 vlan-default-pvid 0
	succeeds vsw -n "$sw" port add d1 switch vs0
	expect_eq "$(vsw -n "$sw" -j vlan show d1 | jq -c '.[0] | [.pvid, .vlan]')" '[0,[]]' "VLANs of a new port"
	expect_eq "$(port_json "$sw" h4 .pvid)" 200 "PVID of a port that was there"
	ip -n "$sw" link del d1
	succeeds vsw -n "$sw" switch add vs9 vlan-filtering on vlan-default-pvid 0 vlan-protocol 802.1ad
	expect_eq "$(port_json "$sw" vs9 .pvid)" 0 "PVID of the host of a new switch"
	succeeds vsw -n "$sw" switch del vs9
	log_test "the VLAN of new ports"
}

# Tags that are cut off, or say what no VLAN is.
bad_headers()
{
	local to="ffffffffffff 020000000001"

	as_drawn
	set_port h1 access 100
	set_port h2 trunk all
	drops h2 bad-vlan-header 2 from h2 -c 2 -x "$to 8100 00" "$h1/eth0=0" "$h3/eth0=0"
	drops h2 vlan-ingress 1 from h2 -v 4095 "$h1/eth0=0" "$h3/eth0=0" "$h4/eth0=0"
	drops h2 vlan-untagged 1 from h2 -v 0 "$h1/eth0=0" "$h3/eth0=0" "$h4/eth0=0"
	drops h2 vlan-untagged 1 from h2 -v 0 -v 0 -v 100 "$h1/eth0=0" "$h3/eth0=0" "$h4/eth0=0"
	from h2 -v 100 -v 0 -c 2 "$h3/eth0=2" "$h1/eth0=0" "$h4/eth0=0"
	log_test "VLANs 0 and 4095, and tags that are cut off"
}

routed()
{
	as_drawn
	set_port vs0 trunk 100,200
	set_port h1 access 100
	set_port h4 access 200
	ip -n "$sw" -b - <<-END
		link add link vs0 name vs0.100 up type vlan id 100
		link add link vs0 name vs0.200 up type vlan id 200
		addr add 192.0.2.254/24 dev vs0.100
		addr add 198.51.100.254/24 dev vs0.200
	END
	in_ns "$sw" sysctl -qw net.ipv4.ip_forward=1
	ip -n "$h1" route add 198.51.100.0/24 via 192.0.2.254
	ip -n "$h4" addr add 198.51.100.4/24 dev eth0
	ip -n "$h4" route add 192.0.2.1/32 via 198.51.100.254
	succeeds in_ns "$h1" ping -q -c 2 -W 5 198.51.100.4
	fails in_ns "$h1" ping -q -c 1 -W 1 192.0.2.4
	ip -n "$sw" link del vs0.100
	ip -n "$sw" link del vs0.200
	ip -n "$h4" addr del 198.51.100.4/24 dev eth0
	log_test "the host routes between VLANs, by VLAN devices on the switch's"
}

# Who wants into another VLAN sends two tags, without end; the others notice nothing.
hopper()
{
	local before

	as_drawn
	set_port h1 access 100
	set_port h2 access 100
	set_port h3 trunk 200 native 100
	set_port h4 access 200
	from h1 "$h2/eth0=1"
	before=$(port_drops "$sw" h2 vlan-nested)
	bg frame -i "$h1/eth0" -s "$A" -v 100 -v 200 -c 0 -p 100000
	from h2 -d 02:00:00:00:00:01 -c 2000 -p 10000 "$h1/eth0=2000" "$h3/eth0=0" "$h4/eth0=0"
	succeeds frame -i "$h3/eth0" -s "$M3" -v 200 -c 500 -p 10000 "$h4/eth0@=500" "$h1/eth0=0"
	kill $!
	wait $! 2>/dev/null
	expect_ge "$(port_drops "$sw" h2 vlan-nested)" $((before + 50)) "vlan-nested drops"
	from h1 -v 100 -v 200 -c 50 "$h2/eth0=0" "$h3/eth0=0" "$h4/eth0=0"
	log_test "a VLAN hopper with two tags gets nowhere, and his neighbours lose nothing"
}

run_tests
