// SPDX-License-Identifier: GPL-2.0
/*
 * The switch, and its flows, that a request about flows, groups or meters is about.
 */
#include "flow_nl.h"

int vsw_nl_refuse(const struct nlattr *attr, const char *why, struct netlink_ext_ack *extack)
{
	/* Not by the macros, which want the sentence as a literal. */
	if (extack) {
		extack->_msg = why;
		extack->bad_attr = attr;
	}
	return -EINVAL;
}

/* As vsw_nl_find_dev(), but under RCU. */
static struct net_device *find_dev(struct net *net, const struct nlattr *ifindex,
				   const struct nlattr *name, struct netlink_ext_ack *extack)
{
	struct net_device *dev;

	dev = ifindex ? dev_get_by_index_rcu(net, nla_get_u32(ifindex)) :
			dev_get_by_name_rcu(net, nla_data(name));
	if (!dev) {
		vsw_nl_refuse(ifindex ?: name, ifindex ? "no device has this ifindex" :
			      "no device has this name", extack);
		return NULL;
	}
	if (ifindex && name && dev != dev_get_by_name_rcu(net, nla_data(name))) {
		NL_SET_ERR_MSG_ATTR(extack, name, "ifindex and name are of different devices");
		return NULL;
	}
	if (!vsw_is_switch(dev)) {
		NL_SET_ERR_MSG_ATTR(extack, ifindex ?: name, "the device is no switch");
		return NULL;
	}
	return dev;
}

struct vsw_switch *vsw_nl_hold_switch(struct net *net, struct nlattr **attrs,
				      netdevice_tracker *tracker,
				      struct netlink_ext_ack *extack)
{
	const struct nlattr *ifindex = attrs[VSWITCH_A_FLOW_SWITCH_IFINDEX];
	const struct nlattr *name = attrs[VSWITCH_A_FLOW_SWITCH_NAME];
	struct net_device *dev;

	BUILD_BUG_ON((int)VSWITCH_A_FLOW_SWITCH_IFINDEX != VSWITCH_A_FLOW_TABLE_SWITCH_IFINDEX ||
		     (int)VSWITCH_A_FLOW_SWITCH_IFINDEX != VSWITCH_A_GROUP_SWITCH_IFINDEX ||
		     (int)VSWITCH_A_FLOW_SWITCH_IFINDEX != VSWITCH_A_METER_SWITCH_IFINDEX ||
		     (int)VSWITCH_A_FLOW_SWITCH_NAME != VSWITCH_A_FLOW_TABLE_SWITCH_NAME ||
		     (int)VSWITCH_A_FLOW_SWITCH_NAME != VSWITCH_A_GROUP_SWITCH_NAME ||
		     (int)VSWITCH_A_FLOW_SWITCH_NAME != VSWITCH_A_METER_SWITCH_NAME);

	if (!ifindex && !name) {
		NL_SET_ERR_MSG(extack, "name a switch, by ifindex or name");
		if (extack)
			extack->miss_type = VSWITCH_A_FLOW_SWITCH_IFINDEX;
		return ERR_PTR(-EINVAL);
	}
	rcu_read_lock();
	dev = find_dev(net, ifindex, name, extack);
	dev_hold(dev);
	rcu_read_unlock();
	if (!dev)
		return ERR_PTR(-ENODEV);
	netdev_tracker_alloc(dev, tracker, GFP_KERNEL);
	return netdev_priv(dev);
}

void vsw_nl_release_switch(struct vsw_switch *sw, netdevice_tracker *tracker)
{
	netdev_put(sw->dev, tracker);
}

int vsw_nl_lock_flows(struct net *net, struct nlattr **attrs, bool make,
		      struct vsw_nl_flows *locked, struct netlink_ext_ack *extack)
{
	locked->sw = vsw_nl_hold_switch(net, attrs, &locked->tracker, extack);
	if (IS_ERR(locked->sw))
		return PTR_ERR(locked->sw);
	locked->flows = vsw_flows_lock(locked->sw, make, extack);
	if (!IS_ERR(locked->flows))
		return 0;
	vsw_nl_release_switch(locked->sw, &locked->tracker);
	return PTR_ERR(locked->flows);
}

void vsw_nl_unlock_flows(struct vsw_nl_flows *locked)
{
	if (locked->flows)
		vsw_flows_unlock(locked->flows);
	vsw_nl_release_switch(locked->sw, &locked->tracker);
}

int vsw_nl_put_switch_name(struct sk_buff *skb, u32 ifindex, const char *name)
{
	if (nla_put_u32(skb, VSWITCH_A_FLOW_SWITCH_IFINDEX, ifindex) ||
	    nla_put_string(skb, VSWITCH_A_FLOW_SWITCH_NAME, name))
		return -EMSGSIZE;
	return 0;
}

int vsw_nl_put_switch(struct sk_buff *skb, const struct vsw_switch *sw)
{
	char name[IFNAMSIZ];

	/* Without RTNL it may be given another meanwhile. */
	strscpy(name, sw->dev->name, sizeof(name));
	return vsw_nl_put_switch_name(skb, sw->dev->ifindex, name);
}
