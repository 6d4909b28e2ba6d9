/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flows: which packets are meant, and what is done with them. How they are changed; the
 * path's part is in flow_path.h.
 */
#ifndef _VSWITCH_FLOW_H
#define _VSWITCH_FLOW_H

#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/timerqueue.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "action.h"
#include "key.h"

struct net;
struct vsw_switch;
struct vsw_flow;
struct vsw_flow_view;
struct vsw_flow_table;
struct vsw_flow_bundle;
struct vsw_lessons;

#define VSW_FLOW_TABLES	(VSWITCH_FLOW_TABLE_MAX + 1)

/* The flows of a view, and what writers know of them. */
struct vsw_flow_set {
	struct vsw_flow_view *view;
	struct timerqueue_head due;	/* flows with timeouts */
	u32 count;
};

/*
 * All of a switch that has, or has had, a flow, a group or a meter. Made with the first of
 * them, and stays as long as the switch.
 */
struct vsw_flows {
	struct vsw_switch *sw;
	/*
	 * The flow lock: all below is written under it, unless it says something else. Nobody
	 * takes RTNL under it, nor it under RTNL: who has it may take his time.
	 */
	struct mutex lock;
	struct vsw_flow_view __rcu *view;	/* that of the set, for the path */
	struct vsw_flow_set set;
	struct xarray groups;		/* by id, RCU for the path */
	struct xarray meters;
	u32 group_count, meter_count;
	struct vsw_lessons *lessons;	/* learn.c's; NULL: nothing was ever learned */
	struct delayed_work expiry;
	u64 expiry_armed;		/* ms, when it is to run; U64_MAX: it is not */
	u32 generation;			/* counts changes of flows */
	bool asked;			/* ports ask flows, see vsw_flows_follow() */
	bool going;			/* the switch is: nothing is added any more; no lock */
	/* flow_bundle.c's lock */
	u32 bundle_count, waiting_count, last_bundle;
};

/* What a flow matches. A range is a pair of ports, 0 to 65535 for none. */
struct vsw_port_range {
	u16 min, max;
};

struct vsw_match {
	struct vsw_key key, mask;	/* key is 0 where mask is; 0 where there is a range */
	struct vsw_port_range tp_src, tp_dst;
};

/* What a user says of a flow. */
struct vsw_flow_config {
	u8 table;
	u16 priority;
	u16 importance;
	u64 cookie;
	u32 idle_timeout, hard_timeout;	/* ms */
	u32 flags;			/* VSWITCH_FLOW_FLAG_* */
	struct vsw_match match;
};

/* A picture of a flow, for whom it may concern in userspace. */
struct vsw_flow_info {
	struct vsw_flow_config config;
	const struct vsw_actions *actions;	/* as long as the flow lock or RCU is held */
	u64 packets, bytes;
	u64 duration;			/* ms */
	u64 idle;			/* ms, if has_been_used */
	u64 hard_age;			/* ms */
	bool has_been_used;
};

/* Which flows are meant. */
struct vsw_flow_filter {
	bool any_table;
	bool strict;			/* just this match, and priority */
	bool any_port, any_group;	/* out_port, out_group are not asked */
	u8 table;
	u16 priority;
	u64 cookie, cookie_mask;
	u32 out_port, out_group;
	struct vsw_match match;
};

/* A table's picture and settings. */
struct vsw_flow_table_config {
	bool max_flows_given, evict_given, miss_given;
	u32 max_flows;
	bool evict;
	u8 miss;			/* enum vswitch_flow_miss */
};

struct vsw_flow_table_info {
	u8 table;
	struct vsw_flow_table_config config;	/* all of it given */
	u32 flows, masks;
	u64 lookups, hits, misses, memory;
};

struct netlink_ext_ack;

/* flow.c: a switch's flows, their lock, their life */
/*
 * The switch's flows, locked; made if it has none yet and @make. NULL or an ERR_PTR() if
 * there are none and none were to be made (NULL), memory is short or the switch is going.
 * Who calls holds RTNL or a reference to the switch's device.
 */
struct vsw_flows *vsw_flows_lock(struct vsw_switch *sw, bool make,
				 struct netlink_ext_ack *extack);
void vsw_flows_unlock(struct vsw_flows *flows);
/* The switch goes, and its ports are gone: nobody adds anything from now on. RTNL. */
void vsw_flows_stop(struct vsw_switch *sw);
/* Nobody has a reference to the switch's device any more: all of it goes. No lock. */
void vsw_flows_destroy(struct vsw_switch *sw);
/* Another one after any flow came, changed or went, for dumps. Flow lock. */
u32 vsw_flows_generation(const struct vsw_flows *flows);
/* Whether ports have to ask flows: VSW_PORT_FLOWS of all ports of the switch. Flow lock. */
void vsw_flows_follow(struct vsw_flows *flows);
/* Likewise of a new port, which has its number already, before it gets frames. RTNL. */
void vsw_flows_follow_port(struct vsw_port *port);

/*
 * flow_set.c: add, change, delete. All under the flow lock. A prepared flow belongs to who
 * prepared it until it is inserted.
 */
/* Takes @actions, also if it fails. Checks all that can be checked without the lock. */
struct vsw_flow *vsw_flow_prepare(const struct vsw_flow_config *config,
				  struct vsw_actions *actions, struct netlink_ext_ack *extack);
void vsw_flow_discard(struct vsw_flow *flow);
/*
 * Insert @count flows, all or none; each replaces the one that is there with its table,
 * priority and match. Takes those that it inserts: all, or none and says in *@failed which
 * one can't be. -EEXIST (check-overlap), -ENOSPC (a table or the switch is full), -ENOENT
 * (no such group or meter), -ENOMEM.
 */
int vsw_flow_insert(struct vsw_flows *flows, struct vsw_flow **flow, u32 count, u32 *failed,
		    struct netlink_ext_ack *extack);
/* Takes @actions, of which each flow gets a copy. How many flows there were, or an error. */
int vsw_flow_modify(struct vsw_flows *flows, const struct vsw_flow_filter *filter,
		    struct vsw_actions *actions, bool reset_counts,
		    struct netlink_ext_ack *extack);
u32 vsw_flow_delete(struct vsw_flows *flows, const struct vsw_flow_filter *filter, u8 reason);
/* Of group.c and meter.c: the flows that use it, or any if @id is U32_MAX, go. */
void vsw_flow_delete_users(struct vsw_flows *flows, bool is_group, u32 id);

/* flow_select.c: which flows are meant */
void vsw_flow_filter_init(struct vsw_flow_filter *filter);	/* all */
bool vsw_flow_is_meant(const struct vsw_flow *flow, const struct vsw_flow_filter *filter);
/*
 * Flows that are meant, one after the other, ordered by table and then by age of insertion:
 * *@cursor is 0 at first and says where to go on, also after the lock was given back.
 * NULL: no more. Flow lock.
 */
struct vsw_flow *vsw_flow_next(struct vsw_flows *flows, const struct vsw_flow_filter *filter,
			       u64 *cursor);
u32 vsw_flow_count(struct vsw_flows *flows, const struct vsw_flow_filter *filter);
void vsw_flow_info(const struct vsw_flow *flow, struct vsw_flow_info *info);

/* flow_bundle.c: many flows that take the place of all at once. Flow lock. */
int vsw_flow_bundle_new(struct vsw_flows *flows, u32 portid, const struct net *net, u32 *id,
			struct netlink_ext_ack *extack);
/* Takes the flows, all or none. */
int vsw_flow_bundle_add(struct vsw_flows *flows, u32 portid, u32 id, struct vsw_flow **flow,
			u32 count, u32 *failed, struct netlink_ext_ack *extack);
/* How many flows there are now, or an error, after which the bundle is still there. */
int vsw_flow_bundle_commit(struct vsw_flows *flows, u32 portid, u32 id,
			   struct netlink_ext_ack *extack);
int vsw_flow_bundle_del(struct vsw_flows *flows, u32 portid, u32 id,
			struct netlink_ext_ack *extack);
/* The netlink socket @portid of @net is closed: its bundles go. No lock; may sleep. */
void vsw_flow_bundle_forget(const struct net *net, u32 portid);

/* flow_settings.c: what users set of tables. Flow lock. */
int vsw_flow_table_configure(struct vsw_flows *flows, u8 table,
			     const struct vsw_flow_table_config *config,
			     struct netlink_ext_ack *extack);
/* flow_view.c. False: there is no such table. Flow lock. */
bool vsw_flow_table_info(struct vsw_flows *flows, u8 table, struct vsw_flow_table_info *info);

#endif /* _VSWITCH_FLOW_H */
