// SPDX-License-Identifier: GPL-2.0
/*
 * The adapter of a container as a veth pair, one end a port of the switch, the
 * other made inside the container's network namespace.  Either end takes the
 * other with it, so the end of the namespace ends the pair.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <netlink/addr.h>
#include <netlink/errno.h>
#include <netlink/route/link.h>
#include <netlink/route/link/inet6.h>
#include <netlink/route/link/veth.h>
#include <stdio.h>
#include <string.h>

#include "container.h"
#include "netlink.h"

#define LINK_PREFIX	"vsw-"
#define LINK_ATTEMPTS	8
#define HASHED_NAME_MAX	4	/* letters of the name in a name made from a hash */

/* FNV-1a */
static uint32_t hash_name(const char *name, uint32_t salt)
{
	uint32_t hash = 2166136261u ^ salt;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash;
}

/* vsw-NAME if that fits and is free, else vsw-NAME's beginning and a hash. */
static void name_link(struct container *c, unsigned int attempt)
{
	const char *name = c->spec->name;

	if (!attempt && strlen(LINK_PREFIX) + strlen(name) < IFNAMSIZ)
		snprintf(c->link, sizeof(c->link), LINK_PREFIX "%s", name);
	else
		snprintf(c->link, sizeof(c->link), LINK_PREFIX "%.*s-%06x", HASHED_NAME_MAX, name,
			 hash_name(name, attempt) & 0xffffff);
}

static int set_address(struct rtnl_link *link, const struct spec *spec)
{
	struct nl_addr *addr;

	if (!spec->has_mac)
		return 0;
	addr = nl_addr_build(AF_LLC, spec->mac, sizeof(spec->mac));
	if (!addr)
		return -NLE_NOMEM;
	rtnl_link_set_addr(link, addr);
	nl_addr_put(addr);
	return 0;
}

/* One message: both ends, each in its namespace, ours in the switch. */
static int add_pair(struct container *c, struct netlink *nl, int netns, struct err *err)
{
	cleanup_link struct rtnl_link *host = rtnl_link_veth_alloc();
	struct rtnl_link *guest;
	int code;

	if (!host)
		return err_set(err, CONTAINER_FAILED, "network: no memory for the adapter");
	guest = rtnl_link_veth_get_peer(host);
	rtnl_link_set_name(host, c->link);
	rtnl_link_set_name(guest, CONTAINER_DEVICE);
	rtnl_link_set_ns_fd(guest, netns);
	rtnl_link_set_master(host, c->switch_index);
	if (c->spec->mtu) {
		rtnl_link_set_mtu(host, c->spec->mtu);
		rtnl_link_set_mtu(guest, c->spec->mtu);
	}
	code = set_address(guest, c->spec);
	if (!code)
		code = rtnl_link_add(nl->sock, host, NLM_F_CREATE | NLM_F_EXCL);
	rtnl_link_put(guest);
	if (code == -NLE_EXIST)
		return 1;
	if (code < 0)
		return netlink_refused(nl, code, err, "make adapter '%s' in switch '%s'", c->link,
				       c->spec->switch_name);
	return 0;
}

/*
 * The name of the container on the port, and no addresses: whatever arrives
 * here belongs to the switch.  Then up, when there is nothing more to set.
 */
static int set_up(struct container *c, struct netlink *nl, struct err *err)
{
	cleanup_link struct rtnl_link *alias = rtnl_link_alloc(), *up = rtnl_link_alloc();
	cleanup_link struct rtnl_link *quiet = rtnl_link_alloc();
	int code;

	if (!alias || !quiet || !up)
		return err_set(err, CONTAINER_FAILED, "network: no memory for '%s'", c->link);
	c->link_index = if_nametoindex(c->link);
	if (!c->link_index)
		return err_set_errno(err, CONTAINER_FAILED, errno, "network: find adapter '%s'",
				     c->link);
	rtnl_link_set_ifalias(alias, c->spec->name);
	code = netlink_change_link(nl, c->link_index, alias);
	if (code < 0)
		return netlink_refused(nl, code, err, "name the port '%s'", c->link);
	/* fails without IPv6: then there is nothing to turn off */
	if (!rtnl_link_inet6_set_addr_gen_mode(quiet, IN6_ADDR_GEN_MODE_NONE))
		netlink_change_link(nl, c->link_index, quiet);
	/* one that is leased is bound later */
	if ((!c->spec->dhcp && bind_addresses(c, err) < 0) || bind_cgroup(c, err) < 0)
		return -1;
	rtnl_link_set_flags(up, IFF_UP);
	code = netlink_change_link(nl, c->link_index, up);
	if (code < 0)
		return netlink_refused(nl, code, err, "set adapter '%s' up", c->link);
	return 0;
}

/* 1: the name is another's */
static int try_pair(struct container *c, struct netlink *nl, int netns,
		    unsigned int attempt, struct err *err)
{
	int ret;

	name_link(c, attempt);
	ret = if_nametoindex(c->link) ? 1 : 0;
	/* written down first, so that whoever comes after us finds it */
	if (!ret)
		ret = state_save(c, "creating", err);
	if (!ret)
		ret = add_pair(c, nl, netns, err);
	if (ret)
		c->link[0] = '\0';
	return ret;
}

int veth_create(struct container *c, int netns, struct err *err)
{
	cleanup_netlink struct netlink nl = { 0 };
	unsigned int attempt;
	int ret = 1;

	if (netlink_open(&nl, err) < 0)
		return -1;
	for (attempt = 0; ret > 0 && attempt < LINK_ATTEMPTS; attempt++)
		ret = try_pair(c, &nl, netns, attempt, err);
	if (ret > 0)
		return err_set(err, CONTAINER_FAILED, "network: no free name for an adapter");
	return ret < 0 ? -1 : set_up(c, &nl, err);
}

static int delete_link(struct netlink *nl, struct rtnl_link *link, const char *name,
		       struct err *err)
{
	int code = rtnl_link_delete(nl->sock, link);

	/* it may go by itself in this moment, as its namespace does */
	if (code < 0 && !netlink_is_gone(code))
		return netlink_refused(nl, code, err, "remove adapter '%s'", name);
	return 0;
}

int veth_remove(struct container *c, struct err *err)
{
	cleanup_link struct rtnl_link *link = NULL;
	cleanup_netlink struct netlink nl = { 0 };
	int code;

	if (netlink_open(&nl, err) < 0)
		return -1;
	/* the name may be another's by now, the index is not given twice */
	code = netlink_get_link(&nl, c->link_index, c->link, &link);
	if (netlink_is_gone(code))
		return 0;
	if (code < 0)
		return netlink_refused(&nl, code, err, "find adapter '%s'", c->link);
	return delete_link(&nl, link, c->link, err);
}

/* Is it the one that we made for this container?  Its alias comes a moment later. */
static bool is_ours(struct rtnl_link *link, const char *name, const struct record *record)
{
	const char *kind = rtnl_link_get_type(link), *alias = rtnl_link_get_ifalias(link);

	if (!kind || strcmp(kind, "veth"))
		return false;
	if (record->link_index && rtnl_link_get_ifindex(link) != record->link_index)
		return false;
	return alias ? !strcmp(alias, name) : !record->link_index;
}

int veth_remove_stale(const char *name, const struct record *record, struct err *err)
{
	cleanup_link struct rtnl_link *link = NULL;
	cleanup_netlink struct netlink nl = { 0 };
	int code;

	if (netlink_open(&nl, err) < 0)
		return -1;
	code = netlink_get_link(&nl, 0, record->link, &link);
	if (netlink_is_gone(code))
		return 0;
	if (code < 0)
		return netlink_refused(&nl, code, err, "find adapter '%s'", record->link);
	if (!is_ours(link, name, record))
		return 0;
	return delete_link(&nl, link, record->link, err);
}
