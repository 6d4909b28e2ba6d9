// SPDX-License-Identifier: GPL-2.0
/*
 * Flows whose time is over. They are queued by when that is, at the earliest: packets do
 * not move a flow in the queue, which is looked at again when it comes to its turn. So
 * flows that live cost next to nothing, and nothing runs if none has a timeout.
 */
#include <linux/jiffies.h>
#include <kunit/visibility.h>

#include "flow_set.h"
#include "learn.h"

/* Flows that are looked at before others get the lock. */
#define SLICE		1024
/* Those that end this close together, in ms, end together. */
#define GRAIN		20

/* It is as young as what it was learned from, if that is younger than @when. */
static s64 or_heard(const struct vsw_flow *flow, s64 when)
{
	return flow->lesson ? max_t(s64, when, vsw_lesson_heard(flow)) : when;
}

static s64 last_used(const struct vsw_flow *flow)
{
	struct vsw_flow_counts counts;
	long ago;

	vsw_flow_counts(flow, &counts);
	if (!counts.has_been_used)
		return flow->created;
	/* Another CPU may be one ahead. */
	ago = max_t(long, jiffies - counts.used, 0);
	return max_t(s64, vsw_flow_now() - jiffies64_to_msecs(ago), flow->created);
}

static s64 hard_deadline(const struct vsw_flow *flow)
{
	return flow->hard_timeout ? or_heard(flow, flow->modified) + flow->hard_timeout :
				    KTIME_MAX;
}

s64 vsw_flow_deadline(const struct vsw_flow *flow)
{
	s64 deadline = hard_deadline(flow);

	if (flow->idle_timeout)
		deadline = min_t(s64, deadline,
				 or_heard(flow, last_used(flow)) + flow->idle_timeout);
	return deadline;
}

void vsw_flow_unwatch(struct vsw_flow_set *set, struct vsw_flow *flow)
{
	if (RB_EMPTY_NODE(&flow->due.node))
		return;
	timerqueue_del(&set->due, &flow->due);
	RB_CLEAR_NODE(&flow->due.node);
}

void vsw_flow_watch(struct vsw_flow_set *set, struct vsw_flow *flow)
{
	struct vsw_flow_table *table = vsw_flow_table(set->view, flow->table);
	bool is_ranked = !RB_EMPTY_NODE(&flow->by_importance);

	/* Its place there depends on its time. */
	if (is_ranked)
		vsw_flow_unrank(table, flow);
	vsw_flow_unwatch(set, flow);
	flow->due.expires = vsw_flow_deadline(flow);
	if (flow->due.expires != KTIME_MAX)
		timerqueue_add(&set->due, &flow->due);
	if (is_ranked)
		vsw_flow_rank(table, flow);
}

/* Look at flows whose turn it is, and take those whose time is over. */
static void expire_slice(struct vsw_flows *flows, struct list_head *gone)
{
	struct timerqueue_node *node;
	struct vsw_flow *flow;
	s64 now = vsw_flow_now();
	unsigned int i;
	u8 reason;

	for (i = 0; i < SLICE; i++) {
		node = timerqueue_getnext(&flows->set.due);
		if (!node || node->expires > now)
			break;
		flow = container_of(node, struct vsw_flow, due);
		if (vsw_flow_deadline(flow) > now) {
			vsw_flow_watch(&flows->set, flow);
			continue;
		}
		reason = hard_deadline(flow) <= now ? VSWITCH_FLOW_REMOVED_HARD_TIMEOUT :
						      VSWITCH_FLOW_REMOVED_IDLE_TIMEOUT;
		vsw_flow_retire(flows, flow, reason, gone);
	}
}

static void expire(struct work_struct *work)
{
	struct vsw_flows *flows = container_of(to_delayed_work(work), struct vsw_flows, expiry);
	LIST_HEAD(gone);

	mutex_lock(&flows->lock);
	flows->expiry_armed = U64_MAX;
	if (!READ_ONCE(flows->going)) {
		expire_slice(flows, &gone);
		if (list_empty(&gone))
			vsw_flow_expiry_arm(flows);
		else
			vsw_flows_changed(flows, &gone);
	}
	mutex_unlock(&flows->lock);
}

void vsw_flow_expiry_init(struct vsw_flows *flows)
{
	flows->expiry_armed = U64_MAX;
	INIT_DELAYED_WORK(&flows->expiry, expire);
}

void vsw_flow_expiry_arm(struct vsw_flows *flows)
{
	const struct timerqueue_node *next = timerqueue_getnext(&flows->set.due);
	u64 now, delay = 0;

	lockdep_assert_held(&flows->lock);

	if (!next || next->expires >= flows->expiry_armed)
		return;
	now = vsw_flow_now();
	flows->expiry_armed = next->expires;
	/* The next slice at once. */
	if (next->expires > now)
		delay = max_t(u64, next->expires - now, GRAIN);
	mod_delayed_work(system_power_efficient_wq, &flows->expiry, msecs_to_jiffies(delay));
}
