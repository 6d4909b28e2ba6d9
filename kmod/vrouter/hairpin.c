// SPDX-License-Identifier: GPL-2.0
#include <net/netfilter/nf_nat.h>

#include "conn.h"
#include "hairpin.h"

static bool is_ours(struct vrt_net *rn, const struct nf_conn *ct)
{
	const struct vrt_conn *conn = vrt_conn_find(rn, ct);

	return conn && (conn->target || conn->rules[NF_NAT_MANIP_DST]);
}

bool vrt_hairpin_is(struct vrt_net *rn, const struct sk_buff *skb, const struct nf_conn *ct,
		    const struct nf_hook_state *state)
{
	const struct nf_conntrack_tuple *original = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	const struct nf_conntrack_tuple *reply = &ct->tuplehash[IP_CT_DIR_REPLY].tuple;

	if (!(READ_ONCE(ct->status) & IPS_DST_NAT))
		return false;
	if (skb->skb_iif != state->out->ifindex &&
	    !nf_inet_addr_cmp(&original->src.u3, &reply->src.u3))
		return false;
	return is_ours(rn, ct);
}
