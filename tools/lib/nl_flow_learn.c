// SPDX-License-Identifier: GPL-2.0
/* The action learn <-> netlink attributes. */
#include <errno.h>

#include <libmnl/libmnl.h>

#include "nl_flow_codec.h"

#define HEADER	MNL_ALIGN(sizeof(struct nlattr))

size_t vsw_nl_learn_size(const struct flow_learn *learn)
{
	/* each spec has seven attributes at most, and each of the settings eight bytes */
	return 6 * (HEADER + sizeof(uint64_t)) +
	       learn->n * (HEADER + 6 * (HEADER + sizeof(uint32_t)) + HEADER + FLOW_FIELD_SIZE);
}

static void put_spec(struct nlmsghdr *nlh, const struct flow_learn_spec *spec)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, VSWITCH_A_LEARN_SPEC);
	uint8_t value[FLOW_FIELD_SIZE];

	mnl_attr_put_u8(nlh, VSWITCH_A_LEARN_SPEC_KIND, spec->kind);
	if (spec->has_src) {
		mnl_attr_put_u8(nlh, VSWITCH_A_LEARN_SPEC_SRC, spec->src);
		mnl_attr_put_u16(nlh, VSWITCH_A_LEARN_SPEC_SRC_OFFSET, spec->src_offset);
	} else {
		flow_from_wide(spec->dst, spec->value, value);
		mnl_attr_put(nlh, VSWITCH_A_LEARN_SPEC_VALUE, flow_field_size(spec->dst), value);
	}
	if (spec->kind != VSWITCH_LEARN_KIND_OUTPUT) {
		mnl_attr_put_u8(nlh, VSWITCH_A_LEARN_SPEC_DST, spec->dst);
		mnl_attr_put_u16(nlh, VSWITCH_A_LEARN_SPEC_DST_OFFSET, spec->dst_offset);
	}
	mnl_attr_put_u16(nlh, VSWITCH_A_LEARN_SPEC_BITS, spec->bits);
	mnl_attr_nest_end(nlh, nest);
}

void vsw_nl_put_learn(struct nlmsghdr *nlh, const struct flow_learn *learn)
{
	size_t i;

	mnl_attr_put_u8(nlh, VSWITCH_A_LEARN_TABLE, learn->table);
	mnl_attr_put_u16(nlh, VSWITCH_A_LEARN_PRIORITY, learn->priority);
	if (learn->cookie)
		mnl_attr_put_u64(nlh, VSWITCH_A_LEARN_COOKIE, learn->cookie);
	if (learn->idle_timeout)
		mnl_attr_put_u32(nlh, VSWITCH_A_LEARN_IDLE_TIMEOUT, learn->idle_timeout);
	if (learn->hard_timeout)
		mnl_attr_put_u32(nlh, VSWITCH_A_LEARN_HARD_TIMEOUT, learn->hard_timeout);
	mnl_attr_put_u32(nlh, VSWITCH_A_LEARN_LIMIT, learn->limit);
	for (i = 0; i < learn->n; i++)
		put_spec(nlh, &learn->spec[i]);
}

/* The value is read when it is known of which field it is. */
static int get_spec_attr(const struct nlattr *attr, struct flow_learn_spec *spec,
			 const struct nlattr **value)
{
	uint32_t number = 0;
	int ret;

	switch (mnl_attr_get_type(attr)) {
	case VSWITCH_A_LEARN_SPEC_KIND:
		ret = vsw_nl_get_number(attr, sizeof(uint8_t), &number);
		spec->kind = number;
		return ret;
	case VSWITCH_A_LEARN_SPEC_SRC:
		ret = vsw_nl_get_number(attr, sizeof(uint8_t), &number);
		spec->src = number;
		spec->has_src = true;
		return ret;
	case VSWITCH_A_LEARN_SPEC_SRC_OFFSET:
		ret = vsw_nl_get_number(attr, sizeof(uint16_t), &number);
		spec->src_offset = number;
		return ret;
	case VSWITCH_A_LEARN_SPEC_VALUE:
		*value = attr;
		return 0;
	case VSWITCH_A_LEARN_SPEC_DST:
		ret = vsw_nl_get_number(attr, sizeof(uint8_t), &number);
		spec->dst = number;
		return ret;
	case VSWITCH_A_LEARN_SPEC_DST_OFFSET:
		ret = vsw_nl_get_number(attr, sizeof(uint16_t), &number);
		spec->dst_offset = number;
		return ret;
	case VSWITCH_A_LEARN_SPEC_BITS:
		ret = vsw_nl_get_number(attr, sizeof(uint16_t), &number);
		spec->bits = number;
		return ret;
	}
	return -EBADMSG;		/* a newer module's */
}

static bool is_within(unsigned int field, unsigned int offset, unsigned int bits)
{
	return bits && offset + bits <= flow_field_bits(field);
}

static int get_spec(const struct nlattr *nest, struct flow_learn_spec *spec)
{
	const struct nlattr *attr, *value = NULL;
	int ret;

	mnl_attr_for_each_nested(attr, nest) {
		ret = get_spec_attr(attr, spec, &value);
		if (ret)
			return ret;
	}
	if (spec->kind > VSWITCH_LEARN_KIND_OUTPUT || spec->has_src == !!value ||
	    (spec->has_src && !is_within(spec->src, spec->src_offset, spec->bits)))
		return -EBADMSG;
	if (spec->kind == VSWITCH_LEARN_KIND_OUTPUT)
		return spec->has_src ? 0 : -EBADMSG;
	if (!is_within(spec->dst, spec->dst_offset, spec->bits))
		return -EBADMSG;
	if (!value)
		return 0;
	if (mnl_attr_get_payload_len(value) != flow_field_size(spec->dst))
		return -EBADMSG;
	flow_to_wide(spec->dst, mnl_attr_get_payload(value), spec->value);
	return 0;
}

static int get_attr(const struct nlattr *attr, struct flow_learn *learn)
{
	struct flow_learn_spec *spec;
	uint32_t number = 0;
	int ret;

	switch (mnl_attr_get_type(attr)) {
	case VSWITCH_A_LEARN_TABLE:
		ret = vsw_nl_get_number(attr, sizeof(uint8_t), &number);
		learn->table = number;
		return ret;
	case VSWITCH_A_LEARN_PRIORITY:
		ret = vsw_nl_get_number(attr, sizeof(uint16_t), &number);
		learn->priority = number;
		return ret;
	case VSWITCH_A_LEARN_COOKIE:
		if (mnl_attr_get_payload_len(attr) != sizeof(uint64_t))
			return -EBADMSG;
		learn->cookie = mnl_attr_get_u64(attr);
		return 0;
	case VSWITCH_A_LEARN_IDLE_TIMEOUT:
		return vsw_nl_get_number(attr, sizeof(uint32_t), &learn->idle_timeout);
	case VSWITCH_A_LEARN_HARD_TIMEOUT:
		return vsw_nl_get_number(attr, sizeof(uint32_t), &learn->hard_timeout);
	case VSWITCH_A_LEARN_LIMIT:
		return vsw_nl_get_number(attr, sizeof(uint32_t), &learn->limit);
	case VSWITCH_A_LEARN_SPEC:
		spec = flow_learn_grow(learn);
		return spec ? get_spec(attr, spec) : -ENOMEM;
	}
	return -EBADMSG;		/* a newer module's */
}

int vsw_nl_get_learn(const struct nlattr *nest, struct flow_learn **learn)
{
	const struct nlattr *attr;
	int ret;

	*learn = flow_learn_new();
	if (!*learn)
		return -ENOMEM;
	(*learn)->table = 0;		/* the module's own default */
	mnl_attr_for_each_nested(attr, nest) {
		ret = get_attr(attr, *learn);
		if (ret)
			return ret;
	}
	return 0;
}
