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

static inline bool is_dynamic(const struct vsw_fdb_entry *entry)
{
	return !is(entry, STATIC) && !is(entry, LOCAL);
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

/* fdb_local.c: addresses of devices */
void vsw_fdb_local_put(struct vsw_switch *sw, const struct vsw_fdb_entry *was,
		       const struct vsw_fdb_entry *now);
void vsw_fdb_unreserve(struct vsw_port *port);
void vsw_fdb_local_gone(struct vsw_port *port);

#endif /* _VSWITCH_FDB_H */
