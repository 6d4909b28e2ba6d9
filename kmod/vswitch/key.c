// SPDX-License-Identifier: GPL-2.0
/*
 * Extract the fields of a packet that flows are asked about, as ovs-fields(7) means them.
 * A length that cannot be true, and a header that is cut off, is read as the receiver does
 * it: there is nothing in it. The exception are ports, which count as soon as they are
 * there: who cuts his headers into fragments does not get past who looks for ports.
 */
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/dst_metadata.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <kunit/visibility.h>

#include "header.h"
#include "key_path.h"
#include "sender.h"
#include "vswitch.h"

/* Tags that there are fields for. */
#define MAX_TAGS	2
/* How far behind skb->data a header may be to have its place in the layout. */
#define MAX_AT		(U16_MAX - 64)
/* What stands for a length instead of an EtherType, as in OpenFlow. */
#define ETH_TYPE_LENGTH	htons(0x05ff)

#define MAP_ABOVE_IP	VSW_KEY_MAP_OF(tp_src)
/* What ARP and neighbour discovery have, from arp_sha on. */
#define ND_WORDS	4
#define MAP_ND		((vsw_key_map)GENMASK(VSW_KEY_WORD_OF(arp_sha) + ND_WORDS - 1, \
					      VSW_KEY_WORD_OF(arp_sha)))

/* A walk along the headers of a packet. */
struct walk {
	const struct sk_buff *skb;
	struct vsw_key *key;
	struct vsw_key_layout *layout;
	vsw_key_map map;
	int at;				/* the next header, from skb->data */
	int end;			/* of what IP says is the packet; padding may follow */
};

/* ---- beside the packet ---------------------------------------------------- */

static void extract_tunnel(struct vsw_key *key, const struct sk_buff *skb)
{
	const struct ip_tunnel_info *tunnel = skb_tunnel_info(skb);

	if (!tunnel || tunnel->mode & IP_TUNNEL_INFO_TX)
		return;
	key->tun_id = tunnel->key.tun_id;
	if (tunnel->mode & IP_TUNNEL_INFO_IPV6) {
		key->tun_ipv6_src = tunnel->key.u.ipv6.src;
		key->tun_ipv6_dst = tunnel->key.u.ipv6.dst;
	} else {
		key->tun_ipv4_src = tunnel->key.u.ipv4.src;
		key->tun_ipv4_dst = tunnel->key.u.ipv4.dst;
	}
}

static void extract_sender(struct vsw_key *key, const struct vsw_port *in,
			   const struct sk_buff *skb)
{
	key->sender = vsw_sender(in, skb);
	key->cgroup = key->sender ? vsw_sender_id(key->sender) : 0;
}

/* Words behind the hot ones but for the sender; those of the frame are 0 then. */
static void extract_rare(struct vsw_key *key, const struct sk_buff *skb, vsw_key_map map)
{
	if (map & VSW_KEY_MAP_OF(mark)) {
		key->mark = skb->mark;
		key->ct_mark = 0;
	}
	/* All of them, since extract_nd() asks for each other's. */
	if (map & MAP_ND)
		memset(&key->word[VSW_KEY_WORD_OF(arp_sha)], 0, ND_WORDS * sizeof(u64));
	if (map & VSW_KEY_MAP_OF(ipv6_label))
		key->word[VSW_KEY_WORD_OF(ipv6_label)] = 0;
	if (map & VSW_KEY_MAP_TUNNEL) {
		memset(&key->word[VSW_KEY_WORD_OF(tun_id)], 0,
		       VSW_KEY_TUNNEL_WORDS * sizeof(u64));
		extract_tunnel(key, skb);
	}
}

/* ---- Ethernet ------------------------------------------------------------- */

/* The first two tags. Returns the EtherType behind them. */
static __be16 extract_tags(struct walk *walk)
{
	const struct sk_buff *skb = walk->skb;
	__be16 type = eth_hdr(skb)->h_proto;
	struct vsw_key *key = walk->key;
	unsigned int tags = 0;

	if (skb_vlan_tag_present(skb)) {
		key->vlan_tci = htons(skb_vlan_tag_get(skb) | VSWITCH_FLOW_VLAN_PRESENT);
		tags++;
	}
	while (tags < MAX_TAGS && eth_type_vlan(type)) {
		struct vlan_hdr buf;
		const struct vlan_hdr *tag = skb_header_pointer(skb, walk->at, sizeof(buf), &buf);
		__be16 tci;

		if (!tag)
			break;
		tci = tag->h_vlan_TCI | htons(VSWITCH_FLOW_VLAN_PRESENT);
		*(tags++ ? &key->vlan2_tci : &key->vlan_tci) = tci;
		type = tag->h_vlan_encapsulated_proto;
		walk->at += sizeof(buf);
		walk->layout->tags++;
	}
	return type;
}

/* The EtherType that LLC and SNAP carry, if they do. */
static __be16 extract_llc(struct walk *walk)
{
	struct vsw_snap_header buf;
	const struct vsw_snap_header *snap = skb_header_pointer(walk->skb, walk->at,
								sizeof(buf), &buf);

	if (!snap || snap->llc[0] != 0xaa || snap->llc[1] != 0xaa || snap->llc[2] != 0x03 ||
	    snap->oui[0] || snap->oui[1] || snap->oui[2] || !eth_proto_is_802_3(snap->type))
		return ETH_TYPE_LENGTH;
	walk->at += sizeof(buf);
	walk->layout->is_snap = true;
	return snap->type;
}

static void extract_arp(struct walk *walk)
{
	struct vsw_arp_packet buf;
	const struct vsw_arp_packet *arp = skb_header_pointer(walk->skb, walk->at,
							      sizeof(buf), &buf);
	struct vsw_key *key = walk->key;

	if (!arp || arp->header.ar_hrd != htons(ARPHRD_ETHER) ||
	    arp->header.ar_pro != htons(ETH_P_IP) || arp->header.ar_hln != ETH_ALEN ||
	    arp->header.ar_pln != sizeof(arp->spa))
		return;
	walk->layout->network = walk->at + 1;
	if (ntohs(arp->header.ar_op) <= U8_MAX)
		key->ip_proto = ntohs(arp->header.ar_op);
	key->ip.ipv4_src = arp->spa;
	key->ip.ipv4_dst = arp->tpa;
	if (walk->map & MAP_ND) {
		ether_addr_copy(key->arp_sha, arp->sha);
		ether_addr_copy(key->arp_tha, arp->tha);
	}
}

/* ---- IP: true if a header follows that is above it ------------------------- */

static bool extract_ipv4(struct walk *walk)
{
	struct iphdr buf;
	const struct iphdr *ip = skb_header_pointer(walk->skb, walk->at, sizeof(buf), &buf);
	struct vsw_key *key = walk->key;
	int len, total;

	if (!ip || ip->version != 4 || ip->ihl < 5)
		return false;
	len = walk->skb->len - walk->at;
	total = ntohs(ip->tot_len);
	/* 0: a GSO packet that is longer than it could say. */
	if (!total && skb_is_gso(walk->skb))
		total = len;
	if (total > len || total < ip->ihl * 4)
		return false;
	walk->layout->network = walk->at + 1;
	key->ip_proto = ip->protocol;
	key->ip_tos = ip->tos;
	key->ip_ttl = ip->ttl;
	key->ip.ipv4_src = ip->saddr;
	key->ip.ipv4_dst = ip->daddr;
	if (ip_is_fragment(ip))
		key->ip_frag = VSWITCH_FLOW_FRAG_ANY;
	if (ip->frag_off & htons(IP_OFFSET))
		key->ip_frag |= VSWITCH_FLOW_FRAG_LATER;
	walk->end = walk->at + total;
	walk->at += ip->ihl * 4;
	return !(key->ip_frag & VSWITCH_FLOW_FRAG_LATER);
}

static bool is_extension(u8 next)
{
	return next == NEXTHDR_HOP || next == NEXTHDR_ROUTING || next == NEXTHDR_FRAGMENT ||
	       next == NEXTHDR_AUTH || next == NEXTHDR_DEST;
}

/*
 * Of a later fragment the protocol is that of fragments, since the header says only what
 * the first one began with. One that is whole is none (RFC 6946).
 */
static bool extract_fragment(struct vsw_key *key, const struct frag_hdr *fragment)
{
	if (fragment->frag_off & htons(IP6_OFFSET | IP6_MF))
		key->ip_frag = VSWITCH_FLOW_FRAG_ANY;
	if (!(fragment->frag_off & htons(IP6_OFFSET)))
		return true;
	key->ip_frag |= VSWITCH_FLOW_FRAG_LATER;
	key->ip_proto = NEXTHDR_FRAGMENT;
	return false;
}

/*
 * From @next on. The protocol is 0 if the headers don't end in the packet. However many they
 * are: who receives it counts them neither, and would find ports that no flow has seen. They
 * cost no more for a byte than packets do.
 */
static bool extract_extensions(struct walk *walk, u8 next)
{
	while (is_extension(next)) {
		/* A fragment header is as long as two words, others are at least. */
		struct frag_hdr buf;
		const struct frag_hdr *header;

		if (walk->at + (int)sizeof(buf) > walk->end)
			return false;
		header = skb_header_pointer(walk->skb, walk->at, sizeof(buf), &buf);
		if (!header)
			return false;
		if (next == NEXTHDR_FRAGMENT && !extract_fragment(walk->key, header))
			return false;
		walk->at += vsw_extension_length(next, (const void *)header);
		next = header->nexthdr;
	}
	if (walk->at > walk->end || walk->at > MAX_AT)
		return false;
	walk->key->ip_proto = next;
	return true;
}

static bool extract_ipv6(struct walk *walk)
{
	struct ipv6hdr buf;
	const struct ipv6hdr *ip = skb_header_pointer(walk->skb, walk->at, sizeof(buf), &buf);
	struct vsw_key *key = walk->key;
	int len, payload;

	if (!ip || ip->version != 6)
		return false;
	len = walk->skb->len - walk->at - sizeof(*ip);
	payload = ntohs(ip->payload_len);
	/* Longer than it could say (RFC 2675), and what receivers take for that. */
	if (!payload)
		payload = len;
	if (payload > len)
		return false;
	walk->layout->network = walk->at + 1;
	key->ip_tos = ipv6_get_dsfield(ip);
	key->ip_ttl = ip->hop_limit;
	key->ip.ipv6_src = ip->saddr;
	key->ip.ipv6_dst = ip->daddr;
	if (walk->map & VSW_KEY_MAP_OF(ipv6_label))
		key->ipv6_label = ip6_flowlabel(ip);
	walk->at += sizeof(*ip);
	walk->end = walk->at + payload;
	return extract_extensions(walk, ip->nexthdr);
}

/* ---- above IP ------------------------------------------------------------- */

/* False: the options are not what they should be, and nobody believes them. */
static bool extract_nd_options(struct walk *walk, int at)
{
	struct vsw_key *key = walk->key;

	while (at + (int)sizeof(u64) <= walk->end) {
		u8 buf[sizeof(u64)], *mac = NULL;
		const u8 *option = skb_header_pointer(walk->skb, at, sizeof(buf), buf);
		int len;

		if (!option)
			return false;
		len = option[1] * sizeof(buf);
		if (!len || at + len > walk->end)
			return false;
		if (option[0] == ND_OPT_SOURCE_LL_ADDR)
			mac = key->arp_sha;
		else if (option[0] == ND_OPT_TARGET_LL_ADDR)
			mac = key->arp_tha;
		if (mac && len == sizeof(buf)) {
			if (!is_zero_ether_addr(mac))
				return false;
			ether_addr_copy(mac, option + 2);
		}
		at += len;
	}
	return true;
}

/* Of solicitations and advertisements. */
static void extract_nd(struct walk *walk)
{
	int at = walk->at + offsetof(struct nd_msg, target);
	struct vsw_key *key = walk->key;
	const struct in6_addr *target;
	struct in6_addr buf;

	if (walk->end < at + (int)sizeof(buf))
		return;
	target = skb_header_pointer(walk->skb, at, sizeof(buf), &buf);
	if (!target)
		return;
	at += sizeof(buf);
	if (!extract_nd_options(walk, at)) {
		eth_zero_addr(key->arp_sha);
		eth_zero_addr(key->arp_tha);
		return;
	}
	key->nd_target = *target;
	walk->layout->nd_options = at + 1;
}

/* How long a header of @protocol, above IPv6 if @v6, is at least; 0: nobody asks for it. */
static int transport_length(u8 protocol, bool v6)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return sizeof(struct tcphdr);
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return sizeof(struct udphdr);
	case IPPROTO_SCTP:
		return sizeof(struct sctphdr);
	case IPPROTO_DCCP:
		return 12;
	case IPPROTO_ICMP:
		return v6 ? 0 : sizeof(struct icmphdr);
	case IPPROTO_ICMPV6:
		return v6 ? sizeof(struct icmp6hdr) : 0;
	}
	return 0;
}

static void extract_icmp(struct walk *walk, const u8 *icmp, bool v6)
{
	struct vsw_key *key = walk->key;

	key->tp_src = htons(icmp[0]);
	key->tp_dst = htons(icmp[1]);
	if (v6 && walk->map & MAP_ND && walk->layout->transport && !icmp[1] &&
	    (icmp[0] == NDISC_NEIGHBOUR_SOLICITATION ||
	     icmp[0] == NDISC_NEIGHBOUR_ADVERTISEMENT))
		extract_nd(walk);
}

static void extract_transport(struct walk *walk, bool v6)
{
	struct vsw_key *key = walk->key;
	int whole = transport_length(key->ip_proto, v6);
	int len = min(whole, walk->end - walk->at);
	const struct tcphdr *header;
	struct tcphdr buf;

	/* Ports are the first, and ICMP has its type and code there. */
	if (len < 2 * (int)sizeof(__be16))
		return;
	header = skb_header_pointer(walk->skb, walk->at, len, &buf);
	if (!header)
		return;
	if (len == whole)
		walk->layout->transport = walk->at + 1;
	switch (key->ip_proto) {
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		extract_icmp(walk, (const u8 *)header, v6);
		return;
	case IPPROTO_TCP:
		if (len >= (int)offsetof(struct tcphdr, window))
			key->tcp_flags = vsw_key_tcp_flags(header);
		break;
	case IPPROTO_UDPLITE:
	case IPPROTO_DCCP:
		return;
	}
	key->tp_src = header->source;
	key->tp_dst = header->dest;
}

/* The words in @map that are of the frame; they are 0, but for in_port and the hot ones. */
static void extract_frame(struct vsw_key *key, struct vsw_key_layout *layout,
			  const struct sk_buff *skb, vsw_key_map map)
{
	struct walk walk = { .skb = skb, .key = key, .layout = layout, .map = map };
	const struct ethhdr *eth = eth_hdr(skb);
	bool has_transport = false;

	*layout = (struct vsw_key_layout){};
	ether_addr_copy(key->eth_dst, eth->h_dest);
	ether_addr_copy(key->eth_src, eth->h_source);
	key->eth_type = extract_tags(&walk);
	if (!eth_proto_is_802_3(key->eth_type))
		key->eth_type = extract_llc(&walk);

	switch (key->eth_type) {
	case htons(ETH_P_ARP):
	case htons(ETH_P_RARP):
		extract_arp(&walk);
		break;
	case htons(ETH_P_IP):
		has_transport = extract_ipv4(&walk);
		break;
	case htons(ETH_P_IPV6):
		has_transport = extract_ipv6(&walk);
		break;
	}
	if (has_transport && map & (MAP_ABOVE_IP | MAP_ND))
		extract_transport(&walk, key->eth_type == htons(ETH_P_IPV6));
}

/*
 * As vsw_key_extract_usual() does it, of IPv6 without extension headers. False: it is not
 * that.
 */
static bool extract_usual_ipv6(struct vsw_key *key, struct vsw_key_layout *layout,
			       const struct vsw_port *in, const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const void *)(skb->data - ETH_HLEN);
	const struct ipv6hdr *ip = (const void *)skb->data;
	unsigned int head = skb_headlen(skb), total;

	if (eth->h_proto != htons(ETH_P_IPV6) || head < sizeof(*ip) || ip->version != 6)
		return false;
	/* Without payload there are no ports, and so it is not the usual. */
	total = ntohs(ip->payload_len) + sizeof(*ip);
	if (total > skb->len ||
	    !vsw_key_usual_ports(key, skb->data, sizeof(*ip), ip->nexthdr, min(total, head)))
		return false;
	*layout = (struct vsw_key_layout){ .network = 1, .transport = sizeof(*ip) + 1 };
	key->word[0] = vsw_key_usual_first(in, skb, ETH_P_IPV6, ip->nexthdr);
	vsw_key_usual_macs(key, eth, ipv6_get_dsfield(ip), ip->hop_limit);
	key->ip.ipv6_src = ip->saddr;
	key->ip.ipv6_dst = ip->daddr;
	return true;
}

void vsw_key_extract(struct vsw_key *key, struct vsw_key_layout *layout,
		     const struct vsw_port *in, const struct sk_buff *skb, vsw_key_map map)
{
	if (!(map & VSW_KEY_MAP_UNUSUAL) && extract_usual_ipv6(key, layout, in, skb))
		return;
	memset(key->word, 0, VSW_KEY_HOT_WORDS * sizeof(u64));
	key->in_port = in->number;
	if (map & VSW_KEY_MAP_UNUSUAL)
		extract_rare(key, skb, map);
	if (map & VSW_KEY_MAP_OF(cgroup))
		extract_sender(key, in, skb);
	extract_frame(key, layout, skb, map);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_key_extract);

void vsw_key_extract_again(struct vsw_key *key, struct vsw_key_layout *layout,
			   const struct sk_buff *skb)
{
	const vsw_key_map map = MAP_ABOVE_IP | MAP_ND | VSW_KEY_MAP_OF(ipv6_label);
	u16 in_port = key->in_port, ct_state = key->ct_state;

	memset(key->word, 0, VSW_KEY_HOT_WORDS * sizeof(u64));
	extract_rare(key, skb, map);
	key->in_port = in_port;
	key->ct_state = ct_state;
	extract_frame(key, layout, skb, map);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_key_extract_again);
