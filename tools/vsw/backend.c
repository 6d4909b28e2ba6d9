// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "router.h"

static const char help[] =
"Usage: vsw backend add SERVICE ADDRESS[:PORT] [ OPTIONS ]\n"
"                       [ container NAME | netns NETNS ]\n"
"       vsw backend set SERVICE ADDRESS[:PORT] [ OPTIONS ] [ drain-timeout TIME ]\n"
"                       [ up | down [ cut ] ]\n"
"       vsw backend delete SERVICE ADDRESS[:PORT]\n"
"       vsw [ -s ] backend [ show [ SERVICE ] ]\n"
"OPTIONS := [ weight N ] [ max-connections N ] [ fallback ONOFF ]\n"
"TIME    := a number with ms, s, m, h or d behind it, else of seconds\n"
"\n"
"  Where the connections of a service go. Before a port an IPv6 address stands in [].\n"
"  Without a port it is that of the connection; of a range of ports it is that of\n"
"  the lowest.\n"
"  weight           its share, up to 65535 [1]. 'set weight 0' drains it: what is\n"
"                   connected goes on, new connections go elsewhere\n"
"  drain-timeout    with weight 0: what is left then is cut [0: never]\n"
"  max-connections  no more than so many at a time [0: any number]\n"
"  fallback         it gets connections only if no other backend can take them\n"
"  down, up         no new connections, as health checks say; 'cut' ends those that\n"
"                   it has\n"
"  container        it is in this container of 'vsw run', and goes with it; 'netns'\n"
"                   the same with a network namespace, as -n takes it\n"
"  delete           with its connections\n"
"\n"
"Examples:\n"
"  vsw backend add web 10.0.0.2:8080 weight 10\n"
"  vsw backend add web [2001:db8::2]:8080 max-connections 100\n"
"  vsw backend set web 10.0.0.2:8080 weight 0 drain-timeout 10m\n"
"  vsw -s backend show web\n";

#define OPTION_KEYWORDS \
	{ "weight", KEYWORD_VALUE, VROUTER_A_BACKEND_WEIGHT, 0 }, \
	{ "max-connections", KEYWORD_VALUE, VROUTER_A_BACKEND_MAX_CONNECTIONS, 0 }, \
	{ "fallback", KEYWORD_VALUE, VROUTER_A_BACKEND_FALLBACK, 0 }, \
	{ "drain-timeout", KEYWORD_TIME, VROUTER_A_BACKEND_DRAIN_TIMEOUT, 0 }, \
	{ "up", KEYWORD_CONSTANT, VROUTER_A_BACKEND_UP, true }, \
	{ "down", KEYWORD_CONSTANT, VROUTER_A_BACKEND_UP, false }

static const struct keyword add_keywords[] = {
	OPTION_KEYWORDS,
	{ "container", KEYWORD_VALUE, BACKEND_SAID_CONTAINER, 0 },
	{ "netns", KEYWORD_VALUE, BACKEND_SAID_NETNS, 0 },
	{}
};

static const struct keyword set_keywords[] = {
	OPTION_KEYWORDS,
	{ "cut", KEYWORD_FLAG, VROUTER_A_BACKEND_CUT, 0 },
	{}
};

static const struct hint hints[] = {
	{ ENOENT, "See 'vsw service show' and 'vsw backend show'." },
	{ EEXIST, "'vsw backend set' changes it." },
	{}
};

struct request {
	struct vsw_backend backend;
	const char *word;		/* its address and port, as they were said */
};

static int refused(const struct request *req, struct err *err)
{
	if (req->word)
		return explain(hints, err, "backend '%s' of service '%s'", req->word,
			       req->backend.service);
	return req->backend.service ? explain(hints, err, "service '%s'", req->backend.service) :
				      explain(hints, err, "backends");
}

static int read_service(char ***words, struct vsw_backend *backend, struct err *err)
{
	backend->has = HAS(VROUTER_A_BACKEND_SERVICE);
	return router_take_service(words, &backend->service, err);
}

/* What names a backend. */
static int read_backend(char ***words, struct request *req, struct err *err)
{
	struct vsw_backend *backend = &req->backend;
	struct endpoint end;

	if (read_service(words, backend, err) < 0 ||
	    router_take(words, "address of the backend", &req->word, err) < 0 ||
	    endpoint_parse_one("address", req->word, &end, err) < 0)
		return -1;
	if (end.port_last != end.port)
		return err_set(err, STATUS_USAGE,
			       "address: '%s': a range of ports is the service's; the backend has the port of the lowest",
			       req->word);
	backend->address = end.first;
	backend->port = end.port;
	backend->has |= HAS(VROUTER_A_BACKEND_ADDRESS);
	if (end.port)
		backend->has |= HAS(VROUTER_A_BACKEND_PORT);
	return 0;
}

static int find_netns(struct vsw_backend *backend, struct err *err)
{
	backend->has &= ~(HAS(BACKEND_SAID_CONTAINER) | HAS(BACKEND_SAID_NETNS));
	if (!backend->said_container && !backend->said_netns)
		return 0;
	if (router_find_netns(backend->said_container, backend->said_netns, &backend->netns_fd,
			      &backend->label, err) < 0)
		return -1;
	backend->has |= HAS(VROUTER_A_BACKEND_NETNS_FD);
	if (backend->label)
		backend->has |= HAS(VROUTER_A_BACKEND_LABEL);
	return 0;
}

static int add(struct vsw *vsw, char **words, struct request *req, struct err *err)
{
	struct vsw_backend *backend = &req->backend;
	int ret;

	if (read_backend(&words, req, err) < 0 ||
	    keywords_read(&kind_backend, add_keywords, words, backend, NULL, err) < 0 ||
	    router_connect(vsw, err) < 0 || find_netns(backend, err) < 0)
		return -1;
	ret = vsw_nl_backend_new(vsw->router, backend, err);
	if (backend->has & HAS(VROUTER_A_BACKEND_NETNS_FD))
		close(backend->netns_fd);
	return ret < 0 ? refused(req, err) : 0;
}

static int set(struct vsw *vsw, char **words, struct request *req, struct err *err)
{
	struct vsw_backend *backend = &req->backend;
	uint64_t named;

	if (read_backend(&words, req, err) < 0)
		return -1;
	named = backend->has;
	if (keywords_read(&kind_backend, set_keywords, words, backend, NULL, err) < 0)
		return -1;
	if (backend->has == named)
		return err_set(err, STATUS_USAGE, "there is nothing to set");
	if (backend->cut && (!(backend->has & HAS(VROUTER_A_BACKEND_UP)) || backend->up))
		return err_set(err, STATUS_USAGE, "'cut' needs 'down'");
	if (router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_backend_set(vsw->router, backend, err) < 0 ? refused(req, err) : 0;
}

static int delete(struct vsw *vsw, char **words, struct request *req, struct err *err)
{
	if (read_backend(&words, req, err) < 0 || router_end(words, err) < 0 ||
	    router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_backend_del(vsw->router, &req->backend, err) < 0 ? refused(req, err) : 0;
}

static int by_service(const void *one, const void *other)
{
	const struct vsw_backend *a = one, *b = other;

	return strcmp(a->service ?: "", b->service ?: "") ?:
	       router_order_addresses(&a->address, &b->address) ?: a->port - b->port;
}

static int show(struct vsw *vsw, char **words, struct request *req, struct err *err)
{
	struct list list = {};
	int ret;

	if ((*words && read_service(&words, &req->backend, err) < 0) ||
	    router_end(words, err) < 0 || router_connect(vsw, err) < 0)
		return -1;
	ret = vsw_nl_backend_dump(vsw->router, &req->backend, &list, err);
	if (ret < 0)
		refused(req, err);
	return router_show_list(vsw, &kind_backend, &list, by_service, ret, err);
}

typedef int act_fn(struct vsw *vsw, char **words, struct request *req, struct err *err);

/* What a request owns is freed behind it. */
static int with_request(act_fn *act, struct vsw *vsw, char **words, struct err *err)
{
	struct request req = {};
	int ret = act(vsw, words, &req, err);

	object_clear(&kind_backend, &req.backend);
	return ret;
}

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	return with_request(add, vsw, words, err);
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	return with_request(set, vsw, words, err);
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	return with_request(delete, vsw, words, err);
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	return with_request(show, vsw, words, err);
}

static const struct command commands[] = {
	{ "show", do_show, false },
	{ "list", do_show, false },
	{ "lst", do_show, false },
	{ "ls", do_show, false },
	{ "add", do_add, true },
	{ "set", do_set, true },
	{ "change", do_set, true },
	{ "delete", do_delete, true },
	{}
};

const struct object object_backend = { "backend", help, commands, NULL, false };
