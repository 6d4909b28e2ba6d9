/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prefixes of addresses.
 */
#ifndef _VROUTER_PREFIX_H
#define _VROUTER_PREFIX_H

#include <linux/netfilter.h>

struct vrt_prefix {
	union nf_inet_addr addr;	/* zero behind an IPv4 address */
	u8 family;			/* NFPROTO_UNSPEC: any address of any family */
	u8 len;				/* at most 32 or 128 */
};

/* Bits that @len leaves open are ones in @mask, which is of 4 words. */
static inline void vrt_prefix_hosts(u8 family, u8 len, __be32 hosts[4])
{
	unsigned int i, words = family == NFPROTO_IPV4 ? 1 : 4;

	for (i = 0; i < 4; i++) {
		unsigned int bits = clamp_t(int, len - 32 * (int)i, 0, 32);

		hosts[i] = 0;
		if (i < words && bits < 32)
			hosts[i] = htonl(U32_MAX >> bits);
	}
}

/* Whether @addr, which is of the same family, is of @prefix. */
static inline bool vrt_prefix_has(const struct vrt_prefix *prefix, const union nf_inet_addr *addr)
{
	__be32 hosts[4];
	unsigned int i;

	vrt_prefix_hosts(prefix->family, prefix->len, hosts);
	for (i = 0; i < (prefix->family == NFPROTO_IPV4 ? 1 : 4); i++) {
		if ((addr->ip6[i] ^ prefix->addr.ip6[i]) & ~hosts[i])
			return false;
	}
	return true;
}

/* No bit of the address is behind its length. */
static inline bool vrt_prefix_is_exact(const struct vrt_prefix *prefix)
{
	__be32 hosts[4];
	unsigned int i;

	vrt_prefix_hosts(prefix->family, prefix->len, hosts);
	for (i = 0; i < 4; i++) {
		if (prefix->addr.ip6[i] & hosts[i])
			return false;
	}
	return true;
}

/* @addr with the bits that @prefix has: the counterpart that it has there. */
static inline void vrt_prefix_map(const struct vrt_prefix *prefix, const union nf_inet_addr *addr,
				  union nf_inet_addr *mapped)
{
	__be32 hosts[4];
	unsigned int i;

	vrt_prefix_hosts(prefix->family, prefix->len, hosts);
	for (i = 0; i < 4; i++)
		mapped->ip6[i] = prefix->addr.ip6[i] | (addr->ip6[i] & hosts[i]);
}

#endif /* _VROUTER_PREFIX_H */
