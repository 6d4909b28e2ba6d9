// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of rtnetlink's family PF_BRIDGE, part two: the MAC table as bridge(8) shows
 * and sets it, "bridge fdb ... dev SWITCH self". A port is named by NDA_IFINDEX ("via")
 * or NDA_PORT ("port"), as vxlan names where frames leave; without one it is the host's.
 */
#include <linux/neighbour.h>
#include <net/rtnetlink.h>

#include "bridge_nl.h"

#define KNOWN_STATES	(NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_STALE)

static u16 state_of(const struct vsw_fdb_info *info)
{
	switch (info->type) {
	case VSWITCH_FDB_TYPE_LOCAL:
		return NUD_PERMANENT;
	case VSWITCH_FDB_TYPE_STATIC:
		return NUD_NOARP;
	default:
		return NUD_REACHABLE;
	}
}

static int put_port(struct sk_buff *skb, const struct vsw_fdb_info *info)
{
	if (info->port_number == VSWITCH_HOST_PORT)
		return 0;
	/* In another namespace its index would be that of another device. */
	if (info->port_abroad)
		return nla_put_be16(skb, NDA_PORT, htons(info->port_number));
	return nla_put_u32(skb, NDA_IFINDEX, info->port_ifindex);
}

static int put_entry(struct sk_buff *skb, const struct vsw_fdb_info *info)
{
	unsigned long age = jiffies_delta_to_clock_t(msecs_to_jiffies(info->age));
	const struct nda_cacheinfo cacheinfo = {
		.ndm_used = age,
		.ndm_updated = age,
	};

	if (nla_put(skb, NDA_LLADDR, ETH_ALEN, info->address) || put_port(skb, info) ||
	    (info->vid && nla_put_u16(skb, NDA_VLAN, info->vid)) ||
	    nla_put(skb, NDA_CACHEINFO, sizeof(cacheinfo), &cacheinfo))
		return -EMSGSIZE;
	return 0;
}

static int fill_entry(struct sk_buff *skb, const struct vsw_fdb_info *info, u32 portid,
		      u32 seq, int type, int nlflags)
{
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;

	nlh = nlmsg_put(skb, portid, seq, type, sizeof(*ndm), nlflags);
	if (!nlh)
		return -EMSGSIZE;
	ndm = nlmsg_data(nlh);
	memset(ndm, 0, sizeof(*ndm));
	ndm->ndm_family = AF_BRIDGE;
	ndm->ndm_flags = NTF_SELF | (info->sticky ? NTF_STICKY : 0);
	ndm->ndm_ifindex = info->switch_ifindex;
	ndm->ndm_state = state_of(info);
	if (put_entry(skb, info)) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

/*
 * What else a dump keeps in netlink_callback.args, behind what the core has there. Not
 * the number of entries, as others do: to go on from that takes as long as to come there.
 */
struct cursor {
	unsigned long core[3];
	unsigned long ifindex;		/* of the switch that @after is about */
	unsigned long after[8 / sizeof(long)];	/* u64, for vsw_fdb_table_next() */
};

/* ndo_fdb_dump of a switch: groups that its device listens to, and the MAC table. */
int vsw_bridge_fdb_dump(struct sk_buff *skb, struct netlink_callback *cb,
			struct net_device *dev, struct net_device *filter_dev, int *idx)
{
	struct cursor *cursor = (struct cursor *)cb->args;
	struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_fdb_entry entry;
	struct vsw_fdb_info info;
	u64 after = 0, next;
	int err;

	BUILD_BUG_ON(sizeof(*cursor) > sizeof(cb->args));

	err = ndo_dflt_fdb_dump(skb, cb, dev, filter_dev, idx);
	if (err)
		return err;
	if (cursor->ifindex == dev->ifindex)
		memcpy(&after, cursor->after, sizeof(after));
	cursor->ifindex = dev->ifindex;
	next = after;

	rcu_read_lock();
	while (vsw_fdb_table_next(&sw->fdb, &next, &entry)) {
		vsw_fdb_info(sw, &entry, &info);
		err = fill_entry(skb, &info, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				 RTM_NEWNEIGH, NLM_F_MULTI);
		if (err)
			break;
		after = next;
	}
	rcu_read_unlock();
	memcpy(cursor->after, &after, sizeof(after));
	return err;
}

/* ndo_fdb_get: the entry by which frames to @mac go in VLAN @vid. RTNL. */
int vsw_bridge_fdb_get(struct sk_buff *skb, struct nlattr *tb[], struct net_device *dev,
		       const unsigned char *mac, u16 vid, u32 portid, u32 seq,
		       struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_fdb_entry entry;
	struct vsw_fdb_info info;
	bool found;

	rcu_read_lock();
	found = vsw_fdb_find(sw, mac, vid, &entry) || vsw_fdb_find(sw, mac, 0, &entry);
	if (found)
		vsw_fdb_info(sw, &entry, &info);
	rcu_read_unlock();
	if (!found)
		return vsw_bridge_refuse(extack, tb[NDA_LLADDR], "no such MAC entry", -ENOENT);
	return fill_entry(skb, &info, portid, seq, RTM_NEWNEIGH, 0);
}

static struct vsw_port *find_by_ifindex(struct vsw_switch *sw, const struct nlattr *attr,
					struct netlink_ext_ack *extack)
{
	struct net_device *dev = NULL;
	struct vsw_port *port = NULL;

	if (nla_len(attr) == sizeof(u32))
		dev = __dev_get_by_index(dev_net(sw->dev), nla_get_u32(attr));
	if (dev == sw->dev)
		return &sw->host;
	if (dev)
		port = vsw_port_get_rtnl(dev);
	if (port && port->sw == sw)
		return port;
	vsw_bridge_refuse(extack, attr, "the device behind \"via\" is no port of the switch", 0);
	return NULL;
}

static struct vsw_port *find_by_number(struct vsw_switch *sw, const struct nlattr *attr,
				       struct netlink_ext_ack *extack)
{
	struct vsw_port *port = NULL;

	if (nla_len(attr) == sizeof(__be16))
		port = xa_load(&sw->ports, ntohs(nla_get_be16(attr)));
	if (!port)
		vsw_bridge_refuse(extack, attr, "the switch has no port of this number", 0);
	return port;
}

/* The port that a request names; NULL if it names none. Or an ERR_PTR. */
static struct vsw_port *find_port(struct vsw_switch *sw, struct nlattr *tb[],
				  struct netlink_ext_ack *extack)
{
	struct vsw_port *port = NULL;

	if (tb[NDA_IFINDEX])
		port = find_by_ifindex(sw, tb[NDA_IFINDEX], extack);
	else if (tb[NDA_PORT])
		port = find_by_number(sw, tb[NDA_PORT], extack);
	else
		return NULL;
	return port ?: ERR_PTR(-ENODEV);
}

/* The core has looked at the address and the VLAN, and at nothing else. */
static int check_request(const struct ndmsg *ndm, struct nlattr *tb[], u8 flags,
			 struct netlink_ext_ack *extack)
{
	int i;

	for (i = NDA_UNSPEC + 1; i <= NDA_MAX; i++) {
		if (!tb[i] || i == NDA_LLADDR || i == NDA_VLAN || i == NDA_IFINDEX ||
		    i == NDA_PORT || i == NDA_MASTER || i == NDA_NDM_STATE_MASK)
			continue;
		return vsw_bridge_refuse(extack, tb[i],
					 "a MAC entry of a switch has no such thing: no dst, vni, nhid or the like",
					 -EOPNOTSUPP);
	}
	if (ndm->ndm_flags & ~(NTF_SELF | NTF_MASTER | flags)) {
		NL_SET_ERR_MSG(extack, "a MAC entry of a switch has no such flag: no use, router or extern_learn");
		return -EOPNOTSUPP;
	}
	if (ndm->ndm_state & ~KNOWN_STATES) {
		NL_SET_ERR_MSG(extack, "a MAC entry is dynamic, static or local");
		return -EINVAL;
	}
	return 0;
}

/*
 * Of @port, NULL being the host. As the bridge reads it, but what is permanent behind a
 * port is static: bridge(8) says "permanent" where its user says nothing.
 */
static void get_config(const struct ndmsg *ndm, const struct vsw_port *port,
		       struct vsw_fdb_config *config)
{
	bool host = !port || (port->flags & VSW_PORT_HOST);

	memset(config, 0, sizeof(*config));
	config->type_given = true;
	config->sticky_given = true;
	config->sticky = ndm->ndm_flags & NTF_STICKY;
	if (ndm->ndm_state & NUD_PERMANENT)
		config->type = host ? VSWITCH_FDB_TYPE_LOCAL : VSWITCH_FDB_TYPE_STATIC;
	else if (ndm->ndm_state & NUD_NOARP)
		config->type = VSWITCH_FDB_TYPE_STATIC;
	else
		config->type = VSWITCH_FDB_TYPE_DYNAMIC;
}

static int add(struct ndmsg *ndm, struct nlattr *tb[], struct net_device *dev,
	       const unsigned char *mac, u16 vid, u16 flags, struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_fdb_config config;
	struct vsw_fdb_entry entry;
	struct vsw_port *port;
	int err;

	err = check_request(ndm, tb, NTF_STICKY, extack);
	if (err)
		return err;
	port = find_port(sw, tb, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	get_config(ndm, port, &config);
	port = port ?: &sw->host;
	/* One that is learned in between makes it an error, which says so. */
	if (!(flags & NLM_F_EXCL) && vsw_fdb_find(sw, mac, vid, &entry))
		err = vsw_fdb_set(sw, port, mac, vid, &config, extack);
	else if (flags & NLM_F_CREATE)
		err = vsw_fdb_add(port, mac, vid, &config, extack);
	else
		return vsw_bridge_refuse(extack, tb[NDA_LLADDR], "no such MAC entry", -ENOENT);
	if (err)
		NL_SET_BAD_ATTR(extack, tb[NDA_LLADDR]);
	return err;
}

/* ndo_fdb_add: bridge fdb add, append and replace. RTNL. */
VSW_NDO_FDB_ADD(vsw_bridge_fdb_add, add)

static int del(struct ndmsg *ndm, struct nlattr *tb[], struct net_device *dev,
	       const unsigned char *mac, u16 vid, struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_port *port = find_port(sw, tb, extack);
	int err;

	if (IS_ERR(port))
		return PTR_ERR(port);
	err = vsw_fdb_del(sw, port, mac, vid, extack);
	if (err)
		NL_SET_BAD_ATTR(extack, tb[NDA_LLADDR]);
	return err;
}

/* ndo_fdb_del. RTNL. */
VSW_NDO_FDB_DEL(vsw_bridge_fdb_del, del)

static const struct nla_policy flush_policy[NDA_MAX + 1] = {
	[NDA_VLAN] = NLA_POLICY_RANGE(NLA_U16, 1, VLAN_N_VID - 2),
	[NDA_IFINDEX] = NLA_POLICY_MIN(NLA_S32, 1),
	[NDA_NDM_STATE_MASK] = { .type = NLA_U16 },
	[NDA_NDM_FLAGS_MASK] = { .type = NLA_U8 },
};

static int flush(struct ndmsg *ndm, struct nlattr *tb[], struct net_device *dev,
		 u16 vid, struct netlink_ext_ack *extack)
{
	static const u16 states[] = {
		[VSWITCH_FDB_TYPE_DYNAMIC] = 0,
		[VSWITCH_FDB_TYPE_STATIC] = NUD_NOARP,
		[VSWITCH_FDB_TYPE_LOCAL] = NUD_PERMANENT,
	};
	struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_fdb_filter filter = { .vid = vid };
	struct vsw_port *port;
	u16 mask = 0;
	int i, err;

	err = check_request(ndm, tb, 0, extack);
	if (err)
		return err;
	port = find_port(sw, tb, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	filter.port = port;
	if (tb[NDA_NDM_STATE_MASK])
		mask = nla_get_u16(tb[NDA_NDM_STATE_MASK]);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		if ((states[i] ^ ndm->ndm_state) & mask)
			continue;
		filter.type = i;
		vsw_fdb_flush(sw, &filter);
	}
	return 0;
}

/* ndo_fdb_del_bulk: bridge fdb flush. RTNL. */
VSW_NDO_FDB_DEL_BULK(vsw_bridge_fdb_flush, flush, flush_policy)

/* What bridge monitor fdb shows of an entry. */
int vsw_bridge_send_fdb(const struct vsw_event *event)
{
	int type = event->cmd == VSWITCH_CMD_FDB_DEL_NTF ? RTM_DELNEIGH : RTM_NEWNEIGH;
	struct sk_buff *skb = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		return -ENOBUFS;
	if (fill_entry(skb, &event->fdb, 0, 0, type, 0)) {
		nlmsg_free(skb);
		return -ENOBUFS;
	}
	rtnl_notify(skb, event->net, 0, RTNLGRP_NEIGH, NULL, GFP_KERNEL);
	return 0;
}
