// SPDX-License-Identifier: GPL-2.0
/* Unit tests of VLANs: what a frame is of, and how it leaves. */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "vlan.h"

#define REFUSED VSW_VLAN_REFUSED

struct fixture {
	struct vsw_switch sw;
	struct vsw_port port;
};

static void set_add(u8 *set, u16 vid)
{
	set[vid / 8] |= BIT(vid % 8);
}

/* Give @port a PVID and membership of @tagged; 0 is none. */
static int setup(struct vsw_port *port, u16 pvid, u16 tagged)
{
	u8 member[VSWITCH_VLAN_SET_LEN] = {}, untagged[VSWITCH_VLAN_SET_LEN] = {};
	const struct vsw_vlan_config config = {
		.pvid_given = true, .pvid = pvid,
		.member = member, .untagged = untagged,
	};
	struct vsw_vlans *vlans;

	if (pvid) {
		set_add(member, pvid);
		set_add(untagged, pvid);
	}
	if (tagged)
		set_add(member, tagged);
	rtnl_lock();
	vlans = vsw_vlan_prepare(port, &config, NULL);
	if (!IS_ERR_OR_NULL(vlans))
		vsw_vlan_replace(port, vlans);
	rtnl_unlock();
	return PTR_ERR_OR_ZERO(vlans);
}

/* A frame with data behind the MAC header; @proto and @tci of a tag beside it, or 0. */
static struct sk_buff *frame(u16 proto, u16 tci)
{
	struct sk_buff *skb = alloc_skb(128, GFP_KERNEL);
	struct ethhdr *eth;

	if (!skb)
		return NULL;
	skb_reserve(skb, 32);
	eth = skb_put_zero(skb, 64);
	eth->h_proto = htons(ETH_P_IP);
	skb_reset_mac_header(skb);
	__skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	skb->protocol = eth->h_proto;
	if (proto)
		__vlan_hwaccel_put_tag(skb, htons(proto), tci);
	return skb;
}

/* The VLAN of *@skb as it comes in. */
static int classify(struct fixture *f, struct sk_buff **skb)
{
	int vid;

	rcu_read_lock();
	vid = vsw_vlan_classify(&f->port, skb);
	rcu_read_unlock();
	return vid;
}

static int vid_of(struct fixture *f, u16 proto, u16 tci)
{
	struct sk_buff *skb = frame(proto, tci);
	int vid = classify(f, &skb);

	kfree_skb(skb);
	return vid;
}

static int vlan_test_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->port.sw = &f->sw;
	f->sw.default_pvid = VSWITCH_DEFAULT_PVID;
	f->sw.vlan_proto = htons(ETH_P_8021Q);
	test->priv = f;
	rtnl_lock();
	err = vsw_vlan_init(&f->port);
	rtnl_unlock();
	return err;
}

static void vlan_test_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f)
		vsw_vlan_destroy(&f->port);
}

static void ingress(struct kunit *test)
{
	struct fixture *f = test->priv;

	/* As ports are at first. */
	KUNIT_EXPECT_EQ(test, vid_of(f, 0, 0), 1);
	KUNIT_EXPECT_EQ(test, vid_of(f, ETH_P_8021Q, 1), 1);
	KUNIT_EXPECT_EQ(test, vid_of(f, ETH_P_8021Q, 2), REFUSED(VSW_DROP_VLAN_INGRESS));
	KUNIT_EXPECT_EQ(test, vid_of(f, ETH_P_8021Q, 4095), REFUSED(VSW_DROP_VLAN_INGRESS));

	KUNIT_ASSERT_EQ(test, setup(&f->port, 10, 4094), 0);
	KUNIT_EXPECT_EQ(test, vid_of(f, 0, 0), 10);
	KUNIT_EXPECT_EQ(test, vid_of(f, ETH_P_8021Q, 0), 10);
	KUNIT_EXPECT_EQ(test, vid_of(f, ETH_P_8021Q, 4094), 4094);
	/* Priority and DEI are not part of the VLAN. */
	KUNIT_EXPECT_EQ(test, vid_of(f, ETH_P_8021Q, 0xf000 | 4094), 4094);
	KUNIT_EXPECT_EQ(test, vid_of(f, ETH_P_8021Q, 1), REFUSED(VSW_DROP_VLAN_INGRESS));

	KUNIT_ASSERT_EQ(test, setup(&f->port, 0, 20), 0);
	KUNIT_EXPECT_EQ(test, vid_of(f, 0, 0), REFUSED(VSW_DROP_VLAN_UNTAGGED));
	KUNIT_EXPECT_EQ(test, vid_of(f, ETH_P_8021Q, 0), REFUSED(VSW_DROP_VLAN_UNTAGGED));
	KUNIT_EXPECT_EQ(test, vid_of(f, ETH_P_8021Q, 20), 20);
}

static void priority_is_kept(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct sk_buff *skb = frame(ETH_P_8021Q, 0xa000);

	KUNIT_ASSERT_EQ(test, setup(&f->port, 10, 0), 0);
	KUNIT_EXPECT_EQ(test, classify(f, &skb), 10);
	KUNIT_EXPECT_EQ(test, skb_vlan_tag_get(skb), 0xa000 | 10);
	kfree_skb(skb);
}

/* A provider's tag is payload: the frame is one without a tag. */
static void provider_tag(struct kunit *test)
{
	struct sk_buff *skb = frame(ETH_P_8021AD, 77);
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, setup(&f->port, 10, 77), 0);
	/* A device has said what all behind the MAC header sums up to, as it was then. */
	memset(skb->data, 0x5a, skb->len);
	skb->ip_summed = CHECKSUM_COMPLETE;
	skb->csum = skb_checksum(skb, 0, skb->len, 0);
	KUNIT_EXPECT_EQ(test, classify(f, &skb), 10);
	KUNIT_EXPECT_TRUE(test, skb->ip_summed == CHECKSUM_COMPLETE);
	KUNIT_EXPECT_EQ(test, csum_fold(skb->csum), csum_fold(skb_checksum(skb, 0, skb->len, 0)));
	KUNIT_EXPECT_FALSE(test, skb_vlan_tag_present(skb));
	KUNIT_EXPECT_EQ(test, skb->protocol, htons(ETH_P_8021AD));
	KUNIT_EXPECT_EQ(test, eth_hdr(skb)->h_proto, htons(ETH_P_8021AD));
	KUNIT_EXPECT_EQ(test, skb_network_offset(skb), 0);
	KUNIT_EXPECT_EQ(test, skb->len, 64 - ETH_HLEN + VLAN_HLEN);
	kfree_skb(skb);
}

static void tag_in_the_frame(struct kunit *test)
{
	struct sk_buff *skb = frame(0, 0);
	struct fixture *f = test->priv;
	__be16 tag[2] = { htons(20), htons(ETH_P_IPV6) };

	KUNIT_ASSERT_EQ(test, setup(&f->port, 10, 20), 0);
	skb->protocol = htons(ETH_P_8021Q);
	eth_hdr(skb)->h_proto = skb->protocol;
	memcpy(skb->data, tag, sizeof(tag));
	KUNIT_EXPECT_EQ(test, classify(f, &skb), 20);
	KUNIT_EXPECT_EQ(test, skb_vlan_tag_get(skb), 20);
	KUNIT_EXPECT_EQ(test, skb->protocol, htons(ETH_P_IPV6));
	KUNIT_EXPECT_EQ(test, skb->len, 64 - ETH_HLEN - VLAN_HLEN);
	kfree_skb(skb);

	/* No room for what it says. */
	skb = frame(0, 0);
	skb->protocol = htons(ETH_P_8021Q);
	skb_trim(skb, 2);
	KUNIT_EXPECT_EQ(test, classify(f, &skb), REFUSED(VSW_DROP_BAD_VLAN_HEADER));
	KUNIT_EXPECT_NULL(test, skb);
}

static void egress(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct sk_buff *skb = frame(0, 0);
	enum vsw_drop reason;

	KUNIT_ASSERT_EQ(test, setup(&f->port, 10, 20), 0);
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, vsw_vlan_is_member(&f->port, 10));
	KUNIT_EXPECT_TRUE(test, vsw_vlan_is_member(&f->port, 20));
	KUNIT_EXPECT_FALSE(test, vsw_vlan_is_member(&f->port, 1));
	KUNIT_EXPECT_TRUE(test, vsw_vlan_dress(&f->port, &f->port, skb, 10, &reason));
	KUNIT_EXPECT_FALSE(test, skb_vlan_tag_present(skb));
	KUNIT_EXPECT_TRUE(test, vsw_vlan_dress(&f->port, &f->port, skb, 20, &reason));
	KUNIT_EXPECT_TRUE(test, skb_vlan_tag_present(skb));
	KUNIT_EXPECT_EQ(test, skb_vlan_tag_get(skb), 20);
	KUNIT_EXPECT_TRUE(test, vsw_vlan_dress(&f->port, &f->port, skb, 20, &reason));
	KUNIT_EXPECT_EQ(test, skb_vlan_tag_get(skb), 20);
	KUNIT_EXPECT_TRUE(test, vsw_vlan_dress(&f->port, &f->port, skb, 10, &reason));
	KUNIT_EXPECT_FALSE(test, skb_vlan_tag_present(skb));
	KUNIT_EXPECT_FALSE(test, vsw_vlan_dress(&f->port, &f->port, skb, 1, &reason));
	KUNIT_EXPECT_EQ(test, reason, VSW_DROP_VLAN_EGRESS);
	rcu_read_unlock();
	kfree_skb(skb);
}

/* What is in a VLAN must not come out in another one. */
static void nested(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct sk_buff *skb = frame(ETH_P_8021Q, 10);
	enum vsw_drop reason;

	skb->protocol = htons(ETH_P_8021Q);
	KUNIT_ASSERT_EQ(test, setup(&f->port, 10, 20), 0);
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, vsw_vlan_dress(&f->port, &f->port, skb, 20, &reason));
	KUNIT_EXPECT_FALSE(test, vsw_vlan_dress(&f->port, &f->port, skb, 10, &reason));
	KUNIT_EXPECT_EQ(test, reason, VSW_DROP_VLAN_NESTED);
	skb->protocol = htons(ETH_P_8021AD);
	KUNIT_EXPECT_TRUE(test, vsw_vlan_dress(&f->port, &f->port, skb, 10, &reason));
	rcu_read_unlock();
	kfree_skb(skb);
}

static int prepare(struct fixture *f, const struct vsw_vlan_config *config)
{
	struct vsw_vlans *vlans;

	rtnl_lock();
	vlans = vsw_vlan_prepare(&f->port, config, NULL);
	rtnl_unlock();
	if (!IS_ERR(vlans))
		kfree(vlans);
	return PTR_ERR_OR_ZERO(vlans);
}

static void what_is_refused(struct kunit *test)
{
	u8 none[VSWITCH_VLAN_SET_LEN] = {}, null[VSWITCH_VLAN_SET_LEN] = {};
	u8 last[VSWITCH_VLAN_SET_LEN] = {}, ten[VSWITCH_VLAN_SET_LEN] = {};
	struct fixture *f = test->priv;

	set_add(null, 0);
	set_add(last, 4095);
	set_add(ten, 10);
	KUNIT_EXPECT_EQ(test, prepare(f, &(struct vsw_vlan_config){}), 0);
	KUNIT_EXPECT_EQ(test, setup(&f->port, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, prepare(f, &(struct vsw_vlan_config){ .member = null }), -ERANGE);
	KUNIT_EXPECT_EQ(test, prepare(f, &(struct vsw_vlan_config){ .member = last }), -ERANGE);
	KUNIT_EXPECT_EQ(test, prepare(f, &(struct vsw_vlan_config){ .member = ten }), 0);
	KUNIT_EXPECT_EQ(test, prepare(f, &(struct vsw_vlan_config){
		.member = none, .untagged = ten }), -ERANGE);
	KUNIT_EXPECT_EQ(test, prepare(f, &(struct vsw_vlan_config){
		.pvid_given = true, .pvid = 11, .member = ten }), -ERANGE);
	KUNIT_EXPECT_EQ(test, prepare(f, &(struct vsw_vlan_config){
		.pvid_given = true, .pvid = 10, .member = ten, .untagged = ten }), 0);
	/* Membership goes, but not from under the PVID. */
	KUNIT_ASSERT_EQ(test, setup(&f->port, 10, 0), 0);
	KUNIT_EXPECT_EQ(test, prepare(f, &(struct vsw_vlan_config){ .member = none }), -ERANGE);
}

static struct kunit_case vlan_cases[] = {
	KUNIT_CASE(ingress),
	KUNIT_CASE(priority_is_kept),
	KUNIT_CASE(provider_tag),
	KUNIT_CASE(tag_in_the_frame),
	KUNIT_CASE(egress),
	KUNIT_CASE(nested),
	KUNIT_CASE(what_is_refused),
	{}
};

static struct kunit_suite vlan_suite = {
	.name = "vswitch_vlan",
	.init = vlan_test_init,
	.exit = vlan_test_exit,
	.test_cases = vlan_cases,
};

kunit_test_suite(vlan_suite);
