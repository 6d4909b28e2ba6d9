/* SPDX-License-Identifier: GPL-2.0 */
/* What the packet path asks of the MAC table. */
#ifndef _VSWITCH_FDB_PATH_H
#define _VSWITCH_FDB_PATH_H

#include "fdb.h"

struct vsw_port *vsw_fdb_lookup(struct vsw_switch *sw, u64 key);
void vsw_fdb_learn(struct vsw_port *port, u64 key);

/*
 * *@out is the port by which frames to @key's MAC leave in its VLAN, the host's if
 * the MAC is local. False: vsw_fdb_lookup() may know it. Under RCU.
 */
static __always_inline bool vsw_fdb_lookup_fast(struct vsw_switch *sw, u64 key,
						struct vsw_port **out)
{
	const struct vsw_fdb_array *now, *old;
	const struct vsw_fdb_bucket *bucket;
	unsigned int i;
	u64 found;
	u16 port;
	u32 seq;

	now = rcu_dereference_raw(sw->fdb.now);
	smp_rmb();	/* as in vsw_fdb_table_find() */
	old = rcu_dereference_raw(sw->fdb.old);
	bucket = vsw_fdb_home(now, vsw_fdb_hash(&sw->fdb, key));
	/* as in vsw_fdb_search() */
	seq = smp_load_acquire(&bucket->seq);
	i = vsw_fdb_slot_with(bucket, key);
	if (unlikely(i == VSW_FDB_SLOTS))
		return false;
	found = READ_ONCE(bucket->key[i]);
	port = READ_ONCE(bucket->port[i]);
	smp_rmb();	/* as in vsw_fdb_search() */
	/* Free slots have no key. */
	if (unlikely(old || !found || (seq & 1) || READ_ONCE(bucket->seq) != seq))
		return false;
	*out = found & BIT_ULL(LOCAL) ? &sw->host : vsw_port_by_number(sw, port);
	return true;
}

/*
 * Whether a frame from @key's MAC, in its VLAN, which came in by the port whose
 * counters on this CPU are @stats, tells nothing new: it is the last one once more,
 * and that is in the table, there, and of this moment.
 */
static __always_inline bool vsw_fdb_is_known(const struct vsw_switch *sw,
					     const struct vsw_pcpu_stats *stats,
					     u64 key)
{
	return stats->seen.source == key &&
	       stats->seen.epoch == READ_ONCE(sw->fdb_epoch) &&
	       stats->seen.tick == ticks(sw);
}

/*
 * vsw_fdb_lookup_fast(), of which the port that a frame of a known source came by
 * remembers the last answer: it is good for as long as the source is known.
 */
static __always_inline bool vsw_fdb_lookup_again(struct vsw_switch *sw,
						 struct vsw_pcpu_stats *stats,
						 u64 key, struct vsw_port **out)
{
	if (likely(stats->seen.dest == key)) {
		*out = stats->seen.out;
		return true;
	}
	if (unlikely(!vsw_fdb_lookup_fast(sw, key, out)))
		return false;
	stats->seen.dest = key;
	stats->seen.out = *out;
	return true;
}

#endif /* _VSWITCH_FDB_PATH_H */
