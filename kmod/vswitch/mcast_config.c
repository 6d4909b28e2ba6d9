// SPDX-License-Identifier: GPL-2.0
/*
 * What users set and see of multicast snooping: the values of switches and ports,
 * their counters, and groups by request.
 */
#include "vlan.h"

const struct vsw_mcast_config vsw_mcast_defaults = {
	.query_interval = VSWITCH_MCAST_QUERY_INTERVAL,
	.query_response_interval = VSWITCH_MCAST_QUERY_RESPONSE_INTERVAL,
	.last_member_interval = VSWITCH_MCAST_LAST_MEMBER_INTERVAL,
	.startup_query_interval = VSWITCH_MCAST_STARTUP_QUERY_INTERVAL,
	.membership_interval = VSWITCH_MCAST_MEMBERSHIP_INTERVAL,
	.querier_interval = VSWITCH_MCAST_QUERIER_INTERVAL,
	.max_groups = VSWITCH_MCAST_MAX_GROUPS,
	.last_member_count = VSWITCH_MCAST_ROBUSTNESS,
	.startup_query_count = VSWITCH_MCAST_ROBUSTNESS,
	.igmp_version = 3,
	.mld_version = 2,
	.querier = true,
};

/* Timers that run go on as they were; the next ones are of the new length. RTNL. */
void vsw_mcast_configure(struct vsw_switch *sw, const struct vsw_mcast_config *config)
{
	struct vsw_mcast *mcast = &sw->mcast;
	struct vsw_mcast_vlan *vlan;
	unsigned long vid;
	bool begin;
	int i;

	ASSERT_RTNL();

	spin_lock_bh(&mcast->lock);
	/* Queries at the new pace, and the first one now: who set it waits for it. */
	begin = config->query_interval != mcast->config.query_interval ||
		config->querier != mcast->config.querier;
	mcast->config = *config;
	if (begin) {
		xa_for_each(&mcast->vlans, vid, vlan)
			for (i = 0; i < VSW_MCAST_FAMILIES; i++)
				vlan->querier[i].next_query = jiffies;
	}
	vsw_mcast_kick(sw, jiffies);
	spin_unlock_bh(&mcast->lock);
}

/* RTNL. */
void vsw_mcast_port_configure(struct vsw_port *port,
			      const struct vsw_mcast_port_config *config)
{
	ASSERT_RTNL();

	if (config->router_given)
		vsw_mcast_set_router(port, config->router);
	if (config->fast_leave_given)
		WRITE_ONCE(port->mcast.fast_leave, config->fast_leave);
	if (config->max_groups_given)
		WRITE_ONCE(port->mcast.max_groups, config->max_groups);
}

void vsw_mcast_port_info(const struct vsw_port *port, struct vsw_mcast_port_info *info)
{
	info->router = READ_ONCE(port->mcast.router);
	info->is_router = !hlist_unhashed_lockless(&port->mcast.router_node);
	info->fast_leave = READ_ONCE(port->mcast.fast_leave);
	info->max_groups = READ_ONCE(port->mcast.max_groups);
	info->group_count = READ_ONCE(port->mcast.group_count);
}

void vsw_mcast_stats_add(struct vsw_mcast_stats *sum, const struct vsw_mcast_port *port)
{
	int i;

	for (i = 0; i < VSW_MCAST_COUNTED; i++) {
		sum->rx[i] += atomic64_read(&port->rx[i]);
		sum->tx[i] += atomic64_read(&port->tx[i]);
	}
	sum->invalid += atomic64_read(&port->invalid);
	sum->refused += atomic64_read(&port->refused);
}

/* Can a port be a member of @group? */
int vsw_mcast_check_group(const struct in6_addr *group, struct netlink_ext_ack *extack)
{
	if (!vsw_mcast_is_group(group)) {
		NL_SET_ERR_MSG(extack, "a group's address is a multicast one");
		return -EINVAL;
	}
	if (!vsw_mcast_is_pruned(group)) {
		NL_SET_ERR_MSG(extack, "groups of the link (224.0.0.0/24, ff02::/16 and below) always go to all ports");
		return -EINVAL;
	}
	return 0;
}

static int check(const struct vsw_port *port, const struct vsw_mcast_entry *entry,
		 struct netlink_ext_ack *extack)
{
	int err = vsw_mcast_check_group(&entry->key.group, extack);

	if (err)
		return err;
	if (entry->source_given && vsw_mcast_family(&entry->source) !=
				   vsw_mcast_family(&entry->key.group)) {
		NL_SET_ERR_MSG(extack, "group and source are of different families");
		return -EINVAL;
	}
	if (entry->source_given && vsw_mcast_is_group(&entry->source)) {
		NL_SET_ERR_MSG(extack, "a source's address is a unicast one");
		return -EINVAL;
	}
	if (!entry->key.vid && (port->flags & VSW_PORT_VLANS)) {
		NL_SET_ERR_MSG(extack, "the switch filters by VLAN: name the group's VLAN");
		return -EINVAL;
	}
	if (vsw_private_is_secondary(port->sw, entry->key.vid)) {
		NL_SET_ERR_MSG(extack, "that VLAN is part of a private one, whose groups are in its primary VLAN");
		return -EINVAL;
	}
	if (entry->key.vid && !(port->flags & VSW_PORT_VLANS)) {
		NL_SET_ERR_MSG(extack, "the switch does not filter by VLAN, so groups have none");
		return -EINVAL;
	}
	return 0;
}

static int add_source(struct vsw_mcast_member *member, const struct vsw_mcast_entry *entry,
		      unsigned long end, struct netlink_ext_ack *extack)
{
	struct vsw_mcast_source *source = vsw_mcast_source_find(member, &entry->source);

	if (source && source->permanent)
		goto exists;
	if (source && source->running && !entry->permanent)
		goto exists;
	if (!source)
		source = vsw_mcast_source_add(member, &entry->source);
	if (!source) {
		NL_SET_ERR_MSG(extack, "the member has as many sources as it may have, or memory is short");
		return -ENOSPC;
	}
	source->fresh = false;
	source->permanent = entry->permanent;
	WRITE_ONCE(source->expires, end);
	WRITE_ONCE(source->running, true);
	return 0;

exists:
	NL_SET_ERR_MSG(extack, "the port wants this source already");
	return -EEXIST;
}

static int add_all(struct vsw_mcast_member *member, const struct vsw_mcast_entry *entry,
		   unsigned long end, struct netlink_ext_ack *extack)
{
	if (member->permanent || (member->exclude && !entry->permanent)) {
		NL_SET_ERR_MSG(extack, "the port is a member of the group already");
		return -EEXIST;
	}
	WRITE_ONCE(member->permanent, entry->permanent);
	member->expires = end;
	WRITE_ONCE(member->exclude, true);
	return 0;
}

/* Make @port a member, for ever or for as long as if it had reported it now. RTNL. */
int vsw_mcast_entry_add(struct vsw_port *port, const struct vsw_mcast_entry *entry,
			struct netlink_ext_ack *extack)
{
	struct vsw_mcast *mcast = &port->sw->mcast;
	struct vsw_mcast_member *member;
	unsigned long end;
	int err;

	ASSERT_RTNL();

	err = check(port, entry, extack);
	if (err)
		return err;
	spin_lock_bh(&mcast->lock);
	end = jiffies + msecs_to_jiffies(mcast->config.membership_interval);
	member = vsw_mcast_join(port, &entry->key, extack);
	if (IS_ERR(member)) {
		err = PTR_ERR(member);
	} else {
		err = entry->source_given ? add_source(member, entry, end, extack) :
					    add_all(member, entry, end, extack);
		if (!member->exclude && hlist_empty(&member->sources))
			vsw_mcast_member_del(member);
		else
			vsw_mcast_tell(member);
	}
	mcast->generation++;
	vsw_mcast_kick(port->sw, end);
	spin_unlock_bh(&mcast->lock);
	return err;
}

/* @port is no member any more, or the source is one of its no more. RTNL. */
int vsw_mcast_entry_del(struct vsw_port *port, const struct vsw_mcast_entry *entry,
			struct netlink_ext_ack *extack)
{
	struct vsw_mcast *mcast = &port->sw->mcast;
	struct vsw_mcast_source *source = NULL;
	struct vsw_mcast_member *member;
	int err = 0;

	ASSERT_RTNL();

	spin_lock_bh(&mcast->lock);
	member = vsw_mcast_find_member(port, &entry->key);
	if (member && entry->source_given)
		source = vsw_mcast_source_find(member, &entry->source);
	if (!member || (entry->source_given && !source)) {
		NL_SET_ERR_MSG(extack, "the port is no member of such a group");
		err = -ENOENT;
	} else if (!source) {
		vsw_mcast_member_del(member);
	} else {
		vsw_mcast_source_del(member, source);
		if (!member->exclude && hlist_empty(&member->sources))
			vsw_mcast_member_del(member);
	}
	spin_unlock_bh(&mcast->lock);
	return err;
}
