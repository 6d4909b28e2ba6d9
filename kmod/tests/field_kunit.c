// SPDX-License-Identifier: GPL-2.0
/* Unit tests of fields: where they are, and which matches and actions may name them. */
#include <kunit/test.h>
#include <linux/netlink.h>

#include <uapi/linux/vswitch.h>

#include "key.h"

#define M(name)	VSWITCH_A_MATCH_##name

/* Fields that may share bytes: no packet has both. */
static bool may_overlap(unsigned int a, unsigned int b)
{
	return (a >= M(IPV4_SRC) && b <= M(IPV6_DST)) ||
	       (a >= M(CT_IPV4_SRC) && b <= M(CT_IPV6_DST));
}

static void table(struct kunit *test)
{
	unsigned int i, j;

	KUNIT_EXPECT_NULL(test, vsw_field(0));
	KUNIT_EXPECT_NULL(test, vsw_field(M(TP_SRC_RANGE)));
	KUNIT_EXPECT_NULL(test, vsw_field(M(TP_DST_RANGE)));
	KUNIT_EXPECT_NULL(test, vsw_field(U32_MAX));
	for (i = 1; i <= M(CGROUP); i++) {
		const struct vsw_field *a = vsw_field(i);

		KUNIT_ASSERT_NOT_NULL(test, a);
		KUNIT_EXPECT_TRUE_MSG(test, a->bits > 0 && a->bits <= a->size * 8, "%s", a->name);
		KUNIT_EXPECT_LE_MSG(test, a->offset + a->size, sizeof(struct vsw_key), "%s",
				    a->name);
		KUNIT_EXPECT_TRUE_MSG(test, !a->needs == !a->sentence, "%s", a->name);
		for (j = i + 1; j <= M(CGROUP); j++) {
			const struct vsw_field *b = vsw_field(j);

			if (!may_overlap(i, j))
				KUNIT_EXPECT_TRUE_MSG(test, a->offset + a->size <= b->offset ||
						      b->offset + b->size <= a->offset,
						      "%s and %s", a->name, b->name);
		}
	}
}

/* ---- matches -------------------------------------------------------------- */

/* One field of a match: low bytes of @value and @mask, as many as it has. */
struct part {
	u8 number;
	u64 value, mask;
};

struct sample {
	const char *name;
	bool refused;
	struct part part[6];
};

#define ALL	U64_MAX
#define TYPE(type)	{ M(ETH_TYPE), type, ALL }
#define PROTO(proto)	{ M(IP_PROTO), proto, ALL }

static void put(struct vsw_key *to, const struct vsw_field *field, u64 value)
{
	u8 *at = (u8 *)to + field->offset;
	unsigned int i, n = min_t(unsigned int, field->size, sizeof(value));

	for (i = 0; i < n; i++) {
		unsigned int bits = 8 * (field->is_network ? n - 1 - i : i);

		at[i] = value >> bits;
	}
}

static void make(const struct part *part, struct vsw_key *key, struct vsw_key *mask)
{
	memset(key, 0, sizeof(*key));
	memset(mask, 0, sizeof(*mask));
	for (; part->number; part++) {
		const struct vsw_field *field = vsw_field(part->number);
		u64 bits = field->bits < 64 ? part->mask & GENMASK_ULL(field->bits - 1, 0) :
					      part->mask;

		put(key, field, part->value);
		put(mask, field, bits);
	}
}

static const struct sample matches[] = {
	{ "nothing", false, {} },
	{ "a port", false, { { M(IN_PORT), 1, ALL } } },
	{ "the host", false, { { M(IN_PORT), 0, ALL } } },
	{ "the last port", false, { { M(IN_PORT), VSWITCH_MAX_PORTS, ALL } } },
	{ "a port beyond", true, { { M(IN_PORT), VSWITCH_MAX_PORTS + 1, ALL } } },
	{ "some ports", true, { { M(IN_PORT), 4, 4 } } },
	{ "some MACs", false, { { M(ETH_DST), 1ULL << 40, 1ULL << 40 } } },
	{ "a tag", false, { { M(VLAN_TCI), 0x100a, 0x1fff }, { M(VLAN2_TCI), 0x1000, 0x1000 } } },
	{ "some EtherTypes", true, { { M(ETH_TYPE), 0x800, 0xff00 } } },
	{ "a value beyond its mask", true, { { M(VLAN_TCI), 0x100a, 0x1000 } } },
	{ "a protocol of anything", true, { PROTO(6) } },
	{ "a protocol of MPLS", true, { TYPE(0x8847), PROTO(6) } },
	{ "a protocol", false, { TYPE(0x800), PROTO(6) } },
	{ "some protocols", true, { TYPE(0x800), { M(IP_PROTO), 4, 4 } } },
	{ "an operation", false, { TYPE(0x806), PROTO(1) } },
	{ "TOS of ARP", true, { TYPE(0x806), { M(IP_TOS), 4, 4 } } },
	{ "DSCP", false, { TYPE(0x86dd), { M(IP_TOS), 0xb8, 0xfc } } },
	{ "TTL", false, { TYPE(0x800), { M(IP_TTL), 1, ALL } } },
	{ "some TTLs", true, { TYPE(0x800), { M(IP_TTL), 0, 0x80 } } },
	{ "fragments", false, { TYPE(0x800), { M(IP_FRAG), 1, 1 } } },
	{ "addresses of anything", true, { { M(IPV4_SRC), 1, ALL } } },
	{ "addresses of IPv4", false, { TYPE(0x800), { M(IPV4_SRC), 1, ALL } } },
	{ "addresses of RARP", false, { TYPE(0x8035), { M(IPV4_DST), 1, 1 } } },
	{ "addresses of IPv6", false, { TYPE(0x86dd), { M(IPV6_DST), 1, ALL } } },
	{ "addresses of IPv6 in IPv4", true, { TYPE(0x800), { M(IPV6_DST), 1, ALL } } },
	{ "label", false, { TYPE(0x86dd), { M(IPV6_LABEL), 0x12345, ALL } } },
	{ "label of IPv4", true, { TYPE(0x800), { M(IPV6_LABEL), 1, ALL } } },
	{ "ports of IPv4", true, { TYPE(0x800), { M(TP_DST), 80, ALL } } },
	{ "ports of TCP", false, { TYPE(0x800), PROTO(6), { M(TP_DST), 80, 0xfff0 } } },
	{ "ports of UDP", false, { TYPE(0x86dd), PROTO(17), { M(TP_SRC), 53, ALL } } },
	{ "ports of SCTP", false, { TYPE(0x86dd), PROTO(132), { M(TP_SRC), 9, ALL } } },
	{ "ports of GRE", true, { TYPE(0x800), PROTO(47), { M(TP_SRC), 1, ALL } } },
	{ "ports of a first fragment", false,
	  { TYPE(0x800), PROTO(6), { M(IP_FRAG), 1, 3 }, { M(TP_DST), 80, ALL } } },
	{ "ports of later fragments", true,
	  { TYPE(0x800), PROTO(6), { M(IP_FRAG), 3, 3 }, { M(TP_DST), 80, ALL } } },
	{ "type of ICMP", false, { TYPE(0x800), PROTO(1), { M(TP_SRC), 8, ALL } } },
	{ "type of ICMP in IPv6", true, { TYPE(0x86dd), PROTO(1), { M(TP_SRC), 8, ALL } } },
	{ "type of ICMPv6", false, { TYPE(0x86dd), PROTO(58), { M(TP_SRC), 128, ALL } } },
	{ "type of ICMPv6 in IPv4", true, { TYPE(0x800), PROTO(58), { M(TP_SRC), 128, ALL } } },
	{ "flags", false, { TYPE(0x800), PROTO(6), { M(TCP_FLAGS), 2, 0x12 } } },
	{ "flags of UDP", true, { TYPE(0x800), PROTO(17), { M(TCP_FLAGS), 2, 0x12 } } },
	{ "MACs of ARP", false,
	  { TYPE(0x806), { M(ARP_SHA), 1, ALL }, { M(ARP_THA), 2, ALL } } },
	{ "MACs of IPv4", true, { TYPE(0x800), { M(ARP_SHA), 1, ALL } } },
	{ "target of anything", true, { { M(ND_TARGET), 1, ALL } } },
	{ "target of ICMPv6", true, { TYPE(0x86dd), PROTO(58), { M(ND_TARGET), 1, ALL } } },
	{ "target of a solicitation", false,
	  { TYPE(0x86dd), PROTO(58), { M(TP_SRC), 135, ALL }, { M(TP_DST), 0, ALL },
	    { M(ND_TARGET), 1, ALL } } },
	{ "target of a solicitation of any code", true,
	  { TYPE(0x86dd), PROTO(58), { M(TP_SRC), 135, ALL }, { M(ND_TARGET), 1, ALL } } },
	{ "target of a solicitation of code 1", true,
	  { TYPE(0x86dd), PROTO(58), { M(TP_SRC), 135, ALL }, { M(TP_DST), 1, ALL },
	    { M(ND_TARGET), 1, ALL } } },
	{ "source's option of a solicitation", false,
	  { TYPE(0x86dd), PROTO(58), { M(TP_SRC), 135, ALL }, { M(TP_DST), 0, ALL },
	    { M(ARP_SHA), 1, ALL } } },
	{ "target's option of a solicitation", true,
	  { TYPE(0x86dd), PROTO(58), { M(TP_SRC), 135, ALL }, { M(TP_DST), 0, ALL },
	    { M(ARP_THA), 1, ALL } } },
	{ "target's option of an advertisement", false,
	  { TYPE(0x86dd), PROTO(58), { M(TP_SRC), 136, ALL }, { M(TP_DST), 0, ALL },
	    { M(ARP_THA), 1, ALL } } },
	{ "what the pipeline keeps", false,
	  { { M(METADATA), 1, 3 }, { M(REG0), 1, ALL }, { M(REG7), 2, 2 }, { M(MARK), 1, 1 } } },
	{ "a connection's state", false, { { M(CT_STATE), 1, 1 } } },
	{ "a connection's mark", false, { { M(CT_MARK), 1, 1 } } },
	{ "a connection's address", false, { TYPE(0x800), { M(CT_IPV4_SRC), 1, 1 } } },
	{ "a connection's address of no family", true, { { M(CT_IPV4_SRC), 1, 1 } } },
	{ "some of a connection's protocol", true, { { M(CT_IP_PROTO), 1, 1 } } },
	{ "a tunnel", false,
	  { { M(TUN_ID), 5, ALL }, { M(TUN_IPV4_SRC), 1, 1 }, { M(TUN_IPV6_DST), 1, 1 } } },
	{ "a cgroup", false, { { M(CGROUP), 77, ALL } } },
	{ "some cgroups", true, { { M(CGROUP), 1, 1 } } },
};

static void match(struct kunit *test)
{
	struct netlink_ext_ack extack;
	struct vsw_key key, mask;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(matches); i++) {
		const struct sample *s = &matches[i];

		make(s->part, &key, &mask);
		memset(&extack, 0, sizeof(extack));
		err = vsw_field_check_match(&key, &mask, &extack);
		KUNIT_EXPECT_EQ_MSG(test, err, s->refused ? -EINVAL : 0, "%s", s->name);
		KUNIT_EXPECT_EQ_MSG(test, !!extack._msg, s->refused, "%s", s->name);
		/* Who does not want to be told why is not. */
		KUNIT_EXPECT_EQ_MSG(test, vsw_field_check_match(&key, &mask, NULL), err, "%s",
				    s->name);
	}
}

/* No field has them. */
static void bits_between(struct kunit *test)
{
	static const struct part ipv6[] = { TYPE(0x86dd), PROTO(6), {} };
	struct vsw_key key, mask;
	unsigned int i;

	make(ipv6, &key, &mask);
	KUNIT_EXPECT_EQ(test, vsw_field_check_match(&key, &mask, NULL), 0);
	mask.unused_19 = 1;
	KUNIT_EXPECT_EQ(test, vsw_field_check_match(&key, &mask, NULL), -EINVAL);
	make(ipv6, &key, &mask);
	mask.ip_frag = 4;
	KUNIT_EXPECT_EQ(test, vsw_field_check_match(&key, &mask, NULL), -EINVAL);
	make(ipv6, &key, &mask);
	mask.ipv6_label = htonl(0x100000);
	KUNIT_EXPECT_EQ(test, vsw_field_check_match(&key, &mask, NULL), -EINVAL);
	make(ipv6, &key, &mask);
	mask.tcp_flags = htons(0x1000);
	KUNIT_EXPECT_EQ(test, vsw_field_check_match(&key, &mask, NULL), -EINVAL);
	/* All the others that it does not have, one after the other. */
	make(ipv6, &key, &mask);
	mask.ip.ipv6_src.s6_addr[15] = 1;
	for (i = M(IN_PORT); i <= M(CGROUP); i++) {
		bool has = vsw_field_check_needs(i, &key, &mask, NULL) == 0;

		KUNIT_EXPECT_EQ_MSG(test, has, i < M(IPV4_SRC) ||
				    (i >= M(IPV6_SRC) && i <= M(TCP_FLAGS)) ||
				    (i >= M(METADATA) && i <= M(CT_MARK)) ||
				    i >= M(CT_IPV6_SRC),
				    "%s", vsw_field(i)->name);
	}
}

/* ---- actions -------------------------------------------------------------- */

static bool may_set(const struct part *part, unsigned int number)
{
	struct netlink_ext_ack extack = {};
	struct vsw_key key, mask;
	int err;

	make(part, &key, &mask);
	err = vsw_field_check_set(number, &key, &mask, &extack);
	return !err && !extack._msg;
}

static void set(struct kunit *test)
{
	static const struct part any[] = { {} };
	static const struct part arp[] = { TYPE(0x806), {} };
	static const struct part tcp[] = { TYPE(0x800), PROTO(6), {} };
	static const struct part icmp[] = { TYPE(0x800), PROTO(1), {} };
	static const struct part solicitation[] = {
		TYPE(0x86dd), PROTO(58), { M(TP_SRC), 135, ALL }, { M(TP_DST), 0, ALL }, {}
	};
	static const u8 never[] = {
		0, M(ETH_TYPE), M(VLAN2_TCI), M(IP_FRAG), M(TCP_FLAGS), M(CT_STATE), M(CT_MARK),
		M(CGROUP), M(TP_SRC_RANGE),
	};
	static const u8 always[] = {
		M(IN_PORT), M(ETH_DST), M(ETH_SRC), M(VLAN_TCI), M(METADATA), M(REG0), M(REG7),
		M(MARK), M(TUN_ID), M(TUN_IPV4_SRC), M(TUN_IPV4_DST), M(TUN_IPV6_SRC),
		M(TUN_IPV6_DST),
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(never); i++) {
		KUNIT_EXPECT_FALSE_MSG(test, may_set(any, never[i]), "%u", never[i]);
		KUNIT_EXPECT_FALSE_MSG(test, may_set(tcp, never[i]), "%u", never[i]);
	}
	for (i = 0; i < ARRAY_SIZE(always); i++)
		KUNIT_EXPECT_TRUE_MSG(test, may_set(any, always[i]), "%u", always[i]);
	KUNIT_EXPECT_TRUE(test, may_set(tcp, M(TP_DST)));
	KUNIT_EXPECT_TRUE(test, may_set(tcp, M(IPV4_SRC)));
	KUNIT_EXPECT_TRUE(test, may_set(tcp, M(IP_TTL)));
	KUNIT_EXPECT_FALSE(test, may_set(tcp, M(IP_PROTO)));
	KUNIT_EXPECT_FALSE(test, may_set(tcp, M(IPV6_SRC)));
	KUNIT_EXPECT_FALSE(test, may_set(tcp, M(ARP_SHA)));
	KUNIT_EXPECT_FALSE(test, may_set(any, M(IP_TTL)));
	KUNIT_EXPECT_TRUE(test, may_set(icmp, M(TP_SRC)));
	KUNIT_EXPECT_TRUE(test, may_set(arp, M(IP_PROTO)));
	KUNIT_EXPECT_TRUE(test, may_set(arp, M(ARP_THA)));
	KUNIT_EXPECT_TRUE(test, may_set(arp, M(IPV4_DST)));
	KUNIT_EXPECT_FALSE(test, may_set(arp, M(IP_TTL)));
	KUNIT_EXPECT_TRUE(test, may_set(solicitation, M(ND_TARGET)));
	KUNIT_EXPECT_TRUE(test, may_set(solicitation, M(ARP_SHA)));
	KUNIT_EXPECT_FALSE(test, may_set(solicitation, M(ARP_THA)));
	KUNIT_EXPECT_TRUE(test, may_set(solicitation, M(IPV6_LABEL)));
}

/* What has to be extracted for a field: its words, where headers are, and checksums. */
static void map(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, vsw_field_map(0), 0);
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(IN_PORT)), BIT(0));
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(ETH_SRC)), BIT(2) | BIT(0));
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(VLAN_TCI)), BIT(0));
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(IP_TTL)), BIT(1) | BIT(0));
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(IPV4_DST)), BIT(4) | BIT(3) | BIT(0));
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(IPV6_DST)), BIT(7) | BIT(6) | BIT(3) | BIT(0));
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(TP_DST)), BIT(3) | BIT(0));
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(ARP_SHA)), BIT(19) | BIT(3) | BIT(0));
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(ND_TARGET)), BIT(22) | BIT(21) | BIT(3) | BIT(0));
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(METADATA)), BIT(8));
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(REG3)), BIT(10));
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(MARK)), BIT(13));
	KUNIT_EXPECT_EQ(test, vsw_field_map(M(CGROUP)), BIT(30));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(table),
	KUNIT_CASE(match),
	KUNIT_CASE(bits_between),
	KUNIT_CASE(set),
	KUNIT_CASE(map),
	{}
};

static struct kunit_suite suite = {
	.name = "vswitch_field",
	.test_cases = cases,
};

kunit_test_suite(suite);
