// SPDX-License-Identifier: GPL-2.0
/*
 * The adapter of a container, seen from inside: addresses and routes.  Runs in
 * the child, in its network namespace, before it gives up its power over it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <net/if.h>
#include <netlink/addr.h>
#include <netlink/errno.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <string.h>

#include "cleanup.h"
#include "container.h"
#include "netlink.h"

static int link_up(struct netlink *nl, const char *name, struct err *err)
{
	struct rtnl_link *up = rtnl_link_alloc();
	int index = if_nametoindex(name);
	int code = -NLE_NOMEM;

	if (up && !index)
		code = -NLE_NODEV;
	if (up && index) {
		rtnl_link_set_flags(up, IFF_UP);
		code = netlink_change_link(nl, index, up);
	}
	if (up)
		rtnl_link_put(up);
	return code < 0 ? netlink_refused(nl, code, err, "set '%s' up", name) : 0;
}

static struct nl_addr *build_addr(const struct spec_addr *addr)
{
	struct nl_addr *built = nl_addr_build(addr->family, addr->bytes,
					      addr->family == AF_INET ? 4 : 16);

	if (built && addr->prefix)
		nl_addr_set_prefixlen(built, addr->prefix);
	return built;
}

static int fill_address(struct rtnl_addr *object, const struct spec_addr *addr, int index)
{
	struct nl_addr *local = build_addr(addr), *broadcast = NULL;
	struct spec_addr last = *addr;
	int code;

	if (!local)
		return -NLE_NOMEM;
	rtnl_addr_set_ifindex(object, index);
	code = rtnl_addr_set_local(object, local);
	nl_addr_put(local);
	if (code < 0)
		return code;
	if (addr->family == AF_INET6) {
		/* nobody else has it: there is no time to find that out */
		rtnl_addr_set_flags(object, IFA_F_NODAD);
		return 0;
	}
	if (addr->prefix > 30)
		return 0;
	last.prefix = 0;
	last.v4.s_addr |= htonl(UINT32_MAX >> addr->prefix);
	broadcast = build_addr(&last);
	if (!broadcast)
		return -NLE_NOMEM;
	code = rtnl_addr_set_broadcast(object, broadcast);
	nl_addr_put(broadcast);
	return code;
}

static int add_address(struct netlink *nl, const struct spec_addr *addr, int index,
		       struct err *err)
{
	struct rtnl_addr *object = rtnl_addr_alloc();
	int code = -NLE_NOMEM;

	if (object) {
		code = fill_address(object, addr, index);
		if (code >= 0)
			code = rtnl_addr_add(nl->sock, object, 0);
		rtnl_addr_put(object);
	}
	if (code < 0)
		return netlink_refused(nl, code, err, "add an %s address",
				       addr->family == AF_INET ? "IPv4" : "IPv6");
	return 0;
}

static int fill_route(struct rtnl_route *route, const struct spec_addr *gateway, int index)
{
	static const struct in6_addr any;
	struct nl_addr *to = nl_addr_build(gateway->family, &any,
					   gateway->family == AF_INET ? 4 : 16);
	struct nl_addr *via = build_addr(gateway);
	struct rtnl_nexthop *hop = rtnl_route_nh_alloc();
	int code = -NLE_NOMEM;

	if (to && via && hop) {
		nl_addr_set_prefixlen(to, 0);
		rtnl_route_nh_set_ifindex(hop, index);
		rtnl_route_nh_set_gateway(hop, via);
		rtnl_route_add_nexthop(route, hop);
		hop = NULL;	/* the route's now */
		rtnl_route_set_family(route, gateway->family);
		code = rtnl_route_set_dst(route, to);
	}
	if (hop)
		rtnl_route_nh_free(hop);
	nl_addr_put(to);
	nl_addr_put(via);
	return code;
}

static int add_default_route(struct netlink *nl, const struct spec_addr *gateway, int index,
			     struct err *err)
{
	struct rtnl_route *route;
	int code = -NLE_NOMEM;

	if (!gateway->family)
		return 0;
	route = rtnl_route_alloc();
	if (route) {
		code = fill_route(route, gateway, index);
		if (code >= 0)
			code = rtnl_route_add(nl->sock, route, 0);
		rtnl_route_put(route);
	}
	if (code < 0)
		return netlink_refused(nl, code, err, "add the %s default route",
				       gateway->family == AF_INET ? "IPv4" : "IPv6");
	return 0;
}

static int set_sysctl(int proc, const char *path, const char *value)
{
	cleanup_close int fd = mount_resolve(proc, path, O_WRONLY);

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	return write(fd, value, strlen(value)) < 0 ? -1 : 0;
}

#define IPV6_SYSCTL(name) "sys/net/ipv6/conf/" CONTAINER_DEVICE "/" name

/*
 * Who says which addresses a container has says all of them: it takes none
 * from routers, and speaks IPv6 if and only if it has an address of that kind.
 */
static int limit_ipv6(const struct spec *spec, int proc, struct err *err)
{
	bool wanted = false;
	size_t i;

	if (!spec->n_addrs && !spec->dhcp)
		return 0;
	for (i = 0; i < spec->n_addrs; i++)
		wanted |= spec->addrs[i].family == AF_INET6;
	if (set_sysctl(proc, IPV6_SYSCTL("accept_ra"), "0") < 0 ||
	    set_sysctl(proc, IPV6_SYSCTL("disable_ipv6"), wanted ? "0" : "1") < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "network: set how '%s' speaks IPv6", CONTAINER_DEVICE);
	return 0;
}

/*
 * Neighbours may know its address as that of another, which ended a moment ago, by another MAC;
 * what they send would get lost until they ask again, half a minute later. So they are told.
 */
static int tell_neighbours(int proc, struct err *err)
{
	if (set_sysctl(proc, "sys/net/ipv4/conf/" CONTAINER_DEVICE "/arp_notify", "1") < 0 ||
	    set_sysctl(proc, IPV6_SYSCTL("ndisc_notify"), "1") < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno,
				     "network: have '%s' announce its addresses", CONTAINER_DEVICE);
	return 0;
}

int inside_configure(const struct spec *spec, int proc_fd, struct err *err)
{
	cleanup_netlink struct netlink nl = { 0 };
	size_t i;
	int index;

	if (netlink_open(&nl, err) < 0 || link_up(&nl, "lo", err) < 0)
		return -1;
	if (!spec->switch_name)
		return 0;
	index = if_nametoindex(CONTAINER_DEVICE);
	if (!index)
		return err_set_errno(err, CONTAINER_FAILED, errno, "network: find '%s'",
				     CONTAINER_DEVICE);
	if (limit_ipv6(spec, proc_fd, err) < 0 || tell_neighbours(proc_fd, err) < 0)
		return -1;
	for (i = 0; i < spec->n_addrs; i++) {
		if (add_address(&nl, &spec->addrs[i], index, err) < 0)
			return -1;
	}
	if (link_up(&nl, CONTAINER_DEVICE, err) < 0)
		return -1;
	if (add_default_route(&nl, &spec->gateway4, index, err) < 0)
		return -1;
	return add_default_route(&nl, &spec->gateway6, index, err);
}
