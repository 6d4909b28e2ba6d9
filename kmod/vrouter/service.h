/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Services: connections that come to one address are balanced over backends.
 * Plain structures in and out; service_nl.c has the attributes.
 */
#ifndef _VROUTER_SERVICE_H
#define _VROUTER_SERVICE_H

#include "front.h"
#include "health.h"
#include "target.h"

struct vrt_service;

/* Who wants a new connection. */
struct vrt_client {
	u8 family;
	u16 port;			/* the client's, host byte order */
	u16 to_port;			/* that it came to */
	union nf_inet_addr addr;	/* all of it zero behind an IPv4 address */
};

/* hook.c asks: the service of a front whose kind is VRT_FRONT_SERVICE. */
struct vrt_service *vrt_service_of_front(const struct vrt_front *front);

/*
 * Where the connection of @client goes, counted there; NULL: nowhere, which is counted,
 * too. The target was taken (vrt_target_take()) for the caller, who makes the
 * connection. Under RCU, any CPU, no allocation that must succeed.
 */
struct vrt_target *vrt_service_choose(struct vrt_service *service,
				      const struct vrt_client *client);

struct vrt_service_config {
	u8 scheduler;			/* enum vrouter_scheduler */
	bool direct;			/* enum vrouter_forward; from the start on */
	u32 affinity;			/* milliseconds, 0: none */
	u32 slow_start;			/* milliseconds, 0: none */
	struct vrt_health_config health;
};

/* What a dump or a reply says of it. */
struct vrt_service_info {
	const char *name;
	const struct vrt_front *front;
	struct vrt_service_config config;
	u32 backends;
	u32 active;
	struct vrt_counts counts;
};

/*
 * All of these under vrt_net.lock. What fails leaves things as they were, with a
 * sentence in @extack.
 *
 * @front: all but its kind. -EEXIST, -ENOSPC, -EINVAL (the address), -EPROTONOSUPPORT,
 * -EOPNOTSUPP (health.share), -ENOMEM, and what the kernel's connection tracking says.
 */
int vrt_service_add(struct vrt_net *rn, const char *name, const struct vrt_front *front,
		    const struct vrt_service_config *config, struct netlink_ext_ack *extack);
/* Connections that there are stay where they are. -ENOMEM, -EOPNOTSUPP. */
int vrt_service_set(struct vrt_service *service, const struct vrt_service_config *config,
		    struct netlink_ext_ack *extack);
/* With its backends and their connections. Can't fail. Sleeps. */
void vrt_service_del(struct vrt_service *service);
/* NULL: there is none of this name. */
struct vrt_service *vrt_service_find(struct vrt_net *rn, const char *name);
/* The one with the lowest id that is not below *@id, which becomes its id; NULL. */
struct vrt_service *vrt_service_next(struct vrt_net *rn, u32 *id);
void vrt_service_info(const struct vrt_service *service, struct vrt_service_info *info);

/* All services with their backends go. Under vrt_net.lock. */
void vrt_service_flush(struct vrt_net *rn);
int vrt_service_init(struct vrt_net *rn);
void vrt_service_stop(struct vrt_net *rn);	/* works; after the flush, not under vrt_net.lock */
void vrt_service_destroy(struct vrt_net *rn);	/* after that, or if nothing was ever there */

/*
 * The network namespace @gone goes: backends that live there go, in all other
 * namespaces. Not under any lock of ours.
 */
void vrt_service_netns_gone(struct net *gone);

#endif /* _VROUTER_SERVICE_H */
