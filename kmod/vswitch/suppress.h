/* SPDX-License-Identifier: GPL-2.0 */
/* Questions for neighbours that the switch answers itself, instead of flooding them. */
#ifndef _VSWITCH_SUPPRESS_H
#define _VSWITCH_SUPPRESS_H

#include "vswitch.h"

/*
 * Among the flags of vsw_flood(): but not to ports with neigh-suppress; if there is
 * no other, that is no loss.
 */
#define VSW_FLOOD_SPARED	VSW_PORT_NEIGH_SUPPRESS

unsigned long vsw_suppress(struct vsw_port *in, const struct sk_buff *skb, u16 vid);

#endif /* _VSWITCH_SUPPRESS_H */
