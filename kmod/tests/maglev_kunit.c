// SPDX-License-Identifier: GPL-2.0
/* Slots shared out by weight: how many each share has, and which ones move. */
#include <kunit/test.h>

#include "maglev.h"

#define SLOTS VSW_MAGLEV_SLOTS
#define MOST VSW_MAGLEV_SHARES_MAX

struct fixture {
	u8 slot[SLOTS], old[SLOTS];
	u32 has[MOST];
	struct vsw_maglev_share share[MOST + 1];
};

static int maglev_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct fixture), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/* @count shares of the ids from 0 on, of weight 1, that were not there before. */
static struct vsw_maglev_share *shares(struct fixture *f, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		f->share[i] = (struct vsw_maglev_share){ .id = i, .weight = 1, .was = -1 };
	return f->share;
}

/* Fill the table afresh, and count. */
static void fill(struct kunit *test, struct fixture *f, u32 count)
{
	u32 i;

	KUNIT_ASSERT_EQ(test, vsw_maglev_fill(f->slot, NULL, f->share, count), 0);
	memset(f->has, 0, sizeof(f->has));
	for (i = 0; i < SLOTS; i++) {
		KUNIT_ASSERT_LT(test, f->slot[i], count);
		f->has[f->slot[i]]++;
	}
}

/* After the table was filled: fill it again, from what it was. */
static void refill(struct kunit *test, struct fixture *f, u32 count)
{
	u32 i;

	memcpy(f->old, f->slot, SLOTS);
	memset(f->slot, 0xff, SLOTS);
	KUNIT_ASSERT_EQ(test, vsw_maglev_fill(f->slot, f->old, f->share, count), 0);
	memset(f->has, 0, sizeof(f->has));
	for (i = 0; i < SLOTS; i++) {
		KUNIT_ASSERT_LT(test, f->slot[i], count);
		f->has[f->slot[i]]++;
	}
}

/* How many slots are another id's, where index n was of id @ids[n]. */
static u32 moved(const struct fixture *f, const u32 *ids)
{
	u32 i, n = 0;

	for (i = 0; i < SLOTS; i++)
		n += ids[f->old[i]] != f->share[f->slot[i]].id;
	return n;
}

static void equal_shares(struct kunit *test)
{
	static const u32 counts[] = { 1, 2, 3, 7, 10, 100, 255, 256 };
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
}

static void weights(struct kunit *test)
{
	struct vsw_maglev_share *share;
	struct fixture *f = test->priv;
	u32 i, sum = 1 + 2 + 5 + 100;

	share = shares(f, 5);
	share[0].weight = 1;
	share[1].weight = 2;
	share[2].weight = 0;
	share[3].weight = 5;
	share[4].weight = 100;
	fill(test, f, 5);
	for (i = 0; i < 5; i++) {
		KUNIT_EXPECT_GE(test, f->has[i], SLOTS * share[i].weight / sum);
		KUNIT_EXPECT_LE(test, f->has[i], SLOTS * share[i].weight / sum + 1);
	}
	KUNIT_EXPECT_EQ(test, f->has[2], 0);
}

/* However little that is, who has a weight has a slot; and it is the large one that gives. */
static void least_shares(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i;

	shares(f, MOST)[0].weight = U16_MAX;
	fill(test, f, MOST);
	KUNIT_EXPECT_EQ(test, f->has[0], SLOTS - (MOST - 1));
	for (i = 1; i < MOST; i++)
		KUNIT_EXPECT_EQ(test, f->has[i], 1);

	for (i = 0; i < MOST; i++)
		f->share[i].weight = U16_MAX;
	fill(test, f, MOST);
	for (i = 0; i < MOST; i++)
		KUNIT_EXPECT_LE(test, f->has[i], SLOTS / MOST + 1);
}

static void no_shares(struct kunit *test)
{
	struct fixture *f = test->priv;

	shares(f, MOST + 1)[0].weight = 0;
	KUNIT_EXPECT_EQ(test, vsw_maglev_fill(f->slot, NULL, f->share, 1), -ENOENT);
	KUNIT_EXPECT_EQ(test, vsw_maglev_fill(f->slot, NULL, f->share, 0), -ENOENT);
	KUNIT_EXPECT_EQ(test, vsw_maglev_fill(f->slot, NULL, f->share, MOST + 1), -EINVAL);
}

static void nothing_changed(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 ids[10], i;

	shares(f, 10);
	fill(test, f, 10);
	for (i = 0; i < 10; i++) {
		ids[i] = i;
		f->share[i].was = i;
	}
	refill(test, f, 10);
	KUNIT_EXPECT_EQ(test, moved(f, ids), 0);
}

/* Only what was the one's that is gone moves, and to all others. */
static void one_goes(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 ids[10], i, gone, gains;

	shares(f, 10);
	fill(test, f, 10);
	gone = f->has[3];
	for (i = 0; i < 10; i++)
		ids[i] = i;
	for (i = 0; i < 9; i++) {
		f->share[i].id = i < 3 ? i : i + 1;
		f->share[i].was = f->share[i].id;
	}
	refill(test, f, 9);
	KUNIT_EXPECT_EQ(test, moved(f, ids), gone);
	for (i = 0; i < 9; i++) {
		gains = f->has[i] - SLOTS / 10;
		KUNIT_EXPECT_GE(test, gains, gone / 9 - 1);
		KUNIT_EXPECT_LE(test, gains, gone / 9 + 2);
	}
}

/* Only what a new one gets moves, and comes from all others. */
static void one_comes(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 ids[10], i;

	shares(f, 10);
	fill(test, f, 10);
	for (i = 0; i < 10; i++) {
		ids[i] = i;
		f->share[i].was = i;
	}
	f->share[10] = (struct vsw_maglev_share){ .id = 77, .weight = 1, .was = -1 };
	refill(test, f, 11);
	KUNIT_EXPECT_EQ(test, moved(f, ids), f->has[10]);
	KUNIT_EXPECT_GE(test, f->has[10], SLOTS / 11);
	KUNIT_EXPECT_LE(test, f->has[10], SLOTS / 11 + 1);
}

/* Half the weight: half of what one had moves, and nothing else. */
static void weight_changes(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 ids[4], i, had;

	shares(f, 4);
	for (i = 0; i < 4; i++) {
		ids[i] = i;
		f->share[i].weight = 100;
	}
	fill(test, f, 4);
	had = f->has[1];
	for (i = 0; i < 4; i++)
		f->share[i].was = i;
	f->share[1].weight = 50;
	refill(test, f, 4);
	KUNIT_EXPECT_EQ(test, moved(f, ids), had - f->has[1]);
	KUNIT_EXPECT_GE(test, f->has[1], SLOTS / 7);
	KUNIT_EXPECT_LE(test, f->has[1], SLOTS / 7 + 1);
}

static struct kunit_case maglev_cases[] = {
	KUNIT_CASE(equal_shares),
	KUNIT_CASE(weights),
	KUNIT_CASE(least_shares),
	KUNIT_CASE(no_shares),
	KUNIT_CASE(nothing_changed),
	KUNIT_CASE(one_goes),
	KUNIT_CASE(one_comes),
	KUNIT_CASE(weight_changes),
	{}
};

static struct kunit_suite maglev_suite = {
	.name = "vswitch_maglev",
	.init = maglev_test_init,
	.test_cases = maglev_cases,
};

kunit_test_suite(maglev_suite);
