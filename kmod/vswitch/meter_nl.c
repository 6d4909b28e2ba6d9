// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of meters: meter-new, -set, -del, -get.
 */
#include "flow_nl.h"
#include "meter.h"

/* A meter, and whose it is. */
struct picture {
	const struct vsw_switch *sw;
	struct vsw_meter_info info;
};

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, VSWITCH_A_METER_PAD);
}

static int fill_meter(struct sk_buff *skb, const void *object)
{
	const struct picture *picture = object;
	const struct vsw_meter_info *info = &picture->info;
	const struct vsw_meter_config *config = &info->config;

	if (vsw_nl_put_switch(skb, picture->sw) ||
	    nla_put_u32(skb, VSWITCH_A_METER_ID, config->id) ||
	    nla_put_u8(skb, VSWITCH_A_METER_UNIT, config->unit) ||
	    nla_put_u32(skb, VSWITCH_A_METER_RATE, config->rate) ||
	    nla_put_u32(skb, VSWITCH_A_METER_BURST, config->burst) ||
	    (config->remark && nla_put_u8(skb, VSWITCH_A_METER_DSCP, config->dscp)) ||
	    nla_put_u8(skb, VSWITCH_A_METER_PER_FLOW, config->per_flow))
		return -EMSGSIZE;
	if (put_u64(skb, VSWITCH_A_METER_PACKETS, info->packets) ||
	    put_u64(skb, VSWITCH_A_METER_BYTES, info->bytes) ||
	    put_u64(skb, VSWITCH_A_METER_OVER_PACKETS, info->over_packets) ||
	    put_u64(skb, VSWITCH_A_METER_OVER_BYTES, info->over_bytes) ||
	    nla_put_u32(skb, VSWITCH_A_METER_FLOWS, info->flows))
		return -EMSGSIZE;
	return 0;
}

/* What there is no default for. */
static int check_needed(struct genl_info *info)
{
	if (!info->attrs[VSWITCH_A_METER_ID])
		return vsw_nl_missing(info, VSWITCH_A_METER_ID, "say the meter's id");
	if (!info->attrs[VSWITCH_A_METER_UNIT])
		return vsw_nl_missing(info, VSWITCH_A_METER_UNIT,
				      "say whether the rate is in packets or in kilobits");
	if (!info->attrs[VSWITCH_A_METER_RATE])
		return vsw_nl_missing(info, VSWITCH_A_METER_RATE, "say the meter's rate");
	return 0;
}

static void get_config(struct nlattr **attrs, struct vsw_meter_config *config)
{
	memset(config, 0, sizeof(*config));
	config->id = nla_get_u32(attrs[VSWITCH_A_METER_ID]);
	config->unit = nla_get_u8(attrs[VSWITCH_A_METER_UNIT]);
	config->rate = nla_get_u32(attrs[VSWITCH_A_METER_RATE]);
	if (attrs[VSWITCH_A_METER_BURST]) {
		config->burst_given = true;
		config->burst = nla_get_u32(attrs[VSWITCH_A_METER_BURST]);
	}
	if (attrs[VSWITCH_A_METER_DSCP]) {
		config->remark = true;
		config->dscp = nla_get_u8(attrs[VSWITCH_A_METER_DSCP]);
	}
	if (attrs[VSWITCH_A_METER_PER_FLOW]) {
		config->per_flow_given = true;
		config->per_flow = nla_get_u8(attrs[VSWITCH_A_METER_PER_FLOW]);
	}
}

/* What the core says of an error, the attribute is to blame for. */
static void blame(struct genl_info *info, int err)
{
	int attr;

	switch (err) {
	case -EEXIST:
	case -ENOENT:
		attr = VSWITCH_A_METER_ID;
		break;
	case -EINVAL:
		attr = VSWITCH_A_METER_PER_FLOW;
		break;
	case -ERANGE:
		attr = VSWITCH_A_METER_BURST;
		break;
	default:
		return;
	}
	if (info->attrs[attr])
		NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
}

static int no_meter(struct genl_info *info)
{
	NL_SET_ERR_MSG(info->extack, "the switch has no meter of this id");
	return -ENOENT;
}

typedef int (*change_t)(struct vsw_flows *flows, const struct vsw_meter_config *config,
			struct netlink_ext_ack *extack);

static int change_meter(struct genl_info *info, bool make, change_t change)
{
	struct vsw_meter_config config;
	struct vsw_nl_flows locked;
	int err;

	err = check_needed(info);
	if (err)
		return err;
	get_config(info->attrs, &config);
	err = vsw_nl_lock_flows(genl_info_net(info), info->attrs, make, &locked, info->extack);
	if (err)
		return err;
	err = locked.flows ? change(locked.flows, &config, info->extack) : no_meter(info);
	vsw_nl_unlock_flows(&locked);
	blame(info, err);
	return err;
}

static int add_meter(struct genl_info *info)
{
	return change_meter(info, true, vsw_meter_add);
}

int vswitch_nl_meter_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, 0, add_meter);
}

static int set_meter(struct genl_info *info)
{
	return change_meter(info, false, vsw_meter_set);
}

int vswitch_nl_meter_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, 0, set_meter);
}

static int del_meter(struct genl_info *info)
{
	struct nlattr *id = info->attrs[VSWITCH_A_METER_ID];
	struct vsw_nl_flows locked;
	int err;

	err = vsw_nl_lock_flows(genl_info_net(info), info->attrs, false, &locked, info->extack);
	if (err)
		return err;
	if (id) {
		err = locked.flows ?
		      vsw_meter_del(locked.flows, nla_get_u32(id), info->extack) :
		      no_meter(info);
	} else if (locked.flows) {
		vsw_meter_flush(locked.flows);
	}
	vsw_nl_unlock_flows(&locked);
	blame(info, err);
	return err;
}

int vswitch_nl_meter_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, 0, del_meter);
}

static int get_meter(struct genl_info *info)
{
	struct nlattr *id = info->attrs[VSWITCH_A_METER_ID];
	const struct vsw_meter *meter;
	struct vsw_nl_flows locked;
	struct picture picture;
	int err;

	if (!id)
		return vsw_nl_missing(info, VSWITCH_A_METER_ID, "say the meter's id");
	err = vsw_nl_lock_flows(genl_info_net(info), info->attrs, false, &locked, info->extack);
	if (err)
		return err;
	picture.sw = locked.sw;
	meter = locked.flows ? vsw_meter_of(locked.flows, nla_get_u32(id)) : NULL;
	if (meter) {
		vsw_meter_info(meter, &picture.info);
		err = vsw_nl_reply(info, VSWITCH_CMD_METER_GET, fill_meter, &picture);
	} else {
		err = no_meter(info);
	}
	vsw_nl_unlock_flows(&locked);
	blame(info, err);
	return err;
}

int vswitch_nl_meter_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_read_flows(info, 0, get_meter);
}

/* Resumes at the id in args[0], which is one more than the last one was. */
int vswitch_nl_meter_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_genl_dump_attrs(cb);
	const struct vsw_meter *meter;
	struct vsw_nl_flows locked;
	struct picture picture;
	u32 id = cb->args[0];
	int err;

	err = vsw_nl_check_once(cb->nlh, cb->extack);
	if (err)
		return err;
	if (attrs[VSWITCH_A_METER_ID])
		return vsw_nl_refuse(attrs[VSWITCH_A_METER_ID],
				     "a dump is of all meters of a switch", cb->extack);
	err = vsw_nl_lock_flows(sock_net(skb->sk), attrs, false, &locked, cb->extack);
	if (err)
		return err;
	picture.sw = locked.sw;
	while (locked.flows && (meter = vsw_meter_next(locked.flows, id))) {
		vsw_meter_info(meter, &picture.info);
		id = picture.info.config.id;
		err = vsw_nl_dump_one(skb, cb, VSWITCH_CMD_METER_GET, fill_meter, &picture);
		if (err)
			break;
		id++;
	}
	cb->args[0] = id;
	vsw_nl_unlock_flows(&locked);
	return vsw_nl_dump_end(skb, err);
}
