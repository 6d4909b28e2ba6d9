// SPDX-License-Identifier: GPL-2.0
/* The order of the steps, and their undoing. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/rtnetlink.h>

#include "container/cleanup.h"
#include "container/container.h"
#include "lib/model_router.h"
#include "lib/netns.h"
#include "lib/nl.h"
#include "lib/nl_link.h"
#include "lib/nl_route.h"
#include "lib/nl_router.h"
#include "natnet.h"
#include "output_private.h"
#include "status.h"

/* ---- what would go wrong, told before anything is made ---------------------------------- */

/* Do the first bits of both agree? */
static bool same_bits(const struct prefix *a, const struct prefix *b, unsigned int bits)
{
	unsigned int i;

	for (i = 0; i < bits; i++)
		if ((a->bytes[i / 8] ^ b->bytes[i / 8]) & 0x80 >> i % 8)
			return false;
	return true;
}

/* One that is within the network, or that has it among its neighbours. */
static bool in_the_way(const struct vsw_route *route, const struct prefix *net)
{
	const struct vsw_nexthop *hop = route->nexthops.n ?
					list_at(&route->nexthops, &kind_nexthop, 0) : NULL;
	unsigned int bits = route->dst.bits < net->bits ? route->dst.bits : net->bits;

	if (!net->len || route->dst.len != net->len || !route->dst.bits ||
	    route->table != RT_TABLE_MAIN || !same_bits(&route->dst, net, bits))
		return false;
	return route->dst.bits >= net->bits || (hop && !hop->gateway.len);
}

/* A host that passes packets on listens to no router any more, unless it is told to. */
static bool would_be_deaf(const struct vsw_route *route)
{
	const struct vsw_nexthop *hop = route->nexthops.n ?
					list_at(&route->nexthops, &kind_nexthop, 0) : NULL;
	cleanup_close int fd = -1;
	char path[80], value = '0';

	if (route->protocol != RTPROT_RA || !hop)
		return false;
	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/accept_ra", hop->dev);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, &value, 1) == 1 && value == '1';
}

static int check_route(const struct vsw_route *route, const struct vsw_natnet *net,
		       struct err *err)
{
	const struct vsw_nexthop *hop = route->nexthops.n ?
					list_at(&route->nexthops, &kind_nexthop, 0) : NULL;
	char text[IP_TEXT_SIZE];

	if (in_the_way(route, &net->subnet) || in_the_way(route, &net->ipv6))
		return err_set(err, STATUS_REFUSED,
			       "this host has a route to %s by %s, which the network would take away: choose another prefix",
			       prefix_text(text, &route->dst), hop ? hop->dev : "none");
	if (net->ipv6.len && would_be_deaf(route))
		return err_set(err, STATUS_REFUSED,
			       "ipv6: this host has IPv6 routes from a router's advertisements, which end when it forwards: first 'sysctl net.ipv6.conf.%s.accept_ra=2'",
			       hop->dev);
	return 0;
}

static int check_routes(const struct vsw_natnet *net, struct err *err)
{
	struct nl_sock *socket = route_open(err);
	struct list routes = {};
	int ret = socket ? route_dump(socket, AF_UNSPEC, &routes, err) : -1;
	size_t i;

	for (i = 0; ret >= 0 && i < routes.n; i++)
		ret = check_route(list_at(&routes, &kind_route, i), net, err);
	list_free(&routes, &kind_route);
	route_close(socket);
	return ret < 0 ? -1 : 0;
}

/*
 * The rule of a network, with this number or, 0, any; 0: there is none. -1: err is set. A
 * number alone may be another rule's, when the module was loaded anew.
 */
static int64_t find_rule(struct vsw_nl *router, const struct prefix *source, uint32_t number,
			 struct err *err)
{
	struct list list = {};
	int64_t id = 0;
	size_t i;

	if (vsw_nl_nat_dump(router, &list, err) < 0)
		return -1;
	for (i = 0; i < list.n && !id; i++) {
		const struct vsw_nat *rule = list_at(&list, &kind_nat, i);

		if ((!number || rule->id == number) &&
		    rule->kind == VROUTER_NAT_KIND_MASQUERADE && !*rule->device &&
		    !rule->destination.len && !rule->protocol && rule->source.len == source->len &&
		    rule->source.bits == source->bits &&
		    same_bits(&rule->source, source, source->bits))
			id = rule->id;
	}
	list_free(&list, &kind_nat);
	return id;
}

static int check_rule(struct vsw_nl *router, const struct prefix *source, struct err *err)
{
	int64_t id = source->len ? find_rule(router, source, 0, err) : 0;
	char text[IP_TEXT_SIZE];

	if (id <= 0)
		return id;
	return err_set(err, STATUS_REFUSED, "%s is masqueraded already, by rule %d of 'vsw nat'",
		       prefix_text(text, source), (int)id);
}

static int check(struct vsw_nl *nl, struct vsw_nl *router, const struct vsw_natnet *net,
		 struct err *err)
{
	struct vsw_switch req = { .has = HAS(VSWITCH_A_SWITCH_NAME) }, there = {};

	strcpy(req.name, net->name);
	if (vsw_nl_switch_get(nl, &req, &there, NULL) == 0) {
		object_clear(&kind_switch, &there);
		return err_set(err, STATUS_REFUSED, "there is a switch '%s' already", net->name);
	}
	if (check_routes(net, err) < 0 || check_rule(router, &net->subnet, err) < 0)
		return -1;
	return check_rule(router, &net->ipv6, err);
}

/* ---- steps ------------------------------------------------------------------------------ */

/* Note what is about to be made. */
static int intend(struct natnet *natnet, enum natnet_made what, struct err *err)
{
	natnet->made |= what;
	return natnet_save(natnet, err);
}

static int make_switch(struct natnet *natnet, struct vsw_nl *nl, struct err *err)
{
	struct vsw_switch req = { .has = HAS(VSWITCH_A_SWITCH_NAME) }, made = {};

	strcpy(req.name, natnet->net.name);
	if (intend(natnet, MADE_SWITCH, err) < 0)
		return -1;
	if (vsw_nl_switch_new(nl, &req, &made, err) < 0) {
		natnet->made &= ~MADE_SWITCH;
		return err_prefix(err, "switch '%s'", req.name);
	}
	natnet->ifindex = made.ifindex;
	object_clear(&kind_switch, &made);
	return natnet_save(natnet, err);
}

static int give_addresses(struct natnet *natnet, struct err *err)
{
	const struct vsw_natnet *net = &natnet->net;
	struct mnl_socket *socket = link_open(-1, err);
	int ret = -1;

	if (socket)
		ret = link_set_up(socket, natnet->ifindex, true, err);
	if (!ret)
		ret = link_add_address(socket, natnet->ifindex, &net->gateway, err);
	if (!ret && net->ipv6.len)
		ret = link_add_address(socket, natnet->ifindex, &net->ipv6_gateway, err);
	if (ret)
		err_prefix(err, "gateway of '%s'", net->name);
	link_close(socket);
	return ret;
}

static int write_sysctl(const char *path, const char *value, struct err *err)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value))
		return 0;
	return err_set_errno(err, STATUS_SYSTEM, errno, "can't write %s", path);
}

/* It stays on when the network goes: others may rely on it by then. */
static int forward(const struct vsw_natnet *net, struct err *err)
{
	if (write_sysctl("/proc/sys/net/ipv4/ip_forward", "1", err) < 0)
		return -1;
	return net->ipv6.len ? write_sysctl("/proc/sys/net/ipv6/conf/all/forwarding", "1", err) : 0;
}

static int masquerade(struct natnet *natnet, struct vsw_nl *router, const struct prefix *source,
		      enum natnet_made what, uint32_t *rule, struct err *err)
{
	struct vsw_nat req = { .kind = VROUTER_NAT_KIND_MASQUERADE, .source = *source }, made = {};

	req.has = HAS(VROUTER_A_NAT_KIND) | HAS(VROUTER_A_NAT_SOURCE) |
		  HAS(VROUTER_A_NAT_SOURCE_LEN);
	if (intend(natnet, what, err) < 0)
		return -1;
	if (vsw_nl_nat_new(router, &req, &made, err) == 0) {
		*rule = made.id;
		return natnet_save(natnet, err);
	}
	natnet->made &= ~what;
	return err_prefix(err, "masquerade");
}

static int make(struct natnet *natnet, struct vsw_nl *nl, struct vsw_nl *router, struct err *err)
{
	const struct vsw_natnet *net = &natnet->net;

	if (make_switch(natnet, nl, err) < 0 || give_addresses(natnet, err) < 0 ||
	    masquerade(natnet, router, &net->subnet, MADE_NAT, &natnet->rule, err) < 0 ||
	    (net->ipv6.len && masquerade(natnet, router, &net->ipv6, MADE_NAT_IPV6,
					 &natnet->ipv6_rule, err) < 0) ||
	    intend(natnet, MADE_DNSMASQ, err) < 0 || dnsmasq_start(natnet, err) < 0 ||
	    forward(net, err) < 0)
		return -1;
	natnet->status = NATNET_RUNNING;
	return natnet_save(natnet, err);
}

int natnet_create(struct vsw_nl *nl, struct vsw_nl *router, const struct vsw_natnet *said,
		  struct err *err)
{
	struct natnet natnet = { .status = NATNET_CREATING, .netns = natnet_netns() };
	struct err second = ERR_INIT;
	char text[ERR_MSG_SIZE / 2];

	if (check(nl, router, said, err) < 0 || natnet_take(&natnet, said->name, err) < 0)
		return -1;
	natnet.net = *said;
	if (make(&natnet, nl, router, err) == 0) {
		close_fd(&natnet.dir_fd);
		return 0;
	}
	if (natnet_destroy(nl, router, &natnet, &second) < 0) {
		snprintf(text, sizeof(text), "; and not all of it could be removed: %.200s",
			 second.msg);
		err_suffix(err, text);
	}
	return -1;
}

/* ---- and back --------------------------------------------------------------------------- */

static int delete_rule(struct vsw_nl *router, const struct prefix *source, uint32_t rule,
		       struct err *err)
{
	int64_t id = find_rule(router, source, rule, err);
	const struct vsw_nat req = { .has = HAS(VROUTER_A_NAT_ID), .id = id > 0 ? id : 0 };

	if (id <= 0)
		return id;
	return vsw_nl_nat_del(router, &req, err) < 0 && (!err || err->errnum != ENOENT) ?
	       err_prefix(err, "masquerade") : 0;
}

/*
 * That of this name, if it is the one that we made. Whose number was not noted was left
 * down: one that is up somebody else has made since.
 */
static int delete_switch(struct vsw_nl *nl, const struct natnet *natnet, struct err *err)
{
	struct vsw_switch req = { .has = HAS(VSWITCH_A_SWITCH_NAME) }, there = {};
	uint32_t ifindex;
	bool up;

	strcpy(req.name, natnet->net.name);
	if (vsw_nl_switch_get(nl, &req, &there, NULL) < 0)
		return 0;
	ifindex = there.ifindex;
	up = there.up;
	object_clear(&kind_switch, &there);
	if (natnet->ifindex ? natnet->ifindex != ifindex : up)
		return 0;
	return vsw_nl_switch_del(nl, &req, err) < 0 ? err_prefix(err, "switch '%s'", req.name) : 0;
}

int natnet_destroy(struct vsw_nl *nl, struct vsw_nl *router, struct natnet *natnet,
		   struct err *err)
{
	natnet->status = NATNET_DELETING;
	/* Without room for a record it is removed all the same. */
	natnet_save(natnet, NULL);
	if ((natnet->made & MADE_DNSMASQ && dnsmasq_stop(natnet, err) < 0) ||
	    (natnet->made & MADE_NAT &&
	     delete_rule(router, &natnet->net.subnet, natnet->rule, err) < 0) ||
	    (natnet->made & MADE_NAT_IPV6 &&
	     delete_rule(router, &natnet->net.ipv6, natnet->ipv6_rule, err) < 0) ||
	    (natnet->made & MADE_SWITCH && delete_switch(nl, natnet, err) < 0)) {
		natnet_close(natnet);
		return -1;
	}
	return natnet_forget(natnet, err);
}
