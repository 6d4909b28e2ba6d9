// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of flows: flow-new, -set, -del, flow-del-ntf. flow-get is in flow_get_nl.c.
 */
#include "flow_nl.h"

/* ---- one flow -------------------------------------------------------------- */

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, VSWITCH_A_FLOW_ENTRY_PAD);
}

static int put_config(struct sk_buff *skb, const struct vsw_flow_config *config)
{
	if (nla_put_u8(skb, VSWITCH_A_FLOW_ENTRY_TABLE, config->table) ||
	    nla_put_u16(skb, VSWITCH_A_FLOW_ENTRY_PRIORITY, config->priority) ||
	    put_u64(skb, VSWITCH_A_FLOW_ENTRY_COOKIE, config->cookie))
		return -EMSGSIZE;
	if ((config->idle_timeout &&
	     nla_put_u32(skb, VSWITCH_A_FLOW_ENTRY_IDLE_TIMEOUT, config->idle_timeout)) ||
	    (config->hard_timeout &&
	     nla_put_u32(skb, VSWITCH_A_FLOW_ENTRY_HARD_TIMEOUT, config->hard_timeout)) ||
	    (config->importance &&
	     nla_put_u16(skb, VSWITCH_A_FLOW_ENTRY_IMPORTANCE, config->importance)) ||
	    (config->flags &&
	     nla_put_u32(skb, VSWITCH_A_FLOW_ENTRY_FLAGS, config->flags)))
		return -EMSGSIZE;
	return vsw_nl_put_match(skb, VSWITCH_A_FLOW_ENTRY_MATCH, &config->match);
}

static int put_counts(struct sk_buff *skb, const struct vsw_flow_info *info)
{
	if (put_u64(skb, VSWITCH_A_FLOW_ENTRY_PACKETS, info->packets) ||
	    put_u64(skb, VSWITCH_A_FLOW_ENTRY_BYTES, info->bytes) ||
	    put_u64(skb, VSWITCH_A_FLOW_ENTRY_DURATION, info->duration))
		return -EMSGSIZE;
	if (info->has_been_used && put_u64(skb, VSWITCH_A_FLOW_ENTRY_IDLE, info->idle))
		return -EMSGSIZE;
	if (info->hard_age != info->duration &&
	    put_u64(skb, VSWITCH_A_FLOW_ENTRY_HARD_AGE, info->hard_age))
		return -EMSGSIZE;
	return 0;
}

int vsw_nl_put_flow(struct sk_buff *skb, int attr, const struct vsw_flow_info *info)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest)
		return -EMSGSIZE;
	if (put_config(skb, &info->config) ||
	    vsw_nl_put_actions(skb, VSWITCH_A_FLOW_ENTRY_ACTIONS, info->actions) ||
	    put_counts(skb, info)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int vsw_nl_fill_flow_event(struct sk_buff *skb, const struct vsw_flow_event *event)
{
	return vsw_nl_put_switch_name(skb, event->switch_ifindex, event->switch_name) ?:
	       vsw_nl_put_flow(skb, VSWITCH_A_FLOW_ENTRY, &event->info) ?:
	       nla_put_u8(skb, VSWITCH_A_FLOW_REASON, event->reason);
}

/* ---- flow-new -------------------------------------------------------------- */

/* What one message adds. */
struct batch {
	struct vsw_flow **flow;
	u32 count;
	struct vsw_flow_config config;	/* of the one that is read; too large for the stack */
};

/* What of an entry is read once all of it is known to be well. */
struct entry_nests {
	const struct nlattr *match, *actions;
};

static int get_entry_attr(const struct nlattr *attr, struct vsw_flow_config *config,
			  struct entry_nests *nests, struct netlink_ext_ack *extack)
{
	switch (nla_type(attr)) {
	case VSWITCH_A_FLOW_ENTRY_TABLE:
		config->table = nla_get_u8(attr);
		return 0;
	case VSWITCH_A_FLOW_ENTRY_PRIORITY:
		config->priority = nla_get_u16(attr);
		return 0;
	case VSWITCH_A_FLOW_ENTRY_COOKIE:
		config->cookie = nla_get_u64(attr);
		return 0;
	case VSWITCH_A_FLOW_ENTRY_IDLE_TIMEOUT:
		config->idle_timeout = nla_get_u32(attr);
		return 0;
	case VSWITCH_A_FLOW_ENTRY_HARD_TIMEOUT:
		config->hard_timeout = nla_get_u32(attr);
		return 0;
	case VSWITCH_A_FLOW_ENTRY_IMPORTANCE:
		config->importance = nla_get_u16(attr);
		return 0;
	case VSWITCH_A_FLOW_ENTRY_FLAGS:
		config->flags = nla_get_u32(attr);
		return 0;
	case VSWITCH_A_FLOW_ENTRY_MATCH:
		nests->match = attr;
		return 0;
	case VSWITCH_A_FLOW_ENTRY_ACTIONS:
		nests->actions = attr;
		return 0;
	default:
		return vsw_nl_refuse(attr, "the kernel counts and tells of this, it is not set",
				     extack);
	}
}

static struct vsw_flow *prepare_entry(const struct nlattr *entry, struct vsw_flow_config *config,
				      struct netlink_ext_ack *extack)
{
	struct entry_nests nests = {};
	struct vsw_actions *actions;
	const struct nlattr *attr;
	int rem, err;

	memset(config, 0, offsetof(struct vsw_flow_config, match));
	config->priority = VSWITCH_FLOW_PRIORITY;
	err = vsw_nl_check_attrs_once(nla_data(entry), nla_len(entry), extack);
	if (err)
		return ERR_PTR(err);
	nla_for_each_nested(attr, entry, rem) {
		err = get_entry_attr(attr, config, &nests, extack);
		if (err)
			return ERR_PTR(err);
	}
	err = vsw_nl_get_match(nests.match, &config->match, extack) ?:
	      vsw_nl_get_actions(nests.actions, &actions, extack);
	if (err)
		return ERR_PTR(err);
	return vsw_flow_prepare(config, actions, extack);
}

static void blame(const struct nlattr *attr, int err, struct netlink_ext_ack *extack)
{
	if (err != -ENOMEM && extack && !extack->bad_attr)
		extack->bad_attr = attr;
}

#define for_each_entry(entry, info, rem)						\
	nlmsg_for_each_attr(entry, (info)->nlhdr, GENL_HDRLEN, rem)			\
		if (nla_type(entry) == VSWITCH_A_FLOW_ENTRY)

static int prepare_batch(struct genl_info *info, struct batch *batch)
{
	const struct nlattr *entry;
	struct vsw_flow *flow;
	int rem;

	for_each_entry(entry, info, rem) {
		flow = prepare_entry(entry, &batch->config, info->extack);
		if (IS_ERR(flow)) {
			blame(entry, PTR_ERR(flow), info->extack);
			return PTR_ERR(flow);
		}
		batch->flow[batch->count++] = flow;
		cond_resched();
	}
	return 0;
}

/* The entry of number @i is to blame, if it is not said what is. */
static void blame_entry(struct genl_info *info, u32 i, int err)
{
	const struct nlattr *entry;
	int rem;

	for_each_entry(entry, info, rem) {
		if (!i--) {
			blame(entry, err, info->extack);
			return;
		}
	}
}

static int insert_batch(struct genl_info *info, struct batch *batch)
{
	const struct nlattr *bundle = info->attrs[VSWITCH_A_FLOW_BUNDLE];
	struct vsw_nl_flows locked;
	u32 failed = U32_MAX;
	int err;

	err = vsw_nl_lock_flows(genl_info_net(info), info->attrs, !bundle, &locked,
				info->extack);
	if (err)
		return err;
	if (!bundle) {
		err = vsw_flow_insert(locked.flows, batch->flow, batch->count, &failed,
				      info->extack);
	} else if (locked.flows) {
		err = vsw_flow_bundle_add(locked.flows, info->snd_portid, nla_get_u32(bundle),
					  batch->flow, batch->count, &failed, info->extack);
	} else {
		NL_SET_ERR_MSG(info->extack, "there is no such bundle");
		err = -ENOENT;
	}
	vsw_nl_unlock_flows(&locked);
	if (err == -ENOENT && bundle)
		blame(bundle, err, info->extack);
	else if (err && failed < batch->count)
		blame_entry(info, failed, err);
	return err;
}

static int add_flows(struct genl_info *info)
{
	const struct nlattr *entry;
	struct batch *batch;
	u32 count = 0;
	int rem, err;

	for_each_entry(entry, info, rem)
		count++;
	if (!count)
		return vsw_nl_missing(info, VSWITCH_A_FLOW_ENTRY, "say which flows to add");
	batch = kzalloc(sizeof(*batch), GFP_KERNEL);
	if (!batch)
		return -ENOMEM;
	batch->flow = kvmalloc_array(count, sizeof(batch->flow[0]), GFP_KERNEL_ACCOUNT);
	if (!batch->flow) {
		kfree(batch);
		return -ENOMEM;
	}
	err = prepare_batch(info, batch) ?: insert_batch(info, batch);
	while (err && batch->count) {
		vsw_flow_discard(batch->flow[--batch->count]);
		cond_resched();
	}
	kvfree(batch->flow);
	kfree(batch);
	return err;
}

int vswitch_nl_flow_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, VSWITCH_A_FLOW_ENTRY, add_flows);
}

/* ---- which flows are meant ------------------------------------------------- */

static int get_filter_cookie(struct nlattr **attrs, struct vsw_flow_filter *filter,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *cookie = attrs[VSWITCH_A_FLOW_COOKIE];
	const struct nlattr *mask = attrs[VSWITCH_A_FLOW_COOKIE_MASK];

	if (!cookie && mask)
		return vsw_nl_refuse(mask, "a mask needs a cookie", extack);
	if (!cookie)
		return 0;
	filter->cookie = nla_get_u64(cookie);
	filter->cookie_mask = mask ? nla_get_u64(mask) : U64_MAX;
	if (filter->cookie & ~filter->cookie_mask)
		return vsw_nl_refuse(cookie, "the cookie has bits that its mask has not", extack);
	return 0;
}

int vsw_nl_get_filter(struct nlattr **attrs, struct vsw_flow_filter *filter,
		      struct netlink_ext_ack *extack)
{
	vsw_flow_filter_init(filter);
	if (attrs[VSWITCH_A_FLOW_TABLE]) {
		filter->any_table = false;
		filter->table = nla_get_u8(attrs[VSWITCH_A_FLOW_TABLE]);
	}
	filter->strict = attrs[VSWITCH_A_FLOW_STRICT];
	filter->priority = VSWITCH_FLOW_PRIORITY;
	if (attrs[VSWITCH_A_FLOW_PRIORITY]) {
		if (!filter->strict)
			return vsw_nl_refuse(attrs[VSWITCH_A_FLOW_PRIORITY],
					     "only a strict request asks for a priority", extack);
		filter->priority = nla_get_u16(attrs[VSWITCH_A_FLOW_PRIORITY]);
	}
	if (attrs[VSWITCH_A_FLOW_OUT_PORT]) {
		filter->any_port = false;
		filter->out_port = nla_get_u32(attrs[VSWITCH_A_FLOW_OUT_PORT]);
	}
	if (attrs[VSWITCH_A_FLOW_OUT_GROUP]) {
		filter->any_group = false;
		filter->out_group = nla_get_u32(attrs[VSWITCH_A_FLOW_OUT_GROUP]);
	}
	return get_filter_cookie(attrs, filter, extack) ?:
	       vsw_nl_get_match(attrs[VSWITCH_A_FLOW_MATCH], &filter->match, extack);
}

int vsw_nl_fill_count(struct sk_buff *skb, const void *object)
{
	const u32 *count = object;

	return nla_put_u32(skb, VSWITCH_A_FLOW_COUNT, *count);
}

/* ---- flow-set, flow-del ---------------------------------------------------- */

/* A request about the flows that @filter means; how many there were, or an error. */
typedef int (*change_t)(struct genl_info *info, struct vsw_flows *flows,
			const struct vsw_flow_filter *filter);

static int change_flows(struct genl_info *info, u8 cmd, change_t change)
{
	struct vsw_flow_filter filter;
	struct vsw_nl_flows locked;
	struct sk_buff *reply;
	int err, meant = 0;
	u32 count;

	err = vsw_nl_get_filter(info->attrs, &filter, info->extack);
	if (err)
		return err;
	reply = vsw_nl_reply_alloc();
	if (!reply)
		return -ENOMEM;
	err = vsw_nl_lock_flows(genl_info_net(info), info->attrs, false, &locked, info->extack);
	if (!err) {
		if (locked.flows)
			meant = change(info, locked.flows, &filter);
		vsw_nl_unlock_flows(&locked);
	}
	if (err || meant < 0) {
		nlmsg_free(reply);
		return err ?: meant;
	}
	count = meant;
	/* A reply that is not taken changes nothing of what was done. */
	vsw_nl_reply_send(info, reply, cmd, vsw_nl_fill_count, &count);
	return 0;
}

static int modify(struct genl_info *info, struct vsw_flows *flows,
		  const struct vsw_flow_filter *filter)
{
	struct vsw_actions *actions = info->user_ptr[0];

	info->user_ptr[0] = NULL;
	return vsw_flow_modify(flows, filter, actions,
			       nla_get_flag(info->attrs[VSWITCH_A_FLOW_RESET_COUNTS]),
			       info->extack);
}

static int set_flows(struct genl_info *info)
{
	struct nlattr *nest = info->attrs[VSWITCH_A_FLOW_ACTIONS];
	struct vsw_actions *actions;
	int err;

	if (!nest)
		return vsw_nl_missing(info, VSWITCH_A_FLOW_ACTIONS,
				      "say which actions the flows get");
	err = vsw_nl_get_actions(nest, &actions, info->extack);
	if (err)
		return err;
	/* modify() takes it, if it comes to that. */
	info->user_ptr[0] = actions;
	err = change_flows(info, VSWITCH_CMD_FLOW_SET, modify);
	vsw_actions_free(info->user_ptr[0]);
	if (err)
		blame(nest, err, info->extack);
	return err;
}

int vswitch_nl_flow_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, 0, set_flows);
}

static int delete(struct genl_info *info, struct vsw_flows *flows,
		  const struct vsw_flow_filter *filter)
{
	return vsw_flow_delete(flows, filter, VSWITCH_FLOW_REMOVED_DELETED);
}

static int del_flows(struct genl_info *info)
{
	return change_flows(info, VSWITCH_CMD_FLOW_DEL, delete);
}

int vswitch_nl_flow_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, 0, del_flows);
}
