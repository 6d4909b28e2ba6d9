/* SPDX-License-Identifier: GPL-2.0 */
/* What the packet path asks of frames to reserved addresses; see reserved.c. */
#ifndef _VSWITCH_RESERVED_H
#define _VSWITCH_RESERVED_H

#include <linux/etherdevice.h>

#include "vswitch.h"

static __always_inline bool vsw_is_reserved(const struct vsw_port *in, const u8 *dest)
{
	return is_multicast_ether_addr(dest) && is_link_local_ether_addr(dest) &&
	       !(READ_ONCE(in->group_pass) & BIT(dest[5]));
}

/* Beside rx_handler_result_t. */
#define VSW_GOES_ON	(-1)

int vsw_reserved_ends(struct vsw_port *in, struct sk_buff *skb, unsigned long flags);

#endif /* _VSWITCH_RESERVED_H */
