/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who of a tree of classes may send next, and when. No packet is known here, only how
 * many bytes the next one of a class has, and no clock: the caller says what time it is,
 * in nanoseconds that never go back.
 *
 * Each node has a guarantee and a ceiling. A ceiling is never passed, be it of the node
 * or of one above it. Among the children of a node those that are within their
 * guarantees come first; what these leave goes to the others. In each of the two groups
 * the lower priority number comes first, and equals share by their guarantees.
 *
 * Every limit is one instant, as of ATM's GCRA: until when it is used up. A packet moves
 * it on by the time that its bytes take at the limit's rate, to the last fraction, and
 * may go if it lies ahead by no more than the burst takes. So nothing counts up while
 * nobody sends. A caller who is late, by less than VRT_NODE_LATE, costs nothing: what waited
 * moves limits on from when it could have been sent.
 *
 * The caller serialises all calls for one tree. Cost of each: the depth of the tree, times
 * the logarithm of the number of children that have something to send.
 */
#ifndef _VROUTER_CLASS_TREE_H
#define _VROUTER_CLASS_TREE_H

#include <linux/rbtree.h>
#include <linux/time64.h>
#include <linux/types.h>

#define VRT_NODE_PRIOS	8
#define VRT_NODE_NEVER	U64_MAX
#define VRT_NODE_LATE	(50 * NSEC_PER_MSEC)

struct vrt_meter {
	u64 rate;			/* bit/s, at least 1; 0: the root's, no limit */
	u64 slack;			/* nanoseconds that the burst takes */
	u64 due;			/* it is used up until then */
	u64 rest;			/* of a division */
};

/* Nanoseconds. Of 1 kbit/s at 10 Gbit/s those of 64 bits are used up in half an hour. */
struct vrt_share {
	u64 high;
	u32 low;
};

enum vrt_node_place { VRT_NODE_NOWHERE, VRT_NODE_CLOSED, VRT_NODE_ASSURED, VRT_NODE_EXCESS };

struct vrt_node {
	struct vrt_node *parent;	/* NULL: the root, which has no limits */
	struct vrt_meter assured, ceil;
	struct vrt_share share;		/* time at its guarantee that it has had, of its sharing */
	u8 prio;			/* below VRT_NODE_PRIOS, 0 first */

	bool queued;			/* itself has something to send */
	u64 since;			/* when that changed */
	bool counted;			/* in parent->n_active */
	u8 place;			/* enum vrt_node_place, in the trees of parent */
	u32 n_active;			/* children that have something to send below them */
	u64 opens, recovers;		/* keys of by_time, in closed and in recovering */
	struct rb_node by_time, by_share;

	/* Active children: beyond a ceiling; within their guarantee, beyond it, which is both. */
	struct rb_root_cached closed, within, excess, recovering;
	struct vrt_share clock[VRT_NODE_PRIOS];	/* of the child that was last served */
};

/* In bit/s, below 2^40, and in bytes, below 2^30; also of a node that is in use. */
struct vrt_limits {
	u64 rate, ceil;
	u32 burst;
	u8 prio;
};

void vrt_node_init_root(struct vrt_node *root);
/* @parent NULL: for vrt_node_init_root() only. */
void vrt_node_init(struct vrt_node *node, struct vrt_node *parent,
		   const struct vrt_limits *limits, u64 now);
void vrt_node_set(struct vrt_node *node, const struct vrt_limits *limits, u64 now);
/* It has nothing to send any more and leaves; its children have left. */
void vrt_node_remove(struct vrt_node *node, u64 now);

/* A leaf has something to send, or nothing any more. */
void vrt_node_queue(struct vrt_node *leaf, bool queued, u64 now);

/*
 * The leaf that sends next; NULL: none may at @now, and not before @when, which is
 * VRT_NODE_NEVER if nobody has anything.
 */
struct vrt_node *vrt_node_next(struct vrt_node *root, u64 now, u64 *when);

/* It sends @bytes, which vrt_node_queue() of what is left follows. */
void vrt_node_charge(struct vrt_node *leaf, u32 bytes, u64 now);

/* It would not stand in for anybody: it and all that it shares a ceiling with are idle. */
bool vrt_node_is_alone(const struct vrt_node *leaf);
/* Whether no ceiling is in the way now. */
bool vrt_node_is_open(const struct vrt_node *leaf, u64 now);
/* When the ceilings of @leaf will let it go, at @now at the earliest. */
u64 vrt_node_opens(const struct vrt_node *leaf, u64 now);
/* Nanoseconds that @bytes take at the lowest ceiling above. */
u64 vrt_node_takes(const struct vrt_node *leaf, u32 bytes);

#endif /* _VROUTER_CLASS_TREE_H */
