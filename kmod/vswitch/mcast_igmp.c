// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of IGMP (RFC 1112, 2236, 3376) and MLD (RFC 2710, 3810), behind the
 * headers of IP.
 */
#include <linux/icmpv6.h>
#include <linux/igmp.h>
#include <linux/ip.h>
#include <net/ipv6.h>
#include <net/mld.h>

#include "vswitch.h"

#define IGMP_MRDISC_ADV		0x30	/* RFC 4286 4 */
#define V1_MAX_RESPONSE		10000	/* ms, RFC 2236 4 */
#define S_FLAG			0x08	/* of the byte before the sources' number's */

/*
 * An address of IPv4 in a message of MLD would be a group of IPv4, by its family here:
 * no host has one there.
 */
bool vsw_mcast_is_group_of(const struct vsw_mcast_msg *msg, const struct in6_addr *group)
{
	return vsw_mcast_family(group) == vsw_mcast_family(&msg->dest) &&
	       vsw_mcast_is_group(group);
}

/* A general query goes to all hosts of the link, and is about no group. */
static bool is_query_sane(struct vsw_mcast_msg *msg)
{
	static const struct in6_addr all_nodes = { { { 0xff, 2, [15] = 1 } } };
	bool v4 = vsw_mcast_family(&msg->dest) == VSW_MCAST_V4;

	if (v4 ? !!msg->group.s6_addr32[3] : !ipv6_addr_any(&msg->group))
		return vsw_mcast_is_group_of(msg, &msg->group);
	memset(&msg->group, 0, sizeof(msg->group));
	return v4 ? msg->dest.s6_addr32[3] == htonl(INADDR_ALLHOSTS_GROUP) :
		    ipv6_addr_equal(&msg->dest, &all_nodes);
}

/*
 * What the later versions' queries have behind the group (RFC 3376 4.1, RFC 3810
 * 5.1), at @at: the sources, which must be there.
 */
static bool get_sources(const struct sk_buff *skb, struct vsw_mcast_msg *msg,
			unsigned int at, unsigned int address)
{
	struct { u8 flags, qqic; __be16 count; } rest;

	if (skb_copy_bits(skb, at, &rest, sizeof(rest)))
		return false;
	msg->suppress = rest.flags & S_FLAG;
	msg->count = ntohs(rest.count);
	msg->at = at + sizeof(rest);
	return msg->end - msg->at >= msg->count * address;
}

static enum vsw_mcast_kind igmp_query(const struct sk_buff *skb, unsigned int at,
				      const struct igmphdr *igmp,
				      struct vsw_mcast_msg *msg)
{
	unsigned int length = msg->end - at;

	if (!is_query_sane(msg))
		return VSW_MCAST_INVALID;
	if (length == sizeof(*igmp)) {
		msg->max_response = igmp->code ? igmp->code * 100 : V1_MAX_RESPONSE;
		return igmp->code ? VSW_MCAST_IGMP_V2_QUERY : VSW_MCAST_IGMP_V1_QUERY;
	}
	/* RFC 3376 7.1: of any other length it is to be ignored. */
	if (length < sizeof(struct igmpv3_query) ||
	    !get_sources(skb, msg, at + sizeof(*igmp), sizeof(__be32)))
		return VSW_MCAST_INVALID;
	msg->max_response = vsw_mcast_decode_float(igmp->code, 4) * 100;
	return VSW_MCAST_IGMP_V3_QUERY;
}

/* The message at @at, up to @msg->end, which is in the buffer. */
void vsw_mcast_parse_igmp(const struct sk_buff *skb, unsigned int at,
			  struct vsw_mcast_msg *msg)
{
	struct igmphdr buf;
	const struct igmphdr *igmp;

	msg->kind = VSW_MCAST_INVALID;
	if (msg->end - at < sizeof(buf))
		return;
	igmp = skb_header_pointer(skb, at, sizeof(buf), &buf);
	if (!igmp || (skb->ip_summed != CHECKSUM_PARTIAL &&
		      csum_fold(skb_checksum(skb, at, msg->end - at, 0))))
		return;
	ipv6_addr_set_v4mapped(igmp->group, &msg->group);

	switch (igmp->type) {
	case IGMP_HOST_MEMBERSHIP_QUERY:
		msg->kind = igmp_query(skb, at, igmp, msg);
		break;
	case IGMP_HOST_MEMBERSHIP_REPORT:
		msg->kind = VSW_MCAST_IGMP_V1_REPORT;
		break;
	case IGMPV2_HOST_MEMBERSHIP_REPORT:
		msg->kind = VSW_MCAST_IGMP_V2_REPORT;
		break;
	case IGMP_HOST_LEAVE_MESSAGE:
		msg->kind = VSW_MCAST_IGMP_LEAVE;
		break;
	case IGMPV3_HOST_MEMBERSHIP_REPORT:
		/* In place of the group: two bytes, and the number of records. */
		msg->kind = VSW_MCAST_IGMP_V3_REPORT;
		msg->count = ntohl(igmp->group) & 0xffff;
		msg->at = at + sizeof(*igmp);
		return;
	case IGMP_MRDISC_ADV:
		msg->kind = VSW_MCAST_ROUTER;
		return;
	default:
		/* RFC 4541 2.1.1 (3): what is not known goes to all. */
		msg->kind = VSW_MCAST_OTHER;
		return;
	}
	if (igmp->type != IGMP_HOST_MEMBERSHIP_QUERY && !vsw_mcast_is_group(&msg->group))
		msg->kind = VSW_MCAST_INVALID;
}

static enum vsw_mcast_kind mld_query(const struct sk_buff *skb, unsigned int at,
				     const struct mld_msg *mld, struct vsw_mcast_msg *msg)
{
	unsigned int length = msg->end - at, code = ntohs(mld->mld_maxdelay);

	if (!is_query_sane(msg))
		return VSW_MCAST_INVALID;
	if (length == sizeof(*mld)) {
		msg->max_response = code;
		return VSW_MCAST_MLD_V1_QUERY;
	}
	/* RFC 3810 8.1 */
	if (length < sizeof(struct mld2_query) ||
	    !get_sources(skb, msg, at + sizeof(*mld), sizeof(struct in6_addr)))
		return VSW_MCAST_INVALID;
	msg->max_response = vsw_mcast_decode_float(code, 12);
	return VSW_MCAST_MLD_V2_QUERY;
}

/* Likewise of MLD; its checksum, its hop limit and its router alert are right. */
void vsw_mcast_parse_mld(const struct sk_buff *skb, unsigned int at,
			 struct vsw_mcast_msg *msg)
{
	bool is_local = ipv6_addr_type(&msg->source) & IPV6_ADDR_LINKLOCAL;
	const struct icmp6hdr *icmp;
	struct icmp6hdr icmp_buf;
	struct mld_msg mld_buf;
	const struct mld_msg *mld;

	msg->kind = VSW_MCAST_INVALID;
	icmp = skb_header_pointer(skb, at, sizeof(icmp_buf), &icmp_buf);
	/* RFC 3590 4: who has no address yet reports all the same. */
	if (!icmp || msg->end - at < sizeof(icmp_buf) ||
	    (!is_local && (icmp->icmp6_type == ICMPV6_MGM_QUERY ||
			   !ipv6_addr_any(&msg->source))))
		return;
	if (icmp->icmp6_type == ICMPV6_MRDISC_ADV) {
		msg->kind = VSW_MCAST_ROUTER;
		return;
	}
	if (icmp->icmp6_type == ICMPV6_MLD2_REPORT) {
		msg->kind = VSW_MCAST_MLD_V2_REPORT;
		msg->count = ntohs(icmp->icmp6_dataun.un_data16[1]);
		msg->at = at + sizeof(*icmp);
		return;
	}
	mld = skb_header_pointer(skb, at, sizeof(mld_buf), &mld_buf);
	if (!mld || msg->end - at < sizeof(mld_buf))
		return;
	msg->group = mld->mld_mca;
	if (icmp->icmp6_type == ICMPV6_MGM_QUERY)
		msg->kind = mld_query(skb, at, mld, msg);
	else if (!vsw_mcast_is_group_of(msg, &msg->group))
		return;
	else if (icmp->icmp6_type == ICMPV6_MGM_REPORT)
		msg->kind = VSW_MCAST_MLD_V1_REPORT;
	else
		msg->kind = VSW_MCAST_MLD_LEAVE;
}
