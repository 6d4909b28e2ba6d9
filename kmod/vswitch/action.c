// SPDX-License-Identifier: GPL-2.0
/*
 * Programs of actions: whether one can be run, and what it needs. That is found out once,
 * so that who runs it need not ask.
 */
#include <linux/if_vlan.h>
#include <linux/in.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kunit/visibility.h>

#include "action.h"
#include "conntrack.h"
#include "learn.h"
#include "reject.h"
#include "vswitch.h"

/* What a program is checked against. */
struct check {
	struct vsw_actions *actions;
	enum vsw_actions_of of;
	u8 table;
	const struct vsw_key *key, *mask;
	struct netlink_ext_ack *extack;
};

struct vsw_actions *vsw_actions_alloc(u32 words)
{
	struct vsw_actions *actions;
	size_t size = struct_size(actions, program, words);

	actions = kzalloc(size, GFP_KERNEL_ACCOUNT);
	if (actions)
		actions->memory = size;
	return actions;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_actions_alloc);

void vsw_actions_free(struct vsw_actions *actions)
{
	if (actions && actions->tracks)
		vsw_ct_release(actions);
	kfree(actions);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_actions_free);

static void free_callback(struct rcu_head *rcu)
{
	vsw_actions_free(container_of(rcu, struct vsw_actions, rcu));
}

void vsw_actions_free_rcu(struct vsw_actions *actions)
{
	if (actions->tracks)
		call_rcu(&actions->rcu, free_callback);
	else
		kfree_rcu(actions, rcu);
}

static int check_port(u32 port, struct netlink_ext_ack *extack)
{
	if (port <= VSWITCH_MAX_PORTS)
		return 0;
	NL_SET_ERR_MSG(extack, "no port has this number");
	return -EINVAL;
}

static int check_output(const struct check *check, const struct vsw_action *action)
{
	switch (action->value) {
	case VSWITCH_FLOW_PORT_IN_PORT:
	case VSWITCH_FLOW_PORT_NORMAL:
	case VSWITCH_FLOW_PORT_FLOOD:
	case VSWITCH_FLOW_PORT_ALL:
		return 0;
	}
	return check_port(action->value, check->extack);
}

static int check_drop(const struct check *check, const struct vsw_action *action)
{
	if (action->words == check->actions->words)
		return 0;
	NL_SET_ERR_MSG(check->extack, "drop is the only action of a flow that has it");
	return -EINVAL;
}

/*
 * Whether an action may read field @number, or write it. A bucket meets packets of many
 * flows, and leaves alone those that have it not.
 */
static int check_field(const struct check *check, unsigned int number, bool write)
{
	const struct vsw_field *field = vsw_field(number);
	int err = 0;

	if (!field) {
		NL_SET_ERR_MSG(check->extack, "there is no such field");
		return -EINVAL;
	}
	if (check->of == VSW_ACTIONS_OF_FLOW) {
		err = write ? vsw_field_check_set(number, check->key, check->mask, check->extack) :
			      vsw_field_check_needs(number, check->key, check->mask, check->extack);
	} else if (write && !field->is_settable) {
		NL_SET_ERR_MSG(check->extack, "this field cannot be set");
		err = -EINVAL;
	}
	check->actions->map |= vsw_field_map(number);
	return err;
}

/* The mask of byte @i of @field, if all of it that there is, is meant. */
static u8 whole(const struct vsw_field *field, unsigned int i)
{
	unsigned int place = i, below;

	if (field->is_network || IS_ENABLED(CONFIG_CPU_BIG_ENDIAN))
		place = field->size - 1 - i;
	below = place * 8;
	if (field->bits <= below)
		return 0;
	return field->bits - below >= 8 ? 0xff : (1 << (field->bits - below)) - 1;
}

/* Whether the packets of a flow with this match are of ICMP. */
static bool are_icmp(const struct check *check)
{
	return check->of == VSW_ACTIONS_OF_FLOW && check->mask->ip_proto == U8_MAX &&
	       (check->key->ip_proto == IPPROTO_ICMP || check->key->ip_proto == IPPROTO_ICMPV6);
}

static int check_set(const struct check *check, struct vsw_action *action)
{
	const struct vsw_action_set *set = (const void *)action;
	const struct vsw_field *field;
	unsigned int i;
	int err;

	err = check_field(check, action->small, true);
	if (err)
		return err;
	if (are_icmp(check))
		action->flags |= VSW_WRITES_ICMP;
	field = vsw_field(action->small);
	for (i = 0; i < sizeof(set->mask); i++) {
		u8 all = i < field->size ? whole(field, i) : 0;

		if (set->mask[i] & ~all) {
			NL_SET_ERR_MSG(check->extack, "the field has less bits than the mask");
			return -EINVAL;
		}
		if (set->mask[i] != all && !field->is_maskable) {
			NL_SET_ERR_MSG(check->extack, "this field is set as a whole or not at all");
			return -EINVAL;
		}
		if (set->value[i] & ~set->mask[i]) {
			NL_SET_ERR_MSG(check->extack, "the value has bits that its mask has not");
			return -EINVAL;
		}
	}
	return 0;
}

static int check_bits(const struct check *check, unsigned int number, u32 offset, u32 bits)
{
	if (offset + bits <= vsw_field(number)->bits)
		return 0;
	NL_SET_ERR_MSG(check->extack, "the field has less bits than that");
	return -EINVAL;
}

static int check_move(const struct check *check, struct vsw_action *action)
{
	const struct vsw_action_move *move = (const void *)action;
	int err;

	if (!action->value || action->value > U16_MAX) {
		NL_SET_ERR_MSG(check->extack, "say how many bits to move");
		return -EINVAL;
	}
	err = check_field(check, move->src, false) ?: check_field(check, move->dst, true) ?:
	      check_bits(check, move->src, move->src_offset, action->value) ?:
	      check_bits(check, move->dst, move->dst_offset, action->value);
	if (err)
		return err;
	if (are_icmp(check))
		action->flags |= VSW_WRITES_ICMP;
	if (action->value < vsw_field(move->dst)->bits && !vsw_field(move->dst)->is_maskable) {
		NL_SET_ERR_MSG(check->extack, "this field is set as a whole or not at all");
		return -EINVAL;
	}
	return 0;
}

static int check_output_field(const struct check *check, const struct vsw_action *action)
{
	const struct vsw_action_move *move = (const void *)action;

	if (!action->value || action->value > 32) {
		NL_SET_ERR_MSG(check->extack, "a port's number is of 1 to 32 bits");
		return -EINVAL;
	}
	return check_field(check, move->src, false) ?:
	       check_bits(check, move->src, move->src_offset, action->value);
}

static int check_reject(const struct check *check, const struct vsw_action *next)
{
	if (!VSW_CAN_REJECT) {
		NL_SET_ERR_MSG(check->extack, "this kernel was built without what reject needs (NF_REJECT_IPV4, NF_REJECT_IPV6)");
		return -EOPNOTSUPP;
	}
	if (next) {
		NL_SET_ERR_MSG(check->extack, "reject is the last action of a flow that has it");
		return -EINVAL;
	}
	return 0;
}

static int check_table(const struct check *check, u8 table)
{
	if (table <= VSWITCH_FLOW_TABLE_MAX)
		return 0;
	NL_SET_ERR_MSG(check->extack, "no table has this number");
	return -EINVAL;
}

static int check_learn(const struct check *check, const struct vsw_action *action)
{
	const struct vsw_action_learn *learn = (const void *)action;
	const struct vsw_learn_spec *spec;
	int err;

	for (spec = learn->spec; spec < learn->spec + learn->specs; spec++) {
		if (!spec->src)
			continue;
		err = check_field(check, spec->src, false) ?:
		      check_bits(check, spec->src, spec->src_offset, spec->bits);
		if (err)
			return err;
	}
	return check_table(check, action->small) ?: vsw_lesson_check(learn, check->extack);
}

static int check_sample(const struct check *check, const struct vsw_action *action)
{
	if (action->value)
		return 0;
	NL_SET_ERR_MSG(check->extack, "say of how many packets one is sampled");
	return -EINVAL;
}

static int check_push_vlan(const struct check *check, const struct vsw_action *action)
{
	check->actions->map |= vsw_field_map(VSWITCH_A_MATCH_VLAN_TCI);
	if (action->value == ETH_P_8021Q || action->value == ETH_P_8021AD)
		return 0;
	NL_SET_ERR_MSG(check->extack, "the EtherType of a VLAN tag is 0x8100 or 0x88a8");
	return -EINVAL;
}

static int check_group(const struct check *check, const struct vsw_action *action)
{
	if (action->value <= VSWITCH_FLOW_GROUP_MAX)
		return 0;
	NL_SET_ERR_MSG(check->extack, "no group has this number");
	return -EINVAL;
}

static int check_meter(const struct check *check, const struct vsw_action *action)
{
	/* It may change the DSCP, now or when it is changed itself. */
	check->actions->map |= vsw_field_map(VSWITCH_A_MATCH_IP_TOS);
	if (action->value && action->value <= VSWITCH_FLOW_METER_MAX)
		return 0;
	NL_SET_ERR_MSG(check->extack, "no meter has this number");
	return -EINVAL;
}

static int check_goto(const struct check *check, const struct vsw_action *action,
		      const struct vsw_action *next)
{
	if (check->of == VSW_ACTIONS_OF_BUCKET) {
		NL_SET_ERR_MSG(check->extack, "a bucket cannot go to a table, it may resubmit to one");
		return -EINVAL;
	}
	if (next) {
		NL_SET_ERR_MSG(check->extack, "goto is the last action of a flow that has it");
		return -EINVAL;
	}
	if (action->small <= check->table) {
		NL_SET_ERR_MSG(check->extack, "goto leads to a later table, resubmit to any");
		return -EINVAL;
	}
	return check_table(check, action->small);
}

static int check_resubmit(const struct check *check, const struct vsw_action *action)
{
	int err = 0;

	if (action->flags & VSW_RESUBMIT_PORT && action->value != VSWITCH_FLOW_PORT_IN_PORT)
		err = check_port(action->value, check->extack);
	if (!err && action->flags & VSW_RESUBMIT_TABLE)
		err = check_table(check, action->small);
	return err;
}

static int check_controller(const struct check *check, const struct vsw_action *action)
{
	if (action->small <= VSWITCH_FLOW_USERDATA_LEN)
		return 0;
	NL_SET_ERR_MSG(check->extack, "too much data of the user's own for a controller");
	return -EINVAL;
}

static int check_truncate(const struct check *check, const struct vsw_action *action,
			  const struct vsw_action *next)
{
	if (action->value < ETH_HLEN) {
		NL_SET_ERR_MSG(check->extack, "a packet keeps its Ethernet header, truncate to 14 bytes or more");
		return -EINVAL;
	}
	/* The packet goes on after it as it was, and so must not be given away. */
	if (!next || next->type != VSWITCH_A_ACTION_OUTPUT ||
	    (next->value > VSWITCH_MAX_PORTS && next->value != VSWITCH_FLOW_PORT_IN_PORT)) {
		NL_SET_ERR_MSG(check->extack, "truncate is followed by the output to a port");
		return -EINVAL;
	}
	return 0;
}

static int check_ct(const struct check *check, struct vsw_action *action)
{
	if (check->of == VSW_ACTIONS_OF_BUCKET) {
		NL_SET_ERR_MSG(check->extack, "a bucket cannot track connections, it may resubmit to a table that does");
		return -EINVAL;
	}
	check->actions->map |= VSW_CT_MAP;
	check->actions->tracks = true;
	return vsw_ct_check(container_of(action, struct vsw_action_ct, action), check->key,
			    check->mask, check->extack);
}

/* @next is the one behind @action, or NULL. */
static int check_action(const struct check *check, struct vsw_action *action,
			const struct vsw_action *next)
{
	switch (action->type) {
	case VSWITCH_A_ACTION_OUTPUT:
		return check_output(check, action);
	case VSWITCH_A_ACTION_DROP:
		return check_drop(check, action);
	case VSWITCH_A_ACTION_SET:
		return check_set(check, action);
	case VSWITCH_A_ACTION_MOVE:
		return check_move(check, action);
	case VSWITCH_A_ACTION_PUSH_VLAN:
		return check_push_vlan(check, action);
	case VSWITCH_A_ACTION_POP_VLAN:
		check->actions->map |= vsw_field_map(VSWITCH_A_MATCH_VLAN_TCI);
		return 0;
	case VSWITCH_A_ACTION_DEC_TTL:
		check->actions->map |= vsw_field_map(VSWITCH_A_MATCH_IP_TTL);
		return 0;
	case VSWITCH_A_ACTION_METER:
		return check_meter(check, action);
	case VSWITCH_A_ACTION_PRIORITY:
		return 0;
	case VSWITCH_A_ACTION_GROUP:
		return check_group(check, action);
	case VSWITCH_A_ACTION_GOTO:
		return check_goto(check, action, next);
	case VSWITCH_A_ACTION_RESUBMIT:
		return check_resubmit(check, action);
	case VSWITCH_A_ACTION_CONTROLLER:
		return check_controller(check, action);
	case VSWITCH_A_ACTION_TRUNCATE:
		return check_truncate(check, action, next);
	case VSWITCH_A_ACTION_CT:
		return check_ct(check, action);
	case VSWITCH_A_ACTION_OUTPUT_FIELD:
		return check_output_field(check, action);
	case VSWITCH_A_ACTION_REJECT:
		return check_reject(check, next);
	case VSWITCH_A_ACTION_SAMPLE:
		return check_sample(check, action);
	case VSWITCH_A_ACTION_LEARN:
		return check_learn(check, action);
	case VSWITCH_A_ACTION_MIRROR:
		return 0;
	}
	NL_SET_ERR_MSG(check->extack, "there is no such action");
	return -EINVAL;
}

int vsw_actions_check(struct vsw_actions *actions, enum vsw_actions_of of, u8 table,
		      const struct vsw_key *key, const struct vsw_key *mask,
		      struct netlink_ext_ack *extack)
{
	const struct check check = { actions, of, table, key, mask, extack };
	struct vsw_action *action, *next;
	u32 at;
	int err;

	actions->map = 0;
	actions->tracks = false;
	if (actions->words > VSW_ACTIONS_WORDS_MAX) {
		NL_SET_ERR_MSG(extack, "too many actions for one flow");
		return -EINVAL;
	}
	for (at = 0; at < actions->words; at += action->words) {
		action = (void *)(actions->program + at);
		next = at + action->words < actions->words ?
		       (void *)(actions->program + at + action->words) : NULL;
		err = check_action(&check, action, next);
		if (err)
			return err;
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_actions_check);

/* Whether an action of @type, whose value is @value, is there. */
static bool have(const struct vsw_actions *actions, u8 type, u32 value)
{
	const struct vsw_action *action;

	vsw_for_each_action(action, actions)
		if (action->type == type && action->value == value)
			return true;
	return false;
}

bool vsw_actions_output_to(const struct vsw_actions *actions, u32 port)
{
	return have(actions, VSWITCH_A_ACTION_OUTPUT, port);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_actions_output_to);

bool vsw_actions_use_group(const struct vsw_actions *actions, u32 group)
{
	return have(actions, VSWITCH_A_ACTION_GROUP, group);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_actions_use_group);

bool vsw_actions_use_meter(const struct vsw_actions *actions, u32 meter)
{
	return have(actions, VSWITCH_A_ACTION_METER, meter);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_actions_use_meter);

/* Whether two actions of the same type and length say the same, whatever has become of them. */
static bool is_equal(const struct vsw_action *a, const struct vsw_action *b)
{
	const struct vsw_action_controller *c = (const void *)a, *d = (const void *)b;

	switch (a->type) {
	case VSWITCH_A_ACTION_METER:
		return a->value == b->value;
	case VSWITCH_A_ACTION_SET:
	case VSWITCH_A_ACTION_MOVE:
		/* Only one of them may have been checked, which sets flags. */
		return a->value == b->value && a->small == b->small &&
		       !memcmp(a + 1, b + 1, a->words * sizeof(u64) - sizeof(*a));
	case VSWITCH_A_ACTION_LEARN:
		return a->value == b->value && a->small == b->small &&
		       !memcmp(a + 1, b + 1, offsetof(struct vsw_action_learn, learner) -
			       sizeof(*a)) &&
		       !memcmp(((const struct vsw_action_learn *)a)->spec,
			       ((const struct vsw_action_learn *)b)->spec,
			       a->words * sizeof(u64) - sizeof(struct vsw_action_learn));
	case VSWITCH_A_ACTION_SAMPLE:
		/* Only one of them may be used. */
		return a->value == b->value &&
		       !memcmp(a + 1, b + 1, 2 * sizeof(u32));
	case VSWITCH_A_ACTION_CONTROLLER:
		return a->value == b->value && a->small == b->small && c->rate == d->rate &&
		       !memcmp(c->userdata, d->userdata, a->small);
	case VSWITCH_A_ACTION_CT:
		return vsw_ct_is_equal((const void *)a, (const void *)b);
	}
	return !memcmp(a, b, a->words * sizeof(u64));
}

bool vsw_actions_are_equal(const struct vsw_actions *a, const struct vsw_actions *b)
{
	const struct vsw_action *action;

	if (a->words != b->words)
		return false;
	vsw_for_each_action(action, a) {
		const u64 *word = b->program + ((const u64 *)action - a->program);
		const struct vsw_action *other = (const void *)word;

		if (action->type != other->type || action->words != other->words ||
		    !is_equal(action, other))
			return false;
	}
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_actions_are_equal);
