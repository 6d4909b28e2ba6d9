// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of rtnetlink's family PF_BRIDGE, part three: multicast groups as bridge(8) shows
 * and sets them, "bridge mdb". Old kernels ask no device but the bridge of these.
 */
#include <linux/if_bridge.h>
#include <net/rtnetlink.h>

#include "bridge_nl.h"

/* Sources that some port of a group wants; of more than these nothing is told. */
#define MAX_WANTED	64

struct wanted {
	unsigned int count;
	const struct in6_addr *address[MAX_WANTED];
};

static u32 remaining(unsigned long expires)
{
	unsigned long now = jiffies;

	return time_before(now, expires) ? jiffies_delta_to_clock_t(expires - now) : 0;
}

/* What a user asked for has no timer that counts. */
static u32 remaining_of(const struct vsw_mcast_source *source)
{
	return source->running && !source->permanent ? remaining(source->expires) : 0;
}

static int put_address(struct sk_buff *skb, int attr, const struct in6_addr *address)
{
	if (vsw_mcast_family(address) == VSW_MCAST_V4)
		return nla_put_in_addr(skb, attr, address->s6_addr32[3]);
	return nla_put_in6_addr(skb, attr, address);
}

static int put_source(struct sk_buff *skb, const struct vsw_mcast_source *source)
{
	struct nlattr *nest = nla_nest_start(skb, MDBA_MDB_SRCLIST_ENTRY);

	if (!nest || put_address(skb, MDBA_MDB_SRCATTR_ADDRESS, &source->address) ||
	    nla_put_u32(skb, MDBA_MDB_SRCATTR_TIMER, remaining_of(source)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_sources(struct sk_buff *skb, const struct vsw_mcast_member *member)
{
	const struct vsw_mcast_source *source;
	struct nlattr *nest;

	if (nla_put_u8(skb, MDBA_MDB_EATTR_GROUP_MODE,
		       member->exclude ? MCAST_EXCLUDE : MCAST_INCLUDE))
		return -EMSGSIZE;
	if (hlist_empty(&member->sources))
		return 0;
	nest = nla_nest_start(skb, MDBA_MDB_EATTR_SRC_LIST);
	if (!nest)
		return -EMSGSIZE;
	hlist_for_each_entry(source, &member->sources, node)
		if (put_source(skb, source))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static void fill_entry(struct br_mdb_entry *entry, u32 ifindex, const struct vsw_mcast_key *key,
		       bool permanent, u8 flags)
{
	memset(entry, 0, sizeof(*entry));
	entry->ifindex = ifindex;
	entry->state = permanent ? MDB_PERMANENT : MDB_TEMPORARY;
	entry->flags = flags;
	entry->vid = key->vid;
	if (vsw_mcast_family(&key->group) == VSW_MCAST_V4) {
		entry->addr.proto = htons(ETH_P_IP);
		entry->addr.u.ip4 = key->group.s6_addr32[3];
	} else {
		entry->addr.proto = htons(ETH_P_IPV6);
		entry->addr.u.ip6 = key->group;
	}
}

/* What @member is of @address, or, if that is NULL, of the group. */
static int put_info(struct sk_buff *skb, const struct vsw_mcast_member *member,
		    const struct in6_addr *address, bool permanent, u32 timer, u8 flags)
{
	struct br_mdb_entry entry;
	struct nlattr *nest;

	fill_entry(&entry, member->port->dev->ifindex, &member->group->key, permanent, flags);
	nest = nla_nest_start_noflag(skb, MDBA_MDB_ENTRY_INFO);
	if (!nest || nla_put_nohdr(skb, sizeof(entry), &entry) ||
	    nla_put_u32(skb, MDBA_MDB_EATTR_TIMER, timer) ||
	    nla_put_u8(skb, MDBA_MDB_EATTR_RTPROT, permanent ? RTPROT_STATIC : RTPROT_KERNEL) ||
	    (address ? put_address(skb, MDBA_MDB_EATTR_SOURCE, address) :
		       put_sources(skb, member)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* What others want of the sources that @member has not named, it gets as well. */
static int put_unnamed(struct sk_buff *skb, const struct vsw_mcast_member *member,
		       const struct wanted *wanted)
{
	unsigned int i;

	if (!member->exclude)
		return 0;
	for (i = 0; i < wanted->count; i++)
		if (!vsw_mcast_source_find(member, wanted->address[i]) &&
		    put_info(skb, member, wanted->address[i], false, 0, MDB_FLAGS_STAR_EXCL))
			return -EMSGSIZE;
	return 0;
}

static int put_member(struct sk_buff *skb, const struct vsw_mcast_member *member,
		      const struct wanted *wanted)
{
	const struct vsw_mcast_source *source;

	/* In another namespace its index would be that of another device. */
	if (member->port->flags & VSW_PORT_ABROAD)
		return 0;
	if (put_info(skb, member, NULL, member->permanent,
		     member->exclude && !member->permanent ? remaining(member->expires) : 0, 0))
		return -EMSGSIZE;
	hlist_for_each_entry(source, &member->sources, node)
		if (put_info(skb, member, &source->address, source->permanent,
			     remaining_of(source),
			     source->running ? 0 : MDB_FLAGS_BLOCKED))
			return -EMSGSIZE;
	return put_unnamed(skb, member, wanted);
}

static bool is_listed(const struct wanted *wanted, const struct in6_addr *address)
{
	unsigned int i;

	for (i = 0; i < wanted->count; i++)
		if (ipv6_addr_equal(wanted->address[i], address))
			return true;
	return false;
}

static void list_wanted(const struct vsw_mcast_group *group, struct wanted *wanted)
{
	const struct vsw_mcast_source *source;
	const struct vsw_mcast_member *member;

	wanted->count = 0;
	hlist_for_each_entry(member, &group->members, node) {
		hlist_for_each_entry(source, &member->sources, node) {
			if (wanted->count == MAX_WANTED)
				return;
			if (source->running && !is_listed(wanted, &source->address))
				wanted->address[wanted->count++] = &source->address;
		}
	}
}

/* Where a dump goes on, behind what the core keeps. */
struct cursor {
	unsigned long core;
	struct vsw_mcast_dump at;
};

static int put_group(struct sk_buff *skb, const struct vsw_mcast_group *group, u32 *number)
{
	const struct vsw_mcast_member *member;
	struct wanted wanted;
	struct nlattr *nest;
	void *begin;

	nest = nla_nest_start_noflag(skb, MDBA_MDB_ENTRY);
	if (!nest)
		return -EMSGSIZE;
	list_wanted(group, &wanted);
	hlist_for_each_entry(member, &group->members, node) {
		if (member->port->number < *number)
			continue;
		*number = member->port->number;
		begin = skb_tail_pointer(skb);
		if (put_member(skb, member, &wanted)) {
			nlmsg_trim(skb, begin);
			nla_nest_end(skb, nest);
			return -EMSGSIZE;
		}
	}
	*number = 0;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_groups(struct sk_buff *skb, struct vsw_switch *sw,
		      struct vsw_mcast_dump *cursor)
{
	struct nlattr *nest = nla_nest_start_noflag(skb, MDBA_MDB);
	struct vsw_mcast_group *group = NULL;
	int err = 0;

	if (!nest)
		return -EMSGSIZE;
	spin_lock_bh(&sw->mcast.lock);
	while (!err && (group = vsw_mcast_group_next(sw, cursor, group)))
		err = put_group(skb, group, &cursor->number);
	spin_unlock_bh(&sw->mcast.lock);
	nla_nest_end(skb, nest);
	return err;
}

/* ndo_mdb_dump: bridge mdb show. RTNL. */
int vsw_bridge_mdb_dump(struct net_device *dev, struct sk_buff *skb,
			struct netlink_callback *cb)
{
	struct cursor *cursor = (struct cursor *)cb->ctx;
	struct br_port_msg *message;
	struct nlmsghdr *nlh;
	int err;

	BUILD_BUG_ON(sizeof(*cursor) > sizeof(cb->ctx));

	nlh = nlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, RTM_GETMDB,
			sizeof(*message), NLM_F_MULTI);
	if (!nlh)
		return -EMSGSIZE;
	message = nlmsg_data(nlh);
	memset(message, 0, sizeof(*message));
	message->ifindex = dev->ifindex;
	err = put_groups(skb, netdev_priv(dev), &cursor->at);
	nlmsg_end(skb, nlh);
	return err;
}

static int get_source(const struct nlattr *nest, struct vsw_mcast_entry *entry,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != MDBE_ATTR_SOURCE)
			return vsw_bridge_refuse(extack, attr,
						 "a group of a switch has no such setting of bridge(8)",
						 -EOPNOTSUPP);
		if (nla_len(attr) == sizeof(struct in6_addr))
			entry->source = nla_get_in6_addr(attr);
		else if (nla_len(attr) == sizeof(__be32))
			ipv6_addr_set_v4mapped(nla_get_in_addr(attr), &entry->source);
		else
			return vsw_bridge_refuse(extack, attr, "a source is an IP address",
						 -EINVAL);
		entry->source_given = true;
	}
	return 0;
}

/* The port and the group that a request is about. The core has checked their form. */
static struct vsw_port *get_entry(const struct net_device *dev, struct nlattr *tb[],
				  struct vsw_mcast_entry *entry,
				  struct netlink_ext_ack *extack)
{
	const struct br_mdb_entry *asked = nla_data(tb[MDBA_SET_ENTRY]);
	struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_port *port = &sw->host;
	struct net_device *port_dev;
	int err;

	memset(entry, 0, sizeof(*entry));
	entry->key.vid = asked->vid;
	entry->permanent = asked->state == MDB_PERMANENT;
	if (asked->addr.proto == htons(ETH_P_IP))
		ipv6_addr_set_v4mapped(asked->addr.u.ip4, &entry->key.group);
	else if (asked->addr.proto == htons(ETH_P_IPV6))
		entry->key.group = asked->addr.u.ip6;
	else
		return ERR_PTR(vsw_bridge_refuse(extack, tb[MDBA_SET_ENTRY],
						 "a group is an IP address", -EOPNOTSUPP));
	if (asked->ifindex != dev->ifindex) {
		port_dev = __dev_get_by_index(dev_net(dev), asked->ifindex);
		port = port_dev ? vsw_port_get_rtnl(port_dev) : NULL;
	}
	if (!port || port->sw != sw)
		return ERR_PTR(vsw_bridge_refuse(extack, tb[MDBA_SET_ENTRY],
						 "the device is no port of the switch", -ENODEV));
	err = tb[MDBA_SET_ENTRY_ATTRS] ?
	      get_source(tb[MDBA_SET_ENTRY_ATTRS], entry, extack) : 0;
	return err ? ERR_PTR(err) : port;
}

/* ndo_mdb_add: bridge mdb add. RTNL. */
int vsw_bridge_mdb_add(struct net_device *dev, struct nlattr *tb[], u16 nlmsg_flags,
		       struct netlink_ext_ack *extack)
{
	struct vsw_mcast_entry entry;
	struct vsw_port *port = get_entry(dev, tb, &entry, extack);

	return IS_ERR(port) ? PTR_ERR(port) : vsw_mcast_entry_add(port, &entry, extack);
}

/* ndo_mdb_del: bridge mdb del. RTNL. */
int vsw_bridge_mdb_del(struct net_device *dev, struct nlattr *tb[],
		       struct netlink_ext_ack *extack)
{
	struct vsw_mcast_entry entry;
	struct vsw_port *port = get_entry(dev, tb, &entry, extack);

	return IS_ERR(port) ? PTR_ERR(port) : vsw_mcast_entry_del(port, &entry, extack);
}

/* What @info says of a port, in the nests that bridge(8) looks for it in. */
static int put_news(struct sk_buff *skb, const struct vsw_mdb_info *info)
{
	struct nlattr *all, *group, *one;
	struct br_mdb_entry entry;

	fill_entry(&entry, info->port_ifindex, &info->key, info->permanent, 0);
	all = nla_nest_start_noflag(skb, MDBA_MDB);
	group = all ? nla_nest_start_noflag(skb, MDBA_MDB_ENTRY) : NULL;
	one = group ? nla_nest_start_noflag(skb, MDBA_MDB_ENTRY_INFO) : NULL;
	if (!one || nla_put_nohdr(skb, sizeof(entry), &entry) ||
	    nla_put_u8(skb, MDBA_MDB_EATTR_RTPROT,
		       info->permanent ? RTPROT_STATIC : RTPROT_KERNEL) ||
	    nla_put_u8(skb, MDBA_MDB_EATTR_GROUP_MODE,
		       info->exclude ? MCAST_EXCLUDE : MCAST_INCLUDE))
		return -EMSGSIZE;
	nla_nest_end(skb, one);
	nla_nest_end(skb, group);
	nla_nest_end(skb, all);
	return 0;
}

/* What bridge monitor mdb shows of a member of a group. */
int vsw_bridge_send_mdb(const struct vsw_event *event)
{
	int type = event->cmd == VSWITCH_CMD_MDB_DEL_NTF ? RTM_DELMDB : RTM_NEWMDB;
	struct sk_buff *skb = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	struct br_port_msg *message;
	struct nlmsghdr *nlh;

	if (!skb)
		return -ENOBUFS;
	nlh = nlmsg_put(skb, 0, 0, type, sizeof(*message), 0);
	if (!nlh)
		goto free;
	message = nlmsg_data(nlh);
	memset(message, 0, sizeof(*message));
	message->family = AF_BRIDGE;
	message->ifindex = event->mdb.switch_ifindex;
	if (put_news(skb, &event->mdb))
		goto free;
	nlmsg_end(skb, nlh);
	rtnl_notify(skb, event->net, 0, RTNLGRP_MDB, NULL, GFP_KERNEL);
	return 0;

free:
	nlmsg_free(skb);
	return -ENOBUFS;
}
