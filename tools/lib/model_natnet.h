/* SPDX-License-Identifier: GPL-2.0 */
/* A NAT network: a switch with a gateway, masquerade, DHCP and DNS; in the way of model.h. */
#ifndef VSW_LIB_MODEL_NATNET_H
#define VSW_LIB_MODEL_NATNET_H

#include "model.h"

enum natnet_attr {
	NATNET_NAME = 1, NATNET_STATE, NATNET_SUBNET, NATNET_SUBNET_LEN, NATNET_GATEWAY,
	NATNET_IPV6, NATNET_IPV6_LEN, NATNET_IPV6_GATEWAY, NATNET_DHCP, NATNET_LIMIT,
	NATNET_FIRST, NATNET_LAST, NATNET_LEASES, NATNET_PID,
};

struct vsw_natnet {
	uint64_t has;			/* NATNET_* */
	char name[MODEL_NAME_SIZE];	/* also of its switch */
	char *state;			/* owned: "running", "no-dnsmasq", "half-made" */
	struct prefix subnet, gateway;
	struct prefix ipv6, ipv6_gateway;
	bool dhcp;
	uint32_t limit;			/* most leases at a time */
	struct prefix first, last;	/* addresses that are leased */
	uint32_t leases;		/* that are not over */
	uint32_t pid;			/* of dnsmasq */
};

extern const struct kind kind_natnet;

#endif
