/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Schedulers: who of a pool gets a new connection. Each is a file of its own.
 */
#ifndef _VROUTER_SCHED_H
#define _VROUTER_SCHED_H

#include "pool.h"

#define VRT_NOBODY	U32_MAX

struct vrt_scheduler {
	bool weighted;			/* the weights count */
	bool by_client;			/* chooses for the same client the same, always */
	bool by_load;			/* looks at connections, and at vrt_pool_share() itself */
	/* What it wants to know beforehand, into pool->table. -ENOMEM. Sleeps. */
	int (*build)(struct vrt_pool *pool);
	/*
	 * The index of a candidate; with @attempt 0 of the best one, and with each higher
	 * one another one if there is one, for the best could not be taken. VRT_NOBODY:
	 * nobody can be taken. @hash is what hash() said. Under RCU.
	 */
	u32 (*choose)(struct vrt_pool *pool, u64 hash, unsigned int attempt);
	/* What of a client tells it from others, with by_client. */
	u64 (*hash)(const struct vrt_pool *pool, const struct vrt_client *client);
};

extern const struct vrt_scheduler vrt_sched_rr;
extern const struct vrt_scheduler vrt_sched_wrr;
extern const struct vrt_scheduler vrt_sched_lc;
extern const struct vrt_scheduler vrt_sched_wlc;
extern const struct vrt_scheduler vrt_sched_sh;
extern const struct vrt_scheduler vrt_sched_maglev;
extern const struct vrt_scheduler vrt_sched_random2;

/* The next turn of all, from 0 on. */
static inline u64 vrt_pool_turn(struct vrt_pool *pool)
{
	return atomic64_inc_return(&pool->turn) - 1;
}

/* For lc and wlc: who has the fewest connections, or the fewest for his weight. */
u32 vrt_sched_least(struct vrt_pool *pool, u64 hash, unsigned int attempt);

/* For maglev and sh: a table of slots, and the one of a hash. */
int vrt_sched_slots_build(struct vrt_pool *pool);
u32 vrt_sched_slots_choose(struct vrt_pool *pool, u64 hash, unsigned int attempt);

#endif /* _VROUTER_SCHED_H */
