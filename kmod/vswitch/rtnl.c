// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of rtnetlink: the link kind "vswitch" and what ip(8) shows and sets of
 * a switch and of its ports.
 */
#include <uapi/linux/vswitch_link.h>
#include <net/rtnetlink.h>

#include "vswitch.h"

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
};

static void get_switch_config(struct nlattr *data[],
			      struct vsw_switch_config *config)
{
	memset(config, 0, sizeof(*config));
	if (!data)
		return;
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

	get_switch_config(data, &config);
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
	struct vsw_switch_config config;

	get_switch_config(data, &config);
	return vsw_switch_configure(netdev_priv(dev), &config, extack);
}

static size_t link_get_size(const struct net_device *dev)
{
	return 4 * nla_total_size(sizeof(u32)) + nla_total_size(sizeof(u16)) +
	       2 * nla_total_size(sizeof(u8));
}

static int link_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	struct vsw_switch_info info;

	vsw_switch_info(netdev_priv(dev), &info);
	if (nla_put_u32(skb, IFLA_VSWITCH_AGEING_TIME, info.ageing_ms) ||
	    nla_put_u32(skb, IFLA_VSWITCH_FDB_MAX, info.fdb_max) ||
	    nla_put_u32(skb, IFLA_VSWITCH_FDB_COUNT, info.fdb_count) ||
	    nla_put_u32(skb, IFLA_VSWITCH_PORT_COUNT, info.port_count) ||
	    nla_put_u8(skb, IFLA_VSWITCH_VLAN_FILTERING, info.vlan_filtering) ||
	    nla_put_u8(skb, IFLA_VSWITCH_VLAN_PROTOCOL, info.vlan_protocol) ||
	    nla_put_u16(skb, IFLA_VSWITCH_VLAN_DEFAULT_PVID, info.default_pvid))
		return -EMSGSIZE;
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

static int slave_changelink(struct net_device *dev, struct net_device *slave,
			    struct nlattr *tb[], struct nlattr *data[],
			    struct netlink_ext_ack *extack)
{
	struct vsw_port *port = vsw_port_get_rtnl(slave);
	struct vsw_port_config config = {};
	int i;

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
	       nla_total_size(sizeof(u32));
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
	return 0;
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
};
