// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of rtnetlink: the link kind "vnic".
 */
#include <uapi/linux/vswitch_link.h>
#include <net/rtnetlink.h>

#include "bridge_nl.h"

static struct vsw_switch *find_switch(struct net *net, const struct nlattr *link,
				      struct netlink_ext_ack *extack)
{
	struct net_device *dev;

	if (!link) {
		NL_SET_ERR_MSG(extack, "name the switch that the vnic is to be a port of: link SWITCH");
		return NULL;
	}
	dev = __dev_get_by_index(net, nla_get_u32(link));
	if (dev && vsw_is_switch(dev))
		return netdev_priv(dev);
	NL_SET_ERR_MSG_ATTR(extack, link, "the link of a vnic is a switch, and this device is none");
	return NULL;
}

static int new_link(struct net *link_net, struct net_device *dev,
		    struct nlattr *tb[], struct nlattr *data[],
		    struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw = find_switch(link_net, tb[IFLA_LINK], extack);

	if (!sw)
		return -ENODEV;
	if (!tb[IFLA_ADDRESS])
		eth_hw_addr_random(dev);
	return vsw_vnic_register(dev, sw, tb[IFLA_MTU], extack);
}

VSW_RTNL_NEWLINK(link_newlink, new_link)

static const struct nla_policy vnic_policy[IFLA_VNIC_MAX + 1] = {
	[IFLA_VNIC_PORT_NUMBER] = { .type = NLA_REJECT },
};

static size_t link_get_size(const struct net_device *dev)
{
	return nla_total_size(sizeof(u32));
}

static int link_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct vsw_vnic *vnic = netdev_priv(dev);

	return nla_put_u32(skb, IFLA_VNIC_PORT_NUMBER, vnic->port.number);
}

static struct net *link_get_net(const struct net_device *dev)
{
	const struct vsw_vnic *vnic = netdev_priv(dev);

	return dev_net(vnic->port.sw->dev);
}

struct rtnl_link_ops vsw_vnic_link_ops __read_mostly = {
	.kind = "vnic",
	.priv_size = sizeof(struct vsw_vnic),
	.setup = vsw_vnic_setup,
	.maxtype = IFLA_VNIC_MAX,
	.policy = vnic_policy,
	.validate = vsw_link_validate,
	.newlink = link_newlink,
	.dellink = vsw_vnic_delete,
	.get_size = link_get_size,
	.fill_info = link_fill_info,
	.get_link_net = link_get_net,
	.get_linkxstats_size = vsw_bridge_xstats_size,
	.fill_linkxstats = vsw_bridge_fill_xstats,
};
