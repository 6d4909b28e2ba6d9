// SPDX-License-Identifier: GPL-2.0
/*
 * What stands around the table's search: what CPUs remember of it, views that take the place
 * of others, misses, counters.
 */
#include <kunit/test.h>
#include <linux/slab.h>

#include "flow_fixture.h"

#define MANY		8000

static int flow_view_init(struct kunit *test)
{
	struct flow_fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	f->view = vsw_flow_view_alloc(NULL);
	KUNIT_ASSERT_NOT_NULL(test, f->view);
	return 0;
}

static void flow_view_exit(struct kunit *test)
{
	struct flow_fixture *f = test->priv;

	if (f && f->view)
		vsw_flow_view_free_rcu(f->view);
}

/* What was found is remembered as long as nothing changes, and of its own view only. */
static void nothing_stale_is_remembered(struct kunit *test)
{
	struct flow_fixture *f = test->priv;
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_flow_view *other = vsw_flow_view_alloc(NULL), *first = f->view;
	struct vsw_key *key = &config->match.key;
	struct vsw_flow *flow[3];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, config);
	KUNIT_ASSERT_NOT_NULL(test, other);
	mac_config(config, 1, 1);
	flow[0] = add_flow(test, config);
	f->view = other;
	flow[1] = add_flow(test, config);
	f->view = first;
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_PTR_EQ(test, look_up(first, key), flow[0]);
		KUNIT_EXPECT_PTR_EQ(test, look_up(other, key), flow[1]);
	}
	config->priority = 2;
	flow[2] = add_flow(test, config);
	KUNIT_EXPECT_PTR_EQ(test, look_up(first, key), flow[2]);
	KUNIT_EXPECT_PTR_EQ(test, look_up(other, key), flow[1]);
	del_flow(f, flow[2]);
	KUNIT_EXPECT_PTR_EQ(test, look_up(first, key), flow[0]);
	del_flow(f, flow[0]);
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_NULL(test, look_up(first, key));
	KUNIT_EXPECT_PTR_EQ(test, look_up(other, key), flow[1]);
	vsw_flow_view_free_rcu(other);
}

/*
 * A flow that goes, of which nobody is told, is met by who remembers it only. There are
 * @masks - 1 others, so that it is always the same that is asked.
 */
static void test_memory(struct kunit *test, unsigned int masks)
{
	struct flow_fixture *f = test->priv;
	struct vsw_flow_config *config = kunit_kcalloc(test, 2, sizeof(*config), GFP_KERNEL);
	struct vsw_flow *flow[2];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, config);
	for (i = 0; i < masks; i++) {
		mac_config(&config[0], 5, 0);
		config[0].match.mask.eth_dst[5] -= i;
		add_flow(test, &config[0]);
	}
	for (i = 0; i < 2; i++) {
		mac_config(&config[i], i, 1);
		flow[i] = add_flow(test, &config[i]);
	}
	/* On one CPU, where nobody else looks; where there is no room, it is not the first time. */
	migrate_disable();
	for (i = 0; i < 200; i++)
		KUNIT_EXPECT_PTR_EQ(test, look_up(f->view, &config[i / 100].match.key),
				    flow[i / 100]);
	for (i = 0; i < 2; i++)
		vsw_flow_table_remove(f->view, flow[i]);
	/* Of few masks, only the last one that was found. */
	KUNIT_EXPECT_PTR_EQ(test, look_up(f->view, &config[1].match.key), flow[1]);
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_PTR_EQ(test, look_up(f->view, &config[0].match.key),
				    masks > 2 ? flow[0] : NULL);
	vsw_flow_view_changed(f->view);
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_NULL(test, look_up(f->view, &config[i].match.key));
	migrate_enable();
	for (i = 0; i < 2; i++)
		vsw_flow_free_rcu(flow[i]);
}

static void what_was_found_is_remembered(struct kunit *test)
{
	test_memory(test, 3);
}

static void of_few_masks_the_last_is(struct kunit *test)
{
	test_memory(test, 1);
}

/* A packet whose key has no such word meets no flow that asks for it. */
static void words_that_are_not_there(struct kunit *test)
{
	const vsw_key_map map = VSW_KEY_MAP_OF(eth_dst), more = map | VSW_KEY_MAP_OF(tp_src);
	struct flow_fixture *f = test->priv;
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_key *key = &config->match.key;
	struct vsw_flow *flow, *better;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, config);
	mac_config(config, 1, 1);
	flow = add_flow(test, config);
	KUNIT_EXPECT_EQ(test, f->view->map, map);
	config->priority = 2;
	config->match.mask.tp_src = htons(1);
	better = add_flow(test, config);
	KUNIT_EXPECT_EQ(test, f->view->map, more);
	local_bh_disable();
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_PTR_EQ(test, vsw_flow_lookup(f->view, 0, key, map).flow, flow);
		KUNIT_EXPECT_PTR_EQ(test, vsw_flow_lookup(f->view, 0, key, more).flow, better);
	}
	local_bh_enable();
}

/* More words than are remembered, and more connections. */
static void all_is_found_without_memory(struct kunit *test)
{
	struct flow_fixture *f = test->priv;
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	unsigned int i, round, wrong = 0;
	struct vsw_flow *flow, *wide;

	KUNIT_ASSERT_NOT_NULL(test, config);
	init_config(config, 1);
	config->match.mask.in_port = 1;
	flow = add_flow(test, config);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < MANY; i++) {
			config->match.key.in_port = i;
			wrong += look_up(f->view, &config->match.key) != (i & 1 ? NULL : flow);
		}
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	memset(&config->match.key, 0, sizeof(config->match.key));
	memset(&config->match.mask, 0xff, sizeof(config->match.mask));
	config->priority = 2;
	wide = add_flow(test, config);
	for (i = 0; i < 2; i++) {
		config->match.key.cgroup = 0;
		KUNIT_EXPECT_PTR_EQ(test, look_up(f->view, &config->match.key), wide);
		config->match.key.cgroup = 1;
		KUNIT_EXPECT_PTR_EQ(test, look_up(f->view, &config->match.key), flow);
	}
}

static void views_inherit(struct kunit *test)
{
	struct flow_fixture *f = test->priv;
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_flow_view *old = f->view, *view = vsw_flow_view_alloc(NULL);
	struct vsw_flow_table *table;

	KUNIT_ASSERT_NOT_NULL(test, config);
	KUNIT_ASSERT_NOT_NULL(test, view);
	mac_config(config, 1, 1);
	add_flow(test, config);
	look_up(old, &config->match.key);
	config->match.key.eth_dst[5]++;
	look_up(old, &config->match.key);
	look_up(old, &config->match.key);
	table = vsw_flow_table_make(old, 0);
	table->max_flows = 7;
	table->miss = VSWITCH_FLOW_MISS_DROP;
	table = vsw_flow_table_make(old, 9);
	KUNIT_ASSERT_NOT_NULL(test, table);
	table->evict = true;
	KUNIT_ASSERT_NOT_NULL(test, vsw_flow_table_make(old, 10));

	f->view = view;
	add_flow(test, config);
	/* Twice is as good as once. */
	KUNIT_EXPECT_EQ(test, vsw_flow_view_inherit(view, old), 0);
	KUNIT_EXPECT_EQ(test, vsw_flow_view_inherit(view, old), 0);
	table = vsw_flow_table(view, 0);
	KUNIT_EXPECT_EQ(test, table->hits, 1);
	KUNIT_EXPECT_EQ(test, table->misses, 2);
	KUNIT_EXPECT_EQ(test, table->max_flows, 7);
	KUNIT_EXPECT_EQ(test, table->miss, VSWITCH_FLOW_MISS_DROP);
	KUNIT_ASSERT_NOT_NULL(test, vsw_flow_table(view, 9));
	KUNIT_EXPECT_TRUE(test, vsw_flow_table(view, 9)->evict);
	/* It has no settings and no flows. */
	KUNIT_EXPECT_NULL(test, vsw_flow_table(view, 10));
	KUNIT_EXPECT_NOT_NULL(test, look_up(view, &config->match.key));
	vsw_flow_view_free_rcu(old);
}

static void misses_are_treated(struct kunit *test)
{
	struct flow_fixture *f = test->priv;
	struct vsw_flow_found found;
	struct vsw_key key = {};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		local_bh_disable();
		found = vsw_flow_lookup(f->view, 0, &key, VSW_KEY_MAP_ALL);
		KUNIT_EXPECT_NULL(test, found.flow);
		KUNIT_EXPECT_EQ(test, found.miss, VSWITCH_FLOW_MISS_NORMAL);
		found = vsw_flow_lookup(f->view, 3, &key, VSW_KEY_MAP_ALL);
		KUNIT_EXPECT_NULL(test, found.flow);
		KUNIT_EXPECT_EQ(test, found.miss, VSWITCH_FLOW_MISS_DROP);
		local_bh_enable();
		KUNIT_ASSERT_NOT_NULL(test, vsw_flow_table_make(f->view, 0));
		KUNIT_ASSERT_NOT_NULL(test, vsw_flow_table_make(f->view, 3));
	}
	vsw_flow_table(f->view, 3)->miss = VSWITCH_FLOW_MISS_CONTINUE;
	local_bh_disable();
	found = vsw_flow_lookup(f->view, 3, &key, VSW_KEY_MAP_ALL);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, found.miss, VSWITCH_FLOW_MISS_CONTINUE);
}

static void hit(struct vsw_flow *flow, unsigned int len)
{
	local_bh_disable();
	vsw_flow_hit(flow, len);
	local_bh_enable();
}

static void packets_are_counted(struct kunit *test)
{
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_flow_counts counts;
	struct vsw_flow *flow;

	KUNIT_ASSERT_NOT_NULL(test, config);
	mac_config(config, 1, 1);
	flow = add_flow(test, config);
	vsw_flow_counts(flow, &counts);
	KUNIT_EXPECT_EQ(test, counts.packets, 0);
	KUNIT_EXPECT_FALSE(test, counts.has_been_used);
	migrate_disable();
	hit(flow, 100);
	hit(flow, 50);
	KUNIT_EXPECT_EQ(test, flow->cpu, raw_smp_processor_id());
	KUNIT_EXPECT_NULL(test, rcu_dereference_protected(flow->others, true));
	/* As if another CPU had met it first. */
	flow->cpu = nr_cpu_ids;
	hit(flow, 7);
	hit(flow, 7);
	KUNIT_EXPECT_NOT_NULL(test, rcu_dereference_protected(flow->others, true));
	migrate_enable();
	vsw_flow_counts(flow, &counts);
	KUNIT_EXPECT_EQ(test, counts.packets, 4);
	KUNIT_EXPECT_EQ(test, counts.bytes, 164);
	KUNIT_EXPECT_TRUE(test, counts.has_been_used);
	KUNIT_EXPECT_TRUE(test, time_before_eq(counts.used, jiffies));
	KUNIT_EXPECT_TRUE(test, time_after(counts.used, jiffies - 10 * HZ));

	vsw_flow_reset_counts(flow);
	hit(flow, 3);
	vsw_flow_counts(flow, &counts);
	KUNIT_EXPECT_EQ(test, counts.packets, 1);
	KUNIT_EXPECT_EQ(test, counts.bytes, 3);
	vsw_flow_add_counts(flow, &counts);
	vsw_flow_counts(flow, &counts);
	KUNIT_EXPECT_EQ(test, counts.packets, 2);
	KUNIT_EXPECT_EQ(test, counts.bytes, 6);
}

static void packets_that_are_not_counted(struct kunit *test)
{
	struct flow_fixture *f = test->priv;
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_flow_counts counts;
	struct vsw_flow *flow;

	KUNIT_ASSERT_NOT_NULL(test, config);
	mac_config(config, 1, 1);
	config->flags = VSWITCH_FLOW_FLAG_NO_COUNTS;
	flow = add_flow(test, config);
	hit(flow, 100);
	vsw_flow_counts(flow, &counts);
	KUNIT_EXPECT_EQ(test, counts.packets, 0);
	KUNIT_EXPECT_EQ(test, counts.bytes, 0);
	KUNIT_EXPECT_TRUE(test, counts.has_been_used);
	KUNIT_EXPECT_PTR_EQ(test, vsw_flow_table_from(vsw_flow_table(f->view, 0), 0), flow);
}

/* Milliseconds since then are more than 32 bits have. */
static void long_ago(struct kunit *test)
{
	struct vsw_flow_config *config = kunit_kzalloc(test, sizeof(*config), GFP_KERNEL);
	struct vsw_flow_info *info = kunit_kzalloc(test, sizeof(*info), GFP_KERNEL);
	const u64 seconds = 60 * 86400;
	struct vsw_flow *flow;

	if (!IS_ENABLED(CONFIG_64BIT))
		kunit_skip(test, "jiffies don't last that long");
	KUNIT_ASSERT_NOT_NULL(test, config);
	KUNIT_ASSERT_NOT_NULL(test, info);
	mac_config(config, 1, 1);
	flow = add_flow(test, config);
	flow->rest_used = jiffies - seconds * HZ;
	vsw_flow_info(flow, info);
	KUNIT_EXPECT_GE(test, info->idle, seconds * MSEC_PER_SEC);
	KUNIT_EXPECT_LT(test, info->idle, (seconds + 600) * MSEC_PER_SEC);
}

static struct kunit_case flow_view_cases[] = {
	KUNIT_CASE(nothing_stale_is_remembered),
	KUNIT_CASE(what_was_found_is_remembered),
	KUNIT_CASE(of_few_masks_the_last_is),
	KUNIT_CASE(words_that_are_not_there),
	KUNIT_CASE(all_is_found_without_memory),
	KUNIT_CASE(views_inherit),
	KUNIT_CASE(misses_are_treated),
	KUNIT_CASE(packets_are_counted),
	KUNIT_CASE(packets_that_are_not_counted),
	KUNIT_CASE(long_ago),
	{}
};

static struct kunit_suite flow_view_suite = {
	.name = "vswitch_flow_view",
	.init = flow_view_init,
	.exit = flow_view_exit,
	.test_cases = flow_view_cases,
};

kunit_test_suite(flow_view_suite);
