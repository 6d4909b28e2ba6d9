// SPDX-License-Identifier: GPL-2.0
/*
 * Sends every operation of the family vswitch with one thing wrong at a time:
 * each attribute with a wrong length, value, name, MAC, text, set of VLANs or
 * nesting, attributes that the operation does not take, that contradict each
 * other, what it needs left out, bytes that trail.
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
#include <stddef.h>

#include <linux/rtnetlink.h>

#include "contract.h"
#include "state.h"
#include "valid.h"
#include "nlcheck.h"

/*
 * Whether @type names a port by its device while the request has its number. Each
 * may be right then, but both are not of one port.
 */
static bool contradicts_number(const struct target *t, unsigned int type)
{
	return t->way == 1 && HAS(type) & operations[t->cmd].set->device;
}

#include "nlcheck_values.h"
#include "nlcheck_flows.h"

/* An attribute that is not taken, with a value that one of its kind might have. */
static void not_taken(const struct target *t, unsigned int type, enum kind kind)
{
	static const uint8_t set[VSWITCH_VLAN_SET_LEN] = { 2 };
	static const uint32_t value = 1;
	static const char what[] = "an attribute it does not take";

	switch (kind) {
	case NAME: case TEXT: case LABEL:
		replaced(t, type, "p1", 3, what);
		break;
	case MAC:
		replaced(t, type, VALID_MAC, 6, what);
		break;
	case SET:
		replaced(t, type, set, sizeof(set), what);
		break;
	case MAP: case PORTS: case ADDRESS:
		replaced(t, type, set, 4, what);
		break;
	case GROUP: case SOURCE:
		replaced(t, type, VALID_GROUP, 16, what);
		break;
	default:
		replaced(t, type, &value, kind == U8 ? 1 : kind == U16 ? 2 : 4, what);
		break;
	}
}

static void wrong_attributes(const struct target *t)
{
	const struct operation *op = &operations[t->cmd];
	static const uint32_t value = 1;
	unsigned int type;

	for (type = 0; type <= op->set->max + 3; type++) {
		if (!(op->allowed & HAS(type)) || (t->dump && (op->no_dump & HAS(type)))) {
			not_taken(t, type, type <= op->set->max ? op->set->rules[type].kind : U32);
			continue;
		}
		switch (op->set->rules[type].kind) {
		case NAME: case LABEL: wrong_name(t, type); break;
		case MAC: wrong_mac(t, type); break;
		case TEXT: wrong_text(t, type, &op->set->rules[type]); break;
		case SET: wrong_set(t, type); break;
		case NEST: wrong_nest(t, type); break;
		case MAP: wrong_map(t, type); break;
		case PRIVATE: wrong_private(t, type); break;
		case PORTS: wrong_ports(t, type); break;
		case ADDRESS: wrong_address(t, type); break;
		case GROUP: wrong_group(t, type); break;
		case U64: wrong_number64(t, type); break;
		case FLAG: wrong_flag(t, type); break;
		case BYTES: wrong_frame(t, type); break;
		case ENTRY: case MATCH: case ACTIONS: case BUCKET:
			wrong_flow_nest(t, type, op->set->rules[type].kind);
			break;
		case SOURCE: wrong_source(t, type); break;
		default: wrong_number(t, type, &op->set->rules[type]); break;
		}
	}
	replaced(t, 0x3fff, &value, 4, "an unknown attribute");
}

/* Objects that are not there, and two attributes that contradict each other. */
static void wrong_object(const struct target *t)
{
	const struct operation *op = &operations[t->cmd];
	static const uint32_t none = 0x7ffffff0, loopback = 1;
	uint64_t usable = op->allowed & (t->dump ? ~op->no_dump : ~UINT64_C(0));
	unsigned int type;
	bool exact;

	if (t->cmd == VSWITCH_CMD_SWITCH_NEW)
		return;
	for (type = 1; type <= op->set->max; type++) {
		/* In every set a name's ifindex is the attribute before it. */
		if (!(usable & HAS(type)) || op->set->rules[type].kind != NAME)
			continue;
		exact = !contradicts_number(t, type);
		replaced_some(t, type, "nosuch0", 8, "a name that is not there", exact);
		replaced_some(t, type, "lo", 3, "the loopback device", exact);
		replaced_some(t, type - 1, &none, 4, "the ifindex of no device", false);
		replaced_some(t, type - 1, &loopback, 4, "the ifindex of another device", false);
	}
}

/* Numbers of no port, of another port than the one named, and of no switch. */
static void wrong_port_number(const struct target *t)
{
	const struct operation *op = &operations[t->cmd];
	unsigned int type = op->set->number;
	uint64_t usable = op->allowed & (t->dump ? ~op->no_dump : ~UINT64_C(0));
	static const uint32_t none[] = { 4000, 65000, 65001, 0x7fffffff, 0x80000000, ANY32 };
	uint32_t number = valid_number;
	unsigned int i;

	if (!type || !(usable & HAS(type)))
		return;
	for (i = 0; i < sizeof(none) / sizeof(*none); i++)
		replaced(t, type, &none[i], 4, "the number of no port");
	/* The others name a port by its device. */
	if (t->way != 1)
		replaced(t, type, &number, 4, "the number of another port");
	else
		without(t, op->set->switch_id, "a number without a switch");
}

/* VLANs that are right each, but not with one another. */
static void wrong_vlans(const struct target *t)
{
	uint8_t set[VSWITCH_VLAN_SET_LEN] = { 0 };
	uint16_t pvid = 4000;

	if (t->cmd != VSWITCH_CMD_PORT_NEW && t->cmd != VSWITCH_CMD_PORT_SET)
		return;
	replaced(t, VSWITCH_A_PORT_PVID, &pvid, 2, "a PVID that is no member");
	set[4000 / 8] = 1 << 4000 % 8;
	replaced(t, VSWITCH_A_PORT_VLAN_UNTAGGED, set, sizeof(set),
		 "an untagged VLAN that is no member");
	/* The other two need other members: any of them may be wrong. */
	replaced_some(t, VSWITCH_A_PORT_VLAN, set, sizeof(set), "other members", false);
	memset(set, 0, sizeof(set));
	replaced_some(t, VSWITCH_A_PORT_VLAN, set, sizeof(set), "no members", false);
}

/* One attribute of the VLANs alone, which does not go with what the port has. */
static void wrong_alone(const struct target *t)
{
	static const uint8_t empty[VSWITCH_VLAN_SET_LEN], other[VSWITCH_VLAN_SET_LEN] = { 4 };
	static const uint16_t pvid = 2;
	const struct {
		uint16_t type, len;
		const void *value;
		const char *what;
	} alone[] = {
		{ VSWITCH_A_PORT_PVID, 2, &pvid, "only a PVID, no member" },
		{ VSWITCH_A_PORT_VLAN, sizeof(empty), empty, "only members, without the PVID" },
		{ VSWITCH_A_PORT_VLAN, sizeof(other), other, "only members, without the untagged" },
		{ VSWITCH_A_PORT_VLAN_UNTAGGED, sizeof(other), other, "only untagged, no member" },
	};
	char buf[REQUEST_MAX], from_buf[REQUEST_MAX];
	unsigned int i, offset;
	struct nlmsghdr *nlh;

	if (t->cmd != VSWITCH_CMD_PORT_SET)
		return;
	for (i = 0; i < sizeof(alone) / sizeof(*alone); i++) {
		nlh = nl_command(&nl, buf, t->cmd, 0);
		copy_attributes(nlh, valid(t, from_buf), ~(PORT_ID | PORT_SWITCH_ID));
		offset = nlh->nlmsg_len;
		mnl_attr_put(nlh, alone[i].type, alone[i].len, alone[i].value);
		refused(nlh, offset, alone[i].what, alone[i].type);
	}
}

/* What a port can't have: a device's an alias, the host's anything but VLANs. */
static void wrong_setting(const struct target *t)
{
	static const uint8_t zeros[8];
	const struct rule *rule;
	unsigned int type;

	if (t->cmd != VSWITCH_CMD_PORT_SET || t->way == 1)
		return;
	/* On the host's port it may be this one that is wrong, or the port. */
	replaced_some(t, VSWITCH_A_PORT_ALIAS, "x", 2, "an alias of no vnic", t->way != 2);
	replaced_some(t, VSWITCH_A_PORT_ALIAS, "", 1, "an empty alias of no vnic", t->way != 2);
	if (t->way != 2)
		return;
	for (type = 1; type <= VSWITCH_A_PORT_MAX; type++) {
		rule = &port_rules[type];
		if (HAS(type) & PORT_SETTINGS)
			replaced_some(t, type, zeros, rule_length(rule),
				      "a setting of the host port", false);
	}
}

/* What of a mirror is right alone, but not with the rest. */
static void wrong_mirror(const struct target *t)
{
	static const uint32_t p0 = 1, few[] = { 1, VSWITCH_MIN_TRUNCATE - 1 };
	static const uint8_t port = VSWITCH_MIRROR_TO_PORT;

	if (t->cmd != VSWITCH_CMD_MIRROR_NEW && t->cmd != VSWITCH_CMD_MIRROR_SET)
		return;
	replaced(t, VSWITCH_A_MIRROR_TRUNCATE, &few[0], 4, "one byte of each frame");
	replaced(t, VSWITCH_A_MIRROR_TRUNCATE, &few[1], 4, "too few bytes of each frame");
	without(t, MIRROR_TO, "no destination, but its kind");
	without(t, HAS(VSWITCH_A_MIRROR_TO_TYPE), "a destination of no kind");
	if (t->way) {
		replaced_some(t, VSWITCH_A_MIRROR_IN, &valid_number, 4,
			      "the destination as a source", false);
		replaced_some(t, VSWITCH_A_MIRROR_OUT, &valid_number, 4,
			      "the destination as a source", false);
		return;
	}
	replaced_some(t, VSWITCH_A_MIRROR_TO_TYPE, &port, 1, "a device that is no port", false);
	replaced(t, VSWITCH_A_MIRROR_TO_NAME, "vs0", 4, "the switch itself");
	replaced(t, VSWITCH_A_MIRROR_TO_NAME, "p0", 3, "a port as a device");
	replaced(t, VSWITCH_A_MIRROR_TO_NUMBER, &p0, 4, "a number of a device");
}

/* Likewise of a binding and of a member of a group. */
static void wrong_key(const struct target *t)
{
	static const uint8_t beyond = 129, beyond4 = 33;
	static const uint16_t vlan = 5;

	switch (t->cmd) {
	case VSWITCH_CMD_BINDING_NEW: case VSWITCH_CMD_BINDING_DEL: case VSWITCH_CMD_BINDING_GET:
		replaced(t, VSWITCH_A_BINDING_PREFIX_LEN, t->way ? &beyond : &beyond4, 1,
			 "a prefix longer than the address");
		without(t, HAS(VSWITCH_A_BINDING_IP), "a prefix of no address");
		break;
	case VSWITCH_CMD_MDB_NEW:
		replaced_some(t, VSWITCH_A_MDB_VLAN, &vlan, 2, "a VLAN that nothing filters",
			      false);
		break;
	case VSWITCH_CMD_MDB_DEL: case VSWITCH_CMD_MDB_GET:
		replaced_some(t, VSWITCH_A_MDB_VLAN, &vlan, 2, "a VLAN in which it is no member",
			      false);
		break;
	}
}

/* Two limits for one kind of storm. */
static void wrong_storm(const struct target *t)
{
	struct {
		struct nlattr pps_header;
		uint32_t pps;
		struct nlattr kbps_header;
		uint32_t kbps;
	} both = {
		{ 8, VSWITCH_A_GUARD_STORM_BROADCAST_PPS }, 1000,
		{ 8, VSWITCH_A_GUARD_STORM_BROADCAST_KBPS }, 1000,
	};
	const unsigned int second = NLA_HDRLEN + offsetof(typeof(both), kbps_header);
	unsigned int i;

	if (t->cmd != VSWITCH_CMD_PORT_NEW && t->cmd != VSWITCH_CMD_PORT_SET)
		return;
	for (i = 0; i < 3; i++) {
		replaced_inside(t, VSWITCH_A_PORT_GUARD | NLA_F_NESTED, &both, sizeof(both),
				"a limit in packets and in bits",
				t->way == 2 ? SOME_ATTRIBUTE : second);
		both.pps_header.nla_type += 2;
		both.kbps_header.nla_type += 2;
	}
}

static void wrong_requests(const struct target *t)
{
	wrong_attributes(t);
	wrong_framing(t);
	wrong_object(t);
	wrong_port_number(t);
	twice(t);
	if (t->dump && is_of_switch(operations[t->cmd].set))
		without(t, FLOW_SWITCH_ID, "no switch");
	if (t->dump)
		return;
	missing(t);
	wrong_vlans(t);
	wrong_alone(t);
	wrong_setting(t);
	wrong_storm(t);
	wrong_mirror(t);
	wrong_key(t);
	wrong_flow(t);
}

int main(void)
{
	setlinebuf(stdout);
	nl_open_family(&nl, VSWITCH_FAMILY_NAME);
	nl_open(&route, NETLINK_ROUTE);
	done_has_offset = find_done_offset();
	valid_open(&nl);
	state_abroad = &valid_abroad;
	valid_restore(&nl);
	check_commands();
	printf("%u %u\n", checked, wrong);
	return wrong != 0;
}
