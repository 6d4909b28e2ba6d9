// SPDX-License-Identifier: GPL-2.0
/*
 * The MAC table (802.1Q-2018 8.8: filtering database): which MAC is behind
 * which port.
 */
#include <kunit/visibility.h>

#include "fdb_path.h"
#include "vlan.h"

/* How often entries are looked at in an ageing time, but not more often than that. */
#define AGE_SWEEPS		16
#define AGE_INTERVAL_MIN	(HZ / 10)
/* The oldest that an entry gets, in ticks. */
#define AGE_MAX			0x7fff

/* Find the entry of @mac in VLAN @vid itself, 0 for that of no VLAN. */
bool vsw_fdb_find(const struct vsw_switch *sw, const u8 *mac, u16 vid,
		  struct vsw_fdb_entry *entry)
{
	return vsw_fdb_table_find(&sw->fdb, vsw_fdb_key(mac, vid), entry);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_find);

/*
 * The entry of no VLAN that speaks for @key, of a VLAN that has none. A local one does
 * in the VLANs of the host.
 */
static bool find_in_no_vlan(const struct vsw_switch *sw, u64 key,
			    struct vsw_fdb_entry *entry)
{
	u16 vid = vsw_fdb_key_to_vid(key);

	return vid && vsw_fdb_table_find(&sw->fdb, vsw_fdb_key_of_no_vlan(key), entry) &&
	       (!is(entry, LOCAL) || vsw_vlan_is_in(&sw->host, vid));
}

/*
 * The port by which frames to @key's MAC leave in its VLAN (0: there are none),
 * which is the host's if the MAC is local, or NULL if it is not known. An entry
 * of no VLAN is of all those that have none of that MAC. Under RCU.
 */
struct vsw_port *vsw_fdb_lookup(struct vsw_switch *sw, u64 key)
{
	struct vsw_fdb_entry entry;

	if (!vsw_fdb_table_find(&sw->fdb, key, &entry) &&
	    !find_in_no_vlan(sw, key, &entry))
		return NULL;
	/* Nobody has said that it is there. */
	if (is_locked(&entry))
		return NULL;
	if (is(&entry, LOCAL))
		return &sw->host;
	return vsw_port_by_number(sw, entry.port);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_lookup);

/* What the table says of @key's MAC in its VLAN, for who asks about a source. Under RCU. */
bool vsw_fdb_find_source(const struct vsw_switch *sw, u64 key, struct vsw_fdb_entry *entry)
{
	return vsw_fdb_table_find(&sw->fdb, key, entry) || find_in_no_vlan(sw, key, entry);
}

/* Dumps that are under way have to say that the table was changed. */
static void changed(struct vsw_switch *sw)
{
	sw->fdb_generation++;
	atomic_inc(&vsw_net(dev_net(sw->dev))->fdb_generation);
}

static void count(struct vsw_switch *sw, const struct vsw_fdb_entry *entry, int by)
{
	struct vsw_port *port = entry_port(sw, entry);

	lockdep_assert_held(&sw->fdb_lock);

	if (is_bounded(entry)) {
		WRITE_ONCE(sw->fdb_count, sw->fdb_count + by);
		WRITE_ONCE(port->fdb_count, port->fdb_count + by);
	} else if (is(entry, LOCAL)) {
		port->fdb_local += by;
	} else {
		WRITE_ONCE(port->fdb_fixed, port->fdb_fixed + by);
	}
}

struct vsw_fdb_entry vsw_fdb_entry_of(const struct vsw_port *port, const u8 *mac,
				      u16 vid)
{
	return (struct vsw_fdb_entry) {
		.key = vsw_fdb_key(mac, vid),
		.port = port->number,
		.seen = ticks(port->sw),
	};
}

int vsw_fdb_entry_insert(struct vsw_switch *sw,
			 const struct vsw_fdb_entry *entry,
			 struct vsw_fdb_spare **spare)
{
	u64 key = entry->key & ~VSW_FDB_FLAGS;
	struct vsw_fdb_entry other;
	int err;

	lockdep_assert_held(&sw->fdb_lock);

	err = vsw_fdb_table_insert(&sw->fdb, entry, spare);
	if (err)
		return err;
	/* One of no VLAN has spoken for it until now. */
	if (find_in_no_vlan(sw, key, &other))
		vsw_end_epoch(sw);
	count(sw, entry, 1);
	changed(sw);
	vsw_event_fdb(sw, entry, VSWITCH_CMD_FDB_NEW_NTF);
	return 0;
}

void vsw_fdb_entry_remove(struct vsw_switch *sw,
			  const struct vsw_fdb_entry *entry)
{
	lockdep_assert_held(&sw->fdb_lock);

	vsw_fdb_table_remove(&sw->fdb, entry->key);
	vsw_end_epoch(sw);
	count(sw, entry, -1);
	changed(sw);
	vsw_event_fdb(sw, entry, VSWITCH_CMD_FDB_DEL_NTF);
}

/* The user's part of @was goes. Returns whether there was one. */
bool vsw_fdb_entry_forget(struct vsw_switch *sw, const struct vsw_fdb_entry *was)
{
	struct vsw_fdb_entry now = *was;

	lockdep_assert_held(&sw->fdb_lock);

	if (!is(was, LOCAL)) {
		vsw_fdb_entry_remove(sw, was);
		return true;
	}
	if (!is(was, USER))
		return false;
	mark(&now, USER, false);
	vsw_fdb_local_put(sw, was, &now);
	return true;
}

/*
 * An entry of no VLAN with @key, which does not age, is in the table: what was learned
 * of that MAC in VLANs must not speak against it.
 */
void vsw_fdb_forget_in_vlans(struct vsw_switch *sw, u64 key)
{
	struct vsw_fdb_entry entry;
	u16 vid;

	lockdep_assert_held(&sw->fdb_lock);

	/* Nothing is learned in VLANs else. */
	if (!(sw->host.flags & VSW_PORT_VLANS))
		return;
	for (vid = 1; vid < VLAN_N_VID - 1; vid++)
		if (vsw_fdb_table_find(&sw->fdb, vsw_fdb_key_in(key, vid), &entry) &&
		    is_bounded(&entry))
			vsw_fdb_entry_remove(sw, &entry);
}

/* Make @was, which is in the table, what @now says. */
void vsw_fdb_entry_change(struct vsw_switch *sw,
			  const struct vsw_fdb_entry *was,
			  const struct vsw_fdb_entry *now)
{
	lockdep_assert_held(&sw->fdb_lock);

	vsw_fdb_table_change(&sw->fdb, now);
	vsw_end_epoch(sw);
	count(sw, was, -1);
	count(sw, now, 1);
	changed(sw);
}

/*
 * Whether an entry of no VLAN says all that there is to say of @key on @port: that
 * it is there, or that it may be nowhere else.
 */
static bool is_settled(const struct vsw_port *port, u64 key)
{
	struct vsw_fdb_entry entry;

	return find_in_no_vlan(port->sw, key, &entry) &&
	       (is(&entry, LOCAL) || is(&entry, STICKY) || entry.port == port->number);
}

/* Rare, and so not to burden those that only look. */
static noinline void learn_new(struct vsw_port *port, u64 key)
{
	struct vsw_switch *sw = port->sw;
	struct vsw_fdb_entry there, entry = {
		.key = key,
		.port = port->number,
		.seen = ticks(sw),
	};
	int err = -ENOSPC;

	if (is_settled(port, key))
		return;
	/* Before the lock is taken: a flood of MACs meets full tables mostly. */
	if (vsw_fdb_is_full(port))
		goto refused;

	spin_lock_bh(&sw->fdb_lock);
	if (!vsw_fdb_may_learn(port) || vsw_fdb_table_find(&sw->fdb, key, &there) ||
	    is_settled(port, key))
		err = -EEXIST;
	else if (!vsw_fdb_is_full(port)) {
		if (unlikely(READ_ONCE(port->flags) & VSW_PORT_GUARDED))
			vsw_fdb_stick(port, &entry);
		err = vsw_fdb_entry_insert(sw, &entry, NULL);
	}
	spin_unlock_bh(&sw->fdb_lock);

	if (!err) {
		vsw_stats_inc(port->stats, learned);
		return;
	}
	/* Another CPU learned it in between, or nothing is learned any more. */
	if (err == -EEXIST)
		return;
refused:
	vsw_stats_inc(port->stats, learn_refused);
}

/* To where nothing is locked, an entry that was comes as what is learned. */
static bool may_move(const struct vsw_fdb_entry *entry, const struct vsw_port *port)
{
	return !is(entry, LOCAL) && !is(entry, STICKY) &&
	       (entry->port != port->number || is_locked(entry));
}

static noinline void learn_move(struct vsw_port *port, u64 key)
{
	struct vsw_switch *sw = port->sw;
	bool moved = false, refused = false;
	struct vsw_fdb_entry was, now;

	spin_lock_bh(&sw->fdb_lock);
	if (vsw_fdb_may_learn(port) && vsw_fdb_table_find(&sw->fdb, key, &was) &&
	    may_move(&was, port)) {
		refused = is_dynamic(&was) ? vsw_fdb_port_is_full(port) :
					     vsw_fdb_has_max_macs(port);
		if (!refused) {
			now = was;
			now.port = port->number;
			now.seen = ticks(sw);
			vsw_fdb_stick(port, &now);
			vsw_fdb_entry_change(sw, &was, &now);
			vsw_event_fdb(sw, &now, VSWITCH_CMD_FDB_NEW_NTF);
			moved = true;
		}
	}
	spin_unlock_bh(&sw->fdb_lock);

	if (moved)
		vsw_stats_inc(port->stats, moved);
	else if (refused)
		vsw_stats_inc(port->stats, learn_refused);
}

/*
 * A frame from @key's MAC, in its VLAN, came in by @port. In the packet path, under
 * RCU, BH off.
 */
void vsw_fdb_learn(struct vsw_port *port, u64 key)
{
	struct vsw_switch *sw = port->sw;
	struct vsw_pcpu_stats *stats;
	struct vsw_fdb_entry entry;
	u16 now = ticks(sw);
	u64 epoch;

	/* Before the table and all else is read: with vsw_end_epoch(). */
	epoch = atomic64_read_acquire(&sw->epoch);

	if (!vsw_fdb_may_learn(port))
		return;
	if (unlikely(!vsw_fdb_table_find(&sw->fdb, key, &entry))) {
		learn_new(port, key);
		return;
	}
	if (is(&entry, LOCAL))
		return;
	if (unlikely(entry.port != port->number || is_locked(&entry))) {
		if (!is(&entry, STICKY))
			learn_move(port, key);
		return;
	}
	/* Don't dirty the line for every packet. */
	if (entry.seen != now)
		WRITE_ONCE(*entry.stamp, now);
	stats = this_cpu_ptr(port->stats);
	stats->seen.source = key;
	stats->seen.dest = U64_MAX;	/* no key */
	stats->seen.epoch = epoch;
	stats->seen.until = tick_end(sw);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_learn);

u8 vsw_fdb_type(const struct vsw_fdb_entry *entry)
{
	if (is(entry, LOCAL))
		return VSWITCH_FDB_TYPE_LOCAL;
	return is_dynamic(entry) ? VSWITCH_FDB_TYPE_DYNAMIC : VSWITCH_FDB_TYPE_STATIC;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_type);

/* As vsw_fdb_table_next(), for who is no RCU reader. */
bool vsw_fdb_next(struct vsw_switch *sw, u64 *after, struct vsw_fdb_entry *entry)
{
	bool found;

	rcu_read_lock();
	found = vsw_fdb_table_next(&sw->fdb, after, entry);
	rcu_read_unlock();
	cond_resched();
	return found;
}

static bool flush_matches(const struct vsw_fdb_entry *entry,
			  const struct vsw_fdb_filter *filter)
{
	u16 vid = vsw_fdb_key_to_vid(entry->key);

	if (filter->port && entry->port != filter->port->number)
		return false;
	if (filter->vid && vid != filter->vid)
		return false;
	if (filter->spared && (!vid || vsw_vlan_in(filter->spared, vid)))
		return false;
	if (filter->spare_user && is(entry, USER))
		return false;
	if (filter->locked && !is_locked(entry))
		return false;
	return vsw_fdb_type(entry) == filter->type;
}

/*
 * A caller that has just forbidden to learn waits here for those who did not see
 * it: what they learned is in the table and counted, and they are the last.
 */
void vsw_fdb_settle(struct vsw_switch *sw)
{
	spin_lock_bh(&sw->fdb_lock);
	spin_unlock_bh(&sw->fdb_lock);
}

/*
 * Delete the entries that @filter is about. Those local ones that are addresses
 * of devices stay. Returns how many went. May sleep; the lock is taken for one
 * entry at a time.
 */
u32 vsw_fdb_flush(struct vsw_switch *sw, const struct vsw_fdb_filter *filter)
{
	struct vsw_fdb_entry entry;
	u64 after = 0;
	u32 flushed = 0;

	vsw_fdb_settle(sw);
	while (vsw_fdb_next(sw, &after, &entry)) {
		if (!flush_matches(&entry, filter))
			continue;
		spin_lock_bh(&sw->fdb_lock);
		/* It may have changed, or gone, in between. */
		if (vsw_fdb_table_find(&sw->fdb, entry.key & ~VSW_FDB_FLAGS, &entry) &&
		    flush_matches(&entry, filter))
			flushed += vsw_fdb_entry_forget(sw, &entry);
		spin_unlock_bh(&sw->fdb_lock);
	}
	return flushed;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_flush);

/*
 * @port is being detached and learns no more: nothing in the table may name it
 * after this. RTNL.
 */
void vsw_fdb_port_gone(struct vsw_port *port)
{
	struct vsw_fdb_filter filter = { .port = port };
	struct vsw_switch *sw = port->sw;

	ASSERT_RTNL();

	vsw_fdb_local_gone(port);
	vsw_fdb_settle(sw);
	/* The common case is that no more is left: look before a long walk. */
	filter.type = VSWITCH_FDB_TYPE_DYNAMIC;
	if (READ_ONCE(port->fdb_count))
		vsw_fdb_flush(sw, &filter);
	filter.type = VSWITCH_FDB_TYPE_STATIC;
	if (READ_ONCE(port->fdb_fixed) || READ_ONCE(port->fdb_count))
		vsw_fdb_flush(sw, &filter);
	WARN_ON_ONCE(port->fdb_count || port->fdb_fixed || port->fdb_local);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_port_gone);

static void set_age(struct vsw_switch *sw, const struct vsw_fdb_entry *entry,
		    u16 age)
{
	struct vsw_fdb_entry there;

	spin_lock_bh(&sw->fdb_lock);
	if (vsw_fdb_table_find(&sw->fdb, entry->key & ~VSW_FDB_FLAGS, &there))
		WRITE_ONCE(*there.stamp, (u16)(ticks(sw) - age));
	spin_unlock_bh(&sw->fdb_lock);
}

static bool has_expired(const struct vsw_switch *sw,
			const struct vsw_fdb_entry *entry)
{
	return is_dynamic(entry) &&
	       (u16)(ticks(sw) - entry->seen) >= READ_ONCE(sw->fdb_ageing_ticks);
}

static void age_work(struct work_struct *work)
{
	struct vsw_switch *sw = container_of(work, struct vsw_switch,
					     fdb_age_work.work);
	unsigned long ageing = READ_ONCE(sw->ageing_time);
	struct vsw_fdb_entry entry;
	u64 after = 0;

	if (!ageing)
		return;
	while (vsw_fdb_next(sw, &after, &entry)) {
		if (!has_expired(sw, &entry)) {
			/* What never ages must not look young once more. */
			if ((u16)(ticks(sw) - entry.seen) > AGE_MAX)
				set_age(sw, &entry, AGE_MAX);
			continue;
		}
		spin_lock_bh(&sw->fdb_lock);
		/* It may have been seen, replaced or removed in between. */
		if (vsw_fdb_table_find(&sw->fdb, entry.key & ~VSW_FDB_FLAGS, &entry) &&
		    has_expired(sw, &entry))
			vsw_fdb_entry_remove(sw, &entry);
		spin_unlock_bh(&sw->fdb_lock);
	}
	queue_delayed_work(system_power_efficient_wq, &sw->fdb_age_work,
			   max_t(unsigned long, ageing / AGE_SWEEPS, AGE_INTERVAL_MIN));
}

/*
 * Count in ticks of which 1024 to 2047 make the ageing time, or jiffies if that
 * is short. So 16 bits hold an age until the next sweep.
 */
static void use_ticks(struct vsw_switch *sw, unsigned long ageing)
{
	unsigned int shift = ageing > 1024 ? ilog2(ageing) - 10 : 0;

	WRITE_ONCE(sw->fdb_tick_shift, shift);
	WRITE_ONCE(sw->fdb_ageing_ticks, max(ageing >> shift, 1UL));
	vsw_end_epoch(sw);
}

/*
 * In another unit every age starts anew: a stamp does not say in which unit it
 * is, and those who learn do not wait.
 */
static void change_ticks(struct vsw_switch *sw, unsigned long ageing)
{
	unsigned int was = sw->fdb_tick_shift;
	struct vsw_fdb_entry entry;
	u64 after = 0;

	cancel_delayed_work_sync(&sw->fdb_age_work);
	use_ticks(sw, ageing);
	if (sw->fdb_tick_shift == was)
		return;
	while (vsw_fdb_next(sw, &after, &entry))
		set_age(sw, &entry, 0);
}

/* 0: learn nothing, and forget what was learned. RTNL, or before registration. */
void vsw_fdb_set_ageing(struct vsw_switch *sw, u32 ageing_ms)
{
	const struct vsw_fdb_filter all = { .type = VSWITCH_FDB_TYPE_DYNAMIC };
	unsigned long ageing = msecs_to_jiffies(ageing_ms);

	WRITE_ONCE(sw->ageing_ms, ageing_ms);
	if (ageing)
		change_ticks(sw, ageing);
	WRITE_ONCE(sw->ageing_time, ageing);
	if (!ageing_ms)
		vsw_fdb_flush(sw, &all);
	if (netif_running(sw->dev))
		mod_delayed_work(system_power_efficient_wq, &sw->fdb_age_work, 0);
}

void vsw_fdb_info(const struct vsw_switch *sw,
		  const struct vsw_fdb_entry *entry, struct vsw_fdb_info *info)
{
	const struct vsw_port *port = entry_port(sw, entry);
	u16 age = ticks(sw) - entry->seen;

	memset(info, 0, sizeof(*info));
	info->switch_ifindex = sw->dev->ifindex;
	strscpy(info->switch_name, sw->dev->name, sizeof(info->switch_name));
	info->port_ifindex = port->dev->ifindex;
	strscpy(info->port_name, port->dev->name, sizeof(info->port_name));
	info->port_number = port->number;
	info->port_abroad = READ_ONCE(port->flags) & VSW_PORT_ABROAD;
	info->port_alias = port->alias;
	vsw_fdb_key_to_mac(entry->key, info->address);
	info->vid = vsw_fdb_key_to_vid(entry->key);
	info->type = vsw_fdb_type(entry);
	info->sticky = is(entry, STICKY) && !is(entry, LOCAL);
	info->user = is(entry, USER);
	info->locked = is_locked(entry);
	info->age = jiffies_to_msecs((unsigned long)age << READ_ONCE(sw->fdb_tick_shift));
}

int vsw_fdb_init(struct vsw_switch *sw)
{
	spin_lock_init(&sw->fdb_lock);
	INIT_LIST_HEAD(&sw->fdb_shared);
	INIT_DELAYED_WORK(&sw->fdb_age_work, age_work);
	use_ticks(sw, sw->ageing_time);
	return vsw_fdb_table_init(&sw->fdb, &sw->fdb_lock);
}

/* Nobody is in the packet path of the switch any more, and no ports are left. */
void vsw_fdb_destroy(struct vsw_switch *sw)
{
	cancel_delayed_work_sync(&sw->fdb_age_work);
	vsw_fdb_unreserve(&sw->host);
	WARN_ON_ONCE(!list_empty(&sw->fdb_shared));
	vsw_fdb_table_destroy(&sw->fdb);
}
