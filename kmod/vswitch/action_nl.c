// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of actions: attributes in, a program of words out, and back.
 */
#include <linux/ctype.h>

#include "flow_nl.h"

/* A flow's counters and settings have to fit beside them into one attribute. */
#define MAX_NEST	61440

#define DEFAULT_MAX_LEN	65535
#define DEFAULT_RATE	1000

static u32 words_of(size_t bytes)
{
	return DIV_ROUND_UP(bytes, sizeof(u64));
}

/* No fewer than get_action() needs for it. */
static u32 count_words(const struct nlattr *attr)
{
	switch (nla_type(attr)) {
	case VSWITCH_A_ACTION_DROP:
		return words_of(sizeof(struct vsw_action_drop) + nla_len(attr) + 1);
	case VSWITCH_A_ACTION_SET:
		return words_of(sizeof(struct vsw_action_set));
	case VSWITCH_A_ACTION_MOVE:
	case VSWITCH_A_ACTION_OUTPUT_FIELD:
		return words_of(sizeof(struct vsw_action_move));
	case VSWITCH_A_ACTION_SAMPLE:
		return words_of(sizeof(struct vsw_action_sample));
	case VSWITCH_A_ACTION_MIRROR:
		return words_of(sizeof(struct vsw_action_mirror));
	case VSWITCH_A_ACTION_LEARN:
		return vsw_nl_learn_words(attr);
	case VSWITCH_A_ACTION_METER:
		return words_of(sizeof(struct vsw_action_meter));
	case VSWITCH_A_ACTION_CONTROLLER:
		return words_of(sizeof(struct vsw_action_controller) + nla_len(attr));
	case VSWITCH_A_ACTION_CT:
		return words_of(sizeof(struct vsw_action_ct));
	default:
		return words_of(sizeof(struct vsw_action));
	}
}

static int get_drop(const struct nlattr *attr, struct vsw_action *action,
		    struct netlink_ext_ack *extack)
{
	struct vsw_action_drop *drop = container_of(action, struct vsw_action_drop, action);
	const char *label = nla_data(attr);
	size_t len = strnlen(label, nla_len(attr)), i;

	for (i = 0; i < len; i++) {
		if (!isascii(label[i]) || !isprint(label[i]))
			return vsw_nl_refuse(attr, "a label is of printable ASCII characters",
					     extack);
	}
	memcpy(drop->label, label, len);
	action->small = len;
	action->words = words_of(sizeof(*drop) + len + 1);
	return 0;
}

static int get_set(const struct nlattr *nest, struct vsw_action *action,
		   struct netlink_ext_ack *extack)
{
	struct vsw_action_set *set = container_of(action, struct vsw_action_set, action);
	const struct nlattr *attr = nla_data(nest);
	int rem = nla_len(nest);
	const struct vsw_field *field;

	action->words = words_of(sizeof(*set));
	if (!nla_ok(attr, rem))
		return vsw_nl_refuse(nest, "say which field to set", extack);
	field = vsw_field(nla_type(attr));
	if (!field)
		return vsw_nl_refuse(attr, "there is no such field", extack);
	action->small = nla_type(attr);
	attr = nla_next(attr, &rem);
	if (nla_ok(attr, rem))
		return vsw_nl_refuse(attr, "one action sets one field", extack);
	return vsw_nl_get_field(nla_data(nest), field, set->value, set->mask, extack);
}

static int get_move(const struct nlattr *nest, struct vsw_action *action,
		    struct netlink_ext_ack *extack)
{
	struct vsw_action_move *move = container_of(action, struct vsw_action_move, action);
	const struct nlattr *attr;
	int rem, err;

	action->words = words_of(sizeof(*move));
	err = vsw_nl_check_attrs_once(nla_data(nest), nla_len(nest), extack);
	if (err)
		return err;
	nla_for_each_nested(attr, nest, rem) {
		if (action->type == VSWITCH_A_ACTION_OUTPUT_FIELD &&
		    (nla_type(attr) == VSWITCH_A_MOVE_DST ||
		     nla_type(attr) == VSWITCH_A_MOVE_DST_OFFSET))
			return vsw_nl_refuse(attr, "an output writes to no field", extack);
		switch (nla_type(attr)) {
		case VSWITCH_A_MOVE_SRC:
			move->src = nla_get_u8(attr);
			break;
		case VSWITCH_A_MOVE_SRC_OFFSET:
			move->src_offset = nla_get_u16(attr);
			break;
		case VSWITCH_A_MOVE_DST:
			move->dst = nla_get_u8(attr);
			break;
		case VSWITCH_A_MOVE_DST_OFFSET:
			move->dst_offset = nla_get_u16(attr);
			break;
		case VSWITCH_A_MOVE_BITS:
			action->value = nla_get_u16(attr);
			break;
		}
	}
	if (action->type == VSWITCH_A_ACTION_OUTPUT_FIELD) {
		if (!move->src || !action->value)
			return vsw_nl_refuse(nest, "say which field, and how many bits of it",
					     extack);
		return action->value > 32 ? vsw_nl_refuse(nest, "a port's number is of 1 to 32 bits",
							  extack) : 0;
	}
	/* No field is 0. */
	if (!move->src || !move->dst || !action->value)
		return vsw_nl_refuse(nest, "say from which field to which, and how many bits",
				     extack);
	return 0;
}

static int get_resubmit(const struct nlattr *nest, struct vsw_action *action,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, err;

	action->words = words_of(sizeof(*action));
	err = vsw_nl_check_attrs_once(nla_data(nest), nla_len(nest), extack);
	if (err)
		return err;
	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) == VSWITCH_A_RESUBMIT_PORT) {
			action->flags |= VSW_RESUBMIT_PORT;
			action->value = nla_get_u32(attr);
		} else {
			action->flags |= VSW_RESUBMIT_TABLE;
			action->small = nla_get_u8(attr);
		}
	}
	if (!action->flags)
		return vsw_nl_refuse(nest, "say with which port, to which table, or both",
				     extack);
	return 0;
}

static int get_sample(const struct nlattr *nest, struct vsw_action *action,
		      struct netlink_ext_ack *extack)
{
	struct vsw_action_sample *sample;
	const struct nlattr *attr;
	int rem, err;

	sample = container_of(action, struct vsw_action_sample, action);
	action->words = words_of(sizeof(*sample));
	err = vsw_nl_check_attrs_once(nla_data(nest), nla_len(nest), extack);
	if (err)
		return err;
	nla_for_each_nested(attr, nest, rem) {
		switch (nla_type(attr)) {
		case VSWITCH_A_SAMPLE_RATE:
			action->value = nla_get_u32(attr);
			break;
		case VSWITCH_A_SAMPLE_GROUP:
			sample->group_number = nla_get_u32(attr);
			break;
		case VSWITCH_A_SAMPLE_MAX_LEN:
			sample->max_len = nla_get_u32(attr);
			break;
		}
	}
	if (!action->value)
		return vsw_nl_refuse(nest, "say of how many packets one is sampled", extack);
	return 0;
}

static int get_mirror(const struct nlattr *attr, struct vsw_action *action,
		      struct netlink_ext_ack *extack)
{
	struct vsw_action_mirror *mirror;

	mirror = container_of(action, struct vsw_action_mirror, action);
	action->words = words_of(sizeof(*mirror));
	nla_strscpy(mirror->name, attr, sizeof(mirror->name));
	/* No mirror is called otherwise, and no flow may wait in a bundle for one that is. */
	if (!dev_valid_name(mirror->name))
		return vsw_nl_refuse(attr, "not a name: 1 to 15 characters, no blank, '/' or ':'",
				     extack);
	return 0;
}

static int get_userdata(const struct nlattr *attr, struct vsw_action_controller *controller,
			struct netlink_ext_ack *extack)
{
	if (nla_len(attr) > VSWITCH_FLOW_USERDATA_LEN)
		return vsw_nl_refuse(attr, "userdata is 64 bytes at most", extack);
	memcpy(controller->userdata, nla_data(attr), nla_len(attr));
	controller->action.small = nla_len(attr);
	return 0;
}

static int get_controller(const struct nlattr *nest, struct vsw_action *action,
			  struct netlink_ext_ack *extack)
{
	struct vsw_action_controller *controller;
	const struct nlattr *attr;
	int rem, err;

	controller = container_of(action, struct vsw_action_controller, action);
	action->value = DEFAULT_MAX_LEN;
	controller->rate = DEFAULT_RATE;
	err = vsw_nl_check_attrs_once(nla_data(nest), nla_len(nest), extack);
	nla_for_each_nested(attr, nest, rem) {
		if (err)
			return err;
		switch (nla_type(attr)) {
		case VSWITCH_A_CONTROLLER_MAX_LEN:
			action->value = nla_get_u32(attr);
			break;
		case VSWITCH_A_CONTROLLER_RATE:
			controller->rate = nla_get_u32(attr);
			break;
		case VSWITCH_A_CONTROLLER_USERDATA:
			err = get_userdata(attr, controller, extack);
			break;
		}
	}
	action->words = words_of(sizeof(*controller) + action->small);
	return err;
}

/* The action that @attr says, at @action, where all is 0 as far as count_words() said. */
static int get_action(const struct nlattr *attr, struct vsw_action *action,
		      struct netlink_ext_ack *extack)
{
	action->type = nla_type(attr);
	action->words = words_of(sizeof(*action));
	switch (action->type) {
	case VSWITCH_A_ACTION_DROP:
		return get_drop(attr, action, extack);
	case VSWITCH_A_ACTION_SET:
		return get_set(attr, action, extack);
	case VSWITCH_A_ACTION_MOVE:
	case VSWITCH_A_ACTION_OUTPUT_FIELD:
		return get_move(attr, action, extack);
	case VSWITCH_A_ACTION_SAMPLE:
		return get_sample(attr, action, extack);
	case VSWITCH_A_ACTION_LEARN:
		return vsw_nl_get_learn(attr, action, extack);
	case VSWITCH_A_ACTION_MIRROR:
		return get_mirror(attr, action, extack);
	case VSWITCH_A_ACTION_RESUBMIT:
		return get_resubmit(attr, action, extack);
	case VSWITCH_A_ACTION_CONTROLLER:
		return get_controller(attr, action, extack);
	case VSWITCH_A_ACTION_CT:
		return vsw_nl_get_ct(attr, action, extack);
	case VSWITCH_A_ACTION_PUSH_VLAN:
		action->value = nla_get_u16(attr);
		return 0;
	case VSWITCH_A_ACTION_GOTO:
		action->small = nla_get_u8(attr);
		return 0;
	case VSWITCH_A_ACTION_POP_VLAN:
	case VSWITCH_A_ACTION_DEC_TTL:
	case VSWITCH_A_ACTION_REJECT:
		return 0;
	case VSWITCH_A_ACTION_METER:
		action->words = words_of(sizeof(struct vsw_action_meter));
		fallthrough;
	case VSWITCH_A_ACTION_OUTPUT:
	case VSWITCH_A_ACTION_PRIORITY:
	case VSWITCH_A_ACTION_GROUP:
	case VSWITCH_A_ACTION_TRUNCATE:
		action->value = nla_get_u32(attr);
		return 0;
	default:
		return vsw_nl_refuse(attr, "there is no such action", extack);
	}
}

/*
 * What is wrong with @attr at its place, with @rem bytes from there on, is so for any flow:
 * said here, it is said even when no flow is meant.
 */
static int check_place(const struct nlattr *attr, int rem, bool is_first,
		       struct netlink_ext_ack *extack)
{
	bool is_last = NLA_ALIGN(attr->nla_len) >= rem;

	if (nla_type(attr) == VSWITCH_A_ACTION_DROP && !(is_first && is_last))
		return vsw_nl_refuse(attr, "drop is the only action of a flow that has it",
				     extack);
	if (nla_type(attr) == VSWITCH_A_ACTION_GOTO && !is_last)
		return vsw_nl_refuse(attr, "goto is the last action of a flow that has it",
				     extack);
	if (nla_type(attr) == VSWITCH_A_ACTION_REJECT && !is_last)
		return vsw_nl_refuse(attr, "reject is the last action of a flow that has it",
				     extack);
	return 0;
}

int vsw_nl_get_actions(const struct nlattr *nest, struct vsw_actions **actions,
		       struct netlink_ext_ack *extack)
{
	struct vsw_actions *made;
	const struct nlattr *attr;
	u32 words = 0;
	int rem, err;

	if (nest) {
		nla_for_each_nested(attr, nest, rem)
			words += count_words(attr);
	}
	if (words > VSW_ACTIONS_WORDS_MAX || (nest && nla_len(nest) > MAX_NEST))
		return vsw_nl_refuse(nest, "too many actions for one flow", extack);
	made = vsw_actions_alloc(words);
	if (!made)
		return -ENOMEM;
	made->words = 0;
	if (nest) {
		nla_for_each_nested(attr, nest, rem) {
			struct vsw_action *action = (void *)(made->program + made->words);

			err = check_place(attr, rem, !made->words, extack) ?:
			      get_action(attr, action, extack);
			if (err) {
				vsw_actions_free(made);
				return err;
			}
			made->words += action->words;
		}
	}
	*actions = made;
	return 0;
}

static int put_set(struct sk_buff *skb, const struct vsw_action *action)
{
	const struct vsw_action_set *set = container_of(action, struct vsw_action_set, action);

	return vsw_nl_put_field(skb, action->small, vsw_field(action->small), set->value,
				set->mask);
}

static int put_move(struct sk_buff *skb, const struct vsw_action *action)
{
	const struct vsw_action_move *move;

	move = container_of(action, struct vsw_action_move, action);
	if (nla_put_u8(skb, VSWITCH_A_MOVE_SRC, move->src) ||
	    (move->src_offset &&
	     nla_put_u16(skb, VSWITCH_A_MOVE_SRC_OFFSET, move->src_offset)) ||
	    nla_put_u8(skb, VSWITCH_A_MOVE_DST, move->dst) ||
	    (move->dst_offset &&
	     nla_put_u16(skb, VSWITCH_A_MOVE_DST_OFFSET, move->dst_offset)) ||
	    nla_put_u16(skb, VSWITCH_A_MOVE_BITS, action->value))
		return -EMSGSIZE;
	return 0;
}

static int put_output_field(struct sk_buff *skb, const struct vsw_action *action)
{
	const struct vsw_action_move *move;

	move = container_of(action, struct vsw_action_move, action);
	if (nla_put_u8(skb, VSWITCH_A_MOVE_SRC, move->src) ||
	    (move->src_offset &&
	     nla_put_u16(skb, VSWITCH_A_MOVE_SRC_OFFSET, move->src_offset)) ||
	    nla_put_u16(skb, VSWITCH_A_MOVE_BITS, action->value))
		return -EMSGSIZE;
	return 0;
}

static int put_sample(struct sk_buff *skb, const struct vsw_action *action)
{
	const struct vsw_action_sample *sample;

	sample = container_of(action, struct vsw_action_sample, action);
	if (nla_put_u32(skb, VSWITCH_A_SAMPLE_RATE, action->value) ||
	    (sample->group_number &&
	     nla_put_u32(skb, VSWITCH_A_SAMPLE_GROUP, sample->group_number)) ||
	    (sample->max_len &&
	     nla_put_u32(skb, VSWITCH_A_SAMPLE_MAX_LEN, sample->max_len)))
		return -EMSGSIZE;
	return 0;
}

static int put_resubmit(struct sk_buff *skb, const struct vsw_action *action)
{
	if ((action->flags & VSW_RESUBMIT_PORT) &&
	    nla_put_u32(skb, VSWITCH_A_RESUBMIT_PORT, action->value))
		return -EMSGSIZE;
	if ((action->flags & VSW_RESUBMIT_TABLE) &&
	    nla_put_u8(skb, VSWITCH_A_RESUBMIT_TABLE, action->small))
		return -EMSGSIZE;
	return 0;
}

static int put_controller(struct sk_buff *skb, const struct vsw_action *action)
{
	const struct vsw_action_controller *controller;

	controller = container_of(action, struct vsw_action_controller, action);
	if ((action->value != DEFAULT_MAX_LEN &&
	     nla_put_u32(skb, VSWITCH_A_CONTROLLER_MAX_LEN, action->value)) ||
	    (controller->rate != DEFAULT_RATE &&
	     nla_put_u32(skb, VSWITCH_A_CONTROLLER_RATE, controller->rate)) ||
	    (action->small &&
	     nla_put(skb, VSWITCH_A_CONTROLLER_USERDATA, action->small, controller->userdata)))
		return -EMSGSIZE;
	return 0;
}

static int put_nested(struct sk_buff *skb, const struct vsw_action *action,
		      int (*put)(struct sk_buff *skb, const struct vsw_action *action))
{
	struct nlattr *nest = nla_nest_start(skb, action->type);

	if (!nest || put(skb, action))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_action(struct sk_buff *skb, const struct vsw_action *action)
{
	switch (action->type) {
	case VSWITCH_A_ACTION_DROP:
		return nla_put_string(skb, action->type,
				      container_of(action, struct vsw_action_drop,
						   action)->label);
	case VSWITCH_A_ACTION_SET:
		return put_nested(skb, action, put_set);
	case VSWITCH_A_ACTION_MOVE:
		return put_nested(skb, action, put_move);
	case VSWITCH_A_ACTION_OUTPUT_FIELD:
		return put_nested(skb, action, put_output_field);
	case VSWITCH_A_ACTION_SAMPLE:
		return put_nested(skb, action, put_sample);
	case VSWITCH_A_ACTION_LEARN:
		return put_nested(skb, action, vsw_nl_put_learn);
	case VSWITCH_A_ACTION_MIRROR:
		return nla_put_string(skb, action->type,
				      container_of(action, struct vsw_action_mirror,
						   action)->name);
	case VSWITCH_A_ACTION_RESUBMIT:
		return put_nested(skb, action, put_resubmit);
	case VSWITCH_A_ACTION_CONTROLLER:
		return put_nested(skb, action, put_controller);
	case VSWITCH_A_ACTION_CT:
		return put_nested(skb, action, vsw_nl_put_ct);
	case VSWITCH_A_ACTION_PUSH_VLAN:
		return nla_put_u16(skb, action->type, action->value);
	case VSWITCH_A_ACTION_GOTO:
		return nla_put_u8(skb, action->type, action->small);
	case VSWITCH_A_ACTION_POP_VLAN:
	case VSWITCH_A_ACTION_DEC_TTL:
	case VSWITCH_A_ACTION_REJECT:
		return nla_put_flag(skb, action->type);
	default:
		return nla_put_u32(skb, action->type, action->value);
	}
}

int vsw_nl_put_one_action(struct sk_buff *skb, int attr, const struct vsw_action *action)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest)
		return -EMSGSIZE;
	if (put_action(skb, action)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int vsw_nl_put_actions(struct sk_buff *skb, int attr, const struct vsw_actions *actions)
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	const struct vsw_action *action;

	if (!nest)
		return -EMSGSIZE;
	vsw_for_each_action(action, actions) {
		if (put_action(skb, action)) {
			nla_nest_cancel(skb, nest);
			return -EMSGSIZE;
		}
	}
	nla_nest_end(skb, nest);
	return 0;
}
