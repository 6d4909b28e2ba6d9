// SPDX-License-Identifier: GPL-2.0
/* By a hash of the client's address: the table is that of maglev. */
#include "sched.h"

static u64 hash(const struct vrt_pool *pool, const struct vrt_client *client)
{
	return siphash(&client->addr, sizeof(client->addr), &pool->key);
}

const struct vrt_scheduler vrt_sched_sh = {
	.weighted = true,
	.by_client = true,
	.build = vrt_sched_slots_build,
	.choose = vrt_sched_slots_choose,
	.hash = hash,
};
