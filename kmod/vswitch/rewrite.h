/* SPDX-License-Identifier: GPL-2.0 */
/* Change a packet's fields, with all checksums that say something of them. */
#ifndef _VSWITCH_REWRITE_H
#define _VSWITCH_REWRITE_H

#include "action.h"

struct sk_buff;

/*
 * All of these work on a packet with its data behind the MAC header, which nobody else has
 * (it may be cloned: they copy what they write), on *@key of it, of which the words that
 * vsw_actions_check() found are there, and on where its headers are; both are kept true.
 * A field that the packet has not is left alone. False: no memory; the packet is still the
 * caller's and whole.
 */
bool vsw_rewrite_set(struct sk_buff *skb, struct vsw_key *key, struct vsw_key_layout *layout,
		     const struct vsw_action_set *set);
bool vsw_rewrite_move(struct sk_buff *skb, struct vsw_key *key, struct vsw_key_layout *layout,
		      const struct vsw_action_move *move);
bool vsw_rewrite_push_vlan(struct sk_buff *skb, struct vsw_key *key,
			   struct vsw_key_layout *layout, u16 ethertype);
bool vsw_rewrite_pop_vlan(struct sk_buff *skb, struct vsw_key *key,
			  struct vsw_key_layout *layout);
bool vsw_rewrite_dscp(struct sk_buff *skb, struct vsw_key *key, struct vsw_key_layout *layout,
		      u8 dscp);
/* *@expired: it has no hop left, or no whole header of IP, and was not changed. */
bool vsw_rewrite_dec_ttl(struct sk_buff *skb, struct vsw_key *key,
			 struct vsw_key_layout *layout, bool *expired);

/* rewrite_tunnel.c */
int vsw_rewrite_tunnel_init(void);
void vsw_rewrite_tunnel_exit(void);	/* no packet is rewritten any more */

#endif /* _VSWITCH_REWRITE_H */
