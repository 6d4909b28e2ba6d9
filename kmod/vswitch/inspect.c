// SPDX-License-Identifier: GPL-2.0
/*
 * What a frame is, as its receiver will read it. Who wants to get past a guard
 * sends what the guard reads in another way than the receiver, so whatever is
 * not understood to its end is said to be so: VSW_SEEN_UNCLEAR, broken.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <kunit/visibility.h>

#include "header.h"
#include "inspect.h"

/* Tags and LLC headers; those of the core are two. */
#define MAX_LAYERS	4

static bool is_tag(__be16 type)
{
	return eth_type_vlan(type) || type == htons(ETH_P_QINQ1);
}

/* RFC 1042, or what bridges to such networks make of it (802.1H). */
static bool has_ethertype(const struct vsw_snap_header *snap)
{
	return snap->llc[0] == 0xaa && snap->llc[1] == 0xaa && snap->llc[2] == 0x03 &&
	       !snap->oui[0] && !snap->oui[1] && (!snap->oui[2] || snap->oui[2] == 0xf8);
}

/* Step behind a tag. False: it is not all there. */
static bool skip_tag(const struct sk_buff *skb, struct vsw_seen *seen, __be16 *type)
{
	struct vlan_hdr buf;
	const struct vlan_hdr *tag = skb_header_pointer(skb, seen->at, sizeof(buf), &buf);

	if (!tag)
		return false;
	if (!seen->tags++ && !skb_vlan_tag_present(skb))
		seen->vid = ntohs(tag->h_vlan_TCI) & VLAN_VID_MASK;
	*type = tag->h_vlan_encapsulated_proto;
	seen->at += sizeof(buf);
	return true;
}

/*
 * Step behind LLC if it does no more than to carry an EtherType: many receivers do
 * (CERT VU#855201). False: it does something else, or is not all there.
 */
static bool skip_llc(const struct sk_buff *skb, struct vsw_seen *seen, __be16 *type)
{
	struct vsw_snap_header buf;
	const struct vsw_snap_header *snap = skb_header_pointer(skb, seen->at, sizeof(buf), &buf);

	if (!snap || !has_ethertype(snap))
		return false;
	*type = snap->type;
	seen->at += sizeof(buf);
	seen->encapsulated = true;
	return true;
}

/* The EtherType of what the frame carries; 0: none. */
static __be16 find_network(const struct sk_buff *skb, struct vsw_seen *seen)
{
	__be16 type = eth_hdr(skb)->h_proto;
	unsigned int layers;

	if (skb_vlan_tag_present(skb))
		seen->vid = skb_vlan_tag_get_id(skb);
	for (layers = 0; ; layers++) {
		bool tag = is_tag(type);

		if (!tag && eth_proto_is_802_3(type))
			return type;
		if (layers == MAX_LAYERS || (tag && !skip_tag(skb, seen, &type))) {
			seen->kind = VSW_SEEN_UNCLEAR;
			return 0;
		}
		if (!tag && !skip_llc(skb, seen, &type))
			return 0;
	}
}

static void inspect_ipv4(const struct sk_buff *skb, struct vsw_seen *seen)
{
	struct iphdr buf;
	const struct iphdr *ip = skb_header_pointer(skb, seen->at, sizeof(buf), &buf);

	seen->broken = true;
	if (!ip || ip->version != 4 || ip->ihl < 5 ||
	    (int)skb->len < seen->at + ip->ihl * 4)
		return;
	/* 0: a GSO packet that is longer than it could say. */
	seen->end = ip->tot_len ? min_t(int, seen->at + ntohs(ip->tot_len), skb->len) :
				  (int)skb->len;
	if (seen->end < seen->at + ip->ihl * 4)
		return;
	seen->broken = false;
	seen->hop_limit = ip->ttl;
	seen->fragment = ip_is_fragment(ip);
	seen->later_fragment = ip->frag_off & htons(IP_OFFSET);
	seen->upper = ip->protocol;
	seen->upper_at = seen->at + ip->ihl * 4;
	ipv6_addr_set_v4mapped(ip->saddr, &seen->source);
	ipv6_addr_set_v4mapped(ip->daddr, &seen->dest);
}

/* Is it an extension header, which another one follows? */
static bool is_extension(u8 next)
{
	switch (next) {
	case NEXTHDR_HOP:
	case NEXTHDR_ROUTING:
	case NEXTHDR_FRAGMENT:
	case NEXTHDR_AUTH:
	case NEXTHDR_DEST:
	case NEXTHDR_MOBILITY:
	case 139:	/* Host Identity Protocol, RFC 7401 */
	case 140:	/* Shim6, RFC 5533 */
		return true;
	}
	return false;
}

/*
 * Is it known to be none? What is neither may be an extension header of the days to
 * come, with anything behind it (RFC 7113 3, RFC 7045).
 */
static bool is_upper(u8 next)
{
	switch (next) {
	case IPPROTO_IPIP:
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_DCCP:
	case IPPROTO_IPV6:
	case IPPROTO_RSVP:
	case IPPROTO_GRE:
	case IPPROTO_ESP:
	case IPPROTO_ICMPV6:
	case NEXTHDR_NONE:
	case 88:	/* EIGRP */
	case 89:	/* OSPF */
	case IPPROTO_PIM:
	case 112:	/* VRRP */
	case IPPROTO_L2TP:
	case IPPROTO_SCTP:
	case IPPROTO_UDPLITE:
	case IPPROTO_MPLS:
		return true;
	}
	return false;
}

/* Follow the chain of headers from @next. False: its end is not in the packet. */
static bool find_upper(const struct sk_buff *skb, struct vsw_seen *seen, u8 next)
{
	unsigned int extensions = 0;
	int at = seen->at + sizeof(struct ipv6hdr);

	while (is_extension(next)) {
		/* A fragment header is as long as two words, others are at least. */
		struct frag_hdr buf;
		const struct frag_hdr *frag = skb_header_pointer(skb, at, sizeof(buf), &buf);
		const struct ipv6_opt_hdr *header = (const void *)frag;

		if (!frag || extensions++ == VSW_MAX_EXTENSIONS)
			return false;
		if (next == NEXTHDR_FRAGMENT) {
			seen->fragment = true;
			if (frag->frag_off & htons(IP6_OFFSET)) {
				seen->later_fragment = true;
				return true;
			}
		}
		at += vsw_extension_length(next, header);
		next = frag->nexthdr;
	}
	seen->upper = next;
	seen->upper_at = at;
	return is_upper(next) && at <= seen->end && at <= (int)skb->len;
}

static void inspect_ipv6(const struct sk_buff *skb, struct vsw_seen *seen)
{
	struct ipv6hdr buf;
	const struct ipv6hdr *ip = skb_header_pointer(skb, seen->at, sizeof(buf), &buf);

	seen->broken = true;
	if (!ip || ip->version != 6)
		return;
	seen->hop_limit = ip->hop_limit;
	seen->source = ip->saddr;
	seen->dest = ip->daddr;
	/* 0: longer than it could say (RFC 2675), which GSO packets are, too. */
	seen->end = ip->payload_len ? seen->at + (int)sizeof(*ip) + ntohs(ip->payload_len) :
				      (int)skb->len;
	seen->broken = !find_upper(skb, seen, ip->nexthdr);
}

/* See what @skb is, whose data is behind its Ethernet header. */
void vsw_inspect(const struct sk_buff *skb, struct vsw_seen *seen)
{
	memset(seen, 0, sizeof(*seen));
	switch (find_network(skb, seen)) {
	case htons(ETH_P_ARP):
		seen->kind = VSW_SEEN_ARP;
		break;
	case htons(ETH_P_IP):
		seen->kind = VSW_SEEN_IPV4;
		inspect_ipv4(skb, seen);
		break;
	case htons(ETH_P_IPV6):
		seen->kind = VSW_SEEN_IPV6;
		inspect_ipv6(skb, seen);
		break;
	}
}
EXPORT_SYMBOL_IF_KUNIT(vsw_inspect);
