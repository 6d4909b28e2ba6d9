/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The flows of a table, and how a packet's is found: tuple space search. Flows with the
 * same mask are in one hash table, a tuple; tuples are asked in the order of the best flow
 * that they may have, until none that is left can have a better one.
 *
 * All of it is changed under the flow lock, in process context, while the path reads under
 * RCU: no writer waits for readers, and no reader misses a flow that was there all the time.
 */
#ifndef _VSWITCH_FLOW_TABLE_H
#define _VSWITCH_FLOW_TABLE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/timerqueue.h>
#include <linux/u64_stats_sync.h>

#include "flow.h"

struct vsw_tuple;
struct vsw_tuple_level;
struct vsw_lesson;

/* Most nodes of a flow with ranges of ports. */
#define VSW_FLOW_NODES_MAX	256

/*
 * Which of two flows that match is the better one: the one of higher priority, or of the
 * same the one that was added first. No two have the same.
 */
#define VSW_RANK_ID_BITS	48
#define VSW_RANK_ID_MASK	GENMASK_ULL(VSW_RANK_ID_BITS - 1, 0)

static inline u64 vsw_rank(u16 priority, u64 id)
{
	return (u64)priority << VSW_RANK_ID_BITS | (~id & VSW_RANK_ID_MASK);
}

/* What a tuple has of a flow. One with ranges of ports has many. */
struct vsw_flow_node {
	/* of writers */
	struct vsw_tuple *tuple;
	struct vsw_tuple_level *level;
	struct vsw_flow_node *lower;	/* of the same words, and a lower rank */
	/* of readers */
	u32 hash;
	u64 rank;
	struct vsw_flow *flow;
	u64 word[];			/* of the key, those in the tuple's map */
};

struct vsw_flow_stats {
	u64_stats_t packets, bytes;
	unsigned long used;		/* jiffies of the last packet; 0: none */
	struct u64_stats_sync sync;
};

struct vsw_flow_others;

#define VSW_FLOW_NO_CPU		(-1)	/* had no packet */
#define VSW_FLOW_NO_COUNTS	(-2)	/* only when the last one was */

struct vsw_flow {
	/* Written by the path: by the first CPU that meets it, ... */
	struct vsw_flow_stats first;
	int cpu;			/* ... which is this one */
	/* ... and by others; all that have no memory for their own share the last two */
	struct vsw_flow_others __rcu *others;
	atomic64_t rest_packets, rest_bytes;
	unsigned long rest_used;	/* 0: never */

	struct rcu_head rcu;
	union {
		struct rb_node by_id;	/* flow_table.c's, once it is in a table */
		struct list_head waiting;	/* of others, before */
	};
	u64 id;				/* age: the older, the lower; from insertion on */
	u32 memory;			/* bytes of all of it, without the actions */

	/* flow_set.c's and flow_expiry.c's, flow lock */
	struct vsw_lesson *lesson;	/* from which it follows, see learn.h; or NULL */
	struct rb_node by_importance;
	struct timerqueue_node due;
	u64 created, modified;		/* ms */
	u64 cookie;			/* read by the path */
	u32 idle_timeout, hard_timeout;	/* ms */
	u32 flags;			/* VSWITCH_FLOW_FLAG_* */
	u16 importance;

	/* never changed */
	u16 priority;
	u8 table;
	u8 words;			/* in map */
	u16 node_count;
	vsw_key_map map;
	struct vsw_port_range tp_src, tp_dst;
	struct vsw_flow_node *ranges;	/* all nodes, if there are ranges; else NULL */

	struct vsw_actions __rcu *actions;
	/* Last: behind its words are those of the mask. In a tuple if there are no ranges. */
	struct vsw_flow_node node;
};

/* Tuples, the one that may have the best flow first. Never changed but for ranks. */
struct vsw_flow_tuples {
	struct rcu_head rcu;
	u32 count;
	vsw_key_map map;		/* words that any of them asks for; ... */
	u64 where;			/* ... with the table, for flow_cache.c ... */
	u8 words;			/* ... and how many they are, ... */
	u8 offset[VSW_KEY_WORDS];	/* ... and where in the key, in bytes */
	struct {
		u64 rank;		/* no flow of it has a higher one */
		struct vsw_tuple *tuple;
	} at[];
};

struct vsw_flow_table_stats {
	u64_stats_t hits, misses;
	struct u64_stats_sync sync;
};

struct vsw_flow_table {
	/* read by the path */
	struct vsw_flow_tuples __rcu *tuples;
	struct vsw_flow_table_stats __percpu *stats;
	u8 miss;			/* enum vswitch_flow_miss */
	/* flow lock */
	u8 number;
	bool evict;
	u32 max_flows;			/* 0: no limit of its own */
	u32 flow_count;
	struct rb_root_cached by_id;	/* the youngest first */
	/* flow_set.c's: those that may have to make room */
	bool evict_ranked;
	struct rb_root_cached by_importance;
	u64 memory;			/* bytes */
	u64 hits, misses;		/* of tables whose place it took */
	struct hlist_head by_mask[64];	/* tuples */
};

/* flow_table.c: views, tables, flows. Under the flow lock unless it says something else. */
int vsw_flow_table_init(void);
void vsw_flow_table_exit(void);		/* nobody has flows any more; waits for RCU */

/* No lock. An empty one, or NULL. Seen by nobody until it is flows->view. */
struct vsw_flow_view *vsw_flow_view_alloc(struct vsw_flows *flows);
/*
 * With all its flows and their actions, when no packet can have it any more. Who calls has
 * taken it out of flows->view and let go of what its flows use (groups and meters). @view
 * may be NULL.
 */
void vsw_flow_view_free_rcu(struct vsw_flow_view *view);
/*
 * @view takes the place of @old: its tables get the settings and counts of lookups of those
 * of @old. -ENOMEM: some have, the settings can be inherited once more.
 */
int vsw_flow_view_inherit(struct vsw_flow_view *view, struct vsw_flow_view *old);
/*
 * What was remembered of lookups in @view is no longer true. After flows were inserted,
 * removed or replaced, all of a batch, and before any of them is freed.
 */
void vsw_flow_view_changed(struct vsw_flow_view *view);
/* From now on packets have the words in @map, too. Flows see to it of their own actions. */
void vsw_flow_view_need(struct vsw_flow_view *view, vsw_key_map map);

/* NULL: there is none. */
struct vsw_flow_table *vsw_flow_table(const struct vsw_flow_view *view, u8 number);
/* Made if there is none; NULL: no memory. */
struct vsw_flow_table *vsw_flow_table_make(struct vsw_flow_view *view, u8 number);

/*
 * No lock. A flow as @config says, with @actions, which it takes if it succeeds. ERR_PTR():
 * -ENOMEM, or -E2BIG for ranges of ports that are too many prefixes.
 */
struct vsw_flow *vsw_flow_alloc(const struct vsw_flow_config *config,
				struct vsw_actions *actions, struct netlink_ext_ack *extack);
/* No lock. With its actions. In no table, and never seen by anybody but who calls. */
void vsw_flow_free(struct vsw_flow *flow);
/* No lock. Likewise, but packets may have it; after vsw_flow_view_changed(). */
void vsw_flow_free_rcu(struct vsw_flow *flow);

/*
 * Make room for @flow in its table of @view, which is all that can fail: -ENOMEM. After
 * that it must be inserted or unreserved.
 */
int vsw_flow_table_reserve(struct vsw_flow_view *view, struct vsw_flow *flow);
void vsw_flow_table_unreserve(struct vsw_flow_view *view, struct vsw_flow *flow);
/*
 * Put @flow, which is reserved, into its table. It takes the place and the age of the one of
 * its match and priority, if there is one, which is returned and in no table any more (a
 * packet meets one of them, never none); or it is the youngest, and NULL is returned.
 */
struct vsw_flow *vsw_flow_table_insert(struct vsw_flow_view *view, struct vsw_flow *flow);
void vsw_flow_table_remove(struct vsw_flow_view *view, struct vsw_flow *flow);
/* From now on @flow has @actions; the ones that it had are freed when no packet has them. */
void vsw_flow_set_actions(struct vsw_flow_view *view, struct vsw_flow *flow,
			  struct vsw_actions *actions);

/* The one of just this match and priority, or NULL. */
struct vsw_flow *vsw_flow_table_find(const struct vsw_flow_view *view, u8 table,
				     u16 priority, const struct vsw_match *match);
/* The one whose place @flow, which is in no table, would take; faster. */
struct vsw_flow *vsw_flow_table_find_like(const struct vsw_flow_view *view,
					  const struct vsw_flow *flow);
/* A flow of @flow's table and priority, but not of its match, that one packet could match, too. */
struct vsw_flow *vsw_flow_table_find_overlap(const struct vsw_flow_view *view,
					     const struct vsw_flow *flow);
/* The oldest flow of @table whose id is @id or higher, or NULL. Ids start at 1. */
struct vsw_flow *vsw_flow_table_from(const struct vsw_flow_table *table, u64 id);
/* The next one after @flow, by age, or NULL. */
struct vsw_flow *vsw_flow_table_after(const struct vsw_flow *flow);

/* The match as a user said it. No lock. */
void vsw_flow_match(const struct vsw_flow *flow, struct vsw_match *match);
bool vsw_flow_is_exactly(const struct vsw_flow *flow, const struct vsw_match *match);
/* Whether each packet that @flow matches is one that @match does. No lock. */
bool vsw_flow_is_within(const struct vsw_flow *flow, const struct vsw_match *match);

/* flow_stats.c: no lock */
struct vsw_flow_counts {
	u64 packets, bytes;
	bool has_been_used;
	unsigned long used;		/* jiffies, if it has */
};

void vsw_flow_counts(const struct vsw_flow *flow, struct vsw_flow_counts *counts);
/* What another flow, whose place it has, has counted. */
void vsw_flow_add_counts(struct vsw_flow *flow, const struct vsw_flow_counts *counts);
/* From 0 again. Packets that are counted at the same time may be of before or after. */
void vsw_flow_reset_counts(struct vsw_flow *flow);
int vsw_flow_stats_init(void);
void vsw_flow_stats_exit(void);
void vsw_flow_stats_free(struct vsw_flow *flow);
/* All CPUs but the first one, for vsw_flow_hit(). */
void vsw_flow_hit_other(struct vsw_flow *flow, unsigned int len);

#endif /* _VSWITCH_FLOW_TABLE_H */
