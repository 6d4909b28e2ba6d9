/* SPDX-License-Identifier: GPL-2.0 */
/* The hash table below the MAC table, see fdb_table.c. */
#ifndef _VSWITCH_FDB_TABLE_H
#define _VSWITCH_FDB_TABLE_H

#include <linux/bits.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

/* A key is a MAC in the lower 48 bits and a VLAN above; 4 bits are flags' beside it. */
#define VSW_FDB_FLAGS	GENMASK_ULL(63, 60)

/* A picture of an entry. */
struct vsw_fdb_entry {
	u64 key;		/* with flags */
	u16 port;		/* number */
	u16 seen;		/* in whatever unit the user has */
	u16 *stamp;		/* where readers may write what "seen" is to be */
};

struct vsw_fdb_array;
struct vsw_fdb_spare;		/* memory for one entry */

struct vsw_fdb_table {
	struct vsw_fdb_array __rcu *now;
	struct vsw_fdb_array __rcu *old;	/* while entries move to the new one */
	u64 seed[3];
	u32 count;				/* of entries, under @lock */
	u32 old_left;				/* buckets of the old one not yet moved */
	spinlock_t *lock;
	struct work_struct resize;
};

int vsw_fdb_table_cache_create(void);
void vsw_fdb_table_cache_destroy(void);
int vsw_fdb_table_init(struct vsw_fdb_table *table, spinlock_t *lock);
void vsw_fdb_table_destroy(struct vsw_fdb_table *table);
bool vsw_fdb_table_find(const struct vsw_fdb_table *table, u64 key,
			struct vsw_fdb_entry *entry);
bool vsw_fdb_table_next(const struct vsw_fdb_table *table, u64 *after,
			struct vsw_fdb_entry *entry);
int vsw_fdb_table_insert(struct vsw_fdb_table *table,
			 const struct vsw_fdb_entry *entry,
			 struct vsw_fdb_spare **spare);
void vsw_fdb_table_change(struct vsw_fdb_table *table,
			  const struct vsw_fdb_entry *entry);
void vsw_fdb_table_remove(struct vsw_fdb_table *table, u64 key);
struct vsw_fdb_spare *vsw_fdb_spare_alloc(gfp_t gfp);
void vsw_fdb_spare_free(struct vsw_fdb_spare *spare);
#if IS_ENABLED(CONFIG_KUNIT)
unsigned int vsw_fdb_table_longest(const struct vsw_fdb_table *table);
#endif

#endif /* _VSWITCH_FDB_TABLE_H */
