/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Health: what takes a backend out beside what is configured, and brings it back. Its
 * connections stay; new ones go elsewhere.
 *
 * Resets and timeouts are counted where packets pass (conn.c). Who fails there is put on
 * vrt_net.suspects, and the work of vrt_net.judge judges it under vrt_net.lock, at once;
 * that of vrt_net.health brings back whose time is over.
 */
#ifndef _VROUTER_HEALTH_H
#define _VROUTER_HEALTH_H

#include <linux/llist.h>
#include <linux/spinlock.h>

#include "target.h"
#include "window.h"

struct vrt_backend;
struct vrt_service;

#define VRT_HEALTH_WINDOW	10000		/* those unless given */
#define VRT_HEALTH_MINIMUM	10
#define VRT_HEALTH_OUT		30000

struct vrt_health_config {
	u32 share;			/* per cent, 0: resets and timeouts don't count */
	u32 window, out;		/* milliseconds */
	u32 minimum;
};

/* Why a backend is out, several bits at once. */
#define VRT_OUT_FROZEN		BIT(0)
#define VRT_OUT_FAILING		BIT(1)		/* those from here on until a time */
#define VRT_OUT_OOM		BIT(2)
#define VRT_OUT_TIMED		(VRT_OUT_FAILING | VRT_OUT_OOM)

struct vrt_health {
	spinlock_t lock;		/* with BH off; under it none of ours */
	struct vrt_window window;	/* under lock */
	atomic_t suspect;		/* it is in vrt_net.suspects, which refers to it */
	struct llist_node node;

	/* All of it under vrt_net.lock: */
	u8 out;				/* VRT_OUT_* */
	u32 outs;			/* how often for one of VRT_OUT_TIMED */
	u64 back;			/* in jiffies of 64 bits, with VRT_OUT_TIMED */
	struct list_head list;		/* vrt_net.outs, with VRT_OUT_TIMED; else empty */
};

void vrt_health_init(struct vrt_health *health);

/* vrt_target.outcome of backends. */
void vrt_health_outcome(struct vrt_target *target, enum vrt_outcome outcome);

/* All of these under vrt_net.lock, and can't fail. */

/* It is out for @why; with VRT_OUT_TIMED for its service's time, from now on. */
void vrt_health_out(struct vrt_backend *backend, u8 why);
/* Not for @why any more. Without memory it comes back a second later. */
void vrt_health_in(struct vrt_backend *backend, u8 why);
/* Somebody said that it is well: it comes back at no time, and begins anew. */
void vrt_health_pardon(struct vrt_backend *backend);
/* The backend is none any more. */
void vrt_health_end(struct vrt_backend *backend);
/* The service's path counts as @config says; when nothing counts, nobody is out for it. */
void vrt_health_config(struct vrt_service *service, const struct vrt_health_config *config);
/* Milliseconds until it is back, 0: it is not out, or nobody knows. */
u32 vrt_health_back_in(const struct vrt_health *health);

void vrt_health_start(struct vrt_net *rn);
/* Connections are over, backends gone. Not under vrt_net.lock. */
void vrt_health_stop(struct vrt_net *rn);

#endif /* _VROUTER_HEALTH_H */
