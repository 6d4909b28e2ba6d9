// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses and ports of tracked packets are translated by the kernel's NAT, which has
 * hooks of its own for a host's IP; a switch calls what is below them.
 */
#include <linux/icmp.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_nat.h>

#include "conntrack_nat.h"

/*
 * Where the host's IP would translate: sources as it receives for itself, destinations as
 * it sends. The NAT tells by the hook which of the two is meant.
 */
static unsigned int hook_of(enum nf_nat_manip_type type)
{
	return type == NF_NAT_MANIP_SRC ? NF_INET_LOCAL_IN : NF_INET_LOCAL_OUT;
}

/* An ICMP error has a packet inside, which is translated, too. -1: @skb is none. */
static int translate_error(struct sk_buff *skb, struct nf_conn *conn,
			   enum ip_conntrack_info info, enum nf_nat_manip_type type)
{
	unsigned int hook = hook_of(type);
	__be16 frag_off;
	int offset;
	u8 proto;

	if (nf_ct_l3num(conn) == NFPROTO_IPV4) {
		if (ip_hdr(skb)->protocol != IPPROTO_ICMP)
			return -1;
		return nf_nat_icmp_reply_translation(skb, conn, info, hook) ? NF_ACCEPT : NF_DROP;
	}
	proto = ipv6_hdr(skb)->nexthdr;
	offset = ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), &proto, &frag_off);
	if (offset < 0 || proto != IPPROTO_ICMPV6)
		return -1;
	return nf_nat_icmpv6_reply_translation(skb, conn, info, hook, offset) ? NF_ACCEPT :
										  NF_DROP;
}

/* A new connection gets its mapping: @range, or what it has already. */
static int set_up(struct nf_conn *conn, const struct nf_nat_range2 *range,
		  enum nf_nat_manip_type type)
{
	if (nf_nat_initialized(conn, type))
		return NF_ACCEPT;
	if (range && (range->flags & NF_NAT_RANGE_MAP_IPS))
		return nf_nat_setup_info(conn, range, type);
	return nf_nat_alloc_null_binding(conn, hook_of(type));
}

static int translate(struct sk_buff *skb, struct nf_conn *conn, enum ip_conntrack_info info,
		     const struct nf_nat_range2 *range, enum nf_nat_manip_type type,
		     unsigned int *done)
{
	int verdict = -1;

	if (info == IP_CT_RELATED || info == IP_CT_RELATED_REPLY)
		verdict = translate_error(skb, conn, info, type);
	if (verdict < 0) {
		verdict = NF_ACCEPT;
		if (info == IP_CT_NEW || info == IP_CT_RELATED || info == IP_CT_RELATED_REPLY)
			verdict = set_up(conn, range, type);
		if (verdict == NF_ACCEPT)
			verdict = nf_nat_packet(conn, info, hook_of(type), skb);
	}
	if (verdict == NF_ACCEPT)
		*done |= BIT(type);
	return verdict;
}

/*
 * What of a packet of @conn its mapping changes: replies have it the other way round. A
 * connection with both has its destination's first, when it leaves.
 */
static bool mapped_type(const struct nf_conn *conn, enum ip_conntrack_info info,
			const struct vsw_action_ct *ct, enum nf_nat_manip_type *type)
{
	bool is_reply = CTINFO2DIR(info) == IP_CT_DIR_REPLY;
	u8 flags = ct->action.flags;

	if (info != IP_CT_NEW && (conn->status & IPS_NAT_MASK) &&
	    (info != IP_CT_RELATED || (flags & VSW_CT_COMMIT))) {
		*type = !(conn->status & IPS_SRC_NAT) == is_reply ? NF_NAT_MANIP_SRC :
								     NF_NAT_MANIP_DST;
		return true;
	}
	if (!(flags & (VSW_CT_SNAT | VSW_CT_DNAT)))
		return false;
	*type = flags & VSW_CT_SNAT ? NF_NAT_MANIP_SRC : NF_NAT_MANIP_DST;
	return true;
}

int vsw_ct_nat(struct sk_buff *skb, struct nf_conn *conn, enum ip_conntrack_info info,
	       const struct vsw_action_ct *ct, unsigned int *done)
{
	enum nf_nat_manip_type type, other;
	int verdict;

	*done = 0;
	if (!nf_ct_is_confirmed(conn) && !nf_ct_nat_ext_add(conn))
		return NF_DROP;
	if (!mapped_type(conn, info, ct, &type))
		return NF_ACCEPT;
	verdict = translate(skb, conn, info, &ct->range, type, done);
	if (verdict != NF_ACCEPT || !(conn->status & IPS_DST_NAT))
		return verdict;
	other = type == NF_NAT_MANIP_SRC ? NF_NAT_MANIP_DST : NF_NAT_MANIP_SRC;
	if (conn->status & IPS_SRC_NAT)
		return translate(skb, conn, info, &ct->range, other, done);
	/* Two clients with the same port behind one address must stay two. */
	if (CTINFO2DIR(info) == IP_CT_DIR_ORIGINAL)
		return translate(skb, conn, info, NULL, NF_NAT_MANIP_SRC, done);
	return NF_ACCEPT;
}
