/* SPDX-License-Identifier: GPL-2.0 */
/* The way of the usual frame out of the switch; all others are forward.c's. */
#ifndef _VSWITCH_FORWARD_H
#define _VSWITCH_FORWARD_H

#include "vlan.h"

rx_handler_result_t vsw_forward_unusual(struct vsw_port *in, struct vsw_port *out,
					struct sk_buff *skb, u16 vid);
rx_handler_result_t vsw_flood(struct vsw_port *in, struct sk_buff *skb,
			      u16 vid, unsigned long flood_flag);
rx_handler_result_t vsw_deliver(struct vsw_port *out, struct sk_buff *skb);
rx_handler_result_t vsw_deliver_pair(struct vsw_port *out, struct sk_buff *skb);
rx_handler_result_t vsw_deliver_vnic(const struct vsw_port *in,
				     struct vsw_port *out, struct sk_buff *skb);
rx_handler_result_t vsw_deliver_vnic_sent(struct vsw_port *out, struct sk_buff *skb);
rx_handler_result_t vsw_deliver_vnic_received(struct vsw_port *out, struct sk_buff *skb);

static __always_inline bool vsw_is_promisc(const struct vsw_switch *sw)
{
	return sw->dev->flags & IFF_PROMISC;
}

/*
 * @in's frames come from the core, who takes what is for another device from us
 * and goes on with it at once. What our own devices send comes from its sender,
 * whose locks may be held: it waits in a queue.
 */
static __always_inline bool vsw_is_received(const struct vsw_port *in)
{
	return !(in->flags & (VSW_PORT_HOST | VSW_PORT_VNIC));
}

/* Whose frames they are, for who knows it when it is compiled. */
enum vsw_origin {
	VSW_FROM_ANYBODY,
	VSW_FROM_RECEIVER,
	VSW_FROM_VNIC,
};

/*
 * Send @skb, which came by @in, out of @out, which has @flags, the cheapest way.
 * Takes it unless it returns ANOTHER.
 */
static __always_inline rx_handler_result_t vsw_deliver_original(const struct vsw_port *in,
								struct vsw_port *out,
								struct sk_buff *skb, u16 vid,
								unsigned long flags,
								enum vsw_origin origin)
{
	if (vid)
		vsw_vlan_dress(out, skb, vid);
	if (origin == VSW_FROM_ANYBODY && vsw_is_received(in))
		origin = VSW_FROM_RECEIVER;
	if (flags & VSW_PORT_VNIC) {
		if (origin == VSW_FROM_RECEIVER)
			return vsw_deliver_vnic_received(out, skb);
		if (origin == VSW_FROM_VNIC)
			return vsw_deliver_vnic_sent(out, skb);
		return vsw_deliver_vnic(in, out, skb);
	}
	if ((flags & VSW_PORT_PAIR) && origin == VSW_FROM_RECEIVER)
		return vsw_deliver_pair(out, skb);
	return vsw_deliver(out, skb);
}

/*
 * Send @skb, of VLAN @vid or 0 for none, out of @out. Takes it unless it returns
 * ANOTHER. Under RCU with BH off.
 */
static __always_inline rx_handler_result_t vsw_forward(struct vsw_port *in,
						       struct vsw_port *out,
						       struct sk_buff *skb, u16 vid,
						       enum vsw_origin origin)
{
	const unsigned long asked = VSW_PORT_FORWARDING | VSW_PORT_HOST | VSW_PORT_ISOLATED;
	unsigned long flags = READ_ONCE(out->flags);

	if (unlikely((flags & asked) != VSW_PORT_FORWARDING ||
		     in == out || vsw_is_promisc(in->sw)))
		return vsw_forward_unusual(in, out, skb, vid);
	if (vid && unlikely(!vsw_vlan_is_member(out, vid)))
		return vsw_forward_unusual(in, out, skb, vid);
	return vsw_deliver_original(in, out, skb, vid, flags, origin);
}

#endif /* _VSWITCH_FORWARD_H */
