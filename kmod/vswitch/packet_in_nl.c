// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of packets for who listens, which are only ever sent: packet-in-ntf.
 */
#include "flow_nl.h"

static int put_port(struct sk_buff *skb, const struct vsw_packet_in_event *event)
{
	if (nla_put_u32(skb, VSWITCH_A_PACKET_IN_SWITCH_IFINDEX, event->switch_ifindex) ||
	    nla_put_string(skb, VSWITCH_A_PACKET_IN_SWITCH_NAME, event->switch_name) ||
	    nla_put_u32(skb, VSWITCH_A_PACKET_IN_PORT_NUMBER, event->port_number) ||
	    nla_put_u32(skb, VSWITCH_A_PACKET_IN_PORT_IFINDEX, event->port_ifindex) ||
	    nla_put_string(skb, VSWITCH_A_PACKET_IN_PORT_NAME, event->port_name))
		return -EMSGSIZE;
	return 0;
}

int vsw_nl_fill_packet_in(struct sk_buff *skb, const struct vsw_packet_in_event *event)
{
	const struct vsw_packet_in *packet = &event->packet;

	if (put_port(skb, event) ||
	    nla_put_u8(skb, VSWITCH_A_PACKET_IN_TABLE, packet->table) ||
	    nla_put_u8(skb, VSWITCH_A_PACKET_IN_REASON, packet->reason) ||
	    nla_put_u64_64bit(skb, VSWITCH_A_PACKET_IN_TIME, event->time,
			      VSWITCH_A_PACKET_IN_PAD) ||
	    nla_put_u32(skb, VSWITCH_A_PACKET_IN_LENGTH, event->length) ||
	    nla_put(skb, VSWITCH_A_PACKET_IN_FRAME, event->captured, event->data))
		return -EMSGSIZE;
	if (packet->reason != VSWITCH_PACKET_IN_REASON_MISS &&
	    nla_put_u64_64bit(skb, VSWITCH_A_PACKET_IN_COOKIE, packet->cookie,
			      VSWITCH_A_PACKET_IN_PAD))
		return -EMSGSIZE;
	if (packet->userdata_len &&
	    nla_put(skb, VSWITCH_A_PACKET_IN_USERDATA, packet->userdata_len, packet->userdata))
		return -EMSGSIZE;
	if (packet->lost && nla_put_u32(skb, VSWITCH_A_PACKET_IN_LOST, packet->lost))
		return -EMSGSIZE;
	return 0;
}
