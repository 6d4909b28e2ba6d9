// SPDX-License-Identifier: GPL-2.0
#include <linux/netfilter.h>
#include <net/addrconf.h>
#include <net/ip6_route.h>
#include <net/netfilter/nf_nat.h>
#include <net/route.h>

#include "loopback.h"
#include "route_in.h"

static bool is_loopback(u8 family, const union nf_inet_addr *addr)
{
	return family == NFPROTO_IPV4 ? ipv4_is_loopback(addr->ip) :
					ipv6_addr_loopback(&addr->in6);
}

bool vrt_loopback_destination(const struct nf_conntrack_tuple *tuple)
{
	return is_loopback(tuple->src.l3num, &tuple->dst.u3);
}

bool vrt_loopback_source(const struct nf_conntrack_tuple *tuple)
{
	return is_loopback(tuple->src.l3num, &tuple->src.u3);
}

static const struct nf_conntrack_tuple *tuple_of(const struct nf_conn *ct,
						 enum ip_conntrack_dir dir)
{
	return &ct->tuplehash[dir].tuple;
}

/* The address that this host has for what it sends to @to. */
static bool source_ipv4(struct net *net, const struct sk_buff *skb, const union nf_inet_addr *to,
			union nf_inet_addr *source)
{
	struct flowi4 fl4 = { .daddr = to->ip, .flowi4_mark = skb->mark };
	struct rtable *rt = ip_route_output_key(net, &fl4);

	if (IS_ERR(rt))
		return false;
	source->ip = fl4.saddr;
	ip_rt_put(rt);
	return true;
}

static bool source_ipv6(struct net *net, const struct sk_buff *skb, const union nf_inet_addr *to,
			union nf_inet_addr *source)
{
	struct flowi6 fl6 = { .daddr = to->in6, .flowi6_mark = skb->mark };
	struct dst_entry *dst = ip6_route_output(net, NULL, &fl6);
	bool found;

	found = !dst->error &&
		!ipv6_dev_get_saddr(net, dst->dev, &to->in6, 0, &source->in6);
	dst_release(dst);
	return found;
}

unsigned int vrt_loopback_begins(struct sk_buff *skb, struct nf_conn *ct,
				 const struct nf_hook_state *state)
{
	const union nf_inet_addr *to = &tuple_of(ct, IP_CT_DIR_REPLY)->src.u3;
	struct nf_nat_range2 range = { .flags = NF_NAT_RANGE_MAP_IPS };
	unsigned int verdict;
	bool found;

	if (state->hook != NF_INET_LOCAL_OUT ||
	    !vrt_loopback_source(tuple_of(ct, IP_CT_DIR_ORIGINAL)) ||
	    is_loopback(state->pf, to) || nf_nat_initialized(ct, NF_NAT_MANIP_SRC))
		return NF_ACCEPT;
	found = state->pf == NFPROTO_IPV4 ?
		source_ipv4(state->net, skb, to, &range.min_addr) :
		source_ipv6(state->net, skb, to, &range.min_addr);
	if (!found)
		return NF_DROP;
	range.max_addr = range.min_addr;
	verdict = nf_nat_setup_info(ct, &range, NF_NAT_MANIP_SRC);
	if (verdict != NF_ACCEPT)
		return verdict;
	return nf_nat_packet(ct, IP_CT_NEW, NF_INET_POST_ROUTING, skb);
}

/* Ours, or it would have to be: others don't translate both ends of such. */
static bool is_translated(const struct nf_conn *ct)
{
	return (READ_ONCE(ct->status) & IPS_NAT_MASK) == IPS_NAT_MASK &&
	       vrt_loopback_source(tuple_of(ct, IP_CT_DIR_ORIGINAL));
}

/*
 * Packets that follow: nf_nat translates their destination next, and routes them by the
 * source that they have then. In POST_ROUTING it finds the source translated.
 */
unsigned int vrt_loopback_out(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct || (ctinfo != IP_CT_NEW && ctinfo != IP_CT_ESTABLISHED) || !is_translated(ct))
		return NF_ACCEPT;
	return nf_nat_packet(ct, ctinfo, NF_INET_POST_ROUTING, skb);
}

/* Answers have a loopback destination again: they take the route that they had before. */
unsigned int vrt_loopback_in(struct sk_buff *skb, const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (!ct || CTINFO2DIR(ctinfo) != IP_CT_DIR_REPLY || !is_translated(ct) ||
	    (state->in->flags & IFF_LOOPBACK))
		return NF_ACCEPT;
	return vrt_route_in(skb, state, &tuple_of(ct, IP_CT_DIR_REPLY)->dst.u3) ? NF_ACCEPT :
										  NF_DROP;
}
