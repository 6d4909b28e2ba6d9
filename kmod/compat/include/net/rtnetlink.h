/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_NET_RTNETLINK_H
#define _VSW_COMPAT_NET_RTNETLINK_H

#include_next <net/rtnetlink.h>

/*
 * VSW_RTNL_NEWLINK(name, fn) defines name as a rtnl_link_ops.newlink that calls
 * fn(link_net, dev, tb, data, extack), link_net being the namespace that IFLA_LINK
 * is of; the operation's own arguments changed in 6.15.
 */
#ifdef VSW_HAVE_RTNL_NEWLINK_PARAMS
#define VSW_RTNL_NEWLINK(name, fn)					\
static int name(struct net_device *dev,					\
		struct rtnl_newlink_params *params,			\
		struct netlink_ext_ack *extack)				\
{									\
	return fn(rtnl_newlink_link_net(params), dev, params->tb,	\
		  params->data, extack);				\
}
#else
#define VSW_RTNL_NEWLINK(name, fn)					\
static int name(struct net *src_net, struct net_device *dev,		\
		struct nlattr *tb[], struct nlattr *data[],		\
		struct netlink_ext_ack *extack)				\
{									\
	return fn(src_net, dev, tb, data, extack);			\
}
#endif

#endif /* _VSW_COMPAT_NET_RTNETLINK_H */
