// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of what is counted by VLAN: vlan-get, and the same as bridge(8) asks for it.
 */
#include <linux/if_bridge.h>
#include <net/rtnetlink.h>

#include "bridge_nl.h"
#include "netlink.h"
#include "vlan.h"

/* What a message is about. */
struct picture {
	const struct vsw_switch *sw;
	u16 vid;
	struct vsw_vlan_counters counters;
};

static int put_counter(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, VSWITCH_A_VLAN_PAD);
}

static int fill_vlan(struct sk_buff *skb, const void *object)
{
	const struct picture *picture = object;
	const struct vsw_vlan_counters *counters = &picture->counters;
	const struct net_device *dev = picture->sw->dev;

	if (nla_put_u32(skb, VSWITCH_A_VLAN_SWITCH_IFINDEX, dev->ifindex) ||
	    nla_put_string(skb, VSWITCH_A_VLAN_SWITCH_NAME, dev->name) ||
	    nla_put_u16(skb, VSWITCH_A_VLAN_VLAN, picture->vid))
		return -EMSGSIZE;
	if (!vsw_vlan_stats_are_on(picture->sw))
		return 0;
	if (put_counter(skb, VSWITCH_A_VLAN_RX_PACKETS, counters->rx_packets) ||
	    put_counter(skb, VSWITCH_A_VLAN_RX_BYTES, counters->rx_bytes) ||
	    put_counter(skb, VSWITCH_A_VLAN_TX_PACKETS, counters->tx_packets) ||
	    put_counter(skb, VSWITCH_A_VLAN_TX_BYTES, counters->tx_bytes))
		return -EMSGSIZE;
	return 0;
}

/* The switch that a request names, NULL if it names none, or an ERR_PTR. */
static struct vsw_switch *find_switch(struct net *net, struct nlattr **attrs,
				      struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw;

	if (!attrs[VSWITCH_A_VLAN_SWITCH_IFINDEX] && !attrs[VSWITCH_A_VLAN_SWITCH_NAME])
		return NULL;
	sw = vsw_nl_find_switch(net, attrs[VSWITCH_A_VLAN_SWITCH_IFINDEX],
				attrs[VSWITCH_A_VLAN_SWITCH_NAME], extack);
	return sw ?: ERR_PTR(-ENODEV);
}

static int get_vlan(struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct picture picture;
	struct vsw_switch *sw;

	sw = find_switch(genl_info_net(info), attrs, info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	if (!sw)
		return vsw_nl_missing(info, VSWITCH_A_VLAN_SWITCH_IFINDEX,
				      "name a switch, by ifindex or name");
	if (!attrs[VSWITCH_A_VLAN_VLAN])
		return vsw_nl_missing(info, VSWITCH_A_VLAN_VLAN, "the VLAN is missing");
	picture.sw = sw;
	picture.vid = nla_get_u16(attrs[VSWITCH_A_VLAN_VLAN]);
	vsw_vlan_stats_read(sw, picture.vid, &picture.counters);
	return vsw_nl_reply(info, VSWITCH_CMD_VLAN_GET, fill_vlan, &picture);
}

int vswitch_nl_vlan_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_read(info, get_vlan);
}

/* The VLANs behind @*vid, which is moved to the last one for which there was room. */
static int dump_switch(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct vsw_switch *sw, unsigned long *vid)
{
	struct vsw_vlan_stats_cursor cursor = {};
	struct picture picture = { .sw = sw };
	int err;

	while ((picture.vid = vsw_vlan_stats_next(sw, *vid, &cursor, &picture.counters))) {
		err = vsw_nl_dump_one(skb, cb, VSWITCH_CMD_VLAN_GET, fill_vlan, &picture);
		if (err)
			return err;
		*vid = picture.vid;
	}
	*vid = 0;
	return 0;
}

/* Resumes at the switch of the ifindex in args[0], behind the VLAN in args[1]. */
int vswitch_nl_vlan_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_genl_dump_attrs(cb);
	unsigned long ifindex = cb->args[0], vid = cb->args[1];
	struct net *net = sock_net(skb->sk);
	struct vsw_switch *only, *sw;
	int err;

	err = vsw_nl_check_once(cb->nlh, cb->extack);
	if (err)
		return err;
	if (attrs[VSWITCH_A_VLAN_VLAN]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[VSWITCH_A_VLAN_VLAN],
				    "a dump is of a switch, or of all");
		return -EINVAL;
	}
	rtnl_lock();
	cb->seq = vsw_net(net)->generation + 1;
	only = find_switch(net, attrs, cb->extack);
	if (IS_ERR(only)) {
		rtnl_unlock();
		return PTR_ERR(only);
	}
	xa_for_each_start(&vsw_net(net)->switches, ifindex, sw, ifindex) {
		if (only && sw != only)
			continue;
		/* The one that we stopped in is gone: this one from its start. */
		if (ifindex != cb->args[0])
			vid = 0;
		err = dump_switch(skb, cb, sw, &vid);
		if (err)
			break;
	}
	rtnl_unlock();
	cb->args[0] = err ? ifindex : ULONG_MAX;
	cb->args[1] = vid;
	return vsw_nl_dump_end(skb, err);
}

/* ---- bridge -s vlan show ------------------------------------------------ */

/* A nest is up to 64 KB long; a dump has less room anyway. */
#define MAX_XSTATS	1400

/*
 * As the bridge has it: those of the switch under its own name, marked as its host's if it
 * is a member; of a port those that it is a member of, with what the whole switch counted.
 */
static u16 flags_of(const struct vsw_port *port, u16 vid)
{
	const struct vsw_vlans *vlans = rtnl_dereference(port->vlans);
	u16 flags = port->flags & VSW_PORT_HOST ? BRIDGE_VLAN_INFO_MASTER : 0;

	if (!vsw_vlan_in(vlans->member, vid))
		return flags;
	if (port->flags & VSW_PORT_HOST)
		flags |= BRIDGE_VLAN_INFO_BRENTRY;
	if (vid == vlans->pvid)
		flags |= BRIDGE_VLAN_INFO_PVID;
	if (vsw_vlan_in(vlans->untagged, vid))
		flags |= BRIDGE_VLAN_INFO_UNTAGGED;
	return flags;
}

static int put_xstats(struct sk_buff *skb, const struct vsw_port *port, u16 vid,
		      const struct vsw_vlan_counters *counters)
{
	const struct bridge_vlan_xstats xstats = {
		.rx_packets = counters->rx_packets,
		.rx_bytes = counters->rx_bytes,
		.tx_packets = counters->tx_packets,
		.tx_bytes = counters->tx_bytes,
		.vid = vid,
		.flags = flags_of(port, vid),
	};

	return nla_put(skb, BRIDGE_XSTATS_VLAN, sizeof(xstats), &xstats);
}

static bool has_vlan(const struct vsw_port *port, u16 vid)
{
	return (port->flags & VSW_PORT_HOST) ||
	       vsw_vlan_in(rtnl_dereference(port->vlans)->member, vid);
}

/*
 * The port that is asked for by @dev and @attr, and whose switch counts, or NULL. @attr is
 * LINK_XSTATS of a switch or a vnic, LINK_XSTATS_SLAVE of what has a switch as its master.
 */
static const struct vsw_port *counted_port(const struct net_device *dev, int attr)
{
	bool is_ours = vsw_is_switch(dev) || vsw_is_vnic(dev);
	const struct vsw_port *port;

	if (attr != (is_ours ? IFLA_STATS_LINK_XSTATS : IFLA_STATS_LINK_XSTATS_SLAVE))
		return NULL;
	port = vsw_bridge_port(dev);
	return port && vsw_vlan_stats_are_on(port->sw) ? port : NULL;
}

/* rtnl_link_ops.get_linkxstats_size of switches and vnics. RTNL. */
size_t vsw_bridge_xstats_size(const struct net_device *dev, int attr)
{
	const struct vsw_port *port = counted_port(dev, attr);
	struct vsw_vlan_stats_cursor cursor = {};
	struct vsw_vlan_counters counters;
	unsigned int n = 0;
	u16 vid = 0;

	if (!port)
		return 0;
	while ((vid = vsw_vlan_stats_next(port->sw, vid, &cursor, &counters)))
		n += has_vlan(port, vid);
	return nla_total_size(0) +
	       min(n, MAX_XSTATS) * nla_total_size(sizeof(struct bridge_vlan_xstats));
}

/* rtnl_link_ops.fill_linkxstats, likewise. Resumes behind the VLAN in @prividx. RTNL. */
int vsw_bridge_fill_xstats(struct sk_buff *skb, const struct net_device *dev,
			   int *prividx, int attr)
{
	const struct vsw_port *port = counted_port(dev, attr);
	struct vsw_vlan_stats_cursor cursor = {};
	struct vsw_vlan_counters counters;
	unsigned int n = 0;
	struct nlattr *nest;
	u16 vid = *prividx;
	int err = 0;

	if (!port)
		return 0;
	nest = nla_nest_start_noflag(skb, LINK_XSTATS_TYPE_BRIDGE);
	if (!nest)
		return -EMSGSIZE;
	while ((vid = vsw_vlan_stats_next(port->sw, vid, &cursor, &counters))) {
		if (!has_vlan(port, vid))
			continue;
		if (n++ == MAX_XSTATS)
			break;
		err = put_xstats(skb, port, vid, &counters);
		if (err)
			break;
		*prividx = vid;
	}
	nla_nest_end(skb, nest);
	if (!err)
		*prividx = 0;
	return err;
}
