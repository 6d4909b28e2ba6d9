// SPDX-License-Identifier: GPL-2.0
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include "route_in.h"

static bool route_ipv4(struct sk_buff *skb, const union nf_inet_addr *to)
{
	const struct iphdr *iph = ip_hdr(skb);
	__be32 daddr = to ? to->ip : iph->daddr;

	if (vsw_ip_route_input_noref(skb, daddr, iph->saddr, iph->tos, skb->dev))
		return false;
	return skb_rtable(skb)->rt_type == RTN_LOCAL;
}

static bool route_ipv6(struct sk_buff *skb, const struct nf_hook_state *state,
		       const union nf_inet_addr *to)
{
	const struct ipv6hdr *iph = ipv6_hdr(skb);
	struct flowi6 fl6 = {
		.flowi6_iif = state->in->ifindex,
		.daddr = to ? to->in6 : iph->daddr,
		.saddr = iph->saddr,
		.flowlabel = ip6_flowinfo(iph),
		.flowi6_mark = skb->mark,
		.flowi6_proto = iph->nexthdr,
	};
	struct dst_entry *dst;

	dst = ip6_route_input_lookup(state->net, skb->dev, &fl6, skb, RT6_LOOKUP_F_HAS_SADDR);
	skb_dst_set(skb, dst);
	return !dst->error && (((struct rt6_info *)dst)->rt6i_flags & RTF_LOCAL);
}

bool vrt_route_in(struct sk_buff *skb, const struct nf_hook_state *state,
		  const union nf_inet_addr *to)
{
	bool local;

	skb_dst_drop(skb);
	local = state->pf == NFPROTO_IPV4 ? route_ipv4(skb, to) : route_ipv6(skb, state, to);
	if (!local)
		skb_dst_drop(skb);
	return local;
}
