// SPDX-License-Identifier: GPL-2.0
/* The words of a route -> the route. */
#include <string.h>
#include <sys/socket.h>

#include <linux/rtnetlink.h>

#include "lib/parse.h"
#include "route.h"

struct reading {
	struct vsw *vsw;
	struct vsw_route *route;
	bool nexthop;			/* the word was said */
};

static int twice(const char *word, struct err *err)
{
	return err_set(err, STATUS_USAGE, "'%s' was given before", word);
}

/* Note that an attribute is said, once. */
static int say(struct reading *reading, unsigned int attr, const char *word, struct err *err)
{
	if (reading->route->has & HAS(attr))
		return twice(word, err);
	reading->route->has |= HAS(attr);
	return 0;
}

/* The nexthop that words are about, with a note that this one of it is said; NULL: err is set. */
static struct vsw_nexthop *say_hop(struct reading *reading, unsigned int attr, const char *word,
				   struct err *err)
{
	struct list *hops = &reading->route->nexthops;
	struct vsw_nexthop *hop;

	if (!hops->n && !list_grow(hops, &kind_nexthop)) {
		err_set(err, STATUS_SYSTEM, "out of memory");
		return NULL;
	}
	hop = list_at(hops, &kind_nexthop, hops->n - 1);
	if (hop->has & HAS(attr)) {
		twice(word, err);
		return NULL;
	}
	hop->has |= HAS(attr);
	return hop;
}

static int read_via(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_nexthop *hop = say_hop(object, NEXTHOP_GATEWAY, word, err);

	return hop ? route_read_address(word, value, &hop->gateway, err) : -1;
}

static int read_dev(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_nexthop *hop = say_hop(object, NEXTHOP_DEV, word, err);

	return hop ? parse_name(word, value, hop->dev, err) : -1;
}

static int read_onlink(void *object, const char *word, const char *value, struct err *err)
{
	struct vsw_nexthop *hop = say_hop(object, NEXTHOP_FLAGS, word, err);

	(void)value;
	if (!hop)
		return -1;
	hop->flags = RTNH_F_ONLINK;
	return 0;
}

static int read_weight(void *object, const char *word, const char *value, struct err *err)
{
	struct reading *reading = object;
	struct vsw_nexthop *hop;

	if (!reading->nexthop)
		return err_set(err, STATUS_USAGE,
			       "'weight' is of one of several ways, behind 'nexthop'");
	hop = say_hop(reading, NEXTHOP_WEIGHT, word, err);
	if (!hop || parse_u32(word, value, &hop->weight, err) < 0)
		return -1;
	if (!hop->weight || hop->weight > ROUTE_WEIGHT_MAX)
		return err_set(err, STATUS_USAGE, "weight: '%s' is not between 1 and %d", value,
			       ROUTE_WEIGHT_MAX);
	return 0;
}

static int read_nexthop(void *object, const char *word, const char *value, struct err *err)
{
	struct reading *reading = object;
	struct list *hops = &reading->route->nexthops;
	const struct vsw_nexthop *last;

	(void)value;
	if (hops->n && !reading->nexthop)
		return err_set(err, STATUS_USAGE,
			       "'%s' begins one of several ways; what was said of a way belongs behind it",
			       word);
	last = hops->n ? list_at(hops, &kind_nexthop, hops->n - 1) : NULL;
	if (last && !last->has)
		return err_set(err, STATUS_USAGE, "a nexthop has neither 'via' nor 'dev'");
	reading->nexthop = true;
	return list_grow(hops, &kind_nexthop) ? 0 : err_set(err, STATUS_SYSTEM, "out of memory");
}

static int read_table(void *object, const char *word, const char *value, struct err *err)
{
	struct reading *reading = object;

	if (say(reading, ROUTE_TABLE, word, err) < 0)
		return -1;
	return route_read_table(value, &reading->route->table, err);
}

/* Looked up when all words are understood. */
static int read_vrf(void *object, const char *word, const char *value, struct err *err)
{
	struct reading *reading = object;

	if (say(reading, ROUTE_TABLE, word, err) < 0)
		return -1;
	return parse_name(word, value, reading->route->vrf, err);
}

static int read_metric(void *object, const char *word, const char *value, struct err *err)
{
	struct reading *reading = object;

	if (say(reading, ROUTE_METRIC, word, err) < 0)
		return -1;
	return parse_u32(word, value, &reading->route->metric, err);
}

static int read_mtu(void *object, const char *word, const char *value, struct err *err)
{
	struct reading *reading = object;

	if (!strcmp(value, "lock"))
		return err_set(err, STATUS_USAGE,
			       "mtu: a locked one can't be said here, libnl-route has no word for it: use 'ip route'");
	if (say(reading, ROUTE_MTU, word, err) < 0)
		return -1;
	return parse_u32(word, value, &reading->route->mtu, err);
}

static int read_src(void *object, const char *word, const char *value, struct err *err)
{
	struct reading *reading = object;

	if (say(reading, ROUTE_SRC, word, err) < 0)
		return -1;
	return route_read_address(word, value, &reading->route->src, err);
}

static int read_from(void *object, const char *word, const char *value, struct err *err)
{
	struct reading *reading = object;

	if (say(reading, ROUTE_FROM, word, err) < 0)
		return -1;
	return route_read_net(word, value, &reading->route->from, err);
}

static int read_protocol(void *object, const char *word, const char *value, struct err *err)
{
	struct reading *reading = object;

	if (say(reading, ROUTE_PROTOCOL, word, err) < 0)
		return -1;
	return route_read_word(word, FIELD_ROUTE_PROTOCOL, value, true,
			       &reading->route->protocol, err);
}

static int read_scope(void *object, const char *word, const char *value, struct err *err)
{
	struct reading *reading = object;

	if (say(reading, ROUTE_SCOPE, word, err) < 0)
		return -1;
	return route_read_word(word, FIELD_ROUTE_SCOPE, value, true, &reading->route->scope, err);
}

static int read_family(void *object, const char *word, const char *value, struct err *err)
{
	struct reading *reading = object;

	if (say(reading, ROUTE_FAMILY, word, err) < 0)
		return -1;
	return route_read_family(value, &reading->route->family, err);
}

static const struct route_word words_of_routes[] = {
	{ "via", read_via, false },
	{ "dev", read_dev, false },
	{ "onlink", read_onlink, true },
	{ "nexthop", read_nexthop, true },
	{ "weight", read_weight, false },
	{ "table", read_table, false },
	{ "vrf", read_vrf, false },
	{ "metric", read_metric, false },
	{ "priority", read_metric, false },
	{ "preference", read_metric, false },
	{ "mtu", read_mtu, false },
	{ "src", read_src, false },
	{ "from", read_from, false },
	{ "proto", read_protocol, false },
	{ "protocol", read_protocol, false },
	{ "scope", read_scope, false },
	{ "family", read_family, false },
	{}
};

/* Of ip(8). */
static const char * const unsaid[] = {
	"nhid", "encap", "realm", "realms", "pref", "expires", "advmss", "window", "rtt", "rttvar",
	"reordering", "hoplimit", "initcwnd", "initrwnd", "ssthresh", "rto_min", "features",
	"quickack", "congctl", "fastopen_no_cookie", "ttl-propagate", "pervasive", "tos", "dsfield",
	"cwnd", NULL
};

static const struct route_grammar grammar = { words_of_routes, unsaid, "ip route" };

/* "default" is of the family of what else is said. */
static int settle_family(struct vsw_route *route, struct err *err)
{
	const struct vsw_nexthop *first = route->nexthops.n ?
					  list_at(&route->nexthops, &kind_nexthop, 0) : NULL;
	unsigned int len = route->dst.len ?: route->from.len ?: route->src.len ?:
			   first ? first->gateway.len : 0;
	int family = len == 16 ? AF_INET6 : AF_INET;

	if (!(route->has & HAS(ROUTE_FAMILY)) || !route->dst.len)
		family = route->has & HAS(ROUTE_FAMILY) ? route->family : family;
	else if (route->family != family)
		return err_set(err, STATUS_USAGE, "family: the destination is of the other one");
	route->family = family;
	route_net_family(&route->dst, family);
	route_net_family(&route->from, family);
	if (route->from.len != route->dst.len ||
	    (route->src.len && route->src.len != route->dst.len))
		return err_set(err, STATUS_USAGE,
			       "the addresses are of both IPv4 and IPv6; only 'via' may be of the other");
	if (route->from.bits && family == AF_INET)
		return err_set(err, STATUS_USAGE,
			       "from: only routes of IPv6 can have it; for IPv4 there is 'vsw route rule'");
	return 0;
}

static int check_ways(const struct vsw_route *route, struct err *err)
{
	const struct vsw_nexthop *hop;
	size_t i;

	for (i = 0; i < route->nexthops.n; i++) {
		hop = list_at(&route->nexthops, &kind_nexthop, i);
		if (!(hop->has & (HAS(NEXTHOP_GATEWAY) | HAS(NEXTHOP_DEV))))
			return err_set(err, STATUS_USAGE,
				       "%s has neither 'via' nor 'dev'",
				       route->nexthops.n > 1 ? "a nexthop" : "the route");
	}
	return 0;
}

int route_read(struct vsw *vsw, char **words, struct vsw_route *route, struct err *err)
{
	struct reading reading = { .vsw = vsw, .route = route };
	int type = *words ? route_word_find(FIELD_ROUTE_TYPE, *words) : -1;

	if (type >= 0) {
		route->type = type;
		route->has |= HAS(ROUTE_TYPE);
		words++;
	}
	if (*words && !strcmp(*words, "to"))
		words++;
	if (!*words)
		return err_set(err, STATUS_USAGE, "the destination is missing");
	if (route_read_net("destination", *words, &route->dst, err) < 0 ||
	    route_read_words(&grammar, words + 1, &reading, err) < 0 ||
	    settle_family(route, err) < 0 || check_ways(route, err) < 0)
		return -1;
	route->has |= HAS(ROUTE_DST);
	if (route_connect(vsw, err) < 0)
		return -1;
	if (*route->vrf)
		return route_vrf_table(vsw->fib, route->vrf, &route->table, err);
	if (!(route->has & HAS(ROUTE_TABLE)))
		route->table = RT_TABLE_MAIN;
	return 0;
}
