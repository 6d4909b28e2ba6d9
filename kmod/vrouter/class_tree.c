// SPDX-License-Identifier: GPL-2.0
#include <kunit/visibility.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/time64.h>

#include "class_tree.h"

/* ---- a limit ------------------------------------------------------------------ */

/* To the last fraction over all calls with the same @rest. */
static u64 time_of(u32 bytes, u64 rate, u64 *rest)
{
	return div64_u64_rem((u64)bytes * BITS_PER_BYTE * NSEC_PER_SEC + *rest, rate, rest);
}

static u64 opens(const struct vrt_meter *meter)
{
	return meter->due > meter->slack ? meter->due - meter->slack : 0;
}

/* A debt of the old rate is none of the new one, which begins with an empty burst at worst. */
static void set_meter(struct vrt_meter *meter, u64 rate, u32 burst, u64 now)
{
	u64 rest = 0;

	if (meter->rate == rate && meter->slack == time_of(burst, rate, &rest))
		return;
	rest = 0;
	meter->slack = time_of(burst, rate, &rest);
	meter->rate = rate;
	meter->rest = 0;
	meter->due = min(meter->due, now + meter->slack);
}

static void use(struct vrt_meter *meter, u64 time, u64 now)
{
	meter->due = max(meter->due, now) + time;
}

/* ---- a share ------------------------------------------------------------------ */

static bool is_less(const struct vrt_share *a, const struct vrt_share *b)
{
	return a->high != b->high ? a->high < b->high : a->low < b->low;
}

static void add_time(struct vrt_share *share, u64 time)
{
	time += share->low;
	share->high += time >> 32;
	share->low = (u32)time;
}

/* ---- places among the children of a node ---------------------------------------- */

static bool earlier(struct rb_node *a, const struct rb_node *b)
{
	const struct vrt_node *x = rb_entry(a, struct vrt_node, by_time);
	const struct vrt_node *y = rb_entry(b, struct vrt_node, by_time);

	if (x->place == VRT_NODE_CLOSED)
		return x->opens < y->opens;
	return x->recovers < y->recovers;
}

static bool first_served(struct rb_node *a, const struct rb_node *b)
{
	const struct vrt_node *x = rb_entry(a, struct vrt_node, by_share);
	const struct vrt_node *y = rb_entry(b, struct vrt_node, by_share);

	return x->prio != y->prio ? x->prio < y->prio : is_less(&x->share, &y->share);
}

static struct vrt_node *first_by_time(const struct rb_root_cached *tree)
{
	return rb_entry_safe(rb_first_cached(tree), struct vrt_node, by_time);
}

static struct vrt_node *first_by_share(const struct rb_root_cached *tree)
{
	return rb_entry_safe(rb_first_cached(tree), struct vrt_node, by_share);
}

static void leave(struct vrt_node *node)
{
	struct vrt_node *parent = node->parent;

	switch (node->place) {
	case VRT_NODE_CLOSED:
		rb_erase_cached(&node->by_time, &parent->closed);
		break;
	case VRT_NODE_ASSURED:
		rb_erase_cached(&node->by_share, &parent->within);
		break;
	case VRT_NODE_EXCESS:
		rb_erase_cached(&node->by_share, &parent->excess);
		rb_erase_cached(&node->by_time, &parent->recovering);
		break;
	}
	node->place = VRT_NODE_NOWHERE;
}

static void enter(struct vrt_node *node, enum vrt_node_place place)
{
	struct vrt_node *parent = node->parent;

	node->place = place;
	switch (place) {
	case VRT_NODE_CLOSED:
		rb_add_cached(&node->by_time, &parent->closed, earlier);
		break;
	case VRT_NODE_ASSURED:
		rb_add_cached(&node->by_share, &parent->within, first_served);
		break;
	case VRT_NODE_EXCESS:
		rb_add_cached(&node->by_share, &parent->excess, first_served);
		rb_add_cached(&node->by_time, &parent->recovering, earlier);
		break;
	case VRT_NODE_NOWHERE:
		break;
	}
}

/* What it did not want, or was not allowed, is not saved up. */
static void forget_lag(struct vrt_node *node)
{
	const struct vrt_share *clock = &node->parent->clock[node->prio];

	if (is_less(&node->share, clock))
		node->share = *clock;
}

/* An instant that may have passed; a node lies open from then on until it is charged. */
static u64 opening(const struct vrt_node *node)
{
	const struct vrt_node *child;
	u64 own = opens(&node->ceil);

	if (node->queued || !RB_EMPTY_ROOT(&node->within.rb_root) ||
	    !RB_EMPTY_ROOT(&node->excess.rb_root))
		return own;
	child = first_by_time(&node->closed);
	return child ? max(own, child->opens) : own;
}

/* To its place among its siblings, after anything of it has changed. */
static void settle(struct vrt_node *node, u64 now)
{
	bool active = node->queued || node->n_active, was_closed = node->place == VRT_NODE_CLOSED;
	struct vrt_node *parent = node->parent;

	leave(node);
	if (active != node->counted) {
		node->counted = active;
		parent->n_active += active ? 1 : -1;
		was_closed = active;
	}
	if (!active)
		return;
	node->opens = opening(node);
	if (node->opens > now) {
		enter(node, VRT_NODE_CLOSED);
		return;
	}
	if (was_closed)
		forget_lag(node);
	node->recovers = opens(&node->assured);
	enter(node, node->recovers <= now ? VRT_NODE_ASSURED : VRT_NODE_EXCESS);
}

static void settle_up(struct vrt_node *node, u64 now)
{
	for (; node->parent; node = node->parent)
		settle(node, now);
}

/* Time alone opens what was closed, and brings back within its guarantee what was beyond. */
static void look_at_clock(struct vrt_node *node, u64 now)
{
	struct vrt_node *child;

	while ((child = first_by_time(&node->closed)) && child->opens <= now)
		settle(child, now);
	while ((child = first_by_time(&node->recovering)) && child->recovers <= now)
		settle(child, now);
}

/* ---- the tree ------------------------------------------------------------------- */

static void init(struct vrt_node *node, struct vrt_node *parent)
{
	memset(node, 0, sizeof(*node));
	node->parent = parent;
	node->closed = RB_ROOT_CACHED;
	node->within = RB_ROOT_CACHED;
	node->excess = RB_ROOT_CACHED;
	node->recovering = RB_ROOT_CACHED;
}

void vrt_node_init_root(struct vrt_node *root)
{
	init(root, NULL);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_node_init_root);

void vrt_node_init(struct vrt_node *node, struct vrt_node *parent,
		   const struct vrt_limits *limits, u64 now)
{
	init(node, parent);
	vrt_node_set(node, limits, now);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_node_init);

void vrt_node_set(struct vrt_node *node, const struct vrt_limits *limits, u64 now)
{
	/* Its key, before it is another. */
	leave(node);
	set_meter(&node->assured, limits->rate, limits->burst, now);
	set_meter(&node->ceil, limits->ceil, limits->burst, now);
	if (node->prio != limits->prio) {
		node->prio = limits->prio;
		/* What it has had by another clock says nothing. */
		node->share = node->parent->clock[node->prio];
	}
	settle_up(node, now);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_node_set);

void vrt_node_queue(struct vrt_node *leaf, bool queued, u64 now)
{
	if (leaf->queued == queued)
		return;
	leaf->queued = queued;
	leaf->since = now;
	settle_up(leaf, now);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_node_queue);

void vrt_node_remove(struct vrt_node *node, u64 now)
{
	vrt_node_queue(node, false, now);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_node_remove);

struct vrt_node *vrt_node_next(struct vrt_node *root, u64 now, u64 *when)
{
	struct vrt_node *node = root, *child;

	while (!node->queued) {
		look_at_clock(node, now);
		child = first_by_share(&node->within) ?: first_by_share(&node->excess);
		if (!child) {
			child = first_by_time(&node->closed);
			*when = child ? child->opens : VRT_NODE_NEVER;
			return NULL;
		}
		node = child;
	}
	return node;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_node_next);

/* When what waits in @leaf would have been sent by a caller who is never late. */
static u64 punctual_time(const struct vrt_node *leaf, u64 now)
{
	if (!leaf->queued)
		return now;
	return clamp(vrt_node_opens(leaf, leaf->since), now - min_t(u64, now, VRT_NODE_LATE), now);
}

void vrt_node_charge(struct vrt_node *leaf, u32 bytes, u64 now)
{
	u64 punctual = punctual_time(leaf, now);
	struct vrt_node *node;

	for (node = leaf; node->parent; node = node->parent) {
		bool within = opens(&node->assured) <= now;
		u64 time = time_of(bytes, node->assured.rate, &node->assured.rest);
		struct vrt_share *clock = &node->parent->clock[node->prio];

		leave(node);
		if (is_less(clock, &node->share))
			*clock = node->share;
		add_time(&node->share, time);
		/* What it gets of others' is not taken from its guarantee. */
		if (within)
			use(&node->assured, time, punctual);
		use(&node->ceil, time_of(bytes, node->ceil.rate, &node->ceil.rest),
		    punctual);
		settle(node, now);
	}
}
EXPORT_SYMBOL_IF_KUNIT(vrt_node_charge);

bool vrt_node_is_alone(const struct vrt_node *leaf)
{
	const struct vrt_node *node = leaf;

	while (node->parent->parent)
		node = node->parent;
	return !node->queued && !node->n_active;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_node_is_alone);

u64 vrt_node_opens(const struct vrt_node *leaf, u64 now)
{
	const struct vrt_node *node;

	for (node = leaf; node->parent; node = node->parent)
		now = max(now, opens(&node->ceil));
	return now;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_node_opens);

bool vrt_node_is_open(const struct vrt_node *leaf, u64 now)
{
	return vrt_node_opens(leaf, now) == now;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_node_is_open);

u64 vrt_node_takes(const struct vrt_node *leaf, u32 bytes)
{
	const struct vrt_node *node;
	u64 rate = U64_MAX, rest = 0;

	for (node = leaf; node->parent; node = node->parent)
		rate = min(rate, node->ceil.rate);
	return time_of(bytes, rate, &rest);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_node_takes);
