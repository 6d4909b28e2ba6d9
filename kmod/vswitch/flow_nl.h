/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the codecs of flows, groups and meters share. None of them takes RTNL: they hold a
 * reference to the switch's device instead, and the flow lock.
 */
#ifndef _VSWITCH_FLOW_NL_H
#define _VSWITCH_FLOW_NL_H

#include "flow.h"
#include "flow_event.h"
#include "netlink.h"

/* ---- requests ------------------------------------------------------------- */

/*
 * As vsw_nl_read() and vsw_nl_change(), without RTNL. Attributes of type @multi may be there
 * more than once; 0: none may.
 */
int vsw_nl_read_flows(struct genl_info *info, int multi,
		      int (*request)(struct genl_info *info));
int vsw_nl_change_flows(struct sk_buff *skb, struct genl_info *info, int multi,
			int (*request)(struct genl_info *info));

/*
 * The switch that @attrs name by VSWITCH_A_FLOW_SWITCH_IFINDEX, _NAME, or both; the numbers
 * are the same in the sets of tables, groups and meters. With a reference to its device,
 * given back by vsw_nl_release_switch(). -EINVAL if none is named, -ENODEV.
 */
struct vsw_switch *vsw_nl_hold_switch(struct net *net, struct nlattr **attrs,
				      netdevice_tracker *tracker,
				      struct netlink_ext_ack *extack);
void vsw_nl_release_switch(struct vsw_switch *sw, netdevice_tracker *tracker);

/* A switch that is held, and its flows, locked. */
struct vsw_nl_flows {
	struct vsw_switch *sw;
	struct vsw_flows *flows;	/* NULL: it has none, and no lock is held */
	netdevice_tracker tracker;
};

/* The two together with vsw_flows_lock(). An error: nothing is held. */
int vsw_nl_lock_flows(struct net *net, struct nlattr **attrs, bool make,
		      struct vsw_nl_flows *locked, struct netlink_ext_ack *extack);
void vsw_nl_unlock_flows(struct vsw_nl_flows *locked);

/* Its ifindex and name, by the attributes above. */
int vsw_nl_put_switch(struct sk_buff *skb, const struct vsw_switch *sw);
int vsw_nl_put_switch_name(struct sk_buff *skb, u32 ifindex, const char *name);

/* -EINVAL, and why, with @attr to blame; NULL: none is. */
int vsw_nl_refuse(const struct nlattr *attr, const char *why, struct netlink_ext_ack *extack);

/* ---- match_nl.c ----------------------------------------------------------- */

/* What @nest of the set match says, or NULL: all packets. -EINVAL with what is to blame. */
int vsw_nl_get_match(const struct nlattr *nest, struct vsw_match *match,
		     struct netlink_ext_ack *extack);
int vsw_nl_put_match(struct sk_buff *skb, int attr, const struct vsw_match *match);
/* A field's value, or, behind it, its mask, of all of @field; @value is 0 where @mask is. */
int vsw_nl_get_field(const struct nlattr *attr, const struct vsw_field *field, u8 *value,
		     u8 *mask, struct netlink_ext_ack *extack);
int vsw_nl_put_field(struct sk_buff *skb, int attr, const struct vsw_field *field,
		     const u8 *value, const u8 *mask);

/* ---- action_nl.c ---------------------------------------------------------- */

/*
 * The program of @nest of the set action, or NULL: one that drops. Its attributes are
 * checked, the program is not: that is vsw_actions_check(). The caller's to free.
 */
int vsw_nl_get_actions(const struct nlattr *nest, struct vsw_actions **actions,
		       struct netlink_ext_ack *extack);
int vsw_nl_put_actions(struct sk_buff *skb, int attr, const struct vsw_actions *actions);
/* A nest with this one alone. */
int vsw_nl_put_one_action(struct sk_buff *skb, int attr, const struct vsw_action *action);
/* No less than they take in a message. */
static inline size_t vsw_nl_actions_size(const struct vsw_actions *actions)
{
	return 3 * sizeof(u64) * actions->words;
}

/* ---- ct_nl.c -------------------------------------------------------------- */

/* Of struct vsw_action_ct, at @action, where all is 0; and back. */
int vsw_nl_get_ct(const struct nlattr *nest, struct vsw_action *action,
		  struct netlink_ext_ack *extack);
int vsw_nl_put_ct(struct sk_buff *skb, const struct vsw_action *action);
/* ---- learn_nl.c ----------------------------------------------------------- */

/* Of action_nl.c: words of the action in @nest, which is read and written by the others. */
u32 vsw_nl_learn_words(const struct nlattr *nest);
int vsw_nl_get_learn(const struct nlattr *nest, struct vsw_action *action,
		     struct netlink_ext_ack *extack);
int vsw_nl_put_learn(struct sk_buff *skb, const struct vsw_action *action);

/* ---- flow_nl.c ------------------------------------------------------------ */

/* Which flows are meant by a request with attributes @attrs of the set flow. */
int vsw_nl_get_filter(struct nlattr **attrs, struct vsw_flow_filter *filter,
		      struct netlink_ext_ack *extack);
/* @info as a nest of the set flow-entry. */
int vsw_nl_put_flow(struct sk_buff *skb, int attr, const struct vsw_flow_info *info);
/* How many flows there were, a u32. */
int vsw_nl_fill_count(struct sk_buff *skb, const void *object);
int vsw_nl_fill_flow_event(struct sk_buff *skb, const struct vsw_flow_event *event);

/* ---- packet_in_nl.c ------------------------------------------------------- */

int vsw_nl_fill_packet_in(struct sk_buff *skb, const struct vsw_packet_in_event *event);

#endif /* _VSWITCH_FLOW_NL_H */
