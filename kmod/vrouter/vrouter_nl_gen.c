// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vrouter.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "vrouter_nl_gen.h"

#include <uapi/linux/vrouter.h>

/* Integer value ranges */
static const struct netlink_range_validation vrouter_a_service_affinity_range = {
	.max	= VROUTER_MAX_TIMEOUT,
};

static const struct netlink_range_validation vrouter_a_service_slow_start_range = {
	.max	= VROUTER_MAX_TIMEOUT,
};

static const struct netlink_range_validation vrouter_a_service_health_window_range = {
	.min	= VROUTER_MIN_HEALTH_WINDOW,
	.max	= VROUTER_MAX_TIMEOUT,
};

static const struct netlink_range_validation vrouter_a_service_health_out_range = {
	.min	= 1ULL,
	.max	= VROUTER_MAX_TIMEOUT,
};

static const struct netlink_range_validation vrouter_a_backend_weight_range = {
	.max	= VROUTER_MAX_WEIGHT,
};

static const struct netlink_range_validation vrouter_a_backend_drain_timeout_range = {
	.max	= VROUTER_MAX_TIMEOUT,
};

static const struct netlink_range_validation vrouter_a_shape_burst_range = {
	.max	= VROUTER_MAX_SHAPE_BURST,
};

static const struct netlink_range_validation vrouter_a_shape_limit_range = {
	.max	= VROUTER_MAX_SHAPE_LIMIT,
};

/* VROUTER_CMD_ROUTER_GET - do */
const struct nla_policy vrouter_router_get_nl_policy[VROUTER_A_ROUTER_PAD + 1] = {
};

/* VROUTER_CMD_ROUTER_SET - do */
const struct nla_policy vrouter_router_set_nl_policy[VROUTER_A_ROUTER_FAST_PATH + 1] = {
	[VROUTER_A_ROUTER_FAST_PATH] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VROUTER_CMD_ROUTER_FLUSH - do */
const struct nla_policy vrouter_router_flush_nl_policy[VROUTER_A_ROUTER_PAD + 1] = {
};

/* VROUTER_CMD_SERVICE_NEW - do */
const struct nla_policy vrouter_service_new_nl_policy[VROUTER_A_SERVICE_HEALTH_OUT + 1] = {
	[VROUTER_A_SERVICE_NAME] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
	[VROUTER_A_SERVICE_PROTOCOL] = { .type = NLA_U8, },
	[VROUTER_A_SERVICE_ADDRESS] = { .type = NLA_BINARY, },
	[VROUTER_A_SERVICE_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_SERVICE_PORT_LAST] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_SERVICE_SCHEDULER] = NLA_POLICY_MAX(NLA_U8, 6),
	[VROUTER_A_SERVICE_FORWARD] = NLA_POLICY_MAX(NLA_U8, 1),
	[VROUTER_A_SERVICE_AFFINITY] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_service_affinity_range),
	[VROUTER_A_SERVICE_SLOW_START] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_service_slow_start_range),
	[VROUTER_A_SERVICE_HEALTH_SHARE] = NLA_POLICY_MAX(NLA_U32, 100),
	[VROUTER_A_SERVICE_HEALTH_WINDOW] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_service_health_window_range),
	[VROUTER_A_SERVICE_HEALTH_MINIMUM] = NLA_POLICY_MIN(NLA_U32, 1),
	[VROUTER_A_SERVICE_HEALTH_OUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_service_health_out_range),
};

/* VROUTER_CMD_SERVICE_SET - do */
const struct nla_policy vrouter_service_set_nl_policy[VROUTER_A_SERVICE_HEALTH_OUT + 1] = {
	[VROUTER_A_SERVICE_NAME] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
	[VROUTER_A_SERVICE_SCHEDULER] = NLA_POLICY_MAX(NLA_U8, 6),
	[VROUTER_A_SERVICE_AFFINITY] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_service_affinity_range),
	[VROUTER_A_SERVICE_SLOW_START] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_service_slow_start_range),
	[VROUTER_A_SERVICE_HEALTH_SHARE] = NLA_POLICY_MAX(NLA_U32, 100),
	[VROUTER_A_SERVICE_HEALTH_WINDOW] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_service_health_window_range),
	[VROUTER_A_SERVICE_HEALTH_MINIMUM] = NLA_POLICY_MIN(NLA_U32, 1),
	[VROUTER_A_SERVICE_HEALTH_OUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_service_health_out_range),
};

/* VROUTER_CMD_SERVICE_DEL - do */
const struct nla_policy vrouter_service_del_nl_policy[VROUTER_A_SERVICE_NAME + 1] = {
	[VROUTER_A_SERVICE_NAME] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
};

/* VROUTER_CMD_SERVICE_GET - do */
const struct nla_policy vrouter_service_get_nl_policy[VROUTER_A_SERVICE_NAME + 1] = {
	[VROUTER_A_SERVICE_NAME] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
};

/* VROUTER_CMD_BACKEND_NEW - do */
const struct nla_policy vrouter_backend_new_nl_policy[VROUTER_A_BACKEND_CGROUP_FD + 1] = {
	[VROUTER_A_BACKEND_SERVICE] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
	[VROUTER_A_BACKEND_ADDRESS] = { .type = NLA_BINARY, },
	[VROUTER_A_BACKEND_PORT] = { .type = NLA_U16, },
	[VROUTER_A_BACKEND_WEIGHT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_backend_weight_range),
	[VROUTER_A_BACKEND_DRAIN_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_backend_drain_timeout_range),
	[VROUTER_A_BACKEND_MAX_CONNECTIONS] = { .type = NLA_U32, },
	[VROUTER_A_BACKEND_FALLBACK] = NLA_POLICY_MAX(NLA_U8, 1),
	[VROUTER_A_BACKEND_UP] = NLA_POLICY_MAX(NLA_U8, 1),
	[VROUTER_A_BACKEND_NETNS_FD] = { .type = NLA_U32, },
	[VROUTER_A_BACKEND_LABEL] = { .type = NLA_NUL_STRING, .len = VROUTER_LABEL_LEN, },
	[VROUTER_A_BACKEND_CGROUP_FD] = { .type = NLA_U32, },
};

/* VROUTER_CMD_BACKEND_SET - do */
const struct nla_policy vrouter_backend_set_nl_policy[VROUTER_A_BACKEND_CGROUP_FD + 1] = {
	[VROUTER_A_BACKEND_SERVICE] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
	[VROUTER_A_BACKEND_ADDRESS] = { .type = NLA_BINARY, },
	[VROUTER_A_BACKEND_PORT] = { .type = NLA_U16, },
	[VROUTER_A_BACKEND_WEIGHT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_backend_weight_range),
	[VROUTER_A_BACKEND_DRAIN_TIMEOUT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_backend_drain_timeout_range),
	[VROUTER_A_BACKEND_MAX_CONNECTIONS] = { .type = NLA_U32, },
	[VROUTER_A_BACKEND_FALLBACK] = NLA_POLICY_MAX(NLA_U8, 1),
	[VROUTER_A_BACKEND_UP] = NLA_POLICY_MAX(NLA_U8, 1),
	[VROUTER_A_BACKEND_CUT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VROUTER_A_BACKEND_LABEL] = { .type = NLA_NUL_STRING, .len = VROUTER_LABEL_LEN, },
	[VROUTER_A_BACKEND_CGROUP_FD] = { .type = NLA_U32, },
};

/* VROUTER_CMD_BACKEND_DEL - do */
const struct nla_policy vrouter_backend_del_nl_policy[VROUTER_A_BACKEND_PORT + 1] = {
	[VROUTER_A_BACKEND_SERVICE] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
	[VROUTER_A_BACKEND_ADDRESS] = { .type = NLA_BINARY, },
	[VROUTER_A_BACKEND_PORT] = { .type = NLA_U16, },
};

/* VROUTER_CMD_BACKEND_GET - do */
const struct nla_policy vrouter_backend_get_nl_policy[VROUTER_A_BACKEND_PORT + 1] = {
	[VROUTER_A_BACKEND_SERVICE] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
	[VROUTER_A_BACKEND_ADDRESS] = { .type = NLA_BINARY, },
	[VROUTER_A_BACKEND_PORT] = { .type = NLA_U16, },
};

/* VROUTER_CMD_PUBLISH_NEW - do */
const struct nla_policy vrouter_publish_new_nl_policy[VROUTER_A_PUBLISH_OBEY_FIREWALL + 1] = {
	[VROUTER_A_PUBLISH_PROTOCOL] = { .type = NLA_U8, },
	[VROUTER_A_PUBLISH_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_PUBLISH_PORT_LAST] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_PUBLISH_ADDRESS] = { .type = NLA_BINARY, },
	[VROUTER_A_PUBLISH_TO_IPV4] = { .type = NLA_U32, },
	[VROUTER_A_PUBLISH_TO_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[VROUTER_A_PUBLISH_TO_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_PUBLISH_NETNS_FD] = { .type = NLA_U32, },
	[VROUTER_A_PUBLISH_LABEL] = { .type = NLA_NUL_STRING, .len = VROUTER_LABEL_LEN, },
	[VROUTER_A_PUBLISH_OBEY_FIREWALL] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VROUTER_CMD_PUBLISH_SET - do */
const struct nla_policy vrouter_publish_set_nl_policy[VROUTER_A_PUBLISH_OBEY_FIREWALL + 1] = {
	[VROUTER_A_PUBLISH_PROTOCOL] = { .type = NLA_U8, },
	[VROUTER_A_PUBLISH_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_PUBLISH_PORT_LAST] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_PUBLISH_ADDRESS] = { .type = NLA_BINARY, },
	[VROUTER_A_PUBLISH_TO_IPV4] = { .type = NLA_U32, },
	[VROUTER_A_PUBLISH_TO_IPV6] = NLA_POLICY_EXACT_LEN(16),
	[VROUTER_A_PUBLISH_TO_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_PUBLISH_NETNS_FD] = { .type = NLA_U32, },
	[VROUTER_A_PUBLISH_LABEL] = { .type = NLA_NUL_STRING, .len = VROUTER_LABEL_LEN, },
	[VROUTER_A_PUBLISH_OBEY_FIREWALL] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VROUTER_CMD_PUBLISH_DEL - do */
const struct nla_policy vrouter_publish_del_nl_policy[VROUTER_A_PUBLISH_ADDRESS + 1] = {
	[VROUTER_A_PUBLISH_PROTOCOL] = { .type = NLA_U8, },
	[VROUTER_A_PUBLISH_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_PUBLISH_PORT_LAST] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_PUBLISH_ADDRESS] = { .type = NLA_BINARY, },
};

/* VROUTER_CMD_PUBLISH_GET - do */
const struct nla_policy vrouter_publish_get_nl_policy[VROUTER_A_PUBLISH_ADDRESS + 1] = {
	[VROUTER_A_PUBLISH_PROTOCOL] = { .type = NLA_U8, },
	[VROUTER_A_PUBLISH_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_PUBLISH_PORT_LAST] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_PUBLISH_ADDRESS] = { .type = NLA_BINARY, },
};

/* VROUTER_CMD_NAT_NEW - do */
const struct nla_policy vrouter_nat_new_nl_policy[VROUTER_A_NAT_FLAGS + 1] = {
	[VROUTER_A_NAT_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[VROUTER_A_NAT_KIND] = NLA_POLICY_MAX(NLA_U8, 3),
	[VROUTER_A_NAT_SOURCE] = { .type = NLA_BINARY, },
	[VROUTER_A_NAT_SOURCE_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[VROUTER_A_NAT_DESTINATION] = { .type = NLA_BINARY, },
	[VROUTER_A_NAT_DESTINATION_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[VROUTER_A_NAT_PROTOCOL] = { .type = NLA_U8, },
	[VROUTER_A_NAT_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_NAT_PORT_LAST] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_NAT_DEVICE] = { .type = NLA_NUL_STRING, .len = VROUTER_DEVICE_LEN, },
	[VROUTER_A_NAT_FAMILY] = { .type = NLA_U8, },
	[VROUTER_A_NAT_TO_FIRST] = { .type = NLA_BINARY, },
	[VROUTER_A_NAT_TO_LAST] = { .type = NLA_BINARY, },
	[VROUTER_A_NAT_TO_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_NAT_TO_PORT_LAST] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_NAT_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3),
};

/* VROUTER_CMD_NAT_DEL - do */
const struct nla_policy vrouter_nat_del_nl_policy[VROUTER_A_NAT_ID + 1] = {
	[VROUTER_A_NAT_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VROUTER_CMD_NAT_GET - do */
const struct nla_policy vrouter_nat_get_nl_policy[VROUTER_A_NAT_ID + 1] = {
	[VROUTER_A_NAT_ID] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VROUTER_CMD_CONNECTION_GET - do */
const struct nla_policy vrouter_connection_get_nl_policy[VROUTER_A_CONNECTION_SERVICE + 1] = {
	[VROUTER_A_CONNECTION_PROTOCOL] = { .type = NLA_U8, },
	[VROUTER_A_CONNECTION_SOURCE] = { .type = NLA_BINARY, },
	[VROUTER_A_CONNECTION_SOURCE_PORT] = { .type = NLA_U16, },
	[VROUTER_A_CONNECTION_DESTINATION] = { .type = NLA_BINARY, },
	[VROUTER_A_CONNECTION_DESTINATION_PORT] = { .type = NLA_U16, },
	[VROUTER_A_CONNECTION_SERVICE] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
};

/* VROUTER_CMD_SHAPE_NEW - do */
const struct nla_policy vrouter_shape_new_nl_policy[VROUTER_A_SHAPE_LABEL + 1] = {
	[VROUTER_A_SHAPE_NAME] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
	[VROUTER_A_SHAPE_PARENT] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
	[VROUTER_A_SHAPE_ORDER] = { .type = NLA_U32, },
	[VROUTER_A_SHAPE_RATE] = { .type = NLA_U64, },
	[VROUTER_A_SHAPE_CEIL] = { .type = NLA_U64, },
	[VROUTER_A_SHAPE_BURST] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_shape_burst_range),
	[VROUTER_A_SHAPE_LIMIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_shape_limit_range),
	[VROUTER_A_SHAPE_PRIO] = NLA_POLICY_MAX(NLA_U8, VROUTER_MAX_SHAPE_PRIO),
	[VROUTER_A_SHAPE_MODE] = NLA_POLICY_MAX(NLA_U8, 2),
	[VROUTER_A_SHAPE_DIRECTION] = NLA_POLICY_MAX(NLA_U8, 2),
	[VROUTER_A_SHAPE_SET_DSCP] = NLA_POLICY_MAX(NLA_U8, 63),
	[VROUTER_A_SHAPE_QUOTA] = { .type = NLA_U64, },
	[VROUTER_A_SHAPE_PERIOD] = { .type = NLA_U32, },
	[VROUTER_A_SHAPE_SLOW_RATE] = { .type = NLA_U64, },
	[VROUTER_A_SHAPE_MATCH_CGROUP] = { .type = NLA_U64, },
	[VROUTER_A_SHAPE_MATCH_NEAR] = { .type = NLA_BINARY, },
	[VROUTER_A_SHAPE_MATCH_NEAR_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[VROUTER_A_SHAPE_MATCH_FAR] = { .type = NLA_BINARY, },
	[VROUTER_A_SHAPE_MATCH_FAR_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[VROUTER_A_SHAPE_MATCH_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_SHAPE_MATCH_PORT_LAST] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_SHAPE_MATCH_FAR_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_SHAPE_MATCH_FAR_PORT_LAST] = NLA_POLICY_MIN(NLA_U16, 1),
	[VROUTER_A_SHAPE_MATCH_PROTOCOL] = NLA_POLICY_MIN(NLA_U8, 1),
	[VROUTER_A_SHAPE_MATCH_MARK] = { .type = NLA_U32, },
	[VROUTER_A_SHAPE_MATCH_MARK_MASK] = { .type = NLA_U32, },
	[VROUTER_A_SHAPE_MATCH_DSCP] = NLA_POLICY_MAX(NLA_U8, 63),
	[VROUTER_A_SHAPE_LABEL] = { .type = NLA_NUL_STRING, .len = VROUTER_LABEL_LEN, },
};

/* VROUTER_CMD_SHAPE_SET - do */
const struct nla_policy vrouter_shape_set_nl_policy[VROUTER_A_SHAPE_SLOW_RATE + 1] = {
	[VROUTER_A_SHAPE_NAME] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
	[VROUTER_A_SHAPE_ORDER] = { .type = NLA_U32, },
	[VROUTER_A_SHAPE_RATE] = { .type = NLA_U64, },
	[VROUTER_A_SHAPE_CEIL] = { .type = NLA_U64, },
	[VROUTER_A_SHAPE_BURST] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_shape_burst_range),
	[VROUTER_A_SHAPE_LIMIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vrouter_a_shape_limit_range),
	[VROUTER_A_SHAPE_PRIO] = NLA_POLICY_MAX(NLA_U8, VROUTER_MAX_SHAPE_PRIO),
	[VROUTER_A_SHAPE_MODE] = NLA_POLICY_MAX(NLA_U8, 2),
	[VROUTER_A_SHAPE_SET_DSCP] = NLA_POLICY_MAX(NLA_U8, 63),
	[VROUTER_A_SHAPE_QUOTA] = { .type = NLA_U64, },
	[VROUTER_A_SHAPE_PERIOD] = { .type = NLA_U32, },
	[VROUTER_A_SHAPE_SLOW_RATE] = { .type = NLA_U64, },
};

/* VROUTER_CMD_SHAPE_DEL - do */
const struct nla_policy vrouter_shape_del_nl_policy[VROUTER_A_SHAPE_NAME + 1] = {
	[VROUTER_A_SHAPE_NAME] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
};

/* VROUTER_CMD_SHAPE_GET - do */
const struct nla_policy vrouter_shape_get_nl_policy[VROUTER_A_SHAPE_NAME + 1] = {
	[VROUTER_A_SHAPE_NAME] = { .type = NLA_NUL_STRING, .len = VROUTER_NAME_LEN, },
};

/* Ops table for vrouter */
const struct genl_ops vrouter_nl_ops[23] = {
	{
		.cmd		= VROUTER_CMD_ROUTER_GET,
		.doit		= vrouter_nl_router_get_doit,
		.policy		= vrouter_router_get_nl_policy,
		.maxattr	= VROUTER_A_ROUTER_PAD,
	},
	{
		.cmd		= VROUTER_CMD_ROUTER_SET,
		.doit		= vrouter_nl_router_set_doit,
		.policy		= vrouter_router_set_nl_policy,
		.maxattr	= VROUTER_A_ROUTER_FAST_PATH,
	},
	{
		.cmd		= VROUTER_CMD_ROUTER_FLUSH,
		.doit		= vrouter_nl_router_flush_doit,
		.policy		= vrouter_router_flush_nl_policy,
		.maxattr	= VROUTER_A_ROUTER_PAD,
	},
	{
		.cmd		= VROUTER_CMD_SERVICE_NEW,
		.doit		= vrouter_nl_service_new_doit,
		.policy		= vrouter_service_new_nl_policy,
		.maxattr	= VROUTER_A_SERVICE_HEALTH_OUT,
	},
	{
		.cmd		= VROUTER_CMD_SERVICE_SET,
		.doit		= vrouter_nl_service_set_doit,
		.policy		= vrouter_service_set_nl_policy,
		.maxattr	= VROUTER_A_SERVICE_HEALTH_OUT,
	},
	{
		.cmd		= VROUTER_CMD_SERVICE_DEL,
		.doit		= vrouter_nl_service_del_doit,
		.policy		= vrouter_service_del_nl_policy,
		.maxattr	= VROUTER_A_SERVICE_NAME,
	},
	{
		.cmd		= VROUTER_CMD_SERVICE_GET,
		.doit		= vrouter_nl_service_get_doit,
		.dumpit		= vrouter_nl_service_get_dumpit,
		.policy		= vrouter_service_get_nl_policy,
		.maxattr	= VROUTER_A_SERVICE_NAME,
	},
	{
		.cmd		= VROUTER_CMD_BACKEND_NEW,
		.doit		= vrouter_nl_backend_new_doit,
		.policy		= vrouter_backend_new_nl_policy,
		.maxattr	= VROUTER_A_BACKEND_CGROUP_FD,
	},
	{
		.cmd		= VROUTER_CMD_BACKEND_SET,
		.doit		= vrouter_nl_backend_set_doit,
		.policy		= vrouter_backend_set_nl_policy,
		.maxattr	= VROUTER_A_BACKEND_CGROUP_FD,
	},
	{
		.cmd		= VROUTER_CMD_BACKEND_DEL,
		.doit		= vrouter_nl_backend_del_doit,
		.policy		= vrouter_backend_del_nl_policy,
		.maxattr	= VROUTER_A_BACKEND_PORT,
	},
	{
		.cmd		= VROUTER_CMD_BACKEND_GET,
		.doit		= vrouter_nl_backend_get_doit,
		.dumpit		= vrouter_nl_backend_get_dumpit,
		.policy		= vrouter_backend_get_nl_policy,
		.maxattr	= VROUTER_A_BACKEND_PORT,
	},
	{
		.cmd		= VROUTER_CMD_PUBLISH_NEW,
		.doit		= vrouter_nl_publish_new_doit,
		.policy		= vrouter_publish_new_nl_policy,
		.maxattr	= VROUTER_A_PUBLISH_OBEY_FIREWALL,
	},
	{
		.cmd		= VROUTER_CMD_PUBLISH_SET,
		.doit		= vrouter_nl_publish_set_doit,
		.policy		= vrouter_publish_set_nl_policy,
		.maxattr	= VROUTER_A_PUBLISH_OBEY_FIREWALL,
	},
	{
		.cmd		= VROUTER_CMD_PUBLISH_DEL,
		.doit		= vrouter_nl_publish_del_doit,
		.policy		= vrouter_publish_del_nl_policy,
		.maxattr	= VROUTER_A_PUBLISH_ADDRESS,
	},
	{
		.cmd		= VROUTER_CMD_PUBLISH_GET,
		.doit		= vrouter_nl_publish_get_doit,
		.dumpit		= vrouter_nl_publish_get_dumpit,
		.policy		= vrouter_publish_get_nl_policy,
		.maxattr	= VROUTER_A_PUBLISH_ADDRESS,
	},
	{
		.cmd		= VROUTER_CMD_NAT_NEW,
		.doit		= vrouter_nl_nat_new_doit,
		.policy		= vrouter_nat_new_nl_policy,
		.maxattr	= VROUTER_A_NAT_FLAGS,
	},
	{
		.cmd		= VROUTER_CMD_NAT_DEL,
		.doit		= vrouter_nl_nat_del_doit,
		.policy		= vrouter_nat_del_nl_policy,
		.maxattr	= VROUTER_A_NAT_ID,
	},
	{
		.cmd		= VROUTER_CMD_NAT_GET,
		.doit		= vrouter_nl_nat_get_doit,
		.dumpit		= vrouter_nl_nat_get_dumpit,
		.policy		= vrouter_nat_get_nl_policy,
		.maxattr	= VROUTER_A_NAT_ID,
	},
	{
		.cmd		= VROUTER_CMD_CONNECTION_GET,
		.doit		= vrouter_nl_connection_get_doit,
		.dumpit		= vrouter_nl_connection_get_dumpit,
		.policy		= vrouter_connection_get_nl_policy,
		.maxattr	= VROUTER_A_CONNECTION_SERVICE,
	},
	{
		.cmd		= VROUTER_CMD_SHAPE_NEW,
		.doit		= vrouter_nl_shape_new_doit,
		.policy		= vrouter_shape_new_nl_policy,
		.maxattr	= VROUTER_A_SHAPE_LABEL,
	},
	{
		.cmd		= VROUTER_CMD_SHAPE_SET,
		.doit		= vrouter_nl_shape_set_doit,
		.policy		= vrouter_shape_set_nl_policy,
		.maxattr	= VROUTER_A_SHAPE_SLOW_RATE,
	},
	{
		.cmd		= VROUTER_CMD_SHAPE_DEL,
		.doit		= vrouter_nl_shape_del_doit,
		.policy		= vrouter_shape_del_nl_policy,
		.maxattr	= VROUTER_A_SHAPE_NAME,
	},
	{
		.cmd		= VROUTER_CMD_SHAPE_GET,
		.doit		= vrouter_nl_shape_get_doit,
		.dumpit		= vrouter_nl_shape_get_dumpit,
		.policy		= vrouter_shape_get_nl_policy,
		.maxattr	= VROUTER_A_SHAPE_NAME,
	},
};
