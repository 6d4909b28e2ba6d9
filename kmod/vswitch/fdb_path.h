/* SPDX-License-Identifier: GPL-2.0 */
/* What the packet path asks of the MAC table. */
#ifndef _VSWITCH_FDB_PATH_H
#define _VSWITCH_FDB_PATH_H

#include "fdb.h"

struct vsw_port *vsw_fdb_lookup(struct vsw_switch *sw, u64 key);
bool vsw_fdb_find_source(const struct vsw_switch *sw, u64 key, struct vsw_fdb_entry *entry);
void vsw_fdb_learn(struct vsw_port *port, u64 key);
void vsw_fdb_learn_locked(struct vsw_port *port, u64 key);

/*
 * The port by which frames to @key's MAC leave in its VLAN, as was learned, and so
 * without flags. NULL: vsw_fdb_lookup() may know it. Under RCU.
 */
static __always_inline struct vsw_port *
vsw_fdb_lookup_fast(const struct vsw_switch *sw, u64 key)
{
	const struct vsw_fdb_array *now = rcu_dereference_raw(sw->fdb.now);
	const struct vsw_fdb_bucket *bucket;
	unsigned int i;
	u16 port;
	u32 seq;

	/*
	 * What is there is right while the table grows, too: an entry leaves the old
	 * array as soon as the new one has it, and is changed where it is.
	 */
	bucket = vsw_fdb_home(now, vsw_fdb_hash(&sw->fdb, key));
	for (;;) {
		/* as in vsw_fdb_search() */
		seq = smp_load_acquire(&bucket->seq) & ~1U;
		i = vsw_fdb_slot_with(bucket, key, 0);
		if (likely(i < VSW_FDB_SLOTS))
			break;
		bucket = vsw_fdb_next_bucket(bucket);
		if (!bucket)
			return NULL;
	}
	port = READ_ONCE(bucket->port[i]);
	smp_rmb();	/* as in vsw_fdb_search() */
	/* Free slots have no port. */
	if (unlikely(!port || READ_ONCE(bucket->seq) != seq))
		return NULL;
	return vsw_port_by_number(sw, port);
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
	       stats->seen.epoch == atomic64_read(&sw->epoch) &&
	       time_before(jiffies, stats->seen.until);
}

#endif /* _VSWITCH_FDB_PATH_H */
