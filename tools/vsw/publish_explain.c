// SPDX-License-Identifier: GPL-2.0
/* "publish explain": what a packet to a published port meets, hook by hook. */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/rtnetlink.h>

#include "lib/hostrules.h"
#include "lib/model_hook.h"
#include "lib/parse.h"
#include "publish.h"
#include "route.h"

/* Priorities of ours, see Documentation/publishing.rst. */
#define FAST		-500
#define CONNTRACK	-200
#define DESTINATION	-101
#define DESTINATION_LATE -99
#define SOURCE		99
/* What "obey-firewall" asks: chains of input above and below these. */
#define OBEYED_FIRST	-150
#define OBEYED_LAST	50

struct explaining {
	const struct vsw_publish *publish;
	struct prefix from, to;		/* from: of no length if it was not said */
	uint16_t port, to_port;
	bool local, fast;		/* from this host; the fast path is on */
	struct hostrules rules;
	struct list steps;
	bool failed;			/* no memory */
};

static void add(struct explaining *x, const char *hook, const int *priority, const char *by,
		const char *fmt, ...) __attribute__((format(printf, 5, 6)));

static void add(struct explaining *x, const char *hook, const int *priority, const char *by,
		const char *fmt, ...)
{
	struct vsw_hook_step *step = list_grow(&x->steps, &kind_hook_step);
	va_list ap;
	int len;

	if (!step) {
		x->failed = true;
		return;
	}
	va_start(ap, fmt);
	len = vasprintf(&step->what, fmt, ap);
	va_end(ap);
	if (len < 0)
		step->what = NULL;
	step->hook = strdup(hook);
	step->by = strdup(by);
	step->has = HAS(HOOK_STEP_HOOK) | HAS(HOOK_STEP_BY) | HAS(HOOK_STEP_WHAT);
	step->order = x->steps.n;
	if (priority) {
		step->priority = *priority;
		step->has |= HAS(HOOK_STEP_PRIORITY);
	}
	if (!step->hook || !step->by || !step->what)
		x->failed = true;
}

static void add_at(struct explaining *x, const char *hook, int priority, const char *what)
{
	add(x, hook, &priority, priority == CONNTRACK ? "conntrack" : "vrouter", "%s", what);
}

static const char *address_text(char text[64], const struct prefix *address, uint16_t port)
{
	char plain[48];

	if (!inet_ntop(address->len == 4 ? AF_INET : AF_INET6, address->bytes, plain,
		       sizeof(plain)))
		strcpy(plain, "?");
	snprintf(text, 64, address->len == 16 ? "[%s]:%u" : "%s:%u", plain, port);
	return text;
}

/* ---- the host's own -------------------------------------------------------------------- */

static void add_chain(struct explaining *x, const char *hook, const struct hostrules_chain *chain,
		      const char *note)
{
	char rules[32] = "rules that can't be counted here";

	if (chain->counted)
		snprintf(rules, sizeof(rules), "%u rule%s", chain->rules,
			 chain->rules == 1 ? "" : "s");
	add(x, hook, &chain->priority, chain->name, "%s%s%s%s", rules,
	    *chain->policy ? ", policy " : "", chain->policy, note);
}

/* Of chains that translate the first one that does counts; ours is at this priority. */
static void add_chains(struct explaining *x, const char *hook, int ours)
{
	size_t i;

	for (i = 0; i < x->rules.n; i++) {
		const struct hostrules_chain *chain = &x->rules.chain[i];
		const char *note = "";

		if (strcmp(chain->hook, hook))
			continue;
		if (!strcmp(chain->type, "nat"))
			note = chain->priority > ours ?
			       "; asked only if vrouter did not translate" :
			       "; what it translates vrouter does not";
		add_chain(x, hook, chain, note);
	}
}

static void add_obeyed(struct explaining *x, const char *hook)
{
	size_t i;

	for (i = 0; i < x->rules.n; i++) {
		struct hostrules_chain chain = x->rules.chain[i];

		if (strcmp(chain.hook, "input") || chain.priority <= OBEYED_FIRST ||
		    chain.priority >= OBEYED_LAST)
			continue;
		chain.priority = DESTINATION_LATE;
		add_chain(x, hook, &chain, "; of input, obeyed: it sees the published port");
	}
}

/* ---- steps ----------------------------------------------------------------------------- */

static int by_priority(const void *one, const void *other)
{
	const struct vsw_hook_step *a = one, *b = other;

	if (a->priority != b->priority)
		return a->priority > b->priority ? 1 : -1;
	return (a->order > b->order) - (a->order < b->order);
}

/* The steps of one hook, which were added from first on, in order. */
static void sort(struct explaining *x, size_t first)
{
	if (x->steps.n > first)
		qsort(list_at(&x->steps, &kind_hook_step, first), x->steps.n - first,
		      sizeof(struct vsw_hook_step), by_priority);
}

static void come_in(struct explaining *x)
{
	const char *hook = x->local ? "output" : "prerouting";
	int priority = x->publish->obey_firewall ? DESTINATION_LATE : DESTINATION;
	size_t first = x->steps.n;
	char text[64];

	if (x->fast && !x->local)
		add_at(x, hook, FAST,
		       "a connection that the fast path carries is translated and sent, and meets nothing below");
	add_at(x, hook, CONNTRACK, "finds the connection, or begins one");
	add_chains(x, hook, priority);
	if (x->publish->obey_firewall)
		add_obeyed(x, hook);
	add(x, hook, &priority, "vrouter", "published: the destination becomes %s",
	    address_text(text, &x->to, x->to_port));
	sort(x, first);
}

static void find_way(struct explaining *x, struct vsw *vsw)
{
	struct vsw_route question = { .dst = x->to, .family = x->to.len == 4 ? AF_INET : AF_INET6 };
	struct vsw_route route = {};
	struct err why = ERR_INIT;
	const struct vsw_nexthop *hop;

	question.dst.bits = x->to.len * 8;
	if (route_get(vsw->fib, &question, &route, &why) < 0) {
		add(x, "routing", NULL, "routes", "there is no way to it: %s", why.msg);
		return;
	}
	hop = route.nexthops.n ? list_at(&route.nexthops, &kind_nexthop, 0) : NULL;
	if (route.type == RTN_LOCAL)
		add(x, "routing", NULL, "routes", "it is an address of this host");
	else
		add(x, "routing", NULL, "routes", "by %s%s", hop ? hop->dev : "no device",
		    hop && hop->gateway.len ? ", by way of a gateway" : "");
	object_clear(&kind_route, &route);
}

static void go_out(struct explaining *x)
{
	size_t first = x->steps.n;
	char text[64];

	if (!x->local) {
		add_chains(x, "forward", SOURCE);
		sort(x, first);
		first = x->steps.n;
	}
	add_at(x, "postrouting", SOURCE, x->local ?
	       "of 127.0.0.0/8 and ::1 the source becomes the host's next to the target" :
	       "goes it back by where it came from, the source becomes the host's; else it stays, unless a rule of 'vsw nat' matches");
	add_chains(x, "postrouting", SOURCE);
	sort(x, first);
	add(x, "end", NULL, x->publish->label && *x->publish->label ? x->publish->label : "target",
	    "gets it at %s", address_text(text, &x->to, x->to_port));
}

static int show_way(struct vsw *vsw, struct explaining *x, struct err *err)
{
	come_in(x);
	find_way(x, vsw);
	go_out(x);
	if (x->rules.no_nft)
		add(x, "end", NULL, "nft",
		    "is not on this host, so rules of nftables are not shown");
	return x->failed ? err_set(err, STATUS_SYSTEM, "out of memory") :
	       output_list(&vsw->out, &kind_hook_step, &x->steps, err);
}

/* ---- which publication ------------------------------------------------------------------ */

static bool is_for(const struct vsw_publish *publish, const struct vsw_publish *asked)
{
	uint16_t last = publish->port_last > publish->port ? publish->port_last : publish->port;

	return publish->protocol == asked->protocol && asked->port >= publish->port &&
	       asked->port <= last &&
	       (!asked->address.len || !publish->address.len ||
		(asked->address.len == publish->address.len &&
		 !memcmp(asked->address.bytes, publish->address.bytes, asked->address.len)));
}

/* Of two the one with an address is more exact. */
static const struct vsw_publish *find(const struct list *list, const struct vsw_publish *asked)
{
	const struct vsw_publish *best = NULL;
	size_t i;

	for (i = 0; i < list->n; i++) {
		const struct vsw_publish *publish = list_at(list, &kind_publish, i);

		if (is_for(publish, asked) && (!best || publish->address.len))
			best = publish;
	}
	return best;
}

static int choose_target(struct explaining *x, unsigned int len, struct err *err)
{
	const struct vsw_publish *publish = x->publish;
	bool v4 = publish->has & HAS(VROUTER_A_PUBLISH_TO_IPV4);
	bool v6 = publish->has & HAS(VROUTER_A_PUBLISH_TO_IPV6);

	if (!len)
		len = v4 ? 4 : 16;
	if (!(len == 4 ? v4 : v6))
		return err_set(err, STATUS_REFUSED,
			       "it leads to no address of %s: packets of it get to the port of the host, which is closed",
			       len == 4 ? "IPv4" : "IPv6");
	x->to = len == 4 ? publish->to_ipv4 : publish->to_ipv6;
	x->to_port = x->port;
	if (publish->has & HAS(VROUTER_A_PUBLISH_TO_PORT))
		x->to_port += publish->to_port - publish->port;
	return 0;
}

/* Is it an address of this host? */
static bool is_local(struct vsw *vsw, const struct prefix *address)
{
	struct vsw_route question = { .dst = *address }, route = {};
	bool local;

	question.family = address->len == 4 ? AF_INET : AF_INET6;
	local = route_get(vsw->fib, &question, &route, NULL) == 0 && route.type == RTN_LOCAL;
	object_clear(&kind_route, &route);
	return local;
}

static int explain_one(struct vsw *vsw, const struct vsw_publish *asked, struct explaining *x,
		       struct err *err)
{
	unsigned int len = x->from.len ?: asked->address.len ?: x->publish->address.len;
	struct vsw_router router = {};

	if (choose_target(x, len, err) < 0 || route_connect(vsw, err) < 0 ||
	    vsw_nl_router_get(vsw->router, &router, err) < 0 ||
	    hostrules_read(x->to.len == 4 ? AF_INET : AF_INET6, &x->rules, err) < 0)
		return -1;
	x->fast = router.fast_path;
	x->local = x->from.len && is_local(vsw, &x->from);
	return show_way(vsw, x, err);
}

int publish_explain(struct vsw *vsw, char **words, const struct vsw_publish *asked,
		    const char *word, struct err *err)
{
	struct explaining x = { .port = asked->port };
	struct list list = {};
	int ret;

	if (asked->port_last > asked->port)
		return err_set(err, STATUS_USAGE, "'%s': a packet goes to one port", word);
	if (*words && strcmp(*words, "from"))
		return err_set(err, STATUS_USAGE, "'%s' is not an option of this command", *words);
	if (*words && !words[1])
		return err_set(err, STATUS_USAGE, "'from' lacks its value");
	if (*words && (route_read_address("from", words[1], &x.from, err) < 0 ||
		       router_end(words + 2, err) < 0))
		return -1;
	if (x.from.len && asked->address.len && x.from.len != asked->address.len)
		return err_set(err, STATUS_USAGE, "the addresses are of both IPv4 and IPv6");
	if (router_connect(vsw, err) < 0)
		return -1;
	ret = vsw_nl_publish_dump(vsw->router, &list, err);
	if (ret >= 0)
		x.publish = find(&list, asked);
	if (ret < 0)
		explain(NULL, err, "published ports");
	else if (!x.publish)
		ret = err_set(err, STATUS_REFUSED,
			      "port '%s' is not published. See 'vsw publish show'", word);
	else
		ret = explain_one(vsw, asked, &x, err);
	hostrules_free(&x.rules);
	list_free(&x.steps, &kind_hook_step);
	list_free(&list, &kind_publish);
	return ret;
}
