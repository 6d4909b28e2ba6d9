// SPDX-License-Identifier: GPL-2.0
#include <linux/percpu.h>

#include "target.h"

int vrt_target_init(struct vrt_target *target, void (*free)(struct vrt_target *))
{
	target->stats = alloc_percpu_gfp(struct vrt_stats, GFP_KERNEL_ACCOUNT);
	if (!target->stats)
		return -ENOMEM;
	refcount_set(&target->refs, 1);
	target->free = free;
	return 0;
}

void vrt_target_destroy(struct vrt_target *target)
{
	free_percpu(target->stats);
}

void vrt_target_put(struct vrt_target *target)
{
	if (target && refcount_dec_and_test(&target->refs))
		target->free(target);
}

void vrt_stats_connection(struct vrt_stats __percpu *percpu)
{
	struct vrt_stats *stats;

	local_bh_disable();
	stats = this_cpu_ptr(percpu);
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->connections);
	u64_stats_update_end(&stats->sync);
	local_bh_enable();
}

void vrt_stats_refused(struct vrt_stats __percpu *percpu)
{
	struct vrt_stats *stats;

	local_bh_disable();
	stats = this_cpu_ptr(percpu);
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->refused);
	u64_stats_update_end(&stats->sync);
	local_bh_enable();
}

static void count_outcome(struct vrt_stats __percpu *percpu, enum vrt_outcome outcome)
{
	struct vrt_stats *stats;

	local_bh_disable();
	stats = this_cpu_ptr(percpu);
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(outcome == VRT_OUTCOME_RESET ? &stats->resets : &stats->timeouts);
	u64_stats_update_end(&stats->sync);
	local_bh_enable();
}

void vrt_target_outcome(struct vrt_target *target, enum vrt_outcome outcome)
{
	if (outcome != VRT_OUTCOME_ANSWER)
		count_outcome(target->stats, outcome);
	if (target->outcome)
		target->outcome(target, outcome);
}

static void add_one(const struct vrt_stats *stats, struct vrt_counts *counts)
{
	struct vrt_counts one;
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&stats->sync);
		one.connections = u64_stats_read(&stats->connections);
		one.refused = u64_stats_read(&stats->refused);
		one.rx_packets = u64_stats_read(&stats->packets[0]);
		one.rx_bytes = u64_stats_read(&stats->bytes[0]);
		one.tx_packets = u64_stats_read(&stats->packets[1]);
		one.tx_bytes = u64_stats_read(&stats->bytes[1]);
		one.resets = u64_stats_read(&stats->resets);
		one.timeouts = u64_stats_read(&stats->timeouts);
	} while (u64_stats_fetch_retry(&stats->sync, start));
	counts->connections += one.connections;
	counts->refused += one.refused;
	counts->rx_packets += one.rx_packets;
	counts->rx_bytes += one.rx_bytes;
	counts->tx_packets += one.tx_packets;
	counts->tx_bytes += one.tx_bytes;
	counts->resets += one.resets;
	counts->timeouts += one.timeouts;
}

void vrt_stats_sum(const struct vrt_stats __percpu *percpu, struct vrt_counts *counts)
{
	int cpu;

	for_each_possible_cpu(cpu)
		add_one(per_cpu_ptr(percpu, cpu), counts);
}
