/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The whole state that a request may change, taken in one piece, so that it can
 * be compared with what was there before: switches, ports, MAC entries, bindings,
 * mirrors, members of multicast groups, flows, tables, groups and meters of vs0, and every
 * device of the namespace as rtnetlink shows it, and of a second one if vnics are there.
 * Counters and ages, which change by themselves, are left out.
 */
#ifndef SELFTESTS_STATE_H
#define SELFTESTS_STATE_H

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vswitch.h>

#include "request.h"
#include "state_lines.h"

/* Leave out indexes too: devices that were made anew have other ones. */
static bool state_without_indexes;
/* rtnetlink in that second namespace. */
static struct nl *state_abroad;

static inline bool state_is_index(char what, unsigned int type)
{
	switch (what) {
	case 's': return type == VSWITCH_A_SWITCH_IFINDEX;
	case 'p': return type == VSWITCH_A_PORT_IFINDEX || type == VSWITCH_A_PORT_SWITCH_IFINDEX;
	case 'f': return type == VSWITCH_A_FDB_PORT_IFINDEX || type == VSWITCH_A_FDB_SWITCH_IFINDEX;
	case 'b': return type == VSWITCH_A_BINDING_PORT_IFINDEX ||
			type == VSWITCH_A_BINDING_SWITCH_IFINDEX;
	case 'm': return type == VSWITCH_A_MIRROR_TO_IFINDEX ||
			type == VSWITCH_A_MIRROR_SWITCH_IFINDEX;
	case 'g': return type == VSWITCH_A_MDB_PORT_IFINDEX || type == VSWITCH_A_MDB_SWITCH_IFINDEX;
	case 'F': case 'T': case 'G': case 'M': return type == VSWITCH_A_FLOW_SWITCH_IFINDEX;
	case 'e': return false;
	default: return type == IFLA_MASTER || type == IFLA_LINK;
	}
}

static inline bool state_skips(char what, unsigned int type)
{
	if (state_without_indexes && state_is_index(what, type))
		return true;
	switch (what) {
	case 's': return type == VSWITCH_A_SWITCH_STATS || type == VSWITCH_A_SWITCH_MCAST_STATS;
	case 'p': return type == VSWITCH_A_PORT_STATS || type == VSWITCH_A_PORT_MCAST_STATS ||
			type == VSWITCH_A_PORT_SHUT_AGE;
	case 'f': return type == VSWITCH_A_FDB_AGE;
	case 'b': return false;
	case 'm': return type == VSWITCH_A_MIRROR_STATS;
	case 'g': return type == VSWITCH_A_MDB_TIMER;
	/* Flows come one by one, see state_flows(). */
	case 'F': return type == VSWITCH_A_FLOW_ENTRY;
	case 'e': return type == VSWITCH_A_FLOW_ENTRY_PAD ||
			(type >= VSWITCH_A_FLOW_ENTRY_PACKETS &&
			 type <= VSWITCH_A_FLOW_ENTRY_HARD_AGE);
	case 'T': return type == VSWITCH_A_FLOW_TABLE_PAD || type >= VSWITCH_A_FLOW_TABLE_MASKS;
	case 'G': return type == VSWITCH_A_GROUP_PAD || type == VSWITCH_A_GROUP_PACKETS ||
			type == VSWITCH_A_GROUP_BYTES;
	case 'M': return type == VSWITCH_A_METER_PAD ||
			(type >= VSWITCH_A_METER_PACKETS && type <= VSWITCH_A_METER_OVER_BYTES);
	default: return type == IFLA_STATS || type == IFLA_STATS64 || type == IFLA_AF_SPEC ||
			type == IFLA_CARRIER_CHANGES || type == IFLA_CARRIER_UP_COUNT ||
			type == IFLA_CARRIER_DOWN_COUNT;
	}
}

struct state_dump {
	struct state *state;
	char what;
	unsigned int header;
};

/* A line for each flow in a message. */
static inline void state_flows(struct state *state, const struct nlmsghdr *nlh)
{
	const struct nlattr *entry, *attr;
	char *line, *out;

	mnl_attr_for_each(entry, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(entry) != VSWITCH_A_FLOW_ENTRY)
			continue;
		out = malloc(2 * entry->nla_len + 64);
		line = out;
		if (!line)
			err(2, "malloc");
		*out++ = 'e';
		mnl_attr_for_each_nested(attr, entry)
			if (!state_skips('e', mnl_attr_get_type(attr)))
				out = state_hex(out, attr);
		*out = 0;
		state_add(state, line);
	}
}

static inline void state_reply(const struct nlmsghdr *nlh, void *data)
{
	struct state_dump *dump = data;
	const struct nlattr *attr;
	char *line, *out;

	if (dump->what == 'F') {
		state_flows(dump->state, nlh);
		return;
	}
	out = malloc(2 * nlh->nlmsg_len + 64);
	line = out;
	if (!line)
		err(2, "malloc");
	*out++ = dump->what;
	if (dump->what == 'l' || dump->what == 'a')
		out += sprintf(out, " %d flags %x",
			       state_without_indexes ? 0 :
			       ((const struct ifinfomsg *)mnl_nlmsg_get_payload(nlh))->ifi_index,
			       ((const struct ifinfomsg *)mnl_nlmsg_get_payload(nlh))->ifi_flags);
	mnl_attr_for_each(attr, nlh, dump->header)
		if (!state_skips(dump->what, mnl_attr_get_type(attr)))
			out = state_hex(out, attr);
	*out = 0;
	state_add(dump->state, line);
}

static inline void state_take_links(struct state *state, char what, struct nl *route)
{
	struct state_dump dump = {
		.state = state, .what = what, .header = sizeof(struct ifinfomsg),
	};
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh = nl_start(route, buf, RTM_GETLINK, NLM_F_DUMP);
	int error;

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	error = nl_request(route, nlh, state_reply, &dump);
	if (error)
		errx(2, "dump of links: %s", strerror(error));
}

static inline void state_take(struct state *state, struct nl *nl, struct nl *route)
{
	static const uint8_t commands[] = {
		VSWITCH_CMD_SWITCH_GET, VSWITCH_CMD_PORT_GET, VSWITCH_CMD_FDB_GET,
		VSWITCH_CMD_BINDING_GET, VSWITCH_CMD_MIRROR_GET, VSWITCH_CMD_MDB_GET,
		VSWITCH_CMD_FLOW_GET, VSWITCH_CMD_FLOW_TABLE_GET, VSWITCH_CMD_GROUP_GET,
		VSWITCH_CMD_METER_GET,
	};
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;
	struct state_dump dump = { .state = state, .header = sizeof(struct genlmsghdr) };
	unsigned int i;
	int error;

	state_free(state);
	for (i = 0; i < sizeof(commands); i++) {
		dump.what = "spfbmgFTGM"[i];
		nlh = nl_command(nl, buf, commands[i], NLM_F_DUMP);
		if (commands[i] >= VSWITCH_CMD_FLOW_GET)
			mnl_attr_put_strz(nlh, VSWITCH_A_FLOW_SWITCH_NAME, "vs0");
		error = nl_request(nl, nlh, state_reply, &dump);
		/* Without the switch there are none. */
		if (error && (error != ENODEV || commands[i] < VSWITCH_CMD_FLOW_GET))
			errx(2, "dump of '%c': %s", dump.what, strerror(error));
	}
	state_take_links(state, 'l', route);
	if (state_abroad)
		state_take_links(state, 'a', state_abroad);
	qsort(state->lines, state->count, sizeof(*state->lines), state_compare);
}

#endif
