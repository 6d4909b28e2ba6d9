// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of rtnetlink's family PF_BRIDGE, part one: ports and their VLANs as bridge(8)
 * shows and sets them, "bridge link" and "bridge vlan".
 */
#include <linux/if_bridge.h>
#include <net/rtnetlink.h>

#include "bridge_nl.h"
#include "vlan.h"

#define FILTER_VLANS	(RTEXT_FILTER_BRVLAN | RTEXT_FILTER_BRVLAN_COMPRESSED)

static const struct {
	int attr;
	unsigned long flag;
} port_flags[] = {
	{ IFLA_BRPORT_MODE, VSW_PORT_HAIRPIN },
	{ IFLA_BRPORT_LEARNING, VSW_PORT_LEARNING },
	{ IFLA_BRPORT_UNICAST_FLOOD, VSW_PORT_FLOOD },
	{ IFLA_BRPORT_MCAST_FLOOD, VSW_PORT_MCAST_FLOOD },
	{ IFLA_BRPORT_BCAST_FLOOD, VSW_PORT_BCAST_FLOOD },
	{ IFLA_BRPORT_ISOLATED, VSW_PORT_ISOLATED },
	{ IFLA_BRPORT_NEIGH_SUPPRESS, VSW_PORT_NEIGH_SUPPRESS },
};

static const struct {
	int attr;
	u32 flag;
} guard_flags[] = {
	{ IFLA_BRPORT_LOCKED, VSW_GUARD_LOCKED },
	{ IFLA_BRPORT_MAB, VSW_GUARD_MAB },
};

/* What is not here is refused: the core has looked at none of it. */
static const struct nla_policy port_policy[IFLA_BRPORT_MAX + 1] = {
	[IFLA_BRPORT_MODE] = { .type = NLA_U8 },
	[IFLA_BRPORT_LEARNING] = { .type = NLA_U8 },
	[IFLA_BRPORT_UNICAST_FLOOD] = { .type = NLA_U8 },
	[IFLA_BRPORT_MCAST_FLOOD] = { .type = NLA_U8 },
	[IFLA_BRPORT_BCAST_FLOOD] = { .type = NLA_U8 },
	[IFLA_BRPORT_ISOLATED] = { .type = NLA_U8 },
	[IFLA_BRPORT_LOCKED] = { .type = NLA_U8 },
	[IFLA_BRPORT_GROUP_FWD_MASK] = { .type = NLA_U16 },
	[IFLA_BRPORT_STATE] = NLA_POLICY_MAX(NLA_U8, BR_STATE_BLOCKING),
	[IFLA_BRPORT_GUARD] = { .type = NLA_U8 },
	[IFLA_BRPORT_NEIGH_SUPPRESS] = { .type = NLA_U8 },
	[IFLA_BRPORT_MAB] = { .type = NLA_U8 },
	[IFLA_BRPORT_FAST_LEAVE] = { .type = NLA_U8 },
	[IFLA_BRPORT_MULTICAST_ROUTER] = NLA_POLICY_MAX(NLA_U8, VSWITCH_MCAST_ROUTER_TEMP),
	[IFLA_BRPORT_MCAST_MAX_GROUPS] = { .type = NLA_U32 },
};

/*
 * The port that @dev is, or NULL: who has a vnic in his namespace has no say in what
 * its switch does with it. RTNL.
 */
struct vsw_port *vsw_bridge_port(const struct net_device *dev)
{
	struct vsw_port *port;

	if (vsw_is_switch(dev))
		return &((struct vsw_switch *)netdev_priv(dev))->host;
	port = vsw_port_get_rtnl(dev);
	return port && net_eq(dev_net(dev), dev_net(port->sw->dev)) ? port : NULL;
}

static u16 flags_of_vlan(const struct vsw_vlans *vlans, u16 vid)
{
	return (vid == vlans->pvid ? BRIDGE_VLAN_INFO_PVID : 0) |
	       (vsw_vlan_in(vlans->untagged, vid) ? BRIDGE_VLAN_INFO_UNTAGGED : 0);
}

/* The last VLAN behind @vid up to which all are members alike. */
static u16 end_of_range(const struct vsw_vlans *vlans, u16 vid)
{
	u16 flags = flags_of_vlan(vlans, vid);

	while (vid < VLAN_N_VID - 1 && vsw_vlan_in(vlans->member, vid + 1) &&
	       flags_of_vlan(vlans, vid + 1) == flags)
		vid++;
	return vid;
}

static int put_vlan(struct sk_buff *skb, u16 vid, u16 flags)
{
	const struct bridge_vlan_info info = { .vid = vid, .flags = flags };

	return nla_put(skb, IFLA_BRIDGE_VLAN_INFO, sizeof(info), &info);
}

/* Each by itself, or as ranges. */
static int put_vlans(struct sk_buff *skb, const struct vsw_vlans *vlans, bool ranges)
{
	u16 vid, end, flags;
	int err;

	for (vid = 1; vid < VLAN_N_VID - 1; vid = end + 1) {
		end = vid;
		if (!vsw_vlan_in(vlans->member, vid))
			continue;
		flags = flags_of_vlan(vlans, vid);
		if (ranges)
			end = end_of_range(vlans, vid);
		if (end == vid)
			err = put_vlan(skb, vid, flags);
		else
			err = put_vlan(skb, vid, flags | BRIDGE_VLAN_INFO_RANGE_BEGIN) ?:
			      put_vlan(skb, end, flags | BRIDGE_VLAN_INFO_RANGE_END);
		if (err)
			return err;
	}
	return 0;
}

static int put_mcast(struct sk_buff *skb, const struct vsw_mcast_port_info *info)
{
	/* bridge(8) has the same numbers for them. */
	BUILD_BUG_ON((int)VSWITCH_MCAST_ROUTER_OFF != MDB_RTR_TYPE_DISABLED ||
		     (int)VSWITCH_MCAST_ROUTER_AUTO != MDB_RTR_TYPE_TEMP_QUERY ||
		     (int)VSWITCH_MCAST_ROUTER_ON != MDB_RTR_TYPE_PERM ||
		     (int)VSWITCH_MCAST_ROUTER_TEMP != MDB_RTR_TYPE_TEMP);

	if (nla_put_u8(skb, IFLA_BRPORT_MULTICAST_ROUTER, info->router) ||
	    nla_put_u8(skb, IFLA_BRPORT_FAST_LEAVE, info->fast_leave) ||
	    nla_put_u32(skb, IFLA_BRPORT_MCAST_N_GROUPS, info->group_count) ||
	    nla_put_u32(skb, IFLA_BRPORT_MCAST_MAX_GROUPS, info->max_groups))
		return -EMSGSIZE;
	return 0;
}

static int put_settings(struct sk_buff *skb, const struct vsw_port_info *info)
{
	u8 state = info->state;
	int i;

	if (!(info->flags & VSW_PORT_LIVE) || info->shut.reason ||
	    (state == BR_STATE_FORWARDING && !(info->flags & VSW_PORT_FORWARDING)))
		state = BR_STATE_DISABLED;

	if (nla_put_u8(skb, IFLA_BRPORT_STATE, state) ||
	    nla_put_u16(skb, IFLA_BRPORT_NO, info->number) ||
	    nla_put_u8(skb, IFLA_BRPORT_GUARD, info->reserved.bpdu_guard) ||
	    nla_put_u16(skb, IFLA_BRPORT_GROUP_FWD_MASK, info->reserved.forwarded))
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(port_flags); i++)
		if (nla_put_u8(skb, port_flags[i].attr,
			       !!(info->flags & port_flags[i].flag)))
			return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(guard_flags); i++)
		if (nla_put_u8(skb, guard_flags[i].attr,
			       !!(info->guard.flags & guard_flags[i].flag)))
			return -EMSGSIZE;
	return put_mcast(skb, &info->mcast);
}

static int put_identity(struct sk_buff *skb, const struct vsw_port_info *info)
{
	if (nla_put_string(skb, IFLA_IFNAME, info->name) ||
	    nla_put_u32(skb, IFLA_MASTER, info->switch_ifindex) ||
	    nla_put_u32(skb, IFLA_MTU, info->link.mtu) ||
	    nla_put_u8(skb, IFLA_OPERSTATE, info->link.operstate) ||
	    nla_put(skb, IFLA_ADDRESS, ETH_ALEN, info->link.address) ||
	    (info->link.iflink != info->ifindex &&
	     nla_put_u32(skb, IFLA_LINK, info->link.iflink)))
		return -EMSGSIZE;
	return 0;
}

static int put_nests(struct sk_buff *skb, const struct vsw_port_info *info, u32 filter)
{
	struct nlattr *nest;

	if (info->type != VSWITCH_PORT_TYPE_HOST) {
		nest = nla_nest_start(skb, IFLA_PROTINFO);
		if (!nest || put_settings(skb, info))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	if (!(filter & FILTER_VLANS))
		return 0;
	/* As the bridge has it: this nest is not marked as one. */
	nest = nla_nest_start_noflag(skb, IFLA_AF_SPEC);
	if (!nest || put_vlans(skb, info->vlans, filter & RTEXT_FILTER_BRVLAN_COMPRESSED))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* A message of @type about the port that @info is a picture of. */
static int fill_link(struct sk_buff *skb, const struct vsw_port_info *info, u32 portid,
		     u32 seq, int type, int nlflags, u32 filter)
{
	struct ifinfomsg *header;
	struct nlmsghdr *nlh;

	nlh = nlmsg_put(skb, portid, seq, type, sizeof(*header), nlflags);
	if (!nlh)
		return -EMSGSIZE;
	header = nlmsg_data(nlh);
	memset(header, 0, sizeof(*header));
	header->ifi_family = AF_BRIDGE;
	header->ifi_type = info->link.type;
	header->ifi_index = info->ifindex;
	header->ifi_flags = info->link.flags;
	if (put_identity(skb, info) ||
	    (type == RTM_NEWLINK && put_nests(skb, info, filter))) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/* ndo_bridge_getlink of switches, for their ports and themselves, and of vnics. RTNL. */
int vsw_bridge_getlink(struct sk_buff *skb, u32 portid, u32 seq,
		       struct net_device *dev, u32 filter, int nlflags)
{
	struct vsw_port *port = vsw_bridge_port(dev);
	struct vsw_port_info info;
	int err;

	/* Of a change, which is no part of a dump, event.c has the news. */
	if (!port || !(nlflags & NLM_F_MULTI))
		return 0;
	if ((port->flags & VSW_PORT_HOST) && !(filter & FILTER_VLANS))
		return 0;
	vsw_port_info(port, &info);
	err = fill_link(skb, &info, portid, seq, RTM_NEWLINK, nlflags, filter);
	/* More than a message has room for: better as ranges than not at all. */
	if (err && !skb->len)
		err = fill_link(skb, &info, portid, seq, RTM_NEWLINK, nlflags,
				filter | RTEXT_FILTER_BRVLAN_COMPRESSED);
	return err;
}

static void add_vlan(struct vsw_vlans *vlans, u16 vid, u16 flags)
{
	u8 bit = 1U << vid % 8;

	vlans->member[vid / 8] |= bit;
	vlans->untagged[vid / 8] &= ~bit;
	if (flags & BRIDGE_VLAN_INFO_UNTAGGED)
		vlans->untagged[vid / 8] |= bit;
	if (flags & BRIDGE_VLAN_INFO_PVID)
		vlans->pvid = vid;
	else if (vlans->pvid == vid)
		vlans->pvid = 0;
}

static void del_vlan(struct vsw_vlans *vlans, u16 vid)
{
	u8 bit = 1U << vid % 8;

	vlans->member[vid / 8] &= ~bit;
	vlans->untagged[vid / 8] &= ~bit;
	if (vlans->pvid == vid)
		vlans->pvid = 0;
}

/* What is wrong with @info, which comes after the begin @first of a range or 0, or NULL. */
static const char *blame_vlan(const struct bridge_vlan_info *info, u16 first)
{
	const u16 range = BRIDGE_VLAN_INFO_RANGE_BEGIN | BRIDGE_VLAN_INFO_RANGE_END;
	const u16 known = range | BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED |
			  BRIDGE_VLAN_INFO_MASTER | BRIDGE_VLAN_INFO_BRENTRY;

	if (!info->vid || info->vid >= VLAN_N_VID - 1)
		return "a port can be a member of the VLANs 1 to 4094";
	if (info->flags & ~known)
		return "a port of a switch has no such setting of a VLAN";
	if ((info->flags & range) == range ||
	    !!(info->flags & BRIDGE_VLAN_INFO_RANGE_END) != !!first)
		return "a range of VLANs has a begin, and then its end";
	if (first && info->vid <= first)
		return "a range of VLANs ends behind its begin";
	if ((info->flags & range) && (info->flags & BRIDGE_VLAN_INFO_PVID))
		return "there is one PVID, not a range of them";
	return NULL;
}

/* What neither bridge link nor bridge vlan of a switch's port has, or NULL. */
static const char *blame_spec(const struct nlattr *attr, u16 first)
{
	switch (nla_type(attr)) {
	case IFLA_BRIDGE_FLAGS:
		return NULL;
	case IFLA_BRIDGE_VLAN_INFO:
		if (nla_len(attr) != sizeof(struct bridge_vlan_info))
			return "a VLAN is told in four bytes";
		return blame_vlan(nla_data(attr), first);
	default:
		return "a port of a switch has no modes, tunnels or protocols of the bridge";
	}
}

/* Add to @vlans what IFLA_AF_SPEC @spec lists, or take it away. */
static int change_vlans(struct vsw_vlans *vlans, const struct nlattr *spec, bool add,
			struct netlink_ext_ack *extack)
{
	const struct bridge_vlan_info *info;
	const struct nlattr *attr;
	u16 first = 0, vid;
	const char *why;
	int rem;

	nla_for_each_nested(attr, spec, rem) {
		why = blame_spec(attr, first);
		if (why)
			return vsw_bridge_refuse(extack, attr, why, -EINVAL);
		if (nla_type(attr) != IFLA_BRIDGE_VLAN_INFO)
			continue;
		info = nla_data(attr);
		if (info->flags & BRIDGE_VLAN_INFO_RANGE_BEGIN) {
			first = info->vid;
			continue;
		}
		for (vid = first ?: info->vid; vid <= info->vid; vid++) {
			if (add)
				add_vlan(vlans, vid, info->flags);
			else
				del_vlan(vlans, vid);
		}
		first = 0;
	}
	if (first)
		return vsw_bridge_refuse(extack, spec, "a range of VLANs has no end", -EINVAL);
	return 0;
}

/* The VLANs that @port is to have by @spec, for kfree() after use; or an ERR_PTR. */
static struct vsw_vlans *get_vlans(const struct vsw_port *port, const struct nlattr *spec,
				   bool add, struct vsw_vlan_config *config,
				   struct netlink_ext_ack *extack)
{
	struct vsw_vlans *vlans;
	int err;

	vlans = kmemdup(rtnl_dereference(port->vlans), sizeof(*vlans), GFP_KERNEL);
	if (!vlans)
		return ERR_PTR(-ENOMEM);
	err = change_vlans(vlans, spec, add, extack);
	if (err) {
		kfree(vlans);
		return ERR_PTR(err);
	}
	config->pvid_given = true;
	config->pvid = vlans->pvid;
	config->member = vlans->member;
	config->untagged = vlans->untagged;
	config->member_attr = spec;
	return vlans;
}

/* Not by the macros, which want the sentence as a literal. */
int vsw_bridge_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
		      const char *why, int err)
{
	if (extack) {
		extack->_msg = why;
		NL_SET_BAD_ATTR(extack, attr);
	}
	return err;
}

static void get_mcast(struct nlattr *tb[], struct vsw_mcast_port_config *config)
{
	if (tb[IFLA_BRPORT_MULTICAST_ROUTER]) {
		config->router_given = true;
		config->router = nla_get_u8(tb[IFLA_BRPORT_MULTICAST_ROUTER]);
	}
	if (tb[IFLA_BRPORT_FAST_LEAVE]) {
		config->fast_leave_given = true;
		config->fast_leave = nla_get_u8(tb[IFLA_BRPORT_FAST_LEAVE]);
	}
	if (tb[IFLA_BRPORT_MCAST_MAX_GROUPS]) {
		config->max_groups_given = true;
		config->max_groups = nla_get_u32(tb[IFLA_BRPORT_MCAST_MAX_GROUPS]);
	}
}

static int get_settings(const struct vsw_port *port, const struct nlattr *protinfo,
			struct vsw_port_config *config, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IFLA_BRPORT_MAX + 1];
	const struct nlattr *attr;
	int i, rem, err;

	if (port->flags & VSW_PORT_HOST)
		return vsw_bridge_refuse(extack, protinfo,
					 "the host port has no settings but its VLANs",
					 -EOPNOTSUPP);
	if (!(protinfo->nla_type & NLA_F_NESTED))
		return vsw_bridge_refuse(extack, protinfo,
					 "a port's settings come in a nest", -EINVAL);
	nla_for_each_nested(attr, protinfo, rem)
		if (nla_type(attr) > IFLA_BRPORT_MAX || !port_policy[nla_type(attr)].type)
			return vsw_bridge_refuse(extack, attr,
						 "a port of a switch has no such setting of bridge(8)",
						 -EOPNOTSUPP);
	err = nla_parse_nested(tb, IFLA_BRPORT_MAX, protinfo, port_policy, extack);
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(port_flags); i++) {
		if (!tb[port_flags[i].attr])
			continue;
		config->flags_given |= port_flags[i].flag;
		if (nla_get_u8(tb[port_flags[i].attr]))
			config->flags |= port_flags[i].flag;
	}
	config->guard.locked_attr = tb[IFLA_BRPORT_LOCKED];
	config->guard.mab_attr = tb[IFLA_BRPORT_MAB];
	config->guard.learning_attr = tb[IFLA_BRPORT_LEARNING];
	for (i = 0; i < ARRAY_SIZE(guard_flags); i++) {
		if (!tb[guard_flags[i].attr])
			continue;
		config->guard.flags_given |= guard_flags[i].flag;
		if (nla_get_u8(tb[guard_flags[i].attr]))
			config->guard.settings.flags |= guard_flags[i].flag;
	}
	config->guard.attr = config->guard.flags_given ? protinfo : NULL;
	get_mcast(tb, &config->mcast);
	if (tb[IFLA_BRPORT_GROUP_FWD_MASK]) {
		config->reserved.forwarded_given = true;
		config->reserved.forwarded = nla_get_u16(tb[IFLA_BRPORT_GROUP_FWD_MASK]);
	}
	if (tb[IFLA_BRPORT_GUARD]) {
		config->reserved.bpdu_guard_given = true;
		config->reserved.bpdu_guard = nla_get_u8(tb[IFLA_BRPORT_GUARD]);
	}
	if (tb[IFLA_BRPORT_STATE]) {
		config->state_given = true;
		config->state = nla_get_u8(tb[IFLA_BRPORT_STATE]);
	}
	return 0;
}

/* Change what @nlh says of the port that @dev is. */
static int change(struct net_device *dev, struct nlmsghdr *nlh, bool add,
		  struct netlink_ext_ack *extack)
{
	const struct nlattr *protinfo, *spec;
	struct vsw_port_config config = {};
	struct vsw_vlans *vlans = NULL;
	struct vsw_port *port;
	int err = 0;

	port = vsw_bridge_port(dev);
	if (!port) {
		NL_SET_ERR_MSG(extack, "the device is no port of a switch of this network namespace");
		return -EOPNOTSUPP;
	}
	protinfo = add ? nlmsg_find_attr(nlh, sizeof(struct ifinfomsg), IFLA_PROTINFO) : NULL;
	spec = nlmsg_find_attr(nlh, sizeof(struct ifinfomsg), IFLA_AF_SPEC);
	if (!protinfo && !spec)
		return 0;
	if (protinfo)
		err = get_settings(port, protinfo, &config, extack);
	if (err)
		return err;
	if (spec) {
		vlans = get_vlans(port, spec, add, &config.vlan, extack);
		if (IS_ERR(vlans))
			return PTR_ERR(vlans);
	}
	err = vsw_port_configure(port, &config, extack);
	kfree(vlans);
	return err;
}

/* ndo_bridge_setlink: bridge link set, bridge vlan add. RTNL. */
int vsw_bridge_setlink(struct net_device *dev, struct nlmsghdr *nlh, u16 flags,
		       struct netlink_ext_ack *extack)
{
	return change(dev, nlh, true, extack);
}

/* ndo_bridge_dellink: bridge vlan del. A VLAN that it is no member of is no error. RTNL. */
int vsw_bridge_dellink(struct net_device *dev, struct nlmsghdr *nlh, u16 flags)
{
	return change(dev, nlh, false, NULL);
}

static size_t size_of_vlans(const struct vsw_vlans *vlans)
{
	size_t size = 0;
	u16 vid;

	for (vid = 1; vid < VLAN_N_VID - 1; vid++) {
		if (!vsw_vlan_in(vlans->member, vid))
			continue;
		vid = end_of_range(vlans, vid);
		size += 2 * nla_total_size(sizeof(struct bridge_vlan_info));
	}
	return size;
}

/* What bridge monitor shows of a port; with what else can be in the message. */
static int send_link(const struct vsw_event *event)
{
	const struct vsw_port_info *info = &event->port;
	int type = event->cmd == VSWITCH_CMD_PORT_DEL_NTF ? RTM_DELLINK : RTM_NEWLINK;
	struct sk_buff *skb;

	skb = nlmsg_new(NLMSG_GOODSIZE + size_of_vlans(info->vlans), GFP_KERNEL);
	if (!skb)
		return -ENOBUFS;
	if (fill_link(skb, info, 0, 0, type, 0, RTEXT_FILTER_BRVLAN_COMPRESSED)) {
		nlmsg_free(skb);
		return -ENOBUFS;
	}
	rtnl_notify(skb, event->net, 0, RTNLGRP_LINK, NULL, GFP_KERNEL);
	return 0;
}

static unsigned int group_of(enum vsw_event_group group)
{
	switch (group) {
	case VSW_EVENT_PORT:
		return RTNLGRP_LINK;
	case VSW_EVENT_FDB:
		return RTNLGRP_NEIGH;
	case VSW_EVENT_MDB:
		return RTNLGRP_MDB;
	default:
		return RTNLGRP_NONE;
	}
}

/* Does anybody listen to what vsw_bridge_send_event() sends? Any context. */
bool vsw_bridge_has_listeners(struct net *net, enum vsw_event_group group)
{
	return group_of(group) != RTNLGRP_NONE && rtnl_has_listeners(net, group_of(group));
}

/* Listeners missed something: they get ENOBUFS and may look again. Any context. */
void vsw_bridge_events_lost(struct net *net, enum vsw_event_group group)
{
	if (group_of(group) != RTNLGRP_NONE)
		rtnl_set_sk_err(net, group_of(group), -ENOBUFS);
}

/* What bridge(8) and others who listen to rtnetlink shall know of @event. */
void vsw_bridge_send_event(const struct vsw_event *event)
{
	int err = 0;

	if (!vsw_bridge_has_listeners(event->net, event->group))
		return;
	/* Elsewhere its index would be that of another device. */
	if (event->group == VSW_EVENT_PORT && !event->port.abroad)
		err = send_link(event);
	else if (event->group == VSW_EVENT_FDB)
		err = vsw_bridge_send_fdb(event);
	else if (event->group == VSW_EVENT_MDB && !event->mdb.port_abroad)
		err = vsw_bridge_send_mdb(event);
	if (err)
		vsw_bridge_events_lost(event->net, event->group);
}
