// SPDX-License-Identifier: GPL-2.0
/*
 * Connections that the router knows. Conntrack tells nobody when one is over, so a
 * sweep looks for those every second.
 */
#include <linux/hash.h>
#include <linux/slab.h>

#include "conn.h"
#include "way.h"

/* Between two looks whether another task wants the CPU. */
#define WALK_BATCH	256

/* One that is new and was dropped on its way never becomes conntrack's. */
#define UNCONFIRMED_MAX	(2 * HZ)

/* Nobody chooses where an nf_conn lies; its lowest bits say nothing. */
static u32 hash_pointer(const void *key, u32 len, u32 seed)
{
	return (((u64)*(const unsigned long *)key >> 6) * GOLDEN_RATIO_64) >> 32 ^ seed;
}

static const struct rhashtable_params params = {
	.hashfn = hash_pointer,
	.key_len = sizeof(struct nf_conn *),
	.key_offset = offsetof(struct vrt_conn, ct),
	.head_offset = offsetof(struct vrt_conn, node),
	.automatic_shrinking = true,
};

static void free_conn(struct rcu_head *rcu)
{
	struct vrt_conn *conn = container_of(rcu, struct vrt_conn, rcu);

	vrt_target_put(conn->target);
	nf_ct_put(conn->ct);
	kfree(conn);
}

void vrt_conn_over(struct vrt_conn *conn)
{
	if (test_and_clear_bit(VRT_CONN_ACTIVE, &conn->flags))
		atomic_dec(&conn->target->active);
}

/* Whoever takes it off the table lets it go. */
static void forget(struct vrt_net *rn, struct vrt_conn *conn)
{
	if (rhashtable_remove_fast(&rn->conns, &conn->node, params))
		return;
	xa_erase_bh(&rn->conn_ids, conn->id);
	vrt_conn_over(conn);
	spin_lock_bh(&conn->lock);
	conn->gone = true;
	spin_unlock_bh(&conn->lock);
	vrt_way_forget(rn, conn);
	call_rcu(&conn->rcu, free_conn);
}

struct vrt_conn *vrt_conn_find(struct vrt_net *rn, const struct nf_conn *ct)
{
	return rhashtable_lookup(&rn->conns, &ct, params);
}

static struct vrt_conn *make_conn(struct nf_conn *ct, struct vrt_target *target)
{
	struct vrt_conn *conn = kzalloc(sizeof(*conn), GFP_ATOMIC);

	if (!conn) {
		if (target)
			atomic_dec(&target->active);
		vrt_target_put(target);
		return NULL;
	}
	nf_conntrack_get(&ct->ct_general);
	conn->ct = ct;
	conn->target = target;
	conn->born = jiffies;
	conn->why[0] = VROUTER_WHY_SLOW_NEW;
	conn->why[1] = VROUTER_WHY_SLOW_NEW;
	spin_lock_init(&conn->lock);
	if (target)
		__set_bit(VRT_CONN_ACTIVE, &conn->flags);
	return conn;
}

int vrt_conn_add(struct vrt_net *rn, struct nf_conn *ct, struct vrt_target *target)
{
	struct vrt_conn *conn = make_conn(ct, target);
	int err;

	if (!conn)
		return -ENOMEM;
	err = xa_alloc_cyclic_bh(&rn->conn_ids, &conn->id, conn, xa_limit_31b,
				 &rn->next_conn_id, GFP_ATOMIC);
	if (err < 0)
		goto free;
	err = rhashtable_lookup_insert_fast(&rn->conns, &conn->node, params);
	if (err)
		goto erase;
	queue_delayed_work(system_power_efficient_wq, &rn->sweep, HZ);
	return 0;

erase:
	xa_erase_bh(&rn->conn_ids, conn->id);
free:
	vrt_conn_over(conn);
	/* A dump may have seen it. */
	call_rcu(&conn->rcu, free_conn);
	return err;
}

/* Both ends have closed a connection of TCP, or one has reset it. */
static bool tcp_is_over(const struct nf_conn *ct)
{
	switch (READ_ONCE(ct->proto.tcp.state)) {
	case TCP_CONNTRACK_LAST_ACK:
	case TCP_CONNTRACK_TIME_WAIT:
	case TCP_CONNTRACK_CLOSE:
		return true;
	default:
		return false;
	}
}

void vrt_conn_packet(struct vrt_conn *conn, int dir, unsigned int bytes)
{
	if (!conn->target)
		return;
	vrt_stats_count(conn->target->stats, dir, bytes);
	if (nf_ct_protonum(conn->ct) == IPPROTO_TCP && tcp_is_over(conn->ct))
		vrt_conn_over(conn);
}

/*
 * A target that is gone had its connections cut, but for one that was about to be: that
 * is cut here.
 */
static bool is_gone(const struct vrt_conn *conn, void *arg)
{
	if (nf_ct_is_confirmed(conn->ct))
		return nf_ct_is_dying(conn->ct) || nf_ct_is_expired(conn->ct) ||
		       (conn->target && READ_ONCE(conn->target->gone));
	return time_after(jiffies, conn->born + UNCONFIRMED_MAX);
}

typedef bool (*match_t)(const struct vrt_conn *conn, void *arg);

/* Forget all that @match; @kill: conntrack is to forget them, too. Sleeps. */
static void forget_matching(struct vrt_net *rn, match_t match, void *arg, bool kill)
{
	struct rhashtable_iter walk;
	struct vrt_conn *conn;
	unsigned int n = 0;

	rhashtable_walk_enter(&rn->conns, &walk);
	rhashtable_walk_start(&walk);
	while ((conn = rhashtable_walk_next(&walk))) {
		if (!IS_ERR(conn) && (!match || match(conn, arg))) {
			if (kill && nf_ct_is_confirmed(conn->ct))
				nf_ct_kill(conn->ct);
			forget(rn, conn);
		}
		if (++n % WALK_BATCH == 0) {
			rhashtable_walk_stop(&walk);
			cond_resched();
			rhashtable_walk_start(&walk);
		}
	}
	rhashtable_walk_stop(&walk);
	rhashtable_walk_exit(&walk);
}

void vrt_conn_uncarry(struct vrt_net *rn, match_t match, void *arg)
{
	struct rhashtable_iter walk;
	struct vrt_conn *conn;

	rhashtable_walk_enter(&rn->conns, &walk);
	rhashtable_walk_start(&walk);
	while ((conn = rhashtable_walk_next(&walk))) {
		if (!IS_ERR(conn) && match(conn, arg))
			vrt_way_forget(rn, conn);
	}
	rhashtable_walk_stop(&walk);
	rhashtable_walk_exit(&walk);
}

static void sweep(struct work_struct *work)
{
	struct vrt_net *rn = container_of(to_delayed_work(work), struct vrt_net, sweep);

	vrt_policy_look(rn);
	forget_matching(rn, is_gone, NULL, true);
	if (atomic_read(&rn->conns.nelems))
		queue_delayed_work(system_power_efficient_wq, &rn->sweep, HZ);
}

void vrt_conn_cut(struct vrt_net *rn, match_t match, void *arg)
{
	lockdep_assert_held(&rn->lock);

	forget_matching(rn, match, arg, true);
}

static bool goes_to(const struct vrt_conn *conn, void *target)
{
	return conn->target == target;
}

void vrt_conn_cut_target(struct vrt_net *rn, const struct vrt_target *target)
{
	vrt_conn_cut(rn, goes_to, (void *)target);
}

void vrt_conn_flush(struct vrt_net *rn)
{
	cancel_delayed_work_sync(&rn->sweep);
	forget_matching(rn, NULL, NULL, false);
}

int vrt_conn_init(struct vrt_net *rn)
{
	INIT_DELAYED_WORK(&rn->sweep, sweep);
	xa_init_flags(&rn->conn_ids, XA_FLAGS_ALLOC1 | XA_FLAGS_LOCK_BH);
	return rhashtable_init(&rn->conns, &params);
}

void vrt_conn_destroy(struct vrt_net *rn)
{
	rhashtable_destroy(&rn->conns);
	xa_destroy(&rn->conn_ids);
}
