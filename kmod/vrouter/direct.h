/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Direct return: a packet to a service goes to its backend as it is, with the backend for
 * its next hop. The backend has the service's address and answers past this host, so that
 * conntrack sees what the client sends and nothing else.
 */
#ifndef _VROUTER_DIRECT_H
#define _VROUTER_DIRECT_H

#include <linux/netfilter.h>

#include "front.h"
#include "target.h"

struct vrt_conn;

/*
 * @ct, a new connection whose first packet is in a hook function, is one of direct return:
 * conntrack takes the answers for seen. What nf_nat says of its destination: it stays.
 */
unsigned int vrt_direct_begin(struct nf_conn *ct, unsigned int hook);

/* Conntrack has seen a packet of @ct, which is one of direct return. */
void vrt_direct_follow(struct nf_conn *ct);

/*
 * Send @skb of @conn, whose target is direct, to the backend, if that is where it goes: its
 * route is set. Else the verdict is to drop it, and who sent it was told. Under RCU.
 */
unsigned int vrt_direct_send(const struct vrt_conn *conn, struct sk_buff *skb,
			     const struct nf_hook_state *state);

/*
 * Whether @front can have backends in this way, and one of them be at @addr. -EINVAL (the
 * address), -EPROTONOSUPPORT, with a sentence in @extack.
 */
int vrt_direct_check_front(const struct vrt_front *front, struct netlink_ext_ack *extack);
int vrt_direct_check_backend(struct net *net, const struct vrt_front *front,
			     const union nf_inet_addr *addr, struct netlink_ext_ack *extack);

#endif /* _VROUTER_DIRECT_H */
