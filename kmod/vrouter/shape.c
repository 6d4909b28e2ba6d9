// SPDX-License-Identifier: GPL-2.0
#include <linux/cgroup.h>
#include <linux/err.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "refuse.h"
#include "shape.h"
#include "way.h"

struct vrt_class *vrt_class_find(struct vrt_net *rn, const char *name)
{
	struct vrt_class *class;

	lockdep_assert_held(&rn->lock);

	if (!rn->shaper)
		return NULL;
	list_for_each_entry(class, &rn->shaper->classes, list) {
		if (!strcmp(class->config.name, name))
			return class;
	}
	return NULL;
}

static int make_shaper(struct vrt_net *rn)
{
	struct vrt_shaper *shaper;
	int side;

	if (rn->shaper)
		return 0;
	shaper = kzalloc(sizeof(*shaper), GFP_KERNEL_ACCOUNT);
	if (!shaper)
		return -ENOMEM;
	spin_lock_init(&shaper->lock);
	INIT_LIST_HEAD(&shaper->classes);
	INIT_LIST_HEAD(&shaper->queues);
	for (side = 0; side < VRT_SHAPE_SIDES; side++)
		vrt_shape_init_side(&shaper->side[side], rn);
	/* Whoever sees it sees it whole. */
	smp_store_release(&rn->shaper, shaper);
	return 0;
}

static int find_cgroup(struct vrt_class *class, struct netlink_ext_ack *extack)
{
	u64 id = class->config.match.cgroup_id;
	struct cgroup *cgroup;

	if (!id)
		return 0;
#ifdef CONFIG_SOCK_CGROUP_DATA
	cgroup = cgroup_get_from_id(id);
#else
	cgroup = ERR_PTR(-EOPNOTSUPP);
#endif
	if (IS_ERR(cgroup))
		return vrt_refuse(extack, VROUTER_A_SHAPE_MATCH_CGROUP, -ESRCH,
				  "there is no cgroup v2 of this number");
	class->cgroup = cgroup;
	return 0;
}

static void free_class(struct rcu_head *rcu)
{
	struct vrt_class *class = container_of(rcu, struct vrt_class, rcu);

	if (class->cgroup)
		cgroup_put(class->cgroup);
	kfree(class);
}

/* Behind those of the same order. */
static void insert(struct vrt_shaper *shaper, struct vrt_class *class)
{
	struct vrt_class *next;

	list_for_each_entry(next, &shaper->classes, list) {
		if (next->config.order > class->config.order)
			break;
	}
	list_add_tail_rcu(&class->list, &next->list);
}

static int find_parent(struct vrt_net *rn, const char *name, struct vrt_class *class,
		       struct netlink_ext_ack *extack)
{
	struct vrt_class *parent;

	if (!name)
		return 0;
	parent = vrt_class_find(rn, name);
	if (!parent)
		return vrt_refuse(extack, VROUTER_A_SHAPE_PARENT, -ENOENT,
				  "there is no class of the parent's name");
	if (parent->depth + 1 >= VROUTER_MAX_SHAPE_DEPTH)
		return vrt_refuse(extack, VROUTER_A_SHAPE_PARENT, -ENOSPC,
				  "classes are at most 8 deep");
	if (parent->config.direction != class->config.direction)
		return vrt_refuse(extack, VROUTER_A_SHAPE_PARENT, -EINVAL,
				  "a class and its parent are for the same direction");
	class->parent = parent;
	class->depth = parent->depth + 1;
	return 0;
}

static int check_place(struct vrt_net *rn, const char *name, struct netlink_ext_ack *extack)
{
	if (vrt_class_find(rn, name))
		return vrt_refuse(extack, VROUTER_A_SHAPE_NAME, -EEXIST,
				  "there is a class of this name");
	if (rn->shaper && rn->shaper->n_classes >= VROUTER_MAX_SHAPES) {
		NL_SET_ERR_MSG(extack, "the network namespace has as many classes as it may have");
		return -ENOSPC;
	}
	return 0;
}

static void init_queues(struct vrt_class *class)
{
	struct vrt_shaper *shaper = class->rn->shaper;
	struct vrt_limits limits;
	u64 now = ktime_get_ns();
	int side;

	vrt_class_limits(&class->config, false, &limits);
	class->period_end = ktime_get_boottime_ns() + class->config.period * (u64)NSEC_PER_MSEC;
	spin_lock_bh(&shaper->lock);
	for (side = 0; side < VRT_SHAPE_SIDES; side++) {
		struct vrt_shape_queue *queue = &class->queue[side];

		queue->class = class;
		queue->window = now;
		__skb_queue_head_init(&queue->packets);
		vrt_node_init(&queue->node, class->parent ? &class->parent->queue[side].node :
			      &shaper->side[side].root, &limits, now);
	}
	list_add(&class->queues, &shaper->queues);
	spin_unlock_bh(&shaper->lock);
}

/* Packets are of its children from now on. */
static void adopt(struct vrt_class *parent)
{
	if (!parent)
		return;
	WRITE_ONCE(parent->n_children, parent->n_children + 1);
	vrt_shape_purge(parent, false);
}

/* Who lists hooks (nfnetlink_hook) may still read those that were there. */
void vrt_shape_free_ops(struct nf_hook_ops *ops)
{
	synchronize_net();
	kfree(ops);
}

/* The router of the namespace with its hooks, and those of the shaper. */
static int enter(struct vrt_net *rn, struct netlink_ext_ack *extack)
{
	int err;

	err = vrt_net_use(rn, extack);
	if (err)
		return err;
	err = make_shaper(rn);
	if (!err)
		err = vrt_shape_remember(rn->shaper, rn->shaper->n_classes + 1);
	if (!err && !rn->shaper->n_classes)
		err = vrt_shape_hook(rn);
	if (err)
		vrt_net_unuse(rn);
	return err;
}

int vrt_class_add(struct vrt_net *rn, const struct vrt_class_config *config, const char *parent,
		  struct netlink_ext_ack *extack)
{
	struct vrt_class *class;
	int err;

	err = check_place(rn, config->name, extack);
	if (err)
		return err;
	class = kzalloc(sizeof(*class), GFP_KERNEL_ACCOUNT);
	if (!class)
		return -ENOMEM;
	class->config = *config;
	class->rn = rn;
	err = find_parent(rn, parent, class, extack) ?:
	      vrt_class_check(config, NULL, class->parent, extack) ?:
	      find_cgroup(class, extack) ?: enter(rn, extack);
	if (err) {
		free_class(&class->rcu);
		return err;
	}
	init_queues(class);
	rn->shaper->n_classes++;
	insert(rn->shaper, class);
	adopt(class->parent);
	vrt_shape_forget(rn->shaper);
	/* What is carried was of another class, or of none. */
	vrt_change(rn);
	return 0;
}

int vrt_class_set(struct vrt_class *class, const struct vrt_class_config *config,
		  struct netlink_ext_ack *extack)
{
	struct vrt_shaper *shaper = class->rn->shaper;
	bool moves = config->order != class->config.order;
	int err;

	lockdep_assert_held(&class->rn->lock);

	err = vrt_class_check(config, class, class->parent, extack);
	if (err)
		return err;
	spin_lock_bh(&shaper->lock);
	if (config->quota != class->config.quota || config->period != class->config.period) {
		class->used = 0;
		class->slow = false;
		class->period_end = ktime_get_boottime_ns() +
				    config->period * (u64)NSEC_PER_MSEC;
	}
	class->config = *config;
	vrt_shape_apply(class, ktime_get_ns());
	spin_unlock_bh(&shaper->lock);
	if (moves) {
		/* A reader may miss it for a moment, or see it twice; it sees no other list. */
		list_del_rcu(&class->list);
		synchronize_net();
		insert(shaper, class);
		vrt_shape_forget(shaper);
		vrt_change(class->rn);
	}
	return 0;
}

/* Nobody finds it any more, and nothing waits in it; freed after a grace period. */
static void remove(struct vrt_class *class)
{
	struct vrt_net *rn = class->rn;

	vrt_shape_purge(class, true);
	list_del_rcu(&class->list);
	if (class->parent)
		WRITE_ONCE(class->parent->n_children, class->parent->n_children - 1);
	/* Behind all of that: what is learned from now on knows it. */
	vrt_shape_forget(rn->shaper);
	vrt_change(rn);
	if (!--rn->shaper->n_classes)
		vrt_shape_unhook(rn);
	call_rcu(&class->rcu, free_class);
	vrt_net_unuse(rn);
}

int vrt_class_del(struct vrt_class *class, struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&class->rn->lock);

	if (class->n_children)
		return vrt_refuse(extack, VROUTER_A_SHAPE_NAME, -EBUSY,
				  "it has children, which go first");
	remove(class);
	return 0;
}

void vrt_shape_flush(struct vrt_net *rn)
{
	struct vrt_class *class, *next;
	unsigned int depth = VROUTER_MAX_SHAPE_DEPTH;

	if (!rn->shaper)
		return;
	/* The deepest first. */
	while (depth--) {
		list_for_each_entry_safe(class, next, &rn->shaper->classes, list) {
			if (class->depth == depth)
				remove(class);
		}
	}
}

void vrt_shape_destroy(struct vrt_net *rn)
{
	int side;

	if (!rn->shaper)
		return;
	for (side = 0; side < VRT_SHAPE_SIDES; side++)
		hrtimer_cancel(&rn->shaper->side[side].timer);
	free_percpu(rn->shaper->found);
	kfree(rn->shaper);
	rn->shaper = NULL;
}
