/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Services: connections that come to one address are balanced over backends.
 * Plain structures in and out; service_nl.c has the attributes.
 */
#ifndef _VROUTER_SERVICE_H
#define _VROUTER_SERVICE_H

#include "front.h"
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

/* All services with their backends go. Under vrt_net.lock. */
void vrt_service_flush(struct vrt_net *rn);
int vrt_service_init(struct vrt_net *rn);
void vrt_service_destroy(struct vrt_net *rn);	/* after the flush */

/*
 * The network namespace @gone goes: backends that live there go, in all other
 * namespaces. Not under any lock of ours.
 */
void vrt_service_netns_gone(struct net *gone);

#endif /* _VROUTER_SERVICE_H */
