/* SPDX-License-Identifier: GPL-2.0 */
/* The way of the usual frame out of the switch; all others are forward.c's. */
#ifndef _VSWITCH_FORWARD_H
#define _VSWITCH_FORWARD_H

#include "vlan.h"

rx_handler_result_t vsw_forward_unusual(struct vsw_port *in, struct vsw_port *out,
					struct sk_buff *skb, u16 vid);
rx_handler_result_t vsw_refuse_nested(struct vsw_port *out, struct sk_buff *skb);
bool vsw_may_leave(const struct vsw_port *in, const struct vsw_port *out, u16 vid,
		   enum vsw_drop *reason);
void vsw_answer(struct vsw_port *out, struct sk_buff *skb, u16 vid);
void vsw_copy_to_promiscuous(struct vsw_port *in, const struct vsw_port *to,
			     struct sk_buff *skb, u16 vid);
rx_handler_result_t vsw_flood(struct vsw_port *in, struct sk_buff *skb,
			      u16 vid, unsigned long flood_flag);
rx_handler_result_t vsw_output(struct vsw_port *in, struct vsw_port *out, struct sk_buff *skb,
			       u16 vid, bool may_return);
rx_handler_result_t vsw_output_many(struct vsw_port *in, struct sk_buff *skb, u16 vid,
				    unsigned long flood_flag);
void vsw_finish_copy(const struct vsw_port *in, struct sk_buff *copy,
		     rx_handler_result_t result);
rx_handler_result_t vsw_flood_group(struct vsw_port *in, struct sk_buff *skb,
				    u16 vid, const struct vsw_mcast_way *way);
void vsw_send_query(struct vsw_switch *sw, struct vsw_port *port, struct sk_buff *skb,
		    u16 vid, u8 kind);
rx_handler_result_t vsw_deliver(struct vsw_port *out, struct sk_buff *skb);
rx_handler_result_t vsw_deliver_pair(struct vsw_port *out, struct sk_buff *skb);
rx_handler_result_t vsw_deliver_vnic(const struct vsw_port *in,
				     struct vsw_port *out, struct sk_buff *skb);
rx_handler_result_t vsw_deliver_vnic_sent(struct vsw_port *out, struct sk_buff *skb);
rx_handler_result_t vsw_deliver_vnic_received(struct vsw_port *out, struct sk_buff *skb);
enum vsw_drop vsw_deliver_mirrored(struct net_device *dev, struct vsw_port *out,
				   struct sk_buff *skb, bool any_length);

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

/* Why nothing comes in or leaves by @port, which has @flags. */
static inline enum vsw_drop vsw_why_not(const struct vsw_port *port, unsigned long flags)
{
	if (!netif_running(port->sw->dev))
		return VSW_DROP_SWITCH_DOWN;
	if (flags & VSW_PORT_SHUT)
		return VSW_DROP_PORT_SHUT;
	if (READ_ONCE(port->mirror_output))
		return VSW_DROP_MIRROR_OUTPUT;
	return flags & VSW_PORT_LIVE ? VSW_DROP_PORT_STATE : VSW_DROP_PORT_DOWN;
}

/* Whose frames they are, for who knows it when it is compiled. */
enum vsw_origin {
	VSW_FROM_ANYBODY,
	VSW_FROM_RECEIVER,
	VSW_FROM_VNIC,
};

/*
 * Send @skb, which came by @in and is dressed, out of @out, which has @flags, the
 * cheapest way. Takes it unless it returns ANOTHER.
 */
static __always_inline rx_handler_result_t vsw_deliver_original(const struct vsw_port *in,
								struct vsw_port *out,
								struct sk_buff *skb,
								unsigned long flags,
								enum vsw_origin origin)
{
	if (origin == VSW_FROM_ANYBODY && vsw_is_received(in))
		origin = VSW_FROM_RECEIVER;
	if (flags & VSW_PORT_VNIC) {
		if (origin == VSW_FROM_RECEIVER && (flags & VSW_PORT_ABROAD))
			return vsw_deliver_vnic_received(out, skb);
		if (origin == VSW_FROM_VNIC)
			return vsw_deliver_vnic_sent(out, skb);
		return vsw_deliver_vnic(in, out, skb);
	}
	if ((flags & VSW_PORT_PAIR) && origin == VSW_FROM_RECEIVER)
		return vsw_deliver_pair(out, skb);
	return vsw_deliver(out, skb);
}

/* Beside the flags of a port in vsw_way_to(): frames leave by it with their tag. */
#define VSW_WAY_TAGGED	BIT(31)

/*
 * The way of what came by @in, of VLAN @vid or 0 for none, out of @out, good until
 * the switch's epoch ends: the flags of @out and VSW_WAY_TAGGED, or 0 if it is not
 * the usual one. Under RCU.
 */
static __always_inline u32 vsw_way_to(const struct vsw_port *in,
				      const struct vsw_port *out, u16 vid)
{
	const unsigned long asked = VSW_PORT_FORWARDING | VSW_PORT_HOST |
				    VSW_PORT_ISOLATED | VSW_PORT_SLOW_OUT;
	unsigned long flags = READ_ONCE(out->flags);
	const struct vsw_vlans *vlans;

	if (unlikely((flags & asked) != VSW_PORT_FORWARDING ||
		     in == out || vsw_is_promisc(in->sw)))
		return 0;
	if (vid) {
		vlans = vsw_path_dereference(out->vlans);
		if (unlikely(!vsw_vlan_in(vlans->member, vid)))
			return 0;
		if (!vsw_vlan_in(vlans->untagged, vid))
			flags |= VSW_WAY_TAGGED;
	}
	return flags;
}

/*
 * Send @skb, of VLAN @vid or 0 for none, out of @out, to which @way leads. Takes it
 * unless it returns ANOTHER. Under RCU with BH off.
 */
static __always_inline rx_handler_result_t vsw_forward(struct vsw_port *in,
						       struct vsw_port *out, u32 way,
						       struct sk_buff *skb, u16 vid,
						       enum vsw_origin origin)
{
	if (unlikely(!way))
		return vsw_forward_unusual(in, out, skb, vid);
	if (vid && unlikely(!vsw_vlan_dress_as(skb, vid, way & VSW_WAY_TAGGED)))
		return vsw_refuse_nested(out, skb);
	return vsw_deliver_original(in, out, skb, way, origin);
}

/* The port that flows name by its number, or NULL. Under RCU. */
static __always_inline struct vsw_port *vsw_output_port(const struct vsw_switch *sw, u32 number)
{
	const struct vsw_port_table *table = vsw_path_dereference(sw->port_table);

	return likely(number < table->size) ? READ_ONCE(table->port[number]) : NULL;
}

#endif /* _VSWITCH_FORWARD_H */
