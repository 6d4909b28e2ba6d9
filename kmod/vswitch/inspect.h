/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a frame says of who sent it, and what for: ARP, IPv4 and IPv6 behind tags,
 * LLC and extension headers. Reads only, and changes nothing about the packet.
 */
#ifndef _VSWITCH_INSPECT_H
#define _VSWITCH_INSPECT_H

#include <linux/in6.h>
#include <linux/skbuff.h>

enum vsw_seen_kind {
	VSW_SEEN_OTHER,			/* some other protocol */
	VSW_SEEN_ARP,
	VSW_SEEN_IPV4,
	VSW_SEEN_IPV6,
	VSW_SEEN_UNCLEAR,		/* more in front of it than we look behind */
};

struct vsw_seen {
	enum vsw_seen_kind kind;
	u16 vid;			/* of the outermost tag, 0: none */
	u8 tags;			/* in the frame; the one beside it is not among them */
	bool encapsulated;		/* behind LLC and SNAP */
	int at;				/* of its header, from skb->data */
	/* of IPv4 and IPv6; IPv4 addresses are mapped (RFC 4291 2.5.5.2) */
	bool broken;			/* there is no telling what it is */
	bool fragment;			/* or a whole packet that says it is one */
	bool later_fragment;		/* not the first: what is above IP is not in it */
	u8 hop_limit;
	u8 upper;			/* the protocol above IP */
	int upper_at;
	int end;			/* of the packet, from skb->data; padding may follow */
	struct in6_addr source, dest;
};

void vsw_inspect(const struct sk_buff *skb, struct vsw_seen *seen);

#endif /* _VSWITCH_INSPECT_H */
