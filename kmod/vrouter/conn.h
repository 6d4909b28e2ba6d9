/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the router knows of a connection, beside what conntrack does: where it goes,
 * and whether it counts as one that is not over.
 */
#ifndef _VROUTER_CONN_H
#define _VROUTER_CONN_H

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>

#include "target.h"

#define VRT_CONN_ACTIVE	0		/* counted in target->active */
#define VRT_CONN_CUT	1		/* to be cut as soon as conntrack has it */
#define VRT_CONN_SILENT	2		/* counted as one that got no answer */

struct vrt_way;

struct vrt_conn {
	struct rhash_head node;		/* vrt_net.conns, by ct */
	struct nf_conn *ct;		/* referenced */
	struct vrt_target *target;	/* referenced; NULL: it only passes */
	u32 id;				/* vrt_net.conn_ids, to go on in a dump */
	unsigned long flags;		/* VRT_CONN_*, by atomic operations */
	unsigned long born;		/* jiffies */
	u32 tcp_state;			/* enum tcp_conntrack, behind the packet before */
	u8 why[2];			/* enum vrouter_why_slow, by enum ip_conntrack_dir */
	bool gone;			/* it is off the table; under lock */
	bool carried;			/* its ways are in use; under lock */
	spinlock_t lock;		/* of its ways; with BH off, under it none of ours */
	struct vrt_way *way[2];		/* learn.c; who is not under lock only compares */
	u32 rules[2];			/* that translated it, by enum nf_nat_manip_type; 0: none */
	struct rcu_head rcu;
};

/*
 * A new connection @ct goes to @target, which the caller took: that is taken over,
 * also on error; NULL: it goes where it wants to. Under RCU.
 * -ENOMEM, -EEXIST: it is known.
 */
int vrt_conn_add(struct vrt_net *rn, struct nf_conn *ct, struct vrt_target *target);

/* Under RCU, good until its end; NULL. */
struct vrt_conn *vrt_conn_find(struct vrt_net *rn, const struct nf_conn *ct);

/*
 * A packet of @bytes has passed in @dir, an enum ip_conntrack_dir; of one with a target.
 * Under RCU, BH off.
 */
void vrt_conn_packet(struct vrt_conn *conn, int dir, unsigned int bytes);

/*
 * Conntrack takes the window of @tcp from the next segment that it sees, of which it sees
 * only some. Under nf_conn.lock.
 */
static inline void vrt_conn_lose_window(struct ip_ct_tcp *tcp)
{
	int dir;

	for (dir = 0; dir < IP_CT_DIR_MAX; dir++) {
		tcp->seen[dir].flags |= IP_CT_TCP_FLAG_BE_LIBERAL;
		tcp->seen[dir].flags &= ~IP_CT_TCP_FLAG_MAXACK_SET;
		tcp->seen[dir].td_maxwin = 0;
	}
}

/* It counts as over, if it did not before. Any context. */
void vrt_conn_over(struct vrt_conn *conn);

/* Those for which @match says so lose their ways. Does not sleep. */
void vrt_conn_uncarry(struct vrt_net *rn, bool (*match)(const struct vrt_conn *conn, void *arg),
		      void *arg);

/*
 * End those connections for which @match says so: conntrack forgets them, and what
 * comes of them afterwards is new. Sleeps; under vrt_net.lock.
 */
void vrt_conn_cut(struct vrt_net *rn, bool (*match)(const struct vrt_conn *conn, void *arg),
		  void *arg);
/* Those of one target. */
void vrt_conn_cut_target(struct vrt_net *rn, const struct vrt_target *target);

/* All of them; hooks are gone. Sleeps; under vrt_net.lock. */
void vrt_conn_flush(struct vrt_net *rn);

int vrt_conn_init(struct vrt_net *rn);
void vrt_conn_destroy(struct vrt_net *rn);	/* after the flush */

#endif /* _VROUTER_CONN_H */
