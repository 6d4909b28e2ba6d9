// SPDX-License-Identifier: GPL-2.0
/* Groups: how they are made, changed and deleted. What the path asks is in group_path.c. */
#include <kunit/visibility.h>
#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "count.h"
#include "flow_path.h"
#include "flow_table.h"
#include "group.h"
#include "maglev.h"
#include "meter.h"

/* Marks in flows->groups: buckets name groups or meters; and of a walk, see leads_to(). */
#define NAMES	XA_MARK_0
#define TO_ASK	XA_MARK_1
#define ASKED	XA_MARK_2

/* What the packets of a bucket are known to be. */
static const struct vsw_key nothing;

static struct vsw_group *group_of(struct vsw_flows *flows, u32 id)
{
	lockdep_assert_held(&flows->lock);

	return xa_load(&flows->groups, id);
}

/* ---- what groups name ----------------------------------------------------- */

#define for_each_bucket(bucket, group)						\
	for ((bucket) = (group)->bucket;					\
	     (bucket) < (group)->bucket + (group)->bucket_count; (bucket)++)

static bool names_any(const struct vsw_group *group)
{
	const struct vsw_bucket *bucket;
	const struct vsw_action *action;

	for_each_bucket(bucket, group) {
		vsw_for_each_action(action, bucket->actions) {
			if (action->type == VSWITCH_A_ACTION_GROUP ||
			    action->type == VSWITCH_A_ACTION_METER)
				return true;
		}
	}
	return false;
}

u32 vsw_group_count_uses(struct vsw_flows *flows, u8 action_type, u32 id)
{
	const struct vsw_bucket *bucket;
	const struct vsw_action *action;
	struct vsw_group *group;
	unsigned long index;
	u32 uses = 0;

	xa_for_each_marked(&flows->groups, index, group, NAMES) {
		for_each_bucket(bucket, group) {
			vsw_for_each_action(action, bucket->actions)
				uses += action->type == action_type && action->value == id;
		}
		cond_resched();
	}
	return uses;
}

/* Mark the groups in @group that were not asked yet. True: @id is one of them. */
static bool mark_named(struct vsw_flows *flows, const struct vsw_group *group, u32 id)
{
	const struct vsw_bucket *bucket;
	const struct vsw_action *action;

	for_each_bucket(bucket, group) {
		vsw_for_each_action(action, bucket->actions) {
			if (action->type != VSWITCH_A_ACTION_GROUP)
				continue;
			if (action->value == id)
				return true;
			if (!xa_get_mark(&flows->groups, action->value, ASKED))
				xa_set_mark(&flows->groups, action->value, TO_ASK);
		}
	}
	return false;
}

/*
 * Whether a packet that goes through @group can come to a group of the id @id, which is its
 * own. Without recursion, for chains can be as long as there are groups; and not at all if
 * nobody names it, but for itself.
 */
static bool leads_to(struct vsw_flows *flows, struct vsw_group *group, u32 id)
{
	bool found = mark_named(flows, group, id), is_named = group->users;
	unsigned long index = 0;

	while (is_named && !found &&
	       (group = xa_find(&flows->groups, &index, ULONG_MAX, TO_ASK))) {
		xa_clear_mark(&flows->groups, index, TO_ASK);
		xa_set_mark(&flows->groups, index, ASKED);
		found = mark_named(flows, group, id);
		index = 0;
		cond_resched();
	}
	xa_for_each_marked(&flows->groups, index, group, TO_ASK)
		xa_clear_mark(&flows->groups, index, TO_ASK);
	xa_for_each_marked(&flows->groups, index, group, ASKED)
		xa_clear_mark(&flows->groups, index, ASKED);
	return found;
}

int vsw_group_use(struct vsw_flows *flows, const struct vsw_actions *actions,
		  struct netlink_ext_ack *extack)
{
	const struct vsw_action *action;

	vsw_for_each_action(action, actions) {
		if (action->type != VSWITCH_A_ACTION_GROUP || group_of(flows, action->value))
			continue;
		NL_SET_ERR_MSG(extack, "the switch has no group that an action names");
		return -ENOENT;
	}
	vsw_for_each_action(action, actions) {
		if (action->type == VSWITCH_A_ACTION_GROUP)
			group_of(flows, action->value)->users++;
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_use);

/* One that was deleted before is not there; a new one of its id has counted this one. */
void vsw_group_unuse(struct vsw_flows *flows, const struct vsw_actions *actions)
{
	const struct vsw_action *action;
	struct vsw_group *group;

	vsw_for_each_action(action, actions) {
		if (action->type != VSWITCH_A_ACTION_GROUP)
			continue;
		group = group_of(flows, action->value);
		if (group)
			group->users--;
	}
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_unuse);

/* Of the first @count buckets of @group. */
static void unuse_all(struct vsw_flows *flows, const struct vsw_group *group, u32 count)
{
	while (count--)
		vsw_actions_unuse(flows, (struct vsw_actions *)group->bucket[count].actions);
}

static int use_all(struct vsw_flows *flows, const struct vsw_group *group,
		   struct netlink_ext_ack *extack)
{
	u32 i;
	int err;

	for (i = 0; i < group->bucket_count; i++) {
		err = vsw_actions_use(flows, (struct vsw_actions *)group->bucket[i].actions,
				      extack);
		if (err) {
			unuse_all(flows, group, i);
			return err;
		}
	}
	return 0;
}

/* ---- making one ----------------------------------------------------------- */

static void group_free(struct vsw_group *group)
{
	struct vsw_bucket *bucket;

	for_each_bucket(bucket, group) {
		vsw_actions_free((struct vsw_actions *)bucket->actions);
		if (!bucket->lends)
			free_percpu(bucket->count);
	}
	if (!group->lends)
		free_percpu(group->count);
	kfree(group->slot);
	kfree(group);
}

static void group_free_rcu(struct rcu_head *rcu)
{
	group_free(container_of(rcu, struct vsw_group, rcu));
}

static void free_actions(const struct vsw_group_config *config)
{
	u32 i;

	for (i = 0; i < config->count; i++)
		vsw_actions_free(config->bucket[i].actions);
}

static int check_buckets(const struct vsw_group_config *config, u8 type,
			 struct netlink_ext_ack *extack)
{
	const struct vsw_bucket_config *bucket = config->bucket;
	u32 i, j;

	for (i = 0; i < config->count; i++) {
		if (bucket[i].weight_given && type != VSWITCH_GROUP_TYPE_SELECT) {
			NL_SET_ERR_MSG(extack, "only buckets of a select group have a weight");
			return -EINVAL;
		}
		if (bucket[i].watch && bucket[i].watch_port > VSWITCH_MAX_PORTS) {
			NL_SET_ERR_MSG(extack, "a bucket watches a port, by its number, up to 65000");
			return -ERANGE;
		}
		for (j = 0; j < i; j++) {
			if (bucket[i].id != bucket[j].id)
				continue;
			NL_SET_ERR_MSG(extack, "two buckets of the group have the same id");
			return -EINVAL;
		}
	}
	return 0;
}

static int check_config(const struct vsw_group_config *config, u8 type,
			struct netlink_ext_ack *extack)
{
	if (config->count > VSWITCH_FLOW_BUCKETS_MAX) {
		NL_SET_ERR_MSG(extack, "a group has 256 buckets at most");
		return -ERANGE;
	}
	if (type == VSWITCH_GROUP_TYPE_INDIRECT && config->count != 1) {
		NL_SET_ERR_MSG(extack, "an indirect group has one bucket");
		return -EINVAL;
	}
	if (config->hash_given && type != VSWITCH_GROUP_TYPE_SELECT) {
		NL_SET_ERR_MSG(extack, "only a select group has a hash");
		return -EINVAL;
	}
	return check_buckets(config, type, extack);
}

/* The bucket of @group of the id @id, or NULL. */
static struct vsw_bucket *bucket_of(struct vsw_group *group, u32 id)
{
	struct vsw_bucket *bucket;

	if (!group)
		return NULL;
	for_each_bucket(bucket, group) {
		if (bucket->id == id)
			return bucket;
	}
	return NULL;
}

/* Who has which hash value. A group without weight has no table. */
static int fill_slots(struct vsw_group *group, struct vsw_group *was)
{
	struct vsw_maglev_share *share;
	const struct vsw_bucket *old;
	u32 i;
	int err;

	share = kcalloc(group->bucket_count ?: 1, sizeof(*share), GFP_KERNEL);
	group->slot = kmalloc(VSW_MAGLEV_SLOTS, GFP_KERNEL_ACCOUNT);
	if (!share || !group->slot) {
		kfree(share);
		return -ENOMEM;
	}
	for (i = 0; i < group->bucket_count; i++) {
		old = bucket_of(was, group->bucket[i].id);
		share[i].id = group->bucket[i].id;
		share[i].weight = group->bucket[i].weight;
		share[i].was = old ? old - was->bucket : -1;
	}
	err = vsw_maglev_fill(group->slot, was ? was->slot : NULL, share, group->bucket_count);
	kfree(share);
	if (err == -ENOENT) {
		kfree(group->slot);
		group->slot = NULL;
		err = 0;
	}
	return err;
}

/* One bucket, with the count that the one of its id had. Takes its actions. */
static int fill_bucket(struct vsw_bucket *bucket, struct vsw_bucket_config *config,
		       struct vsw_group *was, struct netlink_ext_ack *extack)
{
	struct vsw_bucket *old = bucket_of(was, config->id);
	int err;

	bucket->id = config->id;
	bucket->weight = config->weight_given ? config->weight : 1;
	bucket->watch = config->watch;
	bucket->watch_port = config->watch_port;
	bucket->count = old ? old->count : vsw_count_alloc();
	bucket->lends = old;
	err = vsw_actions_check(config->actions, VSW_ACTIONS_OF_BUCKET, 0, &nothing, &nothing,
				extack);
	bucket->actions = config->actions;
	return err ?: bucket->count ? 0 : -ENOMEM;
}

/* All of a group but what is in the switch. What has failed is freed by group_free(). */
static int fill_group(struct vsw_group *group, struct vsw_group_config *config,
		      struct vsw_group *was, struct netlink_ext_ack *extack)
{
	u32 i;
	int err;

	group->count = was ? was->count : vsw_count_alloc();
	group->lends = was;
	if (was)
		group->key = was->key;
	else
		get_random_bytes(&group->key, sizeof(group->key));
	for (i = 0; i < config->count; i++) {
		err = fill_bucket(&group->bucket[i], &config->bucket[i], was, extack);
		if (err)
			return err;
		group->map |= group->bucket[i].actions->map;
	}
	if (!group->count)
		return -ENOMEM;
	if (group->type != VSWITCH_GROUP_TYPE_SELECT)
		return 0;
	group->map |= vsw_group_hash_map(group->hash);
	return fill_slots(group, was);
}

/*
 * A group of @config that is to follow @was, or NULL, with what that one counted, not yet in
 * the switch; or an ERR_PTR. Takes the buckets' actions.
 */
static struct vsw_group *group_alloc(struct vsw_group_config *config, struct vsw_group *was,
				     struct netlink_ext_ack *extack)
{
	u8 type = config->type_given ? config->type : was->type;
	struct vsw_group *group = NULL;
	u32 i;
	int err;

	err = check_config(config, type, extack);
	if (!err) {
		group = kzalloc(struct_size(group, bucket, config->count), GFP_KERNEL_ACCOUNT);
		err = group ? 0 : -ENOMEM;
	}
	if (err) {
		free_actions(config);
		goto failed;
	}
	group->id = config->id;
	group->type = type;
	group->hash = config->hash_given ? config->hash : was ? was->hash : VSWITCH_GROUP_HASH_L4;
	group->bucket_count = config->count;
	/* They are the group's from now on, whether it fails or not. */
	for (i = 0; i < config->count; i++)
		group->bucket[i].actions = config->bucket[i].actions;
	err = fill_group(group, config, was, extack);
	if (!err)
		return group;
	group_free(group);
failed:
	if (err == -ENOMEM)
		NL_SET_ERR_MSG(extack, "no memory for the group");
	return ERR_PTR(err);
}

/* ---- changes -------------------------------------------------------------- */

/*
 * Packets that meet a group without the words that it asks for get them then; so who uses
 * it has them from the start.
 */
static void need_words(struct vsw_flows *flows, const struct vsw_group *group)
{
	struct vsw_flow_view *view;

	view = rcu_dereference_protected(flows->view, lockdep_is_held(&flows->lock));
	if (view && group->users)
		vsw_flow_view_need(view, group->map);
}

/* Put @group, which nobody knows yet, into the switch, in the place of @was or NULL. */
static int group_store(struct vsw_flows *flows, struct vsw_group *group, struct vsw_group *was,
		       struct netlink_ext_ack *extack)
{
	int err;

	if (leads_to(flows, group, group->id)) {
		NL_SET_ERR_MSG(extack, "the group would contain itself");
		return -ELOOP;
	}
	err = use_all(flows, group, extack);
	if (err)
		return err;
	need_words(flows, group);
	err = xa_err(xa_store(&flows->groups, group->id, group, GFP_KERNEL_ACCOUNT));
	if (err) {
		NL_SET_ERR_MSG(extack, "no memory for the group");
		unuse_all(flows, group, group->bucket_count);
		return err;
	}
	if (names_any(group))
		xa_set_mark(&flows->groups, group->id, NAMES);
	else
		xa_clear_mark(&flows->groups, group->id, NAMES);
	if (was)
		unuse_all(flows, was, was->bucket_count);
	return 0;
}

int vsw_group_add(struct vsw_flows *flows, struct vsw_group_config *config,
		  struct netlink_ext_ack *extack)
{
	struct vsw_group *group;
	int err = 0;

	if (group_of(flows, config->id)) {
		NL_SET_ERR_MSG(extack, "the switch has a group of this id already");
		err = -EEXIST;
	} else if (!config->type_given) {
		NL_SET_ERR_MSG(extack, "say of which type the group is");
		err = -EINVAL;
	} else if (flows->group_count >= VSWITCH_FLOW_GROUPS_MAX) {
		NL_SET_ERR_MSG(extack, "the switch has 16384 groups already");
		err = -ENOSPC;
	}
	if (err) {
		free_actions(config);
		return err;
	}
	group = group_alloc(config, NULL, extack);
	if (IS_ERR(group))
		return PTR_ERR(group);
	/* Buckets may have named one of this id that is gone. */
	group->users = vsw_group_count_uses(flows, VSWITCH_A_ACTION_GROUP, group->id);
	err = group_store(flows, group, NULL, extack);
	if (err)
		group_free(group);
	else
		flows->group_count++;
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_add);

/* What @was counted is @group's now. */
static void hand_over(struct vsw_group *was, struct vsw_group *group)
{
	struct vsw_bucket *bucket;

	was->lends = true;
	group->lends = false;
	for_each_bucket(bucket, group) {
		if (!bucket->lends)
			continue;
		bucket_of(was, bucket->id)->lends = true;
		bucket->lends = false;
	}
}

int vsw_group_set(struct vsw_flows *flows, struct vsw_group_config *config,
		  struct netlink_ext_ack *extack)
{
	struct vsw_group *was = group_of(flows, config->id), *group;
	int err;

	if (!was) {
		NL_SET_ERR_MSG(extack, "the switch has no group of this id");
		free_actions(config);
		return -ENOENT;
	}
	group = group_alloc(config, was, extack);
	if (IS_ERR(group))
		return PTR_ERR(group);
	group->users = was->users;
	err = group_store(flows, group, was, extack);
	if (err) {
		group_free(group);
		return err;
	}
	hand_over(was, group);
	call_rcu(&was->rcu, group_free_rcu);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_set);

/* No flow uses it any more. */
static void group_del(struct vsw_flows *flows, struct vsw_group *group)
{
	xa_erase(&flows->groups, group->id);
	flows->group_count--;
	unuse_all(flows, group, group->bucket_count);
	call_rcu(&group->rcu, group_free_rcu);
}

int vsw_group_del(struct vsw_flows *flows, u32 id, struct netlink_ext_ack *extack)
{
	struct vsw_group *group = group_of(flows, id);

	if (!group) {
		NL_SET_ERR_MSG(extack, "the switch has no group of this id");
		return -ENOENT;
	}
	/* Users that are no buckets are flows. */
	if (group->users > vsw_group_count_uses(flows, VSWITCH_A_ACTION_GROUP, id))
		vsw_flow_delete_users(flows, true, id);
	group_del(flows, group);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_del);

void vsw_group_del_all(struct vsw_flows *flows)
{
	struct vsw_group *group;
	unsigned long id;

	lockdep_assert_held(&flows->lock);

	xa_for_each(&flows->groups, id, group) {
		group_del(flows, group);
		cond_resched();
	}
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_del_all);

void vsw_group_flush(struct vsw_flows *flows)
{
	vsw_flow_delete_users(flows, true, U32_MAX);
	vsw_group_del_all(flows);
}

/* ---- what users see ------------------------------------------------------- */

const struct vsw_group *vsw_group_of(struct vsw_flows *flows, u32 id)
{
	return group_of(flows, id);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_of);

const struct vsw_group *vsw_group_next(struct vsw_flows *flows, u32 id)
{
	unsigned long index = id;

	lockdep_assert_held(&flows->lock);

	return xa_find(&flows->groups, &index, ULONG_MAX, XA_PRESENT);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_next);

void vsw_group_info(const struct vsw_group *group, struct vsw_group_info *info)
{
	info->id = group->id;
	info->type = group->type;
	info->hash = group->hash;
	info->count = group->bucket_count;
	info->flows = group->users;
	vsw_count_read(group->count, &info->packets, &info->bytes);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_info);

void vsw_group_bucket_info(const struct vsw_group *group, u32 i, struct vsw_bucket_info *info)
{
	const struct vsw_bucket *bucket = &group->bucket[i];

	info->id = bucket->id;
	info->weight = bucket->weight;
	info->watch = bucket->watch;
	info->watch_port = bucket->watch_port;
	info->actions = bucket->actions;
	vsw_count_read(bucket->count, &info->packets, &info->bytes);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_bucket_info);
