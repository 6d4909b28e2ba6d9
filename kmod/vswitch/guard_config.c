// SPDX-License-Identifier: GPL-2.0
/*
 * The guard of a port as it is configured; guard.c is what it does.
 */
#include <linux/slab.h>

#include "peer.h"
#include "vswitch.h"

/* RTNL. */
const struct vsw_guard_settings *vsw_guard_settings(const struct vsw_port *port)
{
	const struct vsw_guard *guard = rtnl_dereference(port->guard);

	return guard ? &guard->settings : &vsw_guard_default.settings;
}

static bool says_nothing(const struct vsw_guard_config *config)
{
	return !config->flags_given && !config->max_macs_given &&
	       !config->violation_given && !config->storms_given;
}

static void apply(struct vsw_guard_settings *settings, const struct vsw_guard_config *config)
{
	int i;

	settings->flags &= ~config->flags_given;
	settings->flags |= config->settings.flags & config->flags_given;
	if (config->max_macs_given)
		settings->max_macs = config->settings.max_macs;
	if (config->violation_given)
		settings->violation = config->settings.violation;
	for (i = 0; i < VSW_STORM_KINDS; i++)
		if (config->storms_given & BIT(i))
			settings->storm[i] = config->settings.storm[i];
}

/* As the bridge has it: who learns nothing can't make known who wants in. */
static int check(const struct vsw_port *port, const struct vsw_guard_settings *settings,
		 const struct vsw_guard_config *config, unsigned long port_flags,
		 struct netlink_ext_ack *extack)
{
	const u32 of_end = VSW_GUARD_MAC_CHANGES | VSW_GUARD_FORGED;
	int i;

	if ((settings->flags & of_end) && !vsw_guard_end(port)) {
		NL_SET_ERR_MSG_ATTR(extack, config->policy_attr,
				    "only of a vnic and of an end of a veth pair it is known which MAC is behind it");
		return -EOPNOTSUPP;
	}
	for (i = 0; i < VSW_STORM_KINDS; i++) {
		if (settings->storm[i].pps && settings->storm[i].kbps) {
			NL_SET_ERR_MSG_ATTR(extack, config->storm_attrs[i],
					    "a storm limit is in packets or in bits, not in both");
			return -ERANGE;
		}
	}
	if (!(settings->flags & VSW_GUARD_MAB))
		return 0;
	if (!(settings->flags & VSW_GUARD_LOCKED)) {
		NL_SET_ERR_MSG_ATTR(extack, config->mab_attr ?: config->locked_attr,
				    "mab needs a port that is locked");
		return -EINVAL;
	}
	if (!(port_flags & VSW_PORT_LEARNING)) {
		NL_SET_ERR_MSG_ATTR(extack, config->learning_attr ?: config->mab_attr,
				    "mab needs a port that learns");
		return -EINVAL;
	}
	return 0;
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
	struct vsw_guard_settings settings = *vsw_guard_settings(port);
	struct vsw_guard *guard;
	int err, i;

	ASSERT_RTNL();

	apply(&settings, config);
	err = check(port, &settings, config, port_flags, extack);
	if (err)
		return ERR_PTR(err);
	if (says_nothing(config))
		return NULL;
	guard = kzalloc(sizeof(*guard), GFP_KERNEL_ACCOUNT);
	if (!guard) {
		NL_SET_ERR_MSG(extack, "no memory for the port's guard");
		return ERR_PTR(-ENOMEM);
	}
	guard->settings = settings;
	for (i = 0; i < VSW_STORM_KINDS; i++)
		vsw_storm_init(&guard->storm[i], &settings.storm[i]);
	return guard;
}

static bool has_storm_limit(const struct vsw_guard_settings *settings)
{
	return memchr_inv(settings->storm, 0, sizeof(settings->storm));
}

/* Whether frames that come in by @port are to be looked at, or all may. */
static bool is_needed(const struct vsw_port *port)
{
	const struct vsw_guard_settings *settings = vsw_guard_settings(port);

	return ((settings->flags | port->sw->guard_flags) & ~VSW_GUARD_NOT_IN) ||
	       settings->max_macs ||
	       port->sw->sticky_ports || has_storm_limit(settings);
}

/* Whether @port's policy is @flag, of its own or its switch's. */
static bool has_policy(const struct vsw_port *port, u32 flag, u32 no_flag)
{
	u32 own = vsw_guard_settings(port)->flags;

	return (own & flag) || (!(own & no_flag) && (port->sw->guard_flags & flag));
}

/* Whether nothing is to be sent to who is behind @port. */
static bool is_cut_off(const struct vsw_port *port)
{
	const struct net_device *end = vsw_guard_end(port);

	return end && port->guard_attached &&
	       has_policy(port, VSW_GUARD_MAC_CHANGES, VSW_GUARD_NO_MAC_CHANGES) &&
	       !ether_addr_equal(end->dev_addr, port->initial);
}

static void set_promiscuous(struct vsw_port *port, bool on)
{
	struct vsw_switch *sw = port->sw;

	if (port->promiscuous == on)
		return;
	WRITE_ONCE(port->promiscuous, on);
	WRITE_ONCE(sw->promiscuous_ports, sw->promiscuous_ports + (on ? 1 : -1));
	/* All ports have to look for it: when there is the first one, and no more. */
	if (sw->promiscuous_ports == on)
		list_for_each_entry(port, &sw->port_list, list)
			vsw_guard_follow(port);
}

/* The guard of @port, or what its switch says for all, has changed. RTNL. */
void vsw_guard_follow(struct vsw_port *port)
{
	unsigned long flags = port->flags & ~(VSW_PORT_GUARDED | VSW_PORT_GUARDED_OUT);

	if (port->guard_attached)
		set_promiscuous(port, has_policy(port, VSW_GUARD_PROMISC,
						 VSW_GUARD_NO_PROMISC));
	if (is_needed(port) || port->sw->promiscuous_ports)
		flags |= VSW_PORT_GUARDED;
	if (is_cut_off(port))
		flags |= VSW_PORT_GUARDED_OUT;
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

/* What is sticky on one port concerns all of them. */
static void count_sticky(struct vsw_switch *sw, int by)
{
	bool were = sw->sticky_ports;
	struct vsw_port *port;

	WRITE_ONCE(sw->sticky_ports, sw->sticky_ports + by);
	if (were == !!sw->sticky_ports)
		return;
	list_for_each_entry(port, &sw->port_list, list)
		vsw_guard_follow(port);
}

static bool is_sticky(const struct vsw_port *port)
{
	return vsw_guard_settings(port)->flags & VSW_GUARD_STICKY;
}

/* @port, which others can see now, may have a guard already. RTNL. */
void vsw_guard_attach(struct vsw_port *port)
{
	const struct net_device *end = vsw_guard_end(port);

	port->guard_attached = true;
	if (end)
		ether_addr_copy(port->initial, end->dev_addr);
	if (is_sticky(port))
		count_sticky(port->sw, 1);
	vsw_guard_follow(port);
}

/* It is not among the switch's ports any more. RTNL. */
void vsw_guard_detach(struct vsw_port *port)
{
	port->guard_attached = false;
	set_promiscuous(port, false);
	if (is_sticky(port))
		count_sticky(port->sw, -1);
}

/* What the table has of @port is to be as its guard, which had the flags @was, says now. */
static void follow_in_table(struct vsw_port *port, u32 was)
{
	struct vsw_fdb_filter filter = {
		.port = port,
		.type = VSWITCH_FDB_TYPE_DYNAMIC,
	};
	u32 now = vsw_guard_settings(port)->flags, changed = was ^ now;

	if (!(changed & (VSW_GUARD_LOCKED | VSW_GUARD_MAB | VSW_GUARD_STICKY)) ||
	    !port->guard_attached)
		return;
	/* For those who still learn as before. */
	synchronize_net();
	if (changed & was & VSW_GUARD_MAB) {
		filter.locked = true;
		vsw_fdb_flush(port->sw, &filter);
	}
	if (changed & VSW_GUARD_STICKY)
		vsw_fdb_set_sticky(port, now & VSW_GUARD_STICKY);
	if (changed & now & VSW_GUARD_LOCKED) {
		filter.locked = false;
		filter.spare_user = true;
		vsw_fdb_flush(port->sw, &filter);
	}
}

/* Give @port the guard @guard, which is its own then. May sleep. RTNL. */
void vsw_guard_replace(struct vsw_port *port, struct vsw_guard *guard)
{
	struct vsw_guard *was = rtnl_dereference(port->guard);
	u32 flags = vsw_guard_settings(port)->flags;
	int sticky = -is_sticky(port);

	ASSERT_RTNL();

	rcu_assign_pointer(port->guard, guard);
	sticky += is_sticky(port);
	if (sticky && port->guard_attached)
		count_sticky(port->sw, sticky);
	vsw_guard_follow(port);
	vsw_end_epoch(port->sw);
	follow_in_table(port, flags);
	if (was)
		kfree_rcu(was, rcu);
}

/* @dev, of whatever kind, has another MAC: who is behind a port may be no more. RTNL. */
void vsw_guard_follow_address(struct net_device *dev)
{
	struct net_device *other = vsw_peer_of(dev);
	struct vsw_port *port;

	port = vsw_port_get_rtnl(vsw_is_vnic(dev) ? dev : other ?: dev);
	if (port)
		vsw_guard_follow(port);
}

/* Nobody reads @port any more. */
void vsw_guard_destroy(struct vsw_port *port)
{
	kfree(rcu_dereference_protected(port->guard, true));
}
