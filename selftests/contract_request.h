/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A request against the operations of a contract, attribute by attribute. Includers have
 * operations[] before, and behind it say what is below.
 */
#ifndef SELFTESTS_CONTRACT_REQUEST_H
#define SELFTESTS_CONTRACT_REQUEST_H

#include "request.h"

/* May this attribute have this value? Says why not. */
static inline const char *rule_broken(const struct rule *rule, const void *value,
				      unsigned int len);
static inline bool is_nest(enum kind kind);
/* Whether there may be many of a kind in one request. */
static inline bool may_repeat(enum kind kind);

/* The attributes of a request, or of a nest, by their types. */
struct given {
	uint64_t seen;
	unsigned int count, last;
	const struct nlattr *attr[64];
};

static inline const uint8_t *given_value(const struct given *given, unsigned int type)
{
	return given->seen & HAS(type) ? mnl_attr_get_payload(given->attr[type]) : NULL;
}

static inline bool text_fits(const char *text, unsigned int len, const struct rule *rule)
{
	const char *end = memchr(text, 0, len);

	return end && end - text >= rule->min && end - text <= rule->max;
}

static inline const char *number_broken(const struct rule *rule, const void *value)
{
	uint32_t number = 0;
	uint16_t number16;

	switch (rule->kind) {
	case U8:
		number = *(const uint8_t *)value;
		break;
	case U16:
		memcpy(&number16, value, 2);
		number = number16;
		break;
	default:
		memcpy(&number, value, 4);
		break;
	}
	return number < rule->min || number > rule->max ? "range" : NULL;
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

	if (nlh->nlmsg_len < NLMSG_HDRLEN + sizeof(*genl) ||
	    genl->cmd >= sizeof(operations) / sizeof(*operations))
		return NULL;
	op = &operations[genl->cmd];
	if (!op->name || (is_dump(nlh) && !op->dump))
		return NULL;
	return op;
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
		enum kind kind;

		if (type > op->set->max || !(op->allowed & HAS(type)))
			return "attribute";
		kind = op->set->rules[type].kind;
		if (given->seen & HAS(type) && !may_repeat(kind))
			return "second value";
		if (!(attr->nla_type & NLA_F_NESTED) != !is_nest(kind))
			return "nesting";
		why = rule_broken(&op->set->rules[type], mnl_attr_get_payload(attr),
				  attr->nla_len - NLA_HDRLEN);
		if (why)
			return why;
		given->seen |= HAS(type);
		given->attr[type] = attr;
	}
	return left > 0 ? "trailing bytes" : NULL;
}

#endif
