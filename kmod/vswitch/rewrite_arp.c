// SPDX-License-Identifier: GPL-2.0
/* Fields of ARP, of Ethernet and IPv4. It has no sum. */
#include "header.h"
#include "rewrite_part.h"

int vsw_rewrite_arp(const struct vsw_rewrite *rw, unsigned int number, const void *value)
{
	unsigned int network = vsw_rewrite_at(rw->layout->network);
	struct sk_buff *skb = rw->skb;
	struct vsw_arp_packet *arp;
	__be16 op;
	int ret;

	ret = vsw_rewrite_reach(skb, network + sizeof(*arp));
	if (ret != VSW_REWRITE_DONE)
		return ret;
	arp = (void *)(skb->data + network);
	switch (number) {
	case VSWITCH_A_MATCH_IP_PROTO:
		op = htons(*(const u8 *)value);
		vsw_rewrite_put(skb, &arp->header.ar_op, &op, sizeof(op));
		return VSW_REWRITE_DONE;
	case VSWITCH_A_MATCH_ARP_SHA:
		vsw_rewrite_put(skb, arp->sha, value, ETH_ALEN);
		return VSW_REWRITE_DONE;
	case VSWITCH_A_MATCH_ARP_THA:
		vsw_rewrite_put(skb, arp->tha, value, ETH_ALEN);
		return VSW_REWRITE_DONE;
	case VSWITCH_A_MATCH_IPV4_SRC:
		vsw_rewrite_put(skb, &arp->spa, value, sizeof(arp->spa));
		return VSW_REWRITE_DONE;
	case VSWITCH_A_MATCH_IPV4_DST:
		vsw_rewrite_put(skb, &arp->tpa, value, sizeof(arp->tpa));
		return VSW_REWRITE_DONE;
	}
	return VSW_REWRITE_ABSENT;
}
