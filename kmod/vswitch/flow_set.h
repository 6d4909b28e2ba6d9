/* SPDX-License-Identifier: GPL-2.0 */
/* What the files that change flows have in common. All of it is under the flow lock. */
#ifndef _VSWITCH_FLOW_SET_H
#define _VSWITCH_FLOW_SET_H

#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>

#include "flow.h"
#include "flow_table.h"

/* The clock of flows: milliseconds since boot, also of those when the machine slept. */
static inline u64 vsw_flow_now(void)
{
	return div_u64(ktime_get_boottime_ns(), NSEC_PER_MSEC);
}

static inline struct vsw_actions *vsw_flow_program(const struct vsw_flow *flow)
{
	/* Written under the flow lock only. */
	return rcu_dereference_protected(flow->actions, true);
}

/* flow_set.c */
/* @set is an empty one then, of @flows. False: no memory. */
bool vsw_flow_set_init(struct vsw_flows *flows, struct vsw_flow_set *set);
/* What the flows of @set use is not used by them any more; they go next. */
void vsw_flow_set_unuse(struct vsw_flows *flows, struct vsw_flow_set *set);
/* All that can fail when @flow is put into @set, but for the limits and overlaps. */
int vsw_flow_reserve(struct vsw_flows *flows, struct vsw_flow_set *set,
		     struct vsw_flow *flow, struct netlink_ext_ack *extack);
void vsw_flow_unreserve(struct vsw_flows *flows, struct vsw_flow_set *set,
			struct vsw_flow *flow);
/* Put @flow, which is reserved, there. What has to make room for it is added to @gone. */
void vsw_flow_put(struct vsw_flows *flows, struct vsw_flow_set *set, struct vsw_flow *flow,
		  struct list_head *gone);
/* Take @flow out of @set, and add it to @gone. */
void vsw_flow_take(struct vsw_flows *flows, struct vsw_flow_set *set, struct vsw_flow *flow,
		   struct list_head *gone);
/* Likewise of the flows that packets meet, of which userspace may want to hear. */
void vsw_flow_retire(struct vsw_flows *flows, struct vsw_flow *flow, u8 reason,
		     struct list_head *gone);
/* Flows that packets meet have changed: free those that are @gone. */
void vsw_flows_changed(struct vsw_flows *flows, struct list_head *gone);

/* flow_expiry.c */
void vsw_flow_expiry_init(struct vsw_flows *flows);
/* When @flow's time is over, in ms as of vsw_flow_now(); KTIME_MAX: never. */
s64 vsw_flow_deadline(const struct vsw_flow *flow);
/* @flow is in @set now, or has other times. */
void vsw_flow_watch(struct vsw_flow_set *set, struct vsw_flow *flow);
void vsw_flow_unwatch(struct vsw_flow_set *set, struct vsw_flow *flow);
/* Flows were added: see to it that they are looked at when their time is over. */
void vsw_flow_expiry_arm(struct vsw_flows *flows);

/* flow_evict.c */
/* How many flows may be in @table. */
u32 vsw_flow_table_room(const struct vsw_flow_table *table);
bool vsw_flow_is_full(const struct vsw_flow_set *set, const struct vsw_flow_table *table);
/* @flow is in @table now, which may evict it some time. */
void vsw_flow_rank(struct vsw_flow_table *table, struct vsw_flow *flow);
void vsw_flow_unrank(struct vsw_flow_table *table, struct vsw_flow *flow);
void vsw_flow_rank_all(struct vsw_flow_table *table);
/* The flow that has to go first, of a table that evicts; NULL: it has none. */
struct vsw_flow *vsw_flow_least(struct vsw_flow_set *set, struct vsw_flow_table *table);

/* flow_bundle.c: the switch goes, with all its bundles; no lock */
void vsw_flow_bundle_forget_all(struct vsw_flows *flows);

#endif /* _VSWITCH_FLOW_SET_H */
