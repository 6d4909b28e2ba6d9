/* SPDX-License-Identifier: GPL-2.0 */
/* The hash table below the MAC table, see fdb_table.c. */
#ifndef _VSWITCH_FDB_TABLE_H
#define _VSWITCH_FDB_TABLE_H

#include <linux/bits.h>
#include <linux/etherdevice.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#define VSW_FDB_SLOTS		4

/* A key is a MAC in the lower 48 bits and a VLAN above; 4 bits are flags' beside it. */
#define VSW_FDB_FLAGS	GENMASK_ULL(63, 60)
#define VSW_FDB_FLAG_BITS	4

/* That of VLAN @vid, where @key is that of the same MAC and no VLAN. */
static __always_inline u64 vsw_fdb_key_in(u64 key, u16 vid)
{
	return key | (u64)vid << 48;
}

/*
 * The key of @mac in VLAN @vid. Its bytes are in the order of memory, so it costs
 * two loads.
 */
static __always_inline u64 vsw_fdb_key(const u8 *mac, u16 vid)
{
	return vsw_fdb_key_in((u64)get_unaligned((const u16 *)(mac + 4)) << 32 |
			      get_unaligned((const u32 *)mac), vid);
}

static inline u16 vsw_fdb_key_to_vid(u64 key)
{
	return (key & ~VSW_FDB_FLAGS) >> 48;
}

/* The key of the same MAC and no VLAN. */
static inline u64 vsw_fdb_key_of_no_vlan(u64 key)
{
	return key & GENMASK_ULL(47, 0);
}

static inline void vsw_fdb_key_to_mac(u64 key, u8 *mac)
{
	put_unaligned((u32)key, (u32 *)mac);
	put_unaligned((u16)(key >> 32), (u16 *)(mac + 4));
}

/* A picture of an entry. */
struct vsw_fdb_entry {
	u64 key;		/* with flags */
	u16 port;		/* number */
	u16 seen;		/* in whatever unit the user has */
	u16 *stamp;		/* where readers may write what "seen" is to be */
};

struct vsw_fdb_bucket {
	u64 key[VSW_FDB_SLOTS];		/* with VSW_FDB_FLAGS; 0: free */
	u16 port[VSW_FDB_SLOTS];
	u16 seen[VSW_FDB_SLOTS];
	u32 seq;		/* odd while it is being written */
	struct vsw_fdb_bucket __rcu *next;
} __aligned(64);

struct vsw_fdb_array {
	u32 size;
	struct vsw_fdb_bucket *bucket;
};

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
bool vsw_fdb_table_find_old(const struct vsw_fdb_array *old, u64 key, u64 h,
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

/* Looking up is inline: every frame does it twice. */

/* Every step can be undone, so no two keys have the same. */
static inline u64 vsw_fdb_hash(const struct vsw_fdb_table *table, u64 key)
{
	u64 h = (key ^ table->seed[0]) * table->seed[1];

	h ^= h >> 32;
	return h * table->seed[2];
}

static inline u32 vsw_fdb_index(const struct vsw_fdb_array *array, u64 h)
{
	return reciprocal_scale(h >> 32, array->size);
}

static inline struct vsw_fdb_bucket *vsw_fdb_home(const struct vsw_fdb_array *array, u64 h)
{
	return &array->bucket[vsw_fdb_index(array, h)];
}

static inline struct vsw_fdb_bucket *vsw_fdb_next_bucket(const struct vsw_fdb_bucket *bucket)
{
	/* Nothing that is in a chain is freed before the whole array is. */
	return rcu_dereference_raw(bucket->next);
}

/*
 * The slot of @bucket that has @key, or VSW_FDB_SLOTS. The upper bits that are not
 * asked for, 4 or none, may be any.
 */
static __always_inline unsigned int
vsw_fdb_slot_with(const struct vsw_fdb_bucket *bucket, u64 key, unsigned int not_asked)
{
	if (!((READ_ONCE(bucket->key[0]) ^ key) << not_asked))
		return 0;
	if (!((READ_ONCE(bucket->key[1]) ^ key) << not_asked))
		return 1;
	if (!((READ_ONCE(bucket->key[2]) ^ key) << not_asked))
		return 2;
	if (!((READ_ONCE(bucket->key[3]) ^ key) << not_asked))
		return 3;
	return VSW_FDB_SLOTS;
}

/* What @array says of @key, which has the hash @h. Under RCU. */
static __always_inline bool
vsw_fdb_search(const struct vsw_fdb_array *array, u64 key, u64 h,
	       struct vsw_fdb_entry *entry)
{
	struct vsw_fdb_bucket *bucket = vsw_fdb_home(array, h);
	unsigned int i;
	u32 seq;

	do {
again:
		/* Before what it guards, see write_begin(). */
		seq = smp_load_acquire(&bucket->seq);
		i = vsw_fdb_slot_with(bucket, key, VSW_FDB_FLAG_BITS);
		if (likely(i < VSW_FDB_SLOTS)) {
			entry->key = READ_ONCE(bucket->key[i]);
			entry->port = READ_ONCE(bucket->port[i]);
			entry->seen = READ_ONCE(bucket->seen[i]);
			entry->stamp = &bucket->seen[i];
		}
		/* Of one moment, or once more. */
		smp_rmb();
		if (unlikely((seq & 1) || READ_ONCE(bucket->seq) != seq)) {
			cpu_relax();
			goto again;
		}
		if (likely(i < VSW_FDB_SLOTS))
			return true;
		bucket = vsw_fdb_next_bucket(bucket);
	} while (unlikely(bucket));
	return false;
}

/*
 * Find the entry of @key, which has no flags. Under RCU or the writers' lock.
 * While the table grows, what moves is in the new array before it leaves the
 * old one, so who looks in the old one first misses nothing.
 */
static __always_inline bool
vsw_fdb_table_find(const struct vsw_fdb_table *table, u64 key,
		   struct vsw_fdb_entry *entry)
{
	const struct vsw_fdb_array *now, *old;
	u64 h = vsw_fdb_hash(table, key);

	/* It is nobody's, and what free slots have. */
	if (unlikely(!key))
		return false;
	now = rcu_dereference_raw(table->now);
	/* Whoever sees the new array sees the old one, too. */
	smp_rmb();
	old = rcu_dereference_raw(table->old);
	if (unlikely(old) && vsw_fdb_table_find_old(old, key, h, entry))
		return true;
	return vsw_fdb_search(now, key, h, entry);
}

#endif /* _VSWITCH_FDB_TABLE_H */
