// SPDX-License-Identifier: GPL-2.0
/*
 * The table of fronts. A node stands for 2^shift ports that begin at a multiple of
 * that; who looks for a port asks for the node of each size that there is.
 */
#include <linux/bitops.h>
#include <linux/jhash.h>
#include <linux/netlink.h>
#include <linux/slab.h>

#include "front.h"

struct front_key {
	union nf_inet_addr addr;	/* zero: any_local */
	u16 part;			/* port >> shift */
	u8 shift;
	u8 family;			/* NFPROTO_UNSPEC: any_local */
	u8 protocol;
	u8 zero[3];
};

struct front_node {
	struct rhash_head head;
	struct front_key key;
	const struct vrt_front *front;
	struct rcu_head rcu;
};

static const struct rhashtable_params params = {
	.key_len = sizeof(struct front_key),
	.key_offset = offsetof(struct front_node, key),
	.head_offset = offsetof(struct front_node, head),
	.automatic_shrinking = true,
};

static void fill_key(struct front_key *key, u8 family, u8 protocol, const union nf_inet_addr *addr,
		     u32 port, u8 shift)
{
	memset(key, 0, sizeof(*key));
	if (addr)
		key->addr = *addr;
	key->part = port >> shift;
	key->shift = shift;
	key->family = family;
	key->protocol = protocol;
}

static void fill_front_key(struct front_key *key, const struct vrt_front *front, u32 port, u8 shift)
{
	fill_key(key, front->any_local ? NFPROTO_UNSPEC : front->family, front->protocol,
		 front->any_local ? NULL : &front->addr, port, shift);
}

/* How many ports, as a power of two, the node has that begins at @port. */
static u8 shift_at(const struct vrt_front *front, u32 port)
{
	u8 shift = port ? min_t(u8, __ffs(port), 16) : 16;

	while (port + (1U << shift) - 1 > front->port_last)
		shift--;
	return shift;
}

static const struct vrt_front *find(struct vrt_net *rn, u8 family, u8 protocol,
				    const union nf_inet_addr *addr, u16 port)
{
	unsigned long shifts = READ_ONCE(rn->front_shifts);
	const struct front_node *node;
	struct front_key key;
	unsigned int shift;

	for_each_set_bit(shift, &shifts, 17) {
		fill_key(&key, family, protocol, addr, port, shift);
		node = rhashtable_lookup(&rn->fronts, &key, params);
		if (node)
			return node->front;
	}
	return NULL;
}

const struct vrt_front *vrt_front_find(struct vrt_net *rn, u8 family, u8 protocol,
				       const union nf_inet_addr *addr, u16 port)
{
	return find(rn, family, protocol, addr, port);
}

const struct vrt_front *vrt_front_find_local(struct vrt_net *rn, u8 protocol, u16 port)
{
	return find(rn, NFPROTO_UNSPEC, protocol, NULL, port);
}

static void remove_node(struct vrt_net *rn, struct front_node *node)
{
	u8 shift = node->key.shift;

	rhashtable_remove_fast(&rn->fronts, &node->head, params);
	if (!--rn->front_shift_users[shift])
		WRITE_ONCE(rn->front_shifts, rn->front_shifts & ~BIT(shift));
	kfree_rcu(node, rcu);
}

static int add_node(struct vrt_net *rn, const struct vrt_front *front, u32 port, u8 shift)
{
	struct front_node *node = kzalloc(sizeof(*node), GFP_KERNEL_ACCOUNT);
	int err;

	if (!node)
		return -ENOMEM;
	fill_front_key(&node->key, front, port, shift);
	node->front = front;
	err = rhashtable_insert_fast(&rn->fronts, &node->head, params);
	if (err) {
		kfree(node);
		return err;
	}
	rn->front_shift_users[shift]++;
	WRITE_ONCE(rn->front_shifts, rn->front_shifts | BIT(shift));
	return 0;
}

/* Those below @end, which is the first port of a node. */
static void remove_until(struct vrt_net *rn, const struct vrt_front *front, u32 end)
{
	struct front_node *node;
	struct front_key key;
	u32 port;
	u8 shift;

	for (port = front->port; port < end; port += 1U << shift) {
		shift = shift_at(front, port);
		fill_front_key(&key, front, port, shift);
		node = rhashtable_lookup_fast(&rn->fronts, &key, params);
		if (!WARN_ON_ONCE(!node))
			remove_node(rn, node);
	}
}

static bool is_free(struct vrt_net *rn, const struct vrt_front *front)
{
	const union nf_inet_addr *addr = front->any_local ? NULL : &front->addr;
	u8 family = front->any_local ? NFPROTO_UNSPEC : front->family;
	bool taken = false;
	u32 port;

	rcu_read_lock();
	for (port = front->port; port <= front->port_last && !taken; port++)
		taken = find(rn, family, front->protocol, addr, port);
	rcu_read_unlock();
	return !taken;
}

int vrt_front_add(struct vrt_net *rn, const struct vrt_front *front,
		  struct netlink_ext_ack *extack)
{
	u32 port;
	int err;
	u8 shift;

	lockdep_assert_held(&rn->lock);

	if (!is_free(rn, front)) {
		NL_SET_ERR_MSG(extack, "a service or a published port has this address and port");
		return -EEXIST;
	}
	for (port = front->port; port <= front->port_last; port += 1U << shift) {
		shift = shift_at(front, port);
		err = add_node(rn, front, port, shift);
		if (err) {
			remove_until(rn, front, port);
			/* The path may have found it, and it goes now. */
			synchronize_rcu_expedited();
			return err;
		}
	}
	rn->n_local_fronts += front->any_local;
	return 0;
}

void vrt_front_del(struct vrt_net *rn, const struct vrt_front *front)
{
	lockdep_assert_held(&rn->lock);

	remove_until(rn, front, front->port_last + 1);
	rn->n_local_fronts -= front->any_local;
}

int vrt_front_init(struct vrt_net *rn)
{
	return rhashtable_init(&rn->fronts, &params);
}

void vrt_front_destroy(struct vrt_net *rn)
{
	rhashtable_destroy(&rn->fronts);
}
