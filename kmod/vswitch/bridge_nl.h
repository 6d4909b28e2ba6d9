/* SPDX-License-Identifier: GPL-2.0 */
/* What bridge(8) says and hears of a switch: codecs of rtnetlink's family PF_BRIDGE. */
#ifndef _VSWITCH_BRIDGE_NL_H
#define _VSWITCH_BRIDGE_NL_H

#include "vswitch.h"

/* bridge_nl.c: ports and their VLANs */
int vsw_bridge_getlink(struct sk_buff *skb, u32 portid, u32 seq,
		       struct net_device *dev, u32 filter, int nlflags);
int vsw_bridge_setlink(struct net_device *dev, struct nlmsghdr *nlh, u16 flags,
		       struct netlink_ext_ack *extack);
int vsw_bridge_dellink(struct net_device *dev, struct nlmsghdr *nlh, u16 flags);
struct vsw_port *vsw_bridge_port(const struct net_device *dev);
int vsw_bridge_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
		      const char *why, int err);

/* vlan_stats_nl.c: what is counted by VLAN */
size_t vsw_bridge_xstats_size(const struct net_device *dev, int attr);
int vsw_bridge_fill_xstats(struct sk_buff *skb, const struct net_device *dev,
			   int *prividx, int attr);

/* bridge_fdb_nl.c: the MAC table */
VSW_DECLARE_NDO(ndo_fdb_add, vsw_bridge_fdb_add);
VSW_DECLARE_NDO(ndo_fdb_del, vsw_bridge_fdb_del);
VSW_DECLARE_NDO(ndo_fdb_del_bulk, vsw_bridge_fdb_flush);
VSW_DECLARE_NDO(ndo_fdb_dump, vsw_bridge_fdb_dump);
VSW_DECLARE_NDO(ndo_fdb_get, vsw_bridge_fdb_get);
int vsw_bridge_send_fdb(const struct vsw_event *event);

/* bridge_mdb_nl.c: multicast groups */
int vsw_bridge_mdb_add(struct net_device *dev, struct nlattr *tb[], u16 nlmsg_flags,
		       struct netlink_ext_ack *extack);
int vsw_bridge_mdb_del(struct net_device *dev, struct nlattr *tb[],
		       struct netlink_ext_ack *extack);
int vsw_bridge_send_mdb(const struct vsw_event *event);
int vsw_bridge_mdb_dump(struct net_device *dev, struct sk_buff *skb,
			struct netlink_callback *cb);

#endif /* _VSWITCH_BRIDGE_NL_H */
