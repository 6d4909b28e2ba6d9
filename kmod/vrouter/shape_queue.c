// SPDX-License-Identifier: GPL-2.0
/*
 * Packets of classes: they pass, wait until they may leave, or are dropped.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/dst.h>
#include <net/gso.h>
#include <net/inet_ecn.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/sch_generic.h>
#include <net/sock.h>

#include "shape.h"
#include "way.h"

/* Packets that the timer hands on before others have their turn. */
#define BATCH		64

/* What takes longer at its ceiling is cut into packets, so that nobody waits for all of it. */
#define PIECE_NS	NSEC_PER_MSEC

/*
 * So far ahead, and about so many of them, fq gets packets: what lies behind its own horizon,
 * 10 s unless set, it drops, and of a flow what is more than 100.
 */
#define AHEAD_NS	((u64)NSEC_PER_SEC)
#define AHEAD_PACKETS	32

#define WINDOW_NS	((u64)NSEC_PER_SEC)

/* Behind what IP keeps there for the rest of its way. */
struct held {
	int (*okfn)(struct net *net, struct sock *sk, struct sk_buff *skb);
	struct sock *sk;		/* referenced; NULL */
	u32 bytes;			/* that it counts */
};

#define HELD_OFFSET	(sizeof_field(struct sk_buff, cb) - sizeof(struct held))

static struct held *held_of(const struct sk_buff *skb)
{
	BUILD_BUG_ON(HELD_OFFSET < sizeof(struct inet_skb_parm));
	BUILD_BUG_ON(HELD_OFFSET < sizeof(struct inet6_skb_parm));
	BUILD_BUG_ON(HELD_OFFSET % __alignof__(struct held));

	return (struct held *)(skb->cb + HELD_OFFSET);
}

static struct vrt_shaper *shaper_of(const struct vrt_shape_queue *queue)
{
	return queue->class->rn->shaper;
}

static struct vrt_shape_side *side_of(struct vrt_shape_queue *queue)
{
	return &shaper_of(queue)->side[queue - queue->class->queue];
}

/* ---- when to look again ------------------------------------------------------------- */

static void arm(struct vrt_shape_side *side, u64 when)
{
	if (side->releasing || when >= side->armed)
		return;
	side->armed = when;
	hrtimer_start(&side->timer, ns_to_ktime(when), HRTIMER_MODE_ABS_PINNED_SOFT);
}

static void arm_for_next(struct vrt_shape_side *side, u64 now)
{
	u64 when = now;

	if (!vrt_node_next(&side->root, now, &when) && when == VRT_NODE_NEVER)
		return;
	arm(side, when);
}

void vrt_shape_apply(struct vrt_class *class, u64 now)
{
	struct vrt_limits limits;
	int side;

	vrt_class_limits(&class->config, class->slow, &limits);
	for (side = 0; side < VRT_SHAPE_SIDES; side++) {
		vrt_node_set(&class->queue[side].node, &limits, now);
		arm_for_next(side_of(&class->queue[side]), now);
	}
}

/* ---- what a packet counts --------------------------------------------------------- */

/* Bytes on the wire without the link's header: each segment will have headers. */
static u32 bytes_of(const struct sk_buff *skb, unsigned int len)
{
	const struct skb_shared_info *shared = skb_shinfo(skb);
	unsigned int headers, segments = shared->gso_segs;

	if (!skb_is_gso(skb))
		return len;
	headers = skb_transport_offset(skb) - skb_network_offset(skb);
	if (shared->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6))
		headers += skb_transport_header_was_set(skb) &&
			   skb_headlen(skb) >= skb_transport_offset(skb) + sizeof(struct tcphdr) ?
			   tcp_hdrlen(skb) : sizeof(struct tcphdr);
	else
		headers += sizeof(struct udphdr);
	/* What a guest or a packet socket made is not counted yet. */
	if (shared->gso_type & SKB_GSO_DODGY && len > headers)
		segments = DIV_ROUND_UP(len - headers, shared->gso_size);
	return segments > 1 ? len + (segments - 1) * headers : len;
}

static void begin_period(struct vrt_class *class, u64 boot)
{
	u64 period = (u64)class->config.period * NSEC_PER_MSEC;

	class->used = 0;
	class->period_end += div64_u64(boot - class->period_end, period) * period + period;
}

/* Of @class and those above: a period may be over, or its quota used up by @bytes. */
static void use_quota(struct vrt_class *class, u32 bytes, u64 now)
{
	for (; class; class = class->parent) {
		u64 boot;
		bool slow;

		if (!class->config.quota)
			continue;
		boot = ktime_get_boottime_ns();
		if (boot >= class->period_end)
			begin_period(class, boot);
		class->used += bytes;
		slow = class->used >= class->config.quota;
		if (slow != class->slow) {
			class->slow = slow;
			vrt_shape_apply(class, now);
		}
	}
}

static void count_rate(struct vrt_shape_queue *queue, u32 bytes, u64 now)
{
	u64 time = now - queue->window;

	if (time >= WINDOW_NS) {
		/* In microseconds, for bytes of a week fit then. */
		queue->counts.rate = div64_u64(queue->window_bytes * BITS_PER_BYTE * USEC_PER_SEC,
					       div_u64(time, NSEC_PER_USEC));
		queue->window = now;
		queue->window_bytes = 0;
	}
	queue->window_bytes += bytes;
}

/* It leaves now, or at @when. */
static void count_sent(struct vrt_shape_queue *queue, u32 bytes, u64 now, u64 when)
{
	vrt_node_charge(&queue->node, bytes, when);
	use_quota(queue->class, bytes, now);
	count_rate(queue, bytes, now);
	queue->counts.packets++;
	queue->counts.bytes += bytes;
}

/* ---- waiting ------------------------------------------------------------------------ */

static void unlink(struct vrt_shape_queue *queue, struct sk_buff *skb)
{
	__skb_unlink(skb, &queue->packets);
	queue->counts.backlog_packets--;
	queue->counts.backlog_bytes -= held_of(skb)->bytes;
	shaper_of(queue)->memory -= skb->truesize;
}

static bool has_room(struct vrt_shape_queue *queue, const struct sk_buff *skb, u32 bytes)
{
	const struct vrt_shaper *shaper = shaper_of(queue);

	/* A single one is never too long. */
	return !queue->closed &&
	       (!queue->counts.backlog_packets ||
		queue->counts.backlog_bytes + bytes <= vrt_class_limit(&queue->class->config)) &&
	       shaper->memory + skb->truesize <= VROUTER_MAX_SHAPE_BACKLOG &&
	       netif_running(skb->dev);
}

static bool append(struct vrt_shape_queue *queue, struct sk_buff *skb, u64 now)
{
	u32 bytes = held_of(skb)->bytes;

	if (!has_room(queue, skb, bytes)) {
		queue->counts.dropped++;
		return false;
	}
	__skb_queue_tail(&queue->packets, skb);
	queue->counts.backlog_packets++;
	queue->counts.backlog_bytes += bytes;
	queue->counts.delayed++;
	shaper_of(queue)->memory += skb->truesize;
	vrt_node_queue(&queue->node, true, now);
	return true;
}

/* Its socket may be on its way out, whose packets nobody waits for. */
static bool hold(struct sk_buff *skb, const struct nf_hook_state *state, u32 bytes)
{
	struct held *held = held_of(skb);

	held->okfn = state ? state->okfn : NULL;
	held->sk = NULL;
	held->bytes = bytes;
	if (!state || !state->sk)
		return true;
	if (!refcount_inc_not_zero(&state->sk->sk_refcnt))
		return false;
	held->sk = state->sk;
	return true;
}

static void drop(struct sk_buff *skb)
{
	struct sock *sk = held_of(skb)->sk;

	kfree_skb(skb);
	if (sk)
		sock_gen_put(sk);
}

static void wait(struct vrt_shape_queue *queue, struct sk_buff *skb,
		 const struct nf_hook_state *state, unsigned int len)
{
	struct vrt_shaper *shaper = shaper_of(queue);
	bool kept;
	u64 now;

	if (!hold(skb, state, bytes_of(skb, len))) {
		kfree_skb(skb);
		return;
	}
	spin_lock_bh(&shaper->lock);
	now = ktime_get_ns();
	kept = append(queue, skb, now);
	if (kept)
		arm_for_next(side_of(queue), now);
	spin_unlock_bh(&shaper->lock);
	if (!kept)
		drop(skb);
}

/* Packets that are one skb wait one by one. @link: bytes of the link's header. */
static void wait_in_pieces(struct vrt_shape_queue *queue, struct sk_buff *skb,
			   const struct nf_hook_state *state, unsigned int link)
{
	struct sk_buff *pieces = skb_gso_segment(skb, 0), *next;

	if (IS_ERR_OR_NULL(pieces)) {
		wait(queue, skb, state, skb->len - link);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(pieces, skb, next) {
		skb_mark_not_on_list(skb);
		wait(queue, skb, state, skb->len - link);
	}
}

/* ---- what the timer does -------------------------------------------------------------- */

static struct sk_buff *take(struct vrt_shape_queue *queue, u64 now)
{
	struct sk_buff *skb = skb_peek(&queue->packets);

	unlink(queue, skb);
	count_sent(queue, held_of(skb)->bytes, now, now);
	if (skb_queue_empty(&queue->packets))
		vrt_node_queue(&queue->node, false, now);
	return skb;
}

static void hand_on(struct net *net, struct sk_buff *skb)
{
	struct held held = *held_of(skb);

	if (!held.okfn) {
		vrt_fast_send(skb);
		return;
	}
	held.okfn(net, held.sk, skb);
	if (held.sk)
		sock_gen_put(held.sk);
}

static enum hrtimer_restart release(struct hrtimer *timer)
{
	struct vrt_shape_side *side = container_of(timer, struct vrt_shape_side, timer);
	struct vrt_shaper *shaper = side->rn->shaper;
	u64 now, when = VRT_NODE_NEVER;
	struct vrt_node *node;
	struct sk_buff *skb;
	int n;

	rcu_read_lock();
	spin_lock_bh(&shaper->lock);
	side->armed = VRT_NODE_NEVER;
	side->releasing = true;
	for (n = 0; n < BATCH; n++) {
		now = ktime_get_ns();
		node = vrt_node_next(&side->root, now, &when);
		if (!node)
			break;
		skb = take(container_of(node, struct vrt_shape_queue, node), now);
		spin_unlock_bh(&shaper->lock);
		hand_on(side->rn->net, skb);
		spin_lock_bh(&shaper->lock);
	}
	side->releasing = false;
	if (n == BATCH)
		when = ktime_get_ns();
	if (when != VRT_NODE_NEVER)
		arm(side, when);
	spin_unlock_bh(&shaper->lock);
	rcu_read_unlock();
	return HRTIMER_NORESTART;
}

void vrt_shape_init_side(struct vrt_shape_side *side, struct vrt_net *rn)
{
	side->rn = rn;
	side->armed = VRT_NODE_NEVER;
	vrt_node_init_root(&side->root);
	hrtimer_setup(&side->timer, release, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED_SOFT);
}

/* ---- a packet comes --------------------------------------------------------------------- */

static bool remark(struct sk_buff *skb, u8 pf, u8 dscp)
{
	if (pf == NFPROTO_IPV4) {
		if (ipv4_get_dsfield(ip_hdr(skb)) >> 2 == dscp)
			return true;
		if (skb_ensure_writable(skb, skb_network_offset(skb) + sizeof(struct iphdr)))
			return false;
		ipv4_change_dsfield(ip_hdr(skb), INET_ECN_MASK, dscp << 2);
		return true;
	}
	if (ipv6_get_dsfield(ipv6_hdr(skb)) >> 2 == dscp)
		return true;
	if (skb_ensure_writable(skb, skb_network_offset(skb) + sizeof(struct ipv6hdr)))
		return false;
	/* IPv4 has a sum of its own in it, so that of all of it stays. */
	skb_postpull_rcsum(skb, ipv6_hdr(skb), sizeof(__be32));
	ipv6_change_dsfield(ipv6_hdr(skb), INET_ECN_MASK, dscp << 2);
	skb_postpush_rcsum(skb, ipv6_hdr(skb), sizeof(__be32));
	return true;
}

/* Not if others wait who would come first, nor if any is just on its way. Under the lock. */
static bool passes(struct vrt_shape_queue *queue, u64 now)
{
	return !side_of(queue)->releasing && vrt_node_is_alone(&queue->node) &&
	       vrt_node_is_open(&queue->node, now);
}

enum fate { FATE_PASS, FATE_WAIT, FATE_WAIT_IN_PIECES, FATE_DROP, FATE_MARK };

struct judgement {
	enum fate fate;
	u64 departure;			/* fq holds it until then; 0: now */
};

/* Under the lock, for BH is off. */
static bool leaves_by_fq(const struct sk_buff *skb)
{
	const struct netdev_queue *queue = netdev_get_tx_queue(skb->dev, 0);

	return !strcmp(rcu_dereference_bh(queue->qdisc)->ops->id, "fq");
}

/*
 * Of a class that shares with none all is known at once: when a packet leaves. One that
 * could be overtaken, by others of its parent, has to wait here. And nobody overtakes what
 * waits or is just on its way.
 */
static bool can_be_dated(struct vrt_shape_queue *queue, const struct sk_buff *skb, u32 bytes,
			 u64 now)
{
	u64 ahead = min(AHEAD_NS, vrt_node_takes(&queue->node, AHEAD_PACKETS * bytes));

	return !queue->class->parent && skb_queue_empty(&queue->packets) &&
	       !side_of(queue)->releasing &&
	       vrt_node_opens(&queue->node, now) - now <= ahead && leaves_by_fq(skb);
}

static void set_date(struct vrt_shape_queue *queue, u32 bytes, u64 now, struct judgement *judgement)
{
	u64 departure = vrt_node_opens(&queue->node, now);
	u32 limit = vrt_class_limit(&queue->class->config);

	if (departure - now > vrt_node_takes(&queue->node, limit)) {
		queue->counts.dropped++;
		judgement->fate = FATE_DROP;
		return;
	}
	count_sent(queue, bytes, now, departure);
	if (departure > now) {
		queue->counts.delayed++;
		judgement->departure = departure;
	}
}

static void pace(struct vrt_shape_queue *queue, const struct sk_buff *skb, bool leaves, u32 bytes,
		 u64 now, struct judgement *judgement)
{
	if (leaves && can_be_dated(queue, skb, bytes, now))
		set_date(queue, bytes, now, judgement);
	else if (skb_is_gso(skb) && vrt_node_takes(&queue->node, bytes) > PIECE_NS)
		judgement->fate = FATE_WAIT_IN_PIECES;
	else if (!passes(queue, now))
		judgement->fate = FATE_WAIT;
	else
		count_sent(queue, bytes, now, now);
}

/* @leaves: by its device, and is not delivered here. */
static enum fate judge(struct vrt_shape_queue *queue, struct sk_buff *skb, bool leaves, u32 bytes)
{
	struct vrt_shaper *shaper = shaper_of(queue);
	u8 mode = READ_ONCE(queue->class->config.mode);
	struct judgement judgement = { .fate = FATE_PASS };
	u64 now;

	spin_lock_bh(&shaper->lock);
	/* Not before, for time must not go back for a tree. */
	now = ktime_get_ns();
	use_quota(queue->class, 0, now);
	if (mode == VROUTER_SHAPE_MODE_PACE)
		pace(queue, skb, leaves, bytes, now, &judgement);
	else if (vrt_node_is_open(&queue->node, now))
		count_sent(queue, bytes, now, now);
	else
		judgement.fate = mode == VROUTER_SHAPE_MODE_MARK ? FATE_MARK : FATE_DROP;
	if (judgement.fate == FATE_DROP && mode != VROUTER_SHAPE_MODE_PACE)
		queue->counts.dropped++;
	spin_unlock_bh(&shaper->lock);
	/* The clock of what is to leave is the monotonic one; so says true. */
	if (judgement.departure)
		skb_set_delivery_time(skb, max_t(ktime_t, ns_to_ktime(judgement.departure),
						 skb->tstamp), true);
	return judgement.fate;
}

static bool set_ce(struct sk_buff *skb)
{
	size_t len = skb->protocol == htons(ETH_P_IP) ? sizeof(struct iphdr) :
							sizeof(struct ipv6hdr);

	return !skb_ensure_writable(skb, skb_network_offset(skb) + len) && INET_ECN_set_ce(skb);
}

/* It is too fast, and its sender is told so if that understands. */
static bool mark(struct vrt_shape_queue *queue, struct sk_buff *skb, u32 bytes)
{
	struct vrt_shaper *shaper = shaper_of(queue);
	bool marked = set_ce(skb);
	u64 now;

	spin_lock_bh(&shaper->lock);
	now = ktime_get_ns();
	if (marked) {
		queue->counts.marked++;
		count_sent(queue, bytes, now, now);
	} else {
		queue->counts.dropped++;
	}
	spin_unlock_bh(&shaper->lock);
	return marked;
}

/* What @skb refers to stays while it waits; false: it is on its way out. */
static bool keep(struct sk_buff *skb)
{
	if (skb_dst(skb) && !skb_dst_force(skb))
		return false;
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	/* It refers to a port of a bridge, which may go. */
	skb_ext_del(skb, SKB_EXT_BRIDGE_NF);
#endif
	if (skb_sk_is_prefetched(skb) && !sk_is_refcounted(skb->sk)) {
		if (!refcount_inc_not_zero(&skb->sk->sk_refcnt))
			return false;
		skb->destructor = sock_edemux;
	}
	return true;
}

/* What netfilter would do with it behind us, and what keeps it whole. */
static unsigned int prepare(struct sk_buff *skb, const struct nf_hook_state *state)
{
	unsigned int verdict = nf_confirm(NULL, skb, state);

	if (verdict != NF_ACCEPT)
		return verdict;
	return keep(skb) ? NF_ACCEPT : NF_DROP;
}

/* A sender on this host is told what a full queue of a device tells him, not that he may not. */
#define TOO_FAST	NF_DROP_ERR(-ENOBUFS)

unsigned int vrt_shape_packet(struct vrt_shape_queue *queue, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	const struct vrt_class_config *config = &queue->class->config;
	u32 bytes = bytes_of(skb, skb->len);
	unsigned int verdict;
	enum fate fate;

	if (READ_ONCE(config->has_dscp) && !remark(skb, state->pf, READ_ONCE(config->dscp)))
		return NF_DROP;
	fate = judge(queue, skb, state->hook == NF_INET_POST_ROUTING, bytes);
	switch (fate) {
	case FATE_DROP:
		return TOO_FAST;
	case FATE_MARK:
		return mark(queue, skb, bytes) ? NF_ACCEPT : TOO_FAST;
	case FATE_PASS:
		return NF_ACCEPT;
	case FATE_WAIT:
	case FATE_WAIT_IN_PIECES:
		break;
	}
	verdict = prepare(skb, state);
	if (verdict != NF_ACCEPT)
		return verdict;
	if (fate == FATE_WAIT_IN_PIECES)
		wait_in_pieces(queue, skb, state, 0);
	else
		wait(queue, skb, state, skb->len);
	return NF_STOLEN;
}

void vrt_shape_carry(struct vrt_shape_queue *queue, struct sk_buff *skb, unsigned int len)
{
	const struct vrt_class_config *config = &queue->class->config;
	u8 pf = skb->protocol == htons(ETH_P_IP) ? NFPROTO_IPV4 : NFPROTO_IPV6;
	unsigned int link = skb->len - len;
	u32 bytes = bytes_of(skb, len);

	if (READ_ONCE(config->has_dscp) && !remark(skb, pf, READ_ONCE(config->dscp)))
		goto drop;
	switch (judge(queue, skb, true, bytes)) {
	case FATE_DROP:
		goto drop;
	case FATE_MARK:
		if (!mark(queue, skb, bytes))
			goto drop;
		fallthrough;
	case FATE_PASS:
		vrt_fast_send(skb);
		return;
	case FATE_WAIT:
		if (!keep(skb))
			goto drop;
		wait(queue, skb, NULL, len);
		return;
	case FATE_WAIT_IN_PIECES:
		if (!keep(skb))
			goto drop;
		wait_in_pieces(queue, skb, NULL, link);
		return;
	}
drop:
	kfree_skb(skb);
}

/* ---- the end of waiting ----------------------------------------------------------------- */

/* Under the lock: those of @dev, NULL: all, to @gone. */
static void pick(struct vrt_shape_queue *queue, const struct net_device *dev,
		 struct sk_buff_head *gone, u64 now)
{
	struct sk_buff *skb, *next;

	skb_queue_walk_safe(&queue->packets, skb, next) {
		if (dev && skb->dev != dev)
			continue;
		unlink(queue, skb);
		queue->counts.dropped++;
		__skb_queue_tail(gone, skb);
	}
	if (skb_queue_empty(&queue->packets))
		vrt_node_queue(&queue->node, false, now);
}

static void drop_all(struct sk_buff_head *gone)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(gone)))
		drop(skb);
}

void vrt_shape_purge(struct vrt_class *class, bool close)
{
	struct vrt_shaper *shaper = class->rn->shaper;
	struct sk_buff_head gone;
	int side;

	__skb_queue_head_init(&gone);
	spin_lock_bh(&shaper->lock);
	for (side = 0; side < VRT_SHAPE_SIDES; side++) {
		class->queue[side].closed = close;
		pick(&class->queue[side], NULL, &gone, ktime_get_ns());
	}
	if (close)
		list_del(&class->queues);
	spin_unlock_bh(&shaper->lock);
	drop_all(&gone);
}

void vrt_shape_purge_device(struct vrt_net *rn, const struct net_device *dev)
{
	struct vrt_shaper *shaper = READ_ONCE(rn->shaper);
	struct sk_buff_head gone;
	struct vrt_class *class;
	int side;

	if (!shaper)
		return;
	__skb_queue_head_init(&gone);
	spin_lock_bh(&shaper->lock);
	list_for_each_entry(class, &shaper->queues, queues) {
		for (side = 0; side < VRT_SHAPE_SIDES; side++)
			pick(&class->queue[side], dev, &gone, ktime_get_ns());
	}
	spin_unlock_bh(&shaper->lock);
	drop_all(&gone);
}

void vrt_shape_read(struct vrt_shape_queue *queue, struct vrt_shape_counts *counts)
{
	struct vrt_shaper *shaper = shaper_of(queue);

	spin_lock_bh(&shaper->lock);
	/* Of a second that is over, also if nothing came since. */
	count_rate(queue, 0, ktime_get_ns());
	*counts = queue->counts;
	spin_unlock_bh(&shaper->lock);
}
