/* SPDX-License-Identifier: GPL-2.0 */
/* Connections, which the kernel's conntrack and NAT know of; the action "ct". */
#ifndef _VSWITCH_CONNTRACK_H
#define _VSWITCH_CONNTRACK_H

#include "action.h"
#include "stats.h"

struct netlink_ext_ack;
struct sk_buff;
struct vsw_port;

/* Words that tracking reads and writes; those behind them it writes only. */
#define VSW_CT_MAP \
	(VSW_KEY_MAP_OF(eth_type) | VSW_KEY_MAP_OF(ct_state) | VSW_KEY_MAP_OF(ct_mark) | \
	 VSW_KEY_MAP_OF(ct_zone))

/* ---- conntrack_check.c ---------------------------------------------------- */

/*
 * Whether @ct can be done with packets that match, which says what ct->family and
 * ct->ip_proto are. -EINVAL with a sentence.
 */
int vsw_ct_check(struct vsw_action_ct *ct, const struct vsw_key *key,
		 const struct vsw_key *mask, struct netlink_ext_ack *extack);
/* Whether both say the same; only one of them may have been checked and prepared. */
bool vsw_ct_is_equal(const struct vsw_action_ct *a, const struct vsw_action_ct *b);

/* ---- conntrack_template.c; a kernel without conntrack: conntrack_none.c ---- */

/*
 * Make the templates that ct actions of @actions don't have yet, for @sw; it may sleep, and
 * load the module of a helper. -EOPNOTSUPP, -ENOENT or -ENOMEM, with a sentence but for the
 * last; what was made goes with the actions.
 */
int vsw_ct_prepare(const struct vsw_actions *actions, const struct vsw_switch *sw,
		   struct netlink_ext_ack *extack);
/* What that made goes; nobody sees the program any more. Any context. */
void vsw_ct_release(struct vsw_actions *actions);

/* ---- conntrack.c, conntrack_fragment.c; likewise --------------------------- */

/*
 * @*pskb, with data behind the MAC header, which nobody else has, is tracked as @ct says;
 * key and layout are true afterwards, and have the state of the connection. VSW_DROP_COUNT,
 * or why it is to be dropped. *@pskb is NULL if it waits for its other fragments, or was
 * lost with them, which is counted. What was made of fragments has key->ct_gathered, and
 * in *@mru how long the longest was, in bytes from its IP header on: it has to leave in
 * such, see vsw_ct_fragment(). Under RCU with BH off.
 */
enum vsw_drop vsw_ct_track(const struct vsw_port *in, struct sk_buff **pskb,
			   struct vsw_key *key, struct vsw_key_layout *layout,
			   const struct vsw_action_ct *ct, u16 *mru);

/* It leaves, and nobody who gets it is to see a connection of ours. */
void vsw_ct_forget(struct sk_buff *skb);

/* @send takes @skb, with data behind its MAC header. */
typedef void (*vsw_ct_send_t)(const void *to, struct sk_buff *skb);

/*
 * Take @skb, which was gathered and has key and layout, apart into packets of at most @mru
 * bytes, each with the MAC header and the tag of the whole; @send takes them one after the
 * other, with @to. False: it is as it was, since it can't be; else it is gone. Under RCU with
 * BH off.
 */
bool vsw_ct_fragment(const struct vsw_port *in, struct sk_buff *skb, const struct vsw_key *key,
		     const struct vsw_key_layout *layout, u16 mru, vsw_ct_send_t send,
		     const void *to);

#endif /* _VSWITCH_CONNTRACK_H */
