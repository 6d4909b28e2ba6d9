// SPDX-License-Identifier: GPL-2.0
/* The adapter of a container, seen from outside: which one, and in which switch. */
#include <errno.h>
#include <netlink/route/link.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "container.h"
#include "netlink.h"

#ifndef SWITCH_KIND
#define SWITCH_KIND	"vswitch"
#endif

uint64_t network_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/net", &st) < 0 ? 0 : st.st_ino;
}

int network_check_switch(struct container *c, struct err *err)
{
	const char *name = c->spec->switch_name, *kind;
	cleanup_link struct rtnl_link *link = NULL;
	cleanup_netlink struct netlink nl = { 0 };
	int code;

	if (!name)
		return 0;
	if (netlink_open(&nl, err) < 0)
		return -1;
	code = netlink_get_link(&nl, 0, name, &link);
	if (netlink_is_gone(code))
		return err_set(err, CONTAINER_FAILED,
			       "switch: there is no '%s' (vsw switch add %s)", name, name);
	if (code < 0)
		return netlink_refused(&nl, code, err, "find switch '%s'", name);
	kind = rtnl_link_get_type(link);
	if (!kind || strcmp(kind, SWITCH_KIND))
		return err_set(err, CONTAINER_FAILED, "switch: '%s' is not a switch but %s%s",
			       name, kind ? "of kind " : "another device", kind ? kind : "");
	c->switch_index = rtnl_link_get_ifindex(link);
	return 0;
}

int network_create(struct container *c, struct err *err)
{
	cleanup_close int netns = -1;

	if (!c->spec->switch_name)
		return 0;
	netns = namespaces_open(c, "net");
	if (netns < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "network: open the container's namespace");
	if ((c->spec->adapter == ADAPTER_VETH ? veth_create(c, netns, err) :
						vnic_create(c, netns, err)) < 0)
		return -1;
	if (!c->spec->dhcp)
		return 0;
	return lease_take(c, err) < 0 ? -1 : bind_addresses(c, err);
}

int network_remove(struct container *c, struct err *err)
{
	if (c->spec->adapter == ADAPTER_VNIC)
		return vnic_remove(c, err);
	return c->link[0] ? veth_remove(c, err) : 0;
}

int network_remove_stale(const char *name, const struct record *record, struct err *err)
{
	/* in another namespace it goes with the container's own, a little later */
	if (!record->link[0] || record->netns != network_namespace())
		return 0;
	if (!strcmp(record->adapter, spec_adapter_name(ADAPTER_VNIC)))
		return vnic_remove_stale(name, record, err);
	return veth_remove_stale(name, record, err);
}
