// SPDX-License-Identifier: GPL-2.0
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/route/nexthop.h>

#include "nl_route_private.h"
#include "status.h"

/* ---- ours -> libnl's -------------------------------------------------------------- */

typedef int set_address_fn(struct rtnl_route *route, struct nl_addr *address);

/* libnl takes a reference of its own. */
static int set_address(struct rtnl_route *route, set_address_fn *set, const struct prefix *prefix)
{
	struct nl_addr *address = fib_address(prefix);
	int ret = address ? set(route, address) : -NLE_NOMEM;

	if (address)
		nl_addr_put(address);
	return ret;
}

/* What ip(8) takes for one that was not said. */
static uint8_t guess_scope(const struct vsw_route *route)
{
	size_t i;

	if (route->family == AF_INET6)
		return RT_SCOPE_UNIVERSE;
	if (route->type == RTN_LOCAL)
		return RT_SCOPE_HOST;
	if (route->type == RTN_BROADCAST || route->type == RTN_ANYCAST)
		return RT_SCOPE_LINK;
	if (route->type != RTN_UNICAST && route->type != RTN_MULTICAST)
		return RT_SCOPE_UNIVERSE;
	for (i = 0; i < route->nexthops.n; i++)
		if (((struct vsw_nexthop *)list_at(&route->nexthops, &kind_nexthop,
						   i))->gateway.len)
			return RT_SCOPE_UNIVERSE;
	return RT_SCOPE_LINK;
}

static int set_gateway(struct rtnl_nexthop *hop, const struct prefix *gateway, int family)
{
	struct nl_addr *address = fib_address(gateway);
	int ret = 0;

	if (!address)
		return -NLE_NOMEM;
	if ((gateway->len == 4) == (family == AF_INET))
		rtnl_route_nh_set_gateway(hop, address);
	else
		ret = rtnl_route_nh_set_via(hop, address);
	nl_addr_put(address);
	return ret;
}

static int add_nexthop(struct rtnl_route *route, const struct vsw_nexthop *from, int family,
		       struct err *err)
{
	struct rtnl_nexthop *hop;
	uint32_t ifindex = 0;

	if (from->has & HAS(NEXTHOP_DEV)) {
		ifindex = fib_device(from->dev, err);
		if (!ifindex)
			return -1;
	}
	hop = rtnl_route_nh_alloc();
	if (!hop || (from->gateway.len && set_gateway(hop, &from->gateway, family) < 0)) {
		if (hop)
			rtnl_route_nh_free(hop);
		return err_set(err, STATUS_SYSTEM, "out of memory");
	}
	if (ifindex)
		rtnl_route_nh_set_ifindex(hop, ifindex);
	if (from->has & HAS(NEXTHOP_WEIGHT))
		rtnl_route_nh_set_weight(hop, from->weight - 1);	/* as it is on the wire */
	rtnl_route_nh_set_flags(hop, from->flags);
	rtnl_route_add_nexthop(route, hop);
	return 0;
}

static int add_nexthops(struct rtnl_route *route, const struct vsw_route *from, struct err *err)
{
	const struct list *hops = &from->nexthops;
	size_t i;

	for (i = 0; i < hops->n; i++)
		if (add_nexthop(route, list_at(hops, &kind_nexthop, i), from->family, err) < 0)
			return -1;
	/* The flags of a single one are the route's. */
	if (hops->n == 1)
		rtnl_route_set_flags(route, ((struct vsw_nexthop *)
					     list_at(hops, &kind_nexthop, 0))->flags);
	return 0;
}

static int set_addresses(struct rtnl_route *route, const struct vsw_route *from)
{
	int ret = set_address(route, rtnl_route_set_dst, &from->dst);

	if (!ret && from->has & HAS(ROUTE_FROM) && from->from.bits)
		ret = set_address(route, rtnl_route_set_src, &from->from);
	if (!ret && from->has & HAS(ROUTE_SRC))
		ret = set_address(route, rtnl_route_set_pref_src, &from->src);
	return ret;
}

/* NULL: err is set. */
static struct rtnl_route *build(const struct vsw_route *from, struct err *err)
{
	struct rtnl_route *route = rtnl_route_alloc();
	int ret = -NLE_NOMEM;

	if (route) {
		rtnl_route_set_family(route, from->family);
		ret = set_addresses(route, from);
	}
	if (!ret)
		ret = rtnl_route_set_type(route, from->type);
	if (!ret && from->has & HAS(ROUTE_MTU))
		ret = rtnl_route_set_metric(route, RTAX_MTU, from->mtu);
	if (ret) {
		err_set(err, STATUS_SYSTEM, "the route can't be built: %s", nl_geterror(ret));
	} else {
		rtnl_route_set_table(route, from->table);
		rtnl_route_set_protocol(route, from->protocol);
		if (from->has & HAS(ROUTE_METRIC))
			rtnl_route_set_priority(route, from->metric);
		if (from->has & HAS(ROUTE_TOS))
			rtnl_route_set_tos(route, from->tos);
		ret = add_nexthops(route, from, err);
	}
	if (!ret)
		return route;
	if (route)
		rtnl_route_put(route);
	return NULL;
}

/* rtnl_route_add() would create also what is to be changed only. */
static int send_new(struct nl_sock *socket, struct rtnl_route *route, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWROUTE, flags);
	int ret = msg ? rtnl_route_build_msg(msg, route) : -NLE_NOMEM;

	if (!ret)
		return nl_send_sync(socket, msg);	/* which frees it */
	if (msg)
		nlmsg_free(msg);
	return ret;
}

int route_new(struct nl_sock *socket, const struct vsw_route *from, enum route_change how,
	      struct err *err)
{
	static const int flags[] = {
		[ROUTE_ADD] = NLM_F_CREATE | NLM_F_EXCL,
		[ROUTE_APPEND] = NLM_F_CREATE | NLM_F_APPEND,
		[ROUTE_REPLACE] = NLM_F_CREATE | NLM_F_REPLACE,
		[ROUTE_CHANGE] = NLM_F_REPLACE,
	};
	struct rtnl_route *route = build(from, err);
	struct fib_talk talk;
	int ret;

	if (!route)
		return -1;
	rtnl_route_set_scope(route, from->has & HAS(ROUTE_SCOPE) ? from->scope :
			     guess_scope(from));
	fib_ask(&talk, socket, err);
	ret = fib_answered(&talk, send_new(socket, route, flags[how]));
	rtnl_route_put(route);
	return ret;
}

int route_del(struct nl_sock *socket, const struct vsw_route *from, struct err *err)
{
	struct rtnl_route *route = build(from, err);
	struct fib_talk talk;
	int ret;

	if (!route)
		return -1;
	rtnl_route_set_scope(route, from->has & HAS(ROUTE_SCOPE) ? from->scope :
			     RT_SCOPE_NOWHERE);
	fib_ask(&talk, socket, err);
	ret = fib_answered(&talk, rtnl_route_delete(socket, route, 0));
	rtnl_route_put(route);
	return ret;
}

/* ---- libnl's -> ours -------------------------------------------------------------- */

/* The name of the device that was asked for last is kept: most routes have few. */
static const char *device_name(uint32_t ifindex)
{
	static char name[IF_NAMESIZE];
	static uint32_t last;

	if (ifindex != last && !if_indextoname(ifindex, name))
		*name = '\0';
	last = ifindex;
	return name;
}

struct taking {
	struct vsw_route *route;
	bool failed;
};

static void take_nexthop(struct rtnl_nexthop *from, void *arg)
{
	struct taking *taking = arg;
	struct vsw_nexthop *hop = list_grow(&taking->route->nexthops, &kind_nexthop);

	if (!hop) {
		taking->failed = true;
		return;
	}
	if (fib_prefix(&hop->gateway, rtnl_route_nh_get_gateway(from)) ||
	    fib_prefix(&hop->gateway, rtnl_route_nh_get_via(from)))
		hop->has |= HAS(NEXTHOP_GATEWAY);
	hop->ifindex = rtnl_route_nh_get_ifindex(from);
	snprintf(hop->dev, sizeof(hop->dev), "%s", hop->ifindex ? device_name(hop->ifindex) : "");
	if (*hop->dev)
		hop->has |= HAS(NEXTHOP_DEV);
	else if (hop->ifindex)
		hop->has |= HAS(NEXTHOP_IFINDEX);
	hop->weight = rtnl_route_nh_get_weight(from) + 1;
	hop->flags = rtnl_route_nh_get_flags(from);
	hop->has |= HAS(NEXTHOP_WEIGHT) | HAS(NEXTHOP_FLAGS);
}

/* What has no device and no gateway is a place for flags only. */
static bool is_way(struct rtnl_route *from)
{
	struct rtnl_nexthop *hop;

	if (rtnl_route_get_nnexthops(from) != 1)
		return true;
	hop = rtnl_route_nexthop_n(from, 0);
	return rtnl_route_nh_get_ifindex(hop) || rtnl_route_nh_get_gateway(hop) ||
	       rtnl_route_nh_get_via(hop);
}

static int take_nexthops(struct vsw_route *route, struct rtnl_route *from)
{
	struct taking taking = { route, false };

	route->has |= HAS(ROUTE_NEXTHOPS);
	if (is_way(from))
		rtnl_route_foreach_nexthop(from, take_nexthop, &taking);
	if (!taking.failed && route->nexthops.n == 1)
		((struct vsw_nexthop *)list_at(&route->nexthops, &kind_nexthop, 0))->flags |=
			rtnl_route_get_flags(from) & 0xff;	/* above are RTM_F_* */
	return taking.failed ? -1 : 0;
}

static int read_route(struct vsw_route *route, struct rtnl_route *from)
{
	route->family = rtnl_route_get_family(from);
	route->type = rtnl_route_get_type(from);
	if (!fib_prefix(&route->dst, rtnl_route_get_dst(from)))
		route->dst = (struct prefix){ .len = route->family == AF_INET ? 4 : 16 };
	route->table = rtnl_route_get_table(from);
	route->protocol = rtnl_route_get_protocol(from);
	route->scope = rtnl_route_get_scope(from);
	route->tos = rtnl_route_get_tos(from);
	route->metric = rtnl_route_get_priority(from);
	route->has |= HAS(ROUTE_FAMILY) | HAS(ROUTE_TYPE) | HAS(ROUTE_DST) | HAS(ROUTE_TABLE) |
		      HAS(ROUTE_PROTOCOL) | HAS(ROUTE_SCOPE);
	if (route->metric)
		route->has |= HAS(ROUTE_METRIC);
	if (route->tos)
		route->has |= HAS(ROUTE_TOS);
	if (fib_prefix(&route->from, rtnl_route_get_src(from)) && route->from.bits)
		route->has |= HAS(ROUTE_FROM);
	if (fib_prefix(&route->src, rtnl_route_get_pref_src(from)))
		route->has |= HAS(ROUTE_SRC);
	if (rtnl_route_get_metric(from, RTAX_MTU, &route->mtu) == 0)
		route->has |= HAS(ROUTE_MTU);
	return take_nexthops(route, from);
}

static int take_route(struct nl_object *object, struct nlmsghdr *nlh, void *arg)
{
	const struct rtmsg *head = nlmsg_data(nlh);
	struct vsw_route *route;

	if (head->rtm_flags & RTM_F_CLONED)	/* what was learned of a path, no route */
		return 0;
	route = list_grow(arg, &kind_route);
	return route ? read_route(route, (struct rtnl_route *)object) : -1;
}

static int name_vrfs(struct nl_sock *socket, struct vsw_route *routes, size_t n, struct err *err)
{
	struct fib_vrfs vrfs;
	size_t i;

	if (fib_vrfs(socket, &vrfs, err) < 0)
		return -1;
	for (i = 0; vrfs.n && i < n; i++) {
		strcpy(routes[i].vrf, fib_vrf_name(&vrfs, routes[i].table));
		if (*routes[i].vrf)
			routes[i].has |= HAS(ROUTE_VRF);
	}
	fib_vrfs_free(&vrfs);
	return 0;
}

int route_dump(struct nl_sock *socket, int family, struct list *routes, struct err *err)
{
	const struct fib_dump dump = {
		RTM_GETROUTE, sizeof(struct rtmsg), take_route, routes, &kind_route
	};
	int ret = fib_dump(socket, family, &dump, err);

	if (ret >= 0 && name_vrfs(socket, routes->items, routes->n, err) < 0)
		return -1;
	return ret;
}

/* ---- which way? ----------------------------------------------------------------------- */

static int put_device(struct nl_msg *msg, int attr, const char *name, struct err *err)
{
	uint32_t ifindex = fib_device(name, err);

	if (!ifindex)
		return -1;
	return nla_put_u32(msg, attr, ifindex) < 0 ?
	       err_set(err, STATUS_SYSTEM, "out of memory") : 0;
}

static int put_question(struct nl_msg *msg, const struct vsw_route *question, struct err *err)
{
	const struct rtmsg head = {
		.rtm_family = question->family,
		.rtm_dst_len = question->dst.len * 8,
		.rtm_src_len = question->has & HAS(ROUTE_FROM) ? question->from.len * 8 : 0,
		.rtm_tos = question->tos,
		.rtm_flags = RTM_F_LOOKUP_TABLE,
	};
	int ret = nlmsg_append(msg, (void *)&head, sizeof(head), NLMSG_ALIGNTO);

	ret |= nla_put(msg, RTA_DST, question->dst.len, question->dst.bytes);
	if (question->has & HAS(ROUTE_FROM))
		ret |= nla_put(msg, RTA_SRC, question->from.len, question->from.bytes);
	if (question->has & HAS(ROUTE_MARK))
		ret |= nla_put_u32(msg, RTA_MARK, question->mark);
	if (question->has & HAS(ROUTE_IP_PROTOCOL))
		ret |= nla_put_u8(msg, RTA_IP_PROTO, question->ip_protocol);
	if (question->has & HAS(ROUTE_SPORT))
		ret |= nla_put_u16(msg, RTA_SPORT, htobe16(question->sport));
	if (question->has & HAS(ROUTE_DPORT))
		ret |= nla_put_u16(msg, RTA_DPORT, htobe16(question->dport));
	if (ret < 0)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	if (question->has & HAS(ROUTE_IIF) &&
	    put_device(msg, RTA_IIF, question->iif, err) < 0)
		return -1;
	return question->has & HAS(ROUTE_OIF) ? put_device(msg, RTA_OIF, question->oif, err) : 0;
}

static int take_answer(struct nl_msg *msg, void *arg)
{
	struct taking *taking = arg;
	struct rtnl_route *from;

	if (nlmsg_hdr(msg)->nlmsg_type != RTM_NEWROUTE || taking->route->has)
		return NL_OK;
	if (rtnl_route_parse(nlmsg_hdr(msg), &from) < 0) {
		taking->failed = true;
		return NL_OK;
	}
	if (read_route(taking->route, from) < 0)
		taking->failed = true;
	rtnl_route_put(from);
	return NL_OK;
}

/* The message is ours. */
static int ask(struct nl_sock *socket, struct nl_msg *msg, struct vsw_route *route,
	       struct err *err)
{
	struct taking taking = { route, false };
	struct fib_talk talk;
	int ret;

	fib_ask(&talk, socket, err);
	nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, take_answer, &taking);
	ret = nl_send_auto(socket, msg);
	if (ret >= 0)
		ret = nl_recvmsgs_default(socket);	/* the route */
	if (ret >= 0 && !talk.refused)
		ret = nl_wait_for_ack(socket);
	nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_DEFAULT, NULL, NULL);
	ret = fib_answered(&talk, ret);
	if (!ret && (taking.failed || !route->has))
		return err_set(err, STATUS_SYSTEM, "the kernel's answer is no route");
	return ret;
}

int route_get(struct nl_sock *socket, const struct vsw_route *question, struct vsw_route *route,
	      struct err *err)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, 0);
	int ret;

	if (!msg)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	ret = put_question(msg, question, err);
	if (!ret)
		ret = ask(socket, msg, route, err);
	nlmsg_free(msg);
	return ret < 0 ? ret : name_vrfs(socket, route, 1, err);
}
