#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Private VLANs: who gets which frames, with which tags, and what is stopped, for which
# reason. The topology is the star of lib.sh, every second adapter a vnic:
#
#   h1:eth0 --- access 101, isolated --+-----+--- access 102, community --- h3:eth0
#   h2:eth0 --- access 101, isolated --| vs0 |--- access 102, community --- h4:eth0
#                                      |     |--- access 103, community --- h5:eth0
#   the host --- access 1 -------------+-----+--- access 100, promiscuous - h6:eth0
#                                         |------ trunk 100-103 ----------- h7:eth0

# shellcheck disable=SC2317
ALL_TESTS="isolated community promiscuous trunk router host locals known refused
	at_once changed filtering_off groups guarded nested"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=vlan_lib.sh
. "$(dirname "$0")/vlan_lib.sh"

require_command jq
require_vswitch
load_kind veth 8021q
ADAPTERS=mixed star h1 h2 h3 h4 h5 h6 h7 || exit 1
# shellcheck disable=SC2154
: "$sw" "$h1" "$h2" "$h3" "$h4" "$h5" "$h6" "$h7"
vsw -n "$sw" switch set vs0 vlan-filtering on

M=02:00:00:00:00:0
drawn=none

private()
{
	succeeds vsw -n "$sw" vlan private "$@" switch vs0
}

# as_drawn: the ports are what the picture says, and nothing is learned
as_drawn()
{
	local now

	now=$(vsw -n "$sw" vlan private show)
	if [ "$now" != "$drawn" ]; then
		{
			vsw -n "$sw" -j vlan private show |
				jq -r '.[] | "vlan private del \(.secondary) switch vs0"'
			echo "vlan private add 100 101 isolated switch vs0"
			echo "vlan private add 100 102 community switch vs0"
			echo "vlan private add 100 103 community switch vs0"
		} | vsw -n "$sw" -b -
		check_err $? "the private VLANs"
		drawn=$(vsw -n "$sw" vlan private show)
	fi
	vsw -n "$sw" -b - > /dev/null <<-END
		port set h1 access 101
		port set h2 access 101
		port set h3 access 102
		port set h4 access 102
		port set h5 access 103
		port set h6 access 100
		port set h7 trunk 100-103
		port set vs0 access 1
		fdb flush switch vs0
	END
	check_err $? "the ports"
}

# nobody_but HOST...: the other hosts, as receivers of nothing
nobody_but()
{
	local host

	for host in h1 h2 h3 h4 h5 h6 h7; do
		[[ " $* " == *" $host "* ]] || echo "${!host}/eth0=0"
	done
}

isolated()
{
	as_drawn
	# shellcheck disable=SC2046
	from h1 -c 2 "$h6/eth0@=2" "$h7/eth0@101=2" "$sw/vs0=0" $(nobody_but h1 h6 h7)
	# shellcheck disable=SC2046
	from h2 -v 0 -c 2 "$h6/eth0@=2" "$h7/eth0@101=2" $(nobody_but h2 h6 h7)
	log_test "who is isolated reaches promiscuous ports and trunks, and nobody else"
}

community()
{
	as_drawn
	# shellcheck disable=SC2046
	from h3 -c 2 "$h4/eth0@=2" "$h6/eth0@=2" "$h7/eth0@102=2" $(nobody_but h3 h4 h6 h7)
	# shellcheck disable=SC2046
	from h5 -c 2 "$h6/eth0@=2" "$h7/eth0@103=2" $(nobody_but h5 h6 h7)
	log_test "a community reaches its own, promiscuous ports and trunks"
}

promiscuous()
{
	as_drawn
	from h6 -c 2 "$h1/eth0@=2" "$h2/eth0@=2" "$h3/eth0@=2" "$h4/eth0@=2" "$h5/eth0@=2" \
		"$h7/eth0@100=2" "$sw/vs0=0"
	log_test "what a promiscuous port sends reaches all"
}

trunk()
{
	as_drawn
	# shellcheck disable=SC2046
	from h7 -v 101 -c 2 "$h6/eth0@=2" $(nobody_but h6 h7)
	# shellcheck disable=SC2046
	from h7 -v 102 -c 2 "$h3/eth0@=2" "$h4/eth0@=2" "$h6/eth0@=2" $(nobody_but h3 h4 h6 h7)
	from h7 -v 100 -c 2 "$h1/eth0@=2" "$h2/eth0@=2" "$h3/eth0@=2" "$h5/eth0@=2" "$h6/eth0@=2"
	set_port h6 trunk 101,103
	# shellcheck disable=SC2046
	from h7 -v 101 -c 2 "$h6/eth0@101=2" $(nobody_but h6 h7)
	# shellcheck disable=SC2046
	from h3 -c 2 "$h4/eth0=2" "$h7/eth0@102=2" $(nobody_but h3 h4 h7)
	log_test "tags of secondary VLANs on trunks say who sent it behind another switch"
	set_port h7 trunk 100-103 vlan-map 900:101
	from h1 -c 2 "$h7/eth0@900=2"
	set_port h7 vlan-map none
	log_test "... translated ones, too"
}

# A router has a trunk that knows nothing of the secondary VLANs.
router()
{
	as_drawn
	set_port h6 trunk 1,100
	from h1 -c 2 "$h6/eth0@100=2" "$h2/eth0=0"
	from h3 -v 0xe000 -c 2 "$h6/eth0@0xe064=2" "$h4/eth0@=2"
	from h7 -v 0xa065 -c 2 "$h6/eth0@0xa064=2" "$h1/eth0=0"
	from h6 -v 100 -c 2 "$h1/eth0@=2" "$h3/eth0@=2" "$h7/eth0@100=2"
	log_test "a promiscuous trunk has the tag of the primary VLAN"
}

host()
{
	as_drawn
	set_port vs0 access 100
	from h1 -c 2 "$sw/vs0@=2" "$h2/eth0=0"
	succeeds frame -i "$sw/vs0" -s 02:00:00:00:00:0a -c 2 "$h1/eth0=2" "$h3/eth0=2" "$h7/eth0@100=2"
	set_port vs0 access 101
	from h1 -c 2 "$sw/vs0=0" "$h6/eth0=2"
	from h6 -c 2 "$sw/vs0@=2"
	succeeds frame -i "$sw/vs0" -s 02:00:00:00:00:0a -c 2 "$h6/eth0=2" "$h7/eth0@101=2" "$h1/eth0=0"
	ip -n "$sw" link add link vs0 name vs0.100 up type vlan id 100
	set_port vs0 trunk 100
	from h1 -c 2 "$sw/vs0.100=2" "$h2/eth0=0"
	ip -n "$sw" link del vs0.100
	log_test "the host as a promiscuous and as an isolated port"
}

# The host's own addresses are the host's wherever it has a part of the private VLAN.
locals()
{
	local mac

	as_drawn
	mac=$(switch_json "$sw" vs0 .address)
	set_port vs0 access 100
	from h1 -d "$mac" -c 2 "$sw/vs0=2" "$h6/eth0=0"
	set_port vs0 access 101
	drops h1 private-vlan 2 from h1 -d "$mac" -c 2 "$sw/vs0=0" "$h6/eth0=0"
	from h6 -d "$mac" -c 2 "$sw/vs0=2" "$h1/eth0=0"
	log_test "the host's addresses in a private VLAN"
}

known()
{
	local host

	as_drawn
	for host in h1:101 h2:101 h3:102 h4:102 h5:103 h6:100; do
		from "${host%:*}" "$h7/eth0@${host#*:}=1"
	done
	expect_eq "$(vsw -n "$sw" -j fdb show dynamic | jq -c '[.[].vlan] | unique')" "[100]" \
		"VLANs in which addresses were learned"
	from h6 -d "${M}1" -c 3 "$h1/eth0@=3" "$h2/eth0=0" "$h7/eth0=0"
	from h1 -d "${M}6" -c 3 "$h6/eth0@=3" "$h2/eth0=0" "$h7/eth0=0"
	from h3 -d "${M}4" -c 3 "$h4/eth0@=3" "$h6/eth0=0" "$h7/eth0=0"
	from h7 -v 102 -d "${M}3" -c 3 "$h3/eth0@=3" "$h4/eth0=0"
	drops h1 private-vlan 3 from h1 -d "${M}2" -c 3 "$h2/eth0=0" "$h6/eth0=0" "$h7/eth0=0"
	drops h1 private-vlan 3 from h1 -d "${M}3" -c 3 "$h3/eth0=0"
	drops h3 private-vlan 3 from h3 -d "${M}5" -c 3 "$h5/eth0=0" "$h6/eth0=0"
	drops h3 private-vlan 3 from h3 -d "${M}1" -c 3 "$h1/eth0=0"
	drops h7 private-vlan 3 from h7 -v 101 -d "${M}1" -c 3 "$h1/eth0=0"
	from h7 -v 101 -s "${M}9" "$h6/eth0@=1"
	from h6 -d "${M}9" -c 3 "$h7/eth0@100=3" "$h1/eth0=0"
	log_test "addresses are the primary VLAN's, for all of it"
	succeeds vsw -n "$sw" fdb replace 02:00:00:00:00:0b dev h1 vlan 100
	from h6 -d 02:00:00:00:00:0b -c 2 "$h1/eth0@=2" "$h2/eth0=0"
	drops h3 private-vlan 2 from h3 -d 02:00:00:00:00:0b -c 2 "$h1/eth0=0"
	succeeds vsw -n "$sw" fdb del 02:00:00:00:00:0b vlan 100 dev h1
	log_test "... and entries that were made"
}

# says SENTENCE WORD...: vsw does not, for that, and nothing changes
says()
{
	local before out

	before=$(vsw -n "$sw" vlan private show)
	out=$(vsw -n "$sw" "${@:2}" 2>&1)
	check_fail $? "${*:2}"
	[[ $out == *"$1"* ]]
	check_err $? "${*:2} says: $out"
	expect_eq "$(vsw -n "$sw" vlan private show)" "$before" "private VLANs after ${*:2}"
}

refused()
{
	as_drawn
	says "already" vlan private add 100 101 community switch vs0
	says "one primary only" vlan private add 101 200 isolated switch vs0
	says "one primary only" vlan private add 200 100 isolated switch vs0
	says "one primary only" vlan private add 200 200 isolated switch vs0
	says "neither 'isolated' nor 'community'" vlan private add 100 200 lonely switch vs0
	says "'switch SWITCH' is missing" vlan private add 100 200 isolated
	says "4095 is reserved" vlan private add 100 4095 isolated switch vs0
	says "is no secondary one" vlan private del 100 switch vs0
	says "its primary VLAN" fdb add 02:00:00:00:00:0c dev h1 vlan 101
	succeeds vsw -n "$sw" fdb add 02:00:00:00:00:0c dev h1 vlan 200
	says "in a secondary VLAN" vlan private add 100 200 isolated switch vs0
	succeeds vsw -n "$sw" fdb del 02:00:00:00:00:0c dev h1 vlan 200
	succeeds vsw -n "$sw" mdb add dev h1 grp 239.1.2.3 vid 200 permanent
	says "in a secondary VLAN" vlan private add 100 200 isolated switch vs0
	succeeds vsw -n "$sw" mdb del dev h1 grp 239.1.2.3 vid 200
	says "its primary VLAN" binding add dev h1 mac "${M}1" vlan 101
	succeeds vsw -n "$sw" binding add dev h1 mac "${M}1" vlan 200
	says "in a secondary VLAN" vlan private add 100 200 isolated switch vs0
	succeeds vsw -n "$sw" binding del dev h1 mac "${M}1" vlan 200
	private add 100 200 isolated
	log_test "private VLANs that can't be are refused"
}

# Each changes the one that it names, and none loses what another does meanwhile.
at_once()
{
	local i adders=()

	as_drawn
	for i in 1000 2000; do
		printf 'vlan private add 100 %d community switch vs0\n' $(seq "$i" $((i + 9))) |
			vsw -n "$sw" -b - &
		adders+=($!)
	done
	private del 103
	wait "${adders[@]}"
	expect_eq "$(vsw -n "$sw" -j vlan private show | jq '.[].secondary' | xargs)" \
		"101 102 $(seq -s ' ' 1000 1009) $(seq -s ' ' 2000 2009)" "secondary VLANs"
	log_test "private VLANs that several change at once"
}

# Whatever was known before: nothing goes where it may not while they change.
changed()
{
	local i sent

	as_drawn
	private del 101
	from h1 -c 2 "$h2/eth0=2" "$h6/eth0=0" "$h7/eth0@101=2"
	from h2 -d "${M}1" -c 2 "$h1/eth0=2"
	private add 100 101 isolated
	drops h2 no-destination 0 from h2 -d "${M}1" -c 2 "$h1/eth0=0" "$h6/eth0=2"
	private del 101
	private add 100 101 community
	from h2 -c 2 "$h1/eth0=2" "$h6/eth0=2" "$h3/eth0=0"
	log_test "VLANs become private and cease to be, and what was learned is forgotten"
	set_port h1 access 103
	from h1 -c 2 "$h5/eth0=2" "$h6/eth0=2" "$h2/eth0=0"
	from h6 -d "${M}1" -c 2 "$h1/eth0=2" "$h5/eth0=0"
	set_port h1 access 1
	from h1 -c 2 "$sw/vs0=2" "$h5/eth0=0" "$h6/eth0=0"
	from h6 -d "${M}1" -c 2 "$h5/eth0=2"
	log_test "a port changes its part, and leaves"
	as_drawn
	sent=$(port_stat "$sw" h3 tx-packets)
	bg frame -i "$h1/eth0" -s "${M}1" -c 0 -p 500
	for ((i = 0; i < 5; i++)); do
		echo "vlan private del 103 switch vs0"
		echo "vlan private add 100 103 isolated switch vs0"
		echo "vlan private del 103 switch vs0"
		echo "vlan private add 100 103 community switch vs0"
	done | vsw -n "$sw" -b -
	check_err $? "others"
	kill $!
	wait $! 2>/dev/null
	expect_eq "$(port_stat "$sw" h3 tx-packets)" "$sent" "frames to h3"
	log_test "others change under traffic"
}

filtering_off()
{
	as_drawn
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering off
	from h1 -c 2 "$h2/eth0=2" "$h3/eth0=2"
	succeeds vsw -n "$sw" switch set vs0 vlan-filtering on
	from h1 -c 2 "$h2/eth0=0" "$h3/eth0=0" "$h6/eth0=2"
	log_test "without VLAN filtering they wait"
}

# A group is the primary's, and so reaches members wherever they are.
groups()
{
	as_drawn
	succeeds vsw -n "$sw" switch set vs0 mcast-snooping on
	says "in its primary VLAN" mdb add dev h1 grp 239.1.2.3 vid 101 permanent
	succeeds vsw -n "$sw" mdb add dev h1 grp 239.1.2.3 vid 100 permanent
	expect_eq "$(vsw -n "$sw" -j mdb show | jq -c '[.[] | [.["port-name"], .vlan]] | unique')" \
		'[["h1",100]]' "the group"
	succeeds vsw -n "$sw" switch set vs0 mcast-snooping off
	log_test "groups are the primary VLAN's"
}

guarded()
{
	as_drawn
	set_port h1 locked on
	drops h1 locked 2 from h1 -c 2 "$h6/eth0=0"
	succeeds vsw -n "$sw" fdb add "${M}1" dev h1 vlan 100
	from h1 -c 2 "$h6/eth0=2"
	succeeds vsw -n "$sw" fdb del "${M}1" dev h1 vlan 100
	set_port h1 locked off source-guard on
	drops h1 source-mac 2 from h1 -c 2 "$h6/eth0=0"
	succeeds vsw -n "$sw" binding add dev h1 mac "${M}1" vlan 100
	from h1 -c 2 "$h6/eth0=2" "$h2/eth0=0"
	succeeds vsw -n "$sw" binding del dev h1 mac "${M}1" vlan 100
	set_port h1 source-guard off
	log_test "a port's guard knows who is there by the primary VLAN"
}

# Who is isolated can't get to others with a tag of his own choice.
nested()
{
	as_drawn
	drops h1 vlan-ingress 2 from h1 -v 100 -c 2 "$h2/eth0=0" "$h3/eth0=0" "$h6/eth0=0"
	drops h1 vlan-ingress 2 from h1 -v 102 -c 2 "$h3/eth0=0" "$h6/eth0=0"
	drops h6 vlan-nested 2 from h1 -v 101 -v 102 -c 2 "$h6/eth0=0" "$h3/eth0=0" "$h7/eth0@101,102=2"
	log_test "tags do not lead out of a private VLAN"
}

run_tests
