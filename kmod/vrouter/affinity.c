// SPDX-License-Identifier: GPL-2.0
/*
 * A hash table of clients, which is also a list in the order of their last connection:
 * at its head is who is to be forgotten first, so there is no need to look for those.
 */
#include <kunit/visibility.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "affinity.h"
#include "backend.h"

#define BUCKETS		8192
/* How many whose time is over go with each one that comes. */
#define FORGET		2

struct client {
	struct hlist_node node;
	struct list_head list;
	union nf_inet_addr addr;
	struct vrt_backend *backend;	/* referenced */
	u64 used;			/* in jiffies of 64 bits */
};

void vrt_affinity_init(struct vrt_affinity *affinity, atomic_t *all)
{
	affinity->all = all;
	spin_lock_init(&affinity->lock);
	INIT_LIST_HEAD(&affinity->clients);
	get_random_bytes(&affinity->key, sizeof(affinity->key));
}
EXPORT_SYMBOL_IF_KUNIT(vrt_affinity_init);

static void free_client(struct client *client)
{
	vrt_target_put(&client->backend->target);
	kfree(client);
}

/* Forget all of them and have @bucket from now on. */
static void replace(struct vrt_affinity *affinity, struct hlist_head *bucket, u32 timeout)
{
	struct client *client, *next;
	struct hlist_head *old;
	LIST_HEAD(clients);

	spin_lock_bh(&affinity->lock);
	old = affinity->bucket;
	WRITE_ONCE(affinity->bucket, bucket);
	list_splice_init(&affinity->clients, &clients);
	atomic_sub(affinity->count, affinity->all);
	affinity->count = 0;
	affinity->timeout = timeout;
	spin_unlock_bh(&affinity->lock);
	list_for_each_entry_safe(client, next, &clients, list) {
		free_client(client);
		cond_resched();
	}
	kvfree(old);
}

int vrt_affinity_set(struct vrt_affinity *affinity, u32 timeout)
{
	struct hlist_head *bucket;

	if (!timeout) {
		replace(affinity, NULL, 0);
		return 0;
	}
	if (affinity->bucket) {
		spin_lock_bh(&affinity->lock);
		affinity->timeout = timeout;
		spin_unlock_bh(&affinity->lock);
		return 0;
	}
	bucket = kvcalloc(BUCKETS, sizeof(*bucket), GFP_KERNEL_ACCOUNT);
	if (!bucket)
		return -ENOMEM;
	replace(affinity, bucket, timeout);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_affinity_set);

static struct hlist_head *bucket_of(const struct vrt_affinity *affinity,
				    const union nf_inet_addr *addr)
{
	return &affinity->bucket[siphash(addr, sizeof(*addr), &affinity->key) % BUCKETS];
}

static struct client *find(const struct vrt_affinity *affinity, const union nf_inet_addr *addr)
{
	struct client *client;

	hlist_for_each_entry(client, bucket_of(affinity, addr), node) {
		if (!memcmp(&client->addr, addr, sizeof(*addr)))
			return client;
	}
	return NULL;
}

static void forget(struct vrt_affinity *affinity, struct client *client)
{
	hlist_del(&client->node);
	list_del(&client->list);
	affinity->count--;
	atomic_dec(affinity->all);
	free_client(client);
}

static bool is_over(const struct vrt_affinity *affinity, const struct client *client)
{
	return time_after64(get_jiffies_64(),
			    client->used + msecs_to_jiffies(affinity->timeout));
}

/* What it had before it was closed, a backend has no more when it is open again. */
static bool holds(const struct vrt_affinity *affinity, const struct client *client)
{
	return !is_over(affinity, client) && READ_ONCE(client->backend->open) &&
	       !READ_ONCE(client->backend->config.fallback) &&
	       !time_before64(client->used, READ_ONCE(client->backend->since));
}

static void touch(struct vrt_affinity *affinity, struct client *client)
{
	client->used = get_jiffies_64();
	list_move_tail(&client->list, &affinity->clients);
}

struct vrt_backend *vrt_affinity_take(struct vrt_affinity *affinity,
				      const union nf_inet_addr *addr)
{
	struct vrt_backend *backend = NULL;
	struct client *client;

	spin_lock_bh(&affinity->lock);
	client = affinity->bucket ? find(affinity, addr) : NULL;
	if (client && !holds(affinity, client)) {
		forget(affinity, client);
		client = NULL;
	}
	if (client && vrt_backend_take(client->backend)) {
		touch(affinity, client);
		backend = client->backend;
	}
	spin_unlock_bh(&affinity->lock);
	return backend;
}
EXPORT_SYMBOL_IF_KUNIT(vrt_affinity_take);

static bool is_full(const struct vrt_affinity *affinity)
{
	return affinity->count >= VRT_AFFINITY_MAX ||
	       atomic_read(affinity->all) >= VRT_AFFINITY_ALL_MAX;
}

/* Whose time is over, and who is one too many. */
static void make_room(struct vrt_affinity *affinity)
{
	struct client *first;
	int i;

	for (i = 0; i < FORGET; i++) {
		first = list_first_entry_or_null(&affinity->clients, struct client, list);
		if (!first || (!is_over(affinity, first) && !is_full(affinity)))
			return;
		forget(affinity, first);
	}
}

static struct client *new_client(struct vrt_affinity *affinity, const union nf_inet_addr *addr)
{
	struct client *client;

	make_room(affinity);
	if (is_full(affinity))
		return NULL;
	client = kzalloc(sizeof(*client), GFP_ATOMIC | __GFP_NOWARN);
	if (!client)
		return NULL;
	client->addr = *addr;
	hlist_add_head(&client->node, bucket_of(affinity, addr));
	list_add_tail(&client->list, &affinity->clients);
	affinity->count++;
	atomic_inc(affinity->all);
	return client;
}

void vrt_affinity_remember(struct vrt_affinity *affinity, const union nf_inet_addr *addr,
			   struct vrt_backend *backend)
{
	struct vrt_backend *old = NULL;
	struct client *client;

	spin_lock_bh(&affinity->lock);
	if (!affinity->bucket)
		goto unlock;
	client = find(affinity, addr);
	if (client)
		old = client->backend;
	else
		client = new_client(affinity, addr);
	if (client) {
		refcount_inc(&backend->target.refs);
		client->backend = backend;
		touch(affinity, client);
	}
unlock:
	spin_unlock_bh(&affinity->lock);
	if (old)
		vrt_target_put(&old->target);
}
EXPORT_SYMBOL_IF_KUNIT(vrt_affinity_remember);
