// SPDX-License-Identifier: GPL-2.0
/* The flows of a table: how they are found, come and go. See flow_table.h. */
#include <linux/sched.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "flow_path.h"
#include "flow_pack.h"
#include "flow_tuple.h"

/* Of the last flow that was inserted anywhere. */
static atomic64_t last_id = ATOMIC64_INIT(0);

/* Tuples that are looked at together, since each is a cache line from far away. */
#define TOGETHER	8

/*
 * First one tuple, which may be enough, then two, and so on. One is left out if it asks for
 * words that are not in @map.
 */
static __always_inline struct vsw_flow *look_up(const struct vsw_flow_tuples *tuples,
						const struct vsw_key *key, vsw_key_map map)
{
	const struct vsw_flow_node *node;
	const struct vsw_tuple *tuple;
	struct vsw_flow *best = NULL;
	u32 i, first, end, n = 1;
	u32 hash[TOGETHER];
	u64 rank = 0;

	for (first = 0; first < tuples->count; first = end) {
		end = min(first + n, tuples->count);
		n = min(2 * n, TOGETHER);
		for (i = first; i < end; i++) {
			tuple = tuples->at[i].tuple;
			hash[i - first] = vsw_tuple_hash_key(tuple, key);
			vsw_tuple_prefetch(tuple, hash[i - first]);
		}
		for (i = first; i < end; i++) {
			if (rank >= READ_ONCE(tuples->at[i].rank))
				return best;
			tuple = tuples->at[i].tuple;
			if (unlikely(tuple->map & ~map))
				continue;
			node = vsw_tuple_find(tuple, key, hash[i - first]);
			if (node && node->rank > rank) {
				rank = node->rank;
				best = node->flow;
			}
		}
	}
	return best;
}

/* @best, or a better one of those that ask for @key's cgroup. */
static struct vsw_flow *look_up_cgroup(const struct vsw_flow_tuples *tuples,
				       const struct vsw_key *key, vsw_key_map map,
				       struct vsw_flow *best)
{
	u64 rank = best ? vsw_rank(best->priority, best->id) : 0;
	const struct vsw_flow_node *node;
	const struct vsw_tuple *tuple;
	u32 i;

	for (i = 0; i < tuples->count && rank < READ_ONCE(tuples->at[i].rank); i++) {
		tuple = tuples->at[i].tuple;
		if (tuple->map & ~map || !(tuple->map & VSW_KEY_MAP_OF(cgroup)))
			continue;
		node = vsw_tuple_find(tuple, key, vsw_tuple_hash_key(tuple, key));
		if (node && node->rank > rank) {
			rank = node->rank;
			best = node->flow;
		}
	}
	return best;
}

/* What is asked for a cgroup means all that is below it, so that the sender is in many. */
static noinline struct vsw_flow *look_up_above(const struct vsw_flow_tuples *tuples,
					       struct vsw_key *key, vsw_key_map map,
					       struct vsw_flow *best)
{
	u64 cgroup = key->cgroup;
	struct cgroup *above;
	unsigned int level;

	for (level = 0; level < VSW_SENDER_LEVELS; level++) {
		above = vsw_sender_above(key->sender, level);
		if (!above)
			break;
		key->cgroup = vsw_sender_id(above);
		best = look_up_cgroup(tuples, key, map, best);
	}
	key->cgroup = cgroup;
	return best;
}

static __always_inline struct vsw_flow *look_up_all(const struct vsw_flow_tuples *tuples,
						    struct vsw_key *key, vsw_key_map map)
{
	struct vsw_flow *flow = look_up(tuples, key, map);

	if (unlikely(tuples->map & map & VSW_KEY_MAP_OF(cgroup)) && key->sender)
		return look_up_above(tuples, key, map, flow);
	return flow;
}

struct vsw_flow *vsw_flow_tuples_lookup(const struct vsw_flow_tuples *tuples,
					struct vsw_key *key)
{
	return look_up_all(tuples, key, ~0);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_tuples_lookup);

/* As long as packets are on their way that have none of the words of new flows. */
struct vsw_flow *vsw_flow_tuples_lookup_some(const struct vsw_flow_tuples *tuples,
					     struct vsw_key *key, vsw_key_map map)
{
	return look_up_all(tuples, key, map);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_tuples_lookup_some);

/* Of writers: under the flow lock, or nobody else has the view. */
static struct vsw_flow_tuples *tuples_of(const struct vsw_flow_table *table)
{
	return rcu_dereference_protected(table->tuples, true);
}

static void free_tuple(struct vsw_flow_table *table, struct vsw_tuple *tuple)
{
	hlist_del(&tuple->by_mask);
	table->memory -= vsw_tuple_memory(tuple);
	vsw_tuple_free_rcu(tuple);
}

/*
 * Whether @tuple keeps its place among others when it has @rank, which readers then see at
 * once. A rank of two halves they might see half of.
 */
static bool keeps_place(struct vsw_flow_tuples *tuples, const struct vsw_tuple *tuple, u64 rank)
{
	u32 i;

	if (!IS_ENABLED(CONFIG_64BIT) || !rank)
		return false;
	for (i = 0; i < tuples->count && tuples->at[i].tuple != tuple; i++)
		;
	if (i == tuples->count || (i && tuples->at[i - 1].rank < rank) ||
	    (i + 1 < tuples->count && tuples->at[i + 1].rank > rank))
		return false;
	WRITE_ONCE(tuples->at[i].rank, rank);
	return true;
}

static void append(struct vsw_flow_tuples *tuples, struct vsw_tuple *tuple, u64 rank)
{
	tuples->at[tuples->count].tuple = tuple;
	tuples->at[tuples->count++].rank = rank;
}

/* All tuples of @old that have nodes, in their order, but for @tuple, which has @rank. */
static void copy_tuples(struct vsw_flow_tuples *tuples, const struct vsw_flow_tuples *old,
			struct vsw_tuple *tuple, u64 rank)
{
	u32 i;

	for (i = 0; i < old->count; i++) {
		if (old->at[i].tuple == tuple || !old->at[i].tuple->nodes)
			continue;
		if (rank > old->at[i].rank) {
			append(tuples, tuple, rank);
			rank = 0;
		}
		append(tuples, old->at[i].tuple, old->at[i].rank);
	}
	if (rank)
		append(tuples, tuple, rank);
}

/* What all of @tuples together ask for. */
static void sum_up(struct vsw_flow_tuples *tuples, u8 table)
{
	vsw_key_map map = 0;
	u32 i;

	for (i = 0; i < tuples->count; i++)
		map |= tuples->at[i].tuple->map;
	tuples->map = map;
	tuples->where = (u64)table << 32 | map;
	tuples->words = 0;
	for (; map; map &= map - 1)
		tuples->offset[tuples->words++] = __ffs(map) * sizeof(u64);
}

/*
 * Give @tuple the place among others that its best flow asks for; tuples without flows go.
 * -ENOMEM: all is as it was, which does no harm if what it has was made less.
 */
static int place_tuple(struct vsw_flow_table *table, struct vsw_tuple *tuple)
{
	struct vsw_flow_tuples *old = tuples_of(table), *tuples;
	u64 rank = vsw_tuple_rank(tuple);
	u32 i;

	if (keeps_place(old, tuple, rank))
		return 0;
	tuples = kvmalloc(struct_size(tuples, at, (size_t)old->count + 1), GFP_KERNEL_ACCOUNT);
	if (!tuples)
		return -ENOMEM;
	tuples->count = 0;
	copy_tuples(tuples, old, tuple, rank);
	sum_up(tuples, table->number);
	rcu_assign_pointer(table->tuples, tuples);
	for (i = 0; i < old->count; i++)
		if (!old->at[i].tuple->nodes)
			free_tuple(table, old->at[i].tuple);
	kvfree_rcu(old, rcu);
	return 0;
}

static struct vsw_tuple *find_tuple(const struct vsw_flow_table *table, vsw_key_map map,
				    const u64 *mask, u32 hash)
{
	const struct hlist_head *head = &table->by_mask[hash % ARRAY_SIZE(table->by_mask)];
	struct vsw_tuple *tuple;

	hlist_for_each_entry(tuple, head, by_mask)
		if (tuple->map == map && !memcmp(tuple->mask, mask, tuple->words * sizeof(*mask)))
			return tuple;
	return NULL;
}

static struct vsw_tuple *get_tuple(struct vsw_flow_table *table, vsw_key_map map, const u64 *mask)
{
	u32 hash = vsw_tuple_hash(map, mask);
	struct vsw_tuple *tuple = find_tuple(table, map, mask, hash);

	if (tuple)
		return tuple;
	tuple = vsw_tuple_alloc(map, mask);
	if (!tuple)
		return NULL;
	hlist_add_head(&tuple->by_mask, &table->by_mask[hash % ARRAY_SIZE(table->by_mask)]);
	table->memory += vsw_tuple_memory(tuple);
	return tuple;
}

static bool is_placed(const struct vsw_flow_table *table, const struct vsw_tuple *tuple)
{
	const struct vsw_flow_tuples *tuples = tuples_of(table);
	u32 i;

	for (i = 0; i < tuples->count; i++)
		if (tuples->at[i].tuple == tuple)
			return true;
	return false;
}

/* The tuple of @node needs less, or no, room for it. */
static void unreserve_node(struct vsw_flow_table *table, struct vsw_flow_node *node)
{
	struct vsw_tuple *tuple = node->tuple;
	u64 rank = vsw_tuple_rank(tuple);

	table->memory -= vsw_tuple_memory(tuple);
	vsw_tuple_unreserve(tuple, node);
	table->memory += vsw_tuple_memory(tuple);
	if (vsw_tuple_rank(tuple) != rank)
		place_tuple(table, tuple);
}

static int reserve_node(struct vsw_flow_table *table, struct vsw_flow *flow,
			struct vsw_flow_node *node)
{
	u64 mask[VSW_KEY_WORDS], rank;
	struct vsw_tuple *tuple;
	int err;

	vsw_flow_node_mask(flow, node, mask);
	tuple = get_tuple(table, flow->map, mask);
	if (!tuple)
		return -ENOMEM;
	rank = vsw_tuple_rank(tuple);
	table->memory -= vsw_tuple_memory(tuple);
	err = vsw_tuple_reserve(tuple, node, flow->priority, atomic64_read(&last_id) + 1);
	table->memory += vsw_tuple_memory(tuple);
	if (!err && vsw_tuple_rank(tuple) != rank) {
		err = place_tuple(table, tuple);
		if (err)
			vsw_tuple_unreserve(tuple, node);
	}
	/* Those that readers can see go with the next change of the order. */
	if (err && !tuple->nodes && !is_placed(table, tuple))
		free_tuple(table, tuple);
	return err;
}

static u64 flow_memory(const struct vsw_flow *flow)
{
	return (u64)flow->memory + rcu_dereference_protected(flow->actions, true)->memory;
}

int vsw_flow_table_reserve(struct vsw_flow_view *view, struct vsw_flow *flow)
{
	struct vsw_flow_table *table = vsw_flow_table_make(view, flow->table);
	unsigned int i;
	int err;

	if (!table)
		return -ENOMEM;
	for (i = 0; i < flow->node_count; i++) {
		err = reserve_node(table, flow, vsw_flow_node(flow, i));
		if (err)
			goto unreserve;
	}
	table->memory += flow_memory(flow);
	return 0;

unreserve:
	while (i--)
		unreserve_node(table, vsw_flow_node(flow, i));
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table_reserve);

void vsw_flow_table_unreserve(struct vsw_flow_view *view, struct vsw_flow *flow)
{
	struct vsw_flow_table *table = vsw_flow_table(view, flow->table);
	unsigned int i;

	table->memory -= flow_memory(flow);
	for (i = 0; i < flow->node_count; i++)
		unreserve_node(table, vsw_flow_node(flow, i));
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table_unreserve);

/* The youngest, which is the leftmost: that is where the tree is quick. */
static void add_by_id(struct vsw_flow_table *table, struct vsw_flow *flow)
{
	struct rb_node *first = rb_first_cached(&table->by_id);

	rb_link_node(&flow->by_id, first, first ? &first->rb_left : &table->by_id.rb_root.rb_node);
	rb_insert_color_cached(&flow->by_id, &table->by_id, true);
}

static void replace(struct vsw_flow_table *table, struct vsw_flow *old, struct vsw_flow *flow)
{
	struct vsw_flow_node *node;
	unsigned int i;

	flow->id = old->id;
	for (i = 0; i < flow->node_count; i++) {
		node = vsw_flow_node(flow, i);
		vsw_tuple_replace(node->tuple, vsw_flow_node(old, i), node);
	}
	rb_replace_node_cached(&old->by_id, &flow->by_id, &table->by_id);
	table->memory -= flow_memory(old);
	for (i = 0; i < old->node_count; i++)
		unreserve_node(table, vsw_flow_node(old, i));
}

/* The flow in @tuple that has the match and the priority of @flow. */
static struct vsw_flow *find_in(const struct vsw_tuple *tuple, const struct vsw_flow *flow)
{
	const struct vsw_flow_node *like = vsw_flow_node(flow, 0), *node;

	for (node = vsw_tuple_node(tuple, like->hash, like->word); node; node = node->lower)
		if (node->flow->priority == flow->priority && vsw_flow_is_like(node->flow, flow))
			return node->flow;
	return NULL;
}

struct vsw_flow *vsw_flow_table_find_like(const struct vsw_flow_view *view,
					  const struct vsw_flow *flow)
{
	const struct vsw_flow_table *table = vsw_flow_table(view, flow->table);
	const struct vsw_tuple *tuple;
	u64 mask[VSW_KEY_WORDS];

	if (!table)
		return NULL;
	vsw_flow_node_mask(flow, vsw_flow_node(flow, 0), mask);
	tuple = find_tuple(table, flow->map, mask, vsw_tuple_hash(flow->map, mask));
	return tuple ? find_in(tuple, flow) : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table_find_like);

struct vsw_flow *vsw_flow_table_find(const struct vsw_flow_view *view, u8 number, u16 priority,
				     const struct vsw_match *match)
{
	const struct vsw_flow_table *table = vsw_flow_table(view, number);
	u64 word[VSW_KEY_WORDS], mask[VSW_KEY_WORDS];
	const struct vsw_flow_node *node;
	const struct vsw_tuple *tuple;
	vsw_key_map map;

	if (!table)
		return NULL;
	map = vsw_flow_pack_first(match, word, mask);
	tuple = find_tuple(table, map, mask, vsw_tuple_hash(map, mask));
	if (!tuple)
		return NULL;
	for (node = vsw_tuple_node(tuple, vsw_tuple_hash(map, word), word); node;
	     node = node->lower)
		if (node->flow->priority == priority && vsw_flow_is_exactly(node->flow, match))
			return node->flow;
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table_find);

struct vsw_flow *vsw_flow_table_insert(struct vsw_flow_view *view, struct vsw_flow *flow)
{
	struct vsw_flow_table *table = vsw_flow_table(view, flow->table);
	struct vsw_flow *old = find_in(vsw_flow_node(flow, 0)->tuple, flow);
	struct vsw_flow_node *node;
	unsigned int i;

	vsw_flow_view_need(view, flow->map |
			   rcu_dereference_protected(flow->actions, true)->map);
	if (old) {
		replace(table, old, flow);
		return old;
	}
	flow->id = atomic64_inc_return(&last_id);
	add_by_id(table, flow);
	table->flow_count++;
	for (i = 0; i < flow->node_count; i++) {
		node = vsw_flow_node(flow, i);
		node->rank = vsw_rank(flow->priority, flow->id);
		vsw_tuple_insert(node->tuple, node);
	}
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table_insert);

void vsw_flow_table_remove(struct vsw_flow_view *view, struct vsw_flow *flow)
{
	struct vsw_flow_table *table = vsw_flow_table(view, flow->table);
	struct vsw_flow_node *node;
	unsigned int i;

	for (i = 0; i < flow->node_count; i++) {
		node = vsw_flow_node(flow, i);
		vsw_tuple_remove(node->tuple, node);
	}
	rb_erase_cached(&flow->by_id, &table->by_id);
	table->flow_count--;
	vsw_flow_table_unreserve(view, flow);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table_remove);

void vsw_flow_set_actions(struct vsw_flow_view *view, struct vsw_flow *flow,
			  struct vsw_actions *actions)
{
	struct vsw_flow_table *table = vsw_flow_table(view, flow->table);
	struct vsw_actions *old = rcu_dereference_protected(flow->actions, true);

	vsw_flow_view_need(view, actions->map);
	table->memory += (u64)actions->memory - old->memory;
	rcu_assign_pointer(flow->actions, actions);
	vsw_actions_free_rcu(old);
}

struct vsw_flow *vsw_flow_table_find_overlap(const struct vsw_flow_view *view,
					     const struct vsw_flow *flow)
{
	const struct vsw_flow_table *table = vsw_flow_table(view, flow->table);
	struct vsw_flow *other;

	for (other = table ? vsw_flow_table_from(table, 0) : NULL; other;
	     other = vsw_flow_table_after(other)) {
		if (other->priority == flow->priority && vsw_flow_overlaps(other, flow) &&
		    !vsw_flow_is_like(other, flow))
			return other;
		cond_resched();
	}
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table_find_overlap);

struct vsw_flow *vsw_flow_table_from(const struct vsw_flow_table *table, u64 id)
{
	struct rb_node *at = table->by_id.rb_root.rb_node;
	struct vsw_flow *flow, *found = NULL;

	while (at) {
		flow = rb_entry(at, struct vsw_flow, by_id);
		if (flow->id >= id) {
			found = flow;
			at = at->rb_right;
		} else {
			at = at->rb_left;
		}
	}
	return found;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table_from);

struct vsw_flow *vsw_flow_table_after(const struct vsw_flow *flow)
{
	struct rb_node *next = rb_prev(&flow->by_id);

	return next ? rb_entry(next, struct vsw_flow, by_id) : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table_after);
