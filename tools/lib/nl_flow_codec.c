// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include <libmnl/libmnl.h>

#include "nl_codec.h"
#include "nl_flow_codec.h"

#define HEADER	MNL_ALIGN(sizeof(struct nlattr))
/* Table, priority, cookie, times, importance, flags; of a bucket less. */
#define FLOW_SIZE	128

/* ---- sizes ----------------------------------------------------------------------- */

static size_t term_size(const struct flow_term *term)
{
	return HEADER + MNL_ALIGN(2 * flow_field_size(term->field));
}

size_t vsw_nl_match_size(const struct flow_match *match)
{
	size_t size = HEADER, i;

	for (i = 0; i < match->n; i++)
		size += term_size(&match->term[i]);
	return size;
}

static size_t action_size(const struct flow_action *action)
{
	switch (action->type) {
	case VSWITCH_A_ACTION_DROP:
		return HEADER + MNL_ALIGN(sizeof(action->label));
	case VSWITCH_A_ACTION_SET:
		return HEADER + term_size(&action->set);
	case VSWITCH_A_ACTION_MOVE:
		return HEADER + 5 * (HEADER + sizeof(uint32_t));
	case VSWITCH_A_ACTION_RESUBMIT:
		return HEADER + 2 * (HEADER + sizeof(uint32_t));
	case VSWITCH_A_ACTION_CONTROLLER:
		return HEADER + 2 * (HEADER + sizeof(uint32_t)) + HEADER +
		       MNL_ALIGN(action->controller.n_userdata);
	case VSWITCH_A_ACTION_CT:
		return HEADER + NL_FLOW_CT_SIZE;
	case VSWITCH_A_ACTION_LEARN:
		return HEADER + vsw_nl_learn_size(action->learn);
	case VSWITCH_A_ACTION_SAMPLE:
	case VSWITCH_A_ACTION_OUTPUT_FIELD:
		return HEADER + 3 * (HEADER + sizeof(uint32_t));
	case VSWITCH_A_ACTION_MIRROR:
		return HEADER + MNL_ALIGN(sizeof(action->mirror));
	}
	return HEADER + sizeof(uint32_t);
}

size_t vsw_nl_actions_size(const struct flow_actions *actions)
{
	size_t size = 3 * HEADER, i;	/* with that of a drop that stands for none */

	for (i = 0; i < actions->n; i++)
		size += action_size(&actions->action[i]);
	return size;
}

size_t vsw_nl_flow_size(const struct vsw_flow *flow)
{
	return FLOW_SIZE + vsw_nl_match_size(&flow->match) + vsw_nl_actions_size(&flow->actions);
}

size_t vsw_nl_bucket_size(const struct vsw_bucket *bucket)
{
	return FLOW_SIZE + vsw_nl_actions_size(&bucket->actions);
}

/* ---- match ------------------------------------------------------------------------ */

static void put_term(struct nlmsghdr *nlh, const struct flow_term *term)
{
	size_t size = flow_field_size(term->field);
	uint8_t both[2 * FLOW_FIELD_SIZE];

	memcpy(both, term->value, size);
	memcpy(both + size, term->mask, size);
	if (flow_is_range(term->field) || flow_is_exact(term))
		mnl_attr_put(nlh, term->field, size, both);
	else
		mnl_attr_put(nlh, term->field, 2 * size, both);
}

void vsw_nl_put_match(struct nlmsghdr *nlh, uint16_t attr, const struct flow_match *match)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, attr);
	size_t i;

	for (i = 0; i < match->n; i++)
		put_term(nlh, &match->term[i]);
	mnl_attr_nest_end(nlh, nest);
}

/* Its field is set. */
static int get_term(const struct nlattr *attr, struct flow_term *term)
{
	size_t size = flow_field_size(term->field), len = mnl_attr_get_payload_len(attr), i;
	const uint8_t *bytes = mnl_attr_get_payload(attr);

	if (len != size && len != 2 * size)
		return -EBADMSG;
	memcpy(term->value, bytes, size);
	if (len == size)
		flow_full_mask(term->field, term->mask);
	else
		memcpy(term->mask, bytes + size, size);
	for (i = 0; i < size; i++)
		term->value[i] &= term->mask[i];
	return 0;
}

int vsw_nl_get_match(const struct nlattr *nest, struct flow_match *match)
{
	const struct nlattr *attr;
	struct flow_term *term;
	int ret;

	mnl_attr_for_each_nested(attr, nest) {
		unsigned int field = mnl_attr_get_type(attr);

		/* What a newer module asks for can't be left out as if it did not. */
		if (!flow_field_size(field) || flow_match_find(match, field))
			return -EBADMSG;
		term = flow_match_grow(match, field);
		if (!term)
			return -ENOMEM;
		ret = get_term(attr, term);
		if (ret)
			return ret;
	}
	return 0;
}

/* ---- actions ---------------------------------------------------------------------- */

static void put_move(struct nlmsghdr *nlh, const struct flow_move *move)
{
	mnl_attr_put_u8(nlh, VSWITCH_A_MOVE_SRC, move->src);
	mnl_attr_put_u16(nlh, VSWITCH_A_MOVE_SRC_OFFSET, move->src_offset);
	if (move->dst) {
		mnl_attr_put_u8(nlh, VSWITCH_A_MOVE_DST, move->dst);
		mnl_attr_put_u16(nlh, VSWITCH_A_MOVE_DST_OFFSET, move->dst_offset);
	}
	mnl_attr_put_u16(nlh, VSWITCH_A_MOVE_BITS, move->bits);
}

static void put_resubmit(struct nlmsghdr *nlh, const struct flow_resubmit *resubmit)
{
	if (resubmit->has_port)
		mnl_attr_put_u32(nlh, VSWITCH_A_RESUBMIT_PORT, resubmit->port);
	if (resubmit->has_table)
		mnl_attr_put_u8(nlh, VSWITCH_A_RESUBMIT_TABLE, resubmit->table);
}

static void put_controller(struct nlmsghdr *nlh, const struct flow_controller *controller)
{
	mnl_attr_put_u32(nlh, VSWITCH_A_CONTROLLER_MAX_LEN, controller->max_len);
	mnl_attr_put_u32(nlh, VSWITCH_A_CONTROLLER_RATE, controller->rate);
	if (controller->n_userdata)
		mnl_attr_put(nlh, VSWITCH_A_CONTROLLER_USERDATA, controller->n_userdata,
			     controller->userdata);
}

static void put_sample(struct nlmsghdr *nlh, const struct flow_sample *sample)
{
	mnl_attr_put_u32(nlh, VSWITCH_A_SAMPLE_RATE, sample->rate);
	if (sample->group)
		mnl_attr_put_u32(nlh, VSWITCH_A_SAMPLE_GROUP, sample->group);
	if (sample->max_len != FLOW_MAX_LEN)
		mnl_attr_put_u32(nlh, VSWITCH_A_SAMPLE_MAX_LEN, sample->max_len);
}

static void put_nest(struct nlmsghdr *nlh, const struct flow_action *action)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, action->type);

	switch (action->type) {
	case VSWITCH_A_ACTION_SET:
		put_term(nlh, &action->set);
		break;
	case VSWITCH_A_ACTION_MOVE:
	case VSWITCH_A_ACTION_OUTPUT_FIELD:
		put_move(nlh, &action->move);
		break;
	case VSWITCH_A_ACTION_RESUBMIT:
		put_resubmit(nlh, &action->resubmit);
		break;
	case VSWITCH_A_ACTION_CONTROLLER:
		put_controller(nlh, &action->controller);
		break;
	case VSWITCH_A_ACTION_CT:
		vsw_nl_put_ct(nlh, &action->ct);
		break;
	case VSWITCH_A_ACTION_LEARN:
		vsw_nl_put_learn(nlh, action->learn);
		break;
	case VSWITCH_A_ACTION_SAMPLE:
		put_sample(nlh, &action->sample);
		break;
	}
	mnl_attr_nest_end(nlh, nest);
}

static void put_action(struct nlmsghdr *nlh, const struct flow_action *action)
{
	switch (action->type) {
	case VSWITCH_A_ACTION_DROP:
		mnl_attr_put_strz(nlh, action->type, action->label);
		break;
	case VSWITCH_A_ACTION_MIRROR:
		mnl_attr_put_strz(nlh, action->type, action->mirror);
		break;
	case VSWITCH_A_ACTION_SET:
	case VSWITCH_A_ACTION_MOVE:
	case VSWITCH_A_ACTION_RESUBMIT:
	case VSWITCH_A_ACTION_CONTROLLER:
	case VSWITCH_A_ACTION_CT:
	case VSWITCH_A_ACTION_LEARN:
	case VSWITCH_A_ACTION_SAMPLE:
	case VSWITCH_A_ACTION_OUTPUT_FIELD:
		put_nest(nlh, action);
		break;
	case VSWITCH_A_ACTION_POP_VLAN:
	case VSWITCH_A_ACTION_DEC_TTL:
	case VSWITCH_A_ACTION_REJECT:
		mnl_attr_put(nlh, action->type, 0, NULL);
		break;
	case VSWITCH_A_ACTION_PUSH_VLAN:
		mnl_attr_put_u16(nlh, action->type, action->number);
		break;
	case VSWITCH_A_ACTION_GOTO:
		mnl_attr_put_u8(nlh, action->type, action->number);
		break;
	default:
		mnl_attr_put_u32(nlh, action->type, action->number);
	}
}

void vsw_nl_put_actions(struct nlmsghdr *nlh, uint16_t attr, const struct flow_actions *actions)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, attr);
	size_t i;

	if (!actions->n)
		mnl_attr_put_strz(nlh, VSWITCH_A_ACTION_DROP, "");
	for (i = 0; i < actions->n; i++)
		put_action(nlh, &actions->action[i]);
	mnl_attr_nest_end(nlh, nest);
}

int vsw_nl_get_number(const struct nlattr *attr, size_t size, uint32_t *number)
{
	if (mnl_attr_get_payload_len(attr) != size)
		return -EBADMSG;
	*number = size == 1 ? mnl_attr_get_u8(attr) :
		  size == 2 ? mnl_attr_get_u16(attr) : mnl_attr_get_u32(attr);
	return 0;
}

static int get_string(const struct nlattr *attr, char *to, size_t size)
{
	size_t len = mnl_attr_get_payload_len(attr);
	const char *text = mnl_attr_get_payload(attr);

	if (!len || strnlen(text, len) == len || strlen(text) >= size)
		return -EBADMSG;
	strcpy(to, text);
	return 0;
}

static int get_set(const struct nlattr *nest, struct flow_term *set)
{
	const struct nlattr *attr;
	int n = 0, ret = 0;

	mnl_attr_for_each_nested(attr, nest) {
		set->field = mnl_attr_get_type(attr);
		if (n++ || !flow_field_size(set->field) || flow_is_range(set->field))
			return -EBADMSG;
		ret = get_term(attr, set);
	}
	return n ? ret : -EBADMSG;
}

static int get_move(const struct nlattr *nest, struct flow_move *move)
{
	uint32_t number[VSWITCH_A_MOVE_MAX + 1] = {};
	const struct nlattr *attr;
	unsigned int type;
	size_t size;

	mnl_attr_for_each_nested(attr, nest) {
		type = mnl_attr_get_type(attr);
		if (type > VSWITCH_A_MOVE_MAX)
			continue;
		size = type == VSWITCH_A_MOVE_SRC || type == VSWITCH_A_MOVE_DST ?
		       sizeof(uint8_t) : sizeof(uint16_t);
		if (vsw_nl_get_number(attr, size, &number[type]) < 0)
			return -EBADMSG;
	}
	*move = (struct flow_move){
		.src = number[VSWITCH_A_MOVE_SRC], .src_offset = number[VSWITCH_A_MOVE_SRC_OFFSET],
		.dst = number[VSWITCH_A_MOVE_DST], .dst_offset = number[VSWITCH_A_MOVE_DST_OFFSET],
		.bits = number[VSWITCH_A_MOVE_BITS],
	};
	return flow_field_size(move->src) && move->bits ? 0 : -EBADMSG;
}

static int get_sample(const struct nlattr *nest, struct flow_sample *sample)
{
	const struct nlattr *attr;
	int ret = 0;

	sample->max_len = FLOW_MAX_LEN;
	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case VSWITCH_A_SAMPLE_RATE:
			ret = vsw_nl_get_number(attr, sizeof(uint32_t), &sample->rate);
			break;
		case VSWITCH_A_SAMPLE_GROUP:
			ret = vsw_nl_get_number(attr, sizeof(uint32_t), &sample->group);
			break;
		case VSWITCH_A_SAMPLE_MAX_LEN:
			ret = vsw_nl_get_number(attr, sizeof(uint32_t), &sample->max_len);
			break;
		}
		if (ret)
			return ret;
	}
	return 0;
}

static int get_resubmit(const struct nlattr *nest, struct flow_resubmit *resubmit)
{
	const struct nlattr *attr;
	uint32_t number;
	int ret = 0;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case VSWITCH_A_RESUBMIT_PORT:
			ret = vsw_nl_get_number(attr, sizeof(uint32_t), &resubmit->port);
			resubmit->has_port = true;
			break;
		case VSWITCH_A_RESUBMIT_TABLE:
			ret = vsw_nl_get_number(attr, sizeof(uint8_t), &number);
			resubmit->table = ret ? 0 : number;
			resubmit->has_table = true;
			break;
		}
		if (ret)
			return ret;
	}
	return 0;
}

static int get_userdata(const struct nlattr *attr, struct flow_controller *controller)
{
	size_t len = mnl_attr_get_payload_len(attr);

	if (len > sizeof(controller->userdata))
		return -EBADMSG;
	memcpy(controller->userdata, mnl_attr_get_payload(attr), len);
	controller->n_userdata = len;
	return 0;
}

static int get_controller(const struct nlattr *nest, struct flow_controller *controller)
{
	const struct nlattr *attr;
	int ret = 0;

	controller->max_len = FLOW_MAX_LEN;
	controller->rate = FLOW_RATE;
	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case VSWITCH_A_CONTROLLER_MAX_LEN:
			ret = vsw_nl_get_number(attr, sizeof(uint32_t), &controller->max_len);
			break;
		case VSWITCH_A_CONTROLLER_RATE:
			ret = vsw_nl_get_number(attr, sizeof(uint32_t), &controller->rate);
			break;
		case VSWITCH_A_CONTROLLER_USERDATA:
			ret = get_userdata(attr, controller);
			break;
		}
		if (ret)
			return ret;
	}
	return 0;
}

static int get_action(const struct nlattr *attr, struct flow_action *action)
{
	switch (action->type) {
	case VSWITCH_A_ACTION_DROP:
		return get_string(attr, action->label, sizeof(action->label));
	case VSWITCH_A_ACTION_SET:
		return get_set(attr, &action->set);
	case VSWITCH_A_ACTION_MOVE:
		return get_move(attr, &action->move) ?:
		       (flow_field_size(action->move.dst) ? 0 : -EBADMSG);
	case VSWITCH_A_ACTION_OUTPUT_FIELD:
		return get_move(attr, &action->move);
	case VSWITCH_A_ACTION_SAMPLE:
		return get_sample(attr, &action->sample);
	case VSWITCH_A_ACTION_LEARN:
		return vsw_nl_get_learn(attr, &action->learn);
	case VSWITCH_A_ACTION_MIRROR:
		return get_string(attr, action->mirror, sizeof(action->mirror));
	case VSWITCH_A_ACTION_RESUBMIT:
		return get_resubmit(attr, &action->resubmit);
	case VSWITCH_A_ACTION_CONTROLLER:
		return get_controller(attr, &action->controller);
	case VSWITCH_A_ACTION_CT:
		return vsw_nl_get_ct(attr, &action->ct);
	case VSWITCH_A_ACTION_POP_VLAN:
	case VSWITCH_A_ACTION_DEC_TTL:
	case VSWITCH_A_ACTION_REJECT:
		return 0;
	case VSWITCH_A_ACTION_PUSH_VLAN:
		return vsw_nl_get_number(attr, sizeof(uint16_t), &action->number);
	case VSWITCH_A_ACTION_GOTO:
		return vsw_nl_get_number(attr, sizeof(uint8_t), &action->number);
	case VSWITCH_A_ACTION_OUTPUT:
	case VSWITCH_A_ACTION_PRIORITY:
	case VSWITCH_A_ACTION_METER:
	case VSWITCH_A_ACTION_GROUP:
	case VSWITCH_A_ACTION_TRUNCATE:
		return vsw_nl_get_number(attr, sizeof(uint32_t), &action->number);
	}
	return -EBADMSG;		/* a newer module's */
}

int vsw_nl_get_actions(const struct nlattr *nest, struct flow_actions *actions)
{
	const struct nlattr *attr;
	struct flow_action *action;
	int ret;

	mnl_attr_for_each_nested(attr, nest) {
		action = flow_actions_grow(actions);
		if (!action)
			return -ENOMEM;
		action->type = mnl_attr_get_type(attr);
		ret = get_action(attr, action);
		if (ret)
			return ret;
	}
	/* A drop without a label is what none is. */
	if (actions->n == 1 && actions->action[0].type == VSWITCH_A_ACTION_DROP &&
	    !*actions->action[0].label)
		actions->n = 0;
	return 0;
}

/* ---- buckets ---------------------------------------------------------------------- */

void vsw_nl_put_buckets(struct nlmsghdr *nlh, uint16_t attr, const struct flow_buckets *buckets)
{
	struct nlattr *nest;
	size_t i;

	for (i = 0; i < buckets->n; i++) {
		nest = mnl_attr_nest_start(nlh, attr);
		vsw_nl_encode(nlh, &kind_bucket, &buckets->bucket[i]);
		mnl_attr_nest_end(nlh, nest);
	}
}

int vsw_nl_get_bucket(const struct nlattr *nest, struct flow_buckets *buckets)
{
	struct vsw_bucket *bucket = flow_buckets_grow(buckets);

	return bucket ? vsw_nl_decode_nest(nest, &kind_bucket, bucket) : -ENOMEM;
}
