/* SPDX-License-Identifier: GPL-2.0 */
/* The requests of valid_router.h. */
#ifndef SELFTESTS_VALID_ROUTER_REQUESTS_H
#define SELFTESTS_VALID_ROUTER_REQUESTS_H

#include <linux/vrouter.h>
#include <netinet/in.h>

#include "request.h"

#define VALID_CLIENT_PORT	5555
#define VALID_SERVICE6_PORT	1000

/* Addresses of the host. */
static const uint8_t VALID_HOST[4] = { 192, 0, 2, 1 };
static const uint8_t VALID_HOST6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
/* Of services. */
static const uint8_t VALID_VIP[4] = { 203, 0, 113, 1 };
static const uint8_t VALID_NEW_VIP[4] = { 203, 0, 113, 9 };
static const uint8_t VALID_VIP6[16] = { 0x20, 1, 0xd, 0xb8, 0, 0xff, [15] = 1 };
static const uint8_t VALID_NEW_VIP6[16] = { 0x20, 1, 0xd, 0xb8, 0, 0xff, [15] = 9 };
/* Of those who answer. */
static const uint8_t VALID_BACKEND[4] = { 10, 0, 1, 1 };
static const uint8_t VALID_NEW_BACKEND[4] = { 10, 0, 1, 9 };
static const uint8_t VALID_BACKEND6[16] = { 0x20, 1, 0xd, 0xb8, 0, 1, [15] = 1 };
static const uint8_t VALID_NEW_BACKEND6[16] = { 0x20, 1, 0xd, 0xb8, 0, 1, [15] = 9 };
/* Prefixes: 10.0.0.0/8, 2001:db8:2::/48, and 2001:db8:3::/48. */
static const uint8_t VALID_PREFIX[4] = { 10 };
static const uint8_t VALID_PREFIX6[16] = { 0x20, 1, 0xd, 0xb8, 0, 2 };
static const uint8_t VALID_TO_PREFIX6[16] = { 0x20, 1, 0xd, 0xb8, 0, 3 };

/* This network namespace, and a cgroup; -1 where there is none. */
static int valid_netns = -1, valid_group_fd = -1;

typedef void (*valid_object_fn)(struct nlmsghdr *nlh, unsigned int way);

/* ---- services and backends ------------------------------------------------------- */

static inline void valid_service_place(struct nlmsghdr *nlh, unsigned int way, bool new)
{
	mnl_attr_put_u8(nlh, VROUTER_A_SERVICE_PROTOCOL, way ? IPPROTO_UDP : IPPROTO_TCP);
	if (way)
		mnl_attr_put(nlh, VROUTER_A_SERVICE_ADDRESS, 16, new ? VALID_NEW_VIP6 : VALID_VIP6);
	else
		mnl_attr_put(nlh, VROUTER_A_SERVICE_ADDRESS, 4, new ? VALID_NEW_VIP : VALID_VIP);
	mnl_attr_put_u16(nlh, VROUTER_A_SERVICE_PORT, way ? VALID_SERVICE6_PORT : 80);
}

static inline void valid_service_settings(struct nlmsghdr *nlh, unsigned int way)
{
	mnl_attr_put_u8(nlh, VROUTER_A_SERVICE_SCHEDULER, VROUTER_SCHEDULER_MAGLEV);
	mnl_attr_put_u32(nlh, VROUTER_A_SERVICE_AFFINITY, 60000);
	mnl_attr_put_u32(nlh, VROUTER_A_SERVICE_SLOW_START, 1000);
	if (!way)
		mnl_attr_put_u32(nlh, VROUTER_A_SERVICE_HEALTH_SHARE, 50);
	mnl_attr_put_u32(nlh, VROUTER_A_SERVICE_HEALTH_WINDOW, 2000);
	mnl_attr_put_u32(nlh, VROUTER_A_SERVICE_HEALTH_MINIMUM, 5);
	mnl_attr_put_u32(nlh, VROUTER_A_SERVICE_HEALTH_OUT, 3000);
}

static inline void valid_service_there(struct nlmsghdr *nlh, unsigned int way)
{
	mnl_attr_put_strz(nlh, VROUTER_A_SERVICE_NAME, way ? "s6" : "s0");
	valid_service_place(nlh, way, false);
}

static inline void valid_service_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	if (cmd == VROUTER_CMD_SERVICE_NEW) {
		mnl_attr_put_strz(nlh, VROUTER_A_SERVICE_NAME, "s1");
		valid_service_place(nlh, way, true);
		mnl_attr_put_u16(nlh, VROUTER_A_SERVICE_PORT_LAST, way ? 1009 : 89);
		mnl_attr_put_u8(nlh, VROUTER_A_SERVICE_FORWARD, VROUTER_FORWARD_NAT);
		valid_service_settings(nlh, way);
		return;
	}
	mnl_attr_put_strz(nlh, VROUTER_A_SERVICE_NAME, way ? "s6" : "s0");
	if (cmd == VROUTER_CMD_SERVICE_SET)
		valid_service_settings(nlh, way);
}

static inline void valid_backend_place(struct nlmsghdr *nlh, unsigned int way, bool new)
{
	mnl_attr_put_strz(nlh, VROUTER_A_BACKEND_SERVICE, way ? "s6" : "s0");
	if (way)
		mnl_attr_put(nlh, VROUTER_A_BACKEND_ADDRESS, 16,
			     new ? VALID_NEW_BACKEND6 : VALID_BACKEND6);
	else
		mnl_attr_put(nlh, VROUTER_A_BACKEND_ADDRESS, 4,
			     new ? VALID_NEW_BACKEND : VALID_BACKEND);
	if (!way)
		mnl_attr_put_u16(nlh, VROUTER_A_BACKEND_PORT, 8080);
}

static inline void valid_backend_there(struct nlmsghdr *nlh, unsigned int way)
{
	valid_backend_place(nlh, way, false);
}

/* The other way says little, so that what it does not say stays or is as it is unless given. */
static inline void valid_backend_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	bool new = cmd == VROUTER_CMD_BACKEND_NEW;

	valid_backend_place(nlh, way, new);
	if (!new && cmd != VROUTER_CMD_BACKEND_SET)
		return;
	mnl_attr_put_u32(nlh, VROUTER_A_BACKEND_WEIGHT, way ? 7 : 0);
	if (way)
		return;
	mnl_attr_put_u32(nlh, VROUTER_A_BACKEND_DRAIN_TIMEOUT, 600000);
	mnl_attr_put_u32(nlh, VROUTER_A_BACKEND_MAX_CONNECTIONS, 100);
	mnl_attr_put_u8(nlh, VROUTER_A_BACKEND_FALLBACK, 1);
	mnl_attr_put_u8(nlh, VROUTER_A_BACKEND_UP, 0);
	mnl_attr_put_strz(nlh, VROUTER_A_BACKEND_LABEL, "whose it is");
	if (!new)
		mnl_attr_put_u8(nlh, VROUTER_A_BACKEND_CUT, 1);
	else if (valid_netns >= 0)
		mnl_attr_put_u32(nlh, VROUTER_A_BACKEND_NETNS_FD, valid_netns);
	if (valid_group_fd >= 0)
		mnl_attr_put_u32(nlh, VROUTER_A_BACKEND_CGROUP_FD, valid_group_fd);
}

/* ---- published ports --------------------------------------------------------------- */

static inline void valid_publish_place(struct nlmsghdr *nlh, unsigned int way, bool new)
{
	mnl_attr_put_u8(nlh, VROUTER_A_PUBLISH_PROTOCOL, way ? IPPROTO_UDP : IPPROTO_TCP);
	mnl_attr_put_u16(nlh, VROUTER_A_PUBLISH_PORT, (way ? 5000 : 8080) + 1000 * new);
	if (!way)
		return;
	mnl_attr_put_u16(nlh, VROUTER_A_PUBLISH_PORT_LAST, 5003 + 1000 * new);
	mnl_attr_put(nlh, VROUTER_A_PUBLISH_ADDRESS, 4, VALID_HOST);
}

static inline void valid_publish_to(struct nlmsghdr *nlh, unsigned int way, bool new)
{
	mnl_attr_put(nlh, VROUTER_A_PUBLISH_TO_IPV4, 4, new ? VALID_NEW_BACKEND : VALID_BACKEND);
	if (!way)
		mnl_attr_put(nlh, VROUTER_A_PUBLISH_TO_IPV6, 16,
			     new ? VALID_NEW_BACKEND6 : VALID_BACKEND6);
}

static inline void valid_publish_there(struct nlmsghdr *nlh, unsigned int way)
{
	valid_publish_place(nlh, way, false);
	valid_publish_to(nlh, way, false);
}

static inline void valid_publish_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	valid_publish_place(nlh, way, cmd == VROUTER_CMD_PUBLISH_NEW);
	if (cmd != VROUTER_CMD_PUBLISH_NEW && cmd != VROUTER_CMD_PUBLISH_SET)
		return;
	valid_publish_to(nlh, way, true);
	mnl_attr_put_strz(nlh, VROUTER_A_PUBLISH_LABEL, "whose it is");
	if (way)
		return;
	mnl_attr_put_u16(nlh, VROUTER_A_PUBLISH_TO_PORT, 443);
	mnl_attr_put_u8(nlh, VROUTER_A_PUBLISH_OBEY_FIREWALL, 1);
	if (valid_netns >= 0)
		mnl_attr_put_u32(nlh, VROUTER_A_PUBLISH_NETNS_FD, valid_netns);
}

/* ---- address translation and connections ------------------------------------------- */

static inline void valid_nat_there(struct nlmsghdr *nlh, unsigned int way)
{
	mnl_attr_put_u32(nlh, VROUTER_A_NAT_ID, 10 + way);
	mnl_attr_put_u8(nlh, VROUTER_A_NAT_KIND,
			way ? VROUTER_NAT_KIND_DNAT : VROUTER_NAT_KIND_MASQUERADE);
	mnl_attr_put_strz(nlh, VROUTER_A_NAT_DEVICE, way ? "d1" : "d2");
	if (way)
		mnl_attr_put(nlh, VROUTER_A_NAT_TO_FIRST, 4, VALID_BACKEND);
}

static inline void valid_snat(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, VROUTER_A_NAT_ID, 5);
	mnl_attr_put_u8(nlh, VROUTER_A_NAT_KIND, VROUTER_NAT_KIND_SNAT);
	mnl_attr_put(nlh, VROUTER_A_NAT_SOURCE, 4, VALID_PREFIX);
	mnl_attr_put_u8(nlh, VROUTER_A_NAT_SOURCE_LEN, 8);
	mnl_attr_put(nlh, VROUTER_A_NAT_DESTINATION, 4, VALID_VIP);
	mnl_attr_put_u8(nlh, VROUTER_A_NAT_DESTINATION_LEN, 32);
	mnl_attr_put_u8(nlh, VROUTER_A_NAT_PROTOCOL, IPPROTO_TCP);
	mnl_attr_put_u16(nlh, VROUTER_A_NAT_PORT, 100);
	mnl_attr_put_u16(nlh, VROUTER_A_NAT_PORT_LAST, 200);
	mnl_attr_put_strz(nlh, VROUTER_A_NAT_DEVICE, "d0");
	mnl_attr_put_u8(nlh, VROUTER_A_NAT_FAMILY, AF_INET);
	mnl_attr_put(nlh, VROUTER_A_NAT_TO_FIRST, 4, VALID_BACKEND);
	mnl_attr_put(nlh, VROUTER_A_NAT_TO_LAST, 4, VALID_NEW_BACKEND);
	mnl_attr_put_u16(nlh, VROUTER_A_NAT_TO_PORT, 1000);
	mnl_attr_put_u16(nlh, VROUTER_A_NAT_TO_PORT_LAST, 2000);
	mnl_attr_put_u32(nlh, VROUTER_A_NAT_FLAGS,
			 VROUTER_NAT_FLAGS_RANDOM | VROUTER_NAT_FLAGS_PERSISTENT);
}

static inline void valid_nat_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	if (cmd != VROUTER_CMD_NAT_NEW) {
		mnl_attr_put_u32(nlh, VROUTER_A_NAT_ID, 10 + way);
		return;
	}
	if (!way) {
		valid_snat(nlh);
		return;
	}
	mnl_attr_put_u8(nlh, VROUTER_A_NAT_KIND, VROUTER_NAT_KIND_ONE_TO_ONE);
	mnl_attr_put(nlh, VROUTER_A_NAT_SOURCE, 16, VALID_PREFIX6);
	mnl_attr_put_u8(nlh, VROUTER_A_NAT_SOURCE_LEN, 48);
	mnl_attr_put(nlh, VROUTER_A_NAT_TO_FIRST, 16, VALID_TO_PREFIX6);
}

static inline void valid_connection_request(struct nlmsghdr *nlh)
{
	mnl_attr_put_u8(nlh, VROUTER_A_CONNECTION_PROTOCOL, IPPROTO_UDP);
	mnl_attr_put(nlh, VROUTER_A_CONNECTION_SOURCE, 16, VALID_HOST6);
	mnl_attr_put_u16(nlh, VROUTER_A_CONNECTION_SOURCE_PORT, VALID_CLIENT_PORT);
	mnl_attr_put(nlh, VROUTER_A_CONNECTION_DESTINATION, 16, VALID_VIP6);
	mnl_attr_put_u16(nlh, VROUTER_A_CONNECTION_DESTINATION_PORT, VALID_SERVICE6_PORT);
}

/* ---- classes ----------------------------------------------------------------------- */

static inline void valid_shape_there(struct nlmsghdr *nlh, unsigned int way)
{
	mnl_attr_put_strz(nlh, VROUTER_A_SHAPE_NAME, way ? "c1" : "c0");
	if (way)
		mnl_attr_put_strz(nlh, VROUTER_A_SHAPE_PARENT, "c0");
	mnl_attr_put_u64(nlh, VROUTER_A_SHAPE_RATE, way ? 1000000 : 100000000);
	if (way)
		mnl_attr_put_u64(nlh, VROUTER_A_SHAPE_CEIL, 50000000);
}

static inline void valid_shape_settings(struct nlmsghdr *nlh)
{
	mnl_attr_put_u32(nlh, VROUTER_A_SHAPE_ORDER, 5);
	mnl_attr_put_u64(nlh, VROUTER_A_SHAPE_RATE, 2000000);
	mnl_attr_put_u64(nlh, VROUTER_A_SHAPE_CEIL, 3000000);
	mnl_attr_put_u32(nlh, VROUTER_A_SHAPE_BURST, 20000);
	mnl_attr_put_u32(nlh, VROUTER_A_SHAPE_LIMIT, 100000);
	mnl_attr_put_u8(nlh, VROUTER_A_SHAPE_PRIO, 3);
	mnl_attr_put_u8(nlh, VROUTER_A_SHAPE_MODE, VROUTER_SHAPE_MODE_MARK);
	mnl_attr_put_u8(nlh, VROUTER_A_SHAPE_SET_DSCP, 46);
	mnl_attr_put_u64(nlh, VROUTER_A_SHAPE_QUOTA, 1000000000);
	mnl_attr_put_u32(nlh, VROUTER_A_SHAPE_PERIOD, 3600000);
	mnl_attr_put_u64(nlh, VROUTER_A_SHAPE_SLOW_RATE, 64000);
}

static inline void valid_shape_match(struct nlmsghdr *nlh)
{
	mnl_attr_put_u64(nlh, VROUTER_A_SHAPE_MATCH_CGROUP, 1);	/* the root */
	mnl_attr_put(nlh, VROUTER_A_SHAPE_MATCH_NEAR, 4, VALID_PREFIX);
	mnl_attr_put_u8(nlh, VROUTER_A_SHAPE_MATCH_NEAR_LEN, 8);
	mnl_attr_put(nlh, VROUTER_A_SHAPE_MATCH_FAR, 4, VALID_VIP);
	mnl_attr_put_u8(nlh, VROUTER_A_SHAPE_MATCH_FAR_LEN, 32);
	mnl_attr_put_u16(nlh, VROUTER_A_SHAPE_MATCH_PORT, 80);
	mnl_attr_put_u16(nlh, VROUTER_A_SHAPE_MATCH_PORT_LAST, 89);
	mnl_attr_put_u16(nlh, VROUTER_A_SHAPE_MATCH_FAR_PORT, 1024);
	mnl_attr_put_u16(nlh, VROUTER_A_SHAPE_MATCH_FAR_PORT_LAST, 65535);
	mnl_attr_put_u8(nlh, VROUTER_A_SHAPE_MATCH_PROTOCOL, IPPROTO_TCP);
	mnl_attr_put_u32(nlh, VROUTER_A_SHAPE_MATCH_MARK, 1);
	mnl_attr_put_u32(nlh, VROUTER_A_SHAPE_MATCH_MARK_MASK, 0xff);
	mnl_attr_put_u8(nlh, VROUTER_A_SHAPE_MATCH_DSCP, 10);
}

static inline void valid_shape_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	if (cmd != VROUTER_CMD_SHAPE_NEW) {
		/* No parent can go, or have less than its children. */
		mnl_attr_put_strz(nlh, VROUTER_A_SHAPE_NAME,
				  way && cmd == VROUTER_CMD_SHAPE_GET ? "c0" : "c1");
		if (cmd == VROUTER_CMD_SHAPE_SET && !way)
			valid_shape_settings(nlh);
		else if (cmd == VROUTER_CMD_SHAPE_SET)
			mnl_attr_put_u64(nlh, VROUTER_A_SHAPE_CEIL, 60000000);
		return;
	}
	mnl_attr_put_strz(nlh, VROUTER_A_SHAPE_NAME, "c2");
	if (way) {
		mnl_attr_put_strz(nlh, VROUTER_A_SHAPE_PARENT, "c0");
		mnl_attr_put_u64(nlh, VROUTER_A_SHAPE_RATE, 1000000);
		mnl_attr_put(nlh, VROUTER_A_SHAPE_MATCH_NEAR, 16, VALID_PREFIX6);
		mnl_attr_put_u8(nlh, VROUTER_A_SHAPE_MATCH_NEAR_LEN, 48);
		return;
	}
	valid_shape_settings(nlh);
	mnl_attr_put_u8(nlh, VROUTER_A_SHAPE_DIRECTION, VROUTER_SHAPE_DIRECTION_OUT);
	valid_shape_match(nlh);
	mnl_attr_put_strz(nlh, VROUTER_A_SHAPE_LABEL, "whose it is");
}

/* ---- all of them ------------------------------------------------------------------- */

/* A dump of everything, or in the other way of what a service has. */
static inline void valid_dump_request(struct nlmsghdr *nlh, uint8_t cmd, unsigned int way)
{
	if (way && cmd == VROUTER_CMD_BACKEND_GET)
		mnl_attr_put_strz(nlh, VROUTER_A_BACKEND_SERVICE, "s0");
	if (way && cmd == VROUTER_CMD_CONNECTION_GET)
		mnl_attr_put_strz(nlh, VROUTER_A_CONNECTION_SERVICE, "s6");
}

/* In how many ways is there a request of command @cmd? */
static inline unsigned int valid_ways(uint8_t cmd, bool dump)
{
	if (dump)
		return cmd == VROUTER_CMD_BACKEND_GET || cmd == VROUTER_CMD_CONNECTION_GET ? 2 : 1;
	return cmd == VROUTER_CMD_ROUTER_GET || cmd == VROUTER_CMD_ROUTER_FLUSH ||
	       cmd == VROUTER_CMD_CONNECTION_GET || cmd == VROUTER_CMD_SHAPE_DEL ? 1 : 2;
}

/* The request of command @cmd in @buf, in one of its ways; a dump if @dump. */
static inline struct nlmsghdr *valid_request(struct nl *nl, char *buf, uint8_t cmd, bool dump,
					     unsigned int way)
{
	struct nlmsghdr *nlh = nl_command(nl, buf, cmd, dump ? NLM_F_DUMP : 0);

	if (dump)
		valid_dump_request(nlh, cmd, way);
	else if (cmd == VROUTER_CMD_ROUTER_SET)
		mnl_attr_put_u8(nlh, VROUTER_A_ROUTER_FAST_PATH, way);
	else if (cmd <= VROUTER_CMD_ROUTER_FLUSH)
		return nlh;
	else if (cmd <= VROUTER_CMD_SERVICE_GET)
		valid_service_request(nlh, cmd, way);
	else if (cmd <= VROUTER_CMD_BACKEND_GET)
		valid_backend_request(nlh, cmd, way);
	else if (cmd <= VROUTER_CMD_PUBLISH_GET)
		valid_publish_request(nlh, cmd, way);
	else if (cmd <= VROUTER_CMD_NAT_GET)
		valid_nat_request(nlh, cmd, way);
	else if (cmd == VROUTER_CMD_CONNECTION_GET)
		valid_connection_request(nlh);
	else
		valid_shape_request(nlh, cmd, way);
	return nlh;
}

#endif
