// SPDX-License-Identifier: GPL-2.0
/*
 * Out of the switch: to one port, to many, to the host. The only place that
 * hands a packet to a device.
 */
#include <net/gso.h>

#include "vlan.h"

static bool is_promisc(const struct vsw_switch *sw)
{
	return sw->dev->flags & IFF_PROMISC;
}

/*
 * MTU excludes one VLAN tag, as it does everywhere in the kernel. A GSO packet
 * is as long as its segments will be. @len is with the Ethernet header.
 */
static bool fits(const struct net_device *dev, const struct sk_buff *skb,
		 unsigned int len)
{
	unsigned int max = READ_ONCE(dev->mtu) + dev->hard_header_len + VLAN_HLEN;

	if (likely(len <= max))
		return true;
	if (!skb_is_gso(skb))
		return false;
	return !skb_transport_header_was_set(skb) ||
	       skb_gso_validate_mac_len(skb, max);
}

/*
 * A checksum that the device is to fill in starts where the network header
 * says, behind tags that are in the frame.
 */
static bool skip_tags(struct sk_buff *skb)
{
	int depth;

	if (skb->ip_summed != CHECKSUM_PARTIAL || !eth_type_vlan(skb->protocol))
		return true;
	if (!vlan_get_protocol_and_depth(skb, skb->protocol, &depth))
		return false;
	skb_set_network_header(skb, depth);
	return true;
}

/*
 * Send @skb, with data behind the MAC header, out of @out, which is no host
 * port. Takes @skb. Under RCU with BH off.
 */
static void deliver(struct vsw_port *out, struct sk_buff *skb)
{
	struct net_device *dev = out->dev;
	__be16 protocol = skb->protocol;
	unsigned int len;
	int ret;

	/* It was pulled from there. */
	__skb_push(skb, ETH_HLEN);
	len = skb->len;
	if (unlikely(!fits(dev, skb, len))) {
		vsw_drop(out, skb, VSW_DROP_MTU_EXCEEDED);
		return;
	}
	if (unlikely(!skip_tags(skb))) {
		vsw_drop(out, skb, VSW_DROP_BAD_VLAN_HEADER);
		return;
	}
	skb_forward_csum(skb);
	/* A receive timestamp would be read as the time to send it at. */
	skb_clear_tstamp(skb);
	skb->dev = dev;
	ret = dev_queue_xmit(skb);
	if (likely(ret == NET_XMIT_SUCCESS || ret == NET_XMIT_CN))
		vsw_stats_tx(out->stats, len);
	else
		vsw_count_drop(out, VSW_DROP_TX_REFUSED, protocol, len);
}

/*
 * @in's frames come from the core, who takes what is for another device from us
 * and goes on with it at once. What our own devices send comes from its sender,
 * whose locks may be held: it waits in a queue.
 */
static bool is_received(const struct vsw_port *in)
{
	return !(in->flags & (VSW_PORT_HOST | VSW_PORT_VNIC));
}

/* @skb goes into another namespace, or out of one, and leaves its past behind. */
static void scrub(const struct vsw_port *in, struct sk_buff *skb)
{
	ktime_t received = is_received(in) ? skb_tstamp(skb) : 0;

	skb_scrub_packet(skb, true);
	/* It is not received again, so nobody would ask for the time again. */
	if (received)
		skb->tstamp = received;
	skb->priority = 0;
	skb_set_queue_mapping(skb, 0);
}

/* @skb is received by @peer, the other end of @out's pair, in another namespace. */
static rx_handler_result_t deliver_peer(const struct vsw_port *in,
					struct vsw_port *out,
					struct net_device *peer,
					struct sk_buff *skb)
{
	unsigned int len = skb->len + ETH_HLEN;

	scrub(in, skb);
	skb->dev = peer;
	eth_skb_pkt_type(skb, peer);
	/* What one end has sent is what the other has received. */
	dev_sw_netstats_tx_add(out->dev, 1, len);
	vsw_stats_tx(out->stats, len);
	return RX_HANDLER_ANOTHER;
}

/* @skb, whose device is set, waits in the core's queue for @out's device. */
static void queue(struct vsw_port *out, struct sk_buff *skb, unsigned int len)
{
	__be16 protocol = skb->protocol;

	if (likely(__netif_rx(skb) == NET_RX_SUCCESS))
		vsw_stats_tx(out->stats, len);
	else
		vsw_count_drop(out, VSW_DROP_TX_REFUSED, protocol, len);
}

/*
 * The device of @out, a vnic, receives @skb with data behind the MAC header. Takes
 * it unless it returns ANOTHER.
 */
static rx_handler_result_t deliver_vnic(const struct vsw_port *in,
					struct vsw_port *out, struct sk_buff *skb,
					bool may_be_another)
{
	unsigned int len = skb->len + ETH_HLEN;
	struct net_device *dev = out->dev;

	if (unlikely(!fits(dev, skb, len))) {
		vsw_drop(out, skb, VSW_DROP_MTU_EXCEEDED);
		return RX_HANDLER_CONSUMED;
	}
	/* A vnic's frames have been scrubbed as they came. */
	if (!(in->flags & VSW_PORT_VNIC))
		scrub(in, skb);
	skb->dev = dev;
	eth_skb_pkt_type(skb, dev);
	if (may_be_another && (out->flags & VSW_PORT_ABROAD) &&
	    vsw_peer_receives_at_once(dev)) {
		vsw_stats_tx(out->stats, len);
		return RX_HANDLER_ANOTHER;
	}
	if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC)))
		vsw_drop(out, skb, VSW_DROP_NO_MEMORY);
	else
		queue(out, skb, len);
	return RX_HANDLER_CONSUMED;
}

/*
 * Send @skb, which came by @in, out of @out the cheapest way. Takes it unless
 * it returns ANOTHER, which only who receives can do: the host doesn't.
 */
static rx_handler_result_t deliver_original(const struct vsw_port *in,
					    struct vsw_port *out,
					    struct sk_buff *skb, u16 vid)
{
	struct net_device *peer = NULL;

	if (vid)
		vsw_vlan_dress(out, skb, vid);
	if (out->flags & VSW_PORT_VNIC)
		return deliver_vnic(in, out, skb, is_received(in));
	if (is_received(in))
		peer = vsw_peer_for(out, skb);
	if (peer && likely(fits(out->dev, skb, skb->len + ETH_HLEN)))
		return deliver_peer(in, out, peer, skb);
	deliver(out, skb);
	return RX_HANDLER_CONSUMED;
}

/* Send a copy of @skb, which came by @in, out of @out; the original stays the caller's. */
static void deliver_copy(const struct vsw_port *in, struct vsw_port *out,
			 struct sk_buff *skb, u16 vid)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (unlikely(!copy)) {
		vsw_count_drop(out, VSW_DROP_NO_MEMORY, skb->protocol,
			       vsw_frame_len(skb));
		return;
	}
	if (vid)
		vsw_vlan_dress(out, copy, vid);
	if (out->flags & VSW_PORT_VNIC)
		deliver_vnic(in, out, copy, false);
	else
		deliver(out, copy);
}

/*
 * The host gets @skb, which came by @in, as if its switch device had received it.
 * Takes it unless it returns ANOTHER.
 */
static rx_handler_result_t deliver_host(const struct vsw_port *in,
					struct sk_buff *skb, u16 vid)
{
	unsigned int len = skb->len + ETH_HLEN;
	struct vsw_switch *sw = in->sw;

	if (vid)
		vsw_vlan_dress(&sw->host, skb, vid);
	skb->dev = sw->dev;
	if (is_received(in)) {
		vsw_stats_tx(sw->host.stats, len);
		return RX_HANDLER_ANOTHER;
	}
	if (is_multicast_ether_addr(eth_hdr(skb)->h_dest))
		eth_skb_pkt_type(skb, sw->dev);
	if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC)))
		vsw_drop(&sw->host, skb, VSW_DROP_NO_MEMORY);
	else
		queue(&sw->host, skb, len);
	return RX_HANDLER_CONSUMED;
}

/* Whether what came by @in, of VLAN @vid, may leave by @out, apart from flooding. */
static bool may_leave(const struct vsw_port *in, const struct vsw_port *out,
		      u16 vid, enum vsw_drop *reason)
{
	unsigned long flags = READ_ONCE(out->flags);

	if (unlikely(!(flags & VSW_PORT_FORWARDING)))
		*reason = VSW_DROP_PORT_DOWN;
	else if (unlikely(in == out && !(flags & VSW_PORT_HAIRPIN)))
		*reason = VSW_DROP_SAME_PORT;
	else if (unlikely(flags & READ_ONCE(in->flags) & VSW_PORT_ISOLATED))
		*reason = VSW_DROP_ISOLATED;
	else if (vid && unlikely(!vsw_vlan_is_member(out, vid)))
		*reason = VSW_DROP_VLAN_EGRESS;
	else
		return true;
	return false;
}

/* What the host did not send itself, and of its own VLANs only. */
static bool host_may_have(const struct vsw_port *in, u16 vid)
{
	const struct vsw_port *host = &in->sw->host;

	return in != host && (!vid || vsw_vlan_is_member(host, vid));
}

/*
 * Send @*pskb, of VLAN @vid or 0 for none, out of @out. A host that listens to
 * everything gets it too: the port a copy, the host the original. Takes the packet unless it returns
 * ANOTHER. Under RCU with BH off.
 */
rx_handler_result_t vsw_forward(struct vsw_port *in, struct vsw_port *out,
				struct sk_buff **pskb, u16 vid)
{
	struct vsw_switch *sw = in->sw;
	struct sk_buff *skb = *pskb;
	enum vsw_drop reason;

	if (!may_leave(in, out, vid, &reason)) {
		vsw_drop(reason == VSW_DROP_PORT_DOWN ? out : in, skb, reason);
		return RX_HANDLER_CONSUMED;
	}
	if (out == &sw->host) {
		skb->pkt_type = PACKET_HOST;
		return deliver_host(in, skb, vid);
	}
	if (unlikely(is_promisc(sw)) && host_may_have(in, vid)) {
		deliver_copy(in, out, skb, vid);
		skb->pkt_type = PACKET_OTHERHOST;
		return deliver_host(in, skb, vid);
	}
	return deliver_original(in, out, skb, vid);
}

/* Whether a flooded frame goes up: groups do, unicast if all is listened to. */
static bool host_wants(const struct vsw_port *in, u16 vid, unsigned long flood_flag)
{
	return host_may_have(in, vid) &&
	       (flood_flag != VSW_PORT_FLOOD || is_promisc(in->sw));
}

/*
 * Send @*pskb, of VLAN @vid or 0 for none, out of every port that has @flood_flag (VSW_PORT_FLOOD for
 * unknown unicast, VSW_PORT_MCAST_FLOOD, VSW_PORT_BCAST_FLOOD) and may have it,
 * and to the host. The last one gets the original, the others copies. Takes
 * the packet unless it returns ANOTHER. Under RCU with BH off.
 */
rx_handler_result_t vsw_flood(struct vsw_port *in, struct sk_buff **pskb,
			      u16 vid, unsigned long flood_flag)
{
	struct vsw_port *out, *last = NULL;
	struct vsw_switch *sw = in->sw;
	struct sk_buff *skb = *pskb;
	enum vsw_drop reason;

	list_for_each_entry_rcu(out, &sw->port_list, list) {
		if (!(READ_ONCE(out->flags) & flood_flag) ||
		    !may_leave(in, out, vid, &reason))
			continue;
		if (last)
			deliver_copy(in, last, skb, vid);
		last = out;
	}

	if (host_wants(in, vid, flood_flag)) {
		if (last)
			deliver_copy(in, last, skb, vid);
		if (flood_flag == VSW_PORT_FLOOD)
			skb->pkt_type = PACKET_OTHERHOST;
		return deliver_host(in, skb, vid);
	}
	if (last)
		return deliver_original(in, last, skb, vid);
	vsw_drop(in, skb, VSW_DROP_NO_DESTINATION);
	return RX_HANDLER_CONSUMED;
}
