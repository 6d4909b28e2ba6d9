/* SPDX-License-Identifier: GPL-2.0 */
/* What the packet path asks of VLANs; how they are set up is vlan.c's. */
#ifndef _VSWITCH_VLAN_H
#define _VSWITCH_VLAN_H

#include <linux/if_vlan.h>
#include <linux/rcupdate.h>

#include "vswitch.h"

/*
 * The VLANs of a port (802.1Q-2018 8.8.10: member set and untagged set of each
 * VLAN, seen from the port). Never changed but replaced, so that each frame
 * meets all of the old or all of the new.
 */
struct vsw_vlans {
	u16 pvid;			/* one of the members, or 0 */
	u8 member[VSWITCH_VLAN_SET_LEN];
	u8 untagged[VSWITCH_VLAN_SET_LEN];	/* of the members */
	struct rcu_head rcu;
};

static __always_inline bool vsw_vlan_in(const u8 *set, u16 vid)
{
	return set[vid / 8] & (1U << vid % 8);
}

static __always_inline bool vsw_vlan_is_member(const struct vsw_port *port, u16 vid)
{
	return vsw_vlan_in(rcu_dereference(port->vlans)->member, vid);
}

u16 vsw_vlan_classify_tagged(const struct vsw_port *in, struct sk_buff **pskb,
			     enum vsw_drop *reason);

/*
 * The VLAN of *@pskb, which came in by @in (802.1Q-2018 6.9.1 and 8.6.2). 0: it
 * may not come in, for @reason; or without memory *@pskb is NULL then. Else its
 * tag, if it has one, is beside it, not in it.
 */
static __always_inline u16 vsw_vlan_classify(const struct vsw_port *in,
					     struct sk_buff **pskb,
					     enum vsw_drop *reason)
{
	u16 vid;

	if (unlikely(skb_vlan_tag_present(*pskb) ||
		     (*pskb)->protocol == htons(ETH_P_8021Q)))
		return vsw_vlan_classify_tagged(in, pskb, reason);
	vid = rcu_dereference(in->vlans)->pvid;
	if (unlikely(!vid))
		*reason = VSW_DROP_VLAN_UNTAGGED;
	return vid;
}

/* @skb, of VLAN @vid, leaves by @out, a member: with its tag, or with none. */
static __always_inline void vsw_vlan_dress(const struct vsw_port *out,
					   struct sk_buff *skb, u16 vid)
{
	bool tagged = skb_vlan_tag_present(skb);

	if (vsw_vlan_in(rcu_dereference(out->vlans)->untagged, vid)) {
		if (unlikely(tagged))
			__vlan_hwaccel_clear_tag(skb);
	} else if (!tagged) {
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), vid);
	}
}

#endif /* _VSWITCH_VLAN_H */
