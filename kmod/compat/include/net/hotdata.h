/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_NET_HOTDATA_H
#define _VSW_COMPAT_NET_HOTDATA_H

#include <linux/netdevice.h>

/* Since 6.9; the list is in struct net since 6.15. */
#ifdef VSW_HAVE_NET_HOTDATA_PTYPE_ALL
#include_next <net/hotdata.h>
#endif

/*
 * dev_nit_active(): not 0 if packet sockets see what @dev sends. Without a call where
 * the lists can be seen from here.
 */
static inline unsigned long vsw_netdev_taps(const struct net_device *dev)
{
#ifdef VSW_HAVE_NET_HOTDATA_PTYPE_ALL
	const struct list_head *all = &net_hotdata.ptype_all, *own = &dev->ptype_all;

	return ((unsigned long)READ_ONCE(all->next) ^ (unsigned long)all) |
	       ((unsigned long)READ_ONCE(own->next) ^ (unsigned long)own);
#else
	return dev_nit_active((struct net_device *)dev);
#endif
}

#endif /* _VSW_COMPAT_NET_HOTDATA_H */
