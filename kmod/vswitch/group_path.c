// SPDX-License-Identifier: GPL-2.0
/* Which bucket of a group a packet goes through. */
#include <kunit/visibility.h>
#include <linux/in.h>

#include "count.h"
#include "group.h"
#include "maglev.h"
#include "tracer.h"
#include "vswitch.h"

/* Slots that are asked before the live buckets are looked for one by one. */
#define TRIES	32

const struct vsw_group *vsw_group_find(const struct vsw_flows *flows, u32 id)
{
	return xa_load((struct xarray *)&flows->groups, id);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_find);

u8 vsw_group_type(const struct vsw_group *group)
{
	return group->type;
}

vsw_key_map vsw_group_map(const struct vsw_group *group)
{
	return group->map;
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_map);

vsw_key_map vsw_group_hash_map(u8 hash)
{
	vsw_key_map macs = VSW_KEY_MAP_OF(eth_dst) | VSW_KEY_MAP_OF(eth_src);
	vsw_key_map addresses = macs | VSW_KEY_MAP_OF(eth_type) |
				GENMASK(offsetofend(struct vsw_key, ip) / sizeof(u64) - 1,
					offsetof(struct vsw_key, ip) / sizeof(u64));

	switch (hash) {
	case VSWITCH_GROUP_HASH_L2:
		return macs;
	case VSWITCH_GROUP_HASH_L3:
		return addresses;
	default:
		return addresses | VSW_KEY_MAP_OF(tp_src);
	}
}

const struct vsw_actions *vsw_bucket_actions(const struct vsw_bucket *bucket)
{
	return bucket->actions;
}

void vsw_group_hit(const struct vsw_group *group, unsigned int len)
{
	if (unlikely(vsw_tracing()))
		vsw_trace_group(group->id, group->type);
	else
		vsw_count_add(group->count, 1, len);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_hit);

void vsw_bucket_hit(const struct vsw_bucket *bucket, unsigned int len)
{
	if (unlikely(vsw_tracing()))
		vsw_trace_bucket(bucket->id);
	else
		vsw_count_add(bucket->count, 1, len);
}
EXPORT_SYMBOL_IF_KUNIT(vsw_bucket_hit);

/*
 * Whether what @bucket watches is live. A device's carrier is asked, too: flags follow it
 * only when the core gets round to tell of it. That of a vnic says nothing, see state.c.
 */
static bool is_live(const struct vsw_bucket *bucket, const struct vsw_switch *sw)
{
	const struct vsw_port_table *table;
	const struct vsw_port *port;
	unsigned long flags;

	if (likely(!bucket->watch))
		return true;
	table = rcu_dereference_raw(sw->port_table);
	if (bucket->watch_port >= table->size)
		return false;
	port = READ_ONCE(table->port[bucket->watch_port]);
	if (!port)
		return false;
	flags = READ_ONCE(port->flags);
	if ((flags & (VSW_PORT_LIVE | VSW_PORT_SHUT)) != VSW_PORT_LIVE)
		return false;
	return (flags & (VSW_PORT_VNIC | VSW_PORT_HOST)) || netif_carrier_ok(port->dev);
}

/* ---- the hash ------------------------------------------------------------- */

static u32 hash_of_macs(const struct vsw_group *group, const struct vsw_key *key)
{
	u64 mac[2] = { ether_addr_to_u64(key->eth_src), ether_addr_to_u64(key->eth_dst) };

	if (group->hash == VSWITCH_GROUP_HASH_SYMMETRIC_L4 && mac[0] > mac[1])
		swap(mac[0], mac[1]);
	return hsiphash(mac, sizeof(mac), &group->key);
}

/* Only a first fragment would have them, and all are to go the same way. */
static bool has_ports(const struct vsw_key *key)
{
	return !key->ip_frag && (key->ip_proto == IPPROTO_TCP || key->ip_proto == IPPROTO_UDP ||
				 key->ip_proto == IPPROTO_SCTP);
}

/* Of the two directions of a connection, the one that counts as it is. */
static bool is_turned(const struct vsw_key *key, bool is_v4, bool ports)
{
	int order = is_v4 ? memcmp(&key->ip.ipv4_src, &key->ip.ipv4_dst, sizeof(__be32)) :
			    ipv6_addr_cmp(&key->ip.ipv6_src, &key->ip.ipv6_dst);

	if (!order && ports)
		order = (int)ntohs(key->tp_src) - (int)ntohs(key->tp_dst);
	return order > 0;
}

static u32 hash_of_ip(const struct vsw_group *group, const struct vsw_key *key, bool is_v4)
{
	bool ports = group->hash != VSWITCH_GROUP_HASH_L3 && has_ports(key);
	__be16 src = ports ? key->tp_src : 0, dst = ports ? key->tp_dst : 0;
	const u64 *address = &key->word[offsetof(struct vsw_key, ip) / sizeof(u64)];
	u32 half = is_v4 ? 0 : 2, words = 0;
	bool turned = false;
	u64 word[5], proto;

	if (group->hash == VSWITCH_GROUP_HASH_SYMMETRIC_L4)
		turned = is_turned(key, is_v4, ports);
	if (turned)
		swap(src, dst);
	if (is_v4) {
		word[words++] = turned ? rol64(address[0], 32) : address[0];
	} else {
		for (; words < 4; words++)
			word[words] = address[turned ? words ^ half : words];
	}
	if (group->hash != VSWITCH_GROUP_HASH_L3) {
		/* Only the first one of IPv6 says what is in it. */
		proto = key->ip_frag && !is_v4 ? IPPROTO_FRAGMENT : key->ip_proto;
		word[words++] = proto << 32 | (u32)ntohs(src) << 16 | ntohs(dst);
	}
	return hsiphash(word, words * sizeof(*word), &group->key);
}

/* What is not IP has but its MACs. */
static u32 hash_of(const struct vsw_group *group, const struct vsw_key *key)
{
	if (group->hash == VSWITCH_GROUP_HASH_L2)
		return hash_of_macs(group, key);
	if (key->eth_type == htons(ETH_P_IP))
		return hash_of_ip(group, key, true);
	if (key->eth_type == htons(ETH_P_IPV6))
		return hash_of_ip(group, key, false);
	return hash_of_macs(group, key);
}

/* ---- the bucket ----------------------------------------------------------- */

/* The first live one from *@i on, which is the one behind it then; or NULL. */
static const struct vsw_bucket *first_live(const struct vsw_group *group,
					   const struct vsw_switch *sw, u32 *i)
{
	const struct vsw_bucket *bucket;

	while (*i < group->bucket_count) {
		bucket = &group->bucket[(*i)++];
		if (is_live(bucket, sw))
			return bucket;
	}
	return NULL;
}

/* Few or none are live: one of them, the same as long as they are the same. */
static noinline const struct vsw_bucket *any_live(const struct vsw_group *group,
						  const struct vsw_switch *sw, u32 hash)
{
	u32 i, at = reciprocal_scale(hash, group->bucket_count);
	const struct vsw_bucket *bucket;

	for (i = 0; i < group->bucket_count; i++) {
		bucket = &group->bucket[at];
		if (bucket->weight && is_live(bucket, sw))
			return bucket;
		if (++at == group->bucket_count)
			at = 0;
	}
	return NULL;
}

/*
 * What a dead bucket has is others', in proportion to their weights: slots are asked by one
 * hash after the other (the generator of Numerical Recipes, whose upper bits count here).
 */
static const struct vsw_bucket *by_hash(const struct vsw_group *group, const struct vsw_switch *sw,
					const struct vsw_key *key)
{
	const struct vsw_bucket *bucket;
	u32 hash = hash_of(group, key), i;

	for (i = 0; i < TRIES; i++) {
		bucket = &group->bucket[group->slot[reciprocal_scale(hash, VSW_MAGLEV_SLOTS)]];
		if (likely(is_live(bucket, sw)))
			return bucket;
		hash = hash * 1664525 + 1013904223;
	}
	return any_live(group, sw, hash);
}

const struct vsw_bucket *vsw_group_select(const struct vsw_group *group,
					  const struct vsw_switch *sw, const struct vsw_key *key,
					  u32 *i)
{
	u32 first = 0;

	switch (group->type) {
	case VSWITCH_GROUP_TYPE_SELECT:
		return group->slot ? by_hash(group, sw, key) : NULL;
	case VSWITCH_GROUP_TYPE_ALL:
		return first_live(group, sw, i);
	default:
		return first_live(group, sw, &first);
	}
}
EXPORT_SYMBOL_IF_KUNIT(vsw_group_select);
