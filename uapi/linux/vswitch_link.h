/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * rtnetlink attributes of the link kinds "vswitch" and "vnic" (rtnetlink(7)).
 *
 * IFLA_LINKINFO of a switch has IFLA_INFO_KIND "vswitch" and in IFLA_INFO_DATA
 * the IFLA_VSWITCH_* attributes. IFLA_LINKINFO of a port has IFLA_INFO_SLAVE_KIND
 * "vswitch" and in IFLA_INFO_SLAVE_DATA the IFLA_VSWITCH_PORT_* attributes.
 * IFLA_LINK of a vnic is the switch that it is a port of, and that it is made
 * with; IFLA_INFO_DATA has the IFLA_VNIC_* attributes.
 * Meanings, units and defaults are those of the attributes of the same name in
 * the Generic Netlink family "vswitch" (linux/vswitch.h). Two of them are nests of
 * attributes of that family itself.
 */
#ifndef _UAPI_LINUX_VSWITCH_LINK_H
#define _UAPI_LINUX_VSWITCH_LINK_H

enum {
	IFLA_VSWITCH_UNSPEC,
	IFLA_VSWITCH_AGEING_TIME,	/* u32, milliseconds; set, get */
	IFLA_VSWITCH_FDB_MAX,		/* u32, entries, 0 is no bound; set, get */
	IFLA_VSWITCH_FDB_COUNT,		/* u32; get */
	IFLA_VSWITCH_PORT_COUNT,	/* u32; get */
	IFLA_VSWITCH_VLAN_FILTERING,	/* u8, 0 or 1; set, get */
	IFLA_VSWITCH_VLAN_PROTOCOL,	/* u8, enum vswitch_vlan_protocol; set, get */
	IFLA_VSWITCH_VLAN_DEFAULT_PVID,	/* u16, 0 is none; set, get */
	/*
	 * A nest of VSWITCH_A_SWITCH_*: MCAST_*, LOOP_INTERVAL, DHCP_GUARD, RA_GUARD,
	 * PROMISCUOUS, MAC_CHANGES, FORGED_TRANSMITS, VLAN_STATS; set, get
	 */
	IFLA_VSWITCH_SETTINGS,

	__IFLA_VSWITCH_MAX,
	IFLA_VSWITCH_MAX = (__IFLA_VSWITCH_MAX - 1)
};

enum {
	IFLA_VSWITCH_PORT_UNSPEC,
	IFLA_VSWITCH_PORT_NUMBER,	/* u32; get */
	IFLA_VSWITCH_PORT_LEARNING,	/* u8, 0 or 1; set, get; likewise: */
	IFLA_VSWITCH_PORT_FLOOD,
	IFLA_VSWITCH_PORT_MCAST_FLOOD,
	IFLA_VSWITCH_PORT_BCAST_FLOOD,
	IFLA_VSWITCH_PORT_HAIRPIN,
	IFLA_VSWITCH_PORT_ISOLATED,
	IFLA_VSWITCH_PORT_GROUP_FWD_MASK, /* u16; set, get */
	IFLA_VSWITCH_PORT_FDB_MAX,	/* u32, entries, 0 is no bound; set, get */
	IFLA_VSWITCH_PORT_FDB_COUNT,	/* u32; get */
	IFLA_VSWITCH_PORT_SHUT,		/* u8, 0 or 1; set; get: the reason */
	IFLA_VSWITCH_PORT_RECOVERY,	/* u32, milliseconds, 0 is never; set, get */
	IFLA_VSWITCH_PORT_STATE,	/* u8, enum vswitch_port_state; set, get */
	IFLA_VSWITCH_PORT_BPDU_GUARD,	/* u8, 0 or 1; set, get; likewise: */
	IFLA_VSWITCH_PORT_BPDU_FILTER,
	IFLA_VSWITCH_PORT_LOOP_PROTECT,
	IFLA_VSWITCH_PORT_NEIGH_SUPPRESS,
	IFLA_VSWITCH_PORT_MCAST_FAST_LEAVE,
	IFLA_VSWITCH_PORT_MCAST_ROUTER,	/* u8, enum vswitch_mcast_router; set, get */
	IFLA_VSWITCH_PORT_MCAST_IS_ROUTER, /* u8, 0 or 1; get */
	IFLA_VSWITCH_PORT_MCAST_MAX_GROUPS, /* u32, 0 is no bound; set, get */
	IFLA_VSWITCH_PORT_MCAST_GROUP_COUNT, /* u32; get */
	IFLA_VSWITCH_PORT_GUARD,	/* nest of VSWITCH_A_GUARD_*; set, get */

	__IFLA_VSWITCH_PORT_MAX,
	IFLA_VSWITCH_PORT_MAX = (__IFLA_VSWITCH_PORT_MAX - 1)
};

enum {
	IFLA_VNIC_UNSPEC,
	IFLA_VNIC_PORT_NUMBER,		/* u32; get */

	__IFLA_VNIC_MAX,
	IFLA_VNIC_MAX = (__IFLA_VNIC_MAX - 1)
};

#endif /* _UAPI_LINUX_VSWITCH_LINK_H */
