// SPDX-License-Identifier: GPL-2.0
/* The names of a switch's ports, for flows. */
#include <stdio.h>
#include <string.h>

#include "flow.h"

/* One of a device that is here, or in another network namespace an alias or a vnic's. */
static int add(struct flow_ports *ports, const struct vsw_port *port)
{
	bool here = !(port->has & HAS(VSWITCH_A_PORT_NETNSID));
	bool vnic = port->type == VSWITCH_PORT_TYPE_VNIC;
	char text[MODEL_NAME_SIZE + sizeof(":4294967295")];

	snprintf(text, sizeof(text), "%s:%u", port->switch_name, port->number);
	if (flow_ports_add(ports, text, port->number, false) < 0)
		return -1;
	if ((here || vnic) && flow_ports_add(ports, port->name, port->number, here) < 0)
		return -1;
	return port->alias && *port->alias ?
	       flow_ports_add(ports, port->alias, port->number, !here) : 0;
}

static int fetch(struct flow_ports *ports, void *arg, struct err *err)
{
	const struct switch_ports *of = arg;
	struct vsw_port filter = { .has = HAS(VSWITCH_A_PORT_SWITCH_NAME) };
	struct list list = {};
	int ret = 0;
	size_t i;

	strcpy(filter.switch_name, of->switch_name);
	if (vsw_connect(of->vsw, err) < 0)
		return -1;
	if (vsw_nl_port_dump(of->vsw->nl, &filter, &list, err) < 0)
		return flow_refused(of->switch_name, err);
	for (i = 0; i < list.n && !ret; i++)
		ret = add(ports, list_at(&list, &kind_port, i));
	list_free(&list, &kind_port);
	return ret < 0 ? err_set(err, STATUS_SYSTEM, "out of memory") : 0;
}

void switch_ports_init(struct switch_ports *of, struct vsw *vsw, const char *switch_name)
{
	*of = (struct switch_ports){
		.ports = { .fetch = fetch, .arg = of }, .vsw = vsw, .switch_name = switch_name
	};
}

void switch_ports_free(struct switch_ports *of)
{
	flow_ports_free(&of->ports);
}
