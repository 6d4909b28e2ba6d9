/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_LINUX_NETDEVICE_H
#define _VSW_COMPAT_LINUX_NETDEVICE_H

#include_next <linux/netdevice.h>

/* A device bit since 6.12, a feature before. */
static inline void vsw_netdev_set_lltx(struct net_device *dev)
{
#ifdef VSW_HAVE_DEV_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

/* netns_immutable since 6.15 (and in stable trees), netns_local in 6.12, a feature before. */
static inline void vsw_netdev_set_netns_immutable(struct net_device *dev)
{
#if defined(VSW_HAVE_DEV_NETNS_IMMUTABLE)
	dev->netns_immutable = true;
#elif defined(VSW_HAVE_DEV_NETNS_LOCAL)
	dev->netns_local = true;
#else
	dev->features |= NETIF_F_NETNS_LOCAL;
#endif
}

/* Not 0 if tc, a BPF program or netfilter sees what @dev sends. Under RCU. */
static inline unsigned long vsw_netdev_egress_hooks(const struct net_device *dev)
{
	unsigned long hooks = 0;

#if defined(VSW_HAVE_DEV_TCX_EGRESS)
#ifdef CONFIG_NET_XGRESS
	hooks |= (unsigned long)rcu_access_pointer(dev->tcx_egress);
#endif
#elif defined(CONFIG_NET_CLS_ACT)
	hooks |= (unsigned long)rcu_access_pointer(dev->miniq_egress);
#endif
#ifdef CONFIG_NETFILTER_EGRESS
	hooks |= (unsigned long)rcu_access_pointer(dev->nf_hooks_egress);
#endif
	return hooks;
}

/*
 * VSW_NDO_FDB_ADD(name, fn), _DEL and _DEL_BULK define name as the operation of that
 * name, with the arguments that it has here, which calls fn with those that it has
 * everywhere. Since 6.13 it says whether it tells listeners itself, which it does:
 * before, the core tells them in addition.
 */
#ifdef VSW_HAVE_FDB_ADD_NOTIFIED
#define VSW_NDO_FDB_ADD(name, fn)					\
int name(struct ndmsg *ndm, struct nlattr *tb[],			\
	 struct net_device *dev, const unsigned char *addr, u16 vid,	\
	 u16 flags, bool *notified, struct netlink_ext_ack *extack)	\
{									\
	*notified = true;						\
	return fn(ndm, tb, dev, addr, vid, flags, extack);		\
}
#else
#define VSW_NDO_FDB_ADD(name, fn)					\
int name(struct ndmsg *ndm, struct nlattr *tb[],			\
	 struct net_device *dev, const unsigned char *addr, u16 vid,	\
	 u16 flags, struct netlink_ext_ack *extack)			\
{									\
	return fn(ndm, tb, dev, addr, vid, flags, extack);		\
}
#endif

#if defined(VSW_HAVE_FDB_DEL_NOTIFIED)
#define VSW_NDO_FDB_DEL(name, fn)					\
int name(struct ndmsg *ndm, struct nlattr *tb[],			\
	 struct net_device *dev, const unsigned char *addr, u16 vid,	\
	 bool *notified, struct netlink_ext_ack *extack)		\
{									\
	*notified = true;						\
	return fn(ndm, tb, dev, addr, vid, extack);			\
}
#elif defined(VSW_HAVE_FDB_DEL_EXTACK)
#define VSW_NDO_FDB_DEL(name, fn)					\
int name(struct ndmsg *ndm, struct nlattr *tb[],			\
	 struct net_device *dev, const unsigned char *addr, u16 vid,	\
	 struct netlink_ext_ack *extack)				\
{									\
	return fn(ndm, tb, dev, addr, vid, extack);			\
}
#else
#define VSW_NDO_FDB_DEL(name, fn)					\
int name(struct ndmsg *ndm, struct nlattr *tb[],			\
	 struct net_device *dev, const unsigned char *addr, u16 vid)	\
{									\
	return fn(ndm, tb, dev, addr, vid, NULL);			\
}
#endif

/* The core has parsed the request before 6.5 or so; then it is ours to do. */
#ifdef VSW_HAVE_FDB_DEL_BULK_NLH
#define VSW_NDO_FDB_DEL_BULK(name, fn, policy)				\
int name(struct nlmsghdr *nlh, struct net_device *dev,			\
	 struct netlink_ext_ack *extack)				\
{									\
	struct nlattr *tb[NDA_MAX + 1];					\
	int err;							\
									\
	err = nlmsg_parse(nlh, sizeof(struct ndmsg), tb, NDA_MAX,	\
			  policy, extack);				\
	if (err)							\
		return err;						\
	return fn(nlmsg_data(nlh), tb, dev,				\
		  tb[NDA_VLAN] ? nla_get_u16(tb[NDA_VLAN]) : 0, extack);\
}
#else
#define VSW_NDO_FDB_DEL_BULK(name, fn, policy)				\
int name(struct ndmsg *ndm, struct nlattr *tb[],			\
	 struct net_device *dev, u16 vid,				\
	 struct netlink_ext_ack *extack)				\
{									\
	(void)(policy);							\
	return fn(ndm, tb, dev, vid, extack);				\
}
#endif

/* The operations themselves, to be declared in a header. */
#define VSW_DECLARE_NDO(op, name)					\
	extern typeof(*((const struct net_device_ops *)NULL)->op) name

/* The core asks devices of multicast groups since 6.5 or so, before it asked the bridge. */
#ifdef VSW_HAVE_NDO_MDB
#define VSW_NDO_MDB(add, del, dump)					\
	.ndo_mdb_add = add, .ndo_mdb_del = del, .ndo_mdb_dump = dump,
#else
#define VSW_NDO_MDB(add, del, dump)
#endif

#endif /* _VSW_COMPAT_LINUX_NETDEVICE_H */
