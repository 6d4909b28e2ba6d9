/* SPDX-License-Identifier: GPL-2.0 */
/* What the packet path asks of flows; how they are changed is in flow.h. Under RCU, BH off. */
#ifndef _VSWITCH_FLOW_PATH_H
#define _VSWITCH_FLOW_PATH_H

#include "flow.h"
#include "flow_table.h"
#include "sender.h"
#include "vswitch.h"

/*
 * All tables as they are at one time. A packet reads it once, and so meets all of the old
 * or all of the new flows when they are replaced by a bundle; single changes are made in
 * the tables of the same view.
 */
struct vsw_flow_view {
	struct rcu_work free;
	struct vsw_flows *flows;
	/*
	 * Changed, by one number for the whole module, after each change of a flow in it: who
	 * remembers what a lookup found, has it from before.
	 */
	atomic64_t generation;
	/* Words that any flow, or any action of one, or of a bucket, asks for. Only grows. */
	vsw_key_map map;
	struct vsw_flow_table __rcu *table[VSW_FLOW_TABLES];
};

/*
 * How many masks table @table of @view has: what a lookup there may cost. With cgroups it may
 * ask them again for each one above the sender's.
 */
static inline u32 vsw_flow_table_masks(const struct vsw_flow_view *view, u8 table)
{
	const struct vsw_flow_table *t = vsw_path_dereference(view->table[table]);
	const struct vsw_flow_tuples *tuples;

	if (!t)
		return 0;
	tuples = vsw_path_dereference(t->tuples);
	if (unlikely(tuples->map & VSW_KEY_MAP_OF(cgroup)))
		return tuples->count * (1 + VSW_SENDER_LEVELS);
	return tuples->count;
}

/* What was found: a flow's actions, or none, and then what becomes of a miss. */
struct vsw_flow_found {
	struct vsw_flow *flow;		/* NULL: a miss, of which ... */
	u8 miss;			/* ... enum vswitch_flow_miss */
};

/*
 * Ask table @table of @view for @key, of which the words in @map are there: view->map, read
 * once for a packet before its key is extracted, since it may grow any time. Flows that ask
 * for more are not met. Counts the lookup; not the flow, see vsw_flow_hit(). Inline, in
 * flow_cache.h, with vsw_flow_hit(). *@key is the same afterwards, but may be changed meanwhile.
 */
static inline struct vsw_flow_found vsw_flow_lookup(const struct vsw_flow_view *view, u8 table,
						    struct vsw_key *key, vsw_key_map map);

/*
 * The actions of @flow, of this moment. They may have come after the packet's key was
 * extracted, and ask for words (actions->map) that are not there yet.
 */
static inline const struct vsw_actions *vsw_flow_actions(const struct vsw_flow *flow)
{
	return vsw_path_dereference(flow->actions);
}

static inline u64 vsw_flow_cookie(const struct vsw_flow *flow)
{
	return READ_ONCE(flow->cookie);
}

/* One packet of @len bytes, with its Ethernet header, is treated by @flow. */
static inline void vsw_flow_hit(struct vsw_flow *flow, unsigned int len);

#include "flow_cache.h"

#endif /* _VSWITCH_FLOW_PATH_H */
