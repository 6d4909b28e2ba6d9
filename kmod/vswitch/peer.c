// SPDX-License-Identifier: GPL-2.0
/*
 * Pairs of devices, into whose other end there is a short way: see peer.h.
 */
#include <net/rtnetlink.h>

#include "peer.h"

/*
 * The other end of the pair that @dev is an end of, if its driver does nothing with
 * a packet but hand it to the other end, and counts what it sends where we can; or
 * NULL. The ends of a pair belong together for as long as they live and are deleted
 * in one go, so the other end is there as long as @dev is a port. netkit runs
 * programs and has a policy that can't be seen from here. RTNL.
 */
struct net_device *vsw_peer_of(struct net_device *dev)
{
#ifdef VSW_HAVE_DEV_PCPU_STAT_TYPE
	const struct rtnl_link_ops *ops = dev->rtnl_link_ops;
	struct net_device *peer = NULL;

	if (!ops || strcmp(ops->kind, "veth") ||
	    !dev->netdev_ops->ndo_get_peer_dev ||
	    dev->pcpu_stat_type != NETDEV_PCPU_STAT_TSTATS)
		return NULL;
	rcu_read_lock();
	peer = dev->netdev_ops->ndo_get_peer_dev(dev);
	rcu_read_unlock();
	return peer;
#else
	/* A union: these kernels keep other counters in it. */
	return NULL;
#endif
}

/*
 * Whether @peer gets @skb as it is when @dev, the other end, sends it. Which GSO
 * packets that are depends on bounds of @dev, too.
 */
bool vsw_peer_takes(struct net_device *dev, const struct net_device *peer,
		    struct sk_buff *skb)
{
	if (!skb_is_gso(skb))
		return skb->len <= READ_ONCE(peer->mtu) + VLAN_HLEN;
	skb->dev = dev;
	return !netif_needs_gso(skb, netif_skb_features(skb));
}
