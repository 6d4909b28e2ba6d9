// SPDX-License-Identifier: GPL-2.0
/*
 * Which ports lead to multicast routers (RFC 4541 2.1.1 (1)): those from which
 * queries, hellos of PIM or advertisements (RFC 4286) come, and those of which a
 * user says so. They get what hosts report, and all groups.
 */
#include "vswitch.h"

static bool is_router(const struct vsw_port *port)
{
	return port->mcast.router == VSWITCH_MCAST_ROUTER_ON ||
	       port->mcast.router_heard[VSW_MCAST_V4] ||
	       port->mcast.router_heard[VSW_MCAST_V6];
}

/* By port number, as vsw_mcast_next() needs them. */
static void link_router(struct hlist_head *routers, struct vsw_port *port)
{
	struct vsw_port *other, *before = NULL;

	hlist_for_each_entry(other, routers, mcast.router_node) {
		if (other->number > port->number)
			break;
		before = other;
	}
	if (before)
		hlist_add_behind_rcu(&port->mcast.router_node, &before->mcast.router_node);
	else
		hlist_add_head_rcu(&port->mcast.router_node, routers);
}

/*
 * Put @port on the list or take it off, as it says itself. Its place there is the
 * same each time, so a reader who is at it may go on from it all the same.
 */
void vsw_mcast_router_update(struct vsw_port *port)
{
	struct vsw_mcast *mcast = &port->sw->mcast;
	bool was = !hlist_unhashed(&port->mcast.router_node);

	lockdep_assert_held(&mcast->lock);

	if (is_router(port) == was)
		return;
	if (was)
		hlist_del_init_rcu(&port->mcast.router_node);
	else
		link_router(&mcast->routers, port);
	mcast->generation++;
}

/* @port leads to a router, for as long as a querier is believed to be there. */
void vsw_mcast_router_heard(struct vsw_port *port, enum vsw_mcast_family family)
{
	const struct vsw_mcast_config *config = &port->sw->mcast.config;
	unsigned long until = jiffies + msecs_to_jiffies(config->querier_interval);

	lockdep_assert_held(&port->sw->mcast.lock);

	if (port->mcast.router != VSWITCH_MCAST_ROUTER_AUTO &&
	    port->mcast.router != VSWITCH_MCAST_ROUTER_TEMP)
		return;
	port->mcast.router_until[family] = until;
	WRITE_ONCE(port->mcast.router_heard[family], true);
	vsw_mcast_router_update(port);
	vsw_mcast_kick(port->sw, until);
}

/* What a user says of it. RTNL. */
void vsw_mcast_set_router(struct vsw_port *port, u8 mode)
{
	struct vsw_mcast *mcast = &port->sw->mcast;

	ASSERT_RTNL();

	spin_lock_bh(&mcast->lock);
	if (mode != port->mcast.router)
		memset(port->mcast.router_heard, 0, sizeof(port->mcast.router_heard));
	WRITE_ONCE(port->mcast.router, mode);
	/* Nor is the querier that was heard there one any more. */
	if (mode == VSWITCH_MCAST_ROUTER_OFF)
		vsw_mcast_query_forget(port);
	/* A router as if it had been heard now, and then no other way. */
	if (mode == VSWITCH_MCAST_ROUTER_TEMP) {
		vsw_mcast_router_heard(port, VSW_MCAST_V4);
		vsw_mcast_router_heard(port, VSW_MCAST_V6);
	}
	vsw_mcast_router_update(port);
	spin_unlock_bh(&mcast->lock);
}

/* Those of whom nothing was heard for long are none. When the next one is due, or @due. */
unsigned long vsw_mcast_router_expire(struct vsw_switch *sw, unsigned long due)
{
	struct hlist_node *next;
	struct vsw_port *port;
	int i;

	lockdep_assert_held(&sw->mcast.lock);

	hlist_for_each_entry_safe(port, next, &sw->mcast.routers, mcast.router_node) {
		for (i = 0; i < VSW_MCAST_FAMILIES; i++) {
			if (!port->mcast.router_heard[i])
				continue;
			if (time_after_eq(jiffies, port->mcast.router_until[i]))
				WRITE_ONCE(port->mcast.router_heard[i], false);
			else if (time_before(port->mcast.router_until[i], due))
				due = port->mcast.router_until[i];
		}
		if (port->mcast.router == VSWITCH_MCAST_ROUTER_TEMP && !is_router(port))
			WRITE_ONCE(port->mcast.router, VSWITCH_MCAST_ROUTER_AUTO);
		vsw_mcast_router_update(port);
	}
	return due;
}
