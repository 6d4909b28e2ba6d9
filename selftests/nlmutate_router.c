// SPDX-License-Identifier: GPL-2.0
/*
 * Sends mutated requests to the family vrouter and compares what became of them with the
 * contract, as nlmutate does with the family vswitch.
 *
 *   nlmutate_router [-n MESSAGES] [-s SEED]
 *
 * Runs in the scene of valid_router.h. Prints "SENT ACCEPTED REFUSED WRONG". Exit status 1
 * when one was wrong.
 */
#include "contract_router.h"
#include "valid_router.h"
#include "nlmutate.h"

static const unsigned int MOST_TYPES = VROUTER_A_SHAPE_MAX + 4;	/* it is the largest set */

static const char *const mutate_names[8] = { "s0", "s6", "c0", "c1", "d0", "lo", "", "x y" };

static unsigned int rounds;

static struct nlattr *find(struct nlmsghdr *nlh, unsigned int type, unsigned int len)
{
	struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (attr->nla_type == type && mnl_attr_get_payload_len(attr) == len)
			return attr;
	return NULL;
}

/* To take thousands of ports is slow, and needs much memory: so few are asked for. */
static void take_few(struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	struct nlattr *first, *last;
	uint16_t port;

	if (genl->cmd != VROUTER_CMD_PUBLISH_NEW)
		return;
	first = find(nlh, VROUTER_A_PUBLISH_PORT, sizeof(port));
	last = find(nlh, VROUTER_A_PUBLISH_PORT_LAST, sizeof(port));
	if (!first || !last || mnl_attr_get_u16(last) < mnl_attr_get_u16(first) + 100)
		return;
	port = mnl_attr_get_u16(first) + any(100);
	memcpy(last + 1, &port, sizeof(port));
}

static struct nlmsghdr *make_request(char *buf, bool dump)
{
	struct nlmsghdr *nlh;
	uint8_t cmd;

	do
		cmd = any(VROUTER_CMD_MAX + 1);
	while (!operations[cmd].name || (dump && !operations[cmd].dump));
	/* All that is there goes, so mostly it is not asked for. */
	if (cmd == VROUTER_CMD_ROUTER_FLUSH && any(8))
		cmd = VROUTER_CMD_SHAPE_NEW;
	nlh = valid_request(&nl, buf, cmd, dump, any(valid_ways(cmd, dump)));
	mutate_request(nlh, dump);
	take_few(nlh);
	return nlh;
}

static void note_answer(const struct nlmsghdr *nlh, void *data)
{
	(void)nlh;
	(void)data;
}

/* What is wrong with a message that shows an object: whatever is there could be made, too. */
static void judge_object(const struct nlmsghdr *nlh, void *data)
{
	const struct operation *op = data;
	struct given given = { 0 };
	const struct nlattr *attr;
	const char *what = NULL;
	unsigned int type;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		type = mnl_attr_get_type(attr);
		if (!(op->allowed & HAS(type)) || what)
			continue;
		what = rule_broken(&op->set->rules[type], mnl_attr_get_payload(attr),
				   mnl_attr_get_payload_len(attr));
		given.seen |= HAS(type);
		given.attr[type] = attr;
	}
	if (!what)
		what = combination_broken(op - operations, &given);
	if (!what)
		return;
	wrong++;
	printf("# what %s may not make is there, with a wrong %s:\n", op->name, what);
	print_message(nlh);
}

/* No request alone tells what an object has after it, so all are looked at. */
static void judge_state(void)
{
	static const uint8_t kinds[][2] = {
		{ VROUTER_CMD_SERVICE_GET, VROUTER_CMD_SERVICE_NEW },
		{ VROUTER_CMD_BACKEND_GET, VROUTER_CMD_BACKEND_NEW },
		{ VROUTER_CMD_PUBLISH_GET, VROUTER_CMD_PUBLISH_NEW },
		{ VROUTER_CMD_NAT_GET, VROUTER_CMD_NAT_NEW },
		{ VROUTER_CMD_SHAPE_GET, VROUTER_CMD_SHAPE_NEW },
	};
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		nlh = nl_command(&nl, buf, kinds[i][0], NLM_F_DUMP);
		if (nl_request(&nl, nlh, judge_object, (void *)&operations[kinds[i][1]]))
			errx(2, "dump for %s: %s", operations[kinds[i][1]].name, nl.message);
	}
}

/* Takes longer than a batch; what a few batches make hinders nobody. */
static void restore(bool changed)
{
	if (changed && !(++rounds % 8))
		valid_restore(&nl);
}

int main(int argc, char **argv)
{
	return run("nlmutate_router", VROUTER_FAMILY_NAME, argc, argv);
}
