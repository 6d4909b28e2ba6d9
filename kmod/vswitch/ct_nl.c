// SPDX-License-Identifier: GPL-2.0
/* Codec of the action ct: attributes in, a struct vsw_action_ct out, and back. */
#include <linux/ctype.h>
#include <linux/netfilter.h>

#include "flow_nl.h"

static int get_address(const struct nlattr *attr, struct vsw_action_ct *ct,
		       union nf_inet_addr *address, struct netlink_ext_ack *extack)
{
	u8 family;

	switch (nla_len(attr)) {
	case sizeof(address->ip):
		family = NFPROTO_IPV4;
		break;
	case sizeof(address->in6):
		family = NFPROTO_IPV6;
		break;
	default:
		return vsw_nl_refuse(attr, "an address has 4 or 16 bytes", extack);
	}
	if (ct->nat_family && ct->nat_family != family)
		return vsw_nl_refuse(attr, "both addresses are of one family", extack);
	ct->nat_family = family;
	memcpy(address, nla_data(attr), nla_len(attr));
	return 0;
}

static int get_port(const struct nlattr *attr, struct nf_nat_range2 *range,
		    union nf_conntrack_man_proto *port, struct netlink_ext_ack *extack)
{
	range->flags |= NF_NAT_RANGE_PROTO_SPECIFIED;
	port->all = htons(nla_get_u16(attr));
	return port->all ? 0 : vsw_nl_refuse(attr, "ports to translate to begin with 1", extack);
}

/* Highest values are the lowest ones unless given. */
static int complete_range(const struct nlattr *nest, struct nf_nat_range2 *range,
			  bool has[VSWITCH_A_NAT_MAX + 1], struct netlink_ext_ack *extack)
{
	if (has[VSWITCH_A_NAT_IP_MAX] && !has[VSWITCH_A_NAT_IP_MIN])
		return vsw_nl_refuse(nest, "ip-max needs ip-min", extack);
	if (has[VSWITCH_A_NAT_PORT_MAX] && !has[VSWITCH_A_NAT_PORT_MIN])
		return vsw_nl_refuse(nest, "port-max needs port-min", extack);
	if (!has[VSWITCH_A_NAT_IP_MAX])
		range->max_addr = range->min_addr;
	if (!has[VSWITCH_A_NAT_PORT_MAX])
		range->max_proto = range->min_proto;
	return 0;
}

static int get_nat(const struct nlattr *nest, struct vsw_action_ct *ct,
		   struct netlink_ext_ack *extack)
{
	bool has[VSWITCH_A_NAT_MAX + 1] = {};
	struct nf_nat_range2 *range = &ct->range;
	const struct nlattr *attr;
	int rem, err;

	ct->action.flags |= VSW_CT_NAT;
	err = vsw_nl_check_attrs_once(nla_data(nest), nla_len(nest), extack);
	nla_for_each_nested(attr, nest, rem) {
		if (err)
			return err;
		has[nla_type(attr)] = true;
		switch (nla_type(attr)) {
		case VSWITCH_A_NAT_SOURCE:
			ct->action.flags |= VSW_CT_SNAT;
			break;
		case VSWITCH_A_NAT_DEST:
			ct->action.flags |= VSW_CT_DNAT;
			break;
		case VSWITCH_A_NAT_IP_MIN:
			range->flags |= NF_NAT_RANGE_MAP_IPS;
			err = get_address(attr, ct, &range->min_addr, extack);
			break;
		case VSWITCH_A_NAT_IP_MAX:
			err = get_address(attr, ct, &range->max_addr, extack);
			break;
		case VSWITCH_A_NAT_PORT_MIN:
			err = get_port(attr, range, &range->min_proto, extack);
			break;
		case VSWITCH_A_NAT_PORT_MAX:
			err = get_port(attr, range, &range->max_proto, extack);
			break;
		case VSWITCH_A_NAT_RANDOM:
			range->flags |= NF_NAT_RANGE_PROTO_RANDOM_FULLY;
			break;
		case VSWITCH_A_NAT_PERSISTENT:
			range->flags |= NF_NAT_RANGE_PERSISTENT;
			break;
		}
	}
	return err ?: complete_range(nest, range, has, extack);
}

static int get_helper(const struct nlattr *attr, struct vsw_action_ct *ct,
		      struct netlink_ext_ack *extack)
{
	const char *name = nla_data(attr);
	size_t len = strnlen(name, nla_len(attr)), i;

	for (i = 0; i < len; i++) {
		if (!isascii(name[i]) || !(isalnum(name[i]) || strchr("-_.", name[i])))
			return vsw_nl_refuse(attr, "a helper's name is of letters, digits, '-', '_' and '.'",
					     extack);
	}
	if (!len)
		return vsw_nl_refuse(attr, "a helper has a name", extack);
	memcpy(ct->helper, name, len);
	return 0;
}

int vsw_nl_get_ct(const struct nlattr *nest, struct vsw_action *action,
		  struct netlink_ext_ack *extack)
{
	struct vsw_action_ct *ct = container_of(action, struct vsw_action_ct, action);
	const struct nlattr *attr;
	bool has_mark = false;
	int rem, err;

	action->words = sizeof(*ct) / sizeof(u64);
	err = vsw_nl_check_attrs_once(nla_data(nest), nla_len(nest), extack);
	nla_for_each_nested(attr, nest, rem) {
		if (err)
			return err;
		switch (nla_type(attr)) {
		case VSWITCH_A_CT_ZONE:
			action->value = nla_get_u16(attr);
			break;
		case VSWITCH_A_CT_COMMIT:
			action->flags |= VSW_CT_COMMIT;
			break;
		case VSWITCH_A_CT_FORCE:
			action->flags |= VSW_CT_FORCE;
			break;
		case VSWITCH_A_CT_TABLE:
			action->flags |= VSW_CT_TABLE;
			action->small = nla_get_u8(attr);
			break;
		case VSWITCH_A_CT_MARK:
			ct->mark = nla_get_u32(attr);
			has_mark = true;
			break;
		case VSWITCH_A_CT_MARK_MASK:
			ct->mark_mask = nla_get_u32(attr);
			if (!ct->mark_mask)
				err = vsw_nl_refuse(attr, "a mask of 0 sets nothing", extack);
			break;
		case VSWITCH_A_CT_HELPER:
			err = get_helper(attr, ct, extack);
			break;
		case VSWITCH_A_CT_NAT:
			err = get_nat(attr, ct, extack);
			break;
		}
	}
	if (!err && ct->mark_mask && !has_mark)
		err = vsw_nl_refuse(nest, "mark-mask needs mark", extack);
	if (has_mark && !ct->mark_mask)
		ct->mark_mask = U32_MAX;
	return err;
}

static int put_addresses(struct sk_buff *skb, const struct vsw_action_ct *ct)
{
	const struct nf_nat_range2 *range = &ct->range;
	size_t len = ct->nat_family == NFPROTO_IPV4 ? sizeof(range->min_addr.ip) :
						      sizeof(range->min_addr.in6);

	if (nla_put(skb, VSWITCH_A_NAT_IP_MIN, len, &range->min_addr) ||
	    (memcmp(&range->min_addr, &range->max_addr, len) &&
	     nla_put(skb, VSWITCH_A_NAT_IP_MAX, len, &range->max_addr)))
		return -EMSGSIZE;
	if (!(range->flags & NF_NAT_RANGE_PROTO_SPECIFIED))
		return 0;
	if (nla_put_u16(skb, VSWITCH_A_NAT_PORT_MIN, ntohs(range->min_proto.all)) ||
	    (range->min_proto.all != range->max_proto.all &&
	     nla_put_u16(skb, VSWITCH_A_NAT_PORT_MAX, ntohs(range->max_proto.all))))
		return -EMSGSIZE;
	return 0;
}

static int put_nat(struct sk_buff *skb, const struct vsw_action_ct *ct)
{
	struct nlattr *nest = nla_nest_start(skb, VSWITCH_A_CT_NAT);
	unsigned int flags = ct->range.flags;

	if (!nest ||
	    ((ct->action.flags & VSW_CT_SNAT) && nla_put_flag(skb, VSWITCH_A_NAT_SOURCE)) ||
	    ((ct->action.flags & VSW_CT_DNAT) && nla_put_flag(skb, VSWITCH_A_NAT_DEST)) ||
	    (ct->nat_family && put_addresses(skb, ct)) ||
	    ((flags & NF_NAT_RANGE_PROTO_RANDOM_FULLY) &&
	     nla_put_flag(skb, VSWITCH_A_NAT_RANDOM)) ||
	    ((flags & NF_NAT_RANGE_PERSISTENT) &&
	     nla_put_flag(skb, VSWITCH_A_NAT_PERSISTENT)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_mark(struct sk_buff *skb, const struct vsw_action_ct *ct)
{
	if (nla_put_u32(skb, VSWITCH_A_CT_MARK, ct->mark) ||
	    (ct->mark_mask != U32_MAX &&
	     nla_put_u32(skb, VSWITCH_A_CT_MARK_MASK, ct->mark_mask)))
		return -EMSGSIZE;
	return 0;
}

int vsw_nl_put_ct(struct sk_buff *skb, const struct vsw_action *action)
{
	const struct vsw_action_ct *ct = container_of(action, struct vsw_action_ct, action);
	u8 flags = action->flags;

	if ((action->value && nla_put_u16(skb, VSWITCH_A_CT_ZONE, action->value)) ||
	    ((flags & VSW_CT_COMMIT) && nla_put_flag(skb, VSWITCH_A_CT_COMMIT)) ||
	    ((flags & VSW_CT_FORCE) && nla_put_flag(skb, VSWITCH_A_CT_FORCE)) ||
	    ((flags & VSW_CT_TABLE) && nla_put_u8(skb, VSWITCH_A_CT_TABLE, action->small)) ||
	    (ct->mark_mask && put_mark(skb, ct)) ||
	    (*ct->helper && nla_put_string(skb, VSWITCH_A_CT_HELPER, ct->helper)) ||
	    ((flags & VSW_CT_NAT) && put_nat(skb, ct)))
		return -EMSGSIZE;
	return 0;
}
