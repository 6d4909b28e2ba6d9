// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of rtnetlink: the link kind "vswitch" and what ip(8) shows and sets of
 * a switch and of its ports.
 */
#include <uapi/linux/vswitch_link.h>
#include <net/rtnetlink.h>

#include "bridge_nl.h"
#include "netlink.h"

/* Most bytes of a nest of attributes that have four at most each. */
#define SETTINGS_SIZE	nla_total_size(40 * nla_total_size(sizeof(u32)))

static const struct netlink_range_validation ageing_range = {
	.max = VSWITCH_MAX_AGEING_TIME,
};

static const struct netlink_range_validation recovery_range = {
	.max = VSWITCH_MAX_RECOVERY,
};

static const struct nla_policy switch_policy[IFLA_VSWITCH_MAX + 1] = {
	[IFLA_VSWITCH_AGEING_TIME] = NLA_POLICY_FULL_RANGE(NLA_U32, &ageing_range),
	[IFLA_VSWITCH_FDB_MAX] = { .type = NLA_U32 },
	[IFLA_VSWITCH_FDB_COUNT] = { .type = NLA_REJECT },
	[IFLA_VSWITCH_PORT_COUNT] = { .type = NLA_REJECT },
	[IFLA_VSWITCH_VLAN_FILTERING] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_VLAN_PROTOCOL] = NLA_POLICY_MAX(NLA_U8, VSWITCH_VLAN_PROTOCOL_8021AD),
	[IFLA_VSWITCH_VLAN_DEFAULT_PVID] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[IFLA_VSWITCH_SETTINGS] = { .type = NLA_NESTED },
};

static const struct nla_policy port_policy[IFLA_VSWITCH_PORT_MAX + 1] = {
	[IFLA_VSWITCH_PORT_NUMBER] = { .type = NLA_REJECT },
	[IFLA_VSWITCH_PORT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_PORT_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_PORT_MCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_PORT_BCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_PORT_HAIRPIN] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_PORT_ISOLATED] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_PORT_GROUP_FWD_MASK] = { .type = NLA_U16 },
	[IFLA_VSWITCH_PORT_FDB_MAX] = { .type = NLA_U32 },
	[IFLA_VSWITCH_PORT_FDB_COUNT] = { .type = NLA_REJECT },
	[IFLA_VSWITCH_PORT_SHUT] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_PORT_RECOVERY] = NLA_POLICY_FULL_RANGE(NLA_U32, &recovery_range),
	[IFLA_VSWITCH_PORT_STATE] = NLA_POLICY_MAX(NLA_U8, VSWITCH_PORT_STATE_BLOCKING),
	[IFLA_VSWITCH_PORT_BPDU_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_PORT_BPDU_FILTER] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_PORT_LOOP_PROTECT] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_PORT_NEIGH_SUPPRESS] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_PORT_MCAST_FAST_LEAVE] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VSWITCH_PORT_MCAST_ROUTER] = NLA_POLICY_MAX(NLA_U8, VSWITCH_MCAST_ROUTER_TEMP),
	[IFLA_VSWITCH_PORT_MCAST_IS_ROUTER] = { .type = NLA_REJECT },
	[IFLA_VSWITCH_PORT_MCAST_MAX_GROUPS] = { .type = NLA_U32 },
	[IFLA_VSWITCH_PORT_MCAST_GROUP_COUNT] = { .type = NLA_REJECT },
	[IFLA_VSWITCH_PORT_GUARD] = { .type = NLA_NESTED },
};

static const struct {
	int attr;
	unsigned long flag;
} port_flags[] = {
	{ IFLA_VSWITCH_PORT_LEARNING, VSW_PORT_LEARNING },
	{ IFLA_VSWITCH_PORT_FLOOD, VSW_PORT_FLOOD },
	{ IFLA_VSWITCH_PORT_MCAST_FLOOD, VSW_PORT_MCAST_FLOOD },
	{ IFLA_VSWITCH_PORT_BCAST_FLOOD, VSW_PORT_BCAST_FLOOD },
	{ IFLA_VSWITCH_PORT_HAIRPIN, VSW_PORT_HAIRPIN },
	{ IFLA_VSWITCH_PORT_ISOLATED, VSW_PORT_ISOLATED },
	{ IFLA_VSWITCH_PORT_NEIGH_SUPPRESS, VSW_PORT_NEIGH_SUPPRESS },
};

/* What a switch has attributes for beside that nest. */
static bool has_own_attribute(int type)
{
	switch (type) {
	case VSWITCH_A_SWITCH_IFINDEX:
	case VSWITCH_A_SWITCH_NAME:
	case VSWITCH_A_SWITCH_ADDRESS:
	case VSWITCH_A_SWITCH_MTU:
	case VSWITCH_A_SWITCH_AGEING_TIME:
	case VSWITCH_A_SWITCH_FDB_MAX:
	case VSWITCH_A_SWITCH_VLAN_FILTERING:
	case VSWITCH_A_SWITCH_VLAN_PROTOCOL:
	case VSWITCH_A_SWITCH_VLAN_DEFAULT_PVID:
	case VSWITCH_A_SWITCH_PRIVATE_VLANS:
	case VSWITCH_A_SWITCH_PRIVATE_MASK:
		return true;
	default:
		return false;
	}
}

/* Of @sw, or of a new one if that is NULL. */
static int get_settings(const struct nlattr *nest, const struct vsw_switch *sw,
			struct vsw_switch_config *config, struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VSWITCH_A_SWITCH_MAX + 1] = {};
	const struct nlattr *attr;
	int err, rem;

	err = vsw_nl_check_attrs_once(nla_data(nest), nla_len(nest), extack) ?:
	      nla_parse_nested(attrs, ARRAY_SIZE(vswitch_switch_set_nl_policy) - 1, nest,
			       vswitch_switch_set_nl_policy, extack);
	if (err)
		return err;
	nla_for_each_nested(attr, nest, rem) {
		if (has_own_attribute(nla_type(attr))) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "this is not a setting of this nest");
			return -EINVAL;
		}
	}
	vsw_nl_get_switch_settings(attrs, sw, config);
	return 0;
}

static int get_switch_config(struct nlattr *data[], const struct vsw_switch *sw,
			     struct vsw_switch_config *config,
			     struct netlink_ext_ack *extack)
{
	memset(config, 0, sizeof(*config));
	if (!data)
		return 0;
	if (data[IFLA_VSWITCH_AGEING_TIME]) {
		config->given |= VSW_SWITCH_AGEING;
		config->ageing_ms = nla_get_u32(data[IFLA_VSWITCH_AGEING_TIME]);
	}
	if (data[IFLA_VSWITCH_FDB_MAX]) {
		config->given |= VSW_SWITCH_FDB_MAX;
		config->fdb_max = nla_get_u32(data[IFLA_VSWITCH_FDB_MAX]);
	}
	if (data[IFLA_VSWITCH_VLAN_FILTERING]) {
		config->given |= VSW_SWITCH_VLANS;
		config->vlan_filtering = nla_get_u8(data[IFLA_VSWITCH_VLAN_FILTERING]);
	}
	if (data[IFLA_VSWITCH_VLAN_PROTOCOL]) {
		config->given |= VSW_SWITCH_VLAN_PROTO;
		config->vlan_protocol = nla_get_u8(data[IFLA_VSWITCH_VLAN_PROTOCOL]);
	}
	if (data[IFLA_VSWITCH_VLAN_DEFAULT_PVID]) {
		config->given |= VSW_SWITCH_DEFAULT_PVID;
		config->default_pvid = nla_get_u16(data[IFLA_VSWITCH_VLAN_DEFAULT_PVID]);
	}
	return data[IFLA_VSWITCH_SETTINGS] ?
	       get_settings(data[IFLA_VSWITCH_SETTINGS], sw, config, extack) : 0;
}

/* rtnl_link_ops.validate of our kinds. */
int vsw_link_validate(struct nlattr *tb[], struct nlattr *data[],
		      struct netlink_ext_ack *extack)
{
	if (!tb[IFLA_ADDRESS])
		return 0;
	if (nla_len(tb[IFLA_ADDRESS]) != ETH_ALEN) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_ADDRESS],
				    "a MAC address has 6 bytes");
		return -EINVAL;
	}
	if (!is_valid_ether_addr(nla_data(tb[IFLA_ADDRESS]))) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_ADDRESS],
				    "the address is to be a unicast MAC that is not zero");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

/* The core has put IFLA_ADDRESS into @dev already, and the MTU too. */
static int new_link(struct net *link_net, struct net_device *dev,
		    struct nlattr *tb[], struct nlattr *data[],
		    struct netlink_ext_ack *extack)
{
	struct vsw_switch_config config;
	int err;

	err = get_switch_config(data, NULL, &config, extack);
	if (err)
		return err;
	if (tb[IFLA_MTU]) {
		config.given |= VSW_SWITCH_MTU;
		config.mtu = dev->mtu;
	}
	return vsw_switch_register(dev, &config, extack);
}

VSW_RTNL_NEWLINK(link_newlink, new_link)

static int link_changelink(struct net_device *dev, struct nlattr *tb[],
			   struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_switch_config config;

	return get_switch_config(data, sw, &config, extack) ?:
	       vsw_switch_configure(sw, &config, extack);
}

static size_t link_get_size(const struct net_device *dev)
{
	return 4 * nla_total_size(sizeof(u32)) + nla_total_size(sizeof(u16)) +
	       2 * nla_total_size(sizeof(u8)) + SETTINGS_SIZE;
}

static int link_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	struct vsw_switch_info info;
	struct nlattr *nest;

	vsw_switch_info(netdev_priv(dev), &info);
	if (nla_put_u32(skb, IFLA_VSWITCH_AGEING_TIME, info.ageing_ms) ||
	    nla_put_u32(skb, IFLA_VSWITCH_FDB_MAX, info.fdb_max) ||
	    nla_put_u32(skb, IFLA_VSWITCH_FDB_COUNT, info.fdb_count) ||
	    nla_put_u32(skb, IFLA_VSWITCH_PORT_COUNT, info.port_count) ||
	    nla_put_u8(skb, IFLA_VSWITCH_VLAN_FILTERING, info.vlan_filtering) ||
	    nla_put_u8(skb, IFLA_VSWITCH_VLAN_PROTOCOL, info.vlan_protocol) ||
	    nla_put_u16(skb, IFLA_VSWITCH_VLAN_DEFAULT_PVID, info.default_pvid))
		return -EMSGSIZE;
	nest = nla_nest_start(skb, IFLA_VSWITCH_SETTINGS);
	if (!nest || vsw_nl_fill_switch_settings(skb, &info))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static void get_reserved(struct nlattr *data[], struct vsw_reserved_config *config)
{
	if (data[IFLA_VSWITCH_PORT_GROUP_FWD_MASK]) {
		config->forwarded_given = true;
		config->forwarded = nla_get_u16(data[IFLA_VSWITCH_PORT_GROUP_FWD_MASK]);
	}
	if (data[IFLA_VSWITCH_PORT_BPDU_GUARD]) {
		config->bpdu_guard_given = true;
		config->bpdu_guard = nla_get_u8(data[IFLA_VSWITCH_PORT_BPDU_GUARD]);
	}
	if (data[IFLA_VSWITCH_PORT_BPDU_FILTER]) {
		config->bpdu_filter_given = true;
		config->bpdu_filter = nla_get_u8(data[IFLA_VSWITCH_PORT_BPDU_FILTER]);
	}
}

static void get_shut(struct nlattr *data[], struct vsw_shut_config *config)
{
	if (data[IFLA_VSWITCH_PORT_SHUT]) {
		config->shut_given = true;
		config->shut = nla_get_u8(data[IFLA_VSWITCH_PORT_SHUT]);
	}
	if (data[IFLA_VSWITCH_PORT_RECOVERY]) {
		config->recovery_given = true;
		config->recovery = nla_get_u32(data[IFLA_VSWITCH_PORT_RECOVERY]);
	}
}

static void get_mcast(struct nlattr *data[], struct vsw_mcast_port_config *config)
{
	if (data[IFLA_VSWITCH_PORT_MCAST_ROUTER]) {
		config->router_given = true;
		config->router = nla_get_u8(data[IFLA_VSWITCH_PORT_MCAST_ROUTER]);
	}
	if (data[IFLA_VSWITCH_PORT_MCAST_FAST_LEAVE]) {
		config->fast_leave_given = true;
		config->fast_leave = nla_get_u8(data[IFLA_VSWITCH_PORT_MCAST_FAST_LEAVE]);
	}
	if (data[IFLA_VSWITCH_PORT_MCAST_MAX_GROUPS]) {
		config->max_groups_given = true;
		config->max_groups = nla_get_u32(data[IFLA_VSWITCH_PORT_MCAST_MAX_GROUPS]);
	}
}

static int slave_changelink(struct net_device *dev, struct net_device *slave,
			    struct nlattr *tb[], struct nlattr *data[],
			    struct netlink_ext_ack *extack)
{
	struct vsw_port *port = vsw_port_get_rtnl(slave);
	struct vsw_port_config config = {};
	int i, err;

	if (!port) {
		NL_SET_ERR_MSG(extack, "the device is no port of a switch");
		return -EINVAL;
	}
	if (!data)
		return 0;
	for (i = 0; i < ARRAY_SIZE(port_flags); i++) {
		if (!data[port_flags[i].attr])
			continue;
		config.flags_given |= port_flags[i].flag;
		if (nla_get_u8(data[port_flags[i].attr]))
			config.flags |= port_flags[i].flag;
	}
	if (data[IFLA_VSWITCH_PORT_FDB_MAX]) {
		config.fdb_max_given = true;
		config.fdb_max = nla_get_u32(data[IFLA_VSWITCH_PORT_FDB_MAX]);
	}
	err = vsw_nl_get_guard(data[IFLA_VSWITCH_PORT_GUARD], &config.guard, extack);
	if (err)
		return err;
	config.guard.learning_attr = data[IFLA_VSWITCH_PORT_LEARNING];
	get_mcast(data, &config.mcast);
	get_shut(data, &config.shut);
	get_reserved(data, &config.reserved);
	if (data[IFLA_VSWITCH_PORT_STATE]) {
		config.state_given = true;
		config.state = nla_get_u8(data[IFLA_VSWITCH_PORT_STATE]);
	}
	if (data[IFLA_VSWITCH_PORT_LOOP_PROTECT]) {
		config.loop_protect_given = true;
		config.loop_protect = nla_get_u8(data[IFLA_VSWITCH_PORT_LOOP_PROTECT]);
	}
	return vsw_port_configure(port, &config, extack);
}

static size_t get_slave_size(const struct net_device *dev,
			     const struct net_device *slave)
{
	return ARRAY_SIZE(port_flags) * nla_total_size(sizeof(u8)) +
	       nla_total_size(sizeof(u16)) +
	       3 * nla_total_size(sizeof(u32)) +
	       5 * nla_total_size(sizeof(u8)) +	/* shut, state, BPDUs, loops */
	       nla_total_size(sizeof(u32)) +
	       3 * nla_total_size(sizeof(u8)) +	/* multicast */
	       2 * nla_total_size(sizeof(u32)) + SETTINGS_SIZE;
}

static int put_mcast(struct sk_buff *skb, const struct vsw_mcast_port_info *info)
{
	if (nla_put_u8(skb, IFLA_VSWITCH_PORT_MCAST_ROUTER, info->router) ||
	    nla_put_u8(skb, IFLA_VSWITCH_PORT_MCAST_IS_ROUTER, info->is_router) ||
	    nla_put_u8(skb, IFLA_VSWITCH_PORT_MCAST_FAST_LEAVE, info->fast_leave) ||
	    nla_put_u32(skb, IFLA_VSWITCH_PORT_MCAST_MAX_GROUPS, info->max_groups) ||
	    nla_put_u32(skb, IFLA_VSWITCH_PORT_MCAST_GROUP_COUNT, info->group_count))
		return -EMSGSIZE;
	return 0;
}

static int fill_slave_info(struct sk_buff *skb, const struct net_device *dev,
			   const struct net_device *slave)
{
	struct vsw_port *port = vsw_port_get_rtnl(slave);
	struct vsw_port_info info;
	int i;

	/* Half-way in or out of the switch. */
	if (!port)
		return 0;
	vsw_port_info(port, &info);
	for (i = 0; i < ARRAY_SIZE(port_flags); i++) {
		if (nla_put_u8(skb, port_flags[i].attr,
			       !!(info.flags & port_flags[i].flag)))
			return -EMSGSIZE;
	}
	if (nla_put_u32(skb, IFLA_VSWITCH_PORT_NUMBER, info.number) ||
	    nla_put_u16(skb, IFLA_VSWITCH_PORT_GROUP_FWD_MASK,
			info.reserved.forwarded) ||
	    nla_put_u32(skb, IFLA_VSWITCH_PORT_FDB_MAX, info.fdb_max) ||
	    nla_put_u32(skb, IFLA_VSWITCH_PORT_FDB_COUNT, info.fdb_count) ||
	    nla_put_u8(skb, IFLA_VSWITCH_PORT_SHUT, info.shut.reason) ||
	    nla_put_u32(skb, IFLA_VSWITCH_PORT_RECOVERY, info.shut.recovery) ||
	    nla_put_u8(skb, IFLA_VSWITCH_PORT_STATE, info.state) ||
	    nla_put_u8(skb, IFLA_VSWITCH_PORT_BPDU_GUARD, info.reserved.bpdu_guard) ||
	    nla_put_u8(skb, IFLA_VSWITCH_PORT_BPDU_FILTER, info.reserved.bpdu_filter) ||
	    nla_put_u8(skb, IFLA_VSWITCH_PORT_LOOP_PROTECT, info.loop_protect))
		return -EMSGSIZE;
	return put_mcast(skb, &info.mcast) ?:
	       vsw_nl_put_guard(skb, IFLA_VSWITCH_PORT_GUARD, &info.guard);
}

struct rtnl_link_ops vsw_link_ops __read_mostly = {
	.kind = "vswitch",
	.priv_size = sizeof(struct vsw_switch),
	.setup = vsw_switch_setup,
	.maxtype = IFLA_VSWITCH_MAX,
	.policy = switch_policy,
	.validate = vsw_link_validate,
	.newlink = link_newlink,
	.changelink = link_changelink,
	.dellink = vsw_switch_delete,
	.get_size = link_get_size,
	.fill_info = link_fill_info,
	.slave_maxtype = IFLA_VSWITCH_PORT_MAX,
	.slave_policy = port_policy,
	.slave_changelink = slave_changelink,
	.get_slave_size = get_slave_size,
	.fill_slave_info = fill_slave_info,
	.get_linkxstats_size = vsw_bridge_xstats_size,
	.fill_linkxstats = vsw_bridge_fill_xstats,
};
