// SPDX-License-Identifier: GPL-2.0
/* Affinity: which clients have which backend, until when. */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/jiffies.h>

#include "../vrouter/affinity.h"
#include "vrouter_fixture.h"

struct fixture {
	struct vrt_affinity affinity;
	struct vrt_backend backend[2];
	atomic_t all;
};

static int affinity_test_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	test->priv = f;
	fixture_backend(&f->backend[0], 0);
	fixture_backend(&f->backend[1], 1);
	vrt_affinity_init(&f->affinity, &f->all);
	return vrt_affinity_set(&f->affinity, 3600 * 1000);
}

/* All references are back. */
static void affinity_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f)
		return;
	vrt_affinity_set(&f->affinity, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->all), 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&f->backend[0].target.refs), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&f->backend[1].target.refs), 1);
}

static void remember(struct fixture *f, u32 client, u32 backend)
{
	union nf_inet_addr addr = { .ip = htonl(client) };

	vrt_affinity_remember(&f->affinity, &addr, &f->backend[backend]);
}

/* Which backend the client has; -1: none. */
static int of(struct fixture *f, u32 client)
{
	union nf_inet_addr addr = { .ip = htonl(client) };
	struct vrt_backend *backend;

	backend = vrt_affinity_take(&f->affinity, &addr);
	if (!backend)
		return -1;
	fixture_release(backend);
	return backend - f->backend;
}

static void each_has_its_own(struct kunit *test)
{
	struct fixture *f = test->priv;

	remember(f, 1, 0);
	remember(f, 2, 1);
	KUNIT_EXPECT_EQ(test, of(f, 1), 0);
	KUNIT_EXPECT_EQ(test, of(f, 2), 1);
	KUNIT_EXPECT_EQ(test, of(f, 3), -1);
	remember(f, 1, 1);
	KUNIT_EXPECT_EQ(test, of(f, 1), 1);
	KUNIT_EXPECT_EQ(test, f->affinity.count, 2);
}

static void closed_is_forgotten(struct kunit *test)
{
	struct fixture *f = test->priv;

	remember(f, 1, 0);
	f->backend[0].open = false;
	KUNIT_EXPECT_EQ(test, of(f, 1), -1);
	KUNIT_EXPECT_EQ(test, f->affinity.count, 0);
	remember(f, 1, 0);
	/* Nobody asked while it was closed. */
	f->backend[0].open = true;
	f->backend[0].since = get_jiffies_64() + 1;
	KUNIT_EXPECT_EQ(test, of(f, 1), -1);
}

/* Full is not closed: the client comes back. */
static void full_is_not_forgotten(struct kunit *test)
{
	struct fixture *f = test->priv;

	remember(f, 1, 0);
	f->backend[0].max_connections = 1;
	atomic_set(&f->backend[0].target.active, 1);
	KUNIT_EXPECT_EQ(test, of(f, 1), -1);
	atomic_set(&f->backend[0].target.active, 0);
	KUNIT_EXPECT_EQ(test, of(f, 1), 0);
}

/* From the last connection on. */
static void time_is_over(struct kunit *test)
{
	struct fixture *f = test->priv;

	vrt_affinity_set(&f->affinity, 300);
	remember(f, 1, 0);
	msleep(200);
	KUNIT_EXPECT_EQ(test, of(f, 1), 0);
	msleep(200);
	KUNIT_EXPECT_EQ(test, of(f, 1), 0);
	msleep(400);
	KUNIT_EXPECT_EQ(test, of(f, 1), -1);
	/* Who comes takes those with it whose time is over. */
	remember(f, 2, 0);
	msleep(400);
	remember(f, 3, 0);
	KUNIT_EXPECT_EQ(test, f->affinity.count, 1);
}

static void oldest_goes_if_there_are_too_many(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 i;

	for (i = 0; i < VRT_AFFINITY_MAX; i++)
		remember(f, i, 0);
	KUNIT_EXPECT_EQ(test, of(f, 0), 0);
	remember(f, VRT_AFFINITY_MAX, 1);
	KUNIT_EXPECT_EQ(test, f->affinity.count, VRT_AFFINITY_MAX);
	KUNIT_EXPECT_EQ(test, of(f, 0), 0);
	KUNIT_EXPECT_EQ(test, of(f, 1), -1);
	KUNIT_EXPECT_EQ(test, of(f, VRT_AFFINITY_MAX), 1);
}

/* Other services have all that there may be: who comes takes the place of one of ours. */
static void all_services_have_a_bound(struct kunit *test)
{
	struct fixture *f = test->priv;

	atomic_set(&f->all, VRT_AFFINITY_ALL_MAX - 1);
	remember(f, 1, 0);
	remember(f, 2, 0);
	KUNIT_EXPECT_EQ(test, of(f, 1), -1);
	KUNIT_EXPECT_EQ(test, of(f, 2), 0);
	KUNIT_EXPECT_EQ(test, f->affinity.count, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->all), VRT_AFFINITY_ALL_MAX);
	atomic_set(&f->all, 1);
}

static void fallback_has_no_clients(struct kunit *test)
{
	struct fixture *f = test->priv;

	remember(f, 1, 0);
	f->backend[0].config.fallback = true;
	KUNIT_EXPECT_EQ(test, of(f, 1), -1);
}

static void off_is_off(struct kunit *test)
{
	struct fixture *f = test->priv;

	remember(f, 1, 0);
	vrt_affinity_set(&f->affinity, 0);
	KUNIT_EXPECT_FALSE(test, vrt_affinity_is_on(&f->affinity));
	remember(f, 1, 0);
	KUNIT_EXPECT_EQ(test, of(f, 1), -1);
	KUNIT_EXPECT_EQ(test, vrt_affinity_set(&f->affinity, 1000), 0);
	KUNIT_EXPECT_EQ(test, of(f, 1), -1);
}

static struct kunit_case affinity_cases[] = {
	KUNIT_CASE(each_has_its_own),
	KUNIT_CASE(closed_is_forgotten),
	KUNIT_CASE(full_is_not_forgotten),
	KUNIT_CASE(time_is_over),
	KUNIT_CASE(oldest_goes_if_there_are_too_many),
	KUNIT_CASE(all_services_have_a_bound),
	KUNIT_CASE(fallback_has_no_clients),
	KUNIT_CASE(off_is_off),
	{}
};

static struct kunit_suite affinity_suite = {
	.name = "vrouter_affinity",
	.init = affinity_test_init,
	.exit = affinity_test_exit,
	.test_cases = affinity_cases,
};

kunit_test_suite(affinity_suite);
