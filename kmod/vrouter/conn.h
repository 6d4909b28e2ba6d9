/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the router knows of a connection, beside what conntrack does: where it goes,
 * and whether it counts as one that is not over.
 */
#ifndef _VROUTER_CONN_H
#define _VROUTER_CONN_H

#include <net/netfilter/nf_conntrack.h>

#include "target.h"

struct vrt_conn {
	struct rhash_head node;		/* vrt_net.conns, by ct */
	struct nf_conn *ct;		/* referenced */
	struct vrt_target *target;	/* referenced; NULL: it only passes */
	bool active;			/* counted in target->active */
	u32 id;
	struct rcu_head rcu;
};

/*
 * A new connection @ct goes to @target, which the caller took: that is taken over,
 * also on error. Under RCU, BH off.
 * -ENOMEM, -EEXIST: it is known.
 */
int vrt_conn_add(struct vrt_net *rn, struct nf_conn *ct, struct vrt_target *target);

/* Under RCU, good until its end; NULL. */
struct vrt_conn *vrt_conn_find(struct vrt_net *rn, const struct nf_conn *ct);

/*
 * End those connections for which @match says so: conntrack forgets them, and what
 * comes of them afterwards is new. Sleeps; under vrt_net.lock.
 */
void vrt_conn_cut(struct vrt_net *rn, bool (*match)(const struct vrt_conn *conn, void *arg),
		  void *arg);
/* Those of one target. */
void vrt_conn_cut_target(struct vrt_net *rn, const struct vrt_target *target);

int vrt_conn_init(struct vrt_net *rn);
void vrt_conn_destroy(struct vrt_net *rn);	/* hooks are gone; all connections are let go */

#endif /* _VROUTER_CONN_H */
