// SPDX-License-Identifier: GPL-2.0
/*
 * The addresses of a container are bound to its port, by which nobody else may send
 * then: what goes on in the container can't take the name of its neighbours.
 */
#include <string.h>

#include "container.h"
#include "nl.h"

static int failed(struct err *err, const char *what)
{
	err_prefix(err, "network: %s", what);
	err->status = CONTAINER_FAILED;
	return -1;
}

static int bind_address(struct vsw_nl *nl, struct vsw_binding *req, const struct spec_addr *addr,
			struct err *err)
{
	req->ip.len = addr->family == AF_INET ? 4 : 16;
	req->ip.bits = req->ip.len * 8;
	memcpy(req->ip.bytes, addr->bytes, req->ip.len);
	return vsw_nl_binding_new(nl, req, err);
}

static int bind_all(struct vsw_nl *nl, const struct container *c, struct vsw_binding *req,
		    struct err *err)
{
	size_t i;

	memcpy(req->mac, c->spec->mac, sizeof(req->mac));
	req->has |= HAS(VSWITCH_A_BINDING_MAC) | HAS(VSWITCH_A_BINDING_IP) |
		    HAS(VSWITCH_A_BINDING_PREFIX_LEN);
	for (i = 0; i < c->spec->n_addrs; i++)
		if (bind_address(nl, req, &c->spec->addrs[i], err) < 0)
			return failed(err, "bind its addresses to the port");
	return 0;
}

int bind_addresses(const struct container *c, struct err *err)
{
	uint32_t number = c->port_number;
	struct vsw_binding binding = {
		.has = HAS(VSWITCH_A_BINDING_SWITCH_IFINDEX) |
		       (number ? HAS(VSWITCH_A_BINDING_PORT_NUMBER) :
				 HAS(VSWITCH_A_BINDING_PORT_IFINDEX)),
		.switch_ifindex = c->switch_index,
		.port_number = number, .port_ifindex = c->link_index,
	};
	struct vsw_port port = {
		.has = HAS(VSWITCH_A_PORT_SWITCH_IFINDEX) | HAS(VSWITCH_A_PORT_GUARD) |
		       (number ? HAS(VSWITCH_A_PORT_NUMBER) : HAS(VSWITCH_A_PORT_IFINDEX)),
		.switch_ifindex = c->switch_index,
		.number = number, .ifindex = c->link_index,
		.guard = { .has = HAS(VSWITCH_A_GUARD_SOURCE_GUARD), .source_guard = true },
	};
	struct vsw_nl *nl;
	int ret;

	if (!c->spec->n_addrs || c->spec->no_guard)
		return 0;
	nl = vsw_nl_open(err);
	if (!nl)
		return failed(err, "connect to the kernel");
	ret = bind_all(nl, c, &binding, err);
	if (!ret && vsw_nl_port_set(nl, &port, err) < 0)
		ret = failed(err, "guard the port");
	vsw_nl_close(nl);
	return ret;
}

/* What enters by the port, a device here, and is of no socket counts as the container's. */
int bind_cgroup(const struct container *c, struct err *err)
{
	struct vsw_port port = {
		.has = HAS(VSWITCH_A_PORT_SWITCH_IFINDEX) | HAS(VSWITCH_A_PORT_IFINDEX) |
		       HAS(VSWITCH_A_PORT_CGROUP),
		.switch_ifindex = c->switch_index, .ifindex = c->link_index,
		.cgroup = c->cgroup_id,
	};
	struct vsw_nl *nl = vsw_nl_open(err);
	int ret = nl ? vsw_nl_port_set(nl, &port, err) : -1;

	vsw_nl_close(nl);
	return ret < 0 ? failed(err, "tell the port its container") : 0;
}
