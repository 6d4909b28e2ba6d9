// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of flows. The first CPU that meets a flow has its own in the flow, which is
 * enough for most; others get theirs when they come. Else flows would be as large as there
 * are CPUs.
 */
#include <linux/cpumask.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/stddef.h>
#include <kunit/visibility.h>

#include "flow_path.h"

/* Of other CPUs than the first one; those that had no packet have none. */
struct vsw_flow_others {
	DECLARE_FLEX_ARRAY(struct vsw_flow_stats *, cpu);
};

#define GFP_PATH	(GFP_ATOMIC | __GFP_NOWARN)

/*
 * Of all flows, since a packet's memory is charged to nobody. Those that come too late
 * count what other CPUs meet with atomic operations, which is right as well, and slower.
 */
#define OTHERS_MEMORY_MAX	SZ_64M

static struct kmem_cache *stats_cache;
static atomic_long_t others_memory = ATOMIC_LONG_INIT(0);

static void uncharge(size_t size)
{
	atomic_long_sub(size, &others_memory);
}

static bool charge(size_t size)
{
	if (likely(atomic_long_add_return(size, &others_memory) <= OTHERS_MEMORY_MAX))
		return true;
	uncharge(size);
	return false;
}

int vsw_flow_stats_init(void)
{
	stats_cache = KMEM_CACHE(vsw_flow_stats, 0);
	return stats_cache ? 0 : -ENOMEM;
}

void vsw_flow_stats_exit(void)
{
	kmem_cache_destroy(stats_cache);
}

/* No packet has @flow any more, or ever had. */
void vsw_flow_stats_free(struct vsw_flow *flow)
{
	struct vsw_flow_others *others = rcu_dereference_protected(flow->others, true);
	unsigned int cpu;

	if (!others)
		return;
	uncharge(struct_size(others, cpu, nr_cpu_ids));
	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		if (!others->cpu[cpu])
			continue;
		uncharge(sizeof(struct vsw_flow_stats));
		kmem_cache_free(stats_cache, others->cpu[cpu]);
	}
	kfree(others);
}

static struct vsw_flow_others *get_others(struct vsw_flow *flow)
{
	struct vsw_flow_others *others = vsw_path_dereference(flow->others), *first;
	size_t size = struct_size(others, cpu, nr_cpu_ids);

	if (likely(others))
		return others;
	if (!charge(size))
		return NULL;
	others = kzalloc(size, GFP_PATH);
	if (!others) {
		uncharge(size);
		return NULL;
	}
	first = unrcu_pointer(cmpxchg(&flow->others, NULL, RCU_INITIALIZER(others)));
	if (!first)
		return others;
	uncharge(size);
	kfree(others);
	return first;
}

/* Those of @cpu, which is this one. NULL: no memory. */
static struct vsw_flow_stats *get_stats(struct vsw_flow *flow, unsigned int cpu)
{
	struct vsw_flow_others *others = get_others(flow);
	struct vsw_flow_stats *stats;

	if (unlikely(!others))
		return NULL;
	stats = others->cpu[cpu];
	if (likely(stats))
		return stats;
	if (!charge(sizeof(*stats)))
		return NULL;
	stats = kmem_cache_zalloc(stats_cache, GFP_PATH);
	if (!stats) {
		uncharge(sizeof(*stats));
		return NULL;
	}
	u64_stats_init(&stats->sync);
	/* Whoever sums up finds zeros there. */
	smp_store_release(&others->cpu[cpu], stats);
	return stats;
}

static void stamp_rest(struct vsw_flow *flow)
{
	unsigned long now = jiffies;

	if (READ_ONCE(flow->rest_used) != now)
		WRITE_ONCE(flow->rest_used, now);
}

void vsw_flow_hit_other(struct vsw_flow *flow, unsigned int len)
{
	int cpu = raw_smp_processor_id(), first = READ_ONCE(flow->cpu);
	struct vsw_flow_stats *stats;

	if (first == VSW_FLOW_NO_COUNTS) {
		stamp_rest(flow);
		return;
	}
	if (first == VSW_FLOW_NO_CPU && cmpxchg(&flow->cpu, first, cpu) == first)
		stats = &flow->first;
	else
		stats = get_stats(flow, cpu);
	if (likely(stats)) {
		vsw_flow_count_packet(stats, len);
		return;
	}
	atomic64_inc(&flow->rest_packets);
	atomic64_add(len, &flow->rest_bytes);
	stamp_rest(flow);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_hit_other);

static void add_used(struct vsw_flow_counts *counts, unsigned long used)
{
	if (!used || (counts->has_been_used && !time_after(used, counts->used)))
		return;
	counts->has_been_used = true;
	counts->used = used;
}

static void add_stats(struct vsw_flow_counts *counts, const struct vsw_flow_stats *stats)
{
	unsigned int start;
	u64 packets, bytes;

	do {
		start = u64_stats_fetch_begin(&stats->sync);
		packets = u64_stats_read(&stats->packets);
		bytes = u64_stats_read(&stats->bytes);
	} while (u64_stats_fetch_retry(&stats->sync, start));
	counts->packets += packets;
	counts->bytes += bytes;
	add_used(counts, READ_ONCE(stats->used));
}

void vsw_flow_counts(const struct vsw_flow *flow, struct vsw_flow_counts *counts)
{
	/* They go with the flow, which who calls has. */
	const struct vsw_flow_others *others = rcu_dereference_raw(flow->others);
	const struct vsw_flow_stats *stats;
	unsigned int cpu;

	counts->packets = atomic64_read(&flow->rest_packets);
	counts->bytes = atomic64_read(&flow->rest_bytes);
	counts->has_been_used = false;
	counts->used = 0;
	add_used(counts, READ_ONCE(flow->rest_used));
	add_stats(counts, &flow->first);
	for (cpu = 0; others && cpu < nr_cpu_ids; cpu++) {
		/* With all zeros at least, see get_stats(). */
		stats = smp_load_acquire(&others->cpu[cpu]);
		if (stats)
			add_stats(counts, stats);
	}
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_counts);

void vsw_flow_add_counts(struct vsw_flow *flow, const struct vsw_flow_counts *counts)
{
	unsigned long used = READ_ONCE(flow->rest_used);

	atomic64_add(counts->packets, &flow->rest_packets);
	atomic64_add(counts->bytes, &flow->rest_bytes);
	if (counts->has_been_used && (!used || time_after(counts->used, used)))
		WRITE_ONCE(flow->rest_used, counts->used);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_add_counts);

/* When it was used last stays: timeouts ask for that. */
void vsw_flow_reset_counts(struct vsw_flow *flow)
{
	struct vsw_flow_counts counts;

	/* Nobody but its CPU may write a CPU's. */
	vsw_flow_counts(flow, &counts);
	atomic64_sub(counts.packets, &flow->rest_packets);
	atomic64_sub(counts.bytes, &flow->rest_bytes);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_reset_counts);
