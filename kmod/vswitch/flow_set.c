// SPDX-License-Identifier: GPL-2.0
/*
 * Add, change and delete flows. All that can fail is done before the first one that
 * packets can meet is touched, so a batch is carried out as a whole or not at all.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "flow_pack.h"
#include "flow_set.h"
#include "group.h"
#include "learn.h"
#include "vswitch.h"

#define FLAGS_ALL	(VSWITCH_FLOW_FLAG_SEND_REMOVED | VSWITCH_FLOW_FLAG_CHECK_OVERLAP | \
			 VSWITCH_FLOW_FLAG_NO_COUNTS)

static int check_range(const struct vsw_port_range *range, unsigned int field,
		       const struct vsw_match *match, struct netlink_ext_ack *extack)
{
	if (range->min > range->max) {
		NL_SET_ERR_MSG(extack, "a range of ports begins with the lower one");
		return -EINVAL;
	}
	if (!range->min && range->max == U16_MAX)
		return 0;
	return vsw_field_check_needs(field, &match->key, &match->mask, extack);
}

static int check_config(const struct vsw_flow_config *config, struct netlink_ext_ack *extack)
{
	const struct vsw_match *match = &config->match;

	if (config->table > VSWITCH_FLOW_TABLE_MAX) {
		NL_SET_ERR_MSG(extack, "the highest table is 253");
		return -EINVAL;
	}
	if (max(config->idle_timeout, config->hard_timeout) > VSWITCH_FLOW_TIMEOUT_MAX) {
		NL_SET_ERR_MSG(extack, "the longest timeout is a day");
		return -EINVAL;
	}
	if (config->flags & ~FLAGS_ALL) {
		NL_SET_ERR_MSG(extack, "there is no such flag of a flow");
		return -EINVAL;
	}
	return vsw_field_check_match(&match->key, &match->mask, extack) ?:
	       check_range(&match->tp_src, VSWITCH_A_MATCH_TP_SRC, match, extack) ?:
	       check_range(&match->tp_dst, VSWITCH_A_MATCH_TP_DST, match, extack);
}

struct vsw_flow *vsw_flow_prepare(const struct vsw_flow_config *config,
				  struct vsw_actions *actions, struct netlink_ext_ack *extack)
{
	const struct vsw_match *match = &config->match;
	struct vsw_flow *flow;
	int err;

	err = check_config(config, extack) ?:
	      vsw_actions_check(actions, VSW_ACTIONS_OF_FLOW, config->table, &match->key,
				&match->mask, extack);
	if (err) {
		vsw_actions_free(actions);
		return ERR_PTR(err);
	}
	flow = vsw_flow_alloc(config, actions, extack);
	if (IS_ERR(flow))
		vsw_actions_free(actions);
	return flow;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_prepare);

void vsw_flow_discard(struct vsw_flow *flow)
{
	vsw_flow_free(flow);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_discard);

bool vsw_flow_set_init(struct vsw_flows *flows, struct vsw_flow_set *set)
{
	set->view = vsw_flow_view_alloc(flows);
	set->count = 0;
	timerqueue_init_head(&set->due);
	return set->view;
}

/* Packets have the words that the groups which @actions name ask for. */
static void need_groups(struct vsw_flows *flows, struct vsw_flow_view *view,
			const struct vsw_actions *actions)
{
	const struct vsw_action *action;
	const struct vsw_group *group;

	vsw_for_each_action(action, actions) {
		if (action->type != VSWITCH_A_ACTION_GROUP)
			continue;
		group = vsw_group_find(flows, action->value);
		if (group)
			vsw_flow_view_need(view, vsw_group_map(group));
	}
}

void vsw_flow_set_unuse(struct vsw_flows *flows, struct vsw_flow_set *set)
{
	const struct vsw_flow_table *table;
	struct vsw_flow *flow;
	unsigned int number;

	for (number = 0; number < VSW_FLOW_TABLES; number++) {
		table = vsw_flow_table(set->view, number);
		flow = table ? vsw_flow_table_from(table, 0) : NULL;
		for (; flow; flow = vsw_flow_table_after(flow)) {
			vsw_lesson_end(flow);
			vsw_actions_unuse(flows, vsw_flow_program(flow));
			cond_resched();
		}
	}
}

int vsw_flow_reserve(struct vsw_flows *flows, struct vsw_flow_set *set,
		     struct vsw_flow *flow, struct netlink_ext_ack *extack)
{
	int err;

	err = vsw_actions_use(flows, vsw_flow_program(flow), extack);
	if (err)
		return err;
	err = vsw_flow_table_reserve(set->view, flow);
	if (!err)
		return 0;
	vsw_actions_unuse(flows, vsw_flow_program(flow));
	NL_SET_ERR_MSG(extack, "no memory for the flow");
	return err;
}

void vsw_flow_unreserve(struct vsw_flows *flows, struct vsw_flow_set *set,
			struct vsw_flow *flow)
{
	vsw_flow_table_unreserve(set->view, flow);
	vsw_actions_unuse(flows, vsw_flow_program(flow));
}

/* @flow is in its table no more. */
static void let_go(struct vsw_flows *flows, struct vsw_flow_set *set, struct vsw_flow *flow,
		   struct list_head *gone)
{
	vsw_flow_unrank(vsw_flow_table(set->view, flow->table), flow);
	vsw_flow_unwatch(set, flow);
	vsw_lesson_end(flow);
	vsw_actions_unuse(flows, vsw_flow_program(flow));
	list_add_tail(&flow->waiting, gone);
	set->count--;
}

void vsw_flow_take(struct vsw_flows *flows, struct vsw_flow_set *set, struct vsw_flow *flow,
		   struct list_head *gone)
{
	vsw_flow_table_remove(set->view, flow);
	let_go(flows, set, flow, gone);
}

void vsw_flow_retire(struct vsw_flows *flows, struct vsw_flow *flow, u8 reason,
		     struct list_head *gone)
{
	if (flow->flags & VSWITCH_FLOW_FLAG_SEND_REMOVED)
		vsw_event_flow(flows->sw, flow, reason);
	vsw_flow_take(flows, &flows->set, flow, gone);
}

static void evict(struct vsw_flows *flows, struct vsw_flow_set *set,
		  struct vsw_flow_table *table, struct list_head *gone)
{
	struct vsw_flow *flow = vsw_flow_least(set, table);

	if (!flow)
		return;
	if (set == &flows->set)
		vsw_flow_retire(flows, flow, VSWITCH_FLOW_REMOVED_EVICTED, gone);
	else
		vsw_flow_take(flows, set, flow, gone);
}

void vsw_flow_put(struct vsw_flows *flows, struct vsw_flow_set *set, struct vsw_flow *flow,
		  struct list_head *gone)
{
	struct vsw_flow_table *table = vsw_flow_table(set->view, flow->table);
	struct vsw_flow *was;

	if (table->evict && vsw_flow_is_full(set, table) &&
	    !vsw_flow_table_find_like(set->view, flow))
		evict(flows, set, table, gone);
	need_groups(flows, set->view, vsw_flow_program(flow));
	RB_CLEAR_NODE(&flow->by_importance);
	timerqueue_init(&flow->due);
	flow->created = vsw_flow_now();
	flow->modified = flow->created;
	was = vsw_flow_table_insert(set->view, flow);
	set->count++;
	vsw_flow_watch(set, flow);
	vsw_flow_rank(table, flow);
	if (was)
		let_go(flows, set, was, gone);
}

void vsw_flows_changed(struct vsw_flows *flows, struct list_head *gone)
{
	struct vsw_flow *flow, *next;

	vsw_flow_view_changed(flows->set.view);
	flows->generation++;
	list_for_each_entry_safe(flow, next, gone, waiting) {
		vsw_flow_free_rcu(flow);
		cond_resched();
	}
	vsw_flow_expiry_arm(flows);
	vsw_flows_follow(flows);
}

static bool is_same(const struct vsw_flow *a, const struct vsw_flow *b)
{
	return a->table == b->table && a->priority == b->priority && vsw_flow_is_like(a, b);
}

static bool overlaps(const struct vsw_flow *a, const struct vsw_flow *b)
{
	return a->table == b->table && a->priority == b->priority && vsw_flow_overlaps(a, b);
}

/* Whether flow[@i] is not to be added where one is that could match the same packet. */
static int check_overlap(const struct vsw_flows *flows, struct vsw_flow **flow, u32 i,
			 struct netlink_ext_ack *extack)
{
	const struct vsw_flow_view *view = flows->set.view;
	u32 before;

	if (!(flow[i]->flags & VSWITCH_FLOW_FLAG_CHECK_OVERLAP))
		return 0;
	/* All flows are looked at for each: who deletes the switch may not have the time. */
	if (fatal_signal_pending(current) || READ_ONCE(flows->going)) {
		NL_SET_ERR_MSG(extack, "interrupted");
		return -EINTR;
	}
	/* One of the same match is replaced, and was checked when it was added. */
	if (vsw_flow_table_find_like(view, flow[i]))
		return 0;
	for (before = 0; before < i; before++) {
		if (is_same(flow[before], flow[i]))
			return 0;
		cond_resched();
	}
	if (vsw_flow_table_find_overlap(view, flow[i]))
		goto refuse;
	for (before = 0; before < i; before++) {
		if (overlaps(flow[before], flow[i]))
			goto refuse;
		cond_resched();
	}
	return 0;

refuse:
	NL_SET_ERR_MSG(extack, "a flow of the same priority can match the same packet");
	return -EEXIST;
}

static bool is_in_batch(struct vsw_flow **flow, u32 i)
{
	u32 before;

	for (before = 0; before < i; before++)
		if (is_same(flow[before], flow[i]))
			return true;
	return false;
}

/*
 * Whether flow[@i] has room, if those before it are there: @in_table says how many will be
 * in each table, *@all in all. Nothing of a table that evicts is refused for long.
 */
static int find_room(const struct vsw_flows *flows, struct vsw_flow **flow, u32 i,
		     u32 *in_table, u32 *all, struct netlink_ext_ack *extack)
{
	const struct vsw_flow_table *table = vsw_flow_table(flows->set.view, flow[i]->table);
	u32 *count = &in_table[flow[i]->table];

	if (vsw_flow_table_find_like(flows->set.view, flow[i]) || is_in_batch(flow, i))
		return 0;
	if (table && table->evict && *count &&
	    (*count >= vsw_flow_table_room(table) || *all >= VSWITCH_FLOWS_MAX))
		return 0;
	if (table && *count >= vsw_flow_table_room(table)) {
		NL_SET_ERR_MSG(extack, "the table is full");
		return -ENOSPC;
	}
	if (*all >= VSWITCH_FLOWS_MAX) {
		NL_SET_ERR_MSG(extack, "the switch has as many flows as it may have, 1048576");
		return -ENOSPC;
	}
	(*count)++;
	(*all)++;
	return 0;
}

/* Whether there is room, whatever the flows are. */
static bool have_room(const struct vsw_flows *flows, struct vsw_flow **flow, u32 count)
{
	const struct vsw_flow_table *table;
	u32 i;

	if (flows->set.count + count > VSWITCH_FLOWS_MAX)
		return false;
	for (i = 0; i < count; i++) {
		table = vsw_flow_table(flows->set.view, flow[i]->table);
		if (table && table->flow_count + count > vsw_flow_table_room(table))
			return false;
	}
	return true;
}

static int check_room(const struct vsw_flows *flows, struct vsw_flow **flow, u32 count,
		      u32 *failed, struct netlink_ext_ack *extack)
{
	u32 all = flows->set.count, *in_table, number, i;
	const struct vsw_flow_table *table;
	int err = 0;

	if (have_room(flows, flow, count))
		return 0;
	in_table = kcalloc(VSW_FLOW_TABLES, sizeof(*in_table), GFP_KERNEL);
	if (!in_table)
		return -ENOMEM;
	for (number = 0; number < VSW_FLOW_TABLES; number++) {
		table = vsw_flow_table(flows->set.view, number);
		in_table[number] = table ? table->flow_count : 0;
	}
	for (i = 0; i < count && !err; i++) {
		*failed = i;
		err = find_room(flows, flow, i, in_table, &all, extack);
		cond_resched();
	}
	kfree(in_table);
	return err;
}

int vsw_flow_insert(struct vsw_flows *flows, struct vsw_flow **flow, u32 count, u32 *failed,
		    struct netlink_ext_ack *extack)
{
	LIST_HEAD(gone);
	int err;
	u32 i;

	lockdep_assert_held(&flows->lock);

	*failed = 0;
	err = check_room(flows, flow, count, failed, extack);
	if (err)
		return err;
	for (i = 0; i < count; i++) {
		*failed = i;
		err = check_overlap(flows, flow, i, extack) ?:
		      vsw_flow_reserve(flows, &flows->set, flow[i], extack);
		if (err)
			goto unreserve;
		cond_resched();
	}
	for (i = 0; i < count; i++) {
		vsw_flow_put(flows, &flows->set, flow[i], &gone);
		cond_resched();
	}
	vsw_flows_changed(flows, &gone);
	return 0;

unreserve:
	while (i--) {
		vsw_flow_unreserve(flows, &flows->set, flow[i]);
		cond_resched();
	}
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_insert);

/* A flow and the actions that it is going to have. */
struct change {
	struct vsw_flow *flow;
	struct vsw_actions *actions;
};

/* @actions as they would be of @flow, and used; or an ERR_PTR(). */
static struct vsw_actions *actions_for(struct vsw_flows *flows, const struct vsw_flow *flow,
				       const struct vsw_actions *actions,
				       struct netlink_ext_ack *extack)
{
	struct vsw_actions *copy = vsw_actions_alloc(actions->words);
	struct vsw_match *match = kmalloc(sizeof(*match), GFP_KERNEL);
	int err = -ENOMEM;

	if (copy && match) {
		copy->words = actions->words;
		memcpy(copy->program, actions->program, array_size(actions->words, sizeof(u64)));
		vsw_flow_match(flow, match);
		err = vsw_actions_check(copy, VSW_ACTIONS_OF_FLOW, flow->table, &match->key,
					&match->mask, extack) ?:
		      vsw_actions_use(flows, copy, extack);
	}
	kfree(match);
	if (!err)
		return copy;
	vsw_actions_free(copy);
	return ERR_PTR(err);
}

static void change_flow(struct vsw_flows *flows, const struct change *change, bool reset_counts)
{
	struct vsw_flow *flow = change->flow;

	need_groups(flows, flows->set.view, change->actions);
	vsw_actions_unuse(flows, vsw_flow_program(flow));
	vsw_flow_set_actions(flows->set.view, flow, change->actions);
	if (reset_counts)
		vsw_flow_reset_counts(flow);
	flow->modified = vsw_flow_now();
	vsw_flow_watch(&flows->set, flow);
}

/* @count flows that are meant get @actions, all or none. */
static int change_all(struct vsw_flows *flows, const struct vsw_flow_filter *filter,
		      struct change *change, u32 count, const struct vsw_actions *actions,
		      bool reset_counts, struct netlink_ext_ack *extack)
{
	u64 cursor = 0;
	u32 i;

	for (i = 0; i < count; i++) {
		change[i].flow = vsw_flow_next(flows, filter, &cursor);
		change[i].actions = actions_for(flows, change[i].flow, actions, extack);
		if (IS_ERR(change[i].actions))
			goto undo;
		cond_resched();
	}
	for (i = 0; i < count; i++) {
		change_flow(flows, &change[i], reset_counts);
		cond_resched();
	}
	return count;

undo:
	count = i;
	for (i = 0; i < count; i++) {
		vsw_actions_unuse(flows, change[i].actions);
		vsw_actions_free(change[i].actions);
		cond_resched();
	}
	return PTR_ERR(change[count].actions);
}

int vsw_flow_modify(struct vsw_flows *flows, const struct vsw_flow_filter *filter,
		    struct vsw_actions *actions, bool reset_counts,
		    struct netlink_ext_ack *extack)
{
	struct change *change = NULL;
	LIST_HEAD(gone);
	int err = 0;
	u32 count;

	lockdep_assert_held(&flows->lock);

	count = vsw_flow_count(flows, filter);
	if (count) {
		change = kvmalloc_array(count, sizeof(*change), GFP_KERNEL_ACCOUNT);
		err = change ? change_all(flows, filter, change, count, actions, reset_counts,
					  extack) : -ENOMEM;
	}
	kvfree(change);
	vsw_actions_free(actions);
	if (err > 0)
		vsw_flows_changed(flows, &gone);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_modify);

u32 vsw_flow_delete(struct vsw_flows *flows, const struct vsw_flow_filter *filter, u8 reason)
{
	struct vsw_flow *flow;
	LIST_HEAD(gone);
	u64 cursor = 0;
	u32 count = 0;

	lockdep_assert_held(&flows->lock);

	while ((flow = vsw_flow_next(flows, filter, &cursor))) {
		vsw_flow_retire(flows, flow, reason, &gone);
		count++;
		cond_resched();
	}
	if (count)
		vsw_flows_changed(flows, &gone);
	return count;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_delete);

static bool uses(const struct vsw_actions *actions, u8 type, u32 id)
{
	const struct vsw_action *action;

	vsw_for_each_action(action, actions)
		if (action->type == type && (id == U32_MAX || action->value == id))
			return true;
	return false;
}

void vsw_flow_delete_users(struct vsw_flows *flows, bool is_group, u32 id)
{
	u8 type = is_group ? VSWITCH_A_ACTION_GROUP : VSWITCH_A_ACTION_METER;
	u8 reason = is_group ? VSWITCH_FLOW_REMOVED_GROUP_DELETED :
			       VSWITCH_FLOW_REMOVED_METER_DELETED;
	struct vsw_flow_filter filter;
	struct vsw_flow *flow;
	LIST_HEAD(gone);
	u64 cursor = 0;

	lockdep_assert_held(&flows->lock);

	vsw_flow_filter_init(&filter);
	while ((flow = vsw_flow_next(flows, &filter, &cursor))) {
		if (uses(vsw_flow_program(flow), type, id))
			vsw_flow_retire(flows, flow, reason, &gone);
		cond_resched();
	}
	if (!list_empty(&gone))
		vsw_flows_changed(flows, &gone);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_delete_users);
