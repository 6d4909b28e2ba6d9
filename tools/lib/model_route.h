/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Routes and rules of the kernel's own tables, in the way of model.h; the numbers of
 * the attributes are ours.
 */
#ifndef VSW_LIB_MODEL_ROUTE_H
#define VSW_LIB_MODEL_ROUTE_H

#include "model.h"

enum nexthop_attr {
	NEXTHOP_GATEWAY = 1, NEXTHOP_DEV, NEXTHOP_IFINDEX, NEXTHOP_WEIGHT, NEXTHOP_FLAGS,
};

struct vsw_nexthop {
	uint64_t has;			/* NEXTHOP_* */
	struct prefix gateway;		/* of either family */
	char dev[MODEL_NAME_SIZE];	/* "": the kernel knows no name for the ifindex */
	uint32_t ifindex;
	uint32_t weight;		/* 1 to ROUTE_WEIGHT_MAX */
	uint32_t flags;			/* RTNH_F_* */
};

#define ROUTE_WEIGHT_MAX	256

enum route_attr {
	ROUTE_FAMILY = 1, ROUTE_TYPE, ROUTE_DST, ROUTE_FROM, ROUTE_TOS, ROUTE_TABLE, ROUTE_VRF,
	ROUTE_PROTOCOL, ROUTE_SCOPE, ROUTE_METRIC, ROUTE_SRC, ROUTE_MTU, ROUTE_NEXTHOPS,
	/* of a question only */
	ROUTE_IIF, ROUTE_OIF, ROUTE_MARK, ROUTE_IP_PROTOCOL, ROUTE_SPORT, ROUTE_DPORT,
};

/* Addresses with bits 0 are "default" as a destination, and any as what it is from. */
struct vsw_route {
	uint64_t has;			/* ROUTE_* */
	uint8_t family;			/* AF_INET, AF_INET6 */
	uint8_t type;			/* RTN_* */
	struct prefix dst, from;
	uint8_t tos;
	uint32_t table;
	char vrf[MODEL_NAME_SIZE];	/* whose table it is */
	uint8_t protocol;		/* RTPROT_* */
	uint8_t scope;			/* RT_SCOPE_* */
	uint32_t metric;		/* of several the least counts */
	struct prefix src;
	uint32_t mtu;			/* bytes */
	struct list nexthops;		/* of struct vsw_nexthop */
	char iif[MODEL_NAME_SIZE], oif[MODEL_NAME_SIZE];
	uint32_t mark;
	uint8_t ip_protocol;
	uint16_t sport, dport;
};

enum rule_attr {
	RULE_FAMILY = 1, RULE_PRIORITY, RULE_FROM, RULE_TO, RULE_IIF, RULE_OIF, RULE_MARK,
	RULE_MASK, RULE_TOS, RULE_IP_PROTOCOL, RULE_SPORT, RULE_SPORT_LAST, RULE_DPORT,
	RULE_DPORT_LAST, RULE_ACTION, RULE_TABLE, RULE_VRF, RULE_GOTO, RULE_L3MDEV,
	RULE_PROTOCOL, RULE_ALSO,
};

/* What a rule can have that libnl-route can't say: RULE_ALSO_* by their bits. */
enum { RULE_ALSO_NOT, RULE_ALSO_UIDRANGE, RULE_ALSO_TUN_ID, RULE_ALSO_SUPPRESS };

struct vsw_rule {
	uint64_t has;			/* RULE_* */
	uint8_t family;
	uint32_t priority;		/* the least is asked first */
	struct prefix from, to;
	char iif[MODEL_NAME_SIZE], oif[MODEL_NAME_SIZE];
	uint32_t mark, mask;
	uint8_t tos;
	uint8_t ip_protocol;
	uint16_t sport, sport_last, dport, dport_last;
	uint8_t action;			/* FR_ACT_* */
	uint32_t table;
	char vrf[MODEL_NAME_SIZE];
	uint32_t goto_priority;
	bool l3mdev;
	uint8_t protocol;		/* RTPROT_* */
	uint32_t also;
};

extern const struct kind kind_route, kind_nexthop, kind_rule;

/* The word for a value of a type FIELD_ROUTE_TYPE to FIELD_RULE_ALSO, or NULL. */
const char *route_word(unsigned int field_type, unsigned int value);
/* Its value, or -1. */
int route_word_find(unsigned int field_type, const char *word);
/* All of them, with commas between, for a message. */
#define ROUTE_WORDS_SIZE 256
const char *route_words(unsigned int field_type, char text[ROUTE_WORDS_SIZE]);

/* "main", "local", "default" or NULL. */
const char *route_table_word(uint32_t table);

#endif
