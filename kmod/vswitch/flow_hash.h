/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A keyed hash of words of a key: a sum of products with random numbers, which is universal,
 * so that nobody who does not know them can send packets, or add flows, that meet more often
 * than by chance. The end breaks the arithmetic progressions that rows of addresses make of
 * such a sum, which linear probing does not bear.
 */
#ifndef _VSWITCH_FLOW_HASH_H
#define _VSWITCH_FLOW_HASH_H

#include "key.h"

/* A number for each word, and two for the end, which are odd. */
extern u64 vsw_flow_hash_key[VSW_KEY_WORDS + 2];

struct vsw_flow_hash {
#ifdef __SIZEOF_INT128__
	unsigned __int128 sum;
#else
	u64 sum;
#endif
};

#ifdef __SIZEOF_INT128__
static inline void vsw_flow_hash_add(struct vsw_flow_hash *hash, u64 word, unsigned int i)
{
	hash->sum += (typeof(hash->sum))word * vsw_flow_hash_key[i];
}

static inline u64 vsw_flow_hash_fold(const struct vsw_flow_hash *hash)
{
	return (u64)(hash->sum >> 64) * vsw_flow_hash_key[VSW_KEY_WORDS] + (u64)hash->sum;
}
#else
static inline void vsw_flow_hash_add(struct vsw_flow_hash *hash, u64 word, unsigned int i)
{
	u64 key = vsw_flow_hash_key[i];

	hash->sum += (u64)((u32)word + (u32)key) * ((u32)(word >> 32) + (u32)(key >> 32));
}

static inline u64 vsw_flow_hash_fold(const struct vsw_flow_hash *hash)
{
	return hash->sum;
}
#endif

static inline u32 vsw_flow_hash_end(const struct vsw_flow_hash *hash)
{
	u64 h = vsw_flow_hash_fold(hash);

	h ^= h >> 32;
	return (h * vsw_flow_hash_key[VSW_KEY_WORDS + 1]) >> 32;
}

#endif /* _VSWITCH_FLOW_HASH_H */
