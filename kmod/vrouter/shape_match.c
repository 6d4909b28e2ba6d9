// SPDX-License-Identifier: GPL-2.0
/*
 * Which class a packet is of: the first that matches. What this host sends goes out, and
 * what comes to it comes in; what it only forwards may be either, seen from the class.
 */
#include <linux/cgroup.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jhash.h>
#include <linux/percpu.h>
#include <net/dsfield.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/sock.h>

#include "shape.h"

/* As many classes are asked one by one as fast as what was found is looked for. */
#define FEW		4
#define FOUND_ORDER	7

/* A packet, as far as classes ask for it; without holes that are not zero. */
struct packet {
	u8 family, protocol, dscp;
	bool may_go_out, may_come_in;
	u32 mark;
	union nf_inet_addr source, destination;
	u16 source_port, destination_port;	/* 0: it has none that can be seen */
	u64 cgroup_id;			/* of the socket's cgroup; 0: it has none */
};

struct entry {
	struct packet packet;
	unsigned int changes;		/* vrt_shaper.changes when it was looked for; 0: never */
	struct vrt_shape_queue *queue;
};

/* Of each processor, by what packets have. */
struct vrt_shape_found {
	struct entry entries[1 << FOUND_ORDER];
};

static bool has_ports(u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP ||
	       protocol == IPPROTO_DCCP || protocol == IPPROTO_UDPLITE;
}

/* @offset of the transport header from the network header. */
static void read_ports(const struct sk_buff *skb, unsigned int offset, struct packet *packet)
{
	__be16 ports[2];

	if (!has_ports(packet->protocol) ||
	    skb_copy_bits(skb, skb_network_offset(skb) + offset, ports, sizeof(ports)))
		return;
	packet->source_port = ntohs(ports[0]);
	packet->destination_port = ntohs(ports[1]);
}

static void read_ipv4(const struct sk_buff *skb, struct packet *packet)
{
	const struct iphdr *ip = ip_hdr(skb);

	packet->family = NFPROTO_IPV4;
	packet->source.ip = ip->saddr;
	packet->destination.ip = ip->daddr;
	packet->protocol = ip->protocol;
	packet->dscp = ipv4_get_dsfield(ip) >> 2;
	if (!(ip->frag_off & htons(IP_OFFSET)))
		read_ports(skb, ip_hdrlen(skb), packet);
}

static void read_ipv6(const struct sk_buff *skb, struct packet *packet)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);
	__be16 fragment = 0;
	u8 protocol = ip->nexthdr;
	int offset;

	packet->family = NFPROTO_IPV6;
	packet->source.in6 = ip->saddr;
	packet->destination.in6 = ip->daddr;
	packet->dscp = ipv6_get_dsfield(ip) >> 2;
	offset = ipv6_skip_exthdr(skb, skb_network_offset(skb) + sizeof(*ip), &protocol,
				  &fragment);
	packet->protocol = protocol;
	if (offset >= 0 && !(fragment & htons(~0x7)))
		read_ports(skb, offset - skb_network_offset(skb), packet);
}

static struct cgroup *cgroup_of(const struct sk_buff *skb, const struct nf_hook_state *state)
{
#ifdef CONFIG_SOCK_CGROUP_DATA
	struct sock *sk = skb_to_full_sk(skb);

	if (!sk || !sk_fullsock(sk) || !net_eq(sock_net(sk), state->net))
		return NULL;
	return sock_cgroup_ptr(&sk->sk_cgrp_data);
#else
	return NULL;
#endif
}

static u16 port_of(const struct packet *packet, const struct nf_conntrack_man *end)
{
	return has_ports(packet->protocol) ? ntohs(end->u.all) : 0;
}

/* Translated or not: both ends by the addresses that they themselves have. */
static void undo_translation(const struct sk_buff *skb, struct packet *packet)
{
	const struct nf_conntrack_man *source, *destination;
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	int dir = CTINFO2DIR(ctinfo);

	/* What is only related, an error for example, is of another end. */
	if (!ct || !(READ_ONCE(ct->status) & IPS_NAT_MASK) ||
	    nf_ct_protonum(ct) != packet->protocol)
		return;
	source = &ct->tuplehash[dir].tuple.src;
	destination = &ct->tuplehash[!dir].tuple.src;
	packet->source = source->u3;
	packet->destination = destination->u3;
	packet->source_port = port_of(packet, source);
	packet->destination_port = port_of(packet, destination);
}

static void read_packet(const struct sk_buff *skb, const struct nf_hook_state *state,
			struct packet *packet, struct cgroup **cgroup)
{
	/* IPv6 has no flag that says so. */
	bool forwarded = state->hook == NF_INET_POST_ROUTING && skb->skb_iif && !skb->sk;

	memset(packet, 0, sizeof(*packet));
	if (state->pf == NFPROTO_IPV4)
		read_ipv4(skb, packet);
	else
		read_ipv6(skb, packet);
	packet->mark = skb->mark;
	packet->may_go_out = state->hook == NF_INET_POST_ROUTING;
	packet->may_come_in = state->hook == NF_INET_LOCAL_IN || forwarded;
	undo_translation(skb, packet);
	*cgroup = forwarded ? NULL : cgroup_of(skb, state);
	if (*cgroup)
		packet->cgroup_id = cgroup_id(*cgroup);
}

static bool has_address(const struct vrt_prefix *prefix, const struct packet *packet,
			const union nf_inet_addr *addr)
{
	return prefix->family == NFPROTO_UNSPEC ||
	       (prefix->family == packet->family && vrt_prefix_has(prefix, addr));
}

static bool has_port(u16 first, u16 last, u16 port)
{
	return !first || (port >= first && port <= last);
}

static bool matches_ends(const struct vrt_shape_match *match, const struct packet *packet,
			 enum vrt_shape_sides side)
{
	bool out = side == VRT_SHAPE_OUT;

	return has_address(&match->near, packet, out ? &packet->source : &packet->destination) &&
	       has_address(&match->far, packet, out ? &packet->destination : &packet->source) &&
	       has_port(match->port, match->port_last,
			out ? packet->source_port : packet->destination_port) &&
	       has_port(match->far_port, match->far_port_last,
			out ? packet->destination_port : packet->source_port);
}

static bool is_below(struct cgroup *cgroup, const struct vrt_class *class)
{
#ifdef CONFIG_SOCK_CGROUP_DATA
	return cgroup && cgroup_is_descendant(cgroup, class->cgroup);
#else
	return false;
#endif
}

/* All but its ends. */
static bool matches(const struct vrt_class *class, const struct packet *packet,
		    struct cgroup *cgroup)
{
	const struct vrt_shape_match *match = &class->config.match;

	return (!match->protocol || match->protocol == packet->protocol) &&
	       (!match->has_mark || !((match->mark ^ packet->mark) & match->mark_mask)) &&
	       (!match->has_dscp || match->dscp == packet->dscp) &&
	       (!class->cgroup || is_below(cgroup, class));
}

static struct vrt_shape_queue *queue_for(struct vrt_class *class, const struct packet *packet,
					 struct cgroup *cgroup)
{
	u8 direction = class->config.direction;

	if (READ_ONCE(class->n_children) || !matches(class, packet, cgroup))
		return NULL;
	if (packet->may_go_out && direction != VROUTER_SHAPE_DIRECTION_IN &&
	    matches_ends(&class->config.match, packet, VRT_SHAPE_OUT))
		return &class->queue[VRT_SHAPE_OUT];
	if (packet->may_come_in && direction != VROUTER_SHAPE_DIRECTION_OUT &&
	    matches_ends(&class->config.match, packet, VRT_SHAPE_IN))
		return &class->queue[VRT_SHAPE_IN];
	return NULL;
}

static struct vrt_shape_queue *ask_all(struct vrt_shaper *shaper, const struct packet *packet,
				       struct cgroup *cgroup)
{
	struct vrt_shape_queue *queue;
	struct vrt_class *class;

	list_for_each_entry_rcu(class, &shaper->classes, list) {
		queue = queue_for(class, packet, cgroup);
		if (queue)
			return queue;
	}
	return NULL;
}

/*
 * A connection asks all classes once, on each processor. Its number says which cgroup it
 * was, for the memory of one that is gone may be another's.
 */
static struct vrt_shape_queue *recall(struct vrt_shaper *shaper,
				      struct vrt_shape_found __percpu *found,
				      const struct packet *packet, struct cgroup *cgroup)
{
	/* Before the classes are asked: pairs with vrt_shape_forget(). */
	unsigned int changes = smp_load_acquire(&shaper->changes);
	struct vrt_shape_queue *queue;
	struct entry *entry;
	u32 hash;

	BUILD_BUG_ON(sizeof(*packet) % sizeof(u32));
	hash = jhash2((const u32 *)packet, sizeof(*packet) / sizeof(u32), 0);
	local_bh_disable();
	entry = &this_cpu_ptr(found)->entries[hash >> (32 - FOUND_ORDER)];
	if (entry->changes != changes || memcmp(&entry->packet, packet, sizeof(*packet))) {
		entry->packet = *packet;
		entry->changes = changes;
		entry->queue = ask_all(shaper, packet, cgroup);
	}
	queue = entry->queue;
	local_bh_enable();
	return queue;
}

struct vrt_shape_queue *vrt_shape_find(struct vrt_net *rn, const struct sk_buff *skb,
				       const struct nf_hook_state *state)
{
	struct vrt_shaper *shaper = READ_ONCE(rn->shaper);
	struct vrt_shape_found __percpu *found;
	struct packet packet;
	struct cgroup *cgroup;

	if (!shaper || list_empty(&shaper->classes))
		return NULL;
	read_packet(skb, state, &packet, &cgroup);
	/* Not before it was zeroed: with vrt_shape_remember(). */
	found = smp_load_acquire(&shaper->found);
	return found ? recall(shaper, found, &packet, cgroup) :
	       ask_all(shaper, &packet, cgroup);
}

int vrt_shape_remember(struct vrt_shaper *shaper, unsigned int n)
{
	struct vrt_shape_found __percpu *found;

	if (n <= FEW || shaper->found)
		return 0;
	found = alloc_percpu_gfp(struct vrt_shape_found, GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!found)
		return -ENOMEM;
	/* Nobody reads what is not zeroed yet. */
	smp_store_release(&shaper->found, found);
	return 0;
}

void vrt_shape_forget(struct vrt_shaper *shaper)
{
	/* Whoever sees the number sees what has changed. */
	smp_store_release(&shaper->changes, shaper->changes + 1 ?: 1);
}
