// SPDX-License-Identifier: GPL-2.0
/* Groups: which bucket a packet goes through, and what a change of a group moves. */
#include <kunit/test.h>
#include <linux/bottom_half.h>
#include <linux/in.h>
#include <linux/netdevice.h>
#include <linux/random.h>

#include "count.h"
#include "group.h"
#include "maglev.h"
#include "meter.h"
#include "vswitch.h"

#define PORTS		5
#define BUCKETS		4
#define CONNECTIONS	8000

struct fixture {
	struct vsw_flows flows;
	struct vsw_switch sw;
	struct vsw_port port[PORTS];
	struct net_device dev[PORTS];
	struct vsw_bucket_config bucket[VSWITCH_FLOW_BUCKETS_MAX + 1];
	struct vsw_key key[CONNECTIONS];
	u8 went[CONNECTIONS];		/* id of the bucket */
	u32 has[BUCKETS];
	struct rnd_state random;
};

static int group_test_init(struct kunit *test)
{
	struct vsw_port_table *table;
	struct fixture *f;
	int i;

	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	table = kunit_kzalloc(test, struct_size(table, port, PORTS), GFP_KERNEL);
	if (!f || !table)
		return -ENOMEM;
	test->priv = f;
	mutex_init(&f->flows.lock);
	xa_init(&f->flows.groups);
	xa_init(&f->flows.meters);
	table->size = PORTS;
	rcu_assign_pointer(f->sw.port_table, table);
	for (i = 0; i < PORTS; i++) {
		f->port[i].flags = VSW_PORT_LIVE;
		f->port[i].dev = &f->dev[i];
		table->port[i] = &f->port[i];
	}
	prandom_seed_state(&f->random, 5);
	return 0;
}

static void group_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f)
		return;
	mutex_lock(&f->flows.lock);
	vsw_group_del_all(&f->flows);
	vsw_meter_del_all(&f->flows);
	mutex_unlock(&f->flows.lock);
	xa_destroy(&f->flows.groups);
	xa_destroy(&f->flows.meters);
	rcu_barrier();
}

/* ---- making groups -------------------------------------------------------- */

/* One action of @type about @value, or none. */
static struct vsw_actions *program(struct kunit *test, u8 type, u32 value)
{
	struct vsw_actions *actions = vsw_actions_alloc(2);
	struct vsw_action *action;

	KUNIT_ASSERT_NOT_NULL(test, actions);
	if (!type)
		return actions;
	action = (struct vsw_action *)actions->program;
	action->type = type;
	action->words = type == VSWITCH_A_ACTION_METER ? 2 : 1;
	action->value = value;
	actions->words = action->words;
	return actions;
}

/* @count buckets that do nothing, of the ids from 0 on. */
static struct vsw_bucket_config *buckets(struct kunit *test, u32 count)
{
	struct fixture *f = test->priv;
	u32 i;

	memset(f->bucket, 0, sizeof(f->bucket));
	for (i = 0; i < count; i++) {
		f->bucket[i].id = i;
		f->bucket[i].actions = program(test, 0, 0);
	}
	return f->bucket;
}

static struct vsw_group_config config_of(struct fixture *f, u32 id, u8 type, u32 count)
{
	return (struct vsw_group_config){
		.id = id, .type_given = true, .type = type, .count = count,
		.bucket = f->bucket,
	};
}

/* A group of the buckets that were made. */
static int add(struct fixture *f, u32 id, u8 type, u32 count)
{
	struct vsw_group_config config = config_of(f, id, type, count);
	int err;

	mutex_lock(&f->flows.lock);
	err = vsw_group_add(&f->flows, &config, NULL);
	mutex_unlock(&f->flows.lock);
	return err;
}

static int set(struct fixture *f, u32 id, u8 type, u32 count)
{
	struct vsw_group_config config = config_of(f, id, type, count);
	int err;

	mutex_lock(&f->flows.lock);
	err = vsw_group_set(&f->flows, &config, NULL);
	mutex_unlock(&f->flows.lock);
	return err;
}

static int set_hash(struct kunit *test, u32 id, u8 hash)
{
	struct vsw_group_config config;
	struct fixture *f = test->priv;
	int err;

	buckets(test, BUCKETS);
	config = config_of(f, id, VSWITCH_GROUP_TYPE_SELECT, BUCKETS);
	config.hash_given = true;
	config.hash = hash;
	mutex_lock(&f->flows.lock);
	err = vsw_group_set(&f->flows, &config, NULL);
	mutex_unlock(&f->flows.lock);
	return err;
}

static int del(struct fixture *f, u32 id)
{
	int err;

	mutex_lock(&f->flows.lock);
	err = vsw_group_del(&f->flows, id, NULL);
	mutex_unlock(&f->flows.lock);
	return err;
}

static u32 users_of(struct fixture *f, u32 id)
{
	struct vsw_group_info info = {};

	mutex_lock(&f->flows.lock);
	vsw_group_info(vsw_group_of(&f->flows, id), &info);
	mutex_unlock(&f->flows.lock);
	return info.flows;
}

/* ---- packets -------------------------------------------------------------- */

/* The id of the bucket of group 1 for @key, or -1. */
static int bucket_for(struct fixture *f, const struct vsw_key *key)
{
	const struct vsw_bucket *bucket;
	u32 i = 0;
	int id;

	rcu_read_lock_bh();
	bucket = vsw_group_select(vsw_group_find(&f->flows, 1), &f->sw, key, &i);
	id = bucket ? bucket->id : -1;
	rcu_read_unlock_bh();
	return id;
}

static struct vsw_key a_connection(struct fixture *f)
{
	struct vsw_key key = {
		.eth_type = htons(ETH_P_IP), .ip_proto = IPPROTO_TCP,
		.tp_src = htons(prandom_u32_state(&f->random)),
		.tp_dst = htons(443),
	};

	key.ip.ipv4_src = htonl(0x0a000000 | (prandom_u32_state(&f->random) & 0xffff));
	key.ip.ipv4_dst = htonl(0xc0000201);
	prandom_bytes_state(&f->random, key.eth_src, ETH_ALEN);
	return key;
}

/* Many connections, where they go, and how many that are. */
static void connect(struct kunit *test)
{
	struct fixture *f = test->priv;
	int i, id;

	memset(f->has, 0, sizeof(f->has));
	for (i = 0; i < CONNECTIONS; i++) {
		f->key[i] = a_connection(f);
		id = bucket_for(f, &f->key[i]);
		KUNIT_ASSERT_GE(test, id, 0);
		KUNIT_ASSERT_LT(test, id, BUCKETS);
		f->went[i] = id;
		f->has[id]++;
	}
}

/* The same again. Returns how many go another way, of those that went to another than @gone. */
static u32 connect_again(struct kunit *test, int gone)
{
	struct fixture *f = test->priv;
	u32 i, moved = 0;
	int id;

	memset(f->has, 0, sizeof(f->has));
	for (i = 0; i < CONNECTIONS; i++) {
		id = bucket_for(f, &f->key[i]);
		KUNIT_ASSERT_GE(test, id, 0);
		KUNIT_ASSERT_LT(test, id, BUCKETS);
		f->has[id]++;
		moved += f->went[i] != gone && f->went[i] != id;
	}
	return moved;
}

/* Four standard deviations, and what a slot more or less is. */
static void expect_share(struct kunit *test, u32 has, u32 expected)
{
	u32 most = 4 * int_sqrt(expected) + CONNECTIONS / VSW_MAGLEV_SLOTS + 1;

	KUNIT_EXPECT_GE(test, has, expected - most);
	KUNIT_EXPECT_LE(test, has, expected + most);
}

/* ---- the cases ------------------------------------------------------------ */

static void what_is_refused(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_group_config config;
	int i;

	buckets(test, 2);
	KUNIT_EXPECT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_INDIRECT, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_INDIRECT, 0), -EINVAL);
	buckets(test, 2)[0].weight_given = true;
	KUNIT_EXPECT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_ALL, 2), -EINVAL);
	buckets(test, 2)[0].id = 1;
	KUNIT_EXPECT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_ALL, 2), -EINVAL);
	buckets(test, 2)[1].watch = true;
	f->bucket[1].watch_port = VSWITCH_MAX_PORTS + 1;
	KUNIT_EXPECT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_ALL, 2), -ERANGE);
	buckets(test, VSWITCH_FLOW_BUCKETS_MAX + 1);
	KUNIT_EXPECT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_ALL, VSWITCH_FLOW_BUCKETS_MAX + 1),
			-ERANGE);
	buckets(test, 1);
	KUNIT_EXPECT_EQ(test, set(f, 1, VSWITCH_GROUP_TYPE_ALL, 1), -ENOENT);
	KUNIT_EXPECT_EQ(test, del(f, 1), -ENOENT);

	for (i = 0; i < 2; i++) {
		buckets(test, 1);
		config = config_of(f, 1, VSWITCH_GROUP_TYPE_ALL, 1);
		config.type_given = i;
		config.hash_given = i;
		mutex_lock(&f->flows.lock);
		KUNIT_EXPECT_EQ(test, vsw_group_add(&f->flows, &config, NULL), -EINVAL);
		mutex_unlock(&f->flows.lock);
	}
	KUNIT_EXPECT_EQ(test, f->flows.group_count, 0);
	buckets(test, VSWITCH_FLOW_BUCKETS_MAX);
	KUNIT_EXPECT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_ALL, VSWITCH_FLOW_BUCKETS_MAX), 0);
	buckets(test, 1);
	KUNIT_EXPECT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_ALL, 1), -EEXIST);
	KUNIT_EXPECT_EQ(test, f->flows.group_count, 1);
}

/* One bucket that leads to @value by an action of @type. */
static int lead(struct kunit *test, u32 id, u8 type, u32 value, bool is_new)
{
	struct fixture *f = test->priv;

	vsw_actions_free(buckets(test, 1)->actions);
	f->bucket[0].actions = program(test, type, value);
	return is_new ? add(f, id, VSWITCH_GROUP_TYPE_INDIRECT, 1) :
			set(f, id, VSWITCH_GROUP_TYPE_INDIRECT, 1);
}

static void groups_in_groups(struct kunit *test)
{
	const u8 group = VSWITCH_A_ACTION_GROUP;
	struct fixture *f = test->priv;
	u32 i;

	KUNIT_EXPECT_EQ(test, lead(test, 1, group, 2, true), -ENOENT);
	KUNIT_EXPECT_EQ(test, lead(test, 1, group, 1, true), -ELOOP);
	KUNIT_EXPECT_EQ(test, lead(test, 1, VSWITCH_A_ACTION_METER, 2, true), -ENOENT);
	KUNIT_EXPECT_EQ(test, f->flows.group_count, 0);

	/* 0 <- 1 <- 2 ... */
	KUNIT_ASSERT_EQ(test, lead(test, 0, 0, 0, true), 0);
	for (i = 1; i < 200; i++)
		KUNIT_ASSERT_EQ(test, lead(test, i, group, i - 1, true), 0);
	KUNIT_EXPECT_EQ(test, users_of(f, 100), 1);
	KUNIT_EXPECT_EQ(test, lead(test, 0, group, 199, false), -ELOOP);
	KUNIT_EXPECT_EQ(test, lead(test, 0, group, 0, false), -ELOOP);
	KUNIT_EXPECT_EQ(test, lead(test, 0, group, 1, false), -ELOOP);
	KUNIT_EXPECT_EQ(test, users_of(f, 199), 0);

	/* One that is gone leads nowhere, and may come back, but not to itself. */
	KUNIT_ASSERT_EQ(test, del(f, 100), 0);
	KUNIT_EXPECT_EQ(test, users_of(f, 99), 0);
	KUNIT_ASSERT_EQ(test, lead(test, 0, group, 99, false), -ELOOP);
	KUNIT_ASSERT_EQ(test, lead(test, 0, group, 199, false), 0);
	KUNIT_EXPECT_EQ(test, lead(test, 100, group, 99, true), -ELOOP);
	KUNIT_ASSERT_EQ(test, lead(test, 100, 0, 0, true), 0);
	KUNIT_EXPECT_EQ(test, users_of(f, 100), 1);
	KUNIT_ASSERT_EQ(test, lead(test, 101, 0, 0, false), 0);
	KUNIT_EXPECT_EQ(test, users_of(f, 100), 0);
}

static void meters_in_groups(struct kunit *test)
{
	const struct vsw_meter_config config = { .id = 3, .rate = 10 };
	struct fixture *f = test->priv;
	struct vsw_meter_info info;

	mutex_lock(&f->flows.lock);
	KUNIT_ASSERT_EQ(test, vsw_meter_add(&f->flows, &config, NULL), 0);
	mutex_unlock(&f->flows.lock);
	KUNIT_ASSERT_EQ(test, lead(test, 1, VSWITCH_A_ACTION_METER, 3, true), 0);
	mutex_lock(&f->flows.lock);
	KUNIT_EXPECT_EQ(test, vsw_meter_del(&f->flows, 3, NULL), 0);
	KUNIT_EXPECT_EQ(test, vsw_meter_add(&f->flows, &config, NULL), 0);
	vsw_meter_info(vsw_meter_of(&f->flows, 3), &info);
	mutex_unlock(&f->flows.lock);
	KUNIT_EXPECT_EQ(test, info.flows, 1);
	KUNIT_ASSERT_EQ(test, del(f, 1), 0);
	mutex_lock(&f->flows.lock);
	vsw_meter_info(vsw_meter_of(&f->flows, 3), &info);
	mutex_unlock(&f->flows.lock);
	KUNIT_EXPECT_EQ(test, info.flows, 0);
}

static void by_weight(struct kunit *test)
{
	static const u16 weight[BUCKETS] = { 1, 2, 0, 5 };
	struct fixture *f = test->priv;
	int i;

	buckets(test, BUCKETS);
	KUNIT_ASSERT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_SELECT, BUCKETS), 0);
	connect(test);
	for (i = 0; i < BUCKETS; i++)
		expect_share(test, f->has[i], CONNECTIONS / BUCKETS);

	buckets(test, BUCKETS);
	for (i = 0; i < BUCKETS; i++) {
		f->bucket[i].weight_given = true;
		f->bucket[i].weight = weight[i];
	}
	KUNIT_ASSERT_EQ(test, set(f, 1, VSWITCH_GROUP_TYPE_SELECT, BUCKETS), 0);
	connect(test);
	for (i = 0; i < BUCKETS; i++) {
		if (weight[i])
			expect_share(test, f->has[i], CONNECTIONS * weight[i] / 8);
	}
	KUNIT_EXPECT_EQ(test, f->has[2], 0);

	/* Nobody has any weight. */
	buckets(test, 1)[0].weight_given = true;
	KUNIT_ASSERT_EQ(test, set(f, 1, VSWITCH_GROUP_TYPE_SELECT, 1), 0);
	KUNIT_EXPECT_EQ(test, bucket_for(f, &f->key[0]), -1);
}

static void changes_move_few(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 had;

	buckets(test, BUCKETS);
	KUNIT_ASSERT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_SELECT, BUCKETS), 0);
	connect(test);
	had = f->has[1];

	/* As it was; then without one, whose connections the others share. */
	buckets(test, BUCKETS);
	KUNIT_ASSERT_EQ(test, set(f, 1, VSWITCH_GROUP_TYPE_SELECT, BUCKETS), 0);
	KUNIT_EXPECT_EQ(test, connect_again(test, -1), 0);
	vsw_actions_free(buckets(test, BUCKETS)[1].actions);
	f->bucket[1] = f->bucket[BUCKETS - 1];
	KUNIT_ASSERT_EQ(test, set(f, 1, VSWITCH_GROUP_TYPE_SELECT, BUCKETS - 1), 0);
	KUNIT_EXPECT_EQ(test, connect_again(test, 1), 0);
	KUNIT_EXPECT_EQ(test, f->has[1], 0);
	expect_share(test, f->has[0], CONNECTIONS / 3);

	/* It comes back, and has its share of all. */
	buckets(test, BUCKETS);
	KUNIT_ASSERT_EQ(test, set(f, 1, VSWITCH_GROUP_TYPE_SELECT, BUCKETS), 0);
	connect_again(test, -1);
	expect_share(test, f->has[1], had);
}

static void dead_ones_are_skipped(struct kunit *test)
{
	struct fixture *f = test->priv;
	int i;

	buckets(test, BUCKETS);
	for (i = 0; i < BUCKETS; i++) {
		f->bucket[i].watch = true;
		f->bucket[i].watch_port = i;
	}
	KUNIT_ASSERT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_SELECT, BUCKETS), 0);
	connect(test);

	/* The others share its connections, and have their own as before. */
	f->port[2].flags = 0;
	KUNIT_EXPECT_EQ(test, connect_again(test, 2), 0);
	KUNIT_EXPECT_EQ(test, f->has[2], 0);
	expect_share(test, f->has[0], CONNECTIONS / 3);
	expect_share(test, f->has[1], CONNECTIONS / 3);
	expect_share(test, f->has[3], CONNECTIONS / 3);
	f->port[2].flags = VSW_PORT_LIVE;
	KUNIT_EXPECT_EQ(test, connect_again(test, -1), 0);

	for (i = 0; i < BUCKETS; i++) {
		if (i != 3)
			f->port[i].flags = VSW_PORT_LIVE | VSW_PORT_SHUT;
	}
	connect_again(test, -1);
	KUNIT_EXPECT_EQ(test, f->has[3], CONNECTIONS);
	f->port[3].flags = 0;
	KUNIT_EXPECT_EQ(test, bucket_for(f, &f->key[0]), -1);
}

/* Of a bucket with one slot of all, nobody else being there. */
static void one_in_many(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i;

	buckets(test, VSWITCH_FLOW_BUCKETS_MAX);
	for (i = 0; i < VSWITCH_FLOW_BUCKETS_MAX; i++) {
		f->bucket[i].weight_given = true;
		f->bucket[i].weight = i == 200 ? 1 : U16_MAX;
		f->bucket[i].watch = i != 200;
		f->bucket[i].watch_port = PORTS;
	}
	KUNIT_ASSERT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_SELECT, VSWITCH_FLOW_BUCKETS_MAX), 0);
	for (i = 0; i < 100; i++) {
		f->key[0] = a_connection(f);
		KUNIT_EXPECT_EQ(test, bucket_for(f, &f->key[0]), 200);
	}
}

static void failover(struct kunit *test)
{
	const struct vsw_key key = {};
	struct fixture *f = test->priv;

	/* Of port 1, of one that is not there, of port 2, and at last of none. */
	buckets(test, 4);
	f->bucket[0].watch = true;
	f->bucket[0].watch_port = 1;
	f->bucket[1].watch = true;
	f->bucket[1].watch_port = PORTS + 3;
	f->bucket[2].watch = true;
	f->bucket[2].watch_port = 2;
	KUNIT_ASSERT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_FAST_FAILOVER, 4), 0);

	KUNIT_EXPECT_EQ(test, bucket_for(f, &key), 0);
	f->port[1].flags |= VSW_PORT_SHUT;
	KUNIT_EXPECT_EQ(test, bucket_for(f, &key), 2);
	f->port[1].flags = VSW_PORT_LIVE;
	KUNIT_EXPECT_EQ(test, bucket_for(f, &key), 0);
	/* Before the flags follow the carrier, which says nothing of a vnic. */
	set_bit(__LINK_STATE_NOCARRIER, &f->dev[1].state);
	KUNIT_EXPECT_EQ(test, bucket_for(f, &key), 2);
	f->port[1].flags |= VSW_PORT_VNIC;
	KUNIT_EXPECT_EQ(test, bucket_for(f, &key), 0);
	f->port[1].flags = 0;
	f->port[2].flags = 0;
	KUNIT_EXPECT_EQ(test, bucket_for(f, &key), 3);

	/* Without the last one. */
	buckets(test, 1)->watch = true;
	KUNIT_ASSERT_EQ(test, set(f, 1, VSWITCH_GROUP_TYPE_FAST_FAILOVER, 1), 0);
	f->port[0].flags = 0;
	KUNIT_EXPECT_EQ(test, bucket_for(f, &key), -1);
}

static void all_of_them(struct kunit *test)
{
	struct fixture *f = test->priv;
	const struct vsw_group *group;
	const struct vsw_key key = {};
	u32 i = 0;

	buckets(test, 4);
	f->bucket[1].watch = true;
	f->bucket[1].watch_port = 1;
	f->port[1].flags = 0;
	KUNIT_ASSERT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_ALL, 4), 0);
	rcu_read_lock_bh();
	group = vsw_group_find(&f->flows, 1);
	KUNIT_EXPECT_EQ(test, vsw_group_select(group, &f->sw, &key, &i)->id, 0);
	KUNIT_EXPECT_EQ(test, vsw_group_select(group, &f->sw, &key, &i)->id, 2);
	KUNIT_EXPECT_EQ(test, vsw_group_select(group, &f->sw, &key, &i)->id, 3);
	KUNIT_EXPECT_NULL(test, vsw_group_select(group, &f->sw, &key, &i));
	rcu_read_unlock_bh();
}

static struct vsw_key turn(const struct vsw_key *key)
{
	struct vsw_key back = *key;

	memcpy(back.eth_src, key->eth_dst, ETH_ALEN);
	memcpy(back.eth_dst, key->eth_src, ETH_ALEN);
	back.tp_src = key->tp_dst;
	back.tp_dst = key->tp_src;
	if (key->eth_type == htons(ETH_P_IP)) {
		back.ip.ipv4_src = key->ip.ipv4_dst;
		back.ip.ipv4_dst = key->ip.ipv4_src;
	} else {
		back.ip.ipv6_src = key->ip.ipv6_dst;
		back.ip.ipv6_dst = key->ip.ipv6_src;
	}
	return back;
}

/* A connection of any kind, or none. */
static struct vsw_key anything(struct fixture *f)
{
	static const __be16 types[] = {
		htons(ETH_P_IP), htons(ETH_P_IPV6), htons(ETH_P_ARP),
	};
	struct vsw_key key = a_connection(f);

	key.eth_type = types[prandom_u32_state(&f->random) % ARRAY_SIZE(types)];
	prandom_bytes_state(&f->random, &key.ip, sizeof(key.ip));
	prandom_bytes_state(&f->random, key.eth_dst, ETH_ALEN);
	/* Both ends have the same address. */
	if (prandom_u32_state(&f->random) % 4)
		return key;
	if (key.eth_type == htons(ETH_P_IP))
		key.ip.ipv4_dst = key.ip.ipv4_src;
	else
		key.ip.ipv6_dst = key.ip.ipv6_src;
	return key;
}

/* How many of many connections go another way than when they are changed by @change. */
static u32 differ(struct kunit *test, void (*change)(struct vsw_key *key))
{
	struct fixture *f = test->priv;
	struct vsw_key key, other;
	u32 i, n = 0;

	for (i = 0; i < 1000; i++) {
		key = anything(f);
		other = key;
		change(&other);
		n += bucket_for(f, &key) != bucket_for(f, &other);
	}
	return n;
}

static void turn_around(struct vsw_key *key)
{
	*key = turn(key);
}

static void other_source_port(struct vsw_key *key)
{
	key->tp_src ^= htons(0x0100);
}

static void other_address(struct vsw_key *key)
{
	key->ip.ipv4_src ^= htonl(1);
}

static void other_mac(struct vsw_key *key)
{
	key->eth_dst[0] ^= 2;
}

/* What is no part of a connection. */
static void another_packet(struct vsw_key *key)
{
	key->in_port ^= 3;
	key->ip_ttl ^= 5;
	key->ip_tos ^= 9;
	key->vlan_tci ^= htons(1);
	key->tcp_flags ^= htons(2);
	key->metadata ^= 77;
	if (key->eth_type != htons(ETH_P_ARP)) {
		key->eth_src[3] ^= 1;
		key->eth_dst[3] ^= 1;
	}
}

static void hashes(struct kunit *test)
{
	struct fixture *f = test->priv;

	buckets(test, BUCKETS);
	KUNIT_ASSERT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_SELECT, BUCKETS), 0);
	KUNIT_EXPECT_EQ(test, differ(test, another_packet), 0);
	/* Two thirds of them, and three quarters of these. */
	KUNIT_EXPECT_GT(test, differ(test, turn_around), 400);
	KUNIT_EXPECT_GT(test, differ(test, other_source_port), 400);
	KUNIT_EXPECT_GT(test, differ(test, other_address), 400);

	KUNIT_ASSERT_EQ(test, set_hash(test, 1, VSWITCH_GROUP_HASH_SYMMETRIC_L4), 0);
	KUNIT_EXPECT_EQ(test, differ(test, another_packet), 0);
	KUNIT_EXPECT_EQ(test, differ(test, turn_around), 0);
	KUNIT_EXPECT_GT(test, differ(test, other_source_port), 400);
	KUNIT_EXPECT_GT(test, differ(test, other_address), 400);

	KUNIT_ASSERT_EQ(test, set_hash(test, 1, VSWITCH_GROUP_HASH_L3), 0);
	KUNIT_EXPECT_EQ(test, differ(test, another_packet), 0);
	KUNIT_EXPECT_EQ(test, differ(test, other_source_port), 0);
	KUNIT_EXPECT_GT(test, differ(test, other_address), 400);

	KUNIT_ASSERT_EQ(test, set_hash(test, 1, VSWITCH_GROUP_HASH_L2), 0);
	KUNIT_EXPECT_EQ(test, differ(test, other_source_port), 0);
	KUNIT_EXPECT_EQ(test, differ(test, other_address), 0);
	KUNIT_EXPECT_GT(test, differ(test, other_mac), 600);
}

/* The first fragment, which has ports, goes the way of the others. */
static void fragments(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_key first, later;
	int i;

	buckets(test, BUCKETS);
	KUNIT_ASSERT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_SELECT, BUCKETS), 0);
	for (i = 0; i < 200; i++) {
		first = a_connection(f);
		if (i & 1) {
			first.eth_type = htons(ETH_P_IPV6);
			prandom_bytes_state(&f->random, &first.ip, sizeof(first.ip));
		}
		first.ip_frag = VSWITCH_FLOW_FRAG_ANY;
		later = first;
		later.ip_frag |= VSWITCH_FLOW_FRAG_LATER;
		later.tp_src = 0;
		later.tp_dst = 0;
		if (first.eth_type == htons(ETH_P_IPV6))
			later.ip_proto = IPPROTO_FRAGMENT;
		KUNIT_EXPECT_EQ(test, bucket_for(f, &first), bucket_for(f, &later));
	}
}

static void counters(struct kunit *test)
{
	struct vsw_bucket_info bucket;
	struct fixture *f = test->priv;
	struct vsw_group_info info;
	int i;

	buckets(test, 2);
	KUNIT_ASSERT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_ALL, 2), 0);
	for (i = 0; i < 3; i++) {
		const struct vsw_group *group;

		rcu_read_lock_bh();
		group = vsw_group_find(&f->flows, 1);
		vsw_group_hit(group, 100);
		vsw_bucket_hit(&group->bucket[0], 100);
		vsw_bucket_hit(&group->bucket[1], 100);
		rcu_read_unlock_bh();
		/* Those of 0 go on, as another kind of group, with 7 instead of 1. */
		if (i)
			continue;
		buckets(test, 2)[1].id = 7;
		KUNIT_ASSERT_EQ(test, set(f, 1, VSWITCH_GROUP_TYPE_SELECT, 2), 0);
		rcu_barrier();
	}
	mutex_lock(&f->flows.lock);
	vsw_group_info(vsw_group_of(&f->flows, 1), &info);
	KUNIT_EXPECT_EQ(test, info.packets, 3);
	KUNIT_EXPECT_EQ(test, info.bytes, 300);
	KUNIT_EXPECT_EQ(test, info.count, 2);
	vsw_group_bucket_info(vsw_group_of(&f->flows, 1), 0, &bucket);
	KUNIT_EXPECT_EQ(test, bucket.packets, 3);
	KUNIT_EXPECT_EQ(test, bucket.bytes, 300);
	vsw_group_bucket_info(vsw_group_of(&f->flows, 1), 1, &bucket);
	KUNIT_EXPECT_EQ(test, bucket.packets, 2);
	mutex_unlock(&f->flows.lock);

	/* One that fails takes nothing along. */
	vsw_actions_free(buckets(test, 2)[1].actions);
	f->bucket[1].actions = program(test, VSWITCH_A_ACTION_GROUP, 99);
	KUNIT_EXPECT_EQ(test, set(f, 1, VSWITCH_GROUP_TYPE_SELECT, 2), -ENOENT);
	mutex_lock(&f->flows.lock);
	vsw_group_bucket_info(vsw_group_of(&f->flows, 1), 0, &bucket);
	mutex_unlock(&f->flows.lock);
	KUNIT_EXPECT_EQ(test, bucket.packets, 3);
}

/* What has to be known of packets: by hash, and by what buckets do. */
static void maps(struct kunit *test)
{
	const vsw_key_map macs = VSW_KEY_MAP_OF(eth_dst) | VSW_KEY_MAP_OF(eth_src);
	struct fixture *f = test->priv;

	buckets(test, BUCKETS);
	KUNIT_ASSERT_EQ(test, add(f, 1, VSWITCH_GROUP_TYPE_ALL, BUCKETS), 0);
	rcu_read_lock_bh();
	KUNIT_EXPECT_EQ(test, vsw_group_map(vsw_group_find(&f->flows, 1)), 0);
	rcu_read_unlock_bh();
	KUNIT_ASSERT_EQ(test, set_hash(test, 1, VSWITCH_GROUP_HASH_L2), 0);
	rcu_read_lock_bh();
	KUNIT_EXPECT_EQ(test, vsw_group_map(vsw_group_find(&f->flows, 1)), macs);
	rcu_read_unlock_bh();
	KUNIT_ASSERT_EQ(test, set_hash(test, 1, VSWITCH_GROUP_HASH_L4), 0);
	rcu_read_lock_bh();
	KUNIT_EXPECT_EQ(test, vsw_group_map(vsw_group_find(&f->flows, 1)), GENMASK(7, 0));
	rcu_read_unlock_bh();
}

static struct kunit_case group_cases[] = {
	KUNIT_CASE(what_is_refused),
	KUNIT_CASE(groups_in_groups),
	KUNIT_CASE(meters_in_groups),
	KUNIT_CASE(by_weight),
	KUNIT_CASE(changes_move_few),
	KUNIT_CASE(dead_ones_are_skipped),
	KUNIT_CASE(one_in_many),
	KUNIT_CASE(failover),
	KUNIT_CASE(all_of_them),
	KUNIT_CASE(hashes),
	KUNIT_CASE(fragments),
	KUNIT_CASE(counters),
	KUNIT_CASE(maps),
	{}
};

static struct kunit_suite group_suite = {
	.name = "vswitch_group",
	.init = group_test_init,
	.exit = group_test_exit,
	.test_cases = group_cases,
};

kunit_test_suite(group_suite);
