// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of classes of packets: shape-new, -set, -del, -get.
 */
#include "netlink.h"
#include "shape.h"

static int put_count(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, VROUTER_A_SHAPE_STATS_PAD);
}

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, VROUTER_A_SHAPE_PAD);
}

static int fill_counts(struct sk_buff *skb, int attr, const struct vrt_shape_queue *queue)
{
	struct vrt_shape_counts counts;
	struct nlattr *nest;

	vrt_shape_read((struct vrt_shape_queue *)queue, &counts);
	nest = nla_nest_start(skb, attr);
	if (!nest ||
	    put_count(skb, VROUTER_A_SHAPE_STATS_PACKETS, counts.packets) ||
	    put_count(skb, VROUTER_A_SHAPE_STATS_BYTES, counts.bytes) ||
	    put_count(skb, VROUTER_A_SHAPE_STATS_DELAYED, counts.delayed) ||
	    put_count(skb, VROUTER_A_SHAPE_STATS_DROPPED, counts.dropped) ||
	    put_count(skb, VROUTER_A_SHAPE_STATS_MARKED, counts.marked) ||
	    nla_put_u32(skb, VROUTER_A_SHAPE_STATS_BACKLOG_PACKETS, counts.backlog_packets) ||
	    nla_put_u32(skb, VROUTER_A_SHAPE_STATS_BACKLOG_BYTES, counts.backlog_bytes) ||
	    put_count(skb, VROUTER_A_SHAPE_STATS_RATE, counts.rate))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_ports(struct sk_buff *skb, int attr, u16 port, u16 port_last)
{
	if (!port)
		return 0;
	/* The last follows the first. */
	return nla_put_u16(skb, attr, port) ?: nla_put_u16(skb, attr + 1, port_last);
}

static int fill_match(struct sk_buff *skb, const struct vrt_shape_match *match)
{
	if ((match->cgroup_id && put_u64(skb, VROUTER_A_SHAPE_MATCH_CGROUP, match->cgroup_id)) ||
	    vrt_nl_put_prefix(skb, &match->near, VROUTER_A_SHAPE_MATCH_NEAR,
			      VROUTER_A_SHAPE_MATCH_NEAR_LEN) ||
	    vrt_nl_put_prefix(skb, &match->far, VROUTER_A_SHAPE_MATCH_FAR,
			      VROUTER_A_SHAPE_MATCH_FAR_LEN) ||
	    fill_ports(skb, VROUTER_A_SHAPE_MATCH_PORT, match->port, match->port_last) ||
	    fill_ports(skb, VROUTER_A_SHAPE_MATCH_FAR_PORT, match->far_port,
		       match->far_port_last) ||
	    (match->protocol && nla_put_u8(skb, VROUTER_A_SHAPE_MATCH_PROTOCOL, match->protocol)) ||
	    (match->has_mark && (nla_put_u32(skb, VROUTER_A_SHAPE_MATCH_MARK, match->mark) ||
				 nla_put_u32(skb, VROUTER_A_SHAPE_MATCH_MARK_MASK,
					     match->mark_mask))) ||
	    (match->has_dscp && nla_put_u8(skb, VROUTER_A_SHAPE_MATCH_DSCP, match->dscp)))
		return -EMSGSIZE;
	return 0;
}

static int fill_quota(struct sk_buff *skb, const struct vrt_class *class)
{
	const struct vrt_class_config *config = &class->config;

	if (!config->quota)
		return 0;
	if (put_u64(skb, VROUTER_A_SHAPE_QUOTA, config->quota) ||
	    nla_put_u32(skb, VROUTER_A_SHAPE_PERIOD, config->period) ||
	    put_u64(skb, VROUTER_A_SHAPE_SLOW_RATE, config->slow_rate) ||
	    put_u64(skb, VROUTER_A_SHAPE_QUOTA_USED, READ_ONCE(class->used)) ||
	    nla_put_u8(skb, VROUTER_A_SHAPE_SLOW, READ_ONCE(class->slow)))
		return -EMSGSIZE;
	return 0;
}

static int fill_config(struct sk_buff *skb, const struct vrt_class *class)
{
	const struct vrt_class_config *config = &class->config;
	struct vrt_limits limits;

	/* As it is where nothing was said. */
	vrt_class_limits(config, false, &limits);
	if (nla_put_string(skb, VROUTER_A_SHAPE_NAME, config->name) ||
	    (class->parent &&
	     nla_put_string(skb, VROUTER_A_SHAPE_PARENT, class->parent->config.name)) ||
	    nla_put_u32(skb, VROUTER_A_SHAPE_ORDER, config->order) ||
	    put_u64(skb, VROUTER_A_SHAPE_RATE, config->rate) ||
	    put_u64(skb, VROUTER_A_SHAPE_CEIL, config->ceil) ||
	    nla_put_u32(skb, VROUTER_A_SHAPE_BURST, limits.burst) ||
	    nla_put_u32(skb, VROUTER_A_SHAPE_LIMIT, vrt_class_limit(config)) ||
	    nla_put_u8(skb, VROUTER_A_SHAPE_PRIO, config->prio) ||
	    nla_put_u8(skb, VROUTER_A_SHAPE_MODE, config->mode) ||
	    nla_put_u8(skb, VROUTER_A_SHAPE_DIRECTION, config->direction) ||
	    (config->has_dscp && nla_put_u8(skb, VROUTER_A_SHAPE_SET_DSCP, config->dscp)) ||
	    (config->label[0] && nla_put_string(skb, VROUTER_A_SHAPE_LABEL, config->label)))
		return -EMSGSIZE;
	return 0;
}

static int fill_class(struct sk_buff *skb, const void *object)
{
	const struct vrt_class *class = object;
	u8 direction = class->config.direction;
	int err;

	err = fill_config(skb, class) ?: fill_quota(skb, class) ?:
	      fill_match(skb, &class->config.match);
	if (!err && direction != VROUTER_SHAPE_DIRECTION_IN)
		err = fill_counts(skb, VROUTER_A_SHAPE_STATS_OUT, &class->queue[VRT_SHAPE_OUT]);
	if (!err && direction != VROUTER_SHAPE_DIRECTION_OUT)
		err = fill_counts(skb, VROUTER_A_SHAPE_STATS_IN, &class->queue[VRT_SHAPE_IN]);
	return err;
}

/* @attr, and behind it the last one. */
static int get_ports(struct genl_info *info, int attr, u16 *port, u16 *port_last)
{
	const struct nlattr *first = info->attrs[attr], *last = info->attrs[attr + 1];

	if (last && !first)
		return vrt_nl_refuse(last, -EINVAL, "a last port needs a first one", info->extack);
	if (!first)
		return 0;
	*port = nla_get_u16(first);
	*port_last = last ? nla_get_u16(last) : *port;
	return 0;
}

static int get_mark(struct genl_info *info, struct vrt_shape_match *match)
{
	const struct nlattr *mark = info->attrs[VROUTER_A_SHAPE_MATCH_MARK];
	const struct nlattr *mask = info->attrs[VROUTER_A_SHAPE_MATCH_MARK_MASK];

	if (mask && !mark)
		return vrt_nl_refuse(mask, -EINVAL, "there is no mark that it is the mask of",
				     info->extack);
	if (!mark)
		return 0;
	match->has_mark = true;
	match->mark = nla_get_u32(mark);
	match->mark_mask = mask ? nla_get_u32(mask) : U32_MAX;
	return 0;
}

static int get_match(struct genl_info *info, struct vrt_shape_match *match)
{
	struct nlattr **attrs = info->attrs;

	BUILD_BUG_ON(VROUTER_A_SHAPE_MATCH_PORT_LAST != VROUTER_A_SHAPE_MATCH_PORT + 1);
	BUILD_BUG_ON(VROUTER_A_SHAPE_MATCH_FAR_PORT_LAST != VROUTER_A_SHAPE_MATCH_FAR_PORT + 1);

	if (attrs[VROUTER_A_SHAPE_MATCH_CGROUP])
		match->cgroup_id = nla_get_u64(attrs[VROUTER_A_SHAPE_MATCH_CGROUP]);
	if (attrs[VROUTER_A_SHAPE_MATCH_PROTOCOL])
		match->protocol = nla_get_u8(attrs[VROUTER_A_SHAPE_MATCH_PROTOCOL]);
	if (attrs[VROUTER_A_SHAPE_MATCH_DSCP]) {
		match->has_dscp = true;
		match->dscp = nla_get_u8(attrs[VROUTER_A_SHAPE_MATCH_DSCP]);
	}
	return get_mark(info, match) ?:
	       get_ports(info, VROUTER_A_SHAPE_MATCH_PORT, &match->port, &match->port_last) ?:
	       get_ports(info, VROUTER_A_SHAPE_MATCH_FAR_PORT, &match->far_port,
			 &match->far_port_last) ?:
	       vrt_nl_get_prefix(info, VROUTER_A_SHAPE_MATCH_NEAR, VROUTER_A_SHAPE_MATCH_NEAR_LEN,
				 &match->near) ?:
	       vrt_nl_get_prefix(info, VROUTER_A_SHAPE_MATCH_FAR, VROUTER_A_SHAPE_MATCH_FAR_LEN,
				 &match->far);
}

/* What may also be changed. */
static void get_changes(struct nlattr **attrs, struct vrt_class_config *config)
{
	if (attrs[VROUTER_A_SHAPE_ORDER])
		config->order = nla_get_u32(attrs[VROUTER_A_SHAPE_ORDER]);
	if (attrs[VROUTER_A_SHAPE_RATE])
		config->rate = nla_get_u64(attrs[VROUTER_A_SHAPE_RATE]);
	if (attrs[VROUTER_A_SHAPE_CEIL])
		config->ceil = nla_get_u64(attrs[VROUTER_A_SHAPE_CEIL]);
	if (attrs[VROUTER_A_SHAPE_BURST])
		config->burst = nla_get_u32(attrs[VROUTER_A_SHAPE_BURST]);
	if (attrs[VROUTER_A_SHAPE_LIMIT])
		config->limit = nla_get_u32(attrs[VROUTER_A_SHAPE_LIMIT]);
	if (attrs[VROUTER_A_SHAPE_PRIO])
		config->prio = nla_get_u8(attrs[VROUTER_A_SHAPE_PRIO]);
	if (attrs[VROUTER_A_SHAPE_MODE])
		config->mode = nla_get_u8(attrs[VROUTER_A_SHAPE_MODE]);
	if (attrs[VROUTER_A_SHAPE_SET_DSCP]) {
		config->has_dscp = true;
		config->dscp = nla_get_u8(attrs[VROUTER_A_SHAPE_SET_DSCP]);
	}
	if (attrs[VROUTER_A_SHAPE_QUOTA])
		config->quota = nla_get_u64(attrs[VROUTER_A_SHAPE_QUOTA]);
	if (attrs[VROUTER_A_SHAPE_PERIOD])
		config->period = nla_get_u32(attrs[VROUTER_A_SHAPE_PERIOD]);
	if (attrs[VROUTER_A_SHAPE_SLOW_RATE])
		config->slow_rate = nla_get_u64(attrs[VROUTER_A_SHAPE_SLOW_RATE]);
	/* No quota is none of what belongs to it. */
	if (attrs[VROUTER_A_SHAPE_QUOTA] && !config->quota) {
		config->period = 0;
		config->slow_rate = 0;
	}
}

static int get_name(struct genl_info *info, const char **name)
{
	const struct nlattr *attr = info->attrs[VROUTER_A_SHAPE_NAME];

	if (!attr)
		return vrt_nl_missing(info, VROUTER_A_SHAPE_NAME, "say the name of the class");
	*name = nla_data(attr);
	if (!**name)
		return vrt_nl_refuse(attr, -EINVAL, "a name is not empty", info->extack);
	return 0;
}

static int get_config(struct genl_info *info, struct vrt_class_config *config)
{
	struct nlattr **attrs = info->attrs;
	const char *name;
	int err;

	memset(config, 0, sizeof(*config));
	err = get_name(info, &name);
	if (err)
		return err;
	if (!attrs[VROUTER_A_SHAPE_RATE])
		return vrt_nl_missing(info, VROUTER_A_SHAPE_RATE, "say the rate of the class");
	strscpy(config->name, name, sizeof(config->name));
	if (attrs[VROUTER_A_SHAPE_LABEL])
		nla_strscpy(config->label, attrs[VROUTER_A_SHAPE_LABEL], sizeof(config->label));
	if (attrs[VROUTER_A_SHAPE_DIRECTION])
		config->direction = nla_get_u8(attrs[VROUTER_A_SHAPE_DIRECTION]);
	config->order = VRT_SHAPE_DEFAULT_ORDER;
	config->ceil = nla_get_u64(attrs[VROUTER_A_SHAPE_RATE]);
	get_changes(attrs, config);
	return get_match(info, &config->match);
}

static int add_class(struct vrt_net *rn, struct genl_info *info)
{
	const struct nlattr *parent = info->attrs[VROUTER_A_SHAPE_PARENT];
	struct vrt_class_config config;

	return get_config(info, &config) ?:
	       vrt_class_add(rn, &config, parent ? nla_data(parent) : NULL, info->extack);
}

int vrouter_nl_shape_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, add_class);
}

/* NULL: @err says why. */
static struct vrt_class *find_class(struct vrt_net *rn, struct genl_info *info, int *err)
{
	struct vrt_class *class;
	const char *name;

	*err = get_name(info, &name);
	if (*err)
		return NULL;
	class = vrt_class_find(rn, name);
	if (!class)
		*err = vrt_nl_refuse(info->attrs[VROUTER_A_SHAPE_NAME], -ENOENT,
				     "there is no class of this name", info->extack);
	return class;
}

static int set_class(struct vrt_net *rn, struct genl_info *info)
{
	struct vrt_class_config config;
	struct vrt_class *class;
	bool ceil_follows;
	int err;

	class = find_class(rn, info, &err);
	if (!class)
		return err;
	config = class->config;
	/* A ceiling of which nothing was ever said is the rate. */
	ceil_follows = config.ceil == config.rate && !info->attrs[VROUTER_A_SHAPE_CEIL];
	get_changes(info->attrs, &config);
	if (ceil_follows)
		config.ceil = config.rate;
	return vrt_class_set(class, &config, info->extack);
}

int vrouter_nl_shape_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, set_class);
}

static int del_class(struct vrt_net *rn, struct genl_info *info)
{
	struct vrt_class *class;
	int err;

	class = find_class(rn, info, &err);
	return class ? vrt_class_del(class, info->extack) : err;
}

int vrouter_nl_shape_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_change(skb, info, del_class);
}

static int get_class(struct vrt_net *rn, struct genl_info *info)
{
	struct vrt_class *class;
	int err;

	class = find_class(rn, info, &err);
	return class ? vrt_nl_reply(info, VROUTER_CMD_SHAPE_GET, fill_class, class) : err;
}

int vrouter_nl_shape_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vrt_nl_read(info, get_class);
}

/* Resumes behind as many as args[0] says; whoever asks is told if the list changed. */
static int dump_classes(struct vrt_net *rn, struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vrt_class *class;
	long n = 0;
	int err = 0;

	if (!rn->shaper)
		return 0;
	cb->seq = rn->shaper->changes;
	list_for_each_entry(class, &rn->shaper->classes, list) {
		if (n++ < cb->args[0])
			continue;
		err = vrt_nl_dump_one(skb, cb, VROUTER_CMD_SHAPE_GET, fill_class, class);
		if (err)
			break;
		cb->args[0] = n;
	}
	return err;
}

int vrouter_nl_shape_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vrt_net *rn = vrt_net(sock_net(skb->sk));
	int err;

	err = vrt_nl_check_once(cb->nlh, cb->extack) ?:
	      vrt_nl_check_no_filter(cb->nlh, "a dump is of all classes", cb->extack);
	if (err)
		return err;
	mutex_lock(&rn->lock);
	err = dump_classes(rn, skb, cb);
	mutex_unlock(&rn->lock);
	return vrt_nl_dump_end(skb, err);
}
