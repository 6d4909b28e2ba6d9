/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSWITCH_CONNTRACK_NAT_H
#define _VSWITCH_CONNTRACK_NAT_H

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_nat.h>

#include "conntrack.h"

/* Which addresses and ports of a packet were translated. */
enum {
	VSW_NAT_SOURCE	= BIT(NF_NAT_MANIP_SRC),
	VSW_NAT_DEST	= BIT(NF_NAT_MANIP_DST),
};

/*
 * Translate @skb of the connection @conn, with data at its network header. NF_ACCEPT, and
 * VSW_NAT_* in *@done, or NF_DROP.
 */
int vsw_ct_nat(struct sk_buff *skb, struct nf_conn *conn, enum ip_conntrack_info info,
	       const struct vsw_action_ct *ct, unsigned int *done);

#endif /* _VSWITCH_CONNTRACK_NAT_H */
