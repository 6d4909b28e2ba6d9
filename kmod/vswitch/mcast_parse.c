// SPDX-License-Identifier: GPL-2.0
/*
 * What a multicast packet is: data for a group, a message of IGMP or MLD, a sign of
 * a router. Reads only, from whatever kind of buffer; believes no length.
 */
#include <linux/icmpv6.h>
#include <linux/igmp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <kunit/visibility.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "vswitch.h"

#define ALL_PIM_ROUTERS		htonl(0xe000000d)	/* 224.0.0.13, RFC 7761 4.3 */
#define PIM_HELLO		0x20			/* version 2, type 0 */
#define HOPOPT_ROUTER_ALERT	5			/* RFC 2711 2.1 */

/* RFC 3376 4.1.1, RFC 3810 5.1.3: above half of its range a code is a float. */
u32 vsw_mcast_decode_float(u32 code, unsigned int mantissa_bits)
{
	u32 top = 1U << (mantissa_bits + 3), mantissa, exponent;

	if (code < top)
		return code;
	mantissa = code & ((1U << mantissa_bits) - 1);
	exponent = (code >> mantissa_bits) & 7;
	return (mantissa | (1U << mantissa_bits)) << (exponent + 3);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_decode_float);

/*
 * Whether frames of @group go to some ports only. Those that do not leave a link go
 * to all (RFC 4541 2.1.2 (2) and 3): few hosts report them, and all need them.
 */
bool vsw_mcast_is_pruned(const struct in6_addr *group)
{
	if (vsw_mcast_family(group) == VSW_MCAST_V4)
		return !ipv4_is_local_multicast(group->s6_addr32[3]);
	/* Scopes 0, reserved, 1, of the interface, and 2, of the link (RFC 4291 2.7). */
	return IPV6_ADDR_MC_SCOPE(group) > IPV6_ADDR_SCOPE_LINKLOCAL;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_is_pruned);

/* Source @i of those that begin at @at; false: it is not there. */
bool vsw_mcast_get_source(const struct sk_buff *skb, enum vsw_mcast_family family,
			  unsigned int at, unsigned int i, struct in6_addr *source)
{
	__be32 v4;

	if (family == VSW_MCAST_V6)
		return !skb_copy_bits(skb, at + i * sizeof(*source), source, sizeof(*source));
	if (skb_copy_bits(skb, at + i * sizeof(v4), &v4, sizeof(v4)))
		return false;
	ipv6_addr_set_v4mapped(v4, source);
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_get_source);

/*
 * The next record of a report of version 3 or 2 into @record. 1: there is one, 0:
 * there are no more, or -EINVAL: it does not fit.
 */
int vsw_mcast_next_record(const struct sk_buff *skb, struct vsw_mcast_msg *msg,
			  struct vsw_mcast_record *record)
{
	enum vsw_mcast_family family = vsw_mcast_family(&msg->dest);
	unsigned int address = family == VSW_MCAST_V6 ? sizeof(struct in6_addr) : sizeof(__be32);
	struct { u8 type, aux; __be16 count; } head;
	unsigned int length;

	if (!msg->count)
		return 0;
	if (msg->end - msg->at < sizeof(head) + address ||
	    skb_copy_bits(skb, msg->at, &head, sizeof(head)) ||
	    !vsw_mcast_get_source(skb, family, msg->at + sizeof(head), 0, &record->group))
		return -EINVAL;
	record->type = head.type;
	record->count = ntohs(head.count);
	record->at = msg->at + sizeof(head) + address;
	length = sizeof(head) + address + record->count * address + head.aux * sizeof(u32);
	if (msg->end - msg->at < length)
		return -EINVAL;
	msg->at += length;
	msg->count--;
	return 1;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_next_record);

/* All records are there. */
static bool has_records(const struct sk_buff *skb, const struct vsw_mcast_msg *msg)
{
	struct vsw_mcast_msg copy = *msg;
	struct vsw_mcast_record record;
	int ret;

	while ((ret = vsw_mcast_next_record(skb, &copy, &record)) > 0)
		if (!vsw_mcast_is_group_of(msg, &record.group))
			return false;
	return !ret;
}

/* A PIM router says hello (RFC 7761 4.9.2): @at is its header. */
static bool is_pim_hello(const struct sk_buff *skb, unsigned int at)
{
	u8 first;

	return !skb_copy_bits(skb, at, &first, sizeof(first)) && first == PIM_HELLO;
}

static void parse_v4(const struct sk_buff *skb, struct vsw_mcast_msg *msg)
{
	struct iphdr buf;
	const struct iphdr *ip = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	unsigned int length, head;

	if (!ip || ip->version != 4 || ip->ihl < 5 || !ipv4_is_multicast(ip->daddr))
		return;
	ipv6_addr_set_v4mapped(ip->saddr, &msg->source);
	ipv6_addr_set_v4mapped(ip->daddr, &msg->dest);
	msg->kind = VSW_MCAST_DATA;
	head = ip->ihl * 4;
	if (ip->protocol == IPPROTO_PIM && ip->daddr == ALL_PIM_ROUTERS &&
	    !ip_is_fragment(ip) && is_pim_hello(skb, head))
		msg->kind = VSW_MCAST_ROUTER;
	if (ip->protocol != IPPROTO_IGMP)
		return;

	length = ntohs(ip->tot_len);
	msg->kind = VSW_MCAST_INVALID;
	if (ip_is_fragment(ip) || length < head || length > skb->len ||
	    csum_fold(skb_checksum(skb, 0, head, 0)))
		return;
	msg->end = length;
	vsw_mcast_parse_igmp(skb, head, msg);
	if (msg->kind == VSW_MCAST_IGMP_V3_REPORT && !has_records(skb, msg))
		msg->kind = VSW_MCAST_INVALID;
}

/*
 * Whether the hop-by-hop options at @at, @length long, have a router alert that says
 * MLD (RFC 2711 2.1): without it no router would look at the message (RFC 2710 3).
 */
static bool has_router_alert(const struct sk_buff *skb, unsigned int at, unsigned int length)
{
	const unsigned int end = at + length;
	u8 option[4];

	for (at += 2; at < end; at += 2 + option[1]) {
		if (skb_copy_bits(skb, at, option, 1))
			return false;
		if (option[0] == IPV6_TLV_PAD1) {
			/* The one that has no length. */
			at--;
			option[1] = 0;
			continue;
		}
		if (end - at < 2 || skb_copy_bits(skb, at, option, 2) ||
		    end - at < 2U + option[1])
			return false;
		if (option[0] == HOPOPT_ROUTER_ALERT)
			return option[1] == 2 && !skb_copy_bits(skb, at, option, 4) &&
			       !option[2] && !option[3];
	}
	return false;
}

/* The ICMPv6 message at @at; @alert if routers are told to look at it. */
static void parse_icmpv6(const struct sk_buff *skb, unsigned int at, bool alert,
			 u8 hop_limit, struct vsw_mcast_msg *msg)
{
	unsigned int length = msg->end - at;
	__wsum sum;
	u8 type;

	if (skb_copy_bits(skb, at, &type, sizeof(type)))
		return;
	if (type != ICMPV6_MGM_QUERY && type != ICMPV6_MGM_REPORT &&
	    type != ICMPV6_MGM_REDUCTION && type != ICMPV6_MLD2_REPORT &&
	    type != ICMPV6_MRDISC_ADV)
		return;
	msg->kind = VSW_MCAST_INVALID;
	/* RFC 2710 3, RFC 3810 5, RFC 4286 3.1: else nobody may take it. */
	if (!alert || hop_limit != 1)
		return;
	if (skb->ip_summed != CHECKSUM_PARTIAL) {
		sum = skb_checksum(skb, at, length, 0);
		if (csum_ipv6_magic(&msg->source, &msg->dest, length, IPPROTO_ICMPV6, sum))
			return;
	}
	vsw_mcast_parse_mld(skb, at, msg);
	if (msg->kind == VSW_MCAST_MLD_V2_REPORT && !has_records(skb, msg))
		msg->kind = VSW_MCAST_INVALID;
}

static void parse_v6(const struct sk_buff *skb, struct vsw_mcast_msg *msg)
{
	static const struct in6_addr all_pim_routers = { { { 0xff, 2, [15] = 13 } } };
	struct ipv6hdr buf;
	const struct ipv6hdr *ip = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	unsigned int at = sizeof(*ip), length;
	struct ipv6_opt_hdr hop;
	bool alert;
	u8 next;

	if (!ip || ip->version != 6 || !ipv6_addr_is_multicast(&ip->daddr))
		return;
	msg->source = ip->saddr;
	msg->dest = ip->daddr;
	msg->kind = VSW_MCAST_DATA;
	msg->end = at + ntohs(ip->payload_len);
	if (msg->end > skb->len)
		return;
	next = ip->nexthdr;
	alert = false;
	if (next == NEXTHDR_HOP) {
		if (skb_copy_bits(skb, at, &hop, sizeof(hop)))
			return;
		length = ipv6_optlen(&hop);
		if (length > msg->end - at)
			return;
		alert = has_router_alert(skb, at, length);
		next = hop.nexthdr;
		at += length;
	}
	if (next == NEXTHDR_ICMP)
		parse_icmpv6(skb, at, alert, ip->hop_limit, msg);
	else if (next == IPPROTO_PIM && ipv6_addr_equal(&msg->dest, &all_pim_routers) &&
		 is_pim_hello(skb, at))
		msg->kind = VSW_MCAST_ROUTER;
}

/*
 * What @skb is, with data behind the MAC header, which has a group address. It is
 * VSW_MCAST_OTHER if it is of no protocol that is known here, or has a tag.
 */
void vsw_mcast_parse(const struct sk_buff *skb, struct vsw_mcast_msg *msg)
{
	memset(msg, 0, sizeof(*msg));
	msg->kind = VSW_MCAST_OTHER;
	if (skb->protocol == htons(ETH_P_IP))
		parse_v4(skb, msg);
	else if (skb->protocol == htons(ETH_P_IPV6))
		parse_v6(skb, msg);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_parse);
