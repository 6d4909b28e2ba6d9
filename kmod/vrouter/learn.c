// SPDX-License-Identifier: GPL-2.0
/*
 * The last hook before a packet leaves: if it is of a connection that can be carried,
 * what the slow way did with it becomes its way.
 */
#include <linux/if_arp.h>
#include <linux/netfilter.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "../vswitch/peer.h"
#include "shape.h"
#include "way.h"

struct vrt_way_secret vrt_way_secret __ro_after_init;

static void free_way(struct rcu_head *rcu)
{
	struct vrt_way *way = container_of(rcu, struct vrt_way, rcu);

	neigh_release(way->neigh);
	dst_release(way->dst);
	kfree(way);
}

/* Under conn->lock. */
static void remove_way(struct vrt_net *rn, struct vrt_conn *conn, int dir)
{
	struct vrt_way *way = conn->way[dir];

	if (!way)
		return;
	conn->way[dir] = NULL;
	rhashtable_remove_fast(&rn->ways, &way->node, vrt_way_params);
	call_rcu(&way->rcu, free_way);
}

/*
 * Whether the ways that there are may be used. Of TCP conntrack sees both directions or
 * neither: what one acknowledges must not be news. With direct return nothing is.
 */
static bool is_carried(const struct vrt_conn *conn)
{
	if (nf_ct_protonum(conn->ct) == IPPROTO_TCP && !(conn->target && conn->target->direct))
		return conn->way[0] && conn->way[1];
	return conn->way[0] || conn->way[1];
}

/* Under conn->lock, after its ways changed. */
static void count_carried(struct vrt_net *rn, struct vrt_conn *conn)
{
	bool carried = is_carried(conn);

	atomic_add(carried - conn->carried, &rn->n_carried);
	conn->carried = carried;
}

/*
 * Conntrack sees only some of the segments while @conn is carried: they may be anywhere
 * in the window, which it takes from the next that it sees. What it knows to be
 * acknowledged is long past, and would make it doubt the connection's reset.
 */
static void lose_window(struct vrt_conn *conn)
{
	if (!conn->carried || nf_ct_protonum(conn->ct) != IPPROTO_TCP)
		return;
	spin_lock_bh(&conn->ct->lock);
	vrt_conn_lose_window(&conn->ct->proto.tcp);
	spin_unlock_bh(&conn->ct->lock);
}

void vrt_way_forget(struct vrt_net *rn, struct vrt_conn *conn)
{
	spin_lock_bh(&conn->lock);
	lose_window(conn);
	remove_way(rn, conn, IP_CT_DIR_ORIGINAL);
	remove_way(rn, conn, IP_CT_DIR_REPLY);
	count_carried(rn, conn);
	spin_unlock_bh(&conn->lock);
}

/*
 * The way back may be learned from a SYN that answers, so that the first data are carried;
 * both ways are used no sooner than the third packet has opened the connection. Not where
 * there are rules: they may ask for TCP's flags, and what comes back behind has no SYN.
 */
static enum vrouter_why_slow look_at_tcp(u8 tcp, int dir, const struct vrt_arrival *arrival,
					 const struct nf_hook_state *state)
{
	if (tcp > TCP_CONNTRACK_ESTABLISHED)
		return VROUTER_WHY_SLOW_ENDING;
	if (tcp < TCP_CONNTRACK_ESTABLISHED &&
	    (tcp != TCP_CONNTRACK_SYN_RECV || dir != IP_CT_DIR_REPLY))
		return VROUTER_WHY_SLOW_NEW;
	/* One that comes again finds its connection established. */
	if ((tcp < TCP_CONNTRACK_ESTABLISHED || arrival->syn) &&
	    !vrt_policy_is_none(state->net, state->pf))
		return VROUTER_WHY_SLOW_NEW;
	return VROUTER_WHY_SLOW_CARRIED;
}

/* What the connection itself is against. */
static enum vrouter_why_slow look_at_conntrack(const struct nf_conn *ct, int dir,
					       const struct vrt_arrival *arrival,
					       const struct nf_hook_state *state)
{
	enum vrouter_why_slow why;
	const struct nf_conn_help *help = nfct_help(ct);
	u8 protocol = nf_ct_protonum(ct);

	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP)
		return VROUTER_WHY_SLOW_PROTOCOL;
	if (!nf_ct_is_confirmed(ct) || !test_bit(IPS_SEEN_REPLY_BIT, &ct->status))
		return VROUTER_WHY_SLOW_NEW;
	if (protocol == IPPROTO_TCP) {
		why = look_at_tcp(READ_ONCE(ct->proto.tcp.state), dir, arrival, state);
		if (why != VROUTER_WHY_SLOW_CARRIED)
			return why;
	}
	if ((help && rcu_access_pointer(help->helper)) || (ct->status & IPS_SEQ_ADJUST))
		return VROUTER_WHY_SLOW_HELPER;
	return VROUTER_WHY_SLOW_CARRIED;
}

static bool is_tuple(const struct vrt_way_key *key, const struct nf_conntrack_tuple *tuple)
{
	struct { __be16 source, destination; } ports = { tuple->src.u.all, tuple->dst.u.all };

	if (memcmp(&key->ports, &ports, sizeof(ports)) || key->protocol != tuple->dst.protonum ||
	    key->family != tuple->src.l3num)
		return false;
	if (key->family == NFPROTO_IPV4)
		return key->ipv4.saddr == tuple->src.u3.ip && key->ipv4.daddr == tuple->dst.u3.ip;
	return ipv6_addr_equal(&key->ipv6.saddr, &tuple->src.u3.in6) &&
	       ipv6_addr_equal(&key->ipv6.daddr, &tuple->dst.u3.in6);
}

/* As it is now, behind the transport header's ports; false: that is not there. */
static bool read_key(struct sk_buff *skb, u8 family, struct vrt_way_key *key, u8 *ttl, u8 *tos)
{
	unsigned int offset;

	memset(key, 0, sizeof(*key));
	key->family = family;
	if (family == NFPROTO_IPV4) {
		const struct iphdr *ip = ip_hdr(skb);

		offset = ip_hdrlen(skb);
		key->ipv4.saddr = ip->saddr;
		key->ipv4.daddr = ip->daddr;
		key->protocol = ip->protocol;
		*ttl = ip->ttl;
		*tos = ip->tos;
	} else {
		const struct ipv6hdr *ip = ipv6_hdr(skb);

		offset = sizeof(*ip);
		key->ipv6.saddr = ip->saddr;
		key->ipv6.daddr = ip->daddr;
		key->protocol = ip->nexthdr;
		*ttl = ip->hop_limit;
		*tos = ipv6_get_dsfield(ip);
	}
	return !skb_copy_bits(skb, skb_network_offset(skb) + offset, &key->ports,
			      sizeof(key->ports));
}

static u32 expected_priority(const struct vrt_arrival *arrival, struct net *net)
{
	if (arrival->key.family == NFPROTO_IPV4 &&
	    READ_ONCE(net->ipv4.sysctl_ip_fwd_update_priority))
		return rt_tos2priority(arrival->tos);
	return arrival->priority;
}

/* Nobody but NAT and the router changed what can be seen of the packet. */
static bool is_as_expected(const struct vrt_arrival *arrival, struct sk_buff *skb,
			   const struct nf_conn *ct, int dir, struct vrt_way_key *now)
{
	struct nf_conntrack_tuple out;
	u8 ttl, tos;

	if (!nf_ct_invert_tuple(&out, &ct->tuplehash[!dir].tuple) ||
	    !read_key(skb, arrival->key.family, now, &ttl, &tos))
		return false;
	return is_tuple(&arrival->key, &ct->tuplehash[dir].tuple) && is_tuple(now, &out) &&
	       ttl == arrival->ttl - 1 && tos == arrival->tos && skb->mark == arrival->mark &&
	       skb->priority == expected_priority(arrival, nf_ct_net(ct)) &&
	       nf_ct_zone(ct)->id == NF_CT_DEFAULT_ZONE_ID;
}

static bool has_ipsec(struct net *net, const struct dst_entry *dst)
{
#ifdef CONFIG_XFRM
	return dst_xfrm(dst) || net->xfrm.policy_count[XFRM_POLICY_FWD] ||
	       net->xfrm.policy_count[XFRM_POLICY_OUT];
#else
	return false;
#endif
}

static bool is_of_vrf(const struct net_device *dev)
{
	return netif_is_l3_slave(dev) || netif_is_l3_master(dev);
}

static enum vrouter_why_slow look_at_route(const struct sk_buff *skb,
					   const struct nf_hook_state *state, u32 in_ifindex)
{
	const struct dst_entry *dst = skb_dst(skb);
	const struct net_device *in;

	if (!dst || dst->error || dst->lwtstate || dst->dev != state->out ||
	    state->out->ifindex == in_ifindex)
		return VROUTER_WHY_SLOW_ROUTE;
	if (has_ipsec(state->net, dst))
		return VROUTER_WHY_SLOW_IPSEC;
	if (state->pf == NFPROTO_IPV4 &&
	    (skb_rtable(skb)->rt_type != RTN_UNICAST || dst->obsolete != DST_OBSOLETE_FORCE_CHK))
		return VROUTER_WHY_SLOW_ROUTE;
	in = dev_get_by_index_rcu(state->net, in_ifindex);
	if (!in || is_of_vrf(in) || is_of_vrf(state->out) || state->out->type != ARPHRD_ETHER)
		return VROUTER_WHY_SLOW_DEVICE;
	return VROUTER_WHY_SLOW_CARRIED;
}

/*
 * The header that is put before packets of @family to @neigh, which may be of the other one
 * (RFC 8950: IPv4 by an IPv6 gateway); false: it is not known.
 */
static bool copy_header(const struct neighbour *neigh, u8 family, u8 *header)
{
	struct ethhdr *eth = (struct ethhdr *)(header + HH_DATA_OFF(ETH_HLEN));
	unsigned int seq;
	u16 len;

	if (!(READ_ONCE(neigh->nud_state) & NUD_VALID))
		return false;
	do {
		seq = read_seqbegin(&neigh->hh.hh_lock);
		len = READ_ONCE(neigh->hh.hh_len);
		memcpy(header, neigh->hh.hh_data, HH_DATA_ALIGN(ETH_HLEN));
	} while (read_seqretry(&neigh->hh.hh_lock, seq));
	eth->h_proto = family == NFPROTO_IPV4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	return len == ETH_HLEN;
}

static void fill_translation(struct vrt_way *way, const struct vrt_way_key *now)
{
	size_t len = way->key.family == NFPROTO_IPV4 ? sizeof(now->ipv4) : sizeof(now->ipv6);
	__wsum was = csum_partial(&way->key, len, 0);
	__wsum is = csum_partial(now, len, 0);

	memcpy(&way->to, now, len);
	way->to_ports = now->ports;
	way->address_delta = csum_sub(is, was);
	way->delta = csum_sub(csum_add(way->address_delta, (__force __wsum)now->ports),
			      (__force __wsum)way->key.ports);
	/* A hop less in the high byte of its word. */
	way->ip_delta = csum_sub(way->address_delta, (__force __wsum)htons(0x0100));
}

static void fill_device(struct vrt_way *way, struct net_device *out)
{
	way->out = out;
	way->peer = vsw_peer_of(out);
	/* What has a class goes by the way on which that is asked for. */
	way->has_peer = way->peer && !way->queue;
}

static u16 forward_mtu(const struct dst_entry *dst, u8 family)
{
	u32 mtu;

	if (family == NFPROTO_IPV4)
		mtu = ip_dst_mtu_maybe_forward(dst, true);
	else
		mtu = max_t(u32, ip6_dst_mtu_maybe_forward(dst, true), IPV6_MIN_MTU);
	return min_t(u32, mtu, U16_MAX);
}

/* NULL with @why: it can't be. */
static struct vrt_way *make_way(struct vrt_conn *conn, int dir, struct sk_buff *skb,
				const struct vrt_arrival *arrival,
				const struct vrt_way_key *now, const struct nf_hook_state *state,
				enum vrouter_why_slow *why)
{
	struct vrt_way *way = kzalloc(sizeof(*way), GFP_ATOMIC);
	struct dst_entry *dst = skb_dst(skb);

	*why = VROUTER_WHY_SLOW_MEMORY;
	if (!way)
		return NULL;
	*why = VROUTER_WHY_SLOW_NEIGHBOUR;
	way->neigh = dst_neigh_lookup_skb(dst, skb);
	if (!way->neigh)
		goto free;
	if (!copy_header(way->neigh, now->family, way->header))
		goto release;
	*why = VROUTER_WHY_SLOW_ROUTE;
	if (!dst_hold_safe(dst))
		goto release;
	way->dst = dst;
	if (now->family == NFPROTO_IPV6)
		way->dst_cookie = rt6_get_cookie((struct rt6_info *)dst);
	way->key = arrival->key;
	way->conn = conn;
	way->ct = conn->ct;
	way->stats = conn->target ? conn->target->stats : NULL;
	way->dir = dir;
	way->tos = arrival->tos;
	way->mark = arrival->mark;
	way->mtu = forward_mtu(dst, now->family);
	way->acct = nf_conn_acct_find(conn->ct);
	fill_translation(way, now);
	way->queue = vrt_shape_find(vrt_net(state->net), skb, state);
	fill_device(way, state->out);
	*why = VROUTER_WHY_SLOW_CARRIED;
	return way;

release:
	neigh_release(way->neigh);
free:
	kfree(way);
	return NULL;
}

static bool is_same(const struct vrt_way *a, const struct vrt_way *b)
{
	return a->dst == b->dst && a->dst_cookie == b->dst_cookie && a->neigh == b->neigh &&
	       a->out == b->out && a->peer == b->peer && a->queue == b->queue &&
	       a->mtu == b->mtu && a->tos == b->tos &&
	       a->mark == b->mark && !memcmp(a->header, b->header, sizeof(a->header)) &&
	       vrt_way_key_equal(&a->key, &b->key);
}

/* It has just been seen; good for a while if its connection is carried. */
static void refresh(struct vrt_conn *conn, int dir, u32 generation)
{
	struct vrt_way *way = conn->way[dir], *other = conn->way[!dir];
	unsigned long fresh = min_t(unsigned long, VRT_WAY_FRESH, nf_ct_expires(conn->ct) / 2);

	way->seen = jiffies;
	/* The one that is learned from, and those right before it, are sent by the device. */
	if (way->has_peer)
		vrt_way_note_queued(way);
	WRITE_ONCE(way->generation, generation);
	if (!conn->carried)
		return;
	lose_window(conn);
	WRITE_ONCE(way->fresh_until, way->seen + fresh);
	if (other)
		WRITE_ONCE(other->fresh_until, other->seen + fresh);
}

/* @way takes the place of what @conn had in its direction; it is used up. */
static enum vrouter_why_slow install(struct vrt_net *rn, struct vrt_conn *conn,
				     struct vrt_way *way, u32 generation)
{
	enum vrouter_why_slow why = VROUTER_WHY_SLOW_CARRIED;
	struct vrt_way *old;
	int dir = way->dir;

	spin_lock_bh(&conn->lock);
	old = conn->way[dir];
	if (old && is_same(old, way)) {
		refresh(conn, dir, generation);
		goto free;
	}
	if (conn->gone) {
		why = VROUTER_WHY_SLOW_ENDING;
		goto free;
	}
	remove_way(rn, conn, dir);
	way->generation = generation;
	way->seen = jiffies;
	way->fresh_until = jiffies - 1;
	if (rhashtable_lookup_insert_fast(&rn->ways, &way->node, vrt_way_params)) {
		why = VROUTER_WHY_SLOW_MEMORY;
		count_carried(rn, conn);
		goto free;
	}
	conn->way[dir] = way;
	count_carried(rn, conn);
	refresh(conn, dir, generation);
	spin_unlock_bh(&conn->lock);
	return why;

free:
	spin_unlock_bh(&conn->lock);
	free_way(&way->rcu);
	return why;
}

static struct vrt_conn *conn_of(struct vrt_net *rn, struct nf_conn *ct)
{
	struct vrt_conn *conn = vrt_conn_find(rn, ct);

	if (conn)
		return conn;
	vrt_conn_add(rn, ct, NULL);
	return vrt_conn_find(rn, ct);
}

/* Why a packet could not be carried; if it can be, its connection has a way afterwards. */
static enum vrouter_why_slow learn(struct vrt_net *rn, struct vrt_conn *conn, int dir,
				   struct sk_buff *skb, const struct vrt_arrival *arrival,
				   const struct nf_hook_state *state)
{
	enum vrouter_why_slow why;
	struct vrt_way_key now;
	struct vrt_way *way;

	why = look_at_conntrack(conn->ct, dir, arrival, state);
	if (why != VROUTER_WHY_SLOW_CARRIED)
		return why;
	if (!is_as_expected(arrival, skb, conn->ct, dir, &now))
		return VROUTER_WHY_SLOW_MANGLED;
	why = look_at_route(skb, state, arrival->key.ifindex);
	if (why != VROUTER_WHY_SLOW_CARRIED)
		return why;
	way = make_way(conn, dir, skb, arrival, &now, state, &why);
	return way ? install(rn, conn, way, arrival->generation) : why;
}

unsigned int vrt_learn(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct vrt_net *rn = priv;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	struct vrt_arrival *arrival;
	enum vrouter_why_slow why;
	struct vrt_conn *conn;

	/* What this host sends has not arrived, though it may lie where such a packet did. */
	if (skb->sk || !ct || (ctinfo != IP_CT_ESTABLISHED && ctinfo != IP_CT_ESTABLISHED_REPLY))
		return NF_ACCEPT;
	local_bh_disable();
	arrival = vrt_fast_arrival(skb);
	if (!arrival)
		goto out;
	arrival->skb = NULL;
	conn = conn_of(rn, ct);
	if (!conn)
		goto out;
	why = learn(rn, conn, CTINFO2DIR(ctinfo), skb, arrival, state);
	WRITE_ONCE(conn->why[CTINFO2DIR(ctinfo)], why);
	if (why != VROUTER_WHY_SLOW_CARRIED)
		vrt_way_forget(rn, conn);
out:
	local_bh_enable();
	return NF_ACCEPT;
}

void __init vrt_way_choose_secret(void)
{
	get_random_bytes(&vrt_way_secret, sizeof(vrt_way_secret));
}

int vrt_way_init(struct vrt_net *rn)
{
	int err;

	rn->carried = alloc_percpu_gfp(u64, GFP_KERNEL_ACCOUNT);
	if (!rn->carried)
		return -ENOMEM;
	err = rhashtable_init(&rn->ways, &vrt_way_params);
	if (err)
		free_percpu(rn->carried);
	return err;
}

void vrt_way_destroy(struct vrt_net *rn)
{
	rhashtable_destroy(&rn->ways);
	free_percpu(rn->carried);
}
