// SPDX-License-Identifier: GPL-2.0
/* What a ct action may say. */
#include <linux/in.h>
#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "conntrack.h"

static int refuse(struct netlink_ext_ack *extack, const char *sentence)
{
	if (extack)
		extack->_msg = sentence;
	return -EINVAL;
}

/* The NFPROTO_* of all packets that match, or 0. */
static u8 family_of(const struct vsw_key *key, const struct vsw_key *mask)
{
	if (mask->eth_type != htons(U16_MAX))
		return 0;
	if (key->eth_type == htons(ETH_P_IP))
		return NFPROTO_IPV4;
	return key->eth_type == htons(ETH_P_IPV6) ? NFPROTO_IPV6 : 0;
}

static int check_commit(const struct vsw_action_ct *ct, struct netlink_ext_ack *extack)
{
	u8 flags = ct->action.flags;

	if (flags & VSW_CT_COMMIT)
		return 0;
	if (flags & VSW_CT_FORCE)
		return refuse(extack, "force needs commit");
	if (ct->mark_mask)
		return refuse(extack, "a connection gets its mark when it is committed, say commit, too");
	if (*ct->helper)
		return refuse(extack, "a connection gets its helper when it is committed, say commit, too");
	if (flags & (VSW_CT_SNAT | VSW_CT_DNAT))
		return refuse(extack, "a connection gets its addresses when it is committed, say commit, too");
	return 0;
}

/* Both in network byte order, of @family. */
static int compare(const union nf_inet_addr *a, const union nf_inet_addr *b, u8 family)
{
	return memcmp(a, b, family == NFPROTO_IPV4 ? sizeof(a->ip) : sizeof(a->in6));
}

static int check_nat(const struct vsw_action_ct *ct, struct netlink_ext_ack *extack)
{
	const struct nf_nat_range2 *range = &ct->range;
	u8 which = ct->action.flags & (VSW_CT_SNAT | VSW_CT_DNAT);

	if (!which) {
		if (ct->nat_family || range->flags)
			return refuse(extack, "say whether the source or the destination is translated");
		return 0;
	}
	if (which == (VSW_CT_SNAT | VSW_CT_DNAT))
		return refuse(extack, "one action translates the source or the destination");
	if (!ct->nat_family)
		return refuse(extack, "say to which addresses to translate");
	if (ct->nat_family != ct->family)
		return refuse(extack, "addresses to translate to are of the family that the match says");
	if (compare(&range->min_addr, &range->max_addr, ct->family) > 0)
		return refuse(extack, "the lowest address to translate to is above the highest");
	if (!(range->flags & NF_NAT_RANGE_PROTO_SPECIFIED))
		return 0;
	if (!range->min_proto.all)
		return refuse(extack, "ports to translate to begin with 1");
	if (ntohs(range->min_proto.all) > ntohs(range->max_proto.all))
		return refuse(extack, "the lowest port to translate to is above the highest");
	if (ct->ip_proto != IPPROTO_TCP && ct->ip_proto != IPPROTO_UDP &&
	    ct->ip_proto != IPPROTO_SCTP)
		return refuse(extack, "to translate ports needs a match on ip-proto 6, 17 or 132");
	return 0;
}

int vsw_ct_check(struct vsw_action_ct *ct, const struct vsw_key *key,
		 const struct vsw_key *mask, struct netlink_ext_ack *extack)
{
	int err;

	ct->family = family_of(key, mask);
	ct->ip_proto = mask->ip_proto == U8_MAX ? key->ip_proto : 0;
	if (!ct->family)
		return refuse(extack, "ct needs a match on eth-type 0x0800 or 0x86dd");
	if (ct->action.small > VSWITCH_FLOW_TABLE_MAX)
		return refuse(extack, "no table has this number");
	if (ct->mark & ~ct->mark_mask)
		return refuse(extack, "the mark has bits that its mask has not");
	err = check_commit(ct, extack) ?: check_nat(ct, extack);
	if (err)
		return err;
	if (*ct->helper && ct->ip_proto != IPPROTO_TCP && ct->ip_proto != IPPROTO_UDP)
		return refuse(extack, "a helper needs a match on ip-proto 6 or 17");
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_ct_check);

bool vsw_ct_is_equal(const struct vsw_action_ct *a, const struct vsw_action_ct *b)
{
	return a->action.flags == b->action.flags && a->action.value == b->action.value &&
	       a->action.small == b->action.small && a->mark == b->mark &&
	       a->mark_mask == b->mark_mask && a->nat_family == b->nat_family &&
	       !memcmp(a->helper, b->helper, sizeof(a->helper)) &&
	       !memcmp(&a->range, &b->range, sizeof(a->range));
}
EXPORT_SYMBOL_IF_KUNIT(vsw_ct_is_equal);
