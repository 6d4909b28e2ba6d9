// SPDX-License-Identifier: GPL-2.0
/*
 * Codec of the ports: port-new, -set, -del, -get.
 */
#include "netlink.h"
#include "vlan.h"

static const struct {
	int attr;
	unsigned long flag;
} port_flags[] = {
	{ VSWITCH_A_PORT_LEARNING, VSW_PORT_LEARNING },
	{ VSWITCH_A_PORT_FLOOD, VSW_PORT_FLOOD },
	{ VSWITCH_A_PORT_MCAST_FLOOD, VSW_PORT_MCAST_FLOOD },
	{ VSWITCH_A_PORT_BCAST_FLOOD, VSW_PORT_BCAST_FLOOD },
	{ VSWITCH_A_PORT_HAIRPIN, VSW_PORT_HAIRPIN },
	{ VSWITCH_A_PORT_ISOLATED, VSW_PORT_ISOLATED },
	{ VSWITCH_A_PORT_NEIGH_SUPPRESS, VSW_PORT_NEIGH_SUPPRESS },
};

static int put_shut(struct sk_buff *skb, const struct vsw_shut_info *info)
{
	if (nla_put_u8(skb, VSWITCH_A_PORT_SHUT, info->reason) ||
	    (info->reason &&
	     nla_put_u64_64bit(skb, VSWITCH_A_PORT_SHUT_AGE, info->age, VSWITCH_A_PORT_PAD)) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_RECOVERY, info->recovery))
		return -EMSGSIZE;
	return 0;
}

int vsw_nl_fill_port_info(struct sk_buff *skb, const struct vsw_port_info *info)
{
	int i;

	if (nla_put_u32(skb, VSWITCH_A_PORT_IFINDEX, info->ifindex) ||
	    nla_put_string(skb, VSWITCH_A_PORT_NAME, info->name) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_SWITCH_IFINDEX,
			info->switch_ifindex) ||
	    nla_put_string(skb, VSWITCH_A_PORT_SWITCH_NAME,
			   info->switch_name) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_NUMBER, info->number) ||
	    nla_put_u16(skb, VSWITCH_A_PORT_GROUP_FWD_MASK,
			info->reserved.forwarded) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_FDB_MAX, info->fdb_max) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_FDB_COUNT, info->fdb_count) ||
	    nla_put_u8(skb, VSWITCH_A_PORT_FORWARDING,
		       !!(info->flags & VSW_PORT_FORWARDING)))
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(port_flags); i++) {
		if (nla_put_u8(skb, port_flags[i].attr,
			       !!(info->flags & port_flags[i].flag)))
			return -EMSGSIZE;
	}
	if (nla_put_u16(skb, VSWITCH_A_PORT_PVID, info->vlans->pvid) ||
	    nla_put(skb, VSWITCH_A_PORT_VLAN, VSWITCH_VLAN_SET_LEN,
		    info->vlans->member) ||
	    nla_put(skb, VSWITCH_A_PORT_VLAN_UNTAGGED, VSWITCH_VLAN_SET_LEN,
		    info->vlans->untagged))
		return -EMSGSIZE;
	if (nla_put_u8(skb, VSWITCH_A_PORT_VLAN_TUNNEL, info->vlans->tunnel) ||
	    (info->vlans->picks_customers &&
	     nla_put(skb, VSWITCH_A_PORT_CVLANS, VSWITCH_VLAN_SET_LEN,
		     info->vlans->customer)) ||
	    (info->vlans->pairs &&
	     nla_put(skb, VSWITCH_A_PORT_VLAN_MAP,
		     flex_array_size(info->vlans, map, info->vlans->pairs),
		     info->vlans->map)))
		return -EMSGSIZE;
	if (nla_put_u8(skb, VSWITCH_A_PORT_TYPE, info->type) ||
	    (info->abroad &&
	     nla_put_s32(skb, VSWITCH_A_PORT_NETNSID, info->netnsid)))
		return -EMSGSIZE;
	if (info->alias[0] &&
	    nla_put_string(skb, VSWITCH_A_PORT_ALIAS, info->alias))
		return -EMSGSIZE;
	if (info->cgroup &&
	    nla_put_u64_64bit(skb, VSWITCH_A_PORT_CGROUP, info->cgroup, VSWITCH_A_PORT_PAD))
		return -EMSGSIZE;
	if (info->type != VSWITCH_PORT_TYPE_HOST &&
	    vsw_nl_put_guard(skb, VSWITCH_A_PORT_GUARD, &info->guard))
		return -EMSGSIZE;
	if (nla_put_u8(skb, VSWITCH_A_PORT_STATE, info->state) ||
	    nla_put_u8(skb, VSWITCH_A_PORT_BPDU_GUARD, info->reserved.bpdu_guard) ||
	    nla_put_u8(skb, VSWITCH_A_PORT_BPDU_FILTER, info->reserved.bpdu_filter) ||
	    nla_put_u8(skb, VSWITCH_A_PORT_LOOP_PROTECT, info->loop_protect))
		return -EMSGSIZE;
	return put_shut(skb, &info->shut) ?:
	       vsw_nl_fill_mcast_port(skb, &info->mcast);
}

static int fill_port(struct sk_buff *skb, const void *object)
{
	const struct vsw_port *port = object;
	struct vsw_stats stats = {};
	struct vsw_port_info info;

	vsw_port_info(port, &info);
	vsw_stats_add(&stats, port->stats);
	return vsw_nl_fill_port_info(skb, &info) ?:
	       vsw_nl_put_port_mcast_stats(skb, port) ?:
	       vsw_nl_put_stats(skb, VSWITCH_A_PORT_STATS, &stats);
}

/* The map's attribute has a length that the policy can't say. */
static int get_map(struct genl_info *info, struct vsw_vlan_config *config)
{
	const struct nlattr *attr = info->attrs[VSWITCH_A_PORT_VLAN_MAP];

	if (!attr)
		return 0;
	if (nla_len(attr) % sizeof(*config->map)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "a map has pairs of VLANs of 16 bits each");
		return -EINVAL;
	}
	if (nla_len(attr) > VSWITCH_VLAN_MAP_MAX * sizeof(*config->map)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "a map has at most 64 pairs of VLANs");
		return -EINVAL;
	}
	config->map_attr = attr;
	config->map = nla_data(attr);
	config->pairs = nla_len(attr) / sizeof(*config->map);
	return 0;
}

static int get_vlans(struct genl_info *info, struct vsw_vlan_config *config)
{
	struct nlattr **attrs = info->attrs;

	config->pvid_attr = attrs[VSWITCH_A_PORT_PVID];
	config->member_attr = attrs[VSWITCH_A_PORT_VLAN];
	config->untagged_attr = attrs[VSWITCH_A_PORT_VLAN_UNTAGGED];
	if (attrs[VSWITCH_A_PORT_PVID]) {
		config->pvid_given = true;
		config->pvid = nla_get_u16(attrs[VSWITCH_A_PORT_PVID]);
	}
	if (attrs[VSWITCH_A_PORT_VLAN])
		config->member = nla_data(attrs[VSWITCH_A_PORT_VLAN]);
	if (attrs[VSWITCH_A_PORT_VLAN_UNTAGGED])
		config->untagged = nla_data(attrs[VSWITCH_A_PORT_VLAN_UNTAGGED]);
	config->tunnel_attr = attrs[VSWITCH_A_PORT_VLAN_TUNNEL];
	config->customer_attr = attrs[VSWITCH_A_PORT_CVLANS];
	if (attrs[VSWITCH_A_PORT_VLAN_TUNNEL]) {
		config->tunnel_given = true;
		config->tunnel = nla_get_u8(attrs[VSWITCH_A_PORT_VLAN_TUNNEL]);
	}
	if (attrs[VSWITCH_A_PORT_CVLANS])
		config->customer = nla_data(attrs[VSWITCH_A_PORT_CVLANS]);
	return get_map(info, config);
}

static void get_reserved(struct nlattr **attrs, struct vsw_reserved_config *config)
{
	if (attrs[VSWITCH_A_PORT_GROUP_FWD_MASK]) {
		config->forwarded_given = true;
		config->forwarded = nla_get_u16(attrs[VSWITCH_A_PORT_GROUP_FWD_MASK]);
	}
	if (attrs[VSWITCH_A_PORT_BPDU_GUARD]) {
		config->bpdu_guard_given = true;
		config->bpdu_guard = nla_get_u8(attrs[VSWITCH_A_PORT_BPDU_GUARD]);
	}
	if (attrs[VSWITCH_A_PORT_BPDU_FILTER]) {
		config->bpdu_filter_given = true;
		config->bpdu_filter = nla_get_u8(attrs[VSWITCH_A_PORT_BPDU_FILTER]);
	}
}

static void get_shut(struct nlattr **attrs, struct vsw_shut_config *config)
{
	if (attrs[VSWITCH_A_PORT_SHUT]) {
		config->shut_given = true;
		config->shut = nla_get_u8(attrs[VSWITCH_A_PORT_SHUT]);
	}
	if (attrs[VSWITCH_A_PORT_RECOVERY]) {
		config->recovery_given = true;
		config->recovery = nla_get_u32(attrs[VSWITCH_A_PORT_RECOVERY]);
	}
}

static int get_config(struct genl_info *info, struct vsw_port_config *config)
{
	struct nlattr **attrs = info->attrs;
	int err, i;

	memset(config, 0, sizeof(*config));
	get_shut(attrs, &config->shut);
	get_reserved(attrs, &config->reserved);
	if (attrs[VSWITCH_A_PORT_STATE]) {
		config->state_given = true;
		config->state = nla_get_u8(attrs[VSWITCH_A_PORT_STATE]);
	}
	vsw_nl_get_mcast_port(attrs, &config->mcast);
	if (attrs[VSWITCH_A_PORT_LOOP_PROTECT]) {
		config->loop_protect_given = true;
		config->loop_protect = nla_get_u8(attrs[VSWITCH_A_PORT_LOOP_PROTECT]);
	}
	for (i = 0; i < ARRAY_SIZE(port_flags); i++) {
		if (!attrs[port_flags[i].attr])
			continue;
		config->flags_given |= port_flags[i].flag;
		if (nla_get_u8(attrs[port_flags[i].attr]))
			config->flags |= port_flags[i].flag;
	}
	if (attrs[VSWITCH_A_PORT_FDB_MAX]) {
		config->fdb_max_given = true;
		config->fdb_max = nla_get_u32(attrs[VSWITCH_A_PORT_FDB_MAX]);
	}
	if (attrs[VSWITCH_A_PORT_ALIAS])
		config->alias = nla_data(attrs[VSWITCH_A_PORT_ALIAS]);
	config->cgroup_attr = attrs[VSWITCH_A_PORT_CGROUP];
	if (config->cgroup_attr) {
		config->cgroup_given = true;
		config->cgroup = nla_get_u64(config->cgroup_attr);
	}
	err = vsw_nl_get_guard(attrs[VSWITCH_A_PORT_GUARD], &config->guard, info->extack);
	if (err)
		return err;
	config->guard.learning_attr = attrs[VSWITCH_A_PORT_LEARNING];
	return get_vlans(info, &config->vlan);
}

/* The switch that a request names; NULL when it names none. Or an ERR_PTR. */
static struct vsw_switch *find_switch(struct net *net, struct nlattr **attrs,
				      struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw;

	if (!attrs[VSWITCH_A_PORT_SWITCH_IFINDEX] &&
	    !attrs[VSWITCH_A_PORT_SWITCH_NAME])
		return NULL;
	sw = vsw_nl_find_switch(net, attrs[VSWITCH_A_PORT_SWITCH_IFINDEX],
				attrs[VSWITCH_A_PORT_SWITCH_NAME], extack);
	return sw ?: ERR_PTR(-ENODEV);
}

static int check_device_named(struct genl_info *info)
{
	if (info->attrs[VSWITCH_A_PORT_IFINDEX] ||
	    info->attrs[VSWITCH_A_PORT_NAME])
		return 0;
	return vsw_nl_missing(info, VSWITCH_A_PORT_IFINDEX,
			      "name the port's device, by ifindex or name");
}

/* A port by its number, and by its device too if that is given. */
static struct vsw_port *find_numbered(struct genl_info *info, struct vsw_switch *sw)
{
	struct nlattr **attrs = info->attrs;
	struct vsw_port *port;

	if (!sw)
		return ERR_PTR(vsw_nl_missing(info, VSWITCH_A_PORT_SWITCH_IFINDEX,
					      "a port's number says nothing without its switch"));
	port = vsw_nl_find_number(sw, attrs[VSWITCH_A_PORT_NUMBER], info->extack);
	if (!port)
		return ERR_PTR(-ENODEV);
	if ((attrs[VSWITCH_A_PORT_IFINDEX] &&
	     nla_get_u32(attrs[VSWITCH_A_PORT_IFINDEX]) != port->dev->ifindex) ||
	    (attrs[VSWITCH_A_PORT_NAME] &&
	     strcmp(nla_data(attrs[VSWITCH_A_PORT_NAME]), port->dev->name))) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[VSWITCH_A_PORT_NUMBER],
				    "the port of this number has another device");
		return ERR_PTR(-ENODEV);
	}
	return port;
}

/* The port that a request is about, on the switch that it names if it names one. */
static struct vsw_port *find_port(struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct vsw_switch *sw;
	struct vsw_port *port;
	int err;

	sw = find_switch(genl_info_net(info), attrs, info->extack);
	if (IS_ERR(sw))
		return ERR_CAST(sw);
	if (attrs[VSWITCH_A_PORT_NUMBER])
		return find_numbered(info, sw);
	err = check_device_named(info);
	if (err)
		return ERR_PTR(err);
	port = vsw_nl_find_port(genl_info_net(info),
				attrs[VSWITCH_A_PORT_IFINDEX],
				attrs[VSWITCH_A_PORT_NAME], info->extack);
	if (!port)
		return ERR_PTR(-ENODEV);
	if (sw && port->sw != sw) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    attrs[VSWITCH_A_PORT_SWITCH_IFINDEX] ?:
				    attrs[VSWITCH_A_PORT_SWITCH_NAME],
				    "the port is one of another switch");
		return ERR_PTR(-ENODEV);
	}
	return port;
}

static int add_port(struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct net *net = genl_info_net(info);
	struct vsw_port_config config;
	struct net_device *dev;
	struct vsw_switch *sw;
	struct sk_buff *reply;
	int err;

	err = check_device_named(info);
	if (err)
		return err;
	sw = find_switch(net, attrs, info->extack);
	if (!sw)
		return vsw_nl_missing(info, VSWITCH_A_PORT_SWITCH_IFINDEX,
				      "name a switch, by ifindex or name");
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	dev = vsw_nl_find_dev(net, attrs[VSWITCH_A_PORT_IFINDEX],
			      attrs[VSWITCH_A_PORT_NAME], info->extack);
	if (!dev)
		return -ENODEV;

	err = get_config(info, &config);
	if (err)
		return err;
	reply = vsw_nl_reply_alloc();
	if (!reply)
		return -ENOMEM;
	err = vsw_port_add(sw, dev, &config, info->extack);
	if (err) {
		nlmsg_free(reply);
		/* Or it is not the device that is to blame, but what it is told to be. */
		if (!info->extack->bad_attr && err != -ENOMEM && err != -EXFULL)
			NL_SET_BAD_ATTR(info->extack,
					attrs[VSWITCH_A_PORT_IFINDEX] ?:
					attrs[VSWITCH_A_PORT_NAME]);
		return err;
	}
	/* A reply that is not taken makes the port no less new. */
	vsw_nl_reply_send(info, reply, VSWITCH_CMD_PORT_NEW, fill_port,
			  vsw_port_get_rtnl(dev));
	return 0;
}

int vswitch_nl_port_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, add_port);
}

static int refuse_port(struct genl_info *info, const char *why)
{
	/* Not by the macros, which want the sentence as a literal. */
	info->extack->_msg = why;
	NL_SET_BAD_ATTR(info->extack, info->attrs[VSWITCH_A_PORT_IFINDEX] ?:
			info->attrs[VSWITCH_A_PORT_NAME] ?:
			info->attrs[VSWITCH_A_PORT_NUMBER]);
	return -EOPNOTSUPP;
}

/* The device's own alias is the device's owner's to set. */
static int refuse_alias(struct genl_info *info)
{
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[VSWITCH_A_PORT_ALIAS],
			    "the alias of a port is its device's, unless it is a vnic: ip link set DEV alias");
	return -EOPNOTSUPP;
}

/* Multicast goes to the host, too, so it has what ports have of that. */
static bool has_more_than_vlans(const struct vsw_port_config *config)
{
	return config->flags_given || config->state_given ||
	       config->reserved.forwarded_given || config->reserved.bpdu_guard_given ||
	       config->reserved.bpdu_filter_given || config->loop_protect_given ||
	       config->fdb_max_given || config->alias || config->cgroup_given ||
	       config->guard.attr ||
	       config->shut.shut_given || config->shut.recovery_given;
}

static int set_port(struct genl_info *info)
{
	const struct nlattr *mask = info->attrs[VSWITCH_A_PORT_VLAN_MASK];
	struct vsw_port *port = find_port(info);
	struct vsw_port_config config;
	int err;

	if (IS_ERR(port))
		return PTR_ERR(port);
	err = get_config(info, &config);
	if (err)
		return err;
	config.vlan.mask_attr = mask;
	config.vlan.mask = mask ? nla_data(mask) : NULL;
	if ((port->flags & VSW_PORT_HOST) && has_more_than_vlans(&config))
		return refuse_port(info, "the host port has no settings but its VLANs and those of multicast");
	if (config.alias && !(port->flags & VSW_PORT_VNIC))
		return refuse_alias(info);
	return vsw_port_configure(port, &config, info->extack);
}

int vswitch_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, set_port);
}

static int del_port(struct genl_info *info)
{
	struct vsw_port *port = find_port(info);

	if (IS_ERR(port))
		return PTR_ERR(port);
	if (port->flags & VSW_PORT_HOST)
		return refuse_port(info, "the host port can't be detached");
	if (port->flags & VSW_PORT_VNIC)
		vsw_vnic_delete_now(port);
	else
		vsw_port_del(port);
	return 0;
}

int vswitch_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_change(skb, info, del_port);
}

static int get_port(struct genl_info *info)
{
	struct vsw_port *port = find_port(info);

	if (IS_ERR(port))
		return PTR_ERR(port);
	return vsw_nl_reply(info, VSWITCH_CMD_PORT_GET, fill_port, port);
}

int vswitch_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_read(info, get_port);
}

/* Ports of @sw from *@number on, which is where to go on after an error. */
static int dump_switch(struct sk_buff *skb, struct netlink_callback *cb,
		       struct vsw_switch *sw, unsigned long *number)
{
	struct vsw_port *port;
	int err;

	xa_for_each_start(&sw->ports, *number, port, *number) {
		err = vsw_nl_dump_one(skb, cb, VSWITCH_CMD_PORT_GET, fill_port,
				      port);
		if (err)
			return err;
	}
	*number = 0;
	return 0;
}

/* Resumes at the switch of the ifindex in args[0], at the port number in args[1]. */
int vswitch_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_genl_dump_attrs(cb);
	unsigned long ifindex = cb->args[0], number = cb->args[1];
	struct net *net = sock_net(skb->sk);
	struct vsw_switch *only, *sw;
	int err;

	err = vsw_nl_check_once(cb->nlh, cb->extack);
	if (err)
		return err;
	if (attrs[VSWITCH_A_PORT_IFINDEX] || attrs[VSWITCH_A_PORT_NAME] ||
	    attrs[VSWITCH_A_PORT_NUMBER]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[VSWITCH_A_PORT_IFINDEX] ?:
				    attrs[VSWITCH_A_PORT_NAME] ?:
				    attrs[VSWITCH_A_PORT_NUMBER],
				    "a dump is of all ports or of those of a switch, it takes no device");
		return -EINVAL;
	}
	rtnl_lock();
	cb->seq = vsw_net(net)->generation + 1;
	only = find_switch(net, attrs, cb->extack);
	if (IS_ERR(only)) {
		rtnl_unlock();
		return PTR_ERR(only);
	}
	xa_for_each_start(&vsw_net(net)->switches, ifindex, sw, ifindex) {
		if (only && sw != only)
			continue;
		/* The one that we stopped in is gone: this one from its start. */
		if (ifindex != cb->args[0])
			number = 0;
		err = dump_switch(skb, cb, sw, &number);
		if (err)
			break;
	}
	rtnl_unlock();
	cb->args[0] = err ? ifindex : ULONG_MAX;
	cb->args[1] = number;
	return vsw_nl_dump_end(skb, err);
}
