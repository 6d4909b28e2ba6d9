#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Actions of flows beyond sending and rewriting: outputs to the port that a field says,
# refusals, samples, copies to mirrors and flows that are learned. The topology is
# the star of lib.sh with three hosts.

# shellcheck disable=SC2317,SC2154
ALL_TESTS="outputs_by_field refusals refusals_bounded samples mirrors learned
	learned_with_limits learned_expires refused"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=vlan_lib.sh
. "$(dirname "$0")/vlan_lib.sh"

require_command jq python3 ethtool
require_vswitch
load_kind veth
star h1 h2 h3 || exit 1
more=$(dirname "$0")/flow_more.py
# The checksums of answers are made here and not left to others.
in_ns "$sw" ethtool -K h1 tx off >/dev/null

# add FLOW...: and no other
add()
{
	printf '%s\n' "$@" | succeeds vsw -n "$sw" flow replace vs0 -
}

# refuses WORDS FLOW
refuses()
{
	local said

	if said=$(vsw -n "$sw" flow add vs0 "$2" 2>&1); then
		check_err 1 "'$2' is taken"
	fi
	[[ $said == *"$1"* ]]
	check_err $? "'$2': $said"
}

number()
{
	vsw -j -n "$sw" port show "$1" | jq .[0].number
}

outputs_by_field()
{
	local h1_number h2_number h3_number

	h1_number=$(number h1)
	h2_number=$(number h2)
	h3_number=$(number h3)
	add "in_port=h1,actions=load:$h2_number->NXM_NX_REG0[0..15],load:0xffff->NXM_NX_REG0[16..31],output:NXM_NX_REG0[0..15]" \
		"in_port=h2,actions=load:$h3_number->NXM_NX_REG3[4..19],output:NXM_NX_REG3[4..19],output:NXM_OF_IN_PORT[],h1"
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=0" "$sw/vs0=0"
	from h2 -c 3 "$h1/eth0=3" "$h3/eth0=3" "$h2/eth0=0"
	add "in_port=h1,actions=load:$h1_number->NXM_NX_REG0[],output:NXM_NX_REG0[]" \
		"in_port=h2,actions=load:777->NXM_NX_REG0[],output:NXM_NX_REG0[]" \
		"in_port=h3,actions=load:0xffffffff->NXM_NX_REG0[],output:NXM_NX_REG0[]"
	drops h1 same-port 3 from h1 -c 3 "$h1/eth0=0" "$h2/eth0=0"
	drops h2 flow-no-port 3 from h2 -c 3 "$h1/eth0=0" "$h3/eth0=0"
	drops h3 flow-no-port 3 from h3 -c 3 "$h1/eth0=0" "$h2/eth0=0"
	log_test "outputs to the port whose number a field has"
}

refusals()
{
	local counted

	add "in_port=h1,actions=reject"
	counted=$("$more" reject "$h1" 2>"$dir/wrong")
	check_err $? "$(head -c 2000 "$dir/wrong")"
	expect_eq "$(port_drops "$sw" h1 flow-reject)" "$counted" "refused packets"
	add "in_port=h1,actions=h2,reject"
	drops h1 flow-reject 3 from h1 -c 3 "$h2/eth0=3" "$h3/eth0=0"
	log_test "refused packets are answered as their protocols say, or not at all"
}

refusals_bounded()
{
	local said

	add "in_port=h1,actions=reject"
	said=$("$more" flood "$h1" 4000)
	check_err $? "$said"
	log_test "there is a bound on answers"
}

samples()
{
	local said told

	add "in_port=h1,actions=sample(rate=1,group=7),h2"
	said=$("$more" sample "$h1" "$sw" 7 9999)
	check_err $? "$said"
	add "in_port=h1,actions=sample(rate=1,group=8,max_len=64),h2"
	said=$("$more" sample "$h1" "$sw" 8 64)
	check_err $? "$said"
	from h1 -c 3 "$h2/eth0=3"
	add "in_port=h1,actions=sample(rate=10,group=8)"
	# shellcheck disable=SC2016 # for eval
	drops h1 flow-drop 2000 eval 'told=$("$more" sampled "$h1" "$sw" 2000)'
	((told >= 120 && told <= 290))
	check_err $? "$told samples, and not about one of ten of 2000"
	log_test "samples are told of by psample"
}

mirror()
{
	vsw -n "$sw" mirror "$@"
}

mirrors()
{
	succeeds mirror add m switch vs0 to dev h3
	add "in_port=h1,actions=mirror:m,h2" "in_port=h2,actions=mod_vlan_vid:10,mirror:m"
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=3"
	drops h2 flow-drop 3 from h2 -c 3 "$h3/eth0@10=3" "$h1/eth0=0"
	expect_eq "$(first_values '.stats["tx-packets"]' "$(vsw -j -s -n "$sw" mirror show m)")" 6 \
		"copies"
	succeeds mirror del m
	succeeds mirror add n switch vs0 to dev h3
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=0"
	refuses "no mirror" "actions=mirror:m"
	succeeds mirror del n
	succeeds mirror add m switch vs0 to dev h3
	from h1 -c 3 "$h2/eth0=3" "$h3/eth0=3"
	succeeds mirror del m
	log_test "copies go to a mirror as long as there is one of this name"
}

# learned N: flows of table 1 are there
learned_are()
{
	[ "$(vsw -j -n "$sw" flow show vs0 table=1 | jq '[.[] | select(.table == 1)] | length')" = "$1" ]
}

learned()
{
	add "table=0,in_port=h1,actions=learn(table=1,priority=10,cookie=0x77,idle_timeout=600,limit=100,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],load:0x5->NXM_NX_REG0[0..3],output:NXM_OF_IN_PORT[]),h2" \
		"table=0,in_port=h2,actions=resubmit(,1)" "table=0,in_port=h3,actions=resubmit(,1)"
	drops h2 flow-miss 2 from h2 -d 02:00:00:00:00:01 -c 2 "$h1/eth0=0" "$h3/eth0=0"
	from h1 -c 3 "$h2/eth0=3"
	busywait "$WAIT" learned_are 1
	check_err $? "nothing is learned"
	from h2 -d 02:00:00:00:00:01 -c 2 "$h1/eth0=2" "$h3/eth0=0"
	from h3 -d 02:00:00:00:00:01 -c 2 "$h1/eth0=2" "$h2/eth0=0"
	drops h3 flow-miss 2 from h3 -d 02:00:00:00:00:02 -c 2 "$h1/eth0=0"
	vsw -n "$sw" flow show vs0 "cookie=0x77/-1" | grep -q "load:0x5->NXM_NX_REG0\[0..3\]\|reg0"
	check_err $? "what is set is not shown"
	succeeds vsw -n "$sw" flow delete vs0 table=1
	from h1 -c 3 "$h2/eth0=3"
	busywait "$WAIT" learned_are 1
	check_err $? "it is not learned again"
	vsw -n "$sw" flow save vs0 >"$dir/saved"
	succeeds vsw -n "$sw" flow replace vs0 "$dir/saved"
	from h3 -d 02:00:00:00:00:01 -c 2 "$h1/eth0=2"
	add "in_port=h3,actions=h1"
	learned_are 0
	check_err $? "what was learned is not replaced"
	log_test "flows are learned from packets"
}

learned_with_limits()
{
	local i

	add "table=0,dl_type=0x88b5,actions=learn(table=1,limit=5,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[])"
	for i in {10..21}; do
		frame -i "$h1/eth0" -s "02:00:00:00:aa:$i"
	done
	busywait "$WAIT" learned_are 5
	check_err $? "as many as may be are not learned"
	sleep 0.2
	learned_are 5
	check_err $? "more are learned"
	succeeds vsw -n "$sw" flow delete vs0 "table=1,dl_dst=02:00:00:00:aa:10"
	frame -i "$h1/eth0" -s 02:00:00:00:aa:21
	busywait "$WAIT" learned_are 5
	check_err $? "there is no room again"
	log_test "an action learns no more than its limit"
}

learned_expires()
{
	local i

	add "table=0,in_port=h1,actions=learn(table=1,hard_timeout=2,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[])"
	for i in {1..7}; do
		frame -i "$h1/eth0" -s 02:00:00:00:aa:01
		sleep 0.5
	done
	expect_ge "$(vsw -j -n "$sw" flow show vs0 table=1 | jq '.[0].duration // 0')" 3000 \
		"age of what is heard again and again, in ms"
	busywait $((WAIT + 2)) learned_are 0
	check_err $? "it stays"
	log_test "what is learned stays as long as it is heard"
}

refused()
{
	refuses "eth-type" "actions=learn(table=1,NXM_OF_IP_SRC[]=NXM_OF_ETH_SRC[0..31])"
	refuses "eth-type" "actions=learn(table=1,eth_type=0x800,NXM_OF_IP_DST[])"
	refuses "last action" "actions=reject,h2"
	refuses "1 to 32 bits" "actions=output:NXM_OF_ETH_SRC[]"
	refuses "eth-type" "actions=output:NXM_OF_IP_SRC[]"
	log_test "what cannot be is refused with a sentence"
}

dir=$(mktemp -d)
defer rm -rf "$dir"
run_tests
