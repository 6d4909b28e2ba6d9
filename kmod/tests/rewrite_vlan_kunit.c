// SPDX-License-Identifier: GPL-2.0
/* Unit tests of VLAN tags that are pushed, popped and set, beside frames and in them. */
#include "rewrite_model.h"

#define RANDOM_PACKETS	15000
#define PRESENT		VSWITCH_FLOW_VLAN_PRESENT

static void model_push(struct model *m, u16 proto, u16 tci)
{
	memmove(m->tag + 1, m->tag, m->tags * sizeof(*m->tag));
	m->tag[0] = (struct tag){ proto, tci };
	m->tags++;
}

static void model_pop(struct model *m)
{
	if (m->tags)
		memmove(m->tag, m->tag + 1, --m->tags * sizeof(*m->tag));
}

static void model_tci(struct model *m, u16 value, u16 mask)
{
	u16 old = m->tags ? m->tag[0].tci | PRESENT : 0, new = (old & ~mask) | value;

	if (!(new & PRESENT))
		model_pop(m);
	else if (!m->tags)
		model_push(m, ETH_P_8021Q, new & ~PRESENT);
	else
		m->tag[0].tci = (m->tag[0].tci & PRESENT) | (new & ~PRESENT);
}

/* One change of tags, of the packet and of the model. */
static bool change_tags(struct subject *s)
{
	struct vsw_action_set set = { .action.small = VSWITCH_A_MATCH_VLAN_TCI };
	u16 type = chance(2) ? ETH_P_8021Q : ETH_P_8021AD, value, mask;

	switch (below(3)) {
	case 0:
		model_push(&s->model, type, 0);
		return vsw_rewrite_push_vlan(s->skb, &s->key, &s->layout, type);
	case 1:
		model_pop(&s->model);
		return vsw_rewrite_pop_vlan(s->skb, &s->key, &s->layout);
	}
	mask = chance(3) ? 0x1fff : get_random_u32();
	value = get_random_u32() & mask;
	put_unaligned_be16(mask, set.mask);
	put_unaligned_be16(value, set.value);
	model_tci(&s->model, value, mask);
	return vsw_rewrite_set(s->skb, &s->key, &s->layout, &set);
}

static void tags(struct kunit *test)
{
	struct subject *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	unsigned int n, i, most;

	KUNIT_ASSERT_NOT_NULL(test, s);
	for (n = 0; n < RANDOM_PACKETS; n++) {
		model_random(&s->model);
		model_form(&s->model, &s->form);
		model_take_up(test, s);
		most = 0;
		for (i = 1 + below(4); i; i--) {
			KUNIT_EXPECT_TRUE(test, change_tags(s));
			most = max(most, s->model.tags);
		}
		/* Behind a third tag that it was given itself, the key still looks. */
		if (most > 2)
			vsw_key_extract_again(&s->key, &s->layout, s->skb);
		if (!model_expect(test, s, "tags"))
			break;
	}
}

/* What comes round again and again gets no longer for ever. */
static void many_tags(struct kunit *test)
{
	struct subject *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, s);
	model_random(&s->model);
	s->model.tags = 0;
	s->form = (struct form){ .paged = true, .cloned = true };
	model_take_up(test, s);
	for (i = 0; i < 17; i++) {
		model_push(&s->model, ETH_P_8021AD, 0);
		KUNIT_EXPECT_TRUE(test, vsw_rewrite_push_vlan(s->skb, &s->key, &s->layout,
							      ETH_P_8021AD));
	}
	KUNIT_EXPECT_FALSE(test, vsw_rewrite_push_vlan(s->skb, &s->key, &s->layout, ETH_P_8021Q));
	vsw_key_extract_again(&s->key, &s->layout, s->skb);
	model_expect(test, s, "17 tags");
}

/* What is behind many tags is seen, and changed, when they are gone. */
static void below_tags(struct kunit *test)
{
	struct vsw_action_set set = {
		.action.small = VSWITCH_A_MATCH_IPV4_DST,
		.value = { 192, 0, 2, 1 }, .mask = { 255, 255, 255, 255 },
	};
	struct subject *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, s);
	model_random(&s->model);
	s->model.kind = V4;
	s->model.proto = IPPROTO_TCP;
	s->model.tags = 4;
	s->model.snap = false;
	s->model.is_later = false;
	model_form(&s->model, &s->form);
	model_take_up(test, s);
	for (i = 0; i < 2; i++) {
		model_pop(&s->model);
		KUNIT_EXPECT_TRUE(test, vsw_rewrite_pop_vlan(s->skb, &s->key, &s->layout));
	}
	KUNIT_EXPECT_TRUE(test, vsw_rewrite_set(s->skb, &s->key, &s->layout, &set));
	memcpy(&s->model.v4_dst, set.value, sizeof(s->model.v4_dst));
	model_expect(test, s, "below tags");
}

static struct kunit_case rewrite_vlan_cases[] = {
	KUNIT_CASE(tags),
	KUNIT_CASE(many_tags),
	KUNIT_CASE(below_tags),
	{}
};

static struct kunit_suite rewrite_vlan_suite = {
	.name = "vswitch_rewrite_vlan",
	.test_cases = rewrite_vlan_cases,
};

kunit_test_suite(rewrite_vlan_suite);
