// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of the action learn.
 */
#include "flow_nl.h"
#include "learn.h"

#define WORDS_OF(type)	((u32)(sizeof(type) / sizeof(u64)))

u32 vsw_nl_learn_words(const struct nlattr *nest)
{
	const struct nlattr *attr;
	u32 words = WORDS_OF(struct vsw_action_learn);
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) == VSWITCH_A_LEARN_SPEC)
			words += WORDS_OF(struct vsw_learn_spec);
	}
	return words;
}

static int get_value(const struct nlattr *attr, struct vsw_learn_spec *spec,
		     struct netlink_ext_ack *extack)
{
	const struct vsw_field *field = vsw_field(spec->dst);

	if (spec->src)
		return vsw_nl_refuse(attr, "bits are learned from a field or of a value, not both",
				     extack);
	if (!field || nla_len(attr) != field->size)
		return vsw_nl_refuse(attr, "a value is as long as the field", extack);
	memcpy(spec->value, nla_data(attr), field->size);
	return 0;
}

/* Whether what there is of @spec is enough. */
static int complete_spec(const struct nlattr *nest, const struct nlattr *value,
			 struct vsw_learn_spec *spec, struct netlink_ext_ack *extack)
{
	if (!spec->bits || (!spec->src && !value))
		return vsw_nl_refuse(nest, "say from what to learn, and how many bits", extack);
	if (!spec->src && spec->src_offset)
		return vsw_nl_refuse(nest, "a value is learned from its lowest bit on", extack);
	if (spec->kind == VSWITCH_LEARN_KIND_OUTPUT) {
		if (spec->dst || spec->dst_offset || value)
			return vsw_nl_refuse(nest, "a learned flow's output is to the port in a field",
					     extack);
		return spec->bits > 32 ? vsw_nl_refuse(nest, "a port's number is of 1 to 32 bits",
						       extack) : 0;
	}
	if (!vsw_field(spec->dst))
		return vsw_nl_refuse(nest, "there is no such field", extack);
	/* What the lesson has of it has to be in its place. */
	if (spec->dst_offset + spec->bits > vsw_field(spec->dst)->bits)
		return vsw_nl_refuse(nest, "the field has less bits than that", extack);
	return value ? get_value(value, spec, extack) : 0;
}

static int get_field(const struct nlattr *attr, u8 *number, struct netlink_ext_ack *extack)
{
	*number = nla_get_u8(attr);
	return vsw_field(*number) ? 0 : vsw_nl_refuse(attr, "there is no such field", extack);
}

static int get_spec(const struct nlattr *nest, struct vsw_learn_spec *spec,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr, *value = NULL;
	int rem, err;

	err = vsw_nl_check_attrs_once(nla_data(nest), nla_len(nest), extack);
	nla_for_each_nested(attr, nest, rem) {
		if (err)
			return err;
		switch (nla_type(attr)) {
		case VSWITCH_A_LEARN_SPEC_KIND:
			spec->kind = nla_get_u8(attr);
			break;
		case VSWITCH_A_LEARN_SPEC_SRC:
			err = get_field(attr, &spec->src, extack);
			break;
		case VSWITCH_A_LEARN_SPEC_SRC_OFFSET:
			spec->src_offset = nla_get_u16(attr);
			break;
		case VSWITCH_A_LEARN_SPEC_VALUE:
			value = attr;
			break;
		case VSWITCH_A_LEARN_SPEC_DST:
			err = get_field(attr, &spec->dst, extack);
			break;
		case VSWITCH_A_LEARN_SPEC_DST_OFFSET:
			spec->dst_offset = nla_get_u16(attr);
			break;
		case VSWITCH_A_LEARN_SPEC_BITS:
			spec->bits = nla_get_u16(attr);
			break;
		}
	}
	return err ?: complete_spec(nest, value, spec, extack);
}

static int get_attr(const struct nlattr *attr, struct vsw_action_learn *learn,
		    struct netlink_ext_ack *extack)
{
	switch (nla_type(attr)) {
	case VSWITCH_A_LEARN_TABLE:
		learn->action.small = nla_get_u8(attr);
		return 0;
	case VSWITCH_A_LEARN_PRIORITY:
		learn->priority = nla_get_u16(attr);
		return 0;
	case VSWITCH_A_LEARN_COOKIE:
		learn->cookie = nla_get_u64(attr);
		return 0;
	case VSWITCH_A_LEARN_IDLE_TIMEOUT:
		learn->idle_timeout = nla_get_u32(attr);
		return 0;
	case VSWITCH_A_LEARN_HARD_TIMEOUT:
		learn->hard_timeout = nla_get_u32(attr);
		return 0;
	case VSWITCH_A_LEARN_LIMIT:
		learn->action.value = nla_get_u32(attr);
		return 0;
	default:
		if (learn->specs >= VSW_LEARN_SPECS_MAX)
			return vsw_nl_refuse(attr, "one action learns 32 things at most", extack);
		return get_spec(attr, &learn->spec[learn->specs++], extack);
	}
}

int vsw_nl_get_learn(const struct nlattr *nest, struct vsw_action *action,
		     struct netlink_ext_ack *extack)
{
	struct vsw_action_learn *learn = container_of(action, struct vsw_action_learn, action);
	const struct nlattr *attr;
	unsigned long seen = 0;
	int rem, err;

	learn->priority = VSWITCH_FLOW_PRIORITY;
	action->value = VSW_LEARN_LIMIT;
	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != VSWITCH_A_LEARN_SPEC &&
		    __test_and_set_bit(nla_type(attr), &seen))
			return vsw_nl_refuse(attr, "an attribute is there twice", extack);
		err = get_attr(attr, learn, extack);
		if (err)
			return err;
	}
	if (!learn->specs)
		return vsw_nl_refuse(nest, "say what to learn", extack);
	action->words = WORDS_OF(struct vsw_action_learn);
	action->words += learn->specs * WORDS_OF(struct vsw_learn_spec);
	vsw_lesson_shape(learn);
	return 0;
}

static int put_spec(struct sk_buff *skb, const struct vsw_learn_spec *spec)
{
	struct nlattr *nest = nla_nest_start(skb, VSWITCH_A_LEARN_SPEC);

	if (!nest || nla_put_u8(skb, VSWITCH_A_LEARN_SPEC_KIND, spec->kind))
		return -EMSGSIZE;
	if (spec->src) {
		if (nla_put_u8(skb, VSWITCH_A_LEARN_SPEC_SRC, spec->src) ||
		    (spec->src_offset &&
		     nla_put_u16(skb, VSWITCH_A_LEARN_SPEC_SRC_OFFSET, spec->src_offset)))
			return -EMSGSIZE;
	} else if (nla_put(skb, VSWITCH_A_LEARN_SPEC_VALUE, vsw_field(spec->dst)->size,
			   spec->value)) {
		return -EMSGSIZE;
	}
	if ((spec->dst && nla_put_u8(skb, VSWITCH_A_LEARN_SPEC_DST, spec->dst)) ||
	    (spec->dst_offset &&
	     nla_put_u16(skb, VSWITCH_A_LEARN_SPEC_DST_OFFSET, spec->dst_offset)) ||
	    nla_put_u16(skb, VSWITCH_A_LEARN_SPEC_BITS, spec->bits))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_settings(struct sk_buff *skb, const struct vsw_action_learn *learn)
{
	if ((learn->action.small &&
	     nla_put_u8(skb, VSWITCH_A_LEARN_TABLE, learn->action.small)) ||
	    (learn->priority != VSWITCH_FLOW_PRIORITY &&
	     nla_put_u16(skb, VSWITCH_A_LEARN_PRIORITY, learn->priority)) ||
	    (learn->cookie &&
	     nla_put(skb, VSWITCH_A_LEARN_COOKIE, sizeof(u64), &learn->cookie)) ||
	    (learn->idle_timeout &&
	     nla_put_u32(skb, VSWITCH_A_LEARN_IDLE_TIMEOUT, learn->idle_timeout)) ||
	    (learn->hard_timeout &&
	     nla_put_u32(skb, VSWITCH_A_LEARN_HARD_TIMEOUT, learn->hard_timeout)) ||
	    (learn->action.value != VSW_LEARN_LIMIT &&
	     nla_put_u32(skb, VSWITCH_A_LEARN_LIMIT, learn->action.value)))
		return -EMSGSIZE;
	return 0;
}

int vsw_nl_put_learn(struct sk_buff *skb, const struct vsw_action *action)
{
	const struct vsw_action_learn *learn;
	unsigned int i;

	learn = container_of(action, struct vsw_action_learn, action);
	if (put_settings(skb, learn))
		return -EMSGSIZE;
	for (i = 0; i < learn->specs; i++) {
		if (put_spec(skb, &learn->spec[i]))
			return -EMSGSIZE;
	}
	return 0;
}
