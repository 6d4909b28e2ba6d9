// SPDX-License-Identifier: GPL-2.0
/* Meters: what they let pass in which time, which the test says. */
#include <kunit/test.h>
#include <linux/bottom_half.h>
#include <linux/etherdevice.h>
#include <linux/tcp.h>

#include "meter.h"
#include "vswitch.h"

#define ID 5
#define SECOND ((u64)NSEC_PER_SEC << VSW_RATE_TICK_SHIFT)

struct fixture {
	struct vsw_flows flows;
	struct sk_buff *skb;
	u64 now;
	u8 dscp;
	u64 state[2];
};

/* A packet of @len bytes with its MAC header, with data behind that. */
static struct sk_buff *packet(u32 len)
{
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_put_zero(skb, len);
	skb_reset_mac_header(skb);
	__skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	return skb;
}

static int meter_test_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	test->priv = f;
	mutex_init(&f->flows.lock);
	xa_init(&f->flows.groups);
	xa_init(&f->flows.meters);
	/* Up for a year. */
	f->now = 365 * 86400 * SECOND;
	f->skb = packet(1000);
	return f->skb ? 0 : -ENOMEM;
}

static void meter_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f)
		return;
	mutex_lock(&f->flows.lock);
	vsw_meter_del_all(&f->flows);
	mutex_unlock(&f->flows.lock);
	xa_destroy(&f->flows.meters);
	kfree_skb(f->skb);
	rcu_barrier();
}

static int add(struct fixture *f, const struct vsw_meter_config *config)
{
	int err;

	mutex_lock(&f->flows.lock);
	err = vsw_meter_add(&f->flows, config, NULL);
	mutex_unlock(&f->flows.lock);
	return err;
}

static int set(struct fixture *f, const struct vsw_meter_config *config)
{
	int err;

	mutex_lock(&f->flows.lock);
	err = vsw_meter_set(&f->flows, config, NULL);
	mutex_unlock(&f->flows.lock);
	return err;
}

static struct vsw_meter_info info_of(struct fixture *f, u32 id)
{
	struct vsw_meter_info info = {};
	const struct vsw_meter *meter;

	mutex_lock(&f->flows.lock);
	meter = vsw_meter_of(&f->flows, id);
	if (meter)
		vsw_meter_info(meter, &info);
	mutex_unlock(&f->flows.lock);
	return info;
}

static enum vsw_metered measure(struct fixture *f, int state)
{
	enum vsw_metered metered;

	rcu_read_lock_bh();
	metered = vsw_meter_measure_at(&f->flows, ID, &f->state[state], f->skb, &f->dscp, f->now);
	rcu_read_unlock_bh();
	return metered;
}

/* Of packets that come one every @gap ticks for @time, as many as pass. */
static u64 passed(struct fixture *f, u64 time, u64 gap)
{
	u64 end = f->now + time, n = 0;

	for (; f->now < end; f->now += gap)
		n += measure(f, 0) == VSW_METER_PASSES;
	return n;
}

/* Of packets that come all at once. */
static u32 burst(struct fixture *f, int state)
{
	u32 n = 0;

	while (measure(f, state) == VSW_METER_PASSES && n < 100000)
		n++;
	return n;
}

static void packets(struct kunit *test)
{
	const struct vsw_meter_config config = {
		.id = ID, .unit = VSWITCH_METER_UNIT_PPS, .rate = 1000,
		.burst_given = true, .burst = 10,
	};
	struct fixture *f = test->priv;
	u64 n;

	KUNIT_ASSERT_EQ(test, add(f, &config), 0);
	KUNIT_EXPECT_EQ(test, burst(f, 0), 10);
	f->now += SECOND / 1000 + 1;
	KUNIT_EXPECT_EQ(test, burst(f, 0), 1);
	f->now += SECOND / 1000 * 5 + 1;
	KUNIT_EXPECT_EQ(test, burst(f, 0), 5);
	/* A week does not make it more. */
	f->now += 7 * 86400 * SECOND;
	KUNIT_EXPECT_EQ(test, burst(f, 0), 10);

	/* Five times as much as may pass, and less than may. */
	n = passed(f, 20 * SECOND, SECOND / 5000);
	KUNIT_EXPECT_GE(test, n, 20000 - 1);
	KUNIT_EXPECT_LE(test, n, 20000 + 1);
	f->now += SECOND;
	KUNIT_EXPECT_EQ(test, passed(f, 20 * SECOND, SECOND / 800), 20 * 800);
}

static void bits(struct kunit *test)
{
	struct vsw_meter_config config = {
		.id = ID, .unit = VSWITCH_METER_UNIT_KBPS, .rate = 8000,
		.burst_given = true, .burst = 80,
	};
	struct fixture *f = test->priv;
	u64 n;

	/* 1000 packets of 1000 bytes a second, 10 of them at once. */
	KUNIT_ASSERT_EQ(test, add(f, &config), 0);
	KUNIT_EXPECT_EQ(test, burst(f, 0), 10);
	n = passed(f, 20 * SECOND, SECOND / 3000);
	KUNIT_EXPECT_GE(test, n, 20000 - 10);
	KUNIT_EXPECT_LE(test, n, 20000 + 10);

	/* Shorter than a packet: it passes, and is owed. */
	config.burst = 1;
	KUNIT_ASSERT_EQ(test, set(f, &config), 0);
	KUNIT_EXPECT_EQ(test, burst(f, 0), 1);
	n = passed(f, 20 * SECOND, SECOND / 3000);
	KUNIT_EXPECT_GE(test, n, 20000 - 20);
	KUNIT_EXPECT_LE(test, n, 20000 + 20);
}

/* The slowest and the fastest that can be said. */
static void extremes(struct kunit *test)
{
	struct vsw_meter_config config = {
		.id = ID, .unit = VSWITCH_METER_UNIT_PPS, .rate = 1,
		.burst_given = true, .burst = 1,
	};
	struct fixture *f = test->priv;
	u64 n, expected;

	KUNIT_ASSERT_EQ(test, add(f, &config), 0);
	n = passed(f, 1000 * SECOND, SECOND / 10);
	KUNIT_EXPECT_GE(test, n, 999);
	KUNIT_EXPECT_LE(test, n, 1001);

	/* 4295 Gbit/s of packets of 1000 bytes, one each 1.86 ns, for 100 us. */
	config.unit = VSWITCH_METER_UNIT_KBPS;
	config.rate = U32_MAX;
	config.burst = 800;
	KUNIT_ASSERT_EQ(test, set(f, &config), 0);
	expected = (u64)U32_MAX * 1000 / BITS_PER_BYTE / 1000 / 10000;
	n = passed(f, SECOND / 10000, 16);
	KUNIT_EXPECT_GE(test, n, expected * 95 / 100);
	KUNIT_EXPECT_LE(test, n, expected * 105 / 100);
}

static void bursts(struct kunit *test)
{
	struct vsw_meter_config config = {
		.id = ID, .unit = VSWITCH_METER_UNIT_PPS, .rate = 1000,
	};
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, add(f, &config), 0);
	KUNIT_EXPECT_EQ(test, info_of(f, ID).config.burst, 100);
	KUNIT_EXPECT_EQ(test, burst(f, 0), 100);
	config.rate = 3;
	KUNIT_ASSERT_EQ(test, set(f, &config), 0);
	KUNIT_EXPECT_EQ(test, info_of(f, ID).config.burst, 1);
	KUNIT_EXPECT_EQ(test, burst(f, 0), 1);
	config.unit = VSWITCH_METER_UNIT_KBPS;
	KUNIT_ASSERT_EQ(test, set(f, &config), 0);
	/* 1514 bytes */
	KUNIT_EXPECT_EQ(test, info_of(f, ID).config.burst, 13);

	config.burst_given = true;
	KUNIT_EXPECT_EQ(test, set(f, &config), -ERANGE);
	config.burst = 3 * 86400;
	KUNIT_EXPECT_EQ(test, set(f, &config), -ERANGE);
	config.burst--;
	KUNIT_EXPECT_EQ(test, set(f, &config), 0);
	config.rate = 0;
	KUNIT_EXPECT_EQ(test, set(f, &config), -ERANGE);
}

static void per_flow(struct kunit *test)
{
	struct vsw_meter_config config = {
		.id = ID, .unit = VSWITCH_METER_UNIT_PPS, .rate = 100, .per_flow = true,
		.per_flow_given = true,
	};
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, add(f, &config), 0);
	KUNIT_EXPECT_EQ(test, burst(f, 0), 10);
	KUNIT_EXPECT_EQ(test, burst(f, 1), 10);
	KUNIT_EXPECT_EQ(test, burst(f, 0), 0);

	config.per_flow = false;
	KUNIT_EXPECT_EQ(test, set(f, &config), -EINVAL);
	config.per_flow_given = false;
	KUNIT_ASSERT_EQ(test, set(f, &config), 0);
	KUNIT_EXPECT_TRUE(test, info_of(f, ID).config.per_flow);

	/* A shared one has one bucket, whatever the flow is. */
	mutex_lock(&f->flows.lock);
	KUNIT_EXPECT_EQ(test, vsw_meter_del(&f->flows, ID, NULL), 0);
	mutex_unlock(&f->flows.lock);
	KUNIT_EXPECT_EQ(test, measure(f, 0), VSW_METER_PASSES);
	KUNIT_ASSERT_EQ(test, add(f, &config), 0);
	KUNIT_EXPECT_EQ(test, burst(f, 0), 10);
	KUNIT_EXPECT_EQ(test, burst(f, 1), 0);
}

static void remark_and_counters(struct kunit *test)
{
	struct vsw_meter_config config = {
		.id = ID, .unit = VSWITCH_METER_UNIT_PPS, .rate = 10, .remark = true,
		.dscp = 46,
	};
	struct fixture *f = test->priv;
	struct vsw_meter_info info;

	KUNIT_ASSERT_EQ(test, add(f, &config), 0);
	KUNIT_EXPECT_EQ(test, measure(f, 0), VSW_METER_PASSES);
	KUNIT_EXPECT_EQ(test, measure(f, 0), VSW_METER_REMARKS);
	KUNIT_EXPECT_EQ(test, f->dscp, 46);
	config.remark = false;
	KUNIT_ASSERT_EQ(test, set(f, &config), 0);
	KUNIT_EXPECT_EQ(test, measure(f, 0), VSW_METER_PASSES);
	KUNIT_EXPECT_EQ(test, measure(f, 0), VSW_METER_DROPS);
	KUNIT_EXPECT_EQ(test, measure(f, 0), VSW_METER_DROPS);

	/* They go on when the meter is changed, and memory is freed once. */
	info = info_of(f, ID);
	KUNIT_EXPECT_EQ(test, info.packets, 5);
	KUNIT_EXPECT_EQ(test, info.bytes, 5000);
	KUNIT_EXPECT_EQ(test, info.over_packets, 3);
	KUNIT_EXPECT_EQ(test, info.over_bytes, 3000);
	KUNIT_EXPECT_EQ(test, info.flows, 0);
}

/* A GSO packet is what leaves by the wire: three segments, each with its headers. */
static void segments(struct kunit *test)
{
	const struct vsw_meter_config config = {
		.id = ID, .unit = VSWITCH_METER_UNIT_PPS, .rate = 1000,
		.burst_given = true, .burst = 7,
	};
	const u32 headers = ETH_HLEN + 20 + sizeof(struct tcphdr);
	struct fixture *f = test->priv;
	struct vsw_meter_info info;

	kfree_skb(f->skb);
	f->skb = packet(headers + 2500);
	KUNIT_ASSERT_NOT_NULL(test, f->skb);
	skb_set_transport_header(f->skb, 20);
	tcp_hdr(f->skb)->doff = sizeof(struct tcphdr) / 4;
	skb_shinfo(f->skb)->gso_size = 1000;
	skb_shinfo(f->skb)->gso_type = SKB_GSO_TCPV4;
	/* What is not told, or a lie. */
	skb_shinfo(f->skb)->gso_segs = 1;

	KUNIT_ASSERT_EQ(test, add(f, &config), 0);
	KUNIT_EXPECT_EQ(test, measure(f, 0), VSW_METER_PASSES);
	info = info_of(f, ID);
	KUNIT_EXPECT_EQ(test, info.packets, 3);
	KUNIT_EXPECT_EQ(test, info.bytes, 2500 + 3 * headers);
	/* Of 7 it takes 9, and owes two. */
	KUNIT_EXPECT_EQ(test, burst(f, 0), 2);
	f->now += SECOND / 1000 * 2 + 1;
	KUNIT_EXPECT_EQ(test, burst(f, 0), 0);
	f->now += SECOND / 1000 + 1;
	KUNIT_EXPECT_EQ(test, burst(f, 0), 1);

	/* Headers that are not there: all of it is payload. Six were measured meanwhile. */
	skb_set_transport_header(f->skb, headers + 2500);
	measure(f, 0);
	KUNIT_EXPECT_EQ(test, info_of(f, ID).bytes - info.bytes,
			6 * (2500 + 3 * headers) + 2500 + headers);
}

static void who_is_there(struct kunit *test)
{
	struct vsw_meter_config config = {
		.id = ID, .unit = VSWITCH_METER_UNIT_PPS, .rate = 10,
	};
	struct vsw_actions *actions = vsw_actions_alloc(2);
	struct fixture *f = test->priv;
	struct vsw_action *action;

	KUNIT_ASSERT_NOT_NULL(test, actions);
	action = (struct vsw_action *)actions->program;
	action->type = VSWITCH_A_ACTION_METER;
	action->words = 2;
	action->value = ID;
	actions->words = 2;

	KUNIT_EXPECT_EQ(test, set(f, &config), -ENOENT);
	mutex_lock(&f->flows.lock);
	KUNIT_EXPECT_EQ(test, vsw_meter_del(&f->flows, ID, NULL), -ENOENT);
	KUNIT_EXPECT_EQ(test, vsw_meter_use(&f->flows, actions, NULL), -ENOENT);
	mutex_unlock(&f->flows.lock);
	KUNIT_EXPECT_EQ(test, add(f, &config), 0);
	KUNIT_EXPECT_EQ(test, add(f, &config), -EEXIST);
	config.id = 77;
	KUNIT_EXPECT_EQ(test, add(f, &config), 0);
	KUNIT_EXPECT_EQ(test, f->flows.meter_count, 2);

	mutex_lock(&f->flows.lock);
	KUNIT_EXPECT_EQ(test, vsw_meter_use(&f->flows, actions, NULL), 0);
	KUNIT_EXPECT_PTR_EQ(test, vsw_meter_next(&f->flows, 0), vsw_meter_of(&f->flows, ID));
	KUNIT_EXPECT_PTR_EQ(test, vsw_meter_next(&f->flows, ID + 1),
			    vsw_meter_of(&f->flows, 77));
	KUNIT_EXPECT_NULL(test, vsw_meter_next(&f->flows, 78));
	mutex_unlock(&f->flows.lock);
	KUNIT_EXPECT_EQ(test, info_of(f, ID).flows, 1);
	mutex_lock(&f->flows.lock);
	vsw_meter_unuse(&f->flows, actions);
	mutex_unlock(&f->flows.lock);
	KUNIT_EXPECT_EQ(test, info_of(f, ID).flows, 0);
	vsw_actions_free(actions);
}

static struct kunit_case meter_cases[] = {
	KUNIT_CASE(packets),
	KUNIT_CASE(bits),
	KUNIT_CASE(extremes),
	KUNIT_CASE(bursts),
	KUNIT_CASE(per_flow),
	KUNIT_CASE(remark_and_counters),
	KUNIT_CASE(segments),
	KUNIT_CASE(who_is_there),
	{}
};

static struct kunit_suite meter_suite = {
	.name = "vswitch_meter",
	.init = meter_test_init,
	.exit = meter_test_exit,
	.test_cases = meter_cases,
};

kunit_test_suite(meter_suite);
