// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/netns.h"
#include "lib/nl_link.h"
#include "vsw.h"

static const struct hint hints[] = {
	{ EEXIST, "Choose another name, or see 'ip link show' in its network namespace." },
	{ EOPNOTSUPP, "The loaded module knows no vnics: it is older than vsw." },
	{}
};

static int find_switch(struct vsw *vsw, const char *name, uint32_t *ifindex, struct err *err)
{
	static const struct hint no_switch[] = { { ENODEV, "See 'vsw switch show'." }, {} };
	struct vsw_switch req = { .has = HAS(VSWITCH_A_SWITCH_NAME) }, sw = {};
	int ret;

	strcpy(req.name, name);
	ret = vsw_nl_switch_get(vsw->nl, &req, &sw, err);
	*ifindex = sw.ifindex;
	object_clear(&kind_switch, &sw);
	return ret < 0 ? explain(no_switch, err, "switch '%s'", name) : 0;
}

/*
 * The name with which the device is made.  The kernel (of 6.12 at least) takes
 * none that a device where the switch is has, wherever it is to be; then it gets
 * one for the time being.
 */
static void first_name(char name[MODEL_NAME_SIZE], const struct vsw_device *device)
{
	if (device->has & HAS(DEVICE_NETNS) && if_nametoindex(device->name))
		snprintf(name, MODEL_NAME_SIZE, "vsw%d", getpid());
	else
		strcpy(name, device->name);
}

/* The device is there, and down; make it the port that it shall be. */
static int complete(struct vsw *vsw, struct mnl_socket *there, uint32_t ifindex,
		    const struct vsw_port *port, const struct vsw_device *device,
		    const struct vsw_port *made, struct err *err)
{
	struct vsw_port req = *port;

	req.has &= ~(HAS(VSWITCH_A_PORT_SWITCH_NAME) | HAS(VSWITCH_A_PORT_TYPE));
	if (req.has) {
		req.switch_ifindex = made->switch_ifindex;
		req.number = made->number;
		req.has |= made->has;
		if (vsw_nl_port_set(vsw->nl, &req, err) < 0)
			return -1;
	}
	return device->up ? link_set_up(there, ifindex, true, err) : 0;
}

/* One socket where the switch is, and one where the device shall be. */
static int add_link(struct vsw *vsw, struct mnl_socket *here, struct mnl_socket *there, int netns,
		    const struct vsw_port *port, const struct vsw_device *device,
		    struct vsw_port *made, struct err *err)
{
	struct vsw_device first = *device;
	char name[MODEL_NAME_SIZE];
	uint32_t ifindex;
	int ret;

	first_name(name, device);
	first.name = name;
	if (link_add_vnic(here, made->switch_ifindex, &first, netns, err) < 0)
		return -1;
	ret = link_get_vnic(there, name, &ifindex, &made->number, err);
	if (!ret && strcmp(name, device->name)) {
		ret = link_rename(there, ifindex, device->name, err);
		if (!ret)
			strcpy(name, device->name);
	}
	if (!ret)
		ret = complete(vsw, there, ifindex, port, device, made, err);
	if (ret < 0)	/* nothing that is half made is left behind */
		link_delete(there, name, 0, NULL);
	return ret;
}

int vnic_add(struct vsw *vsw, const struct vsw_port *port, const struct vsw_device *device,
	     struct vsw_port *made, struct err *err)
{
	struct mnl_socket *here = NULL, *there = NULL;
	int netns = -1, ret = -1;

	if (find_switch(vsw, port->switch_name, &made->switch_ifindex, err) < 0)
		return -1;
	made->has = HAS(VSWITCH_A_PORT_SWITCH_IFINDEX) | HAS(VSWITCH_A_PORT_NUMBER);
	if (device->has & HAS(DEVICE_NETNS)) {
		netns = netns_open(device->netns, err);
		if (netns < 0)
			return -1;
	}
	here = link_open(-1, err);
	if (here)
		there = link_open(netns, err);
	if (there)
		ret = add_link(vsw, here, there, netns, port, device, made, err);
	link_close(there);
	link_close(here);
	if (netns >= 0)
		close(netns);
	return ret < 0 ? explain(hints, err, "port '%s'", device->name) : 0;
}
