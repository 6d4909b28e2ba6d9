/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the family vswitch may be asked, written down a second time from the
 * description in Documentation/netlink/specs/vswitch.yaml and not from the
 * policies, so that the malformed-message tests have an opinion of their own.
 */
#ifndef SELFTESTS_CONTRACT_H
#define SELFTESTS_CONTRACT_H

#include "contract_rules.h"
#include "contract_request.h"

/* Length of an attribute's payload, 0 if it may vary. */
static inline unsigned int rule_length(const struct rule *rule)
{
	switch (rule->kind) {
	case U8: return 1;
	case U16: return 2;
	case U32: return 4;
	case MAC: return 6;
	case SET: return VSWITCH_VLAN_SET_LEN;
	case GROUP: case SOURCE: return 16;
	case U64: return 8;
	case RANGE: return 4;
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

static inline bool ports_fit(const uint32_t *number, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len / 4; i++)
		if (number[i] > VSWITCH_MAX_PORTS)
			return false;
	return !(len % 4) && len / 4 <= VSWITCH_MAX_MIRROR_PORTS;
}

/* IPv4 addresses are mapped into those of IPv6 (RFC 4291 2.5.5.2). */
static inline bool is_mapped(const uint8_t *ip)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return !memcmp(ip, mapped, sizeof(mapped));
}

/* Of many, that is not of the link alone (224.0.0.0/24, scopes 0 to 2). */
static inline bool group_fits(const uint8_t *ip)
{
	if (is_mapped(ip))
		return ip[12] >> 4 == 14 && (ip[12] != 224 || ip[13] || ip[14]);
	return ip[0] == 0xff && (ip[1] & 15) > 2;
}

static inline bool source_fits(const uint8_t *ip)
{
	return is_mapped(ip) ? ip[12] >> 4 != 14 : ip[0] != 0xff;
}

/* Triples of a primary VLAN, a secondary one that is nothing else, and its type. */
static inline bool private_fits(const uint16_t *pair, unsigned int len)
{
	unsigned int i, j, n = len / 6;

	if (len % 6 || n > VSWITCH_PRIVATE_VLANS_MAX)
		return false;
	for (i = 0; i < n; i++) {
		const uint16_t *this = pair + 3 * i;

		if (this[0] < 1 || this[0] > 4094 || this[1] < 1 || this[1] > 4094 || this[2] > 1)
			return false;
		for (j = 0; j < n; j++)
			if (pair[3 * j] == this[1] || (i != j && pair[3 * j + 1] == this[1]))
				return false;
	}
	return true;
}

/* Whether a value or a mask of a field has bits that the field has not. */
static inline bool has_odd_bits(const struct rule *rule, const uint8_t *bytes)
{
	return (rule->max & BITS_2 && bytes[0] > 3) || (rule->max & BITS_12 && bytes[0] > 15) ||
	       (rule->max & BITS_20 && (bytes[0] || bytes[1] > 15));
}

/* A value, and a mask behind it if the field takes one, which has bits. */
static inline const char *field_broken(const struct rule *rule, const uint8_t *value,
				       unsigned int len)
{
	const uint8_t *mask = value + rule->min;
	unsigned int i, bits = 0;

	if (len != rule->min && len != 2 * rule->min)
		return "length";
	if (has_odd_bits(rule, value))
		return "value";
	if (len == rule->min)
		return NULL;
	for (i = 0; i < rule->min; i++) {
		if (value[i] & ~mask[i])
			return "value outside its mask";
		if (rule->max & NO_MASK && mask[i] != 0xff)
			return "mask of a whole field";
		bits |= mask[i];
	}
	return bits && !has_odd_bits(rule, mask) ? NULL : "mask";
}

static inline const char *nest_broken(const struct rule *rule, const void *value,
				      unsigned int len);

/* May this attribute have this value? Says why not. */
static inline const char *rule_broken(const struct rule *rule, const void *value,
				      unsigned int len)
{
	if (rule_length(rule) && len != rule_length(rule))
		return "length";
	switch (rule->kind) {
	case NAME:
		return name_fits(value, len) ? NULL : "name";
	case MAC:
		return mac_fits(value) ? NULL : "MAC";
	case TEXT:
		return text_fits(value, len, rule) ? NULL : "text";
	case SET:
		return set_fits(value) ? NULL : "VLAN in a set";
	case NEST: case ENTRY: case MATCH: case ACTIONS: case SET_FIELD: case MOVE:
	case RESUBMIT: case CONTROLLER: case BUCKET: case CT: case NAT: case LEARN:
	case LEARN_SPEC: case SAMPLE: case OUTPUT_FIELD:
		return nest_broken(rule, value, len);
	case FIELD:
		return field_broken(rule, value, len);
	case RANGE:
		return memcmp(value, (const uint8_t *)value + 2, 2) > 0 ? "range" : NULL;
	case FLAG:
		return len ? "length" : NULL;
	case U64:
		return NULL;
	case BYTES:
		return len < rule->min || len > rule->max ? "length" : NULL;
	case MAP:
		return map_fits(value, len) ? NULL : "map";
	case PRIVATE:
		return private_fits(value, len) ? NULL : "private VLANs";
	case LABEL:
		return name_fits(value, len) ? NULL : "name of what is no device";
	case PORTS:
		return ports_fit(value, len) ? NULL : "list of ports";
	case ADDRESS:
		return len == 4 || len == 16 ? NULL : "address";
	case GROUP:
		return group_fits(value) ? NULL : "group";
	case SOURCE:
		return source_fits(value) ? NULL : "source";
	default:
		return number_broken(rule, value);
	}
}

/* Of one kind of storm; those of the others follow. */
#define BOTH_LIMITS	(UINT64_C(3) << VSWITCH_A_GUARD_STORM_BROADCAST_PPS)

static inline const char *guard_broken(const struct given *given)
{
	uint64_t limits = 0;
	unsigned int i;

	for (i = 1; i <= VSWITCH_A_GUARD_MAX; i++)
		if (given->seen & HAS(i) && guard_rules[i].kind == U32 &&
		    mnl_attr_get_u32(given->attr[i]))
			limits |= HAS(i);
	for (i = 0; i < 3; i++)
		if (!(~limits & BOTH_LIMITS << 2 * i))
			return "limit in packets and in bits";
	return NULL;
}

static inline uint16_t network16(const uint8_t *bytes)
{
	return bytes ? bytes[0] << 8 | bytes[1] : 0;
}

/* Whether packets have a field of these needs at all. */
static inline bool needs_are_met(uint32_t needs, const uint8_t *eth, const uint8_t *proto)
{
	uint16_t type = network16(eth);
	bool is_arp = type == 0x0806 || type == 0x8035;
	bool is_ip = type == 0x0800 || type == 0x86dd;

	switch (needs & 15) {
	case OF_IP4: return is_ip || is_arp;
	case OF_IP6: return type == 0x86dd;
	case OF_PORTS: return is_ip && proto && memchr("\6\21\204\1\72", *proto, 5);
	case OF_TCP: return is_ip && proto && *proto == 6;
	case OF_ARP: return is_arp || (type == 0x86dd && proto && *proto == 58);
	case OF_ND: return type == 0x86dd && proto && *proto == 58;
	default: return true;
	}
}

static inline const char *match_broken(const struct given *given)
{
	const uint8_t *eth = given_value(given, VSWITCH_A_MATCH_ETH_TYPE);
	const uint8_t *proto = given_value(given, VSWITCH_A_MATCH_IP_PROTO);
	const uint64_t src = HAS(VSWITCH_A_MATCH_TP_SRC) | HAS(VSWITCH_A_MATCH_TP_SRC_RANGE);
	const uint64_t dst = HAS(VSWITCH_A_MATCH_TP_DST) | HAS(VSWITCH_A_MATCH_TP_DST_RANGE);
	unsigned int i;

	if (!(~given->seen & src) || !(~given->seen & dst))
		return "port and range";
	for (i = 1; i <= VSWITCH_A_MATCH_MAX; i++)
		if (given->seen & HAS(i) && !needs_are_met(match_rules[i].max, eth, proto))
			return "field that packets have not";
	return NULL;
}

static inline const char *actions_broken(const struct given *given)
{
	if (given->seen & HAS(VSWITCH_A_ACTION_DROP) && given->count > 1)
		return "drop among others";
	if (given->seen & HAS(VSWITCH_A_ACTION_GOTO) && given->last != VSWITCH_A_ACTION_GOTO)
		return "goto before others";
	if (given->seen & HAS(VSWITCH_A_ACTION_REJECT) && given->last != VSWITCH_A_ACTION_REJECT)
		return "reject before others";
	return NULL;
}

static inline const char *nat_broken(const struct given *given)
{
	const uint64_t seen = given->seen;
	const struct nlattr *const *attr = given->attr;

	if (seen & HAS(VSWITCH_A_NAT_PORT_MAX) && !(seen & HAS(VSWITCH_A_NAT_PORT_MIN)))
		return "highest port without a lowest";
	if (!(seen & HAS(VSWITCH_A_NAT_IP_MAX)))
		return NULL;
	if (!(seen & HAS(VSWITCH_A_NAT_IP_MIN)))
		return "highest address without a lowest";
	return attr[VSWITCH_A_NAT_IP_MAX]->nla_len != attr[VSWITCH_A_NAT_IP_MIN]->nla_len ?
	       "address of another family" : NULL;
}

/* Bits of a field or of a value, and what they are for. */
static inline const char *learn_spec_broken(const struct given *given)
{
	const uint8_t *kind = given_value(given, VSWITCH_A_LEARN_SPEC_KIND);
	const uint64_t seen = given->seen;

	if (!(seen & HAS(VSWITCH_A_LEARN_SPEC_BITS)))
		return "number of bits to learn";
	if (!(seen & HAS(VSWITCH_A_LEARN_SPEC_SRC)) == !(seen & HAS(VSWITCH_A_LEARN_SPEC_VALUE)))
		return "source to learn from";
	if (kind && *kind == VSWITCH_LEARN_KIND_OUTPUT)
		return seen & (HAS(VSWITCH_A_LEARN_SPEC_VALUE) | HAS(VSWITCH_A_LEARN_SPEC_DST)) ?
		       "learned output" : NULL;
	return seen & HAS(VSWITCH_A_LEARN_SPEC_DST) ? NULL : "field to learn";
}

/* What is wrong with the attributes in a nest with one another. */
static inline const char *nest_combination(enum kind kind, const struct given *given)
{
	const uint64_t move = HAS(VSWITCH_A_MOVE_SRC) | HAS(VSWITCH_A_MOVE_DST) |
			      HAS(VSWITCH_A_MOVE_BITS);
	const uint64_t output = HAS(VSWITCH_A_MOVE_SRC) | HAS(VSWITCH_A_MOVE_BITS);

	switch (kind) {
	case NEST: return guard_broken(given);
	case MATCH: return match_broken(given);
	case ACTIONS: return actions_broken(given);
	case SET_FIELD: return given->count == 1 ? NULL : "one field";
	case MOVE: return ~given->seen & move ? "half a move" : NULL;
	case RESUBMIT: return given->count ? NULL : "resubmit";
	case OUTPUT_FIELD: return ~given->seen & output ? "half an output" : NULL;
	case CT:
		return given->seen & HAS(VSWITCH_A_CT_MARK_MASK) &&
		       !(given->seen & HAS(VSWITCH_A_CT_MARK)) ? "mask of no mark" : NULL;
	case NAT: return nat_broken(given);
	case LEARN: return given->seen & HAS(VSWITCH_A_LEARN_SPEC) ? NULL : "lesson";
	case LEARN_SPEC: return learn_spec_broken(given);
	case SAMPLE: return given->seen & HAS(VSWITCH_A_SAMPLE_RATE) ? NULL : "rate";
	default: return NULL;
	}
}

/* What is wrong with a nest, which may have nothing in it. */
static inline const char *nest_broken(const struct rule *rule, const void *value,
				      unsigned int len)
{
	const struct nest *nest = nest_of(rule->kind);
	const struct nlattr *attr = value;
	struct given given = { 0 };
	int left = len;

	for (; left >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN && attr->nla_len <= left;
	     left -= NLA_ALIGN(attr->nla_len), attr = mnl_attr_next(attr)) {
		unsigned int type = attr->nla_type & NLA_TYPE_MASK;
		const char *why;

		if (type > nest->max || !nest->rules[type].kind)
			return "attribute in a nest";
		if (given.seen & HAS(type) && !nest->repeats && type != nest->multi)
			return "second value in a nest";
		if (!(attr->nla_type & NLA_F_NESTED) != !nest_of(nest->rules[type].kind))
			return "nesting in a nest";
		why = rule_broken(&nest->rules[type], mnl_attr_get_payload(attr),
				  attr->nla_len - NLA_HDRLEN);
		if (why)
			return why;
		given.seen |= HAS(type);
		given.attr[type] = attr;
		given.last = type;
		given.count++;
	}
	return left > 0 ? "trailing bytes in a nest" : nest_combination(rule->kind, &given);
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
	const uint8_t *mask = given_value(given, VSWITCH_A_PORT_VLAN_MASK);
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
	if (mask && ((member && !is_subset(member, mask)) ||
		     (untagged && !is_subset(untagged, mask)) || (vlan && !in_set(mask, vlan))))
		return "VLAN that is not in the mask";
	return NULL;
}

static inline const char *private_broken(const struct given *given)
{
	const uint8_t *pairs = given_value(given, VSWITCH_A_SWITCH_PRIVATE_VLANS);
	const uint8_t *mask = given_value(given, VSWITCH_A_SWITCH_PRIVATE_MASK);
	unsigned int i, len;
	uint16_t pair[3];

	if (!pairs || !mask)
		return NULL;
	len = given->attr[VSWITCH_A_SWITCH_PRIVATE_VLANS]->nla_len - NLA_HDRLEN;
	for (i = 0; i < len; i += sizeof(pair)) {
		memcpy(pair, pairs + i, sizeof(pair));
		if (!in_set(mask, pair[1]))
			return "secondary VLAN that is not in the mask";
	}
	return NULL;
}

/*
 * A port is named by its device, or by its number and its switch; only for a request
 * about the port itself the two may agree.
 */
static inline const char *name_broken(const struct operation *op, const struct given *given)
{
	const struct set *set = op->set;

	if (!set->number || !(given->seen & HAS(set->number)))
		return NULL;
	if (!(given->seen & set->switch_id))
		return "port number without a switch";
	return set != &port_set && given->seen & set->device ? "port number with a device" : NULL;
}

/* The bits of an address beyond the first @bits are not looked at. */
static inline bool host_fits(const uint8_t *ip, unsigned int len, unsigned int bits)
{
	static const uint8_t none[16], broadcast[4] = { 255, 255, 255, 255 };
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (len == 4)
		return bits < 32 || (memcmp(ip, none, 4) && ip[0] >> 4 != 14 &&
				     memcmp(ip, broadcast, 4));
	if (ip[0] == 0xff || (bits == 128 && !memcmp(ip, none, 16)))
		return false;
	bits = bits < 96 ? bits : 96;
	return memcmp(ip, mapped, bits / 8) ||
	       (bits % 8 && (ip[bits / 8] ^ mapped[bits / 8]) >> (8 - bits % 8));
}

static inline const char *binding_broken(const struct given *given)
{
	const uint8_t *ip = given_value(given, VSWITCH_A_BINDING_IP);
	const uint8_t *prefix = given_value(given, VSWITCH_A_BINDING_PREFIX_LEN);
	unsigned int len;

	if (!ip)
		return prefix ? "prefix length without an address" : NULL;
	len = given->attr[VSWITCH_A_BINDING_IP]->nla_len - NLA_HDRLEN;
	if (prefix && *prefix > 8 * len)
		return "prefix longer than the address";
	return host_fits(ip, len, prefix ? *prefix : 8 * len) ? NULL : "address of no host";
}

static inline const char *mdb_broken(const struct given *given)
{
	const uint8_t *group = given_value(given, VSWITCH_A_MDB_GROUP);
	const uint8_t *source = given_value(given, VSWITCH_A_MDB_SOURCE);

	return group && source && is_mapped(group) != is_mapped(source) ?
	       "source of another family" : NULL;
}

/* Where copies go: its kind, and its name or its number. */
static inline const char *mirror_broken(const struct given *given)
{
	const uint8_t *type = given_value(given, VSWITCH_A_MIRROR_TO_TYPE);
	const uint8_t *truncate = given_value(given, VSWITCH_A_MIRROR_TRUNCATE);
	uint32_t bytes = 0;

	if (truncate)
		memcpy(&bytes, truncate, sizeof(bytes));
	if (bytes && bytes < VSWITCH_MIN_TRUNCATE)
		return "range";
	if (!type != !(given->seen & MIRROR_TO))
		return "half a destination";
	return type && *type == VSWITCH_MIRROR_TO_NETDEV &&
	       given->seen & HAS(VSWITCH_A_MIRROR_TO_NUMBER) ? "number of a netdev" : NULL;
}

static inline const char *flow_broken(const struct given *given)
{
	const uint8_t *cookie = given_value(given, VSWITCH_A_FLOW_COOKIE);
	const uint8_t *mask = given_value(given, VSWITCH_A_FLOW_COOKIE_MASK);
	unsigned int i;

	if (given->seen & HAS(VSWITCH_A_FLOW_PRIORITY) &&
	    !(given->seen & HAS(VSWITCH_A_FLOW_STRICT)))
		return "priority, not strict";
	if (mask && !cookie)
		return "mask without a cookie";
	for (i = 0; mask && i < 8; i++)
		if (cookie[i] & ~mask[i])
			return "cookie outside its mask";
	return NULL;
}

/* What is wrong with the attributes of a set with one another. */
static inline const char *combination_broken(const struct set *set, const struct given *given)
{
	if (set == &port_set)
		return vlans_broken(given);
	if (set == &switch_set)
		return private_broken(given);
	if (set == &binding_set)
		return binding_broken(given);
	if (set == &mdb_set)
		return mdb_broken(given);
	if (set == &flow_set)
		return flow_broken(given);
	return set == &mirror_set ? mirror_broken(given) : NULL;
}

static inline bool is_nest(enum kind kind)
{
	return nest_of(kind);
}

static inline bool may_repeat(enum kind kind)
{
	return kind == ENTRY || kind == BUCKET;
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
	if (!why)
		why = combination_broken(op->set, &given);
	if (why)
		return why;
	if (is_dump(nlh) && is_of_switch(op->set) && !(given.seen & FLOW_SWITCH_ID))
		return "missing attribute";
	if (is_dump(nlh))
		return given.seen & op->no_dump ? "attribute of a dump" : NULL;
	for (i = 0; i < MAX_NEEDED; i++)
		if (op->needed[i] && !(given.seen & op->needed[i]))
			return "missing attribute";
	return NULL;
}

#endif
