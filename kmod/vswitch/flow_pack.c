// SPDX-License-Identifier: GPL-2.0
/* Flows before and after they are in a table: made, packed, compared, freed. */
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "flow_pack.h"
#include "flow_tuple.h"

#define PORT_WORD	(offsetof(struct vsw_key, tp_src) / sizeof(u64))
/* Of prefixes that make a range of 16 bits. */
#define PREFIXES_MAX	30

/* A flow has room for as many words. Most have few. */
static const u8 room[] = { 4, 8, VSW_KEY_WORDS };
static struct kmem_cache *flow_slab[ARRAY_SIZE(room)];

struct port_prefix {
	u16 port, mask;
};

/* What a match says of a port. The mask is 0 if there is a range, and may have holes. */
struct ports {
	struct vsw_port_range range;
	struct port_prefix is;
};

static size_t flow_size(unsigned int i)
{
	return sizeof(struct vsw_flow) + 2 * room[i] * sizeof(u64);
}

int vsw_flow_slab_create(void)
{
	static const char * const name[] = { "vsw_flow_4", "vsw_flow_8", "vsw_flow" };
	unsigned int i;

	BUILD_BUG_ON(ARRAY_SIZE(name) != ARRAY_SIZE(room));

	for (i = 0; i < ARRAY_SIZE(room); i++) {
		/* The counters, in front, have a cache line without another flow's words. */
		flow_slab[i] = kmem_cache_create(name[i], flow_size(i), 0, SLAB_HWCACHE_ALIGN,
						 NULL);
		if (!flow_slab[i]) {
			vsw_flow_slab_destroy();
			return -ENOMEM;
		}
	}
	return 0;
}

void vsw_flow_slab_destroy(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(room); i++) {
		kmem_cache_destroy(flow_slab[i]);
		flow_slab[i] = NULL;
	}
}

static unsigned int slab_for(unsigned int words)
{
	unsigned int i;

	for (i = 0; room[i] < words; i++)
		;
	return i;
}

static bool is_range(struct vsw_port_range range)
{
	return range.min || range.max != U16_MAX;
}

/* How many prefixes @range is. At least one, of which a range of all ports is. */
static unsigned int expand(struct vsw_port_range range, struct port_prefix *prefix)
{
	u32 at = range.min, size;
	unsigned int n = 0;

	do {
		/* The largest one that begins there and does not go too far. */
		size = at ? at & -at : BIT(16);
		while (at + size - 1 > range.max)
			size /= 2;
		prefix[n].port = at;
		prefix[n++].mask = ~(size - 1);
		at += size;
	} while (at <= range.max);
	return n;
}

static u64 port_word(u16 tp_src, u16 tp_dst)
{
	struct vsw_key key;

	key.word[PORT_WORD] = 0;
	key.tp_src = htons(tp_src);
	key.tp_dst = htons(tp_dst);
	return key.word[PORT_WORD];
}

static void unpack_ports(u64 word, u64 mask, struct ports *src, struct ports *dst)
{
	struct vsw_key key;

	key.word[PORT_WORD] = word;
	src->is.port = ntohs(key.tp_src);
	dst->is.port = ntohs(key.tp_dst);
	key.word[PORT_WORD] = mask;
	src->is.mask = ntohs(key.tp_src);
	dst->is.mask = ntohs(key.tp_dst);
}

static unsigned int port_index(const struct vsw_flow *flow)
{
	return hweight32(flow->map & (BIT(PORT_WORD) - 1));
}

void vsw_flow_node_mask(const struct vsw_flow *flow, const struct vsw_flow_node *node, u64 *mask)
{
	memcpy(mask, vsw_flow_mask(flow), flow->words * sizeof(*mask));
	if (flow->ranges)
		mask[port_index(flow)] |= node->word[flow->words];
}

static void fill_node(struct vsw_flow_node *node, struct vsw_flow *flow)
{
	node->flow = flow;
	node->hash = vsw_tuple_hash(flow->map, node->word);
}

/* -E2BIG, -ENOMEM */
static int expand_ranges(struct vsw_flow *flow, struct netlink_ext_ack *extack)
{
	struct port_prefix src[PREFIXES_MAX], dst[PREFIXES_MAX];
	unsigned int i, src_count, dst_count, at = port_index(flow);
	struct vsw_flow_node *node;

	src_count = expand(flow->tp_src, src);
	dst_count = expand(flow->tp_dst, dst);
	if (src_count * dst_count > VSW_FLOW_NODES_MAX) {
		NL_SET_ERR_MSG(extack, "Both ranges of ports together are more than 256 prefixes");
		return -E2BIG;
	}
	flow->node_count = src_count * dst_count;
	flow->ranges = kvcalloc(flow->node_count, vsw_flow_range_size(flow), GFP_KERNEL_ACCOUNT);
	if (!flow->ranges)
		return -ENOMEM;
	flow->memory += flow->node_count * vsw_flow_range_size(flow);
	for (i = 0; i < flow->node_count; i++) {
		const struct port_prefix *s = &src[i % src_count], *d = &dst[i / src_count];

		node = vsw_flow_node(flow, i);
		memcpy(node->word, flow->node.word, flow->words * sizeof(u64));
		node->word[at] |= port_word(s->port, d->port);
		node->word[flow->words] = port_word(s->mask, d->mask);
		fill_node(node, flow);
	}
	return 0;
}

static vsw_key_map map_of(const struct vsw_match *match)
{
	vsw_key_map map = 0;
	unsigned int i;

	for (i = 0; i < VSW_KEY_WORDS; i++)
		if (match->mask.word[i])
			map |= BIT(i);
	if (is_range(match->tp_src) || is_range(match->tp_dst))
		map |= BIT(PORT_WORD);
	return map;
}

vsw_key_map vsw_flow_pack_first(const struct vsw_match *match, u64 *word, u64 *mask)
{
	struct port_prefix src[PREFIXES_MAX], dst[PREFIXES_MAX];
	vsw_key_map map = map_of(match), left;

	for (left = map; left; left &= left - 1, word++, mask++) {
		*word = match->key.word[__ffs(left)];
		*mask = match->mask.word[__ffs(left)];
		if (__ffs(left) != PORT_WORD)
			continue;
		/* As in expand_ranges(). All ports are a prefix of none of their bits. */
		expand(match->tp_src, src);
		expand(match->tp_dst, dst);
		*word |= port_word(src->port, dst->port);
		*mask |= port_word(src->mask, dst->mask);
	}
	return map;
}

static struct vsw_flow *alloc(vsw_key_map map)
{
	unsigned int words = hweight32(map), size = slab_for(words);
	struct vsw_flow *flow = kmem_cache_zalloc(flow_slab[size], GFP_KERNEL_ACCOUNT);

	if (!flow)
		return NULL;
	flow->map = map;
	flow->words = words;
	flow->memory = ALIGN(flow_size(size), SMP_CACHE_BYTES);
	flow->node_count = 1;
	flow->node.flow = flow;
	flow->cpu = VSW_FLOW_NO_CPU;
	u64_stats_init(&flow->first.sync);
	INIT_LIST_HEAD(&flow->waiting);
	timerqueue_init(&flow->due);
	return flow;
}

static void pack(struct vsw_flow *flow, const struct vsw_match *match)
{
	u64 *word = flow->node.word;
	vsw_key_map map;

	for (map = flow->map; map; map &= map - 1, word++) {
		word[0] = match->key.word[__ffs(map)];
		word[flow->words] = match->mask.word[__ffs(map)];
	}
	flow->tp_src = match->tp_src;
	flow->tp_dst = match->tp_dst;
	fill_node(&flow->node, flow);
}

struct vsw_flow *vsw_flow_alloc(const struct vsw_flow_config *config,
				struct vsw_actions *actions, struct netlink_ext_ack *extack)
{
	struct vsw_flow *flow = alloc(map_of(&config->match));
	int err;

	if (!flow)
		return ERR_PTR(-ENOMEM);
	pack(flow, &config->match);
	flow->table = config->table;
	flow->priority = config->priority;
	flow->importance = config->importance;
	flow->cookie = config->cookie;
	flow->idle_timeout = config->idle_timeout;
	flow->hard_timeout = config->hard_timeout;
	flow->flags = config->flags;
	if (flow->flags & VSWITCH_FLOW_FLAG_NO_COUNTS)
		flow->cpu = VSW_FLOW_NO_COUNTS;
	if (is_range(flow->tp_src) || is_range(flow->tp_dst)) {
		err = expand_ranges(flow, extack);
		if (err) {
			vsw_flow_release(flow);
			return ERR_PTR(err);
		}
	}
	RCU_INIT_POINTER(flow->actions, actions);
	return flow;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_alloc);

void vsw_flow_release(struct vsw_flow *flow)
{
	vsw_flow_stats_free(flow);
	kvfree(flow->ranges);
	vsw_actions_free(rcu_dereference_protected(flow->actions, true));
	kmem_cache_free(flow_slab[slab_for(flow->words)], flow);
}

void vsw_flow_free(struct vsw_flow *flow)
{
	vsw_flow_release(flow);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_free);

static void free_callback(struct rcu_head *rcu)
{
	vsw_flow_release(container_of(rcu, struct vsw_flow, rcu));
}

void vsw_flow_free_rcu(struct vsw_flow *flow)
{
	call_rcu(&flow->rcu, free_callback);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_free_rcu);

void vsw_flow_match(const struct vsw_flow *flow, struct vsw_match *match)
{
	const u64 *word = flow->node.word;
	vsw_key_map map;

	memset(match, 0, sizeof(*match));
	for (map = flow->map; map; map &= map - 1, word++) {
		match->key.word[__ffs(map)] = word[0];
		match->mask.word[__ffs(map)] = word[flow->words];
	}
	match->tp_src = flow->tp_src;
	match->tp_dst = flow->tp_dst;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_match);

static bool ranges_are(struct vsw_port_range a, struct vsw_port_range b)
{
	return a.min == b.min && a.max == b.max;
}

bool vsw_flow_is_like(const struct vsw_flow *a, const struct vsw_flow *b)
{
	return a->map == b->map && ranges_are(a->tp_src, b->tp_src) &&
	       ranges_are(a->tp_dst, b->tp_dst) &&
	       !memcmp(a->node.word, b->node.word, 2 * a->words * sizeof(u64));
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_is_like);

bool vsw_flow_is_exactly(const struct vsw_flow *flow, const struct vsw_match *match)
{
	const u64 *word = flow->node.word;
	vsw_key_map map;

	if (flow->map != map_of(match) || !ranges_are(flow->tp_src, match->tp_src) ||
	    !ranges_are(flow->tp_dst, match->tp_dst))
		return false;
	for (map = flow->map; map; map &= map - 1, word++)
		if (word[0] != match->key.word[__ffs(map)] ||
		    word[flow->words] != match->mask.word[__ffs(map)])
			return false;
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_is_exactly);

/* Word @i of @word, words in flow->map; 0 if it has not that one. */
static u64 word_of(const struct vsw_flow *flow, const u64 *word, unsigned int i)
{
	return flow->map & BIT(i) ? word[hweight32(flow->map & (BIT(i) - 1))] : 0;
}

static void get_ports(const struct vsw_flow *flow, struct ports *src, struct ports *dst)
{
	u64 key = word_of(flow, flow->node.word, PORT_WORD);
	u64 mask = word_of(flow, vsw_flow_mask(flow), PORT_WORD);

	unpack_ports(key, mask, src, dst);
	src->range = flow->tp_src;
	dst->range = flow->tp_dst;
}

static unsigned int prefixes_of(const struct ports *ports, struct port_prefix *prefix)
{
	if (is_range(ports->range))
		return expand(ports->range, prefix);
	*prefix = ports->is;
	return 1;
}

static bool ports_overlap(const struct ports *a, const struct ports *b)
{
	struct port_prefix p[PREFIXES_MAX], q[PREFIXES_MAX];
	unsigned int i, j, n = prefixes_of(a, p), m = prefixes_of(b, q);

	for (i = 0; i < n; i++)
		for (j = 0; j < m; j++)
			if (!((p[i].port ^ q[j].port) & p[i].mask & q[j].mask))
				return true;
	return false;
}

/* Whether all of @a are in @b. */
static bool ports_are_within(const struct ports *a, const struct ports *b)
{
	struct port_prefix p[PREFIXES_MAX];
	unsigned int i, n = prefixes_of(a, p);

	for (i = 0; i < n; i++) {
		if (p[i].port < b->range.min || (p[i].port | (u16)~p[i].mask) > b->range.max)
			return false;
		if ((b->is.mask & ~p[i].mask) || ((p[i].port ^ b->is.port) & b->is.mask))
			return false;
	}
	return true;
}

bool vsw_flow_overlaps(const struct vsw_flow *a, const struct vsw_flow *b)
{
	struct ports a_src, a_dst, b_src, b_dst;
	vsw_key_map map;
	unsigned int i;

	for (map = a->map & b->map; map; map &= map - 1) {
		i = __ffs(map);
		if ((word_of(a, a->node.word, i) ^ word_of(b, b->node.word, i)) &
		    word_of(a, vsw_flow_mask(a), i) & word_of(b, vsw_flow_mask(b), i))
			return false;
	}
	if (!a->ranges && !b->ranges)
		return true;
	get_ports(a, &a_src, &a_dst);
	get_ports(b, &b_src, &b_dst);
	return ports_overlap(&a_src, &b_src) && ports_overlap(&a_dst, &b_dst);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_overlaps);

bool vsw_flow_is_within(const struct vsw_flow *flow, const struct vsw_match *match)
{
	struct ports a_src, a_dst, b_src, b_dst;
	unsigned int i;
	u64 mask;

	for (i = 0; i < VSW_KEY_WORDS; i++) {
		mask = match->mask.word[i];
		if (i == PORT_WORD)
			mask &= ~port_word(U16_MAX, U16_MAX);
		if ((mask & ~word_of(flow, vsw_flow_mask(flow), i)) ||
		    ((word_of(flow, flow->node.word, i) ^ match->key.word[i]) & mask))
			return false;
	}
	get_ports(flow, &a_src, &a_dst);
	unpack_ports(match->key.word[PORT_WORD], match->mask.word[PORT_WORD], &b_src, &b_dst);
	b_src.range = match->tp_src;
	b_dst.range = match->tp_dst;
	return ports_are_within(&a_src, &b_src) && ports_are_within(&a_dst, &b_dst);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_is_within);
