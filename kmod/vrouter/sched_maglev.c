// SPDX-License-Identifier: GPL-2.0
/* By consistent hashing of the client's address and port. */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "maglev.h"
#include "sched.h"

/* By which a backend is told from others, and is known again when it comes back. */
static u64 identity(const struct vrt_pool *pool, const struct vrt_target *target)
{
	struct {
		union nf_inet_addr addr;
		u64 port;
	} who = { .addr = target->addr, .port = target->port };

	return siphash(&who, sizeof(who), &pool->key);
}

int vrt_sched_slots_build(struct vrt_pool *pool)
{
	struct vrt_maglev_share *share;
	u32 i;
	int err;

	pool->table = kvmalloc_array(VRT_MAGLEV_SLOTS, sizeof(u16), GFP_KERNEL_ACCOUNT);
	share = kvmalloc_array(pool->count, sizeof(*share), GFP_KERNEL);
	if (!pool->table || !share) {
		kvfree(share);
		return -ENOMEM;
	}
	for (i = 0; i < pool->count; i++) {
		share[i].id = identity(pool, &pool->candidate[i].backend->target);
		share[i].weight = pool->candidate[i].weight;
	}
	err = vrt_maglev_fill(pool->table, share, pool->count);
	kvfree(share);
	return err;
}

u32 vrt_sched_slots_choose(struct vrt_pool *pool, u64 hash, unsigned int attempt)
{
	const u16 *slot = pool->table;

	if (attempt)
		hash = hash_64(hash + attempt, 64);
	return slot[reciprocal_scale(hash >> 32, VRT_MAGLEV_SLOTS)];
}

static u64 hash(const struct vrt_pool *pool, const struct vrt_client *client)
{
	struct {
		union nf_inet_addr addr;
		u64 port;
	} who = { .addr = client->addr, .port = client->port };

	return siphash(&who, sizeof(who), &pool->key);
}

const struct vrt_scheduler vrt_sched_maglev = {
	.weighted = true,
	.by_client = true,
	.build = vrt_sched_slots_build,
	.choose = vrt_sched_slots_choose,
	.hash = hash,
};
