/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What may come in by a port, judged by what it says: source guard, DHCP guard and
 * RA guard. What is on is told by the flags of the port's guard.
 */
#ifndef _VSWITCH_SOURCE_H
#define _VSWITCH_SOURCE_H

#include "vswitch.h"

#define VSW_SOURCE_FLAGS	(VSW_GUARD_SOURCE | VSW_GUARD_DHCP | VSW_GUARD_RA)

bool vsw_source_admit(const struct vsw_port *in, const struct sk_buff *skb, u16 vid,
		      u32 flags, enum vsw_drop *reason);

struct vsw_seen;
/* rogue.c */
bool vsw_is_dhcp_server(const struct sk_buff *skb, const struct vsw_seen *seen);
bool vsw_is_router(const struct sk_buff *skb, const struct vsw_seen *seen);

#endif /* _VSWITCH_SOURCE_H */
