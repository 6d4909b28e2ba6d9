/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Connections that go back to where they come from: both ends are behind the same
 * device. The server would answer the client by the short way, untranslated; so the
 * source is translated, too, to this host's address there. Only these connections, and
 * those of loopback.h, don't have their client's address at the server.
 */
#ifndef _VROUTER_HAIRPIN_H
#define _VROUTER_HAIRPIN_H

#include "vrouter.h"

struct nf_conn;
struct nf_hook_state;
struct sk_buff;

/*
 * In POST_ROUTING, of a new connection: whether it is such a one, translated by
 * something of ours. Under RCU.
 */
bool vrt_hairpin_is(struct vrt_net *rn, const struct sk_buff *skb, const struct nf_conn *ct,
		    const struct nf_hook_state *state);

#endif /* _VROUTER_HAIRPIN_H */
