// SPDX-License-Identifier: GPL-2.0
/*
 * The Generic Netlink family and what its codecs share.
 */
#include "netlink.h"

#define OBJECT_SIZE	1024

struct genl_family vrt_nl_family __ro_after_init = {
	.name = VROUTER_FAMILY_NAME,
	.version = VROUTER_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,	/* each takes the lock of its network namespace */
	.module = THIS_MODULE,
	.ops = vrouter_nl_ops,
	.n_ops = ARRAY_SIZE(vrouter_nl_ops),
	.resv_start_op = 1,	/* all ops are strict about reserved fields */
};

int __init vrt_nl_register(void)
{
	return genl_register_family(&vrt_nl_family);
}

void vrt_nl_unregister(void)
{
	genl_unregister_family(&vrt_nl_family);
}

int vrt_nl_missing(struct genl_info *info, int attr, const char *what)
{
	/* Not by the macros, which want the sentence as a literal. */
	if (info->extack) {
		info->extack->_msg = what;
		info->extack->miss_type = attr;
	}
	return -EINVAL;
}

int vrt_nl_refuse(const struct nlattr *attr, int err, const char *what,
		  struct netlink_ext_ack *extack)
{
	if (extack) {
		extack->_msg = what;
		extack->bad_attr = attr;
	}
	return err;
}

/* They passed the policy, so their types are few. */
int vrt_nl_check_once(const struct nlmsghdr *nlh, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u64 seen = 0;
	int rem;

	nla_for_each_attr(attr, nlmsg_attrdata(nlh, GENL_HDRLEN),
			  nlmsg_attrlen(nlh, GENL_HDRLEN), rem) {
		u64 bit = BIT_ULL(nla_type(attr) & 63);

		if (seen & bit)
			return vrt_nl_refuse(attr, -EINVAL, "the attribute is given twice",
					     extack);
		seen |= bit;
	}
	return 0;
}

/* What a core said that is at fault is in the request, or is missing there. */
static void find_fault(const struct genl_info *info)
{
	struct netlink_ext_ack *extack = info->extack;
	const struct nlattr *attr;

	if (!extack || !extack->miss_type)
		return;
	attr = nlmsg_find_attr(info->nlhdr, GENL_HDRLEN, extack->miss_type);
	if (!attr)
		return;
	extack->bad_attr = attr;
	extack->miss_type = 0;
}

int vrt_nl_check_no_filter(const struct nlmsghdr *nlh, const char *what,
			   struct netlink_ext_ack *extack)
{
	if (!nlmsg_attrlen(nlh, GENL_HDRLEN))
		return 0;
	return vrt_nl_refuse(nlmsg_attrdata(nlh, GENL_HDRLEN), -EINVAL, what, extack);
}

static int explain(struct genl_info *info, int err)
{
	if (err)
		find_fault(info);
	if (!err || !info->extack || info->extack->_msg)
		return err;
	switch (err) {
	case -ENOMEM:
		NL_SET_ERR_MSG(info->extack, "out of memory");
		break;
	case -EMSGSIZE:
		NL_SET_ERR_MSG(info->extack, "the reply does not fit");
		break;
	default:
		NL_SET_ERR_MSG(info->extack, "the kernel refused the change");
	}
	return err;
}

int vrt_nl_read(struct genl_info *info, vrt_nl_request_t request)
{
	struct vrt_net *rn = vrt_net(genl_info_net(info));
	int err;

	err = vrt_nl_check_once(info->nlhdr, info->extack);
	if (err)
		return err;
	mutex_lock(&rn->lock);
	err = request(rn, info);
	mutex_unlock(&rn->lock);
	return explain(info, err);
}

/*
 * Not by GENL_UNS_ADMIN_PERM, which is the same check but leaves the user without a
 * sentence.
 */
int vrt_nl_check_permission(const struct sk_buff *skb, struct net *net,
			    struct netlink_ext_ack *extack)
{
	if (netlink_ns_capable(skb, net->user_ns, CAP_NET_ADMIN))
		return 0;
	NL_SET_ERR_MSG(extack, "this needs CAP_NET_ADMIN in the user namespace that owns the network namespace");
	return -EPERM;
}

int vrt_nl_change(struct sk_buff *skb, struct genl_info *info, vrt_nl_request_t request)
{
	return vrt_nl_check_permission(skb, genl_info_net(info), info->extack) ?:
	       vrt_nl_read(info, request);
}

int vrt_nl_get_address(const struct nlattr *attr, u8 *family, union nf_inet_addr *addr,
		       struct netlink_ext_ack *extack)
{
	int len = nla_len(attr);

	if (len != sizeof(addr->in) && len != sizeof(addr->in6))
		return vrt_nl_refuse(attr, -EINVAL, "an address has 4 or 16 bytes", extack);
	memset(addr, 0, sizeof(*addr));
	memcpy(addr, nla_data(attr), len);
	*family = len == sizeof(addr->in) ? NFPROTO_IPV4 : NFPROTO_IPV6;
	return 0;
}

int vrt_nl_put_address(struct sk_buff *skb, int attr, u8 family, const union nf_inet_addr *addr)
{
	return nla_put(skb, attr, family == NFPROTO_IPV4 ? sizeof(addr->in) : sizeof(addr->in6),
		       addr);
}

int vrt_nl_get_prefix(struct genl_info *info, int attr, int len_attr, struct vrt_prefix *prefix)
{
	const struct nlattr *len = info->attrs[len_attr];
	u8 bits;
	int err;

	if (!info->attrs[attr]) {
		if (!len)
			return 0;
		return vrt_nl_refuse(len, -EINVAL, "there is no prefix that it is the length of",
				     info->extack);
	}
	err = vrt_nl_get_address(info->attrs[attr], &prefix->family, &prefix->addr, info->extack);
	if (err)
		return err;
	bits = prefix->family == NFPROTO_IPV4 ? 32 : 128;
	prefix->len = len ? nla_get_u8(len) : bits;
	if (prefix->len > bits)
		return vrt_nl_refuse(len, -EINVAL, "an IPv4 prefix has at most 32 bits",
				     info->extack);
	return 0;
}

int vrt_nl_put_prefix(struct sk_buff *skb, const struct vrt_prefix *prefix, int attr,
		      int len_attr)
{
	if (prefix->family == NFPROTO_UNSPEC)
		return 0;
	return vrt_nl_put_address(skb, attr, prefix->family, &prefix->addr) ?:
	       nla_put_u8(skb, len_attr, prefix->len);
}

static int put_count(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, VROUTER_A_STATS_PAD);
}

static int put_rates(struct sk_buff *skb, const struct vrt_rates *rates)
{
	if (!rates->time)
		return 0;
	return nla_put_u32(skb, VROUTER_A_STATS_RATE_TIME, rates->time) ||
	       put_count(skb, VROUTER_A_STATS_RX_PACKETS_RATE, rates->rx_packets) ||
	       put_count(skb, VROUTER_A_STATS_RX_BYTES_RATE, rates->rx_bytes) ||
	       put_count(skb, VROUTER_A_STATS_TX_PACKETS_RATE, rates->tx_packets) ||
	       put_count(skb, VROUTER_A_STATS_TX_BYTES_RATE, rates->tx_bytes);
}

int vrt_nl_put_counts(struct sk_buff *skb, int attr, const struct vrt_counts *counts,
		      const struct vrt_rates *rates)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest ||
	    put_count(skb, VROUTER_A_STATS_CONNECTIONS, counts->connections) ||
	    put_count(skb, VROUTER_A_STATS_REFUSED, counts->refused) ||
	    put_count(skb, VROUTER_A_STATS_RX_PACKETS, counts->rx_packets) ||
	    put_count(skb, VROUTER_A_STATS_RX_BYTES, counts->rx_bytes) ||
	    put_count(skb, VROUTER_A_STATS_TX_PACKETS, counts->tx_packets) ||
	    put_count(skb, VROUTER_A_STATS_TX_BYTES, counts->tx_bytes) ||
	    put_count(skb, VROUTER_A_STATS_RESETS, counts->resets) ||
	    put_count(skb, VROUTER_A_STATS_TIMEOUTS, counts->timeouts) ||
	    (rates && put_rates(skb, rates)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int vrt_nl_reply(struct genl_info *info, u8 cmd, vrt_nl_fill_t fill, const void *object)
{
	struct sk_buff *skb = genlmsg_new(OBJECT_SIZE, GFP_KERNEL);
	void *header;
	int err;

	if (!skb)
		return -ENOMEM;
	header = genlmsg_put_reply(skb, info, &vrt_nl_family, 0, cmd);
	err = header ? fill(skb, object) : -EMSGSIZE;
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, header);
	return genlmsg_reply(skb, info);
}

int vrt_nl_dump_one(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		    vrt_nl_fill_t fill, const void *object)
{
	void *header;
	int err;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			     &vrt_nl_family, NLM_F_MULTI, cmd);
	if (!header)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, header);
	err = fill(skb, object);
	if (err) {
		genlmsg_cancel(skb, header);
		return err;
	}
	genlmsg_end(skb, header);
	return 0;
}

/* When nothing is in @skb it would be taken for the end of all. */
int vrt_nl_dump_end(const struct sk_buff *skb, int err)
{
	return err && (err != -EMSGSIZE || !skb->len) ? err : skb->len;
}
