#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# flow_add.sh [FLOWS [ROUNDS]]: how many flows a second are added, by turns to our switch
# in batches and to Open vSwitch's kernel half, 32 masks, and what of that is the command's
# own reading and writing of words. For a kernel that runs natively (bench.sh flow-add).
# The fastest of all rounds counts. Exits 1 when ours are not FLOW_ADD_BAR [300000] a
# second, or not three times as many.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$here/../lib.sh"
# shellcheck source-path=SCRIPTDIR
. "$here/flows.sh"

flows=${1:-100000}
rounds=${2:-5}
bar=${FLOW_ADD_BAR:-300000}

modprobe vswitch && modprobe openvswitch || exit 1
setup_ns sw
# shellcheck disable=SC2154 # setup_ns assigns it
ip -n "$sw" link add d1 type dummy && ip -n "$sw" link add d2 type dummy || exit 1
vsw -n "$sw" switch add sw0 && vsw -n "$sw" port add d1 switch sw0 &&
	vsw -n "$sw" port add d2 switch sw0 || exit 1
in_ns "$sw" ovs-dpctl add-dp ovs0 || exit 1

vswitch_flow_words "$flows" 32 32 >/tmp/ours
# The kernel half knows no port without a device.
ovs_flow_words "$flows" 32 32 | sed 's/ 2$/ 0/; s/in_port(1)/in_port(0)/' >/tmp/theirs

# timed VARIABLE COMMAND...: the least milliseconds so far
timed()
{
	local -n least=$1
	local from=${EPOCHREALTIME/./} now

	shift
	"$@" >/tmp/said 2>&1 || {
		tail -n 3 /tmp/said
		echo "failed: $*"
		exit 1
	}
	now=$(((${EPOCHREALTIME/./} - from) / 1000))
	[ -n "$least" ] && [ "$least" -le "$now" ] || least=$now
}

ours='' theirs='' words=''
for ((round = 0; round < rounds; round++)); do
	timed ours vsw -n "$sw" flow load sw0 /tmp/ours
	[ "$(vsw -n "$sw" -j flow table show sw0 | jq 'map(.flows) | add')" = "$flows" ] || {
		echo "not all flows are there"
		exit 1
	}
	timed words vsw -n "$sw" flow check sw0 /tmp/ours
	vsw -n "$sw" flow del sw0 || exit 1
	timed theirs in_ns "$sw" ovs-dpctl add-flows ovs0 /tmp/theirs
	in_ns "$sw" ovs-dpctl del-flows ovs0 || exit 1
done

# rate MILLISECONDS: flows a second
rate()
{
	echo $((flows * 1000 / ($1 > 0 ? $1 : 1)))
}
printf '%-40s %9d flows a second (%d ms)\n' "vswitch, vsw flow load" "$(rate "$ours")" "$ours" \
	"Open vSwitch, ovs-dpctl add-flows" "$(rate "$theirs")" "$theirs"
echo "of our time, reading the file and making messages of it: $words ms"
[ "$(rate "$ours")" -ge "$bar" ] && [ "$ours" -le $((theirs / 3)) ]
