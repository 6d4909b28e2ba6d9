// SPDX-License-Identifier: GPL-2.0
/*
 * Counters and the list of the reasons for a drop.
 */
#include <kunit/test.h>

#include "vswitch.h"

static void counters_add_up(struct kunit *test)
{
	struct vsw_pcpu_stats __percpu *pcpu = vsw_stats_alloc();
	struct vsw_stats sum = { .rx_packets = 5 };
	int i;

	KUNIT_ASSERT_TRUE(test, !!pcpu);
	local_bh_disable();
	for (i = 0; i < 10; i++) {
		vsw_stats_rx(pcpu, 100);
		vsw_stats_tx(pcpu, 60);
	}
	vsw_stats_inc(pcpu, drop[VSW_DROP_ISOLATED]);
	vsw_stats_inc(pcpu, drop[VSW_DROP_TRUNCATED]);
	vsw_stats_inc(pcpu, drop[VSW_DROP_TRUNCATED]);
	vsw_stats_inc(pcpu, moved);
	local_bh_enable();

	/* To what is there already: a switch adds up its ports. */
	vsw_stats_add(&sum, pcpu);
	KUNIT_EXPECT_EQ(test, sum.rx_packets, 15);
	KUNIT_EXPECT_EQ(test, sum.rx_bytes, 1000);
	KUNIT_EXPECT_EQ(test, sum.tx_packets, 10);
	KUNIT_EXPECT_EQ(test, sum.tx_bytes, 600);
	KUNIT_EXPECT_EQ(test, sum.moved, 1);
	KUNIT_EXPECT_EQ(test, sum.learned, 0);
	KUNIT_EXPECT_EQ(test, sum.drop[VSW_DROP_ISOLATED], 1);
	KUNIT_EXPECT_EQ(test, sum.drop[VSW_DROP_TRUNCATED], 2);
	KUNIT_EXPECT_EQ(test, vsw_stats_drops(&sum), 3);
	free_percpu(pcpu);
}

/* Names are an interface: one for each, in the letters that users may type. */
static void reasons_have_names(struct kunit *test)
{
	const char *c;
	int i, j;

	for (i = 0; i < VSW_DROP_COUNT; i++) {
		KUNIT_ASSERT_NOT_NULL(test, vsw_drop_names[i]);
		KUNIT_EXPECT_GT(test, strlen(vsw_drop_names[i]), 0);
		/* "drop_" and the name in an ethtool string */
		KUNIT_EXPECT_LT(test, strlen(vsw_drop_names[i]) + 5, 32);
		for (c = vsw_drop_names[i]; *c; c++)
			KUNIT_EXPECT_TRUE(test, (*c >= 'a' && *c <= 'z') || *c == '-');
		for (j = 0; j < i; j++)
			KUNIT_EXPECT_STRNEQ(test, vsw_drop_names[i],
					    vsw_drop_names[j]);
	}
}

static void frames_have_one_length(struct kunit *test)
{
	struct sk_buff *skb = alloc_skb(256, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put_zero(skb, 114);
	KUNIT_EXPECT_EQ(test, vsw_frame_len(skb), 114);
	skb_reset_mac_header(skb);
	KUNIT_EXPECT_EQ(test, vsw_frame_len(skb), 114);
	skb_pull(skb, ETH_HLEN);
	KUNIT_EXPECT_EQ(test, vsw_frame_len(skb), 114);
	kfree_skb(skb);
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(counters_add_up),
	KUNIT_CASE(reasons_have_names),
	KUNIT_CASE(frames_have_one_length),
	{}
};

static struct kunit_suite stats_suite = {
	.name = "vswitch_stats",
	.test_cases = stats_cases,
};

kunit_test_suite(stats_suite);
