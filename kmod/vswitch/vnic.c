// SPDX-License-Identifier: GPL-2.0
/*
 * The virtual adapter: one device that lives wherever it is wanted, in a
 * container say, and is a port of its switch as long as it exists. What it sends
 * is in the switch at once; what the switch has for it, it receives.
 */
#include "bridge_nl.h"

#define VNIC_FEATURES	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM | \
			 NETIF_F_RXCSUM | NETIF_F_SCTP_CRC | NETIF_F_HIGHDMA | \
			 NETIF_F_GSO_SOFTWARE | NETIF_F_GSO_ENCAP_ALL)
#define VNIC_VLAN_FEATURES (NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_CTAG_RX | \
			    NETIF_F_HW_VLAN_STAG_TX | NETIF_F_HW_VLAN_STAG_RX)

static int vnic_init(struct net_device *dev)
{
	struct vsw_vnic *vnic = netdev_priv(dev);
	int err;

	err = vsw_port_init(&vnic->port, dev, VSW_PORT_VNIC);
	if (err)
		return err;
	netdev_hold(vnic->port.sw->dev, &vnic->port.dev_tracker, GFP_KERNEL);
	netdev_lockdep_set_classes(dev);
	return 0;
}

/* Nobody can be sent to it any more. The device is still there, but unknown. */
static void leave(struct vsw_vnic *vnic)
{
	struct net_device *sw = vnic->port.sw->dev;

	if (!vnic->attached)
		return;
	vnic->attached = false;
	vsw_port_detach(&vnic->port);
	netdev_upper_dev_unlink(sw, vnic->port.dev);
}

/*
 * A grace period after leave() but for the device whose making failed half-way;
 * so the path has forgotten the port's number.
 */
static void vnic_uninit(struct net_device *dev)
{
	struct vsw_vnic *vnic = netdev_priv(dev);
	struct vsw_port *port = &vnic->port;

	if (vnic->attached) {
		leave(vnic);
		synchronize_net();
	}
	vsw_port_unpublish(port);
	netdev_put(port->sw->dev, &port->dev_tracker);
}

/* priv_destructor: the device was unregistered a grace period ago. */
static void vnic_free(struct net_device *dev)
{
	struct vsw_vnic *vnic = netdev_priv(dev);

	vsw_port_destroy(&vnic->port);
}

/* The switch takes what it is told to; groups are its own business. */
static void vnic_set_rx_mode(struct net_device *dev)
{
}

static int vnic_get_iflink(const struct net_device *dev)
{
	const struct vsw_vnic *vnic = netdev_priv(dev);

	return READ_ONCE(vnic->port.sw->dev->ifindex);
}

/* What the adapter sent is what the switch received by it. */
static void vnic_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *to)
{
	struct vsw_vnic *vnic = netdev_priv(dev);
	struct vsw_stats stats = {};

	vsw_stats_add(&stats, vnic->port.stats);
	to->rx_packets = stats.tx_packets;
	to->rx_bytes = stats.tx_bytes;
	to->tx_packets = stats.rx_packets;
	to->tx_bytes = stats.rx_bytes;
	to->tx_dropped = vsw_stats_drops(&stats);
}

static const struct net_device_ops vnic_netdev_ops = {
	.ndo_init = vnic_init,
	.ndo_uninit = vnic_uninit,
	.ndo_start_xmit = vsw_vnic_xmit,
	.ndo_get_stats64 = vnic_get_stats64,
	.ndo_set_rx_mode = vnic_set_rx_mode,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_get_iflink = vnic_get_iflink,
	.ndo_bridge_getlink = vsw_bridge_getlink,
	.ndo_bridge_setlink = vsw_bridge_setlink,
	.ndo_bridge_dellink = vsw_bridge_dellink,
	.ndo_features_check = passthru_features_check,
};

bool vsw_is_vnic(const struct net_device *dev)
{
	return dev->netdev_ops == &vnic_netdev_ops;
}

/* Also while it comes or goes. */
bool vsw_is_vnic_of(const struct net_device *dev, const struct vsw_switch *sw)
{
	return vsw_is_vnic(dev) && ((struct vsw_vnic *)netdev_priv(dev))->port.sw == sw;
}

/* The port that @dev, a vnic, is; NULL while it comes or goes. RTNL. */
struct vsw_port *vsw_vnic_port(const struct net_device *dev)
{
	struct vsw_vnic *vnic = netdev_priv(dev);

	ASSERT_RTNL();

	return vnic->attached ? &vnic->port : NULL;
}

/* Whether its device and its switch are in one network namespace may have changed. RTNL. */
void vsw_vnic_moved(struct vsw_port *port)
{
	unsigned long flags = port->flags & ~VSW_PORT_ABROAD;

	ASSERT_RTNL();

	if (!net_eq(dev_net(port->dev), dev_net(port->sw->dev)))
		flags |= VSW_PORT_ABROAD;
	vsw_port_set_flags(port, flags);
}

/* Its carrier is its switch's being up. RTNL. */
void vsw_vnic_follow_switch(struct vsw_port *port)
{
	if (netif_running(port->sw->dev))
		netif_carrier_on(port->dev);
	else
		netif_carrier_off(port->dev);
}

static const struct device_type vnic_type = {
	.name = "vnic",
};

void vsw_vnic_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &vnic_netdev_ops;
	dev->ethtool_ops = &vsw_vnic_ethtool_ops;
	dev->priv_destructor = vnic_free;
	dev->needs_free_netdev = true;
	SET_NETDEV_DEVTYPE(dev, &vnic_type);
	/* netpoll transmits with interrupts off, which learning can't have. */
	dev->priv_flags |= IFF_NO_QUEUE | IFF_LIVE_ADDR_CHANGE | IFF_DISABLE_NETPOLL;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->max_mtu = ETH_MAX_MTU;
	dev->features = VNIC_FEATURES | VNIC_VLAN_FEATURES;
	dev->hw_features = dev->features;
	dev->hw_enc_features = dev->features;
	dev->mpls_features = VNIC_FEATURES;
	dev->vlan_features = VNIC_FEATURES;
	vsw_netdev_set_lltx(dev);
}

/* Make @dev, which is registered, a port that others can see. */
static int join(struct vsw_vnic *vnic, struct netlink_ext_ack *extack)
{
	struct vsw_port *port = &vnic->port;
	int err;

	err = netdev_upper_dev_link(port->sw->dev, port->dev, extack);
	if (err) {
		if (err == -EMLINK)
			NL_SET_ERR_MSG(extack, "too many devices are stacked on each other");
		return err;
	}
	vnic->attached = true;
	vsw_vnic_moved(port);
	vsw_port_attach(port);
	return 0;
}

/*
 * Register @dev, on which vsw_vnic_setup() ran, as a new port of @sw. Unless the
 * user has given it an MTU it has the switch's. On an error the caller still has
 * to free it, if it is not registered. RTNL.
 */
int vsw_vnic_register(struct net_device *dev, struct vsw_switch *sw,
		      bool mtu_given, struct netlink_ext_ack *extack)
{
	struct vsw_vnic *vnic = netdev_priv(dev);
	int err;

	ASSERT_RTNL();

	vnic->port.sw = sw;
	if (!mtu_given)
		dev->mtu = sw->dev->mtu;
	if (!netif_running(sw->dev))
		netif_carrier_off(dev);
	err = register_netdevice(dev);
	if (err) {
		if (err == -EXFULL)
			NL_SET_ERR_MSG(extack, VSW_PORTS_FULL);
		return err;
	}
	err = join(vnic, extack);
	if (err)
		unregister_netdevice(dev);
	return err;
}

/* rtnl_link_ops.dellink: detach it, and queue the device to be unregistered. */
void vsw_vnic_delete(struct net_device *dev, struct list_head *head)
{
	leave(netdev_priv(dev));
	unregister_netdevice_queue(dev, head);
}

/* Delete the vnic that @port is; its memory goes when RTNL is released. RTNL. */
void vsw_vnic_delete_now(struct vsw_port *port)
{
	LIST_HEAD(list);

	ASSERT_RTNL();

	vsw_vnic_delete(port->dev, &list);
	unregister_netdevice_many(&list);
}
