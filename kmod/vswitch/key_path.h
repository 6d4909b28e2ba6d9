/* SPDX-License-Identifier: GPL-2.0 */
/* Extract the key of what most packets are, without a call. */
#ifndef _VSWITCH_KEY_PATH_H
#define _VSWITCH_KEY_PATH_H

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "key.h"
#include "vswitch.h"

/* @value where @member of struct vsw_key is in its word. */
#ifdef __LITTLE_ENDIAN
#define VSW_KEY_SHIFT(member)	(offsetof(struct vsw_key, member) % sizeof(u64) * 8)
#define VSW_KEY_MAC_BITS	GENMASK_ULL(47, 0)
#else
#define VSW_KEY_SHIFT(member)	\
	(64 - (offsetofend(struct vsw_key, member) - 1) % sizeof(u64) * 8 - 8)
#define VSW_KEY_MAC_BITS	GENMASK_ULL(63, 16)
#endif
#define VSW_KEY_BITS(member, value)	((__force u64)(value) << VSW_KEY_SHIFT(member))

/* The MAC at @mac, behind which there are two bytes that may be read, too, as a word. */
static __always_inline u64 vsw_key_mac(const u8 *mac)
{
	return get_unaligned((const u64 *)mac) & VSW_KEY_MAC_BITS;
}

static __always_inline __be16 vsw_key_tcp_flags(const struct tcphdr *tcp)
{
	return *((const __be16 *)tcp + 6) & htons(0x0fff);
}

/* ---- parts of the usual --------------------------------------------------- */

static __always_inline u64 vsw_key_usual_first(const struct vsw_port *in,
					       const struct sk_buff *skb, u16 type, u8 protocol)
{
	u64 first = VSW_KEY_BITS(in_port, in->number) | VSW_KEY_BITS(eth_type, htons(type)) |
		    VSW_KEY_BITS(ip_proto, protocol);

	if (skb_vlan_tag_present(skb))
		first |= VSW_KEY_BITS(vlan_tci, htons(skb_vlan_tag_get(skb) |
						      VSWITCH_FLOW_VLAN_PRESENT));
	return first;
}

/* Words 1 and 2. */
static __always_inline void vsw_key_usual_macs(struct vsw_key *key, const struct ethhdr *eth,
					       u8 tos, u8 ttl)
{
	key->word[1] = vsw_key_mac(eth->h_dest) | VSW_KEY_BITS(ip_tos, tos) |
		       VSW_KEY_BITS(ip_ttl, ttl);
	key->word[2] = vsw_key_mac(eth->h_source);
}

/*
 * Word 3, if @protocol is TCP or UDP. Its header is @at bytes from @data, of which @end are
 * there and the packet's. False: it is not all there, or something else.
 */
static __always_inline bool vsw_key_usual_ports(struct vsw_key *key, const u8 *data,
						unsigned int at, u8 protocol,
						unsigned int end)
{
	const struct tcphdr *tcp = (const void *)(data + at);
	u64 ports;

	if (unlikely(end < at + sizeof(struct udphdr)))
		return false;
	ports = VSW_KEY_BITS(tp_src, tcp->source) | VSW_KEY_BITS(tp_dst, tcp->dest);
	if (likely(protocol == IPPROTO_TCP)) {
		if (unlikely(end < at + sizeof(*tcp)))
			return false;
		ports |= VSW_KEY_BITS(tcp_flags, vsw_key_tcp_flags(tcp));
	} else if (unlikely(protocol != IPPROTO_UDP)) {
		return false;
	}
	key->word[3] = ports;
	return true;
}

/* Words that neither this here nor extract_usual_ipv6() is for. */
#define VSW_KEY_MAP_UNUSUAL	\
	(~(vsw_key_map)(GENMASK(VSW_KEY_HOT_WORDS - 1, 0) | VSW_KEY_MAP_STATE))

/*
 * vsw_key_extract(), inline for hot words of IPv4 without options or fragments, not cut
 * off, its tag beside it if it has one; of TCP and UDP if more is asked for than the first
 * words. Calls that for all others.
 */
static __always_inline void vsw_key_extract_usual(struct vsw_key *key,
						  struct vsw_key_layout *layout,
						  const struct vsw_port *in,
						  const struct sk_buff *skb, vsw_key_map map)
{
	const struct ethhdr *eth = (const void *)(skb->data - ETH_HLEN);
	const struct iphdr *ip = (const void *)skb->data;
	unsigned int head, total;

	if (unlikely(map & VSW_KEY_MAP_UNUSUAL) || unlikely(eth->h_proto != htons(ETH_P_IP)))
		goto all;
	head = skb_headlen(skb);
	if (unlikely(head < sizeof(*ip)) || unlikely(*(const u8 *)ip != 0x45) ||
	    unlikely(ip_is_fragment(ip)))
		goto all;
	total = ntohs(ip->tot_len);
	if (unlikely(total > skb->len))
		goto all;

	if (map & GENMASK(VSW_KEY_HOT_WORDS - 1, 3)) {
		if (unlikely(!vsw_key_usual_ports(key, skb->data, sizeof(*ip), ip->protocol,
						  min(total, head))))
			goto all;
		*layout = (struct vsw_key_layout) {
			.network = 1, .transport = sizeof(*ip) + 1,
		};
		key->word[4] = get_unaligned((const u64 *)&ip->saddr);
		if (unlikely(map & GENMASK(VSW_KEY_HOT_WORDS - 1, 5))) {
			key->word[5] = 0;
			key->word[6] = 0;
			key->word[7] = 0;
		}
	} else {
		if (unlikely(total < sizeof(*ip)))
			goto all;
		*layout = (struct vsw_key_layout){ .network = 1 };
	}
	key->word[0] = vsw_key_usual_first(in, skb, ETH_P_IP, ip->protocol);
	if (map & GENMASK(2, 1))
		vsw_key_usual_macs(key, eth, ip->tos, ip->ttl);
	return;
all:
	vsw_key_extract(key, layout, in, skb, map);
}

#endif /* _VSWITCH_KEY_PATH_H */
