#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A VLAN device as a port: what is in the VLAN of the trunk is untagged in the
# switch, with reorder_hdr on (the default) and off.
#
#   +-- $far ---+   +-- $sw ----------------------------+   +-- $near ---+
#   |      eth0 ----- trunk -- trunk.5 --- vs0 --- near ------- eth0     |
#   +-----------+   +-----------------------------------+   +------------+

# shellcheck disable=SC2317
ALL_TESTS="tag_taken_off tag_put_on other_vlans_stay_out"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

require_command jq tcpdump
require_vswitch
load_kind veth 8021q

setup_ns far near
star near
# shellcheck disable=SC2154  # star and setup_ns assigned them
: "$sw" "$far" "$near"
ip -n "$sw" -b - <<-END || exit 1
	link add trunk type veth peer name eth0 netns $far
	link set trunk up
	link add link trunk name trunk.5 type vlan id 5
	link set trunk.5 master vs0 up
END
ip -n "$far" link set eth0 up
busywait "$WAIT" carrier "$sw" trunk.5

reorder()
{
	succeeds ip -n "$sw" link set trunk.5 type vlan id 5 reorder_hdr "$1"
}

# arrives NS FILTER: the next 3 frames that frame(1) sends match it. Its own
# check does not foresee that a tag comes or goes on the way.
arrives()
{
	local ns=$1 filter=$2 log

	shift 2
	log=$(mktemp)
	bg timeout "$WAIT" ip netns exec "$ns" tcpdump -i eth0 -nn -c 3 "$filter" \
		2>"$log" >/dev/null
	wait_for grep -q "listening on" "$log"
	"$@" >/dev/null
	wait "${bg_list[-1]}"
	check_err $? "no frame arrived that is '$filter'"
	rm "$log"
}

tag_taken_off()
{
	local mode

	for mode in on off; do
		reorder "$mode"
		arrives "$near" "ether proto 0x88b5" \
			frame -i "$far/eth0" -s 02:00:00:00:00:77 -v 5 -c 3
		log_test "a frame comes in without its tag, reorder_hdr $mode"
	done
}

tag_put_on()
{
	local mode

	for mode in on off; do
		reorder "$mode"
		arrives "$far" "vlan 5 and ether proto 0x88b5" \
			frame -i "$near/eth0" -s 02:00:00:00:00:01 -c 3
		log_test "a frame leaves with the tag, reorder_hdr $mode"
	done
}

other_vlans_stay_out()
{
	succeeds frame -i "$far/eth0" -v 6 -c 5 "$near/eth0=0"
	succeeds frame -i "$far/eth0" -c 5 "$near/eth0=0"
	log_test "frames of another VLAN and untagged ones don't come in"
}

run_tests
