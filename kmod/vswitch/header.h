/* SPDX-License-Identifier: GPL-2.0 */
/* Headers that the kernel has no structures for, and how long those of IPv6 are. */
#ifndef _VSWITCH_HEADER_H
#define _VSWITCH_HEADER_H

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <net/ipv6.h>

/* Extension headers looked at; RFC 8200 4.1 has each of them once, and one twice. */
#define VSW_MAX_EXTENSIONS	10

/* LLC and SNAP, and the EtherType in it (RFC 1042). */
struct vsw_snap_header {
	u8 llc[3];
	u8 oui[3];
	__be16 type;
} __packed;

/* ARP for Ethernet and IPv4. */
struct vsw_arp_packet {
	struct arphdr header;
	u8 sha[ETH_ALEN];
	__be32 spa;
	u8 tha[ETH_ALEN];
	__be32 tpa;
} __packed;

static inline unsigned int vsw_extension_length(u8 type, const struct ipv6_opt_hdr *header)
{
	switch (type) {
	case NEXTHDR_FRAGMENT:
		return sizeof(struct frag_hdr);
	case NEXTHDR_AUTH:
		return ipv6_authlen(header);
	default:
		return ipv6_optlen(header);
	}
}

#endif /* _VSWITCH_HEADER_H */
