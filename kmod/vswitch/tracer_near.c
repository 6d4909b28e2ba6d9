// SPDX-License-Identifier: GPL-2.0
/* Which flows nearly matched a packet that is traced. */
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "tracer.h"

/* A match is large, so it is not on the stack. */
struct look {
	const struct vsw_key *key;
	struct vsw_match match;
};

static bool is_in_range(const struct vsw_port_range *range, __be16 port)
{
	return ntohs(port) >= range->min && ntohs(port) <= range->max;
}

static bool has_range(const struct vsw_port_range *range)
{
	return range->min || range->max != U16_MAX;
}

/* Whether @match asks for the field of this number; fields that lie there, too, are others. */
static bool asks_for(const struct vsw_match *match, unsigned int number)
{
	const struct vsw_field *field;

	if (number == VSWITCH_A_MATCH_TP_SRC_RANGE)
		return has_range(&match->tp_src);
	if (number == VSWITCH_A_MATCH_TP_DST_RANGE)
		return has_range(&match->tp_dst);
	field = vsw_field(number);
	return field && memchr_inv((const u8 *)&match->mask + field->offset, 0, field->size) &&
	       !vsw_field_check_needs(number, &match->key, &match->mask, NULL);
}

bool vsw_trace_differs(const struct vsw_match *match, unsigned int number,
		       const struct vsw_key *key)
{
	const struct vsw_field *field = vsw_field(number);
	const u8 *has = (const u8 *)key, *wanted = (const u8 *)&match->key;
	const u8 *mask = (const u8 *)&match->mask;
	unsigned int at;

	if (!asks_for(match, number))
		return false;
	if (number == VSWITCH_A_MATCH_TP_SRC_RANGE)
		return !is_in_range(&match->tp_src, key->tp_src);
	if (number == VSWITCH_A_MATCH_TP_DST_RANGE)
		return !is_in_range(&match->tp_dst, key->tp_dst);
	for (at = field->offset; at < field->offset + field->size; at++)
		if ((has[at] ^ wanted[at]) & mask[at])
			return true;
	return false;
}

static void compare(struct look *look, const struct vsw_flow *flow, struct vsw_trace_near *near)
{
	unsigned int number;

	vsw_flow_match(flow, &look->match);
	*near = (struct vsw_trace_near){ .flow = flow };
	for (number = 1; number <= VSWITCH_A_MATCH_MAX; number++) {
		if (!asks_for(&look->match, number))
			continue;
		if (vsw_trace_differs(&look->match, number, look->key))
			near->differing++;
		else
			near->matching++;
	}
}

static bool is_nearer(const struct vsw_trace_near *a, const struct vsw_trace_near *b)
{
	if (a->differing != b->differing)
		return a->differing < b->differing;
	if (a->matching != b->matching)
		return a->matching > b->matching;
	return vsw_rank(a->flow->priority, a->flow->id) > vsw_rank(b->flow->priority, b->flow->id);
}

/* @one takes its place among the @count that there are, or has none: how many there are. */
static unsigned int insert(struct vsw_trace_near *near, unsigned int count,
			   const struct vsw_trace_near *one)
{
	unsigned int at = count;

	while (at && is_nearer(one, &near[at - 1])) {
		if (at < VSWITCH_TRACE_NEAR_MAX)
			near[at] = near[at - 1];
		at--;
	}
	if (at == VSWITCH_TRACE_NEAR_MAX)
		return count;
	near[at] = *one;
	return min_t(unsigned int, count + 1, VSWITCH_TRACE_NEAR_MAX);
}

unsigned int vsw_trace_find_near(struct vsw_trace *trace, struct vsw_flows *flows,
				 const struct vsw_trace_step *step,
				 struct vsw_trace_near near[VSWITCH_TRACE_NEAR_MAX])
{
	const struct vsw_flow_view *view = rcu_dereference_protected(flows->view, true);
	const struct vsw_flow_table *table = vsw_flow_table(view, step->table);
	struct vsw_trace_near one;
	unsigned int count = 0;
	struct vsw_flow *flow;
	struct look *look;

	look = kmalloc(sizeof(*look), GFP_KERNEL);
	if (!look) {
		trace->looks = VSW_TRACE_LOOKS_MAX;
		return 0;
	}
	look->key = &step->key;
	for (flow = table ? vsw_flow_table_from(table, 0) : NULL;
	     flow && trace->looks < VSW_TRACE_LOOKS_MAX; flow = vsw_flow_table_after(flow)) {
		trace->looks++;
		compare(look, flow, &one);
		/*
		 * One that matches has a better one that does, too. One of which nothing does
		 * is not near.
		 */
		if (one.differing && (one.matching || one.differing == 1))
			count = insert(near, count, &one);
		cond_resched();
	}
	kfree(look);
	return count;
}
