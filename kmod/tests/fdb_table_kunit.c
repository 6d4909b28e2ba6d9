// SPDX-License-Identifier: GPL-2.0
/*
 * The hash table below the MAC table, without a switch.
 */
#include <kunit/test.h>

#include "fdb_table.h"

#define MANY	30000

struct fixture {
	struct vsw_fdb_table table;
	spinlock_t lock;	/* the writers' */
};

static int table_test_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	spin_lock_init(&f->lock);
	KUNIT_ASSERT_EQ(test, vsw_fdb_table_init(&f->table, &f->lock), 0);
	test->priv = f;
	return 0;
}

static void table_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f)
		vsw_fdb_table_destroy(&f->table);
}

static int insert(struct fixture *f, u64 key)
{
	const struct vsw_fdb_entry entry = { .key = key, .port = key % 60000, .seen = key };
	int err;

	spin_lock_bh(&f->lock);
	err = vsw_fdb_table_insert(&f->table, &entry, NULL);
	spin_unlock_bh(&f->lock);
	return err;
}

static void take_out(struct fixture *f, u64 key)
{
	spin_lock_bh(&f->lock);
	vsw_fdb_table_remove(&f->table, key);
	spin_unlock_bh(&f->lock);
}

static bool find(struct fixture *f, u64 key)
{
	struct vsw_fdb_entry entry;
	bool found;

	rcu_read_lock();
	found = vsw_fdb_table_find(&f->table, key, &entry);
	rcu_read_unlock();
	return found && entry.key == key && entry.port == key % 60000 &&
	       entry.seen == (u16)key;
}

static u32 count(struct fixture *f)
{
	struct vsw_fdb_entry entry;
	u64 after = 0;
	u32 n = 0;

	rcu_read_lock();
	while (vsw_fdb_table_next(&f->table, &after, &entry))
		n++;
	rcu_read_unlock();
	return n;
}

static void nothing_is_nobodys(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_FALSE(test, find(f, 0));
	KUNIT_EXPECT_FALSE(test, find(f, 1));
	KUNIT_EXPECT_EQ(test, count(f), 0);
}

static void grows_and_shrinks(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 n, found = 0;

	for (n = 1; n <= MANY; n++)
		KUNIT_ASSERT_EQ(test, insert(f, n), 0);
	/* Before, while and after it has grown. */
	for (n = 1; n <= MANY; n++)
		found += find(f, n);
	KUNIT_EXPECT_EQ(test, found, MANY);
	KUNIT_EXPECT_EQ(test, count(f), MANY);
	while (flush_work(&f->table.resize))
		;
	for (found = 0, n = 1; n <= MANY; n++)
		found += find(f, n);
	KUNIT_EXPECT_EQ(test, found, MANY);
	KUNIT_EXPECT_EQ(test, count(f), MANY);

	for (n = 2; n <= MANY; n++)
		take_out(f, n);
	while (flush_work(&f->table.resize))
		;
	KUNIT_EXPECT_TRUE(test, find(f, 1));
	KUNIT_EXPECT_FALSE(test, find(f, 2));
	KUNIT_EXPECT_EQ(test, count(f), 1);
	KUNIT_EXPECT_EQ(test, f->table.count, 1);
}

static void flags_are_no_part_of_the_key(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vsw_fdb_entry entry;

	KUNIT_ASSERT_EQ(test, insert(f, 5 | BIT_ULL(62)), 0);
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, vsw_fdb_table_find(&f->table, 5, &entry));
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, entry.key, 5 | BIT_ULL(62));
	take_out(f, 5);
	KUNIT_EXPECT_EQ(test, count(f), 0);
}

/* MACs that differ in a few bits only, as those of an attacker may, make no chains. */
static void chosen_macs_make_no_chains(struct kunit *test)
{
	static const unsigned int strides[] = { 0, 8, 16, 24, 32 };
	struct fixture *f = test->priv;
	unsigned int i;
	u32 n;

	for (i = 0; i < ARRAY_SIZE(strides); i++) {
		for (n = 1; n <= MANY; n++)
			KUNIT_ASSERT_EQ(test, insert(f, (u64)n << strides[i]), 0);
		while (flush_work(&f->table.resize))
			;
		KUNIT_EXPECT_LE(test, vsw_fdb_table_longest(&f->table), 5);
		for (n = 1; n <= MANY; n++)
			take_out(f, (u64)n << strides[i]);
	}
}

static struct kunit_case table_cases[] = {
	KUNIT_CASE(nothing_is_nobodys),
	KUNIT_CASE(grows_and_shrinks),
	KUNIT_CASE(flags_are_no_part_of_the_key),
	KUNIT_CASE(chosen_macs_make_no_chains),
	{}
};

static struct kunit_suite table_suite = {
	.name = "vswitch_fdb_table",
	.init = table_test_init,
	.exit = table_test_exit,
	.test_cases = table_cases,
};

kunit_test_suite(table_suite);
