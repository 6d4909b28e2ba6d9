// SPDX-License-Identifier: GPL-2.0
/* Slots of maglev: how many each share has, and which move. */
#include <kunit/test.h>
#include <linux/hash.h>
#include <linux/module.h>

#include "../vrouter/maglev.h"

#define SLOTS VRT_MAGLEV_SLOTS
#define MOST 1024

struct fixture {
	u16 slot[SLOTS], old[SLOTS];
	u32 has[MOST];
	struct vrt_maglev_share share[MOST];
};

static int maglev_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct fixture), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void shares(struct fixture *f, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		f->share[i].id = (i + 1) * GOLDEN_RATIO_64;
		f->share[i].weight = 1;
	}
}

static void fill(struct kunit *test, struct fixture *f, u32 count)
{
	u32 i;

	memset(f->slot, 0xff, sizeof(f->slot));
	memset(f->has, 0, sizeof(f->has));
	KUNIT_ASSERT_EQ(test, vrt_maglev_fill(f->slot, f->share, count), 0);
	for (i = 0; i < SLOTS; i++) {
		KUNIT_ASSERT_LT(test, f->slot[i], count);
		f->has[f->slot[i]]++;
	}
}

static void without(struct fixture *f, u32 count, u32 gone)
{
	memcpy(f->old, f->slot, sizeof(f->old));
	memmove(&f->share[gone], &f->share[gone + 1],
		(count - gone - 1) * sizeof(f->share[0]));
}

/* Slots of others than @gone, and how many of them are another's. */
static u32 moved(const struct fixture *f, u32 gone, u32 *others)
{
	u32 i, was, n = 0;

	*others = 0;
	for (i = 0; i < SLOTS; i++) {
		if (f->old[i] == gone)
			continue;
		(*others)++;
		was = f->old[i] - (f->old[i] > gone);
		n += f->slot[i] != was;
	}
	return n;
}

/* Within 1 % of what is right, which is one slot. */
static void spread(struct kunit *test)
{
	static const u32 counts[] = { 1, 2, 3, 10, 100, 1000, MOST };
	struct fixture *f = test->priv;
	u32 i, j;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		shares(f, counts[i]);
		fill(test, f, counts[i]);
		for (j = 0; j < counts[i]; j++) {
			KUNIT_EXPECT_GE(test, f->has[j], SLOTS / counts[i]);
			KUNIT_EXPECT_LE(test, f->has[j], SLOTS / counts[i] + 1);
		}
	}
	/* 100 of them, as a share of the flows. */
	shares(f, 100);
	fill(test, f, 100);
	for (j = 0; j < 100; j++) {
		KUNIT_EXPECT_GE(test, f->has[j] * 10000, SLOTS * 99);
		KUNIT_EXPECT_LE(test, f->has[j] * 10000, SLOTS * 101);
	}
}

static void weights(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i, sum = 1 + 2 + 5 + 100;

	shares(f, 4);
	f->share[1].weight = 2;
	f->share[2].weight = 5;
	f->share[3].weight = 100;
	fill(test, f, 4);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_GE(test, f->has[i], SLOTS * f->share[i].weight / sum);
		KUNIT_EXPECT_LE(test, f->has[i], SLOTS * f->share[i].weight / sum + 1);
	}
}

/* The largest weights that there are, and beside them one that is too small for a slot. */
static void largest_weights(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i;

	shares(f, MOST);
	for (i = 1; i < MOST; i++)
		f->share[i].weight = 65535;
	fill(test, f, MOST);
	KUNIT_EXPECT_LE(test, f->has[0], 1);
	for (i = 1; i < MOST; i++) {
		KUNIT_EXPECT_GE(test, f->has[i], SLOTS / (MOST - 1));
		KUNIT_EXPECT_LE(test, f->has[i], SLOTS / (MOST - 1) + 1);
	}
}

/* Of 100 one goes: of the slots of the others at most 2 % move, whichever it was. */
static void one_of_100_goes(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 gone, n, others;

	for (gone = 0; gone < 100; gone += 9) {
		shares(f, 100);
		fill(test, f, 100);
		without(f, 100, gone);
		fill(test, f, 99);
		n = moved(f, gone, &others);
		KUNIT_EXPECT_GE(test, others, SLOTS - SLOTS / 100 - 1);
		KUNIT_EXPECT_LE(test, n * 50, others);
	}
}

/* It comes back, and behind the others: all have the slots that they had. */
static void order_does_not_matter(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vrt_maglev_share first;
	u32 i, n = 0;

	shares(f, 100);
	f->share[0].weight = 7;
	fill(test, f, 100);
	first = f->share[0];
	without(f, 100, 0);
	f->share[99] = first;
	fill(test, f, 100);
	for (i = 0; i < SLOTS; i++)
		n += f->slot[i] != (f->old[i] + 99) % 100;
	KUNIT_EXPECT_EQ(test, n, 0);
}

static struct kunit_case maglev_cases[] = {
	KUNIT_CASE(spread),
	KUNIT_CASE(weights),
	KUNIT_CASE(largest_weights),
	KUNIT_CASE(one_of_100_goes),
	KUNIT_CASE(order_does_not_matter),
	{}
};

static struct kunit_suite maglev_suite = {
	.name = "vrouter_maglev",
	.init = maglev_test_init,
	.test_cases = maglev_cases,
};

kunit_test_suite(maglev_suite);

MODULE_DESCRIPTION("Unit tests of vrouter");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
