// SPDX-License-Identifier: GPL-2.0
/*
 * Sends every operation of the family vswitch with one thing wrong at a time:
 * each attribute with a wrong length, value, name, MAC or nesting, attributes
 * that the operation does not take, what it needs left out, bytes that trail.
 * Each must be refused with a message, and with the attribute where one is at
 * fault; nothing may have changed. Runs in the scene of valid.h.
 *
 * What refuses a dump is said in its NLMSG_DONE, in which kernel 6.1 puts
 * the message only. There the attribute isn't asked for, as the kernel's own dumps
 * don't tell it either.
 *
 * Prints "CHECKED WRONG" and a line for each wrong one. Exit status 1 when one
 * was wrong.
 */
#include <linux/rtnetlink.h>

#include "contract.h"
#include "state.h"
#include "valid.h"

static struct nl nl, route;
static unsigned int checked, wrong;
static bool done_has_offset;

#define SOME_ATTRIBUTE	1	/* no attribute is there: it may be this or that one */

/* A message whose defect is @what in the attribute at @offset, if not 0. */
static void refused(struct nlmsghdr *nlh, unsigned int offset, const char *what, unsigned int type)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const char *name = operations[genl->cmd].name, *dump = is_dump(nlh) ? " dump" : "";
	int error;

	checked++;
	error = nl_request(&nl, nlh, NULL, NULL);
	if (offset == SOME_ATTRIBUTE && nl.has_offset)
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
			mnl_attr_put(nlh, mnl_attr_get_type(attr), mnl_attr_get_payload_len(attr),
				     mnl_attr_get_payload(attr));
}

/* The valid request with attribute @type replaced by @raw_type and this value. */
static void replaced(uint8_t cmd, bool dump, uint16_t raw_type, const void *value,
		     unsigned int len, const char *what)
{
	char buf[REQUEST_MAX], from_buf[REQUEST_MAX];
	unsigned int type = raw_type & NLA_TYPE_MASK, offset;
	struct nlmsghdr *from, *nlh;

	from = valid_request(&nl, from_buf, cmd, dump);
	nlh = nl_command(&nl, buf, cmd, dump ? NLM_F_DUMP : 0);
	copy_attributes(nlh, from, type < 64 ? HAS(type) : 0);
	offset = nlh->nlmsg_len;
	mnl_attr_put(nlh, raw_type, len, value);
	if (!strncmp(what, "the ifindex", 11))
		offset = SOME_ATTRIBUTE;
	refused(nlh, offset, what, type);
}

static void wrong_number(uint8_t cmd, bool dump, unsigned int type, const struct rule *rule)
{
	static const uint8_t bytes[32];
	unsigned int len = rule_length(rule);
	uint32_t value = rule->min ? rule->min : 1;
	uint32_t top = len == 1 ? 0xff : len == 2 ? 0xffff : ANY32;

	replaced(cmd, dump, type, bytes, 0, "no value");
	replaced(cmd, dump, type, bytes, len - 1, "a value too short");
	replaced(cmd, dump, type, bytes, len + 1, "a value too long");
	replaced(cmd, dump, type, bytes, 8, "a value of 8 bytes");
	replaced(cmd, dump, type | NLA_F_NESTED, &value, len, "a nested number");
	if (rule->min) {
		value = rule->min - 1;
		replaced(cmd, dump, type, &value, len, "a value too small");
	}
	if (rule->max < top) {
		value = rule->max + 1;
		replaced(cmd, dump, type, &value, len, "a value too great");
		value = top;
		replaced(cmd, dump, type, &value, len, "the greatest value");
	}
}

static void wrong_name(uint8_t cmd, bool dump, unsigned int type)
{
	char text[320];

	memset(text, 'x', sizeof(text));
	replaced(cmd, dump, type, text, 0, "no value");
	replaced(cmd, dump, type, text, 4, "a name without an end");
	replaced(cmd, dump, type, text, 16, "16 characters without an end");
	text[16] = 0;
	replaced(cmd, dump, type, text, 17, "16 characters");
	text[16] = 'x';
	text[300] = 0;
	replaced(cmd, dump, type, text, 301, "300 characters");
	replaced(cmd, dump, type, "", 1, "an empty name");
	replaced(cmd, dump, type, "a/b", 4, "a slash");
	replaced(cmd, dump, type, "a b", 4, "a space");
	replaced(cmd, dump, type, "..", 3, "two dots");
	replaced(cmd, dump, type | NLA_F_NESTED, "vs0", 4, "a nested name");
}

static void wrong_mac(uint8_t cmd, bool dump, unsigned int type)
{
	static const uint8_t zero[32], multicast[6] = { 1, 0, 0x5e, 0, 0, 1 };
	static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };

	replaced(cmd, dump, type, zero, 0, "no value");
	replaced(cmd, dump, type, VALID_MAC, 5, "5 bytes");
	replaced(cmd, dump, type, zero, 7, "7 bytes");
	replaced(cmd, dump, type, zero, 32, "32 bytes");
	replaced(cmd, dump, type, zero, 6, "a zero MAC");
	replaced(cmd, dump, type, multicast, 6, "a multicast MAC");
	replaced(cmd, dump, type, broadcast, 6, "the broadcast MAC");
	replaced(cmd, dump, type | NLA_F_NESTED, VALID_MAC, 6, "a nested MAC");
}

static void wrong_attributes(uint8_t cmd, bool dump)
{
	const struct operation *op = &operations[cmd];
	static const uint32_t value = 1;
	unsigned int type;

	for (type = 0; type <= op->max + 3; type++) {
		if (!(op->allowed & HAS(type)) || (dump && (op->no_dump & HAS(type)))) {
			if (type <= op->max && op->rules[type].kind == NAME)
				replaced(cmd, dump, type, "p1", 3, "an attribute it does not take");
			else if (type <= op->max && op->rules[type].kind == MAC)
				replaced(cmd, dump, type, VALID_MAC, 6, "an attribute it does not take");
			else
				replaced(cmd, dump, type, &value, 4, "an attribute it does not take");
			continue;
		}
		switch (op->rules[type].kind) {
		case NAME: wrong_name(cmd, dump, type); break;
		case MAC: wrong_mac(cmd, dump, type); break;
		default: wrong_number(cmd, dump, type, &op->rules[type]); break;
		}
	}
	replaced(cmd, dump, 0x3fff, &value, 4, "an unknown attribute");
}

/* Bytes after the last attribute, and attributes that end outside the message. */
static void wrong_framing(uint8_t cmd, bool dump)
{
	char buf[REQUEST_MAX];
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;
	struct nlattr *attr;
	unsigned int i;

	for (i = 1; i <= 3; i++) {
		nlh = valid_request(&nl, buf, cmd, dump);
		memset((char *)nlh + nlh->nlmsg_len, 0x55, 4);
		nlh->nlmsg_len += i;
		refused(nlh, 0, "trailing bytes", i);
	}
	for (i = 0; i < 4; i++) {
		nlh = valid_request(&nl, buf, cmd, dump);
		attr = (void *)((char *)nlh + nlh->nlmsg_len);
		attr->nla_type = 2;
		attr->nla_len = i;
		memset(attr + 1, 0, 4);
		nlh->nlmsg_len += 8;
		refused(nlh, 0, "an attribute shorter than its header", i);
	}
	nlh = valid_request(&nl, buf, cmd, dump);
	attr = (void *)((char *)nlh + nlh->nlmsg_len);
	attr->nla_type = 2;
	attr->nla_len = 9;
	memset(attr + 1, 0, 4);
	nlh->nlmsg_len += 8;
	refused(nlh, 0, "an attribute that goes beyond the end", 9);
	nlh = valid_request(&nl, buf, cmd, dump);
	genl = mnl_nlmsg_get_payload(nlh);
	genl->reserved = 1;
	refused(nlh, 0, "the reserved field in use", 0);
}

/* Every attribute of the valid request once more, with the same value. */
static void twice(uint8_t cmd)
{
	char buf[REQUEST_MAX], from_buf[REQUEST_MAX];
	struct nlmsghdr *from, *nlh;
	const struct nlattr *attr;

	from = valid_request(&nl, from_buf, cmd, false);
	mnl_attr_for_each(attr, from, sizeof(struct genlmsghdr)) {
		nlh = valid_request(&nl, buf, cmd, false);
		mnl_attr_put(nlh, mnl_attr_get_type(attr), mnl_attr_get_payload_len(attr),
			     mnl_attr_get_payload(attr));
		refused(nlh, SOME_ATTRIBUTE, "a value given twice", mnl_attr_get_type(attr));
	}
}

static void missing(uint8_t cmd)
{
	const struct operation *op = &operations[cmd];
	char buf[REQUEST_MAX], from_buf[REQUEST_MAX];
	struct nlmsghdr *from, *nlh;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		if (!op->needed[i])
			continue;
		from = valid_request(&nl, from_buf, cmd, false);
		nlh = nl_command(&nl, buf, cmd, 0);
		copy_attributes(nlh, from, op->needed[i]);
		refused(nlh, 0, "nothing that says which", i);
	}
}

/* Objects that are not there, and two attributes that contradict each other. */
static void wrong_object(uint8_t cmd, bool dump)
{
	const struct operation *op = &operations[cmd];
	static const uint32_t none = 0x7ffffff0, loopback = 1;
	unsigned int type;

	if (cmd == VSWITCH_CMD_SWITCH_NEW)
		return;
	for (type = 1; type <= op->max; type++) {
		uint64_t usable = op->allowed & (dump ? ~op->no_dump : ~UINT64_C(0));

		/* In every set a name's ifindex is the attribute before it. */
		if (!(usable & HAS(type)) || op->rules[type].kind != NAME)
			continue;
		replaced(cmd, dump, type, "nosuch0", 8, "a name that is not there");
		replaced(cmd, dump, type, "lo", 3, "the loopback device");
		replaced(cmd, dump, type - 1, &none, 4, "the ifindex of no device");
		replaced(cmd, dump, type - 1, &loopback, 4, "the ifindex of another device");
	}
}

static void check_command(uint8_t cmd, bool dump)
{
	char buf[REQUEST_MAX];
	struct state before = { 0 }, after = { 0 };
	int error;

	error = nl_request(&nl, valid_request(&nl, buf, cmd, dump), NULL, NULL);
	checked++;
	if (error) {
		wrong++;
		printf("# valid %s was refused: %s (%s)\n", operations[cmd].name,
		       strerror(error), nl.message);
	}
	valid_restore(&nl);
	state_take(&before, &nl, &route);
	wrong_attributes(cmd, dump);
	wrong_framing(cmd, dump);
	wrong_object(cmd, dump);
	if (!dump) {
		twice(cmd);
		missing(cmd);
	}
	state_take(&after, &nl, &route);
	checked++;
	if (!state_same(&before, &after, true)) {
		wrong++;
		printf("# refused %s changed something\n", operations[cmd].name);
		valid_restore(&nl);
	}
	state_free(&before);
	state_free(&after);
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

int main(void)
{
	unsigned int cmd;

	setlinebuf(stdout);
	nl_open_family(&nl, VSWITCH_FAMILY_NAME);
	nl_open(&route, NETLINK_ROUTE);
	done_has_offset = find_done_offset();
	valid_restore(&nl);
	for (cmd = 1; cmd <= VSWITCH_CMD_FDB_FLUSH; cmd++) {
		check_command(cmd, false);
		if (operations[cmd].dump)
			check_command(cmd, true);
	}
	printf("%u %u\n", checked, wrong);
	return wrong != 0;
}
