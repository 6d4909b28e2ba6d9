/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where connections go: an address and a port, and what is counted of them.
 */
#ifndef _VROUTER_TARGET_H
#define _VROUTER_TARGET_H

#include <linux/netfilter.h>
#include <linux/refcount.h>
#include <linux/u64_stats_sync.h>

#include "vrouter.h"

struct vrt_counts {
	u64 connections, refused;
	u64 rx_packets, rx_bytes;	/* from clients; of IP packets, headers included */
	u64 tx_packets, tx_bytes;	/* to clients */
	u64 resets, timeouts;		/* enum vrt_outcome */
};

struct vrt_stats {
	u64_stats_t connections, refused, resets, timeouts;
	u64_stats_t packets[2], bytes[2];	/* by enum ip_conntrack_dir */
	struct u64_stats_sync sync;
};

/* How a target takes a connection of TCP, as far as its packets say. */
enum vrt_outcome {
	VRT_OUTCOME_ANSWER,		/* to the first packet */
	VRT_OUTCOME_RESET,		/* before either side closed */
	VRT_OUTCOME_TIMEOUT,		/* no answer to the first packets */
};

struct vrt_target {
	refcount_t refs;
	u8 family;			/* NFPROTO_IPV4 or NFPROTO_IPV6 */
	bool gone;			/* it is configured no more; set once, under vrt_net.lock */
	bool direct;			/* packets go there as they are; see direct.h */
	u16 port;			/* for the front's lowest port; 0: the port stays */
	union nf_inet_addr addr;
	atomic_t active;		/* connections that are not over */
	const char *service;		/* its service's name, there as long as it; or NULL */
	struct vrt_stats __percpu *stats;
	/* Called when nobody refers to it any more, from any context. */
	void (*free)(struct vrt_target *target);
	/* Told each of those, under RCU or by the sweep; NULL: of no interest. */
	void (*outcome)(struct vrt_target *target, enum vrt_outcome outcome);
	struct rcu_head rcu;		/* for free() to use */
};

/* @target begins with one reference, the maker's. -ENOMEM. */
int vrt_target_init(struct vrt_target *target, void (*free)(struct vrt_target *));
/* For free(), or when init's other half failed. */
void vrt_target_destroy(struct vrt_target *target);

static inline bool vrt_target_get(struct vrt_target *target)
{
	return refcount_inc_not_zero(&target->refs);
}

/* A reference and a connection more, for one that is about to be; under RCU. */
static inline bool vrt_target_take(struct vrt_target *target)
{
	if (!vrt_target_get(target))
		return false;
	atomic_inc(&target->active);
	return true;
}

void vrt_target_put(struct vrt_target *target);	/* NULL is allowed; any context */

/* Any context with BH off. @dir is an enum ip_conntrack_dir. */
static inline void vrt_stats_count(struct vrt_stats __percpu *percpu, int dir, unsigned int bytes)
{
	struct vrt_stats *stats = this_cpu_ptr(percpu);

	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->packets[dir]);
	u64_stats_add(&stats->bytes[dir], bytes);
	u64_stats_update_end(&stats->sync);
}

void vrt_stats_connection(struct vrt_stats __percpu *percpu);
void vrt_stats_refused(struct vrt_stats __percpu *percpu);
/* Counts what is counted of it, and tells the target. Who calls has a reference or RCU. */
void vrt_target_outcome(struct vrt_target *target, enum vrt_outcome outcome);
/* Adds to @counts, which the caller has cleared. */
void vrt_stats_sum(const struct vrt_stats __percpu *percpu, struct vrt_counts *counts);

#endif /* _VROUTER_TARGET_H */
