/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A way: one direction of a connection as the fast path carries it. What a packet
 * looks like when it comes, what becomes of it, and where it goes, as the slow way
 * was seen to do it a second ago at most.
 *
 * A way does not change but for the first members behind its key; another takes its place.
 * It goes with its connection, a grace period after it was taken off the table.
 *
 * It is believed until something on which it depends changes vrt_net.generation: what
 * tells of its changes at once, the rest within a second (policy.c). And no longer
 * than VRT_WAY_FRESH, or half of what conntrack gives the connection if nothing comes:
 * then a packet takes the slow way, where conntrack, every rule and the route see it,
 * and if it comes through as before the way is good for as long again.
 */
#ifndef _VROUTER_WAY_H
#define _VROUTER_WAY_H

#include <linux/if_ether.h>
#include <linux/jhash.h>

#include "conn.h"

#define VRT_WAY_FRESH	(30 * HZ)

/*
 * Where the fast path and vrt_learn() are among the hooks: before fragments are gathered,
 * and where nobody comes behind who would change a packet.
 */
#define VRT_PRI_FAST	(NF_IP_PRI_CONNTRACK_DEFRAG - 100)
#define VRT_PRI_LEARN	(NF_IP_PRI_CONNTRACK_CONFIRM - 2)

/* Of the addresses, IPv4 has only those of its own; the rest of the union is no part of it. */
struct vrt_way_key {
	union {
		struct {
			__be32 saddr, daddr;
		} ipv4;
		struct {
			struct in6_addr saddr, daddr;
		} ipv6;
	};
	__be32 ports;			/* source and destination as they stand in the packet */
	u32 ifindex;			/* that it comes in by */
	u32 protocol;
	u32 family;
};

struct vrt_shape_queue;

struct vrt_way {
	struct rhash_head node;
	struct vrt_way_key key;

	u32 generation;			/* vrt_net.generation of when it was seen last */
	unsigned long fresh_until, seen;	/* jiffies */
	unsigned long queued;		/* jiffies of when one to a near end had to wait; 0 */
	int queued_cpu;			/* and where */

	u16 mtu;
	bool acct;			/* conntrack counts packets and bytes of it */
	bool has_peer;			/* out is an end of a pair, peer the other one; no queue */
	u8 dir;				/* enum ip_conntrack_dir */
	u8 tos;				/* DSCP and mark have to be those that were seen: */
	u32 mark;			/* routes and rules may depend on them */
	u32 dst_cookie;
	struct nf_conn *ct;		/* conn's */
	struct vrt_stats __percpu *stats;	/* of conn's target; NULL */
	struct dst_entry *dst;		/* referenced */
	struct neighbour *neigh;	/* referenced */
	struct net_device *out, *peer;	/* good as long as neigh refers to out */
	struct vrt_shape_queue *queue;	/* of its class; NULL. Good as long as generation is */

	union {
		struct {
			__be32 saddr, daddr;
		} ipv4;
		struct {
			struct in6_addr saddr, daddr;
		} ipv6;
	} to;
	__be32 to_ports;
	__wsum ip_delta;		/* of IPv4's own checksum: addresses and TTL */
	__wsum address_delta;		/* of pseudo headers */
	__wsum delta;			/* of checksums behind: addresses and ports */
	u8 header[HH_DATA_ALIGN(ETH_HLEN)] __aligned(8);	/* at its end */

	struct vrt_conn *conn;
	struct rcu_head rcu;
};

/*
 * For IPv4 multiply-shift over vectors (Dietzfelbinger): who does not know the secret
 * can't find keys that meet more often than by chance, at a few instructions.
 */
struct vrt_way_secret {
	u64 saddr, daddr, ports, sum;
};

extern struct vrt_way_secret vrt_way_secret;	/* learn.c, chosen as the module is loaded */

static __always_inline u32 vrt_way_hash_ipv4(__be32 saddr, __be32 daddr, __be32 ports)
{
	const struct vrt_way_secret *secret = &vrt_way_secret;

	return (secret->saddr * (__force u32)saddr + secret->daddr * (__force u32)daddr +
		secret->ports * (__force u32)ports + secret->sum) >> 32;
}

static __always_inline u32 vrt_way_hash(const struct vrt_way_key *key, u32 seed)
{
	if (key->family == NFPROTO_IPV4)
		return vrt_way_hash_ipv4(key->ipv4.saddr, key->ipv4.daddr, key->ports);
	return jhash2((const u32 *)&key->ipv6, sizeof(key->ipv6) / sizeof(u32),
		      seed ^ (__force u32)key->ports);
}

static __always_inline bool vrt_way_key_equal(const struct vrt_way_key *a,
					      const struct vrt_way_key *b)
{
	if ((__force u32)(a->ports ^ b->ports) | (a->ifindex ^ b->ifindex) |
	    (a->protocol ^ b->protocol) | (a->family ^ b->family))
		return false;
	if (a->family == NFPROTO_IPV4)
		return !((a->ipv4.saddr ^ b->ipv4.saddr) | (a->ipv4.daddr ^ b->ipv4.daddr));
	return ipv6_addr_equal(&a->ipv6.saddr, &b->ipv6.saddr) &&
	       ipv6_addr_equal(&a->ipv6.daddr, &b->ipv6.daddr);
}

static __always_inline u32 vrt_way_hash_key(const void *data, u32 len, u32 seed)
{
	return vrt_way_hash(data, seed);
}

static __always_inline int vrt_way_compare(struct rhashtable_compare_arg *arg, const void *object)
{
	return !vrt_way_key_equal(arg->key, &((const struct vrt_way *)object)->key);
}

static const struct rhashtable_params vrt_way_params __maybe_unused = {
	.head_offset = offsetof(struct vrt_way, node),
	.key_offset = offsetof(struct vrt_way, key),
	.key_len = sizeof(struct vrt_way_key),
	.hashfn = vrt_way_hash_key,
	.obj_cmpfn = vrt_way_compare,
	.automatic_shrinking = true,
};

/* A packet as it came, for who sees it come out of the slow way. */
struct vrt_arrival {
	const struct sk_buff *skb;	/* only to compare, as the next two: a packet that was */
	const struct task_struct *task;	/* in a queue for userspace comes back elsewhere, and */
	bool serving;			/* nobody learns from it; the next is to go there, too */
	u32 generation;			/* vrt_net's then: what changes behind is a change */
	struct vrt_way_key key;
	u32 mark, priority;
	u8 ttl, tos;
	bool syn;			/* of TCP, and opens a connection or answers that */
};

/* ---- fast.c: the path ---- */

/* Hooks, whose priv is the vrt_net. */
unsigned int vrt_fast_ipv4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);
unsigned int vrt_fast_ipv6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);

/*
 * The packet @skb as it came in to this CPU, if it was one that the fast path could
 * carry; NULL. BH off.
 */
struct vrt_arrival *vrt_fast_arrival(const struct sk_buff *skb);

/* @skb, as its device gets it, leaves. BH off, under RCU. */
void vrt_fast_send(struct sk_buff *skb);

/*
 * A packet of @way goes, or went, through a queue where others are received at once: those
 * behind it wait as well. On the CPU that has it.
 */
static inline void vrt_way_note_queued(struct vrt_way *way)
{
	WRITE_ONCE(way->queued_cpu, raw_smp_processor_id());
	WRITE_ONCE(way->queued, jiffies ?: 1);
}

/* ---- learn.c: what the slow way did with a packet becomes a way ---- */

/* The last hook before a packet leaves. */
unsigned int vrt_learn(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);

/* @conn is carried no more: its ways leave the table. Any context. */
void vrt_way_forget(struct vrt_net *rn, struct vrt_conn *conn);

void vrt_way_choose_secret(void);
int vrt_way_init(struct vrt_net *rn);
void vrt_way_destroy(struct vrt_net *rn);	/* after vrt_conn_flush() */

/* ---- change.c: news that end what ways are based on ---- */

int vrt_change_register(void);
void vrt_change_unregister(void);
/* Those of one network namespace, under vrt_net.lock: with its hooks. */
int vrt_change_listen(struct vrt_net *rn, struct netlink_ext_ack *extack);
void vrt_change_unlisten(struct vrt_net *rn);
/*
 * How many news of nftables were lost on their way here; those that there was no memory to
 * write down are not among them. Any context, hooks or not.
 */
u32 vrt_change_lost(const struct vrt_net *rn);

/* ---- policy.c ---- */

/* For the sweep, which has nobody beside it. Sleeps. */
void vrt_policy_look(struct vrt_net *rn);

/* Nobody looks at what is forwarded but the router and what it needs. Under RCU. */
bool vrt_policy_is_none(struct net *net, u8 family);

/* All ways of @rn have to be seen again, and so has what is under way. Any context. */
static inline void vrt_change(struct vrt_net *rn)
{
	/* Who reads the new generation, see pass_noted(), sees what changed before. */
	smp_mb__before_atomic();
	atomic_inc(&rn->generation);
}

#endif /* _VROUTER_WAY_H */
