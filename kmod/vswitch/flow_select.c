// SPDX-License-Identifier: GPL-2.0
/* Which flows are meant by a request, one after the other, and a picture of each. */
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <kunit/visibility.h>

#include "flow_set.h"
#include "learn.h"

/* A cursor is the table and the lowest id that is still to come. */
#define CURSOR_TABLE_SHIFT	56
#define CURSOR_ID_MASK		GENMASK_ULL(CURSOR_TABLE_SHIFT - 1, 0)

void vsw_flow_filter_init(struct vsw_flow_filter *filter)
{
	memset(filter, 0, sizeof(*filter));
	filter->any_table = true;
	filter->any_port = true;
	filter->any_group = true;
	filter->match.tp_src.max = U16_MAX;
	filter->match.tp_dst.max = U16_MAX;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_filter_init);

bool vsw_flow_is_meant(const struct vsw_flow *flow, const struct vsw_flow_filter *filter)
{
	const struct vsw_actions *actions = vsw_flow_program(flow);

	if (!filter->any_table && flow->table != filter->table)
		return false;
	if ((flow->cookie ^ filter->cookie) & filter->cookie_mask)
		return false;
	if (!filter->any_port && !vsw_actions_output_to(actions, filter->out_port))
		return false;
	if (!filter->any_group && !vsw_actions_use_group(actions, filter->out_group))
		return false;
	if (filter->strict)
		return flow->priority == filter->priority &&
		       vsw_flow_is_exactly(flow, &filter->match);
	return vsw_flow_is_within(flow, &filter->match);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_is_meant);

/* The first one in @table, of id @id or higher, that is meant; NULL: none. */
static struct vsw_flow *first_of(const struct vsw_flow_view *view,
				 const struct vsw_flow_table *table, u64 id,
				 const struct vsw_flow_filter *filter)
{
	struct vsw_flow *flow;

	if (filter->strict) {
		flow = vsw_flow_table_find(view, table->number, filter->priority,
					   &filter->match);
		return flow && flow->id >= id && vsw_flow_is_meant(flow, filter) ? flow : NULL;
	}
	for (flow = vsw_flow_table_from(table, id); flow; flow = vsw_flow_table_after(flow)) {
		if (vsw_flow_is_meant(flow, filter))
			return flow;
		cond_resched();
	}
	return NULL;
}

struct vsw_flow *vsw_flow_next(struct vsw_flows *flows, const struct vsw_flow_filter *filter,
			       u64 *cursor)
{
	unsigned int number = *cursor >> CURSOR_TABLE_SHIFT;
	const struct vsw_flow_table *table;
	u64 id = *cursor & CURSOR_ID_MASK;
	struct vsw_flow *flow;

	lockdep_assert_held(&flows->lock);

	for (; number < VSW_FLOW_TABLES; number++, id = 0) {
		if (!filter->any_table && number != filter->table)
			continue;
		table = vsw_flow_table(flows->set.view, number);
		flow = table ? first_of(flows->set.view, table, id, filter) : NULL;
		if (flow) {
			*cursor = (u64)number << CURSOR_TABLE_SHIFT | (flow->id + 1);
			return flow;
		}
	}
	*cursor = (u64)VSW_FLOW_TABLES << CURSOR_TABLE_SHIFT;
	return NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_next);

u32 vsw_flow_count(struct vsw_flows *flows, const struct vsw_flow_filter *filter)
{
	u64 cursor = 0;
	u32 count = 0;

	while (vsw_flow_next(flows, filter, &cursor)) {
		count++;
		cond_resched();
	}
	return count;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_count);

void vsw_flow_info(const struct vsw_flow *flow, struct vsw_flow_info *info)
{
	u64 now = vsw_flow_now();
	struct vsw_flow_counts counts;

	memset(info, 0, sizeof(*info));
	info->config.table = flow->table;
	info->config.priority = flow->priority;
	info->config.importance = flow->importance;
	info->config.cookie = flow->cookie;
	info->config.idle_timeout = flow->idle_timeout;
	info->config.hard_timeout = flow->hard_timeout;
	info->config.flags = flow->flags;
	vsw_flow_match(flow, &info->config.match);
	info->actions = vsw_flow_program(flow);
	info->duration = now - flow->created;
	info->hard_age = now - flow->modified;
	if (flow->lesson)
		info->hard_age = min(info->hard_age, now - vsw_lesson_heard(flow));

	vsw_flow_counts(flow, &counts);
	info->packets = counts.packets;
	info->bytes = counts.bytes;
	info->has_been_used = counts.has_been_used;
	if (counts.has_been_used)
		info->idle = jiffies64_to_msecs(max_t(long, jiffies - counts.used, 0));
}
EXPORT_SYMBOL_IF_KUNIT(vsw_flow_info);
