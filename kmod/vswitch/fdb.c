// SPDX-License-Identifier: GPL-2.0
/*
 * The MAC table (802.1Q-2018 8.8: filtering database): which MAC is behind
 * which port.
 */
#include <kunit/visibility.h>

#include "vswitch.h"

/* The sweep never runs more often than this, however short the ageing time. */
#define AGE_INTERVAL_MIN (HZ / 10)

static struct kmem_cache *entry_cache;

/* The table's hash is seeded per switch: chosen MACs make no long chains. */
static const struct rhashtable_params table_params = {
	.key_len = sizeof_field(struct vsw_fdb_entry, key),
	.key_offset = offsetof(struct vsw_fdb_entry, key),
	.head_offset = offsetof(struct vsw_fdb_entry, node),
	.automatic_shrinking = true,
};

int vsw_fdb_cache_create(void)
{
	entry_cache = kmem_cache_create("vswitch_fdb",
					sizeof(struct vsw_fdb_entry), 0,
					SLAB_HWCACHE_ALIGN, NULL);
	return entry_cache ? 0 : -ENOMEM;
}

/* After rcu_barrier(). */
void vsw_fdb_cache_destroy(void)
{
	kmem_cache_destroy(entry_cache);
}

static void entry_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(entry_cache,
			container_of(rcu, struct vsw_fdb_entry, rcu));
}

static bool is_dynamic(const struct vsw_fdb_entry *entry)
{
	return !test_bit(VSW_FDB_STATIC, &entry->flags) &&
	       !test_bit(VSW_FDB_LOCAL, &entry->flags);
}

/* The entry's port for writers, who hold fdb_lock. */
static struct vsw_port *entry_port(const struct vsw_switch *sw,
				   const struct vsw_fdb_entry *entry)
{
	return rcu_dereference_protected(entry->port,
					 lockdep_is_held(&sw->fdb_lock));
}

/* Find the entry of @mac, or NULL. Under RCU or fdb_lock. */
struct vsw_fdb_entry *vsw_fdb_find(struct vsw_switch *sw, const u8 *mac)
{
	u64 key = ether_addr_to_u64(mac);

	return rhashtable_lookup_fast(&sw->fdb, &key, table_params);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_find);

/* Dumps that are under way have to say that the table was changed. */
static void changed(struct vsw_switch *sw)
{
	sw->fdb_generation++;
	atomic_inc(&vsw_net(dev_net(sw->dev))->fdb_generation);
}

static void count(struct vsw_switch *sw, struct vsw_port *port, bool dynamic,
		  int by)
{
	lockdep_assert_held(&sw->fdb_lock);

	if (dynamic) {
		WRITE_ONCE(sw->fdb_count, sw->fdb_count + by);
		WRITE_ONCE(port->fdb_count, port->fdb_count + by);
	} else {
		port->fdb_fixed += by;
	}
}

/* Whether a bound leaves no room for one more dynamic entry on @port. */
static bool port_full(const struct vsw_port *port)
{
	u32 max = READ_ONCE(port->fdb_max);

	return max && READ_ONCE(port->fdb_count) >= max;
}

static bool switch_full(const struct vsw_switch *sw)
{
	u32 max = READ_ONCE(sw->fdb_max);

	return max && READ_ONCE(sw->fdb_count) >= max;
}

static struct vsw_fdb_entry *entry_alloc(struct vsw_port *port, const u8 *mac,
					 unsigned long flags, gfp_t gfp)
{
	struct vsw_fdb_entry *entry;

	entry = kmem_cache_zalloc(entry_cache, gfp);
	if (!entry)
		return NULL;
	entry->key = ether_addr_to_u64(mac);
	entry->flags = flags;
	entry->seen = jiffies;
	RCU_INIT_POINTER(entry->port, port);
	return entry;
}

/* On success the table owns @entry, otherwise still the caller. */
static int entry_insert(struct vsw_switch *sw, struct vsw_fdb_entry *entry)
{
	int err;

	lockdep_assert_held(&sw->fdb_lock);

	entry->id = sw->fdb_next_id++;
	err = rhashtable_lookup_insert_fast(&sw->fdb, &entry->node, table_params);
	if (err)
		return err == -EEXIST ? err : -ENOMEM;
	list_add_tail_rcu(&entry->list, &sw->fdb_list);
	count(sw, entry_port(sw, entry), is_dynamic(entry), 1);
	changed(sw);
	return 0;
}

static void entry_remove(struct vsw_switch *sw, struct vsw_fdb_entry *entry)
{
	lockdep_assert_held(&sw->fdb_lock);

	rhashtable_remove_fast(&sw->fdb, &entry->node, table_params);
	list_del_rcu(&entry->list);
	__set_bit(VSW_FDB_GONE, &entry->flags);
	count(sw, entry_port(sw, entry), is_dynamic(entry), -1);
	changed(sw);
	vsw_event_fdb(sw, entry, VSWITCH_CMD_FDB_DEL_NTF);
	call_rcu(&entry->rcu, entry_free_rcu);
}

static void entry_move(struct vsw_switch *sw, struct vsw_fdb_entry *entry,
		       struct vsw_port *to)
{
	bool dynamic = is_dynamic(entry);

	count(sw, entry_port(sw, entry), dynamic, -1);
	rcu_assign_pointer(entry->port, to);
	count(sw, to, dynamic, 1);
	changed(sw);
}

/* The path asks before it learns, and again under the lock, see vsw_fdb_flush(). */
static bool may_learn(const struct vsw_port *port)
{
	const unsigned long needed = VSW_PORT_LEARNING | VSW_PORT_FORWARDING;

	return (READ_ONCE(port->flags) & needed) == needed &&
	       READ_ONCE(port->sw->ageing_time);
}

static void learn_new(struct vsw_port *port, const u8 *mac)
{
	struct vsw_switch *sw = port->sw;
	struct vsw_fdb_entry *entry;
	int err = -ENOSPC;

	/* Before memory is asked for: a flood of MACs meets full tables mostly. */
	if (port_full(port) || switch_full(sw))
		goto refused;
	entry = entry_alloc(port, mac, 0, GFP_ATOMIC | __GFP_NOWARN);
	if (!entry)
		goto refused;

	spin_lock_bh(&sw->fdb_lock);
	if (!may_learn(port))
		err = -EEXIST;
	else if (!port_full(port) && !switch_full(sw))
		err = entry_insert(sw, entry);
	if (!err)
		vsw_event_fdb(sw, entry, VSWITCH_CMD_FDB_NEW_NTF);
	spin_unlock_bh(&sw->fdb_lock);

	if (!err) {
		vsw_stats_inc(port->stats, learned);
		return;
	}
	kmem_cache_free(entry_cache, entry);
	/* Another CPU learned it in between, or nothing is learned any more. */
	if (err == -EEXIST)
		return;
refused:
	vsw_stats_inc(port->stats, learn_refused);
}

static void learn_move(struct vsw_port *port, struct vsw_fdb_entry *entry)
{
	struct vsw_switch *sw = port->sw;
	bool moved = false, refused = false;

	spin_lock_bh(&sw->fdb_lock);
	if (may_learn(port) && !test_bit(VSW_FDB_GONE, &entry->flags) &&
	    !test_bit(VSW_FDB_LOCAL, &entry->flags) &&
	    !test_bit(VSW_FDB_STICKY, &entry->flags) &&
	    entry_port(sw, entry) != port) {
		refused = is_dynamic(entry) && port_full(port);
		if (!refused) {
			entry_move(sw, entry, port);
			WRITE_ONCE(entry->seen, jiffies);
			vsw_event_fdb(sw, entry, VSWITCH_CMD_FDB_NEW_NTF);
			moved = true;
		}
	}
	spin_unlock_bh(&sw->fdb_lock);

	if (moved)
		vsw_stats_inc(port->stats, moved);
	else if (refused)
		vsw_stats_inc(port->stats, learn_refused);
}

/* A frame from @mac came in by @port. In the packet path, under RCU, BH off. */
void vsw_fdb_learn(struct vsw_port *port, const u8 *mac)
{
	struct vsw_switch *sw = port->sw;
	unsigned long now = jiffies;
	struct vsw_fdb_entry *entry;

	if (!may_learn(port))
		return;
	entry = vsw_fdb_find(sw, mac);
	if (unlikely(!entry)) {
		learn_new(port, mac);
		return;
	}
	if (test_bit(VSW_FDB_LOCAL, &entry->flags))
		return;
	if (unlikely(rcu_access_pointer(entry->port) != port)) {
		if (!test_bit(VSW_FDB_STICKY, &entry->flags))
			learn_move(port, entry);
		return;
	}
	/* Don't dirty the line for every packet. */
	if (READ_ONCE(entry->seen) != now)
		WRITE_ONCE(entry->seen, now);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_learn);

static int check_request(const struct vsw_port *port, const u8 *mac,
			 const struct vsw_fdb_config *config,
			 struct netlink_ext_ack *extack)
{
	bool local = config->type == VSWITCH_FDB_TYPE_LOCAL;
	bool host = port->flags & VSW_PORT_HOST;

	if (!is_valid_ether_addr(mac)) {
		NL_SET_ERR_MSG(extack, "a MAC entry is for a unicast address that is not zero");
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

/* Whether one more dynamic entry on @port would be too many. */
static int check_room(const struct vsw_port *port, bool new_to_switch,
		      struct netlink_ext_ack *extack)
{
	if (port_full(port)) {
		NL_SET_ERR_MSG(extack, "the port has as many MAC entries as its fdb-max allows");
		return -ENOSPC;
	}
	if (new_to_switch && switch_full(port->sw)) {
		NL_SET_ERR_MSG(extack, "the switch has as many MAC entries as its fdb-max allows");
		return -ENOSPC;
	}
	return 0;
}

/* Add what a user asks for. Under fdb_lock; the caller owns @entry on an error. */
static int add_entry(struct vsw_switch *sw, struct vsw_fdb_entry *entry,
		     struct netlink_ext_ack *extack)
{
	int err = 0;

	if (is_dynamic(entry))
		err = check_room(entry_port(sw, entry), true, extack);
	if (err)
		return err;
	err = entry_insert(sw, entry);
	if (err == -EEXIST)
		NL_SET_ERR_MSG(extack, "there is an entry of that MAC already");
	else if (err)
		NL_SET_ERR_MSG(extack, "no memory for the MAC entry");
	else
		vsw_event_fdb(sw, entry, VSWITCH_CMD_FDB_NEW_NTF);
	return err;
}

/*
 * Add an entry by request: frames to @mac shall leave by @port, or, local ones
 * of the host port, are for the host. -EEXIST: there is one of that MAC; -ENOSPC: a limit. RTNL.
 */
int vsw_fdb_add(struct vsw_port *port, const u8 *mac,
		const struct vsw_fdb_config *config,
		struct netlink_ext_ack *extack)
{
	bool local = config->type == VSWITCH_FDB_TYPE_LOCAL;
	struct vsw_switch *sw = port->sw;
	struct vsw_fdb_entry *entry;
	int err;

	ASSERT_RTNL();

	err = check_request(port, mac, config, extack);
	if (err)
		return err;
	entry = entry_alloc(port, mac, BIT(VSW_FDB_USER), GFP_KERNEL_ACCOUNT);
	if (!entry) {
		NL_SET_ERR_MSG(extack, "no memory for the MAC entry");
		return -ENOMEM;
	}
	entry->local_refs = local;
	__assign_bit(VSW_FDB_LOCAL, &entry->flags, local);
	__assign_bit(VSW_FDB_STATIC, &entry->flags,
		     config->type == VSWITCH_FDB_TYPE_STATIC);
	__assign_bit(VSW_FDB_STICKY, &entry->flags, config->sticky);

	spin_lock_bh(&sw->fdb_lock);
	err = add_entry(sw, entry, extack);
	spin_unlock_bh(&sw->fdb_lock);
	if (err)
		kmem_cache_free(entry_cache, entry);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_add);

/* Make @entry, which is there, what the user asks for. Under fdb_lock. */
static int change_entry(struct vsw_switch *sw, struct vsw_fdb_entry *entry,
			struct vsw_port *port,
			const struct vsw_fdb_config *config,
			struct netlink_ext_ack *extack)
{
	bool dynamic = config->type_given ?
		       config->type == VSWITCH_FDB_TYPE_DYNAMIC :
		       is_dynamic(entry);
	bool was_dynamic = is_dynamic(entry);
	int err;

	if (!port)
		port = entry_port(sw, entry);
	if (dynamic && !(was_dynamic && entry_port(sw, entry) == port)) {
		err = check_room(port, !was_dynamic, extack);
		if (err)
			return err;
	}
	count(sw, entry_port(sw, entry), was_dynamic, -1);
	rcu_assign_pointer(entry->port, port);
	assign_bit(VSW_FDB_STATIC, &entry->flags, !dynamic);
	if (config->sticky_given)
		assign_bit(VSW_FDB_STICKY, &entry->flags, config->sticky);
	set_bit(VSW_FDB_USER, &entry->flags);
	WRITE_ONCE(entry->seen, jiffies);
	count(sw, port, dynamic, 1);
	changed(sw);
	vsw_event_fdb(sw, entry, VSWITCH_CMD_FDB_NEW_NTF);
	return 0;
}

/*
 * Change the entry of @mac by request: what @config gives, and its port if one
 * is given. -ENOENT: there is none; -EBUSY: it is local; -ENOSPC: a limit. RTNL.
 */
int vsw_fdb_set(struct vsw_switch *sw, struct vsw_port *port, const u8 *mac,
		const struct vsw_fdb_config *config,
		struct netlink_ext_ack *extack)
{
	struct vsw_fdb_entry *entry;
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
	spin_lock_bh(&sw->fdb_lock);
	entry = vsw_fdb_find(sw, mac);
	if (!entry) {
		NL_SET_ERR_MSG(extack, "no such MAC entry");
		err = -ENOENT;
	} else if (test_bit(VSW_FDB_LOCAL, &entry->flags)) {
		NL_SET_ERR_MSG(extack, "a local entry can't be changed");
		err = -EBUSY;
	} else {
		err = change_entry(sw, entry, port, config, extack);
	}
	spin_unlock_bh(&sw->fdb_lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_set);

/* One fewer wants the local @entry. Under fdb_lock. */
static void local_put(struct vsw_switch *sw, struct vsw_fdb_entry *entry,
		      const struct vsw_port *owner)
{
	if (!--entry->local_refs) {
		entry_remove(sw, entry);
		return;
	}
	/* Another device has the same address; frames to it stay local. */
	if (entry_port(sw, entry) == owner && owner != &sw->host)
		entry_move(sw, entry, &sw->host);
}

/*
 * Delete the entry of @mac by request, with @port only if it is on that one.
 * -ENOENT: there is none; -EBUSY: it is the address of a device. RTNL.
 */
int vsw_fdb_del(struct vsw_switch *sw, const struct vsw_port *port,
		const u8 *mac, struct netlink_ext_ack *extack)
{
	struct vsw_fdb_entry *entry;
	int err = 0;

	ASSERT_RTNL();

	spin_lock_bh(&sw->fdb_lock);
	entry = vsw_fdb_find(sw, mac);
	if (!entry || (port && entry_port(sw, entry) != port)) {
		NL_SET_ERR_MSG(extack, "no such MAC entry");
		err = -ENOENT;
	} else if (!test_bit(VSW_FDB_LOCAL, &entry->flags)) {
		entry_remove(sw, entry);
	} else if (test_and_clear_bit(VSW_FDB_USER, &entry->flags)) {
		local_put(sw, entry, NULL);
	} else {
		NL_SET_ERR_MSG(extack, "the entry is the address of a device, it goes with the device");
		err = -EBUSY;
	}
	spin_unlock_bh(&sw->fdb_lock);
	return err;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_del);

/* Whatever was learned or said of that MAC, it is a device's on @port now. */
static void make_local(struct vsw_switch *sw, struct vsw_fdb_entry *entry,
		       struct vsw_port *port)
{
	count(sw, entry_port(sw, entry), is_dynamic(entry), -1);
	set_bit(VSW_FDB_LOCAL, &entry->flags);
	clear_bit(VSW_FDB_STATIC, &entry->flags);
	clear_bit(VSW_FDB_STICKY, &entry->flags);
	clear_bit(VSW_FDB_USER, &entry->flags);
	rcu_assign_pointer(entry->port, port);
	entry->local_refs = 1;
	count(sw, port, false, 1);
	changed(sw);
}

/*
 * Have memory for a local entry of @port at hand: a device's change of address
 * can be refused before it happens, but not after. RTNL.
 */
int vsw_fdb_reserve(struct vsw_port *port)
{
	const u8 none[ETH_ALEN] = {};

	ASSERT_RTNL();

	if (!port->spare)
		port->spare = entry_alloc(port, none, BIT(VSW_FDB_LOCAL),
					  GFP_KERNEL_ACCOUNT);
	return port->spare ? 0 : -ENOMEM;
}

static void unreserve(struct vsw_port *port)
{
	if (port->spare)
		kmem_cache_free(entry_cache, port->spare);
	port->spare = NULL;
}

static int add_local(struct vsw_port *port, const u8 *mac)
{
	struct vsw_fdb_entry *entry, *old;
	struct vsw_switch *sw = port->sw;
	int err;

	err = vsw_fdb_reserve(port);
	if (err)
		return err;
	entry = port->spare;
	entry->key = ether_addr_to_u64(mac);
	entry->seen = jiffies;
	entry->local_refs = 1;

	spin_lock_bh(&sw->fdb_lock);
	old = vsw_fdb_find(sw, mac);
	if (!old) {
		err = entry_insert(sw, entry);
		if (!err) {
			vsw_event_fdb(sw, entry, VSWITCH_CMD_FDB_NEW_NTF);
			port->spare = NULL;
		}
	} else if (test_bit(VSW_FDB_LOCAL, &old->flags)) {
		old->local_refs++;
	} else {
		make_local(sw, old, port);
		vsw_event_fdb(sw, old, VSWITCH_CMD_FDB_NEW_NTF);
	}
	spin_unlock_bh(&sw->fdb_lock);
	return err;
}

static void del_local(struct vsw_port *port, const u8 *mac)
{
	struct vsw_switch *sw = port->sw;
	struct vsw_fdb_entry *entry;

	spin_lock_bh(&sw->fdb_lock);
	entry = vsw_fdb_find(sw, mac);
	if (entry && test_bit(VSW_FDB_LOCAL, &entry->flags))
		local_put(sw, entry, port);
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

u8 vsw_fdb_type(const struct vsw_fdb_entry *entry)
{
	if (test_bit(VSW_FDB_LOCAL, &entry->flags))
		return VSWITCH_FDB_TYPE_LOCAL;
	if (test_bit(VSW_FDB_STATIC, &entry->flags))
		return VSWITCH_FDB_TYPE_STATIC;
	return VSWITCH_FDB_TYPE_DYNAMIC;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_type);

/*
 * Delete the entries of @type, on @port when given. Those local ones that are
 * addresses of devices stay. Returns how many went. Any context that may take
 * fdb_lock; the lock is taken for one entry at a time.
 */
u32 vsw_fdb_flush(struct vsw_switch *sw, const struct vsw_port *port, u8 type)
{
	struct vsw_fdb_entry *entry;
	u32 flushed = 0;

	/*
	 * A caller that has just forbidden to learn waits here for those who
	 * did not see it: what they learned is found, and they are the last.
	 */
	spin_lock_bh(&sw->fdb_lock);
	spin_unlock_bh(&sw->fdb_lock);

	rcu_read_lock();
	list_for_each_entry_rcu(entry, &sw->fdb_list, list) {
		if (port && rcu_access_pointer(entry->port) != port)
			continue;
		if (vsw_fdb_type(entry) != type)
			continue;
		spin_lock_bh(&sw->fdb_lock);
		if (test_bit(VSW_FDB_GONE, &entry->flags) ||
		    (port && entry_port(sw, entry) != port)) {
			;
		} else if (type != VSWITCH_FDB_TYPE_LOCAL) {
			entry_remove(sw, entry);
			flushed++;
		} else if (test_and_clear_bit(VSW_FDB_USER, &entry->flags)) {
			local_put(sw, entry, NULL);
			flushed++;
		}
		spin_unlock_bh(&sw->fdb_lock);
	}
	rcu_read_unlock();
	return flushed;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_flush);

/*
 * @port is being detached and learns no more: nothing in the table may name it
 * after this. RTNL.
 */
void vsw_fdb_port_gone(struct vsw_port *port)
{
	struct vsw_switch *sw = port->sw;

	ASSERT_RTNL();

	unreserve(port);
	if (!is_zero_ether_addr(port->address))
		del_local(port, port->address);
	/* The common case is that no more is left: look before a long walk. */
	if (READ_ONCE(port->fdb_count))
		vsw_fdb_flush(sw, port, VSWITCH_FDB_TYPE_DYNAMIC);
	if (READ_ONCE(port->fdb_fixed))
		vsw_fdb_flush(sw, port, VSWITCH_FDB_TYPE_STATIC);
	WARN_ON_ONCE(port->fdb_count || port->fdb_fixed);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_port_gone);

static void age_work(struct work_struct *work)
{
	struct vsw_switch *sw = container_of(work, struct vsw_switch,
					     fdb_age_work.work);
	unsigned long ageing = READ_ONCE(sw->ageing_time);
	unsigned long now = jiffies, delay = ageing;
	struct vsw_fdb_entry *entry;
	unsigned long expires;

	if (!ageing)
		return;
	rcu_read_lock();
	list_for_each_entry_rcu(entry, &sw->fdb_list, list) {
		if (!is_dynamic(entry))
			continue;
		expires = READ_ONCE(entry->seen) + ageing;
		if (time_after(expires, now)) {
			delay = min(delay, expires - now);
			continue;
		}
		spin_lock_bh(&sw->fdb_lock);
		/* It may have been seen, replaced or removed in between. */
		if (!test_bit(VSW_FDB_GONE, &entry->flags) &&
		    is_dynamic(entry) &&
		    !time_after(READ_ONCE(entry->seen) + ageing, now))
			entry_remove(sw, entry);
		spin_unlock_bh(&sw->fdb_lock);
	}
	rcu_read_unlock();
	queue_delayed_work(system_power_efficient_wq, &sw->fdb_age_work,
			   max_t(unsigned long, delay, AGE_INTERVAL_MIN));
}

/* 0: learn nothing, and forget what was learned. RTNL, or before registration. */
void vsw_fdb_set_ageing(struct vsw_switch *sw, u32 ageing_ms)
{
	WRITE_ONCE(sw->ageing_ms, ageing_ms);
	WRITE_ONCE(sw->ageing_time, msecs_to_jiffies(ageing_ms));
	if (!ageing_ms)
		vsw_fdb_flush(sw, NULL, VSWITCH_FDB_TYPE_DYNAMIC);
	if (netif_running(sw->dev))
		mod_delayed_work(system_power_efficient_wq, &sw->fdb_age_work, 0);
}

/* Milliseconds since it was seen; a packet may come by while we look. */
static u32 age(const struct vsw_fdb_entry *entry)
{
	unsigned long seen = READ_ONCE(entry->seen), now = jiffies;

	return time_after(now, seen) ? jiffies_to_msecs(now - seen) : 0;
}

void vsw_fdb_info(const struct vsw_switch *sw,
		  const struct vsw_fdb_entry *entry, struct vsw_fdb_info *info)
{
	const struct vsw_port *port;

	memset(info, 0, sizeof(*info));
	port = rcu_dereference_check(entry->port,
				     lockdep_is_held(&sw->fdb_lock));
	info->switch_ifindex = sw->dev->ifindex;
	strscpy(info->switch_name, sw->dev->name, sizeof(info->switch_name));
	info->port_ifindex = port->dev->ifindex;
	strscpy(info->port_name, port->dev->name, sizeof(info->port_name));
	u64_to_ether_addr(entry->key, info->address);
	info->type = vsw_fdb_type(entry);
	info->sticky = test_bit(VSW_FDB_STICKY, &entry->flags);
	info->user = test_bit(VSW_FDB_USER, &entry->flags);
	info->age = age(entry);
}

int vsw_fdb_init(struct vsw_switch *sw)
{
	spin_lock_init(&sw->fdb_lock);
	INIT_LIST_HEAD(&sw->fdb_list);
	INIT_DELAYED_WORK(&sw->fdb_age_work, age_work);
	return rhashtable_init(&sw->fdb, &table_params);
}

static void entry_free(void *ptr, void *arg)
{
	kmem_cache_free(entry_cache, ptr);
}

/* Nobody is in the packet path of the switch any more, and no ports are left. */
void vsw_fdb_destroy(struct vsw_switch *sw)
{
	cancel_delayed_work_sync(&sw->fdb_age_work);
	unreserve(&sw->host);
	rhashtable_free_and_destroy(&sw->fdb, entry_free, NULL);
}
