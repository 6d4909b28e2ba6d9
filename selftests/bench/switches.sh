# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # row.sh and places.sh assign the others
#
# The switches that are compared, each by three functions:
#
#   KIND_new        makes one in the namespace $sw
#   KIND_port DEV   adds a device to it; the first is where the frames come from
#   KIND_to MAC DEV frames to MAC go out of DEV
#   KIND_forget NETNS  it forgets all that it has learned, if it learns
#
# $vlan is empty, "untagged": the switch filters by VLAN, all ports are in its
# default one; or "tagged": frames come in with the tag of VLAN 10.

# Seconds until a MAC is forgotten, far more than a row takes: a clock that jumps
# to the next timer while the machine waits for a file makes minutes of moments.
ageing=1000000

# first DEV: is it the first port of this switch? It stays in $first_port.
first()
{
	first_port=${first_port:-$1}
	[ "$first_port" = "$1" ]
}

bridge_new()
{
	ip -n "$sw" link add sw0 type bridge mcast_snooping 0 ageing_time "${ageing}00" ${vlan:+vlan_filtering 1} &&
		ip -n "$sw" link set sw0 up
}

bridge_port()
{
	ip -n "$sw" link set "$1" master sw0 up || return
	[ "$vlan" = tagged ] || return 0
	bridge -n "$sw" vlan del dev "$1" vid 1 || return
	if first "$1" || [ "$tag_out" = 1 ]; then
		bridge -n "$sw" vlan add dev "$1" vid 10
	else
		bridge -n "$sw" vlan add dev "$1" vid 10 pvid untagged
	fi
}

bridge_to()
{
	local vid=

	case $vlan in
	untagged) vid=1 ;;
	tagged) vid=10 ;;
	esac
	bridge -n "$sw" fdb replace "$1" dev "$2" master static ${vid:+vlan "$vid"}
}

bridge_forget()
{
	ip -n "$1" link set sw0 type bridge fdb_flush
}

vswitch_new()
{
	vsw -n "$sw" switch add sw0 ageing "$ageing" fdb-max 0 || return
	[ -z "$vlan" ] || vsw -n "$sw" switch set sw0 vlan-filtering on
}

vswitch_port()
{
	vsw -n "$sw" port add "$1" switch sw0 || return
	[ "$vlan" = tagged ] || return 0
	if first "$1" || [ "$tag_out" = 1 ]; then
		vsw -n "$sw" port set "$1" trunk 10
	else
		vsw -n "$sw" port set "$1" access 10
	fi
}

vswitch_to()
{
	local vid=

	case $vlan in
	untagged) vid=1 ;;
	tagged) vid=10 ;;
	esac
	vsw -n "$sw" fdb add "$1" dev "$2" static ${vid:+vlan "$vid"}
}

vswitch_forget()
{
	vsw -n "$1" fdb flush switch sw0
}

# The same switch with adapters of its own: add_container makes them, as ports
# already. It learns where their MACs are from a frame. NICs are ports as ever.
vnic_new()
{
	vswitch_new && ip -n "$sw" link set sw0 up
}

vnic_port()
{
	if [ -z "${netns_of[$1]-}" ]; then
		vswitch_port "$1"
	elif [ "$vlan" = tagged ]; then
		echo "no name is known by which a vnic gets its VLANs"
		return 1
	fi
}

vnic_to()
{
	in_ns "${netns_of[$2]}" "$here/pktgen.sh" eth0 0 1 "xmit_mode queue_xmit" \
		"dst_mac ff:ff:ff:ff:ff:ff" "src_mac $1" >/dev/null
}

vnic_forget()
{
	vswitch_forget "$1"
}

# One flow, as ovs-vswitchd would put it in for a learning switch.
ovs_new()
{
	ovs_ports=()
	modprobe openvswitch && in_ns "$sw" ovs-dpctl add-dp sw0
}

ovs_port()
{
	ovs_ports+=("$1")
	in_ns "$sw" ovs-dpctl add-if sw0 "$1,port_no=${#ovs_ports[@]}" &&
		ip -n "$sw" link set "$1" up
}

# Frames to the first port come from the second, all others from the first.
ovs_to()
{
	local i match="in_port(1),eth(src=$mac_a,dst=$1)"

	[ "$2" != "${ovs_ports[0]}" ] || match="in_port(2),eth(src=$mac_b,dst=$1)"
	for i in "${!ovs_ports[@]}"; do
		[ "${ovs_ports[i]}" = "$2" ] || continue
		in_ns "$sw" ovs-dpctl add-flow sw0 "$match,eth_type(0x0800),ipv4(frag=no)" "$((i + 1))"
		return
	done
	return 1
}

# No switches, but ways to send all on from the first port to another.
wire_port()
{
	first "$1"
	ip -n "$sw" link set "$1" up
}

mirred_new() { :; }
mirred_port() { wire_port "$1"; }
mirred_to()
{
	tc -n "$sw" qdisc add dev "$first_port" clsact &&
		tc -n "$sw" filter add dev "$first_port" ingress matchall action mirred egress redirect dev "$2"
}

redirect_new() { :; }
redirect_port() { wire_port "$1"; }
redirect_to() { in_ns "$sw" redirect egress "$first_port" "$2"; }

peer_new() { :; }
peer_port() { wire_port "$1"; }
peer_to() { in_ns "$sw" redirect peer "$first_port" "$2"; }

netkit_new() { :; }
netkit_port() { wire_port "$1"; }
netkit_to() { in_ns "$sw" redirect netkit "$first_port" "$2"; }
