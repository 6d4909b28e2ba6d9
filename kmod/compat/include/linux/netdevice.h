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

#endif /* _VSW_COMPAT_LINUX_NETDEVICE_H */
