// SPDX-License-Identifier: GPL-2.0
#include "model_natnet.h"

#define NATNET(key, ATTR, kind, member) \
	{ key, NATNET_##ATTR, kind, offsetof(struct vsw_natnet, member), NULL }

static const struct field natnet_fields[] = {
	NATNET("name", NAME, FIELD_NAME, name),
	NATNET("state", STATE, FIELD_TEXT, state),
	NATNET("subnet", SUBNET, FIELD_IP, subnet),
	NATNET("subnet-len", SUBNET_LEN, FIELD_PREFIX, subnet),
	NATNET("gateway", GATEWAY, FIELD_IP, gateway),
	NATNET("ipv6", IPV6, FIELD_IP, ipv6),
	NATNET("ipv6-len", IPV6_LEN, FIELD_PREFIX, ipv6),
	NATNET("ipv6-gateway", IPV6_GATEWAY, FIELD_IP, ipv6_gateway),
	NATNET("dhcp", DHCP, FIELD_BOOL, dhcp),
	NATNET("limit", LIMIT, FIELD_U32, limit),
	NATNET("dhcp-first", FIRST, FIELD_IP, first),
	NATNET("dhcp-last", LAST, FIELD_IP, last),
	NATNET("leases", LEASES, FIELD_U32, leases),
	NATNET("dnsmasq-pid", PID, FIELD_U32, pid),
};

const struct kind kind_natnet = {
	"natnet", sizeof(struct vsw_natnet), natnet_fields,
	sizeof(natnet_fields) / sizeof(natnet_fields[0])
};
