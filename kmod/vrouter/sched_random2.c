// SPDX-License-Identifier: GPL-2.0
/*
 * Of two by chance the one with fewer connections for its weight (Mitzenmacher, "The
 * power of two choices in randomized load balancing", 2001): nearly as even as looking
 * at all, for the price of looking at two. Who has more weight is looked at more often.
 */
#include <linux/kernel.h>
#include <linux/random.h>

#include "sched.h"

/* By weight, too, but not @first. */
static u32 draw_other(const struct vrt_pool *pool, u32 first)
{
	const struct vrt_candidate *candidate = &pool->candidate[first];
	u32 at = reciprocal_scale(get_random_u32(), vrt_pool_weights(pool) - candidate->weight);

	if (at >= candidate->weight_to - candidate->weight)
		at += candidate->weight;
	return vrt_pool_at(pool, at);
}

static u32 choose(struct vrt_pool *pool, u64 hash, unsigned int attempt)
{
	u32 one = vrt_pool_draw(pool), other;

	if (pool->count == 1)
		return one;
	other = draw_other(pool, one);
	if (!vrt_backend_can(pool->candidate[other].backend))
		return one;
	if (!vrt_backend_can(pool->candidate[one].backend))
		return other;
	return vrt_pool_is_less(pool, &pool->candidate[other], &pool->candidate[one]) ? other : one;
}

const struct vrt_scheduler vrt_sched_random2 = {
	.weighted = true,
	.by_load = true,
	.choose = choose,
};
