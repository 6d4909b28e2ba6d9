// SPDX-License-Identifier: GPL-2.0
/*
 * The guard of a port as it is configured; guard.c is what it does.
 */
#include <linux/slab.h>

#include "vswitch.h"

/* RTNL. */
const struct vsw_guard_settings *vsw_guard_settings(const struct vsw_port *port)
{
	const struct vsw_guard *guard = rtnl_dereference(port->guard);

	return guard ? &guard->settings : &vsw_guard_default.settings;
}

static bool says_nothing(const struct vsw_guard_config *config)
{
	return !config->flags_given;
}

/*
 * What @port's guard is to be by @config when the port has @port_flags, for
 * vsw_guard_replace() or kfree(). NULL: as it was. Or an ERR_PTR. RTNL.
 */
struct vsw_guard *vsw_guard_prepare(const struct vsw_port *port,
				    const struct vsw_guard_config *config,
				    unsigned long port_flags,
				    struct netlink_ext_ack *extack)
{
	struct vsw_guard *guard;

	ASSERT_RTNL();

	if (says_nothing(config))
		return NULL;
	guard = kzalloc(sizeof(*guard), GFP_KERNEL_ACCOUNT);
	if (!guard) {
		NL_SET_ERR_MSG(extack, "no memory for the port's guard");
		return ERR_PTR(-ENOMEM);
	}
	guard->settings = *vsw_guard_settings(port);
	guard->settings.flags &= ~config->flags_given;
	guard->settings.flags |= config->settings.flags & config->flags_given;
	return guard;
}

/* Whether frames that come in by @port are to be looked at, or all may. */
static bool is_needed(const struct vsw_port *port)
{
	const struct vsw_guard_settings *settings = vsw_guard_settings(port);

	return settings->flags || port->sw->guard_flags;
}

/* The guard of @port, or what its switch says for all, has changed. RTNL. */
void vsw_guard_follow(struct vsw_port *port)
{
	unsigned long flags = port->flags & ~VSW_PORT_GUARDED;

	if (is_needed(port))
		flags |= VSW_PORT_GUARDED;
	if (flags != port->flags)
		vsw_port_set_flags(port, flags);
}

/* Change those of the flags of @sw that are @given, for all its ports. RTNL. */
void vsw_guard_set_of_switch(struct vsw_switch *sw, u32 given, u32 flags)
{
	struct vsw_port *port;

	ASSERT_RTNL();

	WRITE_ONCE(sw->guard_flags, (sw->guard_flags & ~given) | (flags & given));
	list_for_each_entry(port, &sw->port_list, list)
		vsw_guard_follow(port);
}

/* Give @port the guard @guard, which is its own then. May sleep. RTNL. */
void vsw_guard_replace(struct vsw_port *port, struct vsw_guard *guard)
{
	struct vsw_guard *was = rtnl_dereference(port->guard);
	const struct vsw_fdb_filter learned = {
		.port = port,
		.type = VSWITCH_FDB_TYPE_DYNAMIC,
		.spare_user = true,
	};
	u32 turned_on = guard->settings.flags & ~vsw_guard_settings(port)->flags;

	rcu_assign_pointer(port->guard, guard);
	vsw_guard_follow(port);
	vsw_end_epoch(port->sw);
	if ((turned_on & VSW_GUARD_LOCKED) && READ_ONCE(port->fdb_count)) {
		/* For those who still learn as before. */
		synchronize_net();
		vsw_fdb_flush(port->sw, &learned);
	}
	if (was)
		kfree_rcu(was, rcu);
}

/* Nobody reads @port any more. */
void vsw_guard_destroy(struct vsw_port *port)
{
	kfree(rcu_dereference_protected(port->guard, true));
}
