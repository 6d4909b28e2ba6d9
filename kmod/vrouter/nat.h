/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rules of address translation: masquerade, SNAT, DNAT, one to one.
 */
#ifndef _VROUTER_NAT_H
#define _VROUTER_NAT_H

#include <linux/skbuff.h>

#include "vrouter.h"

struct nf_conn;
struct nf_hook_state;

/*
 * A new connection that no front took, before routing (or as this host sends it), or
 * after routing (or as it comes to this host): the first rule that matches calls
 * nf_nat_setup_info(). An NF_* verdict; NF_ACCEPT also if none matches. Under RCU.
 */
unsigned int vrt_nat_destination(struct vrt_net *rn, struct sk_buff *skb, struct nf_conn *ct,
				 const struct nf_hook_state *state);
unsigned int vrt_nat_source(struct vrt_net *rn, struct sk_buff *skb, struct nf_conn *ct,
			    const struct nf_hook_state *state);

void vrt_nat_flush(struct vrt_net *rn);		/* under vrt_net.lock */
int vrt_nat_init(struct vrt_net *rn);
void vrt_nat_destroy(struct vrt_net *rn);	/* after the flush */

#endif /* _VROUTER_NAT_H */
