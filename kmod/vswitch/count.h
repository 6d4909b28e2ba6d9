/* SPDX-License-Identifier: GPL-2.0 */
/* Packets and bytes, counted by each CPU for itself. */
#ifndef _VSWITCH_COUNT_H
#define _VSWITCH_COUNT_H

#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>

struct vsw_count {
	u64_stats_t packets;
	u64_stats_t bytes;
	struct u64_stats_sync syncp;
};

/* All zero, or NULL. Freed by free_percpu(). */
static inline struct vsw_count __percpu *vsw_count_alloc(void)
{
	struct vsw_count __percpu *count;
	int cpu;

	count = alloc_percpu_gfp(struct vsw_count, GFP_KERNEL_ACCOUNT);
	if (!count)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(count, cpu)->syncp);
	return count;
}

/* BH off. */
static inline void vsw_count_add(struct vsw_count __percpu *count, unsigned int packets,
				 unsigned int bytes)
{
	struct vsw_count *own = this_cpu_ptr(count);

	u64_stats_update_begin(&own->syncp);
	u64_stats_add(&own->packets, packets);
	u64_stats_add(&own->bytes, bytes);
	u64_stats_update_end(&own->syncp);
}

/* What all CPUs counted. Any context. */
static inline void vsw_count_read(struct vsw_count __percpu *count, u64 *packets, u64 *bytes)
{
	const struct vsw_count *one;
	unsigned int start;
	u64 p, b;
	int cpu;

	*packets = 0;
	*bytes = 0;
	for_each_possible_cpu(cpu) {
		one = per_cpu_ptr(count, cpu);
		do {
			start = vsw_u64_stats_fetch_begin(&one->syncp);
			p = u64_stats_read(&one->packets);
			b = u64_stats_read(&one->bytes);
		} while (vsw_u64_stats_fetch_retry(&one->syncp, start));
		*packets += p;
		*bytes += b;
	}
}

#endif /* _VSWITCH_COUNT_H */
