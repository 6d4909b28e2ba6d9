/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The route of a packet that came in, to this host.
 */
#ifndef _VROUTER_ROUTE_IN_H
#define _VROUTER_ROUTE_IN_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

/*
 * Route @skb, which came in by state->in, as if it went to @to, or, NULL, to where it
 * does. False: that is not this host, or its source can't be; it has no route then.
 * Under RCU, in a hook function of PRE_ROUTING.
 */
bool vrt_route_in(struct sk_buff *skb, const struct nf_hook_state *state,
		  const union nf_inet_addr *to);

#endif /* _VROUTER_ROUTE_IN_H */
