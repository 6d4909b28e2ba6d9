// SPDX-License-Identifier: GPL-2.0
/*
 * VLANs of a port that does more than to take tags off and put them on: it is a
 * tunnel or translates tags, or its switch goes by those of providers. Such a port is
 * VSW_PORT_VLAN_ODD, and for the slow walk. What leaves by a port of a private VLAN
 * (VSW_PORT_PRIVATE) may have to change its tag, too.
 *
 * A port that is odd may have VLANs that are not, for a moment or since its switch
 * is. So all that is usual is done here, too.
 */
#include <kunit/visibility.h>

#include "vlan.h"

/*
 * Whether a tunnel takes @skb, by the VLAN of its customer, which the outermost tag
 * in the frame says. What has none, or one that has but a priority, is of none.
 */
static bool takes_customer(const struct vsw_vlans *vlans, const struct sk_buff *skb)
{
	const struct vlan_hdr *tag;
	struct vlan_hdr room;

	if (!vlans->picks_customers)
		return true;
	if (skb->protocol != htons(ETH_P_8021Q))
		return false;
	tag = skb_header_pointer(skb, 0, sizeof(room), &room);
	return tag && vsw_vlan_in(vlans->customer, ntohs(tag->h_vlan_TCI) & VLAN_VID_MASK);
}

/* *@pskb enters a tunnel (a provider edge, 802.1Q-2018 15.3), whatever tags it has. */
static int enter_tunnel(const struct vsw_vlans *vlans, __be16 proto,
			struct sk_buff **pskb)
{
	if (skb_vlan_tag_present(*pskb))
		*pskb = vsw_vlan_push_into_frame(*pskb);
	if (unlikely(!*pskb))
		return VSW_VLAN_REFUSED(VSW_DROP_BAD_VLAN_HEADER);
	if (!takes_customer(vlans, *pskb))
		return VSW_VLAN_REFUSED(VSW_DROP_VLAN_CUSTOMER);
	/* At once: without it, what is behind it would be taken for the frame's own. */
	__vlan_hwaccel_put_tag(*pskb, proto, vlans->pvid);
	return vlans->pvid;
}

/* As vsw_vlan_classify(), of what came in by a port that is odd. */
int vsw_vlan_classify_odd(const struct vsw_port *in, struct sk_buff **pskb)
{
	const struct vsw_vlans *vlans = vsw_path_dereference(in->vlans);
	__be16 proto = READ_ONCE(in->sw->vlan_proto);

	if (vlans->tunnel)
		return enter_tunnel(vlans, proto, pskb);
	return vsw_vlan_classify_by(vlans, proto, pskb);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_vlan_classify_odd);

/* Whether the sender of what came by @in could choose what is behind its tag. */
static bool may_nest(const struct vsw_port *in, u16 vid)
{
	const struct vsw_vlans *vlans = vsw_path_dereference(in->vlans);

	return vlans->tunnel || !vsw_vlan_in(vlans->untagged, vid);
}

/*
 * @skb leaves a tunnel, as it came into one. Who is in the tunnel's VLAN without a
 * tag of his own has no customer's VLANs behind it.
 */
static bool leave_tunnel(const struct vsw_port *in, const struct vsw_vlans *vlans,
			 struct sk_buff *skb, u16 vid, __be16 proto, enum vsw_drop *reason)
{
	*reason = VSW_DROP_VLAN_CUSTOMER;
	if (!takes_customer(vlans, skb))
		return false;
	*reason = VSW_DROP_VLAN_NESTED;
	if (skb->protocol == proto && !may_nest(in, vid))
		return false;
	__vlan_hwaccel_clear_tag(skb);
	return true;
}

/* The tag that VLAN @vid has where the port with @vlans is. */
static u16 vlan_outside(const struct vsw_vlans *vlans, u16 vid)
{
	unsigned int i;

	for (i = 0; i < vlans->pairs; i++)
		if (vlans->map[i].inside == vid)
			return vlans->map[i].outside;
	return vid;
}

/* @skb leaves with a tag of VLAN @vid, and the priority of the one that it has. */
static void tag(struct sk_buff *skb, __be16 proto, u16 vid)
{
	u16 tci = skb_vlan_tag_present(skb) ? skb_vlan_tag_get(skb) : 0;

	__vlan_hwaccel_put_tag(skb, proto, (tci & ~VLAN_VID_MASK) | vid);
}

/* As vsw_vlan_dress(), by a port that is odd, or private: the reason, or VSW_DROP_COUNT. */
enum vsw_drop vsw_vlan_dress_odd(const struct vsw_port *in, const struct vsw_port *out,
				 struct sk_buff *skb, u16 vid)
{
	const struct vsw_vlans *vlans = vsw_path_dereference(out->vlans);
	__be16 proto = READ_ONCE(out->sw->vlan_proto);
	enum vsw_drop reason;
	u16 as = vsw_private_leaves_as(out, vid, &reason);

	if (unlikely(!as))
		return reason;
	if (vlans->tunnel)
		return leave_tunnel(in, vlans, skb, vid, proto, &reason) ?
		       VSW_DROP_COUNT : reason;
	if (!vsw_vlan_in(vlans->untagged, as)) {
		tag(skb, proto, vlan_outside(vlans, as));
		return VSW_DROP_COUNT;
	}
	/* One that came while its switch went by tags of the other kind has such a tag. */
	if (skb_vlan_tag_present(skb) &&
	    (skb->protocol == proto || skb->vlan_proto != proto))
		return VSW_DROP_VLAN_NESTED;
	__vlan_hwaccel_clear_tag(skb);
	return VSW_DROP_COUNT;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_vlan_dress_odd);
