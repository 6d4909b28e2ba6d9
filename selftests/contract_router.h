/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the family vrouter may be asked, written down a second time from the description in
 * Documentation/netlink/specs/vrouter.yaml, as contract.h is for the family vswitch.
 */
#ifndef SELFTESTS_CONTRACT_ROUTER_H
#define SELFTESTS_CONTRACT_ROUTER_H

#include <netinet/in.h>

#include "contract_router_rules.h"
#include "contract_request.h"

/* Length of an attribute's payload, 0 if it may vary. */
static inline unsigned int rule_length(const struct rule *rule)
{
	switch (rule->kind) {
	case U8: case PROTOCOL: return 1;
	case U16: return 2;
	case U32: return 4;
	case U64: return 8;
	case BYTES: return rule->min;
	default: return 0;
	}
}

static inline bool is_nest(enum kind kind)
{
	(void)kind;
	return false;
}

static inline bool may_repeat(enum kind kind)
{
	(void)kind;
	return false;
}

static inline bool has_ports(uint8_t protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP;
}

static inline const char *rule_broken(const struct rule *rule, const void *value,
				      unsigned int len)
{
	if (rule_length(rule) && len != rule_length(rule))
		return "length";
	switch (rule->kind) {
	case TEXT: return text_fits(value, len, rule) ? NULL : "text";
	case ADDRESS: return len == 4 || len == 16 ? NULL : "address";
	case PROTOCOL: return has_ports(*(const uint8_t *)value) ? NULL : "protocol";
	case U64: case BYTES: return NULL;
	default: return number_broken(rule, value);
	}
}

/* ---- values that were found to be right, one by one ------------------------------- */

static inline uint64_t given_number(const struct given *given, unsigned int type, uint64_t other)
{
	const struct nlattr *attr = given->attr[type];

	if (!(given->seen & HAS(type)))
		return other;
	switch (mnl_attr_get_payload_len(attr)) {
	case 1: return mnl_attr_get_u8(attr);
	case 2: return mnl_attr_get_u16(attr);
	case 4: return mnl_attr_get_u32(attr);
	default: return mnl_attr_get_u64(attr);
	}
}

static inline unsigned int given_length(const struct given *given, unsigned int type)
{
	return given->seen & HAS(type) ? mnl_attr_get_payload_len(given->attr[type]) : 0;
}

/* Lower than the first one, or without one. */
static inline bool is_bad_last(const struct given *given, unsigned int first, unsigned int last)
{
	return given->seen & HAS(last) &&
	       (!(given->seen & HAS(first)) ||
		given_number(given, last, 0) < given_number(given, first, 0));
}

static inline bool is_many(const uint8_t *ip, unsigned int len)
{
	static const uint8_t broadcast[4] = { 255, 255, 255, 255 };

	return len == 4 ? ip[0] >> 4 == 14 || !memcmp(ip, broadcast, 4) : ip[0] == 0xff;
}

static inline bool is_none(const uint8_t *ip, unsigned int len)
{
	static const uint8_t none[16];

	return !memcmp(ip, none, len);
}

static inline bool is_link_local(const uint8_t *ip, unsigned int len)
{
	return len == 16 && ip[0] == 0xfe && ip[1] >> 6 == 2;
}

static inline bool is_loopback(const uint8_t *ip, unsigned int len)
{
	static const uint8_t one[16] = { [15] = 1 };

	return len == 4 ? ip[0] == 127 : !memcmp(ip, one, 16);
}

static inline bool is_mapped(const uint8_t *ip, unsigned int len)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return len == 16 && !memcmp(ip, mapped, sizeof(mapped));
}

/* The address of one host, if it is there at all. */
static inline bool is_of_host(const struct given *given, unsigned int type)
{
	const uint8_t *ip = given_value(given, type);
	unsigned int len = given_length(given, type);

	return !ip || (!is_many(ip, len) && !is_none(ip, len));
}

/* One that others can be sent to, too. */
static inline bool is_far(const struct given *given, unsigned int type)
{
	const uint8_t *ip = given_value(given, type);
	unsigned int len = given_length(given, type);

	return !ip || (is_of_host(given, type) && !is_loopback(ip, len) &&
		       !is_link_local(ip, len) && !is_mapped(ip, len));
}

/* What is wrong with a prefix: of @bits, unless @len says less. */
static inline const char *prefix_broken(const struct given *given, unsigned int address,
					unsigned int len)
{
	const uint8_t *ip = given_value(given, address);
	unsigned int bits = 8 * given_length(given, address), i;
	unsigned int wanted = given_number(given, len, bits);

	if (!ip)
		return given->seen & HAS(len) ? "length of no prefix" : NULL;
	if (wanted > bits)
		return "prefix length";
	for (i = wanted; i < bits; i++)
		if (ip[i / 8] & 0x80 >> i % 8)
			return "bit behind a prefix";
	return NULL;
}

/* Whether all addresses that are given are of one family. */
static inline bool is_one_family(const struct given *given, const unsigned int *types,
				 unsigned int n)
{
	unsigned int len = 0;

	for (; n; n--, types++) {
		if (!(given->seen & HAS(*types)))
			continue;
		if (len && len != given_length(given, *types))
			return false;
		len = given_length(given, *types);
	}
	return true;
}

/* ---- the attributes of an object with one another ---------------------------------- */

static inline const char *service_broken(const struct given *given)
{
	if (is_bad_last(given, VROUTER_A_SERVICE_PORT, VROUTER_A_SERVICE_PORT_LAST))
		return "last port";
	if (!is_of_host(given, VROUTER_A_SERVICE_ADDRESS))
		return "address";
	if (given_number(given, VROUTER_A_SERVICE_HEALTH_SHARE, 0) &&
	    given_number(given, VROUTER_A_SERVICE_PROTOCOL, IPPROTO_TCP) != IPPROTO_TCP)
		return "health of another protocol";
	return NULL;
}

static inline const char *backend_broken(const struct given *given, bool is_new)
{
	const uint8_t *ip = given_value(given, VROUTER_A_BACKEND_ADDRESS);

	if (given_number(given, VROUTER_A_BACKEND_CUT, 0) &&
	    given_number(given, VROUTER_A_BACKEND_UP, 0))
		return "cut of what is up";
	if (is_new && (!is_of_host(given, VROUTER_A_BACKEND_ADDRESS) ||
		       (ip && is_link_local(ip, given_length(given, VROUTER_A_BACKEND_ADDRESS)))))
		return "address";
	return NULL;
}

static inline const char *publish_broken(const struct given *given)
{
	const uint8_t *ip = given_value(given, VROUTER_A_PUBLISH_ADDRESS);
	unsigned int len = given_length(given, VROUTER_A_PUBLISH_ADDRESS);
	uint64_t port = given_number(given, VROUTER_A_PUBLISH_PORT, 0);
	uint64_t last = given_number(given, VROUTER_A_PUBLISH_PORT_LAST, port);

	if (is_bad_last(given, VROUTER_A_PUBLISH_PORT, VROUTER_A_PUBLISH_PORT_LAST))
		return "last port";
	if (!is_of_host(given, VROUTER_A_PUBLISH_ADDRESS) ||
	    (ip && (is_link_local(ip, len) || is_mapped(ip, len))))
		return "address";
	if (!is_far(given, VROUTER_A_PUBLISH_TO_IPV4) || !is_far(given, VROUTER_A_PUBLISH_TO_IPV6))
		return "address that it leads to";
	if ((len == 4 && given->seen & HAS(VROUTER_A_PUBLISH_TO_IPV6)) ||
	    (len == 16 && given->seen & HAS(VROUTER_A_PUBLISH_TO_IPV4)))
		return "address of another family";
	if (given_number(given, VROUTER_A_PUBLISH_TO_PORT, port) + last - port > UINT16_MAX)
		return "port that it leads to";
	return NULL;
}

/* One to one keeps ports, and has as many addresses as its source. */
static inline const char *one_to_one_broken(const struct given *given)
{
	const uint8_t *first = given_value(given, VROUTER_A_NAT_TO_FIRST);
	const uint8_t *last = given_value(given, VROUTER_A_NAT_TO_LAST);
	unsigned int bits = 8 * given_length(given, VROUTER_A_NAT_TO_FIRST), i;

	if (!(given->seen & HAS(VROUTER_A_NAT_SOURCE)) ||
	    given->seen & (HAS(VROUTER_A_NAT_PORT) | HAS(VROUTER_A_NAT_TO_PORT)) ||
	    given_number(given, VROUTER_A_NAT_FLAGS, 0))
		return "rule of one to one";
	if (last && memcmp(first, last, bits / 8))
		return "last address of one to one";
	for (i = given_number(given, VROUTER_A_NAT_SOURCE_LEN, bits); i < bits; i++)
		if (first[i / 8] & 0x80 >> i % 8)
			return "bit behind a prefix";
	return NULL;
}

static inline const char *nat_kind_broken(const struct given *given)
{
	const uint8_t *first = given_value(given, VROUTER_A_NAT_TO_FIRST);
	const uint8_t *last = given_value(given, VROUTER_A_NAT_TO_LAST);
	const uint8_t *device = given_value(given, VROUTER_A_NAT_DEVICE);
	uint64_t kind = given_number(given, VROUTER_A_NAT_KIND, ANY32);

	if (last && !first)
		return "last address without a first";
	if (last && memcmp(first, last, given_length(given, VROUTER_A_NAT_TO_FIRST)) > 0)
		return "last address";
	if (kind == VROUTER_NAT_KIND_MASQUERADE)
		return first ? "address of masquerade" : NULL;
	if (!first)
		return "rule without an address";
	if (kind == VROUTER_NAT_KIND_DNAT && !(device && *device) &&
	    !(given->seen & (HAS(VROUTER_A_NAT_DESTINATION) | HAS(VROUTER_A_NAT_PORT))))
		return "rule for all there is";
	return kind == VROUTER_NAT_KIND_ONE_TO_ONE ? one_to_one_broken(given) : NULL;
}

static inline const char *nat_broken(const struct given *given)
{
	static const unsigned int addresses[] = {
		VROUTER_A_NAT_SOURCE, VROUTER_A_NAT_DESTINATION, VROUTER_A_NAT_TO_FIRST,
		VROUTER_A_NAT_TO_LAST,
	};
	uint64_t family = given_number(given, VROUTER_A_NAT_FAMILY, AF_UNSPEC);
	const char *why;
	unsigned int i;

	if (given->seen & HAS(VROUTER_A_NAT_FAMILY) && family != AF_INET && family != AF_INET6)
		return "family";
	for (i = 0; i < 4; i++)
		if (family && given->seen & HAS(addresses[i]) &&
		    given_length(given, addresses[i]) != (family == AF_INET ? 4 : 16))
			return "address of another family";
	if (!is_one_family(given, addresses, 4))
		return "addresses of two families";
	if (is_bad_last(given, VROUTER_A_NAT_PORT, VROUTER_A_NAT_PORT_LAST) ||
	    is_bad_last(given, VROUTER_A_NAT_TO_PORT, VROUTER_A_NAT_TO_PORT_LAST))
		return "last port";
	if (given->seen & (HAS(VROUTER_A_NAT_PORT) | HAS(VROUTER_A_NAT_TO_PORT)) &&
	    !has_ports(given_number(given, VROUTER_A_NAT_PROTOCOL, 0)))
		return "port of a protocol without ports";
	why = prefix_broken(given, VROUTER_A_NAT_SOURCE, VROUTER_A_NAT_SOURCE_LEN);
	if (!why)
		why = prefix_broken(given, VROUTER_A_NAT_DESTINATION,
				    VROUTER_A_NAT_DESTINATION_LEN);
	return why ? why : nat_kind_broken(given);
}

static inline const char *connection_broken(const struct given *given)
{
	static const unsigned int ends[] = {
		VROUTER_A_CONNECTION_SOURCE, VROUTER_A_CONNECTION_DESTINATION,
	};

	return is_one_family(given, ends, 2) ? NULL : "ends of two families";
}

static inline bool is_rate(uint64_t rate)
{
	return rate >= VROUTER_MIN_SHAPE_RATE && rate <= VROUTER_MAX_SHAPE_RATE;
}

static inline const char *rates_broken(const struct given *given)
{
	uint64_t rate = given_number(given, VROUTER_A_SHAPE_RATE, VROUTER_MIN_SHAPE_RATE);
	uint64_t ceil = given_number(given, VROUTER_A_SHAPE_CEIL, VROUTER_MAX_SHAPE_RATE);
	uint64_t slow = given_number(given, VROUTER_A_SHAPE_SLOW_RATE, 0);

	if (!is_rate(rate) || !is_rate(ceil) || ceil < rate)
		return "rate";
	/* Without a quota there is none, whatever it says. */
	if (!given_number(given, VROUTER_A_SHAPE_QUOTA, 1))
		return NULL;
	if (slow && (!is_rate(slow) || slow > ceil))
		return "slow rate";
	return NULL;
}

/* A new class has what it was given, and no more. */
static inline const char *quota_broken(const struct given *given)
{
	uint64_t rate = given_number(given, VROUTER_A_SHAPE_RATE, 0);
	uint64_t slow = given_number(given, VROUTER_A_SHAPE_SLOW_RATE, 0);
	uint64_t period = given_number(given, VROUTER_A_SHAPE_PERIOD, 0);

	if (given->seen & HAS(VROUTER_A_SHAPE_QUOTA) &&
	    !given_number(given, VROUTER_A_SHAPE_QUOTA, 0))
		return NULL;
	if (!(given->seen & HAS(VROUTER_A_SHAPE_QUOTA)))
		return period || slow ? "period of no quota" : NULL;
	if (!period || !slow || slow > given_number(given, VROUTER_A_SHAPE_CEIL, rate))
		return "quota";
	return NULL;
}

static inline const char *shape_match_broken(const struct given *given)
{
	static const unsigned int ends[] = {
		VROUTER_A_SHAPE_MATCH_NEAR, VROUTER_A_SHAPE_MATCH_FAR,
	};
	uint64_t mask = given_number(given, VROUTER_A_SHAPE_MATCH_MARK_MASK, UINT32_MAX);
	uint8_t protocol = given_number(given, VROUTER_A_SHAPE_MATCH_PROTOCOL, 0);

	if (is_bad_last(given, VROUTER_A_SHAPE_MATCH_PORT, VROUTER_A_SHAPE_MATCH_PORT_LAST) ||
	    is_bad_last(given, VROUTER_A_SHAPE_MATCH_FAR_PORT,
			VROUTER_A_SHAPE_MATCH_FAR_PORT_LAST))
		return "last port";
	if (given->seen & (HAS(VROUTER_A_SHAPE_MATCH_PORT) |
			   HAS(VROUTER_A_SHAPE_MATCH_FAR_PORT)) &&
	    !has_ports(protocol) && protocol != IPPROTO_DCCP && protocol != IPPROTO_UDPLITE)
		return "port of a protocol without ports";
	if (given->seen & HAS(VROUTER_A_SHAPE_MATCH_MARK_MASK) &&
	    !(given->seen & HAS(VROUTER_A_SHAPE_MATCH_MARK)))
		return "mask without a mark";
	if (given_number(given, VROUTER_A_SHAPE_MATCH_MARK, 0) & ~mask)
		return "mark outside its mask";
	return is_one_family(given, ends, 2) ? NULL : "ends of two families";
}

static inline const char *shape_broken(const struct given *given, bool is_new)
{
	const char *why = rates_broken(given);

	if (!why && is_new)
		why = quota_broken(given);
	if (!why)
		why = shape_match_broken(given);
	if (!why)
		why = prefix_broken(given, VROUTER_A_SHAPE_MATCH_NEAR,
				    VROUTER_A_SHAPE_MATCH_NEAR_LEN);
	return why ? why : prefix_broken(given, VROUTER_A_SHAPE_MATCH_FAR,
					 VROUTER_A_SHAPE_MATCH_FAR_LEN);
}

static inline const char *combination_broken(uint8_t cmd, const struct given *given)
{
	switch (cmd) {
	case VROUTER_CMD_SERVICE_NEW: case VROUTER_CMD_SERVICE_SET:
		return service_broken(given);
	case VROUTER_CMD_BACKEND_NEW: case VROUTER_CMD_BACKEND_SET:
		return backend_broken(given, cmd == VROUTER_CMD_BACKEND_NEW);
	case VROUTER_CMD_PUBLISH_NEW: case VROUTER_CMD_PUBLISH_SET:
		return publish_broken(given);
	case VROUTER_CMD_NAT_NEW:
		return nat_broken(given);
	case VROUTER_CMD_CONNECTION_GET:
		return connection_broken(given);
	case VROUTER_CMD_SHAPE_NEW: case VROUTER_CMD_SHAPE_SET:
		return shape_broken(given, cmd == VROUTER_CMD_SHAPE_NEW);
	default:
		return NULL;
	}
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
	if (why)
		return why;
	if (is_dump(nlh))
		return given.seen & op->no_dump ? "attribute of a dump" : NULL;
	/* It says which ones are dumped. */
	if (genl->cmd == VROUTER_CMD_CONNECTION_GET &&
	    given.seen & HAS(VROUTER_A_CONNECTION_SERVICE))
		return "service of one connection";
	for (i = 0; i < MAX_NEEDED; i++)
		if (op->needed[i] && !(given.seen & op->needed[i]))
			return "missing attribute";
	return combination_broken(genl->cmd, &given);
}

#endif
