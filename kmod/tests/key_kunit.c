// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of the key: what is extracted from frames that are whole, cut off anywhere, in
 * pieces, tagged in all ways, and what lies beside them. Random ones: key_random_kunit.c.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <net/dst_metadata.h>
#include <net/ndisc.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "key_frame.h"
#include "sender.h"

struct fixture {
	struct key_frame frame;
};

/* ---- samples, and the keys that a reader of RFCs makes of them ------------- */

struct sample {
	const char *name;
	u16 type;
	u8 transport;			/* where it begins, from the network header; 0: nowhere */
	u8 length;
	u8 bytes[120];
	struct vsw_key key;		/* but for Ethernet */
};

#define BYTES(bytes...)	sizeof((u8[]){ bytes }), { bytes }
#define IPV4(length, frag, protocol)					\
	0x45, 0xb8, 0, length, 0, 1, (frag) >> 8, (frag) & 255, 63, protocol, 0, 0, IP4A, IP4B
#define IPV6(length, next)						\
	0x6b, 0x81, 0x23, 0x45, 0, length, next, 64, IP6A, IP6B
#define ARP(op)	0, 1, 8, 0, 6, 4, 0, op, MACA, IP4A, MACB, IP4B
#define IP4A	192, 0, 2, 1
#define IP4B	198, 51, 100, 2
#define IP6A	0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a
#define IP6B	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0x0b
#define MACA	2, 0, 0, 0, 0, 0x0a
#define MACB	2, 0, 0, 0, 0, 0x0b
#define TCP	0x12, 0x34, 0, 80, 1, 2, 3, 4, 5, 6, 7, 8, 0x51, 0x12, 1, 0, 0, 0, 0, 0
#define UDP	0x12, 0x34, 0, 53, 0, 8, 0, 0
#define ND(type)	type, 0, 0, 0, 0x60, 0, 0, 0, IP6B

#define ADDRESSES4	.ip.ipv4_src = htonl(0xc0000201), .ip.ipv4_dst = htonl(0xc6336402)
#define ADDRESSES6	.ip.ipv6_src = { { { IP6A } } }, .ip.ipv6_dst = { { { IP6B } } }
#define KEY4(protocol)	.ip_tos = 0xb8, .ip_ttl = 63, .ip_proto = protocol, ADDRESSES4
#define KEY6(protocol)	.ip_tos = 0xb8, .ip_ttl = 64, .ip_proto = protocol, ADDRESSES6, \
			.ipv6_label = htonl(0x12345)
#define PORTS(dest)	.tp_src = htons(0x1234), .tp_dst = htons(dest)

static const struct sample samples[] = {
	{ "TCP", ETH_P_IP, 20, BYTES(IPV4(40, 0, 6), TCP),
	  { KEY4(6), PORTS(80), .tcp_flags = htons(0x112) } },
	{ "UDP behind options", ETH_P_IP, 24,
	  BYTES(0x46, 0, 0, 32, 0, 1, 0x40, 0, 1, 17, 0, 0, IP4A, IP4B, 0x94, 4, 0, 0, UDP),
	  { .ip_ttl = 1, .ip_proto = 17, ADDRESSES4, PORTS(53) } },
	{ "UDP, first fragment", ETH_P_IP, 20, BYTES(IPV4(28, 0x2000, 17), UDP),
	  { KEY4(17), .ip_frag = 1, PORTS(53) } },
	{ "UDP, later fragment", ETH_P_IP, 0, BYTES(IPV4(28, 0x2001, 17), UDP),
	  { KEY4(17), .ip_frag = 3 } },
	{ "UDP, last fragment", ETH_P_IP, 0, BYTES(IPV4(28, 1, 17), UDP),
	  { KEY4(17), .ip_frag = 3 } },
	{ "TCP, a fragment that hides the flags", ETH_P_IP, 0,
	  BYTES(IPV4(28, 0x2000, 6), 0x12, 0x34, 0, 80, 1, 2, 3, 4),
	  { KEY4(6), .ip_frag = 1, PORTS(80) } },
	{ "TCP in the padding", ETH_P_IP, 0, BYTES(IPV4(20, 0, 6), TCP), { KEY4(6) } },
	{ "UDP-Lite", ETH_P_IP, 20, BYTES(IPV4(28, 0, 136), UDP), { KEY4(136) } },
	{ "SCTP", ETH_P_IP, 20, BYTES(IPV4(32, 0, 132), 0x12, 0x34, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0),
	  { KEY4(132), PORTS(9) } },
	{ "ICMP", ETH_P_IP, 20, BYTES(IPV4(28, 0, 1), 3, 4, 0, 0, 0, 0, 5, 220),
	  { KEY4(1), .tp_src = htons(3), .tp_dst = htons(4) } },
	{ "ICMPv6 in IPv4", ETH_P_IP, 0, BYTES(IPV4(28, 0, 58), 135, 0, 0, 0, 0, 0, 0, 0),
	  { KEY4(58) } },
	{ "IPv4 of another version", ETH_P_IP, 0, BYTES(0x55, [39] = 0), {} },
	{ "IPv4 longer than it is", ETH_P_IP, 0, BYTES(IPV4(41, 0, 6), TCP), {} },
	{ "IPv4 shorter than its header", ETH_P_IP, 0, BYTES(IPV4(19, 0, 6), TCP), {} },
	{ "ARP", ETH_P_ARP, 0, BYTES(ARP(1)),
	  { .ip_proto = 1, ADDRESSES4, .arp_sha = { MACA }, .arp_tha = { MACB } } },
	{ "ARP of a large operation", ETH_P_ARP, 0,
	  BYTES(0, 1, 8, 0, 6, 4, 1, 2, MACA, IP4A, MACB, IP4B),
	  { ADDRESSES4, .arp_sha = { MACA }, .arp_tha = { MACB } } },
	{ "ARP of long MACs", ETH_P_ARP, 0,
	  BYTES(0, 1, 8, 0, 8, 4, 0, 1, MACA, IP4A, MACB, IP4B, [31] = 0), {} },
	{ "RARP", ETH_P_RARP, 0, BYTES(ARP(3)),
	  { .ip_proto = 3, ADDRESSES4, .arp_sha = { MACA }, .arp_tha = { MACB } } },
	{ "TCP in IPv6", ETH_P_IPV6, 40, BYTES(IPV6(20, 6), TCP),
	  { KEY6(6), PORTS(80), .tcp_flags = htons(0x112) } },
	{ "UDP behind extensions", ETH_P_IPV6, 76,
	  BYTES(IPV6(44, 0), 60, 0, 1, 4, 0, 0, 0, 0, 43, 0, 1, 4, 0, 0, 0, 0,
		51, 0, 0, 0, 0, 0, 0, 0, 17, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, UDP),
	  { KEY6(17), PORTS(53) } },
	{ "IPv6, first fragment", ETH_P_IPV6, 48,
	  BYTES(IPV6(16, 44), 17, 0, 0, 1, 0, 0, 0, 7, UDP),
	  { KEY6(17), .ip_frag = 1, PORTS(53) } },
	{ "IPv6, later fragment", ETH_P_IPV6, 0,
	  BYTES(IPV6(16, 44), 17, 0, 0, 9, 0, 0, 0, 7, UDP), { KEY6(44), .ip_frag = 3 } },
	{ "IPv6, a fragment that is whole", ETH_P_IPV6, 48,
	  BYTES(IPV6(16, 44), 17, 0, 0, 0, 0, 0, 0, 7, UDP), { KEY6(17), PORTS(53) } },
	{ "IPv6, extension beyond the end", ETH_P_IPV6, 0,
	  BYTES(IPV6(16, 60), 17, 2, 1, 4, 0, 0, 0, 0, UDP), { KEY6(0) } },
	{ "IPv6 without an end", ETH_P_IPV6, 40, BYTES(IPV6(0, 17), UDP),
	  { KEY6(17), PORTS(53) } },
	{ "ICMP in IPv6", ETH_P_IPV6, 0, BYTES(IPV6(8, 1), 8, 0, 0, 0, 0, 0, 0, 0),
	  { KEY6(1) } },
	{ "solicitation", ETH_P_IPV6, 40, BYTES(IPV6(32, 58), ND(135), 1, 1, MACA),
	  { KEY6(58), .tp_src = htons(135), .nd_target = { { { IP6B } } },
	    .arp_sha = { MACA } } },
	{ "advertisement", ETH_P_IPV6, 40,
	  BYTES(IPV6(40, 58), ND(136), 14, 1, 0, 0, 0, 0, 0, 0, 2, 1, MACB),
	  { KEY6(58), .tp_src = htons(136), .nd_target = { { { IP6B } } },
	    .arp_tha = { MACB } } },
	{ "solicitation from two", ETH_P_IPV6, 40,
	  BYTES(IPV6(40, 58), ND(135), 1, 1, MACA, 1, 1, MACB),
	  { KEY6(58), .tp_src = htons(135) } },
	{ "advertisement with an option of nothing", ETH_P_IPV6, 40,
	  BYTES(IPV6(40, 58), ND(136), 2, 1, MACB, 2, 0, MACB),
	  { KEY6(58), .tp_src = htons(136) } },
	{ "redirect", ETH_P_IPV6, 40, BYTES(IPV6(40, 58), ND(137), IP6A),
	  { KEY6(58), .tp_src = htons(137) } },
	{ "MPLS", ETH_P_MPLS_UC, 0, BYTES(IPV4(40, 0, 6), TCP), {} },
};

/* @s behind @tags, of which one is the tag beside the frame if @beside. */
static void make(struct key_frame *f, const struct sample *s, const u32 *tags, unsigned int count,
		 bool beside)
{
	u8 *at = f->bytes;

	memset(f, 0, sizeof(*f));
	at = memcpy(at, (u8[]){ MACB, MACA }, 12) + 12;
	if (beside) {
		f->is_tagged = true;
		f->tci = tags[0];
		tags++;
		count--;
	}
	for (; count; count--, tags++, at += 4)
		put_unaligned_be32(*tags, at);
	put_unaligned_be16(s->type, at);
	memcpy(at + 2, s->bytes, s->length);
	f->len = at + 2 + s->length - f->bytes;
}

static void each_protocol(struct kunit *test)
{
	struct fixture *fixture = test->priv;
	unsigned int i, j, k;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		const struct sample *s = &samples[i];
		struct vsw_key_layout where = {};
		struct vsw_key wanted = s->key;

		make(&fixture->frame, s, NULL, 0, false);
		wanted.in_port = KEY_FRAME_PORT;
		wanted.mark = KEY_FRAME_MARK;
		wanted.eth_type = htons(s->type);
		memcpy(wanted.eth_dst, (u8[]){ MACB }, ETH_ALEN);
		memcpy(wanted.eth_src, (u8[]){ MACA }, ETH_ALEN);
		where.network = s->key.ip.ipv4_src ? 1 : 0;
		where.transport = s->transport ? s->transport + 1 : 0;
		if (!ipv6_addr_any(&s->key.nd_target))
			where.nd_options = s->transport + sizeof(struct nd_msg) + 1;
		for (j = 0; j < ARRAY_SIZE(key_shapes); j++) {
			for (k = 0; k < ARRAY_SIZE(key_maps); k++) {
				if (!key_frame_compare(test, &fixture->frame, &key_shapes[j],
						       key_maps[k], &wanted, &where))
					KUNIT_FAIL(test, "%s", s->name);
			}
		}
	}
}

/* In all shapes, with words that depend on @n. */
static bool check_shapes(struct kunit *test, unsigned int n)
{
	struct fixture *fixture = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(key_shapes); i++) {
		if (!key_frame_check(test, &fixture->frame, &key_shapes[i],
				     key_maps[(n + i) % ARRAY_SIZE(key_maps)]))
			return false;
	}
	return true;
}

static void cut_off(struct kunit *test)
{
	struct fixture *fixture = test->priv;
	struct key_frame *f = &fixture->frame;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		make(f, &samples[i], NULL, 0, false);
		for (; f->len >= ETH_HLEN; f->len--) {
			if (!check_shapes(test, f->len))
				return;
		}
	}
}

/* Likewise where all lengths say that it was to be so. */
static void cut_short(struct kunit *test)
{
	struct fixture *fixture = test->priv;
	struct key_frame *f = &fixture->frame;
	int len, least;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		const struct sample *s = &samples[i];

		if (s->type != ETH_P_IP && s->type != ETH_P_IPV6)
			continue;
		least = s->type == ETH_P_IP ? 4 : 40;
		for (len = s->length; len >= least; len--) {
			make(f, s, NULL, 0, false);
			put_unaligned_be16(s->type == ETH_P_IP ? len : len - 40,
					   f->bytes + ETH_HLEN + (s->type == ETH_P_IP ? 2 : 4));
			if (!check_shapes(test, len))
				return;
			f->len = ETH_HLEN + len;
			if (!check_shapes(test, len))
				return;
		}
	}
}

/* ---- tags and LLC --------------------------------------------------------- */

/* Any number of tags, in the frame or one beside it, in front of all samples. */
static void tags(struct kunit *test)
{
	static const u32 tags[][4] = {
		{ 0x8100000a, 0x8100e014, 0x8100001e, 0x81000028 },
		{ 0x88a8000a, 0x8100b014, 0x88a8001e, 0x81000028 },
		{ 0x81000000, 0x88a80000, 0x81000000, 0x88a80000 },
		{ 0x9100000a, 0x81000014, 0x8100001e, 0x81000028 },
	};
	struct fixture *fixture = test->priv;
	struct key_frame *f = &fixture->frame;
	unsigned int i, count, beside, set;

	for (i = 0; i < ARRAY_SIZE(samples) * ARRAY_SIZE(tags); i++) {
		set = i % ARRAY_SIZE(tags);
		for (count = 0; count <= 4; count++) {
			for (beside = 0; beside <= min(count, 1U); beside++) {
				make(f, &samples[i / ARRAY_SIZE(tags)], tags[set], count, beside);
				if (!check_shapes(test, i))
					return;
			}
		}
	}
}

static void extract_all(struct kunit *test, struct vsw_key *key, struct vsw_key_layout *layout)
{
	static const struct vsw_port port = { .number = KEY_FRAME_PORT };
	struct fixture *fixture = test->priv;
	struct sk_buff *skb = key_frame_packet(&fixture->frame, &key_shapes[0]);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	rcu_read_lock();
	vsw_key_extract(key, layout, &port, skb, VSW_KEY_MAP_ALL);
	rcu_read_unlock();
	kfree_skb(skb);
}

/* The same by hand: the first two are the key's, a third one is what they carry. */
static void two_tags(struct kunit *test)
{
	static const u32 tags[] = { 0x88a8e00a, 0x81000014, 0x8100001e };
	struct fixture *fixture = test->priv;
	struct key_frame *f = &fixture->frame;
	struct vsw_key_layout layout;
	struct vsw_key key;
	unsigned int beside;

	for (beside = 0; beside < 2; beside++) {
		make(f, &samples[0], tags, 1, beside);
		extract_all(test, &key, &layout);
		KUNIT_EXPECT_EQ(test, key.vlan_tci, htons(0xf00a));
		KUNIT_EXPECT_EQ(test, key.vlan2_tci, 0);
		KUNIT_EXPECT_EQ(test, key.eth_type, htons(ETH_P_IP));
		KUNIT_EXPECT_EQ(test, key.tp_dst, htons(80));
		KUNIT_EXPECT_EQ(test, layout.tags, 1 - beside);
		KUNIT_EXPECT_EQ(test, layout.network, 1 + 4 * layout.tags);

		make(f, &samples[0], tags, 2, beside);
		extract_all(test, &key, &layout);
		KUNIT_EXPECT_EQ(test, key.vlan_tci, htons(0xf00a));
		KUNIT_EXPECT_EQ(test, key.vlan2_tci, htons(0x1014));
		KUNIT_EXPECT_EQ(test, key.eth_type, htons(ETH_P_IP));
		KUNIT_EXPECT_EQ(test, key.tp_dst, htons(80));
		KUNIT_EXPECT_EQ(test, layout.tags, 2 - beside);
		KUNIT_EXPECT_EQ(test, layout.transport, 21 + 4 * layout.tags);

		make(f, &samples[0], tags, 3, beside);
		extract_all(test, &key, &layout);
		KUNIT_EXPECT_EQ(test, key.vlan2_tci, htons(0x1014));
		KUNIT_EXPECT_EQ(test, key.eth_type, htons(ETH_P_8021Q));
		KUNIT_EXPECT_EQ(test, key.ip_proto, 0);
		KUNIT_EXPECT_EQ(test, layout.network, 0);
	}
}

static void llc(struct kunit *test)
{
	static const struct {
		const char *name;
		u8 header[8];
		u16 type;
		bool is_snap;
	} headers[] = {
		{ "spanning tree", { 0x42, 0x42, 3 }, 0x5ff },
		{ "IPv4", { 0xaa, 0xaa, 3, 0, 0, 0, 8, 0 }, ETH_P_IP, true },
		{ "IPX", { 0xaa, 0xaa, 3, 0, 0, 0, 0x81, 0x37 }, 0x8137, true },
		{ "a length once more", { 0xaa, 0xaa, 3, 0, 0, 0, 5, 0xff }, 0x5ff },
		{ "CDP", { 0xaa, 0xaa, 3, 0, 0, 0xc, 0x20, 0 }, 0x5ff },
		{ "another control", { 0xaa, 0xaa, 0xf3, 0, 0, 0, 8, 0 }, 0x5ff },
	};
	struct fixture *fixture = test->priv;
	struct key_frame *f = &fixture->frame;
	struct sample s = { .type = 48 };
	struct vsw_key_layout layout;
	unsigned int i, len;
	struct vsw_key key;

	for (i = 0; i < ARRAY_SIZE(headers); i++) {
		memcpy(s.bytes, headers[i].header, 8);
		memcpy(s.bytes + 8, samples[0].bytes, samples[0].length);
		s.length = 8 + samples[0].length;
		make(f, &s, NULL, 0, false);
		extract_all(test, &key, &layout);
		KUNIT_EXPECT_EQ_MSG(test, ntohs(key.eth_type), headers[i].type, "%s",
				    headers[i].name);
		KUNIT_EXPECT_EQ_MSG(test, layout.is_snap, headers[i].is_snap, "%s",
				    headers[i].name);
		KUNIT_EXPECT_EQ_MSG(test, key.ip_proto, headers[i].type == ETH_P_IP ? 6 : 0, "%s",
				    headers[i].name);
		for (len = f->len; len >= ETH_HLEN; len--) {
			f->len = len;
			if (!key_frame_check(test, f, &key_shapes[i], VSW_KEY_MAP_ALL))
				return;
		}
	}
}

/* ---- what lengths can't say, and what is not in the frame ----------------- */

static void jumbo(struct kunit *test)
{
	struct fixture *fixture = test->priv;
	struct key_frame *f = &fixture->frame;
	struct vsw_key_layout layout;
	struct vsw_key key;

	make(f, &samples[0], NULL, 0, false);
	put_unaligned_be16(0, f->bytes + ETH_HLEN + 2);
	extract_all(test, &key, &layout);
	KUNIT_EXPECT_EQ(test, key.ip_proto, 0);
	f->is_gso = true;
	extract_all(test, &key, &layout);
	KUNIT_EXPECT_EQ(test, key.ip_proto, 6);
	KUNIT_EXPECT_EQ(test, key.tp_dst, htons(80));
}

/* Nobody hides ports behind more extension headers, or a target before more options. */
static void bounds(struct kunit *test)
{
	static const u8 ip[] = { IPV6(0, 60) }, nd[] = { ND(135) };
	struct fixture *fixture = test->priv;
	struct key_frame *f = &fixture->frame;
	struct sample s = { .type = ETH_P_IPV6 };
	struct vsw_key_layout layout;
	struct vsw_key key;
	unsigned int n, i;
	u8 *at;

	for (n = 1; n <= 180; n = 2 * n + 5) {
		make(f, &s, NULL, 0, false);
		at = memcpy(f->bytes + ETH_HLEN, ip, sizeof(ip)) + sizeof(ip);
		for (i = 1; i <= n; i++, at += 8)
			*at = i < n ? 60 : 17;
		at[2] = 7;
		f->len = at + 8 - f->bytes;
		extract_all(test, &key, &layout);
		KUNIT_EXPECT_EQ_MSG(test, key.ip_proto, 17, "%u", n);
		KUNIT_EXPECT_EQ_MSG(test, key.tp_dst, htons(0x700), "%u", n);
	}
	for (n = 1; n <= 180; n = 2 * n + 5) {
		make(f, &s, NULL, 0, false);
		at = memcpy(f->bytes + ETH_HLEN, ip, sizeof(ip)) + sizeof(ip);
		at[-34] = 58;
		at = memcpy(at, nd, sizeof(nd)) + sizeof(nd);
		for (i = 0; i < n; i++, at += 8)
			at[1] = 1;
		f->len = at - f->bytes;
		extract_all(test, &key, &layout);
		KUNIT_EXPECT_NE_MSG(test, layout.nd_options, 0, "%u", n);
		KUNIT_EXPECT_FALSE_MSG(test, ipv6_addr_any(&key.nd_target), "%u", n);
	}
}

static void tunnel_of(struct kunit *test, struct vsw_key *key, bool v6, bool sent)
{
	static const struct vsw_port port = { .number = KEY_FRAME_PORT };
	struct fixture *fixture = test->priv;
	struct metadata_dst *dst = metadata_dst_alloc(0, METADATA_IP_TUNNEL, GFP_KERNEL);
	struct vsw_key_layout layout;
	struct ip_tunnel_info *info;
	struct sk_buff *skb;

	KUNIT_ASSERT_NOT_NULL(test, dst);
	info = &dst->u.tun_info;
	info->mode = (v6 ? IP_TUNNEL_INFO_IPV6 : 0) | (sent ? IP_TUNNEL_INFO_TX : 0);
	info->key.tun_id = cpu_to_be64(0x1234567);
	if (v6) {
		info->key.u.ipv6.src = (struct in6_addr){ { { IP6A } } };
		info->key.u.ipv6.dst = (struct in6_addr){ { { IP6B } } };
	} else {
		info->key.u.ipv4.src = htonl(0xc0000201);
		info->key.u.ipv4.dst = htonl(0xc6336402);
	}
	make(&fixture->frame, &samples[0], NULL, 0, false);
	skb = key_frame_packet(&fixture->frame, &key_shapes[0]);
	if (skb) {
		rcu_read_lock();
		skb_dst_set_noref(skb, &dst->dst);
		vsw_key_extract(key, &layout, &port, skb, VSW_KEY_MAP_ALL);
		rcu_read_unlock();
		kfree_skb(skb);
	}
	metadata_dst_free(dst);
	KUNIT_ASSERT_NOT_NULL(test, skb);
}

static void tunnels(struct kunit *test)
{
	const struct in6_addr a = { { { IP6A } } }, b = { { { IP6B } } };
	struct vsw_key key;

	tunnel_of(test, &key, false, false);
	KUNIT_EXPECT_EQ(test, key.tun_id, cpu_to_be64(0x1234567));
	KUNIT_EXPECT_EQ(test, key.tun_ipv4_src, htonl(0xc0000201));
	KUNIT_EXPECT_EQ(test, key.tun_ipv4_dst, htonl(0xc6336402));
	KUNIT_EXPECT_TRUE(test, ipv6_addr_any(&key.tun_ipv6_src));

	tunnel_of(test, &key, true, false);
	KUNIT_EXPECT_EQ(test, key.tun_id, cpu_to_be64(0x1234567));
	KUNIT_EXPECT_EQ(test, key.tun_ipv4_src, 0);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&key.tun_ipv6_src, &a));
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&key.tun_ipv6_dst, &b));

	/* What it is to be sent by is not what it came by. */
	tunnel_of(test, &key, false, true);
	KUNIT_EXPECT_EQ(test, key.tun_id, 0);
	KUNIT_EXPECT_EQ(test, key.tun_ipv4_src, 0);
}

static void cgroups(struct kunit *test)
{
#ifdef CONFIG_SOCK_CGROUP_DATA
	static struct vsw_port port = { .number = KEY_FRAME_PORT };
	struct cgroup *root = vsw_sender_get(1, NULL);
	struct fixture *fixture = test->priv;
	struct vsw_key_layout layout;
	struct sk_buff *skb;
	struct vsw_key key;
	struct socket *sock;

	KUNIT_ASSERT_FALSE(test, IS_ERR(root));
	KUNIT_EXPECT_EQ(test, PTR_ERR(vsw_sender_get(U64_MAX, NULL)), -ESRCH);
	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, AF_INET, SOCK_DGRAM, IPPROTO_UDP,
					       &sock), 0);
	make(&fixture->frame, &samples[0], NULL, 0, false);
	skb = key_frame_packet(&fixture->frame, &key_shapes[0]);
	if (skb) {
		rcu_read_lock();
		skb->sk = sock->sk;
		vsw_key_extract(&key, &layout, &port, skb, VSW_KEY_MAP_OF(cgroup));
		skb->sk = NULL;
		KUNIT_EXPECT_NE(test, key.cgroup, 0);
		KUNIT_EXPECT_EQ(test, key.cgroup,
				cgroup_id(sock_cgroup_ptr(&sock->sk->sk_cgrp_data)));
		vsw_key_extract(&key, &layout, &port, skb, VSW_KEY_MAP_OF(cgroup));
		KUNIT_EXPECT_EQ(test, key.cgroup, 0);
		KUNIT_EXPECT_PTR_EQ(test, key.sender, NULL);
		/* Of nobody, and so of whom the port belongs to. */
		RCU_INIT_POINTER(port.container, root);
		vsw_key_extract(&key, &layout, &port, skb, VSW_KEY_MAP_OF(cgroup));
		rcu_read_unlock();
		KUNIT_EXPECT_EQ(test, key.cgroup, 1);
		KUNIT_EXPECT_PTR_EQ(test, key.sender, root);
		kfree_skb(skb);
	}
	sock_release(sock);
	RCU_INIT_POINTER(port.container, NULL);
	vsw_sender_put(root);
	KUNIT_EXPECT_NOT_NULL(test, skb);
#else
	kunit_skip(test, "this kernel's sockets know no cgroup");
#endif
}

static int init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct fixture), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static struct kunit_case cases[] = {
	KUNIT_CASE(each_protocol),
	KUNIT_CASE(cut_off),
	KUNIT_CASE(cut_short),
	KUNIT_CASE(tags),
	KUNIT_CASE(two_tags),
	KUNIT_CASE(llc),
	KUNIT_CASE(jumbo),
	KUNIT_CASE(bounds),
	KUNIT_CASE(tunnels),
	KUNIT_CASE(cgroups),
	{}
};

static struct kunit_suite suite = {
	.name = "vswitch_key",
	.init = init,
	.test_cases = cases,
};

kunit_test_suite(suite);
