// SPDX-License-Identifier: GPL-2.0
/*
 * What a CPU remembers of lookups: 1536 of them in 192 KB, of all switches, from the first
 * flow on. Who sends so many connections that nothing remembered is of use pays for looking
 * and now and then for writing, not each time.
 */
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <kunit/visibility.h>

#include "flow_hash.h"
#include "flow_path.h"

#define SETS	512
#define WAYS	3
/* Of so many lookups that find their set full, one is remembered; ... */
#define SELDOM	8
/* ... and of so many that another packet came before. */
#define OFTEN	4
/* A lookup in so few tuples costs no more than one in here. */
#define FEW	2

struct flow_cache {
	struct vsw_flow_cached set[SETS][WAYS];
	struct vsw_flow_cached of_few[VSW_FLOW_CACHE_LAST];
	u32 full;			/* lookups that found their set so */
	u32 way;			/* the next one to be given up */
	u32 few;			/* lookups */
};

static struct vsw_flow_cached nothing;

DEFINE_PER_CPU(struct vsw_flow_cached *, vsw_flow_last[VSW_FLOW_CACHE_LAST]);
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_last);

static DEFINE_PER_CPU(struct flow_cache *, flow_cache);
static DEFINE_MUTEX(start_lock);
static int hotplug_state = -1;

static u32 hash_of(const struct vsw_flow_tuples *tuples, const struct vsw_key *key)
{
	struct vsw_flow_hash sum = {};
	unsigned int i;

	for (i = 0; i < tuples->words; i++)
		vsw_flow_hash_add(&sum, *(const u64 *)((const void *)key +
							    tuples->offset[i]), i);
	return vsw_flow_hash_end(&sum);
}

/* Where to remember what is not yet; NULL: not this time. */
static struct vsw_flow_cached *make_place(struct flow_cache *cache, struct vsw_flow_cached *set)
{
	unsigned int i;

	for (i = 0; i < WAYS; i++)
		if (!set[i].generation)
			return &set[i];
	if (++cache->full % SELDOM)
		return NULL;
	cache->way = cache->way + 1 < WAYS ? cache->way + 1 : 0;
	return &set[cache->way];
}

static void remember(struct vsw_flow_cached *cached, const struct vsw_flow_tuples *tuples,
		     const struct vsw_key *key, u64 generation, u32 hash, struct vsw_flow *flow)
{
	unsigned int i;

	cached->generation = generation;
	cached->where = tuples->where;
	cached->hash = hash;
	cached->flow = flow;
	for (i = 0; i < tuples->words; i++)
		cached->word[i] = *(const u64 *)((const void *)key + tuples->offset[i]);
}

/* Only packets of one kind that come in a row are worth it. */
static struct vsw_flow *look_up_few(struct flow_cache *cache,
				    const struct vsw_flow_tuples *tuples, unsigned int table,
				    struct vsw_key *key, u64 generation)
{
	struct vsw_flow *flow = vsw_flow_tuples_lookup(tuples, key);
	struct vsw_flow_cached *cached;

	if (++cache->few % OFTEN)
		return flow;
	cached = &cache->of_few[table % VSW_FLOW_CACHE_LAST];
	remember(cached, tuples, key, generation, 0, flow);
	this_cpu_write(vsw_flow_last[table % VSW_FLOW_CACHE_LAST], cached);
	return flow;
}

/* What is remembered, or else found now, and maybe remembered. BH off. */
struct vsw_flow *vsw_flow_cache_lookup(const struct vsw_flow_tuples *tuples, u8 table,
				       struct vsw_key *key, u64 generation)
{
	struct flow_cache *cache = this_cpu_read(flow_cache);
	struct vsw_flow_cached *set, *cached, *place = NULL;
	struct vsw_flow *flow;
	u32 hash;

	if (unlikely(!cache || tuples->words > VSW_FLOW_CACHE_WORDS))
		return vsw_flow_tuples_lookup(tuples, key);
	if (tuples->count <= FEW)
		return look_up_few(cache, tuples, table, key, generation);
	hash = hash_of(tuples, key);
	set = cache->set[hash % SETS];
	for (cached = set; cached < set + WAYS; cached++) {
		if (cached->hash != hash || cached->where != tuples->where)
			continue;
		if (cached->generation == generation && vsw_flow_cached_is(cached, tuples, key)) {
			this_cpu_write(vsw_flow_last[table % VSW_FLOW_CACHE_LAST], cached);
			return cached->flow;
		}
		/* The same of a time before, nearly always. */
		place = cached;
	}
	flow = vsw_flow_tuples_lookup(tuples, key);
	if (!place)
		place = make_place(cache, set);
	if (place) {
		remember(place, tuples, key, generation, hash, flow);
		this_cpu_write(vsw_flow_last[table % VSW_FLOW_CACHE_LAST], place);
	}
	return flow;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_cache_lookup);

static int prepare_cpu(unsigned int cpu)
{
	struct flow_cache *cache;

	BUILD_BUG_ON(sizeof(struct vsw_flow_cached) != 128);
	BUILD_BUG_ON(sizeof(*cache) >= SZ_256K);

	if (per_cpu(flow_cache, cpu))
		return 0;
	/* Without, it is slower. */
	cache = kvzalloc_node(sizeof(*cache), GFP_KERNEL | __GFP_NOWARN, cpu_to_node(cpu));
	/* Who reads it sees zeros. */
	smp_store_release(per_cpu_ptr(&flow_cache, cpu), cache);
	return 0;
}

/* Of a module, a CPU's data can't begin with addresses. */
void __init vsw_flow_cache_init(void)
{
	unsigned int cpu, i;

	for_each_possible_cpu(cpu)
		for (i = 0; i < VSW_FLOW_CACHE_LAST; i++)
			per_cpu(vsw_flow_last[i], cpu) = &nothing;
}

/* There is going to be a flow. May sleep. */
void vsw_flow_cache_start(void)
{
	int state;

	if (READ_ONCE(hotplug_state) >= 0)
		return;
	mutex_lock(&start_lock);
	if (hotplug_state < 0) {
		state = cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, "net/vswitch:flow", prepare_cpu,
					  NULL);
		WRITE_ONCE(hotplug_state, state);
	}
	mutex_unlock(&start_lock);
}

/* Nobody has flows any more. */
void vsw_flow_cache_stop(void)
{
	unsigned int cpu;

	if (hotplug_state < 0)
		return;
	cpuhp_remove_state_nocalls(hotplug_state);
	for_each_possible_cpu(cpu)
		kvfree(per_cpu(flow_cache, cpu));
}
