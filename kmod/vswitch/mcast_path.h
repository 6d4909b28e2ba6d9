/* SPDX-License-Identifier: GPL-2.0 */
/* What the packet path asks of multicast groups. */
#ifndef _VSWITCH_MCAST_PATH_H
#define _VSWITCH_MCAST_PATH_H

#include <linux/jiffies.h>

#include "vswitch.h"

/* mcast_rx.c */
rx_handler_result_t vsw_mcast_walk(struct vsw_port *in, struct sk_buff *skb, u16 vid);
bool vsw_mcast_member_wants(const struct vsw_mcast_member *member,
			    const struct in6_addr *source);

/* The ports of a group and those that lead to routers, each once, by their number. */
struct vsw_mcast_cursor {
	struct hlist_node *member, *router;
};

static inline struct hlist_node *vsw_mcast_next_node(const struct hlist_node *node)
{
	return rcu_dereference_raw(hlist_next_rcu(node));
}

static inline void vsw_mcast_begin(struct vsw_mcast_cursor *cursor,
				   const struct vsw_switch *sw,
				   const struct vsw_mcast_way *way)
{
	cursor->member = NULL;
	if (way->group)
		cursor->member = rcu_dereference_raw(hlist_first_rcu(&way->group->members));
	cursor->router = rcu_dereference_raw(hlist_first_rcu(&sw->mcast.routers));
}

static inline bool vsw_mcast_is_router(const struct vsw_port *port, u8 family)
{
	return READ_ONCE(port->mcast.router) == VSWITCH_MCAST_ROUTER_ON ||
	       READ_ONCE(port->mcast.router_heard[family]);
}

/* The next one, or NULL. Under RCU. */
static inline struct vsw_port *vsw_mcast_next(struct vsw_mcast_cursor *cursor,
					      const struct vsw_mcast_way *way)
{
	const struct vsw_mcast_member *member;
	struct vsw_port *port, *router;

	while (cursor->member || cursor->router) {
		member = hlist_entry_safe(cursor->member, struct vsw_mcast_member, node);
		router = hlist_entry_safe(cursor->router, struct vsw_port, mcast.router_node);
		if (!member || (router && router->number < member->port->number)) {
			cursor->router = vsw_mcast_next_node(cursor->router);
			if (vsw_mcast_is_router(router, way->family))
				return router;
			continue;
		}
		port = member->port;
		cursor->member = vsw_mcast_next_node(cursor->member);
		if (port == router)
			cursor->router = vsw_mcast_next_node(cursor->router);
		if (vsw_mcast_member_wants(member, &way->source) ||
		    (port == router && vsw_mcast_is_router(router, way->family)))
			return port;
	}
	return NULL;
}

#endif /* _VSWITCH_MCAST_PATH_H */
