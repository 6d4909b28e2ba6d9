// SPDX-License-Identifier: GPL-2.0
/*
 * What ethtool(8) shows of a switch's device, the counters of the whole switch,
 * and of a vnic, those of its port.
 */
#include <linux/ethtool.h>

#include "vswitch.h"

static const char *const counter_names[] = {
	"rx_packets", "rx_bytes", "tx_packets", "tx_bytes",
	"learned", "moved", "learn_refused", "answered",
};

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, vsw_is_vnic(dev) ? "vnic" : "vswitch",
		sizeof(info->driver));
	strscpy(info->version, VSW_VERSION, sizeof(info->version));
}

static int get_sset_count(struct net_device *dev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return ARRAY_SIZE(counter_names) + VSW_DROP_COUNT;
}

static void get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	char *to = (char *)data;
	char *dash;
	int i;

	if (sset != ETH_SS_STATS)
		return;
	for (i = 0; i < ARRAY_SIZE(counter_names); i++, to += ETH_GSTRING_LEN)
		strscpy(to, counter_names[i], ETH_GSTRING_LEN);
	for (i = 0; i < VSW_DROP_COUNT; i++, to += ETH_GSTRING_LEN) {
		snprintf(to, ETH_GSTRING_LEN, "drop_%s", vsw_drop_names[i]);
		for (dash = to; (dash = strchr(dash, '-')); )
			*dash = '_';
	}
}

static void put_stats(const struct vsw_stats *stats, u64 *data)
{
	*data++ = stats->rx_packets;
	*data++ = stats->rx_bytes;
	*data++ = stats->tx_packets;
	*data++ = stats->tx_bytes;
	*data++ = stats->learned;
	*data++ = stats->moved;
	*data++ = stats->learn_refused;
	*data++ = stats->answered;
	memcpy(data, stats->drop, sizeof(stats->drop));
}

static void get_switch_stats(struct net_device *dev, struct ethtool_stats *unused,
			     u64 *data)
{
	struct vsw_stats stats;

	vsw_switch_stats(netdev_priv(dev), &stats);
	put_stats(&stats, data);
}

/* Of its port: rx is what the switch received, that is, what the vnic sent. */
static void get_vnic_stats(struct net_device *dev, struct ethtool_stats *unused,
			   u64 *data)
{
	const struct vsw_vnic *vnic = netdev_priv(dev);
	struct vsw_stats stats = {};

	vsw_stats_add(&stats, vnic->port.stats);
	put_stats(&stats, data);
}

/* As fast as whoever asks needs it to be: what veth says. */
static int get_vnic_link_ksettings(struct net_device *dev,
				   struct ethtool_link_ksettings *to)
{
	to->base.speed = SPEED_10000;
	to->base.duplex = DUPLEX_FULL;
	to->base.port = PORT_TP;
	to->base.autoneg = AUTONEG_DISABLE;
	return 0;
}

const struct ethtool_ops vsw_switch_ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_sset_count = get_sset_count,
	.get_strings = get_strings,
	.get_ethtool_stats = get_switch_stats,
};

const struct ethtool_ops vsw_vnic_ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = get_vnic_link_ksettings,
	.get_ts_info = ethtool_op_get_ts_info,
	.get_sset_count = get_sset_count,
	.get_strings = get_strings,
	.get_ethtool_stats = get_vnic_stats,
};
