# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # guest.sh and places.sh assign the others
# shellcheck disable=SC2034 # guest.sh reads the others
#
# Many MACs: what it costs to learn them, what they take of the memory, and what
# a frame to one of them costs.

first_mac=02:01:00:00:00:00

# floor_random: the generator when it chooses one of many MACs
place_floor_random()
{
	add_nic d1 || return
	arrive=("tx $sw d1")
	generate "$sw" d1 "xmit_mode start_xmit" "dst_mac $first_mac" "src_mac $mac_a" \
		"dst_mac_count 100000" "flag MACDST_RND"
}

# floor_new: the generator when each frame has another source
place_floor_new()
{
	add_nic d1 || return
	arrive=("tx $sw d1")
	generate "$sw" d1 "xmit_mode start_xmit" "dst_mac $mac_a" "src_mac $first_mac" \
		"src_mac_count 100000"
}

# KiB that the kernel's allocators have given away. What is free says less: some
# megabytes of it come and go by themselves.
memory_used()
{
	settle
	awk '/^(SUnreclaim|VmallocUsed|Percpu):/ { n += $2 } END { print n }' /proc/meminfo
}

# learn NAME: $macs frames from as many sources come in by d2
learn()
{
	local id=learn-$1 forget=${switch}_forget

	arrive=("tx $sw d1")
	silent=("tx $sw d3")
	warmup=0
	count=$macs
	generate "$sw" d2 "xmit_mode netif_receive" "dst_mac $mac_a" "src_mac $first_mac" \
		"src_mac_count $macs" || return
	[ "$macs" -lt 10000 ] || also "$id" "$measured"
}

# One flow for each MAC; this datapath learns nothing by itself.
ovs_flows()
{
	# shellcheck disable=SC2016 # awk's
	awk -v n="$macs" -v src="$mac_a" -v dst="${first_mac%00:00:00}" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "in_port(1),eth(src=%s,dst=%s%02x:%02x:%02x),eth_type(0x0800),ipv4(frag=no) 2\n",
				src, dst, int(i / 65536), int(i / 256) % 256, i % 256
	}' </dev/null >/tmp/flows
	in_ns "$sw" ovs-dpctl add-flows sw0 /tmp/flows
	rm /tmp/flows
}

# sweep SWITCH N
place_sweep()
{
	local empty full name

	switch=$1
	macs=$2
	tag_out=1
	name=$1-$(numfmt --to=si "$2" | sed 's/\.0//; s/K/k/')
	"${switch}_new" &&
		add_nic d1 && "${switch}_port" d1 &&
		add_nic d2 && "${switch}_port" d2 &&
		add_nic d3 && "${switch}_port" d3 || return
	empty=$(memory_used)
	if [ "$switch" = ovs ]; then
		ovs_flows || return
	else
		"${switch}_to" "$mac_a" d1 && learn "$name" || return
	fi
	full=$(memory_used)
	[ "$macs" -lt 100000 ] || also "memory-$name" "$(((full - empty) * 1024 / macs)).0"

	arrive=("tx $sw d2")
	silent=("tx $sw d3")
	warmup=5000
	count=$frames
	generate "$sw" d1 "xmit_mode netif_receive" "dst_mac $first_mac" "src_mac $mac_a" \
		"dst_mac_count $macs" "flag MACDST_RND"
}
