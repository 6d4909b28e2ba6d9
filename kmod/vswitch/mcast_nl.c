// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of multicast snooping: what switches and ports have of it.
 */
#include "netlink.h"

/* What users set of a switch, as it stands in struct vsw_mcast_config. */
static const struct {
	u8 attr, size;
	u16 offset;
} values[] = {
#define VALUE(ATTR, member) {						\
	VSWITCH_A_SWITCH_MCAST_##ATTR,					\
	sizeof_field(struct vsw_mcast_config, member),			\
	offsetof(struct vsw_mcast_config, member) }
	VALUE(QUERIER, querier),
	VALUE(IGMP_VERSION, igmp_version),
	VALUE(MLD_VERSION, mld_version),
	VALUE(QUERY_INTERVAL, query_interval),
	VALUE(QUERY_RESPONSE_INTERVAL, query_response_interval),
	VALUE(LAST_MEMBER_COUNT, last_member_count),
	VALUE(LAST_MEMBER_INTERVAL, last_member_interval),
	VALUE(STARTUP_QUERY_COUNT, startup_query_count),
	VALUE(STARTUP_QUERY_INTERVAL, startup_query_interval),
	VALUE(MEMBERSHIP_INTERVAL, membership_interval),
	VALUE(QUERIER_INTERVAL, querier_interval),
	VALUE(MAX_GROUPS, max_groups),
#undef VALUE
};

/* The values that @attrs give, beside those that @sw has, or a new one if that is NULL. */
void vsw_nl_get_mcast(struct nlattr **attrs, const struct vsw_switch *sw,
		      struct vsw_switch_config *config)
{
	int i;

	config->mcast = sw ? sw->mcast.config : vsw_mcast_defaults;
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		const struct nlattr *attr = attrs[values[i].attr];

		if (!attr)
			continue;
		config->given |= VSW_SWITCH_MCAST;
		memcpy((u8 *)&config->mcast + values[i].offset, nla_data(attr),
		       values[i].size);
	}
	if (attrs[VSWITCH_A_SWITCH_MCAST_SNOOPING]) {
		config->given |= VSW_SWITCH_SNOOPING;
		config->mcast_snooping = nla_get_u8(attrs[VSWITCH_A_SWITCH_MCAST_SNOOPING]);
	}
}

int vsw_nl_fill_mcast(struct sk_buff *skb, const struct vsw_switch_info *info)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(values); i++)
		if (nla_put(skb, values[i].attr, values[i].size,
			    (const u8 *)&info->mcast + values[i].offset))
			return -EMSGSIZE;
	if (nla_put_u8(skb, VSWITCH_A_SWITCH_MCAST_SNOOPING, info->mcast_snooping) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_MCAST_GROUP_COUNT, info->mcast_group_count))
		return -EMSGSIZE;
	return 0;
}

void vsw_nl_get_mcast_port(struct nlattr **attrs, struct vsw_mcast_port_config *config)
{
	const struct nlattr *router = attrs[VSWITCH_A_PORT_MCAST_ROUTER];
	const struct nlattr *fast_leave = attrs[VSWITCH_A_PORT_MCAST_FAST_LEAVE];
	const struct nlattr *max_groups = attrs[VSWITCH_A_PORT_MCAST_MAX_GROUPS];

	config->router_given = router;
	config->router = router ? nla_get_u8(router) : 0;
	config->fast_leave_given = fast_leave;
	config->fast_leave = fast_leave && nla_get_u8(fast_leave);
	config->max_groups_given = max_groups;
	config->max_groups = max_groups ? nla_get_u32(max_groups) : 0;
}

int vsw_nl_fill_mcast_port(struct sk_buff *skb, const struct vsw_mcast_port_info *info)
{
	if (nla_put_u8(skb, VSWITCH_A_PORT_MCAST_ROUTER, info->router) ||
	    nla_put_u8(skb, VSWITCH_A_PORT_MCAST_IS_ROUTER, info->is_router) ||
	    nla_put_u8(skb, VSWITCH_A_PORT_MCAST_FAST_LEAVE, info->fast_leave) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_MCAST_MAX_GROUPS, info->max_groups) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_MCAST_GROUP_COUNT, info->group_count))
		return -EMSGSIZE;
	return 0;
}

static int put_counter(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, VSWITCH_A_MCAST_STATS_PAD);
}

static int put_stats(struct sk_buff *skb, int attr, const struct vsw_mcast_stats *stats)
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	int i;

	BUILD_BUG_ON(VSWITCH_A_MCAST_STATS_TX_IGMP_V1_QUERIES -
		     VSWITCH_A_MCAST_STATS_RX_IGMP_V1_QUERIES != VSW_MCAST_COUNTED ||
		     VSWITCH_A_MCAST_STATS_RX_MLD_LEAVES -
		     VSWITCH_A_MCAST_STATS_RX_IGMP_V1_QUERIES != VSW_MCAST_MLD_LEAVE);

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < VSW_MCAST_COUNTED; i++)
		if (put_counter(skb, VSWITCH_A_MCAST_STATS_RX_IGMP_V1_QUERIES + i,
				stats->rx[i]) ||
		    put_counter(skb, VSWITCH_A_MCAST_STATS_TX_IGMP_V1_QUERIES + i,
				stats->tx[i]))
			goto cancel;
	if (put_counter(skb, VSWITCH_A_MCAST_STATS_RX_INVALID, stats->invalid) ||
	    put_counter(skb, VSWITCH_A_MCAST_STATS_REFUSED, stats->refused))
		goto cancel;
	nla_nest_end(skb, nest);
	return 0;

cancel:
	nla_nest_cancel(skb, nest);
	return -EMSGSIZE;
}

/* Sum over the ports that it has and had. RTNL. */
int vsw_nl_put_switch_mcast_stats(struct sk_buff *skb, const struct vsw_switch *sw)
{
	struct vsw_mcast_stats stats = sw->mcast.gone;
	const struct vsw_port *port;

	vsw_mcast_stats_add(&stats, &sw->host.mcast);
	list_for_each_entry(port, &sw->port_list, list)
		vsw_mcast_stats_add(&stats, &port->mcast);
	return put_stats(skb, VSWITCH_A_SWITCH_MCAST_STATS, &stats);
}

int vsw_nl_put_port_mcast_stats(struct sk_buff *skb, const struct vsw_port *port)
{
	struct vsw_mcast_stats stats = {};

	vsw_mcast_stats_add(&stats, &port->mcast);
	return put_stats(skb, VSWITCH_A_PORT_MCAST_STATS, &stats);
}
