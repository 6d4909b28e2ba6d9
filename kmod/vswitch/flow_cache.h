/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What each packet asks of flows, inline; flow_path.h includes this. A CPU remembers what
 * it found for the words of a key that a table asks for, and looks first at what it found
 * last, without a hash: packets come in rows.
 *
 * What is remembered is true as long as the view has the generation that it had before the
 * lookup. A flow in there that has gone is not met: it is freed after the generation changed
 * and all readers who may have missed that are done.
 */
#ifndef _VSWITCH_FLOW_CACHE_H
#define _VSWITCH_FLOW_CACHE_H

#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/smp.h>

#include "flow_path.h"

/* Tables that ask for more words have nothing remembered. */
#define VSW_FLOW_CACHE_WORDS	12

struct vsw_flow_cached {
	u64 generation;			/* 0: nothing */
	u64 where;			/* of struct vsw_flow_tuples */
	struct vsw_flow *flow;		/* NULL: there was none */
	u32 hash;
	u64 word[VSW_FLOW_CACHE_WORDS];
};

/* Of table n at n modulo this. */
#define VSW_FLOW_CACHE_LAST	4
DECLARE_PER_CPU(struct vsw_flow_cached *, vsw_flow_last[VSW_FLOW_CACHE_LAST]);

/* These may change key->cgroup meanwhile. */
struct vsw_flow *vsw_flow_tuples_lookup(const struct vsw_flow_tuples *tuples,
					struct vsw_key *key);
struct vsw_flow *vsw_flow_tuples_lookup_some(const struct vsw_flow_tuples *tuples,
					     struct vsw_key *key, vsw_key_map map);
struct vsw_flow *vsw_flow_cache_lookup(const struct vsw_flow_tuples *tuples, u8 table,
				       struct vsw_key *key, u64 generation);
void vsw_flow_cache_init(void);
void vsw_flow_cache_start(void);
void vsw_flow_cache_stop(void);

/* Of the same words. */
static __always_inline bool vsw_flow_cached_is(const struct vsw_flow_cached *cached,
					       const struct vsw_flow_tuples *tuples,
					       const struct vsw_key *key)
{
	unsigned int i, words = tuples->words;

	for (i = 0; i < words; i++)
		if (*(const u64 *)((const void *)key + tuples->offset[i]) != cached->word[i])
			return false;
	return true;
}

static __always_inline struct vsw_flow *
vsw_flow_find(const struct vsw_flow_tuples *tuples, u8 table, struct vsw_key *key,
	      vsw_key_map map, u64 generation)
{
	const struct vsw_flow_cached *last;

	if (unlikely(tuples->map & ~map))
		return vsw_flow_tuples_lookup_some(tuples, key, map);
	last = this_cpu_read(vsw_flow_last[table % VSW_FLOW_CACHE_LAST]);
	if (likely(last->generation == generation && last->where == tuples->where &&
		   vsw_flow_cached_is(last, tuples, key)))
		return last->flow;
	return vsw_flow_cache_lookup(tuples, table, key, generation);
}

static inline struct vsw_flow_found vsw_flow_lookup(const struct vsw_flow_view *view, u8 table,
						    struct vsw_key *key, vsw_key_map map)
{
	/* Before anything that it says is looked at. */
	u64 generation = atomic64_read_acquire(&view->generation);
	const struct vsw_flow_table *t = vsw_path_dereference(view->table[table]);
	struct vsw_flow_table_stats *stats;
	struct vsw_flow_found found = {};

	if (unlikely(!t)) {
		found.miss = table ? VSWITCH_FLOW_MISS_DROP : VSWITCH_FLOW_MISS_NORMAL;
		return found;
	}
	found.flow = vsw_flow_find(vsw_path_dereference(t->tuples), table, key, map, generation);
	stats = this_cpu_ptr(t->stats);
	u64_stats_update_begin(&stats->sync);
	if (likely(found.flow)) {
		u64_stats_inc(&stats->hits);
	} else {
		u64_stats_inc(&stats->misses);
		found.miss = READ_ONCE(t->miss);
	}
	u64_stats_update_end(&stats->sync);
	return found;
}

static inline void vsw_flow_count_packet(struct vsw_flow_stats *stats, unsigned int len)
{
	unsigned long now = jiffies;

	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->packets);
	u64_stats_add(&stats->bytes, len);
	u64_stats_update_end(&stats->sync);
	if (stats->used != now)
		WRITE_ONCE(stats->used, now);
}

static inline void vsw_flow_hit(struct vsw_flow *flow, unsigned int len)
{
	if (likely(READ_ONCE(flow->cpu) == raw_smp_processor_id()))
		vsw_flow_count_packet(&flow->first, len);
	else
		vsw_flow_hit_other(flow, len);
}

#endif /* _VSWITCH_FLOW_CACHE_H */
