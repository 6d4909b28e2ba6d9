// SPDX-License-Identifier: GPL-2.0
/*
 * Which VLANs (802.1Q) a port is a member of, and whether a switch filters by
 * VLAN at all.
 */
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "vlan.h"

/* What a new port has mostly: shared by all, and never freed. */
static const struct vsw_vlans vlans_default = {
	.pvid = VSWITCH_DEFAULT_PVID,
	.member[VSWITCH_DEFAULT_PVID / 8] = BIT(VSWITCH_DEFAULT_PVID % 8),
	.untagged[VSWITCH_DEFAULT_PVID / 8] = BIT(VSWITCH_DEFAULT_PVID % 8),
};

static void set_add(u8 *set, u16 vid)
{
	set[vid / 8] |= BIT(vid % 8);
}

/* Give @port the VLAN that new ports of its switch have. RTNL. */
int vsw_vlan_init(struct vsw_port *port)
{
	u16 pvid = port->sw->default_pvid;
	struct vsw_vlans *vlans;

	if (pvid == VSWITCH_DEFAULT_PVID) {
		RCU_INIT_POINTER(port->vlans, &vlans_default);
		return vsw_vlan_stats_reserve(port->sw, vlans_default.member);
	}
	vlans = kzalloc(sizeof(*vlans), GFP_KERNEL_ACCOUNT);
	if (!vlans)
		return -ENOMEM;
	vlans->pvid = pvid;
	if (pvid) {
		set_add(vlans->member, pvid);
		set_add(vlans->untagged, pvid);
	}
	if (vsw_vlan_stats_reserve(port->sw, vlans->member)) {
		kfree(vlans);
		return -ENOMEM;
	}
	RCU_INIT_POINTER(port->vlans, vlans);
	return 0;
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

/* Is @vid the only one in @set? */
static bool is_all_of(const u8 *set, u16 vid)
{
	unsigned int i, n = 0;

	for (i = 0; i < VSWITCH_VLAN_SET_LEN; i++)
		n += hweight8(set[i]);
	return n == 1 && vsw_vlan_in(set, vid);
}

static int check_tunnel(const struct vsw_vlans *vlans, const struct vsw_vlan_config *config,
			struct netlink_ext_ack *extack)
{
	if (!vlans->tunnel && vlans->picks_customers) {
		NL_SET_ERR_MSG_ATTR(extack, config->customer_attr,
				    "only a tunnel port has VLANs of a customer");
		return -ERANGE;
	}
	if (!vlans->tunnel)
		return 0;
	if (vsw_vlan_has_reserved(vlans->customer)) {
		NL_SET_ERR_MSG_ATTR(extack, config->customer_attr,
				    "VLANs 0 and 4095 are reserved, a customer has none");
		return -ERANGE;
	}
	if (!vlans->pvid || !is_all_of(vlans->member, vlans->pvid) ||
	    !is_all_of(vlans->untagged, vlans->pvid)) {
		NL_SET_ERR_MSG_ATTR(extack, config->tunnel_attr ?: config->member_attr ?:
				    config->untagged_attr ?: config->pvid_attr,
				    "a tunnel port is a member of its PVID alone, which leaves untagged");
		return -ERANGE;
	}
	if (vlans->pairs) {
		NL_SET_ERR_MSG_ATTR(extack, config->map_attr ?: config->tunnel_attr,
				    "a tunnel port looks at no tags, so it can't translate them");
		return -ERANGE;
	}
	return 0;
}

/* Whether the VLAN that pair @i has outside or inside is that of one before it, too. */
static bool is_there_twice(const struct vsw_vlans *vlans, unsigned int i, bool outside)
{
	const struct vsw_vlan_pair *pair = &vlans->map[i], *other;

	for (other = vlans->map; other < pair; other++)
		if (outside ? other->outside == pair->outside : other->inside == pair->inside)
			return true;
	return false;
}

/* Whether inside VLAN @vid has another tag outside. */
static bool is_translated(const struct vsw_vlans *vlans, u16 vid)
{
	unsigned int i;

	for (i = 0; i < vlans->pairs; i++)
		if (vlans->map[i].inside == vid)
			return true;
	return false;
}

static bool is_vid(u16 vid)
{
	return vid && vid <= VSWITCH_MAX_VID;
}

/* A VLAN of the port has the tag that stands for another one in the map. */
static bool is_tag_taken(const struct vsw_vlans *vlans, u16 tag)
{
	return vsw_vlan_in(vlans->member, tag) && !is_translated(vlans, tag);
}

/* What is wrong with the map, or NULL. */
static const char *wrong_with_map(const struct vsw_vlans *vlans)
{
	unsigned int i;

	for (i = 0; i < vlans->pairs; i++) {
		const struct vsw_vlan_pair *pair = &vlans->map[i];

		if (!is_vid(pair->outside) || !is_vid(pair->inside))
			return "the VLANs of a map are 1 to 4094";
		if (is_there_twice(vlans, i, true))
			return "a tag stands for two VLANs in the map";
		if (is_there_twice(vlans, i, false))
			return "a VLAN has two tags in the map";
		if (is_tag_taken(vlans, pair->outside))
			return "a tag of the map is that of another VLAN of the port";
	}
	return NULL;
}

static int check_map(const struct vsw_vlans *vlans, const struct vsw_vlan_config *config,
		     struct netlink_ext_ack *extack)
{
	const char *why = wrong_with_map(vlans);

	if (!why)
		return 0;
	if (extack) {
		/* Not by the macros, which want the sentence as a literal. */
		extack->_msg = why;
		NL_SET_BAD_ATTR(extack, config->map_attr ?: config->member_attr);
	}
	return -ERANGE;
}

/*
 * What @config says of untagged VLANs or the PVID is to blame if it says something,
 * else they were right before, and it is the members that leave them behind.
 */
static int check(const struct vsw_vlans *vlans, const struct vsw_vlan_config *config,
		 struct netlink_ext_ack *extack)
{
	unsigned int i;

	if (vsw_vlan_has_reserved(vlans->member)) {
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
	return check_tunnel(vlans, config, extack) ?: check_map(vlans, config, extack);
}

/* Put what @config says of a tunnel and a map into @vlans. */
static void apply_odd(struct vsw_vlans *vlans, const struct vsw_vlan_config *config)
{
	if (config->tunnel_given)
		vlans->tunnel = config->tunnel;
	if (config->customer)
		memcpy(vlans->customer, config->customer, sizeof(vlans->customer));
	else if (!vlans->tunnel)
		memset(vlans->customer, 0, sizeof(vlans->customer));
	vlans->picks_customers = memchr_inv(vlans->customer, 0, sizeof(vlans->customer));
	if (config->map) {
		vlans->pairs = config->pairs;
		memcpy(vlans->map, config->map, flex_array_size(vlans, map, config->pairs));
	}
}

/* Whether @set has a VLAN that is not in @mask, where both are given. */
static bool exceeds(const u8 *set, const u8 *mask)
{
	unsigned int i;

	for (i = 0; set && mask && i < VSWITCH_VLAN_SET_LEN; i++)
		if (set[i] & ~mask[i])
			return true;
	return false;
}

static int check_mask(const struct vsw_vlan_config *config, struct netlink_ext_ack *extack)
{
	if (config->mask && vsw_vlan_has_reserved(config->mask)) {
		NL_SET_ERR_MSG_ATTR(extack, config->mask_attr, "VLANs 0 and 4095 are reserved");
		return -ERANGE;
	}
	if (exceeds(config->member, config->mask))
		NL_SET_BAD_ATTR(extack, config->member_attr);
	else if (exceeds(config->untagged, config->mask))
		NL_SET_BAD_ATTR(extack, config->untagged_attr);
	else if (config->mask && config->pvid_given && config->pvid &&
		 !vsw_vlan_in(config->mask, config->pvid))
		NL_SET_BAD_ATTR(extack, config->pvid_attr);
	else
		return 0;
	NL_SET_ERR_MSG(extack, "a VLAN is given that is not in the mask");
	return -ERANGE;
}

/* Of those of its VLANs that are in @mask, or of all, @set has those that are @given. */
static void take(u8 *set, const u8 *given, const u8 *mask)
{
	unsigned int i;

	for (i = 0; given && i < VSWITCH_VLAN_SET_LEN; i++)
		set[i] = (mask ? set[i] & ~mask[i] : 0) | given[i];
}

static void take_pvid(struct vsw_vlans *vlans, u16 pvid, const u8 *mask)
{
	if (pvid || !mask || vsw_vlan_in(mask, vlans->pvid))
		vlans->pvid = pvid;
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

	err = check_mask(config, extack);
	if (err)
		return ERR_PTR(err);
	if (!config->pvid_given && !config->member && !config->untagged &&
	    !config->tunnel_given && !config->customer && !config->map)
		return NULL;
	vlans = kmemdup(rtnl_dereference(port->vlans), sizeof(*vlans),
			GFP_KERNEL_ACCOUNT);
	if (!vlans) {
		NL_SET_ERR_MSG(extack, "no memory for the port's VLANs");
		return ERR_PTR(-ENOMEM);
	}
	if (config->pvid_given)
		take_pvid(vlans, config->pvid, config->mask);
	take(vlans->member, config->member, config->mask);
	take(vlans->untagged, config->untagged, config->mask);
	apply_odd(vlans, config);
	err = check(vlans, config, extack);
	if (!err) {
		err = vsw_vlan_stats_reserve(port->sw, vlans->member);
		if (!err)
			return vlans;
		NL_SET_ERR_MSG(extack, "no memory for the counters of the port's VLANs");
	}
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

/*
 * Which flags of VLANs @port has with @vlans. A port that is odd or private does all
 * that others do, but not the other way round: so it becomes it before, and ceases
 * after what makes it so.
 */
unsigned long vsw_vlan_flags(const struct vsw_port *port, const struct vsw_vlans *vlans)
{
	unsigned long flags;

	if (!(port->flags & VSW_PORT_VLANS))
		return 0;
	flags = vsw_private_flag(port->sw, vlans);
	if (vlans->tunnel || vlans->pairs || port->sw->vlan_proto != htons(ETH_P_8021Q))
		flags |= VSW_PORT_VLAN_ODD;
	if (vsw_vlan_stats_are_on(port->sw))
		flags |= VSW_PORT_COUNTED;
	return flags;
}

static unsigned long flags_now(const struct vsw_port *port)
{
	return vsw_vlan_flags(port, rtnl_dereference(port->vlans));
}

/* The path sees @port with the flags of VLANs that are in @flags before it sees what follows. */
static bool add_flags(struct vsw_port *port, unsigned long flags)
{
	if (!(flags & ~port->flags))
		return false;
	vsw_port_set_flags(port, port->flags | flags);
	return true;
}

/* Which VLANs there are, or what they are, has changed for @port. RTNL. */
void vsw_vlan_update_flags(struct vsw_port *port)
{
	const unsigned long ours = VSW_PORT_DRESSES_ODD | VSW_PORT_COUNTED;

	vsw_port_set_flags(port, (port->flags & ~ours) | flags_now(port));
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

	if (add_flags(port, vsw_vlan_flags(port, vlans)))
		synchronize_net();
	rcu_assign_pointer(port->vlans, vlans);
	vsw_end_epoch(port->sw);
	if (port->flags & VSW_PORT_DRESSES_ODD & ~flags_now(port)) {
		synchronize_net();
		vsw_vlan_update_flags(port);
	}
	if (outdates_learned(port, vlans, was)) {
		/* For those who still learn as before. */
		synchronize_net();
		if (port->flags & VSW_PORT_HOST)
			vsw_fdb_flush(port->sw, &joined);
		else if (READ_ONCE(port->fdb_count))
			vsw_fdb_flush(port->sw, &left);
	}
	vsw_mcast_follow_vlans(port);
	if (was != &vlans_default)
		kfree_rcu((struct vsw_vlans *)was, rcu);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_vlan_replace);

static void filter(struct vsw_port *port, bool on)
{
	vsw_port_set_flags(port, on ? port->flags | VSW_PORT_VLANS :
				      port->flags & ~VSW_PORT_VLANS);
	vsw_vlan_update_flags(port);
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
	vsw_mcast_follow_filtering(sw);
}

/* Whether it is customers' tags that say the VLAN, or providers'. May sleep. RTNL. */
void vsw_vlan_set_protocol(struct vsw_switch *sw, u8 protocol)
{
	const struct vsw_fdb_filter all = { .type = VSWITCH_FDB_TYPE_DYNAMIC };
	__be16 proto = htons(protocol == VSWITCH_VLAN_PROTOCOL_8021AD ? ETH_P_8021AD :
									 ETH_P_8021Q);
	unsigned long odd = sw->host.flags & VSW_PORT_VLANS ? VSW_PORT_VLAN_ODD : 0;
	struct vsw_port *port;

	ASSERT_RTNL();

	if (proto == sw->vlan_proto)
		return;
	add_flags(&sw->host, odd);
	list_for_each_entry(port, &sw->port_list, list)
		add_flags(port, odd);
	synchronize_net();
	WRITE_ONCE(sw->vlan_proto, proto);
	/* For those who still go by the others, and learn. */
	synchronize_net();
	vsw_vlan_update_flags(&sw->host);
	list_for_each_entry(port, &sw->port_list, list)
		vsw_vlan_update_flags(port);
	vsw_fdb_flush(sw, &all);
}
