/* SPDX-License-Identifier: GPL-2.0 */
/* What the packet path asks of frames to reserved addresses; see reserved.c. */
#ifndef _VSWITCH_RESERVED_H
#define _VSWITCH_RESERVED_H

#include <linux/etherdevice.h>

#include "vswitch.h"

/* Where Cisco's spanning trees for each VLAN (PVST+, Rapid PVST+) send their BPDUs. */
static inline bool vsw_is_pvst(const u8 *dest)
{
	static const u8 pvst[ETH_ALEN] __aligned(2) = { 0x01, 0x00, 0x0c, 0xcc, 0xcc, 0xcd };

	return ether_addr_equal(dest, pvst);
}

/* Whether vsw_reserved_ends() is to be asked. */
static __always_inline bool vsw_is_reserved(const struct vsw_port *in, const u8 *dest,
					    unsigned long flags)
{
	if (!is_multicast_ether_addr(dest))
		return false;
	if (is_link_local_ether_addr(dest))
		return !(READ_ONCE(in->group_pass) & BIT(dest[5]));
	return unlikely(flags & VSW_PORT_PVST_ENDS) && vsw_is_pvst(dest);
}

/* Beside rx_handler_result_t. */
#define VSW_GOES_ON	(-1)

int vsw_reserved_ends(struct vsw_port *in, struct sk_buff *skb, unsigned long flags);

#endif /* _VSWITCH_RESERVED_H */
