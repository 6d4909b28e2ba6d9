// SPDX-License-Identifier: GPL-2.0
/*
 * What follows from a lesson: the match and the actions of a flow, of constants and of what
 * a packet said.
 */
#include <linux/netlink.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "learn.h"

/* The number of a port. */
static const struct vsw_field port_field = { .size = sizeof(u32), .bits = 32 };

/* What a spec's bits go into. */
static const struct vsw_field *dst_of(const struct vsw_learn_spec *spec)
{
	return spec->kind == VSWITCH_LEARN_KIND_OUTPUT ? &port_field : vsw_field(spec->dst);
}

#define for_each_spec(spec, learn)	\
	for ((spec) = (learn)->spec; (spec) < (learn)->spec + (learn)->specs; (spec)++)

void vsw_lesson_shape(struct vsw_action_learn *learn)
{
	struct vsw_learn_spec *spec;

	learn->length = 0;
	for_each_spec(spec, learn) {
		if (!spec->src)
			continue;
		spec->at = learn->length;
		learn->length += dst_of(spec)->size;
	}
}
EXPORT_SYMBOL_IF_KUNIT(vsw_lesson_shape);

void vsw_lesson_read(const struct vsw_action_learn *learn, const struct vsw_key *key, u8 *data)
{
	const struct vsw_learn_spec *spec;
	const struct vsw_field *from;

	memset(data, 0, learn->length);
	for_each_spec(spec, learn) {
		if (!spec->src)
			continue;
		from = vsw_field(spec->src);
		vsw_field_copy(data + spec->at, dst_of(spec), spec->dst_offset,
			       (const u8 *)key + from->offset, from, spec->src_offset,
			       spec->bits);
	}
}
EXPORT_SYMBOL_IF_KUNIT(vsw_lesson_read);

/* @spec's bits of @value and @mask, of its dst, where the others are left as they are. */
static void fill(const struct vsw_learn_spec *spec, const u8 *data, u8 *value, u8 *mask)
{
	const struct vsw_field *to = dst_of(spec);
	u8 ones[16];

	memset(ones, 0xff, sizeof(ones));
	vsw_field_copy(mask, to, spec->dst_offset, ones, to, spec->dst_offset, spec->bits);
	if (spec->src)
		vsw_field_copy(value, to, spec->dst_offset, data + spec->at, to,
			       spec->dst_offset, spec->bits);
	else
		vsw_field_copy(value, to, spec->dst_offset, spec->value, to, 0, spec->bits);
}

static void fill_match(const struct vsw_action_learn *learn, const u8 *data,
		       struct vsw_match *match)
{
	const struct vsw_learn_spec *spec;
	unsigned int offset;

	memset(match, 0, sizeof(*match));
	match->tp_src.max = U16_MAX;
	match->tp_dst.max = U16_MAX;
	for_each_spec(spec, learn) {
		if (spec->kind != VSWITCH_LEARN_KIND_MATCH)
			continue;
		offset = dst_of(spec)->offset;
		fill(spec, data, (u8 *)&match->key + offset, (u8 *)&match->mask + offset);
	}
}

static struct vsw_actions *make_actions(const struct vsw_action_learn *learn, const u8 *data)
{
	const u32 set_words = sizeof(struct vsw_action_set) / sizeof(u64);
	const struct vsw_learn_spec *spec;
	struct vsw_actions *actions;
	struct vsw_action *action;
	u8 mask[sizeof(u32)];

	actions = vsw_actions_alloc(learn->specs * set_words);
	if (!actions)
		return NULL;
	actions->words = 0;
	for_each_spec(spec, learn) {
		action = (void *)(actions->program + actions->words);
		if (spec->kind == VSWITCH_LEARN_KIND_SET) {
			struct vsw_action_set *set = (void *)action;

			*action = (struct vsw_action){
				.type = VSWITCH_A_ACTION_SET, .words = set_words,
				.small = spec->dst,
			};
			fill(spec, data, set->value, set->mask);
		} else if (spec->kind == VSWITCH_LEARN_KIND_OUTPUT) {
			*action = (struct vsw_action){
				.type = VSWITCH_A_ACTION_OUTPUT, .words = 1,
			};
			fill(spec, data, (u8 *)&action->value, mask);
		} else {
			continue;
		}
		actions->words += action->words;
	}
	return actions;
}

struct vsw_flow *vsw_lesson_flow(const struct vsw_action_learn *learn, const u8 *data,
				 struct vsw_flow_config *config)
{
	struct vsw_actions *actions = make_actions(learn, data);

	if (!actions)
		return ERR_PTR(-ENOMEM);
	memset(config, 0, offsetof(struct vsw_flow_config, match));
	config->table = learn->action.small;
	config->priority = learn->priority;
	config->cookie = learn->cookie;
	config->idle_timeout = learn->idle_timeout;
	config->hard_timeout = learn->hard_timeout;
	fill_match(learn, data, &config->match);
	return vsw_flow_prepare(config, actions, NULL);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_lesson_flow);

/* ---- checks ---------------------------------------------------------------- */

static int refuse(struct netlink_ext_ack *extack, const char *sentence)
{
	if (extack)
		extack->_msg = sentence;
	return -EINVAL;
}

static int check_value(const struct vsw_learn_spec *spec, struct netlink_ext_ack *extack)
{
	const struct vsw_field *to = dst_of(spec);
	u8 rest[16];

	if (spec->src)
		return 0;
	if (spec->kind == VSWITCH_LEARN_KIND_OUTPUT)
		return refuse(extack, "a learned flow's output is to the port in a field");
	memset(rest, 0, sizeof(rest));
	vsw_field_copy(rest, to, 0, spec->value, to, 0, spec->bits);
	return memcmp(rest, spec->value, sizeof(rest)) ?
	       refuse(extack, "a value has more bits than are to be learned") : 0;
}

static int check_spec(const struct vsw_learn_spec *spec, struct netlink_ext_ack *extack)
{
	const struct vsw_field *to = dst_of(spec);

	if (!to)
		return refuse(extack, "there is no such field");
	if (!spec->bits || spec->dst_offset + spec->bits > to->bits)
		return refuse(extack, "the field has less bits than that");
	if (spec->kind != VSWITCH_LEARN_KIND_OUTPUT && !to->is_maskable &&
	    spec->bits != to->bits)
		return refuse(extack, "this field is learned as a whole or not at all");
	return check_value(spec, extack);
}

int vsw_lesson_check(const struct vsw_action_learn *learn, struct netlink_ext_ack *extack)
{
	const struct vsw_learn_spec *spec;
	struct vsw_match *match;
	u8 *nothing;
	int err = 0;

	for_each_spec(spec, learn) {
		err = check_spec(spec, extack);
		if (err)
			return err;
	}
	match = kmalloc(sizeof(*match), GFP_KERNEL);
	nothing = kzalloc(VSW_LESSON_MAX, GFP_KERNEL);
	if (!match || !nothing) {
		err = -ENOMEM;
		goto out;
	}
	/* Only constants say what a packet is. */
	fill_match(learn, nothing, match);
	err = vsw_field_check_match(&match->key, &match->mask, extack);
	for_each_spec(spec, learn) {
		if (!err && spec->kind == VSWITCH_LEARN_KIND_SET)
			err = vsw_field_check_set(spec->dst, &match->key, &match->mask, extack);
	}
out:
	kfree(match);
	kfree(nothing);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_lesson_check);
