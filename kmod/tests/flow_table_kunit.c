// SPDX-License-Identifier: GPL-2.0
/*
 * The flow table against a list of rules that is asked one after the other, and what the
 * table alone has to keep: growth, ages, ranges, the room of each flow. How many packets, with
 * how many sets of rules, the list is asked for is said by
 *
 *   modprobe vswitch_kunit flow_table_packets=10000000
 */
#include <kunit/test.h>
#include <linux/kthread.h>
#include <linux/moduleparam.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "flow_fixture.h"

static unsigned int packets = 200000;
module_param_named(flow_table_packets, packets, uint, 0444);
MODULE_PARM_DESC(flow_table_packets, "Packets that the flow table is compared with a list by");

/* A test has five minutes, so it is many. */
#define CHUNK		200000U

#define RULES_MAX	120
#define MASKS_MAX	24
#define MANY		8000

struct rule {
	struct vsw_flow *flow;
	struct vsw_flow_config config;
	u64 age;
};

struct fixture {
	struct flow_fixture flows;	/* first */
	struct rnd_state random;
	u64 age;
	unsigned int count;
	unsigned int word_count;
	u8 word[4];			/* of the key, that rules ask for */
	struct vsw_match mask[MASKS_MAX];
	struct rule rule[RULES_MAX];
};

static int flow_test_init(struct kunit *test)
{
	struct fixture *f = kvzalloc(sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	f->flows.view = vsw_flow_view_alloc(NULL);
	KUNIT_ASSERT_NOT_NULL(test, f->flows.view);
	prandom_seed_state(&f->random, 5);
	return 0;
}

static void flow_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f)
		vsw_flow_view_free_rcu(f->flows.view);
	kvfree(f);
}

static u32 random_below(struct fixture *f, u32 n)
{
	return prandom_u32_state(&f->random) % n;
}

static bool is_in(struct vsw_port_range range, __be16 port)
{
	return ntohs(port) >= range.min && ntohs(port) <= range.max;
}

static bool rule_matches(const struct fixture *f, const struct rule *rule,
			 const struct vsw_key *key)
{
	const struct vsw_match *match = &rule->config.match;
	unsigned int i, at;

	for (i = 0; i < f->word_count; i++) {
		at = f->word[i];
		if ((key->word[at] ^ match->key.word[at]) & match->mask.word[at])
			return false;
	}
	return is_in(match->tp_src, key->tp_src) && is_in(match->tp_dst, key->tp_dst);
}

static struct vsw_flow *look_up_list(const struct fixture *f, const struct vsw_key *key)
{
	const struct rule *rule, *best = NULL;

	for (rule = f->rule; rule < f->rule + f->count; rule++) {
		if (best && (rule->config.priority < best->config.priority ||
			     (rule->config.priority == best->config.priority &&
			      rule->age > best->age)))
			continue;
		if (rule_matches(f, rule, key))
			best = rule;
	}
	return best ? best->flow : NULL;
}

/* Few values, so that rules and packets meet: some bits of each byte. */
static u64 random_word(struct fixture *f)
{
	return ((u64)prandom_u32_state(&f->random) << 32 | prandom_u32_state(&f->random)) &
	       0x8001010180010001ULL;
}

static u64 random_mask(struct fixture *f)
{
	switch (random_below(f, 4)) {
	case 0:
		return 0;
	case 1:
		return U64_MAX;
	case 2:
		return GENMASK_ULL(63, random_below(f, 63));
	default:
		return (u64)prandom_u32_state(&f->random) << 32 | prandom_u32_state(&f->random);
	}
}

static struct vsw_port_range random_range(struct fixture *f)
{
	u16 a = prandom_u32_state(&f->random) & 0x8103, b = prandom_u32_state(&f->random);

	return (struct vsw_port_range){ min(a, b), max(a, b) };
}

static void random_masks(struct fixture *f)
{
	static const u8 words[] = { 0, 4, 5, 8, VSW_KEY_WORDS - 1 };
	unsigned int i, j, n = 1 + random_below(f, 3);
	struct vsw_match *match;

	/* Ports are always among them. */
	f->word_count = n + 1;
	for (i = 0; i < n; i++)
		f->word[i] = words[random_below(f, ARRAY_SIZE(words))];
	f->word[n] = offsetof(struct vsw_key, tp_src) / sizeof(u64);
	for (i = 0; i < MASKS_MAX; i++) {
		match = &f->mask[i];
		memset(match, 0, sizeof(*match));
		for (j = 0; j < f->word_count; j++)
			match->mask.word[f->word[j]] = random_mask(f);
		match->tp_src.max = U16_MAX;
		match->tp_dst.max = U16_MAX;
	}
}

static void random_config(struct fixture *f, struct vsw_flow_config *config)
{
	struct vsw_match *match = &config->match;
	unsigned int i;

	init_config(config, random_below(f, 3) ? random_below(f, 5) : random_below(f, U16_MAX + 1));
	*match = f->mask[random_below(f, MASKS_MAX)];
	if (!random_below(f, 8)) {
		match->tp_src = random_range(f);
		match->mask.tp_src = 0;
	}
	if (!random_below(f, 8)) {
		match->tp_dst = random_range(f);
		match->mask.tp_dst = 0;
	}
	for (i = 0; i < f->word_count; i++)
		match->key.word[f->word[i]] = random_word(f) & match->mask.word[f->word[i]];
}

static struct rule *find_rule(struct fixture *f, const struct vsw_flow *flow)
{
	struct rule *rule;

	for (rule = f->rule; rule < f->rule + f->count; rule++)
		if (rule->flow == flow)
			return rule;
	return NULL;
}

static void add_random(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct rule *rule;
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_actions *actions = vsw_actions_alloc(0);
	struct vsw_flow *flow, *old, *found;

	KUNIT_ASSERT_NOT_NULL(test, config);
	KUNIT_ASSERT_NOT_NULL(test, actions);
	random_config(f, config);
	flow = vsw_flow_alloc(config, actions, NULL);
	if (IS_ERR(flow)) {
		KUNIT_EXPECT_EQ(test, PTR_ERR(flow), -E2BIG);
		vsw_actions_free(actions);
		goto out;
	}
	KUNIT_ASSERT_EQ(test, vsw_flow_table_reserve(f->flows.view, flow), 0);
	found = vsw_flow_table_find(f->flows.view, 0, config->priority, &config->match);
	KUNIT_EXPECT_PTR_EQ(test, vsw_flow_table_find_like(f->flows.view, flow), found);
	old = vsw_flow_table_insert(f->flows.view, flow);
	vsw_flow_view_changed(f->flows.view);
	KUNIT_EXPECT_PTR_EQ(test, old, found);
	KUNIT_EXPECT_PTR_EQ(test, vsw_flow_table_find(f->flows.view, 0, config->priority,
						      &config->match), flow);
	if (old) {
		rule = find_rule(f, old);
		KUNIT_ASSERT_NOT_NULL(test, rule);
		vsw_flow_free_rcu(old);
	} else {
		rule = &f->rule[f->count++];
		rule->age = f->age++;
	}
	rule->flow = flow;
	rule->config = *config;
out:
	kunit_kfree(test, config);
}

static void del_random(struct fixture *f)
{
	struct rule *rule = &f->rule[random_below(f, f->count)];

	del_flow(&f->flows, rule->flow);
	*rule = f->rule[--f->count];
}

static void random_key(struct fixture *f, struct vsw_key *key)
{
	const struct vsw_match *match;
	unsigned int i, at;

	for (i = 0; i < f->word_count; i++)
		key->word[f->word[i]] = random_word(f);
	if (!f->count || random_below(f, 4) == 0)
		return;
	/* One that a rule matches. */
	match = &f->rule[random_below(f, f->count)].config.match;
	for (i = 0; i < f->word_count; i++) {
		at = f->word[i];
		key->word[at] = (key->word[at] & ~match->mask.word[at]) | match->key.word[at];
	}
	if (match->tp_src.min || match->tp_src.max != U16_MAX)
		key->tp_src = htons(random_below(f, 2) ? match->tp_src.min : match->tp_src.max);
	if (match->tp_dst.min || match->tp_dst.max != U16_MAX)
		key->tp_dst = htons(random_below(f, 2) ? match->tp_dst.min : match->tp_dst.max);
}

/* How many of @n packets are treated otherwise than the list says. */
static unsigned int count_wrong(struct fixture *f, unsigned int n, unsigned int *hits)
{
	struct vsw_key key = {};
	struct vsw_flow *flow;
	unsigned int wrong = 0;

	while (n--) {
		random_key(f, &key);
		flow = look_up_list(f, &key);
		*hits += !!flow;
		/* The second time, it may be remembered. */
		wrong += look_up(f->flows.view, &key) != flow;
		wrong += look_up(f->flows.view, &key) != flow;
	}
	return wrong;
}

/* Rules of one set of masks come and go while packets are asked for. */
static unsigned int run_set(struct kunit *test, unsigned int n, unsigned int *hits)
{
	struct fixture *f = test->priv;
	unsigned int i, wrong = 0, limit = 1 + random_below(f, RULES_MAX);

	random_masks(f);
	while (n) {
		for (i = 0; i < 8; i++) {
			if (f->count && (f->count >= limit || random_below(f, 5) == 0))
				del_random(f);
			else
				add_random(test);
		}
		wrong += count_wrong(f, min(n, 100U), hits);
		n -= min(n, 100U);
		cond_resched();
	}
	while (f->count)
		del_random(f);
	return wrong;
}

static const void *next_chunk(const void *before, char *description)
{
	static unsigned int first;

	if (before && packets - first <= CHUNK)
		return NULL;
	first = before ? first + CHUNK : 0;
	snprintf(description, KUNIT_PARAM_DESC_SIZE, "from %u", first);
	return &first;
}

static void finds_what_a_list_finds(struct kunit *test)
{
	unsigned int first = *(const unsigned int *)test->param_value;
	unsigned int left, n, count = min(packets - first, CHUNK), wrong = 0, hits = 0;
	struct fixture *f = test->priv;
	const struct vsw_flow_table *table;

	prandom_seed_state(&f->random, 5 + first);
	for (left = count; left; left -= n) {
		n = min(left, 5000U);
		wrong += run_set(test, n, &hits);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	/* Most packets were made for a rule. */
	KUNIT_EXPECT_GT(test, hits, count / 2);
	/* All that was taken has been given back. */
	table = vsw_flow_table(f->flows.view, 0);
	KUNIT_EXPECT_EQ(test, table->flow_count, 0);
	KUNIT_EXPECT_EQ(test, table->memory, 0);
	KUNIT_EXPECT_EQ(test, tuples_of(f->flows.view)->count, 0);
	KUNIT_EXPECT_EQ(test, tuples_of(f->flows.view)->map, 0);
}

static void grows_and_shrinks(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_flow **flow = kunit_kcalloc(test, MANY, sizeof(*flow), GFP_KERNEL);
	struct vsw_flow *at;
	u64 memory;
	u32 i, n;

	KUNIT_ASSERT_NOT_NULL(test, config);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	for (i = 0; i < MANY; i++) {
		mac_config(config, i, 1);
		flow[i] = add_flow(test, config);
	}
	memory = vsw_flow_table(f->flows.view, 0)->memory;
	KUNIT_EXPECT_LE(test, memory, MANY * 640ULL);
	for (i = n = 0; i < MANY; i++) {
		mac_config(config, i, 1);
		n += look_up(f->flows.view, &config->match.key) == flow[i];
	}
	KUNIT_EXPECT_EQ(test, n, MANY);
	for (n = 0, at = vsw_flow_table_from(vsw_flow_table(f->flows.view, 0), 0); at;
	     at = vsw_flow_table_after(at))
		KUNIT_ASSERT_PTR_EQ(test, at, flow[n++]);
	KUNIT_EXPECT_EQ(test, n, MANY);
	for (i = 1; i < MANY; i++)
		del_flow(&f->flows, flow[i]);
	KUNIT_EXPECT_LE(test, vsw_flow_table(f->flows.view, 0)->memory, 2048);
	mac_config(config, 0, 1);
	KUNIT_EXPECT_PTR_EQ(test, look_up(f->flows.view, &config->match.key), flow[0]);
	mac_config(config, 1, 1);
	KUNIT_EXPECT_NULL(test, look_up(f->flows.view, &config->match.key));
}

#define STAY	64

struct reader {
	struct vsw_flow_view *view;
	struct vsw_flow *flow[STAY];
	unsigned long lookups, missed;
};

static int read_all_the_time(void *data)
{
	struct reader *reader = data;
	struct vsw_flow_config *config = kzalloc(sizeof(*config), GFP_KERNEL);
	struct vsw_flow *flow;
	u32 i;

	while (config && !kthread_should_stop()) {
		for (i = 0; i < STAY; i++) {
			mac_config(config, i, 1);
			local_bh_disable();
			flow = vsw_flow_tuples_lookup(tuples_of(reader->view), &config->match.key);
			local_bh_enable();
			reader->missed += flow != reader->flow[i];
			reader->missed += look_up(reader->view, &config->match.key) !=
					  reader->flow[i];
		}
		reader->lookups++;
		cond_resched();
	}
	kfree(config);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void churn(struct kunit *test, struct vsw_flow **flow, struct vsw_flow_config *config)
{
	struct fixture *f = test->priv;
	u32 i;

	for (i = STAY; i < MANY; i++) {
		mac_config(config, i, i % 7);
		/* Some have the words of one that stays, and are worse. */
		if (i < 2 * STAY)
			mac_config(config, i - STAY, 0);
		flow[i] = add_flow(test, config);
		cond_resched();
	}
	for (i = STAY; i < MANY; i++) {
		del_flow(&f->flows, flow[i]);
		cond_resched();
	}
}

/* Flows that stay are met while others make the table grow and shrink. */
static void readers_miss_nothing(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct reader *reader = kunit_kzalloc(test, sizeof(*reader), GFP_KERNEL);
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_flow **flow = kunit_kcalloc(test, MANY, sizeof(*flow), GFP_KERNEL);
	struct task_struct *task;
	unsigned int round;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, reader);
	KUNIT_ASSERT_NOT_NULL(test, config);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	reader->view = f->flows.view;
	for (i = 0; i < STAY; i++) {
		mac_config(config, i, 1);
		reader->flow[i] = add_flow(test, config);
	}
	task = kthread_run(read_all_the_time, reader, "vsw_flow_kunit");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	for (round = 0; round < 3; round++)
		churn(test, flow, config);
	kthread_stop(task);
	KUNIT_EXPECT_GT(test, reader->lookups, 0);
	KUNIT_EXPECT_EQ(test, reader->missed, 0);
}

static void older_of_equals_wins(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_flow_config *config = kunit_kcalloc(test, 3, sizeof(*config), GFP_KERNEL);
	struct vsw_flow *flow[3];
	unsigned int i;
	u64 id;

	KUNIT_ASSERT_NOT_NULL(test, config);
	/* One packet, three masks: the last one with a range. */
	for (i = 0; i < 3; i++)
		init_config(&config[i], 7);
	config[0].match.key.in_port = 1;
	config[0].match.mask.in_port = 0xffff;
	config[1].match.key.in_port = 1;
	config[1].match.mask.in_port = 1;
	config[2].match.tp_src.max = 1000;
	for (i = 0; i < 3; i++)
		flow[i] = add_flow(test, &config[i]);
	KUNIT_EXPECT_PTR_EQ(test, look_up(f->flows.view, &config[0].match.key), flow[0]);
	id = flow[0]->id;
	/* Who takes the place has the age, too. */
	flow[0] = add_flow(test, &config[0]);
	KUNIT_EXPECT_EQ(test, flow[0]->id, id);
	KUNIT_EXPECT_PTR_EQ(test, look_up(f->flows.view, &config[0].match.key), flow[0]);
	del_flow(&f->flows, flow[0]);
	KUNIT_EXPECT_PTR_EQ(test, look_up(f->flows.view, &config[0].match.key), flow[1]);
	flow[0] = add_flow(test, &config[0]);
	KUNIT_EXPECT_PTR_EQ(test, look_up(f->flows.view, &config[0].match.key), flow[1]);
	del_flow(&f->flows, flow[1]);
	KUNIT_EXPECT_PTR_EQ(test, look_up(f->flows.view, &config[0].match.key), flow[2]);
	config[2].match.tp_src.max = 999;
	config[2].priority = 8;
	flow[1] = add_flow(test, &config[2]);
	KUNIT_EXPECT_PTR_EQ(test, look_up(f->flows.view, &config[0].match.key), flow[1]);
}

static void ranges_have_an_end(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_actions *actions = vsw_actions_alloc(0);
	unsigned int port, wrong = 0;
	struct vsw_flow *flow;
	struct vsw_key key = {};

	KUNIT_ASSERT_NOT_NULL(test, config);
	KUNIT_ASSERT_NOT_NULL(test, actions);
	init_config(config, 1);
	config->match.tp_src = (struct vsw_port_range){ 1, 65534 };
	flow = add_flow(test, config);
	KUNIT_EXPECT_EQ(test, flow->node_count, 30);
	for (port = 0; port <= U16_MAX; port++) {
		key.tp_src = htons(port);
		wrong += !!look_up(f->flows.view, &key) != (port && port != U16_MAX);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	config->match.tp_dst = config->match.tp_src;
	KUNIT_EXPECT_EQ(test, PTR_ERR(vsw_flow_alloc(config, actions, NULL)), -E2BIG);
	config->match.tp_dst = (struct vsw_port_range){ 8, 15 };
	flow = vsw_flow_alloc(config, actions, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(flow));
	KUNIT_EXPECT_EQ(test, flow->node_count, 30);
	vsw_flow_free(flow);
}

#define ANY_PORTS	.tp_src = { 0, U16_MAX }, .tp_dst = { 0, U16_MAX }

static const struct pair {
	struct vsw_match a, b;
	bool a_within_b, b_within_a, overlap;
} pairs[] = {
	{ { ANY_PORTS }, { ANY_PORTS }, true, true, true },
	{ { .key.in_port = 1, .mask.in_port = 0xffff, ANY_PORTS },
	  { .key.in_port = 1, .mask.in_port = 1, ANY_PORTS }, true, false, true },
	{ { .key.in_port = 1, .mask.in_port = 0xffff, ANY_PORTS },
	  { .key.in_port = 2, .mask.in_port = 2, ANY_PORTS }, false, false, false },
	{ { .key.in_port = 1, .mask.in_port = 0xffff, ANY_PORTS },
	  { .key.metadata = 1, .mask.metadata = 1, ANY_PORTS }, false, false, true },
	{ { .tp_src = { 5, 17 }, .tp_dst = { 0, U16_MAX } },
	  { .tp_src = { 5, 18 }, .tp_dst = { 0, U16_MAX } }, true, false, true },
	{ { .tp_src = { 5, 17 }, .tp_dst = { 0, U16_MAX } },
	  { .tp_src = { 18, 20 }, .tp_dst = { 0, U16_MAX } }, false, false, false },
	{ { .tp_src = { 8, 14 }, .tp_dst = { 0, U16_MAX } },
	  { .key.tp_src = cpu_to_be16(8), .mask.tp_src = cpu_to_be16(0xfff8), ANY_PORTS },
	  true, false, true },
	/* 0 and 2, which are no prefix. */
	{ { .mask.tp_dst = cpu_to_be16(0xfffd), ANY_PORTS },
	  { .tp_src = { 0, U16_MAX }, .tp_dst = { 0, 2 } }, true, false, true },
	{ { .mask.tp_dst = cpu_to_be16(0xfffd), ANY_PORTS },
	  { .tp_src = { 0, U16_MAX }, .tp_dst = { 1, 1 } }, false, false, false },
};

static void matches_are_compared(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_match *match = kunit_kzalloc(test, sizeof(*match), GFP_KERNEL);
	const struct pair *pair;
	struct vsw_flow *a, *b;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, config);
	KUNIT_ASSERT_NOT_NULL(test, match);
	init_config(config, 1);
	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		pair = &pairs[i];
		config->match = pair->a;
		a = add_flow(test, config);
		config->match = pair->b;
		b = make_flow(test, config);
		KUNIT_EXPECT_EQ_MSG(test, vsw_flow_is_within(a, &pair->b), pair->a_within_b,
				    "pair %u", i);
		KUNIT_EXPECT_EQ_MSG(test, vsw_flow_is_within(b, &pair->a), pair->b_within_a,
				    "pair %u", i);
		KUNIT_EXPECT_EQ_MSG(test, vsw_flow_overlaps(a, b), pair->overlap, "pair %u", i);
		KUNIT_EXPECT_EQ_MSG(test, vsw_flow_overlaps(b, a), pair->overlap, "pair %u", i);
		KUNIT_EXPECT_EQ_MSG(test, vsw_flow_is_exactly(a, &pair->b), !i, "pair %u", i);
		KUNIT_EXPECT_PTR_EQ(test, vsw_flow_table_find_overlap(f->flows.view, b),
				    pair->overlap && i ? a : NULL);
		vsw_flow_match(b, match);
		KUNIT_EXPECT_EQ(test, memcmp(match, &pair->b, sizeof(*match)), 0);
		vsw_flow_free(b);
		del_flow(&f->flows, a);
	}
}

static void room_is_given_back(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_flow *flow, *other;
	u64 memory;

	KUNIT_ASSERT_NOT_NULL(test, config);
	mac_config(config, 1, 1);
	flow = add_flow(test, config);
	memory = vsw_flow_table(f->flows.view, 0)->memory;
	config->priority = 2;
	config->match.tp_src.min = 3;
	other = make_flow(test, config);
	config->match.key.tp_src = htons(3);
	KUNIT_ASSERT_EQ(test, vsw_flow_table_reserve(f->flows.view, other), 0);
	KUNIT_EXPECT_PTR_EQ(test, look_up(f->flows.view, &config->match.key), flow);
	vsw_flow_table_unreserve(f->flows.view, other);
	KUNIT_EXPECT_EQ(test, vsw_flow_table(f->flows.view, 0)->memory, memory);
	KUNIT_EXPECT_EQ(test, tuples_of(f->flows.view)->count, 1);
	/* It may be tried again. */
	KUNIT_ASSERT_EQ(test, vsw_flow_table_reserve(f->flows.view, other), 0);
	KUNIT_EXPECT_NULL(test, vsw_flow_table_insert(f->flows.view, other));
	vsw_flow_view_changed(f->flows.view);
	KUNIT_EXPECT_PTR_EQ(test, look_up(f->flows.view, &config->match.key), other);
}

/* Rows of addresses, as an attacker or a subnet has them, make no long way to a flow. */
static void chosen_words_make_no_rows(struct kunit *test)
{
	static const unsigned int strides[] = { 0, 8, 16, 32, 40, 48 };
	struct fixture *f = test->priv;
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	const u32 count = MANY / 2;
	struct vsw_flow *flow;
	unsigned int i;
	u32 n;

	KUNIT_ASSERT_NOT_NULL(test, config);
	init_config(config, 1);
	config->match.mask.word[4] = U64_MAX;
	config->match.mask.word[5] = U64_MAX;
	for (i = 0; i < ARRAY_SIZE(strides); i++) {
		for (n = 0; n < count; n++) {
			config->match.key.word[4] = (u64)n << strides[i];
			config->match.key.word[5] = (u64)n << strides[i];
			add_flow(test, config);
		}
		/* 1.3 is what chance makes of 5 of 8 slots in use, in the mean. */
		KUNIT_EXPECT_LE_MSG(test, vsw_tuple_ways(tuples_of(f->flows.view)->at[0].tuple),
				    3 * count, "stride %u", strides[i]);
		while ((flow = vsw_flow_table_from(vsw_flow_table(f->flows.view, 0), 0)))
			del_flow(&f->flows, flow);
	}
}

static struct kunit_case flow_cases[] = {
	KUNIT_CASE_PARAM(finds_what_a_list_finds, next_chunk),
	KUNIT_CASE(grows_and_shrinks),
	KUNIT_CASE(readers_miss_nothing),
	KUNIT_CASE(older_of_equals_wins),
	KUNIT_CASE(ranges_have_an_end),
	KUNIT_CASE(matches_are_compared),
	KUNIT_CASE(room_is_given_back),
	KUNIT_CASE(chosen_words_make_no_rows),
	{}
};

static struct kunit_suite flow_suite = {
	.name = "vswitch_flow_table",
	.init = flow_test_init,
	.exit = flow_test_exit,
	.test_cases = flow_cases,
};

kunit_test_suite(flow_suite);
