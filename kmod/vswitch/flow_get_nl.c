// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of flows: flow-get.
 */
#include "flow_nl.h"

/* The flow lock is held for so many flows at a time. */
#define SLICE 1000

/* Anybody may look, so nobody keeps the others waiting: the lock is given back now and then. */
struct walk {
	struct vsw_nl_flows locked;
	struct vsw_flow_filter filter;
	struct vsw_flow_filter by;	/* what of it is cheap to go by */
	struct netlink_ext_ack *extack;
	u64 cursor;			/* where to go on ... */
	u64 at;				/* ... and to come to the last one again */
	u32 steps;
	struct vsw_flow_info info;
};

/* A walk through the flows that @attrs mean, from @cursor on; or an ERR_PTR. */
static struct walk *walk_begin(struct net *net, struct nlattr **attrs, u64 cursor,
			       struct netlink_ext_ack *extack)
{
	struct walk *walk = kzalloc(sizeof(*walk), GFP_KERNEL);
	int err;

	if (!walk)
		return ERR_PTR(-ENOMEM);
	walk->extack = extack;
	walk->cursor = cursor;
	err = vsw_nl_get_filter(attrs, &walk->filter, extack) ?:
	      vsw_nl_lock_flows(net, attrs, false, &walk->locked, extack);
	if (err) {
		kfree(walk);
		return ERR_PTR(err);
	}
	vsw_flow_filter_init(&walk->by);
	walk->by.any_table = walk->filter.any_table;
	walk->by.table = walk->filter.table;
	/* There is one in each table at most, and it is found without looking at others. */
	if (walk->filter.strict)
		walk->by = walk->filter;
	return walk;
}

static void walk_end(struct walk *walk)
{
	vsw_nl_unlock_flows(&walk->locked);
	kfree(walk);
}

static int give_way(struct walk *walk)
{
	struct vsw_nl_flows *locked = &walk->locked;
	struct vsw_flows *flows;

	vsw_flows_unlock(locked->flows);
	cond_resched();
	flows = vsw_flows_lock(locked->sw, false, walk->extack);
	locked->flows = IS_ERR(flows) ? NULL : flows;
	walk->steps = 0;
	return PTR_ERR_OR_ZERO(flows);
}

/* The next flow, NULL: no more, or an ERR_PTR: there are none any more. */
static struct vsw_flow *walk_next(struct walk *walk)
{
	struct vsw_flow *flow;
	int err;

	while (walk->locked.flows) {
		if (walk->steps++ == SLICE) {
			err = give_way(walk);
			if (err)
				return ERR_PTR(err);
			continue;
		}
		walk->at = walk->cursor;
		flow = vsw_flow_next(walk->locked.flows, &walk->by, &walk->cursor);
		if (!flow || vsw_flow_is_meant(flow, &walk->filter))
			return flow;
	}
	return NULL;
}

static int count_flows(struct genl_info *info)
{
	struct vsw_flow *flow;
	struct walk *walk;
	u32 count = 0;

	walk = walk_begin(genl_info_net(info), info->attrs, 0, info->extack);
	if (IS_ERR(walk))
		return PTR_ERR(walk);
	for (;;) {
		flow = walk_next(walk);
		if (IS_ERR_OR_NULL(flow))
			break;
		count++;
	}
	walk_end(walk);
	if (IS_ERR(flow))
		return PTR_ERR(flow);
	return vsw_nl_reply(info, VSWITCH_CMD_FLOW_GET, vsw_nl_fill_count, &count);
}

int vswitch_nl_flow_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_read_flows(info, 0, count_flows);
}

/* Where a dump goes on. */
struct cursor {
	u64 at;
	u32 ifindex;			/* of the switch, 0: it only begins */
	bool is_done;
};

/* What a dump depends on; never 0, which is no number to netlink. */
static u32 generation(const struct walk *walk)
{
	return (walk->locked.flows ? vsw_flows_generation(walk->locked.flows) : 0) ?: 1;
}

/*
 * As many flows as fit into the rest of @skb: how many. -EMSGSIZE: not even one, of which
 * the picture is in walk->info.
 */
static int put_flows(struct sk_buff *skb, struct walk *walk, bool *is_done)
{
	struct vsw_flow *flow;
	int count;

	for (count = 0;; count++) {
		flow = walk_next(walk);
		if (IS_ERR(flow))
			return PTR_ERR(flow);
		if (!flow)
			break;
		vsw_flow_info(flow, &walk->info);
		if (vsw_nl_put_flow(skb, VSWITCH_A_FLOW_ENTRY, &walk->info)) {
			walk->cursor = walk->at;
			return count ?: -EMSGSIZE;
		}
	}
	*is_done = true;
	return count;
}

static int put_message(struct sk_buff *skb, struct netlink_callback *cb, struct walk *walk)
{
	struct cursor *cursor = (struct cursor *)cb->ctx;
	void *header;
	int count;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			     &vsw_nl_family, NLM_F_MULTI, VSWITCH_CMD_FLOW_GET);
	if (!header)
		return -EMSGSIZE;
	cb->seq = generation(walk);
	genl_dump_check_consistent(cb, header);
	count = vsw_nl_put_switch(skb, walk->locked.sw) ?:
		put_flows(skb, walk, &cursor->is_done);
	/* It may have changed while the lock was given back: the next message says so. */
	cb->seq = generation(walk);
	if (count <= 0) {
		genlmsg_cancel(skb, header);
		return count;
	}
	genlmsg_end(skb, header);
	return 0;
}

/* One message; larger than others if its only flow is. */
static int dump_flows(struct sk_buff *skb, struct netlink_callback *cb, struct walk *walk)
{
	struct cursor *cursor = (struct cursor *)cb->ctx;
	u32 ifindex = walk->locked.sw->dev->ifindex;
	int err;

	if (cursor->ifindex && cursor->ifindex != ifindex) {
		NL_SET_ERR_MSG(cb->extack, "the switch was replaced meanwhile");
		return -ENODEV;
	}
	cursor->ifindex = ifindex;
	err = put_message(skb, cb, walk);
	if (err == -EMSGSIZE && !skb->len && walk->info.actions) {
		size_t more = VSW_NL_OBJECT_SIZE + vsw_nl_actions_size(walk->info.actions);

		err = pskb_expand_head(skb, 0, more, GFP_KERNEL) ?: put_message(skb, cb, walk);
	}
	cursor->at = walk->cursor;
	return err;
}

int vswitch_nl_flow_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cursor *cursor = (struct cursor *)cb->ctx;
	struct walk *walk;
	int err;

	BUILD_BUG_ON(sizeof(struct cursor) > sizeof(cb->ctx));

	if (cursor->is_done)
		return 0;
	err = vsw_nl_check_once(cb->nlh, cb->extack);
	if (err)
		return err;
	walk = walk_begin(sock_net(skb->sk), vsw_genl_dump_attrs(cb), cursor->at, cb->extack);
	if (IS_ERR(walk))
		return PTR_ERR(walk);
	err = dump_flows(skb, cb, walk);
	walk_end(walk);
	return vsw_nl_dump_end(skb, err);
}
