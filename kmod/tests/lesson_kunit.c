// SPDX-License-Identifier: GPL-2.0
/*
 * What follows from what packets say, and what can't.
 */
#include <kunit/test.h>
#include <linux/slab.h>

#include "flow_set.h"
#include "learn.h"

#define M(field)	VSWITCH_A_MATCH_##field
#define SPECS		VSW_LEARN_SPECS_MAX

static struct vsw_action_learn *begin(struct kunit *test)
{
	struct vsw_action_learn *learn;

	learn = kunit_kzalloc(test, struct_size(learn, spec, SPECS), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, learn);
	learn->action.type = VSWITCH_A_ACTION_LEARN;
	learn->action.small = 7;
	learn->priority = 99;
	learn->cookie = 0x1234;
	learn->idle_timeout = 1000;
	return learn;
}

static struct vsw_learn_spec *add(struct vsw_action_learn *learn, u8 kind, u8 src, u8 dst,
				  u16 bits)
{
	struct vsw_learn_spec *spec = &learn->spec[learn->specs++];

	spec->kind = kind;
	spec->src = src;
	spec->dst = dst;
	spec->bits = bits;
	return spec;
}

/* -EIO: an error without a sentence, or the other way round. */
static int bare_check(const struct vsw_action_learn *learn)
{
	struct netlink_ext_ack extack = {};
	int err = vsw_lesson_check(learn, &extack);

	return !err == !extack._msg ? err : -EIO;
}

static int check(struct vsw_action_learn *learn)
{
	vsw_lesson_shape(learn);
	return bare_check(learn);
}

/* As a switch learns MACs, by VLAN, and a constant. */
static struct vsw_action_learn *macs(struct kunit *test)
{
	struct vsw_action_learn *learn = begin(test);
	struct vsw_learn_spec *spec;

	spec = add(learn, VSWITCH_LEARN_KIND_MATCH, 0, M(ETH_TYPE), 16);
	spec->value[0] = 0x08;
	add(learn, VSWITCH_LEARN_KIND_MATCH, M(ETH_SRC), M(ETH_DST), 48);
	add(learn, VSWITCH_LEARN_KIND_MATCH, M(VLAN_TCI), M(VLAN_TCI), 12);
	spec = add(learn, VSWITCH_LEARN_KIND_SET, M(IPV4_SRC), M(REG3), 8);
	spec->src_offset = 8;
	spec->dst_offset = 4;
	spec = add(learn, VSWITCH_LEARN_KIND_SET, 0, M(IP_TTL), 8);
	spec->value[0] = 9;
	add(learn, VSWITCH_LEARN_KIND_OUTPUT, M(IN_PORT), 0, 16);
	return learn;
}

static void read_key(struct vsw_key *key)
{
	memset(key, 0, sizeof(*key));
	key->in_port = 513;
	key->vlan_tci = htons(0xf123);
	memcpy(key->eth_src, "\x02\x11\x22\x33\x44\x55", ETH_ALEN);
	key->ip.ipv4_src = htonl(0x0a0bcd0e);
}

static void expect_match(struct kunit *test, const struct vsw_flow *flow)
{
	struct vsw_match *match = kunit_kzalloc(test, sizeof(*match), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, match);
	vsw_flow_match(flow, match);
	KUNIT_EXPECT_EQ(test, match->key.eth_type, htons(0x0800));
	KUNIT_EXPECT_EQ(test, match->mask.eth_type, htons(0xffff));
	KUNIT_EXPECT_EQ(test, match->key.vlan_tci, htons(0x0123));
	KUNIT_EXPECT_EQ(test, match->mask.vlan_tci, htons(0x0fff));
	KUNIT_EXPECT_EQ(test, memcmp(match->key.eth_dst, "\x02\x11\x22\x33\x44\x55", ETH_ALEN),
			0);
	KUNIT_EXPECT_EQ(test, match->mask.eth_dst[5], 0xff);
	KUNIT_EXPECT_EQ(test, match->mask.word[VSW_KEY_WORD_OF(eth_src)], 0);
	KUNIT_EXPECT_EQ(test, match->mask.word[VSW_KEY_WORD_OF(ip)], 0);
}

static void follows(struct kunit *test)
{
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct vsw_action_learn *learn = macs(test);
	const struct vsw_action_set *set;
	const struct vsw_actions *actions;
	const struct vsw_action *action;
	struct vsw_flow *flow;
	u8 *data;

	data = kunit_kzalloc(test, VSW_LESSON_MAX, GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, config && key && data);
	KUNIT_ASSERT_EQ(test, check(learn), 0);
	KUNIT_ASSERT_EQ(test, learn->length, 6 + 2 + 4 + 4);
	read_key(key);
	vsw_lesson_read(learn, key, data);
	flow = vsw_lesson_flow(learn, data, config);
	KUNIT_ASSERT_FALSE(test, IS_ERR(flow));
	KUNIT_EXPECT_EQ(test, flow->table, 7);
	KUNIT_EXPECT_EQ(test, flow->priority, 99);
	KUNIT_EXPECT_EQ(test, flow->cookie, 0x1234);
	KUNIT_EXPECT_EQ(test, flow->idle_timeout, 1000);
	expect_match(test, flow);
	actions = vsw_flow_program(flow);
	set = (const void *)actions->program;
	KUNIT_EXPECT_EQ(test, set->action.small, M(REG3));
	KUNIT_EXPECT_EQ(test, *(const u32 *)set->value, 0xcd0);
	KUNIT_EXPECT_EQ(test, *(const u32 *)set->mask, 0xff0);
	set++;
	KUNIT_EXPECT_EQ(test, set->action.small, M(IP_TTL));
	KUNIT_EXPECT_EQ(test, set->value[0], 9);
	action = (const void *)(set + 1);
	KUNIT_EXPECT_EQ(test, action->type, VSWITCH_A_ACTION_OUTPUT);
	KUNIT_EXPECT_EQ(test, action->value, 513);
	KUNIT_EXPECT_PTR_EQ(test, (const u64 *)(action + 1), actions->program + actions->words);
	vsw_flow_discard(flow);
}

static void refusals(struct kunit *test)
{
	struct vsw_action_learn *learn = begin(test);
	struct vsw_learn_spec *spec;
	u8 *lowest;

	/* A packet does not say of which kind those are that the flow is for. */
	add(learn, VSWITCH_LEARN_KIND_MATCH, M(ETH_TYPE), M(ETH_TYPE), 16);
	KUNIT_EXPECT_EQ(test, check(learn), 0);
	spec = add(learn, VSWITCH_LEARN_KIND_MATCH, M(IPV4_DST), M(IPV4_SRC), 32);
	KUNIT_EXPECT_EQ(test, check(learn), -EINVAL);
	spec->kind = VSWITCH_LEARN_KIND_SET;
	KUNIT_EXPECT_EQ(test, check(learn), -EINVAL);
	*spec = (struct vsw_learn_spec){ .dst = M(REG0), .bits = 4 };
	lowest = &spec->value[vsw_field_byte(vsw_field(M(REG0)), 0)];
	*lowest = 15;
	KUNIT_EXPECT_EQ(test, check(learn), 0);
	*lowest = 31;
	KUNIT_EXPECT_EQ(test, check(learn), -EINVAL);
	*spec = (struct vsw_learn_spec){ .src = M(REG0), .dst = M(REG0), .bits = 33 };
	KUNIT_EXPECT_EQ(test, check(learn), -EINVAL);
	*spec = (struct vsw_learn_spec){
		.src = M(REG0), .dst = M(REG0), .dst_offset = 1, .bits = 32,
	};
	KUNIT_EXPECT_EQ(test, check(learn), -EINVAL);
	*spec = (struct vsw_learn_spec){ .src = M(REG0), .dst = M(REG0) };
	KUNIT_EXPECT_EQ(test, check(learn), -EINVAL);
	*spec = (struct vsw_learn_spec){ .src = M(REG0), .dst = 255, .bits = 1 };
	KUNIT_EXPECT_EQ(test, bare_check(learn), -EINVAL);
	*spec = (struct vsw_learn_spec){ .src = M(IN_PORT), .dst = M(IN_PORT), .bits = 8 };
	KUNIT_EXPECT_EQ(test, check(learn), -EINVAL);
	*spec = (struct vsw_learn_spec){
		.kind = VSWITCH_LEARN_KIND_OUTPUT, .bits = 16, .value = { 1 },
	};
	KUNIT_EXPECT_EQ(test, check(learn), -EINVAL);
}

/* As many bytes as a lesson can have, and none behind them. */
static void longest(struct kunit *test)
{
	struct vsw_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	u8 *data = kunit_kmalloc(test, VSW_LESSON_MAX + 1, GFP_KERNEL);
	struct vsw_action_learn *learn = begin(test);
	unsigned int i, wrong = 0;

	KUNIT_ASSERT_TRUE(test, key && data);
	for (i = 0; i < SPECS; i++)
		add(learn, VSWITCH_LEARN_KIND_SET, M(IPV6_SRC), M(IPV6_DST), 128);
	vsw_lesson_shape(learn);
	KUNIT_ASSERT_EQ(test, learn->length, VSW_LESSON_MAX);
	/* A flow for packets that may have no addresses. */
	KUNIT_EXPECT_EQ(test, bare_check(learn), -EINVAL);
	memset(&key->ip.ipv6_src, 0xa5, sizeof(key->ip.ipv6_src));
	memset(data, 0x5a, VSW_LESSON_MAX + 1);
	vsw_lesson_read(learn, key, data);
	for (i = 0; i < VSW_LESSON_MAX; i++)
		wrong += data[i] != 0xa5;
	KUNIT_EXPECT_EQ(test, wrong, 0);
	KUNIT_EXPECT_EQ(test, data[VSW_LESSON_MAX], 0x5a);
}

/* Bits that are not learned make no other lesson. */
static void rest_is_nothing(struct kunit *test)
{
	struct vsw_key *key = kunit_kzalloc(test, sizeof(*key), GFP_KERNEL);
	struct vsw_action_learn *learn = begin(test);
	u8 one[4], other[4];

	KUNIT_ASSERT_NOT_NULL(test, key);
	add(learn, VSWITCH_LEARN_KIND_SET, M(REG1), M(REG0), 5)->src_offset = 3;
	KUNIT_ASSERT_EQ(test, check(learn), 0);
	KUNIT_ASSERT_EQ(test, learn->length, sizeof(one));
	key->reg[1] = 0xffffff07;
	vsw_lesson_read(learn, key, one);
	key->reg[1] = 0;
	vsw_lesson_read(learn, key, other);
	KUNIT_EXPECT_EQ(test, memcmp(one, other, sizeof(one)), 0);
	key->reg[1] = 8;
	vsw_lesson_read(learn, key, other);
	KUNIT_EXPECT_NE(test, memcmp(one, other, sizeof(one)), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(follows),
	KUNIT_CASE(longest),
	KUNIT_CASE(rest_is_nothing),
	KUNIT_CASE(refusals),
	{}
};

static struct kunit_suite suite = {
	.name = "vswitch_lesson",
	.test_cases = cases,
};

kunit_test_suite(suite);
