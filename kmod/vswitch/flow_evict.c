// SPDX-License-Identifier: GPL-2.0
/*
 * Tables that are full: which flow makes room for a new one. Those of the lowest importance
 * come first, of them the one whose time is over first, then the oldest.
 */
#include "flow_set.h"

/* Flows whose time is over this close together, in ms, may go in any order. */
#define GRAIN	100

u32 vsw_flow_table_room(const struct vsw_flow_table *table)
{
	return table->max_flows ?: VSWITCH_FLOWS_MAX;
}

bool vsw_flow_is_full(const struct vsw_flow_set *set, const struct vsw_flow_table *table)
{
	return table->flow_count >= vsw_flow_table_room(table) ||
	       set->count >= VSWITCH_FLOWS_MAX;
}

static struct vsw_flow *flow_of(struct rb_node *node)
{
	return rb_entry(node, struct vsw_flow, by_importance);
}

static bool goes_before(struct rb_node *a_node, const struct rb_node *b_node)
{
	const struct vsw_flow *a = flow_of(a_node);
	const struct vsw_flow *b = rb_entry(b_node, struct vsw_flow, by_importance);

	if (a->importance != b->importance)
		return a->importance < b->importance;
	if (a->due.expires != b->due.expires)
		return a->due.expires < b->due.expires;
	return a->id < b->id;
}

void vsw_flow_rank(struct vsw_flow_table *table, struct vsw_flow *flow)
{
	if (table->evict)
		rb_add_cached(&flow->by_importance, &table->by_importance, goes_before);
}

void vsw_flow_unrank(struct vsw_flow_table *table, struct vsw_flow *flow)
{
	if (RB_EMPTY_NODE(&flow->by_importance))
		return;
	rb_erase_cached(&flow->by_importance, &table->by_importance);
	RB_CLEAR_NODE(&flow->by_importance);
}

void vsw_flow_rank_all(struct vsw_flow_table *table)
{
	struct vsw_flow *flow;

	for (flow = vsw_flow_table_from(table, 0); flow; flow = vsw_flow_table_after(flow)) {
		vsw_flow_unrank(table, flow);
		vsw_flow_rank(table, flow);
		cond_resched();
	}
}

struct vsw_flow *vsw_flow_least(struct vsw_flow_set *set, struct vsw_flow_table *table)
{
	struct vsw_flow *flow;
	struct rb_node *node;

	while ((node = rb_first_cached(&table->by_importance))) {
		flow = flow_of(node);
		/* Packets that it had since may have put off its end. */
		if (!flow->idle_timeout ||
		    vsw_flow_deadline(flow) <= flow->due.expires + GRAIN)
			return flow;
		vsw_flow_watch(set, flow);
		cond_resched();
	}
	return NULL;
}
