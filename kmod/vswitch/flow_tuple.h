/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A tuple: the flows of one mask, in a hash table with open addressing. Nothing moves in an
 * array of slots that readers can see: a slot gets a node, maybe better ones of the same
 * words later, and none in the end. A new array is made when this one is full, of slots
 * that were left, too; readers go on in the old one, which has all that was there.
 */
#ifndef _VSWITCH_FLOW_TUPLE_H
#define _VSWITCH_FLOW_TUPLE_H

#include <linux/bitops.h>
#include <linux/prefetch.h>

#include "flow_hash.h"
#include "flow_table.h"
#include "vswitch.h"

struct vsw_tuple_slot {
	struct vsw_flow_node __rcu *node;	/* NULL: end of the search */
	u32 hash;			/* stays, once there was a node */
};

/* A slot whose nodes have gone: those behind it are still to be found. */
#define VSW_TUPLE_GONE	((struct vsw_flow_node *)1)

struct vsw_tuple_slots {
	struct rcu_head rcu;
	u32 last;			/* size - 1, of 2^n */
	u32 used;			/* not NULL */
	u8 shift;			/* 32 - n */
	struct vsw_tuple_slot at[];
};

/* The nodes of one priority, and at what the best of them is not above. */
struct vsw_tuple_level {
	struct rb_node by_priority;	/* the highest first */
	u64 rank;
	u32 nodes;
	u16 priority;
};

struct vsw_tuple {
	/* of writers */
	struct hlist_node by_mask;
	struct rcu_head rcu;
	struct rb_root_cached levels;
	u32 nodes;			/* in it, or reserved */
	u32 reserved;			/* these of them */
	u32 live;			/* slots with a node */
	u8 words;			/* in map */
	/* of readers */
	vsw_key_map map;
	struct vsw_tuple_slots __rcu *slots;
	u64 mask[];			/* of the words in map */
};

/* Readers: where to look for @key in @tuple, which soon is done. */
static __always_inline u32 vsw_tuple_hash_key(const struct vsw_tuple *tuple,
					      const struct vsw_key *key)
{
	const u64 *mask = tuple->mask;
	struct vsw_flow_hash sum = {};
	vsw_key_map map;

	for (map = tuple->map; map; map &= map - 1)
		vsw_flow_hash_add(&sum, key->word[__ffs(map)] & *mask++, __ffs(map));
	return vsw_flow_hash_end(&sum);
}

static __always_inline void vsw_tuple_prefetch(const struct vsw_tuple *tuple, u32 hash)
{
	const struct vsw_tuple_slots *slots = vsw_path_dereference(tuple->slots);

	prefetch(&slots->at[hash >> slots->shift]);
}

static __always_inline bool vsw_tuple_matches(const struct vsw_tuple *tuple,
					      const struct vsw_flow_node *node,
					      const struct vsw_key *key)
{
	const u64 *mask = tuple->mask, *word = node->word;
	vsw_key_map map;

	for (map = tuple->map; map; map &= map - 1)
		if ((key->word[__ffs(map)] & *mask++) != *word++)
			return false;
	return true;
}

/* Readers: the best node of @tuple that matches @key, of @hash, or NULL. */
static __always_inline const struct vsw_flow_node *
vsw_tuple_find(const struct vsw_tuple *tuple, const struct vsw_key *key, u32 hash)
{
	const struct vsw_tuple_slots *slots = vsw_path_dereference(tuple->slots);
	const struct vsw_flow_node *node;
	u32 at;

	for (at = hash >> slots->shift;; at = (at + 1) & slots->last) {
		node = vsw_path_dereference(slots->at[at].node);
		if (!node)
			return NULL;
		if (READ_ONCE(slots->at[at].hash) == hash && node != VSW_TUPLE_GONE &&
		    likely(vsw_tuple_matches(tuple, node, key)))
			return node;
	}
}

u32 vsw_tuple_hash(vsw_key_map map, const u64 *word);
struct vsw_tuple *vsw_tuple_alloc(vsw_key_map map, const u64 *mask);
void vsw_tuple_free(struct vsw_tuple *tuple);		/* nobody has seen it */
void vsw_tuple_free_rcu(struct vsw_tuple *tuple);
size_t vsw_tuple_memory(const struct vsw_tuple *tuple);
/* Of the best flow that may be in it; 0 if there is none. */
u64 vsw_tuple_rank(const struct vsw_tuple *tuple);
/* Room for @node, of a flow whose id is @id or higher. -ENOMEM */
int vsw_tuple_reserve(struct vsw_tuple *tuple, struct vsw_flow_node *node, u16 priority, u64 id);
void vsw_tuple_unreserve(struct vsw_tuple *tuple, struct vsw_flow_node *node);
/* The best node of those words, or NULL; the others are behind it. */
struct vsw_flow_node *vsw_tuple_node(const struct vsw_tuple *tuple, u32 hash, const u64 *word);
void vsw_tuple_insert(struct vsw_tuple *tuple, struct vsw_flow_node *node);
/* @node, of the same words, takes the place and rank of @old, which is reserved after that. */
void vsw_tuple_replace(struct vsw_tuple *tuple, struct vsw_flow_node *old,
		       struct vsw_flow_node *node);
/* It is reserved after that. */
void vsw_tuple_remove(struct vsw_tuple *tuple, struct vsw_flow_node *node);
u32 vsw_tuple_ways(const struct vsw_tuple *tuple);

#endif /* _VSWITCH_FLOW_TUPLE_H */
