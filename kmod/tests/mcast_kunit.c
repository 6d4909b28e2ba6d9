// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of multicast snooping: what is read from packets that are whole, cut off
 * anywhere, in pieces, or changed at random, and what reports make of a membership
 * (RFC 3376 6.4).
 */
#include <kunit/test.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/random.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>
#include <net/net_namespace.h>

#include "vswitch.h"

#define MAX_PACKET	2048
#define RANDOM_PACKETS	20000

#define GROUP4		239, 1, 1, 1
#define GROUP6		0xff, 0x0e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0d, 0xb8, 0, 1
#define MAPPED		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, GROUP4
#define NONE6		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define SOURCE6		0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7

struct fixture {
	struct vsw_switch *sw;
	struct vsw_port port;
	u8 packet[MAX_PACKET];
};

struct sample {
	const char *name;
	bool v6;
	u8 kind;			/* enum vsw_mcast_kind */
	u8 length;
	u8 bytes[60];			/* with checksum 0 */
};

#define V4(kind, bytes...)	false, VSW_MCAST_##kind, sizeof((u8[]){ bytes }), { bytes }
#define V6(kind, bytes...)	true, VSW_MCAST_##kind, sizeof((u8[]){ bytes }), { bytes }

static const struct sample samples[] = {
	{ "IGMPv1 query", V4(IGMP_V1_QUERY, 0x11, 0, 0, 0, 0, 0, 0, 0) },
	{ "IGMPv2 query", V4(IGMP_V2_QUERY, 0x11, 100, 0, 0, 0, 0, 0, 0) },
	{ "IGMPv3 query", V4(IGMP_V3_QUERY, 0x11, 100, 0, 0, GROUP4, 2, 125, 0, 1,
			     192, 0, 2, 7) },
	{ "IGMPv1 report", V4(IGMP_V1_REPORT, 0x12, 0, 0, 0, GROUP4) },
	{ "IGMPv2 report", V4(IGMP_V2_REPORT, 0x16, 0, 0, 0, GROUP4) },
	{ "IGMPv2 leave", V4(IGMP_LEAVE, 0x17, 0, 0, 0, GROUP4) },
	{ "IGMPv3 report", V4(IGMP_V3_REPORT, 0x22, 0, 0, 0, 0, 0, 0, 2,
			      1, 0, 0, 1, GROUP4, 192, 0, 2, 7,
			      4, 1, 0, 0, 239, 1, 1, 2, 'a', 'u', 'x', '!') },
	{ "IGMPv3 report of nothing", V4(IGMP_V3_REPORT, 0x22, 0, 0, 0, 0, 0, 0, 0) },
	{ "router of IPv4", V4(ROUTER, 0x30, 20, 0, 0, 0, 125, 0, 2) },
	{ "IGMP of a kind to come", V4(OTHER, 0x77, 0, 0, 0, 0, 0, 0, 0) },
	{ "report of what is no group", V4(INVALID, 0x16, 0, 0, 0, 192, 0, 2, 1) },
	{ "query of 9 bytes", V4(INVALID, 0x11, 100, 0, 0, 0, 0, 0, 0, 0) },
	{ "IGMPv3 query without its source", V4(INVALID, 0x11, 100, 0, 0, GROUP4, 2, 125, 0, 1) },
	{ "IGMPv3 report without its record", V4(INVALID, 0x22, 0, 0, 0, 0, 0, 0, 1) },
	{ "record without its sources", V4(INVALID, 0x22, 0, 0, 0, 0, 0, 0, 1,
					   1, 0, 0xff, 0xff, GROUP4) },
	{ "record without its other data", V4(INVALID, 0x22, 0, 0, 0, 0, 0, 0, 1,
					      1, 0xff, 0, 0, GROUP4) },
	{ "record of what is no group", V4(INVALID, 0x22, 0, 0, 0, 0, 0, 0, 1,
					   1, 0, 0, 0, 192, 0, 2, 1) },
	{ "MLDv1 query", V6(MLD_V1_QUERY, 130, 0, 0, 0, 3, 232, 0, 0, NONE6) },
	{ "MLDv2 query", V6(MLD_V2_QUERY, 130, 0, 0, 0, 3, 232, 0, 0, GROUP6, 2, 125, 0, 1,
			    SOURCE6) },
	{ "MLDv1 report", V6(MLD_V1_REPORT, 131, 0, 0, 0, 0, 0, 0, 0, GROUP6) },
	{ "MLDv1 done", V6(MLD_LEAVE, 132, 0, 0, 0, 0, 0, 0, 0, GROUP6) },
	{ "MLDv2 report", V6(MLD_V2_REPORT, 143, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, GROUP6,
			     SOURCE6) },
	{ "router of IPv6", V6(ROUTER, 151, 20, 0, 0, 0, 125, 0, 2) },
	{ "other ICMPv6", V6(DATA, 128, 0, 0, 0, 0, 1, 0, 1) },
	{ "report of a group of IPv4", V6(INVALID, 131, 0, 0, 0, 0, 0, 0, 0, MAPPED) },
	{ "query of a group of IPv4", V6(INVALID, 130, 0, 0, 0, 3, 232, 0, 0, MAPPED) },
	{ "record of a group of IPv4", V6(INVALID, 143, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0,
					  MAPPED) },
	{ "MLDv2 report without its record", V6(INVALID, 143, 0, 0, 0, 0, 0, 0, 1) },
	{ "MLD of 8 bytes", V6(INVALID, 131, 0, 0, 0, 0, 0, 0, 0) },
};

static bool is_general(const struct sample *s)
{
	const u8 type = s->bytes[0];

	return (type == 0x11 && !s->bytes[4]) || (type == 130 && !s->bytes[8]);
}

/* The message of @s as a packet into @p; its length. */
static unsigned int wrap4(u8 *p, const u8 *message, unsigned int length, bool general)
{
	static const u8 header[24] = {
		0x46, 0xc0, 0, 0, 0, 1, 0x40, 0, 1, 2, 0, 0, 192, 0, 2, 1, GROUP4, 0x94, 4, 0, 0,
	};
	struct iphdr *ip = (struct iphdr *)p;
	__sum16 sum;

	memcpy(p, header, sizeof(header));
	ip->tot_len = htons(sizeof(header) + length);
	if (general)
		ip->daddr = htonl(INADDR_ALLHOSTS_GROUP);
	ip->check = ip_compute_csum(p, sizeof(header));
	memcpy(p + sizeof(header), message, length);
	sum = ip_compute_csum(p + sizeof(header), length);
	memcpy(p + sizeof(header) + 2, &sum, sizeof(sum));
	return sizeof(header) + length;
}

static unsigned int wrap6(u8 *p, const u8 *message, unsigned int length, bool general)
{
	static const u8 header[48] = {
		0x60, 0, 0, 0, 0, 0, 0, 1, 0xfe, 0x80, [23] = 1, GROUP6,
		IPPROTO_ICMPV6, 0, 5, 2, 0, 0, 1, 0,
	};
	static const u8 all_nodes[16] = { 0xff, 2, [15] = 1 };
	struct ipv6hdr *ip = (struct ipv6hdr *)p;
	__sum16 sum;

	memcpy(p, header, sizeof(header));
	ip->payload_len = htons(8 + length);
	if (general)
		memcpy(&ip->daddr, all_nodes, sizeof(all_nodes));
	memcpy(p + sizeof(header), message, length);
	sum = csum_ipv6_magic(&ip->saddr, &ip->daddr, length, IPPROTO_ICMPV6,
			      csum_partial(p + sizeof(header), length, 0));
	memcpy(p + sizeof(header) + 2, &sum, sizeof(sum));
	return sizeof(header) + length;
}

static unsigned int wrap(u8 *p, const struct sample *s)
{
	return s->v6 ? wrap6(p, s->bytes, s->length, is_general(s)) :
		       wrap4(p, s->bytes, s->length, is_general(s));
}

/* With data behind the Ethernet header, and if @paged nothing in its head. */
static struct sk_buff *frame(const u8 *bytes, unsigned int len, bool v6, bool paged)
{
	struct sk_buff *skb = alloc_skb(ETH_HLEN + (paged ? 0 : len), GFP_KERNEL);
	struct page *page = paged ? alloc_page(GFP_KERNEL) : NULL;
	struct ethhdr *eth;

	if (!skb || (paged && !page)) {
		kfree_skb(skb);
		if (page)
			__free_page(page);
		return NULL;
	}
	eth = skb_put_zero(skb, ETH_HLEN);
	eth->h_proto = htons(v6 ? ETH_P_IPV6 : ETH_P_IP);
	if (paged) {
		memcpy(page_address(page), bytes, len);
		skb_add_rx_frag(skb, 0, page, 0, len, PAGE_SIZE);
	} else {
		skb_put_data(skb, bytes, len);
	}
	skb_reset_mac_header(skb);
	__skb_pull(skb, ETH_HLEN);
	skb->protocol = eth->h_proto;
	return skb;
}

/* Go through all that a message says it has. */
static void read_all(struct kunit *test, const struct sk_buff *skb, struct vsw_mcast_msg *msg)
{
	enum vsw_mcast_family family = vsw_mcast_family(&msg->dest);
	struct vsw_mcast_record record;
	struct in6_addr source;
	unsigned int i;

	if (msg->kind >= VSW_MCAST_COUNTED)
		return;
	KUNIT_EXPECT_LE(test, msg->end, skb->len);
	if (msg->kind != VSW_MCAST_IGMP_V3_REPORT && msg->kind != VSW_MCAST_MLD_V2_REPORT) {
		for (i = 0; i < msg->count; i++)
			KUNIT_EXPECT_TRUE(test, vsw_mcast_get_source(skb, family, msg->at, i,
								     &source));
		return;
	}
	while (vsw_mcast_next_record(skb, msg, &record) > 0) {
		KUNIT_EXPECT_TRUE(test, vsw_mcast_is_group(&record.group));
		KUNIT_EXPECT_EQ(test, vsw_mcast_family(&record.group), family);
		for (i = 0; i < record.count; i++)
			KUNIT_EXPECT_TRUE(test, vsw_mcast_get_source(skb, family, record.at, i,
								     &source));
	}
	KUNIT_EXPECT_EQ(test, msg->count, 0);
}

static int kind_of(struct kunit *test, const u8 *bytes, unsigned int len, bool v6,
		   bool paged, u8 summed)
{
	struct sk_buff *skb = frame(bytes, len, v6, paged);
	struct vsw_mcast_msg msg;
	int kind;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb->ip_summed = summed;
	vsw_mcast_parse(skb, &msg);
	kind = msg.kind;
	read_all(test, skb, &msg);
	kfree_skb(skb);
	return kind;
}

static void whole(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i, len;
	int paged;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		const struct sample *s = &samples[i];

		len = wrap(f->packet, s);
		for (paged = 0; paged < 2; paged++) {
			KUNIT_EXPECT_EQ_MSG(test, kind_of(test, f->packet, len, s->v6, paged, 0),
					    s->kind, "%s", s->name);
			/* As short frames of Ethernet are. */
			memset(f->packet + len, 0, 20);
			KUNIT_EXPECT_EQ_MSG(test,
					    kind_of(test, f->packet, len + 20, s->v6, paged, 0),
					    s->kind, "%s with padding", s->name);
		}
	}
}

/* What is cut off is no message, wherever that is. */
static void cut_off(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i, len, cut;
	int kind;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		const struct sample *s = &samples[i];

		len = wrap(f->packet, s);
		for (cut = 0; cut < len; cut++) {
			kind = kind_of(test, f->packet, cut, s->v6, cut % 2, 0);
			KUNIT_EXPECT_GE_MSG(test, kind, VSW_MCAST_COUNTED, "%s, %u bytes",
					    s->name, cut);
			KUNIT_EXPECT_NE_MSG(test, kind, VSW_MCAST_ROUTER, "%s, %u bytes",
					    s->name, cut);
		}
		/* Likewise with all lengths and sums right. */
		for (cut = 4; cut < s->length; cut++) {
			len = s->v6 ? wrap6(f->packet, s->bytes, cut, is_general(s)) :
				      wrap4(f->packet, s->bytes, cut, is_general(s));
			kind_of(test, f->packet, len, s->v6, cut % 2, 0);
		}
	}
}

static void odd(struct kunit *test)
{
	static const struct sample v4 = {
		"", V4(IGMP_V2_REPORT, 0x16, 0, 0, 0, GROUP4)
	}, v6 = {
		"", V6(MLD_V1_REPORT, 131, 0, 0, 0, 0, 0, 0, 0, GROUP6)
	};
	static const struct {
		const char *name;
		bool v6;
		u8 at, value, kind;
	} changes[] = {
		{ "wrong sum of IGMP", false, 26, 0x55, VSW_MCAST_INVALID },
		{ "fragment", false, 6, 0x20, VSW_MCAST_INVALID },
		{ "header below its least", false, 0, 0x44, VSW_MCAST_OTHER },
		{ "header beyond the end", false, 0, 0x4f, VSW_MCAST_INVALID },
		{ "another version", false, 0, 0x66, VSW_MCAST_OTHER },
		{ "no group", false, 16, 192, VSW_MCAST_OTHER },
		{ "another protocol", false, 9, 17, VSW_MCAST_DATA },
		{ "total length of nothing", false, 3, 0, VSW_MCAST_INVALID },
		{ "wrong sum of MLD", true, 50, 0x55, VSW_MCAST_INVALID },
		{ "payload of nothing, as a jumbogram's", true, 5, 0, VSW_MCAST_DATA },
		{ "payload beyond the end", true, 4, 1, VSW_MCAST_DATA },
		{ "another version", true, 0, 0x40, VSW_MCAST_OTHER },
		{ "options beyond the end", true, 41, 200, VSW_MCAST_DATA },
		{ "no router alert", true, 42, 1, VSW_MCAST_INVALID },
		{ "router alert for RSVP", true, 45, 1, VSW_MCAST_INVALID },
		{ "option beyond the options", true, 43, 9, VSW_MCAST_INVALID },
		{ "from afar", true, 7, 2, VSW_MCAST_INVALID },
		{ "not from the link", true, 8, 0x20, VSW_MCAST_INVALID },
		{ "another header before it", true, 40, 60, VSW_MCAST_DATA },
	};
	struct fixture *f = test->priv;
	unsigned int i, len;
	struct iphdr *ip = (struct iphdr *)f->packet;

	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		len = wrap(f->packet, changes[i].v6 ? &v6 : &v4);
		f->packet[changes[i].at] = changes[i].value;
		if (!changes[i].v6) {
			ip->check = 0;
			ip->check = ip_compute_csum(f->packet, 24);
		}
		KUNIT_EXPECT_EQ_MSG(test, kind_of(test, f->packet, len, changes[i].v6, i % 2, 0),
				    changes[i].kind, "%s", changes[i].name);
	}
	/* Whose sum is not made yet has none that could be wrong. */
	len = wrap(f->packet, &v4);
	f->packet[26] ^= 0x55;
	KUNIT_EXPECT_EQ(test, kind_of(test, f->packet, len, false, true, CHECKSUM_PARTIAL),
			VSW_MCAST_IGMP_V2_REPORT);
	KUNIT_EXPECT_EQ(test, kind_of(test, f->packet, len, false, true, CHECKSUM_COMPLETE),
			VSW_MCAST_INVALID);
	len = wrap(f->packet, &v6);
	f->packet[50] ^= 0x55;
	KUNIT_EXPECT_EQ(test, kind_of(test, f->packet, len, true, true, CHECKSUM_PARTIAL),
			VSW_MCAST_MLD_V1_REPORT);
	f->packet[50] ^= 0x55;
	KUNIT_EXPECT_EQ(test, kind_of(test, f->packet, len, true, false, CHECKSUM_COMPLETE),
			VSW_MCAST_MLD_V1_REPORT);
}

static void at_random(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i, j, len;

	for (i = 0; i < RANDOM_PACKETS; i++) {
		struct sample s = samples[get_random_u32() % ARRAY_SIZE(samples)];

		/* Half of them with the right sums, which else keep all of it out. */
		for (j = get_random_u32() % 4; j; j--)
			s.bytes[get_random_u32() % s.length] = get_random_u32();
		len = wrap(f->packet, &s);
		for (j = i % 2 * (get_random_u32() % 4); j; j--)
			f->packet[get_random_u32() % len] = get_random_u32();
		kind_of(test, f->packet, len - (i % 3 ? 0 : get_random_u32() % len), s.v6,
			get_random_u32() % 2, i % 5 ? 0 : CHECKSUM_PARTIAL);
	}
}

static void floats(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, vsw_mcast_decode_float(127, 4), 127);
	KUNIT_EXPECT_EQ(test, vsw_mcast_decode_float(128, 4), 128);
	KUNIT_EXPECT_EQ(test, vsw_mcast_decode_float(255, 4), 31 << 10);
	KUNIT_EXPECT_EQ(test, vsw_mcast_decode_float(32767, 12), 32767);
	KUNIT_EXPECT_EQ(test, vsw_mcast_decode_float(65535, 12), 8191 << 10);
}

/* What we ask is understood as it was meant. */
static void own_queries(struct kunit *test)
{
	struct vsw_mcast_query query = { .robustness = 2, .interval = 125000 };
	struct fixture *f = test->priv;
	struct in6_addr from = {}, source;
	struct vsw_mcast_msg msg;
	struct sk_buff *skb;
	int family, general;

	for (family = 0; family < VSW_MCAST_FAMILIES; family++) {
		for (general = 0; general < 2; general++) {
			query.family = family;
			query.version = family == VSW_MCAST_V6 ? 2 : 3;
			query.max_response = 10000;
			query.group = (struct in6_addr) {};
			query.count = general ? 0 : VSW_MCAST_MAX_SOURCES;
			ipv6_addr_set_v4mapped(0, &from);
			if (family == VSW_MCAST_V6)
				from = (struct in6_addr) { { { 0xfe, 0x80, [15] = 1 } } };
			if (!general && family == VSW_MCAST_V6)
				query.group = (struct in6_addr) { { { GROUP6 } } };
			else if (!general)
				ipv6_addr_set_v4mapped(htonl(0xef010101), &query.group);
			query.sources[3] = query.group;
			skb = vsw_mcast_build(f->sw->dev, &from, &query);
			KUNIT_ASSERT_NOT_NULL(test, skb);
			vsw_mcast_parse(skb, &msg);
			KUNIT_EXPECT_EQ(test, msg.kind, family == VSW_MCAST_V6 ?
					VSW_MCAST_MLD_V2_QUERY : VSW_MCAST_IGMP_V3_QUERY);
			KUNIT_EXPECT_EQ(test, msg.max_response, 10000);
			KUNIT_EXPECT_EQ(test, msg.count, query.count);
			KUNIT_EXPECT_EQ(test, skb->len, msg.end);
			KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&msg.group, &query.group));
			if (!general) {
				KUNIT_EXPECT_TRUE(test, vsw_mcast_get_source(skb, family, msg.at, 3,
									     &source));
				KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&source, &query.group));
			}
			kfree_skb(skb);
		}
	}
}

/* A report of IGMPv3 of @records groups from 239.1.1.1 on, with sources 192.0.2.1 ... */
static unsigned int put_report(u8 *p, u8 type, unsigned int records, u64 sources)
{
	static u8 message[MAX_PACKET - 24];
	unsigned int i, j, at = 8;

	memset(message, 0, sizeof(message));
	message[0] = 0x22;
	message[6] = records >> 8;
	message[7] = records;
	for (i = 0; i < records; i++) {
		message[at] = type;
		message[at + 3] = hweight64(sources);
		memcpy(message + at + 4, (u8[]){ 239, 1, 1 + i / 256, 1 + i }, 4);
		at += 8;
		for (j = 1; j < 64; j++) {
			if (!(sources & BIT_ULL(j)))
				continue;
			memcpy(message + at, (u8[]){ 192, 0, 2, j }, 4);
			at += 4;
		}
	}
	return wrap4(p, message, at, false);
}

/* What @len bytes of the fixture's packet say is applied; how many calls it took. */
static int apply(struct kunit *test, unsigned int len, struct vsw_mcast_outcome *outcome)
{
	struct fixture *f = test->priv;
	struct sk_buff *skb = frame(f->packet, len, false, true);
	struct vsw_mcast_msg msg;
	int calls = 0;
	bool more;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	vsw_mcast_parse(skb, &msg);
	KUNIT_EXPECT_LT(test, msg.kind, VSW_MCAST_COUNTED);
	do {
		spin_lock_bh(&f->sw->mcast.lock);
		more = vsw_mcast_apply(&f->port, 0, skb, &msg, outcome);
		spin_unlock_bh(&f->sw->mcast.lock);
		calls++;
	} while (more);
	kfree_skb(skb);
	return calls;
}

static struct vsw_mcast_member *find(struct fixture *f)
{
	struct vsw_mcast_key key = {};
	struct vsw_mcast_member *member;

	ipv6_addr_set_v4mapped(htonl(0xef010101), &key.group);
	spin_lock_bh(&f->sw->mcast.lock);
	member = vsw_mcast_find_member(&f->port, &key);
	spin_unlock_bh(&f->sw->mcast.lock);
	return member;
}

static void say(struct kunit *test, u8 type, u64 sources)
{
	struct fixture *f = test->priv;
	struct vsw_mcast_outcome outcome = {};

	apply(test, put_report(f->packet, type, 1, sources), &outcome);
}

#define S(i)	BIT_ULL(i)

/* The tables of RFC 3376 6.4.1 and 6.4.2, with A = {1, 2} or X = {1, 2} and Y = {3, 4}. */
static const struct transition {
	const char *name;
	bool from_exclude;
	u8 type;
	u64 named;
	bool exclude;
	u64 running, blocked, asked;
	bool asks_group;
} transitions[] = {
	{ "INCLUDE IS_IN", false, VSW_MCAST_IS_INCLUDE, S(2) | S(3),
		false, S(1) | S(2) | S(3), 0, 0 },
	{ "INCLUDE IS_EX", false, VSW_MCAST_IS_EXCLUDE, S(2) | S(3),
		true, S(2), S(3), 0 },
	{ "EXCLUDE IS_IN", true, VSW_MCAST_IS_INCLUDE, S(2) | S(3),
		true, S(1) | S(2) | S(3), S(4), 0 },
	{ "EXCLUDE IS_EX", true, VSW_MCAST_IS_EXCLUDE, S(2) | S(4) | S(5),
		true, S(2) | S(5), S(4), 0 },
	{ "INCLUDE ALLOW", false, VSW_MCAST_ALLOW, S(2) | S(3),
		false, S(1) | S(2) | S(3), 0, 0 },
	{ "INCLUDE BLOCK", false, VSW_MCAST_BLOCK, S(2) | S(3),
		false, S(1) | S(2), 0, S(2) },
	{ "INCLUDE TO_EX", false, VSW_MCAST_TO_EXCLUDE, S(2) | S(3),
		true, S(2), S(3), S(2) },
	{ "INCLUDE TO_IN", false, VSW_MCAST_TO_INCLUDE, S(2) | S(3),
		false, S(1) | S(2) | S(3), 0, S(1) },
	{ "EXCLUDE ALLOW", true, VSW_MCAST_ALLOW, S(2) | S(3),
		true, S(1) | S(2) | S(3), S(4), 0 },
	{ "EXCLUDE BLOCK", true, VSW_MCAST_BLOCK, S(1) | S(3) | S(5),
		true, S(1) | S(2) | S(5), S(3) | S(4), S(1) | S(5) },
	{ "EXCLUDE TO_EX", true, VSW_MCAST_TO_EXCLUDE, S(2) | S(4) | S(5),
		true, S(2) | S(5), S(4), S(2) | S(5) },
	{ "EXCLUDE TO_IN", true, VSW_MCAST_TO_INCLUDE, S(2) | S(3),
		true, S(1) | S(2) | S(3), S(4), S(1), true },
};

static void expect_state(struct kunit *test, const struct transition *t)
{
	const struct vsw_mcast_member *member = find(test->priv);
	const struct vsw_mcast_source *source;
	u64 running = 0, blocked = 0, asked = 0, bit;

	KUNIT_ASSERT_NOT_NULL(test, member);
	hlist_for_each_entry(source, &member->sources, node) {
		bit = BIT_ULL(source->address.s6_addr[15]);
		running |= source->running ? bit : 0;
		blocked |= source->running ? 0 : bit;
		asked |= source->queries ? bit : 0;
	}
	KUNIT_EXPECT_EQ_MSG(test, member->exclude, t->exclude, "%s: mode", t->name);
	KUNIT_EXPECT_EQ_MSG(test, running, t->running, "%s: wanted", t->name);
	KUNIT_EXPECT_EQ_MSG(test, blocked, t->blocked, "%s: blocked", t->name);
	KUNIT_EXPECT_EQ_MSG(test, asked, t->asked, "%s: asked about", t->name);
	KUNIT_EXPECT_EQ_MSG(test, member->queries != 0, t->asks_group, "%s: group", t->name);
}

static void forget(struct fixture *f)
{
	vsw_mcast_port_gone(&f->port);
}

static void state_machine(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_mcast_vlan *vlan;
	unsigned int i;

	spin_lock_bh(&f->sw->mcast.lock);
	vlan = vsw_mcast_vlan_get(f->sw, 0);
	if (vlan)
		vlan->querier[VSW_MCAST_V4].own = true;
	spin_unlock_bh(&f->sw->mcast.lock);
	KUNIT_ASSERT_NOT_NULL(test, vlan);
	for (i = 0; i < ARRAY_SIZE(transitions); i++) {
		const struct transition *t = &transitions[i];

		if (t->from_exclude)
			say(test, VSW_MCAST_IS_EXCLUDE, S(3) | S(4));
		say(test, VSW_MCAST_ALLOW, S(1) | S(2));
		say(test, t->type, t->named);
		expect_state(test, t);
		forget(f);
		KUNIT_EXPECT_NULL(test, find(f));
	}
	KUNIT_EXPECT_EQ(test, f->sw->mcast.record_count, 0);
	KUNIT_EXPECT_EQ(test, f->sw->mcast.group_count, 0);
}

/* RFC 3376 7.3.2 */
static void old_hosts(struct kunit *test)
{
	static const u8 v2[] = { 0x16, 0, 0, 0, GROUP4 }, v1[] = { 0x12, 0, 0, 0, GROUP4 };
	struct fixture *f = test->priv;
	struct vsw_mcast_outcome outcome = {};
	struct vsw_mcast_member *member;

	apply(test, wrap4(f->packet, v2, sizeof(v2), false), &outcome);
	say(test, VSW_MCAST_BLOCK, S(1));
	say(test, VSW_MCAST_TO_EXCLUDE, S(2));
	member = find(f);
	KUNIT_ASSERT_NOT_NULL(test, member);
	KUNIT_EXPECT_TRUE(test, member->exclude);
	KUNIT_EXPECT_EQ(test, member->source_count, 0);
	/* It has not been heard for long. */
	member->old_until = jiffies - 1;
	say(test, VSW_MCAST_BLOCK, S(1));
	KUNIT_EXPECT_EQ(test, member->source_count, 1);
	f->port.mcast.fast_leave = true;
	apply(test, wrap4(f->packet, v1, sizeof(v1), false), &outcome);
	say(test, VSW_MCAST_TO_INCLUDE, 0);
	KUNIT_EXPECT_NOT_NULL_MSG(test, find(f), "a host of IGMPv1 can't leave");
	find(f)->old_until = jiffies - 1;
	say(test, VSW_MCAST_TO_INCLUDE, 0);
	KUNIT_EXPECT_NULL(test, find(f));
	f->port.mcast.fast_leave = false;
}

/* Time passes: out of EXCLUDE what has a timer is left, RFC 3376 6.5. */
static void time_passes(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_mcast_source *source;
	struct vsw_mcast_member *member;
	unsigned long due = jiffies + MAX_JIFFY_OFFSET;
	bool gone;

	say(test, VSW_MCAST_IS_EXCLUDE, S(3));
	say(test, VSW_MCAST_ALLOW, S(1) | S(2));
	member = find(f);
	KUNIT_ASSERT_NOT_NULL(test, member);
	spin_lock_bh(&f->sw->mcast.lock);
	member->expires = jiffies;
	gone = vsw_mcast_expire(member, &due);
	spin_unlock_bh(&f->sw->mcast.lock);
	KUNIT_EXPECT_FALSE(test, gone);
	KUNIT_EXPECT_FALSE(test, member->exclude);
	KUNIT_EXPECT_EQ(test, member->source_count, 2);
	KUNIT_EXPECT_TRUE(test, time_before(due, jiffies + MAX_JIFFY_OFFSET));
	spin_lock_bh(&f->sw->mcast.lock);
	hlist_for_each_entry(source, &member->sources, node)
		source->expires = jiffies;
	gone = vsw_mcast_expire(member, &due);
	spin_unlock_bh(&f->sw->mcast.lock);
	KUNIT_EXPECT_TRUE(test, gone);
}

static void bounds(struct kunit *test)
{
	struct vsw_mcast_outcome outcome = {};
	struct fixture *f = test->priv;
	struct vsw_mcast_member *member;

	/* A long report does not keep others from the lock. */
	KUNIT_EXPECT_GT(test, apply(test, put_report(f->packet, VSW_MCAST_IS_EXCLUDE, 200, 0),
				    &outcome), 2);
	KUNIT_EXPECT_EQ(test, outcome.accepted, 200);
	KUNIT_EXPECT_EQ(test, f->sw->mcast.group_count, 200);
	forget(f);
	KUNIT_EXPECT_EQ(test, f->sw->mcast.group_count, 0);

	/* With more sources than are kept all are wanted, and routers hear of it. */
	outcome = (struct vsw_mcast_outcome) {};
	apply(test, put_report(f->packet, VSW_MCAST_ALLOW, 1, GENMASK_ULL(33, 1)), &outcome);
	member = find(f);
	KUNIT_ASSERT_NOT_NULL(test, member);
	KUNIT_EXPECT_TRUE(test, member->exclude);
	KUNIT_EXPECT_EQ(test, member->source_count, VSW_MCAST_MAX_SOURCES);
	KUNIT_EXPECT_EQ(test, outcome.accepted, 1);
	KUNIT_EXPECT_EQ(test, atomic64_read(&f->port.mcast.refused), 1);
	forget(f);

	f->sw->mcast.config.max_groups = 3;
	outcome = (struct vsw_mcast_outcome) {};
	apply(test, put_report(f->packet, VSW_MCAST_IS_EXCLUDE, 5, 0), &outcome);
	KUNIT_EXPECT_EQ(test, outcome.accepted, 3);
	KUNIT_EXPECT_EQ(test, outcome.refused, 2);
	forget(f);
	KUNIT_EXPECT_EQ(test, f->sw->mcast.record_count, 0);
}

static int mcast_test_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	const struct vsw_switch_config config = {};

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->port.number = 7;
	vsw_mcast_port_init(&f->port);
	rtnl_lock();
	f->sw = vsw_switch_create(&init_net, "kunit%d", &config, NULL);
	rtnl_unlock();
	if (IS_ERR(f->sw))
		return PTR_ERR(f->sw);
	f->port.sw = f->sw;
	f->port.dev = f->sw->dev;
	test->priv = f;
	return 0;
}

static void mcast_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f)
		return;
	forget(f);
	rtnl_lock();
	vsw_switch_delete_now(f->sw);
	rtnl_unlock();
	/* What it had is freed by RCU, and its memory is the test's. */
	rcu_barrier();
}

static struct kunit_case mcast_test_cases[] = {
	KUNIT_CASE(whole),
	KUNIT_CASE(cut_off),
	KUNIT_CASE(odd),
	KUNIT_CASE(at_random),
	KUNIT_CASE(floats),
	KUNIT_CASE(own_queries),
	KUNIT_CASE(state_machine),
	KUNIT_CASE(old_hosts),
	KUNIT_CASE(time_passes),
	KUNIT_CASE(bounds),
	{}
};

static struct kunit_suite mcast_test_suite = {
	.name = "vswitch_mcast",
	.init = mcast_test_init,
	.exit = mcast_test_exit,
	.test_cases = mcast_test_cases,
};

kunit_test_suite(mcast_test_suite);
