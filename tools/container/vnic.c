// SPDX-License-Identifier: GPL-2.0
/*
 * The adapter of a container as a vnic: a port of the switch that is a device in
 * the container's network namespace, and goes with it.
 *
 * Its ifindex is chosen here, by chance.  That is how it is known again: numbers
 * of ports are given anew, the name is the same in all containers, the alias that
 * of any container called so, be it one of another state directory.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/random.h>

#include "container.h"
#include "nl.h"
#include "nl_link.h"

#define INDEX_ATTEMPTS	8
#define INDEX_MIN	0x100000u	/* more than the kernel gives in a container */
#define INDEX_MASK	0x7fffffu

/* What the library says, as a failure of this step. */
static int failed(struct err *err, const char *what)
{
	err_prefix(err, "network: %s", what);
	err->status = CONTAINER_FAILED;
	return -1;
}

/* 1: the index is that of a device here */
static int add_link(struct mnl_socket *here, const struct container *c,
		    const struct vsw_device *device, int netns, struct err *err)
{
	if (!link_add_vnic(here, c->switch_index, device, netns, err))
		return 0;
	if (err->errnum == EEXIST)
		return 1;
	if (err->errnum == EOPNOTSUPP)
		err_suffix(err, ". The loaded module is older than vsw and knows no vnics: load the new one, or say '--adapter veth'");
	return failed(err, "make adapter '" CONTAINER_DEVICE "'");
}

static int try_index(struct container *c, struct mnl_socket *here, int netns, struct err *err)
{
	struct vsw_device device = { .name = CONTAINER_DEVICE, .mtu = c->spec->mtu };
	int ret;

	if (getrandom(&device.ifindex, sizeof(device.ifindex), 0) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "network: choose an index");
	device.ifindex = INDEX_MIN + (device.ifindex & INDEX_MASK);
	if (c->spec->mtu)
		device.has |= HAS(DEVICE_MTU);
	if (c->spec->has_mac) {
		memcpy(device.address, c->spec->mac, sizeof(device.address));
		device.has |= HAS(DEVICE_ADDRESS);
	}
	strcpy(c->link, device.name);
	c->link_index = device.ifindex;
	/* written down first, so that whoever comes after us finds it */
	ret = state_save(c, "creating", err);
	if (!ret)
		ret = add_link(here, c, &device, netns, err);
	if (ret)
		c->link[0] = '\0';
	return ret;
}

static int name_port(const struct container *c, struct err *err)
{
	struct vsw_port req = {
		.has = HAS(VSWITCH_A_PORT_SWITCH_IFINDEX) | HAS(VSWITCH_A_PORT_NUMBER) |
		       HAS(VSWITCH_A_PORT_ALIAS) | HAS(VSWITCH_A_PORT_CGROUP),
		.switch_ifindex = c->switch_index,
		.number = c->port_number,
		.alias = (char *)c->spec->name,
		.cgroup = c->cgroup_id,
	};
	struct vsw_nl *nl = vsw_nl_open(err);
	int ret = nl ? vsw_nl_port_set(nl, &req, err) : -1;

	vsw_nl_close(nl);
	return ret < 0 ? failed(err, "name the port") : 0;
}

int vnic_create(struct container *c, int netns, struct err *err)
{
	struct mnl_socket *here = link_open(-1, err);
	uint32_t ifindex;
	int ret = 1, i;

	if (here)
		c->vnic_socket = link_open(netns, err);
	if (!c->vnic_socket) {
		link_close(here);
		return failed(err, "connect to the kernel");
	}
	for (i = 0; ret > 0 && i < INDEX_ATTEMPTS; i++)
		ret = try_index(c, here, netns, err);
	link_close(here);
	if (ret > 0)
		return err_set(err, CONTAINER_FAILED, "network: no free index for an adapter");
	if (ret < 0)
		return -1;
	*err = (struct err)ERR_INIT;	/* of an index that was not free */
	if (link_get_vnic(c->vnic_socket, c->link, &ifindex, &c->port_number, err) < 0)
		return failed(err, "find adapter '" CONTAINER_DEVICE "'");
	if (!c->spec->dhcp && bind_addresses(c, err) < 0)
		return -1;
	return name_port(c, err);
}

/* In its own namespace, which is there as long as the socket: it can be no other. */
int vnic_remove(struct container *c, struct err *err)
{
	int ret = 0;

	if (c->link[0] && link_delete(c->vnic_socket, NULL, c->link_index, err) < 0) {
		/* it goes with its switch, too */
		if (err->errnum != ENODEV)
			ret = failed(err, "remove adapter '" CONTAINER_DEVICE "'");
		else
			*err = (struct err)ERR_INIT;
	}
	link_close(c->vnic_socket);
	c->vnic_socket = NULL;
	return ret;
}

/* Is it the one that was made for this container?  Its alias came a moment later. */
static bool is_ours(const struct vsw_port *port, const char *name, const struct record *record)
{
	return port->type == VSWITCH_PORT_TYPE_VNIC &&
	       port->ifindex == (uint32_t)record->link_index &&
	       (!port->alias || !strcmp(port->alias, name));
}

static int remove_ours(struct vsw_nl *nl, const struct list *ports, const char *name,
		       const struct record *record, struct err *err)
{
	struct vsw_port req = {
		.has = HAS(VSWITCH_A_PORT_SWITCH_IFINDEX) | HAS(VSWITCH_A_PORT_NUMBER),
		.switch_ifindex = record->switch_index,
	};
	size_t i;

	for (i = 0; i < ports->n; i++) {
		const struct vsw_port *port = list_at(ports, &kind_port, i);

		if (!is_ours(port, name, record))
			continue;
		req.number = port->number;
		return vsw_nl_port_del(nl, &req, err);
	}
	return 0;
}

int vnic_remove_stale(const char *name, const struct record *record, struct err *err)
{
	const struct vsw_port filter = {
		.has = HAS(VSWITCH_A_PORT_SWITCH_IFINDEX), .switch_ifindex = record->switch_index,
	};
	char switch_name[IF_NAMESIZE];
	struct list ports = {};
	struct vsw_nl *nl;
	int ret;

	/* it went with its switch; no module is loaded to find that out */
	if (!if_indextoname(record->switch_index, switch_name))
		return 0;
	nl = vsw_nl_open(err);
	if (!nl)
		return failed(err, "connect to the kernel");
	ret = vsw_nl_port_dump(nl, &filter, &ports, err);
	if (ret >= 0)
		ret = remove_ours(nl, &ports, name, record, err);
	list_free(&ports, &kind_port);
	vsw_nl_close(nl);
	if (ret < 0 && err->errnum != ENODEV)
		return failed(err, "remove adapter '" CONTAINER_DEVICE "'");
	if (ret < 0)	/* it has gone by itself in this moment, as its namespace did */
		*err = (struct err)ERR_INIT;
	return 0;
}
