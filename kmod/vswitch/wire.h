/* SPDX-License-Identifier: GPL-2.0 */
/* A frame as it is on the wire: its tag, which may be beside it, in its place. */
#ifndef _VSWITCH_WIRE_H
#define _VSWITCH_WIRE_H

#include <linux/if_vlan.h>

/* How long @skb is; its MAC header is at @start from its data, before it mostly. */
static inline unsigned int vsw_wire_len(const struct sk_buff *skb, int start)
{
	unsigned int len = skb->len - start;

	return len + (len >= 2 * ETH_ALEN && skb_vlan_tag_present(skb) ? VLAN_HLEN : 0);
}

/* Copy the first @len bytes of that. False: they could not be read. */
static inline bool vsw_wire_copy(const struct sk_buff *skb, int start, u8 *to,
				 unsigned int len)
{
	const unsigned int macs = 2 * ETH_ALEN;
	__be16 tag[2];

	if (len <= macs || !skb_vlan_tag_present(skb))
		return !skb_copy_bits(skb, start, to, len);
	tag[0] = skb->vlan_proto;
	tag[1] = htons(skb_vlan_tag_get(skb));
	if (skb_copy_bits(skb, start, to, macs))
		return false;
	memcpy(to + macs, tag, min_t(unsigned int, len - macs, VLAN_HLEN));
	return len <= macs + VLAN_HLEN ||
	       !skb_copy_bits(skb, start + macs, to + macs + VLAN_HLEN,
			      len - macs - VLAN_HLEN);
}

#endif /* _VSWITCH_WIRE_H */
