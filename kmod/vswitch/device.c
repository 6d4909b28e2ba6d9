// SPDX-License-Identifier: GPL-2.0
/*
 * The switch's own device, which is the host's port: it makes and unmakes a
 * switch, and its MAC, MTU, features and carrier follow the ports'.
 */
#include <kunit/visibility.h>

#include "binding.h"
#include "bridge_nl.h"
#include "flow.h"

#define SWITCH_FEATURES	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | \
			 NETIF_F_GSO_MASK | NETIF_F_HW_CSUM)
#define SWITCH_VLAN_FEATURES (NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX)

/* The switch went up or down, and its ports' forwarding with it. */
static void update_states(struct vsw_switch *sw)
{
	unsigned long host = sw->host.flags & ~(VSW_PORT_LIVE | VSW_PORT_FORWARDING);
	struct vsw_port *port;

	if (netif_running(sw->dev))
		host |= VSW_PORT_LIVE | VSW_PORT_FORWARDING;
	vsw_port_set_flags(&sw->host, host);
	list_for_each_entry(port, &sw->port_list, list) {
		if (port->flags & VSW_PORT_VNIC)
			vsw_vnic_follow_switch(port);
		vsw_port_update_state(port);
	}
}

/* The carrier of a switch is that of any of its ports. RTNL. */
void vsw_switch_follow_carrier(struct vsw_switch *sw)
{
	if (sw->live_ports)
		netif_carrier_on(sw->dev);
	else
		netif_carrier_off(sw->dev);
}

/*
 * The ports whose devices the switch follows. Those of vnics may be in the hands
 * of containers, which have no say in what the host is.
 */
#define for_each_followed(port, sw)					\
	list_for_each_entry(port, &(sw)->port_list, list)		\
		if (!((port)->flags & VSW_PORT_VNIC))

/* As users know it from the bridge: the lowest of the ports', unless set. */
static void follow_address(struct vsw_switch *sw)
{
	const unsigned char *lowest = NULL;
	struct vsw_port *port;

	if (sw->dev->addr_assign_type == NET_ADDR_SET)
		return;
	for_each_followed(port, sw) {
		if (!lowest || memcmp(port->dev->dev_addr, lowest, ETH_ALEN) < 0)
			lowest = port->dev->dev_addr;
	}
	/* The last one is gone: keep what neighbours know. */
	if (!lowest || ether_addr_equal(lowest, sw->dev->dev_addr))
		return;
	/* Better the old one than one whose frames don't reach the host. */
	if (dev_pre_changeaddr_notify(sw->dev, lowest, NULL))
		return;
	eth_hw_addr_set(sw->dev, lowest);
	call_netdevice_notifiers(NETDEV_CHANGEADDR, sw->dev);
	/* Nobody asked for it: who has the host's old MAC would send to it for a minute. */
	if (netif_running(sw->dev))
		__netdev_notify_peers(sw->dev);
}

static void follow_mtu(struct vsw_switch *sw)
{
	unsigned int mtu = UINT_MAX;
	struct vsw_port *port;

	if (sw->mtu_set_by_user)
		return;
	for_each_followed(port, sw)
		mtu = min(mtu, port->dev->mtu);
	if (mtu == UINT_MAX)
		mtu = ETH_DATA_LEN;
	mtu = clamp(mtu, sw->dev->min_mtu, sw->dev->max_mtu);
	if (mtu == sw->dev->mtu)
		return;
	dev_set_mtu(sw->dev, mtu);
	sw->mtu_set_by_user = false;	/* ndo_change_mtu took it for the user */
}

/* The host may build GSO packets as big as all ports take them. */
static void follow_gso(struct vsw_switch *sw)
{
	unsigned int max = GSO_MAX_SIZE;
	struct vsw_port *port;

	for_each_followed(port, sw)
		max = min(max, port->dev->tso_max_size);
	netif_set_tso_max_size(sw->dev, max);
}

/* A port came, went or changed: MAC, MTU and features of the switch follow. RTNL. */
void vsw_switch_follow_ports(struct vsw_switch *sw)
{
	ASSERT_RTNL();

	if (sw->going)
		return;
	follow_address(sw);
	follow_mtu(sw);
	follow_gso(sw);
	netdev_update_features(sw->dev);
}

static netdev_features_t fix_features(struct net_device *dev,
				      netdev_features_t features)
{
	struct vsw_switch *sw = netdev_priv(dev);
	netdev_features_t mask = features;
	struct vsw_port *port;
	bool any = false;

	for_each_followed(port, sw) {
		if (!any)
			features &= ~NETIF_F_ONE_FOR_ALL;
		any = true;
		features = netdev_increment_features(features,
						     port->dev->features, mask);
	}
	return any ? netdev_add_tso_features(features, mask) : features;
}

static int switch_init(struct net_device *dev)
{
	struct vsw_switch *sw = netdev_priv(dev);
	int err;

	sw->host.stats = vsw_stats_alloc();
	if (!sw->host.stats)
		return -ENOMEM;
	err = vsw_vlan_init(&sw->host);
	if (err)
		goto free_stats;
	err = vsw_vlan_stats_init(sw, sw->vlan_stats_wanted);
	if (err)
		goto destroy_vlans;
	sw->host.flags |= vsw_vlan_flags(&sw->host, rtnl_dereference(sw->host.vlans));
	err = xa_insert(&sw->ports, VSWITCH_HOST_PORT, &sw->host, GFP_KERNEL);
	if (err)
		goto destroy_vlan_stats;
	err = vsw_port_publish(sw, &sw->host);
	if (err)
		goto destroy_ports;
	err = vsw_fdb_init(sw);
	if (err)
		goto free_port_table;
	err = vsw_bindings_init(sw);
	if (err)
		goto destroy_fdb;
	err = vsw_mcast_init(sw);
	if (err)
		goto destroy_bindings;
	netdev_lockdep_set_classes(dev);
	return 0;

destroy_bindings:
	vsw_bindings_destroy(sw);
destroy_fdb:
	vsw_fdb_destroy(sw);
free_port_table:
	kvfree(rtnl_dereference(sw->port_table));
destroy_ports:
	xa_destroy(&sw->ports);
destroy_vlan_stats:
	vsw_vlan_stats_destroy(sw);
destroy_vlans:
	vsw_vlan_destroy(&sw->host);
free_stats:
	free_percpu(sw->host.stats);
	return err;
}

/* The ports are gone. What needs a grace period waits in switch_free(). */
static void switch_uninit(struct net_device *dev)
{
	struct vsw_switch *sw = netdev_priv(dev);

	cancel_delayed_work_sync(&sw->fdb_age_work);
	vsw_mcast_query_stop(sw);
	cancel_delayed_work_sync(&sw->loop.work);
	vsw_flows_stop(sw);
}

/* priv_destructor: the device was unregistered a grace period ago. */
static void switch_free(struct net_device *dev)
{
	struct vsw_switch *sw = netdev_priv(dev);

	vsw_flows_destroy(sw);
	vsw_bindings_destroy(sw);
	vsw_mcast_destroy(sw);
	vsw_fdb_destroy(sw);
	vsw_vlan_destroy(&sw->host);
	kfree(rcu_dereference_protected(sw->mirrors, true));
	vsw_private_destroy(sw);
	vsw_vlan_stats_destroy(sw);
	kvfree(rcu_dereference_protected(sw->port_table, true));
	xa_destroy(&sw->ports);
	free_percpu(sw->host.stats);
}

static int switch_open(struct net_device *dev)
{
	struct vsw_switch *sw = netdev_priv(dev);

	netdev_update_features(dev);
	netif_start_queue(dev);
	update_states(sw);
	queue_delayed_work(system_power_efficient_wq, &sw->fdb_age_work, 0);
	vsw_mcast_query_start(sw);
	vsw_loop_update(sw);
	return 0;
}

static int switch_stop(struct net_device *dev)
{
	const struct vsw_fdb_filter all = { .type = VSWITCH_FDB_TYPE_DYNAMIC };
	struct vsw_switch *sw = netdev_priv(dev);

	netif_stop_queue(dev);
	/* In one go, so that the ports find nothing left to flush. */
	vsw_fdb_flush(sw, &all);
	update_states(sw);
	vsw_loop_update(sw);
	cancel_delayed_work_sync(&sw->fdb_age_work);
	vsw_mcast_query_stop(sw);
	return 0;
}

static int switch_set_mac(struct net_device *dev, void *addr)
{
	struct sockaddr *sa = addr;

	if (!is_valid_ether_addr(sa->sa_data))
		return -EADDRNOTAVAIL;
	eth_hw_addr_set(dev, sa->sa_data);
	return 0;
}

static int switch_change_mtu(struct net_device *dev, int mtu)
{
	struct vsw_switch *sw = netdev_priv(dev);

	dev->mtu = mtu;
	sw->mtu_set_by_user = true;
	return 0;
}

/* ip -s link: what the host received is what the switch sent to it. */
static void switch_get_stats64(struct net_device *dev,
			       struct rtnl_link_stats64 *to)
{
	struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_stats stats = {};

	vsw_stats_add(&stats, sw->host.stats);
	to->rx_packets = stats.tx_packets;
	to->rx_bytes = stats.tx_bytes;
	to->tx_packets = stats.rx_packets;
	to->tx_bytes = stats.rx_bytes;
	to->tx_dropped = vsw_stats_drops(&stats);
}

static int switch_add_slave(struct net_device *dev, struct net_device *slave,
			    struct netlink_ext_ack *extack)
{
	return vsw_port_add(netdev_priv(dev), slave, NULL, extack);
}

static int switch_del_slave(struct net_device *dev, struct net_device *slave)
{
	struct vsw_port *port = vsw_port_get_rtnl(slave);

	if (!port || port->sw->dev != dev)
		return -EINVAL;
	vsw_port_del(port);
	return 0;
}

/* Whether it gets a copy of all is looked at once, not for each frame. */
static void switch_change_rx_flags(struct net_device *dev, int change)
{
	vsw_end_epoch(netdev_priv(dev));
}

static const struct net_device_ops switch_netdev_ops = {
	.ndo_init = switch_init,
	.ndo_uninit = switch_uninit,
	.ndo_open = switch_open,
	.ndo_stop = switch_stop,
	.ndo_start_xmit = vsw_xmit,
	.ndo_change_rx_flags = switch_change_rx_flags,
	.ndo_get_stats64 = switch_get_stats64,
	.ndo_set_mac_address = switch_set_mac,
	.ndo_change_mtu = switch_change_mtu,
	.ndo_fix_features = fix_features,
	.ndo_features_check = passthru_features_check,
	.ndo_bridge_getlink = vsw_bridge_getlink,
	.ndo_bridge_setlink = vsw_bridge_setlink,
	.ndo_bridge_dellink = vsw_bridge_dellink,
	.ndo_fdb_add = vsw_bridge_fdb_add,
	.ndo_fdb_del = vsw_bridge_fdb_del,
	.ndo_fdb_del_bulk = vsw_bridge_fdb_flush,
	.ndo_fdb_dump = vsw_bridge_fdb_dump,
	.ndo_fdb_get = vsw_bridge_fdb_get,
	VSW_NDO_MDB(vsw_bridge_mdb_add, vsw_bridge_mdb_del, vsw_bridge_mdb_dump)
	.ndo_add_slave = switch_add_slave,
	.ndo_del_slave = switch_del_slave,
};

bool vsw_is_switch(const struct net_device *dev)
{
	return dev->netdev_ops == &switch_netdev_ops;
}

static const struct device_type switch_type = {
	.name = "vswitch",
};

void vsw_switch_setup(struct net_device *dev)
{
	struct vsw_switch *sw = netdev_priv(dev);

	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &switch_netdev_ops;
	dev->ethtool_ops = &vsw_switch_ethtool_ops;
	dev->priv_destructor = switch_free;
	dev->needs_free_netdev = true;
	SET_NETDEV_DEVTYPE(dev, &switch_type);
	/* netpoll transmits with interrupts off, which learning can't have. */
	dev->priv_flags |= IFF_NO_QUEUE | IFF_DISABLE_NETPOLL;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->max_mtu = ETH_MAX_MTU;
	dev->features = SWITCH_FEATURES | SWITCH_VLAN_FEATURES;
	dev->hw_features = dev->features;
	dev->vlan_features = SWITCH_FEATURES;
	vsw_netdev_set_lltx(dev);
	vsw_netdev_set_netns_immutable(dev);

	sw->dev = dev;
	INIT_LIST_HEAD(&sw->port_list);
	xa_init_flags(&sw->ports, XA_FLAGS_ALLOC);
	sw->fdb_max = VSWITCH_DEFAULT_FDB_MAX;
	sw->ageing_ms = VSWITCH_DEFAULT_AGEING_TIME;
	sw->ageing_time = msecs_to_jiffies(sw->ageing_ms);
	vsw_loop_init(sw);
	sw->host.dev = dev;
	sw->host.sw = sw;
	/* What the host sends to a reserved address it originates, as a station. */
	sw->host.group_pass = U16_MAX;
	sw->host.flags = VSW_PORT_HOST;
	vsw_shut_init(&sw->host);
	sw->host.state = VSWITCH_PORT_STATE_FORWARDING;
	sw->vlan_proto = htons(ETH_P_8021Q);
	sw->default_pvid = VSWITCH_DEFAULT_PVID;
	vsw_mcast_setup(sw);
}

static void apply_values(struct vsw_switch *sw,
			 const struct vsw_switch_config *config)
{
	if (config->given & VSW_SWITCH_FDB_MAX)
		WRITE_ONCE(sw->fdb_max, config->fdb_max);
	if (config->given & VSW_SWITCH_AGEING) {
		sw->ageing_ms = config->ageing_ms;
		WRITE_ONCE(sw->ageing_time, msecs_to_jiffies(config->ageing_ms));
	}
	if ((config->given & VSW_SWITCH_VLANS) && config->vlan_filtering)
		sw->host.flags |= VSW_PORT_VLANS;
	if (config->given & VSW_SWITCH_LOOP_INTERVAL)
		sw->loop.interval = config->loop_interval;
	sw->guard_flags = config->guard_flags & config->guard_given;
	if ((config->given & VSW_SWITCH_VLAN_PROTO) &&
	    config->vlan_protocol == VSWITCH_VLAN_PROTOCOL_8021AD)
		sw->vlan_proto = htons(ETH_P_8021AD);
	if (config->given & VSW_SWITCH_DEFAULT_PVID)
		sw->default_pvid = config->default_pvid;
	if (config->given & VSW_SWITCH_VLAN_STATS)
		sw->vlan_stats_wanted = config->vlan_stats;
	if (config->given & VSW_SWITCH_MCAST)
		sw->mcast.config = config->mcast;
	if ((config->given & VSW_SWITCH_SNOOPING) && config->mcast_snooping) {
		sw->mcast.on = true;
		sw->host.flags |= VSW_PORT_SNOOPED;
	}
}

static int check_config(const struct vsw_switch_config *config,
			struct netlink_ext_ack *extack)
{
	if ((config->given & VSW_SWITCH_ADDRESS) &&
	    !is_valid_ether_addr(config->address)) {
		NL_SET_ERR_MSG(extack, "a switch's address is a unicast MAC that is not zero");
		return -EADDRNOTAVAIL;
	}
	/* What is learned is charged to nobody, so tenants have a bound. */
	if ((config->given & VSW_SWITCH_FDB_MAX) &&
	    (!config->fdb_max || config->fdb_max > VSWITCH_DEFAULT_FDB_MAX) &&
	    !capable(CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(extack, "more than 65536 MAC entries need CAP_NET_ADMIN on the host, in the initial user namespace");
		return -EPERM;
	}
	if ((config->given & VSW_SWITCH_MCAST) &&
	    config->mcast.max_groups > VSWITCH_MCAST_MAX_GROUPS && !capable(CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(extack, "more than 4096 multicast groups need CAP_NET_ADMIN on the host, in the initial user namespace");
		return -EPERM;
	}
	return 0;
}

/*
 * Register @dev, on which vsw_switch_setup() ran, as a new switch. On an error
 * the caller still has to free it. RTNL.
 */
int vsw_switch_register(struct net_device *dev,
			const struct vsw_switch_config *config,
			struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw = netdev_priv(dev);
	int err;

	err = check_config(config, extack);
	if (err)
		return err;
	apply_values(sw, config);
	if (config->given & VSW_SWITCH_ADDRESS) {
		eth_hw_addr_set(dev, config->address);
		dev->addr_assign_type = NET_ADDR_SET;
	}
	if (config->given & VSW_SWITCH_MTU) {
		dev->mtu = config->mtu;
		sw->mtu_set_by_user = true;
	}
	netif_carrier_off(dev);
	err = register_netdevice(dev);
	if (err)
		return err;
	vsw_event_switch(sw, VSWITCH_CMD_SWITCH_NEW_NTF);
	return 0;
}

/* Create and register a switch; @name may have a %d. Or an ERR_PTR. RTNL. */
struct vsw_switch *vsw_switch_create(struct net *net, const char *name,
				     const struct vsw_switch_config *config,
				     struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	int err;

	ASSERT_RTNL();

	dev = alloc_netdev(sizeof(struct vsw_switch), name, NET_NAME_USER,
			   vsw_switch_setup);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev_net_set(dev, net);
	dev->rtnl_link_ops = &vsw_link_ops;
	err = vsw_switch_register(dev, config, extack);
	if (err) {
		free_netdev(dev);
		return ERR_PTR(err);
	}
	return netdev_priv(dev);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_switch_create);

static int set_address(struct net_device *dev, const u8 *address,
		       struct netlink_ext_ack *extack)
{
	struct sockaddr sa = { .sa_family = dev->type };

	ether_addr_copy(sa.sa_data, address);
	return dev_set_mac_address(dev, &sa, extack);
}

/* Change what @config gives, all or nothing. RTNL. */
int vsw_switch_configure(struct vsw_switch *sw,
			 const struct vsw_switch_config *config,
			 struct netlink_ext_ack *extack)
{
	struct net_device *dev = sw->dev;
	u8 assign_type = dev->addr_assign_type;
	bool mtu_set = sw->mtu_set_by_user;
	struct vsw_private *private_vlans;
	struct vsw_vlan_stats *vlan_stats;
	u8 address[ETH_ALEN];
	int err;

	ASSERT_RTNL();

	err = check_config(config, extack);
	if (err)
		return err;
	private_vlans = vsw_private_prepare(sw, config, extack);
	if (IS_ERR(private_vlans))
		return PTR_ERR(private_vlans);
	vlan_stats = vsw_vlan_stats_prepare(sw, config, extack);
	if (IS_ERR(vlan_stats)) {
		vsw_private_free(private_vlans);
		return PTR_ERR(vlan_stats);
	}
	ether_addr_copy(address, dev->dev_addr);
	if (config->given & VSW_SWITCH_ADDRESS) {
		err = set_address(dev, config->address, extack);
		if (err)
			goto free_prepared;
	}
	if (config->given & VSW_SWITCH_MTU) {
		err = dev_set_mtu(dev, config->mtu);
		if (err) {
			NL_SET_ERR_MSG(extack, "the MTU was refused by a device on top of the switch");
			sw->mtu_set_by_user = mtu_set;
			goto restore_address;
		}
		sw->mtu_set_by_user = true;
	}
	if (config->given & VSW_SWITCH_FDB_MAX)
		WRITE_ONCE(sw->fdb_max, config->fdb_max);
	if (config->given & VSW_SWITCH_AGEING)
		vsw_fdb_set_ageing(sw, config->ageing_ms);
	if (private_vlans)
		vsw_private_replace(sw, private_vlans);
	if (config->given & VSW_SWITCH_VLAN_STATS)
		vsw_vlan_stats_replace(sw, config->vlan_stats, vlan_stats);
	if (config->given & VSW_SWITCH_VLANS)
		vsw_vlan_set_filtering(sw, config->vlan_filtering);
	if (config->given & VSW_SWITCH_LOOP_INTERVAL) {
		WRITE_ONCE(sw->loop.interval, config->loop_interval);
		vsw_loop_update(sw);
	}
	vsw_guard_set_of_switch(sw, config->guard_given, config->guard_flags);
	if (config->given & VSW_SWITCH_VLAN_PROTO)
		vsw_vlan_set_protocol(sw, config->vlan_protocol);
	if (config->given & VSW_SWITCH_DEFAULT_PVID)
		sw->default_pvid = config->default_pvid;
	if (config->given & VSW_SWITCH_MCAST)
		vsw_mcast_configure(sw, &config->mcast);
	if (config->given & VSW_SWITCH_SNOOPING)
		vsw_mcast_set_snooping(sw, config->mcast_snooping);
	vsw_net(dev_net(dev))->generation++;
	vsw_event_switch(sw, VSWITCH_CMD_SWITCH_SET_NTF);
	return 0;

restore_address:
	if (config->given & VSW_SWITCH_ADDRESS) {
		set_address(dev, address, NULL);
		dev->addr_assign_type = assign_type;
	}
free_prepared:
	vsw_vlan_stats_free(vlan_stats);
	vsw_private_free(private_vlans);
	return err;
}

/*
 * rtnl_link_ops.dellink: detach the ports, delete the vnics, and queue the device
 * to be unregistered.
 */
void vsw_switch_delete(struct net_device *dev, struct list_head *head)
{
	struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_port *port, *next;

	WRITE_ONCE(sw->going, true);
	vsw_mirror_switch_gone(sw);
	list_for_each_entry_safe(port, next, &sw->port_list, list) {
		if (port->flags & VSW_PORT_VNIC)
			vsw_vnic_delete(port->dev, head);
		else
			vsw_port_del(port);
	}
	unregister_netdevice_queue(dev, head);
}

/* Delete a switch; its memory goes when RTNL is released. RTNL. */
void vsw_switch_delete_now(struct vsw_switch *sw)
{
	LIST_HEAD(list);

	ASSERT_RTNL();

	vsw_switch_delete(sw->dev, &list);
	unregister_netdevice_many(&list);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_switch_delete_now);

void vsw_switch_info(const struct vsw_switch *sw, struct vsw_switch_info *info)
{
	const struct net_device *dev = sw->dev;

	memset(info, 0, sizeof(*info));
	info->ifindex = dev->ifindex;
	strscpy(info->name, dev->name, sizeof(info->name));
	ether_addr_copy(info->address, dev->dev_addr);
	info->up = dev->flags & IFF_UP;
	info->vlan_filtering = sw->host.flags & VSW_PORT_VLANS;
	info->vlan_protocol = sw->vlan_proto == htons(ETH_P_8021AD) ?
			      VSWITCH_VLAN_PROTOCOL_8021AD : VSWITCH_VLAN_PROTOCOL_8021Q;
	info->default_pvid = sw->default_pvid;
	info->vlan_stats = vsw_vlan_stats_are_on(sw);
	info->mtu = dev->mtu;
	info->ageing_ms = READ_ONCE(sw->ageing_ms);
	info->fdb_max = READ_ONCE(sw->fdb_max);
	info->loop_interval = READ_ONCE(sw->loop.interval);
	info->fdb_count = READ_ONCE(sw->fdb_count);
	info->port_count = sw->port_count;
	info->guard_flags = sw->guard_flags;
	info->mcast_snooping = sw->mcast.on;
	info->mcast_group_count = READ_ONCE(sw->mcast.group_count);
	info->mcast = sw->mcast.config;
	info->private_count = vsw_private_pairs(sw, &info->private_vlans);
}

/* Sum over the ports, the host port and the ports that are no more. RTNL. */
void vsw_switch_stats(const struct vsw_switch *sw, struct vsw_stats *stats)
{
	const struct vsw_port *port;

	ASSERT_RTNL();

	*stats = sw->gone;
	vsw_stats_add(stats, sw->host.stats);
	list_for_each_entry(port, &sw->port_list, list)
		vsw_stats_add(stats, port->stats);
}

/* Events of a switch's own device. Returns an error to those that can be refused. RTNL. */
int vsw_switch_event(struct net_device *dev, unsigned long event)
{
	struct vsw_net *vn = vsw_net(dev_net(dev));
	struct vsw_switch *sw = netdev_priv(dev);
	int err;

	switch (event) {
	case NETDEV_REGISTER:
		err = vsw_fdb_follow_address(&sw->host);
		if (!err)
			err = xa_insert(&vn->switches, dev->ifindex, sw,
					GFP_KERNEL);
		if (!err)
			vn->generation++;
		return err;
	case NETDEV_UNREGISTER:
		/* Sent too when registration failed half-way. */
		if (xa_erase(&vn->switches, dev->ifindex)) {
			vn->generation++;
			vsw_event_switch(sw, VSWITCH_CMD_SWITCH_DEL_NTF);
		}
		break;
	case NETDEV_PRE_CHANGEADDR:
		return vsw_fdb_reserve(&sw->host);
	case NETDEV_CHANGEADDR:
		if (vsw_fdb_follow_address(&sw->host))
			netdev_warn(dev, "no memory for the local MAC entry\n");
		fallthrough;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGEMTU:
	case NETDEV_CHANGENAME:
		vn->generation++;
		vsw_event_switch(sw, VSWITCH_CMD_SWITCH_SET_NTF);
		break;
	}
	return 0;
}
