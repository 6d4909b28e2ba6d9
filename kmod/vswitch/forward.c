// SPDX-License-Identifier: GPL-2.0
/*
 * Out of the switch: to one port, to many, to the host. The only place that
 * hands a packet to a device.
 */
#include <net/gso.h>

#include "forward.h"
#include "mirror.h"
#include "mcast_path.h"
#include "peer.h"
#include "suppress.h"
#include "tracer.h"
#include "vlan_stats.h"

static noinline bool segments_fit(const struct sk_buff *skb, unsigned int max)
{
	if (!skb_is_gso(skb))
		return false;
	return !skb_transport_header_was_set(skb) ||
	       skb_gso_validate_mac_len(skb, max);
}

/*
 * MTU excludes one VLAN tag, as it does everywhere in the kernel. A GSO packet
 * is as long as its segments will be. @len is with the Ethernet header.
 */
static __always_inline bool fits(const struct net_device *dev,
				 const struct sk_buff *skb, unsigned int len)
{
	unsigned int max = READ_ONCE(dev->mtu) + dev->hard_header_len + VLAN_HLEN;

	return likely(len <= max) || segments_fit(skb, max);
}

/*
 * What was said of all of the frame is not true any more. A checksum that the
 * device is to fill in starts where the network header says, behind tags that
 * are in the frame. False: there is nothing behind them.
 */
static noinline bool pass_checksum(struct sk_buff *skb)
{
	int depth;

	skb_forward_csum(skb);
	if (skb->ip_summed != CHECKSUM_PARTIAL || !eth_type_vlan(skb->protocol))
		return true;
	if (!vlan_get_protocol_and_depth(skb, skb->protocol, &depth))
		return false;
	skb_set_network_header(skb, depth);
	return true;
}

static noinline rx_handler_result_t drop(const struct vsw_port *port,
					 struct sk_buff *skb, enum vsw_drop reason)
{
	vsw_drop(port, skb, reason);
	return RX_HANDLER_CONSUMED;
}

/* Nothing is left to do with @skb. */
static rx_handler_result_t taken(struct sk_buff *skb)
{
	consume_skb(skb);
	return RX_HANDLER_CONSUMED;
}

/*
 * Send @skb, with data behind the MAC header, out of @out, which is no host port
 * and no vnic. Takes @skb. Under RCU with BH off.
 */
rx_handler_result_t vsw_deliver(struct vsw_port *out, struct sk_buff *skb)
{
	struct net_device *dev = out->dev;
	__be16 protocol = skb->protocol;
	unsigned int len;
	int ret;

	/* It was pulled from there. */
	__skb_push(skb, ETH_HLEN);
	len = skb->len;
	if (unlikely(!fits(dev, skb, len)))
		return drop(out, skb, VSW_DROP_MTU_EXCEEDED);
	/* COMPLETE or PARTIAL */
	if (unlikely(skb->ip_summed & CHECKSUM_COMPLETE) && !pass_checksum(skb))
		return drop(out, skb, VSW_DROP_BAD_VLAN_HEADER);
	/* A receive timestamp would be read as the time to send it at. */
	skb_clear_tstamp(skb);
	skb->dev = dev;
	ret = dev_queue_xmit(skb);
	if (likely(ret == NET_XMIT_SUCCESS || ret == NET_XMIT_CN))
		vsw_stats_tx(out->stats, len);
	else
		vsw_count_drop(out, VSW_DROP_TX_REFUSED, protocol, len);
	return RX_HANDLER_CONSUMED;
}

/* @skb goes into another namespace, or out of one, and leaves its past behind. */
static void scrub(struct sk_buff *skb, bool is_received)
{
	ktime_t received = is_received ? skb_tstamp(skb) : 0;

	skb_scrub_packet(skb, true);
	/* It is not received again, so nobody would ask for the time again. */
	if (received)
		skb->tstamp = received;
	skb->priority = 0;
	skb_set_queue_mapping(skb, 0);
}

/*
 * Not 0 if @skb has more of a past than what was received has mostly: a route, a
 * connection, a mark or an extension by what looked at it before us, or the time,
 * for which somebody asked.
 */
static __always_inline unsigned long has_past(const struct sk_buff *skb)
{
	unsigned long past = skb->_skb_refdst | skb_get_nfct(skb) | skb->mark;

	past |= vsw_any(skb->tstamp);
#ifdef CONFIG_SKB_EXTENSIONS
	past |= skb->active_extensions;
#endif
	return past;
}

/* What scrub() does to what has no past. */
static __always_inline void scrub_lightly(struct sk_buff *skb)
{
	skb->pkt_type = PACKET_HOST;
	skb->ignore_df = 0;
	nf_reset_trace(skb);
	ipvs_reset(skb);
#ifdef CONFIG_NET_SWITCHDEV
	skb->offload_fwd_mark = 0;
	skb->offload_l3_fwd_mark = 0;
#endif
	skb->priority = 0;
	skb_set_queue_mapping(skb, 0);
}

/*
 * Whether @skb is not what most frames are: one packet with no past, to the MAC of
 * @dev, which is to receive it.
 */
static __always_inline bool is_odd(const struct sk_buff *skb, const struct net_device *dev)
{
	return (has_past(skb) | skb_shinfo(skb)->gso_size) ||
	       !ether_addr_equal_64bits(eth_hdr(skb)->h_dest, dev->dev_addr);
}

static __always_inline rx_handler_result_t into_pair(struct vsw_port *out,
						     struct sk_buff *skb)
{
	unsigned int len = skb->len + ETH_HLEN;

	skb->dev = out->peer;
	/* What one end has sent is what the other has received. */
	dev_sw_netstats_tx_add(out->dev, 1, len);
	vsw_stats_tx(out->stats, len);
	return RX_HANDLER_ANOTHER;
}

/* vsw_deliver_pair() of what is odd. */
static noinline rx_handler_result_t deliver_pair_odd(struct vsw_port *out,
						     struct sk_buff *skb)
{
	if (!vsw_peer_takes(out->dev, out->peer, skb) ||
	    !fits(out->dev, skb, skb->len + ETH_HLEN))
		return vsw_deliver(out, skb);
	scrub(skb, true);
	eth_skb_pkt_type(skb, out->peer);
	return into_pair(out, skb);
}

/*
 * As vsw_deliver(), of what was received, out of an end of a pair: the short way
 * if there is one. Takes @skb unless it returns ANOTHER.
 */
rx_handler_result_t vsw_deliver_pair(struct vsw_port *out, struct sk_buff *skb)
{
	const struct net_device *dev = out->dev, *peer = out->peer;
	unsigned int len = skb->len;

	if (unlikely(!vsw_peer_is_near(dev, peer) || eth_type_vlan(skb->protocol)))
		return vsw_deliver(out, skb);
	/* Nothing is called on this way, so that nothing has to be kept for afterwards. */
	if (unlikely(len > READ_ONCE(dev->mtu) + VLAN_HLEN ||
		     len > READ_ONCE(peer->mtu) + VLAN_HLEN || is_odd(skb, peer)))
		return deliver_pair_odd(out, skb);
	scrub_lightly(skb);
	return into_pair(out, skb);
}

/* @skb, whose device is set, waits in the core's queue for @out's device. */
static __always_inline rx_handler_result_t queue(struct vsw_port *out, struct sk_buff *skb)
{
	unsigned int len = skb->len + ETH_HLEN;
	__be16 protocol = skb->protocol;

	/* What it has of a sender's memory may be for long. */
	if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC)))
		return drop(out, skb, VSW_DROP_NO_MEMORY);
	if (likely(__netif_rx(skb) == NET_RX_SUCCESS))
		vsw_stats_tx(out->stats, len);
	else
		vsw_count_drop(out, VSW_DROP_TX_REFUSED, protocol, len);
	return RX_HANDLER_CONSUMED;
}

/* The device of @out, a vnic, gets @skb, with data behind the MAC header, if it fits. */
static __always_inline bool enter_vnic(const struct vsw_port *in, struct vsw_port *out,
				       struct sk_buff *skb)
{
	struct net_device *dev = out->dev;

	if (unlikely(!fits(dev, skb, skb->len + ETH_HLEN))) {
		drop(out, skb, VSW_DROP_MTU_EXCEEDED);
		return false;
	}
	/* A vnic's frames have been scrubbed as they came. */
	if (!(in->flags & VSW_PORT_VNIC))
		scrub(skb, vsw_is_received(in));
	skb->dev = dev;
	eth_skb_pkt_type(skb, dev);
	return true;
}

/* As vsw_deliver(), to a vnic, of what a vnic has sent. */
rx_handler_result_t vsw_deliver_vnic_sent(struct vsw_port *out, struct sk_buff *skb)
{
	struct net_device *dev = out->dev;

	if (unlikely(!fits(dev, skb, skb->len + ETH_HLEN)))
		return drop(out, skb, VSW_DROP_MTU_EXCEEDED);
	skb->dev = dev;
	eth_skb_pkt_type(skb, dev);
	return queue(out, skb);
}

static __always_inline rx_handler_result_t into_vnic(struct vsw_port *out,
						     struct sk_buff *skb)
{
	skb->dev = out->dev;
	vsw_stats_tx(out->stats, skb->len + ETH_HLEN);
	return RX_HANDLER_ANOTHER;
}

/* vsw_deliver_vnic_received() of what is odd. */
static noinline rx_handler_result_t deliver_vnic_odd(struct vsw_port *out,
						     struct sk_buff *skb)
{
	struct net_device *dev = out->dev;

	if (unlikely(!fits(dev, skb, skb->len + ETH_HLEN)))
		return drop(out, skb, VSW_DROP_MTU_EXCEEDED);
	scrub(skb, true);
	skb->dev = dev;
	eth_skb_pkt_type(skb, dev);
	if (unlikely(vsw_peer_must_queue(dev)))
		return queue(out, skb);
	return into_vnic(out, skb);
}

/*
 * As vsw_deliver(), to a vnic in another namespace, of what was received. Takes @skb
 * unless it returns ANOTHER.
 */
rx_handler_result_t vsw_deliver_vnic_received(struct vsw_port *out, struct sk_buff *skb)
{
	const struct net_device *dev = out->dev;

	if (unlikely(skb->len > READ_ONCE(dev->mtu) + VLAN_HLEN ||
		     vsw_peer_must_queue(dev) || is_odd(skb, dev)))
		return deliver_vnic_odd(out, skb);
	scrub_lightly(skb);
	return into_vnic(out, skb);
}

/* As vsw_deliver(), to a vnic, of what came by @in, whatever that is. */
rx_handler_result_t vsw_deliver_vnic(const struct vsw_port *in,
				     struct vsw_port *out, struct sk_buff *skb)
{
	return enter_vnic(in, out, skb) ? queue(out, skb) : RX_HANDLER_CONSUMED;
}

/*
 * @skb, which came in VLAN @vid or is of none, is dressed and about to leave by @out,
 * which has @flags: count it, and copy it for mirrors, unless it can't leave there.
 */
static noinline void watch_out(const struct vsw_port *out, struct sk_buff *skb, u16 vid,
			       unsigned long flags)
{
	unsigned int len = skb->len + ETH_HLEN;

	if (!(flags & VSW_PORT_HOST) && !fits(out->dev, skb, len))
		return;
	if ((flags & VSW_PORT_COUNTED) && vid)
		vsw_vlan_stats_tx(out->sw, vid, len);
	if (flags & VSW_PORT_MIRRORED_OUT)
		vsw_mirror_out(out, skb);
}

/* @skb, with data behind the MAC header, is received by @dev, which is @out's, a vnic. */
static enum vsw_drop mirrored_to_vnic(struct net_device *dev, struct sk_buff *skb)
{
	if (skb_orphan_frags(skb, GFP_ATOMIC)) {
		kfree_skb(skb);
		return VSW_DROP_NO_MEMORY;
	}
	skb->dev = dev;
	eth_skb_pkt_type(skb, dev);
	return __netif_rx(skb) == NET_RX_SUCCESS ? VSW_DROP_COUNT : VSW_DROP_TX_REFUSED;
}

static enum vsw_drop mirrored_to_device(struct net_device *dev, struct sk_buff *skb)
{
	int ret;

	__skb_push(skb, ETH_HLEN);
	/* COMPLETE or PARTIAL */
	if ((skb->ip_summed & CHECKSUM_COMPLETE) && !pass_checksum(skb)) {
		kfree_skb(skb);
		return VSW_DROP_BAD_VLAN_HEADER;
	}
	skb_clear_tstamp(skb);
	skb->dev = dev;
	ret = dev_queue_xmit(skb);
	return ret == NET_XMIT_SUCCESS || ret == NET_XMIT_CN ? VSW_DROP_COUNT :
							       VSW_DROP_TX_REFUSED;
}

/*
 * @skb, a copy, scrubbed and with data behind the MAC header, leaves by @dev, which
 * is @out's if that is not NULL. With @any_length the device sees to what is too
 * long itself. Takes @skb. Returns why it did not leave, or VSW_DROP_COUNT. Under
 * RCU with BH off.
 */
enum vsw_drop vsw_deliver_mirrored(struct net_device *dev, struct vsw_port *out,
				   struct sk_buff *skb, bool any_length)
{
	unsigned int len = skb->len + ETH_HLEN;
	enum vsw_drop reason;

	if (out && !netif_running(out->sw->dev))
		reason = VSW_DROP_SWITCH_DOWN;
	else if (out && (READ_ONCE(out->flags) & VSW_PORT_SHUT))
		reason = VSW_DROP_PORT_SHUT;
	else if (!netif_running(dev) || !netif_carrier_ok(dev))
		reason = VSW_DROP_PORT_DOWN;
	else if (!any_length && !fits(dev, skb, len))
		reason = VSW_DROP_MTU_EXCEEDED;
	else
		reason = VSW_DROP_COUNT;
	if (reason != VSW_DROP_COUNT)
		kfree_skb(skb);
	else if (out && (out->flags & VSW_PORT_VNIC))
		reason = mirrored_to_vnic(dev, skb);
	else
		reason = mirrored_to_device(dev, skb);
	if (out && reason == VSW_DROP_COUNT)
		vsw_stats_tx(out->stats, len);
	return reason;
}

static __always_inline void hand_over(const struct vsw_port *in, struct vsw_port *out,
				      struct sk_buff *copy, unsigned long flags)
{
	if (flags & VSW_PORT_VNIC)
		vsw_deliver_vnic(in, out, copy);
	else
		vsw_deliver(out, copy);
}

/*
 * @skb, which came by @in, is only traced: it would be dressed for @out, and leave there
 * if it fits, as all that is sent by the functions above and below. Takes it.
 */
static noinline rx_handler_result_t trace_out(const struct vsw_port *in, struct vsw_port *out,
					      struct sk_buff *skb, u16 vid)
{
	enum vsw_drop reason;

	if (vid && !vsw_vlan_dress(in, out, skb, vid, &reason))
		return drop(out, skb, reason);
	if (!(out->flags & VSW_PORT_HOST) && !fits(out->dev, skb, skb->len + ETH_HLEN))
		return drop(out, skb, VSW_DROP_MTU_EXCEEDED);
	if (READ_ONCE(out->flags) & VSW_PORT_MIRRORED_OUT)
		vsw_mirror_out(out, skb);
	vsw_trace_output(out, skb);
	return taken(skb);
}

/* deliver_copy() out of a port where more is to be done. */
static noinline void deliver_copy_odd(const struct vsw_port *in, struct vsw_port *out,
				      struct sk_buff *copy, u16 vid, unsigned long flags)
{
	enum vsw_drop reason;

	if (vid && !vsw_vlan_dress(in, out, copy, vid, &reason)) {
		drop(out, copy, reason);
		return;
	}
	if (flags & VSW_PORT_WATCHED_OUT)
		watch_out(out, copy, vid, flags);
	hand_over(in, out, copy, flags);
}

/* Send a copy of @skb, which came by @in, out of @out; the original stays the caller's. */
static void deliver_copy(const struct vsw_port *in, struct vsw_port *out,
			 struct sk_buff *skb, u16 vid)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);
	unsigned long flags = READ_ONCE(out->flags);
	enum vsw_drop reason;

	if (unlikely(!copy))
		vsw_count_drop(out, VSW_DROP_NO_MEMORY, skb->protocol, vsw_frame_len(skb));
	else if (unlikely(vsw_tracing()))
		trace_out(in, out, copy, vid);
	else if (unlikely(flags & VSW_PORT_LEAVES_ODD))
		deliver_copy_odd(in, out, copy, vid, flags);
	else if (vid && unlikely(!vsw_vlan_dress_usual(out, copy, vid, &reason)))
		drop(out, copy, reason);
	else
		hand_over(in, out, copy, flags);
}

/* deliver_last() out of a port where more is to be done. */
static noinline rx_handler_result_t deliver_last_odd(const struct vsw_port *in,
						     struct vsw_port *out,
						     struct sk_buff *skb, u16 vid,
						     unsigned long flags)
{
	enum vsw_drop reason;

	if (vid && !vsw_vlan_dress(in, out, skb, vid, &reason))
		return drop(out, skb, reason);
	if (flags & VSW_PORT_WATCHED_OUT)
		watch_out(out, skb, vid, flags);
	return vsw_deliver_original(in, out, skb, flags, VSW_FROM_ANYBODY);
}

/* Send the original out of @out. Takes it unless it returns ANOTHER. */
static noinline rx_handler_result_t deliver_last(const struct vsw_port *in,
						 struct vsw_port *out,
						 struct sk_buff *skb, u16 vid)
{
	unsigned long flags = READ_ONCE(out->flags);
	enum vsw_drop reason;

	if (unlikely(vsw_tracing()))
		return trace_out(in, out, skb, vid);
	if (unlikely(flags & VSW_PORT_LEAVES_ODD))
		return deliver_last_odd(in, out, skb, vid, flags);
	if (vid && unlikely(!vsw_vlan_dress_usual(out, skb, vid, &reason)))
		return drop(out, skb, reason);
	return vsw_deliver_original(in, out, skb, flags, VSW_FROM_ANYBODY);
}

/*
 * The host gets @skb, which came by @in, as if its switch device had received it.
 * Takes it unless it returns ANOTHER.
 */
static rx_handler_result_t deliver_host(const struct vsw_port *in,
					struct sk_buff *skb, u16 vid)
{
	struct vsw_switch *sw = in->sw;
	enum vsw_drop reason;

	if (unlikely(vsw_tracing()))
		return trace_out(in, &sw->host, skb, vid);
	if (vid && unlikely(!vsw_vlan_dress(in, &sw->host, skb, vid, &reason)))
		return drop(&sw->host, skb, reason);
	if (unlikely(READ_ONCE(sw->host.flags) & VSW_PORT_WATCHED_OUT))
		watch_out(&sw->host, skb, vid, READ_ONCE(sw->host.flags));
	skb->dev = sw->dev;
	if (vsw_is_received(in)) {
		vsw_stats_tx(sw->host.stats, skb->len + ETH_HLEN);
		return RX_HANDLER_ANOTHER;
	}
	if (is_multicast_ether_addr(eth_hdr(skb)->h_dest))
		eth_skb_pkt_type(skb, sw->dev);
	return queue(&sw->host, skb);
}

/*
 * Send @skb, which the switch has made itself, of VLAN @vid or 0 for none, out of @out
 * alone. Its data is behind its MAC header. Under RCU with BH off.
 */
void vsw_answer(struct vsw_port *out, struct sk_buff *skb, u16 vid)
{
	unsigned long flags = READ_ONCE(out->flags);
	enum vsw_drop reason;

	if (unlikely(flags & VSW_PORT_GUARDED_OUT)) {
		drop(out, skb, VSW_DROP_MAC_CHANGED);
		return;
	}
	if (vid && unlikely(!vsw_vlan_dress(&out->sw->host, out, skb, vid, &reason))) {
		drop(out, skb, reason);
		return;
	}
	if (unlikely(flags & VSW_PORT_WATCHED_OUT))
		watch_out(out, skb, vid, flags);
	if (flags & VSW_PORT_HOST) {
		skb->dev = out->dev;
		queue(out, skb);
	} else if (flags & VSW_PORT_VNIC) {
		vsw_deliver_vnic(&out->sw->host, out, skb);
	} else {
		vsw_deliver(out, skb);
	}
}

/* Whether what is of VLAN @vid may leave by @out, which has @flags. */
static bool is_of_vlan(const struct vsw_port *out, u16 vid, unsigned long flags,
		       enum vsw_drop *reason)
{
	if (unlikely(flags & VSW_PORT_PRIVATE))
		return vsw_private_leaves_as(out, vid, reason);
	*reason = VSW_DROP_VLAN_EGRESS;
	return vsw_vlan_is_member(out, vid);
}

/* vsw_may_leave(), to where it came from, too, if @may_return. */
static __always_inline bool may_leave(const struct vsw_port *in, const struct vsw_port *out,
				      u16 vid, bool may_return, enum vsw_drop *reason)
{
	unsigned long flags = READ_ONCE(out->flags);

	if (unlikely((flags & (VSW_PORT_FORWARDING | VSW_PORT_SHUT)) != VSW_PORT_FORWARDING))
		*reason = vsw_why_not(out, flags);
	else if (unlikely(in == out && !may_return && !(flags & VSW_PORT_HAIRPIN)))
		*reason = VSW_DROP_SAME_PORT;
	else if (unlikely(flags & READ_ONCE(in->flags) & VSW_PORT_ISOLATED))
		*reason = VSW_DROP_ISOLATED;
	else if (vid && unlikely(!is_of_vlan(out, vid, flags, reason)))
		return false;
	else if (unlikely(flags & VSW_PORT_GUARDED_OUT))
		*reason = VSW_DROP_MAC_CHANGED;
	else
		return true;
	return false;
}

/* Whether what came by @in, of VLAN @vid, may leave by @out, apart from flooding. */
bool vsw_may_leave(const struct vsw_port *in, const struct vsw_port *out,
		   u16 vid, enum vsw_drop *reason)
{
	return may_leave(in, out, vid, false, reason);
}

/* A reason of vsw_may_leave() that has nothing to do with the frame or where it came from. */
static bool is_of_port(enum vsw_drop reason)
{
	return reason == VSW_DROP_PORT_DOWN || reason == VSW_DROP_PORT_SHUT ||
	       reason == VSW_DROP_MIRROR_OUTPUT || reason == VSW_DROP_PORT_STATE ||
	       reason == VSW_DROP_MAC_CHANGED;
}

/* What the host did not send itself, and of its own VLANs only. */
static __always_inline bool host_may_have(const struct vsw_port *in, u16 vid)
{
	const struct vsw_port *host = &in->sw->host;

	return in != host && (!vid || vsw_vlan_goes_to(host, vid));
}

/*
 * vsw_forward() of what is not the usual: to the host, or to where it may not go.
 * A host that listens to everything gets what it may, too: the port a copy, the
 * host the original.
 */
rx_handler_result_t vsw_forward_unusual(struct vsw_port *in, struct vsw_port *out,
					struct sk_buff *skb, u16 vid)
{
	struct vsw_switch *sw = in->sw;
	enum vsw_drop reason;

	if (!vsw_may_leave(in, out, vid, &reason)) {
		vsw_drop(is_of_port(reason) ? out : in, skb, reason);
		return RX_HANDLER_CONSUMED;
	}
	if (out == &sw->host) {
		skb->pkt_type = PACKET_HOST;
		return deliver_host(in, skb, vid);
	}
	if (unlikely(vsw_is_promisc(sw)) && host_may_have(in, vid)) {
		deliver_copy(in, out, skb, vid);
		skb->pkt_type = PACKET_OTHERHOST;
		return deliver_host(in, skb, vid);
	}
	return deliver_last(in, out, skb, vid);
}

/* vsw_forward() of what would leave by @out as if it were of another VLAN. */
rx_handler_result_t vsw_refuse_nested(struct vsw_port *out, struct sk_buff *skb)
{
	return drop(out, skb, VSW_DROP_VLAN_NESTED);
}

/* Promiscuous ports get copies of @skb, which came by @in, if it may leave by @to. */
void vsw_copy_to_promiscuous(struct vsw_port *in, const struct vsw_port *to,
			     struct sk_buff *skb, u16 vid)
{
	enum vsw_drop reason;
	struct vsw_port *out;

	if (!vsw_may_leave(in, to, vid, &reason))
		return;
	list_for_each_entry_rcu(out, &in->sw->port_list, list)
		if (READ_ONCE(out->promiscuous) && out != in && out != to &&
		    vsw_may_leave(in, out, vid, &reason))
			deliver_copy(in, out, skb, vid);
}

/* Whether a flooded frame goes up: groups do, unicast if all is listened to. */
static bool host_wants(const struct vsw_port *in, u16 vid, unsigned long flood_flag)
{
	return host_may_have(in, vid) &&
	       (flood_flag != VSW_PORT_FLOOD || vsw_is_promisc(in->sw));
}

/* Likewise one of a group, of which @is_member says whether the host wants it. */
static bool host_wants_group(const struct vsw_port *in, u16 vid, bool is_member)
{
	return host_may_have(in, vid) &&
	       (is_member || in->sw->dev->flags & (IFF_PROMISC | IFF_ALLMULTI));
}

/* Whether @out gets what is flooded to ports that have @flood_flag, if it may. */
static bool is_flooded(const struct vsw_port *out, unsigned long flood_flag)
{
	unsigned long flags = READ_ONCE(out->flags);

	return ((flags & flood_flag & ~VSW_FLOOD_SPARED) &&
		!(flags & flood_flag & VSW_FLOOD_SPARED)) || READ_ONCE(out->promiscuous);
}

/* What is asked of the flags of each port by which a frame is to leave. */
struct asked {
	unsigned long bits, wanted;
};

/* vsw_may_leave() of what came by a port with @flags, and @flood_flag as of vsw_flood(). */
static __always_inline struct asked asked_of_outs(unsigned long flags,
						  unsigned long flood_flag)
{
	return (struct asked) {
		.bits = flood_flag | VSW_PORT_FORWARDING | VSW_PORT_SHUT |
			(flags & VSW_PORT_ISOLATED) | VSW_PORT_PRIVATE | VSW_PORT_GUARDED_OUT,
		.wanted = (flood_flag & ~VSW_FLOOD_SPARED) | VSW_PORT_FORWARDING,
	};
}

/* is_out() of a port of which the flags alone don't say it. */
static noinline bool is_odd_out(const struct vsw_port *in, const struct vsw_port *out,
				const struct sk_buff *skb, u16 vid, unsigned long flood_flag)
{
	enum vsw_drop reason;

	if (flood_flag && !is_flooded(out, flood_flag))
		return false;
	if (vsw_may_leave(in, out, vid, &reason))
		return true;
	if (reason == VSW_DROP_MAC_CHANGED)
		vsw_count_drop(out, reason, skb->protocol, vsw_frame_len(skb));
	return false;
}

/* Each copy pays for what is asked here. */
static __always_inline bool is_out(const struct vsw_port *in, const struct vsw_port *out,
				   const struct sk_buff *skb, u16 vid, struct asked asked,
				   unsigned long flood_flag)
{
	unsigned long flags = READ_ONCE(out->flags);

	if (unlikely((flags & asked.bits) != asked.wanted))
		return is_odd_out(in, out, skb, vid, flood_flag);
	return (likely(in != out) || (flags & VSW_PORT_HAIRPIN)) &&
	       (!vid || vsw_vlan_is_member(out, vid));
}

/*
 * @out's turn: of a frame that is flooded each port gets a copy once the next is found,
 * the last one the original. Returns the port whose turn comes then.
 */
static __always_inline struct vsw_port *
flood_to(const struct vsw_port *in, struct vsw_port *out, struct vsw_port *last,
	 struct sk_buff *skb, u16 vid, struct asked asked, unsigned long flood_flag)
{
	if (!is_out(in, out, skb, vid, asked, flood_flag))
		return last;
	if (last)
		deliver_copy(in, last, skb, vid);
	return out;
}

/* The host gets the original, @last a copy. */
static noinline rx_handler_result_t flood_to_host(struct vsw_port *in, struct vsw_port *last,
						  struct sk_buff *skb, u16 vid,
						  bool is_unicast)
{
	if (last)
		deliver_copy(in, last, skb, vid);
	if (is_unicast)
		skb->pkt_type = PACKET_OTHERHOST;
	return deliver_host(in, skb, vid);
}

/*
 * Send @skb, of VLAN @vid or 0 for none, out of every port that has @flood_flag (VSW_PORT_FLOOD for
 * unknown unicast, VSW_PORT_MCAST_FLOOD, VSW_PORT_BCAST_FLOOD; or VSW_FLOOD_SPARED with
 * it) and may have it, and to the host. The last one gets the original, the others
 * copies. Takes the packet unless it returns ANOTHER. Under RCU with BH off.
 */
rx_handler_result_t vsw_flood(struct vsw_port *in, struct sk_buff *skb,
			      u16 vid, unsigned long flood_flag)
{
	const struct asked asked = asked_of_outs(READ_ONCE(in->flags), flood_flag);
	const struct vsw_switch *sw = in->sw;
	struct vsw_port *out, *last = NULL;

	list_for_each_entry_rcu(out, &sw->port_list, list)
		last = flood_to(in, out, last, skb, vid, asked, flood_flag);

	if (host_wants(in, vid, flood_flag))
		return flood_to_host(in, last, skb, vid, flood_flag == VSW_PORT_FLOOD);
	if (likely(last))
		return deliver_last(in, last, skb, vid);
	/* Answered for those that it would have gone to. */
	if (flood_flag & VSW_FLOOD_SPARED)
		return taken(skb);
	return drop(in, skb, VSW_DROP_NO_DESTINATION);
}

/*
 * Flows say that @skb, of VLAN @vid or 0 for as it is, leaves by @out, which may be the
 * host, and, if it @may_return, @in. Takes it unless it returns ANOTHER.
 */
rx_handler_result_t vsw_output(struct vsw_port *in, struct vsw_port *out, struct sk_buff *skb,
			       u16 vid, bool may_return)
{
	enum vsw_drop reason;

	if (!may_leave(in, out, vid, may_return, &reason))
		return drop(is_of_port(reason) ? out : in, skb, reason);
	if (!(out->flags & VSW_PORT_HOST))
		return deliver_last(in, out, skb, vid);
	skb->pkt_type = PACKET_HOST;
	eth_skb_pkt_type(skb, out->dev);
	return deliver_host(in, skb, vid);
}

/*
 * Likewise by all ports that may have it, with @flood_flag as of vsw_flood() or, if that
 * is 0, whether they are flooded to or not, but not to where it came from.
 */
rx_handler_result_t vsw_output_many(struct vsw_port *in, struct sk_buff *skb, u16 vid,
				    unsigned long flood_flag)
{
	const struct asked asked = asked_of_outs(READ_ONCE(in->flags), flood_flag);
	struct vsw_port *out, *last = NULL;
	enum vsw_drop reason;

	list_for_each_entry_rcu(out, &in->sw->port_list, list)
		last = flood_to(in, out, last, skb, vid, asked, flood_flag);
	if (host_may_have(in, vid) && vsw_may_leave(in, &in->sw->host, vid, &reason)) {
		if (last)
			deliver_copy(in, last, skb, vid);
		return vsw_output(in, &in->sw->host, skb, vid, false);
	}
	if (last)
		return deliver_last(in, last, skb, vid);
	return drop(in, skb, VSW_DROP_NO_DESTINATION);
}

/*
 * @copy of what came by @in was sent, with that result: what the core would go on with if
 * it had given it to us has to wait in its queue.
 */
void vsw_finish_copy(const struct vsw_port *in, struct sk_buff *copy,
		     rx_handler_result_t result)
{
	unsigned int len;
	__be16 protocol;

	/* Then it is gone. */
	if (result != RX_HANDLER_ANOTHER)
		return;
	len = copy->len + ETH_HLEN;
	protocol = copy->protocol;
	if (unlikely(skb_orphan_frags(copy, GFP_ATOMIC)))
		vsw_drop(in, copy, VSW_DROP_NO_MEMORY);
	else if (unlikely(__netif_rx(copy) != NET_RX_SUCCESS))
		vsw_count_drop(in, VSW_DROP_TX_REFUSED, protocol, len);
}

/* flood_to() of a frame of a group. */
static struct vsw_port *flood_group_to(struct vsw_port *in, struct vsw_port *out,
				       struct vsw_port *last, struct sk_buff *skb, u16 vid,
				       const struct vsw_mcast_way *way)
{
	const struct asked asked = asked_of_outs(READ_ONCE(in->flags), 0);
	struct vsw_port *next = flood_to(in, out, last, skb, vid, asked, 0);

	if (next == out && way->kind < VSW_MCAST_COUNTED && !vsw_tracing())
		atomic64_inc(&out->mcast.tx[way->kind]);
	return next;
}

/*
 * Likewise out of the ports that want the group of @way, and those that lead to routers;
 * to the host if it is one of these, or listens to all groups. Promiscuous ports get
 * what they have not asked for, too: they come last, whether they have or not, so that
 * none comes twice; unless it becomes promiscuous just now.
 */
rx_handler_result_t vsw_flood_group(struct vsw_port *in, struct sk_buff *skb,
				    u16 vid, const struct vsw_mcast_way *way)
{
	struct vsw_port *out, *last = NULL;
	struct vsw_switch *sw = in->sw;
	struct vsw_mcast_cursor some;
	bool is_host_member = false;

	vsw_mcast_begin(&some, sw, way);
	while ((out = vsw_mcast_next(&some, way)))
		if (out == &sw->host)
			is_host_member = true;
		else if (!READ_ONCE(out->promiscuous))
			last = flood_group_to(in, out, last, skb, vid, way);
	if (READ_ONCE(sw->promiscuous_ports))
		list_for_each_entry_rcu(out, &sw->port_list, list)
			if (READ_ONCE(out->promiscuous))
				last = flood_group_to(in, out, last, skb, vid, way);

	if (host_wants_group(in, vid, is_host_member))
		return flood_to_host(in, last, skb, vid, false);
	if (last)
		return deliver_last(in, last, skb, vid);
	/* A report has arrived: here. */
	if (way->kind < VSW_MCAST_COUNTED)
		return taken(skb);
	return drop(in, skb, VSW_DROP_MCAST_NO_MEMBER);
}

static void send_query_by(struct vsw_port *out, struct sk_buff *skb, u16 vid, u8 kind)
{
	struct vsw_port *host = &out->sw->host;
	enum vsw_drop reason;

	if (!vsw_may_leave(host, out, vid, &reason))
		return;
	deliver_copy(host, out, skb, vid);
	atomic64_inc(&out->mcast.tx[kind]);
}

/*
 * A query of the switch's own, with data behind the MAC header, of VLAN @vid or 0: out
 * of @port, or of all ports and to the host. The host does not send it, so it gets it,
 * too. Takes @skb. Under RCU with BH off.
 */
void vsw_send_query(struct vsw_switch *sw, struct vsw_port *port, struct sk_buff *skb,
		    u16 vid, u8 kind)
{
	struct vsw_port *host = &sw->host, *out;

	if (!port)
		list_for_each_entry_rcu(out, &sw->port_list, list)
			send_query_by(out, skb, vid, kind);
	else if (port != host)
		send_query_by(port, skb, vid, kind);
	if ((port && port != host) || (vid && !vsw_vlan_goes_to(host, vid))) {
		consume_skb(skb);
		return;
	}
	atomic64_inc(&host->mcast.tx[kind]);
	deliver_host(host, skb, vid);
}
