// SPDX-License-Identifier: GPL-2.0
/*
 * Entries of the MAC table that a port's guard makes: of MACs that wait for somebody
 * to say that they may send, and of what was learned to stay.
 */
#include "fdb_path.h"

/* What was learned by @entry's port, or moves there, is as the port's guard has it. */
void vsw_fdb_stick(const struct vsw_port *port, struct vsw_fdb_entry *entry)
{
	if (is_locked(entry))
		mark(entry, STATIC, false);
	if (is_dynamic(entry) && !is(entry, USER) && vsw_guard_is_sticky(port)) {
		mark(entry, STATIC, true);
		mark(entry, STICKY, true);
	}
}

static noinline void add_locked(struct vsw_port *port, u64 key)
{
	struct vsw_switch *sw = port->sw;
	struct vsw_fdb_entry there, entry = {
		.key = key | BIT_ULL(STATIC),
		.port = port->number,
		.seen = ticks(sw),
	};
	int err = -ENOSPC;

	/* A flood of MACs meets full tables mostly, as in learn_new(). */
	if (!vsw_fdb_is_full(port)) {
		spin_lock_bh(&sw->fdb_lock);
		if (!vsw_fdb_may_learn(port) || vsw_fdb_find_source(sw, key, &there))
			err = 0;
		else if (!vsw_fdb_is_full(port))
			err = vsw_fdb_entry_insert(sw, &entry, NULL);
		spin_unlock_bh(&sw->fdb_lock);
	}
	if (err)
		vsw_stats_inc(port->stats, learn_refused);
}

/*
 * A frame came in by @port, where nobody may send unasked, from @key's MAC, in its
 * VLAN: have those who decide about that see it. Under RCU with BH off.
 */
void vsw_fdb_learn_locked(struct vsw_port *port, u64 key)
{
	u16 now = ticks(port->sw);
	struct vsw_fdb_entry entry;

	if (!vsw_fdb_find_source(port->sw, key, &entry))
		add_locked(port, key);
	else if (is_locked(&entry) && entry.port == port->number && entry.seen != now)
		WRITE_ONCE(*entry.stamp, now);
}

static bool wants_change(const struct vsw_fdb_entry *entry, const struct vsw_port *port,
			 bool sticky)
{
	if (entry->port != port->number)
		return false;
	if (!sticky)
		return is_stuck(entry);
	return is_dynamic(entry) && !is_locked(entry) && !is(entry, USER);
}

/*
 * What was learned on @port stays there from now on, or ages again. Who learns knows
 * already. May sleep. RTNL.
 */
void vsw_fdb_set_sticky(struct vsw_port *port, bool sticky)
{
	struct vsw_switch *sw = port->sw;
	struct vsw_fdb_entry was, now;
	u64 after = 0;

	ASSERT_RTNL();

	while (READ_ONCE(port->fdb_count) && vsw_fdb_next(sw, &after, &was)) {
		if (!wants_change(&was, port, sticky))
			continue;
		spin_lock_bh(&sw->fdb_lock);
		/* It may have changed, or gone, in between. */
		if (vsw_fdb_table_find(&sw->fdb, was.key & ~VSW_FDB_FLAGS, &was) &&
		    wants_change(&was, port, sticky)) {
			now = was;
			now.seen = ticks(sw);
			mark(&now, STATIC, sticky);
			mark(&now, STICKY, sticky);
			vsw_fdb_entry_change(sw, &was, &now);
			vsw_event_fdb(sw, &now, VSWITCH_CMD_FDB_NEW_NTF);
		}
		spin_unlock_bh(&sw->fdb_lock);
	}
}
