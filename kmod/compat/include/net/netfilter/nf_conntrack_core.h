/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VSW_COMPAT_NET_NETFILTER_NF_CONNTRACK_CORE_H
#define _VSW_COMPAT_NET_NETFILTER_NF_CONNTRACK_CORE_H

#include_next <net/netfilter/nf_conntrack_core.h>

/* A hook function itself since 6.3; before, what its hook functions call. */
#ifndef VSW_HAVE_NF_CONFIRM_HOOK
#include <linux/ipv6.h>
#include <net/ip.h>
#include <net/ipv6.h>

static inline unsigned int vsw_nf_confirm(void *priv, struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	__be16 fragment;
	u8 protocol;
	int offset;

	if (!ct || ctinfo == IP_CT_RELATED_REPLY)
		return nf_conntrack_confirm(skb);
	if (state->pf == NFPROTO_IPV4)
		return nf_confirm(skb, skb_network_offset(skb) + ip_hdrlen(skb), ct, ctinfo);
	protocol = ipv6_hdr(skb)->nexthdr;
	offset = ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), &protocol, &fragment);
	if (offset < 0 || (fragment & htons(~0x7)))
		return nf_conntrack_confirm(skb);
	return nf_confirm(skb, offset, ct, ctinfo);
}

#define nf_confirm	vsw_nf_confirm
#endif

#endif /* _VSW_COMPAT_NET_NETFILTER_NF_CONNTRACK_CORE_H */
