// SPDX-License-Identifier: GPL-2.0
/*
 * Fields of IPv4 and IPv6. Theirs are in IPv4's own sum, and the addresses in those of
 * most protocols above.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ipv6.h>

#include "rewrite_part.h"

#define LABEL_MASK	htonl(0x000fffff)
#define TCLASS_MASK	htonl(0x0ff00000)

/* @length bytes at @offset of the IPv4 header, of which all is within reach. */
static __wsum put_ipv4(const struct vsw_rewrite *rw, unsigned int offset, const void *bytes,
		       unsigned int length)
{
	void *header = rw->skb->data + vsw_rewrite_at(rw->layout->network);
	struct iphdr *ip = header;
	__wsum diff;

	diff = vsw_rewrite_put(rw->skb, header + offset, bytes, length);
	vsw_rewrite_sum(rw->skb, &ip->check, diff);
	return diff;
}

static int put_ipv4_address(const struct vsw_rewrite *rw, unsigned int offset, const void *value)
{
	int ret = vsw_rewrite_reach(rw->skb, vsw_rewrite_reach_of_sum(rw));

	if (ret != VSW_REWRITE_DONE)
		return ret;
	vsw_rewrite_addresses_sum(rw, put_ipv4(rw, offset, value, sizeof(__be32)));
	skb_clear_hash(rw->skb);
	return VSW_REWRITE_DONE;
}

static int rewrite_ipv4(const struct vsw_rewrite *rw, unsigned int number, const void *value)
{
	unsigned int network = vsw_rewrite_at(rw->layout->network);
	const struct iphdr *ip;
	u8 pair[2];
	int ret;

	ret = vsw_rewrite_reach(rw->skb, network + sizeof(*ip));
	if (ret != VSW_REWRITE_DONE)
		return ret;
	ip = (const void *)(rw->skb->data + network);
	switch (number) {
	case VSWITCH_A_MATCH_IP_TOS:
		memcpy(pair, ip, sizeof(pair));
		pair[1] = *(const u8 *)value;
		put_ipv4(rw, 0, pair, sizeof(pair));
		return VSW_REWRITE_DONE;
	case VSWITCH_A_MATCH_IP_TTL:
		pair[0] = *(const u8 *)value;
		pair[1] = ip->protocol;
		put_ipv4(rw, offsetof(struct iphdr, ttl), pair, sizeof(pair));
		return VSW_REWRITE_DONE;
	case VSWITCH_A_MATCH_IPV4_SRC:
		return put_ipv4_address(rw, offsetof(struct iphdr, saddr), value);
	case VSWITCH_A_MATCH_IPV4_DST:
		return put_ipv4_address(rw, offsetof(struct iphdr, daddr), value);
	}
	return VSW_REWRITE_ABSENT;
}

/*
 * Whether a routing header says where the packet goes in the end: that address is in the
 * sums, not the one in the IPv6 header (RFC 8200 8.1).
 */
static bool is_routed(const struct vsw_rewrite *rw, unsigned int network)
{
	unsigned int offset = network;
	int flags = IP6_FH_F_SKIP_RH;

	/* 0 stands for the network header. */
	if (!offset)
		skb_reset_network_header(rw->skb);
	return ipv6_find_hdr(rw->skb, &offset, NEXTHDR_ROUTING, NULL, &flags) == NEXTHDR_ROUTING;
}

static int put_ipv6_address(const struct vsw_rewrite *rw, unsigned int number, const void *value)
{
	unsigned int network = vsw_rewrite_at(rw->layout->network);
	bool is_destination = number == VSWITCH_A_MATCH_IPV6_DST;
	struct ipv6hdr *ip;
	__wsum diff;
	int ret;

	ret = vsw_rewrite_reach(rw->skb, vsw_rewrite_reach_of_sum(rw));
	if (ret != VSW_REWRITE_DONE)
		return ret;
	ip = (void *)(rw->skb->data + network);
	diff = vsw_rewrite_put(rw->skb, is_destination ? &ip->daddr : &ip->saddr, value,
			       sizeof(struct in6_addr));
	if (rw->layout->transport &&
	    !(is_destination && ipv6_ext_hdr(ip->nexthdr) && is_routed(rw, network)))
		vsw_rewrite_addresses_sum(rw, diff);
	skb_clear_hash(rw->skb);
	return VSW_REWRITE_DONE;
}

/* Version, traffic class and label are one word: the bits of @mask get a value. */
static void put_ipv6_word(const struct vsw_rewrite *rw, void *header, __be32 value, __be32 mask)
{
	__be32 word;

	memcpy(&word, header, sizeof(word));
	word = (word & ~mask) | (value & mask);
	vsw_rewrite_put(rw->skb, header, &word, sizeof(word));
}

static int rewrite_ipv6(const struct vsw_rewrite *rw, unsigned int number, const void *value)
{
	unsigned int network = vsw_rewrite_at(rw->layout->network);
	struct ipv6hdr *ip;
	__be32 label;
	u8 pair[2];
	int ret;

	ret = vsw_rewrite_reach(rw->skb, network + sizeof(*ip));
	if (ret != VSW_REWRITE_DONE)
		return ret;
	ip = (void *)(rw->skb->data + network);
	switch (number) {
	case VSWITCH_A_MATCH_IP_TOS:
		put_ipv6_word(rw, ip, htonl(*(const u8 *)value << 20), TCLASS_MASK);
		return VSW_REWRITE_DONE;
	case VSWITCH_A_MATCH_IPV6_LABEL:
		memcpy(&label, value, sizeof(label));
		put_ipv6_word(rw, ip, label, LABEL_MASK);
		skb_clear_hash(rw->skb);
		return VSW_REWRITE_DONE;
	case VSWITCH_A_MATCH_IP_TTL:
		pair[0] = ip->nexthdr;
		pair[1] = *(const u8 *)value;
		vsw_rewrite_put(rw->skb, &ip->nexthdr, pair, sizeof(pair));
		return VSW_REWRITE_DONE;
	case VSWITCH_A_MATCH_IPV6_SRC:
	case VSWITCH_A_MATCH_IPV6_DST:
		return put_ipv6_address(rw, number, value);
	}
	return VSW_REWRITE_ABSENT;
}

int vsw_rewrite_ip(const struct vsw_rewrite *rw, unsigned int number, const void *value)
{
	switch (number) {
	case VSWITCH_A_MATCH_TP_SRC:
	case VSWITCH_A_MATCH_TP_DST:
	case VSWITCH_A_MATCH_ARP_SHA:
	case VSWITCH_A_MATCH_ARP_THA:
	case VSWITCH_A_MATCH_ND_TARGET:
		return vsw_rewrite_transport(rw, number, value);
	}
	if (rw->key->eth_type == htons(ETH_P_IP))
		return rewrite_ipv4(rw, number, value);
	return rewrite_ipv6(rw, number, value);
}
