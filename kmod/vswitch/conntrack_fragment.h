/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSWITCH_CONNTRACK_FRAGMENT_H
#define _VSWITCH_CONNTRACK_FRAGMENT_H

#include <linux/types.h>

struct net;
struct sk_buff;

/*
 * @skb is a fragment of @family (NFPROTO_*), with data at its network header. 0: it is the
 * whole packet now, as it was the last one that was missing, and *@mru is how long the
 * longest was, without the Ethernet header. -EINPROGRESS: it waits, in a queue of the
 * kernel's that has bounds of its own (net.ipv4.ipfrag_*, net.netfilter.nf_conntrack_frag6_*).
 * Others: it could not be, and is gone. Under RCU with BH off.
 */
int vsw_ct_gather(struct net *net, struct sk_buff *skb, u16 zone, u8 family, u16 *mru);

#endif /* _VSWITCH_CONNTRACK_FRAGMENT_H */
