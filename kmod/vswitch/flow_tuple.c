// SPDX-License-Identifier: GPL-2.0
/* How the flows of one mask are changed. Under the flow lock. */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "flow_tuple.h"

/* Slots of a new tuple. */
#define SIZE_MIN	8
/* More than 5/8 of the slots used: a new array; more than 7/8: not without one. */
#define SOON(size)	((size) / 8 * 5)
#define FULL(size)	((size) / 8 * 7)

u64 vsw_flow_hash_key[VSW_KEY_WORDS + 2] __read_mostly;
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_hash_key);

/* Of words that have been masked. */
u32 vsw_tuple_hash(vsw_key_map map, const u64 *word)
{
	struct vsw_flow_hash sum = {};

	for (; map; map &= map - 1)
		vsw_flow_hash_add(&sum, *word++, __ffs(map));
	return vsw_flow_hash_end(&sum);
}

static struct vsw_tuple_slots *slots_of(const struct vsw_tuple *tuple)
{
	return rcu_dereference_protected(tuple->slots, true);
}

static struct vsw_flow_node *node_at(const struct vsw_tuple_slots *slots, u32 at)
{
	return rcu_dereference_protected(slots->at[at].node, true);
}

static size_t slots_memory(u32 last)
{
	return sizeof(struct vsw_tuple_slots) + ((size_t)last + 1) * sizeof(struct vsw_tuple_slot);
}

static struct vsw_tuple_slots *slots_alloc(u32 size)
{
	struct vsw_tuple_slots *slots;

	slots = kvzalloc(slots_memory(size - 1), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!slots)
		return NULL;
	slots->last = size - 1;
	slots->shift = 32 - ilog2(size);
	return slots;
}

/* A slot for nodes of @hash, with @node in it. There is a free one. */
static void take_slot(struct vsw_tuple_slots *slots, u32 hash, struct vsw_flow_node *node)
{
	u32 at;

	for (at = hash >> slots->shift; node_at(slots, at); at = (at + 1) & slots->last)
		/* The hash of a slot never changes, see vsw_tuple_find(). */
		if (node_at(slots, at) == VSW_TUPLE_GONE && slots->at[at].hash == hash)
			break;
	if (!node_at(slots, at))
		slots->used++;
	WRITE_ONCE(slots->at[at].hash, hash);
	rcu_assign_pointer(slots->at[at].node, node);
}

/* An array in which @count slots with a node have room. */
static int resize(struct vsw_tuple *tuple, u32 count)
{
	struct vsw_tuple_slots *old = slots_of(tuple), *slots;
	struct vsw_flow_node *node;
	u32 at;

	slots = slots_alloc(max_t(u32, SIZE_MIN, roundup_pow_of_two(2 * count)));
	if (!slots)
		return -ENOMEM;
	for (at = 0; at <= old->last; at++) {
		node = node_at(old, at);
		if (node && node != VSW_TUPLE_GONE)
			take_slot(slots, old->at[at].hash, node);
		if (!(at & 0xfff))
			cond_resched();
	}
	rcu_assign_pointer(tuple->slots, slots);
	kvfree_rcu(old, rcu);
	return 0;
}

/* Room for all nodes that are reserved. */
static int make_room(struct vsw_tuple *tuple)
{
	const struct vsw_tuple_slots *slots = slots_of(tuple);
	u64 size = (u64)slots->last + 1, wanted = (u64)slots->used + tuple->reserved;

	if (wanted <= SOON(size) || !resize(tuple, tuple->live + tuple->reserved))
		return 0;
	return wanted <= FULL(size) ? 0 : -ENOMEM;
}

static void shrink_if_due(struct vsw_tuple *tuple)
{
	u32 size = slots_of(tuple)->last + 1;

	/* If there is no memory for a smaller one, the next one that goes asks again. */
	if (size > SIZE_MIN && tuple->live + tuple->reserved < size / 8)
		resize(tuple, tuple->live + tuple->reserved);
}

struct vsw_tuple *vsw_tuple_alloc(vsw_key_map map, const u64 *mask)
{
	unsigned int words = hweight32(map);
	struct vsw_tuple *tuple;
	struct vsw_tuple_slots *slots;

	tuple = kzalloc(struct_size(tuple, mask, words), GFP_KERNEL_ACCOUNT);
	slots = slots_alloc(SIZE_MIN);
	if (!tuple || !slots) {
		kfree(tuple);
		kvfree(slots);
		return NULL;
	}
	tuple->levels = RB_ROOT_CACHED;
	tuple->map = map;
	tuple->words = words;
	memcpy(tuple->mask, mask, words * sizeof(*mask));
	RCU_INIT_POINTER(tuple->slots, slots);
	return tuple;
}

static void free_levels(struct vsw_tuple *tuple)
{
	struct vsw_tuple_level *level, *next;

	rbtree_postorder_for_each_entry_safe(level, next, &tuple->levels.rb_root, by_priority)
		kfree(level);
}

void vsw_tuple_free(struct vsw_tuple *tuple)
{
	free_levels(tuple);
	kvfree(slots_of(tuple));
	kfree(tuple);
}

void vsw_tuple_free_rcu(struct vsw_tuple *tuple)
{
	struct vsw_tuple_slots *slots = slots_of(tuple);

	free_levels(tuple);
	kvfree_rcu(slots, rcu);
	kfree_rcu(tuple, rcu);
}

size_t vsw_tuple_memory(const struct vsw_tuple *tuple)
{
	return struct_size(tuple, mask, tuple->words) + slots_memory(slots_of(tuple)->last);
}

u64 vsw_tuple_rank(const struct vsw_tuple *tuple)
{
	struct rb_node *first = rb_first_cached(&tuple->levels);

	return first ? rb_entry(first, struct vsw_tuple_level, by_priority)->rank : 0;
}

static struct vsw_tuple_level *get_level(struct vsw_tuple *tuple, u16 priority, u64 id)
{
	struct rb_node **at = &tuple->levels.rb_root.rb_node, *parent = NULL;
	struct vsw_tuple_level *level;
	bool leftmost = true;

	while (*at) {
		parent = *at;
		level = rb_entry(parent, struct vsw_tuple_level, by_priority);
		if (level->priority == priority) {
			level->nodes++;
			return level;
		}
		if (priority > level->priority) {
			at = &parent->rb_left;
		} else {
			at = &parent->rb_right;
			leftmost = false;
		}
	}
	level = kmalloc(sizeof(*level), GFP_KERNEL_ACCOUNT);
	if (!level)
		return NULL;
	level->priority = priority;
	level->rank = vsw_rank(priority, id);
	level->nodes = 1;
	rb_link_node(&level->by_priority, parent, at);
	rb_insert_color_cached(&level->by_priority, &tuple->levels, leftmost);
	return level;
}

static void put_level(struct vsw_tuple *tuple, struct vsw_tuple_level *level)
{
	if (--level->nodes)
		return;
	rb_erase_cached(&level->by_priority, &tuple->levels);
	kfree(level);
}

int vsw_tuple_reserve(struct vsw_tuple *tuple, struct vsw_flow_node *node, u16 priority, u64 id)
{
	struct vsw_tuple_level *level;

	tuple->nodes++;
	tuple->reserved++;
	level = make_room(tuple) ? NULL : get_level(tuple, priority, id);
	if (!level) {
		tuple->nodes--;
		tuple->reserved--;
		return -ENOMEM;
	}
	node->tuple = tuple;
	node->level = level;
	return 0;
}

void vsw_tuple_unreserve(struct vsw_tuple *tuple, struct vsw_flow_node *node)
{
	tuple->nodes--;
	tuple->reserved--;
	put_level(tuple, node->level);
	node->tuple = NULL;
	node->level = NULL;
	shrink_if_due(tuple);
}

static bool words_are(const struct vsw_tuple *tuple, const struct vsw_flow_node *node,
		      const u64 *word)
{
	return !memcmp(node->word, word, tuple->words * sizeof(*word));
}

/* Where the nodes of those words are, or NULL. */
static struct vsw_tuple_slot *find_slot(const struct vsw_tuple *tuple, u32 hash, const u64 *word)
{
	struct vsw_tuple_slots *slots = slots_of(tuple);
	struct vsw_flow_node *node;
	u32 at;

	for (at = hash >> slots->shift; (node = node_at(slots, at)); at = (at + 1) & slots->last)
		if (slots->at[at].hash == hash && node != VSW_TUPLE_GONE &&
		    words_are(tuple, node, word))
			return &slots->at[at];
	return NULL;
}

struct vsw_flow_node *vsw_tuple_node(const struct vsw_tuple *tuple, u32 hash, const u64 *word)
{
	struct vsw_tuple_slot *slot = find_slot(tuple, hash, word);

	return slot ? rcu_dereference_protected(slot->node, true) : NULL;
}

/* The node in front of @node in @slot; NULL if it is the first. */
static struct vsw_flow_node *before(const struct vsw_tuple_slot *slot,
				    const struct vsw_flow_node *node)
{
	struct vsw_flow_node *other = rcu_dereference_protected(slot->node, true);

	if (other == node)
		return NULL;
	while (other->lower != node)
		other = other->lower;
	return other;
}

/* Readers look at the first one only, which is the best. */
static void insert_behind(struct vsw_flow_node *other, struct vsw_flow_node *node)
{
	while (other->lower && other->lower->rank > node->rank)
		other = other->lower;
	node->lower = other->lower;
	other->lower = node;
}

void vsw_tuple_insert(struct vsw_tuple *tuple, struct vsw_flow_node *node)
{
	struct vsw_tuple_slot *slot = find_slot(tuple, node->hash, node->word);
	struct vsw_flow_node *first;

	tuple->reserved--;
	node->lower = NULL;
	if (!slot) {
		take_slot(slots_of(tuple), node->hash, node);
		tuple->live++;
		return;
	}
	first = rcu_dereference_protected(slot->node, true);
	if (first->rank > node->rank) {
		insert_behind(first, node);
		return;
	}
	node->lower = first;
	rcu_assign_pointer(slot->node, node);
}

void vsw_tuple_replace(struct vsw_tuple *tuple, struct vsw_flow_node *old,
		       struct vsw_flow_node *node)
{
	struct vsw_tuple_slot *slot = find_slot(tuple, old->hash, old->word);
	struct vsw_flow_node *above = before(slot, old);

	node->rank = old->rank;
	node->lower = old->lower;
	if (above)
		above->lower = node;
	else
		rcu_assign_pointer(slot->node, node);
}

void vsw_tuple_remove(struct vsw_tuple *tuple, struct vsw_flow_node *node)
{
	struct vsw_tuple_slot *slot = find_slot(tuple, node->hash, node->word);
	struct vsw_flow_node *above = before(slot, node);

	tuple->reserved++;
	if (above) {
		above->lower = node->lower;
	} else if (node->lower) {
		rcu_assign_pointer(slot->node, node->lower);
	} else {
		rcu_assign_pointer(slot->node, VSW_TUPLE_GONE);
		tuple->live--;
	}
}

#if IS_ENABLED(CONFIG_KUNIT)
/* Slots that lookups of all that is in @tuple meet, one after the other. */
u32 vsw_tuple_ways(const struct vsw_tuple *tuple)
{
	const struct vsw_tuple_slots *slots = slots_of(tuple);
	const struct vsw_flow_node *node;
	u32 at, ways = 0;

	for (at = 0; at <= slots->last; at++) {
		node = node_at(slots, at);
		if (node && node != VSW_TUPLE_GONE)
			ways += ((at - (node->hash >> slots->shift)) & slots->last) + 1;
	}
	return ways;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_tuple_ways);
#endif
