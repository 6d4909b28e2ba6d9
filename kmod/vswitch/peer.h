/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The short way into the other end of a pair: which packets may be received
 * there at once, without being sent by the port's end first.
 *
 * Sending and receiving again costs a second pass through a queue, and changes
 * nothing as long as nobody looks at the port's end on the way out and the
 * other end takes packets as they come. Most of what decides that changes
 * without news for us, so it is looked at for every packet; all of it is
 * pointers and flags that sending would have to look at as well. They are put
 * together before they are tested: one branch, as none of them is there mostly.
 *
 * Both modules have it, each its own: kmod/vrouter/peer.c.
 */
#ifndef _VSWITCH_PEER_H
#define _VSWITCH_PEER_H

#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <net/gso.h>
#include <net/hotdata.h>
#include <net/netdev_rx_queue.h>
#include <net/sch_generic.h>

/* Not 0 if @bits are not, for tests of many things at once. */
static __always_inline unsigned long vsw_any(u64 bits)
{
	return sizeof(unsigned long) == sizeof(bits) ? bits : bits != 0;
}

/*
 * What a pair can do if nobody turned it off: anything but a GSO packet goes
 * through as it is then.
 */
#define PAIR_FEATURES	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM | \
			 NETIF_F_SCTP_CRC | NETIF_F_HIGHDMA | \
			 NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX)

/* Who delays, changes, drops, redirects or copies what @dev sends; 0: nobody. Under RCU. */
static __always_inline unsigned long vsw_peer_looks_at_sent(const struct net_device *dev)
{
	const struct netdev_queue *queue = netdev_get_tx_queue(dev, 0);

	return (unsigned long)rcu_dereference_bh(queue->qdisc)->enqueue |
	       vsw_netdev_egress_hooks(dev) |
	       (dev->real_num_tx_queues ^ 1) |
	       vsw_any(~dev->features & PAIR_FEATURES);
}

/*
 * Who stands between the driver of @dev and the core. A program may be attached by
 * itself or, as a link, with an owner.
 */
static __always_inline unsigned long vsw_peer_looks_at_received(const struct net_device *dev)
{
	const struct bpf_xdp_entity *native = &dev->xdp_state[XDP_MODE_DRV];

	return (unsigned long)READ_ONCE(native->prog) |
	       (unsigned long)READ_ONCE(native->link) |
	       vsw_any(dev->features & NETIF_F_GRO) |
	       (~READ_ONCE(dev->flags) & IFF_UP);
}

/*
 * Why what @dev receives may not be handled by who received it by another device,
 * on this CPU and now; 0: it may. It is steered to other CPUs, or it is for a device
 * above @dev: a port of another switch, say, or a VLAN device that is a port of this
 * one. A packet that goes in a circle would never give the CPU back; in a queue it
 * waits its turn. Under RCU.
 */
static __always_inline unsigned long vsw_peer_must_queue(const struct net_device *dev)
{
	return vsw_netdev_rps(dev) |
#if IS_ENABLED(CONFIG_VLAN_8021Q)
	       (unsigned long)rcu_access_pointer(dev->vlan_info) |
#endif
	       (unsigned long)rcu_access_pointer(dev->rx_handler);
}

struct net_device *vsw_peer_of(struct net_device *dev);
bool vsw_peer_takes(struct net_device *dev, const struct net_device *peer,
		    struct sk_buff *skb);

/*
 * Whether what @dev sends is received by @peer, the other end of its pair, as if it
 * had been sent; not with a second VLAN tag, which may have to go into the frame, or
 * be too short, and of long ones what vsw_peer_takes() says. Under RCU with BH off.
 */
static __always_inline bool vsw_peer_is_near(const struct net_device *dev,
					     const struct net_device *peer)
{
	/* Not all at once: there are not as many registers. */
	if (unlikely(vsw_netdev_taps(dev) | vsw_peer_looks_at_sent(dev)))
		return false;
	if (unlikely(vsw_peer_looks_at_received(peer) | vsw_peer_must_queue(peer)))
		return false;
	/* Packet sockets of its own namespace would see it as of the port it came by. */
	return likely(!net_eq(dev_net(peer), dev_net(dev)));
}

#endif /* _VSWITCH_PEER_H */
