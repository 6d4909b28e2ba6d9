/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Connections of this host that begin at a loopback address, 127.0.0.1 or ::1, and
 * that are translated to somewhere else. Such an address means another host there, so
 * the source is translated, too; and it is before the packet is routed, as nothing
 * with a loopback address is routed out of the host or into it. So net.ipv4.conf.*.
 * route_localnet, which would let others at 127.0.0.0/8, stays what it is.
 */
#ifndef _VROUTER_LOOPBACK_H
#define _VROUTER_LOOPBACK_H

#include <net/netfilter/nf_conntrack.h>

struct nf_hook_state;
struct sk_buff;

/* Whether @tuple's destination, or its source, is a loopback address. */
bool vrt_loopback_destination(const struct nf_conntrack_tuple *tuple);
bool vrt_loopback_source(const struct nf_conntrack_tuple *tuple);

/*
 * hook.c, in LOCAL_OUT: the destination of a new connection was translated. An NF_*
 * verdict; NF_DROP: there is no way to it. Under RCU.
 */
unsigned int vrt_loopback_begins(struct sk_buff *skb, struct nf_conn *ct,
				 const struct nf_hook_state *state);

/* In LOCAL_OUT before nf_nat, a hook, and in PRE_ROUTING behind it. */
unsigned int vrt_loopback_out(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);
unsigned int vrt_loopback_in(struct sk_buff *skb, const struct nf_hook_state *state);

#endif /* _VROUTER_LOOPBACK_H */
