/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Published ports: connections to ports of this host go to an address of a container.
 */
#ifndef _VROUTER_PUBLISH_H
#define _VROUTER_PUBLISH_H

#include <linux/skbuff.h>

#include "front.h"
#include "target.h"

struct nf_hook_state;

/*
 * hook.c asks, of a front whose kind is VRT_FRONT_PUBLISH: where a new connection of
 * @family goes, taken for the caller (vrt_target_take()) and counted; NULL: nowhere. Under RCU.
 */
struct vrt_target *vrt_publish_target(const struct vrt_front *front, u8 family);

/*
 * Whether the host's own filter rules let @skb, a first packet that was not translated
 * yet, in to the published port; true if they are not to be asked. Under RCU.
 */
bool vrt_publish_allowed(const struct vrt_front *front, struct sk_buff *skb,
			 const struct nf_hook_state *state);

void vrt_publish_flush(struct vrt_net *rn);	/* under vrt_net.lock */
int vrt_publish_init(struct vrt_net *rn);
void vrt_publish_destroy(struct vrt_net *rn);	/* after the flush */

/* As vrt_service_netns_gone(). */
void vrt_publish_netns_gone(struct net *gone);

#endif /* _VROUTER_PUBLISH_H */
