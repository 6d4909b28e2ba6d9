// SPDX-License-Identifier: GPL-2.0
/* Build packets of a model, and compare them, see rewrite_model.h. */
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>

#include "rewrite_model.h"

/* ---- building -------------------------------------------------------------- */

static u32 crc32c_plain(const u8 *bytes, unsigned int len)
{
	u32 crc = ~0;
	int i;

	while (len--) {
		crc ^= *bytes++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

/* Where the sum is in the header of @proto; -1: none. */
static int place_of_sum(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_DCCP:
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 2;
	case IPPROTO_SCTP:
		return 8;
	}
	return -1;
}

/* One that is wrong is over something that is not there. */
static __sum16 sum_of(const struct model *m, const u8 *at, unsigned int len, bool partial)
{
	const struct in6_addr *dst = m->segments_left ? &m->routed : &m->v6_dst;
	__wsum sum = partial ? 0 : csum_partial(at, len, (__force __wsum)m->wrong_sum);

	if (m->kind == V6)
		return csum_ipv6_magic(&m->v6_src, dst, len, m->proto, sum);
	if (m->proto == IPPROTO_ICMP)
		return csum_fold(sum);
	return csum_tcpudp_magic(m->v4_src, m->v4_dst, len, m->proto, sum);
}

static void put_sum(const struct model *m, u8 *at, unsigned int len, bool partial)
{
	int place = place_of_sum(m->proto);
	__sum16 sum;

	if (place < 0 || (m->proto == IPPROTO_UDP && m->no_sum))
		return;
	if (m->proto == IPPROTO_SCTP) {
		if (!partial)
			put_unaligned_le32(crc32c_plain(at, len) ^ m->wrong_sum, at + place);
		return;
	}
	sum = sum_of(m, at, len, partial);
	if (partial)
		sum = ~sum;
	if ((m->proto == IPPROTO_UDP || m->proto == IPPROTO_UDPLITE) && !sum)
		sum = CSUM_MANGLED_0;
	memcpy(at + place, &sum, sizeof(sum));
}

static unsigned int put_nd_option(u8 *at, u8 type, const u8 *mac)
{
	at[0] = type;
	at[1] = 1;
	memcpy(at + 2, mac, ETH_ALEN);
	return 8;
}

/* What is above IP, with its sum; how long it is. */
static unsigned int build_transport(const struct model *m, u8 *at, bool partial)
{
	unsigned int len = 20;

	memset(at, 0, len);
	if (has_ports(m)) {
		memcpy(at, m->port, sizeof(m->port));
		if (m->proto == IPPROTO_TCP)
			at[12] = 0x50;
	} else {
		at[0] = m->icmp_type;
	}
	if (is_nd(m)) {
		memcpy(at + 8, &m->nd_target, sizeof(m->nd_target));
		len = 24;
		/* something that is neither */
		memcpy(at + len, (u8 []){ 14, 1, 1, 2, 3, 4, 5, 6 }, 8);
		len += 8;
		if (m->has_sll)
			len += put_nd_option(at + len, 1, m->sha);
		if (m->has_tll)
			len += put_nd_option(at + len, 2, m->tha);
	} else {
		memcpy(at + len, m->data, m->payload);
		len += m->payload;
	}
	if (m->proto == IPPROTO_UDP || m->proto == IPPROTO_UDPLITE)
		put_unaligned_be16(len, at + 4);
	put_sum(m, at, len, partial);
	return len;
}

static unsigned int build_v4(const struct model *m, u8 *frame, bool partial)
{
	struct iphdr *ip = (void *)frame;
	unsigned int head = sizeof(*ip) + m->options, len;

	memset(frame, 0, head);
	memset(frame + sizeof(*ip), 1, m->options);
	ip->version = 4;
	ip->ihl = head / 4;
	ip->tos = m->tos;
	ip->ttl = m->ttl;
	ip->protocol = m->proto;
	ip->saddr = m->v4_src;
	ip->daddr = m->v4_dst;
	ip->id = htons(77);
	if (m->is_later) {
		ip->frag_off = htons(5);
		memcpy(frame + head, m->data, m->payload);
		len = m->payload;
	} else {
		len = build_transport(m, frame + head, partial);
		if (m->fragment) {
			len = min(len, m->fragment);
			ip->frag_off = htons(IP_MF);
		}
	}
	ip->tot_len = htons(head + len);
	ip->check = ip_fast_csum(ip, ip->ihl);
	return head + len;
}

/* Each header says which one comes behind it, at @next. */
static unsigned int build_v6(const struct model *m, u8 *frame, bool partial)
{
	struct ipv6hdr *ip = (void *)frame;
	u8 *next = &ip->nexthdr;
	unsigned int at = sizeof(*ip), len;

	memset(frame, 0, at);
	*(__be32 *)frame = htonl(6 << 28 | m->tos << 20) | m->label;
	ip->hop_limit = m->ttl;
	ip->saddr = m->v6_src;
	ip->daddr = m->v6_dst;
	if (m->options) {
		*next = NEXTHDR_HOP;
		next = frame + at;
		memcpy(frame + at, (u8 []){ 0, 0, 1, 4, 0, 0, 0, 0 }, 8);
		at += 8;
	}
	if (m->has_routing) {
		*next = NEXTHDR_ROUTING;
		next = frame + at;
		memcpy(frame + at, (u8 []){ 0, 2, 2, m->segments_left, 0, 0, 0, 0 }, 8);
		memcpy(frame + at + 8, &m->routed, sizeof(m->routed));
		at += 24;
	}
	if (m->has_fragment || m->fragment || m->is_later) {
		*next = NEXTHDR_FRAGMENT;
		next = frame + at;
		memset(frame + at, 0, 8);
		frame[at + 3] = m->is_later ? 5 << 3 : !!m->fragment;
		at += 8;
	}
	*next = m->proto;
	if (m->is_later) {
		memcpy(frame + at, m->data, m->payload);
		len = m->payload;
	} else {
		len = build_transport(m, frame + at, partial);
		if (m->fragment)
			len = min(len, m->fragment);
	}
	ip->payload_len = htons(at + len - sizeof(*ip));
	return at + len;
}

static unsigned int build_arp(const struct model *m, u8 *frame)
{
	put_unaligned_be16(ARPHRD_ETHER, frame);
	put_unaligned_be16(ETH_P_IP, frame + 2);
	frame[4] = 6;
	frame[5] = 4;
	put_unaligned_be16(m->op, frame + 6);
	memcpy(frame + 8, m->sha, ETH_ALEN);
	memcpy(frame + 14, &m->v4_src, 4);
	memcpy(frame + 18, m->tha, ETH_ALEN);
	memcpy(frame + 24, &m->v4_dst, 4);
	return 28;
}

unsigned int model_build(const struct model *m, u8 *frame, bool partial)
{
	static const u16 types[KINDS] = { ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, 0x88b5 };
	unsigned int at = 2 * ETH_ALEN, i;

	memcpy(frame, m->eth_dst, ETH_ALEN);
	memcpy(frame + ETH_ALEN, m->eth_src, ETH_ALEN);
	for (i = 0; i < m->tags; i++, at += 4) {
		put_unaligned_be16(m->tag[i].proto, frame + at);
		put_unaligned_be16(m->tag[i].tci, frame + at + 2);
	}
	if (m->snap) {
		memcpy(frame + at, (u8 []){ 0, 99, 0xaa, 0xaa, 3, 0, 0, 0 }, 8);
		at += 8;
	}
	put_unaligned_be16(types[m->kind], frame + at);
	at += 2;
	switch (m->kind) {
	case ARP:
		at += build_arp(m, frame + at);
		break;
	case V4:
		at += build_v4(m, frame + at, partial);
		break;
	case V6:
		at += build_v6(m, frame + at, partial);
		break;
	default:
		memcpy(frame + at, m->data, m->payload);
		at += m->payload;
	}
	memset(frame + at, 0xa5, m->padding);
	return at + m->padding;
}

/* ---- random packets -------------------------------------------------------- */

static u8 random_protocol(enum kind kind)
{
	static const u8 protocols[] = {
		IPPROTO_TCP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDP, IPPROTO_SCTP,
		IPPROTO_UDPLITE, IPPROTO_DCCP, 253, IPPROTO_ICMP,
	};
	u8 proto = protocols[below(ARRAY_SIZE(protocols))];

	return proto == IPPROTO_ICMP && kind == V6 ? IPPROTO_ICMPV6 : proto;
}

void model_random(struct model *m)
{
	unsigned int i;

	get_random_bytes(m, sizeof(*m));
	m->kind = below(4) ? V4 + below(2) : below(KINDS);
	m->tags = below(4);
	for (i = 0; i < MAX_MODEL_TAGS; i++)
		m->tag[i].proto = chance(2) ? ETH_P_8021Q : ETH_P_8021AD;
	m->snap = chance(20);
	m->proto = random_protocol(m->kind);
	m->label &= htonl(0xfffff);
	m->options = chance(3) ? 8 : 0;
	m->has_routing = chance(5);
	m->segments_left = m->has_routing && chance(2);
	m->has_fragment = chance(8);
	m->fragment = chance(5) ? 24 : 0;
	m->is_later = chance(10);
	if (m->is_later)
		m->fragment = 0;
	m->no_sum = chance(4);
	m->wrong_sum = chance(8);
	m->icmp_type = chance(3) ? 8 : 135 + below(2);
	m->has_sll = chance(2);
	m->has_tll = chance(2);
	m->payload = below(sizeof(m->data) - 30) + 30;
	m->padding = chance(3) ? below(20) : 0;
}

void model_form(const struct model *m, struct form *form)
{
	static const u8 summed[] = {
		CHECKSUM_NONE, CHECKSUM_UNNECESSARY, CHECKSUM_COMPLETE, CHECKSUM_PARTIAL,
	};

	form->ip_summed = summed[below(ARRAY_SIZE(summed))];
	form->paged = chance(2);
	form->cloned = chance(3);
	form->beside = chance(2);
	/* Who leaves a sum to others, leaves one that there is, of a whole packet. */
	if (form->ip_summed == CHECKSUM_PARTIAL &&
	    (m->fragment || m->is_later || m->snap || m->wrong_sum ||
	     (m->kind != V4 && m->kind != V6) ||
	     !has_ports(m) || (m->proto == IPPROTO_UDP && m->no_sum)))
		form->ip_summed = CHECKSUM_NONE;
	form->gso = form->ip_summed == CHECKSUM_PARTIAL && chance(2);
}

static unsigned int transport_of(const struct model *m)
{
	unsigned int at = ETH_HLEN + 4 * m->tags + m->options;

	if (m->kind == V4)
		return at + sizeof(struct iphdr);
	return at + sizeof(struct ipv6hdr) + 24 * m->has_routing + 8 * m->has_fragment;
}

/* All but the MAC header, and what is between it and @head, is in a page. */
struct sk_buff *model_buffer(struct kunit *test, const u8 *frame, unsigned int len,
			     bool paged)
{
	unsigned int head = paged ? ETH_HLEN + below(30) : len;
	struct sk_buff *skb;
	struct page *page;

	head = min(head, len);
	skb = alloc_skb(head + below(40), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put_data(skb, frame, head);
	if (head < len) {
		page = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, page);
		memcpy(page_address(page), frame + head, len - head);
		skb_add_rx_frag(skb, 0, page, 0, len - head, PAGE_SIZE);
	}
	skb_reset_mac_header(skb);
	__skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	skb->protocol = eth_hdr(skb)->h_proto;
	if (!eth_proto_is_802_3(skb->protocol))
		skb->protocol = htons(ETH_P_802_2);
	return skb;
}

static struct sk_buff *make(struct kunit *test, const struct model *m, const struct form *form)
{
	bool partial = form->ip_summed == CHECKSUM_PARTIAL;
	u8 frame[MAX_FRAME];
	unsigned int len = model_build(m, frame, partial);
	struct sk_buff *skb = model_buffer(test, frame, len, form->paged);

	skb->ip_summed = form->ip_summed;
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = skb_checksum(skb, 0, skb->len, 0);
	if (partial) {
		skb->csum_start = skb_headroom(skb) + transport_of(m) - ETH_HLEN;
		skb->csum_offset = place_of_sum(m->proto);
	}
	if (form->gso) {
		skb_shinfo(skb)->gso_size = 50;
		skb_shinfo(skb)->gso_segs = 2;
	}
	if (form->beside && m->tags) {
		skb = skb_vlan_untag(skb);
		KUNIT_ASSERT_NOT_NULL(test, skb);
	}
	return skb;
}

/* ---- comparing ------------------------------------------------------------- */

/* @skb as it will be on the wire. */
unsigned int model_wire(const struct sk_buff *skb, u8 *frame)
{
	const u8 *mac = skb_mac_header(skb);
	unsigned int at = 2 * ETH_ALEN;

	memcpy(frame, mac, at);
	if (skb_vlan_tag_present(skb)) {
		memcpy(frame + at, &skb->vlan_proto, 2);
		put_unaligned_be16(skb_vlan_tag_get(skb), frame + at + 2);
		at += 4;
	}
	memcpy(frame + at, mac + 2 * ETH_ALEN, 2);
	at += 2;
	if (skb_copy_bits(skb, 0, frame + at, skb->len))
		return 0;
	return at + skb->len;
}

static void forget_state(struct vsw_key *key)
{
	unsigned int i;

	for (i = 0; i < VSW_KEY_WORDS; i++)
		if (VSW_KEY_MAP_STATE & BIT(i))
			key->word[i] = 0;
}

void model_take_up(struct kunit *test, struct subject *s)
{
	s->skb = make(test, &s->model, &s->form);
	s->clone = s->form.cloned ? skb_clone(s->skb, GFP_KERNEL) : NULL;
	s->length_before = model_wire(s->skb, s->before);
	memset(&s->key, 0, sizeof(s->key));
	rcu_read_lock();
	vsw_key_extract(&s->key, &s->layout, &s->in, s->skb, VSW_KEY_MAP_ALL);
	rcu_read_unlock();
}

static void expect_clone(struct kunit *test, struct subject *s, const char *what)
{
	if (!s->clone)
		return;
	KUNIT_EXPECT_EQ_MSG(test, model_wire(s->clone, s->got), s->length_before, "%s", what);
	KUNIT_EXPECT_MEMEQ_MSG(test, s->got, s->before, s->length_before, "%s: the clone", what);
}

static bool expect_key(struct kunit *test, struct subject *s, const char *what)
{
	struct vsw_key_layout layout;
	struct vsw_key key;

	memset(&key, 0, sizeof(key));
	rcu_read_lock();
	vsw_key_extract(&key, &layout, &s->in, s->skb, VSW_KEY_MAP_ALL);
	rcu_read_unlock();
	forget_state(&key);
	forget_state(&s->key);
	KUNIT_EXPECT_MEMEQ_MSG(test, &key, &s->key, sizeof(key), "%s: the key", what);
	KUNIT_EXPECT_MEMEQ_MSG(test, &layout, &s->layout, sizeof(layout), "%s: the layout", what);
	return !memcmp(&key, &s->key, sizeof(key));
}

/* The packet is what the model is now; it goes. */
bool model_expect(struct kunit *test, struct subject *s, const char *what)
{
	unsigned int len = model_build(&s->model, s->wanted, s->form.ip_summed == CHECKSUM_PARTIAL);
	struct sk_buff *skb = s->skb;
	bool same = model_wire(skb, s->got) == len && !memcmp(s->got, s->wanted, len);

	KUNIT_EXPECT_EQ_MSG(test, model_wire(skb, s->got), len, "%s", what);
	KUNIT_EXPECT_MEMEQ_MSG(test, s->got, s->wanted, len,
			       "%s: kind %d, protocol %d, summed %d", what, s->model.kind,
			       s->model.proto, skb->ip_summed);
	KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed, s->form.ip_summed);
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		KUNIT_EXPECT_EQ_MSG(test, csum_fold(skb->csum),
				    csum_fold(skb_checksum(skb, 0, skb->len, 0)), "%s", what);
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		KUNIT_EXPECT_EQ_MSG(test, skb_checksum_start_offset(skb) + ETH_HLEN +
				    4 * skb_vlan_tag_present(skb),
				    transport_of(&s->model), "%s", what);
	KUNIT_EXPECT_EQ(test, skb_mac_offset(skb), -ETH_HLEN);
	KUNIT_EXPECT_EQ(test, skb_network_offset(skb), 0);
	KUNIT_EXPECT_EQ(test, skb->mac_len, ETH_HLEN);
	if (eth_proto_is_802_3(eth_hdr(skb)->h_proto))
		KUNIT_EXPECT_EQ(test, skb->protocol, eth_hdr(skb)->h_proto);
	same &= expect_key(test, s, what);
	expect_clone(test, s, what);
	kfree_skb(s->clone);
	kfree_skb(skb);
	return same;
}
