/* SPDX-License-Identifier: GPL-2.0 */
/* Packets for who listens. Under RCU with BH off; the packet stays the caller's. */
#ifndef _VSWITCH_PACKET_IN_H
#define _VSWITCH_PACKET_IN_H

#include "action.h"
#include "vswitch.h"

/* Whether somebody was told of @skb, which a flow of @table with @cookie says. */
bool vsw_packet_in_action(const struct vsw_port *in, const struct sk_buff *skb,
			  const struct vsw_action *action, u8 table, u64 cookie);
/* Likewise, of what no flow of @table matches. */
bool vsw_packet_in_miss(const struct vsw_port *in, const struct sk_buff *skb, u8 table);

#endif /* _VSWITCH_PACKET_IN_H */
