// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of flow tables: flow-table-set, -get.
 */
#include "flow_nl.h"

/* A table, and whose it is. */
struct picture {
	const struct vsw_switch *sw;
	struct vsw_flow_table_info info;
};

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, VSWITCH_A_FLOW_TABLE_PAD);
}

static int fill_table(struct sk_buff *skb, const void *object)
{
	const struct picture *picture = object;
	const struct vsw_flow_table_info *info = &picture->info;

	if (vsw_nl_put_switch(skb, picture->sw) ||
	    nla_put_u8(skb, VSWITCH_A_FLOW_TABLE_TABLE, info->table) ||
	    nla_put_u32(skb, VSWITCH_A_FLOW_TABLE_MAX_FLOWS, info->config.max_flows) ||
	    nla_put_u8(skb, VSWITCH_A_FLOW_TABLE_EVICT, info->config.evict) ||
	    nla_put_u8(skb, VSWITCH_A_FLOW_TABLE_MISS, info->config.miss) ||
	    nla_put_u32(skb, VSWITCH_A_FLOW_TABLE_FLOWS, info->flows) ||
	    nla_put_u32(skb, VSWITCH_A_FLOW_TABLE_MASKS, info->masks))
		return -EMSGSIZE;
	if (put_u64(skb, VSWITCH_A_FLOW_TABLE_LOOKUPS, info->lookups) ||
	    put_u64(skb, VSWITCH_A_FLOW_TABLE_HITS, info->hits) ||
	    put_u64(skb, VSWITCH_A_FLOW_TABLE_MISSES, info->misses) ||
	    put_u64(skb, VSWITCH_A_FLOW_TABLE_MEMORY, info->memory))
		return -EMSGSIZE;
	return 0;
}

static int check_table(struct genl_info *info)
{
	if (info->attrs[VSWITCH_A_FLOW_TABLE_TABLE])
		return 0;
	return vsw_nl_missing(info, VSWITCH_A_FLOW_TABLE_TABLE, "say which table");
}

static void get_config(struct nlattr **attrs, struct vsw_flow_table_config *config)
{
	memset(config, 0, sizeof(*config));
	if (attrs[VSWITCH_A_FLOW_TABLE_MAX_FLOWS]) {
		config->max_flows_given = true;
		config->max_flows = nla_get_u32(attrs[VSWITCH_A_FLOW_TABLE_MAX_FLOWS]);
	}
	if (attrs[VSWITCH_A_FLOW_TABLE_EVICT]) {
		config->evict_given = true;
		config->evict = nla_get_u8(attrs[VSWITCH_A_FLOW_TABLE_EVICT]);
	}
	if (attrs[VSWITCH_A_FLOW_TABLE_MISS]) {
		config->miss_given = true;
		config->miss = nla_get_u8(attrs[VSWITCH_A_FLOW_TABLE_MISS]);
	}
}

static int set_table(struct genl_info *info)
{
	struct vsw_flow_table_config config;
	struct vsw_nl_flows locked;
	int err;

	err = check_table(info);
	if (err)
		return err;
	get_config(info->attrs, &config);
	err = vsw_nl_lock_flows(genl_info_net(info), info->attrs, true, &locked, info->extack);
	if (err)
		return err;
	err = vsw_flow_table_configure(locked.flows,
				       nla_get_u8(info->attrs[VSWITCH_A_FLOW_TABLE_TABLE]),
				       &config, info->extack);
	vsw_nl_unlock_flows(&locked);
	return err;
}

int vswitch_nl_flow_table_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change_flows(skb, info, 0, set_table);
}

static int get_table(struct genl_info *info)
{
	struct nlattr *table = info->attrs[VSWITCH_A_FLOW_TABLE_TABLE];
	struct vsw_nl_flows locked;
	struct picture picture;
	int err;

	err = check_table(info);
	if (err)
		return err;
	err = vsw_nl_lock_flows(genl_info_net(info), info->attrs, false, &locked,
				info->extack);
	if (err)
		return err;
	picture.sw = locked.sw;
	if (locked.flows &&
	    vsw_flow_table_info(locked.flows, nla_get_u8(table), &picture.info)) {
		err = vsw_nl_reply(info, VSWITCH_CMD_FLOW_TABLE_GET, fill_table, &picture);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack, table,
				    "this table has neither flows nor settings");
		err = -ENOENT;
	}
	vsw_nl_unlock_flows(&locked);
	return err;
}

int vswitch_nl_flow_table_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_read_flows(info, 0, get_table);
}

int vswitch_nl_flow_table_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_genl_dump_attrs(cb);
	struct vsw_nl_flows locked;
	struct picture picture;
	unsigned long table;
	int err;

	err = vsw_nl_check_once(cb->nlh, cb->extack);
	if (err)
		return err;
	if (attrs[VSWITCH_A_FLOW_TABLE_TABLE])
		return vsw_nl_refuse(attrs[VSWITCH_A_FLOW_TABLE_TABLE],
				     "a dump is of all tables of a switch", cb->extack);
	err = vsw_nl_lock_flows(sock_net(skb->sk), attrs, false, &locked, cb->extack);
	if (err)
		return err;
	picture.sw = locked.sw;
	for (table = cb->args[0]; locked.flows && table < VSW_FLOW_TABLES; table++) {
		if (!vsw_flow_table_info(locked.flows, table, &picture.info))
			continue;
		err = vsw_nl_dump_one(skb, cb, VSWITCH_CMD_FLOW_TABLE_GET, fill_table,
				      &picture);
		if (err)
			break;
	}
	cb->args[0] = table;
	vsw_nl_unlock_flows(&locked);
	return vsw_nl_dump_end(skb, err);
}
