/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The model of a packet: it is changed as the packet is, and built anew with all its sums.
 * The two must be the same then, in each kind of buffer and with each kind of sum of the
 * device's, and the key must be what is extracted.
 */
#ifndef _VSWITCH_REWRITE_MODEL_H
#define _VSWITCH_REWRITE_MODEL_H

#include <kunit/test.h>
#include <linux/if_vlan.h>
#include <linux/random.h>
#include <linux/skbuff.h>

#include "rewrite.h"
#include "vswitch.h"

#define MAX_FRAME	512
#define MAX_MODEL_TAGS	20

enum kind { ARP, V4, V6, OTHER, KINDS };

struct tag {
	u16 proto, tci;
};

/* A packet, as who made it up thinks of it. */
struct model {
	enum kind kind;
	u8 eth_dst[ETH_ALEN], eth_src[ETH_ALEN];
	struct tag tag[MAX_MODEL_TAGS];	/* the outermost is the first */
	unsigned int tags;
	bool snap;
	u8 proto, tos, ttl;
	__be32 v4_src, v4_dst, label;
	struct in6_addr v6_src, v6_dst, nd_target, routed;
	__be16 port[2];
	u8 sha[ETH_ALEN], tha[ETH_ALEN], op;
	/* what else there is */
	unsigned int options;		/* bytes of IPv4 options, or of an IPv6 header of them */
	bool has_routing, segments_left, has_fragment;
	unsigned int fragment;		/* bytes of a first one, 0: a whole packet */
	bool is_later;			/* ... or not the first one */
	bool no_sum;			/* of UDP */
	bool wrong_sum;			/* by one bit */
	u8 icmp_type;
	bool has_sll, has_tll;
	unsigned int payload, padding;
	u8 data[128];
};

/* How a packet is in memory. */
struct form {
	u8 ip_summed;
	bool paged, cloned, beside, gso;
};

static inline u32 below(u32 n)
{
	return get_random_u32() % n;
}

static inline bool chance(u32 n)
{
	return !below(n);
}

/* A packet under test. */
struct subject {
	struct model model;
	struct form form;
	struct vsw_port in;
	struct vsw_key key;
	struct vsw_key_layout layout;
	struct sk_buff *skb, *clone;
	u8 wanted[MAX_FRAME], got[MAX_FRAME], before[MAX_FRAME];
	unsigned int length_before;
};

static inline bool has_ports(const struct model *m)
{
	return m->proto == IPPROTO_TCP || m->proto == IPPROTO_UDP || m->proto == IPPROTO_SCTP;
}

static inline bool is_nd(const struct model *m)
{
	return m->kind == V6 && m->proto == IPPROTO_ICMPV6 &&
	       (m->icmp_type == 135 || m->icmp_type == 136);
}

/* A random packet, and a way to have it in memory. */
void model_random(struct model *m);
void model_form(const struct model *m, struct form *form);
/* The whole frame, as on a wire; how long it is. With @partial, its sum is to be made. */
unsigned int model_build(const struct model *m, u8 *frame, bool partial);
unsigned int model_wire(const struct sk_buff *skb, u8 *frame);
struct sk_buff *model_buffer(struct kunit *test, const u8 *frame, unsigned int len,
			     bool paged);
/* Make the packet that the model and the form say, and its key. */
void model_take_up(struct kunit *test, struct subject *s);
/* The packet is what the model is now, or the test fails; it goes. */
bool model_expect(struct kunit *test, struct subject *s, const char *what);

#endif /* _VSWITCH_REWRITE_MODEL_H */
