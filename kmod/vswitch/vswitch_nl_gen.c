// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vswitch.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "vswitch_nl_gen.h"

#include <uapi/linux/vswitch.h>

/* Integer value ranges */
static const struct netlink_range_validation vswitch_a_switch_mtu_range = {
	.min	= 68ULL,
	.max	= 65535ULL,
};

static const struct netlink_range_validation vswitch_a_switch_ageing_time_range = {
	.max	= VSWITCH_MAX_AGEING_TIME,
};

static const struct netlink_range_validation vswitch_a_switch_mcast_query_interval_range = {
	.min	= 1000ULL,
	.max	= VSWITCH_MAX_MCAST_INTERVAL,
};

static const struct netlink_range_validation vswitch_a_switch_mcast_query_response_interval_range = {
	.min	= 100ULL,
	.max	= 3174400ULL,
};

static const struct netlink_range_validation vswitch_a_switch_mcast_last_member_interval_range = {
	.min	= 100ULL,
	.max	= 3174400ULL,
};

static const struct netlink_range_validation vswitch_a_switch_mcast_startup_query_interval_range = {
	.min	= 1000ULL,
	.max	= VSWITCH_MAX_MCAST_INTERVAL,
};

static const struct netlink_range_validation vswitch_a_switch_mcast_membership_interval_range = {
	.min	= 1000ULL,
	.max	= 100000000ULL,
};

static const struct netlink_range_validation vswitch_a_switch_mcast_querier_interval_range = {
	.min	= 1000ULL,
	.max	= 100000000ULL,
};

static const struct netlink_range_validation vswitch_a_switch_mcast_max_groups_range = {
	.min	= 1ULL,
	.max	= 1048576ULL,
};

static const struct netlink_range_validation vswitch_a_switch_loop_interval_range = {
	.min	= VSWITCH_MIN_LOOP_INTERVAL,
	.max	= VSWITCH_MAX_LOOP_INTERVAL,
};

static const struct netlink_range_validation vswitch_a_port_recovery_range = {
	.max	= VSWITCH_MAX_RECOVERY,
};

static const struct netlink_range_validation vswitch_a_mirror_truncate_range = {
	.max	= 65535ULL,
};

/* Common nested types */
const struct nla_policy vswitch_guard_nl_policy[VSWITCH_A_GUARD_FORGED_TRANSMITS + 1] = {
	[VSWITCH_A_GUARD_LOCKED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_GUARD_SOURCE_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_GUARD_DHCP_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_GUARD_DHCP_TRUSTED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_GUARD_RA_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_GUARD_RA_TRUSTED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_GUARD_MAB] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_GUARD_MAX_MACS] = { .type = NLA_U32, },
	[VSWITCH_A_GUARD_VIOLATION] = NLA_POLICY_MAX(NLA_U8, 2),
	[VSWITCH_A_GUARD_STICKY_MACS] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_GUARD_STORM_BROADCAST_PPS] = { .type = NLA_U32, },
	[VSWITCH_A_GUARD_STORM_BROADCAST_KBPS] = { .type = NLA_U32, },
	[VSWITCH_A_GUARD_STORM_MULTICAST_PPS] = { .type = NLA_U32, },
	[VSWITCH_A_GUARD_STORM_MULTICAST_KBPS] = { .type = NLA_U32, },
	[VSWITCH_A_GUARD_STORM_UNKNOWN_PPS] = { .type = NLA_U32, },
	[VSWITCH_A_GUARD_STORM_UNKNOWN_KBPS] = { .type = NLA_U32, },
	[VSWITCH_A_GUARD_PROMISCUOUS] = NLA_POLICY_MAX(NLA_U8, 2),
	[VSWITCH_A_GUARD_MAC_CHANGES] = NLA_POLICY_MAX(NLA_U8, 2),
	[VSWITCH_A_GUARD_FORGED_TRANSMITS] = NLA_POLICY_MAX(NLA_U8, 2),
};

/* VSWITCH_CMD_SWITCH_NEW - do */
const struct nla_policy vswitch_switch_new_nl_policy[VSWITCH_A_SWITCH_VLAN_STATS + 1] = {
	[VSWITCH_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_SWITCH_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
	[VSWITCH_A_SWITCH_MTU] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mtu_range),
	[VSWITCH_A_SWITCH_AGEING_TIME] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_ageing_time_range),
	[VSWITCH_A_SWITCH_FDB_MAX] = { .type = NLA_U32, },
	[VSWITCH_A_SWITCH_VLAN_FILTERING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_DHCP_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_RA_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_VLAN_PROTOCOL] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_VLAN_DEFAULT_PVID] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_SWITCH_MCAST_SNOOPING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_MCAST_QUERIER] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_MCAST_IGMP_VERSION] = NLA_POLICY_RANGE(NLA_U8, 2, 3),
	[VSWITCH_A_SWITCH_MCAST_MLD_VERSION] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_query_interval_range),
	[VSWITCH_A_SWITCH_MCAST_QUERY_RESPONSE_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_query_response_interval_range),
	[VSWITCH_A_SWITCH_MCAST_LAST_MEMBER_COUNT] = NLA_POLICY_RANGE(NLA_U8, 1, 10),
	[VSWITCH_A_SWITCH_MCAST_LAST_MEMBER_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_last_member_interval_range),
	[VSWITCH_A_SWITCH_MCAST_STARTUP_QUERY_COUNT] = NLA_POLICY_MAX(NLA_U8, 10),
	[VSWITCH_A_SWITCH_MCAST_STARTUP_QUERY_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_startup_query_interval_range),
	[VSWITCH_A_SWITCH_MCAST_MEMBERSHIP_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_membership_interval_range),
	[VSWITCH_A_SWITCH_MCAST_QUERIER_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_querier_interval_range),
	[VSWITCH_A_SWITCH_MCAST_MAX_GROUPS] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_max_groups_range),
	[VSWITCH_A_SWITCH_LOOP_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_loop_interval_range),
	[VSWITCH_A_SWITCH_PROMISCUOUS] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[VSWITCH_A_SWITCH_MAC_CHANGES] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[VSWITCH_A_SWITCH_FORGED_TRANSMITS] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[VSWITCH_A_SWITCH_VLAN_STATS] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VSWITCH_CMD_SWITCH_SET - do */
const struct nla_policy vswitch_switch_set_nl_policy[VSWITCH_A_SWITCH_VLAN_STATS + 1] = {
	[VSWITCH_A_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_SWITCH_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
	[VSWITCH_A_SWITCH_MTU] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mtu_range),
	[VSWITCH_A_SWITCH_AGEING_TIME] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_ageing_time_range),
	[VSWITCH_A_SWITCH_FDB_MAX] = { .type = NLA_U32, },
	[VSWITCH_A_SWITCH_VLAN_FILTERING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_DHCP_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_RA_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_VLAN_PROTOCOL] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_VLAN_DEFAULT_PVID] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_SWITCH_MCAST_SNOOPING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_MCAST_QUERIER] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_MCAST_IGMP_VERSION] = NLA_POLICY_RANGE(NLA_U8, 2, 3),
	[VSWITCH_A_SWITCH_MCAST_MLD_VERSION] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_query_interval_range),
	[VSWITCH_A_SWITCH_MCAST_QUERY_RESPONSE_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_query_response_interval_range),
	[VSWITCH_A_SWITCH_MCAST_LAST_MEMBER_COUNT] = NLA_POLICY_RANGE(NLA_U8, 1, 10),
	[VSWITCH_A_SWITCH_MCAST_LAST_MEMBER_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_last_member_interval_range),
	[VSWITCH_A_SWITCH_MCAST_STARTUP_QUERY_COUNT] = NLA_POLICY_MAX(NLA_U8, 10),
	[VSWITCH_A_SWITCH_MCAST_STARTUP_QUERY_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_startup_query_interval_range),
	[VSWITCH_A_SWITCH_MCAST_MEMBERSHIP_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_membership_interval_range),
	[VSWITCH_A_SWITCH_MCAST_QUERIER_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_querier_interval_range),
	[VSWITCH_A_SWITCH_MCAST_MAX_GROUPS] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_mcast_max_groups_range),
	[VSWITCH_A_SWITCH_LOOP_INTERVAL] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_switch_loop_interval_range),
	[VSWITCH_A_SWITCH_PRIVATE_VLANS] = { .type = NLA_BINARY, },
	[VSWITCH_A_SWITCH_PROMISCUOUS] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[VSWITCH_A_SWITCH_MAC_CHANGES] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[VSWITCH_A_SWITCH_FORGED_TRANSMITS] = NLA_POLICY_RANGE(NLA_U8, 1, 2),
	[VSWITCH_A_SWITCH_PRIVATE_MASK] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_SET_LEN),
	[VSWITCH_A_SWITCH_VLAN_STATS] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VSWITCH_CMD_SWITCH_DEL - do */
const struct nla_policy vswitch_switch_del_nl_policy[VSWITCH_A_SWITCH_NAME + 1] = {
	[VSWITCH_A_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
};

/* VSWITCH_CMD_SWITCH_GET - do */
const struct nla_policy vswitch_switch_get_nl_policy[VSWITCH_A_SWITCH_NAME + 1] = {
	[VSWITCH_A_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
};

/* VSWITCH_CMD_PORT_NEW - do */
const struct nla_policy vswitch_port_new_nl_policy[VSWITCH_A_PORT_LOOP_PROTECT + 1] = {
	[VSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_PORT_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_PORT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_MCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_BCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_HAIRPIN] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_ISOLATED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_GROUP_FWD_MASK] = { .type = NLA_U16, },
	[VSWITCH_A_PORT_FDB_MAX] = { .type = NLA_U32, },
	[VSWITCH_A_PORT_PVID] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_PORT_VLAN] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_SET_LEN),
	[VSWITCH_A_PORT_VLAN_UNTAGGED] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_SET_LEN),
	[VSWITCH_A_PORT_GUARD] = NLA_POLICY_NESTED(vswitch_guard_nl_policy),
	[VSWITCH_A_PORT_SHUT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_RECOVERY] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_port_recovery_range),
	[VSWITCH_A_PORT_STATE] = NLA_POLICY_MAX(NLA_U8, 4),
	[VSWITCH_A_PORT_BPDU_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_BPDU_FILTER] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_VLAN_TUNNEL] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_CVLANS] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_SET_LEN),
	[VSWITCH_A_PORT_VLAN_MAP] = { .type = NLA_BINARY, },
	[VSWITCH_A_PORT_MCAST_ROUTER] = NLA_POLICY_MAX(NLA_U8, 3),
	[VSWITCH_A_PORT_MCAST_FAST_LEAVE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_MCAST_MAX_GROUPS] = { .type = NLA_U32, },
	[VSWITCH_A_PORT_NEIGH_SUPPRESS] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_LOOP_PROTECT] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VSWITCH_CMD_PORT_SET - do */
const struct nla_policy vswitch_port_set_nl_policy[VSWITCH_A_PORT_VLAN_MASK + 1] = {
	[VSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_PORT_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_PORT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_MCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_BCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_HAIRPIN] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_ISOLATED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_GROUP_FWD_MASK] = { .type = NLA_U16, },
	[VSWITCH_A_PORT_FDB_MAX] = { .type = NLA_U32, },
	[VSWITCH_A_PORT_ALIAS] = { .type = NLA_NUL_STRING, .len = 255, },
	[VSWITCH_A_PORT_PVID] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_PORT_VLAN] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_SET_LEN),
	[VSWITCH_A_PORT_VLAN_UNTAGGED] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_SET_LEN),
	[VSWITCH_A_PORT_GUARD] = NLA_POLICY_NESTED(vswitch_guard_nl_policy),
	[VSWITCH_A_PORT_SHUT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_RECOVERY] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_port_recovery_range),
	[VSWITCH_A_PORT_STATE] = NLA_POLICY_MAX(NLA_U8, 4),
	[VSWITCH_A_PORT_BPDU_GUARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_BPDU_FILTER] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_VLAN_TUNNEL] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_CVLANS] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_SET_LEN),
	[VSWITCH_A_PORT_VLAN_MAP] = { .type = NLA_BINARY, },
	[VSWITCH_A_PORT_MCAST_ROUTER] = NLA_POLICY_MAX(NLA_U8, 3),
	[VSWITCH_A_PORT_MCAST_FAST_LEAVE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_MCAST_MAX_GROUPS] = { .type = NLA_U32, },
	[VSWITCH_A_PORT_NEIGH_SUPPRESS] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_LOOP_PROTECT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_VLAN_MASK] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_SET_LEN),
};

/* VSWITCH_CMD_PORT_DEL - do */
const struct nla_policy vswitch_port_del_nl_policy[VSWITCH_A_PORT_NUMBER + 1] = {
	[VSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_PORT_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_PORT_NUMBER] = { .type = NLA_U32, },
};

/* VSWITCH_CMD_PORT_GET - do */
const struct nla_policy vswitch_port_get_nl_policy[VSWITCH_A_PORT_NUMBER + 1] = {
	[VSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_PORT_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_PORT_NUMBER] = { .type = NLA_U32, },
};

/* VSWITCH_CMD_FDB_NEW - do */
const struct nla_policy vswitch_fdb_new_nl_policy[VSWITCH_A_FDB_PORT_NUMBER + 1] = {
	[VSWITCH_A_FDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_FDB_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_FDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_FDB_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
	[VSWITCH_A_FDB_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_FDB_TYPE] = NLA_POLICY_MAX(NLA_U8, 2),
	[VSWITCH_A_FDB_STICKY] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VSWITCH_CMD_FDB_SET - do */
const struct nla_policy vswitch_fdb_set_nl_policy[VSWITCH_A_FDB_PORT_NUMBER + 1] = {
	[VSWITCH_A_FDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_FDB_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_FDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_FDB_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
	[VSWITCH_A_FDB_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_FDB_TYPE] = NLA_POLICY_MAX(NLA_U8, 2),
	[VSWITCH_A_FDB_STICKY] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VSWITCH_CMD_FDB_DEL - do */
const struct nla_policy vswitch_fdb_del_nl_policy[VSWITCH_A_FDB_PORT_NUMBER + 1] = {
	[VSWITCH_A_FDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_FDB_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_FDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_FDB_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
	[VSWITCH_A_FDB_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
};

/* VSWITCH_CMD_FDB_GET - do */
const struct nla_policy vswitch_fdb_get_nl_policy[VSWITCH_A_FDB_PORT_NUMBER + 1] = {
	[VSWITCH_A_FDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_FDB_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_FDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_FDB_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
	[VSWITCH_A_FDB_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_FDB_TYPE] = NLA_POLICY_MAX(NLA_U8, 2),
};

/* VSWITCH_CMD_FDB_FLUSH - do */
const struct nla_policy vswitch_fdb_flush_nl_policy[VSWITCH_A_FDB_PORT_NUMBER + 1] = {
	[VSWITCH_A_FDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_FDB_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_FDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_FDB_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_FDB_TYPE] = NLA_POLICY_MAX(NLA_U8, 2),
};

/* VSWITCH_CMD_MIRROR_NEW - do */
const struct nla_policy vswitch_mirror_new_nl_policy[VSWITCH_A_MIRROR_SAMPLE + 1] = {
	[VSWITCH_A_MIRROR_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MIRROR_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MIRROR_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MIRROR_IN] = { .type = NLA_BINARY, },
	[VSWITCH_A_MIRROR_OUT] = { .type = NLA_BINARY, },
	[VSWITCH_A_MIRROR_VLAN] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_SET_LEN),
	[VSWITCH_A_MIRROR_TO_TYPE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_MIRROR_TO_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MIRROR_TO_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MIRROR_TO_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_MIRROR_FORWARDING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_MIRROR_TRUNCATE] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_mirror_truncate_range),
	[VSWITCH_A_MIRROR_SAMPLE] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VSWITCH_CMD_MIRROR_SET - do */
const struct nla_policy vswitch_mirror_set_nl_policy[VSWITCH_A_MIRROR_SAMPLE + 1] = {
	[VSWITCH_A_MIRROR_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MIRROR_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MIRROR_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MIRROR_IN] = { .type = NLA_BINARY, },
	[VSWITCH_A_MIRROR_OUT] = { .type = NLA_BINARY, },
	[VSWITCH_A_MIRROR_VLAN] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_SET_LEN),
	[VSWITCH_A_MIRROR_TO_TYPE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_MIRROR_TO_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MIRROR_TO_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MIRROR_TO_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_MIRROR_FORWARDING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_MIRROR_TRUNCATE] = NLA_POLICY_FULL_RANGE(NLA_U32, &vswitch_a_mirror_truncate_range),
	[VSWITCH_A_MIRROR_SAMPLE] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VSWITCH_CMD_MIRROR_DEL - do */
const struct nla_policy vswitch_mirror_del_nl_policy[VSWITCH_A_MIRROR_NAME + 1] = {
	[VSWITCH_A_MIRROR_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MIRROR_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MIRROR_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
};

/* VSWITCH_CMD_MIRROR_GET - do */
const struct nla_policy vswitch_mirror_get_nl_policy[VSWITCH_A_MIRROR_NAME + 1] = {
	[VSWITCH_A_MIRROR_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MIRROR_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MIRROR_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
};

/* VSWITCH_CMD_BINDING_NEW - do */
const struct nla_policy vswitch_binding_new_nl_policy[VSWITCH_A_BINDING_PREFIX_LEN + 1] = {
	[VSWITCH_A_BINDING_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_BINDING_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_BINDING_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_BINDING_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_BINDING_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_BINDING_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VSWITCH_A_BINDING_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_BINDING_IP] = { .type = NLA_BINARY, },
	[VSWITCH_A_BINDING_PREFIX_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, 128),
};

/* VSWITCH_CMD_BINDING_DEL - do */
const struct nla_policy vswitch_binding_del_nl_policy[VSWITCH_A_BINDING_PREFIX_LEN + 1] = {
	[VSWITCH_A_BINDING_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_BINDING_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_BINDING_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_BINDING_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_BINDING_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_BINDING_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VSWITCH_A_BINDING_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_BINDING_IP] = { .type = NLA_BINARY, },
	[VSWITCH_A_BINDING_PREFIX_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, 128),
};

/* VSWITCH_CMD_BINDING_GET - do */
const struct nla_policy vswitch_binding_get_nl_policy[VSWITCH_A_BINDING_PREFIX_LEN + 1] = {
	[VSWITCH_A_BINDING_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_BINDING_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_BINDING_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_BINDING_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_BINDING_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_BINDING_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VSWITCH_A_BINDING_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_BINDING_IP] = { .type = NLA_BINARY, },
	[VSWITCH_A_BINDING_PREFIX_LEN] = NLA_POLICY_RANGE(NLA_U8, 1, 128),
};

/* VSWITCH_CMD_MDB_NEW - do */
const struct nla_policy vswitch_mdb_new_nl_policy[VSWITCH_A_MDB_PERMANENT + 1] = {
	[VSWITCH_A_MDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MDB_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MDB_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_MDB_GROUP] = NLA_POLICY_EXACT_LEN(16),
	[VSWITCH_A_MDB_SOURCE] = NLA_POLICY_EXACT_LEN(16),
	[VSWITCH_A_MDB_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_MDB_PERMANENT] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VSWITCH_CMD_MDB_DEL - do */
const struct nla_policy vswitch_mdb_del_nl_policy[VSWITCH_A_MDB_VLAN + 1] = {
	[VSWITCH_A_MDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MDB_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MDB_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_MDB_GROUP] = NLA_POLICY_EXACT_LEN(16),
	[VSWITCH_A_MDB_SOURCE] = NLA_POLICY_EXACT_LEN(16),
	[VSWITCH_A_MDB_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
};

/* VSWITCH_CMD_MDB_GET - do */
const struct nla_policy vswitch_mdb_get_nl_policy[VSWITCH_A_MDB_VLAN + 1] = {
	[VSWITCH_A_MDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MDB_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MDB_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_MDB_GROUP] = NLA_POLICY_EXACT_LEN(16),
	[VSWITCH_A_MDB_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
};

/* VSWITCH_CMD_MDB_FLUSH - do */
const struct nla_policy vswitch_mdb_flush_nl_policy[VSWITCH_A_MDB_PERMANENT + 1] = {
	[VSWITCH_A_MDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MDB_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MDB_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_MDB_PORT_NUMBER] = { .type = NLA_U32, },
	[VSWITCH_A_MDB_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_MAX_VID),
	[VSWITCH_A_MDB_PERMANENT] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VSWITCH_CMD_VLAN_GET - do */
const struct nla_policy vswitch_vlan_get_nl_policy[VSWITCH_A_VLAN_VLAN + 1] = {
	[VSWITCH_A_VLAN_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_VLAN_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_LEN, },
	[VSWITCH_A_VLAN_VLAN] = NLA_POLICY_RANGE(NLA_U16, 1, VSWITCH_MAX_VID),
};

/* Ops table for vswitch */
const struct genl_ops vswitch_nl_ops[25] = {
	{
		.cmd		= VSWITCH_CMD_SWITCH_NEW,
		.doit		= vswitch_nl_switch_new_doit,
		.policy		= vswitch_switch_new_nl_policy,
		.maxattr	= VSWITCH_A_SWITCH_VLAN_STATS,
	},
	{
		.cmd		= VSWITCH_CMD_SWITCH_SET,
		.doit		= vswitch_nl_switch_set_doit,
		.policy		= vswitch_switch_set_nl_policy,
		.maxattr	= VSWITCH_A_SWITCH_VLAN_STATS,
	},
	{
		.cmd		= VSWITCH_CMD_SWITCH_DEL,
		.doit		= vswitch_nl_switch_del_doit,
		.policy		= vswitch_switch_del_nl_policy,
		.maxattr	= VSWITCH_A_SWITCH_NAME,
	},
	{
		.cmd		= VSWITCH_CMD_SWITCH_GET,
		.doit		= vswitch_nl_switch_get_doit,
		.dumpit		= vswitch_nl_switch_get_dumpit,
		.policy		= vswitch_switch_get_nl_policy,
		.maxattr	= VSWITCH_A_SWITCH_NAME,
	},
	{
		.cmd		= VSWITCH_CMD_PORT_NEW,
		.doit		= vswitch_nl_port_new_doit,
		.policy		= vswitch_port_new_nl_policy,
		.maxattr	= VSWITCH_A_PORT_LOOP_PROTECT,
	},
	{
		.cmd		= VSWITCH_CMD_PORT_SET,
		.doit		= vswitch_nl_port_set_doit,
		.policy		= vswitch_port_set_nl_policy,
		.maxattr	= VSWITCH_A_PORT_VLAN_MASK,
	},
	{
		.cmd		= VSWITCH_CMD_PORT_DEL,
		.doit		= vswitch_nl_port_del_doit,
		.policy		= vswitch_port_del_nl_policy,
		.maxattr	= VSWITCH_A_PORT_NUMBER,
	},
	{
		.cmd		= VSWITCH_CMD_PORT_GET,
		.doit		= vswitch_nl_port_get_doit,
		.dumpit		= vswitch_nl_port_get_dumpit,
		.policy		= vswitch_port_get_nl_policy,
		.maxattr	= VSWITCH_A_PORT_NUMBER,
	},
	{
		.cmd		= VSWITCH_CMD_FDB_NEW,
		.doit		= vswitch_nl_fdb_new_doit,
		.policy		= vswitch_fdb_new_nl_policy,
		.maxattr	= VSWITCH_A_FDB_PORT_NUMBER,
	},
	{
		.cmd		= VSWITCH_CMD_FDB_SET,
		.doit		= vswitch_nl_fdb_set_doit,
		.policy		= vswitch_fdb_set_nl_policy,
		.maxattr	= VSWITCH_A_FDB_PORT_NUMBER,
	},
	{
		.cmd		= VSWITCH_CMD_FDB_DEL,
		.doit		= vswitch_nl_fdb_del_doit,
		.policy		= vswitch_fdb_del_nl_policy,
		.maxattr	= VSWITCH_A_FDB_PORT_NUMBER,
	},
	{
		.cmd		= VSWITCH_CMD_FDB_GET,
		.doit		= vswitch_nl_fdb_get_doit,
		.dumpit		= vswitch_nl_fdb_get_dumpit,
		.policy		= vswitch_fdb_get_nl_policy,
		.maxattr	= VSWITCH_A_FDB_PORT_NUMBER,
	},
	{
		.cmd		= VSWITCH_CMD_FDB_FLUSH,
		.doit		= vswitch_nl_fdb_flush_doit,
		.policy		= vswitch_fdb_flush_nl_policy,
		.maxattr	= VSWITCH_A_FDB_PORT_NUMBER,
	},
	{
		.cmd		= VSWITCH_CMD_MIRROR_NEW,
		.doit		= vswitch_nl_mirror_new_doit,
		.policy		= vswitch_mirror_new_nl_policy,
		.maxattr	= VSWITCH_A_MIRROR_SAMPLE,
	},
	{
		.cmd		= VSWITCH_CMD_MIRROR_SET,
		.doit		= vswitch_nl_mirror_set_doit,
		.policy		= vswitch_mirror_set_nl_policy,
		.maxattr	= VSWITCH_A_MIRROR_SAMPLE,
	},
	{
		.cmd		= VSWITCH_CMD_MIRROR_DEL,
		.doit		= vswitch_nl_mirror_del_doit,
		.policy		= vswitch_mirror_del_nl_policy,
		.maxattr	= VSWITCH_A_MIRROR_NAME,
	},
	{
		.cmd		= VSWITCH_CMD_MIRROR_GET,
		.doit		= vswitch_nl_mirror_get_doit,
		.dumpit		= vswitch_nl_mirror_get_dumpit,
		.policy		= vswitch_mirror_get_nl_policy,
		.maxattr	= VSWITCH_A_MIRROR_NAME,
	},
	{
		.cmd		= VSWITCH_CMD_BINDING_NEW,
		.doit		= vswitch_nl_binding_new_doit,
		.policy		= vswitch_binding_new_nl_policy,
		.maxattr	= VSWITCH_A_BINDING_PREFIX_LEN,
	},
	{
		.cmd		= VSWITCH_CMD_BINDING_DEL,
		.doit		= vswitch_nl_binding_del_doit,
		.policy		= vswitch_binding_del_nl_policy,
		.maxattr	= VSWITCH_A_BINDING_PREFIX_LEN,
	},
	{
		.cmd		= VSWITCH_CMD_BINDING_GET,
		.doit		= vswitch_nl_binding_get_doit,
		.dumpit		= vswitch_nl_binding_get_dumpit,
		.policy		= vswitch_binding_get_nl_policy,
		.maxattr	= VSWITCH_A_BINDING_PREFIX_LEN,
	},
	{
		.cmd		= VSWITCH_CMD_MDB_NEW,
		.doit		= vswitch_nl_mdb_new_doit,
		.policy		= vswitch_mdb_new_nl_policy,
		.maxattr	= VSWITCH_A_MDB_PERMANENT,
	},
	{
		.cmd		= VSWITCH_CMD_MDB_DEL,
		.doit		= vswitch_nl_mdb_del_doit,
		.policy		= vswitch_mdb_del_nl_policy,
		.maxattr	= VSWITCH_A_MDB_VLAN,
	},
	{
		.cmd		= VSWITCH_CMD_MDB_GET,
		.doit		= vswitch_nl_mdb_get_doit,
		.dumpit		= vswitch_nl_mdb_get_dumpit,
		.policy		= vswitch_mdb_get_nl_policy,
		.maxattr	= VSWITCH_A_MDB_VLAN,
	},
	{
		.cmd		= VSWITCH_CMD_MDB_FLUSH,
		.doit		= vswitch_nl_mdb_flush_doit,
		.policy		= vswitch_mdb_flush_nl_policy,
		.maxattr	= VSWITCH_A_MDB_PERMANENT,
	},
	{
		.cmd		= VSWITCH_CMD_VLAN_GET,
		.doit		= vswitch_nl_vlan_get_doit,
		.dumpit		= vswitch_nl_vlan_get_dumpit,
		.policy		= vswitch_vlan_get_nl_policy,
		.maxattr	= VSWITCH_A_VLAN_VLAN,
	},
};

static const struct genl_multicast_group vswitch_nl_mcgrps[] = {
	[VSWITCH_NLGRP_SWITCH] = { "switch", },
	[VSWITCH_NLGRP_PORT] = { "port", },
	[VSWITCH_NLGRP_FDB] = { "fdb", },
	[VSWITCH_NLGRP_MIRROR] = { "mirror", },
	[VSWITCH_NLGRP_BINDING] = { "binding", },
	[VSWITCH_NLGRP_DROP] = { "drop", },
	[VSWITCH_NLGRP_MDB] = { "mdb", },
};
