// SPDX-License-Identifier: GPL-2.0
/* Unit tests of which programs of actions can be run, and what they need of the key. */
#include <kunit/test.h>
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/netlink.h>

#include "action.h"

#define TABLE	5

struct match {
	struct vsw_key key, mask;
};

struct program {
	struct vsw_actions *actions;
	struct match match;
	enum vsw_actions_of of;
};

static struct program *begin(struct kunit *test)
{
	struct program *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	p->actions = kunit_kzalloc(test, 4096, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p->actions);
	return p;
}

static void begin_again(struct program *p)
{
	memset(p->actions->program, 0, p->actions->words * sizeof(u64));
	p->actions->words = 0;
}

static void *add(struct program *p, u8 type, size_t size, u32 value)
{
	struct vsw_action *action = (void *)(p->actions->program + p->actions->words);

	action->type = type;
	action->words = DIV_ROUND_UP(size, sizeof(u64));
	action->value = value;
	p->actions->words += action->words;
	return action;
}

static struct vsw_action *add_simple(struct program *p, u8 type, u32 value)
{
	return add(p, type, sizeof(struct vsw_action), value);
}

static struct vsw_action_set *add_set(struct program *p, unsigned int field, u8 mask)
{
	struct vsw_action_set *set = add(p, VSWITCH_A_ACTION_SET, sizeof(*set), 0);

	set->action.small = field;
	memset(set->mask, mask, vsw_field(field)->size);
	return set;
}

static struct vsw_action_move *add_move(struct program *p, u8 src, u8 dst, u32 bits)
{
	struct vsw_action_move *move = add(p, VSWITCH_A_ACTION_MOVE, sizeof(*move), bits);

	move->src = src;
	move->dst = dst;
	return move;
}

static void match_ip(struct program *p, u16 eth_type, u8 ip_proto)
{
	memset(&p->match, 0, sizeof(p->match));
	p->match.key.eth_type = htons(eth_type);
	p->match.mask.eth_type = htons(U16_MAX);
	if (!ip_proto)
		return;
	p->match.key.ip_proto = ip_proto;
	p->match.mask.ip_proto = U8_MAX;
}

static int check(struct program *p)
{
	struct netlink_ext_ack extack = {};
	int err;

	err = vsw_actions_check(p->actions, p->of, TABLE, &p->match.key, &p->match.mask, &extack);
	/* Who is refused is told why, and who is not, nothing. */
	if (err && (err != -EINVAL || !extack._msg))
		return -ENOMSG;
	return err || !extack._msg ? err : -ENOMSG;
}

/* The program can be run, or not; the next one begins. */
#define expect(test, p, wanted)							\
	do {									\
		KUNIT_EXPECT_EQ(test, check(p), (wanted) ? 0 : -EINVAL);	\
		begin_again(p);							\
	} while (0)

static void outputs(struct kunit *test)
{
	static const struct { u32 port; bool ok; } ports[] = {
		{ 0, true }, { 1, true }, { VSWITCH_MAX_PORTS, true },
		{ VSWITCH_MAX_PORTS + 1, false }, { VSWITCH_FLOW_PORT_IN_PORT, true },
		{ VSWITCH_FLOW_PORT_IN_PORT + 1, false }, { VSWITCH_FLOW_PORT_NORMAL, true },
		{ VSWITCH_FLOW_PORT_FLOOD, true }, { VSWITCH_FLOW_PORT_ALL, true },
		{ VSWITCH_FLOW_PORT_ALL + 1, false }, { U32_MAX, false },
	};
	struct program *p = begin(test);
	unsigned int i;

	expect(test, p, true);
	for (i = 0; i < ARRAY_SIZE(ports); i++) {
		add_simple(p, VSWITCH_A_ACTION_OUTPUT, ports[i].port);
		KUNIT_EXPECT_EQ_MSG(test, check(p), ports[i].ok ? 0 : -EINVAL, "port %u",
				    ports[i].port);
		KUNIT_EXPECT_EQ(test, p->actions->map, 0);
		begin_again(p);
	}
	/* The last action is looked at as the first is. */
	add_simple(p, VSWITCH_A_ACTION_OUTPUT, 1);
	add_simple(p, VSWITCH_A_ACTION_OUTPUT, 2);
	add_simple(p, VSWITCH_A_ACTION_OUTPUT, U32_MAX);
	expect(test, p, false);
	add_simple(p, 0, 0);
	expect(test, p, false);
	add_simple(p, VSWITCH_A_ACTION_MAX + 1, 0);
	expect(test, p, false);
}

static void drops(struct kunit *test)
{
	struct program *p = begin(test);

	add_simple(p, VSWITCH_A_ACTION_DROP, 0);
	expect(test, p, true);
	add(p, VSWITCH_A_ACTION_DROP, sizeof(struct vsw_action) + 9, 0);
	expect(test, p, true);
	add_simple(p, VSWITCH_A_ACTION_DROP, 0);
	add_simple(p, VSWITCH_A_ACTION_OUTPUT, 1);
	expect(test, p, false);
	add_simple(p, VSWITCH_A_ACTION_OUTPUT, 1);
	add_simple(p, VSWITCH_A_ACTION_DROP, 0);
	expect(test, p, false);
	p->of = VSW_ACTIONS_OF_BUCKET;
	add_simple(p, VSWITCH_A_ACTION_DROP, 0);
	expect(test, p, true);
}

static void tables(struct kunit *test)
{
	struct program *p = begin(test);
	struct vsw_action *action;

	add_simple(p, VSWITCH_A_ACTION_OUTPUT, 1);
	add_simple(p, VSWITCH_A_ACTION_GOTO, 0)->small = TABLE + 1;
	expect(test, p, true);
	add_simple(p, VSWITCH_A_ACTION_GOTO, 0)->small = VSWITCH_FLOW_TABLE_MAX;
	expect(test, p, true);
	add_simple(p, VSWITCH_A_ACTION_GOTO, 0)->small = VSWITCH_FLOW_TABLE_MAX + 1;
	expect(test, p, false);
	add_simple(p, VSWITCH_A_ACTION_GOTO, 0)->small = TABLE;
	expect(test, p, false);
	add_simple(p, VSWITCH_A_ACTION_GOTO, 0)->small = TABLE + 1;
	add_simple(p, VSWITCH_A_ACTION_OUTPUT, 1);
	expect(test, p, false);

	action = add_simple(p, VSWITCH_A_ACTION_RESUBMIT, 7);
	action->flags = VSW_RESUBMIT_PORT;
	action->small = 255;	/* says nothing */
	add_simple(p, VSWITCH_A_ACTION_OUTPUT, 1);
	expect(test, p, true);
	add_simple(p, VSWITCH_A_ACTION_RESUBMIT, U16_MAX)->flags = VSW_RESUBMIT_PORT;
	expect(test, p, false);
	add_simple(p, VSWITCH_A_ACTION_RESUBMIT, VSWITCH_FLOW_PORT_IN_PORT)->flags =
		VSW_RESUBMIT_PORT;
	expect(test, p, true);
	add_simple(p, VSWITCH_A_ACTION_RESUBMIT, 0)->flags = VSW_RESUBMIT_TABLE;
	expect(test, p, true);
	action = add_simple(p, VSWITCH_A_ACTION_RESUBMIT, 0);
	action->flags = VSW_RESUBMIT_TABLE;
	action->small = VSWITCH_FLOW_TABLE_MAX + 1;
	expect(test, p, false);

	p->of = VSW_ACTIONS_OF_BUCKET;
	add_simple(p, VSWITCH_A_ACTION_GOTO, 0)->small = TABLE + 1;
	expect(test, p, false);
	add_simple(p, VSWITCH_A_ACTION_RESUBMIT, 0)->flags = VSW_RESUBMIT_TABLE;
	expect(test, p, true);
}

static void sets(struct kunit *test)
{
	struct program *p = begin(test);
	struct vsw_action_set *set;

	/* Of any packet. */
	add_set(p, VSWITCH_A_MATCH_ETH_DST, 0xff);
	add_set(p, VSWITCH_A_MATCH_VLAN_TCI, 0xff);
	add_set(p, VSWITCH_A_MATCH_REG2, 0x55);
	KUNIT_EXPECT_EQ(test, check(p), 0);
	KUNIT_EXPECT_EQ(test, p->actions->map,
			vsw_field_map(VSWITCH_A_MATCH_ETH_DST) |
			vsw_field_map(VSWITCH_A_MATCH_VLAN_TCI) | VSW_KEY_MAP_OF(reg[2]));
	begin_again(p);
	/* Of those that have it. */
	add_set(p, VSWITCH_A_MATCH_IPV4_DST, 0xff);
	expect(test, p, false);
	match_ip(p, ETH_P_IPV6, 0);
	add_set(p, VSWITCH_A_MATCH_IPV4_DST, 0xff);
	expect(test, p, false);
	match_ip(p, ETH_P_IP, 0);
	add_set(p, VSWITCH_A_MATCH_IPV4_DST, 0xff);
	KUNIT_EXPECT_EQ(test, check(p), 0);
	KUNIT_EXPECT_NE(test, p->actions->map & VSW_KEY_MAP_OF(ip), 0);
	KUNIT_EXPECT_NE(test, p->actions->map & VSW_KEY_MAP_OF(tp_src), 0);
	begin_again(p);
	add_set(p, VSWITCH_A_MATCH_TP_DST, 0xff);
	expect(test, p, false);
	match_ip(p, ETH_P_IP, IPPROTO_TCP);
	set = add_set(p, VSWITCH_A_MATCH_TP_DST, 0xff);
	KUNIT_EXPECT_EQ(test, check(p), 0);
	KUNIT_EXPECT_EQ(test, set->action.flags, 0);
	begin_again(p);
	match_ip(p, ETH_P_IP, IPPROTO_ICMP);
	set = add_set(p, VSWITCH_A_MATCH_TP_DST, 0xff);
	KUNIT_EXPECT_EQ(test, check(p), 0);
	KUNIT_EXPECT_EQ(test, set->action.flags, VSW_WRITES_ICMP);
	begin_again(p);
	add_set(p, VSWITCH_A_MATCH_IP_PROTO, 0xff);
	expect(test, p, false);
	match_ip(p, ETH_P_ARP, 0);
	add_set(p, VSWITCH_A_MATCH_IP_PROTO, 0xff);
	expect(test, p, true);

	/* A bucket does not know its packets. */
	match_ip(p, 0, 0);
	p->of = VSW_ACTIONS_OF_BUCKET;
	set = add_set(p, VSWITCH_A_MATCH_TP_DST, 0xff);
	KUNIT_EXPECT_EQ(test, check(p), 0);
	KUNIT_EXPECT_EQ(test, set->action.flags, 0);
	begin_again(p);
	add_set(p, VSWITCH_A_MATCH_ETH_TYPE, 0xff);
	expect(test, p, false);
}

static void values(struct kunit *test)
{
	struct program *p = begin(test);
	struct vsw_action_set *set;

	add_set(p, VSWITCH_A_MATCH_ETH_DST, 0x0f)->value[5] = 0x0f;
	expect(test, p, true);
	add_set(p, VSWITCH_A_MATCH_ETH_DST, 0x0f)->value[5] = 0x10;
	expect(test, p, false);
	add_set(p, VSWITCH_A_MATCH_ETH_DST, 0xff)->mask[6] = 1;
	expect(test, p, false);
	add_set(p, VSWITCH_A_MATCH_ETH_DST, 0xff)->value[6] = 1;
	expect(test, p, false);
	add_set(p, VSWITCH_A_MATCH_ETH_TYPE, 0xff);
	expect(test, p, false);
	add_set(p, VSWITCH_A_MATCH_CT_MARK, 0xff);
	expect(test, p, false);
	add_set(p, VSWITCH_A_MATCH_REG0, 0xff)->action.small = VSWITCH_A_MATCH_TP_SRC_RANGE;
	expect(test, p, false);
	/* Which has 20 bits. */
	match_ip(p, ETH_P_IPV6, 0);
	set = add_set(p, VSWITCH_A_MATCH_IPV6_LABEL, 0xff);
	set->mask[0] = 0;
	set->mask[1] = 0x0f;
	KUNIT_EXPECT_EQ(test, check(p), 0);
	set->mask[1] = 0x1f;
	expect(test, p, false);
	add_set(p, VSWITCH_A_MATCH_IP_TTL, 0x7f);
	expect(test, p, false);
	add_set(p, VSWITCH_A_MATCH_IP_TTL, 0xff);
	expect(test, p, true);
}

static void moves(struct kunit *test)
{
	struct program *p = begin(test);
	struct vsw_action_move *move;

	add_move(p, VSWITCH_A_MATCH_ETH_SRC, VSWITCH_A_MATCH_ETH_DST, 48);
	KUNIT_EXPECT_EQ(test, check(p), 0);
	KUNIT_EXPECT_EQ(test, p->actions->map, vsw_field_map(VSWITCH_A_MATCH_ETH_SRC) |
			vsw_field_map(VSWITCH_A_MATCH_ETH_DST));
	begin_again(p);
	add_move(p, VSWITCH_A_MATCH_ETH_SRC, VSWITCH_A_MATCH_ETH_DST, 49);
	expect(test, p, false);
	add_move(p, VSWITCH_A_MATCH_ETH_SRC, VSWITCH_A_MATCH_ETH_DST, 0);
	expect(test, p, false);
	move = add_move(p, VSWITCH_A_MATCH_ETH_SRC, VSWITCH_A_MATCH_REG0, 16);
	move->src_offset = 32;
	move->dst_offset = 16;
	KUNIT_EXPECT_EQ(test, check(p), 0);
	move->src_offset = 33;
	KUNIT_EXPECT_EQ(test, check(p), -EINVAL);
	move->src_offset = 32;
	move->dst_offset = 17;
	expect(test, p, false);
	move = add_move(p, VSWITCH_A_MATCH_ETH_SRC, VSWITCH_A_MATCH_REG0, U32_MAX);
	move->src_offset = 1;
	move->dst_offset = 1;
	expect(test, p, false);
	/* What is only read may be such that cannot be set; both must be there. */
	add_move(p, VSWITCH_A_MATCH_ETH_TYPE, VSWITCH_A_MATCH_REG0, 16);
	expect(test, p, true);
	add_move(p, VSWITCH_A_MATCH_REG0, VSWITCH_A_MATCH_ETH_TYPE, 16);
	expect(test, p, false);
	add_move(p, VSWITCH_A_MATCH_IPV4_SRC, VSWITCH_A_MATCH_REG0, 32);
	expect(test, p, false);
	add_move(p, VSWITCH_A_MATCH_REG0, VSWITCH_A_MATCH_IPV4_SRC, 32);
	expect(test, p, false);
	match_ip(p, ETH_P_IP, 0);
	add_move(p, VSWITCH_A_MATCH_IPV4_SRC, VSWITCH_A_MATCH_REG0, 32);
	add_move(p, VSWITCH_A_MATCH_REG0, VSWITCH_A_MATCH_IPV4_DST, 32);
	expect(test, p, true);
	add_move(p, VSWITCH_A_MATCH_REG0, VSWITCH_A_MATCH_IP_TTL, 4);
	expect(test, p, false);
}

static void others(struct kunit *test)
{
	struct program *p = begin(test);

	add_simple(p, VSWITCH_A_ACTION_PUSH_VLAN, ETH_P_8021Q);
	add_simple(p, VSWITCH_A_ACTION_PUSH_VLAN, ETH_P_8021AD);
	add_simple(p, VSWITCH_A_ACTION_POP_VLAN, 0);
	KUNIT_EXPECT_EQ(test, check(p), 0);
	KUNIT_EXPECT_NE(test, p->actions->map & VSW_KEY_MAP_OF(vlan_tci), 0);
	begin_again(p);
	add_simple(p, VSWITCH_A_ACTION_PUSH_VLAN, 0x9100);
	expect(test, p, false);
	add_simple(p, VSWITCH_A_ACTION_DEC_TTL, 0);
	KUNIT_EXPECT_EQ(test, check(p), 0);
	KUNIT_EXPECT_NE(test, p->actions->map & VSW_KEY_MAP_OF(ip_ttl), 0);
	begin_again(p);
	add_simple(p, VSWITCH_A_ACTION_PRIORITY, U32_MAX);
	expect(test, p, true);
	add(p, VSWITCH_A_ACTION_METER, sizeof(struct vsw_action_meter), 0);
	expect(test, p, false);
	add(p, VSWITCH_A_ACTION_METER, sizeof(struct vsw_action_meter), VSWITCH_FLOW_METER_MAX);
	KUNIT_EXPECT_EQ(test, check(p), 0);
	KUNIT_EXPECT_NE(test, p->actions->map & VSW_KEY_MAP_OF(ip_tos), 0);
	begin_again(p);
	add(p, VSWITCH_A_ACTION_METER, sizeof(struct vsw_action_meter), U32_MAX);
	expect(test, p, false);
	add_simple(p, VSWITCH_A_ACTION_GROUP, VSWITCH_FLOW_GROUP_MAX);
	expect(test, p, true);
	add_simple(p, VSWITCH_A_ACTION_GROUP, U32_MAX);
	expect(test, p, false);
	p->of = VSW_ACTIONS_OF_BUCKET;
	add_simple(p, VSWITCH_A_ACTION_GROUP, 1);
	expect(test, p, true);
}

static void truncates(struct kunit *test)
{
	struct program *p = begin(test);

	add_simple(p, VSWITCH_A_ACTION_TRUNCATE, ETH_HLEN);
	add_simple(p, VSWITCH_A_ACTION_OUTPUT, VSWITCH_FLOW_PORT_IN_PORT);
	expect(test, p, true);
	add_simple(p, VSWITCH_A_ACTION_TRUNCATE, ETH_HLEN - 1);
	add_simple(p, VSWITCH_A_ACTION_OUTPUT, 1);
	expect(test, p, false);
	add_simple(p, VSWITCH_A_ACTION_TRUNCATE, 100);
	expect(test, p, false);
	add_simple(p, VSWITCH_A_ACTION_TRUNCATE, 100);
	add_simple(p, VSWITCH_A_ACTION_POP_VLAN, 0);
	add_simple(p, VSWITCH_A_ACTION_OUTPUT, 1);
	expect(test, p, false);
	add_simple(p, VSWITCH_A_ACTION_TRUNCATE, 100);
	add_simple(p, VSWITCH_A_ACTION_OUTPUT, VSWITCH_FLOW_PORT_NORMAL);
	expect(test, p, false);
}

static void sizes(struct kunit *test)
{
	struct vsw_actions *actions = vsw_actions_alloc(VSW_ACTIONS_WORDS_MAX + 1);
	struct vsw_key none = {};
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, actions);
	KUNIT_EXPECT_EQ(test, actions->words, 0);
	KUNIT_EXPECT_GE(test, actions->memory, (VSW_ACTIONS_WORDS_MAX + 1) * sizeof(u64));
	for (i = 0; i <= VSW_ACTIONS_WORDS_MAX; i++) {
		struct vsw_action *action = (void *)&actions->program[i];

		action->type = VSWITCH_A_ACTION_OUTPUT;
		action->words = 1;
	}
	actions->words = VSW_ACTIONS_WORDS_MAX;
	KUNIT_EXPECT_EQ(test, 0, vsw_actions_check(actions, VSW_ACTIONS_OF_FLOW, 0, &none, &none,
						   NULL));
	actions->words++;
	KUNIT_EXPECT_EQ(test, -EINVAL, vsw_actions_check(actions, VSW_ACTIONS_OF_FLOW, 0, &none,
							 &none, NULL));
	vsw_actions_free(actions);
	vsw_actions_free(NULL);
}

static void add_each(struct program *p)
{
	struct vsw_action_controller *controller;

	add_set(p, VSWITCH_A_MATCH_REG1, 0xff)->value[1] = 9;
	add_simple(p, VSWITCH_A_ACTION_OUTPUT, 3);
	add(p, VSWITCH_A_ACTION_METER, sizeof(struct vsw_action_meter), 4);
	controller = add(p, VSWITCH_A_ACTION_CONTROLLER, sizeof(*controller) + 3, 100);
	controller->action.small = 3;
	controller->rate = 10;
	memcpy(controller->userdata, "abc", 3);
	add_simple(p, VSWITCH_A_ACTION_GROUP, 5);
}

static void questions(struct kunit *test)
{
	struct program *a = begin(test), *b = begin(test);
	struct vsw_action_controller *controller;
	struct vsw_action_meter *meter;

	add_each(a);
	add_each(b);
	KUNIT_EXPECT_EQ(test, check(a), 0);
	KUNIT_EXPECT_TRUE(test, vsw_actions_output_to(a->actions, 3));
	KUNIT_EXPECT_FALSE(test, vsw_actions_output_to(a->actions, 4));
	KUNIT_EXPECT_TRUE(test, vsw_actions_use_meter(a->actions, 4));
	KUNIT_EXPECT_FALSE(test, vsw_actions_use_meter(a->actions, 3));
	KUNIT_EXPECT_TRUE(test, vsw_actions_use_group(a->actions, 5));
	KUNIT_EXPECT_FALSE(test, vsw_actions_use_group(a->actions, 4));

	/* What has become of one is no difference. */
	meter = (void *)(a->actions->program + sizeof(struct vsw_action_set) / 8 + 1);
	meter->state = 77;
	controller = (void *)(meter + 1);
	controller->state = 78;
	controller->lost = 79;
	KUNIT_EXPECT_TRUE(test, vsw_actions_are_equal(a->actions, b->actions));
	controller->userdata[2] = 'd';
	KUNIT_EXPECT_FALSE(test, vsw_actions_are_equal(a->actions, b->actions));
	controller->userdata[2] = 'c';
	controller->rate++;
	KUNIT_EXPECT_FALSE(test, vsw_actions_are_equal(a->actions, b->actions));
	controller->rate--;
	meter->action.value++;
	KUNIT_EXPECT_FALSE(test, vsw_actions_are_equal(a->actions, b->actions));
	meter->action.value--;
	((struct vsw_action_set *)a->actions->program)->value[2] = 1;
	KUNIT_EXPECT_FALSE(test, vsw_actions_are_equal(a->actions, b->actions));
	((struct vsw_action_set *)a->actions->program)->value[2] = 0;
	KUNIT_EXPECT_TRUE(test, vsw_actions_are_equal(a->actions, b->actions));
	add_simple(a, VSWITCH_A_ACTION_OUTPUT, 1);
	KUNIT_EXPECT_FALSE(test, vsw_actions_are_equal(a->actions, b->actions));
}

static struct kunit_case action_cases[] = {
	KUNIT_CASE(outputs),
	KUNIT_CASE(drops),
	KUNIT_CASE(tables),
	KUNIT_CASE(sets),
	KUNIT_CASE(values),
	KUNIT_CASE(moves),
	KUNIT_CASE(others),
	KUNIT_CASE(truncates),
	KUNIT_CASE(sizes),
	KUNIT_CASE(questions),
	{}
};

static struct kunit_suite action_suite = {
	.name = "vswitch_action",
	.test_cases = action_cases,
};

kunit_test_suite(action_suite);
