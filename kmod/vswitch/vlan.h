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
	/* what makes the port VSW_PORT_VLAN_ODD, see vlan_odd.c */
	bool tunnel;			/* all that comes in gets the PVID's tag */
	bool picks_customers;		/* a tunnel that takes these VLANs only */
	u8 pairs;			/* in the map, of which no VLAN is there twice */
	u8 customer[VSWITCH_VLAN_SET_LEN];
	struct vsw_vlan_pair map[VSWITCH_VLAN_MAP_MAX];
	struct rcu_head rcu;
};

static __always_inline bool vsw_vlan_in(const u8 *set, u16 vid)
{
	return set[vid / 8] & (1U << vid % 8);
}

/* A set of VLANs may have 1 to 4094 (802.1Q-2018 table 9-2). */
static inline bool vsw_vlan_has_reserved(const u8 *set)
{
	return vsw_vlan_in(set, 0) || vsw_vlan_in(set, VLAN_N_VID - 1);
}

static __always_inline bool vsw_vlan_is_member(const struct vsw_port *port, u16 vid)
{
	return vsw_vlan_in(vsw_path_dereference(port->vlans)->member, vid);
}

int vsw_vlan_classify_tagged(const struct vsw_port *in, struct sk_buff **pskb);
int vsw_vlan_classify_by(const struct vsw_vlans *vlans, __be16 proto,
			 struct sk_buff **pskb);
struct sk_buff *vsw_vlan_push_into_frame(struct sk_buff *skb);
int vsw_vlan_classify_odd(const struct vsw_port *in, struct sk_buff **pskb);
enum vsw_drop vsw_vlan_dress_odd(const struct vsw_port *in, const struct vsw_port *out,
				 struct sk_buff *skb, u16 vid);

u16 vsw_private_fid(const struct vsw_switch *sw, u16 vid);
bool vsw_private_is_in(const struct vsw_port *port, u16 vid);
bool vsw_private_goes_to(const struct vsw_port *port, u16 vid);
u16 vsw_private_leaves_as(const struct vsw_port *out, u16 vid, enum vsw_drop *reason);

/*
 * The VLAN that what is known of VLAN @vid has, of frames of @port: the primary one of a
 * private VLAN. 0: there are none.
 */
static __always_inline u16 vsw_vlan_fid(const struct vsw_port *port, u16 vid)
{
	return unlikely(READ_ONCE(port->flags) & VSW_PORT_PRIVATE) ?
	       vsw_private_fid(port->sw, vid) : vid;
}

/* Whether @port has anything to do with frames of VLAN @vid, or of what is part of it. */
static inline bool vsw_vlan_is_in(const struct vsw_port *port, u16 vid)
{
	return READ_ONCE(port->flags) & VSW_PORT_PRIVATE ? vsw_private_is_in(port, vid) :
							    vsw_vlan_is_member(port, vid);
}

/* Whether what came in VLAN @vid may leave by @port. */
static inline bool vsw_vlan_goes_to(const struct vsw_port *port, u16 vid)
{
	return unlikely(READ_ONCE(port->flags) & VSW_PORT_PRIVATE) ?
	       vsw_private_goes_to(port, vid) : vsw_vlan_is_member(port, vid);
}

/* A reason for a drop where else there is a VLAN, which is never negative. */
#define VSW_VLAN_REFUSED(reason)	(-1 - (int)(reason))

/*
 * The VLAN of *@pskb, which came in by @in (802.1Q-2018 6.9.1 and 8.6.2), or
 * VSW_VLAN_REFUSED(). *@pskb is NULL if it is gone already. Else its tag, if it has
 * one, is beside it, not in it.
 */
static __always_inline int vsw_vlan_classify(const struct vsw_port *in,
					     struct sk_buff **pskb)
{
	u16 pvid;

	if (unlikely(skb_vlan_tag_present(*pskb) ||
		     (*pskb)->protocol == htons(ETH_P_8021Q)))
		return vsw_vlan_classify_tagged(in, pskb);
	pvid = vsw_path_dereference(in->vlans)->pvid;
	return likely(pvid) ? pvid : VSW_VLAN_REFUSED(VSW_DROP_VLAN_UNTAGGED);
}

/* Likewise, of what needs nothing to be done to it; 0: ask vsw_vlan_classify(). */
static __always_inline unsigned int vsw_vlan_classify_fast(const struct vsw_port *in,
							   const struct sk_buff *skb)
{
	const struct vsw_vlans *vlans = vsw_path_dereference(in->vlans);
	unsigned int vid;

	if (likely(!skb_vlan_tag_present(skb)))
		return likely(skb->protocol != htons(ETH_P_8021Q)) ? vlans->pvid : 0;
	if (unlikely(skb->vlan_proto != htons(ETH_P_8021Q)))
		return 0;
	vid = skb_vlan_tag_get_id(skb);
	/* 0 is never a member. */
	return vsw_vlan_in(vlans->member, vid) ? vid : 0;
}

/*
 * @skb, of VLAN @vid, leaves with its tag, or with none. False: it may not, since
 * without its tag it would be of another VLAN: who may send in one must not reach all.
 */
static __always_inline bool vsw_vlan_dress_as(struct sk_buff *skb, u16 vid, bool tagged)
{
	if (!tagged) {
		if (likely(!skb_vlan_tag_present(skb)))
			return true;
		if (unlikely(skb->protocol == htons(ETH_P_8021Q)))
			return false;
		__vlan_hwaccel_clear_tag(skb);
	} else if (!skb_vlan_tag_present(skb)) {
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), vid);
	}
	return true;
}

/*
 * Likewise by @out, which is not odd, if it is a member; false: it may not, for @reason.
 */
static __always_inline bool vsw_vlan_dress_usual(const struct vsw_port *out,
						 struct sk_buff *skb, u16 vid,
						 enum vsw_drop *reason)
{
	const struct vsw_vlans *vlans = vsw_path_dereference(out->vlans);

	*reason = VSW_DROP_VLAN_EGRESS;
	if (unlikely(!vsw_vlan_in(vlans->member, vid)))
		return false;
	*reason = VSW_DROP_VLAN_NESTED;
	return vsw_vlan_dress_as(skb, vid, !vsw_vlan_in(vlans->untagged, vid));
}

/* Likewise, from @in, by any port. */
static __always_inline bool vsw_vlan_dress(const struct vsw_port *in, const struct vsw_port *out,
					   struct sk_buff *skb, u16 vid, enum vsw_drop *reason)
{
	if (likely(!(READ_ONCE(out->flags) & VSW_PORT_DRESSES_ODD)))
		return vsw_vlan_dress_usual(out, skb, vid, reason);
	/* By value: what has an address has a place on the stack, on each way. */
	*reason = vsw_vlan_dress_odd(in, out, skb, vid);
	return *reason == VSW_DROP_COUNT;
}

#endif /* _VSWITCH_VLAN_H */
