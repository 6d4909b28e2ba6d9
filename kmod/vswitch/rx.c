// SPDX-License-Identifier: GPL-2.0
/*
 * The packet walk. Every frame, from whichever port, goes through walk_by().
 */
#include "fdb_path.h"
#include "forward.h"
#include "loop.h"
#include "mirror.h"
#include "mcast_path.h"
#include "pipeline.h"
#include "reserved.h"
#include "suppress.h"
#include "tracer.h"
#include "vlan_stats.h"

static noinline rx_handler_result_t drop(const struct vsw_port *in,
					 struct sk_buff *skb, enum vsw_drop reason)
{
	vsw_drop(in, skb, reason);
	return RX_HANDLER_CONSUMED;
}

/* Likewise for its VLAN, see vsw_vlan_classify(); it may be gone already. */
static noinline rx_handler_result_t refuse(const struct vsw_port *in,
					   struct sk_buff *skb, int vid)
{
	enum vsw_drop reason = VSW_VLAN_REFUSED(vid);

	if (skb)
		return drop(in, skb, reason);
	vsw_count_drop(in, reason, htons(ETH_P_8021Q), 0);
	return RX_HANDLER_CONSUMED;
}

/* Nothing is forwarded, but what comes in is learned from. */
static bool learns_only(unsigned long flags)
{
	return (flags & (VSW_PORT_LEARNS_ONLY | VSW_PORT_SHUT)) == VSW_PORT_LEARNS_ONLY;
}

/* Whether guard.c admits @skb; else it is gone. */
static noinline bool is_admitted(struct vsw_port *in, struct sk_buff *skb, u16 fid)
{
	enum vsw_drop reason;

	if (vsw_guard_admit(in, skb, fid, &reason)) {
		if (unlikely(vsw_tracing()))
			vsw_trace_guard(VSW_DROP_COUNT);
		return true;
	}
	if (unlikely(vsw_tracing()))
		vsw_trace_guard(reason);
	vsw_drop(in, skb, reason);
	return false;
}

/* Frames to @key's MAC leave by @out, see vsw_way_to(); as of the epoch in @stats, or none. */
static __always_inline void remember_way(struct vsw_pcpu_stats *stats, u64 key,
					 struct vsw_port *out, u32 way)
{
	stats->seen.dest = key;
	stats->seen.out = out;
	stats->seen.way = way;
}

/* It is known that @skb, with data behind the MAC header, is of VLAN @vid. */
static noinline void watch_vlan(const struct vsw_port *in, struct sk_buff *skb, u16 vid,
				unsigned long flags)
{
	if (flags & VSW_PORT_COUNTED)
		vsw_vlan_stats_rx(in->sw, vid, skb->len + ETH_HLEN);
	if (flags & VSW_PORT_MIRRORED_IN)
		vsw_mirror_vlan(in, skb, vid);
}

/* To many, of which it is said to whom if it @is_traced. */
static __always_inline rx_handler_result_t
walk_to_many(struct vsw_port *in, struct sk_buff *skb, u16 vid, unsigned long flags,
	     bool is_traced)
{
	struct vsw_switch *sw = in->sw;
	const struct ethhdr *eth = eth_hdr(skb);
	unsigned long spared = 0;

	if (is_traced)
		vsw_trace_normal(is_broadcast_ether_addr(eth->h_dest) ?
				 VSWITCH_TRACE_DESTINATION_BROADCAST :
				 VSWITCH_TRACE_DESTINATION_MULTICAST, NULL, vid);
	if (unlikely(READ_ONCE(sw->suppressed)))
		spared = vsw_suppress(in, skb, vid);
	if (is_broadcast_ether_addr(eth->h_dest))
		return vsw_flood(in, skb, vid, VSW_PORT_BCAST_FLOOD | spared);
	/* Groups that neighbours are asked by have all ports (RFC 4541 3). */
	if (unlikely(flags & VSW_PORT_SNOOPED) && !spared)
		return vsw_mcast_walk(in, skb, vid);
	return vsw_flood(in, skb, vid, VSW_PORT_MCAST_FLOOD | spared);
}

/*
 * Where @skb, of VLAN @vid or 0 for none, goes by its destination. It came by @in, which
 * has @flags.
 */
static __always_inline rx_handler_result_t walk_on(struct vsw_port *in, struct sk_buff *skb,
						   u16 vid, unsigned long flags,
						   bool is_traced)
{
	struct vsw_switch *sw = in->sw;
	const struct ethhdr *eth = eth_hdr(skb);
	struct vsw_port *out;
	u16 fid;
	u32 way;

	if (is_multicast_ether_addr(eth->h_dest))
		return walk_to_many(in, skb, vid, flags, is_traced);

	fid = unlikely(flags & VSW_PORT_PRIVATE) ? vsw_private_fid(sw, vid) : vid;
	out = vsw_fdb_lookup(sw, vsw_fdb_key(eth->h_dest, fid));
	if (is_traced)
		vsw_trace_normal(out ? VSWITCH_TRACE_DESTINATION_KNOWN :
				       VSWITCH_TRACE_DESTINATION_UNKNOWN, out, vid);
	if (!out) {
		if (unlikely(flags & VSW_PORT_GUARDED) && !vsw_guard_may_flood(in, skb))
			return drop(in, skb, VSW_DROP_STORM_UNKNOWN);
		return vsw_flood(in, skb, vid, VSW_PORT_FLOOD);
	}
	if (unlikely(flags & (VSW_PORT_GUARDED | VSW_PORT_HOST)) &&
	    READ_ONCE(sw->promiscuous_ports))
		vsw_copy_to_promiscuous(in, out, skb, vid);
	if (is_traced)
		return vsw_forward_unusual(in, out, skb, vid);
	way = vsw_way_to(in, out, vid);
	remember_way(this_cpu_ptr(in->stats), vsw_fdb_key(eth->h_dest, vid), out, way);
	return vsw_forward(in, out, way, skb, vid, VSW_FROM_ANYBODY);
}

/* Flows say that @skb, which came by @in, is to go as it does without them. */
noinline rx_handler_result_t vsw_normal(struct vsw_port *in, struct sk_buff *skb, u16 vid)
{
	unsigned long flags = READ_ONCE(in->flags);

	if (unlikely(vsw_tracing()))
		return walk_on(in, skb, vid, flags, true);
	return walk_on(in, skb, vid, flags, false);
}

/*
 * @*pskb came in by @in, which has @flags: its MAC header is set, data is behind it,
 * nobody else has it. Under RCU with BH off. What it returns is meant for the core:
 * CONSUMED, or ANOTHER when another device gets it, which is skb->dev then, or PASS when
 * it is for the device that it came by. If it @is_traced, the switch is left as it is.
 */
static __always_inline rx_handler_result_t walk_by(struct vsw_port *in, struct sk_buff **pskb,
						   unsigned long flags, bool is_traced)
{
	struct vsw_switch *sw = in->sw;
	struct sk_buff *skb = *pskb;
	struct ethhdr *eth = eth_hdr(skb);
	struct vsw_pcpu_stats *stats = this_cpu_ptr(in->stats);
	int vid = 0, result;
	u16 fid;

	if (!is_traced)
		vsw_stats_rx(stats, skb->len + ETH_HLEN);

	/* All that comes, as it comes, whatever becomes of it. */
	if (unlikely(flags & VSW_PORT_MIRRORED_IN))
		vsw_mirror_in(in, skb);

	if (unlikely(!is_valid_ether_addr(eth->h_source)))
		return drop(in, skb, VSW_DROP_INVALID_SOURCE);

	if (unlikely(vsw_is_reserved(in, eth->h_dest, flags))) {
		result = vsw_reserved_ends(in, skb, flags);
		if (result != VSW_GOES_ON)
			return result;
	}
	if (unlikely((flags & (VSW_PORT_FORWARDING | VSW_PORT_SHUT)) != VSW_PORT_FORWARDING) &&
	    !learns_only(flags))
		return drop(in, skb, vsw_why_not(in, flags));
	if (unlikely(vsw_loop_probes(sw)) && vsw_loop_closed(in, skb))
		return drop(in, skb, VSW_DROP_LOOP_PROBE);

	if (flags & VSW_PORT_VLANS) {
		vid = likely(!(flags & VSW_PORT_VLAN_ODD)) ? vsw_vlan_classify(in, pskb) :
							     vsw_vlan_classify_odd(in, pskb);
		if (unlikely(vid < 0))
			return refuse(in, *pskb, vid);
		skb = *pskb;
		eth = eth_hdr(skb);
		if (unlikely(flags & (VSW_PORT_MIRRORED_IN | VSW_PORT_COUNTED)))
			watch_vlan(in, skb, vid, flags);
	}
	if (is_traced)
		vsw_trace_vlan(vid);

	/* What is known of who is where is shared by what is part of a private VLAN. */
	fid = unlikely(flags & VSW_PORT_PRIVATE) ? vsw_private_fid(sw, vid) : vid;

	if (unlikely(flags & VSW_PORT_GUARDED)) {
		if (!is_admitted(in, skb, fid))
			return RX_HANDLER_CONSUMED;
		eth = eth_hdr(skb);
	}

	/* Learn after the checks, so that no refused frame teaches anything. */
	if (is_traced)
		vsw_trace_source(in, vsw_fdb_key(eth->h_source, fid));
	else if (flags & VSW_PORT_LEARNING)
		vsw_fdb_learn(in, vsw_fdb_key(eth->h_source, fid));
	if (unlikely(!(flags & VSW_PORT_FORWARDING)))
		return drop(in, skb, VSW_DROP_PORT_STATE);

	if (unlikely(flags & VSW_PORT_FLOWS)) {
		result = is_traced ? vsw_pipeline_traced(in, pskb, vid) :
				     vsw_pipeline(in, pskb, vid);
		if (result != VSW_GOES_NORMAL)
			return result;
		skb = *pskb;
		if (vid)
			vid = skb_vlan_tag_get_id(skb);
	}
	return walk_on(in, skb, vid, flags, is_traced);
}

/* walk() by a port with optional features on, or that does not forward. */
static noinline rx_handler_result_t walk_odd(struct vsw_port *in, struct sk_buff **pskb,
					     unsigned long flags)
{
	return walk_by(in, pskb, flags, false);
}

/*
 * The complete walk. Where no optional feature is on, the compiler leaves out what they
 * ask, so that none of them costs the others.
 */
static noinline rx_handler_result_t walk(struct vsw_port *in, struct sk_buff **pskb)
{
	const unsigned long odd = VSW_PORT_SLOW_IN | VSW_PORT_SNOOPED |
				  VSW_PORT_PVST_ENDS;
	unsigned long flags = READ_ONCE(in->flags);

	if (unlikely((flags & (odd | VSW_PORT_FORWARDING)) != VSW_PORT_FORWARDING))
		return walk_odd(in, pskb, flags);
	return walk_by(in, pskb, (flags & ~odd) | VSW_PORT_FORWARDING, false);
}

/*
 * walk() by a port that has flows on and nothing else, of a unicast frame: if its source was
 * the last one, too, there is nothing to do before flows are asked but to count it.
 */
static noinline rx_handler_result_t walk_flows(struct vsw_port *in, struct sk_buff **pskb)
{
	struct vsw_pcpu_stats *stats = this_cpu_ptr(in->stats);
	unsigned long flags = READ_ONCE(in->flags);
	struct sk_buff *skb = *pskb;
	unsigned int vid = 0;
	int result;

	if (flags & VSW_PORT_VLANS) {
		vid = vsw_vlan_classify_fast(in, skb);
		if (unlikely(!vid))
			return walk(in, pskb);
	}
	if (unlikely(!vsw_fdb_is_known(in->sw, stats, vsw_fdb_key(eth_hdr(skb)->h_source, vid))))
		return walk(in, pskb);
	vsw_stats_rx(stats, skb->len + ETH_HLEN);
	result = vsw_pipeline(in, pskb, vid);
	if (likely(result != VSW_GOES_NORMAL))
		return result;
	skb = *pskb;
	return walk_on(in, skb, vid ? skb_vlan_tag_get_id(skb) : 0, flags, false);
}

/*
 * A VLAN device with reorder_hdr off leaves its tag in the frame, for whom it
 * is not a port. To a port's network the tag means nothing: take it out.
 */
static bool strip_tag_of_device(struct sk_buff *skb)
{
	unsigned int tags = -skb_mac_offset(skb) - ETH_HLEN;
	u8 *header;

	if (skb_cow(skb, 0))
		return false;
	header = skb_mac_header(skb);
	memmove(header + tags, header, 2 * ETH_ALEN);
	skb->mac_header += tags;
	skb_reset_mac_len(skb);
	return true;
}

typedef rx_handler_result_t (*walk_t)(struct vsw_port *in, struct sk_buff **pskb);

/*
 * By which way what came by @in leaves for @key's MAC, in its VLAN, of which @stats
 * remember the last one: it is good for as long as the frame's source is known.
 * False: ask walk().
 */
static __always_inline bool knows_way(const struct vsw_port *in,
				      struct vsw_pcpu_stats *stats, u64 key)
{
	struct vsw_port *out;

	if (likely(stats->seen.dest == key))
		return true;
	out = vsw_fdb_lookup_fast(in->sw, key);
	if (unlikely(!out))
		return false;
	remember_way(stats, key, out, vsw_way_to(in, out, vsw_fdb_key_to_vid(key)));
	return true;
}

/*
 * walk() for what most frames are: unicast, from the source that was the last one,
 * to a known MAC, by a port that does no more than learn and filter by VLAN, and whose
 * frames begin with their Ethernet header, if that @is_checked not. What
 * walk() would decide, of what it decides here: any other frame is @walk's before
 * anything was done to it. It calls nothing but what it ends with, so that nothing
 * has to be kept for afterwards.
 */
static __always_inline rx_handler_result_t walk_fast(struct vsw_port *in,
						     struct sk_buff **pskb, walk_t walk,
						     enum vsw_origin origin,
						     bool is_checked)
{
	const unsigned long needed = VSW_PORT_LEARNING | VSW_PORT_FORWARDING;
	const unsigned long asked = needed | VSW_PORT_SLOW_IN |
				    (is_checked ? 0 : VSW_PORT_DEEP);
	struct vsw_pcpu_stats *stats = this_cpu_ptr(in->stats);
	unsigned long flags = READ_ONCE(in->flags);
	struct sk_buff *skb = *pskb;
	const struct ethhdr *eth = eth_hdr(skb);
	unsigned int vid = 0;

	if (unlikely((flags & asked) != needed || is_multicast_ether_addr(eth->h_dest))) {
		if ((flags & asked) == (needed | VSW_PORT_FLOWS) &&
		    !is_multicast_ether_addr(eth->h_dest))
			return walk_flows(in, pskb);
		return walk(in, pskb);
	}
	if (flags & VSW_PORT_VLANS) {
		vid = vsw_vlan_classify_fast(in, skb);
		if (unlikely(!vid))
			return walk(in, pskb);
	}
	if (unlikely(!vsw_fdb_is_known(in->sw, stats, vsw_fdb_key(eth->h_source, vid))))
		return walk(in, pskb);
	if (unlikely(!knows_way(in, stats, vsw_fdb_key(eth->h_dest, vid))))
		return walk(in, pskb);
	vsw_stats_rx(stats, skb->len + ETH_HLEN);
	return vsw_forward(in, stats->seen.out, stats->seen.way, skb, vid, origin);
}

/* vsw_rx() of what may be shared, or have a tag that has to go, or is not the usual. */
static noinline rx_handler_result_t receive_odd(struct vsw_port *in, struct sk_buff **pskb)
{
	struct sk_buff *skb = skb_share_check(*pskb, GFP_ATOMIC);

	*pskb = skb;
	if (unlikely(!skb)) {
		vsw_count_drop(in, VSW_DROP_NO_MEMORY, 0, 0);
		return RX_HANDLER_CONSUMED;
	}
	if (-skb_mac_offset(skb) > ETH_HLEN && !strip_tag_of_device(skb))
		return drop(in, skb, VSW_DROP_NO_MEMORY);
	if (in->flags & VSW_PORT_DEEP)
		return walk_fast(in, pskb, walk, VSW_FROM_RECEIVER, true);
	return walk(in, pskb);
}

/* rx_handler of every port. Under RCU with BH off. */
rx_handler_result_t vsw_rx(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct vsw_port *in;

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;

	in = rcu_dereference(skb->dev->rx_handler_data);
	if (unlikely(skb_shared(skb)))
		return receive_odd(in, pskb);
	return walk_fast(in, pskb, receive_odd, VSW_FROM_RECEIVER, false);
}

/* Novell's raw 802.3 has no LLC header. */
static noinline __be16 kind_of_802_3(const struct sk_buff *skb)
{
	u16 first;

	return skb_copy_bits(skb, 0, &first, sizeof(first)) || first != 0xffff ?
	       htons(ETH_P_802_2) : htons(ETH_P_802_3);
}

/*
 * The EtherType that @skb's header says, whatever the sender says it is: a tag in
 * the frame must not go unseen. As eth_type_trans() does it.
 */
static __always_inline __be16 protocol_of(const struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);

	return likely(eth_proto_is_802_3(eth->h_proto)) ? eth->h_proto : kind_of_802_3(skb);
}

/* A device of ours has sent @skb: have it look as if @in had received it. */
static __always_inline bool receive_sent(struct vsw_port *in, struct sk_buff *skb)
{
	skb_reset_mac_header(skb);
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN))) {
		drop(in, skb, VSW_DROP_TRUNCATED);
		return false;
	}
	__skb_pull(skb, ETH_HLEN);
	/* What tc has redirected from where it was received. */
	if (unlikely(skb->ip_summed == CHECKSUM_COMPLETE))
		skb_postpull_rcsum(skb, eth_hdr(skb), ETH_HLEN);
	skb->protocol = protocol_of(skb);
	return true;
}

/* ndo_start_xmit of the switch's device: the host sends by the host port. */
netdev_tx_t vsw_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vsw_switch *sw = netdev_priv(dev);

	if (likely(receive_sent(&sw->host, skb)))
		walk_fast(&sw->host, &skb, walk, VSW_FROM_ANYBODY, true);
	return NETDEV_TX_OK;
}

/* ndo_start_xmit of a vnic: who has it sends, and so leaves its own namespace. */
netdev_tx_t vsw_vnic_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vsw_port *in = &((struct vsw_vnic *)netdev_priv(dev))->port;

	if (unlikely(skb_shinfo(skb)->tx_flags & SKBTX_SW_TSTAMP))
		skb_tx_timestamp(skb);
	if (unlikely(!receive_sent(in, skb)))
		return NETDEV_TX_OK;
	skb_scrub_packet(skb, true);
	skb->priority = 0;
	skb_set_queue_mapping(skb, 0);
	if (unlikely(walk_fast(in, &skb, walk, VSW_FROM_VNIC, true) == RX_HANDLER_PASS))
		drop(in, skb, VSW_DROP_RESERVED_ADDRESS);
	return NETDEV_TX_OK;
}

/*
 * All that receivers do with what comes by a port is done with @skb, but for what would
 * change anything. What the core has of it before us, the tag beside it, is done here.
 */
void vsw_walk_traced(struct vsw_port *in, struct sk_buff *skb, bool has_flows)
{
	const unsigned long left_out = VSW_PORT_COUNTED | (has_flows ? 0 : VSW_PORT_FLOWS);
	unsigned long flags = READ_ONCE(in->flags) & ~left_out;

	vsw_trace_port(in, flags);
	if (!receive_sent(in, skb))
		return;
	if (flags & VSW_PORT_VNIC)
		skb_scrub_packet(skb, true);
	if (vsw_is_received(in) && eth_type_vlan(skb->protocol)) {
		skb = skb_vlan_untag(skb);
		if (!skb) {
			vsw_count_drop(in, VSW_DROP_BAD_VLAN_HEADER, htons(ETH_P_8021Q), 0);
			return;
		}
	}
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	if (walk_by(in, &skb, flags, true) != RX_HANDLER_PASS)
		return;
	vsw_trace_pass(in);
	consume_skb(skb);
}
