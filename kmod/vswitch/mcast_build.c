// SPDX-License-Identifier: GPL-2.0
/*
 * Queries of IGMP and MLD as packets.
 */
#include <linux/icmpv6.h>
#include <linux/igmp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <kunit/visibility.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/mld.h>

#include "vswitch.h"

#define ROUTER_ALERT_LEN	4	/* of IPv4, RFC 2113 2.1 */
#define HOP_LEN			8	/* hop-by-hop options with one of IPv6 */
#define PRECEDENCE		0xc0	/* internetwork control, RFC 3376 4 */

/* The code of @value, with a mantissa of @bits; RFC 3376 4.1.1, RFC 3810 5.1.3. */
static u32 encode_float(u32 value, unsigned int bits)
{
	const u32 max = ((2U << bits) - 1) << 10;
	unsigned int exponent = 0;

	if (value < 1U << (bits + 3))
		return value;
	value = min(value, max);
	while (value >> (exponent + 3) >= 2U << bits)
		exponent++;
	return 1U << (bits + 3) | exponent << bits |
	       ((value >> (exponent + 3)) & ((1U << bits) - 1));
}

static u8 robustness(const struct vsw_mcast_query *query)
{
	/* Above 7 it can't be said (RFC 3376 4.1.6). */
	return query->robustness > 7 ? 0 : query->robustness;
}

static u8 interval(const struct vsw_mcast_query *query)
{
	return encode_float(query->interval / MSEC_PER_SEC, 4);
}

static void put_igmp(struct sk_buff *skb, const struct vsw_mcast_query *query)
{
	unsigned int i, length = sizeof(struct igmphdr), tenths = query->max_response / 100;
	__be32 group = query->group.s6_addr32[3];
	struct igmpv3_query *igmp;

	if (query->version == 3)
		length = struct_size(igmp, srcs, query->count);
	igmp = skb_put_zero(skb, length);
	igmp->type = IGMP_HOST_MEMBERSHIP_QUERY;
	/* 0 would make it one of version 1 (RFC 2236 4). */
	igmp->code = clamp(tenths, 1U, 255U);
	igmp->group = group;
	if (query->version == 3) {
		igmp->code = encode_float(max(tenths, 1U), 4);
		igmp->qrv = robustness(query);
		igmp->qqic = interval(query);
		igmp->nsrcs = htons(query->count);
		for (i = 0; i < query->count; i++)
			igmp->srcs[i] = query->sources[i].s6_addr32[3];
	}
	igmp->csum = csum_fold(csum_partial(igmp, length, 0));
}

static void put_ipv4(struct sk_buff *skb, const struct in6_addr *from,
		     const struct vsw_mcast_query *query)
{
	bool general = ipv6_addr_any(&query->group);
	struct iphdr *ip = skb_put_zero(skb, sizeof(*ip) + ROUTER_ALERT_LEN);
	unsigned int payload = query->version == 3 ?
		sizeof(struct igmpv3_query) + query->count * sizeof(__be32) :
		sizeof(struct igmphdr);
	u8 *option = (u8 *)(ip + 1);

	ip->version = 4;
	ip->ihl = (sizeof(*ip) + ROUTER_ALERT_LEN) / 4;
	ip->tos = PRECEDENCE;
	ip->tot_len = htons(sizeof(*ip) + ROUTER_ALERT_LEN + payload);
	ip->frag_off = htons(IP_DF);
	ip->ttl = 1;
	ip->protocol = IPPROTO_IGMP;
	ip->saddr = from->s6_addr32[3];
	ip->daddr = general ? htonl(INADDR_ALLHOSTS_GROUP) : query->group.s6_addr32[3];
	option[0] = IPOPT_RA;
	option[1] = ROUTER_ALERT_LEN;
	ip_send_check(ip);
	ip_eth_mc_map(ip->daddr, eth_hdr(skb)->h_dest);
	put_igmp(skb, query);
}

static unsigned int put_mld(struct sk_buff *skb, const struct vsw_mcast_query *query)
{
	unsigned int i, length = sizeof(struct mld_msg);
	struct mld2_query *mld;

	if (query->version == 2)
		length = struct_size(mld, mld2q_srcs, query->count);
	mld = skb_put_zero(skb, length);
	mld->mld2q_type = ICMPV6_MGM_QUERY;
	mld->mld2q_mca = query->group;
	mld->mld2q_mrc = htons(min(query->max_response, 0xffffU));
	if (query->version == 2) {
		mld->mld2q_mrc = htons(encode_float(query->max_response, 12));
		mld->mld2q_qrv = robustness(query);
		mld->mld2q_qqic = interval(query);
		mld->mld2q_nsrcs = htons(query->count);
		for (i = 0; i < query->count; i++)
			mld->mld2q_srcs[i] = query->sources[i];
	}
	return length;
}

static void put_ipv6(struct sk_buff *skb, const struct in6_addr *from,
		     const struct vsw_mcast_query *query)
{
	static const struct in6_addr all_nodes = { { { 0xff, 2, [15] = 1 } } };
	static const u8 alert[HOP_LEN] = {
		IPPROTO_ICMPV6, 0, IPV6_TLV_ROUTERALERT, 2, 0, 0, IPV6_TLV_PADN, 0,
	};
	struct ipv6hdr *ip = skb_put_zero(skb, sizeof(*ip));
	struct mld_msg *mld;
	unsigned int length;

	skb_put_data(skb, alert, sizeof(alert));
	mld = (struct mld_msg *)skb_tail_pointer(skb);
	length = put_mld(skb, query);
	ip->version = 6;
	ip->payload_len = htons(sizeof(alert) + length);
	ip->nexthdr = NEXTHDR_HOP;
	ip->hop_limit = 1;
	ip->saddr = *from;
	ip->daddr = ipv6_addr_any(&query->group) ? all_nodes : query->group;
	mld->mld_cksum = csum_ipv6_magic(&ip->saddr, &ip->daddr, length, IPPROTO_ICMPV6,
					 csum_partial(mld, length, 0));
	ipv6_eth_mc_map(&ip->daddr, eth_hdr(skb)->h_dest);
}

/*
 * @query, with data behind the MAC header, as @dev sends it, with the address @from;
 * NULL without memory.
 */
struct sk_buff *vsw_mcast_build(struct net_device *dev, const struct in6_addr *from,
				const struct vsw_mcast_query *query)
{
	unsigned int room = ETH_HLEN + sizeof(struct ipv6hdr) + HOP_LEN +
			    sizeof(struct mld2_query) +
			    query->count * sizeof(struct in6_addr);
	bool v6 = query->family == VSW_MCAST_V6;
	struct sk_buff *skb;
	struct ethhdr *eth;

	skb = netdev_alloc_skb_ip_align(dev, max_t(unsigned int, room, ETH_ZLEN));
	if (!skb)
		return NULL;
	skb_reset_mac_header(skb);
	eth = skb_put(skb, sizeof(*eth));
	ether_addr_copy(eth->h_source, dev->dev_addr);
	eth->h_proto = htons(v6 ? ETH_P_IPV6 : ETH_P_IP);
	skb->protocol = eth->h_proto;
	skb_set_network_header(skb, ETH_HLEN);
	if (v6)
		put_ipv6(skb, from, query);
	else
		put_ipv4(skb, from, query);
	skb_pull(skb, ETH_HLEN);
	skb_reset_mac_len(skb);
	skb->pkt_type = PACKET_MULTICAST;
	return skb;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_build);
