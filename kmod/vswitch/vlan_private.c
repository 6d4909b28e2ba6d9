// SPDX-License-Identifier: GPL-2.0
/*
 * Private VLANs (RFC 5517): a primary VLAN that is divided. What comes in a secondary
 * one of it says so by its tag, on trunks too, but all of them share what is learned,
 * which is the primary's (802.1Q-2018 8.8.9: one FID, learned from by all).
 *
 * What a port is follows from its VLANs. One that a secondary VLAN leaves without a tag
 * has hosts of that; one that is a member of the primary and of none of its secondary
 * ones is promiscuous; others are trunks, and have the VLANs that they are members of,
 * as ever. Ports that have anything to do with a private VLAN are VSW_PORT_PRIVATE, and
 * for the slow walk.
 */
#include <linux/slab.h>
#include <linux/sort.h>
#include <kunit/visibility.h>

#include "binding.h"
#include "fdb.h"
#include "vlan.h"

/* Ordered by primary, so that those of one are beside each other. */
struct vsw_private {
	u16 count;
	/* 1 + the pair of a secondary VLAN, or the first one of a primary; 0: it is neither */
	u16 at[VLAN_N_VID];
	struct vsw_private_vlan pair[];
};

/* Under RCU, with BH off, or RTNL. */
static const struct vsw_private *table_of(const struct vsw_switch *sw)
{
	return rcu_dereference_check(sw->private_vlans,
				     rcu_read_lock_bh_held() || lockdep_rtnl_is_held());
}

static const struct vsw_vlans *vlans_of(const struct vsw_port *port)
{
	return rcu_dereference_check(port->vlans,
				     rcu_read_lock_bh_held() || lockdep_rtnl_is_held());
}

/* What @table says of VLAN @vid, see vsw_private.at; NULL: nothing. */
static const struct vsw_private_vlan *pair_of(const struct vsw_private *table, u16 vid)
{
	return table && table->at[vid] ? &table->pair[table->at[vid] - 1] : NULL;
}

/* The VLAN that MACs, groups and bindings have that are VLAN @vid's. */
u16 vsw_private_fid(const struct vsw_switch *sw, u16 vid)
{
	const struct vsw_private_vlan *pair = pair_of(table_of(sw), vid);

	return pair ? pair->primary : vid;
}

bool vsw_private_is_secondary(const struct vsw_switch *sw, u16 vid)
{
	return vsw_private_fid(sw, vid) != vid;
}

/* Whether a port with @vlans has one of the secondary VLANs of which @first is the first. */
static bool has_secondary(const struct vsw_private *table,
			  const struct vsw_private_vlan *first, const struct vsw_vlans *vlans)
{
	const struct vsw_private_vlan *pair, *end = table->pair + table->count;

	for (pair = first; pair < end && pair->primary == first->primary; pair++)
		if (vsw_vlan_in(vlans->member, pair->secondary))
			return true;
	return false;
}

/* Whether @port has the primary VLAN @vid, any of its secondary ones, or the VLAN @vid. */
bool vsw_private_is_in(const struct vsw_port *port, u16 vid)
{
	const struct vsw_private *table = table_of(port->sw);
	const struct vsw_vlans *vlans = vlans_of(port);
	const struct vsw_private_vlan *pair;

	if (vsw_vlan_in(vlans->member, vid))
		return true;
	pair = pair_of(table, vsw_private_fid(port->sw, vid));
	return pair && (vsw_vlan_in(vlans->member, pair->primary) ||
			has_secondary(table, pair, vlans));
}

/* The VLAN of the hosts behind a port with @vlans, if it is one of @primary; or 0. */
static u16 vlan_of_hosts(const struct vsw_private *table, const struct vsw_vlans *vlans,
			 u16 primary)
{
	const struct vsw_private_vlan *pair = pair_of(table, vlans->pvid);

	return pair && pair->primary == primary &&
	       vsw_vlan_in(vlans->untagged, vlans->pvid) ? vlans->pvid : 0;
}

static u16 secondary_leaves_as(const struct vsw_private *table,
			       const struct vsw_private_vlan *pair,
			       const struct vsw_vlans *vlans, enum vsw_drop *reason)
{
	const struct vsw_private_vlan *first = pair_of(table, pair->primary);

	if (vsw_vlan_in(vlans->member, pair->secondary)) {
		*reason = VSW_DROP_PRIVATE_VLAN;
		return pair->type == VSWITCH_PRIVATE_VLAN_ISOLATED &&
		       vsw_vlan_in(vlans->untagged, pair->secondary) ? 0 : pair->secondary;
	}
	if (has_secondary(table, first, vlans))
		*reason = VSW_DROP_PRIVATE_VLAN;
	else if (vsw_vlan_in(vlans->member, pair->primary))
		return pair->primary;
	return 0;
}

/*
 * As which VLAN what came in VLAN @vid leaves by @out, or 0: it may not, for @reason.
 * Of a port that is not VSW_PORT_PRIVATE: as @vid, if @out is a member.
 */
u16 vsw_private_leaves_as(const struct vsw_port *out, u16 vid, enum vsw_drop *reason)
{
	const struct vsw_private *table = table_of(out->sw);
	const struct vsw_private_vlan *pair = pair_of(table, vid);
	const struct vsw_vlans *vlans = vlans_of(out);

	*reason = VSW_DROP_VLAN_EGRESS;
	if (pair && pair->secondary == vid)
		return secondary_leaves_as(table, pair, vlans, reason);
	if (vsw_vlan_in(vlans->member, vid))
		return vid;
	return pair ? vlan_of_hosts(table, vlans, vid) : 0;
}

/* vsw_vlan_goes_to() of a port that is VSW_PORT_PRIVATE. */
bool vsw_private_goes_to(const struct vsw_port *port, u16 vid)
{
	enum vsw_drop reason;

	return vsw_private_leaves_as(port, vid, &reason);
}

/* Which flag a port with @vlans has of private VLANs, those of @table. */
static unsigned long flag_by(const struct vsw_private *table, const struct vsw_vlans *vlans)
{
	unsigned int i;

	for (i = 0; table && i < table->count; i++)
		if (vsw_vlan_in(vlans->member, table->pair[i].primary) ||
		    vsw_vlan_in(vlans->member, table->pair[i].secondary))
			return VSW_PORT_PRIVATE;
	return 0;
}

/* Likewise those of @sw. RTNL. */
unsigned long vsw_private_flag(const struct vsw_switch *sw, const struct vsw_vlans *vlans)
{
	return flag_by(rtnl_dereference(sw->private_vlans), vlans);
}

static int compare(const void *a, const void *b)
{
	const struct vsw_private_vlan *one = a, *other = b;

	if (one->primary != other->primary)
		return one->primary < other->primary ? -1 : 1;
	return one->secondary < other->secondary ? -1 : one->secondary > other->secondary;
}

static bool is_vid(u16 vid)
{
	return vid && vid <= VSWITCH_MAX_VID;
}

/* Fill in where @table has which VLAN. What is wrong with its pairs, or NULL. */
static const char *build(struct vsw_private *table)
{
	unsigned int i;

	sort(table->pair, table->count, sizeof(table->pair[0]), compare, NULL);
	for (i = 0; i < table->count; i++) {
		const struct vsw_private_vlan *pair = &table->pair[i];

		if (!is_vid(pair->primary) || !is_vid(pair->secondary))
			return "private VLANs are 1 to 4094";
		if (pair->type > VSWITCH_PRIVATE_VLAN_COMMUNITY)
			return "a secondary VLAN is isolated or a community";
		if (table->at[pair->secondary])
			return "a VLAN is secondary to one primary only, and not a primary itself";
		table->at[pair->secondary] = i + 1;
		if (i && pair[-1].primary == pair->primary)
			continue;
		if (table->at[pair->primary])
			return "a VLAN is secondary to one primary only, and not a primary itself";
		table->at[pair->primary] = i + 1;
	}
	return NULL;
}

static bool is_secondary(const struct vsw_private *table, u16 vid)
{
	const struct vsw_private_vlan *pair = pair_of(table, vid);

	return pair && pair->secondary == vid;
}

static bool has_fixed_mac(struct vsw_switch *sw, const struct vsw_private *table)
{
	struct vsw_fdb_entry entry;
	u64 after = 0;

	while (vsw_fdb_next(sw, &after, &entry))
		if (is_secondary(table, vsw_fdb_key_to_vid(entry.key)) && !is_dynamic(&entry))
			return true;
	return false;
}

static bool has_binding(const struct vsw_switch *sw, const struct vsw_private *table)
{
	struct vsw_binding *binding;
	struct vsw_port *port;
	unsigned long id;

	list_for_each_entry(port, &sw->port_list, list)
		xa_for_each(&port->bindings, id, binding)
			if (is_secondary(table, binding->vid))
				return true;
	return false;
}

#define HAS_FIXED "MACs, groups or bindings are in a secondary VLAN, which have to be in its primary"

/*
 * Whether somebody has put something where it would not be found in @table, as it is in
 * a secondary VLAN.
 */
static bool has_fixed(struct vsw_switch *sw, const struct vsw_private *table)
{
	unsigned int i;

	if (has_fixed_mac(sw, table) || has_binding(sw, table))
		return true;
	for (i = 0; i < table->count; i++)
		if (vsw_mcast_has_permanent(sw, table->pair[i].secondary))
			return true;
	return false;
}

/*
 * The pairs that @sw is to have by @config, and the ones that are not in its mask as they
 * are. What is wrong with them, or NULL. RTNL.
 */
static const char *gather(const struct vsw_switch *sw, const struct vsw_switch_config *config,
			  struct vsw_private *table)
{
	const struct vsw_private_vlan *now;
	u32 i, count = vsw_private_pairs(sw, &now);
	const u8 *mask = config->private_mask;

	table->count = config->private_count;
	memcpy(table->pair, config->private_vlans, flex_array_size(table, pair, table->count));
	if (!mask)
		return NULL;
	for (i = 0; i < table->count; i++)
		if (is_vid(table->pair[i].secondary) &&
		    !vsw_vlan_in(mask, table->pair[i].secondary))
			return "a secondary VLAN is given that is not in the mask";
	for (i = 0; i < count; i++) {
		if (vsw_vlan_in(mask, now[i].secondary))
			continue;
		if (table->count == VSWITCH_PRIVATE_VLANS_MAX)
			return "a switch has at most 256 secondary VLANs";
		table->pair[table->count++] = now[i];
	}
	return NULL;
}

/*
 * What @sw's private VLANs are to be by @config, for vsw_private_replace() or
 * vsw_private_free(). NULL if that says nothing of them, or an ERR_PTR. May sleep. RTNL.
 */
struct vsw_private *vsw_private_prepare(struct vsw_switch *sw,
					const struct vsw_switch_config *config,
					struct netlink_ext_ack *extack)
{
	struct vsw_private *table;
	const char *why;

	if (!(config->given & VSW_SWITCH_PRIVATE))
		return NULL;
	table = kzalloc(struct_size(table, pair, config->private_mask ?
				    VSWITCH_PRIVATE_VLANS_MAX : config->private_count),
			GFP_KERNEL_ACCOUNT);
	if (!table) {
		NL_SET_ERR_MSG(extack, "no memory for the private VLANs");
		return ERR_PTR(-ENOMEM);
	}
	why = gather(sw, config, table) ?: build(table);
	if (!why && has_fixed(sw, table))
		why = HAS_FIXED;
	if (!why)
		return table;
	if (extack) {
		/* Not by the macros, which want the sentence as a literal. */
		extack->_msg = why;
		NL_SET_BAD_ATTR(extack, config->private_attr);
	}
	kfree(table);
	return ERR_PTR(-ERANGE);
}

void vsw_private_free(struct vsw_private *table)
{
	kfree(table);
}

/* What was learned in the VLANs of @table is another's now, or may be. May sleep. */
static void forget(struct vsw_switch *sw, const struct vsw_private *table)
{
	struct vsw_fdb_filter filter = { .type = VSWITCH_FDB_TYPE_DYNAMIC };
	unsigned int i;

	for (i = 0; table && i < table->count; i++) {
		filter.vid = table->pair[i].secondary;
		vsw_fdb_flush(sw, &filter);
		filter.vid = table->pair[i].primary;
		if (!i || table->pair[i - 1].primary != filter.vid)
			vsw_fdb_flush(sw, &filter);
	}
}

static void add_flag(struct vsw_port *port, const struct vsw_private *table)
{
	if (port->flags & VSW_PORT_VLANS)
		vsw_port_set_flags(port, port->flags |
				   flag_by(table, rtnl_dereference(port->vlans)));
}

/* Give @sw the private VLANs of @table, which is its own then. May sleep. RTNL. */
void vsw_private_replace(struct vsw_switch *sw, struct vsw_private *table)
{
	struct vsw_private *was = rtnl_dereference(sw->private_vlans);
	struct vsw_port *port;

	ASSERT_RTNL();

	if (!table->count) {
		kfree(table);
		table = NULL;
	}
	if (!table && !was)
		return;
	/* A port that is private does all that others do, see vsw_vlan_flags(). */
	add_flag(&sw->host, table);
	list_for_each_entry(port, &sw->port_list, list)
		add_flag(port, table);
	synchronize_net();
	rcu_assign_pointer(sw->private_vlans, table);
	vsw_end_epoch(sw);
	/* For those who still learn as before. */
	synchronize_net();
	forget(sw, was);
	forget(sw, table);
	vsw_vlan_update_flags(&sw->host);
	list_for_each_entry(port, &sw->port_list, list)
		vsw_vlan_update_flags(port);
	vsw_mcast_follow_filtering(sw);
	kfree(was);
}

/* Nobody is in the packet path of @sw any more. */
void vsw_private_destroy(struct vsw_switch *sw)
{
	kfree(rcu_dereference_protected(sw->private_vlans, true));
}

/* How many there are, and the first one. RTNL. */
u32 vsw_private_pairs(const struct vsw_switch *sw, const struct vsw_private_vlan **pairs)
{
	const struct vsw_private *table = rtnl_dereference(sw->private_vlans);

	*pairs = table ? table->pair : NULL;
	return table ? table->count : 0;
}
