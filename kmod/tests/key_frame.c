// SPDX-License-Identifier: GPL-2.0
/*
 * A second extractor of keys, of which nothing but simplicity is asked, packets to have
 * them read from, and the comparison of both.
 */
#include "key_frame.h"
#include "key_path.h"

#define POISON	0xa5a5a5a5a5a5a5a5ULL

/* ---- the second extractor ------------------------------------------------- */

/* Offsets are from behind the Ethernet header here, as in a layout. */
static bool has(const struct key_frame *f, int at, int bytes)
{
	return at + bytes + ETH_HLEN <= (int)f->len;
}

static const u8 *here(const struct key_frame *f, int at)
{
	return f->bytes + ETH_HLEN + at;
}

static u32 number(const struct key_frame *f, int at, int bytes)
{
	u32 value = 0;

	while (bytes--)
		value = value << 8 | *here(f, at++);
	return value;
}

static void slow_nd(const struct key_frame *f, int at, int end, struct vsw_key *key,
		    struct vsw_key_layout *layout)
{
	const u8 *mac[3] = {};
	int option;

	if (at + 24 > end)
		return;
	for (option = at + 24; option + 8 <= end; option += *here(f, option + 1) * 8) {
		int type = *here(f, option), len = *here(f, option + 1);

		if (!len || option + len * 8 > end)
			return;
		if ((type != 1 && type != 2) || len != 1)
			continue;
		if (mac[type] && !is_zero_ether_addr(mac[type]))
			return;
		mac[type] = here(f, option + 2);
	}
	if (mac[1])
		memcpy(key->arp_sha, mac[1], ETH_ALEN);
	if (mac[2])
		memcpy(key->arp_tha, mac[2], ETH_ALEN);
	memcpy(&key->nd_target, here(f, at + 8), 16);
	layout->nd_options = at + 24 + 1;
}

static void slow_transport(const struct key_frame *f, int at, int end, bool v6,
			   struct vsw_key *key, struct vsw_key_layout *layout)
{
	bool is_icmp = key->ip_proto == (v6 ? 58 : 1);
	int least;

	if (is_icmp || key->ip_proto == 17 || key->ip_proto == 136)
		least = 8;
	else if (key->ip_proto == 6)
		least = 20;
	else if (key->ip_proto == 132 || key->ip_proto == 33)
		least = 12;
	else
		return;
	if (at + least <= end)
		layout->transport = at + 1;
	if (at + 4 > end || key->ip_proto == 136 || key->ip_proto == 33)
		return;
	key->tp_src = htons(number(f, at, is_icmp ? 1 : 2));
	key->tp_dst = htons(is_icmp ? number(f, at + 1, 1) : number(f, at + 2, 2));
	if (key->ip_proto == 6 && at + 14 <= end)
		key->tcp_flags = htons(number(f, at + 12, 2) & 0xfff);
	if (is_icmp && v6 && layout->transport && !key->tp_dst &&
	    (key->tp_src == htons(135) || key->tp_src == htons(136)))
		slow_nd(f, at, end, key, layout);
}

static void slow_ipv4(const struct key_frame *f, int at, struct vsw_key *key,
		      struct vsw_key_layout *layout)
{
	int rest = f->len - ETH_HLEN - at, header, total;

	if (rest < 20 || number(f, at, 1) >> 4 != 4)
		return;
	header = (number(f, at, 1) & 15) * 4;
	total = number(f, at + 2, 2);
	if (f->is_gso && !total)
		total = rest;
	if (header < 20 || total < header || total > rest)
		return;
	layout->network = at + 1;
	key->ip_tos = number(f, at + 1, 1);
	key->ip_ttl = number(f, at + 8, 1);
	key->ip_proto = number(f, at + 9, 1);
	memcpy(&key->ip.ipv4_src, here(f, at + 12), 4);
	memcpy(&key->ip.ipv4_dst, here(f, at + 16), 4);
	if (number(f, at + 6, 2) & 0x1fff) {
		key->ip_frag = 3;
		return;
	}
	key->ip_frag = number(f, at + 6, 2) & 0x2000 ? 1 : 0;
	slow_transport(f, at + header, at + total, false, key, layout);
}

/* Where the header of @next, which is at @at, has the one after it; 0: it has none. */
static int slow_next(const struct key_frame *f, int at, int end, u8 next)
{
	if (next != 0 && next != 43 && next != 44 && next != 51 && next != 60)
		return 0;
	if (at + 8 > end)
		return -1;
	if (next == 44)
		return at + 8;
	return at + (next == 51 ? (number(f, at + 1, 1) + 2) * 4 : (number(f, at + 1, 1) + 1) * 8);
}

static void slow_ipv6(const struct key_frame *f, int at, struct vsw_key *key,
		      struct vsw_key_layout *layout)
{
	int rest = f->len - ETH_HLEN - at - 40, end, next_at;
	u8 next;

	if (rest < 0 || number(f, at, 1) >> 4 != 6 || (int)number(f, at + 4, 2) > rest)
		return;
	end = at + 40 + (number(f, at + 4, 2) ?: rest);
	layout->network = at + 1;
	key->ip_tos = number(f, at, 2) >> 4;
	key->ipv6_label = htonl(number(f, at, 4) & 0xfffff);
	key->ip_ttl = number(f, at + 7, 1);
	memcpy(&key->ip.ipv6_src, here(f, at + 8), 16);
	memcpy(&key->ip.ipv6_dst, here(f, at + 24), 16);
	next = number(f, at + 6, 1);
	at += 40;
	while ((next_at = slow_next(f, at, end, next))) {
		if (next_at < 0)
			return;
		if (next == 44 && number(f, at + 2, 2) & 0xfff8) {
			key->ip_frag = 3;
			key->ip_proto = 44;
			return;
		}
		if (next == 44 && number(f, at + 2, 2) & 1)
			key->ip_frag = 1;
		next = number(f, at, 1);
		at = next_at;
	}
	if (at > end)
		return;
	key->ip_proto = next;
	slow_transport(f, at, end, true, key, layout);
}

static void slow_arp(const struct key_frame *f, int at, struct vsw_key *key,
		     struct vsw_key_layout *layout)
{
	static const u8 kind[] = { 0, 1, 8, 0, 6, 4 };

	if (!has(f, at, 28) || memcmp(here(f, at), kind, sizeof(kind)))
		return;
	layout->network = at + 1;
	if (!number(f, at + 6, 1))
		key->ip_proto = number(f, at + 7, 1);
	memcpy(key->arp_sha, here(f, at + 8), 6);
	memcpy(&key->ip.ipv4_src, here(f, at + 14), 4);
	memcpy(key->arp_tha, here(f, at + 18), 6);
	memcpy(&key->ip.ipv4_dst, here(f, at + 24), 4);
}

void key_frame_read(const struct key_frame *f, struct vsw_key *key,
		    struct vsw_key_layout *layout)
{
	static const u8 snap[] = { 0xaa, 0xaa, 3, 0, 0, 0 };
	u32 type = number(f, -2, 2), tci[2] = {};
	int at = 0, tags = 0;

	memset(key, 0, sizeof(*key));
	memset(layout, 0, sizeof(*layout));
	key->in_port = KEY_FRAME_PORT;
	memcpy(key->eth_dst, f->bytes, 6);
	memcpy(key->eth_src, f->bytes + 6, 6);
	if (f->is_tagged)
		tci[tags++] = f->tci | 0x1000;
	while (tags < 2 && (type == 0x8100 || type == 0x88a8) && has(f, at, 4)) {
		tci[tags++] = number(f, at, 2) | 0x1000;
		type = number(f, at + 2, 2);
		at += 4;
		layout->tags++;
	}
	key->vlan_tci = htons(tci[0]);
	key->vlan2_tci = htons(tci[1]);
	if (type < 0x600 && has(f, at, 8) && !memcmp(here(f, at), snap, sizeof(snap)) &&
	    number(f, at + 6, 2) >= 0x600) {
		type = number(f, at + 6, 2);
		at += 8;
		layout->is_snap = true;
	} else if (type < 0x600) {
		type = 0x5ff;
	}
	key->eth_type = htons(type);
	if (type == 0x800)
		slow_ipv4(f, at, key, layout);
	else if (type == 0x86dd)
		slow_ipv6(f, at, key, layout);
	else if (type == 0x806 || type == 0x8035)
		slow_arp(f, at, key, layout);
}

/* ---- packets -------------------------------------------------------------- */

const struct key_shape key_shapes[] = {
	{ KEY_FRAME_MAX },
	{ ETH_HLEN, KEY_FRAME_MAX },
	{ ETH_HLEN, 7 },
	{ ETH_HLEN + 20, KEY_FRAME_MAX },
	{ ETH_HLEN + 3, KEY_FRAME_MAX, true },
	{ ETH_HLEN, 9, true },
};

/* Behind what is the frame's lies what was cut off of it. */
static struct sk_buff *put_head(const struct key_frame *f, unsigned int at, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(KEY_FRAME_MAX, GFP_KERNEL);

	if (!skb)
		return NULL;
	memcpy(skb->data, f->bytes + at, KEY_FRAME_MAX - at);
	skb_put(skb, len);
	return skb;
}

static bool add_piece(struct sk_buff *skb, const struct key_frame *f, unsigned int at,
		      unsigned int len)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return false;
	memcpy(page_address(page), f->bytes + at, KEY_FRAME_MAX - at);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, 0, len, PAGE_SIZE);
	return true;
}

static bool add_listed(struct sk_buff *skb, const struct key_frame *f, unsigned int at,
		       unsigned int len)
{
	struct sk_buff *next = put_head(f, at, len), **last = &skb_shinfo(skb)->frag_list;

	if (!next)
		return false;
	while (*last)
		last = &(*last)->next;
	*last = next;
	skb->len += len;
	skb->data_len += len;
	skb->truesize += next->truesize;
	return true;
}

struct sk_buff *key_frame_packet(const struct key_frame *f, const struct key_shape *shape)
{
	unsigned int at = clamp(shape->head, (unsigned int)ETH_HLEN, f->len), len;
	struct sk_buff *skb = put_head(f, 0, at);
	bool ok = skb;

	for (; ok && at < f->len; at += len) {
		len = f->len - at;
		if (skb_shinfo(skb)->nr_frags < MAX_SKB_FRAGS - 1)
			len = min(len, shape->piece);
		ok = shape->listed ? add_listed(skb, f, at, len) : add_piece(skb, f, at, len);
	}
	if (!ok) {
		kfree_skb(skb);
		return NULL;
	}
	skb_reset_mac_header(skb);
	__skb_pull(skb, ETH_HLEN);
	skb->protocol = eth_hdr(skb)->h_proto;
	if (f->is_tagged)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), f->tci);
	if (f->is_gso)
		skb_shinfo(skb)->gso_size = 1000;
	return skb;
}

/* ---- comparison ----------------------------------------------------------- */

const vsw_key_map key_maps[] = {
	BIT(0), GENMASK(2, 0), GENMASK(3, 0), GENMASK(7, 0), BIT(1) | BIT(5), BIT(3), BIT(19),
	BIT(20) | BIT(0), GENMASK(22, 21), BIT(22), BIT(23), BIT(13) | BIT(3), GENMASK(12, 8),
	GENMASK(30, 24), VSW_KEY_MAP_ALL,
};

static bool is_right(const struct vsw_key *key, const struct vsw_key_layout *layout,
		     const struct vsw_key *wanted, const struct vsw_key_layout *where,
		     vsw_key_map map)
{
	struct vsw_key_layout seen = *layout;
	unsigned int i;

	for (i = 0; i < VSW_KEY_WORDS; i++) {
		if (VSW_KEY_MAP_STATE & BIT(i)) {
			if (key->word[i] != POISON)
				return false;
		} else if (map & BIT(i) && key->word[i] != wanted->word[i]) {
			return false;
		}
	}
	/* Who does not ask for what is there may not be told, but nothing wrong. */
	if (!(map & VSW_KEY_MAP_OF(tp_src)) && !seen.transport)
		seen.transport = where->transport;
	if (!(map & GENMASK(22, 19)) && !seen.nd_options)
		seen.nd_options = where->nd_options;
	return !memcmp(&seen, where, sizeof(seen));
}

static void show(const struct key_frame *f, const struct vsw_key *key,
		 const struct vsw_key *wanted, vsw_key_map map)
{
	print_hex_dump(KERN_ERR, "frame:  ", DUMP_PREFIX_OFFSET, 16, 1, f->bytes, f->len, false);
	print_hex_dump(KERN_ERR, "key:    ", DUMP_PREFIX_OFFSET, 16, 1, key, sizeof(*key), false);
	print_hex_dump(KERN_ERR, "wanted: ", DUMP_PREFIX_OFFSET, 16, 1, wanted, sizeof(*wanted),
		       false);
	pr_err("map %08x, a tag beside it: %d\n", map, f->is_tagged);
}

enum way { ALL_OF_IT, USUAL, AGAIN };

static void extract(struct vsw_key *key, struct vsw_key_layout *layout,
		    const struct sk_buff *skb, vsw_key_map map, enum way way)
{
	static const struct vsw_port port = { .number = KEY_FRAME_PORT };

	memset(key, 0xa5, sizeof(*key));
	memset(layout, 0xa5, sizeof(*layout));
	rcu_read_lock();
	switch (way) {
	case ALL_OF_IT:
		vsw_key_extract(key, layout, &port, skb, map);
		break;
	case USUAL:
		vsw_key_extract_usual(key, layout, &port, skb, map);
		break;
	case AGAIN:
		vsw_key_extract(key, layout, &port, skb, map);
		/* What is not of the frame stays, all else does not. */
		memset(&key->eth_dst, 0xa5, 2 * sizeof(u64));
		memset(&key->tp_src, 0xa5, 6);
		memset(&key->ip, 0xa5, sizeof(key->ip));
		memset(&key->arp_sha, 0xa5, 5 * sizeof(u64));
		key->ct_state = 0x77;
		vsw_key_extract_again(key, layout, skb);
		key->ct_state ^= 0x77;
		break;
	}
	rcu_read_unlock();
}

bool key_frame_compare(struct kunit *test, const struct key_frame *f,
		       const struct key_shape *shape, vsw_key_map map,
		       const struct vsw_key *wanted, const struct vsw_key_layout *where)
{
	struct sk_buff *skb = key_frame_packet(f, shape);
	const struct {
		vsw_key_map map;
		enum way way;
	} tries[] = {
		{ VSW_KEY_MAP_ALL, ALL_OF_IT }, { map, ALL_OF_IT }, { map, USUAL },
		{ VSW_KEY_MAP_ALL, AGAIN },
	};
	struct vsw_key_layout layout;
	struct vsw_key key;
	unsigned int i;

	if (!skb) {
		KUNIT_FAIL(test, "no memory");
		return false;
	}
	skb->mark = KEY_FRAME_MARK;
	rcu_read_lock();
	for (i = 0; i < ARRAY_SIZE(tries); i++) {
		extract(&key, &layout, skb, tries[i].map, tries[i].way);
		if (!is_right(&key, &layout, wanted, where, tries[i].map))
			break;
	}
	rcu_read_unlock();
	kfree_skb(skb);
	if (i == ARRAY_SIZE(tries))
		return true;
	show(f, &key, wanted, tries[i].map);
	KUNIT_FAIL(test, "by way %u", i);
	return false;
}

bool key_frame_check(struct kunit *test, const struct key_frame *f,
		     const struct key_shape *shape, vsw_key_map map)
{
	struct vsw_key_layout where;
	struct vsw_key wanted;

	key_frame_read(f, &wanted, &where);
	wanted.mark = KEY_FRAME_MARK;
	return key_frame_compare(test, f, shape, map, &wanted, &where);
}
