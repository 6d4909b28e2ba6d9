/* SPDX-License-Identifier: GPL-2.0 */
/* Which clients of a service have had which backend. */
#ifndef _VROUTER_AFFINITY_H
#define _VROUTER_AFFINITY_H

#include <linux/list.h>
#include <linux/netfilter.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>

/*
 * So many clients are known at most, of one service and of all services of a network
 * namespace; then the one that came longest ago is forgotten.
 */
#define VRT_AFFINITY_MAX	65536
#define VRT_AFFINITY_ALL_MAX	262144

struct vrt_backend;

struct vrt_affinity {
	spinlock_t lock;		/* with BH off; all of this */
	struct hlist_head *bucket;	/* NULL: it is off */
	struct list_head clients;	/* who came last is last */
	u32 count;
	atomic_t *all;			/* clients of all services */
	u32 timeout;			/* milliseconds */
	siphash_key_t key;
};

/* It counts its clients in @all, too, which lasts until it is switched off. */
void vrt_affinity_init(struct vrt_affinity *affinity, atomic_t *all);
/*
 * Remember clients for @timeout milliseconds from their last new connection on; 0: don't,
 * and forget all, which can't fail. -ENOMEM. Sleeps.
 */
int vrt_affinity_set(struct vrt_affinity *affinity, u32 timeout);

static inline bool vrt_affinity_is_on(const struct vrt_affinity *affinity)
{
	return READ_ONCE(affinity->bucket);
}

/*
 * The backend that @client has, taken (vrt_backend_take()); NULL: none, or that can't have
 * it. Nobody has one that was closed since (down, drained, gone) or is a fallback now.
 * Any context.
 */
struct vrt_backend *vrt_affinity_take(struct vrt_affinity *affinity,
				      const union nf_inet_addr *client);
/* From now on it has @backend, to which the caller refers; unless there is no memory. */
void vrt_affinity_remember(struct vrt_affinity *affinity, const union nf_inet_addr *client,
			   struct vrt_backend *backend);

#endif /* _VROUTER_AFFINITY_H */
