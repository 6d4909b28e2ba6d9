// SPDX-License-Identifier: GPL-2.0
/*
 * The hash table below the MAC table: what is behind a key is found with one
 * cache line read in six of seven lookups at the worst, by readers who take
 * no lock, also while the table grows.
 *
 * Buckets lie in the order of the hash, which is keyed, 64 bits wide, and one to
 * one: so "from this hash on" means the same in a table of any size, which is
 * how dumps resume.
 */
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "fdb_table.h"

/* Buckets of an empty table. */
#define SIZE_MIN	64
/* Grows when there are more entries than that for each two buckets ... */
#define LOAD_MAX	7
/*
 * ... to one for each while there are not many, and so in few steps, or else to a
 * size for which there are 2.3: that is 30 bytes an entry, with what overflows.
 */
#define MANY		65536

static struct kmem_cache *bucket_cache;
/* Its own: a resize waits for grace periods, and anybody may have many switches. */
static struct workqueue_struct *resize_wq;

int vsw_fdb_table_cache_create(void)
{
	BUILD_BUG_ON(sizeof(struct vsw_fdb_bucket) != 64);

	bucket_cache = KMEM_CACHE(vsw_fdb_bucket, 0);
	if (!bucket_cache)
		return -ENOMEM;
	resize_wq = alloc_workqueue("vswitch_fdb", WQ_UNBOUND, 4);
	if (!resize_wq) {
		kmem_cache_destroy(bucket_cache);
		return -ENOMEM;
	}
	return 0;
}

/* After the last table was destroyed. */
void vsw_fdb_table_cache_destroy(void)
{
	destroy_workqueue(resize_wq);
	kmem_cache_destroy(bucket_cache);
}

static struct vsw_fdb_array *array_alloc(u32 size, gfp_t gfp)
{
	struct vsw_fdb_array *array = kmalloc(sizeof(*array), gfp);

	if (!array)
		return NULL;
	array->size = size;
	/* From SIZE_MIN on what kvcalloc() returns is aligned as a bucket is. */
	array->bucket = kvcalloc(size, sizeof(struct vsw_fdb_bucket), gfp);
	if (!array->bucket) {
		kfree(array);
		return NULL;
	}
	return array;
}

static void array_free(struct vsw_fdb_array *array)
{
	struct vsw_fdb_bucket *bucket, *next;
	u32 i;

	if (!array)
		return;
	for (i = 0; i < array->size; i++) {
		for (bucket = vsw_fdb_next_bucket(&array->bucket[i]); bucket; bucket = next) {
			next = vsw_fdb_next_bucket(bucket);
			kmem_cache_free(bucket_cache, bucket);
		}
	}
	kvfree(array->bucket);
	kfree(array);
}

/* vsw_fdb_table_find() while the table grows. */
bool vsw_fdb_table_find_old(const struct vsw_fdb_array *old, u64 key, u64 h,
			    struct vsw_fdb_entry *entry)
{
	return vsw_fdb_search(old, key, h, entry);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_table_find_old);

/* The key with the lowest hash above *@best's start @after, of @array's first @size buckets. */
static u64 lowest(const struct vsw_fdb_table *table,
		  const struct vsw_fdb_array *array, u32 size, u64 after, u64 *best)
{
	const struct vsw_fdb_bucket *bucket;
	u64 key, h, found = 0;
	unsigned int i;
	u32 at;

	for (at = vsw_fdb_index(array, after);
	     at < size && at <= vsw_fdb_index(array, *best) && !found; at++) {
		for (bucket = &array->bucket[at]; bucket; bucket = vsw_fdb_next_bucket(bucket)) {
			for (i = 0; i < VSW_FDB_SLOTS; i++) {
				key = READ_ONCE(bucket->key[i]) & ~VSW_FDB_FLAGS;
				h = vsw_fdb_hash(table, key);
				if (!key || h <= after || h > *best)
					continue;
				*best = h;
				found = key;
			}
		}
	}
	return found;
}

/*
 * The next entry in the order of the hash, after the one of hash *@after, which
 * it becomes; 0 is before the first. Whoever calls this until it says no has
 * seen each entry that was there all the time once, whatever comes, goes or
 * grows in between. Under RCU.
 */
bool vsw_fdb_table_next(const struct vsw_fdb_table *table, u64 *after,
			struct vsw_fdb_entry *entry)
{
	const struct vsw_fdb_array *now, *old;
	u64 best, key, later;

	now = rcu_dereference_raw(table->now);
	smp_rmb();	/* as in vsw_fdb_table_find() */
	old = rcu_dereference_raw(table->old);
	do {
		best = U64_MAX;
		key = old ? lowest(table, old, READ_ONCE(table->old_left), *after, &best) : 0;
		smp_rmb();	/* what is in the old one no more is in the new one */
		later = lowest(table, now, now->size, *after, &best);
		key = later ?: key;
		if (!key)
			return false;
		/* It may have gone since, or be half of one and half of another. */
	} while (!vsw_fdb_table_find(table, key, entry));
	*after = best;
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_table_next);

static void write_begin(struct vsw_fdb_bucket *bucket)
{
	/* Readers wait for us: nobody may run here in between. */
	preempt_disable();
	WRITE_ONCE(bucket->seq, bucket->seq + 1);
	/* Odd before anything changes, see vsw_fdb_search(). */
	smp_wmb();
}

static void write_end(struct vsw_fdb_bucket *bucket)
{
	/* Even after all has changed. */
	smp_wmb();
	WRITE_ONCE(bucket->seq, bucket->seq + 1);
	preempt_enable();
}

static void put(struct vsw_fdb_bucket *bucket, unsigned int i, u64 key, u16 port, u16 seen)
{
	write_begin(bucket);
	WRITE_ONCE(bucket->port[i], port);
	WRITE_ONCE(bucket->seen[i], seen);
	WRITE_ONCE(bucket->key[i], key);
	write_end(bucket);
}

/* The bucket of @h's chain in @array with a slot that has @key, 0 for a free one. */
static struct vsw_fdb_bucket *slot_of(const struct vsw_fdb_array *array, u64 h,
				      u64 key, unsigned int *slot)
{
	struct vsw_fdb_bucket *bucket;

	for (bucket = vsw_fdb_home(array, h); bucket; bucket = vsw_fdb_next_bucket(bucket)) {
		*slot = vsw_fdb_slot_with(bucket, key, VSW_FDB_FLAG_BITS);
		if (*slot < VSW_FDB_SLOTS)
			return bucket;
	}
	return NULL;
}

/* @spare is used up if it is needed and not NULL. -ENOMEM: it was, and there is none. */
static int array_insert(struct vsw_fdb_array *array, u64 h, u64 key, u16 port,
			u16 seen, struct vsw_fdb_spare **spare)
{
	struct vsw_fdb_bucket *bucket, *last;
	unsigned int i;

	bucket = slot_of(array, h, 0, &i);
	if (likely(bucket)) {
		put(bucket, i, key, port, seen);
		return 0;
	}
	if (spare && *spare) {
		bucket = (struct vsw_fdb_bucket *)*spare;
		*spare = NULL;
	} else {
		bucket = kmem_cache_zalloc(bucket_cache, GFP_ATOMIC | __GFP_NOWARN);
	}
	if (!bucket)
		return -ENOMEM;
	bucket->key[0] = key;
	bucket->port[0] = port;
	bucket->seen[0] = seen;
	last = vsw_fdb_home(array, h);
	while (vsw_fdb_next_bucket(last))
		last = vsw_fdb_next_bucket(last);
	rcu_assign_pointer(last->next, bucket);
	return 0;
}

struct vsw_fdb_spare *vsw_fdb_spare_alloc(gfp_t gfp)
{
	return kmem_cache_zalloc(bucket_cache, gfp);
}

void vsw_fdb_spare_free(struct vsw_fdb_spare *spare)
{
	if (spare)
		kmem_cache_free(bucket_cache, spare);
}

static struct vsw_fdb_array *writers_array(const struct vsw_fdb_table *table,
					   struct vsw_fdb_array __rcu *array)
{
	return rcu_dereference_protected(array, lockdep_is_held(table->lock));
}

static void resize_if_due(struct vsw_fdb_table *table)
{
	const struct vsw_fdb_array *now = writers_array(table, table->now);

	if (table->count * 2ULL > (u64)now->size * LOAD_MAX ||
	    (now->size > SIZE_MIN && table->count < now->size / 2))
		queue_work(resize_wq, &table->resize);
}

/*
 * Add @entry, whose key must not be there. Under the writers' lock. A @spare
 * that is not NULL is used if memory is needed. -ENOMEM: there was none.
 */
int vsw_fdb_table_insert(struct vsw_fdb_table *table,
			 const struct vsw_fdb_entry *entry,
			 struct vsw_fdb_spare **spare)
{
	struct vsw_fdb_array *now = writers_array(table, table->now);
	u64 h = vsw_fdb_hash(table, entry->key & ~VSW_FDB_FLAGS);
	int err;

	err = array_insert(now, h, entry->key, entry->port, entry->seen, spare);
	if (err)
		return err;
	table->count++;
	resize_if_due(table);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_table_insert);

/* The slot of @key, in whichever array it is. Under the writers' lock. */
static struct vsw_fdb_bucket *find_slot(const struct vsw_fdb_table *table,
					u64 key, unsigned int *i)
{
	struct vsw_fdb_array *old = writers_array(table, table->old);
	u64 h = vsw_fdb_hash(table, key & ~VSW_FDB_FLAGS);
	struct vsw_fdb_bucket *bucket = NULL;

	key &= ~VSW_FDB_FLAGS;
	if (old)
		bucket = slot_of(old, h, key, i);
	return bucket ?: slot_of(writers_array(table, table->now), h, key, i);
}

/* Give the entry of @entry's key its flags, port and stamp. Under the writers' lock. */
void vsw_fdb_table_change(struct vsw_fdb_table *table,
			  const struct vsw_fdb_entry *entry)
{
	struct vsw_fdb_bucket *bucket;
	unsigned int i;

	bucket = find_slot(table, entry->key, &i);
	if (!WARN_ON_ONCE(!bucket))
		put(bucket, i, entry->key, entry->port, entry->seen);
}

/* Under the writers' lock. */
void vsw_fdb_table_remove(struct vsw_fdb_table *table, u64 key)
{
	struct vsw_fdb_bucket *bucket;
	unsigned int i;

	bucket = find_slot(table, key, &i);
	if (WARN_ON_ONCE(!bucket))
		return;
	put(bucket, i, 0, 0, 0);
	table->count--;
	resize_if_due(table);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_table_remove);

/* As many as may be needed for @bucket, since half-way is no place to stop. */
static void fill_spare(struct vsw_fdb_spare **spare)
{
	unsigned int i;

	for (i = 0; i < VSW_FDB_SLOTS; i++)
		if (unlikely(!spare[i]))
			spare[i] = vsw_fdb_spare_alloc(GFP_KERNEL | __GFP_NOFAIL);
}

/*
 * Move what is in @bucket to @now, where readers look after they have missed it here.
 * What memory is not needed is left in @spare for the next one. Under the writers' lock.
 */
static void move_bucket(struct vsw_fdb_table *table, struct vsw_fdb_bucket *bucket,
			struct vsw_fdb_array *now, struct vsw_fdb_spare **spare)
{
	unsigned int i;
	u64 key;

	for (i = 0; i < VSW_FDB_SLOTS; i++) {
		key = bucket->key[i];
		if (key)
			array_insert(now, vsw_fdb_hash(table, key & ~VSW_FDB_FLAGS), key,
				     bucket->port[i], bucket->seen[i], &spare[i]);
	}
	write_begin(bucket);
	for (i = 0; i < VSW_FDB_SLOTS; i++) {
		WRITE_ONCE(bucket->port[i], 0);
		WRITE_ONCE(bucket->key[i], 0);
	}
	write_end(bucket);
}

/* Move what is in @bucket and its chain. Writers get their turn between two. */
static void move_chain(struct vsw_fdb_table *table, struct vsw_fdb_bucket *bucket,
		       struct vsw_fdb_array *now, struct vsw_fdb_spare **spare)
{
	for (; bucket; bucket = vsw_fdb_next_bucket(bucket)) {
		if (!bucket->key[0] && !bucket->key[1] && !bucket->key[2] && !bucket->key[3])
			continue;
		fill_spare(spare);
		spin_lock_bh(table->lock);
		move_bucket(table, bucket, now, spare);
		spin_unlock_bh(table->lock);
	}
}

static u32 size_for(u32 count)
{
	return max_t(u32, SIZE_MIN, count > MANY ? count / 23 * 10 : count);
}

static void resize_work(struct work_struct *work)
{
	struct vsw_fdb_spare *spare[VSW_FDB_SLOTS] = {};
	struct vsw_fdb_table *table = container_of(work, struct vsw_fdb_table, resize);
	struct vsw_fdb_array *old, *now;
	u32 i;

	old = rcu_dereference_protected(table->now, true);
	now = array_alloc(size_for(READ_ONCE(table->count)),
			  GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);
	/* Chains get longer until the next one that is added asks again. */
	if (!now)
		return;

	spin_lock_bh(table->lock);
	table->old_left = old->size;
	rcu_assign_pointer(table->old, old);
	/* Whoever sees the new array sees the old one, too. */
	smp_wmb();
	rcu_assign_pointer(table->now, now);
	spin_unlock_bh(table->lock);
	/* Nobody is left who looks in one of them only. */
	synchronize_rcu();

	for (i = old->size; i--;) {
		move_chain(table, &old->bucket[i], now, spare);
		/* Readers in the order of the hash need not look here again. */
		smp_store_release(&table->old_left, i);
		cond_resched();
	}
	for (i = 0; i < VSW_FDB_SLOTS; i++)
		vsw_fdb_spare_free(spare[i]);
	spin_lock_bh(table->lock);
	RCU_INIT_POINTER(table->old, NULL);
	resize_if_due(table);
	spin_unlock_bh(table->lock);
	synchronize_rcu();
	array_free(old);
}

/* @lock is the writers'. */
int vsw_fdb_table_init(struct vsw_fdb_table *table, spinlock_t *lock)
{
	struct vsw_fdb_array *array = array_alloc(SIZE_MIN, GFP_KERNEL_ACCOUNT);

	if (!array)
		return -ENOMEM;
	table->lock = lock;
	table->count = 0;
	get_random_bytes(table->seed, sizeof(table->seed));
	/* No key is the first one, so no hash is 0; odd ones can be undone. */
	table->seed[0] |= VSW_FDB_FLAGS;
	table->seed[1] |= 1;
	table->seed[2] |= 1;
	RCU_INIT_POINTER(table->now, array);
	RCU_INIT_POINTER(table->old, NULL);
	INIT_WORK(&table->resize, resize_work);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_table_init);

/* Nobody reads or writes it any more. May sleep. */
void vsw_fdb_table_destroy(struct vsw_fdb_table *table)
{
	cancel_work_sync(&table->resize);
	array_free(rcu_dereference_protected(table->now, true));
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_table_destroy);

#if IS_ENABLED(CONFIG_KUNIT)
/* Buckets in the longest chain. Nobody writes meanwhile. */
unsigned int vsw_fdb_table_longest(const struct vsw_fdb_table *table)
{
	const struct vsw_fdb_array *now = rcu_dereference_raw(table->now);
	const struct vsw_fdb_bucket *bucket;
	unsigned int n, longest = 0;
	u32 i;

	for (i = 0; i < now->size; i++) {
		n = 0;
		for (bucket = &now->bucket[i]; bucket; bucket = vsw_fdb_next_bucket(bucket))
			n++;
		longest = max(longest, n);
	}
	return longest;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_fdb_table_longest);
#endif
