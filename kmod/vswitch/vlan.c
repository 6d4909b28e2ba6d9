// SPDX-License-Identifier: GPL-2.0
/*
 * The VLAN of a frame that comes with a tag (802.1Q); of others see vlan.h.
 */
#include <kunit/visibility.h>

#include "vlan.h"

/* The tag of a provider is payload to this bridge, which knows customers' (802.1Q-2018 5.9). */
static struct sk_buff *push_into_frame(struct sk_buff *skb)
{
	__skb_push(skb, ETH_HLEN);
	skb = __vlan_hwaccel_push_inside(skb);
	if (!skb)
		return NULL;
	__skb_pull(skb, ETH_HLEN);
	skb_postpush_rcsum(skb, skb->data, VLAN_HLEN);
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	return skb;
}

/* As vsw_vlan_classify(), of what has a tag beside it or in it. */
int vsw_vlan_classify_tagged(const struct vsw_port *in, struct sk_buff **pskb)
{
	const struct vsw_vlans *vlans = vsw_path_dereference(in->vlans);
	struct sk_buff *skb = *pskb;
	u16 vid = 0;

	if (skb_vlan_tag_present(skb) && skb->vlan_proto != htons(ETH_P_8021Q))
		skb = push_into_frame(skb);
	else if (!skb_vlan_tag_present(skb))
		skb = skb_vlan_untag(skb);
	*pskb = skb;
	if (unlikely(!skb))
		return VSW_VLAN_REFUSED(VSW_DROP_BAD_VLAN_HEADER);
	if (skb_vlan_tag_present(skb))
		vid = skb_vlan_tag_get_id(skb);
	if (likely(vid))
		return vsw_vlan_in(vlans->member, vid) ?
		       vid : VSW_VLAN_REFUSED(VSW_DROP_VLAN_INGRESS);
	/* None, or one that has but a priority, which it keeps (6.9.1). */
	if (!vlans->pvid)
		return VSW_VLAN_REFUSED(VSW_DROP_VLAN_UNTAGGED);
	if (skb_vlan_tag_present(skb))
		skb->vlan_tci |= vlans->pvid;
	return vlans->pvid;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_vlan_classify_tagged);
