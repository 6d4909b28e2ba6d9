// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of matches, of which the attributes are the fields of a packet.
 */
#include "flow_nl.h"

#define MAX_FIELD 16

/* Addresses of IPv4 and IPv6, of which those of one lie where those of the other do. */
#define SHARED	(BIT_ULL(VSWITCH_A_MATCH_IPV4_SRC) | BIT_ULL(VSWITCH_A_MATCH_IPV4_DST) |	\
		 BIT_ULL(VSWITCH_A_MATCH_IPV6_SRC) | BIT_ULL(VSWITCH_A_MATCH_IPV6_DST) |	\
		 BIT_ULL(VSWITCH_A_MATCH_CT_IPV4_SRC) | BIT_ULL(VSWITCH_A_MATCH_CT_IPV4_DST) |	\
		 BIT_ULL(VSWITCH_A_MATCH_CT_IPV6_SRC) | BIT_ULL(VSWITCH_A_MATCH_CT_IPV6_DST))

/* All bits that @field has. */
static void whole_field(const struct vsw_field *field, u8 *mask)
{
	bool is_little = !field->is_network && IS_ENABLED(CONFIG_CPU_LITTLE_ENDIAN);
	unsigned int left = field->bits, i;

	if (left == field->size * 8u) {
		memset(mask, 0xff, field->size);
		return;
	}
	for (i = 0; i < field->size; i++) {
		unsigned int bits = min(left, 8u);

		mask[is_little ? i : field->size - 1 - i] = GENMASK(bits, 0) >> 1;
		left -= bits;
	}
}

/* Whether @bits are all in @of. */
static bool is_within(const u8 *bits, const u8 *of, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < size; i++) {
		if (bits[i] & ~of[i])
			return false;
	}
	return true;
}

static int get_mask(const struct nlattr *attr, const struct vsw_field *field,
		    const u8 *value, u8 *mask, struct netlink_ext_ack *extack)
{
	unsigned int size = field->size;
	u8 whole[MAX_FIELD];

	whole_field(field, mask);
	if (nla_len(attr) == 2 * size) {
		memcpy(whole, mask, size);
		memcpy(mask, nla_data(attr) + size, size);
		if (!is_within(mask, whole, size))
			return vsw_nl_refuse(attr, "the mask has bits that the field has not",
					     extack);
		if (!field->is_maskable && memcmp(mask, whole, size))
			return vsw_nl_refuse(attr,
					     "this field is matched as a whole, it takes no mask",
					     extack);
		if (!memchr_inv(mask, 0, size))
			return vsw_nl_refuse(attr, "a mask of no bits says nothing", extack);
	}
	if (!is_within(value, mask, size))
		return vsw_nl_refuse(attr, "the value has bits that its mask, or the field, has not",
				     extack);
	return 0;
}

int vsw_nl_get_field(const struct nlattr *attr, const struct vsw_field *field, u8 *value,
		     u8 *mask, struct netlink_ext_ack *extack)
{
	if (nla_len(attr) != field->size && nla_len(attr) != 2 * field->size)
		return vsw_nl_refuse(attr,
				     "a value is as long as its field, and so is a mask behind it",
				     extack);
	memcpy(value, nla_data(attr), field->size);
	return get_mask(attr, field, value, mask, extack);
}

static int get_range(const struct nlattr *attr, struct vsw_port_range *range,
		     struct netlink_ext_ack *extack)
{
	const u8 *ports = nla_data(attr);

	range->min = get_unaligned_be16(ports);
	range->max = get_unaligned_be16(ports + sizeof(__be16));
	if (range->min > range->max)
		return vsw_nl_refuse(attr, "the range ends before it begins", extack);
	return 0;
}

/* A range of one port is that port, so that there is only one way to say it. */
static void simplify_range(struct vsw_port_range *range, __be16 *value, __be16 *mask)
{
	if (range->min != range->max)
		return;
	*value = htons(range->min);
	*mask = htons(U16_MAX);
	*range = (struct vsw_port_range) { .max = U16_MAX };
}

static int get_attr(const struct nlattr *attr, struct vsw_match *match,
		    struct netlink_ext_ack *extack)
{
	const struct vsw_field *field;

	switch (nla_type(attr)) {
	case VSWITCH_A_MATCH_TP_SRC_RANGE:
		return get_range(attr, &match->tp_src, extack);
	case VSWITCH_A_MATCH_TP_DST_RANGE:
		return get_range(attr, &match->tp_dst, extack);
	default:
		field = vsw_field(nla_type(attr));
		if (!field)
			return vsw_nl_refuse(attr, "there is no such field", extack);
		return vsw_nl_get_field(attr, field, (u8 *)&match->key + field->offset,
					(u8 *)&match->mask + field->offset, extack);
	}
}

static int check_needs(u64 numbers, const struct vsw_match *match,
		       struct netlink_ext_ack *extack)
{
	int err = 0;

	for (; numbers && !err; numbers &= numbers - 1)
		err = vsw_field_check_needs(__ffs64(numbers), &match->key, &match->mask, extack);
	return err;
}

/*
 * @seen are the attributes that were there. A port and its range are two ways to say one
 * thing; what lies at one place, or is a range, has to be asked for by itself.
 */
static int check_match(struct vsw_match *match, u64 seen, struct netlink_ext_ack *extack)
{
	bool src = seen & BIT_ULL(VSWITCH_A_MATCH_TP_SRC_RANGE);
	bool dst = seen & BIT_ULL(VSWITCH_A_MATCH_TP_DST_RANGE);
	u64 asked = seen & SHARED;

	if ((src && (seen & BIT_ULL(VSWITCH_A_MATCH_TP_SRC))) ||
	    (dst && (seen & BIT_ULL(VSWITCH_A_MATCH_TP_DST)))) {
		NL_SET_ERR_MSG(extack, "a port is matched by its value or by a range");
		return -EINVAL;
	}
	if (src) {
		simplify_range(&match->tp_src, &match->key.tp_src, &match->mask.tp_src);
		asked |= BIT_ULL(VSWITCH_A_MATCH_TP_SRC);
	}
	if (dst) {
		simplify_range(&match->tp_dst, &match->key.tp_dst, &match->mask.tp_dst);
		asked |= BIT_ULL(VSWITCH_A_MATCH_TP_DST);
	}
	return vsw_field_check_match(&match->key, &match->mask, extack) ?:
	       check_needs(asked, match, extack);
}

int vsw_nl_get_match(const struct nlattr *nest, struct vsw_match *match,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u64 seen = 0;
	int rem, err;

	BUILD_BUG_ON(VSWITCH_A_MATCH_MAX >= 64);

	memset(match, 0, sizeof(*match));
	match->tp_src.max = U16_MAX;
	match->tp_dst.max = U16_MAX;
	if (!nest)
		return 0;
	nla_for_each_nested(attr, nest, rem) {
		u64 bit = BIT_ULL(nla_type(attr) & 63);

		if (seen & bit)
			return vsw_nl_refuse(attr, "the field is given twice", extack);
		seen |= bit;
		err = get_attr(attr, match, extack);
		if (err)
			return err;
	}
	err = check_match(match, seen, extack);
	if (err && extack && !extack->bad_attr)
		extack->bad_attr = nest;
	return err;
}

int vsw_nl_put_field(struct sk_buff *skb, int attr, const struct vsw_field *field,
		     const u8 *value, const u8 *mask)
{
	u8 both[2 * MAX_FIELD];
	bool is_whole;

	whole_field(field, both);
	is_whole = !memcmp(mask, both, field->size);
	memcpy(both, value, field->size);
	if (is_whole)
		return nla_put(skb, attr, field->size, both);
	memcpy(both + field->size, mask, field->size);
	return nla_put(skb, attr, 2 * field->size, both);
}

static int put_range(struct sk_buff *skb, int attr, const struct vsw_port_range *range)
{
	__be16 ports[] = { htons(range->min), htons(range->max) };

	if (!range->min && range->max == U16_MAX)
		return 0;
	return nla_put(skb, attr, sizeof(ports), ports);
}

static int put_fields(struct sk_buff *skb, const struct vsw_match *match)
{
	unsigned int number;

	for (number = 1; number < VSWITCH_A_MATCH_TP_SRC_RANGE; number++) {
		const struct vsw_field *field = vsw_field(number);
		const u8 *mask;

		if (!field)
			continue;
		mask = (const u8 *)&match->mask + field->offset;
		if (!memchr_inv(mask, 0, field->size))
			continue;
		/* Of those that lie there, the one that the packets have. */
		if ((BIT_ULL(number) & SHARED) &&
		    vsw_field_check_needs(number, &match->key, &match->mask, NULL))
			continue;
		if (vsw_nl_put_field(skb, number, field,
				     (const u8 *)&match->key + field->offset, mask))
			return -EMSGSIZE;
	}
	return 0;
}

int vsw_nl_put_match(struct sk_buff *skb, int attr, const struct vsw_match *match)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest)
		return -EMSGSIZE;
	if (put_fields(skb, match) ||
	    put_range(skb, VSWITCH_A_MATCH_TP_SRC_RANGE, &match->tp_src) ||
	    put_range(skb, VSWITCH_A_MATCH_TP_DST_RANGE, &match->tp_dst)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}
