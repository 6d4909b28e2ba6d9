// SPDX-License-Identifier: GPL-2.0
/*
 * The VLAN of a frame that comes with a tag (802.1Q); of others see vlan.h.
 */
#include <kunit/visibility.h>

#include "vlan.h"

/* The tag beside @skb goes into it; NULL: there is no memory, and @skb is gone. */
struct sk_buff *vsw_vlan_push_into_frame(struct sk_buff *skb)
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

/* The VLAN that tag @vid stands for on a port with @vlans; 0: for none. */
static u16 vlan_inside(const struct vsw_vlans *vlans, u16 vid)
{
	u16 found = vid;
	unsigned int i;

	for (i = 0; i < vlans->pairs; i++) {
		if (vlans->map[i].outside == vid)
			return vlans->map[i].inside;
		/* Where the port is, this VLAN has another tag, and this tag none. */
		if (vlans->map[i].inside == vid)
			found = 0;
	}
	return found;
}

/*
 * As vsw_vlan_classify(), of a port with @vlans, by tags of the kind @proto; one of
 * another kind is payload (802.1Q-2018 5.9, 5.10).
 */
int vsw_vlan_classify_by(const struct vsw_vlans *vlans, __be16 proto,
			 struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	u16 vid = 0;

	if (skb_vlan_tag_present(skb) && skb->vlan_proto != proto)
		skb = vsw_vlan_push_into_frame(skb);
	else if (!skb_vlan_tag_present(skb) && skb->protocol == proto)
		skb = skb_vlan_untag(skb);
	*pskb = skb;
	if (unlikely(!skb))
		return VSW_VLAN_REFUSED(VSW_DROP_BAD_VLAN_HEADER);
	if (skb_vlan_tag_present(skb))
		vid = skb_vlan_tag_get_id(skb);
	if (likely(vid)) {
		if (unlikely(vlans->pairs)) {
			vid = vlan_inside(vlans, vid);
			skb->vlan_tci = (skb->vlan_tci & ~VLAN_VID_MASK) | vid;
		}
		/* 0 is never a member. */
		return vsw_vlan_in(vlans->member, vid) ?
		       vid : VSW_VLAN_REFUSED(VSW_DROP_VLAN_INGRESS);
	}
	/* None, or one that has but a priority, which it keeps (6.9.1). */
	if (!vlans->pvid)
		return VSW_VLAN_REFUSED(VSW_DROP_VLAN_UNTAGGED);
	if (skb_vlan_tag_present(skb))
		skb->vlan_tci |= vlans->pvid;
	return vlans->pvid;
}

/* As vsw_vlan_classify(), of what has a tag beside it or in it. */
int vsw_vlan_classify_tagged(const struct vsw_port *in, struct sk_buff **pskb)
{
	return vsw_vlan_classify_by(vsw_path_dereference(in->vlans), htons(ETH_P_8021Q),
				    pskb);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_vlan_classify_tagged);
