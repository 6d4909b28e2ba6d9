// SPDX-License-Identifier: GPL-2.0
/* The one with the fewest connections. */
#include "sched.h"

/* Of equal ones, as of those that are idle, each gets as many, in no order to rely on. */
u32 vrt_sched_least(struct vrt_pool *pool, u64 hash, unsigned int attempt)
{
	const struct vrt_candidate *candidate, *best = NULL;
	u32 n, i = vrt_pool_next(pool);

	for (n = 0; n < pool->count; n++, i++) {
		if (i == pool->count)
			i = 0;
		candidate = &pool->candidate[i];
		if (!vrt_backend_can(candidate->backend))
			continue;
		if (!best || vrt_pool_is_less(pool, candidate, best))
			best = candidate;
	}
	return best ? best - pool->candidate : VRT_NOBODY;
}

const struct vrt_scheduler vrt_sched_lc = {
	.by_load = true,
	.choose = vrt_sched_least,
};
