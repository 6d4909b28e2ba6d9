// SPDX-License-Identifier: GPL-2.0
/* Rules of address translation: prefixes, what a rule may say, what it matches. */
#include <kunit/test.h>
#include <linux/in.h>
#include <linux/inet.h>

#include "../vrouter/nat.h"

static union nf_inet_addr address(const char *text)
{
	union nf_inet_addr addr = {};

	if (!in4_pton(text, -1, (u8 *)&addr.ip, -1, NULL))
		in6_pton(text, -1, (u8 *)&addr.in6, -1, NULL);
	return addr;
}

static struct vrt_prefix prefix(const char *text, u8 len)
{
	return (struct vrt_prefix){
		.addr = address(text),
		.family = strchr(text, ':') ? NFPROTO_IPV6 : NFPROTO_IPV4,
		.len = len,
	};
}

static bool has(const char *of, u8 len, const char *text)
{
	const struct vrt_prefix p = prefix(of, len);
	const union nf_inet_addr addr = address(text);

	return vrt_prefix_has(&p, &addr);
}

static void prefix_has_test(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, has("10.0.0.0", 8, "10.255.0.1"));
	KUNIT_EXPECT_FALSE(test, has("10.0.0.0", 8, "11.0.0.1"));
	KUNIT_EXPECT_TRUE(test, has("10.0.0.4", 31, "10.0.0.5"));
	KUNIT_EXPECT_FALSE(test, has("10.0.0.4", 31, "10.0.0.6"));
	KUNIT_EXPECT_FALSE(test, has("10.0.0.4", 32, "10.0.0.5"));
	KUNIT_EXPECT_TRUE(test, has("0.0.0.0", 0, "192.0.2.1"));
	KUNIT_EXPECT_TRUE(test, has("2001:db8::", 32, "2001:db8:1:2::3"));
	KUNIT_EXPECT_FALSE(test, has("2001:db8::", 33, "2001:db8:8000::1"));
	KUNIT_EXPECT_TRUE(test, has("2001:db8::", 33, "2001:db8:7fff::1"));
	KUNIT_EXPECT_FALSE(test, has("2001:db8::1", 128, "2001:db8::2"));
	KUNIT_EXPECT_TRUE(test, has("::", 0, "2001:db8::2"));
}

static void prefix_exact_test(struct kunit *test)
{
	struct vrt_prefix p = prefix("10.0.0.0", 8);

	KUNIT_EXPECT_TRUE(test, vrt_prefix_is_exact(&p));
	p = prefix("10.0.0.1", 31);
	KUNIT_EXPECT_FALSE(test, vrt_prefix_is_exact(&p));
	p = prefix("2001:db8:8000::", 33);
	KUNIT_EXPECT_TRUE(test, vrt_prefix_is_exact(&p));
	p.len = 32;
	KUNIT_EXPECT_FALSE(test, vrt_prefix_is_exact(&p));
}

static void expect_mapped(struct kunit *test, struct vrt_prefix to, const char *from,
			  const char *wanted)
{
	const union nf_inet_addr addr = address(from), want = address(wanted);
	union nf_inet_addr mapped;

	vrt_prefix_map(&to, &addr, &mapped);
	KUNIT_EXPECT_EQ_MSG(test, memcmp(&mapped, &want, sizeof(want)), 0, "%s", from);
}

static void prefix_map_test(struct kunit *test)
{
	expect_mapped(test, prefix("198.51.100.16", 28), "10.0.1.5", "198.51.100.21");
	expect_mapped(test, prefix("198.51.100.16", 32), "10.0.1.5", "198.51.100.16");
	expect_mapped(test, prefix("0.0.0.0", 0), "10.0.1.5", "10.0.1.5");
	expect_mapped(test, prefix("2001:db8:64::", 48), "2001:db8:1:2::3", "2001:db8:64:2::3");
	expect_mapped(test, prefix("2001:db8:64::", 112), "fd00::ffff:7", "2001:db8:64::7");
}

/* A rule that is right; what a test makes of it is wrong by one thing. */
static struct vrt_nat_config dnat(void)
{
	return (struct vrt_nat_config){
		.kind = VROUTER_NAT_KIND_DNAT,
		.family = NFPROTO_IPV4,
		.protocol = IPPROTO_TCP,
		.port = 80,
		.has_to = true,
		.to_first = address("10.0.0.2"),
		.to_last = address("10.0.0.2"),
	};
}

static struct vrt_nat_config one_to_one(void)
{
	return (struct vrt_nat_config){
		.kind = VROUTER_NAT_KIND_ONE_TO_ONE,
		.family = NFPROTO_IPV4,
		.source = prefix("10.0.1.0", 28),
		.has_to = true,
		.to_first = address("198.51.100.16"),
		.to_last = address("198.51.100.16"),
	};
}

static void check_test(struct kunit *test)
{
	struct vrt_nat_config config = dnat();

	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), 0);
	KUNIT_EXPECT_EQ(test, config.port_last, 80);
	config.port_last = 79;
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), -EINVAL);
	config = dnat();
	config.protocol = IPPROTO_ICMP;
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), -EINVAL);
	config = dnat();
	config.port = 0;
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), -EINVAL);
	strscpy(config.device, "eth0", sizeof(config.device));
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), 0);
	config = dnat();
	config.to_last = address("10.0.0.1");
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), -EINVAL);
	config = dnat();
	config.has_to = false;
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), -EINVAL);
	config = dnat();
	config.source = prefix("2001:db8::", 32);
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), -EINVAL);
	config.source = prefix("10.0.0.1", 24);
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), -EINVAL);
	config = dnat();
	config.kind = VROUTER_NAT_KIND_MASQUERADE;
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), -EINVAL);
}

static void check_one_to_one_test(struct kunit *test)
{
	struct vrt_nat_config config = one_to_one();

	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), 0);
	config.to_first = address("198.51.100.17");
	config.to_last = config.to_first;
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), -EINVAL);
	config = one_to_one();
	config.to_last = address("198.51.100.31");
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), -EINVAL);
	config = one_to_one();
	config.flags = VROUTER_NAT_FLAGS_RANDOM;
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), -EINVAL);
	config = one_to_one();
	config.source.family = NFPROTO_UNSPEC;
	KUNIT_EXPECT_EQ(test, vrt_nat_check(&config, NULL), -EINVAL);
}

static bool matches(const struct vrt_nat *rule, const char *from, const char *to, u16 port,
		    bool source)
{
	const union nf_inet_addr addrs[] = { address(from), address(to) };
	const struct vrt_nat_query query = {
		.family = strchr(from, ':') ? NFPROTO_IPV6 : NFPROTO_IPV4,
		.protocol = IPPROTO_TCP,
		.port = port,
		.source = &addrs[0],
		.destination = &addrs[1],
	};

	return source ? vrt_nat_matches_source(rule, &query) :
			vrt_nat_matches_destination(rule, &query);
}

static void match_test(struct kunit *test)
{
	struct vrt_nat *rule = kunit_kzalloc(test, sizeof(*rule), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, rule);
	rule->config = dnat();
	KUNIT_ASSERT_EQ(test, vrt_nat_check(&rule->config, NULL), 0);
	KUNIT_EXPECT_TRUE(test, matches(rule, "192.0.2.1", "192.0.2.2", 80, false));
	KUNIT_EXPECT_FALSE(test, matches(rule, "192.0.2.1", "192.0.2.2", 80, true));
	KUNIT_EXPECT_FALSE(test, matches(rule, "192.0.2.1", "192.0.2.2", 81, false));
	KUNIT_EXPECT_FALSE(test, matches(rule, "2001:db8::1", "2001:db8::2", 80, false));
	rule->config.protocol = IPPROTO_UDP;
	KUNIT_EXPECT_FALSE(test, matches(rule, "192.0.2.1", "192.0.2.2", 80, false));

	rule->config = one_to_one();
	rule->to = prefix("198.51.100.16", 28);
	KUNIT_EXPECT_TRUE(test, matches(rule, "10.0.1.3", "192.0.2.2", 80, true));
	KUNIT_EXPECT_FALSE(test, matches(rule, "10.0.1.16", "192.0.2.2", 80, true));
	KUNIT_EXPECT_TRUE(test, matches(rule, "192.0.2.2", "198.51.100.19", 80, false));
	KUNIT_EXPECT_FALSE(test, matches(rule, "192.0.2.2", "198.51.100.32", 80, false));
	rule->config.destination = prefix("192.0.2.2", 32);
	KUNIT_EXPECT_FALSE(test, matches(rule, "192.0.2.3", "198.51.100.19", 80, false));
}

static struct kunit_case nat_cases[] = {
	KUNIT_CASE(prefix_has_test),
	KUNIT_CASE(prefix_exact_test),
	KUNIT_CASE(prefix_map_test),
	KUNIT_CASE(check_test),
	KUNIT_CASE(check_one_to_one_test),
	KUNIT_CASE(match_test),
	{}
};

static struct kunit_suite nat_suite = {
	.name = "vrouter_nat",
	.test_cases = nat_cases,
};

kunit_test_suite(nat_suite);
