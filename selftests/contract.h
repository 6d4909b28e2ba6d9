/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the family vswitch may be asked, written down a second time from the
 * description in Documentation/netlink/specs/vswitch.yaml and not from the
 * policies, so that the malformed-message tests have an opinion of their own.
 */
#ifndef SELFTESTS_CONTRACT_H
#define SELFTESTS_CONTRACT_H

#include <linux/vswitch.h>

#include "request.h"

enum kind { U8 = 1, U16, U32, NAME, MAC, TEXT, SET, NEST, MAP };

/*
 * Bounds of a number, or in @max of the characters of a text or of the types in a
 * nest, for which guard_rules stand.
 */
struct rule {
	enum kind kind;
	uint32_t min, max;
};

#define ANY32	UINT32_MAX

static const struct rule switch_rules[VSWITCH_A_SWITCH_MAX + 1] = {
	[VSWITCH_A_SWITCH_IFINDEX]	= { U32, 1, ANY32 },
	[VSWITCH_A_SWITCH_NAME]		= { NAME, 0, 0 },
	[VSWITCH_A_SWITCH_ADDRESS]	= { MAC, 0, 0 },
	[VSWITCH_A_SWITCH_MTU]		= { U32, 68, 65535 },
	[VSWITCH_A_SWITCH_AGEING_TIME]	= { U32, 0, 1000000000 },
	[VSWITCH_A_SWITCH_FDB_MAX]	= { U32, 0, ANY32 },
	[VSWITCH_A_SWITCH_VLAN_FILTERING] = { U8, 0, 1 },
	[VSWITCH_A_SWITCH_DHCP_GUARD]	= { U8, 0, 1 },
	[VSWITCH_A_SWITCH_RA_GUARD]	= { U8, 0, 1 },
	[VSWITCH_A_SWITCH_VLAN_PROTOCOL] = { U8, 0, 1 },
	[VSWITCH_A_SWITCH_VLAN_DEFAULT_PVID] = { U16, 0, 4094 },
	[VSWITCH_A_SWITCH_LOOP_INTERVAL] = { U32, 100, 60000 },
};

static const struct rule port_rules[VSWITCH_A_PORT_MAX + 1] = {
	[VSWITCH_A_PORT_IFINDEX]	= { U32, 1, ANY32 },
	[VSWITCH_A_PORT_NAME]		= { NAME, 0, 0 },
	[VSWITCH_A_PORT_SWITCH_IFINDEX]	= { U32, 1, ANY32 },
	[VSWITCH_A_PORT_SWITCH_NAME]	= { NAME, 0, 0 },
	[VSWITCH_A_PORT_NUMBER]		= { U32, 0, 65000 },
	[VSWITCH_A_PORT_LEARNING]	= { U8, 0, 1 },
	[VSWITCH_A_PORT_FLOOD]		= { U8, 0, 1 },
	[VSWITCH_A_PORT_MCAST_FLOOD]	= { U8, 0, 1 },
	[VSWITCH_A_PORT_BCAST_FLOOD]	= { U8, 0, 1 },
	[VSWITCH_A_PORT_HAIRPIN]	= { U8, 0, 1 },
	[VSWITCH_A_PORT_ISOLATED]	= { U8, 0, 1 },
	[VSWITCH_A_PORT_NEIGH_SUPPRESS]	= { U8, 0, 1 },
	[VSWITCH_A_PORT_GROUP_FWD_MASK]	= { U16, 0, 0xffff },
	[VSWITCH_A_PORT_FDB_MAX]	= { U32, 0, ANY32 },
	[VSWITCH_A_PORT_ALIAS]		= { TEXT, 0, 255 },
	[VSWITCH_A_PORT_PVID]		= { U16, 0, 4094 },
	[VSWITCH_A_PORT_VLAN]		= { SET, 0, 0 },
	[VSWITCH_A_PORT_VLAN_UNTAGGED]	= { SET, 0, 0 },
	[VSWITCH_A_PORT_GUARD]		= { NEST, 0, VSWITCH_A_GUARD_MAX },
	[VSWITCH_A_PORT_SHUT]		= { U8, 0, 1 },
	[VSWITCH_A_PORT_RECOVERY]	= { U32, 0, 86400000 },
	[VSWITCH_A_PORT_STATE]		= { U8, 0, 4 },
	[VSWITCH_A_PORT_BPDU_GUARD]	= { U8, 0, 1 },
	[VSWITCH_A_PORT_BPDU_FILTER]	= { U8, 0, 1 },
	[VSWITCH_A_PORT_VLAN_TUNNEL]	= { U8, 0, 1 },
	[VSWITCH_A_PORT_CVLANS]		= { SET, 0, 0 },
	[VSWITCH_A_PORT_VLAN_MAP]	= { MAP, 0, 0 },
	[VSWITCH_A_PORT_LOOP_PROTECT]	= { U8, 0, 1 },
};

static const struct rule guard_rules[VSWITCH_A_GUARD_MAX + 1] = {
	[VSWITCH_A_GUARD_LOCKED]	= { U8, 0, 1 },
	[VSWITCH_A_GUARD_SOURCE_GUARD]	= { U8, 0, 1 },
	[VSWITCH_A_GUARD_DHCP_GUARD]	= { U8, 0, 1 },
	[VSWITCH_A_GUARD_DHCP_TRUSTED]	= { U8, 0, 1 },
	[VSWITCH_A_GUARD_RA_GUARD]	= { U8, 0, 1 },
	[VSWITCH_A_GUARD_RA_TRUSTED]	= { U8, 0, 1 },
	[VSWITCH_A_GUARD_MAB]		= { U8, 0, 1 },
	[VSWITCH_A_GUARD_MAX_MACS]	= { U32, 0, ANY32 },
	[VSWITCH_A_GUARD_VIOLATION]	= { U8, 0, 2 },
	[VSWITCH_A_GUARD_STICKY_MACS]	= { U8, 0, 1 },
	[VSWITCH_A_GUARD_STORM_BROADCAST_PPS] = { U32, 0, ANY32 },
	[VSWITCH_A_GUARD_STORM_BROADCAST_KBPS] = { U32, 0, ANY32 },
	[VSWITCH_A_GUARD_STORM_MULTICAST_PPS] = { U32, 0, ANY32 },
	[VSWITCH_A_GUARD_STORM_MULTICAST_KBPS] = { U32, 0, ANY32 },
	[VSWITCH_A_GUARD_STORM_UNKNOWN_PPS] = { U32, 0, ANY32 },
	[VSWITCH_A_GUARD_STORM_UNKNOWN_KBPS] = { U32, 0, ANY32 },
};

static const struct rule fdb_rules[VSWITCH_A_FDB_MAX + 1] = {
	[VSWITCH_A_FDB_SWITCH_IFINDEX]	= { U32, 1, ANY32 },
	[VSWITCH_A_FDB_SWITCH_NAME]	= { NAME, 0, 0 },
	[VSWITCH_A_FDB_PORT_IFINDEX]	= { U32, 1, ANY32 },
	[VSWITCH_A_FDB_PORT_NAME]	= { NAME, 0, 0 },
	[VSWITCH_A_FDB_ADDRESS]		= { MAC, 0, 0 },
	[VSWITCH_A_FDB_TYPE]		= { U8, 0, 2 },
	[VSWITCH_A_FDB_STICKY]		= { U8, 0, 1 },
	[VSWITCH_A_FDB_VLAN]		= { U16, 0, 4094 },
	[VSWITCH_A_FDB_PORT_NUMBER]	= { U32, 0, 65000 },
};

#define HAS(attr)	(UINT64_C(1) << (attr))
#define SWITCH_ID	(HAS(VSWITCH_A_SWITCH_IFINDEX) | HAS(VSWITCH_A_SWITCH_NAME))
#define SWITCH_SETTINGS	(HAS(VSWITCH_A_SWITCH_ADDRESS) | HAS(VSWITCH_A_SWITCH_MTU) | \
			 HAS(VSWITCH_A_SWITCH_AGEING_TIME) | HAS(VSWITCH_A_SWITCH_FDB_MAX) | \
			 HAS(VSWITCH_A_SWITCH_VLAN_FILTERING) | HAS(VSWITCH_A_SWITCH_DHCP_GUARD) | \
			 HAS(VSWITCH_A_SWITCH_RA_GUARD) | \
			 HAS(VSWITCH_A_SWITCH_VLAN_PROTOCOL) | \
			 HAS(VSWITCH_A_SWITCH_VLAN_DEFAULT_PVID) | \
			 HAS(VSWITCH_A_SWITCH_LOOP_INTERVAL))
#define PORT_DEVICE	(HAS(VSWITCH_A_PORT_IFINDEX) | HAS(VSWITCH_A_PORT_NAME))
#define PORT_ID		(PORT_DEVICE | HAS(VSWITCH_A_PORT_NUMBER))
#define PORT_SWITCH_ID	(HAS(VSWITCH_A_PORT_SWITCH_IFINDEX) | HAS(VSWITCH_A_PORT_SWITCH_NAME))
#define PORT_SETTINGS	(HAS(VSWITCH_A_PORT_LEARNING) | HAS(VSWITCH_A_PORT_FLOOD) | \
			 HAS(VSWITCH_A_PORT_MCAST_FLOOD) | HAS(VSWITCH_A_PORT_BCAST_FLOOD) | \
			 HAS(VSWITCH_A_PORT_HAIRPIN) | HAS(VSWITCH_A_PORT_ISOLATED) | \
			 HAS(VSWITCH_A_PORT_NEIGH_SUPPRESS) | \
			 HAS(VSWITCH_A_PORT_GROUP_FWD_MASK) | HAS(VSWITCH_A_PORT_FDB_MAX) | \
			 HAS(VSWITCH_A_PORT_GUARD) | \
			 HAS(VSWITCH_A_PORT_SHUT) | HAS(VSWITCH_A_PORT_RECOVERY) | \
			 HAS(VSWITCH_A_PORT_STATE) | HAS(VSWITCH_A_PORT_BPDU_GUARD) | \
			 HAS(VSWITCH_A_PORT_BPDU_FILTER) | HAS(VSWITCH_A_PORT_LOOP_PROTECT))
#define PORT_VLANS	(HAS(VSWITCH_A_PORT_PVID) | HAS(VSWITCH_A_PORT_VLAN) | \
			 HAS(VSWITCH_A_PORT_VLAN_UNTAGGED) | HAS(VSWITCH_A_PORT_VLAN_TUNNEL) | \
			 HAS(VSWITCH_A_PORT_CVLANS) | HAS(VSWITCH_A_PORT_VLAN_MAP))
#define FDB_SWITCH_ID	(HAS(VSWITCH_A_FDB_SWITCH_IFINDEX) | HAS(VSWITCH_A_FDB_SWITCH_NAME))
#define FDB_DEVICE	(HAS(VSWITCH_A_FDB_PORT_IFINDEX) | HAS(VSWITCH_A_FDB_PORT_NAME))
#define FDB_PORT_ID	(FDB_DEVICE | HAS(VSWITCH_A_FDB_PORT_NUMBER))
#define FDB_KEY		(HAS(VSWITCH_A_FDB_ADDRESS) | HAS(VSWITCH_A_FDB_VLAN))

/*
 * An operation takes @allowed attributes, and of each set in @needed at least
 * one. A dump takes those without @no_dump and needs nothing.
 */
struct operation {
	const char *name;
	const struct rule *rules;
	unsigned int max;		/* highest attribute of its set */
	bool dump;
	uint64_t allowed;
	uint64_t needed[2];
	uint64_t no_dump;
};

static const struct operation operations[VSWITCH_CMD_FDB_FLUSH + 1] = {
	[VSWITCH_CMD_SWITCH_NEW] = {
		"switch-new", switch_rules, VSWITCH_A_SWITCH_MAX, false,
		HAS(VSWITCH_A_SWITCH_NAME) | SWITCH_SETTINGS, { 0 }, 0,
	},
	[VSWITCH_CMD_SWITCH_SET] = {
		"switch-set", switch_rules, VSWITCH_A_SWITCH_MAX, false,
		SWITCH_ID | SWITCH_SETTINGS, { SWITCH_ID }, 0,
	},
	[VSWITCH_CMD_SWITCH_DEL] = {
		"switch-del", switch_rules, VSWITCH_A_SWITCH_MAX, false,
		SWITCH_ID, { SWITCH_ID }, 0,
	},
	[VSWITCH_CMD_SWITCH_GET] = {
		"switch-get", switch_rules, VSWITCH_A_SWITCH_MAX, true,
		SWITCH_ID, { SWITCH_ID }, SWITCH_ID,
	},
	[VSWITCH_CMD_PORT_NEW] = {
		"port-new", port_rules, VSWITCH_A_PORT_MAX, false,
		PORT_DEVICE | PORT_SWITCH_ID | PORT_SETTINGS | PORT_VLANS,
		{ PORT_DEVICE, PORT_SWITCH_ID }, 0,
	},
	[VSWITCH_CMD_PORT_SET] = {
		"port-set", port_rules, VSWITCH_A_PORT_MAX, false,
		PORT_ID | PORT_SWITCH_ID | PORT_SETTINGS | PORT_VLANS |
		HAS(VSWITCH_A_PORT_ALIAS), { PORT_ID }, 0,
	},
	[VSWITCH_CMD_PORT_DEL] = {
		"port-del", port_rules, VSWITCH_A_PORT_MAX, false,
		PORT_ID | PORT_SWITCH_ID, { PORT_ID }, 0,
	},
	[VSWITCH_CMD_PORT_GET] = {
		"port-get", port_rules, VSWITCH_A_PORT_MAX, true,
		PORT_ID | PORT_SWITCH_ID, { PORT_ID }, PORT_ID,
	},
	[VSWITCH_CMD_FDB_NEW] = {
		"fdb-new", fdb_rules, VSWITCH_A_FDB_MAX, false,
		FDB_SWITCH_ID | FDB_PORT_ID | FDB_KEY | HAS(VSWITCH_A_FDB_TYPE) |
		HAS(VSWITCH_A_FDB_STICKY),
		{ FDB_PORT_ID, HAS(VSWITCH_A_FDB_ADDRESS) }, 0,
	},
	[VSWITCH_CMD_FDB_SET] = {
		"fdb-set", fdb_rules, VSWITCH_A_FDB_MAX, false,
		FDB_SWITCH_ID | FDB_PORT_ID | FDB_KEY | HAS(VSWITCH_A_FDB_TYPE) |
		HAS(VSWITCH_A_FDB_STICKY),
		{ FDB_SWITCH_ID | FDB_PORT_ID, HAS(VSWITCH_A_FDB_ADDRESS) }, 0,
	},
	[VSWITCH_CMD_FDB_DEL] = {
		"fdb-del", fdb_rules, VSWITCH_A_FDB_MAX, false,
		FDB_SWITCH_ID | FDB_PORT_ID | FDB_KEY,
		{ FDB_SWITCH_ID | FDB_PORT_ID, HAS(VSWITCH_A_FDB_ADDRESS) }, 0,
	},
	[VSWITCH_CMD_FDB_GET] = {
		"fdb-get", fdb_rules, VSWITCH_A_FDB_MAX, true,
		FDB_SWITCH_ID | FDB_PORT_ID | FDB_KEY | HAS(VSWITCH_A_FDB_TYPE),
		{ FDB_SWITCH_ID | FDB_PORT_ID, HAS(VSWITCH_A_FDB_ADDRESS) },
		HAS(VSWITCH_A_FDB_ADDRESS),
	},
	[VSWITCH_CMD_FDB_FLUSH] = {
		"fdb-flush", fdb_rules, VSWITCH_A_FDB_MAX, false,
		FDB_SWITCH_ID | FDB_PORT_ID | HAS(VSWITCH_A_FDB_VLAN) |
		HAS(VSWITCH_A_FDB_TYPE),
		{ FDB_SWITCH_ID | FDB_PORT_ID }, 0,
	},
};

/* Length of an attribute's payload, 0 if it may vary. */
static inline unsigned int rule_length(const struct rule *rule)
{
	switch (rule->kind) {
	case U8: return 1;
	case U16: return 2;
	case U32: return 4;
	case MAC: return 6;
	case SET: return VSWITCH_VLAN_SET_LEN;
	default: return 0;
	}
}

/* Could a device have this name? */
static inline bool name_fits(const char *text, unsigned int len)
{
	const char *end = memchr(text, 0, len);
	const char *c;

	if (!end || end == text || end - text > VSWITCH_NAME_LEN)
		return false;
	for (c = text; c < end; c++)
		if (strchr("/: \t\n\v\f\r\xa0", *c))
			return false;
	return strcmp(text, ".") && strcmp(text, "..");
}

static inline bool mac_fits(const uint8_t *mac)
{
	static const uint8_t zero[6];

	return !(mac[0] & 1) && memcmp(mac, zero, 6);
}

static inline bool in_set(const uint8_t *set, unsigned int vlan)
{
	return set[vlan / 8] & 1 << vlan % 8;
}

static inline bool is_subset(const uint8_t *part, const uint8_t *whole)
{
	unsigned int vlan;

	for (vlan = 0; vlan < 8 * VSWITCH_VLAN_SET_LEN; vlan++)
		if (in_set(part, vlan) && !in_set(whole, vlan))
			return false;
	return true;
}

static inline bool set_is_empty(const uint8_t *set)
{
	static const uint8_t none[VSWITCH_VLAN_SET_LEN];

	return !memcmp(set, none, sizeof(none));
}

/* VLANs are 1 to 4094, both others are reserved (802.1Q-2018 table 9-2). */
static inline bool set_fits(const uint8_t *set)
{
	return !in_set(set, 0) && !in_set(set, 4095);
}

/* Pairs of VLANs, no one there twice on either side. */
static inline bool map_fits(const uint16_t *map, unsigned int len)
{
	unsigned int i, j;

	if (len % 4 || len > 4 * VSWITCH_VLAN_MAP_MAX)
		return false;
	for (i = 0; i < len / 2; i++) {
		if (map[i] < 1 || map[i] > 4094)
			return false;
		for (j = i % 2; j < i; j += 2)
			if (map[j] == map[i])
				return false;
	}
	return true;
}

static inline bool text_fits(const char *text, unsigned int len, unsigned int max)
{
	const char *end = memchr(text, 0, len);

	return end && end - text <= max;
}

static inline const char *nest_broken(const struct rule *nest, const void *value,
				      unsigned int len);

/* May this attribute have this value? Says why not. */
static inline const char *rule_broken(const struct rule *rule, const void *value,
				      unsigned int len)
{
	uint32_t number = 0;
	uint16_t number16;

	if (rule_length(rule) && len != rule_length(rule))
		return "length";
	switch (rule->kind) {
	case NAME:
		return name_fits(value, len) ? NULL : "name";
	case MAC:
		return mac_fits(value) ? NULL : "MAC";
	case TEXT:
		return text_fits(value, len, rule->max) ? NULL : "text";
	case SET:
		return set_fits(value) ? NULL : "VLAN in a set";
	case NEST:
		return nest_broken(rule, value, len);
	case MAP:
		return map_fits(value, len) ? NULL : "map";
	case U8:
		number = *(const uint8_t *)value;
		break;
	case U16:
		memcpy(&number16, value, 2);
		number = number16;
		break;
	case U32:
		memcpy(&number, value, 4);
		break;
	}
	return number < rule->min || number > rule->max ? "range" : NULL;
}

/* What is wrong with the attributes in a nest, which may have none. */
static inline const char *nest_broken(const struct rule *nest, const void *value,
				      unsigned int len)
{
	const struct nlattr *attr = value;
	uint64_t seen = 0;
	int left = len;

	for (; left >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN && attr->nla_len <= left;
	     left -= NLA_ALIGN(attr->nla_len), attr = mnl_attr_next(attr)) {
		unsigned int type = attr->nla_type & NLA_TYPE_MASK;
		const char *why;

		if (type > nest->max || !guard_rules[type].kind)
			return "attribute in a nest";
		if (seen & UINT64_C(1) << type)
			return "second value in a nest";
		if (attr->nla_type & NLA_F_NESTED)
			return "nesting in a nest";
		why = rule_broken(&guard_rules[type], mnl_attr_get_payload(attr),
				  attr->nla_len - NLA_HDRLEN);
		if (why)
			return why;
		seen |= UINT64_C(1) << type;
	}
	return left > 0 ? "trailing bytes in a nest" : NULL;
}

static inline bool is_dump(const struct nlmsghdr *nlh)
{
	return (nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
}

/* Is there an operation that the message could be meant for at all? */
static inline const struct operation *operation_of(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct operation *op;

	if (nlh->nlmsg_len < NLMSG_HDRLEN + sizeof(*genl) || genl->cmd > VSWITCH_CMD_FDB_FLUSH)
		return NULL;
	op = &operations[genl->cmd];
	if (!op->name || (is_dump(nlh) && !op->dump))
		return NULL;
	return op;
}

/* The attributes of a request by their types. */
struct given {
	uint64_t seen;
	const struct nlattr *attr[64];
};

static inline const uint8_t *given_value(const struct given *given, unsigned int type)
{
	return given->seen & HAS(type) ? mnl_attr_get_payload(given->attr[type]) : NULL;
}

/* What VLANs a port is given with one another. */
static inline const char *vlans_broken(const struct given *given)
{
	const uint8_t *member = given_value(given, VSWITCH_A_PORT_VLAN);
	const uint8_t *untagged = given_value(given, VSWITCH_A_PORT_VLAN_UNTAGGED);
	const uint8_t *pvid = given_value(given, VSWITCH_A_PORT_PVID);
	const uint8_t *tunnel = given_value(given, VSWITCH_A_PORT_VLAN_TUNNEL);
	const uint8_t *customers = given_value(given, VSWITCH_A_PORT_CVLANS);
	const uint8_t *map = given_value(given, VSWITCH_A_PORT_VLAN_MAP);
	unsigned int map_len = map ? given->attr[VSWITCH_A_PORT_VLAN_MAP]->nla_len - NLA_HDRLEN : 0;
	uint16_t vlan = 0;

	if (pvid)
		memcpy(&vlan, pvid, sizeof(vlan));
	if (member && vlan && !in_set(member, vlan))
		return "PVID, no member";
	if (member && untagged && !is_subset(untagged, member))
		return "untagged VLAN, no member";
	if (tunnel && *tunnel && map && map_len)
		return "map of a tunnel";
	if (tunnel && !*tunnel && customers && !set_is_empty(customers))
		return "customers' VLANs of what is no tunnel";
	return NULL;
}

/* A port is named by its device, or by its number and its switch. */
static inline const char *name_broken(const struct operation *op, const struct given *given)
{
	if (op->rules == port_rules && (given->seen & HAS(VSWITCH_A_PORT_NUMBER)) &&
	    !(given->seen & PORT_SWITCH_ID))
		return "number without a switch";
	if (op->rules != fdb_rules || !(given->seen & HAS(VSWITCH_A_FDB_PORT_NUMBER)))
		return NULL;
	if (!(given->seen & FDB_SWITCH_ID))
		return "port number without a switch";
	return given->seen & FDB_DEVICE ? "port number with a device" : NULL;
}

/*
 * What is wrong with the attributes one by one. The rest of the message, which
 * is in no attribute, is wrong too.
 */
static inline const char *attributes_broken(const struct operation *op,
					    const struct nlmsghdr *nlh, struct given *given)
{
	int left = nlh->nlmsg_len - NLMSG_HDRLEN - sizeof(struct genlmsghdr);
	const struct nlattr *attr;
	const char *why;

	attr = mnl_nlmsg_get_payload_offset(nlh, sizeof(struct genlmsghdr));
	for (; left >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN && attr->nla_len <= left;
	     left -= NLA_ALIGN(attr->nla_len), attr = mnl_attr_next(attr)) {
		unsigned int type = attr->nla_type & NLA_TYPE_MASK;

		if (type > op->max || !(op->allowed & HAS(type)))
			return "attribute";
		if (given->seen & HAS(type))
			return "second value";
		if (!(attr->nla_type & NLA_F_NESTED) != (op->rules[type].kind != NEST))
			return "nesting";
		why = rule_broken(&op->rules[type], mnl_attr_get_payload(attr),
				  attr->nla_len - NLA_HDRLEN);
		if (why)
			return why;
		given->seen |= HAS(type);
		given->attr[type] = attr;
	}
	return left > 0 ? "trailing bytes" : NULL;
}

/*
 * What is wrong with the request @nlh whatever objects there are, NULL if
 * nothing is.
 */
static inline const char *contract_broken(const struct nlmsghdr *nlh)
{
	const struct operation *op = operation_of(nlh);
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	struct given given = { 0 };
	const char *why;
	unsigned int i;

	if (!op)
		return "operation";
	if (genl->reserved)
		return "reserved field";
	why = attributes_broken(op, nlh, &given);
	if (!why)
		why = name_broken(op, &given);
	if (!why && op->rules == port_rules)
		why = vlans_broken(&given);
	if (why)
		return why;
	if (is_dump(nlh))
		return given.seen & op->no_dump ? "attribute of a dump" : NULL;
	for (i = 0; i < 2; i++)
		if (op->needed[i] && !(given.seen & op->needed[i]))
			return "missing attribute";
	return NULL;
}

#endif
