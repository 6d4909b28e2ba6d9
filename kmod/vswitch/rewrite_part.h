/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of rewrite.c ask of each other. */
#ifndef _VSWITCH_REWRITE_PART_H
#define _VSWITCH_REWRITE_PART_H

#include <linux/skbuff.h>
#include <net/checksum.h>

#include "rewrite.h"

/* A packet that is being changed. */
struct vsw_rewrite {
	struct sk_buff *skb;
	struct vsw_key *key;
	struct vsw_key_layout *layout;
	bool writes_icmp;		/* ports are its type and code */
};

/* What became of a field; or -ENOMEM, and nothing was changed. */
enum {
	VSW_REWRITE_ABSENT = 0,		/* the packet has it not; or the key knows already */
	VSW_REWRITE_DONE = 1,
};

/* rewrite.c */
int vsw_rewrite_reach(struct sk_buff *skb, unsigned int length);
__wsum vsw_rewrite_put(struct sk_buff *skb, void *at, const void *bytes, unsigned int length);
void vsw_rewrite_sum(struct sk_buff *skb, __sum16 *sum, __wsum diff);

/*
 * Each of them writes field @number of the packet, not of the key, of which it is
 * @value; VLAN tags are the exception, where the key follows what the frame has.
 */
/* rewrite_ip.c */
int vsw_rewrite_ip(const struct vsw_rewrite *rw, unsigned int number, const void *value);
/* rewrite_arp.c */
int vsw_rewrite_arp(const struct vsw_rewrite *rw, unsigned int number, const void *value);
/* rewrite_transport.c */
int vsw_rewrite_transport(const struct vsw_rewrite *rw, unsigned int number,
			  const void *value);
unsigned int vsw_rewrite_reach_of_sum(const struct vsw_rewrite *rw);
void vsw_rewrite_addresses_sum(const struct vsw_rewrite *rw, __wsum diff);
/* rewrite_tunnel.c */
int vsw_rewrite_tunnel(const struct vsw_rewrite *rw, unsigned int number, const void *value);
/* rewrite_vlan.c */
int vsw_rewrite_tci(const struct vsw_rewrite *rw, __be16 tci);

/* Where a header is that has a place in the layout. */
static inline unsigned int vsw_rewrite_at(u16 place)
{
	return place - 1;
}

#endif /* _VSWITCH_REWRITE_PART_H */
