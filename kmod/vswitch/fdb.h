/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the MAC table know of each other. */
#ifndef _VSWITCH_FDB_H
#define _VSWITCH_FDB_H

#include "vswitch.h"

enum {
	STATIC	= 60,			/* bits of vsw_fdb_entry.key */
	LOCAL,
	STICKY,
	HAS_DEVICE = STICKY,		/* of a local one: it is a device's address */
	USER,				/* a user asked for it */
};

static inline bool is(const struct vsw_fdb_entry *entry, unsigned int bit)
{
	return entry->key & BIT_ULL(bit);
}

static inline void mark(struct vsw_fdb_entry *entry, unsigned int bit, bool value)
{
	if (value)
		entry->key |= BIT_ULL(bit);
	else
		entry->key &= ~BIT_ULL(bit);
}

/*
 * Two kinds are made by a port's guard and have, like static ones, STATIC, but not
 * USER, which those have: one waits until somebody says that its MAC may send, and
 * ages; the other was learned where what is learned stays.
 */
static inline bool is_locked(const struct vsw_fdb_entry *entry)
{
	return (entry->key & VSW_FDB_FLAGS) == BIT_ULL(STATIC);
}

static inline bool is_stuck(const struct vsw_fdb_entry *entry)
{
	return (entry->key & VSW_FDB_FLAGS) == (BIT_ULL(STATIC) | BIT_ULL(STICKY));
}

/* It ages. */
static inline bool is_dynamic(const struct vsw_fdb_entry *entry)
{
	return (!is(entry, STATIC) && !is(entry, LOCAL)) || is_locked(entry);
}

/* The bounds on what is learned hold for it. */
static inline bool is_bounded(const struct vsw_fdb_entry *entry)
{
	return is_dynamic(entry) || is_stuck(entry);
}

/* Now, in the unit of vsw_fdb_entry.seen, which follows from the ageing time. */
static inline u16 ticks(const struct vsw_switch *sw)
{
	unsigned long now = jiffies;

	return now >> READ_ONCE(sw->fdb_tick_shift);
}

/* The jiffy with which the next one begins. */
static inline unsigned long tick_end(const struct vsw_switch *sw)
{
	return (jiffies | (BIT(READ_ONCE(sw->fdb_tick_shift)) - 1)) + 1;
}

/* The entry's port for writers, who hold fdb_lock. */
static inline struct vsw_port *entry_port(const struct vsw_switch *sw,
					  const struct vsw_fdb_entry *entry)
{
	return vsw_port_by_number(sw, entry->port);
}

/* The path asks before it learns, and again under the lock, see vsw_fdb_settle(). */
static inline bool vsw_fdb_may_learn(const struct vsw_port *port)
{
	unsigned long flags = READ_ONCE(port->flags);

	return (flags & VSW_PORT_LEARNING) &&
	       (flags & (VSW_PORT_FORWARDING | VSW_PORT_LEARNS_ONLY)) &&
	       READ_ONCE(port->sw->ageing_time);
}

/* Whether @port has as many MACs behind it as its guard lets it have. */
static inline bool vsw_fdb_has_max_macs(const struct vsw_port *port)
{
	return unlikely(READ_ONCE(port->flags) & VSW_PORT_GUARDED) &&
	       vsw_guard_has_max_macs(port);
}

static inline bool vsw_fdb_switch_is_full(const struct vsw_switch *sw)
{
	u32 max = READ_ONCE(sw->fdb_max);

	return max && READ_ONCE(sw->fdb_count) >= max;
}

/* Whether a bound leaves no room for one more dynamic entry on @port. */
static inline bool vsw_fdb_port_is_full(const struct vsw_port *port)
{
	u32 max = READ_ONCE(port->fdb_max);

	return (max && READ_ONCE(port->fdb_count) >= max) || vsw_fdb_has_max_macs(port);
}

/* Whether there is no room for one more that is learned on @port. */
static inline bool vsw_fdb_is_full(const struct vsw_port *port)
{
	return vsw_fdb_port_is_full(port) || vsw_fdb_switch_is_full(port->sw);
}

/* fdb.c */
bool vsw_fdb_next(struct vsw_switch *sw, u64 *after, struct vsw_fdb_entry *entry);

/* fdb.c: entries that come, change and go, with fdb_lock held */
struct vsw_fdb_entry vsw_fdb_entry_of(const struct vsw_port *port, const u8 *mac,
				      u16 vid);
int vsw_fdb_entry_insert(struct vsw_switch *sw,
			 const struct vsw_fdb_entry *entry,
			 struct vsw_fdb_spare **spare);
void vsw_fdb_forget_in_vlans(struct vsw_switch *sw, u64 key);
void vsw_fdb_entry_change(struct vsw_switch *sw,
			  const struct vsw_fdb_entry *was,
			  const struct vsw_fdb_entry *now);
void vsw_fdb_entry_remove(struct vsw_switch *sw,
			  const struct vsw_fdb_entry *entry);
bool vsw_fdb_entry_forget(struct vsw_switch *sw, const struct vsw_fdb_entry *was);

/* fdb_guard.c: entries that a port's guard makes */
void vsw_fdb_stick(const struct vsw_port *port, struct vsw_fdb_entry *entry);

/* fdb_local.c: addresses of devices */
void vsw_fdb_local_put(struct vsw_switch *sw, const struct vsw_fdb_entry *was,
		       const struct vsw_fdb_entry *now);
void vsw_fdb_unreserve(struct vsw_port *port);
void vsw_fdb_local_gone(struct vsw_port *port);

#endif /* _VSWITCH_FDB_H */
