/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What conntrack knows of connections from before something was configured that they
 * are to be translated by. Forgotten, they are new with their next packet.
 */
#ifndef _VROUTER_FORGET_H
#define _VROUTER_FORGET_H

#include "nat.h"
#include "publish.h"

/*
 * Those that came to what @front stands for and went elsewhere than to a target of
 * ours; every packet finds @front already. Sleeps, under vrt_net.lock.
 */
void vrt_forget_front(struct vrt_net *rn, const struct vrt_front *front);

/*
 * Those that @rule translates if they are new, and that no rule before it translated
 * already. Sleeps, under vrt_net.lock.
 */
void vrt_forget_nat(struct vrt_net *rn, const struct vrt_nat *rule);

#endif /* _VROUTER_FORGET_H */
