/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the codecs of the Generic Netlink family share: finding the object of a
 * request, replies, dumps.
 */
#ifndef _VSWITCH_NETLINK_H
#define _VSWITCH_NETLINK_H

#include <net/genetlink.h>
#include <net/sock.h>

#include "vswitch.h"
#include "vswitch_nl_gen.h"

extern struct genl_family vsw_nl_family;

/* Room for the counters of one object, for its VLANs, and for the rest of it. */
#define VSW_NL_STATS_SIZE	(VSW_DROP_COUNT * 64 + 256)
#define VSW_NL_VLANS_SIZE	(3 * VSWITCH_VLAN_SET_LEN + 12 + \
				 VSWITCH_VLAN_MAP_MAX * sizeof(struct vsw_vlan_pair))
#define VSW_NL_GUARD_SIZE	512
#define VSW_NL_MCAST_SIZE	(2 * VSW_MCAST_COUNTED * 12 + 256)
#define VSW_NL_OBJECT_SIZE	(1024 + VSW_NL_VLANS_SIZE + VSW_NL_STATS_SIZE + \
				 VSW_NL_GUARD_SIZE + VSW_NL_MCAST_SIZE)

/* netlink.c */
struct net_device *vsw_nl_find_dev(struct net *net, const struct nlattr *ifindex,
				   const struct nlattr *name,
				   struct netlink_ext_ack *extack);
struct vsw_switch *vsw_nl_find_switch(struct net *net,
				      const struct nlattr *ifindex,
				      const struct nlattr *name,
				      struct netlink_ext_ack *extack);
struct vsw_port *vsw_nl_find_port(struct net *net, const struct nlattr *ifindex,
				  const struct nlattr *name,
				  struct netlink_ext_ack *extack);
struct vsw_port *vsw_nl_find_number(struct vsw_switch *sw,
				    const struct nlattr *number,
				    struct netlink_ext_ack *extack);
int vsw_nl_missing(struct genl_info *info, int attr, const char *what);

/* By which attributes requests about one kind of object name its switch and its port. */
struct vsw_nl_place_attrs {
	u16 switch_ifindex, switch_name;
	u16 ifindex, name, number;
};

#define VSW_NL_PLACE_ATTRS(SET) {				\
	.switch_ifindex = VSWITCH_A_##SET##_SWITCH_IFINDEX,	\
	.switch_name = VSWITCH_A_##SET##_SWITCH_NAME,		\
	.ifindex = VSWITCH_A_##SET##_PORT_IFINDEX,		\
	.name = VSWITCH_A_##SET##_PORT_NAME,			\
	.number = VSWITCH_A_##SET##_PORT_NUMBER,		\
}

/* The switch and the port that a request names; without a port or both NULL for all. */
struct vsw_nl_place {
	struct vsw_switch *sw;
	struct vsw_port *port;
};

int vsw_nl_find_place(struct net *net, struct nlattr **attrs,
		      const struct vsw_nl_place_attrs *by,
		      struct netlink_ext_ack *extack, struct vsw_nl_place *place);
int vsw_nl_find_needed_place(struct genl_info *info, const struct vsw_nl_place_attrs *by,
			     struct vsw_nl_place *place);

int vsw_nl_check_once(const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack);
int vsw_nl_check_attrs_once(const struct nlattr *attrs, int len,
			    struct netlink_ext_ack *extack);
int vsw_nl_read(struct genl_info *info, int (*request)(struct genl_info *info));
int vsw_nl_change(struct sk_buff *skb, struct genl_info *info,
		  int (*request)(struct genl_info *info));
int vsw_nl_put_stats(struct sk_buff *skb, int attr,
		     const struct vsw_stats *stats);

typedef int (*vsw_nl_fill_t)(struct sk_buff *skb, const void *object);
struct sk_buff *vsw_nl_reply_alloc(void);
int vsw_nl_reply_send(struct genl_info *info, struct sk_buff *skb, u8 cmd,
		      vsw_nl_fill_t fill, const void *object);
int vsw_nl_reply(struct genl_info *info, u8 cmd, vsw_nl_fill_t fill,
		 const void *object);
int vsw_nl_dump_one(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		    vsw_nl_fill_t fill, const void *object);
int vsw_nl_dump_end(const struct sk_buff *skb, int err);

/* *_nl.c: fill a message from a picture of an object */
int vsw_nl_fill_switch_info(struct sk_buff *skb,
			    const struct vsw_switch_info *info);
int vsw_nl_fill_switch_settings(struct sk_buff *skb, const struct vsw_switch_info *info);
int vsw_nl_fill_port_info(struct sk_buff *skb, const struct vsw_port_info *info);
int vsw_nl_fill_fdb_info(struct sk_buff *skb, const struct vsw_fdb_info *info);
int vsw_nl_fill_drop_info(struct sk_buff *skb, const struct vsw_drop_info *info);
int vsw_nl_fill_mirror_info(struct sk_buff *skb, const struct vsw_mirror_info *info);
int vsw_nl_fill_mdb_info(struct sk_buff *skb, const struct vsw_mdb_info *info);
int vsw_nl_fill_binding_info(struct sk_buff *skb, const struct vsw_binding_info *info);

/* switch_nl.c: what rtnetlink has of a switch in these attributes, too */
void vsw_nl_get_switch_settings(struct nlattr **attrs, const struct vsw_switch *sw,
				struct vsw_switch_config *config);

/* guard_nl.c: a port's guard, which is part of it */
int vsw_nl_put_guard(struct sk_buff *skb, int attr,
		     const struct vsw_guard_settings *settings);
int vsw_nl_put_policies(struct sk_buff *skb, u32 flags);
void vsw_nl_get_policies(struct nlattr **attrs, u32 *given, u32 *flags);
int vsw_nl_get_guard(const struct nlattr *nest, struct vsw_guard_config *config,
		     struct netlink_ext_ack *extack);

/* mcast_nl.c: what the other objects have of multicast snooping */
void vsw_nl_get_mcast(struct nlattr **attrs, const struct vsw_switch *sw,
		      struct vsw_switch_config *config);
int vsw_nl_fill_mcast(struct sk_buff *skb, const struct vsw_switch_info *info);
int vsw_nl_put_switch_mcast_stats(struct sk_buff *skb, const struct vsw_switch *sw);
void vsw_nl_get_mcast_port(struct nlattr **attrs, struct vsw_mcast_port_config *config);
int vsw_nl_fill_mcast_port(struct sk_buff *skb, const struct vsw_mcast_port_info *info);
int vsw_nl_put_port_mcast_stats(struct sk_buff *skb, const struct vsw_port *port);

#endif /* _VSWITCH_NETLINK_H */
