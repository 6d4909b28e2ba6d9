// SPDX-License-Identifier: GPL-2.0
/*
 * Entries of the MAC table that users add, change and delete.
 */
#include <kunit/visibility.h>

#include "fdb.h"

static int check_request(const struct vsw_port *port, const u8 *mac, u16 vid,
			 const struct vsw_fdb_config *config,
			 struct netlink_ext_ack *extack)
{
	bool local = config->type == VSWITCH_FDB_TYPE_LOCAL;
	bool host = port->flags & VSW_PORT_HOST;

	if (!is_valid_ether_addr(mac)) {
		NL_SET_ERR_MSG(extack, "a MAC entry is for a unicast address that is not zero");
		return -EINVAL;
	}
	if (vsw_private_is_secondary(port->sw, vid)) {
		NL_SET_ERR_MSG(extack, "that VLAN is part of a private one, whose MAC entries are in its primary VLAN");
		return -EINVAL;
	}
	if (host && !local) {
		NL_SET_ERR_MSG(extack, "an entry of the switch's own device must be local");
		return -EINVAL;
	}
	if (local && !host) {
		NL_SET_ERR_MSG(extack, "a local entry is one of the switch's own device");
		return -EINVAL;
	}
	if (local && config->sticky) {
		NL_SET_ERR_MSG(extack, "a local entry never moves, sticky says nothing");
		return -EINVAL;
	}
	return 0;
}

/* Whether one more entry on @port would be too many for its guard. */
static int check_macs(const struct vsw_port *port, struct netlink_ext_ack *extack)
{
	if (!vsw_guard_has_max_macs(port))
		return 0;
	NL_SET_ERR_MSG(extack, "the port has as many MAC entries as its max-macs allows");
	return -ENOSPC;
}

/* Whether one more dynamic entry on @port would be too many. */
static int check_room(const struct vsw_port *port, bool new_to_switch,
		      struct netlink_ext_ack *extack)
{
	u32 max = port->fdb_max;

	if (max && port->fdb_count >= max) {
		NL_SET_ERR_MSG(extack, "the port has as many MAC entries as its fdb-max allows");
		return -ENOSPC;
	}
	if (new_to_switch && vsw_fdb_switch_is_full(port->sw)) {
		NL_SET_ERR_MSG(extack, "the switch has as many MAC entries as its fdb-max allows");
		return -ENOSPC;
	}
	return 0;
}

/*
 * The table grows on nobody's account, so who does not administer the machine
 * has a bound for what does not age, too. To be asked before fdb_lock is taken.
 */
static bool needs_bound(const struct vsw_switch *sw)
{
	return READ_ONCE(sw->fdb.count) >= VSWITCH_DEFAULT_FDB_MAX &&
	       !capable(CAP_NET_ADMIN);
}

/* Whether one more entry that does not age would be too many. Under fdb_lock. */
static int check_fixed(const struct vsw_switch *sw, bool bounded,
		       struct netlink_ext_ack *extack)
{
	if (!bounded || sw->fdb.count - sw->fdb_count < VSWITCH_DEFAULT_FDB_MAX)
		return 0;
	NL_SET_ERR_MSG(extack, "only who administers the machine may have more than 65536 entries that do not age");
	return -ENOSPC;
}

/* A user has asked for @entry. Under fdb_lock. */
static void overrule_learned(struct vsw_switch *sw, const struct vsw_fdb_entry *entry)
{
	u64 key = entry->key & ~VSW_FDB_FLAGS;

	if (!vsw_fdb_key_to_vid(key) && (!is_dynamic(entry) || is(entry, STICKY)))
		vsw_fdb_forget_in_vlans(sw, key);
}

/* Add what a user asks for. Under fdb_lock. */
static int add_entry(struct vsw_switch *sw, const struct vsw_fdb_entry *entry,
		     struct vsw_fdb_spare **spare, bool bounded,
		     struct netlink_ext_ack *extack)
{
	struct vsw_fdb_entry there;
	int err;

	if (vsw_fdb_table_find(&sw->fdb, entry->key & ~VSW_FDB_FLAGS, &there)) {
		NL_SET_ERR_MSG(extack, "there is an entry of that MAC already");
		return -EEXIST;
	}
	err = is(entry, LOCAL) ? 0 : check_macs(entry_port(sw, entry), extack);
	if (err)
		return err;
	if (is_dynamic(entry))
		err = check_room(entry_port(sw, entry), true, extack);
	else
		err = check_fixed(sw, bounded, extack);
	if (err)
		return err;
	err = vsw_fdb_entry_insert(sw, entry, spare);
	if (err)
		NL_SET_ERR_MSG(extack, "no memory for the MAC entry");
	else
		overrule_learned(sw, entry);
	return err;
}

/*
 * Add an entry by request: frames to @mac in VLAN @vid (0: in any) shall leave by
 * @port, or, local ones of the host port, are for the host. -EEXIST: there is one
 * of that MAC; -ENOSPC: a limit. RTNL.
 */
int vsw_fdb_add(struct vsw_port *port, const u8 *mac, u16 vid,
		const struct vsw_fdb_config *config,
		struct netlink_ext_ack *extack)
{
	struct vsw_fdb_spare *spare;
	struct vsw_switch *sw = port->sw;
	struct vsw_fdb_entry entry;
	bool bounded;
	int err;

	ASSERT_RTNL();

	err = check_request(port, mac, vid, config, extack);
	if (err)
		return err;
	bounded = needs_bound(sw);
	spare = vsw_fdb_spare_alloc(GFP_KERNEL_ACCOUNT);
	if (!spare) {
		NL_SET_ERR_MSG(extack, "no memory for the MAC entry");
		return -ENOMEM;
	}
	entry = vsw_fdb_entry_of(port, mac, vid);
	mark(&entry, USER, true);
	mark(&entry, LOCAL, config->type == VSWITCH_FDB_TYPE_LOCAL);
	mark(&entry, STATIC, config->type == VSWITCH_FDB_TYPE_STATIC);
	mark(&entry, STICKY, config->sticky);

	spin_lock_bh(&sw->fdb_lock);
	err = add_entry(sw, &entry, &spare, bounded, extack);
	spin_unlock_bh(&sw->fdb_lock);
	vsw_fdb_spare_free(spare);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_add);

/* Make @was, which is there, what the user asks for. Under fdb_lock. */
static int change_entry(struct vsw_switch *sw, const struct vsw_fdb_entry *was,
			const struct vsw_port *port,
			const struct vsw_fdb_config *config, bool bounded,
			struct netlink_ext_ack *extack)
{
	bool dynamic = config->type_given ?
		       config->type == VSWITCH_FDB_TYPE_DYNAMIC :
		       is_dynamic(was);
	struct vsw_fdb_entry now = *was;
	int err;

	if (!port)
		port = entry_port(sw, was);
	err = was->port == port->number ? 0 : check_macs(port, extack);
	if (err)
		return err;
	if (dynamic && !(is_bounded(was) && was->port == port->number)) {
		err = check_room(port, !is_bounded(was), extack);
		if (err)
			return err;
	}
	if (!dynamic && is_bounded(was)) {
		err = check_fixed(sw, bounded, extack);
		if (err)
			return err;
	}
	now.port = port->number;
	now.seen = ticks(sw);
	mark(&now, STATIC, !dynamic);
	if (config->sticky_given)
		mark(&now, STICKY, config->sticky);
	mark(&now, USER, true);
	vsw_fdb_entry_change(sw, was, &now);
	vsw_event_fdb(sw, &now, VSWITCH_CMD_FDB_NEW_NTF);
	overrule_learned(sw, &now);
	return 0;
}

/*
 * Change the entry of @mac and @vid by request: what @config gives, and its port if one
 * is given. -ENOENT: there is none; -EBUSY: it is local; -ENOSPC: a limit. RTNL.
 */
int vsw_fdb_set(struct vsw_switch *sw, struct vsw_port *port, const u8 *mac,
		u16 vid, const struct vsw_fdb_config *config,
		struct netlink_ext_ack *extack)
{
	struct vsw_fdb_entry entry;
	bool bounded;
	int err;

	ASSERT_RTNL();

	if (config->type_given && config->type == VSWITCH_FDB_TYPE_LOCAL) {
		NL_SET_ERR_MSG(extack, "an entry is not made local; delete it and add a local one");
		return -EINVAL;
	}
	if (port && (port->flags & VSW_PORT_HOST)) {
		NL_SET_ERR_MSG(extack, "an entry of the switch's own device must be local");
		return -EINVAL;
	}
	bounded = needs_bound(sw);
	spin_lock_bh(&sw->fdb_lock);
	if (!vsw_fdb_find(sw, mac, vid, &entry)) {
		NL_SET_ERR_MSG(extack, "no such MAC entry");
		err = -ENOENT;
	} else if (is(&entry, LOCAL)) {
		NL_SET_ERR_MSG(extack, "a local entry can't be changed");
		err = -EBUSY;
	} else {
		err = change_entry(sw, &entry, port, config, bounded, extack);
	}
	spin_unlock_bh(&sw->fdb_lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_set);

/*
 * Delete the entry of @mac and @vid by request, with @port only if it is on that one.
 * -ENOENT: there is none; -EBUSY: it is the address of a device. RTNL.
 */
int vsw_fdb_del(struct vsw_switch *sw, const struct vsw_port *port,
		const u8 *mac, u16 vid, struct netlink_ext_ack *extack)
{
	struct vsw_fdb_entry entry;
	int err = 0;

	ASSERT_RTNL();

	spin_lock_bh(&sw->fdb_lock);
	if (!vsw_fdb_find(sw, mac, vid, &entry) || (port && entry.port != port->number)) {
		NL_SET_ERR_MSG(extack, "no such MAC entry");
		err = -ENOENT;
	} else if (!vsw_fdb_entry_forget(sw, &entry)) {
		NL_SET_ERR_MSG(extack, "the entry is the address of a device, it goes with the device");
		err = -EBUSY;
	}
	spin_unlock_bh(&sw->fdb_lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_del);
