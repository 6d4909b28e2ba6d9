// SPDX-License-Identifier: GPL-2.0
/*
 * Connections of packets that are only traced. nf_conntrack_in() keeps account of what it
 * sees, so it is not called: what it would find is looked up here, and what it would begin
 * is begun for the packet alone, which takes it along when it goes.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/sctp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_l4proto.h>
#include <net/netfilter/nf_conntrack_tuple.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include <net/netfilter/nf_nat_helper.h>
#include <net/tcp.h>

#include "conntrack_peek.h"
#include "tracer.h"

/* Nobody is to lose a connection for one that is not really there. */
#define ROOM	64

/* Routers of groups (RFC 4286 7). */
enum { MRDISC_ADVERTISEMENT = 151, MRDISC_SOLICITATION = 152 };

struct peek {
	struct sk_buff *skb;
	struct net *net;
	const struct nf_conntrack_zone *zone;
	u8 family, proto;
	unsigned int at;		/* where the transport's header is */
};

/* False: there is none. */
static bool find_transport(struct peek *peek)
{
	__be16 fragment;
	int at;

	if (peek->family == NFPROTO_IPV4) {
		peek->at = ip_hdrlen(peek->skb);
		peek->proto = ip_hdr(peek->skb)->protocol;
		return !(ip_hdr(peek->skb)->frag_off & htons(IP_OFFSET));
	}
	peek->proto = ipv6_hdr(peek->skb)->nexthdr;
	at = ipv6_skip_exthdr(peek->skb, sizeof(struct ipv6hdr), &peek->proto, &fragment);
	peek->at = at;
	return at >= 0 && !(fragment & htons(IP6_OFFSET));
}

/* ---- what is valid ---------------------------------------------------------- */

static bool has_wrong_sum(const struct peek *peek)
{
	const struct udphdr *udp;
	struct udphdr buffer;

	switch (peek->proto) {
	case IPPROTO_UDP:
		udp = skb_header_pointer(peek->skb, peek->at, sizeof(buffer), &buffer);
		if (!udp || !udp->check)
			return !udp;
		break;
	case IPPROTO_TCP:
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		break;
	default:
		return false;
	}
	return peek->net->ct.sysctl_checksum &&
	       nf_checksum(peek->skb, NF_INET_PRE_ROUTING, peek->at, peek->proto, peek->family);
}

/* Flags that may be together; some say nothing of that. */
static bool tcp_is_valid(u8 flags)
{
	switch (flags & ~(TCPHDR_ECE | TCPHDR_CWR | TCPHDR_PSH)) {
	case TCPHDR_SYN:
	case TCPHDR_SYN | TCPHDR_URG:
	case TCPHDR_SYN | TCPHDR_ACK:
	case TCPHDR_RST:
	case TCPHDR_RST | TCPHDR_ACK:
	case TCPHDR_FIN | TCPHDR_ACK:
	case TCPHDR_FIN | TCPHDR_ACK | TCPHDR_URG:
	case TCPHDR_ACK:
	case TCPHDR_ACK | TCPHDR_URG:
		return true;
	}
	return false;
}

/* A connection may be taken up in its middle, too, if the kernel is told so. */
static bool tcp_begins(const struct peek *peek, u8 flags)
{
	if (flags & TCPHDR_SYN)
		return !(flags & TCPHDR_ACK);
	return !(flags & (TCPHDR_RST | TCPHDR_FIN)) && nf_tcp_pernet(peek->net)->tcp_loose;
}

static bool icmp_begins(u8 type)
{
	return type == ICMP_ECHO || type == ICMP_TIMESTAMP || type == ICMP_INFO_REQUEST ||
	       type == ICMP_ADDRESS;
}

static bool icmpv6_begins(u8 type)
{
	return type == ICMPV6_ECHO_REQUEST || type == ICMPV6_NI_QUERY;
}

/* Its first chunk is what counts. */
static bool sctp_begins(const struct peek *peek)
{
	const struct sctp_chunkhdr *chunk;
	struct sctp_chunkhdr buffer;

	chunk = skb_header_pointer(peek->skb, peek->at + sizeof(struct sctphdr),
				   sizeof(buffer), &buffer);
	return chunk && (chunk->type == SCTP_CID_INIT || chunk->type == SCTP_CID_HEARTBEAT);
}

/* The byte of the transport's header that says what the packet is for; 0 if it has none. */
static u8 kind_of(const struct peek *peek)
{
	unsigned int where = peek->proto == IPPROTO_TCP ? 13 : 0;
	const u8 *kind;
	u8 buffer;

	kind = skb_header_pointer(peek->skb, peek->at + where, sizeof(buffer), &buffer);
	return kind ? *kind : 0;
}

/* Neighbours and groups have no connections; nor is a redirect looked into. */
static bool icmpv6_is_tracked(u8 type)
{
	return (type < ICMPV6_MGM_QUERY || type > NDISC_REDIRECT) &&
	       type != ICMPV6_MLD2_REPORT && type != MRDISC_ADVERTISEMENT &&
	       type != MRDISC_SOLICITATION;
}

static bool is_valid(const struct peek *peek)
{
	if (has_wrong_sum(peek))
		return false;
	switch (peek->proto) {
	case IPPROTO_TCP:
		return tcp_is_valid(kind_of(peek));
	case IPPROTO_ICMP:
		return kind_of(peek) <= NR_ICMP_TYPES;
	case IPPROTO_ICMPV6:
		return icmpv6_is_tracked(kind_of(peek));
	}
	return true;
}

/* Whether a packet of no connection begins one. */
static bool begins(const struct peek *peek)
{
	switch (peek->proto) {
	case IPPROTO_TCP:
		return tcp_begins(peek, kind_of(peek));
	case IPPROTO_ICMP:
		return icmp_begins(kind_of(peek));
	case IPPROTO_ICMPV6:
		return icmpv6_begins(kind_of(peek));
	case IPPROTO_SCTP:
		return sctp_begins(peek);
	}
	return true;
}

/* ---- connections that are known ----------------------------------------------- */

static bool is_error(const struct peek *peek)
{
	if (peek->proto == IPPROTO_ICMP)
		return icmp_is_err(kind_of(peek));
	return peek->proto == IPPROTO_ICMPV6 && kind_of(peek) < ICMPV6_ECHO_REQUEST;
}

/* The connection of the packet inside, if the error is for who sent that. */
static void find_of_error(const struct peek *peek)
{
	struct nf_conntrack_tuple inside, wanted;
	struct nf_conntrack_tuple_hash *hash;
	union nf_inet_addr dest = {};
	enum ip_conntrack_info info;
	struct nf_conn *conn;

	if (!nf_ct_get_tuplepr(peek->skb, peek->at + sizeof(struct icmphdr), peek->family,
			       peek->net, &inside) ||
	    !nf_ct_invert_tuple(&wanted, &inside))
		return;
	hash = nf_conntrack_find_get(peek->net, peek->zone, &wanted);
	if (!hash)
		return;
	conn = nf_ct_tuplehash_to_ctrack(hash);
	if (peek->family == NFPROTO_IPV4)
		dest.ip = ip_hdr(peek->skb)->daddr;
	else
		dest.in6 = ipv6_hdr(peek->skb)->daddr;
	if (!nf_inet_addr_cmp(&dest, &hash->tuple.dst.u3)) {
		nf_ct_put(conn);
		return;
	}
	info = NF_CT_DIRECTION(hash) == IP_CT_DIR_REPLY ? IP_CT_RELATED_REPLY : IP_CT_RELATED;
	nf_ct_set(peek->skb, conn, info);
}

static enum ip_conntrack_info info_of(const struct nf_conntrack_tuple_hash *hash,
				      const struct nf_conn *conn)
{
	unsigned long status = READ_ONCE(conn->status);

	if (NF_CT_DIRECTION(hash) == IP_CT_DIR_REPLY)
		return IP_CT_ESTABLISHED_REPLY;
	if (status & IPS_SEEN_REPLY)
		return IP_CT_ESTABLISHED;
	return status & IPS_EXPECTED ? IP_CT_RELATED : IP_CT_NEW;
}

/* ---- connections that begin ----------------------------------------------------- */

/*
 * @conn may be expected by a connection, which has a helper. What that one does with it then
 * is done if it is known to leave no trace: the translation of what it follows from.
 */
static void expect(const struct peek *peek, struct nf_conn *conn,
		   const struct nf_conntrack_tuple *tuple)
{
	struct nf_conntrack_expect *expected;

	spin_lock_bh(&nf_conntrack_expect_lock);
	expected = __nf_ct_expect_find(peek->net, peek->zone, tuple);
	if (expected && (expected->flags & NF_CT_EXPECT_INACTIVE ||
			 nf_ct_is_dying(expected->master) ||
			 !refcount_inc_not_zero(&expected->master->ct_general.use)))
		expected = NULL;
	if (expected) {
		refcount_inc(&expected->use);
		__set_bit(IPS_EXPECTED_BIT, &conn->status);
		conn->master = expected->master;
		conn->mark = READ_ONCE(expected->master->mark);
	}
	spin_unlock_bh(&nf_conntrack_expect_lock);
	if (!expected)
		return;
	if (expected->expectfn == nf_nat_follow_master)
		nf_nat_follow_master(conn, expected);
	nf_ct_expect_put(expected);
}

static int begin(const struct peek *peek, const struct nf_conntrack_tuple *tuple)
{
	struct nf_conntrack_tuple reply;
	struct nf_conn *conn;

	if (!begins(peek) || !nf_ct_invert_tuple(&reply, tuple))
		return NF_ACCEPT;
	if (nf_conntrack_max && nf_conntrack_count(peek->net) + ROOM > nf_conntrack_max) {
		vsw_trace_effect(VSWITCH_TRACE_EFFECT_FULL, NULL);
		return NF_DROP;
	}
	conn = nf_conntrack_alloc(peek->net, peek->zone, tuple, &reply, GFP_ATOMIC);
	if (IS_ERR(conn))
		return NF_DROP;
	/* Who finds what was in this memory before sees all of this, or no reference to take. */
	smp_wmb();
	refcount_set(&conn->ct_general.use, 1);
	expect(peek, conn, tuple);
	nf_ct_set(peek->skb, conn, conn->status & IPS_EXPECTED ? IP_CT_RELATED : IP_CT_NEW);
	return NF_ACCEPT;
}

static int find_or_begin(const struct peek *peek, bool is_fresh)
{
	struct nf_conntrack_tuple_hash *hash = NULL;
	struct nf_conntrack_tuple tuple;
	struct nf_conn *conn;

	if (!nf_ct_get_tuplepr(peek->skb, 0, peek->family, peek->net, &tuple))
		return NF_ACCEPT;
	if (!is_fresh)
		hash = nf_conntrack_find_get(peek->net, peek->zone, &tuple);
	if (!hash)
		return begin(peek, &tuple);
	conn = nf_ct_tuplehash_to_ctrack(hash);
	nf_ct_set(peek->skb, conn, info_of(hash, conn));
	return NF_ACCEPT;
}

int vsw_ct_peek(struct sk_buff *skb, struct net *net, u8 family,
		const struct vsw_action_ct *ct, bool is_fresh)
{
	struct peek peek = {
		.skb = skb,
		.net = net,
		.zone = nf_ct_zone(ct->template),
		.family = family,
	};

	nf_reset_ct(skb);
	if (!find_transport(&peek) || !is_valid(&peek))
		return NF_ACCEPT;
	if (!is_error(&peek))
		return find_or_begin(&peek, is_fresh);
	find_of_error(&peek);
	return NF_ACCEPT;
}
