// SPDX-License-Identifier: GPL-2.0
/* One after the other, whatever the weights. */
#include <linux/math64.h>

#include "sched.h"

static u32 choose(struct vrt_pool *pool, u64 hash, unsigned int attempt)
{
	u32 turn;

	div_u64_rem(vrt_pool_turn(pool), pool->count, &turn);
	return turn;
}

const struct vrt_scheduler vrt_sched_rr = {
	.choose = choose,
};
