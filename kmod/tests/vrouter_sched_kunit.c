// SPDX-License-Identifier: GPL-2.0
/* Schedulers: who of a pool gets connections, how many and in which order. */
#include <kunit/test.h>
#include <linux/jiffies.h>

#include "../vrouter/pool.h"
#include "vrouter_fixture.h"

#define MOST	100
#define CLIENTS	4000

struct fixture {
	struct vrt_backend backend[MOST];
	struct vrt_pool *pool;
	u32 has[MOST];
	u8 went[CLIENTS];
};

static int sched_test_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	u32 i;

	if (!f)
		return -ENOMEM;
	test->priv = f;
	for (i = 0; i < MOST; i++)
		fixture_backend(&f->backend[i], i);
	return 0;
}

static void sched_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f)
		vrt_pool_free(f->pool);
}

/* A pool of the first @count backends; @weights NULL: 1. @slow: seconds of slow start. */
static void make(struct kunit *test, u8 scheduler, const u32 *weights, u32 count, u32 slow)
{
	struct vrt_pool_config config = {
		.scheduler = scheduler,
		.slow_start = slow * 1000,
		.key = { { 1, 2 } },
	};
	struct fixture *f = test->priv;
	u32 i;

	vrt_pool_free(f->pool);
	f->pool = vrt_pool_alloc(count);
	KUNIT_ASSERT_TRUE(test, f->pool);
	for (i = 0; i < count; i++) {
		f->pool->candidate[i].backend = &f->backend[i];
		f->pool->candidate[i].since = f->backend[i].since;
		f->pool->candidate[i].weight = weights ? weights[i] : 1;
	}
	KUNIT_ASSERT_EQ(test, vrt_pool_build(f->pool, &config), 0);
	memset(f->has, 0, sizeof(f->has));
}

/* The index of the backend for client number @number; -1: nobody. The connection stays. */
static int choose(struct fixture *f, u32 number)
{
	struct vrt_client client = {
		.family = NFPROTO_IPV4,
		.port = 1000 + number % 7,
		.addr.ip = htonl(0xc0000200 + number / 7),
	};
	struct vrt_backend *backend;

	rcu_read_lock();
	backend = vrt_pool_choose(f->pool, &client);
	rcu_read_unlock();
	if (!backend)
		return -1;
	f->has[backend - f->backend]++;
	return backend - f->backend;
}

/* The same, and the connection is over at once. */
static int visit(struct fixture *f, u32 number)
{
	int i = choose(f, number);

	if (i >= 0)
		fixture_release(&f->backend[i]);
	return i;
}

static void rr_is_one_after_the_other(struct kunit *test)
{
	static const u32 weights[] = { 1, 100, 7 };
	struct fixture *f = test->priv;
	int i;

	make(test, VROUTER_SCHEDULER_RR, weights, 3, 0);
	for (i = 0; i < 30; i++)
		KUNIT_EXPECT_EQ(test, visit(f, i), i % 3);
	WRITE_ONCE(f->backend[1].open, false);
	for (i = 0; i < 30; i++)
		KUNIT_EXPECT_NE(test, visit(f, i), 1);
}

/* In each @sum turns exactly the weights; and how far from that in between, in turns. */
static u32 count_wrr(struct kunit *test, const u32 *weights, u32 count, u32 sum, u32 rounds)
{
	struct fixture *f = test->priv;
	u32 turn, i, round;
	s64 ahead, most = 0;

	make(test, VROUTER_SCHEDULER_WRR, weights, count, 0);
	for (round = 1; round <= rounds; round++) {
		for (turn = 1; turn <= sum; turn++) {
			i = visit(f, turn);
			ahead = abs((s64)f->has[i] * sum -
				    (s64)weights[i] * (sum * (round - 1) + turn));
			most = max(most, ahead);
		}
		for (i = 0; i < count; i++)
			KUNIT_EXPECT_EQ(test, f->has[i], round * weights[i]);
	}
	return div_u64(most + sum - 1, sum);
}

static void wrr_is_exact(struct kunit *test)
{
	static const u32 few[] = { 5, 1, 1 }, prime[] = { 7, 11, 13, 17, 19 }, one[] = { 9 };
	static const u32 large[] = { 9001, 3000, 2, 4999 };

	KUNIT_EXPECT_LE(test, count_wrr(test, few, 3, 7, 5), 1);
	KUNIT_EXPECT_LE(test, count_wrr(test, prime, 5, 67, 5), 1);
	KUNIT_EXPECT_LE(test, count_wrr(test, one, 1, 9, 2), 1);
	/* Too many for a table. */
	KUNIT_EXPECT_LE(test, count_wrr(test, large, 4, 17002, 2), 3);
}

/* A common divisor makes no bursts. */
static void wrr_is_even(struct kunit *test)
{
	static const u32 weights[] = { 5000, 1000, 1000 };
	static const u8 order[] = { 0, 0, 1, 0, 2, 0, 0 };
	struct fixture *f = test->priv;
	int i;

	make(test, VROUTER_SCHEDULER_WRR, weights, 3, 0);
	for (i = 0; i < 70; i++)
		KUNIT_EXPECT_EQ(test, visit(f, i), order[i % 7]);
}

/* The largest sum there is: the counts of a part of the turns are right to a few. */
static void wrr_takes_largest_weights(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 weights[MOST], i;

	for (i = 0; i < MOST; i++)
		weights[i] = 65535 - i % 2;
	make(test, VROUTER_SCHEDULER_WRR, weights, MOST, 0);
	for (i = 0; i < 100 * MOST; i++)
		visit(f, i);
	for (i = 0; i < MOST; i++) {
		KUNIT_EXPECT_GE(test, f->has[i], 97);
		KUNIT_EXPECT_LE(test, f->has[i], 103);
	}
}

static void lc_fills_the_emptiest(struct kunit *test)
{
	static const u32 weights[] = { 1, 2, 3, 4 };
	struct fixture *f = test->priv;
	u32 i;

	atomic_set(&f->backend[2].target.active, 50);
	make(test, VROUTER_SCHEDULER_LC, weights, 4, 0);
	for (i = 0; i < 150; i++)
		choose(f, i);
	KUNIT_EXPECT_EQ(test, f->has[0], 50);
	KUNIT_EXPECT_EQ(test, f->has[1], 50);
	KUNIT_EXPECT_EQ(test, f->has[2], 0);
	KUNIT_EXPECT_EQ(test, f->has[3], 50);
}

static void wlc_fills_by_weight(struct kunit *test)
{
	static const u32 weights[] = { 1, 2, 3, 4 };
	struct fixture *f = test->priv;
	u32 i;

	make(test, VROUTER_SCHEDULER_WLC, weights, 4, 0);
	for (i = 0; i < 1000; i++)
		choose(f, i);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_GE(test, f->has[i], 100 * weights[i] - 1);
		KUNIT_EXPECT_LE(test, f->has[i], 100 * weights[i] + 1);
	}
}

/*
 * One choice by chance would leave some 40 more than others have; of two, the fullest is
 * log2(ln 100) and a little above the mean, however many there are.
 */
static void random2_is_nearly_even(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i;

	make(test, VROUTER_SCHEDULER_RANDOM2, NULL, MOST, 0);
	for (i = 0; i < 200 * MOST; i++)
		choose(f, i);
	for (i = 0; i < MOST; i++) {
		KUNIT_EXPECT_GE(test, f->has[i], 200 - 10);
		KUNIT_EXPECT_LE(test, f->has[i], 200 + 6);
	}
}

/* One of a hundred that has nine tenths of the weight is looked at often enough. */
static void random2_goes_by_weight(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 weights[MOST], i;

	for (i = 0; i < MOST; i++)
		weights[i] = i ? 1 : 9 * (MOST - 1);
	make(test, VROUTER_SCHEDULER_RANDOM2, weights, MOST, 0);
	for (i = 0; i < 9900; i++)
		choose(f, i);
	KUNIT_EXPECT_GE(test, f->has[0], 8700);
	KUNIT_EXPECT_LE(test, f->has[0], 9100);
}

static void note(struct fixture *f)
{
	u32 i;

	for (i = 0; i < CLIENTS; i++)
		f->went[i] = visit(f, i);
}

/* Seven clients have one address. */
static void sh_goes_by_address(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i;

	make(test, VROUTER_SCHEDULER_SH, NULL, 10, 0);
	note(f);
	for (i = 0; i < CLIENTS; i++) {
		KUNIT_EXPECT_EQ(test, f->went[i], f->went[i - i % 7]);
		KUNIT_EXPECT_EQ(test, f->went[i], visit(f, i));
	}
	for (i = 0; i < 10; i++)
		KUNIT_EXPECT_GT(test, f->has[i], 0);
}

static void maglev_goes_by_port_too(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i, differ = 0;

	make(test, VROUTER_SCHEDULER_MAGLEV, NULL, 10, 0);
	note(f);
	for (i = 0; i < CLIENTS; i++) {
		differ += f->went[i] != f->went[i - i % 7];
		KUNIT_EXPECT_EQ(test, f->went[i], visit(f, i));
	}
	KUNIT_EXPECT_GE(test, differ, CLIENTS * 6 / 7 * 8 / 10);
}

/* One is full: its clients go elsewhere, each to the same place; no other moves. */
static void only_clients_of_a_full_one_move(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i, again = 0;
	int now;

	make(test, VROUTER_SCHEDULER_SH, NULL, 10, 0);
	note(f);
	f->backend[3].max_connections = 1;
	atomic_set(&f->backend[3].target.active, 1);
	for (i = 0; i < CLIENTS; i++) {
		now = visit(f, i);
		KUNIT_EXPECT_NE(test, now, 3);
		if (f->went[i] != 3)
			KUNIT_EXPECT_EQ(test, now, f->went[i]);
		else
			again += now == visit(f, i);
	}
	KUNIT_EXPECT_GT(test, again, 0);
	for (i = 0; i < CLIENTS; i++)
		again -= f->went[i] == 3;
	KUNIT_EXPECT_EQ(test, again, 0);
}

static void limits_hold(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 scheduler;
	u32 i;

	for (scheduler = VROUTER_SCHEDULER_RR; scheduler <= VROUTER_SCHEDULER_RANDOM2;
	     scheduler++) {
		for (i = 0; i < 5; i++)
			f->backend[i].max_connections = 3 + i;
		make(test, scheduler, NULL, 5, 0);
		for (i = 0; i < 25; i++)
			KUNIT_EXPECT_GE(test, choose(f, i), 0);
		for (i = 0; i < 5; i++)
			KUNIT_EXPECT_EQ(test, f->has[i], 3 + i);
		KUNIT_EXPECT_EQ(test, choose(f, 0), -1);
		fixture_release(&f->backend[4]);
		KUNIT_EXPECT_EQ(test, choose(f, 0), 4);
		for (i = 0; i < 5; i++) {
			while (atomic_read(&f->backend[i].target.active))
				fixture_release(&f->backend[i]);
		}
	}
}

/* Backend 0 is @percent of @slow seconds old. */
static void age(struct fixture *f, u32 slow, u32 percent)
{
	f->backend[0].since = get_jiffies_64() - (u64)slow * HZ * percent / 100;
}

static void slow_start_grows(struct kunit *test)
{
	static const struct { u32 percent, share; } points[] = {
		{ 0, 103 }, { 25, 333 }, { 50, 563 }, { 75, 794 }, { 100, 1024 }, { 200, 1024 },
	};
	struct fixture *f = test->priv;
	u32 i, share;

	for (i = 0; i < ARRAY_SIZE(points); i++) {
		age(f, 10000, points[i].percent);
		make(test, VROUTER_SCHEDULER_WRR, NULL, 2, 10000);
		share = vrt_pool_share(f->pool, &f->pool->candidate[0]);
		KUNIT_EXPECT_GE(test, share, points[i].share - 1);
		KUNIT_EXPECT_LE(test, share, points[i].share + 2);
		KUNIT_EXPECT_EQ(test, vrt_pool_share(f->pool, &f->pool->candidate[1]),
				VRT_FULL_WEIGHT);
	}
	age(f, 10000, 0);
	make(test, VROUTER_SCHEDULER_WRR, NULL, 2, 0);
	KUNIT_EXPECT_EQ(test, vrt_pool_share(f->pool, &f->pool->candidate[0]), VRT_FULL_WEIGHT);
}

/* One of four that is slow: half of its weight is a seventh of all. */
static void slow_start_holds_back(struct kunit *test)
{
	static const u8 by_chance[] = {
		VROUTER_SCHEDULER_RR, VROUTER_SCHEDULER_WRR, VROUTER_SCHEDULER_LC,
		VROUTER_SCHEDULER_WLC, VROUTER_SCHEDULER_RANDOM2,
	};
	struct fixture *f = test->priv;
	u32 i, n;

	for (i = 0; i < ARRAY_SIZE(by_chance); i++) {
		age(f, 10000, 44);
		make(test, by_chance[i], NULL, 4, 10000);
		for (n = 0; n < 7000; n++)
			visit(f, n);
		KUNIT_EXPECT_GE(test, f->has[0], 850);
		KUNIT_EXPECT_LE(test, f->has[0], 1150);
	}
	age(f, 10000, 44);
	make(test, VROUTER_SCHEDULER_WLC, NULL, 4, 10000);
	for (n = 0; n < 7000; n++)
		choose(f, n);
	KUNIT_EXPECT_GE(test, f->has[0], 980);
	KUNIT_EXPECT_LE(test, f->has[0], 1020);
}

/* Who got a backend that is slow gets it when it is less slow, and in the end all do. */
static void slow_start_keeps_clients(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i, before, now;

	age(f, 10000, 20);
	make(test, VROUTER_SCHEDULER_SH, NULL, 4, 10000);
	note(f);
	before = f->has[0];
	KUNIT_EXPECT_GT(test, before, 0);
	age(f, 10000, 60);
	make(test, VROUTER_SCHEDULER_SH, NULL, 4, 10000);
	for (i = 0; i < CLIENTS; i++) {
		now = visit(f, i);
		if (f->went[i] == 0)
			KUNIT_EXPECT_EQ(test, now, 0);
		else if (now != f->went[i])
			KUNIT_EXPECT_EQ(test, now, 0);
	}
	KUNIT_EXPECT_GT(test, f->has[0], before);
}

static struct kunit_case sched_cases[] = {
	KUNIT_CASE(rr_is_one_after_the_other),
	KUNIT_CASE(wrr_is_exact),
	KUNIT_CASE(wrr_is_even),
	KUNIT_CASE(wrr_takes_largest_weights),
	KUNIT_CASE(lc_fills_the_emptiest),
	KUNIT_CASE(wlc_fills_by_weight),
	KUNIT_CASE(random2_is_nearly_even),
	KUNIT_CASE(random2_goes_by_weight),
	KUNIT_CASE(sh_goes_by_address),
	KUNIT_CASE(maglev_goes_by_port_too),
	KUNIT_CASE(only_clients_of_a_full_one_move),
	KUNIT_CASE(limits_hold),
	KUNIT_CASE(slow_start_grows),
	KUNIT_CASE(slow_start_holds_back),
	KUNIT_CASE(slow_start_keeps_clients),
	{}
};

static struct kunit_suite sched_suite = {
	.name = "vrouter_sched",
	.init = sched_test_init,
	.exit = sched_test_exit,
	.test_cases = sched_cases,
};

kunit_test_suite(sched_suite);
