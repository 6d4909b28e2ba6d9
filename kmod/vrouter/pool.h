/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A pool: backends that new connections can go to, as they were at one moment, with
 * what a scheduler worked out beforehand. It never changes; what is new is a new pool.
 */
#ifndef _VROUTER_POOL_H
#define _VROUTER_POOL_H

#include <linux/siphash.h>

#include "backend.h"
#include "service.h"

/* Parts of a weight that slow start knows, and those of a backend that has just begun. */
#define VRT_FULL_WEIGHT		1024
#define VRT_FIRST_WEIGHT	103

struct vrt_scheduler;

struct vrt_candidate {
	struct vrt_backend *backend;	/* referenced */
	u64 since;			/* in jiffies of 64 bits: it gets connections since then */
	u32 weight;			/* at least 1 */
	u32 weight_to;			/* of all up to this one and of it */
};

struct vrt_pool {
	const struct vrt_scheduler *scheduler;
	void *table;			/* the scheduler's, by kvmalloc(); NULL: it needs none */
	siphash_key_t key;		/* for hashes of clients */
	u64 slow_start;			/* in jiffies; 0: none */
	u64 slow_until;			/* in jiffies of 64 bits: none of them is slow then */
	u32 count;			/* at least 1, at most VROUTER_MAX_BACKENDS */
	atomic64_t turn;		/* for who takes turns */
	struct vrt_candidate candidate[];
};

struct vrt_pool_config {
	u8 scheduler;			/* enum vrouter_scheduler */
	u32 slow_start;			/* milliseconds */
	siphash_key_t key;
	u64 turn;			/* where taking turns goes on */
};

/*
 * Room for a pool of @count candidates, at least one, of which the caller sets
 * backend, since and weight. NULL: no memory.
 */
struct vrt_pool *vrt_pool_alloc(u32 count);
/*
 * Make it ready; from then on it has references to its backends, for which the caller
 * has some. -ENOMEM: the caller calls vrt_pool_free(), also then. Sleeps.
 */
int vrt_pool_build(struct vrt_pool *pool, const struct vrt_pool_config *config);
/* NULL is allowed. Not before a grace period has passed if the path had it. Any context. */
void vrt_pool_free(struct vrt_pool *pool);

/*
 * The backend for a new connection of @client, which was taken (vrt_backend_take());
 * NULL: none can have it. Under RCU.
 */
struct vrt_backend *vrt_pool_choose(struct vrt_pool *pool, const struct vrt_client *client);

/* ---- for schedulers ------------------------------------------------------------ */

/* How much of a weight @candidate has now, up to VRT_FULL_WEIGHT. */
u32 vrt_pool_share(const struct vrt_pool *pool, const struct vrt_candidate *candidate);
/* Whose part of the weights, one behind the other, @at is in, below the sum of all. */
u32 vrt_pool_at(const struct vrt_pool *pool, u32 at);
u32 vrt_pool_weights(const struct vrt_pool *pool);	/* the sum of all */
/*
 * One by chance, or, at less than half of the cost, by a sequence that is as even; by weight
 * if the scheduler goes by weights.
 */
u32 vrt_pool_draw(struct vrt_pool *pool);
u32 vrt_pool_next(struct vrt_pool *pool);
/* Whether @a has fewer connections than @b, for its weight likewise. */
bool vrt_pool_is_less(const struct vrt_pool *pool, const struct vrt_candidate *a,
		      const struct vrt_candidate *b);

#endif /* _VROUTER_POOL_H */
