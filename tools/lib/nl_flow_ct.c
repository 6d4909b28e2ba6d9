// SPDX-License-Identifier: GPL-2.0
/* The action ct <-> netlink attributes. */
#include <errno.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "nl_flow_codec.h"

static void put_flag(struct nlmsghdr *nlh, uint16_t attr, bool set)
{
	if (set)
		mnl_attr_put(nlh, attr, 0, NULL);
}

static void put_nat(struct nlmsghdr *nlh, const struct flow_nat *nat)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSWITCH_A_CT_NAT);

	put_flag(nlh, VSWITCH_A_NAT_SOURCE, nat->source);
	put_flag(nlh, VSWITCH_A_NAT_DEST, nat->dest);
	if (nat->ip_size) {
		mnl_attr_put(nlh, VSWITCH_A_NAT_IP_MIN, nat->ip_size, nat->ip_min);
		mnl_attr_put(nlh, VSWITCH_A_NAT_IP_MAX, nat->ip_size, nat->ip_max);
	}
	if (nat->port_min) {
		mnl_attr_put_u16(nlh, VSWITCH_A_NAT_PORT_MIN, nat->port_min);
		mnl_attr_put_u16(nlh, VSWITCH_A_NAT_PORT_MAX, nat->port_max);
	}
	put_flag(nlh, VSWITCH_A_NAT_RANDOM, nat->random);
	put_flag(nlh, VSWITCH_A_NAT_PERSISTENT, nat->persistent);
	mnl_attr_nest_end(nlh, nest);
}

void vsw_nl_put_ct(struct nlmsghdr *nlh, const struct flow_ct *ct)
{
	if (ct->zone)
		mnl_attr_put_u16(nlh, VSWITCH_A_CT_ZONE, ct->zone);
	put_flag(nlh, VSWITCH_A_CT_COMMIT, ct->commit);
	put_flag(nlh, VSWITCH_A_CT_FORCE, ct->force);
	if (ct->has_table)
		mnl_attr_put_u8(nlh, VSWITCH_A_CT_TABLE, ct->table);
	if (ct->has_mark) {
		mnl_attr_put_u32(nlh, VSWITCH_A_CT_MARK, ct->mark);
		mnl_attr_put_u32(nlh, VSWITCH_A_CT_MARK_MASK, ct->mark_mask);
	}
	if (*ct->helper)
		mnl_attr_put_strz(nlh, VSWITCH_A_CT_HELPER, ct->helper);
	if (ct->has_nat)
		put_nat(nlh, &ct->nat);
}

static int get_address(const struct nlattr *attr, struct flow_nat *nat, uint8_t *ip)
{
	size_t size = mnl_attr_get_payload_len(attr);

	if ((size != 4 && size != MODEL_IP_SIZE) || (nat->ip_size && nat->ip_size != size))
		return -EBADMSG;
	nat->ip_size = size;
	memcpy(ip, mnl_attr_get_payload(attr), size);
	return 0;
}

static int get_u16(const struct nlattr *attr, uint16_t *to)
{
	uint32_t number;
	int ret = vsw_nl_get_number(attr, sizeof(uint16_t), &number);

	if (!ret)
		*to = number;
	return ret;
}

static int get_nat_attr(const struct nlattr *attr, struct flow_nat *nat)
{
	switch (mnl_attr_get_type(attr)) {
	case VSWITCH_A_NAT_SOURCE:
		nat->source = true;
		return 0;
	case VSWITCH_A_NAT_DEST:
		nat->dest = true;
		return 0;
	case VSWITCH_A_NAT_IP_MIN:
		return get_address(attr, nat, nat->ip_min);
	case VSWITCH_A_NAT_IP_MAX:
		return get_address(attr, nat, nat->ip_max);
	case VSWITCH_A_NAT_PORT_MIN:
		return get_u16(attr, &nat->port_min);
	case VSWITCH_A_NAT_PORT_MAX:
		return get_u16(attr, &nat->port_max);
	case VSWITCH_A_NAT_RANDOM:
		nat->random = true;
		return 0;
	case VSWITCH_A_NAT_PERSISTENT:
		nat->persistent = true;
		return 0;
	}
	return -EBADMSG;		/* a newer module's */
}

static int get_nat(const struct nlattr *nest, struct flow_nat *nat)
{
	static const uint8_t none[MODEL_IP_SIZE];
	const struct nlattr *attr;
	int ret;

	mnl_attr_for_each_nested(attr, nest) {
		ret = get_nat_attr(attr, nat);
		if (ret)
			return ret;
	}
	if (!memcmp(nat->ip_max, none, sizeof(none)))
		memcpy(nat->ip_max, nat->ip_min, sizeof(nat->ip_max));
	if (!nat->port_max)
		nat->port_max = nat->port_min;
	return 0;
}

static int get_helper(const struct nlattr *attr, char name[VSWITCH_FLOW_HELPER_LEN + 1])
{
	size_t len = mnl_attr_get_payload_len(attr);
	const char *text = mnl_attr_get_payload(attr);

	if (!len || strnlen(text, len) == len || strlen(text) > VSWITCH_FLOW_HELPER_LEN)
		return -EBADMSG;
	strcpy(name, text);
	return 0;
}

static int get_attr(const struct nlattr *attr, struct flow_ct *ct)
{
	uint32_t number = 0;
	int ret;

	switch (mnl_attr_get_type(attr)) {
	case VSWITCH_A_CT_ZONE:
		return get_u16(attr, &ct->zone);
	case VSWITCH_A_CT_COMMIT:
		ct->commit = true;
		return 0;
	case VSWITCH_A_CT_FORCE:
		ct->force = true;
		return 0;
	case VSWITCH_A_CT_TABLE:
		ret = vsw_nl_get_number(attr, sizeof(uint8_t), &number);
		ct->table = number;
		ct->has_table = true;
		return ret;
	case VSWITCH_A_CT_MARK:
		ct->has_mark = true;
		return vsw_nl_get_number(attr, sizeof(uint32_t), &ct->mark);
	case VSWITCH_A_CT_MARK_MASK:
		return vsw_nl_get_number(attr, sizeof(uint32_t), &ct->mark_mask);
	case VSWITCH_A_CT_HELPER:
		return get_helper(attr, ct->helper);
	case VSWITCH_A_CT_NAT:
		ct->has_nat = true;
		return get_nat(attr, &ct->nat);
	}
	return -EBADMSG;		/* a newer module's */
}

int vsw_nl_get_ct(const struct nlattr *nest, struct flow_ct *ct)
{
	const struct nlattr *attr;
	int ret;

	ct->mark_mask = UINT32_MAX;
	mnl_attr_for_each_nested(attr, nest) {
		ret = get_attr(attr, ct);
		if (ret)
			return ret;
	}
	ct->mark &= ct->mark_mask;
	return 0;
}
