/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames and bytes of each VLAN of a switch, if that has vlan-stats. Its ports that
 * filter by VLAN are VSW_PORT_COUNTED then, and for the slow walk.
 */
#ifndef _VSWITCH_VLAN_STATS_H
#define _VSWITCH_VLAN_STATS_H

#include "vswitch.h"

/* Under RCU with BH off: @len bytes with the Ethernet header, and without the VLAN's tag. */
void vsw_vlan_stats_rx(const struct vsw_switch *sw, u16 vid, unsigned int len);
void vsw_vlan_stats_tx(const struct vsw_switch *sw, u16 vid, unsigned int len);

#endif /* _VSWITCH_VLAN_STATS_H */
