// SPDX-License-Identifier: GPL-2.0
/*
 * Where flows send packets: by ports, and the way that those go without flows.
 */
#include "conntrack.h"
#include "forward.h"
#include "pipeline.h"
#include "run.h"

static rx_handler_result_t drop(const struct vsw_port *in, struct sk_buff *skb,
				enum vsw_drop reason)
{
	vsw_drop(in, skb, reason);
	return RX_HANDLER_CONSUMED;
}

/* Of @most bytes with its Ethernet header, if it has more. False: no memory. */
static bool cut(struct sk_buff *skb, u32 most)
{
	if (skb->len + ETH_HLEN <= most)
		return true;
	if (skb_unclone(skb, GFP_ATOMIC) || pskb_trim(skb, most - ETH_HLEN))
		return false;
	/* There is nothing behind it any more that could be segmented or summed up. */
	skb_gso_reset(skb);
	skb->ip_summed = CHECKSUM_NONE;
	return true;
}

/* The VLAN of @skb, as its tag says; 0: it is of none. */
static u16 vid_of(const struct vsw_switch *sw, const struct sk_buff *skb)
{
	if (!skb_vlan_tag_present(skb) || skb->vlan_proto != READ_ONCE(sw->vlan_proto))
		return 0;
	return skb_vlan_tag_get_id(skb);
}

/* Only if that ports are flooded to is asked of them by kind, see vsw_flood(). */
static unsigned long flood_flag_of(const struct sk_buff *skb)
{
	const u8 *dest = eth_hdr(skb)->h_dest;

	if (is_broadcast_ether_addr(dest))
		return VSW_PORT_BCAST_FLOOD;
	return is_multicast_ether_addr(dest) ? VSW_PORT_MCAST_FLOOD : VSW_PORT_FLOOD;
}

/*
 * *@pskb is to go on as without flows, which may have changed its tags: it gets that of its
 * VLAN, of @in's PVID if it has none. False: it is gone.
 */
bool vsw_run_tag(const struct vsw_port *in, struct sk_buff **pskb)
{
	__be16 proto = READ_ONCE(in->sw->vlan_proto);
	struct sk_buff *skb = *pskb;
	u16 pvid;

	if (skb_vlan_tag_present(skb) && skb->vlan_proto != proto)
		skb = vsw_vlan_push_into_frame(skb);
	else if (!skb_vlan_tag_present(skb) && skb->protocol == proto)
		skb = skb_vlan_untag(skb);
	*pskb = skb;
	if (unlikely(!skb)) {
		vsw_count_drop(in, VSW_DROP_BAD_VLAN_HEADER, proto, 0);
		return false;
	}
	if (skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb))
		return true;
	pvid = vsw_path_dereference(in->vlans)->pvid;
	if (!pvid) {
		vsw_drop(in, skb, VSW_DROP_VLAN_UNTAGGED);
		return false;
	}
	if (skb_vlan_tag_present(skb))
		skb->vlan_tci |= pvid;
	else
		__vlan_hwaccel_put_tag(skb, proto, pvid);
	return true;
}

static rx_handler_result_t send_normal(struct vsw_port *in, struct sk_buff **pskb,
				       bool filters)
{
	if (filters && !vsw_run_tag(in, pskb))
		return RX_HANDLER_CONSUMED;
	return vsw_normal(in, *pskb, filters ? skb_vlan_tag_get_id(*pskb) : 0);
}

static rx_handler_result_t send_as_it_is(struct vsw_port *in, struct sk_buff **pskb, u32 port,
					 bool filters)
{
	struct sk_buff *skb = *pskb;
	u16 vid = filters ? vid_of(in->sw, skb) : 0;
	struct vsw_port *out;

	switch (port) {
	case VSWITCH_FLOW_PORT_NORMAL:
		return send_normal(in, pskb, filters);
	case VSWITCH_FLOW_PORT_FLOOD:
		return vsw_output_many(in, skb, vid, flood_flag_of(skb));
	case VSWITCH_FLOW_PORT_ALL:
		return vsw_output_many(in, skb, vid, 0);
	case VSWITCH_FLOW_PORT_IN_PORT:
		return vsw_output(in, in, skb, vid, true);
	}
	out = vsw_output_port(in->sw, port);
	if (unlikely(!out))
		return drop(in, skb, VSW_DROP_FLOW_NO_PORT);
	/* Whether it goes back was asked when the action was carried out. */
	return vsw_output(in, out, skb, vid, true);
}

/* How a packet is sent in parts: its run may be another's when the first one has left. */
struct parts {
	struct vsw_port *in;
	u32 port;
	bool filters;
};

static void send_part(const void *to, struct sk_buff *skb)
{
	const struct parts *parts = to;
	rx_handler_result_t result;

	result = send_as_it_is(parts->in, &skb, parts->port, parts->filters);
	vsw_finish_copy(parts->in, skb, result);
}

/* Whether @skb is longer than any of the fragments that it was made of. */
static bool is_gathered(const struct vsw_run *run, const struct sk_buff *skb)
{
	return run->mru && run->layout.network &&
	       skb->len - (run->layout.network - 1) > run->mru;
}

/* It is truncated, or was tracked. */
static noinline rx_handler_result_t send_otherwise(const struct vsw_run *run,
						   struct sk_buff **pskb, u32 port)
{
	const struct parts parts = { run->in, port, run->filters };
	struct sk_buff *skb = *pskb;

	if (run->way.most && !cut(skb, run->way.most))
		return drop(run->in, skb, VSW_DROP_NO_MEMORY);
	if (run->way.is_tracked)
		vsw_ct_forget(skb);
	if (!run->way.is_tracked || !is_gathered(run, skb))
		return send_as_it_is(run->in, pskb, port, run->filters);
	if (!vsw_ct_fragment(run->in, skb, &run->key, &run->layout, run->mru, send_part, &parts))
		return drop(run->in, skb, VSW_DROP_CT);
	return RX_HANDLER_CONSUMED;
}

/*
 * Send *@pskb, which flows may have changed, by @port, which may be one of
 * VSWITCH_FLOW_PORT_*, as run->way says. Takes it unless it returns ANOTHER.
 */
rx_handler_result_t vsw_run_send(const struct vsw_run *run, struct sk_buff **pskb, u32 port)
{
	if (unlikely(run->way.any))
		return send_otherwise(run, pskb, port);
	return send_as_it_is(run->in, pskb, port, run->filters);
}

/* What sending by @port makes at most. */
static u32 copies_by(const struct vsw_switch *sw, u32 port)
{
	switch (port) {
	case VSWITCH_FLOW_PORT_NORMAL:
	case VSWITCH_FLOW_PORT_FLOOD:
	case VSWITCH_FLOW_PORT_ALL:
		return READ_ONCE(sw->port_count) + 1;
	}
	return 1;
}

/* Send @copy, which it takes, by @port, as @run says. */
void vsw_run_send_copy(struct vsw_run *run, struct sk_buff *copy, u32 port)
{
	rx_handler_result_t result;

	result = vsw_run_send(run, &copy, port);
	vsw_finish_copy(run->in, copy, result);
}

/* Something else is to be done with the packet: what is to leave is a copy. */
enum vsw_drop vsw_run_output(struct vsw_runs *runs, struct vsw_run *run)
{
	struct sk_buff *copy;
	u32 port = run->output;

	run->output = VSW_RUN_NO_PORT;
	run->settled = true;
	if (unlikely(runs->copies >= VSW_RUN_COPIES))
		return VSW_DROP_FLOW_LOOP;
	runs->copies += copies_by(run->in->sw, port);
	copy = skb_clone(run->skb, GFP_ATOMIC);
	if (unlikely(!copy)) {
		vsw_count_drop(run->in, VSW_DROP_NO_MEMORY, run->skb->protocol,
			       vsw_frame_len(run->skb));
		return VSW_DROP_COUNT;
	}
	vsw_run_send_copy(run, copy, port);
	return VSW_DROP_COUNT;
}

/* Nothing else is to be done with the packet, which is a copy that a bucket got. */
void vsw_run_end_copy(struct vsw_run *run)
{
	struct sk_buff *skb = run->skb;
	u32 port = run->output;

	run->skb = NULL;
	run->output = VSW_RUN_NO_PORT;
	if (!skb)
		return;
	if (port == VSW_RUN_NO_PORT) {
		consume_skb(skb);
		return;
	}
	run->settled = true;
	vsw_run_send_copy(run, skb, port);
}
