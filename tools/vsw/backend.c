// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "container/container.h"
#include "router.h"

static const char help[] =
"Usage: vsw backend add SERVICE ADDRESS[:PORT] [ OPTIONS ]\n"
"                       [ container NAME | netns NETNS ]\n"
"       vsw backend add SERVICE container NAME[:PORT] [ OPTIONS ]\n"
"       vsw backend set SERVICE ADDRESS[:PORT] [ OPTIONS ] [ drain-timeout TIME ]\n"
"                       [ up | down [ cut ] ]\n"
"       vsw backend delete SERVICE ADDRESS[:PORT]\n"
"       vsw [ -s ] backend [ show [ SERVICE ] ]\n"
"OPTIONS := [ weight N ] [ max-connections N ] [ fallback ONOFF ] [ cgroup PATH ]\n"
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
"  container        it is in this container of 'vsw run', at its address unless said,\n"
"                   and goes with it; while that is frozen, or after a process in it\n"
"                   was killed for memory, it has no new connections\n"
"  netns            it goes with a network namespace, named as -n takes it\n"
"  cgroup           the same as with a container, of a directory of cgroup v2\n"
"  delete           with its connections\n"
"\n"
"Examples:\n"
"  vsw backend add web 10.0.0.2:8080 weight 10\n"
"  vsw backend add web [2001:db8::2]:8080 max-connections 100\n"
"  vsw backend set web 10.0.0.2:8080 weight 0 drain-timeout 10m\n"
"  vsw backend add web container web1:8080\n"
"  vsw -s backend show web\n";

#define OPTION_KEYWORDS \
	{ "weight", KEYWORD_VALUE, VROUTER_A_BACKEND_WEIGHT, 0 }, \
	{ "max-connections", KEYWORD_VALUE, VROUTER_A_BACKEND_MAX_CONNECTIONS, 0 }, \
	{ "fallback", KEYWORD_VALUE, VROUTER_A_BACKEND_FALLBACK, 0 }, \
	{ "cgroup", KEYWORD_VALUE, BACKEND_SAID_CGROUP, 0 }, \
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
	char *container;		/* owned; where they are to be found */
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

/* "NAME" or "NAME:PORT" of a container, whose address is not known yet. */
static int read_container(char ***words, struct request *req, struct err *err)
{
	struct vsw_backend *backend = &req->backend;
	uint16_t last;
	char *colon;

	if (router_take(words, "name of the container", &req->word, err) < 0)
		return -1;
	req->container = strdup(req->word);
	if (!req->container)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	colon = strchr(req->container, ':');
	if (colon) {
		*colon = '\0';
		if (endpoint_parse_ports("container", colon + 1, &backend->port, &last, err) < 0)
			return -1;
		if (last != backend->port)
			return err_set(err, STATUS_USAGE,
				       "container: '%s': the backend has the port of the service's lowest",
				       req->word);
		backend->has |= HAS(VROUTER_A_BACKEND_PORT);
	}
	backend->said_container = req->container;
	backend->has |= HAS(BACKEND_SAID_CONTAINER);
	return 0;
}

static int read_place(char ***words, struct request *req, struct err *err)
{
	char **w = *words;

	if (!w[0] || !w[1] || strcmp(w[1], "container"))
		return read_backend(words, req, err);
	if (read_service(words, &req->backend, err) < 0)
		return -1;
	++*words;
	return read_container(words, req, err);
}

/* The address of the service's family by which the container is reached. */
static int find_address(struct vsw *vsw, struct request *req, struct err *err)
{
	const struct vsw_service ask = {
		.has = HAS(VROUTER_A_SERVICE_NAME), .name = req->backend.service
	};
	struct vsw_service service = {};
	struct container_found found;
	const struct prefix *address;

	if (vsw_nl_service_get(vsw->router, &ask, &service, err) < 0)
		return explain(hints, err, "service '%s'", ask.name);
	address = service.address.len == 4 ? &found.ipv4 : &found.ipv6;
	object_clear(&kind_service, &service);
	if (container_find(req->container, &found, err) < 0)
		return -1;
	close(found.netns);
	if (!address->len)
		return err_set(err, STATUS_USAGE,
			       "container '%s' has no address of the family of service '%s'",
			       req->container, ask.name);
	req->backend.address = *address;
	req->backend.has |= HAS(VROUTER_A_BACKEND_ADDRESS);
	return 0;
}

/* Its cgroup, which the kernel looks at only while it carries the request out. */
static int find_cgroup(struct vsw_backend *backend, const char *container, struct err *err)
{
	const char *path = backend->said_cgroup;
	int fd;

	backend->has &= ~HAS(BACKEND_SAID_CGROUP);
	if (path && container)
		return err_set(err, STATUS_USAGE, "a container is in its own cgroup");
	if (!path && !container)
		return 0;
	fd = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) :
		    container_find_cgroup(container, err);
	if (fd < 0)
		return path ? err_set_errno(err, STATUS_SYSTEM, errno, "cgroup '%s'", path) : -1;
	backend->cgroup_fd = fd;
	backend->has |= HAS(VROUTER_A_BACKEND_CGROUP_FD);
	return 0;
}

static void close_places(const struct vsw_backend *backend)
{
	if (backend->has & HAS(VROUTER_A_BACKEND_NETNS_FD))
		close(backend->netns_fd);
	if (backend->has & HAS(VROUTER_A_BACKEND_CGROUP_FD))
		close(backend->cgroup_fd);
}

/* What a request owns is freed behind it. */
static void clear_request(struct request *req)
{
	object_clear(&kind_backend, &req->backend);
	free(req->container);
}

#define cleanup_request __attribute__((cleanup(clear_request)))

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_request struct request req = {};
	struct vsw_backend *backend = &req.backend;
	int ret = -1;

	if (read_place(&words, &req, err) < 0 ||
	    keywords_read(&kind_backend, add_keywords, words, backend, NULL, err) < 0 ||
	    router_connect(vsw, err) < 0)
		return -1;
	if (req.container && find_address(vsw, &req, err) < 0)
		return -1;
	if (!find_netns(backend, err) && !find_cgroup(backend, backend->said_container, err)) {
		ret = vsw_nl_backend_new(vsw->router, backend, err);
		if (ret < 0)
			refused(&req, err);
	}
	close_places(backend);
	return ret;
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_request struct request req = {};
	struct vsw_backend *backend = &req.backend;
	uint64_t named;
	int ret;

	if (read_backend(&words, &req, err) < 0)
		return -1;
	named = backend->has;
	if (keywords_read(&kind_backend, set_keywords, words, backend, NULL, err) < 0)
		return -1;
	if (backend->has == named)
		return err_set(err, STATUS_USAGE, "there is nothing to set");
	if (backend->cut && (!(backend->has & HAS(VROUTER_A_BACKEND_UP)) || backend->up))
		return err_set(err, STATUS_USAGE, "'cut' needs 'down'");
	if (router_connect(vsw, err) < 0 || find_cgroup(backend, NULL, err) < 0)
		return -1;
	ret = vsw_nl_backend_set(vsw->router, backend, err);
	close_places(backend);
	return ret < 0 ? refused(&req, err) : 0;
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_request struct request req = {};

	if (read_backend(&words, &req, err) < 0 || router_end(words, err) < 0 ||
	    router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_backend_del(vsw->router, &req.backend, err) < 0 ? refused(&req, err) : 0;
}

static int by_service(const void *one, const void *other)
{
	const struct vsw_backend *a = one, *b = other;

	return strcmp(a->service ?: "", b->service ?: "") ?:
	       router_order_addresses(&a->address, &b->address) ?: a->port - b->port;
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_request struct request req = {};
	struct list list = {};
	int ret;

	if ((*words && read_service(&words, &req.backend, err) < 0) ||
	    router_end(words, err) < 0 || router_connect(vsw, err) < 0)
		return -1;
	ret = vsw_nl_backend_dump(vsw->router, &req.backend, &list, err);
	if (ret < 0)
		refused(&req, err);
	return router_show_list(vsw, &kind_backend, &list, by_service, ret, err);
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
