// SPDX-License-Identifier: GPL-2.0
/*
 * Sends mutated requests to the family vswitch and compares what became of them
 * with the contract: none that breaks it may be accepted, none may be refused
 * without a message.
 *
 *   nlmutate [-n MESSAGES] [-s SEED]
 *
 * Runs in the scene of valid.h. Prints "SENT ACCEPTED REFUSED WRONG". Exit
 * status 1 when one was wrong.
 */
#include <sys/uio.h>

#include "contract.h"
#include "valid.h"

#define BATCH	64
#define SLOT	2048	/* two sets of VLANs, and the rest */
#define MOST_TYPES	(VSWITCH_A_PORT_MAX + 4)	/* it is the largest set */

static struct nl nl;
static char slots[BATCH][SLOT];
static uint64_t random_state;
static unsigned long accepted, refused, wrong;
static bool changed;
static uint32_t created[BATCH];
static unsigned int created_count;

/* xorshift64*: the same messages again for the same seed. */
static uint32_t any(uint32_t below)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (random_state * UINT64_C(2685821657736338717) >> 32) % below;
}

static uint32_t interesting(void)
{
	static const uint32_t values[] = {
		0, 1, 2, 3, 10, 67, 68, 255, 256, 1500, 4094, 4095, 65000, 65535, 65536,
		0x7fffffff, 0x80000000, 0xffffffff, 1000000000, 1000000001,
	};

	if (any(4))
		return values[any(sizeof(values) / sizeof(*values))];
	return any(UINT32_MAX);
}

/* Nothing is put that would not fit into a slot. */
static bool has_room(const struct nlmsghdr *nlh, unsigned int len)
{
	return nlh->nlmsg_len + len + 64 < SLOT;
}

static void put_random(struct nlmsghdr *nlh)
{
	static const char *const names[] = { "vs0", "vs9", "p0", "p1", "d0", "lo", "", "x y" };
	uint8_t junk[64], set[VSWITCH_VLAN_SET_LEN] = { 0 };
	uint32_t value = interesting();
	uint16_t type = any(MOST_TYPES);
	unsigned int i;

	if (!has_room(nlh, sizeof(set)))
		return;
	if (!any(16))
		type |= NLA_F_NESTED;
	if (!any(32))
		type |= NLA_F_NET_BYTEORDER;
	switch (any(5)) {
	case 0:
		for (i = 0; i < sizeof(junk); i++)
			junk[i] = any(256);
		mnl_attr_put(nlh, type, any(sizeof(junk)), junk);
		break;
	case 1:
		mnl_attr_put_strz(nlh, type, names[any(8)]);
		break;
	case 2:
		for (i = any(4); i; i--)
			set[any(4) ? any(3) : any(sizeof(set))] |= 1 << any(8);
		mnl_attr_put(nlh, type, sizeof(set) - !any(8), set);
		break;
	default:
		mnl_attr_put(nlh, type, any(8) ? 1U << any(3) : any(5), &value);
		break;
	}
}

static struct nlattr *pick_attribute(struct nlmsghdr *nlh)
{
	struct nlattr *attr, *picked = NULL;
	unsigned int seen = 0;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (!any(++seen))
			picked = attr;
	return picked;
}

static void remove_attribute(struct nlmsghdr *nlh, struct nlattr *attr)
{
	char *end = (char *)nlh + nlh->nlmsg_len;
	char *next = (char *)attr + NLA_ALIGN(attr->nla_len);

	if (next > end)
		next = end;
	memmove(attr, next, end - next);
	nlh->nlmsg_len -= next - (char *)attr;
}

static void mutate_attribute(struct nlmsghdr *nlh, struct nlattr *attr)
{
	uint32_t value = interesting();
	unsigned int len = attr->nla_len - NLA_HDRLEN;

	switch (any(6)) {
	case 0:
		attr->nla_type = any(MOST_TYPES);
		break;
	case 1:
		attr->nla_type ^= 1 << any(16);
		break;
	case 2:
		attr->nla_len = any(4) ? attr->nla_len + any(9) - 4 : interesting();
		break;
	case 3:
		memcpy(attr + 1, &value, len < sizeof(value) ? len : sizeof(value));
		break;
	case 4:
		remove_attribute(nlh, attr);
		break;
	default:
		/* In a set half of the time where something is. */
		if (len)
			((uint8_t *)(attr + 1))[any(len > 64 && any(2) ? 3 : len)] ^= 1 << any(8);
		break;
	}
}

static void mutate(struct nlmsghdr *nlh)
{
	struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	unsigned int body = NLMSG_HDRLEN + sizeof(*genl);
	struct nlattr *attr = pick_attribute(nlh);
	unsigned int i, n;

	switch (any(attr ? 12 : 5)) {
	case 0:
		genl->cmd = any(VSWITCH_CMD_MAX + 3);
		break;
	case 1:
		n = any(4);
		*(n == 0 ? &genl->version : n == 1 ? (uint8_t *)&genl->reserved : &genl->cmd) ^=
			1 << any(8);
		break;
	case 2:
		nlh->nlmsg_len = body + any(nlh->nlmsg_len - body + 1);
		break;
	case 3:
		n = 1 + any(16);
		if (has_room(nlh, n))
			for (i = 0; i < n; i++)
				((uint8_t *)nlh)[nlh->nlmsg_len++] = any(256);
		break;
	case 4:
		put_random(nlh);
		break;
	case 5:
		((uint8_t *)nlh)[body + any(nlh->nlmsg_len - body)] = any(256);
		break;
	default:
		mutate_attribute(nlh, attr);
		break;
	}
}

/* Gives @buf a request with one to three mutations. */
static struct nlmsghdr *make_request(char *buf, bool dump)
{
	static const uint8_t dumps[] = {
		VSWITCH_CMD_SWITCH_GET, VSWITCH_CMD_PORT_GET, VSWITCH_CMD_FDB_GET,
		VSWITCH_CMD_BINDING_GET, VSWITCH_CMD_MIRROR_GET, VSWITCH_CMD_MDB_GET,
		VSWITCH_CMD_VLAN_GET, VSWITCH_CMD_FLOW_GET, VSWITCH_CMD_FLOW_TABLE_GET,
		VSWITCH_CMD_GROUP_GET, VSWITCH_CMD_METER_GET,
	};
	struct nlmsghdr *nlh;
	unsigned int i, n;
	uint8_t cmd;

	do
		cmd = dump ? dumps[any(sizeof(dumps))] : any(VSWITCH_CMD_MAX + 1);
	while (!operations[cmd].name);

	/* Making and removing devices is slow, so mostly it is not asked for. */
	if ((cmd == VSWITCH_CMD_SWITCH_NEW || cmd == VSWITCH_CMD_SWITCH_DEL) && any(8))
		cmd = VSWITCH_CMD_FDB_NEW;
	nlh = valid_request(&nl, buf, cmd, dump, any(valid_ways(cmd, dump)));
	if (dump)
		put_random(nlh);
	n = 1 + any(3);
	for (i = 0; i < n; i++)
		mutate(nlh);
	if (!dump && !any(8))
		nlh->nlmsg_flags |= NLM_F_REPLACE << any(4);
	return nlh;
}

static void note_created(const struct nlmsghdr *nlh, void *data)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	(void)data;
	if (genl->cmd != VSWITCH_CMD_SWITCH_NEW || created_count == BATCH)
		return;
	mnl_attr_for_each(attr, nlh, sizeof(*genl))
		if (mnl_attr_get_type(attr) == VSWITCH_A_SWITCH_IFINDEX)
			created[created_count++] = mnl_attr_get_u32(attr);
}

static void print_message(const struct nlmsghdr *nlh)
{
	const uint8_t *bytes = (const void *)nlh;
	unsigned int i;

	printf("#");
	for (i = NLMSG_HDRLEN; i < nlh->nlmsg_len; i++)
		printf(" %02x", bytes[i]);
	printf(" flags %x\n", nlh->nlmsg_flags);
}

/* An operation that is not there is refused by the core, which says nothing. */
static void judge(const struct nlmsghdr *nlh, int error)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	const char *broken = contract_broken(nlh);

	if (!error) {
		accepted++;
		if (!is_dump(nlh) && operations[genl->cmd].name && !operations[genl->cmd].dump)
			changed = true;
	} else {
		refused++;
	}
	if (!error && broken) {
		wrong++;
		printf("# accepted with a wrong %s:\n", broken);
		print_message(nlh);
	} else if (error && !nl.message[0] && operation_of(nlh)) {
		wrong++;
		printf("# %s without a message:\n", strerror(error));
		print_message(nlh);
	}
}

/* What VLANs a port has after all that was accepted, and what no request may give. */
struct port {
	unsigned int type;
	bool has_alias, is_default;
	uint16_t pvid;
	const uint8_t *member, *untagged;
};

static void read_port(struct port *port, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	memset(port, 0, sizeof(*port));
	port->is_default = true;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case VSWITCH_A_PORT_TYPE: port->type = mnl_attr_get_u8(attr); break;
		case VSWITCH_A_PORT_ALIAS: port->has_alias = true; break;
		case VSWITCH_A_PORT_PVID: port->pvid = mnl_attr_get_u16(attr); break;
		case VSWITCH_A_PORT_VLAN: port->member = mnl_attr_get_payload(attr); break;
		case VSWITCH_A_PORT_VLAN_UNTAGGED:
			port->untagged = mnl_attr_get_payload(attr);
			break;
		case VSWITCH_A_PORT_LEARNING: case VSWITCH_A_PORT_FLOOD:
		case VSWITCH_A_PORT_HAIRPIN: case VSWITCH_A_PORT_ISOLATED:
		case VSWITCH_A_PORT_MCAST_FLOOD: case VSWITCH_A_PORT_BCAST_FLOOD:
			port->is_default &= !mnl_attr_get_u8(attr);
			break;
		case VSWITCH_A_PORT_FDB_MAX:
			port->is_default &= !mnl_attr_get_u32(attr);
			break;
		}
	}
}

static void judge_port(const struct nlmsghdr *nlh, void *data)
{
	struct port port;
	const char *what = NULL;

	(void)data;
	read_port(&port, nlh);
	if (!port.member || !port.untagged)
		what = "no VLANs";
	else if (!set_fits(port.member) || !set_fits(port.untagged))
		what = "a reserved VLAN";
	else if (!is_subset(port.untagged, port.member))
		what = "an untagged VLAN that it is no member of";
	else if (port.pvid > VSWITCH_MAX_VID || (port.pvid && !in_set(port.member, port.pvid)))
		what = "a PVID that it is no member of";
	else if (port.has_alias && port.type != VSWITCH_PORT_TYPE_VNIC)
		what = "an alias, and is no vnic";
	else if (!port.is_default && port.type == VSWITCH_PORT_TYPE_HOST)
		what = "a setting, and is the host port";
	if (!what)
		return;
	wrong++;
	printf("# a port has %s:\n", what);
	print_message(nlh);
}

/* No request alone tells what a port has after it, so all ports are looked at. */
static void judge_ports(void)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_command(&nl, buf, VSWITCH_CMD_PORT_GET, NLM_F_DUMP);

	if (nl_request(&nl, nlh, judge_port, NULL))
		errx(2, "dump of ports: %s", nl.message);
}

static void remove_created(void)
{
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;

	while (created_count) {
		nlh = nl_command(&nl, buf, VSWITCH_CMD_SWITCH_DEL, 0);
		mnl_attr_put_u32(nlh, VSWITCH_A_SWITCH_IFINDEX, created[--created_count]);
		nl_request(&nl, nlh, NULL, NULL);
	}
}

/* Sends many in one system call, then collects their answers in turn. */
static void run_batch(unsigned int n)
{
	struct iovec iov[BATCH];
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = n };
	struct nlmsghdr *nlh;
	unsigned int i;

	for (i = 0; i < n; i++) {
		do
			nlh = make_request(slots[i], false);
		while (is_dump(nlh) && operation_of(nlh));
		iov[i].iov_base = nlh;
		iov[i].iov_len = NLMSG_ALIGN(nlh->nlmsg_len);
	}
	if (sendmsg(nl.fd, &msg, 0) < 0)
		err(2, "send");
	for (i = 0; i < n; i++) {
		nlh = (void *)slots[i];
		judge(nlh, nl_receive(&nl, nlh->nlmsg_seq, note_created, NULL));
	}
}

int main(int argc, char **argv)
{
	unsigned long messages = 200000, sent = 0, seed = 1;
	struct nlmsghdr *nlh;
	int opt;

	while ((opt = getopt(argc, argv, "n:s:")) != -1) {
		switch (opt) {
		case 'n': messages = strtoul(optarg, NULL, 0); break;
		case 's': seed = strtoul(optarg, NULL, 0); break;
		default: errx(2, "usage: nlmutate [-n MESSAGES] [-s SEED]");
		}
	}
	setlinebuf(stdout);
	random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	nl_open_family(&nl, VSWITCH_FAMILY_NAME);
	valid_open(&nl);
	valid_restore(&nl);
	while (sent < messages) {
		changed = false;
		run_batch(BATCH);
		nlh = make_request(slots[0], true);
		judge(nlh, nl_request(&nl, nlh, note_created, NULL));
		sent += BATCH + 1;
		if (changed)
			judge_ports();
		remove_created();
		if (changed)
			valid_restore(&nl);
	}
	printf("%lu %lu %lu %lu\n", sent, accepted, refused, wrong);
	return wrong != 0;
}
