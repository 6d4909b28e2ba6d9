/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Backends: where the connections of a service go.
 * Plain structures in and out; backend_nl.c has the attributes.
 */
#ifndef _VROUTER_BACKEND_H
#define _VROUTER_BACKEND_H

#include "health.h"
#include "rate.h"
#include "target.h"

struct vrt_cgroup_watch;
struct vrt_service;

struct vrt_backend_config {
	u32 weight;
	u32 drain_timeout;		/* milliseconds, 0: none */
	u32 max_connections;		/* 0: any number */
	bool fallback, up;
	char label[VROUTER_LABEL_LEN + 1];
};

struct vrt_backend {
	struct vrt_target target;	/* first */
	/*
	 * Whether it may get connections at all. Cleared at once when it may not any more;
	 * a path that still has an older picture finds out here.
	 */
	bool open;
	u32 max_connections;		/* of the config, for the path */
	u64 since;			/* in jiffies of 64 bits: it is open since then */
	struct vrt_health health;

	/* All of it under vrt_net.lock: */
	struct vrt_service *service;	/* referenced */
	struct list_head list;		/* vrt_service.backends */
	u32 id;				/* one of its service, growing */
	struct vrt_backend_config config;
	struct list_head draining;	/* vrt_net.draining; empty: it has no deadline */
	u64 deadline;			/* in jiffies of 64 bits */
	struct list_head bound;		/* those that live in a netns, under bound_lock */
	u64 net_cookie;			/* of that netns; 0: none */
	struct vrt_cgroup_watch *watch;	/* NULL: it goes with no cgroup */
	struct vrt_rate rate;
};

/* What a dump or a reply says of it. */
struct vrt_backend_info {
	const char *service;
	u8 family;
	u16 port;
	union nf_inet_addr addr;
	struct vrt_backend_config config;
	u8 state;			/* enum vrouter_backend_state */
	u32 active;
	u32 outs, back_in;		/* milliseconds; 0: it is not out for a time */
	struct vrt_counts counts;
	struct vrt_rates rates;
};

/* Which one of a service. */
struct vrt_backend_key {
	u8 family;
	u16 port;
	union nf_inet_addr addr;	/* all of it zero behind an IPv4 address */
};

/*
 * A reference and a connection more for a connection that is about to be, if the
 * backend may have one more: never one more than max_connections. Any context, for
 * who refers to @backend or is under RCU.
 */
static inline bool vrt_backend_take(struct vrt_backend *backend)
{
	u32 max = READ_ONCE(backend->max_connections);
	int active;

	if (!READ_ONCE(backend->open))
		return false;
	if (!max)
		return vrt_target_take(&backend->target);
	active = atomic_read(&backend->target.active);
	if ((u32)active >= max || !vrt_target_get(&backend->target))
		return false;
	do {
		if ((u32)active >= max) {
			vrt_target_put(&backend->target);
			return false;
		}
	} while (!atomic_try_cmpxchg(&backend->target.active, &active, active + 1));
	return true;
}

/* Whether vrt_backend_take() would now; no promise. */
static inline bool vrt_backend_can(const struct vrt_backend *backend)
{
	u32 max = READ_ONCE(backend->max_connections);

	return READ_ONCE(backend->open) &&
	       (!max || (u32)atomic_read(&backend->target.active) < max);
}

/* Whether new connections may go to it, but for their number. Under vrt_net.lock. */
static inline bool vrt_backend_wanted(const struct vrt_backend *backend)
{
	return backend->config.up && backend->config.weight && !backend->health.out;
}

/* What a backend lives in and goes with. */
struct vrt_backend_home {
	const struct net *net;		/* the caller's reference; NULL: none */
	struct vrt_cgroup_watch *watch;	/* the backend's, if all went well; NULL: none */
};

/*
 * All of these under vrt_net.lock. Each leaves things as they were if it fails, and a
 * sentence in @extack then.
 *
 * -EEXIST, -ENOSPC, -ERANGE (the port), -EINVAL
 * (the address), -ENOMEM.
 */
int vrt_backend_add(struct vrt_service *service, const struct vrt_backend_key *key,
		    const struct vrt_backend_config *config, const struct vrt_backend_home *home,
		    struct netlink_ext_ack *extack);

/* What vrt_backend_set() does beside taking over the config. */
struct vrt_backend_change {
	struct vrt_backend_config config;
	bool deadline;			/* drain_timeout was given: it counts from now on */
	bool cut;			/* end the connections that there are */
	bool said_up;			/* up was given: it is out for a time no more */
	struct vrt_cgroup_watch *watch;	/* as of vrt_backend_home; NULL: it keeps its own */
};

int vrt_backend_set(struct vrt_backend *backend, const struct vrt_backend_change *change,
		    struct netlink_ext_ack *extack);
/* Its connections are cut. Can't fail. */
void vrt_backend_del(struct vrt_backend *backend);
/* NULL: there is none. */
struct vrt_backend *vrt_backend_find(struct vrt_service *service,
				     const struct vrt_backend_key *key);
/* The one with the lowest id that is not below @id; NULL. */
struct vrt_backend *vrt_backend_next(struct vrt_service *service, u32 id);
/* It is a look that rates begin with. */
void vrt_backend_info(struct vrt_backend *backend, struct vrt_backend_info *info);

/*
 * For service.c, which cuts the connections of all at once: @backend is none of its
 * service's any more. What refers to it may do so for a while.
 */
void vrt_backend_retire(struct vrt_backend *backend);

/* The work of vrt_net.drain: those whose deadline is over are cut. */
void vrt_backend_drain_work(struct work_struct *work);

#endif /* _VROUTER_BACKEND_H */
