// SPDX-License-Identifier: GPL-2.0
/*
 * Publications that obey the host's firewall: its filter rules for packets that come to
 * the host itself are asked before the packet is translated.
 */
#include <linux/inetdevice.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include "publish.h"
#include "route_in.h"

/*
 * Filters have priorities around NF_IP_PRI_FILTER: conntrack and what mangles come
 * before them, labels of security modules and source translation after them.
 */
static bool is_filter(const struct nf_hook_ops *ops)
{
	return ops->priority > NF_IP_PRI_MANGLE && ops->priority < NF_IP_PRI_SECURITY;
}

static const struct nf_hook_entries *local_in(const struct nf_hook_state *state)
{
	if (state->pf == NFPROTO_IPV4)
		return rcu_dereference(state->net->nf.hooks_ipv4[NF_INET_LOCAL_IN]);
	return rcu_dereference(state->net->nf.hooks_ipv6[NF_INET_LOCAL_IN]);
}

/*
 * NF_STOLEN, with or without an errno: the packet is not ours any more. To a queue it
 * can't go, it could not come back from there.
 */
static unsigned int ask(const struct nf_hook_entries *entries, struct sk_buff *skb,
			struct nf_hook_state *state)
{
	struct nf_hook_ops **ops = nf_hook_entries_get_hook_ops(entries);
	unsigned int i, verdict;

	for (i = 0; i < entries->num_hook_entries; i++) {
		if (!is_filter(READ_ONCE(ops[i])))
			continue;
		verdict = nf_hook_entry_hookfn(&entries->hooks[i], skb, state);
		switch (verdict & NF_VERDICT_MASK) {
		case NF_ACCEPT:
			break;
		case NF_STOLEN:
			return verdict;
		default:
			return NF_DROP;
		}
	}
	return NF_ACCEPT;
}

bool vrt_publish_obeys(const struct vrt_front *front)
{
	return READ_ONCE(container_of(front, struct vrt_publish, front)->obey_firewall);
}

/* Rules see a packet that is routed to the host; NAT drops that route again. */
unsigned int vrt_publish_allowed(const struct vrt_front *front, struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	const struct nf_hook_entries *entries;
	struct nf_hook_state there = *state;
	unsigned int verdict;

	/* What the host sends itself is for its rules for output. */
	if (state->hook != NF_INET_PRE_ROUTING)
		return NF_ACCEPT;
	entries = local_in(state);
	if (!entries)
		return NF_ACCEPT;
	if (!vrt_route_in(skb, state, NULL))
		return NF_DROP;
	there.hook = NF_INET_LOCAL_IN;
	there.okfn = NULL;
	verdict = ask(entries, skb, &there);
	if ((verdict & NF_VERDICT_MASK) != NF_STOLEN)
		skb_dst_drop(skb);
	return verdict;
}
