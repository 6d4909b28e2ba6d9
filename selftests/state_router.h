/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state that a request to the family vrouter may change, as state.h has that of the
 * family vswitch. Counters, and what becomes of objects by itself, are left out.
 */
#ifndef SELFTESTS_STATE_ROUTER_H
#define SELFTESTS_STATE_ROUTER_H

#include <linux/vrouter.h>

#include "request.h"
#include "state_lines.h"

/* Nothing of it has an index. */
static bool state_without_indexes __attribute__((unused));

struct state_dump {
	struct state *state;
	uint8_t cmd;
};

static inline bool state_skips(uint8_t cmd, unsigned int type)
{
	switch (cmd) {
	case VROUTER_CMD_ROUTER_GET:
		return type == VROUTER_A_ROUTER_PAD || type == VROUTER_A_ROUTER_CONNECTIONS ||
		       type == VROUTER_A_ROUTER_CARRIED ||
		       type == VROUTER_A_ROUTER_CARRIED_PACKETS;
	case VROUTER_CMD_SERVICE_GET:
		return type == VROUTER_A_SERVICE_ACTIVE || type == VROUTER_A_SERVICE_STATS;
	case VROUTER_CMD_BACKEND_GET:
		return type == VROUTER_A_BACKEND_ACTIVE || type == VROUTER_A_BACKEND_STATS ||
		       type == VROUTER_A_BACKEND_OUTS || type == VROUTER_A_BACKEND_BACK_IN;
	case VROUTER_CMD_PUBLISH_GET:
		return type == VROUTER_A_PUBLISH_ACTIVE || type == VROUTER_A_PUBLISH_STATS;
	case VROUTER_CMD_NAT_GET:
		return type == VROUTER_A_NAT_PAD || type == VROUTER_A_NAT_CONNECTIONS;
	default:
		return type == VROUTER_A_SHAPE_PAD || type == VROUTER_A_SHAPE_QUOTA_USED ||
		       type == VROUTER_A_SHAPE_SLOW || type == VROUTER_A_SHAPE_STATS_OUT ||
		       type == VROUTER_A_SHAPE_STATS_IN;
	}
}

static inline void state_reply(const struct nlmsghdr *nlh, void *data)
{
	struct state_dump *dump = data;
	const struct nlattr *attr;
	char *line, *out;

	out = malloc(2 * nlh->nlmsg_len + 64);
	line = out;
	if (!line)
		err(2, "malloc");
	out += sprintf(out, "%u", dump->cmd);
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr))
		if (!state_skips(dump->cmd, mnl_attr_get_type(attr)))
			out = state_hex(out, attr);
	*out = 0;
	state_add(dump->state, line);
}

static inline void state_take(struct state *state, struct nl *nl, struct nl *route)
{
	static const uint8_t commands[] = {
		VROUTER_CMD_ROUTER_GET, VROUTER_CMD_SERVICE_GET, VROUTER_CMD_BACKEND_GET,
		VROUTER_CMD_PUBLISH_GET, VROUTER_CMD_NAT_GET, VROUTER_CMD_SHAPE_GET,
	};
	struct state_dump dump = { .state = state };
	char buf[REQUEST_MAX];
	struct nlmsghdr *nlh;
	unsigned int i;
	int error;

	(void)route;
	state_free(state);
	for (i = 0; i < sizeof(commands); i++) {
		dump.cmd = commands[i];
		nlh = nl_command(nl, buf, commands[i], i ? NLM_F_DUMP : 0);
		error = nl_request(nl, nlh, state_reply, &dump);
		if (error)
			errx(2, "what command %u shows: %s", dump.cmd, strerror(error));
	}
	qsort(state->lines, state->count, sizeof(*state->lines), state_compare);
}

#endif
