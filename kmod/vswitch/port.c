// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that are ports of a switch: how they become it, how they cease to be
 * it, and what happens to them in between.
 */
#include <linux/if_arp.h>
#include <net/dsa.h>
#include <kunit/visibility.h>

#include "binding.h"
#include "peer.h"
#include "sender.h"
#include "flow.h"

/* Returns the port that @dev is, or NULL. RTNL. */
struct vsw_port *vsw_port_get_rtnl(const struct net_device *dev)
{
	ASSERT_RTNL();

	if (vsw_is_vnic(dev))
		return vsw_vnic_port(dev);
	if (rtnl_dereference(dev->rx_handler) != vsw_rx)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

static int check_device(const struct vsw_switch *sw, struct net_device *dev,
			struct netlink_ext_ack *extack)
{
	if (vsw_is_switch(dev)) {
		NL_SET_ERR_MSG(extack, "a switch can't be a port of a switch; join them by a veth pair");
		return -ELOOP;
	}
	if (netif_is_bridge_master(dev)) {
		NL_SET_ERR_MSG(extack, "a bridge can't be a port of a switch; join them by a veth pair");
		return -ELOOP;
	}
	if (dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "a loopback device can't be a port");
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN) {
		NL_SET_ERR_MSG(extack, "only an Ethernet device can be a port");
		return -EINVAL;
	}
	if (netdev_uses_dsa(dev)) {
		NL_SET_ERR_MSG(extack, "the device carries the frames of a DSA switch; its ports can be ports");
		return -EINVAL;
	}
	if (!is_valid_ether_addr(dev->dev_addr)) {
		NL_SET_ERR_MSG(extack, "the device has no valid MAC address");
		return -EADDRNOTAVAIL;
	}
	if (dev->priv_flags & (IFF_DONT_BRIDGE | IFF_NO_RX_HANDLER)) {
		NL_SET_ERR_MSG(extack, "the device does not allow to be a port");
		return -EOPNOTSUPP;
	}
	if (!net_eq(dev_net(dev), dev_net(sw->dev))) {
		NL_SET_ERR_MSG(extack, "the device is in another network namespace than the switch");
		return -EXDEV;
	}
	if (vsw_port_get_rtnl(dev)) {
		NL_SET_ERR_MSG(extack, "the device is a port already; 'nomaster' or port-del detaches it");
		return -EBUSY;
	}
	if (netdev_master_upper_dev_get(dev)) {
		NL_SET_ERR_MSG(extack, "the device has another master (bridge, bond, team, VRF, OVS); 'nomaster' detaches it");
		return -EBUSY;
	}
	if (netdev_has_upper_dev(sw->dev, dev)) {
		NL_SET_ERR_MSG(extack, "the device is on top of the switch itself");
		return -ELOOP;
	}
	if (netdev_is_rx_handler_busy(dev)) {
		NL_SET_ERR_MSG(extack, "the device's rx_handler is taken (macvlan, ipvlan, OVS or the like on top of it)");
		return -EBUSY;
	}
	return 0;
}

/*
 * Make @port the one that has its number. The table grows twofold, to the
 * highest number there is. RTNL, or before the switch is known to anybody.
 */
int vsw_port_publish(struct vsw_switch *sw, struct vsw_port *port)
{
	struct vsw_port_table *table, *old;
	u32 size;

	old = rcu_dereference_protected(sw->port_table, true);
	if (old && port->number < old->size) {
		WRITE_ONCE(old->port[port->number], port);
		vsw_flows_follow_port(port);
		return 0;
	}
	size = roundup_pow_of_two(max_t(u32, port->number + 1, 8));
	table = kvzalloc(struct_size(table, port, size), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	table->size = size;
	if (old)
		memcpy(table->port, old->port, flex_array_size(old, port, old->size));
	table->port[port->number] = port;
	rcu_assign_pointer(sw->port_table, table);
	if (old)
		kvfree_rcu(old, rcu);
	vsw_flows_follow_port(port);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_port_publish);

/*
 * Who found it by a MAC entry is done with it, and nothing counts any more; its
 * number is free again. RTNL.
 */
void vsw_port_unpublish(struct vsw_port *port)
{
	struct vsw_switch *sw = port->sw;
	struct vsw_port_table *table = rtnl_dereference(sw->port_table);

	vsw_shut_forget(port);
	WRITE_ONCE(table->port[port->number], NULL);
	xa_erase(&sw->ports, port->number);
	vsw_stats_add(&sw->gone, port->stats);
	vsw_mcast_stats_add(&sw->mcast.gone, &port->mcast);
}

/* Free what @port has. Nobody reads it any more. */
void vsw_port_destroy(struct vsw_port *port)
{
	vsw_vlan_destroy(port);
	vsw_guard_destroy(port);
	free_percpu(port->stats);
	kfree(port->alias);
	vsw_sender_put(rcu_dereference_protected(port->container, true));
}

static void port_free_rcu(struct rcu_head *rcu)
{
	struct vsw_port *port = container_of(rcu, struct vsw_port, rcu);

	vsw_port_destroy(port);
	kfree(port);
}

/*
 * Make @port, all zero but for its switch, one for @dev: it has counters, the
 * defaults and a number then, but nothing comes or goes by it. -EXFULL: there is
 * no number left. RTNL.
 */
int vsw_port_init(struct vsw_port *port, struct net_device *dev,
		  unsigned long flags)
{
	struct vsw_switch *sw = port->sw;
	int err;

	ASSERT_RTNL();

	port->stats = vsw_stats_alloc();
	if (!port->stats)
		return -ENOMEM;
	port->dev = dev;
	port->flags = VSW_PORT_DEFAULT_FLAGS | flags |
		      (sw->host.flags & (VSW_PORT_VLANS | VSW_PORT_SNOOPED));
	port->state = VSWITCH_PORT_STATE_FORWARDING;
	err = vsw_vlan_init(port);
	if (err)
		goto free_stats;
	port->flags |= vsw_vlan_flags(port, rtnl_dereference(port->vlans));
	vsw_shut_init(port);
	xa_init_flags(&port->bindings, XA_FLAGS_ALLOC);
	vsw_mcast_port_init(port);
	err = xa_alloc(&sw->ports, &port->number, port,
		       XA_LIMIT(1, VSWITCH_MAX_PORTS), GFP_KERNEL_ACCOUNT);
	if (err)
		goto free_vlans;
	err = vsw_port_publish(sw, port);
	if (!err)
		return 0;

	xa_erase(&sw->ports, port->number);
free_vlans:
	vsw_vlan_destroy(port);
free_stats:
	free_percpu(port->stats);
	return err == -EBUSY ? -EXFULL : -ENOMEM;
}

/*
 * Whether what @dev receives begins with its Ethernet header for sure: a VLAN device
 * with reorder_hdr off, and so what is on top of one, leaves a tag before it.
 */
static bool has_plain_headers(const struct net_device *dev)
{
	const struct rtnl_link_ops *ops = dev->rtnl_link_ops;

	return !ops || !strcmp(ops->kind, "veth") || !strcmp(ops->kind, "tun") ||
	       !strcmp(ops->kind, "dummy");
}

static struct vsw_port *port_alloc(struct vsw_switch *sw, struct net_device *dev,
				   struct netlink_ext_ack *extack)
{
	struct vsw_port *port;
	int err = -ENOMEM;

	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	if (port) {
		port->sw = sw;
		port->peer = vsw_peer_of(dev);
		err = vsw_port_init(port, dev,
				    (port->peer ? VSW_PORT_PAIR : 0) |
				    (has_plain_headers(dev) ? 0 : VSW_PORT_DEEP));
	}
	if (!err)
		return port;

	kfree(port);
	if (err == -EXFULL)
		NL_SET_ERR_MSG(extack, VSW_PORTS_FULL);
	else
		NL_SET_ERR_MSG(extack, "no memory for the port");
	return ERR_PTR(err);
}

/* What @config gives that can fail, and is to be freed if it is not used. */
struct prepared {
	struct vsw_guard *guard;
	struct vsw_vlans *vlans;
	struct cgroup *container;
	char *alias;
};

static int prepare_container(struct prepared *new, const struct vsw_port_config *config,
			     struct netlink_ext_ack *extack)
{
	if (!config->cgroup)
		return 0;
	new->container = vsw_sender_get(config->cgroup, extack);
	if (!IS_ERR(new->container))
		return 0;
	NL_SET_BAD_ATTR(extack, config->cgroup_attr);
	return PTR_ERR(new->container);
}

static int prepare(struct vsw_port *port, const struct vsw_port_config *config,
		   unsigned long flags, struct prepared *new, struct netlink_ext_ack *extack)
{
	int err;

	new->guard = vsw_guard_prepare(port, &config->guard, flags, extack);
	if (IS_ERR(new->guard))
		return PTR_ERR(new->guard);
	new->vlans = vsw_vlan_prepare(port, &config->vlan, extack);
	if (IS_ERR(new->vlans)) {
		err = PTR_ERR(new->vlans);
		goto free_guard;
	}
	err = prepare_container(new, config, extack);
	if (err)
		goto free_vlans;
	if (config->alias && *config->alias) {
		new->alias = kstrdup(config->alias, GFP_KERNEL_ACCOUNT);
		if (!new->alias) {
			NL_SET_ERR_MSG(extack, "no memory for the port's alias");
			err = -ENOMEM;
			goto put_container;
		}
	}
	return 0;

put_container:
	vsw_sender_put(new->container);
free_vlans:
	kfree(new->vlans);
free_guard:
	kfree(new->guard);
	return err;
}

/* Change what @config gives, all or nothing. */
static int apply_config(struct vsw_port *port,
			const struct vsw_port_config *config,
			struct netlink_ext_ack *extack)
{
	unsigned long flags = (port->flags & ~config->flags_given) |
			      (config->flags & config->flags_given);
	struct prepared new = {};
	int err;

	err = prepare(port, config, flags, &new, extack);
	if (err)
		return err;
	if (config->alias) {
		kfree(port->alias);
		port->alias = new.alias;
	}
	if (config->cgroup_given)
		vsw_sender_put(rcu_replace_pointer(port->container, new.container,
						   lockdep_rtnl_is_held()));
	if (new.vlans)
		vsw_vlan_replace(port, new.vlans);
	/* Those of VLANs may have changed. */
	flags = port->flags & ~config->flags_given;
	vsw_port_set_flags(port, flags | (config->flags & config->flags_given));
	if (new.guard)
		vsw_guard_replace(port, new.guard);
	if (config->fdb_max_given)
		WRITE_ONCE(port->fdb_max, config->fdb_max);
	if (config->state_given)
		port->state = config->state;
	if (config->loop_protect_given)
		WRITE_ONCE(port->loop_protect, config->loop_protect);
	vsw_reserved_configure(port, &config->reserved);
	vsw_shut_configure(port, &config->shut);
	vsw_mcast_port_configure(port, &config->mcast);
	return 0;
}

static int is_suppressed(const struct vsw_port *port)
{
	return !!(port->flags & VSW_PORT_NEIGH_SUPPRESS);
}

static void count_suppressed(struct vsw_switch *sw, int more)
{
	WRITE_ONCE(sw->suppressed, sw->suppressed + more);
}

/* Change what @config gives, all or nothing. RTNL. */
int vsw_port_configure(struct vsw_port *port,
		       const struct vsw_port_config *config,
		       struct netlink_ext_ack *extack)
{
	int suppressed = is_suppressed(port);
	int err;

	ASSERT_RTNL();

	err = apply_config(port, config, extack);
	if (err)
		return err;
	count_suppressed(port->sw, is_suppressed(port) - suppressed);
	vsw_port_follow_state(port);
	vsw_loop_follow(port, true);
	vsw_port_tell(port);
	return 0;
}

/* @port is one that others can see, and may be sent to. RTNL. */
void vsw_port_attach(struct vsw_port *port)
{
	struct vsw_switch *sw = port->sw;

	ASSERT_RTNL();

	list_add_tail_rcu(&port->list, &sw->port_list);
	sw->port_count++;
	vsw_guard_attach(port);
	count_suppressed(sw, is_suppressed(port));
	vsw_net(dev_net(sw->dev))->generation++;
	vsw_event_port(port, VSWITCH_CMD_PORT_NEW_NTF);
	vsw_mirror_port_added(port);
	vsw_port_update_state(port);
	vsw_loop_follow(port, true);
	vsw_switch_follow_ports(sw);
}

/*
 * From here @port learns nothing, and nothing is sent to it; but the path may
 * still be in it, for a grace period. RTNL.
 */
void vsw_port_detach(struct vsw_port *port)
{
	const unsigned long state = VSW_PORT_LIVE | VSW_PORT_FORWARDING |
				    VSW_PORT_LEARNS_ONLY;
	struct vsw_switch *sw = port->sw;
	bool was_live = port->flags & VSW_PORT_LIVE;

	ASSERT_RTNL();

	list_del_rcu(&port->list);
	sw->port_count--;
	vsw_guard_detach(port);
	count_suppressed(sw, -is_suppressed(port));
	vsw_port_set_flags(port, port->flags & ~state);
	vsw_mirror_port_gone(port);
	vsw_fdb_port_gone(port);
	vsw_bindings_port_gone(port);
	vsw_mcast_port_gone(port);
	vsw_loop_follow(port, false);
	if (was_live) {
		sw->live_ports--;
		vsw_switch_follow_carrier(sw);
	}
	vsw_net(dev_net(sw->dev))->generation++;
	vsw_event_port(port, VSWITCH_CMD_PORT_DEL_NTF);
}

/*
 * Make @dev a port of @sw, with @config or, if that is NULL, with the defaults.
 * On an error nothing has changed. The port holds a reference to @dev. RTNL.
 */
int vsw_port_add(struct vsw_switch *sw, struct net_device *dev,
		 const struct vsw_port_config *config,
		 struct netlink_ext_ack *extack)
{
	struct vsw_port *port;
	int err;

	ASSERT_RTNL();

	err = check_device(sw, dev, extack);
	if (err)
		return err;
	/* The switch may take the address of its new port. */
	err = vsw_fdb_reserve(&sw->host);
	if (err) {
		NL_SET_ERR_MSG(extack, "no memory for the local MAC entry");
		return err;
	}
	port = port_alloc(sw, dev, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	netdev_hold(dev, &port->dev_tracker, GFP_KERNEL);
	err = config ? apply_config(port, config, extack) : 0;
	if (err)
		goto free_port;
	err = dev_set_promiscuity(dev, 1);
	if (err)
		goto free_port;
	err = netdev_rx_handler_register(dev, vsw_rx, port);
	if (err)
		goto clear_promiscuity;
	err = netdev_master_upper_dev_link(dev, sw->dev, NULL, NULL, extack);
	if (err) {
		if (err == -EMLINK)
			NL_SET_ERR_MSG(extack, "too many devices are stacked on each other");
		goto unregister_handler;
	}
	err = vsw_fdb_follow_address(port);
	if (err) {
		NL_SET_ERR_MSG(extack, "no memory for the local MAC entry");
		goto unlink_upper;
	}

	dev_disable_lro(dev);
	vsw_port_attach(port);
	return 0;

unlink_upper:
	vsw_fdb_port_gone(port);
	netdev_upper_dev_unlink(dev, sw->dev);
unregister_handler:
	netdev_rx_handler_unregister(dev);
clear_promiscuity:
	dev_set_promiscuity(dev, -1);
free_port:
	/* By its configuration it may be one that leads to a router. */
	vsw_mcast_port_gone(port);
	vsw_port_unpublish(port);
	netdev_put(dev, &port->dev_tracker);
	call_rcu(&port->rcu, port_free_rcu);
	vsw_mirror_look_again(sw);
	return err;
}

/*
 * Make @port's device, which is no vnic, a plain one again. The caller may not use
 * @port after. RTNL.
 */
void vsw_port_del(struct vsw_port *port)
{
	struct vsw_switch *sw = port->sw;
	struct net_device *dev = port->dev;

	ASSERT_RTNL();

	vsw_port_detach(port);
	netdev_upper_dev_unlink(dev, sw->dev);
	/* Waits until the packet path has left it, and forgotten its number. */
	netdev_rx_handler_unregister(dev);
	vsw_port_unpublish(port);
	dev_set_promiscuity(dev, -1);
	vsw_switch_follow_ports(sw);
	/* It may be what copies went to, and only its being a port forbade that. */
	vsw_mirror_look_again(sw);

	netdev_put(dev, &port->dev_tracker);
	call_rcu(&port->rcu, port_free_rcu);
}

/* Containers put their name there. dev_get_alias() is not exported. */
static void copy_alias(const struct net_device *dev, char *to, size_t size)
{
	const struct dev_ifalias *alias;

	rcu_read_lock();
	alias = rcu_dereference(dev->ifalias);
	if (alias)
		strscpy(to, alias->ifalias, size);
	rcu_read_unlock();
}

/* Its device may be anywhere, and what the device says of itself is not to be trusted. */
static void picture_vnic(const struct vsw_port *port, struct vsw_port_info *info)
{
	struct net *net = dev_net(port->sw->dev), *there = dev_net(port->dev);

	info->type = VSWITCH_PORT_TYPE_VNIC;
	if (port->alias)
		strscpy(info->alias, port->alias, sizeof(info->alias));
	info->abroad = !net_eq(net, there);
	if (info->abroad)
		info->netnsid = peernet2id_alloc(net, there, GFP_KERNEL);
}

/* The other end of a pair or the like, if it is where its index is understood; or @dev. */
static u32 near_link(const struct net_device *dev)
{
	const struct rtnl_link_ops *ops = dev->rtnl_link_ops;

	if (ops && ops->get_link_net && !net_eq(ops->get_link_net(dev), dev_net(dev)))
		return dev->ifindex;
	return dev_get_iflink(dev);
}

static void picture_link(const struct net_device *dev, struct vsw_port_info *info)
{
	info->link.flags = dev_get_flags(dev);
	info->link.mtu = dev->mtu;
	info->link.iflink = near_link(dev);
	info->link.type = dev->type;
	info->link.operstate = netif_running(dev) ? READ_ONCE(dev->operstate) : IF_OPER_DOWN;
	ether_addr_copy(info->link.address, dev->dev_addr);
}

void vsw_port_info(const struct vsw_port *port, struct vsw_port_info *info)
{
	const struct net_device *master = port->sw->dev;

	memset(info, 0, sizeof(*info));
	info->ifindex = port->dev->ifindex;
	strscpy(info->name, port->dev->name, sizeof(info->name));
	info->switch_ifindex = master->ifindex;
	strscpy(info->switch_name, master->name, sizeof(info->switch_name));
	info->number = port->number;
	info->flags = READ_ONCE(port->flags);
	info->reserved = port->reserved;
	info->state = port->state;
	info->loop_protect = port->loop_protect;
	info->fdb_max = READ_ONCE(port->fdb_max);
	info->fdb_count = READ_ONCE(port->fdb_count);
	if (port->flags & VSW_PORT_HOST)
		info->type = VSWITCH_PORT_TYPE_HOST;
	if (port->flags & VSW_PORT_VNIC)
		picture_vnic(port, info);
	else
		copy_alias(port->dev, info->alias, sizeof(info->alias));
	if (rtnl_dereference(port->container))
		info->cgroup = vsw_sender_id(rtnl_dereference(port->container));
	vsw_shut_info(port, &info->shut);
	info->vlans = rtnl_dereference(port->vlans);
	picture_link(port->dev, info);
	info->guard = *vsw_guard_settings(port);
	vsw_mcast_port_info(port, &info->mcast);
}

static void port_event(struct vsw_port *port, unsigned long event)
{
	struct vsw_switch *sw = port->sw;

	switch (event) {
	case NETDEV_CHANGEMTU:
	case NETDEV_FEAT_CHANGE:
		vsw_switch_follow_ports(sw);
		break;
	case NETDEV_CHANGEADDR:
		/* Its address is its own, not the host's. */
		if (port->flags & VSW_PORT_VNIC)
			break;
		/* Some drivers don't ask before: then it may lack memory. */
		if (vsw_fdb_follow_address(port))
			netdev_warn(port->dev, "no memory for the local MAC entry\n");
		vsw_switch_follow_ports(sw);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		vsw_port_update_state(port);
		break;
	case NETDEV_REGISTER:
		/* A vnic has come into another namespace. */
		vsw_vnic_moved(port);
		fallthrough;
	case NETDEV_CHANGENAME:
		vsw_port_tell(port);
		break;
	case NETDEV_UNREGISTER:
		/* A vnic moves, or it would have been detached. */
		if (!(port->flags & VSW_PORT_VNIC))
			vsw_port_del(port);
		break;
	}
}

static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct vsw_port *port;

	vsw_mirror_netdev_event(dev, event);
	if (vsw_is_switch(dev))
		return notifier_from_errno(vsw_switch_event(dev, event));

	if (event == NETDEV_CHANGEADDR)
		vsw_guard_follow_address(dev);
	port = vsw_port_get_rtnl(dev);
	if (!port)
		return NOTIFY_DONE;
	/* What is Ethernet no more can't stay a port: refuse the change. */
	if (event == NETDEV_PRE_TYPE_CHANGE)
		return NOTIFY_BAD;
	/* The switch may follow. */
	if (event == NETDEV_PRE_CHANGEADDR && !(port->flags & VSW_PORT_VNIC))
		return notifier_from_errno(vsw_fdb_reserve(port) ?:
					   vsw_fdb_reserve(&port->sw->host));
	port_event(port, event);
	return NOTIFY_DONE;
}

struct notifier_block vsw_port_notifier = {
	.notifier_call = netdev_event,
	/* Before IPv4, which announces a vnic's addresses as it comes up: it has to forward. */
	.priority = 1,
};
