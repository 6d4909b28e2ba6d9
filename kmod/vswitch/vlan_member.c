// SPDX-License-Identifier: GPL-2.0
/*
 * Which VLANs (802.1Q) a port is a member of, and whether a switch filters by
 * VLAN at all.
 */
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "vlan.h"

/* What a new port has: shared by all, and never freed. */
static const struct vsw_vlans vlans_default = {
	.pvid = VSWITCH_DEFAULT_PVID,
	.member[VSWITCH_DEFAULT_PVID / 8] = BIT(VSWITCH_DEFAULT_PVID % 8),
	.untagged[VSWITCH_DEFAULT_PVID / 8] = BIT(VSWITCH_DEFAULT_PVID % 8),
};

void vsw_vlan_init(struct vsw_port *port)
{
	RCU_INIT_POINTER(port->vlans, &vlans_default);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_vlan_init);

/* Nobody reads @port any more. */
void vsw_vlan_destroy(struct vsw_port *port)
{
	const struct vsw_vlans *vlans = rcu_dereference_protected(port->vlans, true);

	if (vlans != &vlans_default)
		kfree(vlans);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_vlan_destroy);

/* The set of VLANs may have 1 to 4094 (802.1Q-2018 table 9-2). */
static bool has_reserved(const u8 *set)
{
	return vsw_vlan_in(set, 0) || vsw_vlan_in(set, VLAN_N_VID - 1);
}

/*
 * What @config says of untagged VLANs or the PVID is to blame if it says something,
 * else they were right before, and it is the members that leave them behind.
 */
static int check(const struct vsw_vlans *vlans, const struct vsw_vlan_config *config,
		 struct netlink_ext_ack *extack)
{
	unsigned int i;

	if (has_reserved(vlans->member)) {
		NL_SET_ERR_MSG_ATTR(extack, config->member_attr,
				    "a port can't be a member of VLAN 0 or 4095, which are reserved");
		return -ERANGE;
	}
	for (i = 0; i < VSWITCH_VLAN_SET_LEN; i++) {
		if (vlans->untagged[i] & ~vlans->member[i]) {
			NL_SET_ERR_MSG_ATTR(extack, config->untagged_attr ?: config->member_attr,
					    "a VLAN is untagged that the port is not a member of");
			return -ERANGE;
		}
	}
	if (vlans->pvid && !vsw_vlan_in(vlans->member, vlans->pvid)) {
		NL_SET_ERR_MSG_ATTR(extack, config->pvid_attr ?: config->member_attr,
				    "the PVID is a VLAN that the port is not a member of");
		return -ERANGE;
	}
	return 0;
}

/*
 * What @port's VLANs are to be by @config, for vsw_vlan_replace() or kfree().
 * NULL if that says nothing of them, or an ERR_PTR: -ERANGE if it can't be. RTNL.
 */
struct vsw_vlans *vsw_vlan_prepare(const struct vsw_port *port,
				   const struct vsw_vlan_config *config,
				   struct netlink_ext_ack *extack)
{
	struct vsw_vlans *vlans;
	int err;

	if (!config->pvid_given && !config->member && !config->untagged)
		return NULL;
	vlans = kmemdup(rtnl_dereference(port->vlans), sizeof(*vlans),
			GFP_KERNEL_ACCOUNT);
	if (!vlans) {
		NL_SET_ERR_MSG(extack, "no memory for the port's VLANs");
		return ERR_PTR(-ENOMEM);
	}
	if (config->pvid_given)
		vlans->pvid = config->pvid;
	if (config->member)
		memcpy(vlans->member, config->member, sizeof(vlans->member));
	if (config->untagged)
		memcpy(vlans->untagged, config->untagged, sizeof(vlans->untagged));
	err = check(vlans, config, extack);
	if (!err)
		return vlans;
	kfree(vlans);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_vlan_prepare);

/* Whether @vlans has all members that @was has. */
static bool keeps_members(const struct vsw_vlans *vlans, const struct vsw_vlans *was)
{
	unsigned int i;

	for (i = 0; i < VSWITCH_VLAN_SET_LEN; i++)
		if (was->member[i] & ~vlans->member[i])
			return false;
	return true;
}

/*
 * What was learned by frames that say otherwise now: of a VLAN that @port has left, it
 * is not behind it any more; of one that the host has joined, it may be the host's own.
 */
static bool outdates_learned(const struct vsw_port *port, const struct vsw_vlans *vlans,
			     const struct vsw_vlans *was)
{
	return (port->flags & VSW_PORT_VLANS) &&
	       !((port->flags & VSW_PORT_HOST) ? keeps_members(was, vlans) :
						 keeps_members(vlans, was));
}

/* Give @port the VLANs @vlans, which are its own then. May sleep. RTNL. */
void vsw_vlan_replace(struct vsw_port *port, struct vsw_vlans *vlans)
{
	const struct vsw_vlans *was = rtnl_dereference(port->vlans);
	const struct vsw_fdb_filter joined = {
		.type = VSWITCH_FDB_TYPE_DYNAMIC,
		.spared = was->member,
	};
	const struct vsw_fdb_filter left = {
		.port = port,
		.type = VSWITCH_FDB_TYPE_DYNAMIC,
		.spared = vlans->member,
	};

	ASSERT_RTNL();

	rcu_assign_pointer(port->vlans, vlans);
	vsw_end_epoch(port->sw);
	if (outdates_learned(port, vlans, was)) {
		/* For those who still learn as before. */
		synchronize_net();
		if (port->flags & VSW_PORT_HOST)
			vsw_fdb_flush(port->sw, &joined);
		else if (READ_ONCE(port->fdb_count))
			vsw_fdb_flush(port->sw, &left);
	}
	if (was != &vlans_default)
		kfree_rcu((struct vsw_vlans *)was, rcu);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_vlan_replace);

static void filter(struct vsw_port *port, bool on)
{
	unsigned long flags = port->flags & ~VSW_PORT_VLANS;

	vsw_port_set_flags(port, on ? flags | VSW_PORT_VLANS : flags);
}

/* Whether @sw's frames belong to VLANs. What was learned is forgotten. May sleep. RTNL. */
void vsw_vlan_set_filtering(struct vsw_switch *sw, bool on)
{
	const struct vsw_fdb_filter all = { .type = VSWITCH_FDB_TYPE_DYNAMIC };
	struct vsw_port *port;

	ASSERT_RTNL();

	if (on == !!(sw->host.flags & VSW_PORT_VLANS))
		return;
	filter(&sw->host, on);
	list_for_each_entry(port, &sw->port_list, list)
		filter(port, on);
	/* For those who still learn as before. */
	synchronize_net();
	vsw_fdb_flush(sw, &all);
}
