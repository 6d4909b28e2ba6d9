// SPDX-License-Identifier: GPL-2.0
/* Trees of classes, against a clock of our own: rates, shares, priorities, latency. */
#include <kunit/test.h>
#include <linux/math64.h>
#include <linux/time64.h>

#include "../vrouter/class_tree.h"

#define MBIT	1000000ULL
#define GBIT	1000000000ULL
#define WEEK	(7 * 24 * 3600 * NSEC_PER_SEC)

#define N_NODES	6

struct fixture {
	struct vrt_node root, node[N_NODES];
	bool busy[N_NODES];		/* always has something to send */
	u64 bytes[N_NODES];		/* that it sent */
	u64 now;
};

static int class_test_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	vrt_node_init_root(&f->root);
	f->now = 1000;
	test->priv = f;
	return 0;
}

static void add(struct fixture *f, int i, int parent, u64 rate, u64 ceil, u8 prio)
{
	const struct vrt_limits limits = {
		.rate = rate, .ceil = ceil, .burst = 3000, .prio = prio
	};

	vrt_node_init(&f->node[i], parent < 0 ? &f->root : &f->node[parent], &limits, f->now);
}

static void set_busy(struct fixture *f, int i, bool busy)
{
	f->busy[i] = busy;
	vrt_node_queue(&f->node[i], busy, f->now);
}

/* Who is busy sends packets of @bytes until @end, each as soon as it may. */
static void run(struct fixture *f, u64 end, u32 bytes)
{
	struct vrt_node *leaf;
	u64 when;

	while (f->now < end) {
		leaf = vrt_node_next(&f->root, f->now, &when);
		if (!leaf) {
			f->now = min(when, end);
			continue;
		}
		vrt_node_charge(leaf, bytes, f->now);
		f->bytes[leaf - f->node] += bytes;
	}
}

static void forget_bytes(struct fixture *f)
{
	memset(f->bytes, 0, sizeof(f->bytes));
}

/* @n is within @permille of @of. */
static void expect_near(struct kunit *test, u64 n, u64 of, u64 permille)
{
	KUNIT_EXPECT_GE_MSG(test, n * 1000, of * (1000 - permille), "%llu of %llu", n, of);
	KUNIT_EXPECT_LE_MSG(test, n * 1000, of * (1000 + permille), "%llu of %llu", n, of);
}

static u64 bytes_at(u64 rate, u64 time)
{
	return div_u64(div_u64(rate, 1000) * time, 8000000);
}

/* With packets of any size; the burst is none of the rate. */
static void rates(struct kunit *test)
{
	static const u64 rate[] = { MBIT, 10 * MBIT, 33333333, 100 * MBIT, GBIT, 40 * GBIT };
	static const u32 bytes[] = { 64, 1500, 9000 };
	struct fixture *f = test->priv;
	int i, j;

	for (i = 0; i < ARRAY_SIZE(rate); i++) {
		for (j = 0; j < ARRAY_SIZE(bytes); j++) {
			/* Of as many packets, so that one more or less is no matter. */
			u64 time = div64_u64(1000 * 8 * NSEC_PER_SEC * bytes[j], rate[i]);

			vrt_node_init_root(&f->root);
			add(f, 0, -1, rate[i], rate[i], 0);
			set_busy(f, 0, true);
			run(f, f->now + time / 10, bytes[j]);
			forget_bytes(f);
			run(f, f->now + time, bytes[j]);
			expect_near(test, f->bytes[0], bytes_at(rate[i], time), 30);
		}
	}
}

/* No rate is lost to rounding, however long it lasts: 3 ns and a third each. */
static void no_drift(struct kunit *test)
{
	struct fixture *f = test->priv;

	add(f, 0, -1, 3 * GBIT, 3 * GBIT, 0);
	set_busy(f, 0, true);
	run(f, f->now + NSEC_PER_MSEC, 10);
	forget_bytes(f);
	run(f, f->now + 30 * NSEC_PER_MSEC, 10);
	expect_near(test, f->bytes[0], bytes_at(3 * GBIT, 30 * NSEC_PER_MSEC), 1);
}

/* Who wakes us is late, by less than the burst: nothing is lost. */
static void late_timer(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vrt_node *leaf;
	u64 end, when;

	add(f, 0, -1, 100 * MBIT, 100 * MBIT, 0);
	set_busy(f, 0, true);
	run(f, f->now + NSEC_PER_MSEC, 1500);
	forget_bytes(f);
	end = f->now + NSEC_PER_SEC;
	while (f->now < end) {
		leaf = vrt_node_next(&f->root, f->now, &when);
		if (!leaf) {
			f->now = when + 150 * NSEC_PER_USEC;
			continue;
		}
		vrt_node_charge(leaf, 1500, f->now);
		f->bytes[0] += 1500;
	}
	expect_near(test, f->bytes[0], bytes_at(100 * MBIT, NSEC_PER_SEC), 10);
}

/* As late as no burst bears: nothing is lost either, and nothing saved up. */
static void very_late_timer(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vrt_node *leaf;
	u64 end, when;

	add(f, 0, -1, 200 * MBIT, 200 * MBIT, 0);
	add(f, 1, 0, 100 * MBIT, 100 * MBIT, 0);
	add(f, 2, 0, 100 * MBIT, 200 * MBIT, 0);
	set_busy(f, 1, true);
	end = f->now + NSEC_PER_SEC;
	while (f->now < end) {
		leaf = vrt_node_next(&f->root, f->now, &when);
		if (!leaf) {
			f->now = when + 40 * NSEC_PER_MSEC;
			continue;
		}
		vrt_node_charge(leaf, 1500, f->now);
		f->bytes[1] += 1500;
	}
	expect_near(test, f->bytes[1], bytes_at(100 * MBIT, NSEC_PER_SEC), 50);
	/* The parent has saved up nothing for the other child. */
	set_busy(f, 1, false);
	set_busy(f, 2, true);
	run(f, f->now + NSEC_PER_MSEC, 1500);
	KUNIT_EXPECT_LE(test, f->bytes[2], bytes_at(200 * MBIT, NSEC_PER_MSEC) + 3000 + 1500);
	/* Nor does it last: after a rest there is the burst, and no more. */
	set_busy(f, 2, false);
	f->now += NSEC_PER_SEC;
	forget_bytes(f);
	set_busy(f, 1, true);
	run(f, f->now + NSEC_PER_MSEC, 1500);
	KUNIT_EXPECT_LE(test, f->bytes[1], bytes_at(100 * MBIT, NSEC_PER_MSEC) + 3000 + 1500);
}

static void week_idle(struct kunit *test)
{
	struct fixture *f = test->priv;

	add(f, 0, -1, MBIT, MBIT, 0);
	set_busy(f, 0, true);
	run(f, f->now + NSEC_PER_SEC, 1500);
	set_busy(f, 0, false);
	f->now += 520 * WEEK;
	forget_bytes(f);
	set_busy(f, 0, true);
	run(f, f->now + NSEC_PER_SEC, 1500);
	/* A second, and one burst with the packet that ends it. */
	KUNIT_EXPECT_GE(test, f->bytes[0], bytes_at(MBIT, NSEC_PER_SEC) - 1500);
	KUNIT_EXPECT_LE(test, f->bytes[0], bytes_at(MBIT, NSEC_PER_SEC) + 3000 + 2 * 1500);
}

static void shares(struct kunit *test)
{
	struct fixture *f = test->priv;

	add(f, 0, -1, 100 * MBIT, 100 * MBIT, 0);
	add(f, 1, 0, 10 * MBIT, 100 * MBIT, 0);
	add(f, 2, 0, 30 * MBIT, 100 * MBIT, 0);
	set_busy(f, 1, true);
	set_busy(f, 2, true);
	run(f, f->now + NSEC_PER_SEC, 1500);
	expect_near(test, f->bytes[2], 3 * f->bytes[1], 20);
	expect_near(test, f->bytes[1] + f->bytes[2], bytes_at(100 * MBIT, NSEC_PER_SEC), 10);
}

/* What is idle goes to who wants it, and comes back at once. */
static void borrows(struct kunit *test)
{
	struct fixture *f = test->priv;

	add(f, 0, -1, 100 * MBIT, 100 * MBIT, 0);
	add(f, 1, 0, 10 * MBIT, 60 * MBIT, 0);
	add(f, 2, 0, 90 * MBIT, 100 * MBIT, 0);
	set_busy(f, 1, true);
	run(f, f->now + NSEC_PER_SEC, 1500);
	expect_near(test, f->bytes[1], bytes_at(60 * MBIT, NSEC_PER_SEC), 20);
	forget_bytes(f);
	set_busy(f, 2, true);
	run(f, f->now + NSEC_PER_SEC, 1500);
	expect_near(test, f->bytes[1], bytes_at(10 * MBIT, NSEC_PER_SEC), 20);
	expect_near(test, f->bytes[2], bytes_at(90 * MBIT, NSEC_PER_SEC), 20);
}

/* Guarantees first, what is left by priority. */
static void priorities(struct kunit *test)
{
	struct fixture *f = test->priv;

	add(f, 0, -1, 100 * MBIT, 100 * MBIT, 0);
	add(f, 1, 0, 20 * MBIT, 100 * MBIT, 7);
	add(f, 2, 0, 10 * MBIT, 50 * MBIT, 0);
	add(f, 3, 0, 10 * MBIT, 100 * MBIT, 3);
	set_busy(f, 1, true);
	set_busy(f, 2, true);
	set_busy(f, 3, true);
	run(f, f->now + NSEC_PER_SEC, 1500);
	expect_near(test, f->bytes[1], bytes_at(20 * MBIT, NSEC_PER_SEC), 20);
	expect_near(test, f->bytes[2], bytes_at(50 * MBIT, NSEC_PER_SEC), 20);
	expect_near(test, f->bytes[3], bytes_at(30 * MBIT, NSEC_PER_SEC), 20);
}

/*
 * Of a guarantee that is small beside the ceiling much time goes by, more than 64 bits of
 * nanoseconds: equals are equal before and after, also who was idle meanwhile.
 */
static void shares_for_long(struct kunit *test)
{
	const struct vrt_limits limits = { .rate = 1000, .ceil = 1000 * GBIT, .burst = 1 << 28 };
	const u32 bytes = 1 << 27;
	struct fixture *f = test->priv;
	int i;

	add(f, 0, -1, 500 * GBIT, 500 * GBIT, 0);
	for (i = 1; i < 4; i++)
		vrt_node_init(&f->node[i], &f->node[0], &limits, f->now);
	set_busy(f, 1, true);
	set_busy(f, 2, true);
	for (i = 0; i < 24; i++) {
		forget_bytes(f);
		run(f, f->now + 4 * NSEC_PER_SEC, bytes);
		expect_near(test, f->bytes[1], f->bytes[2], 20);
	}
	set_busy(f, 3, true);
	forget_bytes(f);
	run(f, f->now + 4 * NSEC_PER_SEC, bytes);
	expect_near(test, f->bytes[3], f->bytes[1], 20);
	expect_near(test, f->bytes[3], f->bytes[2], 20);
}

/* Who was alone at one priority is no later than the others when it comes to theirs. */
static void changed_priority(struct kunit *test)
{
	const struct vrt_limits other = {
		.rate = 10 * MBIT, .ceil = 100 * MBIT, .burst = 3000, .prio = 1
	};
	struct fixture *f = test->priv;

	add(f, 0, -1, 100 * MBIT, 100 * MBIT, 0);
	add(f, 1, 0, 10 * MBIT, 100 * MBIT, 0);
	add(f, 2, 0, 10 * MBIT, 100 * MBIT, 1);
	set_busy(f, 1, true);
	run(f, f->now + NSEC_PER_SEC, 1500);
	vrt_node_set(&f->node[1], &other, f->now);
	set_busy(f, 2, true);
	forget_bytes(f);
	run(f, f->now + NSEC_PER_SEC, 1500);
	expect_near(test, f->bytes[1], f->bytes[2], 20);
}

/* A guarantee of a node in the middle is shared below it and nowhere else. */
static void levels(struct kunit *test)
{
	struct fixture *f = test->priv;

	add(f, 0, -1, 100 * MBIT, 100 * MBIT, 0);
	add(f, 1, 0, 50 * MBIT, 70 * MBIT, 0);
	add(f, 2, 0, 50 * MBIT, 100 * MBIT, 0);
	add(f, 3, 1, 10 * MBIT, 70 * MBIT, 0);
	add(f, 4, 1, 30 * MBIT, 70 * MBIT, 0);
	set_busy(f, 2, true);
	set_busy(f, 3, true);
	set_busy(f, 4, true);
	run(f, f->now + NSEC_PER_SEC, 1500);
	expect_near(test, f->bytes[2], bytes_at(50 * MBIT, NSEC_PER_SEC), 20);
	expect_near(test, f->bytes[3] * 3, f->bytes[4], 40);
	set_busy(f, 2, false);
	forget_bytes(f);
	run(f, f->now + NSEC_PER_SEC, 1500);
	expect_near(test, f->bytes[3] + f->bytes[4], bytes_at(70 * MBIT, NSEC_PER_SEC), 20);
}

/* Beside one that takes all it gets, a packet now and then waits for one of the others. */
static void latency(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 sent, worst = 0, when, begin;
	struct vrt_node *leaf;
	int i;

	add(f, 0, -1, 20 * MBIT, 20 * MBIT, 0);
	add(f, 1, 0, 15 * MBIT, 20 * MBIT, 0);
	add(f, 2, 0, 5 * MBIT, 20 * MBIT, 0);
	set_busy(f, 1, true);
	for (i = 0; i < 200; i++) {
		run(f, f->now + 3 * NSEC_PER_MSEC + i * 1000, 1500);
		begin = f->now;
		vrt_node_queue(&f->node[2], true, f->now);
		for (sent = 0; !sent;) {
			leaf = vrt_node_next(&f->root, f->now, &when);
			if (!leaf) {
				f->now = when;
				continue;
			}
			vrt_node_charge(leaf, leaf == &f->node[2] ? 100 : 1500, f->now);
			if (leaf == &f->node[2])
				sent = f->now;
		}
		vrt_node_queue(&f->node[2], false, f->now);
		worst = max(worst, sent - begin);
	}
	/* 1500 bytes take 0.6 ms. */
	KUNIT_EXPECT_LE(test, worst, 650 * NSEC_PER_USEC);
	KUNIT_EXPECT_GT(test, worst, 0);
}

static void live_change(struct kunit *test)
{
	const struct vrt_limits fast = { .rate = 50 * MBIT, .ceil = 50 * MBIT, .burst = 3000 };
	const struct vrt_limits slow = { .rate = MBIT, .ceil = MBIT, .burst = 3000 };
	struct fixture *f = test->priv;

	add(f, 0, -1, 1000, 1000, 0);
	set_busy(f, 0, true);
	run(f, f->now + NSEC_PER_SEC, 1500);
	/* It would have been shut for a dozen seconds. */
	vrt_node_set(&f->node[0], &fast, f->now);
	forget_bytes(f);
	run(f, f->now + NSEC_PER_SEC, 1500);
	expect_near(test, f->bytes[0], bytes_at(50 * MBIT, NSEC_PER_SEC), 30);
	vrt_node_set(&f->node[0], &slow, f->now);
	forget_bytes(f);
	run(f, f->now + 4 * NSEC_PER_SEC, 1500);
	expect_near(test, f->bytes[0], bytes_at(MBIT, 4 * NSEC_PER_SEC), 30);
}

static void policed(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 end = f->now + NSEC_PER_SEC;

	add(f, 0, -1, 10 * MBIT, 10 * MBIT, 0);
	for (; f->now < end; f->now += 100 * NSEC_PER_USEC) {
		if (!vrt_node_is_open(&f->node[0], f->now))
			continue;
		vrt_node_charge(&f->node[0], 1000, f->now);
		f->bytes[0] += 1000;
	}
	expect_near(test, f->bytes[0], bytes_at(10 * MBIT, NSEC_PER_SEC), 30);
}

static void removed(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 when;

	add(f, 0, -1, 10 * MBIT, 10 * MBIT, 0);
	add(f, 1, 0, 5 * MBIT, 10 * MBIT, 0);
	KUNIT_EXPECT_TRUE(test, vrt_node_is_alone(&f->node[1]));
	set_busy(f, 1, true);
	KUNIT_EXPECT_FALSE(test, vrt_node_is_alone(&f->node[1]));
	KUNIT_EXPECT_PTR_EQ(test, vrt_node_next(&f->root, f->now, &when), &f->node[1]);
	vrt_node_remove(&f->node[1], f->now);
	KUNIT_EXPECT_NULL(test, vrt_node_next(&f->root, f->now, &when));
	KUNIT_EXPECT_EQ(test, when, VRT_NODE_NEVER);
	KUNIT_EXPECT_EQ(test, f->root.n_active, 0);
}

static struct kunit_case class_cases[] = {
	KUNIT_CASE(rates),
	KUNIT_CASE(no_drift),
	KUNIT_CASE(late_timer),
	KUNIT_CASE(very_late_timer),
	KUNIT_CASE(week_idle),
	KUNIT_CASE(shares),
	KUNIT_CASE(borrows),
	KUNIT_CASE(priorities),
	KUNIT_CASE(shares_for_long),
	KUNIT_CASE(changed_priority),
	KUNIT_CASE(levels),
	KUNIT_CASE(latency),
	KUNIT_CASE(live_change),
	KUNIT_CASE(policed),
	KUNIT_CASE(removed),
	{}
};

static struct kunit_suite class_suite = {
	.name = "vrouter_class",
	.init = class_test_init,
	.test_cases = class_cases,
};

kunit_test_suite(class_suite);
