/* SPDX-License-Identifier: GPL-2.0 */
/* What a service is, for the files that make it up. */
#ifndef _VROUTER_SERVICE_PRIVATE_H
#define _VROUTER_SERVICE_PRIVATE_H

#include <linux/siphash.h>

#include "affinity.h"
#include "backend.h"
#include "service.h"

struct vrt_pool;

/* The backends that there are, as the path sees them all at once. */
struct vrt_picture {
	struct vrt_pool *pool;		/* NULL: nobody */
	struct vrt_pool *fallback;	/* likewise; asked if the other one has nobody */
	struct rcu_head rcu;
};

struct vrt_service {
	struct vrt_front front;		/* first */
	struct vrt_picture __rcu *picture;	/* NULL: no backends */
	struct vrt_affinity affinity;
	struct vrt_stats __percpu *stats;	/* only what no backend counts: refused */
	struct vrt_health_config health;	/* of config, for the path */

	refcount_t refs;		/* the maker's, until the path has it no more; backends */
	struct rcu_head rcu;

	/* All of it under vrt_net.lock: */
	struct vrt_net *rn;
	u32 id;				/* in vrt_net.services */
	struct rhash_head node;		/* vrt_net.service_names */
	char name[VROUTER_NAME_LEN + 1];	/* zero behind it */
	struct vrt_service_config config;
	siphash_key_t key;
	struct list_head backends;	/* by id */
	u32 n_backends;
	u32 backend_id;			/* of the last one */
	struct vrt_counts retired;	/* of backends that are no more */
};

/*
 * Show the path the backends that there are now. -ENOMEM: it sees what it saw. Under
 * vrt_net.lock.
 */
int vrt_service_rebuild(struct vrt_service *service);

/* Any context. */
void vrt_service_put(struct vrt_service *service);

#endif /* _VROUTER_SERVICE_PRIVATE_H */
