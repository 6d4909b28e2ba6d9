/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_NET_NETDEV_RX_QUEUE_H
#define _VSW_COMPAT_NET_NETDEV_RX_QUEUE_H

/* In linux/netdevice.h before 6.6. */
#ifdef VSW_HAVE_NETDEV_RX_QUEUE_H
#include_next <net/netdev_rx_queue.h>
#else
#include <linux/netdevice.h>
#endif

#ifdef VSW_HAVE_RPS_NEEDED_IN_RPS_H
#include <net/rps.h>
#endif

/* Not 0 if what @dev receives is steered to other CPUs. Under RCU. */
static __always_inline unsigned long vsw_netdev_rps(const struct net_device *dev)
{
#ifdef CONFIG_RPS
#if defined(VSW_HAVE_RPS_NEEDED) || defined(VSW_HAVE_RPS_NEEDED_IN_RPS_H)
	/* As the core does it: it does not look at queues before that. */
	if (!static_branch_unlikely(&rps_needed))
		return 0;
#endif
	return (unsigned long)rcu_access_pointer(dev->_rx->rps_map) |
	       (unsigned long)rcu_access_pointer(dev->_rx->rps_flow_table);
#else
	return 0;
#endif
}

#endif /* _VSW_COMPAT_NET_NETDEV_RX_QUEUE_H */
