// SPDX-License-Identifier: GPL-2.0
/*
 * What comes in for a multicast group, on a switch that knows who wants which
 * (RFC 4541): hosts and routers are listened to, and data goes where it is wanted.
 */
#include <kunit/visibility.h>

#include "forward.h"
#include "mcast_path.h"
#include "tracer.h"

/* Under RCU. */
bool vsw_mcast_member_wants(const struct vsw_mcast_member *member,
			    const struct in6_addr *source)
{
	const struct vsw_mcast_source *named;

	if (READ_ONCE(member->permanent))
		return true;
	hlist_for_each_entry_rcu(named, &member->sources, node)
		if (ipv6_addr_equal(&named->address, source))
			return READ_ONCE(named->running);
	return READ_ONCE(member->exclude);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_member_wants);

static rx_handler_result_t flood(struct vsw_port *in, struct sk_buff *skb, u16 vid)
{
	return vsw_flood(in, skb, vid, VSW_PORT_MCAST_FLOOD);
}

/* To who wants it and to routers; to all while nobody has asked who wants it. Under RCU. */
static rx_handler_result_t forward(struct vsw_port *in, struct sk_buff *skb, u16 vid,
				   const struct vsw_mcast_msg *msg)
{
	u16 fid = vsw_vlan_fid(in, vid);
	const struct vsw_mcast_key key = { .group = msg->dest, .vid = fid };
	struct vsw_mcast_way way = {
		.source = msg->source,
		.family = vsw_mcast_family(&msg->dest),
		.kind = msg->kind,
	};

	if (!vsw_mcast_is_pruned(&msg->dest) ||
	    !vsw_mcast_querier_known(in->sw, fid, way.family))
		return flood(in, skb, vid);
	way.group = vsw_mcast_find_group(in->sw, &key);
	return vsw_flood_group(in, skb, vid, &way);
}

/* Whether there is more of it. */
static bool learn(struct vsw_port *in, const struct sk_buff *skb, u16 fid,
		  struct vsw_mcast_msg *msg, struct vsw_mcast_outcome *outcome)
{
	struct vsw_mcast *mcast = &in->sw->mcast;
	bool more = false;

	spin_lock_bh(&mcast->lock);
	/* Asked again under the lock, so nothing is learned behind a port's end. */
	if (mcast->on && (READ_ONCE(in->flags) & VSW_PORT_FORWARDING)) {
		vsw_mcast_vlan_get(in->sw, fid);
		more = vsw_mcast_apply(in, fid, skb, msg, outcome);
	}
	spin_unlock_bh(&mcast->lock);
	return more;
}

/*
 * Reports go to routers only (RFC 4541 2.1.1 (1)): a host of an earlier version that hears
 * another's does not report itself, and its port would go without the group.
 */
static rx_handler_result_t report(struct vsw_port *in, struct sk_buff *skb, u16 vid,
				  struct vsw_mcast_msg *msg)
{
	u16 fid = vsw_vlan_fid(in, vid);
	struct vsw_mcast_outcome outcome = {};
	const struct vsw_mcast_way way = {
		.source = msg->source,
		.family = vsw_mcast_family(&msg->dest),
		.kind = msg->kind,
	};

	if (unlikely(vsw_tracing()))
		vsw_trace_effect(VSWITCH_TRACE_EFFECT_LEARN_GROUP, NULL);
	else
		while (learn(in, skb, fid, msg, &outcome))
			;
	/* A router that heard of it would send what has nowhere to go. */
	if (outcome.refused && !outcome.accepted) {
		vsw_drop(in, skb, VSW_DROP_MCAST_LIMIT);
		return RX_HANDLER_CONSUMED;
	}
	return vsw_flood_group(in, skb, vid, &way);
}

static void listen(struct vsw_port *in, const struct sk_buff *skb, u16 vid,
		   const struct vsw_mcast_msg *msg)
{
	struct vsw_mcast *mcast = &in->sw->mcast;

	if (unlikely(vsw_tracing())) {
		vsw_trace_effect(VSWITCH_TRACE_EFFECT_LEARN_GROUP, NULL);
		return;
	}
	spin_lock_bh(&mcast->lock);
	/* Who is said to be no router is not believed to be one. */
	if (mcast->on && (READ_ONCE(in->flags) & VSW_PORT_FORWARDING) &&
	    in->mcast.router != VSWITCH_MCAST_ROUTER_OFF) {
		if (msg->kind == VSW_MCAST_ROUTER)
			vsw_mcast_router_heard(in, vsw_mcast_family(&msg->dest));
		else
			vsw_mcast_query_heard(in, vsw_vlan_fid(in, vid), skb, msg);
	}
	spin_unlock_bh(&mcast->lock);
}

static rx_handler_result_t invalid(struct vsw_port *in, struct sk_buff *skb)
{
	if (likely(!vsw_tracing()))
		atomic64_inc(&in->mcast.invalid);
	vsw_drop(in, skb, VSW_DROP_MCAST_INVALID);
	return RX_HANDLER_CONSUMED;
}

static rx_handler_result_t act(struct vsw_port *in, struct sk_buff *skb, u16 vid,
			       struct vsw_mcast_msg *msg)
{
	if (msg->kind < VSW_MCAST_COUNTED && !vsw_tracing())
		atomic64_inc(&in->mcast.rx[msg->kind]);
	switch (msg->kind) {
	case VSW_MCAST_DATA:
		return forward(in, skb, vid, msg);
	case VSW_MCAST_OTHER:
		return flood(in, skb, vid);
	case VSW_MCAST_INVALID:
		return invalid(in, skb);
	case VSW_MCAST_IGMP_V1_QUERY:
	case VSW_MCAST_IGMP_V2_QUERY:
	case VSW_MCAST_IGMP_V3_QUERY:
	case VSW_MCAST_MLD_V1_QUERY:
	case VSW_MCAST_MLD_V2_QUERY:
	case VSW_MCAST_ROUTER:
		listen(in, skb, vid, msg);
		return flood(in, skb, vid);
	default:
		return report(in, skb, vid, msg);
	}
}

/* One that says but a priority is none (802.1Q-2018 6.9.1). */
static bool has_vlan_tag(const struct sk_buff *skb)
{
	return eth_type_vlan(skb->protocol) ||
	       (skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb));
}

/*
 * Send @skb, of VLAN @vid or 0 for none, which came in by @in for a group, to where
 * it is wanted. What has a tag on a switch that does not filter by VLAN goes to
 * all: nobody asks there with that tag, so nobody would answer. Takes the packet unless
 * it returns ANOTHER. Under RCU or with BH off.
 */
rx_handler_result_t vsw_mcast_walk(struct vsw_port *in, struct sk_buff *skb, u16 vid)
{
	struct vsw_mcast_msg msg;
	rx_handler_result_t ret;

	if (!vid && has_vlan_tag(skb))
		return flood(in, skb, vid);
	vsw_mcast_parse(skb, &msg);
	/* What a device of ours sends comes with BH off, which is as good but not the same. */
	rcu_read_lock();
	ret = act(in, skb, vid, &msg);
	rcu_read_unlock();
	return ret;
}
