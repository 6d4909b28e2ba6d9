// SPDX-License-Identifier: GPL-2.0
/*
 * Counters, and the end of every packet that goes no further.
 */
#include <kunit/visibility.h>

#include "vswitch.h"
#include "trace.h"
#include "tracer.h"

const char *const vsw_drop_names[VSW_DROP_COUNT] = {
#define X(suffix, name, core) [VSW_DROP_##suffix] = name,
	VSW_DROP_REASONS(X)
#undef X
};
EXPORT_SYMBOL_IF_KUNIT(vsw_drop_names);

static const enum skb_drop_reason core_reasons[VSW_DROP_COUNT] = {
#define X(suffix, name, core) [VSW_DROP_##suffix] = SKB_DROP_REASON_##core,
	VSW_DROP_REASONS(X)
#undef X
};

/* Returns the counters of a new port, all zero, or NULL. Freed by free_percpu(). */
struct vsw_pcpu_stats __percpu *vsw_stats_alloc(void)
{
	struct vsw_pcpu_stats __percpu *pcpu;
	int cpu;

	pcpu = alloc_percpu_gfp(struct vsw_pcpu_stats, GFP_KERNEL_ACCOUNT);
	if (!pcpu)
		return NULL;
	for_each_possible_cpu(cpu) {
		u64_stats_init(&per_cpu_ptr(pcpu, cpu)->syncp);
		/* No key is all ones. */
		per_cpu_ptr(pcpu, cpu)->seen.source = U64_MAX;
	}
	return pcpu;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_stats_alloc);

static void stats_read(struct vsw_stats *to, const struct vsw_pcpu_stats *from)
{
	unsigned int start;
	int i;

	do {
		start = vsw_u64_stats_fetch_begin(&from->syncp);
		to->rx_packets = u64_stats_read(&from->rx_packets);
		to->rx_bytes = u64_stats_read(&from->rx_bytes);
		to->tx_packets = u64_stats_read(&from->tx_packets);
		to->tx_bytes = u64_stats_read(&from->tx_bytes);
		to->learned = u64_stats_read(&from->learned);
		to->moved = u64_stats_read(&from->moved);
		to->learn_refused = u64_stats_read(&from->learn_refused);
		to->answered = u64_stats_read(&from->answered);
		for (i = 0; i < VSW_DROP_COUNT; i++)
			to->drop[i] = u64_stats_read(&from->drop[i]);
	} while (vsw_u64_stats_fetch_retry(&from->syncp, start));
}

/* Add what all CPUs counted to @sum. Any context. */
void vsw_stats_add(struct vsw_stats *sum,
		   const struct vsw_pcpu_stats __percpu *pcpu)
{
	struct vsw_stats one;
	int cpu, i;

	for_each_possible_cpu(cpu) {
		stats_read(&one, per_cpu_ptr(pcpu, cpu));
		sum->rx_packets += one.rx_packets;
		sum->rx_bytes += one.rx_bytes;
		sum->tx_packets += one.tx_packets;
		sum->tx_bytes += one.tx_bytes;
		sum->learned += one.learned;
		sum->moved += one.moved;
		sum->learn_refused += one.learn_refused;
		sum->answered += one.answered;
		for (i = 0; i < VSW_DROP_COUNT; i++)
			sum->drop[i] += one.drop[i];
	}
}
EXPORT_SYMBOL_IF_KUNIT(vsw_stats_add);

u64 vsw_stats_drops(const struct vsw_stats *stats)
{
	u64 sum = 0;
	int i;

	for (i = 0; i < VSW_DROP_COUNT; i++)
		sum += stats->drop[i];
	return sum;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_stats_drops);

static void count(const struct vsw_port *port, enum vsw_drop reason, __be16 protocol,
		  unsigned int len, const struct sk_buff *skb)
{
	if (unlikely(vsw_tracing())) {
		vsw_trace_drop(port, reason);
		return;
	}
	vsw_stats_inc(port->stats, drop[reason]);
	trace_vsw_drop(port, reason, protocol, len);
	vsw_event_drop(port, reason, skb);
}

/* A packet is gone and its skb with it; @len with the Ethernet header. */
void vsw_count_drop(const struct vsw_port *port, enum vsw_drop reason,
		    __be16 protocol, unsigned int len)
{
	count(port, reason, protocol, len, NULL);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_count_drop);

/* Count @skb as dropped for @reason on @port and free it. BH must be off. */
void vsw_drop(const struct vsw_port *port, struct sk_buff *skb,
	      enum vsw_drop reason)
{
	count(port, reason, skb->protocol, vsw_frame_len(skb), skb);
	if (unlikely(vsw_tracing()))
		consume_skb(skb);
	else
		kfree_skb_reason(skb, core_reasons[reason]);
}
