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

/* A client has sent its first packet three times by then. */
#define ANSWER_MAX	(4 * HZ)

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

/* Whoever takes it off the table, true, lets it go. */
static bool forget(struct vrt_net *rn, struct vrt_conn *conn)
{
	if (test_bit(VRT_CONN_CUT, &conn->flags) && nf_ct_is_confirmed(conn->ct))
		nf_ct_kill(conn->ct);
	if (rhashtable_remove_fast(&rn->conns, &conn->node, params))
		return false;
	xa_erase_bh(&rn->conn_ids, conn->id);
	vrt_conn_over(conn);
	spin_lock_bh(&conn->lock);
	conn->gone = true;
	spin_unlock_bh(&conn->lock);
	vrt_way_forget(rn, conn);
	call_rcu(&conn->rcu, free_conn);
	return true;
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
	if (target && target->direct)
		conn->why[IP_CT_DIR_REPLY] = VROUTER_WHY_SLOW_DIRECT;
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

/* What the target's packets say of how it takes the connection; conntrack saw this one. */
static void note_answer(struct vrt_conn *conn, int dir)
{
	u32 now = READ_ONCE(conn->ct->proto.tcp.state), before = READ_ONCE(conn->tcp_state);

	/* Of packets on several CPUs one is the first to say it. */
	if (before == now || cmpxchg(&conn->tcp_state, before, now) != before ||
	    dir != IP_CT_DIR_REPLY)
		return;
	if (now == TCP_CONNTRACK_CLOSE && before <= TCP_CONNTRACK_ESTABLISHED)
		vrt_target_outcome(conn->target, VRT_OUTCOME_RESET);
	else if (before == TCP_CONNTRACK_SYN_SENT && (now == TCP_CONNTRACK_SYN_RECV ||
						      now == TCP_CONNTRACK_ESTABLISHED))
		vrt_target_outcome(conn->target, VRT_OUTCOME_ANSWER);
}

/* Nobody tells that no answer came. */
static void note_silence(struct vrt_conn *conn)
{
	if (conn->target && READ_ONCE(conn->tcp_state) == TCP_CONNTRACK_SYN_SENT &&
	    time_after(jiffies, conn->born + ANSWER_MAX) &&
	    nf_ct_is_confirmed(conn->ct) &&
	    !test_and_set_bit(VRT_CONN_SILENT, &conn->flags))
		vrt_target_outcome(conn->target, VRT_OUTCOME_TIMEOUT);
}

/*
 * A first packet of the same ports begins a new connection if the client reset the old one
 * and nothing came after that, says conntrack. After any other reset it would go where the
 * old one went, past the service, whatever has become of the backend since.
 */
static void let_reopen(struct nf_conn *ct)
{
	struct ip_ct_tcp *tcp = &ct->proto.tcp;

	if (READ_ONCE(tcp->state) != TCP_CONNTRACK_CLOSE ||
	    READ_ONCE(tcp->seen[IP_CT_DIR_ORIGINAL].flags) & IP_CT_TCP_FLAG_CLOSE_INIT)
		return;
	spin_lock_bh(&ct->lock);
	if (tcp->state == TCP_CONNTRACK_CLOSE)
		tcp->seen[IP_CT_DIR_ORIGINAL].flags |= IP_CT_TCP_FLAG_CLOSE_INIT;
	spin_unlock_bh(&ct->lock);
}

void vrt_conn_packet(struct vrt_conn *conn, int dir, unsigned int bytes)
{
	vrt_stats_count(conn->target->stats, dir, bytes);
	if (nf_ct_protonum(conn->ct) != IPPROTO_TCP)
		return;
	note_answer(conn, dir);
	if (!tcp_is_over(conn->ct))
		return;
	let_reopen(conn->ct);
	vrt_conn_over(conn);
}

/* One that is new and not conntrack's yet, and that is still on its way. */
static bool is_under_way(const struct vrt_conn *conn)
{
	return !nf_ct_is_confirmed(conn->ct) &&
	       !time_after(jiffies, conn->born + UNCONFIRMED_MAX);
}

/*
 * A target that is gone had its connections cut, but for one that was about to be: that
 * is cut here.
 */
static bool is_gone(const struct vrt_conn *conn, void *arg)
{
	if (is_under_way(conn))
		return false;
	return !nf_ct_is_confirmed(conn->ct) || nf_ct_is_dying(conn->ct) ||
	       nf_ct_is_expired(conn->ct) || test_bit(VRT_CONN_CUT, &conn->flags) ||
	       (conn->target && READ_ONCE(conn->target->gone));
}

typedef bool (*match_t)(const struct vrt_conn *conn, void *arg);

/* Conntrack can't forget what it has not got yet: then the sweep sees to that. */
static bool cut(struct vrt_net *rn, struct vrt_conn *conn)
{
	set_bit(VRT_CONN_CUT, &conn->flags);
	if (!is_under_way(conn))
		return forget(rn, conn);
	vrt_conn_over(conn);
	return false;
}

/*
 * @end, true if it is off the table, all that @match; NULL: all. Sleeps. A walk that rests
 * where one was taken away goes on too far behind it: true, it may have missed some.
 */
static bool end_matching(struct vrt_net *rn, match_t match, void *arg,
			 bool (*end)(struct vrt_net *rn, struct vrt_conn *conn))
{
	bool taken = false, missed = false;
	struct rhashtable_iter walk;
	struct vrt_conn *conn;
	unsigned int n = 0;

	rhashtable_walk_enter(&rn->conns, &walk);
	rhashtable_walk_start(&walk);
	while ((conn = rhashtable_walk_next(&walk))) {
		if (IS_ERR(conn))
			conn = NULL;
		if (conn)
			note_silence(conn);
		if (conn && (!match || match(conn, arg)))
			taken |= end(rn, conn);
		if (++n % WALK_BATCH == 0) {
			missed |= taken;
			taken = false;
			rhashtable_walk_stop(&walk);
			cond_resched();
			rhashtable_walk_start(&walk);
		}
	}
	rhashtable_walk_stop(&walk);
	rhashtable_walk_exit(&walk);
	return missed;
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
	end_matching(rn, is_gone, NULL, cut);
	if (atomic_read(&rn->conns.nelems))
		queue_delayed_work(system_power_efficient_wq, &rn->sweep, HZ);
}

void vrt_conn_cut(struct vrt_net *rn, match_t match, void *arg)
{
	lockdep_assert_held(&rn->lock);

	while (end_matching(rn, match, arg, cut))
		;
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
	/* As the sweep would have done with those to targets that are gone. */
	while (end_matching(rn, is_gone, NULL, cut))
		;
	while (end_matching(rn, NULL, NULL, forget))
		;
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
