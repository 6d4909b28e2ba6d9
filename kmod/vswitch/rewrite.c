// SPDX-License-Identifier: GPL-2.0
/*
 * Change a packet's fields: what is said of one, in bits, becomes bytes of it. The
 * parts of the packet have files of their own.
 */
#include <linux/etherdevice.h>
#include <kunit/visibility.h>

#include "field_bits.h"
#include "rewrite_part.h"

#define VALUE_LEN	sizeof_field(struct vsw_action_set, value)

/*
 * Make the first @length bytes behind the MAC header, and that, ours to change, and
 * linear. VSW_REWRITE_ABSENT: there are not as many.
 */
int vsw_rewrite_reach(struct sk_buff *skb, unsigned int length)
{
	if (unlikely(skb->len < length))
		return VSW_REWRITE_ABSENT;
	return skb_ensure_writable(skb, length) ? -ENOMEM : VSW_REWRITE_DONE;
}

/*
 * The @length bytes @at, an even number at an even place of the packet, become
 * @bytes. What this adds to sums over them; that of the device (CHECKSUM_COMPLETE) is
 * told.
 */
__wsum vsw_rewrite_put(struct sk_buff *skb, void *at, const void *bytes, unsigned int length)
{
	__wsum diff = csum_sub(csum_partial(bytes, length, 0), csum_partial(at, length, 0));

	memcpy(at, bytes, length);
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_add(skb->csum, diff);
	return diff;
}

/* @diff was added to what @sum is over. One that was wrong stays as wrong as it was. */
void vsw_rewrite_sum(struct sk_buff *skb, __sum16 *sum, __wsum diff)
{
	__sum16 new = csum_fold(csum_add(diff, ~csum_unfold(*sum)));

	vsw_rewrite_put(skb, sum, &new, sizeof(new));
}

static int put_mac(struct sk_buff *skb, unsigned int number, const void *value)
{
	struct ethhdr *eth;

	/* It is in front of what the device's sum is over. */
	if (skb_ensure_writable(skb, 0))
		return -ENOMEM;
	eth = eth_hdr(skb);
	memcpy(number == VSWITCH_A_MATCH_ETH_DST ? eth->h_dest : eth->h_source, value, ETH_ALEN);
	return VSW_REWRITE_DONE;
}

/* Fields that more than one protocol has. */
static int put_network(const struct vsw_rewrite *rw, unsigned int number, const void *value)
{
	if (!rw->layout->network || rw->layout->is_snap)
		return VSW_REWRITE_ABSENT;
	switch (ntohs(rw->key->eth_type)) {
	case ETH_P_ARP:
	case ETH_P_RARP:
		return vsw_rewrite_arp(rw, number, value);
	case ETH_P_IP:
	case ETH_P_IPV6:
		return vsw_rewrite_ip(rw, number, value);
	}
	return VSW_REWRITE_ABSENT;
}

static int put_field(const struct vsw_rewrite *rw, unsigned int number, const void *value)
{
	switch (number) {
	case VSWITCH_A_MATCH_IN_PORT:
	case VSWITCH_A_MATCH_METADATA:
	case VSWITCH_A_MATCH_REG0 ... VSWITCH_A_MATCH_REG7:
		return VSW_REWRITE_DONE;
	case VSWITCH_A_MATCH_TUN_ID ... VSWITCH_A_MATCH_TUN_IPV6_DST:
		return vsw_rewrite_tunnel(rw, number, value);
	case VSWITCH_A_MATCH_MARK:
		memcpy(&rw->skb->mark, value, sizeof(rw->skb->mark));
		return VSW_REWRITE_DONE;
	case VSWITCH_A_MATCH_ETH_DST:
	case VSWITCH_A_MATCH_ETH_SRC:
		return put_mac(rw->skb, number, value);
	case VSWITCH_A_MATCH_IP_PROTO:
	case VSWITCH_A_MATCH_IP_TOS:
	case VSWITCH_A_MATCH_IP_TTL:
	case VSWITCH_A_MATCH_IPV4_SRC:
	case VSWITCH_A_MATCH_IPV4_DST:
	case VSWITCH_A_MATCH_IPV6_SRC:
	case VSWITCH_A_MATCH_IPV6_DST:
	case VSWITCH_A_MATCH_IPV6_LABEL:
	case VSWITCH_A_MATCH_TP_SRC:
	case VSWITCH_A_MATCH_TP_DST:
	case VSWITCH_A_MATCH_ARP_SHA:
	case VSWITCH_A_MATCH_ARP_THA:
	case VSWITCH_A_MATCH_ND_TARGET:
		return put_network(rw, number, value);
	}
	return VSW_REWRITE_ABSENT;
}

static bool is_of_tunnel(unsigned int number)
{
	return number >= VSWITCH_A_MATCH_TUN_ID && number <= VSWITCH_A_MATCH_TUN_IPV6_DST;
}

/* Field @number becomes @value, in the packet and the key. */
static bool change(const struct vsw_rewrite *rw, unsigned int number,
		   const struct vsw_field *field, const u8 *value)
{
	u8 *known = (u8 *)rw->key + field->offset;
	__be16 tci;
	int ret;

	/* By which tunnel a packet came does not say that it is to be sent so. */
	if (!memcmp(known, value, field->size) && !is_of_tunnel(number))
		return true;
	if (number == VSWITCH_A_MATCH_VLAN_TCI) {
		memcpy(&tci, value, sizeof(tci));
		return vsw_rewrite_tci(rw, tci) >= 0;
	}
	ret = put_field(rw, number, value);
	if (ret == VSW_REWRITE_DONE)
		memcpy(known, value, field->size);
	return ret >= 0;
}

bool vsw_rewrite_set(struct sk_buff *skb, struct vsw_key *key, struct vsw_key_layout *layout,
		     const struct vsw_action_set *set)
{
	const struct vsw_rewrite rw = { skb, key, layout, set->action.flags & VSW_WRITES_ICMP };
	const struct vsw_field *field = vsw_field(set->action.small);
	u8 value[VALUE_LEN], *known = (u8 *)key + field->offset;
	unsigned int i;

	for (i = 0; i < field->size; i++)
		value[i] = (known[i] & ~set->mask[i]) | set->value[i];
	return change(&rw, set->action.small, field, value);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_rewrite_set);

bool vsw_rewrite_move(struct sk_buff *skb, struct vsw_key *key, struct vsw_key_layout *layout,
		      const struct vsw_action_move *move)
{
	const struct vsw_field *from = vsw_field(move->src), *to = vsw_field(move->dst);
	const struct vsw_rewrite rw = { skb, key, layout, move->action.flags & VSW_WRITES_ICMP };
	u8 value[VALUE_LEN];

	memcpy(value, (u8 *)key + to->offset, to->size);
	vsw_field_copy(value, to, move->dst_offset, (u8 *)key + from->offset, from,
		       move->src_offset, move->action.value);
	return change(&rw, move->dst, to, value);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_rewrite_move);

static bool change_small(const struct vsw_rewrite *rw, unsigned int number, u8 value)
{
	return change(rw, number, vsw_field(number), &value);
}

/* Whether the EtherType says so, and what is behind it may be rewritten. */
static bool is_called_ip(const struct vsw_rewrite *rw)
{
	return !rw->layout->is_snap &&
	       (rw->key->eth_type == htons(ETH_P_IP) || rw->key->eth_type == htons(ETH_P_IPV6));
}

static bool is_ip(const struct vsw_rewrite *rw)
{
	return rw->layout->network && is_called_ip(rw);
}

bool vsw_rewrite_dscp(struct sk_buff *skb, struct vsw_key *key, struct vsw_key_layout *layout,
		      u8 dscp)
{
	const struct vsw_rewrite rw = { skb, key, layout };

	if (!is_ip(&rw))
		return true;
	return change_small(&rw, VSWITCH_A_MATCH_IP_TOS, (key->ip_tos & 3) | dscp << 2);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_rewrite_dscp);

bool vsw_rewrite_dec_ttl(struct sk_buff *skb, struct vsw_key *key,
			 struct vsw_key_layout *layout, bool *expired)
{
	const struct vsw_rewrite rw = { skb, key, layout };

	/* What is no header has no hop left. */
	*expired = is_called_ip(&rw) && (!layout->network || key->ip_ttl <= 1);
	if (!is_ip(&rw) || *expired)
		return true;
	return change_small(&rw, VSWITCH_A_MATCH_IP_TTL, key->ip_ttl - 1);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_rewrite_dec_ttl);
