// SPDX-License-Identifier: GPL-2.0
/* Health: the arithmetic of windows and rates, and what files of a cgroup say. */
#include <kunit/test.h>

#include "../vrouter/cgroup_watch.h"
#include "../vrouter/rate.h"
#include "../vrouter/window.h"

static void add(struct vrt_window *window, u64 part, u32 good, u32 bad)
{
	while (good--)
		vrt_window_add(window, part, false);
	while (bad--)
		vrt_window_add(window, part, true);
}

static void share_is_of_all(struct kunit *test)
{
	struct vrt_window window = {};

	add(&window, 1, 6, 3);
	KUNIT_EXPECT_FALSE(test, vrt_window_fails(&window, 1, 1, 34));
	KUNIT_EXPECT_TRUE(test, vrt_window_fails(&window, 1, 1, 33));
	add(&window, 2, 0, 1);
	KUNIT_EXPECT_TRUE(test, vrt_window_fails(&window, 2, 1, 40));
	KUNIT_EXPECT_FALSE(test, vrt_window_fails(&window, 2, 1, 41));
}

static void minimum_is_of_all(struct kunit *test)
{
	struct vrt_window window = {};

	add(&window, 5, 0, 9);
	KUNIT_EXPECT_FALSE(test, vrt_window_fails(&window, 5, 10, 100));
	add(&window, 5, 0, 1);
	KUNIT_EXPECT_TRUE(test, vrt_window_fails(&window, 5, 10, 100));
}

/* Who did nothing wrong does not fail, whatever is asked. */
static void none_is_no_share(struct kunit *test)
{
	struct vrt_window window = {};

	KUNIT_EXPECT_FALSE(test, vrt_window_fails(&window, 0, 0, 0));
	add(&window, 1, 100, 0);
	KUNIT_EXPECT_FALSE(test, vrt_window_fails(&window, 1, 1, 0));
}

static void time_is_forgotten(struct kunit *test)
{
	struct vrt_window window = {};

	add(&window, 10, 0, 1);
	add(&window, 17, 0, 1);
	KUNIT_EXPECT_TRUE(test, vrt_window_fails(&window, 17, 2, 1));
	/* The eighth part behind it no longer sees the first one. */
	KUNIT_EXPECT_FALSE(test, vrt_window_fails(&window, 18, 2, 1));
	KUNIT_EXPECT_TRUE(test, vrt_window_fails(&window, 24, 1, 1));
	KUNIT_EXPECT_FALSE(test, vrt_window_fails(&window, 25, 1, 1));
	add(&window, 1000000, 1, 0);
	KUNIT_EXPECT_FALSE(test, vrt_window_fails(&window, 1000000, 1, 1));
}

/* As when the window was made longer. */
static void going_back_begins_anew(struct kunit *test)
{
	struct vrt_window window = {};

	add(&window, 100, 0, 10);
	KUNIT_EXPECT_FALSE(test, vrt_window_fails(&window, 50, 1, 1));
	add(&window, 50, 0, 1);
	KUNIT_EXPECT_TRUE(test, vrt_window_fails(&window, 50, 1, 100));
	KUNIT_EXPECT_FALSE(test, vrt_window_fails(&window, 50, 2, 100));
}

static void parts_of_a_window(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, vrt_window_part(0, 10000), 0);
	KUNIT_EXPECT_EQ(test, vrt_window_part(1249, 10000), 0);
	KUNIT_EXPECT_EQ(test, vrt_window_part(1250, 10000), 1);
	KUNIT_EXPECT_EQ(test, vrt_window_part(99, 100), 7);
	/* A machine that is up for a thousand years. */
	KUNIT_EXPECT_EQ(test, vrt_window_part(31557600000000ULL, VROUTER_MIN_HEALTH_WINDOW),
			2524608000000ULL);
}

static void rates_since_the_look_before(struct kunit *test)
{
	struct vrt_counts counts = {};
	struct vrt_rates rates;
	struct vrt_rate rate;

	vrt_rate_begin(&rate, 1000);
	vrt_rate_look(&rate, 1000, &counts, &rates);
	KUNIT_EXPECT_EQ(test, rates.time, 0);
	counts.rx_packets = 100;
	counts.tx_bytes = 5000;
	vrt_rate_look(&rate, 3000, &counts, &rates);
	KUNIT_EXPECT_EQ(test, rates.time, 2000);
	KUNIT_EXPECT_EQ(test, rates.rx_packets, 50);
	KUNIT_EXPECT_EQ(test, rates.tx_bytes, 2500);
	/* Another one who looks at once sees the same. */
	vrt_rate_look(&rate, 3000, &counts, &rates);
	KUNIT_EXPECT_EQ(test, rates.rx_packets, 50);
	counts.rx_packets = 103;
	vrt_rate_look(&rate, 6000, &counts, &rates);
	KUNIT_EXPECT_EQ(test, rates.time, 3000);
	KUNIT_EXPECT_EQ(test, rates.rx_packets, 1);
	KUNIT_EXPECT_EQ(test, rates.tx_bytes, 0);
}

/* 100 Gbit/s for a year that nobody looked. */
static void rates_do_not_overflow(struct kunit *test)
{
	const u64 year = 31536000000ULL;
	struct vrt_counts counts = { .rx_bytes = 12500000000ULL * (year / 1000) };
	struct vrt_rates rates;
	struct vrt_rate rate;

	vrt_rate_begin(&rate, 0);
	vrt_rate_look(&rate, year, &counts, &rates);
	KUNIT_EXPECT_EQ(test, rates.rx_bytes, 12500000000ULL);
}

static void keys_of_a_cgroup(struct kunit *test)
{
	static const char text[] = "low 0\nhigh 3\noom 7\noom_kill 18446744073709551615\nbad x\n"
				   "long 123456789012345678901234567890\nlast 5";
	u64 value = 42;

	KUNIT_EXPECT_TRUE(test, vrt_cgroup_watch_key(text, "low", &value));
	KUNIT_EXPECT_EQ(test, value, 0);
	KUNIT_EXPECT_TRUE(test, vrt_cgroup_watch_key(text, "oom", &value));
	KUNIT_EXPECT_EQ(test, value, 7);
	KUNIT_EXPECT_TRUE(test, vrt_cgroup_watch_key(text, "oom_kill", &value));
	KUNIT_EXPECT_EQ(test, value, U64_MAX);
	KUNIT_EXPECT_TRUE(test, vrt_cgroup_watch_key(text, "last", &value));
	KUNIT_EXPECT_EQ(test, value, 5);
	KUNIT_EXPECT_FALSE(test, vrt_cgroup_watch_key(text, "kill", &value));
	KUNIT_EXPECT_FALSE(test, vrt_cgroup_watch_key(text, "bad", &value));
	KUNIT_EXPECT_FALSE(test, vrt_cgroup_watch_key(text, "long", &value));
	KUNIT_EXPECT_FALSE(test, vrt_cgroup_watch_key("", "low", &value));
}

static struct kunit_case health_cases[] = {
	KUNIT_CASE(share_is_of_all),
	KUNIT_CASE(minimum_is_of_all),
	KUNIT_CASE(none_is_no_share),
	KUNIT_CASE(time_is_forgotten),
	KUNIT_CASE(going_back_begins_anew),
	KUNIT_CASE(parts_of_a_window),
	KUNIT_CASE(rates_since_the_look_before),
	KUNIT_CASE(rates_do_not_overflow),
	KUNIT_CASE(keys_of_a_cgroup),
	{}
};

static struct kunit_suite health_suite = {
	.name = "vrouter_health",
	.test_cases = health_cases,
};

kunit_test_suite(health_suite);
