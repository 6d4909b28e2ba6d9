// SPDX-License-Identifier: GPL-2.0
/*
 * Local entries of the MAC table: what is sent to the address of the switch or
 * of a port's device is for the host, in each VLAN that the host is a member of.
 * Several devices may have the same address.
 */
#include <kunit/visibility.h>

#include "fdb.h"

/* Devices beyond the first that have the same local address, RTNL. */
struct vsw_fdb_shared {
	struct list_head list;
	u64 key;
	unsigned int more;
};

/* A user or a device wants the local entry @was no more, @now is what is left. */
void vsw_fdb_local_put(struct vsw_switch *sw, const struct vsw_fdb_entry *was,
		       const struct vsw_fdb_entry *now)
{
	if (is(now, USER) || is(now, HAS_DEVICE))
		vsw_fdb_entry_change(sw, was, now);
	else
		vsw_fdb_entry_remove(sw, was);
}

/*
 * Have memory for a local entry of @port at hand: a device's change of address
 * can be refused before it happens, but not after. RTNL.
 */
int vsw_fdb_reserve(struct vsw_port *port)
{
	ASSERT_RTNL();

	if (!port->spare)
		port->spare = vsw_fdb_spare_alloc(GFP_KERNEL_ACCOUNT);
	if (!port->shared)
		port->shared = kzalloc(sizeof(*port->shared), GFP_KERNEL_ACCOUNT);
	return port->spare && port->shared ? 0 : -ENOMEM;
}

void vsw_fdb_unreserve(struct vsw_port *port)
{
	vsw_fdb_spare_free(port->spare);
	port->spare = NULL;
	kfree(port->shared);
	port->shared = NULL;
}

static struct vsw_fdb_shared *find_shared(struct vsw_switch *sw, u64 key)
{
	struct vsw_fdb_shared *shared;

	list_for_each_entry(shared, &sw->fdb_shared, list)
		if (shared->key == key)
			return shared;
	return NULL;
}

/* One more device has the local address @key, which some have already. */
static void share(struct vsw_port *port, u64 key)
{
	struct vsw_fdb_shared *shared = find_shared(port->sw, key);

	if (!shared) {
		shared = port->shared;
		port->shared = NULL;
		shared->key = key;
		list_add(&shared->list, &port->sw->fdb_shared);
	}
	shared->more++;
}

/* Whether there is another device with the local address @key; then it is one fewer. */
static bool unshare(struct vsw_switch *sw, u64 key)
{
	struct vsw_fdb_shared *shared = find_shared(sw, key);

	if (!shared)
		return false;
	if (!--shared->more) {
		list_del(&shared->list);
		kfree(shared);
	}
	return true;
}

static int add_local(struct vsw_port *port, const u8 *mac)
{
	struct vsw_switch *sw = port->sw;
	struct vsw_fdb_entry entry, was;
	int err;

	err = vsw_fdb_reserve(port);
	if (err)
		return err;
	entry = vsw_fdb_entry_of(port, mac, 0);
	mark(&entry, LOCAL, true);
	mark(&entry, HAS_DEVICE, true);

	spin_lock_bh(&sw->fdb_lock);
	if (!vsw_fdb_find(sw, mac, 0, &was)) {
		err = vsw_fdb_entry_insert(sw, &entry, &port->spare);
	} else if (!is(&was, LOCAL)) {
		/* Whatever was learned or said of it, it is a device's now. */
		vsw_fdb_entry_change(sw, &was, &entry);
		vsw_event_fdb(sw, &entry, VSWITCH_CMD_FDB_NEW_NTF);
	} else if (is(&was, HAS_DEVICE)) {
		share(port, vsw_fdb_key(mac, 0));
	} else {
		/* A user has said so, it stays on the host's port. */
		entry = was;
		mark(&entry, HAS_DEVICE, true);
		vsw_fdb_entry_change(sw, &was, &entry);
	}
	if (!err)
		vsw_fdb_forget_in_vlans(sw, vsw_fdb_key(mac, 0));
	spin_unlock_bh(&sw->fdb_lock);
	return err;
}

static void del_local(struct vsw_port *port, const u8 *mac)
{
	struct vsw_fdb_entry was, now;
	struct vsw_switch *sw = port->sw;

	spin_lock_bh(&sw->fdb_lock);
	if (vsw_fdb_find(sw, mac, 0, &was) && is(&was, LOCAL)) {
		now = was;
		if (!unshare(sw, vsw_fdb_key(mac, 0)))
			mark(&now, HAS_DEVICE, false);
		/* Others want it; frames to it stay local. */
		if (was.port == port->number)
			now.port = VSWITCH_HOST_PORT;
		vsw_fdb_local_put(sw, &was, &now);
	}
	spin_unlock_bh(&sw->fdb_lock);
}

/*
 * Frames to the address that @port's device has now are for the host, those to
 * the one that it had are so no longer. On -ENOMEM all is as before. RTNL.
 */
int vsw_fdb_follow_address(struct vsw_port *port)
{
	const u8 *mac = port->dev->dev_addr;
	int err;

	ASSERT_RTNL();

	if (ether_addr_equal(port->address, mac))
		return 0;
	err = add_local(port, mac);
	if (err)
		return err;
	if (!is_zero_ether_addr(port->address))
		del_local(port, port->address);
	ether_addr_copy(port->address, mac);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_follow_address);

/* @port's device is one of the switch's no more. RTNL. */
void vsw_fdb_local_gone(struct vsw_port *port)
{
	vsw_fdb_unreserve(port);
	if (!is_zero_ether_addr(port->address))
		del_local(port, port->address);
}
