/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shaping: classes of packets, each with a rate, see class_tree.h for how they share.
 * Plain structures in and out; shape_nl.c has the attributes.
 *
 * DOC: Locking and ownership
 *
 * Classes are made, changed and deleted under vrt_net.lock. The list of them is read under
 * RCU, and what they match does not change. Both trees, all queues and counters of one
 * network namespace are under vrt_shaper.lock, with BH off; under it no packet is handed
 * on, freed or looked into, and no other lock is taken but the timer's own.
 *
 * A packet that waits belongs to its queue. It holds its route, and its socket where one
 * sends it, but not its device: those of a device that goes down are dropped, and to one
 * that is down none is added. Only the timer hands on what waits, in softirq context, so
 * there is one who does at a time, packets of a class keep their order, and no sender is
 * in the middle of anything.
 */
#ifndef _VROUTER_SHAPE_H
#define _VROUTER_SHAPE_H

#include <linux/hrtimer.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>

#include "class_tree.h"
#include "prefix.h"
#include "vrouter.h"

struct cgroup;
struct vrt_shape_found;

enum vrt_shape_sides { VRT_SHAPE_OUT, VRT_SHAPE_IN, VRT_SHAPE_SIDES };

#define VRT_SHAPE_DEFAULT_ORDER	1000

struct vrt_shape_match {
	u64 cgroup_id;			/* 0: any */
	struct vrt_prefix near, far;	/* family NFPROTO_UNSPEC: any */
	u16 port, port_last;		/* near; 0: any */
	u16 far_port, far_port_last;
	u8 protocol;			/* 0: any */
	bool has_mark, has_dscp;
	u8 dscp;
	u32 mark, mark_mask;
};

struct vrt_class_config {
	char name[VROUTER_NAME_LEN + 1];
	char label[VROUTER_LABEL_LEN + 1];
	u32 order;
	u64 rate, ceil;			/* bit/s */
	u32 burst, limit;		/* bytes; 0: what suits ceil */
	u8 prio;
	u8 mode;			/* enum vrouter_shape_mode */
	u8 direction;			/* enum vrouter_shape_direction */
	bool has_dscp;
	u8 dscp;			/* that packets leave with */
	u64 quota;			/* bytes, 0: none */
	u32 period;			/* milliseconds */
	u64 slow_rate;			/* bit/s */
	struct vrt_shape_match match;
};

struct vrt_shape_counts {
	u64 packets, bytes, delayed, dropped, marked;
	u32 backlog_packets, backlog_bytes;
	u64 rate;			/* bit/s, of the last second or so */
};

/* One direction of a class, under vrt_shaper.lock. */
struct vrt_shape_queue {
	struct vrt_node node;
	struct vrt_class *class;
	struct sk_buff_head packets;	/* its own lock is not used */
	bool closed;			/* its class is about to go */
	struct vrt_shape_counts counts;
	u64 window, window_bytes;	/* since when, for counts.rate; nanoseconds */
};

struct vrt_class {
	struct list_head list;		/* vrt_shaper.classes, RCU */
	struct list_head queues;	/* vrt_shaper.queues, under its lock */
	struct vrt_class_config config;	/* but for match and name also under vrt_shaper.lock */
	struct vrt_class *parent;	/* which goes after it */
	struct cgroup *cgroup;		/* referenced, of config.match */
	struct vrt_net *rn;
	unsigned int n_children;	/* the path reads it: packets are of none that has any */
	u8 depth;			/* 0: no parent */

	bool slow;			/* its quota is used up */
	u64 used;			/* bytes of this period */
	u64 period_end;			/* nanoseconds of boot time */

	struct vrt_shape_queue queue[VRT_SHAPE_SIDES];
	struct rcu_head rcu;
};

struct vrt_shape_side {
	struct vrt_net *rn;
	struct vrt_node root;
	struct hrtimer timer;
	u64 armed;			/* for when, VRT_NODE_NEVER: it is not */
	bool releasing;			/* the timer hands on, and looks again afterwards */
};

/* Of a network namespace that has or had a class, until that goes. */
struct vrt_shaper {
	spinlock_t lock;		/* see above */
	struct list_head classes;	/* in the order in which they are asked */
	struct list_head queues;	/* those in which packets may wait, under lock */
	unsigned int n_classes;
	unsigned int changes;		/* of what is found, never 0, for dumps and for @found */
	struct vrt_shape_found __percpu *found;	/* NULL as long as there are few classes */
	struct nf_hook_ops *hooks;	/* while there is any class */
	size_t memory;			/* of packets that wait */
	struct vrt_shape_side side[VRT_SHAPE_SIDES];
};

/* ---- shape.c: classes ---- */

/*
 * All or nothing, a sentence in @extack with each error; under vrt_net.lock, sleeping.
 * @parent: name of one, NULL. -EEXIST, -ENOENT, -EINVAL, -ENOSPC, -ENOMEM.
 */
int vrt_class_add(struct vrt_net *rn, const struct vrt_class_config *config, const char *parent,
		  struct netlink_ext_ack *extack);
/* To @config, which is that of @class but for what may be changed. */
int vrt_class_set(struct vrt_class *class, const struct vrt_class_config *config,
		  struct netlink_ext_ack *extack);
/* -EBUSY: it has children. */
int vrt_class_del(struct vrt_class *class, struct netlink_ext_ack *extack);
/* Good as long as vrt_net.lock is held; NULL. */
struct vrt_class *vrt_class_find(struct vrt_net *rn, const char *name);

void vrt_shape_free_ops(struct nf_hook_ops *ops);	/* unregistered; sleeps */
void vrt_shape_flush(struct vrt_net *rn);	/* under vrt_net.lock */
void vrt_shape_destroy(struct vrt_net *rn);	/* after the flush */

/* ---- shape_check.c ---- */

/* What a class may say, alone and below @parent, NULL; @old: it changes from that, NULL. */
int vrt_class_check(const struct vrt_class_config *config, const struct vrt_class *old,
		    const struct vrt_class *parent, struct netlink_ext_ack *extack);
/* As the tree wants it. */
void vrt_class_limits(const struct vrt_class_config *config, bool slow,
		      struct vrt_limits *limits);
u32 vrt_class_limit(const struct vrt_class_config *config);

/* ---- shape_match.c: which class a packet is of ---- */

/* NULL: none. Under RCU; a class that is about to go has its queues until the end of that. */
struct vrt_shape_queue *vrt_shape_find(struct vrt_net *rn, const struct sk_buff *skb,
				       const struct nf_hook_state *state);
/* Before there are @n classes: remember what was found, if to look for it is dear. -ENOMEM. */
int vrt_shape_remember(struct vrt_shaper *shaper, unsigned int n);
/* What was found is so no more; after all that made it so, under vrt_net.lock. */
void vrt_shape_forget(struct vrt_shaper *shaper);

/* ---- shape_queue.c: packets wait and leave ---- */

/*
 * A packet of @queue's in a hook of netfilter, the last but conntrack's: an NF_* verdict.
 * Under RCU.
 */
unsigned int vrt_shape_packet(struct vrt_shape_queue *queue, struct sk_buff *skb,
			      const struct nf_hook_state *state);
/*
 * One of the fast path, which is as its device gets it, of @len bytes without the link's
 * header; it is used up. BH off, under RCU.
 */
void vrt_shape_carry(struct vrt_shape_queue *queue, struct sk_buff *skb, unsigned int len);

void vrt_shape_init_side(struct vrt_shape_side *side, struct vrt_net *rn);
/* What waits in @class is dropped, and with @close nothing will wait there any more. */
void vrt_shape_purge(struct vrt_class *class, bool close);
/* What would leave by @dev, which goes down, or goes into it. Any context with RTNL. */
void vrt_shape_purge_device(struct vrt_net *rn, const struct net_device *dev);
void vrt_shape_read(struct vrt_shape_queue *queue, struct vrt_shape_counts *counts);
/* Under vrt_shaper.lock: after config, slow or nothing has changed. */
void vrt_shape_apply(struct vrt_class *class, u64 now);

/* ---- shape_hook.c ---- */

int vrt_shape_hook(struct vrt_net *rn);
void vrt_shape_unhook(struct vrt_net *rn);

#endif /* _VROUTER_SHAPE_H */
