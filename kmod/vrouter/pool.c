// SPDX-License-Identifier: GPL-2.0
/*
 * Pools of backends. A scheduler says whom it likes best; what is the same for all of
 * them is here: backends that are full or closed, slow start, and what is left when
 * those that it liked can't be had.
 */
#include <kunit/visibility.h>
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "sched.h"

/* How often a scheduler is asked for another one, before all are looked at. */
#define ATTEMPTS	8

static const struct vrt_scheduler *const schedulers[] = {
	[VROUTER_SCHEDULER_RR] = &vrt_sched_rr,
	[VROUTER_SCHEDULER_WRR] = &vrt_sched_wrr,
	[VROUTER_SCHEDULER_LC] = &vrt_sched_lc,
	[VROUTER_SCHEDULER_WLC] = &vrt_sched_wlc,
	[VROUTER_SCHEDULER_SH] = &vrt_sched_sh,
	[VROUTER_SCHEDULER_MAGLEV] = &vrt_sched_maglev,
	[VROUTER_SCHEDULER_RANDOM2] = &vrt_sched_random2,
};

struct vrt_pool *vrt_pool_alloc(u32 count)
{
	struct vrt_pool *pool;

	pool = kvzalloc(struct_size(pool, candidate, count), GFP_KERNEL_ACCOUNT);
	if (pool)
		pool->count = count;
	return pool;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_pool_alloc);

int vrt_pool_build(struct vrt_pool *pool, const struct vrt_pool_config *config)
{
	struct vrt_candidate *candidate;
	u32 i, sum = 0;

	pool->scheduler = schedulers[config->scheduler];
	pool->key = config->key;
	pool->slow_start = msecs_to_jiffies(config->slow_start);
	atomic64_set(&pool->turn, config->turn);
	for (i = 0; i < pool->count; i++) {
		candidate = &pool->candidate[i];
		sum += candidate->weight;
		candidate->weight_to = sum;
		pool->slow_until = max(pool->slow_until, candidate->since + pool->slow_start);
		refcount_inc(&candidate->backend->target.refs);
	}
	return pool->scheduler->build ? pool->scheduler->build(pool) : 0;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_pool_build);

void vrt_pool_free(struct vrt_pool *pool)
{
	u32 i;

	if (!pool)
		return;
	for (i = 0; i < pool->count; i++) {
		if (pool->scheduler)
			vrt_target_put(&pool->candidate[i].backend->target);
	}
	kvfree(pool->table);
	kvfree(pool);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_pool_free);

u32 vrt_pool_share(const struct vrt_pool *pool, const struct vrt_candidate *candidate)
{
	u64 now, since = candidate->since;

	if (!pool->slow_start)
		return VRT_FULL_WEIGHT;
	now = get_jiffies_64();
	if (time_after_eq64(now, since + pool->slow_start))
		return VRT_FULL_WEIGHT;
	return VRT_FIRST_WEIGHT + div64_u64((VRT_FULL_WEIGHT - VRT_FIRST_WEIGHT) * (now - since),
					    pool->slow_start);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_pool_share);

u32 vrt_pool_weights(const struct vrt_pool *pool)
{
	return pool->candidate[pool->count - 1].weight_to;
}

u32 vrt_pool_at(const struct vrt_pool *pool, u32 at)
{
	u32 low = 0, high = pool->count - 1, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (at < pool->candidate[middle].weight_to)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/*
 * Slow start where loads are not compared: a backend is passed over as often as its share
 * says. Who chooses by the client does so by the client, and a client that
 * got a backend gets it later, too, when the share is larger.
 */
static bool is_its_turn(const struct vrt_pool *pool, const struct vrt_candidate *candidate,
			u64 hash)
{
	u32 share, draw;

	if (!pool->slow_start || time_after_eq64(get_jiffies_64(), pool->slow_until))
		return true;
	share = vrt_pool_share(pool, candidate);
	if (share == VRT_FULL_WEIGHT)
		return true;
	draw = pool->scheduler->by_client ?
	       jhash_3words(hash, hash >> 32, candidate->backend->id, 0) : get_random_u32();
	return reciprocal_scale(draw, VRT_FULL_WEIGHT) < share;
}

/* The one at @draw, of all that a u32 can be; the larger its weight, the more of them. */
static u32 drawn(const struct vrt_pool *pool, u32 draw)
{
	if (pool->scheduler->weighted)
		return vrt_pool_at(pool, reciprocal_scale(draw, vrt_pool_weights(pool)));
	return reciprocal_scale(draw, pool->count);
}

static u32 draw(struct vrt_pool *pool, bool by_chance)
{
	unsigned int attempt;
	u32 i;

	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		/* Weyl's sequence: multiples of an irrational number are spread evenly. */
		i = drawn(pool, by_chance ? get_random_u32() :
					    (u32)vrt_pool_turn(pool) * GOLDEN_RATIO_32);
		if (is_its_turn(pool, &pool->candidate[i], 0))
			break;
	}
	return i;
}

u32 vrt_pool_draw(struct vrt_pool *pool)
{
	return draw(pool, true);
}

u32 vrt_pool_next(struct vrt_pool *pool)
{
	return draw(pool, false);
}

bool vrt_pool_is_less(const struct vrt_pool *pool, const struct vrt_candidate *a,
		      const struct vrt_candidate *b)
{
	u64 load_a = (u32)atomic_read(&a->backend->target.active);
	u64 load_b = (u32)atomic_read(&b->backend->target.active);
	u64 weight_a = vrt_pool_share(pool, a), weight_b = vrt_pool_share(pool, b);

	if (pool->scheduler->weighted) {
		weight_a *= a->weight;
		weight_b *= b->weight;
	}
	/* load_a / weight_a < load_b / weight_b; 32 bits times 26 at most */
	return load_a * weight_b < load_b * weight_a;
}

static u64 weight_now(const struct vrt_pool *pool, const struct vrt_candidate *candidate)
{
	u32 weight = pool->scheduler->weighted ? candidate->weight : 1;

	if (!vrt_backend_can(candidate->backend))
		return 0;
	return (u64)weight * vrt_pool_share(pool, candidate);
}

/* The one at @at of the weights of those that can be had now; then who is next to it. */
static struct vrt_backend *take_at(struct vrt_pool *pool, u64 at)
{
	struct vrt_candidate *candidate;
	u32 i, first = 0;

	for (i = 0; i < pool->count; i++) {
		u64 weight = weight_now(pool, &pool->candidate[i]);

		if (at < weight) {
			first = i;
			break;
		}
		at -= weight;
	}
	for (i = 0; i < pool->count; i++) {
		candidate = &pool->candidate[(first + i) % pool->count];
		if (vrt_backend_take(candidate->backend))
			return candidate->backend;
	}
	return NULL;
}

/*
 * Those that the scheduler likes best can't be had: one of those that can, by weight,
 * and by chance or by the client. NULL: there is none.
 */
static struct vrt_backend *take_any(struct vrt_pool *pool, u64 hash)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < pool->count; i++)
		sum += weight_now(pool, &pool->candidate[i]);
	if (!sum)
		return NULL;
	if (!pool->scheduler->by_client)
		hash = get_random_u64();
	return take_at(pool, hash - div64_u64(hash, sum) * sum);
}

struct vrt_backend *vrt_pool_choose(struct vrt_pool *pool, const struct vrt_client *client)
{
	const struct vrt_scheduler *scheduler = pool->scheduler;
	struct vrt_candidate *candidate;
	unsigned int attempt;
	u64 hash = 0;
	u32 i;

	if (scheduler->hash)
		hash = scheduler->hash(pool, client);
	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		i = scheduler->choose(pool, hash, attempt);
		if (i == VRT_NOBODY)
			break;
		candidate = &pool->candidate[i];
		if (!scheduler->by_load && !is_its_turn(pool, candidate, hash))
			continue;
		if (vrt_backend_take(candidate->backend))
			return candidate->backend;
	}
	return take_any(pool, hash);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_pool_choose);
