/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSWITCH_CONNTRACK_PEEK_H
#define _VSWITCH_CONNTRACK_PEEK_H

#include <net/netfilter/nf_conntrack.h>

#include "conntrack.h"

/*
 * What nf_conntrack_in() would find for @skb, which is only traced and has data at its
 * network header, in @ct's zone: nothing that others see is changed. @skb gets the
 * connection, or, if there is none or it @is_fresh, a new one that nobody else knows; none
 * if it is invalid. Of a connection that is known it is not asked whether the packet fits
 * into it. NF_ACCEPT, or NF_DROP for want of memory or of room in the kernel's table. Under
 * RCU with BH off.
 */
int vsw_ct_peek(struct sk_buff *skb, struct net *net, u8 family,
		const struct vsw_action_ct *ct, bool is_fresh);

#endif /* _VSWITCH_CONNTRACK_PEEK_H */
