// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of the multicast groups: mdb-new, -del, -get, -flush.
 */
#include "netlink.h"

static u32 remaining(unsigned long expires)
{
	return time_before(jiffies, expires) ? jiffies_to_msecs(expires - jiffies) : 0;
}

static int put_source(struct sk_buff *skb, const struct vsw_mcast_source *source)
{
	struct nlattr *nest = nla_nest_start(skb, VSWITCH_A_MDB_ENTRY_SOURCE);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_in6_addr(skb, VSWITCH_A_MDB_SOURCE_ADDRESS, &source->address) ||
	    (source->running && !source->permanent &&
	     nla_put_u32(skb, VSWITCH_A_MDB_SOURCE_TIMER, remaining(source->expires))) ||
	    nla_put_u8(skb, VSWITCH_A_MDB_SOURCE_PERMANENT, source->permanent) ||
	    nla_put_u8(skb, VSWITCH_A_MDB_SOURCE_BLOCKED, !source->running)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* The lock of the groups is held, and RTNL. */
static int fill_member(struct sk_buff *skb, const void *object)
{
	const struct vsw_mcast_member *member = object;
	const struct vsw_mcast_key *key = &member->group->key;
	const struct vsw_port *port = member->port;
	const struct vsw_mcast_source *source;
	bool permanent = member->permanent;

	if (nla_put_u32(skb, VSWITCH_A_MDB_SWITCH_IFINDEX, port->sw->dev->ifindex) ||
	    nla_put_string(skb, VSWITCH_A_MDB_SWITCH_NAME, port->sw->dev->name) ||
	    nla_put_u32(skb, VSWITCH_A_MDB_PORT_IFINDEX, port->dev->ifindex) ||
	    nla_put_string(skb, VSWITCH_A_MDB_PORT_NAME, port->dev->name) ||
	    nla_put_u32(skb, VSWITCH_A_MDB_PORT_NUMBER, port->number) ||
	    (port->alias &&
	     nla_put_string(skb, VSWITCH_A_MDB_PORT_ALIAS, port->alias)) ||
	    nla_put_in6_addr(skb, VSWITCH_A_MDB_GROUP, &key->group) ||
	    (key->vid && nla_put_u16(skb, VSWITCH_A_MDB_VLAN, key->vid)) ||
	    nla_put_u8(skb, VSWITCH_A_MDB_FILTER, member->exclude ?
		       VSWITCH_MCAST_FILTER_EXCLUDE : VSWITCH_MCAST_FILTER_INCLUDE) ||
	    (member->exclude && !permanent &&
	     nla_put_u32(skb, VSWITCH_A_MDB_TIMER, remaining(member->expires))))
		return -EMSGSIZE;
	hlist_for_each_entry(source, &member->sources, node) {
		permanent |= source->permanent;
		if (put_source(skb, source))
			return -EMSGSIZE;
	}
	return nla_put_u8(skb, VSWITCH_A_MDB_PERMANENT, permanent);
}

int vsw_nl_fill_mdb_info(struct sk_buff *skb, const struct vsw_mdb_info *info)
{
	if (nla_put_u32(skb, VSWITCH_A_MDB_SWITCH_IFINDEX, info->switch_ifindex) ||
	    nla_put_string(skb, VSWITCH_A_MDB_SWITCH_NAME, info->switch_name) ||
	    nla_put_u32(skb, VSWITCH_A_MDB_PORT_IFINDEX, info->port_ifindex) ||
	    nla_put_string(skb, VSWITCH_A_MDB_PORT_NAME, info->port_name) ||
	    nla_put_u32(skb, VSWITCH_A_MDB_PORT_NUMBER, info->port_number) ||
	    nla_put_in6_addr(skb, VSWITCH_A_MDB_GROUP, &info->key.group) ||
	    (info->key.vid && nla_put_u16(skb, VSWITCH_A_MDB_VLAN, info->key.vid)) ||
	    nla_put_u8(skb, VSWITCH_A_MDB_FILTER, info->exclude ?
		       VSWITCH_MCAST_FILTER_EXCLUDE : VSWITCH_MCAST_FILTER_INCLUDE) ||
	    nla_put_u8(skb, VSWITCH_A_MDB_PERMANENT, info->permanent))
		return -EMSGSIZE;
	return 0;
}

static const struct vsw_nl_place_attrs place_attrs = VSW_NL_PLACE_ATTRS(MDB);

/* The member that a request is about, for whose port there must be one. */
static int get_entry(struct genl_info *info, struct vsw_nl_place *place,
		     struct vsw_mcast_entry *entry)
{
	struct nlattr **attrs = info->attrs;
	int err;

	memset(entry, 0, sizeof(*entry));
	if (!attrs[VSWITCH_A_MDB_GROUP])
		return vsw_nl_missing(info, VSWITCH_A_MDB_GROUP, "name a multicast group");
	err = vsw_nl_find_needed_place(info, &place_attrs, place);
	if (err)
		return err;
	if (!place->port)
		return vsw_nl_missing(info, VSWITCH_A_MDB_PORT_IFINDEX,
				      "name the port, by ifindex or name");
	entry->key.group = nla_get_in6_addr(attrs[VSWITCH_A_MDB_GROUP]);
	if (attrs[VSWITCH_A_MDB_VLAN])
		entry->key.vid = nla_get_u16(attrs[VSWITCH_A_MDB_VLAN]);
	entry->source_given = attrs[VSWITCH_A_MDB_SOURCE];
	if (entry->source_given)
		entry->source = nla_get_in6_addr(attrs[VSWITCH_A_MDB_SOURCE]);
	return 0;
}

/* What is wrong was said by the core; whose fault it is follows from what was given. */
static int blame(struct genl_info *info, int err)
{
	if (err && err != -ENOMEM && info->extack && !info->extack->bad_attr)
		NL_SET_BAD_ATTR(info->extack, info->attrs[VSWITCH_A_MDB_SOURCE] ?:
				info->attrs[VSWITCH_A_MDB_GROUP]);
	return err;
}

static int add_member(struct genl_info *info)
{
	struct nlattr *permanent = info->attrs[VSWITCH_A_MDB_PERMANENT];
	struct vsw_mcast_entry entry;
	struct vsw_nl_place place;
	int err;

	err = get_entry(info, &place, &entry);
	if (err)
		return err;
	entry.permanent = permanent && nla_get_u8(permanent);
	return blame(info, vsw_mcast_entry_add(place.port, &entry, info->extack));
}

int vswitch_nl_mdb_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, add_member);
}

static int del_member(struct genl_info *info)
{
	struct vsw_mcast_entry entry;
	struct vsw_nl_place place;
	int err;

	err = get_entry(info, &place, &entry);
	if (err)
		return err;
	return blame(info, vsw_mcast_entry_del(place.port, &entry, info->extack));
}

int vswitch_nl_mdb_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, del_member);
}

static int get_member(struct genl_info *info)
{
	struct vsw_mcast_member *member;
	struct vsw_mcast_entry entry;
	struct sk_buff *reply;
	struct vsw_nl_place place;
	void *header;
	int err;

	err = get_entry(info, &place, &entry);
	if (err)
		return err;
	reply = vsw_nl_reply_alloc();
	if (!reply)
		return -ENOMEM;
	header = genlmsg_put_reply(reply, info, &vsw_nl_family, 0, VSWITCH_CMD_MDB_GET);
	spin_lock_bh(&place.sw->mcast.lock);
	member = vsw_mcast_find_member(place.port, &entry.key);
	err = !member ? -ENOENT : header ? fill_member(reply, member) : -EMSGSIZE;
	spin_unlock_bh(&place.sw->mcast.lock);
	if (err == -ENOENT)
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSWITCH_A_MDB_GROUP],
				    "the port is no member of such a group");
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

int vswitch_nl_mdb_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_read(info, get_member);
}

static int fill_flushed(struct sk_buff *skb, const void *object)
{
	const u32 *flushed = object;

	return nla_put_u32(skb, VSWITCH_A_MDB_FLUSHED, *flushed);
}

static int flush(struct genl_info *info)
{
	struct nlattr *permanent = info->attrs[VSWITCH_A_MDB_PERMANENT];
	struct nlattr *vid = info->attrs[VSWITCH_A_MDB_VLAN];
	struct sk_buff *reply;
	struct vsw_nl_place place;
	u32 flushed;
	int err;

	err = vsw_nl_find_needed_place(info, &place_attrs, &place);
	if (err)
		return err;
	reply = vsw_nl_reply_alloc();
	if (!reply)
		return -ENOMEM;
	flushed = vsw_mcast_flush(place.sw, place.port, vid ? nla_get_u16(vid) : VLAN_N_VID,
				  permanent && nla_get_u8(permanent));
	vsw_nl_reply_send(info, reply, VSWITCH_CMD_MDB_FLUSH, fill_flushed, &flushed);
	return 0;
}

int vswitch_nl_mdb_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, flush);
}

/* Where a dump goes on: in this switch. */
struct cursor {
	unsigned long ifindex;
	struct vsw_mcast_dump at;
};

static bool wanted(const struct vsw_mcast_member *member, const struct vsw_nl_place *place,
		   struct nlattr **attrs)
{
	const struct nlattr *group = attrs[VSWITCH_A_MDB_GROUP];
	const struct nlattr *vid = attrs[VSWITCH_A_MDB_VLAN];

	if (place->port && member->port != place->port)
		return false;
	if (vid && member->group->key.vid != nla_get_u16(vid))
		return false;
	return !group || !memcmp(nla_data(group), &member->group->key.group,
				 sizeof(struct in6_addr));
}

static int dump_group(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct vsw_mcast_group *group, const struct vsw_nl_place *place,
		      u32 *number)
{
	const struct vsw_mcast_member *member;
	int err;

	hlist_for_each_entry(member, &group->members, node) {
		if (member->port->number < *number ||
		    !wanted(member, place, vsw_genl_dump_attrs(cb)))
			continue;
		*number = member->port->number;
		err = vsw_nl_dump_one(skb, cb, VSWITCH_CMD_MDB_GET, fill_member, member);
		if (err)
			return err;
	}
	*number = 0;
	return 0;
}

/* Groups of @sw from the one of @cursor on. */
static int dump_switch(struct sk_buff *skb, struct netlink_callback *cb,
		       struct vsw_switch *sw, const struct vsw_nl_place *place,
		       struct vsw_mcast_dump *cursor)
{
	struct vsw_mcast_group *group = NULL;
	int err = 0;

	spin_lock_bh(&sw->mcast.lock);
	while (!err && (group = vsw_mcast_group_next(sw, cursor, group)))
		err = dump_group(skb, cb, group, place, &cursor->number);
	spin_unlock_bh(&sw->mcast.lock);
	return err;
}

/* A dump of what can't be there says so, instead of being empty. */
static int check_filter(struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	struct nlattr *attr = attrs[VSWITCH_A_MDB_GROUP];
	struct in6_addr group;
	int err;

	if (!attr)
		return 0;
	group = nla_get_in6_addr(attr);
	err = vsw_mcast_check_group(&group, extack);
	if (err)
		NL_SET_BAD_ATTR(extack, attr);
	return err;
}

/* What a dump depends on has changed when this has. It is never 0, as netlink wants it. */
static unsigned int generation(struct net *net, const struct vsw_switch *only)
{
	unsigned int sum = vsw_net(net)->generation;
	const struct vsw_switch *sw;
	unsigned long ifindex;

	xa_for_each(&vsw_net(net)->switches, ifindex, sw)
		if (!only || sw == only)
			sum += READ_ONCE(sw->mcast.generation);
	return sum ?: 1;
}

int vswitch_nl_mdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cursor *cursor = (struct cursor *)cb->ctx;
	unsigned long ifindex = cursor->ifindex;
	struct net *net = sock_net(skb->sk);
	struct vsw_switch *sw;
	struct vsw_nl_place place;
	int err;

	BUILD_BUG_ON(sizeof(struct cursor) > sizeof(cb->ctx));

	err = vsw_nl_check_once(cb->nlh, cb->extack) ?:
	      check_filter(vsw_genl_dump_attrs(cb), cb->extack);
	if (err)
		return err;
	rtnl_lock();
	err = vsw_nl_find_place(net, vsw_genl_dump_attrs(cb), &place_attrs, cb->extack, &place);
	if (err)
		goto unlock;
	cb->seq = generation(net, place.sw);
	xa_for_each_start(&vsw_net(net)->switches, ifindex, sw, ifindex) {
		if (place.sw && sw != place.sw)
			continue;
		if (ifindex != cursor->ifindex)
			*cursor = (struct cursor) { .ifindex = ifindex };
		err = dump_switch(skb, cb, sw, &place, &cursor->at);
		if (err)
			goto unlock;
	}
	cursor->ifindex = ULONG_MAX;
unlock:
	rtnl_unlock();
	return vsw_nl_dump_end(skb, err);
}
