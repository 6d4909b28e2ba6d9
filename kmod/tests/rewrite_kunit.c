// SPDX-License-Identifier: GPL-2.0
/* Unit tests of what actions do to the fields of packets; of VLANs, rewrite_vlan_kunit.c. */
#include "rewrite_model.h"

#define RANDOM_PACKETS	20000

/* ---- set and move ---------------------------------------------------------- */

static bool is_transport_whole(const struct model *m)
{
	return !m->is_later && (m->kind == V4 || m->kind == V6);
}

static void *ip_member(struct model *m, unsigned int field)
{
	switch (field) {
	case VSWITCH_A_MATCH_IP_TOS:
		return &m->tos;
	case VSWITCH_A_MATCH_IP_TTL:
		return &m->ttl;
	case VSWITCH_A_MATCH_IPV4_SRC:
		return m->kind == V4 ? &m->v4_src : NULL;
	case VSWITCH_A_MATCH_IPV4_DST:
		return m->kind == V4 ? &m->v4_dst : NULL;
	case VSWITCH_A_MATCH_IPV6_SRC:
		return m->kind == V6 ? &m->v6_src : NULL;
	case VSWITCH_A_MATCH_IPV6_DST:
		return m->kind == V6 ? &m->v6_dst : NULL;
	case VSWITCH_A_MATCH_IPV6_LABEL:
		return m->kind == V6 ? &m->label : NULL;
	}
	if (!is_transport_whole(m))
		return NULL;
	switch (field) {
	case VSWITCH_A_MATCH_TP_SRC:
	case VSWITCH_A_MATCH_TP_DST:
		/* The sum of SCTP is over what other fragments have. */
		if (!has_ports(m) || (m->proto == IPPROTO_SCTP && m->fragment))
			return NULL;
		return &m->port[field == VSWITCH_A_MATCH_TP_DST];
	case VSWITCH_A_MATCH_ARP_SHA:
		return is_nd(m) && m->has_sll && !m->fragment ? m->sha : NULL;
	case VSWITCH_A_MATCH_ARP_THA:
		return is_nd(m) && m->has_tll && !m->fragment ? m->tha : NULL;
	case VSWITCH_A_MATCH_ND_TARGET:
		return is_nd(m) ? &m->nd_target : NULL;
	}
	return NULL;
}

static void *arp_member(struct model *m, unsigned int field)
{
	switch (field) {
	case VSWITCH_A_MATCH_IP_PROTO:
		return &m->op;
	case VSWITCH_A_MATCH_IPV4_SRC:
		return &m->v4_src;
	case VSWITCH_A_MATCH_IPV4_DST:
		return &m->v4_dst;
	case VSWITCH_A_MATCH_ARP_SHA:
		return m->sha;
	case VSWITCH_A_MATCH_ARP_THA:
		return m->tha;
	}
	return NULL;
}

/* Where the model has @field; NULL: such a packet has it not. */
static void *member(struct model *m, unsigned int field)
{
	if (field == VSWITCH_A_MATCH_ETH_DST)
		return m->eth_dst;
	if (field == VSWITCH_A_MATCH_ETH_SRC)
		return m->eth_src;
	/* More tags than anybody looks behind, or LLC, which nobody changes. */
	if (m->tags > 2 || m->snap || m->kind == OTHER)
		return NULL;
	return m->kind == ARP ? arp_member(m, field) : ip_member(m, field);
}

static const u8 fields[] = {
	VSWITCH_A_MATCH_ETH_DST, VSWITCH_A_MATCH_ETH_SRC, VSWITCH_A_MATCH_IP_PROTO,
	VSWITCH_A_MATCH_IP_TOS, VSWITCH_A_MATCH_IP_TTL, VSWITCH_A_MATCH_IPV4_SRC,
	VSWITCH_A_MATCH_IPV4_DST, VSWITCH_A_MATCH_IPV6_SRC, VSWITCH_A_MATCH_IPV6_DST,
	VSWITCH_A_MATCH_IPV6_LABEL, VSWITCH_A_MATCH_TP_SRC, VSWITCH_A_MATCH_TP_DST,
	VSWITCH_A_MATCH_ARP_SHA, VSWITCH_A_MATCH_ARP_THA, VSWITCH_A_MATCH_ND_TARGET,
};

/* Of type and code of ICMP see icmp(). */
static void random_set(struct vsw_action_set *set, unsigned int number)
{
	const struct vsw_field *field = vsw_field(number);
	bool all = chance(2);
	unsigned int i;

	*set = (struct vsw_action_set){ .action.small = number };
	for (i = 0; i < field->size; i++) {
		set->mask[i] = all ? 0xff : get_random_u32();
		if (number == VSWITCH_A_MATCH_IPV6_LABEL && i < 2)
			set->mask[i] &= i ? 0x0f : 0;
		set->value[i] = get_random_u32() & set->mask[i];
	}
}

static void sets(struct kunit *test)
{
	struct subject *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	unsigned int n, i, changed[U8_MAX] = {};

	KUNIT_ASSERT_NOT_NULL(test, s);
	for (n = 0; n < RANDOM_PACKETS; n++) {
		unsigned int number = fields[below(ARRAY_SIZE(fields))];
		const struct vsw_field *field = vsw_field(number);
		struct vsw_action_set set;
		u8 *at;

		model_random(&s->model);
		model_form(&s->model, &s->form);
		model_take_up(test, s);
		random_set(&set, number);
		KUNIT_EXPECT_TRUE(test, vsw_rewrite_set(s->skb, &s->key, &s->layout, &set));
		at = member(&s->model, number);
		for (i = 0; at && i < field->size; i++)
			at[i] = (at[i] & ~set.mask[i]) | set.value[i];
		changed[number] += !!at;
		if (!model_expect(test, s, field->name))
			break;
	}
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		KUNIT_EXPECT_GT_MSG(test, changed[fields[i]], RANDOM_PACKETS / 2000, "field %u",
				    fields[i]);
}

/* Type and code of ICMP, where the match says that they are meant, and only there. */
static void icmp(struct kunit *test)
{
	struct subject *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	struct vsw_action_set set = {
		.action.small = VSWITCH_A_MATCH_TP_SRC, .mask = { 0xff, 0xff },
	};
	unsigned int n;

	KUNIT_ASSERT_NOT_NULL(test, s);
	for (n = 0; n < RANDOM_PACKETS / 10; n++) {
		model_random(&s->model);
		s->model.kind = V4 + n % 2;
		s->model.proto = n % 2 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
		model_form(&s->model, &s->form);
		model_take_up(test, s);
		set.action.flags = chance(3) ? 0 : VSW_WRITES_ICMP;
		/* What it was says how the rest is built: neighbour discovery or not. */
		set.value[1] = is_nd(&s->model) ? 135 + below(2) : below(128);
		KUNIT_EXPECT_TRUE(test, vsw_rewrite_set(s->skb, &s->key, &s->layout, &set));
		if (set.action.flags && s->model.tags < 3 && !s->model.snap && !s->model.is_later)
			s->model.icmp_type = set.value[1];
		if (!model_expect(test, s, "type"))
			break;
	}
}

/* A field's bits, the highest first, as a picture that does not depend on the machine. */
static void to_picture(const struct vsw_field *field, const void *at, u8 *picture)
{
	u64 number;
	u32 small;

	memcpy(picture, at, field->size);
	if (field->is_network)
		return;
	switch (field->size) {
	case 8:
		memcpy(&number, at, sizeof(number));
		put_unaligned_be64(number, picture);
		break;
	case 4:
		memcpy(&small, at, sizeof(small));
		put_unaligned_be32(small, picture);
		break;
	}
}

static bool picture_bit(const struct vsw_field *field, const u8 *picture, unsigned int bit)
{
	return picture[field->size - 1 - bit / 8] >> bit % 8 & 1;
}

static void moves(struct kunit *test)
{
	static const u8 numbers[] = {
		VSWITCH_A_MATCH_ETH_DST, VSWITCH_A_MATCH_ETH_SRC, VSWITCH_A_MATCH_METADATA,
		VSWITCH_A_MATCH_REG0, VSWITCH_A_MATCH_REG7, VSWITCH_A_MATCH_IPV4_SRC,
		VSWITCH_A_MATCH_IPV4_DST, VSWITCH_A_MATCH_TP_SRC, VSWITCH_A_MATCH_TP_DST,
	};
	struct subject *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	unsigned int n, i;

	KUNIT_ASSERT_NOT_NULL(test, s);
	for (n = 0; n < RANDOM_PACKETS / 4; n++) {
		const struct vsw_field *src, *dst;
		struct vsw_action_move move = {
			.src = numbers[below(ARRAY_SIZE(numbers))],
			.dst = numbers[below(ARRAY_SIZE(numbers))],
		};
		u8 from[16], to[16], got[16];
		unsigned int bits;

		model_random(&s->model);
		s->model.kind = V4;
		s->model.proto = IPPROTO_TCP;
		s->model.tags = below(3);
		s->model.snap = false;
		s->model.is_later = false;
		model_form(&s->model, &s->form);
		model_take_up(test, s);
		get_random_bytes(&s->key.metadata, sizeof(s->key.metadata));
		get_random_bytes(s->key.reg, sizeof(s->key.reg));

		src = vsw_field(move.src);
		dst = vsw_field(move.dst);
		bits = 1 + below(min(src->bits, dst->bits));
		move.action.value = bits;
		move.src_offset = below(src->bits - bits + 1);
		move.dst_offset = below(dst->bits - bits + 1);
		to_picture(src, (u8 *)&s->key + src->offset, from);
		to_picture(dst, (u8 *)&s->key + dst->offset, to);
		KUNIT_EXPECT_TRUE(test, vsw_rewrite_move(s->skb, &s->key, &s->layout, &move));
		to_picture(dst, (u8 *)&s->key + dst->offset, got);
		for (i = 0; i < dst->bits; i++) {
			bool is_moved = i >= move.dst_offset && i < move.dst_offset + bits;
			bool wanted = is_moved ?
				picture_bit(src, from, i - move.dst_offset + move.src_offset) :
				picture_bit(dst, to, i);

			KUNIT_ASSERT_EQ_MSG(test, picture_bit(dst, got, i), wanted,
					    "%s to %s, bit %u of %u", src->name, dst->name, i,
					    bits);
		}
		if (member(&s->model, move.dst))
			memcpy(member(&s->model, move.dst), (u8 *)&s->key + dst->offset,
			       dst->size);
		if (!model_expect(test, s, dst->name))
			break;
	}
}

/* ---- hops, DSCP, and what is not of the packet ------------------------------- */

static bool is_seen_ip(const struct model *m)
{
	return m->tags < 3 && !m->snap && (m->kind == V4 || m->kind == V6);
}

static void hops_and_dscp(struct kunit *test)
{
	struct subject *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	unsigned int n, expiries = 0;

	KUNIT_ASSERT_NOT_NULL(test, s);
	for (n = 0; n < RANDOM_PACKETS / 6; n++) {
		struct model *m = &s->model;
		bool expired;
		u8 dscp = below(64);

		model_random(m);
		m->ttl = chance(3) ? below(3) : m->ttl;
		model_form(m, &s->form);
		model_take_up(test, s);
		KUNIT_EXPECT_TRUE(test, vsw_rewrite_dscp(s->skb, &s->key, &s->layout, dscp));
		KUNIT_EXPECT_TRUE(test, vsw_rewrite_dec_ttl(s->skb, &s->key, &s->layout, &expired));
		KUNIT_EXPECT_EQ(test, expired, is_seen_ip(m) && m->ttl <= 1);
		expiries += expired;
		if (is_seen_ip(m))
			m->tos = (m->tos & 3) | dscp << 2;
		if (is_seen_ip(m) && m->ttl > 1)
			m->ttl--;
		if (!model_expect(test, s, "hops"))
			break;
	}
	KUNIT_EXPECT_GT(test, expiries, 100);
}

/* Of a frame whose EtherType says IP, and what is behind it is no header. */
static void no_header_no_hop(struct kunit *test)
{
	static const u8 frame[60] = { [12] = 0x08, [14] = 0x44, [17] = 46, [22] = 64 };
	struct subject *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	bool expired = false;

	KUNIT_ASSERT_NOT_NULL(test, s);
	s->skb = model_buffer(test, frame, sizeof(frame), false);
	rcu_read_lock();
	vsw_key_extract(&s->key, &s->layout, &s->in, s->skb, VSW_KEY_MAP_ALL);
	rcu_read_unlock();
	KUNIT_EXPECT_TRUE(test, vsw_rewrite_dec_ttl(s->skb, &s->key, &s->layout, &expired));
	KUNIT_EXPECT_TRUE(test, expired);
	kfree_skb(s->skb);
}

static void beside_the_packet(struct kunit *test)
{
	struct vsw_action_set set = {
		.action.small = VSWITCH_A_MATCH_MARK,
		.value = { 1, 2, 0, 4 }, .mask = { 0xff, 0xff, 0, 0xff },
	};
	struct subject *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	u8 wanted[] = { 1, 2, 3, 4 };

	KUNIT_ASSERT_NOT_NULL(test, s);
	model_random(&s->model);
	model_form(&s->model, &s->form);
	model_take_up(test, s);
	memset(&s->key.mark, 3, sizeof(s->key.mark));
	KUNIT_EXPECT_TRUE(test, vsw_rewrite_set(s->skb, &s->key, &s->layout, &set));
	KUNIT_EXPECT_MEMEQ(test, &s->skb->mark, wanted, sizeof(wanted));
	memset(&s->key.reg[3], 3, sizeof(s->key.reg[3]));
	set.action.small = VSWITCH_A_MATCH_REG3;
	KUNIT_EXPECT_TRUE(test, vsw_rewrite_set(s->skb, &s->key, &s->layout, &set));
	KUNIT_EXPECT_MEMEQ(test, &s->key.reg[3], wanted, sizeof(wanted));
	model_expect(test, s, "mark");
}

/*
 * A tunnel over UDP whose own sum is there, since what is inside adds up to nothing that
 * changes (LCO); or not, since it is one of many segments, and each gets one.
 */
static void tunnels(struct kunit *test)
{
	struct vsw_action_set set = {
		.action.small = VSWITCH_A_MATCH_IPV4_SRC,
		.value = { 192, 0, 2, 1 }, .mask = { 255, 255, 255, 255 },
	};
	struct subject *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	unsigned int gso;

	KUNIT_ASSERT_NOT_NULL(test, s);
	for (gso = 0; gso < 2; gso++) {
		unsigned int len;

		memset(&s->model, 0, sizeof(s->model));
		s->model.kind = V4;
		s->model.proto = IPPROTO_UDP;
		s->model.v4_src = htonl(0x0a000001);
		s->model.v4_dst = htonl(0x0a000002);
		s->model.ttl = 9;
		s->model.payload = 100;
		s->form = (struct form){};
		len = model_build(&s->model, s->before, gso);
		s->skb = model_buffer(test, s->before, len, false);
		s->skb->ip_summed = CHECKSUM_PARTIAL;
		s->skb->csum_start = skb_headroom(s->skb) + 60;
		s->skb->csum_offset = 6;
		skb_shinfo(s->skb)->gso_size = gso * 20;
		rcu_read_lock();
		vsw_key_extract(&s->key, &s->layout, &s->in, s->skb, VSW_KEY_MAP_ALL);
		rcu_read_unlock();
		KUNIT_EXPECT_TRUE(test, vsw_rewrite_set(s->skb, &s->key, &s->layout, &set));
		s->model.v4_src = htonl(0xc0000201);
		KUNIT_EXPECT_EQ(test, model_wire(s->skb, s->got), len);
		KUNIT_EXPECT_EQ(test, model_build(&s->model, s->wanted, gso), len);
		KUNIT_EXPECT_MEMEQ(test, s->got, s->wanted, len);
		kfree_skb(s->skb);
	}
}

static struct kunit_case rewrite_cases[] = {
	KUNIT_CASE(sets),
	KUNIT_CASE(icmp),
	KUNIT_CASE(moves),
	KUNIT_CASE(hops_and_dscp),
	KUNIT_CASE(no_header_no_hop),
	KUNIT_CASE(beside_the_packet),
	KUNIT_CASE(tunnels),
	{}
};

static struct kunit_suite rewrite_suite = {
	.name = "vswitch_rewrite",
	.test_cases = rewrite_cases,
};

kunit_test_suite(rewrite_suite);
