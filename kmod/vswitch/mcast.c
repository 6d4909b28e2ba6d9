// SPDX-License-Identifier: GPL-2.0
/*
 * The data base of multicast groups: which ports want which group of which VLAN,
 * and from which sources. The path reads it under RCU; all changes are made under
 * the switch's lock for it, and what goes is freed a grace period later.
 */
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "vlan.h"

/* Groups that are looked at before others may have the lock. */
#define GROUPS_AT_ONCE	64

static const struct rhashtable_params groups_params = {
	.key_len = sizeof(struct vsw_mcast_key),
	.key_offset = offsetof(struct vsw_mcast_group, key),
	.head_offset = offsetof(struct vsw_mcast_group, hash),
	.automatic_shrinking = true,
};

/* Before anything else is known of @sw: what it has when nobody says otherwise. */
void vsw_mcast_setup(struct vsw_switch *sw)
{
	sw->mcast.config = vsw_mcast_defaults;
	spin_lock_init(&sw->mcast.lock);
	sw->mcast.order = RB_ROOT;
	INIT_HLIST_HEAD(&sw->mcast.routers);
	xa_init(&sw->mcast.vlans);
	vsw_mcast_query_init(sw);
	vsw_mcast_port_init(&sw->host);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_setup);

int vsw_mcast_init(struct vsw_switch *sw)
{
	return rhashtable_init(&sw->mcast.groups, &groups_params);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_init);

/* Nobody reads it any more. The ports are gone, and their members; the host's are left. */
void vsw_mcast_destroy(struct vsw_switch *sw)
{
	struct vsw_mcast_vlan *vlan;
	unsigned long vid;

	vsw_mcast_port_gone(&sw->host);
	xa_for_each(&sw->mcast.vlans, vid, vlan)
		kfree(vlan);
	xa_destroy(&sw->mcast.vlans);
	rhashtable_destroy(&sw->mcast.groups);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_destroy);

void vsw_mcast_port_init(struct vsw_port *port)
{
	port->mcast.router = VSWITCH_MCAST_ROUTER_AUTO;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_port_init);

/* Under RCU or the lock. */
struct vsw_mcast_group *vsw_mcast_find_group(struct vsw_switch *sw,
					     const struct vsw_mcast_key *key)
{
	return rhashtable_lookup_fast(&sw->mcast.groups, key, groups_params);
}

/* In the order in which users see them: by VLAN, then by address. */
static int compare(const struct vsw_mcast_key *a, const struct vsw_mcast_key *b)
{
	if (a->vid != b->vid)
		return a->vid < b->vid ? -1 : 1;
	return memcmp(&a->group, &b->group, sizeof(a->group));
}

/* The first group whose key is not below @key, or NULL. */
struct vsw_mcast_group *vsw_mcast_group_after(struct vsw_switch *sw,
					      const struct vsw_mcast_key *key)
{
	struct rb_node *node = sw->mcast.order.rb_node;
	struct vsw_mcast_group *group, *found = NULL;

	lockdep_assert_held(&sw->mcast.lock);

	while (node) {
		group = rb_entry(node, struct vsw_mcast_group, node);
		if (compare(&group->key, key) >= 0) {
			found = group;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

/*
 * The group behind @group, or, if that is NULL, the one at which @cursor stands, which
 * stands at what is returned then. NULL: there are no more.
 */
struct vsw_mcast_group *vsw_mcast_group_next(struct vsw_switch *sw,
					     struct vsw_mcast_dump *cursor,
					     struct vsw_mcast_group *group)
{
	if (group)
		group = rb_entry_safe(rb_next(&group->node), struct vsw_mcast_group, node);
	else
		group = vsw_mcast_group_after(sw, &cursor->key);
	if (!group)
		return NULL;
	/* The one that we stopped at is gone: this one from its start. */
	if (compare(&cursor->key, &group->key))
		cursor->number = 0;
	cursor->key = group->key;
	return group;
}

static void order_insert(struct vsw_switch *sw, struct vsw_mcast_group *group)
{
	struct rb_node **link = &sw->mcast.order.rb_node, *parent = NULL;
	struct vsw_mcast_group *other;

	while (*link) {
		parent = *link;
		other = rb_entry(parent, struct vsw_mcast_group, node);
		link = compare(&group->key, &other->key) < 0 ? &parent->rb_left :
							       &parent->rb_right;
	}
	rb_link_node(&group->node, parent, link);
	rb_insert_color(&group->node, &sw->mcast.order);
}

static struct vsw_mcast_group *group_add(struct vsw_switch *sw,
					 const struct vsw_mcast_key *key,
					 struct netlink_ext_ack *extack)
{
	struct vsw_mcast_group *group;

	if (sw->mcast.group_count >= sw->mcast.config.max_groups) {
		NL_SET_ERR_MSG(extack, "the switch has as many groups as it may have, see mcast-max-groups");
		return ERR_PTR(-ENOSPC);
	}
	group = kzalloc(sizeof(*group), GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT);
	if (!group)
		return ERR_PTR(-ENOMEM);
	group->key = *key;
	if (rhashtable_lookup_insert_fast(&sw->mcast.groups, &group->hash, groups_params)) {
		kfree(group);
		return ERR_PTR(-ENOMEM);
	}
	order_insert(sw, group);
	sw->mcast.group_count++;
	return group;
}

static void group_del(struct vsw_switch *sw, struct vsw_mcast_group *group)
{
	rhashtable_remove_fast(&sw->mcast.groups, &group->hash, groups_params);
	rb_erase(&group->node, &sw->mcast.order);
	sw->mcast.group_count--;
	kfree_rcu(group, rcu);
}

/* One more member or source, if the switch may have it: the bound on its memory. */
static bool take_record(struct vsw_mcast *mcast)
{
	if (mcast->record_count / VSW_MCAST_RECORDS >= mcast->config.max_groups)
		return false;
	mcast->record_count++;
	return true;
}

static struct vsw_mcast_member *find_in(const struct vsw_mcast_group *group,
					const struct vsw_port *port)
{
	struct vsw_mcast_member *member;

	hlist_for_each_entry(member, &group->members, node)
		if (member->port == port)
			return member;
	return NULL;
}

struct vsw_mcast_member *vsw_mcast_find_member(struct vsw_port *port,
					       const struct vsw_mcast_key *key)
{
	struct vsw_mcast_group *group = vsw_mcast_find_group(port->sw, key);

	lockdep_assert_held(&port->sw->mcast.lock);

	return group ? find_in(group, port) : NULL;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_find_member);

/* By port number, as vsw_mcast_next() needs them. */
static void link_member(struct vsw_mcast_group *group, struct vsw_mcast_member *member)
{
	struct vsw_mcast_member *other, *before = NULL;

	hlist_for_each_entry(other, &group->members, node) {
		if (other->port->number > member->port->number)
			break;
		before = other;
	}
	if (before)
		hlist_add_behind_rcu(&member->node, &before->node);
	else
		hlist_add_head_rcu(&member->node, &group->members);
}

static struct vsw_mcast_member *member_add(struct vsw_mcast_group *group,
					   struct vsw_port *port,
					   struct netlink_ext_ack *extack)
{
	struct vsw_mcast *mcast = &port->sw->mcast;
	struct vsw_mcast_member *member;

	if (port->mcast.max_groups && port->mcast.group_count >= port->mcast.max_groups) {
		NL_SET_ERR_MSG(extack, "the port has as many groups as it may have, see mcast-max-groups");
		return ERR_PTR(-ENOSPC);
	}
	if (!take_record(mcast)) {
		NL_SET_ERR_MSG(extack, "the switch has as many members of groups as it may have, see mcast-max-groups");
		return ERR_PTR(-ENOSPC);
	}
	member = kzalloc(sizeof(*member), GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT);
	if (!member) {
		mcast->record_count--;
		return ERR_PTR(-ENOMEM);
	}
	member->port = port;
	member->group = group;
	link_member(group, member);
	port->mcast.group_count++;
	mcast->generation++;
	return member;
}

/*
 * @port as a member of the group of @key: the one that it is, or a new one that
 * wants no source yet. Or an ERR_PTR. The lock is held.
 */
struct vsw_mcast_member *vsw_mcast_join(struct vsw_port *port,
					const struct vsw_mcast_key *key,
					struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw = port->sw;
	struct vsw_mcast_member *member;
	struct vsw_mcast_group *group;

	lockdep_assert_held(&sw->mcast.lock);

	group = vsw_mcast_find_group(sw, key);
	member = group ? find_in(group, port) : NULL;
	if (member)
		return member;
	if (!group)
		group = group_add(sw, key, extack);
	if (IS_ERR(group))
		return ERR_CAST(group);
	member = member_add(group, port, extack);
	if (IS_ERR(member) && hlist_empty(&group->members))
		group_del(sw, group);
	return member;
}

/* Those who listen are to know what @member is now. The lock is held. */
void vsw_mcast_tell(struct vsw_mcast_member *member)
{
	if (member->told && member->told_exclude == member->exclude &&
	    member->told_permanent == member->permanent)
		return;
	member->told = true;
	member->told_exclude = member->exclude;
	member->told_permanent = member->permanent;
	vsw_event_mdb(member, VSWITCH_CMD_MDB_NEW_NTF);
}

/* And its group with it, if it was the last one. */
void vsw_mcast_member_del(struct vsw_mcast_member *member)
{
	struct vsw_port *port = member->port;
	struct vsw_mcast *mcast = &port->sw->mcast;
	struct vsw_mcast_group *group = member->group;
	struct vsw_mcast_source *source;
	struct hlist_node *next;

	lockdep_assert_held(&mcast->lock);

	if (member->told)
		vsw_event_mdb(member, VSWITCH_CMD_MDB_DEL_NTF);
	hlist_del_rcu(&member->node);
	hlist_for_each_entry_safe(source, next, &member->sources, node)
		vsw_mcast_source_del(member, source);
	port->mcast.group_count--;
	mcast->record_count--;
	mcast->generation++;
	kfree_rcu(member, rcu);
	if (hlist_empty(&group->members))
		group_del(port->sw, group);
}

struct vsw_mcast_source *vsw_mcast_source_find(const struct vsw_mcast_member *member,
					       const struct in6_addr *address)
{
	struct vsw_mcast_source *source;

	hlist_for_each_entry(source, &member->sources, node)
		if (ipv6_addr_equal(&source->address, address))
			return source;
	return NULL;
}

/* A new one, which is not wanted yet; NULL: there are too many, or there is no memory. */
struct vsw_mcast_source *vsw_mcast_source_add(struct vsw_mcast_member *member,
					      const struct in6_addr *address)
{
	struct vsw_mcast *mcast = &member->port->sw->mcast;
	struct vsw_mcast_source *source;

	lockdep_assert_held(&mcast->lock);

	if (member->source_count >= VSW_MCAST_MAX_SOURCES || !take_record(mcast))
		return NULL;
	source = kzalloc(sizeof(*source), GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT);
	if (!source) {
		mcast->record_count--;
		return NULL;
	}
	source->address = *address;
	source->fresh = true;
	hlist_add_head_rcu(&source->node, &member->sources);
	member->source_count++;
	mcast->generation++;
	return source;
}

void vsw_mcast_source_del(struct vsw_mcast_member *member,
			  struct vsw_mcast_source *source)
{
	struct vsw_mcast *mcast = &member->port->sw->mcast;

	lockdep_assert_held(&mcast->lock);

	hlist_del_rcu(&source->node);
	member->source_count--;
	mcast->record_count--;
	mcast->generation++;
	kfree_rcu(source, rcu);
}

/* What of @member was not asked for by a user goes, or all of it. */
static void strip(struct vsw_mcast_member *member, bool all)
{
	struct vsw_mcast_source *source;
	struct hlist_node *next;
	bool keep = member->permanent;

	hlist_for_each_entry_safe(source, next, &member->sources, node) {
		if (source->permanent)
			keep = true;
		else
			vsw_mcast_source_del(member, source);
	}
	if (all || !keep) {
		vsw_mcast_member_del(member);
		return;
	}
	member->exclude = member->permanent;
	member->queries = 0;
	member->old_version = 0;
	vsw_mcast_tell(member);
}

/*
 * The group behind the one of @key, or NULL. Once in a while others may have the lock
 * first, which may sleep: what is added meanwhile before @key is not seen.
 */
static struct vsw_mcast_group *group_behind(struct vsw_switch *sw, struct vsw_mcast_key *key,
					    unsigned int *seen)
{
	struct vsw_mcast_group *group;

	if (!(++*seen % GROUPS_AT_ONCE)) {
		spin_unlock_bh(&sw->mcast.lock);
		cond_resched();
		spin_lock_bh(&sw->mcast.lock);
	}
	group = vsw_mcast_group_after(sw, key);
	if (group && !compare(&group->key, key))
		group = rb_entry_safe(rb_next(&group->node), struct vsw_mcast_group, node);
	if (group)
		*key = group->key;
	return group;
}

/*
 * Likewise of all members of @port, or of all ports if that is NULL, of VLAN @vid or of
 * all if that is not one. How many members and sources went.
 */
u32 vsw_mcast_flush(struct vsw_switch *sw, const struct vsw_port *port, u32 vid, bool all)
{
	struct vsw_mcast_member *member;
	struct vsw_mcast_group *group;
	struct vsw_mcast_key key = {};
	struct hlist_node *tmp;
	unsigned int seen = 0;
	u32 before, gone = 0;

	spin_lock_bh(&sw->mcast.lock);
	while ((group = group_behind(sw, &key, &seen))) {
		if (vid < VLAN_N_VID && group->key.vid != vid)
			continue;
		before = sw->mcast.record_count;
		/* The last one that goes takes the group with it. */
		hlist_for_each_entry_safe(member, tmp, &group->members, node)
			if (!port || member->port == port)
				strip(member, all);
		gone += before - sw->mcast.record_count;
	}
	spin_unlock_bh(&sw->mcast.lock);
	return gone;
}

/* Whether users have made a member of a group of VLAN @vid. May sleep. RTNL. */
bool vsw_mcast_has_permanent(struct vsw_switch *sw, u16 vid)
{
	const struct vsw_mcast_source *source;
	const struct vsw_mcast_member *member;
	const struct vsw_mcast_group *group;
	struct vsw_mcast_key key = { .vid = vid };
	unsigned int seen = 0;
	bool found = false;

	spin_lock_bh(&sw->mcast.lock);
	while (!found && (group = group_behind(sw, &key, &seen)) && group->key.vid == vid) {
		hlist_for_each_entry(member, &group->members, node) {
			found |= member->permanent;
			hlist_for_each_entry(source, &member->sources, node)
				found |= source->permanent;
		}
	}
	spin_unlock_bh(&sw->mcast.lock);
	return found;
}

/* What is known of what is behind @port, beside groups. */
static void forget_port(struct vsw_port *port)
{
	spin_lock_bh(&port->sw->mcast.lock);
	memset(port->mcast.router_heard, 0, sizeof(port->mcast.router_heard));
	vsw_mcast_router_update(port);
	if (port->mcast.startup)
		port->sw->mcast.startup_count--;
	port->mcast.startup = 0;
	spin_unlock_bh(&port->sw->mcast.lock);
}

/* @port forwards from now on: who is behind it has not been asked yet. RTNL. */
void vsw_mcast_port_up(struct vsw_port *port)
{
	struct vsw_mcast *mcast = &port->sw->mcast;

	ASSERT_RTNL();

	spin_lock_bh(&mcast->lock);
	vsw_mcast_query_follow(port);
	if (port->mcast.startup)
		mcast->startup_count--;
	port->mcast.startup = mcast->config.startup_query_count;
	if (port->mcast.startup)
		mcast->startup_count++;
	port->mcast.next_query = jiffies;
	vsw_mcast_kick(port->sw, jiffies);
	spin_unlock_bh(&mcast->lock);
}

/*
 * @port forwards no more, and so learns no more: what was behind it may come back
 * elsewhere. What users asked for stays. RTNL.
 */
void vsw_mcast_port_down(struct vsw_port *port)
{
	ASSERT_RTNL();

	forget_port(port);
	if (READ_ONCE(port->mcast.group_count))
		vsw_mcast_flush(port->sw, port, VLAN_N_VID, false);
	vsw_mcast_query_port_gone(port);
}

/* @port forwards no more and is on its way out. */
void vsw_mcast_port_gone(struct vsw_port *port)
{
	port->mcast.router = VSWITCH_MCAST_ROUTER_OFF;
	forget_port(port);
	vsw_mcast_flush(port->sw, port, VLAN_N_VID, true);
	vsw_mcast_query_port_gone(port);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_mcast_port_gone);

static void mark_ports(struct vsw_switch *sw, bool on)
{
	struct vsw_port *port;

	vsw_port_set_flags(&sw->host, on ? sw->host.flags | VSW_PORT_SNOOPED :
					   sw->host.flags & ~VSW_PORT_SNOOPED);
	list_for_each_entry(port, &sw->port_list, list)
		vsw_port_set_flags(port, on ? port->flags | VSW_PORT_SNOOPED :
					      port->flags & ~VSW_PORT_SNOOPED);
}

static void forget_all(struct vsw_switch *sw)
{
	struct vsw_port *port;

	vsw_mcast_flush(sw, NULL, VLAN_N_VID, false);
	forget_port(&sw->host);
	list_for_each_entry(port, &sw->port_list, list)
		forget_port(port);
}

/* Off, what was learned is forgotten; what users asked for stays. May sleep. RTNL. */
void vsw_mcast_set_snooping(struct vsw_switch *sw, bool on)
{
	ASSERT_RTNL();

	if (on == sw->mcast.on)
		return;
	spin_lock_bh(&sw->mcast.lock);
	sw->mcast.on = on;
	spin_unlock_bh(&sw->mcast.lock);
	mark_ports(sw, on);
	if (on) {
		vsw_mcast_query_start(sw);
		return;
	}
	vsw_mcast_query_stop(sw);
	forget_all(sw);
}

/*
 * Frames belong to VLANs from now on, or no more: what was learned is of the other
 * kind, and so is who asks. RTNL.
 */
void vsw_mcast_follow_filtering(struct vsw_switch *sw)
{
	ASSERT_RTNL();

	if (!sw->mcast.on)
		return;
	vsw_mcast_query_stop(sw);
	forget_all(sw);
	vsw_mcast_query_start(sw);
}

/* @port is a member of other VLANs now: what was learned of those that it left goes. RTNL. */
void vsw_mcast_follow_vlans(struct vsw_port *port)
{
	struct vsw_mcast *mcast = &port->sw->mcast;
	struct vsw_mcast_member *member;
	struct vsw_mcast_key key = {};
	struct vsw_mcast_group *group;
	unsigned int seen = 0;

	ASSERT_RTNL();

	if (!mcast->on || !(port->flags & VSW_PORT_VLANS))
		return;
	spin_lock_bh(&mcast->lock);
	vsw_mcast_query_follow(port);
	while ((group = group_behind(port->sw, &key, &seen))) {
		member = find_in(group, port);
		if (member && !vsw_vlan_is_in(port, group->key.vid))
			strip(member, false);
	}
	spin_unlock_bh(&mcast->lock);
}
