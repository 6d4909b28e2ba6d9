// SPDX-License-Identifier: GPL-2.0
/* "vsw flow snoop": packets that flows tell of, a line each. */
#include <string.h>

#include "flow.h"

struct snoop {
	const struct output *out;
	const char *switch_name;
};

static int on_event(const struct vsw_nl_event *event, void *arg, struct err *err)
{
	const struct snoop *snoop = arg;
	const struct vsw_packet_in *packet = event->object;

	if (packet && (event->kind != &kind_packet_in ||
		       strcmp(packet->switch_name, snoop->switch_name)))
		return 0;
	if (!packet || snoop->out->json)
		return output_event(snoop->out, event->name, event->kind, packet, NULL, err);
	output_packet_in(packet);
	return output_flush(err);
}

int flow_snoop(struct vsw *vsw, char **words, struct err *err)
{
	char switch_name[MODEL_NAME_SIZE];
	struct snoop snoop = { .out = &vsw->out, .switch_name = switch_name };
	struct list switches = {};
	struct vsw_nl *nl;
	int ret;

	if (flow_take_switch(&words, switch_name, err) < 0)
		return -1;
	if (*words)
		return err_set(err, STATUS_USAGE, "'%s' stands behind the switch", *words);
	ret = flow_switches(vsw, switch_name, &switches, err);
	list_free(&switches, &kind_switch);
	if (ret < 0)
		return -1;
	/* The one of other commands would hear these between its answers. */
	nl = vsw_nl_open(err);
	if (!nl)
		return -1;
	ret = vsw_nl_listen(nl, NL_GROUP_PACKET_IN, on_event, &snoop, err);
	vsw_nl_close(nl);
	if (ret < 0 && err->status == STATUS_REFUSED)
		return flow_refused(switch_name, err);
	return ret;
}
