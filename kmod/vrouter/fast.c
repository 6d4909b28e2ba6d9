// SPDX-License-Identifier: GPL-2.0
/*
 * The fast path: the first hook that a packet meets, before defragmentation and
 * conntrack. A packet of a connection that has a way is translated and sent here;
 * all others go on, and leave what they look like for vrt_learn().
 */
#include <linux/netfilter.h>
#include <linux/netfilter_bridge.h>
#include <net/ip.h>
#include <net/inet_ecn.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/neighbour.h>
#include <net/netfilter/nf_conntrack_acct.h>
#include <net/tcp.h>

#include "../vswitch/peer.h"
#include "shape.h"
#include "way.h"

/* Receptions one inside the other: more go through the core's queue. */
#define DEPTH_MAX	2

/* How long those behind a packet that had to wait do so at most. */
#define QUEUED_MAX	(HZ / 10)

struct cpu_state {
	struct vrt_arrival arrival;
	unsigned int depth;
};

static DEFINE_PER_CPU(struct cpu_state, cpu_state);

/* What is filled in as far as it is looked at need not be cleared before. */
#if __has_attribute(__uninitialized__)
#define __vrt_uninitialized	__attribute__((__uninitialized__))
#else
#define __vrt_uninitialized
#endif

/* TCP's flags that conntrack has to see. */
#define TCP_SLOW	(TCPHDR_SYN | TCPHDR_FIN | TCPHDR_RST)

struct vrt_arrival *vrt_fast_arrival(const struct sk_buff *skb)
{
	struct vrt_arrival *arrival = this_cpu_ptr(&cpu_state.arrival);

	return arrival->skb == skb && arrival->task == current &&
	       arrival->serving == !!in_serving_softirq() ? arrival : NULL;
}

/* Of TCP: what opens a connection. What answers that may have been seen before. */
static __always_inline bool opens(const void *transport)
{
	return (tcp_flag_byte(transport) & (TCPHDR_SYN | TCPHDR_ACK)) == TCPHDR_SYN;
}

static bool is_syn(u8 protocol, const void *transport)
{
	return protocol == IPPROTO_TCP && (tcp_flag_byte(transport) & TCPHDR_SYN);
}

/* @skb takes the slow way, which nobody learns from. */
static __always_inline unsigned int pass(void)
{
	this_cpu_write(cpu_state.arrival.skb, NULL);
	return NF_ACCEPT;
}

static __always_inline void fill_ipv4_key(struct vrt_way_key *key, const struct sk_buff *skb,
					  const struct iphdr *ip)
{
	key->ipv4.saddr = ip->saddr;
	key->ipv4.daddr = ip->daddr;
	key->ports = get_unaligned((const __be32 *)(ip + 1));
	key->ifindex = skb->dev->ifindex;
	key->protocol = ip->protocol;
	key->family = NFPROTO_IPV4;
}

static __always_inline void fill_ipv6_key(struct vrt_way_key *key, const struct sk_buff *skb,
					  const struct ipv6hdr *ip)
{
	key->ipv6.saddr = ip->saddr;
	key->ipv6.daddr = ip->daddr;
	key->ports = get_unaligned((const __be32 *)(ip + 1));
	key->ifindex = skb->dev->ifindex;
	key->protocol = ip->nexthdr;
	key->family = NFPROTO_IPV6;
}

/* Looks at @skb again, so that the path keeps its key in registers. */
static noinline unsigned int pass_noted(const struct vrt_net *rn, const struct sk_buff *skb,
					u8 family)
{
	struct vrt_arrival *arrival = this_cpu_ptr(&cpu_state.arrival);

	if (!READ_ONCE(rn->fast_path))
		return pass();
	/* Before any rule looks at it. */
	arrival->generation = atomic_read_acquire(&rn->generation);
	arrival->skb = skb;
	arrival->task = current;
	arrival->serving = in_serving_softirq();
	arrival->mark = skb->mark;
	arrival->priority = skb->priority;
	if (family == NFPROTO_IPV4) {
		fill_ipv4_key(&arrival->key, skb, ip_hdr(skb));
		arrival->ttl = ip_hdr(skb)->ttl;
		arrival->tos = ip_hdr(skb)->tos;
		arrival->syn = is_syn(arrival->key.protocol, ip_hdr(skb) + 1);
	} else {
		fill_ipv6_key(&arrival->key, skb, ipv6_hdr(skb));
		arrival->ttl = ipv6_hdr(skb)->hop_limit;
		arrival->tos = ipv6_get_dsfield(ipv6_hdr(skb));
		arrival->syn = is_syn(arrival->key.protocol, ipv6_hdr(skb) + 1);
	}
	return NF_ACCEPT;
}

/*
 * Known to be for a router. br_netfilter shows what a bridge just passes on as if it were
 * for this host, too.
 */
static __always_inline bool is_for_router(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	/* A tag, or a header of PPPoE, that a bridge puts before it is no part of a way. */
	if (unlikely(nf_bridge_info_exists(skb)) &&
	    (nf_bridge_info_get(skb)->pkt_otherhost || skb_vlan_tag_present(skb) ||
	     nf_bridge_info_get(skb)->orig_proto != BRNF_PROTO_UNCHANGED))
		return false;
#endif
	return skb->pkt_type == PACKET_HOST;
}

/*
 * Packets whose transport headers lie elsewhere are rare, and would have to be moved.
 */
static __always_inline bool has_transport(const struct sk_buff *skb, unsigned int offset,
					  u8 protocol)
{
	return skb_headlen(skb) >= offset + (protocol == IPPROTO_UDP ? sizeof(struct udphdr) :
								       sizeof(struct tcphdr));
}

static __always_inline bool is_ipv4_of(const struct sk_buff *skb, const struct iphdr *ip,
				       const struct vrt_way_key *key)
{
	u64 addresses = get_unaligned((const u64 *)&ip->saddr) ^ *(const u64 *)&key->ipv4;

	return !(addresses | (__force u32)(key->ports ^ get_unaligned((const __be32 *)(ip + 1))) |
		 (key->ifindex ^ skb->dev->ifindex) | (key->protocol ^ ip->protocol) |
		 (key->family ^ NFPROTO_IPV4));
}

/*
 * rhashtable_lookup() with vrt_way_params, for which the key would have to be written down.
 * Everything else of the table, as that others resize it meanwhile, is as there.
 */
static __always_inline struct vrt_way *find_ipv4(struct vrt_net *rn, const struct sk_buff *skb,
						 const struct iphdr *ip)
{
	u32 hash = vrt_way_hash_ipv4(ip->saddr, ip->daddr,
				     get_unaligned((const __be32 *)(ip + 1)));
	const struct bucket_table *table = rcu_dereference(rn->ways.tbl);
	struct rhash_lock_head __rcu *const *bucket;
	struct rhash_head *pos;

	do {
		u32 index = rht_bucket_index(table, hash);

		bucket = rht_bucket(table, index);
		do {
			rht_for_each_rcu_from(pos, rht_ptr_rcu(bucket), table, index) {
				struct vrt_way *way = container_of(pos, struct vrt_way, node);

				if (is_ipv4_of(skb, ip, &way->key))
					return way;
			}
			/* It was moved into another chain while this one was looked at. */
		} while (unlikely(pos != RHT_NULLS_MARKER(bucket)));
		/* Before a table goes out of use, the next one is to be seen in it. */
		smp_rmb();
		table = rcu_dereference(table->future_tbl);
	} while (unlikely(table));
	return NULL;
}

/* A packet may take @way now. */
static __always_inline bool is_usable(const struct vrt_net *rn, const struct vrt_way *way)
{
	return READ_ONCE(way->generation) == (u32)atomic_read(&rn->generation) &&
	       !time_after(jiffies, READ_ONCE(way->fresh_until));
}

/* What belongs to the way is as it was when it was seen. */
static __always_inline bool is_intact(const struct vrt_way *way)
{
	const struct neighbour *neigh = way->neigh;

	return !(READ_ONCE(way->ct->status) & IPS_DYING) &&
	       (READ_ONCE(neigh->nud_state) & NUD_VALID) &&
	       ether_addr_equal_64bits(neigh->ha, way->header + HH_DATA_OFF(ETH_HLEN));
}

/* Rules and routes may treat packets of other marks or DSCP otherwise. */
static __always_inline bool is_alike(const struct vrt_way *way, const struct sk_buff *skb, u8 tos)
{
	return !(((way->tos ^ tos) & ~INET_ECN_MASK) | (way->mark ^ skb->mark));
}

static __always_inline bool fits(const struct vrt_way *way, const struct sk_buff *skb)
{
	if (likely(skb->len <= way->mtu && !skb_is_gso(skb)))
		return true;
	return skb_is_gso(skb) && skb_gso_validate_network_len(skb, way->mtu);
}

/* The transport header at @offset, with room to write; NULL: no memory. */
static __always_inline void *writable(struct sk_buff *skb, unsigned int offset)
{
	if (unlikely(skb_headroom(skb) < HH_DATA_ALIGN(ETH_HLEN) || skb_header_cloned(skb)) &&
	    skb_cow_head(skb, HH_DATA_ALIGN(ETH_HLEN)))
		return NULL;
	return skb->data + offset;
}

/*
 * A checksum that the sender left to a device has only the pseudo header in it.
 * That of a UDP packet may not become 0, which is none.
 */
static __always_inline void fix_checksum(const struct sk_buff *skb, const struct vrt_way *way,
					 __sum16 *check, bool is_udp)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		*check = ~csum_fold(csum_add(csum_unfold(*check), way->address_delta));
		return;
	}
	if (is_udp && !*check)
		return;
	*check = csum_fold(csum_add(~csum_unfold(*check), way->delta));
	if (is_udp && !*check)
		*check = CSUM_MANGLED_0;
}

static __always_inline void translate_transport(struct sk_buff *skb, const struct vrt_way *way,
						void *transport)
{
	*(__be32 *)transport = way->to_ports;
	if (way->key.protocol == IPPROTO_TCP)
		fix_checksum(skb, way, &((struct tcphdr *)transport)->check, false);
	else
		fix_checksum(skb, way, &((struct udphdr *)transport)->check, true);
}

static __always_inline void dress(struct sk_buff *skb, const struct vrt_way *way)
{
	memcpy(skb->data - HH_DATA_ALIGN(ETH_HLEN), way->header, HH_DATA_ALIGN(ETH_HLEN));
	/* As skb_forward_csum(): the sum of all of it is no more. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
}

static noinline void scrub_past(struct sk_buff *skb)
{
	ktime_t received = skb_tstamp(skb);

	skb_scrub_packet(skb, true);
	/* It is not received again, so nobody would ask for the time again. */
	if (received)
		skb->tstamp = received;
}

/* What of its past @skb keeps in no other namespace. */
static __always_inline void scrub(struct sk_buff *skb)
{
	unsigned long past = skb->_skb_refdst | skb_get_nfct(skb) | skb->mark |
			     vsw_any(skb->tstamp);

#ifdef CONFIG_SKB_EXTENSIONS
	past |= skb->active_extensions;
#endif
	if (unlikely(past))
		scrub_past(skb);
	skb->ignore_df = 0;
	nf_reset_trace(skb);
	ipvs_reset(skb);
#ifdef CONFIG_NET_SWITCHDEV
	skb->offload_fwd_mark = 0;
	skb->offload_l3_fwd_mark = 0;
#endif
	skb->priority = 0;
	skb_set_queue_mapping(skb, 0);
}

/* All that waited to be received by this CPU has been. */
static bool is_backlog_empty(void)
{
	const struct softnet_data *backlog = this_cpu_ptr(&softnet_data);

	return skb_queue_empty_lockless(&backlog->input_pkt_queue) &&
	       skb_queue_empty_lockless(&backlog->process_queue);
}

/*
 * A packet of @way may still wait to be received. Not if this CPU has it, and nothing waits
 * there. Nobody tells what another CPU does, but two ticks are mostly enough. Nor does a
 * queue say whose packets it has: one that is never empty is not to hold a connection up
 * for ever, though some packets may then come too early.
 */
static noinline bool is_behind_queued(struct vrt_way *way)
{
	unsigned long queued = READ_ONCE(way->queued);

	if (READ_ONCE(way->queued_cpu) != smp_processor_id() && !time_after(jiffies, queued + 1))
		return true;
	if (!is_backlog_empty() && time_before(jiffies, queued + QUEUED_MAX))
		return true;
	/* Unless another one has to wait since. */
	cmpxchg(&way->queued, queued, 0);
	return false;
}

static noinline void receive_queued(struct sk_buff *skb, struct vrt_way *way)
{
	vrt_way_note_queued(way);
	netif_rx(skb);
}

/* @skb, dressed, is received by the other end of the pair that it would be sent by. */
static __always_inline void receive_near(struct sk_buff *skb, struct vrt_way *way)
{
	struct cpu_state *state = this_cpu_ptr(&cpu_state);
	struct net_device *peer = way->peer;

	/* What one end has sent is what the other has received. */
	dev_sw_netstats_tx_add(way->out, 1, skb->len + ETH_HLEN);
	scrub(skb);
	skb->dev = peer;
	skb->pkt_type = PACKET_HOST;
	skb_set_mac_header(skb, -ETH_HLEN);
	if (unlikely(!ether_addr_equal_64bits(way->header + HH_DATA_OFF(ETH_HLEN), peer->dev_addr)))
		eth_skb_pkt_type(skb, peer);
	if (unlikely(state->depth >= DEPTH_MAX)) {
		receive_queued(skb, way);
		return;
	}
	state->depth++;
	netif_receive_skb_core(skb);
	state->depth--;
}

void vrt_fast_send(struct sk_buff *skb)
{
	dev_queue_xmit(skb);
}

static noinline void send_far(struct net *net, struct sk_buff *skb, const struct vrt_way *way)
{
	if (way->key.family == NFPROTO_IPV4 &&
	    READ_ONCE(net->ipv4.sysctl_ip_fwd_update_priority))
		skb->priority = rt_tos2priority(ip_hdr(skb)->tos);
	skb_clear_tstamp(skb);
	skb->dev = way->out;
	__skb_push(skb, ETH_HLEN);
	skb_reset_mac_header(skb);
	if (way->queue)
		vrt_shape_carry(way->queue, skb, skb->len - ETH_HLEN);
	else
		vrt_fast_send(skb);
}

static __always_inline bool is_near(const struct vrt_way *way, const struct sk_buff *skb)
{
	return vsw_peer_is_near(way->out, way->peer) &&
	       !skb_is_gso(skb) && !skb_vlan_tag_present(skb) &&
	       skb->len <= READ_ONCE(way->peer->mtu);
}

static noinline void send_queued(struct net *net, struct sk_buff *skb, struct vrt_way *way)
{
	vrt_way_note_queued(way);
	send_far(net, skb, way);
}

/* By way->out, whose other end is near. */
static __always_inline void send_near(struct net *net, struct sk_buff *skb, struct vrt_way *way)
{
	if (unlikely(!is_near(way, skb)))
		send_queued(net, skb, way);
	else if (unlikely(READ_ONCE(way->queued)) && is_behind_queued(way))
		send_far(net, skb, way);
	else
		receive_near(skb, way);
}

static __always_inline unsigned int hand_on(struct vrt_net *rn, struct sk_buff *skb,
					    struct vrt_way *way)
{
	this_cpu_inc(*rn->carried);
	if (way->stats)
		vrt_stats_count(way->stats, way->dir, skb->len);
	if (way->acct)
		nf_ct_acct_add(way->ct, way->dir, 1, skb->len);
	dress(skb, way);
	if (likely(way->has_peer))
		send_near(rn->net, skb, way);
	else
		send_far(rn->net, skb, way);
	return NF_STOLEN;
}

/* A connection is carried no more when it ends. A SYN that comes again changes nothing. */
static noinline unsigned int leave_way(struct vrt_net *rn, const struct vrt_way *way,
				       const void *transport)
{
	if (tcp_flag_byte(transport) & (TCPHDR_FIN | TCPHDR_RST))
		vrt_way_forget(rn, way->conn);
	return pass();
}

/* It goes the slow way while others of its connection go by @way. */
static noinline unsigned int leave_queued(struct vrt_way *way)
{
	vrt_way_note_queued(way);
	return pass();
}

unsigned int vrt_fast_ipv4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct ipstats_mib __percpu *mib;
	struct vrt_net *rn = priv;
	struct iphdr *ip = ip_hdr(skb);
	struct vrt_way *way;
	void *transport;

	/* Plain headers, no fragment. */
	if (*(u8 *)ip != 0x45 || (ip->frag_off & htons(IP_MF | IP_OFFSET)) || ip->ttl <= 1 ||
	    !is_for_router(skb))
		return pass();
	if (ip->protocol != IPPROTO_UDP && ip->protocol != IPPROTO_TCP)
		return pass();
	if (unlikely(!has_transport(skb, sizeof(*ip), ip->protocol)))
		return pass();
	transport = ip + 1;
	if (ip->protocol == IPPROTO_TCP && opens(transport))
		return pass();

	way = find_ipv4(rn, skb, ip);
	if (!way || !is_usable(rn, way))
		return pass_noted(rn, skb, NFPROTO_IPV4);
	if (way->key.protocol == IPPROTO_TCP && unlikely(tcp_flag_byte(transport) & TCP_SLOW))
		return leave_way(rn, way, transport);
	if (unlikely(!is_intact(way) || way->dst->obsolete != DST_OBSOLETE_FORCE_CHK))
		return pass_noted(rn, skb, NFPROTO_IPV4);
	if (unlikely(!is_alike(way, skb, ip->tos) || !fits(way, skb)))
		return leave_queued(way);
	transport = writable(skb, sizeof(*ip));
	if (unlikely(!transport))
		return pass();

	ip = (struct iphdr *)skb->data;
	ip->saddr = way->to.ipv4.saddr;
	ip->daddr = way->to.ipv4.daddr;
	ip->ttl--;
	ip->check = csum_fold(csum_add(~csum_unfold(ip->check), way->ip_delta));
	translate_transport(skb, way, transport);
	mib = rn->net->mib.ip_statistics;
	__SNMP_INC_STATS(mib, IPSTATS_MIB_OUTFORWDATAGRAMS);
	__SNMP_UPD_PO_STATS(mib, IPSTATS_MIB_OUT, skb->len);
	return hand_on(rn, skb, way);
}

static bool ipv6_route_holds(const struct vrt_way *way)
{
	return dst_check(way->dst, way->dst_cookie) == way->dst;
}

unsigned int vrt_fast_ipv6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct vrt_net *rn = priv;
	struct ipv6hdr *ip = ipv6_hdr(skb);
	struct vrt_way_key key __vrt_uninitialized;
	struct vrt_way *way;
	void *transport;

	if (ip->hop_limit <= 1 || !is_for_router(skb) ||
	    (ip->nexthdr != IPPROTO_UDP && ip->nexthdr != IPPROTO_TCP))
		return pass();
	if (unlikely(!has_transport(skb, sizeof(*ip), ip->nexthdr)))
		return pass();
	transport = ip + 1;
	if (ip->nexthdr == IPPROTO_TCP && opens(transport))
		return pass();

	fill_ipv6_key(&key, skb, ip);
	way = rhashtable_lookup(&rn->ways, &key, vrt_way_params);
	if (!way || !is_usable(rn, way))
		return pass_noted(rn, skb, NFPROTO_IPV6);
	if (key.protocol == IPPROTO_TCP && unlikely(tcp_flag_byte(transport) & TCP_SLOW))
		return leave_way(rn, way, transport);
	if (unlikely(!is_intact(way) || !ipv6_route_holds(way)))
		return pass_noted(rn, skb, NFPROTO_IPV6);
	if (unlikely(!is_alike(way, skb, ipv6_get_dsfield(ip)) || !fits(way, skb)))
		return leave_queued(way);
	transport = writable(skb, sizeof(*ip));
	if (unlikely(!transport))
		return pass();

	ip = (struct ipv6hdr *)skb->data;
	ip->saddr = way->to.ipv6.saddr;
	ip->daddr = way->to.ipv6.daddr;
	ip->hop_limit--;
	translate_transport(skb, way, transport);
	__IP6_INC_STATS(state->net, ip6_dst_idev(way->dst), IPSTATS_MIB_OUTFORWDATAGRAMS);
	IP6_UPD_PO_STATS(state->net, ip6_dst_idev(way->dst), IPSTATS_MIB_OUT, skb->len);
	return hand_on(rn, skb, way);
}
