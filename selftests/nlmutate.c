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
#include "contract.h"
#include "valid.h"
#include "nlmutate.h"

static const unsigned int MOST_TYPES = VSWITCH_A_PORT_MAX + 4;	/* it is the largest set */

static const char *const mutate_names[8] = { "vs0", "vs9", "p0", "p1", "d0", "lo", "", "x y" };

static uint32_t created[BATCH];
static unsigned int created_count;

static struct nlmsghdr *make_request(char *buf, bool dump)
{
	static const uint8_t dumps[] = {
		VSWITCH_CMD_SWITCH_GET, VSWITCH_CMD_PORT_GET, VSWITCH_CMD_FDB_GET,
		VSWITCH_CMD_BINDING_GET, VSWITCH_CMD_MIRROR_GET, VSWITCH_CMD_MDB_GET,
		VSWITCH_CMD_VLAN_GET, VSWITCH_CMD_FLOW_GET, VSWITCH_CMD_FLOW_TABLE_GET,
		VSWITCH_CMD_GROUP_GET, VSWITCH_CMD_METER_GET,
	};
	struct nlmsghdr *nlh;
	uint8_t cmd;

	do
		cmd = dump ? dumps[any(sizeof(dumps))] : any(VSWITCH_CMD_MAX + 1);
	while (!operations[cmd].name);

	/* Making and removing devices is slow, so mostly it is not asked for. */
	if ((cmd == VSWITCH_CMD_SWITCH_NEW || cmd == VSWITCH_CMD_SWITCH_DEL) && any(8))
		cmd = VSWITCH_CMD_FDB_NEW;
	nlh = valid_request(&nl, buf, cmd, dump, any(valid_ways(cmd, dump)));
	mutate_request(nlh, dump);
	return nlh;
}

static void note_answer(const struct nlmsghdr *nlh, void *data)
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
static void judge_state(void)
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

static void restore(bool changed)
{
	remove_created();
	if (changed)
		valid_restore(&nl);
}

int main(int argc, char **argv)
{
	return run("nlmutate", VSWITCH_FAMILY_NAME, argc, argv);
}
