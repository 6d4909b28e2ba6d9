// SPDX-License-Identifier: GPL-2.0
/* The tables of a switch, all together, and what they are set to. */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "flow_pack.h"
#include "flow_path.h"
#include "flow_tuple.h"

/* Of the last change of any view: no two views have ever had the same. */
static atomic64_t last_generation = ATOMIC64_INIT(0);
/* Views with many flows are freed here, which takes its time. */
static struct workqueue_struct *free_wq;

static void __init make_hash_key(void)
{
	get_random_bytes(vsw_flow_hash_key, sizeof(vsw_flow_hash_key));
	vsw_flow_hash_key[VSW_KEY_WORDS] |= 1;
	vsw_flow_hash_key[VSW_KEY_WORDS + 1] |= 1;
}

int __init vsw_flow_table_init(void)
{
	int err;

	make_hash_key();
	vsw_flow_cache_init();
	err = vsw_flow_slab_create();
	if (err)
		return err;
	err = vsw_flow_stats_init();
	if (err)
		goto destroy_slab;
	free_wq = alloc_workqueue("vswitch_flow", WQ_UNBOUND, 4);
	if (!free_wq) {
		err = -ENOMEM;
		goto exit_stats;
	}
	return 0;

exit_stats:
	vsw_flow_stats_exit();
destroy_slab:
	vsw_flow_slab_destroy();
	return err;
}

void vsw_flow_table_exit(void)
{
	/* What waits for readers before it is queued, ... */
	rcu_barrier();
	destroy_workqueue(free_wq);
	/* ... and what others left to RCU meanwhile. */
	rcu_barrier();
	vsw_flow_cache_stop();
	vsw_flow_stats_exit();
	vsw_flow_slab_destroy();
}

struct vsw_flow_view *vsw_flow_view_alloc(struct vsw_flows *flows)
{
	struct vsw_flow_view *view = kzalloc(sizeof(*view), GFP_KERNEL_ACCOUNT);

	if (!view)
		return NULL;
	view->flows = flows;
	vsw_flow_view_changed(view);
	return view;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_view_alloc);

static void free_tuples(struct vsw_flow_table *table)
{
	struct vsw_tuple *tuple;
	struct hlist_node *next;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table->by_mask); i++)
		hlist_for_each_entry_safe(tuple, next, &table->by_mask[i], by_mask)
			vsw_tuple_free(tuple);
	kvfree(rcu_dereference_protected(table->tuples, true));
}

static void free_table(struct vsw_flow_table *table)
{
	struct vsw_flow *flow, *next;

	if (!table)
		return;
	rbtree_postorder_for_each_entry_safe(flow, next, &table->by_id.rb_root, by_id) {
		vsw_flow_release(flow);
		cond_resched();
	}
	free_tuples(table);
	free_percpu(table->stats);
	kfree(table);
}

static void free_view_work(struct work_struct *work)
{
	struct vsw_flow_view *view = container_of(to_rcu_work(work), struct vsw_flow_view, free);
	unsigned int i;

	for (i = 0; i < VSW_FLOW_TABLES; i++)
		free_table(vsw_flow_table(view, i));
	kfree(view);
}

void vsw_flow_view_free_rcu(struct vsw_flow_view *view)
{
	if (!view)
		return;
	INIT_RCU_WORK(&view->free, free_view_work);
	queue_rcu_work(free_wq, &view->free);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_view_free_rcu);

void vsw_flow_view_changed(struct vsw_flow_view *view)
{
	/* Who sees this sees what was changed before, see vsw_flow_lookup(). */
	atomic64_set_release(&view->generation, atomic64_inc_return(&last_generation));
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_view_changed);

void vsw_flow_view_need(struct vsw_flow_view *view, vsw_key_map map)
{
	if (map & ~view->map)
		WRITE_ONCE(view->map, view->map | map);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_view_need);

struct vsw_flow_table *vsw_flow_table(const struct vsw_flow_view *view, u8 number)
{
	return rcu_dereference_protected(view->table[number], true);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table);

static struct vsw_flow_table *table_alloc(u8 number)
{
	struct vsw_flow_table *table = kzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	struct vsw_flow_tuples *tuples = kvzalloc(sizeof(*tuples), GFP_KERNEL_ACCOUNT);
	int cpu;

	if (table)
		table->stats = alloc_percpu_gfp(struct vsw_flow_table_stats, GFP_KERNEL_ACCOUNT);
	if (!table || !table->stats || !tuples) {
		if (table)
			free_percpu(table->stats);
		kfree(table);
		kvfree(tuples);
		return NULL;
	}
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(table->stats, cpu)->sync);
	table->number = number;
	table->miss = number ? VSWITCH_FLOW_MISS_DROP : VSWITCH_FLOW_MISS_NORMAL;
	tuples->where = (u64)number << 32;
	table->by_id = RB_ROOT_CACHED;
	table->by_importance = RB_ROOT_CACHED;
	RCU_INIT_POINTER(table->tuples, tuples);
	return table;
}

struct vsw_flow_table *vsw_flow_table_make(struct vsw_flow_view *view, u8 number)
{
	struct vsw_flow_table *table = vsw_flow_table(view, number);

	if (table)
		return table;
	vsw_flow_cache_start();
	table = table_alloc(number);
	if (table)
		rcu_assign_pointer(view->table[number], table);
	return table;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table_make);

/* Lookups so far. */
static void sum_stats(const struct vsw_flow_table *table, u64 *hits, u64 *misses)
{
	const struct vsw_flow_table_stats *stats;
	unsigned int start;
	u64 h, m;
	int cpu;

	*hits = table->hits;
	*misses = table->misses;
	for_each_possible_cpu(cpu) {
		stats = per_cpu_ptr(table->stats, cpu);
		do {
			start = u64_stats_fetch_begin(&stats->sync);
			h = u64_stats_read(&stats->hits);
			m = u64_stats_read(&stats->misses);
		} while (u64_stats_fetch_retry(&stats->sync, start));
		*hits += h;
		*misses += m;
	}
}

static bool has_settings(const struct vsw_flow_table *table)
{
	return table->max_flows || table->evict ||
	       table->miss != (table->number ? VSWITCH_FLOW_MISS_DROP : VSWITCH_FLOW_MISS_NORMAL);
}

int vsw_flow_view_inherit(struct vsw_flow_view *view, struct vsw_flow_view *old)
{
	struct vsw_flow_table *table, *from;
	unsigned int i;

	for (i = 0; i < VSW_FLOW_TABLES; i++) {
		from = vsw_flow_table(old, i);
		if (!from)
			continue;
		table = vsw_flow_table(view, i);
		if (!table && has_settings(from))
			table = vsw_flow_table_make(view, i);
		if (!table && has_settings(from))
			return -ENOMEM;
		if (!table)
			continue;
		table->max_flows = from->max_flows;
		table->evict = from->evict;
		WRITE_ONCE(table->miss, from->miss);
		sum_stats(from, &table->hits, &table->misses);
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_view_inherit);

bool vsw_flow_table_info(struct vsw_flows *flows, u8 number, struct vsw_flow_table_info *info)
{
	const struct vsw_flow_view *view = rcu_dereference_protected(flows->view, true);
	const struct vsw_flow_table *table;

	table = number < VSW_FLOW_TABLES ? vsw_flow_table(view, number) : NULL;
	if (!table || (!table->flow_count && !has_settings(table)))
		return false;
	info->table = number;
	info->config.max_flows_given = true;
	info->config.evict_given = true;
	info->config.miss_given = true;
	info->config.max_flows = table->max_flows;
	info->config.evict = table->evict;
	info->config.miss = table->miss;
	info->flows = table->flow_count;
	info->masks = rcu_dereference_protected(table->tuples, true)->count;
	sum_stats(table, &info->hits, &info->misses);
	info->lookups = info->hits + info->misses;
	info->memory = table->memory + sizeof(*table) +
		       (u64)info->masks * sizeof(((struct vsw_flow_tuples *)NULL)->at[0]) +
		       (u64)num_possible_cpus() * sizeof(struct vsw_flow_table_stats);
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_table_info);
