// SPDX-License-Identifier: GPL-2.0
/*
 * The Generic Netlink family: what its codecs share, and the way of events out.
 */
#include <linux/notifier.h>

#include "flow_nl.h"
#include "netlink.h"

/*
 * The generator leaves a static table of groups in its output, for a family
 * structure that it makes only for kernels from 6.2 on. So it is part of this
 * file, which has the structure.
 */
#include "vswitch_nl_gen.c"

static struct genl_multicast_group groups[ARRAY_SIZE(vswitch_nl_mcgrps)] __ro_after_init;
/* Frames are not for everybody: without such a kernel nobody has them. */
static bool frames_are_guarded __ro_after_init;

struct genl_family vsw_nl_family __ro_after_init = {
	.name = VSWITCH_FAMILY_NAME,
	.version = VSWITCH_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,	/* each takes RTNL or the flow lock itself */
	.module = THIS_MODULE,
	.ops = vswitch_nl_ops,
	.n_ops = ARRAY_SIZE(vswitch_nl_ops),
	.resv_start_op = 1,	/* all ops are strict about reserved fields */
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/* A socket is closed: what it began and did not end goes with it. */
static int on_release(struct notifier_block *notifier, unsigned long event, void *data)
{
	const struct netlink_notify *notify = data;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC)
		vsw_flow_bundle_forget(notify->net, notify->portid);
	return NOTIFY_DONE;
}

static struct notifier_block release_notifier = {
	.notifier_call = on_release,
};

int __init vsw_nl_register(void)
{
	int err;

	BUILD_BUG_ON((int)VSWITCH_NLGRP_SWITCH != VSW_EVENT_SWITCH ||
		     (int)VSWITCH_NLGRP_PORT != VSW_EVENT_PORT ||
		     (int)VSWITCH_NLGRP_FDB != VSW_EVENT_FDB ||
		     (int)VSWITCH_NLGRP_MIRROR != VSW_EVENT_MIRROR ||
		     (int)VSWITCH_NLGRP_BINDING != VSW_EVENT_BINDING ||
		     (int)VSWITCH_NLGRP_DROP != VSW_EVENT_DROP ||
		     (int)VSWITCH_NLGRP_MDB != VSW_EVENT_MDB ||
		     (int)VSWITCH_NLGRP_FLOW != VSW_EVENT_FLOW ||
		     (int)VSWITCH_NLGRP_PACKET_IN != VSW_EVENT_PACKET_IN);

	memcpy(groups, vswitch_nl_mcgrps, sizeof(groups));
	frames_are_guarded = vsw_genl_group_needs_admin(&groups[VSWITCH_NLGRP_DROP]) &&
			     vsw_genl_group_needs_admin(&groups[VSWITCH_NLGRP_PACKET_IN]);
	err = netlink_register_notifier(&release_notifier);
	if (err)
		return err;
	err = genl_register_family(&vsw_nl_family);
	if (err)
		netlink_unregister_notifier(&release_notifier);
	return err;
}

void vsw_nl_unregister(void)
{
	genl_unregister_family(&vsw_nl_family);
	netlink_unregister_notifier(&release_notifier);
}

/*
 * Find a device by index, by name or by both, which must agree then. NULL with
 * an extack when there is none (-ENODEV to the user); at least one is given.
 * RTNL; the device is good as long as that is held.
 */
struct net_device *vsw_nl_find_dev(struct net *net, const struct nlattr *ifindex,
				   const struct nlattr *name,
				   struct netlink_ext_ack *extack)
{
	struct net_device *dev = NULL;

	ASSERT_RTNL();

	if (ifindex) {
		dev = __dev_get_by_index(net, nla_get_u32(ifindex));
		if (!dev)
			NL_SET_ERR_MSG_ATTR(extack, ifindex,
					    "no device has this ifindex");
	} else {
		dev = __dev_get_by_name(net, nla_data(name));
		if (!dev)
			NL_SET_ERR_MSG_ATTR(extack, name,
					    "no device has this name");
	}
	if (dev && ifindex && name &&
	    dev != __dev_get_by_name(net, nla_data(name))) {
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "ifindex and name are of different devices");
		return NULL;
	}
	return dev;
}

/* As above, a switch. */
struct vsw_switch *vsw_nl_find_switch(struct net *net,
				      const struct nlattr *ifindex,
				      const struct nlattr *name,
				      struct netlink_ext_ack *extack)
{
	struct net_device *dev = vsw_nl_find_dev(net, ifindex, name, extack);

	if (!dev)
		return NULL;
	if (!vsw_is_switch(dev)) {
		NL_SET_ERR_MSG_ATTR(extack, ifindex ?: name,
				    "the device is no switch");
		return NULL;
	}
	return netdev_priv(dev);
}

/* As above, a port; the device of a switch is its host port. */
struct vsw_port *vsw_nl_find_port(struct net *net, const struct nlattr *ifindex,
				  const struct nlattr *name,
				  struct netlink_ext_ack *extack)
{
	struct net_device *dev = vsw_nl_find_dev(net, ifindex, name, extack);
	struct vsw_port *port;

	if (!dev)
		return NULL;
	if (vsw_is_switch(dev))
		return &((struct vsw_switch *)netdev_priv(dev))->host;
	port = vsw_port_get_rtnl(dev);
	/* Who has a vnic in his namespace has not its switch. */
	if (port && !net_eq(dev_net(port->sw->dev), net))
		port = NULL;
	if (!port)
		NL_SET_ERR_MSG_ATTR(extack, ifindex ?: name,
				    "the device is no port of a switch");
	return port;
}

/* As above, by its number in @sw. */
struct vsw_port *vsw_nl_find_number(struct vsw_switch *sw,
				    const struct nlattr *number,
				    struct netlink_ext_ack *extack)
{
	struct vsw_port *port = xa_load(&sw->ports, nla_get_u32(number));

	if (!port)
		NL_SET_ERR_MSG_ATTR(extack, number,
				    "the switch has no port of this number");
	return port;
}

/* The request lacks @attr: say what, in the words @what. */
int vsw_nl_missing(struct genl_info *info, int attr, const char *what)
{
	/* Not by the macros, which want the sentence as a literal. */
	if (info->extack) {
		info->extack->_msg = what;
		info->extack->miss_type = attr;
	}
	return -EINVAL;
}

/* -ENODEV: there is none of that name; -EINVAL: it is not said which. */
int vsw_nl_find_place(struct net *net, struct nlattr **attrs,
		      const struct vsw_nl_place_attrs *by,
		      struct netlink_ext_ack *extack, struct vsw_nl_place *place)
{
	struct nlattr *sw_ifindex = attrs[by->switch_ifindex];
	struct nlattr *sw_name = attrs[by->switch_name];
	struct nlattr *ifindex = attrs[by->ifindex];
	struct nlattr *name = attrs[by->name];
	struct nlattr *number = attrs[by->number];

	*place = (struct vsw_nl_place) {};
	if (sw_ifindex || sw_name) {
		place->sw = vsw_nl_find_switch(net, sw_ifindex, sw_name, extack);
		if (!place->sw)
			return -ENODEV;
	}
	if (number && (ifindex || name || !place->sw)) {
		NL_SET_ERR_MSG_ATTR(extack, number,
				    "a port is named by its device, or by its number and its switch");
		return -EINVAL;
	}
	if (number)
		place->port = vsw_nl_find_number(place->sw, number, extack);
	else if (ifindex || name)
		place->port = vsw_nl_find_port(net, ifindex, name, extack);
	else
		return 0;
	if (!place->port)
		return -ENODEV;
	if (place->sw && place->port->sw != place->sw) {
		NL_SET_ERR_MSG_ATTR(extack, ifindex ?: name,
				    "the port is one of another switch");
		return -ENODEV;
	}
	place->sw = place->port->sw;
	return 0;
}

/* The same of a request that must name a switch or a port. */
int vsw_nl_find_needed_place(struct genl_info *info, const struct vsw_nl_place_attrs *by,
			     struct vsw_nl_place *place)
{
	int err = vsw_nl_find_place(genl_info_net(info), info->attrs, by, info->extack, place);

	if (err)
		return err;
	if (!place->sw)
		return vsw_nl_missing(info, by->switch_ifindex,
				      "name a switch or a port, by ifindex or name");
	return 0;
}

/* No error goes without a sentence: say what is left to say of @err. */
static int explain(struct genl_info *info, int err)
{
	if (!err || !info->extack || info->extack->_msg)
		return err;
	switch (err) {
	case -ENOMEM:
		NL_SET_ERR_MSG(info->extack, "out of memory");
		break;
	case -EMSGSIZE:
		NL_SET_ERR_MSG(info->extack, "the reply does not fit");
		break;
	default:
		NL_SET_ERR_MSG(info->extack, "the kernel refused the change");
	}
	return err;
}

static int check_once(const struct nlattr *attrs, int len, int multi,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u64 seen = 0;
	int rem;

	nla_for_each_attr(attr, attrs, len, rem) {
		u64 bit = BIT_ULL(nla_type(attr) & 63);

		if ((seen & bit) && nla_type(attr) != multi) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "the attribute is given twice");
			return -EINVAL;
		}
		seen |= bit;
	}
	return 0;
}

/*
 * No attribute of the request @nlh stands there twice: which of the two counts
 * would be anybody's guess. They passed the policy, so their types are few.
 */
int vsw_nl_check_once(const struct nlmsghdr *nlh,
		      struct netlink_ext_ack *extack)
{
	return check_once(nlmsg_attrdata(nlh, GENL_HDRLEN), nlmsg_attrlen(nlh, GENL_HDRLEN),
			  0, extack);
}

/* Likewise of @len bytes of attributes, of a nest. */
int vsw_nl_check_attrs_once(const struct nlattr *attrs, int len,
			    struct netlink_ext_ack *extack)
{
	return check_once(attrs, len, 0, extack);
}

/* Carry out a request that only reads, which anybody may. */
int vsw_nl_read(struct genl_info *info, int (*request)(struct genl_info *info))
{
	int err;

	err = vsw_nl_check_once(info->nlhdr, info->extack);
	if (err)
		return err;
	rtnl_lock();
	err = request(info);
	rtnl_unlock();
	return explain(info, err);
}

/* As it is with flows, see flow_nl.h. */
int vsw_nl_read_flows(struct genl_info *info, int multi,
		      int (*request)(struct genl_info *info))
{
	int err;

	err = check_once(nlmsg_attrdata(info->nlhdr, GENL_HDRLEN),
			 nlmsg_attrlen(info->nlhdr, GENL_HDRLEN), multi, info->extack);
	return err ?: explain(info, request(info));
}

/*
 * Not by GENL_UNS_ADMIN_PERM, which is the same check but leaves the user without a
 * sentence. The namespace is the socket's, its owner decides: a container's root is
 * nobody on the host.
 */
static int check_permission(struct sk_buff *skb, struct genl_info *info)
{
	if (netlink_ns_capable(skb, genl_info_net(info)->user_ns, CAP_NET_ADMIN))
		return 0;
	NL_SET_ERR_MSG(info->extack, "this needs CAP_NET_ADMIN in the user namespace that owns the network namespace");
	return -EPERM;
}

/* Carry out a request that changes something. */
int vsw_nl_change(struct sk_buff *skb, struct genl_info *info,
		  int (*request)(struct genl_info *info))
{
	return check_permission(skb, info) ?: vsw_nl_read(info, request);
}

int vsw_nl_change_flows(struct sk_buff *skb, struct genl_info *info, int multi,
			int (*request)(struct genl_info *info))
{
	return check_permission(skb, info) ?: vsw_nl_read_flows(info, multi, request);
}

static int put_drop(struct sk_buff *skb, const char *reason, u64 packets)
{
	struct nlattr *nest = nla_nest_start(skb, VSWITCH_A_STATS_DROP);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_string(skb, VSWITCH_A_DROP_REASON, reason) ||
	    nla_put_u64_64bit(skb, VSWITCH_A_DROP_PACKETS, packets,
			      VSWITCH_A_DROP_PAD)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int put_counter(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, VSWITCH_A_STATS_PAD);
}

/* Put @stats as a nest of type @attr. */
int vsw_nl_put_stats(struct sk_buff *skb, int attr,
		     const struct vsw_stats *stats)
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	int i;

	if (!nest)
		return -EMSGSIZE;
	if (put_counter(skb, VSWITCH_A_STATS_RX_PACKETS, stats->rx_packets) ||
	    put_counter(skb, VSWITCH_A_STATS_RX_BYTES, stats->rx_bytes) ||
	    put_counter(skb, VSWITCH_A_STATS_TX_PACKETS, stats->tx_packets) ||
	    put_counter(skb, VSWITCH_A_STATS_TX_BYTES, stats->tx_bytes) ||
	    put_counter(skb, VSWITCH_A_STATS_DROPS, vsw_stats_drops(stats)) ||
	    put_counter(skb, VSWITCH_A_STATS_LEARNED, stats->learned) ||
	    put_counter(skb, VSWITCH_A_STATS_MOVED, stats->moved) ||
	    put_counter(skb, VSWITCH_A_STATS_LEARN_REFUSED,
			stats->learn_refused) ||
	    put_counter(skb, VSWITCH_A_STATS_ANSWERED, stats->answered))
		goto cancel;
	for (i = 0; i < VSW_DROP_COUNT; i++) {
		if (stats->drop[i] &&
		    put_drop(skb, vsw_drop_names[i], stats->drop[i]))
			goto cancel;
	}
	nla_nest_end(skb, nest);
	return 0;

cancel:
	nla_nest_cancel(skb, nest);
	return -EMSGSIZE;
}

/*
 * Room for a reply, or NULL. A request that changes something gets it before it
 * does, so that nothing has changed when there is none.
 */
struct sk_buff *vsw_nl_reply_alloc(void)
{
	return genlmsg_new(VSW_NL_OBJECT_SIZE, GFP_KERNEL);
}

/* Answer a request with one @object, which @fill puts into @skb. Takes @skb. */
int vsw_nl_reply_send(struct genl_info *info, struct sk_buff *skb, u8 cmd,
		      vsw_nl_fill_t fill, const void *object)
{
	void *header = genlmsg_put_reply(skb, info, &vsw_nl_family, 0, cmd);
	int err = header ? fill(skb, object) : -EMSGSIZE;

	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, header);
	return genlmsg_reply(skb, info);
}

/* The two together, for a request that only reads. */
int vsw_nl_reply(struct genl_info *info, u8 cmd, vsw_nl_fill_t fill,
		 const void *object)
{
	struct sk_buff *skb = vsw_nl_reply_alloc();

	return skb ? vsw_nl_reply_send(info, skb, cmd, fill, object) : -ENOMEM;
}

static int dump_into(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		     vsw_nl_fill_t fill, const void *object)
{
	void *header;
	int err;

	header = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			     &vsw_nl_family, NLM_F_MULTI, cmd);
	if (!header)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, header);
	err = fill(skb, object);
	if (err) {
		genlmsg_cancel(skb, header);
		return err;
	}
	genlmsg_end(skb, header);
	return 0;
}

/*
 * Add one @object to a dump. -EMSGSIZE: it goes into the next message. One that
 * has a message to itself and is larger, as a port of many VLANs can be that has
 * dropped frames for many reasons, gets a larger one.
 */
int vsw_nl_dump_one(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		    vsw_nl_fill_t fill, const void *object)
{
	int err = dump_into(skb, cb, cmd, fill, object);

	if (err != -EMSGSIZE || skb->len)
		return err;
	return pskb_expand_head(skb, 0, VSW_NL_OBJECT_SIZE, GFP_ATOMIC) ?:
	       dump_into(skb, cb, cmd, fill, object);
}

/*
 * What a dump returns for a part that ended with @err. When nothing is in @skb it
 * would be taken for the end of all; whatever the error is, it is no part of a dump.
 */
int vsw_nl_dump_end(const struct sk_buff *skb, int err)
{
	return err && (err != -EMSGSIZE || !skb->len) ? err : skb->len;
}

bool vsw_nl_has_listeners(struct net *net, enum vsw_event_group group)
{
	if ((group == VSW_EVENT_DROP || group == VSW_EVENT_PACKET_IN) && !frames_are_guarded)
		return false;
	return genl_has_listeners(&vsw_nl_family, net, group);
}

/* Listeners missed something: they get ENOBUFS and may look again. Any context. */
void vsw_nl_events_lost(struct net *net, enum vsw_event_group group)
{
	genl_set_err(&vsw_nl_family, net, 0, group, -ENOBUFS);
}

static int fill_event(struct sk_buff *skb, const struct vsw_event *event)
{
	switch (event->group) {
	case VSW_EVENT_SWITCH:
		return vsw_nl_fill_switch_info(skb, &event->sw);
	case VSW_EVENT_PORT:
		return vsw_nl_fill_port_info(skb, &event->port);
	case VSW_EVENT_MIRROR:
		return vsw_nl_fill_mirror_info(skb, &event->mirror);
	case VSW_EVENT_BINDING:
		return vsw_nl_fill_binding_info(skb, &event->binding);
	case VSW_EVENT_MDB:
		return vsw_nl_fill_mdb_info(skb, &event->mdb);
	case VSW_EVENT_DROP:
		return vsw_nl_fill_drop_info(skb, event->drop);
	case VSW_EVENT_FLOW:
		return vsw_nl_fill_flow_event(skb, event->flow);
	case VSW_EVENT_PACKET_IN:
		return vsw_nl_fill_packet_in(skb, event->packet_in);
	default:
		return vsw_nl_fill_fdb_info(skb, &event->fdb);
	}
}

/* What an event takes in a message beside what all have room for. */
static size_t event_size(const struct vsw_event *event)
{
	switch (event->group) {
	case VSW_EVENT_DROP:
		return event->drop->captured;
	case VSW_EVENT_FLOW:
		return vsw_nl_actions_size(&event->flow->actions);
	case VSW_EVENT_PACKET_IN:
		return event->packet_in->captured;
	default:
		return 0;
	}
}

void vsw_nl_send_event(const struct vsw_event *event)
{
	struct sk_buff *skb;
	void *header;

	if (!vsw_nl_has_listeners(event->net, event->group))
		return;
	skb = genlmsg_new(VSW_NL_OBJECT_SIZE + event_size(event), GFP_KERNEL);
	if (!skb)
		goto lost;
	header = genlmsg_put(skb, 0, 0, &vsw_nl_family, 0, event->cmd);
	if (!header || fill_event(skb, event)) {
		nlmsg_free(skb);
		goto lost;
	}
	genlmsg_end(skb, header);
	genlmsg_multicast_netns(&vsw_nl_family, event->net, skb, 0,
				event->group, GFP_KERNEL);
	return;

lost:
	vsw_nl_events_lost(event->net, event->group);
}
