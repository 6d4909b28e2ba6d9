// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "router.h"

static const char help[] =
"Usage: vsw router [ show ]\n"
"       vsw router set fast-path ONOFF\n"
"       vsw router connections [ SERVICE ]\n"
"       vsw router flush\n"
"\n"
"  The virtual router of this network namespace: what balances connections over\n"
"  backends (vsw service), publishes ports (vsw publish) and translates addresses\n"
"  (vsw nat, vsw masquerade). It is in use while any of these is configured.\n"
"  fast-path    connections that are established are carried by one table, past\n"
"               the routing and the filter rules that their first packets met [on]\n"
"  connections  those that the router knows; THERE and BACK say of each way\n"
"               'carried' by the fast path, or why it is not\n"
"  flush        delete all services, published ports and rules of translation,\n"
"               and their connections; then the module can be unloaded\n"
"\n"
"Examples:\n"
"  vsw router\n"
"  vsw router set fast-path off\n"
"  vsw router connections web\n";

static const struct keyword keywords[] = {
	{ "fast-path", KEYWORD_VALUE, VROUTER_A_ROUTER_FAST_PATH, 0 },
	{}
};

static const struct hint hints[] = {
	{ ENOENT, "See 'vsw service show'." },
	{}
};

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_router router = {};

	if (router_end(words, err) < 0 || router_connect(vsw, err) < 0)
		return -1;
	if (vsw_nl_router_get(vsw->router, &router, err) < 0)
		return explain(hints, err, "router");
	return output_object(&vsw->out, &kind_router, &router, err);
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_router router = {};

	if (keywords_read(&kind_router, keywords, words, &router, NULL, err) < 0)
		return -1;
	if (!router.has)
		return err_set(err, STATUS_USAGE, "there is nothing to set");
	if (router_connect(vsw, err) < 0)
		return -1;
	if (vsw_nl_router_set(vsw->router, &router, err) < 0)
		return explain(hints, err, "router");
	return 0;
}

/* Of a service that is not there the dump has no connections, and no error. */
static int find_service(struct vsw *vsw, char *name, struct err *err)
{
	const struct vsw_service req = { .has = HAS(VROUTER_A_SERVICE_NAME), .name = name };

	return vsw_nl_service_get(vsw->router, &req, NULL, err) < 0 ?
	       explain(hints, err, "service '%s'", name) : 0;
}

static int connections(struct vsw *vsw, char **words, struct vsw_connection *filter,
		       struct err *err)
{
	struct list list = {};
	int ret;

	if (*words && router_take_service(&words, &filter->service, err) < 0)
		return -1;
	if (router_end(words, err) < 0 || router_connect(vsw, err) < 0)
		return -1;
	if (filter->service) {
		filter->has = HAS(VROUTER_A_CONNECTION_SERVICE);
		if (find_service(vsw, filter->service, err) < 0)
			return -1;
	}
	ret = vsw_nl_connection_dump(vsw->router, filter, &list, err);
	if (ret < 0)
		explain(hints, err, "connections");
	return router_show_list(vsw, &kind_connection, &list, NULL, ret, err);
}

static int do_connections(struct vsw *vsw, char **words, struct err *err)
{
	struct vsw_connection filter = {};
	int ret = connections(vsw, words, &filter, err);

	object_clear(&kind_connection, &filter);
	return ret;
}

static int do_flush(struct vsw *vsw, char **words, struct err *err)
{
	if (router_end(words, err) < 0 || router_connect(vsw, err) < 0)
		return -1;
	if (vsw_nl_router_flush(vsw->router, err) < 0)
		return explain(hints, err, "router");
	return 0;
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "set", do_set, true },
	{ "flush", do_flush, true },
	{ "connections", do_connections, false },
	{}
};

const struct object object_router = { "router", help, commands, NULL, false };
