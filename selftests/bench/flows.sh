# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # guest.sh, places.sh and switches.sh assign the others
# shellcheck disable=SC2034 # guest.sh reads the others
#
# Flows: what a frame costs that they decide about, with few of them and many.
#
# Flow number i is for the source 10.0.0.1 + i, UDP to 10.0.0.2 and port 9, by mask i % M:
# of the destination's address and port the mask leaves out other bits each time. The lower
# the mask's number, the lower is the priority, so that the first source's flow is the last
# that a search without a memory finds. Open vSwitch's kernel half has no priorities: it
# gets the same masks in the order in which they are here.

# flow_words N M BITS: "i, source, bits of it, destination, mask, port, mask" for each flow
flow_words()
{
	# shellcheck disable=SC2016 # awk's
	awk -v n="$1" -v m="$2" -v bits="$3" '
	function address(a) {
		return int(a / 16777216) "." int(a / 65536) % 256 "." int(a / 256) % 256 "." a % 256
	}
	BEGIN {
		for (i = 0; i < n; i++) {
			mask = i % m
			short = mask % 8
			source = 167772160 + (bits < 32 ? i * 2 ^ (32 - bits) : i + 1)
			to = 167772162
			to -= to % 2 ^ short
			port = 9
			cut = int(mask / 8)
			port -= port % 2 ^ cut
			printf "%d %s %d %s %d %d %d\n", i, address(source), bits, address(to),
				32 - short, port, 65536 - 2 ^ cut
		}
	}' </dev/null
}

# vswitch_flow_words N M BITS: one flow a line, as "vsw flow load" takes it
vswitch_flow_words()
{
	flow_words "$@" | awk -v m="$2" '{
		printf "priority=%d,udp,in_port=1,nw_src=%s/%d,nw_dst=%s/%d,tp_dst=%d/0x%x,actions=output:2\n",
			1000 + $1 % m, $2, $3, $4, $5, $6, $7
	}'
}

vswitch_flows()
{
	vswitch_flow_words "$@" >/tmp/flows &&
		vsw -n "$sw" flow replace sw0 /tmp/flows >/dev/null && rm /tmp/flows
}

# ovs_flow_words N M BITS: what the daemon would put in for the same, for "ovs-dpctl add-flows"
ovs_flow_words()
{
	flow_words "$@" | awk '
	function dotted(bits,    a) {
		a = 4294967296 - 2 ^ (32 - bits)
		return int(a / 16777216) "." int(a / 65536) % 256 "." int(a / 256) % 256 "." a % 256
	} {
		printf "in_port(1),eth(),eth_type(0x0800),ipv4(src=%s/%s,dst=%s/%s,proto=17,frag=no),udp(dst=%d/0x%x) 2\n",
			$2, dotted($3), $4, dotted($5), $6, $7
	}'
}

ovs_flows_of()
{
	ovs_flow_words "$@" >/tmp/flows &&
		in_ns "$sw" ovs-dpctl add-flows sw0 /tmp/flows >/dev/null && rm /tmp/flows
}

# two_ports SWITCH: from d1 to d2, and d3 must not see any of it
two_ports()
{
	switch=$1
	tag_out=1
	"${switch}_new" &&
		add_nic d1 && "${switch}_port" d1 &&
		add_nic d2 && "${switch}_port" d2 &&
		add_nic d3 && "${switch}_port" d3 || return
	arrive=("tx $sw d2")
	silent=("tx $sw d3")
}

# flow vswitch|ovs: one flow, from a port to a port
place_flow()
{
	two_ports "$1" || return
	if [ "$1" = ovs ]; then
		in_ns "$sw" ovs-dpctl add-flow sw0 "in_port(1),eth(),eth_type(0x0800),ipv4(frag=no)" 2 || return
	else
		vsw -n "$sw" flow add sw0 in_port=1,actions=output:2 || return
	fi
	generate "$sw" d1 "xmit_mode netif_receive" "dst_mac $mac_b" "src_mac $mac_a"
}

# Sources 10.0.0.1 and following, $1 of them, at random; or "zipf:N" of them, by that law.
sources()
{
	local last

	if [[ $1 = zipf:* ]]; then
		echo "zipf ${1#*:}"
		return
	fi
	last=$((167772160 + $1))

	printf '%s\n' "src_min 10.0.0.1" \
		"src_max $((last >> 24)).$((last >> 16 & 255)).$((last >> 8 & 255)).$((last & 255))"
	[ "$1" -eq 1 ] || echo "flag IPSRC_RND"
}

# flows vswitch|ovs FLOWS MASKS [zipf:]SOURCES [BITS]: frames from so many sources, where each
# flow is for one, or for all that have the same BITS
place_flows()
{
	local -a options

	mapfile -t options < <(sources "$4")
	two_ports "$1" || return
	if [ "$1" = ovs ]; then
		ovs_flows_of "$2" "$3" "${5-32}" || return
	else
		vswitch_flows "$2" "$3" "${5-32}" || return
	fi
	generate "$sw" d1 "xmit_mode netif_receive" "dst_mac $mac_b" "src_mac $mac_a" "${options[@]}"
}

# floor_sources [zipf:]N: the generator when it chooses one of many sources
place_floor_sources()
{
	local -a options

	mapfile -t options < <(sources "$1")
	add_nic d1 || return
	arrive=("tx $sw d1")
	generate "$sw" d1 "xmit_mode start_xmit" "dst_mac $mac_b" "src_mac $mac_a" "${options[@]}"
}
