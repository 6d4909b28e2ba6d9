/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guard of a port: who may send what by it. All of it costs nothing where it
 * is off: ports that have something on have VSW_PORT_GUARDED.
 */
#ifndef _VSWITCH_GUARD_H
#define _VSWITCH_GUARD_H

#include <linux/rcupdate.h>
#include <linux/skbuff.h>

#include "rate.h"
#include "stats.h"

/* What is switched on. */
enum {
	VSW_GUARD_LOCKED	= BIT(0),
	VSW_GUARD_SOURCE	= BIT(1),
	VSW_GUARD_DHCP		= BIT(2),
	VSW_GUARD_DHCP_TRUSTED	= BIT(3),
	VSW_GUARD_RA		= BIT(4),
	VSW_GUARD_RA_TRUSTED	= BIT(5),
	VSW_GUARD_MAB		= BIT(6),	/* who is not authorised is made known */
	VSW_GUARD_STICKY	= BIT(7),	/* what is learned stays */
	/* Policies, each with what a port says against its switch. */
	VSW_GUARD_PROMISC	= BIT(8),
	VSW_GUARD_NO_PROMISC	= BIT(9),
	VSW_GUARD_MAC_CHANGES	= BIT(10),
	VSW_GUARD_NO_MAC_CHANGES = BIT(11),
	VSW_GUARD_FORGED	= BIT(12),
	VSW_GUARD_NO_FORGED	= BIT(13),
	/* of these nothing is asked of what comes in */
	VSW_GUARD_NOT_IN	= VSW_GUARD_PROMISC | VSW_GUARD_NO_PROMISC |
				  VSW_GUARD_MAC_CHANGES | VSW_GUARD_NO_MAC_CHANGES |
				  VSW_GUARD_NO_FORGED,
};

/* What goes to many. */
enum vsw_storm_kind {
	VSW_STORM_BROADCAST,
	VSW_STORM_MULTICAST,
	VSW_STORM_UNKNOWN,
	VSW_STORM_KINDS
};

/* At most one of them is not 0; both: no limit. */
struct vsw_storm_limit {
	u32 pps;
	u32 kbps;
};

/* See storm.c. */
struct vsw_storm {
	struct vsw_rate rate;		/* all zero: no limit */
	bool counts_bytes;
	atomic64_t full;
};

/* What users set of a guard. All zero: lets everything in. */
struct vsw_guard_settings {
	u32 flags;
	u32 max_macs;			/* 0: no bound */
	u8 violation;			/* enum vswitch_violation */
	struct vsw_storm_limit storm[VSW_STORM_KINDS];
};

/* What a request changes. */
struct vsw_guard_config {
	u32 flags_given;
	bool max_macs_given;
	bool violation_given;
	u8 storms_given;		/* a bit for each kind */
	struct vsw_guard_settings settings;
	/* of the request, to be blamed for what is wrong with it; or NULL */
	const struct nlattr *attr;	/* all of it, what follows is in it but for learning */
	const struct nlattr *locked_attr, *mab_attr, *learning_attr, *policy_attr;
	const struct nlattr *storm_attrs[VSW_STORM_KINDS];
};

/* Replaced as a whole, under RTNL. */
struct vsw_guard {
	struct vsw_guard_settings settings;
	struct vsw_storm storm[VSW_STORM_KINDS];
	struct rcu_head rcu;
};

/* What a new port has: shared by all, never freed, and without a limit to count. */
extern struct vsw_guard vsw_guard_default;

struct netlink_ext_ack;
struct nlattr;
struct net_device;
struct vsw_port;
struct vsw_switch;

/* guard_config.c, under RTNL */
struct vsw_guard *vsw_guard_prepare(const struct vsw_port *port,
				    const struct vsw_guard_config *config,
				    unsigned long port_flags,
				    struct netlink_ext_ack *extack);
void vsw_guard_replace(struct vsw_port *port, struct vsw_guard *guard);
void vsw_guard_destroy(struct vsw_port *port);
void vsw_guard_follow(struct vsw_port *port);
void vsw_guard_set_of_switch(struct vsw_switch *sw, u32 given, u32 flags);
const struct vsw_guard_settings *vsw_guard_settings(const struct vsw_port *port);

void vsw_guard_attach(struct vsw_port *port);
void vsw_guard_follow_address(struct net_device *dev);
void vsw_guard_detach(struct vsw_port *port);

/* guard.c, the path */
bool vsw_guard_has_max_macs(const struct vsw_port *port);
bool vsw_guard_is_sticky(const struct vsw_port *port);
const struct net_device *vsw_guard_end(const struct vsw_port *port);
bool vsw_guard_may_flood(struct vsw_port *in, const struct sk_buff *skb);
bool vsw_guard_admit(struct vsw_port *in, struct sk_buff *skb, u16 vid,
		     enum vsw_drop *reason);

/* storm.c */
void vsw_storm_init(struct vsw_storm *storm, const struct vsw_storm_limit *limit);
bool vsw_storm_admit(struct vsw_storm *storm, const struct sk_buff *skb);
bool vsw_storm_would_admit(const struct vsw_storm *storm, const struct sk_buff *skb);

#endif /* _VSWITCH_GUARD_H */
