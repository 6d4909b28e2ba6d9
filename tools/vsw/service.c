// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "router.h"

#define AFFINITY_TIME	(3 * 3600 * 1000)	/* as of Kubernetes */

static const char help[] =
"Usage: vsw service add NAME ADDRESS:PORT[-LAST] [ proto tcp | udp | sctp ]\n"
"                       [ forward nat | direct ] [ OPTIONS ]\n"
"       vsw service set NAME OPTIONS\n"
"       vsw service delete NAME\n"
"       vsw [ -s ] service [ show [ NAME ] ]\n"
"       vsw service watch ..., see 'vsw service watch help'\n"
"OPTIONS   := [ scheduler SCHEDULER ] [ affinity none | source [ timeout TIME ] ]\n"
"             [ slow-start TIME ] [ health-share PERCENT ] [ health-window TIME ]\n"
"             [ health-minimum N ] [ health-out TIME ]\n"
"SCHEDULER := rr | wrr | lc | wlc | sh | maglev | random2\n"
"ADDRESS   := an IPv4 address, or an IPv6 address in []\n"
"TIME      := a number with ms, s, m, h or d behind it, else of seconds\n"
"\n"
"  An address and port, or a range of ports, whose connections are balanced over\n"
"  backends, see 'vsw backend help'.\n"
"  proto      [tcp]\n"
"  scheduler  who gets a new connection [wrr]:\n"
"    rr, wrr    one after the other; wrr: as often as their weights say\n"
"    lc, wlc    who has the fewest connections; wlc: for its weight\n"
"    sh         by a hash of the client's address\n"
"    maglev     by consistent hashing, few clients move when backends change\n"
"    random2    the better of two by chance\n"
"  affinity   a client goes where its connections went before, until it had none\n"
"             for so long [none; source: 3h]\n"
"  health-share    a backend goes out when of its connections of TCP so many per cent\n"
"             are reset or get no answer [0: never]\n"
"  health-window   in so long a time [10s]\n"
"  health-minimum  and so many are known [10]\n"
"  health-out      for so long [30s]\n"
"  slow-start a backend that is new, or up again, gets its share little by little [0]\n"
"  forward    nat: addresses are translated, backends may be anywhere [nat];\n"
"             direct: packets go to the backends as they are (gatewaying, -g, of\n"
"             ipvsadm); these have the service's address and port, and answer\n"
"             past this host\n"
"\n"
"Examples:\n"
"  vsw service add web 10.0.0.100:80 scheduler maglev affinity source timeout 3h\n"
"  vsw backend add web 10.0.0.2:8080 weight 10\n"
"  vsw service set web scheduler wlc\n"
"  vsw -s service show\n";

#define OPTION_KEYWORDS \
	{ "scheduler", KEYWORD_VALUE, VROUTER_A_SERVICE_SCHEDULER, 0 }, \
	{ "affinity", KEYWORD_VALUE, SERVICE_SAID_AFFINITY, 0 }, \
	{ "timeout", KEYWORD_TIME, VROUTER_A_SERVICE_AFFINITY, 0 }, \
	{ "slow-start", KEYWORD_TIME, VROUTER_A_SERVICE_SLOW_START, 0 }, \
	{ "health-share", KEYWORD_VALUE, VROUTER_A_SERVICE_HEALTH_SHARE, 0 }, \
	{ "health-window", KEYWORD_TIME, VROUTER_A_SERVICE_HEALTH_WINDOW, 0 }, \
	{ "health-minimum", KEYWORD_VALUE, VROUTER_A_SERVICE_HEALTH_MINIMUM, 0 }, \
	{ "health-out", KEYWORD_TIME, VROUTER_A_SERVICE_HEALTH_OUT, 0 }

static const struct keyword add_keywords[] = {
	{ "proto", KEYWORD_VALUE, VROUTER_A_SERVICE_PROTOCOL, 0 },
	{ "forward", KEYWORD_VALUE, VROUTER_A_SERVICE_FORWARD, 0 },
	OPTION_KEYWORDS,
	{}
};

static const struct keyword set_keywords[] = { OPTION_KEYWORDS, {} };

static const struct hint hints[] = {
	{ ENOENT, "See 'vsw service show'." },
	{ EEXIST, "'vsw service set' changes it." },
	{}
};

static int refused(const struct vsw_service *service, struct err *err)
{
	return explain(hints, err, "service '%s'", service->name);
}

/* "affinity source timeout TIME" is one number of the kernel's. */
static int complete_affinity(struct vsw_service *service, struct err *err)
{
	const char *said = service->said_affinity;
	bool timeout = service->has & HAS(VROUTER_A_SERVICE_AFFINITY);

	service->has &= ~HAS(SERVICE_SAID_AFFINITY);
	if (!said)
		return timeout ? err_set(err, STATUS_USAGE,
					 "'timeout' needs 'affinity source'") : 0;
	service->has |= HAS(VROUTER_A_SERVICE_AFFINITY);
	if (!strcmp(said, "none"))
		return timeout ? err_set(err, STATUS_USAGE,
					 "'affinity none' has no timeout") : 0;
	if (strcmp(said, "source"))
		return err_set(err, STATUS_USAGE, "affinity: '%s' is neither 'source' nor 'none'",
			       said);
	if (!timeout)
		service->affinity = AFFINITY_TIME;
	return service->affinity ? 0 : err_set(err, STATUS_USAGE,
					       "timeout: '0' would be 'affinity none'");
}

static int read_address(char ***words, struct vsw_service *service, struct err *err)
{
	struct endpoint end;
	const char *word;

	if (router_take(words, "address of the service", &word, err) < 0 ||
	    endpoint_parse_one("address", word, &end, err) < 0)
		return -1;
	if (!end.port)
		return err_set(err, STATUS_USAGE, "address: '%s' has no port", word);
	service->address = end.first;
	service->port = end.port;
	service->port_last = end.port_last;
	service->has |= HAS(VROUTER_A_SERVICE_ADDRESS) | HAS(VROUTER_A_SERVICE_PORT);
	if (end.port_last != end.port)
		service->has |= HAS(VROUTER_A_SERVICE_PORT_LAST);
	return 0;
}

static int read_name(char ***words, struct vsw_service *service, struct err *err)
{
	service->has = HAS(VROUTER_A_SERVICE_NAME);
	return router_take_service(words, &service->name, err);
}

static int read_options(char **words, const struct keyword *keywords,
			struct vsw_service *service, struct err *err)
{
	if (keywords_read(&kind_service, keywords, words, service, NULL, err) < 0)
		return -1;
	return complete_affinity(service, err);
}

/* What a request owns is freed behind it. */
static void clear_service(struct vsw_service *service)
{
	object_clear(&kind_service, service);
}

#define cleanup_service __attribute__((cleanup(clear_service)))

static int do_add(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_service struct vsw_service service = {};

	if (read_name(&words, &service, err) < 0 || read_address(&words, &service, err) < 0 ||
	    read_options(words, add_keywords, &service, err) < 0)
		return -1;
	if (!(service.has & HAS(VROUTER_A_SERVICE_PROTOCOL))) {
		service.protocol = router_word_find(FIELD_IP_PROTOCOL, "tcp");
		service.has |= HAS(VROUTER_A_SERVICE_PROTOCOL);
	}
	if (router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_service_new(vsw->router, &service, err) < 0 ? refused(&service, err) : 0;
}

static int do_set(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_service struct vsw_service service = {};

	if (read_name(&words, &service, err) < 0 ||
	    read_options(words, set_keywords, &service, err) < 0)
		return -1;
	if (service.has == HAS(VROUTER_A_SERVICE_NAME))
		return err_set(err, STATUS_USAGE, "there is nothing to set");
	if (router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_service_set(vsw->router, &service, err) < 0 ? refused(&service, err) : 0;
}

static int do_delete(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_service struct vsw_service service = {};

	if (read_name(&words, &service, err) < 0 || router_end(words, err) < 0 ||
	    router_connect(vsw, err) < 0)
		return -1;
	return vsw_nl_service_del(vsw->router, &service, err) < 0 ? refused(&service, err) : 0;
}

static int show_one(struct vsw *vsw, const struct vsw_service *req, struct err *err)
{
	struct vsw_service reply = {};
	int ret = vsw_nl_service_get(vsw->router, req, &reply, err);

	if (ret < 0)
		refused(req, err);
	return router_show_object(vsw, &kind_service, &reply, ret, err);
}

static int by_name(const void *one, const void *other)
{
	const struct vsw_service *a = one, *b = other;

	return strcmp(a->name ?: "", b->name ?: "");
}

static int do_show(struct vsw *vsw, char **words, struct err *err)
{
	cleanup_service struct vsw_service service = {};
	struct list list = {};
	int ret;

	if ((*words && read_name(&words, &service, err) < 0) || router_end(words, err) < 0 ||
	    router_connect(vsw, err) < 0)
		return -1;
	if (service.name)
		return show_one(vsw, &service, err);
	ret = vsw_nl_service_dump(vsw->router, &list, err);
	if (ret < 0)
		explain(hints, err, "services");
	return router_show_list(vsw, &kind_service, &list, by_name, ret, err);
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
	{ "watch", service_watch, false },
	{}
};

const struct object object_service = { "service", help, commands, NULL, false };
