// SPDX-License-Identifier: GPL-2.0
/*
 * What a packet is to be sent by, when it leaves by a tunnel's device that takes this from
 * the packet (vxlan and geneve "external"): a destination beside it, as of routes.
 *
 * They are the same for many packets, so each CPU keeps those that it made last, and packets
 * have references to them. A destination is never changed.
 */
#include <net/dst_metadata.h>
#include <net/ip_tunnels.h>

#include "flow_hash.h"
#include "rewrite_part.h"

#define FIRST_WORD	VSW_KEY_WORD_OF(tun_id)
#define WORDS		VSW_KEY_TUNNEL_WORDS

/* OVS's default. */
#define HOPS		64

#define SLOTS		64

/* Words of a key from tun_id on. */
union endpoints {
	u64 word[WORDS];
	struct {
		__be64 id;
		__be32 ipv4_src, ipv4_dst;
		struct in6_addr ipv6_src, ipv6_dst;
	};
};

struct slot {
	union endpoints is;
	struct metadata_dst *dst;	/* or NULL */
};

/* Written with BH off by its CPU; on PREEMPT_RT under the lock of pipeline.c, too. */
struct slots {
	struct slot slot[SLOTS];
};

static struct slots __percpu *all_slots;

int __init vsw_rewrite_tunnel_init(void)
{
	BUILD_BUG_ON(sizeof(union endpoints) != WORDS * sizeof(u64));
	all_slots = alloc_percpu(struct slots);
	return all_slots ? 0 : -ENOMEM;
}

static void release(struct metadata_dst *dst)
{
	if (dst)
		dst_release(&dst->dst);
}

void vsw_rewrite_tunnel_exit(void)
{
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu) {
		for (i = 0; i < SLOTS; i++)
			release(per_cpu_ptr(all_slots, cpu)->slot[i].dst);
	}
	free_percpu(all_slots);
}

static bool is_ipv6(const union endpoints *is)
{
	return !ipv6_addr_any(&is->ipv6_dst);
}

static struct metadata_dst *make(const union endpoints *is)
{
	struct metadata_dst *dst;
	struct ip_tunnel_info *info;
	struct ip_tunnel_key *key;

	dst = metadata_dst_alloc(0, METADATA_IP_TUNNEL, GFP_ATOMIC | __GFP_NOWARN);
	if (!dst)
		return NULL;
	info = &dst->u.tun_info;
	key = &info->key;
	info->mode = IP_TUNNEL_INFO_TX;
	key->tun_id = is->id;
	key->ttl = HOPS;
	vsw_tunnel_flag_set(key, KEY);
	vsw_tunnel_flag_set(key, DONT_FRAGMENT);
	if (is_ipv6(is)) {
		info->mode |= IP_TUNNEL_INFO_IPV6;
		key->u.ipv6.src = is->ipv6_src;
		key->u.ipv6.dst = is->ipv6_dst;
		/* UDP without one is nothing that receivers take of IPv6. */
		vsw_tunnel_flag_set(key, CSUM);
	} else {
		key->u.ipv4.src = is->ipv4_src;
		key->u.ipv4.dst = is->ipv4_dst;
	}
	return dst;
}

static struct slot *slot_of(const union endpoints *is)
{
	struct vsw_flow_hash hash = {};
	unsigned int i;

	for (i = 0; i < WORDS; i++)
		vsw_flow_hash_add(&hash, is->word[i], i);
	return &this_cpu_ptr(all_slots)->slot[vsw_flow_hash_end(&hash) % SLOTS];
}

/* One that is the slot's, or NULL without memory. */
static struct metadata_dst *get(const union endpoints *is)
{
	struct slot *slot = slot_of(is);
	struct metadata_dst *dst;

	if (likely(slot->dst && !memcmp(&slot->is, is, sizeof(*is))))
		return slot->dst;
	dst = make(is);
	if (!dst)
		return NULL;
	release(slot->dst);
	slot->is = *is;
	slot->dst = dst;
	return dst;
}

/* The packet goes by one of IPv4 or IPv6, and the address that was set last says by which. */
static void forget_other(union endpoints *is, unsigned int number)
{
	switch (number) {
	case VSWITCH_A_MATCH_TUN_IPV4_SRC:
	case VSWITCH_A_MATCH_TUN_IPV4_DST:
		is->ipv6_src = in6addr_any;
		is->ipv6_dst = in6addr_any;
		break;
	case VSWITCH_A_MATCH_TUN_IPV6_SRC:
	case VSWITCH_A_MATCH_TUN_IPV6_DST:
		is->ipv4_src = 0;
		is->ipv4_dst = 0;
		break;
	}
}

/* Field @number becomes @value, and the packet is to be sent as all of them then say. */
int vsw_rewrite_tunnel(const struct vsw_rewrite *rw, unsigned int number, const void *value)
{
	const struct vsw_field *field = vsw_field(number);
	u64 *known = &rw->key->word[FIRST_WORD];
	struct metadata_dst *dst;
	union endpoints is;

	memcpy(&is, known, sizeof(is));
	memcpy((u8 *)&is + field->offset - FIRST_WORD * sizeof(u64), value, field->size);
	forget_other(&is, number);
	dst = get(&is);
	if (unlikely(!dst))
		return -ENOMEM;
	skb_dst_drop(rw->skb);
	dst_hold(&dst->dst);
	skb_dst_set(rw->skb, &dst->dst);
	memcpy(known, &is, sizeof(is));
	return VSW_REWRITE_DONE;
}
