/* SPDX-License-Identifier: GPL-2.0 */
/* What the packet path asks of loop protection; see loop.c. */
#ifndef _VSWITCH_LOOP_H
#define _VSWITCH_LOOP_H

#include "vswitch.h"

bool vsw_loop_closed(struct vsw_port *in, const struct sk_buff *skb);

/* Whether a multicast frame may be a probe of @sw. */
static __always_inline bool vsw_loop_probes(const struct vsw_switch *sw)
{
	return READ_ONCE(sw->loop.ports);
}

#endif /* _VSWITCH_LOOP_H */
