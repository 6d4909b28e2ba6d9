// SPDX-License-Identifier: GPL-2.0
/*
 * Lessons: packets leave them, a worker makes flows of them, and they are over when their
 * flow goes. Each is there once, so the limit of an action bounds what waits as well as the
 * flows; and who meets it again has found it, and has nothing to wait for.
 *
 * Memory of lessons and flows is charged to who added the action, whoever sent the packet.
 */
#include <linux/hash.h>
#include <linux/llist.h>
#include <linux/memcontrol.h>
#include <linux/rhashtable.h>
#include <linux/sched/mm.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "flow_set.h"
#include "learn.h"
#include "tracer.h"
#include "vswitch.h"

/* Lessons of a switch that wait for the worker. */
#define WAITING_MAX	4096
/* Flows that are added in one step. */
#define BATCH		32
/* An action whose flow could not be added makes none for so long: the next would fail, too. */
#define PAUSE		HZ

/* One that a packet has met; of an action of one flow or bucket. */
struct vsw_learner {
	struct vsw_lessons *lessons;
	refcount_t refs;		/* of the action, and of each lesson */
	atomic_t count;			/* lessons */
	unsigned long paused;		/* jiffies until then; 0: it is not */
	bool is_over;			/* nobody has the action any more; flow lock */
	u32 id;
	struct mem_cgroup *memcg;	/* or NULL */
	struct rcu_head rcu;
	struct vsw_action_learn learn;	/* a copy, with its specs; last */
};

struct vsw_lesson {
	struct rhash_head node;
	struct llist_node waiting;
	struct vsw_learner *learner;
	unsigned long heard;		/* jiffies, written by packets */
	struct rcu_head rcu;
	u8 data[];
};

/* Of a switch. */
struct vsw_lessons {
	struct vsw_flows *flows;
	struct rhashtable table;
	siphash_key_t key;
	struct llist_head queue;
	atomic_t waiting;
	struct work_struct work;
	u32 last_id;			/* flow lock */
	struct vsw_flow_config config;	/* the worker's */
};

/* ---- finding one ----------------------------------------------------------- */

struct wanted {
	const struct vsw_learner *learner;
	const u8 *data;
};

static u32 hash_of(const struct vsw_learner *learner, const u8 *data)
{
	/* The table takes no notice of low bits; many may learn the same, or nothing. */
	return siphash(data, learner->learn.length, &learner->lessons->key) ^
	       hash_32(learner->id, 32);
}

static u32 wanted_hash(const void *data, u32 len, u32 seed)
{
	const struct wanted *wanted = data;

	return hash_of(wanted->learner, wanted->data);
}

static u32 lesson_hash(const void *data, u32 len, u32 seed)
{
	const struct vsw_lesson *lesson = data;

	return hash_of(lesson->learner, lesson->data);
}

static int compare(struct rhashtable_compare_arg *arg, const void *object)
{
	const struct wanted *wanted = arg->key;
	const struct vsw_lesson *lesson = object;

	return lesson->learner != wanted->learner ||
	       memcmp(lesson->data, wanted->data, wanted->learner->learn.length);
}

static const struct rhashtable_params table_params = {
	.head_offset = offsetof(struct vsw_lesson, node),
	.hashfn = wanted_hash,
	.obj_hashfn = lesson_hash,
	.obj_cmpfn = compare,
	.automatic_shrinking = true,
};

/* ---- learners -------------------------------------------------------------- */

static void learner_put(struct vsw_learner *learner)
{
	if (!refcount_dec_and_test(&learner->refs))
		return;
	mem_cgroup_put(learner->memcg);
	kfree_rcu(learner, rcu);
}

static void work(struct work_struct *work);

static struct vsw_lessons *lessons_of(struct vsw_flows *flows)
{
	struct vsw_lessons *lessons = flows->lessons;

	if (lessons)
		return lessons;
	lessons = kzalloc(sizeof(*lessons), GFP_KERNEL_ACCOUNT);
	if (!lessons)
		return NULL;
	if (rhashtable_init(&lessons->table, &table_params)) {
		kfree(lessons);
		return NULL;
	}
	lessons->flows = flows;
	get_random_bytes(&lessons->key, sizeof(lessons->key));
	init_llist_head(&lessons->queue);
	INIT_WORK(&lessons->work, work);
	flows->lessons = lessons;
	return lessons;
}

int vsw_learn_use(struct vsw_flows *flows, struct vsw_action_learn *learn,
		  struct netlink_ext_ack *extack)
{
	size_t size = learn->action.words * sizeof(u64);
	struct vsw_lessons *lessons = lessons_of(flows);
	struct vsw_learner *learner = NULL;

	lockdep_assert_held(&flows->lock);

	if (lessons)
		learner = kzalloc(offsetof(struct vsw_learner, learn) + size,
				  GFP_KERNEL_ACCOUNT);
	if (!learner) {
		NL_SET_ERR_MSG(extack, "no memory for what is learned");
		return -ENOMEM;
	}
	learner->lessons = lessons;
	refcount_set(&learner->refs, 1);
	learner->id = ++lessons->last_id;
	learner->memcg = get_mem_cgroup_from_mm(current->mm);
	learner->learn = *learn;
	memcpy(learner->learn.spec, learn->spec, size - sizeof(*learn));
	rcu_assign_pointer(learn->learner, learner);
	return 0;
}

void vsw_learn_unuse(struct vsw_action_learn *learn)
{
	/* Written under the flow lock only. */
	struct vsw_learner *learner = rcu_dereference_protected(learn->learner, true);

	if (!learner)
		return;
	RCU_INIT_POINTER(learn->learner, NULL);
	learner->is_over = true;
	learner_put(learner);
}

/* ---- lessons --------------------------------------------------------------- */

/* It is in the table. Who is about to find it may still do so. */
static void forget(struct vsw_lesson *lesson)
{
	struct vsw_learner *learner = lesson->learner;

	rhashtable_remove_fast(&learner->lessons->table, &lesson->node, table_params);
	atomic_dec(&learner->count);
	/* The hash asks for it until nobody finds the lesson any more. */
	learner_put(learner);
	kfree_rcu(lesson, rcu);
}

void vsw_lesson_end(struct vsw_flow *flow)
{
	struct vsw_lesson *lesson = flow->lesson;

	if (!lesson)
		return;
	flow->lesson = NULL;
	forget(lesson);
}

u64 vsw_lesson_heard(const struct vsw_flow *flow)
{
	/* Another CPU may be one ahead. */
	long ago = max_t(long, jiffies - READ_ONCE(flow->lesson->heard), 0);

	return vsw_flow_now() - jiffies64_to_msecs(ago);
}

/* One more lesson of @learner, which has a reference to it; NULL: there is no more room. */
static struct vsw_lesson *begin(struct vsw_learner *learner, const u8 *data)
{
	const u32 limit = learner->learn.action.value;
	struct mem_cgroup *was;
	struct vsw_lesson *lesson;

	if (!refcount_inc_not_zero(&learner->refs))
		return NULL;
	if ((u32)atomic_inc_return(&learner->count) > limit)
		goto undo;
	was = set_active_memcg(learner->memcg);
	lesson = kmalloc(struct_size(lesson, data, learner->learn.length),
			 GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT);
	set_active_memcg(was);
	if (!lesson)
		goto undo;
	lesson->learner = learner;
	lesson->heard = jiffies;
	memcpy(lesson->data, data, learner->learn.length);
	return lesson;

undo:
	atomic_dec(&learner->count);
	learner_put(learner);
	return NULL;
}

static bool may_learn(const struct vsw_learner *learner)
{
	unsigned long paused = READ_ONCE(learner->paused);

	return !(paused && time_before(jiffies, paused)) &&
	       (u32)atomic_read(&learner->count) < learner->learn.action.value &&
	       atomic_read(&learner->lessons->waiting) < WAITING_MAX;
}

static noinline void remember(struct vsw_learner *learner, const struct wanted *wanted)
{
	struct vsw_lessons *lessons = learner->lessons;
	struct vsw_lesson *lesson;

	if (!may_learn(learner))
		return;
	lesson = begin(learner, wanted->data);
	if (!lesson)
		return;
	if (rhashtable_lookup_insert_key(&lessons->table, wanted, &lesson->node, table_params)) {
		/* Another CPU was faster, or the table has no memory now. */
		atomic_dec(&learner->count);
		learner_put(learner);
		kfree(lesson);
		return;
	}
	atomic_inc(&lessons->waiting);
	llist_add(&lesson->waiting, &lessons->queue);
	queue_work(system_unbound_wq, &lessons->work);
}

/* What hear() would do. */
static noinline void trace(struct vsw_learner *learner, const struct wanted *wanted,
			   const struct vsw_action_learn *learn, const struct vsw_key *key)
{
	u8 effect = VSWITCH_TRACE_EFFECT_LEARN_LIMIT;

	if (rhashtable_lookup(&learner->lessons->table, wanted, table_params))
		effect = VSWITCH_TRACE_EFFECT_LEARNED;
	else if (may_learn(learner))
		effect = VSWITCH_TRACE_EFFECT_LEARN;
	vsw_trace_learn(effect, learn, key);
}

static void hear(struct vsw_learner *learner, const struct wanted *wanted)
{
	struct vsw_lesson *lesson;
	unsigned long now = jiffies;

	lesson = rhashtable_lookup(&learner->lessons->table, wanted, table_params);
	if (unlikely(!lesson))
		remember(learner, wanted);
	else if (READ_ONCE(lesson->heard) != now)
		WRITE_ONCE(lesson->heard, now);
}

void vsw_learn(const struct vsw_action_learn *learn, const struct vsw_key *key, u8 *room)
{
	struct vsw_learner *learner = vsw_path_dereference(learn->learner);
	const struct wanted wanted = { learner, room };

	if (unlikely(!learner))
		return;
	vsw_lesson_read(learn, key, room);
	/* BH off are not enough for the table. */
	rcu_read_lock();
	if (unlikely(vsw_tracing()))
		trace(learner, &wanted, learn, key);
	else
		hear(learner, &wanted);
	rcu_read_unlock();
}

/* ---- the worker ------------------------------------------------------------- */

/* Of one learner. */
struct batch {
	struct vsw_flow *flow[BATCH];
	u32 count;
};

/* @flow could not be added. */
static void give_up(struct vsw_flow *flow)
{
	struct vsw_lesson *lesson = flow->lesson;

	WRITE_ONCE(lesson->learner->paused, (jiffies + PAUSE) | 1);
	flow->lesson = NULL;
	forget(lesson);
	vsw_flow_discard(flow);
}

/* As a whole, or, if one of them can't be added, one after the other. */
static void insert(struct vsw_flows *flows, struct batch *batch)
{
	struct vsw_learner *learner;
	struct mem_cgroup *was;
	u32 failed, i;

	if (!batch->count)
		return;
	learner = batch->flow[0]->lesson->learner;
	/* A table that evicts may end all of its lessons, and its action, meanwhile. */
	refcount_inc(&learner->refs);
	was = set_active_memcg(learner->memcg);
	if (vsw_flow_insert(flows, batch->flow, batch->count, &failed, NULL)) {
		for (i = 0; i < batch->count; i++) {
			if (vsw_flow_insert(flows, &batch->flow[i], 1, &failed, NULL))
				give_up(batch->flow[i]);
		}
	}
	set_active_memcg(was);
	learner_put(learner);
}

static void prepare(struct vsw_lessons *lessons, struct vsw_lesson *lesson, struct batch *batch)
{
	struct vsw_learner *learner = lesson->learner;
	struct mem_cgroup *was;
	struct vsw_flow *flow;

	if (learner->is_over) {
		forget(lesson);
		return;
	}
	was = set_active_memcg(learner->memcg);
	flow = vsw_lesson_flow(&learner->learn, lesson->data, &lessons->config);
	set_active_memcg(was);
	if (IS_ERR(flow)) {
		WRITE_ONCE(learner->paused, (jiffies + PAUSE) | 1);
		forget(lesson);
		return;
	}
	flow->lesson = lesson;
	batch->flow[batch->count++] = flow;
}

static struct llist_node *do_batch(struct vsw_lessons *lessons, struct llist_node *node)
{
	struct vsw_flows *flows = lessons->flows;
	struct batch batch = {};
	struct vsw_lesson *lesson;

	mutex_lock(&flows->lock);
	while (node && batch.count < BATCH) {
		lesson = llist_entry(node, struct vsw_lesson, waiting);
		if (batch.count && batch.flow[0]->lesson->learner != lesson->learner)
			break;
		node = node->next;
		atomic_dec(&lessons->waiting);
		if (READ_ONCE(flows->going))
			forget(lesson);
		else
			prepare(lessons, lesson, &batch);
	}
	insert(flows, &batch);
	mutex_unlock(&flows->lock);
	return node;
}

static void work(struct work_struct *work)
{
	struct vsw_lessons *lessons = container_of(work, struct vsw_lessons, work);
	struct llist_node *node = llist_reverse_order(llist_del_all(&lessons->queue));

	while (node) {
		node = do_batch(lessons, node);
		cond_resched();
	}
}

void vsw_learn_stop(struct vsw_flows *flows)
{
	if (flows->lessons)
		flush_work(&flows->lessons->work);
}

void vsw_learn_free(struct vsw_flows *flows)
{
	if (!flows->lessons)
		return;
	rhashtable_destroy(&flows->lessons->table);
	kfree(flows->lessons);
	flows->lessons = NULL;
}
