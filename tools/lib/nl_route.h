/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Routes and rules of the kernel, by libnl-route-3. All return 0, or -1 with err set:
 * STATUS_REFUSED and the kernel's own sentence when the kernel said no.
 */
#ifndef VSW_LIB_NL_ROUTE_H
#define VSW_LIB_NL_ROUTE_H

#include "err.h"
#include "model_route.h"

struct nl_sock;

/* A socket in this network namespace; NULL: err is set. */
struct nl_sock *route_open(struct err *err);
void route_close(struct nl_sock *socket);	/* NULL is allowed */

enum route_change {
	ROUTE_ADD,		/* there may be no such route yet */
	ROUTE_APPEND,		/* there may be */
	ROUTE_REPLACE,		/* there may be, which it takes the place of */
	ROUTE_CHANGE,		/* there must be */
};

/* Devices are named, in this network namespace. Without nexthops it has none. */
int route_new(struct nl_sock *socket, const struct vsw_route *route, enum route_change how,
	      struct err *err);
/* The first one that has all that route says. */
int route_del(struct nl_sock *socket, const struct vsw_route *route, struct err *err);
/*
 * Which way a packet would go that question describes: by dst, and from, iif, oif, mark,
 * ip_protocol, sport, dport as far as it has them. Into an empty one.
 */
int route_get(struct nl_sock *socket, const struct vsw_route *question, struct vsw_route *route,
	      struct err *err);
/* All routes of a family, IPv4 and IPv6 one after another for AF_UNSPEC. 1: not one picture. */
int route_dump(struct nl_sock *socket, int family, struct list *routes, struct err *err);

int rule_new(struct nl_sock *socket, const struct vsw_rule *rule, struct err *err);
/* The first one that has all that rule says. */
int rule_del(struct nl_sock *socket, const struct vsw_rule *rule, struct err *err);
/* As route_dump(). */
int rule_dump(struct nl_sock *socket, int family, struct list *rules, struct err *err);

/* The table of a VRF, which is a device of this name. */
int route_vrf_table(struct nl_sock *socket, const char *name, uint32_t *table, struct err *err);

#endif
