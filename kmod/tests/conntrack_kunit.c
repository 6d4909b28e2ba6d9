// SPDX-License-Identifier: GPL-2.0
/* Unit tests of what the action ct may say, and of which packets. */
#include <kunit/test.h>
#include <linux/in.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>

#include "conntrack.h"

#define COMMIT	VSW_CT_COMMIT
#define SNAT	(VSW_CT_COMMIT | VSW_CT_NAT | VSW_CT_SNAT)
#define DNAT	(VSW_CT_COMMIT | VSW_CT_NAT | VSW_CT_DNAT)

struct said {
	const char *name;
	bool refused;
	u16 eth_type;			/* 0: the match says none */
	u8 ip_proto;			/* likewise */
	u8 flags, table;
	u32 mark, mark_mask;
	const char *helper;
	u8 nat_family;
	u32 from, to;			/* last four bytes of addresses */
	u16 first, last;		/* ports, 0: none */
};

static const struct said all_said[] = {
	{ "nothing", false, 0x800, 0, 0 },
	{ "of IPv6", false, 0x86dd, 0, 0 },
	{ "without a match", true, 0, 0, 0 },
	{ "of ARP", true, 0x806, 0, 0 },
	{ "the last table", false, 0x800, 0, VSW_CT_TABLE, VSWITCH_FLOW_TABLE_MAX },
	{ "no table", true, 0x800, 0, VSW_CT_TABLE, VSWITCH_FLOW_TABLE_MAX + 1 },
	{ "commit", false, 0x800, 0, COMMIT },
	{ "force", false, 0x800, 0, COMMIT | VSW_CT_FORCE },
	{ "force without commit", true, 0x800, 0, VSW_CT_FORCE },
	{ "a mark", false, 0x800, 0, COMMIT, 0, 5, 7 },
	{ "a mark of 0", false, 0x800, 0, COMMIT, 0, 0, U32_MAX },
	{ "a mark without commit", true, 0x800, 0, 0, 0, 5, 7 },
	{ "a mark outside its mask", true, 0x800, 0, COMMIT, 0, 8, 7 },
	{ "a helper of TCP", false, 0x800, 6, COMMIT, .helper = "ftp" },
	{ "a helper of UDP", false, 0x86dd, 17, COMMIT, .helper = "tftp" },
	{ "a helper of ICMP", true, 0x800, 1, COMMIT, .helper = "ftp" },
	{ "a helper of any", true, 0x800, 0, COMMIT, .helper = "ftp" },
	{ "a helper without commit", true, 0x800, 6, 0, .helper = "ftp" },
	{ "nat as it is", false, 0x800, 0, VSW_CT_NAT },
	{ "a source", false, 0x800, 0, SNAT, .nat_family = NFPROTO_IPV4, .from = 1, .to = 1 },
	{ "a destination", false, 0x86dd, 0, DNAT, .nat_family = NFPROTO_IPV6, .from = 1, .to = 2 },
	{ "both", true, 0x800, 0, SNAT | DNAT, .nat_family = NFPROTO_IPV4, .from = 1, .to = 1 },
	{ "neither, but an address", true, 0x800, 0, COMMIT | VSW_CT_NAT,
	  .nat_family = NFPROTO_IPV4, .from = 1, .to = 1 },
	{ "no address", true, 0x800, 0, SNAT },
	{ "a source without commit", true, 0x800, 0, VSW_CT_NAT | VSW_CT_SNAT,
	  .nat_family = NFPROTO_IPV4, .from = 1, .to = 1 },
	{ "addresses of the other family", true, 0x86dd, 0, SNAT, .nat_family = NFPROTO_IPV4,
	  .from = 1, .to = 1 },
	{ "addresses the wrong way round", true, 0x800, 0, SNAT, .nat_family = NFPROTO_IPV4,
	  .from = 0x100, .to = 1 },
	{ "addresses in network order", false, 0x800, 0, SNAT, .nat_family = NFPROTO_IPV4,
	  .from = 0x0001, .to = 0x0100 },
	{ "ports", false, 0x800, 17, SNAT, .nat_family = NFPROTO_IPV4, .from = 1, .to = 1,
	  .first = 255, .last = 256 },
	{ "ports the wrong way round", true, 0x800, 17, SNAT, .nat_family = NFPROTO_IPV4,
	  .from = 1, .to = 1, .first = 256, .last = 255 },
	{ "ports of any protocol", true, 0x800, 0, SNAT, .nat_family = NFPROTO_IPV4,
	  .from = 1, .to = 1, .first = 1, .last = 2 },
	{ "ports of ICMP", true, 0x800, 1, SNAT, .nat_family = NFPROTO_IPV4,
	  .from = 1, .to = 1, .first = 1, .last = 2 },
	{ "ports from 0 on", true, 0x800, 6, SNAT, .nat_family = NFPROTO_IPV4,
	  .from = 1, .to = 1, .first = 0, .last = 2 },
};

static void put_address(union nf_inet_addr *address, u8 family, u32 last)
{
	if (family == NFPROTO_IPV4)
		address->ip = htonl(last);
	else
		address->all[3] = htonl(last);
}

static void say(const struct said *said, struct vsw_action_ct *ct)
{
	memset(ct, 0, sizeof(*ct));
	ct->action.type = VSWITCH_A_ACTION_CT;
	ct->action.flags = said->flags;
	ct->action.small = said->table;
	ct->mark = said->mark;
	ct->mark_mask = said->mark_mask;
	if (said->helper)
		strscpy(ct->helper, said->helper, sizeof(ct->helper));
	ct->nat_family = said->nat_family;
	if (said->nat_family) {
		ct->range.flags = NF_NAT_RANGE_MAP_IPS;
		put_address(&ct->range.min_addr, said->nat_family, said->from);
		put_address(&ct->range.max_addr, said->nat_family, said->to);
	}
	if (said->last) {
		ct->range.flags |= NF_NAT_RANGE_PROTO_SPECIFIED;
		ct->range.min_proto.all = htons(said->first);
		ct->range.max_proto.all = htons(said->last);
	}
}

static void checks(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all_said); i++) {
		const struct said *said = &all_said[i];
		struct vsw_key key = {}, mask = {};
		struct netlink_ext_ack extack = {};
		struct vsw_action_ct ct;
		int err;

		say(said, &ct);
		if (said->eth_type) {
			key.eth_type = htons(said->eth_type);
			mask.eth_type = htons(U16_MAX);
		}
		if (said->ip_proto) {
			key.ip_proto = said->ip_proto;
			mask.ip_proto = U8_MAX;
		}
		err = vsw_ct_check(&ct, &key, &mask, &extack);
		KUNIT_EXPECT_EQ_MSG(test, err, said->refused ? -EINVAL : 0, "%s", said->name);
		KUNIT_EXPECT_EQ_MSG(test, !extack._msg, !said->refused, "%s", said->name);
		if (err)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, ct.family, said->eth_type == 0x800 ? NFPROTO_IPV4 :
				    NFPROTO_IPV6, "%s", said->name);
		KUNIT_EXPECT_EQ_MSG(test, ct.ip_proto, said->ip_proto, "%s", said->name);
	}
}

/* Each differs from each other, but not by what a check or a template make of it. */
static void differences(struct kunit *test)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(all_said); i++) {
		for (j = i; j < ARRAY_SIZE(all_said); j++) {
			const struct said *x = &all_said[i], *y = &all_said[j];
			struct vsw_action_ct a, b;
			bool same = x->flags == y->flags && x->table == y->table &&
				    x->mark == y->mark && x->mark_mask == y->mark_mask &&
				    !strcmp(x->helper ?: "", y->helper ?: "") &&
				    x->nat_family == y->nat_family && x->from == y->from &&
				    x->to == y->to && x->first == y->first && x->last == y->last;

			say(x, &a);
			say(y, &b);
			b.family = NFPROTO_IPV4;
			b.ip_proto = IPPROTO_TCP;
			b.template = (void *)&b;
			KUNIT_EXPECT_EQ_MSG(test, vsw_ct_is_equal(&a, &b), same, "%s and %s",
					    x->name, y->name);
		}
	}
}

/* A flow's words grow by what ct reads and writes, and it is one of those to be freed so. */
static void programs(struct kunit *test)
{
	struct vsw_actions *actions = vsw_actions_alloc(sizeof(struct vsw_action_ct) / 8);
	struct vsw_key key = {}, mask = {};
	struct netlink_ext_ack extack = {};

	KUNIT_ASSERT_NOT_NULL(test, actions);
	say(&all_said[0], (void *)actions->program);
	((struct vsw_action *)actions->program)->words = sizeof(struct vsw_action_ct) / 8;
	actions->words = sizeof(struct vsw_action_ct) / 8;
	key.eth_type = htons(ETH_P_IP);
	mask.eth_type = htons(U16_MAX);
	KUNIT_EXPECT_EQ(test, 0, vsw_actions_check(actions, VSW_ACTIONS_OF_FLOW, 0, &key, &mask,
						   &extack));
	KUNIT_EXPECT_EQ(test, actions->map & VSW_CT_MAP, VSW_CT_MAP);
	KUNIT_EXPECT_TRUE(test, actions->tracks);
	KUNIT_EXPECT_EQ(test, -EINVAL, vsw_actions_check(actions, VSW_ACTIONS_OF_BUCKET, 0, &key,
							 &mask, &extack));
	KUNIT_EXPECT_NOT_NULL(test, extack._msg);
	vsw_actions_free(actions);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(checks),
	KUNIT_CASE(differences),
	KUNIT_CASE(programs),
	{}
};

static struct kunit_suite suite = {
	.name = "vswitch_conntrack",
	.test_cases = cases,
};

kunit_test_suite(suite);
