// SPDX-License-Identifier: GPL-2.0
/*
 * How flows come, change and go, without packets: batches, limits, filters, timeouts,
 * bundles, and the ports that ask them.
 */
#include <kunit/test.h>
#include <linux/delay.h>

#include "flow_path.h"

#define SOCKET	4711

struct fixture {
	struct vsw_switch *sw;
	struct vsw_flows *flows;
	struct vsw_port port;
};

static int flow_test_init(struct kunit *test)
{
	const struct vsw_switch_config config = {};
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	rtnl_lock();
	f->sw = vsw_switch_create(&init_net, "kunit%d", &config, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_FALSE(test, IS_ERR(f->sw));
	test->priv = f;
	f->flows = vsw_flows_lock(f->sw, true, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(f->flows));
	vsw_flows_unlock(f->flows);
	return 0;
}

static void flow_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f)
		return;
	rtnl_lock();
	if (f->port.number) {
		struct vsw_port_table *table = rtnl_dereference(f->sw->port_table);

		WRITE_ONCE(table->port[f->port.number], NULL);
	}
	vsw_switch_delete_now(f->sw);
	rtnl_unlock();
}

static void lock(struct fixture *f)
{
	mutex_lock(&f->flows->lock);
}

static void unlock(struct fixture *f)
{
	mutex_unlock(&f->flows->lock);
}

/* One that sends to @port. */
static struct vsw_actions *output(u32 port)
{
	struct vsw_actions *actions = vsw_actions_alloc(1);
	struct vsw_action *action = (void *)actions->program;

	actions->words = 1;
	action->type = VSWITCH_A_ACTION_OUTPUT;
	action->words = 1;
	action->value = port;
	return actions;
}

/* What comes by @in_port, 0: anything. */
static struct vsw_flow_config config_of(u16 in_port)
{
	struct vsw_flow_config config = {
		.priority = 100,
		.match.tp_src.max = U16_MAX,
		.match.tp_dst.max = U16_MAX,
	};

	config.match.key.in_port = in_port;
	config.match.mask.in_port = in_port ? U16_MAX : 0;
	return config;
}

static struct vsw_flow *prepare(struct kunit *test, const struct vsw_flow_config *config)
{
	struct vsw_flow *flow = vsw_flow_prepare(config, output(1), NULL);

	KUNIT_ASSERT_FALSE(test, IS_ERR(flow));
	return flow;
}

static int add_config(struct kunit *test, const struct vsw_flow_config *config)
{
	struct fixture *f = test->priv;
	struct vsw_flow *flow = prepare(test, config);
	u32 failed;
	int err;

	lock(f);
	err = vsw_flow_insert(f->flows, &flow, 1, &failed, NULL);
	unlock(f);
	if (err)
		vsw_flow_discard(flow);
	return err;
}

static int add(struct kunit *test, u16 in_port)
{
	const struct vsw_flow_config config = config_of(in_port);

	return add_config(test, &config);
}

/* The flow of just this in-port, in table 0, or NULL. */
static struct vsw_flow *find(struct fixture *f, u16 in_port)
{
	const struct vsw_flow_config config = config_of(in_port);
	struct vsw_flow_filter filter;
	struct vsw_flow *flow;
	u64 cursor = 0;

	vsw_flow_filter_init(&filter);
	filter.any_table = false;
	filter.strict = true;
	filter.priority = 100;
	filter.match = config.match;
	lock(f);
	flow = vsw_flow_next(f->flows, &filter, &cursor);
	unlock(f);
	return flow;
}

static u32 count(struct fixture *f)
{
	struct vsw_flow_filter filter;
	u32 n;

	vsw_flow_filter_init(&filter);
	lock(f);
	n = vsw_flow_count(f->flows, &filter);
	unlock(f);
	return n;
}

static void hit(struct vsw_flow *flow)
{
	local_bh_disable();
	rcu_read_lock();
	vsw_flow_hit(flow, 100);
	rcu_read_unlock();
	local_bh_enable();
}

static u64 packets(const struct vsw_flow *flow)
{
	struct vsw_flow_info info;

	vsw_flow_info(flow, &info);
	return info.packets;
}

static int configure(struct fixture *f, u32 max_flows, bool evict)
{
	const struct vsw_flow_table_config config = {
		.max_flows_given = true, .max_flows = max_flows,
		.evict_given = true, .evict = evict,
	};
	int err;

	lock(f);
	err = vsw_flow_table_configure(f->flows, 0, &config, NULL);
	unlock(f);
	return err;
}

static void a_flow_takes_the_place_of_its_like(struct kunit *test)
{
	struct vsw_flow_config config = config_of(1);
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, add(test, 1), 0);
	hit(find(f, 1));
	KUNIT_EXPECT_EQ(test, packets(find(f, 1)), 1);
	config.cookie = 7;
	KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
	KUNIT_EXPECT_EQ(test, count(f), 1);
	KUNIT_EXPECT_EQ(test, find(f, 1)->cookie, 7);
	KUNIT_EXPECT_EQ(test, packets(find(f, 1)), 0);
	config.priority = 99;
	KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
	config.table = 1;
	KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
	KUNIT_EXPECT_EQ(test, count(f), 3);
}

static void a_batch_is_all_or_none(struct kunit *test)
{
	struct vsw_flow_config config;
	struct fixture *f = test->priv;
	struct vsw_flow *flow[4];
	u32 i, failed;

	KUNIT_ASSERT_EQ(test, configure(f, 3, false), 0);
	KUNIT_ASSERT_EQ(test, add(test, 1), 0);
	/* 1 is there, so three would fit; the fourth does not. */
	for (i = 0; i < 4; i++) {
		config = config_of(i + 1);
		flow[i] = prepare(test, &config);
	}
	lock(f);
	KUNIT_EXPECT_EQ(test, vsw_flow_insert(f->flows, flow, 4, &failed, NULL), -ENOSPC);
	KUNIT_EXPECT_EQ(test, failed, 3);
	unlock(f);
	KUNIT_EXPECT_EQ(test, count(f), 1);
	/* Two that are the same need the room of one. */
	vsw_flow_discard(flow[3]);
	config = config_of(3);
	flow[3] = prepare(test, &config);
	lock(f);
	KUNIT_EXPECT_EQ(test, vsw_flow_insert(f->flows, flow, 4, &failed, NULL), 0);
	unlock(f);
	KUNIT_EXPECT_EQ(test, count(f), 3);
	KUNIT_EXPECT_EQ(test, add(test, 9), -ENOSPC);
}

static void what_a_flow_uses_is_there(struct kunit *test)
{
	struct vsw_flow_config config = config_of(2);
	struct vsw_actions *actions = output(3);
	struct fixture *f = test->priv;
	struct vsw_flow *flow[2];
	u32 failed;

	((struct vsw_action *)actions->program)->type = VSWITCH_A_ACTION_GROUP;
	flow[1] = vsw_flow_prepare(&config, actions, NULL);
	KUNIT_ASSERT_FALSE(test, IS_ERR(flow[1]));
	config = config_of(1);
	flow[0] = prepare(test, &config);
	lock(f);
	KUNIT_EXPECT_EQ(test, vsw_flow_insert(f->flows, flow, 2, &failed, NULL), -ENOENT);
	unlock(f);
	KUNIT_EXPECT_EQ(test, failed, 1);
	KUNIT_EXPECT_EQ(test, count(f), 0);
	vsw_flow_discard(flow[0]);
	vsw_flow_discard(flow[1]);
}

static void overlaps_are_refused_if_asked(struct kunit *test)
{
	struct vsw_flow_config config = config_of(0);
	struct fixture *f = test->priv;
	struct vsw_flow *flow[2];
	u32 failed;

	KUNIT_ASSERT_EQ(test, add(test, 1), 0);
	config.flags = VSWITCH_FLOW_FLAG_CHECK_OVERLAP;
	KUNIT_EXPECT_EQ(test, add_config(test, &config), -EEXIST);
	config.priority = 101;
	KUNIT_EXPECT_EQ(test, add_config(test, &config), 0);
	/* Its like is replaced. */
	config = config_of(1);
	config.flags = VSWITCH_FLOW_FLAG_CHECK_OVERLAP;
	KUNIT_EXPECT_EQ(test, add_config(test, &config), 0);
	/* Within a batch, too. */
	config = config_of(5);
	config.priority = 7;
	flow[0] = prepare(test, &config);
	config = config_of(0);
	config.priority = 7;
	config.flags = VSWITCH_FLOW_FLAG_CHECK_OVERLAP;
	flow[1] = prepare(test, &config);
	lock(f);
	KUNIT_EXPECT_EQ(test, vsw_flow_insert(f->flows, flow, 2, &failed, NULL), -EEXIST);
	unlock(f);
	KUNIT_EXPECT_EQ(test, failed, 1);
	vsw_flow_discard(flow[0]);
	vsw_flow_discard(flow[1]);
	KUNIT_EXPECT_EQ(test, count(f), 2);
}

static u32 delete(struct fixture *f, const struct vsw_flow_filter *filter)
{
	u32 n;

	lock(f);
	n = vsw_flow_delete(f->flows, filter, VSWITCH_FLOW_REMOVED_DELETED);
	unlock(f);
	return n;
}

static void filters_mean_what_they_say(struct kunit *test)
{
	struct vsw_flow_config config = config_of(0);
	struct fixture *f = test->priv;
	struct vsw_flow_filter filter;
	u16 i;

	config.table = 3;
	KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
	for (i = 0; i < 4; i++) {
		config = config_of(i);
		config.cookie = 0x10 + i;
		KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
	}
	/* strict: just this match and priority, in whichever table */
	vsw_flow_filter_init(&filter);
	filter.strict = true;
	filter.priority = 99;
	KUNIT_EXPECT_EQ(test, delete(f, &filter), 0);
	filter.priority = 100;
	filter.cookie = 0x10;
	filter.cookie_mask = U64_MAX;
	KUNIT_EXPECT_EQ(test, delete(f, &filter), 1);
	filter.cookie_mask = 0;
	KUNIT_EXPECT_EQ(test, delete(f, &filter), 1);
	KUNIT_EXPECT_EQ(test, count(f), 3);
	/* loose: all that match nothing else, whatever the priority */
	config = config_of(1);
	vsw_flow_filter_init(&filter);
	filter.match = config.match;
	filter.priority = 5;
	KUNIT_EXPECT_EQ(test, delete(f, &filter), 1);
	vsw_flow_filter_init(&filter);
	filter.cookie = 0x02;
	filter.cookie_mask = 0x02;
	filter.any_port = false;
	filter.out_port = 2;
	KUNIT_EXPECT_EQ(test, delete(f, &filter), 0);
	filter.out_port = 1;
	KUNIT_EXPECT_EQ(test, delete(f, &filter), 2);
	KUNIT_EXPECT_EQ(test, count(f), 0);
}

static void a_walk_goes_on_where_it_was(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_flow_filter filter, one;
	struct vsw_flow_config config;
	struct vsw_flow *flow;
	u64 cursor = 0;
	u16 i, port;

	config = config_of(50);
	config.table = 2;
	KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
	for (i = 9; i > 4; i--)
		KUNIT_ASSERT_EQ(test, add(test, i), 0);
	vsw_flow_filter_init(&filter);
	vsw_flow_filter_init(&one);
	for (i = 0; i < 6; i++) {
		struct vsw_flow_info info;

		lock(f);
		flow = vsw_flow_next(f->flows, &filter, &cursor);
		unlock(f);
		KUNIT_ASSERT_NOT_NULL(test, flow);
		vsw_flow_info(flow, &info);
		port = info.config.match.key.in_port;
		KUNIT_EXPECT_EQ(test, port, i < 5 ? 9 - i : 50);
		/* The walk does not depend on the flow where it is. */
		one.match = info.config.match;
		KUNIT_EXPECT_EQ(test, delete(f, &one), 1);
	}
	lock(f);
	KUNIT_EXPECT_NULL(test, vsw_flow_next(f->flows, &filter, &cursor));
	unlock(f);
}

static void modify_is_all_or_none(struct kunit *test)
{
	struct vsw_flow_filter all;
	struct fixture *f = test->priv;
	struct vsw_actions *actions;
	struct vsw_action *action;

	KUNIT_ASSERT_EQ(test, add(test, 1), 0);
	KUNIT_ASSERT_EQ(test, add(test, 2), 0);
	hit(find(f, 1));
	vsw_flow_filter_init(&all);
	lock(f);
	KUNIT_EXPECT_EQ(test, vsw_flow_modify(f->flows, &all, output(9), false, NULL), 2);
	unlock(f);
	KUNIT_EXPECT_EQ(test, packets(find(f, 1)), 1);
	all.any_port = false;
	all.out_port = 9;
	actions = output(5);
	action = (void *)actions->program;
	action->type = VSWITCH_A_ACTION_GROUP;
	lock(f);
	KUNIT_EXPECT_EQ(test, vsw_flow_count(f->flows, &all), 2);
	KUNIT_EXPECT_EQ(test, vsw_flow_modify(f->flows, &all, actions, true, NULL), -ENOENT);
	KUNIT_EXPECT_EQ(test, vsw_flow_count(f->flows, &all), 2);
	unlock(f);
	KUNIT_EXPECT_EQ(test, packets(find(f, 1)), 1);
	lock(f);
	KUNIT_EXPECT_EQ(test, vsw_flow_modify(f->flows, &all, output(8), true, NULL), 2);
	KUNIT_EXPECT_EQ(test, vsw_flow_count(f->flows, &all), 0);
	unlock(f);
	KUNIT_EXPECT_EQ(test, packets(find(f, 1)), 0);
}

static void the_least_important_goes_first(struct kunit *test)
{
	static const struct {
		u16 importance;
		u32 timeout;
	} flow[] = { { 5, 0 }, { 1, 0 }, { 1, 9000 }, { 1, 0 }, { 1, 5000 }, { 0, 0 } };
	/* By in-port, one higher than the index: who goes when another one comes. */
	static const u16 order[] = { 6, 5, 3, 2, 4, 1 };
	struct fixture *f = test->priv;
	struct vsw_flow_config config;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flow); i++) {
		config = config_of(i + 1);
		config.importance = flow[i].importance;
		config.hard_timeout = flow[i].timeout;
		KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
	}
	KUNIT_EXPECT_EQ(test, configure(f, 5, false), -ENOSPC);
	/* Ranks what is there already, too. */
	KUNIT_ASSERT_EQ(test, configure(f, 6, true), 0);
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		KUNIT_EXPECT_NOT_NULL(test, find(f, order[i]));
		config = config_of(100 + i);
		config.importance = 9;
		KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
		KUNIT_EXPECT_NULL(test, find(f, order[i]));
		KUNIT_EXPECT_EQ(test, count(f), 6);
	}
	/* One that is there needs no room. */
	KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
	KUNIT_EXPECT_EQ(test, count(f), 6);
	KUNIT_EXPECT_NOT_NULL(test, find(f, 100));
	KUNIT_EXPECT_EQ(test, configure(f, 2, true), 0);
	KUNIT_EXPECT_EQ(test, count(f), 2);
	KUNIT_EXPECT_NOT_NULL(test, find(f, 105));
}

static bool is_gone_within(struct fixture *f, u16 in_port, unsigned int ms)
{
	unsigned long end = jiffies + msecs_to_jiffies(ms);

	while (find(f, in_port)) {
		if (time_after(jiffies, end))
			return false;
		msleep(20);
	}
	return true;
}

static void time_is_over_for_some(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_flow_config config;
	int i;

	KUNIT_ASSERT_EQ(test, add(test, 1), 0);
	config = config_of(2);
	config.idle_timeout = 200;
	KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
	config = config_of(3);
	config.idle_timeout = 200;
	KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
	config = config_of(4);
	config.hard_timeout = 300;
	KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
	KUNIT_EXPECT_EQ(test, count(f), 4);
	/* One has packets all the time, the others have none. */
	for (i = 0; i < 20; i++) {
		KUNIT_ASSERT_NOT_NULL(test, find(f, 2));
		hit(find(f, 2));
		msleep(20);
	}
	KUNIT_EXPECT_NULL(test, find(f, 3));
	KUNIT_EXPECT_NULL(test, find(f, 4));
	KUNIT_EXPECT_TRUE(test, is_gone_within(f, 2, 3000));
	KUNIT_EXPECT_NOT_NULL(test, find(f, 1));
	lock(f);
	KUNIT_EXPECT_EQ(test, f->flows->expiry_armed, U64_MAX);
	unlock(f);
}

static u32 bundle_of(struct kunit *test, const u16 *in_port, u32 count)
{
	struct fixture *f = test->priv;
	struct vsw_flow *flow[8];
	u32 id, failed, i;

	lock(f);
	KUNIT_ASSERT_EQ(test, vsw_flow_bundle_new(f->flows, SOCKET, &init_net, &id, NULL), 0);
	unlock(f);
	for (i = 0; i < count; i++) {
		const struct vsw_flow_config config = config_of(in_port[i]);

		flow[i] = prepare(test, &config);
	}
	lock(f);
	KUNIT_EXPECT_EQ(test, vsw_flow_bundle_add(f->flows, SOCKET + 1, id, flow, count,
						  &failed, NULL), -ENOENT);
	KUNIT_EXPECT_EQ(test, vsw_flow_bundle_add(f->flows, SOCKET, id, flow, count,
						  &failed, NULL), 0);
	unlock(f);
	return id;
}

static int commit(struct fixture *f, u32 portid, u32 id)
{
	int err;

	lock(f);
	err = vsw_flow_bundle_commit(f->flows, portid, id, NULL);
	unlock(f);
	return err;
}

static void a_bundle_takes_the_place_of_all(struct kunit *test)
{
	static const u16 in_port[] = { 2, 3, 3, 4 };
	struct fixture *f = test->priv;
	struct vsw_flow_config config;
	u64 created;
	u32 id;

	config = config_of(1);
	config.idle_timeout = 60000;
	KUNIT_ASSERT_EQ(test, add_config(test, &config), 0);
	KUNIT_ASSERT_EQ(test, add(test, 2), 0);
	hit(find(f, 2));
	created = find(f, 2)->created;
	msleep(20);
	id = bundle_of(test, in_port, ARRAY_SIZE(in_port));
	KUNIT_EXPECT_EQ(test, count(f), 2);
	KUNIT_EXPECT_EQ(test, commit(f, SOCKET + 1, id), -ENOENT);
	KUNIT_EXPECT_EQ(test, commit(f, SOCKET, id), 3);
	KUNIT_EXPECT_EQ(test, count(f), 3);
	KUNIT_EXPECT_NULL(test, find(f, 1));
	KUNIT_ASSERT_NOT_NULL(test, find(f, 2));
	KUNIT_EXPECT_EQ(test, packets(find(f, 2)), 1);
	KUNIT_EXPECT_EQ(test, find(f, 2)->created, created);
	KUNIT_EXPECT_EQ(test, find(f, 2)->modified, created);
	hit(find(f, 2));
	KUNIT_EXPECT_EQ(test, packets(find(f, 2)), 2);
	KUNIT_EXPECT_EQ(test, packets(find(f, 3)), 0);
	/* It is done with. */
	KUNIT_EXPECT_EQ(test, commit(f, SOCKET, id), -ENOENT);
	/* Nothing takes the place of all, too. */
	id = bundle_of(test, in_port, 0);
	KUNIT_EXPECT_EQ(test, commit(f, SOCKET, id), 0);
	KUNIT_EXPECT_EQ(test, count(f), 0);
	KUNIT_EXPECT_EQ(test, f->flows->bundle_count, 0);
	KUNIT_EXPECT_EQ(test, f->flows->waiting_count, 0);
}

static void a_bundle_that_fails_is_still_there(struct kunit *test)
{
	static const u16 in_port[] = { 2, 3, 3, 4 };
	struct fixture *f = test->priv;
	u32 id;

	KUNIT_ASSERT_EQ(test, add(test, 1), 0);
	hit(find(f, 1));
	KUNIT_ASSERT_EQ(test, configure(f, 2, false), 0);
	id = bundle_of(test, in_port, ARRAY_SIZE(in_port));
	KUNIT_EXPECT_EQ(test, commit(f, SOCKET, id), -ENOSPC);
	KUNIT_EXPECT_EQ(test, commit(f, SOCKET, id), -ENOSPC);
	KUNIT_EXPECT_EQ(test, count(f), 1);
	KUNIT_EXPECT_EQ(test, packets(find(f, 1)), 1);
	/* Settings go on: the last two stay. */
	KUNIT_ASSERT_EQ(test, configure(f, 2, true), 0);
	KUNIT_EXPECT_EQ(test, commit(f, SOCKET, id), 2);
	KUNIT_EXPECT_NULL(test, find(f, 2));
	KUNIT_EXPECT_NOT_NULL(test, find(f, 3));
	KUNIT_EXPECT_NOT_NULL(test, find(f, 4));
	KUNIT_ASSERT_EQ(test, add(test, 5), 0);
	KUNIT_EXPECT_EQ(test, count(f), 2);
}

static void a_bundle_goes_with_its_socket(struct kunit *test)
{
	static const u16 in_port[] = { 2, 3 };
	struct fixture *f = test->priv;
	u32 id = bundle_of(test, in_port, 2), other;

	other = bundle_of(test, in_port, 2);
	KUNIT_EXPECT_NE(test, id, other);
	KUNIT_EXPECT_EQ(test, f->flows->waiting_count, 4);
	lock(f);
	KUNIT_EXPECT_EQ(test, vsw_flow_bundle_del(f->flows, SOCKET, other, NULL), 0);
	unlock(f);
	vsw_flow_bundle_forget(&init_net, SOCKET + 1);
	KUNIT_EXPECT_EQ(test, f->flows->bundle_count, 1);
	vsw_flow_bundle_forget(&init_net, SOCKET);
	KUNIT_EXPECT_EQ(test, f->flows->bundle_count, 0);
	KUNIT_EXPECT_EQ(test, f->flows->waiting_count, 0);
	KUNIT_EXPECT_EQ(test, commit(f, SOCKET, id), -ENOENT);
	/* One that is left goes with the switch. */
	bundle_of(test, in_port, 2);
}

static void set_miss(struct kunit *test, u8 table, u8 miss, int expected)
{
	const struct vsw_flow_table_config config = { .miss_given = true, .miss = miss };
	struct fixture *f = test->priv;

	lock(f);
	KUNIT_EXPECT_EQ(test, vsw_flow_table_configure(f->flows, table, &config, NULL), expected);
	unlock(f);
}

static void ports_ask_if_there_is_something_to_ask(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_flow_filter all;
	const struct vsw_port *host = &f->sw->host;

	vsw_flow_filter_init(&all);
	KUNIT_EXPECT_FALSE(test, host->flags & VSW_PORT_FLOWS);
	KUNIT_ASSERT_EQ(test, add(test, 1), 0);
	KUNIT_EXPECT_TRUE(test, host->flags & VSW_PORT_FLOWS);
	/* One that comes later, in a table that has to grow for it. */
	f->port.sw = f->sw;
	f->port.number = 100;
	rtnl_lock();
	KUNIT_ASSERT_EQ(test, vsw_port_publish(f->sw, &f->port), 0);
	/* Other flags are RTNL's. */
	vsw_port_set_flags(&f->port, VSW_PORT_LEARNING);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, f->port.flags, VSW_PORT_LEARNING | VSW_PORT_FLOWS);
	KUNIT_EXPECT_EQ(test, delete(f, &all), 1);
	KUNIT_EXPECT_FALSE(test, host->flags & VSW_PORT_FLOWS);
	KUNIT_EXPECT_FALSE(test, f->port.flags & VSW_PORT_FLOWS);
	/* A miss that is not as without flows. */
	set_miss(test, 0, VSWITCH_FLOW_MISS_DROP, 0);
	KUNIT_EXPECT_TRUE(test, f->port.flags & VSW_PORT_FLOWS);
	set_miss(test, 0, VSWITCH_FLOW_MISS_NORMAL, 0);
	KUNIT_EXPECT_FALSE(test, f->port.flags & VSW_PORT_FLOWS);
	set_miss(test, VSWITCH_FLOW_TABLE_MAX, VSWITCH_FLOW_MISS_CONTINUE, -EINVAL);
	set_miss(test, 1, VSWITCH_FLOW_MISS_CONTINUE, 0);
	KUNIT_EXPECT_FALSE(test, f->port.flags & VSW_PORT_FLOWS);
}

static void tables_say_what_they_are(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_flow_table_info info;

	lock(f);
	KUNIT_EXPECT_FALSE(test, vsw_flow_table_info(f->flows, 0, &info));
	KUNIT_EXPECT_FALSE(test, vsw_flow_table_info(f->flows, 255, &info));
	unlock(f);
	KUNIT_ASSERT_EQ(test, add(test, 1), 0);
	KUNIT_ASSERT_EQ(test, add(test, 2), 0);
	KUNIT_ASSERT_EQ(test, add(test, 0), 0);
	lock(f);
	KUNIT_EXPECT_TRUE(test, vsw_flow_table_info(f->flows, 0, &info));
	unlock(f);
	KUNIT_EXPECT_EQ(test, info.flows, 3);
	KUNIT_EXPECT_EQ(test, info.masks, 2);
	KUNIT_EXPECT_EQ(test, info.config.miss, VSWITCH_FLOW_MISS_NORMAL);
	KUNIT_EXPECT_GT(test, info.memory, 0);
	set_miss(test, 9, VSWITCH_FLOW_MISS_CONTROLLER, 0);
	lock(f);
	KUNIT_EXPECT_TRUE(test, vsw_flow_table_info(f->flows, 9, &info));
	KUNIT_EXPECT_FALSE(test, vsw_flow_table_info(f->flows, 8, &info));
	unlock(f);
	KUNIT_EXPECT_EQ(test, info.flows, 0);
	KUNIT_EXPECT_EQ(test, info.config.miss, VSWITCH_FLOW_MISS_CONTROLLER);
}

static void what_goes_takes_nothing_more(struct kunit *test)
{
	struct fixture *f = test->priv;

	WRITE_ONCE(f->sw->going, true);
	KUNIT_EXPECT_EQ(test, PTR_ERR(vsw_flows_lock(f->sw, true, NULL)), -ENODEV);
}

static struct kunit_case flow_test_cases[] = {
	KUNIT_CASE(a_flow_takes_the_place_of_its_like),
	KUNIT_CASE(a_batch_is_all_or_none),
	KUNIT_CASE(what_a_flow_uses_is_there),
	KUNIT_CASE(overlaps_are_refused_if_asked),
	KUNIT_CASE(filters_mean_what_they_say),
	KUNIT_CASE(a_walk_goes_on_where_it_was),
	KUNIT_CASE(modify_is_all_or_none),
	KUNIT_CASE(the_least_important_goes_first),
	KUNIT_CASE(time_is_over_for_some),
	KUNIT_CASE(a_bundle_takes_the_place_of_all),
	KUNIT_CASE(a_bundle_that_fails_is_still_there),
	KUNIT_CASE(a_bundle_goes_with_its_socket),
	KUNIT_CASE(ports_ask_if_there_is_something_to_ask),
	KUNIT_CASE(tables_say_what_they_are),
	KUNIT_CASE(what_goes_takes_nothing_more),
	{}
};

static struct kunit_suite flow_test_suite = {
	.name = "vswitch_flow",
	.init = flow_test_init,
	.exit = flow_test_exit,
	.test_cases = flow_test_cases,
};

kunit_test_suite(flow_test_suite);
