/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests with one thing wrong at a time, whatever the family: what nlcheck and
 * nlcheck_router share. Includers have the contract, the valid requests and the state of
 * their family before, and behind it wrong_requests().
 */
#ifndef SELFTESTS_NLCHECK_H
#define SELFTESTS_NLCHECK_H

static struct nl nl, route;
static unsigned int checked, wrong;
static bool done_has_offset;

#define SOME_ATTRIBUTE	1	/* no attribute is there: it may be this or that one, or lack */

/* A message whose defect is @what in the attribute at @offset, if not 0. */
static void refused(struct nlmsghdr *nlh, unsigned int offset, const char *what, unsigned int type)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const char *name = operations[genl->cmd].name, *dump = is_dump(nlh) ? " dump" : "";
	int error;

	checked++;
	error = nl_request(&nl, nlh, NULL, NULL);
	if (offset == SOME_ATTRIBUTE && (nl.has_offset || nl.has_missing))
		offset = 0;
	if (nl.done && !done_has_offset)
		offset = 0;
	if (error && nl.message[0] && (!offset || (nl.has_offset && nl.offset == offset)))
		return;
	wrong++;
	if (!error)
		printf("# %s%s with %s (attribute %u) was accepted\n", name, dump, what, type);
	else if (!nl.message[0])
		printf("# %s%s with %s (attribute %u): %s without a message\n", name, dump, what,
		       type, strerror(error));
	else
		printf("# %s%s with %s (attribute %u): '%s' names the attribute at %d, not %u\n",
		       name, dump, what, type, nl.message, nl.has_offset ? (int)nl.offset : -1,
		       offset);
}

/* Copies the attributes of @from but those of the set @without into @nlh. */
static void copy_attributes(struct nlmsghdr *nlh, const struct nlmsghdr *from, uint64_t without)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, from, sizeof(struct genlmsghdr))
		if (!(without & HAS(mnl_attr_get_type(attr))))
			mnl_attr_put(nlh, attr->nla_type, mnl_attr_get_payload_len(attr),
				     mnl_attr_get_payload(attr));
}

/* What is checked: a command, as a dump or not, in one of the ways of valid.h. */
struct target {
	uint8_t cmd;
	bool dump;
	unsigned int way;
};

static struct nlmsghdr *valid(const struct target *t, char *buf)
{
	return valid_request(&nl, buf, t->cmd, t->dump, t->way);
}

/*
 * The valid request with attribute @type replaced by @raw_type and this value. At fault
 * is what is @inside bytes behind its begin, or SOME_ATTRIBUTE.
 */
static void replaced_inside(const struct target *t, uint16_t raw_type, const void *value,
			    unsigned int len, const char *what, unsigned int inside)
{
	char buf[REQUEST_MAX], from_buf[REQUEST_MAX];
	unsigned int type = raw_type & NLA_TYPE_MASK, offset;
	struct nlmsghdr *from, *nlh;

	from = valid(t, from_buf);
	nlh = nl_command(&nl, buf, t->cmd, t->dump ? NLM_F_DUMP : 0);
	copy_attributes(nlh, from, type < 64 ? HAS(type) : 0);
	offset = nlh->nlmsg_len;
	mnl_attr_put(nlh, raw_type, len, value);
	refused(nlh, inside == SOME_ATTRIBUTE ? inside : offset + inside, what, type);
}

static void replaced_some(const struct target *t, uint16_t raw_type, const void *value,
			  unsigned int len, const char *what, bool exact)
{
	replaced_inside(t, raw_type, value, len, what, exact ? 0 : SOME_ATTRIBUTE);
}

/* The same, and that attribute is at fault. */
static void replaced(const struct target *t, uint16_t raw_type, const void *value,
		     unsigned int len, const char *what)
{
	replaced_some(t, raw_type, value, len, what, true);
}

/* The valid request without the attributes of the set @attrs. */
static void without(const struct target *t, uint64_t attrs, const char *what)
{
	char buf[REQUEST_MAX], from_buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_command(&nl, buf, t->cmd, t->dump ? NLM_F_DUMP : 0);

	copy_attributes(nlh, valid(t, from_buf), attrs);
	refused(nlh, 0, what, 0);
}

/* ---- wrong values ------------------------------------------------------------------- */

static void wrong_number(const struct target *t, unsigned int type, const struct rule *rule)
{
	static const uint8_t bytes[32];
	unsigned int len = rule_length(rule);
	uint32_t value = rule->min ? rule->min : 1;
	uint32_t top = len == 1 ? 0xff : len == 2 ? 0xffff : ANY32;

	replaced(t, type, bytes, 0, "no value");
	replaced(t, type, bytes, len - 1, "a value too short");
	replaced(t, type, bytes, len + 1, "a value too long");
	replaced(t, type, bytes, 8, "a value of 8 bytes");
	replaced(t, type | NLA_F_NESTED, &value, len, "a nested number");
	if (rule->min) {
		value = rule->min - 1;
		replaced(t, type, &value, len, "a value too small");
	}
	if (rule->max < top) {
		value = rule->max + 1;
		replaced(t, type, &value, len, "a value too great");
		value = top;
		replaced(t, type, &value, len, "the greatest value");
	}
}

static void wrong_number64(const struct target *t, unsigned int type)
{
	static const uint8_t bytes[16];

	replaced(t, type, bytes, 0, "no value");
	replaced(t, type, bytes, 4, "a value of 4 bytes");
	replaced(t, type, bytes, 7, "a value too short");
	replaced(t, type, bytes, 9, "a value too long");
	replaced(t, type | NLA_F_NESTED, bytes, 8, "a nested number");
}

static void wrong_text(const struct target *t, unsigned int type, const struct rule *rule)
{
	char text[300];

	memset(text, 'x', sizeof(text));
	replaced(t, type, text, 0, "no value");
	replaced(t, type, text, 4, "a text without an end");
	replaced(t, type, text, rule->max + 1, "the longest text, without an end");
	text[rule->max + 1] = 0;
	replaced(t, type, text, rule->max + 2, "a text too long");
	if (rule->min)
		replaced(t, type, "", 1, "an empty text");
	replaced(t, type | NLA_F_NESTED, "abc", 4, "a nested text");
}

/* ---- wrong messages ------------------------------------------------------------------ */

/* Bytes after the last attribute, and attributes that end outside the message. */
static void wrong_framing(const struct target *t)
{
	char buf[REQUEST_MAX];
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;
	struct nlattr *attr;
	unsigned int i;

	for (i = 1; i <= 3; i++) {
		nlh = valid(t, buf);
		memset((char *)nlh + nlh->nlmsg_len, 0x55, 4);
		nlh->nlmsg_len += i;
		refused(nlh, 0, "trailing bytes", i);
	}
	for (i = 0; i < 4; i++) {
		nlh = valid(t, buf);
		attr = (void *)((char *)nlh + nlh->nlmsg_len);
		attr->nla_type = 2;
		attr->nla_len = i;
		memset(attr + 1, 0, 4);
		nlh->nlmsg_len += 8;
		refused(nlh, 0, "an attribute shorter than its header", i);
	}
	nlh = valid(t, buf);
	attr = (void *)((char *)nlh + nlh->nlmsg_len);
	attr->nla_type = 2;
	attr->nla_len = 9;
	memset(attr + 1, 0, 4);
	nlh->nlmsg_len += 8;
	refused(nlh, 0, "an attribute that goes beyond the end", 9);
	nlh = valid(t, buf);
	genl = mnl_nlmsg_get_payload(nlh);
	genl->reserved = 1;
	refused(nlh, 0, "the reserved field in use", 0);
}

/* Every attribute of the valid request once more, with the same value. */
static void twice(const struct target *t)
{
	char buf[REQUEST_MAX], from_buf[REQUEST_MAX];
	struct nlmsghdr *from, *nlh;
	const struct nlattr *attr;

	from = valid(t, from_buf);
	mnl_attr_for_each(attr, from, sizeof(struct genlmsghdr)) {
		if (may_repeat(operations[t->cmd].set->rules[mnl_attr_get_type(attr)].kind))
			continue;
		nlh = valid(t, buf);
		mnl_attr_put(nlh, attr->nla_type, mnl_attr_get_payload_len(attr),
			     mnl_attr_get_payload(attr));
		refused(nlh, SOME_ATTRIBUTE, "a value given twice", mnl_attr_get_type(attr));
	}
}

static void missing(const struct target *t)
{
	const struct operation *op = &operations[t->cmd];
	unsigned int i;

	for (i = 0; i < MAX_NEEDED; i++)
		if (op->needed[i])
			without(t, op->needed[i], "nothing that says which");
}

/* ---- all of them --------------------------------------------------------------------- */

/* All that may be wrong with a request, as the family has it. */
static void wrong_requests(const struct target *t);

static void check_target(const struct target *t)
{
	const char *name = operations[t->cmd].name;
	struct state before = { 0 }, after = { 0 };
	char buf[REQUEST_MAX];
	int error;

	error = nl_request(&nl, valid(t, buf), NULL, NULL);
	checked++;
	if (error) {
		wrong++;
		printf("# valid %s (%u) was refused: %s (%s)\n", name, t->way, strerror(error),
		       nl.message);
	}
	valid_restore(&nl);
	state_take(&before, &nl, &route);
	wrong_requests(t);
	state_take(&after, &nl, &route);
	checked++;
	if (!state_same(&before, &after, true)) {
		wrong++;
		printf("# refused %s changed something\n", name);
		valid_restore(&nl);
	}
	state_free(&before);
	state_free(&after);
}

static void check_command(uint8_t cmd, bool dump)
{
	struct target t = { .cmd = cmd, .dump = dump };

	for (; t.way < valid_ways(cmd, dump); t.way++)
		check_target(&t);
}

/* What the kernel's own dump of devices says of an attribute that is too short. */
static bool find_done_offset(void)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_start(&route, buf, RTM_GETLINK, NLM_F_DUMP);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_u16(nlh, IFLA_MASTER, 1);
	if (!nl_request(&route, nlh, NULL, NULL) || !route.done || !route.message[0])
		errx(2, "the kernel's own dump says not what is wrong: it can't be compared with");
	return route.has_offset;
}

static void check_commands(void)
{
	unsigned int cmd;

	for (cmd = 1; cmd < sizeof(operations) / sizeof(*operations); cmd++) {
		if (!operations[cmd].name)
			continue;
		check_command(cmd, false);
		if (operations[cmd].dump)
			check_command(cmd, true);
	}
}

#endif
