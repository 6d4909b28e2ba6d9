// SPDX-License-Identifier: GPL-2.0
/*
 * The short way into the other end of a pair: which packets may be received
 * there at once, without being sent by the port's end first.
 *
 * Sending and receiving again costs a second pass through a queue, and changes
 * nothing as long as nobody looks at the port's end on the way out and the
 * other end takes packets as they come. Most of what decides that changes
 * without news for us, so it is looked at for every packet; all of it is
 * pointers and flags that sending would have to look at as well.
 */
#include <net/gso.h>
#include <net/netdev_rx_queue.h>
#include <net/rtnetlink.h>
#include <net/sch_generic.h>

#include "vswitch.h"

/*
 * What a pair can do if nobody turned it off: anything but a GSO packet goes
 * through as it is then.
 */
#define PAIR_FEATURES	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM | \
			 NETIF_F_SCTP_CRC | NETIF_F_HIGHDMA | \
			 NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX)

/*
 * Whether @dev is an end of a pair whose driver does nothing with a packet but
 * hand it to the other end, and counts what it sends where we can. netkit runs
 * programs and has a policy that can't be seen from here.
 */
bool vsw_peer_is_pair(const struct net_device *dev)
{
#ifdef VSW_HAVE_DEV_PCPU_STAT_TYPE
	const struct rtnl_link_ops *ops = dev->rtnl_link_ops;

	return ops && !strcmp(ops->kind, "veth") &&
	       dev->netdev_ops->ndo_get_peer_dev &&
	       dev->pcpu_stat_type == NETDEV_PCPU_STAT_TSTATS;
#else
	/* A union: these kernels keep other counters in it. */
	return false;
#endif
}

/* Nothing delays, changes, drops, redirects or copies what @dev sends. */
static bool sends_untouched(struct net_device *dev)
{
	const struct netdev_queue *queue = netdev_get_tx_queue(dev, 0);

	return dev->real_num_tx_queues == 1 &&
	       !rcu_dereference_bh(queue->qdisc)->enqueue &&
	       !vsw_netdev_has_egress_hook(dev) &&
	       !dev_nit_active(dev) &&
	       (dev->features & PAIR_FEATURES) == PAIR_FEATURES;
}

/* Attached by itself or, as a link, with an owner. */
static bool has_native_xdp(const struct net_device *dev)
{
	const struct bpf_xdp_entity *native = &dev->xdp_state[XDP_MODE_DRV];

	return READ_ONCE(native->prog) || READ_ONCE(native->link);
}

/*
 * What @dev receives is for a device above it: a port of another switch, say, or
 * a VLAN device that is a port of this one. A packet that goes in a circle would
 * never give the CPU back; in a queue it waits its turn.
 */
static bool passes_on(const struct net_device *dev)
{
#if IS_ENABLED(CONFIG_VLAN_8021Q)
	if (rcu_access_pointer(dev->vlan_info))
		return true;
#endif
	return rcu_access_pointer(dev->rx_handler);
}

/*
 * Whether what @dev receives may be handled by who received it by another device,
 * on this CPU and now. Under RCU.
 */
bool vsw_peer_receives_at_once(const struct net_device *dev)
{
	return !vsw_netdev_has_rps(dev) && !passes_on(dev);
}

/* @dev's driver hands what it receives to the core, on this CPU. */
static bool receives_untouched(const struct net_device *dev)
{
	return (READ_ONCE(dev->flags) & IFF_UP) &&
	       !(dev->features & NETIF_F_GRO) &&
	       !has_native_xdp(dev) &&
	       vsw_peer_receives_at_once(dev);
}

/*
 * The other end of the pair that @out's device is an end of, if @skb, with data
 * behind the MAC header, is received there as if it had been sent; else NULL.
 * Valid under RCU, with BH off.
 */
struct net_device *vsw_peer_for(const struct vsw_port *out, struct sk_buff *skb)
{
	struct net_device *dev = out->dev, *peer;

	peer = dev->netdev_ops->ndo_get_peer_dev(dev);
	if (unlikely(!peer) || !receives_untouched(peer) || !sends_untouched(dev))
		return NULL;
	/* Packet sockets of its own namespace would see it as of the port it came by. */
	if (unlikely(net_eq(dev_net(peer), dev_net(dev))))
		return NULL;
	/* A second tag may have to go into the frame, or be too short. */
	if (unlikely(eth_type_vlan(skb->protocol)))
		return NULL;
	if (likely(!skb_is_gso(skb)))
		return skb->len <= READ_ONCE(peer->mtu) + VLAN_HLEN ? peer : NULL;
	/* Which of them the device takes depends on its bounds, too. */
	skb->dev = dev;
	return netif_needs_gso(skb, netif_skb_features(skb)) ? NULL : peer;
}
