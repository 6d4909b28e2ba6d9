// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of what guards read: frames that are whole, cut off anywhere, in pieces, or
 * changed at random.
 */
#include <kunit/test.h>
#include <linux/random.h>
#include <net/net_namespace.h>

#include "binding.h"
#include "inspect.h"
#include "source.h"

#define MAX_FRAME	160
#define RANDOM_FRAMES	20000

#define OUR_MAC		0x02, 0, 0, 0, 0, 0x01
#define OTHER_MAC	0x02, 0, 0, 0, 0, 0x09
#define BROADCAST	0xff, 0xff, 0xff, 0xff, 0xff, 0xff
#define OUR_V4		192, 0, 2, 1
#define OTHER_V4	192, 0, 2, 9
#define OUR_V6		0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
#define OTHER_V6	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9
#define ALL_NODES	0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
#define ETH(type)	BROADCAST, OUR_MAC, (type) >> 8, (type) & 0xff
#define V6(length, next)	0x60, 0, 0, 0, 0, length, next, 255

struct fixture {
	struct vsw_switch *sw;
	struct vsw_port port;
};

/* A frame that passes, and how much of it has to be there for that. */
struct sample {
	const char *name;
	u8 length, needed;
	u8 bytes[MAX_FRAME];
	u8 header;			/* before that much is there it is something else */
};

static const struct sample samples[] = {
	{ "ARP", 42, 42, { ETH(ETH_P_ARP), 0, 1, 8, 0, 6, 4, 0, 1, OUR_MAC, OUR_V4,
		0, 0, 0, 0, 0, 0, OTHER_V4 } },
	{ "ARP behind two tags", 50, 50, { ETH(ETH_P_8021Q), 0, 10, 0x88, 0xa8, 0, 20, 8, 6,
		0, 1, 8, 0, 6, 4, 0, 2, OUR_MAC, OUR_V4, OTHER_MAC, OTHER_V4 } },
	{ "ARP behind LLC", 50, 50, { ETH(36), 0xaa, 0xaa, 3, 0, 0, 0, 8, 6,
		0, 1, 8, 0, 6, 4, 0, 1, OUR_MAC, OUR_V4, 0, 0, 0, 0, 0, 0, OTHER_V4 }, 22 },
	{ "IPv4", 42, 34, { ETH(ETH_P_IP), 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0,
		OUR_V4, OTHER_V4, 0x13, 0x88, 0x13, 0x88, 0, 8, 0, 0 } },
	{ "IPv4 with options", 46, 42, { ETH(ETH_P_IP), 0x47, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0,
		OUR_V4, OTHER_V4, 1, 1, 1, 1, 1, 1, 1, 0, 0x13, 0x88, 0x13, 0x88 } },
	{ "IPv6", 62, 54, { ETH(ETH_P_IPV6), V6(8, 17), OUR_V6, OTHER_V6,
		0x13, 0x88, 0x13, 0x88, 0, 8, 0, 0 } },
	{ "IPv6 with extension headers", 78, 70, { ETH(ETH_P_IPV6), V6(24, 0), OUR_V6, OTHER_V6,
		60, 0, 1, 4, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0,
		0x13, 0x88, 0x13, 0x88, 0, 8, 0, 0 } },
	{ "neighbour advertisement", 86, 86, { ETH(ETH_P_IPV6), V6(32, 58), OUR_V6, ALL_NODES,
		136, 0, 0, 0, 0x20, 0, 0, 0, OUR_V6, 2, 1, OUR_MAC } },
	{ "router solicitation", 70, 70, { ETH(ETH_P_IPV6), V6(16, 58), OUR_V6, ALL_NODES,
		133, 0, 0, 0, 0, 0, 0, 0, 1, 1, OUR_MAC } },
};

/* With data behind the Ethernet header, and if @paged nothing else in its head. */
static struct sk_buff *frame(const u8 *bytes, unsigned int len, bool paged)
{
	struct sk_buff *skb = alloc_skb(paged ? ETH_HLEN : len, GFP_KERNEL);
	struct page *page = paged ? alloc_page(GFP_KERNEL) : NULL;

	if (!skb || (paged && !page)) {
		kfree_skb(skb);
		if (page)
			__free_page(page);
		return NULL;
	}
	skb_put_data(skb, bytes, paged ? ETH_HLEN : len);
	if (paged) {
		memcpy(page_address(page), bytes + ETH_HLEN, len - ETH_HLEN);
		skb_add_rx_frag(skb, 0, page, 0, len - ETH_HLEN, PAGE_SIZE);
	}
	skb_reset_mac_header(skb);
	__skb_pull(skb, ETH_HLEN);
	skb->protocol = eth_hdr(skb)->h_proto;
	return skb;
}

static bool admits(struct fixture *f, const u8 *bytes, unsigned int len, bool paged, u32 flags)
{
	struct sk_buff *skb = frame(bytes, len, paged);
	enum vsw_drop reason;
	bool ok;

	if (!skb)
		return false;
	ok = vsw_source_admit(&f->port, skb, 0, flags, &reason);
	kfree_skb(skb);
	return ok;
}

static void bind_to(struct kunit *test, struct vsw_port *port, u8 ip_len, const u8 *ip)
{
	struct vsw_binding_config config = {
		.mac = { OUR_MAC }, .ip_len = ip_len, .prefix_len = ip_len * 8,
	};

	memcpy(config.ip, ip, ip_len);
	KUNIT_ASSERT_EQ(test, vsw_binding_add(port, &config, NULL), 0);
}

static int source_test_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	static const u8 v4[] = { OUR_V4 }, v6[] = { OUR_V6 };
	const struct vsw_switch_config config = {};

	KUNIT_ASSERT_NOT_NULL(test, f);
	xa_init_flags(&f->port.bindings, XA_FLAGS_ALLOC);
	f->port.number = 7;
	rtnl_lock();
	f->sw = vsw_switch_create(&init_net, "kunit%d", &config, NULL);
	f->port.sw = f->sw;
	if (!IS_ERR(f->sw)) {
		bind_to(test, &f->port, sizeof(v4), v4);
		bind_to(test, &f->port, sizeof(v6), v6);
		test->priv = f;
	}
	rtnl_unlock();
	return PTR_ERR_OR_ZERO(f->sw);
}

static void source_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f)
		return;
	rtnl_lock();
	vsw_bindings_port_gone(&f->port);
	vsw_switch_delete_now(f->sw);
	rtnl_unlock();
	/* What it had is freed by RCU, and its memory is the test's. */
	rcu_barrier();
}

static void cut_off(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i, len;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		const struct sample *s = &samples[i];

		for (len = max_t(u8, s->header, ETH_HLEN); len <= s->length; len++) {
			bool wanted = len >= s->needed;

			KUNIT_EXPECT_EQ_MSG(test, admits(f, s->bytes, len, false, VSW_GUARD_SOURCE),
					    wanted, "%s, %u bytes", s->name, len);
			KUNIT_EXPECT_EQ_MSG(test, admits(f, s->bytes, len, true, VSW_GUARD_SOURCE),
					    wanted, "%s, %u bytes in a page", s->name, len);
		}
	}
}

/* Padding is not part of what is said, and a length that lies is found out. */
static void lengths(struct kunit *test)
{
	struct fixture *f = test->priv;
	const struct sample *na = &samples[7];
	u8 bytes[MAX_FRAME];

	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes, na->bytes, na->length);
	KUNIT_EXPECT_TRUE(test, admits(f, bytes, MAX_FRAME, false, VSW_GUARD_SOURCE));
	bytes[ETH_HLEN + 5] = 33;
	KUNIT_EXPECT_FALSE(test, admits(f, bytes, MAX_FRAME, false, VSW_GUARD_SOURCE));
	bytes[ETH_HLEN + 5] = 200;
	KUNIT_EXPECT_FALSE(test, admits(f, bytes, MAX_FRAME, false, VSW_GUARD_SOURCE));
	bytes[ETH_HLEN + 5] = 20;
	KUNIT_EXPECT_FALSE(test, admits(f, bytes, MAX_FRAME, false, VSW_GUARD_SOURCE));
	memcpy(bytes, na->bytes, na->length);
	bytes[na->length - 7] = 0;	/* an option of no length */
	KUNIT_EXPECT_FALSE(test, admits(f, bytes, na->length, false, VSW_GUARD_SOURCE));
	memcpy(bytes, samples[3].bytes, samples[3].length);
	bytes[ETH_HLEN] = 0x44;		/* a header shorter than any */
	KUNIT_EXPECT_FALSE(test, admits(f, bytes, 42, false, VSW_GUARD_SOURCE));
	bytes[ETH_HLEN] = 0x4f;		/* and one that is longer than the packet */
	KUNIT_EXPECT_FALSE(test, admits(f, bytes, 42, false, VSW_GUARD_SOURCE));
	bytes[ETH_HLEN] = 0x65;
	KUNIT_EXPECT_FALSE(test, admits(f, bytes, 42, false, VSW_GUARD_SOURCE));
}

/* Does @skb, read as simply as can be, say what is not ours? Frames without tags only. */
static bool lies(const u8 *bytes, unsigned int len)
{
	static const u8 mac[] = { OUR_MAC }, v4[] = { OUR_V4 }, v6[] = { OUR_V6 };
	static const u8 none[16];

	switch (bytes[12] << 8 | bytes[13]) {
	case ETH_P_ARP:
		return memcmp(bytes + 22, mac, 6) ||
		       (memcmp(bytes + 28, v4, 4) && memcmp(bytes + 28, none, 4));
	case ETH_P_IP:
		return memcmp(bytes + 26, v4, 4) && memcmp(bytes + 26, none, 4);
	case ETH_P_IPV6:
		/* the link-local address that is made of the MAC begins with fe80 */
		return memcmp(bytes + 22, v6, 16) && memcmp(bytes + 22, none, 16) &&
		       bytes[22] != 0xfe;
	}
	return false;
}

static void at_random(struct kunit *test)
{
	const u32 all = VSW_GUARD_SOURCE | VSW_GUARD_DHCP | VSW_GUARD_RA;
	struct fixture *f = test->priv;
	unsigned int i, n, lied = 0, passed = 0;
	u8 bytes[MAX_FRAME];

	for (i = 0; i < RANDOM_FRAMES; i++) {
		const struct sample *s = &samples[i % ARRAY_SIZE(samples)];
		unsigned int len = s->length;

		get_random_bytes(bytes, sizeof(bytes));
		memcpy(bytes, s->bytes, len);
		for (n = get_random_u32() % 4; n; n--)
			bytes[2 * ETH_ALEN + get_random_u32() % (len - 2 * ETH_ALEN)] =
				get_random_u32();
		if (!(i % 5))
			len = ETH_HLEN + get_random_u32() % (MAX_FRAME - ETH_HLEN);
		if (!admits(f, bytes, len, i & 1, all))
			continue;
		passed++;
		lied += lies(bytes, len);
	}
	KUNIT_EXPECT_EQ(test, lied, 0);
	KUNIT_EXPECT_GT(test, passed, RANDOM_FRAMES / 10);
}

static void prefixes(struct kunit *test)
{
	struct vsw_binding_config config = {
		.mac = { OTHER_MAC }, .ip = { 10, 1, 2, 3 }, .ip_len = 4, .prefix_len = 16,
	};
	struct fixture *f = test->priv;
	u8 bytes[MAX_FRAME];

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vsw_binding_add(&f->port, &config, NULL), 0);
	config.ip[3] = 200;	/* beyond the prefix: the same */
	KUNIT_EXPECT_EQ(test, vsw_binding_add(&f->port, &config, NULL), -EEXIST);
	rtnl_unlock();
	memcpy(bytes, samples[3].bytes, samples[3].length);
	bytes[11] = 9;
	KUNIT_EXPECT_FALSE(test, admits(f, bytes, 42, false, VSW_GUARD_SOURCE));
	memcpy(bytes + 26, (u8 []){ 10, 1, 77, 1 }, 4);
	KUNIT_EXPECT_TRUE(test, admits(f, bytes, 42, false, VSW_GUARD_SOURCE));
	bytes[27] = 2;
	KUNIT_EXPECT_FALSE(test, admits(f, bytes, 42, false, VSW_GUARD_SOURCE));
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vsw_binding_del(&f->port, &config), 0);
	KUNIT_EXPECT_EQ(test, vsw_binding_del(&f->port, &config), -ENOENT);
	rtnl_unlock();
}

/* Of a packet in pieces the padding of the first one is no part. */
static void padding(struct kunit *test)
{
	/* to a DHCP client; what would be the kind of message is not in it */
	static const u8 first[] = { ETH(ETH_P_IP), 0x45, 0, 0, 28, 0, 7, 0x20, 0, 64, 17, 0, 0,
		OTHER_V4, OUR_V4, 0x13, 0x88, 0, 68, 0, 50, 0, 0 };
	struct fixture *f = test->priv;
	u8 bytes[60] = {};
	unsigned int op;

	for (op = 0; op < 4; op++) {
		memcpy(bytes, first, sizeof(first));
		bytes[sizeof(first)] = op;
		KUNIT_EXPECT_FALSE(test, admits(f, bytes, sizeof(bytes), op & 1, VSW_GUARD_DHCP));
	}
	/* The same with a question in it */
	bytes[ETH_HLEN + 3] = 36;
	bytes[sizeof(first)] = 1;
	KUNIT_EXPECT_TRUE(test, admits(f, bytes, sizeof(bytes), false, VSW_GUARD_DHCP));
	/* A packet that says that it is shorter than its header is none. */
	bytes[ETH_HLEN + 3] = 19;
	KUNIT_EXPECT_FALSE(test, admits(f, bytes, sizeof(bytes), false, VSW_GUARD_DHCP));
}

static struct kunit_case source_cases[] = {
	KUNIT_CASE(cut_off),
	KUNIT_CASE(lengths),
	KUNIT_CASE(at_random),
	KUNIT_CASE(padding),
	KUNIT_CASE(prefixes),
	{}
};

static struct kunit_suite source_suite = {
	.name = "vswitch_source",
	.init = source_test_init,
	.exit = source_test_exit,
	.test_cases = source_cases,
};

kunit_test_suite(source_suite);
